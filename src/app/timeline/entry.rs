//! The small window for typing what else is dragged: start, end and length of a segment in seconds and in frames, the
//! time of a boundary or marker, the halo of a mask. A word can be cut at the caret or joined with the next one here.

use super::edges::Edge;
use super::masks;
use super::moves::Part;
use super::{TimelineInput, TimelineState, markers};
use crate::app::i18n::{later, tr, tr_with};
use crate::app::inspector::parse_time;
use crate::app::intent::Intent;
use crate::app::theme::{self, tokens};
use crate::app::widgets::{enter_is_free, field_error, plain_button, primary_button};
use crate::document::edit::Edit;
use crate::document::edit_segments::SegmentEdit;
use crate::document::marks::{ExpressionMark, MarkId};
use crate::document::{KeyId, Project};
use crate::pose::parts;
use crate::time::{Fps, Seconds, TimeRange};
use egui::{Grid, Id, Key, Pos2, Rect, RichText, TextEdit, Ui, Window, pos2, vec2};
use std::ops::Range;

/// What is typed about.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// A word with its phones.
    Word(usize, Range<usize>),
    /// Phones that stand together: a phone, a syllable, the sound of a key.
    Phones(Range<usize>),
    Edge(Edge),
    Move(KeyId, Part),
    Mask(MarkId),
    Expression(MarkId),
    Marker(MarkId),
}

/// One time, as seconds and as a frame.
#[derive(Clone, Debug, Default, PartialEq)]
struct Field {
    seconds: String,
    frame: String,
}

impl Field {
    fn of(time: Seconds, fps: Fps) -> Self {
        Self {
            seconds: time.timecode(),
            frame: format!("{:.2}", time.0 * fps.rate()).trim_end_matches(".00").to_owned(),
        }
    }

    fn time(&self) -> Option<Seconds> {
        parse_time(&self.seconds).filter(|t| t.is_finite()).map(Seconds)
    }
}

/// The open field.
#[derive(Clone, Debug)]
pub struct Entry {
    pub target: Target,
    /// Where it was asked for.
    at: Pos2,
    fields: [Field; 3],
    /// Halo in milliseconds, or the text of a word or marker.
    text: String,
    halo: String,
    colour: u8,
    parts: parts::Parts,
    error: Option<String>,
    fresh: bool,
}

impl Entry {
    /// For a target as it is now; `None` when it is not there.
    pub fn new(target: Target, beside: Rect, project: &Project) -> Option<Self> {
        let fps = project.settings.fps;
        let range = range_of(&target, project)?;
        let (mut text, mut halo, mut colour, mut on) = (String::new(), String::new(), 0, parts::Parts::NONE);
        match &target {
            Target::Word(word, _) => text.clone_from(&project.tiers.utterance.words.get(*word)?.text),
            Target::Marker(id) => {
                let marker = project.marks.marker(*id)?;
                text.clone_from(&marker.text);
                colour = marker.colour;
            }
            Target::Mask(id) => {
                let mask = project.marks.mask(*id)?;
                halo = format!("{:.0}", mask.halo.millis());
                on = mask.parts;
            }
            Target::Phones(_) | Target::Edge(_) | Target::Move(..) | Target::Expression(_) => {}
        }
        let fields = [range.start, range.end, range.length()].map(|t| Field::of(t, fps));
        let at = pos2(beside.left(), beside.top());
        Some(Self { target, at, fields, text, halo, colour, parts: on, error: None, fresh: true })
    }

    fn is_point(&self) -> bool {
        matches!(self.target, Target::Edge(_) | Target::Marker(_))
    }
}

/// The stretch that a target has now.
pub fn range_of(target: &Target, project: &Project) -> Option<TimeRange> {
    let phones = &project.tiers.phones;
    Some(match target {
        Target::Word(_, range) | Target::Phones(range) => {
            TimeRange::new(phones.get(range.start)?.start, phones.get(range.end.checked_sub(1)?)?.end)
        }
        Target::Edge(edge) => {
            phones.get(edge.phone)?;
            let time = edge.time(phones);
            TimeRange::new(time, time)
        }
        Target::Move(id, part) => {
            let (from, to) = part.times(project.key(*id)?);
            TimeRange::new(from, to)
        }
        Target::Mask(id) => project.marks.mask(*id)?.range,
        Target::Expression(id) => project.marks.expression(*id)?.range,
        Target::Marker(id) => {
            let time = project.marks.marker(*id)?.time;
            TimeRange::new(time, time)
        }
    })
}

