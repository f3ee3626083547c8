//! The picture follows the pose: a smooth displacement on a coarse grid, and every pixel fetched through it.
//!
//! The spline gives the displacement of *resting* places, `forward(p) = p + d(p)`. It is a sum of few lines, each a
//! fixed pattern over the grid times a number of the pose: three patterns for the motion of the head (a spline keeps
//! planes, so shift, turn and scale of the head are three patterns and not one for each point), two for the
//! shoulders, one for each point of the face that moves by itself. What belongs to the head ends below the throat and
//! what belongs to the face ends at the hair, so that speech moves neither the chest nor the wall behind.
//!
//! A picture is drawn the other way round, from each pixel of the frame to its place in the resting picture, so the
//! grid is inverted by Newton's method, node by node. Before and after that [`unfold`](super::unfold) makes sure that
//! nothing is turned inside out. Where nothing moves the displacement is exactly zero and the pixel is copied.

use super::gpu::Flow;
use super::paint::{Pt, smoothstep};
use super::rig::{Moved, Rig};
use super::texture::Texture;
use super::tps::{Tps, TpsError};
use super::unfold::unfold;
use rayon::prelude::*;

/// Distance of grid nodes in picture units.
const CELL: f32 = 0.012;
/// Regularisation of the spline: points a hundredth apart may share a wobble of a ten-thousandth.
const LAMBDA: f64 = 5e-6;
/// Patterns of head (along x, along y, all alike) and of the two shoulders, before those of the face.
const BODY_LINES: usize = 5;
/// A displacement of less than a hundredth of a pixel cannot be seen and need not be fetched.
const NOTHING: f32 = 0.01;

/// The spline of a person, evaluated once for all frames on the nodes of a grid.
pub struct Warp {
    grid: Grid,
    /// For each row of the grid, `lines × stride` coefficients, tapered to nothing towards the edge of the region.
    coefficients: Vec<f32>,
    lines: usize,
    /// Columns of the grid, rounded up to whole vectors.
    stride: usize,
}

/// A regular grid over the moving region.
#[derive(Clone, Copy, Debug, Default)]
pub struct Grid {
    pub origin: Pt,
    pub cell: Pt,
    pub columns: usize,
    pub rows: usize,
}

impl Grid {
    /// Place of a node at rest.
    pub fn node(&self, i: usize) -> Pt {
        let (x, y) = (i % self.columns, i / self.columns);
        [self.origin[0] + self.cell[0] * x as f32, self.origin[1] + self.cell[1] * y as f32]
    }

    /// Cell and place within it, kept inside the grid.
    #[inline(always)]
    fn locate(&self, p: Pt) -> (usize, f32, f32) {
        let x = ((p[0] - self.origin[0]) / self.cell[0]).clamp(0.0, (self.columns - 1) as f32 - 1e-3);
        let y = ((p[1] - self.origin[1]) / self.cell[1]).clamp(0.0, (self.rows - 1) as f32 - 1e-3);
        (y as usize * self.columns + x as usize, x - (x as usize) as f32, y - (y as usize) as f32)
    }

    fn sample(&self, values: &[Pt], p: Pt) -> Pt {
        let (i, u, v) = self.locate(p);
        let (a, b, c, d) = (values[i], values[i + 1], values[i + self.columns], values[i + self.columns + 1]);
        std::array::from_fn(|k| (1.0 - v) * ((1.0 - u) * a[k] + u * b[k]) + v * ((1.0 - u) * c[k] + u * d[k]))
    }
}

/// The displacement of one frame, both ways. Kept from frame to frame, so that none asks for memory.
#[derive(Default)]
pub struct Field {
    pub grid: Grid,
    /// Displacement of resting places, one for each node.
    forward: Vec<Pt>,
    /// From places of the frame back to the resting picture.
    backward: Vec<Pt>,
    /// No node moves at all.
    pub still: bool,
}

impl Field {
    /// Where a resting place goes.
    pub fn carry(&self, p: Pt) -> Pt {
        let d = self.grid.sample(&self.forward, p);
        [p[0] + d[0], p[1] + d[1]]
    }

    /// The way back for a graphics processor.
    pub fn flow(&self) -> Flow<'_> {
        let grid = &self.grid;
        Flow { origin: grid.origin, cell: grid.cell, columns: grid.columns, back: &self.backward }
    }

    /// Which resting place is seen at a place of the frame.
    pub fn fetch(&self, p: Pt) -> Pt {
        let d = self.grid.sample(&self.backward, p);
        [p[0] + d[0], p[1] + d[1]]
    }

    /// The displacements out and back, node by node.
    #[cfg(test)]
    pub fn both_ways(&self) -> [&[Pt]; 2] {
        [&self.forward, &self.backward]
    }
}

