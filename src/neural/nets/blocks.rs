//! What the networks are built of: linear maps, convolutions, attention, transformer blocks with adaptive normalisation.
//!
//! Blocks are pre-norm (as in MoMask's successors; contextual-gesture says only "standard transformer blocks"): the
//! residual stream stays unnormalised, which trains without warm-up trouble at small sizes.

use crate::nets::noise::Noise;
use crate::ops;
use crate::train::{Init, Params};
use candle_core::{D, Device, Result, Tensor};
use serde::{Deserialize, Serialize};

/// `y = x wᵀ + b` over the last axis.
#[derive(Clone, Debug)]
pub struct Linear {
    pub weight: Tensor,
    pub bias: Tensor,
}

impl Linear {
    /// `input` → `output` channels, normal weights of standard deviation `gain / √input`.
    pub fn scaled(params: &Params, name: &str, input: usize, output: usize, gain: f64) -> Result<Self> {
        let params = params.scope(name);
        let std = gain / (input as f64).sqrt();
        Ok(Self {
            weight: params.weight("weight", &[output, input], Init::Normal(std))?,
            bias: params.weight("bias", &[output], Init::Zeros)?,
        })
    }

    pub fn new(params: &Params, name: &str, input: usize, output: usize) -> Result<Self> {
        Self::scaled(params, name, input, output, 1.0)
    }

    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        ops::linear(x, &self.weight, Some(&self.bias))
    }
}

/// Normalisation of the last axis to mean 0 and variance 1, then scale and shift.
#[derive(Clone, Debug)]
pub struct LayerNorm {
    pub weight: Tensor,
    pub bias: Tensor,
}

/// Added to the variance by every normalisation.
pub const NORM_EPS: f64 = 1e-5;

impl LayerNorm {
    pub fn new(params: &Params, name: &str, width: usize) -> Result<Self> {
        let params = params.scope(name);
        Ok(Self {
            weight: params.weight("weight", &[width], Init::Ones)?,
            bias: params.weight("bias", &[width], Init::Zeros)?,
        })
    }

    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        ops::layer_norm(x, &self.weight, &self.bias, NORM_EPS)
    }
}

/// A table of learned vectors.
#[derive(Clone, Debug)]
pub struct Embedding {
    pub table: Tensor,
}

impl Embedding {
    pub fn new(params: &Params, name: &str, count: usize, width: usize, std: f64) -> Result<Self> {
        Ok(Self { table: params.scope(name).weight("table", &[count, width], Init::Normal(std))? })
    }

    /// (..) u32 → (.., width).
    pub fn forward(&self, ids: &Tensor) -> Result<Tensor> {
        let mut dims = ids.dims().to_vec();
        dims.push(self.table.dim(1)?);
        self.table.index_select(&ids.flatten_all()?, 0)?.reshape(dims)
    }
}

/// A convolution over time of the same length, stride 1.
#[derive(Clone, Debug)]
pub struct Conv {
    pub weight: Tensor,
    pub bias: Tensor,
    pub dilation: usize,
}

impl Conv {
    /// Kernel `size` (odd), weights (output, size, input).
    pub fn new(
        params: &Params,
        name: &str,
        input: usize,
        output: usize,
        size: usize,
        dilation: usize,
        gain: f64,
    ) -> Result<Self> {
        let params = params.scope(name);
        let std = gain / ((input * size) as f64).sqrt();
        Ok(Self {
            weight: params.weight("weight", &[output, size, input], Init::Normal(std))?,
            bias: params.weight("bias", &[output], Init::Zeros)?,
            dilation,
        })
    }

    /// (b, t, input) → (b, t, output).
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        ops::conv1d(x, &self.weight, Some(&self.bias), self.dilation)
    }

    /// Frames to each side that one frame of the result depends on.
    pub fn reach(&self) -> usize {
        self.weight.dims().get(1).map_or(0, |size| size / 2 * self.dilation)
    }
}

/// Random silencing of channels in training. Does nothing at rate 0 and when no noise is given.
#[derive(Debug)]
pub struct Dropout {
    rate: f32,
    noise: Option<Noise>,
}

impl Dropout {
    /// For use outside training.
    pub fn off() -> Self {
        Self { rate: 0.0, noise: None }
    }

    pub fn new(rate: f32, noise: Noise) -> Self {
        Self { rate, noise: Some(noise) }
    }

    /// Sets a share `rate` of the numbers to 0 and makes up for it in the others.
    pub fn apply(&mut self, x: &Tensor) -> Result<Tensor> {
        let (Some(noise), true) = (&mut self.noise, self.rate > 0.0) else { return Ok(x.clone()) };
        let keep = 1.0 / (1.0 - self.rate);
        let mask: Vec<f32> =
            (0..x.elem_count()).map(|_| if noise.uniform() < self.rate { 0.0 } else { keep }).collect();
        x * Tensor::from_vec(mask, x.shape(), x.device())?
    }
}

/// Sizes of a stack of transformer blocks.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlockConfig {
    /// Channels of the stream.
    pub width: usize,
    /// Heads of attention; divides `width`.
    pub heads: usize,
    /// Channels between the two linear maps of the feed-forward part.
    pub hidden: usize,
}

