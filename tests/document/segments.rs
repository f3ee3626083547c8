//! Splitting, merging, moving together, tapping, pasting: what follows, what stays, what is refused.

use super::*;
use cueloom::document::edit_segments::{CopiedCue, LinkedTiers, PasteParts, SegmentEdit, SegmentError};
use cueloom::document::marks::{Accepted, Take};
use cueloom::pose::parts::{Part, Parts};

fn symbols(project: &Project) -> Vec<String> {
    project.tiers.utterance.phones().map(|p| p.phone.symbol.clone()).collect()
}

fn apply(document: &mut Document, edit: SegmentEdit) {
    document.apply(&Edit::Segments(edit)).expect("the edit is taken").expect("something changed");
}

fn refused(document: &mut Document, edit: SegmentEdit) -> EditError {
    let before = document.project().clone();
    let error = document.apply(&Edit::Segments(edit)).expect_err("the edit is refused");
    assert_eq!(document.project(), &before, "a refused edit changes nothing");
    error
}

#[test]
fn a_phone_is_split_and_merged_and_keys_follow() {
    let mut document = mandarin();
    let before = document.project().clone();
    let changed_key = before.tiers.keys[0].id;
    document.apply(&Edit::SetShape { key: changed_key, shape: Some(HandShape(7)) }).expect("a change of another word");
    let phone = before.tiers.phones.len() - 1;
    let time = before.tiers.phones[phone];
    let at = Seconds((time.start.0 + time.end.0) / 2.0);
    apply(&mut document, SegmentEdit::SplitPhone { phone, at });
    let after = document.project();
    let (old, new) = (symbols(&before), symbols(after));
    assert_eq!(new.len(), old.len() + 1);
    assert_eq!(new[phone], new[phone + 1], "the symbol is repeated");
    assert_eq!((after.tiers.phones[phone].end, after.tiers.phones[phone + 1].start), (at, at));
    assert!(after.tiers.keys.len() > before.tiers.keys.len(), "a second vowel has a key of its own");
    assert_eq!(after.key(changed_key).map(|k| k.shape()), Some(HandShape(7)), "other words keep their changes");

    apply(&mut document, SegmentEdit::MergePhones { phone });
    let merged = document.project();
    assert_eq!(symbols(merged), old);
    assert_eq!((merged.tiers.phones[phone].start, merged.tiers.phones[phone].end), (time.start, time.end));
    assert_eq!(merged.tiers.keys.len(), before.tiers.keys.len());
    document.undo().expect("back");
    document.undo().expect("back");
    document.undo().expect("back");
    assert_eq!(document.project(), &before);
}

#[test]
fn a_cut_at_an_end_and_a_merge_over_words_are_refused() {
    let mut document = mandarin();
    let time = document.project().tiers.phones[0];
    let near = Seconds(time.start.0 + 0.004);
    let error = refused(&mut document, SegmentEdit::SplitPhone { phone: 0, at: near });
    assert_eq!(error, EditError::Segments(SegmentError::CutOutside));
    assert_eq!(refused(&mut document, SegmentEdit::SplitPhone { phone: 0, at: Seconds(f64::NAN) }), EditError::BadTime);
    let words = document.project().word_phones();
    let last_of_first = words[0].end - 1;
    let error = refused(&mut document, SegmentEdit::MergePhones { phone: last_of_first });
    assert_eq!(error, EditError::Segments(SegmentError::OtherWord));
    let last = document.project().tiers.phones.len() - 1;
    let error = refused(&mut document, SegmentEdit::MergePhones { phone: last });
    assert_eq!(error, EditError::Segments(SegmentError::NothingAfter));
    let key = document.project().tiers.keys[0].id;
    document.apply(&Edit::SetLocked { keys: vec![key], locked: true }).expect("locked");
    let middle = Seconds((time.start.0 + time.end.0) / 2.0);
    assert_eq!(refused(&mut document, SegmentEdit::SplitPhone { phone: 0, at: middle }), EditError::Locked);
}

