//! The lanes of what is said and cued: words, syllables, phones, gloss, keys, and what the lips aim at.

use super::TimelineInput;
use super::ink::Ink;
use super::lanes::{self, Look, Segments};
use crate::app::board;
use crate::app::i18n::{tr, tr_with};
use crate::app::theme::Tokens;
use crate::document::derive::LOW_CONFIDENCE;
use crate::document::{KeyId, Project};
use crate::generate::rules::{LipTarget, lip_target};
use crate::language::{PhoneClass, ReadingSource, WordKind};
use crate::time::TimeRange;
use egui::{Rect, pos2, vec2};
use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

/// A syllable on the timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct SyllableBox {
    pub label: String,
    /// Flat indices of its phones; never empty.
    pub phones: Range<usize>,
}

/// All syllables of the chosen readings that have phones.
pub fn syllables(project: &Project) -> Vec<SyllableBox> {
    let mut at = 0;
    let mut out = Vec::new();
    for word in &project.tiers.utterance.words {
        for syllable in word.syllables() {
            let phones = at..at + syllable.phones.len();
            at = phones.end;
            if !phones.is_empty() && phones.end <= project.tiers.phones.len() {
                out.push(SyllableBox { label: syllable.label.clone(), phones });
            }
        }
    }
    out
}

fn range_of(project: &Project, phones: &Range<usize>) -> TimeRange {
    let all = &project.tiers.phones;
    match (all.get(phones.start), phones.end.checked_sub(1).and_then(|l| all.get(l))) {
        (Some(first), Some(last)) => TimeRange::new(first.start, last.end),
        _ => TimeRange::default(),
    }
}

fn least_confidence(project: &Project, phones: &Range<usize>) -> f32 {
    project.tiers.phones.get(phones.clone()).unwrap_or_default().iter().map(|p| p.confidence).fold(1.0, f32::min)
}

pub struct Words<'a> {
    pub input: &'a TimelineInput<'a>,
}

impl Segments for Words<'_> {
    fn count(&self) -> usize {
        self.input.board.words.len()
    }

    fn range(&self, i: usize) -> TimeRange {
        self.input.board.words[i].range
    }

    fn look(&self, i: usize) -> Look {
        let index = self.input.board.words[i].word;
        let Some(word) = self.input.project.tiers.utterance.words.get(index) else { return Look::default() };
        let reading = word.readings.get(word.chosen);
        let selected = &self.input.selection.words;
        Look {
            selected: selected.binary_search(&index).is_ok()
                || (selected.is_empty() && self.input.selection.is_empty() && self.input.word == Some(index)),
            flagged: word.kind == WordKind::Unknown,
            edited: reading.is_some_and(|r| r.source == ReadingSource::User),
            ..Look::default()
        }
    }

    fn text(&self, i: usize) -> Cow<'_, str> {
        let index = self.input.board.words[i].word;
        self.input.project.tiers.utterance.words.get(index).map_or("", |w| w.text.as_str()).into()
    }

    fn name(&self, i: usize) -> String {
        let number = (self.input.board.words[i].word + 1).to_string();
        tr_with("Word {number}: {text}", &[("number", &number), ("text", &self.text(i))])
    }
}

pub struct Syllables<'a> {
    pub input: &'a TimelineInput<'a>,
    pub all: &'a [SyllableBox],
}

impl Segments for Syllables<'_> {
    fn count(&self) -> usize {
        self.all.len()
    }

    fn range(&self, i: usize) -> TimeRange {
        range_of(self.input.project, &self.all[i].phones)
    }

    fn look(&self, i: usize) -> Look {
        let phones = &self.all[i].phones;
        let chosen = &self.input.selection.phones;
        let selected = !chosen.is_empty() && phones.clone().all(|p| chosen.binary_search(&p).is_ok());
        let dashed = least_confidence(self.input.project, phones) < LOW_CONFIDENCE;
        Look { selected, dashed, ..Look::default() }
    }

    fn text(&self, i: usize) -> Cow<'_, str> {
        self.all[i].label.as_str().into()
    }

    fn name(&self, i: usize) -> String {
        tr_with("Syllable {number}: {text}", &[("number", &(i + 1).to_string()), ("text", &self.all[i].label)])
    }
}

