//! What must keep still, what must not fold, and what is blurred or laid over, in whole frames.

use super::rig::tests::rest_pose;
use super::tests::{PLACES, mira, nod, performance, posed, psnr, renderer, say};
use super::*;
use crate::cueing::Position;

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
