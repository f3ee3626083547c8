//! French words and how they are said: a lexicon of 125 000 forms, a list of names, and words derived from known ones.
//!
//! The lexicon is made from Lexique 3.83 by `scripts/make_lexicon_fra.py`, which tells its format. It is unpacked once
//! into one text and searched in place, so that the first word costs some ten milliseconds and every other none.
//! `fra-extra.txt` holds words typed by hand, which come before it.

use super::mend;
use super::phones::{Sound, decode, drop_schwas};
use std::io::Read;
use std::sync::OnceLock;

/// One way to say a word, with the parts of speech it has then, the most frequent first (letters as in the script,
/// and Z for a name).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub sounds: Vec<Sound>,
    pub parts: String,
}

impl Entry {
    pub fn is(&self, parts: &str) -> bool {
        self.parts.chars().any(|p| parts.contains(p))
    }

    /// Whether the most frequent part of speech is one of these.
    pub fn is_first(&self, parts: &str) -> bool {
        self.parts.chars().next().is_some_and(|p| parts.contains(p))
    }
}

/// Lines sorted by their bytes: word, tab, readings.
struct Table {
    text: String,
    starts: Vec<u32>,
}

impl Table {
    fn new(text: String) -> Self {
        let mut starts = vec![0];
        starts.extend(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i as u32 + 1));
        starts.pop();
        Self { text, starts }
    }

    fn find(&self, word: &str) -> Option<&str> {
        let line = |i: usize| {
            let rest = &self.text[self.starts[i] as usize..];
            rest[..rest.find('\n').unwrap_or(rest.len())].split_once('\t')
        };
        let i = self.starts.partition_point(|start| {
            let rest = &self.text.as_bytes()[*start as usize..];
            let key = &rest[..rest.iter().position(|b| *b == b'\t').unwrap_or(rest.len())];
            key < word.as_bytes()
        });
        let (found, readings) = if i < self.starts.len() { line(i)? } else { return None };
        (found == word).then_some(readings)
    }
}

fn words() -> &'static Table {
    static WORDS: OnceLock<Table> = OnceLock::new();
    WORDS.get_or_init(|| {
        let packed = include_bytes!("../../../../assets/lexicons/fra.tsv.gz");
        let mut text = String::with_capacity(2_700_000);
        // Part of the program; should it be damaged, words are read by their spelling. A test looks words up.
        if flate2::read::GzDecoder::new(&packed[..]).read_to_string(&mut text).is_err() {
            text.clear();
        }
        Table::new(text)
    })
}

fn names() -> &'static Table {
    static NAMES: OnceLock<Table> = OnceLock::new();
    NAMES.get_or_init(|| typed(include_str!("../../../../assets/lexicons/fra-names.tsv")))
}

fn extras() -> &'static Table {
    static EXTRAS: OnceLock<Table> = OnceLock::new();
    EXTRAS.get_or_init(|| typed(include_str!("../../../../assets/lexicons/fra-extra.txt")))
}

/// A table from a file that is kept by hand: comments left out, lines put in order.
fn typed(file: &str) -> Table {
    let mut lines: Vec<&str> = file.lines().filter(|l| !l.starts_with('#')).collect();
    lines.sort_unstable_by_key(|l| l.split('\t').next());
    Table::new(lines.into_iter().flat_map(|l| [l, "\n"]).collect())
}

/// The spelling under which a word is kept: lower case, ligatures undone, a straight apostrophe.
pub fn key(word: &str) -> String {
    word.to_lowercase().replace('œ', "oe").replace('æ', "ae").replace('’', "'")
}

fn entries(readings: &str, keep_schwa: bool) -> Vec<Entry> {
    let entry = |r: &str| {
        let (code, parts) = r.split_once(' ')?;
        let mut sounds = decode(code);
        if !keep_schwa {
            drop_schwas(&mut sounds);
        }
        Some(Entry { sounds, parts: parts.to_owned() })
    };
    readings.split('|').filter_map(entry).collect()
}

