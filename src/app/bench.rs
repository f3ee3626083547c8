//! Speeds of a long project, measured on what the window itself does with it: two hours with 100 000 segments
//! ([`big_project`]) are opened, edited, taken back, saved and drawn, without a window.

use super::board::Board;
use super::opened;
use super::theme::{self, ThemeChoice};
use super::timeline::{TimelineInput, TimelineState, timeline_ui};
use super::{fonts, intent::Intent};
use crate::cueing::{HandShape, Position};
use crate::document::edit::{Document, Edit, MoveTime};
use crate::document::store::{Choice, Session};
use crate::document::{Project, Selection, file};
use crate::jobs::bench::{Measure, big_project};
use crate::jobs::journal::Cores;
use crate::jobs::open::{self, Access, Kept, Outcome};
use crate::jobs::perform;
use crate::jobs::poses::{Performer, PoseStore};
use crate::language::{self, Language};
use crate::media;
use crate::progress::{Progress, Silent};
use crate::time::{FrameIndex, Seconds, TimeRange};
use anyhow::Context as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// How many edits are done and taken back.
const EDITS: usize = 160;
/// Size of the timeline, points: that of a window that fills a large screen.
const SIZE: egui::Vec2 = egui::Vec2::new(1880.0, 460.0);
/// Frames of each way of moving through the timeline.
const FRAMES: usize = 150;
/// The recording of the ten-minute project: channels and samples a second.
const RECORDING: (u16, u32) = (2, 48_000);

