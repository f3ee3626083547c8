//! Masks and takes: from a selection to an accepted take, by keyboard alone and by mouse alone.

use super::*;
use cueloom::document::marks::Mask;
use cueloom::pose::parts::Part;

/// The mask of the project, of which these tests make one.
pub(super) fn mask(window: &Window) -> &Mask {
    window.project().marks.masks.first().expect("a mask")
}

pub(super) fn marks(window: &Window) -> (usize, usize) {
    (window.project().marks.masks.len(), window.project().marks.takes.len())
}

pub(super) fn has_card(window: &Window, text: &str) -> bool {
    window
        .harness
        .query_all_by(|n| n.role() == Role::ListBoxOption && n.label().is_some_and(|l| l.starts_with(text)))
        .next()
        .is_some()
}

/// Clicks a card by the beginning of its name, and makes sure that it is in sight.
fn click_card(window: &mut Window, text: &str) {
    let node =
        window.harness.get_by(|n| n.role() == Role::ListBoxOption && n.label().is_some_and(|l| l.starts_with(text)));
    node.scroll_to_me();
    window.settle();
    window
        .harness
        .get_by(|n| n.role() == Role::ListBoxOption && n.label().is_some_and(|l| l.starts_with(text)))
        .click();
    window.settle();
}

/// Clicks a control of the tray by its name, wherever the tray is scrolled to.
fn click_button(window: &mut Window, label: &str) {
    window.harness.get_by_label(label).scroll_to_me();
    window.settle();
    window.click(label);
}

#[test]
fn a_take_is_made_compared_accepted_undone_and_redone_with_the_keyboard_alone() {
    let mut window = Window::open();
    let untouched = window.project().clone();
    window.press(Key::ArrowDown);
    window.press(Key::ArrowDown);
    window.press_with(Modifiers::COMMAND, Key::M);
    assert_eq!(marks(&window), (1, 0));
    assert!(mask(&window).parts.contains(Part::RightHand) && mask(&window).parts.contains(Part::Arms));
    assert!(window.sees("Mask 1:"), "the tray shows it");

    window.press_with(Modifiers::COMMAND, Key::G);
    for text in ["Take 1: new, seed 1", "Take 2: new, seed 2", "Take 3: new, seed 3", "Take 4: new, seed 4"] {
        assert!(has_card(&window, text), "{text}");
    }
    assert!(!has_card(&window, "Take 5"));
    assert_eq!(marks(&window), (1, 0), "takes are staged, not applied");
    assert_eq!(std::fs::read_dir(window.folder().join("takes")).expect("the folder").count(), 4);

    // To the third, and to and fro between it and what is in force.
    window.press(Key::V);
    window.press(Key::V);
    assert!(window.sees("Take 3, seed 3"));
    window.press(Key::H);
    assert!(window.sees("A: what is in force"));
    window.press(Key::H);
    assert!(window.sees("B: the selected take"));
    window.press(Key::U);
    window.press(Key::U);

    window.press(Key::A);
    assert_eq!(marks(&window), (1, 4), "accepting keeps every take");
    let third = window.project().marks.takes[2].clone();
    assert_eq!(mask(&window).accepted.len(), 1);
    assert_eq!((mask(&window).accepted[0].take, third.seed), (third.id, 3));
    assert!(has_card(&window, "Take 3: in force") && has_card(&window, "Take 1: kept"));

    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(marks(&window), (1, 0), "one step");
    for text in ["Take 1: new", "Take 2: new", "Take 3: new", "Take 4: new"] {
        assert!(has_card(&window, text), "undo brings the candidates back: {text}");
    }
    window.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert_eq!(mask(&window).accepted[0].take, third.id);
    assert!(has_card(&window, "Take 3: in force"));

    // Back to the base, and all the way back.
    window.press_with(Modifiers::SHIFT, Key::A);
    assert!(mask(&window).accepted.is_empty() && marks(&window) == (1, 4));
    for _ in 0..3 {
        window.press_with(Modifiers::COMMAND, Key::Z);
    }
    assert_eq!(window.project(), &untouched);
}

