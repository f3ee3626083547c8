//! The cue charts: which hand shape shows a consonant, which position shows a vowel.
//!
//! A chart is a file in `assets/charts`, one per language, that names every cell, where it is known from and how sure
//! it is. Where schools of cueing differ, the cell lists what the other school does and the *switch* that chooses it
//! ([`ChartSwitches`]); so a dispute is settled by the user and not in code. A chart for each language comes with the
//! program, and templates to begin with ([`Chart::shipped`]); [`Chart::parse`] reads others and says line and column of
//! whatever is wrong with them, [`Chart::to_ron`] writes them. A project can have its own ([`OwnChart`]), changed cell
//! by cell ([`Slot`]).

mod edit;
mod file;
mod format;
mod own;
mod switches;

pub use edit::{Difference, Slot, Value};
pub use format::SyllabicOption;
pub use own::OwnChart;
pub use switches::{
    ChartSwitches, FrenchSchwa, NasalMerger, PreGlidePosition, SWITCH_NAMES, Syllabic, UnstressedEe, Wh, switch_values,
};

use crate::cueing::{HandShape, Movement, Position};
use crate::language::Language;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::OnceLock;

/// What is wrong with a chart file, and where. Lines and columns count from 1.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ChartError {
    /// Not RON, or fields that a chart does not have.
    #[error("{message} (line {line}, column {column} of {name})")]
    Syntax { name: String, line: usize, column: usize, message: String },
    /// Well written, but not a chart of its language.
    #[error("{problem} (line {line}, column {column} of {name})")]
    Meaning { name: String, line: usize, column: usize, problem: ChartProblem },
}

impl ChartError {
    /// Line and column where it stands, from 1.
    pub fn place(&self) -> (usize, usize) {
        match self {
            Self::Syntax { line, column, .. } | Self::Meaning { line, column, .. } => (*line, *column),
        }
    }
}

/// The ways a well-written chart can still be wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChartProblem {
    #[error("chart schema {0} is not known to this program, which reads schema 1: update the program")]
    Schema(u32),
    #[error("language \"{0}\" has no inventory of sounds: use cmn, fra or eng-US")]
    Language(String),
    #[error("hand shape {shape} of \"{phone}\" does not exist: use 1 to 8")]
    Shape { phone: String, shape: u8 },
    #[error("hand shape {0} is described twice or is not one of 1 to 8: describe each of 1 to 8 once")]
    ShapeList(u8),
    #[error("hand shape {0} is not described: describe each of 1 to 8 once")]
    ShapeMissing(u8),
    #[error("hand shape {shape} is described with other fingers than the program draws: write extended: {drawn}")]
    Fingers { shape: u8, drawn: String },
    #[error("\"{phone}\" stands at the position {position}, which this chart does not list: add it to `positions`")]
    Position { phone: String, position: &'static str },
    #[error("the position {0} is listed twice: list it once")]
    PositionTwice(&'static str),
    #[error("\"{phone}\" has {count} placements: give one, or two for a diphthong")]
    Placements { phone: String, count: usize },
    #[error("\"{0}\" is in the chart twice: keep one cell")]
    Twice(String),
    #[error("\"{phone}\" is no {kind} of {language}: remove it or correct the symbol")]
    Foreign { phone: String, kind: &'static str, language: &'static str },
    #[error("the {kind} \"{phone}\" of {language} is missing: add a cell for it")]
    Missing { phone: String, kind: &'static str, language: &'static str },
    #[error(
        "there is no switch \"{0}\": use one of pre_glide_position, french_schwa, nasal_merger, unstressed_ee, wh, syllabic"
    )]
    Switch(String),
    #[error("switch \"{switch}\" has no value \"{value}\": use one of {}", .known.join(", "))]
    SwitchValue { switch: String, value: String, known: Vec<&'static str> },
}

/// How well a cell is established.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub enum Certainty {
    /// At least two independent sources agree.
    #[default]
    Sourced,
    /// Concluded from few examples or by analogy; named in `source`.
    Inferred,
    /// Schools or dialects differ; the cell has a switch.
    Disputed,
    /// Set by a user, over what the chart said that it was made from.
    Own,
}

/// A finger, for descriptions and drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum Finger {
    Thumb,
    Index,
    Middle,
    Ring,
    Little,
}

/// A name in the three languages of the interface.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    pub en: String,
    pub zh: String,
    pub fr: String,
}

/// A hand shape as the chart describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShapeCell {
    pub shape: HandShape,
    /// Fingers that are stretched; the others are folded.
    pub extended: Vec<Finger>,
    /// Whether the stretched fingers are apart (the V of shape 8).
    pub spread: bool,
    pub name: Names,
}

/// A position as the chart describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PositionCell {
    pub position: Position,
    /// The number printed on the chart.
    pub number: u8,
    pub name: Names,
}

