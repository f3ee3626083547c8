//! What always holds in a project, checked whole on load and in tests, and around each change as it is made.

use super::history::Transaction;
use super::index::Index;
use super::{KeyId, Project};
use crate::cueing::Position;
use crate::language::WordKind;
use std::collections::HashSet;
use std::ops::Range;

impl Project {
    /// Says what is wrong with the project, `None` when every invariant holds. Looks at everything: for loading and for
    /// tests.
    pub fn broken_invariant(&self) -> Option<String> {
        let phone_count = self.tiers.utterance.phones().count();
        if self.tiers.phones.len() != phone_count {
            return Some(format!("{} phones have times, {phone_count} are read", self.tiers.phones.len()));
        }
        let mut ids: HashSet<KeyId> = HashSet::with_capacity(self.tiers.keys.len());
        if let Some(i) = self.tiers.keys.iter().position(|key| !ids.insert(key.id)) {
            return Some(format!("key {i} has a name that is not its own"));
        }
        self.broken_words(0..self.tiers.utterance.words.len())
            .or_else(|| self.broken_phones(0..phone_count))
            .or_else(|| self.broken_keys(0..self.tiers.keys.len(), phone_count))
            .or_else(|| self.broken_rest())
    }

    /// Says what is wrong around what a step has changed, done or taken back: checked after each step in builds with
    /// debug assertions.
    pub(super) fn broken_around(&self, step: &Transaction, index: &Index) -> Option<String> {
        let tiers = &self.tiers;
        if tiers.phones.len() != index.phone_count() {
            return Some(format!("{} phones have times, {} are read", tiers.phones.len(), index.phone_count()));
        }
        // Places count as they were when the splice was done: a little further on either side is looked at, too.
        fn near(at: usize, items: usize, count: usize) -> Range<usize> {
            at.saturating_sub(2).min(count)..(at + items + 2).min(count)
        }
        let words =
            step.words.iter().map(|s| near(s.at, s.inserted.len().max(s.removed.len()), tiers.utterance.words.len()));
        let phones = step.phones.iter().map(|s| near(s.at, s.inserted.len().max(s.removed.len()), tiers.phones.len()));
        let keys = step.keys.iter().map(|s| near(s.at, s.inserted.len().max(s.removed.len()), tiers.keys.len()));
        let lists = [step.markers.len(), step.masks.len(), step.takes.len(), step.performances.len()];
        let marks = lists.iter().any(|n| *n > 0)
            || !step.expressions.is_empty()
            || !step.tones.is_empty()
            || !step.hands.is_empty();
        let misplaced = |range: Range<usize>| {
            let wrong = range.clone().find(|i| index.keys.get(tiers.keys[*i].id) != Some(*i));
            wrong.map(|i| format!("key {i} is not where the index says"))
        };
        words
            .into_iter()
            .find_map(|range| self.broken_words(range))
            .or_else(|| phones.into_iter().find_map(|range| self.broken_phones(range)))
            .or_else(|| {
                keys.into_iter()
                    .find_map(|range| self.broken_keys(range.clone(), index.phone_count()).or_else(|| misplaced(range)))
            })
            .or_else(|| (marks || step.slowed.is_some()).then(|| self.broken_rest()).flatten())
    }

    fn broken_words(&self, range: Range<usize>) -> Option<String> {
        let words = self.tiers.utterance.words[range.clone()].iter().zip(range);
        for (word, i) in words {
            if word.kind == WordKind::Spoken && word.chosen >= word.readings.len() {
                return Some(format!("word {i} \"{}\" has no reading {}", word.text, word.chosen));
            }
        }
        None
    }

    fn broken_phones(&self, range: Range<usize>) -> Option<String> {
        for i in range {
            let p = self.tiers.phones[i];
            if !p.start.0.is_finite() || !p.end.0.is_finite() || p.end < p.start || !p.confidence.is_finite() {
                return Some(format!("phone {i} has impossible times"));
            }
            if i > 0 && p.start.0 + 1e-9 < self.tiers.phones[i - 1].end.0 {
                return Some(format!("phone {i} begins before phone {} ends", i - 1));
            }
        }
        None
    }

    fn broken_keys(&self, range: Range<usize>, phone_count: usize) -> Option<String> {
        for i in range {
            let key = &self.tiers.keys[i];
            let t = key.times;
            if key.id.0 >= self.tiers.next_key {
                return Some(format!("key {i} has a name that is not its own"));
            }
            if key.rule.phones.is_empty() || key.rule.phones.end > phone_count {
                return Some(format!("key {i} has phones that do not exist"));
            }
            if key.rule.word >= self.tiers.utterance.words.len() {
                return Some(format!("key {i} belongs to a word that does not exist"));
            }
            let before = i.checked_sub(1).map(|b| &self.tiers.keys[b].rule);
            if before.is_some_and(|b| {
                b.word > key.rule.word || b.phones.start > key.rule.phones.start || b.phones.end > key.rule.phones.end
            }) {
                return Some(format!("key {i} stands before the sounds of the key before it"));
            }
            if ![t.a1, t.a3, t.m1, t.m2, t.d1, t.d2].iter().all(|s| s.0.is_finite()) || t.m2 < t.m1 || t.d2 < t.d1 {
                return Some(format!("key {i} has impossible times"));
            }
            if !(1..=8).contains(&key.shape().0) || key.position() == Position::Neutral {
                return Some(format!("key {i} has no shape or position of the charts"));
            }
        }
        None
    }

    fn broken_rest(&self) -> Option<String> {
        if self.settings.chart.as_ref().is_some_and(|c| c.language != self.language()) {
            return Some("its chart is of another language".into());
        }
        if self.slowed.iter().any(|s| !(s.factor.is_finite() && s.factor > 0.0)) {
            return Some("a slowed passage has an impossible factor".into());
        }
        if self.marks.tones.last().is_some_and(|t| t.word >= self.tiers.utterance.words.len()) {
            return Some("a tone belongs to a word that does not exist".into());
        }
        self.marks.broken_invariant()
    }
}
