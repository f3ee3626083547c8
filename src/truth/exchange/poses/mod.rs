//! Poses that trackers write, whatever the dialect: what it is is found out from the content, never from the name.
//!
//! | dialect | how it is known | file |
//! |---|---|---|
//! | own | `frames` | [`super::pose_json`] |
//! | OpenPose | `people`; one file a frame, or a list of frames | [`openpose`] |
//! | whole body, 133 points | `instance_info`, `instances`, `keypoints` of 133 (or 134) points, or the five lists of COCO-WholeBody | [`whole_body`] |
//! | NumPy | `\x93NUMPY`, or an archive of such | [`numpy`] |
//!
//! Scores are kept as they are; what is missing, hidden or no number stays missing (score 0 at the origin). Of several
//! people the largest and surest is taken, and then whoever stays nearest to it.

pub mod numpy;
mod openpose;
#[cfg(test)]
mod tests;
mod whole_body;

use super::{ExchangeError, decode_text, pose_json};
use crate::pose::{POINT_COUNT, Point, PoseFrame, PoseSequence};
use crate::time::Fps;
use serde_json::Value;

/// A file longer than this is not read, bytes.
pub const LARGEST: usize = 256 << 20;
/// More frames than this are not read (four hours at 30 a second).
pub const MOST_FRAMES: usize = 432_000;
/// Aspect ratio of pictures where a file with shares of the picture does not say it.
const USUAL_ASPECT: f32 = 16.0 / 9.0;
/// Coordinates up to here are shares of the picture, not pixels.
const SHARES: f32 = 2.0;

/// What the user says of poses, where their file does not.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Given {
    pub fps: Option<Fps>,
    /// Width and height of the picture, pixels.
    pub size: Option<(f32, f32)>,
}

/// Poses of one person as a tracker found them.
#[derive(Clone, Debug, PartialEq)]
pub struct Tracked {
    /// In picture heights.
    pub sequence: PoseSequence,
    /// Width of the picture divided by its height.
    pub aspect: f32,
    /// Name of the dialect.
    pub dialect: &'static str,
    /// What the user should know of the reading.
    pub notes: Vec<Note>,
}

/// What is worth knowing of poses that were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Note {
    #[error("the file does not say the size of the picture; it was taken from the points")]
    GuessedSize,
    #[error("the file does not say the shape of the picture; 16:9 was taken")]
    GuessedAspect,
    #[error("{0} frames show several people; the largest, and then whoever stays nearest, was taken")]
    SeveralPeople(usize),
    #[error("{0} frames show nobody")]
    Nobody(usize),
    #[error("the scores are all 0 or 1: how sure the tracker was is lost")]
    BareScores,
}

/// Points of one person in one frame, in the units of the file.
type Body = [Point; POINT_COUNT];

/// What a dialect reads, before people are chosen and units known.
#[derive(Default)]
struct Raw {
    /// The people of each frame.
    pub frames: Vec<Vec<Body>>,
    pub fps: Option<f64>,
    /// Width and height as the file says.
    pub size: Option<(f32, f32)>,
    pub dialect: &'static str,
}

/// Reads poses: one file, or the files of a folder with one frame each.
///
/// # Errors
/// [`ExchangeError`] when nothing of it is poses of whole bodies, or when the frame rate is said nowhere.
pub fn read(files: &[(String, Vec<u8>)], given: Given) -> Result<Tracked, ExchangeError> {
    if let Some((name, bytes)) = files.iter().find(|f| f.1.len() > LARGEST) {
        let size = bytes.len() >> 20;
        return Err(wrong(format!("{name} is {size} MB long; cut it into parts of less than {} MB", LARGEST >> 20)));
    }
    match files {
        [] => Err(wrong("the folder holds no file of poses".to_owned())),
        [(_, bytes)] if bytes.starts_with(b"\x93NUMPY") || bytes.starts_with(b"PK") => {
            finish(numpy::read(bytes)?, given)
        }
        [(_, bytes)] => read_text(&decode_text(bytes), given),
        _ => finish(openpose::read_folder(files)?, given),
    }
}

