//! How long the bones of a tracked person are.

use super::skeleton::Edge;
use super::{Bone, SCALES, SEEN, Settings};
use crate::pose::{Point, PoseFrame, Side, index};
use glam::Vec2;
use std::ops::Range;

/// Frames that a long clip is measured on, evenly spread.
const MOST_FRAMES: usize = 4000;
/// A bone whose shorter lengths (0.1 quantile) are less than this share of its longer ones (0.9) is foreshortened.
const STEADY: f32 = 0.75;
/// Frames count as foreshortened below this share of the bone's measured length.
const SHORT: f32 = 0.7;
/// Foreshortened stretches closer than this many frames are one.
const JOIN: u32 = 8;

/// A bone as it was measured, and its scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoneFit {
    pub bone: Bone,
    /// Scale in force beside the size of the whole.
    pub scale: f32,
    /// Scale that was found; 1 where bone or person were not measured.
    pub found: f32,
    /// The bone could be measured in the source and on the person.
    pub measured: bool,
    /// What was found lies beyond [`SCALES`] and was brought to its end.
    pub clamped: bool,
    pub fixed: bool,
    /// How much its length varies: the 0.1 quantile as a share of the 0.9 quantile, 1 is not at all.
    pub steadiness: f32,
}

/// A bone of one side that is often seen much shortened: its scale is less certain.
#[derive(Clone, Debug, PartialEq)]
pub struct Foreshortened {
    pub bone: Bone,
    pub side: Option<Side>,
    /// Frames of the source in which it is short, the longest stretch first.
    pub frames: Vec<Range<u32>>,
    /// Share of all frames.
    pub share: f32,
}

/// Length of one edge over the clip.
#[derive(Clone, Debug)]
pub(super) struct EdgeLength {
    /// Length in the source, its own units.
    pub length: f32,
    /// Sum of the confidences.
    weight: f32,
    steadiness: f32,
}

impl EdgeLength {
    /// A length that is known.
    pub fn exact(length: f32) -> Self {
        Self { length, weight: 1.0, steadiness: 1.0 }
    }
}

/// Value below which the share `q` of the weight lies; 0 for nothing. Ties and order do not matter.
pub(super) fn weighted_quantile(values: &mut [(f32, f32)], q: f32) -> f32 {
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = values.iter().map(|v| f64::from(v.1)).sum();
    let mut sum = 0.0;
    for (value, weight) in values.iter() {
        sum += f64::from(*weight);
        if sum >= f64::from(q) * total - 1e-9 {
            return *value;
        }
    }
    values.last().map_or(0.0, |v| v.0)
}

/// The frames of a clip that are looked at.
pub(super) fn looked_at(count: usize) -> impl Iterator<Item = usize> {
    (0..count).step_by(count.div_ceil(MOST_FRAMES).max(1))
}

pub(super) fn seen(p: Point) -> bool {
    p.score > SEEN && p.x.is_finite() && p.y.is_finite()
}

/// The wrist of a side: the hand's own first joint, else the body's point.
pub(super) fn wrist(frame: &PoseFrame, side: Side) -> Point {
    let hand = frame.points[side.hand_index()];
    if seen(hand) { hand } else { frame.points[index::LEFT_WRIST + side as usize] }
}

/// A node of the tree in a frame, as seen.
pub(super) fn node(frame: &PoseFrame, i: usize) -> Option<(Vec2, f32)> {
    let p = match i {
        index::LEFT_WRIST => wrist(frame, Side::Left),
        index::RIGHT_WRIST => wrist(frame, Side::Right),
        _ => frame.points[i],
    };
    seen(p).then_some((Vec2::new(p.x, p.y), p.score.min(1.0)))
}

/// The middle between the shoulders.
pub(super) fn root(frame: &PoseFrame) -> Option<(Vec2, f32)> {
    let (l, r) = (node(frame, index::LEFT_SHOULDER)?, node(frame, index::RIGHT_SHOULDER)?);
    Some(((l.0 + r.0) / 2.0, l.1.min(r.1)))
}

/// Length and confidence of an edge in a frame.
fn length_in(edge: &Edge, frame: &PoseFrame) -> Option<(f32, f32)> {
    let from = edge.from.map_or_else(|| root(frame), |i| node(frame, i))?;
    let to = node(frame, edge.to)?;
    Some((from.0.distance(to.0), from.1.min(to.1)))
}

