//! The path of a recording through a reference: dynamic time warping in which a pause may stand between any two
//! syllables.
//!
//! The reference is a row of states, one per 10 ms of synthesised speech, with one *gap* state before the first, after
//! the last and between any two syllables. Each frame of the recording takes one state; from one frame to the next
//! the path may stay, go on, or skip up to two states, and may pass through a gap, all at a price. People who cue speak
//! slowly, syllable by syllable with long pauses: there the path waits in the gaps instead of stretching phones.
//!
//! Only states near the best one are followed (a window), so that memory stays bounded: one byte for each followed
//! state and frame.

/// Values compared per frame: a whole number of 8-lane vectors.
pub const WIDTH: usize = 32;

/// One frame as the comparison sees it.
pub type Frame = [f32; WIDTH];

/// A state of the reference.
#[derive(Clone, Debug)]
pub enum State {
    /// A piece of sound.
    Sound {
        frame: Box<Frame>,
        /// Which row of the reference it is.
        row: u32,
        /// Flat index of its phone.
        phone: u32,
        /// Price of staying one more frame.
        stay: f32,
    },
    /// A possible pause; `enter` is the price of using it.
    Gap { enter: f32 },
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

const FROM_SELF: u8 = 0;

/// Finds the cheapest path of `frames` through `states`. `silence[t]` is what frame `t` costs as a pause.
/// `stop` is asked now and then whether to give up. `None` when there is no path: too few frames for the states.
pub fn align(
    frames: &[Frame],
    silence: &[f32],
    states: &[State],
    prices: &Prices,
    window: &Window,
    stop: &dyn Fn(usize) -> bool,
) -> Option<Path> {
    let (count, n) = (frames.len(), states.len());
    if count == 0 || n == 0 {
        return None;
    }
    // Ways into each state: (how far back, price).
    let ways: Vec<Vec<(u8, f32)>> = (0..n).map(|j| ways_into(states, j, prices)).collect();
    let mut before = vec![f32::INFINITY; n];
    let mut now = vec![f32::INFINITY; n];
    let mut starts: Vec<u32> = Vec::with_capacity(count);
    let mut back: Vec<Vec<u8>> = Vec::with_capacity(count);
    let (mut old_low, mut old_high) = (0_usize, 0_usize);
    let mut best_state = 0_usize;
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
        let mut row = vec![u8::MAX; high - low];
        let mut best = f32::INFINITY;
        for j in low..high {
            let mut cost = f32::INFINITY;
            let mut from = u8::MAX;
            if t == 0 {
                // The first frame is the first sound or the gap before it.
                if j <= 1 {
                    (cost, from) = (0.0, FROM_SELF);
                }
            } else {
                for &(step, price) in &ways[j] {
                    let Some(i) = j.checked_sub(step as usize) else { continue };
                    if i < old_low || i >= old_high {
                        continue;
                    }
                    let by = before[i] + price;
                    if by < cost {
                        (cost, from) = (by, step);
                    }
                }
            }
            if cost.is_finite() {
                cost += match &states[j] {
                    State::Sound { frame, .. } => distance(&frames[t], frame).min(prices.cap),
                    State::Gap { .. } => silence[t].min(prices.strange),
                };
                if cost < best {
                    (best, best_state) = (cost, j);
                }
            }
            now[j] = cost;
            row[j - low] = from;
        }
        if !best.is_finite() {
            return None;
        }
        starts.push(low as u32);
        back.push(row);
        std::mem::swap(&mut before, &mut now);
        (old_low, old_high) = (low, high);
    }
    // It ends in the last sound (or one skipped short of it) or the gap after it.
    let last = (n.saturating_sub(3).max(old_low)..old_high.min(n)).min_by(|&a, &b| before[a].total_cmp(&before[b]))?;
    if !before[last].is_finite() {
        return None;
    }
    let mut path = Path { states: vec![0; count], distances: vec![0.0; count], cost: before[last] };
    let mut j = last;
    for t in (0..count).rev() {
        path.states[t] = j as u32;
        path.distances[t] = match &states[j] {
            State::Sound { frame, .. } => distance(&frames[t], frame),
            State::Gap { .. } => silence[t],
        };
        let step = *back[t].get(j.checked_sub(starts[t] as usize)?)?;
        if step == u8::MAX {
            return None;
        }
        j -= step as usize;
    }
    Some(path)
}

