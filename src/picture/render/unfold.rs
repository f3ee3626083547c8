//! Keeps a displacement from folding: no place may be turned inside out, and none torn.
//!
//! A displacement on a grid is a map of the plane, bilinear in each cell. The determinant of its Jacobian is linear
//! along each side of a cell, so it is least at a corner: a map whose determinants at all corners of all cells are
//! positive, and that keeps the edge of the grid in place, is one to one. Poses of a person who speaks never come near
//! to folding and are left as they are, to the last bit. Where a wild pose would, the displacement is smoothed around
//! the place until it does not, the more the nearer it is to a fold, so that a picture never jumps between one frame
//! and the next. What is left after that (a pose beyond all reason) is scaled down as a whole.

use super::paint::{Pt, smoothstep};
use super::warp::Grid;
use rayon::prelude::*;

/// A determinant below this begins to be smoothed; below [`TIGHT`] it is smoothed fully. 1 is no change of area.
const BEGIN: f32 = 0.22;
const TIGHT: f32 = 0.10;
/// No determinant is less than this in the end.
pub const FLOOR: f32 = 0.04;
/// Sweeps of smoothing between two looks at what is left to do, and how often. Small steps stop as soon as they may,
/// so that a pose that goes on a little farther is drawn a little farther.
const SWEEPS: usize = 2;
const ROUNDS: usize = 40;

/// Changes the displacements `values` of the nodes of a grid until no cell folds: each determinant is [`FLOOR`] or
/// more. Nodes on the edge keep still.
pub fn unfold(grid: &Grid, values: &mut [Pt]) {
    let (columns, rows) = (grid.columns, grid.rows);
    if columns < 3 || rows < 3 || least_determinant(grid, values) >= BEGIN {
        return;
    }
    let mut weights = vec![0.0f32; values.len()];
    let mut wider = weights.clone();
    for round in 0..ROUNDS {
        // Further rounds set in as softly as the first.
        let most = if round == 0 { 1.0 } else { 1.0 - smoothstep(FLOOR, TIGHT, least_determinant(grid, values)) };
        if most <= 0.0 {
            break;
        }
        weights.fill(0.0);
        for y in 0..rows - 1 {
            for x in 0..columns - 1 {
                let i = y * columns + x;
                let determinant = corner_determinants(grid, values, i).into_iter().fold(f32::INFINITY, f32::min);
                let weight = most * (1.0 - smoothstep(TIGHT, BEGIN, determinant));
                for k in [i, i + 1, i + columns, i + columns + 1] {
                    weights[k] = weights[k].max(weight);
                }
            }
        }
        // Around a fold there must be room to give way to.
        for _ in 0..3 {
            wider.copy_from_slice(&weights);
            for y in 1..rows - 1 {
                for x in 1..columns - 1 {
                    let i = y * columns + x;
                    let near = weights[i - 1].max(weights[i + 1]).max(weights[i - columns]).max(weights[i + columns]);
                    wider[i] = weights[i].max(0.8 * near);
                }
            }
            std::mem::swap(&mut weights, &mut wider);
        }
        for _ in 0..SWEEPS {
            smooth(grid, values, &weights);
        }
    }
    for attempt in 0..4 {
        if least_determinant(grid, values) >= FLOOR {
            break;
        }
        // What folds decides; on the way back to it something else may fold, which decides next, and in the end all.
        let folds = |(dx, dy): &(Pt, Pt)| attempt == 3 || (1.0 + dx[0]) * (1.0 + dy[1]) - dx[1] * dy[0] < FLOOR;
        let share = (0..rows - 1)
            .flat_map(|y| (0..columns - 1).map(move |x| y * columns + x))
            .flat_map(|i| corners(grid, values, i))
            .filter(folds)
            .map(|(dx, dy)| reach(dx, dy))
            .fold(1.0, f32::min);
        // A hair less, for what rounding adds.
        values.iter_mut().for_each(|d| *d = d.map(|v| 0.999 * share * v));
    }
}

/// The least determinant of all cells.
pub fn least_determinant(grid: &Grid, values: &[Pt]) -> f32 {
    let columns = grid.columns;
    let scale = [1.0 / grid.cell[0], 1.0 / grid.cell[1]];
    let of_row = |y: usize| {
        let (upper, lower) = (&values[y * columns..][..columns], &values[(y + 1) * columns..][..columns]);
        let mut least = f32::INFINITY;
        for (u, l) in upper.windows(2).zip(lower.windows(2)) {
            let top = [(u[1][0] - u[0][0]) * scale[0] + 1.0, (u[1][1] - u[0][1]) * scale[0]];
            let low = [(l[1][0] - l[0][0]) * scale[0] + 1.0, (l[1][1] - l[0][1]) * scale[0]];
            let left = [(l[0][0] - u[0][0]) * scale[1], (l[0][1] - u[0][1]) * scale[1] + 1.0];
            let right = [(l[1][0] - u[1][0]) * scale[1], (l[1][1] - u[1][1]) * scale[1] + 1.0];
            let det = |a: [f32; 2], b: [f32; 2]| a[0] * b[1] - a[1] * b[0];
            least = least.min(det(top, left).min(det(top, right))).min(det(low, left).min(det(low, right)));
        }
        least
    };
    (0..grid.rows - 1).into_par_iter().with_min_len(16).map(of_row).reduce(|| f32::INFINITY, f32::min)
}

