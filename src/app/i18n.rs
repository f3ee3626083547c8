//! The interface in English, 简体中文 and Français, switchable at run time.
//!
//! The English text stands in the code and is the key: [`tr`] gives it in the language of the interface, [`tr_with`]
//! fills its places. The other languages are tables in `assets/i18n`; a text that a table lacks comes out in English.
//! Texts that are made elsewhere in English (names of steps in the history, stages of work, errors of the rooms below)
//! are translated where they are shown: [`later`] marks such a text for the test that compares code and tables, and
//! [`tr_message`] finds the sentence that a ready-made message was filled from.

pub use crate::cueing::gloss::UiLanguage;

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};

const CHINESE: &str = include_str!("../../assets/i18n/zh.ron");
const FRENCH: &str = include_str!("../../assets/i18n/fr.ron");

/// The language that was set last, for threads that have set none themselves.
static LANGUAGE: AtomicU8 = AtomicU8::new(0);

thread_local! {
    /// The language of this thread's windows: several windows in one program (tests) do not disturb each other.
    static OWN: Cell<Option<UiLanguage>> = const { Cell::new(None) };
}

/// The language of the interface.
pub fn language() -> UiLanguage {
    OWN.get().unwrap_or_else(|| UiLanguage::ALL[usize::from(LANGUAGE.load(Ordering::Relaxed)) % UiLanguage::ALL.len()])
}

/// Changes the language of the interface: of all windows of this thread, and of the threads without windows.
pub fn set_language(language: UiLanguage) {
    OWN.set(Some(language));
    let index = UiLanguage::ALL.iter().position(|l| *l == language).unwrap_or(0);
    LANGUAGE.store(u8::try_from(index).unwrap_or(0), Ordering::Relaxed);
}

/// What a table can be asked.
struct Table {
    texts: HashMap<String, String>,
    /// English texts with places, longest fixed part first, cut at their places.
    patterns: Vec<Pattern>,
}

/// `{count} keys` cut into what stands between its places.
struct Pattern {
    text: String,
    /// Fixed parts before, between and after the places; one more than there are places.
    fixed: Vec<String>,
    places: Vec<String>,
}

impl Table {
    /// Reads a table; a table that cannot be read is an empty one (a test holds them to be readable).
    fn read(source: &str, language: UiLanguage) -> Self {
        let mut texts: HashMap<String, String> = ron::from_str(source).unwrap_or_default();
        if language == UiLanguage::French {
            for text in texts.values_mut() {
                *text = french_spaces(text);
            }
        }
        let mut patterns: Vec<Pattern> = texts.keys().filter_map(|text| Pattern::new(text)).collect();
        patterns.sort_by_key(|p| (std::cmp::Reverse(p.fixed.iter().map(String::len).sum::<usize>()), p.text.clone()));
        Self { texts, patterns }
    }
}

impl Pattern {
    /// `None` for texts without places, and for those whose fixed parts are too short to know a message by.
    fn new(text: &str) -> Option<Self> {
        let mut fixed = vec![String::new()];
        let mut places = Vec::new();
        for part in parts(text) {
            match part {
                Part::Fixed(s) => fixed.last_mut()?.push_str(s),
                Part::Place(name) => {
                    places.push(name.to_owned());
                    fixed.push(String::new());
                }
            }
        }
        let letters: usize = fixed.iter().map(|f| f.chars().filter(|c| c.is_alphabetic()).count()).sum();
        (!places.is_empty() && letters >= 8).then(|| Self { text: text.to_owned(), fixed, places })
    }

    /// The values that the places have in `message`, if it was filled from this text.
    fn values<'a>(&'a self, message: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
        let (first, last) = (self.fixed.first()?, self.fixed.last()?);
        let mut rest = message.strip_prefix(first.as_str())?;
        let mut found = Vec::with_capacity(self.places.len());
        for (place, after) in self.places.iter().zip(&self.fixed[1..]) {
            let is_last = found.len() + 1 == self.places.len();
            let end = if is_last {
                rest.len().checked_sub(last.len()).filter(|_| rest.ends_with(last.as_str()))?
            } else {
                rest.find(after.as_str()).filter(|_| !after.is_empty())?
            };
            found.push((place.as_str(), &rest[..end]));
            rest = &rest[end + after.len()..];
        }
        Some(found)
    }
}

