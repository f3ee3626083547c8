//! Moves boundaries to where the sound really changes.
//!
//! At a finer step (5 ms, a 16 ms window) every boundary may move by up to 40 ms. A place is good where the sound just
//! before and after it looks like the reference around *its* boundary, and where the recording changes most. Boundaries
//! are moved together, so that no phone vanishes. After a pause a sound begins where it rises out of the silence.

use super::super::dtw::{Frame, distance};
use super::super::energy::Surroundings;
use super::super::features::{MelSpectra, RATE, mel_spectra};
use super::super::sounds::{Manner, letters_of_phone};
use super::reference::{Reference, recolour, scaled, statics};
use super::{HOP, Place, Tuning};
use crate::language::Utterance;

/// Samples between fine frames: 5 ms.
const FINE: usize = 80;
const FINE_WINDOW: usize = 256;
/// Fine frames per frame of the comparison.
const RATIO: usize = HOP / FINE;
/// Seconds between fine frames.
const TICK: f64 = FINE as f64 / RATE as f64;
/// Ticks a boundary may move to either side.
const REACH: isize = 8;
/// Ticks compared on each side of a boundary.
const SIDE: isize = 4;
/// No phone gets shorter than this many ticks.
const LEAST: isize = 2;

/// Moves the boundaries of `places` in place. Phones that were not said stay where they are.
pub(crate) fn boundaries(
    places: &mut [Place],
    samples: &[f32],
    utterance: &Utterance,
    reference: &Reference,
    tuning: &Tuning,
) {
    let said: Vec<usize> = (0..places.len()).filter(|&i| places[i].said).collect();
    if said.is_empty() {
        return;
    }
    let mel = mel_spectra(samples, FINE, FINE_WINDOW);
    let Some(surroundings) = Surroundings::of(&mel) else { return };
    let ours = {
        let spoken: Vec<usize> = (0..mel.frames.len()).filter(|&i| surroundings.presence(i) > 0.25).collect();
        scaled(&statics(&mel), spoken.into_iter(), tuning)
    };
    let theirs = fine_reference(reference, &mel, &surroundings, tuning);
    let change = changes(&ours);
    let manners: Vec<Manner> = utterance
        .phones()
        .map(|p| letters_of_phone(p.phone, utterance.language).first().map_or(Manner::Vowel, |l| l.manner))
        .collect();

    // Runs of phones that touch each other are moved together.
    let mut from = 0;
    while from < said.len() {
        let mut to = from + 1;
        while to < said.len() && places[said[to]].start - places[said[to - 1]].end < 0.004 {
            to += 1;
        }
        let run = &said[from..to];
        let floor = if from == 0 { 0.0 } else { places[said[from - 1]].end };
        let ceiling = said.get(to).map_or(mel.frames.len() as f64 * TICK, |&i| places[i].start);
        let mut inner: Vec<isize> = run.iter().map(|&i| (places[i].start / TICK).round() as isize).collect();
        let scores: Vec<Vec<f32>> = run
            .iter()
            .zip(&inner)
            .enumerate()
            .map(|(k, (&i, &at))| {
                (-REACH..=REACH)
                    .map(|d| {
                        if k == 0 || places[i].fixed.start || places[run[k - 1]].fixed.end {
                            // The edge to silence is found below by loudness; what the user has set stays.
                            return if d == 0 { 0.0 } else { 100.0 };
                        }
                        let there = (reference.phones[i].0 * RATIO) as isize;
                        let unlike = theirs.as_ref().map_or(0.0, |rows| template(&ours, at + d, rows, there));
                        let moved = d as f32 / REACH as f32;
                        let sharp = change.get((at + d).max(0) as usize).copied().unwrap_or(0.0);
                        tuning.template * unlike - tuning.change * sharp + tuning.hold * moved * moved
                    })
                    .collect()
            })
            .collect();
        place(&mut inner, &scores);
        for (k, at) in inner.iter().enumerate().skip(1) {
            if places[run[k]].fixed.start || places[run[k - 1]].fixed.end {
                continue;
            }
            places[run[k]].start = *at as f64 * TICK;
            places[run[k - 1]].end = places[run[k]].start;
        }
        let (first, last) = (run[0], run[run.len() - 1]);
        let own = places[first];
        if !own.sound_before && !own.fixed.start {
            places[first].start = onset(&surroundings, own.start, own.end, floor, manners[first]);
        }
        let own = places[last];
        if !own.sound_after && !own.fixed.end {
            places[last].end = offset(&surroundings, own.end, own.start, ceiling);
        }
        from = to;
    }
    // What was not said lies where the phone before it ends.
    for i in 1..places.len() {
        if !places[i].said {
            (places[i].start, places[i].end) = (places[i - 1].end, places[i - 1].end);
        }
    }
}

