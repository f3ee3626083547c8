//! From planned cues and sounding phones to a performance: poses of the whole body at the project's frame rate.
//!
//! Every generator answers the same question, [`Generator::generate`], from the same [`GenerateInput`]; [`rules::Rules`]
//! is the one that needs nothing learned. The same input gives the same bytes on any number of threads.

pub mod examples;
pub mod read_back;
pub mod rules;
pub mod takes;

pub use crate::cueing::when::PlannedKey;
use crate::language::{Language, PhoneClass, Utterance};
use crate::pose::expression::{Expression, Voice};
use crate::pose::{PoseSequence, Reference};
use crate::progress::Progress;
use crate::time::{Fps, Seconds, TimeRange};
use serde::{Deserialize, Serialize};

/// A phone with the time it sounds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SoundingPhone {
    /// In the tokens of the language ([`crate::language::Phone::symbol`]).
    pub symbol: String,
    pub class: PhoneClass,
    pub start: Seconds,
    pub end: Seconds,
}

/// A Mandarin tone that the head shows while its syllable sounds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeadTone {
    /// 1-4; the neutral tone has no movement.
    pub tone: u8,
    /// From the first sound of the syllable to the end of its last.
    pub start: Seconds,
    pub end: Seconds,
    /// 1 is usual, 0 moves nothing; at most [`STRONGEST`](crate::pose::expression::STRONGEST).
    pub strength: f32,
}

/// The tones that the head can show in a text: those of its syllables as they are spoken (after sandhi), neutral ones
/// left out. `times` are those of its phones, in the order of [`Utterance::phones`]; syllables beyond them are left out.
/// None in languages other than Mandarin.
pub fn head_tones(utterance: &Utterance, times: &[TimeRange]) -> Vec<HeadTone> {
    head_tones_as(utterance, times, |_, _| 1.0)
}

/// [`head_tones`] with the strength of each, by the index of its word and of its syllable in the chosen reading; those
/// of strength 0 are left out.
pub fn head_tones_as(
    utterance: &Utterance,
    times: &[TimeRange],
    strength: impl Fn(usize, usize) -> f32,
) -> Vec<HeadTone> {
    if utterance.language != Language::Mandarin {
        return Vec::new();
    }
    let mut at = 0;
    let mut tones = Vec::new();
    for (w, word) in utterance.words.iter().enumerate() {
        for (s, syllable) in word.syllables().iter().enumerate() {
            let own = at..at + syllable.phones.len();
            at = own.end;
            let sounding = times.get(own).and_then(|t| Some((t.first()?.start, t.last()?.end)));
            let (Some((start, end)), Some(tone)) = (sounding, syllable.tone.filter(|t| (1..=4).contains(t))) else {
                continue;
            };
            let strength = strength(w, s);
            if strength > 0.0 {
                tones.push(HeadTone { tone, start, end, strength });
            }
        }
    }
    tones
}

/// Where the hand waits before the first key and after the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rest {
    /// Loose before the chest, ready to cue: where it also waits in long silences.
    Chest,
    /// Arm lowered, hand out of the picture.
    #[default]
    Lowered,
}

/// How a performance looks, apart from what it says. Factors of 1 are the measured habit of calm cuers, 0 is off.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Style {
    /// Slow turning and drifting of the head.
    pub head: f32,
    /// Breathing and the small unrest of a held hand.
    pub unrest: f32,
    /// How many blinks.
    pub blinks: f32,
    /// How far lips and jaw move.
    pub lips: f32,
    /// How far moves of the hand bow out of the straight line.
    pub arc: f32,
    /// Small jumps of the eyes.
    pub gaze: f32,
    /// How much of phrase and stress of the voice ([`GenerateInput::voice`]) shows in hand, brows and head; 0 to 2.
    pub voice: f32,
    pub rest: Rest,
}

impl Default for Style {
    fn default() -> Self {
        Self { head: 1.0, unrest: 1.0, blinks: 1.0, lips: 1.0, arc: 1.0, gaze: 1.0, voice: 0.0, rest: Rest::Lowered }
    }
}

/// All that a performance is made from: an owned snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct GenerateInput {
    pub reference: Reference,
    /// In order of time, with returns to rest ([`crate::cueing::when::times`]).
    pub keys: Vec<PlannedKey>,
    /// In order of time.
    pub phones: Vec<SoundingPhone>,
    /// Tones to be shown by the head, in order of time; none where they are off ([`head_tones`]).
    pub head_tones: Vec<HeadTone>,
    /// What face, head and hand show beside lips and cues, in order of time.
    pub expressions: Vec<Expression>,
    /// Phrase and stress of the voice; without effect where [`Style::voice`] is 0.
    pub voice: Voice,
    pub language: Language,
    pub fps: Fps,
    /// Length of the video.
    pub length: Seconds,
    /// Chooses blinks and the drift of the head.
    pub seed: u64,
    pub style: Style,
}

/// Why no performance was made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GenerateError {
    #[error("the work was cancelled")]
    Cancelled,
    #[error("the identity has {found} face points where 68 are needed; choose another identity or mend its landmarks")]
    FacePoints { found: usize },
    #[error("the identity's {what} is {value}, which is not a length; mend its landmarks")]
    Measure { what: &'static str, value: f32 },
    #[error("a performance of {seconds:.0} s cannot be made at once; the longest is {longest:.0} s")]
    TooLong { seconds: f64, longest: f64 },
}

/// Makes performances.
pub trait Generator: Sync {
    /// Name on the command line and in files.
    fn name(&self) -> &'static str;

    /// Makes the whole performance: one frame for each that the length needs, at least one.
    fn generate(&self, input: &GenerateInput, progress: &dyn Progress) -> Result<PoseSequence, GenerateError>;
}
