//! Faces to look at: speech, smiles, brows, looks, blinks, turns, and poses beyond all reason.

use super::face_tests::look;
use super::tests::{blink, mira, nod, posed, say, shift};
use super::*;

/// Corners of the mouth outwards and up.
fn smile(pose: &mut PoseFrame, by: f32) {
    say(pose, 0.2 * by, by);
    shift(pose, [48, 60, 54, 64], [0.0, -0.5 * by]);
}

/// Brows up, their middles more than their ends.
fn brows(pose: &mut PoseFrame, by: f32) {
    for i in 17..27 {
        let along = if i < 22 { i - 17 } else { 26 - i } as f32 / 4.0;
        shift(pose, [i], [0.0, -by * (0.6 + 0.4 * (along * std::f32::consts::PI).sin())]);
    }
}

/// The head turned about the neck, as a rounded surface.
fn turn(pose: &mut PoseFrame, yaw: f32, pitch: f32) {
    for i in [1, 2].into_iter().chain(index::FACE..index::FACE + 68) {
        let p = &mut pose.points[i];
        let (x, y) = (p.x - 0.5, p.y - 0.58);
        let z = 0.24 * (0.45 - 9.0 * x * x);
        (p.x, p.y) = (0.5 + x * yaw.cos() + z * yaw.sin(), 0.58 + y * pitch.cos() + z * pitch.sin());
    }
}

fn wild(pose: &mut PoseFrame, seed: u32) {
    let mut state = seed * 7919 + 17;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 16_777_216.0 - 0.5
    };
    for p in &mut pose.points[index::FACE..index::FACE + 68] {
        (p.x, p.y) = (p.x + 0.08 * next(), p.y + 0.08 * next());
    }
}

#[test]
#[ignore = "writes pictures to look at into the folder named by CUELOOM_PICTURES"]
fn faces() {
    let folder = std::path::PathBuf::from(std::env::var_os("CUELOOM_PICTURES").unwrap());
    type Change = fn(&mut PoseFrame);
    let cases: [(&str, Change); 24] = [
        ("rest", |_| ()),
        ("a", |p| say(p, 0.034, 0.0)),
        ("wide open", |p| say(p, 0.05, 0.0)),
        ("o", |p| say(p, 0.024, -0.014)),
        ("i", |p| say(p, 0.010, 0.007)),
        ("smile", |p| smile(p, 0.011)),
        ("brows up", |p| brows(p, 0.009)),
        ("brows down", |p| brows(p, -0.005)),
        ("left", |p| look(p, [-0.011, 0.0])),
        ("right", |p| look(p, [0.011, 0.0])),
        ("up", |p| look(p, [0.0, -0.007])),
        ("down", |p| look(p, [0.0, 0.008])),
        ("half shut", |p| blink(p, 0.5)),
        ("shut", |p| blink(p, 1.0)),
        ("aside, lids low", |p| {
            look(p, [0.010, 0.004]);
            blink(p, 0.35);
        }),
        ("yaw", |p| turn(p, 0.15, 0.0)),
        ("pitch", |p| turn(p, 0.0, 0.12)),
        ("roll", |p| nod(p, [0.0, 0.0], 0.12)),
        ("all at once", |p| {
            say(p, 0.02, 0.004);
            brows(p, 0.005);
            look(p, [0.008, 0.003]);
            turn(p, -0.10, 0.05);
        }),
        ("jaw aside", |p| {
            say(p, 0.05, 0.0);
            shift(p, 3..14, [0.03, 0.0]);
        }),
        ("wild", |p| wild(p, 0)),
        ("wild", |p| wild(p, 1)),
        ("wild", |p| wild(p, 2)),
        ("wild", |p| wild(p, 3)),
    ];
    for height in [1024, 512] {
        let options = RenderOptions { height, backend: Backend::Cpu, ..RenderOptions::default() };
        let r = Renderer::new(mira(), &options).unwrap();
        let face = &mira().reference.face;
        let (wide, high) = (height * 11 / 32, height * 7 / 16);
        let left = (0.5 * (face[36][0] + face[45][0]) * height as f32) as u32 - wide / 2;
        let top = (face[27][1] * height as f32) as u32 - high * 2 / 5;
        let mut sheet = image::RgbaImage::new(6 * wide, 4 * high);
        for (i, (name, change)) in cases.iter().enumerate() {
            let style = captions::CaptionStyle { size: 0.03, ..Default::default() };
            let place = None;
            let caption = captions::Caption { text: (*name).into(), style, place };
            let mut data = Vec::new();
            r.render_into(&posed(change), &mut data);
            let frame = image::RgbaImage::from_raw(height, height, data).unwrap();
            let mut part = imageops::crop_imm(&frame, left, top, wide, high).to_image();
            captions::draw(&mut part, (wide as usize, high as usize), &caption);
            imageops::replace(&mut sheet, &part, i64::from(i as u32 % 6 * wide), i64::from(i as u32 / 6 * high));
        }
        sheet.save(folder.join(format!("faces-{height}.png"))).unwrap();
    }
}