pub struct Phones<'a> {
    pub input: &'a TimelineInput<'a>,
}

impl Segments for Phones<'_> {
    fn count(&self) -> usize {
        self.input.project.tiers.phones.len().min(self.input.board.symbols.len())
    }

    fn range(&self, i: usize) -> TimeRange {
        self.input.project.tiers.phones[i].range()
    }

    fn look(&self, i: usize) -> Look {
        let phone = self.input.project.tiers.phones[i];
        let chosen = &self.input.selection.phones;
        Look {
            selected: chosen.binary_search(&i).is_ok() || (chosen.is_empty() && self.input.phone == Some(i)),
            dashed: phone.confidence < LOW_CONFIDENCE,
            edited: phone.fixed,
            ..Look::default()
        }
    }

    fn text(&self, i: usize) -> Cow<'_, str> {
        self.input.board.symbols[i].as_str().into()
    }

    fn name(&self, i: usize) -> String {
        let places = [("number", &*(i + 1).to_string()), ("symbol", self.input.board.symbols[i].as_str())];
        let name = tr_with("Phone {number}: {symbol}", &places);
        let phone = self.input.project.tiers.phones[i];
        let name = if phone.fixed { tr_with("{name}, set by hand", &[("name", &name)]) } else { name };
        let confidence = phone.confidence;
        if confidence < LOW_CONFIDENCE {
            let percent = format!("{:.0}", confidence * 100.0);
            format!("{name}, {}", tr_with("confidence {percent} %", &[("percent", &percent)]))
        } else {
            name
        }
    }

    /// Confidence as a bar at the bottom: full where the times are sure.
    fn picture(&self, ink: &mut Ink, i: usize, rect: Rect, t: &Tokens) {
        let confidence = self.input.project.tiers.phones[i].confidence.clamp(0.0, 1.0);
        if confidence >= 1.0 || rect.width() < 8.0 {
            return;
        }
        let inside = rect.shrink2(vec2(2.0, 2.0));
        let width = (inside.width() - 1.0) * confidence;
        let bar = Rect::from_min_size(pos2(inside.left(), inside.bottom() - 2.0), vec2(width, 2.0));
        ink.rect(bar, if confidence < LOW_CONFIDENCE { t.warning } else { t.text3 });
    }
}

/// Gloss and keys: both stand under the sound of their key.
pub struct Keys<'a> {
    pub input: &'a TimelineInput<'a>,
    pub selected: &'a HashSet<KeyId>,
    /// Sentences, or else the short notation.
    pub gloss: bool,
    pub px_per_second: f64,
}

impl Segments for Keys<'_> {
    fn count(&self) -> usize {
        self.input.project.tiers.keys.len().min(self.input.board.keys.len())
    }

    fn range(&self, i: usize) -> TimeRange {
        let keys = &self.input.project.tiers.keys;
        let end = keys.get(i + 1).map_or(keys[i].times.a3, |next| keys[i].times.a3.min(next.times.a1));
        lanes::between(keys[i].times.a1, end)
    }

    fn look(&self, i: usize) -> Look {
        let key = &self.input.project.tiers.keys[i];
        Look {
            selected: self.selected.contains(&key.id),
            flagged: key.flags.iter().any(|f| board::explain(*f).is_some()),
            edited: !key.edits.is_none(),
            locked: key.locked,
            ..Look::default()
        }
    }

    fn text(&self, i: usize) -> Cow<'_, str> {
        match self.gloss {
            true => self.input.board.gloss(self.input.project, i).into(),
            false => self.input.board.keys[i].short.as_str().into(),
        }
    }

    fn short(&self, i: usize) -> Cow<'_, str> {
        let narrow = self.px_per_second * self.range(i).length().0 < 72.0;
        if self.gloss && narrow { self.input.board.keys[i].short.as_str().into() } else { "".into() }
    }

    fn name(&self, i: usize) -> String {
        let key = &self.input.board.keys[i];
        let number = (i + 1).to_string();
        if self.gloss {
            let text = self.input.board.gloss(self.input.project, i);
            return tr_with("Gloss {number}: {text}", &[("number", &number), ("text", &text)]);
        }
        let places = [("number", number.as_str()), ("text", key.short.as_str()), ("sounds", key.symbols.as_str())];
        tr_with("Cue {number}: {text}, {sounds}", &places)
    }
}

