//! American English readings.
//!
//! The text is cut into words, with numbers, times, money and abbreviations written out ([`tokens`]); each word is
//! looked up in the CMU pronouncing dictionary ([`lexicon`], [`careful`]) or derived from a word that is there
//! ([`derived`]); words that are spelled alike and said apart are told by their neighbours ([`heteronyms`]); sounds
//! become phones and syllables ([`syllables`]). What no lexicon holds is asked of the synthesiser, and what nobody can
//! say stays as an unknown word.

pub mod careful;
pub mod derived;
pub mod doubt;
pub mod heteronyms;
pub mod lexicon;
pub mod numbers;
pub mod syllables;
pub mod tokens;

#[cfg(test)]
mod tests;

use unicode_normalization::UnicodeNormalization;

use super::phonetics::{arpabet_to_symbols, ipa_to_symbols, xsampa_to_ipa};
use super::source::Source;
use super::{
    Language, PhoneClass, Pronouncer, Reading, ReadingOptions, ReadingSource, TextIssue, Utterance, Word, WordKind,
    detect,
};
use tokens::{Kind, Token};

/// More readings than this are not offered for one word.
const MOST_READINGS: usize = 4;

/// Reads an English text. See [`super::read`].
pub fn read(text: &str, options: &ReadingOptions, outside: Option<&dyn Pronouncer>) -> Utterance {
    let source = Source::new(text);
    let tokens = tokens::tokens(source.text());
    let mut issues = Vec::new();
    if text.trim().is_empty() {
        issues.push(TextIssue { source: 0..text.len(), message: "The text is empty; type what is said.".into() });
    } else if let Some(found) = detect::guess(text).filter(|l| *l != Language::AmericanEnglish) {
        let message = format!("The text looks like {}, but it is read as English; change the language.", found.name());
        issues.push(TextIssue { source: 0..text.len(), message });
    }
    let lower: Vec<String> =
        tokens.iter().map(|t| if t.kind == Kind::Break { String::new() } else { t.text.to_lowercase() }).collect();
    let mut words = Vec::with_capacity(tokens.len());
    for (at, token) in tokens.iter().enumerate() {
        let range = source.range(token.range.clone());
        let (kind, readings) = match &token.kind {
            Kind::Break => (WordKind::Break, Vec::new()),
            Kind::Unknown(message) => {
                issues.push(TextIssue { source: range.clone(), message: message.clone() });
                (WordKind::Unknown, Vec::new())
            }
            Kind::Letters => (WordKind::Spoken, spelled_out(&token.text, options)),
            Kind::Word => {
                let mut readings = word(&tokens, &lower, at, options, outside);
                let figures =
                    source.text().get(token.range.clone()).is_some_and(|t| t.contains(|c: char| c.is_ascii_digit()));
                if figures && let [only] = readings.as_slice() {
                    let next = lower.get(at + 1).map_or("", String::as_str);
                    let other = customary(&lower[at], next).map(lexicon::parse);
                    let other =
                        other.map(|o| syllables::from_arpabet(&o, "", options.syllabic_schwa, ReadingSource::Rules));
                    let other = other.filter(|o| !phones(o).eq(phones(only)));
                    readings.extend(other);
                }
                if readings.is_empty() {
                    let message = format!(
                        "No reading of \"{}\" is known; give one in IPA, X-SAMPA or ARPAbet, or install espeak-ng.",
                        token.text
                    );
                    issues.push(TextIssue { source: range.clone(), message });
                    (WordKind::Unknown, readings)
                } else {
                    (WordKind::Spoken, readings)
                }
            }
        };
        words.push(Word { text: token.text.clone(), source: range, kind, readings, chosen: 0 });
    }
    the_before_vowels(&mut words, options);
    let text = join(&words);
    Utterance { language: Language::AmericanEnglish, text, words, issues }
}

