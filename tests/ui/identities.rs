//! People: chosen and undone, made from a picture by mouse and by keys, handed on as one file.

use super::*;
use cueloom::render::identity::{Identity, pack};
use egui::Pos2;

fn mira() -> Identity {
    Identity::builtin("mira").expect("built in")
}

/// A portrait to make a person from.
fn portrait() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/identities/mira/picture.png")
}

/// Presses and lets go at a place of the window.
fn click_at(window: &mut Window, at: Pos2) {
    window.harness.drag_at(at);
    window.harness.step();
    window.harness.drop_at(at);
    window.settle();
}

/// Runs a command by its name in the palette.
fn command(window: &mut Window, name: &str) {
    window.press_with(Modifiers::COMMAND, Key::K);
    let field = window.harness.get_by(|n| n.role() == Role::TextInput && n.is_focused());
    field.type_text(name);
    window.settle();
    window.press(Key::Enter);
}

/// The wizard with the portrait opened in it.
fn with_picture(mut window: Window) -> Window {
    command(&mut window, "New identity");
    window.fill("Picture", &portrait().to_string_lossy());
    window.click("Open the picture");
    assert!(window.sees("Click in the picture: Eye at picture left."));
    window
}

/// Clicks a face point of the portrait in the picture.
fn click_point(window: &mut Window, at: [f32; 2]) {
    let rect = window.harness.get_by_label("The picture").rect();
    click_at(window, rect.left_top() + rect.height() * vec2(at[0], at[1]));
}

#[test]
fn another_person_cues_and_undo_brings_the_first_back() {
    let mut window = Window::open();
    assert_eq!(window.project().identity, "mira");
    for name in ["Mira", "Jonas", "Amara", "Wei", "Salma"] {
        assert!(window.sees(&format!("Identity {name}")), "{name}");
    }
    window.click("Identity Jonas");
    assert_eq!(window.project().identity, "jonas");
    assert!(window.sees("Not saved"));
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.project().identity, "mira");
    window.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert_eq!(window.project().identity, "jonas");
    window.press_with(Modifiers::COMMAND, Key::S);
    assert_eq!(file::load(&window.folder()).expect("saved").identity, "jonas");
}

#[test]
fn a_portrait_becomes_the_person_who_cues_with_the_mouse() {
    let mut window = with_picture(Window::open());
    let face = mira().reference.face;
    let eye = |range: std::ops::Range<usize>| {
        let n = range.len() as f32;
        face[range].iter().fold([0.0, 0.0], |a, p| [a[0] + p[0] / n, a[1] + p[1] / n])
    };
    for at in [eye(36..42), eye(42..48), face[30], face[48], face[54]] {
        click_point(&mut window, at);
    }
    assert!(window.sees("Drag what is not in its place"), "all five stand");
    window.click("Next");
    assert!(window.sees("Shoulder at picture left"));
    // Every page is there, and back.
    for page in ["4 All points", "5 Room and hands", "6 Colours and hand", "3 Chin, ears, shoulders"] {
        window.click(page);
    }
    // A shoulder is dragged.
    let from = window.harness.get_by_label("Shoulder at picture left").rect().center();
    window.harness.drag_at(from);
    window.harness.step();
    window.harness.hover_at(from + vec2(12.0, 8.0));
    window.harness.step();
    window.harness.drop_at(from + vec2(12.0, 8.0));
    window.settle();
    let to = window.harness.get_by_label("Shoulder at picture left").rect().center();
    assert!((to - from - vec2(12.0, 8.0)).length() < 3.0, "{from} to {to}");
    window.click("7 Name and consent");
    window.fill("Name of the person", "Ana Test");
    window.fill("Who agreed", "Ana Test");
    window.fill("For what", "lessons");
    window.click("Next");
    assert!(window.sees("All positions are reached with all hand shapes."));
    assert!(!window.sees("No consent is recorded"));
    window.click("Keep this person");
    assert_eq!(window.project().identity, "identities/ana-test");
    let kept = Identity::load(&window.folder().join("identities/ana-test")).expect("kept in the project");
    assert_eq!(kept.consent.as_ref().map(|c| (c.by.as_str(), c.purpose.as_str())), Some(("Ana Test", "lessons")));
    let span = face[45][0] - face[36][0];
    let worst = [30usize, 48, 54].map(|i| (kept.reference.face[i][0] - face[i][0]).abs() / span);
    assert!(worst.iter().all(|e| *e < 0.04), "{worst:?}");
    assert!(window.sees("Identity Ana Test"), "it is in the list");
    // One step of history.
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.project().identity, "mira");
}

