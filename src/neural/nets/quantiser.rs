//! Residual quantisation: a vector becomes a few numbers, each the nearest code to what the codes before have left over.
//!
//! - **Paper**: contextual-gesture, appendix D: six codebooks of 1024 codes, codebook resets; MoMask for the rest.
//! - Codebooks are not trained by gradient: each code follows the mean of the vectors that fall to it (exponential
//!   average). The gradient of what is decoded passes straight through to the encoder.
//! - **First codes**: k-means on the first batch, layer by layer.
//! - **Dead codes**: a code whose average count falls below a share of the mean count jumps to a random vector of the
//!   batch, and has some tens of steps to find followers. (MoMask replaces such codes anew in every step until they
//!   are used; then the rare codes never settle.)
//! - **Dropout of layers**: in training, some clips keep only their first layers, so that few layers alone decode well.

use crate::nets::noise::Noise;
use crate::train::{Buffer, Init, Params};
use candle_core::{D, Result, Tensor, bail};
use serde::{Deserialize, Serialize};

/// Sizes and habits of a residual quantiser.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuantiserConfig {
    /// Channels of a code.
    pub width: usize,
    /// Codes of a book.
    pub codes: usize,
    /// Books, one per layer.
    pub layers: usize,
    /// How much of the old average stays in a step.
    pub decay: f32,
    /// A code is dead below this share of the mean count.
    pub dead_below: f32,
    /// Probability that a clip keeps only some of its layers in training.
    pub layer_dropout: f32,
    /// Whether the books can learn. Without, the averages they learn by are neither kept nor saved.
    pub learning: bool,
}

/// What one layer did in a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LayerUse {
    /// 2 to the power of the entropy of the codes: as many codes are used as if evenly.
    pub perplexity: f32,
    /// Share of the codes that were used at all.
    pub used: f32,
    /// Mean length of what is left over after this layer, as a share of the mean length before the first.
    pub residual: f32,
    /// Codes that were dead and jumped.
    pub reset: usize,
}

/// A quantised batch.
#[derive(Clone, Debug)]
pub struct Quantised {
    /// (b, t, width): the sum of the codes; the gradient goes to the encoder as if nothing had been done.
    pub sum: Tensor,
    /// (b, t, layers) u32.
    pub tokens: Tensor,
    /// How far the encoder stays from its codes, mean over the layers: the commitment loss.
    pub commitment: Tensor,
    pub layers: Vec<LayerUse>,
}

/// How to quantise.
#[derive(Debug)]
pub enum Mode<'a> {
    /// Nothing changes.
    Still,
    /// The books learn; `noise` drops layers and picks where dead codes jump.
    Learn(&'a mut Noise),
}

/// What the codes are averages of.
#[derive(Clone)]
struct Averages {
    sums: Buffer,
    counts: Buffer,
    /// 1 once the books hold something.
    ready: Buffer,
}

/// The codebooks.
#[derive(Clone)]
pub struct Quantiser {
    config: QuantiserConfig,
    books: Buffer,
    averages: Option<Averages>,
}

impl std::fmt::Debug for Quantiser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Quantiser").field("config", &self.config).finish_non_exhaustive()
    }
}

const KMEANS_ROUNDS: usize = 10;

impl Quantiser {
    pub fn new(params: &Params, name: &str, config: &QuantiserConfig) -> Result<Self> {
        let (params, q, k, d) = (params.scope(name), config.layers, config.codes, config.width);
        Ok(Self {
            config: config.clone(),
            books: params.buffer("books", &[q, k, d], Init::Normal(0.02))?,
            averages: match config.learning {
                true => Some(Averages {
                    sums: params.buffer("sums", &[q, k, d], Init::Zeros)?,
                    counts: params.buffer("counts", &[q, k], Init::Zeros)?,
                    ready: params.buffer("ready", &[1], Init::Zeros)?,
                }),
                false => None,
            },
        })
    }

    pub fn config(&self) -> &QuantiserConfig {
        &self.config
    }

    /// The book of a layer (codes, width), without gradient.
    pub fn book(&self, layer: usize) -> Result<Tensor> {
        self.books.get().get(layer)
    }

