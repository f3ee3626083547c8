//! `cueloom generate`: the poses of a project.

use super::{Bar, Failure, Outcome, write_file};
use crate::document::edit::Edit;
use crate::document::{Settings, file};
use crate::jobs::{open, perform};
use serde_json::json;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Args {
    /// The project's folder.
    project: PathBuf,
    /// What makes the poses.
    #[arg(long, default_value = "rules", value_parser = clap::builder::PossibleValuesParser::new(perform::GENERATORS))]
    generator: String,
    /// Seed of everything random; the project's own by default, and kept in the project when given.
    #[arg(long)]
    seed: Option<u64>,
    /// Also write the poses as JSON: COCO-WholeBody-133 points (x, y, score) a frame, and the depth of the hands.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub fn run(args: &Args) -> Outcome {
    let folder = file::project_folder(&args.project);
    let mut project = file::load(&folder).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    if let Some(seed) = args.seed
        && seed != project.settings.seed
    {
        let settings = Settings { seed, ..project.settings.clone() };
        let edit = Edit::SetSettings(Box::new(settings));
        project = open::edit_and_save(&folder, &edit).map_err(Failure::from)?;
    }
    let poses = perform::perform_and_cache(&folder, &project, &args.generator, &Bar::new()).map_err(Failure::from)?;
    eprintln!("{} frames at {} a second, seed {}", poses.frames.len(), poses.fps.rate(), project.settings.seed);
    let Some(out) = &args.out else { return Ok(()) };
    let frames: Vec<_> = poses
        .frames
        .iter()
        .map(|f| {
            let points: Vec<[f32; 3]> = f.points.iter().map(|p| [p.x, p.y, p.score]).collect();
            json!({ "points": points, "left_hand_z": f.hand_z[0].to_vec(), "right_hand_z": f.hand_z[1].to_vec() })
        })
        .collect();
    let value = json!({
        "format": "coco-wholebody-133",
        "unit": "picture height",
        "fps": [poses.fps.num, poses.fps.den],
        "generator": args.generator,
        "seed": project.settings.seed,
        "frames": frames,
    });
    write_file(out, value.to_string().as_bytes())
}
