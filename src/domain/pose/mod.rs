//! What a body does in each frame: COCO-WholeBody-133 points, with depth for the hands.
//!
//! **Coordinates** are *picture units*: the identity's picture is 1.0 high, the origin is its top left corner,
//! x grows to the right and y downwards, so lengths are the same in both directions and x runs from 0 to the
//! picture's aspect ratio. Depth z uses the same unit, 0 at the plane of the face and growing *towards the viewer*.
//! "Left" and "right" are the person's own: the right hand of a person facing the viewer is at image left.

pub mod alignment;
pub mod compose;
pub mod edges;
pub mod expression;
pub mod hand;
pub mod hand_fit;
pub mod motion_mask;
pub mod parts;
mod reference;
pub mod refine;
pub mod template;

pub use reference::mirrored_frame;

use crate::time::Fps;
use serde::{Deserialize, Serialize};

/// Number of points of a whole body: 17 body, 6 feet, 68 face, 21 left hand, 21 right hand (COCO-WholeBody).
pub const POINT_COUNT: usize = 133;
/// Number of points of a face, in iBUG-68 order.
pub const FACE_POINT_COUNT: usize = 68;
/// Number of joints of a hand: wrist, then thumb, index, middle, ring, little finger with four joints each.
pub const HAND_JOINT_COUNT: usize = 21;

/// Chains of face points (iBUG-68, counted from the first face point), as they are drawn: jaw, brows, nose, eyes, lips; `true` where the last is joined to the first.
pub const FACE_CHAINS: [(std::ops::Range<usize>, bool); 9] = [
    (0..17, false),
    (17..22, false),
    (22..27, false),
    (27..31, false),
    (31..36, false),
    (36..42, true),
    (42..48, true),
    (48..60, true),
    (60..68, true),
];

/// First indices of the parts within the 133 points.
pub mod index {
    pub const NOSE: usize = 0;
    pub const LEFT_EYE: usize = 1;
    pub const RIGHT_EYE: usize = 2;
    pub const LEFT_EAR: usize = 3;
    pub const RIGHT_EAR: usize = 4;
    pub const LEFT_SHOULDER: usize = 5;
    pub const RIGHT_SHOULDER: usize = 6;
    pub const LEFT_ELBOW: usize = 7;
    pub const RIGHT_ELBOW: usize = 8;
    pub const LEFT_WRIST: usize = 9;
    pub const RIGHT_WRIST: usize = 10;
    pub const LEFT_HIP: usize = 11;
    pub const RIGHT_HIP: usize = 12;
    /// Face point `i` of iBUG-68 stands at `FACE + i`.
    pub const FACE: usize = 23;
    pub const LEFT_HAND: usize = 91;
    pub const RIGHT_HAND: usize = 112;
}

/// One point with the confidence that it is there: 0 means missing, 1 certain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Point {
    pub x: f32,
    pub y: f32,
    pub score: f32,
}

impl Point {
    pub fn new(x: f32, y: f32) -> Self {
        Self { x, y, score: 1.0 }
    }

    pub fn xy(self) -> [f32; 2] {
        [self.x, self.y]
    }
}

/// Which hand, always the person's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    Left,
    #[default]
    Right,
}

impl Side {
    pub fn other(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }

    /// Index of this hand's wrist joint among the 133 points.
    pub fn hand_index(self) -> usize {
        match self {
            Self::Left => index::LEFT_HAND,
            Self::Right => index::RIGHT_HAND,
        }
    }
}

/// One moment of a whole body.
#[derive(Clone, Debug, PartialEq)]
pub struct PoseFrame {
    /// 133 points in COCO-WholeBody order, picture units.
    pub points: [Point; POINT_COUNT],
    /// Depth of the joints of the left and the right hand, picture units towards the viewer.
    pub hand_z: [[f32; HAND_JOINT_COUNT]; 2],
}

impl Default for PoseFrame {
    fn default() -> Self {
        Self { points: [Point::default(); POINT_COUNT], hand_z: [[0.0; HAND_JOINT_COUNT]; 2] }
    }
}

impl PoseFrame {
    /// The 68 face points.
    pub fn face(&self) -> &[Point] {
        &self.points[index::FACE..index::FACE + FACE_POINT_COUNT]
    }

    /// The 21 joints of a hand with depth; the score of the wrist says whether the hand is shown at all.
    pub fn hand(&self, side: Side) -> [glam::Vec3; HAND_JOINT_COUNT] {
        let first = side.hand_index();
        std::array::from_fn(|i| {
            let p = self.points[first + i];
            glam::Vec3::new(p.x, p.y, self.hand_z[side as usize][i])
        })
    }

    /// The elbow of an arm with its depth, which the points do not hold: found from the length of the forearm, the
    /// elbow never nearer to the viewer than the wrist.
    pub fn elbow(&self, side: Side, forearm_length: f32) -> glam::Vec3 {
        let wrist = self.hand(side)[0];
        let elbow = self.points[match side {
            Side::Left => index::LEFT_ELBOW,
            Side::Right => index::RIGHT_ELBOW,
        }];
        let seen = glam::Vec2::new(elbow.x - wrist.x, elbow.y - wrist.y).length_squared();
        glam::Vec3::new(elbow.x, elbow.y, wrist.z - (forearm_length * forearm_length - seen).max(0.0).sqrt())
    }

    /// Sets the 21 joints of a hand, all with `score`.
    pub fn set_hand(&mut self, side: Side, joints: &[glam::Vec3; HAND_JOINT_COUNT], score: f32) {
        let first = side.hand_index();
        for (i, joint) in joints.iter().enumerate() {
            self.points[first + i] = Point { x: joint.x, y: joint.y, score };
            self.hand_z[side as usize][i] = joint.z;
        }
    }
}

/// A performance: frames at a fixed rate, frame `i` showing the moment `fps.time_of(i)`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PoseSequence {
    pub fps: Fps,
    pub frames: Vec<PoseFrame>,
}

/// A person at rest, as WHERE and the generators need them: pure geometry in picture units.
/// The picture and its colours belong to `render::identity`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// Width of the picture divided by its height.
    pub aspect: f32,
    /// iBUG-68 face points of the picture, mouth closed, eyes open, in order (68 of them).
    pub face: Vec<[f32; 2]>,
    pub left_shoulder: [f32; 2],
    pub right_shoulder: [f32; 2],
    /// Hollow of the throat, between the collar bones.
    pub throat: [f32; 2],
    /// Elbows and wrists with the arms hanging at rest; usually below the picture.
    pub left_elbow: [f32; 2],
    pub right_elbow: [f32; 2],
    /// From wrist crease to the tip of the middle finger; 1.0-1.15 of hairline to chin (cued-speech notes 2.5).
    pub hand_length: f32,
    /// Forearm from elbow to wrist, and upper arm from shoulder to elbow.
    pub forearm_length: f32,
    pub upper_arm_length: f32,
    /// The hand that cues.
    pub handed: Side,
}

impl Reference {
    /// Face point `i`, or the origin where the file holds too few.
    pub fn face_point(&self, i: usize) -> glam::Vec2 {
        self.face.get(i).map_or(glam::Vec2::ZERO, |p| glam::Vec2::from_array(*p))
    }
}
