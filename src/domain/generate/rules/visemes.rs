//! What the mouth aims at in each phone of each language.
//!
//! Values come from the phonetic description of the sounds (height, rounding and spreading of vowels; place of
//! consonants), on scales of this program: see [`Mouth`]. How strongly a consonant insists follows Cohen & Massaro
//! 1993: lips and teeth insist, tongue and throat let the vowels through.

use crate::language::{Language, PhoneClass};

/// A posture of the mouth. All 0 is the closed mouth of the picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Mouth {
    /// Parting of lips and jaw, 0-1 (1: the [a] of careful speech).
    pub open: f32,
    /// Corners drawn apart, 0-1.
    pub spread: f32,
    /// Lips rounded and pushed forward, 0-1.
    pub round: f32,
    /// Upper lip raised and lower lip lowered so that teeth show, 0-1.
    pub bare: f32,
}

/// How strongly a phone insists on each value, 0-1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Insistence {
    pub open: f32,
    pub spread: f32,
    pub round: f32,
}

/// A closure that no neighbour may open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seal {
    /// Lip on lip: p, b, m.
    Lips,
    /// Lower lip on upper teeth: f, v.
    Teeth,
}

/// What a phone asks of the mouth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Viseme {
    /// The posture, and for a diphthong the posture that it ends in.
    pub mouth: Mouth,
    pub then: Option<Mouth>,
    pub insistence: Insistence,
    pub seal: Option<Seal>,
}

const VOWEL: Insistence = Insistence { open: 1.0, spread: 1.0, round: 1.0 };
/// Tongue tip: jaw rather high, lips free.
const TONGUE: Insistence = Insistence { open: 0.55, spread: 0.12, round: 0.12 };
/// Back of the tongue and throat: nearly everything is free.
const BACK: Insistence = Insistence { open: 0.35, spread: 0.08, round: 0.08 };
/// Hissing needs the teeth together.
const HISS: Insistence = Insistence { open: 0.85, spread: 0.35, round: 0.3 };
/// Rounded consonants and glides.
const ROUNDED: Insistence = Insistence { open: 0.75, spread: 0.8, round: 0.9 };
const SPREAD: Insistence = Insistence { open: 0.7, spread: 0.7, round: 0.7 };
const SEALED: Insistence = Insistence { open: 0.8, spread: 0.15, round: 0.15 };

fn mouth(open: f32, spread: f32, round: f32) -> Mouth {
    Mouth { open, spread, round, bare: 0.0 }
}

fn vowel(open: f32, spread: f32, round: f32) -> Viseme {
    Viseme { mouth: mouth(open, spread, round), then: None, insistence: VOWEL, seal: None }
}

fn glide(from: Mouth, to: Mouth) -> Viseme {
    Viseme { mouth: from, then: Some(to), insistence: VOWEL, seal: None }
}

fn consonant(open: f32, spread: f32, round: f32, insistence: Insistence) -> Viseme {
    Viseme { mouth: mouth(open, spread, round), then: None, insistence, seal: None }
}

fn bared(mut viseme: Viseme, bare: f32) -> Viseme {
    viseme.mouth.bare = bare;
    viseme
}

fn sealed(seal: Seal) -> Viseme {
    Viseme { seal: Some(seal), ..consonant(0.0, 0.0, 0.0, SEALED) }
}

/// The viseme of a phone after another one (`None`: at the beginning). In Mandarin the letter of a final tells only
/// together with what stands before it how it sounds: the i of "shi" is no i, the en of "yin" and of "yun" no e.
pub(super) fn viseme_after(before: Option<&str>, language: Language, symbol: &str, class: PhoneClass) -> Viseme {
    let own = before.filter(|_| language == Language::Mandarin).and_then(|before| mandarin_after(before, symbol));
    own.unwrap_or_else(|| viseme(language, symbol, class))
}

/// The viseme of a phone; symbols that are not known get the mean of their class.
pub(super) fn viseme(language: Language, symbol: &str, class: PhoneClass) -> Viseme {
    let own = match language {
        Language::Mandarin => mandarin(symbol),
        Language::French => french(symbol),
        Language::AmericanEnglish => english(symbol),
    };
    own.or_else(|| shared(symbol)).unwrap_or(match class {
        PhoneClass::Vowel => vowel(0.45, 0.1, 0.0),
        PhoneClass::Consonant => consonant(0.22, 0.0, 0.0, BACK),
    })
}

