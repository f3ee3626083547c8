//! How long work tells where it is and learns that nobody wants it any more.

/// Receives progress and can ask the work to stop. Shared between threads.
pub trait Progress: Sync {
    /// `done` of `total` steps of `stage` are finished; `stage` is a sentence-case phrase for the user.
    fn report(&self, stage: &str, done: usize, total: usize);

    /// True when the work should stop at the next convenient place.
    fn cancelled(&self) -> bool {
        false
    }
}

/// Reports to nobody and never cancels.
pub struct Silent;

impl Progress for Silent {
    fn report(&self, _stage: &str, _done: usize, _total: usize) {}
}
