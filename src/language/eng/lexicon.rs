//! The CMU pronouncing dictionary, and words derived from its words.
//!
//! The dictionary is kept as the sorted, recoded text that `scripts/make_lexicons.py` writes (see there for the code);
//! it is unpacked once, and a word is found by binary search in the bytes, so that nothing has to be built first.
//! A small list of our own ([`EXTRA`]) goes before it: newer words, and words whose usual reading is not the first one
//! in the dictionary.

use std::collections::HashMap;
use std::io::Read;
use std::sync::LazyLock;

use crate::language::phonetics::{Stress, arpabet_symbol};

/// One sound of a dictionary reading: the ARPAbet name without digit, and the stress of a vowel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Arpa {
    pub base: &'static str,
    pub stress: Stress,
}

impl Arpa {
    pub fn is_vowel(self) -> bool {
        VOWELS.contains(&self.base)
    }

    /// The symbol of the charts.
    pub fn symbol(self) -> &'static str {
        arpabet_symbol(self.base, self.stress).unwrap_or("ə")
    }
}

/// One reading of a word.
pub type Reading = Vec<Arpa>;

const CONSONANTS: [&str; 24] = [
    "B", "CH", "D", "DH", "F", "G", "HH", "JH", "K", "L", "M", "N", "NG", "P", "R", "S", "SH", "T", "TH", "V", "W",
    "Y", "Z", "ZH",
];
const VOWELS: [&str; 15] = ["AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"];

static DICTIONARY: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let packed = include_bytes!("../../../assets/lexicons/eng.txt.gz");
    let mut text = Vec::with_capacity(2_500_000);
    // The bytes are part of the program; the tests read all of them.
    let _ = flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut text);
    text
});

static EXTRA: LazyLock<HashMap<&'static str, Vec<Reading>>> = LazyLock::new(|| {
    let mut words: HashMap<&'static str, Vec<Reading>> = HashMap::new();
    for line in include_str!("../../../assets/lexicons/eng-extra.txt").lines() {
        let line = line.split('#').next().unwrap_or("").trim();
        if let Some((word, reading)) = line.split_once(' ') {
            words.entry(word).or_default().push(parse(reading));
        }
    }
    words
});

/// Readings written in ARPAbet inside this program; a sound that does not exist is left out, which the tests catch.
pub fn parse(arpabet: &str) -> Reading {
    arpabet
        .split_whitespace()
        .filter_map(|token| {
            let base = token.trim_end_matches(|c: char| c.is_ascii_digit());
            let stress = match &token[base.len()..] {
                "1" => Stress::Primary,
                "2" => Stress::Secondary,
                _ => Stress::None,
            };
            let base = CONSONANTS.iter().chain(&VOWELS).find(|b| **b == base)?;
            Some(Arpa { base, stress })
        })
        .collect()
}

fn decode(code: &[u8]) -> Reading {
    let mut reading = Reading::with_capacity(code.len());
    for byte in code {
        match byte {
            b'a'..=b'x' => {
                reading.push(Arpa { base: CONSONANTS[usize::from(byte - b'a')], stress: Stress::None });
            }
            b'A'..=b'O' => reading.push(Arpa { base: VOWELS[usize::from(byte - b'A')], stress: Stress::None }),
            digit => {
                if let Some(last) = reading.last_mut() {
                    last.stress = match digit {
                        b'1' => Stress::Primary,
                        b'2' => Stress::Secondary,
                        _ => Stress::None,
                    };
                }
            }
        }
    }
    reading
}

/// The line of the dictionary that begins at or before `at`.
fn line_at(text: &[u8], at: usize) -> (usize, usize) {
    let start = text[..at].iter().rposition(|b| *b == b'\n').map_or(0, |p| p + 1);
    let end = text[at..].iter().position(|b| *b == b'\n').map_or(text.len(), |p| at + p);
    (start, end)
}

/// Readings of a word in small letters as the dictionary has them, best first; empty when it has none.
pub fn lookup(word: &str) -> Vec<Reading> {
    if let Some(readings) = EXTRA.get(word) {
        return readings.clone();
    }
    dictionary(word)
}

