//! `cueloom open`: the window.

use super::{Failure, Outcome};
use crate::cueing::gloss::UiLanguage;
use std::path::PathBuf;

#[derive(clap::Args, Default)]
pub struct Args {
    /// The project's folder; without one the studio starts empty.
    project: Option<PathBuf>,
    /// Save a picture of the window to this PNG file once it has settled, then close.
    #[arg(long, value_name = "FILE")]
    screenshot: Option<PathBuf>,
    /// The language of the interface: en, zh or fr.
    #[arg(long, hide = true, value_name = "LANGUAGE", value_parser = interface_language)]
    language: Option<UiLanguage>,
    /// Print how many milliseconds the start took, then close.
    #[arg(long, hide = true)]
    startup_probe: bool,
}

fn interface_language(code: &str) -> Result<UiLanguage, String> {
    match code {
        "en" => Ok(UiLanguage::English),
        "zh" => Ok(UiLanguage::Chinese),
        "fr" => Ok(UiLanguage::French),
        _ => Err("the interface speaks en, zh and fr".into()),
    }
}

pub fn run(args: &Args) -> Outcome {
    let options = crate::app::StartOptions {
        project: args.project.clone(),
        screenshot: args.screenshot.clone(),
        language: args.language,
        startup_probe: args.startup_probe,
    };
    crate::app::run(options).map_err(Failure::Work)
}
