//! The look of a hand that fits a picture: colours, light, softness, noise and line, found on the person's face.
//!
//! Light: brightness of the skin is fitted to the normals of an egg-shaped face by least squares (the first order of
//! Basri & Jacobs 2003, Lambertian reflectance and linear subspaces). Noise: Immerkær 1996, Fast noise variance
//! estimation, at two sizes. Lines: a line is darker than what lies on both of its sides.

use super::HandLook;
use super::shade::ramp;
use crate::pose::Reference;
use glam::{Vec2, Vec3};
use image::{GrayImage, RgbaImage};

/// A look for hands over `picture`, of the person whose resting places are `reference` (68 face points). `matte` is
/// white where the person is. What the picture does not tell is taken from `usual`.
///
/// Light direction, skin, shade, blush, gleam, nails, cloth, softness of shadows, noise with its size, sharpness, and
/// strength of drawn lines are measured; widths of lines and the cuff's place stay as they are in `usual`.
pub fn look_from_picture(
    picture: &RgbaImage,
    matte: Option<&GrayImage>,
    reference: &Reference,
    usual: &HandLook,
) -> HandLook {
    let mut look = usual.clone();
    let Some(view) = View::new(picture, reference) else { return look };
    let mut skin = view.skin();
    if skin.len() < 60 {
        return look;
    }
    if let Some(light) = light(&skin) {
        look.light = light;
    }
    skin.sort_by(|a, b| a.bright.total_cmp(&b.bright));
    let full = mean_of(&skin, 0.50, 0.85);
    let dark = mean_of(&skin, 0.02, 0.10);
    // A hand has deeper shades than the front of a face; evenly lit faces give paler ones.
    let ratio = (dark / full.max(Vec3::splat(0.02))).clamp(Vec3::splat(0.30), Vec3::splat(0.97));
    let depth = ratio.dot(BRIGHT).clamp(0.42, 0.80) / ratio.dot(BRIGHT);
    let warm = Vec3::new(1.0, 0.93, 0.88);
    let shade = full * (ratio * depth).min(Vec3::splat(0.9)) * warm;
    let lips = view.lips().unwrap_or(full * Vec3::new(0.9, 0.65, 0.62));
    look.skin = bytes(full);
    look.shade = bytes(shade);
    look.highlight = bytes(mean_of(&skin, 0.93, 0.99).max(full));
    look.blush = bytes(full.lerp(lips, 0.30));
    look.nail = bytes(full.lerp(lips, 0.16).lerp(Vec3::ONE, 0.07));
    look.shadow = bytes((shade / full.max(Vec3::splat(0.02))).min(Vec3::ONE) * 0.92);
    let contrast = 1.0 - ratio.dot(BRIGHT);
    look.softness = 1.0 - ramp(0.10, 0.55, contrast);
    look.shadow_strength = 0.34 + 0.26 * ramp(0.05, 0.5, contrast);
    let (grain, size) = view.noise();
    look.drawn = ramp(1.5, 0.5, grain);
    let faint = grain < 0.35;
    look.grain = if faint { 0.0 } else { grain };
    look.grain_size = size * view.pixel;
    look.blur =
        if look.drawn < 0.5 { (view.edge_width().powi(2) - 0.5).clamp(0.0, 36.0).sqrt() * view.pixel } else { 0.0 };
    let (line, colour) = view.lines(matte);
    look.outline_strength = (line * look.drawn).clamp(0.0, 0.9);
    look.outline = bytes(colour.unwrap_or(shade * 0.55).min(shade * 0.75));
    if let Some([cloth, cloth_shade]) = view.cloth(matte, reference) {
        look.sleeve = bytes(cloth);
        look.sleeve_shade = bytes(cloth_shade);
    }
    look
}

/// Share of red, green and blue in brightness (ITU-R BT.709).
const BRIGHT: Vec3 = Vec3::new(0.2126, 0.7152, 0.0722);

