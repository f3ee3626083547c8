//! Expressions, tones one by one and what was heard of the voice, as parts of a document.

use super::*;
use cueloom::document::marks::MarkId;
use cueloom::document::store::Alone;
use cueloom::generate::Style;
use cueloom::jobs::perform::generate_input;
use cueloom::pose::Reference;
use cueloom::pose::expression::Phrase;

fn range(from: f64, to: f64) -> TimeRange {
    TimeRange { start: Seconds(from), end: Seconds(to) }
}

#[test]
fn expressions_stay_in_order_and_impossible_ones_are_refused() {
    let mut document = mandarin();
    let add = |from: f64, to: f64, strength: f32| Edit::AddExpression {
        range: range(from, to),
        kind: ExpressionKind::Nod,
        strength,
    };
    for (from, to) in [(1.0, 2.0), (0.5, 0.9), (0.7, 3.0)] {
        document.apply(&add(from, to, 1.0)).expect("taken").expect("a step");
    }
    let starts = |d: &Document| d.project().marks.expressions.iter().map(|e| e.range.start.0).collect::<Vec<_>>();
    assert_eq!(starts(&document), [0.5, 0.7, 1.0]);
    let before = document.project().clone();
    for wrong in
        [add(2.0, 2.0, 1.0), add(2.0, 1.0, 1.0), add(f64::NAN, 1.0, 1.0), add(1.0, 2.0, 2.1), add(1.0, 2.0, -0.1)]
    {
        assert_eq!(document.apply(&wrong).expect_err("refused"), EditError::BadExpression, "{wrong:?}");
        assert_eq!(document.project(), &before);
    }
    // The one that began last moves to the front; it keeps its name, and its step says where poses may differ.
    let last = before.marks.expressions[2];
    let moved = ExpressionMark { range: range(0.1, 0.4), kind: ExpressionKind::Smile, ..last };
    let step = document.apply(&Edit::SetExpression(moved)).expect("taken").expect("a step").clone();
    assert_eq!(step.touched(), Some(range(0.1, 2.0)));
    assert_eq!(document.project().marks.expressions[0], moved);
    assert_eq!(document.apply(&Edit::SetExpression(moved)).expect("taken"), None, "nothing new, no step");
    document.selection.expressions = vec![moved.id];
    document.apply(&Edit::RemoveExpressions(vec![moved.id])).expect("taken").expect("a step");
    assert!(document.selection.is_empty() && document.project().marks.expressions.len() == 2);
    document.undo().expect("a step");
    assert_eq!(document.selection.expressions, [moved.id]);
    let gone = ExpressionMark { id: MarkId(99), ..moved };
    assert_eq!(document.apply(&Edit::SetExpression(gone)).expect_err("refused"), EditError::NoMark);
}

#[test]
fn a_tone_is_set_by_its_syllable_and_follows_its_word() {
    let mut document = mandarin();
    let words = document.project().tiers.utterance.words.clone();
    // A word of two syllables with a tone each, and one after it.
    let toned = |w: &cueloom::language::Word| w.syllables().iter().filter(|s| matches!(s.tone, Some(1..=4))).count();
    let word = words.iter().position(|w| toned(w) == 2).expect("two tones");
    let other = (word + 1..words.len()).find(|i| toned(&words[*i]) > 0).expect("a word behind");
    let set = |word, syllable, strength| Edit::SetTone { word, syllable, strength };
    for edit in [set(word, 1, 0.0), set(word, 0, 1.5), set(other, 0, 0.4)] {
        let step = document.apply(&edit).expect("taken").expect("a step");
        assert!(step.changes_tones());
    }
    let strength = |d: &Document, w, s| d.project().marks.tone_strength(w, s);
    assert_eq!(
        [strength(&document, word, 0), strength(&document, word, 1), strength(&document, other, 0)],
        [1.5, 0.0, 0.4]
    );
    assert_eq!(strength(&document, word, 7), 1.0);
    for wrong in [set(word, 5, 1.0), set(999, 0, 1.0), set(word, 0, 2.5), set(word, 0, f32::NAN)] {
        assert_eq!(document.apply(&wrong).expect_err("refused"), EditError::BadTone, "{wrong:?}");
    }
    // What the generator is told: nothing while the switch is off, then one tone less, of the strengths that were set.
    let input = |d: &Document| generate_input(d.project(), &Reference::example(), d.project().settings.fps);
    assert!(input(&document).head_tones.is_empty());
    let settings = Settings { head_tones: true, ..document.project().settings.clone() };
    document.apply(&Edit::SetSettings(Box::new(settings))).expect("taken");
    let all: usize = words.iter().map(toned).sum();
    let tones = input(&document).head_tones;
    assert_eq!(tones.len(), all - 1);
    assert!(tones.iter().any(|t| t.strength == 1.5) && tones.iter().any(|t| t.strength == 0.4));
    // A word before it is cut in two: the marks go along. The word itself is read otherwise: its marks are gone.
    let cut = words.iter().take(word).position(|w| w.text.chars().count() > 1);
    if let Some(cut) = cut {
        document.apply(&Edit::Segments(SegmentEdit::SplitWord { word: cut, at_char: 1 })).expect("cut");
        assert_eq!(strength(&document, word + 1, 0), 1.5);
        document.undo();
    }
    let reading = language::reading_from_user("yin2 xing4", Language::Mandarin).expect("a reading");
    document.apply(&Edit::AddReading { word, reading }).expect("read").expect("a step");
    assert_eq!([strength(&document, word, 0), strength(&document, other, 0)], [1.0, 0.4]);
    document.undo().expect("a step");
    assert_eq!(strength(&document, word, 0), 1.5);
    document.apply(&set(word, 0, 1.0)).expect("taken").expect("a step");
    assert_eq!(document.project().marks.tones.len(), 2, "the usual strength needs no mark");
    assert_eq!(
        Document::new(project("bonjour", Language::French)).apply(&set(0, 0, 0.5)).expect_err("refused"),
        EditError::BadTone
    );
}

