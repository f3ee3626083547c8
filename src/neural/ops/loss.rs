//! Losses.

use candle_core::{CpuStorage, CustomOp1, D, Layout, Result, Shape, Tensor, bail};
use rayon::prelude::*;

use super::host::{flat, gradient, ours, result, with};
use super::stock;
use crate::kernel::{each_rows, rows, rows_a_task};

pub use super::stock::smooth_l1;

/// Weighted mean of the cross entropy between `logits` (n, k) and the classes `target` (n) of type u32.
///
/// `weight` (n) ≥ 0 says how much each row counts, 0 = left out; without any weight the result is 0. With
/// `smoothing` s in [0, 1) the wanted distribution is (1 − s) on the target and s/k on every class. Only `logits`
/// get a gradient. Fails where a row that counts has a target outside of the classes or a weight is no number ≥ 0.
pub fn cross_entropy(logits: &Tensor, target: &Tensor, weight: &Tensor, smoothing: f64) -> Result<Tensor> {
    let (n, k) = logits.dims2()?;
    if target.dims() != [n] || weight.dims() != [n] || !(0.0..1.0).contains(&smoothing) {
        let (l, t, w) = (logits.shape(), target.shape(), weight.shape());
        bail!("cross_entropy: logits {l:?}, target {t:?}, weight {w:?}, smoothing {smoothing} do not fit");
    }
    if !ours(&[logits, weight]) {
        return stock::cross_entropy(logits, target, weight, smoothing);
    }
    let (target, mut weight) = (target.to_vec1::<u32>()?, weight.to_vec1::<f32>()?);
    for (i, (class, weight)) in target.iter().zip(&weight).enumerate() {
        if !(*weight >= 0.0 && weight.is_finite()) || (*weight > 0.0 && *class as usize >= k) {
            bail!("cross_entropy: row {i} has class {class} of {k} and weight {weight}");
        }
    }
    let total: f64 = weight.iter().map(|w| f64::from(*w)).sum();
    if total > 0.0 {
        weight.iter_mut().for_each(|w| *w = (f64::from(*w) / total) as f32);
    }
    logits.contiguous()?.apply_op1(CrossEntropy { target, weight, smoothing: smoothing as f32 })
}

struct CrossEntropy {
    target: Vec<u32>,
    /// They add up to 1, or are all 0.
    weight: Vec<f32>,
    smoothing: f32,
}

impl CrossEntropy {
    /// The loss of the rows from `first` on, and their gradient times `up` where `d` has room for it.
    fn rows(&self, x: &[f32], k: usize, first: usize, up: f32, d: &mut [f32]) -> f64 {
        let mut sum = 0.0;
        for (i, x) in x.chunks_exact(k).enumerate() {
            let (weight, target) = (self.weight[first + i], self.target[first + i] as usize);
            let d = if d.is_empty() { &mut [][..] } else { &mut d[i * k..(i + 1) * k] };
            // Rows that are left out may hold anything.
            if weight > 0.0 {
                sum += rows::cross_entropy_row(x, target, self.smoothing, weight * up, d);
            }
        }
        sum
    }
}

impl CustomOp1 for CrossEntropy {
    fn name(&self) -> &'static str {
        "cross-entropy"
    }

    fn cpu_fwd(&self, x: &CpuStorage, lx: &Layout) -> Result<(CpuStorage, Shape)> {
        let k = lx.shape().dim(D::Minus1)?.max(1);
        let each = rows_a_task(k);
        let pieces: Vec<f64> = flat(x, lx)?
            .par_chunks(each * k)
            .enumerate()
            .map(|(i, x)| self.rows(x, k, i * each, 1.0, &mut []))
            .collect();
        result(vec![pieces.iter().sum::<f64>() as f32], ())
    }

    fn bwd(&self, x: &Tensor, _: &Tensor, g: &Tensor) -> Result<Option<Tensor>> {
        let (_, k) = x.dims2()?;
        let up = g.to_scalar::<f32>()?;
        let d = with(x, |x| {
            let mut d = vec![0.0; x.len()];
            each_rows(&mut d, k, |first, d| {
                self.rows(&x[first * k..][..d.len()], k, first, up, d);
            });
            Ok(d)
        })?;
        Ok(Some(gradient(d, x)?))
    }
}
