//! A lane of segments, painted in one mesh and spoken to through labelled elements.
//!
//! Segments at least 24 points wide are elements of their own for pointers, screen readers and tests; narrower ones
//! live in the mesh and are reached by walking along the lane with the arrow keys, which keep the focus on the
//! current segment. Only what is on screen is looked at, and where more segments than points are on screen their
//! density is drawn, which says so.

use super::density::{self, Densities};
use super::ink::{Hatch, Ink};
use super::tiers::TierId;
use super::view::Scale;
use crate::app::i18n::tr_with;
use crate::app::theme::{self, Tokens};
use crate::time::{Seconds, TimeRange};
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{
    Color32, EventFilter, Id, Key, Modifiers, Painter, PointerButton, Pos2, Rect, Response, Role, Sense, Shape, Stroke,
    StrokeKind, Ui, WidgetInfo, pos2, vec2,
};
use std::borrow::Cow;
use std::sync::Arc;

/// Least width of a segment that is an element of its own, points.
pub const ELEMENT_WIDTH: f32 = 24.0;

/// How one segment is drawn, without its words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    pub selected: bool,
    /// Uncertain: the border is dashed.
    pub dashed: bool,
    /// Changed by hand: a corner is marked.
    pub edited: bool,
    pub locked: bool,
    /// Deserves a look: a triangle.
    pub flagged: bool,
    pub hatch: Hatch,
}

/// Segments in order of their start, none longer than up to the start of the one after the next. Words are asked for
/// only where there is room for them.
pub trait Segments {
    fn count(&self) -> usize;
    fn range(&self, index: usize) -> TimeRange;
    fn look(&self, index: usize) -> Look;
    fn text(&self, index: usize) -> Cow<'_, str>;
    /// Stands in when the text does not fit; may be empty.
    fn short(&self, _index: usize) -> Cow<'_, str> {
        Cow::Borrowed("")
    }
    /// Its name for screen readers and tests.
    fn name(&self, index: usize) -> String;
    /// Draws what stands in the segment beside or instead of its text.
    fn picture(&self, _ink: &mut Ink, _index: usize, _rect: Rect, _t: &Tokens) {}
}

/// A lane of segments in order of time.
pub struct Lane<'a> {
    pub tier: TierId,
    pub segments: &'a dyn Segments,
    /// The segment that has the keyboard when the lane has it.
    pub current: Option<usize>,
}

/// What the user did to a lane.
#[derive(Clone, Debug, PartialEq)]
pub enum LaneEvent {
    Clicked(usize, Modifiers),
    /// Double click, or Enter on the focused segment: its times are to be typed.
    Opened(usize, Rect),
    /// The arrow keys moved on to this segment.
    WalkedTo(usize),
    /// Up or down arrow: to the lane above (-1) or below (1).
    LeaveTo(i32),
    /// A click where no segment is.
    Missed(Seconds),
    /// A drag began on the lane at this point of the screen.
    Dragged(Pos2),
}

/// The id of a lane; segments and handles hang under it.
pub fn lane_id(tier: TierId) -> Id {
    Id::unique(("lane", tier))
}

