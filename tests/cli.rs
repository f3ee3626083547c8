//! The command line as a user meets it: results, exit codes, and what it says about bad input.

#[path = "cli/charts.rs"]
mod charts;
#[path = "cli/hands.rs"]
mod hands;
#[path = "cli/identity.rs"]
mod identity;
#[path = "cli/keeping.rs"]
mod keeping;
#[path = "cli/readings.rs"]
mod readings;

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn cueloom(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cueloom")).args(args).env_remove("DISPLAY").output().expect("the program starts")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("the program ended by itself")
}

fn path(p: &Path) -> &str {
    p.to_str().expect("temporary paths are UTF-8")
}

/// Sound or video made by ffmpeg's own generators.
fn ffmpeg(args: &[&str], to: &Path) {
    let status = Command::new("ffmpeg")
        .args(["-v", "error", "-y"])
        .args(args)
        .arg(to)
        .status()
        .expect("ffmpeg is one of the packages that scripts/test installs");
    assert!(status.success());
}

fn notation(lang: &str, text: &str) -> String {
    let output = cueloom(&["cues", "--lang", lang, text]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    out(&output).trim().to_owned()
}

#[test]
fn cues_of_the_worked_examples() {
    assert_eq!(notation("cmn", "女士"), "4-m.8-m");
    assert_eq!(notation("cmn", "二"), "5-s");
    assert_eq!(notation("fra", "bonjour"), "4-m.1-c.3-s");
    assert_eq!(notation("eng-US", "name"), "4-c.5-t.5-s");
    assert_eq!(notation("eng-US", "kites"), "2-s.5-t.5-s.3-s");
}

#[test]
fn cues_as_json_hold_words_syllables_phones_and_keys() {
    let output = cueloom(&["cues", "--lang", "cmn", "--format", "json", "他在银行工作。"]);
    let value: Value = serde_json::from_str(&out(&output)).expect("the output is JSON");
    assert_eq!(value["language"], "cmn");
    assert!(value["text"].as_str().is_some_and(|t| t.contains("银行")));
    let phones: Vec<&str> = value["words"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|w| w["syllables"].as_array().into_iter().flatten())
        .flat_map(|s| s["phones"].as_array().into_iter().flatten())
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(phones, ["t", "a", "z", "ai", "y", "en", "h", "ang", "g", "ong", "z", "w", "o"]);
    let keys = value["keys"].as_array().expect("keys are a list");
    assert_eq!(keys.len(), 7);
    for key in keys {
        assert!(key["shape"].as_u64().is_some_and(|s| (1..=8).contains(&s)));
        assert!(key["position"].is_string() && key["gloss"].as_str().is_some_and(|g| !g.is_empty()));
        assert!(key["phones"].as_array().is_some_and(|p| !p.is_empty()));
        assert!(key["word"].is_u64() && key["flags"].is_array());
    }
}

#[test]
fn empty_text_is_bad_input_and_says_so() {
    let output = cueloom(&["cues", "--lang", "fra", "  "]);
    assert_eq!(code(&output), 3);
    assert!(err(&output).contains("text is empty"), "{}", err(&output));
}

#[test]
fn text_in_another_language_is_bad_input() {
    let output = cueloom(&["cues", "--lang", "eng-US", "他在银行工作"]);
    assert_eq!(code(&output), 3);
    assert!(err(&output).contains("English"), "{}", err(&output));
}

#[test]
fn unknown_language_and_option_are_bad_arguments() {
    assert_eq!(code(&cueloom(&["cues", "--lang", "xyz", "hello"])), 2);
    assert_eq!(code(&cueloom(&["render", "--frobnicate"])), 2);
}

#[test]
fn a_project_from_text_alone_is_rendered_with_sound() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (project, video) = (dir.path().join("p"), dir.path().join("v.mp4"));
    let output = cueloom(&["new", path(&project), "--text", "他在银行工作。", "--lang", "cmn"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let poses = dir.path().join("poses.json");
    let output = cueloom(&["generate", path(&project), "--seed", "7", "--out", path(&poses)]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let value: Value = serde_json::from_slice(&std::fs::read(&poses).expect("poses were written")).expect("JSON");
    assert_eq!(value["frames"][0]["points"].as_array().map(Vec::len), Some(133));
    let output =
        cueloom(&["render", path(&project), "--out", path(&video), "--size", "128", "--from", "0.5", "--to", "1.5"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let probe = Command::new("ffprobe")
        .args(["-v", "error", "-show_entries", "stream=codec_name,nb_frames", "-of", "csv=p=0"])
        .arg(&video)
        .output()
        .expect("ffprobe starts");
    let facts = out(&probe);
    assert!(facts.contains("h264,25") && facts.contains("aac"), "{facts}");
}

#[test]
fn a_project_is_never_made_over_another() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let project = dir.path().join("p");
    assert_eq!(code(&cueloom(&["new", path(&project), "--text", "hello", "--lang", "eng-US"])), 0);
    let before = std::fs::read(project.join("project.ron")).expect("the project is there");
    let output = cueloom(&["new", path(&project), "--text", "goodbye", "--lang", "eng-US"]);
    assert_eq!(code(&output), 3);
    assert!(err(&output).contains("stands here already"), "{}", err(&output));
    assert_eq!(std::fs::read(project.join("project.ron")).expect("still there"), before);
}

#[test]
fn an_unknown_identity_is_said_with_those_there_are() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let project = dir.path().join("p");
    let output = cueloom(&["new", path(&project), "--text", "hello", "--lang", "eng-US", "--identity", "nobody"]);
    assert_eq!(code(&output), 3);
    assert!(err(&output).contains("nobody") && err(&output).contains("mira"), "{}", err(&output));
    assert!(!project.exists());
}

#[test]
fn bad_recordings_are_named_with_a_remedy_and_leave_nothing_behind() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let project = dir.path().join("p");
    let try_with = |file: &Path| {
        let output =
            cueloom(&["new", path(&project), "--audio", path(file), "--text", "hello there", "--lang", "eng-US"]);
        assert_eq!(code(&output), 3, "{}", err(&output));
        assert!(!project.join("project.ron").exists());
        err(&output)
    };
    // No such file.
    let missing = dir.path().join("missing.wav");
    assert!(try_with(&missing).contains("missing.wav"));
    // Not media at all.
    let corrupt = dir.path().join("corrupt.mp4");
    std::fs::write(&corrupt, vec![0x5a; 5000]).expect("written");
    assert!(try_with(&corrupt).contains("corrupt.mp4"));
    // A video without sound.
    let silent = dir.path().join("no-sound.mp4");
    ffmpeg(&["-f", "lavfi", "-i", "testsrc=size=64x64:rate=25:duration=1"], &silent);
    let message = try_with(&silent);
    assert!(message.contains("no-sound.mp4") && message.contains("sound"), "{message}");
    // Sound without speech.
    let quiet = dir.path().join("quiet.wav");
    ffmpeg(&["-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono", "-t", "3"], &quiet);
    let message = try_with(&quiet);
    assert!(message.contains("speech"), "{message}");
}

#[test]
fn a_truncated_recording_still_gives_a_project_or_says_why_not() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let whole = dir.path().join("p");
    assert_eq!(code(&cueloom(&["new", path(&whole), "--text", "good morning everyone", "--lang", "eng-US"])), 0);
    let bytes = std::fs::read(whole.join("media/speech.wav")).expect("the sound is there");
    let cut = dir.path().join("cut.wav");
    std::fs::write(&cut, &bytes[..bytes.len() / 2]).expect("written");
    let project = dir.path().join("q");
    let output =
        cueloom(&["new", path(&project), "--audio", path(&cut), "--text", "good morning everyone", "--lang", "eng-US"]);
    assert!([0, 3].contains(&code(&output)), "{}", err(&output));
    assert_eq!(code(&output) == 0, project.join("project.ron").exists());
    if code(&output) != 0 {
        assert!(err(&output).contains("cut.wav") || err(&output).contains("text"), "{}", err(&output));
    }
}

#[test]
fn a_missing_sound_file_is_said_when_rendering() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let project = dir.path().join("p");
    assert_eq!(code(&cueloom(&["new", path(&project), "--text", "hello", "--lang", "eng-US"])), 0);
    std::fs::remove_file(project.join("media/speech.wav")).expect("removed");
    let video = dir.path().join("v.mp4");
    let output = cueloom(&["render", path(&project), "--out", path(&video)]);
    assert_eq!(code(&output), 3, "{}", err(&output));
    assert!(err(&output).contains("speech.wav"), "{}", err(&output));
    assert!(!video.exists());
}

