//! The timeline: ruler, sound, what is said, what is cued, what is generated, all over one clock.
//!
//! Ctrl+wheel zooms at the pointer, Shift+wheel and dragging with the middle button pan, ruler and sound lane are
//! scrubbed, Ctrl+drag on the ruler loops, dragging over a lane draws a box. Boundaries roll, with Shift they take along
//! everything at their time. The panel draws borrowed data and pushes intents; only the stretch of time it shows and
//! how it shows its tiers belong to itself.

pub mod cache;
mod density;
pub mod edges;
pub mod entry;
mod expression_rows;
pub mod expressions;
pub mod handles;
mod hands;
mod header;
mod ink;
pub mod lanes;
mod loupe;
mod mark_rows;
pub mod markers;
pub mod masks;
pub mod moves;
mod rows;
pub mod ruler;
pub mod segments;
pub mod select;
pub mod snap;
mod sound;
mod spectrogram;
pub mod state;
mod strip;
mod takes;
pub mod tap;
pub mod tiers;
pub mod tokens;
pub mod view;
pub mod waveform;

pub use state::{TimelineInput, TimelineSettings, TimelineState};

use super::i18n::tr;
use super::intent::Intent;
use super::theme::{self, Tokens, tokens};
use crate::time::{Seconds, TimeRange};
use egui::{
    Align2, CursorIcon, Id, PointerButton, Rangef, Rect, Role, Sense, Shape, Stroke, Ui, UiBuilder, Vec2, WidgetInfo,
    pos2, vec2,
};
use tiers::TierId;
use view::Scale;

/// Width of the column with the heads of the tiers.
const NAMES: f32 = 112.0;
const RULER: f32 = 24.0;
const GAP: f32 = 3.0;
/// Height of the strip that is shown while taps are taken.
const STRIP: f32 = 32.0;

/// Draws the timeline into the rest of `ui`.
pub fn timeline_ui(ui: &mut Ui, input: &TimelineInput<'_>, state: &mut TimelineState, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    let mut area = ui.available_rect_before_wrap();
    let whole = area;
    let length = input.project.length();
    if state.tap.is_some() {
        let strip = area.with_max_y(area.top() + STRIP);
        strip::show(ui, strip, state, input, out);
        area.min.y += STRIP + GAP;
    }
    let lanes_x = Rangef::new(area.left() + NAMES, (area.right() - 8.0).max(area.left() + NAMES + 40.0));
    state.width = lanes_x;
    navigate(ui, area, length, state);
    if input.playing && !ui.input(|i| i.pointer.any_down()) {
        // A view that pages away under a held drag would take the thing out of the hand.
        let scale = state.view.scale(length, lanes_x);
        state.view.follow(scale, input.playhead, length);
    }
    let scale = state.view.scale(length, lanes_x);
    if state.grab.is_none() && state.painting.is_none() && state.expressing.is_none() && state.loop_from.is_none() {
        state.snapped = None;
    }

    let ruler_rect = Rect::from_min_max(pos2(lanes_x.min, area.top()), pos2(lanes_x.max, area.top() + RULER));
    let body = Rect::from_min_max(pos2(area.left(), ruler_rect.bottom() + GAP), area.right_bottom());
    let fps = input.project.settings.fps;
    let ruler_painter = ui.painter_at(ruler_rect.expand2(vec2(0.0, 1.0)));
    ruler::paint(&ruler_painter, ruler_rect, scale, fps, length, t);
    ruler_interaction(ui, ruler_rect, scale, input, state, out);
    let corner = Rect::from_min_max(area.left_top(), pos2(lanes_x.min - 2.0, ruler_rect.bottom()));
    header::corner(ui, corner, state);
    state.spectrogram.take(ui, t);
    state.densities.follow(input, state.token);

    ui.scope_builder(UiBuilder::new().max_rect(body), |ui| {
        egui::ScrollArea::vertical().id_salt("lanes").auto_shrink(false).show(ui, |ui| {
            let shown = state.settings.tiers.shown();
            let heights = state.settings.tiers.heights(&shown, body.height(), GAP);
            let total = heights.iter().sum::<f32>() + GAP * heights.len() as f32;
            let (all, background) =
                ui.allocate_exact_size(vec2(ui.available_width(), total), Sense::CLICK | Sense::DRAG);
            background.widget_info(|| WidgetInfo::labeled(Role::Unknown, true, tr("Ground of the timeline")));
            if let Some(pointer) = background.interact_pointer_pos().filter(|p| lanes_x.contains(p.x)) {
                if background.clicked() {
                    out.push(Intent::ClearSelection);
                    out.push(Intent::Seek(scale.time_from_x(pointer.x).clamp(Seconds::ZERO, length)));
                } else if background.drag_started_by(PointerButton::Primary) {
                    let origin = ui.input(|i| i.pointer.press_origin()).unwrap_or(pointer);
                    state.begin_marquee(ui, origin, scale);
                }
            }
            let mut y = all.top();
            let mut lanes = Vec::with_capacity(shown.len());
            for (tier, height) in shown.iter().zip(&heights) {
                lanes.push((*tier, Rect::from_min_max(pos2(scale.x.min, y), pos2(scale.x.max, y + height))));
                y += height + GAP;
            }
            for (tier, lane) in &lanes {
                let row = lane.with_min_x(all.left());
                let head = Rect::from_min_max(pos2(all.left(), lane.top()), pos2(scale.x.min - 2.0, lane.bottom()));
                // Heads are few: all of them stand in the Tab order, and the one that is reached comes into view.
                let reached = header::show(ui, head, *tier, input, state, t, out);
                if reached || state.reveal == Some(*tier) {
                    state.reveal = None;
                    ui.scroll_to_rect(row, None);
                } else if !ui.is_rect_visible(row) && state.current != *tier {
                    continue;
                }
                ui.painter().rect_filled(*lane, 0.0, theme::mix(t.surface0, t.surface1, 0.35));
                rows::show(ui, *tier, *lane, &shown, scale, input, state, t, out);
            }
            marquee(ui, &lanes, scale, input, state, t, out);
        });
    });
    lanes::move_focus(ui);
    overlay(ui, area, ruler_rect, scale, input, state, t);
    entry::show(ui, state, input, out);
    ui.advance_cursor_after_rect(whole);
}

