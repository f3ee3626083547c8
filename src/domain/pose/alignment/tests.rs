//! People of known measures, and values of an independent implementation. Cues that must land on another face are tried
//! in `jobs::performances`, where there are generators.

use super::skeleton::{face_bone, head_of, limbs, root_of};
use super::*;
use crate::pose::compose::STABLE;
use crate::pose::{FACE_POINT_COUNT, POINT_COUNT, Point, PoseFrame, PoseSequence, Reference, Side, index};
use crate::time::Fps;
use glam::Vec2;

/// Deterministic numbers in −1..1.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 40) as f32 / (1u64 << 23) as f32) - 1.0
    }
}

/// A person in the plane of the picture whose bones are those of `reference` divided by `scale(bone) · size`, moving,
/// turned by `turn` and put elsewhere.
fn person(reference: &Reference, size: f32, turn: f32, frames: usize, scale: impl Fn(Bone) -> f32) -> PoseSequence {
    let mut noise = Noise(7);
    let edges = limbs(reference);
    let calm: Vec<f32> = edges.iter().map(|_| 3.0 * noise.next()).collect();
    let (root, head) = (root_of(reference), head_of(reference));
    let length = |bone: Bone, l: f32| l / (scale(bone) * size);
    let turned = |v: Vec2| Vec2::from_angle(turn).rotate(v);
    let sequence = (0..frames).map(|t| {
        let t = t as f32;
        let mut f = PoseFrame::default();
        let at = Vec2::new(0.9 + 0.01 * (t / 11.0).sin(), 1.3 + 0.006 * (t / 17.0).cos());
        let mut put = |i: usize, p: Vec2| f.points[i] = Point { x: p.x, y: p.y, score: 0.8 };
        let mut places = [Vec2::ZERO; POINT_COUNT];
        for (k, e) in edges.iter().enumerate() {
            let shoulder = e.bone == Bone::Shoulders;
            let sway = 0.5 * (t / (9.0 + k as f32)).sin();
            let way = match (shoulder, e.side) {
                (true, Some(Side::Left)) => Vec2::X,
                (true, _) => Vec2::NEG_X,
                _ => Vec2::from_angle(calm[k] + sway),
            };
            let from = e.from.map_or(at, |i| places[i]);
            places[e.to] = from + turned(way) * length(e.bone, e.target.unwrap_or(0.3));
            put(e.to, places[e.to]);
        }
        for side in [Side::Left, Side::Right] {
            put(side.hand_index(), places[index::LEFT_WRIST + side as usize]);
        }
        let up = at + turned(head - root) / (scale(Bone::Neck) * size);
        let nod = Vec2::from_angle(turn + 0.05 * (t / 13.0).sin());
        for i in 0..FACE_POINT_COUNT {
            let mut local = (reference.face_point(i) - head) / (scale(face_bone(i)) * size);
            if (55..60).contains(&i) || (65..68).contains(&i) {
                local.y += 0.02 / size * (t / 3.0).sin().max(0.0);
            }
            put(index::FACE + i, up + nod.rotate(local));
        }
        f
    });
    PoseSequence { fps: Fps::whole(25), frames: sequence.collect() }
}

/// The same with an error of about `sigma` in each number, and the share `missing` of points gone.
fn tracked(sequence: &PoseSequence, sigma: f32, missing: f32) -> PoseSequence {
    let mut noise = Noise(5);
    let mut out = sequence.clone();
    for p in out.frames.iter_mut().flat_map(|f| &mut f.points).filter(|p| p.score > 0.0) {
        // Four even errors make a nearly normal one.
        let mut normal = || (0..4).map(|_| noise.next()).sum::<f32>() * sigma * 0.866;
        (p.x, p.y) = (p.x + normal(), p.y + normal());
        if (noise.next() + 1.0) / 2.0 < missing {
            *p = Point::default();
        }
    }
    out
}

fn bone_scale(bone: Bone) -> f32 {
    match bone {
        Bone::Neck => 1.15,
        Bone::Shoulders => 0.85,
        Bone::UpperArm => 1.2,
        Bone::Forearm => 0.8,
        Bone::Palm => 1.1,
        Bone::Thumb => 0.9,
        Bone::Index => 1.25,
        Bone::Middle => 1.05,
        Bone::Ring => 0.95,
        Bone::Little => 0.75,
        _ => 1.0,
    }
}

