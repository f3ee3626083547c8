//! The generators over the plain engine: weights packed once, no tensors and no memory asked for within a step.
//!
//! [`FastGenerators`] packs both generators; [`FastPredictor`] is the [`Predictor`] over them for one performance.
//! Speech and conditions of a window are worked out by the candle networks (once per window); the layers, embeddings and
//! heads, which run in every step, by [`crate::engine`]. [`super::predictor::CandlePredictor`] is the twin it is tested
//! against.

use crate::engine::{Adapt, Affine, Cross, Dense, Engine, Layer, Per, Rows, Session, Sizes};
use crate::kernel::rows::gelu_here;
use crate::nets::blocks::{Attention, Block, LayerNorm, Linear, NORM_EPS};
use crate::nets::decode::{Logits, Predictor};
use crate::nets::generator::{Prepared, Trunk};
use crate::nets::masked::MaskedGenerator;
use crate::nets::predictor::{CandlePredictor, Performance};
use crate::nets::residual::ResidualGenerator;
use candle_core::{Error, Result, Tensor};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::Arc;

fn of_linear(l: &Linear) -> Affine {
    Affine { w: l.weight.clone(), b: Some(l.bias.clone()) }
}

fn of_norm(n: &LayerNorm) -> Affine {
    Affine { w: n.weight.clone(), b: Some(n.bias.clone()) }
}

fn of_cross((norm, attention): &(LayerNorm, Attention)) -> Cross {
    Cross {
        norm: of_norm(norm),
        q: of_linear(&attention.query),
        k: of_linear(&attention.key),
        v: of_linear(&attention.value),
        out: of_linear(&attention.out),
    }
}

fn of_block(b: &Block) -> Layer {
    Layer {
        norm: of_norm(&b.norm),
        q: of_linear(&b.attention.query),
        k: of_linear(&b.attention.key),
        v: of_linear(&b.attention.value),
        out: of_linear(&b.attention.out),
        cross: b.cross.as_ref().map(of_cross),
        feed_norm: of_norm(&b.norm_ff),
        feed_in: of_linear(&b.up),
        feed_out: of_linear(&b.down),
    }
}

fn pack(trunk: &Trunk) -> Result<Engine> {
    let layers: Vec<Layer> = trunk.blocks.iter().map(of_block).collect();
    Engine::new(&layers, Some(&of_norm(&trunk.norm)), trunk.config().block.heads, NORM_EPS)
}

fn host(x: &Tensor) -> Result<Vec<f32>> {
    x.flatten_all()?.to_vec1()
}

/// First and second linear map of the heads of face or body.
struct Head {
    first: Dense,
    /// Of the base, or of book 1 to the last.
    second: Vec<Dense>,
}

impl Head {
    /// Logits (rows, codes) of features (rows, width).
    fn apply(&self, x: &[f32], width: usize, codes: usize, which: usize) -> Vec<f32> {
        let mut hidden = vec![0.0; x.len()];
        self.first.apply(x, &mut hidden);
        hidden.par_chunks_mut(width * 16).for_each(gelu_here);
        let mut out = vec![0.0; x.len() / width * codes];
        self.second[which].apply(&hidden, &mut out);
        out
    }
}

/// One generator, packed.
struct Packed {
    engine: Arc<Engine>,
    /// Tables of face and body tokens, for each book that is looked at.
    tables: Vec<[Vec<f32>; 2]>,
    heads: [Head; 2],
    /// Vectors of the books (residual generator only).
    books: Vec<f32>,
    width: usize,
    codes: usize,
}

/// Both generators, packed for use. Pack again after loading other weights.
pub struct FastGenerators<'a> {
    masked: &'a MaskedGenerator,
    residual: &'a ResidualGenerator,
    packed: [Packed; 2],
}

