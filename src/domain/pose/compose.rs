//! Parts of one performance in another: the frame that has some parts of a take and all else of the base.
//!
//! What hangs on something is taken relative to it, as [`super::parts`] lays down. The head's motion from base to take
//! is the affine map that brings the points which no expression moves (bridge of the nose, corners of the eyes, ears)
//! nearest to each other in least squares; it holds turning, nodding, leaning and drifting, seen in the picture.
//! Whatever is not touched keeps its bits, and a part whose frame of reference is the same in both is copied to the
//! bit, too.

use super::parts::{Part, Parts};
use super::{HAND_JOINT_COUNT, Point, PoseFrame, Side, index};
use glam::{DMat2, DVec2, Vec3};

/// Face points (iBUG-68) that only the head moves.
pub(super) const STABLE: [usize; 11] = [0, 16, 27, 28, 29, 30, 33, 36, 39, 42, 45];

/// The base with `parts` of `take` in it.
pub fn composed(base: &PoseFrame, take: &PoseFrame, parts: Parts) -> PoseFrame {
    let mut out = base.clone();
    if parts.is_empty() {
        return out;
    }
    set_face(&mut out, base, take, parts);
    if parts.contains(Part::Head) {
        Part::Head.points().for_each(|i| out.points[i] = take.points[i]);
    }
    if parts.contains(Part::Arms) {
        for i in index::LEFT_ELBOW..index::LEFT_HIP {
            out.points[i] = take.points[i];
        }
    }
    set_hand(&mut out, base, take, parts, Side::Left);
    set_hand(&mut out, base, take, parts, Side::Right);
    out
}

/// The frame between the base (`weight` 0, to the bit) and [`composed`] (1, to the bit). Hands are blended bone by bone,
/// so that fingers keep their lengths on the way; points that are missing in one of the two change over in the middle.
pub fn blended(base: &PoseFrame, take: &PoseFrame, parts: Parts, weight: f32) -> PoseFrame {
    // Not `<= 0`, so that a weight that is no number leaves the base alone.
    if weight.is_nan() || weight <= 0.0 {
        return base.clone();
    }
    let whole = composed(base, take, parts);
    if weight >= 1.0 {
        return whole;
    }
    let mut out = base.clone();
    for i in 0..index::LEFT_HAND {
        out.points[i] = between(base.points[i], whole.points[i], weight);
    }
    for side in [Side::Left, Side::Right] {
        blend_hand(&mut out, base, &whole, side, weight);
    }
    out
}

fn missing(p: Point) -> bool {
    (p.score.is_nan() || p.score <= 0.0) && p.xy() == [0.0, 0.0]
}

fn mix(a: f32, b: f32, t: f32) -> f32 {
    a + (b - a) * t
}

fn between(a: Point, b: Point, t: f32) -> Point {
    if same(a, b) {
        return a;
    }
    if missing(a) || missing(b) {
        return if t < 0.5 { a } else { b };
    }
    Point { x: mix(a.x, b.x, t), y: mix(a.y, b.y, t), score: mix(a.score, b.score, t) }
}

/// The same to the bit.
fn same(a: Point, b: Point) -> bool {
    let bits = |p: Point| [p.x.to_bits(), p.y.to_bits(), p.score.to_bits()];
    bits(a) == bits(b)
}

fn set_face(out: &mut PoseFrame, base: &PoseFrame, take: &PoseFrame, parts: Parts) {
    let wanted = [Part::Lips, Part::Face, Part::Head].into_iter().any(|p| parts.contains(p));
    if !wanted {
        return;
    }
    let head = HeadMap::between(base, take);
    for owner in [Part::Lips, Part::Face] {
        let (own, moved) = (parts.contains(owner), parts.contains(Part::Head));
        for i in owner.points() {
            let (from, to) = (base.points[i], take.points[i]);
            out.points[i] = match (own, moved, &head) {
                (false, false, _) | (false, true, None) => from,
                (true, true, _) | (true, false, None) => to,
                (false, true, Some(map)) => map.forward(from),
                (true, false, Some(map)) => map.backward(to),
            };
        }
    }
}

