//! The score: cues read from the performance beside those that are meant, gone to by click, and its report.

use super::panels::has_pane;
use super::*;
use cueloom::jobs::perform;
use cueloom::render::identity::Identity;

/// Runs a command by its name in the palette.
fn command(window: &mut Window, name: &str) {
    window.press_with(Modifiers::COMMAND, Key::K);
    let field = window.harness.get_by(|n| n.role() == Role::TextInput && n.is_focused());
    field.type_text(name);
    window.settle();
    window.press(Key::Enter);
}

/// The performance of a project as a file of poses.
fn write_poses(project: &Project, path: &Path) {
    let person = Identity::builtin(&project.identity).expect("a built-in identity").reference;
    let poses = perform::perform(project, &person, project.settings.fps, "rules", &Silent).expect("poses");
    let frame = |f: &cueloom::pose::PoseFrame| {
        let points: Vec<[f32; 3]> = f.points.iter().map(|p| [p.x, p.y, p.score]).collect();
        serde_json::json!({ "points": points, "left_hand_z": f.hand_z[0].to_vec(), "right_hand_z": f.hand_z[1].to_vec() })
    };
    let frames: Vec<_> = poses.frames.iter().map(frame).collect();
    let file = serde_json::json!({
        "format": "coco-wholebody-133",
        "unit": "picture height",
        "fps": [poses.fps.num, poses.fps.den],
        "frames": frames,
    });
    std::fs::write(path, file.to_string()).expect("written");
}

#[test]
fn the_own_performance_and_that_of_a_file_are_scored_and_reported() {
    let mut window = Window::open();
    window.press_with(Modifiers::ALT, Key::Num0);
    assert!(has_pane(&window, "Score") && window.sees("Nothing has been scored yet"));
    window.click("Check the cues");
    let total = window.project().tiers.keys.len();
    window.press_with(Modifiers::ALT, Key::Num0);
    assert!(window.sees(&format!("of {total} cues correct")) && window.sees("Lead of the hand"));

    // Somebody who shows another hand shape in the second cue.
    window.select_key(2);
    let meant = window.project().tiers.keys[1].shape();
    let shown = if meant == HandShape(5) { 1 } else { 5 };
    window.press(if shown == 1 { Key::Num1 } else { Key::Num5 });
    assert!(window.sees("The project has changed since"));
    let poses = window.dir.path().join("learner.json");
    write_poses(window.project(), &poses);
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.project().tiers.keys[1].shape(), meant);
    window.select_key(1);

    command(&mut window, "Score a performance");
    window.fill("File with poses", "/no/such/file.json");
    window.click("Score the file");
    assert!(window.sees("There is no such file."));
    window.fill("File with poses", &poses.to_string_lossy());
    window.click("Score the file");
    assert!(window.sees("learner.json"), "{:?}", window.harness.state().messages());
    let row = format!("read {shown}-");
    window.harness.get_by(|n| n.label().is_some_and(|l| l.contains(&row) && l.ends_with("other shape"))).click();
    window.settle();
    assert_eq!(window.harness.state().selected_keys(), [window.project().tiers.keys[1].id]);

    for (name, begins) in [("score.pdf", &b"%PDF"[..]), ("score.html", b"<!doctype html")] {
        command(&mut window, "Save the score as a report");
        let path = window.dir.path().join(name);
        window.fill("Report", &path.to_string_lossy());
        window.click("Save");
        let bytes = std::fs::read(&path).expect("the report");
        assert!(bytes.to_ascii_lowercase().starts_with(&begins.to_ascii_lowercase()), "{name}");
        assert!(bytes.len() > 10_000, "with pictures");
    }
}
