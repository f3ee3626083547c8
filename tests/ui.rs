//! The window, used as a person uses it: by the names of what is on screen, with keys and clicks, without a display.
//!
//! The harness stops at any letter that no bundled font can draw and at any control without a name, so every test here
//! checks those two as well.

#[path = "ui/charts.rs"]
mod charts;
#[path = "ui/compare.rs"]
mod compare;
#[path = "ui/expression.rs"]
mod expression;
#[path = "ui/gloss.rs"]
mod gloss;
#[path = "ui/keeping.rs"]
mod keeping;
#[path = "ui/realign.rs"]
mod realign;
#[path = "ui/transport.rs"]
mod transport;

use cueloom::app::{Backends, StartOptions, Studio};
use cueloom::audio::Manual;
use cueloom::cueing::{HandShape, Position};
use cueloom::document::{Project, file};
use cueloom::jobs::draft::{DraftRequest, SoundSource, create_project};
use cueloom::language::Language;
use cueloom::progress::Silent;
use cueloom::time::Seconds;
use egui::accesskit::Role;
use egui::{Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

#[path = "ui/alignment.rs"]
mod alignment;
#[path = "ui/hands.rs"]
mod hands;
#[path = "ui/identities.rs"]
mod identities;
#[path = "ui/keyboard.rs"]
mod keyboard;
#[path = "ui/languages.rs"]
mod languages;
#[path = "ui/mouse.rs"]
mod mouse;
#[path = "ui/new_project.rs"]
mod new_project;
#[path = "ui/panels.rs"]
mod panels;
#[path = "ui/score.rs"]
mod score;
#[path = "ui/takes.rs"]
mod takes;
#[path = "ui/timeline.rs"]
mod timeline;

const MANDARIN: &str = "他在银行工作，行不行？";

/// A window under test with its clock and folder.
struct Window {
    harness: Harness<'static, Studio>,
    clock: Arc<Manual>,
    dir: tempfile::TempDir,
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("folder");
    for entry in std::fs::read_dir(from).expect("read").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).expect("copy");
        }
    }
}

/// A Mandarin project spoken once for all tests.
fn spoken_project() -> &'static Path {
    static PROJECT: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = PROJECT.get_or_init(|| {
        let dir = tempfile::tempdir().expect("temporary folder");
        let path = dir.path().join("bank");
        let request = DraftRequest::new(path.clone(), SoundSource::Speak, MANDARIN.into(), Language::Mandarin, None);
        create_project(&request, &Silent).expect("espeak-ng speaks the text");
        (dir, path)
    });
    path
}

impl Window {
    fn new(project: Option<PathBuf>, dir: tempfile::TempDir) -> Self {
        let clock = Arc::new(Manual::default());
        let backends = Backends::silent(dir.path().join("home"), clock.clone());
        let options = StartOptions { project, ..StartOptions::default() };
        let harness = Harness::builder()
            .with_size(vec2(1280.0, 800.0))
            .with_step_dt(1.0 / 60.0)
            .with_max_steps(200)
            .build_eframe(move |cc| Studio::new(cc, backends, options, Arc::default()));
        let mut window = Self { harness, clock, dir };
        window.settle();
        window
    }

    fn empty() -> Self {
        Self::new(None, tempfile::tempdir().expect("temporary folder"))
    }

    /// With a copy of the spoken project.
    fn open() -> Self {
        let dir = tempfile::tempdir().expect("temporary folder");
        let folder = dir.path().join("bank");
        copy_folder(spoken_project(), &folder);
        let window = Self::new(Some(folder), dir);
        assert!(window.harness.state().project().is_some(), "{:?}", window.harness.state().messages());
        window
    }

    fn folder(&self) -> PathBuf {
        self.dir.path().join("bank")
    }

    /// Closes the window and gives its folder.
    fn close(self) -> tempfile::TempDir {
        drop(self.harness);
        self.dir
    }

    /// Steps until the background is quiet.
    fn settle(&mut self) {
        let begun = Instant::now();
        let mut quiet = 0;
        while quiet < 4 {
            assert!(begun.elapsed() < Duration::from_secs(240), "the background does not come to rest");
            self.harness.step();
            if self.harness.state().is_busy() {
                quiet = 0;
                std::thread::sleep(Duration::from_millis(2));
            } else {
                quiet += 1;
            }
        }
    }

