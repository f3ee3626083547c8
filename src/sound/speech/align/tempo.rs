//! The reference spoken anew at the speaker's own tempo: sounds do not all stretch alike, and a synthesiser knows how.
//!
//! The recording is first gone through roughly. Where its tempo is another than the reference's, some seconds are
//! compared with both, and whose way costs less is what the recording is compared with in earnest. From a long recording
//! a passage is taken for that which surely says its text.
//!
//! Other voices were tried in the same way (a woman's and a man's variant of espeak-ng, chosen by cost): on the sentences
//! kept apart they gave nothing beyond what the tempo gives, so the usual voice speaks alone.

use super::super::synthesis::{Engine, Synthesised, VoiceOptions, phrases, usual_voice};
use super::super::{Alignment, Mono, SpeechError, TimedPhone};
use super::{Tuning, align, align_with, part};
use crate::language::Utterance;
use crate::progress::Progress;
use crate::time::Seconds;
use std::ops::Range;

/// Speaks a text; `None` where it cannot be spoken so.
pub type Speak<'a> = &'a (dyn Fn(&Utterance, &VoiceOptions) -> Option<Synthesised> + Sync);

/// Tempos that differ less than this (as a logarithm) are the same.
const SAME_TEMPO: f64 = 0.05;
/// Seconds of recording that the trial needs.
const STRETCH: f64 = 15.0;
/// Up to so many seconds a recording is tried as a whole.
const WHOLE: f64 = 25.0;

/// Aligns like [`align`], with a reference at the recording's tempo where that fits better. `reference` is what the usual
/// voice says at its usual tempo; `speak` is asked for a few phrases at both tempos, then for the whole text at most once.
pub fn align_best(
    audio: &Mono,
    utterance: &Utterance,
    reference: Option<&Synthesised>,
    speak: Speak<'_>,
    progress: &dyn Progress,
) -> Result<Alignment, SpeechError> {
    let better = reference.and_then(|r| at_tempo(audio, utterance, r, speak, progress));
    if progress.cancelled() {
        return Err(SpeechError::Cancelled);
    }
    align(audio, utterance, better.as_ref().or(reference), progress)
}

/// The usual voice at a tempo.
fn manner(utterance: &Utterance, tempo: f64) -> VoiceOptions {
    let voice = Some(usual_voice(utterance.language).to_owned());
    VoiceOptions { engine: Engine::Espeak, voice, tempo, pitch: 50.0 }
}

/// The text at the recording's tempo, where that fits better than `reference`.
fn at_tempo(
    audio: &Mono,
    utterance: &Utterance,
    reference: &Synthesised,
    speak: Speak<'_>,
    progress: &dyn Progress,
) -> Option<Synthesised> {
    progress.report("Finding the tempo", 0, 1);
    let quiet = Quiet(progress);
    let rough = align_with(audio, utterance, Some(reference), &quiet, &Tuning::coarse(0)).ok()?;
    let tempo = tempo(&reference.phones, &rough.phones).filter(|t| t.ln().abs() > SAME_TEMPO)?;
    let cost = |piece: &Mono, text: &Utterance, spoken: &Synthesised| {
        align_with(piece, text, Some(spoken), &quiet, &Tuning::coarse(1)).ok().map(|found| found.cost)
    };
    let own = manner(utterance, tempo);
    let better = if audio.length().0 > WHOLE {
        let (words, from, to) = stretch(utterance, &rough.phones)?;
        let text = part(utterance, words);
        let first = from.sample_at(audio.rate).min(audio.samples.len());
        let end = to.sample_at(audio.rate).clamp(first, audio.samples.len());
        let piece = Mono { rate: audio.rate, samples: audio.samples[first..end].to_vec() };
        let (usual, other) = (speak(&text, &manner(utterance, 1.0))?, speak(&text, &own)?);
        let better = cost(&piece, &text, &other)? < cost(&piece, &text, &usual)?;
        if better { speak(utterance, &own) } else { None }
    } else {
        let other = speak(utterance, &own)?;
        (cost(audio, utterance, &other)? < cost(audio, utterance, reference)?).then_some(other)
    };
    progress.report("Finding the tempo", 1, 1);
    better
}

/// Tells nothing of what is only a trial, and lets it be stopped.
struct Quiet<'a>(&'a dyn Progress);

impl Progress for Quiet<'_> {
    fn report(&self, _: &str, _: usize, _: usize) {}

    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }
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
