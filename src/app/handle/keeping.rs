//! Keeping work safe: saving, saving elsewhere, recovery, backups, missing media, and projects that are only looked at.

use super::files::{clock_time, sentence};
use super::{Dialog, Studio};
use crate::app::commands::Command;
use crate::app::dialogs::backups::BackupsForm;
use crate::app::dialogs::locked::LockedForm;
use crate::app::dialogs::recover::RecoverForm;
use crate::app::dialogs::relink::RelinkForm;
use crate::app::dialogs::save_as::SaveAsForm;
use crate::app::i18n::{later, tr, tr_message, tr_with};
use crate::app::keeping::{Keeping, News};
use crate::app::opened::{self, Answer, LoadedMedia};
use crate::app::widgets::Tone;
use crate::app::work::{WorkKind, WorkView};
use crate::document::file::{self, FileError};
use crate::document::store::Choice;
use crate::document::store::backups::Kind;
use crate::document::store::lock;
use crate::jobs::open::{self, Access, SavedAs};
use crate::jobs::relink::{self, Relinked};
use crate::jobs::runner::Job;
use crate::jobs::{self, backups};
use std::path::PathBuf;

/// Small work in the background that stands in nobody's way.
#[derive(Default)]
pub(in crate::app) struct Errands {
    saving_as: Option<Job<SavedAs>>,
    relinking: Option<Job<Relinked>>,
    searching: Option<Job<Option<PathBuf>>>,
    media: Option<Job<LoadedMedia>>,
    /// What was asked for when `media` could not be loaded at all; not asked for again.
    media_failed: Option<(crate::document::MediaRef, String)>,
}

impl Errands {
    pub(in crate::app) fn is_saving_as(&self) -> bool {
        self.saving_as.is_some()
    }

    /// For the list of work under way.
    pub(in crate::app) fn view(&self) -> Vec<WorkView> {
        let each = [
            self.saving_as.as_ref().map(WorkView::of),
            self.relinking.as_ref().map(WorkView::of),
            self.searching.as_ref().map(WorkView::of),
            self.media.as_ref().map(WorkView::of),
        ];
        each.into_iter().flatten().collect()
    }

    fn is_busy(&self) -> bool {
        self.saving_as.is_some() || self.relinking.is_some() || self.searching.is_some() || self.media.is_some()
    }
}

impl Studio {
    pub(in crate::app) fn is_keeping_busy(&self) -> bool {
        let looking = matches!(&self.dialog, Some(Dialog::Backups(form)) if form.looking.is_some());
        looking || self.errands.is_busy() || self.opened.as_ref().is_some_and(|o| o.keeping.is_busy())
    }

    /// Says so and gives true where the project may only be looked at, or is on its way to another folder.
    pub(in crate::app) fn refuses_changes(&mut self) -> bool {
        if self.errands.is_saving_as() {
            self.tell(tr("The project is being written into another folder. One moment."));
            return true;
        }
        let read_only = self.opened.as_ref().is_some_and(|o| o.keeping.read_only.is_some());
        if read_only {
            self.tell(tr("This project is open read-only. Use Save as to change a copy of it."));
        }
        read_only
    }

    /// Takes in the news of the disk and the results of errands.
    pub(in crate::app) fn poll_keeping(&mut self) {
        self.poll_news();
        self.poll_media();
        if let Some(result) = self.errands.saving_as.as_mut().and_then(Job::poll) {
            self.errands.saving_as = None;
            self.saved_as(result);
        }
        if let Some(result) = self.errands.relinking.as_mut().and_then(Job::poll) {
            self.errands.relinking = None;
            self.relink_found(result);
        }
        if let Some(result) = self.errands.searching.as_mut().and_then(Job::poll) {
            self.errands.searching = None;
            if let Some(Dialog::Relink(form)) = &mut self.dialog {
                form.busy = false;
                match result.ok().flatten() {
                    Some(path) => form.path = path.to_string_lossy().into_owned(),
                    None => form.failure = Some(tr("It is not near the project. Choose where it is now.").to_owned()),
                }
            }
        }
    }

