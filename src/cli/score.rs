//! `cueloom score`: reads the cues of a performance and scores them against those that were meant.

use super::{Bar, Failure, Outcome, language, print_out, write_file};
use crate::cueing::notation::LetterSet;
use crate::cueing::score::GAD_TAU;
use crate::jobs::{score, score_report};
use crate::language::Language;
use crate::time::Seconds;
use serde_json::json;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Args {
    /// What was meant: a project, or a file with keys (notation, or JSON of "cueloom cues").
    #[arg(long, value_name = "KEYS|PROJECT")]
    reference: PathBuf,
    /// What was done: a project, or a file with poses ("cueloom generate --out", or plain JSON of 133 points a frame).
    #[arg(long, value_name = "FILE|PROJECT")]
    pose: PathBuf,
    /// Language whose chart is read by; a reference in notation needs it.
    #[arg(long, value_name = "CODE", value_parser = language)]
    lang: Option<Language>,
    /// Letters of the positions in notation.
    #[arg(long, value_enum, default_value_t = Letters::English)]
    letters: Letters,
    /// τ of GAD, milliseconds.
    #[arg(long, value_name = "MS", default_value_t = GAD_TAU.millis())]
    tau: f64,
    /// As JSON.
    #[arg(long)]
    json: bool,
    /// Write a report to print, with a picture of each cue, as one HTML file.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// The same as PDF.
    #[arg(long, value_name = "FILE")]
    pdf: Option<PathBuf>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Letters {
    /// m mouth, c chin, b cheekbone, t throat, s side
    English,
    /// b bouche, m menton, c côté …
    French,
    /// M mouth, C chin, B cheekbone, T throat, S side
    Mccs,
}

pub fn run(args: &Args) -> Outcome {
    if !(args.tau.is_finite() && args.tau > 0.0) {
        return Err(Failure::Arguments(anyhow::anyhow!("--tau is a time in milliseconds above 0")));
    }
    let bar = Bar::new();
    let request = score::ScoreRequest {
        reference: &args.reference,
        pose: &args.pose,
        language: args.lang,
        letters: match args.letters {
            Letters::English => LetterSet::Sppas,
            Letters::French => LetterSet::MontreLeSon,
            Letters::Mccs => LetterSet::Mccs,
        },
        tau: Seconds::from_millis(args.tau),
    };
    let scored = score::run(&request, &bar).map_err(Failure::from)?;
    if args.html.is_some() || args.pdf.is_some() {
        let pictures = score::pictures(&scored, &bar).map_err(Failure::from)?;
        let name = args.pose.file_stem().map_or_else(|| "performance".into(), |n| n.to_string_lossy());
        let title = format!("Cueing of {name}");
        if let Some(path) = &args.html {
            write_file(path, score_report::html(&title, &scored, &pictures).as_bytes())?;
        }
        if let Some(path) = &args.pdf {
            write_file(path, &score_report::pdf(&title, &scored, &pictures))?;
        }
    }
    if args.json {
        let value = json!({
            "language": scored.language.code(),
            "handed": scored.reading.handed,
            "sums": scored.score.sums,
            "accuracy": scored.score.sums.accuracy(),
            "timing": scored.score.timing,
            "keys": scored.score.keys,
            "target": scored.target,
            "read": scored.reading.keys,
            "guard": scored.findings,
        });
        let text = serde_json::to_string_pretty(&value).map_err(|e| Failure::Work(e.into()))?;
        print_out(&(text + "\n"));
    } else {
        for line in score_report::summary(&scored).into_iter().chain(score_report::warnings(&scored)) {
            print_out(&(line + "\n"));
        }
    }
    Ok(())
}
