//! Every job with the keyboard alone: nothing here has a pointer, and the focus comes only by keys.

use super::keeping::{copied, work_unsaved};
use super::panels::{has_pane, speaking};
use super::takes::{has_card, marks, mask};
use super::*;
use cueloom::document::SoundOrigin;
use cueloom::pose::parts::Part;
use egui::Event;
use egui_kittest::kittest::NodeT as _;

/// A person without a pointer. What is on screen is looked at through the window; only keys and text go into it.
struct Keyboard {
    window: Window,
}

impl std::ops::Deref for Keyboard {
    type Target = Window;
    fn deref(&self) -> &Window {
        &self.window
    }
}

const CTRL: Modifiers = Modifiers::COMMAND;
const SHIFT: Modifiers = Modifiers::SHIFT;
const ALT: Modifiers = Modifiers::ALT;

impl Keyboard {
    fn on(window: Window) -> Self {
        Self { window }
    }

    fn open() -> Self {
        Self::on(Window::open())
    }

    fn key(&mut self, key: Key) {
        self.window.press(key);
    }

    fn keys(&mut self, modifiers: Modifiers, key: Key) {
        self.window.press_with(modifiers, key);
    }

    fn times(&mut self, count: usize, key: Key) {
        for _ in 0..count {
            self.hit(Modifiers::NONE, key);
        }
        self.window.settle();
    }

    /// Types in place of what stands in the field that has the keyboard.
    fn write(&mut self, text: &str) {
        self.window.harness.key_press_modifiers(CTRL, Key::A);
        self.window.harness.step();
        self.window.harness.event(Event::Text(text.to_owned()));
        self.window.settle();
    }

    /// The name of what has the keyboard.
    fn focused(&self) -> String {
        let node = self.harness.query_all_by(|n| n.is_focused()).last();
        node.and_then(|n| n.accesskit_node().label()).unwrap_or_default()
    }

    /// Presses Tab until the keyboard is on something of this name, which must then be on screen.
    fn tab_to(&mut self, name: &str) {
        self.tab_until(name, |focused| focused == name);
    }

    fn tab_to_start(&mut self, start: &str) {
        self.tab_until(start, |focused| focused.starts_with(start));
    }

    fn tab_until(&mut self, name: &str, is_it: impl Fn(&str) -> bool) {
        let mut passed = Vec::new();
        let mut places = Vec::new();
        for _ in 0..240 {
            let focused = self.focused();
            let place = self.harness.query_all_by(|n| n.is_focused()).last().map(|n| n.accesskit_node().locate());
            if places.iter().filter(|p| **p == place).count() > 2 {
                break;
            }
            places.push(place);
            if is_it(&focused) {
                let node = self.harness.query_all_by(|n| n.is_focused()).last().expect("it has the focus");
                let (place, screen) = (node.rect().center(), self.harness.ctx.content_rect());
                assert!(screen.contains(place), "{name:?} has the keyboard out of sight, at {place}");
                return;
            }
            passed.push(focused);
            self.window.harness.key_press(Key::Tab);
            self.window.harness.run_steps(2);
        }
        passed.dedup();
        panic!("Tab never comes to {name:?}, only to {passed:?}");
    }

    /// Walks to a control and presses it.
    fn press(&mut self, name: &str) {
        self.tab_to(name);
        self.key(Key::Enter);
    }

    fn press_start(&mut self, start: &str) {
        self.tab_to_start(start);
        self.key(Key::Enter);
    }

    /// Walks to a field and fills it.
    fn fill(&mut self, name: &str, text: &str) {
        self.tab_to(name);
        self.write(text);
    }

    /// Walks to a list that unfolds, and to one of its lines.
    fn choose(&mut self, list: &str, line: &str) {
        self.press(list);
        self.press_start(line);
        assert!(!self.harness.ctx.any_popup_open(), "choosing folds the list");
    }

    /// Runs a command by its name.
    fn command(&mut self, name: &str) {
        self.keys(CTRL, Key::K);
        self.write(name);
        self.key(Key::Enter);
    }

