//! The timeline under hands and keys: boxes, boundaries, cuts, masks, markers, typing, pasting, tapping, tiers.

use super::*;
use egui::accesskit::Toggled;
use egui::{Event, Pos2};
use egui_kittest::kittest::NodeT as _;

impl Window {
    fn selection_count(&self) -> usize {
        self.harness.query_all_by(|n| n.role() == Role::ListBoxOption && n.toggled() == Some(Toggled::True)).count()
    }

    /// Names of everything whose name begins so.
    pub(super) fn labelled(&self, start: &str) -> Vec<String> {
        let begins = |l: &String| l.starts_with(start);
        let nodes = self.harness.query_all_by(|n| n.label().as_ref().is_some_and(begins));
        nodes.filter_map(|n| n.accesskit_node().label()).collect()
    }

    pub(super) fn rect(&self, start: &str) -> egui::Rect {
        self.harness.get_by(|n| n.label().is_some_and(|l| l.starts_with(start))).rect()
    }

    /// A segment of the timeline, not what is called the same in a panel.
    pub(super) fn segment(&self, start: &str) -> egui::Rect {
        let begins = |l: String| l.starts_with(start);
        self.harness.get_by(|n| n.role() == Role::ListBoxOption && n.label().is_some_and(begins)).rect()
    }

    /// Presses, moves in ten steps and lets go.
    pub(super) fn drag(&mut self, from: Pos2, to: Pos2, modifiers: Modifiers) {
        self.harness.event(Event::ModifiersChanged(modifiers));
        self.harness.hover_at(from);
        self.harness.step();
        self.button(from, true, modifiers);
        self.harness.step();
        for i in 1..=10 {
            self.harness.hover_at(from + (to - from) * (i as f32 / 10.0));
            self.harness.step();
        }
        self.button(to, false, modifiers);
        self.harness.step();
        self.harness.event(Event::ModifiersChanged(Modifiers::NONE));
        self.harness.event(Event::PointerGone);
        self.settle();
    }

    pub(super) fn button(&mut self, pos: Pos2, pressed: bool, modifiers: Modifiers) {
        let button = egui::PointerButton::Primary;
        self.harness.event(Event::PointerButton { pos, button, pressed, modifiers });
    }

    /// Clicks the ruler: to about three milliseconds.
    pub(super) fn seek(&mut self, time: Seconds) {
        let ruler = self.rect("Playhead");
        let x = ruler.left() + ruler.width() * (time.0 / self.project().length().0) as f32;
        let at = Pos2::new(x, ruler.center().y);
        self.harness.hover_at(at);
        self.harness.step();
        self.button(at, true, Modifiers::NONE);
        self.harness.step();
        self.button(at, false, Modifiers::NONE);
        self.harness.step();
        self.harness.event(Event::PointerGone);
        self.settle();
    }

    /// The boundary at the left edge of a segment.
    pub(super) fn edge_before(&self, segment: &str) -> egui_kittest::Node<'_> {
        let rect = self.rect(segment);
        let is_edge = |n: &egui_kittest::Node<'_>| {
            let r = n.rect();
            n.accesskit_node().role() == Role::Splitter
                && r.x_range().contains(rect.left())
                && r.y_range().contains(rect.center().y)
        };
        let mut edges = self
            .harness
            .query_all_by(|n| n.label().is_some_and(|l| l.starts_with("Boundary") || l.starts_with("Start of")));
        edges.find(is_edge).expect("a boundary stands there")
    }

    /// A sound that touches the one before it, neither of them too short to be dragged.
    pub(super) fn touching_phone(&self) -> usize {
        let phones = &self.project().tiers.phones;
        let long = |p: &cueloom::document::PhoneTime| (p.end - p.start).0 > 0.09;
        let found = (2..phones.len() - 1)
            .find(|i| phones[i - 1].end == phones[*i].start && long(&phones[*i]) && long(&phones[i - 1]));
        found.expect("two long sounds that touch")
    }

    pub(super) fn click_start(&mut self, start: &str) {
        self.harness.get_by(|n| n.label().is_some_and(|l| l.starts_with(start))).click();
        self.settle();
    }

    pub(super) fn double_click(&mut self, at: Pos2) {
        self.harness.hover_at(at);
        // A click just before would make a triple one of it.
        self.harness.run_steps(60);
        for _ in 0..2 {
            self.button(at, true, Modifiers::NONE);
            self.harness.step();
            self.button(at, false, Modifiers::NONE);
            self.harness.step();
        }
        self.harness.event(Event::PointerGone);
        self.settle();
    }

    pub(super) fn masks(&self) -> &[cueloom::document::marks::Mask] {
        &self.project().marks.masks
    }
}

