//! The cueing hand frame by frame: joints with holes filled, stretched fingers, speed.

use super::ease::filled;
use super::head::{Head, LEAST_SCORE};
use crate::pose::{HAND_JOINT_COUNT, PoseFrame, Side, index};
use crate::time::Fps;
use glam::{Vec2, Vec3};

/// A joint that is missing for longer than this is not guessed, seconds.
const LONGEST_HOLE: f64 = 0.25;
/// A joint that leaps this far for a single frame, and back, was seen wrongly; inches.
const LEAP: f32 = 1.2;
/// The palm: wrist and the four knuckles, which fingers do not move.
pub(super) const PALM: [usize; 5] = [0, 5, 9, 13, 17];
/// Lengths of the fingers from the knuckle in lengths of the palm (wrist to knuckle of the middle finger), index to
/// little finger (Greiner 1991, hand anthropometry: 7.2, 7.9, 7.5, 5.9 cm on a palm of 8.5 cm to the knuckle's crease;
/// bones reach from farther back).
const FINGER_LENGTHS: [f32; 4] = [0.87, 0.97, 0.92, 0.74];

/// What a frame shows of the hand; `None` where the points for it are missing.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct HandSeen {
    /// How far index, middle, ring and little finger reach from their knuckles along the hand, 1 when stretched.
    pub reach: [Option<f32>; 4],
    /// How far the thumb's tip stands off the index side of the palm, palm lengths; negative when it lies across.
    pub thumb: Option<f32>,
    /// Angle between index and middle finger, degrees, positive when they spread.
    pub spread: Option<f32>,
    /// Tips of index and middle finger on the resting face, inches.
    pub tips: [Option<Vec2>; 2],
    /// Middle of all joints, inches in the picture, and the direction of the hand there.
    pub whole: Option<Vec2>,
    pub axis: Option<Vec2>,
    /// The same middle on the resting face: it stays where it is while hand and head move as one.
    pub on_face: Option<Vec2>,
    /// Mean depth of the joints, inches towards the viewer.
    pub depth: Option<f32>,
    /// The same of the palm alone, which is as near in every shape.
    pub palm_depth: Option<f32>,
    /// Size of the palm as it appears, inches.
    pub size: Option<f32>,
    /// Speed of the hand, inches a second.
    pub speed: f32,
}

impl HandSeen {
    pub fn is_there(&self) -> bool {
        self.tips[0].is_some() || self.tips[1].is_some()
    }
}

/// The hand that cues: the one whose fingers are longer near the head. `None` when no hand is ever seen.
pub(super) fn cueing_side(frames: &[PoseFrame], head: &Head) -> Option<Side> {
    let near = |side: Side| {
        let first = side.hand_index();
        frames
            .iter()
            .zip(&head.lies)
            .map(|(f, lie)| {
                let seen = PALM.iter().filter_map(|j| super::head::seen_at(&f.points[first + j]));
                // Within a forearm's length of the face.
                let near = seen.map(|p| lie.on_face(p)).filter(|q| q.length() < 12.0).count();
                near as f32 / PALM.len() as f32
            })
            .sum::<f32>()
    };
    let (left, right) = (near(Side::Left), near(Side::Right));
    if left.max(right) <= 0.0 {
        return None;
    }
    Some(if left > right { Side::Left } else { Side::Right })
}

/// Reads the right hand of every frame. `depth` says whether depths of joints are to be used.
pub(super) fn seen(frames: &[PoseFrame], head: &Head, fps: Fps, depth: bool) -> Vec<HandSeen> {
    let joints = tracks(frames, head, fps);
    // One scale for the whole recording: a scale that trembles would let a still hand tremble with it.
    let inch = head.inch();
    let mut out: Vec<HandSeen> = (0..frames.len())
        .map(|i| {
            let at = |j: usize| joints[j][i].map(|p| if depth { p } else { p.truncate().extend(0.0) } / inch);
            let mut seen = fingers(&at);
            seen.tips = [8, 12].map(|j: usize| joints[j][i].map(|p| head.lies[i].on_face(p.truncate())));
            let places = joints.iter().filter_map(|track| Some(head.lies[i].on_face(track[i]?.truncate())));
            let (sum, n) = places.fold((Vec2::ZERO, 0), |(sum, n), p| (sum + p, n + 1));
            seen.on_face = (n >= 10).then(|| sum / n as f32);
            if depth {
                let zs: Vec<f32> = (0..HAND_JOINT_COUNT).filter_map(at).map(|p| p.z).collect();
                let palm: Vec<f32> = PALM.into_iter().filter_map(at).map(|p| p.z).collect();
                seen.palm_depth = (palm.len() >= 3).then(|| palm.iter().sum::<f32>() / palm.len() as f32);
                seen.depth = (zs.len() >= 10).then(|| zs.iter().sum::<f32>() / zs.len() as f32);
            }
            seen
        })
        .collect();
    // Shifts of the whole hand from frame to frame, in inches: all joints tremble less than one. The slower of the two
    // sides counts, for a hand that has just arrived rests already. A finger on the chin goes with the chin.
    let shift = |i: usize| -> Option<f32> {
        let moves: Vec<Vec3> = joints.iter().filter_map(|track| Some(track[i + 1]? - track[i]?)).collect();
        if moves.len() < 10 {
            return None;
        }
        let hand = moves.iter().copied().sum::<Vec3>() / moves.len() as f32;
        let (flat, deep) = (hand.truncate(), if depth { hand.z } else { 0.0 });
        let with_chin = head.chin_shift(frames, i).map_or(f32::INFINITY, |chin| (flat - chin).length());
        Some(flat.length().min(with_chin).hypot(deep) / inch)
    };
    let shifts: Vec<Option<f32>> = (0..frames.len().saturating_sub(1)).map(shift).collect();
    let rate = fps.rate() as f32;
    for (i, seen) in out.iter_mut().enumerate() {
        let before = i.checked_sub(1).and_then(|b| shifts.get(b).copied().flatten());
        let after = shifts.get(i).copied().flatten();
        seen.speed = before.into_iter().chain(after).fold(f32::INFINITY, f32::min) * rate;
        if !seen.speed.is_finite() {
            seen.speed = 0.0;
        }
    }
    out
}