    /// To the key of this number, counted from one, from the beginning on.
    fn walk_to_key(&mut self, number: usize) {
        for key in [Key::Escape, Key::Escape, Key::Home].into_iter().chain(std::iter::repeat_n(Key::ArrowDown, number))
        {
            self.hit(Modifiers::NONE, key);
        }
        self.window.settle();
        assert!(self.sees(&format!("{number} of ")), "key {number} is shown");
    }

    fn at(&self) -> f64 {
        self.harness.state().playhead().0
    }

    /// Lets time go by while playing.
    fn wait(&mut self, seconds: f64) {
        self.window.clock.advance(seconds);
        self.window.harness.run_steps(3);
    }

    fn hit(&mut self, modifiers: Modifiers, key: Key) {
        self.window.harness.key_press_modifiers(modifiers, key);
        self.window.harness.run_steps(2);
    }
}

#[test]
fn a_project_is_made_from_a_recording_and_its_text() {
    let mut it = Keyboard::on(Window::empty());
    let folder = it.dir.path().join("made");
    it.press("New project…");
    it.fill("Recording", &spoken_project().join("media/speech.wav").to_string_lossy());
    it.fill("Text", MANDARIN);
    it.choose("Language", "中文（普通话）");
    it.fill("Project folder", &folder.to_string_lossy());
    it.press("Create");
    assert_eq!(it.project().language(), Language::Mandarin);
    assert_eq!(it.project().sound.origin, SoundOrigin::Recording);
    assert!(it.project().tiers.keys.len() > 6 && folder.join("project.ron").is_file());
}

#[test]
fn a_project_is_made_from_text_alone() {
    let mut it = Keyboard::on(Window::empty());
    let folder = it.dir.path().join("made");
    it.keys(CTRL, Key::N);
    it.tab_to("No recording: have the text spoken by a synthesiser");
    it.key(Key::Space);
    it.fill("Text", "Bonjour, comment ça va ?");
    it.fill("Project folder", &folder.to_string_lossy());
    it.press("Create");
    assert_eq!(it.project().language(), Language::French);
    assert!(matches!(it.project().sound.origin, SoundOrigin::Synthesised { .. }));
}

#[test]
fn a_project_is_opened_closed_and_its_changes_are_asked_about() {
    let mut it = Keyboard::on(Window::empty());
    it.press("Open the French sample");
    assert_eq!(it.project().language(), Language::French);
    it.keys(CTRL, Key::O);
    it.fill("Project folder", "/no/such/folder");
    // Enter on a button is that button's alone.
    it.press("Cancel");
    assert!(!it.sees("Project folder"), "nothing was tried to be opened");
    let (dir, folder) = copied();
    it.keys(CTRL, Key::O);
    it.fill("Project folder", &folder.to_string_lossy());
    it.key(Key::Enter);
    assert_eq!(it.project().language(), Language::Mandarin);
    it.walk_to_key(1);
    it.key(Key::Num8);
    it.key(Key::Num1);
    it.keys(CTRL, Key::W);
    it.press("Cancel");
    assert_eq!(it.project().tiers.keys[0].shape(), HandShape(1));
    it.keys(CTRL, Key::W);
    it.press("Discard changes");
    assert!(it.harness.state().project().is_none());
    drop(dir);
}

#[test]
fn another_reading_is_chosen() {
    let mut it = Keyboard::open();
    let words = &it.project().tiers.utterance.words;
    let word = words.iter().position(|w| w.text.starts_with('行')).expect("the ambiguous word");
    let (text, before) = (words[word].text.clone(), words[word].chosen);
    let key = it.project().tiers.keys.iter().position(|k| k.rule.word == word).expect("its key");
    it.walk_to_key(key + 1);
    let chosen = |it: &Keyboard| {
        let word = &it.project().tiers.utterance.words[word];
        word.readings[word.chosen].label.clone()
    };
    let was = chosen(&it);
    it.key(Key::Y);
    let next = chosen(&it);
    assert_ne!(next, was, "Y takes the next one");
    // From the list.
    it.keys(ALT, Key::Num3);
    it.choose(&text, &was);
    assert_eq!(chosen(&it), was);
    assert_eq!(it.project().tiers.utterance.words[word].chosen, before);
    // Typed.
    it.keys(ALT, Key::Num3);
    it.fill("Another reading", "hang2 bu4 hang2");
    it.key(Key::Enter);
    assert!(chosen(&it).contains("háng"), "{}", chosen(&it));
}

