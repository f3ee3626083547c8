//! The skeleton: from 21 joints and the elbow to twenty bones with their own axes.
//!
//! Everything in here is a *right* hand in hand lengths around its wrist, axes as in the picture (x right, y down, z
//! towards the viewer); left hands are mirrored before and after.

use crate::pose::HAND_JOINT_COUNT;
use glam::{Mat3, Quat, Vec3};

/// Metacarpals of the four long fingers, three bones of the thumb, three of each long finger, the forearm.
pub(super) const BONES: usize = 20;
pub(super) const THUMB_BONE: usize = 4;
pub(super) const FINGER_BONE: usize = 7;
pub(super) const FOREARM: usize = 19;

/// A bone with its axes: unit vectors, square to each other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bone {
    pub start: Vec3,
    /// Towards the fingertips; of the forearm towards the elbow.
    pub axis: Vec3,
    /// Towards the thumb's side.
    pub lateral: Vec3,
    /// Out of the back.
    pub dorsal: Vec3,
    pub length: f32,
}

impl Bone {
    fn new(start: Vec3, end: Vec3, lateral: Vec3, fallback: Vec3) -> Self {
        let axis = direction(end - start, fallback);
        let lateral = across(lateral, axis, any_across(axis));
        Self { start, axis, lateral, dorsal: lateral.cross(axis), length: (end - start).length() }
    }

    pub fn end(&self) -> Vec3 {
        self.start + self.axis * self.length
    }

    /// The point of the bone that is closest to `p`.
    pub fn closest(&self, p: Vec3) -> Vec3 {
        self.start + self.axis * (p - self.start).dot(self.axis).clamp(0.0, self.length)
    }

    fn basis(&self) -> Mat3 {
        Mat3::from_cols(self.axis, self.lateral, -self.dorsal)
    }
}

/// Unit vector, or `fallback` where the length vanishes.
pub(super) fn direction(v: Vec3, fallback: Vec3) -> Vec3 {
    v.try_normalize().unwrap_or(fallback)
}

/// The part of `v` at right angles to the unit vector `axis`, of unit length.
pub(super) fn across(v: Vec3, axis: Vec3, fallback: Vec3) -> Vec3 {
    direction(v - axis * v.dot(axis), fallback)
}

fn any_across(axis: Vec3) -> Vec3 {
    axis.any_orthonormal_vector()
}

/// The bones of one pose.
#[derive(Clone, Debug)]
pub(super) struct Skeleton {
    pub joints: [Vec3; HAND_JOINT_COUNT],
    pub elbow: Vec3,
    /// From the wrist to the fingers, towards the thumb, out of the back of the hand.
    pub axis: Vec3,
    pub lateral: Vec3,
    pub dorsal: Vec3,
    pub bones: [Bone; BONES],
}

/// Share of [`Skeleton::dorsal`] and of [`Skeleton::lateral`] in the direction that the thumb's back looks at.
const THUMB_BACK: (f32, f32) = (0.80, 0.60);
/// Share of the hand's turn about the forearm's axis that the skin of the wrist follows at once.
const WRIST_TURN: f32 = 1.0;

impl Skeleton {
    /// A right hand's joints and elbow, hand lengths relative to the wrist.
    pub fn new(joints: &[Vec3; HAND_JOINT_COUNT], elbow: Vec3) -> Self {
        let wrist = joints[0];
        let axis = direction(joints[9] * 0.6 + joints[13] * 0.4 - wrist, Vec3::NEG_Y);
        let lateral = across(joints[5] - joints[17], axis, any_across(axis));
        let dorsal = lateral.cross(axis);
        let forearm = Bone::new(wrist, elbow, lateral * WRIST_TURN, Vec3::Y);
        // The forearm's axis runs the other way: its back is turned round again.
        let forearm = Bone { dorsal: -forearm.dorsal, ..forearm };
        let mut bones = [forearm; BONES];
        for (i, bone) in bones.iter_mut().take(4).enumerate() {
            *bone = Bone::new(wrist, joints[5 + 4 * i], lateral, axis);
        }
        let back = (dorsal * THUMB_BACK.0 + lateral * THUMB_BACK.1).normalize();
        let first = direction(joints[2] - joints[1], axis);
        let hinges = [first.cross(back), lateral, lateral, lateral, lateral];
        for (finger, hinge) in hinges.into_iter().enumerate() {
            let mut hinge = hinge;
            let all = direction(joints[4 + 4 * finger] - joints[1 + 4 * finger], axis);
            for i in 0..3 {
                let (start, end) = (joints[1 + 4 * finger + i], joints[2 + 4 * finger + i]);
                let bone = Bone::new(start, end, hinge, all);
                hinge = bone.lateral;
                bones[THUMB_BONE + 3 * finger + i] = bone;
            }
        }
        Self { joints: *joints, elbow, axis, lateral, dorsal, bones }
    }

    /// How far each joint is bent: 0 straight, 1 at a right angle or more. Indexed like the joints.
    pub fn bends(&self) -> [f32; HAND_JOINT_COUNT] {
        let mut bends = [0.0; HAND_JOINT_COUNT];
        for finger in 0..5 {
            for i in 0..3 {
                let before = match (finger, i) {
                    (0, 0) => continue,
                    (_, 0) => self.bones[finger - 1].axis,
                    _ => self.bones[THUMB_BONE + 3 * finger + i - 1].axis,
                };
                let after = self.bones[THUMB_BONE + 3 * finger + i].axis;
                bends[1 + 4 * finger + i] = (1.0 - before.dot(after)).clamp(0.0, 1.0);
            }
        }
        bends
    }
}

/// What takes points of a bone at rest to a pose.
#[derive(Clone, Copy, Debug)]
pub(super) struct Motion {
    pub turn: Quat,
    /// Turn and stretch along the bone.
    pub linear: Mat3,
    pub shift: Vec3,
}

impl Motion {
    /// From a bone at rest to the same bone posed; `stretch` is how much longer it has become.
    fn between(rest: &Bone, posed: &Bone, stretch: f32) -> Self {
        let back = rest.basis().transpose();
        let turn = posed.basis() * back;
        let mut stretched = posed.basis();
        stretched.x_axis *= stretch;
        let linear = stretched * back;
        Self { turn: Quat::from_mat3(&turn).normalize(), linear, shift: posed.start - linear * rest.start }
    }

    pub fn apply(&self, p: Vec3) -> Vec3 {
        self.linear * p + self.shift
    }
}

/// The motions of all bones from rest to a pose.
pub(super) fn motions(rest: &Skeleton, posed: &Skeleton) -> [Motion; BONES] {
    std::array::from_fn(|i| {
        let (a, b) = (&rest.bones[i], &posed.bones[i]);
        // A forearm that is seen short is not squeezed; it ends where the elbow or the sleeve begins.
        let stretch = if i == FOREARM { 1.0 } else { b.length / a.length.max(1e-4) };
        Motion::between(a, b, stretch)
    })
}