    fn press(&mut self, key: Key) {
        self.press_with(Modifiers::NONE, key);
    }

    fn press_with(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.settle();
    }

    /// Opens a menu and what is gathered in it, and clicks the last of the names. A panel may have the name of a menu or
    /// of an entry: the menus come first, and of several entries the one beside where it unfolds is meant.
    fn pick(&mut self, path: &[&str]) {
        let menu = self.harness.query_all_by_label(path[0]).next().expect("a menu");
        let mut left = menu.rect().left();
        menu.click();
        self.settle();
        for name in &path[1..] {
            let found = self.harness.query_all_by_label_contains(name);
            let off = |n: &egui_kittest::Node<'_>| (n.rect().left() - left).abs();
            let entry = found.min_by(|a, b| off(a).total_cmp(&off(b))).expect("an entry");
            left = entry.rect().right();
            entry.click();
            self.settle();
        }
    }

    /// Clicks a control, wherever what it stands in is scrolled to.
    fn click(&mut self, label: &str) {
        self.harness.get_by_label(label).scroll_to_me();
        self.harness.run_steps(6);
        self.harness.get_by_label(label).click();
        self.settle();
    }

    /// Puts text into a field found by its label.
    fn fill(&mut self, label: &str, text: &str) {
        self.field(label).focus();
        self.harness.step();
        self.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
        self.harness.step();
        self.field(label).type_text(text);
        self.settle();
    }

    fn field<'a>(&'a self, label: &'a str) -> egui_kittest::Node<'a> {
        self.harness.get_by(|n| {
            let role = n.role();
            let is_field = matches!(role, Role::TextInput | Role::MultilineTextInput);
            is_field && n.label().as_deref() == Some(label)
        })
    }

    fn project(&self) -> &Project {
        self.harness.state().project().expect("a project is open")
    }

    fn sees(&self, text: &str) -> bool {
        self.harness.query_all_by_label_contains(text).next().is_some()
    }

    fn select_key(&mut self, number: usize) {
        let prefix = format!("Key {number}: shape");
        self.harness.get_by_label_contains(&prefix).click();
        self.settle();
    }
}

#[test]
fn an_empty_window_says_what_to_do_and_does_it() {
    let mut window = Window::empty();
    for label in ["New project…", "Open project…", "Open the Mandarin sample", "Find a command"] {
        assert!(window.sees(label), "{label}");
    }
    window.click("New project…");
    assert!(window.sees("Project folder"));
    window.click("Create");
    // Every gap is named beside its field.
    for text in ["Choose a recording", "Write or paste what is said", "Choose the language"] {
        assert!(window.sees(text), "{text}");
    }
    window.press(Key::Escape);
    assert!(!window.sees("Project folder"));
}

#[test]
fn text_alone_becomes_a_project_in_the_window() {
    let mut window = Window::empty();
    window.press_with(Modifiers::COMMAND, Key::N);
    window.click("No recording: have the text spoken by a synthesiser");
    window.fill("Text", MANDARIN);
    let folder = window.dir.path().join("made");
    window.fill("Project folder", &folder.to_string_lossy());
    window.click("Create");
    assert!(window.harness.state().project().is_some(), "{:?}", window.harness.state().messages());
    assert_eq!(window.project().language(), Language::Mandarin, "guessed from the letters");
    assert!(window.project().tiers.keys.len() > 6);
    assert!(folder.join("project.ron").is_file());
    assert!(window.sees("Synthesised"), "the voice is labelled as made");
    for label in ["Word 1: 他", "Key 1: shape", "Key 1: position", "Phone 1:", "Sound"] {
        assert!(window.sees(label), "{label}");
    }
}

#[test]
fn text_in_another_language_is_told_before_anything_is_made() {
    let mut window = Window::empty();
    window.press_with(Modifiers::COMMAND, Key::N);
    window.click("No recording: have the text spoken by a synthesiser");
    window.fill("Text", "He works in a bank");
    window.click("Language");
    window.click("中文（普通话）");
    let folder = window.dir.path().join("made");
    window.fill("Project folder", &folder.to_string_lossy());
    window.click("Create");
    assert!(window.sees("Is the language right?"));
    assert!(!folder.exists());
}