    fn poll_news(&mut self) {
        let Some(opened) = &mut self.opened else { return };
        for news in opened.keeping.news() {
            match news {
                News::Saved => opened.saved = Some(clock_time()),
                News::NotSaved(error) => {
                    opened.document.mark_unsaved();
                    let cause = tr_message(&error.to_string());
                    self.notices.push(Tone::Error, tr_with("The project was not saved: {cause}", &[("cause", &cause)]));
                }
                News::Failing(cause, remedy) => {
                    let text = tr_with(
                        "Your steps cannot be written to the disk ({cause}): {remedy}. They are kept in memory and written as soon as the disk takes them.",
                        &[("cause", &cause), ("remedy", &tr_message(&remedy.to_string()))],
                    );
                    self.notices.push(Tone::Error, text).remedy = Some(Command::SaveAs);
                }
                News::Well => {
                    self.notices.push(Tone::Good, tr("The disk takes your steps again; all of them are written."));
                }
            }
        }
    }

    /// Sound and identity follow what the project refers to: after relinking, its undo and its redo.
    fn poll_media(&mut self) {
        if let Some(result) = self.errands.media.as_mut().and_then(Job::poll) {
            self.errands.media = None;
            match (result, &mut self.opened) {
                (Ok(media), Some(opened)) => {
                    let message =
                        media.identity_message.clone().or_else(|| media.sound.as_ref()?.as_ref().err().cloned());
                    if let Some(message) = message {
                        self.notices.push(Tone::Warning, tr_message(&message)).remedy = Some(Command::RelinkMedia);
                    }
                    opened.take_media(media);
                    self.stop();
                    self.load_player();
                    self.player.seek(self.view.playhead);
                }
                (Err(error), Some(opened)) => {
                    let project = opened.project();
                    self.errands.media_failed = Some((project.sound.media.clone(), project.identity.clone()));
                    self.notices.push(Tone::Error, sentence(&error));
                }
                (_, None) => {}
            }
        }
        let Some(opened) = &self.opened else { return };
        let project = opened.project();
        let same = |of: &(crate::document::MediaRef, String)| of.0 == project.sound.media && of.1 == project.identity;
        if opened.media_of.as_ref().is_some_and(same)
            || self.errands.media.is_some()
            || self.errands.media_failed.as_ref().is_some_and(same)
        {
            return;
        }
        let (folder, project) = (opened.folder.clone(), project.clone());
        let work = move |progress: &dyn crate::progress::Progress| opened::load_media(&folder, &project, progress);
        self.errands.media = Some(Job::start(later("Reading the sound"), self.wake.clone(), work));
    }

    // -- Saving ------------------------------------------------------------------------------------------------------

    /// Asks for a save; what comes of it is told later.
    pub(in crate::app) fn save(&mut self) {
        if self.refuses_changes() {
            return;
        }
        self.change(|o| {
            o.document.end_drag();
        });
        let Some(opened) = &mut self.opened else { return };
        if let Some(recorder) = opened.keeping.recorder() {
            recorder.save(opened.document.project().clone());
            opened.keeping.discard = false;
            // Taken back should it fail.
            opened.document.mark_saved();
        }
    }

    /// Saves and waits for it; false when it failed, which has then been said.
    pub(in crate::app) fn save_and_wait(&mut self) -> bool {
        self.save();
        let Some(opened) = &mut self.opened else { return true };
        let result = opened.keeping.recorder().and_then(|r| r.wait_for_save());
        match result {
            Some(Ok(())) => {
                opened.saved = Some(clock_time());
                true
            }
            Some(Err(error)) => {
                opened.document.mark_unsaved();
                let cause = tr_message(&error.to_string());
                self.notices.push(Tone::Error, tr_with("The project was not saved: {cause}", &[("cause", &cause)]));
                false
            }
            None => opened.keeping.read_only.is_some(),
        }
    }

    /// Asks for the other folder; a free one in the user's own place is proposed.
    pub(in crate::app) fn open_save_as(&mut self) {
        let Some(opened) = &self.opened else { return };
        let name = opened.folder.file_name().map_or_else(|| "project".into(), |n| n.to_string_lossy().into_owned());
        let free = (1..100)
            .map(|n| self.home.join(if n == 1 { name.clone() } else { format!("{name} {n}") }))
            .find(|path| !path.exists());
        let path = free.map_or_else(String::new, |p| p.to_string_lossy().into_owned());
        self.dialog = Some(Dialog::SaveAs(SaveAsForm { path, failure: None }));
    }

    pub(in crate::app) fn save_as(&mut self, new: PathBuf) {
        let Some(opened) = &mut self.opened else { return };
        opened.document.end_drag();
        opened.journal();
        let (old, project, history) =
            (opened.folder.clone(), opened.document.project().clone(), opened.document.history().clone());
        let work = move |_: &dyn crate::progress::Progress| Ok(open::save_as(&old, &new, &project, &history)?);
        self.errands.saving_as = Some(Job::start(later("Saving"), self.wake.clone(), work));
    }

