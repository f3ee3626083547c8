//! Blinks: the upper lid with its lashes slides down over the eye.
//!
//! The warp keeps the eyeball's shape, whatever the lids do. A closing lid is a strip of the picture: the skin between
//! crease and lashes is stretched down, the lash line itself keeps its thickness and ends in a soft edge over the eye.

use super::paint::{Pt, curve};
use super::patch::{Knot, Strip, WELL_INSIDE};
use super::rig::{Moved, Rig};
use super::texture::Texture;
use super::warp::Field;
use crate::pose::FACE_POINT_COUNT;

/// Pieces of lid between two landmarks.
const STEPS: usize = 10;
/// How far the upper lid follows an eye that looks down.
const LID_FOLLOWS: f32 = 0.6;

/// The resting eyes of a person.
pub struct Lids {
    rest: [Pt; FACE_POINT_COUNT],
    /// Thickness of the lash line and height of the lid's skin above it, in eye widths.
    lashes: f32,
    skin: f32,
}

/// Upper lid from corner to corner, then lower lid, for both eyes.
const EYES: [([usize; 4], [usize; 4]); 2] =
    [([36, 37, 38, 39], [36, 41, 40, 39]), ([45, 44, 43, 42], [45, 46, 47, 42])];

impl Lids {
    /// `lashes` and `skin` in eye widths: how much above the edge of the lid belongs to the lash line, and where above
    /// it plain skin is found.
    pub fn new(rig: &Rig, lashes: f32, skin: f32) -> Self {
        Self { rest: *rig.rest_face(), lashes, skin }
    }

    /// Draws the lids over the warped picture, where they are lower than at rest.
    pub fn draw(&self, field: &Field, moved: &Moved, texture: &Texture, out: &mut [u8]) {
        for ((upper, lower), gaze) in EYES.into_iter().zip(moved.gaze) {
            // The upper lid goes down with the eye: what looks down does not show white above the iris.
            let follow = LID_FOLLOWS * gaze[1].max(0.0);
            let mut face = moved.face;
            for i in [upper[1], upper[2]] {
                face[i][1] = face[i][1].max(field.carry(self.rest[i])[1] + follow);
            }
            self.lid(upper, lower, field, &face, texture, out);
        }
    }

    fn lid(
        &self,
        upper: [usize; 4],
        lower: [usize; 4],
        field: &Field,
        face: &[Pt; FACE_POINT_COUNT],
        texture: &Texture,
        out: &mut [u8],
    ) {
        let scale = texture.height as f32;
        let rest = curve(&upper.map(|i| self.rest[i]), false, STEPS);
        let rest_lower = curve(&lower.map(|i| self.rest[i]), false, STEPS);
        // The corners go with the warp; the lid hangs between them.
        let corner = |i: usize| field.carry(self.rest[i]);
        let drop: [Pt; 4] = std::array::from_fn(|k| {
            if k == 0 || k == 3 {
                return [0.0, 0.0];
            }
            let warped = corner(upper[k]);
            [face[upper[k]][0] - warped[0], face[upper[k]][1] - warped[1]]
        });
        if drop.iter().all(|d| d[1] * scale < 0.1) {
            return;
        }
        let wanted = curve(&[corner(upper[0]), face[upper[1]], face[upper[2]], corner(upper[3])], false, STEPS);
        let (a, b) = (self.rest[upper[0]], self.rest[upper[3]]);
        let width = (a[0] - b[0]).hypot(a[1] - b[1]);
        // Up, at right angles to the line between the corners; rest pictures are upright.
        let sign = if b[0] > a[0] { 1.0 } else { -1.0 };
        let up = [sign * (b[1] - a[1]) / width.max(1e-6), -sign * (b[0] - a[0]) / width.max(1e-6)];
        let last = rest.len() - 1;
        let warped: Vec<Pt> = rest.iter().map(|p| field.carry(*p)).collect();
        // The lower lid stops the upper one.
        let floor: Vec<f32> = rest_lower.iter().map(|p| field.carry(*p)[1] + 0.25 / scale).collect();
        let edge: Vec<Pt> = (0..=last)
            .map(|i| {
                let x = warped[i][0] + (wanted[i][0] - warped[i][0]).clamp(-0.2 * width, 0.2 * width);
                [x, wanted[i][1].max(warped[i][1]).min(floor[i].max(warped[i][1]))]
            })
            .collect();
        // Lashes stand on the lid: what belongs to them is measured at right angles to its edge, half-way to upright.
        let normal = |line: &[Pt], i: usize| -> Pt {
            let (a, b) = (line[i.saturating_sub(1)], line[(i + 1).min(last)]);
            let (tx, ty) = (b[0] - a[0], b[1] - a[1]);
            let long = tx.hypot(ty).max(1e-9) * sign;
            [0.5 * (up[0] + ty / long), 0.5 * (up[1] - tx / long)]
        };
        let rungs = (0..=last)
            .map(|i| {
                let arch = (std::f32::consts::PI * i as f32 / last as f32).sin();
                let (n, m) = (normal(&rest, i), normal(&edge, i));
                let raised = |h: f32| -> Pt { [rest[i][0] + n[0] * h * width, rest[i][1] + n[1] * h * width] };
                let closed = ((edge[i][1] - warped[i][1]) / (floor[i] - warped[i][1]).max(1e-6)).clamp(0.0, 1.0);
                let skin = raised(self.lashes + (self.skin - self.lashes) * (0.45 + 0.55 * arch));
                let lashes = raised(self.lashes);
                let skin_place = field.carry(skin);
                // Carried by the warp, moved with the edge, and turned as the edge turns, except at the corners.
                let at_rest = field.carry(lashes);
                let lash_place: Pt = std::array::from_fn(|k| {
                    at_rest[k] + (edge[i][k] - warped[i][k]) + (m[k] - n[k]) * arch.sqrt() * self.lashes * width
                });
                let between = |a: Pt, b: Pt, t: f32| -> Pt { [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])] };
                // The lid is a ball: it bulges in the middle of its way and turns away from the light below.
                let skin_knot = |t: f32, light: f32| Knot {
                    rest: between(skin, lashes, t),
                    place: between(skin_place, lash_place, t),
                    shade: 1.0 + closed * arch * light,
                    inside: WELL_INSIDE,
                };
                // A knot a pixel above the edge keeps the soft border narrow.
                let length = (edge[i][0] - lash_place[0]).hypot(edge[i][1] - lash_place[1]).max(1e-6);
                let near = (1.0 / (scale * length)).min(0.5);
                let inner = Knot {
                    rest: between(rest[i], lashes, near),
                    place: between(edge[i], lash_place, near),
                    shade: 1.0,
                    inside: near * length * scale,
                };
                let lash_knot = Knot { inside: WELL_INSIDE, ..skin_knot(1.0, -0.03) };
                let last_knot = Knot { rest: rest[i], place: edge[i], shade: 1.0, inside: 0.0 };
                vec![skin_knot(0.0, 0.0), skin_knot(0.4, 0.035), skin_knot(0.8, -0.02), lash_knot, inner, last_knot]
            })
            .collect();
        Strip { rungs }.with_free_edge(scale).draw(texture, out);
    }
}
