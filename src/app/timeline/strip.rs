//! The strip over the timeline while taps are taken: what they mark, how late hands are, and how to end.

use super::tap::Goal;
use super::{TimelineInput, TimelineState};
use crate::app::commands::{Command, TimelineCommand};
use crate::app::i18n::{tr, tr_with};
use crate::app::intent::Intent;
use crate::app::theme::{self, tokens};
use egui::{Align, Button, DragValue, Layout, Rect, RichText, Ui, UiBuilder, vec2};

pub fn show(ui: &mut Ui, rect: Rect, state: &mut TimelineState, input: &TimelineInput<'_>, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    let Some(tap) = &state.tap else { return };
    ui.painter().rect_filled(rect, theme::RADIUS, t.accent_fill());
    let text = match (tap.goal, input.playing) {
        (_, false) => tr("Tap to mark: press play first"),
        (Goal::Keys, true) => tr("Each tap begins the next key"),
        (Goal::Markers, true) => tr("Each tap sets a marker"),
    };
    let count = tap.taps.len().to_string();
    let inside = rect.shrink2(vec2(8.0, 2.0));
    ui.scope_builder(UiBuilder::new().max_rect(inside).layout(Layout::left_to_right(Align::Center)), |ui| {
        ui.label(RichText::new(text).font(theme::bold(theme::BODY)).color(t.text1));
        let key = Command::Timeline(TimelineCommand::Tap);
        let label = tr_with("Tap ({key})", &[("key", &key.shortcut_text(ui.ctx()))]);
        let button = Button::new(label).min_size(vec2(64.0, theme::ROW));
        if ui.add_enabled(input.playing, button).on_hover_text(key.tooltip(ui.ctx())).clicked() {
            out.push(Intent::Do(key));
        }
        ui.label(RichText::new(tr_with("Taps: {count}", &[("count", &count)])).color(t.text2));
        ui.add_space(8.0);
        let label = ui.label(RichText::new(tr("Hands answer late by")).color(t.text2));
        let delay = DragValue::new(&mut state.settings.tap_delay_ms).range(0.0..=500.0).suffix(" ms").max_decimals(0);
        ui.add(delay)
            .labelled_by(label.id)
            .on_hover_text(tr("Taps count so much earlier than they come. Try it on something you know."));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.button(tr("Cancel")).clicked() {
                out.push(Intent::Do(Command::Timeline(TimelineCommand::CancelTaps)));
            }
            if ui.button(tr("Finish")).clicked() {
                out.push(Intent::Do(Command::Timeline(TimelineCommand::FinishTaps)));
            }
        });
    });
}