#[test]
fn a_key_gets_another_shape_position_and_movement() {
    let mut it = Keyboard::open();
    it.walk_to_key(2);
    for (key, shape) in [(Key::Num5, 5), (Key::Num6, 6)] {
        it.key(key);
        assert_eq!(it.project().tiers.keys[1].shape(), HandShape(shape));
    }
    it.key(Key::E);
    assert_eq!(it.project().tiers.keys[1].position(), Position::Chin);
    // In the inspector.
    it.keys(ALT, Key::Num3);
    it.press("Hand shape 8");
    it.press("Position throat");
    it.press("Flick");
    let key = &it.project().tiers.keys[1];
    assert_eq!((key.shape(), key.position()), (HandShape(8), Position::Throat));
    assert_eq!(key.movement(), Some(cueloom::cueing::Movement::Flick));
    it.press("Lock the key");
    it.key(Key::Escape);
    it.key(Key::Num1);
    assert_eq!(it.project().tiers.keys[1].shape(), HandShape(8), "a locked key stays");
    it.keys(ALT, Key::Num3);
    it.press("Unlock the key");
    it.press("Reset");
    assert!(it.project().tiers.keys[1].edits.is_none());
}

#[test]
fn the_hand_sets_off_earlier() {
    let mut it = Keyboard::open();
    it.walk_to_key(3);
    let start = |it: &Keyboard| it.project().tiers.keys[2].times.m1.0;
    let (before, frame) = (start(&it), it.project().settings.fps.frame_length().0);
    it.key(Key::Comma);
    assert!((start(&it) - (before - frame)).abs() < 2e-3);
    it.keys(CTRL | SHIFT, Key::Comma);
    assert!((start(&it) - (before - frame - 0.01)).abs() < 2e-3);
    // The handle on the timeline.
    let before = start(&it);
    it.keys(ALT, Key::Num9);
    it.tab_to("Hand lead handle");
    it.key(Key::ArrowLeft);
    assert!((start(&it) - (before - frame)).abs() < 2e-3);
    // As a number.
    it.keys(ALT, Key::Num3);
    it.fill("Hand lead", "290");
    it.key(Key::Enter);
    assert!((it.project().tiers.keys[2].lead_ms() - 290.0).abs() < 1.0, "{}", it.project().tiers.keys[2].lead_ms());
}

#[test]
fn what_is_around_the_cue_is_played_once_and_in_a_loop() {
    let mut it = Keyboard::open();
    it.walk_to_key(4);
    let here = it.at();
    it.hit(Modifiers::NONE, Key::Slash);
    assert!(it.harness.state().is_playing() && it.at() < here);
    it.wait(6.0);
    assert!(!it.harness.state().is_playing());
    assert_eq!(it.at(), here, "it comes back");
    // Slower.
    it.keys(CTRL, Key::Num2);
    assert!(it.sees("Speed 0.5×"));
    it.keys(CTRL, Key::Num4);

    // From in to out, again and again.
    it.key(Key::Escape);
    it.key(Key::Home);
    it.keys(SHIFT, Key::ArrowRight);
    it.key(Key::I);
    it.times(10, Key::ArrowRight);
    it.key(Key::O);
    let out = it.at();
    it.keys(CTRL, Key::L);
    it.keys(SHIFT, Key::I);
    assert!((it.at() - 1.0).abs() < 1e-6);
    it.hit(Modifiers::NONE, Key::Space);
    for _ in 0..5 {
        it.wait(0.3);
        assert!(it.harness.state().is_playing());
        assert!(it.at() >= 1.0 - 1e-6 && it.at() <= out + 1e-6, "{}", it.at());
    }
    it.hit(Modifiers::NONE, Key::Space);
    it.keys(CTRL, Key::L);
    it.keys(ALT, Key::X);
}

