//! `project.ron` on disk: read with checks, brought up to date, written so that a power cut leaves either the old or
//! the new file whole; and where a project's media are.
//!
//! What surrounds the file while a project is edited (journal, backups, lock) stands in [`super::store`].

use super::store::files::{self, Disk, Files};
use super::store::{Alone, Crew, text};
use super::{MediaRef, PROJECT_SCHEMA, Project};
use serde::Deserialize;
use std::io;
use std::path::{Path, PathBuf};

/// Name of the file within a project's folder.
pub const FILE_NAME: &str = "project.ron";

/// Why a project could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("there is no project in this folder ({FILE_NAME} is missing): {0}")]
    NoProject(PathBuf),
    #[error("a project stands here already; choose another folder: {0}")]
    Occupied(PathBuf),
    #[error(
        "the project was written by a newer Cueloom (schema {found}, this one reads up to {PROJECT_SCHEMA}); update to open it: {path}"
    )]
    Newer { found: u32, path: PathBuf },
    #[error("line {line}, column {column} of the project cannot be read ({message}); restore it from a backup: {path}")]
    Syntax { line: usize, column: usize, message: String, path: PathBuf },
    #[error("the project contradicts itself ({message}); restore it from a backup: {path}")]
    Broken { message: String, path: PathBuf },
    #[error("there is no backup of this name with a project: {0}")]
    NoBackup(String),
    #[error("cannot {action} ({source}); {}: {path}", remedy(source.kind()))]
    Io { action: &'static str, source: io::Error, path: PathBuf },
    #[error("the project cannot be written as text ({0})")]
    Encode(String),
}

impl FileError {
    /// True when the file is there and cannot be used, so that its backups are worth a look.
    pub fn is_damaged(&self) -> bool {
        matches!(self, Self::Syntax { .. } | Self::Broken { .. })
    }
}

/// What to do about a failure of the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Remedy {
    #[error("the disk is full; free some room and try again")]
    Room,
    #[error("the folder is gone; connect its drive again, or choose another folder with Save as")]
    Reconnect,
    #[error("the folder cannot be written; choose another one with Save as")]
    Elsewhere,
    #[error("check that the disk has room and the folder can be written")]
    Check,
}

/// The remedy for a failure of that kind.
pub fn remedy(kind: io::ErrorKind) -> Remedy {
    use io::ErrorKind as K;
    match kind {
        K::StorageFull | K::QuotaExceeded | K::FileTooLarge => Remedy::Room,
        K::NotFound | K::NotADirectory | K::StaleNetworkFileHandle | K::NotConnected => Remedy::Reconnect,
        K::PermissionDenied | K::ReadOnlyFilesystem => Remedy::Elsewhere,
        _ => Remedy::Check,
    }
}

pub(super) fn io_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> FileError {
    move |source| FileError::Io { action, source, path: path.to_owned() }
}

/// The folder of a project, given it or its `project.ron`.
pub fn project_folder(path: &Path) -> PathBuf {
    if path.file_name().is_some_and(|n| n == FILE_NAME) { files::folder_of(path).to_owned() } else { path.to_owned() }
}

/// A project as text says it, with the schema it was written in.
pub struct Decoded {
    /// In this version's schema, unless it was written in a newer one.
    pub project: Project,
    pub schema: u32,
}

/// What brings a project of schema 1, 2, … up to the next one. Older files are read with the defaults of what they
/// lack; here stands what defaults cannot say.
const MIGRATIONS: [fn(&mut Project); PROJECT_SCHEMA as usize - 1] = [
    // Schema 2 added marks, slowed passages and glosses of one's own: none, by default.
    |_| {},
    // Schema 3 added charts and keys of a project's own, and layers of hands: none, by default.
    |_| {},
];

