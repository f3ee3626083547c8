//! Puts the moves of both lanes in order and makes room for each target to be seen.

use super::super::{HandShape, Movement, Position};
use super::SHORTEST_MOVE;
use crate::time::Fps;

/// Moves are not shortened below this, or two frames, as long as there is another way: a hand that jumps is hard to
/// read.
const COMFORTABLE_MOVE: f64 = 0.080;
/// An arrival is moved earlier by at most this for the sake of later keys, so that a fast stretch does not drive the
/// hand away from the sound.
const MOST_EARLIER: f64 = 0.200;

/// The move of one lane to one key, in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Move {
    pub start: f64,
    pub end: f64,
    /// False where nothing changes in this lane.
    pub real: bool,
    /// The end that the preset asked for.
    asked: f64,
}

impl Move {
    /// A move of at least [`SHORTEST_MOVE`] that ends when asked.
    pub fn new(start: f64, end: f64, real: bool) -> Self {
        Self { start: start.min(end - SHORTEST_MOVE.0), end, real, asked: end }
    }

    /// A move as the user set it.
    pub fn pinned(start: f64, end: f64, real: bool) -> Self {
        Self { start: start.min(end), end, real, asked: end }
    }

    /// Guard: the hand is there before the sound is over.
    pub fn within(&mut self, a3: f64) {
        if self.end > a3 {
            *self = Self::new(self.start, a3, self.real);
        }
    }
}

/// A key or return to rest on its way to a [`super::PlannedKey`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Entry {
    pub key: Option<usize>,
    pub a1: f64,
    pub a3: f64,
    pub shape: HandShape,
    pub position: Position,
    pub movement: Option<Movement>,
    pub position_move: Move,
    pub shape_move: Move,
    pub pinned: bool,
}

impl Entry {
    fn lanes(&self) -> [&Move; 2] {
        [&self.position_move, &self.shape_move]
    }

    fn lane_mut(&mut self, lane: usize) -> &mut Move {
        if lane == 0 { &mut self.position_move } else { &mut self.shape_move }
    }

    fn real(&self) -> impl Iterator<Item = &Move> {
        self.lanes().into_iter().filter(|m| m.real)
    }
}

/// Guard: within a lane no move begins before the one before it has ended; overlaps meet in their middle.
pub(super) fn order(entries: &mut [Entry]) {
    let least = SHORTEST_MOVE.0;
    for lane in 0..2 {
        let mut before: Option<usize> = None;
        for i in 0..entries.len() {
            if !entries[i].lanes()[lane].real {
                continue;
            }
            if let Some(b) = before {
                let (first, second) = (*entries[b].lanes()[lane], *entries[i].lanes()[lane]);
                if second.start < first.end {
                    let meeting = match (entries[b].pinned, entries[i].pinned) {
                        (true, true) => None,
                        (true, false) => Some(first.end),
                        (false, true) => Some(second.start),
                        (false, false) => Some((first.end + second.start) / 2.0),
                    };
                    if let Some(meeting) = meeting {
                        // Both moves keep their shortest length; the order of keys wins over their times.
                        let meeting = meeting.min(second.end - least);
                        let meeting = if entries[b].pinned { first.end } else { meeting.max(first.start + least) };
                        if !entries[b].pinned {
                            entries[b].lane_mut(lane).end = meeting;
                        }
                        if !entries[i].pinned {
                            let m = entries[i].lane_mut(lane);
                            m.start = meeting;
                            m.end = m.end.max(meeting + least);
                        }
                    }
                }
            }
            before = Some(i);
        }
    }
}

/// When the target of entry `i` is reached in both lanes.
fn held_from(entries: &[Entry], i: usize) -> f64 {
    let arrived = (0..=i).rev().find_map(|j| entries[j].real().map(|m| m.end).reduce(f64::max));
    let arrived = arrived.unwrap_or(f64::NEG_INFINITY);
    let entry = &entries[i];
    if entry.key.is_some() && entry.real().next().is_none() {
        // A key equal to the one before it takes over its hold when the preset would have arrived anew: the hand must
        // not be off to the next key before this one has had its time.
        return arrived.max(entry.position_move.asked.min(entry.a1));
    }
    arrived
}

/// When the first lane leaves the target of entry `i`.
fn held_to(entries: &[Entry], i: usize) -> f64 {
    (i + 1..entries.len()).find_map(|j| entries[j].real().map(|m| m.start).reduce(f64::min)).unwrap_or(f64::INFINITY)
}

