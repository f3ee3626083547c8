//! The trunk that the masked and the residual generator share: tokens in the light of speech and conditions.
//!
//! - **What**: a transformer over frames; each frame holds the sum of the embeddings of its face and body tokens, so
//!   both are decoded jointly. Cross-attention to the speech, adaptive normalisation by [`super::condition`].
//! - **Paper**: contextual-gesture 3.2 and appendix D: 8 layers (residual 6), width 384, feed-forward 1024, "two layers
//!   of audio encoders for face and body, initialized based on the speech-gesture alignment", AdaIN after the
//!   feed-forward layers.
//! - **Sizes**: as the paper; shipped 4 and 3 layers, width 160, feed-forward 384.
//! - **Differences**: the paper has "eight layers for both modalities", which may mean eight each; one stream of both is
//!   half the work and lets hands and lips see each other in every layer. With [`Fusion::Both`] the speech is also added
//!   to the frames it belongs to: a small network in a short time does not find the diagonal by attention alone. The
//!   paper's ablation has "concat" (here [`Fusion::Add`]) behind cross-attention.

use crate::nets::blocks::{
    Block, BlockConfig, BlockInputs, BlockParts, Dropout, LayerNorm, Linear, positions, replace_rows, shut_out,
};
use crate::nets::condition::{ConditionEncoder, ConditionInput, Keep};
use crate::nets::freeze::freeze_fields;
use crate::nets::speech::{SpeechConfig, SpeechEncoder, SpeechInput};
use crate::ops;
use crate::train::{Init, Params};
use candle_core::{Device, Result, Tensor};
use serde::{Deserialize, Serialize};

/// How speech reaches the frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fusion {
    /// By cross-attention (the paper).
    Cross,
    /// Added frame by frame (the paper's ablation "concat").
    Add,
    /// Both.
    Both,
}

/// Sizes of a generator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GeneratorConfig {
    pub speech: SpeechConfig,
    pub block: BlockConfig,
    /// Transformer blocks.
    pub layers: usize,
    /// Codes of a book.
    pub codes: usize,
    /// Books: the base and the residuals.
    pub books: usize,
    /// Rows of the table of identities.
    pub identities: usize,
    pub fusion: Fusion,
    /// Share of channels silenced in training.
    pub dropout: f32,
    /// Frames of a training clip, and of a window in generation.
    pub window: usize,
}

impl GeneratorConfig {
    /// Contextual-gesture, appendix D: clips of 80 frames at 25 per second. Heads and dropout are MoMask's.
    pub fn paper() -> Self {
        Self {
            speech: SpeechConfig::paper(),
            block: BlockConfig { width: 384, heads: 6, hidden: 1024 },
            layers: 8,
            codes: 1024,
            books: 6,
            identities: 32,
            fusion: Fusion::Cross,
            dropout: 0.2,
            window: 80,
        }
    }

    pub fn small() -> Self {
        Self {
            speech: SpeechConfig::small(),
            block: BlockConfig { width: 160, heads: 4, hidden: 384 },
            layers: 4,
            codes: 512,
            fusion: Fusion::Both,
            dropout: 0.1,
            ..Self::paper()
        }
    }

    /// The residual generator's: fewer layers (6 of the paper's 8).
    pub fn residual(self) -> Self {
        Self { layers: (self.layers * 3).div_ceil(4), ..self }
    }
}

/// Face and body, in this order everywhere.
pub const PARTS: [&str; 2] = ["face", "body"];

/// Speech and conditions of a batch.
#[derive(Clone, Debug)]
pub struct GeneratorInput {
    pub speech: SpeechInput,
    pub condition: ConditionInput,
    /// (b, t) f32: 0 behind the end of a clip.
    pub valid: Option<Tensor>,
}

/// Speech and conditions, worked out once for all steps of decoding.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// (b, t, width): what cross-attention looks at.
    pub(super) memory: Tensor,
    /// (b, t, width): added to the frames.
    pub(super) at_frames: Tensor,
    /// (b, t, width): the condition of the blocks, through its activation.
    pub(super) condition: Tensor,
    /// (b, t, t).
    bias: Option<Tensor>,
}

impl Prepared {
    /// Two batches behind each other; the lengths in time must be the same, and both have missing frames or neither.
    pub fn stacked(&self, other: &Self) -> Result<Self> {
        let both = |a: &Tensor, b: &Tensor| Tensor::cat(&[a, b], 0);
        Ok(Self {
            memory: both(&self.memory, &other.memory)?,
            at_frames: both(&self.at_frames, &other.at_frames)?,
            condition: both(&self.condition, &other.condition)?,
            bias: match (&self.bias, &other.bias) {
                (Some(a), Some(b)) => Some(both(a, b)?),
                _ => None,
            },
        })
    }
}

/// The trunk.
#[derive(Clone, Debug)]
pub struct Trunk {
    config: GeneratorConfig,
    speech: [SpeechEncoder; 2],
    speech_in: [Linear; 2],
    no_speech: Tensor,
    condition: ConditionEncoder,
    condition_in: Linear,
    pub(super) blocks: Vec<Block>,
    pub(super) norm: LayerNorm,
}

