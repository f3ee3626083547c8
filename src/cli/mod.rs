//! The command line: everything the window can do to a project, through the same library calls.
//!
//! One subcommand a file. Exit codes: 0 good, 2 bad arguments, 3 bad input, 4 failed work. Results go to standard
//! output, everything else to standard error, progress bars only when that is a terminal.

mod align;
mod bench;
mod chart;
mod corpus;
mod cues;
mod doctor;
mod eval;
mod eval_align;
mod eval_picture;
mod eval_reader;
mod express;
mod generate;
mod gloss;
mod hands;
mod history;
mod identity;
mod masks;
mod new;
mod open;
mod poses;
mod read;
mod recover;
mod relink;
mod render;
mod score;
mod sheet;
mod slow;
mod takes;
mod timing;
mod tones;

use crate::language::Language;
use crate::progress::Progress;
use clap::{Parser, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;

/// Make, correct and restyle Cued Speech and gesture video that follows speech.
#[derive(Parser)]
#[command(name = "cueloom", version, about, arg_required_else_help = false)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Open the studio window, with a project if one is given.
    Open(open::Args),
    /// Make a project and its draft from a recording (or a synthesised voice) and its text.
    New(new::Args),
    /// Show the cues of a text; needs no sound.
    Cues(cues::Args),
    /// Find when each sound of a text is spoken in a recording.
    Align(align::Args),
    /// Show the keys of a project in words, change one by a sentence, or have a service write them.
    Gloss(gloss::Args),
    /// Show how the words of a project are read, and read one, or all written like it, otherwise.
    Read(read::Args),
    /// Show when the hand of a project moves, and set preset, lead, and how long a silence sends it to rest.
    Timing(timing::Args),
    /// Write, check and use the charts that cues are made by.
    Chart(chart::Args),
    /// Make the poses of a project.
    Generate(generate::Args),
    /// Render a project to a video with sound.
    Render(render::Args),
    /// Make takes for a stretch of a project on some parts of the body; list, show and clean up takes.
    Takes(takes::Args),
    /// Correct hands: list, add and change layers of corrections; find the hands that look worst.
    Hands(hands::Args),
    /// Let face, head and hand show something beside lips and cues: brows, nods, looks, smiles, emphasis, the voice.
    Express(express::Args),
    /// Let the head show the tones of Mandarin, all or one by one.
    Tones(tones::Args),
    /// Bring in poses tracked from a video, align them to the project's person and use them.
    Poses(poses::Args),
    /// Write motion masks (face and hands, lips, background) as pictures or video.
    Masks(masks::Args),
    /// Read the cues of a performance and score them against those that were meant.
    Score(score::Args),
    /// Draw every key of a project on one page.
    Sheet(sheet::Args),
    /// Slow a passage of a project with its pitch kept: sound, cues and video.
    Slow(slow::Args),
    /// List the steps of a project's history, and the backups that were kept of it.
    History(history::Args),
    /// Take up work that was not saved, or put a backup in the place of a project.
    Recover(recover::Args),
    /// Say where a project's recording is now.
    Relink(relink::Args),
    /// List, make, check, hand on and take in the people who can be shown.
    Identity(identity::Args),
    /// Make, show, check and take in corpora that networks are trained on.
    Corpus(corpus::Args),
    /// Say what Cueloom found on this computer and what is missing.
    Doctor(doctor::Args),
    /// Measure the speed of the whole job on this computer.
    Bench(bench::Args),
    /// Measure how well the program does against gold files.
    Eval(eval::Args),
}

/// Why a command failed, which decides the exit code.
#[derive(Debug)]
pub enum Failure {
    /// Exit code 2.
    Arguments(anyhow::Error),
    /// Exit code 3.
    Input(anyhow::Error),
    /// Exit code 4.
    Work(anyhow::Error),
}

impl From<anyhow::Error> for Failure {
    /// An error of a file's content or of the user's media is bad input; all else is failed work.
    fn from(error: anyhow::Error) -> Self {
        if crate::jobs::is_bad_input(&error) { Self::Input(error) } else { Self::Work(error) }
    }
}

type Outcome = Result<(), Failure>;

