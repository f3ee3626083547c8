//! What is known of characters and words: readings, phrases, traditional forms, and how a text is cut into words.
//!
//! The tables are the unpacked texts that `scripts/make_lexicons.py` writes; a list of our own goes before them: words
//! that they lack or have in a rarer sense, and the everyday order of the readings of a character.

use std::collections::HashMap;
use std::io::Read;
use std::sync::LazyLock;

use jieba_rs::Jieba;

use super::pinyin::Pinyin;

struct Tables {
    /// Character to readings, best first, as numbered pinyin with spaces.
    characters: HashMap<char, &'static str>,
    phrases: HashMap<&'static str, &'static str>,
    simplified: HashMap<char, char>,
    /// Words with two readings by meaning: our own list.
    doubtful: HashMap<&'static str, Vec<&'static str>>,
    longest: usize,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let text = unpacked(include_bytes!("../../../../assets/lexicons/cmn.txt.gz"), 1_600_000);
    let words = unpacked(include_bytes!("../../../../assets/lexicons/cmn-cedict.txt.gz"), 1_400_000);
    let own = include_str!("../../../../assets/lexicons/cmn-extra.txt");
    let mut tables = Tables {
        characters: HashMap::with_capacity(45_000),
        phrases: HashMap::with_capacity(100_000),
        simplified: HashMap::with_capacity(4_200),
        doubtful: HashMap::new(),
        longest: 2,
    };
    let mut section = "";
    // What comes later goes before.
    for line in text.lines().chain(["# phrases"]).chain(words.lines()).chain(own.lines()) {
        if let Some(name) = line.strip_prefix("# ") {
            section = name;
            continue;
        }
        let Some((key, value)) = line.split_once('\t') else { continue };
        let first = key.chars().next().unwrap_or(' ');
        match section {
            "characters" => {
                tables.characters.insert(first, value);
            }
            "phrases" | "senses" | "neutral tones" => {
                // Our own phrases may have several readings, parted by `|`.
                let mut readings = value.split('|').map(str::trim);
                let best = readings.next().unwrap_or(value);
                let others: Vec<&str> = readings.collect();
                if !others.is_empty() {
                    tables.doubtful.insert(key, std::iter::once(best).chain(others).collect());
                }
                tables.longest = tables.longest.max(key.chars().count());
                tables.phrases.insert(key, best);
            }
            "traditional" => {
                if let Some(simple) = value.chars().next() {
                    tables.simplified.insert(first, simple);
                }
            }
            _ => {}
        }
    }
    tables
});

/// The text of a packed table, for as long as the program runs. The bytes are part of the program; the tests read all
/// of them.
fn unpacked(packed: &[u8], capacity: usize) -> &'static str {
    let mut text = String::with_capacity(capacity);
    let _ = flate2::read::GzDecoder::new(packed).read_to_string(&mut text);
    Box::leak(text.into_boxed_str())
}

static JIEBA: LazyLock<Jieba> = LazyLock::new(|| {
    let mut jieba = Jieba::new();
    for line in include_str!("../../../../assets/lexicons/cmn-extra.txt").lines() {
        // Words that the segmenter should keep whole: phrases of our own that it does not have.
        if let Some((word, tag)) = line.strip_prefix("+ ").and_then(|l| l.split_once(' ')) {
            jieba.add_word(word, Some(2000), Some(tag));
        }
    }
    jieba
});

/// Readings of a character, best first; empty when it is not known.
pub fn character(c: char) -> Vec<Pinyin> {
    TABLES.characters.get(&c).map(|r| parse(r)).unwrap_or_default()
}

/// Numbered pinyin with spaces.
pub fn parse(readings: &str) -> Vec<Pinyin> {
    readings.split(' ').filter(|r| !r.is_empty()).map(Pinyin::numbered).collect()
}

