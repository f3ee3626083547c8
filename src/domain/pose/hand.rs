//! The parametric hand: joint angles to 21 joints in three dimensions, and the eight cue shapes as angles.
//!
//! A [`HandPose`] holds flexions and spreads in degrees, the same numbers for either hand; [`HandModel`] gives bones
//! their lengths as shares of the hand's length; a [`HandFrame`] says where the wrist is and how the hand is turned.
//! Shapes are blended by angles, never by points, so bones keep their lengths and fingers bend as fingers do.
//!
//! Bone proportions: Buryanov & Kotiuk 2010 (metacarpals and phalanges of adults); limits of motion: the usual clinical
//! ranges (American Academy of Orthopaedic Surgeons).

use super::{HAND_JOINT_COUNT, Side};
use glam::Vec3;
use serde::{Deserialize, Serialize};

/// Radius of a fingertip as a share of the hand's length.
pub const TIP_RADIUS: f32 = 0.040;
/// The wrist bends by at most this between forearm and hand in cueing, degrees.
pub const MOST_WRIST_BEND: f32 = 20.0;

/// Angles of a [`HandPose`].
pub const ANGLE_COUNT: usize = 22;

/// A long finger: flexion at its three joints and spread, degrees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FingerPose {
    /// Flexion at the knuckle, the middle and the end joint; negative values overstretch.
    pub bend: [f32; 3],
    /// Sideways at the knuckle, positive towards the thumb.
    pub spread: f32,
}

/// The thumb, degrees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ThumbPose {
    /// Away from the line of the forearm in the plane of the palm: 0 along the hand, 90 square to it.
    pub spread: f32,
    /// Out of that plane towards the palm side.
    pub across: f32,
    /// How far its flexion turns from "across the palm" (0) to "into the palm" (90).
    pub turn: f32,
    /// Flexion at its knuckle and its end joint; negative values stretch it back.
    pub bend: [f32; 2],
}

/// A hand's own configuration: 22 angles. With the turn of the forearm and the two bends of the wrist, which
/// [`HandFrame`] holds, a hand has 25 degrees of freedom and its scale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HandPose {
    pub thumb: ThumbPose,
    /// Index, middle, ring, little finger.
    pub fingers: [FingerPose; 4],
    /// How far the outer edge of the palm curls in, degrees.
    pub cup: f32,
}

const STRAIGHT: [f32; 3] = [1.0, 3.0, 2.0];
const FOLDED: [f32; 3] = [84.0, 105.0, 62.0];
/// Spreads that lay extended fingers side by side, index to little.
const TOGETHER: [f32; 4] = [-4.0, 0.0, 2.8, 5.0];

impl HandPose {
    /// The pose of a cue shape; 0 and anything above 8 give the loose hand of rest.
    ///
    /// Extended fingers: 1 index · 2 index and middle together · 3 middle, ring and little · 4 all four, thumb folded
    /// behind the palm · 5 all, thumb standing off · 6 thumb and index · 7 thumb, index and middle · 8 index and
    /// middle in a V. Folded fingers lie tight, the thumb across them.
    pub fn cue_shape(number: u8) -> Self {
        let extended: [bool; 4] = match number {
            1 | 6 => [true, false, false, false],
            2 | 7 | 8 => [true, true, false, false],
            3 => [false, true, true, true],
            4 | 5 => [true; 4],
            _ => return Self::LOOSE,
        };
        let mut fingers = [FingerPose::default(); 4];
        for (i, finger) in fingers.iter_mut().enumerate() {
            finger.bend = if extended[i] { STRAIGHT } else { FOLDED };
            finger.spread = if extended[i] { TOGETHER[i] } else { 0.0 };
        }
        if number == 8 {
            fingers[0].spread = 13.0;
            fingers[1].spread = -12.0;
        }
        let thumb = match number {
            // Behind the palm, out of sight.
            4 => ThumbPose { spread: 0.0, across: 20.0, turn: 10.0, bend: [42.0, 48.0] },
            5 => ThumbPose { spread: 44.0, across: 12.0, turn: 25.0, bend: [0.0, -8.0] },
            // Up, square to the index.
            6 | 7 => ThumbPose { spread: 57.0, across: 4.0, turn: 5.0, bend: [-9.0, -14.0] },
            // Over the folded fingers.
            _ => ThumbPose { spread: 4.0, across: 46.0, turn: 5.0, bend: [26.0, 44.0] },
        };
        Self { thumb, fingers, cup: 0.0 }
    }

