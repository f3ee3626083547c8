//! Motion ⇄ tokens: an autoencoder whose middle is a residual quantiser, one network for the face and one for the body.
//!
//! - **What**: convolutions over time without stride, six codebooks, convolutions back. One token (of six numbers)
//!   stands for one frame, so an edit begins and ends at exactly the frame it should.
//! - **Paper**: contextual-gesture 3.1 eq. 2 and 3, appendix D eq. 9: six codebooks of 1024 codes, latent 128, two
//!   convolutional blocks each way, no temporal down-sampling, codebook resets, α = 1 (commitment), β = 0.5
//!   (distillation); distillation from the gesture content encoder of the alignment.
//! - **Sizes**: paper width 128, 6 × 1024 codes of 128; shipped width 144, 6 × 512 codes of 64.
//! - **Inputs**: z-scored numbers of face (136) or body (96), (b, t, size). **Outputs**: tokens (b, t, 6) u32; motion
//!   from any first layers of them.
//! - **Losses**: reconstruction of positions, velocity and acceleration, commitment, distillation.
//! - **Differences**: the paper adds `+ Σ cos` (eq. 2, 3), which minimised would turn student from teacher; here the
//!   loss is the mean of `max(0, margin − cos)`, with margin 1 the paper's as it must be meant. Velocity and
//!   acceleration are in the losses here too; the paper has them in the generator. Smooth L1 where the paper squares:
//!   fast hands are rare and must not rule. Numbers weigh as the caller says (the two of the head carry 68 points).

use crate::nets::blocks::{Conv, Linear, velocity, weighted_smooth_l1};
use crate::nets::freeze::{Freeze, freeze_fields};
use crate::nets::noise::Noise;
use crate::nets::quantiser::{LayerUse, Mode, Quantised, Quantiser, QuantiserConfig};
use crate::ops;
use crate::train::Params;
use candle_core::{D, Result, Tensor};
use serde::{Deserialize, Serialize};

/// Sizes and weights of an RVQ-VAE.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RvqConfig {
    /// Numbers per frame.
    pub input: usize,
    /// Channels of the convolutions.
    pub width: usize,
    /// Dilation of each residual block of the encoder; the decoder has the same in reverse.
    pub dilations: Vec<usize>,
    pub quantiser: QuantiserConfig,
    /// Channels of the teacher, 0 without distillation.
    pub teacher: usize,
    /// Weight of the commitment (α).
    pub commitment: f64,
    /// Weight of the distillation (β).
    pub distillation: f64,
    /// Cosine that is near enough to the teacher.
    pub margin: f64,
    /// Below this difference (z-score) errors are squared, above they grow in a straight line.
    pub beta: f64,
    /// Weight of the velocity, against 1 of the positions.
    pub velocity: f64,
    /// Weight of the acceleration.
    pub acceleration: f64,
}

impl RvqConfig {
    /// Contextual-gesture, appendix D. Decay and dropout of layers are MoMask's, which the paper follows.
    pub fn paper(input: usize) -> Self {
        Self {
            input,
            width: 128,
            dilations: vec![1, 2],
            quantiser: QuantiserConfig {
                width: 128,
                codes: 1024,
                layers: 6,
                decay: 0.99,
                dead_below: 0.1,
                layer_dropout: 0.2,
                learning: true,
            },
            teacher: 384,
            commitment: 1.0,
            distillation: 0.5,
            margin: 1.0,
            beta: 1.0,
            velocity: 0.0,
            acceleration: 0.0,
        }
    }

    pub fn small(input: usize) -> Self {
        let paper = Self::paper(input);
        Self {
            width: 144,
            quantiser: QuantiserConfig { width: 64, codes: 512, decay: 0.97, ..paper.quantiser },
            teacher: 128,
            commitment: 0.1,
            distillation: 0.05,
            margin: 0.9,
            beta: 0.2,
            velocity: 0.5,
            acceleration: 0.25,
            ..paper
        }
    }
}

/// A residual block: a dilated convolution and one of a single frame.
#[derive(Clone, Debug)]
struct ResBlock {
    wide: Conv,
    narrow: Linear,
}

freeze_fields!(ResBlock: wide, narrow);

