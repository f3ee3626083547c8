//! Text to sounds: normalisation, readings and phones of Mandarin, French and American English.
//!
//! [`read`] never fails: what it cannot read is kept as a word with an issue, so that the user sees it where it
//! stands. Pronunciations from outside (espeak-ng) come through the [`Pronouncer`] trait; the rooms below are pure.

pub mod alphabets;
pub mod cmn;
pub mod detect;
pub mod eng;
pub mod fra;
pub mod phonetics;
pub mod source;

use serde::{Deserialize, Serialize};

/// A language with a cue chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Language {
    #[serde(rename = "cmn")]
    Mandarin,
    #[serde(rename = "fra")]
    French,
    #[serde(rename = "eng-US")]
    AmericanEnglish,
}

impl Language {
    pub const ALL: [Self; 3] = [Self::Mandarin, Self::French, Self::AmericanEnglish];

    /// The code used in files and on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Self::Mandarin => "cmn",
            Self::French => "fra",
            Self::AmericanEnglish => "eng-US",
        }
    }

    /// The language's name in itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mandarin => "中文（普通话）",
            Self::French => "Français",
            Self::AmericanEnglish => "English (US)",
        }
    }
}

impl std::str::FromStr for Language {
    type Err = String;

    fn from_str(code: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|l| l.code().eq_ignore_ascii_case(code))
            .ok_or_else(|| format!("unknown language \"{code}\"; use cmn, fra or eng-US"))
    }
}

/// A text read aloud in the mind: words with their possible readings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Utterance {
    pub language: Language,
    /// The normalised text: Unicode NFC, numbers and abbreviations in words.
    pub text: String,
    pub words: Vec<Word>,
    /// What could not be read or is doubtful, for the user.
    pub issues: Vec<TextIssue>,
}

impl Utterance {
    /// The phones of the chosen readings, in order: the flat sequence that keys and alignment refer to by index.
    pub fn phones(&self) -> impl Iterator<Item = PhoneRef<'_>> {
        self.words.iter().enumerate().flat_map(|(word, w)| {
            w.syllables()
                .iter()
                .enumerate()
                .flat_map(move |(syllable, s)| s.phones.iter().map(move |phone| PhoneRef { word, syllable, phone }))
        })
    }
}

/// A phone with its place in the utterance: index of the word, index of the syllable within the word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PhoneRef<'a> {
    pub word: usize,
    pub syllable: usize,
    pub phone: &'a Phone,
}

/// One word, or a mark of punctuation that makes a break.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// As it is spoken: the piece of the normalised text.
    pub text: String,
    /// Byte range of the original input that this word was made from.
    pub source: std::ops::Range<usize>,
    pub kind: WordKind,
    /// Ranked, best first; empty for breaks and for what cannot be read. A second reading stands here only where it is
    /// a live possibility at this place; [`other_readings`] lists what else the spelling could stand for.
    pub readings: Vec<Reading>,
    /// Index of the reading in use.
    pub chosen: usize,
}

impl Word {
    /// What else the spelling can stand for, beyond the readings that are likely at this place. Looks the lexicon up.
    pub fn further_readings(&self, language: Language) -> Vec<Reading> {
        let known = |r: &Reading| self.readings.iter().any(|k| k.syllables == r.syllables || k.label == r.label);
        other_readings(&self.text, language).into_iter().filter(|r| !known(r)).collect()
    }

