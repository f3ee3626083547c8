//! Pose alignment: tracked performances, how they are brought to the person of the project, and where they are used.
//!
//! The panel shows what the alignment has found, bone by bone, and pushes edits; over the picture stand the skeletons of
//! the tracker, of the person at rest and of the aligned performance. The alignment is worked out beside the window
//! ([`AlignmentView::poll`]); while it is, the last one stands.

mod bones;
mod lost;
mod panel;

pub use bones::{bone_name, target_pose};
pub use panel::{alignment_pane, skeleton_colors};

use super::opened::Opened;
use crate::document::marks::{MarkId, Performance};
use crate::jobs::performances::Aligned;
use crate::jobs::runner::{Job, Wake};
use crate::pose::PoseFrame;
use crate::render::identity::Identity;
use crate::time::Seconds;
use std::sync::Arc;

/// What an alignment was made from.
#[derive(Clone)]
struct Key {
    performance: Performance,
    slowed: usize,
    length: Seconds,
    identity: Arc<Identity>,
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        let same = self.performance == other.performance && self.slowed == other.slowed && self.length == other.length;
        same && Arc::ptr_eq(&self.identity, &other.identity)
    }
}

/// What the panel keeps between frames.
pub struct AlignmentView {
    pub chosen: Option<MarkId>,
    /// Poses whose file is gone.
    pub lost: lost::LostPoses,
    /// Skeletons over the picture: tracked, person at rest, aligned.
    pub show: [bool; 3],
    found: Option<(Key, Result<Aligned, String>)>,
    job: Option<(Key, Job<Aligned>)>,
}

impl Default for AlignmentView {
    fn default() -> Self {
        Self { chosen: None, lost: lost::LostPoses::default(), show: [false, false, true], found: None, job: None }
    }
}

/// Skeletons to be drawn over the picture, in picture units.
#[derive(Default)]
pub struct Skeletons {
    pub tracked: Option<PoseFrame>,
    pub person: Option<PoseFrame>,
    pub aligned: Option<PoseFrame>,
}

impl AlignmentView {
    /// The performance that the panel is about: the chosen one, else the newest.
    pub fn performance<'a>(&self, opened: &'a Opened) -> Option<&'a Performance> {
        let all = &opened.project().marks.performances;
        let chosen = self.chosen.and_then(|id| all.iter().find(|p| p.id == id));
        chosen.or(all.last())
    }

    /// What was found for it, or why nothing was; `None` while it is worked out for the first time.
    pub fn aligned(&self, opened: &Opened) -> Option<&Result<Aligned, String>> {
        let performance = self.performance(opened)?;
        let (key, found) = self.found.as_ref()?;
        (key.performance.id == performance.id && key.performance.poses == performance.poses).then_some(found)
    }

    pub fn is_busy(&self) -> bool {
        self.job.is_some() || self.lost.is_busy()
    }

    /// Takes in what was worked out, and asks for what is needed now.
    pub fn poll(&mut self, opened: &Opened, wake: &Wake) {
        if let Some((key, job)) = &mut self.job
            && let Some(result) = job.poll()
        {
            self.found = Some((key.clone(), result.map_err(|e| format!("{e:#}"))));
            self.job = None;
        }
        let Some(performance) = self.performance(opened) else { return };
        let key = Key {
            performance: performance.clone(),
            slowed: opened.project().slowed.len(),
            length: opened.project().length(),
            identity: opened.identity.clone(),
        };
        if self.job.is_some() || self.found.as_ref().is_some_and(|(k, _)| *k == key) {
            return;
        }
        let (folder, slowed) = (opened.folder.clone(), opened.project().slowed.clone());
        let (performance, identity, length) = (performance.clone(), opened.identity.clone(), key.length);
        let job = Job::start("Pose alignment", wake.clone(), move |_| {
            Ok(Aligned::new(&folder, slowed, length, &identity.reference, &performance)?)
        });
        self.job = Some((key, job));
    }

    /// What is to be drawn over the picture at a time.
    pub fn skeletons(&self, opened: &Opened, time: Seconds) -> Option<Skeletons> {
        let Some(Ok(aligned)) = self.aligned(opened) else { return None };
        let [tracked, person, shown] = self.show;
        let (source, target) = if tracked || shown { aligned.at(time).unzip() } else { (None, None) };
        Some(Skeletons {
            tracked: source.filter(|_| tracked),
            person: person.then(|| target_pose(&opened.identity.reference)),
            aligned: target.filter(|_| shown),
        })
    }

    /// Forgets the project that was open.
    pub fn clear(&mut self) {
        *self = Self { show: self.show, ..Self::default() };
    }
}