impl Lane<'_> {
    /// Indices of the segments on screen.
    pub fn visible(&self, shown: TimeRange) -> std::ops::Range<usize> {
        let count = self.segments.count();
        let first = partition(count, |i| self.segments.range(i).end <= shown.start);
        let last = partition(count, |i| self.segments.range(i).start < shown.end);
        first..last.max(first)
    }

    pub fn rect_of(&self, index: usize, lane: Rect, scale: Scale) -> Rect {
        rect_of(self.segments.range(index), lane, scale)
    }

    /// Paints the lane and gives what was done to it.
    pub fn show(&self, ui: &Ui, lane: Rect, scale: Scale, t: &Tokens, densities: &mut Densities) -> Vec<LaneEvent> {
        let mut events = Vec::new();
        let id = lane_id(self.tier);
        let ground = ground(ui, self.tier, lane);
        let painter = ui.painter_at(lane);
        let mut ink = Ink::new(&painter, lane);
        let visible = self.visible(scale.shown);
        let crowded = density::is_crowded(visible.len(), lane.width());
        let mut texts: Vec<(Rect, usize, Look)> = Vec::new();
        let mut focus = None;
        if crowded {
            density::paint(densities, &mut ink, self.segments, lane, scale, self.tier, t);
        }
        // The current segment is an element even where it is too narrow to be one.
        let current = self.current.filter(|i| crowded && visible.contains(i));
        let range = if crowded { current.map_or(0..0, |i| i..i + 1) } else { visible };
        for index in range {
            let full = self.rect_of(index, lane, scale);
            let rect = full.intersect(lane);
            if rect.width() <= 0.0 {
                continue;
            }
            let look = self.segments.look(index);
            let is_current = self.current == Some(index);
            let mut hovered = false;
            if full.width() >= ELEMENT_WIDTH || is_current {
                let name = || self.segments.name(index);
                let response = element(ui, id.with(index), rect, look.selected, is_current, &name);
                collect(&response, index, &mut events);
                walk(ui, &response, index, self.segments.count(), &|i| id.with(i), &mut events);
                hovered = response.hovered();
                if response.has_focus() {
                    focus = Some(rect);
                }
            }
            paint_body(&mut ink, full, lane, t, self.tier, look, hovered);
            if rect.width() >= 5.0 {
                self.segments.picture(&mut ink, index, rect, t);
                texts.push((rect, index, look));
            }
        }
        ink.paint(&painter);
        for (rect, index, look) in texts {
            decorate(&painter, rect, look, t);
            let room = rect.shrink2(vec2(if rect.width() > 40.0 { 4.0 } else { 2.0 }, 0.0));
            let size = theme::BODY.min(lane.height() - 8.0);
            let (text, short) = (self.segments.text(index), self.segments.short(index));
            if let Some(galley) = fitted_text(&painter, &text, &short, room.width(), size, t.text1) {
                // Short words stand in the middle; long text begins at the left, where it can be read on.
                let x = (room.center().x - galley.size().x / 2.0).max(room.left());
                painter.galley(pos2(x, room.center().y - galley.size().y / 2.0), galley, t.text1);
            }
        }
        if crowded {
            density::label(&painter, lane, t);
        }
        if let Some(rect) = focus {
            focus_frame(&painter, rect, t);
        }
        self.on_ground(ui, &ground, scale, &mut events);
        events
    }

    /// Clicks on narrow segments and on empty space, and drags.
    fn on_ground(&self, ui: &Ui, ground: &Response, scale: Scale, events: &mut Vec<LaneEvent>) {
        if ground.drag_started_by(PointerButton::Primary)
            && let Some(origin) = ui.input(|i| i.pointer.press_origin())
        {
            events.push(LaneEvent::Dragged(origin));
        }
        let Some(pointer) = ground.hover_pos().or_else(|| ground.interact_pointer_pos()) else { return };
        let time = scale.time_from_x(pointer.x);
        // A point of reach: what is narrower than a point is still to be hit.
        let reach = scale.seconds(1.0);
        let count = self.segments.count();
        let after = partition(count, |i| self.segments.range(i).start <= time + reach);
        let hit = after.checked_sub(1).filter(|i| self.segments.range(*i).end + reach > time);
        if ground.double_clicked() {
            if let Some(index) = hit {
                let rect = Rect::from_center_size(pointer, vec2(2.0, 20.0));
                events.push(LaneEvent::Opened(index, rect));
            }
        } else if ground.clicked() {
            let modifiers = ui.input(|i| i.modifiers);
            events.push(hit.map_or(LaneEvent::Missed(time), |i| LaneEvent::Clicked(i, modifiers)));
        } else if let Some(index) = hit.filter(|_| ground.hovered() && !ui.input(|i| i.pointer.any_down())) {
            ground.clone().on_hover_text_at_pointer(self.segments.name(index));
        }
    }
}

/// The ground of a lane: clicks and drags that no segment takes.
pub fn ground(ui: &Ui, tier: TierId, lane: Rect) -> Response {
    let response = ui.interact(lane, lane_id(tier), Sense::CLICK | Sense::DRAG);
    response.widget_info(|| WidgetInfo::labeled(Role::ListBox, true, tr_with("{tier} lane", &[("tier", tier.name())])));
    response
}

/// Where a stretch of time stands on a lane; at least a point wide.
pub fn rect_of(range: TimeRange, lane: Rect, scale: Scale) -> Rect {
    let (left, right) = (scale.x_from_time(range.start), scale.x_from_time(range.end));
    Rect::from_min_max(pos2(left, lane.top()), pos2(right.max(left + 1.0), lane.bottom()))
}

/// Arrow keys, Home, End and Enter on the focused segment; `id_of` names the element of each.
pub fn walk(
    ui: &Ui,
    response: &Response,
    index: usize,
    count: usize,
    id_of: &dyn Fn(usize) -> Id,
    events: &mut Vec<LaneEvent>,
) {
    if !response.has_focus() {
        return;
    }
    let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, tab: false, escape: false };
    ui.memory_mut(|m| m.set_focus_lock_filter(response.id, filter));
    let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
    let to = if pressed(Key::ArrowRight) && index + 1 < count {
        index + 1
    } else if pressed(Key::ArrowLeft) && index > 0 {
        index - 1
    } else if pressed(Key::Home) {
        0
    } else if pressed(Key::End) {
        count.saturating_sub(1)
    } else {
        if pressed(Key::ArrowUp) {
            events.push(LaneEvent::LeaveTo(-1));
        } else if pressed(Key::ArrowDown) {
            events.push(LaneEvent::LeaveTo(1));
        } else if pressed(Key::Enter) {
            events.push(LaneEvent::Opened(index, response.rect));
        }
        return;
    };
    focus_later(ui, id_of(to));
    events.push(LaneEvent::WalkedTo(to));
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
pub fn element(ui: &Ui, id: Id, rect: Rect, selected: bool, focusable: bool, name: &dyn Fn() -> String) -> Response {
    let sense = if focusable { Sense::click_and_drag() } else { Sense::CLICK | Sense::DRAG };
    let response = ui.interact(rect, id, sense);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, selected, name()));
    if response.has_focus() {
        ui.data_mut(|d| d.insert_temp(focus_note(), id));
    }
    response
}

