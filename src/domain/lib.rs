//! Values and the pure rooms: no threads but for `generate`'s, no files, no windows.

pub mod cueing;
pub mod generate;
pub mod language;
pub mod pose;
pub mod progress;
pub mod time;
