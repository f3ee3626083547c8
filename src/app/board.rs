//! What the panels show of a project beside its plain data: times of words, glosses, the list of problems.
//!
//! Made when a project is opened, and brought along with each change of the document around what has changed: a frame
//! costs what is on screen, an edit what it touches. Glosses are composed when they are drawn.

use super::i18n::{language, tr, tr_message};
pub use super::problems::explain;
use super::problems::{self, ProblemKind};
use super::widgets::Tone;
use crate::cueing::Position;
use crate::cueing::gloss;
use crate::cueing::notation::LetterSet;
use crate::document::history::{Splice, final_ranges, in_order};
use crate::document::index::KeyIndex;
use crate::document::marks::MarkId;
use crate::document::open::Change;
use crate::document::{KeyId, KeySegment, Project};
use crate::language::{Word, WordKind};
use crate::time::{Seconds, TimeRange};
use std::collections::HashSet;
use std::ops::Range;

/// A word that has a place on the timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct WordBox {
    /// Index in the utterance.
    pub word: usize,
    pub range: TimeRange,
}

/// A key with the words for it.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyBox {
    /// `háng` is `h ang`: the sounds of the key, separated by spaces.
    pub symbols: String,
    /// `3-m`: number of the shape and letter of the position, as on the timeline.
    pub short: String,
}

/// What a problem is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Key(KeyId),
    Word(usize),
    Mask(MarkId),
    /// Tracked poses.
    Performance(MarkId),
    Project,
}

/// Something the user should look at, with what to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    pub kind: ProblemKind,
    pub tone: Tone,
    /// A few words: "Hand late".
    pub title: String,
    /// Where: the word or key.
    pub place: String,
    /// What it means and what to do.
    pub remedy: String,
    pub time: Seconds,
    pub target: Target,
}

/// Everything derived for one state of a project.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Board {
    pub words: Vec<WordBox>,
    /// Symbol of each phone, in flat order.
    pub symbols: Vec<String>,
    /// Word of each phone.
    pub phone_words: Vec<usize>,
    pub keys: Vec<KeyBox>,
    /// In order of time.
    pub problems: Vec<Problem>,
    /// First phone of each word, and the number of phones at the end.
    first_phone: Vec<usize>,
    index: KeyIndex,
}

impl KeyBox {
    fn new(key: &KeySegment) -> Self {
        Self {
            symbols: key.signature.join(" "),
            short: format!("{}-{}", key.shape().0, position_letters(key.position())),
        }
    }
}

impl Board {
    pub fn new(project: &Project) -> Self {
        let tiers = &project.tiers;
        let mut board = Self {
            keys: tiers.keys.iter().map(KeyBox::new).collect(),
            index: KeyIndex::new(&tiers.keys),
            ..Self::default()
        };
        for (at, word) in tiers.utterance.words.iter().enumerate() {
            board.first_phone.push(board.symbols.len());
            board.symbols.extend(symbols_of(word));
            board.phone_words.resize(board.symbols.len(), at);
        }
        board.first_phone.push(board.symbols.len());
        board.words = (0..tiers.utterance.words.len()).filter_map(|word| board.box_of(project, word)).collect();
        board.problems = problems_of_project(project);
        board.problems.extend(board.problems_of_words(project, 0..tiers.utterance.words.len()));
        board.problems.extend(problems_of_keys(project, 0..tiers.keys.len()));
        board.problems.extend(problems::of_marks(project));
        board.sort_problems();
        board
    }

    /// Follows what happened to the document, of which `project` is the state now.
    pub fn follow(&mut self, project: &Project, changes: &[Change]) {
        let tiers = &project.tiers;
        let words = in_order(changes, |step| &step.words);
        if words.iter().any(|(s, _)| s.removed.len() != s.inserted.len()) {
            // There are other words. What lies in files is as it was.
            let mut lost = std::mem::take(&mut self.problems);
            lost.retain(|p| p.kind == ProblemKind::LostPoses);
            *self = Self::new(project);
            self.take_lost(lost);
            return;
        }
        let (phones, keys) = (in_order(changes, |step| &step.phones), in_order(changes, |step| &step.keys));
        let mut gone: HashSet<KeyId> = HashSet::new();
        let mut first_moved = None;
        for (splice, back) in &keys {
            let (out, new) = splice.ends(*back);
            if out.len() != new.len() || out.iter().zip(new).any(|(a, b)| a.id != b.id) {
                self.index.forget(out);
                first_moved = Some(first_moved.map_or(splice.at, |at: usize| at.min(splice.at)));
            }
            gone.extend(out.iter().chain(new).map(|key| key.id));
            self.keys.splice(splice.at..splice.at + out.len(), new.iter().map(KeyBox::new));
        }
        if let Some(from) = first_moved {
            self.index.renumber(&tiers.keys, from);
        }
        for (splice, back) in &words {
            self.read_words(splice, *back);
        }

        let mut touched_words = final_ranges(&words);
        for range in final_ranges(&phones) {
            // Where phones are gone, the words on either side may begin or end elsewhere.
            let around = range.start.saturating_sub(1)..(range.end + 1).min(self.symbols.len());
            let words = self.phone_words.get(around).unwrap_or_default();
            if let (Some(first), Some(last)) = (words.first(), words.last()) {
                touched_words.push(*first..last + 1);
            }
        }
        let touched_words = joined(touched_words);
        for range in &touched_words {
            let boxes: Vec<WordBox> = range.clone().filter_map(|word| self.box_of(project, word)).collect();
            let first = self.words.partition_point(|b| b.word < range.start);
            let last = self.words.partition_point(|b| b.word < range.end);
            self.words.splice(first..last, boxes);
        }
        self.follow_problems(project, touched_words, final_ranges(&keys), gone);
    }