/// Takes all measures of long projects.
pub fn run(runs: usize, progress: &dyn Progress) -> anyhow::Result<Vec<Measure>> {
    let steps = 5;
    progress.report("Measuring long projects", 0, steps);
    let temporary = tempfile::tempdir().context("cannot make a temporary folder")?;
    let folder = temporary.path().join("two hours");
    let project = big_project::big_project();
    anyhow::ensure!(big_project::segment_count(&project) >= big_project::SEGMENTS, "the big project is too small");
    file::save(&folder, &project)?;
    progress.report("Measuring long projects", 1, steps);
    let open_s = median((0..=runs).map(|_| opening(&folder)).collect::<anyhow::Result<_>>()?);
    progress.report("Measuring long projects", 2, steps);
    let (edit_ms, undo_ms, save_ms) = editing(&folder, runs)?;
    progress.report("Measuring long projects", 3, steps);
    let frame_ms = p99(frames(&project, &Board::new(&project)).into_iter().map(|f| f.millis).collect());
    progress.report("Measuring long projects", 4, steps);
    // The memory of a process of its own, which has done nothing else.
    let rss = memory_of(&folder);
    let short = temporary.path().join("ten minutes");
    ten_minutes(&short)?;
    let rss_short = memory_of(&short);
    progress.report("Measuring long projects", steps, steps);

    let measure = |name, what, value| Measure { name, what, value };
    Ok(vec![
        measure(
            "timeline_frame_p99_ms",
            "2 h with 100 000 segments: drawing the timeline, 99 of 100 frames, ms",
            frame_ms,
        ),
        measure("open_100k_s", "the same: opened up to its first pose, seconds", open_s),
        measure("edit_ms", "the same: an edit applied and brought to disk, 99 of 100, ms", edit_ms),
        measure("undo_ms", "the same: an edit taken back, 99 of 100, ms", undo_ms),
        measure("save_ms", "the same: saved, ms", save_ms),
        measure("rss_100k_mb", "the same: memory of the program, MB", rss),
        measure("rss_10min_mb", "10 min with its recording: memory of the program, MB", rss_short),
    ])
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// What all but one of a hundred values stay below.
fn p99(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get((values.len() * 99 / 100).min(values.len().saturating_sub(1))).copied()
}

fn millis(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1000.0
}

fn kept(folder: &Path) -> anyhow::Result<Kept> {
    match open::open(folder, Access::Edit(Choice::Ask))? {
        Outcome::Ready(kept) => Ok(*kept),
        Outcome::Unsaved(_) | Outcome::Taken(_) => anyhow::bail!("the benchmark's project is in use"),
    }
}

/// Everything that the window holds of a project, but for the window.
struct Held {
    document: Document,
    board: Board,
    session: Option<Session>,
    /// Held for the memory they take.
    _rest: (Box<Project>, Option<opened::LoadedSound>),
    poses: PoseStore,
    performer: Performer,
}

/// Opens a project as the window does, up to the pose of its first picture.
fn hold(folder: &Path) -> anyhow::Result<Held> {
    let mut kept = kept(folder)?;
    let identity = perform::identity(&kept.folder, &kept.project)?;
    let sound = opened::load_sound(&kept.folder, &kept.project, &Silent).ok();
    let copy = Box::new(kept.project.clone());
    let board = Board::new(&kept.project);
    let mut document = Document::with_history(kept.project, kept.history);
    document.take_events();
    let project = document.project();
    let performer = Performer::new(project, &identity.reference, project.settings.fps, "rules")?;
    let poses = PoseStore::of(project);
    poses.made(&performer, FrameIndex(0)).context("there is no pose")?;
    let session = kept.keeper.take().map(|(session, _)| session);
    Ok(Held { document, board, session, _rest: (copy, sound), poses, performer })
}

/// Seconds.
fn opening(folder: &Path) -> anyhow::Result<f64> {
    let begun = Instant::now();
    let held = hold(folder)?;
    let took = begun.elapsed().as_secs_f64();
    drop(held);
    Ok(took)
}

/// An edit somewhere in a project, of the kinds that correcting cues is made of.
fn some_edit(i: usize, project: &Project) -> anyhow::Result<Edit> {
    let keys = &project.tiers.keys;
    let key = &keys[i * 7919 % (keys.len() - 4)];
    Ok(match i % 8 {
        0 => Edit::SetShape { key: key.id, shape: Some(HandShape(key.shape().0 % 8 + 1)) },
        1 => Edit::SetMoveTime { key: key.id, which: MoveTime::PositionStart, to: key.times.m1 - Seconds(0.03) },
        2 => Edit::SetPhoneEnd {
            phone: key.rule.phones.start,
            to: project.tiers.phones[key.rule.phones.start].end + Seconds(0.02),
        },
        3 => Edit::SetPosition {
            key: key.id,
            position: Some(if key.position() == Position::Chin { Position::Side } else { Position::Chin }),
        },
        4 => {
            // Fewer or more sounds than before: all keys behind it stand on other phones.
            let typed = if i % 16 == 4 { "/strikt/" } else { "/a/" };
            let reading = language::reading_from_user(typed, Language::French).map_err(|e| anyhow::anyhow!(e))?;
            Edit::AddReading { word: key.rule.word, reading }
        }
        5 => {
            let at = i * 7919 % (keys.len() - 4);
            Edit::ShiftHand { keys: keys[at..at + 4].iter().map(|k| k.id).collect(), by: Seconds(-0.04) }
        }
        6 => Edit::AddMarker { time: key.times.a1, text: format!("Marker {i}"), colour: 1 },
        _ => Edit::SetLocked { keys: vec![key.id], locked: !key.locked },
    })
}

/// Milliseconds of edits, of taking them back, and of saving.
fn editing(folder: &Path, runs: usize) -> anyhow::Result<(Option<f64>, Option<f64>, Option<f64>)> {
    let Held { mut document, mut board, session, .. } = hold(folder)?;
    let mut session = session.context("the benchmark's project cannot be edited")?;
    let mut follow = |document: &mut Document, session: &mut Session| -> anyhow::Result<()> {
        let changes = document.take_changes();
        board.follow(document.project(), &changes);
        for event in document.take_events() {
            session.record(event);
        }
        Ok(session.sync()?)
    };
    let (mut edits, mut undos, mut saves) = (Vec::new(), Vec::new(), Vec::new());
    for i in 0..EDITS {
        let edit = some_edit(i, document.project())?;
        let begun = Instant::now();
        // A locked key that the round comes back to refuses; that is no edit.
        if document.apply(&edit).is_ok() {
            follow(&mut document, &mut session)?;
            edits.push(millis(begun));
        }
    }
    for _ in 0..=runs {
        let begun = Instant::now();
        session.save(document.project(), &Cores)?;
        saves.push(millis(begun));
    }
    loop {
        let begun = Instant::now();
        if document.undo().is_none() {
            break;
        }
        follow(&mut document, &mut session)?;
        undos.push(millis(begun));
    }
    // Whoever opens the project next finds nothing to ask about.
    session.save(document.project(), &Cores)?;
    Ok((p99(edits), p99(undos), median(saves)))
}

/// One frame of the timeline, drawn without a window.
#[derive(Clone, Copy, Debug)]
pub struct FrameTime {
    /// Length of the stretch on screen.
    pub shown: Seconds,
    /// `play`, `pan` or `zoom`.
    pub way: &'static str,
    pub millis: f64,
}

/// Times of frames of the timeline over the big project: playing, panning and zooming at five widths.
pub fn timeline_frames() -> Vec<FrameTime> {
    let project = big_project::big_project();
    frames(&project, &Board::new(&project))
}

/// Milliseconds of the processor for each frame of the timeline, laid out and cut into triangles.
/// Frames of the timeline, laid out and cut into triangles: milliseconds of the processor.
fn frames(project: &Project, board: &Board) -> Vec<FrameTime> {
    let ctx = egui::Context::default();
    ctx.set_fonts(fonts::definitions());
    theme::apply(&ctx, ThemeChoice::default());
    let mut state = TimelineState::default();
    let selection = Selection::of_keys(vec![project.tiers.keys[project.tiers.keys.len() / 2].id]);
    let length = project.length();
    let fps = project.settings.fps;
    let mut took = Vec::new();
    let mut clock = 0.0;
    // From all of it down to a few keys; at each width the view stands while it plays, is dragged, and zooms.
    for shown in [length.0, 1200.0, 180.0, 30.0, 4.0] {
        for way in ["play", "pan", "zoom"] {
            let middle = Seconds(length.0 * 0.31);
            state.view.fit();
            if shown < length.0 {
                state.view.show(TimeRange::new(middle, middle + Seconds(shown)));
            }
            for i in 0..FRAMES {
                let scale = state.view.scale(length, state.width);
                let playing = way == "play";
                match way {
                    "play" => {}
                    "pan" => state.view.pan(scale, 9.0, length),
                    _ => {
                        let factor = if i % 50 < 25 { 1.06 } else { 1.0 / 1.06 };
                        state.view.zoom_at(scale, state.width.center(), factor, length);
                    }
                }
                let playhead = middle + Seconds(i as f64 * fps.frame_length().0);
                clock += fps.frame_length().0;
                let input = egui::RawInput {
                    screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, SIZE)),
                    time: Some(clock),
                    ..egui::RawInput::default()
                };
                let mut out: Vec<Intent> = Vec::new();
                let begun = Instant::now();
                let mut full = ctx.run_ui(input, |ui| {
                    let input = TimelineInput { playhead, playing, ..TimelineInput::new(project, board, &selection) };
                    timeline_ui(ui, &input, &mut state, &mut out);
                });
                // There is no graphics card to bring letters to.
                full.textures_delta.clear();
                let triangles = ctx.tessellate(full.shapes, full.pixels_per_point);
                // The very first frames make the letters; a window has done that long before.
                if clock > 20.0 * fps.frame_length().0 {
                    took.push(FrameTime { shown: Seconds(shown), way, millis: millis(begun) });
                }
                drop(triangles);
            }
        }
    }
    took
}

