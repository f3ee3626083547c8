use super::*;
use crate::cueing::gloss::{lips_of, sentence};
use crate::language::Language;
use UiLanguage::{Chinese, English, French};

const MOVEMENTS: [Option<Movement>; 4] =
    [None, Some(Movement::Flick), Some(Movement::DoubleTouch), Some(Movement::Diphthong)];

fn chart(language: Language) -> &'static Chart {
    Chart::builtin(language)
}

/// Reads on the American chart, which has the most positions but no cheekbone.
fn english(text: &str) -> Parsed {
    parse(text, English, chart(Language::AmericanEnglish))
}

fn chinese(text: &str) -> Parsed {
    parse(text, Chinese, chart(Language::Mandarin))
}

fn french(text: &str) -> Parsed {
    parse(text, French, chart(Language::French))
}

#[track_caller]
fn says(parsed: &Parsed, shape: impl Into<Option<u8>>, position: impl Into<Option<Position>>) {
    assert!(parsed.is_clear(), "{parsed:?}");
    assert_eq!(parsed.shape, shape.into().map(HandShape), "{parsed:?}");
    assert_eq!(parsed.position, position.into(), "{parsed:?}");
}

#[test]
fn every_key_of_every_chart_comes_back_from_its_sentence() {
    let sounds: [&[&str]; 10] =
        [&[], &["a"], &["b", "i"], &["f", "u"], &["m"], &["v"], &["ʃ"], &["t", "ei"], &["aɪ"], &["p", "ɔ"]];
    let mut count = 0;
    for language in Language::ALL {
        let chart = chart(language);
        for shape in chart.shapes.iter().map(|s| s.shape) {
            for position in chart.positions.iter().map(|p| p.position) {
                for movement in MOVEMENTS {
                    let cue = Cue { shape, position, movement };
                    assert!(cue.is_legal(chart));
                    for ui in UiLanguage::ALL {
                        for symbols in sounds {
                            let text = sentence(shape, position, movement, symbols, ui);
                            let parsed = parse(&text, ui, chart);
                            assert!(parsed.is_clear() && parsed.tells(cue), "{text}\n{parsed:?}");
                            let lips: Vec<Lips> = parsed.lips.iter().map(|l| l.0).collect();
                            assert_eq!(lips, lips_of(shape, movement, symbols), "{text}");
                            assert!(parsed.with_lips(&lips, ui).is_clear());
                            assert_eq!(parse_any(&text, English, chart).1.applied_to(cue), cue, "{text}");
                            count += 1;
                        }
                    }
                }
            }
        }
    }
    assert_eq!(count, 8 * (5 + 5 + 6) * 4 * 3 * 10);
}

#[test]
fn english_is_read_as_people_write_it() {
    use Position::{Chin, Mouth, Side, SideDown, SideForward, Throat};
    says(&english("three fingers at the chin"), 3, Chin);
    says(&english("3 fingers, chin"), 3, Chin);
    says(&english("shape 3 by the corner of the mouth"), 3, Mouth);
    says(&english("handshape three, mouth"), 3, Mouth);
    says(&english("the third handshape"), 3, None);
    says(&english("Hand shape no. 7 at the throat"), 7, Throat);
    says(&english("index and middle finger by the side of the face"), 2, Side);
    says(&english("index & middle fingers spread apart, throat"), 8, Throat);
    says(&english("two fingers in a V"), 8, None);
    says(&english("a peace sign beside the face"), 8, Side);
    says(&english("thumb plus two fingers"), 7, None);
    says(&english("thumb and index, an L"), 6, None);
    says(&english("open hand with the thumb folded in"), 4, None);
    says(&english("open hand"), 5, None);
    says(&english("all five fingers"), 5, None);
    says(&english("four fingers up, without the thumb"), 4, None);
    says(&english("index up, other fingers folded"), 1, None);
    says(&english("ring and little folded, thumb folded, index and middle up"), 2, None);
    says(&english("at the side, an inch forward"), None, SideForward);
    says(&english("side, half an inch down"), None, SideDown);
    says(&english("beside the face, a little lower"), None, SideDown);
    says(&english("down"), None, SideDown);
    says(&english("position 3"), None, Chin);
    says(&english("shape 4 at position 2"), 4, Mouth);
    says(&english("8"), 8, None);
    says(&english("CHIN, SHAPE 3"), 3, Chin);
    says(&english("ｃｈｉｎ， ｓｈａｐｅ ３"), 3, Chin);
    says(&english(""), None, None);
    // Any order.
    says(&english("lips rounded; at the chin, index finger"), 1, Chin);
    says(&english("Chin with an open hand and open lips"), 5, Chin);
}

