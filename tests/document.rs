//! Projects as documents: edits, history, saving, and what survives.

#[path = "document/own.rs"]
mod own;
#[path = "document/segments.rs"]
mod segments;
#[path = "document/shown.rs"]
mod shown;
#[path = "document/store.rs"]
mod store;

use cueloom::app::board::Board;
use cueloom::cueing::chart::{Chart, OwnChart, Slot, Value};
use cueloom::cueing::{HandShape, Position};
use cueloom::document::edit::{Document, Edit, EditError, MoveTime};
use cueloom::document::edit_segments::{LinkedTiers, SegmentEdit};
use cueloom::document::file::{self, FileError};
use cueloom::document::marks::{ExpressionMark, HandLayer, MarkId, Marks};
use cueloom::document::{
    KeyId, MediaRef, PROJECT_SCHEMA, PhoneTime, Project, Settings, Sound, SoundOrigin, TIER_SCHEMA, Tiers, derive,
};
use cueloom::language::{self, Language, ReadingOptions, phonetics};
use cueloom::pose::expression::{Accent, ExpressionKind, Voice};
use cueloom::pose::parts::Parts;
use cueloom::pose::refine::Refinement;
use cueloom::time::{Seconds, TimeRange};
use proptest::prelude::*;

/// A project of a text whose sounds follow each other evenly, 120 ms each.
fn project(text: &str, language: Language) -> Project {
    let utterance = language::read(text, language, &ReadingOptions::default(), None);
    let count = utterance.phones().count();
    let at = |i: usize| Seconds(0.8 + 0.12 * i as f64);
    let phones =
        (0..count).map(|i| PhoneTime { start: at(i), end: at(i + 1), confidence: 1.0, fixed: false }).collect();
    let media = MediaRef { path: "media/speech.wav".into(), absolute_hint: String::new(), hash: String::new() };
    let mut project = Project {
        schema: PROJECT_SCHEMA,
        title: "Test".into(),
        source_text: text.into(),
        sound: Sound {
            media,
            source: None,
            origin: SoundOrigin::Recording,
            length: Seconds(1.6 + 0.12 * count as f64),
        },
        identity: "mira".into(),
        settings: Settings::default(),
        tiers: Tiers { schema: TIER_SCHEMA, utterance, phones, keys: vec![], notes: vec![], next_key: 0 },
        marks: Marks::default(),
        slowed: vec![],
    };
    derive::keys(&mut project);
    derive::times(&mut project);
    assert_eq!(project.broken_invariant(), None);
    project
}

fn mandarin() -> Document {
    Document::new(project("他在银行工作", Language::Mandarin))
}

#[test]
fn another_reading_changes_its_keys_and_nothing_else() {
    let mut document = mandarin();
    let before = document.project().clone();
    let word = before.tiers.utterance.words.iter().position(|w| w.text.contains('行')).expect("the word is there");
    let reading = language::reading_from_user("yin2 xing2", Language::Mandarin).expect("a reading of two syllables");
    document.apply(&Edit::AddReading { word, reading }).expect("the reading is taken");
    let after = document.project();
    assert_ne!(after.tiers.keys, before.tiers.keys);
    for (old, new) in before.tiers.keys.iter().zip(&after.tiers.keys).filter(|(old, _)| old.rule.word < word) {
        assert_eq!((old.id, old.shape(), old.position()), (new.id, new.shape(), new.position()));
    }
    let (old_last, new_last) = (before.tiers.keys.last(), after.tiers.keys.last());
    assert_eq!(old_last.map(|k| (k.id, k.shape(), k.sound())), new_last.map(|k| (k.id, k.shape(), k.sound())));
    document.undo().expect("there is a step to undo");
    assert_eq!(document.project(), &before);
}

