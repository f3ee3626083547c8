//! How far found times are from true ones, and recordings with known times to find out.
//!
//! A synthesiser's recordings have exact times: another voice, tempo and noise than the reference's, another
//! synthesiser altogether (flite against espeak-ng), and slow cueing, made by putting a pause of 0.3 to 1 s between any
//! two syllables. They flatter: people vary more. [`run`] measures them all; [`scores`] serves for times set by hand.
//!
//! After a silence the true onset is where the sound becomes audible: the silent closure of a stop cannot be told from
//! the pause before it, neither by a program nor by an annotator.

use super::synthesis::{Engine, Synthesised, VoiceOptions, synthesise_with, synthesise_with_flite, usual_voice};
use super::voice::Voice;
use super::{Mono, SpeechError, TimedPhone, align, flite};
use crate::language::{Language, Utterance};
use crate::media::resample;
use crate::progress::{Progress, Silent};
use crate::time::Seconds;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use std::collections::BTreeMap;

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

/// The scores of one set of recordings, in sum and by the onset's phone.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SetScores {
    /// `espeak-fra`, `flite`, `slow-cmn` …
    pub set: String,
    pub scores: OnsetScores,
    pub by_phone: BTreeMap<String, OnsetScores>,
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

/// A recording with known times.
pub struct Case {
    pub set: String,
    pub audio: Mono,
    pub truth: Vec<TimedPhone>,
}

/// Aligns synthesised recordings of `utterances` and scores the onsets, set by set.
///
/// Utterances without phones are passed over. With flite installed, English gets its sets too.
pub fn run(utterances: &[Utterance], voice: &Voice, progress: &dyn Progress) -> Result<Vec<SetScores>, SpeechError> {
    let mut sets: BTreeMap<String, Vec<(String, f64)>> = BTreeMap::new();
    for (k, utterance) in utterances.iter().enumerate() {
        progress.report("Measuring the alignment", k, utterances.len());
        if progress.cancelled() {
            return Err(SpeechError::Cancelled);
        }
        let symbols: Vec<&str> = utterance.phones().map(|p| p.phone.symbol.as_str()).collect();
        if symbols.is_empty() {
            continue;
        }
        let options = VoiceOptions { engine: Engine::Espeak, ..VoiceOptions::default() };
        let reference = synthesise_with(voice, utterance, &options)?;
        for case in cases(utterance, voice, k as u64)? {
            let found = align(&case.audio, utterance, Some(&reference), &Silent)?;
            let errors = onset_errors(&found.phones, &case.truth, utterance);
            sets.entry(case.set).or_default().extend(errors.into_iter().map(|(i, e)| (symbols[i].to_string(), e)));
        }
    }
    progress.report("Measuring the alignment", utterances.len(), utterances.len());
    Ok(sets
        .into_iter()
        .map(|(set, errors)| {
            let mut by_phone: BTreeMap<String, Vec<f64>> = BTreeMap::new();
            for (symbol, e) in &errors {
                by_phone.entry(symbol.clone()).or_default().push(*e);
            }
            SetScores {
                set,
                scores: scores(&errors.iter().map(|e| e.1).collect::<Vec<_>>()),
                by_phone: by_phone.into_iter().map(|(symbol, e)| (symbol, scores(&e))).collect(),
            }
        })
        .collect())
}

/// The recordings made of one utterance.
pub fn cases(utterance: &Utterance, voice: &Voice, seed: u64) -> Result<Vec<Case>, SpeechError> {
    let code = utterance.language.code();
    let base = usual_voice(utterance.language);
    let mut out = Vec::new();
    let mut push = |set: String, spoken: &Synthesised, noise_db: f64| {
        let samples = noisy(&resample(&spoken.samples, spoken.rate, 16_000), noise_db, seed);
        out.push(Case { set, audio: Mono { rate: 16_000, samples }, truth: audible(spoken) });
    };
    // Another voice at another tempo and pitch, with 15 to 30 dB of noise.
    for (variant, tempo, pitch, noise_db) in
        [("f2", 0.8, 60.0, 25.0), ("m3", 1.25, 40.0, 20.0), ("m7", 1.0, 50.0, 15.0), ("f5", 0.7, 55.0, 30.0)]
    {
        let voice_name = Some(format!("{base}+{variant}"));
        let options = VoiceOptions { engine: Engine::Espeak, voice: voice_name, tempo, pitch };
        let spoken = synthesise_with(voice, utterance, &options)?;
        push(format!("espeak-{code}"), &spoken, noise_db);
        if matches!(variant, "m7" | "f5") {
            push(format!("slow-{code}"), &slowed(&spoken, utterance, seed), noise_db);
        }
    }
    if utterance.language == Language::AmericanEnglish && flite::is_installed() {
        for (name, tempo) in [("slt", 0.8), ("rms", 1.0), ("awb", 1.0)] {
            let options = VoiceOptions { voice: Some(name.into()), tempo, ..VoiceOptions::default() };
            let spoken = synthesise_with_flite(utterance, &options)?;
            push("flite".into(), &spoken, 25.0);
            push("slow-flite".into(), &slowed(&spoken, utterance, seed), 25.0);
        }
    }
    Ok(out)
}