/// The edit that gives a target another stretch of time.
pub fn edit_for(target: &Target, range: TimeRange, project: &Project) -> Option<Edit> {
    // Only what was changed is set: setting a time by hand also says that it is sure.
    let two = |name, first: Edit, second: Edit, start_first: bool, [start, end]: [bool; 2]| {
        let ends = [(first, start), (second, end)].into_iter().filter(|(_, changed)| *changed);
        let mut edits: Vec<Edit> = ends.map(|(edit, _)| edit).collect();
        if !start_first {
            edits.reverse();
        }
        Edit::Many { name, edits }
    };
    let now = range_of(target, project)?;
    // Moving to the right the end goes first, to make room for the start.
    let start_first = range.start < now.start;
    let changed = [range.start != now.start, range.end != now.end];
    Some(match target {
        Target::Word(_, phones) | Target::Phones(phones) => two(
            later("Set times"),
            Edit::SetPhoneStart { phone: phones.start, to: range.start },
            Edit::SetPhoneEnd { phone: phones.end.checked_sub(1)?, to: range.end },
            start_first,
            changed,
        ),
        Target::Edge(edge) => edge.edit(range.start, None, crate::document::edit_segments::LinkedTiers::ALL),
        Target::Move(key, part) => {
            let [from, to] = part.handles();
            two(
                later("Set hand timing"),
                Edit::SetMoveTime { key: *key, which: from, to: range.start },
                Edit::SetMoveTime { key: *key, which: to, to: range.end },
                start_first,
                changed,
            )
        }
        Target::Mask(id) => {
            let mut mask = project.marks.mask(*id)?.clone();
            mask.range = range;
            Edit::SetMask(mask)
        }
        Target::Expression(id) => Edit::SetExpression(ExpressionMark { range, ..*project.marks.expression(*id)? }),
        Target::Marker(id) => {
            let mut marker = project.marks.marker(*id)?.clone();
            marker.time = range.start;
            Edit::SetMarker(marker)
        }
    })
}

/// Shows the open field, if there is one.
pub fn show(ui: &Ui, state: &mut TimelineState, input: &TimelineInput<'_>, out: &mut Vec<Intent>) {
    let Some(mut entry) = state.entry.take() else { return };
    if range_of(&entry.target, input.project).is_none() {
        return;
    }
    let ctx = ui.ctx().clone();
    let mut open = true;
    let screen = ctx.content_rect();
    let width = 290.0;
    let at = pos2(entry.at.x.clamp(screen.left() + 8.0, screen.right() - width - 32.0), entry.at.y - 12.0);
    let title = match &entry.target {
        Target::Word(..) => tr("Word"),
        Target::Phones(_) => tr("Times of the sound"),
        Target::Edge(_) => tr("Boundary"),
        Target::Move(..) => tr("Times of the move"),
        Target::Mask(_) => tr("Mask"),
        Target::Expression(_) => tr("Expression"),
        Target::Marker(_) => tr("Marker"),
    };
    let shown = Window::new(title)
        .id(Id::unique("numeric entry"))
        .fixed_pos(at)
        .pivot(egui::Align2::LEFT_BOTTOM)
        .constrain(true)
        .collapsible(false)
        .resizable(false)
        .open(&mut open)
        .show(&ctx, |ui| {
            ui.set_width(width);
            content(ui, &mut entry, input, out)
        });
    let done = shown.and_then(|s| s.inner).unwrap_or(false);
    let escaped = ctx.input(|i| i.key_pressed(Key::Escape));
    if open && !done && !escaped {
        state.entry = Some(entry);
    }
}

/// Draws the fields; true when the window may close.
fn content(ui: &mut Ui, entry: &mut Entry, input: &TimelineInput<'_>, out: &mut Vec<Intent>) -> bool {
    let t = tokens(ui);
    let fps = input.project.settings.fps;
    let mut done = false;
    if let Target::Word(word, _) = entry.target {
        done |= word_fields(ui, entry, word, input, out);
        ui.add_space(4.0);
    }
    if matches!(entry.target, Target::Marker(_)) {
        marker_fields(ui, entry);
    }
    let names = [tr("Start"), tr("End"), tr("Length")];
    let count = if entry.is_point() { 1 } else { 3 };
    Grid::new("times").num_columns(3).spacing(vec2(8.0, 4.0)).show(ui, |ui| {
        ui.label("");
        ui.label(RichText::new(tr("Seconds")).color(t.text3).small());
        ui.label(RichText::new(tr("Frames")).color(t.text3).small());
        ui.end_row();
        for (i, name) in names.into_iter().enumerate().take(count) {
            let name = if entry.is_point() { tr("Time") } else { name };
            ui.label(name);
            let seconds =
                TextEdit::singleline(&mut entry.fields[i].seconds).desired_width(104.0).font(theme::mono(12.0));
            let response = ui.add(seconds).accessible_name(tr_with("{name} in seconds", &[("name", name)]));
            if std::mem::take(&mut entry.fresh) {
                response.request_focus();
                select_all(ui, response.id, &entry.fields[i].seconds);
            }
            if response.changed() {
                changed(entry, i, fps, false);
            }
            let frame = TextEdit::singleline(&mut entry.fields[i].frame).desired_width(72.0).font(theme::mono(12.0));
            let response = ui.add(frame).accessible_name(tr_with("{name} in frames", &[("name", name)]));
            if response.changed() {
                changed(entry, i, fps, true);
            }
            ui.end_row();
        }
    });
    if matches!(entry.target, Target::Mask(_)) {
        mask_fields(ui, entry);
    }
    if let Some(error) = &entry.error {
        field_error(ui, error);
    }
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        let enter = enter_is_free(ui) && !ui.ctx().any_popup_open();
        if primary_button(ui, tr("Set"), true).clicked() || enter {
            match result(entry, input) {
                Ok(edit) => {
                    out.extend(edit.map(Intent::Edit));
                    done = true;
                }
                Err(message) => entry.error = Some(message),
            }
        }
        if plain_button(ui, tr("Cancel")).clicked() {
            done = true;
        }
    });
    done
}