    fn saved_as(&mut self, result: anyhow::Result<SavedAs>) {
        let done = match result {
            Ok(done) => done,
            Err(error) => {
                let text = sentence(&error);
                match &mut self.dialog {
                    Some(Dialog::SaveAs(form)) => form.failure = Some(text),
                    _ => {
                        self.notices.push(Tone::Error, text);
                    }
                }
                return;
            }
        };
        if let Some(Dialog::SaveAs(_)) = self.dialog {
            self.dialog = None;
        }
        let Some(opened) = &mut self.opened else { return };
        // The unsaved steps went along; in the old folder they stay in the journal, to be found when it is opened.
        for note in &done.notes {
            self.notices.push(Tone::Warning, tr_message(note));
        }
        opened.keeping = Keeping::new(Some((done.session, done.lock)), None, self.wake.clone());
        opened.folder = done.folder;
        opened.saved = Some(clock_time());
        opened.document.moved(&done.project);
        if let Some((media, _)) = &mut opened.media_of {
            media.clone_from(&opened.document.project().sound.media);
        }
        let folder = opened.folder.clone();
        self.tell(tr_with("Saved in {folder}", &[("folder", &folder.display().to_string())]));
        self.remember(&folder);
    }

    // -- Opening -----------------------------------------------------------------------------------------------------

    /// Reads a project in the background, in the way that was chosen.
    pub(in crate::app) fn open_as(&mut self, path: PathBuf, access: Access) {
        if let Some(Dialog::Open(_)) = self.dialog {
            // The form stays until the project is there: its error belongs under the field.
        } else {
            self.dialog = None;
        }
        let access = match access {
            Access::Edit(choice) if self.has_open(&path) => self.access_again(choice),
            other => other,
        };
        let wake = self.wake.clone();
        let work = move |progress: &dyn crate::progress::Progress| opened::load(&path, access, progress);
        self.take_when_loaded(WorkKind::Open, Job::start(later("Opening"), wake, work));
    }

    /// Whether the project in a folder is the open one, and ours to change.
    fn has_open(&self, path: &std::path::Path) -> bool {
        let real = |p: &std::path::Path| std::fs::canonicalize(p).unwrap_or_else(|_| p.to_owned());
        let open = self.opened.as_ref().filter(|o| o.keeping.recorder().is_some());
        open.is_some_and(|o| real(&o.folder) == real(&file::project_folder(path)))
    }

    /// The open project is read again: our own lock is no hindrance, and what was discarded is not asked about.
    fn access_again(&mut self, choice: Choice) -> Access {
        let Some(opened) = &mut self.opened else { return Access::Edit(choice) };
        if let Some(recorder) = opened.keeping.recorder() {
            recorder.wait();
        }
        Access::Again(if std::mem::take(&mut opened.keeping.discard) { Choice::AsSaved } else { choice })
    }

    pub(in crate::app) fn take_answer(&mut self, answer: Answer) {
        match answer {
            Answer::Loaded(loaded) => self.take_project(*loaded),
            Answer::Unsaved(folder, unsaved) => {
                self.dialog = Some(Dialog::Recover(Box::new(RecoverForm { folder, unsaved })));
            }
            Answer::Taken(folder, holder) => self.dialog = Some(Dialog::Locked(LockedForm { folder, holder })),
            Answer::Nothing => {}
        }
    }

    /// At the start: a project whose lock was left behind was open when the program or the machine went down.
    pub(in crate::app) fn look_for_unsaved(&mut self) {
        let left = self.recent.iter().find(|folder| folder.join(lock::FILE_NAME).is_file()).cloned();
        if let Some(path) = left {
            let work = move |_: &dyn crate::progress::Progress| opened::look_for_unsaved(&path);
            let job = Job::start(later("Looking for unsaved work"), self.wake.clone(), work);
            self.take_when_loaded(WorkKind::Open, job);
        }
    }

    // -- History and backups -----------------------------------------------------------------------------------------

    pub(in crate::app) fn jump_to_step(&mut self, position: usize) {
        self.change(|o| {
            o.document.jump_to(position);
        });
        self.follow_selection();
    }

    pub(in crate::app) fn open_backups(&mut self, only_unsaved: bool) {
        let Some(opened) = &self.opened else { return };
        self.show_backups(opened.folder.clone(), only_unsaved, None);
    }

