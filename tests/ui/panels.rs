//! The dock and its panels: hidden, shown, walked with the keyboard; history, problems, jobs, messages.

use super::*;

/// Whether a pane is on screen: its region has a name of its own.
pub(super) fn has_pane(window: &Window, title: &str) -> bool {
    let label = format!("{title} panel");
    window.harness.query_all_by(|n| n.role() == Role::Pane && n.label().as_deref() == Some(&label)).next().is_some()
}

/// A window with a text of its own, spoken.
pub(super) fn speaking(text: &str, language: Language) -> Window {
    let dir = tempfile::tempdir().expect("temporary folder");
    let folder = dir.path().join("spoken");
    let request = DraftRequest::new(folder.clone(), SoundSource::Speak, text.into(), language, None);
    create_project(&request, &Silent).expect("espeak-ng speaks the text");
    Window::new(Some(folder), dir)
}

/// Runs a command by its name in the palette.
fn command(window: &mut Window, name: &str) {
    window.press_with(Modifiers::COMMAND, Key::K);
    let field = window.harness.get_by(|n| n.role() == Role::TextInput && n.is_focused());
    field.type_text(name);
    window.settle();
    window.press(Key::Enter);
}

fn change_shape(window: &mut Window, number: usize, shape: u8) {
    window.select_key(number);
    let keys = [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8];
    window.press(keys[usize::from(shape) - 1]);
    assert_eq!(window.project().tiers.keys[number - 1].shape(), HandShape(shape));
}

/// A shape other than the one that a key has.
fn other_shape(window: &Window, number: usize) -> u8 {
    if window.project().tiers.keys[number - 1].shape() == HandShape(6) { 5 } else { 6 }
}

#[test]
fn panes_are_hidden_shown_and_reset() {
    let mut window = Window::open();
    for pane in ["Project", "Viewport", "Inspector", "Problems", "Timeline"] {
        assert!(has_pane(&window, pane), "{pane}");
    }
    assert!(!has_pane(&window, "Takes"), "it is a tab behind the inspector");
    window.press(Key::F4);
    assert!(!has_pane(&window, "Inspector"));
    assert!(has_pane(&window, "Takes"), "the tab behind it comes forward");
    window.press(Key::F4);
    assert!(has_pane(&window, "Inspector"));

    window.click("Hide Problems");
    assert!(!has_pane(&window, "Problems"));
    window.click("View");
    window.click("Panels");
    window.click("Problems panel");
    assert!(has_pane(&window, "Problems"));

    command(&mut window, "Layout for review");
    assert!(has_pane(&window, "Problems") && !has_pane(&window, "Project"));
    command(&mut window, "viewport panel");
    assert!(!has_pane(&window, "Viewport"));
    command(&mut window, "Reset layout");
    assert!(has_pane(&window, "Viewport") && !has_pane(&window, "Project"), "still the layout for review");
    command(&mut window, "Layout for cueing");
    assert!(has_pane(&window, "Project"));
}

#[test]
fn every_pane_is_reached_by_key_and_round_the_panes_it_goes() {
    let mut window = Window::open();
    let titles =
        ["Project", "Viewport", "Inspector", "Takes", "History", "Problems", "Jobs", "Messages", "Timeline", "Score"];
    let numbers =
        [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8, Key::Num9, Key::Num0];
    for (title, key) in titles.iter().zip(numbers) {
        window.press_with(Modifiers::ALT, key);
        assert!(has_pane(&window, title), "{title}");
        assert_eq!(window.harness.state().focused_panel(), Some(*title));
    }
    // From the last one, the first one follows; as many steps as there are panes lead round.
    let mut seen = Vec::new();
    for _ in 0..8 {
        window.press(Key::F6);
        seen.extend(window.harness.state().focused_panel());
    }
    assert_eq!(seen[0], seen[seen.iter().skip(1).position(|s| *s == seen[0]).expect("round") + 1]);
    let last = window.harness.state().focused_panel();
    window.press(Key::F6);
    window.press_with(Modifiers::SHIFT, Key::F6);
    assert_eq!(window.harness.state().focused_panel(), last, "and back");
}

