//! Pronunciations as users type them: in which alphabet, what is wrong with them and where, and what could come next.
//!
//! [`read`] takes a text in an alphabet that is given or recognised ([`recognise`]) and gives a reading, or the first
//! sign that is none with what was perhaps meant. [`completions`] offers syllables and signs while one types; [`signs`]
//! lists all that a language has.

mod nearest;

use super::phonetics::{self, arpabet_symbol};
use super::{Language, PhoneClass, Reading, cmn, eng, fra};
use std::collections::HashSet;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization as _;

/// A way to write sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Alphabet {
    /// `hang2`, `háng`; also tokens of the chart, such as `h ang`.
    Pinyin,
    Ipa,
    /// IPA in ASCII (Wells 1995).
    XSampa,
    /// As in CMUdict: `R EH1 D`.
    Arpabet,
}

impl Alphabet {
    pub const ALL: [Self; 4] = [Self::Pinyin, Self::Ipa, Self::XSampa, Self::Arpabet];

    /// Those in which a language can be typed, the usual one first.
    pub fn of(language: Language) -> &'static [Self] {
        match language {
            Language::Mandarin => &[Self::Pinyin, Self::Ipa, Self::XSampa],
            Language::French => &[Self::Ipa, Self::XSampa],
            Language::AmericanEnglish => &[Self::Ipa, Self::XSampa, Self::Arpabet],
        }
    }

    /// Its name, the same in all languages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pinyin => "Pinyin",
            Self::Ipa => "IPA",
            Self::XSampa => "X-SAMPA",
            Self::Arpabet => "ARPAbet",
        }
    }
}

/// Why a typed pronunciation is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TypedError {
    #[error("nothing is typed yet")]
    Empty,
    #[error("\"{found}\" is no sound of {language} in {alphabet}")]
    Unknown { found: String, language: &'static str, alphabet: &'static str, range: Range<usize> },
    #[error("\"{found}\" is no sound of {language} in {alphabet}; the nearest is \"{nearest}\"")]
    Nearest { found: String, language: &'static str, alphabet: &'static str, nearest: String, range: Range<usize> },
    #[error("{language} is not typed in {alphabet}; use {known}")]
    Alphabet { language: &'static str, alphabet: &'static str, known: String },
    #[error("{0}")]
    Other(String),
}

impl TypedError {
    /// Bytes of the typed text that are wrong.
    pub fn range(&self) -> Option<Range<usize>> {
        match self {
            Self::Unknown { range, .. } | Self::Nearest { range, .. } => Some(range.clone()),
            _ => None,
        }
    }

    /// Bytes of the typed text that are wrong, with what could stand there instead.
    pub fn correction(&self) -> Option<(Range<usize>, &str)> {
        match self {
            Self::Nearest { range, nearest, .. } => Some((range.clone(), nearest)),
            _ => None,
        }
    }
}

/// The alphabet that a text is most likely in.
pub fn recognise(text: &str, language: Language) -> Alphabet {
    let text = text.trim();
    let bracketed = text.starts_with(['/', '[']);
    let ascii = text.is_ascii();
    match language {
        Language::Mandarin if bracketed => Alphabet::Ipa,
        Language::Mandarin => {
            let of_ipa = |c: char| !c.is_ascii() && !c.nfd().next().is_some_and(|c| c.is_ascii_alphabetic());
            if cmn::reads_as_pinyin(text) || !text.chars().any(of_ipa) { Alphabet::Pinyin } else { Alphabet::Ipa }
        }
        Language::French if bracketed || !ascii => Alphabet::Ipa,
        Language::French => Alphabet::XSampa,
        Language::AmericanEnglish if bracketed || !ascii => Alphabet::Ipa,
        Language::AmericanEnglish => {
            let capitals = |t: &str| t.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
            let tokens = text.split_whitespace().count();
            let all = tokens > 0 && text.split_whitespace().all(capitals);
            let arpabet = all && (tokens > 1 || phonetics::arpabet_to_symbols(text).is_ok());
            if arpabet { Alphabet::Arpabet } else { Alphabet::XSampa }
        }
    }
}

