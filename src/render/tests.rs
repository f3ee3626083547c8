//! Whole frames: what must stay, what must move, and pictures to look at.

use super::rig::tests::rest_pose;
use super::*;
use crate::pose::Point;

fn mira() -> Arc<Identity> {
    Arc::new(Identity::builtin("mira").unwrap())
}

fn renderer(height: u32) -> Renderer {
    Renderer::new(mira(), &RenderOptions { height, ..RenderOptions::default() }).unwrap()
}

fn shift(pose: &mut PoseFrame, points: impl IntoIterator<Item = usize>, by: [f32; 2]) {
    for i in points {
        let p = &mut pose.points[index::FACE + i];
        (p.x, p.y) = (p.x + by[0], p.y + by[1]);
    }
}

/// The mouth of a vowel: jaw and lips opened by `open`, corners drawn apart by `wide`, in picture units.
fn say(pose: &mut PoseFrame, open: f32, wide: f32) {
    shift(pose, 5..12, [0.0, 0.75 * open]);
    shift(pose, [4, 12], [0.0, 0.5 * open]);
    shift(pose, [3, 13], [0.0, 0.25 * open]);
    shift(pose, [55, 56, 57, 58, 59], [0.0, 0.85 * open]);
    shift(pose, [65, 66, 67], [0.0, 0.85 * open]);
    shift(pose, [50, 51, 52, 61, 62, 63], [0.0, -0.12 * open]);
    shift(pose, [48, 60, 54, 64], [0.0, 0.3 * open]);
    for (i, share) in [(48, -1.0), (60, -1.0), (49, -0.6), (59, -0.6), (67, -0.5), (61, -0.5), (58, -0.3), (50, -0.3)] {
        shift(pose, [i], [share * wide, 0.0]);
    }
    for (i, share) in [(54, 1.0), (64, 1.0), (53, 0.6), (55, 0.6), (63, 0.5), (65, 0.5), (56, 0.3), (52, 0.3)] {
        shift(pose, [i], [share * wide, 0.0]);
    }
}

/// Lids closed by a fraction.
fn blink(pose: &mut PoseFrame, closed: f32) {
    for (upper, lower) in [(37, 41), (38, 40), (43, 47), (44, 46)] {
        let down = pose.points[index::FACE + lower].y - pose.points[index::FACE + upper].y;
        shift(pose, [upper], [0.0, closed * down]);
    }
}

/// The head moved as a whole about the neck.
fn nod(pose: &mut PoseFrame, by: [f32; 2], angle: f32) {
    let (sin, cos) = angle.sin_cos();
    for p in &mut pose.points[index::FACE..index::FACE + 68] {
        let (x, y) = (p.x - 0.5, p.y - 0.58);
        *p = Point::new(0.5 + by[0] + cos * x - sin * y, 0.58 + by[1] + sin * x + cos * y);
    }
}

fn posed(change: impl FnOnce(&mut PoseFrame)) -> PoseFrame {
    let mut pose = rest_pose(&mira().reference);
    change(&mut pose);
    pose
}

#[test]
#[ignore = "writes pictures to look at into the folder named by CUELOOM_PICTURES"]
fn pictures_to_look_at() {
    let folder = std::path::PathBuf::from(std::env::var_os("CUELOOM_PICTURES").unwrap());
    let save = |name: &str, frame: &RgbaFrame| {
        let image = image::RgbaImage::from_raw(frame.width, frame.height, frame.data.clone()).unwrap();
        image.save(folder.join(name)).unwrap();
    };
    let poses = [
        ("rest", posed(|_| ())),
        ("a", posed(|p| say(p, 0.034, 0.0))),
        ("i", posed(|p| say(p, 0.010, 0.007))),
        ("u", posed(|p| say(p, 0.010, -0.015))),
        ("o", posed(|p| say(p, 0.022, -0.012))),
        ("small", posed(|p| say(p, 0.005, 0.0))),
        ("half", posed(|p| blink(p, 0.5))),
        ("closed", posed(|p| blink(p, 1.0))),
        (
            "turned",
            posed(|p| {
                say(p, 0.02, 0.0);
                nod(p, [0.012, 0.006], 0.07);
            }),
        ),
    ];
    for height in [1024, 512, 256] {
        let renderer = renderer(height);
        for (name, pose) in &poses {
            let t = std::time::Instant::now();
            let frame = renderer.render(pose);
            println!("{height} {name} {:?}", t.elapsed());
            save(&format!("{height}-{name}.png"), &frame);
        }
    }
}
