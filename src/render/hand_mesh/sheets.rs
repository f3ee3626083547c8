//! Hands to look at: contact sheets of the eight shapes, and how long painting takes.

use super::{Canvas, HandLook, HandPainter, PaintedHand};
use crate::pose::hand::{HandFrame, HandModel, HandPose};
use crate::pose::{HAND_JOINT_COUNT, Side};
use glam::Vec3;

<<<<<<< HEAD
/// Bending of a finger in degrees: base, middle and last joint, and spread towards the thumb.
#[derive(Clone, Copy)]
struct Finger(f32, f32, f32, f32);

/// A thumb by the directions of its bones in the hand's frame: towards the fingers, the thumb side, the back.
#[derive(Clone, Copy)]
enum Thumb {
    Off,
    Along,
    Folded,
    OverFingers,
}

const STRAIGHT: Finger = Finger(4.0, 3.0, 2.0, 0.0);
const FOLDED: Finger = Finger(82.0, 98.0, 60.0, 0.0);

fn shape(number: u8) -> ([Finger; 4], Thumb) {
    let spread = |degrees: f32| Finger(3.0, 3.0, 2.0, degrees);
    match number {
        1 => ([STRAIGHT, FOLDED, FOLDED, FOLDED], Thumb::OverFingers),
        2 => ([spread(-1.5), spread(1.0), FOLDED, FOLDED], Thumb::OverFingers),
        3 => ([FOLDED, spread(-2.0), spread(0.0), spread(2.0)], Thumb::OverFingers),
        4 => ([spread(-2.5), spread(-0.5), spread(1.0), spread(3.0)], Thumb::Folded),
        5 => ([spread(-1.5), spread(-0.5), spread(1.0), spread(3.0)], Thumb::Off),
        6 => ([STRAIGHT, FOLDED, FOLDED, FOLDED], Thumb::Off),
        7 => ([spread(-1.5), spread(1.0), FOLDED, FOLDED], Thumb::Off),
        8 => ([spread(12.0), spread(-12.0), FOLDED, FOLDED], Thumb::OverFingers),
        _ => {
            let loose = |base: f32, middle: f32, side: f32| Finger(base, middle, middle * 0.6, side);
            (
                [loose(18.0, 26.0, 3.0), loose(24.0, 32.0, 0.0), loose(30.0, 36.0, -2.0), loose(34.0, 38.0, -5.0)],
                Thumb::Along,
            )
        }
    }
}

/// Joints of a hand of length 1 with the wrist at the origin; x along the hand, y to the thumb side, z out of the back.
pub(super) fn joints_in_hand(number: u8) -> [Vec3; HAND_JOINT_COUNT] {
    let (fingers, thumb) = shape(number);
    let bases = [(0.480, 0.118, 0.0), (0.495, 0.024, 0.008), (0.468, -0.066, 0.002), (0.425, -0.146, -0.014)];
    let bones = [[0.222, 0.128, 0.112], [0.242, 0.148, 0.115], [0.225, 0.140, 0.112], [0.178, 0.100, 0.100]];
    let fan = [2.0, 0.0, -2.0, -4.5_f32];
    let mut joints = [Vec3::ZERO; HAND_JOINT_COUNT];
    for finger in 0..4 {
        let (x, y, z) = bases[finger];
        let Finger(base, middle, last, spread) = fingers[finger];
        let first = 5 + 4 * finger;
        joints[first] = Vec3::new(x, y, z);
        // Folded fingers converge towards the ball of the thumb.
        let fold = (base / 90.0).clamp(0.0, 1.0);
        let turn = Quat::from_rotation_z((fan[finger] * (1.0 - fold) + spread).to_radians());
        let mut angle = 0.0_f32;
        for (i, bend) in [base, middle, last].into_iter().enumerate() {
            angle += bend.to_radians();
            let direction = turn * Vec3::new(angle.cos(), 0.0, -angle.sin());
            joints[first + i + 1] = joints[first + i] + direction * bones[finger][i];
        }
    }
    joints[1] = Vec3::new(0.115, 0.105, -0.045);
    let directions = match thumb {
        Thumb::Off => [[0.62, 0.74, -0.20], [0.34, 0.93, -0.10], [0.22, 0.97, -0.04]],
        Thumb::Along => [[0.80, 0.46, -0.36], [0.88, 0.36, -0.30], [0.93, 0.28, -0.22]],
        Thumb::Folded => [[0.74, 0.10, -0.66], [0.62, -0.60, -0.50], [0.45, -0.85, -0.25]],
        Thumb::OverFingers => [[0.76, 0.20, -0.62], [0.66, -0.35, -0.66], [0.40, -0.85, -0.34]],
    };
    for (i, (direction, length)) in directions.into_iter().zip([0.235, 0.165, 0.140]).enumerate() {
        joints[2 + i] = joints[1 + i] + Vec3::from_array(direction).normalize() * length;
    }
    joints
}

