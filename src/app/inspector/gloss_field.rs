//! The gloss as a field: the sentence of a key, to be changed in any words the grammar knows.
//!
//! While it is typed, what is not understood is underlined and what was perhaps meant stands under the field as a
//! button. Enter or leaving the field makes one edit of it; Escape gives up; an empty field brings the composed
//! sentence back. A sentence that leaves open what the key is to be stays in the field until it says so.

use crate::app::board::position_name;
use crate::app::i18n::{capitalised, language, tr, tr_with};
use crate::app::icons::Icon;
use crate::app::intent::Intent;
use crate::app::theme::{self, tokens};
use crate::app::widgets::{field_error, icon_label};
use crate::cueing::Movement;
use crate::cueing::gloss::{ConflictKind, Cue, Parsed};
use crate::document::edit::Edit;
use crate::document::{KeyId, KeySegment, Project};
use crate::jobs::gloss;
use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, RichText, Stroke, TextBuffer, TextEdit, Ui, WidgetInfo};
use std::ops::Range;

/// How many unknown words are listed under the field.
const LISTED: usize = 4;
/// Thickness of the line under what is not understood, points.
const UNDERLINE: f32 = 2.0;

/// A sentence that is being changed.
#[derive(Clone, Debug, Default)]
pub struct GlossField {
    typed: Option<Typed>,
}

#[derive(Clone, Debug)]
struct Typed {
    key: KeyId,
    text: String,
    /// What could be done with this text has been done.
    settled: bool,
}

/// What a button under the field does: these bytes give way to this text.
type Replacement = (Range<usize>, String);

impl GlossField {
    /// Does what was typed for a key that is no longer shown: leaving the field is leaving it, whichever way.
    pub fn settle(&mut self, project: &Project, shown: Option<KeyId>, out: &mut Vec<Intent>) {
        let Some(typed) = self.typed.take_if(|t| Some(t.key) != shown) else { return };
        if let Some(key) = project.key(typed.key).filter(|k| !k.locked && !typed.settled)
            && let Some(edit) = wanted(project, key, &typed.text)
        {
            out.push(Intent::Edit(edit));
        }
    }

    /// Draws the field of a key and what there is to say about what stands in it.
    pub fn show(&mut self, ui: &mut Ui, project: &Project, key: &KeySegment, out: &mut Vec<Intent>) {
        let composed = gloss::shown(key, language());
        let typed = self.typed.as_ref().filter(|t| t.key == key.id);
        let mut text = typed.map_or_else(|| composed.clone(), |t| t.text.clone());
        let response = ui
            .add_enabled_ui(!key.locked, |ui| {
                let mut layouter = |ui: &Ui, buffer: &dyn TextBuffer, width: f32| {
                    let job = layout(ui, project, key, buffer.as_str(), width);
                    ui.fonts_mut(|f| f.layout_job(job))
                };
                let field = TextEdit::multiline(&mut text)
                    .id(egui::Id::unique(("gloss field", key.id.0)))
                    .desired_width(f32::INFINITY)
                    .desired_rows(2)
                    .char_limit(gloss::LONGEST)
                    // Enter ends the work on the sentence; it has no second line.
                    .return_key(None)
                    .layouter(&mut layouter);
                ui.add(field)
            })
            .inner;
        response.widget_info(|| {
            let mut info = WidgetInfo::text_edit(!key.locked, &text, &text, "");
            info.label = Some(tr("Gloss").into());
            info
        });
        let tip = tr(
            "Say in your own words what hand and place do: \"three fingers at the chin\", \"shape 3\", \"flick\". What is not said stays. Enter changes the key, Escape gives up, an empty field brings the usual sentence back. The lips follow the sound.",
        );
        let response = response.on_hover_text(tip);
        if response.changed() {
            let text = text.replace(['\n', '\r'], " ");
            self.typed = Some(Typed { key: key.id, text, settled: false });
        }
        let (enter, escape, down) = ui.input(|i| {
            let escape = i.key_pressed(egui::Key::Escape) || i.key_down(egui::Key::Escape);
            (i.key_pressed(egui::Key::Enter), escape || i.key_released(egui::Key::Escape), i.pointer.any_down())
        });
        if response.lost_focus() && escape {
            self.typed = None;
        }
        let mut focused = response.has_focus();
        if focused && enter {
            response.surrender_focus();
            focused = false;
        }
        let Some(typed) = self.typed.as_mut().filter(|t| t.key == key.id) else { return };
        if let Some((range, word)) = remarks(ui, project, key, typed) {
            if typed.text.get(range.clone()).is_some() {
                typed.text.replace_range(range, &word);
                typed.settled = false;
            }
            // The sentence is still being worked on.
            response.request_focus();
            return;
        }
        // A press on a suggestion takes the focus away before the click is there: not yet left then.
        if focused || typed.settled || (down && !enter) {
            return;
        }
        typed.settled = true;
        let text = typed.text.clone();
        let (_, parsed) = gloss::read(project, key, &text, language());
        let edit = wanted(project, key, &text);
        if done_with(key, &text, &composed, &parsed, edit.as_ref()) {
            self.typed = None;
        }
        if let Some(edit) = edit.filter(|_| !gloss::same(&text, &composed)) {
            out.push(Intent::Edit(edit));
        }
    }
}

