//! Looks: the iris moved within the eye.
//!
//! A picture shows eyes that look straight ahead. The iris is found in it once, as the circle that is darkest against
//! what is around it within the outline of the lids (Daugman 1993: the greatest step of brightness along an arc), the
//! white behind it is filled in from the white beside it, and what the lids hide of the iris is made up from its other
//! half. A look then draws the white, and the iris where the pose says, clipped by the lids. Where no iris can be found
//! (closed eyes, sunglasses) the eye stays as it is.

use super::identity::Identity;
use super::paint::{Mask, Path, Pt, curve, smoothstep};
use super::patch::over;
use super::rig::{EYES, GAZE_LIMIT, Moved, distance};
use super::texture::Texture;
use super::warp::Field;
use crate::pose::FACE_POINT_COUNT;

/// Pixels around the eye that are kept with it.
const MARGIN: usize = 4;
/// Eyes are kept at no less than this height of the whole picture: in smaller ones hardly any white is left to see.
const LEAST_HEIGHT: usize = 512;
/// The least step of brightness (0-255) around an iris.
const LEAST_STEP: f32 = 14.0;

/// A circle in picture units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Circle {
    pub centre: Pt,
    pub radius: f32,
    /// From here on there is nothing of it any more.
    pub clear: f32,
}

/// The resting eyes of a person; `None` where no iris was found.
pub struct Eyes {
    eyes: [Option<Eye>; 2],
}

struct Eye {
    /// Outline of the opening at rest.
    outline: Vec<Pt>,
    iris: Circle,
    width: f32,
    /// First pixel of the two pictures below, in a picture of the person `fineness` times as high as the frame.
    origin: [usize; 2],
    fineness: usize,
    white: Texture,
    ball: Texture,
}

/// The opening between the lids, a little within the lash lines.
fn opening(face: &[Pt; FACE_POINT_COUNT], eye: [usize; 6]) -> Vec<Pt> {
    let width = distance(face[eye[0]], face[eye[3]]);
    let p = eye.map(|i| face[i]);
    let moved = |p: Pt, by: f32| [p[0], p[1] + by * width];
    let mut line = curve(&[p[0], moved(p[1], 0.006), moved(p[2], 0.006), p[3]], false, 12);
    let lower = curve(&[p[3], moved(p[4], -0.016), moved(p[5], -0.016), p[0]], false, 12);
    line.extend(&lower[1..]);
    line
}

impl Eyes {
    /// Finds the irises in the identity's picture and takes the eyes out of it, for frames of a height. `at_height`
    /// makes the picture of the person for a height.
    pub fn new(
        identity: &Identity,
        face: &[Pt; FACE_POINT_COUNT],
        height: usize,
        at_height: impl FnOnce(u32) -> Texture,
    ) -> Self {
        let fineness = LEAST_HEIGHT.div_ceil(height.max(1));
        let texture = at_height((fineness * height) as u32);
        let (width, height) = identity.picture.dimensions();
        let picture = Shades { width: width as usize, height: height as usize, bytes: identity.picture.as_raw() };
        let eye = |points: [usize; 6]| {
            let outline = opening(face, points);
            let iris = find_iris(&picture, &outline, distance(face[points[0]], face[points[3]]))?;
            Eye::new(outline, iris, distance(face[points[0]], face[points[3]]), &texture, fineness)
        };
        Self { eyes: EYES.map(eye) }
    }

    /// The irises at rest, the eye at image left first.
    #[cfg(test)]
    pub fn irises(&self) -> [Option<Circle>; 2] {
        self.eyes.each_ref().map(|e| e.as_ref().map(|e| e.iris))
    }

    /// Draws the looks of a pose over the warped picture.
    pub fn draw(&self, field: &Field, moved: &Moved, size: (usize, usize), out: &mut [u8]) {
        for (eye, gaze) in self.eyes.iter().zip(moved.gaze) {
            if let Some(eye) = eye.as_ref().filter(|_| gaze[0].hypot(gaze[1]) * size.1 as f32 > 0.1) {
                eye.draw(field, gaze, size, out);
            }
        }
    }
}