#[test]
fn undo_and_redo_restore_project_and_selection() {
    let mut document = mandarin();
    let start = document.project().clone();
    let ids: Vec<_> = start.tiers.keys.iter().map(|k| k.id).collect();
    document.selection.keys = vec![ids[1]];
    let edits = [
        Edit::SetShape { key: ids[1], shape: Some(HandShape(8)) },
        Edit::SetPosition { key: ids[2], position: Some(Position::Throat) },
        Edit::ShiftHand { keys: ids[..3].to_vec(), by: Seconds(-0.04) },
        Edit::SetMoveTime { key: ids[4], which: MoveTime::PositionStart, to: Seconds(1.4) },
        Edit::SetPhoneEnd { phone: 2, to: Seconds(1.2) },
        Edit::SetLocked { keys: vec![ids[0]], locked: true },
        Edit::SetTitle("Another".into()),
    ];
    let mut states = vec![start.clone()];
    for edit in &edits {
        assert!(document.apply(edit).expect("the edit is legal").is_some(), "{edit:?} changed nothing");
        states.push(document.project().clone());
    }
    for state in states.iter().rev().skip(1) {
        document.undo().expect("there is a step to undo");
        assert_eq!(document.project(), state);
    }
    assert_eq!(document.selection.keys, vec![ids[1]]);
    assert!(document.undo().is_none());
    for state in &states[1..] {
        document.redo().expect("there is a step to redo");
        assert_eq!(document.project(), state);
    }
}

#[test]
fn a_drag_is_one_step_and_can_be_given_up() {
    let mut document = mandarin();
    let before = document.project().clone();
    let id = before.tiers.keys[2].id;
    document.begin_drag("Shift hand");
    for step in 1..=50 {
        document.drag(&Edit::ShiftHand { keys: vec![id], by: Seconds(-0.002 * f64::from(step)) }).expect("legal");
    }
    document.end_drag().expect("the drag changed something");
    assert_eq!(document.history().done().len(), 1);
    let moved = document.project().key(id).expect("still there").times.m1;
    let was = before.key(id).expect("there").times.m1;
    assert!((was - moved).0 > 0.05, "{was} {moved}");
    document.begin_drag("Shift hand");
    document.drag(&Edit::ShiftHand { keys: vec![id], by: Seconds(0.5) }).expect("legal");
    document.cancel_drag();
    assert_eq!(document.history().done().len(), 1);
    document.undo().expect("one step");
    assert_eq!(document.project(), &before);
}

#[test]
fn locked_keys_refuse_changes() {
    let mut document = mandarin();
    let id = document.project().tiers.keys[0].id;
    document.apply(&Edit::SetLocked { keys: vec![id], locked: true }).expect("locking is legal");
    let before = document.project().clone();
    let refused = document.apply(&Edit::SetShape { key: id, shape: Some(HandShape(3)) });
    assert_eq!(refused.err(), Some(EditError::Locked));
    assert_eq!(document.project(), &before);
}

#[test]
fn saving_and_opening_gives_the_same_project() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for (text, language) in [
        ("他在银行工作，一会儿回来。", Language::Mandarin),
        ("Les enfants ont huit ans.", Language::French),
        ("It is easy to name kites.", Language::AmericanEnglish),
    ] {
        let mut document = Document::new(project(text, language));
        let key = &document.project().tiers.keys[1];
        let (id, other) = (key.id, HandShape(key.shape().0 % 8 + 1));
        document.apply(&Edit::SetShape { key: id, shape: Some(other) }).expect("legal");
        assert!(!document.is_saved());
        file::save(dir.path(), document.project()).expect("saved");
        document.mark_saved();
        assert!(document.is_saved());
        assert_eq!(&file::load(dir.path()).expect("opened"), document.project());
    }
    let left: Vec<_> = std::fs::read_dir(dir.path()).expect("a folder").flatten().map(|e| e.file_name()).collect();
    assert_eq!(left, [file::FILE_NAME], "saving leaves no temporary files");
}

#[test]
fn damaged_newer_and_missing_projects_are_told_apart() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    assert!(matches!(file::load(dir.path()), Err(FileError::NoProject(_))));
    let good = project("他", Language::Mandarin);
    file::save(dir.path(), &good).expect("saved");
    let path = dir.path().join(file::FILE_NAME);
    let text = std::fs::read_to_string(&path).expect("read");
    std::fs::write(&path, &text[..text.floor_char_boundary(text.len() / 2)]).expect("written");
    match file::load(dir.path()) {
        Err(FileError::Syntax { line, .. }) => assert!(line > 1),
        other => panic!("a cut file gave {other:?}"),
    }
    std::fs::write(&path, text.replacen(&format!("schema: {PROJECT_SCHEMA}"), "schema: 999", 1)).expect("written");
    assert!(matches!(file::load(dir.path()), Err(FileError::Newer { found: 999, .. })));
    let mut broken = good;
    broken.tiers.phones.pop();
    file::save(dir.path(), &broken).expect("saved");
    assert!(matches!(file::load(dir.path()), Err(FileError::Broken { .. })));
}