fn navigate(ui: &Ui, area: Rect, length: Seconds, state: &mut TimelineState) {
    if !ui.rect_contains_pointer(area) {
        return;
    }
    let scale = state.view.scale(length, state.width);
    let (zoom, pan, middle, delta) = ui.input(|i| {
        (i.zoom_delta(), i.smooth_scroll_delta().x, i.pointer.button_down(PointerButton::Middle), i.pointer.delta().x)
    });
    if zoom != 1.0 {
        let x = ui.ctx().pointer_latest_pos().map_or(state.width.center(), |p| p.x);
        state.view.zoom_at(scale, x, f64::from(zoom), length);
    }
    let scale = state.view.scale(length, state.width);
    let px = -pan - if middle { delta } else { 0.0 };
    if px != 0.0 && !state.view.is_fit() {
        state.view.pan(scale, px, length);
    }
    if middle {
        ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
    }
}

fn ruler_interaction(
    ui: &Ui,
    rect: Rect,
    scale: Scale,
    input: &TimelineInput<'_>,
    state: &mut TimelineState,
    out: &mut Vec<Intent>,
) {
    let response = ui.interact(rect, Id::unique("ruler"), Sense::click_and_drag());
    response.widget_info(|| {
        let mut info = WidgetInfo::slider(true, input.playhead.0, tr("Playhead"));
        info.role = Role::Slider;
        info
    });
    let length = input.project.length();
    let with_ctrl = ui.input(|i| i.modifiers.command);
    if let Some(pointer) = response.interact_pointer_pos()
        && (response.dragged() || response.clicked() || response.is_pointer_button_down_on())
        && !ui.input(|i| i.pointer.button_down(PointerButton::Middle))
    {
        let time = scale.time_from_x(pointer.x).clamp(Seconds::ZERO, length);
        if state.loop_from.is_some() || (with_ctrl && response.drag_started()) {
            // Loops snap as everything does.
            let time = state.snap(ui, time, snap::Held::Nothing, &TimelineInput { looped: None, ..*input }, scale);
            let from = *state.loop_from.get_or_insert(time);
            // A few points of dead zone: a click must not make a loop of no length.
            let range = TimeRange::new(from, time);
            if 4.0 < range.length().0 * scale.px_per_second() {
                out.push(Intent::SetLoop(Some(range)));
            }
        } else if response.clicked() {
            out.push(Intent::Seek(time));
        } else {
            out.push(Intent::Scrub(time));
        }
    }
    if response.drag_stopped() {
        state.loop_from = None;
        out.push(Intent::Seek(input.playhead));
    }
    response.on_hover_text_at_pointer(tr("Drag to scrub. Ctrl+drag to loop a stretch."));
}

