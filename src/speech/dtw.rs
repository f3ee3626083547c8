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
//! Memory is bounded: only states near the best one are followed (a window), one byte for each followed state and
//! frame; and once these bytes reach [`MOST_BYTES`], the older half of the way is decided for good.

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

/// A frame cannot come into a state at all.
const NOWHERE: u8 = u8::MAX;

/// The ways into every state: (from, price), in one list.
struct Ways {
    list: Vec<(u32, f32)>,
    /// Where the ways into each state begin in the list, and the end of the last.
    begins: Vec<u32>,
}

impl Ways {
    fn of(problem: &Problem<'_>) -> Self {
        let states = problem.states;
        let mut leaps: Vec<Leap> = problem.leaps.to_vec();
        leaps.sort_by_key(|l| l.to);
        let mut leaps = leaps.into_iter().peekable();
        let mut out = Self { list: Vec::with_capacity(states.len() * 5), begins: Vec::with_capacity(states.len() + 1) };
        for j in 0..states.len() {
            out.begins.push(out.list.len() as u32);
            ways_into(states, j, problem.prices, &mut out.list);
            while let Some(leap) = leaps.next_if(|l| l.to == j) {
                // More ways than a byte can name are not made by anybody.
                if out.list.len() - (out.begins[j] as usize) < usize::from(NOWHERE) {
                    out.list.push((leap.from as u32, leap.price));
                }
            }
        }
        out.begins.push(out.list.len() as u32);
        out
    }

    fn towards(&self, j: usize) -> &[(u32, f32)] {
        &self.list[self.begins[j] as usize..self.begins[j + 1] as usize]
    }
}

/// One frame's choice of ways: for the states from `low`, the number of the way taken.
struct Row {
    low: usize,
    taken: Vec<u8>,
}

/// Finds the cheapest path. `stop` is asked now and then whether to give up. `None` when there is no path: too few
/// frames for the states.
pub fn align(problem: &Problem<'_>, window: &Window, stop: &dyn Fn(usize) -> bool) -> Option<Path> {
    align_within(problem, window, stop, MOST_BYTES)
}

fn align_within(
    problem: &Problem<'_>,
    window: &Window,
    stop: &dyn Fn(usize) -> bool,
    most_bytes: usize,
) -> Option<Path> {
    let Problem { frames, states, .. } = *problem;
    let (count, n) = (frames.len(), states.len());
    if count == 0 || n == 0 {
        return None;
    }
    let ways = Ways::of(problem);
    let first = states.iter().position(State::is_sound)?;
    let tail = states.iter().rposition(State::is_sound)?;
    let mut before = vec![f32::INFINITY; n];
    let mut now = vec![f32::INFINITY; n];
    // Rows of frames `decided..`; the states of the frames before are known.
    let mut rows: std::collections::VecDeque<Row> = std::collections::VecDeque::new();
    let (mut decided, mut bytes) = (0, 0);
    let mut path = Path { states: vec![0; count], distances: vec![0.0; count], cost: 0.0 };
    let (mut old_low, mut old_high) = (0_usize, 0_usize);
    let mut best_state = 0_usize;
    #[expect(clippy::needless_range_loop, reason = "the frame's number counts for more than the frame")]
    for t in 0..count {
        if t % 512 == 0 && stop(t) {
            return None;
        }
        let (low, high) = match window {
            Window::Follow(width) => {
                let half = width / 2;
                let low = best_state.saturating_sub(half).max(if t == 0 { 0 } else { old_low });
                (low, (low + width).min(n))
            }
            Window::Bands(bands) => {
                let (low, high) = bands.get(t).copied().unwrap_or((0, n));
                (low.min(n - 1), high.clamp(low.min(n - 1) + 1, n))
            }
        };
        let mut taken = vec![NOWHERE; high - low];
        let mut best = f32::INFINITY;
        // Slowed references repeat their rows: the distance is then the same.
        let mut last_row = (usize::MAX, 0.0);
        for j in low..high {
            let mut cost = f32::INFINITY;
            let mut from = NOWHERE;
            if t == 0 {
                // The first frame is the first sound or of the pause before it.
                if j <= first {
                    (cost, from) = (0.0, 0);
                }
            } else {
                for (k, &(i, price)) in ways.towards(j).iter().enumerate() {
                    let i = i as usize;
                    if i < old_low || i >= old_high {
                        continue;
                    }
                    let by = before[i] + price;
                    if by < cost {
                        (cost, from) = (by, k as u8);
                    }
                }
            }
            if cost.is_finite() {
                cost += match &states[j] {
                    State::Sound { row, .. } => {
                        let row = *row as usize;
                        if last_row.0 != row {
                            last_row = (row, distance(&frames[t], &problem.rows[row]).min(problem.prices.cap));
                        }
                        last_row.1
                    }
                    State::Gap { .. } => problem.silence[t].min(problem.prices.strange),
                    State::Other { .. } => problem.other.get(t).copied().unwrap_or(problem.prices.strange),
                };
                if cost < best {
                    (best, best_state) = (cost, j);
                }
            }
            now[j] = cost;
            taken[j - low] = from;
        }
        if !best.is_finite() {
            return None;
        }
        bytes += taken.len();
        rows.push_back(Row { low, taken });
        std::mem::swap(&mut before, &mut now);
        (old_low, old_high) = (low, high);
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

/// Adds the states from which `j` can be reached and at what price.
fn ways_into(states: &[State], j: usize, prices: &Prices, ways: &mut Vec<(u32, f32)>) {
    match &states[j] {
        State::Gap { enter } | State::Other { enter } => {
            ways.push((j as u32, 0.0));
            // From the states of the same pause, and from the last or last but one sound before it.
            let mut sounds = 0;
            for i in (0..j).rev() {
                let price = if sounds == 0 { *enter } else { enter + prices.skip };
                match &states[i] {
                    State::Sound { .. } => {
                        ways.push((i as u32, price));
                        sounds += 1;
                        if sounds == 2 || i == 0 || !states[i - 1].is_sound() {
                            break;
                        }
                    }
                    // A pause after a strange sound belongs to it.
                    State::Other { .. } => ways.push((i as u32, 0.0)),
                    State::Gap { .. } => ways.push((i as u32, price)),
                }
            }
        }
        State::Sound { stay, .. } => {
            ways.push((j as u32, *stay));
            // Walk back over at most three sounds; a gap in between can be come from, or passed over for nothing.
            let mut sounds = 0;
            for i in (0..j).rev() {
                let price = match sounds {
                    0 => 0.0,
                    1 => prices.skip,
                    _ => prices.skip_two,
                };
                if states[i].is_sound() {
                    ways.push((i as u32, price));
                    sounds += 1;
                    if sounds == 3 {
                        break;
                    }
                } else if sounds < 2 {
                    ways.push((i as u32, price));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
