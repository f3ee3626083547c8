//! Kernels over rows: sums, exponentials, softmax, layer norm and GELU, forward and backward.
//!
//! Sums run in 16 lanes that are folded at the end, whatever the processor, and no multiply-add is fused, so the
//! bits are the same everywhere.

use super::multiversion;

const LANES: usize = 16;

#[inline(always)]
fn fold(lanes: [f32; LANES]) -> f32 {
    let mut lanes = lanes;
    let mut width = LANES / 2;
    while width > 0 {
        for i in 0..width {
            lanes[i] += lanes[i + width];
        }
        width /= 2;
    }
    lanes[0]
}

/// Σ f(a, b) over two slices of one length, in lanes.
#[inline(always)]
fn sum2(a: &[f32], b: &[f32], f: impl Fn(f32, f32) -> f32) -> f32 {
    let b = &b[..a.len()];
    let (mut lanes, mut more) = ([0.0; LANES], [0.0; LANES]);
    let (mut wide_a, mut wide_b) = (a.chunks_exact(2 * LANES), b.chunks_exact(2 * LANES));
    for (a, b) in (&mut wide_a).zip(&mut wide_b) {
        for i in 0..LANES {
            lanes[i] += f(a[i], b[i]);
            more[i] += f(a[LANES + i], b[LANES + i]);
        }
    }
    for i in 0..LANES {
        lanes[i] += more[i];
    }
    for (i, (a, b)) in wide_a.remainder().iter().zip(wide_b.remainder()).enumerate() {
        lanes[i % LANES] += f(*a, *b);
    }
    fold(lanes)
}

#[inline(always)]
fn sum1(a: &[f32], f: impl Fn(f32) -> f32) -> f32 {
    sum2(a, a, |a, _| f(a))
}

/// e^x within 2 units in the last place; 0 below −87, ∞ above 88.7, NaN for NaN.
#[inline(always)]
#[allow(clippy::excessive_precision)]
pub(super) fn exp(x: f32) -> f32 {
    // x = n ln 2 + r with |r| ≤ ½ ln 2; adding 1.5 · 2²³ rounds to the integer n and leaves it in the low bits.
    const ROUND: f32 = 12_582_912.0;
    let t = x * std::f32::consts::LOG2_E + ROUND;
    let n = t - ROUND;
    // ln 2 in two parts, the first with few enough digits that n times it is exact.
    let r = (x - n * 0.693_359_375) - n * -2.121_944_4e-4;
    // The Taylor series to r⁷: its rest is below 6e-9.
    let p = 1.0 / 5040.0;
    let p = p * r + 1.0 / 720.0;
    let p = p * r + 1.0 / 120.0;
    let p = p * r + 1.0 / 24.0;
    let p = p * r + 1.0 / 6.0;
    let p = p * r + 0.5;
    let p = (p * r) * r + r;
    // n may be 128 just below the limit, so the power of two goes in two halves.
    let whole = t.to_bits().wrapping_sub(ROUND.to_bits());
    let half = ((whole as i32) >> 1) as u32;
    let rest = whole.wrapping_sub(half);
    let scale = |n: u32| f32::from_bits(n.wrapping_add(127) << 23);
    let y = (p + 1.0) * scale(half) * scale(rest);
    let y = if x < -87.0 { 0.0 } else { y };
    if x > 88.72 { f32::INFINITY } else { y }
}

const ROOT_2_OVER_PI: f32 = 0.797_884_6;

/// σ(2u) with u = √(2/π) (x + 0.044715 x³); then GELU(x) = x σ(2u), since ½ (1 + tanh u) = σ(2u).
#[inline(always)]
fn gate(x: f32) -> f32 {
    let u = ROOT_2_OVER_PI * (x + 0.044_715 * x * x * x);
    1.0 / (1.0 + exp(-2.0 * u))
}

multiversion! {
    /// y += x.
    pub fn add(y: &mut [f32], x: &[f32]) {
        for (y, x) in y.iter_mut().zip(x) {
            *y += x;
        }
    }
}

multiversion! {
    /// e^x of every value.
    pub fn exp_all(x: &[f32], y: &mut [f32]) {
        for (y, x) in y.iter_mut().zip(x) {
            *y = exp(*x);
        }
    }
}

multiversion! {
    /// Σ x².
    pub fn square_sum(x: &[f32]) -> f32 {
        sum1(x, |x| x * x)
    }
}

multiversion! {
    /// GELU of every value.
    pub fn gelu(x: &[f32], y: &mut [f32]) {
        for (y, x) in y.iter_mut().zip(x) {
            *y = x * gate(*x);
        }
    }
}

multiversion! {
    /// GELU of every value in place.
    pub fn gelu_here(x: &mut [f32]) {
        for x in x {
            *x *= gate(*x);
        }
    }
}

