//! Shuttle, in and out, typed and jogged time, and the slowing of a passage, in the window.

use super::*;

fn at(window: &Window) -> f64 {
    window.harness.state().playhead().0
}

/// Lets `seconds` go by while playing.
fn wait(window: &mut Window, seconds: f64) {
    window.clock.advance(seconds);
    window.harness.run_steps(2);
}

fn key(window: &mut Window, key: Key) {
    window.harness.key_press(key);
    window.harness.run_steps(2);
}

#[test]
fn the_shuttle_speeds_up_slows_down_and_turns_round() {
    let mut window = Window::open();
    window.press(Key::Home);
    key(&mut window, Key::L);
    assert!(window.harness.state().is_playing());
    wait(&mut window, 0.4);
    assert!((at(&window) - 0.4).abs() < 1e-6);
    key(&mut window, Key::L);
    assert!(window.sees("Speed 1.5×"));
    wait(&mut window, 0.4);
    assert!((at(&window) - 1.0).abs() < 1e-6, "{}", at(&window));
    // The opposite key slows down first, and then turns round.
    key(&mut window, Key::J);
    assert!(window.sees("Speed 1×"));
    wait(&mut window, 0.2);
    assert!((at(&window) - 1.2).abs() < 1e-6);
    key(&mut window, Key::J);
    assert!(window.sees("Speed −1×"));
    wait(&mut window, 0.5);
    assert!((at(&window) - 0.7).abs() < 1e-6);
    key(&mut window, Key::K);
    assert!(!window.harness.state().is_playing());
    assert!((at(&window) - 0.7).abs() < 1e-6);
    // Space plays at the usual speed again.
    key(&mut window, Key::Space);
    assert!(window.sees("Speed 1×"));
    wait(&mut window, 0.3);
    assert!((at(&window) - 1.0).abs() < 1e-6);
    // Backwards it ends at the beginning.
    key(&mut window, Key::K);
    key(&mut window, Key::J);
    wait(&mut window, 30.0);
    assert!(!window.harness.state().is_playing());
    assert_eq!(at(&window), 0.0);
    key(&mut window, Key::J);
    assert!(!window.harness.state().is_playing(), "there is nothing before the beginning");
}

#[test]
fn with_k_held_j_and_l_are_frames() {
    let mut window = Window::open();
    window.press(Key::Home);
    let frame = window.project().settings.fps.frame_length().0;
    window.harness.key_down(Key::K);
    window.harness.step();
    for presses in 1..=3 {
        key(&mut window, Key::L);
        assert!((at(&window) - f64::from(presses) * frame).abs() < 1e-6, "{}", at(&window));
        assert!(!window.harness.state().is_playing());
    }
    key(&mut window, Key::J);
    assert!((at(&window) - 2.0 * frame).abs() < 1e-6);
    window.harness.key_up(Key::K);
    window.settle();
    // Ctrl and the arrows walk along the edges of the sounds.
    let phones = window.project().tiers.phones.clone();
    window.press_with(Modifiers::COMMAND, Key::ArrowRight);
    let first = phones.iter().map(|p| p.start.0).find(|t| *t > 2.0 * frame + 1e-3).expect("a sound");
    assert!((at(&window) - first).abs() < 1e-6);
    window.press_with(Modifiers::COMMAND, Key::ArrowRight);
    assert!(at(&window) > first);
    window.press_with(Modifiers::COMMAND, Key::ArrowLeft);
    assert!((at(&window) - first).abs() < 1e-6);
}

#[test]
fn in_and_out_are_set_found_played_and_cleared() {
    let mut window = Window::open();
    window.press(Key::Escape);
    window.press(Key::Home);
    window.press_with(Modifiers::SHIFT, Key::ArrowRight);
    window.press(Key::I);
    for _ in 0..10 {
        window.press(Key::ArrowRight);
    }
    window.press(Key::O);
    let (start, end) = (1.0, at(&window));
    assert!((end - 1.4).abs() < 0.021);
    window.press(Key::Home);
    window.press_with(Modifiers::SHIFT, Key::O);
    assert_eq!(at(&window), end);
    window.press_with(Modifiers::SHIFT, Key::I);
    assert!((at(&window) - start).abs() < 1e-6);
    window.press(Key::Home);
    window.harness.key_press_modifiers(Modifiers::SHIFT, Key::Space);
    window.harness.run_steps(2);
    assert!(window.harness.state().is_playing());
    assert!((at(&window) - start).abs() < 1e-6);
    wait(&mut window, end - start - 0.05);
    assert!(window.harness.state().is_playing());
    wait(&mut window, 0.1);
    assert!(!window.harness.state().is_playing(), "it ends at the out point");
    assert_eq!(at(&window), 0.0, "and comes back");
    window.press_with(Modifiers::ALT, Key::X);
    window.press_with(Modifiers::SHIFT, Key::O);
    assert_eq!(at(&window), 0.0, "there is no out point any more");
}

