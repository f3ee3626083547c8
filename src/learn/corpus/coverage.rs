//! Which sounds and neighbourhoods of sounds a corpus holds, and which it lacks.
//!
//! Mandarin is counted by syllables without tone: its sounds meet within them, and there are some four hundred. French
//! and English are counted by *diphone classes*: pairs of neighbours, each told only by its class, since what the lips and
//! the hand do between two sounds depends on their kind more than on their names. Silence at the edges is a class too.

use super::SpokenText;
use crate::generate::SoundingPhone;
use crate::language::cmn::pinyin;
use crate::language::{Language, PhoneClass, Utterance, WordKind};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// Silence before and after a phrase.
pub(super) const SILENCE: &str = "#";

/// Syllables of the table that no ordinary text uses: spellings of dialect, interjections, and names of letters.
const UNUSUAL: [&str; 20] = [
    "yo", "yai", "biang", "pia", "rua", "nun", "nia", "den", "cei", "fiao", "eng", "ei", "o", "lo", "zhei", "shei",
    "tei", "dia", "dei", "kei",
];

/// Mandarin syllables in use, without tone.
pub fn syllables() -> &'static BTreeSet<&'static str> {
    static ALL: OnceLock<BTreeSet<&'static str>> = OnceLock::new();
    ALL.get_or_init(|| pinyin::SYLLABLES.split_whitespace().filter(|s| !UNUSUAL.contains(s)).collect())
}

/// The class of a sound of French or English: manner and voice of consonants, place and rounding of vowels.
pub fn class_of(symbol: &str, class: PhoneClass) -> &'static str {
    match symbol {
        "p" | "t" | "k" => "stop",
        "b" | "d" | "g" | "ɡ" => "voiced stop",
        "tʃ" | "dʒ" => "affricate",
        "f" | "θ" | "s" | "ʃ" | "h" => "fricative",
        "v" | "ð" | "z" | "ʒ" => "voiced fricative",
        "m" | "n" | "ŋ" | "ɲ" => "nasal",
        "l" | "r" | "ʁ" => "liquid",
        "j" | "w" | "ʍ" | "ɥ" => "glide",
        "i" | "ɪ" | "e" | "ɛ" => "front vowel",
        "y" | "ø" | "œ" => "front rounded vowel",
        "æ" | "a" | "ɑ" | "ʌ" => "open vowel",
        "ɔ" | "o" | "ʊ" | "u" => "back rounded vowel",
        "ə" | "ɝ" | "ɚ" => "central vowel",
        "oʊ" | "eɪ" | "aɪ" | "aʊ" | "ɔɪ" => "diphthong",
        _ if symbol.contains('\u{303}') => "nasal vowel",
        _ if class == PhoneClass::Vowel => "other vowel",
        _ => "other consonant",
    }
}

/// What is counted of a language: units with how often they come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted(pub BTreeMap<String, u64>);

impl Counted {
    /// Adds the units of a text.
    pub fn add(&mut self, utterance: &Utterance) {
        for unit in units(utterance) {
            *self.0.entry(unit).or_default() += 1;
        }
    }

    /// Adds the units of a clip: what [`Self::add`] finds, as far as the words and phones of its index say it.
    pub fn add_clip(&mut self, language: Language, words: &[SpokenText], phones: &[SoundingPhone]) {
        let mut add = |unit: String| *self.0.entry(unit).or_default() += 1;
        if language == Language::Mandarin {
            words.iter().flat_map(|w| &w.syllables).filter_map(|s| base_of(s)).for_each(add);
            return;
        }
        let mut before = SILENCE;
        let mut end = f64::NEG_INFINITY;
        for p in phones {
            let class = class_of(&p.symbol, p.class);
            if p.start.0 > end + 0.05 && before != SILENCE {
                add(format!("{before} → {SILENCE}"));
                before = SILENCE;
            }
            add(format!("{before} → {class}"));
            (before, end) = (class, p.end.0);
        }
        if before != SILENCE {
            add(format!("{before} → {SILENCE}"));
        }
    }

    /// Puts what there is beside what there could be.
    pub fn report(&self, language: Language, wanted: &BTreeSet<String>) -> Report {
        let missing: Vec<String> = wanted.iter().filter(|u| !self.0.contains_key(*u)).cloned().collect();
        let rare = wanted.iter().filter(|u| self.0.get(*u).is_some_and(|n| *n < 3)).count();
        let unit = if language == Language::Mandarin { "syllables" } else { "diphone classes" };
        Report {
            language,
            unit: unit.to_owned(),
            wanted: wanted.len(),
            found: wanted.len() - missing.len(),
            rare,
            missing,
        }
    }
}

/// Plain letters of a syllable's label (`háng`), if it is one.
fn base_of(label: &str) -> Option<String> {
    pinyin::parse(label).and_then(|(list, _)| list.first().map(|p| p.base.clone()))
}

/// Units of a text, in order: syllables of Mandarin, pairs of classes elsewhere.
pub fn units(utterance: &Utterance) -> Vec<String> {
    if utterance.language == Language::Mandarin {
        let syllables = utterance.words.iter().flat_map(|w| w.syllables());
        return syllables.filter_map(|s| base_of(&s.label)).collect();
    }
    let mut out = Vec::new();
    let mut before = SILENCE;
    for word in &utterance.words {
        if word.kind == WordKind::Break && before != SILENCE {
            out.push(format!("{before} → {SILENCE}"));
            before = SILENCE;
        }
        for phone in word.syllables().iter().flat_map(|s| &s.phones) {
            let class = class_of(&phone.symbol, phone.class);
            out.push(format!("{before} → {class}"));
            before = class;
        }
    }
    if before != SILENCE {
        out.push(format!("{before} → {SILENCE}"));
    }
    out
}

/// What is there and what is not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub language: Language,
    /// What is counted.
    pub unit: String,
    pub wanted: usize,
    pub found: usize,
    /// Found once or twice only.
    pub rare: usize,
    pub missing: Vec<String>,
}

impl Report {
    pub fn text(&self) -> String {
        let mut out = format!(
            "coverage     {}: {} of {} {}, {} of them once or twice\n",
            self.language.code(),
            self.found,
            self.wanted,
            self.unit,
            self.rare
        );
        if !self.missing.is_empty() {
            out.push_str(&format!("             missing: {}\n", self.missing.join(", ")));
        }
        out
    }
}
