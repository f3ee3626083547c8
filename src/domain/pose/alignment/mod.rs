//! Pose alignment: a performance tracked from one person, brought to the measures and the place of another.
//!
//! After the frame pose alignment of AnyoneCue (III-E a, equations 17-21), which prints a factor for each pair of joined
//! points, applied to points (eq. 18). A factor on points moves a point by where the picture begins, so here it is
//! applied to the *bone*, the vector from the point that it hangs on, along a tree over all 133 points; eq. 21 then
//! reads `p' = R · (s p) + Δ` with `s p` the sum of the scaled bones. In full ([`Mode::Bones`]):
//!
//! 1. **Scale** (eq. 17): for each bone the length on the person of the picture divided by its length in the source.
//!    The source's length is the confidence-weighted median over the clip (never one frame), both sides together. A bone
//!    that is seen shortened much of the time is measured where it is long (weighted 0.9 quantile), or arms would come
//!    out too long. Scales stand for themselves beside the [`Alignment::size`] of the whole and are kept within
//!    [`SCALES`]; a bone whose scale the user has fixed keeps it.
//! 2. **Offset** (eq. 19): the middle of the head goes where it is in the picture.
//! 3. **Rotation** (eq. 20): the angle between the two people in least squares over face and shoulders.
//! 4. **Calibration** ("initial frame calibration", III-E a): [`Calibration::FirstFrame`] takes offset and rotation
//!    from the first frame with a head instead of the whole clip, so that the performance begins in the pose of the
//!    picture and the picture is least changed there.
//!
//! Beside it stand one map of everything in least squares ([`Mode::Similarity`], [`Mode::Affine`]; [`global`]), the own
//! face of the person ([`Settings::keep_face`]; [`face`]) and WHERE solved again ([`Settings::contact`];
//! [`contact`]). Everything is a pure function of its input.

mod contact;
mod depth;
mod face;
mod fit;
mod global;
mod measure;
mod sample;
mod skeleton;
#[cfg(test)]
mod tests;

pub use fit::Alignment;
pub use measure::{BoneFit, Foreshortened};
pub use sample::{leading_hand, sample};

use serde::{Deserialize, Serialize};

/// Least and greatest scale of a bone beside the size of the whole that is found by itself.
pub const SCALES: (f32, f32) = (0.6, 1.6);
/// Least and greatest scale that a user may fix, and factor on the size of the whole.
pub const FIXED_SCALES: (f32, f32) = (0.3, 3.0);
/// A score below which a point is taken to be missing.
pub const SEEN: f32 = 0.05;

/// Bones that are scaled as one, on both sides alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bone {
    /// From the middle between the shoulders to the middle of the head.
    Neck,
    /// From the middle to each shoulder.
    Shoulders,
    UpperArm,
    Forearm,
    /// From the wrist to the foot of the thumb and the four knuckles.
    Palm,
    Thumb,
    Index,
    Middle,
    Ring,
    Little,
    /// From shoulder to hip; the picture does not say how long it is.
    Trunk,
    Legs,
    /// The line of the jaw, and how far brows, eyes, nose and mouth lie from the middle of the head.
    Face,
    Brows,
    Eyes,
    Nose,
    Mouth,
}

impl Bone {
    pub const ALL: [Self; 17] = [
        Self::Neck,
        Self::Shoulders,
        Self::UpperArm,
        Self::Forearm,
        Self::Palm,
        Self::Thumb,
        Self::Index,
        Self::Middle,
        Self::Ring,
        Self::Little,
        Self::Trunk,
        Self::Legs,
        Self::Face,
        Self::Brows,
        Self::Eyes,
        Self::Nose,
        Self::Mouth,
    ];

