//! Expressions and the voice's stress in whole performances.

use super::tones::miss;
use super::*;
use crate::cueing::reader::{ReadOptions, read};
use crate::generate::read_back;

fn one(kind: ExpressionKind, from: f64, to: f64, strength: f32) -> Vec<Expression> {
    vec![Expression { range: TimeRange::new(Seconds(from), Seconds(to)), kind, strength }]
}

/// All kinds but the hand's, each over a second, one after the other.
fn every_face(input: &GenerateInput, strength: f32) -> Vec<Expression> {
    let kinds = ExpressionKind::ALL.iter().filter(|k| **k != ExpressionKind::Emphasis).cycle();
    let count = input.length.0 as usize;
    kinds.take(count).enumerate().flat_map(|(i, kind)| one(*kind, i as f64, i as f64 + 1.0, strength)).collect()
}

#[test]
fn an_expression_changes_its_own_stretch_and_nothing_else() {
    let off = input_with_keys(&all_keys(), 1.0, 0.3, &TimingOptions::default());
    let frames = generate(&off);
    for kind in ExpressionKind::ALL {
        let on = generate(&GenerateInput { expressions: one(kind, 5.0, 6.2, 1.0), ..off.clone() });
        let differ: Vec<usize> = (0..frames.len()).filter(|i| on[*i] != frames[*i]).collect();
        // The ways that emphasis makes wider may begin a little earlier and end a little later.
        let spare = if kind == ExpressionKind::Emphasis { 12 } else { 0 };
        assert!(differ.len() > 10, "{kind:?} shows in {} frames", differ.len());
        assert!(differ[0] + spare >= 125 && differ[differ.len() - 1] <= 155 + spare, "{kind:?}: {differ:?}");
        // Eyes and brows move nothing but the face.
        if matches!(kind, ExpressionKind::BrowsUp | ExpressionKind::EyesWide | ExpressionKind::LookLeft) {
            let hand = |f: &PoseFrame| f.hand(Side::Right);
            assert!(on.iter().zip(&frames).all(|(a, b)| hand(a) == hand(b)), "{kind:?}");
        }
    }
}

#[test]
fn a_look_moves_the_pupils_and_a_turned_head_keeps_them_on_the_viewer() {
    let base = still(input_with_keys(&[(5, Position::Side, None); 4], 1.0, 0.4, &TimingOptions::default()));
    let seen = |kind, strength| {
        let mut input = GenerateInput { expressions: one(kind, 1.0, 2.0, strength), ..base.clone() };
        input.style.gaze = 0.0;
        let frame = &generate(&input)[37];
        // Pupil against the middle between the corners of the eye, in widths of the eye.
        [(index::RIGHT_EYE, 36, 39), (index::LEFT_EYE, 42, 45)].map(|(pupil, a, b)| {
            let at = |i: usize| Vec2::from(frame.face()[i].xy());
            (Vec2::from(frame.points[pupil].xy()) - (at(a) + at(b)) / 2.0) / (at(b) - at(a)).length()
        })
    };
    let rest = seen(ExpressionKind::BrowsUp, 1.0);
    for (kind, x, y) in [
        (ExpressionKind::LookLeft, 1.0, 0.0),
        (ExpressionKind::LookRight, -1.0, 0.0),
        (ExpressionKind::LookUp, 0.0, -1.0),
        (ExpressionKind::LookDown, 0.0, 1.0),
        // The person's left is image right: eyes stay with the viewer and go the other way in the head.
        (ExpressionKind::TurnLeft, -0.3, 0.0),
        (ExpressionKind::TurnRight, 0.3, 0.0),
    ] {
        for (now, rest) in seen(kind, 1.0).iter().zip(&rest) {
            let by = *now - *rest;
            if x != 0.0 {
                assert!(by.x * f32::signum(x) > 0.02 && by.y.abs() < 0.03, "{kind:?}: {by}");
            } else {
                assert!(by.y * y > 0.06 && by.x.abs() < 0.01, "{kind:?}: {by}");
            }
        }
    }
}

