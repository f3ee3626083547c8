//! Tones shown by the head, in whole performances.

use super::*;
use crate::pose::FACE_POINT_COUNT;

/// A still person cueing, each key a syllable with a tone.
fn toned(keys: &[(u8, Position, Option<Movement>)], length: f64) -> (GenerateInput, GenerateInput) {
    let off = still(input_with_keys(keys, 1.0, length, &TimingOptions::default()));
    let on = GenerateInput { head_tones: tones_of(&off), ..off.clone() };
    (off, on)
}

/// The tip of the nose in each frame, as it lies to that of a level head; picture units.
fn nose(input: &GenerateInput) -> Vec<Vec2> {
    let level = Vec2::from(input.reference.face[30]);
    generate(input).iter().map(|f| Vec2::from(f.points[index::NOSE].xy()) - level).collect()
}

#[test]
fn the_head_goes_up_down_and_to_the_side() {
    let base = still(input_with_keys(&[(5, Position::Side, None); 4], 1.0, 0.4, &TimingOptions::default()));
    for reference in [base.reference.clone(), base.reference.mirrored()] {
        let away = if reference.handed == Side::Right { 1.0 } else { -1.0 };
        let seen = |tone| {
            let head_tones = vec![HeadTone { tone, start: Seconds(1.4), end: Seconds(1.8), strength: 1.0 }];
            nose(&GenerateInput { reference: reference.clone(), head_tones, ..base.clone() })
        };
        let width = (reference.face[16][0] - reference.face[0][0]).abs();
        let size = |v: &[Vec2], f: fn(&Vec2) -> f32| {
            v.iter().map(f).fold(0.0_f32, |a, b| if b.abs() > a.abs() { b } else { a })
        };
        let [first, second, third, fourth] = [1, 2, 3, 4].map(seen);
        assert!(away * size(&first, |p| p.x) > 0.05 * width && size(&first, |p| p.y).abs() < 0.01 * width);
        assert!(size(&second, |p| p.y) < -0.04 * width && size(&second, |p| p.x).abs() < 0.01 * width);
        assert!(size(&fourth, |p| p.y) > 0.04 * width);
        let lowest = (0..third.len()).max_by(|a, b| third[*a].y.total_cmp(&third[*b].y)).unwrap();
        let highest = (0..third.len()).min_by(|a, b| third[*a].y.total_cmp(&third[*b].y)).unwrap();
        assert!(lowest < highest && third[lowest].y > 0.03 * width && third[highest].y < -0.01 * width);
    }
}

#[test]
fn without_tones_nothing_is_different_and_with_them_only_their_time_is() {
    let off = input_with_keys(&all_keys(), 1.0, 0.3, &TimingOptions::default());
    let frames = generate(&off);
    let tone = |tone, start, end| HeadTone { tone, start: Seconds(start), end: Seconds(end), strength: 1.0 };
    let neutral = vec![tone(5, 2.0, 2.4), tone(0, 3.0, 3.3), tone(1, f64::NAN, 4.0), tone(2, 4.0, 4.0)];
    assert_eq!(generate(&GenerateInput { head_tones: neutral, ..off.clone() }), frames);
    let on = generate(&GenerateInput { head_tones: vec![tone(4, 5.0, 5.4)], ..off.clone() });
    let differ: Vec<usize> = (0..frames.len()).filter(|i| on[*i] != frames[*i]).collect();
    // From the second frame after the start of the syllable, where the head has hardly set off, to its release.
    assert!(differ.len() > 10 && differ[0] >= 125 && differ[differ.len() - 1] <= 139, "{differ:?}");
}

