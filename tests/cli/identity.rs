//! People from the command line: made, checked, consent recorded, handed on, shown.

use super::{code, cueloom, err, out, path};
use cueloom::media::frames::VideoReader;
use cueloom::pose::template::Anchors;
use cueloom::progress::Silent;
use cueloom::render::identity::Identity;
use std::path::Path;

fn portrait() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/identities/jonas/picture.png")
}

#[test]
fn a_person_is_made_from_a_picture_checked_and_handed_on() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let truth = Identity::builtin("jonas").expect("built in");
    let height = truth.picture.height() as f32;
    let anchors: Vec<String> = Anchors::of(&truth.reference.face)
        .all()
        .iter()
        .map(|p| format!("{:.1},{:.1}", p[0] * height, p[1] * height))
        .collect();
    let (picture, folder) = (portrait(), dir.path().join("jo"));
    let made = cueloom(&[
        "identity",
        "new",
        path(&picture),
        "--anchors",
        &anchors.join(" "),
        "--name",
        "jo",
        "--title",
        "Jo",
        "--out",
        path(&folder),
    ]);
    assert_eq!(code(&made), 0, "{}", err(&made));
    assert!(err(&made).contains("no consent is recorded"));
    let jo = Identity::load(&folder).expect("made");
    assert!((jo.reference.face[48][0] - truth.reference.face[48][0]).abs() < 0.005);

    let checked = cueloom(&["identity", "check", path(&folder)]);
    assert_eq!(code(&checked), 0, "{}", err(&checked));
    assert!(out(&checked).contains("40 of 40 keys") && out(&checked).contains("marked as drafts"), "{}", out(&checked));
    let half = cueloom(&["identity", "consent", path(&folder), "--by", "Jo"]);
    assert_eq!(code(&half), 2, "when and what for are needed, too");
    let consent = ["--by", "Jo", "--on", "2026-11-21", "--for", "lessons"];
    let all: Vec<&str> = ["identity", "consent", path(&folder)].into_iter().chain(consent).collect();
    assert_eq!(code(&cueloom(&all)), 0);
    assert!(out(&cueloom(&["identity", "check", path(&folder)])).contains("by Jo, on 2026-11-21, for lessons"));

    let file = dir.path().join("jo.cueid");
    assert_eq!(code(&cueloom(&["identity", "export", path(&folder), "--out", path(&file)])), 0);
    assert_eq!(cueloom::render::identity::pack::read(&file).expect("whole"), Identity::load(&folder).expect("there"));
    assert_eq!(code(&cueloom(&["identity", "consent", path(&file), "--withdraw"])), 0);
    assert!(out(&cueloom(&["identity", "check", path(&file)])).contains("marked as drafts"));
}

#[test]
fn wrong_places_and_files_are_told_with_their_exit_code() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (picture, to) = (portrait(), dir.path().join("x"));
    let new = |anchors: &str| {
        let o = cueloom(&["identity", "new", path(&picture), "--anchors", anchors, "--out", path(&to)]);
        (code(&o), err(&o))
    };
    assert_eq!(new("1,2 3").0, 2);
    let (status, said) = new("1,2 3,4");
    assert!(status == 2 && said.contains("needs 5 places") && said.contains("2 are given"), "{said}");
    let (status, said) = new("400,300 600,300 500,200 450,250 550,250");
    assert!(status == 3 && said.contains("do not make a face"), "{said}");
    assert!(!to.exists());
    let points = dir.path().join("points.txt");
    std::fs::write(&points, "1 2\n3 4\n").expect("written");
    let o = cueloom(&["identity", "new", path(&picture), "--points", path(&points), "--out", path(&to)]);
    assert!(code(&o) == 3 && err(&o).contains("2 points where 68 are needed"), "{}", err(&o));
    std::fs::write(dir.path().join("bad.cueid"), b"PK\x03\x04 cut").expect("written");
    let o = cueloom(&["identity", "import", path(&dir.path().join("bad.cueid"))]);
    assert!(code(&o) == 3 && err(&o).contains("bad.cueid"), "{}", err(&o));
    let o = cueloom(&["identity", "check", "nobody"]);
    assert!(code(&o) == 3 && err(&o).contains("nobody"), "{}", err(&o));
    let o = cueloom(&["identity", "list"]);
    assert!(code(&o) == 0 && out(&o).contains("mira\tMira\tbuilt in") && out(&o).contains("wei\tWei"), "{}", out(&o));
}

#[test]
fn films_of_people_without_consent_are_marked_and_others_are_not() {
    let (dir, folder) = super::keeping::sample();
    let mut person = Identity::builtin("mira").expect("built in");
    (person.name, person.drawn) = ("someone".into(), false);
    let file = dir.path().join("someone.cueid");
    cueloom::render::identity::pack::write(&person, &file).expect("written");
    let film = |name: &str| {
        let to = dir.path().join(name);
        let o = cueloom(&["render", path(&folder), "--out", path(&to), "--size", "256", "--to", "0.3"]);
        assert_eq!(code(&o), 0, "{}", err(&o));
        let mut video = VideoReader::open(&to, &Silent).expect("a video");
        let light: Vec<usize> = (0..video.len())
            .map(|i| {
                let frame = video.frame(i).expect("a frame");
                let band = frame.height as usize / 8 * frame.width as usize * 4;
                frame.data[..band].chunks_exact(4).filter(|p| p[..3].iter().all(|c| *c > 215)).count()
            })
            .collect();
        (light, err(&o))
    };
    let (plain, said) = film("plain.mp4");
    assert!(!said.contains("draft"));
    let o = cueloom(&["identity", "import", path(&file), "--project", path(&folder)]);
    assert_eq!(code(&o), 0, "{}", err(&o));
    let (marked, said) = film("marked.mp4");
    assert!(said.contains("every frame says that it is a draft"), "{said}");
    // The letters above the head, in every frame.
    assert!(plain.len() > 3 && plain.iter().all(|n| *n < 5), "{plain:?}");
    assert!(marked.len() == plain.len() && marked.iter().all(|n| *n > 25), "{marked:?}");
}
