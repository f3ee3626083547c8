//! `cueloom bench`: how fast the whole job is on this computer. Times are for comparing, never for tests.

use super::{Failure, Outcome, print_out};
use crate::app;
use crate::jobs::bench;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Args {
    /// As JSON, with one name per measure.
    #[arg(long)]
    json: bool,
    /// How often each measure is taken; the median counts.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=50))]
    runs: u32,
    /// Only the measures of long projects.
    #[arg(long)]
    long: bool,
    /// Only the alignment of ten minutes of speech, and sounds found again in them.
    #[arg(long, conflicts_with = "long")]
    align: bool,
    /// Print the megabytes that this process needs for a project, and nothing else.
    #[arg(long, hide = true, value_name = "PROJECT")]
    memory_of: Option<PathBuf>,
}

pub fn run(args: &Args) -> Outcome {
    if let Some(folder) = &args.memory_of {
        let megabytes = app::bench::memory(folder).map_err(Failure::from)?;
        print_out(&format!("{megabytes}\n"));
        return Ok(());
    }
    let runs = args.runs as usize;
    let bar = super::Bar::new();
    let mut results = if args.align {
        bench::long_alignment(runs, &bar).map_err(Failure::Work)?
    } else if args.long {
        Vec::new()
    } else {
        bench::run(runs, &bar).map_err(Failure::Work)?
    };
    if !args.align {
        results.extend(app::bench::run(runs, &bar).map_err(Failure::Work)?);
    }
    if args.json {
        let map: serde_json::Map<String, serde_json::Value> =
            results.iter().map(|m| (m.name.to_owned(), serde_json::json!(m.value))).collect();
        print_out(&(serde_json::Value::Object(map).to_string() + "\n"));
    } else {
        for m in &results {
            let value = m.value.map_or_else(|| "–".to_owned(), |v| format!("{v:.3}"));
            print_out(&format!("{:<22} {value:>10}  {}\n", m.name, m.what));
        }
    }
    Ok(())
}
