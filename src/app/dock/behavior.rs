//! How the dock looks and what it reports: tabs, gaps and drop marks from the theme's tokens.

use super::Pane;
use super::layout::{GAP, TAB_BAR};
use crate::app::Studio;
use crate::app::commands::Command;
use crate::app::i18n::{tr, tr_with};
use crate::app::icons;
use crate::app::intent::Intent;
use crate::app::theme::{self, tokens};
use crate::app::widgets::focus_ring;
use egui::{
    Align2, Color32, CornerRadius, CursorIcon, Id, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, Visuals,
    WidgetInfo, WidgetText, pos2, vec2,
};
use egui_tiles::{EditAction, ResizeState, SimplificationOptions, TabState, Tabs, Tile, TileId, Tiles, UiResponse};

/// Side of the mark that hides a pane.
const CLOSE: f32 = 18.0;
/// Room at both ends of a tab.
const ENDS: f32 = 8.0;

/// A number beside a title, and whether it wants to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Badge {
    pub count: usize,
    pub urgent: bool,
}

/// Draws the panes of a studio.
pub struct DockBehavior<'a> {
    pub studio: &'a mut Studio,
    pub out: &'a mut Vec<Intent>,
    /// The user has changed a size or a place.
    pub resized: bool,
    /// Panes in bars of tabs that have no room for all titles: only the front one keeps its title.
    pub tight: Vec<Pane>,
}

impl DockBehavior<'_> {
    /// Width of a tab, its title spelt out or not.
    fn tab_width(ui: &Ui, pane: Pane, badge: Option<Badge>, spelt: bool, front: bool) -> f32 {
        let font = theme::regular(12.0);
        let wide = |text: String| ui.painter().layout_no_wrap(text, font.clone(), Color32::WHITE).size().x;
        let title = if spelt { wide(tr(pane.title()).to_owned()) } else { icons::SIZE };
        let badge = badge.map_or(0.0, |b| wide(b.count.to_string()) + 14.0);
        2.0 * ENDS + title + badge + if front { CLOSE } else { 0.0 }
    }

    fn pane_of(tiles: &Tiles<Pane>, id: TileId) -> Option<Pane> {
        match tiles.get(id)? {
            Tile::Pane(pane) => Some(*pane),
            Tile::Container(container) => container.children().find_map(|c| Self::pane_of(tiles, *c)),
        }
    }

    fn paint_tab(&self, ui: &Ui, rect: Rect, pane: Pane, state: &TabState, spelt: bool, hovered: bool) {
        let t = tokens(ui);
        let painter = ui.painter();
        let corner = CornerRadius { nw: theme::RADIUS, ne: theme::RADIUS, sw: 0, se: 0 };
        if state.active {
            painter.rect_filled(rect, corner, t.surface1);
            if t.surface0 == t.surface1 {
                // Where the grounds are one, lines part what belongs together from the rest.
                let edge = Stroke::new(1.0, t.line);
                painter.rect_stroke(rect.shrink(0.5), corner, edge, StrokeKind::Inside);
            }
            let has_keyboard = self.studio.dock.focused == Some(pane);
            // A thread of colour for the pane with the keyboard, of grey for the front tabs of the others.
            let edge = Rect::from_min_size(rect.min + vec2(4.0, 0.0), vec2(rect.width() - 8.0, 2.0));
            painter.rect_filled(edge, 0.0, if has_keyboard { t.focus } else { t.text3 });
        } else if hovered {
            painter.rect_filled(rect, corner, t.surface2);
        }
        let color = if state.active || hovered { t.text1 } else { t.text2 };
        let left = pos2(rect.left() + ENDS, rect.center().y);
        let end = if spelt {
            painter.text(left, Align2::LEFT_CENTER, tr(pane.title()), theme::regular(12.0), color).right()
        } else {
            let place = Rect::from_center_size(left + vec2(icons::SIZE / 2.0, 0.0), Vec2::splat(icons::SIZE));
            icons::paint(painter, place, pane.icon(), color);
            place.right()
        };
        if let Some(badge) = self.studio.badge(pane) {
            let (ground, text) = if badge.urgent { (t.accent, t.on_accent) } else { (t.surface3, t.text1) };
            let galley = painter.layout_no_wrap(badge.count.to_string(), theme::regular(10.0), text);
            let pill = Rect::from_min_size(
                pos2(end + 5.0, rect.center().y - 7.0),
                vec2((galley.size().x + 8.0).max(14.0), 14.0),
            );
            painter.rect_filled(pill, 7.0, ground);
            painter.galley(pill.center() - galley.size() / 2.0, galley, text);
        }
    }
}

