//! Carries an edit out in place and remembers what it replaces.
//!
//! A change first does what was asked (see the files beside this one), then times the phrases anew that it can have
//! reached, and ends as a [`Transaction`] of what differs. An edit that is refused halfway is taken back whole.

use super::super::history::{Splice, Transaction, shift_phones};
use super::super::index::Index;
use super::super::{KeyId, KeySegment, PhoneTime, Project, derive};
use super::{Edit, EditError};
use crate::language::Word;
use std::collections::BTreeMap;
use std::ops::Range;

/// Does `edit` to `project`, whose `index` is brought along. The transaction is without name and selection; it is empty
/// when nothing has changed.
///
/// # Errors
/// Why the edit is refused; nothing has changed then.
pub fn change(project: &mut Project, index: &mut Index, edit: &Edit) -> Result<Transaction, EditError> {
    let mut change = Change::new(project, index);
    match change.edit(edit) {
        Ok(()) => Ok(change.finish()),
        Err(error) => {
            change.take_back();
            Err(error)
        }
    }
}

impl Project {
    /// The project after an edit. For a single edit of plain data; an open document is changed in place.
    pub fn edited(&self, edit: &Edit) -> Result<Self, EditError> {
        let mut new = self.clone();
        let mut index = Index::new(&new);
        change(&mut new, &mut index, edit)?;
        Ok(new)
    }
}

/// An edit under way.
pub(super) struct Change<'a> {
    pub project: &'a mut Project,
    pub index: &'a mut Index,
    /// What has been replaced so far.
    pub step: Transaction,
    /// Keys and phones changed in place since the last splice of their tier, as they were.
    old_keys: BTreeMap<usize, KeySegment>,
    old_phones: BTreeMap<usize, PhoneTime>,
    /// Keys around which times have to be derived anew.
    dirty: Vec<Range<usize>>,
    /// The timing before the first change of a phone or of the keys there are, which scales all keys.
    timing: Option<derive::Timing>,
}

impl<'a> Change<'a> {
    fn new(project: &'a mut Project, index: &'a mut Index) -> Self {
        let step = Transaction {
            next_key: (project.tiers.next_key, project.tiers.next_key),
            next_mark: (project.marks.next_id, project.marks.next_id),
            ..Transaction::default()
        };
        let (old_keys, old_phones) = (BTreeMap::new(), BTreeMap::new());
        Self { project, index, step, old_keys, old_phones, dirty: Vec::new(), timing: None }
    }

    /// Does one edit. Only this knows which kind of edit is done where.
    fn edit(&mut self, edit: &Edit) -> Result<(), EditError> {
        match edit {
            Edit::Many { edits, .. } => edits.iter().try_for_each(|edit| self.edit(edit)),
            Edit::ChooseReading { .. }
            | Edit::AddReading { .. }
            | Edit::RemoveReading { .. }
            | Edit::SetPhone { .. } => self.edit_words(edit),
            Edit::SetShape { .. }
            | Edit::SetPosition { .. }
            | Edit::SetMovement { .. }
            | Edit::SetMoveTime { .. }
            | Edit::ShiftHand { .. }
            | Edit::ResetKeys { .. }
            | Edit::SetLocked { .. }
            | Edit::SetCue { .. } => self.edit_keys(edit),
            Edit::SetPhoneStart { phone, to } => self.set_phone_edge(*phone, true, *to),
            Edit::SetPhoneEnd { phone, to } => self.set_phone_edge(*phone, false, *to),
            Edit::AddExpression { .. }
            | Edit::SetExpression(_)
            | Edit::RemoveExpressions(_)
            | Edit::SetTone { .. }
            | Edit::SetVoice(_) => self.edit_shown(edit),
            Edit::Realign { first, times } => self.realign(*first, times),
            Edit::ReleasePhones(phones) => self.release(phones),
            Edit::AddMarker { .. }
            | Edit::SetMarker(_)
            | Edit::RemoveMarkers(_)
            | Edit::AddMask { .. }
            | Edit::SetMask(_)
            | Edit::RemoveMasks(_)
            | Edit::KeepTakes { .. }
            | Edit::ShowTake { .. }
            | Edit::RemoveTakes(_)
            | Edit::AddPerformance(_)
            | Edit::SetPerformance(_)
            | Edit::RemovePerformances(_) => self.edit_marks(edit),
            Edit::AddHandLayer(_) | Edit::SetHandLayer(_) | Edit::MoveHandLayer { .. } | Edit::RemoveHandLayers(_) => {
                self.edit_hands(edit)
            }
            Edit::Segments(_) => self.edit_segments(edit),
            Edit::SetSettings(_)
            | Edit::SetChart(_)
            | Edit::SetTitle(_)
            | Edit::SetIdentity(_)
            | Edit::SetSound(_)
            | Edit::SetPhoneTimes(_)
            | Edit::SlowPassage { .. } => self.edit_whole(edit),
        }
    }