#[test]
fn the_finger_stays_where_it_touches_whatever_the_head_shows() {
    let mut keys = all_keys();
    keys.extend(all_keys().into_iter().skip(1));
    keys.extend(all_keys().into_iter().skip(3));
    let off = still(input_with_keys(&keys, 1.0, 0.45, &TimingOptions::default()));
    for strength in [1.0, 2.0] {
        let on = GenerateInput { expressions: every_face(&off, strength), ..off.clone() };
        let (level, moved) = (generate(&off), generate(&on));
        let (mut worst, mut touched) = ((0.0, String::new()), 0);
        for (i, key) in on.keys.iter().enumerate().filter(|(_, k)| k.key.is_some()) {
            if !matches!(key.position, Position::Mouth | Position::Chin | Position::Cheekbone) {
                continue;
            }
            touched += 1;
            let more = miss(&on, &moved, i) - miss(&off, &level, i);
            if more > worst.0 {
                worst = (more, format!("{:?} {:?} at {:.1} s", key.shape, key.position, key.times.a1.0));
            }
        }
        println!("strength {strength}: {touched} touches, the worst {worst:?}");
        assert!(touched > 60 && worst.0 < 0.35, "{touched} touches, the worst misses by {worst:?} radii more");
    }
}

#[test]
fn lips_stay_visible_whatever_is_shown() {
    let mut keys = all_keys();
    keys.sort_by_key(|(shape, position, _)| (u32::from(*shape) * 37 + *position as u32 * 101) % 59);
    let mut input = still(input_with_keys(&keys, 1.0, 0.3, &TimingOptions::default()));
    input.style.lips = 1.0;
    for strength in [1.0, 2.0] {
        input.expressions = every_face(&input, strength);
        input.expressions.extend(one(ExpressionKind::Emphasis, 0.0, 99.0, strength));
        let frames = generate(&input);
        let worst =
            frames.iter().enumerate().map(|(i, f)| (lips_free(f, &input), i)).min_by(|a, b| a.0.total_cmp(&b.0));
        assert!(worst.unwrap().0 > 0.08, "{strength}: {worst:?}");
        for (i, (a, b)) in frames.iter().zip(&frames[1..]).enumerate() {
            for (p, q) in a.face().iter().zip(b.face()) {
                assert!(Vec2::from(p.xy()).distance(Vec2::from(q.xy())) < 0.03, "frame {i}");
            }
        }
    }
}

#[test]
fn emphasis_and_stress_widen_ways_and_leave_their_ends() {
    let off = input_with_keys(&all_keys(), 1.0, 0.4, &TimingOptions::default());
    let frames = generate(&off);
    let mut stressed = GenerateInput { voice: voice_of(&off), ..off.clone() };
    assert_eq!(generate(&stressed), frames, "off is off");
    stressed.style.voice = 2.0;
    // Hands only: brows and head are looked at elsewhere.
    let mut bare = stressed.clone();
    (bare.style.head, bare.voice.phrases) = (1.0, Vec::new());
    bare.head_tones = vec![HeadTone { tone: 1, start: Seconds(0.0), end: Seconds(0.1), strength: 0.0 }];
    let emphasis = GenerateInput { expressions: one(ExpressionKind::Emphasis, 0.0, 99.0, 2.0), ..off.clone() };
    for on in [&bare, &emphasis] {
        let made = generate(on);
        let (mut holds, mut farther) = (0, 0.0_f32);
        for (i, key) in off.keys.iter().enumerate().filter(|(_, k)| k.key.is_some()) {
            assert_eq!(held(&off, &frames, i).hand(Side::Right), held(&off, &made, i).hand(Side::Right), "{key:?}");
            holds += 1;
        }
        for (a, b) in frames.iter().zip(&made) {
            farther = farther.max((a.hand(Side::Right)[8] - b.hand(Side::Right)[8]).length());
        }
        assert!(holds > 50 && (0.01..0.10).contains(&farther), "{holds} holds, ways wider by {farther}");
    }
}

#[test]
fn a_left_hander_shows_the_mirror_image_of_the_mirrored_expression() {
    let keys = [(5, Position::Mouth, None), (8, Position::Chin, None), (6, Position::Side, None)];
    let right = input_with_keys(&keys, 1.0, 0.6, &TimingOptions::default());
    let swapped = |k: ExpressionKind| match k {
        ExpressionKind::TiltLeft => ExpressionKind::TiltRight,
        ExpressionKind::TurnRight => ExpressionKind::TurnLeft,
        ExpressionKind::LookLeft => ExpressionKind::LookRight,
        k => k,
    };
    use ExpressionKind as K;
    for kind in [K::TiltLeft, K::TurnRight, K::LookLeft, K::LookUp, K::Nod, K::Smile, K::Frown] {
        let a = GenerateInput { expressions: one(kind, 1.0, 2.0, 1.5), ..right.clone() };
        let reference = right.reference.mirrored();
        let b = GenerateInput { reference, expressions: one(swapped(kind), 1.0, 2.0, 1.5), ..right.clone() };
        for (a, b) in generate(&a).iter().zip(&generate(&b)) {
            for (p, q) in a.points.iter().zip(&mirrored_frame(b, right.reference.aspect).points) {
                assert!((p.x - q.x).abs() < 1e-5 && (p.y - q.y).abs() < 1e-5, "{kind:?}");
            }
        }
    }
}

