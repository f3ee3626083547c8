//! What the user changed of a key: shown as the user's own, taken back, and given to all keys of the same sounds.

use super::{InspectorInput, InspectorState};
use crate::app::board::position_name;
use crate::app::i18n::{tr, tr_with};
use crate::app::icons::Icon;
use crate::app::intent::Intent;
use crate::app::theme::tokens;
use crate::app::widgets::icon_label;
use crate::document::KeySegment;
use crate::document::edit::Edit;
use egui::{RichText, Ui};

pub fn show(
    ui: &mut Ui,
    key: &KeySegment,
    input: &InspectorInput<'_>,
    state: &mut InspectorState,
    out: &mut Vec<Intent>,
) {
    let t = tokens(ui);
    let shape = key.edits.shape.map(|_| {
        let rule = key.rule.shape.0.to_string();
        tr_with("hand shape (the rule: {number})", &[("number", &rule)])
    });
    let position = key
        .edits
        .position
        .map(|_| tr_with("position (the rule: {place})", &[("place", position_name(key.rule.position))]));
    let movement = key.edits.movement.map(|_| tr("movement").to_owned());
    let own: Vec<String> = [shape, position, movement].into_iter().flatten().collect();
    if !own.is_empty() {
        ui.horizontal_wrapped(|ui| {
            icon_label(ui, Icon::Check, t.accent);
            let text = tr_with("Yours: {what}", &[("what", &own.join(", "))]);
            ui.label(RichText::new(text).color(t.accent).small());
            let tip = tr("Show hand shape, position and movement as the rule says; the times that you set stay.");
            if !key.locked && ui.small_button(tr("Back to the rule")).on_hover_text(tip).clicked() {
                let key_id = key.id;
                let edits = vec![
                    Edit::SetShape { key: key_id, shape: None },
                    Edit::SetPosition { key: key_id, position: None },
                    Edit::SetMovement { key: key_id, movement: key.rule.movement },
                ];
                out.push(Intent::Edit(Edit::Many { name: "Back to the rule", edits }));
            }
        });
    }
    let otherwise = state.cued_otherwise(input.project, input.revision, key.id);
    let sounds = key.symbols().join(" ");
    if otherwise > 0 {
        let places = [("sounds", sounds.as_str()), ("count", &*otherwise.to_string())];
        let tip = tr("Shows all keys of the same sounds as this one, by your change or by the rule. Locked keys stay.");
        let name = tr_with("Cue all \"{sounds}\" so ({count} more)", &places);
        if ui.button(name).on_hover_text(tip).clicked()
            && let Some(edit) = input.project.cue_all_the_same(key.id)
        {
            out.push(Intent::Edit(edit));
        }
    } else if !own.is_empty() && !input.project.is_cue_remembered(key.id) {
        let tip = tr("Keys of the same sounds that readings make from now on are shown so, too.");
        if ui.button(tr("Remember this key for the project")).on_hover_text(tip).clicked()
            && let Some(edit) = input.project.cue_all_the_same(key.id)
        {
            out.push(Intent::Edit(edit));
        }
    }
}
