//! A lane of segments: words, phones and gloss, painted in one mesh and spoken to through labelled elements.
//!
//! Segments at least 24 points wide are elements of their own for pointers, screen readers and tests; narrower ones
//! live in the mesh and are reached by walking along the lane with the arrow keys, which keep the focus on the
//! current segment. Only what is on screen is looked at.

use super::view::Scale;
use crate::app::theme::{self, Tier, Tokens};
use crate::time::{Seconds, TimeRange};
use egui::epaint::Mesh;
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{
    Color32, EventFilter, Id, Key, Modifiers, Painter, Rect, Response, Role, Sense, Shape, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};
use std::sync::Arc;

/// Least width of a segment that is an element of its own, points.
pub const ELEMENT_WIDTH: f32 = 24.0;

/// What is drawn for one segment, asked for only while it is on screen.
#[derive(Clone, Debug, Default)]
pub struct Segment {
    pub text: String,
    /// Stands in when the text does not fit; may be empty.
    pub short: String,
    /// Its name for screen readers and tests.
    pub name: String,
    pub selected: bool,
    /// Uncertain: the border is dashed.
    pub dashed: bool,
    /// Changed by hand: a corner is marked.
    pub edited: bool,
    pub locked: bool,
    /// Deserves a look: a triangle.
    pub flagged: bool,
}

/// A lane of segments in order of time.
pub struct Lane<'a> {
    pub id: Id,
    pub tier: Tier,
    pub count: usize,
    pub range: &'a dyn Fn(usize) -> TimeRange,
    pub segment: &'a dyn Fn(usize) -> Segment,
    /// The segment that has the keyboard when the lane has it.
    pub current: Option<usize>,
}

/// What the user did to a lane.
#[derive(Clone, Debug, PartialEq)]
pub enum LaneEvent {
    Clicked(usize, Modifiers),
    DoubleClicked(usize),
    /// The arrow keys moved on to this segment.
    WalkedTo(usize),
    /// Up or down arrow: to the lane above (-1) or below (1).
    LeaveTo(i32),
}

impl Lane<'_> {
    /// Indices of the segments on screen.
    pub fn visible(&self, shown: TimeRange) -> std::ops::Range<usize> {
        let first = partition(self.count, |i| (self.range)(i).end <= shown.start);
        let last = partition(self.count, |i| (self.range)(i).start < shown.end);
        first..last.max(first)
    }

    pub fn rect_of(&self, index: usize, lane: Rect, scale: Scale) -> Rect {
        let range = (self.range)(index);
        let (left, right) = (scale.x_from_time(range.start), scale.x_from_time(range.end));
        Rect::from_min_max(pos2(left, lane.top()), pos2(right.max(left + 1.0), lane.bottom()))
    }

    /// Paints the lane and gives what was done to it.
    pub fn show(&self, ui: &Ui, lane: Rect, scale: Scale, t: &Tokens) -> Vec<LaneEvent> {
        let mut events = Vec::new();
        let painter = ui.painter_at(lane);
        let mut mesh = Mesh::default();
        let mut texts: Vec<(Rect, Segment)> = Vec::new();
        for index in self.visible(scale.shown) {
            let full = self.rect_of(index, lane, scale);
            let rect = full.intersect(lane);
            if rect.width() <= 0.0 {
                continue;
            }
            let segment = (self.segment)(index);
            let is_current = self.current == Some(index);
            if full.width() >= ELEMENT_WIDTH || is_current {
                let response = element(ui, self.id.with(index), rect, &segment, is_current);
                collect(&response, index, &mut events);
                self.walk(ui, &response, index, &mut events);
                if response.has_focus() {
                    texts.push((rect, Segment { name: "focus".into(), ..Segment::default() }));
                }
                paint_body(&mut mesh, full, lane, t, self.tier, &segment, response.hovered());
            } else {
                paint_body(&mut mesh, full, lane, t, self.tier, &segment, false);
            }
            texts.push((rect, segment));
        }
        painter.add(mesh);
        for (rect, segment) in &texts {
            if segment.name == "focus" {
                painter.rect_stroke(rect.shrink(1.0), 1.0, Stroke::new(2.0, t.focus), StrokeKind::Inside);
                continue;
            }
            decorate(&painter, *rect, segment, self.tier, t);
            let room = rect.shrink2(vec2(if rect.width() > 40.0 { 4.0 } else { 2.0 }, 0.0));
            let size = theme::BODY.min(lane.height() - 8.0);
            if let Some(galley) = fitted_text(&painter, &segment.text, &segment.short, room.width(), size, t.text1) {
                // Short words stand in the middle; long text begins at the left, where it can be read on.
                let x = (room.center().x - galley.size().x / 2.0).max(room.left());
                painter.galley(pos2(x, room.center().y - galley.size().y / 2.0), galley, t.text1);
            }
        }
        events
    }

    pub(super) fn walk(&self, ui: &Ui, response: &Response, index: usize, events: &mut Vec<LaneEvent>) {
        if !response.has_focus() {
            return;
        }
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, tab: false, escape: false };
        ui.memory_mut(|m| m.set_focus_lock_filter(response.id, filter));
        let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
        let to = if pressed(Key::ArrowRight) && index + 1 < self.count {
            index + 1
        } else if pressed(Key::ArrowLeft) && index > 0 {
            index - 1
        } else if pressed(Key::Home) {
            0
        } else if pressed(Key::End) {
            self.count.saturating_sub(1)
        } else {
            if pressed(Key::ArrowUp) {
                events.push(LaneEvent::LeaveTo(-1));
            } else if pressed(Key::ArrowDown) {
                events.push(LaneEvent::LeaveTo(1));
            }
            return;
        };
        focus_later(ui, self.id.with(to));
        events.push(LaneEvent::WalkedTo(to));
    }
}

