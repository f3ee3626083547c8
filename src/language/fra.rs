//! French readings.

use super::{Language, Pronouncer, Reading, ReadingOptions, TextIssue, Utterance, Word, WordKind};

/// Every word unknown, with an issue that says so.
pub fn read(text: &str, _options: &ReadingOptions, _outside: Option<&dyn Pronouncer>) -> Utterance {
    let mut words = Vec::new();
    let mut issues = Vec::new();
    for piece in text.split_whitespace() {
        let start = piece.as_ptr() as usize - text.as_ptr() as usize;
        let source = start..start + piece.len();
        issues.push(TextIssue { source: source.clone(), message: format!("No reading is known for \"{piece}\".") });
        words.push(Word { text: piece.to_owned(), source, kind: WordKind::Unknown, readings: Vec::new(), chosen: 0 });
    }
    Utterance { language: Language::French, text: text.to_owned(), words, issues }
}

/// Not known here.
pub fn reading_from_user(text: &str) -> Result<Reading, String> {
    Err(format!("no reading can be made of \"{text}\""))
}
