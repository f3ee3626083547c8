//! Take files that nothing needs any more: shown in a list before anything is deleted.

use super::{foot, title};
use crate::app::i18n::{tr, tr_with};
use crate::app::intent::Intent;
use crate::app::takes::TakesIntent;
use crate::app::theme::{self, tokens};
use crate::app::widgets::{plain_button, primary_button};
use crate::jobs::takes::files::Unneeded;
use egui::{RichText, ScrollArea, Ui};

/// What was found.
#[derive(Clone, Debug)]
pub struct CleanUpForm {
    pub files: Vec<Unneeded>,
}

/// Draws the list; true when it is to be closed.
pub fn show(ui: &mut Ui, form: &CleanUpForm, out: &mut Vec<Intent>) -> bool {
    let t = tokens(ui);
    title(ui, tr("Clean up takes"));
    let mut close = false;
    if form.files.is_empty() {
        ui.label(tr("Every take file is needed by the project, its history or the tray. There is nothing to delete."));
        foot(ui, |ui| close = primary_button(ui, tr("Close"), true).clicked());
        return close;
    }
    let kilobytes = |bytes: u64| format!("{:.0}", bytes as f64 / 1024.0);
    let total: u64 = form.files.iter().map(|f| f.bytes).sum();
    let places = [("count", &*form.files.len().to_string()), ("size", &*kilobytes(total))];
    ui.label(tr_with(
        "{count} files, {size} KB, are needed by nothing: not by the project, not by its history, not by a backup, not by the tray. Deleting them cannot be undone.",
        &places,
    ));
    ui.add_space(4.0);
    ScrollArea::vertical().max_height(220.0).auto_shrink([false, true]).show(ui, |ui| {
        for file in &form.files {
            let name: String = file.name.chars().take(16).collect();
            let line = format!("{name}…  {} KB", kilobytes(file.bytes));
            ui.label(RichText::new(line).font(theme::mono(theme::SMALL)).color(t.text2));
        }
    });
    foot(ui, |ui| {
        if primary_button(ui, tr("Delete them"), true).clicked() {
            out.push(Intent::Takes(TakesIntent::CleanUp(form.files.clone())));
            close = true;
        }
        close |= plain_button(ui, tr("Cancel")).clicked();
    });
    close
}
