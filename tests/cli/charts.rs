//! Charts, and what a user reads and cues otherwise, on the command line.

use super::{code, cueloom, err, out, path};
use cueloom::document::file;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A copy of a sample project.
fn sample(dir: &Path, name: &str) -> PathBuf {
    let project = dir.join(name);
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("projects").join(name);
    std::fs::create_dir_all(project.join("media")).expect("a folder");
    std::fs::copy(from.join("project.ron"), project.join("project.ron")).expect("copied");
    for entry in std::fs::read_dir(from.join("media")).expect("media").flatten() {
        std::fs::copy(entry.path(), project.join("media").join(entry.file_name())).expect("copied");
    }
    project
}

#[test]
fn a_chart_is_exported_changed_checked_used_and_put_back() {
    let dir = tempfile::tempdir().expect("a folder");
    let project = sample(dir.path(), "french");
    let chart = dir.path().join("chart.ron");
    let output = cueloom(&["chart", "export", "fra", path(&chart)]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let text = std::fs::read_to_string(&chart).expect("written");
    assert_eq!(code(&cueloom(&["chart", "check", path(&chart)])), 0);

    // A mistake is told with its line and what to do.
    let wrong = text.replacen("(phone:\"b\",shape:4)", "(phone:\"b\",shape:11)", 1);
    assert_ne!(wrong, text);
    let line = 1 + wrong.lines().position(|l| l.contains("shape:11")).expect("the line");
    std::fs::write(&chart, &wrong).expect("written");
    for args in [vec!["chart", "check", path(&chart)], vec!["chart", "use", path(&project), path(&chart)]] {
        let output = cueloom(&args);
        assert_eq!(code(&output), 3, "{args:?}");
        let told = err(&output);
        assert!(told.contains(&format!("line {line},")) && told.contains("use 1 to 8"), "{told}");
    }

    let before = file::load(&project).expect("the project");
    std::fs::write(&chart, text.replacen("(phone:\"l\",shape:6)", "(phone:\"l\",shape:2)", 1)).expect("written");
    let output = cueloom(&["chart", "use", path(&project), path(&chart)]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let after = file::load(&project).expect("the project");
    let with_l = |k: &&cueloom::document::KeySegment| k.signature.first().is_some_and(|s| s == "l");
    assert!(after.tiers.keys.iter().filter(with_l).count() > 0);
    assert!(after.tiers.keys.iter().filter(with_l).all(|k| k.shape().0 == 2));
    let shown = out(&cueloom(&["chart", "show", path(&project)]));
    assert!(shown.contains("l\tshape 2\tbuilt-in: shape 6"), "{shown}");

    assert_eq!(code(&cueloom(&["chart", "use", path(&project), "built-in"])), 0);
    let back = file::load(&project).expect("the project");
    assert_eq!(back.settings.chart, None);
    let cues = |p: &cueloom::document::Project| -> Vec<_> {
        p.tiers.keys.iter().map(|k| (k.id, k.shape(), k.position(), k.movement(), k.signature.clone())).collect()
    };
    assert_eq!(cues(&back), cues(&before));

    // Bound to its language; names that are nothing.
    let output = cueloom(&["chart", "use", path(&project), "cmn"]);
    assert_eq!(code(&output), 3);
    assert!(err(&output).contains("same language"), "{}", err(&output));
    assert_eq!(code(&cueloom(&["chart", "export", "xyz", path(&chart)])), 2);
    assert_eq!(code(&cueloom(&["chart", "use", path(&project), "none.ron"])), 3);
}

#[test]
fn the_british_template_says_what_it_is() {
    let output = cueloom(&["cues", "--lang", "eng-US", "--chart", "eng-GB", "air"]);
    assert_eq!(out(&output).trim(), "5-c.5-s");
    let dir = tempfile::tempdir().expect("a folder");
    let project = dir.path().join("p");
    let output = cueloom(&["new", path(&project), "--text", "a car", "--lang", "eng-US", "--chart", "eng-GB"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(err(&output).contains("not checked by certified British cuers"), "{}", err(&output));
    let saved = file::load(&project).expect("the project");
    assert!(saved.chart().name.contains("template"));
    assert_eq!(saved.broken_invariant(), None);
}

#[test]
fn a_word_is_read_in_an_alphabet_one_sound_otherwise_and_by_the_dictionary_again() {
    let dir = tempfile::tempdir().expect("a folder");
    let project = sample(dir.path(), "french");
    let p = path(&project);
    let words = || -> Vec<Value> {
        let output = cueloom(&["read", p, "--json"]);
        let value: Value = serde_json::from_str(&out(&output)).expect("JSON");
        value["words"].as_array().expect("words").clone()
    };
    let first = words()[0].clone();
    let number = first["number"].as_u64().expect("a number").to_string();
    // ASCII that is IPA because it is said to be.
    let output = cueloom(&["read", p, "--word", &number, "--as", "papa", "--alphabet", "ipa"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert_eq!(words()[0]["own"], true);
    let output = cueloom(&["read", p, "--word", &number, "--sound", "2", "--as", "E", "--alphabet", "xsampa"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let word = words()[0].clone();
    let chosen = word["chosen"].as_u64().expect("an index") as usize;
    assert_eq!(word["readings"][chosen], "/pɛpa/");
    assert!(out(&cueloom(&["read", p])).contains("(yours)"));

    // Named with the nearest sign, and refused.
    let output = cueloom(&["read", p, "--word", &number, "--as", "bɔ̃huʁ", "--alphabet", "ipa"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("\"h\"") && err(&output).contains("the nearest is \"ʁ\""), "{}", err(&output));
    let output = cueloom(&["read", p, "--word", &number, "--as", "pa1", "--alphabet", "pinyin"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("use IPA, X-SAMPA"), "{}", err(&output));
    assert_eq!(code(&cueloom(&["read", p, "--word", &number, "--sound", "9", "--as", "a"])), 2);
    assert_eq!(code(&cueloom(&["read", p, "--word", &number])), 2);
    let signs = out(&cueloom(&["read", p, "--signs", "--alphabet", "x-sampa"]));
    assert!(signs.contains("S\tʃ\tshape 6") && signs.contains("O~\t"), "{signs}");

    let output = cueloom(&["read", p, "--word", &number, "--reset"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert_eq!(words()[0], first);
}

#[test]
fn a_key_is_given_to_all_of_the_same_sounds_and_taken_back() {
    let dir = tempfile::tempdir().expect("a folder");
    let project = dir.path().join("p");
    assert_eq!(code(&cueloom(&["new", path(&project), "--text", "papa et papi", "--lang", "fra"])), 0);
    let shapes = || -> Vec<u8> {
        let saved = file::load(&project).expect("the project");
        let pa = saved.tiers.keys.iter().filter(|k| k.signature == ["p", "a"]);
        pa.map(|k| k.shape().0).collect()
    };
    assert_eq!(shapes(), [1, 1, 1]);
    let output = cueloom(&["gloss", path(&project), "--set", "1", "shape 7", "--all"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert_eq!(shapes(), [7, 7, 7]);
    assert_eq!(code(&cueloom(&["gloss", path(&project), "--reset", "1"])), 0);
    assert_eq!(shapes(), [1, 7, 7]);
    assert_eq!(code(&cueloom(&["gloss", path(&project), "--reset", "99"])), 2);
}
