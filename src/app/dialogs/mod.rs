//! Dialogs: each a form of its own over the dimmed window, closed with Escape, its errors beside the fields.

pub mod about;
pub mod backups;
pub mod chart;
pub mod clean_up;
pub mod export;
pub mod glosses;
pub mod help;
pub mod identity;
pub mod identity_file;
pub mod import_poses;
pub mod locked;
pub mod masks;
pub mod new_project;
pub mod open;
pub mod palette;
pub mod recover;
pub mod relink;
pub mod save_as;
pub mod score;
pub mod settings;
pub mod slow;
pub mod unsaved;

pub use export::ExportForm;
pub use masks::MasksForm;
pub use new_project::NewProjectForm;

use super::commands::Command;
use super::i18n::{tr, tr_with};
use super::intent::Intent;
use super::people::Shown;
use super::preferences::Preferences;
use super::theme::{self, tokens};
use crate::document::Project;
use crate::jobs::gloss_service::ServiceSettings;
use crate::jobs::runner::Stage;
use egui::{Frame, Id, Margin, Modal, ProgressBar, RichText, Stroke, Ui, vec2};
use std::path::{Path, PathBuf};

/// What waits for an answer about unsaved changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum After {
    Quit,
    CloseProject,
    Open(PathBuf),
    NewProject,
    Sample(usize),
}

/// The dialog that is open.
pub enum Dialog {
    NewProject(Box<NewProjectForm>),
    Open(open::OpenForm),
    Export(Box<ExportForm>),
    Chart(Box<chart::ChartForm>),
    Glosses(Box<glosses::GlossForm>),
    Slow(Box<slow::SlowForm>),
    Unsaved(After),
    Help(help::HelpState),
    About,
    Palette(palette::PaletteState),
    Settings(Box<settings::SettingsState>),
    Recover(Box<recover::RecoverForm>),
    Locked(locked::LockedForm),
    SaveAs(save_as::SaveAsForm),
    Backups(Box<backups::BackupsForm>),
    Relink(Box<relink::RelinkForm>),
    Masks(Box<MasksForm>),
    CleanUp(clean_up::CleanUpForm),
    Identity(Box<identity::IdentityForm>),
    IdentityFile(identity_file::IdentityFileForm),
    Score(score::ScoreForm),
    ImportPoses(Box<import_poses::ImportPosesForm>),
}

/// What dialogs may look at.
pub struct DialogContext<'a> {
    pub project: Option<&'a Project>,
    pub recent: &'a [PathBuf],
    pub identities: &'a [&'a str],
    /// The same with pictures, and those of the library; empty until they are read.
    pub people: &'a [Shown],
    /// The job under way that belongs to the dialog.
    pub job: Option<&'a Stage>,
    pub preferences: &'a Preferences,
    pub gloss_service: &'a ServiceSettings,
    /// How late hands answer while tapping, milliseconds.
    pub tap_delay_ms: f64,
    /// Where new projects are made.
    pub home: &'a Path,
    /// Steps in the history of the open project.
    pub steps: usize,
    /// Why a command cannot be carried out now.
    pub why_not: &'a dyn Fn(Command) -> Option<&'static str>,
    /// "Save as" is under way.
    pub saving_as: bool,
}

