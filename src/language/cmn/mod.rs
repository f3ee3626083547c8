//! Mandarin readings.
use super::*;
pub fn read(_text: &str, _o: &ReadingOptions, _p: Option<&dyn Pronouncer>) -> Utterance {
    Utterance { language: Language::Mandarin, text: String::new(), words: vec![], issues: vec![] }
}
pub fn reading_from_user(_t: &str) -> Result<Reading, String> {
    Err(String::new())
}
pub fn other_readings(_w: &str) -> Vec<Reading> {
    vec![]
}
