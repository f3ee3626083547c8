//! The strip over a project that may only be looked at: why, and the way to change a copy of it.

use crate::app::commands::Command;
use crate::app::i18n::{tr, tr_message};
use crate::app::icons::Icon;
use crate::app::intent::Intent;
use crate::app::theme::tokens;
use crate::app::widgets::icon_label;
use egui::{Align, Layout, RichText, Ui};

pub fn strip(ui: &mut Ui, reason: &str, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    ui.horizontal(|ui| {
        icon_label(ui, Icon::Warning, t.warning);
        ui.label(RichText::new(tr_message(reason)).color(t.text1));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.button(tr("Save a copy…")).clicked() {
                out.push(Intent::Do(Command::SaveAs));
            }
        });
    });
}
