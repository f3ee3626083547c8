//! Numbers change with what follows: six is "sis" alone, "si" before a consonant and "siz" before a vowel.

use super::line::{Line, has};

const NUMERALS: &str = "\
    quatre-vingts quatre-vingt un une deux trois quatre cinq six sept huit neuf dix onze douze treize \
    quatorze quinze seize vingt vingts trente quarante cinquante soixante septante huitante octante \
    nonante cent cents mille zéro";

const MONTHS: &str = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre";

/// Whether a word is a number, or a part of one.
pub fn is_numeral(key: &str) -> bool {
    has(NUMERALS, key)
}

pub fn is_month(key: &str) -> bool {
    has(MONTHS, key)
}

/// The sounds of a number that changes with what follows, best first, in the code of the lexicon; `None` for words
/// that do not change.
pub fn forms(line: Line, i: usize) -> Option<&'static [&'static str]> {
    let next = line.after(i);
    let counts = next.is_some_and(|n| counts(line, n));
    let before_vowel = counts && next.is_some_and(|n| line.starts_with_vowel(n));
    let next_key = next.map_or("", |n| line.key(n));
    let hyphen = next.is_some_and(|n| line.items[n].piece.hyphen);
    // Dates: le six mai is heard with and without its s.
    let month = is_month(next_key);
    Some(match line.key(i) {
        "six" if month && before_vowel => &["siz", "sis"],
        "six" if month => &["si", "sis"],
        "dix" if month && before_vowel => &["diz", "dis"],
        "dix" if month => &["di", "dis"],
        "huit" if month && !before_vowel => &["8i", "8it"],
        "six" if before_vowel => &["siz"],
        "six" if counts => &["si"],
        "six" => &["sis"],
        "quatre" if hyphen && next_key == "vingt" => &["katR*"],
        // The s of dix-sept is heard once.
        "dix" if hyphen && next_key == "sept" => &["di"],
        "dix" if hyphen && matches!(next_key, "huit" | "neuf") || before_vowel => &["diz"],
        "dix" if counts => &["di"],
        "dix" => &["dis"],
        "huit" if counts && !before_vowel => &["8i"],
        "huit" => &["8it"],
        "cinq" if matches!(next_key, "cent" | "cents" | "mille") => &["s5", "s5k"],
        // Both are heard before a consonant: cinq livres, cinq minutes.
        "cinq" if counts && !before_vowel => &["s5k", "s5"],
        "cinq" => &["s5k"],
        "neuf" if matches!(next_key, "ans" | "heures" | "hommes" | "autres") => &["n9v"],
        "vingt" if line.before(i).is_some_and(|p| line.key(p) == "quatre" && line.items[i].piece.hyphen) => &["v5"],
        "vingt" if before_vowel || next_key == "et" => &["v5t"],
        "vingt" if hyphen && is_numeral(next_key) => &["v5t"],
        "vingt" => &["v5"],
        _ => return None,
    })
}

/// Whether what stands at `i` is counted by the number before it: a noun with or without adjectives, a unit, a
/// multiple.
pub fn counts(line: Line, i: usize) -> bool {
    let key = line.key(i);
    if matches!(
        key,
        "mille" | "cent" | "cents" | "million" | "millions" | "milliard" | "milliards" | "autres" | "autre"
    ) {
        return true;
    }
    if key == "pour" {
        return line.after(i).is_some_and(|n| matches!(line.key(n), "cent" | "mille"));
    }
    let item = &line.items[i];
    if is_numeral(key) || item.piece.hyphen || item.piece.clitic {
        return false;
    }
    item.piece.given.is_none() && item.entries.first().is_some_and(|e| e.is_first("NMnFUABa"))
}
