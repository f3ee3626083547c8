//! `cueloom history`: what was done to a project.

use super::{Failure, Outcome, print_out};
use crate::document::file;
use crate::document::history::History;
use crate::document::store::{Disk, Stamp, session};
use crate::jobs::clock;
use crate::jobs::journal::Cores;
use serde_json::json;
use std::fmt::Write as _;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Args {
    /// The project's folder.
    project: PathBuf,
    /// As JSON.
    #[arg(long)]
    json: bool,
    /// Only the last so many steps.
    #[arg(long, value_name = "N")]
    last: Option<usize>,
}

pub fn run(args: &Args) -> Outcome {
    let folder = file::project_folder(&args.project);
    let found = session::look(&Disk, &folder, &Cores).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    let history: &History = &found.history;
    let total = history.steps().len();
    let from = total.saturating_sub(args.last.unwrap_or(total));
    // People read their own clock, programs UTC.
    let told = |at_ms: u64, text: &dyn Fn(Stamp) -> String| if at_ms == 0 { String::new() } else { text(Stamp(at_ms)) };
    if args.json {
        let time = |at_ms: u64| told(at_ms, &Stamp::text);
        let steps: Vec<_> = history
            .steps()
            .enumerate()
            .skip(from)
            .map(|(i, s)| json!({ "number": i + 1, "name": s.name, "at": time(s.at_ms), "done": i < history.position() }))
            .collect();
        let value = json!({ "title": found.title, "steps": steps, "unsaved": found.unsaved });
        print_out(&(value.to_string() + "\n"));
        return Ok(());
    }
    let mut out = String::new();
    for (i, step) in history.steps().enumerate().skip(from) {
        let mark = if i < history.position() { " " } else { "undone" };
        let _ =
            writeln!(out, "{:>5}  {:<23}  {:<6}  {}", i + 1, told(step.at_ms, &clock::date_and_time), mark, step.name);
    }
    print_out(&out);
    eprintln!("{} steps of \"{}\" as last saved", total, found.title);
    if !found.unsaved.is_empty() {
        eprintln!(
            "{} later ones were not saved ({}); take them up with: cueloom recover {} --apply",
            found.unsaved.len(),
            found.unsaved.join(", "),
            folder.display()
        );
    }
    Ok(())
}
