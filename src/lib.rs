//! Cueloom: a studio for Cued Speech and gesture video that follows speech.

// Numbers of joints, points and cells are what the geometry speaks of; tuples of them are plain enough where they stand.
#![allow(clippy::needless_range_loop, clippy::type_complexity)]

pub mod app;
pub mod audio;
pub mod cli;
pub mod cueing;
pub mod document;
pub mod exchange;
pub mod generate;
pub mod jobs;
pub mod language;
#[cfg(test)]
mod layers;
pub mod media;
pub mod pose;
pub mod progress;
pub mod render;
pub mod speech;
pub mod time;
