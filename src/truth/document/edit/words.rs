//! Edits of readings and of the edges of sounds.

use super::super::{PhoneTime, anchors, derive};
use super::change::Change;
use super::keys::finite;
use super::{Edit, EditError, SHORTEST_PHONE};
use crate::cueing::what;
use crate::language::{self, Reading, ReadingSource, Word, WordKind};
use crate::time::{Seconds, TimeRange};
use std::ops::Range;

impl Change<'_> {
    pub(super) fn edit_words(&mut self, edit: &Edit) -> Result<(), EditError> {
        match edit {
            Edit::ChooseReading { word, reading } => {
                let it = self.word(*word)?;
                if *reading >= it.readings.len() {
                    return Err(EditError::NoReading);
                }
                let new = Word { chosen: *reading, kind: WordKind::Spoken, ..it.clone() };
                self.read(*word, new, None)
            }
            Edit::AddReading { word, reading } => {
                let it = self.word(*word)?;
                if it.kind == WordKind::Break {
                    return Err(EditError::NoReading);
                }
                let mut new = Word { kind: WordKind::Spoken, ..it.clone() };
                let known = new.readings.iter().position(|r| r.syllables == reading.syllables);
                new.chosen = known.unwrap_or_else(|| {
                    new.readings.push(reading.clone());
                    new.readings.len() - 1
                });
                self.read(*word, new, None)
            }
            Edit::RemoveReading { word } => {
                let it = self.word(*word)?;
                let is_own = |r: &Reading| r.source == ReadingSource::User;
                let chosen = it.readings.get(it.chosen).ok_or(EditError::NoReading)?;
                if !it.readings.iter().any(is_own) {
                    return Err(EditError::NoReading);
                }
                let mut new = it.clone();
                new.readings.retain(|r| !is_own(r));
                // One that was chosen among the others stays; else the likeliest is taken.
                new.chosen = new.readings.iter().position(|r| r == chosen).unwrap_or(0);
                if new.readings.is_empty() {
                    new.kind = WordKind::Unknown;
                }
                self.read(*word, new, None)
            }
            Edit::SetPhone { phone, symbol } => {
                let word = self.index.word_of(*phone).ok_or(EditError::NoPhone)?;
                let mut at = *phone - self.index.phones_of(word).ok_or(EditError::NoPhone)?.start;
                let it = self.word(word)?;
                let reading = it.readings.get(it.chosen).ok_or(EditError::NoReading)?;
                let syllable = reading.syllables.iter().position(|s| {
                    let here = at < s.phones.len();
                    at -= if here { 0 } else { s.phones.len() };
                    here
                });
                let syllable = syllable.ok_or(EditError::NoPhone)?;
                if reading.syllables[syllable].phones[at].symbol == *symbol {
                    return Ok(());
                }
                let reading = language::with_phone(reading, syllable, at, symbol, self.project.language());
                self.edit_words(&Edit::AddReading { word, reading: reading.ok_or(EditError::NoSound)? })
            }
            _ => Ok(()),
        }
    }

    fn word(&self, word: usize) -> Result<&Word, EditError> {
        self.project.tiers.utterance.words.get(word).ok_or(EditError::NoReading)
    }

    /// Reads a word as `new` says, and makes the keys of the words around it anew. Without `times` for its sounds they
    /// are spread over those of the old ones, where their number differs.
    pub(super) fn read(&mut self, word: usize, new: Word, times: Option<Vec<PhoneTime>>) -> Result<(), EditError> {
        self.derive_times();
        let phones = self.index.phones_of(word).ok_or(EditError::NoReading)?;
        let keys = &self.project.tiers.keys;
        let own = keys.partition_point(|k| k.rule.word < word)..keys.partition_point(|k| k.rule.word <= word);
        if keys[own].iter().any(|k| k.locked) {
            return Err(EditError::Locked);
        }
        let room = self.room_of(&phones);
        self.replace_word(word, new);
        let now = self.index.phones_of(word).unwrap_or_default();
        let spread = || derive::spread(room, &self.index.classes[now.clone()]);
        let times = times.filter(|t| t.len() == now.len()).or_else(|| (now.len() != phones.len()).then(spread));
        if let Some(times) = times {
            self.replace_phones(phones.clone(), times);
        }
        let shift = now.len() as i64 - phones.len() as i64;
        let words = what::stretch(&self.project.tiers.utterance, word);
        let keys = &self.project.tiers.keys;
        let first = keys.partition_point(|k| k.rule.word < words.start);
        let last = keys.partition_point(|k| k.rule.word < words.end);
        self.remake_keys(first..last.max(first), shift, |project, index, old| {
            derive::keys_of(project, index, words, old)
        });
        Ok(())
    }

    /// The time that some phones take, or the gap where they would stand.
    fn room_of(&self, phones: &Range<usize>) -> TimeRange {
        let all = &self.project.tiers.phones;
        let before = phones.start.checked_sub(1).map_or(Seconds::ZERO, |i| all[i].end);
        let after = all.get(phones.end).map_or(self.project.sound.length, |p| p.start);
        match (all.get(phones.start), phones.end.checked_sub(1)) {
            (Some(first), Some(last)) if !phones.is_empty() => TimeRange::new(first.start, all[last].end),
            _ => TimeRange::new(before, after.max(before)),
        }
    }

    pub(super) fn set_phone_edge(&mut self, phone: usize, start: bool, to: Seconds) -> Result<(), EditError> {
        finite(to)?;
        let phones = &self.project.tiers.phones;
        let this = *phones.get(phone).ok_or(EditError::NoPhone)?;
        let neighbour = if start { phone.checked_sub(1) } else { (phone + 1 < phones.len()).then_some(phone + 1) };
        let edge = if start { this.start } else { this.end };
        // A neighbour that touches rolls along; one behind a pause is only not to be run into.
        let touching = neighbour.filter(|n| {
            let other = if start { phones[*n].end } else { phones[*n].start };
            (other - edge).0.abs() < 1e-6
        });
        let (low, high) = if start {
            let low = match (touching, neighbour) {
                (Some(n), _) => phones[n].start + SHORTEST_PHONE,
                (None, Some(n)) => phones[n].end,
                (None, None) => Seconds::ZERO,
            };
            (low, this.end - SHORTEST_PHONE)
        } else {
            let high = match (touching, neighbour) {
                (Some(n), _) => phones[n].end - SHORTEST_PHONE,
                (None, Some(n)) => phones[n].start,
                (None, None) => self.project.sound.length.max(this.end),
            };
            (this.start + SHORTEST_PHONE, high)
        };
        if high < low {
            return Ok(());
        }
        let to = to.clamp(low, high);
        let mut set = |i: usize, at_start: bool| {
            let phone = self.phone_mut(i);
            if at_start {
                phone.start = to;
            } else {
                phone.end = to;
            }
            phone.fixed = true;
            phone.confidence = 1.0;
        };
        set(phone, start);
        if let Some(n) = touching {
            set(n, !start);
        }
        Ok(())
    }

    pub(super) fn realign(&mut self, first: usize, times: &[PhoneTime]) -> Result<(), EditError> {
        let phones = &self.project.tiers.phones;
        let end = first.saturating_add(times.len());
        if end > phones.len() {
            return Err(EditError::OtherText);
        }
        let mut at = first.checked_sub(1).map_or(Seconds::ZERO, |i| phones[i].end);
        for time in times {
            finite(time.start)?;
            finite(time.end)?;
            if time.start < at || time.end < time.start {
                return Err(EditError::BadTime);
            }
            at = time.end;
        }
        if at > phones.get(end).map_or(self.project.sound.length.max(at), |p| p.start) {
            return Err(EditError::BadTime);
        }
        for (i, time) in times.iter().enumerate() {
            if self.project.tiers.phones[first + i] != *time {
                *self.phone_mut(first + i) = *time;
            }
        }
        Ok(())
    }

    pub(super) fn release(&mut self, released: &[usize]) -> Result<(), EditError> {
        if released.iter().any(|i| *i >= self.project.tiers.phones.len()) {
            return Err(EditError::NoPhone);
        }
        for &i in released {
            if self.project.tiers.phones[i].fixed {
                self.phone_mut(i).fixed = false;
            }
        }
        // A neighbour of which no boundary is left that was set has nothing to keep.
        let beside: Vec<usize> = released.iter().flat_map(|i| [i.wrapping_sub(1), i + 1]).collect();
        for i in beside {
            let phones = &self.project.tiers.phones;
            if phones.get(i).is_some_and(|p| p.fixed) && anchors::edges(phones, i) == anchors::SetByHand::default() {
                self.phone_mut(i).fixed = false;
            }
        }
        Ok(())
    }
}
