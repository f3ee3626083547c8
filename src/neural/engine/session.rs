//! Sequences on their way through the layers.

use std::sync::Arc;

use candle_core::{Result, bail};
use rayon::prelude::*;

use super::weights::{Dense, Norm, PackedLayer};
use super::{Adapt, Engine, Rows};
use crate::kernel::tile::{Aligned, PANEL, Right, Sizes as Product, multiply};
use crate::kernel::{level, rows};

/// Sizes that a session is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Sequences at once, such as one with and one without its condition.
    pub sequences: usize,
    /// Frames of each.
    pub frames: usize,
    /// Frames of speech of each; any number where no layer attends to speech.
    pub speech: usize,
}

/// Memory for sequences of one size, and the keys and values of their speech.
pub struct Session {
    engine: Arc<Engine>,
    sizes: Sizes,
    /// Frames of one task, a multiple of [`PANEL`].
    block: usize,
    /// What each block keeps to itself; see [`Room`].
    rooms: Aligned,
    /// Keys and values of self-attention in this layer and in the next.
    now: Keys,
    next: Keys,
    /// Keys and values of the speech, a pair for each layer that attends to it.
    heard: Vec<Keys>,
    ready: bool,
}

/// Keys as (sequence, panel of 32 frames, channel, frame in the panel), values as (sequence, frame, channel).
struct Keys {
    k: Aligned,
    v: Aligned,
}

/// Room of one block: x | queries | h | wide | scores, each as rows of its stride.
struct Room<'a> {
    x: &'a mut [f32],
    q: &'a mut [f32],
    h: &'a mut [f32],
    wide: &'a mut [f32],
    scores: &'a mut [f32],
}

/// The distance of rows of `width` values: whole cache lines, and an odd number of them, so that the rows of a tile
/// do not fall onto the same places of the cache.
fn stride(width: usize) -> usize {
    let lines = width.div_ceil(16);
    (lines + 1 - lines % 2) * 16
}

/// The strides of a room.
#[derive(Clone, Copy)]
struct Strides {
    c: usize,
    wide: usize,
    scores: usize,
}

impl Strides {
    fn row(&self) -> usize {
        3 * self.c + self.wide + self.scores
    }
}

impl Keys {
    fn new(sequences: usize, padded: usize, c: usize) -> Self {
        // Values of the last head are read as whole panels.
        Self { k: Aligned::zeros(sequences * padded * c), v: Aligned::zeros(sequences * padded * stride(c) + PANEL) }
    }
}

/// A bias of the scores: (frames, keys) for all sequences or (sequences, frames, keys).
type Bias<'a> = Option<&'a [f32]>;

impl Session {
    /// Makes room for sequences of these sizes, cut into blocks for the threads of the calling pool.
    pub fn new(engine: &Arc<Engine>, sizes: Sizes) -> Result<Self> {
        let total = sizes.sequences * sizes.frames;
        let share = total.div_ceil(2 * rayon::current_num_threads());
        Self::with_block(engine, sizes, share.next_multiple_of(PANEL).clamp(PANEL, 4 * PANEL))
    }

    pub(super) fn with_block(engine: &Arc<Engine>, sizes: Sizes, block: usize) -> Result<Self> {
        let Sizes { sequences, frames, speech } = sizes;
        let crosses = engine.layers.iter().filter(|layer| layer.cross.is_some()).count();
        if sequences == 0 || frames == 0 || (crosses > 0 && speech == 0) {
            bail!("a session needs sequences, frames and speech, not {sizes:?}");
        }
        let padded = frames.next_multiple_of(block);
        let strides = Self::strides(engine, sizes);
        let keys = || Keys::new(sequences, padded, engine.c);
        let heard = (0..crosses).map(|_| Keys::new(sequences, speech.next_multiple_of(PANEL), engine.c)).collect();
        Ok(Self {
            engine: Arc::clone(engine),
            sizes,
            block,
            rooms: Aligned::zeros(sequences * padded * strides.row()),
            now: keys(),
            next: keys(),
            heard,
            ready: crosses == 0,
        })
    }

    fn strides(engine: &Engine, sizes: Sizes) -> Strides {
        let keys = if engine.speech > 0 { sizes.frames.max(sizes.speech) } else { sizes.frames };
        Strides {
            c: stride(engine.c),
            wide: stride(engine.feed.max(engine.c)),
            scores: stride(keys.next_multiple_of(PANEL)),
        }
    }