#[test]
fn a_key_is_changed_undone_redone_saved_and_found_again() {
    let mut window = Window::open();
    let before = window.project().clone();
    window.select_key(2);
    assert!(window.sees("Key 2"), "the inspector shows it");
    let rule = before.tiers.keys[1].shape();
    let other = HandShape(if rule.0 == 5 { 6 } else { 5 });
    window.click(&format!("Hand shape {}", other.0));
    assert_eq!(window.project().tiers.keys[1].shape(), other);
    assert!(window.sees("Not saved"));

    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.project(), &before);
    window.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert_eq!(window.project().tiers.keys[1].shape(), other);

    // By key: chin.
    window.press(Key::E);
    assert_eq!(window.project().tiers.keys[1].position(), Position::Chin);
    // By the drawn face.
    window.click("Position throat");
    assert_eq!(window.project().tiers.keys[1].position(), Position::Throat);

    window.press_with(Modifiers::COMMAND, Key::S);
    assert!(!window.sees("Not saved"));
    let saved = file::load(&window.folder()).expect("the project is read again");
    assert_eq!(&saved, window.project());
    let folder = window.folder();
    let dir = window.close();
    let again = Window::new(Some(folder), dir);
    assert_eq!(again.project(), &saved);
}

#[test]
fn a_reading_is_chosen_and_typed() {
    let mut window = Window::open();
    let word = window
        .project()
        .tiers
        .utterance
        .words
        .iter()
        .position(|w| w.text.starts_with('行'))
        .expect("the ambiguous word");
    let before = window.project().tiers.utterance.words[word].chosen;
    let name = format!("Word {}: ", word + 1);
    window.harness.get_by_label_contains(&name).click();
    window.settle();
    window.fill("Another reading", "hang2 bu4 hang2");
    window.press(Key::Enter);
    let changed = &window.project().tiers.utterance.words[word];
    assert!(changed.chosen != before, "{:?}", changed.readings.iter().map(|r| &r.label).collect::<Vec<_>>());
    window.fill("Another reading", "xyzzy");
    window.press(Key::Enter);
    let count = window.project().tiers.utterance.words[word].readings.len();
    window.settle();
    assert_eq!(window.project().tiers.utterance.words[word].readings.len(), count, "nonsense is refused");
}

#[test]
fn times_are_nudged_and_a_drag_is_one_step() {
    let mut window = Window::open();
    window.select_key(3);
    let before = window.project().tiers.keys[2].times;
    window.press(Key::Comma);
    let frame = window.project().settings.fps.frame_length();
    let after = window.project().tiers.keys[2].times;
    assert!((before.m1 - after.m1 - frame).0.abs() < 0.002, "{before:?} {after:?}");

    // The lead handle, dragged in many small moves, is one step of history.
    window.press(Key::Backslash);
    let handle = window.harness.get_by_label("Hand lead handle").rect().center();
    let untouched = window.project().clone();
    window.harness.drag_at(handle);
    window.harness.step();
    for i in 1..=10 {
        window.harness.hover_at(handle - vec2(3.0 * i as f32, 0.0));
        window.harness.step();
    }
    window.harness.drop_at(handle - vec2(30.0, 0.0));
    window.settle();
    assert!(window.project().tiers.keys[2].times.m1 < untouched.tiers.keys[2].times.m1);
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.project(), &untouched);
}

#[test]
fn playing_follows_the_clock() {
    let mut window = Window::open();
    window.press(Key::Home);
    window.harness.key_press(Key::Space);
    window.harness.run_steps(2);
    assert!(window.harness.state().is_playing());
    window.clock.advance(0.5);
    window.harness.run_steps(2);
    assert!((window.harness.state().playhead().0 - 0.5).abs() < 1e-6, "{}", window.harness.state().playhead());
    // Space has one meaning: it pauses where the playhead stands.
    window.harness.key_press(Key::Space);
    window.harness.run_steps(2);
    assert!(!window.harness.state().is_playing());
    assert!((window.harness.state().playhead().0 - 0.5).abs() < 1e-6);
    // Enter goes back to where playing began.
    window.press(Key::Space);
    window.clock.advance(0.3);
    window.harness.run_steps(2);
    window.press(Key::Enter);
    assert!((window.harness.state().playhead().0 - 0.5).abs() < 1e-6);
    // Arrows step frames, Shift seconds, End stops at the end.
    window.press(Key::ArrowRight);
    assert!((window.harness.state().playhead().0 - 0.52).abs() < 0.021);
    window.press_with(Modifiers::SHIFT, Key::ArrowRight);
    assert!((window.harness.state().playhead().0 - 1.52).abs() < 0.021);
    window.press(Key::End);
    assert_eq!(window.harness.state().playhead(), window.project().length());
}