impl Eye {
    fn new(outline: Vec<Pt>, iris: Circle, width: f32, texture: &Texture, fineness: usize) -> Option<Self> {
        let scale = texture.height as f32;
        let mask = Mask::of(&Path::polygon(outline.clone()), scale, (texture.width, texture.height), 0);
        if mask.width < 6 || mask.height < 3 || mask.x < 0 || mask.y < 0 {
            return None;
        }
        let origin = [(mask.x as usize).saturating_sub(MARGIN), (mask.y as usize).saturating_sub(MARGIN)];
        let wide = (mask.x as usize + mask.width + MARGIN).min(texture.width) - origin[0];
        let high = (mask.y as usize + mask.height + MARGIN).min(texture.height) - origin[1];
        let crop: Vec<[f32; 3]> = (0..wide * high)
            .map(|i| {
                let at = 4 * ((origin[1] + i / wide) * texture.width + origin[0] + i % wide);
                [0, 1, 2].map(|k| f32::from(texture.bytes()[at + k]))
            })
            .collect();
        let cover = |i: usize| mask.at((origin[0] + i % wide) as i32, (origin[1] + i / wide) as i32);
        let centre = [iris.centre[0] * scale - origin[0] as f32, iris.centre[1] * scale - origin[1] as f32];
        let off = |i: usize| [(i % wide) as f32 + 0.5 - centre[0], (i / wide) as f32 + 0.5 - centre[1]];
        let clear = iris.clear * scale;
        let beyond = |i: usize| {
            let [x, y] = off(i);
            x.hypot(y) - clear
        };
        let pack = |colours: Vec<[f32; 3]>| {
            let bytes = colours.into_iter().flat_map(|c| [c[0] as u8, c[1] as u8, c[2] as u8, 255]);
            Texture::new(wide, high, bytes.collect())
        };
        let white = white_behind(&crop, wide, &|i| cover(i) > 0.98, &|i| cover(i) > 0.0, &|i| beyond(i) - 0.8)?;
        // What the lids hide of the ball is what is seen on the other side of its middle.
        let seen = |i: usize| cover(i) > 0.98;
        let ball: Vec<[f32; 3]> = (0..wide * high)
            .map(|i| {
                let [x, y] = off(i);
                let mirror = |x: f32, y: f32| {
                    let (px, py) = ((x + centre[0] - 0.5).round(), (y + centre[1] - 0.5).round());
                    let inside = px >= 0.0 && py >= 0.0 && (px as usize) < wide && (py as usize) < high;
                    inside.then(|| py as usize * wide + px as usize).filter(|k| seen(*k))
                };
                if seen(i) {
                    return crop[i];
                }
                let other = mirror(x, -y).or_else(|| mirror(-x, -y)).or_else(|| mirror(x, 0.6 * -y));
                other.or_else(|| mirror(0.5 * x, 0.3 * y)).map_or(crop[i], |k| crop[k])
            })
            .collect();
        Some(Self { outline, iris, width, origin, fineness, white: pack(white), ball: pack(ball) })
    }

    fn draw(&self, field: &Field, gaze: Pt, size: (usize, usize), out: &mut [u8]) {
        let scale = size.1 as f32;
        let carried = self.outline.iter().map(|p| field.carry(*p)).collect();
        let mask = Mask::of(&Path::polygon(carried), scale, size, 0);
        // A ball that turns away is seen from the side: narrower the way it looks.
        let turned = |k: usize| {
            let t = gaze[k] / (GAZE_LIMIT[k] * self.width);
            1.0 / (1.0 - 0.13 * t * t)
        };
        let squeeze = [turned(0), turned(1)];
        let (c, r) = (self.iris.centre, self.iris.radius);
        for row in 0..mask.height {
            for column in 0..mask.width {
                let cover = mask.cover[row * mask.width + column];
                let (x, y) = (mask.x + column as i32, mask.y + row as i32);
                if cover <= 0.0 || x < 0 || y < 0 || x as usize >= size.0 || y as usize >= size.1 {
                    continue;
                }
                let q = field.fetch([(x as f32 + 0.5) / scale, (y as f32 + 0.5) / scale]);
                let from = [(q[0] - c[0] - gaze[0]) * squeeze[0], (q[1] - c[1] - gaze[1]) * squeeze[1]];
                // Within the iris, and within where it was; both edges are soft over a pixel and a half.
                let soft = (0.75 / scale).max(0.03 * r);
                let iris = smoothstep(soft, -soft, from[0].hypot(from[1]) - r);
                let old = smoothstep(2.0 * soft, 0.0, distance(q, c) - self.iris.clear);
                let changed = iris.max(old);
                if changed <= 0.0 {
                    continue;
                }
                let white = self.shade(&self.white, q, scale);
                let mut colour = white;
                if iris > 0.0 {
                    let ball = self.shade(&self.ball, [c[0] + from[0], c[1] + from[1]], scale);
                    // The lid's shadow stays where the lid is.
                    let there = self.shade(&self.white, [q[0] - gaze[0], q[1] - gaze[1]], scale);
                    let light = |c: [f32; 3]| c[0] + c[1] + c[2];
                    let lit = (light(white) / light(there).max(1.0)).clamp(0.7, 1.25);
                    colour = std::array::from_fn(|k| white[k] + iris * ((ball[k] * lit).min(255.0) - white[k]));
                }
                let pixel = &mut out[4 * (y as usize * size.0 + x as usize)..][..4];
                over(pixel, colour, cover * changed);
            }
        }
    }