fn select_all(ui: &Ui, id: Id, text: &str) {
    use egui::text::{CCursor, CCursorRange};
    let mut state = TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
    let all = CCursorRange::two(CCursor::new(0), CCursor::new(text.chars().count()));
    state.cursor.set_char_range(Some(all));
    state.store(ui.ctx(), id);
}

/// Brings the other fields in line with the one that was typed in.
fn changed(entry: &mut Entry, which: usize, fps: Fps, frames: bool) {
    entry.error = None;
    let typed = if frames {
        entry.fields[which].frame.trim().replace(',', ".").parse::<f64>().ok().map(|f| Seconds(f / fps.rate()))
    } else {
        entry.fields[which].time()
    };
    let Some(time) = typed.filter(|t| t.0.is_finite()) else { return };
    let other = Field::of(time, fps);
    if frames {
        entry.fields[which].seconds = other.seconds;
    } else {
        entry.fields[which].frame = other.frame;
    }
    let [start, end, _] = [0, 1, 2].map(|i| entry.fields[i].time());
    match (which, start, end) {
        (0 | 1, Some(start), Some(end)) => entry.fields[2] = Field::of((end - start).max(Seconds::ZERO), fps),
        (2, Some(start), _) => entry.fields[1] = Field::of(start + time, fps),
        _ => {}
    }
}

/// The edit that the fields ask for, `None` when they ask for nothing new.
fn result(entry: &Entry, input: &TimelineInput<'_>) -> Result<Option<Edit>, String> {
    let project = input.project;
    let fps = project.settings.fps;
    let gone = || tr("This is no longer there.").to_owned();
    let now = range_of(&entry.target, project).ok_or_else(gone)?;
    let time = |i: usize, old: Seconds| -> Result<Seconds, String> {
        // What was not touched keeps its thousandths of milliseconds.
        if entry.fields[i] == Field::of(old, fps) {
            return Ok(old);
        }
        let time = entry.fields[i].time().ok_or_else(|| tr("Write a time such as 0:01.250.").to_owned())?;
        if time < Seconds::ZERO || time > project.length() {
            let length = project.length().timecode();
            return Err(tr_with("The time must lie between 0 and {length}.", &[("length", &length)]));
        }
        Ok(time)
    };
    let start = time(0, now.start)?;
    let end = if entry.is_point() { start } else { time(1, now.end)? };
    if !entry.is_point() && end <= start {
        return Err(tr("The end must come after the start.").to_owned());
    }
    let range = TimeRange { start, end };
    let moved = range != now;
    match &entry.target {
        Target::Marker(id) => {
            let mut marker = project.marks.marker(*id).ok_or_else(gone)?.clone();
            (marker.time, marker.colour) = (start, entry.colour);
            marker.text.clone_from(&entry.text);
            let same = project.marks.marker(*id) == Some(&marker);
            Ok((!same).then_some(Edit::SetMarker(marker)))
        }
        Target::Mask(id) => {
            let mut mask = project.marks.mask(*id).ok_or_else(gone)?.clone();
            let halo = entry.halo.trim().replace(',', ".").parse::<f64>().ok().filter(|h| (0.0..=2000.0).contains(h));
            let halo = halo.ok_or_else(|| tr("The halo is a number of milliseconds from 0 to 2000.").to_owned())?;
            if entry.parts.is_empty() {
                return Err(tr("A mask needs at least one part of the body.").to_owned());
            }
            if format!("{:.0}", mask.halo.millis()) != entry.halo {
                mask.halo = Seconds::from_millis(halo);
            }
            (mask.range, mask.parts) = (range, entry.parts);
            let same = project.marks.mask(*id) == Some(&mask);
            Ok((!same).then_some(Edit::SetMask(mask)))
        }
        _ if !moved => Ok(None),
        target => Ok(edit_for(target, range, project)),
    }
}