/// Parses the arguments and does what they say.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => {
            let _ = e.print();
            return ExitCode::from(if e.use_stderr() { 2 } else { 0 });
        }
    };
    let outcome = match cli.command {
        None => open::run(&open::Args::default()),
        Some(Command::Open(args)) => open::run(&args),
        Some(Command::New(args)) => new::run(&args),
        Some(Command::Cues(args)) => cues::run(&args),
        Some(Command::Align(args)) => align::run(&args),
        Some(Command::Gloss(args)) => gloss::run(&args),
        Some(Command::Read(args)) => read::run(&args),
        Some(Command::Timing(args)) => timing::run(&args),
        Some(Command::Chart(args)) => chart::run(&args),
        Some(Command::Generate(args)) => generate::run(&args),
        Some(Command::Render(args)) => render::run(&args),
        Some(Command::Takes(args)) => takes::run(&args),
        Some(Command::Hands(args)) => hands::run(&args),
        Some(Command::Express(args)) => express::run(&args),
        Some(Command::Tones(args)) => tones::run(&args),
        Some(Command::Poses(args)) => poses::run(&args),
        Some(Command::Masks(args)) => masks::run(&args),
        Some(Command::Score(args)) => score::run(&args),
        Some(Command::Sheet(args)) => sheet::run(&args),
        Some(Command::Slow(args)) => slow::run(&args),
        Some(Command::History(args)) => history::run(&args),
        Some(Command::Recover(args)) => recover::run(&args),
        Some(Command::Relink(args)) => relink::run(&args),
        Some(Command::Identity(args)) => identity::run(&args),
        Some(Command::Corpus(args)) => corpus::run(&args),
        Some(Command::Doctor(args)) => doctor::run(&args),
        Some(Command::Bench(args)) => bench::run(&args),
        Some(Command::Eval(args)) => eval::run(&args),
    };
    let (code, error) = match outcome {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Failure::Arguments(e)) => (2, e),
        Err(Failure::Input(e)) => (3, e),
        Err(Failure::Work(e)) => (4, e),
    };
    eprintln!("cueloom: {error:#}");
    ExitCode::from(code)
}

/// Parses a language code, for clap.
fn language(code: &str) -> Result<Language, String> {
    code.parse()
}

/// The text itself, or with a leading `@` the content of a UTF-8 file.
fn text_argument(argument: &str) -> Result<String, Failure> {
    match argument.strip_prefix('@') {
        None => Ok(argument.to_owned()),
        Some(path) => {
            let bytes = std::fs::read(path)
                .map_err(|e| Failure::Input(anyhow::anyhow!("cannot read the text ({e}): {path}")))?;
            String::from_utf8(bytes).map_err(|_| {
                Failure::Input(anyhow::anyhow!("the text is not UTF-8; save it as UTF-8 and try again: {path}"))
            })
        }
    }
}

/// Refuses what cannot be times of `--from` and `--to`.
fn check_stretch(from: Option<f64>, to: Option<f64>) -> Outcome {
    for (name, value) in [("--from", from), ("--to", to)] {
        if value.is_some_and(|v| !v.is_finite() || v < 0.0) {
            return Err(Failure::Arguments(anyhow::anyhow!("{name} is a time in seconds from the beginning")));
        }
    }
    Ok(())
}

/// Writes a result to a file, whole or not at all.
fn write_file(path: &Path, content: &[u8]) -> Outcome {
    crate::document::file::write_whole(path, content).map_err(|e| Failure::Work(e.into()))
}

/// Writes a result to standard output; a closed pipe (`| head`) is not an error.
fn print_out(text: &str) {
    use std::io::Write as _;
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// A progress bar on standard error when that is a terminal, silence otherwise.
struct Bar {
    bar: Mutex<Option<(String, ProgressBar)>>,
    shown: bool,
}

impl Bar {
    fn new() -> Self {
        Self { bar: Mutex::default(), shown: std::io::stderr().is_terminal() }
    }
}

impl Progress for Bar {
    fn report(&self, stage: &str, done: usize, total: usize) {
        if !self.shown {
            return;
        }
        let Ok(mut current) = self.bar.lock() else { return };
        if current.as_ref().is_none_or(|(name, _)| name != stage) {
            if let Some((_, old)) = current.take() {
                old.finish();
            }
            let bar = ProgressBar::new(total as u64);
            if let Ok(style) = ProgressStyle::with_template("{msg:28} {bar:30} {pos}/{len} {eta}") {
                bar.set_style(style);
            }
            bar.set_message(stage.to_owned());
            *current = Some((stage.to_owned(), bar));
        }
        if let Some((_, bar)) = &*current {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
            if done >= total {
                bar.finish();
            }
        }
    }
}