#[test]
fn a_step_is_undone_redone_and_found_in_the_history() {
    let mut it = Keyboard::open();
    let before = it.project().clone();
    it.walk_to_key(2);
    it.key(Key::Num8);
    it.key(Key::T);
    let after = it.project().clone();
    it.keys(CTRL, Key::Z);
    it.keys(CTRL, Key::Z);
    assert_eq!(it.project(), &before);
    it.keys(CTRL, Key::Y);
    it.keys(CTRL | SHIFT, Key::Z);
    assert_eq!(it.project(), &after);
    it.keys(ALT, Key::Num5);
    it.key(Key::Home);
    it.key(Key::Enter);
    assert_eq!(it.project(), &before);
}

#[test]
fn a_mask_is_shaped_and_one_part_of_a_take_accepted() {
    let mut it = Keyboard::open();
    it.walk_to_key(3);
    it.keys(CTRL, Key::M);
    assert_eq!(marks(&it), (1, 0));
    it.keys(ALT, Key::Num4);
    it.fill("From", "0:00.700");
    it.key(Key::Enter);
    assert!((mask(&it).range.start.0 - 0.7).abs() < 1e-6, "{:?}", mask(&it).range);
    it.fill("Halo", "120");
    it.key(Key::Enter);
    assert!((mask(&it).halo.millis() - 120.0).abs() < 1e-6);
    it.press("right hand, arms");
    it.press("lips");
    it.key(Key::Escape);
    assert!(mask(&it).parts.contains(Part::Lips));
    it.fill("Count", "2");
    it.key(Key::Enter);
    it.press("Regenerate");
    assert!(has_card(&it, "Take 2: new") && !has_card(&it, "Take 3"));
    it.press_start("Take 2: new");
    assert!(it.sees("Take 2, seed 2"));
    it.press("One part only");
    it.press("Accept the lips only");
    let accepted = &mask(&it).accepted;
    assert_eq!(accepted.len(), 1);
    assert!(accepted[0].parts.contains(Part::Lips) && !accepted[0].parts.contains(Part::Arms));
    assert_eq!(marks(&it), (1, 2));
}

#[test]
fn markers_are_set_named_coloured_and_removed() {
    let mut it = Keyboard::open();
    it.key(Key::Home);
    it.keys(SHIFT, Key::ArrowRight);
    it.key(Key::M);
    assert_eq!(it.project().marks.markers.len(), 1);
    it.keys(ALT, Key::Num9);
    it.press_start("Marker 1:");
    it.write("watch this");
    it.press("Colour C");
    it.fill("Time in seconds", "0:01.200");
    it.key(Key::Enter);
    let marker = &it.project().marks.markers[0];
    assert_eq!((marker.text.as_str(), marker.colour), ("watch this", 2));
    assert!((marker.time.0 - 1.2).abs() < 1e-6);
    it.key(Key::Home);
    it.keys(SHIFT, Key::Period);
    assert!((it.at() - 1.2).abs() < 1e-6);
    // Giving it up with the button that says so.
    it.keys(ALT, Key::Num9);
    it.press_start("Marker 1:");
    it.write("something else");
    it.press("Cancel");
    assert_eq!(it.project().marks.markers[0].text, "watch this");
    it.keys(ALT, Key::Num9);
    it.tab_to_start("Marker 1:");
    it.key(Key::Delete);
    assert!(it.project().marks.markers.is_empty());
}

#[test]
fn the_timeline_is_zoomed() {
    let mut it = Keyboard::open();
    let width = |it: &Keyboard| it.rect("Word 1:").width();
    it.key(Key::Home);
    let whole = width(&it);
    it.key(Key::Plus);
    it.key(Key::Plus);
    let near = width(&it);
    assert!(near > whole * 1.2, "{whole} {near}");
    it.key(Key::Minus);
    assert!(width(&it) < near);
    it.key(Key::Backslash);
    assert!((width(&it) - whole).abs() < 1.0);
    it.walk_to_key(1);
    it.keys(SHIFT, Key::Backslash);
    assert!(width(&it) > whole * 1.5);
}

