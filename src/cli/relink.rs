//! `cueloom relink`: the recording or the identity of a project is now here.

use super::{Failure, Outcome};
use crate::document::file;
use crate::jobs::{open, relink};
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Args {
    /// The project's folder.
    project: PathBuf,
    /// The sound or video file, or the folder of the identity; without one the recording is searched in and around the
    /// project's folder.
    file: Option<PathBuf>,
    /// Take the file even if it is not the same recording.
    #[arg(long)]
    force: bool,
}

pub fn run(args: &Args) -> Outcome {
    let folder = file::project_folder(&args.project);
    let project = file::load(&folder).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    let path = match args.file.clone().or_else(|| relink::search(&folder, &project)) {
        Some(path) => path,
        None => {
            let name = project.sound.media.path.rsplit('/').next().unwrap_or_default();
            return Err(Failure::Input(anyhow::anyhow!("\"{name}\" is not near the project; name the file")));
        }
    };
    let found = relink::relink(&folder, &project, &path).map_err(Failure::from)?;
    if let Some(different) = &found.different {
        if !args.force {
            return Err(Failure::Input(anyhow::anyhow!("{different} Use --force to take it all the same.")));
        }
        eprintln!("note: {different}");
    }
    open::edit_and_save(&folder, &found.edit).map_err(Failure::from)?;
    eprintln!("found: {}", found.found.join(", "));
    Ok(())
}
