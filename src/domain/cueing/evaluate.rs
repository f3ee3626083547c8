//! How well texts are read: our sounds and keys against those of a gold file.
//!
//! Sounds are compared by edit distance over the flat sequence, whatever the limits of words; breaks and Mandarin tones
//! are counted apart. Then both sides are cued with the built-in chart and its default switches, and their keys
//! (shape, position, movement) are aligned in the same way, which tells the wrong keys of ours. A key is *flagged*
//! where the program says itself that it may be wrong: [`KeyFlag::AmbiguousReading`], [`KeyFlag::GuessedReading`], or
//! a word beside it that it could not read. So two more numbers come out: how many of the wrong keys are flagged, and
//! how many of the right ones are flagged for nothing.

pub mod gold;

#[cfg(test)]
mod tests;

use super::chart::{Chart, ChartSwitches};
use super::{Key, KeyFlag, what};
use crate::language::{self, Language, Pronouncer, Utterance, Word, WordKind};
use gold::{Gold, GoldItem};
use std::ops::Range;

/// Counts over items. Rates are `None` where there is nothing to divide by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub items: usize,
    /// Items with every sound, inner break and given tone right.
    pub right_items: usize,
    /// Sounds of the gold.
    pub tokens: usize,
    pub substitutions: usize,
    pub deletions: usize,
    pub insertions: usize,
    /// Mandarin syllables whose tone the gold gives.
    pub tones: usize,
    pub wrong_tones: usize,
    /// Breaks of the gold between sounds; those at the ends change nothing.
    pub breaks: usize,
    /// Inner breaks that only one side has.
    pub wrong_breaks: usize,
    /// Words that could not be read at all.
    pub unknown_words: usize,
    /// Our keys.
    pub keys: usize,
    pub wrong_keys: usize,
    pub flagged_wrong_keys: usize,
    pub flagged_right_keys: usize,
}

impl Tally {
    /// Substituted, missing and added sounds for each sound of the gold; 0 is perfect, and it can pass 1.
    pub fn token_error_rate(&self) -> Option<f64> {
        ratio(self.substitutions + self.deletions + self.insertions, self.tokens)
    }

    /// Share of the given tones that are wrong or missing.
    pub fn tone_error_rate(&self) -> Option<f64> {
        ratio(self.wrong_tones, self.tones)
    }

    /// Share of the wrong keys that are flagged.
    pub fn flag_recall(&self) -> Option<f64> {
        ratio(self.flagged_wrong_keys, self.wrong_keys)
    }

    /// Share of the right keys that are flagged.
    pub fn flag_false_rate(&self) -> Option<f64> {
        ratio(self.flagged_right_keys, self.keys.saturating_sub(self.wrong_keys))
    }

    /// Pools the counts of another tally with these.
    pub fn add(&mut self, other: &Self) {
        self.items += other.items;
        self.right_items += other.right_items;
        self.tokens += other.tokens;
        self.substitutions += other.substitutions;
        self.deletions += other.deletions;
        self.insertions += other.insertions;
        self.tones += other.tones;
        self.wrong_tones += other.wrong_tones;
        self.breaks += other.breaks;
        self.wrong_breaks += other.wrong_breaks;
        self.unknown_words += other.unknown_words;
        self.keys += other.keys;
        self.wrong_keys += other.wrong_keys;
        self.flagged_wrong_keys += other.flagged_wrong_keys;
        self.flagged_right_keys += other.flagged_right_keys;
    }
}

fn ratio(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// An item with something to look at.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemReport {
    /// Line in the gold file, from 1.
    pub line: usize,
    pub text: String,
    /// Sounds as the gold file gives them.
    pub expected: String,
    /// Sounds as we read them, in the same notation; `?word` is a word that could not be read.
    pub found: String,
    pub tally: Tally,
    /// Words with a flagged key.
    pub flagged: Vec<String>,
}

/// The outcome of a gold file.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    pub language: Language,
    pub tally: Tally,
    /// Items that are not wholly right, or that have a flagged key; in the order of the file.
    pub items: Vec<ItemReport>,
}

impl Measure {
    /// The items that are not wholly right.
    pub fn wrong(&self) -> impl Iterator<Item = &ItemReport> {
        self.items.iter().filter(|i| i.tally.right_items == 0)
    }
}