#[test]
fn scales_of_known_people_are_found_with_noise_and_holes() {
    let reference = Reference::example();
    for (size, turn) in [(1.0, 0.0), (0.4, 0.1), (2.5, -0.2)] {
        let clean = person(&reference, size, turn, 300, bone_scale);
        // One pixel of a picture some 700 high, and one point in ten missing.
        for (source, most) in [(clean.clone(), 0.002), (tracked(&clean, 0.0015 / size, 0.1), 0.02)] {
            let fit = Alignment::fit(&source, &reference, &Settings::default());
            for bone in fit.bones() {
                if matches!(bone.bone, Bone::Trunk | Bone::Legs) {
                    assert!(!bone.measured && bone.scale == 1.0);
                    continue;
                }
                let truth = bone_scale(bone.bone) * size;
                let off = bone.scale * fit.size() / truth - 1.0;
                // What is small is lost in the tremble of its points: brows are one pixel and a half apart in height.
                let most = if bone.bone.is_of_face() { 1.5 * most } else { most };
                assert!(off.abs() < most && bone.measured && !bone.clamped, "{bone:?}: {truth} {off:.4} size {size}");
            }
            assert!((fit.turn() + turn.to_degrees()).abs() < 0.4, "{} {}", fit.turn(), turn.to_degrees());
        }
    }
}

#[test]
fn scales_are_kept_within_limits_and_fixed_ones_stand() {
    let reference = Reference::example();
    let far = |bone| if bone == Bone::Forearm { 2.4 } else { 1.0 };
    let source = person(&reference, 1.0, 0.0, 50, far);
    let mut settings = Settings { contact: false, ..Settings::default() };
    let of = |s: &Settings, b| *Alignment::fit(&source, &reference, s).bones().iter().find(|x| x.bone == b).unwrap();
    let forearm = of(&settings, Bone::Forearm);
    assert!(forearm.clamped && forearm.scale == SCALES.1 && !forearm.fixed, "{forearm:?}");
    settings.fix(Bone::UpperArm, Some(1.1));
    let upper = of(&settings, Bone::UpperArm);
    assert!(upper.fixed && upper.scale == 1.1 && (upper.found - 1.0).abs() < 0.01, "{upper:?}");
    let length = |f: &PoseFrame| Vec2::from(f.points[7].xy()).distance(Vec2::from(f.points[5].xy()));
    let fit = Alignment::fit(&source, &reference, &settings);
    let out = fit.frame(&source.frames[9]);
    assert!((length(&out) / length(&source.frames[9]) / fit.size() - 1.1).abs() < 1e-3);
    settings.fix(Bone::UpperArm, None);
    assert!(settings.fixed.is_empty());
    // Settings that no one could have set are not followed.
    settings.size = f32::NAN;
    assert!(!settings.is_sound());
    assert_eq!(Alignment::fit(&source, &reference, &settings).settings(), &Settings::default());
}

#[test]
fn a_person_is_laid_on_the_picture() {
    let reference = Reference::example();
    let source = person(&reference, 0.5, 0.15, 200, bone_scale);
    let near = |f: &PoseFrame, i: usize, want: [f32; 2], most: f32, what: &str| {
        let off = Vec2::from(f.points[i].xy()).distance(Vec2::from(want));
        assert!(off < most, "{what}, point {i}: {off}");
    };
    let first = Settings { calibration: Calibration::FirstFrame, contact: false, ..Settings::default() };
    let fit = Alignment::fit(&source, &reference, &first);
    let frame = fit.frame(&source.frames[0]);
    for (i, want) in reference.face.iter().enumerate() {
        let mouth = (55..60).contains(&i) || i >= 65;
        near(&frame, index::FACE + i, *want, if mouth { 0.01 } else { 0.002 }, "first frame");
    }
    near(&frame, index::LEFT_SHOULDER, reference.left_shoulder, 0.004, "shoulder");
    near(&frame, index::RIGHT_SHOULDER, reference.right_shoulder, 0.004, "shoulder");
    let upper = Vec2::from(frame.points[7].xy()).distance(Vec2::from(frame.points[5].xy()));
    assert!((upper / reference.upper_arm_length - 1.0).abs() < 0.005, "{upper}");
    // Over the clip the head is in its place on the whole.
    let fit = Alignment::fit(&source, &reference, &Settings { contact: false, ..Settings::default() });
    let frames: Vec<PoseFrame> = source.frames.iter().map(|f| fit.frame(f)).collect();
    let mean = frames.iter().map(|f| Vec2::from(f.points[index::FACE + 27].xy())).sum::<Vec2>() / 200.0;
    assert!(mean.distance(reference.face_point(27)) < 0.006, "{mean}");
    // What the user adds is added.
    let own = Settings { offset: [0.1, -0.05], size: 1.2, turn: 10.0, ..first };
    let fit = Alignment::fit(&source, &reference, &own);
    let moved = fit.frame(&source.frames[0]);
    let head = head_of(&reference);
    let want = head
        + Vec2::new(0.1, -0.05)
        + Vec2::from_angle(10f32.to_radians()).rotate(reference.face_point(16) - head) * 1.2;
    near(&moved, index::FACE + 16, want.into(), 0.003, "own size and turn");
}

