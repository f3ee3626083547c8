//! The whole job and its parts, as the window and the command line both call them.
//!
//! [`draft`] makes a project from sound and text, [`perform`] its poses, [`export`] its video; [`runner`] puts any of
//! them in the background. A request owns a snapshot of what it needs; results come back as values.

pub mod analysis;
pub mod backups;
pub mod bench;
mod cache;
pub mod captions;
pub mod charts;
pub mod check;
pub mod clock;
pub mod corpus;
pub mod draft;
pub mod eval_picture;
pub mod export;
pub mod gloss;
pub mod gloss_service;
pub mod hands;
pub mod identities;
pub mod journal;
pub mod masks;
pub mod open;
pub mod perform;
pub mod performances;
pub mod poses;
pub mod realign;
pub mod relink;
pub mod runner;
pub mod score;
pub mod score_report;
pub mod sheet;
pub mod slow;
pub mod takes;
pub mod voice;

/// True when an error is about what the user brought (a file, a text), not about the work itself.
pub fn is_bad_input(error: &anyhow::Error) -> bool {
    use crate::document::file::FileError;
    use crate::media::MediaError;
    error.chain().any(|e| {
        e.downcast_ref::<MediaError>().is_some_and(|e| {
            use MediaError::{
                Corrupt, Empty, IsFolder, NoDecoder, NoPicture, NoSound, NotFound, NotMedia, TooLong, Unreadable,
            };
            matches!(
                e,
                Corrupt { .. }
                    | Empty { .. }
                    | IsFolder { .. }
                    | NoDecoder { .. }
                    | NoPicture { .. }
                    | NoSound { .. }
                    | NotFound { .. }
                    | NotMedia { .. }
                    | TooLong { .. }
                    | Unreadable { .. }
            )
        }) || e.downcast_ref::<draft::DraftError>().is_some_and(draft::DraftError::is_bad_input)
            || e.downcast_ref::<export::ExportError>().is_some_and(export::ExportError::is_bad_input)
            || e.downcast_ref::<masks::MasksError>().is_some_and(masks::MasksError::is_bad_input)
            || e.downcast_ref::<slow::SlowError>().is_some_and(slow::SlowError::is_bad_input)
            || e.downcast_ref::<realign::RealignError>().is_some_and(realign::RealignError::is_bad_input)
            || e.downcast_ref::<FileError>().is_some_and(|e| !matches!(e, FileError::Io { .. } | FileError::Encode(_)))
            || e.downcast_ref::<score::ScoreError>().is_some_and(score::ScoreError::is_bad_input)
            || e.is::<charts::ChartFileError>()
            || e.downcast_ref::<performances::PerformanceError>()
                .is_some_and(performances::PerformanceError::is_bad_input)
            || e.downcast_ref::<crate::corpus::CorpusError>().is_some_and(crate::corpus::CorpusError::is_bad_input)
            || e.is::<corpus::import::ImportError>()
            || e.is::<relink::Doubt>()
            || e.is::<crate::render::identity::IdentityError>()
            || e.is::<crate::render::intake::IntakeError>()
            || e.is::<identities::IdentitiesError>()
    })
}

/// True when work ended because it was asked to.
pub fn is_cancelled(error: &anyhow::Error) -> bool {
    error.chain().any(|e| {
        e.downcast_ref::<crate::media::MediaError>().is_some_and(crate::media::MediaError::is_cancelled)
            || matches!(e.downcast_ref(), Some(draft::DraftError::Cancelled))
            || e.downcast_ref::<takes::TakesError>().is_some_and(takes::TakesError::is_cancelled)
            || matches!(e.downcast_ref(), Some(masks::MasksError::Cancelled))
            || matches!(e.downcast_ref(), Some(export::ExportError::Cancelled))
            || matches!(e.downcast_ref(), Some(slow::SlowError::Cancelled))
            || matches!(e.downcast_ref(), Some(gloss_service::ServiceError::Cancelled))
            || matches!(e.downcast_ref(), Some(crate::generate::GenerateError::Cancelled))
            || matches!(e.downcast_ref(), Some(crate::corpus::CorpusError::Cancelled))
            || matches!(e.downcast_ref(), Some(crate::speech::SpeechError::Cancelled))
    })
}
