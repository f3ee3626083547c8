//! `cueloom open`: the window.

use super::{Failure, Outcome};
use crate::app::commands::Command;
use crate::app::theme::ThemeChoice;
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
    /// For pictures: dark, light or contrast.
    #[arg(long, hide = true, value_name = "THEME", value_parser = theme)]
    theme: Option<ThemeChoice>,
    /// For pictures: percent, 100 to 200.
    #[arg(long, hide = true, value_name = "PERCENT", value_parser = clap::value_parser!(u16).range(100..=200))]
    text_scale: Option<u16>,
    /// For pictures: width and height of the window, such as 960x600.
    #[arg(long, hide = true, value_name = "SIZE", value_parser = size)]
    size: Option<[f32; 2]>,
    /// For pictures: a command by its English name, carried out before the picture is taken; may be repeated.
    #[arg(long, hide = true, value_name = "COMMAND", value_parser = command)]
    run: Vec<Command>,
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

fn theme(name: &str) -> Result<ThemeChoice, String> {
    match name {
        "dark" => Ok(ThemeChoice::Dark),
        "light" => Ok(ThemeChoice::Light),
        "contrast" => Ok(ThemeChoice::HighContrast),
        _ => Err("the themes are dark, light and contrast".into()),
    }
}

fn size(text: &str) -> Result<[f32; 2], String> {
    let numbers: Vec<f32> = text.split('x').filter_map(|n| n.parse().ok()).collect();
    match numbers[..] {
        [width, height] if (320.0..=8192.0).contains(&width) && (240.0..=8192.0).contains(&height) => {
            Ok([width, height])
        }
        _ => Err("a size is width x height in points, such as 1280x800".into()),
    }
}

fn command(name: &str) -> Result<Command, String> {
    let plain = |s: &str| s.trim_end_matches('…').to_lowercase();
    let found = Command::ALL.iter().copied().find(|c| plain(c.english_info().text) == plain(name));
    found.ok_or_else(|| format!("there is no command named {name:?}"))
}

pub fn run(args: &Args) -> Outcome {
    let options = crate::app::StartOptions {
        project: args.project.clone(),
        screenshot: args.screenshot.clone(),
        language: args.language,
        theme: args.theme,
        text_scale: args.text_scale.map(|percent| f32::from(percent) / 100.0),
        size: args.size,
        commands: args.run.clone(),
        startup_probe: args.startup_probe,
    };
    crate::app::run(options).map_err(Failure::Work)
}
