//! The recording's own picture beside the person, or wiped against it.

use super::source::SourceView;
use super::{ViewportState, fit_size};
use crate::app::i18n::{tr, tr_message};
use crate::app::theme::{self, Tokens};
use egui::{
    Align2, Color32, CursorIcon, EventFilter, Key, Modifiers, Painter, Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};
use serde::{Deserialize, Serialize};

/// How the recording's picture is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Compare {
    #[default]
    Off,
    /// Left of the person.
    Beside,
    /// Over the person, left of a line that can be moved.
    Wipe,
}

/// Space between the two pictures, points.
const GAP: f32 = 8.0;
/// Share of the picture that an arrow key moves the line by.
const STEP: f32 = 0.02;

/// Halves the stage: for the recording, and for the person.
pub fn halves(stage: Rect) -> (Rect, Rect) {
    let middle = stage.center().x;
    (stage.with_max_x(middle - GAP / 2.0), stage.with_min_x(middle + GAP / 2.0))
}

/// Draws the recording's picture as large as fits into `room`.
pub fn source(painter: &Painter, room: Rect, view: SourceView<'_>, t: &Tokens) {
    match view.picture {
        Some((texture, aspect)) => {
            let rect = Rect::from_center_size(room.center(), fit_size(room.size(), aspect));
            painter.image(texture, rect, Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0)), Color32::WHITE);
        }
        None => {
            painter.rect_filled(room, theme::RADIUS, t.surface1);
            let width = (room.width() - 32.0).max(40.0);
            let text = painter.layout(tr_message(view.message), theme::regular(theme::BODY), t.text2, width);
            painter.galley(room.center() - text.size() / 2.0, text, t.text2);
        }
    }
}

/// A word in the corner that says whose picture it is.
pub fn tag(painter: &Painter, room: Rect, align: Align2, text: &str, t: &Tokens) {
    let galley = painter.layout_no_wrap(text.to_owned(), theme::regular(theme::SMALL), t.text1);
    let rect = align.anchor_size(align.pos_in_rect(&room.shrink(6.0)), galley.size());
    painter.rect_filled(rect.expand2(vec2(4.0, 2.0)), 3.0, t.surface1.gamma_multiply(0.85));
    painter.galley(rect.min, galley, t.text1);
}

/// Draws the recording over `rect`, left of the line, and takes in what is done to the line.
pub fn wipe(ui: &Ui, stage: Rect, rect: Rect, view: SourceView<'_>, state: &mut ViewportState, t: &Tokens) {
    let seen = rect.intersect(stage);
    if !seen.is_positive() {
        return;
    }
    let at = |wipe: f32| seen.left() + wipe * seen.width();
    let hit = Rect::from_center_size(pos2(at(state.wipe.0), seen.center().y), vec2(24.0, seen.height()));
    let line = ui.interact(hit, ui.scope_id().with("wipe"), Sense::click_and_drag());
    if line.dragged()
        && let Some(pointer) = line.interact_pointer_pos()
    {
        state.wipe.0 = ((pointer.x - seen.left()) / seen.width()).clamp(0.0, 1.0);
    }
    if line.clicked() {
        line.request_focus();
    }
    if line.has_focus() {
        let filter = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|m| m.set_focus_lock_filter(line.id, filter));
        let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
        let by = if pressed(Key::ArrowRight) { STEP } else { 0.0 } - if pressed(Key::ArrowLeft) { STEP } else { 0.0 };
        state.wipe.0 = (state.wipe.0 + by).clamp(0.0, 1.0);
    }
    line.widget_info(|| WidgetInfo::slider(true, f64::from(state.wipe.0), tr("Wipe between recording and person")));
    if line.hovered() || line.dragged() {
        ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    let x = at(state.wipe.0);
    let painter = ui.painter_at(seen.with_max_x(x));
    painter.rect_filled(seen, 0.0, t.surface0);
    source(&painter, rect, view, t);
    let over = ui.painter_at(stage);
    let color = if line.has_focus() { t.focus } else { t.accent };
    over.vline(x, seen.y_range(), Stroke::new(if line.hovered() || line.has_focus() { 3.0 } else { 2.0 }, color));
    let grip = Rect::from_center_size(pos2(x, seen.center().y), vec2(10.0, 28.0));
    over.rect_filled(grip, 4.0, color);
    for dx in [-1.5, 1.5] {
        over.vline(x + dx, grip.shrink(8.0).y_range(), Stroke::new(1.0, t.surface0));
    }
    if line.has_focus() {
        over.rect_stroke(grip.expand(2.0), 5.0, Stroke::new(1.0, t.focus), StrokeKind::Outside);
    }
    line.on_hover_text(tr("Drag to see more of the recording or of the person. Arrow keys when it has the keyboard."));
}

/// The role under which the recording's picture is read out.
pub fn describe(ui: &Ui, room: Rect, view: SourceView<'_>) {
    let response = ui.interact(room, ui.scope_id().with("source"), Sense::hover());
    let name =
        if view.picture.is_some() { tr("Picture of the recording").to_owned() } else { tr_message(view.message) };
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
}
