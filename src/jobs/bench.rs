//! Speeds of the whole job, each the median of a few runs, in the words users and `cueloom bench` share.
//!
//! The recording is a sentence spoken by the synthesiser and cut or padded to ten seconds, aligned like any other.

pub mod big_project;

use super::draft::{DraftRequest, SoundSource, create_project};
use super::eval_picture;
use super::export::{ExportOptions, export};
use super::perform;
use super::poses::{Performer, PoseStore};
use crate::cueing::HandShape;
use crate::document::edit::{Document, Edit};
use crate::generate::rules;
use crate::language::Language;
use crate::media;
use crate::progress::{Progress, Silent};
use crate::render::identity::Identity;
use crate::render::{RenderOptions, Renderer};
use crate::speech;
use crate::time::{FrameIndex, Seconds};
use anyhow::Context as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

/// Ten seconds of English at the synthesiser's usual tempo.
const TEXT: &str = "He began a confused complaint against the wizard, who had vanished behind the curtain on the left. \
    The teacher opened her window in the morning, looked at the garden, and watched the children play under the trees.";
const LENGTH_S: usize = 10;

/// One measure.
pub struct Measure {
    pub name: &'static str,
    /// What is measured, with its unit.
    pub what: &'static str,
    /// `None` where this computer cannot tell.
    pub value: Option<f64>,
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Seconds that `work` takes, once for each of `runs`, after one run that is not counted.
fn timed(runs: usize, mut work: impl FnMut(usize) -> anyhow::Result<()>) -> anyhow::Result<Option<f64>> {
    work(0)?;
    let mut seconds = Vec::new();
    for i in 0..runs {
        let begun = Instant::now();
        work(i + 1)?;
        seconds.push(begun.elapsed().as_secs_f64());
    }
    Ok(median(seconds))
}

/// Takes all measures.
pub fn run(runs: usize, progress: &dyn Progress) -> anyhow::Result<Vec<Measure>> {
    let temporary = tempfile::tempdir().context("cannot make a temporary folder")?;
    let folder = temporary.path();
    let recording = folder.join("recording.wav");
    let steps = 5;

    let utterance = super::draft::read_text(TEXT, Language::AmericanEnglish, &Default::default())?;
    let spoken = speech::synthesise(&utterance, &speech::VoiceOptions::default())
        .context("the benchmark needs a synthesiser")?;
    let mut samples = spoken.samples.clone();
    samples.resize(LENGTH_S * spoken.rate as usize, 0.0);
    media::write_wav(&recording, spoken.rate, 1, &samples)?;

    progress.report("Measuring", 1, steps);
    let request = |i: usize| {
        let sound = SoundSource::File(recording.clone());
        DraftRequest::new(folder.join(format!("draft{i}")), sound, TEXT.into(), Language::AmericanEnglish, None)
    };
    let draft = timed(runs, |i| {
        let request = request(i);
        let project = create_project(&request, &Silent)?;
        let identity = perform::identity(&request.folder, &project)?;
        perform::perform(&project, &identity.reference, project.settings.fps, "rules", &Silent)?;
        Ok(())
    })?;

    let project_folder = folder.join("draft0");
    let project = crate::document::file::load(&project_folder)?;
    let render = |height: u32| {
        timed(runs, |i| {
            let options = ExportOptions { height, ..ExportOptions::default() };
            let out = folder.join(format!("video{height}-{i}.mp4"));
            export(&project_folder, &project, &out, &options, &Silent).map(drop)
        })
    };
    progress.report("Measuring", 2, steps);
    let render_256 = render(256)?;
    progress.report("Measuring", 3, steps);
    let render_512 = render(512)?;

    progress.report("Measuring", 4, steps);
    let edit = edit_to_frame(&project_folder, &project, runs)?;
    progress.report("Measuring", steps, steps);
    let again = realign_time(&project_folder, &project, runs)?;
    let startup = startup(&project_folder, runs);
    let drawn = |height, frames| -> anyhow::Result<Option<f64>> {
        let speeds =
            (0..runs).map(|_| Ok(eval_picture::drawing(Identity::builtin_names()[0], height, frames)?.per_second));
        Ok(median(speeds.collect::<anyhow::Result<_>>()?))
    };

    let measure = |name, what, value| Measure { name, what, value };
    Ok(vec![
        measure("draft_10s_s", "10 s recording to cues and poses, seconds", draft),
        measure("render_256_10s_s", "10 s at 256 × 256, 25 fps, drawn and encoded, seconds", render_256),
        measure("render_512_10s_s", "10 s at 512 × 512, 25 fps, drawn and encoded, seconds", render_512),
        measure(
            "render_512_fps",
            "frames of 512 × 512 drawn by two threads, everything in them, a second",
            drawn(512, 240)?,
        ),
        measure(
            "render_1080_fps",
            "frames of 1080 × 1080 drawn by two threads, everything in them, a second",
            drawn(1080, 80)?,
        ),
        measure("edit_to_frame_ms", "one key changed, until its new frame is drawn, ms", edit.map(|s| s * 1000.0)),
        measure("hand_fit_1000_s", "both hands of 1000 frames fitted to noisy points, seconds", hand_fit(runs)?),
        measure(
            "realign_ms",
            "one boundary set by hand, until the sounds around it are found again, ms",
            again.map(|s| s * 1000.0),
        ),
        measure("startup_ms", "program start to a usable window, ms", startup),
    ])
}

/// Seconds from a changed hand shape to the frame that shows it, at 512 pixels.
fn edit_to_frame(folder: &Path, project: &crate::document::Project, runs: usize) -> anyhow::Result<Option<f64>> {
    let identity = perform::identity(folder, project)?;
    let fps = project.settings.fps;
    let store = PoseStore::of(project);
    let renderer = Renderer::new(identity.clone(), &RenderOptions { height: 512, ..RenderOptions::default() })?;
    let mut document = Document::new(project.clone());
    let keys: Vec<_> = project.tiers.keys.iter().map(|k| (k.id, k.shape(), k.times.m2)).collect();
    anyhow::ensure!(!keys.is_empty(), "the benchmark's text made no keys");
    let mut picture = Vec::new();
    timed(runs * 5, |i| {
        let (id, shape, at) = keys[(i * 7) % keys.len()];
        let other = HandShape(shape.0 % 8 + 1);
        let touched = document.apply(&Edit::SetShape { key: id, shape: Some(other) })?.and_then(|t| t.touched());
        let performer = Performer::new(document.project(), &identity.reference, fps, "rules")?;
        let reached = touched.map(|range| rules::affected(performer.input(), range));
        store.renew(fps, performer.frame_count(), reached);
        let frame = fps.frame_at(at).0.min(performer.frame_count() as u32 - 1);
        let pose = store.made(&performer, FrameIndex(frame)).context("there is no pose")?;
        renderer.render_into(&pose, &mut picture);
        Ok(())
    })
}

/// Seconds from a boundary set by hand to the times of the sounds around it.
fn realign_time(folder: &Path, project: &crate::document::Project, runs: usize) -> anyhow::Result<Option<f64>> {
    let path = crate::document::file::find_media(folder, &project.sound.media).context("the recording is gone")?;
    let sound = media::decode_audio(&path, &Silent)?;
    let mut document = Document::new(project.clone());
    let count = project.tiers.phones.len();
    anyhow::ensure!(count > 8, "the benchmark's text made no sounds");
    timed(runs * 5, |i| {
        let phone = 2 + (i * 7) % (count - 4);
        let to = document.project().tiers.phones[phone].start + Seconds(0.02);
        document.apply(&Edit::SetPhoneStart { phone, to })?;
        let found = super::realign::realign(document.project(), &sound, phone..phone + 1)?;
        document.apply(&found.edit)?;
        Ok(())
    })
}

/// How long the alignment of ten minutes of speech takes, without reading and speaking the text.
pub fn long_alignment(progress: &dyn Progress) -> anyhow::Result<Measure> {
    const SECONDS: usize = 600;
    progress.report("Measuring", 0, 1);
    let (language, voice) = (Language::French, speech::voice::Voice::shared()?);
    let mut text = String::new();
    let mut length = 0.0;
    let known = [speech::evaluate::Half::Work, speech::evaluate::Half::HeldOut]
        .map(|h| speech::evaluate::sentences(language, h));
    let sentences: Vec<&str> = known.concat();
    for k in 0.. {
        if length >= SECONDS as f64 {
            break;
        }
        // In another order each time round.
        let sentence = sentences[(k * 7 + k / sentences.len()) % sentences.len()];
        text.push_str(sentence);
        text.push(' ');
        // About what a letter takes to say, with its share of the pauses.
        length += sentence.chars().count() as f64 * 0.068;
    }
    let utterance = super::draft::read_text(&text, language, &Default::default())?;
    let manner = speech::VoiceOptions {
        engine: speech::Engine::Espeak,
        voice: Some(format!("{}+m3", speech::usual_voice(language))),
        tempo: 0.85,
        pitch: 55.0,
    };
    let spoken = speech::synthesise_with(&voice, &utterance, &manner)?;
    let samples = media::resample(&spoken.samples, spoken.rate, super::draft::ANALYSIS_RATE);
    let samples = speech::evaluate::noisy(&samples, 20.0, 1);
    let sound = speech::Mono { rate: super::draft::ANALYSIS_RATE, samples };
    let (reference, _) = speech::reference_for(&utterance);
    let begun = Instant::now();
    super::draft::align(&sound, &utterance, reference.as_ref(), &Silent)?;
    let seconds = begun.elapsed().as_secs_f64() * SECONDS as f64 / sound.length().0.max(1.0);
    Ok(Measure {
        name: "align_600s_s",
        what: "ten minutes of speech compared with their text, seconds",
        value: Some(seconds),
    })
}

/// Milliseconds until the window of a new process has drawn itself with a project, `None` without any display.
fn startup(project: &Path, runs: usize) -> Option<f64> {
    let program = std::env::current_exe().ok()?;
    let display = Display::find()?;
    let mut values = Vec::new();
    for _ in 0..=runs {
        let output = Command::new(&program)
            .args(["open", "--startup-probe"])
            .arg(project)
            .env("DISPLAY", &display.name)
            .env_remove("WAYLAND_DISPLAY")
            .stderr(Stdio::null())
            .output()
            .ok()?;
        values.push(String::from_utf8_lossy(&output.stdout).trim().parse::<f64>().ok()?);
    }
    // The first start reads the program from disk.
    values.remove(0);
    median(values)
}

/// Fits both hands of 1000 frames, in pieces beside each other.
fn hand_fit(runs: usize) -> anyhow::Result<Option<f64>> {
    use crate::pose::hand_fit::{FitOptions, HandMeasures, example_clip, fit, needed};
    use rayon::prelude::*;
    const FRAMES: usize = 1000;
    const PIECE: usize = 64;
    let sides = [crate::pose::Side::Left, crate::pose::Side::Right];
    let clips = sides.map(|side| (side, example_clip(1, side, FRAMES)));
    timed(runs, |_| {
        let options = FitOptions::default();
        let measures: Vec<HandMeasures> =
            clips.par_iter().map(|(side, clip)| HandMeasures::of(*side, 0.32, &options.camera, clip)).collect();
        let pieces: Vec<(usize, usize)> =
            (0..2).flat_map(|hand| (0..FRAMES).step_by(PIECE).map(move |first| (hand, first))).collect();
        let fitted: usize = pieces
            .into_par_iter()
            .map(|(hand, first)| {
                let range = first..(first + PIECE).min(FRAMES);
                let around = needed(&range, FRAMES);
                fit(&measures[hand], &options, &clips[hand].1[around.clone()], around.start, range, |_| None).len()
            })
            .sum();
        anyhow::ensure!(fitted == 2 * FRAMES, "{fitted} hands were fitted");
        Ok(())
    })
}

/// The display there is, or a virtual one for as long as this value lives.
struct Display {
    name: String,
    server: Option<Child>,
}

impl Display {
    fn find() -> Option<Self> {
        if let Ok(name) = std::env::var("DISPLAY")
            && !name.is_empty()
        {
            return Some(Self { name, server: None });
        }
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut line = String::new();
        let read = std::io::BufRead::read_line(&mut std::io::BufReader::new(server.stdout.take()?), &mut line);
        let number = line.trim().to_owned();
        if read.is_err() || number.is_empty() {
            let _ = server.kill();
            return None;
        }
        Some(Self { name: format!(":{number}"), server: Some(server) })
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        if let Some(server) = &mut self.server {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}