impl Warp {
    /// Evaluates the spline of a person on its grid (tens of milliseconds, once for an identity).
    pub fn new(rig: &Rig) -> Result<Self, TpsError> {
        let tps = Tps::new(rig.centres(), LAMBDA)?;
        let [left, top, right, bottom] = rig.region;
        let columns = (((right - left) / CELL).ceil() as usize).max(2) + 1;
        let rows = (((bottom - top) / CELL).ceil() as usize).max(2) + 1;
        let cell = [(right - left) / (columns - 1) as f32, (bottom - top) / (rows - 1) as f32];
        let grid = Grid { origin: [left, top], cell, columns, rows };
        let (centres, shares) = (rig.centres(), rig.shares());
        let lines = BODY_LINES + shares.iter().filter(|s| s.own).count();
        let stride = columns.next_multiple_of(8);
        // The region's edge keeps still; motion fades towards it over half the distance of the outer eye corners.
        let fade = 0.5 * rig.span;
        let taper = |p: Pt| {
            let inside = (p[0] - left).min(right - p[0]).min(p[1] - top).min(bottom - p[1]);
            smoothstep(0.0, fade, inside)
        };
        let coefficients = (0..rows)
            .into_par_iter()
            .flat_map_iter(|y| {
                let places: Vec<Pt> = (0..columns).map(|x| grid.node(y * columns + x)).collect();
                let weights = tps.rows(&places);
                let mut block = vec![0.0f32; lines * stride];
                for (x, (place, weights)) in places.iter().zip(weights.chunks_exact(centres.len())).enumerate() {
                    let taper = taper(*place);
                    let (head, face) = (taper * rig.head_reach(*place), taper * rig.face_reach(*place));
                    let brow = face * rig.brow_reach(*place);
                    let mut own = BODY_LINES;
                    for ((weight, share), centre) in weights.iter().zip(&shares).zip(centres) {
                        let of_head = head * share.head * weight;
                        let body = [of_head * centre[0], of_head * centre[1], of_head];
                        let trunk = share.trunk.map(|t| taper * t * weight);
                        for (line, value) in body.into_iter().chain(trunk).enumerate() {
                            block[line * stride + x] += value;
                        }
                        if share.own {
                            block[own * stride + x] = if share.brow { brow } else { face } * weight;
                            own += 1;
                        }
                    }
                }
                block
            })
            .collect();
        Ok(Self { grid, coefficients, lines, stride })
    }

    /// The displacement of a frame.
    #[cfg(test)]
    pub fn field(&self, moved: &Moved) -> Field {
        let mut field = Field::default();
        self.field_into(moved, &mut field);
        field
    }

    /// Puts the displacement of a frame into `field`, whatever that held before.
    pub fn field_into(&self, moved: &Moved, field: &mut Field) {
        let grid = self.grid;
        let nodes = grid.columns * grid.rows;
        field.grid = grid;
        field.still = moved.still();
        field.forward.clear();
        field.forward.resize(nodes, [0.0, 0.0]);
        field.backward.clear();
        field.backward.resize(nodes, [0.0, 0.0]);
        if field.still {
            return;
        }
        // What each line does along x and along y.
        let head = &moved.head;
        let [left, right] = moved.trunk();
        let (turn, grow) = (head.b, head.a - 1.0);
        let mut amounts = vec![[grow, turn], [-turn, grow], head.t, left, right];
        amounts.extend(&moved.own);
        let active: Vec<(usize, Pt)> =
            amounts.into_iter().enumerate().take(self.lines).filter(|(_, d)| *d != [0.0, 0.0]).collect();
        let blocks = self.coefficients.par_chunks(self.lines * self.stride);
        field.forward.par_chunks_mut(grid.columns).zip(blocks).for_each_init(
            || [vec![0.0f32; self.stride], vec![0.0f32; self.stride]],
            |[xs, ys], (out, block)| {
                sum(block, &active, xs, ys);
                out.iter_mut().zip(xs.iter().zip(ys)).for_each(|(d, (x, y))| *d = [*x, *y]);
            },
        );
        unfold(&grid, &mut field.forward);
        let forward = &field.forward;
        field
            .backward
            .par_iter_mut()
            .with_min_len(grid.columns)
            .enumerate()
            .for_each(|(i, b)| *b = invert(&grid, forward, i));
        unfold(&grid, &mut field.backward);
    }
}

