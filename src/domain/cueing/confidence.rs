//! How sure the program is of a key, and in words why not.
//!
//! A key is as sure as the reading of its word and the place of its sounds in the recording; the two are judged apart
//! and multiplied. That the hand is too fast or late ([`KeyFlag::TooFast`], [`KeyFlag::Late`]) is no doubt but a fact,
//! and does not count here. The numbers are set by hand so that exactly what is flagged falls below [`LOW`]; they order
//! keys for the user's eye and are no measured probabilities.

use super::{Key, KeyFlag};
use crate::language::{ReadingSource, Utterance};

/// Below this a key is unsure, and a reason is given.
pub const LOW: f64 = 0.7;
/// The word has another reading with other keys, and nobody has chosen yet.
const AMBIGUOUS: f64 = 0.6;
/// The same, but another than our first reading was chosen.
const CHOSEN: f64 = 0.9;
/// The synthesiser guessed the reading.
const GUESSED: f64 = 0.5;
/// The reading was made by rule from what the lexicon holds (endings, compounds, letters by name).
const BY_RULE: f64 = 0.95;
/// Times from loudness alone.
const BY_ENERGY: f64 = 0.65;
/// The alignment is unsure, by how much is not known.
const UNSURE: f64 = 0.6;
/// An alignment confidence `a` counts `a + LIFT`, at most 1: 0.35, from where keys are flagged, gives 0.65.
const LIFT: f64 = 0.3;

/// What is known of a key.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evidence<'a> {
    /// Flags of the key, those of its timing among them.
    pub flags: &'a [KeyFlag],
    /// The least sure source of the readings that the key's sounds come from.
    pub source: Option<ReadingSource>,
    /// Rank of the chosen reading among those of its word, 0 the best.
    pub rank: usize,
    /// Least confidence of the key's sounds in the alignment, 0 to 1; `None` without a recording.
    pub alignment: Option<f32>,
}

/// Why a key is unsure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    Ambiguous,
    Guessed,
    ByRule,
    Alignment,
    Energy,
}

impl Doubt {
    /// One sentence in English.
    pub fn words(self) -> &'static str {
        match self {
            Self::Ambiguous => "The word can be read another way, with other keys.",
            Self::Guessed => "No dictionary holds this word; its sounds were guessed.",
            Self::ByRule => "No dictionary holds this word; its sounds were put together by rule.",
            Self::Alignment => "The alignment is unsure where this sounds.",
            Self::Energy => "Times come from loudness alone.",
        }
    }
}

/// How sure a key is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Confidence {
    /// 0 to 1.
    pub value: f64,
    /// The gravest doubt, where `value` is below [`LOW`].
    pub doubt: Option<Doubt>,
}

impl Confidence {
    /// The reason in words, where the key is unsure.
    pub fn reason(&self) -> Option<&'static str> {
        self.doubt.map(Doubt::words)
    }
}

/// Judges a key.
pub fn judge(evidence: &Evidence) -> Confidence {
    let has = |flag| evidence.flags.contains(&flag);
    let ambiguous = match evidence.rank {
        _ if !has(KeyFlag::AmbiguousReading) || evidence.source == Some(ReadingSource::User) => 1.0,
        0 => AMBIGUOUS,
        _ => CHOSEN,
    };
    let guessed = has(KeyFlag::GuessedReading) || evidence.source == Some(ReadingSource::Synthesiser);
    let by_rule = evidence.source == Some(ReadingSource::Rules);
    let alignment = match evidence.alignment {
        Some(a) if a.is_finite() => (f64::from(a.clamp(0.0, 1.0)) + LIFT).min(1.0),
        _ if has(KeyFlag::LowConfidence) => UNSURE,
        _ => 1.0,
    };
    let factors = [
        (Doubt::Guessed, if guessed { GUESSED } else { 1.0 }),
        (Doubt::Ambiguous, ambiguous),
        (Doubt::ByRule, if by_rule { BY_RULE } else { 1.0 }),
        (Doubt::Alignment, alignment),
        (Doubt::Energy, if has(KeyFlag::EnergyTiming) { BY_ENERGY } else { 1.0 }),
    ];
    let value = factors.iter().map(|(_, f)| f).product::<f64>();
    let gravest = factors.iter().min_by(|a, b| a.1.total_cmp(&b.1));
    Confidence { value, doubt: gravest.filter(|_| value < LOW).map(|(d, _)| *d) }
}

