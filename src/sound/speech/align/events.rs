//! Where the speaker departs from the text: words said twice, left out, or put in.
//!
//! The row of states is widened at the edges of words: a state for sound that is not in the text stands between two
//! gaps, and leaps lead back to the beginning of the last few words (said again) or on past some (left out). A leap and
//! an entrance cost so much that they pay only where the text as it is fits badly; what other sound costs follows
//! the recording itself: a little more than the nearest of all sounds of the text would, so that it is dear where the
//! text fits, in whatever noise. Sound without voice is a breath or a noise, and not told of.

use super::super::dtw::{Frame, Leap, Path, State, WIDTH, distance};
use super::super::energy::percentile;
use super::super::features::RATE;
use super::super::pitch;
use super::super::{AlignmentEvent, EventKind};
use super::reference::Reference;
use super::{STEP, Tuning};
use crate::language::{Utterance, WordKind};
use crate::media::resample;
use crate::time::{Seconds, TimeRange};
use std::collections::BTreeSet;

/// So many words at most are said again or left out at once.
const WORDS: usize = 8;
/// Other sound of fewer frames is a breath or a click and not told of.
const LEAST: usize = 9;
/// So many frames of it must have a pitch.
const VOICED: usize = 6;
/// Frames to either side over which the fit is judged.
const AROUND: usize = 12;

/// States with room for departures.
pub(crate) struct Widened {
    pub states: Vec<State>,
    pub leaps: Vec<Leap>,
}

/// The word of every phone, as the number of spoken words before it, and the indices of these words in the utterance.
pub(crate) fn spoken_words(utterance: &Utterance) -> (Vec<usize>, Vec<usize>) {
    let mut indices: Vec<usize> = Vec::new();
    let of_phones = utterance
        .phones()
        .map(|p| {
            if indices.last() != Some(&p.word) {
                indices.push(p.word);
            }
            indices.len() - 1
        })
        .collect();
    (of_phones, indices)
}

/// Widens `states`; `words` is the word of each phone.
pub(crate) fn widened(states: &[State], words: &[usize], tuning: &Tuning) -> Widened {
    let word_at = |i: usize| match states.get(i) {
        Some(State::Sound { phone, .. }) => words.get(*phone as usize).copied(),
        _ => None,
    };
    let mut out: Vec<State> = Vec::with_capacity(states.len() + states.len() / 8);
    // First and last sound of every word, and the last sounds of phones inside but for the first, with their words.
    let mut spans: Vec<(usize, usize)> = Vec::new();
    let mut inner: Vec<(usize, usize)> = Vec::new();
    let phone_at = |i: usize| match states.get(i) {
        Some(State::Sound { phone, .. }) => Some(*phone as usize),
        _ => None,
    };
    for (i, state) in states.iter().enumerate() {
        let before = i.checked_sub(1).and_then(word_at);
        match state {
            State::Gap { .. } if before != word_at(i + 1) || before.is_none() => {
                out.push(state.clone());
                out.push(State::Other { enter: tuning.other_enter });
                out.push(state.clone());
            }
            _ => {
                if let Some(word) = word_at(i) {
                    if spans.len() <= word {
                        spans.push((out.len(), out.len()));
                    }
                    spans[word].1 = out.len();
                    let phone = phone_at(i).unwrap_or(0);
                    let ends = phone_at(i + 1) != Some(phone);
                    let inside = words.get(phone + 1) == Some(&word) && phone > 0 && words[phone - 1] == word;
                    if ends && inside {
                        inner.push((out.len(), word));
                    }
                }
                out.push(match state {
                    State::Sound { row, phone, stay } => {
                        State::Sound { row: *row, phone: *phone, stay: stay * tuning.departing_stay }
                    }
                    other => other.clone(),
                });
            }
        }
    }
    let mut leaps = Vec::new();
    // From the last sound before a pause, or from the pause: its first gap and, behind other sound, its last.
    let mut leap = |from: usize, to: usize, price: f32| {
        leaps.push(Leap { from, to, price });
        for (gap, state) in out.iter().enumerate().take(from + 4).skip(from + 1) {
            match state {
                State::Gap { .. } => leaps.push(Leap { from: gap, to, price }),
                State::Other { .. } => {}
                State::Sound { .. } => break,
            }
        }
    };
    for from in 0..spans.len() {
        // Said again, from this word's end back to its own beginning or that of a word before.
        for to in from.saturating_sub(WORDS - 1)..=from {
            leap(spans[from].1, spans[to].0, tuning.repeat);
        }
        // Left out: from the end of a word to the beginning of one farther on.
        for to in from + 2..(from + 2 + WORDS).min(spans.len()) {
            leap(spans[from].1, spans[to].0, tuning.leave_out);
        }
    }
    // A word begun, broken off after some of its sounds, and begun again.
    for &(from, word) in &inner {
        leap(from, spans[word].0, tuning.restart);
    }
    // The first words or the last ones may be missing too.
    for k in 0..WORDS.min(spans.len().saturating_sub(1)) {
        leaps.push(Leap { from: 0, to: spans[k + 1].0, price: tuning.leave_out });
        let end = spans.len() - 1 - k;
        leaps.push(Leap { from: spans[end - 1].1, to: out.len() - 1, price: tuning.leave_out });
    }
    Widened { states: out, leaps }
}