    /// The colour at a place at rest, of all that lies within a pixel of a frame of this scale.
    fn shade(&self, texture: &Texture, p: Pt, scale: f32) -> [f32; 3] {
        let n = self.fineness;
        let place = [0, 1].map(|k| p[k] * scale * n as f32 - self.origin[k] as f32);
        let mut sum = [0.0; 3];
        for i in 0..n * n {
            let off = |i: usize| i as f32 + 0.5 - 0.5 * n as f32;
            let c = texture.sample(place[0] + off(i % n), place[1] + off(i / n));
            (0..3).for_each(|k| sum[k] += c[k]);
        }
        sum.map(|s| s / (n * n) as f32)
    }
}

/// The white of an eye without its iris: pixels of the white are kept, what `beyond < 0` takes out is filled so that
/// colours run smoothly between them (Laplace's equation). `None` where hardly any white is seen.
fn white_behind(
    crop: &[[f32; 3]],
    wide: usize,
    within: &dyn Fn(usize) -> bool,
    touched: &dyn Fn(usize) -> bool,
    beyond: &dyn Fn(usize) -> f32,
) -> Option<Vec<[f32; 3]>> {
    let light = |c: &[f32; 3]| 0.3 * c[0] + 0.59 * c[1] + 0.11 * c[2];
    let high = crop.len() / wide;
    let mut whites: Vec<f32> =
        (0..crop.len()).filter(|i| within(*i) && beyond(*i) > 0.0).map(|i| light(&crop[i])).collect();
    if whites.len() < 8 {
        return None;
    }
    whites.sort_by(f32::total_cmp);
    // Lashes, their shadow and the corner of the eye are no white.
    let least = 0.72 * whites[whites.len() * 9 / 10];
    let known: Vec<bool> = (0..crop.len()).map(|i| within(i) && beyond(i) > 0.0 && light(&crop[i]) > least).collect();
    let sought: Vec<bool> = (0..crop.len()).map(|i| !known[i] && touched(i) && beyond(i) <= 1.5).collect();
    let mut out = crop.to_vec();
    // To begin with: between the nearest white to the left and to the right, or the mean of all.
    let n = known.iter().filter(|k| **k).count() as f32;
    let mean: [f32; 3] = std::array::from_fn(|k| {
        crop.iter().zip(&known).filter(|(_, known)| **known).map(|(c, _)| c[k]).sum::<f32>() / n
    });
    for i in (0..crop.len()).filter(|i| sought[*i]) {
        let (row, x) = (i - i % wide, i % wide);
        let left = (0..x).rev().find(|x| known[row + x]);
        let right = (x..wide).find(|x| known[row + x]);
        out[i] = match (left, right) {
            (Some(a), Some(b)) => {
                let t = (x - a) as f32 / (b - a) as f32;
                std::array::from_fn(|k| crop[row + a][k] + t * (crop[row + b][k] - crop[row + a][k]))
            }
            _ => mean,
        };
    }
    for _ in 0..80 {
        for i in (0..crop.len()).filter(|i| sought[*i]) {
            let (x, y) = (i % wide, i / wide);
            let (mut sum, mut count) = ([0.0f32; 3], 0.0);
            let mut add = |at: Option<usize>| {
                if let Some(at) = at.filter(|at| known[*at] || sought[*at]) {
                    (0..3).for_each(|k| sum[k] += out[at][k]);
                    count += 1.0;
                }
            };
            add((x > 0).then(|| i.wrapping_sub(1)));
            add((x + 1 < wide).then_some(i + 1));
            add((y > 0).then(|| i.wrapping_sub(wide)));
            add((y + 1 < high).then_some(i + wide));
            if count > 0.0 {
                out[i] = sum.map(|s| s / count);
            }
        }
    }
    Some(out)
}