/// Readings of the word at `at`, best first; empty when nothing is known of it.
fn word(
    tokens: &[Token],
    lower: &[String],
    at: usize,
    options: &ReadingOptions,
    outside: Option<&dyn Pronouncer>,
) -> Vec<Reading> {
    let written = &tokens[at].text;
    let word = lower[at].as_str();
    let near = |i: Option<usize>| i.and_then(|i| lower.get(i)).map_or("", String::as_str);
    // A neighbour beyond a break does not count.
    let second = |one: Option<usize>, two: Option<usize>| if near(one).is_empty() { "" } else { near(two) };
    let start = lower[..at].iter().rposition(String::is_empty).map_or(0, |i| i + 1);
    let end = lower[at..].iter().position(String::is_empty).map_or(lower.len(), |i| at + i);
    let clause: Vec<&str> = lower[start..end].iter().map(String::as_str).collect();
    let context = heteronyms::Context {
        before: [near(at.checked_sub(1)), second(at.checked_sub(1), at.checked_sub(2))],
        after: [near(Some(at + 1)), second(Some(at + 1), Some(at + 2))],
        clause: &clause,
        at: at - start,
        capital: written.starts_with(char::is_uppercase),
        name: at > start && written.starts_with(char::is_uppercase),
    };
    let make = |readings: &[lexicon::Reading], source| {
        let mut readings = careful::careful(readings.to_vec(), word);
        let mut schwa = false;
        if let [only] = readings.as_slice() {
            schwa = !options.syllabic_schwa && doubt::with_schwa(only);
            readings.extend(doubt::other(only, word));
        }
        let made = readings.iter().map(|r| syllables::from_arpabet(r, word, options.syllabic_schwa, source));
        let spelled = readings.first().filter(|_| schwa).map(|r| syllables::from_arpabet(r, word, true, source));
        settle(made.chain(spelled).collect())
    };
    // A second opinion, where the dictionary's is not the last word: names, and words made from others.
    let second = |mut readings: Vec<Reading>| {
        if let [only] = readings.as_slice()
            && let Some(other) = synthesised(word, outside)
            && !phones(only).eq(phones(&other))
        {
            readings.push(other);
        }
        readings
    };
    if let Some(found) = heteronyms::readings(word, &context) {
        return make(&found, ReadingSource::Lexicon);
    }
    if word.chars().count() == 1 && !matches!(word, "a" | "i" | "o") {
        if word.is_ascii() {
            return vec![letters(word, options)];
        }
    } else if word == "a" && written == "A" && at > start && near(Some(at + 1)).is_empty() {
        // `grade A`, `plan A`
        return vec![letters("a", options)];
    }
    let found = lexicon::lookup(word);
    if !found.is_empty() {
        let mut readings = make(&found, ReadingSource::Lexicon);
        let acronym = (3..=5).contains(&written.len()) && written.chars().all(|c| c.is_ascii_uppercase());
        if acronym && tokens.iter().any(|t| t.text.chars().any(char::is_lowercase)) {
            readings.push(letters(written, options));
        } else if context.name {
            readings = second(readings);
        }
        return readings;
    }
    let plain: String = word.nfd().filter(char::is_ascii).collect();
    if plain != word && plain.len() > 1 {
        let found = lexicon::lookup(&plain);
        if !found.is_empty() {
            return make(&found, ReadingSource::Lexicon);
        }
    }
    let found = derived::derived(word);
    if !found.is_empty() {
        let readings = make(&found, ReadingSource::Rules);
        // An ending of inflection is sure.
        let sure = ["s", "'", "'s", "ed", "ing", "'ll", "'ve", "'d", "n't"].iter().any(|e| word.ends_with(e));
        return if sure && !context.name { readings } else { second(readings) };
    }
    let stem = written.trim_end_matches("'s").trim_end_matches('s');
    let capitals = stem.len() >= 2 && stem.chars().all(|c| c.is_ascii_uppercase());
    let vowels = plain.chars().filter(|c| "aeiouy".contains(*c)).count();
    if capitals && (stem.len() <= 3 || vowels == 0) || vowels == 0 && (2..=5).contains(&plain.len()) {
        return vec![letters(written, options)];
    }
    if let Some(reading) = synthesised(word, outside) {
        return vec![reading];
    }
    make(&derived::compound(&plain, 3), ReadingSource::Rules)
}