    /// Takes the speech (sequences, frames of speech, channels of speech) for all steps that follow.
    pub fn set_speech(&mut self, speech: &[f32]) -> Result<()> {
        let engine = Arc::clone(&self.engine);
        let Sizes { sequences, speech: frames, .. } = self.sizes;
        let width = engine.speech;
        if width == 0 || speech.len() != sequences * frames * width {
            bail!("speech has {} values, not {sequences} × {frames} × {width}", speech.len());
        }
        let (c, sv) = (engine.c, stride(engine.c));
        let padded = frames.next_multiple_of(PANEL);
        let crosses = engine.layers.iter().filter_map(|layer| layer.cross.as_ref());
        for (cross, keys) in crosses.zip(&mut self.heard) {
            let panels = keys.k.par_chunks_mut(PANEL * c);
            let values = keys.v[..sequences * padded * sv].par_chunks_mut(PANEL * sv);
            panels.zip(values).enumerate().for_each_init(
                || vec![0.0; PANEL * sv],
                |wide, (i, (panel, values))| {
                    let (sequence, first) = (i / (padded / PANEL), i % (padded / PANEL) * PANEL);
                    let n = PANEL.min(frames - first);
                    let x = &speech[(sequence * frames + first) * width..][..n * width];
                    cross.v.0.apply(x, width, n, values, sv, false);
                    cross.k.0.apply(x, width, n, wide, sv, false);
                    turn(wide, sv, n, c, panel);
                },
            );
        }
        self.ready = true;
        Ok(())
    }

    /// Sends `x` (sequences, frames, channels) through all layers and puts the result in its place.
    ///
    /// `bias` is added to the scores over frames, `speech_bias` to those over the speech, each (frames, keys) or
    /// (sequences, frames, keys). `adapt` is empty or has one entry a layer.
    pub fn forward(&mut self, x: &mut [f32], bias: Bias, speech_bias: Bias, adapt: &[Adapt]) -> Result<()> {
        self.check(x, bias, speech_bias, adapt)?;
        let (engine, sizes, block) = (Arc::clone(&self.engine), self.sizes, self.block);
        let engine = &*engine;
        let Sizes { sequences, frames, speech } = sizes;
        let (c, strides) = (engine.c, Self::strides(engine, sizes));
        let (blocks, padded) = (frames.div_ceil(block), frames.next_multiple_of(block));
        let room = block * strides.row();
        let place = |i: usize| {
            let first = i % blocks * block;
            (i / blocks, first, block.min(frames - first))
        };
        let read = &*x;
        // The first layer's queries, keys and values.
        let values = sequences * padded * strides.c;
        let (k, v) = (self.next.k.par_chunks_mut(block * c), self.next.v[..values].par_chunks_mut(block * strides.c));
        let rooms = self.rooms.par_chunks_mut(room);
        rooms.zip(k).zip(v).enumerate().with_max_len(1).for_each(|(i, ((room, k), v))| {
            let (sequence, first, n) = place(i);
            let task = Task { engine, strides, sequence, first, n, frames };
            let mut room = task.room(room, block);
            for r in 0..n {
                let from = &read[(sequence * frames + first + r) * c..][..c];
                room.x[r * strides.c..][..c].copy_from_slice(from);
            }
            task.queries(&mut room, &engine.layers[0], adapt.first().and_then(|a| a.attention), k, v);
        });
        let mut heard = self.heard.iter();
        for (l, layer) in engine.layers.iter().enumerate() {
            std::mem::swap(&mut self.now, &mut self.next);
            let adapt_here = adapt.get(l).copied().unwrap_or_default();
            let now = Source { keys: &self.now, padded, len: frames, bias };
            let cross = layer.cross.as_ref().and_then(|cross| Some((cross, heard.next()?)));
            let cross = cross.map(|(cross, keys)| {
                let padded = speech.next_multiple_of(PANEL);
                (cross, Source { keys, padded, len: speech, bias: speech_bias })
            });
            let (k, v) =
                (self.next.k.par_chunks_mut(block * c), self.next.v[..values].par_chunks_mut(block * strides.c));
            let rooms = self.rooms.par_chunks_mut(room);
            rooms.zip(k).zip(v).enumerate().with_max_len(1).for_each(|(i, ((room, k), v))| {
                let (sequence, first, n) = place(i);
                let task = Task { engine, strides, sequence, first, n, frames };
                let mut room = task.room(room, block);
                task.attend(&mut room, &now);
                task.add(room.h, &layer.out, room.x);
                if let Some((cross, source)) = &cross {
                    task.norm(room.x, room.h, &cross.norm, adapt_here.cross);
                    cross.q.0.apply(room.h, strides.c, n, room.q, strides.c, false);
                    task.attend(&mut room, source);
                    task.add(room.h, &cross.out, room.x);
                }
                task.feed(&mut room, layer, adapt_here);
                if let Some(after) = adapt_here.after {
                    task.modulate(room.x, after);
                }
                if let Some(following) = engine.layers.get(l + 1) {
                    task.queries(&mut room, following, adapt.get(l + 1).and_then(|a| a.attention), k, v);
                }
            });
        }
        let rooms = &*self.rooms;
        x.par_chunks_mut(c * PANEL).enumerate().for_each(|(i, x)| {
            for (r, to) in x.chunks_exact_mut(c).enumerate() {
                let (sequence, frame) = ((i * PANEL + r) / frames, (i * PANEL + r) % frames);
                let at = (sequence * blocks + frame / block) * room + frame % block * strides.c;
                match &engine.last {
                    Some(norm) => rows::layer_norm(&rooms[at..][..c], &norm.w, &norm.b, norm.eps, to),
                    None => to.copy_from_slice(&rooms[at..][..c]),
                }
            }
        });
        Ok(())
    }