fn table(language: UiLanguage) -> Option<&'static Table> {
    static TABLES: [OnceLock<Table>; 2] = [OnceLock::new(), OnceLock::new()];
    match language {
        UiLanguage::English => None,
        UiLanguage::Chinese => Some(TABLES[0].get_or_init(|| Table::read(CHINESE, language))),
        UiLanguage::French => Some(TABLES[1].get_or_init(|| Table::read(FRENCH, language))),
    }
}

/// An English text in the language of the interface; itself where there is no translation.
pub fn tr(text: &str) -> &str {
    table(language()).and_then(|t| t.texts.get(text)).map_or(text, String::as_str)
}

/// An English text with named places, `"{count} keys"`, in the language of the interface with its places filled.
pub fn tr_with(text: &str, values: &[(&str, &str)]) -> String {
    fill(tr(text), values)
}

/// Marks a text that is translated where it is shown, not here.
pub const fn later(text: &'static str) -> &'static str {
    text
}

/// Fills the places of an English text that is translated where it is shown, by [`tr_message`].
pub fn later_with(text: &'static str, values: &[(&str, &str)]) -> String {
    fill(text, values)
}

/// A ready-made English message in the language of the interface: a known text, or one whose sentence with places is
/// known, whatever stands in the places. Lower and upper case of the first letter are one.
pub fn tr_message(message: &str) -> String {
    let Some(table) = table(language()) else { return message.to_owned() };
    let other = with_other_case(message);
    for (text, turned) in [(message, false), (other.as_str(), true)] {
        let found = match table.texts.get(text) {
            Some(known) => Some(known.clone()),
            None => table.patterns.iter().find_map(|p| Some((p, p.values(text)?))).map(|(pattern, values)| {
                // What stands in a place may be a message itself: the cause of the failure.
                let values: Vec<(&str, String)> = values.into_iter().map(|(n, v)| (n, tr_message(v))).collect();
                let values: Vec<(&str, &str)> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
                fill(&table.texts[&pattern.text], &values)
            }),
        };
        if let Some(found) = found {
            return if turned { with_other_case(&found) } else { found };
        }
    }
    message.to_owned()
}

/// A number with so many decimals and the decimal mark of the language.
pub fn number(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match language() {
        UiLanguage::French => text.replace('.', ","),
        _ => text,
    }
}

/// The first letter as a capital.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect())
}

fn with_other_case(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(c) if c.is_uppercase() => c.to_lowercase().chain(letters).collect(),
        Some(c) => c.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

enum Part<'a> {
    Fixed(&'a str),
    Place(&'a str),
}

/// Cuts a text at its places: `{name}` of lower-case letters, digits and underscores. Other braces are letters.
fn parts(text: &str) -> Vec<Part<'_>> {
    let is_name =
        |s: &str| !s.is_empty() && s.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        match rest[open + 1..].find('}').map(|close| &rest[open + 1..open + 1 + close]) {
            Some(name) if is_name(name) => {
                if open > 0 {
                    all.push(Part::Fixed(&rest[..open]));
                }
                all.push(Part::Place(name));
                rest = &rest[open + name.len() + 2..];
            }
            _ => {
                all.push(Part::Fixed(&rest[..=open]));
                rest = &rest[open + 1..];
            }
        }
    }
    if !rest.is_empty() {
        all.push(Part::Fixed(rest));
    }
    all
}

/// Fills the places in one go: braces within a value stay as they are. A place without a value stays visible.
fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    for part in parts(text) {
        match part {
            Part::Fixed(s) => filled.push_str(s),
            Part::Place(name) => match values.iter().find(|(n, _)| *n == name) {
                Some((_, value)) => filled.push_str(value),
                None => filled.extend(["{", name, "}"]),
            },
        }
    }
    filled
}

/// French spacing: a no-break space before `: ; ? ! %` and within « », and the curved apostrophe. The narrow no-break
/// space would be finer, but the text layout breaks lines at it, which would send a "?" to a line of its own.
pub fn french_spaces(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let letters: Vec<char> = text.chars().collect();
    for (i, &c) in letters.iter().enumerate() {
        let before = i.checked_sub(1).map(|j| letters[j]);
        let after = letters.get(i + 1).copied();
        out.push(match c {
            ' ' if before == Some('«') || after.is_some_and(|a| ":;?!%»".contains(a)) => '\u{a0}',
            '\'' if before.is_some_and(char::is_alphabetic) && after.is_some_and(|a| a.is_alphabetic() || a == '{') => {
                '’'
            }
            c => c,
        });
    }
    out
}

#[cfg(test)]
mod tests;
