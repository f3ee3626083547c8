//! `cueloom read`: how the words of a project are read, and other readings for them.

use super::{Failure, Outcome, print_out};
use crate::document::edit::Edit;
use crate::document::{Project, file};
use crate::jobs::open::edit_and_save;
use crate::language::{self, WordKind};
use serde_json::json;
use std::fmt::Write as _;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Args {
    /// The project's folder.
    project: PathBuf,
    /// Number of the word to read otherwise, as listed; without it the words are listed.
    #[arg(long, value_name = "N", requires = "reading")]
    word: Option<usize>,
    /// How it is read: pinyin (hang2, háng) for Mandarin, IPA or X-SAMPA, for English also ARPAbet (R EH1 D).
    #[arg(long = "as", value_name = "READING", requires = "word")]
    reading: Option<String>,
    /// All words written the same are read so, and the project remembers it.
    #[arg(long, requires = "word")]
    all: bool,
    /// List as JSON.
    #[arg(long, conflicts_with = "word")]
    json: bool,
}

pub fn run(args: &Args) -> Outcome {
    let folder = file::project_folder(&args.project);
    let project = file::load(&folder).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    let (Some(number), Some(typed)) = (args.word, &args.reading) else {
        print_out(&list(&project, args.json));
        return Ok(());
    };
    let words = &project.tiers.utterance.words;
    let at = number.checked_sub(1).filter(|i| words.get(*i).is_some_and(|w| w.kind != WordKind::Break));
    let Some(at) = at else {
        let count = words.len();
        return Err(Failure::Arguments(anyhow::anyhow!("there is no word {number}; the list has words 1 to {count}")));
    };
    let reading = language::reading_from_user(typed, project.language())
        .map_err(|e| Failure::Arguments(anyhow::anyhow!("{e}: {typed}")))?;
    let first = Edit::AddReading { word: at, reading };
    let edit = match args.all {
        false => first,
        true => {
            let read = project.edited(&first).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
            match read.read_all_the_same(at) {
                None => first,
                Some(others) => Edit::Many { name: "Read all the same", edits: vec![first, others] },
            }
        }
    };
    let saved = edit_and_save(&folder, &edit).map_err(Failure::from)?;
    let changed = |i: &usize| saved.tiers.utterance.words[*i].syllables() != words[*i].syllables();
    eprintln!("{} words are read otherwise now", (0..words.len()).filter(changed).count());
    Ok(())
}

fn list(project: &Project, as_json: bool) -> String {
    let words = project.tiers.utterance.words.iter().enumerate().filter(|(_, w)| w.kind != WordKind::Break);
    if as_json {
        let words: Vec<_> = words
            .map(|(i, w)| {
                let labels: Vec<&str> = w.readings.iter().map(|r| r.label.as_str()).collect();
                json!({ "number": i + 1, "text": w.text, "chosen": w.chosen, "readings": labels })
            })
            .collect();
        return json!({ "words": words }).to_string() + "\n";
    }
    let mut out = String::new();
    for (i, word) in words {
        let now = word.readings.get(word.chosen).map_or("?", |r| r.label.as_str());
        let others: Vec<&str> = word
            .readings
            .iter()
            .enumerate()
            .filter(|(r, _)| *r != word.chosen)
            .map(|(_, r)| r.label.as_str())
            .collect();
        let others = if others.is_empty() { String::new() } else { format!("   or {}", others.join(", ")) };
        let _ = writeln!(out, "{:>5}  {}  {now}{others}", i + 1, word.text);
    }
    out
}
