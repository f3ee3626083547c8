//! The networks as tasks of the trainer: where batches come from, which losses are logged, what is measured.
//!
//! **Order**: alignment; tokens of face and of body ([`RvqTask`], taught by the alignment); masked and residual
//! generator; styles. **Moving average of the weights**: for tokens train without ([`TrainConfig::ema`] 0): the
//! codebooks follow the encoder as it is, not its average. **Conditions**: give cues (all default for gesture that follows
//! speech alone), identity and source in every batch; the trainer refuses a table that never gets a gradient.
//!
//! [`TrainConfig::ema`]: crate::train::TrainConfig

use crate::nets::alignment::{Alignment, AlignmentBatch, GestureEncoder};
use crate::nets::masked::{MaskedGenerator, TokenBatch};
use crate::nets::noise::Noise;
use crate::nets::quantiser::Mode;
use crate::nets::residual::ResidualGenerator;
use crate::nets::retrieval::{RANKS, SMALL_BATCH, recall, recall_in_batches};
use crate::nets::rvq::{FrozenTokens, Rvq, RvqBatch};
use crate::nets::style::StyleFit;
use crate::train::{Losses, Params, Result, Task};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;

/// Where batches come from.
pub trait Batches<B> {
    /// The batch of a step; everything random comes from `noise`.
    fn draw(&mut self, noise: &mut Noise) -> Result<B>;

    /// Batches of held-out sentences for measuring, always the same.
    fn held_out(&mut self) -> Result<Vec<B>>;
}

/// Chance in measuring: the same in every evaluation.
fn still() -> Noise {
    Noise::new(0, "evaluation", 0, 0)
}

fn number(x: &candle_core::Tensor) -> Result<f64> {
    Ok(f64::from(x.to_scalar::<f32>()?))
}

/// Means over batches of measures by name.
#[derive(Default)]
struct Means(BTreeMap<String, (f64, usize)>);

impl Means {
    fn add(&mut self, name: impl Into<String>, value: f64) {
        let slot = self.0.entry(name.into()).or_default();
        slot.0 += value;
        slot.1 += 1;
    }

    fn finish(self) -> BTreeMap<String, f64> {
        self.0.into_iter().map(|(name, (sum, n))| (name, sum / n as f64)).collect()
    }
}

/// Training of the alignment. Measures `recall1` to `recall10` (in batches of 32 of all held-out clips, mean of both
/// directions and parts, per cent) and the losses.
pub struct AlignmentTask<S> {
    pub net: Alignment,
    pub batches: S,
}

impl<S: Batches<AlignmentBatch>> Task for AlignmentTask<S> {
    fn loss(&mut self, _: &Params, _: u64, rng: &mut ChaCha8Rng) -> Result<Losses> {
        let mut noise = Noise::from_rng(rng);
        let batch = self.batches.draw(&mut noise)?;
        let found = self.net.losses(&batch, &mut noise)?;
        let [face, body] = found.contrast;
        let mut out = Losses::default();
        out.add("contrast_face", 1.0, face)?;
        out.add("contrast_body", 1.0, body)?;
        out.add("beats", self.net.config().beats, found.beats)?;
        Ok(out)
    }

    fn evaluate(&mut self, _: &Params, _: u64) -> Result<BTreeMap<String, f64>> {
        let mut means = Means::default();
        let mut vectors = [[Vec::new(), Vec::new()], [Vec::new(), Vec::new()]];
        for batch in self.batches.held_out()? {
            let found = self.net.losses(&batch, &mut still())?;
            means.add("contrast_face", number(&found.contrast[0])?);
            means.add("contrast_body", number(&found.contrast[1])?);
            means.add("beats", number(&found.beats)?);
            let valid = batch.valid.as_ref();
            for (k, (pair, motion)) in
                [(&self.net.face, &batch.face), (&self.net.body, &batch.body)].into_iter().enumerate()
            {
                vectors[k][0].extend(pair.embed_speech(&batch.speech, None, valid)?.to_vec2::<f32>()?);
                vectors[k][1].extend(pair.embed_gesture(motion, valid)?.to_vec2::<f32>()?);
            }
        }
        for (part, [speech, gesture]) in ["face", "body"].into_iter().zip(&vectors) {
            let (small, all) = (recall_in_batches(speech, gesture, SMALL_BATCH, 0), recall(speech, gesture));
            for (i, k) in RANKS.into_iter().enumerate() {
                means.add(format!("recall{k}"), small.speech_to_gesture[i]);
                means.add(format!("recall{k}"), small.gesture_to_speech[i]);
            }
            means.add(format!("recall1_all_{part}"), (all.speech_to_gesture[0] + all.gesture_to_speech[0]) / 2.0);
        }
        Ok(means.finish())
    }
}

