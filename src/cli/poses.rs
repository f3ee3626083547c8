//! `cueloom poses`: performances tracked from video, brought into a project, aligned to its person, used and removed.

mod told;

use super::{Failure, Outcome, print_out, write_file};
use crate::document::edit::Edit;
use crate::document::marks::{MarkId, Performance, Used};
use crate::document::{Project, file};
use crate::exchange::poses::Given;
use crate::jobs::performances::{self, Aligned};
use crate::jobs::{open, perform};
use crate::pose::alignment::{Bone, Calibration, FIXED_SCALES, Mode, Settings};
use crate::pose::parts::{Part, Parts};
use crate::time::{Fps, Seconds, TimeRange};
use anyhow::anyhow;
use clap::Subcommand;
use clap::builder::PossibleValuesParser;
use serde_json::json;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use told::{as_json, as_text};

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Bring in poses of a tracker: OpenPose (a file, or a folder with a file for each frame), COCO-WholeBody with 133
    /// points as MMPose, RTMPose and DWPose tools write it, NumPy arrays, or poses of Cueloom.
    Import(Import),
    /// List the performances of a project.
    List(Only),
    /// Say where and on which parts of the body a performance is used.
    Use(Use),
    /// Align a performance to the person of the project, or show how it is aligned.
    Align(Box<Align>),
    /// Take a performance out of the project; its file stays, so that this can be undone.
    Remove(Remove),
}