#[test]
fn the_hold_of_a_key_lies_between_arriving_and_leaving() {
    let document = mandarin();
    let keys = &document.project().tiers.keys;
    for (key, next) in keys.iter().zip(&keys[1..]) {
        let hold = document.project().hold(key.id).expect("the key is there");
        let arrives = |from: Seconds, to: Seconds| to <= from || hold.start >= to;
        assert!(arrives(key.times.m1, key.times.m2) && arrives(key.times.d1, key.times.d2));
        let moves = next.times.m2 > next.times.m1;
        assert!(!moves || hold.length() == Seconds::ZERO || hold.end <= next.times.m1, "{hold:?} {next:?}");
        assert!(hold.length() >= Seconds(0.079) || key.flags.contains(&cueloom::cueing::KeyFlag::TooFast), "{hold:?}");
    }
}

#[test]
fn spread_phones_fill_their_room() {
    use cueloom::language::PhoneClass::{Consonant, Vowel};
    let room = TimeRange::new(Seconds(1.0), Seconds(2.0));
    let times = derive::spread(room, &[Consonant, Vowel, Consonant, Vowel]);
    assert_eq!(times.first().map(|t| t.start), Some(room.start));
    assert!((times.last().expect("four").end - room.end).0.abs() < 1e-9);
    assert!(times.windows(2).all(|t| (t[0].end - t[1].start).0.abs() < 1e-9));
    assert!(times[1].range().length() > times[0].range().length());
}

/// Texts with breaks, words of several readings, guesses and repeats.
const TEXTS: [(Language, &str); 3] = [
    (Language::Mandarin, "他在银行工作，一会儿回来。我常常觉得很难，还要去行走吗？重要的事情一行一行地说。女士们好"),
    (
        Language::French,
        "Les enfants ont huit ans. Mes fils sont à l'est, et les plus grands viennent encore avec elle. Froid, papa ?",
    ),
    (
        Language::AmericanEnglish,
        "It is easy to name kites, and to read what they read. The raft, my house: listen to the wind live on!",
    ),
];
/// What a user may type as the reading of a word.
const READINGS: [[&str; 4]; 3] = [
    ["ni3", "yin2 hang2 jia1", "er2", "chong2 zhong4"],
    ["/a/", "/bɔ̃ʒuʁ/", "/strikt/", "/ɛ̃/"],
    ["K AE1 T S", "AY1", "S T R IH1 NG", "B AH0 N AE1 N AH0"],
];

/// A project of one of the texts whose sounds are as long as `lengths` say, with a silence of `gaps` after each break
/// (both repeated as often as need be).
fn timed(text: usize, lengths: &[f64], gaps: &[f64]) -> Project {
    let (language, source) = TEXTS[text];
    let mut project = project(source, language);
    let words: Vec<usize> = project.tiers.utterance.phones().map(|p| p.word).collect();
    let mut at = 0.4;
    for (i, phone) in project.tiers.phones.iter_mut().enumerate() {
        if i > 0 && words[i] > words[i - 1] + 1 {
            at += gaps[words[i] % gaps.len()];
        }
        phone.start = Seconds(at);
        at += lengths[i % lengths.len()];
        phone.end = Seconds(at);
        phone.confidence = if i % 7 == 3 { 0.2 } else { 0.9 };
    }
    project.sound.length = Seconds(at + gaps[0]);
    derive::times(&mut project);
    assert_eq!(project.broken_invariant(), None);
    project
}

fn any_project() -> impl Strategy<Value = (usize, Project)> {
    let lengths = prop::collection::vec(0.02f64..0.35, 1..9);
    let gaps = prop::collection::vec(prop_oneof![Just(0.0), 0.1f64..0.6, 1.1f64..1.4, 1.75f64..1.9, 2.0f64..3.0], 1..6);
    (0usize..3, lengths, gaps).prop_map(|(text, lengths, gaps)| (text, timed(text, &lengths, &gaps)))
}

/// An edit in shares, so that it fits any project: see [`Wish::edit`].
#[derive(Clone, Debug)]
struct Wish {
    kind: u8,
    which: f64,
    how: f64,
    small: u8,
}

