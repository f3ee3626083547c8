//! `cueloom eval reader`: how well the cue reader reads back what the rule generator shows, on people it has never seen.

use super::{Bar, Failure, Outcome, language, print_out};
use crate::cueing::when::Preset;
use crate::generate::read_back::{Condition, Measured, measure};
use crate::language::Language;
use serde_json::json;

#[derive(clap::Args)]
pub struct Args {
    /// As JSON: `reader_clean` and `reader_noisy` are the lowest shares of the languages.
    #[arg(long)]
    json: bool,
    /// Sentences a language.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    sentences: u32,
    /// One language only: cmn, fra or eng-US.
    #[arg(long, value_name = "CODE", value_parser = language)]
    lang: Option<Language>,
    /// Print cues that were read wrongly.
    #[arg(long)]
    details: bool,
}

/// Sentences for measuring are those from this number on, which nobody looked at while the reader was made.
const FIRST: u64 = 10_000;
/// Speeds of the curve, keys a second.
const SPEEDS: [f64; 6] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];

pub fn run(args: &Args) -> Outcome {
    let languages: Vec<Language> = args.lang.map_or_else(|| Language::ALL.to_vec(), |l| vec![l]);
    let count = args.sentences as usize;
    let bar = Bar::new();
    let mut all = Vec::new();
    let mut lowest = [1.0_f64; 2];
    for language in languages {
        let clean = measure(language, FIRST, count, &Condition::CLEAN, &bar);
        let noisy = measure(language, FIRST, count, &Condition::NOISY, &bar);
        let flat = measure(language, FIRST, count, &Condition { depth: false, ..Condition::CLEAN }, &bar);
        let curve: Vec<Measured> = SPEEDS
            .iter()
            .map(|rate| measure(language, FIRST, count, &Condition { rate: Some(*rate), ..Condition::CLEAN }, &bar))
            .collect();
        lowest[0] = lowest[0].min(clean.sums.strict_accuracy());
        lowest[1] = lowest[1].min(noisy.sums.strict_accuracy());
        if !args.json {
            print_out(&text(language, &clean, &noisy, &flat, &curve, args.details));
        }
        all.push(json!({
            "language": language.code(),
            "clean": summary(&clean),
            "noisy": summary(&noisy),
            "without_depth": summary(&flat),
            "speeds": SPEEDS.iter().zip(&curve).map(|(rate, m)| {
                json!({ "keys_per_second": rate, "right": m.sums.strict_accuracy(), "n": m.sums.target })
            }).collect::<Vec<_>>(),
        }));
    }
    if args.json {
        let value = json!({ "reader_clean": lowest[0], "reader_noisy": lowest[1], "languages": all });
        let text = serde_json::to_string_pretty(&value).map_err(|e| Failure::Work(e.into()))?;
        print_out(&(text + "\n"));
    }
    Ok(())
}

fn summary(m: &Measured) -> serde_json::Value {
    json!({
        "right": m.sums.strict_accuracy(),
        "sentences": m.sentences,
        "sums": m.sums,
        "presets": Preset::ALL.iter().zip(&m.presets).map(|(p, s)| {
            json!({ "preset": p, "right": s.strict_accuracy(), "n": s.target })
        }).collect::<Vec<_>>(),
        "right_handed": m.right_handed.strict_accuracy(),
        "left_handed": m.left_handed.strict_accuracy(),
        "failed": m.failed,
    })
}

fn text(
    language: Language,
    clean: &Measured,
    noisy: &Measured,
    flat: &Measured,
    curve: &[Measured],
    details: bool,
) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    let rows = [("exact points", clean), ("3 px jitter, 5 % dropped", noisy), ("exact, without depth", flat)];
    let _ = writeln!(out, "{} ({} sentences, unseen people, both hands)", language.code(), clean.sentences);
    for (name, m) in rows {
        let s = &m.sums;
        let _ = writeln!(
            out,
            "  {name:<26} {:6.2} % of n = {} keys right; shape {}, placement {}, both {}, omitted {}, inserted {}",
            100.0 * s.strict_accuracy(),
            s.target,
            s.shape,
            s.placement,
            s.both,
            s.omissions,
            s.insertions
        );
        for f in &m.failed {
            let _ = writeln!(out, "    not read: {f}");
        }
        if details {
            for e in &m.examples {
                let _ = writeln!(out, "    {e}");
            }
        }
    }
    for (preset, s) in Preset::ALL.iter().zip(&clean.presets) {
        let _ = writeln!(out, "  {:<26} {:6.2} % of n = {}", preset.label(), 100.0 * s.strict_accuracy(), s.target);
    }
    for (rate, m) in SPEEDS.iter().zip(curve) {
        let share = 100.0 * m.sums.strict_accuracy();
        let _ = writeln!(out, "  {rate} keys/s{:<19} {share:6.2} % of n = {}", "", m.sums.target);
    }
    out
}