#[test]
fn a_box_selects_what_it_crosses_on_every_tier() {
    let mut window = Window::open();
    let from = window.rect("Word 1:");
    let to = window.rect("Phone 4:");
    window.drag(from.center(), Pos2::new(to.left() + 4.0, to.bottom() - 4.0), Modifiers::NONE);
    let selected: Vec<String> = window
        .harness
        .query_all_by(|n| n.role() == Role::ListBoxOption && n.toggled() == Some(Toggled::True))
        .filter_map(|n| n.accesskit_node().label())
        .collect();
    assert!(selected.iter().any(|l| l.starts_with("Word 1:")), "{selected:?}");
    // The first sound is too narrow to be an element of its own.
    for n in 2..=4 {
        assert!(selected.iter().any(|l| l.starts_with(&format!("Phone {n}:"))), "{selected:?}");
    }
    assert!(!selected.iter().any(|l| l.starts_with("Phone 6:")), "{selected:?}");
    // Nothing was moved, and the selection is no step of history.
    assert!(!window.sees("Not saved"));
    window.press(Key::Escape);
    assert_eq!(window.selection_count(), 0);
}

#[test]
fn a_boundary_rolls_and_with_shift_takes_the_marker_along() {
    let mut window = Window::open();
    // A marker at a boundary of two sounds.
    let i = window.touching_phone();
    let phone = format!("Phone {}:", i + 1);
    window.click_start(&phone);
    let start = window.project().tiers.phones[i].start;
    let edge = window.edge_before(&phone).rect().center();
    let before = window.project().clone();
    window.drag(edge, edge + vec2(14.0, 0.0), Modifiers::NONE);
    let after = &window.project().tiers.phones;
    assert!(after[i].start > start, "it moved");
    assert_eq!(after[i - 1].end, after[i].start, "and rolled");
    assert_eq!(after[i - 1].start, before.tiers.phones[i - 1].start);
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.project(), &before, "one drag is one step");

    // A marker, dragged near the boundary, snaps to it.
    window.seek(start + Seconds(0.06));
    window.press(Key::M);
    let flag = window.rect("Marker 1:");
    let marker = window.project().marks.markers[0].time;
    let px_per_second = window.rect(&phone).width() / window.project().tiers.phones[i].range().length().0 as f32;
    let way = (start - marker).0 as f32 * px_per_second;
    window.drag(flag.center(), flag.center() + vec2(way + 1.0, 0.0), Modifiers::NONE);
    assert_eq!(window.project().marks.markers[0].time, start, "the edge of the sound pulls");
    // Linked: whatever stands at that time comes along.
    window.click_start(&phone);
    let edge = window.edge_before(&phone).rect().center();
    window.drag(edge, edge + vec2(14.0, 0.0), Modifiers::SHIFT);
    let project = window.project();
    assert!(project.tiers.phones[i].start > start);
    assert_eq!(project.marks.markers[0].time, project.tiers.phones[i].start, "the marker came along");
    assert_eq!(project.tiers.phones[i - 1].end, project.tiers.phones[i].start);
}

#[test]
fn boundaries_obey_the_arrow_keys() {
    let mut window = Window::open();
    window.click_start("Phone 3:");
    window.edge_before("Phone 3:").focus();
    window.settle();
    let before = window.project().tiers.phones[2].start;
    window.press(Key::ArrowRight);
    let frame = window.project().settings.fps.frame_length();
    assert!((window.project().tiers.phones[2].start - before - frame).0.abs() < 1e-6);
    window.press_with(Modifiers::COMMAND, Key::ArrowLeft);
    assert!((window.project().tiers.phones[2].start - before - frame + Seconds(0.01)).0.abs() < 1e-6);
    // The same without the focus on the handle, by command.
    window.press(Key::Escape);
    window.press_with(Modifiers::ALT, Key::Comma);
    assert!(window.project().tiers.phones[2].start < before + frame);
}

