//! `cueloom corpus`: what networks are trained on, made, shown, checked and taken in.

use super::{Bar, Failure, Outcome, language, print_out};
use crate::corpus::Card;
use crate::jobs::corpus::{self, Synth, import};
use crate::language::Language;
use crate::time::Fps;
use clap::Subcommand;
use serde_json::json;
use std::path::PathBuf;
use std::time::Instant;

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a synthetic corpus: sentences by a grammar, spoken by the synthesisers of this computer, cued and gestured by
    /// virtual people. A run that was stopped goes on when the same command is given again.
    Synth(SynthArgs),
    /// Show what a corpus is and what is in it.
    Card(FolderArgs),
    /// Read all of a corpus and say what is wrong with it.
    Check(FolderArgs),
    /// Take recordings with their poses into the same layout.
    Import(ImportArgs),
}

#[derive(clap::Args)]
struct SynthArgs {
    /// Hours in all.
    #[arg(long, value_name = "H")]
    hours: f64,
    /// The folder to make.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The share of the hours that is gesture with speech; the rest is Cued Speech.
    #[arg(long, default_value_t = 1.0 / 3.0, value_name = "0-1")]
    gesture: f64,
    /// Everything follows from it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Languages: cmn, fra, eng-US; all by default.
    #[arg(long, value_delimiter = ',', value_name = "CODES", value_parser = language)]
    languages: Vec<Language>,
    /// Shards made at a time; as many as this computer has cores by default.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=64))]
    jobs: Option<u32>,
    /// Keep the sound too, as WAV.
    #[arg(long)]
    sound: bool,
    /// Say what it would take on disk, and do nothing.
    #[arg(long)]
    dry_run: bool,
}

#[derive(clap::Args)]
struct FolderArgs {
    /// The corpus.
    folder: PathBuf,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
struct ImportArgs {
    /// What the folder is like. mccs: NAME.json (or .npy, .npz) with NAME.TextGrid or NAME.eaf and NAME.wav. pats:
    /// SPEAKER#INTERVAL.npz with SPEAKER#INTERVAL.wav. beat: SPEAKER_NAME_....npz of SMPL-X with .wav and .TextGrid.
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(import::Kind::ALL.map(import::Kind::name)))]
    kind: String,
    /// The folder to read.
    folder: PathBuf,
    /// The corpus to make.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The language that is spoken.
    #[arg(long, value_name = "CODE", value_parser = language)]
    language: Option<Language>,
    /// Frames a second, where the files do not say it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=240))]
    fps: Option<u32>,
    /// Width and height of the pictures in pixels, where the files do not say it: 1280x720.
    #[arg(long, value_name = "WxH")]
    size: Option<String>,
    /// People who are held out of training, by name.
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    hold_out: Vec<String>,
}

pub fn run(args: &Args) -> Outcome {
    match &args.command {
        Command::Synth(args) => synth(args),
        Command::Card(args) => show(args),
        Command::Check(args) => check(args),
        Command::Import(args) => take_in(args),
    }
}

/// The command as it was given, for the card.
fn command_line() -> String {
    let quoted = |a: String| if a.contains(char::is_whitespace) { format!("\"{a}\"") } else { a };
    let rest: Vec<String> = std::env::args().skip(1).map(quoted).collect();
    format!("cueloom {}", rest.join(" "))
}

fn synth(args: &SynthArgs) -> Outcome {
    if !(0.0..=1.0).contains(&args.gesture) {
        return Err(Failure::Arguments(anyhow::anyhow!("--gesture is a share from 0 to 1")));
    }
    let mut languages = if args.languages.is_empty() { Language::ALL.to_vec() } else { args.languages.clone() };
    languages.dedup();
    let recipe = corpus::recipe(args.seed, args.hours, args.gesture, languages, args.sound);
    recipe.check().map_err(|e| Failure::Arguments(e.into()))?;
    eprintln!("{}", corpus::estimate(&recipe));
    if args.dry_run {
        return Ok(());
    }
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let threads = args.jobs.map_or(cores, |n| n as usize);
    let started = Instant::now();
    let request = Synth { out: args.out.clone(), recipe, threads, command: command_line() };
    let card = corpus::synth(&request, &Bar::new()).map_err(Failure::from)?;
    print_out(&card.text());
    let (hours, size) = (card.counts.all.hours, corpus::disk_use(&args.out) as f64 / 1e6);
    eprintln!(
        "{:.1} minutes; {size:.1} MB, {:.1} MB an hour: {}",
        started.elapsed().as_secs_f64() / 60.0,
        size / hours.max(1e-9),
        args.out.display()
    );
    Ok(())
}

fn show(args: &FolderArgs) -> Outcome {
    let card = Card::load(&args.folder).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    if args.json {
        let text = serde_json::to_string_pretty(&card).map_err(|e| Failure::Work(e.into()))?;
        print_out(&(text + "\n"));
    } else {
        print_out(&card.text());
    }
    Ok(())
}

fn check(args: &FolderArgs) -> Outcome {
    let (found, faults) = corpus::check(&args.folder, &Bar::new()).map_err(Failure::from)?;
    let size = found.size() as f64 / 1e6;
    let counts = &found.card.counts;
    if args.json {
        let faults: Vec<&str> = faults.iter().map(|f| f.0.as_str()).collect();
        let value = json!({ "clips": found.len(), "hours": counts.all.hours, "megabytes": size, "faults": faults });
        print_out(&format!("{value:#}\n"));
    } else {
        let mut out = format!("{} clips, {:.3} hours, {size:.1} MB\n", found.len(), counts.all.hours);
        faults.iter().take(50).for_each(|f| out.push_str(&format!("{}\n", f.0)));
        out.push_str(if faults.is_empty() { "nothing wrong\n" } else { "" });
        print_out(&out);
    }
    match faults.len() {
        0 => Ok(()),
        n => Err(Failure::Input(anyhow::anyhow!("{n} faults were found in the corpus: {}", args.folder.display()))),
    }
}

fn take_in(args: &ImportArgs) -> Outcome {
    let wrong = |what: &str| Failure::Arguments(anyhow::anyhow!("{what}"));
    let kind = import::Kind::from_name(&args.kind).ok_or_else(|| wrong("the kind is mccs, pats or beat"))?;
    let size = match &args.size {
        None => None,
        Some(text) => {
            let parts = text.split_once(['x', 'X', '×']);
            let sides = parts.and_then(|(w, h)| Some((w.trim().parse().ok()?, h.trim().parse().ok()?)));
            let good = |(w, h): &(f32, f32)| (16.0..=20_000.0).contains(w) && (16.0..=20_000.0).contains(h);
            Some(sides.filter(good).ok_or_else(|| wrong("--size is width and height in pixels, such as 1280x720"))?)
        }
    };
    let request = import::Import {
        kind,
        folder: args.folder.clone(),
        out: args.out.clone(),
        language: args.language,
        fps: args.fps.map(Fps::whole),
        size,
        hold_out: args.hold_out.clone(),
        command: command_line(),
    };
    let card = import::import(&request, &Bar::new()).map_err(Failure::from)?;
    print_out(&card.text());
    Ok(())
}
