//! An open project: its document, what was loaded for it, and what the panels show of it.
//!
//! Loading runs in the background and gives all of it at once; a missing recording is no failure, the project opens
//! without its sound and says so.

use super::board::Board;
use super::i18n::later_with;
use super::keeping::Keeping;
use crate::cueing::where_::Targets;
use crate::document::edit::Document;
use crate::document::history::Transaction;
use crate::document::store::lock::Holder;
use crate::document::store::{Choice, Unsaved};
use crate::document::{MediaRef, Project, file};
use crate::jobs::draft::{self, DraftRequest};
use crate::jobs::open::{self, Access, Kept, Outcome};
use crate::jobs::perform;
use crate::jobs::runner::Wake;
use crate::media::peaks::Peaks;
use crate::media::{self, AudioBuffer};
use crate::pose::{PoseFrame, PoseSequence};
use crate::progress::Progress;
use crate::render::identity::Identity;
use crate::time::{FrameIndex, Seconds, TimeRange};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The sound of a project, ready to play and to draw.
pub struct LoadedSound {
    pub buffer: Arc<AudioBuffer>,
    pub peaks: Peaks,
}

/// A project read from disk with everything the window needs.
pub struct Loaded {
    pub kept: Kept,
    pub media: LoadedMedia,
    pub poses: Arc<PoseSequence>,
}

/// What a project refers to, as it was found.
pub struct LoadedMedia {
    /// What was asked for: sound and name of the identity.
    pub wanted: (MediaRef, String),
    /// The sound, or why there is none.
    pub sound: Result<LoadedSound, String>,
    pub identity: Arc<Identity>,
    /// Why another identity stands in.
    pub identity_message: Option<String>,
}

/// What came of opening a project.
pub enum Answer {
    Loaded(Box<Loaded>),
    /// Work was found that was not saved: to be asked about.
    Unsaved(PathBuf, Unsaved),
    /// Another window has the project.
    Taken(PathBuf, Holder),
    /// There is nothing to ask about, and nobody asked for the project.
    Nothing,
}

/// Reads a project and all that belongs to it.
pub fn load(path: &Path, access: Access, progress: &dyn Progress) -> anyhow::Result<Answer> {
    progress.report("Reading the project", 0, 1);
    match open::open(path, access)? {
        Outcome::Ready(kept) => load_rest(*kept, progress),
        Outcome::Unsaved(unsaved) => Ok(Answer::Unsaved(file::project_folder(path), unsaved)),
        Outcome::Taken(holder) => Ok(Answer::Taken(file::project_folder(path), holder)),
    }
}

/// After a crash: looks whether a project that was open has unsaved work, and changes nothing.
pub fn look_for_unsaved(path: &Path) -> anyhow::Result<Answer> {
    match open::open(path, Access::Edit(Choice::Ask)) {
        Ok(Outcome::Unsaved(unsaved)) => Ok(Answer::Unsaved(file::project_folder(path), unsaved)),
        // Whatever else there is to say about it is said when somebody opens it.
        _ => Ok(Answer::Nothing),
    }
}

/// Makes a new project and loads it.
pub fn create(request: &DraftRequest, progress: &dyn Progress) -> anyhow::Result<Answer> {
    draft::create_project(request, progress)?;
    load(&request.folder, Access::Edit(Choice::Ask), progress)
}

fn load_rest(kept: Kept, progress: &dyn Progress) -> anyhow::Result<Answer> {
    let (identity, identity_message) = load_identity(&kept.folder, &kept.project)?;
    let (sound, poses) = rayon::join(
        || load_sound(&kept.folder, &kept.project, progress),
        || perform::perform(&kept.project, &identity.reference, kept.project.settings.fps, "rules", progress),
    );
    let poses = perform::with_takes(&kept.folder, &kept.project, &identity.reference, poses?);
    let wanted = (kept.project.sound.media.clone(), kept.project.identity.clone());
    let media = LoadedMedia { wanted, sound, identity, identity_message };
    Ok(Answer::Loaded(Box::new(Loaded { kept, media, poses: Arc::new(poses) })))
}

/// The project's identity; where it is missing, the usual one stands in, because work must open all the same.
fn load_identity(folder: &Path, project: &Project) -> anyhow::Result<(Arc<Identity>, Option<String>)> {
    match perform::identity(folder, project) {
        Ok(identity) => Ok((identity, None)),
        Err(error) => {
            let standing_in = Arc::new(Identity::builtin(draft::DEFAULT_IDENTITY)?);
            let why = later_with(
                "The identity \"{name}\" cannot be used, and another one stands in ({cause}). Find it with File, Relink media.",
                &[("name", &project.identity), ("cause", &format!("{error:#}"))],
            );
            Ok((standing_in, Some(why)))
        }
    }
}

/// Finds anew what a project refers to, after it was relinked.
pub fn load_media(folder: &Path, project: &Project, progress: &dyn Progress) -> anyhow::Result<LoadedMedia> {
    let (identity, identity_message) = load_identity(folder, project)?;
    let sound = load_sound(folder, project, progress);
    let wanted = (project.sound.media.clone(), project.identity.clone());
    Ok(LoadedMedia { wanted, sound, identity, identity_message })
}