/// Reads every text of a gold file and compares. `outside` says words that no lexicon holds, as in
/// [`language::read`]. The same input gives the same result.
pub fn measure(gold: &Gold, outside: Option<&dyn Pronouncer>) -> Measure {
    let mut tally = Tally::default();
    let mut items = Vec::new();
    for item in &gold.items {
        let report = measure_item(item, gold.language, outside);
        tally.add(&report.tally);
        if report.tally.right_items == 0 || !report.flagged.is_empty() {
            items.push(report);
        }
    }
    Measure { language: gold.language, tally, items }
}

fn measure_item(item: &GoldItem, language: Language, outside: Option<&dyn Pronouncer>) -> ItemReport {
    let ours = language::read(&item.text, language, &item.options, outside);
    let mut theirs = Utterance { language, text: item.text.clone(), words: item.words.clone(), issues: Vec::new() };
    let found: Vec<&str> = ours.phones().map(|p| p.phone.symbol.as_str()).collect();
    let wanted: Vec<String> = theirs.phones().map(|p| p.phone.symbol.clone()).collect();
    let steps = align(&wanted, &found, |a, b| a == b);
    let mut tally = Tally {
        items: 1,
        tokens: wanted.len(),
        substitutions: steps.iter().filter(|s| !s.same && s.left.is_some() && s.right.is_some()).count(),
        deletions: steps.iter().filter(|s| s.right.is_none()).count(),
        insertions: steps.iter().filter(|s| s.left.is_none()).count(),
        unknown_words: ours.words.iter().filter(|w| w.kind == WordKind::Unknown).count(),
        ..Tally::default()
    };
    count_tones(&theirs, &ours, &steps, &mut tally);
    count_breaks(&theirs, &ours, &steps, &mut tally);
    if language == Language::AmericanEnglish {
        borrow_stress(&mut theirs, &ours, &steps);
    }
    let flagged = count_keys(&theirs, &ours, &mut tally);
    let wrong = tally.substitutions + tally.deletions + tally.insertions + tally.wrong_tones + tally.wrong_breaks;
    tally.right_items = usize::from(wrong == 0);
    ItemReport {
        line: item.line,
        text: item.text.clone(),
        expected: item.expected.clone(),
        found: notation(&ours),
        tally,
        flagged,
    }
}

/// One step of an alignment: both sides, or one where the other has nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) left: Option<usize>,
    pub(super) right: Option<usize>,
    /// Both sides are there and alike.
    pub(super) same: bool,
}

/// Aligns two sequences with the fewest changes (Levenshtein): a pair that differs, a left one alone and a right one
/// alone cost one each. Among equals, pairs come last, so that the result is one and the same. Time and memory go with
/// the product of the lengths between the common beginning and the common end.
pub(super) fn align<A, B>(left: &[A], right: &[B], same: impl Fn(&A, &B) -> bool) -> Vec<Step> {
    let head = left.iter().zip(right).take_while(|(a, b)| same(a, b)).count();
    let rest = left[head..].iter().rev().zip(right[head..].iter().rev());
    let tail = rest.take_while(|(a, b)| same(a, b)).count();
    let (n, m) = (left.len() - head - tail, right.len() - head - tail);
    let (a, b) = (&left[head..head + n], &right[head..head + m]);
    // cost[i][j], flat: the changes between the first i and the first j.
    let width = m + 1;
    let mut cost = vec![0_u32; (n + 1) * width];
    for (j, first) in cost.iter_mut().take(width).enumerate() {
        *first = j as u32;
    }
    for i in 1..=n {
        cost[i * width] = i as u32;
        for j in 1..=m {
            let pair = cost[(i - 1) * width + j - 1] + u32::from(!same(&a[i - 1], &b[j - 1]));
            let alone = cost[(i - 1) * width + j].min(cost[i * width + j - 1]) + 1;
            cost[i * width + j] = pair.min(alone);
        }
    }
    let pair = |i: usize, j: usize, same| Step { left: Some(i), right: Some(j), same };
    let mut steps: Vec<Step> = (0..tail).map(|k| pair(left.len() - 1 - k, right.len() - 1 - k, true)).collect();
    let (mut i, mut j) = (n, m);
    while i > 0 || j > 0 {
        let here = cost[i * width + j];
        let alike = i > 0 && j > 0 && same(&a[i - 1], &b[j - 1]);
        if i > 0 && j > 0 && cost[(i - 1) * width + j - 1] + u32::from(!alike) == here {
            (i, j) = (i - 1, j - 1);
            steps.push(pair(head + i, head + j, alike));
        } else if i > 0 && cost[(i - 1) * width + j] + 1 == here {
            i -= 1;
            steps.push(Step { left: Some(head + i), right: None, same: false });
        } else {
            j -= 1;
            steps.push(Step { left: None, right: Some(head + j), same: false });
        }
    }
    steps.extend((0..head).rev().map(|k| pair(k, k, true)));
    steps.reverse();
    steps
}

