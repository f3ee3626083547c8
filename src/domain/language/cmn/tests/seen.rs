//! The seen sentences of `tests/data/readings`: syllables, tones, and whether doubt is shown where it is due.

#[cfg(test)]
use crate::cueing::{
    KeyFlag,
    chart::{Chart, ChartSwitches},
    what,
};
use crate::language::cmn::{self, pinyin::Pinyin, reading};
use crate::language::{Language, ReadingOptions, ReadingSource, Utterance, Word, WordKind};

/// A syllable as it is wanted; tone 0 may be any.
struct Wanted {
    base: String,
    tone: u8,
}

/// A syllable as it was read: base, tone, keys, and whether one of them is flagged.
struct Heard {
    base: String,
    tone: u8,
    keys: Vec<String>,
    flagged: bool,
}

/// Counts over all sentences.
#[derive(Default)]
struct Tally {
    sentences: usize,
    syllables: usize,
    wrong: usize,
    toned: usize,
    wrong_tones: usize,
    /// Keys that are right, and how many of them are flagged.
    right_keys: (usize, usize),
    wrong_keys: (usize, usize),
    report: String,
}

/// The sounds of an utterance with their keys; a break is `|`.
fn heard(utterance: &Utterance) -> Vec<Heard> {
    let keys = what::keys(utterance, Chart::builtin(Language::Mandarin), &ChartSwitches::default());
    let mut at = 0;
    let mut list = Vec::new();
    for word in &utterance.words {
        if word.kind != WordKind::Spoken {
            let base = if word.kind == WordKind::Break { "|".to_owned() } else { format!("?{}", word.text) };
            list.push(Heard { base, tone: 0, keys: Vec::new(), flagged: false });
        }
        for syllable in word.syllables() {
            let phones = at..at + syllable.phones.len();
            at = phones.end;
            let own: Vec<_> = keys.iter().filter(|k| phones.contains(&k.phones.start)).collect();
            list.push(Heard {
                base: syllable.spelling.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned(),
                tone: syllable.tone.unwrap_or(0),
                keys: own.iter().map(|k| format!("{}{:?}", k.shape.0, k.position)).collect(),
                flagged: own.iter().any(|k| k.flags.contains(&KeyFlag::AmbiguousReading)),
            });
        }
    }
    list
}

/// The keys of a syllable by itself.
fn keys_of(base: &str) -> Vec<String> {
    let syllables = [Pinyin { base: base.to_owned(), tone: 5 }];
    let reading = reading(&syllables, &syllables, ReadingSource::User);
    let word = Word { text: base.into(), source: 0..0, kind: WordKind::Spoken, readings: vec![reading], chosen: 0 };
    let utterance =
        Utterance { language: Language::Mandarin, text: base.into(), words: vec![word], issues: Vec::new() };
    heard(&utterance).into_iter().flat_map(|h| h.keys).collect()
}

/// Pairs of what was wanted and heard, along the cheapest way from one to the other.
fn aligned<'a>(wanted: &'a [Wanted], heard: &'a [Heard]) -> Vec<(Option<&'a Wanted>, Option<&'a Heard>)> {
    let (n, m) = (wanted.len(), heard.len());
    let mut cost = vec![vec![0usize; m + 1]; n + 1];
    for i in (0..=n).rev() {
        for j in (0..=m).rev() {
            cost[i][j] = match (i < n, j < m) {
                (false, _) => m - j,
                (_, false) => n - i,
                _ => (cost[i + 1][j + 1] + usize::from(wanted[i].base != heard[j].base))
                    .min(1 + cost[i + 1][j].min(cost[i][j + 1])),
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::new();
    while i < n || j < m {
        if i < n && j < m && cost[i][j] == cost[i + 1][j + 1] + usize::from(wanted[i].base != heard[j].base) {
            pairs.push((Some(&wanted[i]), Some(&heard[j])));
            (i, j) = (i + 1, j + 1);
        } else if i < n && cost[i][j] == 1 + cost[i + 1][j] {
            pairs.push((Some(&wanted[i]), None));
            i += 1;
        } else {
            pairs.push((None, Some(&heard[j])));
            j += 1;
        }
    }
    pairs
}

fn tally(gold: &str) -> Tally {
    let mut tally = Tally::default();
    for line in gold.lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
        let (text, expected) = line.split_once('\t').expect("text, tab, pinyin");
        let wanted: Vec<Wanted> = expected
            .split_whitespace()
            .map(|s| {
                let base = s.trim_end_matches(|c: char| c.is_ascii_digit());
                Wanted { base: base.to_owned(), tone: s[base.len()..].parse().unwrap_or(0) }
            })
            .collect();
        let found = heard(&cmn::read(text, &ReadingOptions::default(), None));
        let mut wrong = Vec::new();
        let mut needless = Vec::new();
        tally.sentences += 1;
        for (want, is) in aligned(&wanted, &found) {
            let (base, tone) = want.map_or(("", 0), |w| (w.base.as_str(), w.tone));
            tally.syllables += usize::from(!matches!(base, "" | "|"));
            let same = is.is_some_and(|h| h.base == base);
            if let Some(h) = is.filter(|_| same) {
                tally.toned += usize::from(tone != 0);
                if tone != 0 && h.tone != tone {
                    tally.wrong_tones += 1;
                    wrong.push(format!("{base}{tone} was {}", h.tone));
                }
            } else {
                tally.wrong += 1;
                let flag = if is.is_some_and(|h| h.flagged) { " (flagged)" } else { "" };
                wrong.push(format!("{base} WAS {}{flag}", is.map_or("", |h| h.base.as_str())));
            }
            if let Some(h) = is {
                let own = keys_of(base);
                for (k, key) in h.keys.iter().enumerate() {
                    let right = same || own.get(k) == Some(key);
                    let counts = if right { &mut tally.right_keys } else { &mut tally.wrong_keys };
                    counts.0 += 1;
                    counts.1 += usize::from(h.flagged);
                }
                if same && h.flagged {
                    needless.push(base.to_owned());
                }
            }
        }
        if !wrong.is_empty() || !needless.is_empty() {
            let needless =
                if needless.is_empty() { String::new() } else { format!(" [flags: {}]", needless.join(" ")) };
            tally.report += &format!("{text}\t{}{needless}\n", wrong.join(", "));
        }
    }
    tally.report += &format!(
        "{} sentences, {} syllables: {} wrong; {} of {} tones wrong; flagged: {:?} of right keys, {:?} of wrong ones\n",
        tally.sentences,
        tally.syllables,
        tally.wrong,
        tally.wrong_tones,
        tally.toned,
        tally.right_keys,
        tally.wrong_keys,
    );
    tally
}

#[test]
fn seen_sentences_are_read_as_they_were_typed() {
    let tally = tally(include_str!("../../../../../tests/data/readings/cmn-seen.txt"));
    println!("{}", tally.report);
    assert!(tally.sentences >= 850 && tally.syllables >= 9000, "{}", tally.report);
    assert!(tally.wrong * 500 <= tally.syllables, "{}", tally.report);
    assert!(tally.wrong_tones * 200 <= tally.toned, "{}", tally.report);
    // Doubt is shown, but not at every turn; most of what is wrong stands in doubt.
    assert!(tally.right_keys.1 * 12 <= tally.right_keys.0, "{}", tally.report);
    assert!(tally.wrong_keys.1 * 2 >= tally.wrong_keys.0, "{}", tally.report);
}