/// Makes room for `dwell` seconds on each target: later starts, then earlier ends. Where comfortable moves do not
/// fit, arrivals that lead their sound may come up to its start, and last of all moves become as short as they can.
pub(super) fn guarantee(entries: &mut [Entry], dwell: crate::time::Seconds, fps: Fps) {
    let dwell = dwell.0;
    let comfortable = COMFORTABLE_MOVE.max(2.0 * fps.frame_length().0);
    start_later(entries, dwell, comfortable);
    end_earlier(entries, dwell, comfortable);
    arrive_later(entries, dwell, comfortable);
    start_later(entries, dwell, SHORTEST_MOVE.0);
    end_earlier(entries, dwell, SHORTEST_MOVE.0);
    let before = entries.to_vec();
    share(entries, dwell);
    // Sharing is for the better or not at all: lanes stay in order and no more keys are too fast than without it.
    let seconds = crate::time::Seconds(dwell);
    let fast = |e: &[Entry]| too_fast(e, seconds).iter().filter(|f| **f).count();
    if !in_order(entries) || fast(entries) > fast(&before) {
        entries.copy_from_slice(&before);
    }
}

/// Within each lane every move ends after it begins and begins after the one before has ended.
fn in_order(entries: &[Entry]) -> bool {
    (0..2).all(|lane| {
        let moves: Vec<&Move> = entries.iter().map(|e| e.lanes()[lane]).filter(|m| m.real).collect();
        moves.iter().all(|m| m.end >= m.start) && moves.windows(2).all(|m| m[1].start >= m[0].end - 1e-9)
    })
}

/// A run of arrivals that share what time there is: how many, and the sum of their places.
struct Run {
    first: usize,
    count: usize,
    sum: f64,
}

impl Run {
    fn mean(&self) -> f64 {
        self.sum / self.count as f64
    }
}

/// Where holds are still too short, arrivals near each other share the time there is: each gets room for its hold and
/// the shortest move to it, and together they stay as near as can be (in least squares) to where they were. That is
/// isotonic regression by pooling neighbours; arrivals with room enough are left alone. No arrival moves by more than
/// [`MOST_EARLIER`], nor past the time at which it would be late or its sound over.
fn share(entries: &mut [Entry], dwell: f64) {
    let least = SHORTEST_MOVE.0;
    // Entries that move at all; the others share the hold of the one before.
    let moving: Vec<usize> = (0..entries.len()).filter(|i| entries[*i].real().next().is_some()).collect();
    let arrival: Vec<f64> = moving.iter().map(|i| held_from(entries, *i)).collect();
    // Place of each arrival if every hold before it had exactly its time: these must not decrease.
    let mut used = 0.0;
    let room: Vec<f64> = moving
        .iter()
        .enumerate()
        .map(|(n, _)| {
            if n > 0 {
                used += least + if needs_dwell(&entries[moving[n - 1]]) { dwell } else { 0.0 };
            }
            used
        })
        .collect();
    let mut runs: Vec<Run> = Vec::new();
    for n in 0..moving.len() {
        let mut run = Run { first: n, count: 1, sum: arrival[n] - room[n] };
        // What the user pinned neither gives way nor passes a push on.
        let fixed = |k: usize| entries[moving[k]].pinned;
        while let Some(last) = runs.last() {
            if last.mean() <= run.mean() + 1e-9 || fixed(run.first) || fixed(last.first + last.count - 1) {
                break;
            }
            run = Run { first: last.first, count: last.count + run.count, sum: last.sum + run.sum };
            runs.pop();
        }
        runs.push(run);
    }
    let mut before: Option<f64> = None;
    for run in runs.iter().filter(|r| r.count > 1) {
        // The hold before the run is left when it was, unless the run needs to leave later.
        if run.first > 0 {
            before = Some(held_from(entries, moving[run.first - 1]));
        }
        for n in run.first..run.first + run.count {
            let i = moving[n];
            let entry = &mut entries[i];
            let latest = (entry.a1 + super::LATE_AFTER.0).min(entry.a3).max(arrival[n]);
            let to = (run.mean() + room[n]).clamp(arrival[n] - MOST_EARLIER, latest);
            let hold = if n > 0 && entries[moving[n - 1]].key.is_some() { dwell } else { 0.0 };
            let from = before.map_or(f64::NEG_INFINITY, |b| b + hold);
            for lane in 0..2 {
                let m = entries[i].lane_mut(lane);
                if m.real {
                    // Earlier arrivals of one lane stay earlier, as far as the hold before allows.
                    let end = m.end.min(to).max((from + least).min(to));
                    let start = m.start.max(from).min(end - least);
                    (m.start, m.end) = (start, end);
                }
            }
            // One of the lanes arrives exactly then.
            let last = (0..2)
                .filter(|l| entries[i].lanes()[*l].real)
                .max_by(|a, b| entries[i].lanes()[*a].end.total_cmp(&entries[i].lanes()[*b].end));
            if let Some(lane) = last {
                let m = entries[i].lane_mut(lane);
                m.end = to.max(m.start + least);
            }
            before = Some(held_from(entries, i));
        }
    }
}

