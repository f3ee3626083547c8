//! How plausible a seen hand is, with what speaks against it.

use super::super::HAND_JOINT_COUNT;
use super::super::edges::HAND;
use super::kinematics::State;
use super::solve::Problem;
use super::{Camera, HandMeasures, HandPoints};
use glam::{Vec2, Vec3};

/// What speaks against a hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DoubtKind {
    /// Points are missing.
    Missing,
    /// A joint would have to bend further than joints do.
    Limit,
    /// A bone is longer than this person's, or shorter than turning it away explains.
    Bones,
    /// Two fingers run through each other.
    Crossing,
    /// A point leaps away and back within a frame.
    Jump,
    /// The points do not make a hand.
    Misfit,
}

impl DoubtKind {
    /// English, sentence case.
    pub fn text(self) -> &'static str {
        match self {
            Self::Missing => "Points are missing",
            Self::Limit => "A joint bends too far",
            Self::Bones => "A bone has the wrong length",
            Self::Crossing => "Fingers run through each other",
            Self::Jump => "A finger jumps",
            Self::Misfit => "The points do not make a hand",
        }
    }

    /// Name on the command line and in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Limit => "limit",
            Self::Bones => "bones",
            Self::Crossing => "crossing",
            Self::Jump => "jump",
            Self::Misfit => "misfit",
        }
    }
}

/// One thing that speaks against a hand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Doubt {
    pub kind: DoubtKind,
    /// Which finger, thumb 0 to little finger 4, where it is about one.
    pub finger: Option<usize>,
    /// How much, 0-1.
    pub amount: f32,
}

/// How plausible a hand is.
#[derive(Clone, Debug, PartialEq)]
pub struct Plausibility {
    /// 0 cannot be, 1 nothing speaks against it.
    pub score: f32,
    /// False where next to nothing of the hand is seen; nothing is said then.
    pub shown: bool,
    /// The worst first, at most one of a kind.
    pub doubts: Vec<Doubt>,
}

/// Fewer points than these are no hand.
const LEAST: usize = 4;
/// Lines of bones nearer than this share of the hand's length run through each other; fingers are twice as thick.
const CROSSED: f32 = 0.04;
/// How far a point may leap away from both neighbouring frames, shares of the hand's length.
const LEAP: f32 = 0.16;

/// Judges frame `at` of a clip, of which `state` and `joints` are the fit.
pub(super) fn judged(
    measures: &HandMeasures,
    camera: &Camera,
    clip: &[HandPoints],
    at: usize,
    problem: &Problem<'_>,
    state: &State,
    joints: &[Vec3; HAND_JOINT_COUNT],
) -> Plausibility {
    let points = &clip[at];
    let count = points.seen_count();
    if count < LEAST {
        return Plausibility { score: 0.0, shown: false, doubts: Vec::new() };
    }
    let mut doubts: Vec<Doubt> = Vec::new();
    let mut doubt = |kind, finger, amount: f32| {
        if amount > 0.02 {
            doubts.push(Doubt { kind, finger, amount: amount.min(1.0) });
        }
    };
    let length = measures.model.length * camera.scale(state.wrist.z) as f32;
    let noise = measures.noise / length;
    doubt(DoubtKind::Missing, None, (0.75 - count as f32 / HAND_JOINT_COUNT as f32) / 0.75);

    for (joint, off) in joints.iter().zip(0..).map(|(j, i)| (i, seen_at(points, i).map(|p| p - j.truncate()))) {
        let share = off.map_or(0.0, |o: Vec2| o.length() / length);
        doubt(DoubtKind::Misfit, finger_of(joint), (share - 0.06 - 4.0 * noise) / 0.25);
    }
    for (finger, amount) in beyond_limits(problem, state) {
        doubt(DoubtKind::Limit, finger, amount);
    }
    for (a, b) in HAND {
        if let Some(amount) = wrong_bone(measures, camera, points, joints, a, b) {
            doubt(DoubtKind::Bones, finger_of(b), amount - 6.0 * noise);
        }
    }
    let space = measures.model.joints(&state.pose(), &state.frame());
    let crossed = crossings(&space, measures.model.length);
    let local = measures.model.local_joints(&state.pose());
    for (finger, amount) in crossed.into_iter().chain(changed_places(&local)) {
        doubt(DoubtKind::Crossing, Some(finger), amount);
    }
    for joint in [4, 8, 12, 16, 20] {
        if let Some(leap) = leap(clip, at, joint) {
            doubt(DoubtKind::Jump, finger_of(joint), (leap / length - LEAP - 6.0 * noise) / 0.3);
        }
    }
    doubts.sort_by(|a, b| a.kind.cmp(&b.kind).then(b.amount.total_cmp(&a.amount)));
    doubts.dedup_by_key(|d| d.kind);
    doubts.sort_by(|a, b| b.amount.total_cmp(&a.amount).then(a.kind.cmp(&b.kind)));
    let score = doubts.iter().map(|d| 1.0 - 0.8 * d.amount).product();
    Plausibility { score, shown: true, doubts }
}

fn finger_of(joint: usize) -> Option<usize> {
    joint.checked_sub(1).map(|j| j / 4)
}