/// What each frame costs as a sound that is not in the text, given the way through the text as it is: where most of the
/// way fits, other sound is dearer by a margin. That holds for a speaker unlike the reference as for one like it.
pub(crate) fn other_costs(
    frames: &[Frame],
    reference: &Reference,
    owners: &[Option<u32>],
    path: &Path,
    tuning: &Tuning,
) -> Vec<f32> {
    let nearest = nearest_sound(frames, reference, tuning.prices.cap);
    // How much dearer the text is than the nearest sound, over a quarter of a second of the way.
    let excess: Vec<f32> = (0..frames.len())
        .filter(|&t| owners[t].is_some())
        .map(|t| path.distances[t].min(tuning.prices.cap) - nearest[t])
        .collect();
    let means: Vec<f32> = (0..excess.len())
        .map(|i| {
            let around = &excess[i.saturating_sub(AROUND)..(i + AROUND + 1).min(excess.len())];
            around.iter().sum::<f32>() / around.len() as f32
        })
        .collect();
    let (low, middle, high) = (percentile(&means, 0.25), percentile(&means, 0.5), percentile(&means, 0.75));
    let add = (middle + tuning.other_spread * (high - low)).max(0.0) + tuning.other_add;
    nearest.iter().map(|n| (n + add).min(tuning.prices.cap)).collect()
}

/// How far each frame is from the nearest of all sounds of the text, evened out over 70 ms.
fn nearest_sound(frames: &[Frame], reference: &Reference, cap: f32) -> Vec<f32> {
    let kinds = reference.symbols.iter().max().map_or(0, |m| m + 1);
    let mut means = vec![([0.0_f32; WIDTH], 0.0_f32); kinds];
    for (&(from, to), &symbol) in reference.phones.iter().zip(&reference.symbols) {
        let (sum, n) = &mut means[symbol];
        for row in &reference.rows[from..to] {
            for (s, v) in sum.iter_mut().zip(row) {
                *s += v;
            }
            *n += 1.0;
        }
    }
    let means: Vec<Frame> = means.into_iter().map(|(sum, n)| sum.map(|s| s / n.max(1.0))).collect();
    let nearest: Vec<f32> =
        frames.iter().map(|f| means.iter().map(|m| distance(f, m)).fold(f32::INFINITY, f32::min).min(cap)).collect();
    (0..nearest.len())
        .map(|t| {
            let around = &nearest[t.saturating_sub(3)..(t + 4).min(nearest.len())];
            around.iter().sum::<f32>() / around.len() as f32
        })
        .collect()
}

/// What a path through widened states says.
pub(crate) struct Told {
    /// The phone of each frame, where it is the last saying of it.
    pub owners: Vec<Option<u32>>,
    /// Departures, in order of time, with the words numbered as in the utterance.
    pub events: Vec<AlignmentEvent>,
}

/// Leaves out the events that are no speech: sound beside the text in which hardly any frame has a pitch. `samples` are
/// at 16 kHz.
pub(crate) fn spoken(events: &mut Vec<AlignmentEvent>, samples: &[f32]) {
    events.retain(|event| {
        if event.kind != EventKind::Extra {
            return true;
        }
        let from = event.range.start.sample_at(RATE).saturating_sub(800);
        let to = (event.range.end.sample_at(RATE) + 800).clamp(from, samples.len().max(from));
        let Some(piece) = samples.get(from..to) else { return false };
        let half = resample(piece, RATE, pitch::RATE);
        pitch::track(&half).iter().flatten().count() >= VOICED
    });
}