    /// The relaxed hand: fingers curl more towards the little finger.
    pub const LOOSE: Self = Self {
        thumb: ThumbPose { spread: 26.0, across: 24.0, turn: 40.0, bend: [14.0, 16.0] },
        fingers: [
            FingerPose { bend: [26.0, 34.0, 14.0], spread: -1.0 },
            FingerPose { bend: [32.0, 40.0, 18.0], spread: 0.0 },
            FingerPose { bend: [37.0, 44.0, 20.0], spread: 1.5 },
            FingerPose { bend: [40.0, 44.0, 20.0], spread: 1.0 },
        ],
        cup: 4.0,
    };

    /// The pose on the way from one to another, `t` from 0 to 1. A thumb that lies over the fingers lifts first and
    /// settles last, so that fingers do not pass through it.
    pub fn between(from: &Self, to: &Self, t: f32) -> Self {
        let mix = |a: f32, b: f32, t: f32| a + (b - a) * t;
        let t = t.clamp(0.0, 1.0);
        let late = if to.thumb.across > from.thumb.across + 10.0 {
            ease(((t - 0.35) / 0.65).clamp(0.0, 1.0))
        } else if from.thumb.across > to.thumb.across + 10.0 {
            ease((t / 0.65).clamp(0.0, 1.0))
        } else {
            t
        };
        let (a, b) = (&from.thumb, &to.thumb);
        let mut fingers = [FingerPose::default(); 4];
        for (i, out) in fingers.iter_mut().enumerate() {
            let (a, b) = (&from.fingers[i], &to.fingers[i]);
            out.bend = std::array::from_fn(|j| mix(a.bend[j], b.bend[j], t));
            out.spread = mix(a.spread, b.spread, t);
        }
        Self {
            thumb: ThumbPose {
                spread: mix(a.spread, b.spread, late),
                across: mix(a.across, b.across, late),
                turn: mix(a.turn, b.turn, late),
                bend: std::array::from_fn(|j| mix(a.bend[j], b.bend[j], late)),
            },
            fingers,
            cup: mix(from.cup, to.cup, t),
        }
    }

    /// The 22 angles in a row, degrees: thumb (spread, across, turn, two bends), index to little (three bends, spread),
    /// cup.
    pub fn angles(&self) -> [f32; ANGLE_COUNT] {
        let t = &self.thumb;
        let mut out = [
            t.spread, t.across, t.turn, t.bend[0], t.bend[1], 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
            0.0, 0.0, 0.0, 0.0, 0.0, self.cup,
        ];
        for (f, finger) in self.fingers.iter().enumerate() {
            out[5 + 4 * f..8 + 4 * f].copy_from_slice(&finger.bend);
            out[8 + 4 * f] = finger.spread;
        }
        out
    }

    /// The pose with these angles, in the order of [`Self::angles`].
    pub fn from_angles(a: &[f32; ANGLE_COUNT]) -> Self {
        Self {
            thumb: ThumbPose { spread: a[0], across: a[1], turn: a[2], bend: [a[3], a[4]] },
            fingers: std::array::from_fn(|f| {
                let at = 5 + 4 * f;
                FingerPose { bend: [a[at], a[at + 1], a[at + 2]], spread: a[at + 3] }
            }),
            cup: a[21],
        }
    }

