//! New project: a recording or none, its text, the language, the person, and where it is kept.

use super::{DialogContext, foot, path_row, progress, title, typed_path};
use crate::app::i18n::language as app_language;
use crate::app::i18n::{tr, tr_with};
use crate::app::intent::{Intent, PickFor};
use crate::app::people::Shown;
use crate::app::theme;
use crate::app::theme::tokens;
use crate::app::widgets::{
    Tone, field_error, field_label, focus_ring, list_line, message_strip, plain_button, primary_button,
};
use crate::app::work::WorkKind;
use crate::cueing::chart::{Chart, SHIPPED};
use crate::jobs::charts::BUILT_IN;
use crate::jobs::identities::Source;
use crate::language::Language;
use egui::{ComboBox, Rect, RichText, Role, Sense, Stroke, StrokeKind, TextEdit, Ui, Vec2, WidgetInfo, pos2, vec2};
use std::path::{Path, PathBuf};

/// Side of a person's picture on screen.
const TILE: f32 = 56.0;

/// What the new project is cued by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ChartChoice {
    #[default]
    BuiltIn,
    /// One that comes with the program, by its file name.
    Shipped(String),
    /// The path of a file, as typed.
    File(String),
}

impl ChartChoice {
    /// What [`crate::jobs::charts::choose`] knows it by.
    pub fn name(&self) -> String {
        match self {
            Self::BuiltIn => BUILT_IN.to_owned(),
            Self::Shipped(name) => name.clone(),
            Self::File(path) => typed_path(path).map_or_else(String::new, |p| p.to_string_lossy().into_owned()),
        }
    }
}

/// What the user has filled in.
#[derive(Clone, Debug, Default)]
pub struct NewProjectForm {
    /// The recording; empty when the text is to be spoken.
    pub media: String,
    /// No recording: a synthesiser speaks the text.
    pub spoken: bool,
    pub text: String,
    pub language: Option<Language>,
    /// Name of a person inside the program.
    pub identity: String,
    /// The folder of a person of the library, who is then copied into the project.
    pub person: Option<PathBuf>,
    pub chart: ChartChoice,
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
    pub chart: Option<String>,
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

    /// Charts are of one language: another one begins with its own.
    pub fn set_language(&mut self, language: Language) {
        if self.language != Some(language) {
            self.chart = ChartChoice::BuiltIn;
        }
        self.language = Some(language);
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
        faults.chart = match &self.chart {
            ChartChoice::File(path) => match typed_path(path) {
                None => Some(tr("Name the file of the chart.").into()),
                Some(path) if !path.is_file() => {
                    Some(tr_with("There is no such file: {path}", &[("path", &path.display().to_string())]))
                }
                Some(_) => None,
            },
            _ => None,
        };
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
            if changed
                && form.language.is_none()
                && let Some(language) = guess_language(&form.text)
            {
                form.set_language(language);
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
                                form.set_language(language);
                            }
                        }
                    })
                    .response
                    .labelled_by(label);
                fault(ui, &faults.language);
            });
            ui.add_space(16.0);
            ui.vertical(|ui| {
                let label = field_label(ui, tr("Chart"));
                chart_ui(ui, form, label);
            });
        });
        if let ChartChoice::File(path) = &mut form.chart {
            let label = field_label(ui, tr("Chart file"));
            let hint = tr("a file such as chart.ron");
            let about = tr("Choose the file that a chart is read from.");
            let (changed, browse) = path_row(ui, path, label, tr("a chart"), hint, about);
            if changed {
                form.failure = None;
            }
            if browse {
                out.push(Intent::Pick(PickFor::Chart));
            }
        }
        fault(ui, &faults.chart);
        field_label(ui, tr("Identity"));
        people_ui(ui, form, context);

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

