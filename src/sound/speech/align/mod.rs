//! Finds the phones of a text in somebody's recording.
//!
//! The recording is compared with what a synthesiser said (its phone times are exact): both become mel cepstra, the
//! reference is given the recording's own tone colour and noise, and [`super::dtw`] finds the cheapest way of one
//! through the other, with a possible pause between any two syllables. The voice of the reference is then bent towards
//! the speaker ([`adapt`]) and the way is found again, twice. Boundaries are moved to where the sound really changes
//! ([`refine`]), and each phone gets a confidence. Without a synthesiser, a voice drawn by rule takes its place
//! ([`prototype`]).

mod adapt;
mod anchors;
mod check;
mod confidence;
mod events;
mod prototype;
mod reference;
mod refine;
mod tempo;
mod tuning;

use super::dtw::{self, Path, Problem, State, Window};
use super::energy::{SILENT, Surroundings, percentile};
use super::features::{RATE, mel_spectra};
use super::synthesis::Synthesised;
use super::{Alignment, AlignmentEvent, EventKind, Method, Mono, SpeechError, TimedPhone};
use crate::language::Utterance;
use crate::media::resample;
use crate::progress::Progress;
use crate::time::{Seconds, TimeRange};
pub use anchors::{Edges, align_anchored, part, realign, realign_within};
use reference::Reference;
pub use tempo::{Speak, align_best};
pub(crate) use tuning::Tuning;

