//! Controls of time in the transport bar: the timecode that is dragged or typed, the jog wheel, the level meter.

use crate::app::commands::Command;
use crate::app::i18n::{number, tr, tr_with};
use crate::app::intent::Intent;
use crate::app::playback::level::{FLOOR, Level};
use crate::app::playback::typed_time;
use crate::app::theme::{self, tokens};
use crate::app::widgets::focus_ring;
use crate::time::{Fps, Seconds};
use egui::{
    Align2, CursorIcon, EventFilter, Id, Key, Rect, Role, Sense, Stroke, TextEdit, TextStyle, Ui, Vec2, WidgetInfo,
    pos2, vec2,
};

/// Points on the timecode for one frame.
const CODE_POINTS: f32 = 2.0;
/// Points on the jog wheel for one frame: fine steps.
const JOG_POINTS: f32 = 8.0;
/// The wheel shows half of its rim: so many radians a frame.
const JOG_ANGLE: f32 = 0.17;
/// The mark of the loudest moment falls by so many decibels a second.
const FALL: f32 = 15.0;

/// The time of the playhead: drag to change it (Shift: a second for a frame), double-click or press `=` to type it.
pub fn timecode(
    ui: &mut Ui,
    now: Seconds,
    length: Seconds,
    fps: Fps,
    typed: &mut Option<String>,
    out: &mut Vec<Intent>,
) {
    let width = if length.0 >= 3600.0 { 96.0 } else { 76.0 };
    if typed.is_some() {
        time_field(ui, width, now, length, fps, typed, out);
        return;
    }
    let (rect, response) = ui.allocate_exact_size(vec2(width, theme::ROW), Sense::click_and_drag());
    response.widget_info(|| {
        let mut info = WidgetInfo::slider(true, now.0, tr("Time"));
        info.current_text_value = Some(now.timecode());
        info
    });
    let t = tokens(ui);
    if response.hovered() || response.dragged() {
        ui.painter().rect_filled(rect, theme::RADIUS, t.surface2);
        ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    focus_ring(ui, &response);
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, now.timecode(), theme::mono(theme::BODY), t.text1);
    let step = if ui.input(|i| i.modifiers.shift) { Seconds(1.0) } else { fps.frame_length() };
    drag(&response, step, CODE_POINTS, now, length, out);
    let entered = response.has_focus() && ui.input(|i| i.key_pressed(Key::Enter));
    if response.double_clicked() || entered {
        *typed = Some(now.timecode());
    }
    response.on_hover_text(tr("Drag to change the time, Shift+drag by seconds. Double-click or press = to type it."));
}

/// Dragging by `points` for each `step` moves the playhead, with sound.
fn drag(response: &egui::Response, step: Seconds, points: f32, now: Seconds, length: Seconds, out: &mut Vec<Intent>) {
    if response.dragged() && response.drag_delta().x != 0.0 {
        let by = f64::from(response.drag_delta().x / points) * step.0;
        out.push(Intent::Scrub(Seconds(now.0 + by).clamp(Seconds::ZERO, length)));
    }
    if response.drag_stopped() {
        out.push(Intent::Seek(now));
    }
}

fn time_field(
    ui: &mut Ui,
    width: f32,
    now: Seconds,
    length: Seconds,
    fps: Fps,
    typed: &mut Option<String>,
    out: &mut Vec<Intent>,
) {
    let Some(text) = typed else { return };
    let t = tokens(ui);
    let time = typed_time(text, now, fps);
    let id = Id::unique("typed time");
    let mut state = TextEdit::load_state(ui.ctx(), id);
    let fresh = state.is_none();
    let field = TextEdit::singleline(text)
        .id(id)
        .desired_width(width - 12.0)
        .font(TextStyle::Monospace)
        .text_color(if time.is_some() { t.text1 } else { t.danger });
    let response = ui.add(field).accessible_name(tr("Time"));
    if fresh {
        // All of it is selected: what is typed takes its place.
        response.request_focus();
        state = TextEdit::load_state(ui.ctx(), id);
        if let Some(mut state) = state {
            let all = egui::text::CCursorRange::two(
                egui::text::CCursor::new(0),
                egui::text::CCursor::new(text.chars().count()),
            );
            state.cursor.set_char_range(Some(all));
            state.store(ui.ctx(), id);
        }
    }
    let (enter, escape) = ui.input(|i| (i.key_pressed(Key::Enter), i.key_pressed(Key::Escape)));
    let left = response.lost_focus();
    let response =
        response.on_hover_text(tr("Minutes:seconds, a frame such as 75f, or + and – from here. Enter goes there."));
    if enter && let Some(time) = time {
        out.push(Intent::Seek(time.clamp(Seconds::ZERO, length)));
    }
    if escape || (left && (time.is_some() || !enter)) {
        *typed = None;
        ui.data_mut(|d| d.remove::<egui::text_edit::TextEditState>(id));
    } else if left {
        // What cannot be read stays to be corrected.
        response.request_focus();
    }
}

