//! Quick reading and writing of RON in its compact form, for the long lists of a project and for its journal. What both
//! know, they read and write as the general reader and writer of RON do; the rest is theirs.

mod read;
mod write;

pub use read::read;
pub use write::write;