fn any_wish() -> impl Strategy<Value = Wish> {
    (0u8..33, 0.0f64..1.0, -1.0f64..1.0, 0u8..28).prop_map(|(kind, which, how, small)| Wish { kind, which, how, small })
}

impl Wish {
    fn edit(&self, text: usize, project: &Project) -> Edit {
        let of = |count: usize| ((count as f64 * self.which) as usize).min(count.saturating_sub(1));
        let keys = &project.tiers.keys;
        let id = keys.get(of(keys.len())).map_or(KeyId(0), |k| k.id);
        let other = keys.get(of(keys.len()) / 2).map_or(KeyId(0), |k| k.id);
        let near = keys.get(of(keys.len())).map_or(Seconds(1.0), |k| k.times.m1);
        let (phone, word) = (of(project.tiers.phones.len()), of(project.tiers.utterance.words.len()));
        let edge = project.tiers.phones.get(phone).map_or(Seconds(1.0), |p| p.start);
        let to = |from: Seconds, by: f64| Seconds(from.0 + by * self.how);
        let small = usize::from(self.small);
        match self.kind {
            0 => Edit::SetShape { key: id, shape: Some(HandShape(self.small % 8 + 1)) },
            1 => Edit::SetPosition { key: id, position: Some(Position::ALL[small % 7]) },
            2 => Edit::SetMoveTime { key: id, which: MoveTime::ALL[small % 4], to: to(near, 1.0) },
            3 => Edit::ShiftHand { keys: vec![id, other], by: Seconds(0.4 * self.how) },
            4 => Edit::SetPhoneStart { phone, to: to(edge, 0.5) },
            5 => Edit::SetPhoneEnd { phone, to: to(edge, 0.5) },
            // Far enough to open and to close silences.
            6 => Edit::SetPhoneEnd { phone, to: to(edge, 4.0) },
            7 => Edit::ResetKeys { keys: vec![other, id] },
            8 => Edit::SetLocked { keys: vec![id], locked: small < 8 },
            9 => Edit::ChooseReading { word, reading: small % 3 },
            10 | 11 => {
                let typed = READINGS[text][small % 4];
                let reading = language::reading_from_user(typed, TEXTS[text].0).expect("a reading");
                Edit::AddReading { word, reading }
            }
            12 => Edit::SetCue {
                key: id,
                shape: HandShape(self.small % 8 + 1),
                position: Position::ALL[small % 7],
                movement: None,
                gloss: Some("as the user says it".into()),
            },
            13 => Edit::AddMarker { time: near, text: "here".into(), colour: self.small % 8 },
            14 => {
                let range = TimeRange::new(near, near + Seconds(0.5));
                Edit::AddMask { range, parts: Parts::ALL, halo: Seconds(0.1) }
            }
            15 => Edit::SetTitle(format!("title {small}")),
            25 => {
                let range = TimeRange::new(near, near + Seconds(0.02 + self.how.abs()));
                let kind = ExpressionKind::ALL[small % 16];
                Edit::AddExpression { range, kind, strength: 2.2 * self.which as f32 }
            }
            26 => match project.marks.expressions.get(of(project.marks.expressions.len())) {
                Some(mark) if small % 4 == 0 => Edit::RemoveExpressions(vec![mark.id]),
                Some(mark) => {
                    let range = TimeRange::new(to(mark.range.start, 2.0), mark.range.end);
                    Edit::SetExpression(ExpressionMark { range, strength: 1.3, ..*mark })
                }
                None => Edit::RemoveExpressions(Vec::new()),
            },
            27 => Edit::SetTone { word, syllable: small % 3, strength: [0.0, 1.0, 1.7, 2.5][small % 4] },
            28 => {
                let accent = Accent { range: TimeRange::new(near, near + Seconds(0.3)), strength: self.how as f32 };
                Edit::SetVoice(Box::new(Voice { accents: vec![accent], phrases: Vec::new() }))
            }
            17 => {
                let middle = project.tiers.phones.get(phone).map_or(edge, |p| Seconds((p.start.0 + p.end.0) / 2.0));
                Edit::Segments(SegmentEdit::SplitPhone { phone, at: to(middle, 0.02) })
            }
            18 => Edit::Segments(SegmentEdit::MergePhones { phone }),
            19 => {
                let tiers = LinkedTiers { keys: small % 2 == 0, ..LinkedTiers::ALL };
                Edit::Segments(SegmentEdit::MoveBoundaries { at: edge, to: to(edge, 0.3), tiers })
            }
            21 => Edit::RemoveReading { word },
            22 => {
                let symbols: Vec<&str> = phonetics::symbols(TEXTS[text].0).map(|(s, _)| s).collect();
                Edit::SetPhone { phone, symbol: symbols[(small * 7) % symbols.len()].to_owned() }
            }
            23 => Edit::SetChart(another_chart(TEXTS[text].0, small)),
            24 => project.cue_all_the_same(id).unwrap_or(Edit::ResetKeys { keys: vec![id] }),
            29 | 30 => {
                let range = TimeRange::new(near, near + Seconds(0.5));
                let mut what = Refinement { range, name: format!("layer {small}"), ..Refinement::default() };
                what.change_key(near, |key| key.change.fingers[small % 5].curl = 0.5);
                match project.marks.hands.get(of(project.marks.hands.len())) {
                    Some(layer) if self.kind == 30 => Edit::SetHandLayer(Box::new(HandLayer { id: layer.id, what })),
                    _ => Edit::AddHandLayer(Box::new(what)),
                }
            }
            31 | 32 => {
                let hands = &project.marks.hands;
                let layer = hands.get(of(hands.len())).map_or(MarkId(0), |h| h.id);
                match self.kind {
                    31 => Edit::MoveHandLayer { layer, to: small % 5 },
                    _ => Edit::RemoveHandLayers(vec![layer]),
                }
            }
            20 => Edit::Segments(SegmentEdit::MoveEdgeAlone { phone, start: small % 2 == 0, to: to(edge, 0.5) }),
            _ => {
                let inner = |kind: u8| Self { kind, ..self.clone() }.edit(text, project);
                Edit::Many { name: "Many", edits: vec![inner(small as u8 % 16), inner(2), inner(0), inner(10)] }
            }
        }
    }
}