fn read_text(text: &str, given: Given) -> Result<Tracked, ExchangeError> {
    let value = parse(text)?;
    if value.get("frames").is_some() {
        drop(value);
        let poses = pose_json::read(text)?;
        let mut frames = poses.sequence.frames;
        let (mut high, mut wide) = (0.0_f32, 0.0_f32);
        for p in frames.iter_mut().flat_map(|f| &mut f.points) {
            *p = cleaned(*p);
            (wide, high) = (wide.max(p.x), high.max(p.y));
        }
        for z in frames.iter_mut().flat_map(|f| f.hand_z.iter_mut().flatten()) {
            *z = if z.is_finite() { *z } else { 0.0 };
        }
        let mut notes = Vec::new();
        // Pixels without a height: the plain form with a line forgotten.
        if high > 16.0 {
            let unit = given.size.map_or(high, |s| s.1);
            frames.iter_mut().flat_map(|f| &mut f.points).for_each(|p| (p.x, p.y) = (p.x / unit, p.y / unit));
            frames.iter_mut().flat_map(|f| f.hand_z.iter_mut().flatten()).for_each(|z| *z /= unit);
            wide /= unit;
            notes.extend(given.size.is_none().then_some(Note::GuessedSize));
        }
        let aspect = poses.aspect.or(given.size.map(|(w, h)| w / h)).unwrap_or(wide.clamp(0.5, 2.5));
        let fps = given.fps.unwrap_or(poses.sequence.fps);
        notes.extend(notes_of(&frames));
        return Ok(Tracked { sequence: PoseSequence { fps, frames }, aspect, dialect: "poses of Cueloom", notes });
    }
    let raw = match openpose::read(&value)? {
        Some(raw) => raw,
        None => whole_body::read(&value)?,
    };
    finish(raw, given)
}

fn parse(text: &str) -> Result<Value, ExchangeError> {
    serde_json::from_str(text).map_err(|e| match e.line() {
        0 => wrong(e.to_string()),
        line => ExchangeError::Line { line, what: e.to_string() },
    })
}

fn wrong(detail: String) -> ExchangeError {
    ExchangeError::NotThisFormat { format: "a file of poses", detail }
}

/// A point that is there, or a missing one.
fn cleaned(p: Point) -> Point {
    let there = [p.x, p.y, p.score].iter().all(|v| v.is_finite()) && p.score > 0.0 && p.x.abs().max(p.y.abs()) < 1e6;
    if there { p } else { Point::default() }
}

/// A point of a tracker: nothing at the corner of the picture, nor at (−1, −1), is a point.
fn tracked_point(x: f32, y: f32, score: f32) -> Point {
    if (x <= 0.0 && y <= 0.0 && x == y) || (x == -1.0 || y == -1.0) && x.min(y) < 0.0 {
        return Point::default();
    }
    cleaned(Point { x, y, score })
}

/// Chooses the person, brings everything to picture heights.
fn finish(raw: Raw, given: Given) -> Result<Tracked, ExchangeError> {
    if raw.frames.is_empty() {
        return Err(wrong("it holds no frames".to_owned()));
    }
    if raw.frames.len() > MOST_FRAMES {
        return Err(wrong(format!("{} frames are more than {MOST_FRAMES}; cut the file into parts", raw.frames.len())));
    }
    let rate = raw.fps.filter(|r| r.is_finite() && (0.5..=1000.0).contains(r));
    let fps = given.fps.or(rate.map(|r| Fps { num: (r * 1000.0).round() as u32, den: 1000 })).ok_or_else(|| {
        wrong("it does not say how many frames a second it has; say it (--fps 25 on the command line)".to_owned())
    })?;
    let several = raw.frames.iter().filter(|people| people.len() > 1).count();
    let mut frames: Vec<PoseFrame> = Vec::with_capacity(raw.frames.len());
    let mut last: Option<Body> = None;
    for people in raw.frames {
        let chosen = choose(people, last.as_ref());
        if let Some(body) = &chosen {
            last = Some(*body);
        }
        frames.push(PoseFrame { points: chosen.unwrap_or([Point::default(); POINT_COUNT]), ..PoseFrame::default() });
    }
    let points = || frames.iter().flat_map(|f| &f.points).filter(|p| p.score > 0.0);
    let (wide, high) = points().fold((0.0_f32, 0.0_f32), |(x, y), p| (x.max(p.x), y.max(p.y)));
    if points().next().is_none() {
        return Err(wrong("it shows nobody in any frame".to_owned()));
    }
    let mut notes = Vec::new();
    let sound = |s: &(f32, f32)| [s.0, s.1].iter().all(|v| v.is_finite() && (1.0..1e6).contains(v));
    let size = given.size.or(raw.size).filter(sound);
    let (units, aspect) = if wide.max(high) <= SHARES {
        notes.extend(size.is_none().then_some(Note::GuessedAspect));
        let aspect = size.map_or(USUAL_ASPECT, |(w, h)| w / h);
        ([1.0 / aspect, 1.0], aspect)
    } else {
        notes.extend(size.is_none().then_some(Note::GuessedSize));
        let (w, h) = size.unwrap_or((wide.max(1.0), high.max(1.0)));
        ([h, h], w / h)
    };
    for p in frames.iter_mut().flat_map(|f| &mut f.points).filter(|p| p.score > 0.0) {
        (p.x, p.y) = (p.x / units[0], p.y / units[1]);
    }
    notes.extend((several > 0).then_some(Note::SeveralPeople(several)));
    notes.extend(notes_of(&frames));
    Ok(Tracked { sequence: PoseSequence { fps, frames }, aspect, dialect: raw.dialect, notes })
}

