//! The mouth: lips that part along their own line, and what is seen between them.
//!
//! A smooth warp can stretch lips but never open them. So the warp carries the outer contour only; each lip is then
//! drawn as a strip of the picture between the outer contour, where the warp puts it, and the inner contour, where the
//! pose puts it. Behind them lies the interior: a dark cavity, upper teeth that belong to the skull, lower teeth and
//! tongue that belong to the jaw. So the lips uncover them as they do in life: spread lips show teeth, an open jaw
//! shows the tongue, and a closed mouth shows nothing.

use super::identity::Look as Colours;
use super::paint::{Mask, Path, Pt, Rgb, curve, mix, smoothstep};
use super::patch::{Knot, Strip, WELL_INSIDE, over};
use super::rig::{Moved, Rig};
use super::texture::Texture;
use super::warp::Field;
use crate::pose::FACE_POINT_COUNT;

/// Pieces of contour between two landmarks.
const STEPS: usize = 8;
/// Pixels over which a lip fades into the skin around it.
const FADE: f32 = 1.6;
/// Columns across a lip.
const COLUMNS: usize = 48;

const UPPER_OUTER: [usize; 7] = [48, 49, 50, 51, 52, 53, 54];
const UPPER_INNER: [usize; 7] = [48, 60, 61, 62, 63, 64, 54];
const LOWER_OUTER: [usize; 7] = [48, 59, 58, 57, 56, 55, 54];
const LOWER_INNER: [usize; 7] = [48, 60, 67, 66, 65, 64, 54];

/// Colours of what is seen between the lips.
struct Look {
    lips: Rgb,
    mouth_interior: Rgb,
    teeth: Rgb,
    tongue: Rgb,
}

/// The resting lips of a person.
pub struct Mouth {
    look: Look,
    rest: [Pt; FACE_POINT_COUNT],
    span: f32,
    upper: Lip,
    lower: Lip,
}

/// Contours of a lip at rest, from corner to corner.
struct Lip {
    outer: Vec<Pt>,
    inner: Vec<Pt>,
}

/// A smooth line through some of the face's points, cut into [`COLUMNS`] pieces that are spread evenly between the
/// landmarks, so that column `i` of two contours over the same points belongs together.
fn contour(face: &[Pt; FACE_POINT_COUNT], indices: [usize; 7]) -> Vec<Pt> {
    let points = indices.map(|i| face[i]);
    curve(&points, false, STEPS)
}

/// A curve cut anew into `COLUMNS + 1` points evenly along x between its ends, which pairs the outer and the inner
/// contour of a lip whatever their landmarks.
fn by_fraction(line: &[Pt]) -> Vec<Pt> {
    let mut lengths = vec![0.0f32];
    for w in line.windows(2) {
        lengths.push(lengths[lengths.len() - 1] + (w[1][0] - w[0][0]).hypot(w[1][1] - w[0][1]));
    }
    let total = lengths[lengths.len() - 1].max(1e-9);
    let mut k = 0;
    (0..=COLUMNS)
        .map(|i| {
            let wanted = total * i as f32 / COLUMNS as f32;
            while k + 2 < line.len() && lengths[k + 1] < wanted {
                k += 1;
            }
            let t = ((wanted - lengths[k]) / (lengths[k + 1] - lengths[k]).max(1e-9)).clamp(0.0, 1.0);
            [line[k][0] + t * (line[k + 1][0] - line[k][0]), line[k][1] + t * (line[k + 1][1] - line[k][1])]
        })
        .collect()
}