#[test]
fn words_are_split_and_merged_with_their_times() {
    let mut document = mandarin();
    let before = document.project().clone();
    let word = before.tiers.utterance.words.iter().position(|w| w.text == "银行").expect("the bank");
    let (last_word, last_key) = (before.tiers.utterance.words.len() - 1, before.tiers.keys.last().expect("keys").id);
    document.apply(&Edit::SetShape { key: last_key, shape: Some(HandShape(8)) }).expect("a change in a later word");
    apply(&mut document, SegmentEdit::SplitWord { word, at_char: 1 });
    let split = document.project();
    let texts: Vec<&str> = split.tiers.utterance.words.iter().map(|w| w.text.as_str()).collect();
    assert_eq!(texts[word..word + 2], ["银", "行"]);
    assert_eq!(split.tiers.phones, before.tiers.phones, "as many sounds as before: their times stay");
    let key = split.key(last_key).expect("the key of a later word is the same one");
    assert_eq!((key.shape(), key.rule.word), (HandShape(8), last_word + 1));
    let (a, b) = (&split.tiers.utterance.words[word].source, &split.tiers.utterance.words[word + 1].source);
    assert_eq!((a.end, b.end), (b.start, before.tiers.utterance.words[word].source.end));

    apply(&mut document, SegmentEdit::MergeWords { word });
    let merged = document.project();
    assert_eq!(merged.tiers.utterance.words[word].text, "银行");
    assert_eq!(merged.key(last_key).map(|k| (k.shape(), k.rule.word)), Some((HandShape(8), last_word)));
    assert_eq!(merged.tiers.phones.len(), before.tiers.phones.len());
    assert_eq!(
        refused(&mut document, SegmentEdit::SplitWord { word, at_char: 0 }),
        EditError::Segments(SegmentError::CutWord)
    );
    assert_eq!(
        refused(&mut document, SegmentEdit::SplitWord { word, at_char: 2 }),
        EditError::Segments(SegmentError::CutWord)
    );
    let last = document.project().tiers.utterance.words.len() - 1;
    assert_eq!(
        refused(&mut document, SegmentEdit::MergeWords { word: last }),
        EditError::Segments(SegmentError::NothingAfter)
    );
}

#[test]
fn two_english_words_become_one_that_keeps_its_space_and_its_sounds() {
    let mut document = Document::new(project("a zebra xylograph plays", Language::AmericanEnglish));
    let count = document.project().tiers.phones.len();
    let word = 2;
    apply(&mut document, SegmentEdit::MergeWords { word });
    let merged = &document.project().tiers.utterance.words[word];
    assert_eq!(merged.text, "xylograph plays");
    assert!(document.project().tiers.phones.len() >= count - 2, "the readings of both stand together");
}

#[test]
fn shift_drag_takes_everything_at_a_time_along() {
    let mut document = mandarin();
    let at = document.project().tiers.phones[3].start;
    document.apply(&Edit::AddMarker { time: at, text: "here".into(), colour: 0 }).expect("a marker");
    let range = TimeRange::new(at, at + Seconds(0.3));
    let parts = Parts::NONE.with(Part::Lips);
    document.apply(&Edit::AddMask { range, parts, halo: Seconds(0.1) }).expect("a mask");
    let key = document.project().tiers.keys[1].id;
    let which = MoveTime::PositionEnd;
    document.apply(&Edit::SetMoveTime { key, which, to: at }).expect("a move ends there");
    let to = at + Seconds(0.03);
    apply(&mut document, SegmentEdit::MoveBoundaries { at, to, tiers: LinkedTiers::ALL });
    let after = document.project();
    assert_eq!((after.tiers.phones[2].end, after.tiers.phones[3].start), (to, to));
    assert_eq!(after.marks.markers[0].time, to);
    assert_eq!(after.marks.masks[0].range.start, to);
    assert!((after.key(key).expect("the key").times.m2 - to).0.abs() < 1e-9);
    document.undo().expect("one step");
    assert_eq!(document.project().marks.markers[0].time, at);

    // Far beyond the next sound: as far as there is room. Locked tiers stay.
    let tiers = LinkedTiers { markers: false, ..LinkedTiers::ALL };
    apply(&mut document, SegmentEdit::MoveBoundaries { at, to: at + Seconds(5.0), tiers });
    let after = document.project();
    assert!(after.tiers.phones[3].start < after.tiers.phones[3].end);
    assert_eq!(after.marks.markers[0].time, at);
}

#[test]
fn taps_give_the_keys_their_sounds_in_order() {
    let mut document = mandarin();
    let before = document.project().clone();
    let first = before.tiers.keys[1].id;
    let starts: Vec<usize> = before.tiers.keys[1..4].iter().map(|k| k.rule.phones.start).collect();
    let onsets: Vec<Seconds> = starts
        .iter()
        .enumerate()
        .map(|(i, p)| before.tiers.phones[*p].start + Seconds(0.02 + 0.01 * i as f64))
        .collect();
    apply(&mut document, SegmentEdit::RetimeKeys { first, onsets: onsets.clone() });
    let after = document.project();
    for (start, onset) in starts.iter().zip(&onsets) {
        assert!((after.tiers.phones[*start].start - *onset).0.abs() < 1e-9);
        assert!(after.tiers.phones[*start].fixed);
    }
    let untouched = before.tiers.keys[4].rule.phones.start;
    assert_eq!(after.tiers.phones[untouched..], before.tiers.phones[untouched..], "what was not tapped stays");

    // Wild taps stay in order and inside the recording.
    for wild in
        [vec![9.0, 9.0, 9.0], vec![-3.0, 0.0, 0.0], vec![0.9; 60], (0..60).map(|i| f64::from(i) * 2.0).collect()]
    {
        let onsets = wild.into_iter().map(Seconds).collect();
        document.apply(&Edit::Segments(SegmentEdit::RetimeKeys { first, onsets })).expect("taken as far as it goes");
        assert_eq!(document.project().broken_invariant(), None);
        let length = document.project().sound.length;
        assert!(document.project().tiers.phones.iter().all(|p| p.end.0 <= length.0 + 1e-9));
    }
}

