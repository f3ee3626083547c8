//! A project becomes a video with its sound.

use super::captions::Captions;
use super::perform;
use super::poses::Performer;
use crate::document::{Project, file};
use crate::media::encode::{EncodeOptions, Encoder};
use crate::media::{self, AudioBuffer};
use crate::progress::Progress;
use crate::render::blur::Moment;
use crate::render::overlay::Overlays;
use crate::render::watermark::Watermark;
use crate::render::{RenderOptions, Renderer};
use crate::time::{Fps, Seconds};
use rayon::prelude::*;
use std::path::{Path, PathBuf};

/// How a video is to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportOptions {
    /// Height of the picture in pixels; the width follows from the identity's picture.
    pub height: u32,
    /// `None`: the project's own.
    pub fps: Option<Fps>,
    /// Begin and end in the project's time.
    pub from: Option<Seconds>,
    pub to: Option<Seconds>,
    /// How long the shutter is open, in shares of a frame: 0 draws moments, 0.5 is a film camera.
    pub motion_blur: f32,
    /// The words said stand in the picture.
    pub captions: bool,
    /// The names of the keys stand in the picture.
    pub labels: bool,
}

impl Default for ExportOptions {
    fn default() -> Self {
        Self { height: 512, fps: None, from: None, to: None, motion_blur: 0.0, captions: false, labels: false }
    }
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exported {
    pub frames: usize,
    pub width: u32,
    pub height: u32,
    pub length: Seconds,
    /// Every frame is marked as a draft, because the person shown has not consented.
    pub marked: bool,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("the range from {from} to {to} holds nothing of a project that lasts {length}")]
    EmptyRange { from: Seconds, to: Seconds, length: Seconds },
    #[error("the sound file is missing; put it back or choose it again: {0}")]
    MissingMedia(PathBuf),
    #[error("stopped before it was done; no file was written")]
    Cancelled,
}

impl ExportError {
    /// True for what the user brought or asked for.
    pub fn is_bad_input(&self) -> bool {
        matches!(self, Self::EmptyRange { .. } | Self::MissingMedia(_))
    }
}

/// Renders a project and writes the video, whole or not at all.
pub fn export(
    folder: &Path,
    project: &Project,
    out: &Path,
    options: &ExportOptions,
    progress: &dyn Progress,
) -> anyhow::Result<Exported> {
    let fps = options.fps.unwrap_or(project.settings.fps);
    let from = options.from.unwrap_or_default().max(Seconds::ZERO);
    let to = options.to.unwrap_or(project.length()).min(project.length());
    if to <= from {
        return Err(ExportError::EmptyRange { from, to, length: project.length() }.into());
    }
    let sound_path = file::find_media(folder, &project.sound.media)
        .ok_or_else(|| ExportError::MissingMedia(folder.join(&project.sound.media.path)))?;
    let identity = perform::identity(folder, project)?;

    // Sound and poses need nothing of each other, and the adapter has opened by the time both are there.
    let adapter = std::thread::spawn(crate::render::gpu::shared);
    let (sound, performer) = rayon::join(
        || media::decode_audio(&sound_path, progress),
        || Performer::whole(folder, project, &identity.reference, fps, "rules"),
    );
    let (sound, performer) = (sound?, performer?);
    // Whether there is one is the renderer's business; waiting makes its choice the same in every run.
    let _ = adapter.join();
    let sound = cut(&sound, from, to);
    let first = fps.frame_at(from).0 as usize;
    let count = (fps.frame_count(to - from) as usize).min(performer.frame_count().saturating_sub(first));

    let marked = identity.lacks_consent();
    let render_options =
        RenderOptions { height: options.height, motion_blur: options.motion_blur, ..RenderOptions::default() };
    let aspect = identity.reference.aspect;
    let mut captions = Captions::of(project, fps, options.captions, options.labels);
    let renderer = Renderer::new(identity, &render_options)?;
    let (width, height) = renderer.size();
    let mark = marked.then(|| Watermark::new(width, height));
    let encode = EncodeOptions {
        width,
        height,
        fps,
        audio: Some((sound.rate, sound.channels)),
        metadata: vec![
            ("title".into(), project.title.clone()),
            ("comment".into(), "Drawn and animated by Cueloom; not a recording of a person.".into()),
        ],
    };
    let mut encoder = Encoder::create(out, encode)?;
    encoder.push_audio(&sound.samples)?;
    // Whole frames side by side: a frame has stretches that only one core can work on.
    let batch = rayon::current_num_threads().max(2) * 2;
    let mut pictures = vec![Vec::new(); batch];
    let mut done = 0;
    while done < count {
        if progress.cancelled() {
            return Err(ExportError::Cancelled.into());
        }
        // Poses are made as they are drawn: hours of them would not fit into memory.
        let range = first + done..first + (done + batch).min(count);
        // One frame more on each side, for what moves while the shutter is open.
        let before = usize::from(range.start > 0);
        let poses = performer.frames(range.start - before..range.end + 1);
        let overlays: Vec<Overlays> = match captions.is_empty() {
            true => vec![Overlays::default(); range.len()],
            false => range.clone().map(|frame| captions.overlays(&performer, aspect, frame)).collect(),
        };
        let drawn = range.len();
        pictures.par_iter_mut().zip(&overlays).enumerate().for_each(|(i, (picture, overlays))| {
            let at = i + before;
            let Some(pose) = poses.get(at) else { return };
            if options.motion_blur > 0.0 {
                let moment =
                    Moment { before: at.checked_sub(1).and_then(|b| poses.get(b)), pose, after: poses.get(at + 1) };
                renderer.render_moment_into(&moment, overlays, picture);
            } else {
                renderer.render_over_into(pose, overlays, picture);
            }
            if let Some(mark) = &mark {
                mark.draw(picture);
            }
        });
        for picture in &pictures[..drawn] {
            encoder.push_frame(picture)?;
        }
        done += drawn;
        progress.report("Rendering", done, count);
    }
    encoder.finish()?;
    Ok(Exported { frames: count, width, height, length: Seconds(count as f64 / fps.rate()), marked })
}

/// The stretch `from..to` of a sound; silence where it has none.
fn cut(sound: &AudioBuffer, from: Seconds, to: Seconds) -> AudioBuffer {
    let channels = usize::from(sound.channels.max(1));
    let (a, b) = (from.sample_at(sound.rate) * channels, to.sample_at(sound.rate) * channels);
    let mut samples: Vec<f32> =
        sound.samples.get(a.min(sound.samples.len())..b.min(sound.samples.len())).unwrap_or(&[]).to_vec();
    samples.resize(b - a, 0.0);
    AudioBuffer { samples, ..sound.clone() }
}
