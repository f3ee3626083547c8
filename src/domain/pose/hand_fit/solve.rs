//! Damped least squares on one hand in one frame: what is seen against what the model would show, with what is known
//! beforehand about hands.

use super::super::HAND_JOINT_COUNT;
use super::super::hand::{ANGLE_COUNT, HandPose};
use super::Camera;
use super::kinematics::{Bones, FREE, Posed, State, angles_of, posed, turn_between};
use glam::{DMat3, DVec2, DVec3};

/// What is seen of a hand in one frame.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// Picture units.
    pub at: [DVec2; HAND_JOINT_COUNT],
    /// One over the variance of each coordinate; 0 where a point is missing.
    pub weight: [f64; HAND_JOINT_COUNT],
    pub depth: [f64; HAND_JOINT_COUNT],
    pub depth_weight: [f64; HAND_JOINT_COUNT],
}

/// What is held likely before looking. Precisions are one over variances.
#[derive(Clone, Debug)]
pub(super) struct Prior {
    pub angles: [f64; ANGLE_COUNT],
    pub precision: [f64; ANGLE_COUNT],
    /// How firmly the end joint of a finger follows its middle joint.
    pub coupling: f64,
    pub depth: f64,
    pub depth_precision: f64,
    pub turn: Option<(DMat3, f64)>,
    pub wrist: Option<(DVec3, f64)>,
}

/// The end joint of a finger bends about two thirds as far as the middle joint (they share their tendons).
pub(super) const COUPLED: f64 = 2.0 / 3.0;
const COUPLING_SD: f64 = 13.0;

impl Prior {
    /// Of any hand: wide, so that a few seen points decide.
    pub fn any(depth: f64) -> Self {
        let mut mean = HandPose::LOOSE.angles();
        let mut sd = [0.0_f64; ANGLE_COUNT];
        sd[..5].copy_from_slice(&[30.0, 25.0, 22.0, 30.0, 35.0]);
        for f in 0..4 {
            sd[5 + 4 * f..9 + 4 * f].copy_from_slice(&[45.0, 50.0, 60.0, 9.0]);
            mean[8 + 4 * f] = [-2.0, 0.0, 2.0, 3.0][f];
        }
        sd[21] = 5.0;
        Self {
            angles: mean.map(|a| f64::from(a).to_radians()),
            precision: sd.map(|s| s.to_radians().powi(-2)),
            coupling: COUPLING_SD.to_radians().powi(-2),
            depth,
            depth_precision: 0.12_f64.powi(-2),
            turn: None,
            wrist: None,
        }
    }

    /// Draws the angles towards a pose as well; `precision` for each angle.
    pub fn towards(&mut self, angles: &[f64; ANGLE_COUNT], precision: f64) {
        for i in 0..ANGLE_COUNT {
            let sum = self.precision[i] + precision;
            self.angles[i] = (self.angles[i] * self.precision[i] + angles[i] * precision) / sum;
            self.precision[i] = sum;
        }
    }
}

/// Normal equations: the matrix and the slope of half the cost.
pub(super) struct Normal {
    pub matrix: [[f64; FREE]; FREE],
    pub slope: [f64; FREE],
    pub cost: f64,
}

/// Rows of one joint's two or three coordinates: unknowns they depend on, slopes, weight and difference.
pub(super) struct Rows {
    pub by: [[f64; 11]; 3],
    pub weight: [f64; 3],
    pub off: [f64; 3],
}

/// Everything about one frame but its state.
pub(super) struct Problem<'a> {
    pub bones: &'a Bones,
    pub camera: &'a Camera,
    pub seen: &'a Seen,
    pub prior: &'a Prior,
    /// Differences beyond this are more and more ignored, picture units (Cauchy's loss).
    pub robust: f64,
}

