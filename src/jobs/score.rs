//! Scores a performance against its target: loads both, reads the cues, looks with the guard, draws each hold.

use super::perform;
use super::poses::Performer;
use crate::cueing::chart::{Chart, OwnChart};
use crate::cueing::guard::{self, Finding, GuardInput};
use crate::cueing::notation::{self, LetterSet};
use crate::cueing::reader::{self, CueReading, ReadOptions};
use crate::cueing::score::{GAD_TAU, Score, TargetKey, score, targets};
use crate::cueing::{HandShape, Movement, Position};
use crate::document::{Project, derive, file};
use crate::exchange::{self, pose_json};
use crate::language::Language;
use crate::pose::{PoseFrame, PoseSequence, Reference, Side};
use crate::progress::Progress;
use crate::render::identity::Identity;
use crate::render::overlay::{self, Overlays};
use crate::render::{Backend, RenderOptions, Renderer};
use crate::time::Seconds;
use anyhow::Context as _;
use serde::Deserialize;
use std::path::Path;
use std::sync::Arc;

/// Why nothing was scored: what the user brought.
#[derive(Debug, thiserror::Error)]
pub enum ScoreError {
    #[error("the reference is in notation, which does not say its language; name it with --lang")]
    NoLanguage,
    #[error("the file cannot be read ({source}): {path}")]
    Unreadable { source: std::io::Error, path: String },
    #[error("the reference holds no keys: {0}")]
    NoKeys(String),
    #[error("the reference begins like JSON but is not that of \"cueloom cues\": {0}")]
    NotKeys(String),
    #[error("the reference is no notation: {0}: {1}")]
    Notation(notation::NotationError, String),
    #[error("{0}: {1}")]
    NotPoses(exchange::ExchangeError, String),
    #[error(transparent)]
    Unread(#[from] reader::ReadError),
}

/// What is to be scored.
#[derive(Clone, Debug)]
pub struct ScoreRequest<'a> {
    /// A project's folder, or a file with keys: notation, or JSON of `cueloom cues`.
    pub reference: &'a Path,
    /// A project's folder, or a file with poses as JSON.
    pub pose: &'a Path,
    /// Overrides what the reference says; needed with notation.
    pub language: Option<Language>,
    pub letters: LetterSet,
    /// τ of GAD.
    pub tau: Seconds,
}

/// A performance scored.
pub struct Scored {
    pub language: Language,
    pub target: Vec<TargetKey>,
    pub reading: CueReading,
    pub score: Score,
    pub findings: Vec<Finding>,
    pub poses: PoseSequence,
    pub aspect: f32,
    /// Whom the poses belong to, where that is known.
    pub identity: Option<Arc<Identity>>,
}

/// Loads, reads and scores.
pub fn run(request: &ScoreRequest<'_>, progress: &dyn Progress) -> anyhow::Result<Scored> {
    let (target, language, own) = target(request)?;
    let chart = own.as_deref().filter(|c| c.language == language).unwrap_or_else(|| Chart::builtin(language));
    let (poses, aspect, identity) = poses(request.pose, progress)?;
    let handed = identity.as_ref().map(|i| i.reference.handed);
    let (reading, score, findings) = judge(&poses, aspect, handed, chart, &target, request.tau)?;
    Ok(Scored { language, target, reading, score, findings, poses, aspect, identity })
}

/// Scores a performance against the keys of `project` as they stand: its own (takes lie in `folder`), or that of a file
/// with poses, whose times must be those of the project.
///
/// # Errors
/// Poses that cannot be made or read; stopped.
pub fn of_project(
    folder: &Path,
    project: &Project,
    person: &Arc<Identity>,
    file: Option<&Path>,
    progress: &dyn Progress,
) -> anyhow::Result<Scored> {
    let (poses, aspect, identity) = match file {
        Some(path) => poses(path, progress)?,
        None => {
            let poses = performed(folder, project, &person.reference, progress)?;
            (poses, person.reference.aspect, Some(person.clone()))
        }
    };
    let language = project.language();
    let target = targets(&derive::plan(project), project.length());
    let handed = identity.as_ref().map(|i| i.reference.handed);
    let (reading, score, findings) = judge(&poses, aspect, handed, project.chart(), &target, GAD_TAU)?;
    Ok(Scored { language, target, reading, score, findings, poses, aspect, identity })
}

/// Reads poses by a chart, puts the cues beside the target, and looks with the guard. `aspect` is that
/// of the picture; without `handed` the reader finds out which hand cues.
fn judge(
    poses: &PoseSequence,
    aspect: f32,
    handed: Option<Side>,
    chart: &Chart,
    target: &[TargetKey],
    tau: Seconds,
) -> Result<(CueReading, Score, Vec<Finding>), ScoreError> {
    let options = ReadOptions { handed, ..ReadOptions::default() };
    let reading = reader::read(poses, chart, &options)?;
    let score = score(target, &reading.keys, tau);
    let findings = guard::look(&GuardInput { poses, aspect, captions: &[] }, &reading);
    Ok((reading, score, findings))
}

/// All poses of a project for a person; its takes lie in `folder`.
///
/// # Errors
/// Poses that cannot be made; stopped.
fn performed(
    folder: &Path,
    project: &Project,
    person: &Reference,
    progress: &dyn Progress,
) -> anyhow::Result<PoseSequence> {
    let performer = Performer::whole(folder, project, person, project.settings.fps, "rules")?;
    let total = performer.frame_count();
    let mut frames = Vec::with_capacity(total);
    for chunk in performer.chunks() {
        anyhow::ensure!(!progress.cancelled(), "stopped");
        frames.extend(chunk);
        progress.report("Posing", frames.len(), total);
    }
    Ok(PoseSequence { fps: performer.fps(), frames })
}

