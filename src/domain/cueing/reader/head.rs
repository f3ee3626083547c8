//! The head: one resting face for the whole recording, and how it lies in each frame.
//!
//! Places of fingers are read on the resting face, so that speaking lips, a turning head and a missing point here and
//! there move no target. The resting face is the median of all frames, seen in axes that the eyes give; each frame then
//! finds its similarity (shift, turn, scale) from the points that speech does not move.

use super::ease::{median, smoothed};
use crate::pose::{FACE_POINT_COUNT, Point, PoseFrame};
use glam::Vec2;

/// Distance between the pupils of adults, inches (Dodgson 2004: mean 63 mm).
const PUPILS_APART: f32 = 2.48;
/// From the bridge of the nose (sellion) to the tip of the chin, inches (Gordon 1989, ANSUR: 121 mm men, 113 mm women).
const BRIDGE_TO_CHIN: f32 = 4.61;
/// Points that neither speech nor blinks move: upper ends of the jaw line, nose, corners of the eyes.
const STEADY: [usize; 17] = [0, 1, 15, 16, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 39, 42, 45];
/// Points with a lower score than this say nothing.
pub(super) const LEAST_SCORE: f32 = 0.05;
/// No more frames than this are looked at for the resting face.
const MOST_FRAMES: usize = 400;
/// The head's place is the weighted mean of this many frames to either side.
const SMOOTH_REACH: usize = 2;

/// From inches on the resting face to the picture: `p = turn * q + shift`, as complex numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Lie {
    turn: Vec2,
    shift: Vec2,
}

impl Lie {
    /// A point of the picture in inches on the resting face: x grows to image right, y downwards, 0 between the eyes.
    pub fn on_face(&self, p: Vec2) -> Vec2 {
        let n = self.turn.length_squared().max(1e-12);
        let d = p - self.shift;
        Vec2::new(d.x * self.turn.x + d.y * self.turn.y, d.y * self.turn.x - d.x * self.turn.y) / n
    }

    /// Picture units an inch.
    fn inch(&self) -> f32 {
        self.turn.length()
    }
}

/// The head of a recording.
#[derive(Clone, Debug)]
pub(super) struct Head {
    /// The resting face in inches; points that were never seen are `None`.
    rest: [Option<Vec2>; FACE_POINT_COUNT],
    /// One for each frame.
    pub lies: Vec<Lie>,
}

impl Head {
    /// `None` when no frame shows both eyes.
    pub fn new(frames: &[PoseFrame]) -> Option<Self> {
        let by_eyes: Vec<Option<Lie>> = frames.iter().map(|f| lie_by_eyes(f.face())).collect();
        let seen: Vec<usize> = (0..frames.len()).filter(|i| by_eyes[*i].is_some()).collect();
        let step = seen.len().div_ceil(MOST_FRAMES).max(1);
        let looked_at: Vec<usize> = seen.iter().copied().step_by(step).collect();
        if looked_at.is_empty() {
            return None;
        }
        let mut rest = [None; FACE_POINT_COUNT];
        for (i, place) in rest.iter_mut().enumerate() {
            let (mut xs, mut ys) = (Vec::new(), Vec::new());
            for frame in &looked_at {
                if let (Some(lie), Some(p)) = (by_eyes[*frame], seen_at(&frames[*frame].face()[i])) {
                    let q = lie.on_face(p);
                    xs.push(q.x);
                    ys.push(q.y);
                }
            }
            *place = median(&mut xs).zip(median(&mut ys)).map(|(x, y)| Vec2::new(x, y));
        }
        // The eyes gave a unit of one distance between pupils; the height of the face has its say, too.
        let mut inches = PUPILS_APART;
        if let (Some(bridge), Some(chin)) = (rest[27], rest[8]) {
            let height = (chin - bridge).length();
            if height > 0.5 {
                inches = (PUPILS_APART + BRIDGE_TO_CHIN / height) / 2.0;
            }
        }
        for place in rest.iter_mut().flatten() {
            *place *= inches;
        }
        let lies: Vec<Option<Lie>> = frames
            .iter()
            .zip(&by_eyes)
            .map(|(f, by_eyes)| {
                let rough = by_eyes.map(|l| Lie { turn: l.turn / inches, ..l });
                lie_by_points(f.face(), &rest).or(rough)
            })
            .collect();
        Some(Self { rest, lies: smooth(&lies) })
    }