impl Mouth {
    pub fn new(rig: &Rig, colours: &Colours) -> Self {
        let rgb = |c: [u8; 3]| c.map(|v| f32::from(v) / 255.0);
        let look = Look {
            lips: rgb(colours.lips),
            mouth_interior: rgb(colours.mouth_interior),
            teeth: rgb(colours.teeth),
            tongue: rgb(colours.tongue),
        };
        let rest = *rig.rest_face();
        let lip = |outer, inner| Lip {
            outer: by_fraction(&contour(&rest, outer)),
            inner: by_fraction(&contour(&rest, inner)),
        };
        Self { look, upper: lip(UPPER_OUTER, UPPER_INNER), lower: lip(LOWER_OUTER, LOWER_INNER), rest, span: rig.span }
    }

    /// Draws the lips and what is between them over the warped picture.
    pub fn draw(&self, field: &Field, moved: &Moved, texture: &Texture, out: &mut [u8]) {
        // How far the pose takes the inner lips from where the warp leaves them; nothing to draw where it does not.
        let apart = (60..68)
            .map(|i| {
                let p = field.carry(self.rest[i]);
                (moved.face[i][0] - p[0]).hypot(moved.face[i][1] - p[1])
            })
            .fold(0.0, f32::max);
        let scale = texture.height as f32;
        if apart.is_nan() || apart * scale <= 0.05 {
            return;
        }
        // The landmarks 48 and 54 go with the warp; the inner contour must meet the outer one there.
        let mut face = moved.face;
        for i in [48, 54] {
            face[i] = field.carry(self.rest[i]);
        }
        let upper = by_fraction(&contour(&face, UPPER_INNER));
        let lower = by_fraction(&contour(&face, LOWER_INNER));
        // Lips pressed together may cross by a little; they then meet half-way.
        let (upper, lower): (Vec<Pt>, Vec<Pt>) = upper
            .iter()
            .zip(&lower)
            .map(|(u, l)| {
                if l[1] < u[1] {
                    let middle = [(u[0] + l[0]) / 2.0, (u[1] + l[1]) / 2.0];
                    (middle, middle)
                } else {
                    (*u, *l)
                }
            })
            .unzip();
        self.interior(moved, &upper, &lower, scale, (texture.width, texture.height), out);
        for (lip, inner) in [(&self.lower, &lower), (&self.upper, &upper)] {
            let rungs = (0..=COLUMNS)
                .map(|i| {
                    let knot = |rest: Pt, place: Pt| Knot { rest, place, shade: 1.0, inside: WELL_INSIDE };
                    let (a, b) = (knot(lip.outer[i], field.carry(lip.outer[i])), knot(lip.inner[i], inner[i]));
                    // A knot half a pixel within the edge keeps the soft border narrow on thick lips.
                    let way = [b.place[0] - a.place[0], b.place[1] - a.place[1]];
                    let length = (way[0].hypot(way[1]) * scale).max(1e-3);
                    let t = (1.0 - 1.0 / length).clamp(0.5, 1.0);
                    let near = Knot {
                        rest: std::array::from_fn(|k| a.rest[k] + t * (b.rest[k] - a.rest[k])),
                        place: std::array::from_fn(|k| a.place[k] + t * (b.place[k] - a.place[k])),
                        inside: (1.0 - t) * length,
                        ..a
                    };
                    // Outside of the lip the strip fades into the warped picture, which shows the same there but for
                    // fractions of a pixel.
                    let out = if length > 0.5 { FADE / length } else { 0.0 };
                    let place: Pt = std::array::from_fn(|k| a.place[k] - out * way[k]);
                    let faded = Knot { rest: field.fetch(place), place, inside: -0.5, ..a };
                    vec![faded, Knot { inside: 0.6, ..a }, near, b]
                })
                .collect();
            Strip { rungs }.with_free_edge(scale).draw(texture, out);
        }
    }

