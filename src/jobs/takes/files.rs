//! Take files: named by their content, written once, read once, deleted only when asked.

use crate::document::Project;
use crate::document::history::History;
use crate::generate::takes::Poses;
use crate::generate::takes::format::{self, FormatError};
use crate::pose::PoseFrame;
use sha2::{Digest as _, Sha256};
use std::collections::{HashSet, VecDeque};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

/// Folder within a project's.
pub const FOLDER: &str = "takes";
const EXTENSION: &str = "take";
/// A file larger than this is none of ours.
const LARGEST: u64 = 512 << 20;
/// Poses kept in memory, bytes.
const MEMORY: usize = 64 << 20;

/// What is wrong with the file of a take.
#[derive(Debug, thiserror::Error)]
pub enum TakeFileError {
    #[error("\"{0}\" is no name of a take")]
    BadName(String),
    #[error("the file of the take is missing; put it back or make the take again: {0}")]
    Missing(PathBuf),
    #[error("the file of the take cannot be used ({source}); make the take again: {path}")]
    Damaged { source: FormatError, path: PathBuf },
    #[error("the file of the take holds something else than its name says; make the take again: {0}")]
    OtherContent(PathBuf),
    #[error("cannot {action} ({source}); check that the disk has room and the folder can be written: {path}")]
    Io { action: &'static str, source: io::Error, path: PathBuf },
}

/// The name of poses: SHA-256 of their numbers, hexadecimal.
pub fn name_of(poses: &Poses) -> String {
    let mut hash = Sha256::new();
    for bytes in format::content(poses) {
        hash.update(bytes);
    }
    super::hex(&hash.finalize())
}

/// Where the file of a take is. Only names that are hashes: a project from elsewhere cannot point outside its folder.
fn path_of(folder: &Path, name: &str) -> Result<PathBuf, TakeFileError> {
    let good = name.len() == 64 && name.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase());
    if !good {
        return Err(TakeFileError::BadName(name.chars().take(80).collect()));
    }
    Ok(folder.join(FOLDER).join(format!("{name}.{EXTENSION}")))
}

/// Writes poses, unless they are there already, and gives their name.
pub fn store(folder: &Path, poses: &Poses) -> Result<String, TakeFileError> {
    let name = name_of(poses);
    let path = path_of(folder, &name)?;
    let there = std::fs::read(&path).ok().and_then(|now| format::decode(&now).ok()).is_some_and(|now| now == *poses);
    if !there {
        let bytes = format::encode(poses);
        let io = |source| TakeFileError::Io { action: "write the take", source, path: path.clone() };
        std::fs::create_dir_all(folder.join(FOLDER)).map_err(io)?;
        crate::document::file::write_whole(&path, &bytes).map_err(|e| io(io::Error::other(e)))?;
    }
    MEMO.lock().map(|mut m| m.put(&name, Arc::new(poses.clone()))).ok();
    Ok(name)
}

/// Reads the poses of a name.
pub fn read(folder: &Path, name: &str) -> Result<Arc<Poses>, TakeFileError> {
    let path = path_of(folder, name)?;
    // What a name means never changes, so what was read once need not be read again.
    if let Some(poses) = MEMO.lock().ok().and_then(|mut m| m.get(name)) {
        return Ok(poses);
    }
    let io = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => TakeFileError::Missing(path.clone()),
        _ => TakeFileError::Io { action: "read the take", source, path: path.clone() },
    };
    let length = std::fs::metadata(&path).map_err(io)?.len();
    if length > LARGEST {
        return Err(TakeFileError::OtherContent(path));
    }
    let bytes = std::fs::read(&path).map_err(io)?;
    let poses = format::decode(&bytes).map_err(|source| TakeFileError::Damaged { source, path: path.clone() })?;
    if name_of(&poses) != name {
        return Err(TakeFileError::OtherContent(path));
    }
    let poses = Arc::new(poses);
    MEMO.lock().map(|mut m| m.put(name, poses.clone())).ok();
    Ok(poses)
}

/// Poses that were read or written lately, by name.
struct Memo {
    list: VecDeque<(String, Arc<Poses>)>,
    bytes: usize,
}

static MEMO: Mutex<Memo> = Mutex::new(Memo { list: VecDeque::new(), bytes: 0 });

