use super::*;

/// Points of a hand of the model as the default camera sees it.
fn seen(pose: &HandPose, frame: &HandFrame, length: f32) -> HandPoints {
    let joints = HandModel::new(length).joints(pose, frame).map(|j| Camera::default().project(j));
    HandPoints { xy: joints.map(|j| [j.x, j.y]), score: [1.0; HAND_JOINT_COUNT], depth: None }
}

fn facing(side: Side, angle: f32, tilt: f32, roll: f32) -> HandFrame {
    HandFrame::facing(side, Vec3::new(0.45, 0.7, 0.1), angle, tilt, roll)
}

fn fitted(clip: &[HandPoints], side: Side, length: f32) -> Vec<FittedHand> {
    let measures = HandMeasures::of(side, length, &Camera::default(), clip);
    fit(&measures, &FitOptions::default(), clip, 0, 0..clip.len(), |_| None)
}

#[test]
fn hands_that_are_not_the_model_are_found_again() {
    let report = evaluate(3, 250);
    assert_eq!((report.n, report.beyond_limits), (250, 0), "{report:?}");
    assert!(report.clean_px <= 1.5, "{report:?}");
    assert!(report.raw_noisy_px > 4.7 && report.noisy_px <= 3.5, "{report:?}");
    assert_eq!(evaluate(3, 60), evaluate(3, 60), "the same hands each time");
}

#[test]
fn cue_shapes_are_found_with_their_angles() {
    for side in [Side::Left, Side::Right] {
        for shape in 0..=8 {
            let pose = HandPose::cue_shape(shape);
            let points = seen(&pose, &facing(side, 60.0, 12.0, 8.0), 0.32);
            let deep: HandPoints = {
                let joints = HandModel::new(0.32).joints(&pose, &facing(side, 60.0, 12.0, 8.0));
                HandPoints { depth: Some(joints.map(|j| j.z)), ..points }
            };
            let measures = HandMeasures::known(side, HandModel::new(0.32));
            let hand = &fit(&measures, &FitOptions::default(), &[deep], 0, 0..1, |_| None)[0];
            for f in 0..4 {
                let (a, b) = (pose.fingers[f].bend, hand.pose.fingers[f].bend);
                assert!((a[0] - b[0]).abs() < 6.0 && (a[1] - b[1]).abs() < 8.0, "{side:?} {shape} {f}: {a:?} {b:?}");
            }
            assert!(hand.plausibility.score > 0.9, "shape {shape}: {:?}", hand.plausibility);
            // Without depth extended fingers are still told from folded ones.
            let flat = &fit(&measures, &FitOptions::default(), &[points], 0, 0..1, |_| None)[0];
            for f in 0..4 {
                let (a, b) = (pose.fingers[f].bend[1] > 60.0, flat.pose.fingers[f].bend[1] > 60.0);
                assert_eq!(a, b, "{side:?} shape {shape}, finger {f}");
            }
        }
    }
}

#[test]
fn stretches_have_the_bytes_of_the_whole() {
    let clip = example_clip(5, Side::Left, 90);
    let measures = HandMeasures::of(Side::Left, 0.32, &Camera::default(), &clip);
    let options = FitOptions::default();
    let whole = fit(&measures, &options, &clip, 0, 0..90, |_| None);
    for range in [0..1, 7..9, 33..58, 80..90] {
        let around = needed(&range, 90);
        let part = fit(&measures, &options, &clip[around.clone()], around.start, range.clone(), |_| None);
        assert_eq!(part, whole[range.clone()], "{range:?}");
    }
}

#[test]
fn gaps_outliers_and_nonsense_neither_break_nor_bend_a_hand() {
    let frame = facing(Side::Right, 70.0, 5.0, 0.0);
    let clean = seen(&HandPose::cue_shape(5), &frame, 0.32);
    let mut clip = vec![clean; 24];
    // A wrong tip, a missing finger, values that are none, nothing at all.
    clip[8].xy[8] = [0.9, 0.1];
    for j in 13..17 {
        (clip[10].xy[j], clip[10].score[j]) = ([f32::NAN; 2], 0.0);
    }
    clip[12].xy = [[f32::INFINITY; 2]; HAND_JOINT_COUNT];
    clip[14].score = [0.0; HAND_JOINT_COUNT];
    clip[16].xy = [[0.5; 2]; HAND_JOINT_COUNT];
    let hands = fitted(&clip, Side::Right, 0.32);
    assert_eq!(hands.len(), 24);
    for (i, hand) in hands.iter().enumerate() {
        assert_eq!(hand.pose, hand.pose.within_limits(), "frame {i}");
        assert!(hand.joints.iter().all(|j| j.is_finite()), "frame {i}");
    }
    let off = |i: usize, j: usize| {
        hands[i].joints[j].truncate().distance(Vec3::new(clean.xy[j][0], clean.xy[j][1], 0.0).truncate())
    };
    assert!(off(8, 8) < 0.02, "the neighbours and the other points outvote a wrong tip: {}", off(8, 8));
    assert!((13..17).all(|j| off(10, j) < 0.02));
    assert!(hands[8].plausibility.score < 0.7 && hands[4].plausibility.score > 0.95);
    assert!(!hands[14].plausibility.shown);
    let first = hands[8].plausibility.doubts[0];
    assert!([DoubtKind::Misfit, DoubtKind::Jump, DoubtKind::Bones].contains(&first.kind), "{first:?}");
    assert!(
        fit(&HandMeasures::known(Side::Right, HandModel::new(0.3)), &FitOptions::default(), &[], 0, 0..5, |_| None)
            .is_empty()
    );
}

