//! Tracked poses: imported, aligned bone by bone, used, and taken back; all by the names of what is on screen.

use super::panels::has_pane;
use super::*;
use cueloom::jobs::perform;
use cueloom::pose::Reference;
use cueloom::pose::alignment::{Bone, Mode};

/// Another person cueing the same, as a tracker's file; the right upper arm shortened for a while.
fn write_tracked(project: &Project, path: &Path) {
    let mut person = Reference::example();
    person.hand_length *= 0.85;
    person.forearm_length *= 1.1;
    let poses = perform::perform(project, &person, project.settings.fps, "rules", &Silent).expect("poses");
    let frames: Vec<Vec<[f32; 3]>> = poses
        .frames
        .iter()
        .enumerate()
        .map(|(i, f)| {
            let mut points = f.points;
            if i % 10 < 5 {
                // Elbow to the shoulder: an arm that points at the viewer.
                points[8].x += 0.6 * (points[6].x - points[8].x);
                points[8].y += 0.6 * (points[6].y - points[8].y);
            }
            points.iter().map(|p| [200.0 + 600.0 * p.x, 40.0 + 600.0 * p.y, p.score]).collect()
        })
        .collect();
    let file =
        serde_json::json!({ "fps": project.settings.fps.rate(), "width": 1280, "height": 720, "frames": frames });
    std::fs::write(path, file.to_string()).expect("written");
}

fn command(window: &mut Window, name: &str) {
    window.press_with(Modifiers::COMMAND, Key::K);
    let field = window.harness.get_by(|n| n.role() == Role::TextInput && n.is_focused());
    field.type_text(name);
    window.settle();
    window.press(Key::Enter);
}

/// Brings a control of the panel into sight and clicks it.
fn press(window: &mut Window, label: &str) {
    window.harness.get_by(|n| n.label().as_deref() == Some(label) && n.role() != Role::Label).scroll_to_me();
    window.settle();
    window.harness.get_by(|n| n.label().as_deref() == Some(label) && n.role() != Role::Label).click();
    window.settle();
}

#[test]
fn tracked_poses_are_imported_aligned_used_and_taken_back() {
    let mut window = Window::open();
    let before = window.project().clone();
    let path = window.dir.path().join("dancer.json");
    write_tracked(&before, &path);

    command(&mut window, "Import tracked poses");
    window.fill("File or folder with poses", "/no/such/poses.json");
    window.click("Import");
    assert!(window.sees("cannot be read"), "what is wrong stands in the form");
    window.fill("File or folder with poses", &path.to_string_lossy());
    window.click("Import");
    assert!(has_pane(&window, "Pose alignment") && window.sees("frames were read"));
    let imported = window.project().marks.performances[0].clone();
    assert_eq!((imported.name.as_str(), imported.used), ("dancer", None));
    assert!(window.sees("Found: size") && window.sees("seen shortened in"));

    // In use, in the place of the rules.
    press(&mut window, "Use in the performance");
    assert!(window.project().marks.performances[0].used.is_some());

    // A scale is fixed as it was found, and set free again.
    press(&mut window, "Lock Forearm");
    let forearm = |w: &Window| w.project().marks.performances[0].alignment.fixed(Bone::Forearm);
    assert!(forearm(&window).is_some_and(|s| (0.6..=1.6).contains(&s)), "{:?}", forearm(&window));
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(forearm(&window), None);

    // Another way, the switches, and back to what was found.
    press(&mut window, "Hands touch the same places");
    assert!(!window.project().marks.performances[0].alignment.contact);
    press(&mut window, "Way");
    press(&mut window, "One size for all");
    assert_eq!(window.project().marks.performances[0].alignment.mode, Mode::Similarity);
    assert!(window.sees("only bone by bone"));
    press(&mut window, "Reset alignment");
    assert_eq!(window.project().marks.performances[0].alignment, imported.alignment);

    // The doubtful bone is gone to.
    window.harness.query_all_by_label_contains("Go to 0").next().expect("a jump").scroll_to_me();
    window.settle();
    window.harness.query_all_by_label_contains("Go to 0").next().expect("a jump").click();
    window.settle();
    // All three skeletons over the picture.
    for name in ["Tracked", "Person at rest"] {
        press(&mut window, name);
    }
    press(&mut window, "Remove");
    assert!(window.project().marks.performances.is_empty() && window.sees("No tracked poses yet"));
    for _ in 0..20 {
        window.press_with(Modifiers::COMMAND, Key::Z);
    }
    assert_eq!(window.project(), &before, "every step can be taken back");
}

#[test]
fn lost_poses_are_a_problem_and_are_found_again_or_removed() {
    let mut window = Window::open();
    let path = window.dir.path().join("dancer.json");
    write_tracked(&window.project().clone(), &path);
    command(&mut window, "Import tracked poses");
    window.fill("File or folder with poses", &path.to_string_lossy());
    window.click("Import");
    window.press_with(Modifiers::COMMAND, Key::S);
    let name = window.project().marks.performances[0].poses.clone();
    // Elsewhere, so that nothing remembers what the file held.
    let (from, moved) = (window.folder(), window.dir.path().join("moved"));
    let dir = window.close();
    copy_folder(&from, &moved);
    let file = moved.join("performances").join(format!("{name}.poses"));
    let kept = dir.path().join("kept.poses");
    std::fs::rename(&file, &kept).expect("moved away");

    let mut window = Window::new(Some(moved), dir);
    command(&mut window, "Go to problems");
    assert!(window.sees("Tracked poses missing"));
    window.harness.get_by_label_contains("dancer").click();
    window.settle();
    assert!(has_pane(&window, "Pose alignment"), "it is shown where poses are");
    command(&mut window, "Go to problems");
    press(&mut window, "Remove the tracked poses");
    assert!(window.project().marks.performances.is_empty() && !window.sees("Tracked poses missing"));
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert!(window.sees("Tracked poses missing"));
    // In the panel of the poses, as among the problems.
    window.harness.query_all_by_label("Find the poses…").next().expect("a button").click();
    window.settle();
    window.fill("File or folder with poses", &kept.to_string_lossy());
    window.click("Use this file");
    assert!(file.is_file() && !window.sees("Tracked poses missing"));
    assert_eq!(window.project().marks.performances[0].poses, name);
}
