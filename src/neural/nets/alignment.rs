//! Which gesture goes with which speech: content encoders of face, body and speech in one space.
//!
//! - **What**: face and body apart, each with a speech encoder of its own: transformer blocks, mean over time, a head of
//!   two linear maps, cosine; a gesture has to find its speech among the others of the batch *and among the same
//!   speeches with their segments in another order*, so that the encoders learn when things happen, not only what.
//! - **Paper**: contextual-gesture 3.1, eq. 1 and "chronological negative examples", appendices D and F; from
//!   realistic-gesture 4.1 the hiding of the same 30 % of time in both and the classifier of beats.
//! - **Sizes**: paper width 384, feed-forward 1024, 2 blocks for each of four encoders, temperature 0.7; shipped 128,
//!   256, 2 blocks, temperature learned from 0.07.
//! - **Inputs**: speech, z-scored face (136) and body (96) numbers, beats of the speech, starts of segments.
//!   **Outputs**: features per frame (the teacher of the tokens, the speech encoders of the generators), one unit
//!   vector per clip for search.
//! - **Losses**: symmetric contrastive loss (eq. 1) of face and of body, cross-entropy of beats.
//! - **Differences**: eq. 1 prints `exp S_ii` over sums that exclude nothing and a temperature of 0.7, with which the
//!   logits span 1.4 and nothing can be told apart; 0.7 stays in [`AlignmentConfig::paper`]. Shuffled speech is a
//!   negative of gestures only: the paper does not say in which direction, and a shuffled speech has no gesture of its
//!   own to find. Segments are words or phrases of the aligner, not WhisperX.

use crate::nets::blocks::{
    Block, BlockConfig, BlockInputs, BlockParts, Dropout, Hide, LayerNorm, Linear, Mlp, mean_over_time, positions,
    shut_out, unit,
};
use crate::nets::freeze::freeze_fields;
use crate::nets::layout::{BODY_SIZE, FACE_SIZE};
use crate::nets::noise::Noise;
use crate::nets::speech::{SpeechConfig, SpeechEncoder, SpeechInput};
use crate::ops;
use crate::train::{Init, Params};
use candle_core::{Result, Tensor};
use serde::{Deserialize, Serialize};

/// Sizes and weights of the alignment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlignmentConfig {
    pub speech: SpeechConfig,
    /// Numbers of the face per frame.
    pub face: usize,
    /// Numbers of the body per frame.
    pub body: usize,
    pub block: BlockConfig,
    /// Transformer blocks of a gesture encoder.
    pub layers: usize,
    /// Channels of the common space.
    pub embedding: usize,
    /// Temperature at the beginning.
    pub temperature: f64,
    pub learn_temperature: bool,
    /// Whether shuffled speech is among the negatives.
    pub chronological: bool,
    /// Share of the time that is hidden in training, in both modalities alike.
    pub hide: f32,
    /// Frames of one hidden stretch.
    pub hide_frames: usize,
    /// Weight of the classifier of beats.
    pub beats: f64,
}

impl AlignmentConfig {
    /// Contextual-gesture, appendix D, with the hiding and the beats of realistic-gesture 4.1.
    pub fn paper() -> Self {
        let block = BlockConfig { width: 384, heads: 6, hidden: 1024 };
        Self {
            speech: SpeechConfig::paper(),
            face: FACE_SIZE,
            body: BODY_SIZE,
            block,
            layers: 2,
            embedding: 384,
            temperature: 0.7,
            learn_temperature: false,
            chronological: true,
            hide: 0.3,
            hide_frames: 5,
            beats: 1.0,
        }
    }

    pub fn small() -> Self {
        let speech = SpeechConfig::small();
        Self {
            block: speech.block,
            speech,
            embedding: 128,
            temperature: 0.07,
            learn_temperature: true,
            beats: 0.2,
            ..Self::paper()
        }
    }
}

/// The content encoder of face or body.
#[derive(Clone, Debug)]
pub struct GestureEncoder {
    input: Linear,
    blocks: Vec<Block>,
    norm: LayerNorm,
    width: usize,
}

freeze_fields!(GestureEncoder: input, blocks, norm);