    /// Cavity, teeth and tongue between the inner contours.
    fn interior(&self, moved: &Moved, upper: &[Pt], lower: &[Pt], scale: f32, size: (usize, usize), out: &mut [u8]) {
        let gap = upper.iter().zip(lower).map(|(u, l)| l[1] - u[1]).fold(0.0, f32::max);
        let rest_gap = (self.rest[66][1] - self.rest[62][1]).max(0.0);
        // A closed mouth shows no interior: it begins where the lips part by more than at rest.
        let shown = smoothstep(0.0015 * self.span / 0.17, 0.004 * self.span / 0.17, gap - rest_gap);
        if shown <= 0.0 {
            return;
        }
        // The area reaches a pixel under the lips, so that their soft edges end on the interior and not on skin.
        let grow = |u: &Pt, l: &Pt| (0.5 * (l[1] - u[1])).min(1.0 / scale);
        let mut outline: Vec<Pt> = upper.iter().zip(lower).map(|(u, l)| [u[0], u[1] - grow(u, l)]).collect();
        outline.extend(upper.iter().zip(lower).rev().map(|(u, l)| [l[0], l[1] + grow(u, l)]));
        let mask = Mask::of(&Path::polygon(outline), scale, size, 0);
        let anatomy = Anatomy::new(self, moved, upper, lower, gap);
        for row in 0..mask.height {
            for column in 0..mask.width {
                let cover = mask.cover[row * mask.width + column] * shown;
                let (x, y) = (mask.x + column as i32, mask.y + row as i32);
                if cover <= 0.002 || x < 0 || y < 0 || x as usize >= size.0 || y as usize >= size.1 {
                    continue;
                }
                let p = [(x as f32 + 0.5) / scale, (y as f32 + 0.5) / scale];
                let colour = anatomy.colour(&self.look, p, 1.0 / (scale * self.span));
                over(&mut out[4 * (y as usize * size.0 + x as usize)..][..4], colour.map(|c| 255.0 * c), cover);
            }
        }
    }
}

/// Where teeth and tongue are in a frame. Lengths are in distances of the outer eye corners (about 95 mm).
struct Anatomy<'a> {
    upper: &'a [Pt],
    lower: &'a [Pt],
    centre: Pt,
    /// Turn and scale of the head, to undo.
    head: (f32, f32),
    span: f32,
    half_width: f32,
    /// How far the corners are drawn together: rounded lips stand off the teeth and keep them in the dark.
    round: f32,
    jaw: f32,
    gap: f32,
}

impl<'a> Anatomy<'a> {
    fn new(mouth: &Mouth, moved: &Moved, upper: &'a [Pt], lower: &'a [Pt], gap: f32) -> Self {
        let rest = &mouth.rest;
        let centre = [(rest[60][0] + rest[64][0]) / 2.0, rest[62][1]];
        let below = |i: usize| {
            let q = moved.head.apply(rest[i]);
            moved.face[i][1] - q[1]
        };
        let corner = |i: usize| moved.face[i];
        Self {
            upper,
            lower,
            centre: moved.head.apply(centre),
            head: (moved.head.a, moved.head.b),
            span: mouth.span,
            round: smoothstep(
                0.0,
                0.45,
                1.0 - (corner(64)[0] - corner(60)[0]).abs() / (rest[64][0] - rest[60][0]).abs().max(1e-3),
            ),
            half_width: 0.5 * (corner(64)[0] - corner(60)[0]).abs() / mouth.span,
            // The lower teeth go down with the chin, and never stay much above the lip that belongs to them.
            jaw: below(8).max(0.85 * below(66)).max(0.0) / mouth.span,
            gap: gap / mouth.span,
        }
    }

