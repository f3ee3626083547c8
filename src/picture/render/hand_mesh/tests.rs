//! What a viewer would notice: shapes told apart, fingers apart, folds that keep their flesh, clean edges, light, depth,
//! shadow, and nothing that jumps.

use super::bones::Skeleton;
use super::mesh::shared;
use super::pose::Posed;
use super::{Canvas, HandLook, HandPainter, PaintedArm};
use crate::pose::hand::{HandFrame, HandModel, HandPose};
use crate::pose::{HAND_JOINT_COUNT, Side};
use glam::Vec3;

const WRIST: Vec3 = Vec3::new(0.40, 0.62, 0.1);
type Joints = [Vec3; HAND_JOINT_COUNT];

fn posed(pose: &HandPose, side: Side, wrist: Vec3, length: f32) -> (Joints, Vec3) {
    let frame = HandFrame::facing(side, wrist, 40.0, 6.0, 0.0);
    let joints = HandModel::new(length).joints(pose, &frame);
    let inward = if side == Side::Right { 1.0 } else { -1.0 };
    let bend = 52.0_f32.to_radians();
    (joints, wrist + Vec3::new(-bend.cos() * inward, bend.sin(), -0.25) * 1.27 * length)
}

fn hand(number: u8, side: Side, wrist: Vec3, length: f32) -> (Joints, Vec3) {
    posed(&HandPose::cue_shape(number), side, wrist, length)
}

fn arm(hand: &(Joints, Vec3), side: Side, hand_length: f32) -> PaintedArm<'_> {
    PaintedArm { joints: Some(&hand.0), elbow: hand.1, seam: None, side, hand_length }
}

fn painter() -> HandPainter {
    HandPainter::new(&HandLook::default(), None)
}

/// A grey picture with arms on it; shadows fall where `receives` says.
fn painted_on(painter: &HandPainter, size: usize, arms: &[PaintedArm], receives: u8) -> Vec<u8> {
    let mut rgba = [200, 200, 200, receives].repeat(size * size);
    painter.paint(&mut Canvas { rgba: &mut rgba, width: size, height: size }, arms);
    assert!(rgba.chunks_exact(4).all(|p| p[3] == 255));
    rgba
}

fn painted(size: usize, number: u8, length: f32) -> Vec<u8> {
    let hand = hand(number, Side::Right, WRIST, length);
    painted_on(&painter(), size, &[arm(&hand, Side::Right, length)], 0)
}

fn covered(size: usize, number: u8, length: f32) -> Vec<f32> {
    let hand = hand(number, Side::Right, WRIST, length);
    let bytes = painter().coverage(size, size, &[arm(&hand, Side::Right, length)]);
    bytes.into_iter().map(|b| f32::from(b) / 255.0).collect()
}

/// The skin of a pose in hand lengths.
fn skin(pose: &HandPose) -> (Posed, Skeleton) {
    let mesh = shared(0.48);
    let (joints, elbow) = posed(pose, Side::Right, Vec3::ZERO, 1.0);
    let skeleton = Skeleton::new(&joints, elbow);
    (Posed::of_hand(&mesh, &skeleton, 1.0), skeleton)
}

#[test]
fn the_eight_shapes_differ_in_outline() {
    let pictures: Vec<Vec<f32>> = (1..=8).map(|number| covered(256, number, 0.3)).collect();
    for a in 0..8 {
        for b in 0..a {
            let differs: f32 = pictures[a].iter().zip(&pictures[b]).map(|(x, y)| (x - y).abs()).sum();
            // At least a finger's worth of pixels: the smallest is 6 by 15.
            assert!(differs > 60.0, "shapes {} and {}: {differs} pixels", a + 1, b + 1);
        }
    }
}

/// Folding a hand neither swells nor wastes it.
#[test]
fn skin_keeps_its_volume_in_every_shape() {
    let mesh = shared(0.48);
    let volume = |points: &[Vec3]| -> f32 {
        let six = |t: &[u32; 3]| points[t[0] as usize].dot(points[t[1] as usize].cross(points[t[2] as usize]));
        mesh.triangles.iter().map(six).sum::<f32>() / 6.0
    };
    let rest = volume(&mesh.points.iter().map(|p| p.rest).collect::<Vec<_>>());
    assert!(rest > 0.05, "wound inside out: {rest}");
    for number in 0..=8 {
        let share = volume(&skin(&HandPose::cue_shape(number)).0.points) / rest;
        assert!((0.92..1.08).contains(&share), "shape {number}: {share}");
    }
}

