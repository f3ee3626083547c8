//! What the panels show of a project beside its plain data: times of words, glosses, the list of problems.
//!
//! Made anew after each change of the document, never while drawing, so that a frame costs only what is on screen.

use super::i18n::{language, tr, tr_message};
pub use super::problems::explain;
use super::problems::{self, ProblemKind};
use super::widgets::Tone;
use crate::cueing::Position;
use crate::cueing::gloss;
use crate::cueing::notation::LetterSet;
use crate::document::marks::MarkId;
use crate::document::{KeyId, Project};
use crate::language::WordKind;
use crate::time::{Seconds, TimeRange};
use std::collections::HashMap;

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
    pub gloss: String,
    /// `3-m`: number of the shape and letter of the position, as on the timeline.
    pub short: String,
}

/// What a problem is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Key(KeyId),
    Word(usize),
    Mask(MarkId),
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
    /// First key that holds each phone.
    pub phone_keys: Vec<Option<usize>>,
    pub keys: Vec<KeyBox>,
    pub problems: Vec<Problem>,
    by_id: HashMap<KeyId, usize>,
}

impl Board {
    pub fn new(project: &Project) -> Self {
        let tiers = &project.tiers;
        let (symbols, phone_words): (Vec<_>, Vec<_>) =
            tiers.utterance.phones().map(|p| (p.phone.symbol.clone(), p.word)).unzip();
        let words = project
            .word_times()
            .into_iter()
            .enumerate()
            .filter_map(|(word, range)| Some(WordBox { word, range: range? }))
            .collect();
        let mut phone_keys = vec![None; symbols.len()];
        for (index, key) in tiers.keys.iter().enumerate() {
            for phone in key.rule.phones.clone() {
                if let Some(slot @ None) = phone_keys.get_mut(phone) {
                    *slot = Some(index);
                }
            }
        }
        let keys = tiers
            .keys
            .iter()
            .map(|key| {
                let sounds: Vec<&str> =
                    key.rule.phones.clone().filter_map(|i| symbols.get(i).map(String::as_str)).collect();
                KeyBox {
                    symbols: sounds.join(" "),
                    gloss: gloss::sentence(key.shape(), key.position(), key.movement(), &sounds, language()),
                    short: format!("{}-{}", key.shape().0, position_letters(key.position())),
                }
            })
            .collect();
        let by_id = tiers.keys.iter().enumerate().map(|(i, k)| (k.id, i)).collect();
        let problems = problems(project);
        Self { words, symbols, phone_words, phone_keys, keys, problems, by_id }
    }

    pub fn key_index(&self, id: KeyId) -> Option<usize> {
        self.by_id.get(&id).copied()
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

fn problems(project: &Project) -> Vec<Problem> {
    let tiers = &project.tiers;
    let word_times = project.word_times();
    let mut list = Vec::new();
    for note in &tiers.notes {
        list.push(Problem {
            kind: ProblemKind::Alignment,
            tone: Tone::Warning,
            title: tr(ProblemKind::Alignment.title()).into(),
            place: String::new(),
            remedy: tr_message(note),
            time: Seconds::ZERO,
            target: Target::Project,
        });
    }
    for (index, word) in tiers.utterance.words.iter().enumerate() {
        let message = tiers
            .utterance
            .issues
            .iter()
            .find(|i| i.source.start < word.source.end && word.source.start < i.source.end)
            .map(|i| tr_message(&i.message));
        let unreadable = word.kind == WordKind::Unknown || (word.kind == WordKind::Spoken && word.readings.is_empty());
        if !unreadable && (message.is_none() || word.kind == WordKind::Break) {
            continue;
        }
        // A word that cannot be read has no time of its own: it stands where its neighbour before it ends.
        let time = word_times[..index].iter().rev().flatten().next().map_or(Seconds::ZERO, |r| r.end);
        let kind = if unreadable { ProblemKind::Unreadable } else { ProblemKind::Text };
        list.push(Problem {
            kind,
            tone: kind.tone(),
            title: tr(kind.title()).into(),
            place: word.text.clone(),
            remedy: message.unwrap_or_else(|| tr("Type how it is said in the inspector.").into()),
            time: word_times[index].map_or(time, |r| r.start),
            target: Target::Word(index),
        });
    }
    let mut told = None;
    for key in &tiers.keys {
        for &flag in &key.flags {
            let Some(kind) = ProblemKind::of_flag(flag) else { continue };
            // A reading is a matter of the word: once per word is enough. The same holds for rough timing overall.
            let about_word = matches!(kind, ProblemKind::Ambiguous | ProblemKind::Guessed);
            if about_word && told == Some((key.rule.word, kind)) {
                continue;
            }
            if kind == ProblemKind::RoughTiming && list.iter().any(|p: &Problem| p.kind == kind) {
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
    list.extend(problems::of_marks(project));
    list.sort_by(|a, b| a.time.total_cmp(&b.time));
    list
}
