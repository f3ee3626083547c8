//! Small forms of one path: which file with poses is scored, where its report goes, and where a sheet of cues goes.

use super::{foot, path_row, title, typed_path};
use crate::app::i18n::tr;
use crate::app::intent::{Intent, PickFor};
use crate::app::theme::tokens;
use crate::app::widgets::{enter_is_free, field_error, field_label, plain_button, primary_button};
use egui::{RichText, Ui};
use std::path::Path;

/// What the path is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Score,
    Report,
    Sheet,
}

/// What the user has typed.
#[derive(Clone, Debug)]
pub struct ScoreForm {
    purpose: Purpose,
    pub path: String,
    pub failure: Option<String>,
}

impl ScoreForm {
    /// Asks for a file with poses.
    pub fn file() -> Self {
        Self { purpose: Purpose::Score, path: String::new(), failure: None }
    }

    /// Asks where the report goes.
    pub fn report(path: &Path) -> Self {
        Self { purpose: Purpose::Report, path: path.to_string_lossy().into_owned(), failure: None }
    }

    /// Asks where a sheet of cues goes.
    pub fn sheet(path: &Path) -> Self {
        Self { purpose: Purpose::Sheet, ..Self::report(path) }
    }
}

/// Draws the form; true when it is to be closed.
pub fn show(ui: &mut Ui, form: &mut ScoreForm, out: &mut Vec<Intent>) -> bool {
    let t = tokens(ui);
    let (heading, label, hint, browse, pick, text, done) = match form.purpose {
        Purpose::Score => (
            tr("Score a performance"),
            tr("File with poses"),
            tr("133 points a frame, as JSON"),
            tr("Choose a file with poses."),
            PickFor::Poses,
            tr(
                "The cues are read from the poses alone and put beside those of this project. Times must be those of its sound.",
            ),
            tr("Score the file"),
        ),
        Purpose::Report => (
            tr("Save the score as a report"),
            tr("Report"),
            tr("a name that ends in .pdf or .html"),
            tr("Choose where the report goes."),
            PickFor::ScoreReport,
            tr("Sums, timing and a picture of each cue. A name that ends in .pdf makes a PDF, any other a web page."),
            tr("Save"),
        ),
        Purpose::Sheet => (
            tr("Save a sheet of the cues"),
            tr("Picture"),
            tr("a name that ends in .png or .jpg"),
            tr("Choose where the sheet goes."),
            PickFor::Sheet,
            tr("Every key as a picture with its name, on one page to print."),
            tr("Save"),
        ),
    };
    title(ui, heading);
    let label = field_label(ui, label);
    let (changed, pressed) = path_row(ui, &mut form.path, label, tr("a file"), hint, browse);
    if changed {
        form.failure = None;
    }
    if pressed {
        out.push(Intent::Pick(pick));
    }
    if let Some(failure) = &form.failure {
        field_error(ui, failure);
    }
    ui.label(RichText::new(text).color(t.text2));
    let mut close = false;
    let enter = enter_is_free(ui);
    foot(ui, |ui| {
        let ready = typed_path(&form.path);
        if (primary_button(ui, done, ready.is_some()).clicked() || enter)
            && let Some(path) = ready
        {
            match form.purpose {
                // A file that is not there is said beside its field.
                Purpose::Score if !path.is_file() => {
                    form.failure = Some(tr("There is no such file.").to_owned());
                }
                Purpose::Score => {
                    out.push(Intent::ScorePoses(path));
                    close = true;
                }
                Purpose::Report => {
                    out.push(Intent::WriteScore(path));
                    close = true;
                }
                Purpose::Sheet => {
                    out.push(Intent::WriteSheet(path));
                    close = true;
                }
            }
        }
        close |= plain_button(ui, tr("Cancel")).clicked();
    });
    close
}
