//! Words with hyphens: which are one word of the lexicon, and which are read part by part.

use super::line::has;
use super::{lexicon, numerals};

/// Words that can follow a verb with a hyphen.
const AFTER_VERB: &str = "je tu il elle on nous vous ils elles ce y en le la les lui leur moi toi m t là ci";

/// Whether a word with hyphens is read as the lexicon has it. Numbers and verbs with their pronouns are read in parts.
pub fn keeps_together(key: &str, parts: &[&str]) -> bool {
    let keys: Vec<String> = parts.iter().map(|p| lexicon::key(p)).collect();
    let last = keys[keys.len() - 1].as_str();
    let numeral = |k: &String| numerals::is_numeral(k);
    if keys.iter().all(numeral) {
        return matches!(key, "quatre-vingt" | "quatre-vingts");
    }
    let known = !lexicon::lookup(key).is_empty() || !lexicon::name(key).is_empty();
    let verb = lexicon::lookup(&keys[0]).iter().any(|e| e.is("VWPIG"));
    known && !(verb && has(AFTER_VERB, last) && !is_fixed(key))
}

/// Nouns and pronouns that look like a verb with its pronoun.
fn is_fixed(key: &str) -> bool {
    let fixed =
        ["rendez-vous", "celui-là", "celle-là", "ceux-là", "celles-là", "celui-ci", "celle-ci", "ceux-ci", "celles-ci"];
    let compound = ["là-", "ci-", "au-", "par-", "vas-y", "sauve-qui"];
    fixed.contains(&key) || compound.iter().any(|c| key.starts_with(c) && key != "vas-y")
}
