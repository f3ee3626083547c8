//! The person in the picture: identities and the renderers.

use cueloom_domain::{cueing, pose};
#[cfg(test)]
use cueloom_domain::{generate, language, progress, time};

pub mod render;
