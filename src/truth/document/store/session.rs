//! A project open for editing: its journal, its saves, and what is found when it is opened.
//!
//! No call here waits for anything but the disk and none starts a thread: [`crate::jobs`] runs a session on one of its
//! own, the command line and the tests call it directly.
//!
//! The order of a save, in which a cut anywhere leaves a readable project and every acknowledged step:
//!
//! 1. the new text, synced, under a temporary name;
//! 2. the old file gets a second name in `backups`;
//! 3. the journal gets "from here on the project is the one with this fingerprint", synced;
//! 4. the new text takes the place of the old one, and the folder is synced.
//!
//! Cut before 4, the journal still knows the old file as an earlier base, and the steps after it are unsaved work. Cut
//! after 4, the newest base matches.

use super::files::{self, Files, OpenFile};
use super::journal::{self, Fingerprint, Record};
use super::stamp::Stamp;
use super::{Crew, backups, text};
use crate::document::file::{self, FileError, io_error};
use crate::document::history::{Event, History, KEPT_STEPS};
use crate::document::{PROJECT_SCHEMA, Project};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What to do about work that is in the journal and not in the project file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Tell, and change nothing.
    Ask,
    /// Take it up again, not yet saved.
    Recover,
    /// Open as last saved; the work is kept among the backups.
    AsSaved,
}

/// Work that was not saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsaved {
    pub title: String,
    /// When the project file was last written, where the file system tells.
    pub saved_at: Option<Stamp>,
    /// When the last step was done.
    pub last_at: Stamp,
    /// Names of the steps, oldest first; "Undo" and "Redo" are steps too.
    pub steps: Vec<String>,
}

/// What came of opening a project.
pub enum Opening {
    Ready(Box<Ready>),
    /// [`Choice::Ask`] found something to ask about.
    Unsaved(Unsaved),
}

/// What the user should know of what was kept where, and why.
#[derive(Debug, thiserror::Error)]
enum Note {
    #[error("The journal of earlier steps was set aside as \"{name}\", and undo begins anew: {reason}.")]
    SetAside { name: String, reason: String },
    #[error("The journal of earlier steps can neither be used ({reason}) nor set aside ({source}).")]
    CannotSetAside { reason: String, source: io::Error },
    #[error("The journal could not be shortened: {0}.")]
    CannotShorten(io::Error),
    #[error("The work that was not saved is kept among the backups as \"{0}\".")]
    Kept(String),
    #[error("The last steps do not fit the project file; their journal is kept among the backups as \"{0}\".")]
    KeptMisfit(String),
    #[error("The backup of {0} is in place; what stood there before is among the backups.")]
    Restored(String),
}

