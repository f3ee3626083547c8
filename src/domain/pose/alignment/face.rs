//! The face of the source at rest, where the head is in each frame, and the face in the picture of the target.
//!
//! The points that no expression moves say where the head is ([`HeadPlace`]: offset, rotation, size against the rest). In
//! the head's own axes a point's distance from rest is expression, and a turn of the head to the side. With
//! `keep_face` this distance is put on the *picture's* own points: the face stays that of the picture to the last
//! point, and moves. Without it, the source's points are scaled by groups about the middle of the head, and the shape of
//! the source's face comes along.

use super::Bone;
use super::global::similarity;
use super::measure::{looked_at, seen, weighted_quantile};
use super::skeleton::face_bone;
use crate::pose::compose::STABLE;
use crate::pose::{FACE_POINT_COUNT, PoseFrame, index};
use glam::Vec2;

/// The share of frames, those with the least open mouth, that show the mouth at rest.
const SHUT: f32 = 0.15;
/// Fewer points say nothing of where a head is.
const LEAST_POINTS: usize = 3;

/// Where a head is in a frame: `p = at + size · R(turn) · rest`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct HeadPlace {
    pub at: Vec2,
    /// Radians.
    pub turn: f32,
    pub size: f32,
}

impl HeadPlace {
    /// A point in the axes of the head.
    pub fn local(&self, p: Vec2) -> Vec2 {
        Vec2::from_angle(-self.turn).rotate(p - self.at) / self.size
    }
}

/// The source's face at rest.
#[derive(Clone, Debug)]
pub(super) struct SourceFace {
    /// In the units of the source, about the middle of the stable points; `None` where a point is never seen.
    pub rest: [Option<Vec2>; FACE_POINT_COUNT],
}

pub(super) fn face_point(frame: &PoseFrame, i: usize) -> Option<(Vec2, f32)> {
    let p = frame.points[index::FACE + i];
    seen(p).then_some((Vec2::new(p.x, p.y), p.score.min(1.0)))
}

fn middle_of(points: &[Option<Vec2>; FACE_POINT_COUNT]) -> Option<Vec2> {
    let stable: Vec<Vec2> = STABLE.iter().filter_map(|i| points[*i]).collect();
    (stable.len() >= LEAST_POINTS).then(|| stable.iter().sum::<Vec2>() / stable.len() as f32)
}

impl SourceFace {
    /// The face of a clip; `None` where no frame shows one.
    pub fn measure(frames: &[PoseFrame]) -> Option<Self> {
        // The frame that shows most, for a start: of the rest all frames have their say.
        let shown = |f: &PoseFrame| STABLE.iter().filter_map(|i| face_point(f, *i)).map(|p| 1.0 + p.1).sum::<f32>();
        let best =
            looked_at(frames.len()).max_by(|a, b| shown(&frames[*a]).total_cmp(&shown(&frames[*b])).then(b.cmp(a)))?;
        let start = Self { rest: std::array::from_fn(|i| face_point(&frames[best], i).map(|p| p.0)) }.centred()?;
        let places: Vec<(usize, HeadPlace)> =
            looked_at(frames.len()).filter_map(|i| Some((i, start.place(&frames[i])?))).collect();
        let even = |f: &dyn Fn(&HeadPlace) -> f32| {
            weighted_quantile(&mut places.iter().map(|p| (f(&p.1), 1.0)).collect::<Vec<_>>(), 0.5)
        };
        let (turn, size) = (even(&|p| p.turn), even(&|p| p.size));
        // How far the mouth is open in each frame, in the head's axes.
        let open = |(i, place): &(usize, HeadPlace)| {
            let (a, b) = (face_point(&frames[*i], 62)?, face_point(&frames[*i], 66)?);
            Some(place.local(a.0).distance(place.local(b.0)))
        };
        let mut opened: Vec<(f32, f32)> = places.iter().filter_map(open).map(|o| (o, 1.0)).collect();
        let shut = weighted_quantile(&mut opened, SHUT);
        let upright = Vec2::from_angle(turn) * size;
        let rest = std::array::from_fn(|k| {
            let moves_with_mouth = (3..14).contains(&k) || k >= 48;
            let mut axes = [Vec::new(), Vec::new()];
            for pass in 0..2 {
                for entry in &places {
                    if moves_with_mouth && pass == 0 && open(entry).is_none_or(|o| o > shut) {
                        continue;
                    }
                    if let Some((p, score)) = face_point(&frames[entry.0], k) {
                        let local = entry.1.local(p);
                        axes[0].push((local.x, score));
                        axes[1].push((local.y, score));
                    }
                }
                // Without one frame of a shut mouth that shows the point, any frame.
                if !axes[0].is_empty() {
                    break;
                }
            }
            let known = !axes[0].is_empty();
            let at = Vec2::new(weighted_quantile(&mut axes[0], 0.5), weighted_quantile(&mut axes[1], 0.5));
            known.then(|| upright.rotate(at))
        });
        Self { rest }.centred()
    }

    fn centred(mut self) -> Option<Self> {
        let middle = middle_of(&self.rest)?;
        self.rest.iter_mut().flatten().for_each(|p| *p -= middle);
        Some(self)
    }

    /// Where the head is in a frame; `None` where too little of it is seen.
    pub fn place(&self, frame: &PoseFrame) -> Option<HeadPlace> {
        let pairs: Vec<_> = STABLE
            .iter()
            .filter_map(|i| {
                let (at, score) = face_point(frame, *i)?;
                Some((self.rest[*i]?, at, score))
            })
            .collect();
        if pairs.len() < LEAST_POINTS {
            return None;
        }
        let map = similarity(&pairs)?;
        (map.size() > 1e-3).then(|| HeadPlace { at: map.to, turn: map.turn(), size: map.size() })
    }

    /// The scale of a group against the picture's face, `target` being its 68 points: mean distance from the middle of
    /// the group, or of the head for the line of the jaw and the places of the groups.
    pub fn scale(&self, bone: Bone, target: &[Vec2; FACE_POINT_COUNT]) -> Option<f32> {
        let own = |i: &usize| self.rest[*i].is_some() && (face_bone(*i) == bone || bone == Bone::Face);
        let group: Vec<usize> = (0..FACE_POINT_COUNT).filter(own).collect();
        let radius = |at: &dyn Fn(usize) -> Vec2| {
            let middle = match bone {
                Bone::Face => {
                    STABLE.iter().filter(|i| self.rest[**i].is_some()).map(|i| at(*i)).sum::<Vec2>()
                        / STABLE.iter().filter(|i| self.rest[**i].is_some()).count().max(1) as f32
                }
                _ => group.iter().map(|i| at(*i)).sum::<Vec2>() / group.len().max(1) as f32,
            };
            let square = |i: &usize| (at(*i) - middle).length_squared();
            (group.iter().map(square).sum::<f32>() / group.len().max(1) as f32).sqrt()
        };
        let source = radius(&|i| self.rest[i].unwrap_or_default());
        let scale = radius(&|i| target[i]) / source;
        (group.len() >= 4 && source > 1e-5 && scale.is_finite()).then_some(scale)
    }

    /// The middle of a group in the face at rest.
    pub fn group_middle(&self, bone: Bone) -> Vec2 {
        if bone == Bone::Face {
            return Vec2::ZERO;
        }
        let points: Vec<Vec2> =
            (0..FACE_POINT_COUNT).filter(|i| face_bone(*i) == bone).filter_map(|i| self.rest[i]).collect();
        points.iter().sum::<Vec2>() / points.len().max(1) as f32
    }
}
