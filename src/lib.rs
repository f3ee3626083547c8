//! Cueloom: a studio for Cued Speech and gesture video that follows speech.
//!
//! The rooms below the running ones stand in crates of their own, so that a change builds only what uses it; here they
//! are gathered under one name.

pub use cueloom_domain::{cueing, generate, language, pose, progress, time};
pub use cueloom_learn::corpus;
pub use cueloom_picture::render;
pub use cueloom_sound::{audio, media, speech};
pub use cueloom_truth::{document, exchange};

pub mod app;
pub mod cli;
pub mod jobs;
#[cfg(test)]
mod layers;
