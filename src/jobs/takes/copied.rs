//! Poses copied from one time to another: what was performed over a mask becomes a take of another mask.

use super::files::{self, TakeFileError};
use crate::document::Project;
use crate::document::marks::{MarkId, Mask, Take};
use crate::generate::takes::{Poses, frames_of};
use crate::pose::PoseFrame;
use crate::pose::parts::Parts;
use crate::time::{Fps, FrameIndex, Seconds, TimeRange};
use std::path::Path;

/// Name of the generator of takes that nobody generated.
pub const COPIED: &str = "copied";

/// Poses as they were performed over a mask, on their own.
#[derive(Clone, Debug, PartialEq)]
pub struct CopiedPoses {
    fps: Fps,
    /// Frames of mask and halo.
    frames: Vec<PoseFrame>,
    /// How long before the mask the first frame begins.
    lead: Seconds,
    pub length: Seconds,
    pub halo: Seconds,
    pub parts: Parts,
}

impl CopiedPoses {
    /// What `performed` gives for the frames of a mask and its halo; `None` while some of them are not made.
    pub fn of(
        mask: &Mask,
        fps: Fps,
        count: u32,
        mut performed: impl FnMut(FrameIndex) -> Option<PoseFrame>,
    ) -> Option<Self> {
        let range = frames_of(mask.range, mask.halo, fps, count);
        let lead = mask.range.start - fps.time_of(FrameIndex(range.start));
        let frames = range.map(|i| performed(FrameIndex(i))).collect::<Option<Vec<_>>>()?;
        (!frames.is_empty()).then_some(Self {
            fps,
            frames,
            lead,
            length: mask.range.length(),
            halo: mask.halo,
            parts: mask.parts,
        })
    }

    /// The stretch that a paste at `time` covers.
    pub fn range_at(&self, time: Seconds) -> TimeRange {
        TimeRange::new(time, time + self.length)
    }

    /// The poses as a take for the mask `id` over `range`; its file is written into the project's folder.
    pub fn take(&self, folder: &Path, project: &Project, id: MarkId, range: TimeRange) -> Result<Take, TakeFileError> {
        let fps = project.settings.fps;
        let wanted = frames_of(range, self.halo, fps, fps.frame_count(project.length()));
        let first = FrameIndex(wanted.start);
        let last = self.frames.len().saturating_sub(1);
        let frames: Vec<PoseFrame> = wanted
            .map(|i| {
                // The frame that is as far from the beginning of its mask.
                let offset = fps.time_of(FrameIndex(i)) - range.start + self.lead;
                let at = (offset.0 * self.fps.rate()).round().max(0.0) as usize;
                self.frames[at.min(last)].clone()
            })
            .collect();
        let poses = Poses { fps, first, frames };
        Ok(Take {
            id: MarkId(0),
            mask: id,
            range,
            parts: self.parts,
            halo: self.halo,
            generator: COPIED.to_owned(),
            parameters: Vec::new(),
            seed: 0,
            parent: None,
            poses: files::store(folder, &poses)?,
            base: super::base_hash(project, range, self.halo),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_frame_keeps_its_place_in_the_mask() {
        let fps = Fps::whole(25);
        let mask = Mask {
            id: MarkId(0),
            range: TimeRange::new(Seconds(1.0), Seconds(1.4)),
            parts: Parts::ALL,
            halo: Seconds(0.08),
            locked: false,
            accepted: vec![],
        };
        let mut asked = Vec::new();
        let copied = CopiedPoses::of(&mask, fps, 100, |i| {
            asked.push(i.0);
            Some(PoseFrame::default())
        });
        let copied = copied.expect("all frames are made");
        assert_eq!((asked.first(), asked.last()), (Some(&23), Some(&37)));
        assert!((copied.lead.0 - 0.08).abs() < 1e-9 && copied.frames.len() == asked.len());
        assert!(CopiedPoses::of(&mask, fps, 100, |i| (i.0 < 30).then(PoseFrame::default)).is_none());
    }
}