/// A project of ten minutes with a recording.
fn ten_minutes(folder: &Path) -> anyhow::Result<()> {
    let length = Seconds(600.0);
    let project = big_project::project(length, big_project::SEGMENTS / 12);
    file::save(folder, &project)?;
    std::fs::create_dir_all(folder.join("media")).context("cannot make a folder for the recording")?;
    let (channels, rate) = RECORDING;
    let count = length.sample_at(rate) * usize::from(channels);
    let samples: Vec<f32> = (0..count).map(|i| 0.3 * ((i / 2) as f32 * 0.031).sin()).collect();
    media::write_wav(&folder.join(&project.sound.media.path), rate, channels, &samples)?;
    Ok(())
}

/// Megabytes that this process needs with a project open, looked at and worked on: what [`memory_of`] asks for.
pub fn memory(folder: &Path) -> anyhow::Result<f64> {
    let Held { mut document, mut board, poses, performer, _rest, session } = hold(folder)?;
    // All that the store holds, at both ends and in the middle.
    let fps = performer.fps();
    for second in (0..document.project().length().0 as usize).step_by(10) {
        poses.made(&performer, fps.frame_at(Seconds(second as f64)));
    }
    for i in 0..EDITS {
        let edit = some_edit(i, document.project())?;
        if document.apply(&edit).is_ok() {
            let changes = document.take_changes();
            board.follow(document.project(), &changes);
        }
    }
    frames(document.project(), &board);
    let stats = memory_stats::memory_stats().context("this system does not tell the memory of a process")?;
    drop((document, board, poses, performer, _rest, session));
    Ok(stats.physical_mem as f64 / 1e6)
}

/// The same in a process of its own; `None` where the system does not tell.
fn memory_of(folder: &Path) -> Option<f64> {
    let program = std::env::current_exe().ok()?;
    let output =
        Command::new(program).args(["bench", "--memory-of"]).arg(folder).stderr(Stdio::null()).output().ok()?;
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}
