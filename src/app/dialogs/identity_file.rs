//! A person as one file: taken in, or written to be handed on.

use super::identity::IdentityIntent;
use super::{DialogContext, foot, path_row, title, typed_path};
use crate::app::i18n::tr;
use crate::app::intent::{Intent, PickFor};
use crate::app::theme::tokens;
use crate::app::widgets::{enter_is_free, field_error, field_label, plain_button, primary_button};
use egui::{RichText, Ui};

/// What the user has typed.
#[derive(Clone, Debug, Default)]
pub struct IdentityFileForm {
    pub path: String,
    /// A file is written; else one is read.
    pub export: bool,
    pub in_project: bool,
    pub failure: Option<String>,
    pub busy: bool,
}

/// Draws the form; true when it is to be closed.
pub fn show(ui: &mut Ui, form: &mut IdentityFileForm, context: &DialogContext<'_>, out: &mut Vec<Intent>) -> bool {
    let t = tokens(ui);
    title(ui, if form.export { tr("Export identity") } else { tr("Import identity") });
    let label = field_label(ui, tr("Identity file"));
    let hint = tr("path of a .cueid file");
    let (changed, browse) =
        path_row(ui, &mut form.path, label, tr("an identity file"), hint, tr("Choose the identity file."));
    if changed {
        form.failure = None;
    }
    if browse {
        out.push(Intent::Pick(if form.export { PickFor::NewIdentityFile } else { PickFor::IdentityFile }));
    }
    if let Some(failure) = &form.failure {
        field_error(ui, failure);
    }
    if form.export {
        let text = tr("The file holds picture, points, colours and consent of the person who cues this project.");
        ui.label(RichText::new(text).color(t.text2));
    } else {
        ui.add_enabled_ui(context.project.is_some(), |ui| {
            ui.radio_value(&mut form.in_project, true, tr("Into this project, which they cue from now on"));
        });
        if ui.radio(!form.in_project || context.project.is_none(), tr("Into my library")).clicked() {
            form.in_project = false;
        }
    }
    let mut close = false;
    let enter = enter_is_free(ui);
    foot(ui, |ui| {
        let ready = typed_path(&form.path).filter(|_| !form.busy);
        let name = if form.export { tr("Export") } else { tr("Import") };
        if (primary_button(ui, name, ready.is_some()).clicked() || enter)
            && let Some(path) = ready
        {
            out.push(Intent::Identity(if form.export {
                IdentityIntent::Export(path)
            } else {
                IdentityIntent::Import { path, in_project: form.in_project && context.project.is_some() }
            }));
        }
        close = plain_button(ui, tr("Cancel")).clicked();
    });
    close
}