multiversion! {
    /// d = g · GELU′(x).
    pub fn gelu_back(x: &[f32], g: &[f32], d: &mut [f32]) {
        for ((d, x), g) in d.iter_mut().zip(x).zip(g) {
            let s = gate(*x);
            let slope = 2.0 * ROOT_2_OVER_PI * (1.0 + 3.0 * 0.044_715 * x * x);
            *d = g * (s + x * (s * (1.0 - s)) * slope);
        }
    }
}

multiversion! {
    /// Softmax in place of rows of `width` values that stand `stride` apart. A row of −∞ alone becomes NaN.
    pub fn softmax_here(x: &mut [f32], width: usize, stride: usize) {
        for row in x.chunks_mut(stride) {
            let row = &mut row[..width];
            let mut tops = [f32::NEG_INFINITY; LANES];
            let mut wide = row.chunks_exact(LANES);
            for part in &mut wide {
                for i in 0..LANES {
                    tops[i] = if part[i] > tops[i] { part[i] } else { tops[i] };
                }
            }
            for (i, x) in wide.remainder().iter().enumerate() {
                tops[i] = if *x > tops[i] { *x } else { tops[i] };
            }
            // A NaN is not above anything, but its exponential spoils the sum, and so it stays seen.
            let top = tops.iter().fold(f32::NEG_INFINITY, |m, x| if *x > m { *x } else { m });
            for x in row.iter_mut() {
                *x = exp(*x - top);
            }
            let scale = 1.0 / sum1(row, |x| x);
            for x in row.iter_mut() {
                *x *= scale;
            }
        }
    }
}

multiversion! {
    /// d = (g − Σ g y) y for each row: the gradient before the softmax, from its result `y`. `d` may start as anything.
    pub fn softmax_back(y: &[f32], g: &[f32], d: &mut [f32], width: usize) {
        for ((y, g), d) in y.chunks_exact(width).zip(g.chunks_exact(width)).zip(d.chunks_exact_mut(width)) {
            let dot = sum2(y, g, |y, g| y * g);
            for ((d, y), g) in d.iter_mut().zip(y).zip(g) {
                *d = (g - dot) * y;
            }
        }
    }
}

multiversion! {
    /// The same with the gradient replaced in place and everything times `scale`.
    pub fn softmax_back_here(y: &[f32], g: &mut [f32], width: usize, scale: f32) {
        for (y, g) in y.chunks_exact(width).zip(g.chunks_exact_mut(width)) {
            let dot = sum2(y, g, |y, g| y * g);
            for (g, y) in g.iter_mut().zip(y) {
                *g = (*g - dot) * y * scale;
            }
        }
    }
}

/// Mean and 1 / deviation of a row.
#[inline(always)]
fn moments(x: &[f32], eps: f32) -> (f32, f32) {
    let n = x.len() as f32;
    let mean = sum1(x, |x| x) / n;
    let var = sum1(x, |x| (x - mean) * (x - mean)) / n;
    (mean, 1.0 / (var + eps).sqrt())
}

multiversion! {
    /// Layer norm of rows as wide as `w`.
    pub fn layer_norm(x: &[f32], w: &[f32], b: &[f32], eps: f32, y: &mut [f32]) {
        let c = w.len();
        for (x, y) in x.chunks_exact(c).zip(y.chunks_exact_mut(c)) {
            let (mean, scale) = moments(x, eps);
            for i in 0..c {
                y[i] = (x[i] - mean) * scale * w[i] + b[i];
            }
        }
    }
}

multiversion! {
    /// Gradient of a layer norm with respect to `x`.
    pub fn layer_norm_back(x: &[f32], w: &[f32], eps: f32, g: &[f32], d: &mut [f32]) {
        let c = w.len();
        for ((x, g), d) in x.chunks_exact(c).zip(g.chunks_exact(c)).zip(d.chunks_exact_mut(c)) {
            let (mean, scale) = moments(x, eps);
            for i in 0..c {
                d[i] = g[i] * w[i];
            }
            // With n = (x − mean) / deviation: d = (g w − mean(g w) − n mean(g w n)) / deviation.
            let even = sum1(d, |d| d) / c as f32;
            let along = sum2(d, x, |d, x| d * ((x - mean) * scale)) / c as f32;
            for i in 0..c {
                d[i] = (d[i] - even - (x[i] - mean) * scale * along) * scale;
            }
        }
    }
}

multiversion! {
    /// Adds to `dw` and `db` what these rows of a layer norm contribute.
    pub fn layer_norm_back_scale(x: &[f32], eps: f32, g: &[f32], dw: &mut [f32], db: &mut [f32]) {
        let c = dw.len();
        let db = &mut db[..c];
        for (x, g) in x.chunks_exact(c).zip(g.chunks_exact(c)) {
            let (mean, scale) = moments(x, eps);
            for i in 0..c {
                dw[i] += g[i] * ((x[i] - mean) * scale);
                db[i] += g[i];
            }
        }
    }
}