/// The readings of a word, the most frequent first; empty when it is not known. `word` is as [`key`] gives it.
pub fn lookup(word: &str) -> Vec<Entry> {
    let mut found = listed(word);
    harmonise(word, &mut found);
    add_imperfect(word, &mut found);
    found
}

/// The readings of a word as the files have them, their vowels mended.
fn listed(word: &str) -> Vec<Entry> {
    if let Some(readings) = extras().find(word) {
        return entries(readings, keeps_schwa(word));
    }
    let mut found = words().find(word).map(|r| entries(r, true)).unwrap_or_default();
    for entry in &mut found {
        let verb = entry.is_first("VW");
        mend::mend(word, &mut entry.sounds, verb);
        if !keeps_schwa(word) {
            drop_schwas(&mut entry.sounds);
        }
    }
    found
}

/// The forms of a verb that sound like its infinitive (aimez, aimé) have its vowels.
fn harmonise(word: &str, found: &mut [Entry]) {
    let stem = ["ez", "é", "ée", "és", "ées"].iter().find_map(|ending| word.strip_suffix(ending));
    let [entry] = found else { return };
    let Some(stem) = stem.filter(|s| s.len() > 1) else { return };
    let infinitive = listed(&format!("{stem}er")).into_iter().find(|e| e.is("I") && e.sounds.ends_with(&["e"]));
    if let Some(infinitive) = infinitive.filter(|i| i.sounds.len() == entry.sounds.len()) {
        let alike = |a: &str, b: &str| a == b || matches!((a, b), ("e" | "ɛ", "e" | "ɛ"));
        if infinitive.sounds.iter().zip(&entry.sounds).all(|(a, b)| alike(a, b)) {
            entry.sounds = infinitive.sounds;
        }
    }
}

/// Nouns in -tions beside verbs in -ter: "nous infections" has t where "les infections" has s.
fn add_imperfect(word: &str, found: &mut Vec<Entry>) {
    const NOUN: [Sound; 3] = ["s", "j", "ɔ\u{303}"];
    let Some(stem) = word.strip_suffix("ions").filter(|s| s.ends_with('t')) else { return };
    let [noun] = found.as_slice() else { return };
    if noun.sounds.ends_with(&NOUN) && listed(&format!("{stem}er")).iter().any(|e| e.is("I")) {
        let mut sounds = noun.sounds.clone();
        let at = sounds.len() - NOUN.len();
        sounds[at] = "t";
        found.push(Entry { sounds, parts: "V".to_owned() });
    }
}

/// The readings of a name; empty when it is not known.
pub fn name(word: &str) -> Vec<Entry> {
    names().find(word).map(|r| entries(r, true)).unwrap_or_default()
}

/// Spellings whose schwa is kept where the general rule would drop it.
fn keeps_schwa(word: &str) -> bool {
    ["enregistr", "au-dess", "au-dev", "là-d", "ci-d", "par-d", "en-d"].iter().any(|s| word.starts_with(s))
}

/// Every `step`th word that begins with one of these letters, for tests.
#[cfg(test)]
pub fn sample(letters: &[&str], step: usize) -> Vec<&'static str> {
    let all = words().text.lines().filter_map(|l| l.split('\t').next());
    all.filter(|w| letters.iter().any(|l| w.starts_with(l)) && w.chars().all(char::is_alphabetic))
        .step_by(step)
        .collect()
}

