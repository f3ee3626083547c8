//! From dictionary sounds to the phones that are cued: ʍ, syllabic n and l, syllables with stress.

use super::lexicon::Arpa;
use crate::language::phonetics::{Sound, Stress, phone};
use crate::language::{Language, Phone, PhoneClass, Reading, ReadingSource, Syllable};

/// A phone on its way into a syllable.
#[derive(Clone, Debug, PartialEq)]
struct Piece {
    phone: Phone,
    stress: Stress,
    /// Makes a syllable: a vowel, or n or l that has taken the place of schwa and consonant.
    nucleus: bool,
    after_dot: bool,
}

/// The phones of a dictionary reading. `spelling` is the written word: a w written wh- is ʍ, which the chart's switch
/// then shows as it is set.
pub fn from_arpabet(sounds: &[Arpa], spelling: &str, syllabic_schwa: bool, source: ReadingSource) -> Reading {
    let mut pieces = Vec::with_capacity(sounds.len());
    let wh = spelling.matches("wh").count();
    let ws = sounds.iter().filter(|a| a.base == "W").count();
    let mut at = 0;
    while at < sounds.len() {
        let sound = sounds[at];
        if !syllabic_schwa && syllabic(sounds, at) {
            let consonant = sounds[at + 1];
            pieces.push(piece(consonant.symbol(), Stress::None, true));
            at += 2;
            continue;
        }
        let next = sounds.get(at + 1).map(|a| a.base);
        if sound.base == "HH" && next == Some("W") {
            pieces.push(piece("ʍ", Stress::None, false));
            at += 2;
            continue;
        }
        // `overwhelm`, `why`, `somewhat`: each w is one written wh, unless other w's (`awhile` has one) are there.
        let symbol = if sound.base == "W" && wh > 0 && ws <= wh { "ʍ" } else { sound.symbol() };
        pieces.push(piece(symbol, sound.stress, sound.is_vowel()));
        at += 1;
    }
    build(&pieces, source)
}

/// The phones of a transcription in IPA, X-SAMPA or ARPAbet, as they were written.
pub fn from_sounds(sounds: &[Sound], source: ReadingSource) -> Reading {
    let pieces: Vec<Piece> = sounds
        .iter()
        .map(|s| Piece {
            phone: s.phone.clone(),
            stress: s.stress,
            nucleus: s.phone.class == PhoneClass::Vowel,
            after_dot: s.after_dot,
        })
        .collect();
    build(&pieces, source)
}

fn piece(symbol: &str, stress: Stress, nucleus: bool) -> Piece {
    let phone = phone(symbol, Language::AmericanEnglish)
        .unwrap_or_else(|| Phone { symbol: symbol.to_owned(), class: PhoneClass::Consonant });
    Piece { phone, stress, nucleus, after_dot: false }
}

/// Whether the schwa at `at` and the n or l after it are one syllabic consonant.
///
/// After Merriam-Webster's practice: n after t, d, s, z that follow a stressed vowel (*listen*, *button*, *student*)
/// and after nt (*mountain*); l after t, d, n (*little*, *middle*, *final*); not before a vowel (*botany*).
fn syllabic(sounds: &[Arpa], at: usize) -> bool {
    let base = |i: Option<usize>| i.and_then(|i| sounds.get(i)).map_or("", |a| a.base);
    let (schwa, consonant) = (sounds[at], base(Some(at + 1)));
    if schwa.base != "AH" || schwa.stress != Stress::None || at == 0 {
        return false;
    }
    if sounds.get(at + 2).is_some_and(|a| a.is_vowel() || a.base == "Y") {
        return false;
    }
    let before = base(at.checked_sub(1));
    let earlier = base(at.checked_sub(2));
    match consonant {
        "N" => {
            let stressed = sounds[..at].iter().rev().find(|a| a.is_vowel()).is_some_and(|a| a.stress != Stress::None);
            let clear = at.checked_sub(2).is_some_and(|i| sounds[i].is_vowel()) || earlier == "R";
            stressed && matches!(before, "T" | "D" | "S" | "Z") && (clear || before == "T" && earlier == "N")
        }
        "L" => matches!(before, "T" | "D" | "N"),
        _ => false,
    }
}

/// Onsets of two and three consonants that English syllables have.
fn is_onset(cluster: &[&str]) -> bool {
    match cluster {
        [] => true,
        [one] => *one != "ŋ",
        ["s", "p" | "t" | "k" | "m" | "n" | "l" | "w" | "f"] => true,
        ["p" | "b" | "t" | "d" | "k" | "g" | "f" | "θ" | "ʃ", "r"] => true,
        ["p" | "b" | "k" | "g" | "f", "l"] => true,
        ["t" | "d" | "k" | "g" | "θ", "w"] => true,
        ["p" | "b" | "m" | "f" | "v" | "k" | "g" | "h" | "n" | "d" | "t", "j"] => true,
        ["s", "p", "r" | "l" | "j"] | ["s", "t", "r"] | ["s", "k", "r" | "w" | "j" | "l"] => true,
        _ => false,
    }
}

