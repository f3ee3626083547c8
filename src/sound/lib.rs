//! Recordings and voices: `media` reads and writes files, `audio` plays, `speech` speaks, listens and aligns.

use cueloom_domain::{language, pose, progress, time};

pub mod audio;
pub mod media;
pub mod speech;
