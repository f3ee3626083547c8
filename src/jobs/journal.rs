//! The journal in the background: a thread that owns the session of the open project, so that neither a step nor a
//! save waits for the disk within a frame of the window.
//!
//! Steps are gathered for [`BATCH`] and synced together. When the disk refuses (full, gone), nothing is forgotten: work
//! goes on in memory, the thread tries again every [`RETRY`], and [`Recorder::state`] says what is the matter.

use super::runner::Wake;
use crate::document::Project;
use crate::document::file::FileError;
use crate::document::history::Event;
use crate::document::store::lock::Lock;
use crate::document::store::{Choice, Crew, Session};
use rayon::prelude::*;
use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long steps are gathered before they are brought to the disk together. With the time that a sync takes on a slow
/// disk, a step is safe within a tenth of a second.
pub const BATCH: Duration = Duration::from_millis(20);
/// How long the journal waits after a failure before it tries again.
pub const RETRY: Duration = Duration::from_secs(2);

/// All cores.
pub struct Cores;

impl Crew for Cores {
    fn all(&self, jobs: &[&(dyn Fn() + Sync)]) {
        jobs.par_iter().for_each(|job| job());
    }
}

/// Whether what was done is safe.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// All is on disk.
    #[default]
    Safe,
    /// Steps are on their way.
    Writing,
    /// A save is under way.
    Saving,
    /// The disk refuses; it is tried again.
    Failing(Trouble),
}

/// What is the matter with the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    pub kind: io::ErrorKind,
    pub message: String,
}

enum Order {
    Event(Event),
    Save(Box<Project>),
    /// Give up what is not saved: it goes among the backups.
    Discard,
}

#[derive(Default)]
struct Shared {
    /// Steps that were handed over and are not on disk.
    waiting: usize,
    saving: usize,
    trouble: Option<Trouble>,
    saved: Vec<Result<(), FileError>>,
    notes: Vec<String>,
}

/// Keeps the journal of the open project. Dropping it brings everything to the disk and lets the project go.
pub struct Recorder {
    folder: PathBuf,
    sender: Option<Sender<Order>>,
    shared: Arc<Mutex<Shared>>,
    thread: Option<JoinHandle<()>>,
}

impl Recorder {
    /// Takes a session over; `lock` is held until the last byte is written.
    pub fn start(session: Session, lock: Option<Lock>, wake: Wake) -> Self {
        let folder = session.folder().to_owned();
        let (sender, orders) = channel();
        let shared = Arc::new(Mutex::new(Shared::default()));
        let theirs = shared.clone();
        let thread = std::thread::spawn(move || {
            work(session, &orders, &theirs, &wake);
            drop(lock);
        });
        Self { folder, sender: Some(sender), shared, thread: Some(thread) }
    }

    /// The folder of the project.
    pub fn folder(&self) -> &std::path::Path {
        &self.folder
    }

    /// Hands over what happened to the history.
    pub fn push(&self, events: Vec<Event>) {
        if let Ok(mut shared) = self.shared.lock() {
            shared.waiting += events.len();
        }
        for event in events {
            self.send(Order::Event(event));
        }
    }

    /// Asks for a save of the project, to which all events handed over so far lead. What came of it is told by
    /// [`Self::take_saved`].
    pub fn save(&self, project: Project) {
        if let Ok(mut shared) = self.shared.lock() {
            shared.saving += 1;
        }
        self.send(Order::Save(Box::new(project)));
    }

    fn send(&self, order: Order) {
        if let Some(sender) = &self.sender {
            let _ = sender.send(order);
        }
    }

    /// What came of a save, once for each.
    pub fn take_saved(&self) -> Option<Result<(), FileError>> {
        let mut shared = self.shared.lock().ok()?;
        if shared.saved.is_empty() { None } else { Some(shared.saved.remove(0)) }
    }

    /// Waits until nothing is being written.
    pub fn wait(&self) {
        while self.is_busy() && self.thread.as_ref().is_some_and(|t| !t.is_finished()) {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Waits for the saves asked for and gives what came of the last one.
    pub fn wait_for_save(&self) -> Option<Result<(), FileError>> {
        let mut last = None;
        while self.state() == State::Saving && self.thread.as_ref().is_some_and(|t| !t.is_finished()) {
            std::thread::sleep(Duration::from_millis(1));
        }
        while let Some(result) = self.take_saved() {
            last = Some(result);
        }
        last
    }

    pub fn state(&self) -> State {
        let Ok(shared) = self.shared.lock() else { return State::Safe };
        match &shared.trouble {
            _ if shared.saving > 0 => State::Saving,
            Some(trouble) => State::Failing(trouble.clone()),
            None if shared.waiting > 0 => State::Writing,
            None => State::Safe,
        }
    }

    /// True while something is being written; not while the disk refuses.
    pub fn is_busy(&self) -> bool {
        matches!(self.state(), State::Writing | State::Saving)
    }

    /// Closes the project without what is not saved, which is kept among the backups. Gives notes for the user.
    pub fn discard(mut self) -> Vec<String> {
        self.send(Order::Discard);
        self.finish();
        self.shared.lock().map(|mut s| std::mem::take(&mut s.notes)).unwrap_or_default()
    }

    fn finish(&mut self) {
        self.sender = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.finish();
    }
}

/// The thread: takes orders until nobody can give any more, then brings the rest to the disk.
fn work(mut session: Session, orders: &Receiver<Order>, shared: &Mutex<Shared>, wake: &Wake) {
    // When the next sync is due, and the number of steps that it will bring to the disk.
    let mut due: Option<Instant> = None;
    let mut gathered = 0;
    let sync = |session: &mut Session, gathered: &mut usize| -> Option<Instant> {
        let result = session.sync();
        let Ok(mut shared) = shared.lock() else { return None };
        match result {
            Ok(()) => {
                shared.waiting = shared.waiting.saturating_sub(std::mem::take(gathered));
                shared.trouble = None;
                None
            }
            Err(e) => {
                shared.trouble = Some(Trouble { kind: e.kind(), message: e.to_string() });
                Some(Instant::now() + RETRY)
            }
        }
    };
    loop {
        let order = match due {
            None => orders.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(when) => orders.recv_timeout(when.saturating_duration_since(Instant::now())),
        };
        match order {
            Ok(Order::Event(event)) => {
                session.record(event);
                gathered += 1;
                due.get_or_insert_with(|| Instant::now() + BATCH);
            }
            Ok(Order::Save(project)) => {
                let result = session.save(&project, &Cores);
                due = sync(&mut session, &mut gathered);
                if let Ok(mut shared) = shared.lock() {
                    shared.saving -= 1;
                    shared.saved.push(result);
                }
                wake();
            }
            Ok(Order::Discard) => {
                let _ = sync(&mut session, &mut gathered);
                let folder = session.folder().to_owned();
                let files = session.files();
                drop(session);
                let notes = match Session::open(files, &folder, Choice::AsSaved, &Cores) {
                    Ok(crate::document::store::Opening::Ready(ready)) => ready.notes,
                    Ok(crate::document::store::Opening::Unsaved(_)) => Vec::new(),
                    Err(e) => vec![e.to_string()],
                };
                if let Ok(mut shared) = shared.lock() {
                    shared.notes = notes;
                }
                return;
            }
            Err(RecvTimeoutError::Timeout) => {
                due = sync(&mut session, &mut gathered);
                wake();
            }
            Err(RecvTimeoutError::Disconnected) => {
                let _ = sync(&mut session, &mut gathered);
                return;
            }
        }
    }
}
