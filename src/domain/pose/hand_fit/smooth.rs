//! Points made calm over a few frames, as far as they rest or move evenly.
//!
//! Around each frame a short stretch of every point is laid through a line or a parabola. Of several stretches the one
//! that calms most is taken whose points lie as near to the curve as their noise explains (the idea of Lepski's choice
//! of bandwidth, 1991); fingers decide for themselves, so that a finger that opens does not blur the others.

use super::super::HAND_JOINT_COUNT;
use super::HandPoints;
use super::solve::{Seen, cholesky, solve};
use glam::DVec2;

/// Frames on either side that a point may be calmed with.
pub(super) const WINDOW: usize = 4;

/// Half the length of a stretch and the degree of its curve, from least to most calming.
const CURVES: [(usize, usize); 6] = [(2, 2), (3, 2), (1, 1), (2, 1), (3, 1), (4, 1)];

/// Points that move together: the palm, the thumb and the fingers beyond their knuckles.
const GROUPS: [&[usize]; 6] =
    [&[0, 1, 5, 9, 13, 17], &[2, 3, 4], &[6, 7, 8], &[10, 11, 12], &[14, 15, 16], &[18, 19, 20]];

/// How much more the points of a stretch may stray from its curve than their noise explains.
const STRAY: f64 = 1.35;
/// Points below this score are taken to be missing.
pub(super) const SEEN: f32 = 0.08;

/// The least squares curve of one point over a stretch: its value in the middle, the variance of that value for noise
/// of variance 1, and what is left over.
struct Curve {
    at: DVec2,
    variance: f64,
    left: f64,
    /// Values beyond those that the curve needs.
    spare: f64,
}

fn curve(clip: &[HandPoints], middle: usize, half: usize, degree: usize, joint: usize) -> Option<Curve> {
    let range = middle.saturating_sub(half)..(middle + half + 1).min(clip.len());
    let mut matrix = [[0.0; 3]; 3];
    let mut right = [[0.0; 3]; 2];
    let mut count = 0;
    let rows = range.filter_map(|i| {
        let [x, y] = clip[i].xy[joint];
        let weight = f64::from(clip[i].trust(joint));
        (weight > 0.0).then(|| (i as f64 - middle as f64, [f64::from(x), f64::from(y)], weight))
    });
    let rows: Vec<_> = rows.collect();
    for (t, at, weight) in &rows {
        let powers = [1.0, *t, t * t];
        for a in 0..=degree {
            for b in 0..=degree {
                matrix[a][b] += weight * powers[a] * powers[b];
            }
            for c in 0..2 {
                right[c][a] += weight * powers[a] * at[c];
            }
        }
        count += 1;
    }
    // On both sides, or the curve would be a guess.
    let sided = rows.iter().any(|r| r.0 < 0.0) && rows.iter().any(|r| r.0 > 0.0);
    if count < degree + 2 || !sided {
        return None;
    }
    for (a, row) in matrix.iter_mut().enumerate().skip(degree + 1) {
        row[a] = 1.0;
    }
    let factor = cholesky(&mut matrix)?;
    let by = right.map(|r| solve(factor, &r));
    let variance = solve(factor, &[1.0, 0.0, 0.0])[0];
    let mut left = 0.0;
    for (t, at, weight) in &rows {
        for c in 0..2 {
            left += weight * (at[c] - by[c][0] - by[c][1] * t - by[c][2] * t * t).powi(2);
        }
    }
    let at = DVec2::new(by[0][0], by[1][0]);
    Some(Curve { at, variance, left, spare: 2.0 * (count - degree - 1) as f64 })
}

/// What is seen in frame `middle` of a clip whose points have noise of `sd` picture units; `amount` from 0 (nothing is
/// calmed) over 1 to 2.
pub(super) fn calmed(clip: &[HandPoints], middle: usize, sd: f64, amount: f64) -> Seen {
    let own = &clip[middle];
    let mut seen = own.seen(sd);
    if amount <= 0.0 {
        return seen;
    }
    let variance = sd * sd;
    for group in GROUPS {
        let mut best: Option<(f64, Vec<(usize, Curve)>)> = None;
        for (half, degree) in CURVES {
            let curves: Vec<(usize, Curve)> =
                group.iter().filter_map(|j| curve(clip, middle, half, degree, *j).map(|c| (*j, c))).collect();
            let (left, spare) = curves.iter().fold((0.0, 0.0), |(l, s), (_, c)| (l + c.left, s + c.spare));
            // A point that one curve cannot reach counts as calm as it is.
            let calm: f64 = curves.iter().map(|(_, c)| 1.0 - c.variance.min(1.0)).sum();
            let stray = (STRAY * amount).max(1.0);
            if spare > 0.0 && left <= stray * variance * spare && best.as_ref().is_none_or(|(c, _)| calm > *c) {
                best = Some((calm, curves));
            }
        }
        if best.is_none() {
            // Everything is in motion: what is missing is still better guessed from its neighbours.
            let missing: Vec<usize> = group.iter().copied().filter(|j| seen.weight[*j] <= 0.0).collect();
            for (j, c) in missing.into_iter().filter_map(|j| curve(clip, middle, 2, 2, j).map(|c| (j, c))) {
                seen.at[j] = c.at;
                seen.weight[j] = 0.1 / (variance * c.variance.max(0.05) + 4.0 * c.left / c.spare.max(1.0));
            }
        }
        for (j, c) in best.into_iter().flat_map(|(_, curves)| curves) {
            seen.at[j] = c.at;
            // Neighbouring frames see the same noise: part of what is gained is not new.
            seen.weight[j] = 1.0 / (variance * c.variance.max(0.2));
        }
    }
    seen
}

impl HandPoints {
    /// How far a point is to be trusted, 0-1; 0 where it is missing or not a number.
    pub(super) fn trust(&self, joint: usize) -> f32 {
        let [x, y] = self.xy[joint];
        let score = self.score[joint];
        let good = x.is_finite() && y.is_finite() && x.abs().max(y.abs()) < 100.0 && score > SEEN;
        if good { score.min(1.0) } else { 0.0 }
    }

    /// What is seen, as it is.
    pub(super) fn seen(&self, sd: f64) -> Seen {
        let mut seen = Seen {
            at: self.xy.map(|[x, y]| DVec2::new(f64::from(x), f64::from(y))),
            weight: [0.0; HAND_JOINT_COUNT],
            depth: [0.0; HAND_JOINT_COUNT],
            depth_weight: [0.0; HAND_JOINT_COUNT],
        };
        for j in 0..HAND_JOINT_COUNT {
            seen.weight[j] = f64::from(self.trust(j)) / (sd * sd);
            let deep = self.depth.map_or(f32::NAN, |d| d[j]);
            if seen.weight[j] > 0.0 && deep.is_finite() {
                seen.depth[j] = f64::from(deep);
                seen.depth_weight[j] = seen.weight[j] / 2.0;
            }
        }
        seen
    }
}
