//! Words that the lexicon lacks, made from words that it has: inflections, endings, beginnings, compounds.

use super::lexicon::{Arpa, Reading, VOWELS, lookup, parse};
use crate::language::phonetics::Stress;

const fn c(base: &'static str) -> Arpa {
    Arpa { base, stress: Stress::None }
}

fn with(stem: &Reading, end: &[Arpa]) -> Reading {
    stem.iter().copied().chain(end.iter().copied()).collect()
}

/// The plural, third person or possessive s after a stem.
fn add_s(stem: &Reading) -> Reading {
    match stem.last().map(|a| a.base) {
        Some("S" | "Z" | "SH" | "ZH" | "CH" | "JH") => with(stem, &[c("IH"), c("Z")]),
        Some("P" | "T" | "K" | "F" | "TH") => with(stem, &[c("S")]),
        _ => with(stem, &[c("Z")]),
    }
}

/// The past ed after a stem.
fn add_ed(stem: &Reading) -> Reading {
    match stem.last().map(|a| a.base) {
        Some("T" | "D") => with(stem, &[c("IH"), c("D")]),
        Some("P" | "K" | "F" | "TH" | "S" | "SH" | "CH") => with(stem, &[c("T")]),
        _ => with(stem, &[c("D")]),
    }
}

/// Readings of a word the lexicon lacks, made from a word it has: inflections, common endings and beginnings,
/// and two words written as one. Empty when nothing fits.
pub fn derived(word: &str) -> Vec<Reading> {
    let by = |stem: &str, end: &dyn Fn(&Reading) -> Reading| -> Vec<Reading> {
        known(stem).iter().map(end).collect::<Vec<_>>()
    };
    // Contractions and possessives.
    for (tail, end) in [("'ll", "AH0 L"), ("'ve", "AH0 V"), ("'d", "D"), ("'re", "ER0"), ("n't", "AH0 N T")] {
        if let Some(stem) = word.strip_suffix(tail) {
            let end = parse(end);
            return by(stem, &|r| match (tail, r.last().map(|a| a.base)) {
                ("'d", Some("T" | "D")) => with(r, &[c("IH"), c("D")]),
                ("'ll", Some(last)) if VOWELS.contains(&last) => with(r, &[c("L")]),
                ("'ve", Some(last)) if VOWELS.contains(&last) => with(r, &[c("V")]),
                _ => with(r, &end),
            });
        }
    }
    if let Some(stem) = word.strip_suffix("'s") {
        return by(stem, &add_s);
    }
    if let Some(stem) = word.strip_suffix('\'') {
        if let Some(open) = stem.strip_suffix("in") {
            let full = known(&format!("{open}ing"));
            if !full.is_empty() {
                return full
                    .into_iter()
                    .map(|mut r| {
                        r.pop();
                        r.push(c("N"));
                        r
                    })
                    .collect();
            }
        }
        return known(stem);
    }
    if !word.is_ascii() || word.len() < 4 {
        return Vec::new();
    }
    for attempt in [inflected(word), suffixed(word), prefixed(word), compound(word, 4)] {
        if !attempt.is_empty() {
            return attempt;
        }
    }
    Vec::new()
}

/// In the lexicon, or an inflection of what is in it.
fn known(word: &str) -> Vec<Reading> {
    let direct = lookup(word);
    if direct.is_empty() && word.len() >= 4 && word.is_ascii() { inflected(word) } else { direct }
}