#[test]
fn one_map_of_everything_is_found_again() {
    let reference = Reference::example();
    let source = person(&reference, 0.5, 0.15, 60, |_| 1.0);
    for mode in [Mode::Similarity, Mode::Bones] {
        let settings = Settings { mode, contact: false, calibration: Calibration::FirstFrame, ..Settings::default() };
        let fit = Alignment::fit(&source, &reference, &settings);
        assert!((fit.size() - 0.5).abs() < 1e-3 && (fit.turn() + 0.15f32.to_degrees()).abs() < 0.05, "{mode:?}");
        let frame = fit.frame(&source.frames[0]);
        for i in STABLE {
            let off = Vec2::from(frame.points[index::FACE + i].xy()).distance(reference.face_point(i));
            assert!(off < 1e-3, "{mode:?} {i}: {off}");
        }
    }
    // Twice as wide as high: only the map with two factors can follow.
    let mut wide = person(&reference, 0.5, 0.0, 60, |_| 1.0);
    wide.frames.iter_mut().flat_map(|f| &mut f.points).for_each(|p| p.x *= 2.0);
    let settings = Settings { mode: Mode::Affine, contact: false, ..Settings::default() };
    let frame = Alignment::fit(&wide, &reference, &settings).frame(&wide.frames[0]);
    let breadth = frame.points[5].x - frame.points[6].x;
    assert!((breadth - 0.48).abs() < 0.01, "{breadth}");
}

#[test]
fn arms_seen_shortened_do_not_grow_and_are_told() {
    let reference = Reference::example();
    let mut source = person(&reference, 1.0, 0.0, 200, |_| 1.0);
    // Two thirds of the time the right arm points at the viewer.
    for (i, f) in source.frames.iter_mut().enumerate().filter(|(i, _)| i % 60 >= 20) {
        let shoulder = Vec2::from(f.points[6].xy());
        let elbow = Vec2::from(f.points[8].xy());
        let by = (elbow - shoulder) * -(0.5 + 0.1 * (i as f32).sin());
        for k in [8, 10].into_iter().chain(index::RIGHT_HAND..POINT_COUNT) {
            (f.points[k].x, f.points[k].y) = (f.points[k].x + by.x, f.points[k].y + by.y);
        }
    }
    let fit = Alignment::fit(&source, &reference, &Settings::default());
    let upper = fit.bones().iter().find(|b| b.bone == Bone::UpperArm).unwrap();
    assert!((upper.scale * fit.size() - 1.0).abs() < 0.03, "{upper:?}");
    let [told] = fit.foreshortened() else { panic!("{:?}", fit.foreshortened()) };
    assert_eq!((told.bone, told.side), (Bone::UpperArm, Some(Side::Right)));
    assert_eq!(told.frames, [20..60, 80..120, 140..180]);
    assert!((told.share - 0.6).abs() < 0.01, "{}", told.share);
}

#[test]
fn what_is_missing_stays_missing_and_nothing_fails() {
    let reference = Reference::example();
    let source = person(&reference, 0.8, 0.0, 40, bone_scale);
    let fit = Alignment::fit(&source, &reference, &Settings { keep_face: false, ..Settings::default() });
    let mut holes = source.frames[3].clone();
    for i in [5, 8, 95, 120, index::FACE + 40, index::FACE] {
        holes.points[i] = Point::default();
    }
    let out = fit.frame(&holes);
    for (i, p) in out.points.iter().enumerate() {
        assert_eq!(p.score > 0.0, holes.points[i].score > 0.0, "point {i}");
        assert!(p.x.is_finite() && p.y.is_finite());
    }
    // A face that is kept is whole wherever the head is.
    let kept = Alignment::fit(&source, &reference, &Settings::default()).frame(&holes);
    assert!(kept.face().iter().all(|p| p.score > 0.0));
    let mut noise = Noise(3);
    let wild: Vec<PoseFrame> = (0..20)
        .map(|k| {
            let mut f = PoseFrame::default();
            for p in f.points.iter_mut().filter(|_| k > 0) {
                let odd = [f32::NAN, f32::INFINITY, -1e30, 0.0, 1e-30];
                let value = |n: &mut Noise| {
                    let r = n.next();
                    if r > 0.6 { odd[(r * 100.0) as usize % odd.len()] } else { r }
                };
                *p = Point { x: value(&mut noise), y: value(&mut noise), score: value(&mut noise) };
            }
            f
        })
        .collect();
    for frames in [Vec::new(), vec![PoseFrame::default(); 3], wild.clone(), [&wild[..], &source.frames[..]].concat()] {
        let source = PoseSequence { fps: Fps::whole(25), frames };
        for mode in Mode::ALL {
            for calibration in [Calibration::Clip, Calibration::FirstFrame] {
                let settings = Settings { mode, calibration, ..Settings::default() };
                let fit = Alignment::fit(&source, &reference, &settings);
                assert!(fit.size().is_finite() && fit.bones().len() == Bone::ALL.len());
                source.frames.iter().chain(&wild).for_each(|f| {
                    let _ = fit.frame(f);
                });
            }
        }
    }
}

