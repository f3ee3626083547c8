use super::*;
use crate::pose::{POINT_COUNT, Side, index};

/// Sentences of development, and the first of those that nobody looked at while the reader was made.
const FIRST: u64 = 1_000_000;
const COUNT: usize = 36;

#[test]
fn what_is_shown_to_strangers_is_read_back() {
    for language in Language::ALL {
        let m = measure(language, FIRST, COUNT, &Condition::CLEAN, &Silent);
        assert!(m.failed.is_empty(), "{:?}", m.failed);
        assert_eq!(m.sentences, COUNT);
        assert!(m.presets.iter().all(|p| p.target > 50), "{:?}", m.presets);
        assert!(m.left_handed.target > 100 && m.right_handed.target > 100);
        assert!(m.sums.strict_accuracy() > 0.985, "{} {:?}: {:#?}", language.code(), m.sums, m.examples);
        let m = measure(language, FIRST, COUNT, &Condition::NOISY, &Silent);
        assert!(m.sums.strict_accuracy() > 0.96, "{} noisy {:?}: {:#?}", language.code(), m.sums, m.examples);
    }
}

#[test]
fn speed_costs_keys_and_the_measure_shows_it() {
    let at = |rate| {
        let condition = Condition { rate: Some(rate), ..Condition::CLEAN };
        measure(Language::French, FIRST, COUNT, &condition, &Silent).sums.strict_accuracy()
    };
    // At 14 keys a second hardly a key is held for two frames.
    let (slow, fast) = (at(2.0), at(14.0));
    assert!(slow > 0.97 && fast < slow - 0.04, "{slow} {fast}");
}

#[test]
fn people_differ_within_their_bounds_and_keep_touching() {
    let example = crate::pose::Reference::example();
    let (mut left, mut widths, mut hands) = (0, Vec::new(), Vec::new());
    for seed in 0..64 {
        let person = Person::new(seed);
        let r = &person.reference;
        left += usize::from(r.handed == Side::Left);
        widths.push((r.face[16][0] - r.face[0][0]) / (example.face[16][0] - example.face[0][0]));
        hands.push(r.hand_length / example.hand_length);
        let rises = |a: usize, b: usize| r.face[a][1] < r.face[b][1];
        assert!(rises(19, 37) && rises(41, 33) && rises(33, 51) && rises(57, 8), "{seed}");
    }
    assert_eq!(left, 32);
    let range = |v: &[f32]| v.iter().fold((f32::INFINITY, 0.0_f32), |(a, b), x| (a.min(*x), b.max(*x)));
    // Own length and size in the picture each vary by 15 %.
    let (low, high) = range(&hands);
    assert!((0.72..0.9).contains(&low) && (1.1..1.33).contains(&high), "{low} {high}");
    assert!(range(&widths).0 > 0.65 && range(&widths).1 < 1.4, "{widths:?}");
}

#[test]
fn trackers_tremble_and_lose_points_as_often_as_asked() {
    let (input, person, ..) = input(Language::Mandarin, 3, 2.0).unwrap();
    let exact = person.seen(&Rules.generate(&input, &Silent).unwrap(), &input.keys);
    let poses = people::tracked(&exact, 3.0 / 512.0, 0.05, 9);
    let (mut square, mut n, mut lost, mut all) = (0.0, 0, 0, 0);
    for (a, b) in exact.frames.iter().zip(&poses.frames) {
        for i in index::FACE..POINT_COUNT {
            if a.points[i].score <= 0.0 {
                continue;
            }
            all += 1;
            if b.points[i].score <= 0.0 {
                lost += 1;
            } else {
                square += f64::from(a.points[i].x - b.points[i].x).powi(2);
                n += 1;
            }
        }
    }
    let spread = 512.0 * (square / f64::from(n)).sqrt();
    assert!((spread - 3.0).abs() < 0.1, "{spread}");
    assert!((f64::from(lost) / f64::from(all) - 0.05).abs() < 0.01);
    assert_eq!(people::tracked(&exact, 3.0 / 512.0, 0.05, 9), poses);
}

/// What a reader gets of Mandarin sentences when the head shows their tones, and when it does not.
#[test]
fn moving_heads_are_read_as_well() {
    let (mut with, mut without, mut tones) = (Sums::default(), Sums::default(), [0; 4]);
    for number in FIRST..FIRST + 24 {
        let (mut input, person, _, text) = input(Language::Mandarin, number, 2.0).unwrap();
        let keys = targets(&input.keys, input.length);
        let sums = |input: &GenerateInput| {
            let poses = person.seen(&Rules.generate(input, &Silent).unwrap(), &input.keys);
            let reading = read(&poses, Chart::builtin(Language::Mandarin), &ReadOptions::default()).unwrap();
            score(&keys, &reading.keys, GAD_TAU).sums
        };
        without = without.and(sums(&input));
        let utterance = crate::language::read(&text, Language::Mandarin, &ReadingOptions::default(), None);
        let times: Vec<TimeRange> = input.phones.iter().map(|p| TimeRange::new(p.start, p.end)).collect();
        input.head_tones = crate::generate::head_tones(&utterance, &times);
        input.head_tones.iter().for_each(|t| tones[usize::from(t.tone) - 1] += 1);
        with = with.and(sums(&input));
    }
    assert!(tones.iter().all(|n| *n > 20), "{tones:?}");
    assert!(with.strict_accuracy() > 0.985, "{with:?}");
    assert!(with.strict_accuracy() > without.strict_accuracy() - 0.01, "{with:?} {without:?}");
}

#[test]
fn syllables_give_their_tones_and_times() {
    let read = |text, language| crate::language::read(text, language, &ReadingOptions::default(), None);
    let utterance = read("你好，我的妈妈。", Language::Mandarin);
    let n = utterance.phones().count();
    let times: Vec<TimeRange> = (0..n).map(|i| TimeRange::new(Seconds(i as f64), Seconds(i as f64 + 1.0))).collect();
    // ní hǎo wǒ de mā ma: the neutral ones are not shown; each syllable has its initial and its final.
    let expected: Vec<u8> = vec![2, 3, 3, 1];
    let tones = crate::generate::head_tones(&utterance, &times);
    assert_eq!(tones.iter().map(|t| t.tone).collect::<Vec<_>>(), expected);
    assert_eq!((tones[0].start, tones[0].end), (Seconds(0.0), Seconds(2.0)));
    assert!(tones.windows(2).all(|w| w[0].end <= w[1].start));
    // Times for a part only: no syllable that has none, and no panic.
    assert_eq!(crate::generate::head_tones(&utterance, &times[..3]).len(), 1);
    let french = read("bonjour", Language::French);
    assert!(crate::generate::head_tones(&french, &times).is_empty());
}
