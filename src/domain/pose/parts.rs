//! Parts of the body that are masked, generated and accepted apart from each other.
//!
//! **Who owns what.** Each of the 133 points belongs to exactly one part ([`Part::points`]) or to none (hips, knees and
//! feet, which no take changes); the depth of a hand's joint belongs with its point.
//!
//! | part | points | what it says |
//! |---|---|---|
//! | lips | mouth (48-67 of the face), jaw line 3-13 | place *in the head* |
//! | face | brows, eyes, nose, upper ends of the jaw line; the body's nose, eyes, ears | place *in the head* |
//! | head | both shoulders, and the motion that carries all points of lips and face | motion of the head |
//! | left hand, right hand | joints 1-20 of the hand | place *from the wrist* |
//! | arms | elbows, wrists, joint 0 of both hands | place of the wrist, which carries the hand |
//!
//! **How they go together** ([`super::compose`]). A part may be taken from one performance and the next part from
//! another, so what hangs on something is taken relative to it: an expression relative to the head, fingers relative
//! to the wrist. The head alone carries the base's expression along; the face alone stays on the base's head; the arms
//! alone carry the base's fingers; a hand alone opens and closes where the base's wrist is.

use super::{FACE_POINT_COUNT, index};
use serde::{Deserialize, Serialize};
use std::ops::Range;

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

    /// The part of an English name; spaces, hyphens and underscores are alike.
    pub fn from_name(name: &str) -> Option<Self> {
        let plain = |s: &str| s.trim().to_lowercase().replace(['-', '_'], " ");
        let name = plain(name);
        Self::ALL.into_iter().find(|p| plain(p.name()) == name)
    }

    /// Indices among the 133 points that belong to this part and to no other.
    #[expect(clippy::single_range_in_vec_init, reason = "some parts are one stretch of points")]
    pub fn points(self) -> impl Iterator<Item = usize> {
        const FACE: usize = index::FACE;
        let ranges: &'static [Range<usize>] = match self {
            Self::Lips => &[FACE + 3..FACE + 14, FACE + 48..FACE + FACE_POINT_COUNT],
            Self::Face => &[index::NOSE..index::LEFT_SHOULDER, FACE..FACE + 3, FACE + 14..FACE + 48],
            Self::Head => &[index::LEFT_SHOULDER..index::LEFT_ELBOW],
            Self::LeftHand => &[index::LEFT_HAND + 1..index::RIGHT_HAND],
            Self::RightHand => &[index::RIGHT_HAND + 1..super::POINT_COUNT],
            Self::Arms => &[
                index::LEFT_ELBOW..index::LEFT_HIP,
                index::LEFT_HAND..index::LEFT_HAND + 1,
                index::RIGHT_HAND..index::RIGHT_HAND + 1,
            ],
        };
        ranges.iter().cloned().flatten()
    }

    /// Indices of all points that may move when this part alone is taken from another performance: its own, and those
    /// that it carries along.
    pub fn moves(self) -> impl Iterator<Item = usize> {
        let carried: &'static [Self] = match self {
            Self::Head => &[Self::Lips, Self::Face],
            Self::Arms => &[Self::LeftHand, Self::RightHand],
            _ => &[],
        };
        self.points().chain(carried.iter().flat_map(|p| p.points()))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pose::POINT_COUNT;

    #[test]
    fn each_point_has_one_owner_or_is_never_changed() {
        let mut owners = [0; POINT_COUNT];
        for part in Part::ALL {
            part.points().for_each(|i| owners[i] += 1);
        }
        for (i, n) in owners.iter().enumerate() {
            assert_eq!(*n, usize::from(!(index::LEFT_HIP..index::FACE).contains(&i)), "point {i}");
        }
        assert_eq!(Part::Lips.points().count(), 31);
        assert_eq!(Part::Head.moves().count(), 2 + 68 + 5);
        assert_eq!(Part::Arms.moves().count(), 4 + 42);
    }

    #[test]
    fn names_are_read_as_people_write_them() {
        for part in Part::ALL {
            assert_eq!(Part::from_name(part.name()), Some(part));
        }
        assert_eq!(Part::from_name("Right-Hand "), Some(Part::RightHand));
        assert_eq!(Part::from_name("left_hand"), Some(Part::LeftHand));
        assert_eq!(Part::from_name("foot"), None);
    }
}