/// Reads a project's text, checks it, and brings it up to date.
///
/// # Errors
/// Text that cannot be read, and a project that contradicts itself. One of a newer schema that can be read all the
/// same is given as it is: for looking at, never for writing.
pub fn decode(content: &[u8], path: &Path, crew: &dyn Crew) -> Result<Decoded, FileError> {
    /// Just enough to tell a newer file from a damaged one.
    #[derive(Deserialize)]
    struct Head {
        schema: u32,
    }

    let syntax = |line, column, message: String| FileError::Syntax { line, column, message, path: path.to_owned() };
    let text = std::str::from_utf8(content).map_err(|e| {
        let line = content[..e.valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        syntax(line, 1, "it is not UTF-8 text".into())
    })?;
    let mut project = text::read(text, crew).map_err(|e| match ron::from_str::<Head>(text) {
        Ok(head) if head.schema > PROJECT_SCHEMA => FileError::Newer { found: head.schema, path: path.to_owned() },
        _ => syntax(e.span.start.line, e.span.start.col, e.code.to_string()),
    })?;
    let schema = project.schema;
    let broken = |message| FileError::Broken { message, path: path.to_owned() };
    if schema == 0 {
        return Err(broken("there is no schema 0".into()));
    }
    for migration in MIGRATIONS.iter().skip(schema as usize - 1) {
        migration(&mut project);
    }
    project.schema = schema.max(PROJECT_SCHEMA);
    match project.broken_invariant() {
        Some(_) if schema > PROJECT_SCHEMA => Err(FileError::Newer { found: schema, path: path.to_owned() }),
        Some(message) => Err(broken(message)),
        None => Ok(Decoded { project, schema }),
    }
}

/// The bytes of a folder's project file.
pub(super) fn read_bytes(files: &dyn Files, folder: &Path) -> Result<Vec<u8>, FileError> {
    let path = folder.join(FILE_NAME);
    files.read(&path).map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => FileError::NoProject(folder.to_owned()),
        _ => io_error("read the project", &path)(e),
    })
}

/// Reads the project of a folder as it was last saved.
pub fn load(folder: &Path) -> Result<Project, FileError> {
    let decoded = load_any(folder, &Alone)?;
    if decoded.schema > PROJECT_SCHEMA {
        let path = project_folder(folder).join(FILE_NAME);
        return Err(FileError::Newer { found: decoded.schema, path });
    }
    Ok(decoded.project)
}

/// As [`load`], and one of a newer schema too where it can be read: for looking at.
pub fn load_any(folder: &Path, crew: &dyn Crew) -> Result<Decoded, FileError> {
    let folder = project_folder(folder);
    decode(&read_bytes(&Disk, &folder)?, &folder.join(FILE_NAME), crew)
}

/// Writes a project into its folder, which is made if need be. Made for new projects: one that is being edited is
/// saved by its [`super::store::Session`], which keeps its history and its backups.
pub fn save(folder: &Path, project: &Project) -> Result<(), FileError> {
    Disk.make_folder(folder).map_err(io_error("make the project's folder", folder))?;
    let text = text::write(project, &Alone).map_err(FileError::Encode)?;
    write_whole(&folder.join(FILE_NAME), text.as_bytes())
}

/// Writes a file so that it is either the old or the new one whatever happens.
pub fn write_whole(path: &Path, content: &[u8]) -> Result<(), FileError> {
    files::write_whole(&Disk, path, &[content]).map_err(io_error("write the file", path))
}

/// A reference to `file` for a project in `folder`.
pub fn media_ref(folder: &Path, file: &Path, hash: String) -> MediaRef {
    let absolute = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let base = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let relative = relative_path(&base, &absolute);
    MediaRef { path: relative, absolute_hint: absolute.to_string_lossy().into_owned(), hash }
}

/// `file` as seen from `base`, with `/` between the parts; the absolute path where there is no way between them.
fn relative_path(base: &Path, file: &Path) -> String {
    let (b, f): (Vec<_>, Vec<_>) = (base.components().collect(), file.components().collect());
    let common = b.iter().zip(&f).take_while(|(x, y)| x == y).count();
    if common == 0 {
        return file.to_string_lossy().into_owned();
    }
    let up = std::iter::repeat_n("..".to_owned(), b.len() - common);
    let down = f[common..].iter().map(|c| c.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

/// Where a project's media file is now: by relative path, else where it was last seen.
pub fn find_media(folder: &Path, media: &MediaRef) -> Option<PathBuf> {
    let beside = folder.join(&media.path);
    if beside.is_file() {
        return Some(beside);
    }
    let hint = PathBuf::from(&media.absolute_hint);
    (!media.absolute_hint.is_empty() && hint.is_file()).then_some(hint)
}
