//! People: made from a picture, taken in, handed on, chosen.

use super::files::sentence;
use super::{Dialog, Studio};
use crate::app::dialogs::identity::{IdentityForm, IdentityIntent, PreviewSheet};
use crate::app::dialogs::identity_file::IdentityFileForm;
use crate::app::i18n::{later, tr_message, tr_with};
use crate::app::widgets::Tone;
use crate::app::work::{Ended, WorkKind};
use crate::document::edit::Edit;
use crate::document::store::Stamp;
use crate::jobs::runner::Job;
use crate::jobs::{clock, identities};
use crate::render::identity::{Identity, pack};
use egui::ColorImage;
use std::path::PathBuf;

/// Height and width of a picture in the preview of all positions.
const CELL: u32 = 128;

impl Studio {
    pub(in crate::app) fn open_new_identity(&mut self) {
        let today = clock::date(Stamp::now());
        let form = IdentityForm::new(today, self.opened.is_some());
        self.dialog = Some(Dialog::Identity(Box::new(form)));
    }

    pub(in crate::app) fn open_identity_file(&mut self, export: bool) {
        let path = match &self.opened {
            Some(opened) if export => {
                let file = format!("{}.{}", opened.identity.name, pack::EXTENSION);
                opened.folder.join("exports").join(file).to_string_lossy().into_owned()
            }
            _ => String::new(),
        };
        let in_project = self.opened.is_some();
        let form = IdentityFileForm { path, export, in_project, ..IdentityFileForm::default() };
        self.dialog = Some(Dialog::IdentityFile(form));
    }

    pub(in crate::app) fn identity_intent(&mut self, intent: IdentityIntent) {
        match intent {
            IdentityIntent::ReadPicture(path) => self.read_picture(path),
            IdentityIntent::Preview(identity) => self.preview_identity(*identity),
            IdentityIntent::Keep { identity, in_project } => self.keep_identity(in_project, move || Ok(*identity)),
            IdentityIntent::Import { path, in_project } => {
                self.keep_identity(in_project, move || Ok(pack::read(&path)?));
            }
            IdentityIntent::Choose(folder) => self.keep_identity(true, move || Ok(Identity::load(&folder)?)),
            IdentityIntent::Export(path) => self.export_identity(path),
        }
    }

    /// What the open dialog of people shows: at work, or a failure.
    fn identity_dialog(&mut self, busy: bool, failure: Option<String>) {
        match &mut self.dialog {
            Some(Dialog::Identity(form)) => {
                form.busy = busy;
                form.failure = failure;
            }
            Some(Dialog::IdentityFile(form)) => {
                form.busy = busy;
                form.failure = failure;
            }
            _ => {
                if let Some(text) = failure {
                    self.notices.push(Tone::Error, text);
                }
            }
        }
    }

    /// The end of work that belongs to the dialog of people.
    fn identity_ended<T>(
        &mut self,
        result: anyhow::Result<T>,
        stopped: bool,
        then: impl FnOnce(&mut Self, T),
    ) -> Ended {
        match result {
            Ok(value) => {
                self.identity_dialog(false, None);
                then(self, value);
                Ended::Done(String::new())
            }
            Err(_) if stopped => {
                self.identity_dialog(false, None);
                Ended::Stopped
            }
            Err(error) => {
                let text = tr_message(&sentence(&error));
                self.identity_dialog(false, Some(text.clone()));
                Ended::Failed(text)
            }
        }
    }

    fn read_picture(&mut self, path: PathBuf) {
        self.identity_dialog(true, None);
        let job = Job::start(later("Reading the picture"), self.wake.clone(), move |_| identities::open_picture(&path));
        self.works.start(WorkKind::Other, job, |studio, result, stopped| {
            studio.identity_ended(result, stopped, |studio, picture| {
                if let Some(Dialog::Identity(form)) = &mut studio.dialog {
                    form.set_picture(picture);
                }
            })
        });
    }

    fn preview_identity(&mut self, identity: Identity) {
        self.identity_dialog(true, None);
        let job = Job::start(later("Cueing all positions"), self.wake.clone(), move |progress| {
            identities::all_positions(identity, CELL, progress)
        });
        self.works.start(WorkKind::Other, job, |studio, result, stopped| {
            studio.identity_ended(result, stopped, |studio, (all, sheet)| {
                if let Some(Dialog::Identity(form)) = &mut studio.dialog {
                    let size = [sheet.width() as usize, sheet.height() as usize];
                    form.set_preview(PreviewSheet { all, sheet: ColorImage::from_rgb(size, sheet.as_raw()) });
                }
            })
        });
    }

    /// Keeps a person in the library or in the open project, which is then cued by them: one step of its history.
    fn keep_identity(&mut self, in_project: bool, person: impl FnOnce() -> anyhow::Result<Identity> + Send + 'static) {
        if in_project && self.refuses_changes() {
            return;
        }
        let project = self.opened.as_ref().filter(|_| in_project).map(|o| o.folder.clone());
        let library = self.library.clone();
        self.identity_dialog(true, None);
        let wanted = project.clone();
        let job = Job::start(later("Keeping the identity"), self.wake.clone(), move |_| {
            let identity = person()?;
            let name = match &wanted {
                Some(folder) => identities::install(&identity, folder)?,
                None => {
                    let library = library.ok_or(identities::IdentitiesError::NoLibrary)?;
                    identities::keep(&identity, &library)?.display().to_string()
                }
            };
            Ok((identity.title, name))
        });
        self.works.start(WorkKind::Other, job, move |studio, result, stopped| {
            studio.identity_ended(result, stopped, move |studio, (title, name)| {
                studio.people.forget();
                if matches!(studio.dialog, Some(Dialog::Identity(_) | Dialog::IdentityFile(_))) {
                    studio.dialog = None;
                }
                match project {
                    // Another project may be open by now.
                    Some(folder) if studio.opened.as_ref().is_some_and(|o| o.folder == folder) => {
                        studio.edit(&Edit::SetIdentity(name));
                    }
                    Some(_) => {}
                    None => {
                        let places = [("name", title.as_str()), ("path", name.as_str())];
                        studio.tell(tr_with("{name} is in your library: {path}", &places));
                    }
                }
            })
        });
    }

    fn export_identity(&mut self, path: PathBuf) {
        let Some(opened) = &self.opened else { return };
        let identity = opened.identity.clone();
        self.identity_dialog(true, None);
        let out = path.clone();
        let job = Job::start(later("Writing the identity file"), self.wake.clone(), move |_| {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            Ok(pack::write(&identity, &path)?)
        });
        self.works.start(WorkKind::Other, job, move |studio, result, stopped| {
            studio.identity_ended(result, stopped, |studio, ()| {
                studio.dialog = None;
                let path = out.display().to_string();
                studio.tell(tr_with("The identity file is written: {path}", &[("path", &path)]));
            })
        });
    }
}