#[test]
fn the_history_lists_every_step_and_jumps_to_any() {
    let mut window = Window::open();
    let before = window.project().clone();
    for number in [1, 2, 3] {
        let shape = other_shape(&window, number);
        change_shape(&mut window, number, shape);
    }
    let after = window.project().clone();
    window.press_with(Modifiers::ALT, Key::Num5);
    assert!(window.sees("Step 3: Change hand shape, present state"));
    window.harness.get_by_label_contains("Step 1: Change hand shape, done").click();
    window.settle();
    assert!(window.sees("Step 3: Change hand shape, undone"));
    assert_eq!(window.project().tiers.keys[1].shape(), before.tiers.keys[1].shape());
    // With the keyboard to the end and to the beginning.
    window.press(Key::End);
    window.press(Key::Enter);
    assert!(window.project() == &after);
    window.press(Key::Home);
    window.press(Key::Enter);
    assert!(window.project() == &before);
    assert!(window.sees("Step 0: As it was opened, present state"));
}

#[test]
fn a_problem_is_gone_to_remedied_and_put_aside() {
    let mut window = speaking("He will lead us. I read the record.", Language::AmericanEnglish);
    let ambiguous = |w: &Window| w.harness.query_all_by_label_contains("Problem: Ambiguous reading").count();
    let count = ambiguous(&window);
    assert!(count > 0, "lead, read and record can be read in two ways");
    let chosen = |w: &Window| w.project().tiers.utterance.words.iter().map(|word| word.chosen).collect::<Vec<_>>();
    let before = chosen(&window);
    // Alone with the keyboard: into the list, to the first of them, and its first remedy.
    window.press_with(Modifiers::ALT, Key::Num6);
    for _ in 0..40 {
        let on_it = window.harness.query_all_by_label_contains("Problem: Ambiguous reading").any(|n| n.is_focused());
        if on_it {
            break;
        }
        window.press(Key::ArrowDown);
    }
    assert!(window.sees("Next reading"), "what can be done stands under the list");
    window.press(Key::Enter);
    assert_ne!(chosen(&window), before, "Enter takes the next reading");
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(chosen(&window), before);

    let steps = window.project().clone();
    window.harness.query_all_by_label_contains("Problem: Ambiguous reading").next().expect("one").click();
    window.settle();
    window.click("Mark as seen");
    assert_eq!(ambiguous(&window), count - 1);
    assert!(window.project() == &steps, "the project is not changed by it");
    window.click("Filter the problems");
    window.harness.get_by_label_contains("Also those marked as seen: 1").click();
    window.settle();
    window.press(Key::Escape);
    assert_eq!(ambiguous(&window), count);
}

#[test]
fn messages_stay_until_they_are_put_away() {
    let mut window = Window::open();
    window.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::C);
    window.press_with(Modifiers::ALT, Key::Num8);
    assert!(!window.sees("keys are on the clipboard, "));
    window.click("Everything");
    let listed = window.harness.query_all_by_label_contains("keys are on the clipboard").count();
    assert!(listed >= 1, "the word of the status bar is kept");
    window.click("Dismiss all");
    assert!(window.sees("There are no messages."));
}

#[test]
fn ended_work_stands_in_the_log() {
    let mut window = Window::open();
    window.press_with(Modifiers::ALT, Key::Num7);
    assert!(window.sees("Opening: done") && window.sees("Nothing runs in the background."));
    window.click("Clear");
    assert!(!window.sees("Opening: done"));
}

#[test]
fn panes_are_of_use_in_a_small_window_and_with_large_text() {
    let mut window = Window::open();
    window.harness.set_size(vec2(960.0, 600.0));
    window.settle();
    for pane in ["Viewport", "Inspector", "Timeline"] {
        assert!(has_pane(&window, pane), "{pane}");
    }
    assert!(!has_pane(&window, "Project"), "side panes are tabs of one column");
    window.press_with(Modifiers::ALT, Key::Num1);
    assert!(window.sees("Synthesised"));
}

