//! Which states lead to which, and at what price.

use super::{Leap, Prices, Problem, State};

/// A frame cannot come into a state at all.
pub const NOWHERE: u8 = u8::MAX;

/// The ways into every state: (from, price), in one list.
pub struct Ways {
    list: Vec<(u32, f32)>,
    /// Where the ways into each state begin in the list, and the end of the last.
    begins: Vec<u32>,
    /// The price of staying in each state, and runs of states that are reached in the usual way: by staying, and from the
    /// three states before them.
    stay: Vec<f32>,
    usual: Vec<std::ops::Range<usize>>,
    prices: Prices,
    /// For blocks of [`BLOCK`] states: the first and the last state that a way from one of them leads to.
    reach: Vec<(u32, u32)>,
}

/// States that are asked together how far they lead.
const BLOCK: usize = 16;

impl Ways {
    pub fn of(problem: &Problem<'_>) -> Self {
        let states = problem.states;
        let mut leaps: Vec<Leap> = problem.leaps.to_vec();
        leaps.sort_by_key(|l| l.to);
        let mut leaps = leaps.into_iter().peekable();
        let mut out = Self {
            list: Vec::with_capacity(states.len() * 5),
            begins: Vec::with_capacity(states.len() + 1),
            stay: vec![0.0; states.len()],
            usual: Vec::new(),
            prices: *problem.prices,
            reach: Vec::new(),
        };
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
        for j in 3..states.len() {
            let State::Sound { stay, .. } = states[j] else { continue };
            out.stay[j] = stay;
            if states[j - 3..j].iter().all(State::is_sound) && out.towards(j).len() == 4 {
                match out.usual.last_mut() {
                    Some(run) if run.end == j => run.end = j + 1,
                    _ => out.usual.push(j..j + 1),
                }
            }
        }
        out.reach = vec![(u32::MAX, 0); states.len() / BLOCK + 1];
        for j in 0..states.len() {
            for k in out.begins[j] as usize..out.begins[j + 1] as usize {
                let reach = &mut out.reach[out.list[k].0 as usize / BLOCK];
                *reach = (reach.0.min(j as u32), reach.1.max(j as u32));
            }
        }
        out
    }

    /// The range of states that those of a range lead to.
    pub fn reached(&self, low: usize, high: usize) -> (usize, usize) {
        let blocks = &self.reach[low / BLOCK..high.div_ceil(BLOCK).min(self.reach.len())];
        let low = blocks.iter().map(|r| r.0).min().unwrap_or(0);
        let high = blocks.iter().map(|r| r.1).max().unwrap_or(0);
        (low as usize, high as usize + 1)
    }

    /// For the states `low..high` what the cheapest way into each costs, and its number among the ways into it, given what
    /// the states cost one frame before. A state that cannot be reached costs infinitely much.
    pub fn cheapest(&self, before: &[f32], (low, high): (usize, usize), costs: &mut [f32], taken: &mut [u8]) {
        let mut at = low;
        let mut next = self.usual.partition_point(|run| run.end <= low);
        while at < high {
            let (from, to) = self.usual.get(next).map_or((high, high), |r| (r.start.clamp(at, high), r.end.min(high)));
            next += 1;
            for j in at..from {
                (costs[j - low], taken[j - low]) = self.cheapest_into(before, j);
            }
            if from < to {
                let inside = from - low..to - low;
                let prices = (&self.stay[from..to], self.prices.skip, self.prices.skip_two);
                usual(&before[from - 3..to], prices, &mut costs[inside.clone()], &mut taken[inside]);
            }
            at = to.max(from);
        }
    }

    fn cheapest_into(&self, before: &[f32], j: usize) -> (f32, u8) {
        let (mut cost, mut taken) = (f32::INFINITY, NOWHERE);
        for (k, &(i, price)) in self.towards(j).iter().enumerate() {
            let by = before[i as usize] + price;
            if by < cost {
                (cost, taken) = (by, k as u8);
            }
        }
        (cost, taken)
    }

    /// The ways into a state.
    pub fn towards(&self, j: usize) -> &[(u32, f32)] {
        &self.list[self.begins[j] as usize..self.begins[j + 1] as usize]
    }
}

/// [`Ways::cheapest`] for a run of usual states; `before` begins three states earlier. Without branches, so that several
/// states are worked out at once.
fn usual(before: &[f32], (stay, skip, skip_two): (&[f32], f32, f32), costs: &mut [f32], taken: &mut [u8]) {
    let n = costs.len();
    let (third, second, first, own) = (&before[..n], &before[1..][..n], &before[2..][..n], &before[3..][..n]);
    let (stay, taken) = (&stay[..n], &mut taken[..n]);
    for k in 0..n {
        let (by, on, over, far) = (own[k] + stay[k], first[k], second[k] + skip, third[k] + skip_two);
        let (mut cost, mut way) = (by, 0_u8);
        way = if on < cost { 1 } else { way };
        cost = if on < cost { on } else { cost };
        way = if over < cost { 2 } else { way };
        cost = if over < cost { over } else { cost };
        way = if far < cost { 3 } else { way };
        cost = if far < cost { far } else { cost };
        (costs[k], taken[k]) = (cost, way);
    }
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
