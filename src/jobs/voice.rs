//! Listening to the voice of a project: which words it stresses, and how lively its phrases are.

use super::analysis::pitch_of;
use super::runner::{Job, Wake};
use super::slow::SlowError;
use crate::document::{Project, file};
use crate::language::WordKind;
use crate::media::{self, AudioBuffer, resample};
use crate::pose::expression::Voice;
use crate::progress::Progress;
use crate::speech::pitch;
use crate::speech::prosody::{self, SpokenWord};
use std::path::Path;
use std::sync::Arc;

/// The words of a project as they sound.
pub fn spoken_words(project: &Project) -> Vec<SpokenWord> {
    let times = project.word_times();
    let mut after_break = false;
    let mut out = Vec::new();
    for (word, time) in project.tiers.utterance.words.iter().zip(times) {
        let sounds = word.syllables().iter().map(|s| s.phones.len()).sum();
        match time {
            Some(range) if sounds > 0 => {
                out.push(SpokenWord { range, sounds, after_break });
                after_break = false;
            }
            _ => after_break |= word.kind == WordKind::Break,
        }
    }
    out
}

/// Listens to a sound in which these words are spoken.
///
/// # Errors
/// When the work is cancelled.
pub fn listen(sound: &AudioBuffer, words: &[SpokenWord], progress: &dyn Progress) -> anyhow::Result<Voice> {
    let low = resample(&sound.mono(), sound.rate, pitch::RATE);
    let track = pitch_of(&low, progress)?;
    Ok(prosody::listen(&prosody::loudness(&low), &track, words))
}

/// Listens to the sound of the project in `folder`.
///
/// # Errors
/// A sound that is missing or cannot be read; when the work is cancelled.
pub fn listen_to_file(folder: &Path, project: &Project, progress: &dyn Progress) -> anyhow::Result<Voice> {
    let path = file::find_media(folder, &project.sound.media)
        .ok_or_else(|| SlowError::MissingMedia(folder.join(&project.sound.media.path)))?;
    listen(&media::decode_audio(&path, progress)?, &spoken_words(project), progress)
}

/// Starts listening.
pub fn start(sound: Arc<AudioBuffer>, words: Vec<SpokenWord>, title: &str, wake: Wake) -> Job<Voice> {
    Job::start(title, wake, move |progress| listen(&sound, &words, progress))
}