#[test]
fn playing_stops_at_the_end_and_around_a_key() {
    let mut window = Window::open();
    window.select_key(4);
    let here = window.harness.state().playhead();
    window.harness.key_press(Key::Slash);
    window.harness.run_steps(2);
    assert!(window.harness.state().is_playing());
    assert!(window.harness.state().playhead() < here, "it begins before the key");
    window.clock.advance(4.0);
    window.harness.run_steps(3);
    assert!(!window.harness.state().is_playing());
    assert_eq!(window.harness.state().playhead(), here, "and returns to it");
    window.press(Key::Space);
    window.clock.advance(1000.0);
    window.harness.run_steps(3);
    assert!(!window.harness.state().is_playing());
    assert!((window.harness.state().playhead() - window.project().length()).0.abs() < 0.05);
}

#[test]
fn lanes_are_walked_with_the_keyboard_alone() {
    let mut window = Window::open();
    window.harness.get_by_label_contains("Key 1: shape").focus();
    window.settle();
    window.press(Key::ArrowRight);
    window.press(Key::ArrowRight);
    assert!(window.harness.get_by_label_contains("Key 3: shape").is_focused());
    window.press(Key::ArrowDown);
    assert!(window.harness.get_by_label_contains("Key 3: position").is_focused());
    window.press(Key::ArrowUp);
    window.press(Key::Num8);
    assert_eq!(window.project().tiers.keys[2].shape(), HandShape(8));
    window.press(Key::Escape);
    assert!(!window.harness.get_by_label_contains("Key 3: shape").is_focused());
    let before = window.harness.state().playhead();
    window.press(Key::ArrowRight);
    assert!(window.harness.state().playhead() > before, "arrows step frames again");
}

#[test]
fn narrow_segments_are_reached_by_walking() {
    let mut window = Window::open();
    window.harness.get_by_label_contains("Phone 1:").focus();
    window.settle();
    let count = window.project().tiers.phones.len();
    for _ in 1..count {
        window.harness.key_press(Key::ArrowRight);
        window.harness.run_steps(2);
    }
    window.settle();
    assert!(window.harness.get_by_label_contains(&format!("Phone {count}:")).is_focused());
}

#[test]
fn export_checks_its_fields_and_then_writes() {
    let mut window = Window::open();
    window.press_with(Modifiers::COMMAND, Key::E);
    window.fill("File", " ");
    window.click("Export");
    assert!(window.sees("Choose where the video is written"));
    let out = window.dir.path().join("out.mp4");
    window.fill("File", &out.to_string_lossy());
    window.click("From – to");
    window.fill("to", "0:00.000");
    window.click("Export");
    assert!(window.sees("The end must come after the start"));
    window.fill("to", "0:00.800");
    window.click("Size");
    window.click("256 pixels high");
    window.click("Export");
    assert!(window.sees("Written:"), "{:?}", window.harness.state().messages());
    assert!(out.is_file());
    let info = cueloom::media::probe(&out).expect("a video");
    assert!(info.duration.0 > 0.7 && info.duration.0 < 0.95, "{:?}", info.duration);
}

#[test]
fn unsaved_changes_are_asked_about() {
    let mut window = Window::open();
    window.select_key(1);
    let rule = window.project().tiers.keys[0].shape();
    let other = if rule == HandShape(7) { Key::Num6 } else { Key::Num7 };
    window.press(other);
    window.press_with(Modifiers::COMMAND, Key::W);
    assert!(window.sees("Save the changes?"));
    window.click("Cancel");
    assert!(window.harness.state().project().is_some());
    window.press_with(Modifiers::COMMAND, Key::W);
    window.click("Discard changes");
    assert!(window.harness.state().project().is_none());
    assert!(window.sees("New project…"));
    assert_eq!(file::load(&window.folder()).expect("the file").tiers.keys[0].shape(), rule, "nothing was written");
}

