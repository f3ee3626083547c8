//! Projects as documents: edits, history, saving, and what survives.

#[path = "document/store.rs"]
mod store;

use cueloom::cueing::{HandShape, Position};
use cueloom::document::edit::{Document, Edit, EditError, MoveTime};
use cueloom::document::file::{self, FileError};
use cueloom::document::marks::Marks;
use cueloom::document::{
    KeyId, MediaRef, PROJECT_SCHEMA, PhoneTime, Project, Settings, Sound, SoundOrigin, TIER_SCHEMA, Tiers, derive,
};
use cueloom::language::{self, Language, ReadingOptions};
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
        sound: Sound { media, origin: SoundOrigin::Recording, length: Seconds(1.6 + 0.12 * count as f64) },
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
    std::fs::write(&path, &text[..text.len() / 2]).expect("written");
    match file::load(dir.path()) {
        Err(FileError::Syntax { line, .. }) => assert!(line > 1),
        other => panic!("a cut file gave {other:?}"),
    }
    std::fs::write(&path, text.replacen("schema: 2", "schema: 999", 1)).expect("written");
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

fn any_edit(key_count: u64, phone_count: usize) -> impl Strategy<Value = Edit> {
    let key = (0..key_count).prop_map(KeyId);
    prop_oneof![
        (key.clone(), 1u8..=8).prop_map(|(key, s)| Edit::SetShape { key, shape: Some(HandShape(s)) }),
        (key.clone(), 0usize..7).prop_map(|(key, p)| Edit::SetPosition { key, position: Some(Position::ALL[p]) }),
        (key.clone(), 0usize..4, -1.0f64..4.0).prop_map(|(key, w, to)| Edit::SetMoveTime {
            key,
            which: MoveTime::ALL[w],
            to: Seconds(to)
        }),
        (key.clone(), -0.5f64..0.5).prop_map(|(k, by)| Edit::ShiftHand { keys: vec![k], by: Seconds(by) }),
        (0..phone_count, -1.0f64..4.0).prop_map(|(phone, to)| Edit::SetPhoneStart { phone, to: Seconds(to) }),
        (0..phone_count, -1.0f64..4.0).prop_map(|(phone, to)| Edit::SetPhoneEnd { phone, to: Seconds(to) }),
        key.clone().prop_map(|k| Edit::ResetKeys { keys: vec![k] }),
        (key, any::<bool>()).prop_map(|(k, locked)| Edit::SetLocked { keys: vec![k], locked }),
        (0usize..5, 0usize..3).prop_map(|(word, reading)| Edit::ChooseReading { word, reading }),
        Just(Edit::SetTitle("x".into())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is done in whatever order, invariants hold, and undoing everything gives the beginning back.
    #[test]
    fn any_edits_can_be_undone(edits in prop::collection::vec(any_edit(8, 14), 1..25)) {
        let mut document = mandarin();
        let start = document.project().clone();
        for edit in &edits {
            let _ = document.apply(edit);
            prop_assert_eq!(document.project().broken_invariant(), None);
        }
        let end = document.project().clone();
        let steps = document.history().done().len();
        for _ in 0..steps {
            document.undo();
        }
        prop_assert_eq!(document.project(), &start);
        for _ in 0..steps {
            document.redo();
        }
        prop_assert_eq!(document.project(), &end);
    }
}
