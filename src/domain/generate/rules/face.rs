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

/// How far brows rise in idle unrest and at an expression's strength of 1, in widths of the face.
const BROW_UNREST: f32 = 0.012;
const BROW_RAISED: f32 = 0.034;
/// A frown of strength 1 on each point of a brow, from its outer end to its inner: down, and towards the middle of the
/// face, in widths of the face.
const FROWN: [(f32, f32); 5] = [(0.002, 0.0), (0.009, 0.004), (0.017, 0.008), (0.023, 0.012), (0.026, 0.016)];
/// A smile of strength 1 lifts the corners of the mouth by this much of its half width and takes this much of all the
/// spreading there is. Rounding takes most of it back: lips that speak come first.
const SMILE_LIFTS: f32 = 0.20;
const SMILE_SPREADS: f32 = 0.6;
const SMILE_ROUNDED: f32 = 0.75;

/// The face at a moment, before the head turns. Strengths are 0 and more, 1 the usual expression.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct FaceState {
    pub mouth: MouthState,
    /// 0 open, 1 closed.
    pub eyes_closed: f32,
    /// Unrest of the brows, −1 to 1.
    pub brow: f32,
    pub brows_up: f32,
    pub frown: f32,
    pub wide: f32,
    pub narrow: f32,
    pub smile: f32,
    /// How far the pupils stand from the centres of the eyes, in widths of the eye, to image right and down.
    pub pupils: [f32; 2],
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
    pub fn points(&self, e: &FaceState) -> [Vec2; FACE_POINT_COUNT] {
        let mut points: [Vec2; FACE_POINT_COUNT] = std::array::from_fn(|i| self.rest[i]);
        let smile = self.smile(e);
        self.move_jaw(&e.mouth, smile, &mut points);
        self.move_lips(&e.mouth, smile, &mut points);
        self.move_lids(e, smile, &mut points);
        self.move_brows(e, &mut points);
        points
    }

    /// The smile that the lips have room for.
    fn smile(&self, e: &FaceState) -> f32 {
        let round = (e.mouth.mouth.round * self.lips_amount).clamp(0.0, 1.0);
        e.smile * (1.0 - SMILE_ROUNDED * round)
    }

    /// Spreading of lips and cheeks by sounds and smile, 1 at the most that either asks for.
    fn spreading(&self, state: &MouthState, smile: f32) -> f32 {
        let spread = state.mouth.spread * self.lips_amount;
        spread + (1.0 - spread).max(0.0) * (SMILE_SPREADS * smile).min(1.0)
    }

    fn move_brows(&self, e: &FaceState, points: &mut [Vec2; FACE_POINT_COUNT]) {
        for (i, p) in points.iter_mut().enumerate().take(27).skip(17) {
            let from_outside = if i < 22 { i - 17 } else { 26 - i };
            // The middle of a brow rises more than its ends.
            let arch = 0.6 + 0.4 * (from_outside as f32 / 4.0 * std::f32::consts::PI).sin();
            let (down, inwards) = FROWN[from_outside];
            p.y -= self.width * (arch * (BROW_UNREST * e.brow + BROW_RAISED * e.brows_up) - down * e.frown);
            p.x -= (p.x - self.pivot.x).signum() * self.width * inwards * e.frown;
        }
    }

    fn move_jaw(&self, state: &MouthState, smile: f32, points: &mut [Vec2; FACE_POINT_COUNT]) {
        let drop = self.chin_drop(state);
        let spread = self.spreading(state, smile);
        let round = state.mouth.round * self.lips_amount;
        for (i, p) in points.iter_mut().enumerate().take(17) {
            let half = if i <= 8 { i } else { 16 - i };
            let outward = (p.x - self.pivot.x).signum();
            p.y += drop * JAW_FOLLOWS[half];
            // Cheeks: drawn in by an open or rounded mouth, filled out by spread lips.
            let cheek = [0.0, 0.1, 0.5, 1.0, 0.9, 0.5, 0.2, 0.0, 0.0][half];
            p.x += outward * cheek * (0.010 * self.width * (spread - 0.6 * round) - 0.14 * drop);
            // Smiling cheeks rise.
            p.y -= 0.008 * self.width * cheek * smile;
        }
        // The folds from nose to mouth pull at the nostrils: out with spread lips, down with rounded ones, up in a smile.
        for (i, share) in [(31, 1.0), (32, 0.5), (34, 0.5), (35, 1.0)] {
            let outward = (points[i].x - self.pivot.x).signum();
            points[i].x += outward * share * 0.007 * self.width * (spread - 0.5 * round);
            points[i].y += self.width * (0.004 * round - 0.003 * share * smile);
        }
    }

    fn move_lips(&self, state: &MouthState, smile: f32, points: &mut [Vec2; FACE_POINT_COUNT]) {
        let m = &state.mouth;
        let a = self.mouth_half;
        let (pressed, bitten) = (state.pressed, state.bitten);
        let amount = self.lips_amount;
        let shut = pressed.max(bitten);
        let opening = self.opening(state);
        let round = m.round * amount * (1.0 - 0.35 * shut);
        let spread = self.spreading(state, smile);
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
                y = y * (1.0 - pressed) + line * pressed;
            }
            // A smile bends the whole mouth, whatever the lips do.
            y -= SMILE_LIFTS * a * smile * (x * x - 0.25);
            *p = self.mouth_middle + Vec2::new(offset.x * widths, y + sink);
        }
        // Upper teeth stand on the lower lip: the upper lip lifts clear of them.
        for (i, lift) in
            [(49, 0.05), (50, 0.10), (51, 0.10), (52, 0.10), (53, 0.05), (61, 0.10), (62, 0.11), (63, 0.10)]
        {
            points[i].y -= lift * a * bitten;
        }
    }

    fn move_lids(&self, e: &FaceState, smile: f32, points: &mut [Vec2; FACE_POINT_COUNT]) {
        // The upper lid goes with the pupil, up and down.
        let follow = 0.45 * e.pupils[1] * self.eye_width();
        for (upper, lower) in [(37, 41), (38, 40), (43, 47), (44, 46)] {
            let height = self.rest[lower].y - self.rest[upper].y;
            let up = 0.22 * e.wide + 0.05 * e.brows_up - 0.16 * e.narrow - 0.06 * e.frown;
            let lower_up = 0.20 * e.narrow + 0.10 * smile - 0.07 * e.wide;
            points[upper].y += follow - height * up.clamp(-0.4, 0.5);
            points[lower].y -= height * lower_up.clamp(-0.2, 0.4);
            // The upper lid does nearly all of a blink.
            let line = self.rest[upper].y + 0.92 * height;
            points[upper].y += (line - points[upper].y) * e.eyes_closed;
            points[lower].y += (line - points[lower].y) * e.eyes_closed;
        }
    }

    fn eye_width(&self) -> f32 {
        ((self.rest[39].x - self.rest[36].x).abs() + (self.rest[45].x - self.rest[42].x).abs()) / 2.0
    }

    /// The pupils of the eyes at image left and right, before the head turns. They follow the gaze, not the lids.
    pub fn pupils(&self, e: &FaceState) -> [Vec3; 2] {
        let width = self.eye_width();
        [36..42, 42..48].map(|outline| {
            let n = outline.len() as f32;
            let centre = self.rest[outline.clone()].iter().copied().sum::<Vec2>() / n;
            let depth = self.depth[outline].iter().sum::<f32>() / n;
            (centre + width * Vec2::from(e.pupils)).extend(depth)
        })
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

    fn with(mouth: Mouth, pressed: f32, bitten: f32) -> FaceState {
        FaceState { mouth: MouthState { mouth, pressed, bitten }, ..FaceState::default() }
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
        let p = f.points(&FaceState { eyes_closed: 1.0, ..with(Mouth::default(), 0.0, 0.0) });
        for (u, l) in [(37, 41), (38, 40), (43, 47), (44, 46)] {
            assert!((p[u].y - p[l].y).abs() < 1e-6);
        }
        let p = f.points(&FaceState { brow: 1.0, ..with(Mouth::default(), 0.0, 0.0) });
        assert!((17..27).all(|i| p[i].y < f.rest[i].y) && p[37] == f.rest[37]);
    }

    #[test]
    fn expressions_move_what_they_should_and_smiles_leave_the_lips_their_sounds() {
        let f = face();
        let of = |set: &dyn Fn(&mut FaceState)| {
            let mut state = FaceState::default();
            set(&mut state);
            f.points(&state)
        };
        let (up, frown) = (of(&|s| s.brows_up = 1.0), of(&|s| s.frown = 1.0));
        for i in 17..27 {
            assert!(up[i].y < f.rest[i].y - 0.003 && frown[i].y > f.rest[i].y, "brow {i}");
        }
        assert!(frown[22].x - frown[21].x < f.rest[22].x - f.rest[21].x - 0.004);
        let height = |p: &[Vec2; FACE_POINT_COUNT]| p[41].y - p[37].y;
        let rest = f.rest[41].y - f.rest[37].y;
        let (wide, narrow) = (of(&|s| s.wide = 1.0), of(&|s| s.narrow = 1.0));
        assert!(height(&wide) > 1.2 * rest && height(&narrow) < 0.75 * rest && height(&narrow) > 0.4 * rest);
        let down = of(&|s| s.pupils = [0.0, 0.09]);
        assert!(down[37].y > f.rest[37].y + 0.001 && down[41] == f.rest[41]);
        // Closed is closed, whatever else the lids do.
        let shut = of(&|s| (s.wide, s.frown, s.eyes_closed) = (2.0, 1.0, 1.0));
        assert!((shut[37].y - shut[41].y).abs() < 1e-6);
        // Corners out and up, lips still on each other, cheeks and nostrils with them.
        let smile = of(&|s| s.smile = 1.0);
        assert!(
            smile[48].x < f.rest[48].x - 0.001 && smile[48].y < smile[51].y + (f.rest[48].y - f.rest[51].y) - 0.003
        );
        assert!((gap(&smile) - (f.rest[66].y - f.rest[62].y).min(f.rest[67].y - f.rest[61].y)).abs() < 1e-5);
        assert!(smile[3].x < f.rest[3].x && smile[31].x < f.rest[31].x && smile[41].y < f.rest[41].y);
        for strength in [0.5, 1.0, 2.0] {
            for mouth in [WIDE, ROUND, SMILE] {
                let p = f.points(&FaceState { smile: strength, ..with(mouth, 1.0, 0.0) });
                assert!((61..=63).all(|i| (p[128 - i].y - p[i].y).abs() < 1e-6), "{mouth:?} {strength}");
                let p = f.points(&FaceState { smile: strength, ..with(mouth, 0.0, 0.0) });
                // The finger beside the corner of the mouth has been told how wide it may become.
                assert!(f.rest[48].x - p[48].x <= 0.0505 * 2.0 * f.mouth_half, "{mouth:?} {strength}");
            }
            let round = f.points(&FaceState { smile: strength, ..with(ROUND, 0.0, 0.0) });
            assert!(round[54].x - round[48].x < 0.75 * 2.0 * f.mouth_half, "{strength}");
        }
    }

    #[test]
    fn pupils_go_with_gaze_and_head_and_not_with_the_lids() {
        let f = face();
        let at_rest = f.pupils(&FaceState::default());
        for (pupil, outline) in at_rest.iter().zip([36..42, 42..48]) {
            let centre = f.rest[outline].iter().copied().sum::<Vec2>() / 6.0;
            assert!((pupil.truncate() - centre).length() < 1e-6);
        }
        assert_eq!(f.pupils(&FaceState { eyes_closed: 1.0, narrow: 1.0, ..FaceState::default() }), at_rest);
        let looking = f.pupils(&FaceState { pupils: [0.1, -0.05], ..FaceState::default() });
        for (a, b) in looking.iter().zip(&at_rest) {
            assert!((a.x - b.x - 0.0046).abs() < 2e-4 && b.y - a.y > 0.002);
        }
    }

    #[test]
    fn cheeks_and_chin_follow_the_mouth() {
        let f = face();
        let p = |m| f.points(&with(m, 0.0, 0.0));
        let (wide, round, smile) = (p(WIDE), p(ROUND), p(SMILE));
        // The chin follows the lower lip, the jaw line follows the chin less and less up to the ear.
        let drop = |i: usize| wide[i].y - f.rest[i].y;
        assert!((0.5..0.9).contains(&(drop(8) / drop(66))), "{}", drop(8) / drop(66));
        assert!((1..=8).all(|i| drop(i) >= drop(i - 1)) && drop(0) == 0.0 && (drop(4) - drop(12)).abs() < 1e-6);
        // Cheeks out with spread lips, in with rounded and with open ones; nostrils as well.
        let out = |p: &[Vec2; FACE_POINT_COUNT], i: usize| f.rest[i].x - p[i].x;
        assert!(out(&smile, 3) > 0.001 && out(&round, 3) < -0.0005 && out(&wide, 3) < -0.0005);
        assert!(out(&smile, 31) > 0.001 && out(&round, 31) < 0.0);
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
