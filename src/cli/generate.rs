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
    let fps = poses.fps();
    eprintln!("{} frames at {} a second, seed {}", poses.frame_count(), fps.rate(), project.settings.seed);
    let Some(out) = &args.out else { return Ok(()) };
    let head = json!({
        "format": "coco-wholebody-133",
        "unit": "picture height",
        "fps": [fps.num, fps.den],
        "generator": args.generator,
        "seed": project.settings.seed,
        "frames": [],
    });
    // Frames are written one by one: those of hours would not fit into memory as text and values at once.
    let head = head.to_string();
    let (before, after) = head.split_once("[]").unwrap_or((&head, ""));
    let mut text = before.to_owned() + "[";
    for (i, f) in poses.chunks().flatten().enumerate() {
        let points: Vec<[f32; 3]> = f.points.iter().map(|p| [p.x, p.y, p.score]).collect();
        let frame =
            json!({ "points": points, "left_hand_z": f.hand_z[0].to_vec(), "right_hand_z": f.hand_z[1].to_vec() });
        if i > 0 {
            text.push(',');
        }
        text.push_str(&frame.to_string());
    }
    text.push(']');
    text.push_str(after);
    write_file(out, text.as_bytes())
}