#[test]
fn bones_of_a_person_are_learnt_from_a_clip() {
    let mut model = HandModel::new(0.32);
    model.phalanges[0][0] *= 1.15;
    model.phalanges[3][1] *= 0.88;
    let pose = |i: usize| {
        let t = (i as f32 / 9.0).sin() * 0.5 + 0.5;
        HandPose::between(&HandPose::cue_shape(5), &HandPose::cue_shape(3), t)
    };
    let points = |i: usize| {
        let frame = facing(Side::Right, 50.0 + i as f32, 10.0 * (i as f32 / 7.0).sin(), 6.0);
        let joints = model.joints(&pose(i), &frame);
        let depth = Some(joints.map(|j| j.z));
        let joints = joints.map(|j| Camera::default().project(j));
        HandPoints { xy: joints.map(|j| [j.x, j.y]), score: [1.0; HAND_JOINT_COUNT], depth }
    };
    let clip: Vec<HandPoints> = (0..60).map(points).collect();
    let measures = HandMeasures::of(Side::Right, 0.31, &Camera::default(), &clip);
    let own = |m: &HandModel, f: usize, b: usize| m.phalanges[f][b] * m.length;
    for (f, b) in [(0, 0), (3, 1), (1, 0), (2, 1)] {
        let (found, truth) = (own(&measures.model, f, b), own(&model, f, b));
        assert!((found / truth - 1.0).abs() < 0.03, "finger {f} bone {b}: {found} {truth}");
    }
}

#[test]
fn a_shape_that_is_known_draws_unseen_fingers_to_it() {
    let frame = facing(Side::Right, 70.0, 5.0, 0.0);
    let mut points = seen(&HandPose::cue_shape(2), &frame, 0.32);
    for j in 6..21 {
        points.score[j] = 0.0;
    }
    let measures = HandMeasures::known(Side::Right, HandModel::new(0.32));
    let towards = |_| Some((HandPose::cue_shape(2), 1.0));
    let hand = &fit(&measures, &FitOptions::default(), &[points], 0, 0..1, towards)[0];
    let bend = |f: usize| hand.pose.fingers[f].bend[1];
    assert!(bend(0) < 20.0 && bend(1) < 20.0 && bend(2) > 85.0 && bend(3) > 85.0, "{:?}", hand.pose);
}

#[test]
fn a_dragged_tip_goes_where_it_can_and_drags_no_other_finger() {
    for side in [Side::Left, Side::Right] {
        let model = HandModel::new(0.32);
        let (pose, frame) = (HandPose::cue_shape(5), facing(side, 75.0, 0.0, 0.0));
        let camera = Camera::default();
        let at = |pose: &HandPose, j: usize| camera.project(model.joints(pose, &frame)[j]);
        let (tip, knuckle) = (at(&pose, 8), at(&pose, 5));
        // Nearer to its knuckle: the finger bends.
        let to = knuckle + (tip - knuckle) * 0.6;
        let (bent, kept) = dragged(side, &model, &camera, &pose, &frame, 8, [to.x, to.y]);
        assert!(at(&bent, 8).truncate().distance(to.truncate()) < 0.006, "{side:?}");
        assert_eq!((kept, bent), (frame, bent.within_limits()));
        assert!((0..21).filter(|j| !(6..9).contains(j)).all(|j| at(&bent, j).distance(at(&pose, j)) < 0.004));
        // Out of reach: as far as it goes, within limits.
        let (far, _) = dragged(side, &model, &camera, &pose, &frame, 8, [5.0, -5.0]);
        assert_eq!(far, far.within_limits());
        // The wrist takes the hand along and bends nothing.
        let (same, moved) = dragged(side, &model, &camera, &pose, &frame, 0, [0.3, 0.5]);
        assert_eq!(same, pose);
        assert!(camera.project(moved.wrist).truncate().distance(glam::Vec2::new(0.3, 0.5)) < 1e-4);
        assert_eq!(dragged(side, &model, &camera, &pose, &frame, 8, [f32::NAN, 0.0]).0, pose);
    }
}

#[test]
fn crossing_fingers_and_long_bones_are_named() {
    let frame = facing(Side::Right, 70.0, 0.0, 0.0);
    let good = seen(&HandPose::cue_shape(5), &frame, 0.32);
    let judge = |points: HandPoints| {
        let measures = HandMeasures::known(Side::Right, HandModel::new(0.32));
        fit(&measures, &FitOptions::default(), &[points], 0, 0..1, |_| None).remove(0).plausibility
    };
    assert_eq!(judge(good).doubts, []);
    let mut long = good;
    let (root, tip) = (good.xy[11], good.xy[12]);
    long.xy[12] = [root[0] + 2.2 * (tip[0] - root[0]), root[1] + 2.2 * (tip[1] - root[1])];
    let kinds = |p: &Plausibility| p.doubts.iter().map(|d| (d.kind, d.finger)).collect::<Vec<_>>();
    assert!(kinds(&judge(long)).contains(&(DoubtKind::Bones, Some(2))), "{:?}", judge(long));
    // Index and middle finger change places beyond their knuckles.
    let mut crossed = good;
    for j in 6..9 {
        crossed.xy.swap(j, j + 4);
    }
    let crossed = judge(crossed);
    assert!(crossed.score < 0.8, "{crossed:?}");
    let mut few = good;
    few.score[4..].fill(0.0);
    assert!(kinds(&judge(few)).contains(&(DoubtKind::Missing, None)));
}
