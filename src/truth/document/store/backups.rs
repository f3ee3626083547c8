//! Earlier states of a project in its `backups` folder: what saves replaced, and work that was not taken up again.
//!
//! The newest [`KEPT`] replaced files stay, and the last one of each of the [`DAYS`] days before; what was not saved,
//! replaced by a restore or written by an older version has its own count, so that many saves cannot push it out.

use super::files::{Files, Listed, write_whole};
use super::stamp::Stamp;
use crate::document::file;
use std::io;
use std::path::{Path, PathBuf};

/// Name of the folder within a project's folder.
pub const FOLDER: &str = "backups";
/// How many replaced files stay.
pub const KEPT: usize = 10;
/// For how many days the last file of the day stays.
pub const DAYS: u64 = 7;
/// How many states of each other kind stay.
pub const KEPT_ASIDE: usize = 10;

/// Why a backup was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A save put a newer file in its place.
    Saved,
    /// Work that was not saved when the project was opened or closed.
    Unsaved,
    /// Another backup was restored in its place.
    Replaced,
    /// It was written in an older schema, and the file was brought up to date.
    Schema(u32),
    /// A journal that does not belong to the project file, or cannot be read.
    Journal,
}

impl Kind {
    fn suffix(self) -> String {
        match self {
            Self::Saved => String::new(),
            Self::Unsaved => "-unsaved".into(),
            Self::Replaced => "-replaced".into(),
            Self::Schema(n) => format!("-schema{n}"),
            Self::Journal => "-journal".into(),
        }
    }

    fn of_suffix(text: &str) -> Option<Self> {
        // The number of a second backup within one second stands before the kind.
        let text = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '~');
        Some(match text {
            "" => Self::Saved,
            "-unsaved" => Self::Unsaved,
            "-replaced" => Self::Replaced,
            "-journal" => Self::Journal,
            other => Self::Schema(other.strip_prefix("-schema")?.parse().ok()?),
        })
    }
}

/// One earlier state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Name that tells it from the others: `2026-11-21T14-03-05Z-unsaved`.
    pub name: String,
    pub at: Stamp,
    pub kind: Kind,
    /// The project's file, where there is one.
    pub project: Option<PathBuf>,
    /// The journal that was kept with it.
    pub journal: Option<PathBuf>,
    /// Of both together.
    pub bytes: u64,
}

/// All earlier states of the project in `folder`, newest first.
///
/// # Errors
/// A folder that cannot be read.
pub fn list(files: &dyn Files, folder: &Path) -> io::Result<Vec<Backup>> {
    let place = folder.join(FOLDER);
    let mut backups: Vec<Backup> = Vec::new();
    for Listed { name, bytes } in files.list(&place)? {
        let Some((stem, extension)) = name.rsplit_once('.') else { continue };
        let Some(at) = Stamp::from_file_name(stem) else { continue };
        let Some(kind) = Kind::of_suffix(&stem[20..]) else { continue };
        let index = backups.iter().position(|b| b.name == stem).unwrap_or_else(|| {
            backups.push(Backup { name: stem.to_owned(), at, kind, project: None, journal: None, bytes: 0 });
            backups.len() - 1
        });
        let backup = &mut backups[index];
        backup.bytes += bytes;
        match extension {
            "ron" => backup.project = Some(place.join(&name)),
            "journal" => backup.journal = Some(place.join(&name)),
            _ => {}
        }
    }
    backups.retain(|b| b.project.is_some() || b.journal.is_some());
    backups.sort_by(|a, b| (b.at, &b.name).cmp(&(a.at, &a.name)));
    Ok(backups)
}

/// A path without extension for a new backup.
fn free_place(files: &dyn Files, folder: &Path, at: Stamp, kind: Kind) -> io::Result<PathBuf> {
    let place = folder.join(FOLDER);
    files.make_folder(&place)?;
    // Numbered on from the last one of that second: names go by age even where older ones have been removed.
    let base = at.file_name();
    let last = files.list(&place)?.iter().filter_map(|f| number_after(&f.name, &base)).max();
    let number = last.map_or_else(String::new, |n| format!("~{:03}", n + 1));
    Ok(place.join(format!("{base}{number}{}", kind.suffix())))
}

/// The number that a name has after `base`; 1 where it has none, `None` for other names.
fn number_after(name: &str, base: &str) -> Option<u32> {
    let rest = name.strip_prefix(base)?;
    let digits = rest.strip_prefix('~').map(|r| r.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default());
    digits.map_or(Some(1), |d| d.parse().ok())
}

fn with_extension(stem: &Path, extension: &str) -> PathBuf {
    let mut name = stem.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    PathBuf::from(name)
}

/// Keeps the project file as it is now. Nothing happens where there is none.
///
/// # Errors
/// What linking and syncing can meet.
pub fn keep_project(files: &dyn Files, folder: &Path, at: Stamp, kind: Kind) -> io::Result<()> {
    let stem = free_place(files, folder, at, kind)?;
    match files.link(&folder.join(file::FILE_NAME), &with_extension(&stem, "ron")) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other?,
    }
    files.sync_folder(&folder.join(FOLDER))?;
    // The name of the backups' own folder, which may be new.
    files.sync_folder(folder)
}