fn set_hand(out: &mut PoseFrame, base: &PoseFrame, take: &PoseFrame, parts: Parts, side: Side) {
    let own = match side {
        Side::Left => Part::LeftHand,
        Side::Right => Part::RightHand,
    };
    let (fingers_of, wrist_of) = (parts.contains(own), parts.contains(Part::Arms));
    if !fingers_of && !wrist_of {
        return;
    }
    let first = side.hand_index();
    let copy = |out: &mut PoseFrame, from: &PoseFrame| {
        let hand = first..first + HAND_JOINT_COUNT;
        out.points[hand.clone()].copy_from_slice(&from.points[hand]);
        out.hand_z[side as usize] = from.hand_z[side as usize];
    };
    let same_wrist = same(base.points[first], take.points[first])
        && base.hand_z[side as usize][0].to_bits() == take.hand_z[side as usize][0].to_bits();
    match (fingers_of, wrist_of) {
        (true, true) => copy(out, take),
        (true, false) if same_wrist => copy(out, take),
        (false, true) if same_wrist => {}
        _ => {
            let (fingers, wrist) = if fingers_of { (take, base) } else { (base, take) };
            // A hand that one of the two does not know cannot be carried from one to the other.
            if missing(fingers.points[first]) || missing(wrist.points[first]) {
                copy(out, if wrist_of { take } else { base });
                return;
            }
            let by = wrist.hand(side)[0] - fingers.hand(side)[0];
            for i in 0..HAND_JOINT_COUNT {
                let p = fingers.points[first + i];
                let z = fingers.hand_z[side as usize][i];
                let at = if i == 0 { wrist.hand(side)[0] } else { Vec3::new(p.x, p.y, z) + by };
                out.points[first + i] = Point { x: at.x, y: at.y, score: p.score };
                out.hand_z[side as usize][i] = at.z;
            }
        }
    }
}

/// The joint that joint `i` of a hand hangs on.
fn parent(i: usize) -> usize {
    if i % 4 == 1 { 0 } else { i - 1 }
}

fn blend_hand(out: &mut PoseFrame, base: &PoseFrame, whole: &PoseFrame, side: Side, t: f32) {
    let first = side.hand_index();
    let s = side as usize;
    let unchanged = |i: usize| {
        same(base.points[first + i], whole.points[first + i])
            && base.hand_z[s][i].to_bits() == whole.hand_z[s][i].to_bits()
    };
    if (0..HAND_JOINT_COUNT).all(unchanged) {
        return;
    }
    if (0..HAND_JOINT_COUNT).any(|i| missing(base.points[first + i]) || missing(whole.points[first + i])) {
        if t >= 0.5 {
            for i in 0..HAND_JOINT_COUNT {
                out.points[first + i] = whole.points[first + i];
            }
            out.hand_z[s] = whole.hand_z[s];
        }
        return;
    }
    let (a, b) = (base.hand(side), whole.hand(side));
    let mut joints = a;
    // By the same sum as the wrist among the body's points, so that both stay one.
    joints[0] = if unchanged(0) { a[0] } else { Vec3::from_array(std::array::from_fn(|k| mix(a[0][k], b[0][k], t))) };
    for i in 1..HAND_JOINT_COUNT {
        let (u, v) = (a[i] - a[parent(i)], b[i] - b[parent(i)]);
        let (lu, lv) = (u.length(), v.length());
        let way = (u / lu.max(1e-9)).lerp(v / lv.max(1e-9), t).normalize_or(u);
        joints[i] = if u == v { u } else { way * mix(lu, lv, t) } + joints[parent(i)];
    }
    for (i, joint) in joints.iter().enumerate() {
        let score = mix(base.points[first + i].score, whole.points[first + i].score, t);
        out.points[first + i] = Point { x: joint.x, y: joint.y, score };
        out.hand_z[s][i] = joint.z;
    }
}

/// How the head of one frame lies against that of another: `to = turn · (from − middle) + middle + shift`.
struct HeadMap {
    from: DVec2,
    to: DVec2,
    turn: DMat2,
    back: DMat2,
}

impl HeadMap {
    /// `None` where the heads are the same to the bit, or where one of them is not there.
    fn between(base: &PoseFrame, take: &PoseFrame) -> Option<Self> {
        let pairs = STABLE.map(|i| (base.points[index::FACE + i], take.points[index::FACE + i]));
        if pairs.iter().all(|(a, b)| same(*a, *b)) {
            return None;
        }
        let at = |p: Point| DVec2::new(f64::from(p.x), f64::from(p.y));
        let good = |p: Point| !missing(p) && p.x.is_finite() && p.y.is_finite();
        let pairs: Vec<(DVec2, DVec2)> =
            pairs.iter().filter(|(a, b)| good(*a) && good(*b)).map(|(a, b)| (at(*a), at(*b))).collect();
        if pairs.is_empty() {
            return None;
        }
        let n = pairs.len() as f64;
        let from = pairs.iter().map(|(a, _)| *a).sum::<DVec2>() / n;
        let to = pairs.iter().map(|(_, b)| *b).sum::<DVec2>() / n;
        let (mut spread, mut cross) = (DMat2::ZERO, DMat2::ZERO);
        for (a, b) in &pairs {
            let (a, b) = (*a - from, *b - to);
            spread += DMat2::from_cols(a * a.x, a * a.y);
            cross += DMat2::from_cols(b * a.x, b * a.y);
        }
        let turn = cross * spread.inverse();
        let size = turn.determinant();
        // Too few points, or points in a line, say only where the head is.
        let usable = turn.is_finite() && (0.25..4.0).contains(&size) && pairs.len() >= 4;
        let turn = if usable { turn } else { DMat2::IDENTITY };
        Some(Self { from, to, turn, back: turn.inverse() })
    }

