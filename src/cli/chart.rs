//! `cueloom chart`: the chart of a project, as a file, and back.

use super::{Failure, Outcome, print_out};
use crate::cueing::chart::{Chart, Difference, Join, PreGlide, Slot, Value};
use crate::document::edit::Edit;
use crate::document::file;
use crate::jobs::charts;
use crate::jobs::open::edit_and_save;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Write a chart to a file, to be changed and used: that of a project, or one that comes with the program.
    Export {
        /// A project's folder, or cmn, fra, eng-US, or eng-GB (a template nobody has checked).
        #[arg(value_name = "LANG|PROJECT")]
        from: String,
        #[arg(value_name = "FILE")]
        to: PathBuf,
    },
    /// Say whether a chart is right; a mistake is told with its line and what to do.
    Check {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Cue a project by a chart from now on: a file, eng-GB, or built-in.
    Use {
        #[arg(value_name = "PROJECT")]
        project: PathBuf,
        #[arg(value_name = "FILE|built-in")]
        chart: String,
    },
    /// Show what the chart of a project, or a file, has otherwise than the built-in one of its language.
    Show {
        #[arg(value_name = "LANG|PROJECT|FILE")]
        of: String,
    },
}

pub fn run(args: &Args) -> Outcome {
    match &args.what {
        What::Export { from, to } => {
            let chart = known(from)?;
            charts::write(to, &chart).map_err(|e| Failure::Work(e.into()))?;
            eprintln!("{} in {}", chart.name, to.display());
            warn(&chart);
        }
        What::Check { file } => {
            let chart = charts::read(file).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
            print_out(&told(&chart));
            warn(&chart);
        }
        What::Use { project, chart } => use_chart(project, chart)?,
        What::Show { of } => {
            let is_file = Path::new(of).is_file() && !of.ends_with(file::FILE_NAME);
            let chart = match is_file {
                true => charts::read(Path::new(of)).map_err(|e| Failure::from(anyhow::Error::from(e)))?,
                false => known(of)?,
            };
            print_out(&told(&chart));
            warn(&chart);
        }
    }
    Ok(())
}

/// The chart of a project or of the program.
fn known(name: &str) -> Result<Chart, Failure> {
    let found = charts::named(name).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    found.ok_or_else(|| {
        let names = charts::shipped_names();
        Failure::Arguments(anyhow::anyhow!("\"{name}\" is neither a project nor one of {names}"))
    })
}

fn use_chart(project: &Path, name: &str) -> Outcome {
    let folder = file::project_folder(project);
    let before = file::load(&folder).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    let chart = charts::choose(name, before.language()).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    let after = edit_and_save(&folder, &Edit::SetChart(chart)).map_err(Failure::from)?;
    let cue = |k: &crate::document::KeySegment| (k.id, k.shape(), k.position());
    let old: std::collections::HashSet<_> = before.tiers.keys.iter().map(cue).collect();
    let changed = after.tiers.keys.iter().filter(|k| !old.contains(&cue(k))).count();
    eprintln!("{}: {changed} of {} keys are shown otherwise now", after.chart().name, after.tiers.keys.len());
    warn(after.chart());
    Ok(())
}

/// What users must know of a chart that nobody has checked.
fn warn(chart: &Chart) {
    if let Some(unchecked) = &chart.unchecked {
        eprintln!("note: {}", unchecked.en);
    }
}

/// Name and language of a chart, and each cell that is otherwise than in the built-in one.
fn told(chart: &Chart) -> String {
    let base = Chart::builtin(chart.language);
    let differences = chart.differences(base);
    let mut out = format!("{} ({})\n", chart.name, chart.language.code());
    if differences.is_empty() {
        out.push_str("every cell is as in the built-in chart\n");
    }
    for Difference { slot, there, here } in &differences {
        let there = there.as_ref().map_or("no such cell".to_owned(), value);
        let _ = writeln!(out, "{}\t{}\tbuilt-in: {there}", name(chart, slot), value(here));
    }
    out
}

/// `b`, `i (unstressed_ee: throat)`, `consonant alone`.
fn name(chart: &Chart, slot: &Slot) -> String {
    let option = |phone: &str, option: Option<(&str, &str)>| match option {
        Some((switch, value)) => format!("{phone} ({switch}: {value})"),
        None => phone.to_owned(),
    };
    match slot {
        Slot::Consonant(phone, at) => {
            let cell = chart.consonants.iter().find(|c| c.phone == *phone);
            let of = at.and_then(|i| cell?.options.get(i)).map(|o| (o.switch.as_str(), o.value.as_str()));
            option(phone, of)
        }
        Slot::Vowel(phone, at) => {
            let cell = chart.vowels.iter().find(|c| c.phone == *phone);
            let of = at.and_then(|i| cell?.options.get(i)).map(|o| (o.switch.as_str(), o.value.as_str()));
            option(phone, of)
        }
        Slot::LoneConsonant => "consonant alone".to_owned(),
        Slot::LoneVowel => "vowel alone".to_owned(),
        Slot::PreGlide(at) => {
            let of = at.and_then(|i| chart.pre_glide.as_ref()?.options.get(i));
            option("consonant before a glide", of.map(|o| (o.switch.as_str(), o.value.as_str())))
        }
        Slot::RepeatAtSide => "the same key again, at the side".to_owned(),
        Slot::RepeatTouched => "the same key again, touched".to_owned(),
        Slot::Join => "consonants look for their vowel".to_owned(),
        Slot::Weak => "said before vowels only".to_owned(),
        Slot::WeakAfter => "glides after".to_owned(),
        Slot::WeakTowards => "glides towards the place of".to_owned(),
    }
}

fn value(value: &Value) -> String {
    use crate::cueing::Movement as M;
    match value {
        Value::Shape(shape) => format!("shape {}", shape.0),
        Value::Places(places) => places.iter().map(|p| p.name()).collect::<Vec<_>>().join(" to "),
        Value::PreGlide(PreGlide::SameAsFinal) => "where the final is".to_owned(),
        Value::PreGlide(PreGlide::Side) => "side".to_owned(),
        Value::Movement(M::Flick) => "flick".to_owned(),
        Value::Movement(M::DoubleTouch) => "double touch".to_owned(),
        Value::Movement(M::Diphthong) => "diphthong".to_owned(),
        Value::Join(Join::WithinSyllable) => "within the syllable".to_owned(),
        Value::Join(Join::AcrossWords) => "on into the next word".to_owned(),
        Value::Phone(phone) => phone.clone().unwrap_or_else(|| "none".to_owned()),
        Value::Phones(phones) if phones.is_empty() => "none".to_owned(),
        Value::Phones(phones) => phones.join(" "),
    }
}
