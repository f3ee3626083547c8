//! What the words say: a small semantics of our own, for any language, instead of RoBERTa.
//!
//! - **What**: every word is the mean of hashed character n-grams (1 to 3, with word boundaries), as in subword
//!   embeddings of the fastText kind; two convolutions over the words, looking both ways, mix in the neighbours.
//! - **Paper**: contextual-gesture 3.1 takes RoBERTa embeddings of the text ("for text-semantics").
//! - **Sizes**: paper 768 (RoBERTa-base); shipped 1024 buckets × 32.
//! - **Inputs**: words with the frames at which each is spoken. **Output**: (b, t, width), per frame the word that is
//!   spoken, a learned vector for silence where there is none.
//! - **Losses**: none of its own; it is trained within the alignment.
//! - **Differences**: nothing is pre-trained, so it knows only what our corpus taught. It is small, works for Mandarin,
//!   French and English alike (a Chinese character is a 1-gram), and needs no download.

use crate::nets::blocks::{Conv, Embedding, Linear};
use crate::nets::freeze::freeze_fields;
use crate::nets::noise::fnv1a;
use crate::ops;
use crate::train::{Init, Params};
use candle_core::{Device, Result, Tensor, bail};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Sizes of the text encoder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TextConfig {
    /// Rows of the table of n-grams.
    pub buckets: usize,
    /// Channels of a word.
    pub width: usize,
    /// Convolutions over the words, kernel 3.
    pub layers: usize,
}

impl TextConfig {
    pub fn paper() -> Self {
        Self { buckets: 16_384, width: 768, layers: 2 }
    }

    pub fn small() -> Self {
        Self { buckets: 1024, width: 32, layers: 2 }
    }
}

/// N-grams of a word that are looked up, the rest of a very long word is left out.
const MOST_GRAMS: usize = 32;

/// Rows of the table for the n-grams of a word (1 to 3 characters, the word between marks of its ends). The caller
/// normalises (NFC); upper and lower case are the same here.
pub fn grams(word: &str, buckets: usize) -> Vec<u32> {
    let marked: Vec<char> =
        std::iter::once('<').chain(word.to_lowercase().chars()).chain(std::iter::once('>')).collect();
    let mut out = Vec::new();
    for n in 1..=3 {
        for gram in marked.windows(n) {
            // The marks alone say nothing.
            if n > 1 || !matches!(gram[0], '<' | '>') {
                let text: String = gram.iter().collect();
                out.push((fnv1a(text.as_bytes()) % buckets.max(1) as u64) as u32);
            }
        }
    }
    out.truncate(MOST_GRAMS);
    out
}

/// A word and the frames in which it is spoken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpokenWord {
    pub text: String,
    pub frames: Range<usize>,
}

/// A batch of texts as tensors.
#[derive(Clone, Debug)]
pub struct TextInput {
    /// (b, w, g) u32: rows of the table.
    pub grams: Tensor,
    /// (b, w, g) f32: 1 / number of n-grams of the word, 0 where there is none.
    pub weight: Tensor,
    /// (b, t) u32: 0 for silence, i + 1 for word i.
    pub word_of_frame: Tensor,
}

impl TextInput {
    /// A batch of clips of `frames` frames each.
    pub fn new(clips: &[Vec<SpokenWord>], frames: usize, config: &TextConfig, device: &Device) -> Result<Self> {
        let words = clips.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let hashed: Vec<Vec<Vec<u32>>> =
            clips.iter().map(|c| c.iter().map(|w| grams(&w.text, config.buckets)).collect()).collect();
        let most = hashed.iter().flatten().map(Vec::len).max().unwrap_or(0).max(1);
        let (b, cells) = (clips.len(), clips.len() * words * most);
        let (mut ids, mut weight) = (vec![0_u32; cells], vec![0.0_f32; cells]);
        let mut spoken = vec![0_u32; b * frames];
        for (k, (clip, hashed)) in clips.iter().zip(&hashed).enumerate() {
            for (i, (word, hashed)) in clip.iter().zip(hashed).enumerate() {
                let first = (k * words + i) * most;
                for (g, &id) in hashed.iter().enumerate() {
                    ids[first + g] = id;
                    weight[first + g] = 1.0 / hashed.len() as f32;
                }
                for t in word.frames.start.min(frames)..word.frames.end.min(frames) {
                    spoken[k * frames + t] = i as u32 + 1;
                }
            }
        }
        Ok(Self {
            grams: Tensor::from_vec(ids, (b, words, most), device)?,
            weight: Tensor::from_vec(weight, (b, words, most), device)?,
            word_of_frame: Tensor::from_vec(spoken, (b, frames), device)?,
        })
    }

    /// The same words with frames taken from elsewhere in the clip: `from` (b · t) u32, counted over the whole batch.
    pub fn with_frames(&self, from: &Tensor) -> Result<Self> {
        let spoken = self.word_of_frame.flatten_all()?.index_select(from, 0)?;
        Ok(Self { word_of_frame: spoken.reshape(self.word_of_frame.shape())?, ..self.clone() })
    }
}

