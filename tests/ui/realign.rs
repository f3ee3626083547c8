//! Sounds found again between boundaries set by hand, in a project of a recording.

use super::*;

/// A project whose sound is a recording, made once for all tests.
fn recorded_project() -> &'static Path {
    static PROJECT: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = PROJECT.get_or_init(|| {
        let dir = tempfile::tempdir().expect("temporary folder");
        let sound = dir.path().join("talk.wav");
        std::fs::copy(spoken_project().join("media/speech.wav"), &sound).expect("the sound");
        let path = dir.path().join("bank");
        let source = SoundSource::File(sound);
        let request = DraftRequest::new(path.clone(), source, MANDARIN.into(), Language::Mandarin, None);
        create_project(&request, &Silent).expect("the recording is followed");
        (dir, path)
    });
    path
}

fn open_recorded() -> Window {
    let dir = tempfile::tempdir().expect("temporary folder");
    let folder = dir.path().join("bank");
    copy_folder(recorded_project(), &folder);
    let window = Window::new(Some(folder), dir);
    assert!(window.harness.state().project().is_some(), "{:?}", window.harness.state().messages());
    window
}

impl Window {
    /// Drags the boundary before a sound to the right and gives the number of the sound.
    fn move_a_boundary(&mut self) -> usize {
        let phone = self.touching_phone();
        self.click_start(&format!("Phone {}:", phone + 1));
        let at = self.edge_before(&format!("Phone {}:", phone + 1)).rect().center();
        self.drag(at, at + vec2(14.0, 0.0), Modifiers::NONE);
        phone
    }

    /// A line of the menu of the timeline; a panel has the same name, the menus come first.
    fn timeline_menu(&mut self, entry: &str) {
        self.harness.query_all_by_label("Timeline").next().expect("the menu").click();
        self.settle();
        self.harness.get_by_label(entry).click();
        self.settle();
    }

    fn start_of(&self, phone: usize) -> Seconds {
        self.project().tiers.phones[phone].start
    }
}

#[test]
fn a_boundary_set_by_hand_stays_and_a_released_one_is_found_again() {
    let mut window = open_recorded();
    let drawn = window.project().clone();
    let phone = window.move_a_boundary();
    let (right, set) = (drawn.tiers.phones[phone].start, window.start_of(phone));
    assert!((set - right).0 > 0.02, "{right} {set}");
    assert!(window.sees(", set by hand"), "the sound says so");

    // It stays to the bit, whatever is found around it.
    window.press_with(Modifiers::COMMAND, Key::R);
    assert!(window.sees("Re-aligned: "));
    assert_eq!(window.start_of(phone).0.to_bits(), set.0.to_bits());
    assert_eq!(window.project().tiers.phones[phone - 1].end, window.start_of(phone));

    // Released from the menu, it is found again: one step.
    for _ in 0..2 {
        if window.project() != &drawn {
            window.press_with(Modifiers::COMMAND, Key::Z);
        }
    }
    assert_eq!(window.project(), &drawn);
    assert_eq!(window.move_a_boundary(), phone);
    window.timeline_menu("Release boundaries");
    assert!(!window.sees(", set by hand"));
    let released = window.project().clone();
    assert!((window.start_of(phone) - right).0 > 0.02);
    window.timeline_menu("Re-align around");
    let found = window.start_of(phone);
    assert!((found - right).0.abs() < 0.015, "{right} {set} {found}");
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.project(), &released);
}

#[test]
fn a_synthesised_sound_says_why_it_cannot_be_aligned() {
    let mut window = Window::open();
    window.move_a_boundary();
    let before = window.project().clone();
    window.press_with(Modifiers::COMMAND, Key::R);
    assert!(window.sees("This sound was spoken by a program"));
    assert_eq!(window.project(), &before);
}