#[test]
fn a_problem_is_found_and_remedied() {
    let mut it = Keyboard::on(speaking("He will lead us. I read the record.", Language::AmericanEnglish));
    let chosen = |it: &Keyboard| it.project().tiers.utterance.words.iter().map(|w| w.chosen).collect::<Vec<_>>();
    let before = chosen(&it);
    it.key(Key::F8);
    assert!(it.at() > 0.0, "F8 goes to the first");
    it.keys(ALT, Key::Num6);
    for _ in 0..60 {
        if it.focused().starts_with("Problem: Ambiguous reading") {
            break;
        }
        it.key(Key::ArrowDown);
    }
    assert!(it.focused().starts_with("Problem: Ambiguous reading"), "{}", it.focused());
    it.press("Next reading");
    assert_ne!(chosen(&it), before);
    it.keys(CTRL, Key::Z);
    assert_eq!(chosen(&it), before);
    let count = |it: &Keyboard| it.harness.query_all_by_label_contains("Problem: ").count();
    let all = count(&it);
    it.keys(ALT, Key::Num6);
    it.key(Key::Delete);
    assert_eq!(count(&it), all - 1, "seen");
}

#[test]
fn walking_through_every_control_changes_nothing() {
    let mut it = Keyboard::open();
    it.walk_to_key(3);
    for (panel, field) in [(Key::Num3, "Move starts"), (Key::Num4, "Halo")] {
        if panel == Key::Num4 {
            it.keys(CTRL, Key::M);
        }
        let before = it.project().clone();
        it.keys(ALT, panel);
        it.tab_to(field);
        for _ in 0..20 {
            it.hit(Modifiers::NONE, Key::Tab);
        }
        assert_eq!(it.project(), &before);
    }
}

#[test]
fn a_passage_is_slowed() {
    let mut it = Keyboard::open();
    let before = it.project().clone();
    it.walk_to_key(3);
    it.keys(SHIFT, Key::D);
    it.fill("From", "0:00.8");
    it.fill("to", "0:01.6");
    let said = it.harness.get_by_label_contains("keys/s become").value();
    it.tab_to("Speed of the passage");
    it.key(Key::ArrowLeft);
    assert_ne!(it.harness.get_by_label_contains("keys/s become").value(), said);
    it.press("Slow the passage");
    assert_eq!(it.project().slowed.len(), 1, "{:?}", it.harness.state().messages());
    assert!(it.project().length() > before.length());
    it.keys(CTRL, Key::Z);
    assert_eq!(it.project(), &before);
}

#[test]
fn the_gloss_is_written_anew() {
    let mut it = Keyboard::open();
    it.walk_to_key(2);
    it.keys(ALT, Key::Num3);
    it.fill("Gloss", "shape 4, throut");
    // A slip is offered its word.
    it.press("Write \"throat\"");
    it.key(Key::Enter);
    let key = &it.project().tiers.keys[1];
    assert_eq!((key.shape(), key.position()), (HandShape(4), Position::Throat));
}

#[test]
fn theme_text_size_language_and_keymap_are_set() {
    let mut it = Keyboard::open();
    it.keys(CTRL, Key::Comma);
    it.press("Light");
    assert!(!it.harness.ctx.global_style().visuals.dark_mode);
    it.press("120 %");
    assert!((it.harness.ctx.zoom_factor() - 1.2).abs() < 1e-3);
    it.press("100 %");
    it.press("Keyboard");
    it.choose("Keymap", "Premiere and Resolve");
    it.key(Key::Escape);
    // Ctrl+M exports there.
    it.keys(CTRL, Key::M);
    assert!(it.sees("Export video"));
    it.press("Cancel");
    it.keys(CTRL, Key::Comma);
    it.press("Français");
    assert!(it.sees("Réglages") && it.sees("Fichier"));
    it.press("English");
    assert!(it.sees("Settings"));
    it.press("Close");
    assert!(!it.sees("Language of the interface"));
}

