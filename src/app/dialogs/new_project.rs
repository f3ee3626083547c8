//! New project: a recording or none, its text, the language, the person, and where it is kept.

use super::{DialogContext, foot, path_row, progress, title, typed_path};
use crate::app::i18n::{tr, tr_with};
use crate::app::intent::{Intent, PickFor};
use crate::app::theme::tokens;
use crate::app::widgets::{Tone, field_error, field_label, list_line, message_strip, plain_button, primary_button};
use crate::app::work::WorkKind;
use crate::language::Language;
use egui::{ComboBox, RichText, TextEdit, Ui};
use std::path::{Path, PathBuf};

/// What the user has filled in.
#[derive(Clone, Debug, Default)]
pub struct NewProjectForm {
    /// The recording; empty when the text is to be spoken.
    pub media: String,
    /// No recording: a synthesiser speaks the text.
    pub spoken: bool,
    pub text: String,
    pub language: Option<Language>,
    pub identity: String,
    pub folder: String,
    /// The folder was typed by the user and no longer follows the recording's name.
    pub folder_is_own: bool,
    /// Errors are shown from the first press of tr("Create") on.
    pub tried: bool,
    /// Why the last attempt failed.
    pub failure: Option<String>,
    /// Where new projects go by default.
    pub home: PathBuf,
}

/// The first thing wrong with each field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    pub media: Option<String>,
    pub text: Option<String>,
    pub language: Option<String>,
    pub folder: Option<String>,
}

impl Faults {
    pub fn none(&self) -> bool {
        *self == Self::default()
    }
}

impl NewProjectForm {
    pub fn new(home: PathBuf, identity: &str) -> Self {
        let mut form = Self { home, identity: identity.to_owned(), ..Self::default() };
        form.name_folder();
        form
    }

    /// Takes a recording, as dropped on the window or chosen.
    pub fn set_media(&mut self, path: &Path) {
        self.media = path.to_string_lossy().into_owned();
        self.spoken = false;
        self.name_folder();
    }

    /// Names the folder after the recording, or tr("Untitled"), with a number when it is taken.
    pub fn name_folder(&mut self) {
        if self.folder_is_own {
            return;
        }
        let stem = typed_path(&self.media)
            .filter(|_| !self.spoken)
            .and_then(|p| p.file_stem().map(|s| s.to_string_lossy().into_owned()))
            .unwrap_or_else(|| tr("Untitled").into());
        let free = (1..1000)
            .map(|n| if n == 1 { stem.clone() } else { format!("{stem} {n}") })
            .map(|name| self.home.join(name))
            .find(|p| !p.exists());
        self.folder = free.unwrap_or_else(|| self.home.join(stem)).to_string_lossy().into_owned();
    }

    pub fn media_path(&self) -> Option<PathBuf> {
        if self.spoken { None } else { typed_path(&self.media) }
    }

    pub fn folder_path(&self) -> Option<PathBuf> {
        typed_path(&self.folder)
    }

    pub fn faults(&self) -> Faults {
        let mut faults = Faults::default();
        if !self.spoken {
            faults.media = match self.media_path() {
                None => Some(tr("Choose a recording, or have the text spoken by a synthesiser.").into()),
                Some(path) if !path.exists() => {
                    Some(tr_with("There is no such file: {path}", &[("path", &path.display().to_string())]))
                }
                Some(path) if path.is_dir() => Some(tr_with(
                    "This is a folder; choose a sound or video file: {path}",
                    &[("path", &path.display().to_string())],
                )),
                Some(_) => None,
            };
        }
        if self.text.trim().is_empty() {
            faults.text = Some(tr("Write or paste what is said.").into());
        }
        match self.language {
            None => faults.language = Some(tr("Choose the language of the text.").into()),
            Some(language) => faults.text = faults.text.or_else(|| wrong_script(&self.text, language)),
        }
        faults.folder = match self.folder_path() {
            None => Some(tr("Choose a folder for the project.").into()),
            Some(path) if path.join("project.ron").exists() => Some(tr_with(
                "A project stands here already; choose another folder: {path}",
                &[("path", &path.display().to_string())],
            )),
            Some(path) if path.is_file() => {
                Some(tr_with("This is a file, not a folder: {path}", &[("path", &path.display().to_string())]))
            }
            Some(_) => None,
        };
        faults
    }
}

/// Says so when the text is plainly not in the language.
fn wrong_script(text: &str, language: Language) -> Option<String> {
    let is_hanzi = |c: char| ('\u{3400}'..='\u{9fff}').contains(&c) || ('\u{20000}'..='\u{3134f}').contains(&c);
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let hanzi = text.chars().filter(|c| is_hanzi(*c)).count();
    match language {
        Language::Mandarin if letters > 0 && hanzi == 0 => {
            Some(tr("There are no Chinese characters in this text. Is the language right?").into())
        }
        Language::French | Language::AmericanEnglish if letters > 0 && hanzi * 2 > letters => {
            Some(tr("This text is written in Chinese characters. Is the language right?").into())
        }
        _ => None,
    }
}

/// The language that a text is most likely in, by its letters; `None` when they do not tell.
fn guess_language(text: &str) -> Option<Language> {
    if text.chars().any(|c| ('\u{3400}'..='\u{9fff}').contains(&c)) {
        return Some(Language::Mandarin);
    }
    if text.chars().any(|c| "éèêëàâçùûôîïœ".contains(c.to_ascii_lowercase())) {
        return Some(Language::French);
    }
    None
}

