//! What is finer than the mesh: nails and the creases over the joints, drawn at rest and carried along by the skin.

use super::bones::{Skeleton, THUMB_BONE};
use super::shade::{bell, ramp};
use super::surface::FINGER_RADII;
use super::{HandLook, rgb};
use glam::Vec3;

/// Marks of one hand at one size.
pub(super) struct Marks {
    phalanges: Vec<Phalanx>,
    nail: Vec3,
    shade: Vec3,
    line: Vec3,
    gleam: Vec3,
    /// Size of a sample, hand lengths, and how much of the finest details is drawn.
    sample: f32,
    fine: f32,
    strength: f32,
}

/// Where details sit on one bone of a finger at rest.
struct Phalanx {
    end: Vec3,
    axis: Vec3,
    lateral: Vec3,
    dorsal: Vec3,
    length: f32,
    radius: [f32; 2],
    /// 0 for the bone at the knuckle, 2 for the tip.
    order: usize,
    thumb: bool,
    /// How far the joints at its start and its end are bent.
    bent: [f32; 2],
}

/// Half the width and half the length of a nail on a fingertip of this radius.
fn nail_size(radius: f32, thumb: bool) -> [f32; 2] {
    let half_width = radius * if thumb { 0.74 } else { 0.68 };
    [half_width, half_width * if thumb { 1.15 } else { 1.28 }]
}

/// Whether [`Marks::draw`] may change anything within `reach` of a place of the skin at rest, on the phalanx `number`.
pub(super) fn may_be_marked(rest: &Skeleton, number: usize, point: Vec3, reach: f32) -> bool {
    let (finger, order) = (number / 3, number % 3);
    let bone = &rest.bones[THUMB_BONE + number];
    let from_end = bone.end() - point;
    let (back, side, out) = (from_end.dot(bone.axis), -from_end.dot(bone.lateral), -from_end.dot(bone.dorsal));
    let radius = [FINGER_RADII[finger][order], FINGER_RADII[finger][order + 1]];
    let [half_width, half_length] = nail_size(radius[1], finger == 0);
    let nail = order == 2
        && (back - half_length - 0.006).abs() < 1.3 * half_length + reach
        && side.abs() < 1.3 * half_width + reach
        && out > 0.2 * radius[1] - reach;
    let at_joint = (order > 0 && (bone.length - back).abs() < 0.05 + reach) || (order < 2 && back.abs() < 0.05 + reach);
    nail || (at_joint && out > 0.35 * radius[0] - reach)
}

impl Marks {
    /// Marks for a pose of the mesh whose bones at rest are given; `pixel` and `sample` in hand lengths.
    pub fn new(look: &HandLook, rest: &Skeleton, posed: &Skeleton, pixel: f32, sample: f32) -> Self {
        let bends = posed.bends();
        let phalanges = (0..15)
            .map(|number| {
                let (finger, k) = (number / 3, number % 3);
                let bone = &rest.bones[THUMB_BONE + number];
                let joint = 1 + 4 * finger + k;
                Phalanx {
                    end: bone.end(),
                    axis: bone.axis,
                    lateral: bone.lateral,
                    dorsal: bone.dorsal,
                    length: bone.length,
                    radius: [FINGER_RADII[finger][k], FINGER_RADII[finger][k + 1]],
                    order: k,
                    thumb: finger == 0,
                    bent: [bends[joint], bends[joint + 1]],
                }
            })
            .collect();
        Self {
            phalanges,
            nail: rgb(look.nail) * 255.0,
            shade: rgb(look.shade) * 255.0,
            line: rgb(look.outline) * 255.0,
            gleam: rgb(look.highlight) * 255.0,
            sample,
            fine: ramp(0.022, 0.008, pixel),
            strength: 0.55 + 0.45 * look.drawn.clamp(0.0, 1.0),
        }
    }

    /// The colour of a place of the skin with its marks. `tone` is how much light there is.
    pub fn draw(&self, phalanx: u8, point: Vec3, colour: Vec3, tone: f32) -> Vec3 {
        let Some(bone) = self.phalanges.get(phalanx as usize) else { return colour };
        let from_end = bone.end - point;
        // Back from the far joint, sideways, and out of the back.
        // [`may_be_marked`] knows where something is drawn.
        let (back, side, out) = (from_end.dot(bone.axis), -from_end.dot(bone.lateral), -from_end.dot(bone.dorsal));
        let mut colour = colour;
        if bone.order == 2 {
            colour = self.nail(bone, back, side, out, colour, tone);
        }
        if self.fine > 0.0 && out > 0.0 {
            let from_start = bone.length - back;
            let ends = [(from_start, bone.bent[0], bone.order > 0), (back, bone.bent[1], bone.order < 2)];
            for (distance, bent, is_joint) in ends {
                if is_joint && distance.abs() < 0.05 && bent < 0.6 {
                    colour =
                        colour.lerp(self.line.lerp(self.shade, 0.35), self.crease(bone, distance, side, out, bent));
                }
            }
        }
        colour
    }

    fn nail(&self, bone: &Phalanx, back: f32, side: f32, out: f32, colour: Vec3, tone: f32) -> Vec3 {
        let [half_width, half_length] = nail_size(bone.radius[1], bone.thumb);
        let (u, v) = ((back - half_length - 0.006) / half_length, side / half_width);
        if u.abs() > 1.3 || v.abs() > 1.3 || out < 0.2 * bone.radius[1] {
            return colour;
        }
        let (u2, v2) = (u * u, v * v);
        // Round at the cuticle, squarer at the free edge.
        let square = (u2 * u2 + v2 * v2).sqrt().sqrt();
        let round = (u2 + v2 * (0.55 + 0.45 * v2)).sqrt();
        let shape = square + (round - square) * ramp(-0.3, 0.7, u) - 1.0;
        let soft = self.sample / half_width;
        let shown = ramp(soft, -soft, shape);
        let rim_width = (0.0045 / half_width).max(soft * 1.2);
        // Darker around the cuticle and at the sides than at the free edge.
        let rim = bell(shape, rim_width) * (0.30 + 0.45 * ramp(-0.7, 0.5, u)) * (0.35 + 0.65 * self.fine);
        let tip = ramp(-0.55, -0.80, u);
        let moon = ramp(0.30, 0.05, (u - 0.95) * (u - 0.95) + 0.8 * v2);
        let mut plate = self.shade.lerp(self.nail, 0.30 + 0.70 * tone);
        plate = plate.lerp(self.gleam, 0.30 * tip * tone + 0.16 * moon * self.fine);
        // A long gleam beside the middle.
        let gleam = bell(v + 0.22, 0.30) * ramp(0.95, 0.3, u.abs()) * ramp(0.35, 0.9, tone);
        plate = plate.lerp(self.gleam.lerp(Vec3::splat(255.0), 0.5), 0.30 * gleam);
        colour.lerp(plate, shown * 0.92).lerp(self.line.lerp(self.shade, 0.5), rim * self.strength)
    }

    fn crease(&self, bone: &Phalanx, distance: f32, side: f32, out: f32, bent: f32) -> f32 {
        let radius = bone.radius[0];
        let bow = 0.16 * side * side / radius;
        let width = 0.0042_f32.max(self.sample);
        let strength = ramp(0.35, 0.85, out / radius) * (1.0 - bent / 0.6) * self.fine * self.strength;
        let middle = bell(distance + 0.003 - bow * 0.4, width);
        let above = bell(distance - 0.012 + bow, width) * 0.65;
        let below = bell(distance + 0.017 + bow * 0.6, width) * 0.55;
        (middle + above + below) * strength * 0.30
    }
}
