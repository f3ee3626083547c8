//! One alphabet for all the sounds that are compared: the tokens of our three languages, espeak-ng's IPA and flite's
//! phone names all become [`Letter`]s with a manner, a place and a voice, between which a distance is defined.
//!
//! It also holds the other direction: how our phones are written for espeak-ng (its phoneme mnemonics) and for flite.

use crate::language::{Language, Phone};

/// How a sound is made. Order matters nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Manner {
    Stop,
    Affricate,
    Fricative,
    Nasal,
    Liquid,
    Glide,
    Vowel,
}

impl Manner {
    /// Vowels and glides: what a syllable's loudness peak is made of.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Vowel | Self::Glide)
    }
}

/// One sound as far as the comparison knows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Letter {
    pub manner: Manner,
    pub voiced: bool,
    /// Consonants: 0 lips … 1 throat. Vowels: 0 front … 1 back.
    pub place: f32,
    /// Vowels and glides: 0 open … 1 close. Unused elsewhere.
    pub height: f32,
    pub nasal: bool,
}

impl Letter {
    /// How unlike two sounds are: 0 the same, about 0.5 neighbours, 1.5 a vowel for a stop.
    pub fn distance(self, other: Self) -> f32 {
        use Manner::{Affricate, Fricative, Glide, Liquid, Nasal, Stop, Vowel};
        let place = (self.place - other.place).abs();
        let voice = if self.voiced == other.voiced { 0.0 } else { 0.15 };
        let manner = match (self.manner, other.manner) {
            (a, b) if a == b => 0.0,
            (Vowel, Glide) | (Glide, Vowel) => 0.25,
            (Affricate, Stop | Fricative) | (Stop | Fricative, Affricate) => 0.3,
            (Glide, Liquid) | (Liquid, Glide) => 0.35,
            (Nasal, Liquid) | (Liquid, Nasal) => 0.5,
            (Stop, Fricative) | (Fricative, Stop) => 0.5,
            (Fricative, Liquid) | (Liquid, Fricative) => 0.5,
            (Stop, Nasal) | (Nasal, Stop) => 0.6,
            (Vowel, Liquid) | (Liquid, Vowel) => 0.8,
            (Vowel, Nasal) | (Nasal, Vowel) => 1.0,
            (Vowel, _) | (_, Vowel) => 1.5,
            _ => 0.7,
        };
        let height =
            if self.manner.is_open() && other.manner.is_open() { (self.height - other.height).abs() } else { 0.0 };
        let nasal = if self.nasal == other.nasal { 0.0 } else { 0.1 };
        manner + 0.35 * place + voice + 0.3 * height + nasal
    }
}

const fn consonant(manner: Manner, voiced: bool, place: f32) -> Letter {
    Letter { manner, voiced, place, height: 0.0, nasal: matches!(manner, Manner::Nasal) }
}

const fn vowel(place: f32, height: f32) -> Letter {
    Letter { manner: Manner::Vowel, voiced: true, place, height, nasal: false }
}

const fn glide(place: f32) -> Letter {
    Letter { manner: Manner::Glide, voiced: true, place, height: 1.0, nasal: false }
}

