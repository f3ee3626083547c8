//! WHERE, solved again: a hand that touches the chin of the source touches the chin of the target.
//!
//! Faces differ in their parts, not only in size, so a hand brought over by scales misses by a fingertip or two. Each
//! fingertip near the face is carried by the map that brings the source's landmarks *about that fingertip* to those of
//! the target (moving least squares with similarities; Schaefer, McPhail & Warren 2006, equations 1 and 6): beside the
//! mouth's corner it is beside the mouth's corner again. The hand is moved as a whole by what its fingertips ask for,
//! those nearest to the face first; the wrist goes along and the elbow half the way. Away from the face it fades out.

use super::global::similarity;
use super::measure::{node, seen};
use crate::pose::{FACE_POINT_COUNT, PoseFrame, Side, index};
use glam::Vec2;

/// Fingertips, thumb to little finger.
const TIPS: [usize; 5] = [4, 8, 12, 16, 20];
/// Up to this distance from the face the correction is whole, and beyond that there is none, widths of the source's face.
const REACH: (f32, f32) = (0.9, 1.7);
/// How much nearer than another a fingertip must be to be asked alone, widths of the face.
const ALONE: f32 = 0.08;
/// Landmarks nearer than this count alike, widths of the face.
const SOFT: f32 = 0.06;
/// No hand is moved further than this, widths of the face on the target.
const FURTHEST: f32 = 0.6;

/// A landmark in the source and on the target.
type Landmark = (Vec2, Vec2);

/// Moves both hands of `aligned`, which was made from `source`.
pub(super) fn correct(source: &PoseFrame, aligned: &mut PoseFrame) {
    let at = |frame: &PoseFrame, i: usize| node(frame, i).map(|p| p.0);
    let points = (index::FACE..index::FACE + FACE_POINT_COUNT).chain([index::LEFT_SHOULDER, index::RIGHT_SHOULDER]);
    let marks: Vec<Landmark> = points.filter_map(|i| Some((at(source, i)?, at(aligned, i)?))).collect();
    let Some((width, target_width)) = widths(source, aligned) else { return };
    if marks.len() < 8 {
        return;
    }
    for side in [Side::Left, Side::Right] {
        let first = side.hand_index();
        let tips: Vec<(Vec2, Vec2)> =
            TIPS.iter().filter_map(|t| Some((at(source, first + t)?, at(aligned, first + t)?))).collect();
        let Some(by) = wanted(&tips, &marks, width, target_width) else { continue };
        let mut moved = |i: usize, by: Vec2| {
            let p = &mut aligned.points[i];
            if seen(*p) {
                (p.x, p.y) = (p.x + by.x, p.y + by.y);
            }
        };
        (first..first + crate::pose::HAND_JOINT_COUNT).for_each(|i| moved(i, by));
        moved(index::LEFT_WRIST + side as usize, by);
        moved(index::LEFT_ELBOW + side as usize, by / 2.0);
    }
}

/// Width of the face, from ear to ear, in both.
fn widths(source: &PoseFrame, aligned: &PoseFrame) -> Option<(f32, f32)> {
    let width = |f: &PoseFrame| {
        let (a, b) = (node(f, index::FACE)?, node(f, index::FACE + 16)?);
        Some(a.0.distance(b.0)).filter(|w| *w > 1e-4)
    };
    Some((width(source)?, width(aligned)?))
}

/// How far the hand is to be moved.
fn wanted(tips: &[(Vec2, Vec2)], marks: &[Landmark], width: f32, target_width: f32) -> Option<Vec2> {
    let distance = |v: Vec2| {
        // Shoulders are landmarks of the map, not of the face.
        let face = marks.iter().map(|m| m.0.distance(v)).fold(f32::INFINITY, f32::min);
        face / width
    };
    let nearest = tips.iter().map(|t| distance(t.0)).fold(f32::INFINITY, f32::min);
    let t = ((nearest - REACH.0) / (REACH.1 - REACH.0)).clamp(0.0, 1.0);
    let fade = 1.0 - t * t * (3.0 - 2.0 * t);
    if tips.is_empty() || fade <= 0.0 {
        return None;
    }
    let (mut sum, mut total) = (Vec2::ZERO, 0.0);
    for (from, to) in tips {
        let weight = (-(distance(*from) - nearest) / ALONE).exp();
        sum += (carried(*from, marks, width)? - *to) * weight;
        total += weight;
    }
    let by = (sum / total).clamp_length_max(FURTHEST * target_width) * fade;
    by.is_finite().then_some(by)
}

/// Where the landmarks about `v` carry it.
fn carried(v: Vec2, marks: &[Landmark], width: f32) -> Option<Vec2> {
    let weight = |m: &Landmark| {
        let d = m.0.distance_squared(v) / (width * width) + SOFT * SOFT;
        1.0 / (d * d)
    };
    let pairs: Vec<_> = marks.iter().map(|m| (m.0, m.1, weight(m))).collect();
    Some(similarity(&pairs)?.apply(v))
}
