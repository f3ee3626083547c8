//! Refinements laid over poses.

use super::Refinement;
use crate::pose::hand::{ANGLE_COUNT, HandFrame, HandModel, HandPose};
use crate::pose::hand_fit::{Camera, FitOptions, FittedHand, HandMeasures, HandPoints, fit, needed};
use crate::pose::{HAND_JOINT_COUNT, PoseFrame, Side, index};
use crate::time::{Fps, FrameIndex, Seconds};
use glam::{Mat3, Vec3};
use std::ops::Range;

/// Frames on either side that a hand is calmed with, at most.
const CALM: usize = 6;

/// What refinements are laid over: a performance of `count` frames.
#[derive(Clone, Debug)]
pub struct Stage {
    pub fps: Fps,
    pub count: usize,
    /// The hand of the identity.
    pub model: HandModel,
    pub camera: Camera,
}

/// How far before and after a frame the frames lie that a refinement looks at, at most.
pub const REACH: usize = 32;

impl Stage {
    /// The frames that refined frames of `range` depend on.
    pub fn needed(&self, range: &Range<usize>) -> Range<usize> {
        needed(&self.calmed(range), self.count)
    }

    fn calmed(&self, range: &Range<usize>) -> Range<usize> {
        range.start.saturating_sub(CALM)..(range.end + CALM).min(self.count)
    }

    /// Hands as they are fitted to frames of `range`; `frames` holds those of [`Self::needed`], beginning with frame
    /// `first`. Their depths are believed where there are any.
    pub fn fitted(&self, side: Side, frames: &[PoseFrame], first: usize, range: Range<usize>) -> Vec<FittedHand> {
        // A hand without any depth was seen in a flat picture: its depth is to be found.
        let deep =
            |f: &PoseFrame| f.hand_z[side as usize].iter().any(|z| (z - f.hand_z[side as usize][0]).abs() > 1e-6);
        let clip: Vec<HandPoints> = frames.iter().map(|f| HandPoints::of(f, side, deep(f))).collect();
        let measures = HandMeasures::known(side, self.model.clone());
        let options = FitOptions { camera: self.camera, smoothing: 0.0, ..FitOptions::default() };
        fit(&measures, &options, &clip, first, range, |_| None)
    }
}

/// Lays refinements over the frames of `range`, in their order, and gives these frames. `frames` holds the frames of
/// [`Stage::needed`] beginning with frame `first`; `shape_at` tells the hand shape that is meant at a time for the hand
/// that cues, with a weight from 0 to 1, for refinements drawn towards it.
///
/// A frame depends on those frames alone: the same bytes whatever the stretch. Frames that no refinement reaches are
/// given back as they are.
pub fn apply(
    stage: &Stage,
    refinements: &[&Refinement],
    frames: &[PoseFrame],
    first: usize,
    range: Range<usize>,
    shape_at: impl Fn(Side, Seconds) -> Option<(HandPose, f32)>,
) -> Vec<PoseFrame> {
    let end = first + frames.len();
    let range = range.start.clamp(first, end)..range.end.clamp(first, end);
    let mut out: Vec<PoseFrame> = frames[range.start - first..range.end - first].to_vec();
    for side in [Side::Left, Side::Right] {
        let own: Vec<&Refinement> = refinements.iter().copied().filter(|r| r.side == side).collect();
        let active = |i: usize| {
            let time = stage.fps.time_of(FrameIndex(i as u32));
            own.iter().any(|r| r.weight(time) > 0.0) && shown(&frames[i - first], side)
        };
        let Some(from) = range.clone().find(|i| active(*i)) else { continue };
        let to = range.clone().rfind(|i| active(*i)).map_or(from, |i| i + 1);
        let calmed = stage.calmed(&(from..to));
        let calmed = calmed.start.max(first)..calmed.end.min(end);
        let fitted = stage.fitted(side, frames, first, calmed.clone());
        for i in (from..to).filter(|i| active(*i)) {
            let Some(hand) = fitted.get(i - calmed.start) else { continue };
            let time = stage.fps.time_of(FrameIndex(i as u32));
            let (mut pose, mut frame) = (hand.pose, hand.frame);
            for refinement in &own {
                let weight = refinement.weight(time);
                if weight > 0.0 {
                    let calm = || calm(&fitted, i - calmed.start, refinement.smoothing);
                    one(refinement, time, weight, side, &mut pose, &mut frame, hand, calm, &shape_at);
                }
            }
            if pose != hand.pose || frame != hand.frame {
                put(stage, &mut out[i - range.start], side, hand, &pose, &frame);
            }
        }
    }
    out
}

/// The hands of `range` as they are, with their plausibility; see [`Stage::fitted`]. Hands that are not in the picture
/// are `None`.
pub fn hands_of(
    stage: &Stage,
    side: Side,
    frames: &[PoseFrame],
    first: usize,
    range: Range<usize>,
) -> Vec<Option<FittedHand>> {
    let start = range.start.max(first);
    let fitted = stage.fitted(side, frames, first, range);
    let within = |i: usize| shown(&frames[start + i - first], side) && in_picture(&frames[start + i - first], side);
    fitted.into_iter().enumerate().map(|(i, hand)| (hand.plausibility.shown && within(i)).then_some(hand)).collect()
}

