//! What a frame costs in each state: the reference laid out so that one frame is compared with several rows at once.

use super::{Frame, Problem, State, WIDTH};

/// Rows compared at once.
const LANES: usize = 8;
/// States that are asked together which rows they need.
const BLOCK: usize = 16;
/// In place of a row: a pause, and sound that is not in the text.
const GAP: u32 = u32::MAX;
const OTHER: u32 = u32::MAX - 1;

pub struct Table {
    /// Blocks of rows from the first one that a state refers to; in each block value by value, those that are used.
    values: Vec<[f32; LANES]>,
    /// Values of a frame that are not zero in every row, and those of the present frame.
    used: Vec<usize>,
    own: Vec<f32>,
    /// The row of each state, counted from the first that is used.
    rows: Vec<u32>,
    /// For blocks of [`BLOCK`] states: the first row and the row after the last that they need.
    needs: Vec<(u32, u32)>,
    /// Distances of the present frame to the rows that were asked for.
    found: Vec<f32>,
    cap: f32,
}

impl Table {
    pub fn of(problem: &Problem<'_>) -> Self {
        let row_of = |s: &State| match s {
            State::Sound { row, .. } => Some(*row),
            _ => None,
        };
        let first = problem.states.iter().filter_map(row_of).min().unwrap_or(0);
        let end = problem.states.iter().filter_map(row_of).max().map_or(first, |r| r + 1);
        let own = &problem.rows[first as usize..end as usize];
        // The last values of a frame are left free for alignment in memory.
        let is_used = |k: &usize| own.iter().chain(problem.frames).any(|r| r[*k] != 0.0);
        let used: Vec<usize> = (0..WIDTH).filter(is_used).collect();
        let blocks = own.len().div_ceil(LANES);
        let mut values = vec![[0.0; LANES]; blocks * used.len()];
        for (i, row) in own.iter().enumerate() {
            let block = &mut values[i / LANES * used.len()..][..used.len()];
            for (out, k) in block.iter_mut().zip(&used) {
                out[i % LANES] = row[*k];
            }
        }
        let rows: Vec<u32> = problem
            .states
            .iter()
            .map(|s| match s {
                State::Sound { row, .. } => row - first,
                State::Gap { .. } => GAP,
                State::Other { .. } => OTHER,
            })
            .collect();
        let needs = rows
            .chunks(BLOCK)
            .map(|chunk| {
                let sounds = chunk.iter().filter(|r| **r < OTHER);
                sounds.fold((u32::MAX, 0), |(low, high), r| (low.min(*r), high.max(r + 1)))
            })
            .collect();
        let found = vec![0.0; blocks * LANES];
        Self { values, own: vec![0.0; used.len()], used, rows, needs, found, cap: problem.prices.cap }
    }

    /// Works out the distances of `frame` to all rows that the states `low..high` need.
    pub fn compare(&mut self, frame: &Frame, (low, high): (usize, usize)) {
        let needs = &self.needs[low / BLOCK..high.div_ceil(BLOCK)];
        let first = needs.iter().map(|n| n.0).min().unwrap_or(0) as usize;
        let end = needs.iter().map(|n| n.1).max().unwrap_or(0) as usize;
        if first >= end {
            return;
        }
        for (own, k) in self.own.iter_mut().zip(&self.used) {
            *own = frame[*k];
        }
        let (from, to, width) = (first / LANES, end.div_ceil(LANES), self.used.len());
        let blocks = self.values[from * width..to * width].chunks_exact(width.max(1));
        for (block, found) in blocks.zip(self.found[from * LANES..to * LANES].chunks_exact_mut(LANES)) {
            let mut sums = [0.0_f32; LANES];
            for (own, values) in self.own.iter().zip(block) {
                for (sum, v) in sums.iter_mut().zip(values) {
                    *sum += (own - v) * (own - v);
                }
            }
            for (out, sum) in found.iter_mut().zip(sums) {
                *out = if sum < self.cap { sum } else { self.cap };
            }
        }
    }

    /// Adds what the compared frame costs in each state from `low` on; `gap` and `other` are its costs as a pause and as
    /// sound that is not in the text.
    pub fn add_to(&self, costs: &mut [f32], low: usize, gap: f32, other: f32) {
        for (cost, row) in costs.iter_mut().zip(&self.rows[low..]) {
            *cost += match *row {
                GAP => gap,
                OTHER => other,
                row => self.found[row as usize],
            };
        }
    }
}