#[test]
fn a_take_is_made_compared_accepted_undone_and_redone_with_the_mouse_alone() {
    let mut window = Window::open();
    window.select_key(3);
    window.click("Mask");
    window.click("Mask the selection");
    assert_eq!(marks(&window), (1, 0));
    click_button(&mut window, "Regenerate");
    assert!(has_card(&window, "Take 4: new"));
    click_card(&mut window, "Take 3: new");
    assert!(window.sees("Take 3, seed 3"));
    click_button(&mut window, "A: in force");
    click_button(&mut window, "B: this take");
    click_button(&mut window, "Onion skin");
    click_button(&mut window, "Accept take");
    assert_eq!((marks(&window), mask(&window).accepted.len()), ((1, 4), 1));
    assert!(has_card(&window, "Take 3: in force"));
    window.click("Edit");
    window.click("Undo: accept take");
    assert_eq!(marks(&window), (1, 0));
    assert!(has_card(&window, "Take 3: new"));
    window.click("Edit");
    window.click("Redo: accept take");
    assert_eq!(marks(&window), (1, 4));
}

#[test]
fn one_part_is_accepted_takes_are_put_aside_and_brought_back() {
    let mut window = Window::open();
    window.select_key(4);
    window.press_with(Modifiers::COMMAND, Key::M);
    window.press_with(Modifiers::COMMAND, Key::G);
    window.press(Key::D);
    assert!(has_card(&window, "Take 3: new") && !has_card(&window, "Take 4"));
    assert!(window.sees("Take 1, seed 2"), "something stays selected");
    window.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::D);
    assert!(has_card(&window, "Take 4: new"));
    // Others in their place, from the original base, the next seeds.
    window.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::G);
    assert!(has_card(&window, "Take 1: new, seed 5") && !has_card(&window, "Take 5"));
    assert!(window.sees("Bring 4 discarded back"));
    window.pick(&["Mask", "Accept a part", "Accept the right hand only"]);
    let accepted = mask(&window).accepted.clone();
    assert_eq!(accepted.len(), 1);
    assert!(accepted[0].parts.contains(Part::RightHand) && !accepted[0].parts.contains(Part::Arms));
    assert!(window.sees("in force: right hand"));
    // Saved, closed and opened again the takes are there.
    window.press_with(Modifiers::COMMAND, Key::S);
    let saved = file::load(&window.folder()).expect("the project is read again");
    assert_eq!(saved.marks, window.project().marks);
    // The four that were put aside are still needed by the tray.
    window.click("Mask");
    window.click("Clean up takes…");
    assert!(window.sees("There is nothing to delete"));
    window.click("Close");
    assert_eq!(std::fs::read_dir(window.folder().join("takes")).expect("the folder").count(), 8);
}

#[test]
fn a_take_out_of_date_is_a_problem_and_motion_masks_are_written() {
    let mut window = Window::open();
    window.select_key(4);
    window.press_with(Modifiers::COMMAND, Key::M);
    window.press_with(Modifiers::COMMAND, Key::G);
    window.press(Key::A);
    window.select_key(4);
    let other = if window.project().tiers.keys[3].shape() == HandShape(5) { Key::Num4 } else { Key::Num5 };
    window.press(other);
    assert!(window.sees("Take out of date"), "the list of problems says so");
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert!(!window.sees("Take out of date"));

    window.pick(&["Mask", "Motion masks", "Motion mask of the lips"]);
    window.press(Key::Escape);
    window.pick(&["Mask", "Motion masks", "Export motion masks…"]);
    let out = window.dir.path().join("masks");
    window.fill("Folder", &out.to_string_lossy());
    window.click("Export");
    assert!(window.sees("frames written"), "{:?}", window.harness.state().messages());
    assert!(out.join("lips/000000.png").is_file() && !out.join("background").exists());
}