/// Draws the form; true when it is to be closed.
pub fn show(ui: &mut Ui, form: &mut NewProjectForm, context: &DialogContext<'_>, out: &mut Vec<Intent>) -> bool {
    let t = tokens(ui);
    let mut close = false;
    title(ui, tr("New project"));
    if let Some(failure) = &form.failure {
        message_strip(ui, Tone::Error, failure);
    }
    let busy = context.job.is_some();
    let faults = if form.tried { form.faults() } else { Faults::default() };
    ui.add_enabled_ui(!busy, |ui| {
        let label = field_label(ui, tr("Recording"));
        ui.add_enabled_ui(!form.spoken, |ui| {
            let hint = tr("a sound or video file");
            let (changed, browse) =
                path_row(ui, &mut form.media, label, tr("a recording"), hint, tr("Choose a sound or video file."));
            if changed {
                form.name_folder();
            }
            if browse {
                out.push(Intent::Pick(PickFor::Media));
            }
        });
        if ui.checkbox(&mut form.spoken, tr("No recording: have the text spoken by a synthesiser")).changed() {
            form.name_folder();
        }
        fault(ui, &faults.media);

        let label = field_label(ui, tr("Text"));
        egui::ScrollArea::vertical().id_salt("text").max_height(140.0).show(ui, |ui| {
            let edit = TextEdit::multiline(&mut form.text).desired_rows(5).desired_width(f32::INFINITY);
            let changed = ui.add(edit.hint_text(tr("what is said, word for word"))).labelled_by(label).changed();
            if changed && form.language.is_none() {
                form.language = guess_language(&form.text);
            }
        });
        fault(ui, &faults.text);

        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                let label = field_label(ui, tr("Language"));
                let now = form.language.map_or(tr("Choose…"), Language::name);
                ComboBox::from_id_salt("language")
                    .selected_text(now)
                    .width(200.0)
                    .show_ui(ui, |ui| {
                        for language in Language::ALL {
                            if list_line(ui, form.language == Some(language), language.name()) {
                                form.language = Some(language);
                            }
                        }
                    })
                    .response
                    .labelled_by(label);
                fault(ui, &faults.language);
            });
            ui.add_space(16.0);
            ui.vertical(|ui| {
                let label = field_label(ui, tr("Identity"));
                ComboBox::from_id_salt("identity")
                    .selected_text(form.identity.clone())
                    .width(200.0)
                    .show_ui(ui, |ui| {
                        for name in context.identities {
                            if list_line(ui, form.identity == *name, *name) {
                                form.identity = (*name).to_owned();
                            }
                        }
                    })
                    .response
                    .labelled_by(label);
            });
        });

        let label = field_label(ui, tr("Project folder"));
        let (changed, browse) = path_row(
            ui,
            &mut form.folder,
            label,
            tr("a folder"),
            tr("where the project is kept"),
            tr("Choose a folder."),
        );
        form.folder_is_own |= changed;
        if browse {
            out.push(Intent::Pick(PickFor::NewFolder));
        }
        fault(ui, &faults.folder);
    });
    if let Some(stage) = context.job {
        progress(ui, stage);
    }
    foot(ui, |ui| {
        if busy {
            if plain_button(ui, tr("Cancel")).clicked() {
                out.push(Intent::CancelJob(Some(WorkKind::Create)));
            }
            return;
        }
        if primary_button(ui, tr("Create"), true).clicked() {
            form.tried = true;
            form.failure = None;
            if form.faults().none() {
                out.push(Intent::Create(Box::new(form.clone())));
            }
        }
        close = plain_button(ui, tr("Cancel")).clicked();
        ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
            ui.label(
                RichText::new(tr("A draft takes about a second for ten seconds of sound.")).color(t.text3).small(),
            );
        });
    });
    close
}

fn fault(ui: &mut Ui, fault: &Option<String>) {
    if let Some(text) = fault {
        field_error(ui, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> NewProjectForm {
        NewProjectForm {
            spoken: true,
            text: "他在银行工作。".into(),
            language: Some(Language::Mandarin),
            folder: "/nowhere/that/exists".into(),
            ..NewProjectForm::default()
        }
    }

    #[test]
    fn a_full_form_has_no_faults_and_each_gap_has_its_own() {
        assert!(filled().faults().none());
        let no_text = NewProjectForm { text: "  ".into(), ..filled() };
        assert!(no_text.faults().text.is_some());
        let no_media = NewProjectForm { spoken: false, ..filled() };
        assert!(no_media.faults().media.unwrap().contains("synthesiser"));
        let gone = NewProjectForm { spoken: false, media: "/no/such.wav".into(), ..filled() };
        assert!(gone.faults().media.unwrap().ends_with("/no/such.wav"));
        let other = NewProjectForm { text: "He works in a bank".into(), ..filled() };
        assert!(other.faults().text.unwrap().contains("language"));
        assert!(NewProjectForm { language: None, ..filled() }.faults().language.is_some());
        assert!(NewProjectForm { folder: String::new(), ..filled() }.faults().folder.is_some());
    }

    #[test]
    fn the_folder_follows_the_recording_until_it_is_typed() {
        let mut form = NewProjectForm::new("/nowhere".into(), "mira");
        assert_eq!(form.folder, "/nowhere/Untitled");
        form.set_media(Path::new("/x/bank.wav"));
        assert_eq!(form.folder, "/nowhere/bank");
        form.folder_is_own = true;
        form.set_media(Path::new("/x/other.wav"));
        assert_eq!(form.folder, "/nowhere/bank");
    }

    #[test]
    fn letters_tell_the_language_where_they_can() {
        assert_eq!(guess_language("他在银行"), Some(Language::Mandarin));
        assert_eq!(guess_language("Où est-il ? Là, déjà."), Some(Language::French));
        assert_eq!(guess_language("hello"), None);
    }
}
