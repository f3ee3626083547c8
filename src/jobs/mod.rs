//! The whole job and its parts, as the window and the command line both call them.
//!
//! [`draft`] makes a project from sound and text, [`perform`] its poses, [`export`] its video; [`runner`] puts any of
//! them in the background. A request owns a snapshot of what it needs; results come back as values.

pub mod draft;
pub mod export;
pub mod perform;
pub mod runner;

/// True when an error is about what the user brought (a file, a text), not about the work itself.
pub fn is_bad_input(error: &anyhow::Error) -> bool {
    use crate::document::file::FileError;
    error.chain().any(|e| {
        e.is::<crate::media::MediaError>()
            || e.downcast_ref::<draft::DraftError>().is_some_and(draft::DraftError::is_bad_input)
            || e.downcast_ref::<FileError>().is_some_and(|e| {
                !matches!(e, FileError::Io { .. } | FileError::Encode(_))
            })
            || e.is::<crate::render::identity::IdentityError>()
    })
}