#[test]
fn a_missing_recording_and_a_broken_project_are_told_with_a_remedy() {
    let dir = tempfile::tempdir().expect("temporary folder");
    let folder = dir.path().join("bank");
    copy_folder(spoken_project(), &folder);
    let path = folder.join("project.ron");
    std::fs::remove_dir_all(folder.join("media")).expect("the sound is taken away");
    // The place where it was last seen is still there: take that away too.
    let text = std::fs::read_to_string(&path).expect("read");
    let start = text.find("absolute_hint").expect("the hint");
    let end = start + text[start..].find(',').expect("its end");
    std::fs::write(&path, format!("{}absolute_hint: \"\"{}", &text[..start], &text[end..])).expect("write");
    let mut window = Window::new(Some(folder.clone()), dir);
    assert!(window.harness.state().project().is_some());
    assert!(window.harness.state().messages().iter().any(|m| m.contains("missing") && m.contains("Relink media")));
    window.click("Dismiss the message");
    window.press(Key::Space);
    assert!(window.harness.state().is_playing(), "it plays silently");
    window.press(Key::Space);

    std::fs::write(&path, "(schema: 1, title: ").expect("write");
    window.press_with(Modifiers::COMMAND, Key::O);
    window.fill("Project folder", &folder.to_string_lossy());
    window.click("Open");
    assert!(window.sees("line"), "the place of the fault");
    assert!(window.harness.state().project().is_some(), "what was open stays open");
}

#[test]
fn every_command_can_be_found_and_every_dialog_opened() {
    let mut window = Window::open();
    window.press_with(Modifiers::COMMAND, Key::K);
    let field = window.harness.get_by(|n| n.role() == Role::TextInput && n.is_focused());
    field.type_text("targ");
    window.settle();
    window.press(Key::Enter);
    assert!(!window.sees("Find a command ") && window.harness.state().project().is_some());
    for (modifiers, key, text) in [
        (Modifiers::NONE, Key::F1, "What this program does"),
        (Modifiers::SHIFT, Key::F1, "Keyboard shortcuts"),
        (Modifiers::COMMAND, Key::N, "Project folder"),
        (Modifiers::COMMAND, Key::O, "Open project"),
        (Modifiers::COMMAND, Key::E, "Export video"),
    ] {
        window.press_with(modifiers, key);
        assert!(window.sees(text), "{text}");
        window.press(Key::Escape);
    }
    for menu in ["File", "Edit", "Cue", "Play", "View", "Help"] {
        window.click(menu);
        window.press(Key::Escape);
    }
    window.click("Help");
    window.click("About and licences");
    assert!(window.sees("Version"));
}

#[test]
fn themes_and_text_sizes_change_at_once() {
    let mut window = Window::open();
    for name in ["Light theme", "High contrast theme", "Dark theme"] {
        window.pick(&["View", "Theme", name]);
    }
    for _ in 0..12 {
        window.press_with(Modifiers::COMMAND, Key::Plus);
    }
    assert!(window.sees("Text size 200 %"));
    window.press_with(Modifiers::COMMAND, Key::Num0);
}

/// All three languages on the timeline: their words, their phones, their glosses have glyphs.
#[test]
fn every_language_is_drawn_without_a_missing_letter() {
    let texts = [
        (Language::French, "Hier soir, un garçon où l'œuvre brûlait : « voilà » les oiseaux et l'hiver, maïs aigu."),
        (Language::AmericanEnglish, "He began a confused complaint; which joy, the bird's measure, thing and boat."),
    ];
    for (language, text) in texts {
        let dir = tempfile::tempdir().expect("temporary folder");
        let folder = dir.path().join("spoken");
        let request = DraftRequest::new(folder.clone(), SoundSource::Speak, text.into(), language, None);
        create_project(&request, &Silent).expect("espeak-ng speaks the text");
        let mut window = Window::new(Some(folder), dir);
        let keys = window.project().tiers.keys.len();
        for _ in 0..keys.min(30) {
            window.harness.key_press(Key::ArrowDown);
            window.harness.run_steps(2);
        }
        assert!(window.harness.state().playhead() > Seconds::ZERO);
    }
}
