use super::*;
use crate::nets::noise::Noise;

/// A person with every point somewhere, swaying, shaking the head and moving the hands.
fn clip(frames: usize) -> Vec<Frame> {
    let mut noise = Noise::new(1, "layout", 0, 0);
    let rest: Vec<[f32; 2]> = (0..POINTS).map(|_| [noise.between(0.3, 0.7), noise.between(0.1, 0.9)]).collect();
    (0..frames)
        .map(|t| {
            let mut frame = Frame::default();
            for (i, p) in rest.iter().enumerate() {
                let swing = 0.05 * (t as f32 * 0.3 + i as f32).sin();
                frame.points[i] = [p[0] + swing, p[1] - swing, 0.9];
            }
            frame.points[LEFT_SHOULDER] = [0.6 + 0.01 * t as f32, 0.5, 0.9];
            frame.points[RIGHT_SHOULDER] = [0.4 + 0.01 * t as f32, 0.52, 0.9];
            for hand in &mut frame.hand_z {
                for (i, z) in hand.iter_mut().enumerate() {
                    *z = 0.001 * (i + t) as f32;
                }
            }
            frame
        })
        .collect()
}

#[test]
fn a_clip_comes_back_whole_but_for_what_goes_with_the_base() {
    let frames = clip(12);
    for depth in [false, true] {
        let layout = Layout { depth, ..Default::default() };
        let reference = Reference::of(&frames, &layout).unwrap();
        let (face, body) = numbers(&frames, &reference, &layout);
        assert_eq!((face.size, body.size, face.frames()), (FACE_SIZE, if depth { 138 } else { 96 }, 12));
        let mut stats = StatsBuilder::default();
        stats.add(&body);
        let stats = stats.finish(STD_FLOOR);
        let mut scored = body.values.clone();
        stats.normalise(&mut scored);
        stats.restore(&mut scored);
        for (t, original) in frames.iter().enumerate() {
            let back = frame(
                &face.values[t * face.size..(t + 1) * face.size],
                &scored[t * body.size..(t + 1) * body.size],
                &reference,
                &layout,
                &frames[0],
            );
            for i in (LEFT_SHOULDER..11).chain(FACE..POINTS) {
                for k in 0..2 {
                    let (a, b) = (back.points[i][k], original.points[i][k]);
                    assert!((a - b).abs() < 1e-4, "frame {t} point {i}: {a} {b}");
                }
            }
            assert_eq!(back.points[11..23], frames[0].points[11..23], "hips, legs and feet stay");
            let z = if depth { original.hand_z } else { frames[0].hand_z };
            assert!(back.hand_z.iter().flatten().zip(z.iter().flatten()).all(|(a, b)| (a - b).abs() < 1e-4));
        }
    }
}

#[test]
fn the_head_and_the_sway_are_kept_and_the_head_carries_nose_eyes_and_ears() {
    let frames = clip(1);
    let mut moved = frames[0].clone();
    // The whole head goes 0.1 to the side and is turned by 90 degrees about the base of its nose.
    let centre = moved.points[FACE + NOSE_BASE];
    let turn = |p: [f32; 3]| [centre[0] - (p[1] - centre[1]) + 0.1, centre[1] + (p[0] - centre[0]), p[2]];
    for i in (0..LEFT_SHOULDER).chain(FACE..FACE + 68) {
        moved.points[i] = turn(moved.points[i]);
    }
    let layout = Layout::default();
    let reference = Reference::of(&frames, &layout).unwrap();
    let (still, _) = numbers(&frames, &reference, &layout);
    let (face, body) = numbers(std::slice::from_ref(&moved), &reference, &layout);
    assert!((face.values[HEAD.start] - still.values[HEAD.start] - 0.1 / reference.width).abs() < 1e-4);
    let back = frame(&face.values, &body.values, &reference, &layout, &frames[0]);
    for i in 0..LEFT_SHOULDER {
        for k in 0..2 {
            assert!((back.points[i][k] - moved.points[i][k]).abs() < 1e-4, "point {i}");
        }
    }
    let swayed = clip(9);
    let reference = Reference::of(&swayed, &layout).unwrap();
    let (_, body) = numbers(&swayed, &reference, &layout);
    let x = |t: usize| body.values[t * BODY_SIZE] * reference.width;
    assert!((x(8) - x(0) - 0.08).abs() < 1e-4, "the sway of the shoulders is in the numbers");
}

#[test]
fn gaps_are_filled_in_time_and_remembered() {
    let mut frames = clip(6);
    let (elbow, tip) = (7, HANDS[1] + 8);
    for t in [0, 2, 3] {
        frames[t].points[elbow][2] = 0.0;
    }
    for f in &mut frames {
        f.points[tip] = [f32::NAN, 0.0, 0.0];
    }
    let layout = Layout::default();
    let reference = Reference::of(&frames, &layout).unwrap();
    let (_, body) = numbers(&frames, &reference, &layout);
    let x = |t: usize| body.values[t * BODY_SIZE + 4];
    assert_eq!(x(0), x(1), "held at the beginning");
    assert!((x(2) - (2.0 * x(1) + x(4)) / 3.0).abs() < 1e-5 && (x(3) - (x(1) + 2.0 * x(4)) / 3.0).abs() < 1e-5);
    assert_eq!([0, 1, 2, 3, 4].map(|t| body.seen[t * BODY_SIZE + 4]), [false, true, false, false, true]);
    let column = 2 * (6 + 21 + 8);
    assert!(body.values[column].is_nan());
    let mut stats = StatsBuilder::default();
    stats.add(&body);
    let stats = stats.finish(STD_FLOOR);
    assert_eq!((stats.mean[column], stats.std[column]), (0.0, STD_FLOOR));
    let mut scored = body.values.clone();
    stats.normalise(&mut scored);
    assert!(scored.iter().all(|v| v.is_finite()));
    assert_eq!(scored[column], 0.0);
}

#[test]
fn a_clip_without_shoulders_has_no_reference_and_a_hand_without_its_arm_is_kept() {
    let mut frames = clip(2);
    let layout = Layout::default();
    let reference = Reference::of(&frames, &layout).unwrap();
    for f in &mut frames {
        f.points[WRISTS[0]][2] = 0.0;
    }
    let (_, body) = numbers(&frames, &reference, &layout);
    let joint = 12 + 2 * 8;
    let expected = (frames[0].points[HANDS[0] + 8][0] - frames[0].points[HANDS[0]][0]) / reference.width;
    assert!(body.seen[joint] && (body.values[joint] - expected).abs() < 1e-5);
    for f in &mut frames {
        f.points[LEFT_SHOULDER][2] = 0.0;
    }
    assert_eq!(Reference::of(&frames, &layout), None);
    assert_eq!(Reference::of(&[], &layout), None);
}

#[test]
fn weights_have_mean_one_and_favour_what_moves_and_what_carries() {
    let stats = Stats { mean: vec![0.0; 4], std: vec![0.1, 0.1, 0.4, 0.1] };
    assert_eq!(stats.loss_weights(0.0, &[]), vec![1.0; 4]);
    let w = stats.loss_weights(1.0, &[(0, 4.0)]);
    assert!((w.iter().sum::<f32>() - 4.0).abs() < 1e-5);
    assert!((w[2] / w[1] - 4.0).abs() < 1e-4 && (w[0] / w[1] - 2.0).abs() < 1e-4);
}
