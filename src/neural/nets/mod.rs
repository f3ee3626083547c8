//! The networks of the gesture tokens, one a file, in the order in which they are trained.
//!
//! | file | what it is | source |
//! |---|---|---|
//! | [`layout`] | poses of 133 points ⇄ the numbers of face and body | contextual-gesture, appendix C.2 |
//! | [`speech`], [`text`] | what is heard and what the words say, per frame | contextual-gesture 3.1, C.2 |
//! | [`alignment`], [`retrieval`] | which gesture goes with which speech, and when | contextual-gesture 3.1, F; realistic-gesture 4.1 |
//! | [`rvq`], [`quantiser`] | motion ⇄ tokens | contextual-gesture 3.1, D |
//! | [`condition`] | identity, cue keys, source frame as inputs of the generators | contextual-gesture 3.2; cues are our own |
//! | [`generator`], [`masking`], [`masked`] | base tokens from speech | contextual-gesture 3.2, D, E |
//! | [`residual`] | the finer tokens from the base tokens | contextual-gesture 3.2, D |
//! | [`decode`], [`windows`], [`predictor`], [`fast`] | step by step generation, editing, long speech | contextual-gesture D, E, 4.4 |
//! | [`begin`], [`tasks`] | what generators start from; all of the above for the trainer | contextual-gesture 3.2, D |
//! | [`style`] | a new identity from minutes of material | our own |
//!
//! Tensors are f32 and contiguous: (batch, time, channels). All chance comes from [`noise`], so that one seed gives one
//! result on any number of threads and on any device.

pub mod alignment;
pub mod begin;
pub mod blocks;
pub mod condition;
pub mod decode;
pub mod fast;
pub mod freeze;
pub mod generator;
pub mod layout;
pub mod masked;
pub mod masking;
pub mod noise;
pub mod predictor;
pub mod quantiser;
pub mod residual;
pub mod retrieval;
pub mod rvq;
pub mod speech;
pub mod style;
pub mod tasks;
#[cfg(test)]
mod testing;
pub mod text;
#[cfg(test)]
mod torch_tests;
pub mod windows;
