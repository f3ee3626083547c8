//! What face and head show: the selected expression, and the tones of a word one by one.

use super::{close_drag, drag_or_edit, time_field};
use crate::app::i18n::{tr, tr_with};
use crate::app::intent::Intent;
use crate::app::theme::{self, tokens};
use crate::app::timeline::expressions::kind_name;
use crate::app::widgets::{is_retyped, list_line, section};
use crate::document::Project;
use crate::document::edit::Edit;
use crate::document::marks::{ExpressionMark, MarkId};
use crate::language::Language;
use crate::pose::expression::{ExpressionKind, STRONGEST};
use crate::time::TimeRange;
use egui::{ComboBox, Grid, RichText, Slider, Ui, vec2};

/// The last of the selected expressions, to be changed.
pub fn expression(ui: &mut Ui, project: &Project, selected: &[MarkId], out: &mut Vec<Intent>) {
    let t = tokens(ui);
    let all = &project.marks.expressions;
    let Some(index) = selected.last().and_then(|id| all.iter().position(|e| e.id == *id)) else { return };
    let mark = all[index];
    let title = tr_with("Expression {number}", &[("number", &(index + 1).to_string())]);
    ui.label(RichText::new(title).font(theme::bold(theme::TITLE)));
    if selected.len() > 1 {
        let count = selected.len().to_string();
        let text = tr_with("{count} are selected; this panel changes the last one.", &[("count", &count)]);
        ui.label(RichText::new(text).color(t.text2).small());
    }
    ui.add_space(4.0);
    Grid::new("expression").num_columns(2).spacing(vec2(8.0, 4.0)).show(ui, |ui| {
        let label = ui.label(tr("What is shown")).id;
        let combo = ComboBox::from_id_salt("expression kind").selected_text(kind_name(mark.kind)).width(170.0);
        let combo = combo.height(400.0).show_ui(ui, |ui| {
            for kind in ExpressionKind::ALL {
                if list_line(ui, kind == mark.kind, kind_name(kind)) && kind != mark.kind {
                    out.push(Intent::Edit(Edit::SetExpression(ExpressionMark { kind, ..mark })));
                }
            }
        });
        combo.response.labelled_by(label);
        ui.end_row();
        let label = ui.label(tr("Strength")).id;
        if let Some(strength) = strength(ui, mark.strength, label, "Change expression", out, |strength| {
            Edit::SetExpression(ExpressionMark { strength, ..mark })
        }) {
            out.push(strength);
        }
        ui.end_row();
        for (name, start) in [(tr("Starts"), true), (tr("Ends"), false)] {
            let label = ui.label(name).id;
            let now = if start { mark.range.start } else { mark.range.end };
            let (response, to) = time_field(ui, now, label);
            if let Some(to) = to {
                let range =
                    if start { TimeRange { start: to, ..mark.range } } else { TimeRange { end: to, ..mark.range } };
                let edit = Edit::SetExpression(ExpressionMark { range, ..mark });
                drag_or_edit(&response, "Change expression", edit, out);
            }
            close_drag(&response, out);
            ui.end_row();
        }
    });
    ui.add_space(6.0);
    if ui.button(tr("Remove the expression")).clicked() {
        out.push(Intent::Edit(Edit::RemoveExpressions(selected.to_vec())));
    }
}

/// A slider from 0 to the strongest; gives the intent when it was moved without a drag.
fn strength(
    ui: &mut Ui,
    now: f32,
    label: egui::Id,
    name: &'static str,
    out: &mut Vec<Intent>,
    edit: impl Fn(f32) -> Edit,
) -> Option<Intent> {
    let mut value = now;
    let response = ui.add(Slider::new(&mut value, 0.0..=STRONGEST).fixed_decimals(2)).labelled_by(label);
    let retyped = is_retyped(&response, f64::from(now), f64::from(value), |v| format!("{v:.2}"));
    let changed = retyped.then(|| edit(value));
    let typed = match changed {
        Some(edit) if response.dragged() => {
            out.push(Intent::Drag(name, edit));
            None
        }
        Some(edit) => Some(Intent::Edit(edit)),
        None => None,
    };
    close_drag(&response, out);
    typed
}

/// The tones of a word's syllables, where the head shows them.
pub fn tones(ui: &mut Ui, project: &Project, word: usize, out: &mut Vec<Intent>) {
    let Some(it) = project.tiers.utterance.words.get(word) else { return };
    let toned = |(i, s): (usize, &crate::language::Syllable)| Some((i, s.tone.filter(|t| (1..=4).contains(t))?));
    let toned: Vec<(usize, u8)> = it.syllables().iter().enumerate().filter_map(toned).collect();
    if project.language() != Language::Mandarin || !project.settings.head_tones || toned.is_empty() {
        return;
    }
    section(ui, tr("Tones shown by the head"));
    Grid::new(("tones", word)).num_columns(2).spacing(vec2(8.0, 4.0)).show(ui, |ui| {
        for (syllable, tone) in toned {
            let now = project.marks.tone_strength(word, syllable);
            let set = |strength| Edit::SetTone { word, syllable, strength };
            let places = [("number", &*(syllable + 1).to_string()), ("tone", &*tone.to_string())];
            let name = tr_with("Syllable {number}: tone {tone}", &places);
            let mut on = now > 0.0;
            let response = ui.checkbox(&mut on, name);
            if response.changed() {
                out.push(Intent::Edit(set(if on { 1.0 } else { 0.0 })));
            }
            let intent = ui.add_enabled_ui(on, |ui| strength(ui, now, response.id, "Change tone", out, set)).inner;
            out.extend(intent);
            ui.end_row();
        }
    });
}
