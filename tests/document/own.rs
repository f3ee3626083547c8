//! Charts, sounds and keys of a project's own.

use super::*;
use cueloom::language::ReadingSource;

#[test]
fn a_chart_of_its_own_is_used_saved_and_refused_for_another_language() {
    let mut document = Document::new(project("Bonjour, le bateau est beau.", Language::French));
    let before = document.project().clone();
    let base = Chart::builtin(Language::French);
    let mut chart = base.clone();
    chart.set(&Slot::Consonant("b".into(), None), &Value::Shape(HandShape(8)), base).expect("a cell");
    // What the user changed by hand or locked stays as it is under any chart.
    let with_b: Vec<KeyId> = before.tiers.keys.iter().filter(|k| k.signature[0] == "b").map(|k| k.id).collect();
    let [own, locked, plain] = with_b[..] else { panic!("three keys with b: {with_b:?}") };
    document.apply(&Edit::SetShape { key: own, shape: Some(HandShape(2)) }).expect("legal");
    document.apply(&Edit::SetLocked { keys: vec![locked], locked: true }).expect("legal");
    let start = document.project().clone();
    document.apply(&Edit::SetChart(OwnChart::new(chart))).expect("legal").expect("it changes keys");
    let shape = |id: KeyId| document.project().key(id).map(|k| k.shape().0);
    assert_eq!((shape(own), shape(locked), shape(plain)), (Some(2), Some(4), Some(8)));
    assert_eq!(document.project().broken_invariant(), None);

    let dir = tempfile::tempdir().expect("a temporary folder");
    file::save(dir.path(), document.project()).expect("saved");
    assert_eq!(&file::load(dir.path()).expect("read"), document.project());
    // A chart in a project that was changed by hand is checked as any other.
    let path = dir.path().join(file::FILE_NAME);
    let text = std::fs::read_to_string(&path).expect("read");
    let wrong = text.replacen("phone: \"b\"", "phone: \"θ\"", 1).replacen("phone:\"b\"", "phone:\"θ\"", 1);
    assert_ne!(wrong, text);
    std::fs::write(&path, wrong).expect("written");
    let error = file::load(dir.path()).expect_err("no French sound").to_string();
    assert!(error.contains("θ"), "{error}");

    let foreign = OwnChart::new(Chart::shipped("eng-GB").expect("there").clone());
    assert_eq!(document.apply(&Edit::SetChart(foreign)).err(), Some(EditError::ForeignChart));
    document.undo();
    assert_eq!(document.project(), &start);
}

#[test]
fn a_sound_of_ones_own_survives_and_goes() {
    let mut document = mandarin();
    let before = document.project().clone();
    let phones = before.word_phones();
    let word = before.tiers.utterance.words.iter().position(|w| w.text == "银行").expect("the word");
    let third = phones[word].start + 2;
    document.apply(&Edit::SetPhone { phone: third, symbol: "k".into() }).expect("legal").expect("a change");
    let said = |p: &Project| {
        let it = &p.tiers.utterance.words[word];
        (it.readings[it.chosen].label.clone(), it.readings[it.chosen].source)
    };
    assert_eq!(said(document.project()), ("yín káng".to_owned(), ReadingSource::User));
    assert_eq!(document.project().tiers.phones, before.tiers.phones, "times stay");
    // Other settings and charts derive all keys anew.
    let mut settings = document.project().settings.clone();
    settings.switches.pre_glide_position = cueloom::cueing::chart::PreGlidePosition::Side;
    document.apply(&Edit::SetSettings(Box::new(settings))).expect("legal");
    document.apply(&Edit::SetChart(another_chart(Language::Mandarin, 5))).expect("legal");
    assert_eq!(said(document.project()).0, "yín káng");
    let unknown = Edit::SetPhone { phone: third, symbol: "θ".into() };
    assert_eq!(document.apply(&unknown).err(), Some(EditError::NoSound));
    document.apply(&Edit::RemoveReading { word }).expect("legal");
    assert_eq!(document.project().tiers.utterance.words, before.tiers.utterance.words);
    assert_eq!(document.apply(&Edit::RemoveReading { word }).err(), Some(EditError::NoReading), "there is none");
}

#[test]
fn keys_of_the_same_sounds_are_shown_alike_and_so_are_those_to_come() {
    let mut document = Document::new(project("Papa rit. Papi dort. Mon pas.", Language::French));
    let before = document.project().clone();
    let pa = |p: &Project| -> Vec<KeyId> {
        p.tiers.keys.iter().filter(|k| k.signature == ["p", "a"]).map(|k| k.id).collect()
    };
    let ids = pa(&before);
    assert_eq!(ids.len(), 4);
    document.apply(&Edit::SetShape { key: ids[0], shape: Some(HandShape(7)) }).expect("legal");
    document.apply(&Edit::SetLocked { keys: vec![ids[3]], locked: true }).expect("legal");
    assert_eq!(document.project().cued_otherwise(ids[0]), ids[1..3]);
    let edit = document.project().cue_all_the_same(ids[0]).expect("two to change");
    document.apply(&edit).expect("legal");
    let shapes = |p: &Project| -> Vec<u8> {
        p.tiers.keys.iter().filter(|k| k.signature == ["p", "a"]).map(|k| k.shape().0).collect()
    };
    assert_eq!(shapes(document.project()), [7, 7, 7, 1], "a locked key stays");
    assert!(document.project().is_cue_remembered(ids[1]));
    assert_eq!(document.project().cue_all_the_same(ids[0]), None);
    // A reading makes new keys of these sounds.
    let word = before.tiers.utterance.words.iter().position(|w| w.text == "rit").expect("the word");
    let reading = language::reading_from_user("/papa/", Language::French).expect("sounds");
    document.apply(&Edit::AddReading { word, reading }).expect("legal");
    assert_eq!(shapes(document.project()), [7, 7, 7, 7, 7, 1]);
    // By the rule again, all of them.
    document.apply(&Edit::SetShape { key: ids[0], shape: None }).expect("legal");
    let edit = document.project().cue_all_the_same(ids[0]).expect("the others");
    document.apply(&edit).expect("legal");
    assert_eq!(shapes(document.project()), [1, 1, 1, 1, 1, 1]);
    assert!(document.project().settings.cues.is_empty());
    while document.undo().is_some() {}
    assert_eq!(document.project(), &before);
}
