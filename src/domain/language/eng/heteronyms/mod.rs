//! Words that are spelled alike and said apart: `read`, `record`, `close`, `live` …
//!
//! The neighbours decide: after *to* or *they* stands a verb, after *the* or *my* a noun. Where they decide nothing the
//! commoner sense goes first and the other stays as a second reading, for the user to see.

mod grammar;
mod senses;
mod special;
mod tables;

use super::lexicon::{self, Reading};
use grammar::{Verdict, plain_form, s_form};
use special::special;
use tables::{BE, PAIRS};

/// What surrounds a word: neighbours in small letters; empty strings at a break or the end of the text.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    pub before: [&'a str; 2],
    pub after: [&'a str; 2],
    /// All words of the clause in small letters, and the index of the word itself.
    pub clause: &'a [&'a str],
    pub at: usize,
    /// The word has a capital letter though it does not begin the sentence.
    pub name: bool,
    /// The word has a capital letter, at the beginning of a sentence or not.
    pub capital: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    /// Noun or adjective.
    Name,
    Verb,
}

/// Word, reading as noun or adjective, reading as verb, and which is commoner.
type Pair = (&'static str, &'static str, &'static str, Use);

fn possessive(word: &str) -> bool {
    word.ends_with("'s") && !BE.contains(&word) && word != "let's" || word.ends_with("s'")
}

/// How a word in its plain form is used, where its neighbours tell for sure.
fn used_as(context: &Context) -> Option<Use> {
    plain_form(context).filter(|(_, sure)| *sure).map(|(used, _)| used)
}

/// Ranked readings of a word whose sound hangs on its use, or `None` for all other words. One reading: the neighbours
/// decided. `word` is in small letters.
pub fn readings(word: &str, context: &Context) -> Option<Vec<Reading>> {
    if let Some(found) = special(word, context) {
        return Some(found.into_iter().map(lexicon::parse).collect());
    }
    if let Some((_, name, verb, usual)) = PAIRS.iter().find(|(w, ..)| *w == word) {
        return Some(choose(lexicon::parse(name), lexicon::parse(verb), *usual, plain_form(context)));
    }
    let owner = word.strip_suffix("'s").and_then(|stem| PAIRS.iter().find(|(w, ..)| *w == stem));
    if let Some((_, name, ..)) = owner {
        return Some(vec![with_s(name)]);
    }
    let stem = word.strip_suffix('s')?;
    let stem = if PAIRS.iter().any(|(w, ..)| *w == stem) { stem } else { stem.strip_suffix('e')? };
    let (_, name, verb, usual) = PAIRS.iter().find(|(w, ..)| *w == stem)?;
    Some(choose(with_s(name), with_s(verb), *usual, s_form(context)))
}

/// A reading in ARPAbet with the s of plural, third person or possession.
fn with_s(reading: &str) -> Reading {
    let mut reading = lexicon::parse(reading);
    let end = match reading.last().map(|a| a.base) {
        Some("S" | "Z" | "CH" | "SH" | "JH") => "IH0 Z",
        Some("P" | "T" | "K" | "F" | "TH") => "S",
        _ => "Z",
    };
    reading.extend(lexicon::parse(end));
    reading
}

fn choose(name: Reading, verb: Reading, usual: Use, found: Verdict) -> Vec<Reading> {
    match (found, usual) {
        (Some((Use::Name, true)), _) => vec![name],
        (Some((Use::Verb, true)), _) => vec![verb],
        (Some((Use::Name, false)), _) | (None, Use::Name) => vec![name, verb],
        (Some((Use::Verb, false)), _) | (None, Use::Verb) => vec![verb, name],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(sentence: &str, word: &str) -> String {
        let words: Vec<&str> = sentence.split_whitespace().collect();
        let at = words.iter().position(|w| *w == word).unwrap();
        let get = |i: Option<usize>| i.and_then(|i| words.get(i).copied()).unwrap_or("");
        let context = Context {
            before: [get(at.checked_sub(1)), get(at.checked_sub(2))],
            after: [get(Some(at + 1)), get(Some(at + 2))],
            clause: &words,
            at,
            name: false,
            capital: false,
        };
        let found = readings(word, &context).unwrap();
        found[0].iter().map(|a| a.symbol()).collect::<Vec<_>>().join("")
    }

    #[test]
    fn neighbours_decide() {
        for (sentence, word, sound) in [
            ("i want to read the book", "read", "rid"),
            ("she has read the book", "read", "rɛd"),
            ("i have never read it", "read", "rɛd"),
            ("he read the letter aloud", "read", "rɛd"),
            ("yesterday i read a story", "read", "rɛd"),
            ("they will lead the team", "lead", "lid"),
            ("the lead pipe broke", "lead", "lɛd"),
            ("where do you live", "live", "lɪv"),
            ("we watched a live concert", "live", "laɪv"),
            ("she lives in boston", "lives", "lɪvz"),
            ("their lives changed", "lives", "laɪvz"),
            ("please record the meeting", "record", "rɪkɔrd"),
            ("he broke the record", "record", "rɛkɚd"),
            ("you can use it", "use", "juz"),
            ("there is no use in crying", "use", "jus"),
            ("close the door", "close", "kloʊz"),
            ("we sat close to the fire", "close", "kloʊs"),
            ("they are close friends", "close", "kloʊs"),
            ("a present for you", "present", "prɛzənt"),
            ("i would like to present our plan", "present", "prizɛnt"),
            ("the wind is strong", "wind", "wɪnd"),
            ("you must wind the clock", "wind", "waɪnd"),
            ("do not tear the paper", "tear", "tɛr"),
            ("tears ran down her face", "tears", "tɪrz"),
            ("i object to that", "object", "əbdʒɛkt"),
            ("a strange object fell", "object", "ɑbdʒɛkt"),
            ("we used to walk", "used", "just"),
            ("he used the phone", "used", "juzd"),
            ("it is used to make soap", "used", "juzd"),
            ("she is content with it", "content", "kəntɛnt"),
            ("excuse me", "excuse", "ɪkskjuz"),
            ("a good excuse", "excuse", "ɪkskjus"),
            ("they estimate the cost", "estimate", "ɛstəmeɪt"),
            ("a minute amount", "minute", "maɪnut"),
            ("wait a minute", "minute", "mɪnət"),
            ("the trucks took the refuse away", "refuse", "rɛfjus"),
            ("they refuse it", "refuse", "rɪfjuz"),
            ("the dog seemed content by the fire", "content", "kəntɛnt"),
            ("the content of the book", "content", "kɑntɛnt"),
            ("there was a tear on her cheek", "tear", "tɪr"),
            ("the pencil needs new lead", "lead", "lɛd"),
            ("the records fell", "records", "rɛkɚdz"),
            ("he records music", "records", "rɪkɔrdz"),
        ] {
            assert_eq!(first(sentence, word), sound, "{sentence}");
        }
    }

    #[test]
    fn pairs_are_written_in_arpabet_and_differ() {
        for (word, name, verb, _) in PAIRS {
            assert_eq!(lexicon::parse(name).len(), name.split(' ').count(), "{word}");
            assert_eq!(lexicon::parse(verb).len(), verb.split(' ').count(), "{word}");
            assert_ne!(lexicon::parse(name), lexicon::parse(verb), "{word}");
        }
    }
}
