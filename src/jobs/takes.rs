//! Takes of a project: made in the background, kept as files, found again, and laid over the base everywhere.
//!
//! [`regenerate`] makes takes for a mask, always from the original base. Their poses lie in the project's `takes` folder
//! as `<SHA-256>.take` ([`files`]); the document holds what they were made from, so a file that is gone is made again
//! as long as the cues are the same ([`base_hash`]). [`Layers`] is what preview, export and the command line lay over
//! base poses.

pub mod copied;
pub mod files;

use super::perform::generate_input;
use super::performances::Performances;
use crate::document::Project;
use crate::document::marks::{MarkId, Mask, Take};
use crate::generate::GenerateInput;
use crate::generate::takes::{
    self, Layer, Poses, TakeError, TakeRequest, Values, base_poses, generator, key_poses, window,
};
use crate::pose::parts::Parts;
use crate::pose::{PoseFrame, Reference};
use crate::progress::Progress;
use crate::time::{Fps, FrameIndex, Seconds, TimeRange};
use files::TakeFileError;
use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The most takes made at once.
pub const MOST_TAKES: usize = 16;

/// Why takes were not made.
#[derive(Debug, thiserror::Error)]
pub enum TakesError {
    #[error("the mask is no longer there")]
    NoMask,
    #[error("a take needs at least one part of the body that the mask covers")]
    NoParts,
    #[error(transparent)]
    Take(#[from] TakeError),
    #[error(transparent)]
    File(#[from] TakeFileError),
}

impl TakesError {
    pub fn is_cancelled(&self) -> bool {
        matches!(self, Self::Take(TakeError::Cancelled))
    }
}

/// What takes are to be made.
#[derive(Clone, Debug)]
pub struct Regenerate {
    /// The project's folder.
    pub folder: PathBuf,
    pub project: Arc<Project>,
    pub reference: Reference,
    pub mask: MarkId,
    /// Parts of the mask that takes are made of.
    pub parts: Parts,
    pub generator: String,
    pub values: Values,
    /// Of the first take; the others count on.
    pub seed: u64,
    pub count: usize,
}

/// A take that has been made and lies on disk, but in no document yet.
#[derive(Clone, Debug, PartialEq)]
pub struct MadeTake {
    /// Its name is given by the document when it is kept.
    pub take: Take,
    pub poses: Arc<Poses>,
}

/// What all takes of a mask are made from, worked out once.
struct Bench {
    /// Window of the whole around the mask.
    input: GenerateInput,
    base: Poses,
    keys: Vec<takes::KeyPose>,
    fixed: Vec<usize>,
    hash: String,
}

impl Bench {
    /// The base is what a performance shows where one is used, and the rules' elsewhere.
    fn new(
        folder: &Path,
        project: &Project,
        reference: &Reference,
        range: TimeRange,
        halo: Seconds,
    ) -> Result<Self, TakeError> {
        let (input, fixed) = stretch_of(project, reference, range, halo);
        let mut base = base_poses(&input, range, halo)?;
        Performances::of(folder, project, reference).apply(&mut base.frames, base.first, base.fps);
        let keys = key_poses(&input, range, halo);
        let hash = hash_of(&input, &fixed, project);
        Ok(Self { input, base, keys, fixed, hash })
    }

    fn request<'a>(
        &'a self,
        range: TimeRange,
        halo: Seconds,
        parts: Parts,
        values: &'a Values,
        seed: u64,
    ) -> TakeRequest<'a> {
        TakeRequest {
            base: &self.base,
            input: &self.input,
            range,
            halo,
            parts,
            keys: &self.keys,
            fixed: &self.fixed,
            values,
            seed,
        }
    }
}

/// The part of a project that a mask depends on: the window of its input, and the keys in it whose times are the user's.
fn stretch_of(
    project: &Project,
    reference: &Reference,
    range: TimeRange,
    halo: Seconds,
) -> (GenerateInput, Vec<usize>) {
    let whole = generate_input(project, reference, project.settings.fps);
    let input = window(&whole, TimeRange::new(range.start - halo, range.end + halo));
    let timed =
        |i: &usize| project.tiers.keys.get(*i).is_some_and(|k| k.locked || k.edits.shift.iter().any(|s| *s != 0.0));
    let fixed = input.keys.iter().filter_map(|k| k.key).filter(timed).collect();
    (input, fixed)
}