/// The encoder of words.
#[derive(Clone, Debug)]
pub struct TextEncoder {
    table: Embedding,
    convolutions: Vec<Conv>,
    mix: Linear,
    silence: Tensor,
    width: usize,
}

freeze_fields!(TextEncoder: table, convolutions, mix, silence);

impl TextEncoder {
    pub fn new(params: &Params, name: &str, config: &TextConfig) -> Result<Self> {
        let params = params.scope(name);
        let w = config.width;
        let convolutions = (0..config.layers)
            .map(|i| Conv::new(&params, &format!("conv{i}"), w, w, 3, 1, 1.0))
            .collect::<Result<_>>()?;
        Ok(Self {
            table: Embedding::new(&params, "grams", config.buckets, w, 1.0)?,
            convolutions,
            mix: Linear::new(&params, "mix", w, w)?,
            silence: params.weight("silence", &[1, 1, w], Init::Normal(1.0))?,
            width: w,
        })
    }

    /// (b, t, width).
    pub fn forward(&self, input: &TextInput) -> Result<Tensor> {
        let (b, words, most) = input.grams.dims3()?;
        let (rows, t) = input.word_of_frame.dims2()?;
        if rows != b {
            bail!("text: words of {b} clips, frames of {rows}");
        }
        let there = input.weight.sum_keepdim(2)?.gt(0.0)?.to_dtype(input.weight.dtype())?;
        let grams = self.table.forward(&input.grams)?;
        let mut x = grams
            .broadcast_mul(&input.weight.unsqueeze(3)?)?
            .reshape((b * words, most, self.width))?
            .sum(1)?
            .reshape((b, words, self.width))?;
        for conv in &self.convolutions {
            // Words that pad the batch stay 0, as if the text ended there.
            x = (&x + ops::gelu(&conv.forward(&x)?)?)?.broadcast_mul(&there)?;
        }
        let x = self.mix.forward(&x)?;
        let silence = self.silence.broadcast_as((b, 1, self.width))?.contiguous()?;
        let table = Tensor::cat(&[silence, x], 1)?.reshape((b * (words + 1), self.width))?;
        let offsets: Vec<u32> = (0..b).map(|k| (k * (words + 1)) as u32).collect();
        let offsets = Tensor::from_vec(offsets, (b, 1), input.word_of_frame.device())?;
        let rows = input.word_of_frame.broadcast_add(&offsets)?.flatten_all()?;
        table.index_select(&rows, 0)?.reshape((b, t, self.width))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, frames: Range<usize>) -> SpokenWord {
        SpokenWord { text: text.into(), frames }
    }

    fn rows(x: &Tensor) -> Vec<Vec<f32>> {
        x.squeeze(0).unwrap().to_vec2().unwrap()
    }

    #[test]
    fn grams_are_the_same_in_any_case_and_tell_words_apart() {
        assert_eq!(grams("Bonjour", 4096), grams("bonjour", 4096));
        assert_ne!(grams("bonjour", 4096), grams("bonsoir", 4096));
        let (a, b) = (grams("you", 4096), grams("young", 4096));
        assert!(a.iter().filter(|g| b.contains(g)).count() >= 5, "words alike share n-grams");
        // One character: itself, and with each mark, and with both.
        assert_eq!(grams("好", 4096).len(), 4);
        assert_eq!(grams("", 4096).len(), 1);
        assert_eq!(grams(&"a".repeat(500), 4096).len(), MOST_GRAMS);
    }

    #[test]
    fn frames_get_their_word_and_padding_changes_nothing() -> Result<()> {
        let (config, device) = (TextConfig { buckets: 64, width: 6, layers: 2 }, Device::Cpu);
        let params = Params::new(3);
        let net = TextEncoder::new(&params, "text", &config)?;
        let clip = vec![word("ni", 1..3), word("hao", 3..5)];
        let longer = vec![word("one", 0..1), word("two", 1..2), word("internationalisation", 2..6), word("x", 6..7)];
        let alone = net.forward(&TextInput::new(std::slice::from_ref(&clip), 7, &config, &device)?)?;
        let both = net.forward(&TextInput::new(&[clip, longer], 7, &config, &device)?)?;
        assert_eq!(both.dims(), [2, 7, 6]);
        let (a, b) = (rows(&alone), rows(&both.narrow(0, 0, 1)?));
        for (x, y) in a.iter().flatten().zip(b.iter().flatten()) {
            assert!((x - y).abs() < 1e-5, "a longer text beside it changes nothing");
        }
        assert!(a[0] == a[5] && a[5] == a[6] && a[1] == a[2] && a[3] == a[4] && a[0] != a[1] && a[1] != a[3]);
        Ok(())
    }
}
