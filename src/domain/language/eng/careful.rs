//! Careful readings: what the dictionary lists of hurried speech goes, and vowels are written one way.

use super::lexicon::{Arpa, Reading};
use crate::language::phonetics::Stress;

/// Leaves out readings of hurried speech and brings the rest into the shape of the charts; the order stays, but for
/// readings that the spelling speaks against.
///
/// CMUdict lists forms such as *twenny* and *doan* as variants, writes *near* with IH and *hear* with IY, and *around*
/// with ER though its r belongs to the next syllable.
pub fn careful(readings: Vec<Reading>, spelling: &str) -> Vec<Reading> {
    let mut kept: Vec<Reading> = Vec::new();
    for reading in readings.into_iter().map(|r| with_g(regular(r, spelling), spelling)) {
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
    if kept.len() > 1 && ["ity", "ities"].iter().any(|e| spelling.ends_with(e)) {
        kept.truncate(1);
    }
    // aw, au, al before k: the vowel of *law*; o before nasals and stops: that of *lot*.
    let open = |r: &Reading| r.iter().any(|a| a.base == "AO");
    let rounded =
        ["aw", "au", "ough", "alk", "all", "alt", "og", "oss", "off", "oft", "ong", "oth", "ost", "wash", "water"];
    if kept.len() > 1 && kept[0].len() == kept[1].len() && open(&kept[0]) != open(&kept[1]) {
        let differ = kept[0].iter().zip(&kept[1]).filter(|(a, b)| a.base != b.base).collect::<Vec<_>>();
        if differ.len() == 1 && matches!((differ[0].0.base, differ[0].1.base), ("AA", "AO") | ("AO", "AA")) {
            let law = rounded.iter().any(|s| spelling.contains(s));
            if law != open(&kept[0]) {
                kept.swap(0, 1);
            }
            // Elsewhere the dictionary's other vowel is no usual one; here it is a matter of region (*dog*, *coffee*).
            let region = ["og", "oss", "off", "oft", "ong", "oth", "ost", "wash", "water"];
            if !region.iter().any(|r| spelling.contains(r)) {
                kept.remove(1);
            }
        }
    }
    kept
}

/// The three adjectives in *ng* sound their g when they are compared: *longer*, *strongest*.
fn with_g(mut reading: Reading, spelling: &str) -> Reading {
    let stem = spelling.strip_suffix("er").or_else(|| spelling.strip_suffix("est"));
    if matches!(stem, Some("long" | "strong" | "young"))
        && let Some(at) = reading.iter().position(|a| a.base == "NG")
        && reading.get(at + 1).is_some_and(|a| a.is_vowel())
    {
        reading.insert(at + 1, Arpa { base: "G", stress: Stress::None });
    }
    reading
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
                // Not in *zero*.
                "IY" if closed || stressed && spelling != "zero" => "IH",
                "UW" => "UH",
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
            reading.insert(i + 1, Arpa { base: "R", stress: Stress::None });
        }
        i += 1;
    }
    let n = reading.len();
    if n >= 3 && reading[n - 2].base == "AH" && reading[n - 2].stress == Stress::None {
        let (before, last) = (reading[n - 3].base, reading[n - 1].base);
        // *landed*, *naked*; not *hundred*.
        let past = spelling.ends_with("ed") && last == "D" && before != "R";
        let plural = (spelling.ends_with("es") || spelling.ends_with("'s"))
            && last == "Z"
            && matches!(before, "S" | "Z" | "SH" | "ZH" | "CH" | "JH");
        if past || plural {
            reading[n - 2].base = "IH";
        }
    }
    // *language*, *manager*; *artist*.
    for i in 1..reading.len() {
        let next = reading.get(i + 1).map_or("", |a| a.base);
        let weak = reading[i].base == "AH" && reading[i].stress == Stress::None;
        let ge = next == "JH" && (spelling.contains("age") || spelling.ends_with("ge"));
        let left = reading.len() - i;
        let ist = next == "S"
            && reading.get(i + 2).is_some_and(|a| a.base == "T")
            && (spelling.ends_with("ist") && left == 3 || spelling.ends_with("ists") && left == 4);
        if weak && (ge || ist) {
            reading[i].base = "IH";
        }
    }
    reduced(&mut reading, spelling);
    // *fire*, *hour*, *retired*: the r after such a diphthong makes a syllable where no vowel follows.
    let mut i = 1;
    while i < reading.len() {
        let open = reading.get(i + 1).is_none_or(|a| !a.is_vowel());
        if reading[i].base == "R" && matches!(reading[i - 1].base, "AY" | "AW") && open {
            reading[i] = Arpa { base: "ER", stress: Stress::None };
        }
        i += 1;
    }
    // The beginnings un- and up- keep their vowel.
    let n = reading.len();
    let begun = (spelling.starts_with("un") && !matches!(spelling, "until" | "unless"))
        || (spelling.starts_with("up") && spelling != "upon");
    if begun
        && n > 3
        && reading[0].base == "AH"
        && reading[0].stress == Stress::None
        && matches!(reading[1].base, "N" | "P")
    {
        reading[0].stress = Stress::Secondary;
    }
    reading
}