#[test]
fn a_place_that_cannot_be_written_is_said_before_the_work() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    // A file where a folder should be: refused whoever runs this, root included.
    let blocker = dir.path().join("blocker");
    std::fs::write(&blocker, "x").expect("written");
    let output = cueloom(&["new", path(&blocker.join("p")), "--text", "hello", "--lang", "eng-US"]);
    assert_eq!(code(&output), 4, "{}", err(&output));
    assert!(err(&output).contains("blocker"), "{}", err(&output));
    assert_eq!(std::fs::read_to_string(&blocker).expect("untouched"), "x");
}

#[test]
fn align_writes_textgrid_and_json() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let project = dir.path().join("p");
    let text = "He began a confused complaint.";
    assert_eq!(code(&cueloom(&["new", path(&project), "--text", text, "--lang", "eng-US"])), 0);
    let wav = project.join("media/speech.wav");
    let align =
        |to: &Path| cueloom(&["align", "--audio", path(&wav), "--text", text, "--lang", "eng-US", "--out", path(to)]);
    let grid = dir.path().join("a.TextGrid");
    let output = align(&grid);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let content = std::fs::read_to_string(&grid).expect("written");
    assert!(content.contains("\"words\"") && content.contains("\"phones\"") && content.contains("\"keys\""));
    let json = dir.path().join("a.json");
    assert_eq!(code(&align(&json)), 0);
    let value: Value = serde_json::from_slice(&std::fs::read(&json).expect("written")).expect("JSON");
    let phones = value["phones"].as_array().expect("a list");
    assert!(phones.len() > 15);
    assert!(phones.windows(2).all(|p| p[0]["end"].as_f64() <= p[1]["start"].as_f64().map(|s| s + 1e-9)));
    assert_eq!(code(&align(&dir.path().join("a.doc"))), 2);
}

