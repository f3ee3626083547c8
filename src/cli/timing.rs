//! `cueloom timing`: when the hand moves, for the whole project: preset, lead, and how long a silence sends it to rest.

use super::{Failure, Outcome, print_out};
use crate::cueing::KeyFlag;
use crate::cueing::when::Preset;
use crate::document::edit::Edit;
use crate::document::{Project, Settings, file};
use crate::jobs::open::edit_and_save;
use serde_json::json;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Args {
    /// The project's folder.
    project: PathBuf,
    /// When the hand moves, measured against the sound.
    #[arg(long, value_enum)]
    preset: Option<PresetArg>,
    /// Milliseconds that all moves are earlier than the preset says; negative is later.
    #[arg(long, value_name = "MS", allow_negative_numbers = true, value_parser = clap::value_parser!(i32).range(-500..=500))]
    lead: Option<i32>,
    /// A silence longer than this lets the hand go to rest, seconds (0.3-10).
    #[arg(long, value_name = "S")]
    rest_after: Option<f64>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum PresetArg {
    /// The hand is there when the sound begins
    None,
    /// It changes 100 ms before the sound
    #[value(name = "duchnowski-1998")]
    Duchnowski1998,
    /// It moves from 250 to 100 ms before the sound
    #[value(name = "duchnowski-2000")]
    Duchnowski2000,
    /// As measured on a French cuer
    Attina,
    /// The earlier rules of Auto-CS
    Rules,
    /// The revised rules of Auto-CS
    Revised,
}

impl From<PresetArg> for Preset {
    fn from(arg: PresetArg) -> Self {
        match arg {
            PresetArg::None => Self::None,
            PresetArg::Duchnowski1998 => Self::Duchnowski1998,
            PresetArg::Duchnowski2000 => Self::Duchnowski2000,
            PresetArg::Attina => Self::Attina,
            PresetArg::Rules => Self::Rules,
            PresetArg::Revised => Self::Revised,
        }
    }
}

pub fn run(args: &Args) -> Outcome {
    let folder = file::project_folder(&args.project);
    let mut project = file::load(&folder).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    if let Some(rest) = args.rest_after
        && !(0.3..=10.0).contains(&rest)
    {
        return Err(Failure::Arguments(anyhow::anyhow!("--rest-after is a time between 0.3 and 10 seconds")));
    }
    let now = &project.settings;
    let settings = Settings {
        preset: args.preset.map_or(now.preset, Preset::from),
        lead_ms: args.lead.map_or(now.lead_ms, f64::from),
        rest_after: args.rest_after.unwrap_or(now.rest_after),
        ..now.clone()
    };
    if settings != *now {
        project = edit_and_save(&folder, &Edit::SetSettings(Box::new(settings))).map_err(Failure::from)?;
    }
    print_out(&report(&project, args.json));
    Ok(())
}

fn report(project: &Project, as_json: bool) -> String {
    let settings = &project.settings;
    let keys = &project.tiers.keys;
    let flagged = |flag: KeyFlag| keys.iter().filter(|k| k.flags.contains(&flag)).count();
    let (late, too_fast) = (flagged(KeyFlag::Late), flagged(KeyFlag::TooFast));
    if as_json {
        let value = json!({
            "preset": settings.preset,
            "lead_ms": settings.lead_ms,
            "rest_after_s": settings.rest_after,
            "keys": keys.len(),
            "late": late,
            "too_fast": too_fast,
        });
        return format!("{value:#}\n");
    }
    format!(
        "Preset: {}\nEarlier by: {:.0} ms\nRest after: {:.1} s\n{} keys, {late} late, {too_fast} too fast\n",
        settings.preset.label(),
        settings.lead_ms,
        settings.rest_after,
        keys.len()
    )
}
