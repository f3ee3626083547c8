//! The hand's soft shadow on the person behind it.
//!
//! Every round cone is pushed along the light onto the plane of the face; there its shadow is a flat round-ended
//! wedge. The farther a part of the hand stands off, the wider its edge is blurred and the fainter the shadow: a
//! fingertip that touches throws a crisp shadow, a hand in the air next to none.

use super::paint::Prepared;
use super::shade::ramp;
use super::surface::Cone;
use super::{Canvas, HandPainter, rgb};
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

/// The shadows of an arm's cones on the plane of depth `plane_z`, in hand lengths of its right-handed likeness.
fn wedges(arm: &Prepared, plane_z: f32) -> Vec<Wedge> {
    // Grazing light would throw shadows of any length.
    let slope = Vec2::new(arm.light.x, arm.light.y) / arm.light.z.max(0.35);
    let drop = (plane_z - arm.place(Vec3::ZERO).z) / arm.scale();
    let fall = |p: Vec3| {
        let height = (p.z - drop).max(0.0);
        (Vec2::new(p.x, p.y) - slope * height, height)
    };
    let wedge = |cone: &Cone| {
        let ((a, height_a), (b, height_b)) = (fall(cone.a), fall(cone.a + cone.ba));
        let ba = b - a;
        Wedge {
            a,
            ba,
            inverse: 1.0 / ba.length_squared().max(1e-8),
            radius: (cone.radius_a, cone.radius_change),
            height: (height_a, height_b - height_a),
        }
    };
    arm.cones.iter().map(wedge).collect()
}

impl Wedge {
    /// The rectangle beyond which this wedge throws no shadow.
    fn reach(&self) -> (Vec2, Vec2) {
        let radius = self.radius.0.max(self.radius.0 + self.radius.1);
        let reach = radius + EDGE.0 + EDGE.1 * self.height.0.max(self.height.0 + self.height.1);
        (self.a.min(self.a + self.ba) - reach, self.a.max(self.a + self.ba) + reach)
    }

    /// Lays the shadow over a row of points at height `y`, the first at `x`, each next one `step` farther: how dark it
    /// is there, 0 to 1, where nothing darker lies.
    #[inline(always)]
    fn darken(&self, x: f32, y: f32, step: f32, values: &mut [f32]) {
        let y = y - self.a.y;
        for (i, value) in values.iter_mut().enumerate() {
            let x = x + step * (i as i32) as f32 - self.a.x;
            let t = ((x * self.ba.x + y * self.ba.y) * self.inverse).clamp(0.0, 1.0);
            let height = self.height.0 + t * self.height.1;
            let edge = EDGE.0 + EDGE.1 * height;
            let (u, v) = (x - self.ba.x * t, y - self.ba.y * t);
            let distance = (u * u + v * v).sqrt() - (self.radius.0 + t * self.radius.1);
            // A wide blur of a narrow finger never gets fully dark: the edge is laid outside in and fades with height.
            let dark = ramp(edge, -edge * 0.8, distance) * (1.0 - height * (1.0 / FADES)).max(0.0);
            *value = if dark > *value { dark } else { *value };
        }
    }

    /// [`Wedge::darken`] with the widest vectors of this processor: the same operations, none fused.
    fn darken_row(&self, x: f32, y: f32, step: f32, values: &mut [f32]) {
        #[cfg(target_arch = "x86_64")]
        {
            #[target_feature(enable = "avx2")]
            fn with_avx2(wedge: &Wedge, x: f32, y: f32, step: f32, values: &mut [f32]) {
                wedge.darken(x, y, step, values);
            }
            if is_x86_feature_detected!("avx2") {
                // SAFETY: the processor has just been asked.
                return unsafe { with_avx2(self, x, y, step, values) };
            }
        }
        self.darken(x, y, step, values);
    }
}

/// How finely the soft shadow is computed before it is spread over the pixels, in hand lengths.
const GRAIN: f32 = 0.022;

/// The shadow of one arm, computed on a grid of points `grain` pixels apart.
struct Shadow {
    x0: usize,
    y0: usize,
    x1: usize,
    y1: usize,
    grain: usize,
    columns: usize,
    dark: Vec<f32>,
}

