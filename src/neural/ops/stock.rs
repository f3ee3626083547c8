//! The same operations in candle's plain, differentiable operations: the reference for the kernels, and what runs
//! on devices other than the CPU.

use candle_core::{D, Result, Tensor, bail};

/// `x` · `w`ᵀ + `b`: `x` (.., i), `w` (o, i), `b` (o) give (.., o).
pub fn linear(x: &Tensor, w: &Tensor, b: Option<&Tensor>) -> Result<Tensor> {
    let (o, i) = w.dims2()?;
    let mut dims = x.dims().to_vec();
    match dims.last_mut() {
        Some(last) if *last == i => *last = o,
        _ => bail!("linear: x {:?} does not end in the {i} inputs of w {:?}", x.shape(), w.shape()),
    }
    let rows = x.elem_count() / i.max(1);
    let y = x.reshape((rows, i))?.matmul(&w.t()?)?;
    let y = match b {
        Some(b) => y.broadcast_add(b)?,
        None => y,
    };
    y.reshape(dims)
}

/// Brings each row of the last axis to mean 0 and variance 1 (`eps` is added to the variance), then scales by `w`
/// and shifts by `b`, both (c).
pub fn layer_norm(x: &Tensor, w: &Tensor, b: &Tensor, eps: f64) -> Result<Tensor> {
    let c = x.dim(D::Minus1)? as f64;
    let x = x.broadcast_sub(&(x.sum_keepdim(D::Minus1)? / c)?)?;
    let var = (x.sqr()?.sum_keepdim(D::Minus1)? / c)?;
    x.broadcast_div(&(var + eps)?.sqrt()?)?.broadcast_mul(w)?.broadcast_add(b)
}

/// Gaussian error linear unit in its tanh form: ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))).
pub fn gelu(x: &Tensor) -> Result<Tensor> {
    x.gelu()
}

/// Softmax over the last axis.
pub fn softmax(x: &Tensor) -> Result<Tensor> {
    let num = x.broadcast_sub(&x.max_keepdim(D::Minus1)?.detach())?.exp()?;
    num.broadcast_div(&num.sum_keepdim(D::Minus1)?)
}

/// Attention of `heads` heads: `q` (b, t, c), `k` and `v` (b, s, c), scale 1/√(c/heads), gives (b, t, c).
///
/// `bias` (b, t, s) or (1, t, s) is added to the scores before the softmax; it gets no gradient. A key is shut out
/// by −∞ there, as long as each row keeps at least one.
pub fn attention(q: &Tensor, k: &Tensor, v: &Tensor, heads: usize, bias: Option<&Tensor>) -> Result<Tensor> {
    let (b, t, c) = q.dims3()?;
    let s = check_attention(q, k, v, heads, bias)?;
    let split = |x: &Tensor, n: usize| x.reshape((b, n, heads, c / heads))?.transpose(1, 2)?.contiguous();
    let scores = (split(q, t)?.matmul(&split(k, s)?.t()?)? / ((c / heads) as f64).sqrt())?;
    let scores = match bias {
        Some(bias) => scores.broadcast_add(&bias.detach().unsqueeze(1)?)?,
        None => scores,
    };
    softmax(&scores)?.matmul(&split(v, s)?)?.transpose(1, 2)?.contiguous()?.reshape((b, t, c))
}

/// The number of keys, once all shapes fit.
pub(super) fn check_attention(
    q: &Tensor,
    k: &Tensor,
    v: &Tensor,
    heads: usize,
    bias: Option<&Tensor>,
) -> Result<usize> {
    let (b, t, c) = q.dims3()?;
    let (kb, s, kc) = k.dims3()?;
    if heads == 0 || c % heads != 0 {
        bail!("attention: {c} channels do not split into {heads} heads");
    }
    if (kb, kc) != (b, c) || v.dims() != k.dims() || s == 0 {
        bail!("attention: q {:?}, k {:?} and v {:?} do not fit", q.shape(), k.shape(), v.shape());
    }
    if let Some(bias) = bias {
        let (bb, bt, bs) = bias.dims3()?;
        if (bb != b && bb != 1) || bt != t || bs != s {
            bail!("attention: bias {:?} does not fit ({b}, {t}, {s})", bias.shape());
        }
    }
    Ok(s)
}