/// Measures one length over a clip: where it varies much it is taken where it is long.
pub(super) fn over_clip(values: &mut Vec<(f32, f32)>) -> Option<EdgeLength> {
    values.retain(|v| v.0.is_finite() && v.1 > 0.0);
    if values.is_empty() {
        return None;
    }
    let (low, high) = (weighted_quantile(values, 0.1), weighted_quantile(values, 0.9));
    let steadiness = if high > 0.0 { low / high } else { 1.0 };
    let length = if steadiness < STEADY { high } else { weighted_quantile(values, 0.5) };
    let weight = values.iter().map(|v| v.1).sum();
    (length > 1e-5).then_some(EdgeLength { length, weight, steadiness })
}

/// The edge's length in the source.
pub(super) fn edge_length(edge: &Edge, frames: &[PoseFrame]) -> Option<EdgeLength> {
    let mut values: Vec<_> = looked_at(frames.len()).filter_map(|i| length_in(edge, &frames[i])).collect();
    over_clip(&mut values)
}

/// The scale of a bone from its edges on both sides, each with its length on the person: the ratio of the sums (eq. 17
/// with both sides averaged), beside the size of the whole.
pub(super) fn bone_fit(bone: Bone, pairs: &[(EdgeLength, f32)], size: f32, settings: &Settings) -> BoneFit {
    let sum = |f: &dyn Fn(&(EdgeLength, f32)) -> f32| pairs.iter().map(|p| f64::from(f(p))).sum::<f64>();
    let (source, target) = (sum(&|p| p.0.weight * p.0.length), sum(&|p| p.0.weight * p.1));
    let weight = sum(&|p| p.0.weight);
    let steadiness = if weight > 0.0 { (sum(&|p| p.0.weight * p.0.steadiness) / weight) as f32 } else { 1.0 };
    let raw = (target / (source * f64::from(size))) as f32;
    let measured = raw.is_finite() && source > 0.0 && raw > 0.0;
    let found = if measured { raw.clamp(SCALES.0, SCALES.1) } else { 1.0 };
    let fixed = settings.fixed(bone);
    BoneFit {
        bone,
        scale: fixed.unwrap_or(found),
        found,
        measured,
        clamped: measured && (raw < SCALES.0 - 1e-4 || raw > SCALES.1 + 1e-4),
        fixed: fixed.is_some(),
        steadiness,
    }
}

/// Whether an edge is foreshortened so often that its scale is in doubt. Fingers fold on purpose and are left out.
pub(super) fn foreshortened(edge: &Edge, length: &EdgeLength, frames: &[PoseFrame]) -> Option<Foreshortened> {
    let watched = matches!(edge.bone, Bone::Shoulders | Bone::UpperArm | Bone::Forearm);
    if !watched || length.steadiness >= STEADY {
        return None;
    }
    let mut stretches: Vec<Range<u32>> = Vec::new();
    let mut short = 0;
    for (i, frame) in frames.iter().enumerate() {
        if length_in(edge, frame).is_some_and(|(l, _)| l < SHORT * length.length) {
            short += 1;
            let i = i as u32;
            match stretches.last_mut() {
                Some(last) if i <= last.end + JOIN => last.end = i + 1,
                _ => stretches.push(i..i + 1),
            }
        }
    }
    stretches.sort_by_key(|s| (u32::MAX - (s.end - s.start), s.start));
    let share = short as f32 / frames.len().max(1) as f32;
    (!stretches.is_empty()).then_some(Foreshortened { bone: edge.bone, side: edge.side, frames: stretches, share })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_follow_the_weights() {
        let mut v = vec![(3.0, 1.0), (1.0, 1.0), (2.0, 1.0)];
        assert_eq!(weighted_quantile(&mut v, 0.5), 2.0);
        assert_eq!(weighted_quantile(&mut [(1.0, 0.1), (9.0, 0.1), (5.0, 5.0)], 0.9), 5.0);
        assert_eq!(weighted_quantile(&mut [(1.0, 1.0), (9.0, 3.0)], 0.5), 9.0);
        assert_eq!(weighted_quantile(&mut [], 0.5), 0.0);
        assert_eq!(looked_at(10).count(), 10);
        assert!(looked_at(100_000).count() <= MOST_FRAMES);
    }
}
