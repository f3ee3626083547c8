//! Speech: texts are spoken by a synthesiser, and recordings are told apart into phones.
//!
//! [`synthesise`] speaks a whole [`crate::language::Utterance`] and knows when each phone sounds. [`align`] finds the
//! same phones in somebody's recording by comparing it with what the synthesiser said. Synthesisers run as programs
//! of their own (espeak-ng through `cueloom-voice`, and flite), so everything else works without them.

mod align;
mod dtw;
mod energy;
pub mod evaluate;
pub mod features;
pub mod flite;
pub mod mapping;
pub mod onsets;
pub mod pinyin;
pub mod pitch;
pub mod prosody;
pub mod sounds;
pub mod spectrogram;
mod synthesis;
pub mod voice;

pub use align::{Edges, Speak, align, align_anchored, align_best, part, realign, realign_within};
pub use synthesis::{
    Engine, Synthesised, VoiceOptions, reference_for, synthesise, synthesise_with, synthesise_with_flite, usual_voice,
};

use crate::time::{Seconds, TimeRange};
use serde::Serialize;
use std::ops::Range;

/// Why speech work failed, with the remedy.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SpeechError {
    #[error("{0}")]
    Voice(voice::VoiceError),
    #[error("{0}")]
    Flite(flite::FliteError),
    #[error("The text holds nothing that can be spoken; check its language and its readings")]
    NothingToSay,
    #[error("The synthesiser said nothing for \"{0}\"; check the readings of these words")]
    NotSpoken(String),
    #[error("{0}")]
    Unfit(String),
    #[error("No speech was found in the recording: it is silent or only noise; check that it is the right file")]
    NoSpeech,
    #[error("Cancelled")]
    Cancelled,
}

/// A mono recording.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mono {
    /// Samples a second.
    pub rate: u32,
    /// In −1..1.
    pub samples: Vec<f32>,
}

impl Mono {
    /// How long it is.
    pub fn length(&self) -> Seconds {
        Seconds(self.samples.len() as f64 / f64::from(self.rate.max(1)))
    }
}

/// When a phone sounds; its index in the list is the phone's flat index in the utterance.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TimedPhone {
    pub start: Seconds,
    pub end: Seconds,
    /// 0 nothing is known … 1 certain.
    pub confidence: f32,
}

/// How an alignment was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Compared with a synthesiser's voice.
    Dtw,
    /// By loudness only: syllables are spread over what sounds like speech.
    Energy,
}

/// What a speaker did otherwise than the text says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    /// Words were said twice.
    Repeat,
    /// Words of the text were not said.
    Skip,
    /// Something was said that is not in the text: another word, a false start.
    Extra,
}

/// A place where a speaker departed from the text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AlignmentEvent {
    pub kind: EventKind,
    /// When: the sound that is too much; for a skip, where the words are missing (it may be empty).
    pub range: TimeRange,
    /// Indices of the words of the utterance that were repeated or skipped; for extra words empty, at the index of the
    /// word that follows.
    pub words: Range<usize>,
}

/// The phones of an utterance in a recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Alignment {
    /// One per phone of the utterance.
    pub phones: Vec<TimedPhone>,
    pub method: Method,
    /// What the user should look at.
    pub warnings: Vec<String>,
    /// Silences inside and around the speech.
    pub pauses: Vec<TimeRange>,
    /// Repeats, skips and extra words, in order of time; each is also put in words among the warnings.
    pub events: Vec<AlignmentEvent>,
    /// What a frame of the recording costs on the way found, in the mean: the lower, the better the reference fits the
    /// recording. It says which of two references of the same recording is the better one, and nothing more.
    pub cost: f32,
}
