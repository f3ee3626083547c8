//! Depth for hands that a tracker has seen flat.
//!
//! A bone whose length in the picture is less than its true one leans towards or away from the viewer. While the back
//! of the hand faces the viewer, as it does in cueing, fingers fold and lean away; else they lean towards the viewer.
//! The whole hand then stands before the plane of the face, as nothing passes through a face.

use super::skeleton::hand_bones;
use crate::pose::hand::TIP_RADIUS;
use crate::pose::{HAND_JOINT_COUNT, PoseFrame, Side, edges};
use glam::Vec2;

/// A bone leans by no more than this share of its length, sine of the angle.
const MOST_LEAN: f32 = 0.95;

/// Gives a hand depth from the lengths of its bones; `hand_length` in picture units.
pub(super) fn lift(frame: &mut PoseFrame, side: Side, hand_length: f32) {
    let first = side.hand_index();
    let at = |i: usize| Vec2::new(frame.points[first + i].x, frame.points[first + i].y);
    let along = (at(5) + at(9) + at(13) + at(17)) / 4.0 - at(0);
    let turned = along.perp_dot(at(5) - at(17));
    let back_seen = if side == Side::Right { turned < 0.0 } else { turned > 0.0 };
    let bones = hand_bones(hand_length);
    let mut z = [0.0_f32; HAND_JOINT_COUNT];
    for (from, to) in edges::HAND {
        let flat = at(from).distance(at(to));
        let lean = (bones[to] * bones[to] - flat * flat).max(0.0).sqrt().min(MOST_LEAN * bones[to]);
        // The palm itself is tilted towards the face or not at all.
        let lean = if from == 0 && !back_seen { 0.0 } else { lean };
        z[to] = z[from] + if back_seen { -lean } else { lean };
    }
    let nearest = z.iter().copied().fold(f32::INFINITY, f32::min);
    let before = TIP_RADIUS * hand_length - nearest.min(0.0);
    frame.hand_z[side as usize] = z.map(|z| if z.is_finite() { z + before } else { 0.0 });
}
