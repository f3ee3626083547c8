//! What lips measure in whole performances: gaps and widths of each class of sounds, and closures that close.

use super::*;

const SETS: [(Language, &[(&str, PhoneClass)]); 3] = {
    use PhoneClass::{Consonant as C, Vowel as V};
    [
        (
            Language::Mandarin,
            &[("b", C), ("p", C), ("m", C), ("a", V), ("i", V), ("u", V), ("v", V), ("ao", V), ("o", V)],
        ),
        (Language::French, &[("b", C), ("p", C), ("m", C), ("a", V), ("i", V), ("u", V), ("y", V), ("ɔ̃", V), ("ø", V)]),
        (
            Language::AmericanEnglish,
            &[("b", C), ("p", C), ("m", C), ("æ", V), ("i", V), ("u", V), ("ɑ", V), ("aʊ", V), ("ʌ", V)],
        ),
    ]
};

/// Somebody who holds the head still and says one sound after the other.
fn speaking(language: Language, fps: u32, phones: &[(&str, PhoneClass, f64)]) -> GenerateInput {
    let lengths: Vec<(&str, f64)> = phones.iter().map(|(symbol, _, length)| (*symbol, *length)).collect();
    let mut input = input_with_phones(language, 1.0, &lengths);
    for (phone, (_, class, _)) in input.phones.iter_mut().zip(phones) {
        phone.class = *class;
    }
    input.fps = Fps::whole(fps);
    input.style = Style { head: 0.0, unrest: 0.0, blinks: 0.0, ..Style::default() };
    input
}

/// In half widths of the mouth at rest: the widest and the narrowest of the three gaps between the inner lips, and the
/// width of the mouth as a share of that at rest.
fn measured(frame: &PoseFrame, r: &Reference) -> (f32, f32, f32) {
    let half = (r.face[54][0] - r.face[48][0]) / 2.0;
    let gaps = [61, 62, 63].map(|i| (frame.face()[128 - i].y - frame.face()[i].y) / half);
    let width = (frame.face()[54].x - frame.face()[48].x) / (2.0 * half);
    (gaps.iter().copied().fold(0.0, f32::max), gaps.iter().copied().fold(f32::INFINITY, f32::min), width)
}

#[test]
fn closures_close_at_any_frame_rate_and_tempo() {
    let (mut closures, mut frames_seen) = (0, 0);
    for (language, sounds) in SETS {
        let class = |c| sounds.iter().copied().filter(move |s| s.1 == c);
        for fps in [25, 30, 60] {
            for (consonant, vowel) in [(0.02, 0.05), (0.04, 0.08), (0.08, 0.12), (0.15, 0.3), (0.4, 0.6)] {
                let mut phones = Vec::new();
                for (v, _) in class(PhoneClass::Vowel) {
                    for (c, _) in class(PhoneClass::Consonant) {
                        phones.extend([(c, PhoneClass::Consonant, consonant), (v, PhoneClass::Vowel, vowel)]);
                    }
                }
                let mut input = speaking(language, fps, &phones);
                input.expressions = expressions_of(&input, 14);
                // Only what moves lips: a turned head moves all points.
                input.expressions.iter_mut().for_each(|e| e.kind = ExpressionKind::Smile);
                let frames = generate(&input);
                for p in input.phones.iter().filter(|p| p.class == PhoneClass::Consonant) {
                    let middle = (p.start.0 + p.end.0) / 2.0;
                    let half = ((p.end - p.start).0 / 2.0).max(0.5 / f64::from(fps));
                    let within = |i: &usize| {
                        let t = *i as f64 / f64::from(fps);
                        (middle - half..=middle + half).contains(&t)
                    };
                    let shown: Vec<usize> = (0..frames.len()).filter(within).collect();
                    assert!(!shown.is_empty(), "{language:?} {fps}: no frame shows {}", p.symbol);
                    for i in shown {
                        let (widest, narrowest, _) = measured(&frames[i], &input.reference);
                        assert!(widest.abs() < 1e-5 && narrowest.abs() < 1e-5, "{language:?} {} {widest}", p.symbol);
                        frames_seen += 1;
                    }
                    closures += 1;
                }
                // Between two closures the lips part, however fast.
                let plan = Plan::new(&input).unwrap();
                let between = input.phones[..input.phones.len() - 1].iter().filter(|p| p.class == PhoneClass::Vowel);
                for p in between {
                    let middle = plan.lips.at((p.start.0 + p.end.0) / 2.0);
                    assert!(middle.pressed < 0.01 || vowel < 0.06, "{language:?} {} {}", p.symbol, middle.pressed);
                }
            }
        }
    }
    assert!(closures == 3 * 3 * 5 * 18 && frames_seen > 2 * closures, "{closures} {frames_seen}");
}