    /// Quantises `z` (b, t, width). Frames whose `valid` (b, t) is 0 teach nothing and cost nothing.
    pub fn forward(&self, z: &Tensor, valid: Option<&Tensor>, mode: Mode) -> Result<Quantised> {
        let (b, t, d) = z.dims3()?;
        if d != self.config.width {
            bail!("the quantiser takes vectors of {} numbers, not {d}", self.config.width);
        }
        let (n, device) = (b * t, z.device());
        let rows = z.detach().reshape((n, d))?.contiguous()?;
        let there = match valid {
            Some(v) => v.flatten_all()?.to_vec1::<f32>()?.iter().map(|&v| v > 0.0).collect(),
            None => vec![true; n],
        };
        let mut noise = match mode {
            Mode::Still => None,
            Mode::Learn(noise) => Some(noise),
        };
        if let Some(noise) = &mut noise
            && self.averages()?.ready.get().to_vec1::<f32>()?[0] == 0.0
        {
            self.begin(&rows, &there, noise)?;
        }
        let kept: Vec<usize> = match &mut noise {
            Some(noise) => (0..b).map(|_| self.layers_kept(noise)).collect(),
            None => vec![self.config.layers; b],
        };
        let weight = match valid {
            Some(v) => v.unsqueeze(2)?,
            None => Tensor::ones((b, t, 1), z.dtype(), device)?,
        };
        let before = mean_length(&rows, &there)?;
        let mut left = rows.clone();
        let mut sum = Tensor::zeros((b, t, d), z.dtype(), device)?;
        let mut whole = sum.clone();
        let mut commitment = Tensor::new(0.0_f32, device)?;
        let mut tokens = Vec::with_capacity(self.config.layers);
        let mut layers = Vec::with_capacity(self.config.layers);
        let mut learned = Vec::new();
        for layer in 0..self.config.layers {
            let book = self.book(layer)?;
            let ids = nearest(&left, &book)?;
            let code = book.index_select(&ids, 0)?;
            let mine: Vec<f32> = kept.iter().map(|&k| if layer < k { 1.0 } else { 0.0 }).collect();
            let mine = Tensor::from_vec(mine, (b, 1, 1), device)?;
            let shaped = code.reshape((b, t, d))?;
            // The encoder is drawn to the code of what the layers before have left over.
            let off = ((z - &whole)? - &shaped)?.sqr()?.mean_keepdim(2)?;
            let here = weight.broadcast_mul(&mine)?;
            let cost = ((off * &here)?.sum_all()? / (here.sum_all()? + 1e-8)?)?;
            commitment = (commitment + cost)?;
            sum = (sum + shaped.broadcast_mul(&mine)?)?;
            whole = (whole + shaped)?;
            let before_this = left;
            left = (&before_this - code)?;
            let host = ids.to_vec1::<u32>()?;
            let mut stats = use_of(&host, &there, self.config.codes);
            stats.residual = mean_length(&left, &there)? / before.max(1e-12);
            layers.push(stats);
            if noise.is_some() {
                learned.push((before_this, host));
            }
            tokens.push(ids.reshape((b, t, 1))?);
        }
        if let Some(noise) = noise {
            self.learn(&learned, &there, noise, &mut layers)?;
        }
        Ok(Quantised {
            sum: (z + (sum - z)?.detach())?,
            tokens: Tensor::cat(&tokens, 2)?.contiguous()?,
            commitment: (commitment / self.config.layers as f64)?,
            layers,
        })
    }

    /// The sum of the codes of the first layers: `tokens` (b, t, up to all layers) u32 → (b, t, width).
    pub fn look_up(&self, tokens: &Tensor) -> Result<Tensor> {
        let (b, t, q) = tokens.dims3()?;
        if q == 0 || q > self.config.layers {
            bail!("{q} layers of tokens, the quantiser has 1 to {}", self.config.layers);
        }
        let mut sum = Tensor::zeros((b, t, self.config.width), candle_core::DType::F32, tokens.device())?;
        for layer in 0..q {
            let ids = tokens.narrow(2, layer, 1)?.flatten_all()?;
            sum = (sum + self.book(layer)?.index_select(&ids, 0)?.reshape((b, t, self.config.width))?)?;
        }
        Ok(sum)
    }

