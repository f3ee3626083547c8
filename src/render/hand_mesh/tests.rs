//! What a viewer would notice: shapes told apart, fingers apart, clean edges, light, depth and shadow.

use super::sheets::placed;
use super::{Canvas, HandLook, HandPainter, PaintedHand};
use crate::pose::{HAND_JOINT_COUNT, Side};
use glam::Vec3;

const WRIST: Vec3 = Vec3::new(0.40, 0.62, 0.1);

fn hand(number: u8, side: Side, wrist: Vec3, length: f32) -> ([Vec3; HAND_JOINT_COUNT], Vec3) {
    placed(number, side, wrist, length, 40.0, 0.0)
}

fn painted(size: usize, number: u8, length: f32) -> Canvas {
    let (joints, elbow) = hand(number, Side::Right, WRIST, length);
    let mut canvas = Canvas::transparent(size, size);
    HandPainter::new(&HandLook::default()).paint(&mut canvas, &joints, elbow, Side::Right, length);
    canvas
}

fn alpha(canvas: &Canvas) -> Vec<f32> {
    canvas.rgba.chunks_exact(4).map(|p| f32::from(p[3]) / 255.0).collect()
}

/// Brightness along a line between two points of the picture, one value a pixel, on white.
fn profile(canvas: &Canvas, from: Vec3, to: Vec3) -> Vec<f32> {
    let steps = ((to - from).truncate().length() * canvas.px_per_unit) as usize;
    (0..=steps)
        .map(|i| {
            let p = from.lerp(to, i as f32 / steps as f32) * canvas.px_per_unit;
            let pixel = (p.y as usize * canvas.width + p.x as usize) * 4;
            let [r, g, b, a] = std::array::from_fn(|k| f32::from(canvas.rgba[pixel + k]));
            0.3 * r + 0.6 * g + 0.1 * b + (255.0 - a)
        })
        .collect()
}

#[test]
fn the_eight_shapes_differ_in_outline() {
    let pictures: Vec<Vec<f32>> = (1..=8).map(|number| alpha(&painted(256, number, 0.3))).collect();
    for a in 0..8 {
        for b in 0..a {
            let differs: f32 = pictures[a].iter().zip(&pictures[b]).map(|(x, y)| (x - y).abs()).sum();
            // At least a finger's worth of pixels: the smallest is 6 by 15.
            assert!(differs > 60.0, "shapes {} and {}: {differs} pixels", a + 1, b + 1);
        }
    }
}

/// Straight fingers that touch are parted by dark lines, also in a small picture.
#[test]
fn fingers_are_separate_at_128_pixels() {
    let length = 0.3;
    let (joints, _) = hand(4, Side::Right, WRIST, length);
    for size in [128, 256, 512] {
        let canvas = painted(size, 4, length);
        // Across the middle bones, from outside the index finger to outside the little finger.
        let middle = |finger: usize, t: f32| joints[5 + 4 * finger].lerp(joints[6 + 4 * finger], t);
        let (first, last) = (middle(0, 0.95), middle(3, 1.35));
        let across = (last - first) * 0.35;
        let profile = profile(&canvas, first - across, last + across);
        let mut valleys = 0;
        let mut high = 0.0_f32;
        let mut low = f32::INFINITY;
        let mut falling = true;
        for value in profile {
            if falling {
                low = low.min(value);
                if value > low + 25.0 {
                    (falling, valleys, high) = (false, valleys + 1, value);
                }
            } else {
                high = high.max(value);
                if value < high - 25.0 {
                    (falling, low) = (true, value);
                }
            }
        }
        // Lines left of, between and right of four fingers.
        assert_eq!(valleys, 5, "at {size} pixels");
    }
}

#[test]
fn fingertips_reach_their_joints() {
    let (joints, _) = hand(5, Side::Right, WRIST, 0.3);
    let canvas = painted(512, 5, 0.3);
    let covered = alpha(&canvas);
    for finger in 0..5 {
        let (tip, before) = (joints[4 + 4 * finger], joints[3 + 4 * finger]);
        let out = (tip - before).normalize();
        let at = |p: Vec3| covered[(p.y * 512.0) as usize * 512 + (p.x * 512.0) as usize];
        assert!(at(tip - out * 0.004) > 0.9, "finger {finger}");
        assert!(at(tip + out * 0.012) < 0.1, "finger {finger}");
    }
}

/// Edges are smooth: the area does not depend on how finely the picture is drawn.
#[test]
fn covered_area_is_the_same_at_every_size() {
    let area = |size: usize| alpha(&painted(size, 8, 0.5)).iter().sum::<f32>() / (size * size) as f32;
    let (small, large) = (area(200), area(800));
    // The line is never thinner than a pixel, which makes small hands a little larger.
    assert!((small / large - 1.0).abs() < 0.03, "{small} {large}");
}

#[test]
fn threads_do_not_change_the_picture() {
    let pool = |n| rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
    let one = pool(1).install(|| painted(300, 7, 0.4));
    let many = pool(5).install(|| painted(300, 7, 0.4));
    assert_eq!(one, many);
}

#[test]
fn a_left_hand_is_a_mirrored_right_hand() {
    let size = 320;
    let look = HandLook { light: Vec3::new(0.0, -0.6, 0.8), ..HandLook::default() };
    let painter = HandPainter::new(&look);
    let (joints, elbow) = hand(6, Side::Right, WRIST, 0.4);
    let mirror = |p: Vec3| Vec3::new(1.0 - p.x, p.y, p.z);
    let mut right = Canvas::transparent(size, size);
    painter.paint(&mut right, &joints, elbow, Side::Right, 0.4);
    let mut left = Canvas::transparent(size, size);
    painter.paint(&mut left, &joints.map(mirror), mirror(elbow), Side::Left, 0.4);
    let mut off = 0_u32;
    for y in 0..size {
        for x in 0..size {
            let (a, b) = ((y * size + x) * 4, (y * size + size - 1 - x) * 4);
            off += (0..4).map(|k| u32::from(right.rgba[a + k].abs_diff(left.rgba[b + k]))).sum::<u32>();
        }
    }
    assert!(f64::from(off) / ((size * size * 4) as f64) < 0.05, "{off}");
}