    /// The least and the greatest value that [`Self::within_limits`] allows each angle in this pose, degrees, in the
    /// order of [`Self::angles`].
    pub fn limits(&self) -> [(f32, f32); ANGLE_COUNT] {
        let mut out = [(0.0, 0.0); ANGLE_COUNT];
        out[..5].copy_from_slice(&THUMB_LIMITS);
        for (f, (finger, limit)) in self.fingers.iter().zip(&FINGER_LIMITS).enumerate() {
            let at = 5 + 4 * f;
            out[at..at + 3].copy_from_slice(&limit.bend);
            out[at + 2].1 = out[at + 2].1.min(30.0 + 0.7 * finger.bend[1].max(0.0));
            let free = 1.0 - 0.75 * (finger.bend[0].max(0.0) / 90.0).min(1.0);
            out[at + 3] = (limit.spread.0 * free, limit.spread.1 * free);
        }
        out[21] = CUP_LIMITS;
        out
    }

    /// The nearest pose within anatomical limits. A flexed knuckle spreads less (its ligaments tighten), and the end
    /// joint cannot bend far while the middle joint is straight.
    pub fn within_limits(&self) -> Self {
        let mut pose = *self;
        for (finger, limit) in pose.fingers.iter_mut().zip(&FINGER_LIMITS) {
            for (bend, (low, high)) in finger.bend.iter_mut().zip(limit.bend) {
                *bend = finite(*bend).clamp(low, high);
            }
            finger.bend[2] = finger.bend[2].min(30.0 + 0.7 * finger.bend[1].max(0.0));
            let free = 1.0 - 0.75 * (finger.bend[0].max(0.0) / 90.0).min(1.0);
            finger.spread = finite(finger.spread).clamp(limit.spread.0 * free, limit.spread.1 * free);
        }
        let thumb = &mut pose.thumb;
        let [bend0, bend1] = &mut thumb.bend;
        let angles = [&mut thumb.spread, &mut thumb.across, &mut thumb.turn, bend0, bend1];
        for (angle, (low, high)) in angles.into_iter().zip(THUMB_LIMITS) {
            *angle = finite(*angle).clamp(low, high);
        }
        pose.cup = finite(pose.cup).clamp(CUP_LIMITS.0, CUP_LIMITS.1);
        pose
    }
}

fn finite(x: f32) -> f32 {
    if x.is_finite() { x } else { 0.0 }
}

fn ease(t: f32) -> f32 {
    t * t * (3.0 - 2.0 * t)
}

/// Spread, across, turn, bend at the knuckle and at the end joint.
const THUMB_LIMITS: [(f32, f32); 5] = [(-12.0, 65.0), (-8.0, 60.0), (0.0, 90.0), (-15.0, 60.0), (-20.0, 85.0)];
const CUP_LIMITS: (f32, f32) = (-2.0, 25.0);

struct FingerLimit {
    bend: [(f32, f32); 3],
    spread: (f32, f32),
}

const FINGER_LIMITS: [FingerLimit; 4] = [
    FingerLimit { bend: [(-25.0, 92.0), (-4.0, 110.0), (-8.0, 80.0)], spread: (-14.0, 24.0) },
    FingerLimit { bend: [(-25.0, 94.0), (-4.0, 112.0), (-8.0, 82.0)], spread: (-18.0, 16.0) },
    FingerLimit { bend: [(-25.0, 96.0), (-4.0, 114.0), (-8.0, 82.0)], spread: (-20.0, 12.0) },
    FingerLimit { bend: [(-30.0, 98.0), (-6.0, 110.0), (-8.0, 82.0)], spread: (-28.0, 14.0) },
];

/// The fixed measures of a hand as shares of its length from wrist crease to the tip of the middle finger.
///
/// Vectors are (along the hand, towards the thumb, out of the back).
#[derive(Clone, Debug, PartialEq)]
pub struct HandModel {
    /// Length of the hand, picture units.
    pub length: f32,
    /// Knuckles of index, middle, ring and little finger, from the wrist.
    pub knuckles: [Vec3; 4],
    /// Phalanges of each finger, from the knuckle outwards.
    pub phalanges: [[f32; 3]; 4],
    /// Foot of the thumb, and its metacarpal and two phalanges.
    pub thumb_foot: Vec3,
    pub thumb: [f32; 3],
    /// How far each finger's plane of flexion leans towards the middle of the palm, degrees.
    pub lean: [f32; 4],
}

