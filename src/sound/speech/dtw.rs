//! The path of a recording through a reference: dynamic time warping in which a pause may stand between any two
//! syllables, and in which words may be left out, said twice, or put in between.
//!
//! The reference is a row of states, one per 10 ms of synthesised speech, with one *gap* state before the first, after
//! the last and between any two syllables. Each frame of the recording takes one state; from one frame to the next
//! the path may stay, go on, or skip up to two states, and may pass through a gap, all at a price. People who cue speak
//! slowly, syllable by syllable with long pauses: there the path waits in the gaps instead of stretching phones.
//!
//! Where departures from the text are looked for, *other* states stand beside the gaps, in which sound that is not in
//! the text is passed, and [`Leap`]s lead over words forwards (left out) or backwards (said again).
//!
//! Time and memory are bounded: only states near the best one are followed (a window), and of these only those that
//! cost at most [`BEAM`] more than the best; one byte is kept for each of them and frame, and once these bytes reach
//! [`MOST_BYTES`], the older half of the way is decided for good.

mod table;
mod ways;

use table::Table;
use ways::{NOWHERE, Ways};

/// Values compared per frame: a whole number of 8-lane vectors.
pub const WIDTH: usize = 32;

/// One frame as the comparison sees it.
pub type Frame = [f32; WIDTH];

/// Bytes of memory for the ways still open: a minute or more of looking ahead.
pub const MOST_BYTES: usize = 24 << 20;

/// A state of the reference.
#[derive(Clone, Debug)]
pub enum State {
    /// A piece of sound.
    Sound {
        /// Which row of the reference it is.
        row: u32,
        /// Flat index of its phone.
        phone: u32,
        /// Price of staying one more frame.
        stay: f32,
    },
    /// A possible pause; `enter` is the price of using it.
    Gap { enter: f32 },
    /// Sound that is not in the text; `enter` is the price of using it.
    Other { enter: f32 },
}

impl State {
    pub fn is_sound(&self) -> bool {
        matches!(self, Self::Sound { .. })
    }
}

/// A way from one state to another that do not stand side by side.
#[derive(Clone, Copy, Debug)]
pub struct Leap {
    pub from: usize,
    pub to: usize,
    pub price: f32,
}

/// Prices of moving.
#[derive(Clone, Copy, Debug)]
pub struct Prices {
    /// Skipping one and two states.
    pub skip: f32,
    pub skip_two: f32,
    /// What a gap frame costs at most: some other sound than silence in it (a word that is not in the text).
    pub strange: f32,
    /// A distance counts at most so much, so that one odd frame cannot bend the whole path.
    pub cap: f32,
}

/// Which states may be used at which frame.
#[derive(Clone, Debug)]
pub enum Window {
    /// At most so many states, kept around the best.
    Follow(usize),
    /// Explicit ranges, one half-open per frame.
    Bands(Vec<(usize, usize)>),
}

/// What is compared.
#[derive(Clone, Copy)]
pub struct Problem<'a> {
    /// The recording.
    pub frames: &'a [Frame],
    /// What each frame costs as a pause.
    pub silence: &'a [f32],
    /// What each frame costs as a sound that is not in the text; empty where there is no other state.
    pub other: &'a [f32],
    /// The rows of the reference that the states refer to.
    pub rows: &'a [Frame],
    pub states: &'a [State],
    pub leaps: &'a [Leap],
    pub prices: &'a Prices,
}

/// The way found.
#[derive(Clone, Debug, Default)]
pub struct Path {
    /// The state of each frame.
    pub states: Vec<u32>,
    /// The distance of each frame to its state.
    pub distances: Vec<f32>,
    /// Total cost.
    pub cost: f32,
}

/// Squared distance of two frames, divided by nothing: features are scaled beforehand.
#[inline]
pub fn distance(a: &Frame, b: &Frame) -> f32 {
    let mut lanes = [0.0_f32; 8];
    for (x, y) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for (lane, (p, q)) in lanes.iter_mut().zip(x.iter().zip(y)) {
            *lane += (p - q) * (p - q);
        }
    }
    lanes.iter().sum()
}

