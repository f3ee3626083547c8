//! Undo and redo: named transactions that can be inverted, with the selection that belonged to them.
//!
//! A transaction stores what it took out and what it put in as *splices* of the tiers, so its size follows the change,
//! not the project. View state (zoom, playhead, panels) is never part of it.

use super::index::Index;
use super::marks::{ExpressionMark, HandLayer, Marker, Mask, Performance, Take, ToneMark};
use super::open::Change;
use super::{KeySegment, PhoneTime, Project, Selection, Settings, Slowed, Sound};
use crate::language::Word;
use crate::pose::expression::Voice;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::sync::Arc;

/// Items of one tier from `at` on: `removed` gave way to `inserted`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Splice<T> {
    pub at: usize,
    pub removed: Vec<T>,
    pub inserted: Vec<T>,
    /// Keys only: what was added to the phone indices of all keys behind the splice, because a word before them has
    /// other phones now.
    #[serde(default)]
    pub shift: i64,
}

/// What follows a splice: keys refer to phones by index.
pub trait Item: Clone + PartialEq {
    fn shifted(&mut self, _by: i64) {}
}

impl Item for Word {}
impl Item for PhoneTime {}
impl Item for Marker {}
impl Item for Mask {}
impl Item for Take {}
impl Item for HandLayer {}
impl Item for ExpressionMark {}
impl Item for ToneMark {}
impl Item for Performance {}
impl Item for KeySegment {
    fn shifted(&mut self, by: i64) {
        let moved = |i: usize| usize::try_from((i as i64).saturating_add(by)).unwrap_or(0);
        self.rule.phones = moved(self.rule.phones.start)..moved(self.rule.phones.end);
    }
}

/// Adds `by` to the phone indices of keys.
pub(super) fn shift_phones(keys: &mut [KeySegment], by: i64) {
    if by != 0 {
        keys.iter_mut().for_each(|key| key.shifted(by));
    }
}

impl<T: Clone + PartialEq> Splice<T> {
    /// The smallest single splice that turns `old` into `new`, or `None` when they are equal.
    pub fn between(old: &[T], new: &[T]) -> Option<Self> {
        Self::replacing(0, old.to_vec(), new.to_vec())
    }

    /// The splice that puts `inserted` in the place of `removed`, without what is equal at both ends; `None` when
    /// they are equal.
    pub fn replacing(at: usize, mut removed: Vec<T>, mut inserted: Vec<T>) -> Option<Self> {
        let tail = removed.iter().rev().zip(inserted.iter().rev()).take_while(|(a, b)| a == b).count();
        removed.truncate(removed.len() - tail);
        inserted.truncate(inserted.len() - tail);
        let head = removed.iter().zip(&inserted).take_while(|(a, b)| a == b).count();
        removed.drain(..head);
        inserted.drain(..head);
        let changed = !removed.is_empty() || !inserted.is_empty();
        changed.then_some(Self { at: at + head, removed, inserted, shift: 0 })
    }

    /// What goes out and what comes in, done or taken back.
    pub fn ends(&self, back: bool) -> (&[T], &[T]) {
        if back { (&self.inserted, &self.removed) } else { (&self.removed, &self.inserted) }
    }
}

impl<T: Item> Splice<T> {
    /// Does the splice, or takes it back; false, and nothing has changed, when what goes out is not there.
    fn go(&self, items: &mut Vec<T>, back: bool) -> bool {
        let (out, new) = self.ends(back);
        let range = self.at..self.at.saturating_add(out.len());
        if items.get(range.clone()) != Some(out) {
            return false;
        }
        items.splice(range, new.iter().cloned());
        let by = if back { -self.shift } else { self.shift };
        if by != 0 {
            items[self.at + new.len()..].iter_mut().for_each(|item| item.shifted(by));
        }
        true
    }
}

/// Does some splices of one tier in their order, or takes them back in reverse; all or none.
fn go_all<T: Item>(splices: &[Splice<T>], items: &mut Vec<T>, back: bool) -> bool {
    let order = |i: usize| if back { splices.len() - 1 - i } else { i };
    for i in 0..splices.len() {
        if !splices[order(i)].go(items, back) {
            for k in (0..i).rev() {
                splices[order(k)].go(items, !back);
            }
            return false;
        }
    }
    true
}