/// Values of `tests/data/alignment/make.py`, which does in NumPy what the module's text says.
#[test]
fn an_independent_implementation_agrees() {
    #[derive(serde::Deserialize)]
    struct Case {
        frames: Vec<Vec<[f32; 3]>>,
        size: f32,
        turn: f32,
        scales: Vec<(String, f32)>,
        /// Frame 2 by bones (face not kept), by similarity and by stretch.
        aligned: [Vec<[f32; 2]>; 3],
    }
    let text = include_str!("../../../../tests/data/alignment/case.json");
    let case: Case = serde_json::from_str(text).expect("the fixture");
    let frames = case.frames.iter().map(|points| {
        let mut f = PoseFrame::default();
        f.points.iter_mut().zip(points).for_each(|(p, [x, y, score])| *p = Point { x: *x, y: *y, score: *score });
        f
    });
    let source = PoseSequence { fps: Fps::whole(25), frames: frames.collect() };
    for (mode, want) in Mode::ALL.into_iter().zip(&case.aligned) {
        let settings = Settings { mode, keep_face: false, contact: false, ..Settings::default() };
        let fit = Alignment::fit(&source, &Reference::example(), &settings);
        if mode == Mode::Bones {
            assert!((fit.size() / case.size - 1.0).abs() < 1e-3, "{} {}", fit.size(), case.size);
            assert!((fit.turn() - case.turn).abs() < 0.02, "{} {}", fit.turn(), case.turn);
            for (name, scale) in &case.scales {
                let bone = Bone::from_name(name).expect("a bone");
                let got = fit.bones().iter().find(|b| b.bone == bone).expect("a fit").scale;
                assert!((got / scale - 1.0).abs() < 2e-3, "{name}: {got} {scale}");
            }
        }
        let out = fit.frame(&source.frames[2]);
        for (i, want) in want.iter().enumerate() {
            let missing = *want == [0.0; 2];
            assert_eq!(missing, out.points[i].score <= 0.0, "{mode:?} point {i}");
            let off = Vec2::from(out.points[i].xy()).distance(Vec2::from(*want));
            assert!(missing || off < 1.5e-3, "{mode:?} point {i}: {:?} {want:?}", out.points[i]);
        }
    }
}

#[test]
fn a_performance_of_the_other_hand_is_taken_in_a_mirror() {
    use crate::pose::mirrored_frame;
    let target = Reference::example();
    let mut source = PoseSequence { fps: Fps::whole(25), frames: Vec::new() };
    for i in 0..40 {
        let mut frame = PoseFrame::default();
        for k in 0..crate::pose::POINT_COUNT {
            frame.points[k] = Point { x: 0.3 + 0.01 * (k % 13) as f32, y: 0.2 + 0.005 * k as f32, score: 1.0 };
        }
        for k in 0..FACE_POINT_COUNT {
            let [x, y] = target.face_point(k).to_array();
            frame.points[index::FACE + k] = Point { x: x * 1.1, y: y * 1.1, score: 1.0 };
        }
        frame.points[index::RIGHT_WRIST].y += 0.2 * (i as f32 * 0.4).sin();
        source.frames.push(frame);
    }
    assert_eq!(leading_hand(&source), Some(Side::Right));
    let other =
        PoseSequence { fps: source.fps, frames: source.frames.iter().map(|f| mirrored_frame(f, 1.3)).collect() };
    assert_eq!(leading_hand(&other), Some(Side::Left));
    assert_eq!(leading_hand(&PoseSequence { fps: source.fps, frames: Vec::new() }), None);
    // Seen in a mirror, the other performance is this one again.
    let straight = Alignment::fit(&source, &target, &Settings::default());
    let mirror = Alignment::fit(&other, &target, &Settings { mirrored: true, ..Settings::default() });
    for (a, b) in source.frames.iter().zip(&other.frames) {
        let (a, b) = (straight.frame(a), mirror.frame(b));
        for (p, q) in a.points.iter().zip(&b.points) {
            assert!((p.x - q.x).abs() < 1e-4 && (p.y - q.y).abs() < 1e-4, "{p:?} {q:?}");
        }
    }
}