    fn check(&self, x: &[f32], bias: Bias, speech_bias: Bias, adapt: &[Adapt]) -> Result<()> {
        let (engine, Sizes { sequences, frames, speech }) = (&self.engine, self.sizes);
        if !self.ready {
            bail!("the engine has not been given the speech yet");
        }
        if x.len() != sequences * frames * engine.c {
            bail!("{} values are not {sequences} × {frames} × {}", x.len(), engine.c);
        }
        for (bias, keys) in [(bias, frames), (speech_bias, speech)] {
            if bias.is_some_and(|b| b.len() != frames * keys && b.len() != sequences * frames * keys) {
                bail!("a bias of {:?} values does not fit {frames} × {keys}", bias.map(<[f32]>::len));
            }
        }
        if !adapt.is_empty() && adapt.len() != engine.layers.len() {
            bail!("{} scales and shifts are given for {} layers", adapt.len(), engine.layers.len());
        }
        if adapt.iter().flat_map(Adapt::all).any(|rows| !rows.fits(engine.c, sequences, frames)) {
            bail!("scales and shifts do not fit {sequences} × {frames} × {}", engine.c);
        }
        Ok(())
    }
}

/// Keys of a panel side by side: `from` has `n` rows of `c` channels, `to` gets (channel, row).
fn turn(from: &[f32], stride: usize, n: usize, c: usize, to: &mut [f32]) {
    // A few channels at a time, so that the lines that are written stay in the nearest cache.
    for (some, to) in to[..c * PANEL].chunks_mut(64 * PANEL).enumerate() {
        for r in 0..n {
            let from = &from[r * stride + some * 64..][..to.len() / PANEL];
            for (x, to) in from.iter().zip(to[r..].iter_mut().step_by(PANEL)) {
                *to = *x;
            }
        }
    }
}

/// Keys and values to attend to.
struct Source<'a> {
    keys: &'a Keys,
    /// Frames that each sequence takes.
    padded: usize,
    /// Frames that count.
    len: usize,
    bias: Bias<'a>,
}

/// Frames `first..first + n` of a sequence.
struct Task<'a> {
    engine: &'a Engine,
    strides: Strides,
    sequence: usize,
    first: usize,
    n: usize,
    frames: usize,
}

