//! The alphabets in which pronunciations are written: IPA, X-SAMPA and ARPAbet, turned into the symbols of the charts.
//!
//! A user may type any of the three to correct a reading, and the synthesiser answers in IPA. Whatever comes in leaves
//! as [`Sound`]s: a phone in the language's own tokens ([`crate::language::Phone`]) with its stress. Transcribers differ
//! in detail (`ɹ` or `r`, `t͡ʃ` or `tʃ`, `əʊ` or `oʊ`, length marks); details that no chart shows are folded away, and
//! what is no sound at all is refused with its place.

mod tables;

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::{Language, Phone, PhoneClass};
use tables::{
    CMN_CONSONANTS, CMN_IPA, CMN_VOWELS, ENG_CONSONANTS, ENG_IPA, ENG_VOWELS, FRA_CONSONANTS, FRA_IPA, FRA_VOWELS,
    XSAMPA,
};

/// How strongly a vowel is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stress {
    #[default]
    None,
    Secondary,
    Primary,
}

/// A phone with what its transcription says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound {
    pub phone: Phone,
    /// Stress of the syllable; only vowels (and syllabic consonants) carry it.
    pub stress: Stress,
    /// The transcription has a syllable dot before this sound.
    pub after_dot: bool,
}

/// The class of a symbol in a language, or `None` when the language has no such symbol.
pub fn class_of(symbol: &str, language: Language) -> Option<PhoneClass> {
    let (consonants, vowels): (&[&str], &[&str]) = match language {
        Language::Mandarin => (&CMN_CONSONANTS, &CMN_VOWELS),
        Language::French => (&FRA_CONSONANTS, &FRA_VOWELS),
        Language::AmericanEnglish => (&ENG_CONSONANTS, &ENG_VOWELS),
    };
    if consonants.contains(&symbol) {
        Some(PhoneClass::Consonant)
    } else if vowels.contains(&symbol) {
        Some(PhoneClass::Vowel)
    } else {
        None
    }
}

/// A phone from a symbol that the language has; the class is looked up.
pub fn phone(symbol: &str, language: Language) -> Option<Phone> {
    class_of(symbol, language).map(|class| Phone { symbol: symbol.to_owned(), class })
}

/// All symbols of a language, consonants first: for completion and for validating charts.
pub fn symbols(language: Language) -> impl Iterator<Item = (&'static str, PhoneClass)> {
    let (consonants, vowels): (&'static [&'static str], &'static [&'static str]) = match language {
        Language::Mandarin => (&CMN_CONSONANTS, &CMN_VOWELS),
        Language::French => (&FRA_CONSONANTS, &FRA_VOWELS),
        Language::AmericanEnglish => (&ENG_CONSONANTS, &ENG_VOWELS),
    };
    consonants.iter().map(|s| (*s, PhoneClass::Consonant)).chain(vowels.iter().map(|s| (*s, PhoneClass::Vowel)))
}

/// Turns an IPA transcription into the language's symbols.
///
/// Slashes, brackets and spaces around it are allowed. Stress marks count for the next vowel, whether they stand
/// before the syllable (as in dictionaries) or right before the vowel (as espeak-ng writes them).
/// The error names the sign that is no sound of the language.
pub fn ipa_to_symbols(ipa: &str, language: Language) -> Result<Vec<Sound>, String> {
    let table = match language {
        Language::Mandarin => CMN_IPA,
        Language::French => FRA_IPA,
        Language::AmericanEnglish => ENG_IPA,
    };
    // Tie bars and signs of detail go; length stays, as some spellings need it.
    let text: String = ipa
        .nfd()
        .filter(|c| {
            !matches!(c, '\u{361}' | '\u{35C}' | '\u{32F}' | '\u{30D}' | '\u{325}' | '\u{32A}' | '\u{31A}' | '\u{306}')
                && !matches!(c, '/' | '[' | ']' | '(' | ')' | '‿' | '|')
                && (*c != 'ʰ' || language == Language::Mandarin)
                && !matches!(c, 'ʲ' | 'ˠ' | 'ˑ')
        })
        .collect::<String>()
        .replace("ə˞", "ɚ")
        .replace("ɜ˞", "ɝ")
        .replace("əl\u{329}", "l\u{329}");
    let mut sounds: Vec<Sound> = Vec::new();
    let mut stress = Stress::None;
    let mut after_dot = false;
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        let mut skip = first.len_utf8();
        match first {
            'ˈ' | '\'' => stress = Stress::Primary,
            'ˌ' => stress = Stress::Secondary,
            '.' => after_dot = true,
            'ː' | ':' | '-' | '_' => {}
            c if c.is_whitespace() => {}
            // Tone marks and tone letters.
            c if language == Language::Mandarin && (('˥'..='˩').contains(&c) || c.is_ascii_digit()) => {}
            c if language == Language::Mandarin && matches!(c, '\u{300}' | '\u{301}' | '\u{304}' | '\u{30C}') => {}
            _ => {
                let Some((spelling, symbols)) =
                    table.iter().filter(|(s, _)| rest.starts_with(s)).max_by_key(|(s, _)| s.len())
                else {
                    return Err(format!("\"{first}\" is no sound of {}", language.name()));
                };
                skip = spelling.len();
                for symbol in *symbols {
                    let class = class_of(symbol, language).unwrap_or(PhoneClass::Consonant);
                    let syllabic = class == PhoneClass::Vowel || spelling.contains('\u{329}');
                    let stress = if syllabic { std::mem::take(&mut stress) } else { Stress::None };
                    let phone = Phone { symbol: (*symbol).to_owned(), class };
                    sounds.push(Sound { phone, stress, after_dot: std::mem::take(&mut after_dot) });
                }
            }
        }
        rest = &rest[skip..];
    }
    if language == Language::AmericanEnglish {
        settle_english(&mut sounds);
    }
    if sounds.is_empty() { Err("the transcription is empty".to_owned()) } else { Ok(sounds) }
}