impl<'a> FastGenerators<'a> {
    pub fn new(masked: &'a MaskedGenerator, residual: &'a ResidualGenerator) -> Result<Self> {
        let head = |first: &Linear, second: &[&Linear]| {
            let second = second.iter().map(|l| Dense::new(&of_linear(l))).collect::<Result<_>>()?;
            Ok::<_, Error>(Head { first: Dense::new(&of_linear(first))?, second })
        };
        let (m, r) = (masked, residual);
        let base = Packed {
            engine: Arc::new(pack(&m.trunk)?),
            tables: vec![[host(&m.tokens[0].table)?, host(&m.tokens[1].table)?]],
            heads: [head(&m.heads[0].first, &[&m.heads[0].second])?, head(&m.heads[1].first, &[&m.heads[1].second])?],
            books: Vec::new(),
            width: m.trunk.config().block.width,
            codes: m.trunk.config().codes,
        };
        let of = |part: usize| r.heads.iter().map(|h| &h[part]).collect::<Vec<_>>();
        let finer = Packed {
            engine: Arc::new(pack(&r.trunk)?),
            tables: r.tokens.iter().map(|t| Ok([host(&t[0].table)?, host(&t[1].table)?])).collect::<Result<_>>()?,
            heads: [head(&r.first[0], &of(0))?, head(&r.first[1], &of(1))?],
            books: host(&r.book.table)?,
            width: r.trunk.config().block.width,
            codes: r.trunk.config().codes,
        };
        Ok(Self { masked, residual, packed: [base, finer] })
    }

    /// A predictor of one performance.
    pub fn predictor(&'a self, performance: Performance) -> Result<FastPredictor<'a>> {
        Ok(FastPredictor { nets: self, candle: CandlePredictor::new(self.masked, self.residual, performance)? })
    }
}

/// Both packed generators over one performance.
pub struct FastPredictor<'a> {
    nets: &'a FastGenerators<'a>,
    candle: CandlePredictor<'a>,
}

/// One generator over one window.
struct Ready {
    session: Session,
    /// (sequences, frames, width), added to the embedded tokens.
    at_frames: Vec<f32>,
    /// Of each layer (sequences, frames, 2 width).
    adapt: Vec<Vec<f32>>,
    sequences: usize,
    x: Vec<f32>,
}

impl Ready {
    fn new(packed: &Packed, trunk: &Trunk, prepared: &Prepared, sequences: usize, frames: usize) -> Result<Self> {
        let sizes = Sizes { sequences, frames, speech: frames };
        let mut session = Session::new(&packed.engine, sizes)?;
        if trunk.blocks.iter().any(|b| b.cross.is_some()) {
            session.set_speech(&host(&prepared.memory)?)?;
        }
        let mut adapt = Vec::with_capacity(trunk.blocks.len());
        for map in trunk.blocks.iter().filter_map(|b| b.adapt.as_ref()) {
            adapt.push(host(&map.forward(&prepared.condition)?)?);
        }
        let x = vec![0.0; sequences * frames * packed.width];
        Ok(Self { session, at_frames: host(&prepared.at_frames)?, adapt, sequences, x })
    }

    /// Embeds the tokens of `books` (of `stride` per frame), and sends them through the layers and heads.
    fn run(&mut self, packed: &Packed, tokens: [&[u32]; 2], stride: usize, book: Option<usize>) -> Result<Logits> {
        let (w, frames) = (packed.width, tokens[0].len() / stride);
        let tables = &packed.tables[..book.unwrap_or(1)];
        for (row, (x, place)) in self.x.chunks_exact_mut(w).zip(self.at_frames.chunks_exact(w)).enumerate() {
            x.copy_from_slice(place);
            let mut add = |values: &[f32]| x.iter_mut().zip(values).for_each(|(x, v)| *x += v);
            if let Some(book) = book {
                add(&packed.books[(book - 1) * w..book * w]);
            }
            for (j, both) in tables.iter().enumerate() {
                for (table, tokens) in both.iter().zip(tokens) {
                    let id = tokens[row % frames * stride + j] as usize;
                    let Some(values) = table.get(id * w..(id + 1) * w) else {
                        candle_core::bail!("token {id} is beyond the table of the generator");
                    };
                    add(values);
                }
            }
        }
        let adapt: Vec<Adapt> = self
            .adapt
            .iter()
            .map(|values| Adapt { after: Some(Rows { values, per: Per::Frame }), ..Default::default() })
            .collect();
        self.session.forward(&mut self.x, None, None, &adapt)?;
        let which = book.map_or(0, |b| b - 1);
        let [face, body] = [0, 1].map(|part| packed.heads[part].apply(&self.x, w, packed.codes, which));
        if self.sequences == 1 {
            return Ok(Logits { with: [face, body], without: None });
        }
        let split = |mut all: Vec<f32>| {
            let second = all.split_off(frames * packed.codes);
            (all, second)
        };
        let ((a, c), (b, d)) = (split(face), split(body));
        Ok(Logits { with: [a, b], without: Some([c, d]) })
    }
}