impl egui_tiles::Behavior<Pane> for DockBehavior<'_> {
    fn pane_ui(&mut self, ui: &mut Ui, _id: TileId, pane: &mut Pane) -> UiResponse {
        let t = tokens(ui);
        let rect = ui.max_rect();
        ui.set_clip_rect(rect.intersect(ui.clip_rect()));
        ui.painter().rect_filled(rect, 0.0, t.surface1);
        let name = tr_with("{panel} panel", &[("panel", tr(pane.title()))]);
        // Registered before its content, so that it lies behind it, and Tab goes from it to what is in it.
        let region = ui.interact(rect, pane.region(), Sense::focusable_noninteractive());
        region.widget_info(|| WidgetInfo::labeled(Role::Pane, true, &name));
        if region.has_focus() {
            let arrows = egui::EventFilter { horizontal_arrows: true, vertical_arrows: true, ..Default::default() };
            ui.memory_mut(|m| m.set_focus_lock_filter(region.id, arrows));
        }
        self.studio.pane_ui(ui, *pane, self.out);
        if self.studio.dock.wanted_focus == Some(*pane) {
            // The pane has not taken the keyboard to one of its rows: it goes to the pane itself.
            self.studio.dock.wanted_focus = None;
            region.request_focus();
        }
        if region.has_focus() {
            ui.painter().rect_stroke(rect.shrink(1.0), 0.0, Stroke::new(2.0, t.focus), StrokeKind::Inside);
        }
        UiResponse::None
    }

    fn tab_title_for_pane(&mut self, pane: &Pane) -> WidgetText {
        tr(pane.title()).into()
    }

    fn tab_ui(&mut self, tiles: &mut Tiles<Pane>, ui: &mut Ui, id: Id, tile: TileId, state: &TabState) -> Response {
        let Some(pane) = Self::pane_of(tiles, tile) else {
            return ui.allocate_rect(Rect::from_min_size(ui.cursor().min, Vec2::ZERO), Sense::hover());
        };
        let badge = self.studio.badge(pane);
        let spelt = state.active || !self.tight.contains(&pane);
        let width = Self::tab_width(ui, pane, badge, spelt, state.active);
        // 1. size, 2. allocate
        let (_, rect) = ui.allocate_space(vec2(width, ui.available_height()));
        // 3. interact
        let response = ui.interact(rect, id, Sense::click_and_drag());
        let title = tr(pane.title());
        let label = match badge {
            Some(b) => tr_with("{panel}: {count}", &[("panel", title), ("count", &b.count.to_string())]),
            None => title.to_owned(),
        };
        let enabled = ui.is_enabled();
        response.widget_info(|| WidgetInfo::selected(Role::Tab, enabled, state.active, &label));
        if response.middle_clicked() {
            self.out.push(Intent::Do(Command::Panel(pane)));
        }
        // 4. paint
        if ui.is_rect_visible(rect) && !state.is_being_dragged {
            self.paint_tab(ui, rect, pane, state, spelt, response.hovered());
            focus_ring(ui, &response);
        }
        if state.active {
            self.close_mark(ui, rect, pane);
        }
        let ctx = ui.ctx().clone();
        let response = response.on_hover_text(format!("{title}\n{}", Command::GoToPanel(pane).tooltip(&ctx)));
        response.context_menu(|ui| {
            for command in [Command::Panel(pane), Command::ResetLayout] {
                let text = if command == Command::ResetLayout { tr("Reset layout") } else { tr("Hide this panel") };
                if ui.button(text).clicked() {
                    self.out.push(Intent::Do(command));
                    ui.close();
                }
            }
        });
        response
    }

    fn is_tab_bar_visible(&self, _id: TileId, _tabs: &Tabs) -> bool {
        true
    }

    fn drag_ui(&mut self, tiles: &Tiles<Pane>, ui: &mut Ui, id: TileId) {
        let t = tokens(ui);
        let title = Self::pane_of(tiles, id).map_or("", Pane::title);
        egui::Frame::new()
            .fill(t.surface2)
            .stroke(Stroke::new(1.0, t.accent))
            .corner_radius(theme::RADIUS)
            .inner_margin(egui::Margin::symmetric(8, 4))
            .show(ui, |ui| ui.label(tr(title)));
    }

    fn tab_bar_height(&self, _style: &egui::Style) -> f32 {
        TAB_BAR
    }

    fn gap_width(&self, _style: &egui::Style) -> f32 {
        GAP
    }

    fn min_size(&self) -> f32 {
        96.0
    }

    fn cycle_tabs_with_keyboard(&self) -> bool {
        // F6 and the commands of the panels do that, wherever the pointer is.
        false
    }

    fn simplification_options(&self) -> SimplificationOptions {
        SimplificationOptions { all_panes_must_have_tabs: true, ..SimplificationOptions::default() }
    }

    fn tab_bar_color(&self, visuals: &Visuals) -> Color32 {
        visuals.extreme_bg_color
    }

    fn resize_stroke(&self, style: &egui::Style, state: ResizeState) -> Stroke {
        let v = &style.visuals;
        match state {
            // In high contrast all grounds are black: there the gap is a line.
            ResizeState::Idle if v.extreme_bg_color == v.panel_fill => Stroke::new(1.0, v.window_stroke.color),
            ResizeState::Idle => Stroke::new(GAP, v.extreme_bg_color),
            ResizeState::Hovering => Stroke::new(GAP, v.weak_text_color()),
            ResizeState::Dragging => Stroke::new(GAP, v.selection.stroke.color),
        }
    }

    fn drag_preview_stroke(&self, visuals: &Visuals) -> Stroke {
        Stroke::new(2.0, visuals.hyperlink_color)
    }

    fn drag_preview_color(&self, visuals: &Visuals) -> Color32 {
        visuals.hyperlink_color.gamma_multiply(0.2)
    }

    fn on_edit(&mut self, action: EditAction) {
        self.resized |= matches!(action, EditAction::TileResized);
    }
}

