//! The words of one language that a gloss may use, looked up by the longest phrase, with suggestions for near misses.

use super::units::{Kind, Unit, units};
use super::{Lips, UiLanguage, words};
use crate::cueing::chart::Finger;
use crate::cueing::{Movement, Position};
use std::collections::HashMap;
use std::sync::OnceLock;

/// What a word or phrase says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Understood, and says nothing by itself: "at", "hand".
    Filler,
    Finger(Finger),
    /// "fingers", after a count.
    Fingers,
    /// "the other fingers": whatever is said of them adds nothing.
    Others,
    /// The whole hand, thumb and all.
    OpenHand,
    /// The V of index and middle finger.
    Vee,
    /// The L of thumb and index finger.
    Ell,
    /// Stretched; what a finger is when nothing is said of it.
    Out,
    Folded,
    Spread,
    Together,
    /// What follows is folded.
    Without,
    /// "open": of the hand or of the lips.
    Open,
    /// "closed": of a finger or of the lips.
    Closed,
    /// "spread", "展开": of the fingers or of the lips.
    Wide,
    /// "shape": the number beside it is one.
    ShapeNoun,
    /// "position": the number beside it is the chart's.
    PositionNoun,
    /// 号: the number before it belongs to what comes after.
    Ordinal,
    /// A unit of length: the number before it says nothing.
    Measure,
    Place(Position),
    /// Turns the side into the side further forward.
    Forward,
    /// Turns the side into the side further down.
    Down,
    Move(Option<Movement>),
    LipsNoun,
    Lips(Lips),
    /// The hand at rest, which no key is.
    Rest,
}

/// A phrase and its meaning.
pub(super) type Entry = (&'static str, Meaning);

/// One unit as phrases are compared.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Norm {
    Word(String),
    Number(u64),
}

struct Phrase {
    norms: Vec<Norm>,
    meaning: Meaning,
    shown: &'static str,
    /// All its letters as they are compared with slips, and the first word.
    letters: Vec<char>,
    first_word: String,
}

/// The phrases of one language.
pub(super) struct Lexicon {
    ui: UiLanguage,
    phrases: Vec<Phrase>,
    /// Phrases by their first unit, longest first.
    first: HashMap<Norm, Vec<usize>>,
}

/// A phrase found in a text: how many units it takes, and what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub units: usize,
    pub meaning: Meaning,
}