#[test]
fn lips_at_the_teeth_are_nearly_shut_and_show_them() {
    use PhoneClass::{Consonant as C, Vowel as V};
    for (language, consonants, vowel) in [
        (Language::Mandarin, &["f"][..], "a"),
        (Language::French, &["f", "v"], "a"),
        (Language::AmericanEnglish, &["f", "v"], "ɑ"),
    ] {
        for consonant in consonants {
            for fps in [25, 30, 60] {
                let input = speaking(language, fps, &[(vowel, V, 0.2), (consonant, C, 0.08), (vowel, V, 0.2)]);
                let frames = generate(&input);
                let at = |t: f64| &frames[input.fps.frame_at(Seconds(t)).0 as usize + 1];
                let (gap, _, _) = measured(at(1.22), &input.reference);
                let lower_lip = at(1.22).face()[57].y - at(1.22).face()[66].y;
                let rest = input.reference.face[57][1] - input.reference.face[66][1];
                assert!((0.02..0.16).contains(&gap) && lower_lip < rest, "{language:?} {consonant} {fps}: {gap}");
                assert!(measured(at(1.05), &input.reference).0 > 0.3);
            }
        }
    }
}

/// Each class of sounds with the gap (half widths) and the width (of that at rest) of its middle, said alone.
#[test]
fn each_class_of_sounds_has_its_lips_in_each_language() {
    use PhoneClass::{Consonant as C, Vowel as V};
    type Range = std::ops::Range<f32>;
    type Row = (&'static str, PhoneClass, &'static [(Language, &'static str)], Range, Range);
    const CMN: Language = Language::Mandarin;
    const FRA: Language = Language::French;
    const ENG: Language = Language::AmericanEnglish;
    let rows: [Row; 9] = [
        ("open", V, &[(CMN, "a"), (FRA, "a"), (FRA, "ɑ̃"), (ENG, "ɑ"), (ENG, "æ")], 0.50..0.80, 0.90..1.06),
        ("spread", V, &[(CMN, "i"), (FRA, "i"), (ENG, "i")], 0.08..0.20, 1.06..1.11),
        ("rounded close", V, &[(CMN, "u"), (CMN, "v"), (FRA, "u"), (FRA, "y"), (ENG, "u")], 0.10..0.24, 0.55..0.68),
        ("rounded mid", V, &[(CMN, "o"), (FRA, "o"), (FRA, "ø"), (FRA, "ɔ̃"), (ENG, "ɔ")], 0.18..0.50, 0.60..0.78),
        ("mid", V, &[(CMN, "e"), (FRA, "ɛ"), (ENG, "ʌ"), (ENG, "ɛ")], 0.25..0.50, 0.99..1.06),
        ("glide w", C, &[(CMN, "w"), (FRA, "w"), (ENG, "w")], 0.06..0.20, 0.55..0.68),
        ("glide y", C, &[(CMN, "y"), (FRA, "j"), (ENG, "j")], 0.06..0.20, 1.03..1.09),
        ("hush", C, &[(CMN, "sh"), (FRA, "ʃ"), (ENG, "ʃ")], 0.10..0.24, 0.62..0.86),
        ("hiss", C, &[(CMN, "s"), (FRA, "s"), (ENG, "s")], 0.08..0.20, 1.0..1.06),
    ];
    for (class, kind, sounds, gaps, widths) in rows {
        for (language, symbol) in sounds {
            let input = speaking(*language, 60, &[(symbol, kind, 0.3)]);
            let frames = generate(&input);
            let (gap, _, width) = measured(&frames[69], &input.reference);
            assert!(gaps.contains(&gap) && widths.contains(&width), "{class} {language:?} {symbol}: {gap} {width}");
        }
    }
}

#[test]
fn jaw_chin_and_cheeks_follow_the_sounds() {
    use PhoneClass::Vowel as V;
    for (language, open, spread, round) in [
        (Language::Mandarin, "a", "i", "u"),
        (Language::French, "a", "i", "y"),
        (Language::AmericanEnglish, "ɑ", "i", "u"),
    ] {
        let face = |symbol: &str| {
            let input = speaking(language, 25, &[(symbol, V, 0.3)]);
            generate(&input)[28].clone()
        };
        let rest = &speaking(language, 25, &[]).reference.face;
        let down = |f: &PoseFrame, i: usize| f.face()[i].y - rest[i][1];
        let out = |f: &PoseFrame, i: usize| rest[i][0] - f.face()[i].x;
        let (open, spread, round) = (face(open), face(spread), face(round));
        assert!(down(&open, 8) > 0.012 && down(&open, 8) > 3.0 * down(&spread, 8), "{language:?}");
        for i in 1..=8 {
            assert!(down(&open, i) + 1e-6 >= down(&open, i - 1) && (down(&open, i) - down(&open, 16 - i)).abs() < 1e-6);
        }
        // Cheek and nostril of the side at image left.
        for i in [3, 4, 31] {
            assert!(out(&spread, i) > 0.0005 && out(&round, i) < 0.0, "{language:?} {i}");
        }
    }
}