/// Convolution over time that keeps the length: `x` (b, t, i), `w` (o, k, i), `b` (o) give (b, t, o).
///
/// Tap j looks `(j − ⌊(k−1)·dilation / 2⌋ / dilation)` steps away; what lies outside counts as zero.
pub fn conv1d(x: &Tensor, w: &Tensor, b: Option<&Tensor>, dilation: usize) -> Result<Tensor> {
    let (n, t, i) = x.dims3()?;
    let (o, taps, wi) = w.dims3()?;
    if wi != i || taps == 0 || dilation == 0 {
        bail!("conv1d: x {:?}, w {:?} and dilation {dilation} do not fit", x.shape(), w.shape());
    }
    let span = (taps - 1) * dilation;
    let padded = x.pad_with_zeros(1, span / 2, span - span / 2)?;
    let mut sum: Option<Tensor> = None;
    for tap in 0..taps {
        let shifted = padded.narrow(1, tap * dilation, t)?.contiguous()?.reshape((n * t, i))?;
        let y = shifted.matmul(&w.narrow(1, tap, 1)?.squeeze(1)?.contiguous()?.t()?)?;
        sum = Some(match sum {
            Some(sum) => (sum + y)?,
            None => y,
        });
    }
    let y = sum.expect("at least one tap");
    let y = match b {
        Some(b) => y.broadcast_add(b)?,
        None => y,
    };
    y.reshape((n, t, o))
}

/// Weighted mean of the cross entropy between `logits` (n, k) and the classes `target` (n) of type u32.
///
/// `weight` (n) ≥ 0 says how much each row counts, 0 = left out; without any weight the result is 0. With
/// `smoothing` s in [0, 1) the wanted distribution is (1 − s) on the target and s/k on every class. Only `logits`
/// get a gradient.
pub fn cross_entropy(logits: &Tensor, target: &Tensor, weight: &Tensor, smoothing: f64) -> Result<Tensor> {
    let (n, k) = logits.dims2()?;
    if target.dims() != [n] || weight.dims() != [n] || !(0.0..1.0).contains(&smoothing) {
        let (l, t, w) = (logits.shape(), target.shape(), weight.shape());
        bail!("cross_entropy: logits {l:?}, target {t:?}, weight {w:?}, smoothing {smoothing} do not fit");
    }
    let shifted = logits.broadcast_sub(&logits.max_keepdim(1)?.detach())?;
    let log_p = shifted.broadcast_sub(&shifted.exp()?.sum_keepdim(1)?.log()?)?;
    let hit = log_p.gather(&target.unsqueeze(1)?, 1)?.squeeze(1)?;
    let even = (log_p.sum(1)? / k as f64)?;
    let each = ((hit * (smoothing - 1.0))? - (even * smoothing)?)?;
    let weight = weight.detach();
    let total = weight.sum_all()?.maximum(f64::from(f32::MIN_POSITIVE))?;
    (each * weight)?.sum_all()? / total
}

/// Mean of the smooth L1 distance: ½ d²/β below `beta`, d − ½ β above, with d = |a − b|; plain L1 for `beta` = 0.
pub fn smooth_l1(a: &Tensor, b: &Tensor, beta: f64) -> Result<Tensor> {
    if beta < 0.0 || beta.is_nan() {
        bail!("smooth_l1: beta {beta} is below 0");
    }
    let d = (a - b)?.abs()?;
    if beta == 0.0 {
        return d.mean_all();
    }
    // With m = min(d, β) both branches are m (d − ½ m) / β, so no comparison enters the graph.
    let m = d.minimum(beta)?;
    ((&m * (&d - (&m * 0.5)?)?)? / beta)?.mean_all()
}