/// Keeps the journal as it is now, and the project that it leads to where that is known. Gives the name of the backup.
///
/// # Errors
/// What linking, writing and syncing can meet.
pub fn keep_journal(
    files: &dyn Files,
    folder: &Path,
    at: Stamp,
    kind: Kind,
    leads_to: Option<&str>,
) -> io::Result<String> {
    let stem = free_place(files, folder, at, kind)?;
    if let Some(text) = leads_to {
        write_whole(files, &with_extension(&stem, "ron"), &[text.as_bytes()])?;
    }
    files.link(&folder.join(super::journal::FILE_NAME), &with_extension(&stem, "journal"))?;
    files.sync_folder(&folder.join(FOLDER))?;
    files.sync_folder(folder)?;
    Ok(stem.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default())
}

/// Removes what is beyond the counts. What cannot be removed stays for the next time.
pub fn rotate(files: &dyn Files, folder: &Path, now: Stamp) {
    let Ok(backups) = list(files, folder) else { return };
    for backup in superfluous(&backups, now) {
        for path in backup.project.iter().chain(&backup.journal) {
            let _ = files.remove(path);
        }
    }
}

fn superfluous(backups: &[Backup], now: Stamp) -> Vec<&Backup> {
    let mut counts = std::collections::BTreeMap::new();
    let mut last_day = None;
    backups
        .iter()
        .filter(|b| {
            let count: &mut usize = counts.entry(b.kind).or_default();
            *count += 1;
            match b.kind {
                Kind::Schema(_) => false,
                Kind::Saved => {
                    let first_of_day = last_day != Some(b.at.day());
                    last_day = Some(b.at.day());
                    *count > KEPT && !(first_of_day && b.at.day() + DAYS >= now.day())
                }
                Kind::Unsaved | Kind::Replaced | Kind::Journal => *count > KEPT_ASIDE,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::files::Disk;
    use super::*;

    #[test]
    fn the_newest_and_one_a_day_stay() {
        let now = Stamp(1_795_269_785_000);
        let hour = 3_600_000;
        let backup = |hours_ago: u64, kind: Kind| {
            let at = Stamp(now.0 - hours_ago * hour);
            let name = at.file_name() + &kind.suffix();
            Backup { name, at, kind, project: None, journal: None, bytes: 1 }
        };
        let mut all: Vec<Backup> = (0..24 * 12).map(|h| backup(h, Kind::Saved)).collect();
        all.extend((0..30).map(|h| backup(h, Kind::Unsaved)));
        all.push(backup(9000, Kind::Schema(1)));
        all.sort_by_key(|b| std::cmp::Reverse(b.at));
        let gone = superfluous(&all, now);
        let left: Vec<&Backup> = all.iter().filter(|b| !gone.contains(b)).collect();
        let saved: Vec<&&Backup> = left.iter().filter(|b| b.kind == Kind::Saved).collect();
        // It is 14:03: ten hours of today, and the last of each of seven days.
        assert_eq!(saved.len(), 10 + 7);
        assert!(saved[10..].iter().all(|b| b.at.text().contains(" 23:")), "{saved:?}");
        assert_eq!(left.iter().filter(|b| b.kind == Kind::Unsaved).count(), KEPT_ASIDE);
        assert!(left.iter().any(|b| b.kind == Kind::Schema(1)));
    }

    #[test]
    fn backups_are_listed_with_what_they_are() {
        let dir = tempfile::tempdir().unwrap();
        let at = Stamp(1_795_269_785_000);
        keep_project(&Disk, dir.path(), at, Kind::Saved).unwrap();
        assert!(list(&Disk, dir.path()).unwrap().is_empty(), "there was nothing to keep");
        std::fs::write(dir.path().join(file::FILE_NAME), "one").unwrap();
        std::fs::write(dir.path().join(super::super::journal::FILE_NAME), "four").unwrap();
        for _ in 0..3 {
            keep_project(&Disk, dir.path(), at, Kind::Saved).unwrap();
        }
        keep_project(&Disk, dir.path(), at, Kind::Schema(1)).unwrap();
        let name = keep_journal(&Disk, dir.path(), at, Kind::Unsaved, Some("text")).unwrap();
        let found = list(&Disk, dir.path()).unwrap();
        let mut kinds: Vec<Kind> = found.iter().map(|b| b.kind).collect();
        kinds.sort();
        assert_eq!(kinds, [Kind::Saved, Kind::Saved, Kind::Saved, Kind::Unsaved, Kind::Schema(1)]);
        let unsaved = found.iter().find(|b| b.name == name).unwrap();
        assert!(unsaved.project.is_some() && unsaved.journal.is_some() && unsaved.bytes == 8);
    }
}
