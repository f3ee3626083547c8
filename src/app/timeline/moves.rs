//! The two lanes of the hand: its shape and its position, each a chain of slanted moves and flat holds.
//!
//! A move is where the line climbs, a hold is where it is flat: `╱1╲╱2╲`. The selected key carries handles at both
//! ends of its move, and the lead handle `◁`, which takes the whole hand earlier or later. What can be dragged here can
//! also be typed and nudged in the inspector.

use super::lanes::{self, ELEMENT_WIDTH, LaneEvent, Segment, fitted_text};
use super::view::Scale;
use crate::app::theme::{self, Tier, Tokens};
use crate::document::edit::MoveTime;
use crate::document::{KeyId, KeySegment};
use crate::time::{Seconds, TimeRange};
use egui::epaint::Mesh;
use egui::{CursorIcon, Id, Painter, Pos2, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// Longest stretch between two keys over which the hand is drawn as staying; after it the hand goes to rest.
const LONGEST_HOLD: Seconds = Seconds(1.2);

/// Which of the two lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Shape,
    Position,
}

impl Part {
    pub fn tier(self) -> Tier {
        match self {
            Self::Shape => Tier::Shape,
            Self::Position => Tier::Position,
        }
    }

    fn times(self, key: &KeySegment) -> (Seconds, Seconds) {
        match self {
            Self::Shape => (key.times.d1, key.times.d2),
            Self::Position => (key.times.m1, key.times.m2),
        }
    }

    fn handles(self) -> [MoveTime; 2] {
        match self {
            Self::Shape => [MoveTime::ShapeStart, MoveTime::ShapeEnd],
            Self::Position => [MoveTime::PositionStart, MoveTime::PositionEnd],
        }
    }
}

/// The four corners in time of one key: move begins, move ends, hold ends, next move ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Corners {
    pub begin: Seconds,
    pub arrive: Seconds,
    pub leave: Seconds,
    pub gone: Seconds,
}

/// The corners of key `index`.
pub fn corners(keys: &[KeySegment], index: usize, part: Part) -> Corners {
    let (begin, arrive) = part.times(&keys[index]);
    let end_of_sound = keys[index].times.a3;
    let rest = arrive.max(end_of_sound) + Seconds(0.15);
    let (leave, gone) = match keys.get(index + 1).map(|next| part.times(next)) {
        Some((leave, gone)) if (leave - end_of_sound).0 <= LONGEST_HOLD.0 => (leave.max(arrive), gone.max(leave)),
        _ => (rest, rest + Seconds(0.25)),
    };
    Corners { begin, arrive, leave, gone: gone.max(leave) }
}

/// What the user did to a hand lane.
pub enum MoveEvent {
    Lane(LaneEvent),
    /// A handle is dragged to a time.
    Handle(KeyId, MoveTime, Seconds),
    /// The whole hand is dragged by so much from where the drag began.
    Lead(KeyId, Seconds),
    Released,
}

pub struct MoveLane<'a> {
    pub id: Id,
    pub part: Part,
    pub keys: &'a [KeySegment],
    pub selected: &'a [KeyId],
    pub current: Option<usize>,
    pub segment: &'a dyn Fn(usize) -> Segment,
}

