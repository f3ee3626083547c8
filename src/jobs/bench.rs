//! Speeds of the whole job, each the median of a few runs, in the words users and `cueloom bench` share.
//!
//! The recording is a sentence spoken by the synthesiser and cut or padded to ten seconds, aligned like any other.

pub mod big_project;
mod long_speech;

pub use long_speech::long_alignment;

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
use crate::time::FrameIndex;
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
    let again = long_speech::realignment(long_speech::MINUTE, runs)?;
    let startup = startup(&project_folder, runs);
    let drawn = |height, frames| -> anyhow::Result<Option<f64>> {
        let speeds =
            (0..runs).map(|_| Ok(eval_picture::drawing(Identity::builtin_names()[0], height, frames)?.per_second));
        Ok(median(speeds.collect::<anyhow::Result<_>>()?))
    };

    let measure = |name, what, value| Measure { name, what, value };
    let mut all = vec![
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
        measure("startup_ms", "program start to a usable window, ms", startup),
    ];
    all.extend(again);
    Ok(all)
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
