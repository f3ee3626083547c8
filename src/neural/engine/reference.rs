//! The layers of the engine in differentiable operations: what a network is trained with, and what the engine is
//! held to.

use candle_core::{D, Result, Tensor, bail};

use super::{Affine, Layer};
use crate::ops::{self, stock};

/// The operations to use, so that ours can be compared with candle's.
#[derive(Clone, Copy)]
pub struct Ops {
    /// As [`ops::linear`].
    pub linear: fn(&Tensor, &Tensor, Option<&Tensor>) -> Result<Tensor>,
    /// As [`ops::layer_norm`].
    pub layer_norm: fn(&Tensor, &Tensor, &Tensor, f64) -> Result<Tensor>,
    /// As [`ops::gelu`].
    pub gelu: fn(&Tensor) -> Result<Tensor>,
    /// As [`ops::attention`].
    pub attention: fn(&Tensor, &Tensor, &Tensor, usize, Option<&Tensor>) -> Result<Tensor>,
}

/// Ours.
pub const OURS: Ops =
    Ops { linear: ops::linear, layer_norm: ops::layer_norm, gelu: ops::gelu, attention: ops::attention };

/// candle's plain ones, which have a backward pass.
pub const STOCK: Ops =
    Ops { linear: stock::linear, layer_norm: stock::layer_norm, gelu: stock::gelu, attention: stock::attention };

/// Rows of scale and shift, (sequences, 1 or frames, 2c): the tensors of [`super::Adapt`].
#[derive(Clone, Default)]
pub struct Adapt {
    /// After the norm before self-attention.
    pub attention: Option<Tensor>,
    /// After the norm before attention to the speech.
    pub cross: Option<Tensor>,
    /// After the norm before the feed-forward part.
    pub feed: Option<Tensor>,
    /// Of what the feed-forward part adds.
    pub fed: Option<Tensor>,
    /// Of the frames themselves, after the layer.
    pub after: Option<Tensor>,
}

/// What a layer attends to beside the frames themselves, and the biases of both attentions.
#[derive(Clone, Copy, Default)]
pub struct Around<'a> {
    /// (sequences, frames of speech, channels of speech)
    pub speech: Option<&'a Tensor>,
    /// Of the scores over frames.
    pub bias: Option<&'a Tensor>,
    /// Of the scores over the speech.
    pub speech_bias: Option<&'a Tensor>,
}

/// y = x (1 + scale) + shift.
pub fn modulate(x: &Tensor, rows: Option<&Tensor>) -> Result<Tensor> {
    let Some(rows) = rows else { return Ok(x.clone()) };
    let c = x.dim(D::Minus1)?;
    let scale = (rows.narrow(D::Minus1, 0, c)? + 1.0)?;
    x.broadcast_mul(&scale)?.broadcast_add(&rows.narrow(D::Minus1, c, c)?)
}

impl Ops {
    fn dense(&self, x: &Tensor, layer: &Affine) -> Result<Tensor> {
        (self.linear)(x, &layer.w, layer.b.as_ref())
    }

    fn norm(&self, x: &Tensor, norm: &Affine, eps: f64) -> Result<Tensor> {
        let Some(b) = &norm.b else { bail!("a layer norm needs its shift") };
        (self.layer_norm)(x, &norm.w, b, eps)
    }

    /// One layer over `x` (sequences, frames, c); see the text of [`crate::engine`].
    pub fn layer(
        &self,
        layer: &Layer,
        x: &Tensor,
        around: Around,
        adapt: &Adapt,
        heads: usize,
        eps: f64,
    ) -> Result<Tensor> {
        let h = modulate(&self.norm(x, &layer.norm, eps)?, adapt.attention.as_ref())?;
        let (q, k, v) = (self.dense(&h, &layer.q)?, self.dense(&h, &layer.k)?, self.dense(&h, &layer.v)?);
        let x = (x + self.dense(&(self.attention)(&q, &k, &v, heads, around.bias)?, &layer.out)?)?;
        let x = match &layer.cross {
            Some(cross) => {
                let Some(speech) = around.speech else { bail!("the layer attends to speech and there is none") };
                let h = modulate(&self.norm(&x, &cross.norm, eps)?, adapt.cross.as_ref())?;
                let (k, v) = (self.dense(speech, &cross.k)?, self.dense(speech, &cross.v)?);
                let h = (self.attention)(&self.dense(&h, &cross.q)?, &k, &v, heads, around.speech_bias)?;
                (&x + self.dense(&h, &cross.out)?)?
            }
            None => x,
        };
        let h = modulate(&self.norm(&x, &layer.feed_norm, eps)?, adapt.feed.as_ref())?;
        let h = (self.gelu)(&self.dense(&h, &layer.feed_in)?)?;
        let x = (&x + modulate(&self.dense(&h, &layer.feed_out)?, adapt.fed.as_ref())?)?;
        modulate(&x, adapt.after.as_ref())
    }
}
