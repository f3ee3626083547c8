//! Saving, journaling and recovery: cut at every operation, killed at random moments, filled up, pulled out, damaged.

#[path = "disk.rs"]
mod disk;

use super::{mandarin, project};
use cueloom::cueing::HandShape;
use cueloom::document::edit::{Document, Edit};
use cueloom::document::file::{self, FileError};
use cueloom::document::history::History;
use cueloom::document::store::backups::{self, Kind};
use cueloom::document::store::files::Files as _;
use cueloom::document::store::{Alone, Choice, Disk, Opening, Session, Unsaved, journal, session, text};
use cueloom::document::{PROJECT_SCHEMA, Project};
use cueloom::jobs::journal::{Cores, Recorder, State};
use cueloom::language::Language;
use cueloom::time::Seconds;
use disk::{Fault, SimulatedDisk};
use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use std::io::{BufRead as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

fn folder() -> PathBuf {
    PathBuf::from("drive/project")
}

fn project_path() -> PathBuf {
    folder().join(file::FILE_NAME)
}

fn journal_path() -> PathBuf {
    folder().join(journal::FILE_NAME)
}

/// A disk with a saved project.
fn disk_with(project: &Project) -> SimulatedDisk {
    let disk = SimulatedDisk::default();
    disk.put(&project_path(), text::write(project, &Alone).expect("text").as_bytes());
    disk
}

fn open(disk: &SimulatedDisk, choice: Choice) -> Result<Opening, FileError> {
    Session::open(Arc::new(disk.clone()), &folder(), choice, &Alone)
}

fn ready(disk: &SimulatedDisk, choice: Choice) -> (Session, Document, Vec<String>) {
    match open(disk, choice).expect("the project can be read") {
        Opening::Ready(ready) => {
            let mut document = Document::with_history(ready.project, ready.history);
            document.take_events();
            (ready.session, document, ready.notes)
        }
        Opening::Unsaved(unsaved) => panic!("asked about {unsaved:?}"),
    }
}

fn asked(disk: &SimulatedDisk) -> Option<Unsaved> {
    match open(disk, Choice::Ask).expect("the project can be read") {
        Opening::Ready(_) => None,
        Opening::Unsaved(unsaved) => Some(unsaved),
    }
}

/// An editing session under way, with what it knows to be safe.
struct Editor {
    session: Session,
    document: Document,
    /// The project after each event, and how many of them are safe for sure.
    states: Vec<Project>,
    acknowledged: usize,
    /// Index of the state that was last saved for sure.
    saved: usize,
}

impl Editor {
    fn new(disk: &SimulatedDisk) -> Option<Self> {
        let Ok(Opening::Ready(ready)) = open(disk, Choice::Ask) else { return None };
        let mut document = Document::with_history(ready.project, ready.history);
        document.take_events();
        let states = vec![document.project().clone()];
        Some(Self { session: ready.session, document, states, acknowledged: 0, saved: 0 })
    }

    fn record(&mut self) {
        for event in self.document.take_events() {
            self.session.record(event);
            self.states.push(self.document.project().clone());
        }
    }

    fn edit(&mut self, n: usize) {
        let keys = &self.document.project().tiers.keys;
        let key = &keys[n % keys.len()];
        let edit = match n % 4 {
            0 => Edit::SetShape { key: key.id, shape: Some(HandShape(key.shape().0 % 8 + 1)) },
            1 => Edit::ShiftHand { keys: vec![key.id], by: Seconds(-0.01) },
            2 => Edit::SetTitle(format!("Version {n}")),
            _ => Edit::SetPhoneEnd { phone: n % 5, to: Seconds(0.9 + 0.07 * (n % 9) as f64) },
        };
        self.document.apply(&edit).expect("a legal edit");
        self.record();
    }

    fn sync(&mut self) {
        if self.session.sync().is_ok() {
            self.acknowledged = self.states.len() - 1;
        }
    }

    fn save(&mut self) {
        if self.session.save(self.document.project(), &Alone).is_ok() {
            self.acknowledged = self.states.len() - 1;
            self.saved = self.acknowledged;
        }
    }

    /// Everything a session does: steps, batches of steps, ways back and forward, and saves.
    fn script(&mut self) {
        for n in 0..6 {
            self.edit(n);
            self.sync();
        }
        self.save();
        self.edit(6);
        self.edit(7);
        self.sync();
        self.document.undo();
        self.record();
        self.sync();
        self.save();
        self.document.redo();
        self.record();
        self.save();
        self.save();
        self.document.undo();
        self.document.undo();
        self.record();
        self.sync();
        self.edit(8);
        self.sync();
        self.save();
        self.edit(9);
        self.sync();
    }
}

/// What must hold when the machine starts again: nothing acknowledged is lost, nothing is imposed, nothing loops.
fn check_after(disk: &SimulatedDisk, editor: &Editor, what: &str) {
    let later = |project: &Project, from: usize| editor.states[from..].contains(project);
    let question = asked(disk);
    let (session, mut document, notes) = ready(&disk.copy(), Choice::Recover);
    assert!(later(document.project(), editor.acknowledged), "{what}: a step is lost; {notes:?}\n{:?}", disk.log());
    assert!(notes.is_empty(), "{what}: {notes:?}");
    drop(session);
    // Its history leads back to the beginning.
    while document.undo().is_some() {}
    assert_eq!(document.project(), &editor.states[0], "{what}: the history does not lead back");

    let disk = disk.copy();
    let (_, document, notes) = ready(&disk, Choice::AsSaved);
    assert!(later(document.project(), editor.saved), "{what}: a save is lost");
    let unsaved: Vec<_> =
        backups::list(&disk, &folder()).expect("a list").into_iter().filter(|b| b.kind == Kind::Unsaved).collect();
    match question {
        Some(question) => {
            assert!(!question.steps.is_empty() && notes.len() == 1, "{what}: {question:?} {notes:?}");
            let path = unsaved.first().and_then(|b| b.project.clone()).expect("the work is kept");
            let kept = file::decode(&disk.read(&path).expect("the backup"), &path, &Alone).expect("a project").project;
            assert!(later(&kept, editor.acknowledged), "{what}: the kept work lacks a step");
        }
        None => assert!(unsaved.is_empty() && notes.is_empty(), "{what}: {notes:?}"),
    }
    assert_eq!(asked(&disk), None, "{what}: the question comes again");
    let (_, again, _) = ready(&disk, Choice::Ask);
    assert_eq!(again.project(), document.project());
}

#[test]
fn power_loss_at_any_operation_loses_nothing_that_was_acknowledged() {
    let start = mandarin().project().clone();
    let whole = disk_with(&start);
    let mut editor = Editor::new(&whole).expect("opened");
    editor.script();
    assert_eq!(editor.acknowledged, editor.states.len() - 1, "without faults all is acknowledged");
    let operations = whole.operations();
    assert!(operations > 60, "{operations}");
    let (mut questions, mut cuts) = (0, 0);
    for at in 0..=operations {
        let disk = disk_with(&start);
        disk.fail(at, Fault::Power);
        let Some(mut editor) = Editor::new(&disk) else { continue };
        editor.script();
        for seed in 0..4 {
            let after = disk.after_power_loss(seed * (1 + at as u64));
            let what = format!("cut at operation {at} of {operations}, seed {seed}");
            questions += usize::from(asked(&after).is_some());
            cuts += 1;
            check_after(&after, &editor, &what);
        }
    }
    // Both kinds of end were met: with work to be asked about, and without.
    assert!(questions > 20 && questions < cuts, "{questions} of {cuts}");
}

#[test]
fn power_loss_while_unsaved_work_is_set_aside_or_a_backup_restored_loses_nothing() {
    let start = mandarin().project().clone();
    let base = disk_with(&start);
    let mut editor = Editor::new(&base).expect("opened");
    editor.edit(0);
    editor.save();
    editor.edit(2);
    editor.edit(3);
    editor.sync();
    let (saved, latest) = (editor.states[1].clone(), editor.document.project().clone());
    drop(editor);
    let backup = backups::list(&base, &folder()).expect("a list")[0].name.clone();

    type Work = fn(&SimulatedDisk, &str) -> bool;
    let works: [(&str, Work); 2] = [
        ("set aside", |disk, _| open(disk, Choice::AsSaved).is_ok()),
        ("restore", |disk, name| session::restore(disk, &folder(), name, &Alone).is_ok()),
    ];
    for (what, work) in works {
        let whole = base.copy();
        let before = whole.operations();
        assert!(work(&whole, &backup), "{what}");
        for at in 0..=whole.operations() - before {
            let disk = base.copy();
            disk.fail(at, Fault::Power);
            let complete = work(&disk, &backup);
            for seed in 0..4 {
                let after = disk.after_power_loss(seed * (3 + at as u64));
                let what = format!("{what}, cut at {at}, seed {seed}");
                let (_, document, _) = ready(&after.copy(), Choice::Recover);
                let on_disk = after.read(&project_path()).expect("the project can be read");
                let on_disk = file::decode(&on_disk, &project_path(), &Alone).expect("a whole project").project;
                let mut known = vec![document.project().clone(), on_disk];
                for b in backups::list(&after, &folder()).expect("a list") {
                    if let Some(path) = b.project {
                        let content = after.read(&path).expect("the backup can be read");
                        known.push(file::decode(&content, &path, &Alone).expect("a whole project").project);
                    }
                }
                for (name, wanted) in [("as first saved", &start), ("as saved", &saved), ("unsaved", &latest)] {
                    assert!(known.contains(wanted), "{what}: the project {name} is nowhere");
                }
                if complete && what.starts_with("restore") {
                    assert_eq!(document.project(), &start, "{what}");
                }
            }
        }
    }
}

#[test]
fn a_full_disk_or_a_vanished_drive_keeps_work_in_memory_until_it_is_well() {
    let start = mandarin().project().clone();
    let whole = disk_with(&start);
    let mut editor = Editor::new(&whole).expect("opened");
    editor.script();
    for fault in [Fault::Full, Fault::Gone] {
        for at in 1..=whole.operations() {
            let disk = disk_with(&start);
            let Some(mut editor) = Editor::new(&disk) else { panic!("nothing is wrong yet") };
            disk.fail(at, fault);
            editor.script();
            let what = format!("{fault:?} from operation {at}");
            if fault == Fault::Full {
                // Meanwhile the disk can be read, and holds what was acknowledged.
                check_after(&disk.copy().tap_heal(), &editor, &what);
            }
            disk.heal();
            editor.sync();
            assert_eq!(editor.acknowledged, editor.states.len() - 1, "{what}: it is written once there is room");
            check_after(&disk.after_power_loss(0), &editor, &what);
            editor.save();
            assert_eq!(editor.saved, editor.states.len() - 1, "{what}");
            check_after(&disk.after_power_loss(0), &editor, &what);
        }
    }
}

#[test]
fn the_recorder_tells_of_a_full_disk_and_writes_once_there_is_room() {
    let disk = disk_with(mandarin().project());
    let (session, mut document, _) = ready(&disk, Choice::Ask);
    let recorder = Recorder::start(session, None, Arc::new(|| {}));
    let wait_for = |wanted: &dyn Fn(&State) -> bool| {
        let begun = Instant::now();
        while !wanted(&recorder.state()) {
            assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", recorder.state());
            std::thread::sleep(Duration::from_millis(5));
        }
    };
    document.apply(&Edit::SetTitle("One".into())).expect("legal");
    recorder.push(document.take_events());
    wait_for(&|s| *s == State::Safe);
    disk.fail(0, Fault::Full);
    document.apply(&Edit::SetTitle("Two".into())).expect("legal");
    recorder.push(document.take_events());
    wait_for(&|s| matches!(s, State::Failing(t) if t.kind == std::io::ErrorKind::StorageFull));
    assert!(!recorder.is_busy(), "nobody waits for a full disk");
    recorder.save(document.project().clone());
    assert!(matches!(recorder.wait_for_save(), Some(Err(FileError::Io { .. }))));
    document.apply(&Edit::SetTitle("Three".into())).expect("work goes on");
    recorder.push(document.take_events());
    disk.heal();
    wait_for(&|s| *s == State::Safe);
    drop(recorder);
    assert_eq!(asked(&disk.after_power_loss(0)).map(|u| u.steps.len()), Some(3));
    assert_eq!(ready(&disk, Choice::Recover).1.project().title, "Three");
}

impl SimulatedDisk {
    fn tap_heal(self) -> Self {
        self.heal();
        self
    }
}

#[test]
fn history_survives_closing_and_opening() {
    let start = mandarin().project().clone();
    let disk = disk_with(&start);
    let mut editor = Editor::new(&disk).expect("opened");
    for n in 0..4 {
        editor.edit(n);
    }
    editor.document.undo();
    editor.record();
    editor.save();
    let (end, steps) = (editor.document.project().clone(), editor.document.history().steps().len());
    drop(editor);
    let (mut session, mut document, notes) = ready(&disk, Choice::Ask);
    assert!(notes.is_empty() && document.is_saved());
    assert_eq!(document.project(), &end);
    assert_eq!((document.history().steps().len(), document.history().position()), (steps, 3));
    assert!(document.history().steps().all(|s| s.at_ms > 0 && !s.name.is_empty()));
    // Back to the beginning and to the end by jumps, which are journaled like all else.
    assert_eq!(document.jump_to(0), 3);
    assert_eq!(document.project(), &start);
    assert_eq!(document.jump_to(99), 4);
    for event in document.take_events() {
        session.record(event);
    }
    session.sync().expect("synced");
    let last = document.project().clone();
    drop(session);
    assert_eq!(asked(&disk).map(|u| u.steps.len()), Some(7));
    let (_, document, _) = ready(&disk, Choice::Recover);
    assert_eq!(document.project(), &last);
    assert!(!document.is_saved());
    assert_eq!(document.history().position(), 4);
}

#[test]
fn a_project_changed_from_outside_sets_its_journal_aside() {
    let start = mandarin().project().clone();
    let disk = disk_with(&start);
    let mut editor = Editor::new(&disk).expect("opened");
    editor.edit(0);
    editor.save();
    editor.edit(2);
    editor.sync();
    drop(editor);
    let other = project("他在银行", Language::Mandarin);
    disk.put(&project_path(), text::write(&other, &Alone).expect("text").as_bytes());
    let (_, document, notes) = ready(&disk, Choice::Ask);
    assert_eq!(document.project(), &other);
    assert!(notes.len() == 1 && notes[0].contains("changed outside"), "{notes:?}");
    assert!(disk.read(&journal_path()).is_err(), "it is no longer beside the project");
    assert_eq!(backups::list(&disk, &folder()).expect("a list")[0].kind, Kind::Journal);
    let (_, _, notes) = ready(&disk, Choice::Ask);
    assert!(notes.is_empty(), "told once");
}

#[test]
fn backups_are_made_by_saves_and_restored() {
    let start = mandarin().project().clone();
    let disk = disk_with(&start);
    let mut editor = Editor::new(&disk).expect("opened");
    for n in 0..13 {
        editor.edit(2 + n * 4);
        editor.save();
    }
    let last = editor.document.project().clone();
    drop(editor);
    let all = backups::list(&disk, &folder()).expect("a list");
    assert_eq!(all.len(), backups::KEPT, "the oldest went");
    let oldest = all.last().expect("some").name.clone();
    session::restore(&disk, &folder(), &oldest, &Alone).expect("restored");
    let (_, document, notes) = ready(&disk, Choice::Ask);
    assert!(notes.is_empty(), "{notes:?}");
    assert_eq!(document.project().title, "Version 10");
    // What stood there is a backup now, so that restoring can be taken back.
    let replaced = backups::list(&disk, &folder()).expect("a list").into_iter().find(|b| b.kind == Kind::Replaced);
    session::restore(&disk, &folder(), &replaced.expect("kept").name, &Alone).expect("restored");
    assert_eq!(ready(&disk, Choice::Ask).1.project(), &last);
    assert!(matches!(session::restore(&disk, &folder(), "nothing", &Alone), Err(FileError::NoBackup(_))));
}

#[test]
fn older_schemas_are_brought_up_to_date_with_a_backup_and_newer_ones_are_not_written() {
    let start = mandarin().project().clone();
    let old = text::write(&start, &Alone).expect("text").replacen(&format!("schema: {PROJECT_SCHEMA}"), "schema: 1", 1);
    let disk = SimulatedDisk::default();
    disk.put(&project_path(), old.as_bytes());
    let mut editor = Editor::new(&disk).expect("opened");
    assert_eq!(editor.document.project(), &start);
    assert_eq!(disk.read(&project_path()).expect("there"), old.as_bytes(), "opening alone writes nothing");
    editor.edit(0);
    editor.save();
    let kept = backups::list(&disk, &folder()).expect("a list");
    assert_eq!(kept[0].kind, Kind::Schema(1));
    assert_eq!(disk.read(kept[0].project.as_ref().expect("a project")).expect("there"), old.as_bytes());
    assert_eq!(ready(&disk, Choice::Ask).1.project().schema, PROJECT_SCHEMA);

    let newer = old.replacen("schema: 1", "schema: 999", 1);
    disk.put(&project_path(), newer.as_bytes());
    assert!(matches!(open(&disk, Choice::Ask), Err(FileError::Newer { found: 999, .. })));
    let decoded = file::decode(newer.as_bytes(), &project_path(), &Alone).expect("it can be looked at");
    assert_eq!((decoded.schema, &decoded.project.tiers), (999, &start.tiers));
    let unknown = newer.replace("tiers: (", "layers: (");
    assert!(matches!(file::decode(unknown.as_bytes(), &project_path(), &Alone), Err(FileError::Newer { .. })));
    assert!(matches!(
        file::decode(old.replacen("schema: 1", "schema: 0", 1).as_bytes(), &project_path(), &Alone),
        Err(FileError::Broken { .. })
    ));
}

#[test]
fn the_text_has_a_line_for_each_item_and_other_layouts_are_read_too() {
    let project = project("他在银行工作，\"一会儿\"\n      words: [],\n回来。", Language::Mandarin);
    let written = text::write(&project, &Cores).expect("text");
    assert_eq!(written, text::write(&project, &Alone).expect("text"), "any number of workers");
    let tiers = &project.tiers;
    let items = tiers.utterance.words.len() + tiers.phones.len() + tiers.keys.len();
    let rows = written.lines().filter(|l| l.starts_with("      ") && l.trim_start().starts_with('(')).count();
    assert!(rows >= items, "{rows} rows of {items} items");
    // Parsed at once, without looking at lines.
    assert_eq!(&ron::from_str::<Project>(&written).expect("RON"), &project);
    for other in [written.clone(), ron::to_string(&project).expect("text"), written.replace('\n', "\r\n")] {
        assert_eq!(&text::read(&other, &Cores).expect("read"), &project);
    }
    let mut changed = project.clone();
    changed.tiers.keys[1].locked = true;
    let again = text::write(&changed, &Alone).expect("text");
    assert_eq!(written.lines().zip(again.lines()).filter(|(a, b)| a != b).count(), 1, "one key is one line");
}

// ---------------------------------------------------------------------------------------------------------------------

/// Not a test of its own: the process that `killed_at_any_moment` kills. Edits for ever, and says on standard output
/// which rounds are safe.
#[test]
#[ignore = "the child process of killed_at_any_moment"]
fn scripted_editor() {
    let Some(folder) = std::env::var_os("CUELOOM_TEST_FOLDER").map(PathBuf::from) else { return };
    let opened = Session::open(Arc::new(Disk), &folder, Choice::Recover, &Cores).expect("opened");
    let Opening::Ready(ready) = opened else { panic!("recovery asks nothing") };
    let mut document = Document::with_history(ready.project, ready.history);
    document.take_events();
    let recorder = Recorder::start(ready.session, None, Arc::new(|| {}));
    let first: u64 = document.project().title.parse().expect("a number");
    let mut out = std::io::stdout();
    for round in first + 1.. {
        document.apply(&Edit::SetTitle(round.to_string())).expect("legal");
        if round % 5 == 0 {
            document.undo();
            document.redo();
        }
        recorder.push(document.take_events());
        if round % 9 == 0 {
            recorder.save(document.project().clone());
        }
        if round % 3 == 0 {
            while recorder.is_busy() {
                std::thread::sleep(Duration::from_micros(200));
            }
            assert_eq!(recorder.state(), State::Safe);
            assert!(recorder.take_saved().is_none_or(|r| r.is_ok()));
            writeln!(out, "safe {round}").expect("the parent listens");
            out.flush().expect("the parent listens");
        }
    }
}

#[test]
fn killed_at_any_moment_nothing_acknowledged_is_lost() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let folder = dir.path().join("p");
    let mut start = mandarin().project().clone();
    start.title = "0".into();
    file::save(&folder, &start).expect("saved");
    let program = std::env::current_exe().expect("this test");
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let (mut safe, mut recovered) = (0, 0);
    let begun = Instant::now();
    for kill in 0..200 {
        let mut child = Command::new(&program)
            .args(["--exact", "store::scripted_editor", "--ignored", "--nocapture"])
            .env("CUELOOM_TEST_FOLDER", &folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the editor starts");
        let lines = std::io::BufReader::new(child.stdout.take().expect("its output"));
        let reader = std::thread::spawn(move || {
            let rounds =
                lines.lines().map_while(Result::ok).filter_map(|l| l.strip_prefix("safe ")?.parse::<u64>().ok());
            rounds.last()
        });
        std::thread::sleep(Duration::from_micros(u64::from(random.next_u32() % 60_000)));
        child.kill().expect("killed");
        child.wait().expect("gone");
        safe = reader.join().expect("read").unwrap_or(safe).max(safe);
        let opened = Session::open(Arc::new(Disk), &folder, Choice::Ask, &Cores).expect("readable");
        recovered += usize::from(matches!(opened, Opening::Unsaved(_)));
        drop(opened);
        let opened = Session::open(Arc::new(Disk), &folder, Choice::Recover, &Cores).expect("readable");
        let Opening::Ready(ready) = opened else { panic!("recovery asks nothing") };
        let round: u64 = ready.project.title.parse().expect("a number");
        assert!(round >= safe, "kill {kill}: round {safe} was safe, {round} came back");
        assert!(ready.notes.is_empty(), "kill {kill}: {:?}", ready.notes);
    }
    assert!(safe > 100, "the editor came to {safe} rounds only");
    assert!(recovered > 20, "only {recovered} kills left unsaved work");
    eprintln!("{safe} rounds, {recovered} recoveries, {:.1} s", begun.elapsed().as_secs_f64());
    let (mut document, whole) = match Session::open(Arc::new(Disk), &folder, Choice::Recover, &Cores).expect("readable")
    {
        Opening::Ready(ready) => (Document::with_history(ready.project, ready.history.clone()), ready.history),
        Opening::Unsaved(_) => panic!("recovery asks nothing"),
    };
    while document.undo().is_some() {}
    assert!(whole.position() as u64 >= safe.min(2000), "the history is whole");
    assert!(safe > 1900 || document.project() == &start, "and leads back to the beginning");
}

// ---------------------------------------------------------------------------------------------------------------------

/// A journal of some steps as it stands on disk, with the fingerprint of its project.
fn some_journal() -> (SimulatedDisk, Vec<u8>) {
    let disk = disk_with(mandarin().project());
    let mut editor = Editor::new(&disk).expect("opened");
    for n in 0..5 {
        editor.edit(n);
    }
    editor.document.undo();
    editor.record();
    editor.sync();
    let journal = disk.read(&journal_path()).expect("a journal");
    (disk, journal)
}

/// Opens whatever stands there in every way, and walks through its history: it may refuse, never panic.
fn survives(disk: &SimulatedDisk) {
    for choice in [Choice::Ask, Choice::Recover, Choice::AsSaved] {
        if let Ok(Opening::Ready(ready)) = open(&disk.copy(), choice) {
            let mut document = Document::with_history(ready.project, ready.history);
            document.jump_to(0);
            document.jump_to(usize::MAX);
            assert_eq!(document.project().broken_invariant(), None);
        }
    }
}

#[test]
fn a_torn_tail_is_cut_off_at_every_byte() {
    let (disk, journal) = some_journal();
    let mut most = 0;
    for end in 0..journal.len() {
        disk.put(&journal_path(), &journal[..end]);
        let steps = asked(&disk).map_or(0, |u| u.steps.len());
        assert!(steps >= most, "a longer journal never tells less");
        most = most.max(steps);
    }
    assert_eq!(most, 5, "the last record is torn in the longest of them");
    // The next record goes where the tail was.
    let mut editor = match open(&disk, Choice::Recover).expect("readable") {
        Opening::Ready(ready) => {
            let mut document = Document::with_history(ready.project, ready.history);
            document.take_events();
            let states = vec![document.project().clone()];
            Editor { session: ready.session, document, states, acknowledged: 0, saved: 0 }
        }
        Opening::Unsaved(_) => panic!("recovery asks nothing"),
    };
    editor.edit(10);
    editor.sync();
    assert_eq!(editor.acknowledged, 1);
    assert_eq!(asked(&disk).map(|u| u.steps.len()), Some(6));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_bytes_as_a_journal_or_a_project_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let disk = disk_with(mandarin().project());
        disk.put(&journal_path(), &bytes);
        survives(&disk);
        let with_magic = [journal::MAGIC, &bytes].concat();
        disk.put(&journal_path(), &with_magic);
        survives(&disk);
        prop_assert!(file::decode(&bytes, Path::new("x"), &Alone).is_err());
    }

    /// Damage within the file, and damage that the checksum does not show.
    #[test]
    fn any_damage_to_a_journal_is_survived(
        at in any::<prop::sample::Index>(),
        with in any::<u8>(),
        keep_sum in any::<bool>(),
    ) {
        let (disk, journal) = some_journal();
        let mut damaged = journal.clone();
        let at = at.index(journal.len());
        damaged[at] = with;
        if keep_sum {
            repair_checksums(&mut damaged);
        }
        disk.put(&journal_path(), &damaged);
        survives(&disk);
    }

    #[test]
    fn any_damage_to_a_project_is_survived(at in any::<prop::sample::Index>(), with in prop::sample::select(b"0-9(),:[]\"x\n".to_vec())) {
        let (disk, _) = some_journal();
        let mut content = disk.read(&project_path()).expect("there");
        let at = at.index(content.len());
        content[at] = with;
        disk.put(&project_path(), &content);
        survives(&disk);
    }
}

