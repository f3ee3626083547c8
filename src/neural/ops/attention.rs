//! Attention of several heads, a block of queries of one head at a time.
//!
//! Forward, a task holds the scores of [`QUERIES`] queries of one head and no more. Backward, a task has one head
//! and works its probabilities out again, which costs less than keeping those of every layer until then.

use candle_core::{CpuStorage, CustomOp3, Layout, Result, Shape, Storage, Tensor, bail};
use rayon::prelude::*;

use super::host::{gradient, ours, result, values};
use super::stock;
use crate::kernel::matmul::{Mat, Threads, product, product_at};
use crate::kernel::rows;

/// Queries of one task; fixed, so that tasks are the same on any number of threads.
const QUERIES: usize = 128;

/// Attention of `heads` heads: `q` (b, t, c), `k` and `v` (b, s, c), scale 1/√(c/heads), gives (b, t, c).
///
/// `bias` (b, t, s) or (1, t, s) is added to the scores before the softmax; it gets no gradient. A key is shut out
/// by −∞ there, as long as each row keeps at least one. Views with contiguous channels, such as the parts of one
/// product for all three, are taken without a copy.
pub fn attention(q: &Tensor, k: &Tensor, v: &Tensor, heads: usize, bias: Option<&Tensor>) -> Result<Tensor> {
    stock::check_attention(q, k, v, heads, bias)?;
    if !ours(&[q, k, v]) || bias.is_some_and(|bias| !ours(&[bias])) {
        return stock::attention(q, k, v, heads, bias);
    }
    let rows = |x: &Tensor| match x.stride().last() {
        Some(1) => Ok(x.clone()),
        _ => x.contiguous(),
    };
    let bias = match bias {
        Some(bias) => Some(bias.detach().contiguous()?),
        None => None,
    };
    rows(q)?.apply_op3(&rows(k)?, &rows(v)?, Attention { heads, bias })
}

struct Attention {
    heads: usize,
    bias: Option<Tensor>,
}

/// One argument: where head h of sequence b begins and how far its rows are apart.
#[derive(Clone, Copy)]
struct Heads<'a> {
    data: &'a [f32],
    len: usize,
    depth: usize,
    batch_stride: usize,
    row_stride: usize,
}

impl<'a> Heads<'a> {
    fn new(storage: &'a CpuStorage, layout: &Layout, heads: usize) -> Result<Self> {
        let (_, len, c) = layout.shape().dims3()?;
        let stride = layout.stride();
        let depth = c / heads;
        Ok(Self { data: values(storage, layout)?, len, depth, batch_stride: stride[0], row_stride: stride[1] })
    }

    fn of(&self, b: usize, h: usize) -> Mat<'a> {
        self.rows(b, h, 0, self.len)
    }

    fn rows(&self, b: usize, h: usize, first: usize, n: usize) -> Mat<'a> {
        let at = b * self.batch_stride + first * self.row_stride + h * self.depth;
        Mat::new(&self.data[at..], n, self.depth, self.row_stride)
    }
}

/// Output that tasks fill at places of their own.
#[derive(Clone, Copy)]
struct Shared {
    at: *mut f32,
    len: usize,
}
// SAFETY: only used for writes to places that no two tasks share (see `Attention::write`).
unsafe impl Send for Shared {}
// SAFETY: as above.
unsafe impl Sync for Shared {}

impl Shared {
    fn new(out: &mut [f32]) -> Self {
        Self { at: out.as_mut_ptr(), len: out.len() }
    }

    /// Writes `scale` · `a` · `b` to rows `stride` apart from `start` on.
    ///
    /// # Safety
    /// No other task may write to the same columns of the same rows.
    unsafe fn write(self, start: usize, stride: usize, scale: f32, a: Mat, b: Mat, sizes: (usize, usize, usize)) {
        let (m, n, k) = sizes;
        assert!(m > 0 && start + (m - 1) * stride + n <= self.len);
        // SAFETY: within the slice by the check; alone there by the caller's word.
        unsafe { product_at(self.at.add(start), stride, false, scale, a, b, k, Threads::One) }
    }
}

impl Attention {
    /// Probabilities of `n` queries from `first` on, into `p` (n × keys).
    fn probabilities(
        &self,
        q: &Heads,
        k: &Heads,
        bias: Option<&[f32]>,
        (b, h): (usize, usize),
        (first, n): (usize, usize),
        p: &mut [f32],
    ) {
        let (t, s) = (q.len, k.len);
        product(p, s, false, self.scale(q), q.rows(b, h, first, n), k.of(b, h).t(), Threads::One);
        if let Some(bias) = bias {
            // A bias for one sequence stands for all.
            let b = if bias.len() == t * s { 0 } else { b };
            rows::add(p, &bias[(b * t + first) * s..][..n * s]);
        }
        rows::softmax_here(p, s, s);
    }