/// In the sharpest fold a finger is as thick as before.
#[test]
fn bent_fingers_keep_their_girth() {
    let mesh = shared(0.48);
    let (fist, skeleton) = skin(&HandPose::cue_shape(1));
    let closest = |bones: &[super::bones::Bone], p: Vec3| {
        bones.iter().map(|b| (p - b.closest(p)).length()).fold(f32::MAX, f32::min)
    };
    for finger in 1..5 {
        let own = 4 + 3 * finger..7 + 3 * finger;
        let mut seen = 0;
        for (bound, p) in mesh.points.iter().zip(&fist.points) {
            let all_own = (0..4).all(|k| bound.weights[k] < 0.01 || own.contains(&(bound.bones[k] as usize)));
            if !all_own {
                continue;
            }
            seen += 1;
            let (before, now) =
                (closest(&mesh.skeleton.bones[own.clone()], bound.rest), closest(&skeleton.bones[own.clone()], *p));
            // Inside a fold the skin lies in the corner of two bones, nearer to them than before; outside it is round.
            let back = bound.joint != 0 && bound.push > 0.001;
            let least = if back { 0.60 } else { 0.15 };
            assert!((least..1.55).contains(&(now / before)), "finger {finger}: {before} became {now}");
        }
        assert!(seen > 100, "{seen}");
    }
}

/// From frame to frame no point of the skin jumps, on the way from any shape to any other and while the wrist turns.
#[test]
fn nothing_pops_between_frames() {
    let farthest =
        |a: &Posed, b: &Posed| a.points.iter().zip(&b.points).map(|(p, q)| (*p - *q).length()).fold(0.0, f32::max);
    const STEPS: i32 = 24;
    for (from, to) in [(1, 5), (4, 8), (0, 1), (3, 6), (5, 2), (7, 4)] {
        let pose = |k: i32| {
            let (a, b) = (HandPose::cue_shape(from), HandPose::cue_shape(to));
            skin(&HandPose::between(&a, &b, k as f32 / STEPS as f32)).0
        };
        let mut before = pose(0);
        for k in 1..=STEPS {
            let now = pose(k);
            let moved = farthest(&before, &now);
            // A fingertip that curls by 250 degrees on the way of a finger's length in the quickest step.
            assert!(moved < 0.12, "{from} to {to}, step {k}: {moved}");
            before = now;
        }
    }
    let mesh = shared(0.48);
    let rolled = |roll: f32| {
        let frame = HandFrame::facing(Side::Right, Vec3::ZERO, 40.0, 6.0, roll);
        let joints = HandModel::new(1.0).joints(&HandPose::cue_shape(5), &frame);
        Posed::of_hand(&mesh, &Skeleton::new(&joints, Vec3::new(-0.9, 0.8, -0.4)), 1.0)
    };
    for k in -60..60 {
        let moved = farthest(&rolled(1.5 * k as f32), &rolled(1.5 * (k + 1) as f32));
        assert!(moved < 0.05, "roll {}: {moved}", 1.5 * k as f32);
    }
}

/// Brightness along a line between two points of the picture, one value a pixel.
fn profile(rgba: &[u8], size: usize, from: Vec3, to: Vec3) -> Vec<f32> {
    let steps = ((to - from).truncate().length() * size as f32) as usize;
    (0..=steps)
        .map(|i| {
            let p = from.lerp(to, i as f32 / steps as f32) * size as f32;
            let pixel = &rgba[(p.y as usize * size + p.x as usize) * 4..];
            0.3 * f32::from(pixel[0]) + 0.6 * f32::from(pixel[1]) + 0.1 * f32::from(pixel[2])
        })
        .collect()
}