/// Draws the dialog; false when it asked to be closed.
pub fn show(ctx: &egui::Context, dialog: &mut Dialog, context: &DialogContext<'_>, out: &mut Vec<Intent>) -> bool {
    let (name, width): (&'static str, f32) = match dialog {
        Dialog::NewProject(_) => ("new project", 560.0),
        Dialog::Open(_) => ("open", 520.0),
        Dialog::Export(_) => ("export", 480.0),
        Dialog::Chart(_) => ("chart", 720.0),
        Dialog::Glosses(_) => ("glosses", 640.0),
        Dialog::Slow(_) => ("slow", 420.0),
        Dialog::Unsaved(_) => ("unsaved", 400.0),
        Dialog::Help(_) => ("help", 720.0),
        Dialog::About => ("about", 520.0),
        Dialog::Palette(_) => ("palette", 560.0),
        Dialog::Settings(_) => ("settings", 760.0),
        Dialog::Recover(_) => ("recover", 460.0),
        Dialog::Locked(_) => ("locked", 460.0),
        Dialog::SaveAs(_) => ("save as", 520.0),
        Dialog::Backups(_) => ("backups", 560.0),
        Dialog::Relink(_) => ("relink", 560.0),
        Dialog::Masks(_) => ("masks", 480.0),
        Dialog::CleanUp(_) => ("clean up", 520.0),
        Dialog::Identity(_) => ("identity", 860.0),
        Dialog::IdentityFile(_) => ("identity file", 520.0),
        Dialog::Score(_) => ("score", 520.0),
        Dialog::ImportPoses(_) => ("import poses", 520.0),
    };
    let style = ctx.global_style();
    let t = theme::ThemeChoice::ALL
        .map(theme::ThemeChoice::tokens)
        .into_iter()
        .find(|t| t.surface1 == style.visuals.panel_fill)
        .unwrap_or(theme::ThemeChoice::Dark.tokens());
    let frame = Frame::new()
        .fill(t.surface1)
        .stroke(Stroke::new(1.0, t.line))
        .corner_radius(theme::RADIUS * 2)
        .inner_margin(Margin::same(16))
        .shadow(style.visuals.window_shadow);
    let mut modal = Modal::new(Id::unique(("dialog", name))).frame(frame).backdrop_color(t.veil);
    if let Dialog::Palette(_) = dialog {
        // The palette hangs from the top, where its search field stays while the list shrinks.
        let area = Modal::default_area(Id::unique(("dialog", name))).anchor(egui::Align2::CENTER_TOP, vec2(0.0, 64.0));
        modal = modal.area(area);
    }
    let room = ctx.content_rect();
    let (pass, shown) = (ctx.cumulative_pass_nr(), Id::unique("dialog shown"));
    let before = ctx.data(|d| d.get_temp::<(&'static str, u64)>(shown));
    let is_new = before.is_none_or(|(last, when)| last != name || when + 1 < pass);
    ctx.data_mut(|d| d.insert_temp(shown, (name, pass)));
    if is_new && !matches!(dialog, Dialog::Chart(_) | Dialog::Settings(_)) {
        ctx.data_mut(|d| d.insert_temp(wants_keyboard(), true));
    }
    let response = modal.show(ctx, |ui| {
        ui.set_width(width.min(room.width() - 48.0));
        ui.set_max_height(room.height() - 96.0);
        match dialog {
            Dialog::NewProject(form) => new_project::show(ui, form, context, out),
            Dialog::Open(form) => open::show(ui, form, context, out),
            Dialog::Chart(form) => chart::show(ui, form, context, out),
            Dialog::Export(form) => export::show(ui, form, context, out),
            Dialog::Glosses(form) => glosses::show(ui, form, context, out),
            Dialog::Slow(form) => slow::show(ui, form, context, out),
            Dialog::Unsaved(after) => unsaved::show(ui, after, context, out),
            Dialog::Help(state) => help::show(ui, state),
            Dialog::About => about::show(ui),
            Dialog::Palette(state) => palette::show(ui, state, context, out),
            Dialog::Settings(state) => settings::show(ui, state, context, out),
            Dialog::Recover(form) => recover::show(ui, form, out),
            Dialog::Locked(form) => locked::show(ui, form, out),
            Dialog::SaveAs(form) => save_as::show(ui, form, context.saving_as, out),
            Dialog::Backups(form) => backups::show(ui, form, out),
            Dialog::Relink(form) => relink::show(ui, form, out),
            Dialog::Masks(form) => masks::show(ui, form, context, out),
            Dialog::CleanUp(form) => clean_up::show(ui, form, out),
            Dialog::Identity(form) => identity::show(ui, form, context, out),
            Dialog::IdentityFile(form) => identity_file::show(ui, form, context, out),
            Dialog::Score(form) => score::show(ui, form, out),
            Dialog::ImportPoses(form) => import_poses::show(ui, form, context, out),
        }
    });
    ctx.data_mut(|d| d.remove_temp::<bool>(wants_keyboard()));
    let holds = match dialog {
        Dialog::Glosses(form) => form.holds_work(),
        Dialog::Identity(form) => form.holds_work(),
        // What was typed is not lost by a click beside the form; Escape and Cancel are meant.
        Dialog::NewProject(_) | Dialog::Chart(_) | Dialog::ImportPoses(_) => response.backdrop_response.clicked(),
        _ => false,
    };
    let busy = context.job.is_some() || holds;
    let listening = matches!(dialog, Dialog::Settings(state) if state.keyboard.is_listening());
    let dismissed = response.should_close() && !busy && !listening;
    !response.inner && !dismissed
}

/// Title line of a dialog.
fn title(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).font(theme::bold(theme::TITLE)));
    ui.add_space(4.0);
}

