//! Drawn lines: outlines where the surface turns away, creases where fingers touch, the edge of the cuff.

use super::raster::{Batch, Layer};
use super::shade::ramp;
use super::surface::part;
use glam::Vec3;

/// Lines of one look at one size, in pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pen {
    /// Half the width of an outline.
    pub half: f32,
    /// How dark outlines and creases are, 0 to 1.
    pub outline: f32,
    pub crease: f32,
    /// Way to the light in the picture.
    pub light: [f32; 2],
    /// Depth (picture units) of a step that is surely one, and of the tolerance at which a line lies on its surface.
    pub step: f32,
    pub tolerance: f32,
}

/// How much ink lies on each pixel of a layer, 0 to 1, and whether it is on cloth.
pub(super) struct Ink {
    pub amount: Vec<f32>,
    pub on_cloth: Vec<bool>,
}

impl Ink {
    pub fn draw(layer: &Layer, batches: &[Batch], pen: &Pen) -> Self {
        let count = layer.columns * layer.rows;
        let mut ink = Self { amount: vec![0.0; count], on_cloth: vec![false; count] };
        if pen.crease > 0.0 {
            for crease in &layer.creases {
                ink.dot(layer, crease.at, pen.half * 0.8, pen.crease, crease.cloth);
            }
        }
        if pen.outline > 0.0 {
            for (number, index) in &layer.turns {
                let (batch, index) = (&batches[*number as usize], *index as usize);
                let on_cloth = batch.parts[index] == part::SLEEVE;
                ink.contour(layer, batch, batch.triangles[index], pen, on_cloth);
            }
        }
        ink
    }

    /// The piece of the outline in a triangle: where the normal, spread over it, points neither to nor from the viewer
    /// (Hertzmann & Zorin 2000, Illustrating smooth surfaces).
    fn contour(&mut self, layer: &Layer, batch: &Batch, t: [u32; 3], pen: &Pen, on_cloth: bool) {
        let c = t.map(|i| &batch.corners[i as usize]);
        let f = c.map(|c| c.normal.z);
        let scale = 1.0 / layer.fineness as f32;
        let (mut ends, mut found) = ([[0.0; 4]; 2], 0);
        for k in 0..3 {
            let n = (k + 1) % 3;
            if (f[k] > 0.0) != (f[n] > 0.0) && found < 2 {
                let s = f[k] / (f[k] - f[n]);
                let mix = |p: f32, q: f32| p + (q - p) * s;
                let drawn = mix(c[k].ink, c[n].ink);
                ends[found] =
                    [mix(c[k].x, c[n].x) * scale, mix(c[k].y, c[n].y) * scale, mix(c[k].value.w, c[n].value.w), drawn];
                found += 1;
            }
        }
        if found < 2 || !ends.iter().flatten().all(|v| v.is_finite()) {
            return;
        }
        let (dx, dy) = (ends[1][0] - ends[0][0], ends[1][1] - ends[0][1]);
        let length = (dx * dx + dy * dy).sqrt();
        // Outwards is where the surface looks.
        let out = c.iter().map(|c| c.normal).sum::<Vec3>().truncate();
        let Some(out) = out.try_normalize() else { return };
        let (nx, ny) = (out.x, out.y);
        let (mx, my) = ((ends[0][0] + ends[1][0]) / 2.0, (ends[0][1] + ends[1][1]) / 2.0);
        let z = (ends[0][2] + ends[1][2]) / 2.0;
        // What lies beyond: nothing, or a surface farther back. A surface that goes on is no edge.
        let reach = pen.half + 1.6;
        let beyond = depth_at(layer, mx + nx * reach, my + ny * reach);
        let strength = ramp(0.45 * pen.step, 1.4 * pen.step, z - beyond) * 0.5 * (ends[0][3] + ends[1][3]);
        if strength <= 0.02 {
            return;
        }
        // Heavier away from the light.
        let half = pen.half * (1.0 - 0.35 * (nx * pen.light[0] + ny * pen.light[1]));
        let strength = strength * pen.outline;
        let r = half + 1.0;
        let range = |low: f32, high: f32, limit: usize| {
            ((low - r).max(0.0) as usize).min(limit)..(((high + r).max(0.0) as usize) + 1).min(limit)
        };
        for y in range(ends[0][1].min(ends[1][1]), ends[0][1].max(ends[1][1]), layer.rows) {
            for x in range(ends[0][0].min(ends[1][0]), ends[0][0].max(ends[1][0]), layer.columns) {
                let (px, py) = (x as f32 + 0.5 - ends[0][0], y as f32 + 0.5 - ends[0][1]);
                let s = ((px * dx + py * dy) / (length * length).max(1e-8)).clamp(0.0, 1.0);
                let (ox, oy) = (px - s * dx, py - s * dy);
                let distance = (ox * ox + oy * oy).sqrt();
                let amount = (half + 0.5 - distance).clamp(0.0, 1.0).min(2.0 * half) * strength;
                let i = y * layer.columns + x;
                if amount > self.amount[i] && depth_at(layer, x as f32 + 0.5, y as f32 + 0.5) <= z + pen.tolerance {
                    (self.amount[i], self.on_cloth[i]) = (amount, on_cloth);
                }
            }
        }
    }

    fn dot(&mut self, layer: &Layer, at: [f32; 2], half: f32, strength: f32, on_cloth: bool) {
        let r = half + 1.0;
        let range = |v: f32, limit: usize| ((v - r).max(0.0) as usize)..(((v + r).max(0.0) as usize) + 1).min(limit);
        for y in range(at[1], layer.rows) {
            for x in range(at[0], layer.columns) {
                let (ox, oy) = (x as f32 + 0.5 - at[0], y as f32 + 0.5 - at[1]);
                let distance = (ox * ox + oy * oy).sqrt();
                let amount = (half + 0.5 - distance).clamp(0.0, 1.0).min(2.0 * half) * strength;
                let i = y * layer.columns + x;
                if amount > self.amount[i] {
                    (self.amount[i], self.on_cloth[i]) = (amount, on_cloth);
                }
            }
        }
    }
}

/// Depth of the pixel at a place given in pixels; negative infinity outside.
fn depth_at(layer: &Layer, x: f32, y: f32) -> f32 {
    if x < 0.0 || y < 0.0 || x >= layer.columns as f32 || y >= layer.rows as f32 {
        return f32::NEG_INFINITY;
    }
    layer.depth[y as usize * layer.columns + x as usize]
}