/// Straight fingers that touch are parted by dark lines, also in a small picture.
#[test]
fn fingers_are_separate_at_128_pixels() {
    let length = 0.3;
    let hand = hand(4, Side::Right, WRIST, length);
    let joints = &hand.0;
    for size in [128, 256, 512] {
        let picture = painted_on(&painter(), size, &[arm(&hand, Side::Right, length)], 0);
        // Across the middle bones, from the middle of the index finger to the middle of the little finger.
        let at = |finger: usize, t: f32| joints[5 + 4 * finger].lerp(joints[6 + 4 * finger], t);
        let profile = profile(&picture, size, at(0, 1.0), at(3, 1.25));
        let mut valleys = 0;
        let (mut high, mut low, mut falling) = (0.0_f32, f32::INFINITY, false);
        for value in profile {
            if falling {
                low = low.min(value);
                if value > low + 14.0 {
                    (falling, valleys, high) = (false, valleys + 1, value);
                }
            } else {
                high = high.max(value);
                if value < high - 14.0 {
                    (falling, low) = (true, value);
                }
            }
        }
        assert_eq!(valleys, 3, "at {size} pixels");
    }
}

#[test]
fn fingertips_reach_their_joints() {
    let (joints, _) = hand(5, Side::Right, WRIST, 0.3);
    let covered = covered(512, 5, 0.3);
    for finger in 0..5 {
        let (tip, before) = (joints[4 + 4 * finger], joints[3 + 4 * finger]);
        let out = (tip - before).normalize();
        let at = |p: Vec3| covered[(p.y * 512.0) as usize * 512 + (p.x * 512.0) as usize];
        assert!(at(tip - out * 0.004) > 0.9, "finger {finger}");
        assert!(at(tip + out * 0.012) < 0.1, "finger {finger}");
    }
}

/// Every joint lies under the skin, and the skin nowhere far from a bone.
#[test]
fn the_outline_follows_the_joints() {
    for number in 1..=8 {
        let (joints, elbow) = hand(number, Side::Right, WRIST, 0.3);
        let covered = covered(256, number, 0.3);
        for i in 0..HAND_JOINT_COUNT {
            // The tips are where fingers touch, on the very edge.
            let joint = joints[i].lerp(joints[i.saturating_sub(1)], if i > 0 && i % 4 == 0 { 0.1 } else { 0.0 });
            let inside = covered[(joint.y * 256.0) as usize * 256 + (joint.x * 256.0) as usize];
            assert!(inside > 0.4, "shape {number}, joint {i}: {inside}");
        }
        for (i, _) in covered.iter().enumerate().filter(|(_, c)| **c > 0.5) {
            let p = Vec3::new((i % 256) as f32 + 0.5, (i / 256) as f32 + 0.5, 0.0) / 256.0;
            let near = |q: &Vec3| (q.truncate() - p.truncate()).length();
            let to_arm = {
                let (a, b) = (joints[0].truncate(), elbow.truncate());
                let t = ((p.truncate() - a).dot(b - a) / (b - a).length_squared()).clamp(0.0, 1.0);
                (p.truncate() - a.lerp(b, t)).length()
            };
            let nearest = joints.iter().map(near).fold(to_arm, f32::min);
            assert!(nearest < 0.25 * 0.3 + 0.01, "shape {number}: skin at {p}, {nearest} from any joint");
        }
    }
}

/// Edges are smooth: the area does not depend on how finely the picture is drawn.
#[test]
fn covered_area_is_the_same_at_every_size() {
    let area = |size: usize| covered(size, 8, 0.5).iter().sum::<f32>() / (size * size) as f32;
    let (small, large) = (area(100), area(700));
    assert!((small / large - 1.0).abs() < 0.01, "{small} {large}");
}

#[test]
fn threads_do_not_change_the_picture() {
    let pool = |n| rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
    let one = pool(1).install(|| painted(300, 7, 0.4));
    let many = pool(5).install(|| painted(300, 7, 0.4));
    assert!(one == many);
}

#[test]
fn a_left_hand_is_a_mirrored_right_hand() {
    let size = 320;
    let look = HandLook { light: Vec3::new(0.0, -0.6, 0.8), ..HandLook::default() };
    let painter = HandPainter::new(&look, None);
    let right = hand(6, Side::Right, WRIST, 0.4);
    let mirror = |p: Vec3| Vec3::new(1.0 - p.x, p.y, p.z);
    let left = (right.0.map(mirror), mirror(right.1));
    let a = painted_on(&painter, size, &[arm(&right, Side::Right, 0.4)], 255);
    let b = painted_on(&painter, size, &[arm(&left, Side::Left, 0.4)], 255);
    let mut off = 0_u32;
    for y in 0..size {
        for x in 0..size {
            let (p, q) = ((y * size + x) * 4, (y * size + size - 1 - x) * 4);
            off += (0..4).map(|k| u32::from(a[p + k].abs_diff(b[q + k]))).sum::<u32>();
        }
    }
    assert!(f64::from(off) / ((size * size * 4) as f64) < 0.25, "{off}");
}

