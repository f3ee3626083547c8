//! French readings.
pub mod letters;
pub mod lexicon;
pub mod phones;
use super::{Language, Pronouncer, Reading, ReadingOptions, Utterance};

pub fn read(text: &str, _options: &ReadingOptions, _outside: Option<&dyn Pronouncer>) -> Utterance {
    Utterance { language: Language::French, text: text.to_owned(), words: vec![], issues: vec![] }
}
pub fn reading_from_user(text: &str) -> Result<Reading, String> {
    Err(format!("no reading can be made of \"{text}\""))
}
