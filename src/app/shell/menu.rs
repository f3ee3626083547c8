//! The menu bar, filled from the list of commands, with tr("Find a command") at its right.

use crate::app::Studio;
use crate::app::commands::{Command, Menu, TimelineCommand};
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
                let count = Command::ALL.iter().filter(|c| c.info().menu == menu && !is_in_submenu(**c)).count();
                fitted(ui, count, |ui| entries(ui, menu, studio, out));
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

fn entries(ui: &mut Ui, menu: Menu, studio: &Studio, out: &mut Vec<Intent>) {
    let mut before = None;
    if menu == Menu::View {
        submenu(ui, tr("Panels"), studio, out, |c| matches!(c, Command::Panel(_)));
        submenu(ui, tr("Go to panel"), studio, out, |c| {
            matches!(c, Command::GoToPanel(_) | Command::NextPanel | Command::PreviousPanel)
        });
        submenu(ui, tr("Layout"), studio, out, |c| matches!(c, Command::Layout(_) | Command::ResetLayout));
        ui.separator();
    }
    if menu == Menu::Timeline {
        let of = |group: u8| move |c: Command| matches!(c, Command::Timeline(c) if c.group() == group);
        submenu(ui, tr("Select"), studio, out, of(0));
        submenu(ui, tr("Tap while playing"), studio, out, of(3));
        submenu(ui, tr("Tier"), studio, out, of(6));
        ui.separator();
    }
    if menu == Menu::Mask {
        // Making a mask is the timeline's; whoever looks for it here finds it, too.
        for command in [TimelineCommand::MaskSelection, TimelineCommand::LockMask] {
            entry(ui, Command::Timeline(command), studio, out);
        }
        ui.separator();
    }
    for &command in Command::ALL.iter().filter(|c| c.info().menu == menu && !is_in_submenu(**c)) {
        // A line between groups: where what a command needs or is about changes.
        let group = group_of(command);
        if before.is_some_and(|b| b != group) {
            ui.separator();
        }
        before = Some(group);
        entry(ui, command, studio, out);
    }
}

/// Commands that stand one level down.
fn is_in_submenu(command: Command) -> bool {
    use Command as C;
    if let C::Timeline(command) = command {
        return [0, 3, 6].contains(&command.group());
    }
    matches!(command, C::Panel(_) | C::GoToPanel(_) | C::NextPanel | C::PreviousPanel | C::Layout(_) | C::ResetLayout)
}

/// Scrolls where the window is too low for so many lines: a small screen, or large text.
fn fitted(ui: &mut Ui, lines: usize, add: impl FnOnce(&mut Ui)) {
    let room = ui.ctx().content_rect().height() - 48.0;
    // Lines between groups take some room as well.
    let needed = lines as f32 * (theme::ROW + ui.spacing().item_spacing.y) * 1.15;
    if needed > room {
        egui::ScrollArea::vertical().max_height(room).show(ui, add);
    } else {
        add(ui);
    }
}

fn submenu(ui: &mut Ui, name: &str, studio: &Studio, out: &mut Vec<Intent>, holds: impl Fn(Command) -> bool) {
    ui.menu_button(name, |ui| {
        ui.set_min_width(240.0);
        for &command in Command::ALL.iter().filter(|c| holds(**c)) {
            entry(ui, command, studio, out);
        }
    });
}

fn group_of(command: Command) -> u8 {
    use Command as C;
    match command {
        C::NewProject | C::OpenProject | C::Undo | C::Redo => 0,
        C::OpenSampleMandarin | C::OpenSampleFrench | C::OpenSampleEnglish | C::CopyNotation | C::Deselect => 1,
        C::Save | C::SaveAs | C::Export | C::NextReading | C::WriteGlosses | C::EditChart => 2,
        C::Backups | C::RecoverEarlier | C::RelinkMedia | C::ImportPoses => 18,
        C::NewIdentity | C::ImportIdentity | C::ExportIdentity => 19,
        C::CloseProject | C::Quit | C::Shape(_) => 3,
        C::Place(_) => 4,
        C::PreviousKey | C::NextKey | C::PreviousProblem | C::NextProblem | C::SlowPassage => 5,
        C::CheckCues | C::ScoreFile | C::ScoreReport | C::CueSheet => 19,
        C::NudgeEarlier | C::NudgeLater | C::NudgeEarlierMs | C::NudgeLaterMs => 6,
        C::PlayPause | C::StopAndReturn | C::PlayAround | C::PlaySelection | C::LoopSelection => 7,
        C::ShuttleBack | C::ShuttleStop | C::ShuttleForward => 7,
        C::SetIn | C::SetOut | C::GoToIn | C::GoToOut | C::ClearInOut => 18,
        C::PreviousFrame | C::NextFrame | C::BackSecond | C::ForwardSecond => 8,
        C::PreviousBoundary | C::NextBoundary | C::GoToStart | C::GoToEnd | C::GoToTime => 8,
        C::Speed(_) => 9,
        C::ZoomIn | C::ZoomOut | C::ZoomToFit | C::ZoomToSelection | C::FitPicture => 10,
        C::ShowSkeleton | C::ShowFacePoints | C::ShowTargets | C::ShowCaption => 11,
        C::ShowTrajectories | C::ShowEdges | C::CompareBeside | C::CompareWipe => 11,
        C::Panel(_) | C::GoToPanel(_) | C::NextPanel | C::PreviousPanel => 12,
        C::Layout(_) | C::ResetLayout => 12,
        C::ThemeDark | C::ThemeLight | C::ThemeHighContrast => 13,
        C::Timeline(command) => 40 + command.group(),
        C::LanguageEnglish | C::LanguageChinese | C::LanguageFrench => 14,
        C::TextLarger | C::TextSmaller | C::TextReset => 15,
        C::Settings | C::SettingsKeyboard => 3,
        C::FindCommand | C::Help | C::Shortcuts => 16,
        C::About => 17,
        C::Takes(command) => command.group(),
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
