//! What is learned: kernels, differentiable operations, the trainer, and the networks of the gesture tokens.
//!
//! - [`kernel`]: loops over plain slices, made for the vector units of the processor.
//! - [`ops`]: differentiable operations over candle tensors, with those kernels on the CPU.
//! - [`engine`]: running a trained transformer without candle.
//! - [`train`]: parameters, optimiser, schedules, the training loop, resume and log.
//! - [`nets`]: the networks, one a file.
//!
//! Tensors are `f32` and contiguous; time is the last but one axis: (batch, time, channels).

pub mod engine;
pub mod kernel;
pub mod memory;
pub mod nets;
pub mod ops;
pub mod train;
