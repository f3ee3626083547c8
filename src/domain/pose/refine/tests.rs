use super::*;
use crate::pose::PoseFrame;
use crate::pose::hand::{HandFrame, HandModel};
use crate::pose::hand_fit::Camera;
use crate::time::Fps;
use glam::Vec3;

const LENGTH: f32 = 0.32;

fn stage(count: usize) -> Stage {
    Stage { fps: Fps::whole(25), count, model: HandModel::new(LENGTH), camera: Camera::default() }
}

/// A hand that changes its shape while it moves, both hands mirrored.
fn performance(count: usize) -> Vec<PoseFrame> {
    let stage = stage(count);
    let frame = |i: usize| {
        let t = (i as f32 / 12.0).sin() * 0.5 + 0.5;
        let pose = HandPose::between(&HandPose::cue_shape(1), &HandPose::cue_shape(5), t);
        let mut out = PoseFrame::default();
        for side in [Side::Left, Side::Right] {
            let x = 0.35 + 0.1 * t;
            let wrist = Vec3::new(if side == Side::Right { x } else { 1.0 - x }, 0.7 - 0.1 * t, 0.1);
            let hand = HandFrame::facing(side, wrist, 55.0, 8.0, 5.0);
            out.set_hand(side, &stage.model.joints(&pose, &hand).map(|j| stage.camera.project(j)), 1.0);
        }
        out
    };
    (0..count).map(frame).collect()
}

fn layer(side: Side, from: f64, to: f64) -> Refinement {
    let range = TimeRange::new(Seconds(from), Seconds(to));
    Refinement { side, range, name: "test".into(), ..Refinement::default() }
}

fn whole(frames: &[PoseFrame], layers: &[&Refinement]) -> Vec<PoseFrame> {
    apply(&stage(frames.len()), layers, frames, 0, 0..frames.len(), |_, _| None)
}

#[test]
fn what_changes_nothing_leaves_every_float() {
    let frames = performance(50);
    let idle = layer(Side::Right, 0.2, 1.6);
    let mut muted = layer(Side::Left, 0.2, 1.6);
    muted.change_key(Seconds(1.0), |k| k.change.fingers[1].curl = 1.0);
    muted.muted = true;
    assert_eq!(whole(&frames, &[&idle, &muted]), frames);
    muted.muted = false;
    assert_ne!(whole(&frames, &[&idle, &muted]), frames);
}

#[test]
fn nothing_changes_outside_of_the_reach_and_on_the_other_hand() {
    let frames = performance(60);
    let mut it = layer(Side::Right, 0.8, 1.2);
    it.padding = Seconds(0.2);
    it.put(HandKey { time: Seconds(1.0), ..HandKey::default() });
    it.change_key(Seconds(1.0), |k| k.change.preset = Some(Preset::Fist));
    let out = whole(&frames, &[&it]);
    let tip = |f: &PoseFrame| f.hand(Side::Right)[8];
    for (i, (a, b)) in frames.iter().zip(&out).enumerate() {
        let time = i as f64 / 25.0;
        let inside = time > 0.6 && time < 1.4;
        assert_eq!(a != b, inside, "frame {i}");
        assert_eq!(a.hand(Side::Left), b.hand(Side::Left));
        if (0.8..=1.2).contains(&time) {
            // A fist: the index ends near its knuckle.
            let knuckle = b.hand(Side::Right)[5];
            assert!(tip(b).distance(knuckle) < 0.12 * LENGTH / 0.32 && tip(a).distance(knuckle) > 0.1, "frame {i}");
        }
    }
}

#[test]
fn stretches_have_the_same_bytes() {
    let frames = performance(120);
    let mut a = layer(Side::Right, 0.5, 3.9);
    a.smoothing = 1.5;
    a.change_key(Seconds(1.0), |k| k.change.fingers[2].curl = 0.8);
    a.change_key(Seconds(3.0), |k| k.change.wrist = [10.0, -8.0, 20.0]);
    let mut b = layer(Side::Left, 1.0, 2.0);
    b.toward = 0.7;
    b.strength = 0.5;
    b.change_key(Seconds(1.5), |k| k.change.offset = [0.05, 0.02]);
    let layers = [&a, &b];
    let shape = |_: Side, _: Seconds| Some((HandPose::cue_shape(3), 0.8));
    let stage = stage(frames.len());
    let whole = apply(&stage, &layers, &frames, 0, 0..120, shape);
    for range in [0..7, 30..31, 41..77, 64..72, 100..120] {
        let needed = stage.needed(&range);
        assert!(range.start - needed.start <= REACH && needed.end - range.end <= REACH, "{needed:?}");
        let part = apply(&stage, &layers, &frames[needed.clone()], needed.start, range.clone(), shape);
        assert_eq!(part, whole[range.clone()], "{range:?}");
    }
}

