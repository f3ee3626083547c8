//! The 68 face points: the picture's own, moved by lips, jaw, cheeks, lids and brows, then turned with the head.
//!
//! Lips and jaw are built from the picture's mouth, in units of half its width: parting, rounding, spreading and the
//! two closures act on each of the 20 mouth points by its place on the lip. The head turns as a rounded surface (nose
//! forward, ears back) about the neck, seen without perspective.

use super::idle::HeadMotion;
use super::lips::MouthState;
use crate::pose::{FACE_POINT_COUNT, Reference};
use glam::{Vec2, Vec3};

/// Parting of the inner lips at full opening, in half widths of the mouth.
const WIDEST: f32 = 0.75;
/// The share of it that the upper lip gives, and that it gives when rounded: round lips part both ways.
const UPPER_SHARE: f32 = 0.20;
const UPPER_SHARE_ROUND: f32 = 0.42;
/// How far the chin follows the lower lip.
const CHIN_FOLLOWS: f32 = 0.72;
/// How much narrower rounding makes the mouth, and how much wider spreading.
const ROUND_NARROWS: f32 = 0.42;
const SPREAD_WIDENS: f32 = 0.10;
/// How far each point of the jaw line follows the chin, from ear to chin.
const JAW_FOLLOWS: [f32; 9] = [0.0, 0.01, 0.05, 0.16, 0.38, 0.66, 0.88, 0.98, 1.0];

/// The face at a moment, before the head turns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Expression {
    pub mouth: MouthState,
    /// 0 open, 1 closed.
    pub eyes_closed: f32,
    /// −1 to 1.
    pub brow: f32,
}

/// What stays the same of a face.
#[derive(Clone, Debug)]
pub(super) struct Face {
    rest: Vec<Vec2>,
    depth: Vec<f32>,
    /// The neck's joint, about which the head turns.
    pivot: Vec3,
    width: f32,
    mouth_middle: Vec2,
    mouth_half: f32,
    lips_amount: f32,
}

impl Face {
    pub fn new(reference: &Reference, lips_amount: f32) -> Self {
        let rest: Vec<Vec2> = (0..FACE_POINT_COUNT).map(|i| reference.face_point(i)).collect();
        let width = (rest[16].x - rest[0].x).abs().max(1e-3);
        let middle_x = (rest[16].x + rest[0].x) / 2.0;
        let depth = rest.iter().enumerate().map(|(i, p)| depth_of(i, (p.x - middle_x) / (width / 2.0)) * width);
        let pivot = Vec3::new(middle_x, rest[8].y + 0.25 * width, -0.45 * width);
        Self {
            depth: depth.collect(),
            pivot,
            width,
            mouth_middle: (rest[48] + rest[54]) / 2.0,
            mouth_half: (rest[54].x - rest[48].x).abs().max(1e-4) / 2.0,
            rest,
            lips_amount: if lips_amount.is_finite() { lips_amount.clamp(0.0, 1.6) } else { 1.0 },
        }
    }

    pub fn width(&self) -> f32 {
        self.width
    }

    /// How far the skin at `x` is in front of the face's plane, picture units; beside the face, that of the ears.
    pub fn skin_depth(&self, x: f32) -> f32 {
        let x = ((x - self.pivot.x) / (self.width / 2.0)).clamp(-1.0, 1.0);
        surface(x) * self.width
    }

    /// The outline of the closed mouth (points 48-59), as in the picture.
    pub fn mouth_outline(&self) -> &[Vec2] {
        &self.rest[48..60]
    }

    /// How far the chin is lowered by an opening of the mouth, picture units.
    pub fn chin_drop(&self, mouth: &MouthState) -> f32 {
        let open = self.opening(mouth);
        open * (1.0 - UPPER_SHARE) * CHIN_FOLLOWS
    }

