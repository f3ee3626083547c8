//! Gold files of readings: texts with the sounds that a person says they have.
//!
//! UTF-8, one item a line, `text<TAB>sounds`. Lines that begin with `#` are comments, but for two headers:
//! `# language: cmn|fra|eng-US`, once, before the first item, and `# options: …` with the names of reading options,
//! which holds for the lines below it until the next one. In French and English sounds are parted by one space and
//! words by two or more (which is for the eye, it does not count); in Mandarin a sound is a syllable of numbered
//! pinyin, with or without its tone. `|` is a break.

use crate::language::cmn::{pinyin, tokens};
use crate::language::phonetics::phone;
use crate::language::{Language, Phone, PhoneClass, Reading, ReadingOptions, ReadingSource, Syllable, Word, WordKind};
use unicode_normalization::UnicodeNormalization as _;

/// A longer line is refused: aligning takes memory with the square of its length.
pub const LONGEST_LINE: usize = 6000;

/// Syllables that Mandarin has only in the names of Latin letters and in loans.
const LOANED: [&str; 3] = ["kiu", "sei", "fai"];

/// What is wrong with a gold file, and in which line, from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct GoldError {
    pub line: usize,
    pub problem: GoldProblem,
}

/// The ways a gold file can be wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GoldProblem {
    #[error("the language is not said; begin the file with \"# language: cmn\", \"fra\" or \"eng-US\"")]
    NoLanguage,
    #[error("the language is said twice; use one file for each language")]
    LanguageTwice,
    #[error("{0}")]
    UnknownLanguage(String),
    #[error("there is no header \"{0}\"; use \"language\" or \"options\", or write the comment another way")]
    UnknownHeader(String),
    #[error("there is no reading option \"{0}\"; use optional_liaison, final_schwa or syllabic_schwa")]
    UnknownOption(String),
    #[error("a tab is missing between the text and its sounds")]
    NoTab,
    #[error("there is more than one tab; keep the one between the text and its sounds")]
    TwoTabs,
    #[error("there is no text before the tab")]
    NoText,
    #[error("there are no sounds after the tab")]
    NoSounds,
    #[error("\"{symbol}\" is no sound of {language}; see its chart for the symbols")]
    UnknownPhone { symbol: String, language: &'static str },
    #[error("\"{0}\" is no pinyin syllable; write syllables such as hang2 or hang, and v for ü")]
    NotPinyin(String),
    #[error("the line has {0} bytes; part it into sentences of at most {LONGEST_LINE}")]
    TooLong(usize),
    #[error("the file has no items; write lines of a text, a tab and its sounds")]
    NoItems,
}

/// A text and the sounds that it should have.
#[derive(Clone, Debug, PartialEq)]
pub struct GoldItem {
    /// Line in the file, from 1.
    pub line: usize,
    pub text: String,
    /// The sounds as they stand in the file.
    pub expected: String,
    pub options: ReadingOptions,
    /// The sounds as words of one reading each, and breaks. A Mandarin syllable without a tone in the file has none
    /// here. English syllables bear no stress yet.
    pub words: Vec<Word>,
}

/// A gold file.
#[derive(Clone, Debug, PartialEq)]
pub struct Gold {
    pub language: Language,
    pub items: Vec<GoldItem>,
}

/// Reads a gold file.
///
/// # Errors
/// [`GoldError`] with the line: a header or option that does not exist, no language, no tab, an empty side, a symbol
/// that is no sound of the language, a line that is too long, no items at all.
pub fn parse(text: &str) -> Result<Gold, GoldError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut language = None;
    let mut options = ReadingOptions::default();
    let mut items = Vec::new();
    let mut count = 0;
    for (i, content) in text.lines().enumerate() {
        count = i + 1;
        let fail = |problem| GoldError { line: i + 1, problem };
        if content.len() > LONGEST_LINE {
            return Err(fail(GoldProblem::TooLong(content.len())));
        }
        if let Some(comment) = content.strip_prefix('#') {
            match header(comment) {
                None => {}
                Some(("language", value)) => {
                    let code = value.parse::<Language>().map_err(|e| fail(GoldProblem::UnknownLanguage(e)))?;
                    if language.replace(code).is_some() {
                        return Err(fail(GoldProblem::LanguageTwice));
                    }
                }
                Some(("options", value)) => options = parse_options(value).map_err(fail)?,
                Some((name, _)) => return Err(fail(GoldProblem::UnknownHeader(name.to_owned()))),
            }
            continue;
        }
        if content.trim().is_empty() {
            continue;
        }
        let language = language.ok_or_else(|| fail(GoldProblem::NoLanguage))?;
        items.push(item(content, i + 1, language, &options).map_err(fail)?);
    }
    let fail = |problem| GoldError { line: count.max(1), problem };
    let language = language.ok_or_else(|| fail(GoldProblem::NoLanguage))?;
    if items.is_empty() { Err(fail(GoldProblem::NoItems)) } else { Ok(Gold { language, items }) }
}