/// The reference at the fine step, bent towards the speaker; `None` for a drawn voice, which has no detail.
fn fine_reference(
    reference: &Reference,
    mel: &MelSpectra,
    surroundings: &Surroundings,
    tuning: &Tuning,
) -> Option<Vec<Frame>> {
    if reference.samples.is_empty() {
        return None;
    }
    let mut own = mel_spectra(&reference.samples, FINE, FINE_WINDOW);
    let last = own.frames.len().saturating_sub(1);
    let inside: Vec<usize> =
        reference.phones.iter().flat_map(|&(a, b)| a * RATIO..b * RATIO).filter(|&i| i <= last).collect();
    recolour(&mut own, &inside, mel, surroundings);
    let mut rows = scaled(&statics(&own), inside.iter().copied(), tuning);
    if let Some(bend) = reference.speakers.first().and_then(|s| s.bend.as_ref()) {
        for (phone, &(a, b)) in reference.phones.iter().enumerate() {
            for row in &mut rows[(a * RATIO).min(last)..(b * RATIO).min(last)] {
                *row = bend.of(row, reference.symbols[phone]);
            }
        }
    }
    Some(rows)
}

/// How unlike the recording around tick `at` is to the reference around tick `there`: mean distance.
fn template(ours: &[Frame], at: isize, theirs: &[Frame], there: isize) -> f32 {
    let (mut sum, mut n) = (0.0, 0.0);
    for k in -SIDE..SIDE {
        let (a, b) = (at + k, there + k);
        if a >= 0 && b >= 0 && (a as usize) < ours.len() && (b as usize) < theirs.len() {
            sum += distance(&ours[a as usize], &theirs[b as usize]).min(6.0);
            n += 1.0;
        }
    }
    if n == 0.0 { 6.0 } else { sum / n }
}

/// How much the sound changes at each tick: 0 … about 1 at a sharp boundary.
fn changes(rows: &[Frame]) -> Vec<f32> {
    let n = rows.len() as isize;
    (0..n)
        .map(|t| {
            let mean = |range: std::ops::Range<isize>| {
                let mut sum = [0.0; super::super::dtw::WIDTH];
                for i in range.clone() {
                    for (s, v) in sum.iter_mut().zip(&rows[i.clamp(0, n - 1) as usize][..16]) {
                        *s += v / range.len() as f32;
                    }
                }
                sum
            };
            distance(&mean(t - 3..t), &mean(t..t + 3)).sqrt()
        })
        .collect()
}

/// Chooses one place per boundary, the sum of scores least, at least [`LEAST`] ticks apart.
fn place(at: &mut [isize], scores: &[Vec<f32>]) {
    let width = (2 * REACH + 1) as usize;
    let mut cost: Vec<f32> = scores[0].clone();
    let mut back: Vec<Vec<u8>> = Vec::with_capacity(at.len());
    for i in 1..at.len() {
        let mut next = vec![f32::INFINITY; width];
        let mut from = vec![0_u8; width];
        for (d, n) in next.iter_mut().enumerate() {
            let here = at[i] + d as isize - REACH;
            for (e, c) in cost.iter().enumerate() {
                let there = at[i - 1] + e as isize - REACH;
                // Too close is not forbidden, only very dear: a path may have been that short before.
                let squeeze = (LEAST - (here - there)).max(0) as f32 * 3.0;
                let total = c + squeeze;
                if total < *n {
                    (*n, from[d]) = (total, e as u8);
                }
            }
            *n += scores[i][d];
        }
        cost = next;
        back.push(from);
    }
    let mut d = (0..width).min_by(|&a, &b| cost[a].total_cmp(&cost[b])).unwrap_or(REACH as usize);
    for i in (0..at.len()).rev() {
        at[i] += d as isize - REACH;
        if i > 0 {
            d = back[i - 1][d] as usize;
        }
    }
    for i in 1..at.len() {
        at[i] = at[i].max(at[i - 1]);
    }
}

/// Where a sound after silence begins: the last quiet moment before it grows.
fn onset(surroundings: &Surroundings, at: f64, end: f64, floor: f64, _manner: Manner) -> f64 {
    let tick = |time: f64| (time / TICK).round().max(0.0) as usize;
    let (low, high) = (tick((at - 0.08).max(floor)), tick((at + 0.10).min(end)));
    let now = tick(at);
    let peak = (now..=tick(end).max(now)).map(|i| surroundings.presence(i)).fold(0.0_f32, f32::max);
    let rises = (0.18 * peak).max(super::super::energy::SILENT);
    // From a clearly sounding moment back to the last one that is quiet.
    let Some(sounding) = (low..=high.max(low)).find(|&i| surroundings.presence(i) >= 1.6 * rises) else { return at };
    let mut start = sounding;
    while start > low && surroundings.presence(start - 1) >= rises {
        start -= 1;
    }
    ((start as f64 - 0.5) * TICK).clamp(floor, end)
}

/// Where a sound before silence ends.
fn offset(surroundings: &Surroundings, at: f64, start: f64, ceiling: f64) -> f64 {
    let tick = |time: f64| (time / TICK).round().max(0.0) as usize;
    let (low, high) = (tick((at - 0.08).max(start)), tick((at + 0.12).min(ceiling)));
    let threshold = super::super::energy::SILENT * 1.5;
    let last = (low..=high.max(low)).rev().find(|&i| surroundings.presence(i) >= threshold);
    let Some(last) = last else { return at };
    ((last as f64 + 0.5) * TICK).clamp(start, ceiling.max(start))
}