/// A regular form of a known word that the lexicon lacks: a plural, a feminine, a form of a verb in -er.
pub fn inflected(word: &str) -> Vec<Entry> {
    for (ending, stem, parts) in [("s", "", "M"), ("x", "", "M"), ("es", "e", "M"), ("e", "", "N")] {
        if let Some(cut) = word.strip_suffix(ending).filter(|c| c.chars().count() > 2) {
            // A mute e after a vowel changes nothing to be heard; after a consonant it may wake it up.
            if ending == "e" && !cut.ends_with(['é', 'i', 'u', 'l', 'r']) {
                continue;
            }
            let mut found = made(&format!("{cut}{stem}"), parts, "");
            if !found.is_empty() {
                add_imperfect(word, &mut found);
                return found;
            }
        }
    }
    // Regular verbs in -er, from their present.
    const ENDINGS: [(&str, &str, &str); 32] = [
        ("er", "e", "I"),
        ("ez", "e", "V"),
        ("é", "e", "P"),
        ("ée", "e", "P"),
        ("és", "e", "P"),
        ("ées", "e", "P"),
        ("ons", "&", "V"),
        ("ions", "j&", "V"),
        ("iez", "je", "V"),
        ("ais", "E", "V"),
        ("ait", "E", "V"),
        ("aient", "E", "W"),
        ("ent", "", "W"),
        ("es", "", "V"),
        ("ant", "@", "G"),
        ("a", "a", "V"),
        ("ai", "e", "V"),
        ("as", "a", "V"),
        ("âmes", "am", "V"),
        ("âtes", "at", "V"),
        ("èrent", "ER", "W"),
        ("era", "*Ra", "V"),
        ("erai", "*Re", "V"),
        ("eras", "*Ra", "V"),
        ("erez", "*Re", "V"),
        ("erons", "*R&", "V"),
        ("eront", "*R&", "W"),
        ("erais", "*RE", "V"),
        ("erait", "*RE", "V"),
        ("eraient", "*RE", "W"),
        ("eur", "9R", "N"),
        ("euse", "2z", "N"),
    ];
    for (ending, code, parts) in ENDINGS {
        if let Some(stem) = word.strip_suffix(ending).filter(|s| s.chars().count() > 2) {
            let found = made(&format!("{stem}e"), parts, code);
            if !found.is_empty() {
                return found;
            }
        }
    }
    Vec::new()
}

/// The first reading of `stem` with `code` behind it.
fn made(stem: &str, parts: &str, code: &str) -> Vec<Entry> {
    let mut found = lookup(stem);
    found.truncate(1);
    for entry in &mut found {
        let vowel = entry.sounds.last().is_some_and(|s| super::phones::is_vowel(s));
        // créera: no schwa after a vowel.
        entry.sounds.extend(decode(code.strip_prefix('*').filter(|_| vowel).unwrap_or(code)));
        drop_schwas(&mut entry.sounds);
        parts.clone_into(&mut entry.parts);
    }
    found
}