fn bytes(c: Vec3) -> [u8; 3] {
    c.to_array().map(|v| (v * 255.0 + 0.5).clamp(0.0, 255.0) as u8)
}

/// A place of the face's skin.
#[derive(Clone, Copy)]
struct Spot {
    colour: Vec3,
    bright: f32,
    normal: Vec3,
}

/// Mean colour between two shares of spots sorted by brightness.
fn mean_of(sorted: &[Spot], from: f32, to: f32) -> Vec3 {
    let at = |t: f32| (t * sorted.len() as f32) as usize;
    let some = &sorted[at(from)..at(to).max(at(from) + 1).min(sorted.len())];
    some.iter().map(|s| s.colour).sum::<Vec3>() / some.len().max(1) as f32
}

/// The way to the light from brightness and normals; `None` where the skin is lit evenly.
fn light(spots: &[Spot]) -> Option<Vec3> {
    let mut kept: Vec<&Spot> = spots.iter().collect();
    let mut found = [0.0; 4];
    // Freckles, brows and gleams are left out in later rounds.
    for round in 0..3 {
        let mut normal = [[0.0_f64; 5]; 4];
        for s in &kept {
            let row = [1.0, s.normal.x, s.normal.y, s.normal.z].map(f64::from);
            for i in 0..4 {
                for j in 0..4 {
                    normal[i][j] += row[i] * row[j];
                }
                normal[i][4] += row[i] * f64::from(s.bright);
            }
        }
        // The part towards the viewer and the even part are hard to tell apart: both are held down a little.
        for (i, row) in normal.iter_mut().enumerate() {
            row[i] += if i == 0 { 1e-6 } else { 0.004 * kept.len() as f64 };
        }
        found = solve(normal)?;
        if round < 2 {
            let off = |s: &Spot| (s.bright as f64 - fit(&found, s.normal)).abs();
            let mut offs: Vec<f64> = kept.iter().map(|s| off(s)).collect();
            offs.sort_by(f64::total_cmp);
            let limit = 2.5 * offs[offs.len() / 2] + 1e-4;
            kept.retain(|s| off(s) <= limit);
            if kept.len() < 40 {
                return None;
            }
        }
    }
    let across = Vec2::new(found[1] as f32, found[2] as f32);
    let mean = found[0].max(0.05) as f32;
    if across.length() < 0.012 * mean {
        return None;
    }
    // A light is never behind the person, nor wholly in front: the hand would have no shape.
    let toward = (found[3] as f32).clamp(0.45 * across.length(), 2.2 * across.length());
    Some(across.extend(toward).normalize())
}

fn fit(k: &[f64; 4], n: Vec3) -> f64 {
    k[0] + k[1] * f64::from(n.x) + k[2] * f64::from(n.y) + k[3] * f64::from(n.z)
}

/// Gauss-Jordan elimination of four equations.
fn solve(mut m: [[f64; 5]; 4]) -> Option<[f64; 4]> {
    for i in 0..4 {
        let best = (i..4).max_by(|a, b| m[*a][i].abs().total_cmp(&m[*b][i].abs()))?;
        m.swap(i, best);
        if m[i][i].abs() < 1e-12 {
            return None;
        }
        let row = m[i];
        for (j, other) in m.iter_mut().enumerate().filter(|(j, _)| *j != i) {
            debug_assert_ne!(i, j);
            let factor = other[i] / row[i];
            other.iter_mut().zip(row).for_each(|(v, r)| *v -= factor * r);
        }
    }
    Some(std::array::from_fn(|i| m[i][4] / m[i][i]))
}

/// A picture with the places of its person.
struct View<'a> {
    picture: &'a RgbaImage,
    /// Picture units per pixel.
    pixel: f32,
    face: Vec<Vec2>,
    /// Middle and half axes of the egg that stands for the face.
    middle: Vec2,
    half: Vec2,
}

