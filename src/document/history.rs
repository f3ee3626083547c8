//! Undo and redo: named transactions that can be inverted, with the selection that belonged to them.
//!
//! A transaction stores what it took out and what it put in as *splices* of the tiers, so its size follows the change,
//! not the project. View state (zoom, playhead, panels) is never part of it.

use super::marks::{Marker, Mask, Take};
use super::{KeySegment, PhoneTime, Project, Selection, Settings, Slowed, Sound};
use crate::language::Word;
use serde::{Deserialize, Serialize};

/// Items of one tier from `at` on: `removed` gave way to `inserted`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Splice<T> {
    pub at: usize,
    pub removed: Vec<T>,
    pub inserted: Vec<T>,
}

impl<T: Clone + PartialEq> Splice<T> {
    /// The smallest single splice that turns `old` into `new`, or `None` when they are equal.
    pub fn between(old: &[T], new: &[T]) -> Option<Self> {
        let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
        let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
        let (removed, inserted) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
        (!removed.is_empty() || !inserted.is_empty()).then(|| Self {
            at: head,
            removed: removed.to_vec(),
            inserted: inserted.to_vec(),
        })
    }

    fn forward(&self, items: &mut Vec<T>) {
        items.splice(self.at..self.at + self.removed.len(), self.inserted.iter().cloned());
    }

    fn backward(&self, items: &mut Vec<T>) {
        items.splice(self.at..self.at + self.inserted.len(), self.removed.iter().cloned());
    }
}

/// One step of history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transaction {
    /// What the user did, in sentence case: "Change hand shape".
    pub name: String,
    pub words: Option<Splice<Word>>,
    pub phones: Option<Splice<PhoneTime>>,
    pub keys: Option<Splice<KeySegment>>,
    /// Old and new value.
    pub settings: Option<(Settings, Settings)>,
    pub title: Option<(String, String)>,
    pub identity: Option<(String, String)>,
    pub markers: Option<Splice<Marker>>,
    pub masks: Option<Splice<Mask>>,
    pub takes: Option<Splice<Take>>,
    /// The sound, with the text of the project it belongs to unchanged.
    pub sound: Option<(Sound, Sound)>,
    pub slowed: Option<(Vec<Slowed>, Vec<Slowed>)>,
    pub next_key: (u64, u64),
    /// Next free name of a marker, mask or take.
    pub next_mark: (u64, u64),
    /// Selection before and after.
    pub selection: (Selection, Selection),
    /// When it was done: milliseconds since 1970, UTC; 0 where no clock was at hand.
    pub at_ms: u64,
}

impl Transaction {
    /// The difference between two states of a project, `None` when nothing changed.
    pub fn between(name: &str, old: &Project, new: &Project, selection: (Selection, Selection)) -> Option<Self> {
        fn pair<T: Clone + PartialEq>(a: &T, b: &T) -> Option<(T, T)> {
            (a != b).then(|| (a.clone(), b.clone()))
        }
        let it = Self {
            name: name.to_owned(),
            words: Splice::between(&old.tiers.utterance.words, &new.tiers.utterance.words),
            phones: Splice::between(&old.tiers.phones, &new.tiers.phones),
            keys: Splice::between(&old.tiers.keys, &new.tiers.keys),
            settings: pair(&old.settings, &new.settings),
            title: pair(&old.title, &new.title),
            identity: pair(&old.identity, &new.identity),
            markers: Splice::between(&old.marks.markers, &new.marks.markers),
            masks: Splice::between(&old.marks.masks, &new.marks.masks),
            takes: Splice::between(&old.marks.takes, &new.marks.takes),
            sound: pair(&old.sound, &new.sound),
            slowed: pair(&old.slowed, &new.slowed),
            next_key: (old.tiers.next_key, new.tiers.next_key),
            next_mark: (old.marks.next_id, new.marks.next_id),
            selection,
            at_ms: std::time::SystemTime::now()
                .duration_since(std::time::UNIX_EPOCH)
                .map_or(0, |d| u64::try_from(d.as_millis()).unwrap_or(0)),
        };
        let changed = it.words.is_some()
            || it.phones.is_some()
            || it.keys.is_some()
            || it.settings.is_some()
            || it.title.is_some()
            || it.identity.is_some()
            || it.markers.is_some()
            || it.masks.is_some()
            || it.takes.is_some()
            || it.sound.is_some()
            || it.slowed.is_some();
        changed.then_some(it)
    }