/// Symbols that sound alike in the languages that use them, Mandarin included.
fn shared(symbol: &str) -> Option<Viseme> {
    Some(match symbol {
        "p" | "b" | "m" => sealed(Seal::Lips),
        "f" | "v" => sealed(Seal::Teeth),
        "t" | "d" | "n" | "l" | "ɾ" => consonant(0.22, 0.1, 0.0, TONGUE),
        "s" | "z" => bared(consonant(0.12, 0.35, 0.0, HISS), 0.45),
        "ʃ" | "ʒ" | "tʃ" | "dʒ" => bared(consonant(0.17, 0.0, 0.6, ROUNDED), 0.55),
        "k" | "g" | "ɡ" | "ŋ" | "x" => consonant(0.28, 0.05, 0.0, BACK),
        "ʁ" | "h" => consonant(0.34, 0.0, 0.0, BACK),
        "w" | "ʍ" => consonant(0.17, 0.0, 1.0, ROUNDED),
        "j" => consonant(0.16, 0.65, 0.0, SPREAD),
        "ɥ" => consonant(0.18, 0.0, 0.95, ROUNDED),
        "ɲ" => consonant(0.18, 0.4, 0.0, TONGUE),
        "θ" | "ð" => bared(consonant(0.24, 0.15, 0.0, HISS), 0.2),
        "i" => vowel(0.19, 0.95, 0.0),
        "u" => vowel(0.25, 0.0, 1.0),
        "y" => vowel(0.21, 0.0, 0.95),
        "e" => vowel(0.38, 0.6, 0.0),
        "ɛ" => vowel(0.62, 0.4, 0.0),
        "a" => vowel(0.95, 0.2, 0.0),
        "ɑ" => vowel(1.0, 0.0, 0.0),
        "ɔ" => vowel(0.62, 0.0, 0.6),
        "o" => vowel(0.36, 0.0, 0.85),
        "ø" => vowel(0.30, 0.0, 0.8),
        "œ" => vowel(0.50, 0.0, 0.55),
        "ə" => vowel(0.34, 0.05, 0.1),
        _ => return None,
    })
}

fn mandarin(symbol: &str) -> Option<Viseme> {
    let (i, u) = (mouth(0.22, 0.8, 0.0), mouth(0.27, 0.0, 0.95));
    let n = mouth(0.26, 0.1, 0.0);
    Some(match symbol {
        "k" | "g" => consonant(0.28, 0.05, 0.0, BACK),
        "h" => consonant(0.32, 0.0, 0.0, BACK),
        "j" | "q" | "x" => bared(consonant(0.15, 0.6, 0.0, HISS), 0.35),
        "zh" | "ch" | "sh" => bared(consonant(0.18, 0.0, 0.45, ROUNDED), 0.5),
        "r" => consonant(0.20, 0.0, 0.45, ROUNDED),
        "c" => bared(consonant(0.12, 0.35, 0.0, HISS), 0.45),
        "y" => consonant(0.17, 0.65, 0.0, SPREAD),
        "w" => consonant(0.17, 0.0, 1.0, ROUNDED),
        "yu" => consonant(0.18, 0.0, 0.95, ROUNDED),
        "a" => vowel(0.95, 0.15, 0.0),
        "o" => vowel(0.42, 0.0, 0.75),
        "e" => vowel(0.42, 0.15, 0.0),
        "er" => glide(mouth(0.45, 0.05, 0.1), mouth(0.32, 0.0, 0.35)),
        "ai" => glide(mouth(0.92, 0.2, 0.0), i),
        "ei" => glide(mouth(0.45, 0.55, 0.0), i),
        "ao" => glide(mouth(0.92, 0.05, 0.1), mouth(0.32, 0.0, 0.8)),
        "ou" => glide(mouth(0.45, 0.0, 0.7), u),
        "an" => glide(mouth(0.82, 0.25, 0.0), n),
        "en" => glide(mouth(0.42, 0.15, 0.0), n),
        "ang" => glide(mouth(0.95, 0.05, 0.0), mouth(0.55, 0.0, 0.0)),
        "eng" => glide(mouth(0.45, 0.1, 0.0), mouth(0.38, 0.0, 0.0)),
        "ong" => glide(mouth(0.30, 0.0, 0.9), mouth(0.30, 0.0, 0.7)),
        // ü, written v in tokens: never the labiodental of other languages.
        "v" => vowel(0.21, 0.0, 0.95),
        _ => return None,
    })
}

/// Finals whose sound depends on the initial or glide before them (the pinyin tables of the chart: 1.3 of its
/// description lists which tokens are spelled alike).
fn mandarin_after(before: &str, symbol: &str) -> Option<Viseme> {
    let n = mouth(0.24, 0.4, 0.0);
    Some(match (before, symbol) {
        // The apical vowels: the tongue stays where it hissed.
        ("zh" | "ch" | "sh" | "r", "i") => bared(vowel(0.22, 0.05, 0.25), 0.4),
        ("z" | "c" | "s", "i") => bared(vowel(0.17, 0.45, 0.0), 0.4),
        // ie, ian, in, ing.
        ("y", "e") => vowel(0.52, 0.45, 0.0),
        ("y", "an") => glide(mouth(0.60, 0.45, 0.0), n),
        ("y", "en") => glide(mouth(0.22, 0.85, 0.0), n),
        ("y", "eng") => glide(mouth(0.22, 0.75, 0.0), mouth(0.32, 0.25, 0.0)),
        // üe, üan, ün: the rounding stays for a while or throughout.
        ("yu", "e") => glide(mouth(0.34, 0.0, 0.55), mouth(0.50, 0.3, 0.0)),
        ("yu", "an") => glide(mouth(0.45, 0.0, 0.45), mouth(0.40, 0.3, 0.0)),
        ("yu", "en") => glide(mouth(0.21, 0.0, 0.95), mouth(0.22, 0.0, 0.6)),
        _ => return None,
    })
}