    /// English name in lower case, as on the command line and, translated, in the window.
    pub fn name(self) -> &'static str {
        match self {
            Self::Neck => "neck",
            Self::Shoulders => "shoulders",
            Self::UpperArm => "upper arm",
            Self::Forearm => "forearm",
            Self::Palm => "palm",
            Self::Thumb => "thumb",
            Self::Index => "index finger",
            Self::Middle => "middle finger",
            Self::Ring => "ring finger",
            Self::Little => "little finger",
            Self::Trunk => "trunk",
            Self::Legs => "legs",
            Self::Face => "face",
            Self::Brows => "brows",
            Self::Eyes => "eyes",
            Self::Nose => "nose",
            Self::Mouth => "mouth",
        }
    }

    /// The bone of a name as people write it: `upper-arm`, `Upper arm`.
    pub fn from_name(name: &str) -> Option<Self> {
        let plain = |s: &str| s.trim().to_lowercase().replace(['-', '_'], " ");
        let name = plain(name);
        Self::ALL
            .into_iter()
            .find(|b| plain(b.name()) == name || plain(b.name()).strip_suffix(" finger") == Some(&name))
    }

    pub(self) fn is_of_face(self) -> bool {
        self >= Self::Face
    }
}

/// How one person is brought to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Bone by bone.
    #[default]
    Bones,
    /// One size, one rotation and one offset for everything, in least squares.
    Similarity,
    /// The same with width and height scaled apart and no rotation, as MimicMotion does.
    Affine,
}

impl Mode {
    pub const ALL: [Self; 3] = [Self::Bones, Self::Similarity, Self::Affine];

    /// As on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bones => "bones",
            Self::Similarity => "global",
            Self::Affine => "stretch",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.name().eq_ignore_ascii_case(name.trim()))
    }
}

/// Which moment of the source is laid on the picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Calibration {
    /// The middle of the whole clip.
    #[default]
    Clip,
    /// The first frame in which the head is seen.
    FirstFrame,
}

/// A bone whose scale the user has set, or fixed as it was found.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fixed {
    pub bone: Bone,
    /// Beside the size of the whole.
    pub scale: f32,
}

/// What a user chooses of an alignment. Plain data, kept in projects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub mode: Mode,
    pub calibration: Calibration,
    /// At most one for each bone.
    pub fixed: Vec<Fixed>,
    /// Factor on the size that is found.
    pub size: f32,
    /// Added to the place of everything, picture units.
    pub offset: [f32; 2],
    /// Added to the rotation about the middle of the head, degrees, positive clockwise.
    pub turn: f32,
    /// The face of the picture moves with the expressions of the source, instead of taking its shape. Bone by bone only.
    pub keep_face: bool,
    /// Hands near the face are brought to the same place of this face.
    pub contact: bool,
    /// The source is seen in a mirror: its right hand gives the left one. For a source that gestures with the other hand.
    pub mirrored: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            mode: Mode::default(),
            calibration: Calibration::default(),
            fixed: Vec::new(),
            size: 1.0,
            offset: [0.0; 2],
            turn: 0.0,
            keep_face: true,
            contact: true,
            mirrored: false,
        }
    }
}

impl Settings {
    /// The scale that the user has fixed for a bone.
    pub fn fixed(&self, bone: Bone) -> Option<f32> {
        self.fixed.iter().find(|f| f.bone == bone).map(|f| f.scale)
    }

    /// Fixes the scale of a bone; `None` sets it free.
    pub fn fix(&mut self, bone: Bone, scale: Option<f32>) {
        self.fixed.retain(|f| f.bone != bone);
        if let Some(scale) = scale {
            self.fixed.push(Fixed { bone, scale });
            self.fixed.sort_by_key(|f| f.bone);
        }
    }

    /// Every number finite and within its range, every bone at most once.
    pub fn is_sound(&self) -> bool {
        let within = |v: f32| v.is_finite() && (FIXED_SCALES.0..=FIXED_SCALES.1).contains(&v);
        let small = |v: f32, most: f32| v.is_finite() && v.abs() <= most;
        self.fixed.iter().all(|f| within(f.scale))
            && self.fixed.windows(2).all(|f| f[0].bone < f[1].bone)
            && within(self.size)
            && self.offset.iter().all(|v| small(*v, 2.0))
            && small(self.turn, 180.0)
    }
}
