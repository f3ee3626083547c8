//! What moves the picture: control points on face, hair, neck, shoulders and the still edge, and how a pose moves them.
//!
//! A pose may miss points, hold nonsense, or belong to another person; the picture must stay a person all the same.
//! So a pose is read in two steps. First the *head* as a whole: the shift, turn and scale that carries the resting face
//! best onto the points that do not speak or blink. Then, for each face point, what remains: its own expression, within
//! the bounds of a face. What was not seen remains at rest relative to the head. The lids and the inner lips are not
//! part of the spline: they slide over what lies behind them, and are drawn as such (`lids`, `mouth`).

use super::paint::{Mask, Path, Pt, smoothstep};
use super::similarity::Similarity;
use super::tidy::Tidy;
use crate::pose::{FACE_POINT_COUNT, Point, PoseFrame, Reference, Side, index};
use std::sync::Arc;

/// Face points that stay with the skull: temples, bridge and base of the nose, eye corners.
const RIGID: [usize; 17] = [0, 1, 15, 16, 27, 28, 29, 30, 31, 33, 35, 36, 39, 42, 45, 2, 14];
/// First inner-lip point; those from here on do not steer the spline.
pub const INNER_LIP: usize = 60;
/// How far an expression may carry a face point away from where the head puts it, in distances of the outer eye
/// corners: a jaw dropped wide open moves the chin by about 0.35.
const EXPRESSION_LIMIT: f32 = 0.42;
/// How far a lid point of the spline follows its own motion before the lid is drawn over the eye instead.
const LID_LIMIT: f32 = 0.025;
/// How far a pupil may leave the middle of the eye, in widths of the eye, sideways and up or down.
pub const GAZE_LIMIT: [f32; 2] = [0.27, 0.17];
/// A pupil nearer to its place at rest than this, in widths of the eye, looks straight ahead: noise of detection.
const GAZE_REST: f32 = 0.012;
/// The eyes: corner at the temple, upper lid, corner at the nose, lower lid; first the one at image left.
pub const EYES: [[usize; 6]; 2] = [[36, 37, 38, 39, 40, 41], [45, 44, 43, 42, 47, 46]];

/// What a control point belongs to.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    /// Moves as this face point does; it need not lie at it.
    Face(usize),
    /// The apple of a cheek, lifted by the corner of the mouth under it; image left is 0.
    Cheek(usize),
    /// Skull and hair.
    Head,
    /// Between head and trunk; the number is the head's share.
    Neck(f32),
    /// Trunk; the number says how much of the image-left shoulder's motion it takes, the rest is the other one's.
    Trunk(f32),
    Still,
}

/// How a control point takes part in the motions of a pose.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Share {
    /// Of the motion of the head.
    pub head: f32,
    /// Of the motion of the shoulder at image left and of that at image right.
    pub trunk: [f32; 2],
    /// It has a motion of its own: the next of [`Moved::own`].
    pub own: bool,
    /// It belongs to a brow.
    pub brow: bool,
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
    /// Height of the hollow of the throat: what is well below it does not follow the head.
    pub throat: f32,
    tidy: Arc<Tidy>,
}

/// A pose as the renderer uses it.
#[derive(Clone, Debug)]
pub struct Moved {
    /// What each expressive control point does beyond the motion of the head, in the order of the control points.
    pub own: Vec<Pt>,
    /// Where each of the 68 face points goes.
    pub face: [Pt; FACE_POINT_COUNT],
    pub head: Similarity,
    /// How far each pupil is from where it is at rest, in the head at rest, picture units; the eye at image left first.
    pub gaze: [Pt; 2],
    /// How far the corners of the mouth are drawn apart, in halves of the resting mouth; image left first.
    pub spread: [f32; 2],
    /// Displacement of the shoulders, the person's left one first.
    shoulders: [Pt; 2],
}

impl Moved {
    /// How far a shoulder is from rest.
    pub fn shoulder(&self, side: Side) -> Pt {
        self.shoulders[side as usize]
    }

