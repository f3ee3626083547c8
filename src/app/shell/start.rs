//! The start page: what to do next, done on click.

use crate::app::Studio;
use crate::app::commands::Command;
use crate::app::dialogs::{stage_share, stage_text};
use crate::app::i18n::{tr, tr_with};
use crate::app::icons::{self, Icon};
use crate::app::intent::Intent;
use crate::app::theme::{self, tokens};
use crate::app::widgets::{plain_button, section};
use egui::{Align2, Layout, ProgressBar, Rect, RichText, Role, Sense, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2};

const WIDTH: f32 = 520.0;

pub fn start_page(ui: &mut Ui, studio: &Studio, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    let area = ui.available_rect_before_wrap();
    let column =
        Rect::from_center_size(area.center(), vec2(WIDTH.min(area.width() - 32.0), (area.height() - 32.0).min(520.0)));
    let builder = UiBuilder::new().max_rect(column).layout(Layout::top_down(egui::Align::Min));
    ui.scope_builder(builder, |ui| {
        if let Some((title, stage)) = studio.job_state() {
            ui.add_space((column.height() / 2.0 - 60.0).max(0.0));
            ui.label(RichText::new(tr(title)).font(theme::bold(theme::TITLE)));
            ui.label(RichText::new(stage_text(stage)).color(t.text2));
            ui.add(ProgressBar::new(stage_share(stage)).desired_height(8.0).fill(t.accent));
            ui.add_space(8.0);
            if plain_button(ui, tr("Cancel")).clicked() {
                out.push(Intent::CancelJob(None));
            }
            return;
        }
        ui.label(RichText::new(tr("Make speech visible")).font(theme::bold(24.0)));
        ui.label(
            RichText::new(tr(
                "A recording and its text become a video of a person who cues. What would you like to do?",
            ))
            .color(t.text2),
        );
        ui.add_space(12.0);
        let ready = |language: &str| tr_with("{language}, ready to play", &[("language", language)]);
        let rows: [(Icon, Command, &str); 5] = [
            (Icon::Plus, Command::NewProject, tr("From a recording and its text, or from text alone")),
            (Icon::Folder, Command::OpenProject, tr("A project folder on this computer")),
            (Icon::Film, Command::OpenSampleMandarin, &ready("中文（普通话）")),
            (Icon::Film, Command::OpenSampleFrench, &ready("Français")),
            (Icon::Film, Command::OpenSampleEnglish, &ready("English (US)")),
        ];
        for (icon, command, text) in rows {
            if row(ui, icon, command, text) {
                out.push(Intent::Do(command));
            }
        }
        if !studio.recent.is_empty() {
            section(ui, tr("Opened last"));
            for path in studio.recent.iter().take(5) {
                let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
                if ui.selectable_label(false, name).on_hover_text(path.display().to_string()).clicked() {
                    out.push(Intent::Open(path.clone()));
                }
            }
        }
        ui.add_space(12.0);
        let text = tr("A sound or video file dropped here starts a new project; a project folder opens.");
        ui.label(RichText::new(text).color(t.text3));
    });
}

fn row(ui: &mut Ui, icon: Icon, command: Command, text: &str) -> bool {
    let t = tokens(ui);
    let name = command.info().text;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 44.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    let first = command == Command::NewProject;
    let fill = if response.hovered() { t.surface3 } else { t.surface1 };
    ui.painter().rect_filled(rect, theme::RADIUS, fill);
    if first {
        let edge = Rect::from_min_size(rect.min, vec2(3.0, rect.height()));
        ui.painter().rect_filled(edge, 1.0, t.accent);
    }
    crate::app::widgets::focus_ring(ui, &response);
    let place = Rect::from_center_size(pos2(rect.left() + 26.0, rect.center().y), Vec2::splat(16.0));
    icons::paint(ui.painter(), place, icon, if first { t.accent } else { t.text2 });
    let left = rect.left() + 48.0;
    ui.painter().text(pos2(left, rect.top() + 15.0), Align2::LEFT_CENTER, name, theme::bold(theme::BODY), t.text1);
    ui.painter().text(pos2(left, rect.top() + 31.0), Align2::LEFT_CENTER, text, theme::regular(theme::SMALL), t.text2);
    let shortcut = command.shortcut_text(ui.ctx());
    ui.painter().text(
        pos2(rect.right() - 12.0, rect.center().y),
        Align2::RIGHT_CENTER,
        shortcut,
        theme::regular(theme::SMALL),
        t.text3,
    );
    response.clicked()
}
