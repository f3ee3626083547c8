//! An open project: its document, what was loaded for it, and what the panels show of it.
//!
//! Loading runs in the background and gives all of it at once; a missing recording is no failure, the project opens
//! without its sound and says so.

use super::board::Board;
use super::i18n::later_with;
use super::keeping::Keeping;
use super::problems;
use crate::cueing::where_::Targets;
use crate::document::edit::Document;
use crate::document::marks::MarkId;
use crate::document::open::Change;
use crate::document::store::lock::Holder;
use crate::document::store::{Choice, Unsaved};
use crate::document::{MediaRef, Project, file};
use crate::jobs::draft::{self, DraftRequest};
use crate::jobs::identities;
use crate::jobs::open::{self, Access, Kept, Outcome};
use crate::jobs::perform;
use crate::jobs::poses::PoseStore;
use crate::jobs::runner::Wake;
use crate::media::peaks::Peaks;
use crate::media::{self, AudioBuffer};
use crate::pose::PoseFrame;
use crate::progress::Progress;
use crate::render::identity::Identity;
use crate::time::{FrameIndex, Seconds, TimeRange};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A sound longer than this is read while the project is open already.
const LONG_SOUND: Seconds = Seconds(120.0);

/// The sound of a project, ready to play and to draw.
pub struct LoadedSound {
    pub buffer: Arc<AudioBuffer>,
    pub peaks: Peaks,
}

/// A project read from disk with everything the window needs.
pub struct Loaded {
    pub kept: Kept,
    pub media: LoadedMedia,
    /// For the worker that makes the picture.
    pub copy: Option<Box<Project>>,
}

/// What a project refers to, as it was found.
pub struct LoadedMedia {
    /// What was asked for: sound and name of the identity.
    pub wanted: (MediaRef, String),
    /// The sound, or why there is none. `None` for a long one that is still to be read: the project opens without it.
    pub sound: Option<Result<LoadedSound, String>>,
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
///
/// `person` is the folder of somebody of the library, who is copied into the project and cues there.
pub fn create(mut request: DraftRequest, person: Option<&Path>, progress: &dyn Progress) -> anyhow::Result<Answer> {
    let own = request.folder.join(identities::FOLDER);
    let was_there = (request.folder.exists(), own.exists());
    if let Some(person) = person {
        request.identity = identities::install(&Identity::load(person)?, &request.folder)?;
    }
    if let Err(error) = draft::create_project(&request, progress) {
        // Nothing stands there when it fails.
        if person.is_some() && !was_there.1 {
            let _ = std::fs::remove_dir_all(&own);
        }
        if !was_there.0 {
            let _ = std::fs::remove_dir(&request.folder);
        }
        return Err(error);
    }
    load(&request.folder, Access::Edit(Choice::Ask), progress)
}

fn load_rest(kept: Kept, progress: &dyn Progress) -> anyhow::Result<Answer> {
    let (identity, identity_message) = load_identity(&kept.folder, &kept.project)?;
    // Hours of sound take a while to decode; nobody waits for them to see the cues.
    let long = kept.project.sound.length > LONG_SOUND;
    let sound = (!long).then(|| load_sound(&kept.folder, &kept.project, progress));
    let copy = Some(Box::new(kept.project.clone()));
    let wanted = (kept.project.sound.media.clone(), kept.project.identity.clone());
    let media = LoadedMedia { wanted, sound, identity, identity_message };
    Ok(Answer::Loaded(Box::new(Loaded { kept, media, copy })))
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
    let sound = Some(load_sound(folder, project, progress));
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
    /// The stretches of poses that were looked at last.
    pub poses: Arc<PoseStore>,
    /// When the project last reached the disk in this session.
    pub saved: Option<String>,
    /// Journal, lock, and whether anything may be changed.
    pub keeping: Keeping,
    /// What sound and identity were loaded for; `None` while the sound is still to be read.
    pub media_of: Option<(MediaRef, String)>,
}

/// The sound, and why there is none.
fn apart(sound: Option<Result<LoadedSound, String>>) -> (Option<LoadedSound>, Option<String>) {
    match sound {
        Some(Ok(sound)) => (Some(sound), None),
        Some(Err(message)) => (None, Some(message)),
        None => (None, None),
    }
}

impl Opened {
    pub fn new(loaded: Loaded, wake: Wake) -> Self {
        let Loaded { kept, media, .. } = loaded;
        let board = Board::new(&kept.project);
        let media_of = media.sound.is_some().then_some(media.wanted);
        let (sound, sound_message) = apart(media.sound);
        let poses = Arc::new(PoseStore::of(&kept.project));
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
            saved: None,
            keeping: Keeping::new(kept.keeper, kept.read_only, wake),
            media_of,
        }
    }

    /// Takes in sound and identity that were found anew; the poses are made for them.
    pub fn take_media(&mut self, media: LoadedMedia) {
        let same_person = self.media_of.as_ref().is_none_or(|(_, identity)| *identity == media.wanted.1);
        let first = self.media_of.replace(media.wanted).is_none();
        (self.sound, self.sound_message) = apart(media.sound);
        if first && same_person {
            // Only the sound was still to be read.
            return;
        }
        self.targets = Targets::new(&media.identity.reference);
        self.identity = media.identity;
        self.revision += 1;
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

    /// To be called after the document may have changed: what is shown follows. Gives what happened, for others that
    /// follow the document.
    pub fn changed(&mut self) -> Vec<Change> {
        let changes = self.document.take_changes();
        if !changes.is_empty() {
            self.revision += 1;
            self.board.follow(self.document.project(), &changes);
        }
        changes
    }

    /// Takes in which tracked poses cannot be had, and why.
    pub fn take_lost(&mut self, lost: &[(MarkId, String)]) {
        self.board.take_lost(problems::of_lost(self.document.project(), lost));
    }

    /// The frame on screen at a time.
    pub fn frame_at(&self, time: Seconds) -> FrameIndex {
        let fps = self.project().settings.fps;
        let count = fps.frame_count(self.project().length());
        FrameIndex(fps.frame_at(time).0.min(count.saturating_sub(1)))
    }

    /// The pose on screen at a time; `None` until the worker has made it. Stretches: [`PoseStore::poses_in`].
    pub fn pose_at(&self, time: Seconds) -> Option<PoseFrame> {
        self.poses.pose_at(time)
    }

    /// Poses within `reach` of a time that have been made, with their distance from it in seconds, in order of time.
    pub fn poses_around(&self, time: Seconds, reach: Seconds) -> Vec<(f64, PoseFrame)> {
        let fps = self.project().settings.fps;
        let range = TimeRange::new((time - reach).max(Seconds::ZERO), time + reach);
        let poses = self.poses.poses_in(range);
        poses.into_iter().map(|(frame, pose)| ((fps.time_of(frame) - time).0, pose)).collect()
    }

    /// Time of the selected keys from first to last sound.
    pub fn selected_range(&self) -> Option<TimeRange> {
        let keys = self.document.selection.keys.iter().filter_map(|id| self.document.key_index(*id));
        keys.map(|i| &self.project().tiers.keys[i])
            .map(|k| k.sound())
            .reduce(|a, b| TimeRange::new(a.start.min(b.start), a.end.max(b.end)))
    }
}
