//! Times that the user has set are kept; what lies between them is found again.
//!
//! Each run of phones between two anchors is compared with just the sound between them, so that nothing can cross an
//! anchor, and a phrase costs some milliseconds.

use super::super::dtw::{self, Path, Problem, State, Window};
use super::super::energy::Surroundings;
use super::super::features::{RATE, mel_spectra};
use super::super::synthesis::{Synthesised, phrases};
use super::super::{Alignment, Mono, SpeechError, TimedPhone};
use super::reference::Reference;
use super::{ANALYSIS, HOP, Place, STEP, Tuning, adapt, align, confidence, refine, silence_costs};
use crate::language::Utterance;
use crate::media::resample;
use crate::progress::Progress;
use crate::time::Seconds;
use std::ops::Range;

/// Which edges of a sound are known and stay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Edges {
    pub start: bool,
    pub end: bool,
}

impl Edges {
    /// The whole sound stays, or nothing of it.
    pub fn both(fixed: bool) -> Self {
        Self { start: fixed, end: fixed }
    }
}

/// Seconds of sound to either side that are listened to, to know the noise and the voice.
const AROUND: f64 = 2.0;

/// Some words of an utterance as an utterance of their own, for [`super::super::reference_for`] and [`realign`].
pub fn part(utterance: &Utterance, words: Range<usize>) -> Utterance {
    let words = utterance.words.get(words).unwrap_or_default().to_vec();
    Utterance { language: utterance.language, text: utterance.text.clone(), words, issues: Vec::new() }
}

/// Flat indices of the phones of some words.
fn phones_of(utterance: &Utterance, words: &Range<usize>) -> Range<usize> {
    let count = |to: usize| -> usize {
        let words = utterance.words.get(..to.min(utterance.words.len())).unwrap_or_default();
        words.iter().flat_map(|w| w.syllables()).map(|s| s.phones.len()).sum()
    };
    count(words.start)..count(words.end)
}

/// Finds the phones of the words `words` again between those that are `fixed` (one flag and one current time per
/// phone of the whole utterance), and between the phones around the words, which stay. `reference` has spoken exactly
/// these words ([`part`]); without it a voice drawn by rule serves. The result is the flat index of the first phone of
/// the words and their times in order; fixed phones come back as they were, bit for bit.
///
/// A phrase of five seconds takes some 10 ms.
pub fn realign(
    audio: &Mono,
    utterance: &Utterance,
    words: Range<usize>,
    reference: Option<&Synthesised>,
    current: &[TimedPhone],
    fixed: &[bool],
) -> Result<(usize, Vec<TimedPhone>), SpeechError> {
    let range = phones_of(utterance, &words);
    let own = part(utterance, words);
    if range.is_empty() || current.len() < range.end || fixed.len() < range.end {
        return Err(SpeechError::NothingToSay);
    }
    let length = audio.length().0;
    let floor = range.start.checked_sub(1).map_or(0.0, |i| current[i].end.0).clamp(0.0, length);
    let ceiling = current.get(range.end).map_or(length, |p| p.start.0).clamp(floor, length);
    let edges: Vec<Edges> = fixed[range.clone()].iter().map(|f| Edges::both(*f)).collect();
    let times = solve(audio, &own, reference, &current[range.clone()], &edges, (floor, ceiling))?;
    Ok((range.start, times))
}

/// The phones of `utterance` found again between `room.0` and `room.1` (seconds): all of the text, and only this stretch of
/// the recording. Edges that stay come back bit for bit.
pub fn realign_within(
    audio: &Mono,
    utterance: &Utterance,
    reference: Option<&Synthesised>,
    current: &[TimedPhone],
    edges: &[Edges],
    room: (Seconds, Seconds),
) -> Result<Vec<TimedPhone>, SpeechError> {
    let count = utterance.phones().count();
    if count == 0 || current.len() != count || edges.len() != count {
        return Err(SpeechError::NothingToSay);
    }
    solve(audio, utterance, reference, current, edges, (room.0.0, room.1.0.max(room.0.0)))
}

