//! Save as: the project, its history and its media in another folder.

use super::{foot, path_row, title, typed_path};
use crate::app::i18n::tr;
use crate::app::intent::{Intent, PickFor};
use crate::app::theme::tokens;
use crate::app::widgets::{enter_is_free, field_error, field_label, plain_button, primary_button};
use egui::{RichText, Ui};

/// What the user has typed.
#[derive(Clone, Debug, Default)]
pub struct SaveAsForm {
    pub path: String,
    pub failure: Option<String>,
}

/// Draws the form; true when it is to be closed.
pub fn show(ui: &mut Ui, form: &mut SaveAsForm, busy: bool, out: &mut Vec<Intent>) -> bool {
    let t = tokens(ui);
    title(ui, tr("Save as"));
    let label = field_label(ui, tr("New project folder"));
    let name = tr("a folder");
    let hint = tr("folder that is made for the project");
    let (changed, browse) = path_row(ui, &mut form.path, label, name, hint, tr("Choose a folder for the project."));
    if changed {
        form.failure = None;
    }
    if browse {
        out.push(Intent::Pick(PickFor::NewFolder));
    }
    if let Some(failure) = &form.failure {
        field_error(ui, failure);
    }
    let text =
        tr("The history and the files that belong to the project go along; what you do next is done to the copy.");
    ui.label(RichText::new(text).color(t.text2));
    let mut close = false;
    let enter = enter_is_free(ui);
    foot(ui, |ui| {
        let ready = typed_path(&form.path).filter(|_| !busy);
        if (primary_button(ui, tr("Save"), ready.is_some()).clicked() || enter)
            && let Some(path) = ready
        {
            out.push(Intent::SaveAs(path));
        }
        close = plain_button(ui, tr("Cancel")).clicked();
    });
    close
}
