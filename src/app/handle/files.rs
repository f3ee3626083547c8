//! Projects, recordings and videos: opening, making, saving, exporting, and what comes back from the background.

use super::{After, Dialog, Studio, Unsaved};
use crate::app::commands::Command;
use crate::app::dialogs::new_project::ChartChoice;
use crate::app::dialogs::{ExportForm, NewProjectForm};
use crate::app::i18n::{capitalised, later, tr, tr_message, tr_with};
use crate::app::intent::PickFor;
use crate::app::opened::{self, Opened};
use crate::app::preview::News;
use crate::app::samples;
use crate::app::timeline::tiers::TierId;
use crate::app::widgets::Tone;
use crate::app::work::{Ended, WorkKind};
use crate::document::file;
use crate::document::store::{Choice, Stamp};
use crate::jobs::charts;
use crate::jobs::clock;
use crate::jobs::draft::{DraftRequest, SoundSource};
use crate::jobs::export;
use crate::jobs::open::Access;
use crate::jobs::runner::Job;
use crate::language::Language;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{TryRecvError, channel};

/// How many projects are remembered.
const RECENT: usize = 8;

impl Studio {
    /// Does something that would lose unsaved changes, after asking about them.
    pub(in crate::app) fn ask_first(&mut self, after: After) {
        if self.opened.as_ref().is_some_and(|o| !o.document.is_saved()) {
            self.dialog = Some(Dialog::Unsaved(after));
        } else {
            self.go_on(after);
        }
    }

    pub(in crate::app) fn go_on(&mut self, after: After) {
        match after {
            After::Quit => self.may_close = true,
            After::CloseProject => self.close_project(),
            After::Open(path) => self.load(path),
            After::NewProject => {
                let form = NewProjectForm::new(self.home(), &self.preferences.identity);
                self.dialog = Some(Dialog::NewProject(Box::new(form)));
            }
            After::Sample(index) => {
                let language = Language::ALL[index.min(2)];
                match samples::find(language) {
                    Some(path) => self.load(path),
                    None => {
                        let text = tr_with(
                            "The sample in {language} is not there. Samples stand in the folder \"projects\" of the program.",
                            &[("language", language.name())],
                        );
                        self.notices.push(Tone::Warning, text);
                    }
                }
            }
        }
    }

    pub(in crate::app) fn answer_unsaved(&mut self, ctx: &egui::Context, answer: Unsaved) {
        let Some(Dialog::Unsaved(after)) = self.dialog.take() else { return };
        match answer {
            Unsaved::Cancel => {}
            Unsaved::Save if !self.save_and_wait() => {}
            Unsaved::Save | Unsaved::Discard => {
                let quit = after == After::Quit;
                if answer == Unsaved::Discard
                    && let Some(opened) = &mut self.opened
                {
                    opened.keeping.discard = true;
                }
                if quit {
                    self.close_project();
                }
                self.go_on(after);
                if quit {
                    ctx.send_viewport_cmd(egui::ViewportCommand::Close);
                }
            }
        }
    }

    /// The window is asked to close: not before unsaved changes are decided about.
    pub(in crate::app) fn on_close_request(&mut self, ctx: &egui::Context) {
        if !ctx.input(|i| i.viewport().close_requested()) || self.may_close {
            return;
        }
        if self.opened.as_ref().is_some_and(|o| !o.document.is_saved()) {
            ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
            self.dialog = Some(Dialog::Unsaved(After::Quit));
        }
    }

    pub(in crate::app) fn close_project(&mut self) {
        self.stop();
        self.player.unload();
        self.keep_seen();
        for note in self.opened.take().map(|mut o| o.keeping.close()).unwrap_or_default() {
            self.tell(tr_message(&note));
        }
        // What was being typed belonged to a key of that project.
        self.inspector = Default::default();
        self.viewport.clear();
        self.timeline.forget_project();
        self.score = Default::default();
        self.alignment.clear();
        self.source.forget();
        self.view = crate::app::View {
            overlays: self.view.overlays,
            theme: self.view.theme,
            text_scale: self.view.text_scale,
            ..crate::app::View::default()
        };
        self.player.set_loop(None);
        self.playback = Default::default();
        self.player.set_speed(1.0);
        self.asked = None;
    }

