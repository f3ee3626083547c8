//! The operations that the networks are written in.
//!
//! Every one is differentiable in each argument that is a tensor of floats, unless its text says otherwise. candle's
//! own fused operations (`LayerNorm::forward`, `softmax_last_dim`, …) have no backward pass and silently cut the
//! graph, so networks must use these. On the CPU with `f32` the kernels of this crate are used; other devices and
//! types fall back to [`stock`], which says the same in candle's plain operations.
//!
//! One input gives the same bits on any number of threads.

mod attention;
mod conv;
pub(crate) mod host;
mod linear;
mod loss;
mod pointwise;
pub mod stock;

pub use attention::attention;
pub use conv::conv1d;
pub use linear::linear;
pub use loss::{cross_entropy, smooth_l1};
pub use pointwise::{gelu, layer_norm, softmax};

#[cfg(test)]
pub(crate) mod check;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod torch_tests;