    /// Displacement of the shoulder at image left and of that at image right.
    pub fn trunk(&self) -> [Pt; 2] {
        [self.shoulders[1], self.shoulders[0]]
    }

    /// Nothing moves but, perhaps, what is drawn over the warp.
    pub fn still(&self) -> bool {
        // A two-hundredth of a pixel of the largest picture.
        let nothing = |p: &Pt| p[0].abs().max(p[1].abs()) < 1e-6;
        let carried = [[0.0, 0.0], [1.0, 1.0], [0.0, 1.0]].map(|p| {
            let q = self.head.apply(p);
            [q[0] - p[0], q[1] - p[1]]
        });
        self.own.iter().chain(&self.shoulders).chain(&carried).all(nothing)
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
        let beside = |p: Pt, by: Pt| -> Pt {
            [p[0] + span * (by[0] * right[0] - by[1] * right[1]), p[1] + span * (by[0] * right[1] + by[1] * right[0])]
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
        // A brow is carried whole, with skin above and below it, and the crease of the lid stays where it is: so a brow
        // that is raised stretches the skin between, and smears neither itself nor the lid.
        for i in 17..27 {
            for y in [-0.055, 0.045] {
                points.push((beside(face[i], [0.0, y]), Part::Face(i)));
            }
        }
        for eye in EYES {
            let width = distance(face[eye[0]], face[eye[3]]) / span;
            for i in [eye[1], eye[2]] {
                points.push((beside(face[i], [0.0, -0.24 * width]), Part::Head));
            }
        }
        for (side, [corner, temple]) in [[48, 36], [54, 45]].into_iter().enumerate() {
            let t = 0.52;
            let apple: Pt = std::array::from_fn(|k| face[corner][k] + t * (face[temple][k] - face[corner][k]));
            points.push((apple, Part::Cheek(side)));
        }
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
        Self {
            rest_face: face,
            shoulders,
            centres,
            parts,
            span,
            region,
            throat: throat[1],
            tidy: Arc::new(Tidy::new(&face)),
        }
    }

    /// How each control point takes part in the motions of a pose.
    pub fn shares(&self) -> Vec<Share> {
        let trunk = |share: f32, of: f32| [of * share, of * (1.0 - share)];
        let share = |part: &Part| match *part {
            Part::Face(i) => Share { head: 1.0, own: true, brow: (17..27).contains(&i), ..Share::default() },
            Part::Cheek(_) => Share { head: 1.0, own: true, ..Share::default() },
            Part::Head => Share { head: 1.0, ..Share::default() },
            Part::Neck(share) => Share { head: share, trunk: trunk(0.5, 1.0 - share), ..Share::default() },
            Part::Trunk(share) => Share { trunk: trunk(share, 1.0), ..Share::default() },
            Part::Still => Share::default(),
        };
        self.parts.iter().map(share).collect()
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
        let mut own: [Pt; FACE_POINT_COUNT] = std::array::from_fn(|i| {
            let rest = head.apply(self.rest_face[i]);
            match face.get(i).filter(|p| seen(p)) {
                Some(p) => clamped([p.x - rest[0], p.y - rest[1]], limit),
                None => [0.0, 0.0],
            }
        });
        let size = head.a.hypot(head.b).max(1e-6);
        self.tidy.apply(&mut own, [head.a / size, head.b / size]);
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
        // Corners of the mouth drawn outwards and up, in halves of the mouth; image left first.
        let half = 0.5 * distance(self.rest_face[48], self.rest_face[54]).max(1e-4);
        let corner = |i: usize, outward: f32| [outward * own[i][0] / half, -own[i][1] / half];
        let corners = [corner(48, -1.0), corner(54, 1.0)];
        let expression = |part: &Part| match *part {
            Part::Face(i) => {
                let e = if (36..48).contains(&i) { clamped(own[i], LID_LIMIT * self.span) } else { own[i] };
                // The upper lid only ever opens with the spline; closing it slides the lid over the eye.
                Some(if matches!(i, 37 | 38 | 43 | 44) { [0.0, e[1].min(0.0)] } else { e })
            }
            Part::Cheek(side) => {
                // A cheek is lifted and pushed outwards by a smile, and drawn down a little by the jaw.
                let [out, up] = corners[side];
                let lift = (0.55 * out.max(0.0) + 0.45 * up.max(0.0)).min(0.35) * half;
                let outward = if side == 0 { -1.0 } else { 1.0 };
                Some([outward * 0.30 * lift, 0.10 * own[if side == 0 { 5 } else { 11 }][1] - lift])
            }
            _ => None,
        };
        Moved {
            own: self.parts.iter().filter_map(expression).collect(),
            face: target,
            head,
            gaze: std::array::from_fn(|eye| self.gaze(eye, frame, &target, &head, &seen)),
            spread: corners.map(|[out, up]| out.max(0.0) + 0.5 * up.max(0.0)),
            shoulders: [image_right, image_left],
        }
    }

    /// How far a pupil is from its place at rest, brought back into the head at rest. The place is that between the
    /// corners of the eye, which neither blink nor look.
    fn gaze(
        &self,
        eye: usize,
        frame: &PoseFrame,
        target: &[Pt; FACE_POINT_COUNT],
        head: &Similarity,
        seen: &impl Fn(&Point) -> bool,
    ) -> Pt {
        // The eye at image left is the person's own right one.
        let pupil = &frame.points[if eye == 0 { index::RIGHT_EYE } else { index::LEFT_EYE }];
        let points = EYES[eye];
        let (a, b) = (points[0], points[3]);
        let width = distance(self.rest_face[a], self.rest_face[b]);
        if !seen(pupil) || width < 1e-4 {
            return [0.0, 0.0];
        }
        // Poses that know nothing of looks have their pupils in the middle of the lids, wherever a blink takes those.
        let lids = points.map(|i| frame.points[index::FACE + i]);
        let plain: Pt = [lids.iter().map(|p| p.x).sum::<f32>() / 6.0, lids.iter().map(|p| p.y).sum::<f32>() / 6.0];
        if lids.iter().all(seen) && distance(plain, pupil.xy()) < 0.01 * width {
            return [0.0, 0.0];
        }
        let middle = |p: Pt, q: Pt| [(p[0] + q[0]) / 2.0, (p[1] + q[1]) / 2.0];
        let mean: Pt = std::array::from_fn(|k| points.iter().map(|i| self.rest_face[*i][k]).sum::<f32>() / 6.0);
        let rest = middle(self.rest_face[a], self.rest_face[b]);
        let moved = middle(target[a], target[b]);
        let above = [mean[0] - rest[0], mean[1] - rest[1]];
        let off = [
            pupil.x - moved[0] - (head.a * above[0] - head.b * above[1]),
            pupil.y - moved[1] - (head.b * above[0] + head.a * above[1]),
        ];
        let norm = (head.a * head.a + head.b * head.b).max(1e-6);
        let (x, y) = ((head.a * off[0] + head.b * off[1]) / norm, (head.a * off[1] - head.b * off[0]) / norm);
        // Nearly straight ahead is straight ahead; beyond the limit the eye turns no farther, without a jump.
        let length = x.hypot(y) / width;
        let kept = smoothstep(GAZE_REST, 3.0 * GAZE_REST, length);
        let within = |v: f32, limit: f32| limit * width * (kept * v / (limit * width)).clamp(-1.0, 1.0);
        [within(x, GAZE_LIMIT[0]), within(y, GAZE_LIMIT[1])]
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

pub fn distance(a: Pt, b: Pt) -> f32 {
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
        assert!(moved.own.iter().flatten().all(|d| d.abs() < 1e-6));
        assert_eq!(moved.gaze, [[0.0; 2]; 2]);
        assert_eq!(rig.shares().iter().filter(|s| s.own).count(), moved.own.len());
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
            assert!(moved.own.iter().chain(&moved.gaze).flatten().all(|d| d.is_finite() && d.abs() < 1.0));
            assert!(moved.face.iter().flatten().all(|d| d.is_finite()));
        }
        // Nothing seen at all: nothing moves.
        assert!(rig.read(&PoseFrame::default()).still());
    }
}