fn word_fields(ui: &mut Ui, entry: &mut Entry, word: usize, input: &TimelineInput<'_>, out: &mut Vec<Intent>) -> bool {
    let t = tokens(ui);
    let mut done = false;
    let before = entry.text.clone();
    let output = TextEdit::singleline(&mut entry.text).desired_width(f32::INFINITY).show(ui);
    let response = output.response.response.clone().accessible_name(tr("Letters of the word"));
    // The field shows where to cut; the word itself is changed with its reading, in the inspector.
    entry.text = before;
    let caret = output.cursor_range.map(|c| c.primary.index);
    let caret = caret.map(usize::from);
    let remembered = Id::unique("caret in the word");
    if let Some(caret) = caret.filter(|_| response.has_focus()) {
        ui.data_mut(|d| d.insert_temp(remembered, caret));
    }
    let caret = ui.data(|d| d.get_temp::<usize>(remembered)).unwrap_or(0);
    let count = entry.text.chars().count();
    ui.horizontal(|ui| {
        let can_split = caret > 0 && caret < count;
        let split = ui.add_enabled(can_split, egui::Button::new(tr("Split at the caret")));
        if split.on_disabled_hover_text(tr("Put the caret between two letters first.")).clicked() {
            out.push(Intent::Edit(Edit::Segments(SegmentEdit::SplitWord { word, at_char: caret })));
            done = true;
        }
        let has_next = input.project.tiers.utterance.words.get(word + 1).is_some();
        if ui.add_enabled(has_next, egui::Button::new(tr("Merge with the next word"))).clicked() {
            out.push(Intent::Edit(Edit::Segments(SegmentEdit::MergeWords { word })));
            done = true;
        }
    });
    ui.label(RichText::new(tr("Words that are split or merged are read anew.")).color(t.text3).small());
    done
}

fn marker_fields(ui: &mut Ui, entry: &mut Entry) {
    ui.horizontal(|ui| {
        ui.label(tr("Text"));
        let field = TextEdit::singleline(&mut entry.text).desired_width(f32::INFINITY);
        let response = ui.add(field).accessible_name(tr("Text of the marker"));
        if std::mem::take(&mut entry.fresh) {
            response.request_focus();
        }
    });
    ui.horizontal(|ui| {
        let t = tokens(ui);
        ui.spacing_mut().item_spacing.x = 4.0;
        ui.label(tr("Colour"));
        for colour in 0..markers::COLOURS {
            let letter = markers::letter(colour).to_string();
            let text = RichText::new(&letter).font(theme::bold(theme::SMALL)).color(t.surface0);
            let stroke = if entry.colour == colour { egui::Stroke::new(2.0, t.text1) } else { egui::Stroke::NONE };
            let button =
                egui::Button::new(text).fill(markers::color(t, colour)).stroke(stroke).min_size(vec2(24.0, 24.0));
            let name = tr_with("Colour {letter}", &[("letter", &letter)]);
            if ui.add(button).accessible_name(name).clicked() {
                entry.colour = colour;
            }
        }
    });
}

fn mask_fields(ui: &mut Ui, entry: &mut Entry) {
    ui.horizontal(|ui| {
        ui.label(tr("Halo"));
        let field = TextEdit::singleline(&mut entry.halo).desired_width(56.0).font(theme::mono(12.0));
        ui.add(field).accessible_name(tr("Halo in milliseconds"));
        ui.label("ms");
    });
    ui.horizontal_wrapped(|ui| {
        for part in parts::Part::ALL {
            let mut on = entry.parts.contains(part);
            if ui.checkbox(&mut on, masks::part_name(part)).changed() {
                entry.parts = if on { entry.parts.with(part) } else { entry.parts.without(part) };
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        let fps = Fps::whole(25);
        let fields = [Seconds(1.0), Seconds(1.5), Seconds(0.5)].map(|t| Field::of(t, fps));
        Entry {
            target: Target::Phones(0..1),
            at: Pos2::ZERO,
            fields,
            text: String::new(),
            halo: String::new(),
            colour: 0,
            parts: parts::Parts::NONE,
            error: None,
            fresh: false,
        }
    }

    #[test]
    fn fields_follow_each_other() {
        let fps = Fps::whole(25);
        let mut it = entry();
        it.fields[0].seconds = "0:01.2".into();
        changed(&mut it, 0, fps, false);
        assert_eq!((it.fields[0].frame.as_str(), it.fields[2].time()), ("30", Some(Seconds(0.3))));
        it.fields[2].frame = "10".into();
        changed(&mut it, 2, fps, true);
        assert_eq!(it.fields[1].time(), Some(Seconds(1.6)));
        it.fields[1].frame = "rubbish".into();
        changed(&mut it, 1, fps, true);
        assert_eq!(it.fields[1].time(), Some(Seconds(1.6)), "what cannot be read changes nothing");
    }
}