    /// Syllables of the chosen reading; none for a break.
    pub fn syllables(&self) -> &[Syllable] {
        self.readings.get(self.chosen).map_or(&[], |r| &r.syllables)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WordKind {
    Spoken,
    /// A comma, full stop and the like: no liaison or pairing of phones across it.
    Break,
    /// Nothing is known of how this is said.
    Unknown,
}

/// One way to say a word.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// What the user chooses by: `háng`, `/ɛst/`, `R EH1 D`.
    pub label: String,
    pub syllables: Vec<Syllable>,
    pub source: ReadingSource,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReadingSource {
    Lexicon,
    Rules,
    Synthesiser,
    User,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Syllable {
    /// Written form for display: `háng`, `bɔ̃`, `kənˈfjuzd` is split as `kən`, `fjuzd`.
    pub label: String,
    /// What a synthesiser is fed where it needs its own spelling (numbered pinyin such as `hang2`), else empty.
    pub spelling: String,
    pub phones: Vec<Phone>,
    /// Mandarin tone 1-4, 5 neutral, after sandhi; `None` elsewhere.
    pub tone: Option<u8>,
}

/// One sound in the language's own tokens: MCCS tokens for Mandarin (`zh`, `yu`, `ang`), IPA for French and English.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Phone {
    pub symbol: String,
    pub class: PhoneClass,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PhoneClass {
    /// Glides count as consonants: they have a hand shape.
    Consonant,
    Vowel,
}

/// Something in the text that the user should look at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TextIssue {
    /// Byte range in the original input.
    pub source: std::ops::Range<usize>,
    /// What is wrong and what to do, one sentence.
    pub message: String,
}

/// Style switches of reading, per project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReadingOptions {
    /// French: say optional liaisons too.
    pub optional_liaison: bool,
    /// French: say the schwa of a final mute e.
    pub final_schwa: bool,
    /// American English: say a schwa before the syllabic n and l of *listen* and *little*.
    pub syllabic_schwa: bool,
}

/// Says a word that no lexicon holds: implemented by the speech room with espeak-ng.
pub trait Pronouncer {
    /// IPA of `word` with stress marks, or `None` when it cannot say.
    fn ipa(&self, word: &str, language: Language) -> Option<String>;
}

/// Reads a text: words with ranked readings, breaks, and issues for whatever needs the user's eye.
///
/// `outside` is asked for words that no lexicon holds. The same input gives the same result.
pub fn read(text: &str, language: Language, options: &ReadingOptions, outside: Option<&dyn Pronouncer>) -> Utterance {
    match language {
        Language::Mandarin => cmn::read(text, options, outside),
        Language::French => fra::read(text, options, outside),
        Language::AmericanEnglish => eng::read(text, options, outside),
    }
}

/// A reading as a user types it: numbered or marked pinyin (`hang2`, `háng`) for Mandarin; IPA, X-SAMPA or ARPAbet for
/// English; IPA or X-SAMPA for French. The error says in one sentence what is wrong.
pub fn reading_from_user(text: &str, language: Language) -> Result<Reading, String> {
    match language {
        Language::Mandarin => cmn::reading_from_user(text),
        Language::French => fra::reading_from_user(text),
        Language::AmericanEnglish => eng::reading_from_user(text),
    }
}

/// A reading with one of its phones said as another: `syllable` and `at` say which. The reading is the user's own then.
/// `None` when there is no such phone, or the language has no such symbol.
pub fn with_phone(reading: &Reading, syllable: usize, at: usize, symbol: &str, language: Language) -> Option<Reading> {
    let new = phonetics::phone(symbol, language)?;
    let mut syllables = reading.syllables.clone();
    let it = syllables.get_mut(syllable)?;
    *it.phones.get_mut(at)? = new;
    if language == Language::Mandarin {
        cmn::respell(it);
    } else {
        // Labels are the phones in a row, after the mark of stress.
        let mark: String = it.label.chars().take_while(|c| matches!(c, 'ˈ' | 'ˌ')).collect();
        it.label = mark + &it.phones.iter().map(|p| p.symbol.as_str()).collect::<String>();
    }
    let label = match language {
        Language::Mandarin => syllables.iter().map(|s| s.label.as_str()).collect::<Vec<_>>().join(" "),
        _ => format!("/{}/", syllables.iter().map(|s| s.label.as_str()).collect::<String>()),
    };
    Some(Reading { label, syllables, source: ReadingSource::User })
}

/// What else a spelling could stand for, best first: everything that the lexicon knows of it, likely here or not.
/// For the user's choice beside [`Word::readings`]; empty where nothing more is known.
pub fn other_readings(word: &str, language: Language) -> Vec<Reading> {
    match language {
        Language::Mandarin => cmn::other_readings(word),
        Language::French => fra::other_readings(word),
        Language::AmericanEnglish => eng::other_readings(word),
    }
}

/// Unpacks the lexicons of a language, so that the first [`read`] is as fast as the others. Safe to call from any
/// thread, any number of times.
pub fn warm_up(language: Language) {
    let sample = match language {
        Language::Mandarin => "你好",
        Language::French => "bonjour",
        Language::AmericanEnglish => "hello",
    };
    read(sample, language, &ReadingOptions::default(), None);
}