/// Everything that the poses of a stretch depend on, as one number. The names of keys count as places in the plan, so
/// that a word put in far before a stretch changes nothing in it.
fn hash_of(input: &GenerateInput, fixed: &[usize], project: &Project) -> String {
    let mut hash = Sha256::new();
    hash.update("cueloom base 1\n");
    hash.update(&project.identity);
    hash.update(format!("\n{:?} {:?} {:?} {:?}\n", input.language, input.fps, input.seed, input.style));
    for key in &input.keys {
        // The debug form of floats is exact (shortest text that reads back the same).
        let timed = key.key.is_some_and(|k| fixed.contains(&k));
        let what = (key.key.is_some(), key.shape, key.position, key.movement, key.times, timed);
        hash.update(format!("{what:?}\n"));
    }
    for phone in &input.phones {
        hash.update(format!("{phone:?}\n"));
    }
    // Without any, the number is that of versions that knew none.
    for tone in &input.head_tones {
        hash.update(format!("{tone:?}\n"));
    }
    for expression in &input.expressions {
        hash.update(format!("{expression:?}\n"));
    }
    if input.style.voice > 0.0 {
        hash.update(format!("{:?}\n", input.voice));
    }
    for performance in project.marks.performances.iter().filter(|p| p.used.is_some()) {
        let p = performance;
        hash.update(format!("{:?} {:?} {:?} {:?} {:?}\n", p.poses, p.start, p.used, p.alignment, project.slowed));
    }
    hex(&hash.finalize())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Hash of what the base of a stretch is made from. Another one than that of a take means that the cues have changed
/// since the take was made.
pub fn base_hash(project: &Project, range: TimeRange, halo: Seconds) -> String {
    // The person's measures do not count, only who it is.
    let (input, fixed) = stretch_of(project, &Reference::example(), range, halo);
    hash_of(&input, &fixed, project)
}

/// Makes takes for a mask, one after the other; each is stored and given to `made` as soon as it is there. Takes whose
/// flag in `cancelled` is set are left out.
pub fn regenerate(
    request: &Regenerate,
    cancelled: &[AtomicBool],
    progress: &dyn Progress,
    made: &mut dyn FnMut(usize, MadeTake),
) -> Result<usize, TakesError> {
    let mask = request.project.marks.mask(request.mask).ok_or(TakesError::NoMask)?;
    let parts = request.parts.intersection(mask.parts);
    if parts.is_empty() {
        return Err(TakesError::NoParts);
    }
    let generator = generator(&request.generator)?;
    let count = request.count.clamp(1, MOST_TAKES);
    progress.report("Making takes", 0, count);
    let bench = Bench::new(&request.folder, &request.project, &request.reference, mask.range, mask.halo)?;
    let parameters: Vec<(String, f64)> =
        generator.parameters().iter().map(|p| (p.name.to_owned(), request.values.get(p))).collect();
    let mut done = 0;
    for i in 0..count {
        if progress.cancelled() {
            return Err(TakeError::Cancelled.into());
        }
        if cancelled.get(i).is_some_and(|c| c.load(Ordering::Relaxed)) {
            continue;
        }
        let seed = request.seed.wrapping_add(i as u64);
        let wanted = bench.request(mask.range, mask.halo, parts, &request.values, seed);
        let poses = takes::make(generator, &wanted, progress)?;
        let take = Take {
            id: MarkId(0),
            mask: mask.id,
            range: mask.range,
            parts,
            halo: mask.halo,
            generator: generator.name().to_owned(),
            parameters: parameters.clone(),
            seed,
            parent: mask.accepted.last().map(|a| a.take),
            poses: files::store(&request.folder, &poses)?,
            base: bench.hash.clone(),
        };
        done += 1;
        progress.report("Making takes", i + 1, count);
        made(i, MadeTake { take, poses: Arc::new(poses) });
    }
    Ok(done)
}

/// The poses of a take: from its file, or made again where the file is gone or damaged and the cues are the same.
///
/// # Errors
/// What is wrong with the file, when the take cannot be made again either.
pub fn poses_of(
    folder: &Path,
    project: &Project,
    reference: &Reference,
    take: &Take,
) -> Result<Arc<Poses>, TakeFileError> {
    match files::read(folder, &take.poses) {
        Ok(poses) => Ok(poses),
        Err(error) => match remade(folder, project, reference, take) {
            Some(poses) => {
                if let Err(e) = files::store(folder, &poses) {
                    log::warn!("a take was made again and not kept: {e}");
                }
                Ok(Arc::new(poses))
            }
            None => Err(error),
        },
    }
}

/// A take made again from what the document knows of it; `None` when something it depends on has changed.
fn remade(folder: &Path, project: &Project, reference: &Reference, take: &Take) -> Option<Poses> {
    let generator = generator(&take.generator).ok()?;
    let bench = Bench::new(folder, project, reference, take.range, take.halo).ok()?;
    if bench.hash != take.base {
        return None;
    }
    let values = Values(take.parameters.clone());
    let request = bench.request(take.range, take.halo, take.parts, &values, take.seed);
    let poses = takes::make(generator, &request, &crate::progress::Silent).ok()?;
    (files::name_of(&poses) == take.poses).then_some(poses)
}

/// What the tray shows of a mask beside its new takes.
#[derive(Clone, Debug)]
pub struct MaskBase {
    /// Base poses of mask, halo and some surroundings.
    pub poses: Poses,
    /// [`base_hash`] of the mask as it is.
    pub hash: String,
    /// Poses of its kept takes by their hash, or why there are none.
    pub takes: Vec<(String, Result<Arc<Poses>, String>)>,
    /// Accepted takes of the mask whose cues have changed.
    pub stale: Vec<MarkId>,
}

/// Makes the base poses of a mask and reads its kept takes.
pub fn mask_base(folder: &Path, project: &Project, reference: &Reference, mask: MarkId) -> anyhow::Result<MaskBase> {
    let mask = project.marks.mask(mask).ok_or(TakesError::NoMask)?;
    let bench = Bench::new(folder, project, reference, mask.range, mask.halo).map_err(TakesError::from)?;
    let kept = project.marks.takes.iter().filter(|t| t.mask == mask.id);
    let takes = kept.map(|t| {
        let poses = poses_of(folder, project, reference, t).map_err(|e| e.to_string());
        (t.poses.clone(), poses)
    });
    let stale = stale(project).into_iter().filter(|p| p.mask == mask.id).map(|p| p.take);
    Ok(MaskBase { takes: takes.collect(), stale: stale.collect(), poses: bench.base, hash: bench.hash })
}

/// Something about an accepted take that the user should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakeProblem {
    pub mask: MarkId,
    pub take: MarkId,
    pub kind: TakeProblemKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TakeProblemKind {
    /// The cues have changed since the take was made.
    Stale,
    /// Its poses cannot be had; the base is shown in its place.
    NoPoses(String),
}

/// Accepted takes whose cues have changed since they were made, with their masks. Costs nothing without takes.
pub fn stale(project: &Project) -> Vec<TakeProblem> {
    let marks = &project.marks;
    if marks.masks.iter().all(|m| m.accepted.is_empty()) {
        return Vec::new();
    }
    let whole = generate_input(project, &Reference::example(), project.settings.fps);
    let accepted = marks.masks.iter().flat_map(|m| m.accepted.iter().map(move |a| (m.id, a.take)));
    let mut seen = std::collections::HashSet::new();
    accepted
        .filter(|pair| seen.insert(*pair))
        .filter_map(|(mask, id)| {
            let take = marks.take(id)?;
            let reach = TimeRange::new(take.range.start - take.halo, take.range.end + take.halo);
            let input = window(&whole, reach);
            let timed = |i: &usize| {
                project.tiers.keys.get(*i).is_some_and(|k| k.locked || k.edits.shift.iter().any(|s| *s != 0.0))
            };
            let fixed: Vec<usize> = input.keys.iter().filter_map(|k| k.key).filter(timed).collect();
            let fits = hash_of(&input, &fixed, project) == take.base;
            (!fits).then_some(TakeProblem { mask, take: id, kind: TakeProblemKind::Stale })
        })
        .collect()
}

/// Whether the cues have changed since a take was made.
pub fn is_stale(project: &Project, take: &Take) -> bool {
    base_hash(project, take.range, take.halo) != take.base
}

/// Poses on show that are not accepted yet: for which stretch and halo they were made, and on which parts they are shown.
pub type Shown = (Arc<Poses>, TimeRange, Seconds, Parts);

/// The performances that a project uses and its accepted takes over them, ready to be laid over base poses.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layers {
    pub list: Vec<Layer>,
    /// Below the takes.
    pub performances: Performances,
    /// Takes that could not be had; the base is shown for them.
    pub problems: Vec<TakeProblem>,
}

