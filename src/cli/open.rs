//! `cueloom open`: the window.

use super::{Failure, Outcome};
use std::path::PathBuf;

#[derive(clap::Args, Default)]
pub struct Args {
    /// The project's folder; without one the studio starts empty.
    project: Option<PathBuf>,
    /// Save a picture of the window to this PNG file once it has settled, then close.
    #[arg(long, value_name = "FILE")]
    screenshot: Option<PathBuf>,
    /// Print how many milliseconds the start took, then close.
    #[arg(long, hide = true)]
    startup_probe: bool,
}

pub fn run(args: &Args) -> Outcome {
    let options = crate::app::StartOptions {
        project: args.project.clone(),
        screenshot: args.screenshot.clone(),
        startup_probe: args.startup_probe,
    };
    crate::app::run(options).map_err(Failure::Work)
}