#[test]
fn doctor_names_what_it_looks_for() {
    let output = cueloom(&["doctor"]);
    assert_eq!(code(&output), 0);
    for name in ["graphics adapter", "sound device", "FFmpeg", "espeak-ng", "flite", "fonts", "model weights"] {
        assert!(out(&output).contains(name), "{name} is missing in:\n{}", out(&output));
    }
}

#[test]
fn a_passage_is_slowed_with_everything_in_it() {
    use cueloom::document::file;
    let dir = tempfile::tempdir().expect("temporary folder");
    let folder = dir.path().join("slow");
    let made = cueloom(&["new", path(&folder), "--lang", "cmn", "--text", "他在银行工作"]);
    assert_eq!(code(&made), 0, "{}", err(&made));
    let before = file::load(&folder).expect("a project");
    let (from, to) = (before.tiers.phones[2].start, before.tiers.phones[7].end);
    let (from, to) = (from.0.to_string(), to.0.to_string());
    let output = cueloom(&["slow", path(&folder), "--from", &from, "--to", &to, "--factor", "0.7"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let after = file::load(&folder).expect("a project");
    let passage = after.slowed[0];
    assert!((passage.factor - 1.0 / 0.7).abs() < 0.06, "{}", passage.factor);
    assert_eq!(after.tiers.phones[1], before.tiers.phones[1]);
    let (old, new) = (before.tiers.phones[4].range().length().0, after.tiers.phones[4].range().length().0);
    assert!((new / old - passage.factor).abs() < 1e-6);
    // The sound is a new file as long as the project says, the old one stays, and what lies outside is untouched.
    assert!(folder.join(&before.sound.media.path).is_file());
    let read = |project: &cueloom::document::Project| {
        let file = folder.join(&project.sound.media.path);
        cueloom::media::decode_audio(&file, &cueloom::progress::Silent).expect("a sound")
    };
    let (old, new) = (read(&before), read(&after));
    assert!((new.duration() - after.length()).0.abs() < 1e-9);
    assert!((new.duration() - old.duration() - passage.added()).0.abs() < 1e-3);
    let head = passage.range.start.sample_at(old.rate);
    assert_eq!(old.samples[..head], new.samples[..head]);
    let tail = old.frames() - passage.range.end.sample_at(old.rate);
    assert_eq!(old.samples[old.samples.len() - tail..], new.samples[new.samples.len() - tail..]);

    let backwards = cueloom(&["slow", path(&folder), "--from", "2", "--to", "1", "--factor", "0.7"]);
    assert_eq!(code(&backwards), 3);
    assert!(err(&backwards).contains("holds nothing"), "{}", err(&backwards));
    let faster = cueloom(&["slow", path(&folder), "--from", "0.5", "--to", "1", "--factor", "1.5"]);
    assert_eq!(code(&faster), 3);
    assert_eq!(file::load(&folder).expect("a project"), after, "a refused wish changes nothing");
}

#[test]
fn expressions_are_added_listed_changed_and_removed() {
    use cueloom::document::file;
    use cueloom::pose::expression::ExpressionKind;
    let dir = tempfile::tempdir().expect("a temporary folder");
    let project = french_sample(dir.path());
    let express = |args: &[&str]| cueloom(&[&["express", path(&project)], args].concat());
    let done = |args: &[&str]| {
        let output = express(args);
        assert_eq!(code(&output), 0, "{args:?}: {}", err(&output));
        out(&output)
    };
    done(&["add", "--kind", "brows-up", "--from", "0.5", "--to", "1.2", "--strength", "1.4"]);
    done(&["add", "--kind", "nod", "--from", "0.2", "--to", "0.9"]);
    let listed = done(&["list"]);
    assert!(listed.lines().count() == 2 && listed.lines().next().is_some_and(|l| l.contains("nod")), "{listed}");
    done(&["set", "1", "--kind", "smile", "--to", "1.5"]);
    let json: Value = serde_json::from_str(&done(&["list", "--json"])).expect("JSON");
    assert_eq!(json["expressions"][0]["kind"], "smile");
    assert_eq!(json["expressions"][0]["to"], 1.5);
    let kept = file::load(&project).expect("a project");
    assert_eq!(kept.marks.expressions[1].kind, ExpressionKind::BrowsUp);
    for wrong in [
        &["add", "--kind", "wink", "--from", "0", "--to", "1"][..],
        &["add", "--kind", "nod", "--from", "1", "--to", "0.5"],
        &["add", "--kind", "nod", "--from", "0", "--to", "1", "--strength", "3"],
        &["set", "9", "--kind", "nod"],
        &["remove", "0"],
        &["voice", "2.5"],
    ] {
        assert_eq!(code(&express(wrong)), 2, "{wrong:?}");
    }
    // The sample's sound is not beside it: the voice cannot be listened to, and that is said.
    let unheard = express(&["voice", "1"]);
    assert_eq!(code(&unheard), 3, "{}", err(&unheard));
    assert_eq!(file::load(&project).expect("a project"), kept, "a refused wish changes nothing");
    done(&["remove", "1", "2"]);
    assert_eq!(done(&["list"]), "");
}

#[test]
fn tones_and_the_voice_are_switched_from_the_command_line() {
    use cueloom::document::file;
    let dir = tempfile::tempdir().expect("a temporary folder");
    let folder = dir.path().join("tones");
    let made = cueloom(&[
        "new",
        path(&folder),
        "--lang",
        "cmn",
        "--text",
        "他在银行工作",
        "--head-tones",
        "--voice-expression",
        "1",
    ]);
    assert_eq!(code(&made), 0, "{}", err(&made));
    let project = file::load(&folder).expect("a project");
    assert!(project.settings.head_tones && project.settings.voice == 1.0);
    assert!(!project.marks.voice.phrases.is_empty(), "the voice was listened to");
    let tones = |args: &[&str]| cueloom(&[&["tones", path(&folder)], args].concat());
    let listed = out(&tones(&[]));
    assert_eq!(listed.lines().count(), 6, "{listed}");
    assert_eq!(code(&tones(&["off", "--syllable", "2", "--strength", "0.5"])), 0);
    let project = file::load(&folder).expect("a project");
    assert!(!project.settings.head_tones);
    assert_eq!(project.marks.tones.iter().map(|t| t.strength).collect::<Vec<_>>(), [0.5]);
    for wrong in [&["--syllable", "99", "--strength", "1"][..], &["--syllable", "1"], &["maybe"]] {
        assert_eq!(code(&tones(wrong)), 2, "{wrong:?}");
    }
    let french = french_sample(dir.path());
    assert_eq!(code(&cueloom(&["tones", path(&french), "on"])), 3);
    let voice = cueloom(&["express", path(&folder), "voice", "2"]);
    assert_eq!(code(&voice), 0, "{}", err(&voice));
    assert_eq!(file::load(&folder).expect("a project").settings.voice, 2.0);
}

/// A copy of the French sample without its sound: glosses need none.
fn french_sample(dir: &Path) -> std::path::PathBuf {
    let to = dir.join("p");
    std::fs::create_dir_all(&to).expect("folder");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("projects/french/project.ron");
    std::fs::copy(from, to.join("project.ron")).expect("copied");
    to
}

#[test]
fn words_are_listed_and_read_otherwise() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let project = french_sample(dir.path());
    let words = || {
        let output = cueloom(&["read", path(&project), "--json"]);
        assert_eq!(code(&output), 0, "{}", err(&output));
        serde_json::from_str::<Value>(&out(&output)).expect("JSON")["words"].clone()
    };
    let before = words();
    let number = before[1]["number"].as_u64().expect("a number").to_string();
    let output = cueloom(&["read", path(&project), "--word", &number, "--as", "plys", "--all"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let after = words();
    let chosen = &after[1]["readings"][after[1]["chosen"].as_u64().expect("an index") as usize];
    assert!(chosen.as_str().is_some_and(|r| r.contains("plys")), "{chosen}");
    assert_eq!(after[0], before[0]);
    for (word, reading) in [("0", "plys"), ("9999", "plys"), (&*number, "5%#")] {
        let output = cueloom(&["read", path(&project), "--word", word, "--as", reading]);
        assert_eq!(code(&output), 2, "{word} {reading}: {}", err(&output));
    }
    assert_eq!(words(), after);
}

#[test]
fn glosses_are_printed_and_set_by_a_sentence() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let project = french_sample(dir.path());
    let list = |language: &str| {
        let output = cueloom(&["gloss", path(&project), "--language", language]);
        assert_eq!(code(&output), 0, "{}", err(&output));
        out(&output)
    };
    let french = list("fr");
    assert!(french.starts_with("1\t") && french.contains("lèvres"), "{french}");
    assert!(list("en").contains("lips") && list("zh").contains('在'));
    assert_eq!(list("zh").lines().count(), french.lines().count());

    let set = |sentence: &str| cueloom(&["gloss", path(&project), "--set", "2", sentence, "--language", "fr"]);
    let output = set("trois doigts à la gorge");
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert_eq!(out(&output), "2\ttrois doigts à la gorge\n");
    assert_eq!(list("fr").lines().nth(1), Some("2\ttrois doigts à la gorge"));
    let before = std::fs::read(project.join("project.ron")).expect("there");
    let output = set("au menton, à la gorge");
    assert_eq!(code(&output), 3);
    assert!(err(&output).contains("two positions") && err(&output).contains("nothing was changed"), "{}", err(&output));
    let output = set("pomete");
    assert_eq!(code(&output), 3);
    assert!(err(&output).contains("perhaps \"pommette\""), "{}", err(&output));
    let output = cueloom(&["gloss", path(&project), "--set", "9999", "menton"]);
    assert_eq!(code(&output), 2);
    assert_eq!(std::fs::read(project.join("project.ron")).expect("there"), before);
}

#[test]
fn a_gloss_service_is_sent_nothing_without_the_word() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let project = french_sample(dir.path());
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("it need not wait");
    let address = format!("http://{}/v1", listener.local_addr().expect("an address"));
    let args = ["gloss", path(&project), "--language", "fr", "--service", &address, "--model", "m", "--keys", "1-3"];
    let output = cueloom(&args);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let text = out(&output);
    let (first, json) = text.split_once('\n').expect("an address and a body");
    assert_eq!(first, format!("POST {address}/chat/completions"));
    let value: Value = serde_json::from_str(json).expect("the body is JSON");
    assert_eq!(value["model"], "m");
    assert!(err(&output).contains("nothing was sent"));
    assert!(listener.accept().is_err(), "nobody has called");
    // Nobody answers: it says so, and nothing is changed.
    drop(listener);
    let before = std::fs::read(project.join("project.ron")).expect("there");
    let output = cueloom(&[&args[..], &["--send"]].concat());
    assert_eq!(code(&output), 4);
    assert!(err(&output).contains("check the address and the network"), "{}", err(&output));
    assert_eq!(std::fs::read(project.join("project.ron")).expect("there"), before);
    let output = cueloom(&["gloss", path(&project), "--service", "ftp://x", "--model", "m"]);
    assert_eq!(code(&output), 2);
}

#[test]
fn takes_are_made_accepted_listed_and_removed() {
    let dir = tempfile::tempdir().expect("a folder");
    let project = dir.path().join("french");
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("projects/french");
    std::fs::create_dir_all(project.join("media")).expect("a folder");
    std::fs::copy(sample.join("project.ron"), project.join("project.ron")).expect("copied");
    for entry in std::fs::read_dir(sample.join("media")).expect("media").flatten() {
        std::fs::copy(entry.path(), project.join("media").join(entry.file_name())).expect("copied");
    }
    let p = path(&project);
    let arguments = ["takes", p, "--from", "1.0", "--to", "1.8", "--parts", "right-hand,lips"];
    let made = cueloom(&[&arguments[..], &["--count", "3", "--seed", "7", "--accept", "2", "--json"]].concat());
    assert_eq!(code(&made), 0, "{}", err(&made));
    let value: Value = serde_json::from_str(&out(&made)).expect("JSON");
    let seeds: Vec<u64> = value["takes"].as_array().expect("takes").iter().filter_map(|t| t["seed"].as_u64()).collect();
    assert_eq!(seeds, [7, 8, 9]);
    assert_eq!(std::fs::read_dir(project.join("takes")).expect("the folder").count(), 3);

    let listed = cueloom(&["takes", p, "--list", "--json"]);
    let value: Value = serde_json::from_str(&out(&listed)).expect("JSON");
    let force: Vec<&str> =
        value["takes"].as_array().expect("takes").iter().filter_map(|t| t["in_force"].as_str()).collect();
    assert_eq!(force, ["", "lips,right-hand", ""]);
    let id = value["takes"][1]["take"].as_u64().expect("a number").to_string();

    // Render and generate show what is in force.
    let poses = |name: &str| {
        let file = dir.path().join(name);
        let output = cueloom(&["generate", p, "--out", path(&file)]);
        assert_eq!(code(&output), 0, "{}", err(&output));
        std::fs::read_to_string(&file).expect("poses")
    };
    let with = poses("with.json");
    assert_eq!(code(&cueloom(&["takes", p, "--remove", &id])), 0);
    let without = poses("without.json");
    assert_ne!(with, without);
    // The file stays while the history needs it.
    let cleaned = cueloom(&["takes", p, "--clean-up", "--yes"]);
    assert!(err(&cleaned).contains("every take file is needed"), "{}", err(&cleaned));

    for (bad, says) in [
        (&["--from", "1", "--parts", "tail"][..], "there is no part"),
        (&["--from", "900"], "must lie within the project"),
        (&["--from", "1", "--set", "colour=1"], "there is no parameter"),
        (&["--from", "1", "--set", "variation=7"], "lies between"),
        (&["--from", "1", "--accept", "9"], "from 1 to 4"),
        (&["--show", "999"], "there is no take 999"),
    ] {
        let output = cueloom(&[&["takes", p], bad].concat());
        assert_eq!(code(&output), 2, "{bad:?}: {}", err(&output));
        assert!(err(&output).contains(says), "{bad:?}: {}", err(&output));
    }
    let masks = dir.path().join("masks");
    let arguments =
        ["masks", p, "--out", path(&masks), "--kind", "lips", "--dilate", "8", "--blur", "4", "--to", "0.2"];
    let output = cueloom(&arguments);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert_eq!(std::fs::read_dir(masks.join("lips")).expect("the folder").count(), 5);
}

#[test]
fn the_timing_of_the_hand_is_shown_and_set() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let project = french_sample(dir.path());
    let timing = |more: &[&str]| {
        let output = cueloom(&[&["timing", path(&project), "--json"], more].concat());
        assert_eq!(code(&output), 0, "{}", err(&output));
        serde_json::from_str::<Value>(&out(&output)).expect("JSON")
    };
    let first_move = || cueloom::document::file::load(&project).expect("the project").tiers.keys[0].times.m1.0;
    let before = timing(&[]);
    assert_eq!((before["preset"].as_str(), before["rest_after_s"].as_f64()), (Some("revised"), Some(1.8)));
    let led = first_move();
    let none = timing(&["--preset", "none"]);
    assert_eq!(none["preset"], "none");
    assert!(first_move() > led + 0.2, "without lead the hand sets out later");
    let early = timing(&["--preset", "duchnowski-2000", "--lead", "40", "--rest-after", "0.6"]);
    assert_eq!((early["lead_ms"].as_f64(), early["rest_after_s"].as_f64()), (Some(40.0), Some(0.6)));
    let key = cueloom::document::file::load(&project).expect("the project").tiers.keys[0].times;
    // No later than preset and lead say; a quick key is reached earlier, so that it can be held.
    assert!(key.a1.0 - key.m1.0 > 0.289 && key.a1.0 - key.m2.0 > 0.139, "{key:?}");
    for wrong in [["--rest-after", "0.1"], ["--rest-after", "NaN"], ["--lead", "900"], ["--preset", "fast"]] {
        let output = cueloom(&[&["timing", path(&project)], &wrong[..]].concat());
        assert_eq!(code(&output), 2, "{wrong:?}: {}", err(&output));
    }
    assert_eq!(timing(&[]), early, "what was refused changed nothing");
}