/// Compares the tones that the gold gives, each at the last sound of its syllable.
fn count_tones(theirs: &Utterance, ours: &Utterance, steps: &[Step], tally: &mut Tally) {
    let ours: Vec<Option<u8>> =
        ours.phones().map(|p| ours.words.get(p.word)?.syllables().get(p.syllable)?.tone).collect();
    let mut partner = vec![None; tally.tokens];
    for step in steps {
        if let (Some(left), Some(right)) = (step.left, step.right) {
            partner[left] = Some(right);
        }
    }
    let mut at = 0;
    for syllable in theirs.words.iter().flat_map(Word::syllables) {
        at += syllable.phones.len();
        if syllable.tone.is_some() {
            let found = at.checked_sub(1).and_then(|last| partner.get(last).copied().flatten());
            tally.tones += 1;
            tally.wrong_tones += usize::from(found.and_then(|i| ours.get(i).copied().flatten()) != syllable.tone);
        }
    }
}

/// Compares the breaks between sounds, where they fall in the alignment.
fn count_breaks(theirs: &Utterance, ours: &Utterance, steps: &[Step], tally: &mut Tally) {
    let left: Vec<usize> = steps.iter().enumerate().filter(|(_, s)| s.left.is_some()).map(|(i, _)| i).collect();
    let right: Vec<usize> = steps.iter().enumerate().filter(|(_, s)| s.right.is_some()).map(|(i, _)| i).collect();
    let (wanted, mut found) = (breaks(theirs, &left), breaks(ours, &right).into_iter().peekable());
    tally.breaks = wanted.len();
    for gap in wanted {
        while found.next_if(|f| f.end <= gap.start).is_some() {
            tally.wrong_breaks += 1;
        }
        if found.next_if(|f| f.start < gap.end).is_none() {
            tally.wrong_breaks += 1;
        }
    }
    tally.wrong_breaks += found.count();
}

/// For each inner break the steps that it can stand before. `places` is the step of each sound.
fn breaks(utterance: &Utterance, places: &[usize]) -> Vec<Range<usize>> {
    let mut found: Vec<usize> = Vec::new();
    let mut sounds = 0;
    for word in &utterance.words {
        if word.kind == WordKind::Break {
            found.push(sounds);
        }
        sounds += word.syllables().iter().map(|s| s.phones.len()).sum::<usize>();
    }
    found.dedup();
    found.into_iter().filter_map(|at| Some(places.get(at.checked_sub(1)?)? + 1..places.get(at)? + 1)).collect()
}

/// Gold files give no stress, which only tells an ee at the throat from one at the mouth: it is taken from our reading
/// of the same vowel. A vowel that we do not have is stressed in a word of one syllable and elsewhere but at the end.
fn borrow_stress(theirs: &mut Utterance, ours: &Utterance, steps: &[Step]) {
    let mut stress: Vec<bool> = Vec::new();
    for phone in ours.phones() {
        let word = &ours.words[phone.word];
        stress.push(word.readings.get(word.chosen).is_some_and(|r| what::stressed(r, phone.syllable)));
    }
    let mut partner = steps.iter().filter(|s| s.left.is_some()).map(|s| s.right);
    for word in &mut theirs.words {
        let Some(reading) = word.readings.get_mut(word.chosen) else { continue };
        let count = reading.syllables.len();
        for (i, syllable) in reading.syllables.iter_mut().enumerate() {
            let mut stressed = count == 1 || i + 1 < count;
            for phone in &syllable.phones {
                let right = partner.next().flatten();
                if let Some(found) = right.and_then(|r| stress.get(r))
                    && phone.class == language::PhoneClass::Vowel
                {
                    stressed = *found;
                }
            }
            if stressed {
                syllable.label.insert(0, 'ˈ');
            }
        }
    }
}

