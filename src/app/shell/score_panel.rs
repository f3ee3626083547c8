//! The score: what is read from the performance alone beside what is meant, in Krause's manner, cue by cue.
//!
//! A click or an arrow goes to the cue. The performance is the project's own, or that of a file, such as a learner's.

use crate::app::Studio;
use crate::app::board::position_letters;
use crate::app::commands::Command;
use crate::app::dock::Pane;
use crate::app::i18n::{later, tr, tr_with};
use crate::app::icons::{self, Icon};
use crate::app::intent::Intent;
use crate::app::list::{ListState, RowList, RowLook, empty_note, row_text};
use crate::app::theme::{self, Tokens, tokens};
use crate::app::widgets::{Tone, message_strip, plain_button};
use crate::cueing::score::Outcome;
use crate::cueing::{HandShape, Position};
use crate::document::Project;
use crate::jobs::check::{Checked, CheckedCue};
use egui::{Align2, Color32, Id, Painter, Rect, RichText, Ui, Vec2, pos2};
use std::path::Path;

/// Height of one line of the list.
const ROW: f32 = 24.0;

/// What the panel keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct ScoreView {
    checked: Option<Checked>,
    /// Which state of the project it is of.
    revision: u64,
    /// Correct cues are listed too.
    with_correct: bool,
    list: ListState,
    /// The cue that was gone to last.
    pub chosen: Option<usize>,
}

impl ScoreView {
    /// Shows another score. All cues are listed where none is wrong: there is nothing else to look at.
    pub fn take(&mut self, checked: Checked, revision: u64) {
        let with_correct = checked.sums.correct == checked.sums.target && checked.sums.insertions == 0;
        *self = Self { checked: Some(checked), revision, with_correct, ..Self::default() };
    }

    pub fn cue(&self, index: usize) -> Option<&CheckedCue> {
        self.checked.as_ref()?.cues.get(index)
    }

    /// The file whose poses were scored; `None` for the project's own performance.
    pub fn file(&self) -> Option<&Path> {
        self.checked.as_ref()?.file.as_deref()
    }

    /// The cues that are listed, by index.
    fn rows(&self) -> Vec<usize> {
        let Some(checked) = &self.checked else { return Vec::new() };
        let wanted = |c: &CheckedCue| self.with_correct || c.outcome != Outcome::Correct;
        checked.cues.iter().enumerate().filter(|(_, c)| wanted(c)).map(|(i, _)| i).collect()
    }
}

/// The name of an outcome, in English.
fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Correct => later("correct"),
        Outcome::Shape => later("other shape"),
        Outcome::Placement => later("other place"),
        Outcome::Both => later("other shape and place"),
        Outcome::Omission => later("left out"),
        Outcome::Insertion => later("too many"),
    }
}

fn outcome_color(outcome: Outcome, t: &Tokens) -> Color32 {
    match outcome {
        Outcome::Correct => t.ok,
        Outcome::Omission | Outcome::Both => Tone::Error.color(t),
        _ => Tone::Warning.color(t),
    }
}

fn cue_text(cue: Option<(HandShape, Position)>) -> String {
    cue.map_or_else(|| "–".to_owned(), |(shape, position)| format!("{}-{}", shape.0, position_letters(position)))
}

fn word_of(project: &Project, cue: &CheckedCue) -> String {
    let word = cue.key.and_then(|id| project.key(id)).and_then(|k| project.tiers.utterance.words.get(k.rule.word));
    word.map_or_else(String::new, |w| w.text.clone())
}

