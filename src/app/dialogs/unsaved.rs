//! Unsaved changes: asked before anything could be lost.

use super::{After, DialogContext, foot, title};
use crate::app::intent::{Intent, Unsaved};
use crate::app::widgets::{plain_button, primary_button};
use egui::Ui;

/// Draws the question; true when it is to be closed.
pub fn show(ui: &mut Ui, after: &After, context: &DialogContext<'_>, out: &mut Vec<Intent>) -> bool {
    title(ui, "Save the changes?");
    let name = context.project.map_or("", |p| p.title.as_str());
    let what = match after {
        After::Quit => "before closing",
        After::CloseProject => "before closing the project",
        After::Open(_) | After::Sample(_) => "before opening another project",
        After::NewProject => "before starting a new project",
    };
    ui.label(format!("\"{name}\" has changes that are not saved. Save them {what}?"));
    foot(ui, |ui| {
        if primary_button(ui, "Save", true).clicked() {
            out.push(Intent::Unsaved(Unsaved::Save));
        }
        if plain_button(ui, "Cancel").clicked() {
            out.push(Intent::Unsaved(Unsaved::Cancel));
        }
        if plain_button(ui, "Discard changes").clicked() {
            out.push(Intent::Unsaved(Unsaved::Discard));
        }
    });
    false
}