    /// Picture units an inch, over the whole recording.
    pub fn inch(&self) -> f32 {
        let mut all: Vec<f32> = self.lies.iter().map(Lie::inch).collect();
        super::ease::median(&mut all).unwrap_or(1.0).max(1e-6)
    }

    /// How far the chin goes from one frame to the next, in the picture: the mean of the jaw's lowest points.
    pub fn chin_shift(&self, frames: &[PoseFrame], i: usize) -> Option<Vec2> {
        let (now, next) = (frames.get(i)?.face(), frames.get(i + 1)?.face());
        let moves: Vec<Vec2> = (6..=10).filter_map(|k| Some(seen_at(&next[k])? - seen_at(&now[k])?)).collect();
        (moves.len() >= 3).then(|| moves.iter().copied().sum::<Vec2>() / moves.len() as f32)
    }

    /// A point of the resting face, inches; `None` when it was never seen.
    pub fn point(&self, i: usize) -> Option<Vec2> {
        self.rest.get(i).copied().flatten()
    }
}

/// A point's place, if it is there.
pub(super) fn seen_at(p: &Point) -> Option<Vec2> {
    (p.score > LEAST_SCORE && p.x.is_finite() && p.y.is_finite()).then_some(Vec2::new(p.x, p.y))
}

fn middle(points: &[Point]) -> Option<Vec2> {
    let seen: Vec<Vec2> = points.iter().filter_map(seen_at).collect();
    (seen.len() >= 3).then(|| seen.iter().copied().sum::<Vec2>() / seen.len() as f32)
}

/// Axes from the eyes alone; the unit is the distance between them.
fn lie_by_eyes(face: &[Point]) -> Option<Lie> {
    let (right, left) = (middle(&face[36..42])?, middle(&face[42..48])?);
    let turn = left - right;
    (turn.length() > 1e-4).then_some(Lie { turn, shift: (left + right) / 2.0 })
}

/// The similarity that takes the resting face to this one with the least squares of distances.
fn lie_by_points(face: &[Point], rest: &[Option<Vec2>; FACE_POINT_COUNT]) -> Option<Lie> {
    let pairs: Vec<(Vec2, Vec2, f32)> = STEADY
        .iter()
        .filter_map(|i| Some((rest[*i]?, seen_at(&face[*i])?, face[*i].score)))
        .filter(|(_, _, w)| w.is_finite())
        .collect();
    if pairs.len() < 5 {
        return None;
    }
    let weight: f32 = pairs.iter().map(|p| p.2).sum();
    let q_mean = pairs.iter().map(|p| p.0 * p.2).sum::<Vec2>() / weight;
    let p_mean = pairs.iter().map(|p| p.1 * p.2).sum::<Vec2>() / weight;
    let (mut cross, mut square) = (Vec2::ZERO, 0.0);
    for (q, p, w) in &pairs {
        let (q, p) = (*q - q_mean, *p - p_mean);
        cross += Vec2::new(q.x * p.x + q.y * p.y, q.x * p.y - q.y * p.x) * *w;
        square += q.length_squared() * w;
    }
    if square < 1e-6 {
        return None;
    }
    let turn = cross / square;
    let turned = Vec2::new(turn.x * q_mean.x - turn.y * q_mean.y, turn.x * q_mean.y + turn.y * q_mean.x);
    (turn.length() > 1e-5).then_some(Lie { turn, shift: p_mean - turned })
}

/// Fills frames without a face from those beside them and calms the rest.
fn smooth(lies: &[Option<Lie>]) -> Vec<Lie> {
    let channel = |f: &dyn Fn(&Lie) -> f32| -> Vec<f32> {
        let values: Vec<Option<f32>> = lies.iter().map(|l| l.as_ref().map(f)).collect();
        smoothed(&values, SMOOTH_REACH)
    };
    let turn_x = channel(&|l| l.turn.x);
    let turn_y = channel(&|l| l.turn.y);
    let shift_x = channel(&|l| l.shift.x);
    let shift_y = channel(&|l| l.shift.y);
    (0..lies.len())
        .map(|i| Lie { turn: Vec2::new(turn_x[i], turn_y[i]), shift: Vec2::new(shift_x[i], shift_y[i]) })
        .collect()
}