impl HandModel {
    /// Adult averages for a hand of `length` picture units.
    pub fn new(length: f32) -> Self {
        Self {
            length,
            knuckles: [
                Vec3::new(0.500, 0.112, -0.006),
                Vec3::new(0.505, 0.000, 0.000),
                Vec3::new(0.474, -0.100, -0.008),
                Vec3::new(0.425, -0.186, -0.028),
            ],
            phalanges: [[0.213, 0.122, 0.104], [0.238, 0.141, 0.116], [0.221, 0.138, 0.114], [0.176, 0.098, 0.105]],
            thumb_foot: Vec3::new(0.110, 0.100, -0.040),
            thumb: [0.240, 0.168, 0.136],
            lean: [7.0, 1.0, -5.0, -12.0],
        }
    }

    /// The 21 joints in the hand's own axes, as shares of its length.
    pub fn local_joints(&self, pose: &HandPose) -> [Vec3; HAND_JOINT_COUNT] {
        let mut joints = [Vec3::ZERO; HAND_JOINT_COUNT];
        self.thumb_joints(&pose.thumb, &mut joints);
        for f in 0..4 {
            self.finger_joints(f, pose, &mut joints);
        }
        joints
    }

    fn thumb_joints(&self, thumb: &ThumbPose, joints: &mut [Vec3; HAND_JOINT_COUNT]) {
        let (spread, across) = (thumb.spread.to_radians(), thumb.across.to_radians());
        let first = Vec3::new(across.cos() * spread.cos(), across.cos() * spread.sin(), -across.sin());
        let over_palm = Vec3::new(spread.sin(), -spread.cos(), 0.0);
        // The third axis of the thumb's own frame, towards the palm side.
        let into_palm = Vec3::new(-across.sin() * spread.cos(), -across.sin() * spread.sin(), -across.cos());
        let turn = thumb.turn.to_radians();
        let flexed = over_palm * turn.cos() + into_palm * turn.sin();
        let mut at = self.thumb_foot;
        let mut angle = 0.0_f32;
        joints[1] = at;
        for bone in 0..3 {
            if bone > 0 {
                angle += thumb.bend[bone - 1].to_radians();
            }
            at += (first * angle.cos() + flexed * angle.sin()) * self.thumb[bone];
            joints[2 + bone] = at;
        }
    }

    fn finger_joints(&self, f: usize, pose: &HandPose, joints: &mut [Vec3; HAND_JOINT_COUNT]) {
        let finger = &pose.fingers[f];
        let spread = finger.spread.to_radians();
        let along = Vec3::new(spread.cos(), spread.sin(), 0.0);
        // The outer metacarpals can curl in: ring a little, little finger more.
        let cup = pose.cup.to_radians() * [0.0, 0.1, 0.5, 1.0][f];
        let lean = self.lean[f].to_radians() - cup;
        let back = Vec3::new(0.0, lean.sin(), lean.cos());
        let back = (back - along * back.dot(along)).normalize();
        let mut at = self.knuckles[f];
        at.z -= at.x * cup.sin();
        let mut angle = 0.0_f32;
        joints[5 + 4 * f] = at;
        for bone in 0..3 {
            angle += finger.bend[bone].to_radians();
            at += (along * angle.cos() - back * angle.sin()) * self.phalanges[f][bone];
            joints[6 + 4 * f + bone] = at;
        }
    }

    /// The 21 joints in picture units (x right, y down, z towards the viewer).
    pub fn joints(&self, pose: &HandPose, frame: &HandFrame) -> [Vec3; HAND_JOINT_COUNT] {
        self.local_joints(pose).map(|p| frame.wrist + frame.turned(p) * self.length)
    }
}

