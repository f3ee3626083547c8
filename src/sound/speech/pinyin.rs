//! Numbered pinyin for the synthesiser: each Mandarin syllable's own spelling, or one made from its tokens.

use crate::language::{Syllable, Word};

/// A word as espeak-ng is to read it: its syllables apart, each with its tone number.
pub fn of_word(word: &Word) -> String {
    word.syllables().iter().map(of_syllable).filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" ")
}

/// `hang2`; ü is written `v`, which espeak-ng knows.
pub fn of_syllable(syllable: &Syllable) -> String {
    let own: String = syllable
        .spelling
        .chars()
        .map(|c| if matches!(c, 'ü' | 'Ü') { 'v' } else { c.to_ascii_lowercase() })
        .filter(|c| c.is_ascii_alphanumeric())
        .collect();
    let mut out = if own.is_empty() { from_tokens(syllable) } else { own };
    if !out.is_empty() && !out.ends_with(|c: char| c.is_ascii_digit()) {
        out.push(char::from(b'0' + syllable.tone.filter(|t| (1..=5).contains(t)).unwrap_or(5)));
    }
    out
}

/// Spelling from the tokens `[initial] [y | w | yu] final`.
fn from_tokens(syllable: &Syllable) -> String {
    let (mut initial, mut glide, mut last) = ("", "", "");
    for phone in &syllable.phones {
        match phone.symbol.as_str() {
            g @ ("y" | "w" | "yu") => glide = g,
            v @ ("a" | "o" | "e" | "er" | "ai" | "ei" | "ao" | "ou" | "an" | "en" | "ang" | "eng" | "ong" | "i"
            | "u" | "v") => last = v,
            c => initial = c,
        }
    }
    let palatal = matches!(initial, "j" | "q" | "x");
    let end = if initial.is_empty() {
        match (glide, last) {
            ("", "i") => "yi",
            ("", "u") => "wu",
            ("", "v") => "yu",
            ("y", "en") => "yin",
            ("y", "eng") => "ying",
            ("yu", "e") => "yue",
            ("yu", "an") => "yuan",
            ("yu", "en") => "yun",
            _ => return format!("{glide}{last}"),
        }
        .to_string()
    } else {
        match (glide, last) {
            ("", "v") if palatal => "u".into(),
            ("y", "ou") => "iu".into(),
            ("y", "en") => "in".into(),
            ("y", "eng") => "ing".into(),
            ("y", rest) => format!("i{rest}"),
            ("w", "ei") => "ui".into(),
            ("w", "en") => "un".into(),
            ("w", rest) => format!("u{rest}"),
            ("yu", "en") => "un".into(),
            ("yu", rest) if palatal => format!("u{rest}"),
            ("yu", rest) => format!("v{rest}"),
            (_, rest) => rest.to_string(),
        }
    };
    format!("{initial}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Phone, PhoneClass};

    fn syllable(tokens: &str, spelling: &str, tone: u8) -> Syllable {
        let phones = tokens.split(' ').map(|s| Phone { symbol: s.into(), class: PhoneClass::Vowel }).collect();
        Syllable { label: String::new(), spelling: spelling.into(), phones, tone: Some(tone) }
    }

    #[test]
    fn tokens_become_spelling() {
        for (tokens, pinyin) in [
            ("h w an", "huan1"),
            ("i", "yi1"),
            ("y en", "yin1"),
            ("yu en", "yun1"),
            ("x y eng", "xing1"),
            ("j v", "ju1"),
            ("n v", "nv1"),
            ("l yu e", "lve1"),
            ("x yu e", "xue1"),
            ("d w ei", "dui1"),
            ("j y ou", "jiu1"),
            ("w o", "wo1"),
            ("er", "er1"),
            ("zh i", "zhi1"),
            ("q yu an", "quan1"),
            ("q y ong", "qiong1"),
        ] {
            assert_eq!(of_syllable(&syllable(tokens, "", 1)), pinyin);
        }
    }

    #[test]
    fn own_spelling_comes_first() {
        assert_eq!(of_syllable(&syllable("n v", "nü3", 3)), "nv3");
        assert_eq!(of_syllable(&syllable("h ang", "hang2", 2)), "hang2");
        assert_eq!(of_syllable(&syllable("m a", "ma", 5)), "ma5");
    }
}