#[test]
fn chinese_is_read_as_people_write_it() {
    use Position::{Cheekbone, Chin, Mouth, Side, Throat};
    says(&chinese("手形三，下巴"), 3, Chin);
    says(&chinese("三号手形在嘴角"), 3, Mouth);
    says(&chinese("第三个手形"), 3, None);
    says(&chinese("手形③"), 3, None);
    says(&chinese("３号手型，颧骨"), 3, Cheekbone);
    says(&chinese("三根手指，喉咙"), 3, Throat);
    says(&chinese("三指伸直在脸旁"), 3, Side);
    says(&chinese("食指和中指叉开"), 8, None);
    says(&chinese("剪刀手"), 8, None);
    says(&chinese("大拇指与食指"), 6, None);
    says(&chinese("五指张开，在下巴"), 5, Chin);
    says(&chinese("四指伸直、拇指弯曲"), 4, None);
    says(&chinese("食指竖起，其余手指收起"), 1, None);
    // Traditional characters.
    says(&chinese("手形三，顴骨，無動作"), 3, Cheekbone);
}

#[test]
fn french_is_read_as_people_write_it() {
    use Position::{Cheekbone, Chin, Mouth, Side, Throat};
    says(&french("trois doigts à la pommette"), 3, Cheekbone);
    says(&french("TROIS DOIGTS A LA POMMETTE"), 3, Cheekbone);
    says(&french("3 doigts sur la joue"), 3, Cheekbone);
    says(&french("forme 3, menton"), 3, Chin);
    says(&french("configuration n° 7 à la gorge"), 7, Throat);
    says(&french("clé 2, côté"), 2, Side);
    says(&french("l’index et le majeur levés, au coin des lèvres"), 2, Mouth);
    says(&french("index et majeur ecartes"), 8, None);
    says(&french("le pouce et l'index en L"), 6, None);
    says(&french("main ouverte, pouce replié"), 4, None);
    says(&french("l'index, bouche"), 1, Mouth);
    says(&french("un doigt, bouche"), 1, Mouth);
    says(&french("petit doigt, annulaire et majeur dressés"), 3, None);
    says(&french("la main entière à côté de la joue"), 5, Side);
    says(&french("position 4"), None, Chin);
    says(&french("un peu"), None, None);
}

#[test]
fn movements_are_read_and_a_whole_sentence_without_one_has_none() {
    let movement = |p: Parsed| {
        assert!(p.is_clear(), "{p:?}");
        p.movement
    };
    assert_eq!(movement(english("flick")), Some(Some(Movement::Flick)));
    assert_eq!(movement(english("flicked a quarter inch forward and back")), Some(Some(Movement::Flick)));
    assert_eq!(movement(english("touch twice")), Some(Some(Movement::DoubleTouch)));
    assert_eq!(movement(english("tapped 2 times")), Some(Some(Movement::DoubleTouch)));
    assert_eq!(movement(english("gliding on")), Some(Some(Movement::Diphthong)));
    assert_eq!(movement(english("without movement")), Some(None));
    assert_eq!(movement(english("shape 3 at the chin")), Some(None));
    assert_eq!(movement(english("at the chin")), None);
    assert_eq!(movement(english("shape 3")), None);
    assert_eq!(movement(chinese("再点一次")), Some(Some(Movement::DoubleTouch)));
    assert_eq!(movement(chinese("轻点两下")), Some(Some(Movement::DoubleTouch)));
    assert_eq!(movement(chinese("向前轻弹")), Some(Some(Movement::Flick)));
    assert_eq!(movement(chinese("不动")), Some(None));
    assert_eq!(movement(french("petit coup vers l’avant")), Some(Some(Movement::Flick)));
    assert_eq!(movement(french("touché deux fois")), Some(Some(Movement::DoubleTouch)));
    assert_eq!(movement(french("sans mouvement")), Some(None));
    let forward = english("side forward, flicked forward and back");
    assert_eq!(forward.position, Some(Position::SideForward));
}