/// Weak vowels before the stress that the dictionary writes now with AH, now with IY or EH: the vowel of *it* in re-,
/// de-, be-, pre- and in e- (*receive*, *determine*, *prefer*, *edition*, *enjoy*).
fn reduced(reading: &mut Reading, spelling: &str) {
    // Made with a living re- (*rebuild*) these keep their ee; the words here only look so.
    const WORN: &[&str] = &[
        "move", "lease", "port", "turn", "form", "call", "ply", "plie", "tire", "gard", "mind", "mark", "solve",
        "serve", "store", "stor", "strict", "strain", "tain", "veal", "quire", "quest", "lat", "lax", "main", "sult",
        "spect", "spond", "spon", "sist", "sort", "peat", "pair", "ceiv", "ceipt", "duc", "fer", "flect", "fus",
        "gret", "gion", "ject", "joic", "lief", "liev", "ly", "li", "luct", "member", "mot", "new", "nown", "pel",
        "ply", "pos", "pres", "public", "sent", "sign", "tail", "treat", "triev", "veng", "vers", "view", "volt",
        "volv", "ward", "mov", "leas", "tir", "quir", "solv", "serv", "treat", "search", "cord", "cover", "cruit",
        "cycl", "lent", "pent", "morse", "sum", "bel",
    ];
    let vowel = reading.iter().position(|a| a.is_vowel());
    let Some(at) = vowel.filter(|at| reading[*at].stress != Stress::Primary) else { return };
    let next = reading[at + 1..].iter().find(|a| a.is_vowel());
    let stress_follows = next.is_some_and(|a| a.stress != Stress::None);
    let weak = reading[at].base;
    let consonant_follows = reading.get(at + 1).is_some_and(|a| !a.is_vowel() && a.base != "R");
    if stress_follows && consonant_follows {
        let begins = |p: &str| spelling.starts_with(p);
        let ee = weak == "IY"
            && (spelling.strip_prefix("re").is_some_and(|r| WORN.iter().any(|w| r.starts_with(w)))
                || begins("be") && !begins("bea")
                || begins("e") && at == 0);
        let schwa = weak == "AH"
            && (begins("re")
                || begins("de") && !begins("dess")
                || begins("pre")
                || begins("be")
                || begins("e") && at == 0);
        let open_e =
            weak == "EH" && at == 0 && (begins("en") || begins("em") || begins("ex") || begins("es") || begins("ef"));
        if ee || schwa || open_e {
            reading[at] = Arpa { base: "IH", stress: Stress::None };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexicon::lookup;
    use super::super::lexicon::tests::first;
    use super::*;

    #[test]
    fn careful_speech_keeps_its_sounds() {
        for (word, kept) in [
            ("twenty", "T W EH1 N T IY0"),
            ("thirty", "TH ER1 T IY2"),
            ("hear", "HH IH1 R"),
            ("near", "N IH1 R"),
            ("around", "AH0 R AW1 N D"),
            ("zero", "Z IY1 R OW0"),
            ("europe", "Y UH1 R AH0 P"),
            ("language", "L AE1 NG G W IH0 JH"),
            ("naked", "N EY1 K IH0 D"),
            ("hundred", "HH AH1 N D R AH0 D"),
            ("unhappy", "AH2 N HH AE1 P IY0"),
            ("upon", "AH0 P AA1 N"),
            ("receive", "R IH0 S IY1 V"),
            ("rebuild", "R IY0 B IH1 L D"),
            ("remove", "R IH0 M UW1 V"),
            ("determine", "D IH0 T ER1 M AH0 N"),
            ("enjoy", "IH0 N JH OY1"),
            ("edition", "IH0 D IH1 SH AH0 N"),
            ("retire", "R IH0 T AY1 ER0"),
            ("virus", "V AY1 R AH0 S"),
            ("community", "K AH0 M Y UW1 N AH0 T IY0"),
            ("dogs", "D AO1 G Z"),
        ] {
            assert_eq!(first(&careful(lookup(word), word)), kept, "{word}");
        }
        assert_eq!(careful(lookup("twenty"), "twenty").len(), 1);
    }
}