    /// Reads a project in the background, for editing.
    pub(in crate::app) fn load(&mut self, path: PathBuf) {
        self.open_as(path, Access::Edit(Choice::Ask));
    }

    pub(in crate::app) fn create(&mut self, form: &NewProjectForm) {
        let (Some(folder), Some(language)) = (form.folder_path(), form.language) else { return };
        let sound = form.media_path().map_or(SoundSource::Speak, SoundSource::File);
        let mut request = DraftRequest::new(folder, sound, form.text.clone(), language, Some(form.identity.clone()));
        match charts::choose(&form.chart.name(), language) {
            Ok(chart) => request.settings.chart = chart,
            Err(error) => {
                if let Some(Dialog::NewProject(form)) = &mut self.dialog {
                    form.failure = Some(capitalised(&tr_message(&error.to_string())));
                }
                return;
            }
        }
        let person = form.person.clone();
        let wake = self.wake.clone();
        let job = Job::start(later("Drafting the cues"), wake, move |progress| {
            opened::create(request, person.as_deref(), progress)
        });
        self.take_when_loaded(WorkKind::Create, job);
    }

    pub(in crate::app) fn open_export(&mut self) {
        let Some(opened) = &self.opened else { return };
        let name: String = opened.project().title.chars().map(|c| if "/\\:".contains(c) { '-' } else { c }).collect();
        let path = opened.folder.join("exports").join(format!("{name}.mp4"));
        let form = ExportForm::new(path, opened.length(), opened.selected_range());
        self.dialog = Some(Dialog::Export(Box::new(form)));
    }

    pub(in crate::app) fn export(&mut self, form: ExportForm) {
        let Some(opened) = &self.opened else { return };
        let project = opened.project().clone();
        let (Some(out), Some(options)) = (form.out(), form.options(project.length())) else { return };
        let folder = opened.folder.clone();
        let target = out.clone();
        let job = Job::start(later("Exporting"), self.wake.clone(), move |progress| {
            if let Some(parent) = out.parent() {
                std::fs::create_dir_all(parent).map_err(|e| {
                    anyhow::anyhow!("the folder cannot be made ({e}); choose another one: {}", parent.display())
                })?;
            }
            export::export(&folder, &project, &out, &options, progress)
        });
        self.works.start(WorkKind::Export, job, |studio, result, stopped| studio.export_ended(result, stopped, target));
    }

    /// Opens the project that a job gives; one that was on its way before is no longer wanted.
    pub(in crate::app) fn take_when_loaded(&mut self, kind: WorkKind, job: Job<opened::Answer>) {
        self.works.drop_kind(WorkKind::Open);
        self.works.drop_kind(WorkKind::Create);
        self.works.start(kind, job, |studio, result, stopped| match result {
            _ if stopped => {
                studio.tell(tr("Stopped. Nothing was changed."));
                Ended::Stopped
            }
            Ok(answer) => {
                studio.take_answer(answer);
                Ended::Done(String::new())
            }
            Err(error) => {
                studio.loading_failed(&error);
                Ended::Failed(sentence(&error))
            }
        });
    }

    pub(in crate::app) fn cancel_work(&mut self, kind: Option<WorkKind>) {
        match (kind, self.works.newest_id()) {
            (Some(kind), _) => self.works.cancel_kind(kind),
            (None, Some(id)) => self.works.cancel(id),
            (None, None) => {}
        }
    }

