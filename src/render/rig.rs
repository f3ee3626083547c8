//! What moves the picture: control points on face, hair, neck, shoulders and the still edge, and how a pose moves them.
//!
//! A pose may miss points, hold nonsense, or belong to another person; the picture must stay a person all the same.
//! So a pose is read in two steps. First the *head* as a whole: the shift, turn and scale that carries the resting face
//! best onto the points that do not speak or blink. Then, for each face point, what remains: its own expression, within
//! the bounds of a face. What was not seen remains at rest relative to the head. The lids and the inner lips are not
//! part of the spline: they slide over what lies behind them, and are drawn as such (`lids`, `mouth`).

use super::paint::{Mask, Path, Pt};
use crate::pose::{FACE_POINT_COUNT, Point, PoseFrame, Reference, Side, index};

/// Face points that stay with the skull: temples, bridge and base of the nose, eye corners.
const RIGID: [usize; 17] = [0, 1, 15, 16, 27, 28, 29, 30, 31, 33, 35, 36, 39, 42, 45, 2, 14];
/// First inner-lip point; those from here on do not steer the spline.
pub const INNER_LIP: usize = 60;
/// How far an expression may carry a face point away from where the head puts it, in distances of the outer eye
/// corners: a jaw dropped wide open moves the chin by about 0.35.
const EXPRESSION_LIMIT: f32 = 0.42;
/// How far a lid point of the spline follows its own motion before the lid is drawn over the eye instead.
const LID_LIMIT: f32 = 0.025;

/// A shift, turn and scale: `p ↦ (a x - b y, b x + a y) + t`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Similarity {
    pub a: f32,
    pub b: f32,
    pub t: Pt,
}

impl Similarity {
    pub const IDENTITY: Self = Self { a: 1.0, b: 0.0, t: [0.0, 0.0] };

    pub fn apply(&self, p: Pt) -> Pt {
        [self.a * p[0] - self.b * p[1] + self.t[0], self.b * p[0] + self.a * p[1] + self.t[1]]
    }

    /// The least-squares similarity from pairs of points with weights (Umeyama 1991, in the plane); `None` if they
    /// do not determine one.
    pub fn fit(pairs: &[(Pt, Pt, f32)]) -> Option<Self> {
        let total: f32 = pairs.iter().map(|p| p.2).sum();
        if total < 0.5 {
            return None;
        }
        let mean = |pick: fn(&(Pt, Pt, f32)) -> Pt| -> Pt {
            std::array::from_fn(|k| pairs.iter().map(|p| pick(p)[k] * p.2).sum::<f32>() / total)
        };
        let (from, to) = (mean(|p| p.0), mean(|p| p.1));
        let (mut dot, mut cross, mut spread) = (0.0, 0.0, 0.0);
        for (p, q, w) in pairs {
            let (p, q) = ([p[0] - from[0], p[1] - from[1]], [q[0] - to[0], q[1] - to[1]]);
            dot += w * (p[0] * q[0] + p[1] * q[1]);
            cross += w * (p[0] * q[1] - p[1] * q[0]);
            spread += w * (p[0] * p[0] + p[1] * p[1]);
        }
        if spread < 1e-6 {
            return None;
        }
        let (a, b) = (dot / spread, cross / spread);
        Some(Self { a, b, t: [to[0] - a * from[0] + b * from[1], to[1] - b * from[0] - a * from[1]] })
    }
}

/// What a control point belongs to.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Face(usize),
    /// Skull and hair.
    Head,
    /// Between head and trunk; the number is the head's share.
    Neck(f32),
    /// Trunk; the number says how much of the image-left shoulder's motion it takes, the rest is the other one's.
    Trunk(f32),
    Still,
}

/// The control points of a person.
#[derive(Clone, Debug)]
pub struct Rig {
    rest_face: [Pt; FACE_POINT_COUNT],
    shoulders: [Pt; 2],
    centres: Vec<Pt>,
    parts: Vec<Part>,
    /// Distance of the outer eye corners at rest: the measure of the face.
    pub span: f32,
    /// The rectangle `[left, top, right, bottom]` that may move; all outside keeps still.
    pub region: [f32; 4],
}

/// A pose as the renderer uses it.
#[derive(Clone, Debug)]
pub struct Moved {
    /// Displacement of each control point of the spline.
    pub shift: Vec<Pt>,
    /// Where each of the 68 face points goes.
    pub face: [Pt; FACE_POINT_COUNT],
    pub head: Similarity,
    /// Displacement of the shoulders, the person's left one first.
    shoulders: [Pt; 2],
}

impl Moved {
    /// How far a shoulder is from rest.
    pub fn shoulder(&self, side: Side) -> Pt {
        self.shoulders[side as usize]
    }
}

