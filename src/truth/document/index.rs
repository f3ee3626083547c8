//! Where things stand: what would otherwise be searched for from the beginning each time.
//!
//! Kept beside an open project and brought along with every change of it; nothing here is saved.

use super::history::Transaction;
use super::{KeyId, KeySegment, Project};
use crate::language::{PhoneClass, Word};
use std::collections::HashMap;
use std::ops::Range;

/// Names below this are found through a table; the others, which only files from elsewhere hold, through a map.
const TABLE: u64 = 1 << 22;
const NONE: u32 = u32::MAX;

/// Place of every key by its name.
#[derive(Clone, Debug, Default)]
pub struct KeyIndex {
    table: Vec<u32>,
    rest: HashMap<KeyId, u32>,
}

impl PartialEq for KeyIndex {
    /// The same keys at the same places; room left by names that are gone does not count.
    fn eq(&self, other: &Self) -> bool {
        fn live(table: &[u32]) -> &[u32] {
            &table[..table.iter().rposition(|at| *at != NONE).map_or(0, |last| last + 1)]
        }
        live(&self.table) == live(&other.table) && self.rest == other.rest
    }
}

impl KeyIndex {
    pub fn new(keys: &[KeySegment]) -> Self {
        let mut it = Self::default();
        it.renumber(keys, 0);
        it
    }

    pub fn get(&self, id: KeyId) -> Option<usize> {
        let at = match id.0 < TABLE {
            true => self.table.get(id.0 as usize).copied().filter(|at| *at != NONE),
            false => self.rest.get(&id).copied(),
        };
        at.map(|at| at as usize)
    }

    /// Takes in that the keys from `from` on stand where they stand now.
    pub fn renumber(&mut self, keys: &[KeySegment], from: usize) {
        for (at, key) in keys.iter().enumerate().skip(from) {
            self.set(key.id, at as u32);
        }
    }

    /// Takes in that some keys are no longer there.
    pub fn forget(&mut self, keys: &[KeySegment]) {
        for key in keys {
            if key.id.0 < TABLE {
                if let Some(slot) = self.table.get_mut(key.id.0 as usize) {
                    *slot = NONE;
                }
            } else {
                self.rest.remove(&key.id);
            }
        }
    }

    fn set(&mut self, id: KeyId, at: u32) {
        if id.0 >= TABLE {
            self.rest.insert(id, at);
            return;
        }
        let slot = id.0 as usize;
        if slot >= self.table.len() {
            self.table.resize(slot + 1, NONE);
        }
        self.table[slot] = at;
    }

    /// Follows a step that was done to the keys, or taken back: `keys` are as they are after it.
    pub fn follow(&mut self, step: &Transaction, back: bool, keys: &[KeySegment]) {
        let mut first_moved = None;
        for splice in &step.keys {
            let (gone, new) = splice.ends(back);
            let same = gone.len() == new.len() && gone.iter().zip(new).all(|(a, b)| a.id == b.id);
            if !same {
                self.forget(gone);
                first_moved = Some(first_moved.map_or(splice.at, |at: usize| at.min(splice.at)));
            }
        }
        if let Some(from) = first_moved {
            self.renumber(keys, from);
        }
    }
}

/// All that is kept beside an open project.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    pub keys: KeyIndex,
    /// First phone of each word in the flat sequence, and the number of phones at the end.
    first_phone: Vec<usize>,
    /// Class of each phone of the flat sequence.
    pub classes: Vec<PhoneClass>,
}

impl Index {
    pub fn new(project: &Project) -> Self {
        let words = &project.tiers.utterance.words;
        let mut it = Self {
            keys: KeyIndex::new(&project.tiers.keys),
            first_phone: Vec::with_capacity(words.len() + 1),
            classes: Vec::with_capacity(project.tiers.phones.len()),
        };
        it.read_words(words);
        it
    }

    fn read_words(&mut self, words: &[Word]) {
        self.first_phone.clear();
        self.classes.clear();
        for word in words {
            self.first_phone.push(self.classes.len());
            self.classes.extend(classes_of(word));
        }
        self.first_phone.push(self.classes.len());
    }

    /// Phones of a word in the flat sequence; empty for breaks. `None` for a word that is not there.
    pub fn phones_of(&self, word: usize) -> Option<Range<usize>> {
        Some(*self.first_phone.get(word)?..*self.first_phone.get(word + 1)?)
    }

    /// The word of a phone of the flat sequence.
    pub fn word_of(&self, phone: usize) -> Option<usize> {
        let after = self.first_phone.partition_point(|first| *first <= phone);
        (phone < self.classes.len()).then(|| after.saturating_sub(1))
    }

    pub fn phone_count(&self) -> usize {
        self.classes.len()
    }

    /// Takes in the reading of a word as it is now.
    pub fn read_word(&mut self, at: usize, word: &Word) {
        let Some(old) = self.phones_of(at) else { return };
        let shift = classes_of(word).count() as isize - old.len() as isize;
        self.classes.splice(old, classes_of(word));
        if shift != 0 {
            for first in &mut self.first_phone[at + 1..] {
                *first = first.saturating_add_signed(shift);
            }
        }
    }

    /// Follows a step that was done, or taken back: `project` is as it is after it.
    pub fn follow(&mut self, step: &Transaction, back: bool, project: &Project) {
        self.keys.follow(step, back, &project.tiers.keys);
        let words = &project.tiers.utterance.words;
        let mut one_for_one = words.len() + 1 == self.first_phone.len();
        for splice in &step.words {
            one_for_one &= splice.removed.len() == splice.inserted.len();
        }
        if !one_for_one {
            self.read_words(words);
            return;
        }
        for splice in &step.words {
            for (at, word) in words.iter().enumerate().skip(splice.at).take(splice.inserted.len()) {
                self.read_word(at, word);
            }
        }
    }
}

/// Classes of the phones of a word's chosen reading.
fn classes_of(word: &Word) -> impl Iterator<Item = PhoneClass> {
    word.syllables().iter().flat_map(|s| &s.phones).map(|p| p.class)
}