impl DockBehavior<'_> {
    /// The mark that hides the front pane.
    fn close_mark(&mut self, ui: &Ui, tab: Rect, pane: Pane) {
        let t = tokens(ui);
        let rect = Rect::from_center_size(pos2(tab.right() - 2.0 - CLOSE / 2.0, tab.center().y), Vec2::splat(CLOSE));
        // The target is larger than what is drawn.
        let target = Rect::from_center_size(rect.center(), Vec2::splat(24.0)).intersect(tab);
        // Not a stop of the keyboard: the command hides the pane as well.
        let sense = Sense::CLICK;
        let response = ui.interact(target, Id::unique(("hide", pane)), sense).on_hover_cursor(CursorIcon::Default);
        let label = tr_with("Hide {panel}", &[("panel", tr(pane.title()))]);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
        let color = if response.hovered() { t.text1 } else { t.text3 };
        if response.hovered() {
            ui.painter().rect_filled(rect.shrink(1.0), theme::RADIUS, t.surface3);
        }
        paint_cross(ui, rect.center(), color);
        if response.clicked() {
            self.out.push(Intent::Do(Command::Panel(pane)));
        }
    }
}

fn paint_cross(ui: &Ui, center: egui::Pos2, color: Color32) {
    let stroke = Stroke::new(1.2, color);
    for (a, b) in [(vec2(-3.0, -3.0), vec2(3.0, 3.0)), (vec2(3.0, -3.0), vec2(-3.0, 3.0))] {
        ui.painter().line_segment([center + a, center + b], stroke);
    }
}

/// The panes in bars of tabs that have no room for all titles, by the places of the last frame.
pub fn tight_panes(ui: &Ui, tree: &egui_tiles::Tree<Pane>, studio: &Studio) -> Vec<Pane> {
    let mut tight = Vec::new();
    for (id, tile) in tree.tiles.iter() {
        let Tile::Container(egui_tiles::Container::Tabs(tabs)) = tile else { continue };
        let Some(room) = tree.tiles.rect(*id).map(|r| r.width()) else { continue };
        let front = tabs.next_active(&tree.tiles);
        let panes: Vec<(bool, Pane)> = tabs
            .children
            .iter()
            .filter(|c| tree.is_visible_in_layout(**c))
            .filter_map(|c| Some((front == Some(*c), DockBehavior::pane_of(&tree.tiles, *c)?)))
            .collect();
        let needed: f32 = panes
            .iter()
            .map(|(front, pane)| DockBehavior::tab_width(ui, *pane, studio.badge(*pane), true, *front))
            .sum();
        if needed > room {
            tight.extend(panes.into_iter().map(|(_, pane)| pane));
        }
    }
    tight
}