#[test]
fn tab_plays_the_selection_with_the_keys_of_elan_and_praat_and_moves_the_focus_with_others() {
    let mut it = Keyboard::open();
    it.walk_to_key(3);
    it.hit(Modifiers::NONE, Key::Tab);
    assert!(!it.harness.state().is_playing(), "Tab is the focus's own");
    assert_ne!(it.focused(), "");
    it.keys(CTRL, Key::Comma);
    it.press("Keyboard");
    it.choose("Keymap", "ELAN and Praat");
    // In the dialog it still walks on.
    it.press("Close");

    it.walk_to_key(3);
    let here = it.at();
    assert_eq!(it.focused(), "");
    it.hit(Modifiers::NONE, Key::Tab);
    assert!(it.harness.state().is_playing());
    assert_eq!(it.focused(), "", "the focus goes nowhere");
    it.wait(5.0);
    assert!(!it.harness.state().is_playing());
    assert_eq!(it.at(), here);

    // On a segment as well; what has the keyboard keeps it.
    it.keys(SHIFT, Key::F6);
    it.keys(ALT, Key::Num9);
    it.tab_to_start("Word ");
    let on = it.focused();
    it.hit(Modifiers::NONE, Key::Tab);
    assert!(it.harness.state().is_playing());
    assert_eq!(it.focused(), on);
    it.wait(5.0);

    // In a panel and in its fields Tab walks on.
    it.keys(ALT, Key::Num3);
    it.tab_to("Gloss");
    it.hit(Modifiers::NONE, Key::Tab);
    assert!(!it.harness.state().is_playing());
    assert!(it.focused() != "Gloss" && !it.focused().is_empty(), "{}", it.focused());
    it.press("Hand shape 7");
    assert_eq!(it.project().tiers.keys[2].shape(), HandShape(7));
}

#[test]
fn layouts_are_switched_and_panels_hidden_and_shown() {
    let mut it = Keyboard::open();
    it.keys(ALT | SHIFT, Key::Num3);
    assert!(!has_pane(&it, "Project"));
    it.keys(ALT | SHIFT, Key::Num1);
    assert!(has_pane(&it, "Project"));
    it.key(Key::F2);
    assert!(!has_pane(&it, "Project"));
    it.command("Reset layout");
    assert!(has_pane(&it, "Project"));
    // Through the menu.
    it.key(Key::Escape);
    it.press("View");
    it.press_start("Layout");
    it.press("Layout for review");
    assert!(!has_pane(&it, "Project"));
}

#[test]
fn a_command_is_found_in_the_palette_and_in_a_menu() {
    let mut it = Keyboard::open();
    it.keys(CTRL, Key::K);
    it.write("theme");
    it.key(Key::ArrowDown);
    it.key(Key::ArrowUp);
    it.write("light theme");
    it.key(Key::Enter);
    assert!(!it.harness.ctx.global_style().visuals.dark_mode);
    it.press("Timeline");
    it.press("Add a marker");
    assert_eq!(it.project().marks.markers.len(), 1);
}

#[test]
fn a_video_is_exported() {
    let mut it = Keyboard::open();
    let out = it.dir.path().join("out.mp4");
    it.keys(CTRL, Key::E);
    it.fill("File", &out.to_string_lossy());
    it.choose("Size", "256 pixels high");
    it.press("From – to");
    it.fill("to", "0:00.400");
    it.press("Export");
    assert!(it.sees("Written:"), "{:?}", it.harness.state().messages());
    it.press("Done");
    assert!(!it.sees("Written:"));
    let info = cueloom::media::probe(&out).expect("a video");
    assert!(info.duration.0 > 0.3 && info.duration.0 < 0.55, "{:?}", info.duration);
}

#[test]
fn work_is_saved_and_saved_elsewhere() {
    let mut it = Keyboard::open();
    it.walk_to_key(1);
    it.key(Key::Num8);
    it.key(Key::Num1);
    it.keys(CTRL, Key::S);
    let saved = file::load(&it.folder()).expect("saved");
    assert_eq!(saved.tiers.keys[0].shape(), HandShape(1));
    let copy = it.dir.path().join("copy");
    it.keys(CTRL | SHIFT, Key::S);
    it.fill("New project folder", &copy.to_string_lossy());
    // Cancel cancels, even by Enter.
    it.press("Cancel");
    assert!(!copy.exists());
    it.keys(CTRL | SHIFT, Key::S);
    it.fill("New project folder", &copy.to_string_lossy());
    it.key(Key::Enter);
    assert_eq!(file::load(&copy).expect("saved").tiers, saved.tiers);
}

