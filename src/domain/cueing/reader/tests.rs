use super::*;
use crate::cueing::score::{GAD_TAU, TargetKey, score};
use crate::cueing::when::{KeyKind, KeySound, TimingOptions, times};
use crate::generate::read_back::people::flat;
use crate::generate::{GenerateInput, Generator, Style, rules::Rules};
use crate::language::Language;
use crate::pose::{Point, Reference, index};
use crate::progress::Silent;
use crate::time::Fps;

type Cue = (u8, Position, Option<Movement>);

/// Poses of cues, one every 0.4 s from the second on.
fn poses(cues: &[Cue], reference: &Reference) -> PoseSequence {
    let sounds: Vec<KeySound> = cues
        .iter()
        .enumerate()
        .map(|(i, (shape, position, movement))| KeySound {
            a1: Seconds(1.0 + 0.4 * i as f64),
            a3: Seconds(1.4 + 0.4 * i as f64),
            kind: KeyKind::ConsonantVowel,
            shape: HandShape(*shape),
            position: *position,
            movement: *movement,
            lead: Seconds::ZERO,
            pinned: None,
        })
        .collect();
    let (fps, length) = (Fps::whole(25), Seconds(2.2 + 0.4 * cues.len() as f64));
    let input = GenerateInput {
        reference: reference.clone(),
        keys: times(&sounds, &TimingOptions::default(), fps, length),
        phones: Vec::new(),
        head_tones: Vec::new(),
        expressions: Vec::new(),
        voice: Default::default(),
        language: Language::AmericanEnglish,
        fps,
        length,
        seed: 4,
        style: Style::default(),
    };
    Rules.generate(&input, &Silent).unwrap()
}

fn cues(poses: &PoseSequence, language: Language) -> Vec<Cue> {
    let reading = read(poses, Chart::builtin(language), &ReadOptions::default()).unwrap();
    reading.keys.iter().map(|k| (k.shape.0, k.position, k.movement)).collect()
}

/// Every shape at every position of a chart, no cue twice in a row.
fn all(language: Language) -> Vec<Cue> {
    let positions = &Chart::builtin(language).positions;
    let mut out = Vec::new();
    for (i, cell) in positions.iter().enumerate() {
        for shape in 0..8 {
            out.push(((shape * 3 + i as u8) % 8 + 1, cell.position, None));
        }
    }
    // Mixed, so that position and shape change together.
    let n = out.len();
    (0..n).map(|i| out[i * 11 % n]).collect()
}

#[test]
fn every_cue_of_every_chart_is_read_by_either_hand() {
    for language in Language::ALL {
        let meant = all(language);
        for reference in [Reference::example(), Reference::example().mirrored()] {
            let shown = poses(&meant, &reference);
            let reading = read(&shown, Chart::builtin(language), &ReadOptions::default()).unwrap();
            assert_eq!(reading.handed, reference.handed);
            if language == Language::AmericanEnglish {
                // Side, side-forward and side-down lie so near each other that a slow move may be taken for a hold.
                let target: Vec<_> = meant.iter().map(|k| TargetKey::untimed(HandShape(k.0), k.1)).collect();
                let sums = score(&target, &reading.keys, GAD_TAU).sums;
                assert!(sums.correct == meant.len() && sums.insertions <= 2, "{sums:?}");
            } else {
                assert_eq!(cues(&shown, language), meant, "{}", language.code());
            }
        }
    }
}

#[test]
fn repeated_cues_are_told_and_pauses_make_none() {
    let meant = [
        (5, Position::Side, None),
        (5, Position::Side, Some(Movement::Flick)),
        (5, Position::Side, Some(Movement::Flick)),
        (2, Position::Chin, None),
        (2, Position::Chin, Some(Movement::DoubleTouch)),
        (6, Position::Throat, None),
    ];
    let shown = poses(&meant, &Reference::example());
    assert_eq!(cues(&shown, Language::French), meant);
    assert_eq!(cues(&flat(&shown), Language::French), meant, "without depth");
    // A hand that only holds repeats nothing.
    let mut held = shown.clone();
    let still = held.frames[35].clone();
    held.frames = vec![still; 60];
    assert_eq!(cues(&held, Language::French).len(), 1);
}

