//! Makes corpora: a synthetic one shard by shard on several threads, or one from recordings ([`import`]).
//!
//! A shard is made by one thread with a synthesiser of its own and is written whole, so a run that was stopped goes on
//! with the shards it lacks, and any number of threads gives the same bytes. How many shards there are follows from the
//! lengths of those before: the first so many that together are as long as was asked for.

pub mod import;

use crate::corpus::card::{self, FILE, VERSION};
use crate::corpus::coverage::Counted;
use crate::corpus::make::{Book, Made, SOUND_RATE};
use crate::corpus::store::Shard;
use crate::corpus::{
    Augmentation, Card, ClipMeta, Corpus, CorpusError, Counts, ENDING, Kind, Recipe, people, store, text,
};
use crate::media;
use crate::progress::Progress;
use crate::time::Seconds;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Folder of the sound within a corpus.
pub const SOUND: &str = "sound";

/// A synthetic corpus to be made.
#[derive(Clone, Debug)]
pub struct Synth {
    pub out: PathBuf,
    pub recipe: Recipe,
    /// How many shards are made at a time.
    pub threads: usize,
    /// The command, for the card.
    pub command: String,
}

/// Makes a corpus, or goes on with one that was begun by the same recipe.
///
/// # Errors
/// When the recipe cannot be followed, the folder holds something else, nothing can speak, the disk is full, or the work
/// is cancelled: what is done then stays.
pub fn synth(request: &Synth, progress: &dyn Progress) -> anyhow::Result<Card> {
    request.recipe.check()?;
    let folder = &request.out;
    if let Some(done) = prepare(request)? {
        return Ok(done);
    }
    progress.report("Reading the grammar", 0, 1);
    let book = Book::new(&request.recipe)?;
    progress.report("Reading the grammar", 1, 1);
    let hours: f64 = Kind::ALL.iter().map(|k| request.recipe.hours(*k)).sum();
    let told = Told { progress, total: hours * 3600.0, done: Mutex::new(0.0) };
    let mut shards = Vec::new();
    for kind in Kind::ALL {
        shards.extend(produce(&book, kind, request, &told)?);
    }
    finish(folder, shards, progress).map_err(Into::into)
}

/// What the card of a synthetic corpus says before there are clips.
fn blank(request: &Synth) -> Card {
    let recipe = &request.recipe;
    let codes: Vec<&str> = recipe.languages.iter().map(|l| l.code()).collect();
    Card {
        version: VERSION,
        title: "Synthetic corpus of Cued Speech and gesture with speech".to_owned(),
        about: format!(
            "Nobody was recorded. Sentences of a grammar ({}) were spoken by synthesisers; virtual people performed them: \
             cuers by the program's own rules, speakers by a generator of gestures that follows words and stress. Poses \
             are 133 points of COCO-WholeBody at 25 frames a second, clean; the noise of trackers is added while \
             training. What networks learn from it is these rules and habits, not how people move.",
            codes.join(", ")
        ),
        synthetic: true,
        complete: false,
        program: format!("cueloom {}", env!("CARGO_PKG_VERSION")),
        command: request.command.clone(),
        recipe: Some(recipe.clone()),
        identities: people::cards(),
        augmentation: Augmentation::default(),
        counts: Counts::default(),
        coverage: Vec::new(),
        shards: Vec::new(),
        left_out: Default::default(),
        extra_width: 0,
    }
}

/// Makes the folder ready; gives the card where the work is done already.
fn prepare(request: &Synth) -> Result<Option<Card>, CorpusError> {
    let folder = &request.out;
    match Card::load(folder) {
        Ok(card) => {
            let begun = card.recipe.as_ref();
            let what = begun.map_or_else(|| Some("an import".to_owned()), |r| r.difference(&request.recipe));
            let program = format!("cueloom {}", env!("CARGO_PKG_VERSION"));
            let what = what.or_else(|| {
                let other = !card.complete && card.program != program;
                other.then(|| format!("by {} and not by {program}", card.program))
            });
            match what {
                Some(what) => Err(CorpusError::OtherRecipe { what, path: folder.clone() }),
                None if card.complete => Ok(Some(card)),
                None => Ok(None),
            }
        }
        Err(CorpusError::Missing(_)) => {
            empty_folder(folder)?;
            blank(request).save(folder)?;
            Ok(None)
        }
        Err(other) => Err(other),
    }
}

/// Makes a folder, or refuses one that holds anything.
fn empty_folder(folder: &Path) -> Result<(), CorpusError> {
    let io = |source| CorpusError::Io { what: "make the folder", source, path: folder.to_owned() };
    std::fs::create_dir_all(folder).map_err(io)?;
    let mut entries = std::fs::read_dir(folder).map_err(io)?;
    if entries.next().is_some() { Err(CorpusError::Occupied(folder.to_owned())) } else { Ok(()) }
}

