//! What is heard: the speech of a clip as one feature vector per frame of the poses.
//!
//! - **What**: sound, words and, where there are any, WavLM features, brought to one width, mixed over neighbouring
//!   frames by convolutions and over the clip by transformer blocks.
//! - **Paper**: contextual-gesture 3.1 and C.2: WavLM (1024) with mel spectrum and beats (34), RoBERTa, concatenated;
//!   appendix D: two transformer blocks, width 384, feed-forward 1024. Realistic-gesture 4.1: the same without text.
//! - **Sizes**: paper 34 + 1024 + 768 → 384, 2 blocks; shipped 46 + 32 → 128, 2 blocks.
//! - **Inputs** ([`SpeechInput`]): (b, t, signal) numbers of the sound ([`SIGNAL`]), texts, WavLM features.
//!   **Output**: (b, t, width).
//! - **Losses**: none of its own; trained by the alignment, then copied into the generators.
//! - **Differences**: more mel bands and pitch instead of WavLM, which is 300 MB; a small text encoder of our own
//!   ([`super::text`]); a convolution before the blocks, because 40 ms of mel say little without their neighbours.

use crate::nets::blocks::{
    Block, BlockConfig, BlockInputs, BlockParts, Conv, Dropout, Hide, LayerNorm, Linear, positions,
};
use crate::nets::freeze::freeze_fields;
use crate::nets::text::{TextConfig, TextEncoder, TextInput};
use crate::ops;
use crate::train::Params;
use candle_core::{Result, Tensor, bail};
use serde::{Deserialize, Serialize};

/// Numbers of the sound per frame: 40 mel bands (dB / 20, mean of the clip taken away), rise of the bands, onset (1 in
/// the frame of one), loudness (dB / 20), pitch (octaves from the speaker's median, 0 where unvoiced), voiced (0 or 1),
/// part of the word that has passed (0 to 1).
pub const SIGNAL: usize = 46;

/// Sizes of a speech encoder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpeechConfig {
    /// Numbers of the sound per frame.
    pub signal: usize,
    /// Numbers of WavLM per frame, 0 without it.
    pub wavlm: usize,
    pub text: Option<TextConfig>,
    /// Convolutions of kernel 5 before the blocks.
    pub convolutions: usize,
    pub block: BlockConfig,
    /// Transformer blocks.
    pub layers: usize,
}

impl SpeechConfig {
    /// Contextual-gesture, appendices C.2 and D. Six heads, which the paper does not say, as in MoMask.
    pub fn paper() -> Self {
        Self {
            signal: 34,
            wavlm: 1024,
            text: Some(TextConfig::paper()),
            convolutions: 0,
            block: BlockConfig { width: 384, heads: 6, hidden: 1024 },
            layers: 2,
        }
    }

    pub fn small() -> Self {
        Self {
            signal: SIGNAL,
            wavlm: 0,
            text: Some(TextConfig::small()),
            convolutions: 1,
            block: BlockConfig { width: 128, heads: 4, hidden: 256 },
            layers: 2,
        }
    }
}

/// The speech of a batch of clips.
#[derive(Clone, Debug)]
pub struct SpeechInput {
    /// (b, t, signal).
    pub signal: Tensor,
    /// (b, t, wavlm), where the encoder takes it.
    pub wavlm: Option<Tensor>,
    /// The words, where the encoder takes them.
    pub text: Option<TextInput>,
}

impl SpeechInput {
    /// Batch and time.
    pub fn size(&self) -> Result<(usize, usize)> {
        let (b, t, _) = self.signal.dims3()?;
        Ok((b, t))
    }

    /// The same clips with their frames in another order: `from` (b · t) u32, counted over the whole batch.
    pub fn with_frames(&self, from: &Tensor) -> Result<Self> {
        let moved = |x: &Tensor| {
            let (b, t, c) = x.dims3()?;
            x.reshape((b * t, c))?.index_select(from, 0)?.reshape((b, t, c))
        };
        Ok(Self {
            signal: moved(&self.signal)?,
            wavlm: self.wavlm.as_ref().map(moved).transpose()?,
            text: self.text.as_ref().map(|x| x.with_frames(from)).transpose()?,
        })
    }
}

/// The speech encoder of one part of the body: what of the speech matters to the face, or to the body.
#[derive(Clone, Debug)]
pub struct SpeechEncoder {
    signal: Linear,
    wavlm: Option<Linear>,
    text: Option<(TextEncoder, Linear)>,
    convolutions: Vec<Conv>,
    blocks: Vec<Block>,
    norm: LayerNorm,
    width: usize,
}

freeze_fields!(SpeechEncoder: signal, wavlm, text, convolutions, blocks, norm);

impl SpeechEncoder {
    pub fn new(params: &Params, name: &str, config: &SpeechConfig) -> Result<Self> {
        let (params, width) = (params.scope(name), config.block.width);
        let wavlm = match config.wavlm {
            0 => None,
            n => Some(Linear::new(&params, "wavlm", n, width)?),
        };
        let text = match &config.text {
            None => None,
            Some(t) => Some((TextEncoder::new(&params, "text", t)?, Linear::new(&params, "text_in", t.width, width)?)),
        };
        let convolutions = (0..config.convolutions)
            .map(|i| Conv::new(&params, &format!("conv{i}"), width, width, 5, 1, 1.0))
            .collect::<Result<_>>()?;
        let blocks = (0..config.layers)
            .map(|i| Block::new(&params, &format!("block{i}"), &config.block, BlockParts::default()))
            .collect::<Result<_>>()?;
        Ok(Self {
            signal: Linear::new(&params, "signal", config.signal, width)?,
            wavlm,
            text,
            convolutions,
            blocks,
            norm: LayerNorm::new(&params, "norm", width)?,
            width,
        })
    }

    /// (b, t, width). `hide` says where frames are hidden and what stands in; `bias` (b, t, t) shuts out frames that are
    /// not there. A linear map of each input, summed, is the map of the concatenated inputs.
    pub fn forward(&self, input: &SpeechInput, hide: Option<Hide>, bias: Option<&Tensor>) -> Result<Tensor> {
        let mut x = self.signal.forward(&input.signal)?;
        match (&self.wavlm, &input.wavlm) {
            (Some(map), Some(features)) => x = (x + map.forward(features)?)?,
            (None, _) => {}
            (Some(_), None) => bail!("this speech encoder takes WavLM features, and there are none"),
        }
        match (&self.text, &input.text) {
            (Some((encoder, map)), Some(text)) => x = (x + map.forward(&encoder.forward(text)?)?)?,
            (None, _) => {}
            (Some(_), None) => bail!("this speech encoder takes words, and there are none"),
        }
        if let Some(hide) = hide {
            x = hide.apply(&x)?;
        }
        for conv in &self.convolutions {
            x = (&x + ops::gelu(&conv.forward(&x)?)?)?;
        }
        x = x.broadcast_add(&positions(x.dim(1)?, self.width, x.device())?)?;
        let inputs = BlockInputs { bias, ..Default::default() };
        for block in &self.blocks {
            x = block.forward(&x, &inputs, &mut Dropout::off())?;
        }
        self.norm.forward(&x)
    }
}

#[cfg(test)]
#[path = "speech_tests.rs"]
mod tests;
