//! `project.ron` on disk: read with checks, written so that a power cut leaves either the old or the new file whole.

use super::{MediaRef, PROJECT_SCHEMA, Project};
use serde::Deserialize;
use std::fs;
use std::io::Write as _;
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
    #[error("cannot {action} ({source}); check that the disk has room and the folder can be written: {path}")]
    Io { action: &'static str, source: std::io::Error, path: PathBuf },
    #[error("the project cannot be written as text ({0})")]
    Encode(String),
}

fn io_error(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> FileError {
    move |source| FileError::Io { action, source, path: path.to_owned() }
}

/// The folder of a project, given it or its `project.ron`.
pub fn project_folder(path: &Path) -> PathBuf {
    if path.file_name().is_some_and(|n| n == FILE_NAME) {
        path.parent().map_or_else(|| PathBuf::from("."), Path::to_owned)
    } else {
        path.to_owned()
    }
}

/// Reads the project of a folder.
pub fn load(folder: &Path) -> Result<Project, FileError> {
    /// Just enough to tell a newer file from a damaged one.
    #[derive(Deserialize)]
    struct Head {
        schema: u32,
    }

    let path = project_folder(folder).join(FILE_NAME);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Err(FileError::NoProject(project_folder(folder))),
        Err(e) => return Err(io_error("read the project", &path)(e)),
    };
    if let Ok(head) = ron::from_str::<Head>(&text)
        && head.schema > PROJECT_SCHEMA
    {
        return Err(FileError::Newer { found: head.schema, path });
    }
    let project: Project = ron::from_str(&text).map_err(|e| FileError::Syntax {
        line: e.span.start.line,
        column: e.span.start.col,
        message: e.code.to_string(),
        path: path.clone(),
    })?;
    match project.broken_invariant() {
        Some(message) => Err(FileError::Broken { message, path }),
        None => Ok(project),
    }
}

/// Writes the project into its folder, which is made if need be: temporary file, fsync, rename, fsync of the folder.
pub fn save(folder: &Path, project: &Project) -> Result<(), FileError> {
    fs::create_dir_all(folder).map_err(io_error("make the project's folder", folder))?;
    let pretty = ron::ser::PrettyConfig::new().depth_limit(4).indentor("  ");
    let text = ron::ser::to_string_pretty(project, pretty).map_err(|e| FileError::Encode(e.to_string()))?;
    write_whole(&folder.join(FILE_NAME), text.as_bytes())
}

/// Writes a file so that it is either the old or the new one whatever happens.
pub fn write_whole(path: &Path, content: &[u8]) -> Result<(), FileError> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(".cueloom-")
        .tempfile_in(folder)
        .map_err(io_error("write into the folder", folder))?;
    file.write_all(content).map_err(io_error("write the file", path))?;
    file.as_file().sync_all().map_err(io_error("bring the file to disk", path))?;
    #[cfg(unix)]
    {
        // A temporary file is private; a project is as open as the user's other files.
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(path).map_or(0o644, |m| m.permissions().mode());
        let _ = fs::set_permissions(file.path(), fs::Permissions::from_mode(mode));
    }
    file.persist(path).map_err(|e| io_error("put the file in its place", path)(e.error))?;
    // The rename itself reaches the disk with the folder. Some file systems cannot sync folders: the file is whole.
    #[cfg(unix)]
    if let Ok(dir) = fs::File::open(folder) {
        let _ = dir.sync_all();
    }
    Ok(())
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