/// Judges the keys of an utterance. `alignment` holds the confidence of each of its sounds, 0 to 1, or nothing where
/// there is no recording.
pub fn of_keys(utterance: &Utterance, keys: &[Key], alignment: &[f32]) -> Vec<Confidence> {
    let words: Vec<usize> = utterance.phones().map(|p| p.word).collect();
    let judge_key = |key: &Key| {
        let readings = words.get(key.phones.clone()).unwrap_or_default().iter().filter_map(|w| {
            let word = utterance.words.get(*w)?;
            Some((word.readings.get(word.chosen)?.source, word.chosen))
        });
        // The least sure of both words where a consonant is shown with the next word's vowel.
        let worst = readings.min_by_key(|(source, rank)| (sureness(*source), *rank));
        let sure = alignment.get(key.phones.clone()).unwrap_or_default().iter().copied().min_by(f32::total_cmp);
        judge(&Evidence {
            flags: &key.flags,
            source: worst.map(|(source, _)| source),
            rank: worst.map_or(0, |(_, rank)| rank),
            alignment: sure,
        })
    };
    keys.iter().map(judge_key).collect()
}

/// Sources from the least to the most sure.
fn sureness(source: ReadingSource) -> u8 {
    match source {
        ReadingSource::Synthesiser => 0,
        ReadingSource::Rules => 1,
        ReadingSource::Lexicon => 2,
        ReadingSource::User => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cueing::chart::{Chart, ChartSwitches};
    use crate::cueing::what;
    use crate::language::{self, Language, ReadingOptions};

    #[test]
    fn each_doubt_is_told_and_the_gravest_first() {
        use KeyFlag::*;
        use ReadingSource::*;
        type Case<'a> = (&'a [KeyFlag], ReadingSource, usize, Option<f32>, f64, Option<Doubt>);
        let cases: [Case; 13] = [
            (&[], Lexicon, 0, None, 1.0, None),
            (&[], User, 0, Some(0.9), 1.0, None),
            (&[Liaison, TooFast, Late], Lexicon, 0, None, 1.0, None),
            (&[], Rules, 0, None, 0.95, None),
            (&[AmbiguousReading], Lexicon, 0, None, 0.6, Some(Doubt::Ambiguous)),
            (&[AmbiguousReading], Lexicon, 1, None, 0.9, None),
            (&[AmbiguousReading], User, 0, None, 1.0, None),
            (&[GuessedReading], Synthesiser, 0, None, 0.5, Some(Doubt::Guessed)),
            (&[GuessedReading, AmbiguousReading], Synthesiser, 0, None, 0.3, Some(Doubt::Guessed)),
            (&[], Lexicon, 0, Some(0.5), 0.8, None),
            (&[LowConfidence], Lexicon, 0, Some(0.2), 0.5, Some(Doubt::Alignment)),
            (&[LowConfidence], Lexicon, 0, None, 0.6, Some(Doubt::Alignment)),
            (&[EnergyTiming], Lexicon, 0, Some(1.0), 0.65, Some(Doubt::Energy)),
        ];
        for (flags, source, rank, alignment, value, doubt) in cases {
            let found = judge(&Evidence { flags, source: Some(source), rank, alignment });
            assert!((found.value - value).abs() < 1e-6, "{flags:?} {source:?} {found:?}");
            assert_eq!(found.doubt, doubt, "{flags:?} {source:?}");
            assert_eq!(found.reason().is_some(), found.value < LOW);
        }
        for a in [f32::NAN, f32::INFINITY, -3.0, 7.0] {
            let value = judge(&Evidence { alignment: Some(a), ..Evidence::default() }).value;
            assert!((0.0..=1.0).contains(&value), "{a}: {value}");
        }
    }

    #[test]
    fn what_is_flagged_in_a_text_is_low_and_nothing_else() {
        let utterance = language::read("I read it.", Language::AmericanEnglish, &ReadingOptions::default(), None);
        let chart = Chart::builtin(Language::AmericanEnglish);
        let keys = what::keys(&utterance, chart, &ChartSwitches::default());
        let found = of_keys(&utterance, &keys, &[]);
        assert_eq!(found.len(), keys.len());
        assert!(keys.iter().any(|k| k.flags.contains(&KeyFlag::AmbiguousReading)));
        for (key, confidence) in keys.iter().zip(&found) {
            assert_eq!(confidence.value < LOW, key.flags.contains(&KeyFlag::AmbiguousReading), "{key:?}");
        }
        let mut sounds = vec![1.0; utterance.phones().count()];
        sounds[0] = 0.1;
        let first = of_keys(&utterance, &keys, &sounds)[0];
        assert_eq!(first.doubt, Some(Doubt::Alignment));
    }
}
