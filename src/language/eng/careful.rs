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
            reading.insert(i + 1, Arpa { base: "R", stress: Stress::None });
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
            ("dogs", "D AO1 G Z"),
        ] {
            assert_eq!(first(&careful(lookup(word), word)), kept, "{word}");
        }
        assert_eq!(careful(lookup("twenty"), "twenty").len(), 1);
    }
}
