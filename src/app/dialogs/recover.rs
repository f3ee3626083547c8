//! Unsaved work was found: both times, what it was, and the choice. Nothing is decided without one.

use super::{foot, title};
use crate::app::i18n::{tr, tr_message, tr_with};
use crate::app::intent::Intent;
use crate::app::theme::{self, tokens};
use crate::app::widgets::{fact, plain_button, primary_button, section};
use crate::document::store::{Choice, Stamp, Unsaved};
use crate::jobs::clock;
use crate::jobs::open::Access;
use egui::{RichText, Ui};
use std::path::PathBuf;

/// What was found, and where.
#[derive(Clone, Debug)]
pub struct RecoverForm {
    pub folder: PathBuf,
    pub unsaved: Unsaved,
}

/// How many of the last steps are named.
const NAMED: usize = 6;

/// Draws the question; true when it is to be closed, which opens nothing and changes nothing.
pub fn show(ui: &mut Ui, form: &RecoverForm, out: &mut Vec<Intent>) -> bool {
    let t = tokens(ui);
    let unsaved = &form.unsaved;
    title(ui, tr("Unsaved work was found"));
    ui.label(tr_with(
        "\"{title}\" was changed after it was last saved. Choose which of the two to open; nothing is thrown away.",
        &[("title", &unsaved.title)],
    ));
    ui.add_space(8.0);
    let saved = unsaved.saved_at.map_or_else(|| tr("not known").to_owned(), when);
    fact(ui, tr("Saved"), saved);
    fact(ui, tr("Changed"), when(unsaved.last_at));
    let count = unsaved.steps.len();
    let steps = if count == 1 {
        tr("1 step that was not saved").to_owned()
    } else {
        tr_with("{count} steps that were not saved, the last ones first", &[("count", &count.to_string())])
    };
    section(ui, &steps);
    for name in unsaved.steps.iter().rev().take(NAMED) {
        ui.label(RichText::new(format!("· {}", tr_message(name))).color(t.text2));
    }
    if count > NAMED {
        let more = tr_with("and {count} before them", &[("count", &(count - NAMED).to_string())]);
        ui.label(RichText::new(more).font(theme::regular(theme::SMALL)).color(t.text3));
    }
    let mut close = false;
    foot(ui, |ui| {
        let open = |choice| Intent::OpenAs(form.folder.clone(), Access::Edit(choice));
        let tip = tr("Opens the project with all of these steps, not yet saved. They can be undone.");
        if primary_button(ui, tr("Recover"), true).on_hover_text(tip).clicked() {
            out.push(open(Choice::Recover));
        }
        let tip = tr("Opens the project as it was saved. The work is kept under File, Recover earlier work.");
        if plain_button(ui, tr("Open as last saved")).on_hover_text(tip).clicked() {
            out.push(open(Choice::AsSaved));
        }
        close = plain_button(ui, tr("Cancel")).clicked();
    });
    close
}

/// A time, and how long ago it was.
pub fn when(at: Stamp) -> String {
    if at.0 == 0 {
        return tr("not known").to_owned();
    }
    let seconds = Stamp::now().0.saturating_sub(at.0) / 1000;
    let count = |n: u64| n.to_string();
    let ago = match seconds {
        0..60 => tr("just now").to_owned(),
        60..3600 => tr_with("{count} min ago", &[("count", &count(seconds / 60))]),
        3600..86_400 => tr_with("{count} h ago", &[("count", &count(seconds / 3600))]),
        _ => tr_with("{count} days ago", &[("count", &count(seconds / 86_400))]),
    };
    format!("{} ({ago})", clock::date_and_time(at))
}