    /// Distance between the inner lips without closures, picture units. The jaw hardly rises for a short closure; the
    /// lips do.
    fn opening(&self, mouth: &MouthState) -> f32 {
        let shut = mouth.pressed.max(0.8 * mouth.bitten);
        mouth.mouth.open * self.lips_amount * WIDEST * self.mouth_half * (1.0 - 0.55 * shut)
    }

    /// The 68 points with this expression, head not turned.
    pub fn points(&self, e: &Expression) -> [Vec2; FACE_POINT_COUNT] {
        let mut points: [Vec2; FACE_POINT_COUNT] = std::array::from_fn(|i| self.rest[i]);
        self.move_jaw(&e.mouth, &mut points);
        self.move_lips(&e.mouth, &mut points);
        self.close_eyes(e.eyes_closed, &mut points);
        for (i, p) in points.iter_mut().enumerate().take(27).skip(17) {
            // The middle of a brow rises more than its ends.
            let along = if i < 22 { i - 17 } else { 26 - i } as f32 / 4.0;
            p.y -= 0.012 * self.width * e.brow * (0.6 + 0.4 * (along * std::f32::consts::PI).sin());
        }
        points
    }

    fn move_jaw(&self, state: &MouthState, points: &mut [Vec2; FACE_POINT_COUNT]) {
        let drop = self.chin_drop(state);
        let spread = state.mouth.spread * self.lips_amount;
        let round = state.mouth.round * self.lips_amount;
        for (i, p) in points.iter_mut().enumerate().take(17) {
            let half = if i <= 8 { i } else { 16 - i };
            let outward = (p.x - self.pivot.x).signum();
            p.y += drop * JAW_FOLLOWS[half];
            // Cheeks: drawn in by an open or rounded mouth, filled out by spread lips.
            let cheek = [0.0, 0.1, 0.5, 1.0, 0.9, 0.5, 0.2, 0.0, 0.0][half];
            p.x += outward * cheek * (0.010 * self.width * (spread - 0.6 * round) - 0.14 * drop);
        }
        // Nostrils widen and sink a little with spread and rounded lips.
        for i in [31, 32, 34, 35] {
            points[i].y += 0.004 * self.width * round;
        }
    }

    fn move_lips(&self, state: &MouthState, points: &mut [Vec2; FACE_POINT_COUNT]) {
        let m = &state.mouth;
        let a = self.mouth_half;
        let (pressed, bitten) = (state.pressed, state.bitten);
        let amount = self.lips_amount;
        let shut = pressed.max(bitten);
        let opening = self.opening(state);
        let round = m.round * amount * (1.0 - 0.35 * shut);
        let spread = m.spread * amount;
        // Lip compression draws the corners in a little.
        let widths = 1.0 - ROUND_NARROWS * round + SPREAD_WIDENS * spread - 0.03 * pressed;
        // The jaw keeps part of its opening behind closed lips; the lips themselves meet.
        let gap = opening * (1.0 - shut) / (1.0 - 0.55 * shut);
        let share = UPPER_SHARE + (UPPER_SHARE_ROUND - UPPER_SHARE) * round.min(1.0);
        let (up, down) = (gap * share, gap * (1.0 - share));
        // Behind a closure the whole mouth sinks a little with the jaw.
        let sink = 0.25 * (opening - gap).max(0.0) * (1.0 - UPPER_SHARE);
        let bare = m.bare * amount * (1.0 - shut);
        for (i, p) in points.iter_mut().enumerate().skip(48) {
            let offset = self.rest[i] - self.mouth_middle;
            let x = (offset.x / a).clamp(-1.0, 1.0);
            let inner = i >= 60;
            let corner = matches!(i, 48 | 54 | 60 | 64);
            let upper = matches!(i, 49..=53 | 61..=63);
            // An opening is an ellipse; a rounded one is fuller.
            let full = (1.0 - x.abs().powf(2.0 + round)).max(0.0).sqrt();
            let mut y = offset.y;
            if corner {
                // Corners go with the jaw; rounded ones sink to the middle of the opening.
                y += 0.32 * down - 0.1 * up + 0.05 * a * round;
            } else if upper {
                y -= full * (up + 0.05 * a * bare);
                if !inner {
                    // Rounded lips push forward and look fuller; pressed and spread ones thinner.
                    y -= full * a * (0.05 * round - 0.10 * pressed - 0.03 * spread);
                }
            } else {
                y += full * (down + 0.07 * a * bare);
                if !inner {
                    y += full * a * (0.07 * round - 0.13 * pressed - 0.03 * spread - 0.14 * bitten);
                } else {
                    // Under the upper teeth.
                    y -= full * 0.05 * a * bitten;
                }
            }
            if inner && !corner && pressed > 0.0 {
                // Closed lips meet on one line.
                let line = (self.rest[62].y + self.rest[66].y) / 2.0 - self.mouth_middle.y;
                y += (line - y) * pressed;
            }
            *p = self.mouth_middle + Vec2::new(offset.x * widths, y + sink);
        }
        // Upper teeth stand on the lower lip: the upper lip lifts clear of them.
        for (i, lift) in
            [(49, 0.05), (50, 0.10), (51, 0.10), (52, 0.10), (53, 0.05), (61, 0.10), (62, 0.11), (63, 0.10)]
        {
            points[i].y -= lift * a * bitten;
        }
    }