/// The charts of the language, and one from a file.
fn chart_ui(ui: &mut Ui, form: &mut NewProjectForm, label: egui::Id) {
    let Some(language) = form.language else {
        ui.add_enabled(false, egui::Button::new(tr("that of the language")).min_size(vec2(200.0, 0.0)));
        return;
    };
    let from_file = tr("From a file…");
    let built_in = Chart::builtin(language);
    // A chart that comes with the program is known by the name of its file.
    let charts: Vec<(ChartChoice, &str)> = std::iter::once((ChartChoice::BuiltIn, built_in.name.as_str()))
        .chain(SHIPPED.iter().filter_map(|name| {
            let chart = Chart::shipped(name).filter(|c| c.language == language && *c != built_in)?;
            Some((ChartChoice::Shipped((*name).to_owned()), chart.name.as_str()))
        }))
        .collect();
    let now = charts.iter().find(|(choice, _)| *choice == form.chart).map_or(from_file, |(_, name)| *name);
    ComboBox::from_id_salt("chart")
        .selected_text(now)
        .width(ui.available_width() - 8.0)
        .truncate()
        .show_ui(ui, |ui| {
            for (choice, name) in &charts {
                if list_line(ui, form.chart == *choice, *name) {
                    form.chart = choice.clone();
                }
            }
            let is_file = matches!(form.chart, ChartChoice::File(_));
            if list_line(ui, is_file, from_file) && !is_file {
                form.chart = ChartChoice::File(String::new());
            }
        })
        .response
        .labelled_by(label);
    if let ChartChoice::Shipped(name) = &form.chart
        && let Some(unchecked) = Chart::shipped(name).and_then(|c| c.unchecked.as_ref())
    {
        ui.add(egui::Label::new(RichText::new(app_language().of(unchecked)).color(tokens(ui).warning).small()).wrap());
    }
}

/// Who cues: each with a small picture.
fn people_ui(ui: &mut Ui, form: &mut NewProjectForm, context: &DialogContext<'_>) {
    if context.people.is_empty() {
        // Their pictures are still being read.
        ui.horizontal_wrapped(|ui| {
            for name in context.identities {
                if ui.selectable_label(form.identity == *name, *name).clicked() {
                    form.identity = (*name).to_owned();
                }
            }
        });
        return;
    }
    egui::ScrollArea::horizontal().id_salt("people").show(ui, |ui| {
        ui.horizontal(|ui| {
            for shown in context.people {
                let chosen = match &shown.listed.source {
                    Source::BuiltIn => form.person.is_none() && form.identity == shown.listed.name,
                    Source::Library(folder) => form.person.as_ref() == Some(folder),
                    // Of the project that is open, not of the new one.
                    Source::Project(_) => continue,
                };
                if person_tile(ui, shown, chosen) {
                    match &shown.listed.source {
                        Source::Library(folder) => form.person = Some(folder.clone()),
                        _ => (form.person, form.identity) = (None, shown.listed.name.clone()),
                    }
                }
            }
        });
    });
}

/// A person's picture over their name; true when it was clicked.
fn person_tile(ui: &mut Ui, shown: &Shown, chosen: bool) -> bool {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(TILE + 12.0, TILE + 26.0), Sense::click());
    let title = &shown.listed.title;
    let name = tr_with("Identity {name}", &[("name", title)]);
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, &name));
    if ui.is_rect_visible(rect) {
        if chosen || response.hovered() {
            ui.painter().rect_filled(rect, theme::RADIUS, if chosen { t.accent_fill() } else { t.surface2 });
        }
        let place = Rect::from_min_size(rect.left_top() + vec2(6.0, 4.0), Vec2::splat(TILE));
        egui::Image::new((shown.picture.id(), place.size())).corner_radius(theme::RADIUS).paint_at(ui, place);
        if chosen {
            ui.painter().rect_stroke(rect, theme::RADIUS, Stroke::new(2.0, t.accent), StrokeKind::Inside);
        }
        let color = if shown.listed.lacks_consent { t.warning } else { t.text1 };
        let mut job = egui::text::LayoutJob::simple_singleline(title.clone(), theme::regular(theme::SMALL), color);
        job.wrap = egui::text::TextWrapping::truncate_at_width(rect.width() - 4.0);
        let galley = ui.painter().layout_job(job);
        let at = pos2(rect.center().x - 0.5 * galley.size().x, place.bottom() + 3.0);
        ui.painter().galley(at, galley, color);
        focus_ring(ui, &response);
    }
    let about = match shown.listed.lacks_consent {
        true => format!("{title}: {}", tr("no consent recorded")),
        false => title.clone(),
    };
    response.on_hover_text(about).clicked()
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