    /// How many layers a clip keeps: mostly all, else one to all but one.
    fn layers_kept(&self, noise: &mut Noise) -> usize {
        let all = self.config.layers;
        if all > 1 && noise.chance(self.config.layer_dropout) { 1 + noise.below(all - 1) } else { all }
    }

    /// First codes: k-means on the vectors of a batch, layer by layer.
    fn begin(&self, rows: &Tensor, there: &[bool], noise: &mut Noise) -> Result<()> {
        let (k, d) = (self.config.codes, self.config.width);
        let all: Vec<Vec<f32>> =
            rows.to_vec2::<f32>()?.into_iter().zip(there).filter(|(_, there)| **there).map(|(row, _)| row).collect();
        if all.is_empty() {
            bail!("the first batch holds no frames to begin the codebooks with");
        }
        let mut left = Tensor::from_vec(all.concat(), (all.len(), d), rows.device())?;
        let (mut books, mut counts) = (Vec::new(), Vec::new());
        for _ in 0..self.config.layers {
            let host = left.to_vec2::<f32>()?;
            let spread = (host.iter().flatten().map(|v| v * v).sum::<f32>() / (host.len() * d) as f32).sqrt();
            let mut picks = noise.pick(host.len(), k);
            let first = picks.len();
            picks.extend((first..k).map(|_| noise.below(host.len())));
            let mut book: Vec<f32> = Vec::with_capacity(k * d);
            for (i, pick) in picks.iter().enumerate() {
                // Vectors taken twice are set apart a little.
                let shake = if i < first { 0.0 } else { 0.1 * spread };
                book.extend(host[*pick].iter().map(|v| v + shake * if shake > 0.0 { noise.normal() } else { 0.0 }));
            }
            let mut count = vec![0.0_f32; k];
            for _ in 0..KMEANS_ROUNDS {
                let ids = nearest(&left, &Tensor::from_slice(&book, (k, d), rows.device())?)?.to_vec1::<u32>()?;
                let (sums, counts) = gather(&host, &ids, k, d);
                for (c, n) in counts.iter().enumerate() {
                    if *n > 0.0 {
                        for (to, s) in book[c * d..(c + 1) * d].iter_mut().zip(&sums[c * d..(c + 1) * d]) {
                            *to = s / n;
                        }
                    }
                }
                count = counts;
            }
            let book_now = Tensor::from_slice(&book, (k, d), rows.device())?;
            left = (&left - book_now.index_select(&nearest(&left, &book_now)?, 0)?)?;
            books.extend(book);
            counts.extend(count);
        }
        let least = self.config.dead_below * all.len() as f32 / k as f32;
        counts.iter_mut().for_each(|c| *c = c.max(2.0 * least).max(1e-3));
        self.store(books, counts, rows)?;
        self.averages()?.ready.set(&Tensor::ones(1, candle_core::DType::F32, rows.device())?)
    }

    fn averages(&self) -> Result<&Averages> {
        self.averages.as_ref().ok_or_else(|| candle_core::Error::Msg("these codebooks were made for use only".into()))
    }