impl<'a> View<'a> {
    fn new(picture: &'a RgbaImage, reference: &Reference) -> Option<Self> {
        let face: Vec<Vec2> = reference.face.iter().map(|p| Vec2::from_array(*p)).collect();
        if face.len() < 68 || picture.height() < 16 || !face.iter().all(|p| p.is_finite()) {
            return None;
        }
        let width = (face[16].x - face[0].x).abs().max((face[14].x - face[2].x).abs());
        let brows = face[17..27].iter().map(|p| p.y).sum::<f32>() / 10.0;
        let chin = face[8].y;
        // The forehead is as high as from brows to nose.
        let top = brows - 0.42 * (chin - brows);
        let half = Vec2::new(0.54 * width, 0.52 * (chin - top));
        let middle = Vec2::new((face[0].x + face[16].x) / 2.0, (top + chin) / 2.0);
        (half.min_element() > 0.01).then_some(Self {
            picture,
            pixel: 1.0 / picture.height() as f32,
            face,
            middle,
            half,
        })
    }

    /// The colour (0 to 1) of the pixel at a place.
    fn colour(&self, p: Vec2) -> Option<Vec3> {
        let (x, y) = (p.x / self.pixel, p.y / self.pixel);
        let inside = x >= 0.0 && y >= 0.0 && x < self.picture.width() as f32 && y < self.picture.height() as f32;
        let at = |p: &image::Rgba<u8>| Vec3::new(f32::from(p[0]), f32::from(p[1]), f32::from(p[2])) / 255.0;
        inside.then(|| at(self.picture.get_pixel(x as u32, y as u32)))
    }

    fn bright(&self, p: Vec2) -> Option<f32> {
        self.colour(p).map(|c| c.dot(BRIGHT))
    }

    /// Whether eyes, brows, mouth or nostrils are at a place.
    fn is_feature(&self, p: Vec2) -> bool {
        let margin = 0.16 * self.half.x;
        [17..22, 22..27, 36..42, 42..48, 48..60, 31..36].into_iter().any(|range| {
            let points = &self.face[range];
            let low = points.iter().fold(Vec2::MAX, |a, b| a.min(*b)) - margin;
            let high = points.iter().fold(Vec2::MIN, |a, b| a.max(*b)) + margin;
            p.cmpge(low).all() && p.cmple(high).all()
        })
    }

    /// Skin of cheeks, chin, nose and forehead under the hair.
    fn skin(&self) -> Vec<Spot> {
        let brows = self.face[17..27].iter().map(|p| p.y).fold(f32::MAX, f32::min);
        let top = brows - 0.16 * self.half.y;
        let mut spots = Vec::new();
        const STEPS: i32 = 48;
        for j in -STEPS..=STEPS {
            for i in -STEPS..=STEPS {
                let unit = Vec2::new(i as f32, j as f32) / STEPS as f32;
                let flat = unit.length_squared();
                let p = self.middle + unit * self.half;
                if flat > 0.84 || p.y < top || self.is_feature(p) {
                    continue;
                }
                let Some(colour) = self.colour(p) else { continue };
                let normal = (unit / self.half * self.half.x).extend((1.0 - flat).sqrt()).normalize();
                spots.push(Spot { colour, bright: colour.dot(BRIGHT), normal });
            }
        }
        // Hair and jewellery: far from what most spots look like.
        let mut sorted: Vec<f32> = spots.iter().map(|s| s.bright).collect();
        sorted.sort_by(f32::total_cmp);
        let Some(middle) = sorted.get(sorted.len() * 6 / 10).copied() else { return spots };
        let reds = |c: Vec3| (c.x - c.z) / (c.x + c.y + c.z).max(0.02);
        let mut tints: Vec<f32> = spots.iter().map(|s| reds(s.colour)).collect();
        tints.sort_by(f32::total_cmp);
        let tint = tints[tints.len() / 2];
        spots.retain(|s| s.bright > 0.30 * middle && (reds(s.colour) - tint).abs() < 0.12);
        spots
    }