/// Adds up the lines of a row: `xs` and `ys` hold the displacements of its nodes.
fn sum(block: &[f32], active: &[(usize, Pt)], xs: &mut [f32], ys: &mut [f32]) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        #[target_feature(enable = "avx2")]
        unsafe fn wide(block: &[f32], active: &[(usize, Pt)], xs: &mut [f32], ys: &mut [f32]) {
            sum_plain(block, active, xs, ys);
        }
        // SAFETY: the processor has the instructions. The same sums in the same order: only the width differs.
        return unsafe { wide(block, active, xs, ys) };
    }
    sum_plain(block, active, xs, ys);
}

#[inline(always)]
fn sum_plain(block: &[f32], active: &[(usize, Pt)], xs: &mut [f32], ys: &mut [f32]) {
    let stride = xs.len();
    xs.fill(0.0);
    ys.fill(0.0);
    for (line, d) in active {
        let line = &block[line * stride..][..stride];
        for ((x, y), c) in xs.iter_mut().zip(ys.iter_mut()).zip(line) {
            *x += c * d[0];
            *y += c * d[1];
        }
    }
}

/// The displacement back from a node: the root `b` of `b + d(node + b) = 0`.
fn invert(grid: &Grid, forward: &[Pt], node: usize) -> Pt {
    let place = grid.node(node);
    let d = forward[node];
    let mut b = [-d[0], -d[1]];
    for _ in 0..12 {
        let (i, u, v) = grid.locate([place[0] + b[0], place[1] + b[1]]);
        let (p00, p10) = (forward[i], forward[i + 1]);
        let (p01, p11) = (forward[i + grid.columns], forward[i + grid.columns + 1]);
        let value: Pt = std::array::from_fn(|k| {
            (1.0 - v) * ((1.0 - u) * p00[k] + u * p10[k]) + v * ((1.0 - u) * p01[k] + u * p11[k])
        });
        let error = [b[0] + value[0], b[1] + value[1]];
        // A hundredth of a pixel of a frame of 2160.
        if error[0].abs().max(error[1].abs()) < 5e-6 {
            break;
        }
        let dx: Pt = std::array::from_fn(|k| ((1.0 - v) * (p10[k] - p00[k]) + v * (p11[k] - p01[k])) / grid.cell[0]);
        let dy: Pt = std::array::from_fn(|k| ((1.0 - u) * (p01[k] - p00[k]) + u * (p11[k] - p10[k])) / grid.cell[1]);
        let (a, bb, c, dd) = (1.0 + dx[0], dy[0], dx[1], 1.0 + dy[1]);
        let det = a * dd - bb * c;
        // Where the spline is squeezed, a plain fixed-point step still goes the right way.
        let step = if det > 0.2 {
            [(dd * error[0] - bb * error[1]) / det, (a * error[1] - c * error[0]) / det]
        } else {
            [0.5 * error[0], 0.5 * error[1]]
        };
        b = [b[0] - step[0], b[1] - step[1]];
    }
    b
}

/// Draws the warped picture: pixels of the moving region are fetched through the field, all others copied.
pub fn draw(texture: &Texture, field: &Field, out: &mut Vec<u8>) {
    let bytes = texture.bytes();
    if field.still || out.len() != bytes.len() {
        out.clear();
        out.extend_from_slice(bytes);
    }
    if field.still {
        return;
    }
    let grid = &field.grid;
    let scale = texture.height as f32;
    let pixels = |from: f32, to: f32, limit: usize| {
        ((from * scale).floor().max(0.0) as usize).min(limit)..((to * scale).ceil().max(0.0) as usize).min(limit)
    };
    let xs = pixels(grid.origin[0], grid.origin[0] + grid.cell[0] * (grid.columns - 1) as f32, texture.width);
    let ys = pixels(grid.origin[1], grid.origin[1] + grid.cell[1] * (grid.rows - 1) as f32, texture.height);
    let (cell, first) = (scale * grid.cell[0], grid.origin[0] * scale);
    let stride = 4 * texture.width;
    out.par_chunks_exact_mut(stride).with_min_len(8).enumerate().for_each_init(
        || vec![[0.0f32; 2]; grid.columns],
        |line, (y, row)| {
            let resting = &bytes[y * stride..(y + 1) * stride];
            if !ys.contains(&y) {
                row.copy_from_slice(resting);
                return;
            }
            // One row of the grid, interpolated downwards, then walked along.
            let gy =
                (((y as f32 + 0.5) / scale - grid.origin[1]) / grid.cell[1]).clamp(0.0, (grid.rows - 1) as f32 - 1e-3);
            let (j, v) = (gy as usize, gy.fract());
            let upper = &field.backward[j * grid.columns..(j + 1) * grid.columns];
            let lower = &field.backward[(j + 1) * grid.columns..(j + 2) * grid.columns];
            for ((out, a), b) in line.iter_mut().zip(upper).zip(lower) {
                *out = [(a[0] + (b[0] - a[0]) * v) * scale, (a[1] + (b[1] - a[1]) * v) * scale];
            }
            // From one grid line to the next the place in the picture is a straight line: whole numbers will do.
            let mut x = 0;
            let mut copied = 0;
            // Where the fetched pixels begin that lie before `copied` and have no ground behind them yet.
            let mut fetched = 0;
            let last = line.len() - 2;
            for (i, pair) in line.windows(2).enumerate() {
                // Pixels whose centres lie within this cell; the last cell takes what is left.
                let end = if i == last { xs.end } else { pixel_from(first + cell * (i + 1) as f32).min(xs.end) };
                let start = if i == 0 { xs.start } else { x };
                x = end.max(start);
                let (a, b) = (pair[0], pair[1]);
                let most = a[0].abs().max(a[1].abs()).max(b[0].abs()).max(b[1].abs());
                if start >= x || most <= NOTHING || texture.is_bare(start..x, y, most) {
                    continue;
                }
                if copied < start {
                    texture.lay_over_ground(fetched, y, &mut row[4 * fetched..4 * copied]);
                    row[4 * copied..4 * start].copy_from_slice(&resting[4 * copied..4 * start]);
                    fetched = start;
                }
                copied = x;
                let slope = [(b[0] - a[0]) / cell, (b[1] - a[1]) / cell];
                let into = start as f32 + 0.5 - (first + cell * i as f32);
                let place = [start as f32 + a[0] + slope[0] * into, y as f32 + a[1] + slope[1] * into];
                let pixels = &mut row[4 * start..4 * x];
                texture.run(place, [1.0 + slope[0], slope[1]], pixels);
            }
            texture.lay_over_ground(fetched, y, &mut row[4 * fetched..4 * copied]);
            row[4 * copied..].copy_from_slice(&resting[4 * copied..]);
        },
    );
}

