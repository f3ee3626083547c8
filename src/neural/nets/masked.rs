//! Base tokens from speech: the masked generator.
//!
//! - **What**: some base tokens of face and body are hidden, the network finds them from the others, the speech, the
//!   source frame, the identity and the cues. In use, all hidden tokens are found in five steps, the surest first.
//! - **Paper**: contextual-gesture 3.2, appendices D and E (eq. 10), MoMask; realistic-gesture 4.2, eq. 4.
//! - **Sizes**: see [`super::generator`].
//! - **Inputs** ([`TokenBatch`]): tokens (b, t, layers) u32 of face and body, speech, conditions. **Outputs**: logits
//!   (b, t, codes) of both.
//! - **Losses**: cross-entropy of masked tokens; reconstruction, velocity and acceleration of the motion that the frozen
//!   decoder makes of the predicted tokens (softmax over the codes, so that a gradient passes).
//! - **Differences**: the paper weighs the reconstruction by 50 without saying in which units; on z-scores that drowns
//!   the cross-entropy, so [`MaskedConfig::small`] takes 5 ([`MaskedConfig::paper`] keeps 50). For the reconstruction,
//!   known tokens and all residual tokens are the true ones: only what is masked can be wrong. Labels are smoothed.

use crate::nets::blocks::{Dropout, Embedding, Mlp};
use crate::nets::condition::{ConditionInput, Keep};
use crate::nets::freeze::freeze_fields;
use crate::nets::generator::{GeneratorConfig, GeneratorInput, PARTS, Prepared, Trunk};
use crate::nets::masking::MaskingConfig;
use crate::nets::noise::Noise;
use crate::nets::rvq::{FrozenTokens, motion_losses};
use crate::nets::speech::SpeechInput;
use crate::ops;
use crate::train::Params;
use candle_core::{Result, Tensor, bail};
use serde::{Deserialize, Serialize};

/// Sizes and weights of the masked generator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MaskedConfig {
    pub generator: GeneratorConfig,
    pub masking: MaskingConfig,
    /// Share of the target given to all other codes.
    pub smoothing: f64,
    /// Weight of the reconstruction.
    pub reconstruction: f64,
    /// Weights of velocity and acceleration within the reconstruction.
    pub velocity: f64,
    pub acceleration: f64,
    /// Probability that each condition is dropped in training.
    pub drop: f32,
}

impl MaskedConfig {
    pub fn paper() -> Self {
        Self {
            generator: GeneratorConfig::paper(),
            masking: MaskingConfig::paper(),
            smoothing: 0.0,
            reconstruction: 50.0,
            velocity: 1.0,
            acceleration: 1.0,
            drop: 0.1,
        }
    }

    pub fn small() -> Self {
        Self {
            generator: GeneratorConfig::small(),
            masking: MaskingConfig::small(),
            smoothing: 0.05,
            reconstruction: 5.0,
            velocity: 0.5,
            acceleration: 0.25,
            ..Self::paper()
        }
    }
}

/// A batch of tokenised clips, for both generators.
#[derive(Clone, Debug)]
pub struct TokenBatch {
    pub speech: SpeechInput,
    pub condition: ConditionInput,
    /// (b, t, books) u32 of face and body.
    pub tokens: [Tensor; 2],
    /// (b, t, numbers) of face and body, z-scored, for the reconstruction; none leaves it out.
    pub motion: Option<[Tensor; 2]>,
    /// Weights of the numbers, broadcast to the motion.
    pub motion_weight: Option<[Tensor; 2]>,
    /// (b, t) f32: 0 behind the end of a clip.
    pub valid: Option<Tensor>,
}

impl TokenBatch {
    /// Speech and conditions.
    pub fn input(&self) -> GeneratorInput {
        GeneratorInput { speech: self.speech.clone(), condition: self.condition.clone(), valid: self.valid.clone() }
    }

    /// Whether each frame of each clip is there, row after row.
    pub fn there(&self) -> Result<Vec<bool>> {
        let (b, t) = self.speech.size()?;
        match &self.valid {
            Some(v) => Ok(v.flatten_all()?.to_vec1::<f32>()?.iter().map(|&v| v > 0.0).collect()),
            None => Ok(vec![true; b * t]),
        }
    }