/// Training of the tokens of face or body. Measures the losses and, per layer, `perplexity0`…, `used0`…, `residual0`….
pub struct RvqTask<S> {
    pub net: Rvq,
    /// The gesture content encoder of the same part, not trained here; none where batches bring features, or without
    /// distillation.
    pub teacher: Option<GestureEncoder>,
    pub batches: S,
}

impl<S> RvqTask<S> {
    fn taught(&self, mut batch: RvqBatch) -> Result<RvqBatch> {
        if let (Some(teacher), None) = (&self.teacher, &batch.teacher) {
            batch.teacher = Some(teacher.forward(&batch.motion, None, None)?.detach());
        }
        Ok(batch)
    }
}

impl<S: Batches<RvqBatch>> Task for RvqTask<S> {
    fn loss(&mut self, _: &Params, _: u64, rng: &mut ChaCha8Rng) -> Result<Losses> {
        let mut noise = Noise::from_rng(rng);
        let batch = self.batches.draw(&mut noise)?;
        let batch = self.taught(batch)?;
        let found = self.net.train_losses(&batch, &mut noise)?;
        let config = self.net.config();
        let mut out = Losses::default();
        out.add("reconstruction", 1.0, found.reconstruction)?;
        out.add("velocity", config.velocity, found.velocity)?;
        out.add("acceleration", config.acceleration, found.acceleration)?;
        out.add("commitment", config.commitment, found.commitment)?;
        out.add("distillation", config.distillation, found.distillation)?;
        let device = batch.motion.device();
        for (i, layer) in found.layers.iter().enumerate() {
            for (name, value) in
                [("perplexity", layer.perplexity), ("residual", layer.residual), ("reset", layer.reset as f32)]
            {
                out.add(&format!("{name}{i}"), 0.0, candle_core::Tensor::new(value, device)?)?;
            }
        }
        Ok(out)
    }

    fn evaluate(&mut self, _: &Params, _: u64) -> Result<BTreeMap<String, f64>> {
        let mut means = Means::default();
        for batch in self.batches.held_out()? {
            let batch = self.taught(batch)?;
            let found = self.net.losses(&batch, Mode::Still)?;
            means.add("reconstruction", number(&found.reconstruction)?);
            means.add("velocity", number(&found.velocity)?);
            means.add("distillation", number(&found.distillation)?);
            for (i, layer) in found.layers.iter().enumerate() {
                means.add(format!("perplexity{i}"), f64::from(layer.perplexity));
                means.add(format!("used{i}"), f64::from(layer.used));
                means.add(format!("residual{i}"), f64::from(layer.residual));
            }
        }
        Ok(means.finish())
    }
}

/// Training of the masked generator. Measures cross-entropies (`entropy_face`, …), shares of masked tokens that were found
/// (`found_face`, …) and the motion losses.
pub struct MaskedTask<S> {
    pub net: MaskedGenerator,
    /// The tokens' networks of face and body; without them there is no reconstruction loss.
    pub frozen: Option<[FrozenTokens; 2]>,
    pub batches: S,
}

impl<S: Batches<TokenBatch>> Task for MaskedTask<S> {
    fn loss(&mut self, _: &Params, _: u64, rng: &mut ChaCha8Rng) -> Result<Losses> {
        let mut noise = Noise::from_rng(rng);
        let batch = self.batches.draw(&mut noise)?;
        let found = self.net.losses(&batch, self.frozen.as_ref(), &mut noise)?;
        masked_losses(found, &self.net, &mut Losses::default())
    }

    /// The speech encoders, in a step in which all clips happen to lose their speech.
    fn may_rest(&self, name: &str) -> bool {
        name.starts_with("speech_")
    }

