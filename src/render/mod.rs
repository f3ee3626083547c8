//! From poses to pictures.

pub mod hand_mesh;
pub mod identity;