impl Memo {
    fn get(&mut self, name: &str) -> Option<Arc<Poses>> {
        let at = self.list.iter().position(|(n, _)| n == name)?;
        let entry = self.list.remove(at)?;
        let poses = entry.1.clone();
        self.list.push_back(entry);
        Some(poses)
    }

    fn put(&mut self, name: &str, poses: Arc<Poses>) {
        if self.get(name).is_some() {
            return;
        }
        self.bytes += size(&poses);
        self.list.push_back((name.to_owned(), poses));
        while self.bytes > MEMORY && self.list.len() > 1 {
            if let Some((_, old)) = self.list.pop_front() {
                self.bytes -= size(&old);
            }
        }
    }
}

fn size(poses: &Poses) -> usize {
    poses.frames.len() * size_of::<PoseFrame>()
}

/// Forgets what is in memory, so that files are read again: for tests.
#[cfg(test)]
pub(super) fn forget(name: &str) {
    if let Ok(mut memo) = MEMO.lock()
        && let Some(at) = memo.list.iter().position(|(n, _)| n == name)
        && let Some((_, old)) = memo.list.remove(at)
    {
        memo.bytes -= size(&old);
    }
}

/// A take file that nothing needs any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unneeded {
    pub name: String,
    pub path: PathBuf,
    pub bytes: u64,
    pub modified: Option<SystemTime>,
}

/// Names of take files that a project, or one step of its history, needs.
pub fn needed(project: &Project, history: &History) -> HashSet<String> {
    let mut names: HashSet<String> = project.marks.takes.iter().map(|t| t.poses.clone()).collect();
    for step in history.done().iter().chain(history.undone()) {
        for splice in &step.takes {
            names.extend(splice.removed.iter().chain(&splice.inserted).map(|t| t.poses.clone()));
        }
    }
    names
}

/// Take files of a project that are not `needed` and that no other file of the project names: not its saved state, not
/// its journal, not a backup. Oldest first.
pub fn unneeded(folder: &Path, needed: &HashSet<String>) -> Vec<Unneeded> {
    let mut list: Vec<Unneeded> = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder.join(FOLDER)) else { return list };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        let ours = path.extension().is_some_and(|e| e == EXTENSION) && path_of(folder, &name).is_ok();
        if let Ok(meta) = entry.metadata()
            && ours
            && meta.is_file()
            && !needed.contains(&name)
        {
            list.push(Unneeded { name, path, bytes: meta.len(), modified: meta.modified().ok() });
        }
    }
    if !list.is_empty() {
        let mut named = HashSet::new();
        named_in(folder, 0, &mut named);
        list.retain(|u| !named.contains(&u.name));
    }
    list.sort_by(|a, b| (a.modified, &a.name).cmp(&(b.modified, &b.name)));
    list
}

/// Every run of 64 hexadecimal digits in the texts of a project: saved states, journals and backups are all text.
fn named_in(folder: &Path, depth: usize, names: &mut HashSet<String>) {
    const SKIPPED: [&str; 4] = [FOLDER, "media", "cache", "performances"];
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() && depth < 3 && !SKIPPED.iter().any(|s| name == *s) {
            named_in(&path, depth + 1, names);
        } else if kind.is_file()
            && let Ok(bytes) = std::fs::read(&path)
        {
            for run in bytes.split(|b| !b.is_ascii_hexdigit()).filter(|run| run.len() == 64) {
                names.extend(std::str::from_utf8(run).ok().map(str::to_owned));
            }
        }
    }
}

/// Deletes take files; gives how many bytes were freed. What is already gone is no error.
pub fn clean_up(list: &[Unneeded]) -> Result<u64, TakeFileError> {
    let mut freed = 0;
    for file in list {
        match std::fs::remove_file(&file.path) {
            Ok(()) => freed += file.bytes,
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(source) => {
                return Err(TakeFileError::Io { action: "delete the take", source, path: file.path.clone() });
            }
        }
        if let Ok(mut memo) = MEMO.lock()
            && let Some(at) = memo.list.iter().position(|(n, _)| *n == file.name)
            && let Some((_, old)) = memo.list.remove(at)
        {
            memo.bytes -= size(&old);
        }
    }
    Ok(freed)
}