    fn evaluate(&mut self, _: &Params, _: u64) -> Result<BTreeMap<String, f64>> {
        let mut means = Means::default();
        for batch in self.batches.held_out()? {
            let found = self.net.losses(&batch, self.frozen.as_ref(), &mut still())?;
            for (part, name) in ["face", "body"].into_iter().enumerate() {
                means.add(format!("entropy_{name}"), number(&found.entropy[part])?);
                means.add(format!("found_{name}"), f64::from(found.found[part]));
            }
            means.add("motion", number(&found.motion[0])?);
        }
        Ok(means.finish())
    }
}

fn masked_losses(found: crate::nets::masked::MaskedLosses, net: &MaskedGenerator, out: &mut Losses) -> Result<Losses> {
    let config = net.config();
    let device = found.total.device().clone();
    let [face, body] = found.entropy;
    out.add("entropy_face", 1.0, face)?;
    out.add("entropy_body", 1.0, body)?;
    let [position, velocity, acceleration] = found.motion;
    out.add("motion", config.reconstruction, position)?;
    out.add("velocity", config.reconstruction * config.velocity, velocity)?;
    out.add("acceleration", config.reconstruction * config.acceleration, acceleration)?;
    for (name, value) in [("found_face", found.found[0]), ("found_body", found.found[1])] {
        out.add(name, 0.0, candle_core::Tensor::new(value, &device)?)?;
    }
    Ok(std::mem::take(out))
}

/// Training of the residual generator. Measures cross-entropy and share found of every book (`entropy1_face`, …).
pub struct ResidualTask<S> {
    pub net: ResidualGenerator,
    pub batches: S,
}

impl<S: Batches<TokenBatch>> Task for ResidualTask<S> {
    fn loss(&mut self, _: &Params, _: u64, rng: &mut ChaCha8Rng) -> Result<Losses> {
        let mut noise = Noise::from_rng(rng);
        let batch = self.batches.draw(&mut noise)?;
        let found = self.net.losses(&batch, &mut noise)?;
        let [face, body] = found.entropy;
        let mut out = Losses::default();
        out.add("entropy_face", 1.0, face)?;
        out.add("entropy_body", 1.0, body)?;
        Ok(out)
    }

    /// Tables and heads of the books that a step does not draw, and the speech encoders as for the masked generator.
    fn may_rest(&self, name: &str) -> bool {
        name.starts_with("tokens") || name.starts_with("head") || name.starts_with("speech_")
    }

    fn evaluate(&mut self, _: &Params, _: u64) -> Result<BTreeMap<String, f64>> {
        let mut means = Means::default();
        for batch in self.batches.held_out()? {
            for book in 1..self.net.config().generator.books {
                let found = self.net.losses_of(book, &batch, &mut still())?;
                for (part, name) in ["face", "body"].into_iter().enumerate() {
                    means.add(format!("entropy{book}_{name}"), number(&found.entropy[part])?);
                    means.add(format!("found{book}_{name}"), f64::from(found.found[part]));
                }
            }
        }
        Ok(means.finish())
    }
}

/// Fitting of a style.
pub struct StyleTask<S> {
    pub fit: StyleFit,
    pub frozen: Option<[FrozenTokens; 2]>,
    pub batches: S,
}

impl<S: Batches<TokenBatch>> Task for StyleTask<S> {
    fn loss(&mut self, _: &Params, _: u64, rng: &mut ChaCha8Rng) -> Result<Losses> {
        let mut noise = Noise::from_rng(rng);
        let batch = self.batches.draw(&mut noise)?;
        let (_, masked, residual) = self.fit.losses(&batch, self.frozen.as_ref(), &mut noise)?;
        let mut out = Losses::default();
        out.add("masked", 1.0, masked.total)?;
        out.add("residual", 1.0, residual.total)?;
        Ok(out)
    }

    fn evaluate(&mut self, _: &Params, _: u64) -> Result<BTreeMap<String, f64>> {
        let mut means = Means::default();
        for batch in self.batches.held_out()? {
            let (total, _, _) = self.fit.losses(&batch, self.frozen.as_ref(), &mut still())?;
            means.add("total", number(&total)?);
        }
        Ok(means.finish())
    }
}

#[cfg(test)]
#[path = "tasks_tests.rs"]
mod tests;
