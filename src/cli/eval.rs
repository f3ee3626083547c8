//! `cueloom eval`: measures the program against what people have written down.

use super::{Failure, Outcome, print_out};
use crate::cueing::evaluate::{self, ItemReport, Measure, Tally, gold};
use crate::language::{Language, Pronouncer};
use crate::speech::voice::Voice;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Measure readings and keys of texts against gold files.
    Cues(CuesArgs),
    /// Measure times found in recordings against true ones.
    Align(super::eval_align::Args),
    /// Measure how well the cue reader reads back what the rule generator shows, on people it has never seen.
    Reader(super::eval_reader::Args),
    /// Measure pictures: can cues be seen in the pixels alone, do still regions keep still, how fast is drawing.
    Picture(super::eval_picture::Args),
}

#[derive(clap::Args)]
struct CuesArgs {
    /// Gold files: a header "# language: cmn|fra|eng-US", then lines of a text, a tab and its sounds. Files of one
    /// language are counted together.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// List the items that are not wholly right, with what was expected and what was found.
    #[arg(long)]
    details: bool,
}

pub fn run(args: &Args) -> Outcome {
    match &args.what {
        What::Cues(args) => cues(args),
        What::Align(args) => super::eval_align::run(args),
        What::Reader(args) => super::eval_reader::run(args),
        What::Picture(args) => super::eval_picture::run(args),
    }
}

/// The counts of a language over its files, and the items to show.
struct Pool {
    language: Language,
    tally: Tally,
    /// File and item.
    wrong: Vec<(String, ItemReport)>,
}

fn cues(args: &CuesArgs) -> Outcome {
    let voice = Voice::shared().ok();
    let outside = voice.as_deref().map(|v| v as &dyn Pronouncer);
    let mut pools: Vec<Pool> = Vec::new();
    for path in &args.files {
        let measure = measure_file(path, outside)?;
        let wrong = measure.wrong().map(|item| (path.display().to_string(), item.clone()));
        match pools.iter_mut().find(|p| p.language == measure.language) {
            Some(pool) => {
                pool.tally.add(&measure.tally);
                pool.wrong.extend(wrong);
            }
            None => {
                pools.push(Pool { language: measure.language, tally: measure.tally, wrong: wrong.collect() });
            }
        }
    }
    pools.sort_by_key(|p| p.language);
    if voice.is_none() {
        eprintln!("note: espeak-ng was not found; words that no lexicon holds count as unread");
    }
    if args.json {
        let value = json!({ "cues": languages_json(&pools, args.details) });
        let text = serde_json::to_string_pretty(&value).map_err(|e| Failure::Work(e.into()))?;
        print_out(&(text + "\n"));
    } else {
        print_out(&table(&pools, args.details));
    }
    Ok(())
}

fn measure_file(path: &Path, outside: Option<&dyn Pronouncer>) -> Result<Measure, Failure> {
    let bytes = std::fs::read(path)
        .map_err(|e| Failure::Input(anyhow::anyhow!("cannot read the gold file ({e}): {}", path.display())))?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Failure::Input(anyhow::anyhow!("the gold file is not UTF-8; save it as UTF-8: {}", path.display()))
    })?;
    let gold = gold::parse(&text).map_err(|e| Failure::Input(anyhow::anyhow!("{e}: {}", path.display())))?;
    Ok(evaluate::measure(&gold, outside))
}

fn languages_json(pools: &[Pool], details: bool) -> Value {
    let mut languages = Map::new();
    for pool in pools {
        let t = &pool.tally;
        let mut value = json!({
            "token_error_rate": t.token_error_rate(),
            "flag_recall": t.flag_recall(),
            "flag_false_rate": t.flag_false_rate(),
            "tone_error_rate": t.tone_error_rate(),
            "n_items": t.items,
            "n_right_items": t.right_items,
            "n_tokens": t.tokens,
            "n_substitutions": t.substitutions,
            "n_deletions": t.deletions,
            "n_insertions": t.insertions,
            "n_tones": t.tones,
            "n_breaks": t.breaks,
            "n_wrong_breaks": t.wrong_breaks,
            "n_unknown_words": t.unknown_words,
            "n_keys": t.keys,
            "n_wrong_keys": t.wrong_keys,
        });
        if details && let Some(map) = value.as_object_mut() {
            let wrong: Vec<Value> = pool
                .wrong
                .iter()
                .map(|(file, item)| {
                    json!({
                        "file": file,
                        "line": item.line,
                        "text": item.text,
                        "expected": item.expected,
                        "found": item.found,
                        "flagged": item.flagged,
                    })
                })
                .collect();
            map.insert("wrong".to_owned(), Value::Array(wrong));
        }
        languages.insert(pool.language.code().to_owned(), value);
    }
    Value::Object(languages)
}

fn percent(rate: Option<f64>) -> String {
    rate.map_or_else(|| "-".to_owned(), |r| format!("{:.2} %", r * 100.0))
}

fn table(pools: &[Pool], details: bool) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{:<8} {:>6} {:>6} {:>7} {:>9} {:>6} {:>9} {:>6} {:>9} {:>9} {:>9}",
        "language", "items", "right", "sounds", "errors", "tones", "errors", "keys", "wrong", "flagged", "for none"
    );
    for pool in pools {
        let t = &pool.tally;
        let _ = writeln!(
            out,
            "{:<8} {:>6} {:>6} {:>7} {:>9} {:>6} {:>9} {:>6} {:>9} {:>9} {:>9}",
            pool.language.code(),
            t.items,
            t.right_items,
            t.tokens,
            percent(t.token_error_rate()),
            t.tones,
            percent(t.tone_error_rate()),
            t.keys,
            t.wrong_keys,
            percent(t.flag_recall()),
            percent(t.flag_false_rate()),
        );
        if t.wrong_breaks > 0 || t.unknown_words > 0 {
            let _ = writeln!(
                out,
                "  {} of {} breaks wrong or added, {} words unread",
                t.wrong_breaks, t.breaks, t.unknown_words
            );
        }
    }
    out.push_str(
        "\nErrors: substituted, missing and added sounds for each sound of the gold. Keys: ours, under the built-in\n\
         chart with its default switches. Flagged: share of the wrong keys that bear a doubt about the reading; for\n\
         none: share of the right ones that do.\n",
    );
    if details {
        for (file, item) in pools.iter().flat_map(|p| &p.wrong) {
            let _ = write!(
                out,
                "\n{file}:{}\n  text   {}\n  want   {}\n  found  {}\n",
                item.line, item.text, item.expected, item.found
            );
            if item.tally.wrong_keys > 0 {
                let _ = writeln!(
                    out,
                    "  {} of {} keys wrong, {} of these flagged",
                    item.tally.wrong_keys, item.tally.keys, item.tally.flagged_wrong_keys
                );
            }
        }
    }
    out
}
