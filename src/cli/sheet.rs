//! `cueloom sheet`: every key of a project as a picture, on one page.

use super::{Bar, Failure, Outcome};
use crate::document::file;
use crate::jobs::sheet;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Args {
    /// The project's folder.
    project: PathBuf,
    /// The picture to write: .png or .jpg.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Height of one picture in pixels.
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u32).range(64..=1024))]
    size: u32,
}

pub fn run(args: &Args) -> Outcome {
    let folder = file::project_folder(&args.project);
    let project = file::load(&folder).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    let count = sheet::write(&folder, &project, args.size, &args.out, &Bar::new()).map_err(Failure::from)?;
    eprintln!("{count} of {} keys in {}", project.tiers.keys.len(), args.out.display());
    Ok(())
}
