//! A project on disk: how it is saved, journaled, backed up and found again after anything that can happen to it.
//!
//! ```text
//! project.ron            as last saved; the old one or the new one, never half of each
//! journal.cueloom        every step since and before, each on disk within a tenth of a second
//! backups/TIME.ron       what a save replaced
//! backups/TIME-unsaved.* work that was not saved and not taken up again
//! .cueloom.lock          held by the window that has the project open
//! ```
//!
//! The promise: a step that was acknowledged ([`Session::sync`] came back) is never lost, and the project can always be
//! read, at whichever operation on disk the power goes. [`files`] is the layer under all this that tests cut.

pub mod backups;
mod compact;
pub mod files;
pub mod journal;
pub mod lock;
pub mod session;
pub mod stamp;
pub mod text;

pub use files::{Disk, Files};
pub use journal::Fingerprint;
pub use session::{Choice, Opening, Session, Unsaved};
pub use stamp::Stamp;

use std::sync::Mutex;

/// Workers that do parts of the work side by side. This room knows no threads: whoever has some lends them.
pub trait Crew: Sync {
    /// Does all of the jobs, in any order, and comes back when the last one is done.
    fn all(&self, jobs: &[&(dyn Fn() + Sync)]);
}

/// One worker.
#[derive(Clone, Copy, Debug, Default)]
pub struct Alone;

impl Crew for Alone {
    fn all(&self, jobs: &[&(dyn Fn() + Sync)]) {
        jobs.iter().for_each(|job| job());
    }
}

/// Does `work` on parts of `items`, none but the last shorter than `least`, and gives the results in order.
fn in_parts<T: Sync, R: Send>(crew: &dyn Crew, items: &[T], least: usize, work: impl Fn(&[T]) -> R + Sync) -> Vec<R> {
    /// Enough parts that a slow one does not leave the others idle.
    const PARTS: usize = 16;
    let size = items.len().div_ceil(PARTS).max(least).max(1);
    let parts: Vec<(&[T], Mutex<Option<R>>)> = items.chunks(size).map(|part| (part, Mutex::new(None))).collect();
    let jobs: Vec<_> = parts
        .iter()
        .map(|(part, slot)| {
            || {
                let result = work(part);
                if let Ok(mut slot) = slot.lock() {
                    *slot = Some(result);
                }
            }
        })
        .collect();
    let jobs: Vec<&(dyn Fn() + Sync)> = jobs.iter().map(|job| job as &(dyn Fn() + Sync)).collect();
    crew.all(&jobs);
    // A crew does all of its jobs; a part without a result is one whose worker panicked, which goes on from there.
    parts.into_iter().filter_map(|(_, slot)| slot.into_inner().ok().flatten()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_keep_their_order() {
        for n in [0, 1, 5, 1000] {
            let items: Vec<usize> = (0..n).collect();
            let parts = in_parts(&Alone, &items, 3, <[usize]>::to_vec);
            assert!(parts.len() <= 16);
            assert_eq!(parts.concat(), items);
        }
    }
}
