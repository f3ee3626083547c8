//! `cueloom slow`: a passage of a project is slowed, its pitch kept.

use super::{Bar, Failure, Outcome};
use crate::document::edit::Document;
use crate::document::file;
use crate::jobs::slow::{SlowRequest, slow};
use crate::time::{Seconds, TimeRange};
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Args {
    /// The project's folder.
    project: PathBuf,
    /// Where the passage begins, in seconds.
    #[arg(long, value_name = "SECONDS")]
    from: f64,
    /// Where it ends, in seconds.
    #[arg(long, value_name = "SECONDS")]
    to: f64,
    /// Speed of the passage, 0.5 to 0.95: 0.5 makes it twice as long.
    #[arg(long, value_name = "SPEED")]
    factor: f64,
}

pub fn run(args: &Args) -> Outcome {
    let folder = file::project_folder(&args.project);
    let project = file::load(&folder).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    // Not `TimeRange::new`: a begin behind the end is a mistake to be told.
    let range = TimeRange { start: Seconds(args.from), end: Seconds(args.to) };
    let request = SlowRequest { range, speed: args.factor };
    let slowed = slow(&folder, &project, &request, &Bar::new()).map_err(Failure::from)?;
    let mut document = Document::new(project);
    document.apply(&slowed.edit).map_err(|e| Failure::Work(e.into()))?;
    let project = document.project();
    file::save(&folder, project).map_err(|e| Failure::Work(e.into()))?;
    eprintln!(
        "{} longer, {:.1} keys a second in the passage; the sound is {}",
        slowed.passage.added(),
        project.keys_per_second_in(slowed.passage.after()),
        project.sound.media.path,
    );
    Ok(())
}