    /// A key that may be changed, remembered as it was; its times will be derived anew.
    pub fn unlocked(&mut self, id: KeyId) -> Result<&mut KeySegment, EditError> {
        let at = self.index.keys.get(id).ok_or(EditError::NoKey)?;
        if self.project.tiers.keys[at].locked {
            return Err(EditError::Locked);
        }
        self.mark_dirty(at..at + 1);
        Ok(self.key_mut(at))
    }

    /// Key `at`, remembered as it was.
    pub fn key_mut(&mut self, at: usize) -> &mut KeySegment {
        let key = &mut self.project.tiers.keys[at];
        self.old_keys.entry(at).or_insert_with(|| key.clone());
        key
    }

    /// Phone `at`, remembered as it was; the keys that sound with it will be timed anew.
    pub fn phone_mut(&mut self, at: usize) -> &mut PhoneTime {
        self.note_timing();
        let keys = &self.project.tiers.keys;
        let first = keys.partition_point(|k| k.rule.phones.end <= at);
        let last = keys.partition_point(|k| k.rule.phones.start <= at);
        self.mark_dirty(first..last.max(first));
        let phone = &mut self.project.tiers.phones[at];
        self.old_phones.entry(at).or_insert(*phone);
        phone
    }

    pub fn mark_dirty(&mut self, keys: Range<usize>) {
        if self.dirty.last() != Some(&keys) {
            self.dirty.push(keys);
        }
    }

    fn note_timing(&mut self) {
        if self.timing.is_none() {
            self.timing = Some(derive::Timing::of(self.project));
        }
    }

    /// Puts a word in the place of another.
    pub fn replace_word(&mut self, at: usize, word: Word) {
        self.forget_tones(at, &word);
        self.index.read_word(at, &word);
        let old = std::mem::replace(&mut self.project.tiers.utterance.words[at], word);
        let new = self.project.tiers.utterance.words[at].clone();
        self.step.words.extend(Splice::replacing(at, vec![old], vec![new]));
    }

    pub fn replace_phones(&mut self, range: Range<usize>, new: Vec<PhoneTime>) {
        self.note_timing();
        self.flush_phones();
        let old: Vec<PhoneTime> = self.project.tiers.phones.splice(range.clone(), new.iter().copied()).collect();
        self.step.phones.extend(Splice::replacing(range.start, old, new));
    }

    /// Puts keys that `make` gives in the place of those in `range`; the phones of all keys behind are now elsewhere by
    /// `shift`.
    pub fn remake_keys(
        &mut self,
        range: Range<usize>,
        shift: i64,
        make: impl FnOnce(&mut Project, &Index, Vec<KeySegment>) -> Vec<KeySegment>,
    ) {
        self.note_timing();
        self.flush_keys();
        let old = self.project.tiers.keys[range.clone()].to_vec();
        let new = make(self.project, self.index, old.clone());
        let (from, tail) = (range.start, range.start + new.len());
        let as_many = old.len() == new.len();
        let keys = &mut self.project.tiers.keys;
        keys.splice(range, new.iter().cloned());
        shift_phones(&mut keys[tail..], shift);
        self.index.keys.forget(&old);
        self.index.keys.renumber(if as_many { &keys[..tail] } else { keys }, from);
        self.step.keys.extend(match shift {
            0 => Splice::replacing(from, old, new),
            // Not cut short: all that stands behind the splice is shifted.
            _ => Some(Splice { at: from, removed: old, inserted: new, shift }),
        });
        self.mark_dirty(from..tail);
    }

