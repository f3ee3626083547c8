//! What a clip says about a person's hand: how long its bones are, and how noisy its points.
//!
//! Bones are the same in all frames, bends are not: some frames spread over the clip are solved together, with one set
//! of measures for all (bundle adjustment; the frames' own unknowns are eliminated, Triggs et al. 2000, section 6).

use super::super::hand::HandModel;
use super::super::{HAND_JOINT_COUNT, Side};
use super::kinematics::{Bones, FREE, State, posed};
use super::solve::{Prior, Problem, Seen, cholesky, solve};
use super::{Camera, FitOptions, HandPoints, Job, ROBUST, smooth};
use glam::DVec3;

/// What is the same in all frames of a person's hand.
#[derive(Clone, Debug, PartialEq)]
pub struct HandMeasures {
    pub side: Side,
    pub model: HandModel,
    /// Standard deviation of each coordinate of a point, picture units.
    pub noise: f32,
}

/// Frames that measures are taken from.
const SAMPLES: usize = 24;
/// Points that a frame must have to be one of them.
const ENOUGH: usize = 14;
/// Shared unknowns: size, 15 bones, 5 roots of 3 coordinates.
const SHARED: usize = 1 + 15 + 15;
const ROUNDS: usize = 12;
/// The least and greatest noise, and that of clips too short to tell, picture units.
const NOISE: (f64, f64) = (0.5 / 512.0, 9.0 / 512.0);
const UNKNOWN_NOISE: f64 = 1.5 / 512.0;

impl HandMeasures {
    /// Measures known beforehand, of points without noise: generated hands.
    pub fn known(side: Side, model: HandModel) -> Self {
        Self { side, model, noise: NOISE.0 as f32 }
    }

    /// Learns from consecutive frames of a hand; `length` is what the identity says of its length. With too few points
    /// these are the measures of an adult hand of that length.
    pub fn of(side: Side, length: f32, camera: &Camera, clip: &[HandPoints]) -> Self {
        let noise = noise_of(clip).clamp(NOISE.0, NOISE.1);
        let start = Self { side, model: HandModel::new(length), noise: noise as f32 };
        let full: Vec<usize> = (0..clip.len()).filter(|i| clip[*i].seen_count() >= ENOUGH).collect();
        if full.len() < 4 {
            return start;
        }
        let count = full.len().min(SAMPLES);
        let chosen = (0..count).map(|i| full[i * (full.len() - 1) / (count - 1)]);
        let seen: Vec<Seen> = chosen.map(|i| smooth::calmed(clip, i, noise, 1.0)).collect();
        Self { model: together(&start, camera, &seen), ..start }
    }
}

/// The noise of points from how their third differences scatter: even motion has none, and of the quick moves the
/// quieter quarter of all values knows nothing.
fn noise_of(clip: &[HandPoints]) -> f64 {
    let mut values: Vec<f64> = Vec::new();
    let step = (clip.len() / 400).max(1);
    for four in clip.windows(4).step_by(step) {
        for j in 0..HAND_JOINT_COUNT {
            if four.iter().all(|p| p.trust(j) > 0.0) {
                for c in 0..2 {
                    let x = |i: usize| f64::from(four[i].xy[j][c]);
                    values.push((x(3) - 3.0 * x(2) + 3.0 * x(1) - x(0)).abs());
                }
            }
        }
    }
    if values.len() < 60 {
        return UNKNOWN_NOISE;
    }
    let quarter = values.len() / 4;
    let (_, quiet, _) = values.select_nth_unstable_by(quarter, f64::total_cmp);
    // The lower quartile of |x| is 0.3186 standard deviations; a third difference has √20 times the noise.
    *quiet / (0.3186 * 20.0_f64.sqrt())
}

/// Measures and frames solved together.
fn together(start: &HandMeasures, camera: &Camera, seen: &[Seen]) -> HandModel {
    let options = FitOptions { camera: *camera, ..FitOptions::default() };
    let job = Job { measures: start, options: &options, bones: Bones::of(&start.model) };
    let prior = Prior::any(f64::from(options.depth));
    let mut states: Vec<State> = seen.iter().map(|s| job.first(s, &prior, None)).collect();
    let mut shared = [0.0; SHARED];
    let mut damping = 1e-3;
    let first = Bones::of(&start.model);
    let robust = 2.0 * ROBUST * first.length + 4.0 * f64::from(start.noise);
    let all = All { first: &first, camera, seen, prior: &prior, robust };
    let mut cost = all.cost(&states, &shared);
    for _ in 0..ROUNDS {
        let mut better = None;
        for _ in 0..3 {
            if let Some((next, next_shared)) = all.step(&states, &shared, damping) {
                let next_cost = all.cost(&next, &next_shared);
                if next_cost < cost {
                    better = Some((next, next_shared, next_cost));
                    break;
                }
            }
            damping *= 8.0;
        }
        let Some((next, next_shared, next_cost)) = better else { break };
        let done = cost - next_cost < 1e-3 * next_cost;
        (states, shared, cost) = (next, next_shared, next_cost);
        damping *= 0.2;
        if done {
            break;
        }
    }
    all.bones(&shared).model()
}

struct All<'a> {
    first: &'a Bones,
    camera: &'a Camera,
    seen: &'a [Seen],
    prior: &'a Prior,
    robust: f64,
}

/// How far a person's measures stray from the average: size and bones as shares of themselves, roots as shares of the
/// hand's length.
fn spread(i: usize) -> f64 {
    match i {
        0 => 0.15,
        1..=15 => 0.10,
        // Along and across the hand, and the depth of the palm's arch.
        _ => [0.03, 0.025, 0.02][(i - 16) % 3],
    }
}