impl Rig {
    /// The control points of a person at rest. A reference with fewer than 68 face points is filled up by the origin;
    /// identities are checked when they are loaded.
    pub fn new(reference: &Reference) -> Self {
        let face: [Pt; FACE_POINT_COUNT] = std::array::from_fn(|i| reference.face_point(i).to_array());
        let span = distance(face[36], face[45]).max(1e-3);
        let right = [(face[45][0] - face[36][0]) / span, (face[45][1] - face[36][1]) / span];
        let eyes = [(face[36][0] + face[45][0]) / 2.0, (face[36][1] + face[45][1]) / 2.0];
        // Places relative to the eyes, in distances of the outer eye corners.
        let at = |x: f32, y: f32| -> Pt {
            [eyes[0] + span * (x * right[0] - y * right[1]), eyes[1] + span * (x * right[1] + y * right[0])]
        };
        let mut points: Vec<(Pt, Part)> = (0..INNER_LIP).map(|i| (face[i], Part::Face(i))).collect();
        for (x, y) in [(0.0, -1.18), (0.47, -1.10), (0.80, -0.72), (0.93, -0.25), (0.97, 0.32), (0.97, 0.86)] {
            points.push((at(x, y), Part::Head));
            if x > 0.0 {
                points.push((at(-x, y), Part::Head));
            }
        }
        // The forehead between brows and crown.
        points.extend([(at(-0.3, -0.62), Part::Head), (at(0.3, -0.62), Part::Head)]);
        let (chin, throat) = (face[8], reference.throat);
        let neck = [(chin[0] + throat[0]) / 2.0, chin[1] + 0.55 * (throat[1] - chin[1])];
        for side in [-1.0f32, 1.0] {
            points.push(([neck[0] + side * 0.35 * span, neck[1]], Part::Neck(0.45)));
            points.push(([throat[0] + side * 0.55 * span, throat[1]], Part::Trunk(0.5 - 0.2 * side)));
        }
        points.push((throat, Part::Trunk(0.5)));
        // The shoulder at image left is the person's own right one.
        let shoulders = [reference.right_shoulder, reference.left_shoulder];
        for (i, s) in shoulders.iter().enumerate() {
            let (side, share) = if i == 0 { (-1.0f32, 1.0) } else { (1.0, 0.0) };
            points.push((*s, Part::Trunk(share)));
            points.push(([s[0] + side * 0.30 * span, s[1] + 0.25 * span], Part::Trunk(share)));
            points.push(([s[0] - side * 0.55 * span, s[1] + 0.9 * span], Part::Trunk(0.5 + 0.25 * -side)));
        }
        let left = shoulders.iter().map(|s| s[0]).fold(at(-1.0, 0.0)[0], f32::min) - 0.75 * span;
        let far = shoulders.iter().map(|s| s[0]).fold(at(1.0, 0.0)[0], f32::max) + 0.75 * span;
        let top = at(0.0, -1.18)[1].min(at(0.47, -1.1)[1]).min(at(-0.47, -1.1)[1]) - 0.55 * span;
        let region = [left.max(0.0), top.max(0.0), far.min(reference.aspect), 1.0];
        for i in 0..6 {
            let t = i as f32 / 5.0;
            let (x, y) = (region[0] + t * (region[2] - region[0]), region[1] + t * (region[3] - region[1]));
            points.push(([x, region[1]], Part::Still));
            points.push(([x, region[3]], Part::Still));
            if (1..5).contains(&i) {
                points.push(([region[0], y], Part::Still));
                points.push(([region[2], y], Part::Still));
            }
        }
        let (centres, parts) = points.into_iter().unzip();
        Self { rest_face: face, shoulders, centres, parts, span, region }
    }

    /// The resting places of the control points.
    pub fn centres(&self) -> &[Pt] {
        &self.centres
    }

    /// The resting face.
    pub fn rest_face(&self) -> &[Pt; FACE_POINT_COUNT] {
        &self.rest_face
    }