impl ResBlock {
    fn new(params: &Params, name: &str, width: usize, dilation: usize) -> Result<Self> {
        let params = params.scope(name);
        Ok(Self {
            wide: Conv::new(&params, "wide", width, width, 3, dilation, std::f64::consts::SQRT_2)?,
            narrow: Linear::scaled(&params, "narrow", width, width, 0.5)?,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        x + self.narrow.forward(&ops::gelu(&self.wide.forward(&ops::gelu(x)?)?)?)?
    }
}

/// From codes back to motion. Apart from the encoder, because generators are trained through it.
#[derive(Clone, Debug)]
pub struct Decoder {
    input: Linear,
    blocks: Vec<ResBlock>,
    out: Conv,
}

freeze_fields!(Decoder: input, blocks, out);

impl Decoder {
    fn new(params: &Params, config: &RvqConfig) -> Result<Self> {
        let params = params.scope("decoder");
        let blocks = config.dilations.iter().rev().enumerate();
        Ok(Self {
            input: Linear::new(&params, "input", config.quantiser.width, config.width)?,
            blocks: blocks
                .map(|(i, &d)| ResBlock::new(&params, &format!("block{i}"), config.width, d))
                .collect::<Result<_>>()?,
            out: Conv::new(&params, "out", config.width, config.input, 3, 1, 1.0)?,
        })
    }

    /// (b, t, code) → (b, t, numbers).
    pub fn forward(&self, codes: &Tensor) -> Result<Tensor> {
        let mut x = self.input.forward(codes)?;
        for block in &self.blocks {
            x = block.forward(&x)?;
        }
        self.out.forward(&ops::gelu(&x)?)
    }

    /// Frames to each side that one token reaches.
    pub fn halo(&self) -> usize {
        self.blocks.iter().map(|b| b.wide.reach()).sum::<usize>() + self.out.reach()
    }
}

/// The tokens' network of one part of the body.
#[derive(Clone, Debug)]
pub struct Rvq {
    config: RvqConfig,
    input: Conv,
    blocks: Vec<ResBlock>,
    to_code: Linear,
    pub quantiser: Quantiser,
    pub decoder: Decoder,
    /// From what is quantised to the teacher's channels (p of eq. 2).
    to_teacher: Option<Linear>,
}

/// A batch of motion.
#[derive(Clone, Debug)]
pub struct RvqBatch {
    /// (b, t, input), z-scored.
    pub motion: Tensor,
    /// Weight of every number, broadcast to the motion: how much it counts, 0 where it was not seen.
    pub weight: Option<Tensor>,
    /// (b, t) f32: 0 behind the end of a clip.
    pub valid: Option<Tensor>,
    /// (b, t, teacher): features of the gesture content encoder.
    pub teacher: Option<Tensor>,
}

/// What [`Rvq::losses`] adds up.
#[derive(Clone, Debug)]
pub struct RvqLosses {
    /// The weighted sum, to be minimised.
    pub total: Tensor,
    pub reconstruction: Tensor,
    pub velocity: Tensor,
    pub acceleration: Tensor,
    pub commitment: Tensor,
    pub distillation: Tensor,
    /// Perplexity, use, left-over length and resets of each layer.
    pub layers: Vec<LayerUse>,
}

impl Rvq {
    pub fn new(params: &Params, config: &RvqConfig) -> Result<Self> {
        let encoder = params.scope("encoder");
        let (w, code) = (config.width, config.quantiser.width);
        Ok(Self {
            config: config.clone(),
            input: Conv::new(&encoder, "input", config.input, w, 3, 1, 1.0)?,
            blocks: config
                .dilations
                .iter()
                .enumerate()
                .map(|(i, &d)| ResBlock::new(&encoder, &format!("block{i}"), w, d))
                .collect::<Result<_>>()?,
            to_code: Linear::new(&encoder, "to_code", w, code)?,
            quantiser: Quantiser::new(params, "quantiser", &config.quantiser)?,
            decoder: Decoder::new(params, config)?,
            to_teacher: match config.teacher {
                0 => None,
                n => Some(Linear::new(params, "to_teacher", code, n)?),
            },
        })
    }

    /// The sizes of the same network for use only: no teacher, and codebooks that cannot learn, which leaves out two
    /// thirds of what they keep. Weights of a trained network fit by name; what has no place is to be left away.
    pub fn config_for_use(config: &RvqConfig) -> RvqConfig {
        let quantiser = QuantiserConfig { learning: false, ..config.quantiser.clone() };
        RvqConfig { teacher: 0, quantiser, ..config.clone() }
    }

    pub fn config(&self) -> &RvqConfig {
        &self.config
    }

    /// Frames to each side that change when one token changes: motion further away stays the same to the bit.
    pub fn halo(&self) -> usize {
        self.decoder.halo()
    }

    /// Frames to each side of the motion that one token was made from.
    pub fn encoder_halo(&self) -> usize {
        self.input.reach() + self.blocks.iter().map(|b| b.wide.reach()).sum::<usize>()
    }

    /// (b, t, input) → (b, t, code), before quantisation.
    pub fn latent(&self, motion: &Tensor) -> Result<Tensor> {
        let mut x = self.input.forward(motion)?;
        for block in &self.blocks {
            x = block.forward(&x)?;
        }
        self.to_code.forward(&ops::gelu(&x)?)
    }

    /// Tokens (b, t, layers) u32 of a motion (b, t, input).
    pub fn encode(&self, motion: &Tensor) -> Result<Tensor> {
        Ok(self.quantiser.forward(&self.latent(motion)?.detach(), None, Mode::Still)?.tokens)
    }

    /// Motion (b, t, input) of the first layers of tokens, (b, t, 1 to layers) u32.
    pub fn decode(&self, tokens: &Tensor) -> Result<Tensor> {
        self.decoder.forward(&self.quantiser.look_up(tokens)?)
    }

    /// Losses of a batch, with the gradient through the quantiser straight to the encoder.
    pub fn losses(&self, batch: &RvqBatch, mode: Mode) -> Result<RvqLosses> {
        let z = self.latent(&batch.motion)?;
        let quantised = self.quantiser.forward(&z, batch.valid.as_ref(), mode)?;
        let made = self.decoder.forward(&quantised.sum)?;
        let weight = cell_weights(batch, &made)?;
        let [reconstruction, velocity, acceleration] = motion_losses(&made, &batch.motion, &weight, self.config.beta)?;
        let distillation = self.distil(&quantised, batch)?;
        let total =
            (&reconstruction + ((&velocity * self.config.velocity)? + (&acceleration * self.config.acceleration)?)?)?;
        let total = ((total + (&quantised.commitment * self.config.commitment)?)?
            + (&distillation * self.config.distillation)?)?;
        Ok(RvqLosses {
            total,
            reconstruction,
            velocity,
            acceleration,
            commitment: quantised.commitment,
            distillation,
            layers: quantised.layers,
        })
    }

    /// Losses of a batch while the codebooks learn from it.
    pub fn train_losses(&self, batch: &RvqBatch, noise: &mut Noise) -> Result<RvqLosses> {
        self.losses(batch, Mode::Learn(noise))
    }

    fn distil(&self, quantised: &Quantised, batch: &RvqBatch) -> Result<Tensor> {
        let (Some(map), Some(teacher)) = (&self.to_teacher, &batch.teacher) else {
            return Tensor::new(0.0_f32, quantised.sum.device());
        };
        let (student, teacher) = (map.forward(&quantised.sum)?, teacher.detach());
        let dot = (&student * &teacher)?.sum(D::Minus1)?;
        let lengths = (student.sqr()?.sum(D::Minus1)? * teacher.sqr()?.sum(D::Minus1)?)?;
        let cosine = (dot / (lengths + 1e-8)?.sqrt()?)?;
        let off = (self.config.margin - cosine)?.relu()?;
        match &batch.valid {
            Some(valid) => (off * valid)?.sum_all()? / (valid.sum_all()? + 1e-8)?,
            None => off.mean_all(),
        }
    }
}

/// The weight of each cell of a motion: how much it counts, and whether the clip goes on there.
fn cell_weights(batch: &RvqBatch, like: &Tensor) -> Result<Tensor> {
    let weight = match &batch.weight {
        Some(w) => w.broadcast_as(like.shape())?.contiguous()?,
        None => like.ones_like()?.detach(),
    };
    match &batch.valid {
        Some(valid) => weight.broadcast_mul(&valid.unsqueeze(2)?),
        None => Ok(weight),
    }
}

/// Smooth L1 of positions, velocity and acceleration, weighed by cell. A difference over time counts where all the
/// frames it is made of do.
pub fn motion_losses(made: &Tensor, meant: &Tensor, weight: &Tensor, beta: f64) -> Result<[Tensor; 3]> {
    let (mut a, mut b, mut weight) = (made.clone(), meant.clone(), weight.clone());
    let mut out = [weighted_smooth_l1(&a, &b, beta, &weight)?, made.sum_all()?, made.sum_all()?];
    for slot in &mut out[1..] {
        let t = a.dim(1)?;
        if t < 2 {
            *slot = Tensor::new(0.0_f32, made.device())?;
            continue;
        }
        (a, b) = (velocity(&a)?, velocity(&b)?);
        weight = weight.narrow(1, 0, t - 1)?.minimum(&weight.narrow(1, 1, t - 1)?)?;
        *slot = weighted_smooth_l1(&a, &b, beta, &weight)?;
    }
    Ok(out)
}

/// What a generator needs of a trained tokens' network: the base book and the frozen decoder.
#[derive(Clone, Debug)]
pub struct FrozenTokens {
    pub quantiser: Quantiser,
    pub decoder: Decoder,
    pub beta: f64,
}

impl From<&Rvq> for FrozenTokens {
    fn from(rvq: &Rvq) -> Self {
        Self { quantiser: rvq.quantiser.clone(), decoder: rvq.decoder.frozen(), beta: rvq.config.beta }
    }
}

#[cfg(test)]
#[path = "rvq_tests.rs"]
mod tests;
