//! The picture follows the pose: a smooth displacement on a coarse grid, and every pixel fetched through it.
//!
//! The spline gives the displacement of *resting* places, `forward(p) = p + d(p)`, as one product of a fixed matrix
//! and the moved control points. A picture is drawn the other way round, from each pixel of the frame to its place in
//! the resting picture, so the grid is inverted by Newton's method, node by node. Because the sources never change,
//! no system is solved for a frame and still regions cannot swim: where nothing moves the displacement is exactly
//! zero and the pixel is copied.

use super::gpu::Flow;
use super::paint::{Pt, smoothstep};
use super::rig::{Moved, Rig};
use super::texture::Texture;
use super::tps::{Tps, TpsError};
use rayon::prelude::*;

/// Distance of grid nodes in picture units.
const CELL: f32 = 0.012;
/// Regularisation of the spline: points a hundredth apart may share a wobble of a ten-thousandth.
const LAMBDA: f64 = 5e-6;

/// The spline of a person, evaluated once for all frames on the nodes of a grid.
pub struct Warp {
    grid: Grid,
    /// For each row of the grid, `centres × columns` coefficients, tapered to nothing towards the edge of the region.
    coefficients: Vec<f32>,
    centres: usize,
}

/// A regular grid over the moving region.
#[derive(Clone, Copy, Debug)]
pub struct Grid {
    pub origin: Pt,
    pub cell: Pt,
    pub columns: usize,
    pub rows: usize,
}

impl Grid {
    fn node(&self, i: usize) -> Pt {
        let (x, y) = (i % self.columns, i / self.columns);
        [self.origin[0] + self.cell[0] * x as f32, self.origin[1] + self.cell[1] * y as f32]
    }

    /// Cell and place within it, kept inside the grid.
    fn locate(&self, p: Pt) -> (usize, f32, f32) {
        let x = ((p[0] - self.origin[0]) / self.cell[0]).clamp(0.0, (self.columns - 1) as f32 - 1e-3);
        let y = ((p[1] - self.origin[1]) / self.cell[1]).clamp(0.0, (self.rows - 1) as f32 - 1e-3);
        (y as usize * self.columns + x as usize, x.fract(), y.fract())
    }

    fn sample(&self, values: &[Pt], p: Pt) -> Pt {
        let (i, u, v) = self.locate(p);
        let (a, b, c, d) = (values[i], values[i + 1], values[i + self.columns], values[i + self.columns + 1]);
        std::array::from_fn(|k| (1.0 - v) * ((1.0 - u) * a[k] + u * b[k]) + v * ((1.0 - u) * c[k] + u * d[k]))
    }
}

/// The displacement of one frame, both ways.
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
    #[cfg(test)]
    pub fn fetch(&self, p: Pt) -> Pt {
        let d = self.grid.sample(&self.backward, p);
        [p[0] + d[0], p[1] + d[1]]
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
        let nodes: Vec<Pt> = (0..columns * rows).map(|i| grid.node(i)).collect();
        let centres = rig.centres().len();
        // The region's edge keeps still; motion fades towards it over half the distance of the outer eye corners.
        let fade = 0.5 * rig.span;
        let taper = |p: Pt| {
            let inside = (p[0] - left).min(right - p[0]).min(p[1] - top).min(bottom - p[1]);
            smoothstep(0.0, fade, inside)
        };
        let coefficients = nodes
            .par_chunks(columns)
            .flat_map_iter(|places| {
                let rows = tps.rows(places);
                let tapers: Vec<f32> = places.iter().map(|p| taper(*p)).collect();
                // Centre by centre along the row of nodes, so that a frame's sums run over neighbours in memory.
                let by_centre = move |c: usize| {
                    let line: Vec<f32> = tapers.iter().enumerate().map(|(k, t)| t * rows[k * centres + c]).collect();
                    line
                };
                (0..centres).flat_map(by_centre).collect::<Vec<f32>>()
            })
            .collect();
        Ok(Self { grid, coefficients, centres })
    }

    /// The displacement of a frame.
    pub fn field(&self, moved: &Moved) -> Field {
        let grid = self.grid;
        if moved.shift.iter().flatten().all(|d| d.abs() < 1e-7) {
            let zero = vec![[0.0, 0.0]; grid.columns * grid.rows];
            return Field { grid, forward: zero.clone(), backward: zero, still: true };
        }
        let forward: Vec<Pt> = self
            .coefficients
            .par_chunks(self.centres * grid.columns)
            .flat_map_iter(|block| {
                let (mut xs, mut ys) = (vec![0.0f32; grid.columns], vec![0.0f32; grid.columns]);
                for (line, d) in block.chunks_exact(grid.columns).zip(&moved.shift) {
                    for ((x, y), c) in xs.iter_mut().zip(&mut ys).zip(line) {
                        *x += c * d[0];
                        *y += c * d[1];
                    }
                }
                xs.into_iter().zip(ys).map(|(x, y)| [x, y])
            })
            .collect();
        let backward = (0..grid.rows)
            .into_par_iter()
            .flat_map_iter(|y| {
                let forward = &forward;
                (0..grid.columns).map(move |x| invert(&grid, forward, y * grid.columns + x))
            })
            .collect();
        Field { grid, forward, backward, still: false }
    }
}

