//! The takes of the project: what was generated for its masks, and which of it is in force.

use crate::app::Studio;
use crate::app::i18n::{tr, tr_with};
use crate::app::intent::Intent;
use crate::app::theme::{self, tokens};
use crate::app::widgets::section;
use egui::{Frame, Margin, RichText, ScrollArea, Ui};

/// Draws the pane.
pub fn takes_pane(ui: &mut Ui, studio: &mut Studio, _out: &mut Vec<Intent>) {
    let t = tokens(ui);
    let Some(opened) = &studio.opened else { return };
    let marks = &opened.project().marks;
    Frame::new().inner_margin(Margin::same(theme::PADDING)).show(ui, |ui| {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            if marks.takes.is_empty() {
                ui.label(RichText::new(tr("No takes have been made.")).color(t.text2));
            }
            for mask in &marks.masks {
                let range = format!("{} – {}", mask.range.start.timecode(), mask.range.end.timecode());
                section(ui, &range);
                for take in marks.takes.iter().filter(|take| take.mask == mask.id) {
                    let seed = take.seed.to_string();
                    let text = tr_with("{generator}, seed {seed}", &[("generator", &take.generator), ("seed", &seed)]);
                    let in_force = mask.accepted.iter().any(|a| a.take == take.id);
                    ui.label(RichText::new(text).color(if in_force { t.text1 } else { t.text2 }));
                }
            }
        });
    });
}
