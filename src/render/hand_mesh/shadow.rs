//! The hand's soft shadow on the person behind it.
//!
//! Every round cone is pushed along the light onto the plane of the face; there its shadow is a flat round-ended
//! wedge. The farther a part of the hand stands off, the wider its edge is blurred and the fainter the shadow: a
//! fingertip that touches throws a crisp shadow, a hand in the air next to none.

use super::shade::ramp;
use super::surface::Surface;
use super::{Canvas, HandPainter, PaintedHand, View, rgb};
use glam::{Vec2, Vec3};
use rayon::prelude::*;

/// One cone's shadow on the plane of the face, in hand lengths.
struct Wedge {
    a: Vec2,
    ba: Vec2,
    inverse: f32,
    radius: (f32, f32),
    height: (f32, f32),
}

/// Distance over which the edge fades: at contact, and per hand length of height.
const EDGE: (f32, f32) = (0.035, 0.42);
/// Height, in hand lengths, at which the shadow has faded to nothing.
const FADES: f32 = 1.1;

fn wedges(surface: &Surface, light: Vec3, wrist_z: f32, plane_z: f32, hand_length: f32) -> Vec<Wedge> {
    // Grazing light would throw shadows of any length.
    let slope = Vec2::new(light.x, light.y) / light.z.max(0.35);
    let drop = (plane_z - wrist_z) / hand_length;
    let fall = |p: Vec3| {
        let height = (p.z - drop).max(0.0);
        (Vec2::new(p.x, p.y) - slope * height, height)
    };
    let arm = &surface.arm;
    surface
        .cones
        .iter()
        .map(|cone| {
            let (mut start, end) = (cone.a, cone.a + cone.ba);
            if cone.part == super::surface::part::SLEEVE && start.dot(arm.axis) < arm.cuff + 0.05 {
                start += arm.axis * 0.05;
            }
            let ((a, height_a), (b, height_b)) = (fall(start), fall(end));
            let ba = b - a;
            Wedge {
                a,
                ba,
                inverse: 1.0 / ba.length_squared().max(1e-8),
                radius: (cone.radius_a, cone.radius_change),
                height: (height_a, height_b - height_a),
            }
        })
        .collect()
}

impl Wedge {
    /// The rectangle beyond which this wedge throws no shadow.
    fn reach(&self) -> (Vec2, Vec2) {
        let radius = self.radius.0.max(self.radius.0 + self.radius.1);
        let reach = radius + EDGE.0 + EDGE.1 * self.height.0.max(self.height.0 + self.height.1);
        (self.a.min(self.a + self.ba) - reach, self.a.max(self.a + self.ba) + reach)
    }

    /// How dark the shadow is at a point, 0 to 1.
    fn darkness(&self, p: Vec2) -> f32 {
        let t = ((p - self.a).dot(self.ba) * self.inverse).clamp(0.0, 1.0);
        let height = self.height.0 + t * self.height.1;
        let edge = EDGE.0 + EDGE.1 * height;
        let distance = (p - self.a - self.ba * t).length() - (self.radius.0 + t * self.radius.1);
        // A wide blur of a narrow finger never gets fully dark: the edge is laid outside in and fades with height.
        ramp(edge, -edge * 0.8, distance) * (1.0 - height / FADES).max(0.0)
    }
}

/// How finely the soft shadow is computed before it is spread over the pixels, in hand lengths.
const GRAIN: f32 = 0.022;

