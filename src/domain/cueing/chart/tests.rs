use super::*;
use Position::{Cheekbone, Chin, Mouth, Side, SideDown, SideForward, Throat};

fn fra() -> String {
    FILES[1].1.to_owned()
}

fn problem(ron: &str) -> ChartError {
    Chart::parse(ron, "test.ron").expect_err("this chart is wrong")
}

#[test]
fn the_built_in_charts_are_valid_and_name_what_is_disputed() {
    for (name, text) in FILES {
        if let Err(error) = Chart::parse(text, name) {
            panic!("{error}");
        }
    }
    assert_eq!(Chart::builtin(Language::Mandarin).switches(), ["pre_glide_position"]);
    assert_eq!(Chart::builtin(Language::French).switches(), ["french_schwa", "nasal_merger"]);
    assert_eq!(Chart::builtin(Language::AmericanEnglish).switches(), ["unstressed_ee", "wh", "syllabic"]);
    for language in Language::ALL {
        let chart = Chart::builtin(language);
        for cell in &chart.consonants {
            assert_eq!(cell.certainty == Certainty::Disputed, !cell.options.is_empty(), "{}", cell.phone);
            assert_eq!(cell.certainty == Certainty::Sourced, cell.source.is_none(), "{}", cell.phone);
        }
        for cell in &chart.vowels {
            assert_eq!(cell.certainty == Certainty::Disputed, !cell.options.is_empty(), "{}", cell.phone);
            assert_eq!(cell.certainty == Certainty::Sourced, cell.source.is_none(), "{}", cell.phone);
        }
    }
}

/// The charts typed a second time, by shape and position, from the tables in the research notes.
#[test]
fn every_cell_is_as_the_notes_say() {
    let consonants: [(Language, [&str; 8]); 3] = [
        (Language::Mandarin, ["p d zh", "k q z", "s r h", "b n yu", "m t f", "l x w", "g j ch", "y c sh"]),
        (Language::French, ["p d ʒ", "k v z", "s ʁ", "b n ɥ", "m t f", "l ʃ w ɲ", "g", "j ŋ"]),
        (Language::AmericanEnglish, ["d p ʒ", "ð k v z", "h s r", "b n ʍ", "m t f", "w ʃ l", "θ dʒ g", "j ŋ tʃ"]),
    ];
    type Row = (&'static [Position], &'static str);
    let vowels: [(Language, &[Row]); 3] = [
        (
            Language::Mandarin,
            &[
                (&[Cheekbone], "an e o"),
                (&[Side], "a ou er en"),
                (&[Mouth], "i v ang"),
                (&[Chin], "ai u ao"),
                (&[Throat], "eng ong ei"),
            ],
        ),
        (
            Language::French,
            &[
                (&[Side], "a ɑ ə œ o"),
                (&[Mouth], "i ɑ̃ ɔ̃"),
                (&[Cheekbone], "ø ɛ̃"),
                (&[Chin], "ɛ ɔ u"),
                (&[Throat], "y e œ̃"),
            ],
        ),
        (
            Language::AmericanEnglish,
            &[
                (&[Mouth], "i ɝ ɚ"),
                (&[Chin], "ɔ u ɛ"),
                (&[Throat], "ʊ ɪ æ"),
                (&[SideForward], "oʊ ɑ"),
                (&[SideDown], "ʌ ə"),
                (&[Side, Throat], "aɪ aʊ"),
                (&[Chin, Throat], "eɪ ɔɪ"),
            ],
        ),
    ];
    let switches = ChartSwitches::default();
    for (language, rows) in consonants {
        let chart = Chart::builtin(language);
        for (shape, row) in HandShape::ALL.into_iter().zip(rows) {
            for phone in row.split(' ') {
                assert_eq!(chart.consonant(phone, &switches), Some(shape), "{phone}");
                assert_eq!(chart.vowel(phone, true, &switches), None, "{phone}");
            }
        }
        let count = rows.iter().flat_map(|r| r.split(' ')).count();
        assert_eq!(count, chart.consonants.len());
    }
    for (language, rows) in vowels {
        let chart = Chart::builtin(language);
        for (at, row) in rows {
            for phone in row.split(' ') {
                assert_eq!(chart.vowel(phone, true, &switches), Some(*at), "{phone}");
                assert_eq!(chart.consonant(phone, &switches), None, "{phone}");
            }
        }
        assert_eq!(rows.iter().flat_map(|r| r.1.split(' ')).count(), chart.vowels.len());
    }
}