#[test]
fn bones_keep_their_lengths() {
    // Points of a hand with bones of its own.
    let mut frames = performance(30);
    let mut model = HandModel::new(LENGTH);
    model.phalanges[0] = [0.23, 0.13, 0.10];
    let hand = HandFrame::facing(Side::Right, Vec3::new(0.4, 0.7, 0.1), 60.0, 5.0, 0.0);
    for f in &mut frames {
        f.set_hand(
            Side::Right,
            &model.joints(&HandPose::cue_shape(4), &hand).map(|j| Camera::default().project(j)),
            1.0,
        );
    }
    let mut it = layer(Side::Right, 0.0, 1.2);
    it.change_key(Seconds(0.5), |k| k.change.fingers[1].offset = 35.0);
    let out = whole(&frames, &[&it]);
    let bone = |f: &PoseFrame, i: usize| f.hand(Side::Right)[i].distance(f.hand(Side::Right)[i + 1]);
    for i in 5..8 {
        let (a, b) = (bone(&frames[10], i), bone(&out[10], i));
        assert!((a / b - 1.0).abs() < 0.08, "bone {i}: {a} {b}");
    }
    assert!(frames[10].hand(Side::Right)[8].distance(out[10].hand(Side::Right)[8]) > 0.06);
}

#[test]
fn mirrored_refinements_mirror_the_hands() {
    let frames = performance(40);
    let mut right = layer(Side::Right, 0.2, 1.4);
    right.change_key(Seconds(0.8), |k| {
        k.change.wrist = [12.0, 9.0, -15.0];
        k.change.offset = [0.04, 0.03];
        k.change.fingers[0].spread = 12.0;
        k.change.fingers[4].curl = 0.6;
    });
    let left = right.mirrored();
    let out = whole(&frames, &[&right, &left]);
    for f in &out[5..35] {
        for (r, l) in f.hand(Side::Right).iter().zip(f.hand(Side::Left)) {
            assert!((r.x - (1.0 - l.x)).abs() < 2e-3 && (r.y - l.y).abs() < 2e-3, "{r} {l}");
        }
    }
}

#[test]
fn keys_ease_and_are_propagated() {
    let mut it = layer(Side::Right, 0.0, 4.0);
    it.change_key(Seconds(1.0), |k| {
        k.ease = Ease::Linear;
        k.change.fingers[1].curl = 0.2;
    });
    it.change_key(Seconds(3.0), |k| k.change.fingers[1].curl = 0.6);
    let curl = |it: &Refinement, t: f64| it.change_at(Seconds(t)).fingers[1].curl;
    for (t, expected) in [(0.0, 0.2), (1.0, 0.2), (2.0, 0.4), (3.0, 0.6), (4.0, 0.6)] {
        assert!((curl(&it, t) - expected).abs() < 1e-6, "{t}");
    }
    it.keys[0].ease = Ease::Hold;
    assert_eq!((curl(&it, 2.99), curl(&it, 3.0)), (0.2, 0.6));
    for ease in Ease::ALL {
        assert_eq!((ease.at(0.0), ease.at(1.0), Ease::from_name(ease.name())), (0.0, 1.0, Some(ease)));
    }
    let wide = it.propagated(Seconds(3.0), TimeRange::new(Seconds(2.5), Seconds(6.0)));
    assert_eq!((wide.range.end, wide.keys.len()), (Seconds(6.0), 3));
    assert!([2.5, 4.0, 6.0].iter().all(|t| curl(&wide, *t) == 0.6) && curl(&wide, 1.0) == 0.2);
    assert_eq!(wide.broken_invariant(), None);
    assert_eq!(it.moved(Seconds(1.0)).keys[1].time, Seconds(4.0));
}

#[test]
fn what_cannot_be_is_named() {
    let good = layer(Side::Right, 1.0, 2.0);
    assert_eq!(good.broken_invariant(), None);
    let mut bad = [good.clone(), good.clone(), good.clone(), good.clone()];
    bad[0].range.end = Seconds(f64::NAN);
    bad[1].strength = 1.5;
    bad[2].keys = vec![HandKey::default(), HandKey::default()];
    bad[3].keys = vec![HandKey::default()];
    bad[3].keys[0].change.wrist[1] = f32::INFINITY;
    assert!(bad.iter().all(|b| b.broken_invariant().is_some()));
}

#[test]
fn presets_are_hands_and_differ() {
    for (i, a) in Preset::ALL.into_iter().enumerate() {
        let pose = a.pose();
        assert_eq!(pose, pose.within_limits(), "{a:?}");
        assert_eq!(Preset::from_name(a.name()), Some(a));
        for b in &Preset::ALL[i + 1..] {
            // Shape 1 and pointing are nearly one; the others differ clearly somewhere.
            let apart = pose.angles().iter().zip(b.pose().angles()).map(|(x, y)| (x - y).abs()).fold(0.0, f32::max);
            assert!(apart > 0.5, "{a:?} {b:?}");
        }
    }
    assert!(Dial::all().all(|d| Dial::from_name(&d.name()) == Some(d)));
    let mut change = HandChange::default();
    for dial in Dial::all() {
        dial.set(&mut change, 1e9);
        assert_eq!(dial.get(&change), dial.range().1);
    }
}
