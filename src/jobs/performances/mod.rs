//! Performances tracked from video: brought into a project's folder, aligned to its person, and laid over the rules.
//!
//! Poses lie in the project's `performances` folder as `<SHA-256>.poses`, in the bytes of take files. Where a performance
//! is used, a frame is sampled from it at the moment of the recording that the frame shows, aligned
//! ([`crate::pose::alignment`]), completed from the rules where the tracker saw nothing, and blended in at the ends. A
//! frame is a function of the project and its number, so every stretch has the same bytes.

mod files;
#[cfg(test)]
mod tests;

pub use files::{FOLDER, PerformanceError, read, store};

use crate::document::marks::{MarkId, PERFORMANCE_HALO, Performance, Used};
use crate::document::{Project, Slowed, warp};
use crate::exchange::poses::{self, Given, Note};
use crate::generate::takes::weight;
use crate::pose::alignment::{self, Alignment, SEEN};
use crate::pose::compose::blended;
use crate::pose::parts::{Part, Parts};
use crate::pose::{FACE_POINT_COUNT, HAND_JOINT_COUNT, Point, PoseFrame, PoseSequence, Reference, Side, index};
use crate::time::{Fps, FrameIndex, Seconds, TimeRange};
use glam::Vec2;
use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex};

/// Alignments that are remembered.
const FITS: usize = 8;

/// A performance that was read and lies in the project's folder, but in no document yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// Its name is given by the document; it is used nowhere yet.
    pub performance: Performance,
    pub dialect: &'static str,
    pub notes: Vec<Note>,
    /// The hand that gestures; `None` where both or neither do.
    pub leading: Option<Side>,
}

impl Imported {
    /// Suits the alignment to the hand that the person of the picture cues with: a performance of the other hand is
    /// taken in a mirror. The user can change it.
    pub fn suited_to(mut self, handed: Side) -> Self {
        self.performance.alignment.mirrored = self.leading.is_some_and(|side| side != handed);
        self
    }
}

/// Reads tracked poses (a file, or a folder with a file for each frame) and puts them into the project's folder.
///
/// # Errors
/// What cannot be read or is no poses; a folder that cannot be written.
pub fn import(folder: &Path, path: &Path, given: Given) -> Result<Imported, PerformanceError> {
    let found = files::gather(path)?;
    let own = files::own(path, &found)?.map(|sequence| poses::Tracked {
        sequence,
        // The file of a performance does not say how wide its picture was.
        aspect: 1.0,
        dialect: "Cueloom",
        notes: Vec::new(),
    });
    let tracked = match own {
        Some(tracked) => tracked,
        None => {
            poses::read(&found, given).map_err(|source| PerformanceError::Format { source, path: path.to_owned() })?
        }
    };
    drop(found);
    let leading = alignment::leading_hand(&tracked.sequence);
    let name = path.file_stem().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let performance = Performance {
        id: MarkId(0),
        name: if name.is_empty() { "poses".to_owned() } else { name },
        fps: tracked.sequence.fps,
        frames: tracked.sequence.frames.len() as u32,
        aspect: if tracked.aspect.is_finite() && tracked.aspect > 0.0 { tracked.aspect } else { 1.0 },
        poses: files::store(folder, tracked.sequence)?,
        start: Seconds::ZERO,
        used: None,
        alignment: alignment::Settings::default(),
    };
    Ok(Imported { performance, dialect: tracked.dialect, notes: tracked.notes, leading })
}

/// Performances whose poses cannot be had, and why; whether they are used or not.
pub fn lost(folder: &Path, performances: &[Performance]) -> Vec<(MarkId, String)> {
    performances.iter().filter_map(|p| files::read(folder, &p.poses).err().map(|e| (p.id, e.to_string()))).collect()
}

/// The parts that a performance is used on unless others are asked for: all.
pub fn everywhere() -> Used {
    Used { range: None, parts: Parts::ALL }
}

/// A performance with its poses and its alignment to a person.
#[derive(Clone, Debug)]
pub struct Aligned {
    pub performance: Performance,
    pub source: Arc<PoseSequence>,
    pub fit: Arc<Alignment>,
    slowed: Vec<Slowed>,
    length: Seconds,
}

/// Poses and alignment follow from what the document says.
impl PartialEq for Aligned {
    fn eq(&self, other: &Self) -> bool {
        self.performance == other.performance && self.slowed == other.slowed && self.length == other.length
    }
}