impl All<'_> {
    fn bones(&self, shared: &[f64; SHARED]) -> Bones {
        let mut bones = self.first.clone();
        bones.length *= shared[0].exp();
        for f in 0..5 {
            for b in 0..3 {
                bones.bones[f][b] *= shared[1 + 3 * f + b].exp();
            }
            bones.roots[f] += DVec3::from_slice(&shared[16 + 3 * f..19 + 3 * f]);
        }
        bones
    }

    fn cost(&self, states: &[State], shared: &[f64; SHARED]) -> f64 {
        let bones = self.bones(shared);
        let mut cost = shared.iter().enumerate().map(|(i, x)| 0.5 * (x / spread(i)).powi(2)).sum();
        for (seen, state) in self.seen.iter().zip(states) {
            let problem = Problem { bones: &bones, camera: self.camera, seen, prior: self.prior, robust: self.robust };
            let hand = posed(&bones, &state.angles);
            for joint in 0..HAND_JOINT_COUNT {
                problem.rows(joint, &hand, state, &mut cost);
            }
            cost += problem.prior_cost(state);
        }
        cost
    }

    /// One damped step of everything.
    fn step(&self, states: &[State], shared: &[f64; SHARED], damping: f64) -> Option<(Vec<State>, [f64; SHARED])> {
        let bones = self.bones(shared);
        let mut matrix = [[0.0; SHARED]; SHARED];
        let mut slope = [0.0; SHARED];
        for i in 0..SHARED {
            let precision = spread(i).powi(-2);
            matrix[i][i] = precision;
            slope[i] = precision * shared[i];
        }
        let mut own = Vec::with_capacity(states.len());
        for (seen, state) in self.seen.iter().zip(states) {
            let problem = Problem { bones: &bones, camera: self.camera, seen, prior: self.prior, robust: self.robust };
            let mut normal = problem.normal(state);
            let mut mixed = [[0.0; FREE]; SHARED];
            self.add_shared(&problem, &bones, state, &mut matrix, &mut slope, &mut mixed);
            let held = Problem::hold_limits(state, &mut normal);
            for row in &mut mixed {
                row.iter_mut().zip(held).filter(|(_, held)| *held).for_each(|(x, _)| *x = 0.0);
            }
            for (i, row) in normal.matrix.iter_mut().enumerate() {
                row[i] *= 1.0 + damping;
            }
            let factor = *cholesky(&mut normal.matrix)?;
            let by_own = solve(&factor, &normal.slope);
            let by_shared: Vec<[f64; FREE]> = mixed.iter().map(|row| solve(&factor, row)).collect();
            for i in 0..SHARED {
                slope[i] -= dot(&mixed[i], &by_own);
                for j in 0..SHARED {
                    matrix[i][j] -= dot(&mixed[i], &by_shared[j]);
                }
            }
            own.push((by_own, by_shared));
        }
        for (i, row) in matrix.iter_mut().enumerate() {
            row[i] *= 1.0 + damping;
        }
        let change = solve(cholesky(&mut matrix)?, &slope).map(|s| -s);
        let next = states.iter().zip(&own).map(|(state, (by_own, by_shared))| {
            let mut step = by_own.map(|s| -s);
            for (by, change) in by_shared.iter().zip(change) {
                step.iter_mut().zip(by).for_each(|(s, b)| *s -= b * change);
            }
            state.stepped(&step)
        });
        Some((next.collect(), std::array::from_fn(|i| shared[i] + change[i])))
    }

    /// Adds how the seen points depend on the measures, alone and together with a frame's own unknowns.
    fn add_shared(
        &self,
        problem: &Problem<'_>,
        bones: &Bones,
        state: &State,
        matrix: &mut [[f64; SHARED]; SHARED],
        slope: &mut [f64; SHARED],
        mixed: &mut [[f64; FREE]; SHARED],
    ) {
        let hand = posed(bones, &state.angles);
        for joint in 0..HAND_JOINT_COUNT {
            let Some(rows) = problem.rows(joint, &hand, state, &mut 0.0) else { continue };
            if joint == 0 {
                continue;
            }
            let p = state.wrist + state.turn * hand.at[joint] * bones.length;
            let (_, (scale, deep)) = self.camera.seen(p);
            let finger = (joint - 1) / 4;
            let turned = |v: DVec3| state.turn * v * bones.length;
            let mut by: Vec<(usize, DVec3)> = vec![(0, turned(hand.at[joint]))];
            for bone in 0..(joint - 1) % 4 {
                by.push((1 + 3 * finger + bone, turned(hand.bones[finger][bone] * bones.bones[finger][bone])));
            }
            let root = [DVec3::X + DVec3::Z * hand.dip[finger], DVec3::Y, DVec3::Z];
            by.extend(root.iter().enumerate().map(|(c, axis)| (16 + 3 * finger + c, turned(*axis))));
            let unknowns = Problem::unknowns_of(joint);
            for row in 0..3 {
                let weight = rows.weight[row];
                if weight <= 0.0 {
                    continue;
                }
                let value = |d: DVec3| match row {
                    0 => scale * d.x + deep.x * d.z,
                    1 => scale * d.y + deep.y * d.z,
                    _ => d.z,
                };
                for &(i, d) in &by {
                    let d = value(d) * weight;
                    slope[i] += d * rows.off[row];
                    for &(j, e) in &by {
                        matrix[i][j] += d * value(e);
                    }
                    for (k, u) in unknowns.iter().enumerate() {
                        mixed[i][*u] += d * rows.by[row][k];
                    }
                }
            }
        }
    }
}

fn dot(a: &[f64; FREE], b: &[f64; FREE]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}
