//! "Slow this passage": a stretch of the project's sound is made longer with its pitch kept.
//!
//! The result is a new WAV file in the project's `media` folder, named after its content, and the edit that puts it in
//! the place of the sound and moves every time along. The old file stays, so that the edit can be undone. Samples
//! outside the passage are those of before, to the 16 bits of the file.

use crate::document::edit::Edit;
use crate::document::{MediaRef, Project, Slowed, Sound, file};
use crate::media::stretch::stretch_range;
use crate::media::{self, AudioBuffer};
use crate::progress::Progress;
use crate::time::{Seconds, TimeRange};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Letters of the content's hash in the name of the file.
const NAME_DIGITS: usize = 16;

/// Which passage is to be slowed, and by how much.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SlowRequest {
    pub range: TimeRange,
    /// 0.5 to 1: half the speed makes the passage twice as long.
    pub speed: f64,
}

/// A slowed passage: the edit, and the sound that belongs to it.
#[derive(Clone, Debug)]
pub struct SlowedSound {
    pub edit: Edit,
    pub passage: Slowed,
    pub sound: Arc<AudioBuffer>,
    pub hash: String,
}

/// Why a passage was not slowed. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum SlowError {
    #[error("the passage from {from} to {to} holds nothing of a sound that lasts {length}")]
    EmptyRange { from: Seconds, to: Seconds, length: Seconds },
    #[error("a passage is played at 0.5 to 0.95 of its speed, not at {0}")]
    BadSpeed(f64),
    #[error("the passage is too short to be slowed; choose one that lasts two frames or more")]
    TooShort,
    #[error("the sound file is missing; put it back or choose it again: {0}")]
    MissingMedia(PathBuf),
    #[error("the new sound cannot be written ({source}); check that the disk has room: {path}")]
    Folder { source: std::io::Error, path: PathBuf },
    #[error("stopped before it was done; nothing was changed")]
    Cancelled,
}

impl SlowError {
    /// True for what the user brought or asked for.
    pub fn is_bad_input(&self) -> bool {
        matches!(self, Self::EmptyRange { .. } | Self::BadSpeed(_) | Self::TooShort | Self::MissingMedia(_))
    }
}

impl SlowRequest {
    /// The passage that this comes to within a project: cut to the sound, longer by whole frames.
    ///
    /// # Errors
    /// An empty range, a speed out of range, a passage too short for one more frame.
    pub fn passage(&self, project: &Project) -> Result<Slowed, SlowError> {
        let length = project.sound.length;
        let TimeRange { start: from, end: to } = self.range;
        if !(0.5..=0.95).contains(&self.speed) {
            return Err(SlowError::BadSpeed(self.speed));
        }
        let finite = from.0.is_finite() && to.0.is_finite();
        let range = TimeRange { start: from.max(Seconds::ZERO), end: to.min(length) };
        if !finite || range.end <= range.start {
            return Err(SlowError::EmptyRange { from, to, length });
        }
        Slowed::at_speed(range, self.speed, project.settings.fps).ok_or(SlowError::TooShort)
    }
}

/// Slows a passage of the sound of the project in `folder`. The project itself is not changed.
pub fn slow(
    folder: &Path,
    project: &Project,
    request: &SlowRequest,
    progress: &dyn Progress,
) -> anyhow::Result<SlowedSound> {
    let passage = request.passage(project)?;
    let path = file::find_media(folder, &project.sound.media)
        .ok_or_else(|| SlowError::MissingMedia(folder.join(&project.sound.media.path)))?;
    let sound = media::decode_audio(&path, progress)?;
    let slowed = stretched(&sound, passage, progress).ok_or(SlowError::Cancelled)?;
    let (path, hash) = write(folder, &slowed)?;
    let origin = project.sound.origin.clone();
    let media: MediaRef = file::media_ref(folder, &path, hash.clone());
    // A reading of the file must give the same length to the sample.
    let source = project.sound.source.clone().or_else(|| Some(project.sound.media.clone()));
    let new = Sound { media, source, origin, length: slowed.duration() };
    let edit = Edit::SlowPassage { passage, sound: Box::new(new) };
    Ok(SlowedSound { edit, passage, sound: Arc::new(slowed), hash })
}

/// The sound with the passage stretched; `None` when cancelled.
fn stretched(sound: &AudioBuffer, passage: Slowed, progress: &dyn Progress) -> Option<AudioBuffer> {
    let channels = usize::from(sound.channels.max(1));
    let frames = sound.frames();
    let from = passage.range.start.sample_at(sound.rate).min(frames);
    let to = passage.range.end.sample_at(sound.rate).clamp(from, frames);
    let longer = passage.added().sample_at(sound.rate);
    let new = stretch_range(sound, from, to, to - from + longer, progress)?;
    let samples = [&sound.samples[..from * channels], &new, &sound.samples[to * channels..]].concat();
    Some(AudioBuffer { samples, ..sound.clone() })
}

/// Writes the sound into the project's `media` folder under the hash of its content; gives path and hash.
fn write(folder: &Path, sound: &AudioBuffer) -> anyhow::Result<(PathBuf, String)> {
    let media_folder = folder.join("media");
    std::fs::create_dir_all(&media_folder)
        .map_err(|source| SlowError::Folder { source, path: media_folder.clone() })?;
    let draft = tempfile::Builder::new()
        .prefix(".slowed-")
        .suffix(".wav")
        .tempfile_in(&media_folder)
        .map_err(|source| SlowError::Folder { source, path: media_folder.clone() })?
        .into_temp_path();
    media::write_wav(&draft, sound.rate, sound.channels, &sound.samples)?;
    let hash = media::content_hash(&draft)?;
    let path = media_folder.join(format!("slowed-{}.wav", hash.get(..NAME_DIGITS).unwrap_or(&hash)));
    // The same passage slowed the same way is the same file: whichever stands there already is as good.
    draft.persist(&path).map_err(|e| SlowError::Folder { source: e.error, path: path.clone() })?;
    // The name reaches the disk with its folder; some file systems cannot sync folders.
    #[cfg(unix)]
    if let Ok(folder) = std::fs::File::open(&media_folder) {
        let _ = folder.sync_all();
    }
    Ok((path, hash))
}