/// The splices of one tier over some changes, as they happened, with whether each was taken back.
pub fn in_order<'a, T>(
    changes: &'a [Change],
    tier: impl Fn(&'a Transaction) -> &'a Vec<Splice<T>>,
) -> Vec<(&'a Splice<T>, bool)> {
    let mut splices = Vec::new();
    for change in changes {
        let first = splices.len();
        splices.extend(tier(&change.step).iter().map(|splice| (splice, change.back)));
        if change.back {
            splices[first..].reverse();
        }
    }
    splices
}

/// Where the items that splices have touched stand after all of them; empty where items only went.
pub fn final_ranges<T: Clone + PartialEq>(splices: &[(&Splice<T>, bool)]) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::with_capacity(splices.len());
    for (splice, back) in splices {
        let (out, new) = splice.ends(*back);
        let end = splice.at + out.len();
        if out.len() != new.len() {
            let moved = |i: usize| i + new.len() - out.len();
            for range in &mut ranges {
                if range.start >= end {
                    *range = moved(range.start)..moved(range.end);
                } else if range.end > splice.at {
                    *range = range.start.min(splice.at)..moved(range.end.max(end));
                }
            }
        }
        ranges.push(splice.at..splice.at + new.len());
    }
    ranges
}

/// One step of history.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Transaction {
    /// What the user did, in sentence case: "Change hand shape".
    pub name: String,
    /// Splices of each tier in the order in which they are done.
    pub words: Vec<Splice<Word>>,
    pub phones: Vec<Splice<PhoneTime>>,
    pub keys: Vec<Splice<KeySegment>>,
    /// Old and new value.
    pub settings: Option<(Settings, Settings)>,
    pub title: Option<(String, String)>,
    pub identity: Option<(String, String)>,
    pub markers: Vec<Splice<Marker>>,
    pub masks: Vec<Splice<Mask>>,
    pub takes: Vec<Splice<Take>>,
    pub hands: Vec<Splice<HandLayer>>,
    pub expressions: Vec<Splice<ExpressionMark>>,
    pub tones: Vec<Splice<ToneMark>>,
    pub voice: Option<(Voice, Voice)>,
    pub performances: Vec<Splice<Performance>>,
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
    /// The difference between two states of a project, `None` when nothing changed. Looks at everything: steps of an
    /// open document are recorded as they are done.
    pub fn between(name: &str, old: &Project, new: &Project, selection: (Selection, Selection)) -> Option<Self> {
        fn pair<T: Clone + PartialEq>(a: &T, b: &T) -> Option<(T, T)> {
            (a != b).then(|| (a.clone(), b.clone()))
        }
        fn list<T: Clone + PartialEq>(a: &[T], b: &[T]) -> Vec<Splice<T>> {
            Splice::between(a, b).into_iter().collect()
        }
        let it = Self {
            name: name.to_owned(),
            words: list(&old.tiers.utterance.words, &new.tiers.utterance.words),
            phones: list(&old.tiers.phones, &new.tiers.phones),
            keys: list(&old.tiers.keys, &new.tiers.keys),
            settings: pair(&old.settings, &new.settings),
            title: pair(&old.title, &new.title),
            identity: pair(&old.identity, &new.identity),
            markers: list(&old.marks.markers, &new.marks.markers),
            masks: list(&old.marks.masks, &new.marks.masks),
            takes: list(&old.marks.takes, &new.marks.takes),
            hands: list(&old.marks.hands, &new.marks.hands),
            expressions: list(&old.marks.expressions, &new.marks.expressions),
            tones: list(&old.marks.tones, &new.marks.tones),
            voice: pair(&old.marks.voice, &new.marks.voice),
            performances: list(&old.marks.performances, &new.marks.performances),
            sound: pair(&old.sound, &new.sound),
            slowed: pair(&old.slowed, &new.slowed),
            next_key: (old.tiers.next_key, new.tiers.next_key),
            next_mark: (old.marks.next_id, new.marks.next_id),
            selection,
            at_ms: now_ms(),
        };
        (!it.is_empty()).then_some(it)
    }

    /// Nothing of the project is changed by it. A name given out and not used does not count.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
            && self.phones.is_empty()
            && self.keys.is_empty()
            && self.settings.is_none()
            && self.title.is_none()
            && self.identity.is_none()
            && self.markers.is_empty()
            && self.masks.is_empty()
            && self.takes.is_empty()
            && self.hands.is_empty()
            && self.expressions.is_empty()
            && self.tones.is_empty()
            && self.voice.is_none()
            && self.performances.is_empty()
            && self.sound.is_none()
            && self.slowed.is_none()
    }

    /// Does the step to a project, or takes it back (`back`). False, and nothing has changed, when it does not fit:
    /// something that it takes out is not there.
    pub fn go(&self, project: &mut Project, back: bool) -> bool {
        type Tier = fn(&Transaction, &mut Project, bool) -> bool;
        const TIERS: [Tier; 10] = [
            |t, p, back| go_all(&t.words, &mut p.tiers.utterance.words, back),
            |t, p, back| go_all(&t.phones, &mut p.tiers.phones, back),
            |t, p, back| go_all(&t.keys, &mut p.tiers.keys, back),
            |t, p, back| go_all(&t.markers, &mut p.marks.markers, back),
            |t, p, back| go_all(&t.masks, &mut p.marks.masks, back),
            |t, p, back| go_all(&t.takes, &mut p.marks.takes, back),
            |t, p, back| go_all(&t.hands, &mut p.marks.hands, back),
            |t, p, back| go_all(&t.expressions, &mut p.marks.expressions, back),
            |t, p, back| go_all(&t.tones, &mut p.marks.tones, back),
            |t, p, back| go_all(&t.performances, &mut p.marks.performances, back),
        ];
        for (i, tier) in TIERS.iter().enumerate() {
            if !tier(self, project, back) {
                for tier in TIERS[..i].iter().rev() {
                    tier(self, project, !back);
                }
                return false;
            }
        }
        fn put<T: Clone>(slot: &mut T, pair: &Option<(T, T)>, back: bool) {
            if let Some((old, new)) = pair {
                slot.clone_from(if back { old } else { new });
            }
        }
        put(&mut project.settings, &self.settings, back);
        put(&mut project.title, &self.title, back);
        put(&mut project.identity, &self.identity, back);
        put(&mut project.sound, &self.sound, back);
        put(&mut project.slowed, &self.slowed, back);
        put(&mut project.marks.voice, &self.voice, back);
        project.tiers.next_key = if back { self.next_key.0 } else { self.next_key.1 };
        project.marks.next_id = if back { self.next_mark.0 } else { self.next_mark.1 };
        true
    }

    /// Whether a syllable of the words got another tone, or its tone another strength. Tones are in no key and no sound: with the head showing them,
    /// poses may then differ outside of [`Self::touched`].
    pub fn changes_tones(&self) -> bool {
        fn tones(words: &[Word]) -> impl Iterator<Item = Option<u8>> + '_ {
            words.iter().flat_map(|w| w.syllables()).map(|s| s.tone)
        }
        !self.tones.is_empty() || self.words.iter().any(|s| !tones(&s.removed).eq(tones(&s.inserted)))
    }

    /// Stretch of time in which poses may differ before and after; `None` when they differ everywhere. For tones shown
    /// by the head see [`Self::changes_tones`].
    pub fn touched(&self) -> Option<crate::time::TimeRange> {
        use crate::time::{Seconds, TimeRange};
        let everywhere = self.settings.is_some() || self.identity.is_some() || self.sound.is_some();
        if everywhere || self.slowed.is_some() || self.voice.is_some() {
            return None;
        }
        let mut span: Option<TimeRange> = None;
        let mut add = |a: Seconds, b: Seconds| {
            span = Some(span.map_or(TimeRange::new(a, b), |s| TimeRange::new(s.start.min(a), s.end.max(b))));
        };
        for s in &self.keys {
            for key in s.removed.iter().chain(&s.inserted) {
                let t = key.times;
                add(t.a1.min(t.m1).min(t.d1), t.a3.max(t.m2).max(t.d2));
            }
        }
        for s in &self.phones {
            for phone in s.removed.iter().chain(&s.inserted) {
                add(phone.start, phone.end);
            }
        }
        for s in &self.masks {
            for mask in s.removed.iter().chain(&s.inserted) {
                add(mask.reach().start, mask.reach().end);
            }
        }
        for s in &self.hands {
            for layer in s.removed.iter().chain(&s.inserted) {
                add(layer.what.reach().start, layer.what.reach().end);
            }
        }
        for s in &self.expressions {
            for mark in s.removed.iter().chain(&s.inserted) {
                add(mark.range.start, mark.range.end);
            }
        }
        for performance in self.performances.iter().flat_map(|s| s.removed.iter().chain(&s.inserted)) {
            match performance.reach() {
                None => {}
                Some(Some(reach)) => add(reach.start, reach.end),
                Some(None) => return None,
            }
        }
        Some(span.unwrap_or_default())
    }
}

