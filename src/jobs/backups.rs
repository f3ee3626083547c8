//! Looking into a backup, and putting one in the place of a project.

use super::journal::Cores;
use crate::document::file::{self, FileError};
use crate::document::store::backups::{self, Backup};
use crate::document::store::lock::{self, Asked};
use crate::document::store::{Disk, journal, session};
use std::path::Path;

/// Why there is nothing to see in a backup.
#[derive(Debug, thiserror::Error)]
#[error("this is a journal alone, of a project file that is not among the backups; it is kept but cannot be opened")]
struct JournalAlone;

/// What is inside a backup, for the eye.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    pub title: String,
    /// Beginning of the text.
    pub text: String,
    pub words: usize,
    pub phones: usize,
    pub keys: usize,
    /// How many keys are others than in the project as last saved; `None` where that cannot be read.
    pub different_keys: Option<usize>,
    /// Names of the steps that were not saved, where a journal was kept with it.
    pub steps: Vec<String>,
}

/// Looks into a backup of the project in `folder`.
///
/// # Errors
/// One that cannot be read.
pub fn preview(folder: &Path, backup: &Backup) -> anyhow::Result<Preview> {
    let steps = match &backup.journal {
        Some(path) => {
            let read = journal::read(&std::fs::read(path)?, &Cores);
            read.map(|read| {
                let after =
                    read.records.iter().rposition(|r| matches!(r, journal::Record::Base(_))).map_or(0, |i| i + 1);
                journal::summary(&read.records[after..]).0
            })
            .unwrap_or_default()
        }
        None => Vec::new(),
    };
    let Some(path) = &backup.project else { return Err(JournalAlone.into()) };
    let project = file::decode(&std::fs::read(path)?, path, &Cores)?.project;
    let different_keys = file::load_any(folder, &Cores).ok().map(|now| {
        let known: std::collections::HashMap<_, _> = now.project.tiers.keys.iter().map(|k| (k.id, k)).collect();
        let keys = &project.tiers.keys;
        let changed = keys.iter().filter(|k| known.get(&k.id) != Some(k)).count();
        let ids: std::collections::HashSet<_> = keys.iter().map(|k| k.id).collect();
        changed + known.keys().filter(|id| !ids.contains(id)).count()
    });
    let text: String = project.source_text.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Preview {
        title: project.title.clone(),
        text: text.chars().take(60).collect(),
        words: project.tiers.utterance.words.len(),
        phones: project.tiers.phones.len(),
        keys: project.tiers.keys.len(),
        different_keys,
        steps,
    })
}

/// Puts a backup in the place of the project, which nobody may have open. Gives a note for the user.
///
/// # Errors
/// A project that is open somewhere, a backup that cannot be read, and what writing can meet.
pub fn restore(folder: &Path, name: &str) -> anyhow::Result<String> {
    let folder = file::project_folder(folder);
    let _lock = match lock::ask(&folder) {
        Asked::Ours(lock) => lock,
        Asked::Taken(_) => return Err(super::open::Refusal::Taken(folder).into()),
        Asked::Impossible(source) => {
            return Err(FileError::Io { action: "write into the project's folder", source, path: folder }.into());
        }
    };
    Ok(session::restore(&Disk, &folder, name, &Cores)?)
}

/// All backups of a project, newest first.
///
/// # Errors
/// A folder that cannot be read.
pub fn list(folder: &Path) -> Result<Vec<Backup>, FileError> {
    let folder = file::project_folder(folder);
    backups::list(&Disk, &folder).map_err(|source| FileError::Io {
        action: "list the backups",
        source,
        path: folder.join(backups::FOLDER),
    })
}
