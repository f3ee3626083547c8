//! The history: every step by name and time, the present one marked, those undone greyed; a click or Enter goes there.

use crate::app::Studio;
use crate::app::i18n::{tr, tr_message, tr_with};
use crate::app::intent::Intent;
use crate::app::list::{ListState, RowList, empty_note, row_text};
use crate::app::theme::{self, tokens};
use crate::app::widgets::search_field;
use crate::app::work::ago;
use crate::document::history::{History, Transaction};
use egui::{Align2, Id, Rect, Ui, pos2, vec2};
use std::time::Duration;

/// What the panel keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct HistoryView {
    search: String,
    list: ListState,
    /// The state that the list was last put on, so that it follows undo and redo but not its own walking.
    followed: Option<usize>,
}

/// One line: the state after `index` steps.
struct Step<'a> {
    index: usize,
    step: Option<&'a Transaction>,
}

/// The states of a history that match, oldest first: the beginning, what is done, what can be done again.
fn steps<'a>(history: &'a History, search: &str) -> Vec<Step<'a>> {
    let wanted = search.trim().to_lowercase();
    let all = history.done().iter().chain(history.undone().iter().rev());
    let first = Step { index: 0, step: None };
    std::iter::once(first)
        .chain(all.enumerate().map(|(i, step)| Step { index: i + 1, step: Some(step) }))
        .filter(|s| wanted.is_empty() || s.name().to_lowercase().contains(&wanted))
        .collect()
}

impl Step<'_> {
    fn name(&self) -> String {
        self.step.map_or_else(|| tr("As it was opened").to_owned(), |s| tr_message(&s.name))
    }

    /// How long ago it was done.
    fn when(&self) -> Option<String> {
        let at = self.step?.at_ms;
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?;
        (at > 0).then(|| ago(now.saturating_sub(Duration::from_millis(at))))
    }
}

/// Draws the pane.
pub fn history_panel(ui: &mut Ui, studio: &mut Studio, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    let wants_keyboard = studio.takes_keyboard(crate::app::dock::Pane::History);
    let Some(opened) = &studio.opened else { return };
    let view = &mut studio.history;
    let history = opened.document.history();
    let now = history.done().len();
    search_field(ui, &mut view.search, tr("Search the history"));
    ui.add_space(4.0);
    let steps = steps(history, &view.search);
    if steps.is_empty() {
        empty_note(ui, tr("No step has these words in its name."));
        return;
    }
    let chosen = steps.iter().position(|s| s.index == now);
    if view.followed != Some(now) {
        view.followed = Some(now);
        view.list.put(chosen.unwrap_or(0));
    }
    view.list.take_keyboard |= wants_keyboard;
    let name = |i: usize| {
        let step = &steps[i];
        let state = match step.index.cmp(&now) {
            std::cmp::Ordering::Equal => tr("present state"),
            std::cmp::Ordering::Greater => tr("undone"),
            std::cmp::Ordering::Less => tr("done"),
        };
        let number = step.index.to_string();
        tr_with("Step {number}: {name}, {state}", &[("number", &number), ("name", &step.name()), ("state", state)])
    };
    let list = RowList {
        id: Id::unique("history list"),
        count: steps.len(),
        row_height: theme::ROW,
        chosen,
        name: &name,
        tooltip: &|_| None,
    };
    let events = list.show(ui, &mut view.list, |_, painter, look| {
        let step = &steps[look.index];
        let painter = painter.with_clip_rect(look.rect.intersect(painter.clip_rect()));
        painter.rect_filled(look.rect, theme::RADIUS, look.ground(t));
        let undone = step.index > now;
        let (color, mark) = if undone { (t.text3, t.text3) } else { (t.text1, t.accent) };
        let y = look.rect.center().y;
        let dot = pos2(look.rect.left() + 10.0, y);
        // A thread down the list: full for what is done, hollow for what was undone, a square where it stands.
        if look.chosen {
            painter.rect_filled(Rect::from_center_size(dot, vec2(9.0, 9.0)), 1.0, mark);
        } else if undone {
            painter.circle_stroke(dot, 3.0, egui::Stroke::new(1.2, mark));
        } else {
            painter.circle_filled(dot, 2.5, t.text2);
        }
        let when = step.when().unwrap_or_default();
        let right = look.rect.right() - 6.0;
        let place =
            painter.text(pos2(right, y), Align2::RIGHT_CENTER, when, theme::regular(theme::SMALL), look.quiet(t));
        row_text(&painter, look.rect.left() + 22.0, place.left() - 8.0, y, &step.name(), theme::BODY, color);
    });
    if let Some(row) = events.clicked.or(events.entered) {
        out.push(Intent::JumpToStep(steps[row].index));
    }
}
