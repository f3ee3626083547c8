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