/// Compares the keys; gives the words of ours with a flagged key.
///
/// A key of ours that is paired with another one or with none is wrong. A key that we lack makes a neighbour wrong,
/// since something must be marked for the user to look at: one that is wrong or flagged already if there is one, else
/// the one before. Where a word that could not be read stands in the gap, the user is told of it, so that the
/// neighbour counts as flagged. An item without any key of ours counts as one wrong key.
fn count_keys(theirs: &Utterance, ours: &Utterance, tally: &mut Tally) -> Vec<String> {
    let chart = Chart::builtin(ours.language);
    let switches = ChartSwitches::default();
    let wanted = what::keys(theirs, chart, &switches);
    let found = what::keys(ours, chart, &switches);
    let unknown =
        |words: Range<usize>| ours.words.get(words).is_some_and(|w| w.iter().any(|w| w.kind == WordKind::Unknown));
    if found.is_empty() {
        if !wanted.is_empty() {
            let told = usize::from(unknown(0..ours.words.len()));
            (tally.keys, tally.wrong_keys, tally.flagged_wrong_keys) = (1, 1, told);
        }
        return Vec::new();
    }
    let told = |k: &Key| k.flags.iter().any(|f| matches!(f, KeyFlag::AmbiguousReading | KeyFlag::GuessedReading));
    let mut flagged: Vec<bool> = found.iter().map(told).collect();
    let mut wrong = vec![false; found.len()];
    let same = |a: &Key, b: &Key| (a.shape, a.position, a.movement) == (b.shape, b.position, b.movement);
    let steps = align(&wanted, &found, same);
    for step in &steps {
        if let Some(right) = step.right {
            wrong[right] = !step.same;
        }
    }
    let mut words: Vec<usize> = found.iter().zip(&flagged).filter(|(_, f)| **f).map(|(k, _)| k.word).collect();
    words.dedup();
    let mut next = 0;
    for step in &steps {
        match step.right {
            Some(right) => next = right + 1,
            None => {
                let (before, after) = (next.checked_sub(1), Some(next).filter(|n| *n < found.len()));
                let near = || before.into_iter().chain(after);
                let marked = near().find(|k| wrong[*k]).or_else(|| near().find(|k| flagged[*k]));
                let Some(key) = marked.or_else(|| near().next()) else { continue };
                wrong[key] = true;
                let from = before.map_or(0, |b| found[b].word);
                let to = after.map_or(ours.words.len(), |a| found[a].word + 1);
                flagged[key] |= unknown(from..to);
            }
        }
    }
    tally.keys = found.len();
    tally.wrong_keys = wrong.iter().filter(|w| **w).count();
    tally.flagged_wrong_keys = wrong.iter().zip(&flagged).filter(|(w, f)| **w && **f).count();
    tally.flagged_right_keys = wrong.iter().zip(&flagged).filter(|(w, f)| !**w && **f).count();
    words.iter().filter_map(|w| ours.words.get(*w)).map(|w| w.text.clone()).collect()
}

/// Our sounds in the notation of gold files.
fn notation(utterance: &Utterance) -> String {
    let mandarin = utterance.language == Language::Mandarin;
    let words = utterance.words.iter().map(|word| match word.kind {
        WordKind::Break => "|".to_owned(),
        WordKind::Unknown => format!("?{}", word.text),
        WordKind::Spoken if mandarin => {
            word.syllables().iter().map(|s| s.spelling.as_str()).collect::<Vec<_>>().join(" ")
        }
        WordKind::Spoken => {
            let phones = word.syllables().iter().flat_map(|s| &s.phones);
            phones.map(|p| p.symbol.as_str()).collect::<Vec<_>>().join(" ")
        }
    });
    words.collect::<Vec<_>>().join(if mandarin { " " } else { "  " })
}