/// The first pixel whose centre is not left of `x`.
fn pixel_from(x: f32) -> usize {
    (x - 0.5).ceil().max(0.0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pose::{PoseFrame, Reference, index};
    use crate::render::rig::tests::rest_pose;

    fn field_of(change: impl Fn(&mut PoseFrame)) -> (Rig, Field) {
        let reference = Reference::example();
        let rig = Rig::new(&reference);
        let mut pose = rest_pose(&reference);
        change(&mut pose);
        let field = Warp::new(&rig).unwrap().field(&rig.read(&pose));
        (rig, field)
    }

    /// How far an open jaw takes a face point down.
    fn dropped(i: usize) -> f32 {
        match i {
            2 | 14 => 0.003,
            3 | 13 => 0.007,
            4 | 12 => 0.011,
            5..=11 | 55..=59 => 0.015,
            _ => 0.0,
        }
    }

    #[test]
    fn control_points_arrive_and_the_way_back_is_the_way_out() {
        let (rig, field) = field_of(|pose| {
            for p in &mut pose.points[index::FACE..index::FACE + 68] {
                (p.x, p.y) = (p.x + 0.01 + 0.03 * (p.y - 0.4), p.y - 0.006);
            }
            for i in 0..68 {
                pose.points[index::FACE + i].y += dropped(i);
            }
        });
        for i in (0..17).chain(27..36).chain([48, 51, 54, 57]) {
            let rest = rig.rest_face()[i];
            let moved = field.carry(rest);
            let wanted = [rest[0] + 0.01 + 0.03 * (rest[1] - 0.4), rest[1] - 0.006 + dropped(i)];
            let off = (moved[0] - wanted[0]).hypot(moved[1] - wanted[1]);
            assert!(off < 0.0012, "point {i} is {off} off");
        }
        for y in 0..40 {
            for x in 0..40 {
                let p = [0.3 + 0.01 * x as f32, 0.2 + 0.01 * y as f32];
                let q = field.fetch(field.carry(p));
                let between_lips = (0.44..0.50).contains(&p[1]) && (0.44..0.56).contains(&p[0]);
                assert!(between_lips || (p[0] - q[0]).hypot(p[1] - q[1]) < 9e-4, "{p:?} came back as {q:?}");
            }
        }
    }

    #[test]
    fn a_smooth_field_is_inverted_to_a_thousandth_of_a_pixel() {
        let (_, field) = field_of(|pose| {
            for p in &mut pose.points[index::FACE..index::FACE + 68] {
                p.x += 0.012;
            }
        });
        for p in [[0.5, 0.3], [0.42, 0.45], [0.55, 0.55]] {
            let q = field.fetch(field.carry(p));
            assert!((p[0] - q[0]).hypot(p[1] - q[1]) < 2e-5, "{p:?} {q:?}");
        }
    }
}
