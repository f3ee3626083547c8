//! What a user made: the document with its history and file, and the formats of other programs.

use cueloom_domain::{cueing, language, pose, time};

pub mod document;
pub mod exchange;