    fn lips(&self) -> Option<Vec3> {
        let between = [(49, 60), (53, 64), (57, 66), (58, 67), (56, 65)];
        let colours: Vec<Vec3> =
            between.iter().filter_map(|(a, b)| self.colour(self.face[*a].lerp(self.face[*b], 0.5))).collect();
        (!colours.is_empty()).then(|| colours.iter().sum::<Vec3>() / colours.len() as f32)
    }

    /// Standard deviation of the noise on the skin, 0 to 255, and the size of its grains in pixels.
    fn noise(&self) -> (f32, f32) {
        let at = |size: f32| {
            let mut found = Vec::new();
            const STEPS: i32 = 40;
            for j in -STEPS..=STEPS {
                for i in -STEPS..=STEPS {
                    let unit = Vec2::new(i as f32, j as f32) / STEPS as f32;
                    let p = self.middle + unit * self.half * 0.85;
                    if unit.length_squared() > 1.0 || p.y < self.face[27].y || self.is_feature(p) {
                        continue;
                    }
                    let step = size * self.pixel;
                    // Means over squares of the grain's size, in a cross of three by three.
                    let mean = |x: i32, y: i32| -> Option<f32> {
                        let n = size as i32;
                        let mut sum = 0.0;
                        for v in 0..n {
                            for u in 0..n {
                                let q = Vec2::new((x * n + u) as f32, (y * n + v) as f32) * self.pixel;
                                sum += self.bright(p + q)?;
                            }
                        }
                        Some(sum / (n * n) as f32)
                    };
                    let mut response = Some(0.0);
                    for (x, y, w) in [
                        (-1, -1, 1.0),
                        (0, -1, -2.0),
                        (1, -1, 1.0),
                        (-1, 0, -2.0),
                        (0, 0, 4.0),
                        (1, 0, -2.0),
                        (-1, 1, 1.0),
                        (0, 1, -2.0),
                        (1, 1, 1.0),
                    ] {
                        response = response.zip(mean(x, y)).map(|(r, m)| r + w * m);
                    }
                    debug_assert!(step > 0.0);
                    found.extend(response.map(f32::abs));
                }
            }
            found.sort_by(f32::total_cmp);
            // Half of all lie below 0.6745 standard deviations; the mask has a norm of 6.
            found.get(found.len() / 2).map_or(0.0, |m| 255.0 * m / (0.6745 * 6.0))
        };
        let (fine, coarse) = (at(1.0), at(2.0));
        if coarse > 0.75 * fine { (coarse * 1.15, 2.0) } else { (fine, 1.0) }
    }

    /// How wide the sharpest edges around eyes and lips are: standard deviation in pixels.
    fn edge_width(&self) -> f32 {
        let mut widths: Vec<f32> = Vec::new();
        for i in 36..68 {
            // Means over five pixels sideways keep noise out of it.
            let at = |k: i32| -> Option<f32> {
                let one = |j: i32| self.bright(self.face[i] + Vec2::new(j as f32, k as f32) * self.pixel);
                Some((-2..=2).map(one).sum::<Option<f32>>()? / 5.0)
            };
            let profile: Vec<f32> = (-9..=9).filter_map(at).collect();
            let (low, high) = profile.iter().fold((f32::MAX, f32::MIN), |(l, h), v| (l.min(*v), h.max(*v)));
            let steepest = profile.windows(2).map(|w| (w[1] - w[0]).abs()).fold(0.0, f32::max);
            if high - low > 0.15 && steepest > 0.0 {
                widths.push((high - low) / (steepest * std::f32::consts::TAU.sqrt()));
            }
        }
        widths.sort_by(f32::total_cmp);
        widths.get(widths.len() / 3).copied().unwrap_or(0.0)
    }

