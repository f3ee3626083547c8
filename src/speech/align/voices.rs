//! The reference that fits the speaker best: other voices than the usual one, at the speaker's own tempo.
//!
//! A recording of some seconds is gone through roughly with each of them. From a long one a passage is taken that is
//! surely what the text says there. Whose way costs least speaks the whole text, and is what the recording is compared
//! with in earnest.

use super::super::synthesis::{Engine, Synthesised, VoiceOptions, phrases, usual_voice};
use super::super::{Alignment, Mono, SpeechError, TimedPhone};
use super::{Tuning, align, align_with, part};
use crate::language::Utterance;
use crate::progress::{Progress, Silent};
use crate::time::Seconds;
use std::ops::Range;

/// Speaks a text; `None` where it cannot be spoken so.
pub type Speak<'a> = &'a (dyn Fn(&Utterance, &VoiceOptions) -> Option<Synthesised> + Sync);

/// Variants of espeak-ng that are tried beside the usual voice: a woman's and a man's.
const VARIANTS: [&str; 2] = ["Annie", "Mike"];
/// Another voice must cost less than this share of the usual one's cost.
const CLEARLY: f32 = 0.97;
/// Tempos that differ less than this (as a logarithm) are the same.
const SAME_TEMPO: f64 = 0.05;
/// Seconds of recording that the trial needs.
const STRETCH: f64 = 15.0;
/// Up to so many seconds a recording is tried as a whole.
const WHOLE: f64 = 25.0;

/// Aligns like [`align`], with the voice and at the tempo that fit best. `reference` is what the usual voice says at its
/// usual tempo; `speak` is asked for the others, first for a few phrases, then for the whole text at most once.
pub fn align_best(
    audio: &Mono,
    utterance: &Utterance,
    reference: Option<&Synthesised>,
    speak: Speak<'_>,
    progress: &dyn Progress,
) -> Result<Alignment, SpeechError> {
    let better = reference.and_then(|r| better_manner(audio, utterance, r, speak, progress));
    if progress.cancelled() {
        return Err(SpeechError::Cancelled);
    }
    let better = better.and_then(|manner| speak(utterance, &manner));
    align(audio, utterance, better.as_ref().or(reference), progress)
}

/// The manner of speaking that fits clearly better than the usual one, if there is one.
fn better_manner(
    audio: &Mono,
    utterance: &Utterance,
    reference: &Synthesised,
    speak: Speak<'_>,
    progress: &dyn Progress,
) -> Option<VoiceOptions> {
    progress.report("Choosing the voice to compare with", 0, 1);
    let rough = align_with(audio, utterance, Some(reference), &Silent, &Tuning::coarse(0)).ok()?;
    let tempo = tempo(&reference.phones, &rough.phones)?;
    let (words, from, to) = match audio.length().0 > WHOLE {
        true => stretch(utterance, &rough.phones)?,
        false => (0..utterance.words.len(), Seconds::ZERO, audio.length()),
    };
    let text = part(utterance, words);
    let piece = Mono {
        rate: audio.rate,
        samples: audio.samples[from.sample_at(audio.rate)..to.sample_at(audio.rate).min(audio.samples.len())].to_vec(),
    };
    let cost = |manner: &VoiceOptions| {
        if progress.cancelled() {
            return None;
        }
        let spoken = speak(&text, manner)?;
        align_with(&piece, &text, Some(&spoken), &Silent, &Tuning::coarse(1)).ok().map(|a| a.cost)
    };
    let manner = |variant: Option<&str>, tempo: f64| {
        let usual = usual_voice(utterance.language);
        let voice = variant.map(|v| format!("{usual}+{v}"));
        VoiceOptions { engine: Engine::Espeak, voice, tempo, pitch: 50.0 }
    };
    let usual = manner(None, 1.0);
    let mut best = (cost(&usual)?, usual.clone());
    let at_tempo = if tempo.ln().abs() > SAME_TEMPO { tempo } else { 1.0 };
    if at_tempo != 1.0
        && let Some(found) = cost(&manner(None, at_tempo))
        && found < best.0
    {
        best = (found, manner(None, at_tempo));
    }
    let clearly: f32 = std::env::var("CLEARLY").ok().and_then(|b| b.parse().ok()).unwrap_or(CLEARLY);
    let limit = clearly * best.0;
    for variant in VARIANTS {
        let other = manner(Some(variant), best.1.tempo);
        if let Some(found) = cost(&other)
            && found < limit.min(best.0)
        {
            best = (found, other);
        }
    }
    progress.report("Choosing the voice to compare with", 1, 1);
    (best.1 != usual).then_some(best.1)
}

/// How many times faster the recording is than the reference, by the middle one of all sounds; what a synthesiser can.
fn tempo(reference: &[TimedPhone], found: &[TimedPhone]) -> Option<f64> {
    let length = |p: &TimedPhone| (p.end - p.start).0;
    let mut ratios: Vec<f64> = reference
        .iter()
        .zip(found)
        .filter(|(r, f)| length(r) > 0.03 && length(f) > 0.0)
        .map(|(r, f)| length(r) / length(f))
        .collect();
    ratios.sort_by(f64::total_cmp);
    ratios.get(ratios.len() / 2).map(|t| t.clamp(0.5, 2.2))
}

/// Whole phrases of some seconds whose sounds are surest: their words, and when they are said.
fn stretch(utterance: &Utterance, found: &[TimedPhone]) -> Option<(Range<usize>, Seconds, Seconds)> {
    let all = phrases(utterance);
    let time = |k: usize| {
        let own = &found[all[k].first..all[k].first + all[k].count];
        (own[0].start, own[own.len() - 1].end)
    };
    let mut best: Option<(f32, usize, usize)> = None;
    let mut to = 0;
    for from in 0..all.len() {
        to = to.max(from);
        while to + 1 < all.len() && time(to).1.0 - time(from).0.0 < STRETCH {
            to += 1;
        }
        let own = &found[all[from].first..all[to].first + all[to].count];
        let sure = own.iter().map(|p| p.confidence).sum::<f32>() / own.len() as f32;
        let long = time(to).1.0 - time(from).0.0;
        if (0.7 * STRETCH..3.0 * STRETCH).contains(&long) && best.is_none_or(|b| sure > b.0) {
            best = Some((sure, from, to));
        }
    }
    let (_, from, to) = best?;
    let words = all[from].words.first()?.0..all[to].words.last()?.0 + 1;
    // A little silence on both sides, but nothing of the neighbours.
    let before = from.checked_sub(1).map_or(Seconds::ZERO, |k| time(k).1);
    let after = if to + 1 < all.len() { time(to + 1).0 } else { time(to).1 + Seconds(0.3) };
    Some((words, before.max(time(from).0 - Seconds(0.3)), after.min(time(to).1 + Seconds(0.3))))
}