impl GestureEncoder {
    /// An encoder of `size` numbers per frame.
    pub fn new(params: &Params, name: &str, size: usize, config: &BlockConfig, layers: usize) -> Result<Self> {
        let params = params.scope(name);
        let blocks = (0..layers)
            .map(|i| Block::new(&params, &format!("block{i}"), config, BlockParts::default()))
            .collect::<Result<_>>()?;
        Ok(Self {
            input: Linear::new(&params, "input", size, config.width)?,
            blocks,
            norm: LayerNorm::new(&params, "norm", config.width)?,
            width: config.width,
        })
    }

    /// (b, t, size) → (b, t, width); `hide` and `bias` as for [`SpeechEncoder::forward`].
    pub fn forward(&self, motion: &Tensor, hide: Option<Hide>, bias: Option<&Tensor>) -> Result<Tensor> {
        let mut x = self.input.forward(motion)?;
        if let Some(hide) = hide {
            x = hide.apply(&x)?;
        }
        x = x.broadcast_add(&positions(x.dim(1)?, self.width, x.device())?)?;
        let inputs = BlockInputs { bias, ..Default::default() };
        for block in &self.blocks {
            x = block.forward(&x, &inputs, &mut Dropout::off())?;
        }
        self.norm.forward(&x)
    }

    /// Channels per frame.
    pub fn width(&self) -> usize {
        self.width
    }
}

/// The encoders of one part of the body and its speech.
#[derive(Clone, Debug)]
pub struct Pair {
    pub gesture: GestureEncoder,
    pub speech: SpeechEncoder,
    gesture_head: Mlp,
    speech_head: Mlp,
    beats: Linear,
    /// What stands in for hidden frames of gesture and speech.
    hidden: [Tensor; 2],
}

impl Pair {
    fn new(params: &Params, name: &str, size: usize, config: &AlignmentConfig) -> Result<Self> {
        let params = params.scope(name);
        let (w, s, e) = (config.block.width, config.speech.block.width, config.embedding);
        Ok(Self {
            gesture: GestureEncoder::new(&params, "gesture", size, &config.block, config.layers)?,
            speech: SpeechEncoder::new(&params, "speech", &config.speech)?,
            gesture_head: Mlp::new(&params, "gesture_head", w, w, e)?,
            speech_head: Mlp::new(&params, "speech_head", s, s, e)?,
            beats: Linear::new(&params, "beats", w, 2)?,
            hidden: [
                params.weight("hidden_gesture", &[1, 1, w], Init::Normal(0.02))?,
                params.weight("hidden_speech", &[1, 1, s], Init::Normal(0.02))?,
            ],
        })
    }

    /// Unit vectors (b, embedding) of speeches; `hide` (b, t, 1) is 1 where frames are hidden.
    pub fn embed_speech(&self, speech: &SpeechInput, hide: Option<&Tensor>, valid: Option<&Tensor>) -> Result<Tensor> {
        let bias = valid.map(|v| shut_out(v, v.dim(1)?)).transpose()?;
        let hide = hide.map(|at| Hide { at, instead: &self.hidden[1] });
        let features = self.speech.forward(speech, hide, bias.as_ref())?;
        unit(&self.speech_head.forward(&mean_over_time(&features, valid)?)?)
    }

    /// Unit vectors (b, embedding) of gestures.
    pub fn embed_gesture(&self, motion: &Tensor, valid: Option<&Tensor>) -> Result<Tensor> {
        Ok(self.gesture_and_features(motion, None, valid)?.0)
    }

    fn gesture_and_features(
        &self,
        motion: &Tensor,
        hide: Option<&Tensor>,
        valid: Option<&Tensor>,
    ) -> Result<(Tensor, Tensor)> {
        let bias = valid.map(|v| shut_out(v, v.dim(1)?)).transpose()?;
        let hide = hide.map(|at| Hide { at, instead: &self.hidden[0] });
        let features = self.gesture.forward(motion, hide, bias.as_ref())?;
        Ok((unit(&self.gesture_head.forward(&mean_over_time(&features, valid)?)?)?, features))
    }
}

/// A batch of clips with speech.
#[derive(Clone, Debug)]
pub struct AlignmentBatch {
    pub speech: SpeechInput,
    /// (b, t, face), z-scored.
    pub face: Tensor,
    /// (b, t, body), z-scored.
    pub body: Tensor,
    /// (b, t) u32: 1 in frames of a beat of the speech (an onset or a stressed syllable).
    pub beats: Tensor,
    /// (b, t) f32: 1 where the clip goes on, 0 behind its end; none where all clips are whole.
    pub valid: Option<Tensor>,
    /// First frames of the segments of each clip (words or phrases), in order.
    pub segments: Vec<Vec<usize>>,
}