/// Stems that an ending may have been joined to: as it stands, with the silent e back, undoubled, with y back.
fn stems(rest: &str, ending_starts_with_vowel: bool) -> Vec<String> {
    let mut stems = Vec::new();
    let bytes = rest.as_bytes();
    let doubled = bytes.len() >= 3
        && bytes[bytes.len() - 1] == bytes[bytes.len() - 2]
        && !matches!(bytes[bytes.len() - 1], b's' | b'l' | b'e' | b'o' | b'f' | b'z');
    if doubled && ending_starts_with_vowel {
        stems.push(rest[..rest.len() - 1].to_owned());
    }
    if ending_starts_with_vowel {
        stems.push(format!("{rest}e"));
    }
    stems.push(rest.to_owned());
    if let Some(y) = rest.strip_suffix('i') {
        stems.push(format!("{y}y"));
    }
    if bytes.len() >= 3 && bytes[bytes.len() - 1] == bytes[bytes.len() - 2] && ending_starts_with_vowel {
        stems.push(rest[..rest.len() - 1].to_owned());
    }
    stems
}

fn first_known(candidates: Vec<String>, end: impl Fn(&Reading) -> Reading) -> Vec<Reading> {
    for stem in candidates {
        if stem.len() >= 3 {
            let readings = lookup(&stem);
            if !readings.is_empty() {
                return readings.iter().map(end).collect();
            }
        }
    }
    Vec::new()
}

fn inflected(word: &str) -> Vec<Reading> {
    if let Some(rest) = word.strip_suffix("ing") {
        return first_known(stems(rest, true), |r| with(r, &[c("IH"), c("NG")]));
    }
    if let Some(rest) = word.strip_suffix("ed") {
        return first_known(stems(rest, true), add_ed);
    }
    if let Some(rest) = word.strip_suffix("ies") {
        let plural = first_known(vec![format!("{rest}y"), format!("{rest}ie")], add_s);
        if !plural.is_empty() {
            return plural;
        }
    }
    if word.ends_with('s') && !word.ends_with("ss") {
        let mut candidates = vec![word[..word.len() - 1].to_owned()];
        if let Some(rest) = word.strip_suffix("es") {
            candidates.push(rest.to_owned());
        }
        return first_known(candidates, add_s);
    }
    Vec::new()
}

fn suffixed(word: &str) -> Vec<Reading> {
    const ENDINGS: &[(&str, &str, bool)] = &[
        ("ally", "AH0 L IY0", true),
        ("ly", "L IY0", false),
        ("ness", "N AH0 S", false),
        ("less", "L AH0 S", false),
        ("ful", "F AH0 L", false),
        ("ment", "M AH0 N T", false),
        ("ship", "SH IH2 P", false),
        ("hood", "HH UH2 D", false),
        ("like", "L AY2 K", false),
        ("wise", "W AY2 Z", false),
        ("proof", "P R UW2 F", false),
        ("able", "AH0 B AH0 L", true),
        ("ish", "IH0 SH", true),
        ("ism", "IH2 Z AH0 M", true),
        ("ist", "IH0 S T", true),
        ("ize", "AY2 Z", true),
        ("er", "ER0", true),
        ("est", "AH0 S T", true),
        ("or", "ER0", true),
        ("y", "IY0", true),
    ];
    // An ending may itself be inflected: `cuers`, `vloggers`.
    for plural in [true, false] {
        let base = match (plural, word.strip_suffix('s')) {
            (true, Some(base)) if !base.ends_with('s') => base,
            (true, _) => continue,
            (false, _) => word,
        };
        for (ending, sounds, vowel) in ENDINGS {
            let Some(rest) = base.strip_suffix(ending).filter(|r| r.len() >= 3) else { continue };
            let end = parse(sounds);
            let candidates =
                if *ending == "ally" { vec![rest.to_owned(), format!("{rest}al")] } else { stems(rest, *vowel) };
            let found = first_known(candidates, |r| {
                let r = with(r, &end);
                if plural { add_s(&r) } else { r }
            });
            if !found.is_empty() {
                return found;
            }
        }
    }
    Vec::new()
}