#[test]
fn the_nearer_hand_is_in_front_whatever_the_order() {
    let near = hand(4, Side::Right, WRIST + Vec3::Z * 0.3, 0.3);
    let far = hand(5, Side::Left, Vec3::new(0.62, 0.62, 0.0), 0.3);
    let look = HandLook { shadow_strength: 0.0, ..HandLook::default() };
    let painter = HandPainter::new(&look, None);
    let (a, b) = (arm(&near, Side::Right, 0.3), arm(&far, Side::Left, 0.3));
    let (first, second) = (painted_on(&painter, 300, &[a, b], 0), painted_on(&painter, 300, &[b, a], 0));
    assert!(first == second);
    // On the nearer palm it looks as if the other hand were not there, elsewhere it does not.
    let alone = painted_on(&painter, 300, &[a], 0);
    let palm = near.0[0].lerp(near.0[9], 0.6) * 300.0;
    let at = (palm.y as usize * 300 + palm.x as usize) * 4;
    assert_eq!(first[at..at + 3], alone[at..at + 3]);
    assert!(first != alone);
}

#[test]
fn poses_that_are_no_hands_do_no_harm() {
    let good = hand(1, Side::Right, WRIST, 0.3);
    let mut broken = good;
    broken.0[7].x = f32::NAN;
    let away = (good.0.map(|p| p + Vec3::new(40.0, 3.0, 0.0)), good.1 + Vec3::new(40.0, 3.0, 0.0));
    let endless = (good.0, Vec3::splat(f32::INFINITY));
    let empty = [200, 200, 200, 255].repeat(64 * 64);
    for (hand, length) in [(&broken, 0.3), (&endless, 0.3), (&good, 0.0), (&good, f32::NAN), (&away, 0.3)] {
        assert!(painted_on(&painter(), 64, &[arm(hand, Side::Right, length)], 255) == empty);
    }
    // All joints in one place, an elbow in the wrist, an empty canvas: odd, but painted without complaint.
    let point = ([WRIST; HAND_JOINT_COUNT], WRIST);
    painted_on(&painter(), 64, &[arm(&point, Side::Left, 0.3)], 255);
    for seam in [[[0.5, 0.4], [0.5, 0.4]], [[f32::NAN, 0.0], [0.3, 0.2]], [[0.3, 0.3], [0.3, 0.45]]] {
        for elbow in [WRIST, Vec3::new(0.3, 0.38, 0.0), Vec3::new(90.0, -3.0, 0.0)] {
            let arm = PaintedArm { seam: Some(seam), elbow, ..arm(&good, Side::Right, 0.3) };
            painted_on(&painter(), 64, &[arm, PaintedArm { joints: None, ..arm }], 255);
        }
    }
    painter().paint(&mut Canvas { rgba: &mut [], width: 0, height: 0 }, &[arm(&good, Side::Right, 0.3)]);
}

#[test]
fn the_sleeve_reaches_from_cuff_to_seam() {
    let hand = hand(5, Side::Right, Vec3::new(0.30, 0.60, 0.1), 0.3);
    let seam = [[0.45, 0.62], [0.46, 0.78]];
    let elbow = Vec3::new(0.12, 0.90, -0.05);
    let arm = PaintedArm { seam: Some(seam), elbow, ..arm(&hand, Side::Right, 0.3) };
    let cover = painter().coverage(400, 400, &[arm]);
    let at = |x: f32, y: f32| cover[(y * 400.0) as usize * 400 + (x * 400.0) as usize];
    // Along forearm and upper arm, to the seam.
    for t in [0.0, 0.2, 0.4, 0.6, 0.8, 0.95] {
        let (x, y) = (0.12 + (0.44 - 0.12) * t, 0.90 + (0.71 - 0.90) * t);
        assert!(at(x, y) > 200, "{t}: {}", at(x, y));
    }
    assert!(at(0.60, 0.70) == 0 && at(0.12, 0.65) == 0);
    // Hanging, without a hand.
    let hanging = PaintedArm { joints: None, elbow: Vec3::new(0.40, 1.1, -0.06), ..arm };
    let cover = painter().coverage(400, 400, &[hanging]);
    let at = |x: f32, y: f32| cover[(y * 400.0) as usize * 400 + (x * 400.0) as usize];
    assert!(at(0.41, 0.95) > 250 && at(0.42, 0.72) > 250 && at(0.20, 0.8) == 0);
}

