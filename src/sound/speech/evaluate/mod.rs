//! How far found times are from true ones, and recordings with known times to find out.
//!
//! A synthesiser's recordings have exact times: another voice, tempo and noise than the reference's, narrow microphones,
//! another synthesiser altogether (flite against espeak-ng), and slow cueing, made by putting a pause of 0.3 to 1 s
//! between any two syllables. Others depart from their text in a known place. They flatter: people vary more.
//! [`measure`] goes through all of them; [`scores`] serves for times set by hand as well.
//!
//! After a silence the true onset is where the sound becomes audible: the silent closure of a stop cannot be told from
//! the pause before it, neither by a program nor by an annotator.

mod cases;
mod channel;
mod sentences;

pub use cases::{Case, Departure, cases, departures, slowed};
pub use channel::{Channel, noisy};
pub use sentences::{Half, sentences, strangers};

use super::sounds::{Manner, letters_of_phone};
use super::synthesis::{Engine, VoiceOptions, synthesise_with};
use super::voice::Voice;
use super::{Alignment, EventKind, SpeechError, TimedPhone, align_best};
use crate::language::{Language, ReadingOptions, Utterance, read};
use crate::progress::{Progress, Silent};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Errors of key onsets (the first sound of every syllable), in milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct OnsetScores {
    pub n: usize,
    pub median_ms: f64,
    pub p90_ms: f64,
    pub worst_ms: f64,
    /// Mean of found minus true: negative is early.
    pub bias_ms: f64,
    /// Shares of onsets within 25, 50 and 100 ms.
    pub within_25: f64,
    pub within_50: f64,
    pub within_100: f64,
}

/// The scores of one set of recordings, in sum and by the kind of the onset's phone.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SetScores {
    /// `espeak-fra`, `flite`, `slow-cmn` …
    pub set: String,
    #[serde(flatten)]
    pub scores: OnsetScores,
    /// Recordings measured, and those of them in which a repeat, skip or extra word was reported although all was said
    /// as written.
    pub recordings: usize,
    pub false_alarms: usize,
    /// By kind of sound: `stop`, `vowel` …
    pub by_class: BTreeMap<&'static str, OnsetScores>,
}

/// How departures of one kind were found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct DetectionScores {
    /// `repeat-fra`, `skip-cmn` …
    pub set: String,
    pub n: usize,
    /// Reported in the right place (repeats and extra words pass for one another).
    pub found: usize,
    /// Of those, with the right kind and, for repeats and skips, exactly the right words.
    pub exact: usize,
    /// Reports in the wrong place.
    pub false_alarms: usize,
    /// Onsets of the words that were said once and as written.
    pub onsets: OnsetScores,
}

/// Everything measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Measured {
    pub sets: Vec<SetScores>,
    pub departures: Vec<DetectionScores>,
}

/// The scores of a list of errors (found − true, milliseconds).
pub fn scores(errors: &[f64]) -> OnsetScores {
    let mut sizes: Vec<f64> = errors.iter().map(|e| e.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    let at = |p: f64| sizes.get(((sizes.len() as f64 - 1.0) * p).round().max(0.0) as usize).copied().unwrap_or(0.0);
    let n = errors.len();
    let share = |limit: f64| sizes.iter().filter(|s| **s <= limit).count() as f64 / n.max(1) as f64;
    OnsetScores {
        n,
        median_ms: at(0.5),
        p90_ms: at(0.9),
        worst_ms: at(1.0),
        bias_ms: errors.iter().sum::<f64>() / n.max(1) as f64,
        within_25: share(25.0),
        within_50: share(50.0),
        within_100: share(100.0),
    }
}

/// Errors of the first phone of every syllable, found − true, in milliseconds, with the phone's flat index.
pub fn onset_errors(found: &[TimedPhone], truth: &[TimedPhone], utterance: &Utterance) -> Vec<(usize, f64)> {
    let mut out = Vec::new();
    let mut before = None;
    for (i, phone) in utterance.phones().enumerate() {
        let place = (phone.word, phone.syllable);
        if before != Some(place)
            && let (Some(f), Some(t)) = (found.get(i), truth.get(i))
        {
            out.push((i, (f.start - t.start).millis()));
        }
        before = Some(place);
    }
    out
}

/// The name of a phone's kind of sound.
pub fn class_of(manner: Manner) -> &'static str {
    match manner {
        Manner::Stop => "stop",
        Manner::Affricate => "affricate",
        Manner::Fricative => "fricative",
        Manner::Nasal => "nasal",
        Manner::Liquid => "liquid",
        Manner::Glide => "glide",
        Manner::Vowel => "vowel",
    }
}

/// The kind of sound of every phone.
pub fn classes(utterance: &Utterance) -> Vec<&'static str> {
    utterance
        .phones()
        .map(|p| letters_of_phone(p.phone, utterance.language).first().map_or(Manner::Vowel, |l| l.manner))
        .map(class_of)
        .collect()
}

