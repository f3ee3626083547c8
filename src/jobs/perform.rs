//! A project becomes a performance: its keys and sounds, given to a generator, as poses.

use super::cache;
use super::hands::Hands;
use super::poses::Performer;
use super::takes::Layers;
use crate::document::{Project, derive};
use crate::generate::rules::Rules;
use crate::generate::{GenerateError, GenerateInput, Generator, SoundingPhone, Style, head_tones_as};
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
    let head_tones = if project.settings.head_tones {
        let times: Vec<TimeRange> = tiers.phones.iter().map(|t| t.range()).collect();
        head_tones_as(&tiers.utterance, &times, |word, syllable| project.marks.tone_strength(word, syllable))
    } else {
        Vec::new()
    };
    GenerateInput {
        reference: reference.clone(),
        keys: derive::plan(project),
        phones,
        head_tones,
        expressions: project.marks.expressions.iter().map(|e| e.shown()).collect(),
        voice: project.marks.voice.clone(),
        language: project.language(),
        fps,
        length: project.length(),
        seed: project.settings.seed,
        style: Style { voice: project.settings.voice, ..Style::default() },
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

/// Makes all base poses of a project at its own frame rate and keeps them in its cache for the next time. Gives what
/// makes (or now reads) any of them.
pub fn perform_and_cache(
    folder: &Path,
    project: &Project,
    generator: &str,
    progress: &dyn Progress,
) -> anyhow::Result<Performer> {
    let identity = identity(folder, project)?;
    let performer = Performer::new(project, &identity.reference, project.settings.fps, generator)?;
    let (mut done, total) = (0, performer.frame_count());
    let poses = performer.chunks().map(|chunk| {
        if progress.cancelled() {
            return Err(std::io::ErrorKind::Interrupted.into());
        }
        done += chunk.len();
        progress.report("Posing", done, total);
        Ok(chunk)
    });
    let stored = cache::store(folder, performer.input(), generator, poses);
    if progress.cancelled() {
        return Err(GenerateError::Cancelled.into());
    }
    if let Err(e) = stored {
        log::warn!("poses were not kept ({e}): {}", folder.display());
    }
    // The cache holds the base; takes are laid over it each time.
    let takes = Layers::of(folder, project, &identity.reference);
    Ok(performer.with_cache(folder, generator).with_takes(takes).with_hands(Hands::of(project)))
}