#[test]
fn a_partial_sentence_keeps_the_rest_of_the_key() {
    let now = Cue { shape: HandShape(4), position: Position::Throat, movement: Some(Movement::DoubleTouch) };
    assert_eq!(english("chin").applied_to(now), Cue { position: Position::Chin, ..now });
    assert_eq!(english("shape 2").applied_to(now), Cue { shape: HandShape(2), ..now });
    assert_eq!(english("no movement").applied_to(now), Cue { movement: None, ..now });
    assert_eq!(english("gibberish").applied_to(now), now);
    assert!(!english("chin").tells(now) && !english("chin").is_whole());
}

#[test]
fn what_is_not_understood_is_given_back_with_what_was_perhaps_meant() {
    let one = |p: &Parsed| {
        assert_eq!(p.unknown.len(), 1, "{p:?}");
        (p.unknown[0].range.clone(), p.unknown[0].text.clone(), p.unknown[0].suggestion.clone())
    };
    let parsed = english("Index finger at the chinn");
    assert_eq!(one(&parsed), (20..25, "chinn".into(), Some("chin".into())));
    assert_eq!(parsed.shape, Some(HandShape(1)));
    assert_eq!(one(&english("Trhoat, shape 2")).2.as_deref(), Some("Throat"));
    assert_eq!(one(&english("shape 2, marvellous")).2, None);
    assert_eq!(one(&english("shape 2 👍")).1, "👍");
    assert_eq!(one(&chinese("食指，在下吧")), (12..18, "下吧".into(), Some("下巴".into())));
    assert_eq!(one(&french("index, à la pomette")).2.as_deref(), Some("pommette"));
    // A word of another language of the interface is offered in this one.
    assert_eq!(one(&english("shape 2, menton")).2.as_deref(), Some("chin"));
    assert_eq!(one(&french("index, 下巴")).2.as_deref(), Some("menton"));
    assert_eq!(one(&chinese("手形二 chin")).2.as_deref(), Some("下巴"));
}

#[test]
fn statements_that_exclude_each_other_are_reported() {
    let kinds = |p: &Parsed| p.conflicts.iter().map(|c| c.kind.clone()).collect::<Vec<_>>();
    let two = english("shape 3, index finger up, chin");
    assert_eq!(kinds(&two), [ConflictKind::TwoShapes(HandShape(3), HandShape(1))]);
    assert_eq!((two.shape, two.position), (None, Some(Position::Chin)));
    assert_eq!(two.conflicts[0].ranges.len(), 2);
    let places = english("at the chin or throat");
    assert_eq!(kinds(&places), [ConflictKind::TwoPositions(Position::Chin, Position::Throat)]);
    assert_eq!(kinds(&english("flick, touch twice")), [ConflictKind::TwoMovements]);
    assert_eq!(kinds(&english("middle finger up")), [ConflictKind::NoSuchHand]);
    assert_eq!(kinds(&english("ring finger and thumb")), [ConflictKind::NoSuchHand]);
    assert_eq!(kinds(&english("all fingers folded")), [ConflictKind::NoSuchHand]);
    assert_eq!(kinds(&english("open hand, index up")), [ConflictKind::NoSuchHand]);
    assert_eq!(kinds(&english("shape 9")), [ConflictKind::NoSuchShape]);
    assert_eq!(kinds(&english("position 12")), [ConflictKind::NoSuchPosition]);
    assert_eq!(kinds(&english("cheekbone")), [ConflictKind::NotOnChart(Position::Cheekbone)]);
    assert_eq!(kinds(&french("côté, vers l’avant")), [ConflictKind::NotOnChart(Position::SideForward)]);
    assert_eq!(kinds(&chinese("脸侧偏下")), [ConflictKind::NotOnChart(Position::SideDown)]);
    assert_eq!(kinds(&english("hand at rest")), [ConflictKind::Rest]);
    // The same thing twice is no contradiction.
    says(&english("shape 3: middle, ring and little fingers up, three fingers"), 3, None);
}