/// Draws the pane.
pub fn score_panel(ui: &mut Ui, studio: &mut Studio, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    // With rows to walk along, the keyboard goes to them and not to the pane as a whole.
    let wants_keyboard = !studio.score.rows().is_empty() && studio.takes_keyboard(Pane::Score);
    let Some(opened) = &studio.opened else { return };
    let view = &mut studio.score;
    let project = opened.project();
    ui.horizontal_wrapped(|ui| {
        let again = if view.checked.is_some() { tr("Check again") } else { tr("Check the cues") };
        let own = plain_button(ui, again).on_hover_text(Command::CheckCues.info().tooltip);
        if own.clicked() {
            match view.file().map(Path::to_owned) {
                Some(path) => out.push(Intent::ScorePoses(path)),
                None => out.push(Intent::Do(Command::CheckCues)),
            }
        }
        for command in [Command::ScoreFile, Command::ScoreReport] {
            if command == Command::ScoreReport && view.checked.is_none() {
                continue;
            }
            let info = command.info();
            if plain_button(ui, info.text).on_hover_text(info.tooltip).clicked() {
                out.push(Intent::Do(command));
            }
        }
    });
    ui.add_space(4.0);
    let Some(checked) = &view.checked else {
        empty_note(ui, tr("Nothing has been scored yet. A score reads the cues from the performance alone."));
        return;
    };
    if view.revision != opened.revision {
        message_strip(ui, Tone::Warning, tr("The project has changed since: check again."));
    }
    sums_ui(ui, checked);
    ui.checkbox(&mut view.with_correct, tr("Show correct cues too"));
    ui.add_space(4.0);
    let rows = view.rows();
    if rows.is_empty() {
        empty_note(ui, tr("Every cue is read as it is meant."));
        return;
    }
    let Some(checked) = &view.checked else { return };
    view.list.take_keyboard |= wants_keyboard;
    let cue = |row: usize| &checked.cues[rows[row]];
    let name = |row: usize| {
        let cue = cue(row);
        tr_with(
            "{time}: {word} meant {meant}, read {read}, {outcome}",
            &[
                ("time", &cue.time.timecode()),
                ("word", &word_of(project, cue)),
                ("meant", &cue_text(cue.meant)),
                ("read", &cue_text(cue.read)),
                ("outcome", tr(outcome_name(cue.outcome))),
            ],
        )
    };
    let list = RowList {
        id: Id::unique("score list"),
        count: rows.len(),
        row_height: ROW,
        chosen: view.chosen.and_then(|c| rows.iter().position(|r| *r == c)),
        name: &name,
        tooltip: &|row| cue(row).lead.map(lead_text),
    };
    let events =
        list.show(ui, &mut view.list, |_, painter, look| paint_cue(painter, look, cue(look.index), project, t));
    if let Some(row) = events.clicked.or(events.walked_to).or(events.entered) {
        out.push(Intent::GoToCue(rows[row]));
    }
}

/// When the hand came, in words.
fn lead_text(lead: f64) -> String {
    let ms = format!("{:.0}", 1000.0 * lead.abs());
    match lead < 0.0 {
        true => tr_with("The hand holds {ms} ms after the sound begins.", &[("ms", &ms)]),
        false => tr_with("The hand holds {ms} ms before the sound begins.", &[("ms", &ms)]),
    }
}

