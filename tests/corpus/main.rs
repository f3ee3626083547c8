//! Making a synthetic corpus with the synthesisers of this computer: the same on any number of threads, in one go or in
//! two. Without espeak-ng there is nothing to test, and the tests say so.

mod import;

use cueloom::corpus::{Card, Corpus, CorpusError, Kind, Split};
use cueloom::jobs::corpus::{Synth, check, recipe, synth};
use cueloom::language::Language;
use cueloom::progress::{Progress, Silent};
use cueloom::speech::voice::Voice;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

fn can_speak() -> bool {
    let found = Voice::find();
    if let Err(e) = &found {
        eprintln!("not tested: {e}");
    }
    found.is_ok()
}

/// Some twenty seconds of each kind in shards of two clips, without flite so that it is quick.
fn request(out: &Path, threads: usize) -> Synth {
    let mut recipe = recipe(7, 40.0 / 3600.0, 0.5, Language::ALL.to_vec(), false);
    recipe.flite = false;
    recipe.shard = 2;
    Synth { out: out.to_owned(), recipe, threads, command: "test".into() }
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .map(|p| (p.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&p).unwrap()))
        .collect();
    all.sort();
    all
}

/// Cancels after so many reports.
struct Impatient(AtomicUsize);

impl Progress for Impatient {
    fn report(&self, _stage: &str, _done: usize, _total: usize) {
        self.0.fetch_sub(1.min(self.0.load(Ordering::Relaxed)), Ordering::Relaxed);
    }

    fn cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }
}

#[test]
fn any_number_of_threads_and_any_number_of_goes_give_the_same_corpus() {
    if !can_speak() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (one, three, broken) = (folder.path().join("one"), folder.path().join("three"), folder.path().join("broken"));
    let card = synth(&request(&one, 1), &Silent).unwrap();
    synth(&request(&three, 3), &Silent).unwrap();
    assert_eq!(files(&one), files(&three));

    // Stopped after some clips, a shard damaged and another one lost: it goes on and comes out the same.
    let stopped = synth(&request(&broken, 1), &Impatient(AtomicUsize::new(7)));
    let error = stopped.unwrap_err();
    assert!(matches!(error.downcast_ref(), Some(CorpusError::Cancelled)), "{error}");
    assert!(cueloom::jobs::is_cancelled(&error));
    let made = files(&broken);
    assert!(made.len() > 1 && made.len() < files(&one).len(), "{} files", made.len());
    assert!(!Card::load(&broken).unwrap().complete);
    let first = broken.join(&made.iter().find(|f| f.0.ends_with(".clips")).unwrap().0);
    let mut bytes = std::fs::read(&first).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&first, bytes).unwrap();
    synth(&request(&broken, 2), &Silent).unwrap();
    assert_eq!(files(&one), files(&broken));

    // It is what was asked for, and whole.
    let (corpus, faults) = check(&one, &Silent).unwrap();
    assert_eq!(faults, []);
    assert_eq!(corpus.card, card);
    let hours = |kind: Kind| card.counts.kinds[kind.name()].hours;
    assert!(hours(Kind::Cueing) >= 20.0 / 3600.0 && hours(Kind::Gesture) >= 20.0 / 3600.0);
    assert!(hours(Kind::Cueing) < 60.0 / 3600.0, "{}", hours(Kind::Cueing));
    assert!(card.counts.languages.len() == 3 && card.coverage.len() == 3);
    for clip in corpus.all() {
        let meta = clip.meta();
        assert_eq!(meta.keys.is_empty(), meta.kind == Kind::Gesture);
        assert!(meta.phones.len() > 5 && !meta.words.is_empty());
        assert!(meta.phones.windows(2).all(|w| w[0].start <= w[1].start));
        let poses = clip.poses().unwrap();
        assert!(poses.iter().all(|f| f.face().iter().all(|p| p.score > 0.9)));
        let held = card.identities.iter().any(|i| i.held_out && i.name == meta.identity);
        assert_eq!(held, meta.split == Split::Unseen);
    }

    // The same folder for something else is refused; a finished one is left alone.
    let mut other = request(&one, 1);
    other.recipe.seed = 8;
    let error = synth(&other, &Silent).unwrap_err();
    assert!(error.to_string().contains("seed 7 and not 8"), "{error}");
    assert!(cueloom::jobs::is_bad_input(&error));
    assert_eq!(synth(&request(&one, 1), &Silent).unwrap(), card);
    let occupied = folder.path().join("full");
    std::fs::create_dir(&occupied).unwrap();
    std::fs::write(occupied.join("letter.txt"), "dear").unwrap();
    let error = synth(&request(&occupied, 1), &Silent).unwrap_err();
    assert!(matches!(error.downcast_ref(), Some(CorpusError::Occupied(_))), "{error}");
}

#[test]
fn what_is_cued_can_be_read_from_the_stored_poses() {
    use cueloom::cueing::chart::Chart;
    use cueloom::cueing::reader::{ReadOptions, read};
    use cueloom::cueing::score::{GAD_TAU, score, targets};
    use cueloom::pose::PoseSequence;
    use cueloom::time::Seconds;
    if !can_speak() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("c");
    let mut asked = request(&out, 2);
    (asked.recipe.cueing_hours, asked.recipe.gesture_hours) = (40.0 / 3600.0, 0.0);
    synth(&asked, &Silent).unwrap();
    let corpus = Corpus::open(&out).unwrap();
    let (mut right, mut meant) = (0, 0);
    for clip in corpus.all() {
        let meta = clip.meta();
        let poses = PoseSequence { fps: meta.fps, frames: clip.poses().unwrap() };
        let wanted = targets(&meta.keys, Seconds(meta.length()));
        let got = read(&poses, Chart::builtin(meta.language.unwrap()), &ReadOptions::default()).unwrap();
        let sums = score(&wanted, &got.keys, GAD_TAU).sums;
        (right, meant) = (right + (sums.strict_accuracy() * sums.target as f64).round() as usize, meant + sums.target);
    }
    let share = right as f64 / meant as f64;
    assert!(meant > 60 && share > 0.9, "{right} of {meant} keys are read");
}