    /// Moves every code towards the mean of its vectors, and dead codes to vectors of the batch.
    fn learn(
        &self,
        learned: &[(Tensor, Vec<u32>)],
        there: &[bool],
        noise: &mut Noise,
        layers: &mut [LayerUse],
    ) -> Result<()> {
        let (k, d, keep) = (self.config.codes, self.config.width, self.config.decay);
        let averages = self.averages()?;
        let mut all_sums = averages.sums.get().flatten_all()?.to_vec1::<f32>()?;
        let mut all_counts = averages.counts.get().flatten_all()?.to_vec1::<f32>()?;
        let mut books = Vec::with_capacity(all_sums.len());
        let frames = there.iter().filter(|t| **t).count();
        if frames == 0 {
            return Ok(());
        }
        let least = self.config.dead_below * frames as f32 / k as f32;
        for (layer, (rows, ids)) in learned.iter().enumerate() {
            let host: Vec<Vec<f32>> = rows.to_vec2::<f32>()?;
            let (host, ids): (Vec<_>, Vec<_>) =
                host.into_iter().zip(ids).zip(there).filter(|(_, t)| **t).map(|((row, id), _)| (row, *id)).unzip();
            let (batch_sums, batch_counts) = gather(&host, &ids, k, d);
            let sums = &mut all_sums[layer * k * d..(layer + 1) * k * d];
            let counts = &mut all_counts[layer * k..(layer + 1) * k];
            for (s, b) in sums.iter_mut().zip(batch_sums) {
                *s = keep * *s + (1.0 - keep) * b;
            }
            for (c, b) in counts.iter_mut().zip(batch_counts) {
                *c = keep * *c + (1.0 - keep) * b;
            }
            for (code, count) in counts.iter_mut().enumerate() {
                let sum = &mut sums[code * d..(code + 1) * d];
                if *count < least {
                    *count = 2.0 * least;
                    for (s, v) in sum.iter_mut().zip(&host[noise.below(host.len())]) {
                        *s = (v + noise.normal() * 0.01 / (d as f32).sqrt()) * *count;
                    }
                    layers[layer].reset += 1;
                }
            }
            for (code, count) in counts.iter().enumerate() {
                books.extend(sums[code * d..(code + 1) * d].iter().map(|s| s / count.max(1e-6)));
            }
        }
        let (shape, device) = ((self.config.layers, k, d), learned[0].0.device());
        averages.sums.set(&Tensor::from_vec(all_sums, shape, device)?)?;
        averages.counts.set(&Tensor::from_vec(all_counts, (self.config.layers, k), device)?)?;
        self.books.set(&Tensor::from_vec(books, shape, device)?)
    }

    fn store(&self, books: Vec<f32>, counts: Vec<f32>, like: &Tensor) -> Result<()> {
        let (q, k, d) = (self.config.layers, self.config.codes, self.config.width);
        let sums = books.chunks(d).zip(&counts).flat_map(|(row, c)| row.iter().map(move |v| v * c)).collect::<Vec<_>>();
        self.books.set(&Tensor::from_vec(books, (q, k, d), like.device())?)?;
        self.averages()?.sums.set(&Tensor::from_vec(sums, (q, k, d), like.device())?)?;
        self.averages()?.counts.set(&Tensor::from_vec(counts, (q, k), like.device())?)
    }
}

/// Index of the nearest row of `book` (k, d) to each of `rows` (n, d); the first of equals.
fn nearest(rows: &Tensor, book: &Tensor) -> Result<Tensor> {
    let size = book.sqr()?.sum(1)?.unsqueeze(0)?;
    let dot = (rows.matmul(&book.t()?)? * 2.0)?;
    size.broadcast_sub(&dot)?.argmin(D::Minus1)
}

/// Sum and number of the rows that fall to each code.
fn gather(rows: &[Vec<f32>], ids: &[u32], codes: usize, width: usize) -> (Vec<f32>, Vec<f32>) {
    let (mut sums, mut counts) = (vec![0.0_f32; codes * width], vec![0.0_f32; codes]);
    for (row, &id) in rows.iter().zip(ids) {
        let id = id as usize;
        counts[id] += 1.0;
        for (s, v) in sums[id * width..(id + 1) * width].iter_mut().zip(row) {
            *s += v;
        }
    }
    (sums, counts)
}

fn mean_length(rows: &Tensor, there: &[bool]) -> Result<f32> {
    let lengths = rows.sqr()?.sum(1)?.sqrt()?.to_vec1::<f32>()?;
    let n = there.iter().filter(|t| **t).count().max(1);
    Ok(lengths.iter().zip(there).filter(|(_, t)| **t).map(|(l, _)| l).sum::<f32>() / n as f32)
}

fn use_of(ids: &[u32], there: &[bool], codes: usize) -> LayerUse {
    let mut counts = vec![0_usize; codes];
    ids.iter().zip(there).filter(|(_, t)| **t).for_each(|(&id, _)| counts[id as usize] += 1);
    let n = counts.iter().sum::<usize>().max(1) as f32;
    let entropy: f32 = counts.iter().filter(|c| **c > 0).map(|&c| -(c as f32 / n) * (c as f32 / n).ln()).sum();
    let used = counts.iter().filter(|c| **c > 0).count() as f32 / codes.max(1) as f32;
    LayerUse { perplexity: entropy.exp(), used, ..Default::default() }
}

#[cfg(test)]
#[path = "quantiser_tests.rs"]
mod tests;