/// The box being drawn; what it holds is selected when the button is let go.
fn marquee(
    ui: &Ui,
    lanes: &[(TierId, Rect)],
    scale: Scale,
    input: &TimelineInput<'_>,
    state: &mut TimelineState,
    t: &Tokens,
    out: &mut Vec<Intent>,
) {
    let Some(held) = state.marquee else { return };
    let Some(pointer) = ui.ctx().pointer_latest_pos() else { return };
    let x = scale.x.clamp(pointer.x);
    let rect = Rect::from_two_pos(pos2(scale.x_from_time(held.from), held.from_y), pos2(x, pointer.y));
    let painter = ui.painter();
    let seen = rect.intersect(Rect::from_x_y_ranges(scale.x, ui.clip_rect().y_range()));
    painter.rect_filled(seen, 0.0, t.accent.gamma_multiply(0.15));
    let corners = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom(), rect.left_top()];
    painter.extend(Shape::dashed_line(&corners, Stroke::new(1.0, t.accent), 4.0, 3.0));
    if ui.input(|i| i.pointer.any_down()) {
        return;
    }
    state.marquee = None;
    let tiers: Vec<TierId> =
        lanes.iter().filter(|(_, l)| l.y_range().intersects(rect.y_range())).map(|l| l.0).collect();
    let range = TimeRange::new(scale.time_from_x(rect.left()), scale.time_from_x(rect.right()));
    let found = select::in_box(input.project, input.board, &tiers, range);
    let all = if held.adds { select::union(input.selection, &found) } else { found };
    if let Some(tier) = tiers.last() {
        state.current = *tier;
    }
    out.push(Intent::Select(Box::new(all)));
}

/// Loop, snap line and playhead, over everything.
fn overlay(
    ui: &Ui,
    area: Rect,
    ruler: Rect,
    scale: Scale,
    input: &TimelineInput<'_>,
    state: &TimelineState,
    t: &Tokens,
) {
    let lanes = Rect::from_x_y_ranges(scale.x, area.y_range());
    let painter = ui.painter_at(lanes.expand2(Vec2::new(6.0, 0.0)));
    if let Some(range) = input.looped {
        let (a, b) = (scale.x_from_time(range.start), scale.x_from_time(range.end));
        painter.rect_filled(Rect::from_x_y_ranges(a..=b, ruler.top()..=ruler.top() + 4.0), 1.0, t.accent);
        for x in [a, b] {
            painter.vline(x, lanes.y_range(), Stroke::new(1.0, t.accent.gamma_multiply(0.6)));
        }
    }
    input.marked.paint(&painter, ruler, |time| scale.x_from_time(time), t.accent);
    if let Some(snapped) = state.snapped
        && let Some(reason) = snapped.reason
    {
        let x = scale.x_from_time(snapped.time);
        let line = [pos2(x, ruler.bottom()), pos2(x, area.bottom())];
        painter.extend(Shape::dashed_line(&line, Stroke::new(1.0, t.focus), 3.0, 3.0));
        let text = painter.layout_no_wrap(reason.name().to_owned(), theme::regular(theme::SMALL), t.focus);
        // On the side where there is room.
        let at = if x + 8.0 + text.size().x < scale.x.max { x + 5.0 } else { x - 5.0 - text.size().x };
        let rect = Align2::LEFT_BOTTOM.anchor_size(pos2(at, area.bottom() - 4.0), text.size());
        painter.rect_filled(rect.expand2(vec2(3.0, 1.0)), 2.0, t.surface1);
        painter.galley(rect.min, text, t.focus);
    }
    let x = painter.round_to_pixel_center(scale.x_from_time(input.playhead));
    if scale.x.expand(1.0).contains(x) {
        painter.vline(x, ruler.top() + 8.0..=area.bottom(), Stroke::new(1.0, t.playhead));
        let top = pos2(x, ruler.bottom() - 2.0);
        let head =
            vec![top + vec2(-5.5, -10.0), top + vec2(5.5, -10.0), top + vec2(5.5, -5.0), top, top + vec2(-5.5, -5.0)];
        painter.add(Shape::convex_polygon(head, t.playhead, Stroke::NONE));
    }
}