#[test]
fn a_time_is_typed_dragged_and_jogged() {
    let mut window = Window::open();
    window.press(Key::Home);
    let type_time = |window: &mut Window, text: &str| {
        window.press(Key::Equals);
        window.field("Time").type_text(text);
        window.settle();
    };
    type_time(&mut window, "0:01.5");
    window.press(Key::Enter);
    assert!((at(&window) - 1.5).abs() < 1e-6, "{}", at(&window));
    type_time(&mut window, "-0.25");
    window.press(Key::Enter);
    assert!((at(&window) - 1.25).abs() < 1e-6);
    type_time(&mut window, "soon");
    window.press(Key::Enter);
    assert!((at(&window) - 1.25).abs() < 1e-6, "what is no time goes nowhere");
    window.press(Key::Escape);
    assert!(!window.harness.state().is_playing());

    for (name, points) in [("Time", 40.0), ("Jog", 24.0)] {
        let before = at(&window);
        let place = window.harness.get_by_label(name).rect().center();
        window.harness.drag_at(place);
        window.harness.step();
        for i in 1..=8 {
            window.harness.hover_at(place + vec2(points / 8.0 * i as f32, 0.0));
            window.harness.step();
        }
        window.harness.drop_at(place + vec2(points, 0.0));
        window.settle();
        assert!(at(&window) > before + 0.05, "{name}: {before} {}", at(&window));
    }
}

#[test]
fn scrubbing_shows_the_loupe() {
    let mut window = Window::open();
    let ruler = window.harness.get_by_label("Playhead").rect();
    let place = ruler.left_center() + vec2(ruler.width() * 0.4, 0.0);
    window.harness.drag_at(place);
    window.harness.step();
    window.harness.hover_at(place + vec2(20.0, 0.0));
    window.harness.run_steps(2);
    assert!(window.sees("Loupe at"));
    window.harness.drop_at(place + vec2(20.0, 0.0));
    window.settle();
    assert!(!window.sees("Loupe at"));
}

#[test]
fn a_passage_is_slowed_undone_and_slowed_again() {
    let mut window = Window::open();
    let before = window.project().clone();
    window.select_key(3);
    window.harness.key_press_modifiers(Modifiers::SHIFT, Key::D);
    window.settle();
    assert!(window.sees("Slow this passage"));
    window.fill("From", "0:00.8");
    window.fill("to", "0:01.6");
    assert!(window.sees("keys/s become"));
    window.click("Listen");
    window.harness.run_steps(2);
    assert!(window.harness.state().is_playing());
    wait(&mut window, 3.0);
    assert!(!window.harness.state().is_playing(), "it ends with the passage");
    window.fill("to", "0:00.5");
    assert!(window.sees("holds nothing"));
    window.fill("to", "0:01.6");
    window.click("Slow the passage");
    window.settle();
    let after = window.project().clone();
    assert_eq!(after.slowed.len(), 1, "{:?}", window.harness.state().messages());
    let added = after.slowed[0].added();
    assert!(added.0 > 0.03);
    assert!((after.length() - before.length() - added).0.abs() < 1e-3);
    assert!(window.folder().join(&after.sound.media.path).is_file());
    assert!(window.folder().join(&before.sound.media.path).is_file());
    assert!(!window.sees("The sound file is missing"));
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.project(), &before);
    assert!(!window.sees("The sound file is missing"));
    window.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert_eq!(window.project(), &after);
    // The end is that of the longer sound.
    window.press(Key::End);
    assert_eq!(window.harness.state().playhead(), after.length());
}
