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
}

pub fn run(args: &Args) -> Outcome {
    super::check_stretch(args.from, args.to)?;
    let folder = file::project_folder(&args.project);
    let project = file::load(&folder).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    let options = ExportOptions {
        height: args.size,
        fps: args.fps.map(Fps::whole),
        from: args.from.map(Seconds),
        to: args.to.map(Seconds),
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