/// Whether the hold of an entry counts: rest needs no time to be read.
fn needs_dwell(entry: &Entry) -> bool {
    entry.key.is_some()
}

fn start_later(entries: &mut [Entry], dwell: f64, least: f64) {
    for i in 1..entries.len() {
        if !needs_dwell(&entries[i - 1]) || entries[i].pinned {
            continue;
        }
        let from = held_from(entries, i - 1) + dwell;
        for lane in 0..2 {
            let m = entries[i].lane_mut(lane);
            if m.real && m.start < from {
                m.start = m.start.max(from.min(m.end - least));
            }
        }
    }
}

/// The presets send a vowel of its own so early that it can overtake a short key before it; to arrive with the sound
/// is early enough.
fn arrive_later(entries: &mut [Entry], dwell: f64, least: f64) {
    for i in 1..entries.len() {
        if !needs_dwell(&entries[i - 1]) || entries[i].pinned {
            continue;
        }
        let from = held_from(entries, i - 1) + dwell;
        let a1 = entries[i].a1;
        for lane in 0..2 {
            let next = (i + 1..entries.len()).find(|j| entries[*j].lanes()[lane].real);
            let bound = next.map_or(f64::INFINITY, |j| entries[j].lanes()[lane].start);
            let m = entries[i].lane_mut(lane);
            if m.real && m.start < from - 1e-9 {
                m.end = (from + least).min(a1).min(bound).max(m.end);
                m.start = m.start.max(from.min(m.end - least));
            }
        }
    }
}

fn end_earlier(entries: &mut [Entry], dwell: f64, least: f64) {
    for i in (0..entries.len()).rev() {
        if !needs_dwell(&entries[i]) || entries[i].pinned {
            continue;
        }
        let latest = held_to(entries, i) - dwell;
        for lane in 0..2 {
            let before = (0..i).rev().find(|j| entries[*j].lanes()[lane].real);
            let bound = before.map_or(f64::NEG_INFINITY, |j| entries[j].lanes()[lane].end);
            let m = entries[i].lane_mut(lane);
            if !m.real || m.end <= latest {
                continue;
            }
            let end = latest.max(m.asked - MOST_EARLIER).max(bound + SHORTEST_MOVE.0).min(m.end);
            m.end = end;
            // The whole move goes earlier if it would become too short; the key before then gives way in its turn.
            m.start = m.start.min(end - least).max(bound.min(end - SHORTEST_MOVE.0));
        }
    }
}

/// Which targets are held for less than `dwell` all the same.
pub(super) fn too_fast(entries: &[Entry], dwell: crate::time::Seconds) -> Vec<bool> {
    (0..entries.len())
        .map(|i| needs_dwell(&entries[i]) && held_to(entries, i) - held_from(entries, i) < dwell.0 - 1e-6)
        .collect()
}

/// Gives lanes without a move a time of no length between their neighbours.
pub(super) fn place_unmoved(entries: &mut [Entry]) {
    for lane in 0..2 {
        let mut bound = f64::NEG_INFINITY;
        for i in 0..entries.len() {
            if !entries[i].lanes()[lane].real {
                let next = (i + 1..entries.len())
                    .map(|j| *entries[j].lanes()[lane])
                    .find(|m| m.real)
                    .map_or(f64::INFINITY, |m| m.start);
                let m = entries[i].lane_mut(lane);
                let at = m.end.min(next).max(bound);
                (m.start, m.end) = (at, at);
            }
            bound = bound.max(entries[i].lanes()[lane].end);
        }
    }
}