    fn show_backups(&mut self, folder: PathBuf, only_unsaved: bool, failure: Option<String>) {
        let (mut list, failure) = match backups::list(&folder) {
            Ok(list) => (list, failure),
            Err(error) => (Vec::new(), Some(tr_message(&error.to_string()))),
        };
        if only_unsaved {
            list.retain(|b| matches!(b.kind, Kind::Unsaved | Kind::Journal));
        }
        let form = BackupsForm { folder, only_unsaved, list, chosen: None, preview: None, looking: None, failure };
        self.dialog = Some(Dialog::Backups(Box::new(form)));
    }

    /// A project that cannot be read and has backups: they are shown with the reason. False where there are none.
    pub(in crate::app) fn offer_backups_of(&mut self, error: &anyhow::Error, text: &str) -> bool {
        let path = match error.downcast_ref::<FileError>() {
            Some(FileError::Syntax { path, .. } | FileError::Broken { path, .. }) => path.clone(),
            _ => return false,
        };
        let folder = file::project_folder(&path);
        if !backups::list(&folder).is_ok_and(|list| list.iter().any(|b| b.project.is_some())) {
            return false;
        }
        self.show_backups(folder, false, Some(text.to_owned()));
        true
    }

    pub(in crate::app) fn look_into_backup(&mut self, name: String) {
        let wake = self.wake.clone();
        let Some(Dialog::Backups(form)) = &mut self.dialog else { return };
        let Some(backup) = form.list.iter().find(|b| b.name == name).cloned() else { return };
        let folder = form.folder.clone();
        form.chosen = Some(name);
        form.preview = None;
        form.looking = Some(Job::start(later("Looking inside"), wake, move |_| backups::preview(&folder, &backup)));
    }

    pub(in crate::app) fn restore_backup(&mut self, folder: PathBuf, name: String) {
        // What is not saved is in the journal, and goes among the backups with it.
        if self.has_open(&folder) {
            self.close_project();
        }
        let work = move |progress: &dyn crate::progress::Progress| {
            let note = jobs::backups::restore(&folder, &name)?;
            let mut answer = opened::load(&folder, Access::Edit(Choice::Ask), progress)?;
            if let Answer::Loaded(loaded) = &mut answer {
                loaded.kept.notes.push(note);
            }
            Ok(answer)
        };
        self.take_when_loaded(WorkKind::Open, Job::start(later("Restoring"), self.wake.clone(), work));
    }

    // -- Missing media -----------------------------------------------------------------------------------------------

    pub(in crate::app) fn open_relink(&mut self) {
        let Some(opened) = &self.opened else { return };
        let project = opened.project();
        let sound = project.sound.media.path.rsplit('/').next().unwrap_or_default().to_owned();
        let missing = relink::missing(&opened.folder, project);
        self.dialog = Some(Dialog::Relink(Box::new(RelinkForm { missing, sound, ..RelinkForm::default() })));
    }

    pub(in crate::app) fn search_media(&mut self) {
        let (Some(opened), Some(Dialog::Relink(form))) = (&self.opened, &mut self.dialog) else { return };
        form.busy = true;
        form.failure = None;
        let (folder, project) = (opened.folder.clone(), opened.project().clone());
        let work = move |_: &dyn crate::progress::Progress| Ok(relink::search(&folder, &project));
        self.errands.searching = Some(Job::start(later("Searching"), self.wake.clone(), work));
    }

    pub(in crate::app) fn relink(&mut self, path: PathBuf) {
        let (Some(opened), Some(Dialog::Relink(form))) = (&self.opened, &mut self.dialog) else { return };
        if let Some(doubtful) = form.doubtful.take() {
            self.use_relinked(&doubtful);
            return;
        }
        form.busy = true;
        form.failure = None;
        let (folder, project) = (opened.folder.clone(), opened.project().clone());
        let work = move |_: &dyn crate::progress::Progress| relink::relink(&folder, &project, &path);
        self.errands.relinking = Some(Job::start(later("Relinking"), self.wake.clone(), work));
    }

    fn relink_found(&mut self, result: anyhow::Result<Relinked>) {
        let Some(Dialog::Relink(form)) = &mut self.dialog else { return };
        form.busy = false;
        match result {
            Err(error) => form.failure = Some(sentence(&error)),
            Ok(found) if found.different.is_some() => form.doubtful = Some(Box::new(found)),
            Ok(found) => self.use_relinked(&found),
        }
    }

    fn use_relinked(&mut self, found: &Relinked) {
        self.dialog = None;
        self.edit(&found.edit);
        let what = found.found.join(", ");
        self.tell(tr_with("Found: {what}", &[("what", &what)]));
    }
}