/// Name and value of a header, or of what was surely meant as one; `None` for any other comment.
fn header(comment: &str) -> Option<(&str, &str)> {
    let (name, value) = comment.split_once(':')?;
    let name = name.trim();
    let near = |known: &str| distance(known, name) <= 2;
    (near("language") || near("options")).then_some((name, value.trim()))
}

/// Edit distance of two names.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    super::align(&a, &b, |x, y| x.eq_ignore_ascii_case(y)).iter().filter(|s| !s.same).count()
}

fn parse_options(value: &str) -> Result<ReadingOptions, GoldProblem> {
    let mut options = ReadingOptions::default();
    for name in value.split(|c: char| c.is_whitespace() || c == ',').filter(|n| !n.is_empty()) {
        match name {
            "optional_liaison" => options.optional_liaison = true,
            "final_schwa" => options.final_schwa = true,
            "syllabic_schwa" => options.syllabic_schwa = true,
            _ => return Err(GoldProblem::UnknownOption(name.to_owned())),
        }
    }
    Ok(options)
}

fn item(content: &str, line: usize, language: Language, options: &ReadingOptions) -> Result<GoldItem, GoldProblem> {
    let (text, expected) = content.split_once('\t').ok_or(GoldProblem::NoTab)?;
    let expected = expected.trim();
    if expected.contains('\t') {
        return Err(GoldProblem::TwoTabs);
    }
    if text.trim().is_empty() {
        return Err(GoldProblem::NoText);
    }
    let mut words = Vec::new();
    // Two spaces part words, so that an empty piece stands between two words.
    let mut group: Vec<Phone> = Vec::new();
    for token in expected.split(' ').map(str::trim) {
        match token {
            "" => close(&mut group, &mut words),
            "|" => {
                close(&mut group, &mut words);
                words.push(word(token, WordKind::Break, Vec::new()));
            }
            _ if language == Language::Mandarin => {
                let syllable = syllable(token).ok_or_else(|| GoldProblem::NotPinyin(token.to_owned()))?;
                words.push(word(token, WordKind::Spoken, vec![syllable]));
            }
            _ => {
                let plain: String = token.nfd().map(|c| if c == 'ɡ' { 'g' } else { c }).collect();
                let sound = phone(&plain, language)
                    .ok_or_else(|| GoldProblem::UnknownPhone { symbol: token.to_owned(), language: language.name() })?;
                group.push(sound);
            }
        }
    }
    close(&mut group, &mut words);
    if words.iter().all(|w| w.kind == WordKind::Break) {
        return Err(GoldProblem::NoSounds);
    }
    Ok(GoldItem { line, text: text.to_owned(), expected: expected.to_owned(), options: options.clone(), words })
}

/// Makes a word of the sounds that were collected, one syllable for each vowel.
fn close(group: &mut Vec<Phone>, words: &mut Vec<Word>) {
    if group.is_empty() {
        return;
    }
    let mut syllables: Vec<Vec<Phone>> = Vec::new();
    let mut open = Vec::new();
    for phone in group.drain(..) {
        let vowel = phone.class == PhoneClass::Vowel;
        open.push(phone);
        if vowel {
            syllables.push(std::mem::take(&mut open));
        }
    }
    match syllables.last_mut() {
        Some(last) => last.append(&mut open),
        None => syllables.push(open),
    }
    let syllables = syllables.into_iter().map(|phones| {
        let label = phones.iter().map(|p| p.symbol.as_str()).collect();
        Syllable { label, spelling: String::new(), phones, tone: None }
    });
    words.push(word("", WordKind::Spoken, syllables.collect()));
}

/// A word of one reading. Its label is in slashes, so that English syllables without a mark have no stress.
fn word(text: &str, kind: WordKind, syllables: Vec<Syllable>) -> Word {
    let label = format!("/{}/", syllables.iter().map(|s| s.label.as_str()).collect::<String>());
    let readings = if syllables.is_empty() {
        Vec::new()
    } else {
        vec![Reading { label, syllables, source: ReadingSource::Lexicon }]
    };
    Word { text: text.to_owned(), source: 0..0, kind, readings, chosen: 0 }
}

/// `hang2`, `hang`, `lv4`: one syllable, its tone if it has one.
fn syllable(token: &str) -> Option<Syllable> {
    let token: String = token.nfc().collect::<String>().to_lowercase().replace('ü', "v");
    let base = token.trim_end_matches(|c: char| c.is_ascii_digit());
    let tone = match token.get(base.len()..)? {
        "" => None,
        digits => Some(digits.parse::<u8>().ok().filter(|t| (1..=5).contains(t))?),
    };
    if !pinyin::is_syllable(base) && !LOANED.contains(&base) {
        return None;
    }
    let phones: Vec<Phone> = tokens::tokens(base)?.into_iter().filter_map(|t| phone(t, Language::Mandarin)).collect();
    (!phones.is_empty()).then(|| Syllable { label: base.to_owned(), spelling: token.clone(), phones, tone })
}