/// The edit that a typed text asks for; an empty one asks for the composed sentence.
fn wanted(project: &Project, key: &KeySegment, text: &str) -> Option<Edit> {
    if gloss::tidy(text).is_empty() {
        let Cue { shape, position, movement } = gloss::cue(key);
        return Some(Edit::SetCue { key: key.id, shape, position, movement, gloss: None });
    }
    let (_, parsed) = gloss::read(project, key, text, language());
    gloss::edit(key, text, &parsed)
}

/// Whether nothing is left to say about a text: it was not changed, is empty, is understood, or stays as it is.
fn done_with(key: &KeySegment, text: &str, shown: &str, parsed: &Parsed, edit: Option<&Edit>) -> bool {
    let tidy = gloss::tidy(text);
    let kept = matches!(edit, Some(Edit::SetCue { gloss: Some(_), .. }));
    tidy.is_empty() || gloss::same(text, shown) || kept || (edit.is_some() && parsed.is_clear()) || key.locked
}

/// The text with lines under what is not understood and under what contradicts itself.
fn layout(ui: &Ui, project: &Project, key: &KeySegment, text: &str, width: f32) -> LayoutJob {
    let t = tokens(ui);
    let (_, parsed) = gloss::read(project, key, text, language());
    let unknown = parsed.unknown.iter().map(|u| (u.range.clone(), t.warning));
    let against = parsed.conflicts.iter().flat_map(|c| c.ranges.iter().map(|r| (r.clone(), t.danger)));
    let mut marks: Vec<(Range<usize>, Color32)> = unknown.chain(against).collect();
    marks.sort_by_key(|(range, _)| range.start);
    let mut job = LayoutJob::default();
    job.wrap.max_width = width;
    let mut at = 0;
    let mut append = |part: &str, line: Option<Color32>| {
        if part.is_empty() {
            return;
        }
        let underline = line.map_or(Stroke::NONE, |color| Stroke::new(UNDERLINE, color));
        let font_id = theme::regular(theme::BODY);
        job.append(part, 0.0, TextFormat { font_id, color: t.text1, underline, ..TextFormat::default() });
    };
    for (range, color) in marks {
        let start = range.start.max(at);
        if range.end <= start {
            continue;
        }
        append(text.get(at..start).unwrap_or_default(), None);
        append(text.get(start..range.end).unwrap_or_default(), Some(color));
        at = range.end;
    }
    append(text.get(at..).unwrap_or_default(), None);
    job
}