/// Derivatives of the displacement along x and y at the four corners of the cell whose first node is `i`.
fn corners(grid: &Grid, values: &[Pt], i: usize) -> [(Pt, Pt); 4] {
    let (a, b) = (values[i], values[i + 1]);
    let (c, d) = (values[i + grid.columns], values[i + grid.columns + 1]);
    let along = |p: Pt, q: Pt, cell: f32| [(q[0] - p[0]) / cell, (q[1] - p[1]) / cell];
    let (top, low) = (along(a, b, grid.cell[0]), along(c, d, grid.cell[0]));
    let (left, right) = (along(a, c, grid.cell[1]), along(b, d, grid.cell[1]));
    [(top, left), (top, right), (low, left), (low, right)]
}

fn corner_determinants(grid: &Grid, values: &[Pt], i: usize) -> [f32; 4] {
    corners(grid, values, i).map(|(dx, dy)| (1.0 + dx[0]) * (1.0 + dy[1]) - dx[1] * dy[0])
}

/// One sweep: each node goes towards the mean of its neighbours by its weight, all at once.
fn smooth(grid: &Grid, values: &mut [Pt], weights: &[f32]) {
    let columns = grid.columns;
    let mut above = values[..columns].to_vec();
    let mut here = above.clone();
    for y in 1..grid.rows - 1 {
        here.copy_from_slice(&values[y * columns..(y + 1) * columns]);
        for x in 1..columns - 1 {
            let i = y * columns + x;
            let weight = 0.9 * weights[i];
            if weight > 0.0 {
                let below = values[i + columns];
                values[i] = std::array::from_fn(|k| {
                    let mean = 0.25 * (here[x - 1][k] + here[x + 1][k] + above[x][k] + below[k]);
                    here[x][k] + weight * (mean - here[x][k])
                });
            }
        }
        std::mem::swap(&mut above, &mut here);
    }
}

/// How much of a displacement with these derivatives may be kept, 0-1, for the determinant to stay at [`FLOOR`]: the
/// first root of `1 + s (∂x + ∂y) + s² det - FLOOR` on the way from 0.
fn reach(dx: Pt, dy: Pt) -> f32 {
    let (trace, determinant) = (dx[0] + dy[1], dx[0] * dy[1] - dx[1] * dy[0]);
    let (a, b, c) = (determinant, trace, 1.0 - FLOOR);
    let under = b * b - 4.0 * a * c;
    if under < 0.0 {
        return 1.0;
    }
    // The stable form of both roots.
    let q = -0.5 * (b + under.sqrt().copysign(b));
    [q / a, c / q].into_iter().filter(|s| *s > 0.0).fold(1.0, f32::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> Grid {
        Grid { origin: [0.0, 0.0], cell: [0.02, 0.025], columns: 40, rows: 36 }
    }

    fn bump(amount: f32) -> Vec<Pt> {
        let g = grid();
        (0..g.columns * g.rows)
            .map(|i| {
                let p = g.node(i);
                let d = ((p[0] - 0.4).powi(2) + (p[1] - 0.45).powi(2)) / 0.01;
                [amount * (-d).exp(), -0.5 * amount * (-d).exp()]
            })
            .collect()
    }

    #[test]
    fn what_does_not_fold_is_left_alone_and_what_does_is_mended() {
        let g = grid();
        let gentle = bump(0.05);
        let mut kept = gentle.clone();
        unfold(&g, &mut kept);
        assert_eq!(kept, gentle);
        // Each displacement farther than the last, all but the first beyond a fold.
        let mut last = 1.0;
        for amount in [0.08, 0.15, 0.3, 0.8, 5.0] {
            let mut values = bump(amount);
            let before = least_determinant(&g, &values);
            assert!(before < last, "{amount}");
            last = before;
            unfold(&g, &mut values);
            let after = least_determinant(&g, &values);
            assert!(after >= 0.99 * FLOOR, "{amount}: {before} became {after}");
            // It is limited, not taken back: the middle still moves the same way.
            let middle = values[18 * g.columns + 20];
            assert!(middle[0] > 0.02 && middle[1] < -0.01, "{amount}: {middle:?}");
        }
        let mut torn: Vec<Pt> = (0..g.columns * g.rows).map(|i| [((i * 7919) % 13) as f32 * 0.1 - 0.6, 0.3]).collect();
        unfold(&g, &mut torn);
        assert!(least_determinant(&g, &torn) >= 0.9 * FLOOR);
    }

    #[test]
    fn limiting_sets_in_without_a_jump() {
        let g = grid();
        let mended = |amount: f32| {
            let mut values = bump(amount);
            unfold(&g, &mut values);
            values
        };
        let mut worst = 0.0f32;
        for k in 0..200 {
            let (a, b) = (mended(0.05 + 0.001 * k as f32), mended(0.05 + 0.001 * (k + 1) as f32));
            let step = a.iter().zip(&b).map(|(p, q)| (p[0] - q[0]).hypot(p[1] - q[1])).fold(0.0, f32::max);
            worst = worst.max(step);
        }
        // The wish moves by a thousandth at a time; a pixel of a frame of 512 is two.
        println!("a step of 0.001 became one of {worst}");
        assert!(worst < 0.012, "{worst}");
    }
}