/// Where a hand is and how it is turned: the wrist and three unit vectors square to each other, picture axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HandFrame {
    pub wrist: Vec3,
    /// From the wrist towards the fingers.
    pub along: Vec3,
    /// Towards the thumb.
    pub thumbward: Vec3,
    /// Out of the back of the hand.
    pub back: Vec3,
}

impl HandFrame {
    /// A hand whose back faces the viewer, thumb edge up.
    ///
    /// `angle`: direction of the hand in the picture, degrees: 0 flat towards the middle of the body, 90 up.
    /// `tilt`: how far the fingers point away from the viewer. `roll`: how far the thumb edge turns to the viewer.
    pub fn facing(side: Side, wrist: Vec3, angle: f32, tilt: f32, roll: f32) -> Self {
        let (sin, cos) = angle.to_radians().sin_cos();
        let (tilt_sin, tilt_cos) = tilt.to_radians().sin_cos();
        let inward = if side == Side::Right { 1.0 } else { -1.0 };
        let along = Vec3::new(inward * cos * tilt_cos, -sin * tilt_cos, -tilt_sin);
        let thumbward = Vec3::new(-inward * sin, -cos, 0.0);
        let back = Vec3::new(inward * cos * tilt_sin, -sin * tilt_sin, tilt_cos);
        let (roll_sin, roll_cos) = roll.to_radians().sin_cos();
        Self {
            wrist,
            along,
            thumbward: thumbward * roll_cos + back * roll_sin,
            back: back * roll_cos - thumbward * roll_sin,
        }
    }

