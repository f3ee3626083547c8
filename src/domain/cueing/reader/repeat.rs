//! Keys shown twice: the hand that holds steps forward or away and comes back.
//!
//! The same cue twice in a row is told by a flick at the side (a quarter inch forward and back) or by a second touch
//! (NCSA; ne-cs.org, segment 4). All joints of a hand that keeps its shape move alike, so their mean shows even so small
//! a step among points that jitter.

use super::hand::HandSeen;
use glam::Vec2;

/// How forward and backward along the hand count together; a flick is seen as either.
const BACK: f32 = 0.6;
const FORWARD: f32 = 0.8;
/// The least step that counts, inches: half of a flick; where depth is not known, and on the skin, where a finger that
/// really leaves goes farther than one that only trembles.
const LEAST: f32 = 0.15;
const LEAST_FLAT: f32 = 0.08;
const LEAST_TOUCHED: f32 = 0.25;
/// A finger that leaves the skin goes at least this far on the face, inches; one that is carried by a nodding head, as
/// for a tone of Mandarin, stays.
const LEAST_ON_FACE: f32 = 0.2;
/// A step out and back takes no longer than this to either side, seconds.
const REACH: f64 = 0.5;

/// Parts of a hold between steps: first and last frame of each. One part if the hand kept still.
pub(super) fn parts(seen: &[HandSeen], first: usize, last: usize, touched: bool, rate: f64) -> Vec<(usize, usize)> {
    let mut out = vec![(first, last)];
    let (values, flat) = signal(&seen[first..=last]);
    if values.len() < 5 {
        return out;
    }
    let least = match (touched, flat) {
        (true, _) => LEAST_TOUCHED * if flat { BACK } else { 1.0 },
        (false, true) => LEAST_FLAT,
        (false, false) => LEAST,
    };
    let reach = (REACH * rate).round() as usize;
    let mut from = 0;
    while let Some((left, right)) = step(&values, from, reach, least) {
        if touched && !leaves_the_face(&seen[first + left..=first + right]) {
            from = right;
            continue;
        }
        if let Some(part) = out.last_mut() {
            part.1 = first + left;
        }
        out.push((first + right, last));
        from = right;
    }
    out
}

/// Whether the hand goes away from its places in the first and last frame on the face, too. True where the hand or the
/// head is not seen well enough to tell.
fn leaves_the_face(seen: &[HandSeen]) -> bool {
    let axis = seen.iter().filter_map(|s| s.axis).sum::<Vec2>().normalize_or_zero();
    let back = |s: &HandSeen| Some(-s.on_face?.dot(axis));
    let (Some(start), Some(end)) = (seen.first().and_then(back), seen.last().and_then(back)) else { return true };
    let top = seen.iter().filter_map(back).fold(f32::NEG_INFINITY, f32::max);
    top - start.max(end) >= LEAST_ON_FACE
}

/// How far the hand is out at each frame, inches, calmed; `true` where depth was not to be had.
fn signal(seen: &[HandSeen]) -> (Vec<f32>, bool) {
    let axis = seen.iter().filter_map(|s| s.axis).sum::<Vec2>().normalize_or_zero();
    let flat = seen.iter().filter(|s| s.depth.is_some()).count() * 2 < seen.len();
    let raw: Vec<Option<f32>> = seen
        .iter()
        .map(|s| {
            let back = -s.whole?.dot(axis);
            Some(if flat { back } else { BACK * back + FORWARD * s.depth? })
        })
        .collect();
    (super::ease::smoothed(&raw, 1), flat)
}

/// The first step out and back from frame `from` on: last frame before it and first frame after it.
fn step(values: &[f32], from: usize, reach: usize, least: f32) -> Option<(usize, usize)> {
    let lowest = |range: std::ops::Range<usize>| {
        range.map(|i| (values[i], i)).fold((f32::INFINITY, 0), |a, b| if b.0 < a.0 { b } else { a })
    };
    let mut t = from + 1;
    while t + 1 < values.len() {
        let top = values[t] >= values[t - 1] && values[t] >= values[t + 1];
        let (before, _) = lowest(t.saturating_sub(reach).max(from)..t);
        let (after, _) = lowest(t + 1..(t + 1 + reach).min(values.len()));
        let out = values[t] - before.max(after);
        // The highest top within reach is the step's own.
        let higher = (t + 1..(t + reach).min(values.len())).take_while(|i| values[*i] > values[t] - 0.7 * out);
        let higher = higher.map(|i| values[i]).fold(f32::NEG_INFINITY, f32::max);
        if top && out >= least && values[t] >= higher {
            let near = |v: f32, base: f32| v <= base + 0.35 * out;
            let left = (from..t).rev().find(|i| near(values[*i], before)).unwrap_or(from);
            let right = (t + 1..values.len()).find(|i| near(values[*i], after)).unwrap_or(t + 1);
            return Some((left, right));
        }
        t += 1;
    }
    None
}