    pub(in crate::app) fn loading_failed(&mut self, error: &anyhow::Error) {
        let text = sentence(error);
        if self.offer_backups_of(error, &text) {
            return;
        }
        match &mut self.dialog {
            Some(Dialog::NewProject(form)) => form.failure = Some(text),
            Some(Dialog::Open(form)) => form.failure = Some(text),
            Some(Dialog::Backups(form)) => form.failure = Some(text),
            _ => {
                self.notices.push(Tone::Error, text);
            }
        }
    }

    pub(in crate::app) fn export_ended(
        &mut self,
        result: anyhow::Result<export::Exported>,
        cancelled: bool,
        path: PathBuf,
    ) -> Ended {
        if result.as_ref().is_ok_and(|done| done.marked) {
            let text =
                tr("No consent of the person shown is recorded: every frame of the film says that it is a draft.");
            self.notices.push(Tone::Warning, text);
        }
        let in_dialog = match &mut self.dialog {
            Some(Dialog::Export(form)) => Some(form),
            _ => None,
        };
        match result {
            Ok(done) => {
                let size = format!("{} × {}", done.width, done.height);
                let summary = tr_with(
                    "{size}, {count} frames, {time}",
                    &[("size", &size), ("count", &done.frames.to_string()), ("time", &done.length.timecode())],
                );
                let ended = Ended::Done(format!("{summary}: {}", path.display()));
                match in_dialog {
                    Some(form) => form.done = Some((path, summary)),
                    None => {
                        let text = tr_with(
                            "The video is written ({summary}): {path}",
                            &[("summary", &summary), ("path", &path.display().to_string())],
                        );
                        self.notices.push(Tone::Good, text).folder = path.parent().map(Path::to_owned);
                    }
                }
                ended
            }
            Err(_) if cancelled => {
                self.tell(tr("Export stopped. No file was written."));
                Ended::Stopped
            }
            Err(error) => {
                let text = sentence(&error);
                let ended = Ended::Failed(text.clone());
                match in_dialog {
                    Some(form) => form.failure = Some(text),
                    None => {
                        self.notices
                            .push(Tone::Error, tr_with("The video was not written. {cause}", &[("cause", &text)]));
                    }
                }
                ended
            }
        }
    }

    pub(in crate::app) fn take_project(&mut self, mut loaded: opened::Loaded) {
        self.close_project();
        loaded.kept.hold();
        self.dialog = None;
        for note in std::mem::take(&mut loaded.kept.notes) {
            self.notices.push(Tone::Info, tr_message(&note));
        }
        if let Some(message) = &loaded.media.identity_message {
            self.notices.push(Tone::Warning, tr_message(message)).remedy = Some(Command::RelinkMedia);
        }
        if let Some(copy) = loaded.copy.take() {
            self.preview.tell(News::Opened(copy));
        }
        let opened = Opened::new(loaded, self.wake.clone());
        // The first look at a word's other readings must not wait for the lexicon.
        let language = opened.project().language();
        std::thread::spawn(move || crate::language::warm_up(language));
        self.remember(&opened.folder);
        if let Some(message) = &opened.sound_message {
            self.notices.push(Tone::Warning, tr_message(message)).remedy = Some(Command::RelinkMedia);
        }
        self.seen = self.seen_elsewhere.get(&opened.folder).cloned().unwrap_or_default();
        if !opened.project().marks.hands.is_empty() {
            self.timeline.settings.tiers.set_shown(TierId::Hands, true);
        }
        self.hands.forget();
        if !opened.project().marks.expressions.is_empty() {
            // Hidden at first, so that nobody has to find out why a face moves.
            self.timeline.settings.tiers.set_shown(TierId::Expressions, true);
        }
        self.opened = Some(opened);
        self.load_player();
    }

    /// Puts a project first among those opened last.
    pub(in crate::app) fn remember(&mut self, folder: &Path) {
        self.recent.retain(|p| p != folder);
        self.recent.insert(0, folder.to_owned());
        self.recent.truncate(RECENT);
    }

