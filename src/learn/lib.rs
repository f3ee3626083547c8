//! Learning: `corpus` makes, keeps and hands out what networks are trained on.

use cueloom_domain::{cueing, generate, language, pose, progress, time};
use cueloom_sound::{media, speech};

pub mod corpus;
