//! The tree of bones over the 133 points, and how long each bone is in this person's own picture.
//!
//! The root is the middle between the shoulders. Two nodes are no points: the root, and the head (the middle of the
//! face points that no expression moves). The wrist among the body's points and the first joint of the hand are one
//! node: trackers give both, and the hand's is the exacter one.

use super::Bone;
use crate::pose::compose::STABLE;
use crate::pose::hand::{HandModel, HandPose};
use crate::pose::{HAND_JOINT_COUNT, Reference, Side, edges, index};
use glam::Vec2;

/// A bone of one side: from a point to one that hangs on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Edge {
    pub bone: Bone,
    pub side: Option<Side>,
    /// `None` is the root.
    pub from: Option<usize>,
    pub to: usize,
    /// Length on the person of the picture, picture units; `None` where the reference does not say.
    pub target: Option<f32>,
}

/// The bones of body, arms and hands, parents before children; without the face, which [`super::face`] measures.
pub(super) fn limbs(reference: &Reference) -> Vec<Edge> {
    let mut list = Vec::with_capacity(80);
    for side in [Side::Left, Side::Right] {
        let right = usize::from(side == Side::Right);
        let mut add = |bone, from: Option<usize>, to, target: Option<f32>| {
            list.push(Edge { bone, side: Some(side), from, to, target });
        };
        let shoulder = index::LEFT_SHOULDER + right;
        let (elbow, wrist) = (index::LEFT_ELBOW + right, index::LEFT_WRIST + right);
        let breadth = Vec2::from(reference.left_shoulder).distance(Vec2::from(reference.right_shoulder)) / 2.0;
        add(Bone::Shoulders, None, shoulder, Some(breadth));
        add(Bone::UpperArm, Some(shoulder), elbow, Some(reference.upper_arm_length));
        add(Bone::Forearm, Some(elbow), wrist, Some(reference.forearm_length));
        let lengths = hand_bones(reference.hand_length);
        for (from, to) in edges::HAND {
            let from = if from == 0 { wrist } else { side.hand_index() + from };
            add(bone_of_joint(to), Some(from), side.hand_index() + to, Some(lengths[to]));
        }
        let hip = index::LEFT_HIP + right;
        add(Bone::Trunk, Some(shoulder), hip, None);
        add(Bone::Legs, Some(hip), hip + 2, None);
        add(Bone::Legs, Some(hip + 2), hip + 4, None);
        for toe in 0..3 {
            add(Bone::Legs, Some(hip + 4), 17 + 3 * right + toe, None);
        }
    }
    for edge in &mut list {
        edge.target = edge.target.filter(|t| t.is_finite() && *t > 1e-4);
    }
    list
}

/// The bone that ends in a joint of the hand.
fn bone_of_joint(joint: usize) -> Bone {
    match joint {
        1 | 5 | 9 | 13 | 17 => Bone::Palm,
        2..=4 => Bone::Thumb,
        6..=8 => Bone::Index,
        10..=12 => Bone::Middle,
        14..=16 => Bone::Ring,
        _ => Bone::Little,
    }
}

/// Length of the bone that ends in each joint of a hand of `length`, picture units.
pub(super) fn hand_bones(length: f32) -> [f32; HAND_JOINT_COUNT] {
    let joints = HandModel::new(length).local_joints(&HandPose::cue_shape(5));
    let mut bones = [0.0; HAND_JOINT_COUNT];
    for (from, to) in edges::HAND {
        bones[to] = (joints[to] - joints[from]).length() * length;
    }
    bones
}

/// The middle of the face points that only the head moves.
pub(super) fn head_of(reference: &Reference) -> Vec2 {
    STABLE.iter().map(|i| reference.face_point(*i)).sum::<Vec2>() / STABLE.len() as f32
}

/// The middle between the shoulders.
pub(super) fn root_of(reference: &Reference) -> Vec2 {
    (Vec2::from(reference.left_shoulder) + Vec2::from(reference.right_shoulder)) / 2.0
}

/// The group of a face point (iBUG-68) that is scaled as one.
pub(super) fn face_bone(point: usize) -> Bone {
    match point {
        0..17 => Bone::Face,
        17..27 => Bone::Brows,
        27..36 => Bone::Nose,
        36..48 => Bone::Eyes,
        _ => Bone::Mouth,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pose::POINT_COUNT;

    #[test]
    fn every_point_but_those_of_the_head_hangs_on_one_bone_whose_parent_came_before() {
        let list = limbs(&Reference::example());
        let mut seen = [false; POINT_COUNT];
        for edge in &list {
            assert!(edge.from.is_none_or(|from| seen[from]), "{edge:?}");
            assert!(!std::mem::replace(&mut seen[edge.to], true), "{edge:?}");
        }
        let hands = [index::LEFT_HAND, index::RIGHT_HAND];
        for (i, seen) in seen.iter().enumerate() {
            let elsewhere = i < 5 || (index::FACE..index::LEFT_HAND).contains(&i) || hands.contains(&i);
            assert_eq!(*seen, !elsewhere, "point {i}");
        }
    }

    #[test]
    fn the_bones_of_the_hand_are_those_of_the_model() {
        let bones = hand_bones(0.32);
        assert!((bones[12] + bones[11] + bones[10] + bones[9] - 0.32).abs() < 1e-4, "{bones:?}");
        assert!((bones[2] / 0.32 - 0.240).abs() < 1e-4 && (bones[20] / 0.32 - 0.105).abs() < 1e-4);
    }
}