/// Why a journal is not that of the project beside it.
#[derive(Debug, thiserror::Error)]
enum Stranger {
    #[error("the project file was changed outside Cueloom")]
    Changed,
    #[error("its records contradict each other")]
    Contradicts,
    #[error("it cannot be read ({0})")]
    Unreadable(io::Error),
    #[error(transparent)]
    Unusable(#[from] journal::Unusable),
}

/// A project ready for editing.
pub struct Ready {
    pub session: Session,
    pub project: Project,
    /// With what was recovered, if anything was.
    pub history: History,
    /// Something the user should know: what was kept where, and why.
    pub notes: Vec<String>,
}

/// A project open for editing. Only the holder of the project's lock may have one.
pub struct Session {
    files: Arc<dyn Files>,
    folder: PathBuf,
    journal: Writer,
    /// The project file as we know it.
    on_disk: Fingerprint,
    /// Schema in which the file on disk was found, if it is an older one.
    older_schema: Option<u32>,
}

impl Session {
    /// Opens the project of a folder.
    ///
    /// # Errors
    /// No project, one that cannot be read, and one of a newer schema.
    pub fn open(files: Arc<dyn Files>, folder: &Path, choice: Choice, crew: &dyn Crew) -> Result<Opening, FileError> {
        let folder = file::project_folder(folder);
        let path = folder.join(file::FILE_NAME);
        let content = file::read_bytes(&*files, &folder)?;
        let decoded = file::decode(&content, &path, crew)?;
        if decoded.schema > PROJECT_SCHEMA {
            return Err(FileError::Newer { found: decoded.schema, path });
        }
        files::sweep(&*files, &folder);
        files::sweep(&*files, &folder.join(backups::FOLDER));
        let on_disk = Fingerprint::of(&content);
        let project = decoded.project;
        let found = find_journal(&*files, &folder, on_disk, crew);
        let older_schema = (decoded.schema < PROJECT_SCHEMA).then_some(decoded.schema);
        let ready = |journal: Writer, project: Project, history: History, notes: Vec<String>| {
            let session = Self { files: files.clone(), folder: folder.clone(), journal, on_disk, older_schema };
            Ok(Opening::Ready(Box::new(Ready { session, project, history, notes })))
        };
        let journal_path = folder.join(journal::FILE_NAME);
        let (matched, good) = match found {
            Found::Nothing => {
                let writer = Writer::new(files.clone(), journal_path, on_disk);
                return ready(writer, project, History::fresh(), Vec::new());
            }
            Found::Foreign { reason, leads_to } => {
                // It does not belong to this file: kept, and told, and never in the way again.
                let kind = if leads_to.is_some() { backups::Kind::Unsaved } else { backups::Kind::Journal };
                let kept = backups::keep_journal(&*files, &folder, Stamp::now(), kind, leads_to.as_deref())
                    .and_then(|name| files.remove(&journal_path).map(|()| name));
                let mut writer = Writer::new(files.clone(), journal_path, on_disk);
                let note = match kept {
                    Ok(name) => Note::SetAside { name, reason: reason.to_string() }.to_string(),
                    Err(source) => {
                        let note = Note::CannotSetAside { reason: reason.to_string(), source }.to_string();
                        writer.refused = Some(note.clone());
                        note
                    }
                };
                return ready(writer, project, History::fresh(), vec![note]);
            }
            Found::Matched { matched, good } => (matched, good),
        };
        if matched.unsaved.is_empty() {
            let mut writer = Writer::resume(files.clone(), journal_path.clone(), good);
            let mut notes = Vec::new();
            let history = matched.history;
            if good > journal::KEPT_BYTES as u64 * 2 || matched.records > KEPT_STEPS * 2 {
                // Written anew with the steps that still count. Should that fail, the long one serves on.
                if let Ok(content) = journal::compact(&history, on_disk, crew) {
                    match files::write_whole(&*files, &journal_path, &[&content]) {
                        Ok(()) => writer = Writer::resume(files.clone(), journal_path, content.len() as u64),
                        Err(e) => notes.push(Note::CannotShorten(e).to_string()),
                    }
                }
            }
            return ready(writer, project, history, notes);
        }
        let (mut after, mut history) = (project.clone(), matched.history.clone());
        let replayed = journal::replay(&mut after, &mut history, &matched.unsaved);
        let nothing_lost = replayed.is_some() && after == project;
        if nothing_lost || (choice == Choice::Recover && replayed.is_some()) {
            if nothing_lost {
                history.mark_saved();
            }
            let writer = Writer::resume(files.clone(), journal_path, good);
            return ready(writer, after, history, Vec::new());
        }
        if choice == Choice::Ask && replayed.is_some() {
            let (steps, last) = journal::summary(&matched.unsaved);
            let saved_at = files.modified(&path).map(Stamp::from);
            return Ok(Opening::Unsaved(Unsaved { title: project.title, saved_at, last_at: Stamp(last), steps }));
        }
        // Set aside, with the project that it leads to where it leads to one.
        let leads_to = replayed.and_then(|()| text::write(&after, crew).ok());
        let name = backups::keep_journal(&*files, &folder, Stamp::now(), backups::Kind::Unsaved, leads_to.as_deref())
            .map_err(io_error("keep the unsaved work among the backups", &journal_path))?;
        let content = journal::compact(&matched.history, on_disk, crew).map_err(FileError::Encode)?;
        files::write_whole(&*files, &journal_path, &[&content])
            .map_err(io_error("write the journal anew", &journal_path))?;
        backups::rotate(&*files, &folder, Stamp::now());
        let note = if replayed.is_some() { Note::Kept(name).to_string() } else { Note::KeptMisfit(name).to_string() };
        let writer = Writer::resume(files.clone(), journal_path, content.len() as u64);
        ready(writer, project, matched.history, vec![note])
    }

