//! The weights of a transformer, as tensors and packed.

use candle_core::{Result, Tensor, bail};

use crate::kernel::tile::Packed;
use crate::ops::host::with;

/// Weight (o, i) and bias (o) of a linear layer, or scale (c) and shift (c) of a layer norm.
#[derive(Clone)]
pub struct Affine {
    /// The weight or scale.
    pub w: Tensor,
    /// The bias or shift.
    pub b: Option<Tensor>,
}

/// Attention to the speech: norm before, and the four projections.
#[derive(Clone)]
pub struct Cross {
    /// Before the queries are made.
    pub norm: Affine,
    /// Queries, from the frames.
    pub q: Affine,
    /// Keys, from the speech.
    pub k: Affine,
    /// Values, from the speech.
    pub v: Affine,
    /// From the heads back.
    pub out: Affine,
}

/// One layer.
#[derive(Clone)]
pub struct Layer {
    /// Before self-attention.
    pub norm: Affine,
    /// Queries.
    pub q: Affine,
    /// Keys.
    pub k: Affine,
    /// Values.
    pub v: Affine,
    /// From the heads back.
    pub out: Affine,
    /// Attention to the speech.
    pub cross: Option<Cross>,
    /// Before the feed-forward part.
    pub feed_norm: Affine,
    /// Into the feed-forward part.
    pub feed_in: Affine,
    /// Out of it.
    pub feed_out: Affine,
}

/// Scale and shift of a layer norm, ready to use.
pub struct Norm {
    pub(super) w: Vec<f32>,
    pub(super) b: Vec<f32>,
    pub(super) eps: f32,
}

/// A linear layer, ready to use; also for the layers before and after the transformer.
pub struct Dense(pub(super) Packed);

pub(super) struct PackedCross {
    pub norm: Norm,
    pub q: Dense,
    pub k: Dense,
    pub v: Dense,
    pub out: Dense,
}

pub(super) struct PackedLayer {
    pub norm: Norm,
    pub q: Dense,
    pub k: Dense,
    pub v: Dense,
    pub out: Dense,
    pub cross: Option<PackedCross>,
    pub feed_norm: Norm,
    pub feed_in: Dense,
    pub feed_out: Dense,
}

/// A transformer, packed.
pub struct Engine {
    pub(super) layers: Vec<PackedLayer>,
    pub(super) last: Option<Norm>,
    pub(super) heads: usize,
    /// Channels of a frame.
    pub(super) c: usize,
    /// Channels of a frame of speech.
    pub(super) speech: usize,
    /// Channels within the feed-forward part.
    pub(super) feed: usize,
}

impl Norm {
    /// Takes scale and shift of a layer norm over `c` channels.
    pub fn new(norm: &Affine, c: usize, eps: f64) -> Result<Self> {
        let values = |t: &Tensor| {
            if t.dims() != [c] {
                bail!("a layer norm over {c} channels has {:?}", t.shape());
            }
            with(t, |x| Ok(x.to_vec()))
        };
        let b = norm.b.as_ref().map_or_else(|| Ok(vec![0.0; c]), values)?;
        Ok(Self { w: values(&norm.w)?, b, eps: eps as f32 })
    }
}

impl Dense {
    /// Packs a linear layer.
    pub fn new(layer: &Affine) -> Result<Self> {
        Self::scaled(layer, 1.0)
    }

    fn scaled(layer: &Affine, scale: f32) -> Result<Self> {
        let (o, i) = layer.w.dims2()?;
        if layer.b.as_ref().is_some_and(|b| b.dims() != [o]) {
            bail!("a linear layer of {o} outputs has a bias {:?}", layer.b.as_ref().map(Tensor::shape));
        }
        let pack = |b: Option<&[f32]>| with(&layer.w, |w| Ok(Packed::new(w, b, o, i, scale)));
        Ok(Self(match &layer.b {
            Some(b) => with(b, |b| pack(Some(b)))?,
            None => pack(None)?,
        }))
    }

    fn sized(layer: &Affine, o: usize, i: usize, scale: f32) -> Result<Self> {
        if layer.w.dims() != [o, i] {
            bail!("a linear layer should have ({o}, {i}) weights and has {:?}", layer.w.shape());
        }
        Self::scaled(layer, scale)
    }

    /// `x` (rows, i) to `y` (rows, o), on all threads.
    pub fn apply(&self, x: &[f32], y: &mut [f32]) {
        use rayon::prelude::*;
        let (i, o) = (self.0.inputs(), self.0.outputs());
        assert!(x.len() / i * o == y.len() && x.len().is_multiple_of(i), "{} values in, {} out", x.len(), y.len());
        const ROWS: usize = 48;
        y.par_chunks_mut(ROWS * o).zip(x.par_chunks(ROWS * i)).for_each(|(y, x)| {
            self.0.apply(x, i, x.len() / i, y, o, false);
        });
    }
}

impl Engine {
    /// Packs `layers` of `heads` heads, and the layer norm after the last if there is one. `eps` is that of all norms.
    ///
    /// Fails where sizes do not fit each other. The speech must have as many channels in every layer.
    pub fn new(layers: &[Layer], last: Option<&Affine>, heads: usize, eps: f64) -> Result<Self> {
        let Some(first) = layers.first() else { bail!("a transformer needs layers") };
        let (feed, c) = first.feed_in.w.dims2()?;
        if heads == 0 || c % heads != 0 {
            bail!("{c} channels do not split into {heads} heads");
        }
        let crosses: Vec<&Cross> = layers.iter().filter_map(|layer| layer.cross.as_ref()).collect();
        let speech = crosses.first().map_or(Ok(0), |cross| cross.k.w.dim(1))?;
        // The scale of the scores goes into the queries.
        let scale = 1.0 / ((c / heads) as f32).sqrt();
        let square = |layer: &Affine, scale: f32| Dense::sized(layer, c, c, scale);
        let pack = |layer: &Layer| -> Result<PackedLayer> {
            let cross = match &layer.cross {
                Some(cross) => Some(PackedCross {
                    norm: Norm::new(&cross.norm, c, eps)?,
                    q: square(&cross.q, scale)?,
                    k: Dense::sized(&cross.k, c, speech, 1.0)?,
                    v: Dense::sized(&cross.v, c, speech, 1.0)?,
                    out: square(&cross.out, 1.0)?,
                }),
                None => None,
            };
            Ok(PackedLayer {
                norm: Norm::new(&layer.norm, c, eps)?,
                q: square(&layer.q, scale)?,
                k: square(&layer.k, 1.0)?,
                v: square(&layer.v, 1.0)?,
                out: square(&layer.out, 1.0)?,
                cross,
                feed_norm: Norm::new(&layer.feed_norm, c, eps)?,
                feed_in: Dense::sized(&layer.feed_in, feed, c, 1.0)?,
                feed_out: Dense::sized(&layer.feed_out, c, feed, 1.0)?,
            })
        };
        let last = last.map(|norm| Norm::new(norm, c, eps)).transpose()?;
        Ok(Self { layers: layers.iter().map(pack).collect::<Result<_>>()?, last, heads, c, speech, feed })
    }

    /// Channels of a frame.
    pub fn channels(&self) -> usize {
        self.c
    }

    /// Layers.
    pub fn depth(&self) -> usize {
        self.layers.len()
    }
}
