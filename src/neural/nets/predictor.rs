//! The generators as [`Predictor`] for a whole performance: windows are cut out of its speech and cues.

use crate::nets::blocks::Dropout;
use crate::nets::condition::{ConditionInput, CueInput, Identity, Keep};
use crate::nets::decode::{Logits, Predictor};
use crate::nets::generator::{GeneratorInput, Prepared};
use crate::nets::masked::MaskedGenerator;
use crate::nets::residual::ResidualGenerator;
use crate::nets::speech::SpeechInput;
use crate::nets::text::TextInput;
use candle_core::{Error, Result, Tensor};
use std::ops::Range;

/// What a performance is generated from; one clip, batch size 1.
#[derive(Clone, Debug)]
pub struct Performance {
    /// Speech of all frames.
    pub speech: SpeechInput,
    /// Who moves, for the masked and for the residual generator, which have tables of their own.
    pub identity: [Option<Identity>; 2],
    /// Cues of all frames; none for gesture that follows speech alone.
    pub cues: Option<CueInput>,
    /// Base tokens of face and body of the frame that the motion starts from.
    pub source: Option<[u32; 2]>,
}

/// Both generators over one performance.
#[derive(Debug)]
pub struct CandlePredictor<'a> {
    masked: &'a MaskedGenerator,
    residual: &'a ResidualGenerator,
    performance: Performance,
    frames: usize,
}

impl<'a> CandlePredictor<'a> {
    /// Refuses a performance of more than one clip.
    pub fn new(masked: &'a MaskedGenerator, residual: &'a ResidualGenerator, performance: Performance) -> Result<Self> {
        let (b, frames) = performance.speech.size()?;
        if b != 1 {
            candle_core::bail!("a performance is one clip, not {b}");
        }
        Ok(Self { masked, residual, performance, frames })
    }

    fn input(&self, frames: &Range<usize>, net: usize) -> Result<GeneratorInput> {
        let p = &self.performance;
        let cut = |x: &Tensor| x.narrow(1, frames.start, frames.len())?.contiguous();
        let speech = SpeechInput {
            signal: cut(&p.speech.signal)?,
            wavlm: p.speech.wavlm.as_ref().map(cut).transpose()?,
            text: match &p.speech.text {
                Some(text) => Some(TextInput { word_of_frame: cut(&text.word_of_frame)?, ..text.clone() }),
                None => None,
            },
        };
        let source = match p.source {
            Some(tokens) => Some(Tensor::new(&[tokens], p.speech.signal.device())?),
            None => None,
        };
        let cues = p.cues.as_ref().map(|c| c.narrow(frames.start, frames.len())).transpose()?;
        let condition = ConditionInput { identity: p.identity[net].clone(), cues, source };
        Ok(GeneratorInput { speech, condition, valid: None })
    }

    /// One batch of one clip, or with guidance of two: with speech and cues, and without.
    fn prepared(
        &self,
        input: &GeneratorInput,
        guided: bool,
        prepare: impl Fn(&GeneratorInput, &Keep) -> Result<Prepared>,
    ) -> Result<(Prepared, usize)> {
        let with = prepare(input, &Keep::all(1))?;
        match guided {
            true => Ok((with.stacked(&prepare(input, &Keep::unguided(1))?)?, 2)),
            false => Ok((with, 1)),
        }
    }

    fn split(logits: [Tensor; 2], batch: usize) -> Result<Logits> {
        let of = |k: usize| -> Result<[Vec<f32>; 2]> {
            let one = |x: &Tensor| x.get(k)?.flatten_all()?.to_vec1::<f32>();
            Ok([one(&logits[0])?, one(&logits[1])?])
        };
        Ok(Logits { with: of(0)?, without: if batch > 1 { Some(of(1)?) } else { None } })
    }

    fn tokens(&self, tokens: &[u32], batch: usize, shape: &[usize]) -> Result<Tensor> {
        let mut dims = vec![batch];
        dims.extend_from_slice(shape);
        Tensor::from_vec(tokens.repeat(batch), dims, self.performance.speech.signal.device())
    }
}

/// A prepared window: for each generator speech and conditions, and the size of its batch.
#[derive(Debug)]
pub struct PreparedWindow {
    frames: usize,
    pub(super) base: (Prepared, usize),
    pub(super) residual: (Prepared, usize),
}

impl Predictor for CandlePredictor<'_> {
    type Window = PreparedWindow;
    type Error = Error;

    fn frames(&self) -> usize {
        self.frames
    }

    fn codes(&self) -> usize {
        self.masked.config().generator.codes
    }

    fn books(&self) -> usize {
        self.masked.config().generator.books
    }

    fn prepare(&self, frames: Range<usize>, guided: [bool; 2]) -> Result<PreparedWindow> {
        let base = self.prepared(&self.input(&frames, 0)?, guided[0], |i, k| self.masked.trunk.prepare(i, k))?;
        let residual = self.prepared(&self.input(&frames, 1)?, guided[1], |i, k| self.residual.prepare(i, k))?;
        Ok(PreparedWindow { frames: frames.len(), base, residual })
    }

    fn base(&self, window: &mut PreparedWindow, tokens: [&[u32]; 2]) -> Result<Logits> {
        let (prepared, batch) = &window.base;
        let of = |part: usize| self.tokens(tokens[part], *batch, &[window.frames]);
        Self::split(self.masked.logits([&of(0)?, &of(1)?], prepared, &mut Dropout::off())?, *batch)
    }

    fn residual(&self, window: &mut PreparedWindow, book: usize, tokens: [&[u32]; 2]) -> Result<Logits> {
        let (prepared, batch) = &window.residual;
        let of = |part: usize| self.tokens(tokens[part], *batch, &[window.frames, self.books()]);
        Self::split(self.residual.logits(book, [&of(0)?, &of(1)?], prepared, &mut Dropout::off())?, *batch)
    }
}

#[cfg(test)]
#[path = "predictor_tests.rs"]
mod tests;