impl Problem<'_> {
    /// The unknowns that joint `j` depends on.
    pub fn unknowns_of(joint: usize) -> [usize; 11] {
        let mut out = [0, 1, 2, 3, 4, 5, 0, 0, 0, 0, 0];
        out[6..].copy_from_slice(&angles_of(joint).map(|a| 6 + a));
        out
    }

    /// The differences of one joint and how they change; `None` where nothing is seen. Adds to the cost.
    pub fn rows(&self, joint: usize, hand: &Posed, state: &State, cost: &mut f64) -> Option<Rows> {
        let (weight, depth_weight) = (self.seen.weight[joint], self.seen.depth_weight[joint]);
        if weight <= 0.0 {
            return None;
        }
        let arm = state.turn * hand.at[joint] * self.bones.length;
        let p = state.wrist + arm;
        let (q, bend) = self.camera.seen(p);
        let off = q - self.seen.at[joint];
        let deep = if depth_weight > 0.0 { p.z - self.seen.depth[joint] } else { 0.0 };
        let share = (off.length_squared() + deep * deep) / (self.robust * self.robust);
        let trust = 1.0 / (1.0 + share);
        *cost += 0.5 * weight * self.robust * self.robust * share.ln_1p();
        let mut by = [[0.0; 11]; 3];
        let mut put = |i: usize, d: DVec3| {
            by[0][i] = bend.0 * d.x + bend.1.x * d.z;
            by[1][i] = bend.0 * d.y + bend.1.y * d.z;
            by[2][i] = d.z;
        };
        for (i, axis) in [DVec3::X, DVec3::Y, DVec3::Z].into_iter().enumerate() {
            put(i, axis.cross(arm));
            put(3 + i, axis);
        }
        for i in 0..5 {
            put(6 + i, state.turn * hand.slope[joint][i] * self.bones.length);
        }
        Some(Rows { by, weight: [weight * trust, weight * trust, depth_weight * trust], off: [off.x, off.y, deep] })
    }

    /// Half the weighted sum of squares.
    fn cost(&self, state: &State) -> f64 {
        let hand = posed(self.bones, &state.angles);
        let mut cost = 0.0;
        for joint in 0..HAND_JOINT_COUNT {
            let weight = self.seen.weight[joint];
            if weight > 0.0 {
                let p = state.wrist + state.turn * hand.at[joint] * self.bones.length;
                let off = self.camera.seen(p).0 - self.seen.at[joint];
                let deep = if self.seen.depth_weight[joint] > 0.0 { p.z - self.seen.depth[joint] } else { 0.0 };
                let square = self.robust * self.robust;
                cost += 0.5 * weight * square * ((off.length_squared() + deep * deep) / square).ln_1p();
            }
        }
        cost + self.prior_cost(state)
    }

    pub fn prior_cost(&self, state: &State) -> f64 {
        let prior = self.prior;
        let mut cost = 0.0;
        for i in 0..ANGLE_COUNT {
            cost += prior.precision[i] * (state.angles[i] - prior.angles[i]).powi(2);
        }
        for f in 0..4 {
            let at = 5 + 4 * f;
            cost += prior.coupling * (state.angles[at + 2] - COUPLED * state.angles[at + 1]).powi(2);
        }
        cost += prior.depth_precision * (state.wrist.z - prior.depth).powi(2);
        if let Some((turn, precision)) = &prior.turn {
            cost += precision * turn_between(&state.turn, turn).length_squared();
        }
        if let Some((wrist, precision)) = &prior.wrist {
            cost += precision * (state.wrist - *wrist).length_squared();
        }
        0.5 * cost
    }

    /// Adds what is known beforehand.
    pub fn add_prior(&self, state: &State, normal: &mut Normal) {
        let prior = self.prior;
        let (matrix, slope) = (&mut normal.matrix, &mut normal.slope);
        for i in 0..ANGLE_COUNT {
            matrix[6 + i][6 + i] += prior.precision[i];
            slope[6 + i] += prior.precision[i] * (state.angles[i] - prior.angles[i]);
        }
        for f in 0..4 {
            let (middle, end) = (6 + 5 + 4 * f + 1, 6 + 5 + 4 * f + 2);
            let off = prior.coupling * (state.angles[end - 6] - COUPLED * state.angles[middle - 6]);
            matrix[end][end] += prior.coupling;
            matrix[middle][middle] += prior.coupling * COUPLED * COUPLED;
            matrix[end][middle] -= prior.coupling * COUPLED;
            matrix[middle][end] -= prior.coupling * COUPLED;
            slope[end] += off;
            slope[middle] -= COUPLED * off;
        }
        matrix[5][5] += prior.depth_precision;
        slope[5] += prior.depth_precision * (state.wrist.z - prior.depth);
        if let Some((turn, precision)) = &prior.turn {
            let off = turn_between(&state.turn, turn).to_array();
            for i in 0..3 {
                matrix[i][i] += precision;
                slope[i] -= precision * off[i];
            }
        }
        if let Some((wrist, precision)) = &prior.wrist {
            let off = (state.wrist - *wrist).to_array();
            for i in 0..3 {
                matrix[3 + i][3 + i] += precision;
                slope[3 + i] += precision * off[i];
            }
        }
        normal.cost += self.prior_cost(state);
    }

    pub fn normal(&self, state: &State) -> Normal {
        let hand = posed(self.bones, &state.angles);
        let mut normal = Normal { matrix: [[0.0; FREE]; FREE], slope: [0.0; FREE], cost: 0.0 };
        for joint in 0..HAND_JOINT_COUNT {
            let Some(rows) = self.rows(joint, &hand, state, &mut normal.cost) else { continue };
            let unknowns = Self::unknowns_of(joint);
            // The wrist depends on no angle.
            let count = if joint == 0 { 6 } else { 11 };
            for row in 0..3 {
                let weight = rows.weight[row];
                if weight <= 0.0 {
                    continue;
                }
                for i in 0..count {
                    let by = rows.by[row][i] * weight;
                    normal.slope[unknowns[i]] += by * rows.off[row];
                    for j in 0..=i {
                        normal.matrix[unknowns[i]][unknowns[j]] += by * rows.by[row][j];
                    }
                }
            }
        }
        for i in 0..FREE {
            for j in 0..i {
                // Angles of a joint rise in order, so only the lower half was filled.
                normal.matrix[j][i] = normal.matrix[i][j];
            }
        }
        self.add_prior(state, &mut normal);
        normal
    }

    /// Fixes angles that stand at a limit and would go beyond it.
    pub fn hold_limits(state: &State, normal: &mut Normal) -> [bool; FREE] {
        let limits = HandPose::from_angles(&state.angles.map(|a| a.to_degrees() as f32)).limits();
        let mut held = [false; FREE];
        for (i, (low, high)) in limits.iter().enumerate() {
            let (at, slope) = (state.angles[i].to_degrees(), normal.slope[6 + i]);
            let beyond =
                (at <= f64::from(*low) + 1e-3 && slope > 0.0) || (at >= f64::from(*high) - 1e-3 && slope < 0.0);
            if beyond {
                held[6 + i] = true;
                for j in 0..FREE {
                    normal.matrix[6 + i][j] = 0.0;
                    normal.matrix[j][6 + i] = 0.0;
                }
                normal.matrix[6 + i][6 + i] = 1.0;
                normal.slope[6 + i] = 0.0;
            }
        }
        held
    }

    /// The best state near `start` after at most so many steps, with its cost.
    pub fn solved(&self, start: &State, steps: usize) -> (State, f64) {
        let mut state = *start;
        let mut damping = 1e-3;
        let mut cost = self.cost(&state);
        for _ in 0..steps {
            let mut normal = self.normal(&state);
            Self::hold_limits(&state, &mut normal);
            let mut better = None;
            for _ in 0..4 {
                let mut matrix = normal.matrix;
                for (i, row) in matrix.iter_mut().enumerate() {
                    row[i] *= 1.0 + damping;
                }
                if let Some(factor) = cholesky(&mut matrix) {
                    let step = solve(factor, &normal.slope).map(|s| -s);
                    let next = state.stepped(&limited(step));
                    let next_cost = self.cost(&next);
                    if next_cost < cost {
                        better = Some((next, next_cost));
                        break;
                    }
                }
                damping *= 8.0;
            }
            let Some((next, next_cost)) = better else { break };
            let gain = cost - next_cost;
            (state, cost) = (next, next_cost);
            damping = (damping * 0.2).max(1e-7);
            if gain < 1e-4 * (1.0 + cost) {
                break;
            }
        }
        (state, cost)
    }
}