    /// Makes the problems of some words and keys anew; `gone` are keys that problems may have been about.
    fn follow_problems(
        &mut self,
        project: &Project,
        words: Vec<Range<usize>>,
        keys: Vec<Range<usize>>,
        mut gone: HashSet<KeyId>,
    ) {
        let tiers = &project.tiers;
        // What has no time of its own stands where the words before it end.
        let words = words.into_iter().map(|range| {
            let more = (range.end..tiers.utterance.words.len()).take_while(|word| self.word_box(*word).is_none());
            range.start..range.end + more.count()
        });
        let words = joined(words.collect());
        // A word is told about once, with the first of its keys; the words' text stands in what is told of keys.
        let mut whole: Vec<Range<usize>> = Vec::new();
        let of_word = |word: usize| {
            tiers.keys.partition_point(|k| k.rule.word < word)..tiers.keys.partition_point(|k| k.rule.word <= word)
        };
        for range in keys.into_iter().filter(|range| !tiers.keys.is_empty() && range.start < tiers.keys.len()) {
            let last = range.end.max(range.start + 1).min(tiers.keys.len()) - 1;
            let (first, last) = (tiers.keys[range.start].rule.word, tiers.keys[last].rule.word);
            whole.push(of_word(first).start..of_word(last).end);
        }
        for range in &words {
            whole.push(of_word(range.start).start..of_word(range.end.saturating_sub(1)).end);
        }
        let whole = joined(whole);
        gone.extend(whole.iter().cloned().flatten().map(|i| tiers.keys[i].id));
        let told_of = |word: usize| words.iter().any(|range| range.contains(&word));
        self.problems.retain(|problem| match problem.target {
            Target::Key(id) => !gone.contains(&id),
            Target::Word(word) => !told_of(word),
            Target::Mask(_) => false,
            Target::Project | Target::Performance(_) => true,
        });
        for range in words {
            let more = self.problems_of_words(project, range);
            self.problems.extend(more);
        }
        for range in whole {
            self.problems.extend(problems_of_keys(project, range));
        }
        // There are few masks, and what is said of their takes hangs together.
        self.problems.extend(problems::of_marks(project));
        self.sort_problems();
    }

    /// Puts what a look at the performance has found in the place of what the last one found.
    pub fn take_checked(&mut self, problems: Vec<Problem>) {
        self.problems.retain(|p| !ProblemKind::CHECKED.contains(&p.kind));
        self.problems.extend(problems);
        self.sort_problems();
    }

    /// Puts what is now known of lost poses in the place of what was.
    pub fn take_lost(&mut self, problems: Vec<Problem>) {
        self.problems.retain(|p| p.kind != ProblemKind::LostPoses);
        self.problems.extend(problems);
        self.sort_problems();
    }

    /// By time; at the same time the project comes first, then words, then keys.
    fn sort_problems(&mut self) {
        let mut problems = std::mem::take(&mut self.problems);
        let place = |problem: &Problem| match problem.target {
            Target::Project | Target::Performance(_) => (0, 0),
            Target::Word(word) => (1, word),
            Target::Key(id) => (2, self.index.get(id).unwrap_or(usize::MAX)),
            Target::Mask(_) => (3, 0),
        };
        problems.sort_by(|a, b| a.time.total_cmp(&b.time).then_with(|| place(a).cmp(&place(b))));
        self.problems = problems;
    }

    /// Takes in other readings of words.
    fn read_words(&mut self, splice: &Splice<Word>, back: bool) {
        for (word, at) in splice.ends(back).1.iter().zip(splice.at..) {
            let (Some(from), Some(to)) = (self.first_phone.get(at), self.first_phone.get(at + 1)) else { return };
            let old = *from..*to;
            let count = symbols_of(word).count();
            self.symbols.splice(old.clone(), symbols_of(word));
            self.phone_words.splice(old.clone(), std::iter::repeat_n(at, count));
            if count != old.len() {
                for first in &mut self.first_phone[at + 1..] {
                    *first = *first + count - old.len();
                }
            }
        }
    }