    fn close_eyes(&self, closed: f32, points: &mut [Vec2; FACE_POINT_COUNT]) {
        for (upper, lower) in [(37, 41), (38, 40), (43, 47), (44, 46)] {
            // The upper lid does nearly all of it.
            let line = self.rest[upper].y + 0.92 * (self.rest[lower].y - self.rest[upper].y);
            points[upper].y += (line - self.rest[upper].y) * closed;
            points[lower].y += (line - self.rest[lower].y) * closed;
        }
    }

    /// A point that belongs to the head, after the head has moved. `z` is depth in front of the face's plane.
    pub fn turned(&self, p: Vec3, h: &HeadMotion) -> Vec3 {
        let v = p - self.pivot;
        let (ys, yc) = h.yaw.sin_cos();
        let v = Vec3::new(v.x * yc + v.z * ys, v.y, v.z * yc - v.x * ys);
        let (ps, pc) = h.pitch.sin_cos();
        let v = Vec3::new(v.x, v.y * pc + v.z * ps, v.z * pc - v.y * ps);
        let (rs, rc) = h.roll.sin_cos();
        let v = Vec3::new(v.x * rc - v.y * rs, v.x * rs + v.y * rc, v.z);
        self.pivot + v + Vec3::new(h.shift[0], h.shift[1], 0.0) * self.width
    }

    /// Face points after the head has moved.
    pub fn turned_points(&self, points: &[Vec2; FACE_POINT_COUNT], h: &HeadMotion) -> [Vec2; FACE_POINT_COUNT] {
        std::array::from_fn(|i| self.turned(points[i].extend(self.depth[i]), h).truncate())
    }
}

/// Depth of the rounded surface that the face is, in widths of the face; `x` as in [`depth_of`].
fn surface(x: f32) -> f32 {
    -0.42 * x * x
}

/// Depth of a face point in widths of the face; `x` runs from −1 at one ear to 1 at the other.
fn depth_of(i: usize, x: f32) -> f32 {
    let surface = surface(x);
    match i {
        0..=16 => surface - 0.06,
        27..=30 => surface + [0.02, 0.07, 0.12, 0.16][i - 27],
        31..=35 => surface + 0.07,
        36..=47 => surface - 0.03,
        48..=67 => surface + 0.03,
        _ => surface,
    }
}

#[cfg(test)]
mod tests {
    use super::super::visemes::Mouth;
    use super::*;

    fn face() -> Face {
        Face::new(&Reference::example(), 1.0)
    }

    fn with(mouth: Mouth, pressed: f32, bitten: f32) -> Expression {
        Expression { mouth: MouthState { mouth, pressed, bitten }, eyes_closed: 0.0, brow: 0.0 }
    }

