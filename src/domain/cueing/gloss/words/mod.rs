//! The words that a gloss may use, a table for each language of the interface. The first phrase of a meaning is the
//! one that suggestions offer.

mod chinese;
mod english;
mod french;

use super::UiLanguage;
use super::lexicon::Entry;

pub(super) const ENGLISH: &[&[Entry]] = english::TABLE;
pub(super) const CHINESE: &[&[Entry]] = chinese::TABLE;
pub(super) const FRENCH: &[&[Entry]] = french::TABLE;

/// The value of a number word. True beside it when the word alone does not count as a number ("un doigt" is one finger,
/// "un peu" is not).
pub(super) fn number(ui: UiLanguage, text: &str) -> Option<(u64, bool)> {
    match ui {
        UiLanguage::English => english::number(text),
        UiLanguage::Chinese => chinese::number(text),
        UiLanguage::French => french::number(text),
    }
}

/// A word without the endings of number and gender, the same for the table and for what is typed.
pub(super) fn stem(ui: UiLanguage, text: &str) -> &str {
    match ui {
        UiLanguage::English => english::stem(text),
        UiLanguage::Chinese => text,
        UiLanguage::French => french::stem(text),
    }
}

/// Small words that may stand anywhere within a phrase.
pub(super) fn is_article(ui: UiLanguage, text: &str) -> bool {
    match ui {
        UiLanguage::English => english::ARTICLES.contains(&text),
        UiLanguage::Chinese => text == "的",
        UiLanguage::French => french::ARTICLES.contains(&text),
    }
}