/// The states from which `j` can be reached and at what price.
fn ways_into(states: &[State], j: usize, prices: &Prices) -> Vec<(u8, f32)> {
    let mut ways = Vec::with_capacity(5);
    match &states[j] {
        State::Gap { enter } => {
            ways.push((0, 0.0));
            for (k, price) in [(1, 0.0), (2, prices.skip)] {
                if j >= k && matches!(states[j - k], State::Sound { .. }) {
                    ways.push((k as u8, enter + price));
                }
            }
        }
        State::Sound { stay, .. } => {
            ways.push((0, *stay));
            // Walk back over at most three sounds; a gap in between can be come from, or passed over for nothing.
            let mut sounds = 0;
            for k in 1..=6 {
                let Some(i) = j.checked_sub(k) else { break };
                let price = match sounds {
                    0 => 0.0,
                    1 => prices.skip,
                    _ => prices.skip_two,
                };
                match &states[i] {
                    State::Gap { .. } => {
                        if sounds < 2 {
                            ways.push((k as u8, price));
                        }
                    }
                    State::Sound { .. } => {
                        ways.push((k as u8, price));
                        sounds += 1;
                        if sounds == 3 {
                            break;
                        }
                    }
                }
            }
        }
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(v: f32) -> Frame {
        let mut f = [0.0; WIDTH];
        f[0] = v;
        f
    }

    fn sound(v: f32, phone: u32) -> State {
        State::Sound { frame: Box::new(frame(v)), row: 0, phone, stay: 0.05 }
    }

    const PRICES: Prices = Prices { skip: 0.2, skip_two: 0.5, strange: 4.0, cap: 9.0 };

    fn reference() -> Vec<State> {
        let mut states = vec![State::Gap { enter: 0.0 }];
        for (i, v) in [1.0, 1.0, 2.0, 2.0].into_iter().enumerate() {
            states.push(sound(v, i as u32 / 2));
        }
        states.push(State::Gap { enter: 0.5 });
        for (i, v) in [5.0, 5.0, 6.0, 6.0].into_iter().enumerate() {
            states.push(sound(v, 2 + i as u32 / 2));
        }
        states.push(State::Gap { enter: 0.0 });
        states
    }

    fn run(values: &[f32], window: &Window) -> Option<Path> {
        let frames: Vec<Frame> = values.iter().map(|&v| frame(v)).collect();
        let silence: Vec<f32> = values.iter().map(|&v| v * v).collect();
        align(&frames, &silence, &reference(), &PRICES, window, &|_| false)
    }

    #[test]
    fn a_pause_between_syllables_goes_into_the_gap() {
        let values = [0., 0., 1., 1., 2., 2., 0., 0., 0., 0., 0., 0., 5., 5., 6., 6., 0.];
        let path = run(&values, &Window::Follow(100)).unwrap();
        assert_eq!(path.states, [0, 0, 1, 2, 3, 4, 5, 5, 5, 5, 5, 5, 6, 7, 8, 9, 10]);
        assert!(path.cost < 1.0);
    }

    #[test]
    fn without_pause_the_gap_is_passed_over() {
        let path = run(&[1., 1., 2., 2., 2., 2., 5., 6., 6., 6.], &Window::Follow(100)).unwrap();
        assert!(!path.states.contains(&5));
        assert_eq!(path.states.iter().filter(|&&s| s == 3 || s == 4).count(), 4);
    }

    #[test]
    fn bands_are_kept_and_impossible_ones_give_nothing() {
        let values = [1., 1., 2., 2., 5., 5., 6., 6.];
        let bands: Vec<_> = (0..8_usize).map(|t| (t.saturating_sub(2), t + 5)).collect();
        assert!(run(&values, &Window::Bands(bands)).is_some());
        assert!(run(&values, &Window::Bands(vec![(0, 2); 8])).is_none());
        assert!(run(&[1.0], &Window::Follow(100)).is_none());
        assert!(run(&[], &Window::Follow(100)).is_none());
    }
}