/// What the lips aim at in each phone: drawn as a mouth, and told in a word.
pub struct Lips<'a> {
    pub input: &'a TimelineInput<'a>,
    /// Classes of the phones, in flat order.
    pub classes: &'a [PhoneClass],
    pub px_per_second: f64,
}

/// Width from which the mouth has a word beside it, points.
const WITH_WORD: f32 = 120.0;

impl Lips<'_> {
    fn target(&self, i: usize) -> LipTarget {
        let class = self.classes.get(i).copied().unwrap_or(PhoneClass::Consonant);
        lip_target(self.input.project.language(), &self.input.board.symbols[i], class)
    }

    fn word(target: LipTarget) -> &'static str {
        if target.lips_closed {
            tr("closed")
        } else if target.on_teeth {
            tr("on the teeth")
        } else if target.round >= 0.45 {
            tr("rounded")
        } else if target.open >= 0.6 {
            tr("open")
        } else if target.spread >= 0.4 {
            tr("spread")
        } else {
            tr("relaxed")
        }
    }
}

impl Segments for Lips<'_> {
    fn count(&self) -> usize {
        self.input.project.tiers.phones.len().min(self.input.board.symbols.len())
    }

    fn range(&self, i: usize) -> TimeRange {
        self.input.project.tiers.phones[i].range()
    }

    fn look(&self, _: usize) -> Look {
        Look::default()
    }

    fn text(&self, i: usize) -> Cow<'_, str> {
        let width = self.px_per_second * self.range(i).length().0;
        if width < f64::from(WITH_WORD) { "".into() } else { Self::word(self.target(i)).into() }
    }

    fn name(&self, i: usize) -> String {
        let word = Self::word(self.target(i));
        let number = (i + 1).to_string();
        let places = [("number", number.as_str()), ("symbol", self.input.board.symbols[i].as_str()), ("word", word)];
        tr_with("Lips {number}: {symbol}, {word}", &places)
    }

    /// The mouth itself, as wide and as open as it is to be.
    fn picture(&self, ink: &mut Ink, i: usize, rect: Rect, t: &Tokens) {
        if rect.width() < 22.0 || rect.height() < 14.0 {
            return;
        }
        let target = self.target(i);
        let center = if rect.width() < WITH_WORD { rect.center() } else { pos2(rect.left() + 16.0, rect.center().y) };
        let wide = 8.0 * (1.0 + 0.25 * target.spread - 0.5 * target.round);
        let high = if target.lips_closed { 0.0 } else { (rect.height() / 2.0 - 3.0).min(9.0) * target.open.max(0.08) };
        let ring: Vec<_> = (0..=16)
            .map(|k| {
                let a = k as f32 / 16.0 * std::f32::consts::TAU;
                center + vec2(wide * a.cos(), high * a.sin())
            })
            .collect();
        ink.polyline(&ring, 1.5, t.text1);
        if target.on_teeth {
            ink.line(center - vec2(wide * 0.6, high), center + vec2(wide * 0.6, -high), 2.0, t.text2);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_of_the_lips_has_a_word_of_its_own() {
        let at = |open, spread, round| LipTarget { open, spread, round, lips_closed: false, on_teeth: false };
        assert_eq!(Lips::word(LipTarget { lips_closed: true, ..at(0.0, 0.0, 0.0) }), "closed");
        assert_eq!(Lips::word(at(0.3, 0.0, 0.9)), "rounded");
        assert_eq!(Lips::word(at(0.95, 0.1, 0.0)), "open");
        assert_eq!(Lips::word(at(0.3, 0.7, 0.0)), "spread");
    }
}