/// What a switch makes of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellOption<T> {
    /// Name and value of the switch that chooses this.
    pub switch: String,
    pub value: String,
    /// Holds only for vowels without stress.
    pub unstressed_only: bool,
    pub at: T,
}

/// Where one sound is shown: `T` is [`HandShape`] for a consonant, `Vec<Position>` for a vowel (two for a diphthong).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell<T> {
    pub phone: String,
    pub at: T,
    pub certainty: Certainty,
    pub source: Option<String>,
    pub options: Vec<CellOption<T>>,
}

impl<T> Cell<T> {
    /// What holds under these switches. `stressed` matters for vowels only.
    pub fn under(&self, switches: &ChartSwitches, stressed: bool) -> &T {
        self.options
            .iter()
            .find(|o| !(o.unstressed_only && stressed) && switches.value(&o.switch) == Some(o.value.as_str()))
            .map_or(&self.at, |o| &o.at)
    }
}

/// How far a consonant looks for the vowel it is shown with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum Join {
    /// Mandarin: never out of its syllable.
    WithinSyllable,
    /// French, English: on into the next word, until a break.
    AcrossWords,
}

/// Where the consonant before a glide is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum PreGlide {
    SameAsFinal,
    Side,
}

/// How two equal keys in a row are told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeats {
    pub at_side: Movement,
    pub touched: Movement,
    pub certainty: Certainty,
    pub source: Option<String>,
}

/// A consonant that is said before vowels only, as the r of most British English. Elsewhere it makes no key of its
/// own: after a diphthong and after the vowels `glides_after` the hand glides on to the place of the vowel `towards`
/// ("air", "ear"); after others it belongs to the vowel's key ("car").
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct WeakConsonant {
    pub consonant: String,
    pub glides_after: Vec<String>,
    pub towards: String,
    #[serde(default)]
    pub certainty: Certainty,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A chart, checked and ready to look up. Cells keep the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    pub language: Language,
    pub name: String,
    /// What users must know before they rely on it, for a chart that nobody has checked.
    pub unchecked: Option<Names>,
    pub sources: Vec<String>,
    pub shapes: Vec<ShapeCell>,
    pub positions: Vec<PositionCell>,
    pub consonants: Vec<Cell<HandShape>>,
    pub vowels: Vec<Cell<Vec<Position>>>,
    pub join: Join,
    /// Position of a consonant that no vowel follows.
    pub lone_consonant: Position,
    /// Shape for a vowel that no consonant precedes, and for the second half of a diphthong.
    pub lone_vowel: HandShape,
    /// Consonants that stand between another consonant and the final (Mandarin y, w, yu).
    pub glides: Vec<String>,
    /// Rule and options for the consonant before a glide; `None` where it is shown like any lone consonant.
    pub pre_glide: Option<Cell<PreGlide>>,
    pub repeats: Option<Repeats>,
    /// Consonants that can be a syllable by themselves.
    pub syllabic: Option<SyllabicRule>,
    /// The consonant that is said before vowels only, where there is one.
    pub weak: Option<WeakConsonant>,
    consonant_index: HashMap<String, usize>,
    vowel_index: HashMap<String, usize>,
}

/// Consonants that make a syllable without a vowel (English "little", "listen"), and the schwa some hear there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyllabicRule {
    pub consonants: Vec<String>,
    pub schwa: String,
    pub certainty: Certainty,
    pub source: Option<String>,
    pub options: Vec<SyllabicOption>,
}

/// The charts that come with the program: first the built-in one of each language, in the order of
/// [`Language::ALL`], then templates.
const FILES: [(&str, &str); 4] = [
    ("assets/charts/cmn.ron", include_str!("../../../../assets/charts/cmn.ron")),
    ("assets/charts/fra.ron", include_str!("../../../../assets/charts/fra.ron")),
    ("assets/charts/eng-US.ron", include_str!("../../../../assets/charts/eng-US.ron")),
    ("assets/charts/eng-GB.ron", include_str!("../../../../assets/charts/eng-GB.ron")),
];
/// The names by which [`Chart::shipped`] knows them.
pub const SHIPPED: [&str; FILES.len()] = ["cmn", "fra", "eng-US", "eng-GB"];

