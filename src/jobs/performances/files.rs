//! The files of tracked performances: named by their content, written once, read once.

use crate::exchange::ExchangeError;
use crate::exchange::poses::LARGEST;
use crate::generate::takes::Poses;
use crate::generate::takes::format::{self, FormatError};
use crate::jobs::takes::files::name_of;
use crate::pose::PoseSequence;
use crate::time::FrameIndex;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// Folder within a project's.
pub const FOLDER: &str = "performances";
const EXTENSION: &str = "poses";
/// Performances kept in memory.
const REMEMBERED: usize = 3;

/// Why a performance cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum PerformanceError {
    #[error("the poses cannot be read ({source}); check that the file is there and may be opened: {path}")]
    Read { source: io::Error, path: PathBuf },
    #[error("the folder holds no file of poses (.json); choose the folder that the tracker wrote its frames to: {0}")]
    EmptyFolder(PathBuf),
    #[error("that is more than 256 MB; cut the poses into parts: {0}")]
    TooLarge(PathBuf),
    #[error("the poses cannot be understood: {source} {path}")]
    Format { source: ExchangeError, path: PathBuf },
    #[error("\"{0}\" is no name of a performance")]
    BadName(String),
    #[error("the file of the performance is missing; put it back or import the poses again: {0}")]
    Missing(PathBuf),
    #[error("the file of the performance cannot be used ({source}); import the poses again: {path}")]
    Damaged { source: FormatError, path: PathBuf },
    #[error("the file of the performance holds something else than its name says; import the poses again: {0}")]
    OtherContent(PathBuf),
    #[error(
        "the performance cannot be written ({source}); check that the disk has room and the folder can be written: {path}"
    )]
    Write { source: io::Error, path: PathBuf },
}

impl PerformanceError {
    /// It is about what the user brought.
    pub fn is_bad_input(&self) -> bool {
        !matches!(self, Self::Write { .. })
    }
}

/// A file, or the files of a folder in the order of their names.
pub(super) fn gather(path: &Path) -> Result<Vec<(String, Vec<u8>)>, PerformanceError> {
    let failed = |source| PerformanceError::Read { source, path: path.to_owned() };
    let name = |p: &Path| p.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let meta = std::fs::metadata(path).map_err(failed)?;
    if meta.is_file() {
        if meta.len() > LARGEST as u64 {
            return Err(PerformanceError::TooLarge(path.to_owned()));
        }
        return Ok(vec![(name(path), std::fs::read(path).map_err(failed)?)]);
    }
    let mut list: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let file = entry.map_err(failed)?.path();
        if file.is_file() && file.extension().is_some_and(|e| e.eq_ignore_ascii_case("json")) {
            list.push(file);
        }
    }
    list.sort();
    let mut out = Vec::with_capacity(list.len());
    let mut total = 0;
    for file in &list {
        let bytes = std::fs::read(file).map_err(|source| PerformanceError::Read { source, path: file.clone() })?;
        total += bytes.len();
        if total > LARGEST {
            return Err(PerformanceError::TooLarge(path.to_owned()));
        }
        out.push((name(file), bytes));
    }
    if out.is_empty() { Err(PerformanceError::EmptyFolder(path.to_owned())) } else { Ok(out) }
}

/// The poses of a file that this program wrote into the folder of a project; `None` for any other.
pub(super) fn own(path: &Path, found: &[(String, Vec<u8>)]) -> Result<Option<PoseSequence>, PerformanceError> {
    let [(_, bytes)] = found else { return Ok(None) };
    if !path.extension().is_some_and(|e| e.eq_ignore_ascii_case(EXTENSION)) {
        return Ok(None);
    }
    let poses = format::decode(bytes).map_err(|source| PerformanceError::Damaged { source, path: path.to_owned() })?;
    Ok(Some(PoseSequence { fps: poses.fps, frames: poses.frames }))
}

/// Where the file of a performance is. Only names that are hashes: a project from elsewhere cannot point outside its
/// folder.
fn path_of(folder: &Path, name: &str) -> Result<PathBuf, PerformanceError> {
    let good = name.len() == 64 && name.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase());
    if !good {
        return Err(PerformanceError::BadName(name.chars().take(80).collect()));
    }
    Ok(folder.join(FOLDER).join(format!("{name}.{EXTENSION}")))
}

/// Writes poses, unless they are there already, and gives their name.
///
/// # Errors
/// When the folder cannot be written.
pub fn store(folder: &Path, sequence: PoseSequence) -> Result<String, PerformanceError> {
    let poses = Poses { fps: sequence.fps, first: FrameIndex(0), frames: sequence.frames };
    let name = name_of(&poses);
    let path = path_of(folder, &name)?;
    let there = std::fs::read(&path).ok().and_then(|now| format::decode(&now).ok()).is_some_and(|now| now == poses);
    if !there {
        let failed = |source| PerformanceError::Write { source, path: path.clone() };
        std::fs::create_dir_all(folder.join(FOLDER)).map_err(failed)?;
        crate::document::file::write_whole(&path, &format::encode(&poses)).map_err(|e| failed(io::Error::other(e)))?;
    }
    Ok(name)
}

/// Reads the poses of a name.
///
/// # Errors
/// A file that is gone, damaged, or another than its name says.
pub fn read(folder: &Path, name: &str) -> Result<Arc<PoseSequence>, PerformanceError> {
    static MEMO: Mutex<Vec<(PathBuf, Arc<PoseSequence>)>> = Mutex::new(Vec::new());
    let path = path_of(folder, name)?;
    // What a name means never changes, so what was read once need not be read again.
    if let Ok(memo) = MEMO.lock()
        && let Some((_, poses)) = memo.iter().find(|(p, _)| *p == path)
    {
        return Ok(poses.clone());
    }
    let bytes = std::fs::read(&path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => PerformanceError::Missing(path.clone()),
        _ => PerformanceError::Read { source, path: path.clone() },
    })?;
    let poses = format::decode(&bytes).map_err(|source| PerformanceError::Damaged { source, path: path.clone() })?;
    if name_of(&poses) != name {
        return Err(PerformanceError::OtherContent(path));
    }
    let poses = Arc::new(PoseSequence { fps: poses.fps, frames: poses.frames });
    if let Ok(mut memo) = MEMO.lock() {
        memo.push((path, poses.clone()));
        let over = memo.len().saturating_sub(REMEMBERED);
        memo.drain(..over);
    }
    Ok(poses)
}
