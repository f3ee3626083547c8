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

pub(super) fn mira() -> Arc<Identity> {
    Arc::new(Identity::builtin("mira").unwrap())
}

pub(super) fn renderer(height: u32) -> Renderer {
    Renderer::new(mira(), &RenderOptions { height, ..RenderOptions::default() }).unwrap()
}

pub(super) fn shift(pose: &mut PoseFrame, points: impl IntoIterator<Item = usize>, by: [f32; 2]) {
    for i in points {
        let p = &mut pose.points[index::FACE + i];
        (p.x, p.y) = (p.x + by[0], p.y + by[1]);
    }
}

/// The mouth of a vowel: jaw and lips opened by `open`, corners drawn apart by `wide`, in picture units.
pub(super) fn say(pose: &mut PoseFrame, open: f32, wide: f32) {
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
pub(super) fn blink(pose: &mut PoseFrame, closed: f32) {
    for (upper, lower) in [(37, 41), (38, 40), (43, 47), (44, 46)] {
        let down = pose.points[index::FACE + lower].y - pose.points[index::FACE + upper].y;
        shift(pose, [upper], [0.0, closed * down]);
    }
}

/// The head moved as a whole about the neck.
pub(super) fn nod(pose: &mut PoseFrame, by: [f32; 2], angle: f32) {
    let (sin, cos) = angle.sin_cos();
    for p in &mut pose.points[index::FACE..index::FACE + 68] {
        let (x, y) = (p.x - 0.5, p.y - 0.58);
        *p = Point::new(0.5 + by[0] + cos * x - sin * y, 0.58 + by[1] + sin * x + cos * y);
    }
}

pub(super) fn posed(change: impl FnOnce(&mut PoseFrame)) -> PoseFrame {
    let mut pose = rest_pose(&mira().reference);
    change(&mut pose);
    pose
}

/// A performance of keys by the rules: a second of rest, then a key every `length` seconds, speaking.
pub(super) fn performance(keys: &[(u8, Position)], length: f64) -> (PoseSequence, Vec<FrameIndex>) {
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
        head_tones: Vec::new(),
        expressions: Vec::new(),
        voice: Default::default(),
        language: Language::AmericanEnglish,
        fps,
        length: end,
        seed: 1,
        style: Style::default(),
    };
    (Rules.generate(&input, &Silent).unwrap(), holds)
}

pub(super) const PLACES: [Position; 5] =
    [Position::Side, Position::Mouth, Position::Chin, Position::Cheekbone, Position::Throat];

/// Peak signal-to-noise ratio of two frames in dB over the pixels that `counts` chooses.
pub(super) fn psnr(a: &RgbaFrame, b: &RgbaFrame, counts: impl Fn(f32, f32) -> bool) -> f64 {
    let (mut error, mut n) = (0.0, 0.0);
    for (i, (p, q)) in a.data.chunks_exact(4).zip(b.data.chunks_exact(4)).enumerate() {
        let scale = a.height as f32;
        let (x, y) = ((i as u32 % a.width) as f32 / scale, (i as u32 / a.width) as f32 / scale);
        if counts(x, y) {
            for k in 0..3 {
                error += f64::from(p[k].abs_diff(q[k])).powi(2);
                n += 1.0;
            }
        }
    }
    10.0 * (255.0f64.powi(2) * n / error.max(1e-9)).log10()
}

/// The identity's own picture at a height, with the resting arm.
pub(super) fn picture(height: u32) -> RgbaFrame {
    let r = renderer(height);
    let (width, height) = r.size();
    let mut data = r.texture.bytes().to_vec();
    let still = r.rig.read(&PoseFrame::default());
    r.arms(&PoseFrame::default(), &still, &mut data, &|_| ());
    RgbaFrame { width, height, data }
}

#[test]
fn a_pose_at_rest_is_the_picture_itself() {
    for height in [512, 360] {
        assert_eq!(renderer(height).render(&posed(|_| ())), picture(height));
    }
    // At the picture's own size nothing was resampled at all.
    let identity = mira();
    let frame = renderer(1024).render(&posed(|_| ()));
    let p = identity.picture.get_pixel(700, 300);
    assert_eq!(frame.data[4 * (300 * 1024 + 700)..][..3], p.0[..3]);
}

