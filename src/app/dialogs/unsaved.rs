//! Unsaved changes: asked before anything could be lost.

use super::{After, DialogContext, foot, title};
use crate::app::i18n::{tr, tr_with};
use crate::app::intent::{Intent, Unsaved};
use crate::app::widgets::{plain_button, primary_button};
use egui::Ui;

/// Draws the question; true when it is to be closed.
pub fn show(ui: &mut Ui, after: &After, context: &DialogContext<'_>, out: &mut Vec<Intent>) -> bool {
    title(ui, tr("Save the changes?"));
    let name = context.project.map_or("", |p| p.title.as_str());
    let question = tr_with(
        match after {
            After::Quit => "\"{name}\" has changes that are not saved. Save them before closing?",
            After::CloseProject => "\"{name}\" has changes that are not saved. Save them before closing the project?",
            After::Open(_) | After::Sample(_) => {
                "\"{name}\" has changes that are not saved. Save them before opening another project?"
            }
            After::NewProject => "\"{name}\" has changes that are not saved. Save them before starting a new project?",
        },
        &[("name", name)],
    );
    ui.label(question);
    foot(ui, |ui| {
        if primary_button(ui, tr("Save"), true).clicked() {
            out.push(Intent::Unsaved(Unsaved::Save));
        }
        if plain_button(ui, tr("Cancel")).clicked() {
            out.push(Intent::Unsaved(Unsaved::Cancel));
        }
        if plain_button(ui, tr("Discard changes")).clicked() {
            out.push(Intent::Unsaved(Unsaved::Discard));
        }
    });
    false
}
