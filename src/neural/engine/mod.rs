//! Running a trained transformer fast, without candle and without a gradient.
//!
//! Weights are packed once ([`Engine`]); a [`Session`] holds all memory for sequences of one size, so that a step of
//! decoding allocates nothing, and the keys and values of the speech are worked out once for all steps. Work is dealt
//! out in blocks of frames that go through a whole layer in one task; each frame's numbers do not depend on its
//! block, so any number of threads gives the same bits.
//!
//! A layer is, with n a layer norm and a a scale and shift from outside where there is one (see [`Adapt`]):
//!
//! ```text
//! x += attention(a n x)            over the frames
//! x += attention(a n x, speech)    if the layer has it
//! x += a (W₂ gelu(W₁ a n x))
//! x  = a x
//! ```

mod adapt;
pub mod reference;
mod session;
mod weights;

pub use adapt::{Adapt, Per, Rows};
pub use session::{Session, Sizes};
pub use weights::{Affine, Cross, Dense, Engine, Layer, Norm};

#[cfg(test)]
mod tests;
