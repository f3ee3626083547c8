//! Motion masks of a project, as pictures or as video.

use super::perform;
use super::poses::Performer;
use crate::document::Project;
use crate::media::encode::{EncodeOptions, Encoder};
use crate::pose::motion_mask::{Coverage, Kind, Options, motion_mask};
use crate::progress::Progress;
use crate::time::Seconds;
use anyhow::Context as _;
use rayon::prelude::*;
use std::path::{Path, PathBuf};

/// What is to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct MasksRequest {
    /// Pictures go to `OUT/KIND/000000.png`, videos to `OUT/KIND.mp4`.
    pub out: PathBuf,
    pub kinds: Vec<Kind>,
    /// Dilation and blur are pixels of the masks written.
    pub options: Options,
    /// Height of the masks in pixels; the width follows from the identity's picture.
    pub height: u32,
    pub video: bool,
    pub from: Option<Seconds>,
    pub to: Option<Seconds>,
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MasksWritten {
    pub frames: usize,
    pub width: usize,
    pub height: usize,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum MasksError {
    #[error("the range from {from} to {to} holds nothing of a project that lasts {length}")]
    EmptyRange { from: Seconds, to: Seconds, length: Seconds },
    #[error("choose at least one kind of mask")]
    NoKind,
    #[error("there are other files in this folder; choose another one or empty it: {0}")]
    Occupied(PathBuf),
    #[error("stopped before it was done")]
    Cancelled,
}

impl MasksError {
    /// True for what the user brought or asked for.
    pub fn is_bad_input(&self) -> bool {
        !matches!(self, Self::Cancelled)
    }
}

/// Writes the motion masks of a project. Pictures that stand already are written anew; other files are left alone.
pub fn export(
    folder: &Path,
    project: &Project,
    request: &MasksRequest,
    progress: &dyn Progress,
) -> anyhow::Result<MasksWritten> {
    if request.kinds.is_empty() {
        return Err(MasksError::NoKind.into());
    }
    let fps = project.settings.fps;
    let from = request.from.unwrap_or_default().max(Seconds::ZERO);
    let to = request.to.unwrap_or(project.length()).min(project.length());
    if to <= from {
        return Err(MasksError::EmptyRange { from, to, length: project.length() }.into());
    }
    let identity = perform::identity(folder, project)?;
    let aspect = identity.reference.aspect;
    let performer = Performer::whole(folder, project, &identity.reference, fps, "rules")?;
    let first = fps.frame_at(from).0 as usize;
    let count = (fps.frame_count(to - from) as usize).min(performer.frame_count().saturating_sub(first));
    let height = request.height.clamp(16, 4320) as usize;
    let width = ((height as f32 * aspect).round() as usize).clamp(16, 8192);
    std::fs::create_dir_all(&request.out)
        .with_context(|| format!("cannot make the folder: {}", request.out.display()))?;
    let total = count * request.kinds.len();
    let mut done = 0;
    for &kind in &request.kinds {
        let mut sink = if request.video {
            let options = EncodeOptions { width: width as u32, height: height as u32, fps, ..Default::default() };
            Sink::Video(Box::new(Encoder::create(&request.out.join(format!("{}.mp4", kind.name())), options)?))
        } else {
            Sink::pictures(request.out.join(kind.name()), count)?
        };
        let size = rayon::current_num_threads().max(2) * 4;
        for from in (0..count).step_by(size) {
            if progress.cancelled() {
                return Err(MasksError::Cancelled.into());
            }
            let batch = performer.frames(first + from..first + (from + size).min(count));
            let masks: Vec<Coverage> =
                batch.par_iter().map(|f| motion_mask(f, aspect, kind, &request.options, width, height)).collect();
            for mask in &masks {
                sink.push(mask)?;
            }
            done += masks.len();
            progress.report("Writing masks", done, total);
        }
        sink.finish()?;
    }
    Ok(MasksWritten { frames: count, width, height })
}

enum Sink {
    Video(Box<Encoder>),
    Pictures { folder: PathBuf, next: usize },
}

fn picture_name(i: usize) -> String {
    format!("{i:06}.png")
}

impl Sink {
    /// A folder for `count` pictures that holds nothing else.
    fn pictures(folder: PathBuf, count: usize) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make the folder: {}", folder.display()))?;
        let ours: std::collections::HashSet<String> = (0..count).map(picture_name).collect();
        let others = std::fs::read_dir(&folder)
            .with_context(|| format!("cannot look into the folder: {}", folder.display()))?
            .flatten()
            .any(|e| !ours.contains(e.file_name().to_string_lossy().as_ref()));
        if others { Err(MasksError::Occupied(folder).into()) } else { Ok(Self::Pictures { folder, next: 0 }) }
    }

    fn push(&mut self, mask: &Coverage) -> anyhow::Result<()> {
        let bytes = mask.bytes();
        match self {
            Self::Video(encoder) => {
                let rgba: Vec<u8> = bytes.iter().flat_map(|v| [*v, *v, *v, 255]).collect();
                encoder.push_frame(&rgba)?;
            }
            Self::Pictures { folder, next } => {
                let path = folder.join(picture_name(*next));
                *next += 1;
                let (width, height) = (mask.width as u32, mask.height as u32);
                let mut png = Vec::new();
                let writer = image::codecs::png::PngEncoder::new(&mut png);
                image::ImageEncoder::write_image(writer, &bytes, width, height, image::ExtendedColorType::L8)?;
                std::fs::write(&path, &png).with_context(|| format!("cannot write the mask: {}", path.display()))?;
            }
        }
        Ok(())
    }

    fn finish(self) -> anyhow::Result<()> {
        if let Self::Video(encoder) = self {
            encoder.finish()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    #[test]
    fn masks_are_written_and_other_files_are_left_alone() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("projects/mandarin");
        let project = crate::document::file::load(&folder).expect("the sample");
        let dir = tempfile::tempdir().expect("a folder");
        let mut request = MasksRequest {
            out: dir.path().join("masks"),
            kinds: Kind::ALL.to_vec(),
            options: Options { dilate: 2.0, blur: 1.0, ..Options::default() },
            height: 64,
            video: false,
            from: Some(Seconds(1.0)),
            to: Some(Seconds(1.2)),
        };
        let done = export(&folder, &project, &request, &Silent).expect("written");
        assert_eq!((done.frames, done.height), (5, 64));
        let open = |kind: Kind| {
            let path = request.out.join(kind.name()).join(picture_name(4));
            image::open(path).expect("a picture").into_luma8().into_raw()
        };
        let (a, b) = (open(Kind::FaceAndHands), open(Kind::Background));
        assert!(a.iter().zip(&b).all(|(a, b)| (i32::from(*a) + i32::from(*b) - 255).abs() <= 1));
        let lips = open(Kind::Lips);
        assert!(lips.iter().any(|v| *v > 200) && lips.iter().filter(|v| **v > 0).count() < lips.len() / 10);
        // Once more is fine; a shorter stretch would leave older pictures among the new ones.
        export(&folder, &project, &request, &Silent).expect("written again");
        request.to = Some(Seconds(1.1));
        let error = export(&folder, &project, &request, &Silent).expect_err("occupied");
        assert!(error.to_string().contains("other files") && crate::jobs::is_bad_input(&error));
        request.video = true;
        request.kinds = vec![Kind::Lips];
        export(&folder, &project, &request, &Silent).expect("a video");
        let info = crate::media::probe(&request.out.join("lips.mp4")).expect("a video");
        assert!(info.duration.0 > 0.08 && info.duration.0 < 0.25);
        request.from = Some(Seconds(900.0));
        assert!(export(&folder, &project, &request, &Silent).is_err());
    }
}