/// No turn or bend of more than half a radian in one step.
fn limited(mut step: [f64; FREE]) -> [f64; FREE] {
    let most = step.iter().enumerate().filter(|(i, _)| !(3..6).contains(i)).map(|(_, s)| s.abs()).fold(0.0, f64::max);
    if most > 0.5 {
        step.iter_mut().for_each(|s| *s *= 0.5 / most);
    }
    step
}

/// The lower factor of a symmetric positive matrix, in place; `None` where it is not positive.
pub(super) fn cholesky<const N: usize>(m: &mut [[f64; N]; N]) -> Option<&[[f64; N]; N]> {
    for i in 0..N {
        for j in 0..=i {
            let (a, b) = m.split_at(i);
            let (row, other) = (&b[0], if i == j { &b[0] } else { &a[j] });
            let sum = row[j] - row[..j].iter().zip(&other[..j]).map(|(x, y)| x * y).sum::<f64>();
            if i == j {
                if !(sum > 1e-12 && sum.is_finite()) {
                    return None;
                }
                m[i][i] = sum.sqrt();
            } else {
                m[i][j] = sum / m[j][j];
            }
        }
    }
    Some(m)
}

/// Solves with a factor of [`cholesky`].
pub(super) fn solve<const N: usize>(factor: &[[f64; N]; N], right: &[f64; N]) -> [f64; N] {
    let mut x = *right;
    for i in 0..N {
        let sum = factor[i][..i].iter().zip(&x[..i]).map(|(a, b)| a * b).sum::<f64>();
        x[i] = (x[i] - sum) / factor[i][i];
    }
    for i in (0..N).rev() {
        let mut sum = x[i];
        for j in i + 1..N {
            sum -= factor[j][i] * x[j];
        }
        x[i] = sum / factor[i][i];
    }
    x
}
