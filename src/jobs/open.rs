//! Opening a project for editing, and giving it another folder: lock, session, and what goes with the project.

use super::journal::Cores;
use crate::document::edit::{Document, Edit};
use crate::document::file::{self, FileError};
use crate::document::history::History;
use crate::document::store::lock::{self, Asked, Holder, Lock};
use crate::document::store::{Choice, Disk, Opening, Session, Unsaved};
use crate::document::{PROJECT_SCHEMA, Project};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How a project is to be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// For editing; what to do about work that was not saved.
    Edit(Choice),
    /// For editing by a window that holds the project already and lets the old state go when the new one is there.
    Again(Choice),
    /// For looking at, as last saved.
    ReadOnly,
}

/// What the user should know of a project that was opened or saved elsewhere.
#[derive(Debug, thiserror::Error)]
enum Note {
    #[error("This project is open in another window: it can be looked at here.")]
    OpenElsewhere,
    #[error(
        "This project was written by a newer Cueloom (schema {found}, this one writes {PROJECT_SCHEMA}): it can be looked at here. Update Cueloom to change it."
    )]
    Newer { found: u32 },
    #[error("The sound could not be copied ({source}) and stays where it is: {path}")]
    SoundStays { source: std::io::Error, path: PathBuf },
    #[error("The sound is missing and could not be taken along: {0}")]
    NoSound(String),
    #[error("Not all of the folder \"{name}\" could be copied ({source}).")]
    FolderStays { name: String, source: std::io::Error },
}

/// Why a project on disk cannot be changed now.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("the project has work that was not saved; decide about it first with cueloom recover {0}")]
    Undecided(PathBuf),
    #[error("the project is open in a window; close it there first: {0}")]
    Taken(PathBuf),
    #[error("nothing can be changed: {0}")]
    ReadOnly(String),
}

/// A project with what it needs to be kept.
pub struct Kept {
    pub folder: PathBuf,
    pub project: Project,
    pub history: History,
    /// Session and lock; none when the project is only looked at.
    pub keeper: Option<(Session, Option<Lock>)>,
    /// Why the project may only be looked at.
    pub read_only: Option<String>,
    /// What the user should know.
    pub notes: Vec<String>,
}

impl Kept {
    /// Holds the project where it does not do so yet: after [`Access::Again`], once the old state has let it go.
    pub fn hold(&mut self) {
        if let Some((_, lock @ None)) = &mut self.keeper
            && let Asked::Ours(ours) = lock::ask(&self.folder)
        {
            *lock = Some(ours);
        }
    }
}

/// What came of opening.
pub enum Outcome {
    Ready(Box<Kept>),
    /// Work was found that was not saved: to be asked about.
    Unsaved(Unsaved),
    /// Another window has the project.
    Taken(Holder),
}

/// Opens the project of a folder.
///
/// # Errors
/// No project, and one that cannot be read.
pub fn open(path: &Path, access: Access) -> Result<Outcome, FileError> {
    let folder = file::project_folder(path);
    let look = |reason: String| -> Result<Outcome, FileError> {
        let decoded = file::load_any(&folder, &Cores)?;
        Ok(Outcome::Ready(Box::new(Kept {
            folder: folder.clone(),
            project: decoded.project,
            history: History::fresh(),
            keeper: None,
            read_only: Some(reason),
            notes: Vec::new(),
        })))
    };
    let choice = match access {
        Access::ReadOnly => return look(Note::OpenElsewhere.to_string()),
        Access::Edit(choice) | Access::Again(choice) => choice,
    };
    let lock = match access {
        Access::Again(_) => None,
        _ => match lock::ask(&folder) {
            Asked::Ours(lock) => Some(lock),
            Asked::Taken(holder) => return Ok(Outcome::Taken(holder)),
            // Without a lock nobody can be kept out; a folder that cannot be written shows that with the first step.
            Asked::Impossible(_) => None,
        },
    };
    match Session::open(Arc::new(Disk), &folder, choice, &Cores) {
        Ok(Opening::Unsaved(unsaved)) => Ok(Outcome::Unsaved(unsaved)),
        Ok(Opening::Ready(ready)) => Ok(Outcome::Ready(Box::new(Kept {
            folder,
            project: ready.project,
            history: ready.history,
            keeper: Some((ready.session, lock)),
            read_only: None,
            notes: ready.notes,
        }))),
        Err(FileError::Newer { found, .. }) if file::load_any(&folder, &Cores).is_ok() => {
            look(Note::Newer { found }.to_string())
        }
        Err(e) => Err(e),
    }
}