/// Now, in milliseconds since 1970, UTC; 0 where no clock is at hand.
pub(super) fn now_ms() -> u64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |d| u64::try_from(d.as_millis()).unwrap_or(0))
}

/// What happened to a history, for whoever keeps a journal of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A step was done.
    Done(Arc<Transaction>),
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

/// The stack of what was done and of what was undone. Steps are shared with whoever follows the document.
#[derive(Clone, Debug, Default)]
pub struct History {
    done: Vec<Arc<Transaction>>,
    undone: Vec<Arc<Transaction>>,
    /// Length of `done` when the project was last saved; `None` when that state is out of reach.
    saved_at: Option<usize>,
    /// What happened since [`Self::take_events`]; nothing is noted before its first call.
    events: Option<Vec<Event>>,
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
        let shared = |steps: Vec<Transaction>| steps.into_iter().map(Arc::new).collect();
        Self { done: shared(done), undone: shared(undone), saved_at, events: None }
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
    pub fn push(&mut self, transaction: Arc<Transaction>) {
        if self.saved_at.is_some_and(|n| n > self.done.len()) {
            self.saved_at = None;
        }
        self.undone.clear();
        self.done.push(transaction);
        self.note(|it| it.done.last().map(|step| Event::Done(step.clone())));
        if self.done.len() > KEPT_STEPS + SLACK {
            let dropped = self.done.len() - KEPT_STEPS;
            self.done.drain(..dropped);
            self.saved_at = self.saved_at.and_then(|n| n.checked_sub(dropped));
        }
    }