fn notes_of(frames: &[PoseFrame]) -> Vec<Note> {
    let nobody = frames.iter().filter(|f| f.points.iter().all(|p| p.score <= 0.0)).count();
    let bare = frames.iter().flat_map(|f| &f.points).all(|p| p.score == 0.0 || p.score == 1.0);
    (nobody > 0).then_some(Note::Nobody(nobody)).into_iter().chain(bare.then_some(Note::BareScores)).collect()
}

/// The person to follow.
fn choose(people: Vec<Body>, last: Option<&Body>) -> Option<Body> {
    let extent = |b: &Body| {
        let there = || b.iter().filter(|p| p.score > 0.0);
        let low = there().fold([f32::MAX; 2], |a, p| [a[0].min(p.x), a[1].min(p.y)]);
        let high = there().fold([f32::MIN; 2], |a, p| [a[0].max(p.x), a[1].max(p.y)]);
        (high[0] - low[0]).max(high[1] - low[1]).max(0.0)
    };
    let weight = |b: &Body| b.iter().map(|p| p.score.min(1.0)).sum::<f32>() * extent(b);
    let away = |b: &Body, l: &Body| {
        let both = b.iter().zip(l).filter(|(p, q)| p.score > 0.0 && q.score > 0.0);
        let far: Vec<f32> = both.map(|(p, q)| (p.x - q.x).hypot(p.y - q.y)).collect();
        if far.is_empty() { f32::MAX } else { far.iter().sum::<f32>() / far.len() as f32 }
    };
    let people: Vec<Body> = people.into_iter().filter(|b| b.iter().any(|p| p.score > 0.0)).collect();
    let near = last.and_then(|l| {
        let nearest = people.iter().min_by(|a, b| away(a, l).total_cmp(&away(b, l)))?;
        (away(nearest, l) < 0.4 * extent(l)).then_some(*nearest)
    });
    near.or_else(|| people.iter().max_by(|a, b| weight(a).total_cmp(&weight(b))).copied())
}

/// A number of JSON; `null` and texts are none.
fn number(value: &Value) -> f32 {
    value.as_f64().map_or(f32::NAN, |v| v as f32)
}

/// Frames by their numbers: what is left out shows nobody. Numbers may count by twos; wild ones are only an order.
fn by_number(mut frames: Vec<(u64, Vec<Body>)>) -> Vec<Vec<Body>> {
    frames.sort_by_key(|f| f.0);
    let step = frames.windows(2).map(|w| w[1].0 - w[0].0).filter(|d| *d > 0).min().unwrap_or(1);
    let first = frames.first().map_or(0, |f| f.0);
    let span = frames.last().map_or(0, |f| (f.0 - first) / step + 1);
    if span > 2 * frames.len() as u64 + 100 {
        return frames.into_iter().map(|f| f.1).collect();
    }
    let mut out = vec![Vec::new(); span as usize];
    for (i, people) in frames {
        out[((i - first) / step) as usize].extend(people);
    }
    out
}

/// Where the 17 points of COCO's body stand among OpenPose's 18, and among the 25 of its larger body with six of the feet.
const OPENPOSE_18: [usize; 17] = [0, 15, 14, 17, 16, 5, 2, 6, 3, 7, 4, 11, 8, 12, 9, 13, 10];
const OPENPOSE_25: [usize; 23] = [0, 16, 15, 18, 17, 5, 2, 6, 3, 7, 4, 12, 9, 13, 10, 14, 11, 19, 20, 21, 22, 23, 24];
