//! Looking over the performance: the cues are read back in the background, and what was found is listed as problems.

use super::Studio;
use super::files::sentence;
use crate::app::dock::Pane;
use crate::app::i18n::{later, tr, tr_with};
use crate::app::problems;
use crate::app::widgets::Tone;
use crate::app::work::{Ended, WorkKind};
use crate::jobs::check::{Checked, check};
use crate::jobs::runner::Job;

impl Studio {
    pub(in crate::app) fn check_cues(&mut self) {
        let Some(opened) = &self.opened else { return };
        if self.works.is_running(WorkKind::Check) {
            return;
        }
        let (folder, project) = (opened.folder.clone(), opened.project().clone());
        let (person, revision) = (opened.identity.clone(), opened.revision);
        let job = Job::start(later("Checking the cues"), self.wake.clone(), move |progress| {
            check(&folder, &project, &person.reference, progress)
        });
        self.works.start(WorkKind::Check, job, move |studio, result, stopped| match result {
            Ok(checked) => studio.cues_checked(&checked, revision),
            Err(_) if stopped => Ended::Stopped,
            Err(error) => {
                let text = sentence(&error);
                studio.notices.push(Tone::Error, text.clone());
                Ended::Failed(text)
            }
        });
    }

    fn cues_checked(&mut self, checked: &Checked, revision: u64) -> Ended {
        let Some(opened) = &mut self.opened else { return Ended::Stopped };
        if opened.revision != revision {
            let text = tr("The project has changed since the check began: check the cues again.").to_owned();
            self.tell(text.clone());
            return Ended::Done(text);
        }
        let found = problems::of_check(opened.document.project(), checked);
        let (right, total) = (checked.sums.correct.to_string(), checked.sums.target.to_string());
        let places = [("right", &*right), ("total", &*total)];
        let text = match found.is_empty() {
            true => tr_with("All {total} cues are read back as they are meant.", &places),
            false => tr_with("{right} of {total} cues are read back as they are meant: see Problems.", &places),
        };
        if !found.is_empty() {
            self.dock.go_to(Pane::Problems);
        }
        opened.board.take_checked(found);
        self.tell(text.clone());
        Ended::Done(text)
    }
}