    /// Roughly where the person is, 0-255, for pictures that come without a matte: an oval for the head, and neck and
    /// shoulders under it, with soft edges.
    pub fn matte(&self, width: u32, height: u32) -> Vec<u8> {
        let scale = height as f32;
        let size = (width as usize, height as usize);
        let mut outline: Vec<Pt> = self.rest_face[..17].to_vec();
        let crown = |x: f32, y: f32| -> Pt {
            let (a, b) = (self.rest_face[36], self.rest_face[45]);
            [(a[0] + b[0]) / 2.0 + x * self.span, (a[1] + b[1]) / 2.0 + y * self.span]
        };
        outline.extend([
            crown(0.72, -0.55),
            crown(0.42, -1.0),
            crown(0.0, -1.12),
            crown(-0.42, -1.0),
            crown(-0.72, -0.55),
        ]);
        let [r, l] = self.shoulders;
        let reach = 0.28 * self.span;
        let (neck_left, neck_right) = (self.rest_face[5], self.rest_face[11]);
        let trunk = vec![
            [neck_left[0], neck_left[1] - 0.1 * self.span],
            [neck_left[0], r[1] - 0.45 * self.span],
            [r[0], r[1] - 0.12 * self.span],
            [r[0] - reach, r[1] + reach],
            [r[0] - 1.5 * reach, 1.2],
            [l[0] + 1.5 * reach, 1.2],
            [l[0] + reach, l[1] + reach],
            [l[0], l[1] - 0.12 * self.span],
            [neck_right[0], l[1] - 0.45 * self.span],
            [neck_right[0], neck_right[1] - 0.1 * self.span],
        ];
        let mask = |path| Mask::of(&path, scale, size, height as i32 / 16).blurred(0.03 * self.span);
        let (head, body) = (mask(Path::blob(&outline)), mask(Path::polygon(trunk)));
        (0..size.0 * size.1)
            .map(|i| {
                let (x, y) = ((i % size.0) as i32, (i / size.0) as i32);
                (head.at(x, y).max(body.at(x, y)).min(1.0) * 255.0 + 0.5) as u8
            })
            .collect()
    }

    /// Reads a pose; never fails, whatever it holds.
    pub fn read(&self, frame: &PoseFrame) -> Moved {
        let seen = |p: &Point| p.score > 0.0 && p.x.is_finite() && p.y.is_finite() && p.x.abs().max(p.y.abs()) < 4.0;
        let face = frame.face();
        let head = self.head(face, &seen);
        // Expression: what the head's motion does not explain.
        let limit = EXPRESSION_LIMIT * self.span;
        let own: [Pt; FACE_POINT_COUNT] = std::array::from_fn(|i| {
            let rest = head.apply(self.rest_face[i]);
            match face.get(i).filter(|p| seen(p)) {
                Some(p) => clamped([p.x - rest[0], p.y - rest[1]], limit),
                None => [0.0, 0.0],
            }
        });
        let target: [Pt; FACE_POINT_COUNT] = std::array::from_fn(|i| {
            let rest = head.apply(self.rest_face[i]);
            [rest[0] + own[i][0], rest[1] + own[i][1]]
        });
        let body = |i: usize, rest: Pt| -> Pt {
            let p = &frame.points[i];
            if seen(p) { clamped([p.x - rest[0], p.y - rest[1]], 0.5 * self.span) } else { [0.0, 0.0] }
        };
        let (image_left, image_right) =
            (body(index::RIGHT_SHOULDER, self.shoulders[0]), body(index::LEFT_SHOULDER, self.shoulders[1]));
        let trunk =
            |share: f32| -> Pt { std::array::from_fn(|k| share * image_left[k] + (1.0 - share) * image_right[k]) };
        let carried = |p: Pt| -> Pt {
            let q = head.apply(p);
            [q[0] - p[0], q[1] - p[1]]
        };
        let shift = self
            .centres
            .iter()
            .zip(&self.parts)
            .map(|(&rest, part)| match *part {
                Part::Face(i) => {
                    let e = if (36..48).contains(&i) { clamped(own[i], LID_LIMIT * self.span) } else { own[i] };
                    // The upper lid only ever opens with the spline; closing it slides the lid over the eye.
                    let e = if matches!(i, 37 | 38 | 43 | 44) { [0.0, e[1].min(0.0)] } else { e };
                    let q = carried(rest);
                    [q[0] + e[0], q[1] + e[1]]
                }
                Part::Head => carried(rest),
                Part::Neck(share) => {
                    let (q, t) = (carried(rest), trunk(0.5));
                    std::array::from_fn(|k| share * q[k] + (1.0 - share) * t[k])
                }
                Part::Trunk(share) => trunk(share),
                Part::Still => [0.0, 0.0],
            })
            .collect();
        Moved { shift, face: target, head, shoulders: [image_right, image_left] }
    }

