//! Light on skin and cloth: colours of the points of a mesh.

use super::pose::Posed;
use super::{HandLook, rgb};
use glam::Vec3;

/// 0 below `low`, 1 above `high`, smooth between; `low` may be the larger one.
#[inline(always)]
pub(super) fn ramp(low: f32, high: f32, v: f32) -> f32 {
    let t = ((v - low) * (1.0 / (high - low))).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Cheap bell: 1 at 0, 0 from `width` on.
#[inline(always)]
pub(super) fn bell(v: f32, width: f32) -> f32 {
    let t = v * (1.0 / width);
    let t = 1.0 - t * t;
    if t > 0.0 { t * t } else { 0.0 }
}

/// Colours and light that stay the same over a picture.
pub(super) struct Shader {
    pub light: Vec3,
    halfway: Vec3,
    /// How far the edge between light and shade is spread.
    soft: f32,
    drawn: f32,
    skin: Vec3,
    shade: Vec3,
    blush: Vec3,
    highlight: Vec3,
    cloth: [Vec3; 3],
}

impl Shader {
    /// `cloth`: in full light, at rest and in shade. The light of a mirrored hand is mirrored with it.
    pub fn new(look: &HandLook, cloth: [[u8; 3]; 3], mirror: f32) -> Self {
        let mut light = look.light.try_normalize().unwrap_or(Vec3::Z);
        light.x *= mirror;
        Self {
            light,
            halfway: (light + Vec3::Z).try_normalize().unwrap_or(Vec3::Z),
            soft: look.softness.clamp(0.0, 1.0),
            drawn: look.drawn.clamp(0.0, 1.0),
            skin: rgb(look.skin),
            shade: rgb(look.shade),
            blush: rgb(look.blush),
            highlight: rgb(look.highlight),
            cloth: cloth.map(rgb),
        }
    }

    /// How much light falls on a surface, 0 to 1: the terminator is as soft as the look wants it.
    fn tone(&self, normal: Vec3, lit: f32) -> f32 {
        let spread = 0.16 * self.soft;
        let direct = ramp(-0.30 - spread, 0.78 + spread, normal.dot(self.light));
        direct * (0.42 + 0.58 * ramp(0.10, 0.95, lit))
    }

    /// Colour (0 to 255) and light of a point of the skin. `blush` is how red it is by nature; `rest` the place at rest.
    pub fn skin(&self, posed: &Posed, i: usize, blush: f32, rest: Vec3) -> (Vec3, f32) {
        let (normal, open) = (posed.normals[i], posed.open[i]);
        let tone = self.tone(normal, posed.lit[i]);
        // Unevenness of real skin, hardly there in a drawn one.
        let uneven = if self.drawn < 0.99 { (1.0 - self.drawn) * mottled(rest * 26.0) } else { 0.0 };
        let base = self.skin.lerp(self.blush, (blush * 0.55 + 0.10 * uneven).clamp(0.0, 1.0));
        // Light wanders under the skin: red reaches farther into the shade than green and blue.
        let wander = tone * (1.0 - tone);
        let reach = Vec3::new(tone + 0.26 * wander, tone, tone - 0.11 * wander);
        let mut colour = self.shade + (base - self.shade) * reach;
        colour = colour.lerp(self.blush * Vec3::new(1.0, 0.92, 0.88), wander * 0.56);
        // Hollows and the places between fingers are dark and warm.
        let hollow = (1.0 - open) * 0.85;
        colour = colour.lerp(self.shade * Vec3::new(0.88, 0.76, 0.72), hollow);
        let gleam = normal.dot(self.halfway).max(0.0);
        let gleam = ramp(0.74, 1.0, gleam * gleam);
        colour = colour.lerp(self.highlight, gleam * (0.26 + 0.10 * self.drawn) * tone * open);
        // Light that comes round the edge on the shaded side.
        let edge = 1.0 - normal.z.clamp(0.0, 1.0);
        colour = colour.lerp(self.highlight, edge * edge * ramp(0.2, -0.6, normal.dot(self.light)) * 0.20 * open);
        (colour * 255.0, tone)
    }

    /// Colour (0 to 255) of a point of cloth that lies `deep` (0 to 1) in a fold.
    pub fn cloth(&self, normal: Vec3, open: f32, lit: f32, deep: f32) -> Vec3 {
        let [light, cloth, shade] = self.cloth;
        let tone = self.tone(normal, lit);
        let mut colour = shade.lerp(cloth, ramp(0.0, 0.75, tone)).lerp(light, ramp(0.60, 1.0, tone) * 0.8);
        colour = colour.lerp(shade * 0.82, (1.0 - open) * 0.75);
        colour = colour.lerp(shade * 0.9, deep * 0.42);
        colour * 255.0
    }
}

/// Smooth unevenness from -1 to 1, the same for the same place.
fn mottled(p: Vec3) -> f32 {
    let wave = |a: Vec3, shift: f32| (p.dot(a) + shift).sin();
    0.5 * wave(Vec3::new(0.9, 0.5, 0.3), 0.4) * wave(Vec3::new(-0.4, 0.8, 0.6), 1.9)
        + 0.5 * wave(Vec3::new(1.7, -1.1, 0.9), 2.7) * wave(Vec3::new(0.6, 1.9, -1.3), 0.2)
}
