//! The sign that was perhaps meant by one that a language does not have.

use super::super::phonetics;
use super::super::{Language, cmn};
use unicode_normalization::UnicodeNormalization as _;

/// Signs of IPA with their neighbours by ear, the nearest first; the first one that the language has is offered.
const NEIGHBOURS: &[(&str, &[&str])] = &[
    ("ɘ", &["ə", "ɤ"]),
    ("ɵ", &["ə", "ø", "o"]),
    ("ɜ", &["ɝ", "œ", "ə", "ɤ"]),
    ("ɞ", &["ɝ", "œ", "ə"]),
    ("ɝ", &["œ", "ɚ"]),
    ("ɚ", &["ə", "œ"]),
    ("ɐ", &["ə", "a"]),
    ("ə", &["œ", "ɤ"]),
    ("ɤ", &["ʌ", "ø", "o"]),
    ("ʌ", &["œ", "a", "ɤ"]),
    ("ɒ", &["ɑ", "ɔ"]),
    ("ɶ", &["œ", "a"]),
    ("æ", &["a", "ɛ"]),
    ("ɛ", &["e"]),
    ("ɪ", &["i"]),
    ("ʏ", &["y", "ʊ", "u"]),
    ("ʊ", &["u"]),
    ("ɯ", &["ʊ", "u", "ɤ"]),
    ("ʉ", &["u", "y"]),
    ("ɨ", &["ɪ", "i"]),
    ("y", &["u", "i"]),
    ("ø", &["ɝ", "o", "e"]),
    ("œ", &["ɝ", "ʌ", "e"]),
    ("h", &["ʁ", "x"]),
    ("ɦ", &["h", "ʁ", "x"]),
    ("x", &["k", "h"]),
    ("χ", &["ʁ", "h", "x"]),
    ("ħ", &["h", "ʁ"]),
    ("ʕ", &["ʁ", "h"]),
    ("ç", &["ʃ", "h", "ɕ"]),
    ("ɣ", &["g", "ʁ", "k"]),
    ("ʀ", &["ʁ", "r"]),
    ("ɾ", &["t", "ʁ", "l"]),
    ("ɽ", &["r", "ʁ", "ɻ"]),
    ("ɻ", &["r", "ʁ"]),
    ("ɭ", &["l"]),
    ("ʎ", &["j", "l"]),
    ("ɬ", &["l", "ʃ"]),
    ("ɮ", &["l", "ʒ"]),
    ("ʟ", &["l"]),
    ("θ", &["s", "f"]),
    ("ð", &["z", "d", "l"]),
    ("ɸ", &["f"]),
    ("β", &["v", "b", "w"]),
    ("ʋ", &["v", "w"]),
    ("v", &["w", "f"]),
    ("ʂ", &["ʃ", "s"]),
    ("ʐ", &["ʒ", "z"]),
    ("ɕ", &["ʃ", "s"]),
    ("ʑ", &["ʒ", "z"]),
    ("ʃ", &["ʂ", "ɕ"]),
    ("ʒ", &["ʐ", "ʃ"]),
    ("z", &["ts", "s"]),
    ("b", &["p"]),
    ("d", &["t"]),
    ("g", &["k"]),
    ("ɡ", &["k"]),
    ("ʈ", &["t"]),
    ("ɖ", &["d", "t"]),
    ("c", &["k", "tɕ"]),
    ("ɟ", &["g", "dʒ", "tɕ"]),
    ("q", &["k"]),
    ("ɢ", &["g", "k"]),
    ("ʔ", &["t", "ʁ"]),
    ("ɱ", &["m"]),
    ("ɳ", &["n"]),
    ("ɲ", &["n", "ŋ"]),
    ("ɴ", &["ŋ", "n"]),
    ("ʍ", &["w"]),
    ("ɥ", &["w", "j"]),
    ("ɰ", &["w", "g"]),
    ("ʝ", &["j"]),
    ("ʙ", &["b", "p"]),
    ("ʘ", &["p"]),
    ("ǀ", &["t"]),
    ("ǃ", &["k"]),
];

/// The nearest sign of the language; capitals and digits are taken for the X-SAMPA that they probably are.
pub fn ipa(sign: &str, language: Language) -> Option<String> {
    // What is only folded into another sound ("ʊ" in French) is no suggestion.
    let known = |s: &str| match language {
        Language::Mandarin => !s.is_empty() && phonetics::first_unknown(s, language).is_none(),
        _ => phonetics::class_of(s, language).is_some(),
    };
    // "é" is an e, whatever stands over it; "R" is ʁ in X-SAMPA.
    let plain: String = sign.nfd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}')).collect();
    let looked = phonetics::xsampa_to_ipa(sign).ok().filter(|s| s != sign);
    let near = |sign: &str| NEIGHBOURS.iter().find(|(s, _)| *s == sign).map(|(_, near)| *near);
    let by_ear = |sign: &str| near(sign)?.iter().find(|s| known(s)).map(|s| (*s).to_owned());
    by_ear(sign)
        .or_else(|| Some(plain.clone()).filter(|s| s != sign && known(s)))
        .or_else(|| looked.clone().filter(|s| known(s)))
        .or_else(|| by_ear(looked.as_deref()?))
        .or_else(|| by_ear(&plain))
        .or_else(|| Some(sign.to_lowercase()).filter(|s| s != sign && known(s)))
}

/// The same, as X-SAMPA writes it.
pub fn ipa_as_xsampa(sign: &str, language: Language) -> Option<String> {
    phonetics::xsampa_of(&ipa(sign, language)?)
}

/// The syllable of pinyin that differs least; the tone that was typed stays.
pub fn syllable(typed: &str) -> Option<String> {
    let digits = typed.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (base, tone) = typed.split_at(digits);
    let plain: String = base.to_lowercase().nfd().filter(char::is_ascii_lowercase).collect();
    let tone = if tone.len() == 1 && ("1"..="5").contains(&tone) { tone } else { "" };
    if plain.is_empty() {
        return None;
    }
    let best = cmn::syllables().min_by_key(|s| (distance(&plain, s), first_differs(&plain, s), s.len()))?;
    (distance(&plain, best) <= (plain.len() / 2).max(1)).then(|| format!("{best}{tone}"))
}

/// The sound of ARPAbet that differs least; the digit that was typed stays where it fits.
pub fn arpabet(token: &str) -> Option<String> {
    let base = token.trim_end_matches(|c: char| c.is_ascii_digit());
    let digit = &token[base.len()..];
    let all = super::ARPABET.split(' ');
    let best = all.min_by_key(|t| (distance(base, t), first_differs(base, t)))?;
    if distance(base, best) > base.len().max(2) - 1 {
        return None;
    }
    let keeps = super::is_arpabet_vowel(best) && ["0", "1", "2"].contains(&digit);
    Some(format!("{best}{}", if keeps { digit } else { "" }))
}

fn first_differs(a: &str, b: &str) -> bool {
    a.chars().next() != b.chars().next()
}

/// Levenshtein's distance of two short words.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, c) in a.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (k, d) in b.iter().enumerate() {
            let above = row[k + 1];
            row[k + 1] = (corner + usize::from(c != *d)).min(above + 1).min(row[k] + 1);
            corner = above;
        }
    }
    row[b.len()]
}
