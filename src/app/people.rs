//! The people that a project can be cued by, with small pictures: built in, of the user's library, of the project.
//! They are read in the background when a project opens and when someone has come in.

use super::Studio;
use super::dialogs::Dialog;
use super::i18n::later;
use crate::jobs::identities::{self, Listed};
use crate::jobs::runner::Job;
use egui::{ColorImage, TextureHandle, TextureOptions};
use std::path::PathBuf;

/// Height and width of the small pictures in pixels.
const SIZE: u32 = 80;

/// A person in the list.
pub struct Shown {
    pub listed: Listed,
    pub picture: TextureHandle,
}

#[derive(Default)]
pub struct People {
    pub all: Vec<Shown>,
    /// The project that the list was read for, empty where none is open; `None`: it is to be read anew.
    of: Option<PathBuf>,
    pending: Option<(PathBuf, Job<Vec<(Listed, ColorImage)>>)>,
}

impl People {
    pub fn is_busy(&self) -> bool {
        self.pending.is_some()
    }

    /// Someone has come in or changed.
    pub fn forget(&mut self) {
        self.of = None;
    }
}

impl Studio {
    /// Reads the list where it is not that of the open project, and takes in what was read.
    pub(super) fn poll_people(&mut self, ctx: &egui::Context) {
        if let Some((folder, job)) = &mut self.people.pending
            && let Some(result) = job.poll()
        {
            let show = |(listed, image): (Listed, ColorImage)| {
                let picture = ctx.load_texture(format!("person {}", listed.name), image, TextureOptions::LINEAR);
                Shown { listed, picture }
            };
            self.people.of = Some(std::mem::take(folder));
            self.people.all = result.unwrap_or_default().into_iter().map(show).collect();
            self.people.pending = None;
        }
        let folder = match &self.opened {
            Some(opened) => opened.folder.clone(),
            None if matches!(self.dialog, Some(Dialog::NewProject(_))) => PathBuf::new(),
            None => return,
        };
        if self.people.pending.is_some() || self.people.of.as_ref() == Some(&folder) {
            return;
        }
        let library = self.library.clone();
        let (of, project) = (folder.clone(), (!folder.as_os_str().is_empty()).then_some(folder));
        let job = Job::start(later("Reading the identities"), self.wake.clone(), move |_| {
            let all = identities::list(library.as_deref(), project.as_deref());
            Ok(identities::thumbnails(all, SIZE)
                .into_iter()
                .map(|(listed, picture)| {
                    let size = [picture.width() as usize, picture.height() as usize];
                    (listed, ColorImage::from_rgb(size, picture.as_raw()))
                })
                .collect())
        });
        self.people.pending = Some((of, job));
    }
}
