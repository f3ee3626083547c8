//! The corpus: speech with exact phone times, keys, and poses of the whole body, that networks are trained on.
//!
//! A corpus is a folder. `corpus.ron` is its [`Card`]: what it is, how it was made, what is in it. The clips lie in
//! *shards* ([`store`]), some dozens a file, compressed. [`Corpus::open`] reads card and index; clips are unpacked when
//! they are asked for. Noise and missing points are no part of what is stored: they are a recipe of the card
//! ([`Augmentation`]) that is applied when windows are drawn, so that the clean truth stays.
//!
//! Synthetic corpora are made by [`make`]: sentences ([`text`]) are spoken by the synthesisers this computer has, and
//! performed by virtual people: cuers ([`people`]) through the product's own keys and rule generator, speakers
//! ([`speakers`]) by a generator of gestures tied to prosody and words. Everything follows from the recipe's seed.

pub mod augment;
pub mod card;
pub mod coverage;
pub mod cues;
mod dice;
pub mod features;
pub mod make;
pub mod people;
mod reader;
pub mod speakers;
pub mod store;
mod stress;
pub mod text;

pub use augment::Augmentation;
pub use card::{Card, Counts, IdentityCard, Recipe};
pub use cues::CueFrame;
pub use features::{FEATURE_COUNT, Features};
pub use reader::{Clip, ClipRef, Corpus, ENDING, Fault, Window, Windows, between, shard_files};

use crate::generate::{PlannedKey, SoundingPhone};
use crate::language::Language;
use crate::pose::expression::Voice;
use crate::time::{Fps, TimeRange};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Frames a second of every clip.
pub const FPS: u32 = 25;

/// What is performed in a clip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Cued Speech: a key for every sound.
    Cueing,
    /// Gesture that goes with speech.
    Gesture,
}

impl Kind {
    pub const ALL: [Self; 2] = [Self::Cueing, Self::Gesture];

    /// Lower-case name, as in file names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cueing => "cueing",
            Self::Gesture => "gesture",
        }
    }
}

/// What a clip is for. No sentence stands in two splits but for [`Self::Unseen`], whose sentences are those of the test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Split {
    Train,
    Validation,
    Test,
    /// Test sentences by people who perform nothing else: the held-out cuer and speaker.
    Unseen,
}

impl Split {
    pub const ALL: [Self; 4] = [Self::Train, Self::Validation, Self::Test, Self::Unseen];

    /// Lower-case name, as on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Validation => "validation",
            Self::Test => "test",
            Self::Unseen => "unseen",
        }
    }
}

/// A word with the time it sounds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpokenText {
    pub text: String,
    pub range: TimeRange,
    /// Syllables as they are labelled (`háng`, `/kən/`); none where they are not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub syllables: Vec<String>,
}

/// A gesture of a speaker: what it is and when its stroke is. Truth for retrieval, not needed for training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GestureTime {
    /// Name of the kind: `beat`, `open`, `point-there` and so on ([`speakers::Stroke::name`]).
    pub kind: String,
    /// From the beginning of the stroke to the end of its hold.
    pub range: TimeRange,
    /// Which hands: `left`, `right` or `both`.
    pub hands: String,
}

/// All of a clip but its frames.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClipMeta {
    /// Number among the clips of its kind.
    pub number: u32,
    pub kind: Kind,
    /// `None` where nobody said it.
    pub language: Option<Language>,
    pub text: String,
    pub split: Split,
    /// Name of the person in [`Card::identities`].
    pub identity: String,
    /// Who spoke: the synthesiser and its voice, or the recording.
    pub voice: String,
    /// Seed of the performance.
    pub seed: u64,
    pub fps: Fps,
    /// Width of the picture divided by its height; poses are in picture heights.
    pub aspect: f32,
    /// Number of frames.
    pub frames: u32,
    pub phones: Vec<SoundingPhone>,
    pub words: Vec<SpokenText>,
    /// In order of time, with returns to rest; none in gesture.
    pub keys: Vec<PlannedKey>,
    /// Stressed words and phrases as they were heard.
    pub heard: Voice,
    pub gestures: Vec<GestureTime>,
    /// Where an imported clip comes from: file and seconds.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// What the user should know of it, such as words that could not be said as read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl ClipMeta {
    /// Seconds.
    pub fn length(&self) -> f64 {
        f64::from(self.frames) / self.fps.rate()
    }
}

/// Why a corpus could not be made, read or taken in, with the remedy.
#[derive(Debug, thiserror::Error)]
pub enum CorpusError {
    #[error("there is no corpus here (no corpus.ron); make one with \"cueloom corpus synth --out\": {0}")]
    Missing(PathBuf),
    #[error("corpus.ron cannot be understood ({message}): {path}")]
    Card { message: String, path: PathBuf },
    #[error(
        "this corpus is of version {found} and this program reads version {known}; use the newer program or make the \
         corpus anew: {path}"
    )]
    Version { found: u32, known: u32, path: PathBuf },
    #[error(
        "the folder holds a corpus that was begun otherwise ({what}); go on with the same settings, or choose another \
         folder: {path}"
    )]
    OtherRecipe { what: String, path: PathBuf },
    #[error("the folder holds other files; choose an empty one or a new name: {0}")]
    Occupied(PathBuf),
    #[error("a file of the corpus is damaged ({message}); delete it and run the same command again: {path}")]
    Damaged { message: String, path: PathBuf },
    #[error("clip {number} has {what}, which no clip can have; please report this")]
    Impossible { number: u32, what: String },
    #[error("{0}")]
    Recipe(String),
    #[error("cannot {what} ({source}): {path}")]
    Io { what: &'static str, source: std::io::Error, path: PathBuf },
    #[error(transparent)]
    Speech(#[from] crate::speech::SpeechError),
    #[error("\"{text}\" cannot be performed: {message}")]
    Perform { text: String, message: String },
    #[error("stopped; run the same command again to go on where it was")]
    Cancelled,
}

impl CorpusError {
    /// True for what the user brought, false for what failed here.
    pub fn is_bad_input(&self) -> bool {
        matches!(
            self,
            Self::Missing(_)
                | Self::Card { .. }
                | Self::Version { .. }
                | Self::OtherRecipe { .. }
                | Self::Occupied(_)
                | Self::Damaged { .. }
                | Self::Recipe(_)
        )
    }
}