fn french(symbol: &str) -> Option<Viseme> {
    Some(match symbol {
        "ɑ̃" => vowel(0.80, 0.0, 0.15),
        "ɔ̃" => vowel(0.38, 0.0, 0.85),
        "ɛ̃" => vowel(0.70, 0.3, 0.0),
        "œ̃" => vowel(0.50, 0.0, 0.4),
        // Pushed forward much more than in English.
        "ʃ" | "ʒ" => bared(consonant(0.17, 0.0, 0.8, ROUNDED), 0.5),
        // The French schwa is rounded.
        "ə" => vowel(0.36, 0.0, 0.55),
        _ => return None,
    })
}

fn english(symbol: &str) -> Option<Viseme> {
    Some(match symbol {
        "r" => consonant(0.20, 0.0, 0.6, ROUNDED),
        "ɪ" => vowel(0.30, 0.5, 0.0),
        "æ" => vowel(0.90, 0.5, 0.0),
        "ʊ" => vowel(0.30, 0.0, 0.6),
        "u" => vowel(0.27, 0.0, 0.9),
        "ʌ" => vowel(0.58, 0.1, 0.0),
        "ɝ" | "ɚ" => vowel(0.30, 0.0, 0.5),
        "oʊ" => glide(mouth(0.48, 0.0, 0.65), mouth(0.27, 0.0, 0.95)),
        "eɪ" => glide(mouth(0.52, 0.5, 0.0), mouth(0.26, 0.7, 0.0)),
        "aɪ" => glide(mouth(0.95, 0.15, 0.0), mouth(0.28, 0.65, 0.0)),
        "aʊ" => glide(mouth(0.92, 0.1, 0.0), mouth(0.26, 0.0, 0.8)),
        "ɔɪ" => glide(mouth(0.58, 0.0, 0.65), mouth(0.28, 0.6, 0.0)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phone_of_the_three_languages_has_its_own_viseme() {
        let sets: [(Language, &str, &str); 3] = [
            (
                Language::Mandarin,
                "b p m f d t n l g k h j q x zh ch sh r z c s y w yu",
                "a o e er ai ei ao ou an en ang eng ong i u v",
            ),
            (Language::French, "p b t d k g f v s z ʃ ʒ m n ɲ ŋ l ʁ j w ɥ", "i e ɛ a ɑ ɔ o u y ø œ ə ɑ̃ ɔ̃ ɛ̃ œ̃"),
            (
                Language::AmericanEnglish,
                "p b t d k g f v θ ð s z ʃ ʒ h m n ŋ l r w ʍ j tʃ dʒ",
                "i ɪ ɛ æ ɑ ɔ ʊ u ʌ ə ɝ ɚ oʊ eɪ aɪ aʊ ɔɪ",
            ),
        ];
        for (language, consonants, vowels) in sets {
            for (symbols, class) in [(consonants, PhoneClass::Consonant), (vowels, PhoneClass::Vowel)] {
                let other = viseme(language, "?", class);
                for symbol in symbols.split(' ') {
                    let v = viseme(language, symbol, class);
                    assert_ne!(v, other, "{language:?} {symbol}");
                    assert_eq!(class == PhoneClass::Vowel, v.insistence == VOWEL, "{language:?} {symbol}");
                }
            }
        }
    }

    #[test]
    fn mandarin_finals_take_the_lips_of_what_stands_before_them() {
        let at = |before, symbol| viseme_after(before, Language::Mandarin, symbol, PhoneClass::Vowel);
        let (xi, shi, si) = (at(Some("x"), "i"), at(Some("sh"), "i"), at(Some("s"), "i"));
        assert!(xi.mouth.spread > 0.9 && shi.mouth.spread < 0.1 && (0.3..0.6).contains(&si.mouth.spread));
        assert!(shi.mouth.round > 0.2 && si.mouth.round == 0.0);
        let (en, yin, yun) = (at(Some("m"), "en"), at(Some("y"), "en"), at(Some("yu"), "en"));
        assert!(yin.mouth.spread > en.mouth.spread + 0.5 && yun.mouth.round > 0.9 && yin.mouth.open < en.mouth.open);
        assert!(at(Some("y"), "an").mouth.open < at(None, "an").mouth.open - 0.15);
        assert_eq!(at(Some("w"), "en"), en);
        // Only Mandarin spells so.
        let i = viseme_after(Some("s"), Language::French, "i", PhoneClass::Vowel);
        assert_eq!(i, viseme(Language::French, "i", PhoneClass::Vowel));
    }

    #[test]
    fn v_is_a_vowel_in_mandarin_and_a_labiodental_elsewhere() {
        assert_eq!(viseme(Language::Mandarin, "v", PhoneClass::Vowel).seal, None);
        assert_eq!(viseme(Language::French, "v", PhoneClass::Consonant).seal, Some(Seal::Teeth));
        assert!(viseme(Language::Mandarin, "j", PhoneClass::Consonant).mouth.bare > 0.0);
    }
}
