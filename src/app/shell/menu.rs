//! The menu bar, filled from the list of commands, with tr("Find a command") at its right.

use crate::app::Studio;
use crate::app::commands::groups::Line;
use crate::app::commands::{Command, Menu};
use crate::app::i18n::{UiLanguage, language, tr, tr_with};
use crate::app::icons::{self, Icon};
use crate::app::intent::Intent;
use crate::app::theme::{self, ThemeChoice, tokens};
use crate::app::viewport::compare::Compare;
use egui::{Align, Align2, Button, Layout, MenuBar, Rect, RichText, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

pub fn menu_bar(ui: &mut Ui, studio: &Studio, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    MenuBar::new().ui(ui, |ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        mark(ui);
        ui.label(RichText::new("Cueloom").font(theme::bold(theme::BODY)).color(t.text1));
        ui.add_space(8.0);
        ui.spacing_mut().item_spacing.x = 10.0;
        for menu in Menu::ALL {
            ui.menu_button(menu.name(), |ui| {
                ui.set_min_width(260.0);
                lines(ui, menu, studio, out);
            });
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| find_field(ui, out));
    });
}

/// The program's mark: three threads crossing three others.
fn mark(ui: &mut Ui) {
    let t = tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(22.0, theme::ROW), Sense::hover());
    let origin = rect.center() - Vec2::splat(7.0);
    for i in 0..3 {
        let at = i as f32 * 5.0;
        let thread = Rect::from_min_size(pos2(origin.x + at, origin.y), vec2(2.5, 14.0));
        ui.painter().rect_filled(thread, 1.0, t.text3);
    }
    for i in 0..3 {
        let at = i as f32 * 5.0;
        let thread = Rect::from_min_size(pos2(origin.x, origin.y + at), vec2(14.0, 2.5));
        ui.painter().rect_filled(thread, 1.0, if i == 1 { t.accent } else { t.text2 });
    }
}

fn lines(ui: &mut Ui, menu: Menu, studio: &Studio, out: &mut Vec<Intent>) {
    let lines = menu.lines();
    fitted(ui, &lines, |ui| {
        for line in &lines {
            match *line {
                Line::Separator => {
                    ui.separator();
                }
                Line::Entry(command) => entry(ui, command, studio, out),
                Line::Gathered(submenu) => {
                    ui.menu_button(submenu.name(), |ui| {
                        ui.set_min_width(240.0);
                        let entries: Vec<Line> = submenu.commands().map(Line::Entry).collect();
                        fitted(ui, &entries, |ui| submenu.commands().for_each(|c| entry(ui, c, studio, out)));
                    });
                }
            }
        }
    });
}

/// Scrolls where the window is too low for so many lines: a small screen, or large text.
fn fitted(ui: &mut Ui, lines: &[Line], add: impl FnOnce(&mut Ui)) {
    let room = ui.ctx().content_rect().height() - 48.0;
    let gap = ui.spacing().item_spacing.y;
    let height = |line: &Line| gap + if *line == Line::Separator { 6.0 } else { theme::ROW };
    let needed: f32 = lines.iter().map(height).sum();
    if needed > room {
        egui::ScrollArea::vertical().max_height(room).show(ui, add);
    } else {
        add(ui);
    }
}

fn entry(ui: &mut Ui, command: Command, studio: &Studio, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    let info = command.info();
    let mut text = info.text.to_owned();
    if let Some(step) = studio.next_step_name(command) {
        text = tr_with("{command}: {step}", &[("command", &text), ("step", &step)]);
    }
    let on = is_on(command, studio);
    let name = text.clone();
    let button = Button::new(RichText::new(text))
        .shortcut_text(RichText::new(command.shortcut_text(ui.ctx())).color(t.text3))
        .min_size(vec2(0.0, theme::ROW))
        .selected(on == Some(true));
    let response = ui.add_enabled(studio.can(command), button).accessible_name(name).on_hover_text(info.tooltip);
    if response.clicked() {
        out.push(Intent::Do(command));
        ui.close();
    }
}

/// Whether a switch is on; `None` for commands that are no switch.
fn is_on(command: Command, studio: &Studio) -> Option<bool> {
    use Command as C;
    let view = &studio.view;
    Some(match command {
        C::ShowSkeleton => view.overlays.skeleton,
        C::ShowFacePoints => view.overlays.face_points,
        C::ShowTargets => view.overlays.targets,
        C::ShowCaption => view.overlays.caption,
        C::ShowTrajectories => view.overlays.trajectories,
        C::ShowEdges => view.overlays.edges,
        C::CompareBeside => view.overlays.compare == Compare::Beside,
        C::CompareWipe => view.overlays.compare == Compare::Wipe,
        C::Panel(pane) => studio.dock.is_shown(pane),
        C::Layout(preset) => studio.dock.preset() == preset,
        C::ThemeDark => view.theme == ThemeChoice::Dark,
        C::ThemeLight => view.theme == ThemeChoice::Light,
        C::ThemeHighContrast => view.theme == ThemeChoice::HighContrast,
        C::LanguageEnglish => language() == UiLanguage::English,
        C::LanguageChinese => language() == UiLanguage::Chinese,
        C::LanguageFrench => language() == UiLanguage::French,
        C::Speed(percent) => (view.speed * 100.0 - f64::from(percent)).abs() < 0.5,
        C::LoopSelection => view.looped.is_some(),
        C::Takes(command) => return studio.take_switch(command),
        C::Timeline(command) => return studio.timeline_switch(command),
        _ => return None,
    })
}

/// Looks like a field, opens the palette.
fn find_field(ui: &mut Ui, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    let width = 240.0_f32.min(ui.available_width() - 16.0);
    if width < 40.0 {
        return;
    }
    let (rect, response) = ui.allocate_exact_size(vec2(width, 22.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, tr("Find a command")));
    let fill = if response.hovered() { t.surface2 } else { t.surface0 };
    ui.painter().rect_filled(rect, theme::RADIUS, fill);
    crate::app::widgets::focus_ring(ui, &response);
    icons::paint(
        ui.painter(),
        Rect::from_center_size(pos2(rect.left() + 14.0, rect.center().y), Vec2::splat(16.0)),
        Icon::Search,
        t.text3,
    );
    let font = theme::regular(12.0);
    ui.painter().text(
        pos2(rect.left() + 28.0, rect.center().y),
        Align2::LEFT_CENTER,
        tr("Find a command"),
        font.clone(),
        t.text3,
    );
    let shortcut = Command::FindCommand.shortcut_text(ui.ctx());
    ui.painter().text(pos2(rect.right() - 8.0, rect.center().y), Align2::RIGHT_CENTER, shortcut, font, t.text3);
    if response.clicked() {
        out.push(Intent::Do(Command::FindCommand));
    }
}
