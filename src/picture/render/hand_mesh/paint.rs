//! From arms to blended pixels.

use super::bones::Skeleton;
use super::ink::{Ink, Pen};
use super::marks::Marks;
use super::mesh::HandMesh;
use super::pose::{Posed, occluders};
use super::raster::{Batch, Corner, Layer};
use super::shade::Shader;
use super::sleeve::{Sleeve, SleeveShape};
use super::surface::{Cone, part};
use super::{Canvas, HandLook, HandPainter, PaintedArm, rgb};
use crate::pose::Side;
use crate::render::Lap;
use glam::Vec3;
use rayon::prelude::*;

/// One arm as a right arm in hand lengths, ready to be drawn.
pub(super) struct Prepared {
    /// Where the origin is in the picture, and picture units per hand length.
    base: Vec3,
    scale: f32,
    /// -1 for a left arm.
    mirror: f32,
    skeleton: Option<Skeleton>,
    hand: Posed,
    cloth: Posed,
    sleeve: Sleeve,
    /// What throws the shadow.
    pub cones: Vec<Cone>,
    pub light: Vec3,
    skin_corners: Vec<Corner>,
    cloth_corners: Vec<Corner>,
    cloth_parts: Vec<u8>,
    marks: Option<Marks>,
}

impl Prepared {
    /// From hand lengths to picture units.
    pub fn place(&self, p: Vec3) -> Vec3 {
        Vec3::new(p.x * self.mirror, p.y, p.z) * self.scale + self.base
    }

    pub fn scale(&self) -> f32 {
        self.scale
    }
}

/// Samples per pixel along each side: small hands more, so that fingers of a few pixels stay apart.
/// Drawn lines hide the steps of edges, so that they need fewer.
fn fineness(pixels_per_hand: f32, look: &HandLook) -> usize {
    let more = usize::from(look.outline_strength < 0.3);
    match pixels_per_hand {
        p if p < 60.0 => 4,
        p if p < 130.0 => 3,
        p if p < 500.0 => 2 + more,
        _ => 2,
    }
}

impl HandPainter {
    /// Poses, lights and colours an arm for a picture `height` pixels high; `None` for one that is no arm.
    pub(super) fn prepare(&self, arm: &PaintedArm, height: f32, lap: Lap) -> Option<Prepared> {
        let scale = arm.hand_length;
        let base = arm.joints.map_or(arm.elbow, |joints| joints[0]);
        let mirror = if arm.side == Side::Left { -1.0 } else { 1.0 };
        let sane = |p: &Vec3| p.is_finite() && p.abs().max_element() < 100.0;
        if !(scale.is_finite() && scale > 1e-4 && sane(&arm.elbow) && sane(&base)) {
            return None;
        }
        if arm.joints.is_some_and(|joints| !joints.iter().all(sane)) {
            return None;
        }
        let local = |p: Vec3| {
            let p = (p - base) / scale;
            Vec3::new(p.x * mirror, p.y, p.z)
        };
        let elbow = local(arm.elbow);
        // The shoulder is in the plane of the person's chest, a little behind the face.
        let seam =
            arm.seam.map(|seam| seam.map(|p| local(Vec3::new(p[0], p[1], -0.06)))).filter(|s| s.iter().all(sane));
        let girth = self.look.girth.clamp(0.5, 1.6);
        let shape = SleeveShape {
            start: self.look.sleeve_start.max(0.1),
            seam,
            half_width: self.half_width.map(|w| w / scale),
            elbow,
            girth,
            bottom: (1.0 - base.y) / scale,
        };
        let skeleton = arm.joints.map(|joints| Skeleton::new(&joints.map(local), elbow));
        let sleeve = Sleeve::new(skeleton.as_ref(), &shape);
        let shader = Shader::new(&self.look, self.cloth, mirror);
        let mut cones = sleeve.cones.clone();
        let mut hand = Posed::default();
        if let Some(skeleton) = &skeleton {
            cones.extend(occluders(skeleton, shape.start, girth));
            lap("bones and sleeve");
            hand = Posed::of_hand(&self.mesh, skeleton, girth);
            lap("skin posed");
            hand.find_light(&cones, shader.light);
            lap("light on skin");
        }
        let mut cloth = Posed { points: sleeve.points.clone(), ..Posed::default() };
        cloth.find_normals(&sleeve.triangles);
        cloth.find_light(&cones, shader.light);
        lap("light on cloth");
        let pixel = 1.0 / (height * scale);
        let sample = pixel / fineness(1.0 / pixel, &self.look) as f32;
        let marks = skeleton.as_ref().map(|s| Marks::new(&self.look, &self.mesh.skeleton, s, pixel, sample));
        let mut prepared = Prepared {
            base,
            scale,
            mirror,
            skeleton,
            hand,
            cloth,
            cones,
            light: shader.light,
            cloth_parts: vec![part::SLEEVE; sleeve.triangles.len()],
            sleeve,
            skin_corners: Vec::new(),
            cloth_corners: Vec::new(),
            marks,
        };
        prepared.colour(&self.mesh, &shader, height);
        Some(prepared)
    }

