//! `cueloom read`: how the words of a project are read, and other readings for them.

use super::{Failure, Outcome, print_out};
use crate::document::edit::Edit;
use crate::document::{Project, file};
use crate::jobs::open::edit_and_save;
use crate::language::alphabets::{self, Alphabet};
use crate::language::{ReadingSource, WordKind, phonetics};
use serde_json::json;
use std::fmt::Write as _;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Args {
    /// The project's folder.
    project: PathBuf,
    /// Number of the word to read otherwise, as listed; without it the words are listed.
    #[arg(long, value_name = "N")]
    word: Option<usize>,
    /// How it is read: pinyin (hang2, háng) for Mandarin, IPA or X-SAMPA, for English also ARPAbet (R EH1 D).
    #[arg(long = "as", value_name = "READING", requires = "word")]
    reading: Option<String>,
    /// The alphabet of the reading, where it is not to be recognised.
    #[arg(long, value_enum, value_name = "NAME")]
    alphabet: Option<Script>,
    /// Only this sound of the word, from 1, is said as --as tells.
    #[arg(long, value_name = "K", requires = "reading")]
    sound: Option<usize>,
    /// Take your own readings of the word away: it is read by the dictionary again.
    #[arg(long, requires = "word", conflicts_with_all = ["reading", "all"])]
    reset: bool,
    /// List the sounds of the project's language as the alphabet writes them.
    #[arg(long, conflicts_with = "word")]
    signs: bool,
    /// All words written the same are read so, and the project remembers it.
    #[arg(long, requires = "reading")]
    all: bool,
    /// List as JSON.
    #[arg(long, conflicts_with = "word")]
    json: bool,
}

/// An alphabet, as it is named on the command line.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Script {
    Pinyin,
    Ipa,
    #[value(alias = "xsampa")]
    XSampa,
    Arpabet,
}

impl Script {
    fn alphabet(self) -> Alphabet {
        match self {
            Self::Pinyin => Alphabet::Pinyin,
            Self::Ipa => Alphabet::Ipa,
            Self::XSampa => Alphabet::XSampa,
            Self::Arpabet => Alphabet::Arpabet,
        }
    }
}

pub fn run(args: &Args) -> Outcome {
    let folder = file::project_folder(&args.project);
    let project = file::load(&folder).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    if args.signs {
        print_out(&signs(&project, args.alphabet));
        return Ok(());
    }
    let Some(number) = args.word else {
        print_out(&list(&project, args.json));
        return Ok(());
    };
    let words = &project.tiers.utterance.words;
    let at = number.checked_sub(1).filter(|i| words.get(*i).is_some_and(|w| w.kind != WordKind::Break));
    let Some(at) = at else {
        let count = words.len();
        return Err(Failure::Arguments(anyhow::anyhow!("there is no word {number}; the list has words 1 to {count}")));
    };
    let first = match (&args.reading, args.reset) {
        (_, true) => Edit::RemoveReading { word: at },
        (Some(typed), _) => wanted(args, &project, at, typed)?,
        (None, false) => {
            return Err(Failure::Arguments(anyhow::anyhow!(
                "say how word {number} is read with --as, or give --reset"
            )));
        }
    };
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

/// The edit that a typed reading asks for.
fn wanted(args: &Args, project: &Project, word: usize, typed: &str) -> Result<Edit, Failure> {
    let alphabet = args.alphabet.map(Script::alphabet);
    let read = |typed: &str| {
        alphabets::read(typed, project.language(), alphabet)
            .map_err(|e| Failure::Arguments(anyhow::anyhow!("{e}: {typed}")))
    };
    let Some(sound) = args.sound else { return Ok(Edit::AddReading { word, reading: read(typed)? }) };
    let phones = project.word_phones().get(word).cloned().unwrap_or_default();
    let phone = sound.checked_sub(1).map(|i| phones.start + i).filter(|p| phones.contains(p));
    let Some(phone) = phone else {
        let count = phones.len();
        return Err(Failure::Arguments(anyhow::anyhow!("there is no sound {sound}; the word has {count}, from 1")));
    };
    // The symbol of the chart itself, or one sound in an alphabet.
    if phonetics::class_of(typed, project.language()).is_some() {
        return Ok(Edit::SetPhone { phone, symbol: typed.to_owned() });
    }
    let reading = read(typed)?;
    let mut sounds = reading.syllables.iter().flat_map(|s| &s.phones);
    match (sounds.next(), sounds.next()) {
        (Some(one), None) => Ok(Edit::SetPhone { phone, symbol: one.symbol.clone() }),
        _ => Err(Failure::Arguments(anyhow::anyhow!("give one sound for --sound: {typed}"))),
    }
}

/// Each sound as an alphabet writes it, with its symbol and how it is cued.
fn signs(project: &Project, alphabet: Option<Script>) -> String {
    let language = project.language();
    let alphabet = alphabet.map_or(Alphabet::of(language)[0], Script::alphabet);
    let (chart, switches) = (project.chart(), &project.settings.switches);
    let mut out = String::new();
    for (sign, symbol) in alphabets::signs(language, alphabet) {
        let shape = chart.consonant(symbol, switches).map(|s| format!("shape {}", s.0));
        let places = chart.vowel(symbol, true, switches);
        let places = places.map(|p| p.iter().map(|p| p.name()).collect::<Vec<_>>().join(" to "));
        let _ = writeln!(out, "{sign}\t{symbol}\t{}", shape.or(places).unwrap_or_default());
    }
    out
}

fn list(project: &Project, as_json: bool) -> String {
    let words = project.tiers.utterance.words.iter().enumerate().filter(|(_, w)| w.kind != WordKind::Break);
    if as_json {
        let words: Vec<_> = words
            .map(|(i, w)| {
                let labels: Vec<&str> = w.readings.iter().map(|r| r.label.as_str()).collect();
                let own = w.readings.get(w.chosen).is_some_and(|r| r.source == ReadingSource::User);
                json!({ "number": i + 1, "text": w.text, "chosen": w.chosen, "readings": labels, "own": own })
            })
            .collect();
        return json!({ "words": words }).to_string() + "\n";
    }
    let mut out = String::new();
    for (i, word) in words {
        let now = word.readings.get(word.chosen).map_or("?", |r| r.label.as_str());
        let own = word.readings.get(word.chosen).is_some_and(|r| r.source == ReadingSource::User);
        let own = if own { " (yours)" } else { "" };
        let others: Vec<&str> = word
            .readings
            .iter()
            .enumerate()
            .filter(|(r, _)| *r != word.chosen)
            .map(|(_, r)| r.label.as_str())
            .collect();
        let others = if others.is_empty() { String::new() } else { format!("   or {}", others.join(", ")) };
        let _ = writeln!(out, "{:>5}  {}  {now}{own}{others}", i + 1, word.text);
    }
    out
}