/// Bytes of the first sign of a transcription that is no sound of the language, `None` when all are: the place of what
/// [`ipa_to_symbols`] refuses.
pub fn first_unknown(ipa: &str, language: Language) -> Option<Range<usize>> {
    let is_wrong = |text: &str| {
        ipa_to_symbols(text, language).err().and_then(|e| e.strip_prefix('"').and_then(|e| e.chars().next()))
    };
    let wrong = is_wrong(ipa)?;
    let found = ipa.char_indices().filter(|(_, c)| c.nfd().any(|d| d == wrong));
    let mut all = found.map(|(at, c)| at..at + c.len_utf8());
    let first = all.next();
    let blamed = std::iter::once(first.clone()).flatten().chain(all).find(|r| {
        // The same sign may stand earlier as a part of a sound (the t of tʃ): blamed is the first one that is refused
        // however much of what follows is taken along.
        let ends = ipa[r.end..].char_indices().map(|(i, c)| r.end + i + c.len_utf8()).take(2);
        std::iter::once(r.end).chain(ends).all(|end| is_wrong(&ipa[..end]) == Some(wrong))
    });
    blamed.or(first).or(Some(0..ipa.len()))
}

/// How IPA writes a symbol of a language: as itself, but for Mandarin, whose symbols are tokens of pinyin.
pub fn ipa_of(symbol: &str, language: Language) -> Option<String> {
    if language != Language::Mandarin {
        return class_of(symbol, language).map(|_| symbol.to_owned());
    }
    let written = |(_, symbols): &&(&str, &[&str])| *symbols == [symbol];
    CMN_IPA.iter().find(written).map(|(ipa, _)| (*ipa).to_owned())
}

/// The first sign of an X-SAMPA text: its length in bytes and its IPA.
pub(super) fn xsampa_sign(text: &str) -> Option<(usize, String)> {
    let first = text.chars().next()?;
    if let Some((sign, value)) = XSAMPA.iter().filter(|(s, _)| text.starts_with(s)).max_by_key(|(s, _)| s.len()) {
        return Some((sign.len(), (*value).to_owned()));
    }
    let itself = first.is_ascii_lowercase() || first.is_whitespace() || matches!(first, '/' | '[' | ']');
    itself.then(|| (first.len_utf8(), first.to_string()))
}

/// IPA as X-SAMPA writes it; `None` where it has no sign for it.
pub(super) fn xsampa_of(ipa: &str) -> Option<String> {
    let text: String = ipa.nfd().collect();
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        let own = XSAMPA.iter().filter(|(_, value)| rest.starts_with(value)).max_by_key(|(_, value)| value.len());
        match own {
            // "_~" and "~" mean the same: the shorter one is what people type.
            Some((_, value)) => {
                let shortest = XSAMPA.iter().filter(|(_, v)| v == value).min_by_key(|(s, _)| s.len());
                out.push_str(shortest.map_or("", |(s, _)| s));
                rest = &rest[value.len()..];
            }
            None if first.is_ascii_lowercase() => {
                out.push(first);
                rest = &rest[1..];
            }
            None => return None,
        }
    }
    Some(out)
}

