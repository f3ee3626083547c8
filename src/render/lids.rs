//! Blinks: the upper lid with its lashes slides down over the eye.
//!
//! The warp keeps the eyeball's shape, whatever the lids do. A closing lid is a strip of the picture: the skin between
//! crease and lashes is stretched down, the lash line itself keeps its thickness and ends in a soft edge over the eye.

use super::paint::{Pt, curve};
use super::patch::{Knot, Strip, WELL_INSIDE};
use super::rig::{Moved, Rig};
use super::warp::{Field, Texture};
use crate::pose::FACE_POINT_COUNT;

/// Pieces of lid between two landmarks.
const STEPS: usize = 10;

/// The resting eyes of a person.
pub struct Lids {
    rest: [Pt; FACE_POINT_COUNT],
    /// Thickness of the lash line and height of the lid's skin above it, in eye widths.
    lashes: f32,
    skin: f32,
}

/// Upper lid from corner to corner, then lower lid, for both eyes.
const EYES: [([usize; 4], [usize; 4]); 2] = [([36, 37, 38, 39], [36, 41, 40, 39]), ([45, 44, 43, 42], [45, 46, 47, 42])];

impl Lids {
    /// `lashes` and `skin` in eye widths: how much above the edge of the lid belongs to the lash line, and where above
    /// it plain skin is found.
    pub fn new(rig: &Rig, lashes: f32, skin: f32) -> Self {
        Self { rest: *rig.rest_face(), lashes, skin }
    }

    /// Draws the lids over the warped picture, where they are lower than at rest.
    pub fn draw(&self, field: &Field, moved: &Moved, texture: &Texture, out: &mut [u8]) {
        for (upper, lower) in EYES {
            self.lid(upper, lower, field, moved, texture, out);
        }
    }

    fn lid(
        &self,
        upper: [usize; 4],
        lower: [usize; 4],
        field: &Field,
        moved: &Moved,
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
            [moved.face[upper[k]][0] - warped[0], moved.face[upper[k]][1] - warped[1]]
        });
        if drop.iter().all(|d| d[1] * scale < 0.1) {
            return;
        }
        let wanted = curve(&[corner(upper[0]), moved.face[upper[1]], moved.face[upper[2]], corner(upper[3])], false, STEPS);
        let (a, b) = (self.rest[upper[0]], self.rest[upper[3]]);
        let width = (a[0] - b[0]).hypot(a[1] - b[1]);
        // Up, at right angles to the line between the corners; rest pictures are upright.
        let sign = if b[0] > a[0] { 1.0 } else { -1.0 };
        let up = [sign * (b[1] - a[1]) / width.max(1e-6), -sign * (b[0] - a[0]) / width.max(1e-6)];
        let last = rest.len() - 1;
        let rungs = (0..=last)
            .map(|i| {
                let t = i as f32 / last as f32;
                let arch = (std::f32::consts::PI * t).sin();
                let raised = |h: f32| -> Pt { [rest[i][0] + up[0] * h * width, rest[i][1] + up[1] * h * width] };
                let warped = field.carry(rest[i]);
                // Never above its resting place, never below the lower lid.
                let floor = field.carry(rest_lower[i])[1] + 0.25 / scale;
                let edge = [
                    warped[0] + (wanted[i][0] - warped[0]).clamp(-0.2 * width, 0.2 * width),
                    wanted[i][1].max(warped[1]).min(floor.max(warped[1])),
                ];
                let by = [edge[0] - warped[0], edge[1] - warped[1]];
                let closed = ((edge[1] - warped[1]) / (floor - warped[1]).max(1e-6)).clamp(0.0, 1.0);
                let (skin, lashes) = (raised(self.skin * (0.45 + 0.55 * arch)), raised(self.lashes));
                let (skin_place, lash_place) = (field.carry(skin), field.carry(lashes));
                let knot = |rest: Pt, place: Pt, shade: f32| Knot { rest, place, shade, inside: WELL_INSIDE };
                let lash_place = [lash_place[0] + by[0], lash_place[1] + by[1]];
                // The lid is a ball: it bulges in the middle of its way and turns away above and below.
                let bulge = [0.0, 0.35, 0.75].map(|t| -> Knot {
                    let place = [0, 1].map(|k| skin_place[k] + t * (lash_place[k] - skin_place[k]));
                    let shade = 1.0 + closed * arch * [0.0, 0.035, -0.03][(t * 2.9) as usize];
                    let from = [0, 1].map(|k| skin[k] + t * (lashes[k] - skin[k]));
                    knot(from, place, shade)
                });
                let pixel = 1.0 / scale;
                let edge_length = (edge[1] - lash_place[1]).abs().max(1e-6);
                let near = (pixel / edge_length).min(0.5);
                let inner = Knot {
                    rest: std::array::from_fn(|k| rest[i][k] + near * (lashes[k] - rest[i][k])),
                    place: std::array::from_fn(|k| edge[k] + near * (lash_place[k] - edge[k])),
                    shade: 1.0,
                    inside: near * edge_length * scale,
                };
                vec![bulge[0], bulge[1], bulge[2], knot(lashes, lash_place, 1.0 - 0.05 * closed), inner, knot(rest[i], edge, 1.0)]
            })
            .collect();
        Strip { rungs }.with_free_edge(scale).draw(texture, out);
    }
}
