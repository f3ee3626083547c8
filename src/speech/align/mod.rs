//! Finds the phones of a text in somebody's recording.
//!
//! The recording is compared with what a synthesiser said (its phone times are exact): both become mel cepstra, the
//! reference is given the recording's own tone colour and noise, and [`super::dtw`] finds the cheapest way of one
//! through the other, with a possible pause between any two syllables. The voice of the reference is then bent towards
//! the speaker ([`adapt`]) and the way is found again, twice. Boundaries are moved to where the sound really changes
//! ([`refine`]), and each phone gets a confidence. Without a synthesiser, a voice drawn by rule takes its place
//! ([`prototype`]).

mod adapt;
mod check;
mod confidence;
mod prototype;
mod reference;
mod refine;

use super::dtw::{self, Path, Prices, State, Window};
use super::energy::{SILENT, Surroundings, percentile};
use super::features::{MelSpectra, RATE, mel_spectra};
use super::synthesis::Synthesised;
use super::{Alignment, Method, Mono, SpeechError, TimedPhone};
use crate::language::Utterance;
use crate::media::resample;
use crate::progress::Progress;
use crate::time::{Seconds, TimeRange};
use reference::Reference;

/// Samples between frames of the comparison: 10 ms.
pub(crate) const HOP: usize = 160;
/// Analysis window: 25 ms.
pub(crate) const ANALYSIS: usize = 400;
/// Seconds between frames.
pub(crate) const STEP: f64 = HOP as f64 / RATE as f64;

/// The knobs of the comparison, found on synthesised recordings with known times.
#[derive(Clone, Debug)]
pub(crate) struct Tuning {
    pub prices: Prices,
    /// Price of a pause between syllables of a phrase, at a break, and per unit of presence of a frame in it.
    pub gap: f32,
    pub gap_at_break: f32,
    pub presence: f32,
    pub bend: f32,
    /// Price of staying on a state, for sounds that can last and those that cannot.
    pub stay_long: f32,
    pub stay_short: f32,
    /// Weights of level, cepstra and their slopes.
    pub level: f32,
    pub cepstrum: f32,
    pub slope: f32,
    pub rounds: usize,
    pub gap_odds: f32,
    pub gap_least: f32,
    pub tempo: bool,
    pub both: bool,
    pub template: f32,
    pub change: f32,
    pub hold: f32,
    pub refine: bool,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            prices: Prices { skip: 0.3, skip_two: 1.0, strange: 5.0, cap: 6.0 },
            gap: 1.5,
            gap_at_break: 0.0,
            presence: 6.0,
            bend: 0.0,
            stay_long: 0.15,
            stay_short: 0.4,
            level: 1.5,
            cepstrum: 1.0,
            slope: 0.5,
            rounds: 2,
            gap_odds: 2.2,
            gap_least: 1.5,
            tempo: true,
            both: true,
            template: 1.0,
            change: 0.5,
            hold: 0.3,
            refine: true,
        }
    }
}

/// Aligns `audio` with `utterance`, by comparison with `reference` where there is one.
///
/// The result has one entry per phone of the utterance, in order, without overlaps, inside the recording.
pub fn align(
    audio: &Mono,
    utterance: &Utterance,
    reference: Option<&Synthesised>,
    progress: &dyn Progress,
) -> Result<Alignment, SpeechError> {
    align_with(audio, utterance, reference, progress, &Tuning::default())
}