/// A hand in the picture: `degrees` is how steeply the hand rises, `tilt` turns it about its own axis.
=======
/// A hand in the picture: `angle` is how steeply it rises, `roll` turns it about its own axis.
>>>>>>> hand
pub(super) fn placed(
    number: u8,
    side: Side,
    wrist: Vec3,
    hand_length: f32,
    angle: f32,
    roll: f32,
) -> ([Vec3; HAND_JOINT_COUNT], Vec3) {
    let frame = HandFrame::facing(side, wrist, angle, 6.0, roll);
    let joints = HandModel::new(hand_length).joints(&HandPose::cue_shape(number), &frame);
    let inward = if side == Side::Right { 1.0 } else { -1.0 };
    // The forearm bends off by some degrees and comes from behind.
    let bend = (angle + 12.0).to_radians();
    let elbow = wrist + Vec3::new(-bend.cos() * inward, bend.sin(), -0.25) * 1.35 * hand_length;
    (joints, elbow)
}

fn cell(painter: &HandPainter, size: usize, number: u8, side: Side, length: f32, degrees: f32, tilt: f32) -> Canvas {
    let mut canvas = Canvas::transparent(size, size);
    canvas.rgba.chunks_exact_mut(4).for_each(|p| p.copy_from_slice(&[214, 218, 222, 255]));
    let mirror = if side == Side::Right { 1.0 } else { -1.0 };
    let angle = degrees.to_radians();
    let wrist = Vec3::new(0.5 - mirror * angle.cos() * length * 0.45, 0.52 + angle.sin() * length * 0.45, 0.1);
    let (joints, elbow) = placed(number, side, wrist, length, degrees, tilt);
    painter.paint_pose(&mut canvas, &PaintedHand { joints: &joints, elbow, shoulder: None, side, hand_length: length });
    canvas
}

fn sheet(cells: &[Canvas], columns: usize, path: &std::path::Path) {
    let size = cells[0].width;
    let rows = cells.len().div_ceil(columns);
    let mut picture = image::RgbaImage::new((columns * size) as u32, (rows * size) as u32);
    for (i, cell) in cells.iter().enumerate() {
        let (ox, oy) = ((i % columns * size) as u32, (i / columns * size) as u32);
        for (j, p) in cell.rgba.chunks_exact(4).enumerate() {
            let (x, y) = ((j % size) as u32, (j / size) as u32);
            picture.put_pixel(ox + x, oy + y, image::Rgba([p[0], p[1], p[2], p[3]]));
        }
    }
    picture.save(path).unwrap();
}

/// Writes contact sheets into the folder named by `CUELOOM_SHEETS`.
#[test]
#[ignore = "writes pictures to look at; set CUELOOM_SHEETS to a folder"]
fn write_contact_sheets() {
    let Some(folder) = std::env::var_os("CUELOOM_SHEETS").map(std::path::PathBuf::from) else {
        panic!("set CUELOOM_SHEETS to a folder");
    };
    std::fs::create_dir_all(&folder).unwrap();
    let painter = HandPainter::new(&HandLook::default());
    let shapes = [1, 2, 3, 4, 5, 6, 7, 8, 0];
    let all = |size: usize, side: Side, length: f32, degrees: f32, tilt: f32| -> Vec<Canvas> {
        shapes.iter().map(|s| cell(&painter, size, *s, side, length, degrees, tilt)).collect()
    };
    sheet(&all(512, Side::Right, 0.62, 45.0, 0.0), 3, &folder.join("big.png"));
    sheet(&all(256, Side::Right, 0.6, 45.0, 0.0), 5, &folder.join("cells256.png"));
    let mut cells = Vec::new();
    for (side, degrees, tilt) in
        [(Side::Right, 0.0, 0.0), (Side::Right, 35.0, 15.0), (Side::Right, 70.0, -15.0), (Side::Left, 45.0, 0.0)]
    {
        cells.extend(all(256, side, 0.55, degrees, tilt));
    }
    sheet(&cells, 9, &folder.join("turned.png"));
    sheet(&all(256, Side::Right, 0.3, 45.0, 0.0), 5, &folder.join("frame256.png"));
    sheet(&all(128, Side::Right, 0.3, 45.0, 0.0), 9, &folder.join("frame128.png"));
}

/// Prints how long painting takes.
#[test]
#[ignore = "measures time"]
fn measure() {
    let painter = HandPainter::new(&HandLook::default());
    for size in [128, 256, 512, 1080] {
        for number in [1, 5] {
            let (joints, elbow) = placed(number, Side::Right, Vec3::new(0.35, 0.62, 0.1), 0.3, 45.0, 0.0);
            let pose = PaintedHand { joints: &joints, elbow, shoulder: None, side: Side::Right, hand_length: 0.3 };
            let mut canvas = Canvas::transparent(size, size);
            let mut best = [f64::INFINITY; 2];
            for _ in 0..40 {
                canvas.depth.fill(f32::NEG_INFINITY);
                let start = std::time::Instant::now();
                painter.paint_pose(&mut canvas, &pose);
                best[0] = best[0].min(start.elapsed().as_secs_f64());
                let start = std::time::Instant::now();
                painter.paint_shadow(&mut canvas, &pose, 0.0, None);
                best[1] = best[1].min(start.elapsed().as_secs_f64());
            }
            println!("{size} px, shape {number}: hand {:.2} ms, shadow {:.2} ms", best[0] * 1e3, best[1] * 1e3);
        }
    }
}