impl Aligned {
    /// Reads the poses of a performance and aligns them.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn of(
        folder: &Path,
        project: &Project,
        reference: &Reference,
        performance: &Performance,
    ) -> Result<Self, PerformanceError> {
        Self::new(folder, project.slowed.clone(), project.length(), reference, performance)
    }

    /// The same of what of a project matters: its slowed passages and its length.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn new(
        folder: &Path,
        slowed: Vec<Slowed>,
        length: Seconds,
        reference: &Reference,
        performance: &Performance,
    ) -> Result<Self, PerformanceError> {
        let source = files::read(folder, &performance.poses)?;
        let fit = fit(&performance.poses, &source, reference, &performance.alignment);
        Ok(Self { performance: performance.clone(), source, fit, slowed, length })
    }

    /// The frame of the tracker and the aligned one at a time of the project; `None` where it has none.
    pub fn at(&self, time: Seconds) -> Option<(PoseFrame, PoseFrame)> {
        let tracked = alignment::sample(&self.source, warp::source_time(&self.slowed, time) - self.performance.start)?;
        let aligned = self.fit.frame(&tracked);
        Some((tracked, aligned))
    }

    /// When frame `frame` of the performance is in the project.
    pub fn time_of(&self, frame: u32) -> Seconds {
        let source = self.performance.start + self.source.fps.time_of(FrameIndex(frame));
        self.slowed.iter().fold(source, |time, passage| passage.forward(time))
    }

    /// How much of the performance is in force at a time.
    fn weight(&self, time: Seconds) -> f32 {
        let Some(used) = self.performance.used else { return 0.0 };
        let halo = PERFORMANCE_HALO;
        // Where it begins or ends within the project it is blended in over its own frames.
        let (mut start, mut end) = (self.time_of(0), self.time_of(self.performance.frames));
        start = if start > Seconds::ZERO { start + halo } else { start - halo };
        end = if end < self.length { end - halo } else { end + halo };
        if end <= start {
            return 0.0;
        }
        let there = weight(time, TimeRange { start, end }, halo);
        used.range.map_or(there, |range| there.min(weight(time, range, halo)))
    }

    /// Lays the performance over frames of which the first is frame `first` of the project.
    fn apply(&self, frames: &mut [PoseFrame], first: FrameIndex, fps: Fps) {
        let Some(used) = self.performance.used else { return };
        for (i, frame) in frames.iter_mut().enumerate() {
            let time = fps.time_of(FrameIndex(first.0 + i as u32));
            let weight = self.weight(time);
            if weight > 0.0
                && let Some((_, aligned)) = self.at(time)
            {
                let (whole, parts) = completed(&aligned, frame, used.parts);
                *frame = blended(frame, &whole, parts, weight);
            }
        }
    }
}

/// The alignment of poses to a person, worked out once.
fn fit(name: &str, source: &PoseSequence, reference: &Reference, settings: &alignment::Settings) -> Arc<Alignment> {
    type Entry = (String, Reference, alignment::Settings, Arc<Alignment>);
    static MEMO: Mutex<VecDeque<Entry>> = Mutex::new(VecDeque::new());
    let found = |memo: &VecDeque<Entry>| {
        memo.iter().find(|(n, r, s, _)| n == name && r == reference && s == settings).map(|e| e.3.clone())
    };
    if let Some(fit) = MEMO.lock().ok().and_then(|memo| found(&memo)) {
        return fit;
    }
    let fit = Arc::new(Alignment::fit(source, reference, settings));
    if let Ok(mut memo) = MEMO.lock() {
        memo.push_back((name.to_owned(), reference.clone(), settings.clone(), fit.clone()));
        while memo.len() > FITS {
            memo.pop_front();
        }
    }
    fit
}

/// The performances of a project that are used somewhere, ready to be laid over base poses.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Performances {
    list: Vec<Aligned>,
    /// Performances that could not be had, and why; the rules perform in their place.
    pub problems: Vec<(MarkId, String)>,
}

impl Performances {
    pub fn of(folder: &Path, project: &Project, reference: &Reference) -> Self {
        let mut out = Self::default();
        for performance in project.marks.performances.iter().filter(|p| p.used.is_some()) {
            match Aligned::of(folder, project, reference, performance) {
                Ok(aligned) => out.list.push(aligned),
                Err(e) => {
                    log::warn!("the performance \"{}\" is left out: {e}", performance.name);
                    out.problems.push((performance.id, e.to_string()));
                }
            }
        }
        out
    }

    /// Lays them over base poses, of which the first is frame `first`. A pure function of each frame.
    pub fn apply(&self, frames: &mut [PoseFrame], first: FrameIndex, fps: Fps) {
        self.list.iter().for_each(|p| p.apply(frames, first, fps));
    }
}

/// An aligned frame with what the tracker did not see taken from the base, and the parts that can be used of it.
fn completed(aligned: &PoseFrame, base: &PoseFrame, mut parts: Parts) -> (PoseFrame, Parts) {
    let seen = |p: Point| p.score > SEEN;
    let at = |p: Point| Vec2::new(p.x, p.y);
    let moved = |p: Point, by: Vec2| Point { x: p.x + by.x, y: p.y + by.y, score: p.score };
    let mut out = aligned.clone();
    if !aligned.face().iter().all(|p| seen(*p)) {
        parts = [Part::Lips, Part::Face, Part::Head].into_iter().fold(parts, Parts::without);
    }
    let face = index::FACE..index::FACE + FACE_POINT_COUNT;
    let middle = |f: &PoseFrame| face.clone().map(|i| at(f.points[i])).sum::<Vec2>() / FACE_POINT_COUNT as f32;
    let by = middle(aligned) - middle(base);
    for i in (index::NOSE..index::LEFT_SHOULDER).filter(|i| !seen(aligned.points[*i])) {
        out.points[i] = moved(base.points[i], by);
    }
    for side in [Side::Left, Side::Right] {
        let (shoulder, elbow) = (index::LEFT_SHOULDER + side as usize, index::LEFT_ELBOW + side as usize);
        let (wrist, first) = (index::LEFT_WRIST + side as usize, side.hand_index());
        if !seen(aligned.points[shoulder]) {
            out.points[shoulder] = base.points[shoulder];
        }
        let hand = first..first + HAND_JOINT_COUNT;
        if !seen(aligned.points[wrist]) {
            out.points[elbow] = base.points[elbow];
            out.points[wrist] = base.points[wrist];
            out.points[hand.clone()].copy_from_slice(&base.points[hand]);
            out.hand_z[side as usize] = base.hand_z[side as usize];
            continue;
        }
        let by = at(aligned.points[wrist]) - at(base.points[wrist]);
        if !hand.clone().all(|i| seen(aligned.points[i])) {
            hand.for_each(|i| out.points[i] = moved(base.points[i], by));
            out.hand_z[side as usize] = base.hand_z[side as usize];
        }
        if !seen(aligned.points[elbow]) {
            out.points[elbow] = moved(base.points[elbow], by / 2.0);
        }
    }
    (out, parts)
}