/// ə and ɚ are the weak vowels, ʌ and ɝ the strong ones, whichever sign the transcriber took.
fn settle_english(sounds: &mut [Sound]) {
    for sound in sounds {
        let strong = sound.stress > Stress::None;
        let settled = match (sound.phone.symbol.as_str(), strong) {
            ("ə", true) => "ʌ",
            ("ɚ", true) => "ɝ",
            _ => continue,
        };
        sound.phone.symbol = settled.to_owned();
    }
}

/// X-SAMPA (and SAMPA where they agree) to IPA, longest sign first. Table after J. C. Wells, "Computer-coding the
/// IPA", 1995. The error names the first sign that X-SAMPA does not have.
pub fn xsampa_to_ipa(xsampa: &str) -> Result<String, String> {
    let mut ipa = String::new();
    let mut rest = xsampa.trim();
    while let Some(first) = rest.chars().next() {
        if let Some((sign, value)) = XSAMPA.iter().filter(|(s, _)| rest.starts_with(s)).max_by_key(|(s, _)| s.len()) {
            ipa.push_str(value);
            rest = &rest[sign.len()..];
        } else if first.is_ascii_lowercase() || first.is_whitespace() || matches!(first, '/' | '[' | ']') {
            ipa.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            return Err(format!("\"{first}\" is no sign of X-SAMPA"));
        }
    }
    Ok(ipa)
}

/// ARPAbet as in CMUdict (`R EH1 D`) to American English symbols.
///
/// AH0 is ə, AH1 and AH2 are ʌ; ER0 is ɚ, ER1 and ER2 are ɝ; `HH W` stays two sounds (see
/// [`crate::language::eng`] for ʍ). A vowel without a digit counts as stressed when it is the only vowel.
pub fn arpabet_to_symbols(arpabet: &str) -> Result<Vec<Sound>, String> {
    let tokens: Vec<&str> = arpabet.split_whitespace().collect();
    if tokens.is_empty() {
        return Err("the transcription is empty".to_owned());
    }
    let mut sounds = Vec::with_capacity(tokens.len());
    for token in &tokens {
        let base = token.trim_end_matches(|c: char| c.is_ascii_digit());
        let stress = match &token[base.len()..] {
            "" | "0" => Stress::None,
            "1" => Stress::Primary,
            "2" => Stress::Secondary,
            other => return Err(format!("stress \"{other}\" in \"{token}\"; use 0, 1 or 2")),
        };
        let symbol = arpabet_symbol(&base.to_ascii_uppercase(), stress)
            .ok_or_else(|| format!("\"{token}\" is no ARPAbet sound"))?;
        let class = class_of(symbol, Language::AmericanEnglish).unwrap_or(PhoneClass::Consonant);
        if class == PhoneClass::Consonant && base.len() != token.len() {
            return Err(format!("\"{token}\": only vowels carry a stress digit"));
        }
        sounds.push(Sound { phone: Phone { symbol: symbol.to_owned(), class }, stress, after_dot: false });
    }
    let mut vowels = sounds.iter_mut().filter(|s| s.phone.class == PhoneClass::Vowel);
    if let (Some(only), None) = (vowels.next(), vowels.next())
        && !tokens.iter().any(|t| t.ends_with(['0', '1', '2']))
    {
        only.stress = Stress::Primary;
        settle_english(&mut sounds);
    }
    Ok(sounds)
}