    /// Paints arms with their shadows, nearer ones before others, and makes the picture opaque.
    pub fn paint(&self, canvas: &mut Canvas, arms: &[PaintedArm]) {
        self.paint_in_laps(canvas, arms, &|_| ());
    }

    /// [`HandPainter::paint`], which tells `lap` of each step.
    pub(in crate::render) fn paint_in_laps(&self, canvas: &mut Canvas, arms: &[PaintedArm], lap: Lap) {
        let count = canvas.width * canvas.height * 4;
        if count == 0 || canvas.rgba.len() < count {
            return;
        }
        let height = canvas.height as f32;
        let prepared: Vec<Prepared> = arms.iter().filter_map(|arm| self.prepare(arm, height, lap)).collect();
        lap("skin and cloth coloured");
        for arm in prepared.iter().filter(|arm| arm.skeleton.is_some()) {
            self.paint_shadow(canvas, arm);
        }
        lap("shadow");
        let width = canvas.width;
        canvas.rgba[..count].par_chunks_exact_mut(4 * width).for_each(|row| {
            row.chunks_exact_mut(4).for_each(|pixel| pixel[3] = 255);
        });
        lap("made opaque");
        if let Some((layer, ink)) = self.layer(&prepared, canvas.width, canvas.height, lap) {
            self.blend(canvas, &layer, &ink, &prepared);
        }
        lap("arm laid over");
    }

    /// How much of each pixel hands and arms cover, one byte a pixel, row by row: 0 outside, 255 inside. Lines are
    /// left out.
    pub fn coverage(&self, width: usize, height: usize, arms: &[PaintedArm]) -> Vec<u8> {
        let mut out = vec![0; width * height];
        let prepared: Vec<Prepared> = arms.iter().filter_map(|arm| self.prepare(arm, height as f32, &|_| ())).collect();
        if let Some((layer, _)) = self.layer(&prepared, width, height, &|_| ()) {
            for y in 0..layer.rows {
                for x in 0..layer.columns {
                    out[(layer.y0 + y) * width + layer.x0 + x] = layer.colour[y * layer.columns + x][3];
                }
            }
        }
        out
    }

    /// Everything drawn that lies in the picture; `None` if nothing does.
    fn layer(&self, arms: &[Prepared], width: usize, height: usize, lap: Lap) -> Option<(Layer, Ink)> {
        let scale = arms.iter().map(|a| a.scale).reduce(f32::max)?;
        let pixels_per_hand = scale * height as f32;
        let n = fineness(pixels_per_hand, &self.look);
        let light = self.look.light.try_normalize().unwrap_or(Vec3::Z);
        let pen = Pen {
            half: (0.5 * self.look.outline_width * pixels_per_hand).max(0.42),
            outline: self.look.outline_strength.clamp(0.0, 1.0),
            // Fingers that touch must be told apart in every style.
            crease: self.look.outline_strength.clamp(0.30, 1.0),
            light: [light.x, light.y],
            step: 0.035 * scale,
            tolerance: 0.035 * scale,
        };
        let (mut low, mut high) = ([f32::MAX; 2], [f32::MIN; 2]);
        for corner in arms.iter().flat_map(|a| a.skin_corners.iter().chain(&a.cloth_corners)) {
            (low, high) =
                ([low[0].min(corner.x), low[1].min(corner.y)], [high[0].max(corner.x), high[1].max(corner.y)]);
        }
        let margin = pen.half + 2.0;
        let clamp = |v: f32, limit: usize| (v.max(0.0) as usize).min(limit);
        let (x0, y0) = (clamp(low[0] - margin, width), clamp(low[1] - margin, height));
        let (x1, y1) = (clamp(high[0] + margin + 1.0, width), clamp(high[1] + margin + 1.0, height));
        if x0 >= x1 || y0 >= y1 {
            return None;
        }
        let moved = |corners: &[Corner]| -> Vec<Corner> {
            let (n, x0, y0) = (n as f32, x0 as f32, y0 as f32);
            corners.iter().map(|c| Corner { x: (c.x - x0) * n, y: (c.y - y0) * n, ..*c }).collect()
        };
        let corners: Vec<[Vec<Corner>; 2]> =
            arms.iter().map(|a| [moved(&a.skin_corners), moved(&a.cloth_corners)]).collect();
        let mut batches = Vec::with_capacity(4);
        for (number, (arm, [skin, cloth])) in arms.iter().zip(&corners).enumerate() {
            let first_part = 8 * number as u8;
            if let Some(marks) = &arm.marks {
                batches.push(Batch {
                    corners: skin,
                    triangles: &self.mesh.triangles,
                    parts: &self.mesh.parts,
                    first_part,
                    marks: Some((marks, &self.mesh.phalanges, &self.mesh.points)),
                    mirror: arm.mirror,
                });
            }
            batches.push(Batch {
                corners: cloth,
                triangles: &arm.sleeve.triangles,
                parts: &arm.cloth_parts,
                first_part,
                marks: None,
                mirror: arm.mirror,
            });
        }
        let mut layer = Layer::new(x0, y0, x1 - x0, y1 - y0, n, 0.06 * scale);
        layer.draw(&batches);
        lap("triangles");
        let ink = Ink::draw(&layer, &batches, &pen);
        lap("lines");
        Some((layer, ink))
    }