multiversion! {
    /// One row of softmax cross entropy times `weight`; with `grad` also its gradient. `smoothing` as in
    /// [`crate::ops::cross_entropy`].
    pub fn cross_entropy_row(x: &[f32], target: usize, smoothing: f32, weight: f32, grad: &mut [f32]) -> f64 {
        let mut top = f32::NEG_INFINITY;
        for x in x {
            top = if *x > top { *x } else { top };
        }
        let sum = sum1(x, |x| exp(x - top));
        let log_sum = top + sum.ln();
        let even = smoothing / x.len() as f32;
        if !grad.is_empty() {
            let scale = weight / sum;
            for (g, x) in grad.iter_mut().zip(x) {
                *g = exp(x - top) * scale - even * weight;
            }
            grad[target] -= (1.0 - smoothing) * weight;
        }
        let spread = if smoothing > 0.0 { even * sum1(x, |x| x - log_sum) } else { 0.0 };
        f64::from(weight) * f64::from((1.0 - smoothing) * (log_sum - x[target]) - spread)
    }
}

multiversion! {
    /// y = y (1 + scale) + shift.
    pub fn modulate(y: &mut [f32], scale: &[f32], shift: &[f32]) {
        for ((y, scale), shift) in y.iter_mut().zip(scale).zip(shift) {
            *y = *y * (1.0 + scale) + shift;
        }
    }
}

/// The rates of one step of AdamW.
#[derive(Clone, Copy, Debug)]
pub struct AdamStep {
    /// Times every gradient first, for clipping.
    pub grad_scale: f32,
    /// Decay of the mean gradient.
    pub beta1: f32,
    /// Decay of the mean squared gradient.
    pub beta2: f32,
    /// Step size over the bias correction 1 − β₁ⁿ.
    pub step_size: f32,
    /// 1 / √(1 − β₂ⁿ).
    pub root_correction: f32,
    /// Added to the root.
    pub eps: f32,
    /// 1 − lr · decay, times every value.
    pub keep: f32,
}

multiversion! {
    /// One step of AdamW (Loshchilov & Hutter 2019, algorithm 2) on values `p` with gradient `g` and both moments.
    pub fn adamw(p: &mut [f32], g: &[f32], m: &mut [f32], v: &mut [f32], s: AdamStep) {
        for (((p, g), m), v) in p.iter_mut().zip(g).zip(m).zip(v) {
            let g = g * s.grad_scale;
            *m = s.beta1 * *m + (1.0 - s.beta1) * g;
            *v = s.beta2 * *v + (1.0 - s.beta2) * g * g;
            *p = *p * s.keep - s.step_size * *m / (v.sqrt() * s.root_correction + s.eps);
        }
    }
}

multiversion! {
    /// e = decay · e + (1 − decay) · p.
    pub fn blend(e: &mut [f32], p: &[f32], decay: f32) {
        for (e, p) in e.iter_mut().zip(p) {
            *e += (1.0 - decay) * (p - *e);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::check::numbers;

    #[test]
    fn exponential_is_right_to_two_units_everywhere() {
        let x: Vec<f32> = (-173_990..=177_400).map(|i| i as f32 * 5e-4).collect();
        let mut y = vec![0.0; x.len()];
        exp_all(&x, &mut y);
        for (x, y) in x.iter().zip(&y) {
            let want = f64::from(*x).exp();
            let ulp = want * f64::from(f32::EPSILON);
            assert!((f64::from(*y) - want).abs() <= 2.0 * ulp, "e^{x} = {y}, not {want}");
        }
        exp_all(&[f32::NEG_INFINITY, -88.0, 89.0, f32::INFINITY, f32::NAN, 0.0], &mut y[..6]);
        assert_eq!(y[..4], [0.0, 0.0, f32::INFINITY, f32::INFINITY]);
        assert!(y[4].is_nan() && y[5] == 1.0);
    }

    #[test]
    fn sums_do_not_lose_the_tail() {
        for n in [0, 1, 15, 16, 17, 31, 32, 33, 100] {
            let x = numbers(n, 3);
            let want: f64 = x.iter().map(|x| f64::from(*x).powi(2)).sum();
            assert!((f64::from(square_sum(&x)) - want).abs() < 1e-5, "{n}");
        }
    }

    #[test]
    fn nan_is_never_hidden() {
        let mut x = [1.0, f32::NAN, 2.0];
        softmax_here(&mut x, 3, 3);
        assert!(x[0].is_nan());
        let mut y = [0.0; 3];
        gelu(&[f32::NAN, 0.0, -40.0], &mut y);
        assert!(y[0].is_nan() && y[1] == 0.0 && y[2] == 0.0, "{y:?}");
        assert!(cross_entropy_row(&[0.0, f32::NAN], 0, 0.0, 1.0, &mut []).is_nan());
    }
}