impl HandPainter {
    /// How dark the hand's shadow on the plane at depth `plane_z` is, one byte a pixel, row by row.
    pub fn shadow(&self, width: usize, height: usize, pose: &PaintedHand, plane_z: f32) -> Vec<u8> {
        let mut mask = vec![0; width * height];
        let Some(surface) = pose.surface(&self.look) else { return mask };
        let view = View::new(pose, height as f32);
        let light = self.look.light.try_normalize().unwrap_or(Vec3::Z);
        let wedges = wedges(&surface, light, view.wrist.z, plane_z, view.hand_length);
        let (mut low, mut high) = (Vec2::INFINITY, Vec2::NEG_INFINITY);
        for (wedge_low, wedge_high) in wedges.iter().map(Wedge::reach) {
            low = low.min(wedge_low);
            high = high.max(wedge_high);
        }
        let to_px = |v: f32, wrist: f32| (v * view.hand_length + wrist) * view.px_per_unit;
        let clamp = |v: f32, size: usize| v.clamp(0.0, size as f32) as usize;
        let (x0, x1) = (clamp(to_px(low.x, view.wrist.x), width), clamp(to_px(high.x, view.wrist.x) + 1.0, width));
        let (y0, y1) = (clamp(to_px(low.y, view.wrist.y), height), clamp(to_px(high.y, view.wrist.y) + 1.0, height));
        if x0 >= x1 || y0 >= y1 {
            return mask;
        }
        let grain = ((GRAIN / view.pixel) as usize).clamp(1, 16);
        let (columns, rows) = ((x1 - x0).div_ceil(grain) + 1, (y1 - y0).div_ceil(grain) + 1);
        let mut coarse = vec![0.0_f32; columns * rows];
        coarse.par_chunks_mut(columns).enumerate().for_each(|(row, values)| {
            let y = view.y((y0 + grain * row) as f32 + 0.5);
            for wedge in &wedges {
                let (low, high) = wedge.reach();
                if y < low.y || y > high.y {
                    continue;
                }
                let column = |x: f32| ((to_px(x, view.wrist.x) - x0 as f32) / grain as f32).clamp(0.0, columns as f32);
                let first = column(low.x) as usize;
                let last = (column(high.x) as usize + 1).min(columns);
                for (i, value) in values.iter_mut().enumerate().take(last).skip(first) {
                    let x = view.x((x0 + grain * i) as f32 + 0.5);
                    *value = value.max(wedge.darkness(Vec2::new(x, y)));
                }
            }
        });
        // Between the computed points the shadow is spread evenly.
        let step = 1.0 / grain as f32;
        let band = &mut mask[y0 * width..y1 * width];
        band.par_chunks_mut(width).enumerate().for_each(|(dy, bytes)| {
            let (row, v) = (dy / grain, (dy % grain) as f32 * step);
            let (above, below) = (&coarse[row * columns..], &coarse[(row + 1) * columns..]);
            for (column, bytes) in bytes[x0..x1].chunks_mut(grain).enumerate() {
                let left = above[column] + (below[column] - above[column]) * v;
                let right = above[column + 1] + (below[column + 1] - above[column + 1]) * v;
                for (i, byte) in bytes.iter_mut().enumerate() {
                    *byte = ((left + (right - left) * i as f32 * step) * 255.0 + 0.5) as u8;
                }
            }
        });
        mask
    }

    /// Darkens the canvas under the hand's shadow. `receiver` says, one byte a pixel, how much of the shadow falls on
    /// the picture there (255 on the person, 0 on the background); without it everything receives. `plane_z` is the
    /// depth of what the shadow falls on. Paint the hand itself afterwards.
    pub fn paint_shadow(&self, canvas: &mut Canvas, pose: &PaintedHand, plane_z: f32, receiver: Option<&[u8]>) {
        let mask = self.shadow(canvas.width, canvas.height, pose, plane_z);
        let tint = rgb(self.look.shadow);
        let strength = self.look.shadow_strength.clamp(0.0, 1.0);
        let width = canvas.width;
        let rows = canvas.rgba.par_chunks_mut(width * 4).zip(mask.par_chunks(width)).enumerate();
        rows.for_each(|(row, (pixels, darks))| {
            for (i, (pixel, dark)) in pixels.chunks_exact_mut(4).zip(darks).enumerate() {
                if *dark == 0 {
                    continue;
                }
                let received = match receiver {
                    Some(mask) => mask.get(row * width + i).map_or(0.0, |v| f32::from(*v) / 255.0),
                    None => 1.0,
                };
                let amount = f32::from(*dark) / 255.0 * strength * received;
                for (byte, tint) in pixel.iter_mut().zip(tint.to_array()) {
                    *byte = (f32::from(*byte) * (1.0 - amount * (1.0 - tint)) + 0.5) as u8;
                }
            }
        });
    }
}
