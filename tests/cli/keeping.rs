//! History, recovery, backups and relinking from the command line.

use super::{code, cueloom, err, out, path};
use cueloom::document::edit::{Document, Edit};
use cueloom::document::file;
use cueloom::document::store::{Alone, Choice, Disk, Opening, Session};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A copy of a sample project.
pub(super) fn sample() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let folder = dir.path().join("english");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("projects/english");
    for part in ["", "media"] {
        std::fs::create_dir_all(folder.join(part)).expect("made");
        for entry in std::fs::read_dir(source.join(part)).expect("the sample").flatten().filter(|e| e.path().is_file())
        {
            std::fs::copy(entry.path(), folder.join(part).join(entry.file_name())).expect("copied");
        }
    }
    (dir, folder)
}

fn work_unsaved(folder: &Path, title: &str) {
    let opened = Session::open(Arc::new(Disk), folder, Choice::Ask, &Alone).expect("opened");
    let Opening::Ready(mut ready) = opened else { panic!("nothing to ask") };
    let mut document = Document::with_history(ready.project, ready.history);
    document.take_events();
    document.apply(&Edit::SetTitle(title.into())).expect("legal");
    document.take_events().into_iter().for_each(|event| ready.session.record(event));
    ready.session.sync().expect("synced");
}

#[test]
fn unsaved_work_is_listed_and_taken_up_and_history_tells_it() {
    let (_dir, folder) = sample();
    let listed = cueloom(&["recover", path(&folder)]);
    assert_eq!((code(&listed), out(&listed).trim()), (0, "no unsaved work"));
    work_unsaved(&folder, "Another");
    let history = cueloom(&["history", path(&folder)]);
    assert_eq!(code(&history), 0, "{}", err(&history));
    assert!(out(&history).is_empty() && err(&history).contains("1 later ones were not saved (Rename project)"));
    let listed = cueloom(&["recover", "--list", path(&folder)]);
    assert!(
        out(&listed).contains("unsaved work: 1 steps") && out(&listed).contains("Rename project"),
        "{}",
        out(&listed)
    );
    // Anything that would write waits for the decision.
    let refused = cueloom(&["generate", path(&folder), "--seed", "9"]);
    assert_eq!(code(&refused), 4);
    assert!(err(&refused).contains("cueloom recover"), "{}", err(&refused));

    let applied = cueloom(&["recover", "--apply", path(&folder)]);
    assert_eq!(code(&applied), 0, "{}", err(&applied));
    assert_eq!(file::load(&folder).expect("there").title, "Another");
    let history = cueloom(&["history", "--json", path(&folder)]);
    let value: serde_json::Value = serde_json::from_str(&out(&history)).expect("JSON");
    assert_eq!((&value["title"], &value["steps"][0]["name"]), (&"Another".into(), &"Rename project".into()));
    assert_eq!(value["steps"][0]["done"], true);
    assert!(value["steps"][0]["at"].as_str().is_some_and(|t| t.ends_with("UTC")));

    // What the save replaced can be put back.
    let listed = out(&cueloom(&["recover", path(&folder)]));
    let name = listed.lines().nth(1).and_then(|l| l.split_whitespace().next()).expect("a backup").to_owned();
    let restored = cueloom(&["recover", path(&folder), "--backup", &name]);
    assert_eq!(code(&restored), 0, "{}", err(&restored));
    assert_eq!(file::load(&folder).expect("there").title, "english");
    let none = cueloom(&["recover", path(&folder), "--backup", "nothing"]);
    assert_eq!(code(&none), 3);
    assert_eq!(code(&cueloom(&["recover", path(&folder), "--apply", "--list"])), 2);
}

#[test]
fn a_moved_recording_is_relinked_and_another_one_only_with_force() {
    let (dir, folder) = sample();
    let moved = dir.path().join("speech.wav");
    std::fs::rename(folder.join("media/speech.wav"), &moved).expect("moved");
    let other = dir.path().join("other.wav");
    cueloom::media::write_wav(&other, 16_000, 1, &vec![0.1; 32_000]).expect("written");
    let refused = cueloom(&["relink", path(&folder), path(&other)]);
    assert_eq!(code(&refused), 3);
    assert!(err(&refused).contains("content differs") && err(&refused).contains("--force"), "{}", err(&refused));
    // Without a file it is found beside the project by its name and content.
    let found = cueloom(&["relink", path(&folder)]);
    assert_eq!(code(&found), 0, "{}", err(&found));
    assert_eq!(file::load(&folder).expect("there").sound.media.path, "../speech.wav");
    let forced = cueloom(&["relink", path(&folder), path(&other), "--force"]);
    assert_eq!(code(&forced), 0, "{}", err(&forced));
    let project = file::load(&folder).expect("there");
    assert_eq!(project.sound.media.path, "../other.wav");
    assert!((project.sound.length.0 - 2.0).abs() < 0.01);
    assert_eq!(code(&cueloom(&["relink", path(&folder), path(&dir.path().join("none.wav"))])), 3);
}
