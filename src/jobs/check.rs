//! Looks over a performance of a project: reads the cues back from its poses and says where what is shown is not what
//! is meant, and where lips are covered or the hand leaves the picture. The performance is the project's own, or that of
//! a file, such as a learner's that was tracked.

use super::score::{self, Scored};
use super::score_report;
use crate::cueing::guard::Fault;
use crate::cueing::score::{Outcome, Sums, Timing};
use crate::cueing::{HandShape, Position};
use crate::document::{KeyId, Project, derive};
use crate::progress::Progress;
use crate::render::identity::Identity;
use crate::time::{FrameIndex, Seconds};
use anyhow::Context as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A cue that was meant or read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CheckedCue {
    /// `None` for a cue that nothing in the project stands for.
    pub key: Option<KeyId>,
    /// Where it is looked for: its first sound, or when it was read.
    pub time: Seconds,
    pub meant: Option<(HandShape, Position)>,
    pub read: Option<(HandShape, Position)>,
    pub outcome: Outcome,
    /// By how much the hand held before the sound began, seconds; negative when it came late.
    pub lead: Option<f64>,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// The file with the poses; `None` for the project's own performance.
    pub file: Option<PathBuf>,
    pub sums: Sums,
    pub timing: Timing,
    /// In the order in which they were put side by side.
    pub cues: Vec<CheckedCue>,
    /// What the guard found, where it begins.
    pub faults: Vec<(Seconds, Fault)>,
}

impl Checked {
    /// Keys that were read back otherwise, or (without cue) not at all; in order of time.
    pub fn wrong(&self) -> impl Iterator<Item = (KeyId, Option<(HandShape, Position)>)> + '_ {
        self.cues.iter().filter(|c| c.outcome != Outcome::Correct).filter_map(|c| Some((c.key?, c.read)))
    }
}

/// Makes all poses of `project` (its takes lie in `folder`) for a person, or reads those of a file, reads the cues and
/// looks them over. The person is not shown to the reader but for the hand that cues.
///
/// # Errors
/// Poses that cannot be made or read; stopped.
pub fn check(
    folder: &Path,
    project: &Project,
    person: &Arc<Identity>,
    file: Option<&Path>,
    progress: &dyn Progress,
) -> anyhow::Result<Checked> {
    let keys: Vec<KeyId> = derive::plan(project)
        .iter()
        .filter_map(|p| p.key)
        .filter_map(|index| project.tiers.keys.get(index).map(|key| key.id))
        .collect();
    let Scored { target, reading, score, findings, poses, .. } =
        score::of_project(folder, project, person, file, progress)?;
    let cues = score.keys.iter().filter_map(|k| {
        let meant = k.target.and_then(|t| target.get(t));
        let read = k.read.and_then(|r| reading.keys.get(r));
        Some(CheckedCue {
            key: k.target.and_then(|t| keys.get(t).copied()),
            time: meant.and_then(|m| m.sound).map(|s| s.start).or(read.map(|r| r.time.start))?,
            meant: meant.map(|m| (m.shape, m.position)),
            read: read.map(|r| (r.shape, r.position)),
            outcome: k.outcome,
            lead: k.lead,
        })
    });
    let time = |frame: usize| poses.fps.time_of(FrameIndex(frame as u32));
    Ok(Checked {
        file: file.map(Path::to_owned),
        sums: score.sums,
        timing: score.timing,
        cues: cues.collect(),
        faults: findings.into_iter().map(|f| (time(f.frames.start), f.fault)).collect(),
    })
}

/// Writes the report of such a score to a file: PDF where its name ends so, else HTML.
///
/// # Errors
/// As [`check`]; a file that cannot be written.
pub fn write_report(
    folder: &Path,
    project: &Project,
    person: &Arc<Identity>,
    file: Option<&Path>,
    out: &Path,
    progress: &dyn Progress,
) -> anyhow::Result<()> {
    let scored = score::of_project(folder, project, person, file, progress)?;
    let pictures = score::pictures(&scored, progress)?;
    let whose = file.and_then(Path::file_stem).map_or(project.title.as_str().into(), |n| n.to_string_lossy());
    let title = format!("Cueing of {whose}");
    let is_pdf = out.extension().is_some_and(|e| e.eq_ignore_ascii_case("pdf"));
    let bytes = match is_pdf {
        true => score_report::pdf(&title, &scored, &pictures),
        false => score_report::html(&title, &scored, &pictures).into_bytes(),
    };
    crate::document::file::write_whole(out, &bytes)
        .with_context(|| format!("the report was not written: {}", out.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::bench::big_project;
    use crate::progress::Silent;
    use crate::render::identity::Identity;

    fn person() -> Arc<Identity> {
        Arc::new(Identity::builtin(Identity::builtin_names()[0]).expect("the first identity"))
    }

    #[test]
    fn what_is_too_fast_is_not_read_as_it_is_meant() {
        // The same text at a pace that can be read, and in a tenth of the time.
        let right = |seconds: f64| {
            let project = big_project::project(Seconds(seconds), 120);
            let checked = check(Path::new("nowhere"), &project, &person(), None, &Silent).expect("checked");
            assert_eq!(checked.sums.target, project.tiers.keys.len());
            assert_eq!(checked.wrong().count(), checked.sums.target - checked.sums.correct);
            assert!(checked.wrong().all(|(id, _)| project.key(id).is_some()));
            checked.sums.correct as f64 / checked.sums.target as f64
        };
        let (slow, fast) = (right(60.0), right(6.0));
        assert!(slow > 0.95 && fast < slow - 0.05, "{slow} {fast}");
    }
}