    /// How dark the lines around the person are, 0 to 1, and their colour.
    fn lines(&self, matte: Option<&GrayImage>) -> (f32, Option<Vec3>) {
        let mut found: Vec<(f32, Vec3)> = Vec::new();
        let mut probe = |p: Vec2, out: Vec2| {
            let colour = |t: f32| self.colour(p + out * t);
            let side = |from: i32, to: i32| -> Option<f32> {
                let all: Vec<f32> =
                    (from..=to).filter_map(|k| colour(0.002 * k as f32)).map(|c| c.dot(BRIGHT)).collect();
                (all.len() as i32 == to - from + 1).then(|| all.iter().sum::<f32>() / all.len() as f32)
            };
            let (Some(inside), Some(outside)) = (side(-9, -5), side(5, 9)) else { return };
            let darkest = (-4..=4)
                .filter_map(|k| colour(0.001 * k as f32))
                .min_by(|a, b| a.dot(BRIGHT).total_cmp(&b.dot(BRIGHT)));
            let Some(darkest) = darkest else { return };
            let dip = (inside.min(outside) - darkest.dot(BRIGHT)).max(0.0);
            found.push((ramp(0.03, 0.40, dip / inside.min(outside).max(0.05)), darkest));
        };
        for i in 2..15 {
            probe(self.face[i], (self.face[i] - self.middle).normalize_or(Vec2::Y));
        }
        // Along the edge of the person at both sides, under the chin.
        if let Some(matte) = matte.filter(|m| m.dimensions() == self.picture.dimensions()) {
            let (width, height) = matte.dimensions();
            let first = ((self.face[8].y / self.pixel) as u32).min(height.saturating_sub(1));
            for y in (first..height).step_by((height as usize / 60).max(1)) {
                let inside = |x: &u32| matte.get_pixel(*x, y)[0] > 127;
                let at = |x: u32| Vec2::new(x as f32 + 0.5, y as f32 + 0.5) * self.pixel;
                if let Some(x) = (0..width).find(inside).filter(|x| *x > 0) {
                    probe(at(x), Vec2::NEG_X);
                }
                if let Some(x) = (0..width).rev().find(inside).filter(|x| *x + 1 < width) {
                    probe(at(x), Vec2::X);
                }
            }
        }
        if found.len() < 5 {
            return (0.0, None);
        }
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (strength, _) = found[found.len() * 2 / 3];
        let strong = &found[found.len() * 2 / 3..];
        let colour = strong.iter().map(|f| f.1).sum::<Vec3>() / strong.len() as f32;
        (strength, Some(colour))
    }

    /// Cloth of the chest in light and in shade.
    fn cloth(&self, matte: Option<&GrayImage>, reference: &Reference) -> Option<[Vec3; 2]> {
        let (l, r) = (Vec2::from_array(reference.left_shoulder), Vec2::from_array(reference.right_shoulder));
        let throat = Vec2::from_array(reference.throat);
        let mut all = Vec::new();
        for j in 0..40 {
            for i in 0..40 {
                let x = r.x + (l.x - r.x) * (0.08 + 0.84 * i as f32 / 39.0);
                let y = throat.y + 0.10 + (0.99 - throat.y - 0.10).max(0.02) * j as f32 / 39.0;
                let p = Vec2::new(x, y);
                let shown = matte.is_none_or(|m| {
                    let at = (p / self.pixel).as_uvec2();
                    at.x < m.width() && at.y < m.height() && m.get_pixel(at.x, at.y)[0] > 200
                });
                all.extend(self.colour(p).filter(|_| shown).map(|c| (c.dot(BRIGHT), c)));
            }
        }
        if all.len() < 60 {
            return None;
        }
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mean = |from: f32, to: f32| {
            let n = all.len() as f32;
            let some = &all[(from * n) as usize..(to * n) as usize];
            some.iter().map(|c| c.1).sum::<Vec3>() / some.len().max(1) as f32
        };
        let cloth = mean(0.45, 0.75);
        // Folds on an arm are deeper than the shades of a chest.
        Some([cloth, mean(0.03, 0.15).min(cloth * 0.68)])
    }
}

#[cfg(test)]
mod tests;
