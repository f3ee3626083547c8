//! Holds the rooms to the table of ARCHITECTURE.md: who may use whom, and which outside libraries stay in one room.
//!
//! Most of the table the crates themselves enforce (a crate sees only what its `Cargo.toml` names); this holds the rooms
//! within a crate apart, and the crates' outside libraries. The check reads every `.rs` file for `crate::ROOM` paths and for names of outside libraries.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What each room may use of the other rooms.
fn allowed() -> BTreeMap<&'static str, Vec<&'static str>> {
    let values = ["time", "progress"];
    let domain = ["language", "cueing", "pose"];
    let mut table: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut room = |name: &'static str, parts: &[&[&'static str]]| {
        table.insert(name, parts.concat());
    };
    room("time", &[]);
    room("progress", &[]);
    room("language", &[&values]);
    room("cueing", &[&values, &["language", "pose"]]);
    room("pose", &[&values]);
    room("media", &[&values]);
    room("audio", &[&values, &["media"]]);
    room("speech", &[&values, &domain, &["media"]]);
    room("generate", &[&values, &domain]);
    room("render", &[&values, &domain, &["generate"]]);
    room("corpus", &[&values, &domain, &["media", "speech", "generate"]]);
    room("kernel", &[&["ops"]]);
    room("memory", &[]);
    room("ops", &[&["kernel"]]);
    room("engine", &[&["kernel", "ops"]]);
    room("train", &[&["kernel", "ops"]]);
    room("nets", &[&["kernel", "ops", "engine", "train"]]);
    room("exchange", &[&values, &domain]);
    room("document", &[&values, &domain]);
    let below = ["media", "audio", "speech", "generate", "render", "exchange", "document", "corpus"];
    room("jobs", &[&values, &domain, &below]);
    room("app", &[&values, &domain, &below, &["jobs"]]);
    room("cli", &[&values, &domain, &below, &["jobs", "app"]]);
    table
}

/// Outside libraries that only these rooms may name.
const OUTSIDE: [(&str, &[&str]); 13] = [
    ("candle_core", &["ops", "engine", "train", "nets"]),
    ("ffmpeg_next", &["media"]),
    ("rodio", &["audio"]),
    ("wgpu", &["render", "app"]),
    ("egui", &["app"]),
    ("eframe", &["app"]),
    ("rfd", &["app"]),
    ("clap", &["cli"]),
    ("indicatif", &["cli"]),
    ("libloading", &["speech"]),
    ("signalsmith_stretch", &["media"]),
    ("ureq", &["jobs"]),
    ("skrifa", &["render"]),
];

/// Folders of `src` that are crates of their own and hold rooms.
const CRATES: [&str; 6] = ["domain", "sound", "learn", "neural", "picture", "truth"];

/// Files that hold tests only and may use what they like.
const TEST_FILES: [&str; 1] = ["tests.rs"];

/// What the pure rooms must do without.
const IMPURE: [&str; 4] = ["std::thread", "std::fs", "std::process", "rayon::"];
const PURE: [&str; 3] = ["language", "cueing", "pose"];

fn rust_files(folder: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// Code of a file without comments and without its tests, which may use what they like.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    let body = text.split("#[cfg(test)]").next().unwrap_or_default();
    body.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// True where `name` stands in `code` as a path's first part.
fn names(code: &str, name: &str) -> bool {
    let needle = format!("{name}::");
    code.match_indices(&needle).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
    })
}

#[test]
fn rooms_use_only_what_the_plan_allows() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let table = allowed();
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    assert!(files.len() > 30, "the check found only {} files", files.len());
    let mut faults = Vec::new();
    for path in &files {
        let relative = path.strip_prefix(&source).unwrap_or(path);
        let names_of = |c: std::path::Component<'_>| c.as_os_str().to_string_lossy().into_owned();
        let mut parts = relative.components().map(names_of).skip_while(|p| CRATES.contains(&p.as_str()));
        let room = parts.next().unwrap_or_default().trim_end_matches(".rs").to_owned();
        if ["main", "lib", "layers", "examples", "tests"].contains(&room.as_str())
            || TEST_FILES.iter().any(|f| relative.ends_with(f))
        {
            continue;
        }
        let Some(may_use) = table.get(room.as_str()) else {
            faults.push(format!("{} stands in no room of the plan", relative.display()));
            continue;
        };
        let code = code(path);
        for other in table.keys() {
            if *other != room && !may_use.contains(other) && code.contains(&format!("crate::{other}::")) {
                faults.push(format!("{} uses {other}", relative.display()));
            }
        }
        for (library, rooms) in OUTSIDE {
            if !rooms.contains(&room.as_str()) && names(&code, library) {
                faults.push(format!("{} names {library}", relative.display()));
            }
        }
        if PURE.contains(&room.as_str()) {
            for name in IMPURE {
                if code.contains(name) {
                    faults.push(format!("{} is pure and names {name}", relative.display()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "against ARCHITECTURE.md:\n{}", faults.join("\n"));
}

#[test]
fn reader_guard_and_generators_share_no_numbers() {
    // The cue reader must not agree with the generators merely because it was given their constants or templates.
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/domain/cueing");
    let mut files = vec![source.join("guard.rs")];
    rust_files(&source.join("reader"), &mut files);
    assert!(files.len() > 7, "the reader has only {} files", files.len() - 1);
    for file in files.iter().filter(|f| !f.ends_with("tests.rs")) {
        let code = code(file);
        assert!(!code.is_empty(), "{} is not there", file.display());
        for other in
            ["where_", "generate::", "Targets", "Reference", "pose::hand", "HandPose", "HandModel", "cue_shape"]
        {
            assert!(!code.contains(other), "{} uses {other}", file.display());
        }
    }
}