/// Ways that cost so much more than the cheapest one at the same frame are given up: two unrelated frames are about 2
/// apart, so a way may be wrong for a second and more before it is.
pub const BEAM: f32 = 100.0;

/// One frame's choice of ways: for the states from `low`, the number of the way taken.
struct Row {
    low: usize,
    taken: Vec<u8>,
}

/// Finds the cheapest path. `stop` is asked now and then whether to give up. `None` when there is no path: too few
/// frames for the states.
pub fn align(problem: &Problem<'_>, window: &Window, stop: &dyn Fn(usize) -> bool) -> Option<Path> {
    let stopped = std::cell::Cell::new(false);
    let watched = |t: usize| {
        stopped.set(stopped.get() || stop(t));
        stopped.get()
    };
    align_within(problem, window, &watched, MOST_BYTES, BEAM).or_else(|| {
        // Where the text is much too long for the sound, its end is always far from the best.
        if stopped.get() { None } else { align_within(problem, window, stop, MOST_BYTES, f32::INFINITY) }
    })
}

fn align_within(
    problem: &Problem<'_>,
    window: &Window,
    stop: &dyn Fn(usize) -> bool,
    most_bytes: usize,
    beam: f32,
) -> Option<Path> {
    let Problem { frames, states, .. } = *problem;
    let (count, n) = (frames.len(), states.len());
    if count == 0 || n == 0 {
        return None;
    }
    let ways = Ways::of(problem);
    let mut table = Table::of(problem);
    let first = states.iter().position(State::is_sound)?;
    let tail = states.iter().rposition(State::is_sound)?;
    let mut before = vec![f32::INFINITY; n];
    let mut now = vec![f32::INFINITY; n];
    // Rows of frames `decided..`; the states of the frames before are known.
    let mut rows: std::collections::VecDeque<Row> = std::collections::VecDeque::new();
    let (mut decided, mut bytes) = (0, 0);
    let mut path = Path { states: vec![0; count], distances: vec![0.0; count], cost: 0.0 };
    // The states that are still open: nothing outside of them in `before` is finite.
    let (mut old_low, mut old_high) = (0_usize, n);
    let mut best_state = 0_usize;
    #[expect(clippy::needless_range_loop, reason = "the frame's number counts for more than the frame")]
    for t in 0..count {
        if t % 512 == 0 && stop(t) {
            return None;
        }
        let (low, high) = match window {
            Window::Follow(width) => {
                let low = best_state.saturating_sub(width / 2);
                (low, (low + width).min(n))
            }
            Window::Bands(bands) => {
                let (low, high) = bands.get(t).copied().unwrap_or((0, n));
                (low.min(n - 1), high.clamp(low.min(n - 1) + 1, n))
            }
        };
        // What no open state leads to need not be looked at.
        let (from, to) = ways.reached(old_low, old_high);
        let low = low.max(from).min(n - 1);
        let high = high.min(to).max(low + 1);
        let mut taken = vec![NOWHERE; high - low];
        if t == 0 {
            // The first frame is the first sound or of the pause before it.
            now[low..high].fill(f32::INFINITY);
            now[low..high.min(first + 1)].fill(0.0);
            taken.fill(0);
        } else {
            ways.cheapest(&before, (low, high), &mut now[low..high], &mut taken);
        }
        table.compare(&frames[t], (low, high));
        let (silence, other) = (problem.silence[t], problem.other.get(t).copied());
        let silence = silence.min(problem.prices.strange);
        let other = other.unwrap_or(problem.prices.strange);
        table.add_to(&mut now[low..high], low, silence, other);
        let best = now[low..high].iter().fold(f32::INFINITY, |a, b| if *b < a { *b } else { a });
        if !best.is_finite() {
            return None;
        }
        best_state = low + now[low..high].iter().position(|c| *c == best).unwrap_or(0);
        bytes += taken.len();
        rows.push_back(Row { low, taken });
        before[old_low..old_high].fill(f32::INFINITY);
        std::mem::swap(&mut before, &mut now);
        (old_low, old_high) = narrowed(&mut before, low, high, best + beam);
        let (low, high) = (old_low, old_high);
        if bytes > most_bytes && t + 1 < count {
            let keep = rows.len() / 2;
            decide(&ways, &mut rows, keep, decided, best_state, (low, &mut before[low..high]), &mut path.states)?;
            decided = t + 1 - keep;
            bytes = rows.iter().map(|r| r.taken.len()).sum();
        }
    }
    // It ends in the last sound (or one skipped short of it) or the pause after it.
    let last =
        (tail.saturating_sub(1).max(old_low)..old_high.min(n)).min_by(|&a, &b| before[a].total_cmp(&before[b]))?;
    if !before[last].is_finite() {
        return None;
    }
    path.cost = before[last];
    let mut j = last;
    for (t, row) in (decided..count).zip(&rows).rev() {
        path.states[t] = j as u32;
        j = step_back(&ways, row, j)?;
    }
    for (t, (&j, d)) in path.states.iter().zip(&mut path.distances).enumerate() {
        *d = match &states[j as usize] {
            State::Sound { row, .. } => distance(&frames[t], &problem.rows[*row as usize]),
            State::Gap { .. } => problem.silence[t],
            State::Other { .. } => problem.other.get(t).copied().unwrap_or(problem.prices.strange),
        };
    }
    Some(path)
}

