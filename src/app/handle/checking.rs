//! Looking over a performance: the cues are read back in the background, what was found is listed as problems, and all
//! cues stand in the score.

use super::{Dialog, Studio};
use crate::app::dialogs::score::ScoreForm;
use crate::app::dock::Pane;
use crate::app::i18n::{later, tr, tr_with};
use crate::app::intent::SelectMode;
use crate::app::problems;
use crate::app::work::{Ended, WorkKind};
use crate::jobs::check::{Checked, check, write_report};
use crate::jobs::runner::Job;
use crate::jobs::sheet;
use std::path::PathBuf;

impl Studio {
    /// Reads back the cues of the project's performance, or of a file with poses.
    pub(in crate::app) fn check_cues(&mut self, file: Option<PathBuf>) {
        let Some(opened) = &self.opened else { return };
        if self.works.is_running(WorkKind::Check) {
            return;
        }
        let (folder, project) = (opened.folder.clone(), opened.project().clone());
        let (person, revision) = (opened.identity.clone(), opened.revision);
        let job = Job::start(later("Checking the cues"), self.wake.clone(), move |progress| {
            check(&folder, &project, &person, file.as_deref(), progress)
        });
        self.works.start(WorkKind::Check, job, move |studio, result, stopped| match result {
            Ok(checked) => studio.cues_checked(checked, revision),
            Err(error) => studio.not_done(&error, stopped),
        });
    }

    fn cues_checked(&mut self, checked: Checked, revision: u64) -> Ended {
        let Some(opened) = &mut self.opened else { return Ended::Stopped };
        if opened.revision != revision {
            let text = tr("The project has changed since the check began: check the cues again.").to_owned();
            self.tell(text.clone());
            return Ended::Done(text);
        }
        let (right, total) = (checked.sums.correct.to_string(), checked.sums.target.to_string());
        let places = [("right", &*right), ("total", &*total)];
        let text = match &checked.file {
            // What another person did is no problem of this project.
            Some(_) => {
                self.dock.go_to(Pane::Score);
                tr_with("{right} of {total} cues are performed as they are meant: see Score.", &places)
            }
            None => {
                let found = problems::of_check(opened.document.project(), &checked);
                let text = match found.is_empty() {
                    true => tr_with("All {total} cues are read back as they are meant.", &places),
                    false => tr_with("{right} of {total} cues are read back as they are meant: see Problems.", &places),
                };
                if !found.is_empty() {
                    self.dock.go_to(Pane::Problems);
                }
                opened.board.take_checked(found);
                text
            }
        };
        self.score.take(checked, revision);
        self.tell(text.clone());
        Ended::Done(text)
    }

    /// Goes to a cue of the score: selects its key, or goes to where a cue too many was read.
    pub(in crate::app) fn go_to_cue(&mut self, index: usize) {
        let Some(cue) = self.score.cue(index) else { return };
        let (key, time) = (cue.key, cue.time);
        self.score.chosen = Some(index);
        let Some(opened) = &self.opened else { return };
        match key.filter(|id| opened.project().key(*id).is_some()) {
            Some(id) => self.select_key(id, SelectMode::Replace),
            None => self.seek(time),
        }
        self.reveal_playhead();
    }

    pub(in crate::app) fn open_score_report(&mut self) {
        let Some(opened) = &self.opened else { return };
        let path = opened.folder.join("exports").join("score.pdf");
        self.dialog = Some(Dialog::Score(ScoreForm::report(&path)));
    }

    /// Writes the report of what is in the score, or of the project's own performance.
    pub(in crate::app) fn write_score(&mut self, out: PathBuf) {
        let Some(opened) = &self.opened else { return };
        let (folder, project, person) = (opened.folder.clone(), opened.project().clone(), opened.identity.clone());
        let file = self.score.file().map(std::borrow::ToOwned::to_owned);
        let job = Job::start(later("Writing the report"), self.wake.clone(), move |progress| {
            write_report(&folder, &project, &person, file.as_deref(), &out, progress).map(|()| out)
        });
        self.works.start(WorkKind::Other, job, |studio, result, stopped| match result {
            Ok(path) => {
                let text = tr_with("The report is written: {path}", &[("path", &path.display().to_string())]);
                studio.tell(text.clone());
                Ended::Done(text)
            }
            Err(error) => studio.not_done(&error, stopped),
        });
    }

    pub(in crate::app) fn open_sheet(&mut self) {
        let Some(opened) = &self.opened else { return };
        let path = opened.folder.join("exports").join("cues.png");
        self.dialog = Some(Dialog::Score(ScoreForm::sheet(&path)));
    }

    /// Draws every key on one page.
    pub(in crate::app) fn write_sheet(&mut self, out: PathBuf) {
        /// Height of one picture, pixels.
        const HEIGHT: u32 = 320;
        let Some(opened) = &self.opened else { return };
        let (folder, project) = (opened.folder.clone(), opened.project().clone());
        let job = Job::start(later("Drawing the sheet"), self.wake.clone(), move |progress| {
            sheet::write(&folder, &project, HEIGHT, &out, progress).map(|_| out)
        });
        self.works.start(WorkKind::Other, job, |studio, result, stopped| match result {
            Ok(path) => {
                let text = tr_with("The sheet is written: {path}", &[("path", &path.display().to_string())]);
                studio.tell(text.clone());
                Ended::Done(text)
            }
            Err(error) => studio.not_done(&error, stopped),
        });
    }
}