    /// Gives the sound of the open project to the player.
    pub(in crate::app) fn load_player(&mut self) {
        let Some(opened) = &self.opened else { return };
        match &opened.sound {
            Some(sound) => self.player.load(sound.buffer.clone()),
            // Without its recording a project plays all the same, silently.
            None => self.player.load_silence(opened.length()),
        }
        self.player.set_least_length(opened.length());
        self.player.set_loop(self.view.looped);
        self.player.seek(self.view.playhead);
    }

    /// Asks the system for a file on a thread of its own, so that the window stays alive.
    pub(in crate::app) fn pick(&mut self, what: PickFor) {
        if !self.file_windows || self.picked.is_some() {
            return;
        }
        let (sender, receiver) = channel();
        let wake = self.wake.clone();
        let start = self.home.parent().map(Path::to_owned).unwrap_or_default();
        std::thread::spawn(move || {
            let dialog = rfd::FileDialog::new().set_directory(start);
            let path = match what {
                PickFor::Media | PickFor::Relink => dialog
                    .set_title(tr("Choose a recording"))
                    .add_filter(
                        tr("Sound and video"),
                        &["wav", "mp3", "m4a", "aac", "flac", "ogg", "opus", "mp4", "mov", "mkv", "webm", "avi"],
                    )
                    .add_filter(tr("All files"), &["*"])
                    .pick_file(),
                PickFor::Chart => dialog
                    .set_title(tr("Choose a chart"))
                    .add_filter(tr("Charts"), &["ron"])
                    .add_filter(tr("All files"), &["*"])
                    .pick_file(),
                PickFor::Home => dialog.set_title(tr("Choose a folder.").trim_end_matches('.')).pick_folder(),
                PickFor::ProjectFolder => dialog.set_title(tr("Choose a project folder")).pick_folder(),
                PickFor::NewFolder => dialog.set_title(tr("Choose a folder for the project")).pick_folder(),
                PickFor::Picture => dialog
                    .set_title(tr("Choose a picture"))
                    .add_filter(tr("Pictures"), &["jpg", "jpeg", "png", "webp", "gif", "bmp", "heic", "heif"])
                    .add_filter(tr("All files"), &["*"])
                    .pick_file(),
                PickFor::IdentityFile => {
                    dialog.set_title(tr("Import identity")).add_filter(tr("Identity file"), &["cueid"]).pick_file()
                }
                PickFor::NewIdentityFile => {
                    dialog.set_title(tr("Export identity")).set_file_name("person.cueid").save_file()
                }
                PickFor::Poses => dialog
                    .set_title(tr("Choose a file with poses"))
                    .add_filter(tr("Poses"), &["json", "npy", "npz"])
                    .add_filter(tr("All files"), &["*"])
                    .pick_file(),
                PickFor::ScoreReport => dialog.set_title(tr("Save the report")).set_file_name("score.pdf").save_file(),
                PickFor::Sheet => {
                    dialog.set_title(tr("Save a sheet of the cues")).set_file_name("cues.png").save_file()
                }
                PickFor::ExportFile => dialog.set_title(tr("Export video")).set_file_name("video.mp4").save_file(),
            };
            let _ = sender.send(path);
            wake();
        });
        self.picked = Some((what, receiver));
    }

