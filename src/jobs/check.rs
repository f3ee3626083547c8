//! Looks over a project's own performance: reads the cues back from its poses and says where what is shown is not what
//! is meant, and where lips are covered or the hand leaves the picture.

use super::poses::Performer;
use crate::cueing::chart::Chart;
use crate::cueing::guard::{self, Fault, GuardInput};
use crate::cueing::reader::{self, ReadOptions};
use crate::cueing::score::{GAD_TAU, Outcome, Sums, score, targets};
use crate::cueing::{HandShape, Position};
use crate::document::{KeyId, Project, derive};
use crate::pose::{PoseSequence, Reference};
use crate::progress::Progress;
use crate::time::{FrameIndex, Seconds};
use std::path::Path;

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    pub sums: Sums,
    /// Keys that were read back otherwise, or (without cue) not at all; in order of time.
    pub wrong: Vec<(KeyId, Option<(HandShape, Position)>)>,
    /// What the guard found, where it begins.
    pub faults: Vec<(Seconds, Fault)>,
}

/// Makes all poses of `project` (its takes lie in `folder`) for a person, reads them and looks them over. The person is
/// not shown to the reader but for the hand that cues.
///
/// # Errors
/// Poses that cannot be made or read; stopped.
pub fn check(folder: &Path, project: &Project, person: &Reference, progress: &dyn Progress) -> anyhow::Result<Checked> {
    let fps = project.settings.fps;
    let performer = Performer::whole(folder, project, person, fps, "rules")?;
    let total = performer.frame_count();
    let mut frames = Vec::with_capacity(total);
    for chunk in performer.chunks() {
        frames.extend(chunk);
        progress.report("Reading the cues back", frames.len(), total);
        anyhow::ensure!(!progress.cancelled(), "stopped");
    }
    let poses = PoseSequence { fps, frames };
    let options = ReadOptions { handed: Some(person.handed), ..ReadOptions::default() };
    let reading = reader::read(&poses, Chart::builtin(project.language()), &options)?;
    let plan = derive::plan(project);
    let keys: Vec<usize> = plan.iter().filter_map(|p| p.key).collect();
    let score = score(&targets(&plan, project.length()), &reading.keys, GAD_TAU);
    let wrong = score.keys.iter().filter(|k| k.outcome != Outcome::Correct).filter_map(|k| {
        let key = project.tiers.keys.get(*keys.get(k.target?)?)?;
        Some((key.id, k.read.and_then(|r| reading.keys.get(r)).map(|r| (r.shape, r.position))))
    });
    let wrong = wrong.collect();
    let faults = guard::look(&GuardInput { poses: &poses, aspect: person.aspect, captions: &[] }, &reading)
        .into_iter()
        .map(|f| (fps.time_of(FrameIndex(f.frames.start as u32)), f.fault))
        .collect();
    Ok(Checked { sums: score.sums, wrong, faults })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::edit::{Edit, MoveTime};
    use crate::jobs::bench::big_project;
    use crate::progress::Silent;
    use crate::render::identity::Identity;

    fn person() -> Reference {
        Identity::builtin(Identity::builtin_names()[0]).expect("the first identity").reference
    }

    #[test]
    fn a_hand_that_never_arrives_is_read_back_wrong() {
        // At a pace that can be read.
        let project = big_project::project(Seconds(60.0), 120);
        let folder = Path::new("nowhere");
        let before = check(folder, &project, &person(), &Silent).expect("checked");
        assert!(before.sums.target > 10, "{:?}", before.sums);
        // The hand sets off for the key when its sound is over.
        let key = project.tiers.keys[project.tiers.keys.len() / 2].clone();
        let to = key.times.a3 + Seconds(0.4);
        let late = project
            .edited(&Edit::SetMoveTime { key: key.id, which: MoveTime::PositionEnd, to })
            .and_then(|p| p.edited(&Edit::SetMoveTime { key: key.id, which: MoveTime::PositionStart, to }))
            .expect("legal");
        let after = check(folder, &late, &person(), &Silent).expect("checked");
        let wrong = |c: &Checked| c.wrong.iter().any(|(id, _)| *id == key.id);
        assert!(!wrong(&before) && wrong(&after), "{:?} {:?}", before, after);
    }
}