#[test]
fn times_are_typed_in_seconds_and_in_frames() {
    let mut window = Window::open();
    let at = window.rect("Phone 3:").center();
    window.double_click(at);
    assert!(window.sees("Times of the sound"));
    let before = window.project().tiers.phones[2];
    window.fill("End in seconds", "nonsense");
    window.click("Set");
    assert!(window.sees("Write a time such as"));
    let wanted = Seconds(((before.end.0 - 0.02) * 1000.0).round() / 1000.0);
    window.fill("End in seconds", &wanted.timecode());
    window.press(Key::Enter);
    assert!(!window.sees("Times of the sound"), "it closes");
    assert!((window.project().tiers.phones[2].end - wanted).0.abs() < 1e-6);
    assert_eq!(window.project().tiers.phones[2].start, before.start, "what was not typed stays");
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.project().tiers.phones[2], before);
    // Enter on a focused segment opens it as well, Escape closes it.
    window.harness.get_by(|n| n.label().is_some_and(|l| l.starts_with("Key 2: position"))).focus();
    window.settle();
    window.press(Key::Enter);
    assert!(window.sees("Times of the move"));
    window.press(Key::Escape);
    assert!(!window.sees("Times of the move"));
}

#[test]
fn sounds_are_split_at_the_playhead_and_merged_again() {
    let mut window = Window::open();
    let before = window.project().clone();
    window.click_start("Phone 2:");
    let phone = window.project().tiers.phones[1];
    window.seek(Seconds((phone.start.0 + phone.end.0) / 2.0));
    window.press(Key::X);
    assert_eq!(window.project().tiers.phones.len(), before.tiers.phones.len() + 1);
    window.press_with(Modifiers::SHIFT, Key::X);
    assert_eq!(window.project().tiers.phones.len(), before.tiers.phones.len());
    window.press_with(Modifiers::COMMAND, Key::Z);
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.project(), &before);
}

#[test]
fn a_word_is_split_at_the_caret_and_merged_from_its_field() {
    let mut window = Window::open();
    let count = window.project().tiers.utterance.words.len();
    let word = window.project().tiers.utterance.words.iter().position(|w| w.text == "银行").expect("the bank");
    let at = window.rect(&format!("Word {}: 银行", word + 1)).center();
    window.double_click(at);
    let field = window.field("Letters of the word");
    field.focus();
    window.settle();
    window.press(Key::Home);
    window.press(Key::ArrowRight);
    window.click("Split at the caret");
    assert_eq!(window.project().tiers.utterance.words.len(), count + 1);
    assert_eq!(window.project().tiers.utterance.words[word].text, "银");
    let first = format!("Word {}: 银", word + 1);
    window.harness.get_by_label(&first).focus();
    window.settle();
    window.press(Key::Enter);
    window.click("Merge with the next word");
    assert_eq!(window.project().tiers.utterance.words[word].text, "银行");
}