fn prefixed(word: &str) -> Vec<Reading> {
    const BEGINNINGS: &[(&str, &str)] = &[
        ("counter", "K AW2 N T ER0"),
        ("electro", "IH0 L EH2 K T R OW0"),
        ("hyper", "HH AY2 P ER0"),
        ("inter", "IH2 N T ER0"),
        ("kilo", "K IH2 L OW0"),
        ("mega", "M EH2 G AH0"),
        ("micro", "M AY2 K R OW0"),
        ("milli", "M IH2 L AH0"),
        ("mini", "M IH2 N IY0"),
        ("multi", "M AH2 L T IY0"),
        ("nano", "N AE2 N OW0"),
        ("neuro", "N UH2 R OW0"),
        ("over", "OW2 V ER0"),
        ("photo", "F OW2 T OW0"),
        ("post", "P OW2 S T"),
        ("proto", "P R OW2 T OW0"),
        ("pseudo", "S UW2 D OW0"),
        ("psycho", "S AY2 K OW0"),
        ("semi", "S EH2 M IY0"),
        ("super", "S UW2 P ER0"),
        ("tele", "T EH2 L AH0"),
        ("trans", "T R AE2 N Z"),
        ("ultra", "AH2 L T R AH0"),
        ("under", "AH2 N D ER0"),
        ("anti", "AE2 N T IY0"),
        ("auto", "AO2 T OW0"),
        ("cyber", "S AY2 B ER0"),
        ("fore", "F AO2 R"),
        ("mid", "M IH2 D"),
        ("mis", "M IH2 S"),
        ("non", "N AA2 N"),
        ("out", "AW2 T"),
        ("pre", "P R IY2"),
        ("pro", "P R OW2"),
        ("sub", "S AH2 B"),
        ("bio", "B AY2 OW0"),
        ("geo", "JH IY2 OW0"),
        ("dis", "D IH2 S"),
        ("un", "AH0 N"),
        ("re", "R IY2"),
        ("co", "K OW2"),
        ("de", "D IY2"),
        ("up", "AH2 P"),
    ];
    for (beginning, sounds) in BEGINNINGS {
        if let Some(rest) = word.strip_prefix(beginning).filter(|r| r.len() >= 4) {
            let stem = known(rest);
            if !stem.is_empty() {
                let start = parse(sounds);
                return stem.into_iter().map(|r| with(&start, &r)).collect();
            }
        }
    }
    Vec::new()
}

/// Two words written as one, both of at least `least` letters, cut where the shorter one is longest.
pub fn compound(word: &str, least: usize) -> Vec<Reading> {
    if !word.is_ascii() || word.len() < 2 * least {
        return Vec::new();
    }
    let mut cuts: Vec<usize> = (least..=word.len() - least).collect();
    // The halves best alike in length; an s at the cut rather begins the second word (hand|shapes).
    cuts.sort_by_key(|cut| {
        let s = if word[..*cut].ends_with('s') { 3 } else { 0 };
        std::cmp::Reverse(((*cut).min(word.len() - cut)).saturating_sub(s))
    });
    for cut in cuts {
        let (first, second) = (lookup(&word[..cut]), known(&word[cut..]));
        if let (Some(first), Some(second)) = (first.first(), second.first()) {
            let weakened = second.iter().map(|a| match a.stress {
                Stress::Primary => Arpa { stress: Stress::Secondary, ..*a },
                _ => *a,
            });
            return vec![first.iter().copied().chain(weakened).collect()];
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::super::lexicon::tests::first;
    use super::*;

    #[test]
    fn inflections_follow_the_last_sound() {
        for (word, reading) in [
            ("emojis", "IH0 M OW1 JH IY0 Z"),
            ("cueing", "K Y UW1 IH0 NG"),
            ("photoshopped", "F OW2 T OW0 SH AA1 P T"),
            ("blogger's", "B L AO1 G ER0 Z"),
            ("unfollowed", "AH0 N F AA1 L OW0 D"),
            ("screenshot", "S K R IY1 N SH AA2 T"),
        ] {
            let found = lookup(word);
            let found = if found.is_empty() { derived(word) } else { found };
            assert_eq!(first(&found), reading, "{word}");
        }
        assert!(derived("xqzptk").is_empty());
    }
}