/// The alignment network.
#[derive(Clone, Debug)]
pub struct Alignment {
    pub face: Pair,
    pub body: Pair,
    sharpness: Option<Tensor>,
    config: AlignmentConfig,
}

/// What [`Alignment::losses`] adds up.
#[derive(Clone, Debug)]
pub struct AlignmentLosses {
    /// The weighted sum, to be minimised.
    pub total: Tensor,
    /// Contrastive losses of face and body.
    pub contrast: [Tensor; 2],
    /// Cross-entropy of the beats, mean of both.
    pub beats: Tensor,
}

impl Alignment {
    pub fn new(params: &Params, config: &AlignmentConfig) -> Result<Self> {
        Ok(Self {
            face: Pair::new(params, "face", config.face, config)?,
            body: Pair::new(params, "body", config.body, config)?,
            sharpness: match config.learn_temperature {
                // The logarithm of (first temperature / temperature), of face and body.
                true => Some(params.weight("sharpness", &[2], Init::Zeros)?),
                false => None,
            },
            config: config.clone(),
        })
    }

    pub fn config(&self) -> &AlignmentConfig {
        &self.config
    }

    /// Losses of a batch. `noise` decides what is hidden and how segments are shuffled.
    pub fn losses(&self, batch: &AlignmentBatch, noise: &mut Noise) -> Result<AlignmentLosses> {
        let (b, t) = batch.speech.size()?;
        let device = batch.face.device();
        let hide = hidden(b, t, &self.config, noise);
        let hide = Tensor::from_vec(hide, (b, t, 1), device)?;
        let shuffled = match self.config.chronological {
            true => Some(self.shuffled(batch, noise)?),
            false => None,
        };
        let mut contrast = Vec::with_capacity(2);
        let mut beats = Vec::with_capacity(2);
        for (k, (pair, motion)) in [(&self.face, &batch.face), (&self.body, &batch.body)].into_iter().enumerate() {
            let valid = batch.valid.as_ref();
            let speech = pair.embed_speech(&batch.speech, Some(&hide), valid)?;
            let (gesture, features) = pair.gesture_and_features(motion, Some(&hide), valid)?;
            let others = match &shuffled {
                Some((input, usable)) => Some((pair.embed_speech(input, Some(&hide), valid)?, usable)),
                None => None,
            };
            contrast.push(self.contrast(k, &speech, &gesture, others)?);
            beats.push(beat_loss(&pair.beats.forward(&features)?, &batch.beats, valid)?);
        }
        let (body, face) = (contrast.pop().unwrap_or(hide.sum_all()?), contrast.pop().unwrap_or(hide.sum_all()?));
        let beats = (beats.iter().try_fold(Tensor::new(0.0_f32, device)?, |sum, x| sum + x)? * 0.5)?;
        let total = ((&face + &body)? + (&beats * self.config.beats)?)?;
        Ok(AlignmentLosses { total, contrast: [face, body], beats })
    }

    fn shuffled(&self, batch: &AlignmentBatch, noise: &mut Noise) -> Result<(SpeechInput, Tensor)> {
        let (b, t) = batch.speech.size()?;
        let (mut from, mut penalty) = (Vec::with_capacity(b * t), Vec::with_capacity(b));
        for k in 0..b {
            let starts = batch.segments.get(k).map_or(&[][..], Vec::as_slice);
            let order = shuffle_segments(starts, t, noise);
            // A clip of one segment has no other order: its copy must not count as a wrong answer.
            penalty.push(if order.is_some() { 0.0_f32 } else { -1e9 });
            let order = order.unwrap_or_else(|| (0..t).collect());
            from.extend(order.into_iter().map(|f| (k * t + f) as u32));
        }
        let device = batch.face.device();
        let from = Tensor::from_vec(from, b * t, device)?;
        Ok((batch.speech.with_frames(&from)?, Tensor::from_vec(penalty, (1, b), device)?))
    }

