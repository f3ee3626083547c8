//! The finer tokens from the base tokens: the residual generator.
//!
//! - **What**: one network finds the tokens of book `j` from the sum of the embeddings of books 0 to j − 1, for all
//!   frames at once; in use it runs once for each book after the base. It brings the fingers (table 3c).
//! - **Paper**: contextual-gesture 3.2, appendices D and E (eq. 10), after MoMask: the trunk of the masked generator with
//!   six layers, an embedding and a classification layer per book, `j` drawn at random in training.
//! - **Sizes**: see [`super::generator`]. **Inputs**: as the masked generator. **Outputs**: logits (b, t, codes).
//! - **Losses**: cross-entropy of all tokens of the drawn book.
//! - **Differences**: the paper says "four embedding and classification layers" although six books leave five; here there
//!   are as many as books − 1. The number of the book is embedded too (MoMask), so that the trunk knows what it does.

use crate::nets::blocks::{Dropout, Embedding, Linear};
use crate::nets::condition::Keep;
use crate::nets::freeze::freeze_fields;
use crate::nets::generator::{GeneratorConfig, GeneratorInput, PARTS, Prepared, Trunk};
use crate::nets::masked::{TokenBatch, share_found};
use crate::nets::noise::Noise;
use crate::ops;
use crate::train::Params;
use candle_core::{Result, Tensor, bail};
use serde::{Deserialize, Serialize};

/// Sizes and weights of the residual generator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResidualConfig {
    pub generator: GeneratorConfig,
    /// Share of the target given to all other codes.
    pub smoothing: f64,
    /// Probability that each condition is dropped in training.
    pub drop: f32,
}

impl ResidualConfig {
    /// MoMask drops conditions with 0.2 here; the paper does not say.
    pub fn paper() -> Self {
        Self { generator: GeneratorConfig::paper().residual(), smoothing: 0.0, drop: 0.2 }
    }

    pub fn small() -> Self {
        Self { generator: GeneratorConfig::small().residual(), smoothing: 0.0, drop: 0.1 }
    }
}

/// The residual generator.
#[derive(Clone, Debug)]
pub struct ResidualGenerator {
    config: ResidualConfig,
    pub trunk: Trunk,
    /// Of book 0 to the last but one, face and body.
    pub(super) tokens: Vec<[Embedding; 2]>,
    pub(super) book: Embedding,
    pub(super) first: [Linear; 2],
    /// Of book 1 to the last, face and body.
    pub(super) heads: Vec<[Linear; 2]>,
}

freeze_fields!(ResidualGenerator: trunk, tokens, book, first, heads);

/// What [`ResidualGenerator::losses`] adds up.
#[derive(Clone, Debug)]
pub struct ResidualLosses {
    /// The sum, to be minimised.
    pub total: Tensor,
    /// The book that was drawn, 1 to the last.
    pub book: usize,
    /// Cross-entropy of face and body, nats per token.
    pub entropy: [Tensor; 2],
    /// Share of tokens that were found, of face and body.
    pub found: [f32; 2],
}

impl ResidualGenerator {
    /// A configuration with fewer than two books has nothing to find and is refused.
    pub fn new(params: &Params, config: &ResidualConfig) -> Result<Self> {
        let (w, codes, books) = (config.generator.block.width, config.generator.codes, config.generator.books);
        if books < 2 {
            bail!("a residual generator needs at least two books, not {books}");
        }
        let [face, body] = PARTS;
        let table = |j: usize, part: &str| Embedding::new(params, &format!("tokens{j}_{part}"), codes, w, 0.5);
        let head = |j: usize, part: &str| Linear::new(params, &format!("head{j}_{part}"), w, codes);
        let first = |part: &str| Linear::scaled(params, &format!("first_{part}"), w, w, std::f64::consts::SQRT_2);
        Ok(Self {
            config: config.clone(),
            trunk: Trunk::new(params, &config.generator)?,
            tokens: (0..books - 1).map(|j| Ok([table(j, face)?, table(j, body)?])).collect::<Result<_>>()?,
            book: Embedding::new(params, "book", books - 1, w, 0.5)?,
            first: [first(face)?, first(body)?],
            heads: (1..books).map(|j| Ok([head(j, face)?, head(j, body)?])).collect::<Result<_>>()?,
        })
    }

    pub fn config(&self) -> &ResidualConfig {
        &self.config
    }

    /// Speech and conditions without the number of the book: for decoding, worked out once for all books.
    pub fn prepare(&self, input: &GeneratorInput, keep: &Keep) -> Result<Prepared> {
        self.trunk.prepare(input, keep)
    }

    /// Logits (b, t, codes) of face and body for book `book` (1 to the last), from `tokens` (b, t, at least book) u32 of
    /// both, of which the first `book` are looked at.
    pub fn logits(
        &self,
        book: usize,
        tokens: [&Tensor; 2],
        prepared: &Prepared,
        dropout: &mut Dropout,
    ) -> Result<[Tensor; 2]> {
        let Some(heads) = book.checked_sub(1).and_then(|j| self.heads.get(j)) else {
            bail!("there is no residual book {book}, there are 1 to {}", self.heads.len());
        };
        // The number of the book is added to every frame.
        let mut x = self.book.table.narrow(0, book - 1, 1)?.unsqueeze(0)?;
        for (part, tokens) in tokens.into_iter().enumerate() {
            for (j, tables) in self.tokens[..book].iter().enumerate() {
                let one = tables[part].forward(&tokens.narrow(2, j, 1)?.contiguous()?.squeeze(2)?)?;
                x = one.broadcast_add(&x)?;
            }
        }
        let x = self.trunk.forward(&x, prepared, dropout)?;
        let head = |part: usize| heads[part].forward(&ops::gelu(&self.first[part].forward(&x)?)?);
        Ok([head(0)?, head(1)?])
    }

    /// Losses of a batch for a book drawn by `noise`.
    pub fn losses(&self, batch: &TokenBatch, noise: &mut Noise) -> Result<ResidualLosses> {
        let book = 1 + noise.below(self.heads.len());
        self.losses_of(book, batch, noise)
    }

    /// Losses of a batch for one book.
    pub fn losses_of(&self, book: usize, batch: &TokenBatch, noise: &mut Noise) -> Result<ResidualLosses> {
        let (b, t) = batch.speech.size()?;
        let (codes, device) = (self.config.generator.codes, batch.tokens[0].device());
        let there = batch.there()?;
        let keep = Keep::random(b, self.config.drop, noise);
        let mut dropout = Dropout::new(self.config.generator.dropout, noise.clone());
        let prepared = self.prepare(&batch.input(), &keep)?;
        let logits = self.logits(book, [&batch.tokens[0], &batch.tokens[1]], &prepared, &mut dropout)?;
        let weight: Vec<f32> = there.iter().map(|&t| f32::from(u8::from(t))).collect();
        let weight = Tensor::from_vec(weight, b * t, device)?;
        let mut found = [0.0; 2];
        let mut entropy = Vec::with_capacity(2);
        for part in 0..PARTS.len() {
            let flat = logits[part].reshape((b * t, codes))?;
            let truth = batch.book(part, book)?;
            let target = Tensor::from_slice(&truth, b * t, device)?;
            entropy.push(ops::cross_entropy(&flat, &target, &weight, self.config.smoothing)?);
            found[part] = share_found(&flat, &truth, &there)?;
        }
        let total = (&entropy[0] + &entropy[1])?;
        let body = entropy.remove(1);
        Ok(ResidualLosses { total, book, entropy: [entropy.remove(0), body], found })
    }
}

#[cfg(test)]
#[path = "residual_tests.rs"]
mod tests;
