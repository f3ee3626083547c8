//! `cueloom express`: what face, head and hand show beside lips and cues.

use super::{Bar, Failure, Outcome, print_out};
use crate::document::edit::Edit;
use crate::document::marks::ExpressionMark;
use crate::document::{Project, Settings, file};
use crate::jobs::open::edit_and_save;
use crate::jobs::voice;
use crate::pose::expression::{ExpressionKind, STRONGEST};
use crate::time::{Seconds, TimeRange};
use clap::Subcommand;
use clap::builder::PossibleValuesParser;
use serde_json::json;
use std::fmt::Write as _;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Args {
    /// The project's folder.
    project: PathBuf,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Show something for a while.
    Add {
        /// What is shown.
        #[arg(long, value_name = "KIND", value_parser = kinds())]
        kind: String,
        /// When it begins, in seconds.
        #[arg(long, value_name = "SECONDS")]
        from: f64,
        /// When it is over, in seconds.
        #[arg(long, value_name = "SECONDS")]
        to: f64,
        /// How strong it is, 0 to 2.
        #[arg(long, value_name = "STRENGTH", default_value_t = 1.0)]
        strength: f32,
    },
    /// List what is shown, with the numbers that the other actions take.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Change one; what is not given stays.
    Set {
        /// Its number in the list.
        number: usize,
        /// What is shown.
        #[arg(long, value_name = "KIND", value_parser = kinds())]
        kind: Option<String>,
        /// When it begins, in seconds.
        #[arg(long, value_name = "SECONDS")]
        from: Option<f64>,
        /// When it is over, in seconds.
        #[arg(long, value_name = "SECONDS")]
        to: Option<f64>,
        /// How strong it is, 0 to 2.
        #[arg(long, value_name = "STRENGTH")]
        strength: Option<f32>,
    },
    /// Remove some by their numbers in the list.
    Remove {
        #[arg(required = true)]
        numbers: Vec<usize>,
    },
    /// How much of phrase and stress of the voice shows in hand, brows and head: 0 (nothing) to 2.
    Voice { amount: f32 },
}

fn kinds() -> PossibleValuesParser {
    PossibleValuesParser::new(ExpressionKind::ALL.map(ExpressionKind::name))
}

pub fn run(args: &Args) -> Outcome {
    let folder = file::project_folder(&args.project);
    let project = file::load(&folder).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    let edit = match &args.action {
        Action::List { json } => {
            print_out(&list(&project, *json));
            return Ok(());
        }
        Action::Add { kind, from, to, strength } => {
            let range = stretch(Seconds(*from), Seconds(*to), &project)?;
            strong(*strength, "--strength")?;
            Edit::AddExpression { range, kind: kind_of(kind)?, strength: *strength }
        }
        Action::Set { number, kind, from, to, strength } => {
            let mut mark = numbered(&project, *number)?;
            let (start, end) = (from.map_or(mark.range.start, Seconds), to.map_or(mark.range.end, Seconds));
            mark.range = stretch(start, end, &project)?;
            if let Some(kind) = kind {
                mark.kind = kind_of(kind)?;
            }
            if let Some(strength) = *strength {
                strong(strength, "--strength")?;
                mark.strength = strength;
            }
            Edit::SetExpression(mark)
        }
        Action::Remove { numbers } => {
            let ids = numbers.iter().map(|n| Ok(numbered(&project, *n)?.id)).collect::<Result<Vec<_>, Failure>>()?;
            Edit::RemoveExpressions(ids)
        }
        Action::Voice { amount } => {
            strong(*amount, "the amount")?;
            let settings = Settings { voice: *amount, ..project.settings.clone() };
            let mut edits = vec![Edit::SetSettings(Box::new(settings))];
            if *amount > 0.0 && project.marks.voice.is_empty() {
                let heard = voice::listen_to_file(&folder, &project, &Bar::new()).map_err(Failure::from)?;
                eprintln!("{} stressed words in {} phrases", heard.accents.len(), heard.phrases.len());
                edits.push(Edit::SetVoice(Box::new(heard)));
            }
            Edit::Many { name: "Change project settings", edits }
        }
    };
    let saved = edit_and_save(&folder, &edit).map_err(Failure::from)?;
    eprintln!("{} expressions", saved.marks.expressions.len());
    Ok(())
}

fn kind_of(name: &str) -> Result<ExpressionKind, Failure> {
    ExpressionKind::from_name(name).ok_or_else(|| Failure::Arguments(anyhow::anyhow!("there is no expression {name}")))
}

/// Refuses what is no strength.
pub fn strong(value: f32, what: &str) -> Outcome {
    if (0.0..=STRONGEST).contains(&value) {
        return Ok(());
    }
    Err(Failure::Arguments(anyhow::anyhow!("{what} is a number from 0 to {STRONGEST}")))
}

fn stretch(start: Seconds, end: Seconds, project: &Project) -> Result<TimeRange, Failure> {
    let length = project.length();
    let good = start.0.is_finite() && end.0.is_finite() && start >= Seconds::ZERO && start < end && start < length;
    if !good {
        let what = "--from and --to are times in seconds, one after the other, within the project";
        return Err(Failure::Arguments(anyhow::anyhow!("{what}, which lasts {:.3} s", length.0)));
    }
    Ok(TimeRange { start, end: end.min(length) })
}

fn numbered(project: &Project, number: usize) -> Result<ExpressionMark, Failure> {
    let all = &project.marks.expressions;
    number.checked_sub(1).and_then(|i| all.get(i)).copied().ok_or_else(|| {
        let count = all.len();
        Failure::Arguments(anyhow::anyhow!("there is no expression {number}; the project has {count}"))
    })
}

fn list(project: &Project, as_json: bool) -> String {
    let all = project.marks.expressions.iter().enumerate();
    if as_json {
        let rows: Vec<_> = all
            .map(|(i, e)| {
                json!({
                    "number": i + 1,
                    "kind": e.kind.name(),
                    "from": e.range.start.0,
                    "to": e.range.end.0,
                    "strength": (f64::from(e.strength) * 1000.0).round() / 1000.0,
                })
            })
            .collect();
        let (accents, phrases) = (project.marks.voice.accents.len(), project.marks.voice.phrases.len());
        let voice = json!({ "amount": project.settings.voice, "accents": accents, "phrases": phrases });
        return json!({ "expressions": rows, "voice": voice }).to_string() + "\n";
    }
    let mut out = String::new();
    for (i, e) in all {
        let (from, to) = (e.range.start.timecode(), e.range.end.timecode());
        let _ = writeln!(out, "{:>4}  {from} - {to}  {:<12} {:.2}", i + 1, e.kind.name(), e.strength);
    }
    out
}