    fn scale(&self, q: &Heads) -> f32 {
        1.0 / (q.depth as f32).sqrt()
    }

    fn with_bias<T>(&self, f: impl FnOnce(Option<&[f32]>) -> Result<T>) -> Result<T> {
        match &self.bias {
            Some(bias) => super::host::with(bias, |bias| f(Some(bias))),
            None => f(None),
        }
    }

    fn forward(&self, q: Heads, k: Heads, v: Heads, batch: usize) -> Result<Vec<f32>> {
        let (t, s, d, heads) = (q.len, k.len, q.depth, self.heads);
        let c = d * heads;
        let blocks = t.div_ceil(QUERIES);
        let mut out = vec![0.0; batch * t * c];
        let shared = Shared::new(&mut out);
        self.with_bias(|bias| {
            (0..batch * heads * blocks).into_par_iter().for_each_init(Vec::new, |p: &mut Vec<f32>, task| {
                let (b, h, first) = (task / blocks / heads, task / blocks % heads, task % blocks * QUERIES);
                let n = QUERIES.min(t - first);
                p.resize(n * s, 0.0);
                self.probabilities(&q, &k, bias, (b, h), (first, n), p);
                let p = Mat::new(p, n, s, s);
                // SAFETY: these rows of this head are this task's alone.
                unsafe { shared.write((b * t + first) * c + h * d, c, 1.0, p, v.of(b, h), (n, d, s)) };
            });
            Ok(())
        })?;
        Ok(out)
    }

    fn backward(&self, q: Heads, k: Heads, v: Heads, g: Heads, batch: usize) -> Result<[Vec<f32>; 3]> {
        let (t, s, d, heads) = (q.len, k.len, q.depth, self.heads);
        let c = d * heads;
        let mut out = [vec![0.0; batch * t * c], vec![0.0; batch * s * c], vec![0.0; batch * s * c]];
        let [dq, dk, dv] = out.each_mut().map(|d| Shared::new(d));
        let scale = self.scale(&q);
        self.with_bias(|bias| {
            (0..batch * heads).into_par_iter().for_each_init(
                || (vec![0.0; t * s], vec![0.0; t * s]),
                |(p, dp), task| {
                    let (b, h) = (task / heads, task % heads);
                    self.probabilities(&q, &k, bias, (b, h), (0, t), p);
                    product(dp, s, false, 1.0, g.of(b, h), v.of(b, h).t(), Threads::One);
                    rows::softmax_back_here(p, dp, s, scale);
                    let (p, dp) = (Mat::new(p, t, s, s), Mat::new(dp, t, s, s));
                    let (queries, keys) = (b * t * c + h * d, b * s * c + h * d);
                    // SAFETY: this head of this sequence is this task's alone in all three.
                    unsafe {
                        dq.write(queries, c, 1.0, dp, k.of(b, h), (t, d, s));
                        dk.write(keys, c, 1.0, dp.t(), q.of(b, h), (s, d, t));
                        dv.write(keys, c, 1.0, p.t(), g.of(b, h), (s, d, t));
                    }
                },
            );
            Ok(())
        })?;
        Ok(out)
    }
}

impl CustomOp3 for Attention {
    fn name(&self) -> &'static str {
        "attention"
    }

    fn cpu_fwd(
        &self,
        q: &CpuStorage,
        lq: &Layout,
        k: &CpuStorage,
        lk: &Layout,
        v: &CpuStorage,
        lv: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (batch, t, c) = lq.shape().dims3()?;
        if t == 0 || batch == 0 {
            return result(Vec::new(), (batch, t, c));
        }
        let heads = |x, l| Heads::new(x, l, self.heads);
        result(self.forward(heads(q, lq)?, heads(k, lk)?, heads(v, lv)?, batch)?, (batch, t, c))
    }

    fn bwd(
        &self,
        q: &Tensor,
        k: &Tensor,
        v: &Tensor,
        _: &Tensor,
        g: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let g = g.contiguous()?;
        let (sq, lq) = q.storage_and_layout();
        let (sk, lk) = k.storage_and_layout();
        let (sv, lv) = v.storage_and_layout();
        let (sg, lg) = g.storage_and_layout();
        let (Storage::Cpu(sq), Storage::Cpu(sk), Storage::Cpu(sv), Storage::Cpu(sg)) = (&*sq, &*sk, &*sv, &*sg) else {
            bail!("the kernels run on the CPU only")
        };
        let heads = |x, l| Heads::new(x, l, self.heads);
        let (batch, ..) = q.dims3()?;
        let [dq, dk, dv] = self.backward(heads(sq, lq)?, heads(sk, lk)?, heads(sv, lv)?, heads(sg, lg)?, batch)?;
        Ok((Some(gradient(dq, q)?), Some(gradient(dk, k)?), Some(gradient(dv, v)?)))
    }
}
