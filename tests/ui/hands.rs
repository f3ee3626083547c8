//! Corrections of hands in the window: layers, sliders, presets, keys, undo, the list of the worst.

use super::*;
use cueloom::document::marks::HandLayer;
use cueloom::pose::Side;
use cueloom::pose::refine::Preset;

fn layers(window: &Window) -> &[HandLayer] {
    &window.project().marks.hands
}

/// Clicks a control of the panel by its name, wherever the panel is scrolled to.
fn click(window: &mut Window, label: &str) {
    window.harness.get_by_label(label).scroll_to_me();
    window.settle();
    window.click(label);
}

/// A window with the panel in front and a layer over the first keys.
fn with_layer() -> Window {
    let mut window = Window::open();
    window.select_key(2);
    if window.project().tiers.keys[1].shape() == HandShape(3) {
        // One with a standing index finger.
        window.press(Key::Num1);
    }
    window.press_with(Modifiers::ALT, Key::H);
    assert!(window.sees("A layer corrects one hand"));
    click(&mut window, "New layer");
    assert_eq!(layers(&window).len(), 1);
    window
}

/// Chooses a line of a list that unfolds.
fn choose(window: &mut Window, list: &str, line: &str) {
    window.harness.get_by(|n| n.role() == Role::ComboBox && n.label().as_deref() == Some(list)).scroll_to_me();
    window.settle();
    window.harness.get_by(|n| n.role() == Role::ComboBox && n.label().as_deref() == Some(list)).click();
    window.settle();
    click(window, line);
}

#[test]
fn a_layer_is_made_changed_muted_and_undone() {
    let mut window = with_layer();
    let times = window.project().tiers.keys[1].times;
    let layer = layers(&window)[0].what.clone();
    assert_eq!((layer.side, layer.keys.len()), (Side::Right, 0));
    assert!(layer.range.start <= times.m1 && layer.range.end >= times.a3, "the hand's whole way: {:?}", layer.range);
    assert!(layer.range.contains(window.harness.state().playhead()));
    choose(&mut window, "Pose", "Fist");
    let it = &layers(&window)[0].what;
    assert_eq!(it.keys.len(), 1);
    assert_eq!(it.keys[0].change.preset, Some(Preset::Fist));
    click(&mut window, "Mute Layer 1");
    assert!(layers(&window)[0].what.muted);
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert!(!layers(&window)[0].what.muted);
    click(&mut window, "For the other hand");
    let sides: Vec<Side> = layers(&window).iter().map(|l| l.what.side).collect();
    assert_eq!(sides, [Side::Right, Side::Left]);
    click(&mut window, "Hold over the stretch");
    assert_eq!(layers(&window)[1].what.keys.len(), 2);
    for _ in 0..4 {
        window.press_with(Modifiers::COMMAND, Key::Z);
    }
    assert!(layers(&window).is_empty());
    for _ in 0..4 {
        window.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    }
    assert_eq!(layers(&window).len(), 2);
}

#[test]
fn layers_are_copied_pasted_reordered_and_removed() {
    let mut window = with_layer();
    click(&mut window, "Copy layer");
    click(&mut window, "Paste layer");
    assert_eq!(layers(&window).len(), 2);
    let ids: Vec<_> = layers(&window).iter().map(|l| l.id).collect();
    assert_ne!(ids[0], ids[1]);
    // Both have the same name: the uppermost stands first in the list.
    let buttons: Vec<_> = window.harness.query_all_by_label("Lower Layer 1").collect();
    buttons[0].click();
    drop(buttons);
    window.settle();
    assert_eq!(layers(&window).iter().map(|l| l.id).collect::<Vec<_>>(), [ids[1], ids[0]]);
    let buttons: Vec<_> = window.harness.query_all_by_label("Remove Layer 1").collect();
    buttons[0].click();
    drop(buttons);
    window.settle();
    assert_eq!(layers(&window).iter().map(|l| l.id).collect::<Vec<_>>(), [ids[1]]);
}

#[test]
fn keys_stand_on_the_curve_and_are_moved_with_the_keyboard() {
    let mut window = with_layer();
    click(&mut window, "Add key");
    assert_eq!(layers(&window)[0].what.keys.len(), 1);
    let time = layers(&window)[0].what.keys[0].time;
    let label = format!("Key at {}: index finger: curl 0.00", time.timecode());
    window.harness.get_by_label(&label).scroll_to_me();
    window.settle();
    window.harness.get_by_label(&label).focus();
    window.settle();
    window.press(Key::ArrowUp);
    let key = layers(&window)[0].what.keys[0];
    assert!((key.change.fingers[1].curl - 0.05).abs() < 1e-6, "{key:?}");
    window.press(Key::ArrowRight);
    assert!(layers(&window)[0].what.keys[0].time > time);
    window.press(Key::Delete);
    assert!(layers(&window)[0].what.keys.is_empty());
}

#[test]
fn a_fingertip_is_dragged_in_the_picture_as_one_step() {
    let mut window = with_layer();
    let at = window.harness.get_by_label("Tip of the index finger in the picture").rect().center();
    window.harness.drag_at(at);
    window.settle();
    for i in 1..=4 {
        window.harness.hover_at(at + egui::vec2(0.0, 8.0 * i as f32));
        window.settle();
    }
    window.harness.drop_at(at + egui::vec2(0.0, 32.0));
    window.settle();
    let it = &layers(&window)[0].what;
    assert_eq!(it.keys.len(), 1);
    // The angles of the index finger, and of no other.
    let fine = it.keys[0].change.fine;
    assert!(fine[5..8].iter().map(|f| f.abs()).sum::<f32>() > 8.0, "{fine:?}");
    assert!(fine[9..21].iter().all(|f| f.abs() < 4.0), "{fine:?}");
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!((layers(&window).len(), layers(&window)[0].what.keys.len()), (1, 0), "one step");
}

#[test]
fn the_worst_hands_are_found_and_gone_to() {
    let mut window = Window::open();
    window.press_with(Modifiers::ALT, Key::H);
    click(&mut window, "Find the worst hands");
    assert!(window.sees("All hands look like hands.") || window.sees("right hand: "));
}