#[test]
fn expressions_have_the_same_bytes_in_any_chunks_and_on_any_number_of_threads() {
    let mut on = input_with_keys(&all_keys(), 1.0, 0.33, &TimingOptions::default());
    on.expressions = expressions_of(&on, 0);
    (on.style.voice, on.voice) = (1.0, voice_of(&on));
    let all = generate(&on);
    let plan = Plan::new(&on).unwrap();
    let chunks = (0..all.len()).step_by(17).flat_map(|i| plan.frames(i..i + 17));
    assert_eq!(chunks.collect::<Vec<_>>(), all);
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(one.install(|| generate(&on)), all);
}

/// What a reader reads of a sentence as it is, and with what `set` adds to it.
fn read_twice(language: Language, number: u64, set: &dyn Fn(&mut GenerateInput)) -> [Vec<(u8, Position)>; 2] {
    let (input, person, ..) = read_back::input(language, number, 2.5).unwrap();
    let keys = |input: &GenerateInput| {
        let poses = person.seen(&Rules.generate(input, &Silent).unwrap(), &input.keys);
        let reading = read(&poses, crate::cueing::chart::Chart::builtin(language), &ReadOptions::default()).unwrap();
        reading.keys.iter().map(|k| (k.shape.0, k.position)).collect()
    };
    let mut other = input.clone();
    set(&mut other);
    [keys(&input), keys(&other)]
}

/// Keys compared, how many of them were read otherwise, and those sentences.
fn compare(set: &(dyn Fn(&mut GenerateInput) + Sync)) -> (usize, usize, Vec<String>) {
    let (mut compared, mut otherwise, mut differ) = (0, 0, Vec::new());
    for language in Language::ALL {
        for number in 3_000_000..3_000_012 {
            let [plain, other] = read_twice(language, number, set);
            compared += plain.len();
            if plain != other {
                let begin = plain.iter().zip(&other).take_while(|(a, b)| a == b).count();
                let end = plain.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
                otherwise += (plain.len().max(other.len())).saturating_sub(begin + end).max(1);
                differ.push(format!("{} {number}: {plain:?} {other:?}", language.code()));
            }
        }
    }
    (compared, otherwise, differ)
}

/// Of what is read, at most this share may be read otherwise: a cue doubled at the same place is on the brink where the
/// preset has no lead and the hand jumps.
const BRINK: f64 = 0.004;

#[test]
fn the_voice_changes_nothing_that_a_reader_reads() {
    for amount in [1.0, 2.0] {
        let (compared, otherwise, differ) = compare(&|input: &mut GenerateInput| {
            input.voice = voice_of(input);
            input.style.voice = amount;
        });
        let most = BRINK * compared as f64;
        assert!(compared > 350 && otherwise as f64 <= most, "at {amount}, {compared} keys: {differ:#?}");
    }
}

#[test]
fn expressions_change_hardly_anything_that_a_reader_reads() {
    type Set = Box<dyn Fn(&GenerateInput) -> Vec<Expression> + Sync>;
    let mut sets: Vec<(&str, Set)> = vec![
        ("all of the face", Box::new(|input| every_face(input, 1.0))),
        ("emphasis", Box::new(|_| one(ExpressionKind::Emphasis, 0.0, 99.0, 2.0))),
    ];
    for kind in [ExpressionKind::Nod, ExpressionKind::Shake, ExpressionKind::TiltLeft, ExpressionKind::TurnRight] {
        sets.push((kind.name(), Box::new(move |_| one(kind, 0.0, 99.0, 1.0))));
    }
    for (name, set) in sets {
        let (compared, otherwise, differ) = compare(&|input: &mut GenerateInput| input.expressions = set(input));
        let most = BRINK * compared as f64;
        assert!(compared > 350 && otherwise as f64 <= most, "{name}, {compared} keys: {differ:#?}");
    }
}