impl MoveLane<'_> {
    pub fn show(
        &self,
        ui: &Ui,
        lane: Rect,
        scale: Scale,
        t: &Tokens,
        snap: &dyn Fn(Seconds) -> Seconds,
    ) -> Vec<MoveEvent> {
        let mut events = Vec::new();
        let tier = self.part.tier();
        let painter = ui.painter_at(lane);
        let inner = lane.shrink2(vec2(0.0, 3.0));
        let mut narrow = Mesh::default();
        let range = |i: usize| {
            let c = corners(self.keys, i, self.part);
            TimeRange { start: c.begin, end: c.gone }
        };
        // Moves of neighbours overlap, so starts and ends are searched apart, with a margin of one key.
        let first = lanes::partition(self.keys.len(), |i| range(i).end <= scale.shown.start).saturating_sub(1);
        let last = lanes::partition(self.keys.len(), |i| range(i).start < scale.shown.end);
        let mut labels = Vec::new();
        for index in first..last.max(first) {
            let c = corners(self.keys, index, self.part);
            let segment = (self.segment)(index);
            let quad = quad(c, inner, scale);
            let hold = Rect::from_min_max(quad[1], pos2(quad[2].x, inner.bottom()));
            let width = quad[3].x - quad[0].x;
            let middle = (quad[0].x + quad[1].x) / 2.0..(quad[2].x + quad[3].x) / 2.0;
            let target = Rect::from_x_y_ranges(middle.start..=middle.end.max(middle.start + 1.0), lane.y_range())
                .intersect(lane);
            let is_current = self.current == Some(index);
            let mut hovered = false;
            if target.width() > 0.0 && (target.width() >= ELEMENT_WIDTH || is_current) {
                let response = lanes::element(ui, self.id.with(index), target, &segment, is_current);
                hovered = response.hovered();
                let mut lane_events = Vec::new();
                lanes::collect(&response, index, &mut lane_events);
                self.walk(ui, &response, index, &mut lane_events);
                events.extend(lane_events.into_iter().map(MoveEvent::Lane));
                if response.has_focus() {
                    labels.push((target, None));
                }
            }
            let fill = if segment.selected {
                t.accent_fill()
            } else if hovered {
                theme::mix(t.fill(tier), t.hue(tier), 0.2)
            } else {
                t.fill(tier)
            };
            if width < 8.0 {
                add_quad(&mut narrow, &quad, fill);
                continue;
            }
            // Half seen through, so that the crossing of two moves shows both.
            let stroke = if segment.selected { Stroke::new(2.0, t.accent) } else { Stroke::new(1.0, t.border(tier)) };
            painter.add(Shape::convex_polygon(quad.to_vec(), fill.gamma_multiply(0.85), stroke));
            lanes::decorate(&painter, hold.intersect(lane), &Segment { dashed: false, ..segment.clone() }, tier, t);
            labels.push((hold.intersect(lane), Some(segment)));
        }
        painter.add(narrow);
        for (rect, segment) in labels {
            match segment {
                Some(segment) => {
                    let size = if self.part == Part::Shape { theme::BODY } else { 12.0 };
                    if let Some(text) =
                        fitted_text(&painter, &segment.text, &segment.short, rect.width() - 2.0, size, t.text1)
                    {
                        painter.galley(rect.center() - text.size() / 2.0, text, t.text1);
                    }
                }
                None => {
                    painter.rect_stroke(rect.shrink(1.0), 1.0, Stroke::new(2.0, t.focus), StrokeKind::Inside);
                }
            }
        }
        // Handles last: they lie over the bodies and win the pointer.
        for (index, key) in self.keys.iter().enumerate().take(last).skip(first) {
            if self.selected.contains(&key.id) && !key.locked {
                self.handles(ui, &painter, index, inner, scale, t, snap, &mut events);
            }
        }
        events
    }

    fn walk(&self, ui: &Ui, response: &egui::Response, index: usize, events: &mut Vec<LaneEvent>) {
        let range = |_| TimeRange::default();
        let lane = lanes::Lane {
            id: self.id,
            tier: self.part.tier(),
            count: self.keys.len(),
            range: &range,
            segment: self.segment,
            current: self.current,
        };
        lane.walk(ui, response, index, events);
    }

    #[expect(clippy::too_many_arguments)]
    fn handles(
        &self,
        ui: &Ui,
        painter: &Painter,
        index: usize,
        inner: Rect,
        scale: Scale,
        t: &Tokens,
        snap: &dyn Fn(Seconds) -> Seconds,
        events: &mut Vec<MoveEvent>,
    ) {
        let key = &self.keys[index];
        let c = corners(self.keys, index, self.part);
        let at = [pos2(scale.x_from_time(c.begin), inner.bottom()), pos2(scale.x_from_time(c.arrive), inner.top())];
        // Two handles that would lie on each other are of no use: then only the lead handle is shown.
        if at[1].x - at[0].x >= 10.0 {
            for (which, point) in self.part.handles().into_iter().zip(at) {
                let hit = Rect::from_center_size(point, vec2(14.0, 24.0));
                let name = match which {
                    MoveTime::PositionStart => "Start of the move to the position",
                    MoveTime::PositionEnd => "Arrival at the position",
                    MoveTime::ShapeStart => "Start of the change of shape",
                    MoveTime::ShapeEnd => "Shape complete",
                };
                let response = ui.interact(hit, self.id.with((key.id.0, which)), Sense::CLICK | Sense::DRAG);
                response.widget_info(|| WidgetInfo::labeled(Role::Splitter, true, name));
                let active = response.hovered() || response.dragged();
                let size = if active { 9.0 } else { 7.0 };
                painter.rect_filled(Rect::from_center_size(point, vec2(size, size)), 1.0, t.accent);
                if active {
                    ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
                }
                if response.dragged()
                    && let Some(pointer) = response.interact_pointer_pos()
                {
                    events.push(MoveEvent::Handle(key.id, which, snap(scale.time_from_x(pointer.x))));
                }
                if response.drag_stopped() {
                    events.push(MoveEvent::Released);
                }
            }
        }
        if self.part == Part::Position {
            self.lead(ui, painter, key, at[0], inner, scale, t, events);
        }
    }

    #[expect(clippy::too_many_arguments)]
    fn lead(
        &self,
        ui: &Ui,
        painter: &Painter,
        key: &KeySegment,
        start: Pos2,
        inner: Rect,
        scale: Scale,
        t: &Tokens,
        events: &mut Vec<MoveEvent>,
    ) {
        let y = inner.top() + 5.0;
        let sound = scale.x_from_time(key.times.a1);
        let tip = pos2(start.x - 2.0, y);
        painter.line_segment([tip, pos2(sound, y)], Stroke::new(1.0, t.accent));
        painter.line_segment([pos2(sound, y - 4.0), pos2(sound, y + 4.0)], Stroke::new(1.5, t.accent));
        let mark = vec![tip + vec2(-9.0, 0.0), tip + vec2(0.0, -5.0), tip + vec2(0.0, 5.0)];
        let hit = Rect::from_center_size(tip + vec2(-6.0, 0.0), vec2(24.0, 16.0));
        let id = self.id.with((key.id.0, "lead"));
        let response = ui.interact(hit, id, Sense::CLICK | Sense::DRAG);
        response.widget_info(|| WidgetInfo::labeled(Role::Splitter, true, "Hand lead handle"));
        let color = if response.hovered() || response.dragged() { t.focus } else { t.accent };
        painter.add(Shape::convex_polygon(mark, color, Stroke::NONE));
        let response = response
            .on_hover_cursor(CursorIcon::ResizeHorizontal)
            .on_hover_text(format!("Hand lead {:.0} ms\nDrag to take the whole hand earlier or later.", key.lead_ms()));
        if response.dragged()
            && let Some(by) = response.total_drag_delta()
        {
            events.push(MoveEvent::Lead(key.id, scale.seconds(by.x)));
        }
        if response.drag_stopped() {
            events.push(MoveEvent::Released);
        }
    }
}

fn quad(c: Corners, inner: Rect, scale: Scale) -> [Pos2; 4] {
    [
        pos2(scale.x_from_time(c.begin), inner.bottom()),
        pos2(scale.x_from_time(c.arrive), inner.top()),
        pos2(scale.x_from_time(c.leave), inner.top()),
        pos2(scale.x_from_time(c.gone), inner.bottom()),
    ]
}

fn add_quad(mesh: &mut Mesh, quad: &[Pos2; 4], color: egui::Color32) {
    let base = mesh.vertices.len() as u32;
    for point in quad {
        mesh.colored_vertex(*point, color);
    }
    mesh.add_triangle(base, base + 1, base + 2);
    mesh.add_triangle(base, base + 2, base + 3);
}