#[test]
fn places_are_reached_with_tab_and_moved_with_arrows() {
    let mut window = with_picture(Window::empty());
    let place = |window: &Window| window.harness.get_by_label("Tip of the nose").rect().center();
    let before = place(&window);
    for _ in 0..40 {
        window.press(Key::Tab);
        if window.harness.get_by_label("Tip of the nose").is_focused() {
            break;
        }
    }
    assert!(window.harness.get_by_label("Tip of the nose").is_focused(), "Tab goes there");
    window.press_with(Modifiers::SHIFT, Key::ArrowRight);
    window.press(Key::ArrowDown);
    let after = place(&window);
    assert!(after.x > before.x + 4.0 && after.y > before.y, "{before} to {after}");
    assert!(window.harness.get_by_label("Tip of the nose").is_focused(), "arrows do not lead away");
}

#[test]
fn the_five_places_are_set_by_keys_alone_and_the_rest_of_the_face_follows() {
    let mut window = with_picture(Window::empty());
    let at = |window: &Window, name: &str| window.harness.get_by_label(name).rect().center();
    assert!(window.harness.get_by_label("Eye at picture left").is_focused(), "the keyboard is there at once");
    let (left, nose) = (at(&window, "Eye at picture left"), at(&window, "Tip of the nose"));
    window.press_with(Modifiers::SHIFT, Key::ArrowDown);
    let by = at(&window, "Eye at picture left") - left;
    assert!(by.y > 4.0 && (at(&window, "Tip of the nose") - nose - by).length() < 1.0, "one place takes all along");
    window.press(Key::Enter);
    assert!(window.harness.get_by_label("Eye at picture right").is_focused(), "Enter goes on");
    // Eyes farther apart make a larger face.
    let mouth = at(&window, "Corner of the mouth at picture left");
    window.press_with(Modifiers::SHIFT, Key::ArrowRight);
    let lower = at(&window, "Corner of the mouth at picture left");
    assert!(lower.y > mouth.y + 2.0, "{mouth} {lower}");
    for _ in 0..4 {
        window.press(Key::Enter);
    }
    assert!(window.sees("Drag what is not in its place"), "all five stand");
}

#[test]
fn what_is_marked_is_removed_and_room_is_added_and_both_are_taken_back() {
    let mut window = with_picture(Window::empty());
    window.click("5 Room and hands");
    assert!(!window.sees("Clear the marks"), "nothing is marked yet");
    click_point(&mut window, [0.1, 0.1]);
    assert!(window.sees("Clear the marks"));
    // What was painted is rubbed out again.
    window.click("Rub out");
    click_point(&mut window, [0.1, 0.1]);
    assert!(!window.sees("Clear the marks"));
    window.click("Rub out");
    // By keys: the brush is gone to, moved and pressed.
    for _ in 0..40 {
        window.press(Key::Tab);
        if window.harness.get_by_label_contains("Brush: arrows move it").is_focused() {
            break;
        }
    }
    window.press_with(Modifiers::SHIFT, Key::ArrowUp);
    window.press(Key::Space);
    assert!(window.sees("Clear the marks"));
    window.click("Remove what is marked");
    assert!(!window.sees("Clear the marks"));
    window.click("Take the last change back");
    assert!(!window.sees("Take the last change back"), "nothing is left to take back");
    assert!(window.sees("The hand has room."));
}

#[test]
fn a_file_that_is_no_picture_and_a_face_that_is_none_are_told() {
    let mut window = Window::empty();
    command(&mut window, "New identity");
    let words = window.dir.path().join("words.png");
    std::fs::write(&words, "words").expect("written");
    window.fill("Picture", &words.to_string_lossy());
    window.click("Open the picture");
    assert!(window.sees("not a picture that can be read"));
    window.fill("Picture", &portrait().to_string_lossy());
    window.click("Open the picture");
    // Both eyes in one place: the rest cannot follow.
    click_point(&mut window, [0.2, 0.8]);
    click_point(&mut window, [0.2, 0.8]);
    window.click("Next");
    assert!(window.sees("the eyes are at the same place"));
    assert!(window.sees("Click all five again"), "still on the page");
}

#[test]
fn a_person_is_handed_on_as_one_file_and_taken_in() {
    let mut window = Window::open();
    let out = window.dir.path().join("handed-on.cueid");
    command(&mut window, "Export identity");
    window.fill("Identity file", &out.to_string_lossy());
    window.click("Export");
    assert_eq!(pack::read(&out).expect("written whole"), mira());

    let mut person = mira();
    (person.name, person.title, person.drawn) = ("ben".into(), "Ben".into(), false);
    let file = window.dir.path().join("ben.cueid");
    pack::write(&person, &file).expect("written");
    command(&mut window, "Import identity");
    let broken = window.dir.path().join("broken.cueid");
    std::fs::write(&broken, "PK").expect("written");
    window.fill("Identity file", &broken.to_string_lossy());
    window.click("Import");
    assert!(window.sees("not an identity file"));
    window.fill("Identity file", &file.to_string_lossy());
    window.click("Import");
    assert_eq!(window.project().identity, "identities/ben");
    assert!(window.sees("Identity Ben"));
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.project().identity, "mira");
}