#[derive(clap::Args)]
struct Import {
    /// The project's folder.
    project: PathBuf,
    /// The file, or the folder of frames.
    file: PathBuf,
    /// Frames a second, where the file does not say: 25, 29.97, 30000/1001.
    #[arg(long, value_parser = rate)]
    fps: Option<Fps>,
    /// Width of the picture that was tracked, pixels.
    #[arg(long, value_name = "PX", requires = "height", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    width: Option<u32>,
    /// Height of that picture, pixels.
    #[arg(long, value_name = "PX", requires = "width", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    height: Option<u32>,
    /// The first frame is at this second of the recording; before its beginning with a minus.
    #[arg(long, value_name = "S", default_value_t = 0.0, allow_negative_numbers = true)]
    start: f64,
    /// Use it at once, wherever it has frames, on the whole body.
    #[arg(long = "use")]
    used: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
struct Only {
    /// The project's folder.
    project: PathBuf,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
struct Use {
    /// The project's folder.
    project: PathBuf,
    /// Number of the performance in the list; not needed where there is one.
    performance: Option<u64>,
    /// From this second; without --from and --to wherever it has frames.
    #[arg(long, value_name = "S")]
    from: Option<f64>,
    /// To this second.
    #[arg(long, value_name = "S")]
    to: Option<f64>,
    /// Parts of the body, separated by commas: lips, face, head, left-hand, right-hand, arms, or all.
    #[arg(long, default_value = "all")]
    parts: String,
    /// The first frame is at this second of the recording.
    #[arg(long, value_name = "S", allow_negative_numbers = true)]
    start: Option<f64>,
    /// Use it nowhere: the rules perform.
    #[arg(long, conflicts_with_all = ["from", "to", "parts"])]
    off: bool,
}

#[derive(clap::Args)]
struct Align {
    /// The project's folder.
    project: PathBuf,
    /// Number of the performance in the list; not needed where there is one.
    performance: Option<u64>,
    /// Bone by bone; one size, rotation and offset for all; or width and height stretched apart.
    #[arg(long, value_parser = PossibleValuesParser::new(Mode::ALL.map(Mode::name)))]
    mode: Option<String>,
    /// What is laid on the picture: the middle of the clip, or its first frame.
    #[arg(long, value_parser = PossibleValuesParser::new(["clip", "first-frame"]))]
    calibrate: Option<String>,
    /// Fix the scale of a bone, beside the size of the whole, such as upper-arm=1.1; without a number as it is found. May
    /// be given more than once.
    #[arg(long, value_name = "BONE[=SCALE]")]
    lock: Vec<String>,
    /// Set a bone free.
    #[arg(long, value_name = "BONE")]
    unlock: Vec<String>,
    /// Factor on the size that is found.
    #[arg(long, value_name = "FACTOR")]
    size: Option<f32>,
    /// Move everything, in heights of the picture.
    #[arg(long, value_name = "X,Y", allow_hyphen_values = true)]
    offset: Option<String>,
    /// Turn everything about the head, degrees clockwise.
    #[arg(long, value_name = "DEGREES", allow_negative_numbers = true)]
    turn: Option<f32>,
    /// Keep this person's own face and take only expressions.
    #[arg(long, value_name = "YES|NO", value_parser = PossibleValuesParser::new(["yes", "no"]))]
    keep_face: Option<String>,
    /// Bring hands near the face to the same place of this face.
    #[arg(long, value_name = "YES|NO", value_parser = PossibleValuesParser::new(["yes", "no"]))]
    contact: Option<String>,
    /// Take the performance in a mirror: its right hand gives the left one.
    #[arg(long, value_name = "YES|NO", value_parser = PossibleValuesParser::new(["yes", "no"]))]
    mirrored: Option<String>,
    /// Begin from what is found, with nothing fixed or moved.
    #[arg(long)]
    reset: bool,
    /// Write the aligned poses, at the rate of the project, to a JSON file.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
struct Remove {
    /// The project's folder.
    project: PathBuf,
    /// Numbers of the performances in the list.
    #[arg(required = true)]
    performances: Vec<u64>,
}

pub fn run(args: &Args) -> Outcome {
    match &args.action {
        Action::Import(args) => import(args),
        Action::List(args) => list(args),
        Action::Use(args) => use_it(args),
        Action::Align(args) => align(args),
        Action::Remove(args) => remove(args),
    }
}

/// A frame rate: a number, or a fraction.
fn rate(text: &str) -> Result<Fps, String> {
    let wrong = || format!("\"{text}\" is no frame rate; write 25, 29.97 or 30000/1001");
    let fps = match text.split_once('/') {
        Some((num, den)) => {
            Fps { num: num.trim().parse().map_err(|_| wrong())?, den: den.trim().parse().map_err(|_| wrong())? }
        }
        None => {
            let rate: f64 = text.trim().parse().map_err(|_| wrong())?;
            let whole = rate.fract() == 0.0 && (1.0..=1000.0).contains(&rate);
            let thousandths = if rate.is_finite() { (rate * 1000.0).round().clamp(0.0, 1e7) as u32 } else { 0 };
            if whole { Fps::whole(rate as u32) } else { Fps { num: thousandths, den: 1000 } }
        }
    };
    let sound = fps.num > 0 && fps.den > 0 && (0.5..=1000.0).contains(&fps.rate());
    sound.then_some(fps).ok_or_else(wrong)
}

fn argument(message: String) -> Failure {
    Failure::Arguments(anyhow!(message))
}

fn loaded(project: &Path) -> Result<(PathBuf, Project), Failure> {
    let folder = file::project_folder(project);
    let project = file::load(&folder).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    Ok((folder, project))
}

/// The performance of a number; the only one where none is said.
fn chosen(project: &Project, number: Option<u64>) -> Result<Performance, Failure> {
    let all = &project.marks.performances;
    let found = match number {
        Some(n) => all.iter().find(|p| p.id == MarkId(n)),
        None if all.len() == 1 => all.first(),
        None => None,
    };
    found.cloned().ok_or_else(|| match number {
        Some(n) => argument(format!("there is no performance {n}; see cueloom poses list")),
        None if all.is_empty() => {
            argument("the project has no performance; bring one with cueloom poses import".into())
        }
        None => argument("the project has several performances; say which by its number in cueloom poses list".into()),
    })
}

fn parts_of(list: &str) -> Result<Parts, Failure> {
    if list.trim() == "all" {
        return Ok(Parts::ALL);
    }
    let mut found = Parts::NONE;
    for name in list.split(',').filter(|n| !n.trim().is_empty()) {
        let part = Part::from_name(name).ok_or_else(|| argument(format!("there is no part of the body \"{name}\"")))?;
        found = found.with(part);
    }
    if found.is_empty() { Err(argument("--parts names no part of the body".into())) } else { Ok(found) }
}

fn parts_text(parts: Parts) -> String {
    parts.iter().map(|p| p.name().replace(' ', "-")).collect::<Vec<_>>().join(",")
}

fn described(performance: &Performance) -> serde_json::Value {
    let used = performance.used.map(|used| {
        let range = used.range.map(|r| [r.start.0, r.end.0]);
        json!({ "range": range, "parts": parts_text(used.parts) })
    });
    json!({
        "performance": performance.id.0,
        "name": performance.name,
        "frames": performance.frames,
        "fps": performance.fps.rate(),
        "start": performance.start.0,
        "poses": performance.poses,
        "used": used,
    })
}

fn import(args: &Import) -> Outcome {
    let (folder, project) = loaded(&args.project)?;
    if !(args.start.is_finite() && args.start.abs() < 86_400.0) {
        return Err(argument("--start is a time in seconds".into()));
    }
    let size = args.width.zip(args.height).map(|(w, h)| (w as f32, h as f32));
    let imported = performances::import(&folder, &args.file, Given { fps: args.fps, size })
        .map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    let handed = crate::jobs::perform::identity(&folder, &project)?.reference.handed;
    let imported = imported.suited_to(handed);
    let mut performance = imported.performance;
    performance.start = Seconds(args.start);
    performance.used = args.used.then(performances::everywhere);
    performance.id = MarkId(project.marks.next_id);
    open::edit_and_save(&folder, &Edit::AddPerformance(Box::new(performance.clone()))).map_err(Failure::from)?;
    for note in &imported.notes {
        eprintln!("note: {note}");
    }
    if args.json {
        let notes: Vec<String> = imported.notes.iter().map(ToString::to_string).collect();
        print_out(&format!(
            "{}\n",
            json!({ "imported": described(&performance), "dialect": imported.dialect, "notes": notes })
        ));
    } else {
        let (id, name, frames) = (performance.id.0, &performance.name, performance.frames);
        let rate = performance.fps.rate();
        print_out(&format!(
            "performance {id}  {name}  {frames} frames at {rate:.3} a second  ({})\n",
            imported.dialect
        ));
    }
    Ok(())
}

fn list(args: &Only) -> Outcome {
    let (folder, project) = loaded(&args.project)?;
    let (mut rows, mut out) = (Vec::new(), String::new());
    for performance in &project.marks.performances {
        let problem = performances::read(&folder, &performance.poses).err().map(|e| e.to_string());
        let used = match performance.used {
            None => "not used".to_owned(),
            Some(Used { range: None, parts }) => format!("used throughout: {}", parts_text(parts)),
            Some(Used { range: Some(r), parts }) => {
                format!("used {} – {}: {}", r.start.timecode(), r.end.timecode(), parts_text(parts))
            }
        };
        let (id, name, length) = (performance.id.0, &performance.name, performance.length().timecode());
        let note = problem.as_ref().map_or_else(String::new, |p| format!("  ({p})"));
        let _ = writeln!(out, "performance {id}  {name}  {length}  {used}{note}");
        let mut row = described(performance);
        row["problem"] = json!(problem);
        rows.push(row);
    }
    if args.json {
        print_out(&format!("{}\n", json!({ "performances": rows })));
    } else if rows.is_empty() {
        eprintln!("the project has no performance");
    } else {
        print_out(&out);
    }
    Ok(())
}

fn use_it(args: &Use) -> Outcome {
    super::check_stretch(args.from, args.to)?;
    let (folder, project) = loaded(&args.project)?;
    let mut performance = chosen(&project, args.performance)?;
    if let Some(start) = args.start {
        if !(start.is_finite() && start.abs() < 86_400.0) {
            return Err(argument("--start is a time in seconds".into()));
        }
        performance.start = Seconds(start);
    }
    performance.used = if args.off {
        None
    } else {
        let range = if args.from.is_none() && args.to.is_none() {
            None
        } else {
            let (from, to) = (args.from.unwrap_or(0.0), args.to.unwrap_or(project.length().0));
            if from >= to || from >= project.length().0 {
                let length = project.length();
                return Err(argument(format!("--from lies before --to and within the project, which lasts {length}")));
            }
            Some(TimeRange::new(Seconds(from), Seconds(to)))
        };
        Some(Used { range, parts: parts_of(&args.parts)? })
    };
    open::edit_and_save(&folder, &Edit::SetPerformance(Box::new(performance.clone()))).map_err(Failure::from)?;
    let state = if performance.used.is_some() { "is used" } else { "is not used" };
    eprintln!("performance {} {state}", performance.id.0);
    Ok(())
}

/// Puts what was asked for into the settings; true when something was.
fn set(args: &Align, settings: &mut Settings, found: &dyn Fn(&Settings, Bone) -> f32) -> Result<bool, Failure> {
    let before = settings.clone();
    if args.reset {
        *settings = Settings::default();
    }
    if let Some(mode) = args.mode.as_deref().and_then(Mode::from_name) {
        settings.mode = mode;
    }
    if let Some(which) = &args.calibrate {
        settings.calibration = if which == "clip" { Calibration::Clip } else { Calibration::FirstFrame };
    }
    let bone = |name: &str| {
        Bone::from_name(name).ok_or_else(|| {
            let known: Vec<String> = Bone::ALL.iter().map(|b| b.name().replace(' ', "-")).collect();
            argument(format!("there is no bone \"{name}\"; there is: {}", known.join(", ")))
        })
    };
    for text in &args.unlock {
        settings.fix(bone(text)?, None);
    }
    for text in &args.lock {
        let (name, scale) = match text.split_once('=') {
            None => (bone(text)?, found(settings, bone(text)?)),
            Some((name, scale)) => {
                let wrong = || {
                    argument(format!("the scale of a bone is a number from {} to {}", FIXED_SCALES.0, FIXED_SCALES.1))
                };
                let scale: f32 = scale.trim().parse().map_err(|_| wrong())?;
                let within = (FIXED_SCALES.0..=FIXED_SCALES.1).contains(&scale);
                (bone(name)?, within.then_some(scale).ok_or_else(wrong)?)
            }
        };
        settings.fix(name, Some(scale));
    }
    settings.size = args.size.unwrap_or(settings.size);
    settings.turn = args.turn.unwrap_or(settings.turn);
    if let Some(text) = &args.offset {
        let pair = text.split_once(',').and_then(|(x, y)| Some([x.trim().parse().ok()?, y.trim().parse().ok()?]));
        settings.offset = pair.ok_or_else(|| argument(format!("\"{text}\" is no offset; write it as 0.1,-0.05")))?;
    }
    settings.keep_face = args.keep_face.as_ref().map_or(settings.keep_face, |v| v == "yes");
    settings.contact = args.contact.as_ref().map_or(settings.contact, |v| v == "yes");
    settings.mirrored = args.mirrored.as_ref().map_or(settings.mirrored, |v| v == "yes");
    if !settings.is_sound() {
        let (low, high) = FIXED_SCALES;
        return Err(argument(format!(
            "--size lies between {low} and {high}, --turn between -180 and 180, --offset within two heights of the picture"
        )));
    }
    Ok(*settings != before)
}

fn align(args: &Align) -> Outcome {
    let (folder, project) = loaded(&args.project)?;
    let mut performance = chosen(&project, args.performance)?;
    let identity = perform::identity(&folder, &project).map_err(Failure::from)?;
    let bad = |e| Failure::from(anyhow::Error::from(e));
    let now = Aligned::of(&folder, &project, &identity.reference, &performance).map_err(bad)?;
    let found = |_: &Settings, bone: Bone| now.fit.bones().iter().find(|b| b.bone == bone).map_or(1.0, |b| b.found);
    let mut settings = performance.alignment.clone();
    if set(args, &mut settings, &found)? {
        performance.alignment = settings;
        open::edit_and_save(&folder, &Edit::SetPerformance(Box::new(performance.clone()))).map_err(Failure::from)?;
    }
    let aligned = Aligned::of(&folder, &project, &identity.reference, &performance).map_err(bad)?;
    if args.json {
        print_out(&format!("{}\n", as_json(&aligned)))
    } else {
        print_out(&as_text(&aligned))
    }
    if let Some(out) = &args.out {
        let fps = project.settings.fps;
        let count = fps.frame_count(project.length());
        let times = (0..count).map(|i| fps.time_of(crate::time::FrameIndex(i)));
        let frames: Vec<_> = times.map(|t| aligned.at(t).map(|(_, f)| f).unwrap_or_default()).collect();
        let points = |f: &crate::pose::PoseFrame| f.points.map(|p| [p.x, p.y, p.score]).to_vec();
        let frames: Vec<_> = frames
            .iter()
            .map(|f| json!({ "points": points(f), "left_hand_z": f.hand_z[0], "right_hand_z": f.hand_z[1] }))
            .collect();
        let text = json!({ "fps": [fps.num, fps.den], "unit": "picture height", "frames": frames }).to_string();
        write_file(out, text.as_bytes())?;
    }
    Ok(())
}

fn remove(args: &Remove) -> Outcome {
    let (folder, project) = loaded(&args.project)?;
    let ids =
        args.performances.iter().map(|n| chosen(&project, Some(*n)).map(|p| p.id)).collect::<Result<Vec<_>, _>>()?;
    let count = ids.len();
    open::edit_and_save(&folder, &Edit::RemovePerformances(ids)).map_err(Failure::from)?;
    eprintln!("{count} performances removed from the project; their files stay, so that this can be undone");
    Ok(())
}