    /// Eq. 1 with unit vectors (b, e); `others` are further speeches for gestures to tell apart from their own, with
    /// what is added to their scores (1, b).
    fn contrast(
        &self,
        part: usize,
        speech: &Tensor,
        gesture: &Tensor,
        others: Option<(Tensor, &Tensor)>,
    ) -> Result<Tensor> {
        let b = speech.dim(0)?;
        let scale = match &self.sharpness {
            Some(s) => (s.narrow(0, part, 1)?.clamp(-1.0, 3.0)?.exp()? / self.config.temperature)?,
            None => Tensor::new(&[(1.0 / self.config.temperature) as f32], speech.device())?,
        };
        let scores = gesture.matmul(&speech.t()?)?.broadcast_mul(&scale)?;
        let target = Tensor::arange(0, b as u32, speech.device())?;
        let weight = Tensor::ones(b, speech.dtype(), speech.device())?;
        let to_gesture = ops::cross_entropy(&scores.t()?.contiguous()?, &target, &weight, 0.0)?;
        let to_speech = match others {
            Some((others, penalty)) => {
                let more = gesture.matmul(&others.t()?)?.broadcast_mul(&scale)?.broadcast_add(penalty)?;
                Tensor::cat(&[&scores, &more], 1)?.contiguous()?
            }
            None => scores,
        };
        let to_speech = ops::cross_entropy(&to_speech, &target, &weight, 0.0)?;
        (to_gesture + to_speech)? * 0.5
    }
}

/// How much more a frame with a beat weighs than one without: beats are in about a fifth of the frames.
const BEAT_WEIGHT: f64 = 3.0;

fn beat_loss(logits: &Tensor, beats: &Tensor, valid: Option<&Tensor>) -> Result<Tensor> {
    let (b, t, _) = logits.dims3()?;
    let weight = ((beats.to_dtype(logits.dtype())? * (BEAT_WEIGHT - 1.0))? + 1.0)?;
    let weight = match valid {
        Some(valid) => (weight * valid)?,
        None => weight,
    };
    ops::cross_entropy(&logits.reshape((b * t, 2))?, &beats.flatten_all()?, &weight.flatten_all()?, 0.0)
}

/// 1 where a frame is hidden: stretches of `hide_frames` at random places until the share is reached.
fn hidden(b: usize, t: usize, config: &AlignmentConfig, noise: &mut Noise) -> Vec<f32> {
    let length = config.hide_frames.clamp(1, t.max(1));
    let mut out = Vec::with_capacity(b * t);
    for _ in 0..b {
        let mut row = vec![0.0_f32; t];
        let stretches = t.div_ceil(length);
        let count = (config.hide * stretches as f32).round() as usize;
        for k in noise.pick(stretches, count) {
            row[k * length..((k + 1) * length).min(t)].fill(1.0);
        }
        out.extend(row);
    }
    out
}

/// The frames of a clip with its segments in another order; `None` where there is only one segment.
fn shuffle_segments(starts: &[usize], frames: usize, noise: &mut Noise) -> Option<Vec<usize>> {
    let mut cuts: Vec<usize> = starts.iter().copied().filter(|&s| s > 0 && s < frames).collect();
    cuts.sort_unstable();
    cuts.dedup();
    if cuts.is_empty() {
        return None;
    }
    let ends = cuts.iter().copied().chain([frames]);
    let segments: Vec<_> = std::iter::once(0).chain(cuts.iter().copied()).zip(ends).collect();
    let mut order: Vec<usize> = (0..segments.len()).collect();
    noise.shuffle(&mut order);
    if order.iter().enumerate().all(|(i, &o)| i == o) {
        order.rotate_left(1);
    }
    Some(order.into_iter().flat_map(|o| segments[o].0..segments[o].1).collect())
}

/// Copies all weights of `from` below `from_scope` to those of `to` below `to_scope` (both end with the
/// dot of the scope). Returns how many were copied; weights without a partner of the same shape stay as they are.
///
/// The generators start from the speech encoders of the alignment (contextual-gesture 3.2).
pub fn copy_weights(from: &Params, from_scope: &str, to: &Params, to_scope: &str) -> Result<usize> {
    let there: std::collections::BTreeMap<_, _> = from.weights().into_iter().collect();
    let mut count = 0;
    for (name, var) in to.weights() {
        let Some(rest) = name.strip_prefix(to_scope) else { continue };
        if let Some(source) = there.get(&format!("{from_scope}{rest}"))
            && source.dims() == var.dims()
        {
            var.set(&source.as_tensor().detach().copy()?.to_device(to.device())?)?;
            count += 1;
        }
    }
    Ok(count)
}

#[cfg(test)]
#[path = "alignment_tests.rs"]
mod tests;