/// What the synthesiser says of a word, if it says anything that has a vowel.
fn synthesised(word: &str, outside: Option<&dyn Pronouncer>) -> Option<Reading> {
    outside
        .and_then(|o| o.ipa(word, Language::AmericanEnglish))
        .and_then(|ipa| ipa_to_symbols(&ipa, Language::AmericanEnglish).ok())
        .map(|sounds| syllables::from_sounds(&sounds, ReadingSource::Synthesiser))
        .filter(|r| r.syllables.iter().any(|s| s.phones.iter().any(|p| p.class == PhoneClass::Vowel)))
}

/// Letters said by their names: `FBI`, `TVs`, `PhD's`.
fn letters(text: &str, options: &ReadingOptions) -> Reading {
    let (stem, ending) = match text.strip_suffix("'s").or_else(|| text.strip_suffix("'S")) {
        Some(stem) => (stem, true),
        None => match text.strip_suffix('s') {
            Some(stem) if stem.len() >= 2 && stem.chars().all(|c| c.is_ascii_uppercase()) => (stem, true),
            _ => (text, false),
        },
    };
    let mut sounds: lexicon::Reading = Vec::new();
    for c in stem.chars().filter(|c| c.is_ascii_alphabetic()) {
        sounds.extend(lexicon::parse(letter_name(c)));
    }
    if ending {
        let end = match sounds.last().map(|a| a.base) {
            Some("S" | "CH") => "IH0 Z",
            Some("F") => "S",
            _ => "Z",
        };
        sounds.extend(lexicon::parse(end));
    }
    syllables::from_arpabet(&sounds, "", options.syllabic_schwa, ReadingSource::Rules)
}

/// Letters by their names, and the word that they also spell (`SAT`, `LED`) as a second reading.
fn spelled_out(text: &str, options: &ReadingOptions) -> Vec<Reading> {
    let mut readings = vec![letters(text, options)];
    if text.len() > 2
        && let Some(word) = lexicon::lookup(&text.to_lowercase()).first()
    {
        let word = syllables::from_arpabet(word, "", options.syllabic_schwa, ReadingSource::Lexicon);
        if readings.iter().all(|r| !phones(r).eq(phones(&word))) {
            readings.push(word);
        }
    }
    readings
}

/// What people also say for a word of a number: *oh* or *zero*, *one hundred* or *a hundred*.
fn customary(word: &str, next: &str) -> Option<&'static str> {
    Some(match word {
        "oh" => "Z IH1 R OW0",
        "zero" => "OW1",
        "one" if matches!(next, "hundred" | "thousand" | "million" | "billion" | "half" | "quarter" | "third") => "AH0",
        "minus" => "N EH1 G AH0 T IH0 V",
        "negative" => "M AY1 N AH0 S",
        "quarter" => "F AO1 R TH",
        "quarters" => "F AO1 R TH S",
        _ => return None,
    })
}

/// The name of a letter in ARPAbet.
pub(crate) fn letter_name(letter: char) -> &'static str {
    match letter.to_ascii_lowercase() {
        'a' => "EY1",
        'b' => "B IY1",
        'c' => "S IY1",
        'd' => "D IY1",
        'e' => "IY1",
        'f' => "EH1 F",
        'g' => "JH IY1",
        'h' => "EY1 CH",
        'i' => "AY1",
        'j' => "JH EY1",
        'k' => "K EY1",
        'l' => "EH1 L",
        'm' => "EH1 M",
        'n' => "EH1 N",
        'o' => "OW1",
        'p' => "P IY1",
        'q' => "K Y UW1",
        'r' => "AA1 R",
        's' => "EH1 S",
        't' => "T IY1",
        'u' => "Y UW1",
        'v' => "V IY1",
        'w' => "D AH1 B AH0 L Y UW0",
        'x' => "EH1 K S",
        'y' => "W AY1",
        'z' => "Z IY1",
        _ => "",
    }
}

/// Drops readings that sound the same to a cuer, and weak forms of words of one syllable, which careful speech does
/// not use.
fn settle(readings: Vec<Reading>) -> Vec<Reading> {
    let mut kept: Vec<Reading> = Vec::new();
    for reading in readings {
        let same = kept.iter().any(|k| phones(k).eq(phones(&reading)));
        let weak = !kept.is_empty() && reading.syllables.len() == 1 && !reading.label.contains('ˈ');
        if !same && !weak && kept.len() < MOST_READINGS && !reading.syllables.is_empty() {
            kept.push(reading);
        }
    }
    kept
}