/// Progress of the dialog's job, with counts.
fn progress(ui: &mut Ui, stage: &Stage) {
    let t = tokens(ui);
    ui.add_space(8.0);
    ui.label(RichText::new(stage_text(stage)).color(t.text2));
    ui.add(ProgressBar::new(stage_share(stage)).desired_height(8.0).fill(t.accent));
}

/// `Rendering, 120 of 250`.
pub fn stage_text(stage: &Stage) -> String {
    match (stage.stage.as_str(), stage.total) {
        ("", _) => tr("Starting…").to_owned(),
        (name, 0 | 1) => format!("{}…", tr(name)),
        (name, total) => {
            let (done, total) = (stage.done.min(total).to_string(), total.to_string());
            tr_with("{stage}, {done} of {total}", &[("stage", tr(name)), ("done", &done), ("total", &total)])
        }
    }
}

/// 0 to 1.
pub fn stage_share(stage: &Stage) -> f32 {
    if stage.total == 0 { 0.0 } else { (stage.done as f32 / stage.total as f32).clamp(0.0, 1.0) }
}

/// Buttons at the foot of a dialog, the most wanted one at the right.
fn foot<R>(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> R {
    ui.add_space(12.0);
    let width = ui.available_width();
    ui.allocate_ui_with_layout(vec2(width, 28.0), egui::Layout::right_to_left(egui::Align::Center), add).inner
}

/// Under this name stands that a dialog has just been opened and its first field is to have the keyboard.
fn wants_keyboard() -> Id {
    Id::unique("dialog wants the keyboard")
}

/// A path field with a button that opens the file window of the system.
fn path_row(ui: &mut Ui, text: &mut String, label: egui::Id, name: &str, hint: &str, browse: &str) -> (bool, bool) {
    let focus = ui.is_enabled() && ui.data_mut(|d| d.remove_temp::<bool>(wants_keyboard())).is_some();
    let mut pressed = false;
    let mut changed = false;
    ui.horizontal(|ui| {
        let room = ui.available_width() - 88.0;
        let response = ui
            .add(
                egui::TextEdit::singleline(text)
                    .hint_text(hint.to_owned())
                    .desired_width(room)
                    .margin(Margin::symmetric(6, 4)),
            )
            .labelled_by(label);
        changed = response.changed();
        if focus {
            response.request_focus();
        }
        let button = ui.add(egui::Button::new(tr("Browse…")).min_size(vec2(80.0, 24.0)));
        button.widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::Button, true, tr_with("Browse for {what}", &[("what", name)]))
        });
        pressed = button.on_hover_text(browse).clicked();
    });
    (changed, pressed)
}

/// A path as typed: trimmed, `~` and `file://` understood.
pub fn typed_path(text: &str) -> Option<PathBuf> {
    let text = text.trim().trim_matches('"');
    if text.is_empty() {
        return None;
    }
    let text = text.strip_prefix("file://").unwrap_or(text);
    if let Some(rest) = text.strip_prefix("~/")
        && let Some(home) = std::env::home_dir()
    {
        return Some(home.join(rest));
    }
    Some(PathBuf::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_taken_as_people_paste_them() {
        assert_eq!(typed_path("  "), None);
        assert_eq!(typed_path(" /a/b.wav "), Some(PathBuf::from("/a/b.wav")));
        assert_eq!(typed_path("\"/a b/c.wav\""), Some(PathBuf::from("/a b/c.wav")));
        assert_eq!(typed_path("file:///a/b.wav"), Some(PathBuf::from("/a/b.wav")));
    }

    #[test]
    fn stages_tell_counts() {
        let stage = Stage { stage: "Rendering".into(), done: 3, total: 10 };
        assert_eq!(stage_text(&stage), "Rendering, 3 of 10");
        assert!((stage_share(&stage) - 0.3).abs() < 1e-6);
        assert_eq!(stage_text(&Stage::default()), "Starting…");
    }
}
