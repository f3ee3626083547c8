//! A new project: its chart and the person who cues it are chosen before it is made.

use super::*;
use cueloom::jobs::identities;
use cueloom::render::identity::Identity;

#[test]
fn the_chart_and_a_person_of_the_library_are_chosen() {
    let mut window = Window::empty();
    let library = window.dir.path().join("home/library");
    let ana = Identity { name: "ana".into(), title: "Ana".into(), ..Identity::builtin("mira").expect("built in") };
    identities::keep(&ana, &library).expect("written");

    window.press_with(Modifiers::COMMAND, Key::N);
    window.click("No recording: have the text spoken by a synthesiser");
    window.fill("Text", "He works in a bank.");
    window.click("Language");
    window.click("English (US)");
    window.click("Chart");
    window.click("British English (template, unchecked)");
    for name in ["Mira", "Jonas", "Ana"] {
        assert!(window.sees(&format!("Identity {name}")), "{name}");
    }
    window.click("Identity Jonas");
    window.click("Identity Ana");
    let folder = window.dir.path().join("made");
    window.fill("Project folder", &folder.to_string_lossy());
    window.click("Create");
    assert!(window.harness.state().project().is_some(), "{:?}", window.harness.state().messages());
    assert!(window.project().chart().name.starts_with("British English"), "{}", window.project().chart().name);
    assert_eq!(window.project().identity, "identities/ana");
    assert_eq!(Identity::load(&folder.join("identities/ana")).expect("copied into the project").title, "Ana");
}

#[test]
fn a_chart_file_that_is_wrong_is_told_and_nothing_is_made() {
    let mut window = Window::empty();
    window.press_with(Modifiers::COMMAND, Key::N);
    window.click("No recording: have the text spoken by a synthesiser");
    window.fill("Text", MANDARIN);
    window.click("Chart");
    window.click("From a file…");
    let folder = window.dir.path().join("made");
    window.fill("Project folder", &folder.to_string_lossy());
    window.click("Create");
    assert!(window.sees("Name the file of the chart."));
    let file = window.dir.path().join("chart.ron");
    std::fs::write(&file, include_str!("../../assets/charts/fra.ron")).expect("written");
    window.fill("Chart file", &file.to_string_lossy());
    window.click("Create");
    assert!(window.sees("choose a chart of the same language"));
    assert!(!folder.exists() && window.harness.state().project().is_none());
}