/// Makes every checksum right again, as if the damage had been written.
fn repair_checksums(journal: &mut [u8]) {
    let mut at = journal::MAGIC.len();
    while let Some(length) = journal.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes) {
        let end = at + 8 + length as usize;
        let Some(payload) = journal.get(at + 8..end) else { return };
        let mut sum = crc32fast::Hasher::new();
        sum.update(&journal[at..at + 4]);
        sum.update(payload);
        let sum = sum.finalize().to_le_bytes();
        journal[at + 4..at + 8].copy_from_slice(&sum);
        at = end;
    }
}

/// Speeds with a long project, for the eye: run with `--ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn speeds_with_a_long_project() {
    let sentence = "It is easy to name kites and the teacher looked at the garden in the morning. ";
    let mut text_of = String::new();
    while text_of.len() < 140_000 {
        text_of.push_str(sentence);
    }
    let project = project(&text_of, Language::AmericanEnglish);
    let tiers = &project.tiers;
    let (words, phones, keys) = (tiers.utterance.words.len(), tiers.phones.len(), tiers.keys.len());
    let dir = tempfile::tempdir().expect("a temporary folder");
    file::save(dir.path(), &project).expect("saved");
    let bytes = std::fs::metadata(dir.path().join(file::FILE_NAME)).expect("there").len();
    eprintln!("{words} words, {phones} phones, {keys} keys: {:.1} MB", bytes as f64 / 1e6);
    for _ in 0..3 {
        let begun = Instant::now();
        let opened = Session::open(Arc::new(Disk), dir.path(), Choice::Ask, &Cores).expect("opened");
        let Opening::Ready(mut ready) = opened else { panic!("nothing to ask") };
        eprintln!("open {:.0} ms", begun.elapsed().as_secs_f64() * 1e3);
        let mut document =
            Document::with_history(ready.project, std::mem::replace(&mut ready.history, History::fresh()));
        document.take_events();
        document.apply(&Edit::SetTitle(format!("{:?}", Instant::now()))).expect("legal");
        let begun = Instant::now();
        for event in document.take_events() {
            ready.session.record(event);
        }
        ready.session.sync().expect("synced");
        eprintln!("journal {:.2} ms", begun.elapsed().as_secs_f64() * 1e3);
        let begun = Instant::now();
        text::write(document.project(), &Cores).expect("text");
        eprintln!("text {:.0} ms", begun.elapsed().as_secs_f64() * 1e3);
        let begun = Instant::now();
        ready.session.save(document.project(), &Cores).expect("saved");
        eprintln!("save {:.0} ms", begun.elapsed().as_secs_f64() * 1e3);
    }
}
