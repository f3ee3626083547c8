//! `x` · `w`ᵀ + `b` in one go, forward and backward.

use candle_core::{CpuStorage, CustomOp2, CustomOp3, Layout, Result, Shape, Tensor, bail};

use super::host::{flat, gradient, ours, result, wants_gradient, with};
use super::stock;
use crate::kernel::matmul::{Mat, Threads, product};
use crate::kernel::{rows, sum_rows};

/// `x` · `w`ᵀ + `b`: `x` (.., i), `w` (o, i), `b` (o) give (.., o).
pub fn linear(x: &Tensor, w: &Tensor, b: Option<&Tensor>) -> Result<Tensor> {
    let (o, i) = w.dims2()?;
    if x.dims().last() != Some(&i) || b.is_some_and(|b| b.dims() != [o]) {
        bail!("linear: x {:?}, w {:?} and b {:?} do not fit", x.shape(), w.shape(), b.map(Tensor::shape));
    }
    let (x, w) = (x.contiguous()?, w.contiguous()?);
    match b {
        Some(b) if ours(&[&x, &w, b]) => x.apply_op3(&w, &b.contiguous()?, Linear),
        None if ours(&[&x, &w]) => x.apply_op2(&w, Linear),
        _ => stock::linear(&x, &w, b),
    }
}

struct Linear;

fn forward(x: &[f32], lx: &Layout, w: &[f32], lw: &Layout, b: Option<&[f32]>) -> Result<(CpuStorage, Shape)> {
    let (o, i) = lw.shape().dims2()?;
    let n = lx.shape().elem_count() / i.max(1);
    let mut y = Vec::with_capacity(n * o);
    match b {
        Some(b) => (0..n).for_each(|_| y.extend_from_slice(b)),
        None => y.resize(n * o, 0.0),
    }
    product(&mut y, o, b.is_some(), 1.0, Mat::new(x, n, i, i), Mat::new(w, o, i, i).t(), Threads::All);
    let mut dims = lx.dims().to_vec();
    if let Some(last) = dims.last_mut() {
        *last = o;
    }
    result(y, dims)
}

/// Gradients of `x`, where wanted, and of `w`.
fn backward(x: &Tensor, w: &Tensor, g: &Tensor) -> Result<(Option<Tensor>, Tensor)> {
    let (o, i) = w.dims2()?;
    let n = x.elem_count() / i.max(1);
    with(g, |g| {
        let g = Mat::new(g, n, o, o);
        let dx = if wants_gradient(x) {
            let mut dx = vec![0.0; n * i];
            with(w, |w| {
                product(&mut dx, i, false, 1.0, g, Mat::new(w, o, i, i), Threads::All);
                Ok(())
            })?;
            Some(gradient(dx, x)?)
        } else {
            None
        };
        let mut dw = vec![0.0; o * i];
        with(x, |x| {
            product(&mut dw, i, false, 1.0, g.t(), Mat::new(x, n, i, i), Threads::All);
            Ok(())
        })?;
        Ok((dx, gradient(dw, w)?))
    })
}

/// Σ over the rows of `g` (n × o).
pub(super) fn column_sums(g: &[f32], o: usize) -> Vec<f32> {
    sum_rows(g.len() / o.max(1), o, |range, sum| {
        for row in g[range.start * o..range.end * o].chunks_exact(o) {
            rows::add(sum, row);
        }
    })
}

impl CustomOp2 for Linear {
    fn name(&self) -> &'static str {
        "linear"
    }

    fn cpu_fwd(&self, x: &CpuStorage, lx: &Layout, w: &CpuStorage, lw: &Layout) -> Result<(CpuStorage, Shape)> {
        forward(flat(x, lx)?, lx, flat(w, lw)?, lw, None)
    }

    fn bwd(&self, x: &Tensor, w: &Tensor, _: &Tensor, g: &Tensor) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let (dx, dw) = backward(x, w, g)?;
        Ok((dx, Some(dw)))
    }
}

impl CustomOp3 for Linear {
    fn name(&self) -> &'static str {
        "linear"
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
        forward(flat(x, lx)?, lx, flat(w, lw)?, lw, Some(flat(b, lb)?))
    }

    fn bwd(
        &self,
        x: &Tensor,
        w: &Tensor,
        b: &Tensor,
        _: &Tensor,
        g: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let (dx, dw) = backward(x, w, g)?;
        let db = with(g, |g| gradient(column_sums(g, b.elem_count()), b))?;
        Ok((dx, Some(dw), Some(db)))
    }
}