/// Sums and timing.
fn sums_ui(ui: &mut Ui, checked: &Checked) {
    let t = tokens(ui);
    let s = &checked.sums;
    let whose = match &checked.file {
        Some(path) => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        None => tr("The performance of this project").to_owned(),
    };
    ui.label(RichText::new(whose).color(t.text2));
    let share = format!("{:.1}", 100.0 * s.accuracy());
    let (right, total) = (s.correct.to_string(), s.target.to_string());
    let line = tr_with(
        "{right} of {total} cues correct ({share} %)",
        &[("right", &right), ("total", &total), ("share", &share)],
    );
    ui.label(RichText::new(line).font(theme::bold(theme::BODY)).color(t.text1));
    let counts = [
        (s.shape, Outcome::Shape),
        (s.placement, Outcome::Placement),
        (s.both, Outcome::Both),
        (s.omissions, Outcome::Omission),
        (s.insertions, Outcome::Insertion),
    ];
    let counts: Vec<String> =
        counts.iter().filter(|c| c.0 > 0).map(|(n, what)| format!("{n} {}", tr(outcome_name(*what)))).collect();
    if !counts.is_empty() {
        ui.add(egui::Label::new(RichText::new(counts.join(", ")).color(t.text1)).wrap());
    }
    let timing = &checked.timing;
    if timing.n > 0 {
        let (mean, spread) =
            (format!("{:.0}", 1000.0 * timing.lead_mean), format!("{:.0}", 1000.0 * timing.lead_spread));
        let line = tr_with(
            "Lead of the hand: {mean} ± {spread} ms (n = {n})",
            &[("mean", &mean), ("spread", &spread), ("n", &timing.n.to_string())],
        );
        ui.label(RichText::new(line).color(t.text2));
    }
    if let Some(gad) = timing.gad {
        let (share, tau) = (format!("{:.1}", 100.0 * gad), format!("{:.0}", 1000.0 * timing.tau));
        let line = tr_with("GAD: {share} % within τ = {tau} ms", &[("share", &share), ("tau", &tau)]);
        ui.label(RichText::new(line).color(t.text2));
    }
    if !checked.faults.is_empty() {
        let n = checked.faults.len().to_string();
        let line = tr_with("Lips covered, chin touched too high or hand out of the picture: {n} times", &[("n", &n)]);
        ui.add(egui::Label::new(RichText::new(line).color(t.text2)).wrap());
    }
    ui.add_space(4.0);
}

fn paint_cue(painter: &Painter, look: RowLook, cue: &CheckedCue, project: &Project, t: &Tokens) {
    let painter = painter.with_clip_rect(look.rect.intersect(painter.clip_rect()));
    painter.rect_filled(look.rect, theme::RADIUS, look.ground(t));
    let y = look.rect.center().y;
    let icon = if cue.outcome == Outcome::Correct { Icon::Check } else { Icon::Warning };
    let place = Rect::from_center_size(pos2(look.rect.left() + 12.0, y), Vec2::splat(16.0));
    icons::paint(&painter, place, icon, outcome_color(cue.outcome, t));
    let at = pos2(look.rect.left() + 26.0, y);
    let time = painter.text(at, Align2::LEFT_CENTER, cue.time.timecode(), theme::mono(theme::SMALL), look.quiet(t));
    let cues = match cue.outcome {
        Outcome::Correct => cue_text(cue.meant),
        Outcome::Omission => format!("{} → {}", cue_text(cue.meant), tr(outcome_name(cue.outcome))),
        _ => format!("{} → {}", cue_text(cue.meant), cue_text(cue.read)),
    };
    let right = pos2(look.rect.right() - 6.0, y);
    let cues = painter.text(right, Align2::RIGHT_CENTER, cues, theme::mono(theme::SMALL), t.text2);
    let word = word_of(project, cue);
    row_text(&painter, time.right() + 8.0, cues.left() - 8.0, y, &word, theme::BODY, t.text1);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cueing::score::Sums;
    use crate::time::Seconds;

    fn cue(outcome: Outcome) -> CheckedCue {
        CheckedCue { key: None, time: Seconds::ZERO, meant: None, read: None, outcome, lead: None }
    }

    #[test]
    fn what_is_wrong_is_listed_and_all_where_nothing_is() {
        let mut sums = Sums::default();
        let cues = vec![cue(Outcome::Correct), cue(Outcome::Shape), cue(Outcome::Insertion)];
        cues.iter().for_each(|c| sums.count(c.outcome));
        let mut view = ScoreView::default();
        view.take(Checked { sums, cues, ..Checked::default() }, 0);
        assert_eq!(view.rows(), [1, 2]);
        view.with_correct = true;
        assert_eq!(view.rows(), [0, 1, 2]);
        let mut sums = Sums::default();
        sums.count(Outcome::Correct);
        view.take(Checked { sums, cues: vec![cue(Outcome::Correct)], ..Checked::default() }, 1);
        assert_eq!(view.rows(), [0]);
    }
}