#[test]
fn unsaved_work_is_recovered_and_a_backup_restored() {
    let (dir, folder) = copied();
    work_unsaved(&folder, &["One", "Two"]);
    let mut it = Keyboard::on(Window::new(Some(folder.clone()), dir));
    it.press("Recover");
    assert_eq!(it.project().title, "Two");
    it.keys(CTRL, Key::S);
    it.command("Backups…");
    it.tab_until("a backup", |focused| focused.contains("replaced by a save"));
    it.key(Key::Enter);
    it.press("Restore");
    assert_eq!(it.project().title, "bank", "{:?}", it.harness.state().messages());
}

#[test]
fn a_missing_recording_is_found() {
    let (dir, folder) = copied();
    let moved = dir.path().join("moved.wav");
    std::fs::rename(folder.join("media/speech.wav"), &moved).expect("moved");
    let mut it = Keyboard::on(Window::new(Some(folder), dir));
    assert_eq!(it.harness.state().has_sound(), Some(false));
    it.command("Relink media…");
    it.fill("Recording", &moved.to_string_lossy());
    it.press("Relink");
    assert_eq!(it.harness.state().has_sound(), Some(true), "{:?}", it.harness.state().messages());
}

#[test]
fn sounds_are_split_merged_moved_and_timed() {
    let mut it = Keyboard::open();
    let before = it.project().clone();
    let phone = it.touching_phone();
    it.keys(ALT, Key::Num9);
    it.tab_to_start("Phone ");
    it.key(Key::Home);
    it.times(phone, Key::ArrowRight);
    assert!(it.focused().starts_with(&format!("Phone {}:", phone + 1)), "{}", it.focused());
    // Its times.
    it.key(Key::Enter);
    let wanted = ((before.tiers.phones[phone].end.0 - 0.02) * 1000.0).round() / 1000.0;
    it.fill("End in seconds", &Seconds(wanted).timecode());
    it.key(Key::Enter);
    assert!((it.project().tiers.phones[phone].end.0 - wanted).abs() < 1e-6);
    it.keys(CTRL, Key::Z);
    // Where it begins, without the handle.
    it.keys(ALT, Key::Comma);
    assert!(it.project().tiers.phones[phone].start < before.tiers.phones[phone].start);
    it.keys(CTRL, Key::Z);
    assert_eq!(it.project(), &before);
    // The handle.
    it.keys(ALT, Key::Num9);
    it.tab_to_start("Boundary");
    it.key(Key::ArrowRight);
    assert_ne!(it.project().tiers.phones, before.tiers.phones);
    it.keys(CTRL, Key::Z);
    // Cut in two and joined.
    it.keys(ALT, Key::Num9);
    it.tab_to_start("Phone ");
    it.key(Key::Home);
    it.times(phone, Key::ArrowRight);
    it.key(Key::Escape);
    it.key(Key::Equals);
    let middle = before.tiers.phones[phone].range().middle();
    it.write(&middle.timecode());
    it.key(Key::Enter);
    it.key(Key::X);
    assert_eq!(it.project().tiers.phones.len(), before.tiers.phones.len() + 1);
    it.keys(SHIFT, Key::X);
    assert_eq!(it.project().tiers.phones.len(), before.tiers.phones.len());
}