/// The displacement back from a node: the root `b` of `b + d(node + b) = 0`.
fn invert(grid: &Grid, forward: &[Pt], node: usize) -> Pt {
    let place = grid.node(node);
    let d = forward[node];
    let mut b = [-d[0], -d[1]];
    if b == [0.0, 0.0] {
        return b;
    }
    for _ in 0..6 {
        let (i, u, v) = grid.locate([place[0] + b[0], place[1] + b[1]]);
        let (p00, p10) = (forward[i], forward[i + 1]);
        let (p01, p11) = (forward[i + grid.columns], forward[i + grid.columns + 1]);
        let value: Pt = std::array::from_fn(|k| {
            (1.0 - v) * ((1.0 - u) * p00[k] + u * p10[k]) + v * ((1.0 - u) * p01[k] + u * p11[k])
        });
        let error = [b[0] + value[0], b[1] + value[1]];
        if error[0].abs().max(error[1].abs()) < 2e-6 {
            break;
        }
        let dx: Pt = std::array::from_fn(|k| ((1.0 - v) * (p10[k] - p00[k]) + v * (p11[k] - p01[k])) / grid.cell[0]);
        let dy: Pt = std::array::from_fn(|k| ((1.0 - u) * (p01[k] - p00[k]) + u * (p11[k] - p10[k])) / grid.cell[1]);
        let (a, bb, c, dd) = (1.0 + dx[0], dy[0], dx[1], 1.0 + dy[1]);
        let det = a * dd - bb * c;
        // Where the spline would fold, a plain fixed-point step still goes the right way.
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
    out.clear();
    out.extend_from_slice(texture.bytes());
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
    // A displacement of less than a hundredth of a pixel cannot be seen and need not be fetched.
    let nothing = 0.01;
    out.par_chunks_exact_mut(4 * texture.width).enumerate().filter(|(y, _)| ys.contains(y)).for_each(|(y, row)| {
        // One row of the grid, interpolated downwards, then walked along.
        let gy = (((y as f32 + 0.5) / scale - grid.origin[1]) / grid.cell[1]).clamp(0.0, (grid.rows - 1) as f32 - 1e-3);
        let (j, v) = (gy as usize, gy.fract());
        let upper = &field.backward[j * grid.columns..(j + 1) * grid.columns];
        let lower = &field.backward[(j + 1) * grid.columns..(j + 2) * grid.columns];
        let line: Vec<Pt> = upper
            .iter()
            .zip(lower)
            .map(|(a, b)| [(a[0] + (b[0] - a[0]) * v) * scale, (a[1] + (b[1] - a[1]) * v) * scale])
            .collect();
        // From one grid line to the next the place in the picture is a straight line: whole numbers will do.
        let cell = scale * grid.cell[0];
        let first = grid.origin[0] * scale;
        let mut x = xs.start;
        for (i, pair) in line.windows(2).enumerate() {
            // Pixels whose centres lie within this cell; the last cell takes what is left.
            let end =
                if i + 2 == line.len() { xs.end } else { pixel_from(first + cell * (i + 1) as f32).clamp(x, xs.end) };
            let (a, b) = (pair[0], pair[1]);
            if x < end && a.iter().chain(&b).any(|d| d.abs() > nothing) {
                let slope = [(b[0] - a[0]) / cell, (b[1] - a[1]) / cell];
                let into = x as f32 + 0.5 - (first + cell * i as f32);
                let place = [x as f32 + a[0] + slope[0] * into, y as f32 + a[1] + slope[1] * into];
                texture.run(place, [1.0 + slope[0], slope[1]], &mut row[4 * x..4 * end]);
            }
            x = end;
        }
    });
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
                assert!(between_lips || (p[0] - q[0]).hypot(p[1] - q[1]) < 6e-4, "{p:?} came back as {q:?}");
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
