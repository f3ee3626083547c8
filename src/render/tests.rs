//! Whole frames: what must stay, what must move, and pictures to look at.

use super::rig::tests::rest_pose;
use super::*;
use crate::cueing::when::{self, KeyKind, KeySound, TimingOptions};
use crate::cueing::{HandShape, Position};
use crate::generate::rules::Rules;
use crate::generate::{GenerateInput, Generator, SoundingPhone, Style};
use crate::language::{Language, PhoneClass};
use crate::pose::{Point, PoseSequence};
use crate::progress::Silent;
use crate::time::{Fps, FrameIndex, Seconds};

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

/// A performance of keys by the rules: a second of rest, then a key every `length` seconds, speaking.
fn performance(keys: &[(u8, Position)], length: f64) -> (PoseSequence, Vec<FrameIndex>) {
    let start = 1.0;
    let sounds: Vec<KeySound> = keys
        .iter()
        .enumerate()
        .map(|(i, (shape, position))| KeySound {
            a1: Seconds(start + length * i as f64),
            a3: Seconds(start + length * (i + 1) as f64),
            kind: KeyKind::ConsonantVowel,
            shape: HandShape(*shape),
            position: *position,
            movement: None,
            lead: Seconds::ZERO,
            pinned: None,
        })
        .collect();
    let mut phones = Vec::new();
    for (i, sound) in sounds.iter().enumerate() {
        let middle = Seconds(sound.a1.0 + 0.35 * length);
        let (c, v) = (["m", "t", "s", "f"][i % 4], ["ɑ", "i", "u"][i % 3]);
        phones.push((c, PhoneClass::Consonant, sound.a1, middle));
        phones.push((v, PhoneClass::Vowel, middle, sound.a3));
    }
    let fps = Fps::whole(25);
    let end = Seconds(start + length * keys.len() as f64 + 1.0);
    let planned = when::times(&sounds, &TimingOptions::default(), fps, end);
    let holds = planned
        .iter()
        .filter(|k| k.key.is_some())
        .map(|k| FrameIndex(fps.frame_at(k.times.m2.max(k.times.d2)).0 + 1))
        .collect();
    let input = GenerateInput {
        reference: mira().reference.clone(),
        keys: planned,
        phones: phones
            .into_iter()
            .map(|(symbol, class, start, end)| SoundingPhone { symbol: symbol.into(), class, start, end })
            .collect(),
        language: Language::AmericanEnglish,
        fps,
        length: end,
        seed: 1,
        style: Style::default(),
    };
    (Rules.generate(&input, &Silent).unwrap(), holds)
}

const PLACES: [Position; 5] = [Position::Side, Position::Mouth, Position::Chin, Position::Cheekbone, Position::Throat];

#[test]
#[ignore = "writes pictures to look at into the folder named by CUELOOM_PICTURES"]
fn sheet_of_all_keys() {
    let folder = std::path::PathBuf::from(std::env::var_os("CUELOOM_PICTURES").unwrap());
    let keys: Vec<(u8, Position)> = (1..=8).flat_map(|shape| PLACES.map(|place| (shape, place))).collect();
    let (sequence, holds) = performance(&keys, 0.6);
    for size in [256u32, 512] {
        let renderer = renderer(size);
        let mut sheet = image::RgbaImage::new(size * 5, size * 8);
        for (i, hold) in holds.iter().enumerate() {
            let frame = renderer.render(&sequence.frames[hold.0 as usize]);
            let picture = image::RgbaImage::from_raw(size, size, frame.data).unwrap();
            image::imageops::replace(
                &mut sheet,
                &picture,
                i64::from(size) * (i as i64 % 5),
                i64::from(size) * (i as i64 / 5),
            );
        }
        sheet.save(folder.join(format!("keys-{size}.png"))).unwrap();
    }
    let renderer = renderer(512);
    let mut out = Vec::new();
    let started = std::time::Instant::now();
    for frame in &sequence.frames {
        renderer.render_into(frame, &mut out);
    }
    println!("512: {:?} a frame", started.elapsed() / sequence.frames.len() as u32);
    for (i, pose) in sequence.frames.iter().enumerate().skip(20).take(60) {
        let frame = renderer.render(pose);
        image::RgbaImage::from_raw(512, 512, frame.data)
            .unwrap()
            .save(folder.join(format!("move-{i:04}.png")))
            .unwrap();
    }
}

#[test]
#[ignore = "prints how long each stage takes"]
fn stages() {
    let (sequence, _) = performance(&[(1, Position::Side), (5, Position::Mouth), (8, Position::Throat), (4, Position::Chin)], 0.6);
    for height in [256, 512, 1080] {
        let r = renderer(height);
        let size = (r.texture.width, r.texture.height);
        let mut out = Vec::new();
        let mut spent = [0.0f64; 7];
        // Time on processors, all threads together: does not depend on what else runs on the machine.
        let busy = || -> f64 {
            let threads = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
            let read = |p: std::path::PathBuf| std::fs::read_to_string(p).ok()?.split(' ').next()?.parse::<f64>().ok();
            threads.filter_map(|t| read(t.path().join("schedstat"))).sum::<f64>() * 1e-9
        };
        let mut clock = 0.0;
        let mut lap = |i: usize, clock: &mut f64| {
            spent[i] += busy() - *clock;
            *clock = busy();
        };
        for _ in 0..3 {
            for pose in &sequence.frames {
                clock = busy();
                let moved = r.rig.read(pose);
                lap(0, &mut clock);
                let field = r.warp.field(&moved);
                lap(1, &mut clock);
                warp::draw(&r.texture, &field, &mut out);
                lap(2, &mut clock);
                r.lids.draw(&field, &moved, &r.texture, &mut out);
                lap(3, &mut clock);
                r.mouth.draw(&field, &moved, &r.texture, &mut out);
                lap(4, &mut clock);
                r.upper_arm(pose, &moved, &mut out);
                lap(5, &mut clock);
                r.hands(pose, &mut out);
                lap(6, &mut clock);
            }
        }
        let _ = (&mut clock, size);
        let n = 3.0 * sequence.frames.len() as f64;
        let names = ["read", "field", "warp", "lids", "mouth", "arm", "hand"];
        let report: Vec<String> = names.iter().zip(spent).map(|(name, s)| format!("{name} {:.2}", 1e3 * s / n)).collect();
        println!("{height}: {} total {:.2} ms", report.join("  "), 1e3 * spent.iter().sum::<f64>() / n);
    }
}