/// Everybody who ships: at rest, saying a, smiling, looking aside and down, blinking.
#[test]
#[ignore = "writes pictures to look at into the folder named by CUELOOM_PICTURES"]
fn presenters() {
    let folder = std::path::PathBuf::from(std::env::var_os("CUELOOM_PICTURES").unwrap());
    let names = Identity::builtin_names();
    let (wide, high) = (300u32, 330u32);
    let mut sheet = image::RgbaImage::new(6 * wide, names.len() as u32 * high);
    for (row, name) in names.iter().enumerate() {
        let identity = Arc::new(Identity::builtin(name).unwrap());
        let reference = &identity.reference;
        let options = RenderOptions { height: 900, backend: Backend::Cpu, ..RenderOptions::default() };
        let r = Renderer::new(identity.clone(), &options).unwrap();
        let width = reference.face[45][0] - reference.face[36][0];
        let pupils = |p: &mut PoseFrame, by: [f32; 2]| {
            for (point, eye) in [(index::RIGHT_EYE, 36..42), (index::LEFT_EYE, 42..48)] {
                let mean = [0, 1].map(|k| eye.clone().map(|i| reference.face[i][k] / 6.0).sum::<f32>());
                p.points[point] = Point::new(mean[0] + by[0] * width, mean[1] + by[1] * width);
            }
        };
        for column in 0..6 {
            let mut pose = super::rig::tests::rest_pose(reference);
            match column {
                1 => say(&mut pose, 0.034, 0.0),
                2 => {
                    smile(&mut pose, 0.010);
                    brows(&mut pose, 0.007);
                }
                3 => pupils(&mut pose, [0.06, 0.0]),
                4 => {
                    pupils(&mut pose, [-0.04, 0.05]);
                    say(&mut pose, 0.016, -0.010);
                }
                5 => blink(&mut pose, 0.7),
                _ => {}
            }
            let mut data = Vec::new();
            r.render_into(&pose, &mut data);
            let size = r.size();
            let frame = image::RgbaImage::from_raw(size.0, size.1, data).unwrap();
            let left = (0.5 * (reference.face[36][0] + reference.face[45][0]) * 900.0) as u32 - wide / 2;
            let top = (reference.face[27][1] * 900.0) as u32 - high * 2 / 5;
            let part = imageops::crop_imm(&frame, left, top, wide, high).to_image();
            imageops::replace(&mut sheet, &part, i64::from(column * wide), i64::from(row as u32 * high));
        }
    }
    sheet.save(folder.join("presenters.png")).unwrap();
}

#[test]
#[ignore = "writes pictures to look at into the folder named by CUELOOM_PICTURES"]
fn blur_and_captions() {
    use super::tests::{PLACES, performance};
    let folder = std::path::PathBuf::from(std::env::var_os("CUELOOM_PICTURES").unwrap());
    let keys: Vec<_> = (0..6).map(|i| (1 + (i * 3 % 8) as u8, PLACES[i % 5])).collect();
    let (sequence, holds) = performance(&keys, 0.6);
    let frames = &sequence.frames;
    let options = RenderOptions { height: 512, backend: Backend::Cpu, motion_blur: 0.5, ..RenderOptions::default() };
    let r = Renderer::new(mira(), &options).unwrap();
    let text = [
        "She had your dark suit in greasy wash water all year",
        "她今天早上在学校门口等了很久，后来就回家了。",
        "ʃiː hæd jɔː dɑːk suːt",
    ];
    let captions: Vec<_> = (0..3).map(|i| (text[i].to_owned(), 25 + 30 * i..55 + 30 * i)).collect();
    let style = captions::CaptionStyle::default();
    let places = captions::place_all(&captions, &style, 1.0, frames);
    let mut sheet = image::RgbaImage::new(4 * 512, 2 * 512);
    for n in 0..8usize {
        let i = if n % 2 == 0 { holds[n / 2].0 as usize } else { (holds[n / 2].0 + holds[n / 2 + 1].0) as usize / 2 };
        let said = captions.iter().position(|c| c.1.contains(&i));
        let caption = said.map(|k| captions::Caption {
            text: captions[k].0.clone(),
            style: style.clone(),
            place: Some(places[k]),
        });
        let label = Some(format!("{}-{n}", keys[n / 2].0));
        let label_place = Some(captions::place_label("4-m", 1.0, &frames[i..i + 1], said.map(|k| &places[k]), None));
        let overlays = overlay::Overlays { caption, label, label_place, ..Default::default() };
        let mut data = Vec::new();
        let moment = blur::Moment { before: frames.get(i - 1), pose: &frames[i], after: frames.get(i + 1) };
        r.render_moment_into(&moment, &overlays, &mut data);
        let frame = image::RgbaImage::from_raw(512, 512, data).unwrap();
        imageops::replace(&mut sheet, &frame, 512 * (n as i64 % 4), 512 * (n as i64 / 4));
    }
    sheet.save(folder.join("blur-captions.png")).unwrap();
}