    /// A session for a project that goes to another folder (made if need be) with all its history: "Save as". What
    /// stands there already is kept among the backups of that folder.
    ///
    /// # Errors
    /// A folder that holds a project already, or cannot be written.
    pub fn save_as(
        files: Arc<dyn Files>,
        folder: &Path,
        project: &Project,
        history: &History,
        crew: &dyn Crew,
    ) -> Result<Self, FileError> {
        let path = folder.join(file::FILE_NAME);
        match files.read(&path) {
            Ok(_) => return Err(FileError::Occupied(folder.to_owned())),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => return Err(io_error("look into the folder", folder)(e)),
        }
        files.make_folder(folder).map_err(io_error("make the project's folder", folder))?;
        let content = text::write(project, crew).map_err(FileError::Encode)?;
        let on_disk = Fingerprint::of(content.as_bytes());
        let journal_path = folder.join(journal::FILE_NAME);
        let steps = journal::compact(history, on_disk, crew).map_err(FileError::Encode)?;
        // A journal without a project is nothing; a project whose journal is there has its history.
        files::write_whole(&*files, &journal_path, &[&steps]).map_err(io_error("write the history", &journal_path))?;
        files::write_whole(&*files, &path, &[content.as_bytes()]).map_err(io_error("write the project", &path))?;
        let journal = Writer::resume(files.clone(), journal_path, steps.len() as u64);
        Ok(Self { files, folder: folder.to_owned(), journal, on_disk, older_schema: None })
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The layer it writes through.
    pub fn files(&self) -> Arc<dyn Files> {
        self.files.clone()
    }

    /// Takes in what happened to the history. It is on disk after the next [`Self::sync`].
    pub fn record(&mut self, event: Event) {
        self.journal.add(&Record::of(event, Stamp::now().0));
    }

    /// Whether something recorded is not yet on disk.
    pub fn is_waiting(&self) -> bool {
        !self.journal.waiting.is_empty()
    }

    /// Brings all that was recorded to the disk. After an error it can be called again: nothing is forgotten.
    ///
    /// # Errors
    /// Full disk, vanished drive and the like.
    pub fn sync(&mut self) -> io::Result<()> {
        self.journal.sync()
    }

    /// Saves the project, which is the one that all recorded events lead to.
    ///
    /// # Errors
    /// The old file is there as it was then.
    pub fn save(&mut self, project: &Project, crew: &dyn Crew) -> Result<(), FileError> {
        let path = self.folder.join(file::FILE_NAME);
        let content = text::write(project, crew).map_err(FileError::Encode)?;
        let fingerprint = Fingerprint::of(content.as_bytes());
        let now = Stamp::now();
        let files = &*self.files;
        let temporary =
            files::prepare(files, &path, &[content.as_bytes()]).map_err(io_error("write the project", &path))?;
        let kind = self.older_schema.map_or(backups::Kind::Saved, backups::Kind::Schema);
        if fingerprint != self.on_disk
            && let Err(e) = backups::keep_project(files, &self.folder, now, kind)
        {
            let _ = files.remove(&temporary);
            return Err(io_error("keep the old file among the backups", &path)(e));
        }
        self.journal.add(&Record::Base(fingerprint));
        // A journal that cannot be written must not keep the project from being saved: what it would tell is in the
        // project then. It is tried again with the next steps.
        let journaled = self.journal.sync();
        files::put(files, &temporary, &path).map_err(io_error("put the project in its place", &path))?;
        self.on_disk = fingerprint;
        self.older_schema = None;
        if journaled.is_err_and(|e| e.kind() == io::ErrorKind::NotFound) {
            // Somebody took the journal away; a new one begins here.
            self.journal = Writer::new(self.files.clone(), self.folder.join(journal::FILE_NAME), fingerprint);
        }
        backups::rotate(files, &self.folder, now);
        Ok(())
    }
}

/// Puts a backup in the place of a project that nobody has open; what stood there becomes a backup itself, with its
/// journal. Gives the note for the user.
///
/// # Errors
/// A backup that is not there or cannot be read, and what writing can meet.
pub fn restore(files: &dyn Files, folder: &Path, name: &str, crew: &dyn Crew) -> Result<String, FileError> {
    let folder = file::project_folder(folder);
    let place = folder.join(backups::FOLDER);
    let all = backups::list(files, &folder).map_err(io_error("list the backups", &place))?;
    let backup = all.iter().find(|b| b.name == name);
    let from = backup.and_then(|b| b.project.clone()).ok_or_else(|| FileError::NoBackup(name.to_owned()))?;
    let content = files.read(&from).map_err(io_error("read the backup", &from))?;
    // Only what can be opened may take the place of the project.
    file::decode(&content, &from, crew)?;
    let path = folder.join(file::FILE_NAME);
    let journal_path = folder.join(journal::FILE_NAME);
    let now = Stamp::now();
    backups::keep_project(files, &folder, now, backups::Kind::Replaced)
        .map_err(io_error("keep the present file among the backups", &path))?;
    // Unsaved work in the journal is kept before its base goes.
    let on_disk = files.read(&path).ok().map(|c| (Fingerprint::of(&c), c));
    let leads_to = on_disk.and_then(|(fingerprint, content)| {
        let Found::Matched { matched, .. } = find_journal(files, &folder, fingerprint, crew) else { return None };
        let mut project = file::decode(&content, &path, crew).ok()?.project;
        let mut history = matched.history;
        (!matched.unsaved.is_empty()).then_some(())?;
        journal::replay(&mut project, &mut history, &matched.unsaved)?;
        text::write(&project, crew).ok()
    });
    let kind = if leads_to.is_some() { backups::Kind::Unsaved } else { backups::Kind::Journal };
    match backups::keep_journal(files, &folder, now, kind, leads_to.as_deref()) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => {
            return Err(io_error("keep the journal among the backups", &journal_path)(e));
        }
        _ => {}
    }
    files::write_whole(files, &path, &[&content]).map_err(io_error("put the backup in its place", &path))?;
    match files.remove(&journal_path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => {
            return Err(io_error("take the old journal away", &journal_path)(e));
        }
        _ => files.sync_folder(&folder).map_err(io_error("take the old journal away", &journal_path))?,
    }
    backups::rotate(files, &folder, now);
    Ok(Note::Restored(backup_time(&all, name)).to_string())
}

fn backup_time(all: &[backups::Backup], name: &str) -> String {
    all.iter().find(|b| b.name == name).map_or_else(String::new, |b| b.at.text())
}

/// What a project's folder tells without opening it for editing.
pub struct Look {
    pub title: String,
    /// As last saved.
    pub history: History,
    /// Names of the steps that came after.
    pub unsaved: Vec<String>,
}

/// Looks at the history of a project; changes nothing.
///
/// # Errors
/// No project, and one that cannot be read.
pub fn look(files: &dyn Files, folder: &Path, crew: &dyn Crew) -> Result<Look, FileError> {
    let content = file::read_bytes(files, folder)?;
    let title = file::decode(&content, &folder.join(file::FILE_NAME), crew)?.project.title;
    Ok(match find_journal(files, folder, Fingerprint::of(&content), crew) {
        Found::Matched { matched, .. } => {
            Look { title, unsaved: journal::summary(&matched.unsaved).0, history: matched.history }
        }
        Found::Nothing | Found::Foreign { .. } => Look { title, history: History::fresh(), unsaved: Vec::new() },
    })
}

/// The journal beside a project.
enum Found {
    Nothing,
    Matched {
        matched: journal::Matched,
        good: u64,
    },
    /// It is not about the file on disk. `leads_to` is the project that it ends with, where a backup tells its base.
    Foreign {
        reason: Stranger,
        leads_to: Option<String>,
    },
}

fn find_journal(files: &dyn Files, folder: &Path, on_disk: Fingerprint, crew: &dyn Crew) -> Found {
    let content = match files.read(&folder.join(journal::FILE_NAME)) {
        Ok(content) => content,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Found::Nothing,
        Err(e) => return Found::Foreign { reason: Stranger::Unreadable(e), leads_to: None },
    };
    let read = match journal::read(&content, crew) {
        Ok(read) => read,
        Err(reason) => return Found::Foreign { reason: reason.into(), leads_to: None },
    };
    if read.records.is_empty() {
        // Cut before anything was acknowledged: it is begun anew.
        return Found::Nothing;
    }
    let bases = journal::bases(&read.records);
    let records = read.records;
    if bases.contains(&on_disk) {
        return match journal::matched(records, on_disk) {
            Some(matched) => Found::Matched { matched, good: read.good },
            None => Found::Foreign { reason: Stranger::Contradicts, leads_to: None },
        };
    }
    Found::Foreign { reason: Stranger::Changed, leads_to: lost_work(files, folder, records, &bases, crew) }
}

/// The project that a journal leads to, when it ends with steps after its last base and a backup is that base.
fn lost_work(
    files: &dyn Files,
    folder: &Path,
    records: Vec<Record>,
    bases: &[Fingerprint],
    crew: &dyn Crew,
) -> Option<String> {
    let kept = backups::list(files, folder).ok()?;
    for path in kept.iter().filter_map(|b| b.project.as_ref()) {
        let Ok(content) = files.read(path) else { continue };
        let fingerprint = Fingerprint::of(&content);
        if bases.last() != Some(&fingerprint) {
            continue;
        }
        let matched = journal::matched(records, fingerprint)?;
        let mut project = file::decode(&content, path, crew).ok()?.project;
        let mut history = matched.history;
        (!matched.unsaved.is_empty()).then_some(())?;
        journal::replay(&mut project, &mut history, &matched.unsaved)?;
        return text::write(&project, crew).ok();
    }
    None
}

/// The end of the journal: what waits to be on disk, and where it goes.
struct Writer {
    files: Arc<dyn Files>,
    path: PathBuf,
    /// Open for appending; closed after an error.
    file: Option<Box<dyn OpenFile>>,
    /// Bytes of the file that are on disk for sure. 0: there is no file, or nothing in it counts.
    synced: u64,
    /// How a new file begins.
    begin: Vec<u8>,
    /// Records to come after what is synced.
    waiting: Vec<u8>,
    /// Why nothing may be written: what stands there could not be brought to safety.
    refused: Option<String>,
}

impl Writer {
    /// A journal that is not there yet, of a project file with this fingerprint. It is made with the first record.
    fn new(files: Arc<dyn Files>, path: PathBuf, base: Fingerprint) -> Self {
        let mut begin = journal::MAGIC.to_vec();
        let made = Record::head().encode(&mut begin).and_then(|()| Record::Base(base).encode(&mut begin));
        Self { files, path, file: None, synced: 0, begin, waiting: Vec::new(), refused: made.err() }
    }

