//! `cueloom render`: a project becomes a video with sound.

use super::{Bar, Failure, Outcome};
use crate::document::file;
use crate::jobs::export::{self, ExportOptions};
use crate::time::{Fps, Seconds};
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Args {
    /// The project's folder.
    project: PathBuf,
    /// The video to write: .mp4 (H.264 and AAC) or .webm (VP9 and Opus).
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Height of the picture in pixels.
    #[arg(long, default_value_t = 512, value_parser = clap::value_parser!(u32).range(64..=2160))]
    size: u32,
    /// Frames a second; the project's own by default.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=120))]
    fps: Option<u32>,
    /// Begin at this second.
    #[arg(long, value_name = "S")]
    from: Option<f64>,
    /// End at this second.
    #[arg(long, value_name = "S")]
    to: Option<f64>,
    /// Motion blur: how long the shutter is open, in shares of a frame (0-1); 0.5 is a film camera.
    #[arg(long, value_name = "SHUTTER", default_value_t = 0.0)]
    motion_blur: f32,
    /// The words said stand in the picture, clear of face and hand.
    #[arg(long)]
    captions: bool,
    /// The name of each key stands in the picture while it sounds.
    #[arg(long)]
    labels: bool,
}

pub fn run(args: &Args) -> Outcome {
    super::check_stretch(args.from, args.to)?;
    if !(0.0..=1.0).contains(&args.motion_blur) {
        return Err(Failure::Arguments(anyhow::anyhow!("--motion-blur is a share of a frame between 0 and 1")));
    }
    let folder = file::project_folder(&args.project);
    let project = file::load(&folder).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    let options = ExportOptions {
        height: args.size,
        fps: args.fps.map(Fps::whole),
        from: args.from.map(Seconds),
        to: args.to.map(Seconds),
        motion_blur: args.motion_blur,
        captions: args.captions,
        labels: args.labels,
    };
    let done = export::export(&folder, &project, &args.out, &options, &Bar::new()).map_err(Failure::from)?;
    eprintln!(
        "{} frames, {}×{}, {} in {}",
        done.frames,
        done.width,
        done.height,
        done.length.timecode(),
        args.out.display()
    );
    if done.marked {
        eprintln!(
            "note: no consent of the person shown is recorded, so every frame says that it is a draft; record it with \
             \"cueloom identity consent\""
        );
    }
    Ok(())
}