#[test]
fn what_is_nearer_stays_in_front() {
    let (joints, elbow) = hand(5, Side::Right, WRIST, 0.3);
    let painter = HandPainter::new(&HandLook::default());
    let mut canvas = Canvas::over([9, 9, 9, 255].repeat(200 * 200), 200, 200);
    canvas.depth.fill(5.0);
    let before = canvas.clone();
    painter.paint(&mut canvas, &joints, elbow, Side::Right, 0.3);
    assert_eq!(canvas, before);
    canvas.depth.fill(-5.0);
    painter.paint(&mut canvas, &joints, elbow, Side::Right, 0.3);
    let knuckle = joints[9] * 200.0;
    let pixel = knuckle.y as usize * 200 + knuckle.x as usize;
    assert!((canvas.depth[pixel] - joints[9].z).abs() < 0.05, "{}", canvas.depth[pixel]);
    assert!(canvas.rgba[pixel * 4] > 100 && canvas.rgba.chunks_exact(4).all(|p| p[3] == 255));
}

#[test]
fn poses_that_are_no_hands_do_no_harm() {
    let painter = HandPainter::new(&HandLook::default());
    let (joints, elbow) = hand(1, Side::Right, WRIST, 0.3);
    let mut broken = joints;
    broken[7].x = f32::NAN;
    let empty = Canvas::transparent(64, 64);
    let one_point = [WRIST; HAND_JOINT_COUNT];
    let away = joints.map(|p| p + Vec3::new(40.0, 3.0, 0.0));
    for (joints, elbow, length) in [
        (&broken, elbow, 0.3),
        (&joints, Vec3::splat(f32::INFINITY), 0.3),
        (&joints, elbow, 0.0),
        (&joints, elbow, f32::NAN),
        (&away, elbow + Vec3::new(40.0, 3.0, 0.0), 0.3),
    ] {
        let mut canvas = empty.clone();
        painter.paint(&mut canvas, joints, elbow, Side::Right, length);
        let pose = PaintedHand { joints, elbow, shoulder: None, side: Side::Right, hand_length: length };
        painter.paint_shadow(&mut canvas, &pose, 0.0, None);
        assert_eq!(canvas, empty);
    }
    // All joints in one place, an elbow in the wrist, an empty canvas: odd, but painted without complaint.
    painter.paint(&mut empty.clone(), &one_point, WRIST, Side::Left, 0.3);
    painter.paint(&mut Canvas::transparent(0, 0), &joints, elbow, Side::Right, 0.3);
}

#[test]
fn the_shadow_falls_away_from_the_light_and_is_darkest_at_contact() {
    let look = HandLook { light: Vec3::new(-0.7, 0.0, 0.7), ..HandLook::default() };
    let painter = HandPainter::new(&look);
    let shadow = |z: f32| {
        let (joints, elbow) = hand(1, Side::Right, WRIST + Vec3::Z * z, 0.3);
        let pose = PaintedHand { joints: &joints, elbow, shoulder: None, side: Side::Right, hand_length: 0.3 };
        let mask = painter.shadow(256, 256, &pose, 0.1);
        let total: f32 = mask.iter().map(|v| f32::from(*v)).sum();
        let x = mask.iter().enumerate().map(|(i, v)| (i % 256) as f32 * f32::from(*v)).sum::<f32>() / total;
        (x, mask.into_iter().max().unwrap_or(0))
    };
    let (near, far) = (shadow(0.0), shadow(0.12));
    assert!(far.0 > near.0 + 5.0, "{near:?} {far:?}");
    assert!(near.1 > 200 && far.1 < near.1, "{near:?} {far:?}");
}

#[test]
fn the_shadow_falls_on_the_person_only() {
    let (joints, elbow) = hand(4, Side::Right, WRIST, 0.3);
    let pose = PaintedHand { joints: &joints, elbow, shoulder: None, side: Side::Right, hand_length: 0.3 };
    let painter = HandPainter::new(&HandLook::default());
    let white = Canvas::over(vec![255; 128 * 128 * 4], 128, 128);
    let receiver: Vec<u8> = (0..128 * 128).map(|i| if i % 128 < 64 { 255 } else { 0 }).collect();
    let mut canvas = white.clone();
    painter.paint_shadow(&mut canvas, &pose, 0.0, Some(&receiver));
    let changed = |side: bool| {
        canvas.rgba.chunks_exact(4).enumerate().filter(|(i, p)| (i % 128 < 64) == side && p[0] < 250).count()
    };
    assert!(changed(true) > 100 && changed(false) == 0, "{} {}", changed(true), changed(false));
    assert!(canvas.rgba.chunks_exact(4).all(|p| p[3] == 255));
}

#[test]
fn looks_survive_a_file() {
    let look = HandLook { sleeve_start: 0.9, ..HandLook::default() };
    let text = ron::to_string(&look).unwrap();
    assert_eq!(ron::from_str::<HandLook>(&text).unwrap(), look);
    // What a file leaves out has its usual value.
    assert_eq!(ron::from_str::<HandLook>("(skin: (1, 2, 3))").unwrap().nail, HandLook::default().nail);
}