/// The letter of one IPA base character, or `None` for marks and what is unknown.
fn letter_of(c: char) -> Option<Letter> {
    use Manner::{Fricative, Liquid, Nasal, Stop};
    Some(match c {
        'p' => consonant(Stop, false, 0.0),
        'b' => consonant(Stop, true, 0.0),
        't' | 'ʈ' => consonant(Stop, false, 0.4),
        'd' | 'ɖ' | 'ɾ' => consonant(Stop, true, 0.4),
        'c' => consonant(Stop, false, 0.65),
        'ɟ' => consonant(Stop, true, 0.65),
        'k' => consonant(Stop, false, 0.8),
        'ɡ' | 'g' => consonant(Stop, true, 0.8),
        'ʔ' => consonant(Stop, false, 1.0),
        'f' | 'ɸ' => consonant(Fricative, false, 0.1),
        'v' | 'β' => consonant(Fricative, true, 0.1),
        'θ' => consonant(Fricative, false, 0.25),
        'ð' => consonant(Fricative, true, 0.25),
        's' => consonant(Fricative, false, 0.4),
        'z' => consonant(Fricative, true, 0.4),
        'ʃ' | 'ʂ' | 'ɕ' => consonant(Fricative, false, 0.55),
        'ʒ' | 'ʐ' | 'ʑ' => consonant(Fricative, true, 0.55),
        'ç' => consonant(Fricative, false, 0.65),
        'x' | 'χ' | 'h' | 'ħ' => consonant(Fricative, false, 0.9),
        'ɣ' | 'ɦ' => consonant(Fricative, true, 0.9),
        'ʍ' => consonant(Fricative, false, 0.8),
        'm' => consonant(Nasal, true, 0.0),
        'n' => consonant(Nasal, true, 0.4),
        'ɲ' => consonant(Nasal, true, 0.65),
        'ŋ' => consonant(Nasal, true, 0.8),
        'l' | 'ɫ' | 'ɭ' | 'ʎ' => consonant(Liquid, true, 0.4),
        'r' | 'ɹ' | 'ɻ' | 'ɽ' | 'ʁ' | 'ʀ' => consonant(Liquid, true, 0.6),
        'j' | 'ʲ' => glide(0.0),
        'ɥ' => glide(0.3),
        'w' | 'ʷ' => glide(1.0),
        'i' | 'ɨ' => vowel(0.0, 1.0),
        'y' => vowel(0.2, 1.0),
        'ɪ' | 'ʏ' => vowel(0.1, 0.85),
        'e' => vowel(0.1, 0.65),
        'ø' => vowel(0.3, 0.65),
        'ɛ' => vowel(0.15, 0.4),
        'œ' => vowel(0.35, 0.4),
        'æ' => vowel(0.2, 0.15),
        'a' => vowel(0.4, 0.0),
        'ə' | 'ɜ' | 'ɚ' | 'ɝ' | 'ɐ' | 'ɤ' | 'ʌ' => vowel(0.55, 0.45),
        'ɑ' | 'ɒ' => vowel(0.8, 0.0),
        'ɔ' => vowel(0.9, 0.35),
        'o' => vowel(0.95, 0.65),
        'ʊ' => vowel(0.9, 0.85),
        'u' | 'ɯ' => vowel(1.0, 1.0),
        _ => return None,
    })
}

/// IPA (ours or espeak-ng's event names) as letters: affricates are one, diphthongs two, marks are read or skipped.
pub fn letters_of_ipa(ipa: &str) -> Vec<Letter> {
    let mut out: Vec<Letter> = Vec::new();
    let mut before = '\0';
    for c in ipa.chars() {
        let previous = out.last_mut();
        match (previous, c) {
            // The nasal mark belongs to the vowel before it.
            (Some(last), '\u{303}') => last.nasal = true,
            // t + s and the like are one affricate.
            (Some(last), 's' | 'ʃ' | 'ʂ' | 'ɕ' | 'z' | 'ʒ' | 'ʑ' | 'ʐ')
                if last.manner == Manner::Stop && matches!(before, 't' | 'd' | 'ʈ' | 'ɖ') =>
            {
                last.manner = Manner::Affricate;
                last.place = letter_of(c).map_or(last.place, |l| l.place);
            }
            // h after a stop is its breath, not a sound of its own.
            (Some(last), 'h' | 'ʰ') if matches!(last.manner, Manner::Stop | Manner::Affricate) => {}
            _ => {
                if let Some(letter) = letter_of(c) {
                    out.push(letter);
                }
            }
        }
        // Marks between the two halves of an affricate do not part them.
        if letter_of(c).is_some() {
            before = c;
        }
    }
    out
}