#[test]
fn the_reader_sees_what_is_shown_not_what_was_meant() {
    let r = Reference::example();
    let mut shown = poses(&[(2, Position::Mouth, None)], &r);
    for f in &mut shown.frames {
        // The middle finger folds: its joints come back to the knuckle.
        let knuckle = f.points[index::RIGHT_HAND + 9];
        for j in 10..=12 {
            f.points[index::RIGHT_HAND + j] = knuckle;
        }
    }
    assert_eq!(cues(&shown, Language::French)[0].0, 1);
    // The whole hand an inch and a quarter lower: the chin.
    let mut lower = poses(&[(4, Position::Mouth, None)], &r);
    for f in &mut lower.frames {
        for p in &mut f.points[index::RIGHT_HAND..] {
            p.y += 0.050;
            p.x += 0.040;
        }
    }
    assert_eq!(cues(&lower, Language::French), [(4, Position::Chin, None)]);
}

#[test]
fn confidence_falls_where_a_cue_is_between_two() {
    let shown = poses(&[(4, Position::Mouth, None)], &Reference::example());
    // Step by step from the mouth to the chin.
    let keys: Vec<ReadKey> = (0..=20)
        .map(|k| {
            let mut between = shown.clone();
            for p in between.frames.iter_mut().flat_map(|f| &mut f.points[index::RIGHT_HAND..]) {
                p.x += 0.002 * k as f32;
                p.y += 0.0025 * k as f32;
            }
            let reading = read(&between, Chart::builtin(Language::French), &ReadOptions::default()).unwrap();
            reading.keys[0].clone()
        })
        .collect();
    assert_eq!((keys[0].position, keys[20].position), (Position::Mouth, Position::Chin));
    assert!(keys[0].confidence > 0.95 && keys[20].confidence > 0.95, "{:?} {:?}", keys[0], keys[20]);
    let unsure = keys.iter().min_by(|a, b| a.confidence.total_cmp(&b.confidence)).unwrap();
    assert!(unsure.confidence < 0.95 && !unsure.alternatives.is_empty(), "{unsure:?}");
    let shares: f32 = unsure.alternatives.iter().map(|a| a.confidence).sum::<f32>() + unsure.confidence;
    assert!(shares <= 1.001, "{shares}");
}

#[test]
fn nothing_to_read_is_said() {
    let chart = Chart::builtin(Language::French);
    let options = ReadOptions::default();
    assert_eq!(read(&PoseSequence::default(), chart, &options), Err(ReadError::NoFace));
    let mut shown = poses(&[(5, Position::Side, None)], &Reference::example());
    let mut faceless = shown.clone();
    for f in &mut faceless.frames {
        f.points[index::FACE..index::LEFT_HAND].fill(Point::default());
    }
    assert_eq!(read(&faceless, chart, &options), Err(ReadError::NoFace));
    for f in &mut shown.frames {
        f.points[index::LEFT_HAND..].fill(Point::default());
    }
    assert_eq!(read(&shown, chart, &options), Err(ReadError::NoHand));
    // A named hand that is nowhere.
    assert_eq!(read(&shown, chart, &ReadOptions { handed: Some(Side::Left), ..options }), Err(ReadError::NoHand));
    // Nonsense in the points is no reason to fail.
    for f in &mut shown.frames {
        f.points[index::RIGHT_HAND..].fill(Point { x: f32::NAN, y: f32::INFINITY, score: 1.0 });
    }
    assert_eq!(read(&shown, chart, &options), Err(ReadError::NoHand));
}

#[test]
fn a_face_that_is_away_for_a_moment_and_lost_joints_change_nothing() {
    let meant =
        [(5, Position::Side, None), (3, Position::Mouth, None), (1, Position::Throat, None), (8, Position::Chin, None)];
    let mut shown = poses(&meant, &Reference::example());
    for (i, f) in shown.frames.iter_mut().enumerate() {
        if (20..24).contains(&i) {
            f.points[index::FACE..index::LEFT_HAND].fill(Point::default());
        }
        f.points[index::RIGHT_HAND + (i * 7) % 21] = Point::default();
        // A tracker that sees a fingertip far away for one frame.
        if i % 9 == 0 {
            f.points[index::RIGHT_HAND + 12] = Point::new(0.9, 0.1);
        }
    }
    assert_eq!(cues(&shown, Language::French), meant);
}