    /// A journal that is good up to `good` bytes; what comes after is cut off by the first write.
    fn resume(files: Arc<dyn Files>, path: PathBuf, good: u64) -> Self {
        Self { files, path, file: None, synced: good, begin: Vec::new(), waiting: Vec::new(), refused: None }
    }

    fn add(&mut self, record: &Record) {
        if let Err(e) = record.encode(&mut self.waiting) {
            // A log with a hole would lead to a wrong project.
            self.refused.get_or_insert(e);
        }
    }

    fn sync(&mut self) -> io::Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        if let Some(reason) = &self.refused {
            return Err(io::Error::other(reason.clone()));
        }
        match self.try_sync() {
            Ok(()) => {
                self.synced += self.waiting.len() as u64;
                self.waiting.clear();
                Ok(())
            }
            Err(e) => {
                // After a failed sync nobody knows what has reached the disk: opened anew and cut to what is sure.
                self.file = None;
                Err(e)
            }
        }
    }

    fn try_sync(&mut self) -> io::Result<()> {
        if self.file.is_none() {
            let file = if self.synced == 0 {
                let mut file = self.files.create(&self.path)?;
                file.write(&self.begin)?;
                file.sync()?;
                self.files.sync_folder(files::folder_of(&self.path))?;
                self.synced = self.begin.len() as u64;
                file
            } else {
                let mut file = self.files.append(&self.path)?;
                file.cut(self.synced)?;
                file
            };
            self.file = Some(file);
        }
        let Some(file) = &mut self.file else { return Ok(()) };
        file.write(&self.waiting)?;
        file.sync()
    }
}
