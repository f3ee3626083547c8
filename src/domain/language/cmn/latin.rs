//! Latin letters in a Mandarin text: letters by their Chinese names, English words by the nearest syllables.
//!
//! No chart says how these are cued. Abbreviations are read letter by letter, as people do (`APP`, `CT`); other words
//! are looked up in the English lexicon and their sounds replaced by the nearest Mandarin syllables. Both come with an
//! issue, so that the user checks them.

use super::pinyin::Pinyin;
use crate::language::eng::{derived, lexicon};

/// The name of a Latin letter as it is said in Mandarin.
pub fn letter(c: char) -> Option<&'static str> {
    Some(match c.to_ascii_lowercase() {
        'a' => "ei1",
        'b' => "bi4",
        'c' => "sei1",
        'd' => "di4",
        'e' => "yi4",
        'f' => "ai2 fu5",
        'g' => "ji4",
        'h' => "ei2 chi5",
        'i' => "ai4",
        'j' => "zhei4",
        'k' => "kei4",
        'l' => "ai2 le5",
        'm' => "ai2 mu5",
        'n' => "en1",
        'o' => "ou1",
        'p' => "pi4",
        'q' => "kiu4",
        'r' => "a4 er5",
        's' => "ai2 si5",
        't' => "ti4",
        'u' => "you1",
        'v' => "wei4",
        'w' => "da2 bu5 liu5",
        'x' => "ai4 ke5 si5",
        'y' => "wai4",
        'z' => "zei4",
        _ => return None,
    })
}

/// Another name that is as often heard for a letter, where the hand shows the difference.
fn other_letter(c: char) -> Option<&'static str> {
    Some(match c.to_ascii_lowercase() {
        'c' => "xi1",
        'g' => "zhi4",
        'j' => "jie4",
        'k' => "kai4",
        'z' => "zi4",
        _ => return None,
    })
}

/// Other readings of a Latin word, for it is in doubt: letters by their other names, a word letter by letter.
pub fn others(word: &str) -> Vec<Vec<Pinyin>> {
    if settled(&word.to_lowercase()).is_some() {
        return Vec::new();
    }
    let spell = |other: bool| -> Vec<Pinyin> {
        let name = |c: char| if other { other_letter(c).or_else(|| letter(c)) } else { letter(c) };
        word.chars().filter_map(name).flat_map(super::lexicon::parse).collect()
    };
    let mut list = Vec::new();
    if !spelled_out(word) {
        list.push(spell(false));
    } else if word.chars().any(|c| other_letter(c).is_some()) {
        list.push(spell(true));
    }
    list.retain(|l| !l.is_empty());
    list
}

/// Words whose Mandarin sound is settled.
fn settled(word: &str) -> Option<&'static str> {
    Some(match word {
        "ok" | "okay" => "ou1 kei4",
        "wifi" | "wi-fi" => "wai1 fai1",
        "app" => "ei1 pi4 pi4",
        "hello" => "ha1 lou1",
        "hi" => "hai1",
        "bye" | "byebye" => "bai1 bai1",
        "email" => "yi1 mei2 er5",
        "taxi" => "tai4 ke4 xi1",
        "sorry" => "suo1 rui4",
        "nba" => "en1 bi4 ei1",
        _ => return None,
    })
}

/// Whether a Latin word is read letter by letter: capitals, or without a vowel.
pub fn spelled_out(word: &str) -> bool {
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    let capitals = letters.iter().all(|c| c.is_uppercase());
    let vowel = letters.iter().any(|c| "aeiouyAEIOUY".contains(*c));
    letters.len() == 1 || capitals && letters.len() <= 6 || !vowel && letters.len() <= 6
}

/// A reading of a Latin word in Mandarin syllables; empty when it has no letters that can be said.
pub fn reading(word: &str) -> Vec<Pinyin> {
    let lower = word.to_lowercase();
    if let Some(list) = settled(&lower) {
        return super::lexicon::parse(list);
    }
    if !spelled_out(word) {
        let sounds = lexicon::lookup(&lower);
        let sounds = if sounds.is_empty() { derived::derived(&lower) } else { sounds };
        if let Some(first) = sounds.first() {
            let symbols: Vec<&str> = first.iter().map(|a| a.symbol()).collect();
            let syllables = nearest(&symbols);
            if !syllables.is_empty() {
                return syllables;
            }
        }
    }
    word.chars().filter_map(letter).flat_map(super::lexicon::parse).collect()
}

/// English sounds as the nearest Mandarin syllables.
fn nearest(symbols: &[&str]) -> Vec<Pinyin> {
    let mut syllables = Vec::new();
    let mut i = 0;
    while i < symbols.len() {
        let onset = initial(symbols[i]);
        let at = if onset.is_some() { i + 1 } else { i };
        let Some(vowel) = symbols.get(at).and_then(|s| vowel(s)) else {
            // A consonant without a vowel takes the one that Mandarin lends it.
            let lent = match symbols[i] {
                "s" | "θ" => "si",
                "z" => "zi",
                "ʃ" => "shi",
                "tʃ" => "chi",
                "dʒ" | "ʒ" => "zhi",
                "l" | "r" => "er",
                "m" => "mu",
                "n" | "ŋ" => "en",
                "p" => "pu",
                "b" => "bu",
                "f" | "v" => "fu",
                "t" => "te",
                "d" | "ð" => "de",
                "k" => "ke",
                "g" => "ge",
                "h" => "he",
                _ => "wu",
            };
            syllables.push(lent.to_owned());
            i += 1;
            continue;
        };
        i = at + 1;
        let onset = onset.unwrap_or("");
        // n and ng close the syllable unless a vowel follows.
        let closes = |s: &str| {
            matches!(symbols.get(i), Some(x) if *x == s) && symbols.get(i + 1).is_none_or(|n| self::vowel(n).is_none())
        };
        let final_ = if closes("n") || closes("ŋ") {
            let ng = symbols[i] == "ŋ";
            i += 1;
            match (vowel, ng) {
                ("a" | "ai" | "ao", false) => "an",
                ("a" | "ai" | "ao", true) => "ang",
                ("i", false) => "in",
                ("i", true) => "ing",
                ("o" | "ou" | "u", _) => "ong",
                (_, false) => "en",
                (_, true) => "eng",
            }
        } else {
            vowel
        };
        syllables.push(spell(onset, final_));
    }
    syllables.into_iter().map(|base| Pinyin { base, tone: 4 }).collect()
}

