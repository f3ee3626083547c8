//! Parts a recording into holds: the way through all frames that costs least.
//!
//! In each frame the hand holds a key, moves, or rests. A held key costs what shape and place deviate from it and what
//! the hand moves; moving costs the same whatever is seen; each new hold costs once, so that noise does not make keys.
//! A hold lasts two frames at least. The cheapest way is found exactly (Viterbi 1967), in one pass over the frames.

/// A hand this fast is on its way, inches a second. Key frames of MCCS are those below 6 pixels a frame in pictures of
/// 720 lines at 30 a second, some 6 inches a second; between frames that are exact less will do.
const MOVING: (f32, f32) = (1.3, 6.0);
/// Where points tremble, holds seem to move: by about what the calmest quarter of all frames does, times this.
const TREMBLE: f32 = 1.8;
/// A frame on the way, the beginning of a hold, and a frame of rest besides what speaks against it.
const ON_THE_WAY: f32 = 4.0;
const NEW_HOLD: f32 = 3.5;
const AT_REST: f32 = 0.3;
/// What speed adds at most.
const MOST_SPEED: f32 = 8.0;

/// What a stretch of frames is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// Index of the state that is held.
    Hold(usize),
    Rest,
}

/// A stretch of frames, `first` to `last`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    pub what: What,
    pub first: usize,
    pub last: usize,
}

/// What a frame costs.
pub(super) struct FrameCosts {
    /// Of each state.
    pub held: Vec<f32>,
    pub rest: f32,
    /// Inches a second.
    pub speed: f32,
}

/// Names of nodes in the net of one frame: moving, resting, then two for each state (its first frame, later ones).
const WAY: usize = 0;
const REST: usize = 1;
const STATES: usize = 2;

/// The speed above which a hand is on its way, from all speeds of a recording.
pub(super) fn moving(speeds: impl Iterator<Item = f32>) -> f32 {
    let mut speeds: Vec<f32> = speeds.collect();
    speeds.sort_unstable_by(f32::total_cmp);
    let calm = speeds.get(speeds.len() / 4).copied().unwrap_or(0.0);
    (TREMBLE * calm).clamp(MOVING.0, MOVING.1)
}

/// The cheapest way; holds and rests in order, moves left out. `moving` is the speed of a hand on its way.
pub(super) fn segments(
    frames: usize,
    states: usize,
    moving: f32,
    mut costs: impl FnMut(usize) -> FrameCosts,
) -> Vec<Segment> {
    if frames == 0 {
        return Vec::new();
    }
    let nodes = STATES + 2 * states;
    let mut from: Vec<u16> = vec![0; frames * nodes];
    let mut best = vec![f32::INFINITY; nodes];
    for t in 0..frames {
        let now = costs(t);
        let speed = (0.5 * (now.speed / moving).powi(2)).min(MOST_SPEED);
        let row = &mut from[t * nodes..(t + 1) * nodes];
        let mut next = vec![f32::INFINITY; nodes];
        if t == 0 {
            next[WAY] = ON_THE_WAY;
            next[REST] = now.rest + AT_REST;
            for s in 0..states {
                next[STATES + 2 * s] = NEW_HOLD + now.held[s] + speed;
            }
            best = next;
            continue;
        }
        // Whence a new hold may come: from the way, from rest, or straight from a finished hold.
        let done = (0..states).map(|s| (best[STATES + 2 * s + 1], STATES + 2 * s + 1));
        let free = [(best[WAY], WAY), (best[REST], REST)].into_iter().chain(done);
        let (cheapest, origin) = free.fold((f32::INFINITY, WAY), |a, b| if b.0 < a.0 { b } else { a });
        (next[WAY], row[WAY]) = (cheapest + ON_THE_WAY, origin as u16);
        (next[REST], row[REST]) = (cheapest + now.rest + AT_REST, origin as u16);
        for s in 0..states {
            let (first, later) = (STATES + 2 * s, STATES + 2 * s + 1);
            let here = now.held[s] + speed;
            (next[first], row[first]) = (cheapest + NEW_HOLD + here, origin as u16);
            let stay = if best[first] < best[later] { first } else { later };
            (next[later], row[later]) = (best[stay] + here, stay as u16);
        }
        // Sums stay small: only differences matter.
        let least = next.iter().copied().fold(f32::INFINITY, f32::min);
        next.iter_mut().for_each(|c| *c -= least);
        best = next;
    }
    // A hold of a single frame at the very end is none.
    let ends = (0..nodes).filter(|n| *n < STATES || (n - STATES) % 2 == 1);
    let mut node = ends.min_by(|a, b| best[*a].total_cmp(&best[*b])).unwrap_or(WAY);
    let mut out: Vec<Segment> = Vec::new();
    let mut last = frames - 1;
    for t in (0..frames).rev() {
        let before = usize::from(from[t * nodes + node]);
        let begins = match node {
            WAY => {
                last = t.saturating_sub(1);
                None
            }
            REST => (t == 0 || before != REST).then_some(What::Rest),
            n => (n - STATES).is_multiple_of(2).then_some(What::Hold((n - STATES) / 2)),
        };
        if let Some(what) = begins {
            out.push(Segment { what, first: t, last });
            last = t.saturating_sub(1);
        }
        if t > 0 {
            node = before;
        }
    }
    out.reverse();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_moves_and_rests_are_parted() {
        // Two states; frames 0-2 rest, 3-6 state 0, 7-8 fast, 9-11 state 1, 12 nonsense, 13-14 state 1.
        let kinds = [9, 9, 9, 0, 0, 0, 0, 5, 5, 1, 1, 1, 5, 1, 1];
        let got = segments(kinds.len(), 2, 6.0, |t| {
            let k = kinds[t];
            FrameCosts {
                held: (0..2).map(|s| if s == k { 0.5 } else { 9.0 }).collect(),
                rest: if k == 9 { 0.0 } else { 9.0 },
                speed: if k == 5 { 20.0 } else { 1.0 },
            }
        });
        let seg = |what, first, last| Segment { what, first, last };
        assert_eq!(got[..2], [seg(What::Rest, 0, 2), seg(What::Hold(0), 3, 6)]);
        assert_eq!(got[2], seg(What::Hold(1), 9, 11));
        assert_eq!(got[3], seg(What::Hold(1), 13, 14));
        assert!(segments(0, 2, 6.0, |_| unreachable!()).is_empty());
    }
}