/// Decodes the sound of a project, or says why not.
pub fn load_sound(folder: &Path, project: &Project, progress: &dyn Progress) -> Result<LoadedSound, String> {
    let media = &project.sound.media;
    let Some(path) = file::find_media(folder, media) else {
        return Err(later_with(
            "The recording is missing: the project opens without sound. Find it with File, Relink media: {0}",
            &[("0", &folder.join(&media.path).display().to_string())],
        ));
    };
    let buffer = media::decode_audio(&path, progress).map_err(|e| format!("The sound cannot be read: {e}"))?;
    let peaks = Peaks::new(&buffer.mono(), buffer.rate);
    Ok(LoadedSound { buffer: Arc::new(buffer), peaks })
}

/// The open project.
pub struct Opened {
    pub folder: PathBuf,
    pub document: Document,
    pub board: Board,
    /// Counts the states of the document that have been seen.
    pub revision: u64,
    pub sound: Option<LoadedSound>,
    pub sound_message: Option<String>,
    pub identity: Arc<Identity>,
    pub targets: Targets,
    /// Poses, and the revision they were made from.
    pub poses: Arc<PoseSequence>,
    pub poses_of: u64,
    /// What has changed since the poses in hand: revision and stretch, `None` for everything.
    changes: Vec<(u64, Option<TimeRange>)>,
    /// When the project last reached the disk in this session.
    pub saved: Option<String>,
    /// Journal, lock, and whether anything may be changed.
    pub keeping: Keeping,
    /// What sound and identity were loaded for.
    pub media_of: (MediaRef, String),
}

impl Opened {
    pub fn new(loaded: Loaded, wake: Wake) -> Self {
        let Loaded { kept, media, poses } = loaded;
        let board = Board::new(&kept.project);
        let (sound, sound_message) = match media.sound {
            Ok(sound) => (Some(sound), None),
            Err(message) => (None, Some(message)),
        };
        let mut document = Document::with_history(kept.project, kept.history);
        // From here on the journal hears of every step.
        document.take_events();
        Self {
            folder: kept.folder,
            board,
            document,
            revision: 1,
            sound,
            sound_message,
            targets: Targets::new(&media.identity.reference),
            identity: media.identity,
            poses,
            poses_of: 1,
            changes: Vec::new(),
            saved: None,
            keeping: Keeping::new(kept.keeper, kept.read_only, wake),
            media_of: media.wanted,
        }
    }

    /// Takes in sound and identity that were found anew; the poses are made for them.
    pub fn take_media(&mut self, media: LoadedMedia) {
        self.media_of = media.wanted;
        (self.sound, self.sound_message) = match media.sound {
            Ok(sound) => (Some(sound), None),
            Err(message) => (None, Some(message)),
        };
        self.targets = Targets::new(&media.identity.reference);
        self.identity = media.identity;
        self.revision += 1;
        self.changes.push((self.revision, None));
    }

    /// Hands what happened to the document over to the journal. To be called after every change.
    pub fn journal(&mut self) {
        let events = self.document.take_events();
        if let Some(recorder) = self.keeping.recorder()
            && !events.is_empty()
        {
            recorder.push(events);
        }
    }

    pub fn project(&self) -> &Project {
        self.document.project()
    }

    pub fn length(&self) -> Seconds {
        self.project().length()
    }

    /// To be called after the document has changed from `before`: derives what is shown and notes what to draw anew.
    pub fn changed_from(&mut self, before: &Project) {
        let Some(difference) = Transaction::between("", before, self.document.project(), Default::default()) else {
            return;
        };
        self.revision += 1;
        self.changes.push((self.revision, difference.touched()));
        self.board = Board::new(self.document.project());
    }

    /// Everything that changed since the poses in hand; `None` for the whole project. Empty when nothing did.
    pub fn stale(&self) -> Option<Option<TimeRange>> {
        let mut all: Option<TimeRange> = None;
        for (_, range) in &self.changes {
            match range {
                None => return Some(None),
                Some(r) => all = Some(all.map_or(*r, |a| TimeRange::new(a.start.min(r.start), a.end.max(r.end)))),
            }
        }
        all.map(Some)
    }

    /// Takes in poses made from the document at `revision`.
    pub fn take_poses(&mut self, revision: u64, poses: Arc<PoseSequence>) {
        if revision >= self.poses_of {
            self.poses = poses;
            self.poses_of = revision;
            self.changes.retain(|(r, _)| *r > revision);
        }
    }

    /// The frame on screen at a time.
    pub fn frame_at(&self, time: Seconds) -> FrameIndex {
        let index = self.poses.fps.frame_at(time).0;
        FrameIndex(index.min(u32::try_from(self.poses.frames.len().saturating_sub(1)).unwrap_or(u32::MAX)))
    }

    pub fn pose_at(&self, time: Seconds) -> Option<&PoseFrame> {
        self.poses.frames.get(self.frame_at(time).0 as usize)
    }

    /// Time of the selected keys from first to last sound.
    pub fn selected_range(&self) -> Option<TimeRange> {
        let keys = self.document.selection.keys.iter().filter_map(|id| self.project().key(*id));
        keys.map(|k| k.sound()).reduce(|a, b| TimeRange::new(a.start.min(b.start), a.end.max(b.end)))
    }
}
