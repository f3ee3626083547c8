//! A project's own lexicon: how this project reads a word, wherever it stands.
//!
//! As a file: UTF-8, a word, a tab and how it is read on a line, typed as a user types readings; `#` begins a comment.

use crate::language::{self, Language, Reading, ReadingSource, Word, WordKind};
use serde::{Deserialize, Serialize};

/// How a word is read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LexiconEntry {
    /// As it is written; large and small letters are the same.
    pub text: String,
    pub reading: Reading,
}

/// Why a lexicon cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LexiconError {
    #[error("line {0} of the lexicon has no tab between the word and how it is read")]
    NoTab(usize),
    #[error("line {line} of the lexicon: {message}")]
    Reading { line: usize, message: String },
}

/// Reads the lines of a lexicon.
///
/// # Errors
/// The first line that is wrong.
pub fn parse(text: &str, language: Language) -> Result<Vec<LexiconEntry>, LexiconError> {
    let lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    lines
        .map(|(i, line)| (i + 1, line.trim_end()))
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|(line, content)| {
            let (word, typed) = content.split_once('\t').ok_or(LexiconError::NoTab(line))?;
            let reading = language::reading_from_user(typed.trim(), language)
                .map_err(|message| LexiconError::Reading { line, message })?;
            Ok(LexiconEntry { text: word.trim().to_owned(), reading })
        })
        .collect()
}

/// Reads words as the lexicon says. The readings that they had stay within reach.
pub fn apply(words: &mut [Word], lexicon: &[LexiconEntry]) {
    if lexicon.is_empty() {
        return;
    }
    for word in words.iter_mut().filter(|w| w.kind != WordKind::Break) {
        let text = word.text.to_lowercase();
        // What was said last holds.
        let Some(entry) = lexicon.iter().rev().find(|e| e.text.to_lowercase() == text) else { continue };
        let known = word.readings.iter().position(|r| r.syllables == entry.reading.syllables);
        word.kind = WordKind::Spoken;
        word.chosen = known.unwrap_or_else(|| {
            word.readings.push(Reading { source: ReadingSource::User, ..entry.reading.clone() });
            word.readings.len() - 1
        });
    }
}

/// A lexicon with an entry more, in the place of an older one of the same word.
pub fn with(lexicon: &[LexiconEntry], entry: LexiconEntry) -> Vec<LexiconEntry> {
    let text = entry.text.to_lowercase();
    let mut new: Vec<LexiconEntry> = lexicon.iter().filter(|e| e.text.to_lowercase() != text).cloned().collect();
    new.push(entry);
    new
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::ReadingOptions;

    #[test]
    fn words_are_read_as_the_lexicon_says() {
        let lexicon = parse("\u{feff}# names\n\nFILS\tfil\n", Language::French).expect("a lexicon");
        let mut read = language::read("Le fils et les fils.", Language::French, &ReadingOptions::default(), None);
        let before = read.clone();
        apply(&mut read.words, &lexicon);
        for (word, old) in read.words.iter().zip(&before.words) {
            if word.text == "fils" {
                assert_eq!(word.syllables(), lexicon[0].reading.syllables);
                assert!(old.readings.iter().all(|r| word.readings.contains(r)), "the old readings are within reach");
            } else {
                assert_eq!(word, old);
            }
        }
        assert_eq!(with(&lexicon, LexiconEntry { text: "fils".into(), ..lexicon[0].clone() }).len(), 1);
    }

    #[test]
    fn a_wrong_line_is_named() {
        assert_eq!(parse("fils fil", Language::French), Err(LexiconError::NoTab(1)));
        let wrong = parse("a\tb\nfils\t%%%", Language::French);
        assert!(matches!(wrong, Err(LexiconError::Reading { line: 2, .. })), "{wrong:?}");
    }
}