/// Clicks and the beginning of drags on a segment.
pub fn collect(response: &Response, index: usize, events: &mut Vec<LaneEvent>) {
    if response.double_clicked() {
        events.push(LaneEvent::Opened(index, response.rect));
    } else if response.clicked_by(PointerButton::Primary) {
        let modifiers = response.ctx.input(|i| i.modifiers);
        events.push(LaneEvent::Clicked(index, modifiers));
    } else if response.drag_started_by(PointerButton::Primary)
        && let Some(origin) = response.ctx.input(|i| i.pointer.press_origin())
    {
        events.push(LaneEvent::Dragged(origin));
    }
}

/// Fill, border and pattern of a segment.
pub fn paint_body(ink: &mut Ink, full: Rect, lane: Rect, t: &Tokens, tier: TierId, look: Look, hovered: bool) {
    let hue = tier.hue();
    let fill = if look.selected {
        t.accent_fill()
    } else if hovered {
        theme::mix(t.fill(hue), t.hue(hue), 0.18)
    } else {
        t.fill(hue)
    };
    // One point of ground between neighbours; where there is no room for it, colour wins.
    let gap = if full.width() > 3.0 { 1.0 } else { 0.0 };
    let body = Rect::from_min_max(pos2(full.left(), lane.top()), pos2(full.right() - gap, lane.bottom()));
    let (border, width) = if look.selected { (t.accent, 2.0) } else { (t.border(hue), 1.0) };
    ink.rect(body, fill);
    ink.hatch(body.shrink(1.0), look.hatch, t.border(hue));
    if full.width() >= 4.0 {
        if look.dashed {
            ink.dashes(body, width, border);
        } else {
            ink.frame(body, width, border);
        }
    } else if look.selected {
        ink.rect(body, t.accent);
    }
}

/// Marks and triangles over a segment.
pub fn decorate(painter: &Painter, rect: Rect, look: Look, t: &Tokens) {
    let rect = rect.with_max_x(rect.right() - 1.0);
    if rect.width() < 10.0 {
        return;
    }
    if look.edited {
        let c = rect.right_top() + vec2(-1.0, 1.0);
        let mark = vec![c, c + vec2(-7.0, 0.0), c + vec2(0.0, 7.0)];
        painter.add(Shape::convex_polygon(mark, t.accent, Stroke::NONE));
    }
    if look.flagged {
        let c = rect.left_top() + vec2(6.0, 2.0);
        let mark = vec![c, c + vec2(3.5, 6.0), c + vec2(-3.5, 6.0)];
        painter.add(Shape::convex_polygon(mark, t.warning, Stroke::NONE));
    }
    if look.locked {
        padlock(painter, rect.right_bottom() + vec2(-7.0, -7.0), t.text2);
    }
}

/// A small padlock.
pub fn padlock(painter: &Painter, center: Pos2, color: Color32) {
    painter.rect_filled(Rect::from_center_size(center, vec2(6.0, 5.0)), 1.0, color);
    painter.circle_stroke(center - vec2(0.0, 3.0), 2.0, Stroke::new(1.0, color));
}

/// Shows where the keyboard is.
pub fn focus_frame(painter: &Painter, rect: Rect, t: &Tokens) {
    painter.rect_stroke(rect.shrink(1.0), 1.0, Stroke::new(2.0, t.focus), StrokeKind::Inside);
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
    // Long sentences that cannot fit need not be measured.
    if text.len() as f32 * 2.0 < width * 3.0 {
        let whole = painter.layout_no_wrap(text.to_owned(), theme::regular(size), color);
        if whole.size().x <= width {
            return Some(whole);
        }
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

    struct Even<'a>(usize, &'a std::cell::Cell<usize>);

    impl Segments for Even<'_> {
        fn count(&self) -> usize {
            self.0
        }
        fn range(&self, i: usize) -> TimeRange {
            self.1.set(self.1.get() + 1);
            TimeRange::new(Seconds(i as f64), Seconds(i as f64 + 1.0))
        }
        fn look(&self, _: usize) -> Look {
            Look::default()
        }
        fn text(&self, _: usize) -> Cow<'_, str> {
            "".into()
        }
        fn name(&self, i: usize) -> String {
            i.to_string()
        }
    }

    #[test]
    fn only_what_is_on_screen_is_looked_at() {
        let asked = std::cell::Cell::new(0);
        let segments = Even(100_000, &asked);
        let lane = Lane { tier: TierId::Words, segments: &segments, current: None };
        let scale = Scale { shown: TimeRange::new(Seconds(500.5), Seconds(503.5)), x: Rangef::new(0.0, 100.0) };
        assert_eq!(lane.visible(scale.shown), 500..504);
        assert!(asked.get() < 50, "{}", asked.get());
    }
}