pub(crate) fn align_with(
    audio: &Mono,
    utterance: &Utterance,
    reference: Option<&Synthesised>,
    progress: &dyn Progress,
    tuning: &Tuning,
) -> Result<Alignment, SpeechError> {
    let count = utterance.phones().count();
    if count == 0 {
        return Err(SpeechError::NothingToSay);
    }
    let samples = resample(&audio.samples, audio.rate, RATE);
    let mel = mel_spectra(&samples, HOP, ANALYSIS);
    let surroundings = Surroundings::of(&mel).ok_or(SpeechError::NoSpeech)?;
    let mut warnings = Vec::new();
    let spoken_frames = (0..mel.frames.len()).filter(|&i| surroundings.presence(i) > SILENT).count();
    let spoken_seconds = spoken_frames as f64 * STEP;
    // Nobody says a phone in 25 ms; below that the text cannot be what was said.
    if spoken_seconds < count as f64 * 0.025 {
        warnings.push(format!(
            "The recording holds only {spoken_seconds:.1} s of speech, too little for {count} sounds; check that text \
             and recording belong together."
        ));
    }
    let reference = reference.filter(|r| r.phones.len() == count && !r.samples.is_empty());
    let (mut reference, method) = match reference {
        Some(spoken) => (Reference::new(spoken, utterance, &mel, &surroundings, tuning), Method::Dtw),
        None => {
            warnings.push(
                "No synthesiser was there to compare with, so the times are less sure; install espeak-ng for better \
                 ones."
                    .into(),
            );
            (Reference::drawn(utterance, &mel, &surroundings, tuning), Method::Energy)
        }
    };
    let frames = reference.features_of(&mel, &surroundings, tuning);
    let silence: Vec<f32> = (0..frames.len())
        .map(|i| {
            let p = (surroundings.presence(i) - 0.04).max(0.0);
            tuning.presence * p * (tuning.bend + (1.0 - tuning.bend) * p)
        })
        .collect();
    let total = frames.len() * (1 + tuning.rounds);
    let gap = gap_price(&surroundings, utterance, tuning);
    let mut path: Option<Path> = None;
    let mut states: Vec<State> = Vec::new();
    let mut tempo = 1.0;
    let mut fits = Vec::new();
    for round in 0..=tuning.rounds {
        let before = std::mem::replace(&mut states, reference.states(utterance, tempo, gap, tuning));
        let window = match &path {
            None => Window::Follow(2400),
            Some(path) => Window::Bands(bands(path, &before, &states, 60)),
        };
        let stop = |t: usize| {
            progress.report("Comparing with the spoken text", round * frames.len() + t, total);
            progress.cancelled()
        };
        let found = dtw::align(&frames, &silence, &states, &tuning.prices, &window, &stop);
        if progress.cancelled() {
            return Err(SpeechError::Cancelled);
        }
        match found {
            Some(found) => {
                if round == 0 {
                    fits = check::fits(&frames, &silence, &states, &found, &tuning.prices);
                }
                if round < tuning.rounds {
                    adapt::towards(&mut reference, &states, &found, &frames);
                    if tuning.tempo {
                        let sounding =
                            found.states.iter().filter(|s| matches!(states[**s as usize], State::Sound { .. })).count();
                        let spoken: usize = reference.phones.iter().map(|(a, b)| b - a).sum();
                        tempo = (sounding as f64 / spoken.max(1) as f64).clamp(0.5, 4.0);
                    }
                }
                path = Some(found);
            }
            None if path.is_some() => {
                states = before;
                break;
            }
            None => {
                // Too short even when two of three frames are skipped: all that is left is to share the time out.
                warnings.push(
                    "The recording is much too short for the text, so the times are only a guess; shorten the text or \
                     choose another recording."
                        .into(),
                );
                return Ok(shared_out(&surroundings, &reference, warnings));
            }
        }
    }
    let Some(path) = path else { return Err(SpeechError::NoSpeech) };
    let mut spans = spans_of(&path, &states, count, &mel);
    if tuning.refine {
        refine::boundaries(&mut spans, &samples, utterance, &reference, tuning);
    }
    let mut phones = spans
        .iter()
        .map(|&(s, e)| TimedPhone { start: Seconds(s), end: Seconds(e), confidence: 1.0 })
        .collect::<Vec<_>>();
    let seen = confidence::seen(&path, &states, count);
    let (doubts, fitting) = check::verdict(&fits);
    warnings.extend(doubts);
    for (phone, c) in phones.iter_mut().zip(confidence::confidences(&seen)) {
        phone.confidence = if fitting { c } else { 0.3 * c };
    }
    let pauses = pauses(&phones, Seconds(samples.len() as f64 / f64::from(RATE)));
    progress.report("Comparing with the spoken text", total, total);
    Ok(Alignment { phones, method, warnings, pauses, events: Vec::new() })
}

/// All phones in proportion to their usual lengths over the time in which anything is heard.
fn shared_out(surroundings: &Surroundings, reference: &Reference, warnings: Vec<String>) -> Alignment {
    let heard = |i: &usize| surroundings.presence(*i) > SILENT;
    let count = surroundings.above.len();
    let first = (0..count).find(heard).unwrap_or(0) as f64 * STEP;
    let last = (0..count).rev().find(heard).unwrap_or(count.saturating_sub(1)) as f64 * STEP;
    let total: usize = reference.phones.iter().map(|(a, b)| b - a).sum();
    let mut before = 0;
    let phones: Vec<TimedPhone> = reference
        .phones
        .iter()
        .map(|(a, b)| {
            let at = |n: usize| Seconds(first + (last - first) * n as f64 / total.max(1) as f64);
            let start = at(before);
            before += b - a;
            TimedPhone { start, end: at(before), confidence: 0.0 }
        })
        .collect();
    let pauses = pauses(&phones, Seconds(count.saturating_sub(1) as f64 * STEP));
    Alignment { phones, method: Method::Energy, warnings, pauses, events: Vec::new() }
}

