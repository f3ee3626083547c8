//! Bringing tracked poses into the open project.

use super::files::sentence;
use super::{Dialog, Studio};
use crate::app::dialogs::import_poses::ImportPosesForm;
use crate::app::dock::Pane;
use crate::app::i18n::{later, tr, tr_with};
use crate::app::preview::News;
use crate::app::work::{Ended, WorkKind};
use crate::document::edit::Edit;
use crate::document::marks::{MarkId, Performance};
use crate::exchange::poses::Note;
use crate::jobs::performances::{self, Imported};
use crate::jobs::runner::Job;

impl Studio {
    /// Reads tracked poses beside the window and puts them into the project; a failure is told in the form.
    pub(in crate::app) fn import_poses(&mut self, form: &ImportPosesForm) {
        let (Some(opened), Some((path, given))) = (&self.opened, form.request()) else { return };
        let folder = opened.folder.clone();
        let of = folder.clone();
        let handed = opened.identity.reference.handed;
        let lost = form.lost.as_ref().map(|(id, _)| *id);
        let job = Job::start(later("Reading the poses"), self.wake.clone(), move |_| {
            Ok(performances::import(&folder, &path, given)?.suited_to(handed))
        });
        self.works.start(WorkKind::Poses, job, move |studio, result, stopped| match result {
            Ok(imported) if studio.opened.as_ref().is_some_and(|o| o.folder == of) => match lost {
                Some(id) => studio.poses_found(id, &imported.performance),
                None => studio.poses_imported(imported),
            },
            Ok(_) => Ended::Stopped,
            Err(_) if stopped => Ended::Stopped,
            Err(error) => {
                let text = sentence(&error);
                match &mut studio.dialog {
                    Some(Dialog::ImportPoses(form)) => form.failure = Some(text.clone()),
                    _ => studio.tell(text.clone()),
                }
                Ended::Failed(text)
            }
        });
    }

    /// Asks where the file of poses is that cannot be had.
    pub(in crate::app) fn open_find_poses(&mut self, id: MarkId) {
        let Some(opened) = &self.opened else { return };
        let Some(lost) = opened.project().marks.performances.iter().find(|p| p.id == id) else { return };
        let rate = f64::from(lost.fps.num) / f64::from(lost.fps.den);
        let form = ImportPosesForm { lost: Some((id, lost.name.clone())), rate, ..ImportPosesForm::default() };
        self.dialog = Some(Dialog::ImportPoses(Box::new(form)));
    }

    /// Poses were found for a performance that had lost its own: it goes on with them as it was used and aligned.
    fn poses_found(&mut self, id: MarkId, imported: &Performance) -> Ended {
        if matches!(self.dialog, Some(Dialog::ImportPoses(_))) {
            self.dialog = None;
        }
        let Some(opened) = &mut self.opened else { return Ended::Stopped };
        let Some(lost) = opened.project().marks.performances.iter().find(|p| p.id == id).cloned() else {
            return Ended::Stopped;
        };
        let text = if lost.poses == imported.poses {
            // The same bytes: nothing of the project changes, but its frames are to be made anew.
            opened.revision += 1;
            self.preview.tell(News::Opened(Box::new(opened.project().clone())));
            tr_with("The poses of {name} are there again.", &[("name", &lost.name)])
        } else {
            let Performance { poses, fps, frames, .. } = imported.clone();
            let text = tr_with("{name} goes on with other poses than before: look at it.", &[("name", &lost.name)]);
            self.edit(&Edit::SetPerformance(Box::new(Performance { poses, fps, frames, ..lost })));
            text
        };
        self.alignment.clear();
        self.alignment.chosen = Some(id);
        self.tell(text.clone());
        Ended::Done(text)
    }

    fn poses_imported(&mut self, imported: Imported) -> Ended {
        if matches!(self.dialog, Some(Dialog::ImportPoses(_))) {
            self.dialog = None;
        }
        let frames = imported.performance.frames.to_string();
        let mut text = tr_with("{frames} frames were read.", &[("frames", &frames)]);
        for note in &imported.notes {
            text.push(' ');
            text.push_str(&note_text(*note));
        }
        self.edit(&Edit::AddPerformance(Box::new(imported.performance)));
        self.alignment.clear();
        self.dock.show(Pane::Alignment);
        self.tell(text.clone());
        Ended::Done(text)
    }
}

/// What is worth knowing of poses that were read, as a sentence.
fn note_text(note: Note) -> String {
    match note {
        Note::GuessedSize => tr("The size of the picture was taken from the points.").to_owned(),
        Note::GuessedAspect => tr("The picture was taken to be 16:9.").to_owned(),
        Note::SeveralPeople(n) => {
            tr_with("{count} frames show several people; one was followed.", &[("count", &n.to_string())])
        }
        Note::Nobody(n) => tr_with("{count} frames show nobody.", &[("count", &n.to_string())]),
        Note::BareScores => tr("How sure the tracker was is not in the file.").to_owned(),
    }
}