    /// Takes back the last step and gives it. A step from a damaged file that does not fit the project, or would leave
    /// it with contradictions, is not taken back; it and those before it are forgotten.
    pub(super) fn undo(&mut self, project: &mut Project, index: &mut Index) -> Option<&Arc<Transaction>> {
        let transaction = self.done.pop()?;
        if !carefully(&transaction, project, index, true) {
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
    pub(super) fn redo(&mut self, project: &mut Project, index: &mut Index) -> Option<&Arc<Transaction>> {
        let transaction = self.undone.pop()?;
        if !carefully(&transaction, project, index, false) {
            self.undone.clear();
            return None;
        }
        self.done.push(transaction);
        self.note(|_| Some(Event::Forward(1)));
        self.done.last()
    }

    /// What has been done, oldest first.
    pub fn done(&self) -> &[Arc<Transaction>] {
        &self.done
    }

    /// What can be done again, the next one last.
    pub fn undone(&self) -> &[Arc<Transaction>] {
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

/// Does a step, or takes it back; false when it does not fit the project or would leave it with contradictions. Nothing
/// has changed then.
fn carefully(step: &Transaction, project: &mut Project, index: &mut Index, back: bool) -> bool {
    if !step.go(project, back) {
        return false;
    }
    index.follow(step, back, project);
    let good = project.broken_around(step, index).is_none();
    if !good {
        step.go(project, !back);
        index.follow(step, !back, project);
    }
    good
}