/// The built-in chart, the template, or the built-in one with a vowel and a consonant elsewhere.
fn another_chart(language: Language, small: usize) -> Option<OwnChart> {
    let shipped: Vec<&Chart> = Chart::all_of(language).collect();
    let mut chart = shipped[small % shipped.len()].clone();
    let slots = chart.slots();
    for (i, slot) in slots.iter().enumerate().filter(|(i, _)| (i + small).is_multiple_of(9) && !small.is_multiple_of(4))
    {
        let place = |n: usize| Position::ALL[n % 7];
        let value = match chart.get(slot) {
            Some(Value::Shape(_)) => Value::Shape(HandShape((i % 8) as u8 + 1)),
            Some(Value::Places(_)) if matches!(slot, Slot::Vowel(..)) && i % 2 == 0 => {
                Value::Places(vec![place(i), place(i + small)])
            }
            Some(Value::Places(_)) => Value::Places(vec![place(small)]),
            Some(other) => other,
            None => continue,
        };
        chart.set(slot, &value, Chart::builtin(language)).expect("values that exist");
    }
    OwnChart::new(chart)
}

/// What follows from everything at once.
fn derived_whole(project: &Project) -> Project {
    let mut whole = project.clone();
    derive::keys(&mut whole);
    derive::times(&mut whole);
    whole
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever is done in whatever order: what is derived around each change is what would be derived from the whole,
    /// invariants hold, a refused edit changes nothing, and undoing everything gives the beginning back to the bit.
    #[test]
    fn any_edits_derive_locally_and_can_be_undone(
        (text, start) in any_project(),
        wishes in prop::collection::vec(any_wish(), 1..25),
    ) {
        let mut document = Document::new(start.clone());
        let mut board = Board::new(&start);
        for wish in &wishes {
            let edit = wish.edit(text, document.project());
            let before = document.project().clone();
            if document.apply(&edit).is_err() {
                prop_assert_eq!(document.project(), &before, "{:?}", edit);
            }
            prop_assert_eq!(document.project().broken_invariant(), None);
            prop_assert_eq!(document.project(), &derived_whole(document.project()), "{:?}", edit);
            for (i, key) in document.project().tiers.keys.iter().enumerate() {
                prop_assert_eq!(document.key_index(key.id), Some(i));
                prop_assert_eq!(document.project().key_index(key.id), Some(i));
            }
            // What is on show follows without being made anew, sometimes several steps at once.
            if wish.small % 3 > 0 {
                let changes = document.take_changes();
                board.follow(document.project(), &changes);
                prop_assert_eq!(&board, &Board::new(document.project()), "{:?}", edit);
            }
        }
        let end = document.project().clone();
        let steps = document.history().done().len();
        for _ in 0..steps {
            document.undo();
            prop_assert_eq!(document.project().broken_invariant(), None);
        }
        prop_assert_eq!(document.project(), &start);
        let changes = document.take_changes();
        board.follow(document.project(), &changes);
        prop_assert_eq!(&board, &Board::new(&start));
        for _ in 0..steps {
            document.redo();
            let changes = document.take_changes();
            board.follow(document.project(), &changes);
        }
        prop_assert_eq!(document.project(), &end);
        prop_assert_eq!(&board, &Board::new(&end));
    }

    /// A drag over any edits ends as its last edit alone would, and whoever follows the changes has the same project.
    #[test]
    fn drags_leave_one_step_and_can_be_followed(
        (text, start) in any_project(),
        wishes in prop::collection::vec(any_wish(), 1..8),
        cancel in any::<bool>(),
    ) {
        let mut document = Document::new(start.clone());
        let mut copy = start.clone();
        document.begin_drag("Drag");
        let mut last = None;
        for wish in &wishes {
            let edit = wish.edit(text, &start);
            if document.drag(&edit).is_ok() {
                last = Some(edit);
            }
        }
        if cancel {
            document.cancel_drag();
            prop_assert_eq!(document.project(), &start);
        } else {
            document.end_drag();
            let mut alone = Document::new(start.clone());
            if let Some(edit) = &last {
                alone.apply(edit).expect("it was taken in the drag");
            }
            prop_assert_eq!(document.project(), alone.project());
            prop_assert_eq!(document.history().done().len(), alone.history().done().len());
            document.undo();
            prop_assert_eq!(document.project(), &start);
            document.redo();
        }
        for change in document.take_changes() {
            prop_assert!(change.step.go(&mut copy, change.back));
        }
        prop_assert_eq!(document.project(), &copy);
    }
}

