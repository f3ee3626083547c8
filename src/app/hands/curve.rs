//! One number of a layer over time: its curve, with keys that can be dragged.

use crate::app::i18n::tr_with;
use crate::app::intent::Intent;
use crate::app::list::note_keyboard;
use crate::app::theme::{self, Tier, Tokens};
use crate::document::edit::Edit;
use crate::document::marks::HandLayer;
use crate::pose::refine::Dial;
use crate::time::{Fps, Seconds, TimeRange};
use egui::{
    EventFilter, Key, Modifiers, Pos2, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

/// Height of the curve, points.
const HEIGHT: f32 = 104.0;
/// Share of the dial's range that an arrow key moves a key by.
const STEP: f32 = 0.025;

/// From time and value to the screen and back.
struct Plot {
    rect: Rect,
    time: TimeRange,
    value: (f32, f32),
}

impl Plot {
    fn at(&self, time: Seconds, value: f32) -> Pos2 {
        let x = (time - self.time.start).0 / self.time.length().0.max(1e-6);
        let y = (value - self.value.0) / (self.value.1 - self.value.0);
        pos2(self.rect.left() + x as f32 * self.rect.width(), self.rect.bottom() - y * self.rect.height())
    }

    fn time_at(&self, x: f32) -> Seconds {
        let share = f64::from((x - self.rect.left()) / self.rect.width().max(1.0)).clamp(0.0, 1.0);
        self.time.start + Seconds(share * self.time.length().0)
    }

    fn value_at(&self, y: f32) -> f32 {
        let share = ((self.rect.bottom() - y) / self.rect.height().max(1.0)).clamp(0.0, 1.0);
        self.value.0 + share * (self.value.1 - self.value.0)
    }
}

/// The layer with key `at` moved to a time, between its neighbours, and given a value.
pub fn with_key(layer: &HandLayer, at: usize, time: Seconds, dial: Dial, value: f32, frame: Seconds) -> HandLayer {
    let mut layer = layer.clone();
    let keys = &mut layer.what.keys;
    let low = at.checked_sub(1).and_then(|i| keys.get(i)).map_or(Seconds::ZERO, |k| k.time + frame);
    let high = keys.get(at + 1).map_or(Seconds(f64::MAX), |k| k.time - frame);
    if let Some(key) = keys.get_mut(at) {
        if low <= high {
            key.time = time.max(low).min(high);
        }
        dial.set(&mut key.change, value);
    }
    layer
}

/// Draws the curve of `dial` and takes in what is done to it.
#[expect(clippy::too_many_arguments, reason = "what is drawn and with what, passed on once")]
pub fn curve_ui(
    ui: &mut Ui,
    layer: &HandLayer,
    dial: Dial,
    dial_name: &str,
    playhead: Seconds,
    fps: Fps,
    t: &Tokens,
    out: &mut Vec<Intent>,
) {
    let (whole, ground) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::click());
    ground.widget_info(|| WidgetInfo::labeled(Role::Image, true, tr_with("Curve of {name}", &[("name", dial_name)])));
    let it = &layer.what;
    let reach = it.reach();
    let first = it.keys.first().map_or(reach.start, |k| k.time.min(reach.start));
    let last = it.keys.last().map_or(reach.end, |k| k.time.max(reach.end));
    let plot = Plot { rect: whole.shrink2(vec2(8.0, 8.0)), time: TimeRange::new(first, last), value: dial.range() };
    let painter = ui.painter_at(whole);
    painter.rect_filled(whole, theme::RADIUS, t.surface0);
    // Where the layer holds wholly.
    let held =
        Rect::from_x_y_ranges(plot.at(it.range.start, 0.0).x..=plot.at(it.range.end, 0.0).x, plot.rect.y_range());
    painter.rect_filled(held, 0.0, t.surface2);
    let zero = plot.at(first, 0.0_f32.clamp(plot.value.0, plot.value.1));
    painter.hline(plot.rect.x_range(), zero.y, Stroke::new(1.0, t.line));
    if reach.start <= playhead && playhead <= reach.end {
        painter.vline(plot.at(playhead, 0.0).x, plot.rect.y_range(), Stroke::new(1.0, t.playhead));
    }
    let hue = t.hue(Tier::Position);
    let count = (plot.rect.width() / 3.0).max(2.0) as usize;
    let points = (0..=count).map(|i| {
        let time = plot.time_at(plot.rect.left() + plot.rect.width() * i as f32 / count as f32);
        plot.at(time, dial.get(&it.change_at(time)))
    });
    painter.add(Shape::line(points.collect(), Stroke::new(1.5, hue)));
    let frame = fps.frame_length();
    if ground.double_clicked()
        && let Some(pointer) = ground.interact_pointer_pos()
    {
        let mut layer = layer.clone();
        layer.what.change_key(fps.snap(plot.time_at(pointer.x)), |k| dial.set(&mut k.change, plot.value_at(pointer.y)));
        out.push(Intent::Edit(Edit::SetHandLayer(Box::new(layer))));
    }
    for (i, key) in it.keys.iter().enumerate() {
        let value = dial.get(&key.change);
        let at = plot.at(key.time, value);
        let id = ui.scope_id().with(("hand key", layer.id.0, i));
        let response = ui.interact(Rect::from_center_size(at, vec2(16.0, 16.0)), id, Sense::click_and_drag());
        let label = tr_with(
            "Key at {time}: {name} {value}",
            &[("time", &key.time.timecode()), ("name", dial_name), ("value", &format!("{value:.2}"))],
        );
        response.widget_info(|| WidgetInfo::slider(true, f64::from(value), &label));
        if response.dragged()
            && let Some(pointer) = response.interact_pointer_pos()
        {
            let time = fps.snap(plot.time_at(pointer.x));
            let moved = with_key(layer, i, time, dial, plot.value_at(pointer.y), frame);
            if moved != *layer {
                out.push(Intent::Drag("Move hand key", Edit::SetHandLayer(Box::new(moved))));
            }
        }
        if response.drag_stopped() {
            out.push(Intent::EndDrag);
        }
        if response.clicked() {
            response.request_focus();
            out.push(Intent::Seek(key.time));
        }
        if response.has_focus() {
            let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
            ui.memory_mut(|m| m.set_focus_lock_filter(id, filter));
            note_keyboard(ui, id);
            let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
            let sign = |more, less| f32::from(u8::from(pressed(more))) - f32::from(u8::from(pressed(less)));
            let (right, up) = (sign(Key::ArrowRight, Key::ArrowLeft), sign(Key::ArrowUp, Key::ArrowDown));
            if right != 0.0 || up != 0.0 {
                let time = key.time + Seconds(frame.0 * f64::from(right));
                let value = value + up * STEP * (plot.value.1 - plot.value.0);
                let moved = with_key(layer, i, time, dial, value, frame);
                out.push(Intent::Edit(Edit::SetHandLayer(Box::new(moved))));
            } else if pressed(Key::Delete) {
                let mut layer = layer.clone();
                layer.what.keys.remove(i);
                out.push(Intent::Edit(Edit::SetHandLayer(Box::new(layer))));
            }
        }
        let size = if response.hovered() || response.dragged() { 6.0 } else { 4.5 };
        let diamond = [vec2(0.0, -size), vec2(size, 0.0), vec2(0.0, size), vec2(-size, 0.0)].map(|v| at + v);
        painter.add(Shape::convex_polygon(diamond.to_vec(), hue, Stroke::new(1.0, t.surface0)));
        if response.has_focus() {
            painter.rect_stroke(
                Rect::from_center_size(at, vec2(16.0, 16.0)),
                2.0,
                Stroke::new(2.0, t.focus),
                StrokeKind::Inside,
            );
        }
        response.on_hover_text(label);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::marks::MarkId;
    use crate::pose::refine::Refinement;

    #[test]
    fn a_key_stays_between_its_neighbours() {
        let range = TimeRange::new(Seconds(0.0), Seconds(4.0));
        let mut what = Refinement { range, ..Refinement::default() };
        for time in [1.0, 2.0, 3.0] {
            what.change_key(Seconds(time), |k| k.change.fingers[1].curl = 0.1);
        }
        let layer = HandLayer { id: MarkId(1), what };
        let frame = Seconds(0.04);
        for (to, expected) in [(0.2, 1.04), (2.4, 2.4), (9.0, 2.96)] {
            let moved = with_key(&layer, 1, Seconds(to), Dial::Curl(1), 7.0, frame);
            assert!((moved.what.keys[1].time.0 - expected).abs() < 1e-9, "{to}");
            assert_eq!(moved.what.keys[1].change.fingers[1].curl, 1.0);
            assert_eq!(moved.what.broken_invariant(), None);
        }
        assert_eq!(with_key(&layer, 9, Seconds(1.0), Dial::Curl(1), 0.0, frame), layer);
    }
}