fn initial(symbol: &str) -> Option<&'static str> {
    Some(match symbol {
        "p" => "p",
        "b" => "b",
        "t" => "t",
        "d" | "ð" => "d",
        "k" => "k",
        "g" => "g",
        "f" => "f",
        "v" | "w" | "ʍ" => "w",
        "s" | "θ" => "s",
        "z" => "z",
        "ʃ" => "sh",
        "ʒ" | "r" => "r",
        "h" => "h",
        "m" => "m",
        "n" | "ŋ" => "n",
        "l" => "l",
        "j" => "y",
        "tʃ" => "ch",
        "dʒ" => "zh",
        _ => return None,
    })
}

fn vowel(symbol: &str) -> Option<&'static str> {
    Some(match symbol {
        "i" | "ɪ" => "i",
        "ɛ" | "eɪ" => "ei",
        "æ" | "aɪ" => "ai",
        "ɑ" | "ʌ" => "a",
        "ɔ" | "aʊ" => "ao",
        "ʊ" | "u" => "u",
        "ə" => "e",
        "ɝ" | "ɚ" => "er",
        "oʊ" => "ou",
        "ɔɪ" => "ai",
        _ => return None,
    })
}

/// The nearest legal syllable of an initial and a final.
fn spell(onset: &str, final_: &str) -> String {
    let joined = match (onset, final_) {
        ("", "i") => "yi".to_owned(),
        ("", "u") => "wu".to_owned(),
        ("", "in") => "yin".to_owned(),
        ("", "ing") => "ying".to_owned(),
        ("", "ong") => "weng".to_owned(),
        ("w", "i") => "wei".to_owned(),
        ("w", "in" | "ing") => "wen".to_owned(),
        ("w", "ong" | "ou" | "e" | "o") => "wo".to_owned(),
        ("w", "ao") => "wa".to_owned(),
        ("y", "ei" | "ai") => "ye".to_owned(),
        ("g", "i") => "ji".to_owned(),
        ("k", "i") => "qi".to_owned(),
        ("h", "i") => "xi".to_owned(),
        ("k", "in") => "qin".to_owned(),
        ("k", "ing") => "qing".to_owned(),
        ("g", "in" | "ing") => "jing".to_owned(),
        ("f", "i") => "fei".to_owned(),
        ("f", "in" | "ing") => "fen".to_owned(),
        ("f", "ai") => "fa".to_owned(),
        ("f", "ao") => "fo".to_owned(),
        ("r", "i" | "ei" | "ai") => "rui".to_owned(),
        ("r", "a") => "ra".to_owned(),
        ("sh" | "ch" | "zh" | "s" | "z" | "r", "in" | "ing") => format!("{onset}en"),
        ("b" | "p" | "m" | "f", "e") => format!("{onset}o"),
        ("b" | "p" | "m" | "f", "ong") => format!("{onset}eng"),
        ("b", "ou") => "bo".to_owned(),
        ("sh", "ong") => "song".to_owned(),
        _ => format!("{onset}{final_}"),
    };
    if super::tokens::tokens(&joined).is_some() {
        return joined;
    }
    // What is left has a final the initial never takes: the initial's lent vowel will do.
    if let Some(final_) = ["a", "e", "u", "i"].iter().find(|f| super::pinyin::is_syllable(&format!("{onset}{f}"))) {
        return format!("{onset}{final_}");
    }
    "e".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::cmn::tokens::tokens;

    fn said(word: &str) -> String {
        reading(word).iter().map(|p| p.base.clone()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn letters_and_words_become_syllables() {
        assert_eq!(said("CT"), "sei ti");
        assert_eq!(said("OK"), "ou kei");
        assert_eq!(said("KTV"), "kei ti wei");
        assert_eq!(said("hello"), "ha lou");
        assert_eq!(said("coffee"), "ka fei");
        assert_eq!(said("Tony"), "tou ni");
        assert_eq!(said("X"), "ai ke si");
    }

    #[test]
    fn everything_said_has_tokens() {
        for word in [
            "strength", "queue", "thought", "yellow", "vision", "judge", "ring", "world", "rhythm", "boy", "measure",
            "zoo",
        ] {
            for syllable in reading(word) {
                assert!(tokens(&syllable.base).is_some(), "{word}: {}", syllable.base);
            }
        }
        for c in 'a'..='z' {
            for syllable in super::super::lexicon::parse(letter(c).unwrap()) {
                assert!(tokens(&syllable.base).is_some(), "{c}");
            }
        }
    }
}