/// What a pause between two syllables of a phrase should cost: little in slow cueing with a pause after every syllable,
/// much in fluent speech, by the number of silences that can be heard.
fn gap_price(surroundings: &Surroundings, utterance: &Utterance, tuning: &Tuning) -> f32 {
    let edges: usize = utterance.words.iter().map(|w| w.syllables().len()).sum::<usize>().saturating_sub(1).max(1);
    let length = surroundings.above.len();
    let heard = surroundings.silences(18).iter().filter(|(a, b)| *a > 0 && *b < length).count();
    let share = ((heard as f32 + 0.5) / (edges as f32 + 1.0)).clamp(0.02, 0.9);
    (tuning.gap + tuning.gap_odds * ((1.0 - share) / share).ln()).clamp(tuning.gap_least, 10.0)
}

/// For the next round: the states within `reach` frames of those around the found path.
fn bands(path: &Path, old: &[State], new: &[State], reach: usize) -> Vec<(usize, usize)> {
    // Where each phone begins and ends in the new row; a gap is the place between two phones.
    let mut first: Vec<usize> = Vec::new();
    for (i, state) in new.iter().enumerate() {
        if let State::Sound { phone, .. } = state
            && *phone as usize >= first.len()
        {
            first.push(i);
        }
    }
    first.push(new.len());
    let mut before = 0;
    let phone_of_old: Vec<(usize, bool)> = old
        .iter()
        .map(|state| match state {
            State::Sound { phone, .. } => {
                before = *phone as usize + 1;
                (*phone as usize, true)
            }
            State::Gap { .. } => (before, false),
        })
        .collect();
    let n = path.states.len();
    (0..n)
        .map(|t| {
            // Some time to both sides, so that a wrong pause can still move.
            let (early, _) = phone_of_old[path.states[t.saturating_sub(reach / 2)] as usize];
            let (late, sounds) = phone_of_old[path.states[(t + reach / 2).min(n - 1)] as usize];
            let low = first.get(early).copied().unwrap_or(0).saturating_sub(reach / 3 + 1);
            let high = first.get(late + usize::from(sounds)).copied().unwrap_or(new.len()) + reach / 3 + 1;
            (if t == 0 { 0 } else { low }, high.min(new.len()).max(2))
        })
        .collect()
}

/// Start and end of each phone in seconds: where the path enters and leaves its states.
fn spans_of(path: &Path, states: &[State], count: usize, mel: &MelSpectra) -> Vec<(f64, f64)> {
    let mut spans: Vec<Option<(f64, f64)>> = vec![None; count];
    for (t, &s) in path.states.iter().enumerate() {
        if let State::Sound { phone, .. } = &states[s as usize] {
            let (left, right) = (((t as f64) - 0.5).max(0.0) * STEP, (t as f64 + 0.5) * STEP);
            let span = &mut spans[*phone as usize];
            *span = Some(span.map_or((left, right), |(s, _)| (s, right)));
        }
    }
    let end = (mel.frames.len() as f64 - 1.0).max(0.0) * STEP;
    // Phones that were skipped altogether get a sliver between their neighbours.
    let mut at = spans.iter().flatten().next().map_or(0.0, |s| s.0);
    let mut out = Vec::with_capacity(count);
    for span in spans {
        let (s, e) = span.unwrap_or((at, at));
        out.push((s.min(end), e.min(end)));
        at = e;
    }
    out
}

/// Silences around and between phones.
fn pauses(phones: &[TimedPhone], length: Seconds) -> Vec<TimeRange> {
    let mut out = Vec::new();
    let mut at = Seconds::ZERO;
    for phone in phones {
        if phone.start - at > Seconds(0.02) {
            out.push(TimeRange::new(at, phone.start));
        }
        at = at.max(phone.end);
    }
    if length - at > Seconds(0.02) {
        out.push(TimeRange::new(at, length));
    }
    out
}