#[test]
fn lips_are_understood_and_belong_to_the_sound() {
    let lips = |p: &Parsed| p.lips.iter().map(|l| l.0).collect::<Vec<_>>();
    assert_eq!(lips(&english("chin; lips closed, then spread")), [Lips::Closed, Lips::Spread]);
    assert_eq!(lips(&english("open hand, open mouth")), [Lips::Open]);
    assert_eq!(lips(&french("main ouverte ; bouche ouverte")), [Lips::Open]);
    assert_eq!(lips(&chinese("五指张开；双唇张开")), [Lips::Open]);
    let parsed = english("chin; lips spread").with_lips(&[Lips::Closed, Lips::Rounded], English);
    assert_eq!(parsed.conflicts.len(), 1);
    assert_eq!(parsed.conflicts[0].kind, ConflictKind::OtherLips);
    assert_eq!(parsed.conflicts[0].suggestion.as_deref(), Some("lips closed, then rounded"));
    assert!(english("chin; lips closed").with_lips(&[Lips::Closed, Lips::Rounded], English).is_clear());
}

#[test]
fn the_language_that_understands_best_is_taken() {
    let french_chart = chart(Language::French);
    assert_eq!(parse_any("trois doigts à la pommette", English, french_chart).0, French);
    assert_eq!(parse_any("手形三，下巴", English, french_chart).0, Chinese);
    assert_eq!(parse_any("index", French, french_chart).0, French);
    assert_eq!(parse_any("index", English, french_chart).0, English);
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str) {
        for ui in UiLanguage::ALL {
            for language in Language::ALL {
                let chart = chart(language);
                let parsed = parse(text, ui, chart);
                let ranges = parsed
                    .unknown
                    .iter()
                    .map(|u| &u.range)
                    .chain(parsed.conflicts.iter().flat_map(|c| &c.ranges))
                    .chain(parsed.lips.iter().map(|l| &l.1));
                for range in ranges {
                    assert!(text.get(range.clone()).is_some_and(|t| !t.is_empty()), "{text:?} {range:?}");
                }
                for unknown in &parsed.unknown {
                    assert_eq!(text.get(unknown.range.clone()), Some(unknown.text.as_str()));
                }
                for pair in parsed.unknown.windows(2) {
                    assert!(pair[0].range.end <= pair[1].range.start, "{text:?}");
                }
                let now = Cue { shape: HandShape(1), position: Position::Side, movement: None };
                assert!(parsed.applied_to(now).is_legal(chart), "{text:?}");
            }
        }
    }

    /// Words of the grammar in any order, with rubbish between.
    fn wordy() -> impl Strategy<Value = String> {
        const WORDS: &[&str] = &[
            "index",
            "finger",
            "fingers",
            "three",
            "3",
            "thumb",
            "without",
            "no",
            "folded",
            "open",
            "closed",
            "V",
            "L",
            "shape",
            "position",
            "9",
            "chin",
            "mouth",
            "side",
            "forward",
            "down",
            "flick",
            "twice",
            "lips",
            "then",
            "spread",
            ",",
            ";",
            ".",
            "doigts",
            "pouce",
            "replié",
            "à",
            "côté",
            "手形",
            "三",
            "号",
            "位置",
            "下巴",
            "食指",
            "收起",
            "其余",
            "张开",
            "双唇",
            "再点一次",
            "第",
            "xyz",
            "下",
            "é",
            "ﬁ",
            "①",
            "\u{301}",
            "none",
            "un",
            "deux",
        ];
        proptest::collection::vec(proptest::sample::select(WORDS), 0..12).prop_map(|w| w.join(" "))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

        #[test]
        fn any_text_is_read(text in any::<String>()) {
            check(&text);
        }

        #[test]
        fn any_words_are_read(text in wordy()) {
            check(&text);
            check(&text.replace(' ', ""));
        }

        #[test]
        fn a_sentence_with_one_letter_changed_is_read(shape in 1_u8..=8, at in 0_usize..60, letter in any::<char>()) {
            for ui in UiLanguage::ALL {
                let told = sentence(HandShape(shape), Position::Side, None, &["b", "a"], ui);
                let mut letters: Vec<char> = told.chars().collect();
                let at = at % letters.len();
                letters[at] = letter;
                check(&letters.into_iter().collect::<String>());
            }
        }
    }
}