/// A wheel under the picture: drag it, or walk it with the arrow keys, frame by frame with sound.
pub fn jog(ui: &mut Ui, width: f32, now: Seconds, length: Seconds, fps: Fps, out: &mut Vec<Intent>) {
    let (rect, response) = ui.allocate_exact_size(vec2(width, theme::ROW - 4.0), Sense::click_and_drag());
    response.widget_info(|| {
        let mut info = WidgetInfo::slider(true, now.0 * fps.rate(), tr("Jog"));
        info.role = Role::Slider;
        info
    });
    drag(&response, fps.frame_length(), JOG_POINTS, now, length, out);
    if response.has_focus() {
        let arrows = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|m| m.set_focus_lock_filter(response.id, arrows));
        let (back, on) = ui.input(|i| (i.num_presses(Key::ArrowLeft), i.num_presses(Key::ArrowRight)));
        out.extend(std::iter::repeat_n(Intent::Do(Command::PreviousFrame), back));
        out.extend(std::iter::repeat_n(Intent::Do(Command::NextFrame), on));
    }
    if ui.is_rect_visible(rect) {
        let t = tokens(ui);
        let painter = ui.painter_at(rect);
        painter.rect_filled(rect, theme::RADIUS, if response.hovered() { t.surface3 } else { t.surface2 });
        // Ridges on a turning cylinder, one a frame, seen from the front.
        let turned = (now.0 * fps.rate()) as f32;
        let first = (turned - std::f32::consts::FRAC_PI_2 / JOG_ANGLE).ceil() as i64;
        let last = (turned + std::f32::consts::FRAC_PI_2 / JOG_ANGLE).floor() as i64;
        for ridge in first..=last {
            let angle = (ridge as f32 - turned) * JOG_ANGLE;
            let x = rect.center().x + angle.sin() * (rect.width() / 2.0 - 2.0);
            let color = theme::mix(t.surface2, t.text2, angle.cos().powi(2));
            let inset = if ridge % 5 == 0 { 3.0 } else { 6.0 };
            painter.vline(x, rect.top() + inset..=rect.bottom() - inset, Stroke::new(1.0, color));
        }
        painter.vline(rect.center().x, rect.y_range(), Stroke::new(1.5, t.accent));
        focus_ring(ui, &response);
    }
    if response.hovered() || response.dragged() {
        ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    response.on_hover_text(tr("Jog: drag to go frame by frame with sound; with the keyboard, the arrow keys."));
}

/// How loud the sound is at the playhead, left above right, from -60 to 0 decibels.
pub fn meter(ui: &mut Ui, width: f32, levels: [Level; 2]) {
    let (rect, response) = ui.allocate_exact_size(vec2(width, theme::ROW - 8.0), Sense::hover());
    let loudest = levels[0].rms.max(levels[1].rms);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Meter, true, tr("Level"));
        info.value = Some(f64::from(loudest));
        info
    });
    let now = ui.input(|i| i.time);
    let id = Id::unique("level peaks");
    let (mut held, before): ([f32; 2], f64) = ui.data(|d| d.get_temp(id)).unwrap_or(([FLOOR; 2], now));
    let fall = ((now - before) as f32).clamp(0.0, 1.0) * FALL;
    for (held, level) in held.iter_mut().zip(&levels) {
        *held = (*held - fall).max(level.peak).max(FLOOR);
    }
    ui.data_mut(|d| d.insert_temp(id, (held, now)));
    if ui.is_rect_visible(rect) {
        let t = tokens(ui);
        let share = |db: f32| ((db - FLOOR) / -FLOOR).clamp(0.0, 1.0);
        let x = |db: f32| rect.left() + rect.width() * share(db);
        let painter = ui.painter_at(rect);
        let height = (rect.height() - 2.0) / 2.0;
        for (i, level) in levels.iter().enumerate() {
            let top = rect.top() + i as f32 * (height + 2.0);
            let row = Rect::from_min_size(pos2(rect.left(), top), vec2(rect.width(), height));
            painter.rect_filled(row, 1.0, t.surface2);
            let bar = |from: f32, to: f32, color| {
                if to > from {
                    painter.rect_filled(Rect::from_x_y_ranges(x(from)..=x(to), row.y_range()), 1.0, color);
                }
            };
            bar(FLOOR, level.peak, t.sound);
            bar(FLOOR, level.rms, t.sound_core);
            bar(-6.0, level.peak, t.warning);
            if held[i] > FLOOR {
                let full = held[i] > -0.1;
                // Full scale is also a block at the end, not red alone.
                let mark = if full { vec2(5.0, height) } else { vec2(2.0, height) };
                let right = x(held[i]).max(rect.left() + mark.x);
                let color = if full { t.danger } else { t.text2 };
                painter.rect_filled(Rect::from_min_size(pos2(right - mark.x, top), mark), 0.0, color);
            }
        }
        for db in [-40.0, -20.0, -6.0] {
            painter.vline(x(db), rect.y_range(), Stroke::new(1.0, t.surface1));
        }
    }
    let text = if loudest > FLOOR {
        tr_with("Level: {level} dB of full scale", &[("level", &number(f64::from(loudest), 0))])
    } else {
        tr("Level: silence").to_owned()
    };
    let _ = response.on_hover_text(text);
    ui.allocate_space(Vec2::new(2.0, 0.0));
}