/// One of our phones as letters; never empty.
pub fn letters_of_phone(phone: &Phone, language: Language) -> Vec<Letter> {
    let ipa = match language {
        Language::Mandarin => match phone.symbol.as_str() {
            "b" => "p",
            "d" => "t",
            "g" => "k",
            "h" => "x",
            "j" | "q" => "tɕ",
            "x" => "ɕ",
            "zh" | "ch" => "tʂ",
            "sh" => "ʂ",
            "r" => "ʐ",
            "z" | "c" => "ts",
            "y" => "j",
            "yu" => "ɥ",
            "e" => "ɤ",
            "er" => "ɚ",
            "ao" => "au",
            "en" => "ən",
            "ang" => "ɑŋ",
            "eng" => "əŋ",
            "ong" => "uŋ",
            "v" => "y",
            other => other,
        },
        _ => phone.symbol.as_str(),
    };
    let letters = letters_of_ipa(ipa);
    if letters.is_empty() {
        // Unknown symbols (from a user) still take their time.
        return vec![match phone.class {
            crate::language::PhoneClass::Vowel => vowel(0.5, 0.5),
            crate::language::PhoneClass::Consonant => consonant(Manner::Fricative, false, 0.4),
        }];
    }
    letters
}

/// How a French or English phone is written for espeak-ng between `[[` and `]]`.
pub fn mnemonic(phone: &Phone, language: Language) -> Option<&'static str> {
    let symbol = phone.symbol.as_str();
    Some(match language {
        Language::Mandarin => return None,
        Language::French => match symbol {
            "p" => "p",
            "b" => "b",
            "t" => "t",
            "d" => "d",
            "k" => "k",
            "g" | "ɡ" => "g",
            "f" => "f",
            "v" => "v",
            "s" => "s",
            "z" => "z",
            "ʃ" => "S",
            "ʒ" => "Z",
            "m" => "m",
            "n" => "n",
            "ɲ" => "n^",
            "ŋ" => "N",
            "l" => "l",
            "ʁ" | "r" => "r",
            "j" => "j",
            "w" => "w",
            "ɥ" => "y",
            "i" => "i",
            "e" => "e",
            "ɛ" => "E",
            "a" => "a",
            "ɑ" => "a:",
            "o" => "o",
            "ɔ" => "O",
            "u" => "u",
            "y" => "y",
            "ø" => "Y",
            "œ" => "W",
            "ə" => "@",
            "ɑ̃" => "A~",
            "ɔ̃" => "O~",
            "ɛ̃" => "E~",
            "œ̃" => "W~",
            _ => return None,
        },
        Language::AmericanEnglish => match symbol {
            "p" => "p",
            "b" => "b",
            "t" => "t",
            "d" => "d",
            "k" => "k",
            "g" | "ɡ" => "g",
            "f" => "f",
            "v" => "v",
            "θ" => "T",
            "ð" => "D",
            "s" => "s",
            "z" => "z",
            "ʃ" => "S",
            "ʒ" => "Z",
            "h" => "h",
            "m" => "m",
            "n" => "n",
            "ŋ" => "N",
            "l" => "l",
            "r" | "ɹ" => "r",
            "w" | "ʍ" => "w",
            "j" => "j",
            "tʃ" => "tS",
            "dʒ" => "dZ",
            "i" => "i:",
            "ɪ" => "I",
            "ɛ" => "E",
            "æ" => "a",
            "ɑ" => "A:",
            "ɔ" => "O:",
            "ʊ" => "U",
            "u" => "u:",
            "ʌ" => "V",
            "ə" => "@",
            "ɝ" => "3:",
            "ɚ" => "3",
            "oʊ" => "oU",
            "eɪ" => "eI",
            "aɪ" => "aI",
            "aʊ" => "aU",
            "ɔɪ" => "OI",
            _ => return None,
        },
    })
}

/// The pairs of our English symbols and flite's phone names. The first name of a symbol is the one to write.
const FLITE: &[(&str, &str)] = &[
    ("p", "p"),
    ("b", "b"),
    ("t", "t"),
    ("d", "d"),
    ("k", "k"),
    ("g", "g"),
    ("f", "f"),
    ("v", "v"),
    ("θ", "th"),
    ("ð", "dh"),
    ("s", "s"),
    ("z", "z"),
    ("ʃ", "sh"),
    ("ʒ", "zh"),
    ("h", "hh"),
    ("m", "m"),
    ("n", "n"),
    ("ŋ", "ng"),
    ("l", "l"),
    ("r", "r"),
    ("w", "w"),
    ("ʍ", "w"),
    ("j", "y"),
    ("tʃ", "ch"),
    ("dʒ", "jh"),
    ("i", "iy"),
    ("ɪ", "ih"),
    ("ɛ", "eh"),
    ("æ", "ae"),
    ("ɑ", "aa"),
    ("ɔ", "ao"),
    ("ʊ", "uh"),
    ("u", "uw"),
    ("ʌ", "ah"),
    ("ə", "ax"),
    ("ɝ", "er"),
    ("ɚ", "er"),
    ("oʊ", "ow"),
    ("eɪ", "ey"),
    ("aɪ", "ay"),
    ("aʊ", "aw"),
    ("ɔɪ", "oy"),
];

