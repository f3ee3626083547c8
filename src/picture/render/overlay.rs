//! Lines and labels over a finished picture: skeleton, face points, targets, the name of the key, and captions.
//!
//! They are for looking at a pose, never part of a person. Colours are the colour-blind safe ones of Okabe and Ito.

use super::captions;
use super::paint::{Mask, Path, Pt};
use super::patch::over;
use crate::pose::{FACE_POINT_COUNT, Point, PoseFrame, Reference, Side, index};

/// What is drawn over the picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overlays {
    /// Bones of arms and hands.
    pub skeleton: bool,
    /// The 68 points of the face.
    pub face: bool,
    /// Places that a key may touch, picture units, with their radii.
    pub targets: Vec<([f32; 2], f32)>,
    /// Notation of the key on screen such as `4-m`, or its gloss.
    pub label: Option<String>,
    /// Where the label stands, from [`captions::place_label`]; without it in the lower corner at image right.
    pub label_place: Option<captions::Place>,
    /// Words under the picture.
    pub caption: Option<captions::Caption>,
}

impl Overlays {
    /// Anything to draw at all?
    pub fn any(&self) -> bool {
        self.skeleton || self.face || !self.targets.is_empty() || self.label.is_some() || self.caption.is_some()
    }
}

const ORANGE: [f32; 3] = [230.0, 159.0, 0.0];
const SKY: [f32; 3] = [86.0, 180.0, 233.0];
const GREEN: [f32; 3] = [0.0, 158.0, 115.0];
const DARK: [f32; 3] = [20.0, 24.0, 30.0];
const WHITE: [f32; 3] = [255.0; 3];

/// Draws over RGBA bytes of `size`. Points that are missing or no numbers are left out.
pub fn draw(out: &mut [u8], size: (u32, u32), pose: &PoseFrame, reference: &Reference, what: &Overlays) {
    let mut pen = Pen { out, size: (size.0 as usize, size.1 as usize), scale: size.1 as f32 };
    for (centre, radius) in &what.targets {
        if centre.iter().all(|v| v.is_finite()) && radius.is_finite() {
            pen.ring(*centre, radius.clamp(0.003, 0.5), GREEN);
            pen.dot(*centre, 0.004, GREEN);
        }
    }
    if what.face {
        let face = pose.face();
        for (range, closed) in crate::pose::FACE_CHAINS {
            let mut points: Vec<&Point> = face.get(range).unwrap_or(&[]).iter().collect();
            if closed {
                points.extend(points.first().copied());
            }
            for pair in points.windows(2) {
                pen.bone(pair[0], pair[1], 0.0016, SKY);
            }
        }
        for p in face.iter().take(FACE_POINT_COUNT).filter(|p| seen(p)) {
            pen.dot(p.xy(), 0.0026, WHITE);
        }
    }
    if what.skeleton {
        skeleton(&mut pen, pose, reference);
    }
    let size = (size.0 as usize, size.1 as usize);
    if let Some(label) = &what.label {
        captions::draw_label(out, size, label, what.label_place.as_ref());
    }
    if let Some(caption) = &what.caption {
        captions::draw(out, size, caption);
    }
}

fn skeleton(pen: &mut Pen, pose: &PoseFrame, reference: &Reference) {
    let p = &pose.points;
    pen.bone(&p[index::LEFT_SHOULDER], &p[index::RIGHT_SHOULDER], 0.003, ORANGE);
    for side in [Side::Right, Side::Left] {
        let colour = if side == reference.handed { ORANGE } else { SKY };
        let (shoulder, elbow) = match side {
            Side::Right => (index::RIGHT_SHOULDER, index::RIGHT_ELBOW),
            Side::Left => (index::LEFT_SHOULDER, index::LEFT_ELBOW),
        };
        let hand = &p[side.hand_index()..side.hand_index() + 21];
        pen.bone(&p[shoulder], &p[elbow], 0.003, colour);
        pen.bone(&p[elbow], &hand[0], 0.003, colour);
        for finger in 0..5 {
            let mut last = &hand[0];
            for joint in &hand[1 + 4 * finger..5 + 4 * finger] {
                pen.bone(last, joint, 0.0024, colour);
                last = joint;
            }
        }
        for joint in hand.iter().filter(|p| seen(p)) {
            pen.dot(joint.xy(), 0.0032, WHITE);
        }
    }
}