    fn forward(&self, p: Point) -> Point {
        Self::put(p, self.turn * (DVec2::new(f64::from(p.x), f64::from(p.y)) - self.from) + self.to)
    }

    fn backward(&self, p: Point) -> Point {
        Self::put(p, self.back * (DVec2::new(f64::from(p.x), f64::from(p.y)) - self.to) + self.from)
    }

    fn put(p: Point, at: DVec2) -> Point {
        if missing(p) { p } else { Point { x: at.x as f32, y: at.y as f32, score: p.score } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pose::hand::{HandFrame, HandModel, HandPose};
    use crate::pose::{POINT_COUNT, Reference};
    use glam::Vec2;

    /// The example person with a hand before the chest.
    fn frame() -> PoseFrame {
        let r = Reference::example();
        let mut f = PoseFrame::default();
        for (i, p) in r.face.iter().enumerate() {
            f.points[index::FACE + i] = Point::new(p[0], p[1]);
        }
        for i in 0..index::LEFT_HIP {
            f.points[i] = Point::new(0.4 + 0.02 * i as f32, 0.6 + 0.01 * i as f32);
        }
        for (side, x) in [(Side::Right, 0.25), (Side::Left, 0.75)] {
            let at = HandFrame::facing(side, Vec3::new(x, 0.7, 0.1), 50.0, 10.0, 5.0);
            f.set_hand(side, &HandModel::new(0.32).joints(&HandPose::cue_shape(5), &at), 1.0);
            let wrist = if side == Side::Right { index::RIGHT_WRIST } else { index::LEFT_WRIST };
            f.points[wrist] = f.points[side.hand_index()];
        }
        f
    }

    /// The same with the head leaned and moved, the mouth open, a fist, and the wrist elsewhere.
    fn other() -> PoseFrame {
        let mut f = frame();
        for i in 57..60 {
            f.points[index::FACE + i].y += 0.02;
        }
        let middle = Vec2::new(0.5, 0.6);
        for i in (0..5).chain(index::FACE..index::FACE + 68) {
            let p = &mut f.points[i];
            let at = Vec2::from_angle(0.04).rotate(Vec2::new(p.x, p.y) - middle) + middle + Vec2::new(0.004, -0.002);
            (p.x, p.y) = (at.x, at.y);
        }
        let at = HandFrame::facing(Side::Right, Vec3::new(0.3, 0.66, 0.05), 60.0, 10.0, 5.0);
        f.set_hand(Side::Right, &HandModel::new(0.32).joints(&HandPose::cue_shape(1), &at), 1.0);
        f.points[index::RIGHT_WRIST] = f.points[index::RIGHT_HAND];
        f.points[index::RIGHT_ELBOW].x -= 0.05;
        f
    }

    fn bits(f: &PoseFrame) -> Vec<u32> {
        let points = f.points.iter().flat_map(|p| [p.x, p.y, p.score]);
        points.chain(f.hand_z.iter().flatten().copied()).map(f32::to_bits).collect()
    }

    #[test]
    fn nothing_and_everything_are_copies() {
        let (a, b) = (frame(), other());
        assert_eq!(bits(&composed(&a, &b, Parts::NONE)), bits(&a));
        assert_eq!(bits(&blended(&a, &b, Parts::ALL, 0.0)), bits(&a));
        assert_eq!(bits(&blended(&a, &b, Parts::ALL, f32::NAN)), bits(&a));
        let all = composed(&a, &b, Parts::ALL);
        // Hips and feet belong to no part; they are the same here.
        assert_eq!(bits(&all), bits(&b));
        assert_eq!(bits(&blended(&a, &b, Parts::ALL, 1.0)), bits(&b));
    }

    #[test]
    fn a_part_moves_its_own_points_and_what_it_carries_and_nothing_else() {
        let (a, b) = (frame(), other());
        for part in Part::ALL {
            for weight in [0.3, 1.0] {
                let c = blended(&a, &b, Parts::NONE.with(part), weight);
                let may: Vec<usize> = part.moves().collect();
                for i in 0..POINT_COUNT {
                    assert!(may.contains(&i) || same(c.points[i], a.points[i]), "{part:?} moved point {i}");
                }
                for (side, own) in [(Side::Left, Part::LeftHand), (Side::Right, Part::RightHand)] {
                    if part != own && part != Part::Arms {
                        assert_eq!(c.hand_z[side as usize], a.hand_z[side as usize]);
                    }
                }
            }
        }
    }

    #[test]
    fn the_head_carries_the_base_expression_and_the_face_stays_on_the_base_head() {
        let (a, b) = (frame(), other());
        let near = |p: Point, q: Point| (p.x - q.x).abs() < 2e-4 && (p.y - q.y).abs() < 2e-4;
        let moved = composed(&a, &b, Parts::NONE.with(Part::Head));
        // The head is that of the take, its mouth still closed.
        assert!(STABLE.iter().all(|i| near(moved.points[index::FACE + i], b.points[index::FACE + i])));
        assert!(!near(moved.points[index::FACE + 58], b.points[index::FACE + 58]));
        let lips = composed(&a, &b, Parts::NONE.with(Part::Lips));
        assert!((lips.points[index::FACE + 58].y - a.points[index::FACE + 58].y - 0.02).abs() < 3e-4);
        assert!(near(lips.points[index::FACE + 48], a.points[index::FACE + 48]));
        // One after the other is the same as both at once.
        let both = composed(&lips, &b, Parts::NONE.with(Part::Head));
        let at_once = composed(&a, &b, Parts::NONE.with(Part::Head).with(Part::Lips));
        for i in Part::Lips.points() {
            assert!(near(both.points[i], at_once.points[i]), "{i}");
        }
    }

    #[test]
    fn a_hand_hangs_on_its_wrist() {
        let (a, b) = (frame(), other());
        let offset = |f: &PoseFrame, i: usize| f.hand(Side::Right)[i] - f.hand(Side::Right)[0];
        let hand = composed(&a, &b, Parts::NONE.with(Part::RightHand));
        let arms = composed(&a, &b, Parts::NONE.with(Part::Arms));
        for i in 0..HAND_JOINT_COUNT {
            assert!((offset(&hand, i) - offset(&b, i)).length() < 1e-6);
            assert!((offset(&arms, i) - offset(&a, i)).length() < 1e-6);
        }
        assert!(same(hand.points[index::RIGHT_WRIST], a.points[index::RIGHT_WRIST]));
        assert_eq!(arms.points[index::RIGHT_WRIST].xy(), arms.points[index::RIGHT_HAND].xy());
        assert_eq!(hand.points[index::RIGHT_WRIST].xy(), hand.points[index::RIGHT_HAND].xy());
    }

    #[test]
    fn bones_keep_their_lengths_in_the_blend() {
        let (a, b) = (frame(), other());
        for k in 1..10 {
            let c = blended(&a, &b, Parts::NONE.with(Part::RightHand).with(Part::Arms), k as f32 / 10.0);
            let (j, ja) = (c.hand(Side::Right), a.hand(Side::Right));
            for i in 1..HAND_JOINT_COUNT {
                let (now, was) = ((j[i] - j[parent(i)]).length(), (ja[i] - ja[parent(i)]).length());
                assert!((now - was).abs() < 1e-5, "bone {i}: {now} {was}");
            }
            assert_eq!(c.points[index::RIGHT_WRIST].xy(), c.points[index::RIGHT_HAND].xy());
        }
    }

    #[test]
    fn missing_points_change_over_in_the_middle() {
        let (a, mut b) = (frame(), other());
        for i in 0..HAND_JOINT_COUNT {
            b.points[index::RIGHT_HAND + i] = Point::default();
        }
        let parts = Parts::NONE.with(Part::RightHand).with(Part::Arms);
        assert_eq!(blended(&a, &b, parts, 0.4).hand(Side::Right), a.hand(Side::Right));
        assert_eq!(blended(&a, &b, parts, 0.6).points[index::RIGHT_HAND], Point::default());
        // The hand alone cannot be brought to a wrist that is not there.
        assert_eq!(composed(&b, &a, Parts::NONE.with(Part::RightHand)).points[index::RIGHT_HAND], Point::default());
        let empty = PoseFrame::default();
        assert_eq!(composed(&empty, &a, Parts::NONE.with(Part::Head)).points[index::FACE], Point::default());
    }
}
