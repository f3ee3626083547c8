//! Operations row by row: layer norm, GELU, softmax.

use candle_core::{CpuStorage, CustomOp1, CustomOp3, D, Layout, Result, Shape, Tensor, bail};

use super::host::{flat, gradient, ours, result, with};
use super::stock;
use crate::kernel::{each_rows, rows, sum_rows};

/// Brings each row of the last axis to mean 0 and variance 1 (`eps` is added to the variance), then scales by `w`
/// and shifts by `b`, both (c).
pub fn layer_norm(x: &Tensor, w: &Tensor, b: &Tensor, eps: f64) -> Result<Tensor> {
    let c = x.dim(D::Minus1)?;
    if w.dims() != [c] || b.dims() != [c] || c == 0 {
        bail!("layer_norm: x {:?}, w {:?} and b {:?} do not fit", x.shape(), w.shape(), b.shape());
    }
    if !ours(&[x, w, b]) {
        return stock::layer_norm(x, w, b, eps);
    }
    x.contiguous()?.apply_op3(&w.contiguous()?, &b.contiguous()?, LayerNorm { eps: eps as f32 })
}

struct LayerNorm {
    eps: f32,
}

impl CustomOp3 for LayerNorm {
    fn name(&self) -> &'static str {
        "layer-norm"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        lx: &Layout,
        w: &CpuStorage,
        lw: &Layout,
        b: &CpuStorage,
        lb: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (x, w, b) = (flat(x, lx)?, flat(w, lw)?, flat(b, lb)?);
        let c = w.len();
        let mut y = vec![0.0; x.len()];
        each_rows(&mut y, c, |first, y| rows::layer_norm(&x[first * c..][..y.len()], w, b, self.eps, y));
        result(y, lx.shape())
    }

    fn bwd(
        &self,
        x: &Tensor,
        w: &Tensor,
        b: &Tensor,
        _: &Tensor,
        g: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let (dx, dw, db) = with(x, |x| {
            with(g, |g| {
                with(w, |w| {
                    let c = w.len();
                    let mut dx = vec![0.0; x.len()];
                    each_rows(&mut dx, c, |first, dx| {
                        let (at, n) = (first * c, dx.len());
                        rows::layer_norm_back(&x[at..][..n], w, self.eps, &g[at..][..n], dx);
                    });
                    let mut dw = sum_rows(x.len() / c, 2 * c, |range, sum| {
                        let (dw, db) = sum.split_at_mut(c);
                        let at = range.start * c..range.end * c;
                        rows::layer_norm_back_scale(&x[at.clone()], self.eps, &g[at], dw, db);
                    });
                    let db = dw.split_off(c);
                    Ok((dx, dw, db))
                })
            })
        })?;
        Ok((Some(gradient(dx, x)?), Some(gradient(dw, w)?), Some(gradient(db, b)?)))
    }
}

/// Values a piece of a pointwise operation has; any number does, since no value depends on another.
const PIECE: usize = 256;

/// Gaussian error linear unit in its tanh form: ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))).
pub fn gelu(x: &Tensor) -> Result<Tensor> {
    if ours(&[x]) { x.contiguous()?.apply_op1(Gelu) } else { stock::gelu(x) }
}

struct Gelu;

impl CustomOp1 for Gelu {
    fn name(&self) -> &'static str {
        "gelu-tanh"
    }

    fn cpu_fwd(&self, x: &CpuStorage, lx: &Layout) -> Result<(CpuStorage, Shape)> {
        let x = flat(x, lx)?;
        let mut y = vec![0.0; x.len()];
        each_rows(&mut y, PIECE, |first, y| rows::gelu(&x[first * PIECE..][..y.len()], y));
        result(y, lx.shape())
    }

    fn bwd(&self, x: &Tensor, _: &Tensor, g: &Tensor) -> Result<Option<Tensor>> {
        let d = with(x, |x| {
            with(g, |g| {
                let mut d = vec![0.0; x.len()];
                each_rows(&mut d, PIECE, |first, d| {
                    let (at, n) = (first * PIECE, d.len());
                    rows::gelu_back(&x[at..][..n], &g[at..][..n], d);
                });
                Ok(d)
            })
        })?;
        Ok(Some(gradient(d, x)?))
    }
}

/// Softmax over the last axis. A row of −∞ alone becomes NaN.
pub fn softmax(x: &Tensor) -> Result<Tensor> {
    if x.dim(D::Minus1)? == 0 {
        bail!("softmax: rows of {:?} are empty", x.shape());
    }
    if ours(&[x]) { x.contiguous()?.apply_op1(Softmax) } else { stock::softmax(x) }
}

struct Softmax;

impl CustomOp1 for Softmax {
    fn name(&self) -> &'static str {
        "softmax"
    }

    fn cpu_fwd(&self, x: &CpuStorage, lx: &Layout) -> Result<(CpuStorage, Shape)> {
        let mut y = flat(x, lx)?.to_vec();
        let width = lx.shape().dim(D::Minus1)?;
        each_rows(&mut y, width, |_, y| rows::softmax_here(y, width, width));
        result(y, lx.shape())
    }

    fn bwd(&self, x: &Tensor, y: &Tensor, g: &Tensor) -> Result<Option<Tensor>> {
        let width = x.dim(D::Minus1)?;
        let d = with(y, |y| {
            with(g, |g| {
                let mut d = vec![0.0; y.len()];
                each_rows(&mut d, width, |first, d| {
                    let (at, n) = (first * width, d.len());
                    rows::softmax_back(&y[at..][..n], &g[at..][..n], d, width);
                });
                Ok(d)
            })
        })?;
        Ok(Some(gradient(d, x)?))
    }
}