/// Aligns a whole recording in which some phones are known: `anchors` has a time for each phone that is. These come
/// back as they are; phrases without any are found as by [`align`].
pub fn align_anchored(
    audio: &Mono,
    utterance: &Utterance,
    reference: Option<&Synthesised>,
    anchors: &[Option<TimedPhone>],
    progress: &dyn Progress,
) -> Result<Alignment, SpeechError> {
    let mut found = align(audio, utterance, reference, progress)?;
    let count = found.phones.len();
    let anchor = |i: usize| anchors.get(i).copied().flatten();
    let spans: Vec<Range<usize>> = phrases(utterance).iter().map(|p| p.first..p.first + p.count).collect();
    let mut done = 0;
    let mut k = 0;
    while k < spans.len() {
        if !spans[k].clone().any(|i| anchor(i).is_some()) {
            done = spans[k].end;
            k += 1;
            continue;
        }
        // Phrases that an anchor reaches into are found again with it.
        let (mut from, mut to) = (k, k + 1);
        let early = |from: usize, to: usize| {
            (spans[from].start..spans[to - 1].end).filter_map(anchor).map(|a| a.start.0).fold(f64::INFINITY, f64::min)
        };
        let late = |from: usize, to: usize| {
            (spans[from].start..spans[to - 1].end).filter_map(anchor).map(|a| a.end.0).fold(0.0, f64::max)
        };
        while from > 0 && spans[from - 1].start >= done && found.phones[spans[from].start - 1].end.0 > early(from, to) {
            from -= 1;
        }
        while to < spans.len()
            && (found.phones[spans[to].start].start.0 < late(from, to)
                || spans[to].clone().any(|i| anchor(i).is_some()))
        {
            to += 1;
        }
        let range = spans[from].start..spans[to - 1].end;
        let mut current = found.phones.clone();
        let fixed: Vec<bool> = (0..count).map(|i| anchor(i).is_some()).collect();
        for i in range.clone() {
            if let Some(a) = anchor(i) {
                current[i] = a;
            }
        }
        let flat: Vec<usize> = utterance.phones().map(|p| p.word).collect();
        let words = flat[range.start]..flat[range.end - 1] + 1;
        let own = reference.map(|r| cut(r, range.clone()));
        let (first, times) = realign(audio, utterance, words, own.as_ref(), &current, &fixed)?;
        for (i, time) in times.into_iter().enumerate() {
            found.phones[first + i] = time;
        }
        done = range.end;
        k = to;
    }
    let known: Vec<Range<f64>> = anchors.iter().flatten().map(|a| a.start.0..a.end.0).collect();
    // What was told of a place that the user has set by hand no longer counts.
    found.events.retain(|e| !known.iter().any(|k| k.start < e.range.end.0 && k.end > e.range.start.0));
    found.pauses = super::pauses(&found.phones, &found.events, audio.length());
    Ok(found)
}

/// The part of a spoken text in which some of its phones sound.
fn cut(spoken: &Synthesised, phones: Range<usize>) -> Synthesised {
    let own = spoken.phones.get(phones).unwrap_or_default();
    let (Some(first), Some(last)) = (own.first(), own.last()) else { return Synthesised::default() };
    let from = Seconds((first.start.0 - 0.1).max(0.0)).sample_at(spoken.rate).min(spoken.samples.len());
    let to = Seconds(last.end.0 + 0.1).sample_at(spoken.rate).clamp(from, spoken.samples.len());
    let origin = Seconds(from as f64 / f64::from(spoken.rate.max(1)));
    let phones = own.iter().map(|p| TimedPhone { start: p.start - origin, end: p.end - origin, ..*p }).collect();
    Synthesised {
        samples: spoken.samples[from..to].to_vec(),
        rate: spoken.rate,
        phones,
        speaker: spoken.speaker.clone(),
        warnings: Vec::new(),
    }
}

