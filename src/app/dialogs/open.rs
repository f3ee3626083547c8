//! Open project: a path field, the file window of the system, and the projects opened last.

use super::{DialogContext, foot, path_row, title, typed_path};
use crate::app::i18n::tr;
use crate::app::intent::{Intent, PickFor};
use crate::app::theme::tokens;
use crate::app::widgets::{enter_is_free, field_error, field_label, plain_button, primary_button, section};
use egui::{RichText, Ui};

/// What the user has typed.
#[derive(Clone, Debug, Default)]
pub struct OpenForm {
    pub path: String,
    pub failure: Option<String>,
}

/// Draws the form; true when it is to be closed.
pub fn show(ui: &mut Ui, form: &mut OpenForm, context: &DialogContext<'_>, out: &mut Vec<Intent>) -> bool {
    let t = tokens(ui);
    title(ui, tr("Open project"));
    let label = field_label(ui, tr("Project folder"));
    let (changed, browse) = path_row(
        ui,
        &mut form.path,
        label,
        tr("a project"),
        tr("folder with a project.ron"),
        tr("Choose a project folder."),
    );
    if changed {
        form.failure = None;
    }
    if browse {
        out.push(Intent::Pick(PickFor::ProjectFolder));
    }
    if let Some(failure) = &form.failure {
        field_error(ui, failure);
    }
    if !context.recent.is_empty() {
        section(ui, tr("Opened last"));
        for path in context.recent.iter().take(6) {
            let name =
                path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
            let response = ui.selectable_label(false, name).on_hover_text(path.display().to_string());
            if response.clicked() {
                out.push(Intent::Open(path.clone()));
            }
        }
    }
    let mut close = false;
    let enter = enter_is_free(ui);
    foot(ui, |ui| {
        let ready = typed_path(&form.path);
        if (primary_button(ui, tr("Open"), ready.is_some()).clicked() || enter)
            && let Some(path) = ready
        {
            out.push(Intent::Open(path));
        }
        close = plain_button(ui, tr("Cancel")).clicked();
        ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
            ui.label(RichText::new(tr("A folder can also be dropped on the window.")).color(t.text3).small());
        });
    });
    close
}
