//! The whole job through the library, as the window and the command line call it: sound and text to poses and pictures.

use cueloom::cueing::HandShape;
use cueloom::document::edit::{Document, Edit};
use cueloom::document::file;
use cueloom::generate::rules;
use cueloom::jobs::draft::{DraftRequest, SoundSource, create_project};
use cueloom::jobs::poses::Performer;
use cueloom::jobs::{export, perform};
use cueloom::language::Language;
use cueloom::media;
use cueloom::pose::index;
use cueloom::progress::{Progress, Silent};
use cueloom::time::Seconds;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

const TEXTS: [(Language, &str); 3] = [
    (Language::Mandarin, "他在银行工作，我常常觉得很难。"),
    (Language::French, "Hier soir j'ai ouvert la porte d'entrée."),
    (Language::AmericanEnglish, "He began a confused complaint against the wizard."),
];

fn spoken(folder: &Path, language: Language, text: &str) -> cueloom::document::Project {
    let request = DraftRequest::new(folder.to_owned(), SoundSource::Speak, text.to_owned(), language, None);
    create_project(&request, &Silent).expect("a project from text alone")
}

#[test]
fn text_alone_becomes_a_performance_in_every_language() {
    for (language, text) in TEXTS {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let project = spoken(dir.path(), language, text);
        assert!(project.tiers.keys.len() > 8, "{text}: {} keys", project.tiers.keys.len());
        let identity = perform::identity(dir.path(), &project).expect("the built-in identity");
        let fps = project.settings.fps;
        let poses = perform::perform(&project, &identity.reference, fps, "rules", &Silent).expect("poses");
        assert_eq!(poses.frames.len(), fps.frame_count(project.length()) as usize);
        for (i, frame) in poses.frames.iter().enumerate() {
            let finite = frame.points.iter().all(|p| p.x.is_finite() && p.y.is_finite());
            assert!(finite && frame.hand_z.iter().flatten().all(|z| z.is_finite()), "frame {i} of {text}");
        }
        // While a key is held, the hand is in the picture and keeps to its place.
        let wrist = |t: Seconds| poses.frames[fps.frame_at(t).0 as usize].points[index::RIGHT_HAND].xy();
        let places: Vec<_> = project.tiers.keys.iter().map(|k| wrist(k.times.m2)).collect();
        assert!(places.windows(2).any(|p| p[0] != p[1]), "the hand never moves");
    }
}

#[test]
fn a_recording_is_aligned_to_its_text() {
    // The "recording" is another voice at another tempo, whose true times the synthesiser says itself.
    use cueloom::jobs::draft::read_text;
    use cueloom::speech::{self, Engine, VoiceOptions};
    let dir = tempfile::tempdir().expect("a temporary folder");
    let text = "Hier soir j'ai ouvert la porte d'entrée pour laisser sortir le chat.";
    let utterance = read_text(text, Language::French, &Default::default()).expect("French text");
    let options = VoiceOptions { engine: Engine::Espeak, voice: Some("roa/fr+f2".into()), tempo: 0.85, pitch: 70.0 };
    let truth = speech::synthesise(&utterance, &options).expect("espeak-ng speaks");
    let recording = dir.path().join("recording.wav");
    media::write_wav(&recording, truth.rate, 1, &truth.samples).expect("written");
    let sound = SoundSource::File(recording);
    let request = DraftRequest::new(dir.path().join("p"), sound, text.to_owned(), Language::French, None);
    let project = create_project(&request, &Silent).expect("a project");
    let mut off: Vec<f64> = project
        .tiers
        .keys
        .iter()
        .map(|k| (project.tiers.phones[k.rule.phones.start].start - truth.phones[k.rule.phones.start].start).0.abs())
        .collect();
    off.sort_by(f64::total_cmp);
    let (median, p90) = (off[off.len() / 2], off[off.len() * 9 / 10]);
    println!("key onsets off by {:.0} ms in the median, {:.0} at 90 %, n = {}", median * 1e3, p90 * 1e3, off.len());
    assert!(median <= 0.030 && p90 <= 0.080, "median {median}, 90 % {p90}");
    // A recording is left where it is and found again.
    assert_eq!(project.sound.media.path, "../recording.wav");
    assert!(file::find_media(&dir.path().join("p"), &project.sound.media).is_some());
}