/// Reads a path through `widened`.
pub(crate) fn told(path: &Path, widened: &Widened, words: &[usize], indices: &[usize]) -> Told {
    let states = &widened.states;
    let leaps: BTreeSet<(usize, usize)> = widened.leaps.iter().map(|l| (l.from, l.to)).collect();
    let phone_at = |t: usize| match &states[path.states[t] as usize] {
        State::Sound { phone, .. } => Some(*phone),
        _ => None,
    };
    let count = path.states.len();
    let mut owners: Vec<Option<u32>> = (0..count).map(phone_at).collect();
    let mut events = Vec::new();
    let time = |frame: usize| Seconds((frame as f64 - 0.5).max(0.0) * STEP);
    let word_of = |phone: u32| words.get(phone as usize).copied().unwrap_or(0);
    // The frame at which each word was last begun.
    let mut begun: Vec<Option<usize>> = vec![None; indices.len()];
    let mut other_from: Option<usize> = None;
    let mut before: Option<u32> = None;
    let named = |from: usize, to: usize| {
        indices.get(from).copied().unwrap_or(0)..indices.get(to).map_or(indices.last().map_or(0, |l| l + 1), |l| l + 1)
    };
    for t in 0..=count {
        let state = path.states.get(t).map(|s| &states[*s as usize]);
        let is_other = matches!(state, Some(State::Other { .. }));
        match (is_other, other_from) {
            (true, None) => other_from = Some(t),
            (false, Some(from)) => {
                if t - from >= LEAST {
                    let next = (t..count)
                        .find_map(phone_at)
                        .map_or(indices.last().map_or(0, |l| l + 1), |p| indices.get(word_of(p)).copied().unwrap_or(0));
                    events.push(AlignmentEvent {
                        kind: EventKind::Extra,
                        range: TimeRange::new(time(from), time(t)),
                        words: next..next,
                    });
                }
                other_from = None;
            }
            _ => {}
        }
        if t == count {
            break;
        }
        let leapt = t > 0
            && path.states[t - 1] != path.states[t]
            && leaps.contains(&(path.states[t - 1] as usize, path.states[t] as usize));
        let Some(phone) = phone_at(t) else {
            // Only the end of the text is left out by a leap into a gap.
            if leapt && let Some(last) = before {
                let from = word_of(last) + 1;
                if from < indices.len() {
                    events.push(AlignmentEvent {
                        kind: EventKind::Skip,
                        range: TimeRange::new(time(t), time(t)),
                        words: named(from, indices.len() - 1),
                    });
                }
            }
            continue;
        };
        let word = word_of(phone);
        if leapt {
            let last = before.map(word_of);
            if before.is_some_and(|b| b >= phone) {
                let last = last.unwrap_or(word);
                let from = begun[word].unwrap_or(t);
                // What is said again counts where it is said last.
                for owner in &mut owners[from..t] {
                    *owner = None;
                }
                let whole = before.is_some_and(|b| words.get(b as usize + 1) != Some(&last));
                events.push(AlignmentEvent {
                    kind: if whole { EventKind::Repeat } else { EventKind::Extra },
                    range: TimeRange::new(time(from), time(t)),
                    words: if whole { named(word, last) } else { indices[word]..indices[word] },
                });
            } else {
                let from = last.map_or(0, |l| l + 1);
                if from < word {
                    events.push(AlignmentEvent {
                        kind: EventKind::Skip,
                        range: TimeRange::new(time(t), time(t)),
                        words: named(from, word - 1),
                    });
                }
            }
        }
        if before.is_none_or(|b| word_of(b) != word || b > phone) {
            begun[word] = Some(t);
        }
        before = Some(phone);
    }
    events.sort_by(|a, b| a.range.start.0.total_cmp(&b.range.start.0));
    Told { owners, events }
}

/// The events in words, for the user.
pub(crate) fn in_words(events: &[AlignmentEvent], utterance: &Utterance) -> Vec<String> {
    let text = |range: &std::ops::Range<usize>| {
        let words = utterance.words.get(range.clone()).unwrap_or_default();
        let words: Vec<&str> = words.iter().filter(|w| w.kind == WordKind::Spoken).map(|w| w.text.as_str()).collect();
        match utterance.language {
            crate::language::Language::Mandarin => words.concat(),
            _ => words.join(" "),
        }
    };
    events
        .iter()
        .map(|event| {
            let from = event.range.start.timecode();
            match event.kind {
                EventKind::Repeat => format!(
                    "At {from} \"{}\" is said twice; its times are those of the second time.",
                    text(&event.words)
                ),
                EventKind::Skip => format!(
                    "\"{}\" does not seem to be said; it should stand at {from}. Take it out of the text, or set its \
                     times by hand.",
                    text(&event.words)
                ),
                EventKind::Extra => {
                    let next = utterance.words.get(event.words.start..).unwrap_or_default();
                    let to = event.range.end.timecode();
                    match next.iter().find(|w| w.kind == WordKind::Spoken) {
                        Some(next) => format!(
                            "From {from} to {to}, before \"{}\", something is said that is not in the text.",
                            next.text
                        ),
                        None => format!("From {from} to {to}, at the end, something is said that is not in the text."),
                    }
                }
            }
        })
        .collect()
}