/// How far the pointing finger of planned key `i` is, while held, from where the target lies on the face of that frame, in
/// radii of the target; the largest.
pub(super) fn miss(input: &GenerateInput, frames: &[PoseFrame], i: usize) -> f32 {
    let (key, t) = (&input.keys[i], &input.keys[i].times);
    let from = input.fps.frame_at(Seconds(t.m2.0.max(t.d2.0))).0 as usize + 1;
    let until = input.keys.get(i + 1).map_or(input.length, |k| k.times.m1.min(k.times.d1));
    let mut worst = 0.0_f32;
    for frame in &frames[from..=(input.fps.frame_at(until).0 as usize).min(frames.len() - 1)] {
        // Targets are stated for an upright face: a tilted one is looked at with one's own head tilted.
        let at = |i: usize| Vec2::from(frame.face()[i].xy());
        let tilt = Vec2::from_angle(-(at(45) - at(36)).to_angle());
        let upright = |p: Vec2| at(33) + tilt.rotate(p - at(33));
        let face: Vec<[f32; 2]> = (0..FACE_POINT_COUNT).map(|p| upright(at(p)).to_array()).collect();
        let seen = Reference { face, ..input.reference.clone() };
        let target = Targets::new(&seen).target(key.position, key.shape);
        let tip = frame.hand(Side::Right)[target.contact.joint()];
        worst = worst.max((upright(tip.truncate()) - target.point.truncate()).length() / target.radius);
    }
    worst
}

#[test]
fn the_finger_stays_where_it_touches_while_the_head_moves() {
    // Three times through, shifted, so that keys meet other tones.
    let mut keys = all_keys();
    keys.extend(all_keys().into_iter().skip(1));
    keys.extend(all_keys().into_iter().skip(3));
    let (off, on) = toned(&keys, 0.45);
    let (level, moved) = (generate(&off), generate(&on));
    let (mut worst, mut touched) = ((0.0, String::new()), 0);
    for (i, key) in on.keys.iter().enumerate().filter(|(_, k)| k.key.is_some()) {
        if !matches!(key.position, Position::Mouth | Position::Chin | Position::Cheekbone) {
            continue;
        }
        touched += 1;
        let more = miss(&on, &moved, i) - miss(&off, &level, i);
        if more > worst.0 {
            worst = (more, format!("{:?} {:?} at {i}", key.shape, key.position));
        }
    }
    assert!(touched > 60 && worst.0 < 0.2, "{touched} touches, the worst misses by {worst:?} radii more");
}

#[test]
fn lips_stay_visible_while_the_head_moves() {
    let mut keys = all_keys();
    keys.sort_by_key(|(shape, position, _)| (u32::from(*shape) * 37 + *position as u32 * 101) % 59);
    let (_, on) = toned(&keys, 0.3);
    let frames = generate(&on);
    let worst = frames.iter().enumerate().map(|(i, f)| (lips_free(f, &on), i)).min_by(|a, b| a.0.total_cmp(&b.0));
    assert!(worst.unwrap().0 > 0.1, "{worst:?}");
    for (a, b) in frames.iter().zip(&frames[1..]) {
        for (p, q) in a.face().iter().zip(b.face()) {
            assert!(Vec2::from(p.xy()).distance(Vec2::from(q.xy())) < 0.03);
        }
    }
}

#[test]
fn tones_have_the_same_bytes_in_any_chunks_and_on_any_number_of_threads() {
    let (_, on) = toned(&all_keys(), 0.33);
    let all = generate(&on);
    let plan = Plan::new(&on).unwrap();
    let chunks = (0..all.len()).step_by(17).flat_map(|i| plan.frames(i..i + 17));
    assert_eq!(chunks.collect::<Vec<_>>(), all);
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(one.install(|| generate(&on)), all);
}

#[test]
fn left_handers_turn_the_other_way() {
    let (_, right) = toned(&[(5, Position::Mouth, None), (8, Position::Chin, None), (6, Position::Side, None)], 0.4);
    let left = GenerateInput { reference: right.reference.mirrored(), ..right.clone() };
    for (a, b) in generate(&right).iter().zip(&generate(&left)) {
        for (p, q) in a.points.iter().zip(&mirrored_frame(b, right.reference.aspect).points) {
            assert!((p.x - q.x).abs() < 1e-5 && (p.y - q.y).abs() < 1e-5);
        }
    }
}
