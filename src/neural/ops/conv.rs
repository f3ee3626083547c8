//! Convolution over time, channels last.
//!
//! Sequences are copied with zeros around into one long matrix, so that each tap is one product over all of them.

use candle_core::{CpuStorage, CustomOp2, CustomOp3, Layout, Result, Shape, Tensor, bail};

use super::host::{flat, gradient, ours, result, wants_gradient, with};
use super::linear::column_sums;
use super::stock;
use crate::kernel::matmul::{Mat, Threads, product};

/// Convolution over time that keeps the length: `x` (b, t, i), `w` (o, k, i), `b` (o) give (b, t, o).
///
/// Of the (k−1)·dilation steps that a window spans, ⌊half⌋ lie before; what lies outside counts as zero.
pub fn conv1d(x: &Tensor, w: &Tensor, b: Option<&Tensor>, dilation: usize) -> Result<Tensor> {
    let ((_, t, i), (o, taps, wi)) = (x.dims3()?, w.dims3()?);
    if wi != i || taps == 0 || dilation == 0 || b.is_some_and(|b| b.dims() != [o]) {
        let b = b.map(Tensor::shape);
        bail!("conv1d: x {:?}, w {:?}, b {b:?} and dilation {dilation} do not fit", x.shape(), w.shape());
    }
    let op = Conv { t, i, o, taps, dilation };
    match b {
        Some(b) if ours(&[x, w, b]) => x.contiguous()?.apply_op3(&w.contiguous()?, &b.contiguous()?, op),
        None if ours(&[x, w]) => x.contiguous()?.apply_op2(&w.contiguous()?, op),
        _ => stock::conv1d(x, w, b, dilation),
    }
}

#[derive(Clone, Copy)]
struct Conv {
    t: usize,
    i: usize,
    o: usize,
    taps: usize,
    dilation: usize,
}

impl Conv {
    /// Steps from the first tap to the last.
    fn span(&self) -> usize {
        (self.taps - 1) * self.dilation
    }

    /// Rows that one sequence takes with its zeros.
    fn period(&self) -> usize {
        self.t + self.span()
    }

    /// Sequences of rows of `width` values, each with `before` rows of zeros ahead of it and the rest behind.
    fn pad(&self, x: &[f32], width: usize, before: usize) -> Vec<f32> {
        let (n, period) = (self.t * width, self.period() * width);
        let mut out = vec![0.0; x.len() / n.max(1) * period];
        for (x, out) in x.chunks_exact(n).zip(out.chunks_exact_mut(period)) {
            out[before * width..][..n].copy_from_slice(x);
        }
        out
    }

    /// The inverse of [`Conv::pad`].
    fn unpad(&self, x: &[f32], width: usize, before: usize) -> Vec<f32> {
        let (n, period) = (self.t * width, self.period() * width);
        x.chunks_exact(period).flat_map(|x| &x[before * width..][..n]).copied().collect()
    }

    /// Windows that fit into the padded rows of `batch` sequences.
    fn windows(&self, batch: usize) -> usize {
        (batch * self.period()).saturating_sub(self.span())
    }

    fn tap<'a>(&self, w: &'a [f32], tap: usize) -> Mat<'a> {
        Mat::new(&w[tap * self.i..], self.o, self.i, self.taps * self.i)
    }

    fn forward(&self, x: &[f32], w: &[f32], b: Option<&[f32]>) -> Result<(CpuStorage, Shape)> {
        let Self { t, i, o, taps, dilation } = *self;
        let batch = x.len() / (t * i).max(1);
        let padded = self.pad(x, i, self.span() / 2);
        let rows = self.windows(batch);
        let mut y = vec![0.0; batch * self.period() * o];
        if let Some(b) = b {
            y.chunks_exact_mut(o).for_each(|row| row.copy_from_slice(b));
        }
        if dilation == 1 {
            // A window is one run of values: all taps are one product, over rows that overlap.
            let windows = Mat::new(&padded, rows, taps * i, i);
            product(&mut y, o, true, 1.0, windows, Mat::new(w, o, taps * i, taps * i).t(), Threads::All);
        } else {
            for tap in 0..taps {
                let shifted = Mat::new(&padded[(tap * dilation * i).min(padded.len())..], rows, i, i);
                product(&mut y, o, true, 1.0, shifted, self.tap(w, tap).t(), Threads::All);
            }
        }
        result(self.unpad(&y, o, 0), (batch, t, o))
    }

    fn backward(&self, x: &Tensor, w: &Tensor, g: &Tensor) -> Result<(Option<Tensor>, Tensor)> {
        let Self { i, o, taps, dilation, .. } = *self;
        let batch = x.dim(0)?;
        let rows = self.windows(batch);
        let g = with(g, |g| Ok(self.pad(g, o, 0)))?;
        let g = Mat::new(&g, rows, o, o);
        let dx = if wants_gradient(x) {
            let mut dx = vec![0.0; batch * self.period() * i];
            with(w, |w| {
                for tap in 0..taps {
                    let at = (tap * dilation * i).min(dx.len());
                    product(&mut dx[at..], i, true, 1.0, g, self.tap(w, tap), Threads::All);
                }
                Ok(())
            })?;
            Some(gradient(self.unpad(&dx, i, self.span() / 2), x)?)
        } else {
            None
        };
        let padded = with(x, |x| Ok(self.pad(x, i, self.span() / 2)))?;
        let mut dw = vec![0.0; o * taps * i];
        for tap in 0..taps {
            let shifted = Mat::new(&padded[(tap * dilation * i).min(padded.len())..], rows, i, i);
            product(&mut dw[tap * i..], taps * i, false, 1.0, g.t(), shifted, Threads::All);
        }
        Ok((dx, gradient(dw, w)?))
    }
}

impl CustomOp2 for Conv {
    fn name(&self) -> &'static str {
        "conv1d-channels-last"
    }

    fn cpu_fwd(&self, x: &CpuStorage, lx: &Layout, w: &CpuStorage, lw: &Layout) -> Result<(CpuStorage, Shape)> {
        self.forward(flat(x, lx)?, flat(w, lw)?, None)
    }

    fn bwd(&self, x: &Tensor, w: &Tensor, _: &Tensor, g: &Tensor) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let (dx, dw) = self.backward(x, w, g)?;
        Ok((dx, Some(dw)))
    }
}

impl CustomOp3 for Conv {
    fn name(&self) -> &'static str {
        "conv1d-channels-last"
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
        self.forward(flat(x, lx)?, flat(w, lw)?, Some(flat(b, lb)?))
    }

    fn bwd(
        &self,
        x: &Tensor,
        w: &Tensor,
        b: &Tensor,
        _: &Tensor,
        g: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let (dx, dw) = self.backward(x, w, g)?;
        let db = with(g, |g| gradient(column_sums(g, self.o), b))?;
        Ok((dx, Some(dw), Some(db)))
    }
}