    /// The colour at a place of the frame; `pixel` is the size of a pixel in spans, for soft edges.
    fn colour(&self, look: &Look, p: Pt, pixel: f32) -> Rgb {
        // Place relative to the skull, x along the mouth and y downwards from the line of the closed lips.
        let (dx, dy) = ((p[0] - self.centre[0]) / self.span, (p[1] - self.centre[1]) / self.span);
        let norm = (self.head.0 * self.head.0 + self.head.1 * self.head.1).max(1e-6);
        let x = (self.head.0 * dx + self.head.1 * dy) / norm;
        let y = (self.head.0 * dy - self.head.1 * dx) / norm;
        let edge = |value: f32| smoothstep(-pixel, pixel, value);
        // The cavity: darkest in the middle, a little warmer towards the lips.
        let (top, bottom) = (height_at(self.upper, p[0]), height_at(self.lower, p[0]));
        let from_top = ((p[1] - top) / self.span).max(0.0);
        let from_bottom = ((bottom - p[1]) / self.span).max(0.0);
        let depth = smoothstep(0.0, 0.09, from_top.min(from_bottom));
        let mut colour = mix(mix(look.mouth_interior, look.lips, 0.22), look.mouth_interior, depth);
        // The tongue rests on the floor and is seen once the jaw is open.
        let open = smoothstep(0.07, 0.20, self.gap);
        let lip = (bottom - self.centre[1]) / self.span;
        let (rx, ry) = (0.72 * self.half_width, 0.30 * self.gap + 0.03);
        let tongue = 1.0 - ((x / rx.max(0.02)).powi(2) + ((y - lip - 0.02) / ry).powi(2)).sqrt();
        let light = smoothstep(0.0, 0.7, tongue) * (0.75 + 0.25 * open);
        let groove = 1.0 - 0.07 * (1.0 - smoothstep(0.0, 0.025, x.abs()));
        let tongue_colour = mix(mix(look.tongue, look.mouth_interior, 0.62), look.tongue, light).map(|c| c * groove);
        colour = mix(colour, tongue_colour, edge(tongue * ry) * open);
        // Teeth lie behind the lips; the corners of the mouth are in shade.
        let corner = smoothstep(1.02, 0.50, x.abs() / self.half_width.max(0.02));
        let (low, notch) = tooth_edge(x, &[0.088, 0.068, 0.075, 0.070, 0.070]);
        let lower_edge = 0.016 + 0.20 * x * x + self.jaw + 0.5 * low;
        let shade = |colour: Rgb, amount: f32| mix(look.mouth_interior, colour, amount);
        let tooth = shade(look.teeth, (0.30 + 0.45 * corner) * (1.0 - 0.10 * notch));
        colour = mix(colour, tooth, edge(y - lower_edge) * 0.9);
        let upper_edge = 0.030 - 0.026 * self.round - 0.26 * x * x - low;
        let under_lip = 0.72 + 0.28 * smoothstep(0.0, 0.045, from_top);
        let tooth =
            shade(look.teeth, (0.34 + 0.66 * corner) * (1.0 - 0.45 * self.round) * under_lip * (1.0 - 0.10 * notch));
        let within = smoothstep(0.36, 0.30, x.abs());
        mix(colour, tooth, edge(upper_edge - y) * within)
    }
}

/// Height of a contour at `x`.
fn height_at(line: &[Pt], x: f32) -> f32 {
    for w in line.windows(2) {
        let (a, b) = if w[0][0] <= w[1][0] { (w[0], w[1]) } else { (w[1], w[0]) };
        if (a[0]..=b[0]).contains(&x) {
            return a[1] + (b[1] - a[1]) * ((x - a[0]) / (b[0] - a[0]).max(1e-9));
        }
    }
    let nearest = if line.first().is_some_and(|p| x < p[0]) { line.first() } else { line.last() };
    nearest.map_or(0.0, |p| p[1])
}

/// How much the edge of a row of teeth is drawn back at `x` (rounded corners), and how near a gap between two teeth is
/// (1 on the gap).
fn tooth_edge(x: f32, widths: &[f32]) -> (f32, f32) {
    let mut left = 0.0;
    for width in widths {
        let t = (x.abs() - left) / width;
        if t < 1.0 {
            let side = (2.0 * t - 1.0).abs();
            return (0.012 * side.powi(4), smoothstep(0.80, 1.0, side));
        }
        left += width;
    }
    (0.012, 0.0)
}