/// Splits phones into syllables with as many consonants before a vowel as English allows.
fn build(pieces: &[Piece], source: ReadingSource) -> Reading {
    let nuclei: Vec<usize> = (0..pieces.len()).filter(|i| pieces[*i].nucleus).collect();
    let mut starts = vec![0];
    for pair in nuclei.windows(2) {
        let (left, right) = (pair[0] + 1, pair[1]);
        let dot = (left..=right).find(|i| pieces[*i].after_dot);
        let start = dot.unwrap_or_else(|| {
            (left..=right)
                .find(|from| {
                    let cluster: Vec<&str> = pieces[*from..right].iter().map(|p| p.phone.symbol.as_str()).collect();
                    // A syllabic consonant takes one consonant at most.
                    is_onset(&cluster) && (pieces[right].phone.class == PhoneClass::Vowel || cluster.len() <= 1)
                })
                .unwrap_or(right)
        });
        starts.push(start);
    }
    starts.push(pieces.len());
    let mut syllables = Vec::new();
    let mut label = String::from("/");
    for bounds in starts.windows(2) {
        let part = &pieces[bounds[0]..bounds[1]];
        if part.is_empty() {
            continue;
        }
        let mut text = String::new();
        match part.iter().map(|p| p.stress).max().unwrap_or_default() {
            Stress::Primary => text.push('ˈ'),
            Stress::Secondary => text.push('ˌ'),
            Stress::None => {}
        }
        part.iter().for_each(|p| text.push_str(&p.phone.symbol));
        label.push_str(&text);
        syllables.push(Syllable {
            label: text,
            spelling: String::new(),
            phones: part.iter().map(|p| p.phone.clone()).collect(),
            tone: None,
        });
    }
    label.push('/');
    Reading { label, syllables, source }
}

#[cfg(test)]
mod tests {
    use super::super::lexicon::parse;
    use super::*;

    fn syllables(arpabet: &str, spelling: &str) -> String {
        let reading = from_arpabet(&parse(arpabet), spelling, false, ReadingSource::Lexicon);
        reading.syllables.iter().map(|s| s.label.as_str()).collect::<Vec<_>>().join(".")
    }

    #[test]
    fn syllables_take_what_english_allows_before_a_vowel() {
        for (arpabet, word, cut) in [
            ("K AH0 N F Y UW1 Z D", "confused", "kən.ˈfjuzd"),
            ("K AH0 M P L EY1 N T", "complaint", "kəm.ˈpleɪnt"),
            ("AH0 G EH1 N S T", "against", "ə.ˈgɛnst"),
            ("EH1 K S T R AH0", "extra", "ˈɛk.strə"),
            ("S IH1 NG IH0 NG", "singing", "ˈsɪŋ.ɪŋ"),
            ("W IH1 Z ER0 D", "wizard", "ˈwɪ.zɚd"),
        ] {
            assert_eq!(syllables(arpabet, word), cut);
        }
    }

    #[test]
    fn n_and_l_stand_without_schwa_where_they_are_syllabic() {
        for (arpabet, word, cut) in [
            ("L IH1 S AH0 N", "listen", "ˈlɪ.sn"),
            ("L IH1 T AH0 L", "little", "ˈlɪ.tl"),
            ("B AH1 T AH0 N", "button", "ˈbʌ.tn"),
            ("M AW1 N T AH0 N", "mountain", "ˈmaʊn.tn"),
            ("S T UW1 D AH0 N T", "student", "ˈstu.dnt"),
            ("D IH1 D AH0 N T", "didn't", "ˈdɪ.dnt"),
            ("B AA1 T AH0 N IY0", "botany", "ˈbɑ.tə.ni"),
            ("L AH1 N D AH0 N", "london", "ˈlʌn.dən"),
            ("OW1 SH AH0 N", "ocean", "ˈoʊ.ʃən"),
            ("T EY1 B AH0 L", "table", "ˈteɪ.bəl"),
            ("AE1 K S IH0 D AH0 N T", "accident", "ˈæk.sɪ.dənt"),
        ] {
            assert_eq!(syllables(arpabet, word), cut);
        }
        let with = from_arpabet(&parse("L IH1 S AH0 N"), "listen", true, ReadingSource::Lexicon);
        assert_eq!(with.label, "/ˈlɪsən/");
    }

    #[test]
    fn wh_is_its_own_sound() {
        assert_eq!(syllables("W IH1 CH", "which"), "ˈʍɪtʃ");
        assert_eq!(syllables("HH W AY1 T", "white"), "ˈʍaɪt");
        assert_eq!(syllables("HH UW1", "who"), "ˈhu");
        assert_eq!(syllables("W IH1 CH", "witch"), "ˈwɪtʃ");
        assert_eq!(syllables("S AH1 M W AH2 T", "somewhat"), "ˈsʌm.ˌʍʌt");
    }
}