    /// The tokens of one book and part, row after row.
    pub fn book(&self, part: usize, book: usize) -> Result<Vec<u32>> {
        self.tokens[part].narrow(2, book, 1)?.flatten_all()?.to_vec1()
    }
}

/// The masked generator.
#[derive(Clone, Debug)]
pub struct MaskedGenerator {
    config: MaskedConfig,
    pub trunk: Trunk,
    pub(super) tokens: [Embedding; 2],
    pub(super) heads: [Mlp; 2],
}

freeze_fields!(MaskedGenerator: trunk, tokens, heads);

/// What [`MaskedGenerator::losses`] adds up.
#[derive(Clone, Debug)]
pub struct MaskedLosses {
    /// The weighted sum, to be minimised.
    pub total: Tensor,
    /// Cross-entropy of face and body, nats per masked token.
    pub entropy: [Tensor; 2],
    /// Smooth L1 of positions, velocity and acceleration, both parts summed.
    pub motion: [Tensor; 3],
    /// Share of the masked tokens that were found, of face and body.
    pub found: [f32; 2],
}

impl MaskedGenerator {
    pub fn new(params: &Params, config: &MaskedConfig) -> Result<Self> {
        let (w, codes) = (config.generator.block.width, config.generator.codes);
        let [face, body] = PARTS;
        Ok(Self {
            config: config.clone(),
            trunk: Trunk::new(params, &config.generator)?,
            tokens: [
                Embedding::new(params, &format!("tokens_{face}"), codes + 1, w, 0.5)?,
                Embedding::new(params, &format!("tokens_{body}"), codes + 1, w, 0.5)?,
            ],
            heads: [
                Mlp::new(params, &format!("head_{face}"), w, w, codes)?,
                Mlp::new(params, &format!("head_{body}"), w, w, codes)?,
            ],
        })
    }

    pub fn config(&self) -> &MaskedConfig {
        &self.config
    }

    /// The id of [MASK].
    pub fn mask_id(&self) -> u32 {
        self.config.generator.codes as u32
    }

    /// Logits (b, t, codes) of face and body. `tokens` (b, t) u32 of both, [`Self::mask_id`] where one is to be found.
    pub fn logits(&self, tokens: [&Tensor; 2], prepared: &Prepared, dropout: &mut Dropout) -> Result<[Tensor; 2]> {
        let x = (self.tokens[0].forward(tokens[0])? + self.tokens[1].forward(tokens[1])?)?;
        let x = self.trunk.forward(&x, prepared, dropout)?;
        Ok([self.heads[0].forward(&x)?, self.heads[1].forward(&x)?])
    }