/// Speech with a pause of 0.3 to 1 s between any two syllables, as people cue who are careful.
pub fn slowed(spoken: &Synthesised, utterance: &Utterance, seed: u64) -> Synthesised {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut out = Synthesised { rate: spoken.rate, speaker: spoken.speaker.clone(), ..Synthesised::default() };
    let rate = f64::from(spoken.rate);
    let fade = (spoken.rate / 100) as usize;
    let faded = |from: usize, to: usize| {
        let mut piece = spoken.samples[from..to].to_vec();
        let n = piece.len();
        for k in 0..fade.min(n) {
            let gain = k as f32 / fade as f32;
            piece[k] *= gain;
            piece[n - 1 - k] *= gain;
        }
        piece
    };
    let (mut at, mut shift, mut before) = (0, 0.0, None);
    for (i, phone) in utterance.phones().enumerate() {
        let Some(timed) = spoken.phones.get(i) else { break };
        let place = (phone.word, phone.syllable);
        if before.is_some_and(|b| b != place) {
            let cut = timed.start.sample_at(spoken.rate).clamp(at, spoken.samples.len());
            out.samples.extend(faded(at, cut));
            let pause = 0.3 + 0.7 * rng.random::<f64>();
            out.samples.resize(out.samples.len() + (pause * rate) as usize, 0.0);
            shift = (out.samples.len() - cut) as f64 / rate;
            at = cut;
        }
        before = Some(place);
        out.phones.push(TimedPhone {
            start: timed.start + Seconds(shift),
            end: timed.end + Seconds(shift),
            confidence: 1.0,
        });
    }
    out.samples.extend(faded(at, spoken.samples.len()));
    out
}

/// The sound with noise `decibels` below it, a little darker than white.
pub fn noisy(samples: &[f32], decibels: f64, seed: u64) -> Vec<f32> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let power = (samples.iter().map(|x| x * x).sum::<f32>() / samples.len().max(1) as f32).sqrt();
    let level = power * 10.0_f32.powf(-decibels as f32 / 20.0);
    let mut dark = 0.0;
    samples
        .iter()
        .map(|x| {
            // Four uniform numbers are near enough to a Gaussian of variance 1.
            let white = (0..4).map(|_| rng.random::<f32>() - 0.5).sum::<f32>() * 3.0_f32.sqrt();
            dark = 0.7 * dark + 0.714 * white;
            x + level * dark
        })
        .collect()
}

/// The true times, with onsets after silence where they become audible.
fn audible(spoken: &Synthesised) -> Vec<TimedPhone> {
    let limit = 0.006 * spoken.samples.iter().fold(0.0_f32, |a, b| a.max(b.abs()));
    let mut phones = spoken.phones.clone();
    for phone in &mut phones {
        let from = phone.start.sample_at(spoken.rate).min(spoken.samples.len());
        let to = phone.end.sample_at(spoken.rate).clamp(from, spoken.samples.len());
        let before = from.saturating_sub(spoken.rate as usize / 50);
        if spoken.samples[before..from].iter().all(|x| x.abs() < limit)
            && let Some(k) = spoken.samples[from..to].iter().position(|x| x.abs() >= limit)
        {
            phone.start = Seconds((from + k) as f64 / f64::from(spoken.rate));
        }
    }
    phones
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

    #[test]
    fn noise_has_the_asked_level() {
        let tone: Vec<f32> = (0..16_000).map(|i| (i as f32 * 0.3).sin()).collect();
        let rms = |x: &[f32]| (x.iter().map(|v| v * v).sum::<f32>() / x.len() as f32).sqrt();
        let noise: Vec<f32> = noisy(&tone, 20.0, 3).iter().zip(&tone).map(|(a, b)| a - b).collect();
        let decibels = 20.0 * (rms(&tone) / rms(&noise)).log10();
        assert!((decibels - 20.0).abs() < 0.5, "{decibels}");
    }
}
