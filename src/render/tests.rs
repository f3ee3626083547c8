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

fn renderer(height: u32) -> Renderer {
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
fn psnr(a: &RgbaFrame, b: &RgbaFrame, counts: impl Fn(f32, f32) -> bool) -> f64 {
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
fn picture(height: u32) -> RgbaFrame {
    let r = renderer(height);
    let (width, height) = r.size();
    let mut data = r.texture.bytes().to_vec();
    let still = r.rig.read(&PoseFrame::default());
    r.arms(&PoseFrame::default(), &still, &mut data);
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
fn the_background_keeps_still_to_the_last_bit() {
    let renderer = renderer(256);
    let rest = renderer.render(&posed(|_| ()));
    let pose = posed(|p| {
        nod(p, [0.015, 0.01], 0.06);
        say(p, 0.03, 0.0);
        p.points[index::LEFT_SHOULDER].y -= 0.01;
    });
    let moved = renderer.render(&pose);
    let still = still::still_pixels(&renderer, &[pose]);
    let mut compared = 0;
    for (i, (a, b)) in rest.data.chunks_exact(4).zip(moved.data.chunks_exact(4)).enumerate().filter(|(i, _)| still[*i])
    {
        assert_eq!(a, b, "pixel at {}, {}", i % 256, i / 256);
        compared += 1;
    }
    assert!(compared > 256 * 256 / 4, "{compared}");
    // And the rest does move.
    assert!(psnr(&rest, &moved, |x, y| (0.4..0.6).contains(&x) && (0.3..0.5).contains(&y)) < 32.0);
}

#[test]
fn ten_seconds_of_cueing_leave_what_is_still_alone() {
    let keys: Vec<(u8, Position)> = (0..13).map(|i| (1 + (i * 3 % 8) as u8, PLACES[i % 5])).collect();
    let (sequence, _) = performance(&keys, 0.62);
    assert!(sequence.frames.len() >= 250);
    let r = renderer(144);
    let still = still::still_pixels(&r, &sequence.frames);
    let mut difference = still::StillDifference::new(&still);
    let mut moving = still::StillDifference::new(&still.iter().map(|s| !s).collect::<Vec<_>>());
    for pose in &sequence.frames[..250] {
        let frame = r.render(pose);
        difference.push(&frame);
        moving.push(&frame);
    }
    let (mean, most) = (difference.mean().unwrap(), difference.most());
    println!("{} still pixels: {mean:.4} of 255 from frame to frame, at most {most}", difference.pixels());
    assert!(mean <= 0.2 && most <= 2 && difference.pixels() > 144 * 144 / 5, "{mean} {most} {}", difference.pixels());
    assert!(moving.mean().unwrap() > 0.5);
}

/// Numbers from 0 to 1 that are the same in every run.
fn numbers(seed: u32) -> impl FnMut() -> f32 {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(12_345);
    move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 16_777_216.0
    }
}

#[test]
fn no_pose_of_anybody_folds_or_tears_the_picture() {
    let mut worst = [f32::INFINITY; 2];
    let mut folded = 0;
    for person in 0..6 {
        let mut next = numbers(person);
        // A narrower or wider, larger or smaller head, nearer to the shoulders or not, every point a little off.
        let mut reference = crate::pose::Reference::example();
        let (wide, high) = (0.8 + 0.4 * next(), 0.85 + 0.3 * next());
        for p in &mut reference.face {
            *p = [
                0.5 + wide * (p[0] - 0.5) + 0.004 * (next() - 0.5),
                0.45 + high * (p[1] - 0.45) + 0.003 * (next() - 0.5),
            ];
        }
        reference.throat[1] += 0.03 * (next() - 0.5);
        let rig = Rig::new(&reference);
        let warp = Warp::new(&rig).unwrap();
        for _ in 0..25 {
            let mut pose = rest_pose(&reference);
            // From a lively face to points that nobody's face could have.
            let (stray, jaw) = (0.12 * next() * next(), 0.06 * next());
            nod(&mut pose, [0.06 * (next() - 0.5), 0.06 * (next() - 0.5)], 0.5 * (next() - 0.5));
            say(&mut pose, jaw, 0.03 * (next() - 0.5));
            for p in &mut pose.points[index::FACE..index::FACE + 68] {
                (p.x, p.y) = (p.x + stray * (next() - 0.5), p.y + stray * (next() - 0.5));
            }
            pose.points[index::LEFT_SHOULDER].y += 0.1 * (next() - 0.5);
            let field = warp.field(&rig.read(&pose));
            for (least, values) in worst.iter_mut().zip(field.both_ways()) {
                let determinant = unfold::least_determinant(&field.grid, values);
                folded += usize::from(determinant < 0.2);
                *least = least.min(determinant);
            }
        }
    }
    println!("least determinants out and back {worst:?}; {folded} fields limited");
    assert!(worst.iter().all(|d| *d >= 0.95 * unfold::FLOOR), "{worst:?}");
    assert!(folded > 5, "the poses were too tame to test anything: {folded}");
}

#[test]
fn speech_and_cueing_never_need_to_be_limited() {
    let (sequence, _) = performance(&[(5, Position::Mouth), (8, Position::Throat), (2, Position::Chin)], 0.6);
    let r = renderer(64);
    for pose in sequence.frames.iter().step_by(3) {
        let field = r.warp.field(&r.rig.read(pose));
        let least = unfold::least_determinant(&field.grid, field.both_ways()[0]);
        assert!(least > 0.22, "{least}");
    }
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

/// How many pixels around the mouth are as dark and red as its interior, and how many as white as teeth.
fn interior(frame: &RgbaFrame) -> (usize, usize) {
    let (mut dark, mut white) = (0, 0);
    let scale = frame.height as f32;
    for (i, p) in frame.data.chunks_exact(4).enumerate() {
        let (x, y) = ((i as u32 % frame.width) as f32 / scale, (i as u32 / frame.width) as f32 / scale);
        if (0.46..0.54).contains(&x) && (0.445..0.51).contains(&y) {
            dark += usize::from(p[0] < 95 && p[1] < 42);
            white += usize::from(p[0] > 200 && p[1] > 190 && p[2] > 180);
        }
    }
    (dark, white)
}

#[test]
fn lips_open_on_a_mouth_and_close_on_nothing() {
    let r = renderer(512);
    let shown = |pose: &PoseFrame| interior(&r.render(pose));
    let closed = shown(&posed(|_| ()));
    assert_eq!(closed, (0, 0));
    // A closed mouth that moves, is drawn wide, rounded or pressed together, stays closed.
    for pose in [
        posed(|p| nod(p, [0.01, 0.005], 0.05)),
        posed(|p| say(p, 0.0, 0.008)),
        posed(|p| say(p, 0.0, -0.012)),
        posed(|p| shift(p, [61, 62, 63], [0.0, 0.002])),
    ] {
        let (dark, white) = shown(&pose);
        assert!(dark < 6 && white == 0, "{dark} dark and {white} white pixels in a closed mouth");
    }
    let (dark, white) = shown(&posed(|p| say(p, 0.035, 0.0)));
    assert!(dark > 150 && white > 60, "{dark} dark and {white} white pixels in an open mouth");
    // Spread lips show teeth rather than the dark, more open ones more of both.
    let (dark_i, white_i) = shown(&posed(|p| say(p, 0.012, 0.007)));
    assert!(white_i > dark_i && dark_i < dark, "{white_i} white, {dark_i} dark");
    // Rounded ones do not.
    let (_, white_u) = shown(&posed(|p| say(p, 0.012, -0.018)));
    assert!(white_u * 4 < white_i, "{white_u} white pixels between rounded lips");
}

#[test]
fn a_blink_covers_the_eye_and_leaves_the_rest() {
    let r = renderer(512);
    let whites = |frame: &RgbaFrame| {
        let eyes = |x: f32, y: f32| (0.40..0.60).contains(&x) && (0.325..0.37).contains(&y);
        frame
            .data
            .chunks_exact(4)
            .enumerate()
            .filter(|(i, p)| {
                eyes((i % 512) as f32 / 512.0, (i / 512) as f32 / 512.0) && p[..3].iter().all(|c| *c > 205)
            })
            .count()
    };
    let (open, half, closed) =
        (r.render(&posed(|_| ())), r.render(&posed(|p| blink(p, 0.5))), r.render(&posed(|p| blink(p, 1.0))));
    let counts = [whites(&open), whites(&half), whites(&closed)];
    assert!(counts[0] > counts[1] && counts[1] > 10 && counts[2] == 0, "{counts:?}");
    let elsewhere = |x: f32, y: f32| !((0.39..0.61).contains(&x) && (0.31..0.38).contains(&y));
    assert!(psnr(&open, &closed, elsewhere) > 60.0);
}

/// The middle of what is dark between the lids of an eye, picture units.
fn dark_middle(frame: &RgbaFrame, eye: usize) -> [f32; 2] {
    let reference = &mira().reference;
    let corners = rig::EYES[eye].map(|i| reference.face[i]);
    let low = |k: usize| corners.iter().map(|p| p[k]).fold(f32::INFINITY, f32::min);
    let high = |k: usize| corners.iter().map(|p| p[k]).fold(0.0, f32::max);
    let scale = frame.height as f32;
    let (mut sum, mut n) = ([0.0; 2], 0.0);
    // A strip along the middle of the eye: lashes do not come into it.
    let (y0, y1) = (low(1) + 0.3 * (high(1) - low(1)), low(1) + 0.75 * (high(1) - low(1)));
    for (i, p) in frame.data.chunks_exact(4).enumerate() {
        let at = [((i as u32 % frame.width) as f32 + 0.5) / scale, ((i as u32 / frame.width) as f32 + 0.5) / scale];
        if (low(0) + 0.004..high(0) - 0.004).contains(&at[0]) && (y0..y1).contains(&at[1]) && p[2] < 105 {
            (0..2).for_each(|k| sum[k] += at[k]);
            n += 1.0;
        }
    }
    sum.map(|s| s / n)
}

pub(super) fn look(pose: &mut PoseFrame, by: [f32; 2]) {
    let reference = mira().reference.clone();
    for (point, eye) in [(index::RIGHT_EYE, rig::EYES[0]), (index::LEFT_EYE, rig::EYES[1])] {
        let mean = [0, 1].map(|k| eye.iter().map(|i| reference.face[*i][k]).sum::<f32>() / 6.0);
        pose.points[point] = Point::new(mean[0] + by[0], mean[1] + by[1]);
    }
}

#[test]
fn irises_go_where_the_pose_looks() {
    let r = renderer(768);
    let straight = r.render(&posed(|_| ()));
    // Missing pupils and pupils at rest look straight ahead.
    assert_eq!(straight, r.render(&posed(|p| look(p, [0.0, 0.0]))));
    for by in [[-0.008, 0.0], [0.008, 0.0], [0.005, 0.0], [0.0, -0.003]] {
        let frame = r.render(&posed(|p| look(p, by)));
        for eye in 0..2 {
            let (a, b) = (dark_middle(&straight, eye), dark_middle(&frame, eye));
            let off = [b[0] - a[0], b[1] - a[1]];
            assert!((off[0] - by[0]).abs() < 0.0018, "{by:?}: eye {eye} went {off:?}");
            assert!(by[1] == 0.0 || off[1] < -0.0004, "{by:?}: eye {eye} went {off:?}");
        }
        // Nothing but the eyes has changed.
        let elsewhere = |x: f32, y: f32| !((0.40..0.60).contains(&x) && (0.32..0.37).contains(&y));
        assert!(psnr(&straight, &frame, elsewhere) > 80.0);
    }
    // A look beyond what an eye can do stops at the corner, and what lies under a closed lid is not seen.
    let far = dark_middle(&r.render(&posed(|p| look(p, [0.5, 0.0]))), 0);
    let near = dark_middle(&straight, 0);
    assert!((0.008..0.016).contains(&(far[0] - near[0])), "{}", far[0] - near[0]);
    let shut = |by| {
        r.render(&posed(|p| {
            look(p, by);
            blink(p, 1.0);
        }))
    };
    assert!(psnr(&shut([0.0, 0.0]), &shut([0.009, 0.0]), |_, _| true) > 45.0);
}

#[test]
fn a_raised_brow_keeps_its_shape_and_leaves_the_lid() {
    let r = renderer(512);
    let by = 0.008;
    let (rest, raised) = (r.render(&posed(|_| ())), r.render(&posed(|p| shift(p, 17..27, [0.0, -by]))));
    // What was at the brow is now four pixels higher, as sharp as before.
    let up = (by * 512.0).round() as usize;
    let mut lifted = raised.clone();
    lifted.data.rotate_right(4 * 512 * up);
    let brow = |x: f32, y: f32| (0.415..0.465).contains(&x) && (0.287..0.301).contains(&y);
    println!(
        "brow {:.1} dB, eye {:.1} dB",
        psnr(&rest, &lifted, brow),
        psnr(&rest, &raised, |x, y| (0.41..0.475).contains(&x) && (0.326..0.368).contains(&y))
    );
    assert!(psnr(&rest, &lifted, brow) > 27.0, "{}", psnr(&rest, &lifted, brow));
    assert!(psnr(&rest, &raised, brow) < 24.0);
    let eye = |x: f32, y: f32| (0.41..0.475).contains(&x) && (0.326..0.368).contains(&y);
    assert!(psnr(&rest, &raised, eye) > 34.0, "{}", psnr(&rest, &raised, eye));
}

#[test]
fn upper_teeth_stay_with_the_skull_and_lower_ones_go_with_the_jaw() {
    let r = renderer(768);
    // White runs of the middle column between the lips, first row and the one after the last.
    let runs = |frame: &RgbaFrame| {
        let (mut runs, mut from) = (Vec::new(), None);
        for y in 340..420usize {
            let p = &frame.data[4 * (y * 768 + 387)..][..3];
            let white = p[0] > 175 && p[1] > 150 && p[2] > 140;
            match (from, white) {
                (None, true) => from = Some(y),
                (Some(start), false) => {
                    runs.push((start, y));
                    from = None;
                }
                _ => {}
            }
        }
        runs.retain(|(a, b)| b - a >= 2);
        runs
    };
    let at = |open: f32| runs(&r.render(&posed(|p| say(p, open, 0.0))));
    let edges: Vec<usize> = [0.022, 0.030, 0.038].iter().map(|o| at(*o).first().expect("upper teeth").1).collect();
    assert!(edges.iter().all(|e| e.abs_diff(edges[0]) <= 2), "upper teeth moved with the jaw: {edges:?}");
    // A tongue is seen in an open vowel, more of it the wider, and not in a narrow one.
    let tongue = |open: f32| {
        let frame = r.render(&posed(|p| say(p, open, 0.0)));
        let pixels = frame.data.chunks_exact(4).enumerate().filter(|(i, p)| {
            let (x, y) = ((i % 768) as f32 / 768.0, (i / 768) as f32 / 768.0);
            let inside = (0.475..0.525).contains(&x) && (0.466..0.464 + 0.8 * open).contains(&y);
            inside && (130..225).contains(&p[0]) && p[1] < 110 && p[1] > 45
        });
        pixels.count()
    };
    let seen = [0.006, 0.02, 0.036].map(tongue);
    assert!(seen[1] < seen[2] && 4 * seen[0] < seen[2] && seen[2] > 100, "{seen:?}");
}

#[test]
fn blur_smears_what_moves_along_its_way_and_nothing_else() {
    let (sequence, holds) = performance(&[(5, Position::Side), (2, Position::Chin), (5, Position::Side)], 0.6);
    let r = Renderer::new(
        mira(),
        &RenderOptions { height: 192, backend: Backend::Cpu, motion_blur: 0.8, ..RenderOptions::default() },
    )
    .unwrap();
    let frames = &sequence.frames;
    let moment =
        |i: usize| blur::Moment { before: frames.get(i.wrapping_sub(1)), pose: &frames[i], after: frames.get(i + 1) };
    let tip = |i: usize| frames[i].hand(Side::Right)[12].truncate();
    let fast = (holds[0].0 as usize..holds[1].0 as usize)
        .max_by(|a, b| tip(*a).distance(tip(*a + 1)).total_cmp(&tip(*b).distance(tip(*b + 1))))
        .unwrap();
    let none = overlay::Overlays::default();
    let (mut sharp, mut soft, mut again) = (Vec::new(), Vec::new(), Vec::new());
    r.render_over_into(&frames[fast], &none, &mut sharp);
    r.render_moment_into(&moment(fast), &none, &mut soft);
    r.render_moment_into(&moment(fast), &none, &mut again);
    assert_eq!(soft, again);
    assert!(soft.chunks_exact(4).all(|p| p[3] == 255));
    // Softer where the hand is: neighbouring pixels differ less.
    let joints = frames[fast].hand(Side::Right);
    let (low, high) = joints
        .iter()
        .fold(([1.0f32; 2], [0.0f32; 2]), |(l, h), j| ([l[0].min(j.x), l[1].min(j.y)], [h[0].max(j.x), h[1].max(j.y)]));
    let roughness = |data: &[u8]| {
        let range = |k: usize| (low[k] * 192.0).max(1.0) as usize..(high[k] * 192.0).min(190.0) as usize;
        let columns = range(0);
        range(1)
            .flat_map(|y| columns.clone().map(move |x| 4 * (y * 192 + x)))
            .map(|i| u64::from(data[i].abs_diff(data[i + 4])) + u64::from(data[i].abs_diff(data[i + 4 * 192])))
            .sum::<u64>()
    };
    assert!(10 * roughness(&soft) < 9 * roughness(&sharp), "{} {}", roughness(&soft), roughness(&sharp));
    // The wall far from the hand is the wall.
    let still = still::still_pixels(&r, &frames[fast - 1..fast + 2]);
    let kept = (0..192 * 192).filter(|i| still[*i]).all(|i| sharp[4 * i..4 * i + 3] == soft[4 * i..4 * i + 3]);
    assert!(kept);
    // A pose that nothing goes to or comes from is drawn as it is.
    r.render_moment_into(&blur::Moment { before: None, pose: &frames[fast], after: None }, &none, &mut soft);
    assert_eq!(soft, sharp);
}

#[test]
fn a_frame_may_have_a_caption_of_its_own() {
    let r = renderer(256);
    let pose = posed(|_| ());
    let style = captions::CaptionStyle::default();
    let place = captions::place("a cup of tea", &style, 1.0, std::slice::from_ref(&pose), None);
    let caption = captions::Caption { text: "a cup of tea".into(), style, place: Some(place) };
    let overlays = overlay::Overlays { caption: Some(caption), ..overlay::Overlays::default() };
    let mut with = Vec::new();
    r.render_over_into(&pose, &overlays, &mut with);
    let without = r.render(&pose).data;
    for (i, (a, b)) in with.chunks_exact(4).zip(without.chunks_exact(4)).enumerate() {
        let (x, y) = ((i % 256) as f32 / 256.0, (i / 256) as f32 / 256.0);
        let near = (place.min[0] - 0.01..place.max[0] + 0.01).contains(&x)
            && (place.min[1] - 0.01..place.max[1] + 0.01).contains(&y);
        assert!(near || a == b, "{x} {y}");
    }
    assert!(with.chunks_exact(4).filter(|p| p[..3].iter().all(|c| *c > 230)).count() > 60);
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
