//! Parts of the body that are masked, generated and accepted apart from each other.

use serde::{Deserialize, Serialize};

/// A part of the body on the mask lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Lips and the jaw that goes with them.
    Lips,
    /// Brows, eyes, cheeks and nose, as they move against the head.
    Face,
    /// Turning, nodding and drifting of the whole head, and the shoulders with it.
    Head,
    LeftHand,
    RightHand,
    /// Elbows and wrists.
    Arms,
}

impl Part {
    pub const ALL: [Self; 6] = [Self::Lips, Self::Face, Self::Head, Self::LeftHand, Self::RightHand, Self::Arms];

    /// English name in lower case, as on the command line and, translated, in the window.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lips => "lips",
            Self::Face => "face",
            Self::Head => "head",
            Self::LeftHand => "left hand",
            Self::RightHand => "right hand",
            Self::Arms => "arms",
        }
    }
}

/// A set of parts, kept in files as a list of names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<Part>", into = "Vec<Part>")]
pub struct Parts(u8);

impl Parts {
    pub const NONE: Self = Self(0);
    pub const ALL: Self = Self(0b11_1111);

    pub fn contains(self, part: Part) -> bool {
        self.0 & Self::bit(part) != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn with(self, part: Part) -> Self {
        Self(self.0 | Self::bit(part))
    }

    pub fn without(self, part: Part) -> Self {
        Self(self.0 & !Self::bit(part))
    }

    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub fn iter(self) -> impl Iterator<Item = Part> {
        Part::ALL.into_iter().filter(move |p| self.contains(*p))
    }

    fn bit(part: Part) -> u8 {
        1 << part as u8
    }
}

impl FromIterator<Part> for Parts {
    fn from_iter<I: IntoIterator<Item = Part>>(parts: I) -> Self {
        parts.into_iter().fold(Self::NONE, Self::with)
    }
}

impl From<Vec<Part>> for Parts {
    fn from(parts: Vec<Part>) -> Self {
        parts.into_iter().collect()
    }
}

impl From<Parts> for Vec<Part> {
    fn from(parts: Parts) -> Self {
        parts.iter().collect()
    }
}