/// Reads what a user typed; without `alphabet` in the one that it is recognised to be in.
///
/// # Errors
/// The first sign that is no sound of the language, with its bytes in `text` and the nearest one that is.
pub fn read(text: &str, language: Language, alphabet: Option<Alphabet>) -> Result<Reading, TypedError> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(TypedError::Empty);
    }
    let alphabet = alphabet.unwrap_or_else(|| recognise(trimmed, language));
    if !Alphabet::of(language).contains(&alphabet) {
        let known: Vec<&str> = Alphabet::of(language).iter().map(|a| a.name()).collect();
        let (language, alphabet) = (language.name(), alphabet.name());
        return Err(TypedError::Alphabet { language, alphabet, known: known.join(", ") });
    }
    if let Some((range, nearest)) = unknown(text, language, alphabet) {
        let found = text.get(range.clone()).unwrap_or_default().to_owned();
        let (language, alphabet) = (language.name(), alphabet.name());
        return Err(match nearest {
            Some(nearest) => TypedError::Nearest { found, language, alphabet, nearest, range },
            None => TypedError::Unknown { found, language, alphabet, range },
        });
    }
    // Slashes say that what stands between them is IPA.
    let bare = trimmed.trim_matches(['/', '[', ']']);
    let typed = match alphabet {
        Alphabet::Pinyin => trimmed.to_owned(),
        Alphabet::Arpabet => trimmed.to_uppercase(),
        Alphabet::Ipa => format!("/{bare}/"),
        Alphabet::XSampa => format!("/{}/", phonetics::xsampa_to_ipa(bare).map_err(TypedError::Other)?),
    };
    let reading = match language {
        Language::Mandarin => cmn::reading_from_user(&typed),
        Language::French => fra::reading_from_user(&typed),
        // One sound in capitals is taken for X-SAMPA unless it is known to be ARPAbet.
        Language::AmericanEnglish => eng::reading_from_user(&typed),
    };
    reading.map_err(TypedError::Other)
}

/// The first piece of `text` that is no sound, and the nearest sign that is one.
fn unknown(text: &str, language: Language, alphabet: Alphabet) -> Option<(Range<usize>, Option<String>)> {
    match alphabet {
        Alphabet::Pinyin => {
            if cmn::reading_from_user(text.trim()).is_ok() {
                return None;
            }
            let piece = pieces(text).find(|p| !cmn::reads_as_pinyin(&text[p.clone()]));
            let range = piece.unwrap_or_else(|| pieces(text).next().unwrap_or(0..text.len()));
            let found = &text[range.clone()];
            Some((range, nearest::syllable(found)))
        }
        Alphabet::Arpabet => {
            let wrong = |token: &str| phonetics::arpabet_to_symbols(token).is_err();
            let range = pieces(text).find(|p| wrong(&text[p.clone()]))?;
            let found = text[range.clone()].to_uppercase();
            Some((range, nearest::arpabet(&found)))
        }
        Alphabet::Ipa => {
            let range = phonetics::first_unknown(text, language)?;
            let nearest = nearest::ipa(&text[range.clone()], language);
            Some((range, nearest))
        }
        Alphabet::XSampa => {
            let mut at = 0;
            while at < text.len() {
                let rest = &text[at..];
                let Some((length, _)) = phonetics::xsampa_sign(rest) else {
                    let first = rest.chars().next()?;
                    return Some((at..at + first.len_utf8(), nearest::ipa_as_xsampa(&first.to_string(), language)));
                };
                at += length;
            }
            // Signs of X-SAMPA all, but not all of the language: the first one whose text alone fails.
            let ipa = phonetics::xsampa_to_ipa(text.trim()).ok()?;
            let wrong = phonetics::first_unknown(&ipa, language)?;
            let wrong_sign = &ipa[wrong];
            let mut at = 0;
            while at < text.len() {
                let (length, sign) = phonetics::xsampa_sign(&text[at..])?;
                if sign.contains(wrong_sign) {
                    return Some((at..at + length, nearest::ipa_as_xsampa(wrong_sign, language)));
                }
                at += length;
            }
            Some((0..text.len(), None))
        }
    }
}

/// The bytes of the words of a text.
fn pieces(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let separates = |c: char| c.is_whitespace() || matches!(c, '\'' | '’' | '-' | '·');
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(|c| !separates(c))?;
        at = text[start..].find(separates).map_or(text.len(), |end| start + end);
        Some(start..at)
    })
}

/// Something that could be typed next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The bytes at the end of the text that it takes the place of.
    pub replaces: Range<usize>,
    pub text: String,
}

