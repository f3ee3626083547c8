//! `cueloom masks`: motion masks of a project as pictures or video.

use super::{Bar, Failure, Outcome};
use crate::document::file;
use crate::jobs::masks::{self, MasksRequest};
use crate::pose::motion_mask::{Kind, Options, Outline};
use crate::time::Seconds;
use clap::builder::PossibleValuesParser;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Args {
    /// The project's folder.
    project: PathBuf,
    /// Folder to write to: pictures go to DIR/KIND/000000.png, videos to DIR/KIND.mp4.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Which masks; all by default. May be given more than once.
    #[arg(long, value_delimiter = ',', value_parser = PossibleValuesParser::new(Kind::ALL.map(Kind::name)))]
    kind: Vec<String>,
    /// Draw boxes, as MMGT does, or the convex hull of the points.
    #[arg(long, default_value = "box", value_parser = PossibleValuesParser::new(["box", "hull"]))]
    outline: String,
    /// Widen the masks by so many pixels.
    #[arg(long, default_value_t = 0.0, value_name = "PX")]
    dilate: f32,
    /// Soften their edges by so many pixels.
    #[arg(long, default_value_t = 0.0, value_name = "PX")]
    blur: f32,
    /// Height of the masks in pixels.
    #[arg(long, default_value_t = 512, value_parser = clap::value_parser!(u32).range(16..=2160))]
    size: u32,
    /// One video for each kind in place of pictures.
    #[arg(long)]
    video: bool,
    /// Begin at this second.
    #[arg(long, value_name = "S")]
    from: Option<f64>,
    /// End at this second.
    #[arg(long, value_name = "S")]
    to: Option<f64>,
}

pub fn run(args: &Args) -> Outcome {
    super::check_stretch(args.from, args.to)?;
    for (name, value) in [("--dilate", args.dilate), ("--blur", args.blur)] {
        if !(value.is_finite() && (0.0..=200.0).contains(&value)) {
            return Err(Failure::Arguments(anyhow::anyhow!("{name} is a number of pixels from 0 to 200")));
        }
    }
    let folder = file::project_folder(&args.project);
    let project = file::load(&folder).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    let named: Vec<Kind> = args.kind.iter().filter_map(|k| Kind::from_name(k)).collect();
    let request = MasksRequest {
        out: args.out.clone(),
        kinds: if named.is_empty() { Kind::ALL.to_vec() } else { named },
        options: Options {
            outline: if args.outline == "hull" { Outline::Hull } else { Outline::Box },
            dilate: args.dilate,
            blur: args.blur,
        },
        height: args.size,
        video: args.video,
        from: args.from.map(Seconds),
        to: args.to.map(Seconds),
    };
    let done = masks::export(&folder, &project, &request, &Bar::new()).map_err(Failure::from)?;
    eprintln!("{} frames, {}×{}, in {}", done.frames, done.width, done.height, args.out.display());
    Ok(())
}