#[test]
fn poses_are_the_same_on_any_number_of_threads() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let project = spoken(dir.path(), Language::Mandarin, TEXTS[0].1);
    let identity = perform::identity(dir.path(), &project).expect("the built-in identity");
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| {
            perform::perform(&project, &identity.reference, project.settings.fps, "rules", &Silent).expect("poses")
        })
    };
    assert_eq!(on(1), on(2));
}

#[test]
fn a_changed_key_changes_frames_around_it_only() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut document = Document::new(spoken(dir.path(), Language::AmericanEnglish, TEXTS[2].1));
    let identity = perform::identity(dir.path(), document.project()).expect("the built-in identity");
    let fps = document.project().settings.fps;
    let all = |d: &Document| perform::perform(d.project(), &identity.reference, fps, "rules", &Silent).expect("poses");
    let before = all(&document);
    let key = document.project().tiers.keys[5].clone();
    let shape = HandShape(key.shape().0 % 8 + 1);
    let touched = document
        .apply(&Edit::SetShape { key: key.id, shape: Some(shape) })
        .expect("legal")
        .expect("something changed")
        .touched();
    let whole = all(&document);
    let performer = Performer::new(document.project(), &identity.reference, fps, "rules").expect("a performer");
    let reached = rules::affected(performer.input(), touched.expect("a stretch of time"));
    let mut partial = before.frames.clone();
    partial[reached.clone()].clone_from_slice(&performer.frames(reached));
    assert_eq!(partial, whole.frames, "what is made anew in part is what would be made in whole");
    let changed: Vec<usize> = (0..before.frames.len()).filter(|i| before.frames[*i] != whole.frames[*i]).collect();
    assert!(!changed.is_empty());
    // Speech this fast makes neighbours give way to each other, but never from one end to the other.
    let (first, last) = (changed[0], changed[changed.len() - 1]);
    assert!(last - first < before.frames.len() * 6 / 10, "frames {first}..={last} of {} changed", before.frames.len());
    let near = |t: Seconds| fps.frame_at(t).0 as usize;
    assert!(first <= near(key.times.d2) && last >= near(key.times.d1), "frames {first}..={last} changed");
}

/// Counts what is reported and asks to stop after some reports.
struct StopAfter {
    reports: AtomicUsize,
    limit: usize,
    stages: Mutex<Vec<String>>,
}

impl StopAfter {
    fn new(limit: usize) -> Self {
        Self { reports: AtomicUsize::new(0), limit, stages: Mutex::default() }
    }
}

impl Progress for StopAfter {
    fn report(&self, stage: &str, done: usize, total: usize) {
        assert!(done <= total, "{stage}: {done} of {total}");
        self.reports.fetch_add(1, Ordering::Relaxed);
        let mut stages = self.stages.lock().expect("no panic in here");
        if stages.last().is_none_or(|s| s != stage) {
            stages.push(stage.to_owned());
        }
    }

    fn cancelled(&self) -> bool {
        self.reports.load(Ordering::Relaxed) >= self.limit
    }
}

#[test]
fn an_export_reports_and_a_cancelled_one_leaves_nothing() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let project = spoken(&dir.path().join("p"), Language::Mandarin, "你好");
    let out = dir.path().join("v.mp4");
    let options = export::ExportOptions { height: 128, ..export::ExportOptions::default() };
    let stopping = StopAfter::new(12);
    let error = export::export(&dir.path().join("p"), &project, &out, &options, &stopping).expect_err("cancelled");
    assert!(cueloom::jobs::is_cancelled(&error), "{error:#}");
    let left: Vec<_> = std::fs::read_dir(dir.path()).expect("a folder").flatten().map(|e| e.file_name()).collect();
    assert_eq!(left, ["p"]);
    let watching = StopAfter::new(usize::MAX);
    let done = export::export(&dir.path().join("p"), &project, &out, &options, &watching).expect("a video");
    assert!(watching.stages.lock().expect("no panic").iter().any(|s| s == "Rendering"));
    let info = media::probe(&out).expect("a video that can be read");
    assert!((info.duration.0 - project.length().0).abs() <= 0.041, "{:?} for {}", info.duration, project.length());
    assert_eq!(done.frames, project.settings.fps.frame_count(project.length()) as usize);
}
