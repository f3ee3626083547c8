//! Recovery, backups, the lock, missing media and "Save as" in the window, by the names of what is on screen.

use super::{MANDARIN, Window, copy_folder, spoken_project};
use cueloom::cueing::HandShape;
use cueloom::document::edit::{Document, Edit};
use cueloom::document::file;
use cueloom::document::store::{Alone, Choice, Disk, Opening, Session};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Does edits to a project on disk as a program would that dies before it saves.
pub(super) fn work_unsaved(folder: &Path, titles: &[&str]) {
    let opened = Session::open(Arc::new(Disk), folder, Choice::Ask, &Alone).expect("opened");
    let Opening::Ready(mut ready) = opened else { panic!("nothing to ask") };
    let mut document = Document::with_history(ready.project, ready.history);
    document.take_events();
    for title in titles {
        document.apply(&Edit::SetTitle((*title).into())).expect("legal");
    }
    document.take_events().into_iter().for_each(|event| ready.session.record(event));
    ready.session.sync().expect("synced");
}

pub(super) fn copied() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("temporary folder");
    let folder = dir.path().join("bank");
    copy_folder(spoken_project(), &folder);
    (dir, folder)
}

/// Chooses a backup of the list.
fn pick(window: &mut Window, kind: &str) {
    let wanted = |n: &egui_kittest::kittest::AccessKitNode<'_>| {
        n.role() == Role::Button && n.label().is_some_and(|l| l.contains("(just now)") && l.contains(kind))
    };
    window.harness.get_all_by(wanted).next().expect("a backup").click();
    window.settle();
}

#[test]
fn unsaved_work_is_offered_and_recovered_or_kept() {
    let (dir, folder) = copied();
    work_unsaved(&folder, &["One", "Two"]);
    let mut window = Window::new(Some(folder.clone()), dir);
    assert!(window.harness.state().project().is_none(), "nothing is opened before the choice");
    for text in ["Unsaved work was found", "2 steps that were not saved", "Rename project", "(just now)"] {
        assert!(window.sees(text), "{text}");
    }
    // To decide later changes nothing.
    window.press(Key::Escape);
    assert!(window.sees("New project…"));
    window.press_with(Modifiers::COMMAND, Key::O);
    window.fill("Project folder", &folder.to_string_lossy());
    window.click("Open");
    assert!(window.sees("Unsaved work was found"));
    window.click("Recover");
    assert_eq!(window.project().title, "Two");
    assert!(window.sees("Not saved"));
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.project().title, "One");
    window.press_with(Modifiers::COMMAND, Key::S);
    assert!(!window.sees("Not saved"), "{:?}", window.harness.state().messages());
    assert_eq!(file::load(&folder).expect("saved").title, "One");

    // Closed and opened: nothing is asked, and the steps are there.
    let dir = window.close();
    work_unsaved(&folder, &["Three"]);
    let mut window = Window::new(Some(folder.clone()), dir);
    window.click("Open as last saved");
    assert_eq!(window.project().title, "One");
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.project().title, "bank", "undo goes on behind the last opening");
    window.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);

    // What was left is found in the menu, looked into, and put in place.
    window.click("File");
    window.click("Recover earlier work…");
    pick(&mut window, "work that was not saved");
    assert!(window.sees("Three") && window.sees("keys"), "what is inside is shown");
    window.click("Restore");
    assert_eq!(window.project().title, "Three", "{:?}", window.harness.state().messages());
    window.click("File");
    window.click("Backups…");
    assert!(window.sees("replaced by a restored backup") && window.sees("replaced by a save"));
}

#[test]
fn discarded_changes_are_kept_among_the_backups_and_not_offered_again() {
    let mut window = Window::open();
    window.select_key(1);
    let shape = window.project().tiers.keys[0].shape();
    window.press(if shape == HandShape(7) { Key::Num6 } else { Key::Num7 });
    assert!(window.sees("journal kept"));
    window.press_with(Modifiers::COMMAND, Key::W);
    window.click("Discard changes");
    let folder = window.folder();
    let dir = window.close();
    let mut window = Window::new(Some(folder), dir);
    assert_eq!(window.project().tiers.keys[0].shape(), shape);
    window.click("File");
    window.click("Recover earlier work…");
    assert!(window.sees("work that was not saved"));
}

