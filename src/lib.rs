//! Cueloom: a studio for Cued Speech and gesture video that follows speech.
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