/// Closes the states that cost more than `limit`, and gives the range of those that stay open.
fn narrowed(costs: &mut [f32], low: usize, high: usize, limit: f32) -> (usize, usize) {
    let (mut first, mut end) = (high, low);
    for (k, cost) in costs[low..high].iter_mut().enumerate() {
        if *cost <= limit {
            first = first.min(low + k);
            end = low + k + 1;
        } else {
            *cost = f32::INFINITY;
        }
    }
    (first.min(end), end)
}

/// The state from which `j` was reached at a frame.
fn step_back(ways: &Ways, row: &Row, j: usize) -> Option<usize> {
    let taken = *row.taken.get(j.checked_sub(row.low)?)?;
    // At the first frame there is no way, and whatever is found is not used.
    ways.towards(j).get(usize::from(taken)).map(|w| w.0 as usize)
}

/// Decides all frames but the last `keep`: they follow the cheapest way so far (`best` at the last frame), and states
/// that were reached otherwise are closed. `open` are the costs at the last frame, from their first state on.
fn decide(
    ways: &Ways,
    rows: &mut std::collections::VecDeque<Row>,
    keep: usize,
    decided: usize,
    best: usize,
    open: (usize, &mut [f32]),
    states: &mut [u32],
) -> Option<()> {
    let cut = rows.len() - keep;
    // Where each open state stood at the cut; ways run together soon, so few are walked for long.
    let (low, costs) = open;
    let mut walkers: Vec<(usize, Vec<usize>)> =
        costs.iter().enumerate().filter(|(_, c)| c.is_finite()).map(|(k, _)| (low + k, vec![low + k])).collect();
    for row in rows.iter().skip(cut).rev() {
        let mut joined: std::collections::BTreeMap<usize, Vec<usize>> = std::collections::BTreeMap::new();
        for (at, mut who) in walkers {
            joined.entry(step_back(ways, row, at)?).or_default().append(&mut who);
        }
        walkers = joined.into_iter().collect();
    }
    let (mut j, winners) = walkers.into_iter().find(|(_, who)| who.contains(&best))?;
    let winners: std::collections::BTreeSet<usize> = winners.into_iter().collect();
    for (k, cost) in costs.iter_mut().enumerate() {
        if !winners.contains(&(low + k)) {
            *cost = f32::INFINITY;
        }
    }
    for k in (0..cut).rev() {
        states[decided + k] = j as u32;
        if decided + k > 0 {
            j = step_back(ways, &rows[k], j)?;
        }
    }
    rows.drain(..cut);
    Some(())
}

#[cfg(test)]
mod tests;