    fn gap(p: &[Vec2; FACE_POINT_COUNT]) -> f32 {
        (61..=63).map(|i| p[128 - i].y - p[i].y).fold(f32::INFINITY, f32::min)
    }

    const WIDE: Mouth = Mouth { open: 1.0, spread: 0.0, round: 0.0, bare: 0.0 };
    const ROUND: Mouth = Mouth { open: 0.2, spread: 0.0, round: 1.0, bare: 0.0 };
    const SMILE: Mouth = Mouth { open: 0.2, spread: 1.0, round: 0.0, bare: 0.0 };

    #[test]
    fn at_rest_the_face_is_the_picture() {
        let f = face();
        let p = f.points(&with(Mouth::default(), 0.0, 0.0));
        for (i, p) in p.iter().enumerate() {
            assert!((*p - f.rest[i]).length() < 1e-6, "{i}");
        }
        let still = f.turned_points(&p, &HeadMotion::default());
        assert!(still.iter().zip(&p).all(|(a, b)| (*a - *b).length() < 1e-6));
    }

    #[test]
    fn an_open_mouth_parts_lips_and_lowers_the_chin() {
        let f = face();
        let p = f.points(&with(WIDE, 0.0, 0.0));
        assert!(gap(&p) > 0.5 * f.mouth_half, "{}", gap(&p));
        assert!(p[8].y > f.rest[8].y + 0.012 && p[8].y < f.rest[8].y + 0.03);
        assert!(p[0].y == f.rest[0].y && p[33].y == f.rest[33].y);
        // Points keep their order: outer lip above inner above inner below outer below.
        assert!(p[51].y < p[62].y && p[62].y < p[66].y && p[66].y < p[57].y && p[57].y < p[8].y);
    }

    #[test]
    fn closures_really_close_whatever_the_vowel() {
        let f = face();
        for mouth in [WIDE, ROUND, SMILE] {
            let p = f.points(&with(mouth, 1.0, 0.0));
            for i in 61..=63 {
                assert!((p[128 - i].y - p[i].y).abs() < 1e-6, "{mouth:?} {i}");
            }
            // Lower lip at the teeth: nearly shut, upper lip lifted.
            let p = f.points(&with(mouth, 0.0, 1.0));
            assert!(gap(&p) < 0.15 * f.mouth_half, "{mouth:?} {}", gap(&p));
        }
    }

    #[test]
    fn rounding_narrows_and_spreading_widens() {
        let f = face();
        let width = |m| {
            let p = f.points(&with(m, 0.0, 0.0));
            (p[54].x - p[48].x) / (f.rest[54].x - f.rest[48].x)
        };
        assert!(width(ROUND) < 0.65 && width(SMILE) > 1.08 && (width(WIDE) - 1.0).abs() < 0.01);
        // A spread corner stays within what the mouth target allows for.
        let p = f.points(&with(SMILE, 0.0, 0.0));
        assert!(f.rest[48].x - p[48].x <= 0.0505 * 2.0 * f.mouth_half);
    }

    #[test]
    fn closed_eyes_are_closed_and_brows_move_alone() {
        let f = face();
        let p = f.points(&Expression { eyes_closed: 1.0, ..with(Mouth::default(), 0.0, 0.0) });
        for (u, l) in [(37, 41), (38, 40), (43, 47), (44, 46)] {
            assert!((p[u].y - p[l].y).abs() < 1e-6);
        }
        let p = f.points(&Expression { brow: 1.0, ..with(Mouth::default(), 0.0, 0.0) });
        assert!((17..27).all(|i| p[i].y < f.rest[i].y) && p[37] == f.rest[37]);
    }

    #[test]
    fn a_turned_head_moves_the_nose_more_than_the_ears() {
        let f = face();
        let p = f.points(&with(Mouth::default(), 0.0, 0.0));
        let h = HeadMotion { yaw: 0.03, ..HeadMotion::default() };
        let t = f.turned_points(&p, &h);
        assert!(t[30].x - p[30].x > t[0].x - p[0].x + 0.003);
    }
}
