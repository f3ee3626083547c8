//! Gold files with known faults, and faults of gold files.

use super::gold::{GoldProblem, parse};
use super::*;

struct Glorp;

impl Pronouncer for Glorp {
    fn ipa(&self, word: &str, _: Language) -> Option<String> {
        (word == "glorpish").then(|| "ɡlˈɔːɹpɪʃ".to_owned())
    }
}

fn measured(text: &str) -> Measure {
    measure(&parse(text).unwrap(), Some(&Glorp))
}

fn close_to(found: Option<f64>, wanted: f64) -> bool {
    found.is_some_and(|f| (f - wanted).abs() < 1e-9)
}

#[test]
fn right_items_have_no_errors_in_any_language() {
    for (text, tokens, tones) in [
        ("# language: eng-US\nThe cat sat, happy.\tð ə  k æ t  s æ t |  h æ p i |\n", 12, 0),
        ("# language: eng-US\n# options: syllabic_schwa\nlisten\tl ɪ s ə n\n", 5, 0),
        ("# language: fra\nbonjour\tb ɔ̃ ʒ u ʁ\n", 5, 0),
        ("\u{feff}# language: cmn\r\n# Any comment: stays one.\r\n\r\n你好。\tni2 hao3 |\r\n", 4, 2),
        ("# language: cmn\n银行\tyin hang\n", 4, 0),
    ] {
        let found = measured(text);
        let tally = found.tally;
        assert_eq!((tally.items, tally.right_items, tally.tokens), (1, 1, tokens), "{text} {found:?}");
        assert_eq!((tally.tones, tally.wrong_keys), (tones, 0), "{text} {found:?}");
        assert!(close_to(tally.token_error_rate(), 0.0) && tally.flag_recall().is_none());
        assert_eq!(tally.tone_error_rate().is_some(), tones > 0);
        assert_eq!(found.wrong().count(), 0);
    }
}

#[test]
fn substitutions_deletions_and_insertions_are_counted_each() {
    // Three wrong items: cat with another vowel, with a sound more, and with one less, over 3 + 4 + 2 sounds of gold.
    let found = measured("# language: eng-US\ncat\tk ɑ t\ncat\tk æ t s\ncat\tk æ\ncat\tk æ t\n");
    let tally = found.tally;
    assert_eq!((tally.substitutions, tally.deletions, tally.insertions), (1, 1, 1), "{found:?}");
    assert_eq!((tally.items, tally.right_items, tally.tokens), (4, 1, 12));
    assert!(close_to(tally.token_error_rate(), 0.25));
    // Keys: kæ t each. One is another, one lacks its neighbour, one is too many.
    assert_eq!((tally.keys, tally.wrong_keys, tally.flagged_wrong_keys), (8, 3, 0), "{found:?}");
    assert!(close_to(tally.flag_recall(), 0.0) && close_to(tally.flag_false_rate(), 0.0));
    let lines: Vec<usize> = found.wrong().map(|i| i.line).collect();
    assert_eq!(lines, [2, 3, 4]);
    assert_eq!(found.items[0].found, "k æ t");
}

#[test]
fn flagged_keys_are_told_from_others() {
    // "I read it" is open: r i d against r ɛ d. The gold wants the second reading where ours takes the first, or the
    // other way round; the third sentence is closed.
    let gold = |vowel: &str| format!("# language: eng-US\nI read it.\taɪ  r {vowel} d  ɪ t |\nthe cat\tð ə  k æ t\n");
    let (past, present) = (measured(&gold("ɛ")), measured(&gold("i")));
    let (right, wrong) = if past.tally.wrong_keys == 0 { (past, present) } else { (present, past) };
    assert_eq!((right.tally.wrong_keys, right.tally.flagged_right_keys), (0, 1), "{right:?}");
    assert_eq!(right.tally.flag_recall(), None);
    assert!(close_to(right.tally.flag_false_rate(), 1.0 / right.tally.keys as f64));
    assert_eq!(right.items[0].flagged, ["read"]);
    assert_eq!((wrong.tally.wrong_keys, wrong.tally.flagged_wrong_keys), (1, 1), "{wrong:?}");
    assert!(close_to(wrong.tally.flag_recall(), 1.0) && close_to(wrong.tally.flag_false_rate(), 0.0));
}