#[test]
fn a_moved_head_is_the_head_moved() {
    // The presenter drawn where the pose takes her, against the picture warped there.
    let mut spec = presenter::PresenterSpec::mira();
    spec.height = 512;
    let by = [0.010, -0.006];
    for p in &mut spec.face {
        *p = [p[0] + by[0], p[1] + by[1]];
    }
    let drawn = presenter::draw(&spec);
    let drawn = RgbaFrame { width: 512, height: 512, data: drawn.into_raw() };
    let warped = renderer(512).render(&posed(|p| shift(p, 0..68, by)));
    let still = picture(512);
    let face = |x: f32, y: f32| (0.40..0.62).contains(&x) && (0.22..0.50).contains(&y);
    let (with, without) = (psnr(&drawn, &warped, face), psnr(&drawn, &still, face));
    assert!(with > 33.0 && with > without + 8.0, "{with:.1} dB warped, {without:.1} dB at rest");
}

#[test]
fn wild_and_missing_points_never_break_a_frame() {
    let r = renderer(128);
    let (width, height) = r.size();
    for seed in 0..40u32 {
        let mut pose = posed(|_| ());
        let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(12345);
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 16_777_216.0
        };
        for i in 0..pose.points.len() {
            let wild = [f32::NAN, f32::INFINITY, -1e20, 3.0 * next() - 1.0, 0.5];
            let p = &mut pose.points[i];
            match (next() * 6.0) as u32 {
                0 => p.score = 0.0,
                1 => p.x = wild[(next() * 5.0) as usize],
                2 => p.y = wild[(next() * 5.0) as usize],
                3 => *p = Point::new(next(), next()),
                _ => {}
            }
        }
        for z in pose.hand_z.iter_mut().flatten() {
            *z = next() - 0.5;
        }
        let frame = r.render(&pose);
        assert_eq!(frame.data.len(), 4 * (width * height) as usize);
        assert!(frame.data.chunks_exact(4).all(|p| p[3] == 255));
    }
    assert_eq!(r.render(&PoseFrame::default()), picture(128));
}

#[test]
fn every_size_is_filled_and_impossible_ones_are_refused() {
    for height in [128, 129, 255, 481, 720] {
        let r = renderer(height);
        let frame = r.render(&posed(|p| say(p, 0.02, 0.0)));
        assert_eq!((frame.width, frame.height), (height, height));
        assert_eq!(frame.data.len(), 4 * (height * height) as usize);
        assert!(frame.data.chunks_exact(4).all(|p| p[3] == 255));
    }
    for height in [0, 15, 5000] {
        let options = RenderOptions { height, ..RenderOptions::default() };
        let message = Renderer::new(mira(), &options).err().unwrap().to_string();
        assert!(message.contains(&height.to_string()) && message.contains("16"), "{message}");
    }
}

#[test]
fn frames_depend_on_their_pose_alone_and_on_no_thread_count() {
    let (sequence, holds) = performance(&[(5, Position::Mouth), (8, Position::Throat)], 0.6);
    let r = renderer(192);
    let wanted: Vec<RgbaFrame> = holds.iter().map(|i| r.render(&sequence.frames[i.0 as usize])).collect();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let again: Vec<RgbaFrame> =
        pool.install(|| holds.iter().rev().map(|i| r.render(&sequence.frames[i.0 as usize])).collect());
    assert!(wanted.iter().eq(again.iter().rev()));
}

#[test]
fn a_hand_is_painted_over_the_person_with_its_shadow() {
    let (sequence, holds) = performance(&[(5, Position::Chin)], 0.8);
    let pose = &sequence.frames[holds[0].0 as usize];
    let r = renderer(256);
    let with = r.render(pose);
    let mut bare = pose.clone();
    for p in &mut bare.points[Side::Right.hand_index()..Side::Right.hand_index() + 21] {
        p.score = 0.0;
    }
    let without = r.render(&bare);
    // The palm, in the middle between wrist and the root of the middle finger, is skin now.
    let hand = pose.hand(Side::Right);
    let palm = (hand[0] + hand[9]) / 2.0;
    let at = |frame: &RgbaFrame, p: glam::Vec3| -> [u8; 3] {
        let i = 4 * ((p.y * 256.0) as usize * 256 + (p.x * 256.0) as usize);
        [frame.data[i], frame.data[i + 1], frame.data[i + 2]]
    };
    let [red, _, blue] = at(&with, palm);
    assert!(red > 180 && red > blue.saturating_add(30), "{:?}", at(&with, palm));
    // Somewhere on the person it is darker than without the hand, and nowhere on the wall.
    let darker = |x0: usize, x1: usize, y0: usize, y1: usize| {
        (y0..y1).flat_map(|y| (x0..x1).map(move |x| (x, y))).any(|(x, y)| {
            let i = 4 * (y * 256 + x);
            (0..3).all(|k| u16::from(with.data[i + k]) + 4 < u16::from(without.data[i + k]))
        })
    };
    assert!(darker(110, 160, 140, 200));
    assert!(!darker(200, 256, 0, 256));
}