#[test]
fn the_voice_goes_with_its_recording() {
    let mut document = mandarin();
    let voice = Voice {
        accents: vec![Accent { range: range(0.9, 1.2), strength: 0.8 }],
        phrases: vec![Phrase { range: range(0.8, 2.0), level: 0.3 }],
    };
    document.apply(&Edit::SetVoice(Box::new(voice.clone()))).expect("taken").expect("a step");
    let wrong = Voice { accents: vec![Accent { range: range(0.9, 1.2), strength: 8.0 }], ..Voice::default() };
    assert_eq!(document.apply(&Edit::SetVoice(Box::new(wrong))).expect_err("refused"), EditError::BadVoice);
    let input = generate_input(document.project(), &Reference::example(), document.project().settings.fps);
    assert_eq!((input.style, &input.voice), (Style::default(), &voice), "0 at first");
    // Found again it is the same recording; another one is another voice.
    let mut sound = document.project().sound.clone();
    sound.media.absolute_hint = "/elsewhere".into();
    document.apply(&Edit::SetSound(Box::new(sound.clone()))).expect("taken");
    assert_eq!(document.project().marks.voice, voice);
    sound.media.hash = "another".into();
    document.apply(&Edit::SetSound(Box::new(sound))).expect("taken");
    assert!(document.project().marks.voice.is_empty());
    document.undo().expect("a step");
    assert_eq!(document.project().marks.voice, voice);
}

#[test]
fn all_of_it_is_saved_and_found_again_and_files_without_it_are_read() {
    let mut document = mandarin();
    let plain = document.project().clone();
    let edits = vec![
        Edit::AddExpression { range: range(0.5, 1.5), kind: ExpressionKind::LookLeft, strength: 0.7 },
        Edit::SetTone { word: 0, syllable: 0, strength: 0.0 },
        Edit::SetVoice(Box::new(Voice {
            accents: vec![Accent { range: range(0.9, 1.2), strength: 0.8 }],
            phrases: Vec::new(),
        })),
        Edit::SetSettings(Box::new(Settings { voice: 1.5, ..plain.settings.clone() })),
    ];
    document.apply(&Edit::Many { name: "All", edits }).expect("taken").expect("a step");
    let dir = tempfile::tempdir().expect("a temporary folder");
    file::save(dir.path(), document.project()).expect("saved");
    assert_eq!(&file::load(dir.path()).expect("loaded"), document.project());
    file::save(dir.path(), &plain).expect("saved");
    let text = std::fs::read_to_string(dir.path().join(file::FILE_NAME)).expect("text");
    assert!(!text.contains("expressions") && !text.contains("tones: ["), "what is not there is not written");
    let before = text.replace("    voice: 0.0,\n", "");
    assert_ne!(before, text);
    let read = file::decode(before.as_bytes(), dir.path(), &Alone).expect("an older file").project;
    assert_eq!(read, plain);
}