/// The symbol of one ARPAbet sound (upper case, without digit).
pub(crate) fn arpabet_symbol(base: &str, stress: Stress) -> Option<&'static str> {
    let strong = stress > Stress::None;
    Some(match base {
        "AA" => "ɑ",
        "AE" => "æ",
        "AH" if strong => "ʌ",
        "AH" | "AX" => "ə",
        "AO" => "ɔ",
        "AW" => "aʊ",
        "AY" => "aɪ",
        "EH" => "ɛ",
        "ER" if strong => "ɝ",
        "ER" | "AXR" => "ɚ",
        "EY" => "eɪ",
        "IH" | "IX" => "ɪ",
        "IY" => "i",
        "OW" => "oʊ",
        "OY" => "ɔɪ",
        "UH" => "ʊ",
        "UW" => "u",
        "B" => "b",
        "CH" => "tʃ",
        "D" => "d",
        "DH" => "ð",
        "F" => "f",
        "G" => "g",
        "HH" | "H" => "h",
        "JH" => "dʒ",
        "K" => "k",
        "L" | "EL" => "l",
        "M" | "EM" => "m",
        "N" | "EN" => "n",
        "NG" => "ŋ",
        "P" => "p",
        "R" => "r",
        "S" => "s",
        "SH" => "ʃ",
        "T" | "DX" => "t",
        "TH" => "θ",
        "V" => "v",
        "W" => "w",
        "WH" => "ʍ",
        "Y" => "j",
        "Z" => "z",
        "ZH" => "ʒ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ipa(text: &str, language: Language) -> String {
        join(&ipa_to_symbols(text, language).unwrap())
    }

    fn join(sounds: &[Sound]) -> String {
        sounds.iter().map(|s| s.phone.symbol.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn espeak_english_comes_out_in_chart_symbols() {
        for (from, to) in [
            ("skɹˈiːnʃɑːt", "s k r i n ʃ ɑ t"),
            ("lˈɪɾəl", "l ɪ t ə l"),
            ("wˈɜːd", "w ɝ d"),
            ("bˈɜːd", "b ɝ d"),
            ("lˈɛɾɚ", "l ɛ t ɚ"),
            ("stˈoːɹi", "s t ɔ r i"),
            ("ɡˈoʊst", "g oʊ s t"),
            ("t͡ʃɜːt͡ʃ", "tʃ ɝ tʃ"),
            ("dʒˈʌdʒ", "dʒ ʌ dʒ"),
            ("ˈbʌtn\u{329}", "b ʌ t n"),
            ("/ˈlɪtəl\u{329}/", "l ɪ t l"),
        ] {
            assert_eq!(ipa(from, Language::AmericanEnglish), to, "{from}");
        }
    }

    #[test]
    fn stress_marks_reach_the_vowel_from_either_place() {
        for text in ["kənˈfjuzd", "kənfjˈuzd"] {
            let sounds = ipa_to_symbols(text, Language::AmericanEnglish).unwrap();
            let stressed: Vec<&str> =
                sounds.iter().filter(|s| s.stress == Stress::Primary).map(|s| s.phone.symbol.as_str()).collect();
            assert_eq!(stressed, ["u"], "{text}");
        }
    }

    #[test]
    fn french_and_mandarin_ipa() {
        assert_eq!(ipa("bɔ̃ʒuʁ", Language::French), "b ɔ\u{303} ʒ u ʁ");
        assert_eq!(ipa("ʒuɛ", Language::French), "ʒ u ɛ");
        assert_eq!(ipa("ɥit", Language::French), "ɥ i t");
        assert_eq!(ipa("xɑŋ˧˥", Language::Mandarin), "h ang");
        assert_eq!(ipa("tɕʰjɛn", Language::Mandarin), "q y an");
        assert_eq!(ipa("t͡sʰai", Language::Mandarin), "c ai");
    }

    #[test]
    fn unknown_signs_are_named() {
        let error = ipa_to_symbols("ʘa", Language::AmericanEnglish).unwrap_err();
        assert!(error.contains('ʘ'), "{error}");
        assert!(xsampa_to_ipa("a€").unwrap_err().contains('€'));
        assert!(arpabet_to_symbols("R QQ1 D").unwrap_err().contains("QQ1"));
        assert!(arpabet_to_symbols("R1 EH1 D").unwrap_err().contains("R1"));
        assert!(ipa_to_symbols(" ", Language::French).is_err());
    }

    #[test]
    fn xsampa_maps_to_ipa() {
        for (from, to) in [
            ("b{t", "bæt"),
            ("\"lIt@l", "ˈlɪtəl"),
            ("bO~ZuR", "bɔ̃ʒuʁ"),
            ("9~", "œ\u{303}"),
            ("3`", "ɝ"),
            ("t_S", "t\u{361}ʃ"),
            ("Hit", "ɥit"),
            ("aI", "aɪ"),
            ("n=", "n\u{329}"),
        ] {
            assert_eq!(xsampa_to_ipa(from).unwrap(), to, "{from}");
        }
    }

    #[test]
    fn arpabet_vowels_follow_their_stress() {
        assert_eq!(join(&arpabet_to_symbols("AH0 B AH1 V").unwrap()), "ə b ʌ v");
        assert_eq!(join(&arpabet_to_symbols("F ER1 DH ER0").unwrap()), "f ɝ ð ɚ");
        assert_eq!(join(&arpabet_to_symbols("CH OY1 S").unwrap()), "tʃ ɔɪ s");
        assert_eq!(join(&arpabet_to_symbols("k ah t").unwrap()), "k ʌ t");
    }

    #[test]
    fn every_symbol_of_a_table_belongs_to_its_language() {
        for (table, language) in
            [(ENG_IPA, Language::AmericanEnglish), (FRA_IPA, Language::French), (CMN_IPA, Language::Mandarin)]
        {
            for symbol in table.iter().flat_map(|(_, symbols)| *symbols) {
                assert!(class_of(symbol, language).is_some(), "{symbol} in {language:?}");
            }
        }
    }
}
