//! Looks over a project's own performance: reads the cues back from its poses and says where what is shown is not what
//! is meant, and where lips are covered or the hand leaves the picture.

use super::score;
use crate::cueing::guard::Fault;
use crate::cueing::score::{GAD_TAU, Outcome, Sums, targets};
use crate::cueing::{HandShape, Position};
use crate::document::{KeyId, Project, derive};
use crate::pose::Reference;
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
    let poses = score::performed(folder, project, person, progress)?;
    let fps = poses.fps;
    let plan = derive::plan(project);
    let keys: Vec<usize> = plan.iter().filter_map(|p| p.key).collect();
    let target = targets(&plan, project.length());
    let (reading, score, findings) =
        score::judge(&poses, person.aspect, Some(person.handed), project.chart(), &target, GAD_TAU)?;
    let wrong = score.keys.iter().filter(|k| k.outcome != Outcome::Correct).filter_map(|k| {
        let key = project.tiers.keys.get(*keys.get(k.target?)?)?;
        Some((key.id, k.read.and_then(|r| reading.keys.get(r)).map(|r| (r.shape, r.position))))
    });
    let wrong = wrong.collect();
    let faults = findings.into_iter().map(|f| (fps.time_of(FrameIndex(f.frames.start as u32)), f.fault)).collect();
    Ok(Checked { sums: score.sums, wrong, faults })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::bench::big_project;
    use crate::progress::Silent;
    use crate::render::identity::Identity;

    fn person() -> Reference {
        Identity::builtin(Identity::builtin_names()[0]).expect("the first identity").reference
    }

    #[test]
    fn what_is_too_fast_is_not_read_as_it_is_meant() {
        // The same text at a pace that can be read, and in a tenth of the time.
        let right = |seconds: f64| {
            let project = big_project::project(Seconds(seconds), 120);
            let checked = check(Path::new("nowhere"), &project, &person(), &Silent).expect("checked");
            assert_eq!(checked.sums.target, project.tiers.keys.len());
            assert_eq!(checked.wrong.len(), checked.sums.target - checked.sums.correct);
            assert!(checked.wrong.iter().all(|(id, _)| project.key(*id).is_some()));
            checked.sums.correct as f64 / checked.sums.target as f64
        };
        let (slow, fast) = (right(60.0), right(6.0));
        assert!(slow > 0.95 && fast < slow - 0.05, "{slow} {fast}");
    }
}