/// First index for which `before` is no longer true.
pub fn partition(count: usize, before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if before(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

/// Where the last segment that had the keyboard is noted.
fn focus_note() -> Id {
    Id::unique("segment with the keyboard")
}

/// Gives the keyboard to a segment once the whole timeline is drawn: until then the segment may still be registered as
/// one that takes no focus, and would lose it again.
pub fn focus_later(ui: &Ui, id: Id) {
    ui.data_mut(|d| d.insert_temp(focus_note().with("next"), Some(id)));
}

/// Does what [`focus_later`] asked for.
pub fn move_focus(ui: &Ui) {
    if let Some(id) = ui.data_mut(|d| d.remove_temp::<Option<Id>>(focus_note().with("next"))).flatten() {
        ui.memory_mut(|m| m.request_focus(id));
        ui.data_mut(|d| d.insert_temp(focus_note(), id));
    }
}

/// Whether the keyboard is on a segment of the timeline.
pub fn has_keyboard(ctx: &egui::Context) -> bool {
    let focused = ctx.memory(|m| m.focused());
    focused.is_some() && focused == ctx.data(|d| d.get_temp::<Id>(focus_note()))
}

/// Registers a segment as an element: only the current one of a lane stands in the Tab order (roving focus).
pub fn element(ui: &Ui, id: Id, rect: Rect, segment: &Segment, focusable: bool) -> Response {
    let sense = if focusable { Sense::click_and_drag() } else { Sense::CLICK | Sense::DRAG };
    let response = ui.interact(rect, id, sense);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, segment.selected, &segment.name));
    if response.has_focus() {
        ui.data_mut(|d| d.insert_temp(focus_note(), id));
    }
    response
}

pub fn collect(response: &Response, index: usize, events: &mut Vec<LaneEvent>) {
    if response.double_clicked() {
        events.push(LaneEvent::DoubleClicked(index));
    } else if response.clicked() {
        let modifiers = response.ctx.input(|i| i.modifiers);
        events.push(LaneEvent::Clicked(index, modifiers));
    }
}

fn paint_body(mesh: &mut Mesh, full: Rect, lane: Rect, t: &Tokens, tier: Tier, segment: &Segment, hovered: bool) {
    let fill = if segment.selected {
        t.accent_fill()
    } else if hovered {
        theme::mix(t.fill(tier), t.hue(tier), 0.18)
    } else {
        t.fill(tier)
    };
    // One point of ground between neighbours; where there is no room for it, colour wins.
    let gap = if full.width() > 3.0 { 1.0 } else { 0.0 };
    let body =
        Rect::from_min_max(pos2(full.left(), lane.top()), pos2(full.right() - gap, lane.bottom())).intersect(lane);
    if body.width() <= 0.0 {
        return;
    }
    if segment.dashed || full.width() < 4.0 {
        mesh.add_colored_rect(body, fill);
    } else {
        let border = if segment.selected { t.accent } else { t.border(tier) };
        let width = if segment.selected { 2.0 } else { 1.0 };
        mesh.add_colored_rect(body, border);
        mesh.add_colored_rect(body.shrink(width), fill);
    }
}