/// Solves the phones of `utterance` between `floor` and `ceiling` (seconds) and between those that are fixed.
fn solve(
    audio: &Mono,
    utterance: &Utterance,
    reference: Option<&Synthesised>,
    current: &[TimedPhone],
    edges: &[Edges],
    (floor, ceiling): (f64, f64),
) -> Result<Vec<TimedPhone>, SpeechError> {
    let tuning = Tuning::default();
    let count = current.len();
    // Only the sound around is listened to.
    let cut_from = Seconds((floor - AROUND).max(0.0)).sample_at(audio.rate).min(audio.samples.len());
    let cut_to = Seconds(ceiling + AROUND).sample_at(audio.rate).clamp(cut_from, audio.samples.len());
    let origin = cut_from as f64 / f64::from(audio.rate.max(1));
    let samples = resample(&audio.samples[cut_from..cut_to], audio.rate, RATE);
    let mel = mel_spectra(&samples, HOP, ANALYSIS);
    let Some(surroundings) = Surroundings::of(&mel) else {
        return Ok(shared(current, edges, floor, ceiling));
    };
    let spoken = reference.filter(|r| r.phones.len() == count && !r.samples.is_empty());
    let mut reference = match spoken {
        Some(spoken) => Reference::new(spoken, utterance, &mel, &surroundings, &tuning),
        None => Reference::drawn(utterance, &mel, &surroundings, &tuning),
    };
    let frames = reference.features_of(&mel, &surroundings, &tuning);
    let silence = silence_costs(&surroundings, &tuning);
    let gap = super::gap_price(&surroundings, utterance, &tuning);
    let sounding: f64 = current.iter().map(|p| (p.end - p.start).0).sum();
    let expected: usize = reference.phones.iter().map(|(a, b)| b - a).sum();
    let tempo = (sounding / STEP / expected.max(1) as f64).clamp(0.5, 4.0);
    // Runs of phones between the edges that stay, with the time they have.
    let runs = runs(current, edges, floor, ceiling);
    let mut places: Vec<Place> = shared(current, edges, floor, ceiling)
        .iter()
        .zip(edges)
        .map(|(p, &fixed)| Place {
            start: p.start.0 - origin,
            end: p.end.0 - origin,
            said: true,
            fixed,
            ..Place::default()
        })
        .collect();
    let mut owners: Vec<Option<u32>> = vec![None; frames.len()];
    let mut distances = vec![0.0; frames.len()];
    let mut states = Vec::new();
    for round in 0..=1 {
        states = reference.states(utterance, tempo, gap, &tuning);
        let mut way = Path { states: Vec::new(), distances: Vec::new(), cost: 0.0 };
        let mut heard = Vec::new();
        for run in &runs {
            let Run { phones: run, from, to, hard } = run;
            if run.len() == 1 && hard.start && hard.end {
                continue;
            }
            let first = (((from - origin) / STEP).round().max(0.0) as usize).min(frames.len());
            let last = (((to - origin) / STEP).round().max(0.0) as usize).clamp(first, frames.len());
            let Some((low, high)) = states_of(&states, run, *hard) else { continue };
            let problem = Problem {
                frames: &frames[first..last],
                silence: &silence[first..last],
                other: &[],
                rows: &reference.rows,
                states: &states[low..high],
                leaps: &[],
                prices: &tuning.prices,
            };
            let Some(found) = dtw::align(&problem, &Window::Follow(tuning.window), &|_| false) else { continue };
            for (k, (s, d)) in found.states.iter().zip(&found.distances).enumerate() {
                way.states.push(low as u32 + s);
                way.distances.push(*d);
                heard.push(frames[first + k]);
                owners[first + k] = match &states[low + *s as usize] {
                    State::Sound { phone, .. } => Some(*phone),
                    _ => None,
                };
                distances[first + k] = *d;
            }
            if round == 1 {
                put(&mut places, run, &owners[first..last], first, (from - origin, to - origin));
            }
        }
        if round == 0 {
            adapt::towards(&mut reference, &states, &way, &heard);
        }
    }
    refine::boundaries(&mut places, &samples, utterance, &reference, &tuning);
    let seen = confidence::seen(&owners, &distances, &states, count);
    let sure = confidence::confidences(&seen);
    let mut out: Vec<TimedPhone> = places
        .iter()
        .zip(sure)
        .map(|(p, confidence)| TimedPhone {
            start: Seconds(p.start + origin),
            end: Seconds(p.end + origin),
            confidence,
        })
        .collect();
    // Nothing crosses an edge that stays, and such edges are what they were to the last bit.
    for Run { phones, from, to, .. } in &runs {
        let mut at = *from;
        for i in phones.clone() {
            let phone = &mut out[i];
            phone.start = Seconds(phone.start.0.clamp(at, *to));
            phone.end = Seconds(phone.end.0.clamp(phone.start.0, *to));
            if edges[i].start {
                phone.start = current[i].start;
            }
            if edges[i].end {
                phone.end = current[i].end;
            }
            if edges[i] == Edges::both(true) {
                phone.confidence = current[i].confidence;
            }
            at = phone.end.0;
        }
    }
    Ok(out)
}

