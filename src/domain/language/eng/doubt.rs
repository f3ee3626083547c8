//! Other customary readings of words that the dictionary knows one way only.
//!
//! A key is flagged where its word has a second reading with other cues. Where good dictionaries differ, in weak
//! vowels above all, the second reading is made here, so that the user's eye is led there; first stays what the
//! dictionary says.

use super::lexicon::{Arpa, Reading};
use crate::language::phonetics::Stress;

/// Ends of words whose last vowel is that of *it* for some and schwa for others.
const ENDS: [&str; 22] = [
    "it", "its", "id", "ids", "in", "ins", "ine", "ined", "is", "ice", "iced", "ices", "ise", "et", "ets", "eted",
    "est", "ite", "ites", "ib", "im", "elt",
];

/// Another way to say a word; `None` for most words, which are said one way.
pub fn other(sounds: &Reading, spelling: &str) -> Option<Reading> {
    final_vowel(sounds, spelling).or_else(|| r_between(sounds, spelling)).or_else(|| first_vowel(sounds, spelling))
}

fn weak(sound: Arpa, base: &str) -> bool {
    sound.base == base && sound.stress == Stress::None
}

/// *limit*, *service*, *market*: ə or ɪ.
fn final_vowel(sounds: &Reading, spelling: &str) -> Option<Reading> {
    let at = sounds.iter().rposition(|a| a.is_vowel())?;
    let earlier = sounds[..at].iter().any(|a| a.is_vowel());
    if !earlier || at + 1 == sounds.len() || !ENDS.iter().any(|e| spelling.ends_with(e)) {
        return None;
    }
    let instead = if weak(sounds[at], "AH") {
        "IH"
    } else if weak(sounds[at], "IH") {
        "AH"
    } else {
        return None;
    };
    let mut other = sounds.clone();
    other[at].base = instead;
    Some(other)
}

/// *operation*, *memory*, *separate*: the r with the vowel before it or after it.
fn r_between(sounds: &Reading, spelling: &str) -> Option<Reading> {
    if spelling.ends_with("ing") {
        return None;
    }
    let before_vowel = |i: usize| sounds.get(i + 1).is_some_and(|n| matches!(n.base, "EY" | "AH" | "IY" | "IH"));
    if let Some(at) = (1..sounds.len()).find(|i| weak(sounds[*i], "ER") && before_vowel(*i)) {
        let mut other = sounds.clone();
        other[at].base = "AH";
        other.insert(at + 1, Arpa { base: "R", stress: Stress::None });
        return Some(other);
    }
    // What was set apart before a stressed vowel (`careful`): *separate*.
    let at = (2..sounds.len().saturating_sub(2)).find(|i| {
        weak(sounds[*i], "AH")
            && sounds[*i + 1].base == "R"
            && sounds[*i + 2].base == "EY"
            && sounds[..*i].iter().any(|a| a.is_vowel())
    })?;
    let mut other = sounds.clone();
    other[at].base = "ER";
    other.remove(at + 1);
    Some(other)
}

/// *Chicago*, *divide*, *select*: a first vowel written e or i that the dictionary has as schwa.
fn first_vowel(sounds: &Reading, spelling: &str) -> Option<Reading> {
    let at = sounds.iter().position(|a| a.is_vowel())?;
    let letter = spelling.chars().find(|c| "aeiouy".contains(*c))?;
    let nasal = sounds.get(at + 1).is_some_and(|n| matches!(n.base, "R" | "L"));
    let stressed_next = sounds[at + 1..].iter().find(|a| a.is_vowel()).is_some_and(|a| a.stress != Stress::None);
    if !weak(sounds[at], "AH") || nasal || !stressed_next || !matches!(letter, 'e' | 'i') {
        return None;
    }
    let mut other = sounds.clone();
    other[at].base = "IH";
    Some(other)
}

/// A syllabic n or l that other dictionaries write with a schwa: *thousand*, *reason*, *final*.
pub fn with_schwa(sounds: &Reading) -> bool {
    sounds.windows(3).any(|w| {
        weak(w[1], "AH") && (matches!(w[0].base, "S" | "Z") && w[2].base == "N" || w[0].base == "N" && w[2].base == "L")
    })
}

#[cfg(test)]
mod tests {
    use super::super::lexicon::{parse, tests::arpabet};
    use super::*;

    #[test]
    fn where_dictionaries_differ_there_is_a_second_reading() {
        for (word, first, second) in [
            ("limit", "L IH1 M AH0 T", Some("L IH1 M IH0 T")),
            ("office", "AO1 F IH0 S", Some("AO1 F AH0 S")),
            ("chicago", "SH AH0 K AA1 G OW0", Some("SH IH0 K AA1 G OW0")),
            ("memory", "M EH1 M ER0 IY0", Some("M EH1 M AH0 R IY0")),
            ("separate", "S EH1 P AH0 R EY2 T", Some("S EH1 P ER0 EY2 T")),
            ("it", "IH1 T", None),
            ("sofa", "S OW1 F AH0", None),
            ("around", "AH0 R AW1 N D", None),
            ("entering", "EH1 N T ER0 IH0 NG", None),
            ("begin", "B IH0 G IH1 N", None),
        ] {
            let found = other(&parse(first), word).map(|r| arpabet(&r));
            assert_eq!(found.as_deref(), second, "{word}");
        }
        assert!(with_schwa(&parse("TH AW1 Z AH0 N D")) && !with_schwa(&parse("B AH1 T AH0 N")));
    }
}
