use super::*;
use crate::cueing::when::TimingOptions;
use crate::cueing::where_::Targets;
use crate::cueing::{HandShape, Movement, Position};
pub(crate) use crate::generate::examples::{input_with_keys, input_with_phones};
use crate::generate::{HeadTone, SoundingPhone, Style};
use crate::language::{Language, PhoneClass};
use crate::pose::expression::{Accent, Expression, ExpressionKind, Phrase, Voice};
use crate::progress::Silent;
use crate::time::{Fps, Seconds};

/// The four tones in turns, one for each pair of phones.
pub(crate) fn tones_of(input: &GenerateInput) -> Vec<HeadTone> {
    let pairs = input.phones.chunks(2).enumerate();
    pairs
        .map(|(i, p)| HeadTone {
            tone: 1 + (i * 3 % 4) as u8,
            start: p[0].start,
            end: p[p.len() - 1].end,
            strength: 1.0,
        })
        .collect()
}

/// One expression after and over the other through a performance, of all kinds in turns from number `first` on.
pub(crate) fn expressions_of(input: &GenerateInput, first: usize) -> Vec<Expression> {
    let count = (input.length.0 / 0.45) as usize;
    let of = |i: usize| {
        let from = Seconds(0.45 * i as f64 + 0.2);
        let range = TimeRange::new(from, from + Seconds([0.5, 0.9, 0.25, 1.3][i % 4]));
        Expression { range, kind: ExpressionKind::ALL[(first + 5 * i) % 16], strength: [1.0, 0.6, 2.0][i % 3] }
    };
    (0..count).map(of).collect()
}

/// Every third pair of phones stressed, in phrases of eight with changing levels.
pub(crate) fn voice_of(input: &GenerateInput) -> Voice {
    let span = |p: &[SoundingPhone]| TimeRange::new(p[0].start, p[p.len() - 1].end);
    let accents = input.phones.chunks(2).step_by(3).enumerate();
    let phrases = input.phones.chunks(16).enumerate();
    Voice {
        accents: accents.map(|(i, p)| Accent { range: span(p), strength: [1.0, 0.5][i % 2] }).collect(),
        phrases: phrases.map(|(i, p)| Phrase { range: span(p), level: [1.0, -0.7, 0.2][i % 3] }).collect(),
    }
}

/// What was made before, with the frames that a change within `changed` can reach made anew.
fn regenerate(
    input: &GenerateInput,
    previous: &PoseSequence,
    changed: TimeRange,
) -> Result<PoseSequence, GenerateError> {
    let plan = Plan::new(input)?;
    let mut frames = previous.frames.clone();
    let mut range = affected(input, changed);
    if frames.len() != plan.frame_count() {
        frames = vec![PoseFrame::default(); plan.frame_count()];
        range = 0..frames.len();
    }
    for (i, frame) in range.clone().zip(plan.frames(range)) {
        frames[i] = frame;
    }
    Ok(PoseSequence { fps: input.fps, frames })
}

fn generate(input: &GenerateInput) -> Vec<PoseFrame> {
    Rules.generate(input, &Silent).unwrap().frames
}

/// The frame in the middle of the hold of planned key `i`.
fn held(input: &GenerateInput, frames: &[PoseFrame], i: usize) -> PoseFrame {
    let t = &input.keys[i].times;
    let from = t.m2.0.max(t.d2.0);
    let to = input.keys.get(i + 1).map_or(input.length.0, |k| k.times.m1.0.min(k.times.d1.0));
    frames[input.fps.frame_at(Seconds((from + to) / 2.0)).0 as usize].clone()
}

/// A person who keeps still, for exact comparisons.
fn still(mut input: GenerateInput) -> GenerateInput {
    input.style = Style { head: 0.0, unrest: 0.0, blinks: 0.0, lips: 0.0, ..Style::default() };
    input
}

fn all_keys() -> Vec<(u8, Position, Option<Movement>)> {
    (1..=8).flat_map(|shape| Position::ALL.map(|position| (shape, position, None))).collect()
}