fn is_project(path: &Path) -> bool {
    path.is_dir() || path.file_name().is_some_and(|name| name == file::FILE_NAME)
}

fn read_file(path: &Path) -> anyhow::Result<String> {
    let bytes =
        std::fs::read(path).map_err(|source| ScoreError::Unreadable { source, path: path.display().to_string() })?;
    Ok(exchange::decode_text(&bytes))
}

/// Keys as `cueloom cues --format json` writes them.
#[derive(Deserialize)]
struct KeysFile {
    #[serde(default)]
    language: Option<String>,
    keys: Vec<KeyLine>,
}

#[derive(Deserialize)]
struct KeyLine {
    shape: u8,
    position: Position,
    #[serde(default)]
    movement: Option<Movement>,
}

fn target(request: &ScoreRequest<'_>) -> anyhow::Result<(Vec<TargetKey>, Language, Option<OwnChart>)> {
    let path = request.reference;
    if is_project(path) {
        let project = file::load(&file::project_folder(path))?;
        let keys = targets(&derive::plan(&project), project.length());
        return Ok((keys, request.language.unwrap_or(project.language()), project.settings.chart));
    }
    let name = || path.display().to_string();
    let text = read_file(path)?;
    let (keys, language) = if text.trim_start().starts_with('{') {
        let file: KeysFile = serde_json::from_str(&text).map_err(|_| ScoreError::NotKeys(name()))?;
        let key = |k: KeyLine| TargetKey { movement: k.movement, ..TargetKey::untimed(HandShape(k.shape), k.position) };
        (file.keys.into_iter().map(key).collect::<Vec<_>>(), file.language.and_then(|l| l.parse().ok()))
    } else {
        let keys = notation::parse(&text, request.letters).map_err(|e| ScoreError::Notation(e, name()))?;
        (keys.into_iter().map(|(shape, position)| TargetKey::untimed(shape, position)).collect(), None)
    };
    // Rests are no keys.
    let keys: Vec<TargetKey> = keys.into_iter().filter(|k| k.position != Position::Neutral).collect();
    if keys.is_empty() {
        return Err(ScoreError::NoKeys(name()).into());
    }
    let language = request.language.or(language).ok_or(ScoreError::NoLanguage)?;
    Ok((keys, language, None))
}

type Loaded = (PoseSequence, f32, Option<Arc<Identity>>);

fn poses(path: &Path, progress: &dyn Progress) -> anyhow::Result<Loaded> {
    if is_project(path) {
        let folder = file::project_folder(path);
        let project = file::load(&folder)?;
        let identity = perform::identity(&folder, &project)?;
        let poses = performed(&folder, &project, &identity.reference, progress)?;
        return Ok((poses, identity.reference.aspect, Some(identity)));
    }
    let text = read_file(path)?;
    let poses = pose_json::read(&text).map_err(|e| ScoreError::NotPoses(e, path.display().to_string()))?;
    Ok((poses.sequence, poses.aspect.unwrap_or(1.0), None))
}

impl ScoreError {
    /// True for what the user brought or asked for: all of it.
    pub fn is_bad_input(&self) -> bool {
        true
    }
}

/// Height of the pictures of a report, pixels.
const PICTURE_HEIGHT: u32 = 256;

/// A picture of the middle of each key that was read, as JPEG with its size: the person where known, else the points.
/// `None` where the hold has no frame.
pub fn pictures(scored: &Scored, progress: &dyn Progress) -> anyhow::Result<Vec<Option<exchange::pdf::Jpeg>>> {
    let renderer = match &scored.identity {
        None => None,
        Some(identity) => {
            let options = RenderOptions { height: PICTURE_HEIGHT, backend: Backend::Cpu, ..RenderOptions::default() };
            Some(Renderer::new(identity.clone(), &options)?)
        }
    };
    let keys = &scored.reading.keys;
    let mut out = Vec::with_capacity(keys.len());
    for (i, key) in keys.iter().enumerate() {
        progress.report("Drawing", i, keys.len());
        let frame = scored.poses.fps.frame_at(key.time.middle()).0 as usize;
        let Some(pose) = scored.poses.frames.get(frame) else {
            out.push(None);
            continue;
        };
        let (width, height, rgba) = match &renderer {
            Some(renderer) => {
                let picture = renderer.render(pose);
                (picture.width, picture.height, picture.data)
            }
            None => points(pose, scored.aspect),
        };
        out.push(Some(jpeg(width, height, &rgba)?));
    }
    Ok(out)
}

/// Points and bones on a light ground.
fn points(pose: &PoseFrame, aspect: f32) -> (u32, u32, Vec<u8>) {
    let width = ((PICTURE_HEIGHT as f32 * aspect.clamp(0.2, 5.0)).round() as u32).max(1);
    let mut rgba = [232u8, 234, 238, 255].repeat((width * PICTURE_HEIGHT) as usize);
    let what = Overlays { skeleton: true, face: true, ..Overlays::default() };
    overlay::draw(&mut rgba, (width, PICTURE_HEIGHT), pose, &Reference::example(), &what);
    (width, PICTURE_HEIGHT, rgba)
}

fn jpeg(width: u32, height: u32, rgba: &[u8]) -> anyhow::Result<exchange::pdf::Jpeg> {
    let rgb: Vec<u8> = rgba.chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
    let mut data = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut data, 85)
        .encode(&rgb, width, height, image::ExtendedColorType::Rgb8)
        .context("a picture of the report could not be made")?;
    Ok(exchange::pdf::Jpeg { data, width, height })
}
