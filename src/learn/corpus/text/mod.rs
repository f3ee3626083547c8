//! Sentences: a grammar and lists a language, written for this corpus; and carrier sentences for sounds that are missing.
//!
//! The same stream of chance gives the same sentence. Which split a sentence belongs to follows from its letters alone,
//! so that it can never stand in two.

mod cmn;
mod eng;
mod fra;

use super::Split;
use super::coverage::{Counted, SILENCE, syllables, units};
use super::dice::{Dice, number_of};
use crate::language::{Language, ReadingOptions, Utterance, read};
use std::collections::{BTreeMap, BTreeSet};

type Lists = &'static [(&'static str, &'static [&'static str])];

/// A pattern may hold slots within slots this deep.
const DEPTH: usize = 4;

fn grammar(language: Language) -> Lists {
    match language {
        Language::Mandarin => cmn::LISTS,
        Language::French => fra::LISTS,
        Language::AmericanEnglish => eng::LISTS,
    }
}

fn list_of(lists: Lists, name: &str) -> &'static [&'static str] {
    lists.iter().find(|(n, _)| *n == name).map_or(&[], |(_, l)| l)
}

/// Fills the slots `{name}` of a pattern with words of the list of that name.
fn expand(lists: Lists, pattern: &str, dice: &mut Dice, depth: usize) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        if depth > 0
            && let Some(word) = dice.pick(list_of(lists, name))
        {
            out.push_str(&expand(lists, word, dice, depth - 1));
        }
        rest = tail;
    }
    out + rest
}

/// One sentence, with its full stop or question mark.
pub fn sentence(language: Language, dice: &mut Dice) -> String {
    let lists = grammar(language);
    let pattern = dice.pick(list_of(lists, "sentence")).copied().unwrap_or_default();
    finished(expand(lists, pattern, dice, DEPTH), language)
}

/// A capital at the beginning, a full stop at the end.
fn finished(text: String, language: Language) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut letters = text.chars();
    let mut out: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    out.extend(letters);
    if !out.ends_with(['.', '?', '!', '。', '？', '！']) {
        out.push(if language == Language::Mandarin { '。' } else { '.' });
    }
    out
}

/// The split that a sentence belongs to: 88 of 100 are for training, 6 for validation, 6 for the test.
pub fn split_of(sentence: &str) -> Split {
    match number_of(sentence) % 100 {
        0..6 => Split::Validation,
        6..12 => Split::Test,
        _ => Split::Train,
    }
}

/// A sentence of a split; [`Split::Unseen`] has those of the test.
pub fn sentence_for(language: Language, split: Split, dice: &mut Dice) -> String {
    let wanted = if split == Split::Unseen { Split::Test } else { split };
    let mut last = String::new();
    // One in seventeen fits the rarest split: a thousand draws fail in none of 10²⁵ cases.
    for _ in 0..1000 {
        last = sentence(language, dice);
        if split_of(&last) == wanted {
            break;
        }
    }
    last
}

/// The sentences of the text of a clip.
pub fn sentences_of(text: &str) -> impl Iterator<Item = String> + '_ {
    let ends = ['.', '?', '!', '。', '？', '！'];
    text.split_inclusive(ends).map(|s| s.trim().to_owned()).filter(|s| !s.is_empty())
}

/// Reads a text without outside help, as every clip is read.
pub fn read_plain(text: &str, language: Language) -> Utterance {
    read(text, language, &ReadingOptions::default(), None)
}

/// Units ([`super::coverage`]) that a corpus of a language should hold: Mandarin's syllables in use; elsewhere all pairs
/// of classes that the words of the lists make, each within itself or beside any other.
pub fn wanted_units(language: Language) -> BTreeSet<String> {
    if language == Language::Mandarin {
        return syllables().iter().map(|s| (*s).to_owned()).collect();
    }
    let mut out = BTreeSet::new();
    let (mut firsts, mut lasts) = (BTreeSet::new(), BTreeSet::new());
    for (_, own) in words_of(language) {
        for unit in &own {
            if let Some(first) = unit.strip_prefix("# → ") {
                firsts.insert(first.to_owned());
            } else if let Some(last) = unit.strip_suffix(" → #") {
                lasts.insert(last.to_owned());
            }
            out.insert(unit.clone());
        }
    }
    for a in &lasts {
        out.extend(firsts.iter().map(|b| format!("{a} → {b}")));
    }
    out
}