#[test]
fn a_word_is_split_and_merged() {
    let mut it = Keyboard::open();
    let words = &it.project().tiers.utterance.words;
    let (count, word) = (words.len(), words.iter().position(|w| w.text == "银行").expect("the bank"));
    let walk = |it: &mut Keyboard| {
        it.keys(ALT, Key::Num9);
        it.tab_to_start("Word ");
        it.key(Key::Home);
        for _ in 0..count {
            if it.focused().starts_with(&format!("Word {}:", word + 1)) {
                break;
            }
            it.key(Key::ArrowRight);
        }
    };
    walk(&mut it);
    it.key(Key::Enter);
    it.tab_to("Letters of the word");
    it.key(Key::Home);
    it.key(Key::ArrowRight);
    it.press("Split at the caret");
    assert_eq!(it.project().tiers.utterance.words.len(), count + 1);
    walk(&mut it);
    it.key(Key::Enter);
    it.press("Merge with the next word");
    assert_eq!(it.project().tiers.utterance.words[word].text, "银行");
    assert_eq!(it.project().tiers.utterance.words.len(), count);
}

#[test]
fn cues_are_copied_and_pasted() {
    let mut it = Keyboard::open();
    it.walk_to_key(1);
    it.key(Key::Num8);
    it.key(Key::T);
    // The window system makes events of their own of Ctrl+C and Ctrl+V.
    it.window.harness.event(Event::Copy);
    it.window.settle();
    it.walk_to_key(3);
    it.window.harness.event(Event::Paste("8-t".into()));
    it.window.settle();
    let key = &it.project().tiers.keys[2];
    assert_eq!((key.shape(), key.position()), (HandShape(8), Position::Throat));
}

#[test]
fn keys_are_tapped_along_with_playing() {
    let mut it = Keyboard::open();
    let before = it.project().clone();
    it.key(Key::Home);
    it.keys(CTRL, Key::B);
    it.hit(Modifiers::NONE, Key::Space);
    it.wait(before.tiers.phones[before.tiers.keys[0].rule.phones.start].start.0 + 0.12);
    it.hit(Modifiers::NONE, Key::B);
    assert!(it.sees("Taps: 1"));
    it.hit(Modifiers::NONE, Key::Space);
    it.window.settle();
    assert_ne!(it.project().tiers.phones, before.tiers.phones);
    it.keys(CTRL, Key::Z);
    assert_eq!(it.project(), &before);
}

#[test]
fn tiers_are_shown_locked_and_made_taller() {
    let mut it = Keyboard::open();
    it.keys(ALT, Key::Num9);
    it.press("Tiers");
    it.press("Show Syllables");
    it.key(Key::Escape);
    assert!(it.sees("Syllable 1:"));
    it.keys(ALT, Key::Num9);
    it.press("Tier Phones");
    it.press("Locked: no edits on this tier");
    it.key(Key::Escape);
    assert!(it.sees("Tier Phones, locked"));
    let height = it.rect("Phone 2:").height();
    it.keys(ALT, Key::ArrowDown);
    assert!(it.rect("Phone 2:").height() > height);
}

#[test]
fn timing_and_rules_of_the_project_are_set() {
    let mut it = Keyboard::open();
    let before = it.project().clone();
    it.keys(ALT, Key::Num3);
    it.choose("Preset", "With the sound");
    assert_eq!(it.project().settings.preset, cueloom::cueing::when::Preset::None);
    it.keys(ALT, Key::Num3);
    it.choose("Consonant before a glide", "at the side");
    assert_ne!(it.project().settings.switches, before.settings.switches);
}

#[test]
fn messages_are_read_and_put_away_and_the_help_is_read() {
    let mut it = Keyboard::open();
    it.keys(CTRL | SHIFT, Key::C);
    it.keys(ALT, Key::Num8);
    it.press("Everything");
    assert!(it.sees("keys are on the clipboard"));
    it.press("Dismiss all");
    assert!(it.sees("There are no messages."));
    it.key(Key::F1);
    let top = |it: &Keyboard| it.harness.get_by_label("A first project").rect().top();
    let before = top(&it);
    it.key(Key::PageDown);
    assert!(top(&it) < before - 100.0, "the page is turned");
    it.key(Key::PageUp);
    assert!((top(&it) - before).abs() < 1.0);
    it.fill("Search the help", "shuttle");
    assert!(!it.sees("A first project") && it.sees("Finding the way in time"));
    it.press("Close");
    assert!(!it.sees("Finding the way in time"));
}
