//! Earlier states of a project: what saves replaced and what was not saved, each with a look inside before it takes
//! the place of the present one.

use super::recover::when;
use super::{foot, title};
use crate::app::i18n::{tr, tr_with};
use crate::app::intent::Intent;
use crate::app::theme::{self, tokens};
use crate::app::widgets::{Tone, fact, field_error, message_strip, plain_button, primary_button};
use crate::document::store::backups::{Backup, Kind};
use crate::jobs::backups::Preview;
use crate::jobs::runner::Job;
use egui::{RichText, ScrollArea, Ui};
use std::path::PathBuf;

/// The list, what is chosen in it, and what is inside.
pub struct BackupsForm {
    pub folder: PathBuf,
    /// Only work that was not saved: "Recover earlier work".
    pub only_unsaved: bool,
    pub list: Vec<Backup>,
    pub chosen: Option<String>,
    pub preview: Option<Result<Preview, String>>,
    /// The look inside that is under way.
    pub looking: Option<Job<Preview>>,
    pub failure: Option<String>,
}

/// Why a backup was made, for the list.
fn kind_text(kind: Kind) -> String {
    match kind {
        Kind::Saved => tr("replaced by a save").to_owned(),
        Kind::Unsaved => tr("work that was not saved").to_owned(),
        Kind::Replaced => tr("replaced by a restored backup").to_owned(),
        Kind::Schema(n) => tr_with("before the update from schema {number}", &[("number", &n.to_string())]),
        Kind::Journal => tr("journal of another project file").to_owned(),
    }
}

/// Draws the dialog; true when it is to be closed.
pub fn show(ui: &mut Ui, form: &mut BackupsForm, out: &mut Vec<Intent>) -> bool {
    let t = tokens(ui);
    title(ui, if form.only_unsaved { tr("Recover earlier work") } else { tr("Backups") });
    ui.label(RichText::new(form.folder.display().to_string()).font(theme::regular(theme::SMALL)).color(t.text3));
    if let Some(job) = &mut form.looking
        && let Some(result) = job.poll()
    {
        form.preview = Some(result.map_err(|e| e.to_string()));
        form.looking = None;
    }
    if form.list.is_empty() {
        let text = if form.only_unsaved {
            tr("No work was left unsaved. When it is, it is kept here.")
        } else {
            tr("There are no backups yet. Each save keeps the file that it replaces here.")
        };
        message_strip(ui, Tone::Info, text);
    }
    ScrollArea::vertical().max_height(220.0).auto_shrink([false, true]).show(ui, |ui| {
        for backup in &form.list {
            let text = format!("{}  {}", when(backup.at), kind_text(backup.kind));
            let chosen = form.chosen.as_deref() == Some(backup.name.as_str());
            if ui.selectable_label(chosen, text).on_hover_text(&backup.name).clicked() {
                out.push(Intent::LookIntoBackup(backup.name.clone()));
            }
        }
    });
    match &form.preview {
        _ if form.looking.is_some() => {
            ui.label(RichText::new(tr("Looking inside…")).color(t.text2));
        }
        None => {}
        Some(Err(message)) => field_error(ui, message),
        Some(Ok(preview)) => preview_ui(ui, preview),
    }
    if let Some(failure) = &form.failure {
        field_error(ui, failure);
    }
    let mut close = false;
    foot(ui, |ui| {
        let ready = matches!(form.preview, Some(Ok(_)));
        let tip = tr("Puts it in the place of the project. What stands there now becomes a backup itself.");
        if primary_button(ui, tr("Restore"), ready).on_hover_text(tip).clicked()
            && let Some(name) = &form.chosen
        {
            out.push(Intent::RestoreBackup(form.folder.clone(), name.clone()));
        }
        if plain_button(ui, tr("Open folder")).clicked() {
            out.push(Intent::RevealFolder(form.folder.join(crate::document::store::backups::FOLDER)));
        }
        close = plain_button(ui, tr("Close")).clicked();
    });
    close
}

fn preview_ui(ui: &mut Ui, preview: &Preview) {
    ui.separator();
    fact(ui, tr("Title"), preview.title.as_str());
    fact(ui, tr("Text"), preview.text.as_str());
    let counts = tr_with(
        "{words} words, {phones} phones, {keys} keys",
        &[
            ("words", &preview.words.to_string()),
            ("phones", &preview.phones.to_string()),
            ("keys", &preview.keys.to_string()),
        ],
    );
    fact(ui, tr("Holds"), counts);
    if let Some(different) = preview.different_keys {
        let text = match different {
            0 => tr("its keys are those of the project as last saved").to_owned(),
            n => tr_with("{count} keys differ from the project as last saved", &[("count", &n.to_string())]),
        };
        fact(ui, tr("Differs"), text);
    }
    if !preview.steps.is_empty() {
        let names: Vec<String> =
            preview.steps.iter().rev().take(4).map(|name| crate::app::i18n::tr_message(name)).collect();
        let text = tr_with(
            "{count} not saved: {names}",
            &[("count", &preview.steps.len().to_string()), ("names", &names.join(", "))],
        );
        fact(ui, tr("Steps"), text);
    }
}