fn seen(p: &Point) -> bool {
    p.score > 0.0 && p.x.abs() < 4.0 && p.y.abs() < 4.0
}

struct Pen<'a> {
    out: &'a mut [u8],
    size: (usize, usize),
    scale: f32,
}

impl Pen<'_> {
    fn fill(&mut self, path: &Path, colour: [f32; 3], alpha: f32) {
        let mask = Mask::of(path, self.scale, self.size, 0);
        for row in 0..mask.height {
            for column in 0..mask.width {
                let (x, y) = (mask.x + column as i32, mask.y + row as i32);
                let cover = mask.cover[row * mask.width + column] * alpha;
                if cover > 0.0 && x >= 0 && y >= 0 && (x as usize) < self.size.0 && (y as usize) < self.size.1 {
                    over(&mut self.out[4 * (y as usize * self.size.0 + x as usize)..][..4], colour, cover);
                }
            }
        }
    }

    /// Widths in picture units, but never thinner than a pixel.
    fn width(&self, width: f32) -> f32 {
        width.max(1.0 / self.scale)
    }

    fn line(&mut self, points: &[Pt], width: f32, colour: [f32; 3]) {
        let width = self.width(width);
        let halo = width + 1.5 / self.scale;
        self.fill(&Path::ribbon(points, |_| halo), DARK, 0.35);
        self.fill(&Path::ribbon(points, |_| width), colour, 0.95);
    }

    fn bone(&mut self, a: &Point, b: &Point, width: f32, colour: [f32; 3]) {
        if seen(a) && seen(b) {
            self.line(&[a.xy(), b.xy()], width, colour);
        }
    }

    fn dot(&mut self, at: Pt, radius: f32, colour: [f32; 3]) {
        let radius = self.width(radius);
        self.fill(&Path::ellipse(at, radius + 0.7 / self.scale, radius + 0.7 / self.scale, 0.0), DARK, 0.4);
        self.fill(&Path::ellipse(at, radius, radius, 0.0), colour, 1.0);
    }

    fn ring(&mut self, at: Pt, radius: f32, colour: [f32; 3]) {
        let outline = Path::ellipse(at, radius, radius, 0.0).outlines.remove(0);
        let closed: Vec<Pt> = outline.iter().chain(outline.first()).copied().collect();
        self.line(&closed, 0.0022, colour);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::rig::tests::rest_pose;

    #[test]
    fn overlays_draw_where_their_points_are_and_survive_nonsense() {
        let reference = Reference::example();
        let mut pose = rest_pose(&reference);
        let what = Overlays {
            face: true,
            skeleton: true,
            targets: vec![([0.2, 0.8], 0.05)],
            label: Some("4-m".into()),
            ..Overlays::default()
        };
        let mut out = vec![0; 4 * 200 * 200];
        draw(&mut out, (200, 200), &pose, &reference, &what);
        let lit = |out: &[u8], p: [f32; 2]| {
            out[4 * ((p[1] * 200.0) as usize * 200 + (p[0] * 200.0) as usize)..][..3].iter().any(|c| *c > 60)
        };
        assert!(lit(&out, reference.face[8]) && lit(&out, [0.2, 0.8]) && lit(&out, [0.25, 0.8]));
        assert!(!lit(&out, [0.05, 0.05]));
        for p in &mut pose.points {
            (p.x, p.y) = (f32::NAN, f32::INFINITY);
        }
        draw(&mut out, (200, 200), &pose, &reference, &what);
        let nothing = Overlays { label: Some(" ".into()), ..Overlays::default() };
        let mut clean = vec![9; 4 * 200 * 200];
        draw(&mut clean, (200, 200), &pose, &reference, &nothing);
        assert!(clean.iter().all(|b| *b == 9));
        let named = Overlays { label: Some("你".into()), ..Overlays::default() };
        draw(&mut clean, (200, 200), &pose, &reference, &named);
        assert!(clean.iter().any(|b| *b > 200));
    }
}