#[test]
fn guesses_and_unknown_words_count_as_flagged() {
    let guessed = measured("# language: eng-US\nglorpish\tg l ɑ r p ɪ ʃ\n").tally;
    assert_eq!(guessed.substitutions, 1);
    assert_eq!((guessed.wrong_keys, guessed.flagged_wrong_keys), (1, 1));
    let gold = parse("# language: eng-US\na qwxzkq cat\tə  k w ɪ k s  k æ t\n☃\ts n oʊ\n").unwrap();
    let found = measure(&gold, None);
    assert_eq!(found.tally.unknown_words, 2, "{found:?}");
    assert_eq!(found.tally.deletions, 8);
    // One key beside the gap, and one for the item that has none.
    assert_eq!((found.tally.wrong_keys, found.tally.flagged_wrong_keys), (2, 2), "{found:?}");
}

#[test]
fn tones_and_breaks_are_counted_apart() {
    let found = measured("# language: cmn\n你好\tni3 hao3\n你好，我好。\tni hao  wo hao |\n银行\tyin2 xing2\n");
    let tally = found.tally;
    assert_eq!((tally.tones, tally.wrong_tones), (4, 1), "{found:?}");
    assert!(close_to(tally.tone_error_rate(), 0.25));
    assert_eq!((tally.breaks, tally.wrong_breaks), (0, 1), "{found:?}");
    // háng for xíng: h ang for x y eng.
    assert_eq!((tally.substitutions, tally.deletions, tally.insertions), (2, 1, 0), "{found:?}");
    assert_eq!(tally.right_items, 0);
    let english = measured("# language: eng-US\nno, go so\tn oʊ  g oʊ |  s oʊ\n").tally;
    assert_eq!((english.breaks, english.wrong_breaks), (1, 2));
}

#[test]
fn alignments_have_the_fewest_changes() {
    let cost = |a: &str, b: &str| {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        let steps = align(&a, &b, |x, y| x == y);
        // Both sides are gone through whole and in order.
        assert!(steps.iter().filter_map(|s| s.left).eq(0..a.len()));
        assert!(steps.iter().filter_map(|s| s.right).eq(0..b.len()));
        steps.iter().filter(|s| !s.same).count()
    };
    for (a, b, changes) in [
        ("", "", 0),
        ("", "abc", 3),
        ("kitten", "sitting", 3),
        ("abcab", "ab", 3),
        ("aaa", "aa", 1),
        ("flaw", "lawn", 2),
    ] {
        assert_eq!((cost(a, b), cost(b, a)), (changes, changes), "{a} {b}");
    }
}

#[test]
fn faults_of_a_gold_file_are_told_with_their_line() {
    for (text, line, problem) in [
        ("", 1, GoldProblem::NoLanguage),
        ("# only a comment\ncat\tk æ t", 2, GoldProblem::NoLanguage),
        ("# language: eng-US\n\n# nothing more\n", 3, GoldProblem::NoItems),
        ("# language: cmn\n# language: cmn\n", 2, GoldProblem::LanguageTwice),
        ("# langauge: cmn\n", 1, GoldProblem::UnknownHeader("langauge".into())),
        ("# language: fra\n# Option: final_schwa\n", 2, GoldProblem::UnknownHeader("Option".into())),
        ("# language: fra\n# options: final_schwas\n", 2, GoldProblem::UnknownOption("final_schwas".into())),
        ("# language: eng-US\ncat k æ t\n", 2, GoldProblem::NoTab),
        ("# language: eng-US\ncat\tk æ t\tx\n", 2, GoldProblem::TwoTabs),
        ("# language: eng-US\n \tk æ t\n", 2, GoldProblem::NoText),
        ("# language: eng-US\ncat\t | \n", 2, GoldProblem::NoSounds),
        ("# language: cmn\n好\thao9\n", 2, GoldProblem::NotPinyin("hao9".into())),
        ("# language: cmn\n好\thoa3\n", 2, GoldProblem::NotPinyin("hoa3".into())),
    ] {
        let error = parse(text).unwrap_err();
        assert_eq!((error.line, error.problem), (line, problem), "{text}");
    }
    let language = parse("# language: deu\n").unwrap_err();
    assert!(matches!(language.problem, GoldProblem::UnknownLanguage(_)), "{language}");
    let phone = parse("# language: fra\nchat\tʃ æ\n").unwrap_err();
    assert!(phone.to_string().starts_with("line 2: \"æ\" is no sound of Français"), "{phone}");
    let long = format!("# language: eng-US\n{}\tə\n", "a ".repeat(gold::LONGEST_LINE));
    assert!(matches!(parse(&long).unwrap_err().problem, GoldProblem::TooLong(_)));
}