#[test]
fn the_shadow_falls_away_from_the_light_and_is_darkest_at_contact() {
    let look = HandLook { light: Vec3::new(-0.7, 0.0, 0.7), ..HandLook::default() };
    let painter = HandPainter::new(&look, None);
    let shadow = |z: f32| {
        let hand = hand(1, Side::Right, Vec3::new(WRIST.x, WRIST.y, z), 0.3);
        let arm = arm(&hand, Side::Right, 0.3);
        let (with, without) = (painted_on(&painter, 256, &[arm], 255), painted_on(&painter, 256, &[arm], 0));
        let dark = |i: usize| f32::from(without[4 * i + 1]) - f32::from(with[4 * i + 1]);
        let total: f32 = (0..256 * 256).map(dark).sum();
        let x = (0..256 * 256).map(|i| (i % 256) as f32 * dark(i)).sum::<f32>() / total;
        (x, (0..256 * 256).map(dark).fold(0.0, f32::max))
    };
    let (near, far) = (shadow(0.03), shadow(0.16));
    assert!(far.0 > near.0 + 4.0, "{near:?} {far:?}");
    assert!(near.1 > 20.0 && far.1 < near.1, "{near:?} {far:?}");
}

#[test]
fn looks_survive_a_file() {
    let look = HandLook { sleeve_start: 0.9, grain: 3.0, ..HandLook::default() };
    let text = ron::to_string(&look).unwrap();
    assert_eq!(ron::from_str::<HandLook>(&text).unwrap(), look);
    // What a file leaves out has its usual value.
    assert_eq!(ron::from_str::<HandLook>("(skin: (1, 2, 3))").unwrap().nail, HandLook::default().nail);
}

#[test]
fn noise_of_a_photograph_lies_on_the_hand_and_blur_softens_its_edge() {
    let spread = |look: &HandLook| {
        let hand = hand(4, Side::Right, WRIST, 0.5);
        let picture = painted_on(&HandPainter::new(look, None), 256, &[arm(&hand, Side::Right, 0.5)], 0);
        let palm = hand.0[0].lerp(hand.0[9], 0.5) * 256.0;
        let at = |dx: i32, dy: i32| {
            let (x, y) = (palm.x as i32 + dx, palm.y as i32 + dy);
            f32::from(picture[(y as usize * 256 + x as usize) * 4 + 1])
        };
        let mut sum = 0.0;
        for dy in -6..6 {
            for dx in -6..6 {
                sum += (at(dx + 1, dy) - at(dx, dy)).powi(2);
            }
        }
        (sum / 144.0).sqrt()
    };
    let plain = HandLook { drawn: 0.0, outline_strength: 0.0, ..HandLook::default() };
    let noisy = HandLook { grain: 6.0, grain_size: 1.0 / 256.0, ..plain.clone() };
    let (without, with) = (spread(&plain), spread(&noisy));
    // Differences of neighbours vary by √2 times the noise.
    assert!(without < 5.0 && (6.5..13.0).contains(&with), "{without} {with}");
    let edge = |look: &HandLook| {
        let hand = hand(1, Side::Right, WRIST, 0.5);
        let picture = painted_on(&HandPainter::new(look, None), 256, &[arm(&hand, Side::Right, 0.5)], 0);
        let row = |i: usize| f32::from(picture[4 * i + 2]);
        (1..256 * 256).filter(|i| i % 256 != 0).map(|i| (row(i) - row(i - 1)).abs()).fold(0.0, f32::max)
    };
    let (sharp, blurred) = (edge(&plain), edge(&HandLook { blur: 0.008, ..plain.clone() }));
    assert!(blurred < 0.8 * sharp, "{sharp} {blurred}");
}