#[test]
fn every_shape_touches_every_target_with_the_right_finger() {
    let input = still(input_with_keys(&all_keys(), 1.0, 0.4, &TimingOptions::default()));
    let frames = generate(&input);
    let targets = Targets::new(&input.reference);
    for (i, key) in input.keys.iter().enumerate().filter(|(_, k)| k.key.is_some()) {
        let frame = held(&input, &frames, i);
        let target = targets.target(key.position, key.shape);
        let tip = frame.hand(Side::Right)[target.contact.joint()];
        let miss = (tip.truncate() - target.point.truncate()).length();
        assert!(miss < 0.0015, "{:?} {:?} misses by {miss}", key.shape, key.position);
        // The hand points as it should in the picture.
        let way = (frame.hand(Side::Right)[9] - frame.hand(Side::Right)[0]).truncate();
        let angle = (-way.y).atan2(way.x).to_degrees();
        assert!((angle - target.angle).abs() < 4.0, "{:?} {:?} at {angle}", key.shape, key.position);
    }
}

/// Distance of the hand's silhouette from the lips of the same frame, in inches on this face.
fn lips_free(frame: &PoseFrame, input: &GenerateInput) -> f32 {
    let mouth: Vec<Vec2> = frame.face()[48..60].iter().map(|p| Vec2::from(p.xy())).collect();
    let hand = frame.hand(input.reference.handed);
    path::distance_to_mouth(&hand, input.reference.hand_length, &mouth) / Targets::new(&input.reference).inch()
}

#[test]
fn lips_stay_visible_from_every_key_to_every_other() {
    let keys = all_keys();
    let (mut held_worst, mut moving_worst) = ((f32::INFINITY, String::new()), (f32::INFINITY, String::new()));
    for a in &keys {
        for b in keys.iter().filter(|b| *b != a) {
            let input = still(input_with_keys(&[*a, *b], 1.0, 0.32, &TimingOptions::default()));
            let plan = Plan::new(&input).unwrap();
            let t = &input.keys[1].times;
            for f in 22..41 {
                let time = f64::from(f) * 0.04;
                let moving = (t.m1.0.min(t.d1.0)..t.m2.0.max(t.d2.0)).contains(&time);
                let worst = if moving { &mut moving_worst } else { &mut held_worst };
                let distance = lips_free(&plan.frame(f as usize), &input);
                if distance < worst.0 {
                    *worst = (distance, format!("{a:?} to {b:?} frame {f}"));
                }
            }
        }
    }
    assert!(held_worst.0 > 0.25, "{held_worst:?}");
    assert!(moving_worst.0 > 0.15, "{moving_worst:?}");
}

#[test]
fn speaking_lips_are_not_covered_either() {
    let mut keys = all_keys();
    keys.sort_by_key(|(shape, position, _)| (u32::from(*shape) * 37 + *position as u32 * 101) % 59);
    let input = input_with_keys(&keys, 1.0, 0.3, &TimingOptions::default());
    let frames = generate(&input);
    let worst = frames.iter().enumerate().map(|(i, f)| (lips_free(f, &input), i)).min_by(|a, b| a.0.total_cmp(&b.0));
    assert!(worst.unwrap().0 > 0.1, "{worst:?}");
}

#[test]
fn the_wrist_stays_straight_and_the_elbow_low_and_outside() {
    let input = input_with_keys(&all_keys(), 1.0, 0.3, &TimingOptions::default());
    let r = &input.reference;
    for (i, frame) in generate(&input).iter().enumerate() {
        let hand = frame.hand(Side::Right);
        let elbow = Vec2::from(frame.points[index::RIGHT_ELBOW].xy());
        let wrist = hand[0].truncate();
        // On its way up from below the picture the hand may bend more.
        if wrist.y > 0.85 {
            continue;
        }
        // As seen in the picture, the line from elbow to wrist goes on into the hand.
        let bend = (wrist - elbow).angle_to((hand[9] - hand[0]).truncate()).to_degrees().abs();
        assert!(bend < 24.0, "frame {i}: {bend}");
        assert!(elbow.y > wrist.y + 0.1 && elbow.x < r.right_shoulder[0], "frame {i}: {elbow} {wrist}");
        let upper = (elbow - Vec2::from(frame.points[index::RIGHT_SHOULDER].xy())).length();
        assert!(upper < 1.15 * r.upper_arm_length, "frame {i}: {upper}");
        // Nearer than the face, it looks a little longer.
        assert!((wrist - elbow).length() < 1.09 * r.forearm_length);
        assert_eq!(frame.points[index::RIGHT_WRIST].xy(), wrist.to_array());
    }
}