impl Shadow {
    /// The shadow on the plane at depth `plane_z`; `None` if it lies outside the picture.
    fn new(arm: &Prepared, plane_z: f32, width: usize, height: usize) -> Option<Self> {
        let wedges = wedges(arm, plane_z);
        let (mut low, mut high) = (Vec2::INFINITY, Vec2::NEG_INFINITY);
        for wedge in &wedges {
            let (a, b) = wedge.reach();
            (low, high) = (low.min(a), high.max(b));
        }
        let base = arm.place(Vec3::ZERO).truncate();
        let px = height as f32;
        // Mirrored arms have their right edge at the left.
        let mirror = arm.place(Vec3::X).x - base.x;
        let to_x = |v: f32| (base.x + v * mirror) * px;
        let to_y = |v: f32| (base.y + v * arm.scale()) * px;
        let (left, right) = (to_x(low.x).min(to_x(high.x)), to_x(low.x).max(to_x(high.x)));
        let clamp = |v: f32, size: usize| v.clamp(0.0, size as f32) as usize;
        let (x0, x1) = (clamp(left, width), clamp(right + 1.0, width));
        let (y0, y1) = (clamp(to_y(low.y), height), clamp(to_y(high.y) + 1.0, height));
        if x0 >= x1 || y0 >= y1 {
            return None;
        }
        let grain = ((GRAIN * arm.scale() * px) as usize).clamp(1, 16);
        let (columns, rows) = ((x1 - x0).div_ceil(grain) + 1, (y1 - y0).div_ceil(grain) + 1);
        let mut dark = vec![0.0_f32; columns * rows];
        let reaches: Vec<(f32, f32, usize, usize)> = wedges
            .iter()
            .map(|wedge| {
                let (low, high) = wedge.reach();
                let column = |x: f32| ((to_x(x) - x0 as f32) / grain as f32).clamp(0.0, columns as f32);
                let (a, b) = (column(low.x), column(high.x));
                (low.y, high.y, a.min(b) as usize, (a.max(b) as usize + 1).min(columns))
            })
            .collect();
        let step = grain as f32 / (px * mirror);
        dark.par_chunks_mut(columns).with_min_len(8).enumerate().for_each(|(row, values)| {
            let y = (((y0 + grain * row) as f32 + 0.5) / px - base.y) / arm.scale();
            for (wedge, (top, bottom, first, last)) in wedges.iter().zip(&reaches) {
                if (*top..=*bottom).contains(&y) && first < last {
                    let x = (((x0 + grain * first) as f32 + 0.5) / px - base.x) / mirror;
                    wedge.darken_row(x, y, step, &mut values[*first..*last]);
                }
            }
        });
        Some(Self { x0, y0, x1, y1, grain, columns, dark })
    }
}

impl HandPainter {
    /// Darkens the picture under an arm's shadow, by as much as its fourth channel says. The shadow falls on the plane
    /// of the face, depth 0.
    pub(super) fn paint_shadow(&self, canvas: &mut Canvas, arm: &Prepared) {
        let strength = self.look.shadow_strength.clamp(0.0, 1.0);
        let Some(shadow) = Shadow::new(arm, 0.0, canvas.width, canvas.height) else { return };
        let (width, grain, columns) = (canvas.width, shadow.grain, shadow.columns);
        let lost = rgb(self.look.shadow).to_array().map(|t| (1.0 - t) * strength / 255.0);
        let step = 1.0 / grain as f32;
        // Less than this does not change a byte.
        let least = 0.49 / (255.0 * 255.0 * lost.into_iter().fold(1e-9, f32::max));
        let rows = canvas.rgba[4 * width * shadow.y0..4 * width * shadow.y1].par_chunks_exact_mut(4 * width);
        rows.with_min_len(8).enumerate().for_each(|(dy, pixels)| {
            let (row, v) = (dy / grain, (dy % grain) as f32 * step);
            let (above, below) = (&shadow.dark[row * columns..], &shadow.dark[(row + 1) * columns..]);
            for (column, pixels) in pixels[4 * shadow.x0..4 * shadow.x1].chunks_mut(4 * grain).enumerate() {
                let left = above[column] + (below[column] - above[column]) * v;
                let right = above[column + 1] + (below[column + 1] - above[column + 1]) * v;
                if left <= least && right <= least {
                    continue;
                }
                // Between the computed points the shadow is spread evenly.
                for (i, pixel) in pixels.chunks_exact_mut(4).enumerate() {
                    let amount = (left + (right - left) * i as f32 * step) * f32::from(pixel[3]);
                    for (byte, lost) in pixel.iter_mut().zip(lost) {
                        *byte = (f32::from(*byte) * (1.0 - amount * lost) + 0.5) as u8;
                    }
                }
            }
        });
    }
}
