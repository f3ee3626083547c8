//! An open project: its document, what was loaded for it, and what the panels show of it.
//!
//! Loading runs in the background and gives all of it at once; a missing recording is no failure, the project opens
//! without its sound and says so.

use super::board::Board;
use crate::cueing::where_::Targets;
use crate::document::edit::Document;
use crate::document::history::Transaction;
use crate::document::{Project, file};
use crate::jobs::draft::{self, DraftRequest};
use crate::jobs::perform;
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
    pub folder: PathBuf,
    pub project: Project,
    /// The sound, or why there is none.
    pub sound: Result<LoadedSound, String>,
    pub identity: Arc<Identity>,
    pub poses: Arc<PoseSequence>,
}

/// Reads a project and all that belongs to it.
pub fn load(path: &Path, progress: &dyn Progress) -> anyhow::Result<Loaded> {
    progress.report("Reading the project", 0, 1);
    let folder = file::project_folder(path);
    let project = file::load(&folder)?;
    load_rest(folder, project, progress)
}

/// Makes a new project and loads it.
pub fn create(request: &DraftRequest, progress: &dyn Progress) -> anyhow::Result<Loaded> {
    let project = draft::create_project(request, progress)?;
    load_rest(request.folder.clone(), project, progress)
}

fn load_rest(folder: PathBuf, project: Project, progress: &dyn Progress) -> anyhow::Result<Loaded> {
    let identity = perform::identity(&folder, &project)?;
    let (sound, poses) = rayon::join(
        || load_sound(&folder, &project, progress),
        || perform::perform(&project, &identity.reference, project.settings.fps, "rules", progress),
    );
    Ok(Loaded { folder, project, sound, identity, poses: Arc::new(poses?) })
}

/// Decodes the sound of a project, or says why not.
pub fn load_sound(folder: &Path, project: &Project, progress: &dyn Progress) -> Result<LoadedSound, String> {
    let media = &project.sound.media;
    let Some(path) = file::find_media(folder, media) else {
        return Err(format!(
            "The recording is missing: the project opens without sound. Put the file back and open the project again: {}",
            folder.join(&media.path).display()
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
}

impl Opened {
    pub fn new(loaded: Loaded) -> Self {
        let board = Board::new(&loaded.project);
        let (sound, sound_message) = match loaded.sound {
            Ok(sound) => (Some(sound), None),
            Err(message) => (None, Some(message)),
        };
        Self {
            folder: loaded.folder,
            board,
            document: Document::new(loaded.project),
            revision: 1,
            sound,
            sound_message,
            targets: Targets::new(&loaded.identity.reference),
            identity: loaded.identity,
            poses: loaded.poses,
            poses_of: 1,
            changes: Vec::new(),
            saved: None,
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