impl Chart {
    /// The chart of a language that comes with the program.
    pub fn builtin(language: Language) -> &'static Self {
        Self::file(match language {
            Language::Mandarin => 0,
            Language::French => 1,
            Language::AmericanEnglish => 2,
        })
    }

    /// A chart that comes with the program, by its name ([`SHIPPED`]); `None` when there is none of that name.
    pub fn shipped(name: &str) -> Option<&'static Self> {
        SHIPPED.iter().position(|n| n.eq_ignore_ascii_case(name)).map(Self::file)
    }

    /// The charts that come with the program for a language, the built-in one first.
    pub fn all_of(language: Language) -> impl Iterator<Item = &'static Self> {
        let built_in = Self::builtin(language);
        let templates = (Language::ALL.len()..FILES.len()).map(Self::file).filter(move |c| c.language == language);
        std::iter::once(built_in).chain(templates)
    }

    fn file(index: usize) -> &'static Self {
        static CHARTS: [OnceLock<Chart>; FILES.len()] = [const { OnceLock::new() }; FILES.len()];
        CHARTS[index].get_or_init(|| {
            let (name, text) = FILES[index];
            match Self::parse(text, name) {
                Ok(chart) => chart,
                // Part of the program, not of anyone's data: a test parses all.
                Err(error) => unreachable!("built-in chart: {error}"),
            }
        })
    }

    /// The chart as the text of a file that [`Self::parse`] reads back to the same.
    pub fn to_ron(&self) -> String {
        // Only what cannot be written as RON fails, and a chart holds nothing of that kind.
        format::to_ron(self).unwrap_or_default()
    }

    /// Reads a chart. `name` is the path or title that errors name.
    ///
    /// # Errors
    /// [`ChartError`] with line and column: not RON; a shape that is not 1-8; a position that the chart does not
    /// list; a phone twice, foreign to the language or missing; a switch or value that does not exist.
    pub fn parse(ron: &str, name: &str) -> Result<Self, ChartError> {
        file::parse(ron, name)
    }

    /// The shape of a consonant or glide; `None` when the symbol is no consonant of this chart.
    pub fn consonant(&self, symbol: &str, switches: &ChartSwitches) -> Option<HandShape> {
        let cell = &self.consonants[*self.consonant_index.get(symbol)?];
        Some(*cell.under(switches, true))
    }

    /// The placements of a vowel, two for a diphthong; `None` when the symbol is no vowel of this chart.
    pub fn vowel(&self, symbol: &str, stressed: bool, switches: &ChartSwitches) -> Option<&[Position]> {
        let cell = &self.vowels[*self.vowel_index.get(symbol)?];
        Some(cell.under(switches, stressed))
    }

    pub fn is_consonant(&self, symbol: &str) -> bool {
        self.consonant_index.contains_key(symbol)
    }

    pub fn is_vowel(&self, symbol: &str) -> bool {
        self.vowel_index.contains_key(symbol)
    }

    /// How the chart describes a shape.
    pub fn shape(&self, shape: HandShape) -> Option<&ShapeCell> {
        self.shapes.iter().find(|s| s.shape == shape)
    }

    /// How the chart describes a position; `None` when this language does not use it.
    pub fn position(&self, position: Position) -> Option<&PositionCell> {
        self.positions.iter().find(|p| p.position == position)
    }

    /// The switches that change anything in this chart, by name.
    pub fn switches(&self) -> Vec<&'static str> {
        let used = |name: &str| {
            self.consonants.iter().flat_map(|c| &c.options).any(|o| o.switch == name)
                || self.vowels.iter().flat_map(|c| &c.options).any(|o| o.switch == name)
                || self.pre_glide.iter().flat_map(|c| &c.options).any(|o| o.switch == name)
        };
        SWITCH_NAMES.into_iter().filter(|n| used(n) || (*n == "syllabic" && self.syllabic.is_some())).collect()
    }
}

/// The sounds of a language: consonants with glides, then vowels. Every chart of the language covers exactly these.
pub fn inventory(language: Language) -> (&'static [&'static str], &'static [&'static str]) {
    match language {
        Language::Mandarin => (
            &[
                "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "zh", "ch", "sh", "r", "z", "c",
                "s", "y", "w", "yu",
            ],
            &["a", "o", "e", "er", "ai", "ei", "ao", "ou", "an", "en", "ang", "eng", "ong", "i", "u", "v"],
        ),
        Language::French => (
            &["p", "b", "t", "d", "k", "g", "f", "v", "s", "z", "ʃ", "ʒ", "m", "n", "ɲ", "ŋ", "l", "ʁ", "j", "w", "ɥ"],
            &[
                "i",
                "e",
                "ɛ",
                "a",
                "ɑ",
                "ɔ",
                "o",
                "u",
                "y",
                "ø",
                "œ",
                "ə",
                "ɑ\u{303}",
                "ɔ\u{303}",
                "ɛ\u{303}",
                "œ\u{303}",
            ],
        ),
        Language::AmericanEnglish => (
            &[
                "p", "b", "t", "d", "k", "g", "f", "v", "θ", "ð", "s", "z", "ʃ", "ʒ", "h", "m", "n", "ŋ", "l", "r",
                "w", "ʍ", "j", "tʃ", "dʒ",
            ],
            &["i", "ɪ", "ɛ", "æ", "ɑ", "ɔ", "ʊ", "u", "ʌ", "ə", "ɝ", "ɚ", "oʊ", "eɪ", "aɪ", "aʊ", "ɔɪ"],
        ),
    }
}

#[cfg(test)]
mod tests;