freeze_fields!(Trunk: speech, speech_in, no_speech, condition, condition_in, blocks, norm);

impl Trunk {
    pub fn new(params: &Params, config: &GeneratorConfig) -> Result<Self> {
        let (w, s) = (config.block.width, config.speech.block.width);
        let parts = BlockParts { cross: config.fusion != Fusion::Add, adaptive: true };
        let [face, body] = PARTS;
        Ok(Self {
            config: config.clone(),
            speech: [
                SpeechEncoder::new(params, &format!("speech_{face}"), &config.speech)?,
                SpeechEncoder::new(params, &format!("speech_{body}"), &config.speech)?,
            ],
            speech_in: [
                Linear::new(params, &format!("speech_in_{face}"), s, w)?,
                Linear::new(params, &format!("speech_in_{body}"), s, w)?,
            ],
            no_speech: params.weight("no_speech", &[1, 1, w], Init::Normal(0.1))?,
            condition: ConditionEncoder::new(params, "condition", config.identities, config.codes, w)?,
            condition_in: Linear::new(params, "condition_in", w, w)?,
            blocks: (0..config.layers)
                .map(|i| Block::new(params, &format!("block{i}"), &config.block, parts))
                .collect::<Result<_>>()?,
            norm: LayerNorm::new(params, "norm", w)?,
        })
    }

    pub fn config(&self) -> &GeneratorConfig {
        &self.config
    }

    /// Where the weights lie.
    pub fn device(&self) -> &Device {
        self.no_speech.device()
    }

    pub fn conditions(&self) -> &ConditionEncoder {
        &self.condition
    }

    /// Speech and conditions of a batch.
    pub fn prepare(&self, input: &GeneratorInput, keep: &Keep) -> Result<Prepared> {
        let (b, t) = input.speech.size()?;
        let bias = input.valid.as_ref().map(|v| shut_out(v, t)).transpose()?;
        let w = self.config.block.width;
        // Where nobody is heard, the encoders have nothing to do.
        let speech = if keep.speech.iter().all(|&k| k == 0.0) {
            self.no_speech.broadcast_as((b, t, w))?.contiguous()?
        } else {
            let hear = |part: usize| {
                let heard = self.speech[part].forward(&input.speech, None, bias.as_ref())?;
                self.speech_in[part].forward(&heard)
            };
            replace_rows(&(hear(0)? + hear(1)?)?, &self.no_speech, &keep.speech)?
        };
        let condition = self.condition.forward(&input.condition, b, t, keep)?;
        let place = positions(t, w, speech.device())?;
        let seen = self.condition_in.forward(&condition)?;
        let at_frames = match self.config.fusion {
            Fusion::Cross => seen,
            Fusion::Add | Fusion::Both => (seen + &speech)?,
        };
        Ok(Prepared {
            memory: speech.broadcast_add(&place)?,
            at_frames: at_frames.broadcast_add(&place)?,
            condition: ops::gelu(&condition)?,
            bias,
        })
    }

    /// Embedded tokens (b, t, width) → features (b, t, width).
    pub fn forward(&self, tokens: &Tensor, prepared: &Prepared, dropout: &mut Dropout) -> Result<Tensor> {
        let mut x = (tokens + &prepared.at_frames)?;
        let inputs = BlockInputs {
            memory: (self.config.fusion != Fusion::Add).then_some(&prepared.memory),
            condition: Some(&prepared.condition),
            bias: prepared.bias.as_ref(),
            memory_bias: prepared.bias.as_ref(),
        };
        for block in &self.blocks {
            x = block.forward(&x, &inputs, dropout)?;
        }
        self.norm.forward(&x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nets::alignment::{Alignment, AlignmentConfig};
    use crate::nets::layout::{BODY_SIZE, FACE_SIZE};
    use crate::nets::masked::{MaskedConfig, MaskedGenerator};
    use crate::nets::residual::{ResidualConfig, ResidualGenerator};
    use crate::nets::rvq::{Rvq, RvqConfig};

    #[test]
    fn the_shipped_sizes_fit_20_mb_in_half_precision() -> Result<()> {
        let count = |make: &dyn Fn(&Params) -> Result<()>| {
            let params = Params::new(1);
            make(&params)?;
            let buffers = params.buffers().into_iter().filter(|(name, _)| name.ends_with("books"));
            Ok::<_, candle_core::Error>(params.count() + buffers.map(|(_, b)| b.get().elem_count()).sum::<usize>())
        };
        let sizes = [
            count(&|p| Alignment::new(p, &AlignmentConfig::small()).map(drop))?,
            count(&|p| Rvq::new(p, &RvqConfig::small(FACE_SIZE)).map(drop))?,
            count(&|p| Rvq::new(p, &RvqConfig::small(BODY_SIZE)).map(drop))?,
            count(&|p| MaskedGenerator::new(p, &MaskedConfig::small()).map(drop))?,
            count(&|p| ResidualGenerator::new(p, &ResidualConfig::small()).map(drop))?,
        ];
        println!("alignment, face, body, masked, residual: {sizes:?}");
        assert!(2 * sizes.iter().sum::<usize>() < 20_000_000, "{sizes:?}");
        Ok(())
    }
}