    pub(super) fn forward(&self, project: &mut Project) {
        if let Some(s) = &self.words {
            s.forward(&mut project.tiers.utterance.words);
        }
        if let Some(s) = &self.phones {
            s.forward(&mut project.tiers.phones);
        }
        if let Some(s) = &self.keys {
            s.forward(&mut project.tiers.keys);
        }
        if let Some((_, new)) = &self.settings {
            project.settings = new.clone();
        }
        if let Some((_, new)) = &self.title {
            project.title = new.clone();
        }
        if let Some((_, new)) = &self.identity {
            project.identity = new.clone();
        }
        if let Some(s) = &self.markers {
            s.forward(&mut project.marks.markers);
        }
        if let Some(s) = &self.masks {
            s.forward(&mut project.marks.masks);
        }
        if let Some(s) = &self.takes {
            s.forward(&mut project.marks.takes);
        }
        if let Some((_, new)) = &self.sound {
            project.sound = new.clone();
        }
        if let Some((_, new)) = &self.slowed {
            project.slowed = new.clone();
        }
        project.tiers.next_key = self.next_key.1;
        project.marks.next_id = self.next_mark.1;
    }

    fn backward(&self, project: &mut Project) {
        if let Some(s) = &self.words {
            s.backward(&mut project.tiers.utterance.words);
        }
        if let Some(s) = &self.phones {
            s.backward(&mut project.tiers.phones);
        }
        if let Some(s) = &self.keys {
            s.backward(&mut project.tiers.keys);
        }
        if let Some((old, _)) = &self.settings {
            project.settings = old.clone();
        }
        if let Some((old, _)) = &self.title {
            project.title = old.clone();
        }
        if let Some((old, _)) = &self.identity {
            project.identity = old.clone();
        }
        if let Some(s) = &self.markers {
            s.backward(&mut project.marks.markers);
        }
        if let Some(s) = &self.masks {
            s.backward(&mut project.marks.masks);
        }
        if let Some(s) = &self.takes {
            s.backward(&mut project.marks.takes);
        }
        if let Some((old, _)) = &self.sound {
            project.sound = old.clone();
        }
        if let Some((old, _)) = &self.slowed {
            project.slowed = old.clone();
        }
        project.tiers.next_key = self.next_key.0;
        project.marks.next_id = self.next_mark.0;
    }

    /// Whether the step can be done to (or taken back from) a project: all that it takes out is there.
    pub(super) fn fits(&self, project: &Project, forward: bool) -> bool {
        fn one<T: PartialEq>(splice: &Option<Splice<T>>, items: &[T], forward: bool) -> bool {
            splice.as_ref().is_none_or(|s| {
                let out = if forward { &s.removed } else { &s.inserted };
                s.at.checked_add(out.len()).and_then(|end| items.get(s.at..end)) == Some(out.as_slice())
            })
        }
        one(&self.words, &project.tiers.utterance.words, forward)
            && one(&self.phones, &project.tiers.phones, forward)
            && one(&self.keys, &project.tiers.keys, forward)
            && one(&self.markers, &project.marks.markers, forward)
            && one(&self.masks, &project.marks.masks, forward)
            && one(&self.takes, &project.marks.takes, forward)
    }

    /// Stretch of time in which poses may differ before and after; `None` when they differ everywhere.
    pub fn touched(&self) -> Option<crate::time::TimeRange> {
        use crate::time::{Seconds, TimeRange};
        if self.settings.is_some() || self.identity.is_some() || self.sound.is_some() || self.slowed.is_some() {
            return None;
        }
        let mut span: Option<TimeRange> = None;
        let mut add = |a: Seconds, b: Seconds| {
            span = Some(span.map_or(TimeRange::new(a, b), |s| TimeRange::new(s.start.min(a), s.end.max(b))));
        };
        if let Some(s) = &self.keys {
            for key in s.removed.iter().chain(&s.inserted) {
                let t = key.times;
                add(t.a1.min(t.m1).min(t.d1), t.a3.max(t.m2).max(t.d2));
            }
        }
        if let Some(s) = &self.phones {
            for phone in s.removed.iter().chain(&s.inserted) {
                add(phone.start, phone.end);
            }
        }
        if let Some(s) = &self.masks {
            for mask in s.removed.iter().chain(&s.inserted) {
                add(mask.reach().start, mask.reach().end);
            }
        }
        Some(span.unwrap_or_default())
    }
}

/// What happened to a history, for whoever keeps a journal of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A step was done.
    Done(Box<Transaction>),
    /// This many steps were taken back.
    Back(usize),
    /// This many steps were done again.
    Forward(usize),
}

/// A step as the list of history shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepName<'a> {
    pub name: &'a str,
    /// Milliseconds since 1970, UTC; 0 where it is not known.
    pub at_ms: u64,
}

/// The most steps that are kept; older ones can no longer be taken back.
pub const KEPT_STEPS: usize = 2000;
/// Steps beyond that before the oldest are dropped, all at once.
const SLACK: usize = 200;