#[test]
fn tracked_poses_are_imported_aligned_used_and_removed() {
    let dir = tempfile::tempdir().expect("a folder");
    let project = dir.path().join("french");
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("projects/french");
    std::fs::create_dir_all(project.join("media")).expect("a folder");
    std::fs::copy(sample.join("project.ron"), project.join("project.ron")).expect("copied");
    let p = path(&project);
    let poses = |name: &str| {
        let file = dir.path().join(name);
        let output = cueloom(&["generate", p, "--out", path(&file)]);
        assert_eq!(code(&output), 0, "{}", err(&output));
        serde_json::from_str::<Value>(&std::fs::read_to_string(&file).expect("poses")).expect("JSON")
    };
    // The project's own performance, half as large and elsewhere, as MMPose writes it.
    let rules = poses("rules.json");
    let frames: Vec<Value> = rules["frames"]
        .as_array()
        .expect("frames")
        .iter()
        .enumerate()
        .map(|(i, frame)| {
            let points = frame["points"].as_array().expect("points");
            let number = |p: &Value, k: usize| p[k].as_f64().expect("a number");
            let keypoints: Vec<_> = points.iter().map(|p| [300.0 + 360.0 * number(p, 0), 200.0 + 360.0 * number(p, 1)]).collect();
            let scores: Vec<f64> = points.iter().map(|p| number(p, 2)).collect();
            serde_json::json!({ "frame_id": i + 1, "instances": [{ "keypoints": keypoints, "keypoint_scores": scores }] })
        })
        .collect();
    let tracked = dir.path().join("tracked.json");
    std::fs::write(&tracked, serde_json::json!({ "instance_info": frames }).to_string()).expect("written");

    let refused = cueloom(&["poses", "import", p, path(&tracked)]);
    assert_eq!(code(&refused), 3);
    assert!(err(&refused).contains("--fps"), "{}", err(&refused));
    let arguments = ["poses", "import", p, path(&tracked), "--fps", "25", "--width", "1280", "--height", "720"];
    let imported = cueloom(&[&arguments[..], &["--json"]].concat());
    assert_eq!(code(&imported), 0, "{}", err(&imported));
    let value: Value = serde_json::from_str(&out(&imported)).expect("JSON");
    assert_eq!((value["dialect"].as_str(), &value["imported"]["used"]), (Some("COCO-WholeBody"), &Value::Null));
    assert_eq!(poses("unused.json")["frames"], rules["frames"], "what is used nowhere changes nothing");

    let aligned = cueloom(&["poses", "align", p, "--lock", "upper-arm=1.1", "--offset", "0.01,-0.02", "--json"]);
    assert_eq!(code(&aligned), 0, "{}", err(&aligned));
    let value: Value = serde_json::from_str(&out(&aligned)).expect("JSON");
    // Half as large on a picture 720 high: twice as large again.
    assert!(value["size"].as_f64().is_some_and(|s| (s - 2.0).abs() < 0.05), "{}", value["size"]);
    let bone = |name: &str| {
        let bones = value["bones"].as_array().expect("bones");
        bones.iter().find(|b| b["bone"] == name).expect("the bone").clone()
    };
    assert_eq!((bone("upper arm")["locked"].as_bool(), bone("palm")["locked"].as_bool()), (Some(true), Some(false)));
    assert!(bone("mouth")["scale"].as_f64().is_some_and(|s| (s - 1.0).abs() < 0.05), "{}", bone("mouth"));

    let used = cueloom(&["poses", "use", p, "--from", "0.5", "--to", "1.0", "--parts", "head,face,lips"]);
    assert_eq!(code(&used), 0, "{}", err(&used));
    let listed = cueloom(&["poses", "list", p]);
    assert!(out(&listed).contains("used 00:00.500 – 00:01.000: lips,face,head"), "{}", out(&listed));
    let with = poses("with.json");
    let changed = |i: usize| with["frames"][i] != rules["frames"][i];
    assert!(!changed(5) && changed(18) && !changed(35));
    let reset = cueloom(&["poses", "align", p, "--reset", "--mode", "global"]);
    assert!(out(&reset).starts_with("global") && !out(&reset).contains("locked"), "{}", out(&reset));

    for (bad, says) in [
        (&["align", p, "--lock", "tail=1"][..], "there is no bone"),
        (&["align", p, "--lock", "palm=9"], "from 0.3 to 3"),
        (&["align", p, "--offset", "left"], "no offset"),
        (&["use", p, "--from", "9", "--to", "2"], "--from lies before --to"),
        (&["use", p, "--parts", "tail"], "no part of the body"),
        (&["remove", p, "77"], "there is no performance 77"),
    ] {
        let output = cueloom(&[&["poses"][..], bad].concat());
        assert_eq!(code(&output), 2, "{bad:?}: {}", err(&output));
        assert!(err(&output).contains(says), "{bad:?}: {}", err(&output));
    }
    let listed = cueloom(&["poses", "list", p, "--json"]);
    let value: Value = serde_json::from_str(&out(&listed)).expect("JSON");
    let id = value["performances"][0]["performance"].as_u64().expect("a number").to_string();
    assert_eq!(code(&cueloom(&["poses", "remove", p, &id])), 0);
    assert_eq!(poses("removed.json")["frames"], rules["frames"]);
    assert_eq!(std::fs::read_dir(project.join("performances")).expect("the folder").count(), 1, "the file stays");
}
