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
    // A key equal to the one before shares its hold.
    (0..=i).rev().find_map(|j| entries[j].real().map(|m| m.end).reduce(f64::max)).unwrap_or(f64::NEG_INFINITY)
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