/// Single words for carrier sentences, each with its units.
fn words_of(language: Language) -> Vec<(&'static str, Vec<String>)> {
    let words: Vec<&'static str> = match language {
        Language::Mandarin => cmn::SYLLABLE_WORDS.split_whitespace().collect(),
        Language::French => fra::WORDS.split_whitespace().collect(),
        Language::AmericanEnglish => eng::WORDS.split_whitespace().collect(),
    };
    words.into_iter().map(|w| (w, units(&read_plain(w, language)))).collect()
}

/// Words in a carrier sentence, and in those of later rounds.
const CARRIED: [usize; 3] = [4, 2, 2];
/// Pairs of words that are tried for a unit that lies between two words.
const TRIED: usize = 24;

/// Sentences for the training split that bring what `covered` lacks, in a fixed order; what no word of the lists can
/// bring stays missing. What a sentence was to bring may be lost in it (liaison, weak forms): it is read, and what is
/// still missing is tried again in other company.
pub fn carriers(language: Language, covered: &Counted) -> Vec<String> {
    let words = words_of(language);
    let wanted = wanted_units(language);
    let mut covered = covered.clone();
    let mut out = Vec::new();
    for (round, most) in CARRIED.into_iter().enumerate() {
        let missing: BTreeSet<String> = wanted.iter().filter(|u| !covered.0.contains_key(*u)).cloned().collect();
        // Words between pauses for what borders on silence, words in a row for all else.
        let (edges, inner): (BTreeSet<String>, BTreeSet<String>) =
            missing.into_iter().partition(|u| u.contains(SILENCE));
        for (apart, missing) in [(true, edges), (false, inner)] {
            for group in groups(language, &words, missing, round, most) {
                let text = carrier(language, &group, apart, out.len());
                covered.add(&read_plain(&text, language));
                out.push(text);
            }
        }
    }
    out
}