/// The reading of a phrase, one syllable a character; `None` when it is not in the table.
///
/// 一 and 不 have their own tone, whatever the source wrote: the rules of tone change come later.
pub fn phrase(text: &str) -> Option<Vec<Pinyin>> {
    let mut reading = parse(TABLES.phrases.get(text)?);
    for (char, syllable) in text.chars().zip(&mut reading) {
        match (char, syllable.base.as_str(), syllable.tone) {
            ('一', "yi", 2 | 4) => syllable.tone = 1,
            ('不', "bu", 2) => syllable.tone = 4,
            _ => {}
        }
    }
    Some(reading)
}

/// All readings of a phrase whose sound hangs on its sense, best first.
pub fn doubtful(text: &str) -> Option<Vec<Vec<Pinyin>>> {
    TABLES.doubtful.get(text).map(|list| list.iter().map(|r| parse(r)).collect())
}

/// Characters of the longest phrase.
pub fn longest_phrase() -> usize {
    TABLES.longest
}

/// The simplified form of a character; itself when it has none.
pub fn simplify(c: char) -> char {
    TABLES.simplified.get(&c).copied().unwrap_or(c)
}

/// Cuts simplified text into words with their part of speech (ICTCLAS letters).
pub fn cut(text: &str) -> Vec<(String, &'static str)> {
    JIEBA.tag(text, false).into_iter().map(|t| (t.word.to_owned(), intern(t.tag))).collect()
}

/// Whether the segmenter has a word.
pub fn is_word(word: &str) -> bool {
    JIEBA.has_word(word)
}

/// Part of speech of a single word; empty when the segmenter does not have it.
pub fn tag(word: &str) -> &'static str {
    if JIEBA.has_word(word) { JIEBA.tag(word, false).first().map_or("", |t| intern(t.tag)) } else { "" }
}

/// The tags that the rules look at, as static text.
fn intern(tag: &str) -> &'static str {
    const TAGS: [&str; 53] = [
        "a", "ad", "ag", "an", "b", "c", "d", "df", "dg", "e", "eng", "f", "g", "h", "i", "j", "k", "l", "m", "mg",
        "mq", "n", "ng", "nr", "nrfg", "nrt", "ns", "nt", "nz", "o", "p", "q", "r", "rg", "rr", "rz", "s", "t", "tg",
        "u", "ud", "ug", "uj", "ul", "uv", "uz", "v", "vd", "vg", "vi", "vn", "vq", "z",
    ];
    match tag {
        "y" => "y",
        "zg" => "zg",
        "x" => "x",
        "vs" => "v",
        _ => TAGS.iter().find(|t| **t == tag).copied().unwrap_or("x"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::cmn::tokens::tokens;

    #[test]
    fn every_reading_in_the_tables_has_tokens() {
        let mut rare = std::collections::BTreeSet::new();
        for (key, readings) in TABLES.characters.iter().map(|(c, r)| (c.to_string(), r)) {
            for syllable in parse(readings) {
                if tokens(&syllable.base).is_none() {
                    rare.insert(format!("{key}:{}", syllable.base));
                }
            }
        }
        assert!(rare.is_empty(), "{rare:?}");
        for (phrase, readings) in &TABLES.phrases {
            let readings = parse(readings);
            assert_eq!(readings.len(), phrase.chars().count(), "{phrase}");
            for syllable in readings {
                assert!(tokens(&syllable.base).is_some(), "{phrase}: {}", syllable.base);
            }
        }
        for (phrase, list) in &TABLES.doubtful {
            for reading in list {
                let reading = parse(reading);
                assert_eq!(reading.len(), phrase.chars().count(), "{phrase}");
                assert!(reading.iter().all(|s| tokens(&s.base).is_some()), "{phrase}");
            }
        }
    }

    #[test]
    fn everyday_characters_have_their_everyday_reading_first() {
        for (c, reading) in
            [('我', "wo3"), ('是', "shi4"), ('的', "de5"), ('谁', "shei2"), ('了', "le5"), ('〇', "ling2")]
        {
            assert_eq!(character(c).first().map(Pinyin::to_numbered).as_deref(), Some(reading), "{c}");
        }
        assert_eq!(simplify('發'), '发');
        assert_eq!(simplify('好'), '好');
    }
}
