//! The picture follows the pose: a smooth displacement on a coarse grid, and every pixel fetched through it.
//!
//! The spline gives the displacement of *resting* places, `forward(p) = p + d(p)`, as one product of a fixed matrix
//! and the moved control points. A picture is drawn the other way round, from each pixel of the frame to its place in
//! the resting picture, so the grid is inverted by Newton's method, node by node. Because the sources never change,
//! no system is solved for a frame and still regions cannot swim: where nothing moves the displacement is exactly
//! zero and the pixel is copied.

use super::paint::{Pt, smoothstep};
use super::rig::{Moved, Rig};
use super::tps::{Tps, TpsError};
use rayon::prelude::*;

/// Distance of grid nodes in picture units.
const CELL: f32 = 0.0105;
/// Regularisation of the spline: points a hundredth apart may share a wobble of a ten-thousandth.
const LAMBDA: f64 = 2e-5;

/// The spline of a person, evaluated once for all frames on the nodes of a grid.
pub struct Warp {
    grid: Grid,
    /// `nodes × centres` coefficients, tapered to nothing towards the edge of the region.
    rows: Vec<f32>,
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

    /// Which resting place is seen at a place of the frame.
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
        let mut matrix = Vec::with_capacity(nodes.len() * centres);
        nodes
            .par_chunks(256)
            .map(|places| {
                let mut rows = tps.rows(places);
                for (row, place) in rows.chunks_exact_mut(centres).zip(places) {
                    let t = taper(*place);
                    row.iter_mut().for_each(|c| *c *= t);
                }
                rows
            })
            .collect::<Vec<_>>()
            .into_iter()
            .for_each(|part| matrix.extend(part));
        Ok(Self { grid, rows: matrix, centres })
    }

    /// The displacement of a frame.
    pub fn field(&self, moved: &Moved) -> Field {
        let grid = self.grid;
        if moved.shift.iter().flatten().all(|d| d.abs() < 1e-7) {
            let zero = vec![[0.0, 0.0]; grid.columns * grid.rows];
            return Field { grid, forward: zero.clone(), backward: zero, still: true };
        }
        let (xs, ys): (Vec<f32>, Vec<f32>) = moved.shift.iter().map(|d| (d[0], d[1])).unzip();
        let forward: Vec<Pt> = self
            .rows
            .par_chunks(self.centres * grid.columns)
            .flat_map_iter(|line| line.chunks_exact(self.centres).map(|row| [dot(row, &xs), dot(row, &ys)]))
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

/// A scalar product in eight independent sums, which the compiler turns into vector instructions; the order of
/// summation is fixed, so the result is the same everywhere.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; 8];
    let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = a8.remainder().iter().zip(b8.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in a8.zip(b8) {
        for k in 0..8 {
            sums[k] += x[k] * y[k];
        }
    }
    (sums[0] + sums[4]) + (sums[1] + sums[5]) + ((sums[2] + sums[6]) + (sums[3] + sums[7])) + rest
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

/// The resting picture at the size of the frames: as bytes to copy and as floats to sample.
pub struct Texture {
    pub width: usize,
    pub height: usize,
    pub bytes: Vec<u8>,
    texels: Vec<[f32; 4]>,
}

impl Texture {
    /// From bytes of red, green, blue and a fourth channel that goes along with the picture.
    pub fn new(width: usize, height: usize, bytes: Vec<u8>) -> Self {
        let texels = bytes.chunks_exact(4).map(|p| [p[0], p[1], p[2], p[3]].map(f32::from)).collect();
        Self { width, height, bytes, texels }
    }

    /// The colour (0-255) at a place in pixels, pixel centres at half-integers, by Catmull-Rom interpolation: exact on
    /// pixel centres and far less blurred between them than a bilinear mean.
    #[inline]
    pub fn sample(&self, x: f32, y: f32) -> [f32; 4] {
        let (x, y) = (x - 0.5, y - 0.5);
        let (x0, y0) = (x.floor(), y.floor());
        let (wx, wy) = (catmull_rom(x - x0), catmull_rom(y - y0));
        let (x0, y0) = (x0 as isize - 1, y0 as isize - 1);
        let mut sum = [0.0f32; 4];
        if x0 >= 0 && y0 >= 0 && x0 + 3 < self.width as isize && y0 + 3 < self.height as isize {
            for (j, wy) in wy.iter().enumerate() {
                let start = (y0 as usize + j) * self.width + x0 as usize;
                let row = &self.texels[start..start + 4];
                for k in 0..4 {
                    sum[k] += wy * (wx[0] * row[0][k] + wx[1] * row[1][k] + (wx[2] * row[2][k] + wx[3] * row[3][k]));
                }
            }
        } else {
            for (j, wy) in wy.iter().enumerate() {
                let row = (y0 + j as isize).clamp(0, self.height as isize - 1) as usize * self.width;
                for (i, wx) in wx.iter().enumerate() {
                    let texel = self.texels[row + (x0 + i as isize).clamp(0, self.width as isize - 1) as usize];
                    for k in 0..4 {
                        sum[k] += wx * wy * texel[k];
                    }
                }
            }
        }
        sum
    }
}

fn catmull_rom(t: f32) -> [f32; 4] {
    let (t2, t3) = (t * t, t * t * t);
    [0.5 * (2.0 * t2 - t - t3), 0.5 * (3.0 * t3 - 5.0 * t2 + 2.0), 0.5 * (4.0 * t2 + t - 3.0 * t3), 0.5 * (t3 - t2)]
}

/// Rounds colours 0-255 to bytes.
#[inline]
pub fn to_bytes(c: [f32; 4]) -> [u8; 4] {
    c.map(|v| (v + 0.5) as u8)
}

/// Draws the warped picture: pixels of the moving region are fetched through the field, all others copied.
pub fn draw(texture: &Texture, field: &Field, out: &mut Vec<u8>) {
    out.clear();
    out.extend_from_slice(&texture.bytes);
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
        let (start, step) =
            (((xs.start as f32 + 0.5) / scale - grid.origin[0]) / grid.cell[0], 1.0 / (scale * grid.cell[0]));
        for (n, x) in xs.clone().enumerate() {
            let gx = (start + step * n as f32).clamp(0.0, (grid.columns - 1) as f32 - 1e-3);
            let (i, u) = (gx as usize, gx.fract());
            let (a, b) = (line[i], line[i + 1]);
            let d = [a[0] + (b[0] - a[0]) * u, a[1] + (b[1] - a[1]) * u];
            if d[0].abs().max(d[1].abs()) > nothing {
                let colour = to_bytes(texture.sample(x as f32 + 0.5 + d[0], y as f32 + 0.5 + d[1]));
                row[4 * x..4 * x + 4].copy_from_slice(&colour);
            }
        }
    });
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

    #[test]
    fn control_points_arrive_and_the_way_back_is_the_way_out() {
        let (rig, field) = field_of(|pose| {
            for p in &mut pose.points[index::FACE..index::FACE + 68] {
                (p.x, p.y) = (p.x + 0.01 + 0.03 * (p.y - 0.4), p.y - 0.006);
            }
            for i in (3..14).chain(55..60) {
                pose.points[index::FACE + i].y += 0.015;
            }
        });
        for i in (0..17).chain(27..36).chain([48, 51, 54, 57]) {
            let rest = rig.rest_face()[i];
            let moved = field.carry(rest);
            let lifted = if (3..14).contains(&i) || (55..60).contains(&i) { 0.015 } else { 0.0 };
            let wanted = [rest[0] + 0.01 + 0.03 * (rest[1] - 0.4), rest[1] - 0.006 + lifted];
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

    #[test]
    fn sampling_is_exact_on_pixels_and_on_slopes() {
        let bytes: Vec<u8> = (0..64).flat_map(|i| [(i % 8) * 20, (i / 8) * 30, 7, 255]).collect();
        let texture = Texture::new(8, 8, bytes);
        assert_eq!(to_bytes(texture.sample(3.5, 5.5)), [60, 150, 7, 255]);
        let between = texture.sample(3.25, 4.75);
        assert!((between[0] - 55.0).abs() < 1e-3 && (between[1] - 127.5).abs() < 1e-3);
        // Outside the picture its edge goes on.
        assert_eq!(to_bytes(texture.sample(-40.0, 90.0)), [0, 210, 7, 255]);
    }
}
