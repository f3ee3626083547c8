//! Hands to look at: contact sheets of the eight shapes, and how long painting takes.

use super::{Canvas, HandLook, HandPainter, PaintedHand};
use crate::pose::hand::{HandFrame, HandModel, HandPose};
use crate::pose::{HAND_JOINT_COUNT, Side};
use glam::Vec3;

/// A hand in the picture: `angle` is how steeply it rises, `roll` turns it about its own axis.
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