#[test]
fn switches_move_the_disputed_cells_only() {
    let default = ChartSwitches::default();
    let fra = Chart::builtin(Language::French);
    let schwa = ChartSwitches { french_schwa: FrenchSchwa::Cheekbone, ..default };
    assert_eq!(fra.vowel("ə", true, &schwa), Some(&[Cheekbone][..]));
    assert_eq!(fra.vowel("œ", true, &schwa), Some(&[Side][..]));
    let merged = ChartSwitches { nasal_merger: NasalMerger::Merged, ..default };
    assert_eq!(fra.vowel("œ\u{303}", true, &merged), Some(&[Cheekbone][..]));
    let eng = Chart::builtin(Language::AmericanEnglish);
    assert_eq!(eng.vowel("i", false, &default), Some(&[Throat][..]));
    let mouth = ChartSwitches { unstressed_ee: UnstressedEe::Mouth, ..default };
    assert_eq!(eng.vowel("i", false, &mouth), Some(&[Mouth][..]));
    assert_eq!(eng.vowel("i", true, &default), Some(&[Mouth][..]));
    assert_eq!(eng.consonant("ʍ", &ChartSwitches { wh: Wh::AsW, ..default }), Some(HandShape(6)));
}

#[test]
fn shapes_carry_the_fingers_of_the_chart() {
    for language in Language::ALL {
        let counts: Vec<usize> = Chart::builtin(language).shapes.iter().map(|s| s.extended.len()).collect();
        assert_eq!(counts, [1, 2, 3, 4, 5, 2, 3, 2]);
        assert!(Chart::builtin(language).shape(HandShape(8)).is_some_and(|s| s.spread));
    }
}

