//! The presets of hand lead: when moves begin and end relative to the sound.

use super::KeyKind;
use serde::{Deserialize, Serialize};

/// The mean length of a key when nothing else is known, in seconds (five topics of CLeLfPC).
pub(super) const USUAL_KEY: f64 = 0.30;
/// The constant that the Attina model uses in place of the mean key.
const ATTINA_KEY: f64 = 0.40;
/// The scale of returns to rest.
const REST_SCALE: f64 = 0.30;

/// How far the hand leads the sound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// The hand is there when the sound begins; no lead (Bratakos 1998).
    None,
    /// The hand changes 100 ms before the sound (Duchnowski 1998): the first automatic cuer, with still pictures.
    #[serde(rename = "duchnowski-1998")]
    Duchnowski1998,
    /// The hand moves from 250 to 100 ms before the sound (Duchnowski 2000).
    #[serde(rename = "duchnowski-2000")]
    Duchnowski2000,
    /// Measured on a French cuer (Attina 2005).
    Attina,
    /// The earlier rules of Auto-CS: a lead that shrinks from the first key after a silence to the fourth.
    Rules,
    /// The rules of Auto-CS, revised: lead by kind of key and its place after a silence.
    #[default]
    Revised,
}

/// The place of a key after the hand was at rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rank {
    /// The hand comes from rest.
    First,
    Second,
    Third,
    Later,
}

impl Rank {
    pub fn next(self) -> Self {
        match self {
            Self::First => Self::Second,
            Self::Second => Self::Third,
            Self::Third | Self::Later => Self::Later,
        }
    }
}

/// Times relative to the start of the sound, in seconds: position move `m1..m2`, shape move `d1..d2`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Offsets {
    pub m1: f64,
    pub m2: f64,
    pub d1: f64,
    pub d2: f64,
}

impl Offsets {
    /// The same moves, `lead` seconds earlier.
    pub fn earlier(self, lead: f64) -> Self {
        Self { m1: self.m1 - lead, m2: self.m2 - lead, d1: self.d1 - lead, d2: self.d2 - lead }
    }
}

impl Preset {
    pub const ALL: [Self; 6] =
        [Self::None, Self::Duchnowski1998, Self::Duchnowski2000, Self::Attina, Self::Rules, Self::Revised];

    /// Sentence-case name for menus.
    pub fn label(self) -> &'static str {
        match self {
            Self::None => "No lead",
            Self::Duchnowski1998 => "Duchnowski 1998",
            Self::Duchnowski2000 => "Duchnowski 2000",
            Self::Attina => "Attina 2005",
            Self::Rules => "Earlier rules",
            Self::Revised => "Revised rules",
        }
    }

    /// The moves to a key; `a` is the mean length of a key in seconds.
    pub fn offsets(self, kind: KeyKind, rank: Rank, a: f64) -> Offsets {
        use KeyKind::{Consonant, ConsonantVowel, Vowel};
        let o = |m1, m2, d1, d2| Offsets { m1, m2, d1, d2 };
        match self {
            Self::None => o(0.0, 0.0, 0.0, 0.0),
            Self::Duchnowski1998 => o(-0.100, -0.100, -0.100, -0.100),
            Self::Duchnowski2000 => o(-0.250, -0.100, -0.250, -0.100),
            Self::Attina => {
                let a = ATTINA_KEY;
                match kind {
                    ConsonantVowel | Consonant => o(-0.62 * a, 0.10 * a, -0.54 * a, 0.0),
                    Vowel => o(-0.46 * a, 0.21 * a, -0.36 * a, 0.0),
                }
            }
            Self::Rules => match rank {
                Rank::First => {
                    o(-f64::max(0.50, 1.40 * a), -f64::min(0.15, 0.20 * a), -f64::max(0.45, 1.1 * a), -0.8 * a)
                }
                Rank::Second => {
                    o(-f64::max(0.35, 1.15 * a), -f64::min(0.15, 0.15 * a), -f64::max(0.30, 0.95 * a), -0.65 * a)
                }
                Rank::Third => o(-f64::max(0.25, a), -f64::min(0.10, 0.10 * a), -f64::max(0.20, 0.8 * a), -0.5 * a),
                Rank::Later => o(-0.9 * a, -0.05 * a, -0.7 * a, -0.4 * a),
            },
            Self::Revised => match (rank, kind) {
                (Rank::First, _) => o(-f64::max(0.60, 1.6 * a), -f64::min(0.15, 0.10 * a), -1.3 * a, -0.9 * a),
                (_, Consonant) => o(-f64::max(0.50, 1.6 * a), -0.30 * a, -1.15 * a, -0.55 * a),
                (_, Vowel) => o(-f64::max(0.60, 2.4 * a), -0.60 * a, -f64::max(0.40, 1.8 * a), -1.2 * a),
                (Rank::Second, ConsonantVowel) => o(-f64::max(0.35, 0.8 * a), 0.0, -0.8 * a, -0.6 * a),
                (Rank::Third | Rank::Later, ConsonantVowel) => {
                    o(-f64::max(0.35, 0.8 * a), 0.11 * a, -0.65 * a, -0.4 * a)
                }
            },
        }
    }

    /// The move to the second placement of a diphthong, relative to the middle of its vowel. The presets have no row
    /// for it: it happens within one sound, so the leads for a vowel of its own would put it before that sound. Those
    /// that scale take the shortest measured vowel move (Attina 2005) scaled by the mean key; the others their own row.
    pub fn diphthong(self, a: f64) -> Offsets {
        match self {
            Self::None | Self::Duchnowski1998 | Self::Duchnowski2000 | Self::Attina => {
                self.offsets(KeyKind::Vowel, Rank::Later, a)
            }
            Self::Rules | Self::Revised => Offsets { m1: -0.46 * a, m2: 0.21 * a, d1: -0.36 * a, d2: 0.0 },
        }
    }

    /// The return to rest, relative to the start of the silence. Only the two sets of rules say anything about silences;
    /// the others take the earlier one, which starts within the silence.
    pub fn to_neutral(self) -> Offsets {
        let s = REST_SCALE;
        match self {
            Self::None | Self::Duchnowski1998 | Self::Duchnowski2000 | Self::Attina | Self::Rules => {
                Offsets { m1: 0.2 * s, m2: s, d1: 0.3 * s, d2: 0.7 * s }
            }
            Self::Revised => Offsets { m1: -0.1 * s, m2: 1.25 * s, d1: 0.4 * s, d2: 0.7 * s },
        }
    }
}