#[test]
fn masks_are_made_by_dragging_and_by_keys() {
    let mut window = Window::open();
    let lane = window.rect("Masks lane");
    let y = lane.center().y;
    window.drag(Pos2::new(lane.left() + 100.0, y), Pos2::new(lane.left() + 260.0, y), Modifiers::NONE);
    assert_eq!(window.masks().len(), 1);
    let first = window.masks()[0].clone();
    assert!(window.sees("Mask 1: right hand, arms"), "it is selected and read out: {:?}", window.labelled("Mask"));

    // Its edge, its body, its halo.
    let edge = window.rect("End of the mask").center();
    window.drag(edge, edge + vec2(40.0, 0.0), Modifiers::NONE);
    assert!(window.masks()[0].range.end > first.range.end);
    assert_eq!(window.masks()[0].range.start, first.range.start);
    let body = window.segment("Mask 1:").center();
    window.drag(body, body + vec2(30.0, 0.0), Modifiers::NONE);
    assert!(window.masks()[0].range.start > first.range.start);
    let halo = window.rect("End of the halo").center();
    window.drag(halo, halo + vec2(20.0, 0.0), Modifiers::NONE);
    assert!(window.masks()[0].halo > first.halo);
    for _ in 0..3 {
        window.press_with(Modifiers::COMMAND, Key::Z);
    }
    assert_eq!(window.masks(), std::slice::from_ref(&first), "three drags, three steps");

    // Locked it stays; unlocked it goes.
    window.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::M);
    assert!(window.masks()[0].locked);
    window.press(Key::Delete);
    assert_eq!(window.masks().len(), 1);
    window.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::M);
    window.press(Key::Delete);
    assert!(window.masks().is_empty());

    // By keys alone: over the selected key, cut in two, joined again.
    window.select_key(3);
    let sound = window.project().tiers.keys[2].sound();
    window.press_with(Modifiers::COMMAND, Key::M);
    assert_eq!(window.masks()[0].range, sound);
    window.seek(sound.middle());
    window.press(Key::X);
    assert_eq!(window.masks().len(), 2);
    window.press_with(Modifiers::COMMAND, Key::A);
    window.press_with(Modifiers::SHIFT, Key::X);
    assert_eq!(window.masks().len(), 1);
    assert_eq!(window.masks()[0].range, sound);
}

#[test]
fn markers_are_set_named_moved_and_visited() {
    let mut window = Window::open();
    window.seek(Seconds(0.5));
    window.press(Key::M);
    window.seek(Seconds(1.0));
    window.press(Key::M);
    assert_eq!(window.project().marks.markers.len(), 2);
    let at = window.rect("Marker 2:").center();
    window.double_click(at);
    window.fill("Text of the marker", "watch this");
    window.click("Colour C");
    window.click("Set");
    let marker = &window.project().marks.markers[1];
    assert_eq!((marker.text.as_str(), marker.colour), ("watch this", 2));
    assert!(window.sees("Marker 2: C, watch this"));
    // There and back with the keys.
    window.press_with(Modifiers::SHIFT, Key::Comma);
    assert!((window.harness.state().playhead().0 - 0.5).abs() < 0.01);
    window.press_with(Modifiers::SHIFT, Key::Period);
    assert!((window.harness.state().playhead().0 - 1.0).abs() < 0.01);
    let at = window.rect("Marker 2:").center();
    window.drag(at, at + vec2(50.0, 0.0), Modifiers::NONE);
    assert!(window.project().marks.markers[1].time.0 > 1.0);
}

#[test]
fn cues_are_copied_and_pasted_as_one_step() {
    let mut window = Window::open();
    window.select_key(1);
    window.press(Key::Num8);
    window.press(Key::T);
    let before = window.project().clone();
    window.harness.event(Event::Copy);
    window.settle();
    assert!(window.sees("Copied cues: 1"));
    window.select_key(3);
    window.harness.event(Event::Paste("8-t".into()));
    window.settle();
    let pasted = &window.project().tiers.keys[2];
    assert_eq!((pasted.shape(), pasted.position()), (HandShape(8), Position::Throat));
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.project(), &before);
    // Notation from elsewhere, several keys at once; nonsense is refused with a word.
    window.harness.event(Event::Paste("5-c 6-m".into()));
    window.settle();
    assert_eq!(window.project().tiers.keys[2].shape(), HandShape(5));
    assert_eq!(window.project().tiers.keys[3].position(), Position::Mouth);
    let after = window.project().clone();
    window.harness.event(Event::Paste("good morning".into()));
    window.settle();
    assert!(window.sees("cannot be pasted"));
    assert_eq!(window.project(), &after);
}