#[test]
fn pasting_replaces_cues_in_one_step_and_can_leave_parts_alone() {
    let mut document = mandarin();
    let before = document.project().clone();
    let from = before.tiers.keys[1].id;
    let cue = |shape, position, shift| CopiedCue {
        shape: HandShape(shape),
        position,
        movement: Some(None),
        shift: Some([shift; 4]),
    };
    let cues = vec![cue(8, Position::Throat, -0.02), cue(7, Position::Chin, 0.0)];
    apply(&mut document, SegmentEdit::PasteCues { from, cues: cues.clone(), parts: PasteParts::ALL });
    let after = document.project();
    assert_eq!((after.tiers.keys[1].shape(), after.tiers.keys[1].position()), (HandShape(8), Position::Throat));
    assert_eq!(after.tiers.keys[1].edits.shift, [-0.02; 4]);
    assert_eq!((after.tiers.keys[2].shape(), after.tiers.keys[2].position()), (HandShape(7), Position::Chin));
    document.undo().expect("one step");
    assert_eq!(document.project(), &before);

    let parts = PasteParts { shape: true, place: false, timing: false };
    apply(&mut document, SegmentEdit::PasteCues { from, cues: cues.clone(), parts });
    let after = document.project();
    assert_eq!(after.tiers.keys[1].shape(), HandShape(8));
    assert_eq!(after.tiers.keys[1].position(), before.tiers.keys[1].position());
    assert_eq!(after.tiers.keys[1].edits.shift, [0.0; 4]);

    document.apply(&Edit::SetLocked { keys: vec![before.tiers.keys[2].id], locked: true }).expect("locked");
    let edit = SegmentEdit::PasteCues { from, cues, parts: PasteParts::ALL };
    assert_eq!(refused(&mut document, edit), EditError::Locked);
    let bad = CopiedCue { shape: HandShape(0), position: Position::Neutral, movement: None, shift: None };
    let edit = SegmentEdit::PasteCues { from, cues: vec![bad], parts: PasteParts::ALL };
    assert_eq!(refused(&mut document, edit), EditError::BadShape);
}

#[test]
fn masks_are_split_and_merged() {
    let mut document = mandarin();
    let parts = Parts::NONE.with(Part::Lips);
    let range = TimeRange::new(Seconds(0.5), Seconds(1.5));
    document.apply(&Edit::AddMask { range, parts, halo: Seconds(0.1) }).expect("a mask");
    let id = document.project().marks.masks[0].id;
    let take = Take {
        id,
        mask: id,
        range,
        parts,
        halo: Seconds(0.1),
        generator: "rules".into(),
        parameters: vec![],
        seed: 1,
        parent: None,
        poses: String::new(),
        base: String::new(),
    };
    let keep = Edit::KeepTakes { mask: id, takes: vec![take], accepted: Some((0, parts)) };
    document.apply(&keep).expect("a take in force");
    apply(&mut document, SegmentEdit::SplitMask { mask: id, at: Seconds(1.0) });
    let masks = &document.project().marks.masks;
    assert_eq!((masks[0].range.end, masks[1].range.start), (Seconds(1.0), Seconds(1.0)));
    let accepted: Vec<&Vec<Accepted>> = masks.iter().map(|m| &m.accepted).collect();
    assert!(accepted[0] == accepted[1] && !accepted[0].is_empty(), "both halves show what the whole showed");
    let ids = vec![masks[0].id, masks[1].id];
    apply(&mut document, SegmentEdit::MergeMasks(ids.clone()));
    let whole = &document.project().marks.masks;
    assert_eq!((whole.len(), whole[0].range, whole[0].accepted.is_empty()), (1, range, false));
    assert_eq!(
        refused(&mut document, SegmentEdit::MergeMasks(vec![ids[0]])),
        EditError::Segments(SegmentError::TooFewMasks)
    );
    assert_eq!(
        refused(&mut document, SegmentEdit::SplitMask { mask: id, at: Seconds(0.501) }),
        EditError::Segments(SegmentError::CutOutside)
    );
}

#[test]
fn a_pause_opens_when_an_edge_moves_alone() {
    let mut document = mandarin();
    let end = document.project().tiers.phones[1].end;
    let edit = SegmentEdit::MoveEdgeAlone { phone: 1, start: false, to: end - Seconds(0.03) };
    apply(&mut document, edit);
    let phones = &document.project().tiers.phones;
    assert!((phones[1].end - (end - Seconds(0.03))).0.abs() < 1e-9);
    assert_eq!(phones[2].start, end, "the neighbour stays");
}