    /// Lays a layer with its lines over the picture.
    fn blend(&self, canvas: &mut Canvas, layer: &Layer, ink: &Ink, arms: &[Prepared]) {
        let cloth_line = rgb(self.cloth[2]) * 0.55 + rgb(self.look.outline) * 0.08;
        let lines = [rgb(self.look.outline) * 255.0, cloth_line * 255.0];
        let (columns, width) = (layer.columns, canvas.width);
        let mut pixels: Vec<[f32; 4]> = Vec::new();
        let sigma = self.look.blur * canvas.height as f32;
        let mix = |i: usize| -> [f32; 4] {
            let [r, g, b, a] = layer.colour[i].map(f32::from);
            let drawn = ink.amount[i];
            let line = lines[usize::from(ink.on_cloth[i])];
            let keep = 1.0 - drawn;
            [r * keep + line.x * drawn, g * keep + line.y * drawn, b * keep + line.z * drawn, a / 255.0 * keep + drawn]
        };
        if sigma > 0.3 {
            pixels = (0..layer.colour.len()).map(mix).collect();
            blur(&mut pixels, columns, sigma);
        }
        // Noise that moves with the hand, by whole pixels.
        let grain = Grain::new(&self.look, canvas.height, arms.first().map_or(Vec3::ZERO, |a| a.base));
        let rows = canvas.rgba[4 * width * layer.y0..].par_chunks_exact_mut(4 * width).take(layer.rows);
        rows.enumerate().for_each(|(y, row)| {
            for x in 0..columns {
                let i = y * columns + x;
                if pixels.is_empty() && ink.amount[i] == 0.0 {
                    match layer.colour[i] {
                        [.., 0] => continue,
                        all @ [.., 255] if grain.is_none() => {
                            row[4 * (layer.x0 + x)..][..4].copy_from_slice(&all);
                            continue;
                        }
                        _ => (),
                    }
                }
                let [r, g, b, a] = if pixels.is_empty() { mix(i) } else { pixels[i] };
                if a <= 0.0 {
                    continue;
                }
                let noise = grain.at(layer.x0 + x, layer.y0 + y) * a;
                let target = &mut row[4 * (layer.x0 + x)..][..4];
                for (byte, value) in target.iter_mut().zip([r, g, b]) {
                    *byte = (f32::from(*byte) * (1.0 - a) + value + noise + 0.5).clamp(0.0, 255.0) as u8;
                }
            }
        });
    }
}

impl Prepared {
    /// Colours and places of all points.
    fn colour(&mut self, mesh: &HandMesh, shader: &Shader, height: f32) {
        let (hand, cloth) = (&self.hand, &self.cloth);
        let corner = |p: Vec3, n: Vec3, colour: Vec3, opaque: f32, tone: f32, ink: f32| {
            let at = self.place(p);
            Corner {
                value: colour.extend(at.z),
                x: at.x * height,
                y: at.y * height,
                opaque: 255.0 * opaque,
                tone,
                normal: Vec3::new(n.x * self.mirror, n.y, n.z),
                ink,
            }
        };
        let skin: Vec<Corner> = (0..hand.points.len())
            .into_par_iter()
            .with_min_len(512)
            .map(|i| {
                // What looks away is never seen.
                if hand.normals[i].z < -0.35 {
                    return corner(hand.points[i], hand.normals[i], Vec3::ZERO, 1.0, 0.0, 1.0);
                }
                let bound = &mesh.points[i];
                let (colour, tone) = shader.skin(hand, i, bound.blush, bound.rest);
                corner(hand.points[i], hand.normals[i], colour, 1.0, tone, 1.0)
            })
            .collect();
        let sleeve = &self.sleeve;
        let cloth: Vec<Corner> = (0..cloth.points.len())
            .map(|i| {
                let colour = shader.cloth(cloth.normals[i], cloth.open[i], cloth.lit[i], sleeve.deep[i]);
                corner(cloth.points[i], cloth.normals[i], colour, sleeve.opaque[i], 0.5, sleeve.ink[i])
            })
            .collect();
        (self.skin_corners, self.cloth_corners) = (skin, cloth);
    }
}