impl Layers {
    /// Everything that is accepted in a project. Files are read once in the life of the program.
    pub fn of(folder: &Path, project: &Project, reference: &Reference) -> Self {
        let mut layers = Self { performances: Performances::of(folder, project, reference), ..Self::default() };
        for mask in &project.marks.masks {
            layers.add(folder, project, reference, mask, None);
        }
        layers
    }

    /// The same with other takes in force on one mask: what they would look like.
    pub fn with(folder: &Path, project: &Project, reference: &Reference, mask: MarkId, shown: &[Shown]) -> Self {
        let mut layers = Self { performances: Performances::of(folder, project, reference), ..Self::default() };
        for m in &project.marks.masks {
            layers.add(folder, project, reference, m, (m.id == mask).then_some(shown));
        }
        layers
    }

    fn add(&mut self, folder: &Path, project: &Project, reference: &Reference, mask: &Mask, shown: Option<&[Shown]>) {
        let layer = |poses: Arc<Poses>, made_range, made_halo, parts: Parts| Layer {
            range: mask.range,
            halo: mask.halo,
            made_range,
            made_halo,
            parts: parts.intersection(mask.parts),
            poses,
        };
        if let Some(shown) = shown {
            self.list
                .extend(shown.iter().map(|(poses, range, halo, parts)| layer(poses.clone(), *range, *halo, *parts)));
            return;
        }
        for accepted in &mask.accepted {
            let Some(take) = project.marks.take(accepted.take) else { continue };
            match poses_of(folder, project, reference, take) {
                Ok(poses) => {
                    self.list.push(layer(poses, take.range, take.halo, accepted.parts.intersection(take.parts)));
                }
                Err(e) => self.problems.push(TakeProblem {
                    mask: mask.id,
                    take: take.id,
                    kind: TakeProblemKind::NoPoses(e.to_string()),
                }),
            }
        }
    }

    /// Lays performances and takes over base poses, of which the first is frame `first` of the whole.
    pub fn apply(&self, frames: &mut [PoseFrame], first: FrameIndex, fps: Fps) {
        self.performances.apply(frames, first, fps);
        takes::apply(frames, first, fps, &self.list);
    }
}

#[cfg(test)]
mod tests;