#[test]
fn a_step_that_does_not_fit_changes_nothing() {
    let mut document = mandarin();
    let key = document.project().tiers.keys[2].clone();
    let (key, other) = (key.id, HandShape(key.shape().0 % 8 + 1));
    let step = document.apply(&Edit::SetShape { key, shape: Some(other) }).expect("legal").expect("a change").clone();
    let after = document.project().clone();
    let mut project = after.clone();
    assert!(!step.go(&mut project, false), "done twice");
    assert_eq!(project, after);
    assert!(step.go(&mut project, true));
    project.tiers.keys.clear();
    assert!(!step.go(&mut project, false), "the keys are gone");
}

#[test]
fn one_reading_is_given_to_all_words_written_the_same() {
    let mut document = Document::new(project("Le fils dort. Un fils mange. Mon fils rit.", Language::French));
    let is_son = |document: &Document, i: &usize| document.project().tiers.utterance.words[*i].text == "fils";
    let sons: Vec<usize> =
        (0..document.project().tiers.utterance.words.len()).filter(|i| is_son(&document, i)).collect();
    let [first, second, third] = sons[..] else { panic!("three words: {sons:?}") };
    assert_eq!(document.project().read_otherwise(first), [0_usize; 0]);
    let reading = language::reading_from_user("fil", Language::French).expect("threads");
    document.apply(&Edit::AddReading { word: first, reading }).expect("legal");
    assert_eq!(document.project().read_otherwise(first), [second, third]);
    let before = document.project().clone();
    // What is locked is not taken along.
    let keys = before.tiers.keys.iter().filter(|k| k.rule.word == third).map(|k| k.id).collect();
    document.apply(&Edit::SetLocked { keys, locked: true }).expect("legal");
    assert_eq!(document.project().read_otherwise(first), [second]);
    document.undo();
    let edit = document.project().read_all_the_same(first).expect("two to change");
    document.apply(&edit).expect("legal");
    let said = |i: usize| document.project().tiers.utterance.words[i].syllables().to_vec();
    assert_eq!((said(second), said(third)), (said(first), said(first)));
    assert_eq!(document.project().read_all_the_same(first), None);
    assert!(document.project().is_remembered(second) && document.project().settings.lexicon.len() == 1);
    document.undo();
    assert_eq!(document.project(), &before);
}