/// Samples between frames of the comparison: 10 ms.
pub(crate) const HOP: usize = 160;
/// Analysis window: 25 ms.
pub(crate) const ANALYSIS: usize = 400;
/// Seconds between frames.
pub(crate) const STEP: f64 = HOP as f64 / RATE as f64;

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
    let silence = silence_costs(&surroundings, tuning);
    let total = frames.len() * (2 + tuning.rounds);
    let gap = gap_price(&surroundings, utterance, tuning);
    let mut path: Option<Path> = None;
    let mut states: Vec<State> = Vec::new();
    let mut tempo = 1.0;
    let mut fits = Vec::new();
    for round in 0..=tuning.rounds {
        let before = std::mem::replace(&mut states, reference.states(utterance, tempo, gap, tuning));
        let window = match &path {
            None => Window::Follow(tuning.window),
            Some(path) => Window::Bands(bands(path, &before, &states, 60)),
        };
        let stop = |t: usize| {
            progress.report("Comparing with the spoken text", round * frames.len() + t, total);
            progress.cancelled()
        };
        let problem = Problem {
            frames: &frames,
            silence: &silence,
            other: &[],
            rows: &reference.rows,
            states: &states,
            leaps: &[],
            prices: &tuning.prices,
        };
        let found = dtw::align(&problem, &window, &stop);
        if progress.cancelled() {
            return Err(SpeechError::Cancelled);
        }
        match found {
            Some(found) => {
                if round == 0 && tuning.doubts {
                    fits = check::fits(&problem, &found);
                }
                if round < tuning.rounds {
                    adapt::towards(&mut reference, &states, &found, &frames);
                    if tuning.tempo {
                        tempo = tempo_of(&found, &states, &reference);
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
    let Some(mut path) = path else { return Err(SpeechError::NoSpeech) };
    let mut owners = owners_of(&path, &states);
    let mut events = Vec::new();
    let (doubts, fitting) = check::verdict(&fits);
    // Where the recording says another text altogether, there are no single places to tell of.
    if tuning.departures && fitting && method == Method::Dtw {
        let (words, indices) = events::spoken_words(utterance);
        // What was found without departures, for when they do not stand a second look.
        let mut plain = None;
        for pass in 0..2 {
            let widened = events::widened(&reference.states(utterance, tempo, gap, tuning), &words, tuning);
            let other = events::other_costs(&frames, &reference, &owners, &path, tuning);
            let stop = |t: usize| {
                progress.report("Comparing with the spoken text", (1 + tuning.rounds) * frames.len() + t, total);
                progress.cancelled()
            };
            let problem = Problem {
                frames: &frames,
                silence: &silence,
                other: &other,
                rows: &reference.rows,
                states: &widened.states,
                leaps: &widened.leaps,
                prices: &tuning.prices,
            };
            let found = dtw::align(&problem, &Window::Follow(tuning.departing_window), &stop);
            if progress.cancelled() {
                return Err(SpeechError::Cancelled);
            }
            let Some(found) = found else { break };
            let told = events::told(&found, &widened, &words, &indices);
            if told.events.is_empty() {
                if let Some(plain) = plain.take() {
                    (path, states, owners, events) = plain;
                }
                break;
            }
            if pass == 0 {
                adapt::towards(&mut reference, &widened.states, &found, &frames);
                tempo = tempo_of(&found, &widened.states, &reference);
            }
            let before = (
                std::mem::replace(&mut path, found),
                std::mem::replace(&mut states, widened.states),
                std::mem::replace(&mut owners, told.owners),
                std::mem::replace(&mut events, told.events),
            );
            plain.get_or_insert(before);
        }
    }
    events::spoken(&mut events, &samples);
    let mut places = places_of(&owners, &path, &states, count);
    if tuning.refine {
        refine::boundaries(&mut places, &samples, utterance, &reference, tuning);
    }
    let seen = confidence::seen(&owners, &path.distances, &states, count);
    warnings.extend(events::in_words(&events, utterance));
    warnings.extend(doubts);
    let phones: Vec<TimedPhone> = places
        .iter()
        .zip(confidence::confidences(&seen))
        .map(|(p, c)| TimedPhone {
            start: Seconds(p.start),
            end: Seconds(p.end),
            confidence: match (p.said, fitting) {
                (false, _) => 0.0,
                (true, false) => 0.3 * c,
                (true, true) => c,
            },
        })
        .collect();
    let pauses = pauses(&phones, &events, Seconds(samples.len() as f64 / f64::from(RATE)));
    progress.report("Comparing with the spoken text", total, total);
    let cost = path.cost / path.states.len().max(1) as f32;
    Ok(Alignment { phones, method, warnings, pauses, events, cost })
}

/// What each frame costs as a pause.
fn silence_costs(surroundings: &Surroundings, tuning: &Tuning) -> Vec<f32> {
    (0..surroundings.above.len())
        .map(|i| {
            let p = (surroundings.presence(i) - 0.04).max(0.0);
            tuning.presence * p * (tuning.bend + (1.0 - tuning.bend) * p)
        })
        .collect()
}

/// How many times longer the recording's sounds are than the reference's.
fn tempo_of(path: &Path, states: &[State], reference: &Reference) -> f64 {
    let sounding = path.states.iter().filter(|s| states[**s as usize].is_sound()).count();
    let spoken: usize = reference.phones.iter().map(|(a, b)| b - a).sum();
    (sounding as f64 / spoken.max(1) as f64).clamp(0.5, 4.0)
}

/// The phone of each frame.
fn owners_of(path: &Path, states: &[State]) -> Vec<Option<u32>> {
    path.states
        .iter()
        .map(|s| match &states[*s as usize] {
            State::Sound { phone, .. } => Some(*phone),
            _ => None,
        })
        .collect()
}

/// Where a phone stands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    /// Seconds.
    pub start: f64,
    pub end: f64,
    /// False for a phone of words that were left out.
    pub said: bool,
    /// Sound that is not in the text touches it.
    pub sound_before: bool,
    pub sound_after: bool,
    /// Where it begins and where it ends were set by the user and stay.
    pub fixed: Edges,
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
    let pauses = pauses(&phones, &[], Seconds(count.saturating_sub(1) as f64 * STEP));
    Alignment { phones, method: Method::Energy, warnings, pauses, events: Vec::new(), cost: f32::INFINITY }
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
            State::Gap { .. } | State::Other { .. } => (before, false),
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

/// Where each phone stands: where its frames begin and end.
fn places_of(owners: &[Option<u32>], path: &Path, states: &[State], count: usize) -> Vec<Place> {
    let mut spans: Vec<Option<(usize, usize)>> = vec![None; count];
    for (t, owner) in owners.iter().enumerate() {
        if let Some(phone) = owner {
            let span = &mut spans[*phone as usize];
            *span = Some(span.map_or((t, t), |(s, _)| (s, t)));
        }
    }
    let end = (owners.len() as f64 - 1.0).max(0.0) * STEP;
    // Sound without an owner is of no phone.
    let strange = |t: Option<usize>| {
        t.is_some_and(|t| {
            owners.get(t).is_some_and(Option::is_none)
                && path.states.get(t).is_some_and(|s| !matches!(states[*s as usize], State::Gap { .. }))
        })
    };
    // Phones that were skipped altogether get a sliver between their neighbours.
    let mut at = spans.iter().flatten().next().map_or(0.0, |s| (s.0 as f64 - 0.5).max(0.0) * STEP);
    spans
        .iter()
        .map(|span| match span {
            Some((first, last)) => {
                let place = Place {
                    start: ((*first as f64 - 0.5).max(0.0) * STEP).min(end),
                    end: ((*last as f64 + 0.5) * STEP).min(end),
                    said: true,
                    sound_before: strange(first.checked_sub(1)),
                    sound_after: strange(last.checked_add(1)),
                    fixed: Edges::default(),
                };
                at = place.end;
                place
            }
            None => Place { start: at.min(end), end: at.min(end), ..Place::default() },
        })
        .collect()
}

/// Silences around and between phones: what is neither a phone nor a departure from the text.
fn pauses(phones: &[TimedPhone], events: &[AlignmentEvent], length: Seconds) -> Vec<TimeRange> {
    let mut taken: Vec<(Seconds, Seconds)> = phones.iter().map(|p| (p.start, p.end)).collect();
    taken.extend(events.iter().filter(|e| e.kind != EventKind::Skip).map(|e| (e.range.start, e.range.end)));
    taken.sort_by(|a, b| a.0.0.total_cmp(&b.0.0));
    taken.push((length, length));
    let mut out = Vec::new();
    let mut at = Seconds::ZERO;
    for (start, end) in taken {
        if start - at > Seconds(0.02) {
            out.push(TimeRange::new(at, start));
        }
        at = at.max(end);
    }
    out
}
