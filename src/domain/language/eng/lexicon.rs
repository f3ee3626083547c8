//! The CMU pronouncing dictionary.
//!
//! The dictionary is kept as the sorted, recoded text that `scripts/make_lexicons.py` writes (see there for the code);
//! it is unpacked once, and a word is found by binary search in the bytes, so that nothing has to be built first.
//! A small list of our own ([`EXTRA`]) goes before it: newer words, and words whose usual reading is not the first one
//! in the dictionary.

use std::collections::HashMap;
use std::io::Read;
use std::sync::LazyLock;

use crate::language::phonetics::{Stress, arpabet_symbol};

/// One sound of a dictionary reading: the ARPAbet name without digit, and the stress of a vowel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Arpa {
    pub base: &'static str,
    pub stress: Stress,
}

impl Arpa {
    pub fn is_vowel(self) -> bool {
        VOWELS.contains(&self.base)
    }

    /// The symbol of the charts.
    pub fn symbol(self) -> &'static str {
        arpabet_symbol(self.base, self.stress).unwrap_or("ə")
    }
}

/// One reading of a word.
pub type Reading = Vec<Arpa>;

const CONSONANTS: [&str; 24] = [
    "B", "CH", "D", "DH", "F", "G", "HH", "JH", "K", "L", "M", "N", "NG", "P", "R", "S", "SH", "T", "TH", "V", "W",
    "Y", "Z", "ZH",
];
pub(super) const VOWELS: [&str; 15] =
    ["AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"];

static DICTIONARY: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let packed = include_bytes!("../../../../assets/lexicons/eng.txt.gz");
    let mut text = Vec::with_capacity(2_500_000);
    // The bytes are part of the program; the tests read all of them.
    let _ = flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut text);
    text
});

static EXTRA: LazyLock<HashMap<&'static str, Vec<Reading>>> = LazyLock::new(|| {
    let mut words: HashMap<&'static str, Vec<Reading>> = HashMap::new();
    for line in include_str!("../../../../assets/lexicons/eng-extra.txt").lines() {
        let line = line.split('#').next().unwrap_or("").trim();
        if let Some((word, reading)) = line.split_once(' ') {
            words.entry(word).or_default().push(parse(reading));
        }
    }
    words
});

/// Readings written in ARPAbet inside this program; a sound that does not exist is left out, which the tests catch.
pub fn parse(arpabet: &str) -> Reading {
    arpabet
        .split_whitespace()
        .filter_map(|token| {
            let base = token.trim_end_matches(|c: char| c.is_ascii_digit());
            let stress = match &token[base.len()..] {
                "1" => Stress::Primary,
                "2" => Stress::Secondary,
                _ => Stress::None,
            };
            let base = CONSONANTS.iter().chain(&VOWELS).find(|b| **b == base)?;
            Some(Arpa { base, stress })
        })
        .collect()
}

fn decode(code: &[u8]) -> Reading {
    let mut reading = Reading::with_capacity(code.len());
    for byte in code {
        match byte {
            b'a'..=b'x' => {
                reading.push(Arpa { base: CONSONANTS[usize::from(byte - b'a')], stress: Stress::None });
            }
            b'A'..=b'O' => reading.push(Arpa { base: VOWELS[usize::from(byte - b'A')], stress: Stress::None }),
            digit => {
                if let Some(last) = reading.last_mut() {
                    last.stress = match digit {
                        b'1' => Stress::Primary,
                        b'2' => Stress::Secondary,
                        _ => Stress::None,
                    };
                }
            }
        }
    }
    reading
}

/// The line of the dictionary that begins at or before `at`.
fn line_at(text: &[u8], at: usize) -> (usize, usize) {
    let start = text[..at].iter().rposition(|b| *b == b'\n').map_or(0, |p| p + 1);
    let end = text[at..].iter().position(|b| *b == b'\n').map_or(text.len(), |p| at + p);
    (start, end)
}

/// Readings of a word in small letters as the dictionary has them, best first; empty when it has none.
pub fn lookup(word: &str) -> Vec<Reading> {
    if let Some(readings) = EXTRA.get(word) {
        return readings.clone();
    }
    dictionary(word)
}

/// Readings from CMUdict alone.
pub fn dictionary(word: &str) -> Vec<Reading> {
    let text: &[u8] = &DICTIONARY;
    let (mut low, mut high) = (0, text.len());
    while low < high {
        let (start, end) = line_at(text, low + (high - low) / 2);
        let mut fields = text[start..end].split(|b| *b == b'\t');
        match fields.next().unwrap_or_default().cmp(word.as_bytes()) {
            std::cmp::Ordering::Equal => return fields.map(decode).collect(),
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    Vec::new()
}

/// Whether the lexicon has the word itself.
pub fn has(word: &str) -> bool {
    !lookup(word).is_empty()
}

#[cfg(test)]
pub(in crate::language::eng) mod tests {
    use super::*;

    pub(in crate::language::eng) fn arpabet(reading: &Reading) -> String {
        reading
            .iter()
            .map(|a| {
                if a.is_vowel() {
                    format!(
                        "{}{}",
                        a.base,
                        match a.stress {
                            Stress::None => 0,
                            Stress::Primary => 1,
                            Stress::Secondary => 2,
                        }
                    )
                } else {
                    a.base.to_owned()
                }
            })
            .collect::<Vec<_>>()
            .join(" ")
    }

    pub(in crate::language::eng) fn first(readings: &[Reading]) -> String {
        readings.first().map(arpabet).unwrap_or_default()
    }

    #[test]
    fn the_dictionary_is_whole_and_sorted() {
        let text: &[u8] = &DICTIONARY;
        let lines: Vec<&[u8]> = text.split(|b| *b == b'\n').filter(|l| !l.is_empty()).collect();
        assert!(lines.len() > 120_000, "{}", lines.len());
        let words: Vec<&[u8]> = lines.iter().map(|l| l.split(|b| *b == b'\t').next().unwrap()).collect();
        assert!(words.is_sorted());
        for (line, word) in lines.iter().zip(&words).step_by(997) {
            let found = dictionary(std::str::from_utf8(word).unwrap());
            assert_eq!(found.len(), line.iter().filter(|b| **b == b'\t').count());
        }
        assert!(lookup("zzzzzz").is_empty() && lookup("").is_empty() && lookup("\u{10FFFF}").is_empty());
        assert!(!lookup(std::str::from_utf8(words[0]).unwrap()).is_empty());
        assert!(!lookup(std::str::from_utf8(words[words.len() - 1]).unwrap()).is_empty());
    }

    #[test]
    fn our_own_words_are_written_in_arpabet() {
        for line in include_str!("../../../../assets/lexicons/eng-extra.txt").lines() {
            let line = line.split('#').next().unwrap().trim();
            let Some((word, reading)) = line.split_once(' ') else {
                assert!(line.is_empty(), "{line}");
                continue;
            };
            assert_eq!(arpabet(&parse(reading)), reading.trim(), "{word}");
        }
    }

    #[test]
    fn words_have_the_readings_of_the_dictionary() {
        assert_eq!(first(&lookup("wizard")), "W IH1 Z ER0 D");
        assert_eq!(first(&lookup("confused")), "K AH0 N F Y UW1 Z D");
        assert_eq!(first(&lookup("don't")), "D OW1 N T");
    }
}