/// Each joint over time, in the picture, with depth; leaps removed, short holes filled.
fn tracks(frames: &[PoseFrame], head: &Head, fps: Fps) -> Vec<Vec<Option<Vec3>>> {
    let longest = (LONGEST_HOLE * fps.rate()).round() as usize;
    let inch = head.inch();
    let first = index::RIGHT_HAND;
    (0..HAND_JOINT_COUNT)
        .map(|j| {
            let mut track: Vec<Option<Vec3>> = frames
                .iter()
                .map(|f| {
                    let p = f.points[first + j];
                    let z = f.hand_z[Side::Right as usize][j];
                    let there = p.score > LEAST_SCORE && p.x.is_finite() && p.y.is_finite();
                    there.then(|| Vec3::new(p.x, p.y, if z.is_finite() { z } else { 0.0 }))
                })
                .collect();
            let original = track.clone();
            for i in 1..track.len().saturating_sub(1) {
                if let (Some(a), Some(p), Some(b)) = (original[i - 1], original[i], original[i + 1]) {
                    let leap = (p - (a + b) / 2.0).truncate().length();
                    if leap > LEAP * inch && (b - a).truncate().length() < 0.4 * leap {
                        track[i] = None;
                    }
                }
            }
            filled(&track, longest, Vec3::lerp).into_iter().map(|(p, _)| p).collect()
        })
        .collect()
}

/// Measures fingers; `at` gives joints in inches.
fn fingers(at: &dyn Fn(usize) -> Option<Vec3>) -> HandSeen {
    let mut out = HandSeen::default();
    let all: Vec<Vec3> = (0..HAND_JOINT_COUNT).filter_map(at).collect();
    if all.len() == HAND_JOINT_COUNT {
        out.whole = Some(all.iter().copied().sum::<Vec3>().truncate() / HAND_JOINT_COUNT as f32);
    }
    let (Some(wrist), Some(index), Some(little)) = (at(0), at(5), at(17)) else { return out };
    let knuckles: Vec<Vec3> = [5, 9, 13].into_iter().filter_map(at).collect();
    let middle = knuckles.iter().copied().sum::<Vec3>() / knuckles.len() as f32;
    let palm = (middle - wrist).length();
    if palm < 0.3 {
        return out;
    }
    let along = (middle - wrist) / palm;
    let across = index - little;
    let thumbward = (across - along * across.dot(along)).normalize_or_zero();
    out.axis = Some(along.truncate().normalize_or_zero());
    out.size = Some(palm + across.length());
    for (f, length) in FINGER_LENGTHS.into_iter().enumerate() {
        if let (Some(knuckle), Some(tip)) = (at(5 + 4 * f), at(8 + 4 * f)) {
            out.reach[f] = Some((tip - knuckle).dot(along) / (length * palm));
        }
    }
    out.thumb = at(4).map(|tip| (tip - index).dot(thumbward) / palm);
    let direction = |f: usize| -> Option<f32> {
        let (a, b) = (at(5 + 4 * f)?, at(8 + 4 * f)?);
        let inner: Vec3 = (at(6 + 4 * f).unwrap_or(a.lerp(b, 0.45)) + at(7 + 4 * f).unwrap_or(a.lerp(b, 0.75))) / 2.0;
        // The line through four joints, its ends counting most.
        let way = (b - a) * 0.8 + (b - inner) * 0.4 + (inner - a) * 0.4;
        Some(way.dot(thumbward).atan2(way.dot(along)).to_degrees())
    };
    out.spread = direction(0).zip(direction(1)).map(|(i, m)| i - m);
    out
}