fn phones(reading: &Reading) -> impl Iterator<Item = &str> {
    reading.syllables.iter().flat_map(|s| s.phones.iter().map(|p| p.symbol.as_str()))
}

/// *the* ends in ee before a vowel.
fn the_before_vowels(words: &mut [Word], options: &ReadingOptions) {
    for at in 0..words.len().saturating_sub(1) {
        if !words[at].text.eq_ignore_ascii_case("the") {
            continue;
        }
        let vowel = words[at + 1]
            .syllables()
            .first()
            .and_then(|s| s.phones.first())
            .is_some_and(|p| p.class == PhoneClass::Vowel);
        if vowel {
            let sounds = lexicon::parse("DH IY0");
            words[at].readings =
                vec![syllables::from_arpabet(&sounds, "the", options.syllabic_schwa, ReadingSource::Rules)];
        }
    }
}

/// The spoken text: words with spaces, breaks close to the word before.
fn join(words: &[Word]) -> String {
    let mut text = String::new();
    for word in words {
        let opens = word.text.starts_with(['(', '[', '{', '¿', '¡', '«']);
        let tight = word.kind == WordKind::Break && !opens && !matches!(word.text.as_str(), "-" | "–" | "—");
        if word.text == "\n" {
            text.push('\n');
            continue;
        }
        if !text.is_empty() && !tight && !text.ends_with(['\n', '(', '[', '{', '¿', '¡', '«']) {
            text.push(' ');
        }
        text.push_str(&word.text);
    }
    text
}

/// Everything the lexicon knows of a spelling, with the schwa before syllabic n and l as a further choice.
pub fn other_readings(word: &str) -> Vec<Reading> {
    let lower = word.to_lowercase().replace('’', "'");
    let mut sounds = lexicon::lookup(&lower);
    sounds.extend(lexicon::dictionary(&lower));
    if sounds.is_empty() {
        sounds = derived::derived(&lower);
    }
    let mut found: Vec<Reading> = Vec::new();
    for schwa in [false, true] {
        for reading in &sounds {
            let reading = syllables::from_arpabet(reading, &lower, schwa, ReadingSource::Lexicon);
            if !found.iter().any(|f| phones(f).eq(phones(&reading))) && !reading.syllables.is_empty() {
                found.push(reading);
            }
        }
    }
    if lower.len() > 1 && lower.len() <= 6 && lower.chars().all(|c| c.is_ascii_alphabetic()) {
        found.push(letters(&lower.to_uppercase(), &ReadingOptions::default()));
    }
    found
}

/// A reading typed by a user: ARPAbet (`R EH1 D`), IPA (`rɛd`, `/ˈlɪ.sn/`) or X-SAMPA (`rEd`, `"lIs@n`).
///
/// Slashes or a sign outside ASCII make it IPA; sounds in capitals with spaces make it ARPAbet; the rest is X-SAMPA.
pub fn reading_from_user(text: &str) -> Result<Reading, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("type a pronunciation in IPA, X-SAMPA or ARPAbet".to_owned());
    }
    if text.chars().any(detect::is_han) {
        return Err(format!("\"{text}\" is Chinese writing, not a pronunciation; type IPA, X-SAMPA or ARPAbet"));
    }
    let arpabet = text.split_whitespace().all(|t| t.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()))
        && (text.contains(' ') || arpabet_to_symbols(text).is_ok());
    let sounds = if arpabet {
        arpabet_to_symbols(text)?
    } else if !text.is_ascii() || text.starts_with('/') {
        ipa_to_symbols(text, Language::AmericanEnglish)?
    } else {
        ipa_to_symbols(&xsampa_to_ipa(text)?, Language::AmericanEnglish)?
    };
    let reading = syllables::from_sounds(&sounds, ReadingSource::User);
    if reading.syllables.is_empty() { Err(format!("\"{text}\" has no sound in it")) } else { Ok(reading) }
}