    fn box_of(&self, project: &Project, word: usize) -> Option<WordBox> {
        let phones = project.tiers.phones.get(*self.first_phone.get(word)?..*self.first_phone.get(word + 1)?)?;
        Some(WordBox { word, range: TimeRange::new(phones.first()?.start, phones.last()?.end) })
    }

    /// What a key says: in the user's words, or composed in the language of the interface.
    pub fn gloss(&self, project: &Project, index: usize) -> String {
        let Some(key) = project.tiers.keys.get(index) else { return String::new() };
        let composed = || gloss::sentence(key.shape(), key.position(), key.movement(), &key.symbols(), language());
        key.gloss.clone().unwrap_or_else(composed)
    }

    pub fn key_index(&self, id: KeyId) -> Option<usize> {
        self.index.get(id)
    }

    /// Index among [`Self::words`] of a word of the utterance.
    pub fn word_box(&self, word: usize) -> Option<usize> {
        self.words.binary_search_by_key(&word, |w| w.word).ok()
    }
}

/// Letters of a position, the same as in notation that is copied or printed.
pub fn position_letters(position: Position) -> &'static str {
    LetterSet::Sppas.letter(position)
}

/// Name of a position for the user.
pub fn position_name(position: Position) -> &'static str {
    tr(match position {
        Position::Side => "side",
        Position::SideForward => "side, forward",
        Position::SideDown => "side, down",
        Position::Mouth => "mouth",
        Position::Chin => "chin",
        Position::Cheekbone => "cheekbone",
        Position::Throat => "throat",
        Position::Neutral => "neutral",
    })
}

/// Symbols of the phones of a word's chosen reading.
fn symbols_of(word: &Word) -> impl Iterator<Item = String> {
    word.syllables().iter().flat_map(|s| &s.phones).map(|p| p.symbol.clone())
}

/// Ranges in order, those that touch as one.
fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| range.start);
    let mut out: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match out.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => out.push(range),
        }
    }
    out
}

/// Problems of the project as a whole.
fn problems_of_project(project: &Project) -> Vec<Problem> {
    let kind = ProblemKind::Alignment;
    let note = |note: &String| Problem {
        kind,
        tone: kind.tone(),
        title: tr(kind.title()).into(),
        place: String::new(),
        remedy: tr_message(note),
        time: Seconds::ZERO,
        target: Target::Project,
    };
    project.tiers.notes.iter().map(note).collect()
}

impl Board {
    /// Problems of the words themselves: what cannot be read, what was doubtful in the text.
    fn problems_of_words(&self, project: &Project, range: Range<usize>) -> Vec<Problem> {
        let utterance = &project.tiers.utterance;
        let mut list = Vec::new();
        for (index, word) in range.clone().zip(&utterance.words[range]) {
            let message = utterance
                .issues
                .iter()
                .find(|i| i.source.start < word.source.end && word.source.start < i.source.end)
                .map(|i| tr_message(&i.message));
            let unreadable =
                word.kind == WordKind::Unknown || (word.kind == WordKind::Spoken && word.readings.is_empty());
            if !unreadable && (message.is_none() || word.kind == WordKind::Break) {
                continue;
            }
            // A word that cannot be read has no time of its own: it stands where its neighbour before it ends.
            let before = self.words.partition_point(|b| b.word < index).checked_sub(1);
            let time = before.map_or(Seconds::ZERO, |i| self.words[i].range.end);
            let kind = if unreadable { ProblemKind::Unreadable } else { ProblemKind::Text };
            list.push(Problem {
                kind,
                tone: kind.tone(),
                title: tr(kind.title()).into(),
                place: word.text.clone(),
                remedy: message.unwrap_or_else(|| tr("Type how it is said in the inspector.").into()),
                time: self.word_box(index).map_or(time, |i| self.words[i].range.start),
                target: Target::Word(index),
            });
        }
        list
    }
}

/// Problems of the keys of whole words.
fn problems_of_keys(project: &Project, range: Range<usize>) -> Vec<Problem> {
    let tiers = &project.tiers;
    let mut list = Vec::new();
    let mut told = None;
    for key in &tiers.keys[range] {
        for &flag in &key.flags {
            let Some(kind) = ProblemKind::of_flag(flag) else { continue };
            // A reading is a matter of the word: once per word is enough.
            let about_word = matches!(kind, ProblemKind::Ambiguous | ProblemKind::Guessed);
            if about_word && told == Some((key.rule.word, kind)) {
                continue;
            }
            if about_word {
                told = Some((key.rule.word, kind));
            }
            list.push(Problem {
                kind,
                tone: kind.tone(),
                title: tr(kind.title()).into(),
                place: tiers.utterance.words.get(key.rule.word).map_or_else(String::new, |w| w.text.clone()),
                remedy: tr(kind.remedy()).into(),
                time: key.times.a1,
                target: Target::Key(key.id),
            });
        }
    }
    list
}