/// Gaussian blur of premultiplied pixels, sideways and upright.
fn blur(pixels: &mut [[f32; 4]], columns: usize, sigma: f32) {
    let reach = (2.5 * sigma).ceil().clamp(1.0, 24.0) as usize;
    let mut weights: Vec<f32> = (0..=reach).map(|i| (-0.5 * (i as f32 / sigma).powi(2)).exp()).collect();
    let sum = weights[0] + 2.0 * weights[1..].iter().sum::<f32>();
    weights.iter_mut().for_each(|w| *w /= sum);
    let rows = pixels.len() / columns;
    for upright in [false, true] {
        let source = pixels.to_vec();
        pixels.par_chunks_exact_mut(columns).enumerate().for_each(|(y, row)| {
            for (x, out) in row.iter_mut().enumerate() {
                let mut sum = [0.0; 4];
                for k in -(reach as isize)..=reach as isize {
                    let (u, v) = if upright { (x as isize, y as isize + k) } else { (x as isize + k, y as isize) };
                    let (u, v) = (u.clamp(0, columns as isize - 1) as usize, v.clamp(0, rows as isize - 1) as usize);
                    let w = weights[k.unsigned_abs()];
                    sum.iter_mut().zip(source[v * columns + u]).for_each(|(s, p)| *s += w * p);
                }
                *out = sum;
            }
        });
    }
}

/// Noise like that of the picture.
struct Grain {
    strength: f32,
    /// Grains per pixel.
    per_pixel: f32,
    shift: [i64; 2],
}

impl Grain {
    fn new(look: &HandLook, height: usize, base: Vec3) -> Self {
        let size = (look.grain_size * height as f32).max(1e-3);
        // Grains finer than a pixel are averaged within it.
        let strength = look.grain.clamp(0.0, 80.0) * size.min(1.0);
        let shift = [base.x, base.y].map(|v| (v * height as f32).round() as i64);
        Self { strength, per_pixel: 1.0 / size.max(1.0), shift }
    }

    /// Too faint to be seen.
    fn is_none(&self) -> bool {
        self.strength < 0.25
    }

    fn at(&self, x: usize, y: usize) -> f32 {
        if self.is_none() {
            return 0.0;
        }
        let (x, y) =
            ((x as i64 - self.shift[0]) as f32 * self.per_pixel, (y as i64 - self.shift[1]) as f32 * self.per_pixel);
        let (fx, fy) = (x.floor(), y.floor());
        let (u, v) = (x - fx, y - fy);
        let grain = |dx: f32, dy: f32| hash((fx + dx) as i32, (fy + dy) as i32);
        let weights = [(1.0 - u) * (1.0 - v), u * (1.0 - v), (1.0 - u) * v, u * v];
        let values = [grain(0.0, 0.0), grain(1.0, 0.0), grain(0.0, 1.0), grain(1.0, 1.0)];
        let sum: f32 = weights.iter().zip(values).map(|(w, v)| w * v).sum();
        // A mean of several grains varies less; that is put right.
        sum / weights.iter().map(|w| w * w).sum::<f32>().sqrt() * self.strength
    }
}

/// A number of variance 1 for a place, the same every time: the sum of four even ones.
fn hash(x: i32, y: i32) -> f32 {
    let mut h = (x as u32).wrapping_mul(0x9e37_79b1) ^ (y as u32).wrapping_mul(0x85eb_ca77);
    h = (h ^ (h >> 15)).wrapping_mul(0x2c1b_3c6d);
    h = (h ^ (h >> 12)).wrapping_mul(0x297a_2d39);
    h ^= h >> 15;
    let sum: u32 = (0..4).map(|k| (h >> (8 * k)) & 255).sum();
    (sum as f32 - 510.0) / 147.8
}