fn shown(frame: &PoseFrame, side: Side) -> bool {
    frame.points[side.hand_index()].score > 0.05
}

/// At least half of the hand is above the lower edge of the picture.
fn in_picture(frame: &PoseFrame, side: Side) -> bool {
    let points = &frame.points[side.hand_index()..side.hand_index() + HAND_JOINT_COUNT];
    points.iter().filter(|p| (0.0..=1.0).contains(&p.y)).count() * 2 > HAND_JOINT_COUNT
}

/// One refinement on one frame.
#[expect(clippy::too_many_arguments, reason = "what a frame is made of, passed on once")]
fn one(
    refinement: &Refinement,
    time: Seconds,
    weight: f32,
    side: Side,
    pose: &mut HandPose,
    frame: &mut HandFrame,
    hand: &FittedHand,
    calm: impl Fn() -> [f32; ANGLE_COUNT],
    shape_at: &impl Fn(Side, Seconds) -> Option<(HandPose, f32)>,
) {
    let mut wanted = *pose;
    if refinement.smoothing > 0.0 {
        // What calming changes of the hand beneath is added to what other layers made of it.
        let (own, calm, now) = (hand.pose.angles(), calm(), wanted.angles());
        wanted = HandPose::from_angles(&std::array::from_fn(|i| now[i] + calm[i] - own[i])).within_limits();
    }
    if refinement.toward > 0.0
        && let Some((shape, share)) = shape_at(side, time)
    {
        wanted = HandPose::between(&wanted, &shape, refinement.toward * share);
    }
    wanted = refinement.posed(time, &wanted);
    if wanted != *pose {
        *pose = HandPose::between(pose, &wanted, weight).within_limits();
    }
    let change = refinement.change_at(time);
    if change.wrist != [0.0; 3] {
        *frame = turned(frame, change.wrist.map(|w| w * weight));
    }
    if change.offset != [0.0; 2] {
        let inward = if side == Side::Right { 1.0 } else { -1.0 };
        frame.wrist += Vec3::new(inward * change.offset[0], -change.offset[1], 0.0) * weight;
    }
}

/// A hand turned about its wrist: bent into the palm, to the side of the thumb, rolled; degrees.
fn turned(frame: &HandFrame, [bend, side, roll]: [f32; 3]) -> HandFrame {
    // In the hand's own axes (along, thumbward, back), which a left and a right hand share.
    let own = Mat3::from_rotation_z(side.to_radians())
        * Mat3::from_rotation_y(bend.to_radians())
        * Mat3::from_rotation_x(roll.to_radians());
    let axes = Mat3::from_cols(frame.along, frame.thumbward, frame.back) * own;
    HandFrame { wrist: frame.wrist, along: axes.x_axis, thumbward: axes.y_axis, back: axes.z_axis }
}

/// Angles as they are on average over the frames around.
fn calm(fitted: &[FittedHand], at: usize, smoothing: f32) -> [f32; ANGLE_COUNT] {
    let width = 2.0 * smoothing.clamp(0.0, 2.0).max(0.05);
    let (mut sum, mut whole) = ([0.0; ANGLE_COUNT], 0.0);
    for i in at.saturating_sub(CALM)..(at + CALM + 1).min(fitted.len()) {
        let off = (i as f32 - at as f32) / width;
        let weight = (-0.5 * off * off).exp();
        whole += weight;
        for (sum, angle) in sum.iter_mut().zip(fitted[i].pose.angles()) {
            *sum += weight * angle;
        }
    }
    sum.map(|s| s / whole)
}

/// Moves the points of a hand by what the model's move.
fn put(stage: &Stage, frame: &mut PoseFrame, side: Side, was: &FittedHand, pose: &HandPose, to: &HandFrame) {
    let joints = stage.model.joints(pose, to).map(|j| stage.camera.project(j));
    let first = side.hand_index();
    for (j, (new, old)) in joints.iter().zip(&was.joints).enumerate() {
        let moved = *new - *old;
        frame.points[first + j].x += moved.x;
        frame.points[first + j].y += moved.y;
        frame.hand_z[side as usize][j] += moved.z;
    }
    // The arm goes with the wrist.
    let moved = joints[0] - was.joints[0];
    let (wrist, elbow) = match side {
        Side::Left => (index::LEFT_WRIST, index::LEFT_ELBOW),
        Side::Right => (index::RIGHT_WRIST, index::RIGHT_ELBOW),
    };
    for (point, share) in [(wrist, 1.0), (elbow, 0.5)] {
        frame.points[point].x += moved.x * share;
        frame.points[point].y += moved.y * share;
    }
}