/// Phones between two edges that stay.
struct Run {
    phones: Range<usize>,
    /// The time between the edges, seconds.
    from: f64,
    to: f64,
    /// Whether the first phone begins, and the last one ends, exactly there.
    hard: Edges,
}

fn runs(current: &[TimedPhone], edges: &[Edges], floor: f64, ceiling: f64) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    let mut i = 0;
    while i < current.len() {
        let end = (i + 1..current.len()).find(|&k| edges[k - 1].end || edges[k].start).unwrap_or(current.len());
        let from = match i.checked_sub(1) {
            _ if edges[i].start => current[i].start.0,
            // Else it is the edge of the sound before that stays.
            Some(before) => current[before].end.0,
            None => floor,
        };
        let to = match current.get(end) {
            _ if edges[end - 1].end => current[end - 1].end.0,
            Some(next) => next.start.0,
            None => ceiling,
        };
        let hard = Edges { start: edges[i].start, end: edges[end - 1].end };
        out.push(Run { phones: i..end, from, to: to.max(from), hard });
        i = end;
    }
    out
}

/// The states of a run of phones, with the pause before and the pause after it where there may be one.
fn states_of(states: &[State], run: &Range<usize>, hard: Edges) -> Option<(usize, usize)> {
    let inside = |s: &State| matches!(s, State::Sound { phone, .. } if run.contains(&(*phone as usize)));
    let first = states.iter().position(inside)?;
    let last = states.iter().rposition(inside)?;
    let is_gap = |i: Option<usize>| i.and_then(|i| states.get(i)).is_some_and(|s| !s.is_sound());
    let low = if is_gap(first.checked_sub(1)) && !hard.start { first - 1 } else { first };
    let high = if is_gap(Some(last + 1)) && !hard.end { last + 2 } else { last + 1 };
    Some((low, high))
}

/// Puts the phones of a run where they own frames; `first` is the number of the first frame.
fn put(places: &mut [Place], run: &Range<usize>, owners: &[Option<u32>], first: usize, (from, to): (f64, f64)) {
    let mut at = from;
    for phone in run.clone() {
        let own = |o: &Option<u32>| *o == Some(phone as u32);
        let (start, end) = match (owners.iter().position(own), owners.iter().rposition(own)) {
            (Some(a), Some(b)) => (((first + a) as f64 - 0.5) * STEP, ((first + b) as f64 + 0.5) * STEP),
            _ => (at, at),
        };
        // The frame that an anchor lies in belongs to both sides.
        let snapped = |t: f64| {
            if (t - from).abs() < STEP {
                from
            } else if (t - to).abs() < STEP {
                to
            } else {
                t
            }
        };
        places[phone].start = snapped(start).clamp(at, to.max(at));
        places[phone].end = snapped(end).clamp(places[phone].start, to.max(at));
        at = places[phone].end;
    }
}

/// Every run shared out over its time, in proportion to the lengths it has now.
fn shared(current: &[TimedPhone], edges: &[Edges], floor: f64, ceiling: f64) -> Vec<TimedPhone> {
    let mut out = current.to_vec();
    for Run { phones: run, from, to, .. } in runs(current, edges, floor, ceiling) {
        // Where it fits as it is, it stays.
        let (first, last) = (current[run.start], current[run.end - 1]);
        if first.start.0 >= from && last.end.0 <= to {
            continue;
        }
        let total: f64 = current[run.clone()].iter().map(|p| (p.end - p.start).0.max(0.001)).sum();
        let mut at = from;
        for phone in &mut out[run] {
            let own = (phone.end - phone.start).0.max(0.001) / total * (to - from);
            (phone.start, phone.end, phone.confidence) = (Seconds(at), Seconds(at + own), 0.0);
            at += own;
        }
    }
    out
}