fn seen_at(points: &HandPoints, joint: usize) -> Option<Vec2> {
    (points.trust(joint) > 0.0).then(|| Vec2::from(points.xy[joint]))
}

/// Angles that would go on beyond their limits if they could, by how far.
fn beyond_limits(problem: &Problem<'_>, state: &State) -> Vec<(Option<usize>, f32)> {
    let free = problem.normal(state);
    let mut held = problem.normal(state);
    let held = Problem::hold_limits(state, &mut held);
    let beyond = |i: usize| (free.slope[6 + i] / free.matrix[6 + i][6 + i].max(1e-9)).abs().to_degrees() as f32;
    let of = |i: usize| match i {
        0..5 => Some(0),
        21 => None,
        _ => Some(1 + (i - 5) / 4),
    };
    // Only flexions: the others are limits of what a picture tells, too.
    let flexion = |i: &usize| matches!(*i, 3 | 4) || ((5..21).contains(i) && (*i - 5) % 4 != 3);
    (0..22).filter(|i| held[6 + i]).filter(flexion).map(|i| (of(i), (beyond(i) - 10.0) / 35.0)).collect()
}

/// How wrong a seen bone is: longer than it can look, or, where depth is known, of another length.
fn wrong_bone(
    measures: &HandMeasures,
    camera: &Camera,
    points: &HandPoints,
    joints: &[Vec3; HAND_JOINT_COUNT],
    a: usize,
    b: usize,
) -> Option<f32> {
    let (p, q) = (seen_at(points, a)?, seen_at(points, b)?);
    let model = &measures.model;
    let own = match (a, b) {
        (0, 1) => model.thumb_foot.length(),
        (0, _) => model.knuckles[(b - 5) / 4].length(),
        (_, 2..=4) => model.thumb[b - 2],
        _ => model.phalanges[(b - 5) / 4][b - 6 - 4 * ((b - 5) / 4)],
    };
    let scale = camera.scale(f64::from(joints[a].z.max(joints[b].z))) as f32;
    let own = own * model.length * scale;
    let deep = points.depth.map_or(0.0, |d| (d[a] - d[b]) * scale);
    let seen = p.distance_squared(q) + if deep.is_finite() { deep * deep } else { 0.0 };
    // Of short bones small errors count less.
    let off = (seen.sqrt() - own) / own.max(0.15 * model.length * scale);
    Some(if points.depth.is_some() { (off.abs() - 0.15) / 0.5 } else { (off - 0.18) / 0.5 })
}

/// Fingers whose outer bones come too near to those of another finger, thumb 0 to little finger 4.
fn crossings(joints: &[Vec3; HAND_JOINT_COUNT], length: f32) -> Vec<(usize, f32)> {
    let mut out = Vec::new();
    for f in 1..4 {
        for g in f + 1..5 {
            let mut nearest = f32::INFINITY;
            for a in 1..4 {
                for b in 1..4 {
                    let (i, j) = (4 * f + a, 4 * g + b);
                    nearest = nearest.min(apart(joints[i], joints[i + 1], joints[j], joints[j + 1]));
                }
            }
            out.push((f, 1.0 - nearest / (CROSSED * length)));
        }
    }
    out
}

/// Neighbours that both stand out and end in the other order than they begin.
fn changed_places(local: &[Vec3; HAND_JOINT_COUNT]) -> Vec<(usize, f32)> {
    let out = |f: usize| {
        let (root, tip) = (local[4 * f + 1], local[4 * f + 4]);
        (tip.x - root.x > 0.25).then_some(tip.y)
    };
    let pair = |f: usize| Some((f, (out(f + 1)? - out(f)? - 0.01) / 0.08));
    (1..4).filter_map(pair).collect()
}

/// The distance of two lines between points (Ericson, Real-Time Collision Detection, 5.1.9).
fn apart(a: Vec3, b: Vec3, c: Vec3, d: Vec3) -> f32 {
    let (u, v, w) = (b - a, d - c, a - c);
    let (uu, uv, vv, uw, vw) = (u.dot(u), u.dot(v), v.dot(v), u.dot(w), v.dot(w));
    let across = uu * vv - uv * uv;
    let mut s = if across > 1e-9 { ((uv * vw - vv * uw) / across).clamp(0.0, 1.0) } else { 0.0 };
    let mut t = (uv * s + vw) / vv.max(1e-9);
    if !(0.0..=1.0).contains(&t) {
        t = t.clamp(0.0, 1.0);
        s = ((uv * t - uw) / uu.max(1e-9)).clamp(0.0, 1.0);
    }
    (w + u * s - v * t).length()
}

/// How far a point is, seen from the wrist, from where it was and will be, when those two agree.
fn leap(clip: &[HandPoints], at: usize, joint: usize) -> Option<f32> {
    let from_wrist = |i: usize| Some(seen_at(clip.get(i)?, joint)? - seen_at(&clip[i], 0)?);
    let (before, now, after) = (from_wrist(at.checked_sub(1)?)?, from_wrist(at)?, from_wrist(at + 1)?);
    let leap = now.distance(before).min(now.distance(after));
    (before.distance(after) < 0.5 * leap).then_some(leap)
}