/// What stands under the field; gives the replacement that was asked for.
fn remarks(ui: &mut Ui, project: &Project, key: &KeySegment, typed: &Typed) -> Option<Replacement> {
    let t = tokens(ui);
    if gloss::tidy(&typed.text).is_empty() {
        ui.label(RichText::new(tr("Empty: the usual sentence comes back.")).color(t.text2).small());
        return None;
    }
    let (_, parsed) = gloss::read(project, key, &typed.text, language());
    let mut chosen = None;
    for unknown in parsed.unknown.iter().take(LISTED) {
        ui.horizontal_wrapped(|ui| {
            icon_label(ui, Icon::Warning, t.warning);
            let text = tr_with("\"{text}\" is not understood.", &[("text", &unknown.text)]);
            ui.label(RichText::new(text).color(t.warning).small());
            let (word, label) = match &unknown.suggestion {
                Some(word) => (word.clone(), tr_with("Write \"{word}\"", &[("word", word)])),
                None => (String::new(), tr_with("Leave out \"{text}\"", &[("text", &unknown.text)])),
            };
            if ui.small_button(label).clicked() {
                chosen = Some((unknown.range.clone(), word));
            }
        });
    }
    if parsed.unknown.len() > LISTED {
        let more = (parsed.unknown.len() - LISTED).to_string();
        let text = tr_with("And {count} more that are not understood.", &[("count", &more)]);
        ui.label(RichText::new(text).color(t.warning).small());
    }
    for conflict in &parsed.conflicts {
        field_error(ui, &capitalised(&conflict_text(&conflict.kind)));
        let Some(range) = conflict.ranges.last().cloned() else { continue };
        if let Some(word) = &conflict.suggestion {
            let said = typed.text.get(range.clone()).unwrap_or_default();
            let label = match word.as_str() {
                "" => tr_with("Leave out \"{text}\"", &[("text", said)]),
                word => tr_with("Write \"{word}\"", &[("word", word)]),
            };
            if ui.small_button(label).clicked() {
                chosen = Some((range, word.clone()));
            }
        }
    }
    if parsed.says_something() && !gloss::blocks(&parsed) {
        let after = cue_words(parsed.applied_to(gloss::cue(key)));
        let text = tr_with("The key will be: {cue}", &[("cue", &after)]);
        ui.label(RichText::new(text).color(t.text2).small());
    } else if parsed.conflicts.is_empty() {
        let text = tr("This says nothing of hand, place or movement. Try \"three fingers at the chin\".");
        ui.label(RichText::new(text).color(t.text2).small());
    }
    chosen
}

/// `hand shape 3, chin, flick`, in the language of the interface.
pub fn cue_words(cue: Cue) -> String {
    let shape = tr_with("Hand shape {number}", &[("number", &cue.shape.0.to_string())]);
    let movement = match cue.movement {
        None => tr("no movement"),
        Some(Movement::Flick) => tr("Flick"),
        Some(Movement::DoubleTouch) => tr("Double touch"),
        Some(Movement::Diphthong) => tr("Diphthong"),
    };
    format!("{} · {} · {}", shape, position_name(cue.position), movement)
}

/// What is wrong with a statement, in the language of the interface.
pub fn conflict_text(kind: &ConflictKind) -> String {
    match kind {
        ConflictKind::TwoShapes(a, b) => tr_with(
            "two hand shapes, {first} and {second}: keep one",
            &[("first", &a.0.to_string()), ("second", &b.0.to_string())],
        ),
        ConflictKind::TwoPositions(a, b) => tr_with(
            "two positions, {first} and {second}: keep one",
            &[("first", position_name(*a)), ("second", position_name(*b))],
        ),
        ConflictKind::TwoMovements => tr("two movements: keep one").to_owned(),
        ConflictKind::NoSuchHand => tr("no hand shape stretches exactly these fingers").to_owned(),
        ConflictKind::NoSuchShape => tr("hand shapes are 1 to 8").to_owned(),
        ConflictKind::NoSuchPosition => tr("the chart has no position of this number").to_owned(),
        ConflictKind::NotOnChart(position) => {
            tr_with("the chart of this language has no position {place}", &[("place", position_name(*position))])
        }
        ConflictKind::Rest => tr("a key is never the hand at rest").to_owned(),
        ConflictKind::OtherLips => tr("the lips follow the sound, which does otherwise").to_owned(),
    }
}
