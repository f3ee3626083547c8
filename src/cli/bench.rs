//! `cueloom bench`: how fast the whole job is on this computer. Times are for comparing, never for tests.

use super::{Failure, Outcome, print_out};
use crate::jobs::bench;

#[derive(clap::Args)]
pub struct Args {
    /// As JSON, with one name per measure.
    #[arg(long)]
    json: bool,
    /// How often each measure is taken; the median counts.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=50))]
    runs: u32,
}

pub fn run(args: &Args) -> Outcome {
    let results = bench::run(args.runs as usize, &super::Bar::new()).map_err(Failure::Work)?;
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