#[test]
fn motion_is_smooth() {
    let input = input_with_keys(&all_keys(), 1.0, 0.33, &TimingOptions::default());
    let frames = generate(&input);
    for (i, pair) in frames.windows(2).enumerate() {
        let (a, b) = (pair[0].hand(Side::Right), pair[1].hand(Side::Right));
        // Two hand lengths in a quarter of a second are the fastest anyone cues; fingers add their own.
        for j in 0..21 {
            let step = (b[j] - a[j]).length();
            assert!(step < 0.24, "joint {j} jumps {step} at frame {i}");
        }
        for j in 0..17 {
            let step = Vec2::from(pair[0].points[j].xy()).distance(Vec2::from(pair[1].points[j].xy()));
            assert!(step < 0.25, "body point {j} jumps {step} at frame {i}");
        }
        for (j, (a, b)) in pair[0].face().iter().zip(pair[1].face()).enumerate() {
            assert!(Vec2::from(a.xy()).distance(Vec2::from(b.xy())) < 0.03, "face point {j} at frame {i}");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_any_number_of_threads() {
    let input = input_with_keys(&all_keys(), 1.0, 0.33, &TimingOptions::default());
    let all = generate(&input);
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(one.install(|| generate(&input)), all);
    let other = GenerateInput { seed: 2, ..input.clone() };
    assert_ne!(generate(&other), all);
    assert_eq!(all.len(), input.fps.frame_count(input.length) as usize);
    assert!(all.iter().all(|f| f.points.iter().all(|p| p.x.is_finite() && p.y.is_finite())));
}

#[test]
fn a_left_hander_is_the_mirror_image_of_a_right_hander() {
    let keys = [(5, Position::Mouth, None), (8, Position::Chin, None), (6, Position::Side, None)];
    let right = input_with_keys(&keys, 1.0, 0.33, &TimingOptions::default());
    let left = GenerateInput { reference: right.reference.mirrored(), ..right.clone() };
    for (a, b) in generate(&right).iter().zip(&generate(&left)) {
        let mirrored = mirrored_frame(b, right.reference.aspect);
        for (p, q) in a.points.iter().zip(&mirrored.points) {
            assert!((p.x - q.x).abs() < 1e-5 && (p.y - q.y).abs() < 1e-5 && p.score == q.score);
        }
        assert_eq!(b.points[index::LEFT_HAND].score, 1.0);
    }
}

#[test]
fn forward_and_down_differ_from_side_and_flicks_go_forward() {
    let keys = [
        (5, Position::Side, None),
        (5, Position::SideForward, None),
        (5, Position::SideDown, None),
        (5, Position::Side, None),
        (5, Position::Side, Some(Movement::Flick)),
        (5, Position::Throat, None),
        (5, Position::Throat, Some(Movement::DoubleTouch)),
    ];
    let input = still(input_with_keys(&keys, 1.0, 0.5, &TimingOptions::default()));
    let frames = generate(&input);
    let inch = Targets::new(&input.reference).inch();
    let tip = |i| held(&input, &frames, i).hand(Side::Right)[12];
    assert!((tip(1).z - tip(0).z - inch).abs() < 0.02 * inch);
    assert!((tip(2).y - tip(0).y - 0.625 * inch).abs() < 0.05 * inch);
    let during = |i: usize| {
        let t = &input.keys[i].times;
        let range = input.fps.frame_at(t.m1).0 as usize..=input.fps.frame_at(t.m2).0 as usize;
        frames[range].iter().map(|f| f.hand(Side::Right)[12]).collect::<Vec<_>>()
    };
    let forward = during(4).iter().map(|p| p.z).fold(0.0, f32::max) - tip(3).z;
    assert!((0.2 * inch..0.27 * inch).contains(&forward), "{}", forward / inch);
    let away = during(6).iter().map(|p| p.distance(tip(5))).fold(0.0, f32::max);
    assert!(away > 0.6 * inch, "{}", away / inch);
    assert!(tip(6).distance(tip(5)) < 1e-4);
}

#[test]
fn before_and_after_the_hand_rests_out_of_sight_or_before_the_chest() {
    let keys = [(5, Position::Mouth, None), (8, Position::Chin, None)];
    let mut input = input_with_keys(&keys, 1.5, 0.4, &TimingOptions::default());
    for rest in [super::super::Rest::Lowered, super::super::Rest::Chest] {
        input.style.rest = rest;
        let frames = generate(&input);
        for frame in [&frames[0], frames.last().unwrap()] {
            let hand = frame.hand(Side::Right);
            let seen = hand.iter().any(|j| j.y < 1.0);
            assert_eq!(seen, rest == super::super::Rest::Chest);
            if seen {
                let chin = input.reference.face[8][1];
                assert!(hand.iter().all(|j| j.y > chin + 0.05 && j.y < 1.0), "{hand:?}");
            }
        }
    }
}

#[test]
fn broken_people_and_endless_videos_are_refused() {
    let good = input_with_phones(Language::French, 0.5, &[("a", 0.2)]);
    let mut input = good.clone();
    input.reference.face.truncate(60);
    assert_eq!(Rules.generate(&input, &Silent), Err(GenerateError::FacePoints { found: 60 }));
    let mut input = good.clone();
    input.reference.hand_length = f32::NAN;
    assert!(matches!(Rules.generate(&input, &Silent), Err(GenerateError::Measure { what: "hand length", .. })));
    let mut input = good.clone();
    input.length = Seconds(1e9);
    assert!(matches!(Rules.generate(&input, &Silent), Err(GenerateError::TooLong { .. })));
    struct Stop;
    impl Progress for Stop {
        fn report(&self, _: &str, _: usize, _: usize) {}
        fn cancelled(&self) -> bool {
            true
        }
    }
    assert_eq!(Rules.generate(&good, &Stop), Err(GenerateError::Cancelled));
}

mod express;
mod lips;
mod tones;

mod edits {
    use super::*;
    use proptest::prelude::*;

    /// The stretch in which two inputs differ, as a caller would state it: sounds and moves of keys and phones.
    fn changed(a: &GenerateInput, b: &GenerateInput) -> TimeRange {
        let mut range: Option<(f64, f64)> = None;
        let mut add = |from: f64, to: f64| {
            let (low, high) = range.unwrap_or((from, to));
            range = Some((low.min(from), high.max(to)));
        };
        let key = |k: &crate::generate::PlannedKey| {
            let t = &k.times;
            let sound_end = if k.key.is_some() { t.a3.0 } else { t.m2.0.max(t.d2.0) };
            (t.m1.0.min(t.d1.0).min(t.a1.0), t.m2.0.max(t.d2.0).max(sound_end))
        };
        for (own, other) in [(a, b), (b, a)] {
            for k in own.keys.iter().filter(|k| !other.keys.contains(k)) {
                let (from, to) = key(k);
                add(from, to);
            }
            for p in own.phones.iter().filter(|p| !other.phones.contains(p)) {
                add(p.start.0, p.end.0);
            }
            for e in own.expressions.iter().filter(|e| !other.expressions.contains(e)) {
                add(e.range.start.0, e.range.end.0);
            }
        }
        let (from, to) = range.unwrap_or((0.0, 0.0));
        TimeRange::new(Seconds(from), Seconds(to))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(120))]
        #[test]
        fn remaking_what_changed_equals_making_everything(
            shapes in proptest::collection::vec((1u8..9, 0usize..7, 0usize..9), 2..24),
            edit in 0usize..24,
            what in 0usize..9,
            shape in 1u8..9,
            position in 0usize..7,
            start in 0.2f64..3.0,
        ) {
            let movement = |m: usize| match m { 0 => Some(Movement::Flick), 1 => Some(Movement::DoubleTouch), _ => None };
            let mut keys: Vec<_> = shapes.iter().map(|(s, p, m)| (*s, Position::ALL[*p], movement(*m))).collect();
            let edit = edit % keys.len();
            let options = TimingOptions::default();
            let mut before = input_with_keys(&keys, start, 0.31, &options);
            before.length = Seconds(10.5);
            before.head_tones = tones_of(&before);
            before.expressions = expressions_of(&before, shape as usize);
            before.style.voice = 1.3;
            before.voice = voice_of(&before);
            let mut after = before.clone();
            match what {
                0 => {
                    keys[edit] = (shape, Position::ALL[position], None);
                    after.keys = input_with_keys(&keys, start, 0.31, &options).keys;
                }
                1 => {
                    after.keys.remove(edit);
                }
                2 => {
                    let t = &mut after.keys[edit].times;
                    t.m2 = Seconds(t.m1.0 + 0.7 * (t.m2.0 - t.m1.0));
                    t.d2 = Seconds(t.d1.0 + 0.7 * (t.d2.0 - t.d1.0));
                }
                // The edge between two sounds: of one syllable, or of two.
                3 | 4 => {
                    let phone = (2 * edit + what - 3).min(after.phones.len() - 1);
                    let to = after.phones[phone].end - Seconds(0.05);
                    after.phones[phone].end = to;
                    if let Some(next) = after.phones.get_mut(phone + 1) {
                        next.start = to;
                    }
                    after.head_tones = tones_of(&after);
                }
                5 => after.phones[edit].symbol = ["u", "p", "ɑ"][edit % 3].into(),
                7 => {
                    after.expressions.remove(edit % after.expressions.len());
                }
                8 => {
                    let at = edit % after.expressions.len();
                    let e = &mut after.expressions[at];
                    e.range.end = Seconds(e.range.start.0 + 0.4 * e.range.length().0);
                    (e.kind, e.strength) = (ExpressionKind::ALL[edit % 16], 1.7);
                }
                _ => {
                    after.keys[edit].position = Position::ALL[position];
                    after.keys[edit].shape = HandShape(shape);
                }
            }
            let previous = Rules.generate(&before, &Silent).unwrap();
            let whole = Rules.generate(&after, &Silent).unwrap();
            let remade = regenerate(&after, &previous, changed(&before, &after)).unwrap();
            for (i, (a, b)) in remade.frames.iter().zip(&whole.frames).enumerate() {
                prop_assert!(a == b, "frame {} of {:?}, changed {:?}", i, affected(&after, changed(&before, &after)), changed(&before, &after));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]
        /// Other people: larger and smaller in the picture, wide and narrow mouths and faces, long and short hands.
        #[test]
        fn other_people_are_cued_on_just_as_well(
            size in 0.65f32..1.2,
            face_width in 0.88f32..1.15,
            mouth_width in 0.8f32..1.25,
            hand in 0.85f32..1.15,
            x in -0.06f32..0.06,
            keys in proptest::collection::vec((1u8..9, 0usize..7), 2..8),
        ) {
            let keys: Vec<_> = keys.iter().map(|(s, p)| (*s, Position::ALL[*p], None)).collect();
            let mut input = still(input_with_keys(&keys, 0.8, 0.35, &TimingOptions::default()));
            let r = &mut input.reference;
            for (i, p) in r.face.iter_mut().enumerate() {
                p[0] = 0.5 + (p[0] - 0.5) * if i >= 48 { mouth_width } else { face_width };
            }
            let place = |p: &mut [f32; 2]| *p = [0.5 + x + (p[0] - 0.5) * size, 0.5 + (p[1] - 0.5) * size];
            r.face.iter_mut().for_each(place);
            let rest = [&mut r.left_shoulder, &mut r.right_shoulder, &mut r.throat, &mut r.left_elbow, &mut r.right_elbow];
            rest.into_iter().for_each(place);
            r.hand_length *= size * hand;
            r.forearm_length *= size;
            r.upper_arm_length *= size;
            let frames = generate(&input);
            for (i, frame) in frames.iter().enumerate() {
                prop_assert!(frame.points.iter().all(|p| p.x.is_finite() && p.y.is_finite()));
                let free = lips_free(frame, &input);
                prop_assert!(free > 0.0, "lips covered by {} inch in frame {}", -free, i);
            }
            for (i, key) in input.keys.iter().enumerate().filter(|(_, k)| k.key.is_some()) {
                let frame = held(&input, &frames, i);
                prop_assert!(lips_free(&frame, &input) > 0.15, "{:?} {:?}: {}", key.shape, key.position, lips_free(&frame, &input));
                let target = Targets::new(&input.reference).target(key.position, key.shape);
                let tip = frame.hand(Side::Right)[target.contact.joint()];
                prop_assert!((tip.truncate() - target.point.truncate()).length() < 0.1 * target.radius);
            }
        }
    }

    #[test]
    fn a_small_edit_remakes_a_small_part() {
        let keys: Vec<_> = (0..56).map(|i| (1 + i as u8 % 8, Position::ALL[i % 7], None)).collect();
        let before = input_with_keys(&keys, 1.0, 0.33, &TimingOptions::default());
        let mut after = before.clone();
        after.keys[20].shape = HandShape(6);
        let range = affected(&after, changed(&before, &after));
        assert!(range.len() < 100, "{range:?} of {}", generate(&after).len());
        // Another frame rate or length: everything.
        let previous = Rules.generate(&before, &Silent).unwrap();
        after.fps = Fps::whole(30);
        assert_eq!(regenerate(&after, &previous, TimeRange::default()), Rules.generate(&after, &Silent));
    }
}
