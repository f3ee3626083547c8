//! Expressions on the timeline and in the inspector, tones one by one, and the voice, by the names of what is on screen.

use super::*;
use cueloom::document::marks::ExpressionMark;
use cueloom::pose::expression::ExpressionKind;
use egui::{Pos2, vec2};

impl Window {
    fn expressions(&self) -> &[ExpressionMark] {
        &self.project().marks.expressions
    }

    /// Clicks a control of the inspector, wherever that is scrolled to.
    fn click_inside(&mut self, label: &str) {
        self.harness.get_by_label(label).scroll_to_me();
        self.settle();
        self.click(label);
    }

    fn choose_kind(&mut self, list: &str, line: &str) {
        self.of_role(Role::ComboBox, list).click();
        self.harness.run_steps(8);
        self.harness.query_all_by_label(line).last().unwrap_or_else(|| panic!("{line}")).click();
        self.settle();
    }

    fn of_role<'a>(&'a self, role: Role, label: &'a str) -> egui_kittest::Node<'a> {
        self.harness.get_by(move |n| n.role() == role && n.label().as_deref() == Some(label))
    }
}

#[test]
fn expressions_are_made_dragged_and_removed() {
    let mut window = Window::open();
    window.seek(Seconds(1.0));
    window.press_with(Modifiers::SHIFT, Key::E);
    assert_eq!(window.expressions().len(), 1);
    let first = window.expressions()[0];
    assert_eq!((first.kind, first.strength), (ExpressionKind::BrowsUp, 1.0));
    assert!((first.range.start.0 - 1.0).abs() < 0.05 && first.range.length().0 > 0.5);
    // The tier has come up, it is selected, and the inspector shows it.
    assert!(window.sees("Expression 1: Brows up") && window.sees("Remove the expression"));

    let edge = window.rect("End of the expression").center();
    window.drag(edge, edge + vec2(40.0, 0.0), Modifiers::NONE);
    assert!(window.expressions()[0].range.end > first.range.end);
    assert_eq!(window.expressions()[0].range.start, first.range.start);
    let body = window.segment("Expression 1:").center();
    window.drag(body, body + vec2(30.0, 0.0), Modifiers::NONE);
    assert!(window.expressions()[0].range.start > first.range.start);
    for _ in 0..2 {
        window.press_with(Modifiers::COMMAND, Key::Z);
    }
    assert_eq!(window.expressions(), [first], "two drags, two steps");

    // Another one, dragged out on the lane, stands below the first where they overlap.
    let lane = window.rect("Expression lane");
    let (from, to) = (window.segment("Expression 1:").center().x, lane.right() - 40.0);
    let y = lane.bottom() - 2.0;
    window.drag(Pos2::new(to, y), Pos2::new(to - 120.0, y), Modifiers::NONE);
    assert_eq!(window.expressions().len(), 2, "{from}");
    assert!(window.sees("Expression 2: Brows up"));
    window.press_with(Modifiers::ALT | Modifiers::SHIFT, Key::Period);
    let longer = window.expressions()[1];
    window.press(Key::Delete);
    assert_eq!(window.expressions(), [first]);
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.expressions()[1], longer);
}

#[test]
fn the_inspector_changes_kind_strength_and_times() {
    let mut window = Window::open();
    window.seek(Seconds(0.5));
    window.press_with(Modifiers::SHIFT, Key::E);
    let first = window.expressions()[0];
    window.choose_kind("What is shown", "Nod");
    assert_eq!(window.expressions()[0], ExpressionMark { kind: ExpressionKind::Nod, ..first });
    window.of_role(Role::Slider, "Strength").focus();
    window.harness.step();
    window.press(Key::ArrowRight);
    assert!(window.expressions()[0].strength > 1.0, "{}", window.expressions()[0].strength);
    // Times are typed on the timeline as everything else is.
    window.click_start("Expression 1:");
    window.press_with(Modifiers::COMMAND, Key::Enter);
    window.fill("End in seconds", "2.25");
    window.press(Key::Enter);
    assert!((window.expressions()[0].range.end.0 - 2.25).abs() < 1e-9, "{:?}", window.expressions());
    window.click_inside("Remove the expression");
    assert!(window.expressions().is_empty());
}

#[test]
fn expressions_are_copied_and_pasted() {
    let mut window = Window::open();
    window.seek(Seconds(0.4));
    window.press_with(Modifiers::SHIFT, Key::E);
    let first = window.expressions()[0];
    window.harness.event(egui::Event::Copy);
    window.settle();
    assert!(window.sees("Copied expressions: 1"));
    window.seek(Seconds(1.5));
    let sign = format!("expressions {} 0.000-{:.3} 1.00", first.kind.name(), first.range.length().0);
    window.harness.event(egui::Event::Paste(sign));
    window.settle();
    let [_, second] = window.expressions() else { panic!("{:?}", window.expressions()) };
    assert!((second.range.length() - first.range.length()).0.abs() < 1e-9 && second.range.start.0 > 1.4);
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.expressions(), [first]);
}

#[test]
fn a_locked_tier_refuses_expressions() {
    let mut window = Window::open();
    window.press_with(Modifiers::SHIFT, Key::E);
    window.press_with(Modifiers::SHIFT, Key::L);
    window.press_with(Modifiers::SHIFT, Key::E);
    assert_eq!(window.expressions().len(), 1);
    assert!(window.sees("is locked"));
}

#[test]
fn tones_are_switched_one_by_one() {
    let mut window = Window::open();
    window.click_inside("The head shows the tones");
    window.select_key(1);
    let name = window.labelled("Syllable 1: tone").first().cloned().expect("the first word has a tone");
    // The syllable on the timeline has the name of its switch.
    let switch = |window: &mut Window| {
        window.of_role(Role::CheckBox, &name).scroll_to_me();
        window.settle();
        window.of_role(Role::CheckBox, &name).click();
        window.settle();
    };
    switch(&mut window);
    let marks = &window.project().marks.tones;
    assert_eq!((marks.len(), marks[0].syllable, marks[0].strength), (1, 0, 0.0));
    switch(&mut window);
    assert!(window.project().marks.tones.is_empty());
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.project().marks.tones.len(), 1);
}

#[test]
fn the_voice_is_listened_to_when_it_is_to_be_seen() {
    let mut window = Window::open();
    assert!(window.project().marks.voice.is_empty());
    window.of_role(Role::Slider, "Expression from the voice").focus();
    window.harness.step();
    for _ in 0..5 {
        window.press(Key::ArrowRight);
    }
    let project = window.project();
    assert!(project.settings.voice > 0.0, "{}", project.settings.voice);
    assert!(!project.marks.voice.phrases.is_empty(), "{:?}", project.marks.voice);
}
