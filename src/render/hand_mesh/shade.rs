//! Colours of one sample: soft two-tone light, blush, nails, creases, cloth and drawn lines.

use super::forearm;
use super::raster::Found;
use super::surface::{NO_PHALANX, Phalanx, Surface, part};
use super::{HandLook, rgb};
use glam::Vec3;

/// Colours and sizes that stay the same over a picture.
pub(super) struct Shader<'a> {
    look: &'a HandLook,
    surface: &'a Surface,
    pub light: Vec3,
    halfway: Vec3,
    /// Size of a sample, and width of a line inside and outside a silhouette, in hand lengths.
    pub sample: f32,
    pub line: f32,
    /// How much of the smallest details is drawn: 0 where they would be finer than a sample.
    fine: f32,
    skin: [Vec3; 5],
    cloth: [Vec3; 4],
    nail: Vec3,
}

/// 0 below `low`, 1 above `high`, smooth between.
#[inline(always)]
pub(super) fn ramp(low: f32, high: f32, v: f32) -> f32 {
    // The quotient is known beforehand where the bounds are.
    let t = ((v - low) * (1.0 / (high - low))).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Coverage of a sample of the given size whose middle lies `distance` outside an edge.
fn cover(distance: f32, size: f32) -> f32 {
    (0.5 - distance / size).clamp(0.0, 1.0)
}

/// Cheap bell: 1 at 0, 0 from `width` on.
#[inline(always)]
pub(super) fn bell(v: f32, width: f32) -> f32 {
    let t = v * (1.0 / width);
    let t = 1.0 - t * t;
    if t > 0.0 { t * t } else { 0.0 }
}

/// [`bell`] of the root of `square`.
pub(super) fn bell_of_square(square: f32, width: f32) -> f32 {
    let t = 1.0 - square / (width * width);
    if t > 0.0 { t * t } else { 0.0 }
}

impl<'a> Shader<'a> {
    /// `pixel` is the size of a picture element, `sample` that of a sample, in hand lengths.
    pub fn new(look: &'a HandLook, surface: &'a Surface, pixel: f32, sample: f32) -> Self {
        let light = look.light.try_normalize().unwrap_or(Vec3::Z);
        let skin = rgb(look.skin);
        let shade = rgb(look.shade);
        let line = rgb(look.outline);
        let cloth = rgb(look.sleeve);
        let cloth_shade = rgb(look.sleeve_shade);
        Self {
            look,
            surface,
            light,
            halfway: (light + Vec3::Z).normalize(),
            sample,
            line: (look.outline_width * 0.5).max(pixel * 0.55),
            fine: ramp(0.022, 0.009, pixel),
            skin: [skin, shade, line, rgb(look.blush), rgb(look.highlight)],
            cloth: [cloth, cloth_shade, cloth_shade * 0.45 + line * 0.15, cloth * 0.82 + Vec3::splat(0.18)],
            nail: rgb(look.nail),
        }
    }

    /// Colour and coverage of sample `i`, `size` hand lengths wide; colour not multiplied by coverage.
    pub fn colour(&self, found: &Found, i: usize, size: f32) -> (Vec3, f32) {
        let sleeve = found.part[i] as usize == part::SLEEVE;
        let line_colour = if sleeve { self.cloth[2] } else { self.skin[2] };
        let near = found.near[i];
        if found.hit[i] == 0.0 {
            // A sample beside the silhouette: the outer half of the line.
            return (line_colour, cover(near - self.line, size));
        }
        let normal = Vec3::new(found.normal_x[i], found.normal_y[i], found.normal_z[i]);
        let point = Vec3::new(found.x[i], found.y[i], found.z[i]);
        let mut colour = if sleeve {
            self.cloth_colour(point, normal, found.open[i], found.lit[i])
        } else {
            self.skin_colour(found, i, point, normal)
        };

        let inner = cover(found.inside[i] - self.line * 0.9, size);
        // Outer half over other parts of the hand, where they lie behind a finger.
        let outer = cover(found.rim[i] - self.line, size) * ramp(0.012, 0.045, found.rim_step[i]);
        // Between fingers that touch: half a line on each, fading out towards the knuckles.
        let between = if found.next_finger[i] < 0.1 && found.part[i] as usize > part::THUMB {
            cover(found.apart[i] * 0.5 - self.line * 0.55, size) * ramp(0.004, 0.03, found.body[i]) * 0.9
        } else {
            0.0
        };
        let drawn = inner.max(outer).max(between) * self.look.outline_strength;
        colour = colour.lerp(line_colour, drawn);
        (colour, 1.0)
    }

    /// About how far a sample on the hand lies from where the surface under it ends, on either side.
    pub fn to_edge(&self, found: &Found, i: usize) -> f32 {
        let mut edge = found.inside[i].min(found.near[i]).min(found.rim[i]);
        if found.part[i] as usize == part::BODY {
            let arm = &self.surface.arm;
            let to_cuff = arm.cuff - Vec3::new(found.x[i], found.y[i], found.z[i]).dot(arm.axis);
            edge = edge.min((to_cuff.abs() - 0.02).max(0.0));
        }
        edge
    }

    /// Whether a sample lies on the hem of the sleeve, whose colours change within a pixel.
    pub fn is_hem(&self, found: &Found, i: usize) -> bool {
        let arm = &self.surface.arm;
        let into = Vec3::new(found.x[i], found.y[i], found.z[i]).dot(arm.axis) - arm.cuff;
        found.part[i] as usize == part::SLEEVE && into < 0.02
    }

    /// Light on a surface: from shade to full, with the terminator where the look wants it.
    fn tone(&self, normal: Vec3, lit: f32) -> f32 {
        let direct = normal.dot(self.light);
        let shadow = ramp(0.15, 0.95, lit);
        ramp(-0.22, 0.72, direct) * (0.45 + 0.55 * shadow)
    }

    fn skin_colour(&self, found: &Found, i: usize, point: Vec3, normal: Vec3) -> Vec3 {
        let [skin, shade, line, blush, highlight] = self.skin;
        let open = found.open[i].clamp(0.0, 1.0);
        let tone = self.tone(normal, found.lit[i]);
        let mut base = skin;
        let mut crease = 0.0;
        let mut nail = (0.0, 0.0);
        let index = found.phalanx[i] as u8;
        let mut warm = 0.0_f32;
        if index != NO_PHALANX && found.finger[i] < 0.02 {
            let phalanx = &self.surface.phalanges[index as usize];
            let own = ramp(0.02, 0.004, found.finger[i]);
            let marks = self.finger_marks(phalanx, point, normal);
            warm = marks.blush * 0.42 * own;
            crease = marks.crease * own;
            nail = (marks.nail, marks.nail_rim);
        }
        if point.dot(self.surface.arm.axis) < -0.2 {
            for knuckle in self.surface.knuckles {
                warm = warm.max(bell_of_square(point.distance_squared(knuckle), 0.085) * 0.30);
            }
        }
        base = base.lerp(blush, warm);
        // The shade of skin is warmer along the terminator than in the dark.
        let terminator = tone * (1.0 - tone) * 4.0;
        let mut colour = shade.lerp(base, tone).lerp(blush, terminator * 0.10);
        // Ambient shade in hollows and between fingers.
        colour = colour.lerp(shade * 0.86, (1.0 - open) * 0.85);
        let gleam = normal.dot(self.halfway).max(0.0);
        let gleam = gleam * gleam;
        colour = colour.lerp(highlight, ramp(0.72, 1.0, gleam) * 0.34 * tone);
        // Light that comes round the edge on the shaded side.
        let edge = 1.0 - normal.z.clamp(0.0, 1.0);
        colour = colour.lerp(highlight, edge * edge * ramp(0.2, -0.6, normal.dot(self.light)) * 0.22 * open);
        if nail.0 > 0.0 {
            let plate = shade.lerp(self.nail, 0.35 + 0.65 * tone).lerp(highlight, ramp(0.78, 1.0, gleam) * 0.45);
            colour = colour.lerp(plate, nail.0);
            colour = colour.lerp(line.lerp(shade, 0.45), nail.1 * 0.75);
        }
        colour.lerp(line.lerp(shade, 0.35), crease)
    }

    /// Nail, creases and blush of a finger at a point of its surface.
    fn finger_marks(&self, phalanx: &Phalanx, point: Vec3, normal: Vec3) -> Marks {
        let from_end = phalanx.end - point;
        // Back from the far joint, and sideways.
        let back = from_end.dot(phalanx.axis);
        let side = -from_end.dot(phalanx.lateral);
        let facing = normal.dot(phalanx.dorsal);
        let from_start = phalanx.length - back;
        let mut marks = Marks::default();
        if phalanx.order == 2 {
            marks.blush = bell(back - 0.01, 0.075) * 0.9;
            let half_width = phalanx.radius_end * if phalanx.thumb { 0.76 } else { 0.70 };
            let half_length = half_width * if phalanx.thumb { 1.15 } else { 1.25 };
            let (u, v) = ((back - half_length - 0.008) / half_length, side / half_width);
            let (u2, v2) = (u * u, v * v);
            // Round at the cuticle, squarer at the free edge.
            let square = (u2 * u2 + v2 * v2).sqrt().sqrt();
            let round = (u2 + v2 * (0.55 + 0.45 * v2)).sqrt();
            let shape = square + (round - square) * ramp(-0.3, 0.7, u) - 1.0;
            let soft = self.sample / half_width;
            let seen = ramp(0.15, 0.45, facing) * ramp(0.030, 0.012, self.sample);
            marks.nail = ramp(soft, -soft, shape) * seen;
            let rim_width = (0.004 / half_width).max(soft);
            // Darker around the cuticle than at the free edge.
            marks.nail_rim =
                bell(shape, rim_width) * seen * (0.45 + 0.35 * ramp(-0.6, 0.6, u)) * (0.4 + 0.6 * self.fine);
        }
        let bends = [(from_start, phalanx.bent_start, phalanx.order > 0), (back, phalanx.bent_end, phalanx.order < 2)];
        for (distance, bent, joint) in bends {
            if !joint {
                continue;
            }
            marks.blush = marks.blush.max(bell(distance, 0.06) * 0.85 * ramp(-0.2, 0.6, facing));
            if self.fine > 0.0 && facing > 0.0 && bent < 0.55 {
                let radius = phalanx.radius_start;
                let bow = 0.16 * side * side / radius;
                // A bone that points at the viewer packs its creases closely: wider and fainter there.
                let width = 0.0040_f32.max(self.sample * 0.9 / phalanx.level.max(0.2));
                let strength =
                    ramp(0.30, 0.85, facing) * (1.0 - bent / 0.55) * self.fine * ramp(0.4, 0.9, phalanx.level);
                let lines = bell(distance - 0.011 + bow, width) * 0.7 + bell(distance + 0.003 - bow * 0.6, width);
                marks.crease = marks.crease.max(lines * strength * 0.28);
            }
        }
        marks
    }

    fn cloth_colour(&self, point: Vec3, normal: Vec3, open: f32, lit: f32) -> Vec3 {
        let [cloth, shade, line, light] = self.cloth;
        let arm = &self.surface.arm;
        let fold = forearm::folds(arm, point, normal);
        let bent = (normal + fold.tilt).try_normalize().unwrap_or(normal);
        let tone = self.tone(bent, lit);
        let mut colour = shade.lerp(cloth, tone).lerp(shade * 0.8, (1.0 - open.clamp(0.0, 1.0)) * 0.8);
        colour = colour.lerp(light, ramp(0.55, 1.0, bent.dot(self.light)) * 0.30);
        colour = colour.lerp(shade, fold.dark * 0.55);
        // The inside of the cuff, and its seam.
        let into_sleeve = ramp(0.75, 0.95, -normal.dot(arm.axis));
        colour = colour.lerp(line.lerp(shade, 0.3), into_sleeve * 0.9);
        let seam = (point.dot(arm.axis) - arm.cuff - forearm::CUFF_WIDTH).abs();
        let width = 0.005_f32.max(self.sample * 0.8);
        colour.lerp(line, bell(seam, width) * 0.55)
    }
}

#[derive(Default)]
struct Marks {
    blush: f32,
    crease: f32,
    nail: f32,
    nail_rim: f32,
}