/// The stack of what was done and of what was undone.
#[derive(Clone, Debug, Default)]
pub struct History {
    done: Vec<Transaction>,
    undone: Vec<Transaction>,
    /// Length of `done` when the project was last saved; `None` when that state is out of reach.
    saved_at: Option<usize>,
    /// What happened since [`Self::take_events`]; nothing is noted before its first call.
    events: Option<Vec<Event>>,
    /// The steps were read from a file: each is checked before it is believed.
    from_file: bool,
}

impl History {
    /// A history of a project just loaded or saved.
    pub fn fresh() -> Self {
        Self { saved_at: Some(0), ..Self::default() }
    }

    /// The history of a project as it was saved: what was done, oldest first, and what can be done again, the next
    /// one last.
    pub fn restored(mut done: Vec<Transaction>, undone: Vec<Transaction>) -> Self {
        done.drain(..done.len().saturating_sub(KEPT_STEPS));
        let saved_at = Some(done.len());
        Self { done, undone, saved_at, events: None, from_file: true }
    }

    /// What happened since the last call; the first call only begins to note it.
    pub fn take_events(&mut self) -> Vec<Event> {
        self.events.replace(Vec::new()).unwrap_or_default()
    }

    fn note(&mut self, event: impl FnOnce(&Self) -> Option<Event>) {
        if self.events.is_some() {
            let event = event(self);
            self.events.iter_mut().for_each(|e| e.extend(event.clone()));
        }
    }

    /// Takes in a transaction that has been applied; what was undone is gone.
    pub fn push(&mut self, transaction: Transaction) {
        if self.saved_at.is_some_and(|n| n > self.done.len()) {
            self.saved_at = None;
        }
        self.undone.clear();
        self.done.push(transaction);
        self.note(|it| it.done.last().map(|step| Event::Done(Box::new(step.clone()))));
        if self.done.len() > KEPT_STEPS + SLACK {
            let dropped = self.done.len() - KEPT_STEPS;
            self.done.drain(..dropped);
            self.saved_at = self.saved_at.and_then(|n| n.checked_sub(dropped));
        }
    }

    /// Takes back the last step and gives it, for its name, selection and time. A step from a damaged file that does
    /// not fit the project is not taken back; it and those before it are forgotten.
    pub fn undo(&mut self, project: &mut Project) -> Option<&Transaction> {
        let transaction = self.done.pop()?;
        if !self.from_file {
            transaction.backward(project);
        } else if !carefully(&transaction, project, false) {
            let gone = self.done.len() + 1;
            self.saved_at = self.saved_at.and_then(|n| n.checked_sub(gone));
            self.done.clear();
            return None;
        }
        self.undone.push(transaction);
        self.note(|_| Some(Event::Back(1)));
        self.undone.last()
    }

    /// Does the last undone step again.
    pub fn redo(&mut self, project: &mut Project) -> Option<&Transaction> {
        let transaction = self.undone.pop()?;
        if !self.from_file {
            transaction.forward(project);
        } else if !carefully(&transaction, project, true) {
            self.undone.clear();
            return None;
        }
        self.done.push(transaction);
        self.note(|_| Some(Event::Forward(1)));
        self.done.last()
    }

    /// What has been done, oldest first.
    pub fn done(&self) -> &[Transaction] {
        &self.done
    }

    /// What can be done again, the next one last.
    pub fn undone(&self) -> &[Transaction] {
        &self.undone
    }

    /// Names of all steps in the order of time, done and undone; [`Self::position`] says how many of them are done.
    pub fn steps(&self) -> impl ExactSizeIterator<Item = StepName<'_>> {
        let total = self.done.len() + self.undone.len();
        (0..total).map(move |i| {
            let step = self.done.get(i).unwrap_or_else(|| &self.undone[total - 1 - i]);
            StepName { name: &step.name, at_ms: step.at_ms }
        })
    }

    /// How many of [`Self::steps`] are done.
    pub fn position(&self) -> usize {
        self.done.len()
    }

    /// The position that is on disk; `None` when it can no longer be reached.
    pub fn saved_position(&self) -> Option<usize> {
        self.saved_at
    }

    pub fn mark_saved(&mut self) {
        self.saved_at = Some(self.done.len());
    }

    /// To be called when what was marked as saved has not reached the disk after all.
    pub fn mark_unsaved(&mut self) {
        self.saved_at = None;
    }

    pub fn is_saved(&self) -> bool {
        self.saved_at == Some(self.done.len())
    }
}

/// Does a step that was read from a file, or takes it back; false when it does not fit the project or would leave it
/// with contradictions. Nothing has changed then.
fn carefully(step: &Transaction, project: &mut Project, forward: bool) -> bool {
    if !step.fits(project, forward) {
        return false;
    }
    let go = |project: &mut Project, forward: bool| {
        if forward { step.forward(project) } else { step.backward(project) }
    };
    go(project, forward);
    let good = project.broken_invariant().is_none();
    if !good {
        go(project, !forward);
    }
    good
}