/// Class and error (milliseconds) of each onset.
type OnsetErrors = Vec<(&'static str, f64)>;

/// What was found in the recordings of one sentence.
#[derive(Default)]
struct Found {
    /// Set, whether an event was reported, class and error of every onset.
    cases: Vec<(String, bool, OnsetErrors)>,
    departures: Vec<DetectionScores>,
    /// Errors of the onsets of each departure.
    errors: Vec<Vec<f64>>,
}

/// Aligns the recordings of the first `most` sentences of each language and scores them, set by set.
pub fn measure(half: Half, most: usize, voice: &Voice, progress: &dyn Progress) -> Result<Measured, SpeechError> {
    let texts: Vec<(Language, usize, &str)> = [Language::Mandarin, Language::French, Language::AmericanEnglish]
        .into_iter()
        .flat_map(|l| sentences(l, half).iter().take(most).enumerate().map(move |(k, t)| (l, k, *t)))
        .collect();
    let done = AtomicUsize::new(0);
    let found = texts
        .par_iter()
        .map(|&(language, k, text)| {
            if progress.cancelled() {
                return Err(SpeechError::Cancelled);
            }
            let found = measure_sentence(language, k, text, half, voice);
            progress.report("Measuring the alignment", done.fetch_add(1, Ordering::Relaxed) + 1, texts.len());
            found
        })
        .collect::<Result<Vec<Found>, SpeechError>>()?;
    Ok(summed(&found))
}

fn measure_sentence(language: Language, k: usize, text: &str, half: Half, voice: &Voice) -> Result<Found, SpeechError> {
    let utterance = read(text, language, &ReadingOptions::default(), Some(voice));
    let options = VoiceOptions { engine: Engine::Espeak, ..VoiceOptions::default() };
    let reference = synthesise_with(voice, &utterance, &options)?;
    let speak = |text: &Utterance, manner: &VoiceOptions| synthesise_with(voice, text, manner).ok();
    let kinds = classes(&utterance);
    let mut out = Found::default();
    for case in cases(&utterance, voice, half, k)? {
        let found = align_best(&case.audio, &utterance, Some(&reference), &speak, &Silent)?;
        let errors = onset_errors(&found.phones, &case.truth, &utterance);
        let errors = errors.into_iter().map(|(i, e)| (kinds[i], e)).collect();
        out.cases.push((case.set, !found.events.is_empty(), errors));
    }
    for departure in departures(&utterance, voice, half, k)? {
        let found = align_best(&departure.audio, &utterance, Some(&reference), &speak, &Silent)?;
        let (score, errors) = detection(&found, &departure, &utterance);
        out.departures.push(score);
        out.errors.push(errors);
    }
    Ok(out)
}

/// Whether a departure was found, and the errors of the onsets elsewhere.
fn detection(found: &Alignment, departure: &Departure, utterance: &Utterance) -> (DetectionScores, Vec<f64>) {
    let kind = match departure.kind {
        EventKind::Repeat => "repeat",
        EventKind::Skip => "skip",
        EventKind::Extra => "extra",
    };
    let mut score =
        DetectionScores { set: format!("{kind}-{}", utterance.language.code()), n: 1, ..DetectionScores::default() };
    // Of two sayings either may be taken for the one too many.
    let mut range = departure.range;
    let mut own = Vec::new();
    for (i, phone) in utterance.phones().enumerate() {
        if departure.words.contains(&phone.word)
            && let Some(t) = departure.truth[i]
        {
            range.end = range.end.max(t.end);
        }
        own.push(departure.words.contains(&phone.word));
    }
    let near = 0.15;
    for event in &found.events {
        let overlaps = event.range.start.0 < range.end.0 + near && event.range.end.0 > range.start.0 - near;
        let sort = |k: EventKind| k == EventKind::Skip;
        if overlaps && sort(event.kind) == sort(departure.kind) {
            score.found = 1;
            let named = departure.words.is_empty() || event.words == departure.words;
            score.exact = score.exact.max(usize::from(event.kind == departure.kind && named));
        } else {
            score.false_alarms += 1;
        }
    }
    let truth: Vec<TimedPhone> = departure.truth.iter().map(|t| t.unwrap_or_default()).collect();
    let errors = onset_errors(&found.phones, &truth, utterance)
        .into_iter()
        .filter(|(i, _)| !own[*i] && departure.truth[*i].is_some())
        .map(|(_, e)| e)
        .collect();
    (score, errors)
}

fn summed(found: &[Found]) -> Measured {
    let mut sets: BTreeMap<&str, (usize, usize, OnsetErrors)> = BTreeMap::new();
    let mut departures: BTreeMap<&str, (DetectionScores, Vec<f64>)> = BTreeMap::new();
    for one in found {
        for (set, alarm, errors) in &one.cases {
            let entry = sets.entry(set).or_default();
            entry.0 += 1;
            entry.1 += usize::from(*alarm);
            entry.2.extend(errors);
        }
        for (score, errors) in one.departures.iter().zip(&one.errors) {
            let (sum, all) = departures.entry(&score.set).or_default();
            sum.set.clone_from(&score.set);
            sum.n += score.n;
            sum.found += score.found;
            sum.exact += score.exact;
            sum.false_alarms += score.false_alarms;
            all.extend(errors);
        }
    }
    let sizes = |errors: &[(&str, f64)]| scores(&errors.iter().map(|e| e.1).collect::<Vec<_>>());
    let sets = sets.into_iter().map(|(set, (recordings, false_alarms, errors))| {
        let mut by_class: BTreeMap<&'static str, Vec<(&str, f64)>> = BTreeMap::new();
        for e in &errors {
            by_class.entry(e.0).or_default().push(*e);
        }
        SetScores {
            set: set.to_owned(),
            scores: sizes(&errors),
            recordings,
            false_alarms,
            by_class: by_class.into_iter().map(|(class, e)| (class, sizes(&e))).collect(),
        }
    });
    let departures = departures.into_values().map(|(sum, all)| DetectionScores { onsets: scores(&all), ..sum });
    Measured { sets: sets.collect(), departures: departures.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_those_of_hand_computed_errors() {
        let s = scores(&[-10.0, 20.0, 30.0, -40.0, 200.0]);
        assert_eq!((s.n, s.median_ms, s.p90_ms, s.worst_ms), (5, 30.0, 200.0, 200.0));
        assert!((s.bias_ms - 40.0).abs() < 1e-9);
        assert_eq!((s.within_25, s.within_50, s.within_100), (0.4, 0.8, 0.8));
        assert_eq!(scores(&[]), OnsetScores::default());
    }
}