    /// The motion of the head as a whole, outliers put aside; identity where the face was not seen.
    fn head(&self, face: &[Point], seen: &impl Fn(&Point) -> bool) -> Similarity {
        let pair = |i: usize| {
            let p = face.get(i).filter(|p| seen(p))?;
            Some((self.rest_face[i], p.xy(), 1.0f32))
        };
        let mut pairs: Vec<(Pt, Pt, f32)> = RIGID.iter().filter_map(|&i| pair(i)).collect();
        if pairs.len() < 5 {
            pairs = (0..INNER_LIP).filter_map(pair).collect();
        }
        if pairs.len() < 5 {
            return Similarity::IDENTITY;
        }
        let mut head = Similarity::IDENTITY;
        // Cauchy weights, ever stricter: in the end a point that is three hundredths of the face off counts half.
        for width in [0.5, 0.2, 0.1, 0.05, 0.03, 0.03] {
            let Some(fit) = Similarity::fit(&pairs) else { break };
            head = fit;
            for (p, q, w) in &mut pairs {
                let off = distance(head.apply(*p), *q) / (width * self.span);
                *w = 1.0 / (1.0 + off * off);
            }
        }
        // Bounds of a person who sits and cues: beyond them the pose is not this person's.
        let scale = head.a.hypot(head.b).clamp(0.8, 1.25);
        let angle = head.b.atan2(head.a).clamp(-0.35, 0.35);
        let centre = self.rest_face[27];
        let moved = head.apply(centre);
        let by = clamped([moved[0] - centre[0], moved[1] - centre[1]], 0.7 * self.span);
        let (a, b) = (scale * angle.cos(), scale * angle.sin());
        let t = [centre[0] + by[0] - a * centre[0] + b * centre[1], centre[1] + by[1] - b * centre[0] - a * centre[1]];
        Similarity { a, b, t }
    }
}

fn distance(a: Pt, b: Pt) -> f32 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// A vector no longer than `limit`, smoothly: short ones are kept as they are.
fn clamped(v: Pt, limit: f32) -> Pt {
    let length = v[0].hypot(v[1]);
    if length <= limit { v } else { [v[0] * limit / length, v[1] * limit / length] }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A pose that shows the person at rest, hands out of sight.
    pub(in crate::render) fn rest_pose(reference: &Reference) -> PoseFrame {
        let mut frame = PoseFrame::default();
        for i in 0..FACE_POINT_COUNT {
            let p = reference.face_point(i);
            frame.points[index::FACE + i] = Point::new(p.x, p.y);
        }
        frame.points[index::LEFT_SHOULDER] = Point::new(reference.left_shoulder[0], reference.left_shoulder[1]);
        frame.points[index::RIGHT_SHOULDER] = Point::new(reference.right_shoulder[0], reference.right_shoulder[1]);
        frame
    }

    #[test]
    fn rest_moves_nothing() {
        let reference = Reference::example();
        let rig = Rig::new(&reference);
        let moved = rig.read(&rest_pose(&reference));
        assert!(moved.shift.iter().flatten().all(|d| d.abs() < 1e-6));
    }

    #[test]
    fn a_turned_head_is_found_through_outliers_and_speech() {
        let reference = Reference::example();
        let rig = Rig::new(&reference);
        let truth = Similarity { a: 1.02 * 0.1f32.cos(), b: 1.02 * 0.1f32.sin(), t: [0.03, -0.06] };
        let mut pose = rest_pose(&reference);
        for i in 0..FACE_POINT_COUNT {
            let p = truth.apply(rig.rest_face[i]);
            pose.points[index::FACE + i] = Point::new(p[0], p[1]);
        }
        // The jaw drops, two points are far off, two are not a number.
        for i in 5..12 {
            pose.points[index::FACE + i].y += 0.03;
        }
        pose.points[index::FACE + 16].x += 0.2;
        pose.points[index::FACE + 31].y -= 0.1;
        pose.points[index::FACE + 27].x = f32::NAN;
        pose.points[index::FACE + 45].score = 0.0;
        let head = rig.read(&pose).head;
        for p in [[0.4, 0.3], [0.6, 0.5]] {
            assert!(distance(head.apply(p), truth.apply(p)) < 0.003, "{head:?}");
        }
    }

    #[test]
    fn nonsense_stays_within_bounds() {
        let reference = Reference::example();
        let rig = Rig::new(&reference);
        for bad in [f32::NAN, f32::INFINITY, -1e30, 3.9, -3.9] {
            let mut pose = rest_pose(&reference);
            for (i, p) in pose.points.iter_mut().enumerate() {
                if i % 3 != 0 {
                    (p.x, p.y) = (bad, 0.5 * bad);
                }
            }
            let moved = rig.read(&pose);
            assert!(moved.shift.iter().flatten().all(|d| d.is_finite() && d.abs() < 1.0));
            assert!(moved.face.iter().flatten().all(|d| d.is_finite()));
        }
        // Nothing seen at all: nothing moves.
        let moved = rig.read(&PoseFrame::default());
        assert!(moved.shift.iter().flatten().all(|d| *d == 0.0));
    }
}