    /// Derives what is still to be derived of times and flags.
    pub fn derive_times(&mut self) {
        let count = self.project.tiers.keys.len();
        let mut dirty = std::mem::take(&mut self.dirty);
        if dirty.is_empty() || count == 0 {
            return;
        }
        let now = derive::Timing::of(self.project);
        if self.timing.take().is_some_and(|before| before != now) {
            // Another mean length of keys scales them all.
            dirty = std::iter::once(0..count).collect();
        }
        // A neighbour may have come into the phrase or have been left by it.
        let widened = dirty.iter().map(|r| r.start.saturating_sub(1).min(count - 1)..(r.end + 1).min(count));
        let mut ranges: Vec<Range<usize>> = widened.collect();
        ranges.sort_unstable_by_key(|r| r.start);
        let mut done = 0;
        for range in ranges {
            let mut at = range.start.max(done);
            while at < range.end {
                let phrase = now.phrase(self.project, at);
                self.time_phrase(&now, phrase.clone());
                at = phrase.end;
                done = phrase.end;
            }
        }
    }

    fn time_phrase(&mut self, timing: &derive::Timing, phrase: Range<usize>) {
        let plan = timing.plan(self.project, &self.index.classes, phrase);
        for planned in plan {
            let Some(at) = planned.key else { continue };
            let key = &self.project.tiers.keys[at];
            let flags = derive::flags(self.project, key, &planned.flags);
            if key.times != planned.times || key.flags != flags {
                let key = self.key_mut(at);
                (key.times, key.flags) = (planned.times, flags);
            }
        }
    }

    fn flush_keys(&mut self) {
        let old = std::mem::take(&mut self.old_keys);
        self.step.keys.extend(runs(old, &self.project.tiers.keys));
    }

    fn flush_phones(&mut self) {
        let old = std::mem::take(&mut self.old_phones);
        self.step.phones.extend(runs(old, &self.project.tiers.phones));
    }

    /// Takes in what was done to the project otherwise.
    pub fn absorb(&mut self, more: Transaction) {
        /// What was there first, and what is there now.
        fn pair<T: PartialEq>(slot: &mut Option<(T, T)>, more: Option<(T, T)>) {
            let Some((old, new)) = more else { return };
            let first = slot.take().map_or(old, |(first, _)| first);
            *slot = (first != new).then_some((first, new));
        }
        let step = &mut self.step;
        step.words.extend(more.words);
        step.phones.extend(more.phones);
        step.keys.extend(more.keys);
        step.markers.extend(more.markers);
        step.masks.extend(more.masks);
        step.takes.extend(more.takes);
        step.hands.extend(more.hands);
        step.expressions.extend(more.expressions);
        step.tones.extend(more.tones);
        pair(&mut step.voice, more.voice);
        step.performances.extend(more.performances);
        pair(&mut step.settings, more.settings);
        pair(&mut step.title, more.title);
        pair(&mut step.identity, more.identity);
        pair(&mut step.sound, more.sound);
        pair(&mut step.slowed, more.slowed);
    }

    /// Derives and notes all that was done so far, so that the project can be changed otherwise.
    pub fn settle(&mut self) {
        self.derive_times();
        self.note_all();
    }

    fn note_all(&mut self) {
        self.flush_keys();
        self.flush_phones();
        self.step.next_key.1 = self.project.tiers.next_key;
        self.step.next_mark.1 = self.project.marks.next_id;
    }

    fn finish(mut self) -> Transaction {
        self.settle();
        debug_assert_eq!(self.project.broken_around(&self.step, self.index), None);
        self.step
    }

    fn take_back(mut self) {
        self.note_all();
        self.step.go(self.project, true);
        self.index.follow(&self.step, true, self.project);
    }
}

/// Splices from what items were to what they are now, one for each run of neighbours.
fn runs<T: Clone + PartialEq>(old: BTreeMap<usize, T>, now: &[T]) -> Vec<Splice<T>> {
    let mut splices = Vec::new();
    let mut run: Option<(usize, Vec<T>)> = None;
    let mut close = |run: Option<(usize, Vec<T>)>| {
        if let Some((at, removed)) = run {
            let inserted = now[at..at + removed.len()].to_vec();
            splices.extend(Splice::replacing(at, removed, inserted));
        }
    };
    for (at, item) in old {
        match &mut run {
            Some((first, items)) if *first + items.len() == at => items.push(item),
            _ => close(run.replace((at, vec![item]))),
        }
    }
    close(run);
    splices
}
