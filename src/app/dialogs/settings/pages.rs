//! The pages of the settings other than the keyboard's.

use super::super::{DialogContext, typed_path};
use super::SettingsState;
use crate::app::commands::Command;
use crate::app::dialogs::glosses::service_fields;
use crate::app::i18n::{UiLanguage, language, tr, tr_with};
use crate::app::intent::{Intent, PickFor};
use crate::app::preferences::Preferences;
use crate::app::theme::{self, ThemeChoice, tokens};
use crate::app::widgets::{Tone, field_label, list_line, message_strip, section};
use egui::{ComboBox, DragValue, Margin, RichText, TextEdit, Ui};

/// A sentence under a choice.
fn note(ui: &mut Ui, text: &str) {
    let t = tokens(ui);
    ui.add(egui::Label::new(RichText::new(text).font(theme::regular(theme::SMALL)).color(t.text3)).wrap());
}

/// Asks for other preferences.
fn change(context: &DialogContext<'_>, out: &mut Vec<Intent>, what: impl FnOnce(&mut Preferences)) {
    let mut new = context.preferences.clone();
    what(&mut new);
    out.push(Intent::SetPreferences(Box::new(new)));
}

pub fn appearance(ui: &mut Ui, context: &DialogContext<'_>, out: &mut Vec<Intent>) {
    section(ui, tr("Theme"));
    let now = theme::choice(ui);
    for theme in ThemeChoice::ALL {
        let command = match theme {
            ThemeChoice::Dark => Command::ThemeDark,
            ThemeChoice::Light => Command::ThemeLight,
            ThemeChoice::HighContrast => Command::ThemeHighContrast,
        };
        if ui.radio(now == theme, tr(theme.name())).on_hover_text(command.info().tooltip).clicked() {
            out.push(Intent::Do(command));
        }
    }
    section(ui, tr("Text size"));
    let scale = ui.ctx().zoom_factor();
    ui.horizontal_wrapped(|ui| {
        for percent in [100, 120, 140, 160, 180, 200] {
            let value = percent as f32 / 100.0;
            if ui.selectable_label((value - scale).abs() < 0.01, format!("{percent} %")).clicked() {
                out.push(Intent::SetTextScale(value));
            }
        }
    });
    note(ui, tr("Everything grows with the text: controls, lanes, pictures of hands."));
    section(ui, tr("Language of the interface"));
    for (choice, command) in [
        (UiLanguage::English, Command::LanguageEnglish),
        (UiLanguage::Chinese, Command::LanguageChinese),
        (UiLanguage::French, Command::LanguageFrench),
    ] {
        if ui.radio(language() == choice, command.english_info().text).clicked() {
            out.push(Intent::Do(command));
        }
    }
    section(ui, tr("Motion"));
    let mut reduced = context.preferences.reduced_motion;
    if ui.checkbox(&mut reduced, tr("Reduced motion")).changed() {
        change(context, out, |p| p.reduced_motion = reduced);
    }
    note(ui, tr("Panels, lists and switches change at once instead of gliding. The picture itself is not changed."));
}

pub fn playing(ui: &mut Ui, context: &DialogContext<'_>, out: &mut Vec<Intent>) {
    section(ui, tr("When the picture cannot keep up"));
    let now = context.preferences.every_frame;
    if ui.radio(!now, tr("Keep to the sound")).clicked() && now {
        change(context, out, |p| p.every_frame = false);
    }
    note(ui, tr("Frames are left out evenly, and the sound goes on at its speed."));
    if ui.radio(now, tr("Show every frame")).clicked() && !now {
        change(context, out, |p| p.every_frame = true);
    }
    note(ui, tr("Playing slows down, sound and picture together, where drawing takes too long."));
    section(ui, tr("Tapping along"));
    ui.horizontal(|ui| {
        let label = ui.label(tr("Reaction delay")).id;
        let mut value = context.tap_delay_ms;
        let field = DragValue::new(&mut value).speed(1.0).range(0.0..=500.0).suffix(" ms").fixed_decimals(0);
        let response = ui.add(field.update_while_editing(false)).labelled_by(label);
        if response.changed() {
            out.push(Intent::SetTapDelay(value));
        }
    });
    note(ui, tr("Hands answer late. What is tapped while playing is taken for so much earlier."));
}

pub fn projects(ui: &mut Ui, state: &mut SettingsState, context: &DialogContext<'_>, out: &mut Vec<Intent>) {
    let label = field_label(ui, tr("Identity of new projects"));
    let combo = ComboBox::from_id_salt("identity of new projects").selected_text(&context.preferences.identity);
    let response = combo.show_ui(ui, |ui| {
        for name in context.identities {
            if list_line(ui, context.preferences.identity == *name, *name) {
                change(context, out, |p| p.identity = (*name).to_owned());
            }
        }
    });
    response.response.labelled_by(label).on_hover_text(tr("Who cues in the video."));
    let label = field_label(ui, tr("Folder of new projects"));
    let set = context.home.to_string_lossy().into_owned();
    let mut text = state.home.clone().unwrap_or(set);
    ui.horizontal(|ui| {
        let field = TextEdit::singleline(&mut text)
            .desired_width((ui.available_width() - 92.0).max(80.0))
            .margin(Margin::symmetric(6, 4));
        let response = ui.add(field).labelled_by(label);
        if response.changed() {
            let home = typed_path(&text);
            change(context, out, |p| p.home = home);
            // What stands in the field stays as it was typed.
            state.home = Some(text.clone());
        }
        let button = ui.add(egui::Button::new(tr("Browse…")).min_size(egui::vec2(80.0, 24.0)));
        if button.on_hover_text(tr("Choose a folder.")).clicked() {
            out.push(Intent::Pick(PickFor::Home));
        }
    });
    note(
        ui,
        tr("An empty field stands for the folder of the program's choice. Projects that exist stay where they are."),
    );
}

pub fn files(ui: &mut Ui, context: &DialogContext<'_>, _out: &mut Vec<Intent>) {
    message_strip(ui, Tone::Info, tr("Nothing needs to be set: every change is kept as it is made."));
    ui.add_space(4.0);
    for text in [
        tr(
            "Every step is written to a journal beside the project at once. After a crash or a power cut the next start offers what it holds.",
        ),
        tr(
            "Saving writes the project anew and keeps the versions before it as backups, in the folder backups of the project.",
        ),
        tr("Steps of the history are kept too: they can be undone after closing and opening again."),
    ] {
        ui.horizontal_top(|ui| {
            ui.label("·");
            ui.add(egui::Label::new(text).wrap());
        });
    }
    if let Some(project) = context.project {
        section(ui, tr("The open project"));
        ui.label(tr_with(
            "{title}, {count} steps in its history",
            &[("title", &project.title), ("count", &context.steps.to_string())],
        ));
    }
}

/// The address of a service that writes glosses.
pub fn gloss(ui: &mut Ui, context: &DialogContext<'_>, out: &mut Vec<Intent>) {
    let mut settings = context.gloss_service.clone();
    if service_fields(ui, &mut settings) {
        out.push(Intent::SetGlossService(Box::new(settings.clone())));
    }
    note(
        ui,
        if settings.on {
            tr("Cue, Write glosses shows what will be sent, and sends nothing before you press Send.")
        } else {
            tr("No service is used: glosses are composed by the program itself.")
        },
    );
}