    /// A vector in the hand's own axes, in picture axes.
    pub fn turned(&self, local: Vec3) -> Vec3 {
        self.along * local.x + self.thumbward * local.y + self.back * local.z
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIPS: [usize; 5] = [4, 8, 12, 16, 20];

    fn joints_of(shape: u8) -> [Vec3; HAND_JOINT_COUNT] {
        HandModel::new(1.0).local_joints(&HandPose::cue_shape(shape))
    }

    #[test]
    fn the_middle_finger_ends_at_the_length_of_the_hand() {
        let tip = joints_of(4)[12];
        assert!((tip.x - 1.0).abs() < 0.01 && tip.y.abs() < 0.02, "{tip}");
    }

    /// Which tips stand out beyond the knuckles tells the shapes apart, as on the charts.
    #[test]
    fn each_shape_extends_its_fingers() {
        let extended = [
            [false, true, false, false, false],
            [false, true, true, false, false],
            [false, false, true, true, true],
            [false, true, true, true, true],
            [true, true, true, true, true],
            [true, true, false, false, false],
            [true, true, true, false, false],
            [false, true, true, false, false],
        ];
        for (i, expected) in extended.iter().enumerate() {
            let j = joints_of(i as u8 + 1);
            for finger in 1..5 {
                let knuckle = j[1 + 4 * finger];
                let out = j[TIPS[finger]].x - knuckle.x > 0.3;
                assert_eq!(out, expected[finger], "shape {} finger {finger}", i + 1);
                if !out {
                    assert!(j[TIPS[finger]].x < knuckle.x + 0.04, "folded finger {finger} in shape {}", i + 1);
                }
            }
            // The thumb shows beyond the index's edge exactly where it is extended.
            assert_eq!(j[4].y > 0.25, expected[0], "thumb of shape {}: {}", i + 1, j[4]);
        }
    }

    #[test]
    fn the_thumb_of_six_and_seven_stands_up_and_of_four_hides() {
        for shape in [6, 7] {
            let j = joints_of(shape);
            let (thumb, index) = (j[4] - j[2], j[8] - j[5]);
            let angle = thumb.angle_between(index).to_degrees();
            assert!((65.0..=90.0).contains(&angle), "{angle}");
        }
        let j = joints_of(4);
        assert!((1..=4).all(|i| j[i].y < 0.15 && j[i].z < -0.03 && j[i].x < 0.5));
    }

    #[test]
    fn eight_is_a_clear_v_and_two_is_closed() {
        let gap = |shape| {
            let j = joints_of(shape);
            (j[8] - j[12]).truncate().length()
        };
        assert!(gap(8) > 0.25 && (0.07..0.12).contains(&gap(2)), "{} {}", gap(8), gap(2));
    }

    #[test]
    fn bones_keep_their_lengths_on_every_way() {
        let model = HandModel::new(0.32);
        let frame = HandFrame::facing(Side::Right, Vec3::new(0.2, 0.7, 0.1), 50.0, 12.0, 8.0);
        for a in 0..=8 {
            for b in 0..=8 {
                let (from, to) = (HandPose::cue_shape(a), HandPose::cue_shape(b));
                for k in 0..=10 {
                    let pose = HandPose::between(&from, &to, k as f32 / 10.0);
                    assert_eq!(pose, pose.within_limits(), "{a} to {b} at {k}");
                    let j = model.joints(&pose, &frame);
                    for f in 0..4 {
                        for bone in 0..3 {
                            let l = (j[6 + 4 * f + bone] - j[5 + 4 * f + bone]).length();
                            assert!((l - 0.32 * model.phalanges[f][bone]).abs() < 1e-5);
                        }
                    }
                }
            }
        }
        let from = HandPose::cue_shape(3);
        assert_eq!(HandPose::between(&from, &HandPose::LOOSE, 0.0), from);
        assert_eq!(HandPose::between(&from, &HandPose::LOOSE, 1.0), HandPose::LOOSE);
    }

    #[test]
    fn limits_pull_wild_poses_back() {
        let mut pose = HandPose::cue_shape(5);
        pose.fingers[1].bend = [200.0, -90.0, f32::NAN];
        pose.fingers[0] = FingerPose { bend: [90.0, 0.0, 80.0], spread: 24.0 };
        pose.thumb.spread = 170.0;
        let held = pose.within_limits();
        assert_eq!(held.fingers[1].bend, [94.0, -4.0, 0.0]);
        assert!(held.fingers[0].spread < 7.0 && held.fingers[0].bend[2] <= 30.0);
        assert_eq!(held.thumb.spread, 65.0);
        assert_eq!(held, held.within_limits());
    }

    #[test]
    fn angles_in_a_row_are_the_pose_and_keep_its_limits() {
        for shape in 0..=8 {
            let pose = HandPose::cue_shape(shape);
            assert_eq!(HandPose::from_angles(&pose.angles()), pose);
            for pushed in [-300.0, 300.0] {
                for i in 0..ANGLE_COUNT {
                    let mut wild = pose.angles();
                    wild[i] += pushed;
                    let held = HandPose::from_angles(&wild).within_limits();
                    let (low, high) = held.limits()[i];
                    let expected = if pushed < 0.0 { low } else { high };
                    assert!(
                        (held.angles()[i] - expected).abs() < 1e-4,
                        "shape {shape}, angle {i}: {}",
                        held.angles()[i]
                    );
                }
            }
        }
    }

    #[test]
    fn the_left_hand_mirrors_the_right() {
        let model = HandModel::new(0.3);
        let pose = HandPose::cue_shape(7);
        let r = model.joints(&pose, &HandFrame::facing(Side::Right, Vec3::new(0.3, 0.6, 0.1), 40.0, 15.0, 10.0));
        let l = model.joints(&pose, &HandFrame::facing(Side::Left, Vec3::new(0.7, 0.6, 0.1), 40.0, 15.0, 10.0));
        for (a, b) in r.iter().zip(&l) {
            assert!((a.x - (1.0 - b.x)).abs() < 1e-6 && (a.y - b.y).abs() < 1e-6 && (a.z - b.z).abs() < 1e-6);
        }
        // A right hand rising to the upper right has its thumb at the upper left, its back to the viewer.
        let f = HandFrame::facing(Side::Right, Vec3::ZERO, 45.0, 10.0, 0.0);
        assert!(f.along.x > 0.0 && f.along.y < 0.0 && f.thumbward.x < 0.0 && f.thumbward.y < 0.0 && f.back.z > 0.9);
    }
}
