//! The pieces of a text with their possible readings, as the rules of context and liaison look at them.

use super::lexicon::Entry;
use super::liaison;
use super::phones::{Sound, is_glide, is_vowel};
use super::tokens::{Kind, Piece};
use crate::language::ReadingSource;

/// Whether a word is in a list of words separated by spaces.
pub fn has(list: &str, word: &str) -> bool {
    list.split(' ').any(|w| w == word)
}

/// What is heard between a word and the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Link {
    #[default]
    None,
    /// Always said.
    Must(Sound),
    /// Said by most; the other way is worth showing.
    Likely(Sound),
    /// Said or left out; the other way is worth showing where it changes something.
    Offered(Sound),
    /// Said in careful speech only.
    May(Sound),
}

/// A piece with its readings.
#[derive(Clone, Debug)]
pub struct Item {
    pub piece: Piece,
    /// Best first; empty for breaks and unreadable pieces.
    pub entries: Vec<Entry>,
    /// How many of the entries are real possibilities here.
    pub open: usize,
    pub source: ReadingSource,
    pub link: Link,
}

/// All items of a text. Neighbours are asked for within a stretch only: a break hides what is beyond it.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    pub items: &'a [Item],
}

impl<'a> Line<'a> {
    pub fn key(self, i: usize) -> &'a str {
        &self.items[i].piece.key
    }

    pub fn before(self, i: usize) -> Option<usize> {
        i.checked_sub(1).filter(|n| self.items[*n].piece.kind == Kind::Word)
    }

    pub fn after(self, i: usize) -> Option<usize> {
        Some(i + 1).filter(|n| self.items.get(*n).is_some_and(|x| x.piece.kind == Kind::Word))
    }

    /// The key before, or nothing.
    pub fn key_before(self, i: usize) -> &'a str {
        self.before(i).map_or("", |n| self.key(n))
    }

    pub fn key_after(self, i: usize) -> &'a str {
        self.after(i).map_or("", |n| self.key(n))
    }

    /// Whether the best reading's most frequent part of speech is one of these.
    pub fn is_first(self, i: usize, parts: &str) -> bool {
        self.items[i].entries.first().is_some_and(|e| e.is_first(parts))
    }

    /// Whether the best reading can be one of these parts of speech.
    pub fn is(self, i: usize, parts: &str) -> bool {
        self.items[i].entries.first().is_some_and(|e| e.is(parts))
    }

    /// Whether a liaison can be made into this piece: it begins with a vowel, or a glide that behaves so, and neither
    /// with an aspirated h nor with one of the few words like onze.
    pub fn starts_with_vowel(self, i: usize) -> bool {
        let item = &self.items[i];
        let Some(first) = item.entries.first().and_then(|e| e.sounds.first()) else { return false };
        if item.piece.given.is_some() {
            // The name of the letter h keeps its distance: les HLM.
            return is_vowel(first) && item.piece.text.chars().count() > 1 && !item.piece.text.starts_with('H');
        }
        if item.entries.first().is_some_and(|e| e.parts.contains('H')) {
            return false;
        }
        (is_vowel(first) || is_glide(first)) && !liaison::is_aspirated(&item.piece.key)
    }

    /// Looks back from `i` over the words that stand between a subject and its verb (ne, se, lui, y …).
    pub fn subject_side(self, i: usize) -> Option<usize> {
        const BETWEEN: &str = "ne n se s me m te t le la l les lui leur y en nous vous pas plus jamais";
        let mut at = self.before(i);
        while let Some(n) = at {
            // "nous" right before the verb may be its subject: then nothing else stands before it.
            let subject =
                matches!(self.key(n), "nous" | "vous") && !self.before(n).is_some_and(|p| has(SUBJECTS, self.key(p)));
            if !has(BETWEEN, self.key(n)) || subject {
                return Some(n);
            }
            at = self.before(n);
        }
        None
    }
}

/// Pronouns that are subjects.
pub const SUBJECTS: &str = "je j tu il elle on nous vous ils elles qui ne";

/// Words that begin a noun phrase.
pub const DETERMINERS: &str = "\
    le la l les un une des du au aux ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre \
    vos leur leurs quel quelle quels quelles chaque quelque quelques plusieurs aucun aucune tout";

/// Determiners of a plural.
pub const PLURAL_DETERMINERS: &str =
    "les des aux ces mes tes ses nos vos leurs quels quelles quelques plusieurs certains certaines";
