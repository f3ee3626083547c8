//! Relink media: which file is asked for, where it was, and a field for where it is now.

use super::{foot, path_row, title, typed_path};
use crate::app::i18n::{tr, tr_with};
use crate::app::intent::{Intent, PickFor};
use crate::app::theme::tokens;
use crate::app::widgets::{
    Tone, enter_is_free, fact, field_error, field_label, message_strip, plain_button, primary_button,
};
use crate::jobs::relink::{Missing, Relinked, Wanted};
use egui::{RichText, Ui};

/// What is missing, what the user has typed, and what came of it.
#[derive(Clone, Debug, Default)]
pub struct RelinkForm {
    pub missing: Vec<Missing>,
    /// Name of the sound in use, for when nothing is missing and another file is wanted.
    pub sound: String,
    pub path: String,
    pub failure: Option<String>,
    /// A file that is not the one that was there, waiting for a word.
    pub doubtful: Option<Box<Relinked>>,
    pub busy: bool,
}

/// Draws the form; true when it is to be closed.
pub fn show(ui: &mut Ui, form: &mut RelinkForm, out: &mut Vec<Intent>) -> bool {
    let t = tokens(ui);
    title(ui, tr("Relink media"));
    if form.missing.is_empty() {
        let text = tr_with("Nothing is missing. The sound in use is \"{name}\".", &[("name", &form.sound)]);
        message_strip(ui, Tone::Good, &text);
    }
    for missing in &form.missing {
        let text = match missing.wanted {
            Wanted::Sound => tr_with("Asked for: the recording \"{name}\"", &[("name", &missing.name)]),
            Wanted::Identity => tr_with("Asked for: the identity \"{name}\"", &[("name", &missing.name)]),
        };
        message_strip(ui, Tone::Warning, &text);
        fact(ui, tr("Expected"), missing.expected.display().to_string());
        if let Some(seen) = &missing.last_seen {
            fact(ui, tr("Last seen"), seen.display().to_string());
        }
    }
    let label = field_label(ui, tr("Recording"));
    let hint = tr("path of the sound or video file, or the folder of the identity");
    let (changed, browse) =
        path_row(ui, &mut form.path, label, tr("the recording"), hint, tr("Choose where the file is now."));
    if changed {
        form.failure = None;
        form.doubtful = None;
    }
    if browse {
        out.push(Intent::Pick(PickFor::Relink));
    }
    if let Some(failure) = &form.failure {
        field_error(ui, failure);
    }
    if let Some(different) = form.doubtful.as_ref().and_then(|r| r.different.as_ref()) {
        message_strip(ui, Tone::Warning, &crate::app::i18n::tr_message(different));
    }
    let text = tr("What else is missing and lies beside the file is found along with it.");
    ui.label(RichText::new(text).color(t.text2));
    let mut close = false;
    let enter = enter_is_free(ui);
    foot(ui, |ui| {
        let ready = typed_path(&form.path).filter(|_| !form.busy);
        let name = if form.doubtful.is_some() { tr("Use it anyway") } else { tr("Relink") };
        if (primary_button(ui, name, ready.is_some()).clicked() || enter)
            && let Some(path) = ready
        {
            out.push(Intent::Relink(path));
        }
        if plain_button(ui, tr("Search nearby"))
            .on_hover_text(tr("Looks for a file of that name and content in and around the project's folder."))
            .clicked()
        {
            out.push(Intent::SearchMedia);
        }
        close = plain_button(ui, tr("Cancel")).clicked();
    });
    close
}