    pub(in crate::app) fn poll_picked(&mut self) {
        let Some((what, receiver)) = &self.picked else { return };
        let what = *what;
        let path = match receiver.try_recv() {
            Err(TryRecvError::Empty) => return,
            Err(TryRecvError::Disconnected) => None,
            Ok(path) => path,
        };
        self.picked = None;
        let Some(path) = path else {
            // A closed window and a missing one look alike from here.
            self.tell(tr("No file was chosen. A path can also be typed or pasted into the field."));
            return;
        };
        let text = path.to_string_lossy().into_owned();
        match (&mut self.dialog, what) {
            (Some(Dialog::NewProject(form)), PickFor::Media) => form.set_media(&path),
            (Some(Dialog::NewProject(form)), PickFor::NewFolder) => {
                form.folder = text;
                form.folder_is_own = true;
            }
            (Some(Dialog::Settings(state)), PickFor::Home) => {
                state.home = None;
                self.preferences.home = Some(path);
            }
            (Some(Dialog::Open(form)), PickFor::ProjectFolder) => form.path = text,
            (Some(Dialog::Export(form)), PickFor::ExportFile) => form.path = text,
            (Some(Dialog::SaveAs(form)), PickFor::NewFolder) => form.path = text,
            (Some(Dialog::Masks(form)), PickFor::NewFolder) => form.path = text,
            (Some(Dialog::Relink(form)), PickFor::Relink) => form.path = text,
            (Some(Dialog::ImportPoses(form)), PickFor::Poses) => form.path = text,
            (Some(Dialog::Identity(form)), PickFor::Picture) => form.path = text,
            (Some(Dialog::IdentityFile(form)), PickFor::IdentityFile | PickFor::NewIdentityFile) => form.path = text,
            (Some(Dialog::Score(form)), PickFor::Poses | PickFor::ScoreReport | PickFor::Sheet) => {
                form.path = text;
            }
            (Some(Dialog::Chart(form)), PickFor::Chart) => form.path = text,
            (Some(Dialog::NewProject(form)), PickFor::Chart) => form.chart = ChartChoice::File(text),
            _ => {}
        }
    }

    /// Files dropped on the window: a project opens, anything else starts a new one.
    pub(in crate::app) fn dropped_files(&mut self, ctx: &egui::Context) {
        let dropped: Vec<PathBuf> = ctx.input(|i| i.raw.dropped_files.iter().map(|f| f.path().to_owned()).collect());
        let Some(path) = dropped.into_iter().next() else { return };
        if path.join(file::FILE_NAME).is_file() || path.file_name().is_some_and(|n| n == file::FILE_NAME) {
            self.ask_first(After::Open(path));
            return;
        }
        if let Some(Dialog::NewProject(form)) = &mut self.dialog {
            form.set_media(&path);
            return;
        }
        self.ask_first(After::NewProject);
        if let Some(Dialog::NewProject(form)) = &mut self.dialog {
            form.set_media(&path);
        }
    }

    /// Shows a folder in the file manager of the system.
    pub(in crate::app) fn reveal(&mut self, folder: &Path) {
        let program = if cfg!(target_os = "macos") {
            "open"
        } else if cfg!(target_os = "windows") {
            "explorer"
        } else {
            "xdg-open"
        };
        if std::process::Command::new(program).arg(folder).spawn().is_err() {
            let folder = folder.display().to_string();
            self.notices.push(
                Tone::Warning,
                tr_with("No file manager could be started. The folder is: {path}", &[("path", &folder)]),
            );
        }
    }

    /// The end of a job without a result: stopped by the user, or failed, which is told as a message.
    pub(in crate::app) fn not_done(&mut self, error: &anyhow::Error, stopped: bool) -> Ended {
        if stopped {
            return Ended::Stopped;
        }
        let text = sentence(error);
        self.notices.push(Tone::Error, text.clone());
        Ended::Failed(text)
    }
}

/// An error as a sentence for the user, its causes after it.
pub(super) fn sentence(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for (i, cause) in error.chain().enumerate() {
        let cause = tr_message(&cause.to_string());
        // Errors that repeat what they wrap are said once.
        if i > 0 && text.contains(&cause) {
            continue;
        }
        if i > 0 {
            text.push_str(": ");
        }
        text.push_str(&cause);
    }
    capitalised(&text)
}

/// Hours and minutes of the day.
pub(super) fn clock_time() -> String {
    clock::time_of_day(Stamp::now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_told_once_and_as_sentences() {
        let error = anyhow::anyhow!("disk full").context("cannot write: disk full");
        assert_eq!(sentence(&error), "Cannot write: disk full");
        let error = anyhow::anyhow!("no such file").context("the sound cannot be read");
        assert_eq!(sentence(&error), "The sound cannot be read: no such file");
    }
}
