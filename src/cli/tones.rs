//! `cueloom tones`: whether the head shows the tones of Mandarin, and how strongly each.

use super::express::strong;
use super::{Failure, Outcome, print_out};
use crate::document::edit::Edit;
use crate::document::{Project, Settings, file};
use crate::generate::head_tones;
use crate::jobs::open::edit_and_save;
use crate::language::Language;
use crate::time::TimeRange;
use std::fmt::Write as _;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Args {
    /// The project's folder.
    project: PathBuf,
    /// The head shows the tones (on), or does not (off). Without it the tones are listed.
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(["on", "off"]))]
    switch: Option<String>,
    /// One syllable, by its number in the list.
    #[arg(long, value_name = "NUMBER", requires = "strength")]
    syllable: Option<usize>,
    /// How strongly its tone is shown: 0 not at all, 1 as usual, at most 2.
    #[arg(long, value_name = "STRENGTH", requires = "syllable")]
    strength: Option<f32>,
}

/// A syllable with a tone that the head can show.
struct Toned {
    word: usize,
    syllable: usize,
    tone: u8,
}

pub fn run(args: &Args) -> Outcome {
    let folder = file::project_folder(&args.project);
    let project = file::load(&folder).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    if project.language() != Language::Mandarin {
        let name = project.language().name();
        return Err(Failure::Input(anyhow::anyhow!("only Mandarin has tones for the head; this project is {name}")));
    }
    let toned = toned(&project);
    let mut edits = Vec::new();
    if let Some(switch) = &args.switch {
        let settings = Settings { head_tones: switch == "on", ..project.settings.clone() };
        edits.push(Edit::SetSettings(Box::new(settings)));
    }
    if let (Some(number), Some(strength)) = (args.syllable, args.strength) {
        strong(strength, "--strength")?;
        let it = number.checked_sub(1).and_then(|i| toned.get(i)).ok_or_else(|| {
            let count = toned.len();
            Failure::Arguments(anyhow::anyhow!("there is no syllable {number}; the list has {count} with a tone"))
        })?;
        edits.push(Edit::SetTone { word: it.word, syllable: it.syllable, strength });
    }
    if edits.is_empty() {
        print_out(&list(&project, &toned));
        return Ok(());
    }
    let saved = edit_and_save(&folder, &Edit::Many { name: "Change tone", edits }).map_err(Failure::from)?;
    let shown = if saved.settings.head_tones { "the head shows the tones" } else { "the head shows no tones" };
    eprintln!("{shown}");
    Ok(())
}

fn toned(project: &Project) -> Vec<Toned> {
    let words = project.tiers.utterance.words.iter().enumerate();
    words
        .flat_map(|(word, w)| {
            let tone = move |(syllable, s): (usize, &crate::language::Syllable)| {
                let tone = s.tone.filter(|t| (1..=4).contains(t))?;
                Some(Toned { word, syllable, tone })
            };
            w.syllables().iter().enumerate().filter_map(tone)
        })
        .collect()
}

fn list(project: &Project, toned: &[Toned]) -> String {
    let times: Vec<TimeRange> = project.tiers.phones.iter().map(|t| t.range()).collect();
    let shown = head_tones(&project.tiers.utterance, &times);
    let mut out = String::new();
    for (i, it) in toned.iter().enumerate() {
        let word = &project.tiers.utterance.words[it.word];
        let at = shown.get(i).map_or_else(String::new, |t| t.start.timecode());
        let strength = project.marks.tone_strength(it.word, it.syllable);
        let _ =
            writeln!(out, "{:>5}  {at}  tone {}  {strength:.2}  {} ({})", i + 1, it.tone, word.text, it.syllable + 1);
    }
    out
}
