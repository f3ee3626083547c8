//! What keeps the open project safe: its journal in the background, or the reason why it may only be looked at.

use crate::document::file::{self, FileError};
use crate::document::store::Session;
use crate::document::store::lock::Lock;
use crate::jobs::journal::{Recorder, State};
use crate::jobs::runner::Wake;
use std::io;

/// The keeper of an open project.
#[derive(Default)]
pub struct Keeping {
    recorder: Option<Recorder>,
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
    /// The journal cannot be written; the text says why and what to do.
    Failing(String),
    /// It can be written again.
    Well,
}

impl Keeping {
    /// Takes over the session of a project just opened.
    pub fn new(keeper: Option<(Session, Option<Lock>)>, read_only: Option<String>, wake: Wake) -> Self {
        let recorder = keeper.map(|(session, lock)| Recorder::start(session, lock, wake));
        Self { recorder, read_only, told: None }
    }

    pub fn recorder(&self) -> Option<&Recorder> {
        self.recorder.as_ref()
    }

    pub fn take_recorder(&mut self) -> Option<Recorder> {
        self.recorder.take()
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
                    let remedy = file::remedy(&io::Error::from(trouble.kind));
                    news.push(News::Failing(format!("{}; {remedy}", trouble.message)));
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