/// What the end of a typed text could go on to, the likeliest first, at most `most`: syllables and their tones in
/// pinyin, sounds in ARPAbet, and in IPA and X-SAMPA signs that begin like the last one or look like it.
pub fn completions(text: &str, language: Language, alphabet: Alphabet, most: usize) -> Vec<Completion> {
    let last = pieces(text).last().filter(|p| p.end == text.len()).unwrap_or(text.len()..text.len());
    let typed = &text[last.clone()];
    let whole = |list: Vec<String>| -> Vec<Completion> {
        let new = list.into_iter().filter(|t| t != typed);
        new.map(|text| Completion { replaces: last.clone(), text }).take(most).collect()
    };
    match alphabet {
        Alphabet::Pinyin => {
            if typed.is_empty() || typed.ends_with(|c: char| c.is_ascii_digit()) || !typed.is_ascii() {
                return Vec::new();
            }
            let plain = typed.to_lowercase().replace('ü', "v");
            let tones = cmn::syllables().any(|s| s == plain);
            let toned = (1..=4).filter(|_| tones).map(|tone| format!("{plain}{tone}"));
            let longer = cmn::syllables().filter(|s| s.starts_with(&plain) && *s != plain);
            let mut longer: Vec<String> = longer.map(str::to_owned).collect();
            longer.sort_by_key(|s| (s.len(), s.clone()));
            whole(toned.chain(longer).collect())
        }
        Alphabet::Arpabet => {
            let upper = typed.to_uppercase();
            let mut all: Vec<String> =
                ARPABET.split(' ').filter(|t| t.starts_with(&upper)).map(str::to_owned).collect();
            if is_arpabet_vowel(&upper) {
                all = [1, 0, 2].iter().map(|d| format!("{upper}{d}")).collect();
            }
            if typed.is_empty() {
                return Vec::new();
            }
            whole(all)
        }
        Alphabet::Ipa | Alphabet::XSampa => {
            let Some(first) = text.char_indices().next_back() else { return Vec::new() };
            let range = first.0..text.len();
            let sign = &text[range.clone()];
            let mut all: Vec<String> = Vec::new();
            if alphabet == Alphabet::Ipa {
                all.extend(nearest::ipa(sign, language).filter(|_| phonetics::first_unknown(sign, language).is_some()));
            }
            let longer = signs(language, alphabet).into_iter().map(|(s, _)| s);
            all.extend(longer.filter(|s| s.starts_with(sign) && s != sign));
            if alphabet == Alphabet::Ipa && sign.is_ascii() {
                // E for ɛ, S for ʃ: as X-SAMPA has it.
                let looked = phonetics::xsampa_to_ipa(sign).ok().filter(|s| s != sign);
                all.extend(looked.filter(|s| phonetics::first_unknown(s, language).is_none()));
            }
            let mut seen = HashSet::new();
            all.retain(|sign| seen.insert(sign.clone()));
            all.into_iter().map(|text| Completion { replaces: range.clone(), text }).take(most).collect()
        }
    }
}

const ARPABET: &str = "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W WH \
    Y Z ZH";

fn is_arpabet_vowel(token: &str) -> bool {
    token.starts_with(['A', 'E', 'I', 'O', 'U']) && ARPABET.split(' ').any(|t| t == token)
}

/// All sounds of a language as an alphabet writes them, each with the symbol of the chart. In pinyin these are the
/// tokens of the chart, which can be typed with spaces between them.
pub fn signs(language: Language, alphabet: Alphabet) -> Vec<(String, &'static str)> {
    let symbols = phonetics::symbols(language);
    match alphabet {
        Alphabet::Pinyin => symbols.map(|(s, _)| (s.to_owned(), s)).collect(),
        Alphabet::Arpabet => {
            let strong = |t: &str| arpabet_symbol(t, phonetics::Stress::Primary);
            let weak = |t: &str| arpabet_symbol(t, phonetics::Stress::None);
            symbols
                .filter_map(|(symbol, class)| {
                    let token = ARPABET.split(' ').find(|t| strong(t) == Some(symbol));
                    let token = match (token, class) {
                        (Some(t), PhoneClass::Consonant) => t.to_owned(),
                        (Some(t), PhoneClass::Vowel) => format!("{t}1"),
                        (None, _) => format!("{}0", ARPABET.split(' ').find(|t| weak(t) == Some(symbol))?),
                    };
                    Some((token, symbol))
                })
                .collect()
        }
        Alphabet::Ipa => symbols.filter_map(|(s, _)| Some((phonetics::ipa_of(s, language)?, s))).collect(),
        Alphabet::XSampa => {
            symbols.filter_map(|(s, _)| Some((phonetics::xsampa_of(&phonetics::ipa_of(s, language)?)?, s))).collect()
        }
    }
}

#[cfg(test)]
mod tests;