/// Dashes, marks and triangles over a segment.
pub fn decorate(painter: &Painter, rect: Rect, segment: &Segment, tier: Tier, t: &Tokens) {
    let rect = rect.with_max_x(rect.right() - 1.0);
    if segment.dashed && rect.width() >= 4.0 {
        let (width, color) = if segment.selected { (2.0, t.accent) } else { (1.0, t.border(tier)) };
        let r = rect.shrink(width / 2.0);
        let corners = [r.left_top(), r.right_top(), r.right_bottom(), r.left_bottom(), r.left_top()];
        painter.extend(Shape::dashed_line(&corners, Stroke::new(width, color), 4.0, 3.0));
    }
    if rect.width() < 10.0 {
        return;
    }
    if segment.edited {
        let c = rect.right_top() + vec2(-1.0, 1.0);
        let mark = vec![c, c + vec2(-7.0, 0.0), c + vec2(0.0, 7.0)];
        painter.add(Shape::convex_polygon(mark, t.accent, Stroke::NONE));
    }
    if segment.flagged {
        let c = rect.left_top() + vec2(6.0, 2.0);
        let mark = vec![c, c + vec2(3.5, 6.0), c + vec2(-3.5, 6.0)];
        painter.add(Shape::convex_polygon(mark, t.warning, Stroke::NONE));
    }
    if segment.locked {
        let c = rect.right_bottom() + vec2(-7.0, -7.0);
        painter.rect_filled(Rect::from_center_size(c, vec2(6.0, 5.0)), 1.0, t.text2);
        painter.circle_stroke(c - vec2(0.0, 3.0), 2.0, Stroke::new(1.0, t.text2));
    }
}

/// `text` on one line within `width`: whole where it fits, cut with "…" where at least a few letters do, else nothing.
pub fn fitted_text(
    painter: &Painter,
    text: &str,
    short: &str,
    width: f32,
    size: f32,
    color: Color32,
) -> Option<Arc<egui::Galley>> {
    if text.is_empty() || width < 5.0 {
        return None;
    }
    let size = size.max(theme::SMALL);
    let whole = painter.layout_no_wrap(text.to_owned(), theme::regular(size), color);
    if whole.size().x <= width {
        return Some(whole);
    }
    if !short.is_empty() {
        let short = painter.layout_no_wrap(short.to_owned(), theme::regular(size), color);
        return (short.size().x <= width).then_some(short);
    }
    if width < 56.0 {
        return None;
    }
    let mut job = LayoutJob::single_section(text.to_owned(), TextFormat::simple(theme::regular(size), color));
    job.wrap = TextWrapping { max_width: width, max_rows: 1, break_anywhere: true, ..Default::default() };
    Some(painter.layout_job(job))
}

/// The stretch from a time to a time, for lanes that are given two clocks.
pub fn between(start: Seconds, end: Seconds) -> TimeRange {
    TimeRange { start, end: end.max(start) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::Rangef;

    #[test]
    fn only_what_is_on_screen_is_looked_at() {
        let asked = std::cell::Cell::new(0);
        let range = |i: usize| {
            asked.set(asked.get() + 1);
            TimeRange::new(Seconds(i as f64), Seconds(i as f64 + 1.0))
        };
        let segment = |_| Segment::default();
        let lane = Lane {
            id: Id::unique("lane"),
            tier: Tier::Words,
            count: 100_000,
            range: &range,
            segment: &segment,
            current: None,
        };
        let scale = Scale { shown: TimeRange::new(Seconds(500.5), Seconds(503.5)), x: Rangef::new(0.0, 100.0) };
        assert_eq!(lane.visible(scale.shown), 500..504);
        assert!(asked.get() < 50, "{}", asked.get());
    }
}
