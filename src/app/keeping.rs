//! What keeps the open project safe: its journal in the background, or the reason why it may only be looked at.

use crate::document::file::{self, FileError, Remedy};
use crate::document::store::Session;
use crate::document::store::lock::Lock;
use crate::jobs::journal::{Recorder, State};
use crate::jobs::runner::Wake;
use std::io;

/// The keeper of an open project.
#[derive(Default)]
pub struct Keeping {
    recorder: Option<Recorder>,
    /// What is not saved is to go among the backups when the project is closed.
    pub discard: bool,
    /// Why nothing may be changed.
    pub read_only: Option<String>,
    /// The failure of the disk that the user has been told of.
    told: Option<io::ErrorKind>,
}

/// News of the disk for the user.
#[derive(Debug)]
pub enum News {
    Saved,
    NotSaved(FileError),
    /// The journal cannot be written: what the system says, and what to do.
    Failing(String, Remedy),
    /// It can be written again.
    Well,
}

impl Keeping {
    /// Takes over the session of a project just opened.
    pub fn new(keeper: Option<(Session, Option<Lock>)>, read_only: Option<String>, wake: Wake) -> Self {
        let recorder = keeper.map(|(session, lock)| Recorder::start(session, lock, wake));
        Self { recorder, read_only, discard: false, told: None }
    }

    pub fn recorder(&self) -> Option<&Recorder> {
        self.recorder.as_ref()
    }

    /// Lets the project go, without what is not saved if that was decided. Gives notes for the user.
    pub fn close(&mut self) -> Vec<String> {
        match self.recorder.take() {
            Some(recorder) if self.discard => recorder.discard(),
            // Dropping brings everything to the disk.
            _ => Vec::new(),
        }
    }

    pub fn state(&self) -> State {
        self.recorder.as_ref().map_or(State::Safe, Recorder::state)
    }

    pub fn is_busy(&self) -> bool {
        self.recorder.as_ref().is_some_and(Recorder::is_busy)
    }

    /// What there is to tell, oldest first.
    pub fn news(&mut self) -> Vec<News> {
        let Some(recorder) = &self.recorder else { return Vec::new() };
        let mut news = Vec::new();
        while let Some(result) = recorder.take_saved() {
            news.push(match result {
                Ok(()) => News::Saved,
                Err(e) => News::NotSaved(e),
            });
        }
        match recorder.state() {
            State::Failing(trouble) => {
                if self.told != Some(trouble.kind) {
                    self.told = Some(trouble.kind);
                    news.push(News::Failing(trouble.message, file::remedy(trouble.kind)));
                }
            }
            State::Safe => {
                if self.told.take().is_some() {
                    news.push(News::Well);
                }
            }
            State::Writing | State::Saving => {}
        }
        news
    }
}