fn shard_name(kind: Kind, index: usize) -> String {
    format!("{}-{index:05}.{ENDING}", kind.name())
}

/// Progress in seconds of material, over all kinds.
struct Told<'a> {
    progress: &'a dyn Progress,
    total: f64,
    done: Mutex<f64>,
}

impl Told<'_> {
    fn add(&self, seconds: f64) {
        let mut done = locked(&self.done);
        *done += seconds;
        let shown = done.min(self.total);
        self.progress.report("Making the corpus (seconds)", shown as usize, self.total.ceil() as usize);
    }
}

/// Generators below report frames, which nobody wants to see here; they must still hear that the work is cancelled, or
/// that another thread has failed.
struct Quiet<'a> {
    progress: &'a dyn Progress,
    stop: &'a AtomicBool,
}

impl Progress for Quiet<'_> {
    fn report(&self, _stage: &str, _done: usize, _total: usize) {}

    fn cancelled(&self) -> bool {
        self.progress.cancelled() || self.stop.load(Ordering::Relaxed)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Which shards are there, and how long they are.
#[derive(Default)]
struct Row {
    next: usize,
    lengths: Vec<Option<f64>>,
    error: Option<CorpusError>,
}

impl Row {
    /// How many shards are needed, once that is known: the first that reach `target` seconds.
    fn needed(&self, target: f64) -> Option<usize> {
        let mut sum = 0.0;
        if target <= 0.0 {
            return Some(0);
        }
        for (i, length) in self.lengths.iter().enumerate() {
            sum += (*length)?;
            if sum >= target - 1e-9 {
                return Some(i + 1);
            }
        }
        None
    }
}

/// Makes the shards of a kind that are missing; gives the names of all.
fn produce(book: &Book, kind: Kind, request: &Synth, told: &Told<'_>) -> Result<Vec<String>, CorpusError> {
    let target = 3600.0 * request.recipe.hours(kind);
    let row = Mutex::new(Row::default());
    let stop = AtomicBool::new(false);
    let work = || {
        loop {
            let index = {
                let mut row = locked(&row);
                if row.error.is_some() || row.needed(target).is_some() {
                    return;
                }
                let index = row.next;
                row.next += 1;
                if row.lengths.len() <= index {
                    row.lengths.resize(index + 1, None);
                }
                index
            };
            match one_shard(book, kind, index, request, told, &stop) {
                Ok(length) => locked(&row).lengths[index] = Some(length),
                Err(error) => {
                    stop.store(true, Ordering::Relaxed);
                    let mut row = locked(&row);
                    // A thread that stops because another one failed has nothing to say.
                    if row.error.as_ref().is_none_or(|e| matches!(e, CorpusError::Cancelled)) {
                        row.error = Some(error);
                    }
                    return;
                }
            }
        }
    };
    if target > 0.0 {
        std::thread::scope(|scope| {
            for _ in 0..request.threads.clamp(1, 64) {
                scope.spawn(work);
            }
        });
    }
    let row = row.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(error) = row.error {
        return Err(error);
    }
    let needed = row.needed(target).unwrap_or(0);
    // Threads may have made shards beyond the last one needed.
    for index in needed..row.lengths.len() {
        remove(&request.out, kind, index, book);
    }
    Ok((0..needed).map(|i| shard_name(kind, i)).collect())
}

fn remove(folder: &Path, kind: Kind, index: usize, book: &Book) {
    let _ = std::fs::remove_file(folder.join(shard_name(kind, index)));
    for number in book.numbers(index as u32) {
        let _ = std::fs::remove_file(folder.join(SOUND).join(sound_name(kind, number)));
    }
}

fn sound_name(kind: Kind, number: u32) -> String {
    format!("{}-{number:06}.wav", kind.name())
}

/// Length in seconds of a shard that is there already, or is made now.
fn one_shard(
    book: &Book,
    kind: Kind,
    index: usize,
    request: &Synth,
    told: &Told<'_>,
    stop: &AtomicBool,
) -> Result<f64, CorpusError> {
    let path = request.out.join(shard_name(kind, index));
    let numbers = book.numbers(index as u32);
    if path.exists() {
        // What a stopped run has left is believed as far as its checksums go; otherwise it is made anew.
        if let Ok(length) = whole_length(&path, numbers.len(), request) {
            told.add(length);
            return Ok(length);
        }
    }
    let quiet = Quiet { progress: told.progress, stop };
    let sound = request.out.join(SOUND);
    if request.recipe.sound {
        std::fs::create_dir_all(&sound).map_err(|source| CorpusError::Io {
            what: "make the folder",
            source,
            path: sound.clone(),
        })?;
    }
    let mut length = 0.0;
    let clips = book.shard(kind, index as u32, &quiet, |made: &Made| {
        if request.recipe.sound {
            let path = sound.join(sound_name(kind, made.clip.meta.number));
            media::write_wav(&path, SOUND_RATE, 1, &made.sound).map_err(|e| CorpusError::Io {
                what: "write the sound",
                source: std::io::Error::other(e.to_string()),
                path,
            })?;
        }
        length += made.clip.meta.length();
        told.add(made.clip.meta.length());
        Ok(())
    })?;
    store::write_whole(&path, &store::to_bytes(&clips)?)?;
    Ok(length)
}

/// Seconds of a shard whose clips are all readable, and whose sound is there where it is kept.
fn whole_length(path: &Path, clips: usize, request: &Synth) -> Result<f64, CorpusError> {
    let shard = Shard::open(path)?;
    let damaged = |message: &str| CorpusError::Damaged { message: message.to_owned(), path: path.to_owned() };
    if shard.entries.len() != clips {
        return Err(damaged("it holds another number of clips"));
    }
    for entry in &shard.entries {
        shard.poses(entry)?;
        shard.features(entry)?;
        let sound = request.out.join(SOUND).join(sound_name(entry.meta.kind, entry.meta.number));
        if request.recipe.sound && !sound.exists() {
            return Err(damaged("its sound is not there"));
        }
    }
    Ok(shard.entries.iter().map(|e| e.meta.length()).sum())
}

/// Counts what there is and writes the card.
fn finish(folder: &Path, shards: Vec<String>, progress: &dyn Progress) -> Result<Card, CorpusError> {
    let mut card = Card::load(folder)?;
    card.shards = shards;
    card.complete = true;
    let mut metas: Vec<ClipMeta> = Vec::new();
    for (i, name) in card.shards.iter().enumerate() {
        progress.report("Counting", i, card.shards.len());
        metas.extend(Shard::open(&folder.join(name))?.entries.into_iter().map(|e| e.meta));
    }
    progress.report("Counting", card.shards.len(), card.shards.len());
    card.counts = Counts::of(metas.iter());
    let languages = card.recipe.as_ref().map(|r| r.languages.clone()).unwrap_or_default();
    card.coverage = languages
        .into_iter()
        .map(|language| {
            let mut counted = Counted::default();
            for m in metas.iter().filter(|m| m.language == Some(language)) {
                counted.add_clip(language, &m.words, &m.phones);
            }
            counted.report(language, &text::wanted_units(language))
        })
        .collect();
    card.save(folder)?;
    Ok(card)
}

/// The recipe that hours in all and a share of gesture make, with shards of a size that suits them.
pub fn recipe(
    seed: u64,
    hours: f64,
    gesture_share: f64,
    languages: Vec<crate::language::Language>,
    sound: bool,
) -> Recipe {
    // Long corpora have shards of a few minutes; short ones still some shards to share among threads.
    let shard = (hours * 3600.0 / 6.0 / 16.0).ceil().clamp(2.0, 32.0) as u32;
    let share = gesture_share.clamp(0.0, 1.0);
    Recipe {
        seed,
        cueing_hours: hours * (1.0 - share),
        gesture_hours: hours * share,
        languages,
        flite: crate::speech::flite::is_installed(),
        sound,
        shard,
    }
}

/// Bytes of the files of a corpus, sound included.
pub fn disk_use(folder: &Path) -> u64 {
    let size = |p: &Path| std::fs::metadata(p).map_or(0, |m| m.len());
    let of = |folder: &Path| -> u64 {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|e| e.path()).filter(|p| p.is_file()).map(|p| size(&p)).sum()
    };
    of(folder) + of(&folder.join(SOUND))
}

/// Opens a corpus and reads all of it; gives it with what is wrong.
///
/// # Errors
/// When it cannot be opened at all, or the work is cancelled.
pub fn check(folder: &Path, progress: &dyn Progress) -> anyhow::Result<(Corpus, Vec<crate::corpus::Fault>)> {
    let corpus = Corpus::open(folder)?;
    let faults = corpus.check(progress)?;
    Ok((corpus, faults))
}

/// True for a folder that holds a corpus.
pub fn is_corpus(folder: &Path) -> bool {
    folder.join(FILE).is_file()
}

/// What a recipe will take, in words.
pub fn estimate(recipe: &Recipe) -> String {
    let hours = recipe.cueing_hours + recipe.gesture_hours;
    let size = recipe.megabytes();
    let sound =
        if recipe.sound { format!(", {:.0} of them sound", hours * card::SOUND_MB_PER_HOUR) } else { String::new() };
    format!("about {size:.0} MB on disk{sound}, for {}", Seconds(hours * 3600.0).timecode())
}