/// Words by what they begin and end with.
fn by_edge<'a>(words: &'a [(&'static str, Vec<String>)]) -> [BTreeMap<&'a str, Vec<&'static str>>; 2] {
    let mut out: [BTreeMap<&str, Vec<&str>>; 2] = Default::default();
    for (word, own) in words {
        for unit in own {
            if let Some(first) = unit.strip_prefix("# → ") {
                out[0].entry(first).or_default().push(word);
            } else if let Some(last) = unit.strip_suffix(" → #") {
                out[1].entry(last).or_default().push(word);
            }
        }
    }
    out
}

/// Words to be carried together for what is missing, at most `most` in a sentence.
fn groups(
    language: Language,
    words: &[(&'static str, Vec<String>)],
    mut missing: BTreeSet<String>,
    round: usize,
    most: usize,
) -> Vec<Vec<&'static str>> {
    let [firsts, lasts] = by_edge(words);
    let mut out: Vec<Vec<&str>> = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    while let Some(unit) = missing.pop_first() {
        let holders: Vec<&str> = words.iter().filter(|(_, own)| own.contains(&unit)).map(|(w, _)| *w).collect();
        let chosen = if holders.is_empty() {
            let (a, b) = unit.split_once(" → ").unwrap_or_default();
            let (Some(last), Some(first)) = (lasts.get(a), firsts.get(b)) else { continue };
            let from = turn_of(&unit) + round * TRIED;
            let pair = |k: usize| [last[(from + k) % last.len()], first[(from / 7 + k * 5) % first.len()]];
            let brings = |p: &[&str; 2]| units(&read_plain(&p.join(" "), language)).contains(&unit);
            let Some(pair) = (0..TRIED).map(pair).find(brings) else { continue };
            pair.to_vec()
        } else {
            vec![holders[(round * 3) % holders.len()]]
        };
        for (_, own) in words.iter().filter(|(w, _)| chosen.contains(w)) {
            own.iter().for_each(|u| {
                missing.remove(u);
            });
        }
        if open.len() + chosen.len() > most {
            out.push(std::mem::take(&mut open));
        }
        open.extend(chosen);
    }
    out.push(open);
    out.retain(|g| !g.is_empty());
    out
}

fn turn_of(unit: &str) -> usize {
    (number_of(unit) >> 8) as usize % 10_007
}

/// A sentence that carries words, with pauses around each where they stand `apart`. It is varied until it belongs to the training split.
fn carrier(language: Language, words: &[&str], apart: bool, turn: usize) -> String {
    let (frames, joint): (&[&str], &str) = match language {
        Language::Mandarin => (cmn::FRAMES, "，"),
        Language::French => (fra::FRAMES, " "),
        Language::AmericanEnglish => (eng::FRAMES, " "),
    };
    let mut out = String::new();
    for k in 0..frames.len().max(1) {
        let frame = frames.get((turn + k) % frames.len().max(1)).copied().unwrap_or("{}");
        let text = if apart && language != Language::Mandarin {
            frame.replace(" {}", &format!(", {},", words.join(", ")))
        } else {
            frame.replace("{}", &words.join(joint))
        };
        out = finished(text, language);
        if split_of(&out) == Split::Train {
            break;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn sentences_are_many_readable_and_their_own() {
        for language in Language::ALL {
            let of = |n: u64| sentence(language, &mut Dice::new(n, &[1]));
            let all: HashSet<String> = (0..1500).map(of).collect();
            assert!(all.len() > 1440, "{}: only {} differ", language.code(), all.len());
            for text in all.iter().take(250) {
                let read = read_plain(text, language);
                assert!(read.issues.is_empty(), "{text}: {:?}", read.issues);
                assert!(!text.contains(['{', '}']), "{text}");
                let phones = read.phones().count();
                assert!((6..=110).contains(&phones), "{text}: {phones}");
                assert_eq!(sentences_of(text).collect::<Vec<_>>(), [text.as_str()]);
            }
            assert_eq!(of(77), of(77));
        }
    }

    #[test]
    fn splits_follow_from_the_letters_and_have_their_shares() {
        let mut counts = [0; 4];
        for n in 0..1200 {
            let text = sentence(Language::French, &mut Dice::new(n, &[2]));
            counts[Split::ALL.iter().position(|s| *s == split_of(&text)).unwrap()] += 1;
        }
        assert!(counts[0] > 1000 && counts[1] > 40 && counts[2] > 40 && counts[3] == 0, "{counts:?}");
        for split in Split::ALL {
            let text = sentence_for(Language::Mandarin, split, &mut Dice::new(5, &[3]));
            let of = if split == Split::Unseen { Split::Test } else { split };
            assert_eq!(split_of(&text), of);
        }
    }

    #[test]
    fn carriers_bring_every_syllable_and_diphone_class() {
        for language in Language::ALL {
            let mut covered = Counted::default();
            let all = carriers(language, &covered);
            for text in &all {
                assert_eq!(split_of(text), Split::Train, "{text}");
                covered.add(&read_plain(text, language));
            }
            let report = covered.report(language, &wanted_units(language));
            let least = if language == Language::Mandarin { 380 } else { 110 };
            assert!(report.wanted >= least, "{}: {}", language.code(), report.wanted);
            // Some neighbours never meet: a liaison or a weak form steps between.
            let lost = if language == Language::Mandarin { 0 } else { 4 };
            assert!(report.missing.len() <= lost, "{}: {:?}", language.code(), report.missing);
            // What is there already is not carried again.
            assert!(carriers(language, &covered).len() <= 2 * report.missing.len());
            assert!(all.len() < 160, "{}: {}", language.code(), all.len());
        }
    }
}