    /// Losses of a batch. `frozen` are the tokens' networks of face and body; without them, or without motion in the
    /// batch, there is no reconstruction. `noise` draws masks, dropped conditions and dropout.
    pub fn losses(
        &self,
        batch: &TokenBatch,
        frozen: Option<&[FrozenTokens; 2]>,
        noise: &mut Noise,
    ) -> Result<MaskedLosses> {
        let (b, t) = batch.speech.size()?;
        let (codes, device) = (self.config.generator.codes, batch.tokens[0].device());
        let there = batch.there()?;
        let keep = Keep::random(b, self.config.drop, noise);
        let masks: Vec<_> = (0..b)
            .map(|k| self.config.masking.draw(there[k * t..(k + 1) * t].iter().filter(|t| **t).count(), noise))
            .collect();
        let (mut shown, mut truth, mut find) = (Vec::new(), Vec::new(), Vec::new());
        for part in 0..PARTS.len() {
            let tokens = batch.book(part, 0)?;
            if tokens.iter().any(|&x| x as usize >= codes) {
                bail!("a token is beyond the {codes} codes of the generator");
            }
            let wanted: Vec<bool> =
                (0..b * t).map(|i| there[i] && masks[i / t].find[part].get(i % t).copied().unwrap_or(false)).collect();
            let seen: Vec<u32> = tokens
                .iter()
                .zip(&wanted)
                .map(|(&x, &w)| if w { self.config.masking.disguise(x, codes, noise) } else { x })
                .collect();
            shown.push(Tensor::from_vec(seen, (b, t), device)?);
            truth.push(tokens);
            find.push(wanted);
        }
        let mut dropout = Dropout::new(self.config.generator.dropout, noise.clone());
        let prepared = self.trunk.prepare(&batch.input(), &keep)?;
        let logits = self.logits([&shown[0], &shown[1]], &prepared, &mut dropout)?;
        let mut entropy = Vec::with_capacity(2);
        let mut found = [0.0; 2];
        for part in 0..PARTS.len() {
            let flat = logits[part].reshape((b * t, codes))?;
            let weight: Vec<f32> = find[part].iter().map(|&f| f32::from(u8::from(f))).collect();
            let target = Tensor::from_slice(&truth[part], b * t, device)?;
            let weight = Tensor::from_vec(weight, b * t, device)?;
            entropy.push(ops::cross_entropy(&flat, &target, &weight, self.config.smoothing)?);
            found[part] = share_found(&flat, &truth[part], &find[part])?;
        }
        let zero = Tensor::new(0.0_f32, device)?;
        let mut motion = [zero.clone(), zero.clone(), zero];
        if let (Some(frozen), Some(meant)) = (frozen, &batch.motion) {
            for part in 0..PARTS.len() {
                let made = self.decoded(&logits[part], &find[part], &batch.tokens[part], &frozen[part])?;
                let weight = batch.motion_weight.as_ref().map(|w| w[part].clone());
                let weight = match weight {
                    Some(w) => w.broadcast_as(made.shape())?.contiguous()?,
                    None => made.ones_like()?.detach(),
                };
                let weight = match &batch.valid {
                    Some(valid) => weight.broadcast_mul(&valid.unsqueeze(2)?)?,
                    None => weight,
                };
                for (sum, one) in motion.iter_mut().zip(motion_losses(&made, &meant[part], &weight, frozen[part].beta)?)
                {
                    *sum = (&*sum + one)?;
                }
            }
        }
        let moved = ((&motion[0] + (&motion[1] * self.config.velocity)?)? + (&motion[2] * self.config.acceleration)?)?;
        let total = ((&entropy[0] + &entropy[1])? + (moved * self.config.reconstruction)?)?;
        let body = entropy.remove(1);
        Ok(MaskedLosses { total, entropy: [entropy.remove(0), body], motion, found })
    }

    /// The motion that the frozen decoder makes: mean codes under the softmax where a token had to be found, the true
    /// base codes elsewhere, the true residual codes everywhere.
    fn decoded(&self, logits: &Tensor, find: &[bool], tokens: &Tensor, frozen: &FrozenTokens) -> Result<Tensor> {
        let (b, t, codes) = logits.dims3()?;
        let book = frozen.quantiser.book(0)?;
        let width = book.dim(1)?;
        let soft = ops::softmax(&logits.reshape((b * t, codes))?)?.matmul(&book)?.reshape((b, t, width))?;
        let base = frozen.quantiser.look_up(&tokens.narrow(2, 0, 1)?.contiguous()?)?;
        let rest = (frozen.quantiser.look_up(tokens)? - &base)?;
        let find: Vec<f32> = find.iter().map(|&f| f32::from(u8::from(f))).collect();
        let find = Tensor::from_vec(find, (b, t, 1), logits.device())?;
        let chosen = (soft.broadcast_mul(&find)? + base.broadcast_mul(&(1.0 - &find)?)?)?;
        frozen.decoder.forward(&(chosen + rest)?)
    }
}

/// Share of the wanted rows whose largest logit is the true token; 0 where none is wanted.
pub(super) fn share_found(logits: &Tensor, truth: &[u32], wanted: &[bool]) -> Result<f32> {
    let best = logits.detach().argmax(1)?.to_vec1::<u32>()?;
    let hits = best.iter().zip(truth).zip(wanted).filter(|((a, b), w)| **w && a == b).count();
    Ok(hits as f32 / wanted.iter().filter(|w| **w).count().max(1) as f32)
}

#[cfg(test)]
#[path = "masked_tests.rs"]
mod tests;