/// Does one edit to a project on disk and saves it, as a step of its history. Gives the project.
///
/// # Errors
/// A project that cannot be read, that a window has open, or whose last work was not saved and not decided about.
pub fn edit_and_save(folder: &Path, edit: &Edit) -> anyhow::Result<Project> {
    let kept = match open(folder, Access::Edit(Choice::Ask))? {
        Outcome::Ready(kept) => *kept,
        Outcome::Unsaved(_) => return Err(Refusal::Undecided(folder.to_owned()).into()),
        Outcome::Taken(_) => return Err(Refusal::Taken(folder.to_owned()).into()),
    };
    let Some((mut session, _lock)) = kept.keeper else {
        return Err(Refusal::ReadOnly(kept.read_only.unwrap_or_default()).into());
    };
    let mut document = Document::with_history(kept.project, kept.history);
    document.take_events();
    document.apply(edit)?;
    document.take_events().into_iter().for_each(|event| session.record(event));
    session.save(document.project(), &Cores)?;
    Ok(document.project().clone())
}

/// What "Save as" leaves behind: the project in its new folder.
pub struct SavedAs {
    pub folder: PathBuf,
    /// With its references as seen from there.
    pub project: Project,
    pub session: Session,
    pub lock: Option<Lock>,
    /// What could not be taken along.
    pub notes: Vec<String>,
}

/// Writes a project with its history into another folder, with the media that belong to it. The old folder stays as
/// it is; it may even be gone.
///
/// # Errors
/// A folder that holds a project already or cannot be written.
pub fn save_as(old: &Path, new: &Path, project: &Project, history: &History) -> Result<SavedAs, FileError> {
    let mut project = project.clone();
    let mut notes = Vec::new();
    if new.join(file::FILE_NAME).exists() {
        return Err(FileError::Occupied(new.to_owned()));
    }
    let io = |source| FileError::Io { action: "make the project's folder", source, path: new.to_owned() };
    std::fs::create_dir_all(new).map_err(io)?;
    let media = &project.sound.media;
    let own = is_inside(&media.path);
    match file::find_media(old, media) {
        Some(found) if own => {
            if let Err(source) = copy(&found, &new.join(&media.path)) {
                project.sound.media = file::media_ref(new, &found, media.hash.clone());
                notes.push(Note::SoundStays { source, path: found }.to_string());
            }
        }
        Some(found) => project.sound.media = file::media_ref(new, &found, media.hash.clone()),
        None => notes.push(Note::NoSound(media.path.clone()).to_string()),
    }
    if let Some(source) = &project.sound.source
        && let Some(found) = file::find_media(old, source)
    {
        project.sound.source = Some(file::media_ref(new, &found, source.hash.clone()));
    }
    for inside in [project.identity.as_str(), "takes", "performances"] {
        let from = old.join(inside);
        if is_inside(inside)
            && from.is_dir()
            && let Err(source) = copy_folder(&from, &new.join(inside))
        {
            notes.push(Note::FolderStays { name: inside.to_owned(), source }.to_string());
        }
    }
    let lock = match lock::ask(new) {
        Asked::Ours(lock) => Some(lock),
        Asked::Taken(_) => return Err(FileError::Occupied(new.to_owned())),
        Asked::Impossible(_) => None,
    };
    let session = Session::save_as(Arc::new(Disk), new, &project, history, &Cores)?;
    Ok(SavedAs { folder: new.to_owned(), project, session, lock, notes })
}

/// Whether a path of the project lies within its folder.
fn is_inside(path: &str) -> bool {
    use std::path::Component;
    !path.is_empty() && Path::new(path).components().all(|c| matches!(c, Component::Normal(_)))
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::copy(from, to).map(drop)
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}