#[test]
fn the_second_window_is_told_and_can_look() {
    let first = Window::open();
    let folder = first.folder();
    let mut second = Window::new(Some(folder), tempfile::tempdir().expect("temporary folder"));
    assert!(second.sees("The project is open in another window"));
    assert!(second.sees(&std::process::id().to_string()), "who has it");
    second.click("Open read-only");
    let before = second.project().clone();
    assert!(second.sees("it can be looked at here") && second.sees("Read-only"));
    second.select_key(1);
    second.press(Key::Num8);
    second.press(Key::Num1);
    assert_eq!(second.project(), &before, "nothing can be changed");
    assert!(second.sees("open read-only"), "and it is said");
    // A copy can.
    let copy = second.dir.path().join("copy");
    second.click("Save a copy…");
    second.fill("New project folder", &copy.to_string_lossy());
    second.click("Save");
    assert!(!second.sees("it can be looked at here"), "{:?}", second.harness.state().messages());
    second.press(Key::Num8);
    second.press(Key::Num1);
    assert_eq!(second.project().tiers.keys[0].shape(), HandShape(1));
    second.press_with(Modifiers::COMMAND, Key::S);
    assert_eq!(file::load(&copy).expect("saved").tiers.keys[0].shape(), HandShape(1));
    assert_eq!(file::load(&first.folder()).expect("there").tiers, before.tiers, "the first is as it was");
    assert!(copy.join("media/speech.wav").is_file(), "the sound went along");
    drop(first);
}

#[test]
fn save_as_takes_history_and_sound_along_and_refuses_an_occupied_folder() {
    let mut window = Window::open();
    window.select_key(2);
    window.press(Key::Num8);
    window.press(Key::Num1);
    let changed = window.project().tiers.clone();
    window.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::S);
    window.fill("New project folder", &window.folder().to_string_lossy());
    window.click("Save");
    assert!(window.sees("a project stands here already") || window.sees("A project stands here already"));
    let copy = window.dir.path().join("elsewhere");
    window.fill("New project folder", &copy.to_string_lossy());
    window.click("Save");
    assert!(!window.sees("Not saved"));
    assert_eq!(file::load(&copy).expect("saved").tiers, changed);
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_ne!(window.project().tiers, changed, "the history went along");
    assert!(copy.join("journal.cueloom").is_file());
}

#[test]
fn a_missing_recording_is_found_again() {
    let (dir, folder) = copied();
    let elsewhere = dir.path().join("elsewhere");
    std::fs::create_dir_all(&elsewhere).expect("folder");
    let moved = elsewhere.join("moved.wav");
    std::fs::rename(folder.join("media/speech.wav"), &moved).expect("moved");
    let other = elsewhere.join("other.wav");
    cueloom::media::write_wav(&other, 16_000, 1, &vec![0.1; 48_000]).expect("written");
    let mut window = Window::new(Some(folder), dir);
    assert!(window.sees("The recording is missing"));
    // From the message itself; the menu has it too.
    window.click("Relink media…");
    assert!(window.sees("Asked for: the recording \"speech.wav\""));
    window.fill("Recording", &elsewhere.join("none.wav").to_string_lossy());
    window.click("Relink");
    assert!(window.sees("not there") || window.sees("no such"), "what is wrong is said");
    window.fill("Recording", &other.to_string_lossy());
    window.click("Relink");
    assert!(window.sees("its content differs"), "another recording is warned of");
    window.fill("Recording", &moved.to_string_lossy());
    window.click("Relink");
    assert!(!window.sees("Asked for"), "the dialog is done");
    assert!(window.project().sound.media.path.ends_with("moved.wav"));
    assert!(window.sees("Not saved"), "it is a step like any other");
    assert_eq!(window.harness.state().has_sound(), Some(true), "and is heard at once");
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.harness.state().has_sound(), Some(false));
    window.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert_eq!(window.harness.state().has_sound(), Some(true));
}

#[test]
fn a_damaged_project_offers_its_backups() {
    let mut window = Window::open();
    window.select_key(1);
    window.press(Key::Num8);
    window.press(Key::Num1);
    window.press_with(Modifiers::COMMAND, Key::S);
    let folder = window.folder();
    let dir = window.close();
    std::fs::write(folder.join("project.ron"), "(schema: 2, title: ").expect("damaged");
    let mut window = Window::new(Some(folder), dir);
    assert!(window.sees("Backups") && window.sees("column"), "{:?}", window.harness.state().messages());
    pick(&mut window, "replaced by a save");
    assert!(window.sees(&MANDARIN[..9]), "its text is shown");
    window.click("Restore");
    assert_eq!(window.project().title, "bank");
}
