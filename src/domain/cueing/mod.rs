//! Cued Speech: WHAT is shown (keys), WHEN the hand moves, WHERE it points, and in which words that is told.
//!
//! A *key* is a hand shape at a position; the two moves to it, of position and of shape, have times of their own.

pub mod chart;
pub mod confidence;
pub mod evaluate;
pub mod gloss;
pub mod guard;
pub mod notation;
pub mod reader;
pub mod score;
pub mod what;
pub mod when;
pub mod where_;

use serde::{Deserialize, Serialize};

/// Where the hand points. `Neutral` is the rest place between utterances.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Position {
    Side,
    Mouth,
    Chin,
    Cheekbone,
    Throat,
    /// At the side, an inch forward (American English oʊ, ɑ).
    SideForward,
    /// At the side, half an inch down (American English ʌ, ə).
    SideDown,
    Neutral,
}

impl Position {
    /// The positions a key can have.
    pub const ALL: [Self; 7] =
        [Self::Side, Self::Mouth, Self::Chin, Self::Cheekbone, Self::Throat, Self::SideForward, Self::SideDown];

    /// Lower-case name as in files and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Side => "side",
            Self::Mouth => "mouth",
            Self::Chin => "chin",
            Self::Cheekbone => "cheekbone",
            Self::Throat => "throat",
            Self::SideForward => "side-forward",
            Self::SideDown => "side-down",
            Self::Neutral => "neutral",
        }
    }
}

/// A hand shape: 1-8 of the charts, 0 the loose hand of rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HandShape(pub u8);

impl HandShape {
    pub const NEUTRAL: Self = Self(0);
    pub const ALL: [Self; 8] = [Self(1), Self(2), Self(3), Self(4), Self(5), Self(6), Self(7), Self(8)];
}

/// What the hand does on its target besides arriving there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Movement {
    /// A quarter inch forward and back: the same key twice at the side (NCSA).
    Flick,
    /// Leaves and touches again: the same key twice at a touched position.
    DoubleTouch,
    /// The second placement of a diphthong, reached with the open hand.
    Diphthong,
}

/// Why a key deserves a look, or how it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyFlag {
    /// The word has other readings with other keys.
    AmbiguousReading,
    /// The reading came from the synthesiser, not from a lexicon.
    GuessedReading,
    /// A consonant moved from the end of the word before.
    Liaison,
    /// The alignment is unsure here.
    LowConfidence,
    /// Even with the moves shortened, the hand rests here for less than 80 ms or two frames.
    TooFast,
    /// The hand arrives more than 100 ms after the sound (Bratakos 1998).
    Late,
    /// Times come from energy alone, without a synthesised reference.
    EnergyTiming,
}

/// One cue: hand shape and position for one or two phones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Key {
    pub shape: HandShape,
    pub position: Position,
    pub movement: Option<Movement>,
    /// Range in the utterance's flat sequence of phones ([`crate::language::Utterance::phones`]).
    /// Both keys of a diphthong hold its one phone; the second has `movement: Diphthong`.
    pub phones: std::ops::Range<usize>,
    /// Index of the word that the key's vowel, or else its consonant, belongs to.
    pub word: usize,
    pub flags: Vec<KeyFlag>,
}

/// The times of a key: the sound it belongs to, the move of position and the move of shape that lead to it.
/// Notation of SPPAS: `[a1, a3]` sound, `[m1, m2]` position, `[d1, d2]` shape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct KeyTimes {
    pub a1: crate::time::Seconds,
    pub a3: crate::time::Seconds,
    pub m1: crate::time::Seconds,
    pub m2: crate::time::Seconds,
    pub d1: crate::time::Seconds,
    pub d2: crate::time::Seconds,
}
