//! The project is open in another window: who has it, and what can be done here.

use super::{foot, title};
use crate::app::i18n::{tr, tr_with};
use crate::app::intent::Intent;
use crate::app::theme::tokens;
use crate::app::widgets::{fact, plain_button, primary_button};
use crate::document::store::Choice;
use crate::document::store::lock::Holder;
use crate::jobs::open::Access;
use egui::{RichText, Ui};
use std::path::PathBuf;

/// Which project, and who has it.
#[derive(Clone, Debug)]
pub struct LockedForm {
    pub folder: PathBuf,
    pub holder: Holder,
}

/// Draws the message; true when it is to be closed.
pub fn show(ui: &mut Ui, form: &LockedForm, out: &mut Vec<Intent>) -> bool {
    let t = tokens(ui);
    title(ui, tr("The project is open in another window"));
    let name = form.folder.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    ui.label(tr_with(
        "\"{name}\" can be changed in one window at a time, so that neither overwrites the other.",
        &[("name", &name)],
    ));
    ui.add_space(8.0);
    let holder = &form.holder;
    if let Some(process) = holder.process {
        fact(ui, tr("Process"), process.to_string());
    }
    if !holder.host.is_empty() {
        fact(ui, tr("Computer"), holder.host.as_str());
    }
    if let Some(since) = holder.since {
        fact(ui, tr("Since"), super::recover::when(since));
    }
    ui.label(
        RichText::new(tr("Close it there and try again, or look at it here as it was last saved.")).color(t.text2),
    );
    let mut close = false;
    foot(ui, |ui| {
        if primary_button(ui, tr("Open read-only"), true).clicked() {
            out.push(Intent::OpenAs(form.folder.clone(), Access::ReadOnly));
        }
        if plain_button(ui, tr("Try again")).clicked() {
            out.push(Intent::OpenAs(form.folder.clone(), Access::Edit(Choice::Ask)));
        }
        close = plain_button(ui, tr("Cancel")).clicked();
    });
    close
}
