//! From traced blocks of samples to blended pixels.

use super::View;
use super::raster::{self, BLOCK_HEIGHT, BLOCK_WIDTH, Found, LANES, Nearby};
use super::shade::Shader;
use super::surface::Surface;
use glam::Vec3;

/// Where a pixel with an inner edge is sampled, in parts of a sample.
const SUBSAMPLES: [(f32, f32); 4] = [(-0.25, -0.25), (0.25, -0.25), (-0.25, 0.25), (0.25, 0.25)];
const PIXELS_AT_ONCE: usize = LANES / SUBSAMPLES.len();
/// A step in depth, in hand lengths, from which on two neighbouring samples lie on different surfaces.
const STEP: f32 = 0.03;

/// One thread's work: block after block.
pub(super) struct Painting<'a> {
    view: View,
    shader: &'a Shader<'a>,
    surface: &'a Surface,
    /// Samples per pixel along each side.
    fineness: usize,
    nearby: Nearby,
    found: Found,
    extra: Found,
    colours: [(Vec3, f32); LANES],
}

impl<'a> Painting<'a> {
    pub fn new(view: View, shader: &'a Shader<'a>, surface: &'a Surface, fineness: usize) -> Self {
        let (nearby, found, extra) = (Nearby::default(), Found::new(), Found::new());
        Self { view, shader, surface, fineness, nearby, found, extra, colours: [(Vec3::ZERO, 0.0); LANES] }
    }

    /// Traces and colours the block whose first pixel is given; false where nothing is seen in it.
    pub fn trace(&mut self, x: f32, y: f32) -> bool {
        let view = self.view;
        let step = 1.0 / self.fineness as f32;
        let (columns, rows) = (BLOCK_WIDTH as f32 * step, BLOCK_HEIGHT as f32 * step);
        let (x0, y0, x1, y1) = (view.x(x), view.y(y), view.x(x + columns), view.y(y + rows));
        let line = self.shader.line + self.shader.sample;
        if !self.nearby.collect(self.surface, x0, y0, x1, y1, line) {
            return false;
        }
        for i in 0..LANES {
            self.found.x[i] = view.x(x + ((i % BLOCK_WIDTH) as f32 + 0.5) * step);
            self.found.y[i] = view.y(y + ((i / BLOCK_WIDTH) as f32 + 0.5) * step);
        }
        let light = self.shader.light.to_array();
        if !raster::trace_block(&self.nearby, &mut self.found, line, self.shader.sample * 0.12, light) {
            return false;
        }
        for i in 0..LANES {
            self.colours[i] = self.shader.colour(&self.found, i, self.shader.sample);
        }
        true
    }

    /// Samples pixels again, four times each, where one part of the hand ends before another.
    pub fn refine(&mut self) {
        if self.fineness > 1 {
            return;
        }
        let mut edges = [0; LANES];
        let mut count = 0;
        for i in 0..LANES {
            if self.is_inner_edge(i) {
                edges[count] = i;
                count += 1;
            }
        }
        let sample = self.shader.sample;
        let light = self.shader.light.to_array();
        for edges in edges[..count].chunks(PIXELS_AT_ONCE) {
            for lane in 0..LANES {
                let edge = edges[(lane / SUBSAMPLES.len()).min(edges.len() - 1)];
                let (dx, dy) = SUBSAMPLES[lane % SUBSAMPLES.len()];
                self.extra.x[lane] = self.found.x[edge] + dx * sample;
                self.extra.y[lane] = self.found.y[edge] + dy * sample;
            }
            let line = self.shader.line + sample;
            if !raster::trace_block(&self.nearby, &mut self.extra, line, sample * 0.12, light) {
                continue;
            }
            for (k, edge) in edges.iter().enumerate() {
                let (mut colour, mut alpha) = (Vec3::ZERO, 0.0);
                for sub in 0..SUBSAMPLES.len() {
                    let (c, a) = self.shader.colour(&self.extra, k * SUBSAMPLES.len() + sub, sample * 0.5);
                    colour += c * a;
                    alpha += a;
                }
                if alpha > 0.0 {
                    self.colours[*edge] = (colour / alpha, alpha / SUBSAMPLES.len() as f32);
                }
            }
        }
    }

    /// Whether sample `i` lies at an edge between two parts of the hand, as far as its own block can tell.
    fn is_inner_edge(&self, i: usize) -> bool {
        let found = &self.found;
        let reach = self.shader.sample * 1.2;
        if found.hit[i] > 0.0 && self.shader.is_hem(found, i) {
            return true;
        }
        if found.hit[i] == 0.0 || self.shader.to_edge(found, i) > reach {
            return false;
        }
        // Just beside something that stands out before this surface?
        let rim = found.rim[i] < reach && found.rim_step[i] > STEP;
        let near = found.near[i] < reach && found.near_z[i] - found.z[i] > STEP;
        if rim || near {
            return true;
        }
        let differs = |j: usize| {
            let step = (found.z[i] - found.z[j]).abs() > STEP || found.part[i] != found.part[j];
            found.hit[j] > 0.0 && step
        };
        let (column, row) = (i % BLOCK_WIDTH, i / BLOCK_WIDTH);
        (column > 0 && differs(i - 1))
            || (column + 1 < BLOCK_WIDTH && differs(i + 1))
            || (row > 0 && differs(i - BLOCK_WIDTH))
            || (row + 1 < BLOCK_HEIGHT && differs(i + BLOCK_WIDTH))
    }

    /// Blends the coloured samples into the band's pixels, from column `x` on.
    pub fn blend(&self, x: usize, x_end: usize, width: usize, bytes: &mut [u8], depths: &mut [f32]) {
        let fineness = self.fineness;
        let share = 1.0 / (fineness * fineness) as f32;
        let rows = depths.len() / width;
        for row in 0..(BLOCK_HEIGHT / fineness).min(rows) {
            for column in 0..(BLOCK_WIDTH / fineness).min(x_end - x) {
                let pixel = row * width + x + column;
                let (mut colour, mut alpha, mut nearest) = (Vec3::ZERO, 0.0, f32::NEG_INFINITY);
                for sub in 0..fineness * fineness {
                    let lane = (row * fineness + sub / fineness) * BLOCK_WIDTH + column * fineness + sub % fineness;
                    let (c, a) = self.colours[lane];
                    let z = self.view.wrist.z + self.found.z[lane] * self.view.hand_length;
                    if a > 0.0 && z >= depths[pixel] {
                        colour += c * a;
                        alpha += a;
                        nearest = nearest.max(z);
                    }
                }
                if alpha <= 0.0 {
                    continue;
                }
                let (colour, alpha) = (colour * share, alpha * share);
                let target = &mut bytes[pixel * 4..pixel * 4 + 4];
                let keep = 1.0 - alpha;
                for (byte, value) in target.iter_mut().zip([colour.x, colour.y, colour.z, alpha]) {
                    *byte = (value * 255.0 + f32::from(*byte) * keep + 0.5).clamp(0.0, 255.0) as u8;
                }
                if alpha >= 0.5 {
                    depths[pixel] = nearest;
                }
            }
        }
    }
}