#[test]
fn mistakes_are_found_where_they_stand() {
    // Each: what is replaced by what, then the text that the place must start with and a piece of the message.
    let cases = [
        (r#"(phone: "b", shape: 4)"#, r#"(phone: "b", shape: 9)"#, r#""b""#, "hand shape 9 of \"b\""),
        (r#"(phone: "m", shape: 5)"#, r#"(phone: "b", shape: 5)"#, r#""b", shape: 5"#, "\"b\" is in the chart twice"),
        (r#"(phone: "y", at"#, r#"(phone: "u", at"#, r#""u", at: [Throat]"#, "\"u\" is in the chart twice"),
        (r#"(phone: "y", at"#, r#"(phone: "b", at"#, r#""b", at"#, "\"b\" is in the chart twice"),
        (r#"(phone: "g", shape"#, r#"(phone: "θ", shape"#, r#""θ""#, "\"θ\" is no consonant of Français"),
        (
            r#"        (phone: "e", at: [Throat]),"#,
            "",
            "[\n        (phone: \"a\"",
            "the vowel \"e\" of Français is missing",
        ),
        (r#"(phone: "u", at: [Chin])"#, r#"(phone: "u", at: [SideDown])"#, r#""u""#, "position side-down"),
        (r#"(phone: "u", at: [Chin])"#, r#"(phone: "u", at: [])"#, r#""u""#, "0 placements"),
        ("\"nasal_merger\"", "\"nasal\"", "\"nasal\"", "no switch \"nasal\""),
        ("\"merged\"", "\"melted\"", "\"melted\"", "use one of distinct, merged"),
        ("language: \"fra\"", "language: \"por\"", "\"por\"", "language \"por\""),
        ("schema: 1", "schema: 7", "7", "schema 7"),
        ("(number: 2, extended", "(number: 1, extended", "1, extended: [Index, Middle], name", "hand shape 1"),
        ("(shape: 5)", "(shape: 0)", "(shape: 0)", "hand shape 0"),
        ("extended: [Thumb, Index], name", "extended: [Index], name", "6, extended: [Index]", "[Thumb, Index]"),
    ];
    for (from, to, at, message) in cases {
        assert!(fra().contains(from), "{from}");
        let ron = fra().replacen(from, to, 1);
        let error = problem(&ron);
        assert!(error.to_string().contains(message), "{error}");
        assert!(error.to_string().ends_with("of test.ron)"), "{error}");
        let (line, column) = error.place();
        let text: String = ron.lines().skip(line - 1).collect::<Vec<_>>().join("\n");
        let rest: String = text.chars().skip(column - 1).collect();
        assert!(rest.starts_with(at), "{error}: {:?}", rest.chars().take(30).collect::<String>());
    }
}

#[test]
fn text_that_is_no_chart_is_told_with_its_line() {
    let broken = fra().replacen("(phone: \"k\", shape: 2)", "(phone: \"k\", shape: two)", 1);
    let line = broken.lines().position(|l| l.contains("shape: two")).map(|i| i + 1);
    let error = problem(&broken);
    assert!(matches!(&error, ChartError::Syntax { line: l, .. } if Some(*l) == line), "{error}");
    assert!(matches!(problem("("), ChartError::Syntax { .. }));
    assert!(matches!(problem(""), ChartError::Syntax { .. }));
    let unknown = fra().replacen("shape: 2)", "shape: 2, colour: \"red\")", 1);
    assert!(problem(&unknown).to_string().contains("colour"), "{}", problem(&unknown));
}

#[test]
fn switches_are_stored_by_name() {
    let switches = ChartSwitches { wh: Wh::AsW, syllabic: Syllabic::WithSchwa, ..ChartSwitches::default() };
    let text = ron::to_string(&switches).unwrap_or_default();
    assert_eq!(ron::from_str::<ChartSwitches>(&text), Ok(switches));
    assert_eq!(ron::from_str::<ChartSwitches>("()"), Ok(ChartSwitches::default()));
    for name in SWITCH_NAMES {
        let values = switch_values(name).unwrap_or_default();
        assert_eq!(ChartSwitches::default().value(name), values.first().copied(), "{name}");
    }
    assert_eq!(switches.value("wh"), Some("as-w"));
    assert_eq!(switches.value("colour"), None);
}

#[test]
fn every_shipped_chart_comes_back_from_its_text_and_from_a_project() {
    for name in SHIPPED {
        let chart = Chart::shipped(name).unwrap_or_else(|| panic!("{name} is shipped"));
        let text = chart.to_ron();
        assert_eq!(&Chart::parse(&text, name).unwrap_or_else(|e| panic!("{e}\n{text}")), chart);
        let Some(own) = OwnChart::new(Chart { name: "mine".into(), ..chart.clone() }) else {
            assert_eq!(chart, Chart::builtin(chart.language), "only the built-in chart is no chart of one's own");
            continue;
        };
        let text = ron::to_string(&own).unwrap_or_default();
        assert_eq!(ron::from_str::<OwnChart>(&text), Ok(own));
    }
    assert_eq!(Chart::shipped("xyz"), None);
    assert_eq!(Chart::all_of(Language::AmericanEnglish).count(), 2);
}

/// The template says of every cell that it was not found, and of itself that nobody has checked it.
#[test]
fn the_british_template_does_not_pretend() {
    let chart = Chart::shipped("eng-GB").unwrap_or_else(|| unreachable!());
    assert!(chart.name.contains("template") && chart.unchecked.is_some());
    for slot in chart.slots() {
        if let Some((certainty, source)) = chart.certainty(&slot) {
            assert!(certainty == Certainty::Inferred && source.is_some(), "{slot:?}");
        }
    }
    assert_eq!(chart.positions.len(), 4, "the British chart has four positions");
    assert!(Language::ALL.iter().all(|l| Chart::builtin(*l).unchecked.is_none()));
}

/// A rule that begins, one that is changed and put back, and what is no rule.
#[test]
fn the_weak_consonant_and_the_reach_of_consonants_are_cells() {
    use crate::cueing::notation::{self, LetterSet};
    use crate::cueing::what;
    use crate::language::{self, ReadingOptions};
    let plain = ChartSwitches::default();
    let keys = |chart: &Chart, text: &str| {
        let utterance = language::read(text, chart.language, &ReadingOptions::default(), None);
        notation::write(&what::keys(&utterance, chart, &plain), LetterSet::Sppas)
    };
    let base = Chart::builtin(Language::AmericanEnglish);
    let mut chart = base.clone();
    assert_eq!(chart.get(&Slot::WeakAfter), None);
    assert!(chart.set(&Slot::WeakAfter, &Value::Phones(vec![]), base).is_err());
    let (together, apart) = (keys(base, "an apple"), keys(base, "car"));
    chart.set(&Slot::Join, &Value::Join(Join::WithinSyllable), base).unwrap();
    assert_ne!(keys(&chart, "an apple"), together);
    chart.set(&Slot::Weak, &Value::Phone(Some("r".into())), base).unwrap();
    assert_ne!(keys(&chart, "car"), apart);
    assert_eq!(chart.get(&Slot::WeakTowards), Some(Value::Phone(Some("ə".into()))));
    assert_eq!(chart.certainty(&Slot::Weak), Some((Certainty::Own, None)));
    assert_eq!(chart.differences(base).len(), 4);
    assert_eq!(Chart::parse(&chart.to_ron(), "x").as_ref(), Ok(&chart));
    for (slot, value) in [
        (Slot::Weak, Value::Phone(Some("ə".into()))),
        (Slot::Weak, Value::Phones(vec!["ə".into()])),
        (Slot::WeakTowards, Value::Phone(None)),
        (Slot::WeakTowards, Value::Phone(Some("r".into()))),
        (Slot::WeakAfter, Value::Phones(vec!["xx".into()])),
        (Slot::Join, Value::Phone(None)),
    ] {
        let before = chart.clone();
        assert!(chart.set(&slot, &value, base).is_err(), "{slot:?} {value:?}");
        assert_eq!(chart, before);
    }
    chart.set(&Slot::Weak, &Value::Phone(None), base).unwrap();
    chart.set(&Slot::Join, &Value::Join(Join::AcrossWords), base).unwrap();
    assert_eq!(&chart, base);

    // Against the template the rule is another one, and becomes what it was.
    let template = Chart::shipped("eng-GB").unwrap_or_else(|| unreachable!());
    let mut chart = template.clone();
    let after = chart.get(&Slot::WeakAfter).expect("a rule");
    chart.set(&Slot::WeakAfter, &Value::Phones(vec![]), template).unwrap();
    assert_eq!(chart.differences(template).len(), 1);
    chart.set(&Slot::WeakAfter, &after, template).unwrap();
    assert_eq!(&chart, template);
}

#[test]
fn cells_are_changed_told_and_put_back() {
    let base = Chart::builtin(Language::AmericanEnglish);
    let mut chart = base.clone();
    let (b, oh, ee) =
        (Slot::Consonant("b".into(), None), Slot::Vowel("oʊ".into(), None), Slot::Vowel("i".into(), Some(0)));
    chart.set(&b, &Value::Shape(HandShape(2)), base).unwrap();
    chart.set(&oh, &Value::Places(vec![Cheekbone, Throat]), base).unwrap();
    chart.set(&ee, &Value::Places(vec![Chin]), base).unwrap();
    chart.set(&Slot::LoneVowel, &Value::Shape(HandShape(4)), base).unwrap();
    let told = chart.differences(base);
    assert_eq!(told.len(), 4);
    assert_eq!(
        told[0],
        Difference { slot: b.clone(), there: Some(Value::Shape(HandShape(4))), here: Value::Shape(HandShape(2)) }
    );
    assert_eq!(chart.certainty(&b), Some((Certainty::Own, None)));
    let default = ChartSwitches::default();
    assert_eq!(chart.consonant("b", &default), Some(HandShape(2)));
    assert_eq!(chart.vowel("i", false, &default), Some(&[Chin][..]));
    assert_eq!(chart.vowel("i", true, &default), Some(&[Mouth][..]));
    // A position that this language has none of is listed now, and the chart can still be written and read.
    assert!(chart.position(Cheekbone).is_some());
    assert_eq!(Chart::parse(&chart.to_ron(), "x").as_ref(), Ok(&chart));
    let own = OwnChart::new(chart.clone()).expect("it differs");
    assert_ne!(own.name, base.name);
    for difference in told {
        chart.set(&difference.slot, &difference.there.expect("the same cells"), base).unwrap();
    }
    assert_eq!(&chart, base);
    assert_eq!(OwnChart::new(chart.clone()), None);
    for (slot, value) in [
        (&b, Value::Shape(HandShape(9))),
        (&b, Value::Places(vec![Chin])),
        (&oh, Value::Places(vec![])),
        (&oh, Value::Places(vec![Chin, Throat, Side])),
        (&oh, Value::Places(vec![Position::Neutral])),
        (&Slot::LoneConsonant, Value::Places(vec![Chin, Throat])),
        (&Slot::RepeatTouched, Value::Movement(Movement::Diphthong)),
        (&Slot::Consonant("q".into(), None), Value::Shape(HandShape(1))),
        (&Slot::PreGlide(None), Value::PreGlide(PreGlide::Side)),
    ] {
        assert!(chart.set(slot, &value, base).is_err(), "{slot:?} {value:?}");
        assert_eq!(&chart, base, "what is refused changes nothing");
    }
}

mod random {
    use super::*;
    use crate::cueing::notation::{self, LetterSet};
    use crate::cueing::what;
    use crate::language::{Phone, PhoneClass, Reading, ReadingSource, Syllable, Utterance, Word, WordKind, phonetics};
    use proptest::prelude::*;

    /// An utterance of random sounds: `sounds` picks them, a large number makes a word of its own or a break.
    fn utterance(language: Language, sounds: &[u8]) -> Utterance {
        let known: Vec<(&str, PhoneClass)> = phonetics::symbols(language).collect();
        let mut words = Vec::new();
        for part in sounds.split(|n| *n > 245) {
            let phones = part.iter().map(|n| {
                let (symbol, class) = known[usize::from(*n) % known.len()];
                Phone { symbol: symbol.into(), class }
            });
            let syllables: Vec<Syllable> = phones
                .collect::<Vec<_>>()
                .chunks(3)
                .map(|p| Syllable { label: String::new(), spelling: String::new(), phones: p.to_vec(), tone: None })
                .collect();
            let reading = Reading { label: String::new(), syllables, source: ReadingSource::User };
            let kind = if part.is_empty() { WordKind::Break } else { WordKind::Spoken };
            let readings = if part.is_empty() { Vec::new() } else { vec![reading] };
            words.push(Word { text: String::new(), source: 0..0, kind, readings, chosen: 0 });
        }
        Utterance { language, text: String::new(), words, issues: Vec::new() }
    }

    proptest! {
        #[test]
        fn any_chart_cues_every_phone_once_in_order_and_is_written_and_read(
            which in 0..SHIPPED.len(),
            edits in prop::collection::vec((any::<u16>(), any::<u8>(), any::<u8>()), 0..12),
            sounds in prop::collection::vec(any::<u8>(), 0..60),
        ) {
            let base = Chart::shipped(SHIPPED[which]).unwrap_or_else(|| unreachable!());
            let mut chart = base.clone();
            let phone = |n: u8| chart.vowels[usize::from(n) % chart.vowels.len()].phone.clone();
            let (some, other) = (phone(3), phone(8));
            let weak = chart.consonants.iter().map(|c| c.phone.clone()).collect::<Vec<_>>();
            for (at, a, b) in edits {
                let slots = chart.slots();
                let slot = &slots[usize::from(at) % slots.len()];
                let position = |n: u8| Position::ALL[usize::from(n) % Position::ALL.len()];
                let value = match chart.get(slot) {
                    Some(Value::Shape(_)) => Value::Shape(HandShape(a % 8 + 1)),
                    Some(Value::Places(_)) if b % 2 == 1 && matches!(slot, Slot::Vowel(..)) => {
                        Value::Places(vec![position(a), position(b / 2)])
                    }
                    Some(Value::Places(_)) => Value::Places(vec![position(a)]),
                    Some(Value::PreGlide(_)) => Value::PreGlide([PreGlide::Side, PreGlide::SameAsFinal][usize::from(a % 2)]),
                    Some(Value::Join(_)) => Value::Join([Join::WithinSyllable, Join::AcrossWords][usize::from(a % 2)]),
                    Some(Value::Phone(_)) if *slot == Slot::Weak => {
                        Value::Phone((b % 4 > 0).then(|| weak[usize::from(a) % weak.len()].clone()))
                    }
                    Some(Value::Phone(_)) => Value::Phone(Some([&some, &other][usize::from(a % 2)].clone())),
                    Some(Value::Phones(_)) => Value::Phones([vec![], vec![some.clone()], vec![some.clone(), other.clone()]][usize::from(a % 3)].clone()),
                    _ => Value::Movement([Movement::Flick, Movement::DoubleTouch][usize::from(a % 2)]),
                };
                prop_assert_eq!(chart.set(slot, &value, base), Ok(()));
                prop_assert_eq!(chart.get(slot), Some(value));
            }
            prop_assert_eq!(&Chart::parse(&chart.to_ron(), "random").unwrap(), &chart);

            let utterance = utterance(chart.language, &sounds);
            let symbols: Vec<&str> = utterance.phones().map(|p| p.phone.symbol.as_str()).collect();
            let keys = what::keys(&utterance, &chart, &ChartSwitches::default());
            let glides = |i: usize| keys[i].movement == Some(Movement::Diphthong);
            for phone in 0..symbols.len() {
                let holding: Vec<usize> = (0..keys.len()).filter(|i| keys[*i].phones.contains(&phone)).collect();
                // A vowel may be held once more by each glide that follows from it.
                prop_assert!(!holding.is_empty(), "{} is in no key", symbols[phone]);
                prop_assert!(holding[1..].iter().all(|i| glides(*i)), "{} is in several keys", symbols[phone]);
                prop_assert!(holding.len() <= 2 && (holding.len() == 1 || chart.is_vowel(symbols[phone])));
            }
            for pair in keys.windows(2) {
                prop_assert!(pair[0].phones.start <= pair[1].phones.start && pair[0].phones.end <= pair[1].phones.end);
            }
            for key in &keys {
                prop_assert!(HandShape::ALL.contains(&key.shape) && chart.position(key.position).is_some());
            }
            for letters in LetterSet::ALL {
                let cues: Vec<_> = keys.iter().map(|k| (k.shape, k.position)).collect();
                prop_assert_eq!(notation::parse(&notation::write(&keys, letters), letters), Ok(cues));
            }
        }
    }
}