/// flite's name of one of our English phones.
pub fn flite_name(symbol: &str) -> Option<&'static str> {
    FLITE.iter().find(|(ours, _)| *ours == symbol).map(|(_, name)| *name)
}

/// The IPA of one of flite's phones; `None` for a pause.
pub fn ipa_of_flite(name: &str) -> Option<&'static str> {
    match name {
        "ax" => Some("ə"),
        "axr" => Some("ɚ"),
        "ix" => Some("ɪ"),
        "pau" | "ssil" | "h#" => None,
        _ => FLITE.iter().find(|(_, flite)| *flite == name).map(|(ours, _)| *ours),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::PhoneClass;

    fn phone(symbol: &str) -> Phone {
        Phone { symbol: symbol.into(), class: PhoneClass::Consonant }
    }

    #[test]
    fn every_symbol_of_the_languages_is_known() {
        let mandarin =
            "b p m f d t n l g k h j q x zh ch sh r z c s y w yu a o e er ai ei ao ou an en ang eng ong i u v";
        for s in mandarin.split(' ') {
            let letters = letters_of_phone(&phone(s), Language::Mandarin);
            let two = matches!(s, "ai" | "ei" | "ao" | "ou" | "an" | "en" | "ang" | "eng" | "ong");
            assert_eq!(letters.len(), if two { 2 } else { 1 }, "{s}");
        }
        let french = "p b t d k g f v s z ʃ ʒ m n ɲ ŋ l ʁ j w ɥ i e ɛ a ɑ ɔ o u y ø œ ə ɑ̃ ɔ̃ ɛ̃ œ̃";
        for s in french.split(' ') {
            assert_eq!(letters_of_phone(&phone(s), Language::French).len(), 1, "{s}");
            assert!(mnemonic(&phone(s), Language::French).is_some(), "{s}");
        }
        let english = "p b t d k g f v θ ð s z ʃ ʒ h m n ŋ l r ʍ w j tʃ dʒ i ɪ ɛ æ ɑ ɔ ʊ u ʌ ə ɝ ɚ oʊ eɪ aɪ aʊ ɔɪ";
        for s in english.split(' ') {
            let two = matches!(s, "oʊ" | "eɪ" | "aɪ" | "aʊ" | "ɔɪ");
            assert_eq!(letters_of_phone(&phone(s), Language::AmericanEnglish).len(), if two { 2 } else { 1 }, "{s}");
            assert!(mnemonic(&phone(s), Language::AmericanEnglish).is_some(), "{s}");
            assert!(flite_name(s).is_some(), "{s}");
        }
    }

    #[test]
    fn affricates_are_one_letter_and_breath_is_none() {
        assert_eq!(letters_of_ipa("ts.h").len(), 1);
        assert_eq!(letters_of_ipa("tʃ")[0].manner, Manner::Affricate);
        assert_eq!(letters_of_ipa("ua").len(), 2);
        assert!(letters_of_ipa("ɔ̃")[0].nasal);
        assert!(letters_of_ipa("").is_empty());
    }

    #[test]
    fn neighbours_are_nearer_than_strangers() {
        let l = |s: &str| letters_of_ipa(s)[0];
        assert!(l("p").distance(l("b")) < l("p").distance(l("s")));
        assert!(l("i").distance(l("e")) < l("i").distance(l("ɑ")));
        assert!(l("w").distance(l("u")) < l("w").distance(l("t")));
        assert!(l("t").distance(l("a")) > 1.2);
    }
}
