//! Bends the synthesiser's voice towards the speaker, from the pairs of frames that a first comparison found.
//!
//! One linear map for all sounds (ridge regression, drawn towards doing nothing) and one offset per kind of phone
//! (drawn towards none by as many virtual frames), so that little data changes little.

use super::super::dtw::{Frame, Path, State};
use super::reference::{Reference, STATIC};
use nalgebra::{DMatrix, SymmetricEigen};

/// Pairs farther apart than this share of all are left out: they are likely wrong.
const KEPT: f32 = 0.85;
/// How many frames the belief in "no change" weighs, for the map and for an offset.
const MAP_PRIOR: f64 = 60.0;
const OFFSET_PRIOR: f64 = 15.0;

/// What was learnt: a linear map of the static values and an offset per kind of phone.
pub(crate) struct Bend {
    map: DMatrix<f64>,
    offsets: Vec<[f64; STATIC]>,
}

impl Bend {
    /// The voice of `row`, a frame of a phone of kind `symbol`, bent towards the speaker. Slopes stay as they are.
    pub fn of(&self, row: &Frame, symbol: usize) -> Frame {
        let m = mapped(&self.map, row);
        let mut out = *row;
        for k in 0..STATIC {
            out[k] = (m[k] + self.offsets[symbol][k]) as f32;
        }
        out
    }
}

/// Changes the rows of `reference` so that they look more like `frames` along `path`.
pub(crate) fn towards(reference: &mut Reference, states: &[State], path: &Path, frames: &[Frame]) {
    for i in 0..reference.speakers.len() {
        if let Some(bend) = learn(reference, &reference.speakers[i].original, states, path, frames) {
            reference.speakers[i].bend = Some(bend);
        }
    }
    reference.blend();
}

/// The bend of one speaker, whose rows are `original`; `None` when there are too few pairs.
fn learn(reference: &Reference, original: &[Frame], states: &[State], path: &Path, frames: &[Frame]) -> Option<Bend> {
    let distances: Vec<f32> = path
        .states
        .iter()
        .zip(&path.distances)
        .filter(|(s, _)| matches!(states[**s as usize], State::Sound { .. }))
        .map(|(_, d)| *d)
        .collect();
    let limit = super::percentile(&distances, KEPT);
    // Normal equations of y ≈ W [x 1] with x from the original voice.
    const D: usize = STATIC + 1;
    let mut xx = DMatrix::<f64>::zeros(D, D);
    let mut xy = DMatrix::<f64>::zeros(D, STATIC);
    let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
    for (t, &s) in path.states.iter().enumerate() {
        let State::Sound { row, phone, .. } = &states[s as usize] else { continue };
        if path.distances[t] > limit {
            continue;
        }
        pairs.push((t, *row as usize, *phone as usize));
        let x = extended(&original[*row as usize]);
        for i in 0..D {
            for j in 0..D {
                xx[(i, j)] += x[i] * x[j];
            }
            for j in 0..STATIC {
                xy[(i, j)] += x[i] * f64::from(frames[t][j]);
            }
        }
    }
    if pairs.len() < 50 {
        return None;
    }
    // Towards the identity, with the strength of MAP_PRIOR ordinary frames in every direction.
    let usual = (0..STATIC).map(|i| xx[(i, i)]).sum::<f64>() / STATIC as f64 / pairs.len() as f64;
    for i in 0..STATIC {
        xx[(i, i)] += MAP_PRIOR * usual;
        xy[(i, i)] += MAP_PRIOR * usual;
    }
    xx[(STATIC, STATIC)] += 1e-6;
    let eigen = SymmetricEigen::new(xx);
    let inverse = &eigen.eigenvectors
        * DMatrix::from_diagonal(&eigen.eigenvalues.map(|v| if v > 1e-9 { 1.0 / v } else { 0.0 }))
        * eigen.eigenvectors.transpose();
    let map = inverse * xy;
    // What is left over, per kind of phone.
    let kinds = reference.symbols.iter().max().map_or(0, |m| m + 1);
    let mut left = vec![([0.0_f64; STATIC], OFFSET_PRIOR); kinds];
    for &(t, row, phone) in &pairs {
        let m = mapped(&map, &original[row]);
        let (sum, n) = &mut left[reference.symbols[phone]];
        for k in 0..STATIC {
            sum[k] += f64::from(frames[t][k]) - m[k];
        }
        *n += 1.0;
    }
    Some(Bend { map, offsets: left.into_iter().map(|(sum, n)| sum.map(|s| s / n)).collect() })
}

fn mapped(map: &DMatrix<f64>, row: &Frame) -> [f64; STATIC] {
    let x = extended(row);
    let mut out = [0.0_f64; STATIC];
    for (j, o) in out.iter_mut().enumerate() {
        *o = (0..=STATIC).map(|i| x[i] * map[(i, j)]).sum();
    }
    out
}

fn extended(row: &Frame) -> [f64; STATIC + 1] {
    let mut x = [1.0; STATIC + 1];
    for (o, v) in x.iter_mut().zip(&row[..STATIC]) {
        *o = f64::from(*v);
    }
    x
}