/// The brightness of a picture.
struct Shades<'a> {
    width: usize,
    height: usize,
    bytes: &'a [u8],
}

impl Shades<'_> {
    /// Between the four nearest pixels, 0-255.
    fn at(&self, x: f32, y: f32) -> f32 {
        let (x, y) =
            ((x - 0.5).clamp(0.0, self.width as f32 - 1.001), (y - 0.5).clamp(0.0, self.height as f32 - 1.001));
        let (i, j, u, v) = (x as usize, y as usize, x.fract(), y.fract());
        let light = |x: usize, y: usize| {
            let p = &self.bytes[4 * (y * self.width + x)..][..3];
            0.3 * f32::from(p[0]) + 0.59 * f32::from(p[1]) + 0.11 * f32::from(p[2])
        };
        let (i1, j1) = ((i + 1).min(self.width - 1), (j + 1).min(self.height - 1));
        (1.0 - v) * ((1.0 - u) * light(i, j) + u * light(i1, j)) + v * ((1.0 - u) * light(i, j1) + u * light(i1, j1))
    }
}

/// The circle within `outline` (picture units) with the greatest step from dark within to light around, over the part
/// of its edge that lies within the outline; `None` where there is no such step. `width` is that of the eye.
fn find_iris(picture: &Shades, outline: &[Pt], width: f32) -> Option<Circle> {
    let scale = picture.height as f32;
    let wide = width * scale;
    if wide < 8.0 {
        return None;
    }
    let mask = Mask::of(&Path::polygon(outline.to_vec()), scale, (picture.width, picture.height), 0);
    let inside = |x: f32, y: f32| mask.at(x as i32, y as i32) > 0.95 && x >= 0.0 && y >= 0.0;
    let n = outline.len() as f32;
    let middle: Pt = std::array::from_fn(|k| outline.iter().map(|p| p[k]).sum::<f32>() / n * scale);
    const RAYS: usize = 32;
    let rays: [(f32, f32); RAYS] =
        std::array::from_fn(|i| ((i as f32 + 0.5) * std::f32::consts::TAU / RAYS as f32).sin_cos());
    let reach = (0.055 * wide).max(1.0);
    let step = |x: f32, y: f32, r: f32| -> f32 {
        let (mut sums, mut counts) = ([0.0f32; 2], [0.0f32; 2]);
        for (sin, cos) in rays {
            let out = r + reach;
            if inside(x + cos * out, y + sin * out) {
                let rise =
                    picture.at(x + cos * out, y + sin * out) - picture.at(x + cos * (r - reach), y + sin * (r - reach));
                let half = usize::from(cos > 0.0);
                // A highlight is not the white: no ray counts for more than a plain edge.
                sums[half] += rise.min(110.0);
                counts[half] += 1.0;
            }
        }
        // Both sides of the iris must be seen against the white.
        if counts[0] < 3.0 || counts[1] < 3.0 {
            return f32::NEG_INFINITY;
        }
        let mean = (sums[0] / counts[0]).min(sums[1] / counts[1]);
        mean * ((counts[0] + counts[1]) / RAYS as f32).powf(0.25)
    };
    let mut best = (f32::NEG_INFINITY, middle[0], middle[1], 0.0);
    let (mut spread, mut grain) = ([0.22 * wide, 0.16 * wide, 0.12 * wide], 0.03 * wide);
    let mut at = [middle[0], middle[1], 0.28 * wide];
    for _ in 0..3 {
        let steps = spread.map(|s| (s / grain).round() as i32);
        for i in -steps[0]..=steps[0] {
            for j in -steps[1]..=steps[1] {
                for k in -steps[2]..=steps[2] {
                    let (x, y) = (at[0] + i as f32 * grain, at[1] + j as f32 * grain);
                    let r = at[2] + k as f32 * grain;
                    if (0.14 * wide..0.42 * wide).contains(&r) {
                        let value = step(x, y, r);
                        if value > best.0 {
                            best = (value, x, y, r);
                        }
                    }
                }
            }
        }
        at = [best.1, best.2, best.3];
        spread = [1.5 * grain; 3];
        grain /= 3.0;
    }
    if best.0 <= LEAST_STEP {
        return None;
    }
    // How bright it is at each distance, at both sides where neither lid is near: the edge is half-way from the dark of
    // the ring to the white, and the white begins where hardly any of the dark is left.
    let (_, x, y, r) = best;
    let fine = 0.01 * wide;
    let profile: Vec<(f32, f32)> = (0..40)
        .map(|k| 0.75 * r + k as f32 * fine)
        .take_while(|d| *d < 1.45 * r)
        .filter_map(|d| {
            let seen = rays.iter().filter(|(sin, _)| sin.abs() < 0.5).filter(|(s, c)| inside(x + c * d, y + s * d));
            let lights: Vec<f32> = seen.map(|(s, c)| picture.at(x + c * d, y + s * d)).collect();
            (lights.len() >= 4).then(|| (d, lights.iter().sum::<f32>() / lights.len() as f32))
        })
        .collect();
    let darkest = (0..profile.len()).min_by(|a, b| profile[*a].1.total_cmp(&profile[*b].1)).unwrap_or(0);
    let dark = profile.get(darkest).map_or(0.0, |p| p.1);
    let white = profile.iter().skip(darkest).map(|p| p.1).fold(dark, f32::max);
    let beyond = |share: f32| {
        let first = profile.iter().skip(darkest).find(|p| p.1 >= dark + share * (white - dark));
        first.map_or(r, |p| p.0)
    };
    let radius = beyond(0.5).clamp(0.9 * r, 1.2 * r);
    let clear = beyond(0.9).clamp(1.05 * radius, 1.3 * radius) + fine;
    Some(Circle { centre: [x / scale, y / scale], radius: radius / scale, clear: clear / scale })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::rig::Rig;

    fn eyes(identity: &Identity, height: u32) -> (Rig, Eyes) {
        let rig = Rig::new(&identity.reference);
        let at_height = |h| super::super::texture(identity, &rig, h);
        let eyes = Eyes::new(identity, rig.rest_face(), height as usize, at_height);
        (rig, eyes)
    }

    #[test]
    fn the_iris_is_found_where_it_was_drawn() {
        let (rig, eyes) = eyes(&Identity::builtin("mira").unwrap(), 96);
        let face = rig.rest_face();
        for (found, points) in eyes.irises().into_iter().zip(EYES) {
            let found = found.expect("an iris");
            let width = distance(face[points[0]], face[points[3]]);
            let lids = [1, 2, 4, 5].map(|k| face[points[k]]);
            let middle = [0, 1].map(|k| lids.iter().map(|p| p[k]).sum::<f32>() / 4.0);
            assert!(distance(found.centre, middle) < 0.06 * width, "{found:?} {middle:?}");
            assert!((found.radius / width - 0.285).abs() < 0.03, "{}", found.radius / width);
        }
    }

    #[test]
    fn everybody_who_ships_has_eyes_that_can_look() {
        for name in Identity::builtin_names() {
            let (rig, eyes) = eyes(&Identity::builtin(name).unwrap(), 96);
            let face = rig.rest_face();
            for (found, points) in eyes.irises().into_iter().zip(EYES) {
                let found = found.unwrap_or_else(|| panic!("{name} has no iris"));
                let width = distance(face[points[0]], face[points[3]]);
                let middle = [0, 1].map(|k| points.iter().map(|i| face[*i][k]).sum::<f32>() / 6.0);
                assert!(distance(found.centre, middle) < 0.16 * width, "{name}: {found:?} {middle:?}");
                assert!((0.2..0.36).contains(&(found.radius / width)), "{name}: {}", found.radius / width);
            }
        }
    }

    #[test]
    fn no_iris_is_made_up() {
        let mut identity = Identity::builtin("mira").unwrap();
        identity.picture.pixels_mut().for_each(|p| p.0 = [170, 140, 120, 255]);
        assert_eq!(eyes(&identity, 256).1.irises(), [None, None]);
    }
}
