//! Tracked poses whose file is gone or damaged: looked for beside the window when the list of performances changes, and
//! told among the problems. A frame is drawn by the rules where they would perform.

use crate::app::opened::Opened;
use crate::document::marks::{MarkId, Performance};
use crate::jobs::performances;
use crate::jobs::runner::{Job, Wake};
use std::path::PathBuf;

/// Which poses of which project were looked for.
type Key = (PathBuf, Vec<(MarkId, String)>);

/// What the window knows of lost poses.
#[derive(Default)]
pub struct LostPoses {
    of: Option<Key>,
    job: Option<(Key, Job<Vec<(MarkId, String)>>)>,
}

impl LostPoses {
    pub fn is_busy(&self) -> bool {
        self.job.is_some()
    }

    /// Looks again where the list has changed; gives what was found once it is known.
    pub fn poll(&mut self, opened: &Opened, wake: &Wake) -> Option<Vec<(MarkId, String)>> {
        let mut found = None;
        if let Some((key, job)) = &mut self.job
            && let Some(result) = job.poll()
        {
            self.of = Some(std::mem::take(key));
            self.job = None;
            found = result.ok();
        }
        let all = &opened.project().marks.performances;
        let same = self.of.as_ref().is_some_and(|(folder, list)| {
            *folder == opened.folder && list.iter().map(|(id, p)| (*id, p)).eq(all.iter().map(|p| (p.id, &p.poses)))
        });
        if self.job.is_none() && !same {
            let list: Vec<Performance> = all.clone();
            let key: Key = (opened.folder.clone(), list.iter().map(|p| (p.id, p.poses.clone())).collect());
            let folder = opened.folder.clone();
            let job =
                Job::start("Looking for tracked poses", wake.clone(), move |_| Ok(performances::lost(&folder, &list)));
            self.job = Some((key, job));
        }
        found
    }
}