/// A word made from a known one in a way that French does freely, though not always so: -ment, re-, dé-, anti- and the
/// like.
pub fn derived(word: &str) -> Vec<Entry> {
    if let Some(stem) = word.strip_suffix("ement") {
        let stem = format!("{stem}e");
        let two = |e: &Entry| {
            e.sounds.len() >= 2 && e.sounds[e.sounds.len() - 2..].iter().all(|c| !super::phones::is_vowel(c))
        };
        let code = if lookup(&stem).first().is_some_and(two) { "*m@" } else { "m@" };
        let found = made(&stem, "D", code);
        if !found.is_empty() {
            return found;
        }
    }
    let prefixes: [(&str, &'static str); 15] = [
        ("anti", "@ti"),
        ("auto", "oto"),
        ("ultra", "yltRa"),
        ("super", "sypER"),
        ("hyper", "ipER"),
        ("inter", "5tER"),
        ("micro", "mikRo"),
        ("télé", "tele"),
        ("multi", "mylti"),
        ("mono", "mOno"),
        ("pré", "pRe"),
        ("dé", "de"),
        ("re", "R*"),
        ("ré", "Re"),
        ("co", "kO"),
    ];
    for (prefix, code) in prefixes {
        let Some(rest) = word.strip_prefix(prefix).filter(|r| r.chars().count() > 3) else { continue };
        let rest = rest.trim_start_matches('-');
        // resaler is r*sale, but ressaler has its s doubled.
        let rest = if prefix == "re" {
            rest.strip_prefix("ss").map_or(rest.to_owned(), |r| format!("s{r}"))
        } else {
            rest.to_owned()
        };
        let mut found = lookup(&rest);
        if found.is_empty() {
            found = inflected(&rest);
        }
        found.truncate(1);
        if let Some(entry) = found.first_mut() {
            entry.sounds.splice(0..0, decode(code));
            return found;
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sounds(word: &str) -> Vec<String> {
        lookup(&key(word)).iter().map(|e| e.sounds.concat()).collect()
    }

    #[test]
    fn words_are_found_first_last_and_between() {
        assert_eq!(sounds("bonjour"), ["bɔ̃ʒuʁ"]);
        assert_eq!(sounds("Nuit"), ["nɥi"]);
        assert_eq!(sounds("œil"), ["œj"]);
        assert_eq!(sounds("aujourd’hui"), ["oʒuʁdɥi"]);
        assert_eq!(sounds("fils"), ["fis", "fil"]);
        let table = words();
        for i in [0, table.starts.len() / 2, table.starts.len() - 1] {
            let rest = &table.text[table.starts[i] as usize..];
            let word = rest.split('\t').next().unwrap_or_default();
            assert!(!lookup(word).is_empty(), "{word}");
        }
        assert!(lookup("").is_empty() && lookup("zzzzzz").is_empty() && lookup("ÿÿ").is_empty());
    }

    #[test]
    fn the_lexicon_is_whole_and_in_order() {
        let table = words();
        assert!(table.starts.len() > 120_000);
        let words: Vec<&str> = table.text.lines().filter_map(|l| l.split('\t').next()).collect();
        assert!(words.windows(2).all(|w| w[0] < w[1]));
        for line in table.text.lines() {
            let readings = line.split_once('\t').map_or("", |l| l.1);
            for (entry, written) in entries(readings, true).iter().zip(readings.split('|')) {
                let code = written.split(' ').next().unwrap_or_default();
                assert!(!entry.sounds.is_empty() && !entry.parts.is_empty(), "{line}");
                assert_eq!(decode(code).len(), code.chars().count(), "{line}");
            }
        }
    }

    #[test]
    fn typed_words_and_forms_of_verbs() {
        assert_eq!(sounds("jet"), ["ʒɛ", "dʒɛt"]);
        assert_eq!(sounds("professeur"), ["pʁɔfesœʁ"]);
        // Like aimer; and the verb in -ter beside the noun in -tion.
        assert_eq!(sounds("aimez"), sounds("aimer"));
        assert_eq!(sounds("infections"), ["ɛ\u{303}fɛksjɔ\u{303}", "ɛ\u{303}fɛktjɔ\u{303}"]);
        for line in extras().text.lines().chain(names().text.lines()) {
            let readings = line.split_once('\t').map_or("", |l| l.1);
            assert!(!readings.is_empty(), "{line}");
            for reading in readings.split('|') {
                let (code, parts) = reading.split_once(' ').unwrap_or_default();
                assert!(!parts.is_empty() && decode(code).len() == code.chars().count(), "{line}");
            }
        }
    }

    #[test]
    fn new_words_are_made_from_known_ones() {
        let said = |word: &str| {
            let found = inflected(word);
            let found = if found.is_empty() { derived(word) } else { found };
            found.first().map(|e| e.sounds.concat())
        };
        assert_eq!(said("podcastera").as_deref(), None);
        assert_eq!(said("flirterons").as_deref(), Some("flœʁtəʁɔ\u{303}"));
        assert_eq!(said("antibruits").as_deref(), Some("ɑ\u{303}tibʁɥi"));
        assert_eq!(said("antibruit").as_deref(), Some("ɑ\u{303}tibʁɥi"));
        assert_eq!(said("rechanter").as_deref(), Some("ʁəʃɑ̃te"));
        assert_eq!(said("xyzzant"), None);
        assert_eq!(said("podcasts").as_deref(), Some("pɔdkast"));
    }
}
