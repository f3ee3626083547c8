//! A project becomes a performance: its keys and sounds, given to a generator, as poses.

use super::cache;
use super::takes::Layers;
use crate::document::{Project, derive};
use crate::generate::rules::Rules;
use crate::generate::{GenerateError, GenerateInput, Generator, SoundingPhone, Style};
use crate::pose::{PoseSequence, Reference};
use crate::progress::Progress;
use crate::render::identity::Identity;
use crate::time::{Fps, FrameIndex, TimeRange};
use anyhow::Context as _;
use std::path::Path;
use std::sync::Arc;

/// Names of the generators there are.
pub const GENERATORS: [&str; 1] = ["rules"];

/// The identity of a project: a built-in one, or a folder beside the project.
pub fn identity(folder: &Path, project: &Project) -> anyhow::Result<Arc<Identity>> {
    let name = &project.identity;
    if Identity::builtin_names().contains(&name.as_str()) {
        return Ok(Arc::new(Identity::builtin(name)?));
    }
    let path = folder.join(name);
    let identity = Identity::load(&path).with_context(|| {
        format!("the project's identity \"{name}\" is neither built in nor a folder beside the project")
    })?;
    Ok(Arc::new(identity))
}

/// What a generator needs to know of a project.
pub fn generate_input(project: &Project, reference: &Reference, fps: Fps) -> GenerateInput {
    let tiers = &project.tiers;
    let phones = tiers
        .utterance
        .phones()
        .zip(&tiers.phones)
        .map(|(p, t)| SoundingPhone {
            symbol: p.phone.symbol.clone(),
            class: p.phone.class,
            start: t.start,
            end: t.end,
        })
        .collect();
    GenerateInput {
        reference: reference.clone(),
        keys: derive::plan(project),
        phones,
        language: project.language(),
        fps,
        length: project.length(),
        seed: project.settings.seed,
        style: Style::default(),
    }
}

/// All poses of a project at a frame rate, without its takes.
pub fn perform(
    project: &Project,
    reference: &Reference,
    fps: Fps,
    generator: &str,
    progress: &dyn Progress,
) -> anyhow::Result<PoseSequence> {
    make(&generate_input(project, reference, fps), generator, progress)
}

/// Lays the accepted takes over base poses of the whole performance.
pub fn with_takes(folder: &Path, project: &Project, reference: &Reference, mut poses: PoseSequence) -> PoseSequence {
    Layers::of(folder, project, reference).apply(&mut poses.frames, FrameIndex(0), poses.fps);
    poses
}

fn make(input: &GenerateInput, generator: &str, progress: &dyn Progress) -> anyhow::Result<PoseSequence> {
    match generator {
        "rules" => Ok(Rules.generate(input, progress)?),
        other => anyhow::bail!("there is no generator \"{other}\"; there is: {}", GENERATORS.join(", ")),
    }
}

/// All poses of a project at its own frame rate, kept in its cache for the next time.
pub fn perform_and_cache(
    folder: &Path,
    project: &Project,
    generator: &str,
    progress: &dyn Progress,
) -> anyhow::Result<PoseSequence> {
    let identity = identity(folder, project)?;
    let input = generate_input(project, &identity.reference, project.settings.fps);
    let poses = make(&input, generator, progress)?;
    if let Err(e) = cache::store(folder, &input, generator, &poses) {
        log::warn!("poses were not kept ({e}): {}", folder.display());
    }
    // The cache holds the base; takes are laid over it each time.
    Ok(with_takes(folder, project, &identity.reference, poses))
}

/// The poses in the cache if they are of this very project, else new ones.
pub fn perform_or_load(
    folder: &Path,
    project: &Project,
    reference: &Reference,
    fps: Fps,
    generator: &str,
    progress: &dyn Progress,
) -> anyhow::Result<PoseSequence> {
    let input = generate_input(project, reference, fps);
    let poses = match cache::load(folder, &input, generator) {
        Some(poses) => poses,
        None => make(&input, generator, progress)?,
    };
    Ok(with_takes(folder, project, reference, poses))
}

/// Poses of a project after an edit with its accepted takes over them: only frames that the change can touch are made anew.
pub fn perform_again(
    project: &Project,
    reference: &Reference,
    previous: &PoseSequence,
    changed: Option<TimeRange>,
    takes: &Layers,
) -> Result<PoseSequence, GenerateError> {
    let input = generate_input(project, reference, project.settings.fps);
    let all = TimeRange::new(crate::time::Seconds::ZERO, project.length());
    let changed = changed.unwrap_or(all);
    let mut poses = crate::generate::rules::regenerate(&input, previous, changed)?;
    // Frames that were not made anew have their takes already.
    let same = previous.fps == poses.fps && previous.frames.len() == poses.frames.len();
    let made = if same { crate::generate::rules::affected(&input, changed) } else { 0..poses.frames.len() };
    let first = FrameIndex(made.start as u32);
    takes.apply(&mut poses.frames[made], first, poses.fps);
    Ok(poses)
}
