//! `cueloom cues`: the keys of a text, without any sound.

use super::{Failure, Outcome, language, print_out, text_argument};
use crate::cueing::chart::{Chart, ChartSwitches};
use crate::cueing::notation::{self, LetterSet};
use crate::cueing::{Key, confidence, gloss, what};
use crate::jobs::charts;
use crate::jobs::draft::read_text;
use crate::language::{Language, ReadingOptions, Utterance, WordKind};
use serde_json::{Value, json};
use std::fmt::Write as _;

#[derive(clap::Args)]
pub struct Args {
    /// The text, or @FILE to read it from a UTF-8 file.
    #[arg(value_name = "TEXT|@FILE")]
    text: String,
    /// Language of the text: cmn, fra or eng-US.
    #[arg(long, value_name = "CODE", value_parser = language)]
    lang: Language,
    /// The chart to cue by: a file, or eng-GB.
    #[arg(long, value_name = "FILE")]
    chart: Option<String>,
    #[arg(long, value_enum, default_value_t = Format::Notation)]
    format: Format,
    /// Letters of the positions in notation.
    #[arg(long, value_enum, default_value_t = Letters::English)]
    letters: Letters,
    /// Language of the gloss sentences: en, zh or fr.
    #[arg(long, value_enum, default_value_t = Ui::En)]
    gloss: Ui,
    /// French: say optional liaisons.
    #[arg(long)]
    liaison: bool,
    /// French: say the schwa of final mute e.
    #[arg(long)]
    schwa: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    Notation,
    Json,
    Table,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Letters {
    /// m mouth, c chin, b cheekbone, t throat, s side: `4-m.1-c.3-s`
    English,
    /// b bouche, m menton, c côté …: `4b 1m 3c`
    French,
    /// M mouth, C chin, B cheekbone, T throat, S side: `6B 6M`
    Mccs,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Ui {
    En,
    Zh,
    Fr,
}

impl Ui {
    fn language(self) -> gloss::UiLanguage {
        match self {
            Self::En => gloss::UiLanguage::English,
            Self::Zh => gloss::UiLanguage::Chinese,
            Self::Fr => gloss::UiLanguage::French,
        }
    }
}

impl Letters {
    fn set(self) -> LetterSet {
        match self {
            Self::English => LetterSet::Sppas,
            Self::French => LetterSet::MontreLeSon,
            Self::Mccs => LetterSet::Mccs,
        }
    }
}

pub fn run(args: &Args) -> Outcome {
    let text = text_argument(&args.text)?;
    let options =
        ReadingOptions { optional_liaison: args.liaison, final_schwa: args.schwa, ..ReadingOptions::default() };
    let utterance = read_text(&text, args.lang, &options).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    let own = match &args.chart {
        Some(name) => charts::choose(name, args.lang).map_err(|e| Failure::from(anyhow::Error::from(e)))?,
        None => None,
    };
    let chart = own.as_deref().unwrap_or_else(|| Chart::builtin(args.lang));
    let keys = what::keys(&utterance, chart, &ChartSwitches::default());
    match args.format {
        Format::Notation => {
            print_out(&(notation::write(&keys, args.letters.set()) + "\n"));
            for issue in &utterance.issues {
                eprintln!("note: {}", issue.message);
            }
        }
        Format::Json => {
            let value = cues_json(&utterance, &keys, args.gloss.language());
            let text = serde_json::to_string_pretty(&value).map_err(|e| Failure::Work(e.into()))?;
            print_out(&(text + "\n"));
        }
        Format::Table => print_out(&table(&utterance, &keys, args)),
    }
    Ok(())
}

/// Symbols of a key's phones.
fn symbols<'a>(all: &[&'a str], key: &Key) -> Vec<&'a str> {
    all.get(key.phones.clone()).map_or_else(Vec::new, <[_]>::to_vec)
}

fn cues_json(utterance: &Utterance, keys: &[Key], ui: gloss::UiLanguage) -> Value {
    let all: Vec<&str> = utterance.phones().map(|p| p.phone.symbol.as_str()).collect();
    let words: Vec<Value> = utterance
        .words
        .iter()
        .map(|word| {
            let syllables: Vec<Value> = word
                .syllables()
                .iter()
                .map(|s| {
                    let phones: Vec<&str> = s.phones.iter().map(|p| p.symbol.as_str()).collect();
                    json!({ "text": s.label, "tone": s.tone, "phones": phones })
                })
                .collect();
            json!({
                "text": word.text,
                "kind": word.kind,
                "reading": word.readings.get(word.chosen).map(|r| &r.label),
                "alternatives": word.readings.iter().map(|r| &r.label).collect::<Vec<_>>(),
                "syllables": syllables,
            })
        })
        .collect();
    let sureness = confidence::of_keys(utterance, keys, &[]);
    let keys: Vec<Value> = keys
        .iter()
        .zip(&sureness)
        .map(|(key, sure)| {
            let phones = symbols(&all, key);
            json!({
                "shape": key.shape.0,
                "position": key.position.name(),
                "movement": key.movement,
                "phones": phones,
                "word": key.word,
                "gloss": gloss::sentence(key.shape, key.position, key.movement, &phones, ui),
                "flags": key.flags,
                "confidence": sure.value,
                "reason": sure.reason(),
            })
        })
        .collect();
    let issues: Vec<Value> = utterance
        .issues
        .iter()
        .map(|i| json!({ "start": i.source.start, "end": i.source.end, "message": i.message }))
        .collect();
    json!({
        "language": utterance.language.code(),
        "text": utterance.text,
        "words": words,
        "keys": keys,
        "issues": issues,
    })
}

fn table(utterance: &Utterance, keys: &[Key], args: &Args) -> String {
    let all: Vec<&str> = utterance.phones().map(|p| p.phone.symbol.as_str()).collect();
    let mut out = String::new();
    let _ = writeln!(out, "{:>4}  {:<5} {:<13} {:<10} {:<16} gloss", "key", "shape", "position", "phones", "word");
    for (i, key) in keys.iter().enumerate() {
        let phones = symbols(&all, key);
        let word = utterance.words.get(key.word).filter(|w| w.kind != WordKind::Break).map_or("", |w| &w.text);
        let _ = writeln!(
            out,
            "{:>4}  {:<5} {:<13} {:<10} {:<16} {}",
            i + 1,
            key.shape.0,
            key.position.name(),
            phones.join(" "),
            word,
            gloss::sentence(key.shape, key.position, key.movement, &phones, args.gloss.language()),
        );
    }
    for issue in &utterance.issues {
        let _ = writeln!(out, "note: {}", issue.message);
    }
    out
}