/// Both generators over one window.
pub struct FastWindow {
    base: Ready,
    residual: Ready,
}

impl<'a> Predictor for FastPredictor<'a> {
    type Window = FastWindow;
    type Error = Error;

    fn frames(&self) -> usize {
        self.candle.frames()
    }

    fn codes(&self) -> usize {
        self.candle.codes()
    }

    fn books(&self) -> usize {
        self.candle.books()
    }

    fn prepare(&self, frames: Range<usize>, guided: [bool; 2]) -> Result<FastWindow> {
        let prepared = self.candle.prepare(frames.clone(), guided)?;
        let [base, residual] = &self.nets.packed;
        let ((a, n), (b, m)) = (&prepared.base, &prepared.residual);
        Ok(FastWindow {
            base: Ready::new(base, &self.nets.masked.trunk, a, *n, frames.len())?,
            residual: Ready::new(residual, &self.nets.residual.trunk, b, *m, frames.len())?,
        })
    }

    fn base(&self, window: &mut FastWindow, tokens: [&[u32]; 2]) -> Result<Logits> {
        window.base.run(&self.nets.packed[0], tokens, 1, None)
    }

    fn residual(&self, window: &mut FastWindow, book: usize, tokens: [&[u32]; 2]) -> Result<Logits> {
        window.residual.run(&self.nets.packed[1], tokens, self.books(), Some(book))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nets::generator::{Fusion, GeneratorConfig};
    use crate::nets::masked::MaskedConfig;
    use crate::nets::residual::ResidualConfig;
    use crate::nets::testing::{tiny_masked, tiny_residual, token_batch};
    use crate::train::Params;

    #[test]
    fn the_engine_says_what_the_networks_say() -> Result<()> {
        for fusion in [Fusion::Both, Fusion::Cross, Fusion::Add] {
            let generator = GeneratorConfig { fusion, ..tiny_masked().generator };
            let masked = MaskedConfig { generator: generator.clone(), ..tiny_masked() };
            let residual = ResidualConfig { generator: generator.clone(), ..tiny_residual() };
            let masked = MaskedGenerator::new(&Params::new(1), &masked)?;
            let residual = ResidualGenerator::new(&Params::new(2), &residual)?;
            let batch = token_batch(1, 37, &generator, 3);
            let performance = Performance {
                speech: batch.speech.clone(),
                identity: [batch.condition.identity.clone(), batch.condition.identity.clone()],
                cues: batch.condition.cues.clone(),
                source: None,
            };
            let candle = CandlePredictor::new(&masked, &residual, performance.clone())?;
            let nets = FastGenerators::new(&masked, &residual)?;
            let fast = nets.predictor(performance)?;
            for guided in [[false, false], [true, true]] {
                let range = 4..35;
                let (mut a, mut b) = (candle.prepare(range.clone(), guided)?, fast.prepare(range.clone(), guided)?);
                let tokens: [Vec<u32>; 2] = [0, 1].map(|k: u32| (0..31 * 3).map(|i| (i * 7 + k) % 12).collect());
                let base: [Vec<u32>; 2] = [0, 1].map(|k: u32| (0..31).map(|i| (i * 5 + k) % 13).collect());
                let mut pairs =
                    vec![(candle.base(&mut a, [&base[0], &base[1]])?, fast.base(&mut b, [&base[0], &base[1]])?)];
                for book in 1..3 {
                    let [x, y] = [&tokens[0][..], &tokens[1][..]];
                    pairs.push((candle.residual(&mut a, book, [x, y])?, fast.residual(&mut b, book, [x, y])?));
                }
                for (x, y) in pairs {
                    assert_eq!((x.without.is_some(), y.without.is_some()), (guided[0], guided[0]));
                    let both = |l: Logits| [l.with.to_vec(), l.without.map_or(Vec::new(), |w| w.to_vec())].concat();
                    for (x, y) in both(x).iter().zip(&both(y)) {
                        assert_eq!((x.len(), y.len()), (31 * 12, 31 * 12));
                        let off = x.iter().zip(y).map(|(x, y)| (x - y).abs()).fold(0.0, f32::max);
                        assert!(off < 2e-4, "{off}, {fusion:?}");
                    }
                }
                assert!(fast.base(&mut b, [&[99; 31], &base[1]]).is_err());
            }
        }
        Ok(())
    }
}