/// Attention with its four linear maps.
#[derive(Clone, Debug)]
pub struct Attention {
    pub query: Linear,
    pub key: Linear,
    pub value: Linear,
    pub out: Linear,
    pub heads: usize,
}

impl Attention {
    pub fn new(params: &Params, name: &str, config: &BlockConfig) -> Result<Self> {
        let (params, w) = (params.scope(name), config.width);
        Ok(Self {
            query: Linear::new(&params, "query", w, w)?,
            key: Linear::new(&params, "key", w, w)?,
            value: Linear::new(&params, "value", w, w)?,
            out: Linear::scaled(&params, "out", w, w, 0.5)?,
            heads: config.heads,
        })
    }

    /// `x` (b, t, c) looks at `memory` (b, s, c); `bias` (b, t, s) or (1, t, s) is added to the scores.
    pub fn forward(&self, x: &Tensor, memory: &Tensor, bias: Option<&Tensor>) -> Result<Tensor> {
        let (q, k, v) = (self.query.forward(x)?, self.key.forward(memory)?, self.value.forward(memory)?);
        self.out.forward(&ops::attention(&q, &k, &v, self.heads, bias)?)
    }
}

/// What a block of a generator has beyond self-attention and feed-forward.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BlockParts {
    /// Cross-attention to a memory.
    pub cross: bool,
    /// Adaptive normalisation by a condition per frame.
    pub adaptive: bool,
}

/// One transformer block: self-attention, cross-attention where there is a memory, feed-forward, and after it the
/// adaptive normalisation (contextual-gesture 3.2 puts AdaIN by identity after the feed-forward layers).
///
/// The papers scale and shift each channel by the identity alone. Here scale and shift come from a condition *per
/// frame*, so that cue keys can steer: `x (1 + scale) + shift` at the end of the block. AdaIN would bring the stream to
/// mean 0 and variance 1 over time first; the norms at the head of the next block do that over channels, and the mean
/// over time of a gesture is part of what it says. Zero scale and shift is the plain block.
#[derive(Clone, Debug)]
pub struct Block {
    pub norm: LayerNorm,
    pub attention: Attention,
    pub cross: Option<(LayerNorm, Attention)>,
    pub norm_ff: LayerNorm,
    pub up: Linear,
    pub down: Linear,
    pub adapt: Option<Linear>,
}

/// Inputs of a block besides the stream.
#[derive(Clone, Copy, Debug, Default)]
pub struct BlockInputs<'a> {
    /// (b, s, c), for cross-attention.
    pub memory: Option<&'a Tensor>,
    /// (b, t, c), already through its activation.
    pub condition: Option<&'a Tensor>,
    /// (b, t, t): added to the scores of self-attention.
    pub bias: Option<&'a Tensor>,
    /// (b, t, s): added to the scores of cross-attention.
    pub memory_bias: Option<&'a Tensor>,
}

impl Block {
    pub fn new(params: &Params, name: &str, config: &BlockConfig, parts: BlockParts) -> Result<Self> {
        let (params, w) = (params.scope(name), config.width);
        let cross = match parts.cross {
            true => Some((LayerNorm::new(&params, "norm_cross", w)?, Attention::new(&params, "cross", config)?)),
            false => None,
        };
        // Small, not zero: with zeros the tables behind the condition would get no gradient in the first step.
        let adapt = match parts.adaptive {
            true => Some(Linear::scaled(&params, "adapt", w, 2 * w, 0.1)?),
            false => None,
        };
        Ok(Self {
            norm: LayerNorm::new(&params, "norm", w)?,
            attention: Attention::new(&params, "attention", config)?,
            cross,
            norm_ff: LayerNorm::new(&params, "norm_ff", w)?,
            up: Linear::scaled(&params, "up", w, config.hidden, std::f64::consts::SQRT_2)?,
            down: Linear::scaled(&params, "down", config.hidden, w, 0.5)?,
            adapt,
        })
    }

    pub fn forward(&self, x: &Tensor, inputs: &BlockInputs, dropout: &mut Dropout) -> Result<Tensor> {
        let n = self.norm.forward(x)?;
        let mut x = (x + dropout.apply(&self.attention.forward(&n, &n, inputs.bias)?)?)?;
        if let (Some((norm, cross)), Some(memory)) = (&self.cross, inputs.memory) {
            x = (&x + dropout.apply(&cross.forward(&norm.forward(&x)?, memory, inputs.memory_bias)?)?)?;
        }
        let ff = self.down.forward(&ops::gelu(&self.up.forward(&self.norm_ff.forward(&x)?)?)?)?;
        let ff = dropout.apply(&ff)?;
        if let (Some(adapt), Some(condition)) = (&self.adapt, inputs.condition) {
            let (scale, shift) = halves(&adapt.forward(condition)?)?;
            let x = (x + ff)?;
            return (&x + (scale * &x)?)? + shift;
        }
        x + ff
    }
}