impl Task<'_> {
    fn room<'a>(&self, room: &'a mut [f32], block: usize) -> Room<'a> {
        let Strides { c, wide, .. } = self.strides;
        let (x, rest) = room.split_at_mut(block * c);
        let (q, rest) = rest.split_at_mut(block * c);
        let (h, rest) = rest.split_at_mut(block * c);
        let (wide, scores) = rest.split_at_mut(block * wide);
        Room { x, q, h, wide, scores }
    }

    fn norm(&self, x: &[f32], h: &mut [f32], norm: &Norm, adapt: Option<Rows>) {
        let (c, s) = (self.engine.c, self.strides.c);
        for r in 0..self.n {
            rows::layer_norm(&x[r * s..][..c], &norm.w, &norm.b, norm.eps, &mut h[r * s..][..c]);
        }
        if let Some(adapt) = adapt {
            self.modulate(h, adapt);
        }
    }

    fn modulate(&self, x: &mut [f32], adapt: Rows) {
        let (c, s) = (self.engine.c, self.strides.c);
        for r in 0..self.n {
            let (scale, shift) = adapt.at(c, self.sequence, self.first + r, self.frames);
            rows::modulate(&mut x[r * s..][..c], scale, shift);
        }
    }

    /// Queries, keys and values of a layer for these frames; keys and values go to where all blocks will read them.
    fn queries(&self, room: &mut Room, layer: &PackedLayer, adapt: Option<Rows>, k: &mut [f32], v: &mut [f32]) {
        let (c, s, n) = (self.engine.c, self.strides.c, self.n);
        self.norm(room.x, room.h, &layer.norm, adapt);
        layer.q.0.apply(room.h, s, n, room.q, s, false);
        layer.v.0.apply(room.h, s, n, v, s, false);
        layer.k.0.apply(room.h, s, n, room.wide, s, false);
        for (panel, k) in k.chunks_exact_mut(PANEL * c).enumerate().take(n.div_ceil(PANEL)) {
            turn(&room.wide[panel * PANEL * s..], s, PANEL.min(n - panel * PANEL), c, k);
        }
    }

    /// Attention of the queries in `q`, into `h`.
    fn attend(&self, room: &mut Room, source: &Source) {
        let Engine { c, heads, .. } = *self.engine;
        let (s, n, depth, stride) = (self.strides.c, self.n, c / heads, self.strides.scores);
        let keys = &source.keys.k[self.sequence * source.padded * c..];
        let values = &source.keys.v[self.sequence * source.padded * s..];
        for head in 0..heads {
            let at = head * depth;
            let right = Right { data: &keys[at * PANEL..], row_stride: PANEL, panel_stride: PANEL * c };
            let product = Product { rows: n, inner: depth, cols: source.len };
            multiply(level(), product, &room.q[at..], s, right, None, room.scores, stride, false);
            if let Some(bias) = source.bias {
                let sequence = if bias.len() == self.frames * source.len { 0 } else { self.sequence };
                for r in 0..n {
                    let row = (sequence * self.frames + self.first + r) * source.len;
                    rows::add(&mut room.scores[r * stride..][..source.len], &bias[row..][..source.len]);
                }
            }
            rows::softmax_here(&mut room.scores[..n * stride], source.len, stride);
            let right = Right { data: &values[at..], row_stride: s, panel_stride: PANEL };
            let product = Product { rows: n, inner: source.len, cols: depth };
            multiply(level(), product, room.scores, stride, right, None, &mut room.h[at..], s, false);
        }
    }

    /// x += W h + b.
    fn add(&self, h: &[f32], layer: &Dense, x: &mut [f32]) {
        layer.0.apply(h, self.strides.c, self.n, x, self.strides.c, true);
    }

    fn feed(&self, room: &mut Room, layer: &PackedLayer, adapt: Adapt) {
        let (c, s, wide, n) = (self.engine.c, self.strides.c, self.strides.wide, self.n);
        self.norm(room.x, room.h, &layer.feed_norm, adapt.feed);
        layer.feed_in.0.apply(room.h, s, n, room.wide, wide, false);
        for row in room.wide.chunks_exact_mut(wide).take(n) {
            rows::gelu_here(&mut row[..self.engine.feed]);
        }
        let Some(fed) = adapt.fed else {
            return layer.feed_out.0.apply(room.wide, wide, n, room.x, s, true);
        };
        layer.feed_out.0.apply(room.wide, wide, n, room.h, s, false);
        self.modulate(room.h, fed);
        for r in 0..n {
            rows::add(&mut room.x[r * s..][..c], &room.h[r * s..][..c]);
        }
    }
}