/// Readings from CMUdict alone.
pub fn dictionary(word: &str) -> Vec<Reading> {
    let text: &[u8] = &DICTIONARY;
    let (mut low, mut high) = (0, text.len());
    while low < high {
        let (start, end) = line_at(text, low + (high - low) / 2);
        let mut fields = text[start..end].split(|b| *b == b'\t');
        match fields.next().unwrap_or_default().cmp(word.as_bytes()) {
            std::cmp::Ordering::Equal => return fields.map(decode).collect(),
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    Vec::new()
}

/// Whether the lexicon has the word itself.
pub fn has(word: &str) -> bool {
    !lookup(word).is_empty()
}

/// Leaves out readings of hurried speech and brings the rest into the shape of the charts; the order stays, but for
/// readings that the spelling speaks against.
///
/// CMUdict lists forms such as *twenny* and *doan* as variants, writes *near* with IH and *hear* with IY, and *around*
/// with ER though its r belongs to the next syllable.
pub fn careful(readings: Vec<Reading>, spelling: &str) -> Vec<Reading> {
    let mut kept: Vec<Reading> = Vec::new();
    for reading in readings.into_iter().map(|r| regular(r, spelling)) {
        let bases = |r: &Reading| r.iter().map(|a| a.base).collect::<Vec<_>>();
        let new = bases(&reading);
        let mut drop = false;
        for old in &mut kept {
            let known = bases(old);
            if known == new || hurried(&known, &new) {
                drop = true;
            } else if hurried(&new, &known) || flapped(&known, &new) && !spelling.contains('d') {
                // The fuller form takes the place of the hurried one.
                *old = reading.clone();
                drop = true;
            } else if flapped(&new, &known) && !spelling.contains('d')
                || with_yod(&known, &new)
                || weak_day(&known, &new)
            {
                drop = true;
            } else if with_yod(&new, &known) || weak_day(&new, &known) {
                *old = reading.clone();
                drop = true;
            }
        }
        if !drop {
            kept.push(reading);
        }
    }
    // aw, au, al before k: the vowel of *law*; o before nasals and stops: that of *lot*.
    let open = |r: &Reading| r.iter().any(|a| a.base == "AO");
    let rounded = ["aw", "au", "ough", "alk", "all", "alt", "og", "oss", "off", "ong", "oth", "ost", "wash", "water"];
    if kept.len() > 1 && kept[0].len() == kept[1].len() && open(&kept[0]) != open(&kept[1]) {
        let differ = kept[0].iter().zip(&kept[1]).filter(|(a, b)| a.base != b.base).collect::<Vec<_>>();
        if differ.len() == 1 && matches!((differ[0].0.base, differ[0].1.base), ("AA", "AO") | ("AO", "AA")) {
            let law = rounded.iter().any(|s| spelling.contains(s));
            if law != open(&kept[0]) {
                kept.swap(0, 1);
            }
            // Which of the two is a matter of region; *on* alone is truly said both ways in careful speech.
            if spelling != "on" {
                kept.remove(1);
            }
        }
    }
    kept
}

/// Whether `short` is `full` with t, d or h left out: *twenny*, *doan*.
fn hurried(full: &[&str], short: &[&str]) -> bool {
    if short.len() >= full.len() {
        return false;
    }
    let mut rest = short.iter().peekable();
    for sound in full {
        if rest.peek() == Some(&sound) {
            rest.next();
        } else if !matches!(*sound, "T" | "D" | "HH") {
            return false;
        }
    }
    rest.peek().is_none()
}

/// Whether `flapped` is `clear` with D for T: *thirdy*.
fn flapped(flapped: &[&str], clear: &[&str]) -> bool {
    flapped.len() == clear.len()
        && flapped.iter().zip(clear).all(|(f, c)| f == c || (*f, *c) == ("D", "T"))
        && flapped != clear
}

/// Whether `long` is `short` with the y of *nyoo*, which American speech lacks after t, d and n.
fn with_yod(short: &[&str], long: &[&str]) -> bool {
    long.len() == short.len() + 1
        && (1..long.len()).any(|i| {
            long[i] == "Y"
                && matches!(long[i - 1], "T" | "D" | "N")
                && long[..i] == short[..i]
                && long[i + 1..] == short[i..]
        })
}

/// Whether `weak` is `full` with the names of days in -dee.
fn weak_day(full: &[&str], weak: &[&str]) -> bool {
    full.len() == weak.len()
        && full
            .iter()
            .zip(weak)
            .enumerate()
            .all(|(i, (f, w))| f == w || i > 0 && full[i - 1] == "D" && (*f, *w) == ("EY", "IY"))
        && full != weak
}

/// One way to write vowels before r, and -ed and -es with the vowel of *it*.
fn regular(mut reading: Reading, spelling: &str) -> Reading {
    let composed =
        ["over", "under", "inter", "super", "hyper", "after", "water", "fore"].iter().any(|p| spelling.starts_with(p));
    let mut i = 0;
    while i < reading.len() {
        let next = reading.get(i + 1).copied();
        let later = reading.get(i + 2).copied();
        if next.is_some_and(|n| n.base == "R") {
            let closed = later.is_none_or(|l| !l.is_vowel());
            let stressed = reading[i].stress == Stress::Primary;
            reading[i].base = match reading[i].base {
                // Not in *zero* and *hero*.
                "IY" if closed || stressed && later.is_some_and(|l| l.base != "OW") => "IH",
                "UW" if closed => "UH",
                "EY" if closed => "EH",
                "OW" if closed => "AO",
                other => other,
            };
        }
        let strong_next = next.is_some_and(|n| n.is_vowel() && n.stress != Stress::None);
        if reading[i].base == "ER"
            && reading[i].stress == Stress::None
            && strong_next
            && !composed
            && !spelling.contains("er")
        {
            reading[i].base = "AH";
            reading.insert(i + 1, c("R"));
        }
        i += 1;
    }
    let n = reading.len();
    if n >= 3 && reading[n - 2].base == "AH" && reading[n - 2].stress == Stress::None {
        let (before, last) = (reading[n - 3].base, reading[n - 1].base);
        let past = spelling.ends_with("ed") && last == "D" && matches!(before, "T" | "D");
        let plural = (spelling.ends_with("es") || spelling.ends_with("'s"))
            && last == "Z"
            && matches!(before, "S" | "Z" | "SH" | "ZH" | "CH" | "JH");
        if past || plural {
            reading[n - 2].base = "IH";
        }
    }
    reading
}

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
    use super::*;

    fn arpabet(reading: &Reading) -> String {
        reading
            .iter()
            .map(|a| {
                if a.is_vowel() {
                    format!(
                        "{}{}",
                        a.base,
                        match a.stress {
                            Stress::None => 0,
                            Stress::Primary => 1,
                            Stress::Secondary => 2,
                        }
                    )
                } else {
                    a.base.to_owned()
                }
            })
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn first(readings: &[Reading]) -> String {
        readings.first().map(arpabet).unwrap_or_default()
    }

    #[test]
    fn the_dictionary_is_whole_and_sorted() {
        let text: &[u8] = &DICTIONARY;
        let lines: Vec<&[u8]> = text.split(|b| *b == b'\n').filter(|l| !l.is_empty()).collect();
        assert!(lines.len() > 120_000, "{}", lines.len());
        let words: Vec<&[u8]> = lines.iter().map(|l| l.split(|b| *b == b'\t').next().unwrap()).collect();
        assert!(words.is_sorted());
        for (line, word) in lines.iter().zip(&words).step_by(997) {
            let found = dictionary(std::str::from_utf8(word).unwrap());
            assert_eq!(found.len(), line.iter().filter(|b| **b == b'\t').count());
        }
        assert!(lookup("zzzzzz").is_empty() && lookup("").is_empty() && lookup("\u{10FFFF}").is_empty());
        assert!(!lookup(std::str::from_utf8(words[0]).unwrap()).is_empty());
        assert!(!lookup(std::str::from_utf8(words[words.len() - 1]).unwrap()).is_empty());
    }

    #[test]
    fn our_own_words_are_written_in_arpabet() {
        for line in include_str!("../../../assets/lexicons/eng-extra.txt").lines() {
            let line = line.split('#').next().unwrap().trim();
            let Some((word, reading)) = line.split_once(' ') else {
                assert!(line.is_empty(), "{line}");
                continue;
            };
            assert_eq!(arpabet(&parse(reading)), reading.trim(), "{word}");
        }
    }

    #[test]
    fn words_have_the_readings_of_the_dictionary() {
        assert_eq!(first(&lookup("wizard")), "W IH1 Z ER0 D");
        assert_eq!(first(&lookup("confused")), "K AH0 N F Y UW1 Z D");
        assert_eq!(first(&lookup("don't")), "D OW1 N T");
    }

    #[test]
    fn careful_speech_keeps_its_sounds() {
        for (word, kept) in [
            ("twenty", "T W EH1 N T IY0"),
            ("thirty", "TH ER1 T IY2"),
            ("hear", "HH IH1 R"),
            ("near", "N IH1 R"),
            ("around", "AH0 R AW1 N D"),
            ("zero", "Z IY1 R OW0"),
            ("dogs", "D AO1 G Z"),
        ] {
            assert_eq!(first(&careful(lookup(word), word)), kept, "{word}");
        }
        assert_eq!(careful(lookup("twenty"), "twenty").len(), 1);
    }

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