/// The first and the second half of the last axis.
pub fn halves(x: &Tensor) -> Result<(Tensor, Tensor)> {
    let half = x.dim(D::Minus1)? / 2;
    Ok((x.narrow(D::Minus1, 0, half)?.contiguous()?, x.narrow(D::Minus1, half, half)?.contiguous()?))
}

/// Two linear maps with a GELU between them: the heads of contextual-gesture, appendix D.
#[derive(Clone, Debug)]
pub struct Mlp {
    pub first: Linear,
    pub second: Linear,
}

impl Mlp {
    pub fn new(params: &Params, name: &str, input: usize, hidden: usize, output: usize) -> Result<Self> {
        let params = params.scope(name);
        Ok(Self {
            first: Linear::scaled(&params, "first", input, hidden, std::f64::consts::SQRT_2)?,
            second: Linear::new(&params, "second", hidden, output)?,
        })
    }

    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        self.second.forward(&ops::gelu(&self.first.forward(x)?)?)
    }
}

/// Sinusoidal positions (1, t, width): sines in even channels, cosines in odd ones, wavelengths 2π to 20 000 π frames.
pub fn positions(t: usize, width: usize, device: &Device) -> Result<Tensor> {
    let mut table = vec![0.0_f32; t * width];
    for (frame, row) in table.chunks_mut(width.max(1)).enumerate() {
        for (k, v) in row.iter_mut().enumerate() {
            let rate = (-(10_000.0_f64.ln()) * (k / 2 * 2) as f64 / width as f64).exp();
            let angle = frame as f64 * rate;
            *v = if k % 2 == 0 { angle.sin() } else { angle.cos() } as f32;
        }
    }
    Tensor::from_vec(table, (1, t, width), device)
}

/// Scores added so that nobody looks at frames that are not there: `valid` (b, s) of 1 and 0 → (b, t, s) of 0 and −1e9.
pub fn shut_out(valid: &Tensor, t: usize) -> Result<Tensor> {
    let (b, s) = valid.dims2()?;
    ((valid - 1.0)? * 1e9)?.reshape((b, 1, s))?.broadcast_as((b, t, s))?.contiguous()
}

/// Frames that are hidden in training: where, and the learned vector that stands in.
#[derive(Clone, Copy, Debug)]
pub struct Hide<'a> {
    /// (b, t, 1): 1 where a frame is hidden, 0 elsewhere.
    pub at: &'a Tensor,
    /// (1, 1, c).
    pub instead: &'a Tensor,
}

impl Hide<'_> {
    /// `x` (b, t, c) with the hidden frames replaced.
    pub fn apply(&self, x: &Tensor) -> Result<Tensor> {
        x.broadcast_mul(&(1.0 - self.at)?)? + self.at.broadcast_mul(self.instead)?
    }
}

/// Mean over time of `x` (b, t, c), weighed by `valid` (b, t) where it is given.
pub fn mean_over_time(x: &Tensor, valid: Option<&Tensor>) -> Result<Tensor> {
    let Some(valid) = valid else { return x.mean(1) };
    let total = (valid.sum_keepdim(1)? + 1e-6)?;
    x.broadcast_mul(&valid.unsqueeze(2)?)?.sum(1)?.broadcast_div(&total)
}

/// Rows of the last axis brought to length 1.
pub fn unit(x: &Tensor) -> Result<Tensor> {
    x.broadcast_div(&(x.sqr()?.sum_keepdim(D::Minus1)? + 1e-8)?.sqrt()?)
}

/// Smooth L1 distance of `a` and `b` (b, t, c) with weights that broadcast to them, mean of the weighted cells.
pub fn weighted_smooth_l1(a: &Tensor, b: &Tensor, beta: f64, weight: &Tensor) -> Result<Tensor> {
    let d = (a - b)?.abs()?;
    let small = d.minimum(beta)?;
    // ½ s²/β + (d − s): the square below β, the straight line above.
    let cells = ((small.sqr()? * (0.5 / beta))? + (&d - &small)?)?;
    let weight = weight.broadcast_as(cells.shape())?;
    (cells * &weight)?.sum_all()? / &(weight.sum_all()? + 1e-8)?
}

/// Differences of neighbours in time: (b, t, c) → (b, t − 1, c); an empty sequence is refused by the tensor library.
pub fn velocity(x: &Tensor) -> Result<Tensor> {
    let t = x.dim(1)?;
    x.narrow(1, 1, t - 1)? - x.narrow(1, 0, t - 1)?
}

/// Clears a share of the batch: rows of `x` (b, ..) whose `keep` is 0 become `instead` (broadcast to x), others stay.
pub fn replace_rows(x: &Tensor, instead: &Tensor, keep: &[f32]) -> Result<Tensor> {
    let mut dims = vec![1; x.rank()];
    dims[0] = keep.len();
    let keep = Tensor::from_slice(keep, dims, x.device())?;
    x.broadcast_mul(&keep)? + instead.broadcast_as(x.shape())?.broadcast_mul(&(1.0 - keep)?)?
}

#[cfg(test)]
#[path = "blocks_tests.rs"]
mod tests;