#[test]
fn a_key_is_given_to_another_command_and_works_at_once() {
    let mut window = Window::open();
    window.press_with(Modifiers::COMMAND, Key::Comma);
    assert!(window.sees("Settings"));
    window.click("Keyboard");
    // Found by name, given a key that another command has.
    window.fill("Search by name or by keys", "Next reading");
    window.harness.get_by_label_contains("Keys of Next reading: Y").click();
    window.settle();
    window.press(Key::Enter);
    window.press(Key::F9);
    let keys = "Keys of Next reading: F9, Y";
    assert!(window.sees(keys), "a free key is given at once");
    window.press(Key::Enter);
    window.press_with(Modifiers::COMMAND, Key::S);
    assert!(window.sees("Ctrl+S belongs to Save."));
    window.click("Leave it there");
    window.click("Add keys…");
    window.press(Key::Comma);
    window.click("Take it from there");
    assert!(window.sees("Keys of Next reading: ,, F9, Y"));
    // Escape only ends the waiting for a key.
    window.click("Add keys…");
    window.press(Key::Escape);
    assert!(window.sees("Add keys…"));
    window.press(Key::Escape);
    assert!(!window.sees("Add keys…"));

    // The comma no longer nudges; the menu shows the new keys.
    window.select_key(2);
    let before = window.project().tiers.keys[1].times;
    window.press(Key::Comma);
    assert!(window.project().tiers.keys[1].times == before);
    window.press_with(Modifiers::COMMAND, Key::Comma);
    window.click("Keyboard");
    window.click("Reset all");
    window.press(Key::Escape);
    window.select_key(2);
    window.press(Key::Comma);
    assert!(window.project().tiers.keys[1].times != before, "it nudges again");
}

#[test]
fn a_preset_of_keys_is_chosen_and_shown_in_the_help() {
    let mut window = Window::open();
    window.press_with(Modifiers::COMMAND, Key::Comma);
    window.click("Keyboard");
    window.click("Keymap");
    window.click("Premiere and Resolve");
    window.press(Key::Escape);
    window.press_with(Modifiers::SHIFT, Key::Num7);
    assert_eq!(window.harness.state().focused_panel(), Some("History"));
    window.press_with(Modifiers::SHIFT, Key::F1);
    assert!(window.sees("Ctrl+M"), "the help lists the keys in force");
}

#[test]
fn settings_take_hold_at_once() {
    let mut window = Window::open();
    window.press_with(Modifiers::COMMAND, Key::Comma);
    window.click("Light");
    window.click("Reduced motion");
    assert_eq!(window.harness.ctx.global_style().animation_time, 0.0);
    window.click("140 %");
    assert!((window.harness.ctx.zoom_factor() - 1.4).abs() < 1e-3);
    window.click("100 %");
    window.click("Dark");
    assert_eq!(window.harness.ctx.global_style().animation_time, 0.0, "a theme does not bring the gliding back");
    window.click("New projects");
    let home = window.dir.path().join("elsewhere");
    window.fill("Folder of new projects", &home.to_string_lossy());
    window.click("Close");
    window.press_with(Modifiers::COMMAND, Key::N);
    let field = window.field("Project folder").value().unwrap_or_default();
    assert!(field.starts_with(&*home.to_string_lossy()), "{field}");
}

#[test]
fn the_palette_says_why_not_and_remembers() {
    let mut window = Window::open();
    window.press_with(Modifiers::COMMAND, Key::K);
    let field = window.harness.get_by(|n| n.role() == Role::TextInput && n.is_focused());
    field.type_text("undo");
    window.settle();
    assert!(window.sees("Undo, nothing to undo"));
    window.press(Key::Enter);
    assert!(window.sees("Undo, nothing to undo"), "what cannot be done does not close the list");
    window.press(Key::Escape);
    command(&mut window, "Zoom to fit");
    window.press_with(Modifiers::COMMAND, Key::K);
    let rows = |n: &egui_kittest::Node<'_>| n.rect().top();
    let first =
        window.harness.get_by(|n| n.role() == Role::ListBoxOption && n.label().as_deref() == Some("Zoom to fit"));
    let other = window
        .harness
        .get_by(|n| n.role() == Role::ListBoxOption && n.label().as_deref() == Some("New project…"))
        .rect()
        .top();
    assert!(rows(&first) < other, "what was run last stands first");
}