#[test]
fn taps_while_playing_are_one_step() {
    let mut window = Window::open();
    let before = window.project().clone();
    window.press_with(Modifiers::COMMAND, Key::B);
    assert!(window.sees("press play first"));
    window.press(Key::Home);
    let first = window.project().tiers.keys[0].rule.phones.start;
    let second = window.project().tiers.keys[1].rule.phones.start;
    let onset = |w: &Window, p: usize| w.project().tiers.phones[p].start;
    let (a, b) = (onset(&window, first), onset(&window, second));
    window.harness.key_press(Key::Space);
    window.harness.run_steps(2);
    // Two taps, each late by as much as hands are: they count where they were meant.
    window.clock.advance(a.0 + 0.02 + 0.08);
    window.harness.run_steps(2);
    window.harness.key_press(Key::B);
    window.harness.run_steps(2);
    window.clock.advance(b.0 - a.0 + 0.01);
    window.harness.run_steps(2);
    window.harness.key_press(Key::B);
    window.harness.run_steps(2);
    assert!(window.sees("Taps: 2"));
    window.harness.key_press(Key::Space);
    window.settle();
    let frame = window.project().settings.fps.frame_length();
    assert!((onset(&window, first) - a - Seconds(0.02)).0.abs() <= frame.0, "to the frame");
    assert!((onset(&window, second) - b - Seconds(0.03)).0.abs() <= frame.0);
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.project(), &before, "all taps are one step");
}

#[test]
fn tiers_are_hidden_locked_and_shown_alone() {
    let mut window = Window::open();
    // By the head's menu.
    window.click("Tier Phones");
    window.click("Locked: no edits on this tier");
    window.press(Key::Escape);
    assert!(window.sees("Tier Phones, locked"));
    let before = window.project().clone();
    window.click_start("Phone 2:");
    let phone = window.project().tiers.phones[1];
    window.seek(phone.range().middle());
    window.press(Key::X);
    assert!(window.sees("The tier Phones is locked"), "it says why");
    assert_eq!(window.project(), &before);
    window.press_with(Modifiers::SHIFT, Key::L);
    window.press(Key::X);
    assert_ne!(window.project(), &before);
    window.press_with(Modifiers::COMMAND, Key::Z);

    // Alone, and all again.
    window.press_with(Modifiers::SHIFT, Key::S);
    assert!(window.labelled("Word 1:").is_empty() && !window.labelled("Phone 2:").is_empty());
    window.press_with(Modifiers::SHIFT, Key::S);
    assert!(!window.labelled("Word 1:").is_empty());

    // Hidden, and shown again from the list.
    window.press_with(Modifiers::SHIFT, Key::H);
    assert!(window.labelled("Phone 2:").is_empty());
    window.click("Tiers");
    window.click("Show Phones");
    window.press(Key::Escape);
    assert!(!window.labelled("Phone 2:").is_empty());
    // Each of the others, with what stands on it; a head that the keyboard comes to comes into view.
    for (tier, start) in [
        ("Syllables", "Syllable 1:"),
        ("Keys", "Cue 1:"),
        ("Lips", "Lips "),
        ("Face tokens", "Face tokens lane"),
        ("Takes", "Takes lane"),
        ("Made poses", "Poses made"),
    ] {
        window.click("Tiers");
        window.click(&format!("Show {tier}"));
        window.press(Key::Escape);
        window.harness.get_by_label(&format!("Tier {tier}")).focus();
        window.settle();
        let shown = window.harness.query_all_by_label_contains(start).count();
        assert!(shown > 0, "{start}");
    }
}

#[test]
fn all_before_and_after_the_playhead() {
    let mut window = Window::open();
    window.select_key(4);
    let at = window.harness.state().playhead();
    let keys = &window.project().tiers.keys;
    let all = keys.len();
    let before = keys.iter().filter(|k| k.times.a3.0 <= at.0 + 1e-6).count();
    let after = keys.iter().filter(|k| k.times.a1.0 >= at.0 - 1e-6).count();
    assert!(before > 0 && after > 0, "{before} {after}");
    window.press(Key::OpenBracket);
    assert!(window.sees(&format!("Shape: {before} selected")));
    window.press(Key::CloseBracket);
    assert!(window.sees(&format!("Shape: {after} selected")));
    window.press_with(Modifiers::COMMAND, Key::A);
    assert!(window.sees(&format!("Shape: {all} selected")));
}

#[test]
fn the_sound_is_listened_to_and_seen_in_the_background() {
    let mut window = Window::open();
    window.click("Tier Sound");
    for switch in ["Spectrogram", "Pitch of the voice", "Onsets of sounds"] {
        window.harness.get_by(|n| n.role() == Role::CheckBox && n.label().as_deref() == Some(switch)).click();
        window.harness.step();
    }
    window.press(Key::Escape);
    assert!(!window.sees("Listening"), "it is done when nothing is under way any more");
}