impl Lexicon {
    /// The lexicon of a language, made at first use.
    pub fn of(ui: UiLanguage) -> &'static Self {
        static ALL: [OnceLock<Lexicon>; 3] = [const { OnceLock::new() }; 3];
        let (slot, entries) = match ui {
            UiLanguage::English => (0, words::ENGLISH),
            UiLanguage::Chinese => (1, words::CHINESE),
            UiLanguage::French => (2, words::FRENCH),
        };
        ALL[slot].get_or_init(|| Self::new(ui, entries))
    }

    fn new(ui: UiLanguage, entries: &'static [&'static [Entry]]) -> Self {
        let mut it = Self { ui, phrases: Vec::new(), first: HashMap::new() };
        for &(shown, meaning) in entries.iter().copied().flatten() {
            let all = units(shown);
            let Some(last) = all.len().checked_sub(1) else { continue };
            let inner = |i: usize| i > 0 && i < last;
            let kept = all.iter().enumerate().filter(|(i, u)| !inner(*i) || !words::is_article(ui, &u.text));
            let norms: Vec<Norm> = kept.map(|(_, u)| it.norm(u)).collect();
            let letters = all.iter().flat_map(|u| u.text.chars()).collect();
            let first_word = all[0].text.clone();
            it.first.entry(norms[0].clone()).or_default().push(it.phrases.len());
            it.phrases.push(Phrase { norms, meaning, shown, letters, first_word });
        }
        let Self { phrases, first, .. } = &mut it;
        for list in first.values_mut() {
            // A stable sort: of two phrases of one length the earlier one of the table counts.
            list.sort_by_key(|i| std::cmp::Reverse(phrases[*i].norms.len()));
        }
        it
    }

    /// The value of a number in digits or words, and whether it can be something else as well ("un", "second").
    pub fn number(&self, unit: &Unit) -> Option<(u64, bool)> {
        match unit.kind {
            Kind::Number(value) => Some((value, false)),
            Kind::Word | Kind::Character => words::number(self.ui, &unit.text),
            Kind::Comma | Kind::Stop | Kind::Sign => None,
        }
    }

    fn norm(&self, unit: &Unit) -> Norm {
        match self.number(unit) {
            Some((value, _)) => Norm::Number(value),
            None => Norm::Word(words::stem(self.ui, &unit.text).to_owned()),
        }
    }

    pub fn is_article(&self, unit: &Unit) -> bool {
        words::is_article(self.ui, &unit.text)
    }

    /// The longest phrase that begins at unit `at`. Articles between its words are passed over.
    pub fn longest(&self, all: &[Unit], at: usize) -> Option<Found> {
        let first = all.get(at).filter(|u| u.is_said())?;
        let candidates = self.first.get(&self.norm(first))?;
        candidates.iter().find_map(|i| {
            let phrase = &self.phrases[*i];
            let mut next = at + 1;
            for norm in &phrase.norms[1..] {
                loop {
                    let unit = all.get(next).filter(|u| u.is_said())?;
                    next += 1;
                    if self.norm(unit) == *norm {
                        break;
                    }
                    if !self.is_article(unit) {
                        return None;
                    }
                }
            }
            Some(Found { units: next - at, meaning: phrase.meaning })
        })
    }

    /// The word this language prefers for a meaning.
    pub fn word_for(&self, meaning: Meaning) -> Option<&'static str> {
        self.phrases.iter().find(|p| p.meaning == meaning).map(|p| p.shown)
    }

    /// The phrase that an unknown stretch of units is a small slip of.
    pub fn near(&self, unknown: &[Unit]) -> Option<&'static str> {
        let typed: Vec<char> = unknown.iter().flat_map(|u| u.text.chars()).collect();
        let cjk = unknown.iter().any(|u| u.kind == Kind::Character);
        let allowed = match typed.len() {
            0 | 1 => return None,
            // One wrong character of two is half a word: only Chinese words are that short.
            2..=3 => usize::from(cjk || typed.len() == 3),
            4 => 1,
            _ if cjk => 1,
            5..=7 => 2,
            _ => 3,
        };
        let mut best: Option<(usize, &'static str)> = None;
        for phrase in self.phrases.iter().filter(|p| p.meaning != Meaning::Filler) {
            let wanted = &phrase.letters;
            if wanted.len() < 2 || wanted.len().abs_diff(typed.len()) > allowed {
                continue;
            }
            let apart = distance(&typed, wanted);
            if apart <= allowed && apart < wanted.len() && best.is_none_or(|(b, _)| apart < b) {
                best = Some((apart, phrase.shown));
            }
        }
        best.map(|(_, shown)| shown)
    }

    /// The phrase of this language that begins with what has been typed so far ("cheekb").
    pub fn completion(&self, unit: &Unit) -> Option<&'static str> {
        let long_enough = if unit.kind == Kind::Character { 1 } else { 4 };
        if unit.text.chars().count() < long_enough {
            return None;
        }
        let tells = |p: &&Phrase| p.meaning != Meaning::Filler;
        let begins = |p: &&Phrase| p.first_word.len() > unit.text.len() && p.first_word.starts_with(&unit.text);
        self.phrases.iter().filter(tells).find(begins).map(|p| p.shown)
    }
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into another (optimal string
/// alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let width = b.len() + 1;
    let mut table = vec![0; (a.len() + 1) * width];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i * width + j] = if i == 0 || j == 0 {
                i + j
            } else {
                let same = usize::from(a[i - 1] != b[j - 1]);
                let mut least = (table[(i - 1) * width + j] + 1)
                    .min(table[i * width + j - 1] + 1)
                    .min(table[(i - 1) * width + j - 1] + same);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    least = least.min(table[(i - 2) * width + j - 2] + 1);
                }
                least
            };
        }
    }
    table[a.len() * width + b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(ui: UiLanguage, text: &str) -> Option<&'static str> {
        Lexicon::of(ui).near(&units(text))
    }

    #[test]
    fn the_longest_phrase_counts_and_articles_are_passed_over() {
        let english = Lexicon::of(UiLanguage::English);
        let text = units("at the corner of her mouth");
        assert_eq!(english.longest(&text, 2).map(|f| (f.units, f.meaning)), Some((4, Meaning::Place(Position::Mouth))));
        let french = Lexicon::of(UiLanguage::French);
        let text = units("coin de la bouche");
        assert_eq!(french.longest(&text, 0).map(|f| f.units), Some(4));
    }

    #[test]
    fn slips_find_their_word() {
        assert_eq!(near(UiLanguage::English, "chinn"), Some("chin"));
        assert_eq!(near(UiLanguage::English, "cheekbnoe"), Some("cheekbone"));
        assert_eq!(near(UiLanguage::English, "throut"), Some("throat"));
        assert_eq!(near(UiLanguage::French, "pomette"), Some("pommette"));
        assert_eq!(near(UiLanguage::French, "mentno"), Some("menton"));
        assert_eq!(near(UiLanguage::Chinese, "下吧"), Some("下巴"));
        assert_eq!(near(UiLanguage::English, "xylophone"), None);
        assert_eq!(near(UiLanguage::English, "it"), None);
    }

    #[test]
    fn no_phrase_of_a_language_means_two_things() {
        for ui in UiLanguage::ALL {
            let lexicon = Lexicon::of(ui);
            let mut seen: HashMap<&[Norm], (Meaning, &str)> = HashMap::new();
            for phrase in &lexicon.phrases {
                if let Some((meaning, other)) = seen.insert(&phrase.norms, (phrase.meaning, phrase.shown)) {
                    assert_eq!(meaning, phrase.meaning, "{ui:?}: {other} and {}", phrase.shown);
                }
            }
            // Each thing that a key can be has a word, or else nothing could be suggested for it.
            for position in
                Position::ALL.into_iter().filter(|p| !matches!(p, Position::SideForward | Position::SideDown))
            {
                assert!(lexicon.word_for(Meaning::Place(position)).is_some(), "{ui:?} {position:?}");
            }
        }
    }

    #[test]
    fn distances_count_slips() {
        let d = |a: &str, b: &str| distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>());
        assert_eq!(d("chin", "chin"), 0);
        assert_eq!(d("chin", "cihn"), 1);
        assert_eq!(d("chin", "chinn"), 1);
        assert_eq!(d("", "ab"), 2);
        assert_eq!(d("abc", "xyz"), 3);
    }
}
