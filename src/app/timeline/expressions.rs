//! The lane of expressions: what face, head and hand show beside lips and cues. Dragging on empty lane makes one of the
//! kind that was used last; edges and body are dragged. Those that overlap stand in rows below each other; how high a
//! bar is filled says how strong it is.

use super::handles::{self, Grab, HandleEvent};
use super::ink::Ink;
use super::lanes::{self, LaneEvent};
use super::masks::mark_id;
use super::tiers::TierId;
use super::view::Scale;
use crate::app::i18n::{tr, tr_with};
use crate::app::theme::{self, Tokens};
use crate::document::marks::{ExpressionMark, MarkId};
use crate::pose::expression::{ExpressionKind, STRONGEST};
use crate::time::{Seconds, TimeRange};
use egui::{CursorIcon, PointerButton, Rect, Ui, pos2, vec2};

/// The shortest that an expression is made by dragging.
pub const SHORTEST: Seconds = Seconds(0.06);
/// Rows of those that overlap; more share the last.
const ROWS: usize = 3;

/// Name of a kind in the language of the interface.
pub fn kind_name(kind: ExpressionKind) -> &'static str {
    use ExpressionKind as K;
    match kind {
        K::BrowsUp => tr("Brows up"),
        K::Frown => tr("Frown"),
        K::Nod => tr("Nod"),
        K::Shake => tr("Shake of the head"),
        K::TiltLeft => tr("Head tilted left"),
        K::TiltRight => tr("Head tilted right"),
        K::TurnLeft => tr("Head turned left"),
        K::TurnRight => tr("Head turned right"),
        K::EyesWide => tr("Eyes wide"),
        K::EyesNarrow => tr("Eyes narrow"),
        K::LookLeft => tr("Look left"),
        K::LookRight => tr("Look right"),
        K::LookUp => tr("Look up"),
        K::LookDown => tr("Look down"),
        K::Smile => tr("Smile"),
        K::Emphasis => tr("Emphasis of the hand"),
    }
}

/// Which side of an expression is in hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    Start,
    End,
    Body,
}

/// What was done to the lane.
pub enum ExpressionEvent {
    Lane(LaneEvent),
    /// A side is dragged, nudged or to be typed.
    Side(MarkId, Side, HandleEvent),
    /// Empty lane is dragged over from one time to another, before snapping.
    Painted(Seconds, Seconds),
    PaintingDone,
}

/// `mark` with one side at `to`; the other gives no way.
pub fn moved(mark: &ExpressionMark, side: Side, to: Seconds, length: Seconds) -> ExpressionMark {
    let r = mark.range;
    let range = match side {
        Side::Start => TimeRange { start: to.clamp(Seconds::ZERO, r.end - SHORTEST), ..r },
        Side::End => TimeRange { end: to.clamp(r.start + SHORTEST, length.max(r.end)), ..r },
        Side::Body => {
            let start = to.clamp(Seconds::ZERO, (length - r.length()).max(Seconds::ZERO));
            TimeRange { start, end: start + r.length() }
        }
    };
    ExpressionMark { range, ..*mark }
}

/// When a side of an expression is.
pub fn time_of(mark: &ExpressionMark, side: Side) -> Seconds {
    if side == Side::End { mark.range.end } else { mark.range.start }
}

/// The row of each expression: the first that is free, or the last there is.
fn rows(all: &[ExpressionMark]) -> (Vec<usize>, usize) {
    let mut ends: Vec<Seconds> = Vec::new();
    let place = |mark: &ExpressionMark| {
        let free = ends.iter().position(|end| *end <= mark.range.start);
        let row = free.unwrap_or(ends.len()).min(ROWS - 1);
        if row == ends.len() {
            ends.push(mark.range.end);
        } else {
            ends[row] = ends[row].max(mark.range.end);
        }
        row
    };
    let rows: Vec<usize> = all.iter().map(place).collect();
    let count = ends.len().max(1);
    (rows, count)
}

/// The lane.
pub struct ExpressionLane<'a> {
    pub expressions: &'a [ExpressionMark],
    pub selected: &'a [MarkId],
    pub current: Option<usize>,
    /// The stretch being painted.
    pub painting: Option<TimeRange>,
    /// No edits: the tier is locked.
    pub locked: bool,
}

impl ExpressionLane<'_> {
    fn name(&self, index: usize) -> String {
        let mark = &self.expressions[index];
        let places = [
            ("number", &*(index + 1).to_string()),
            ("kind", kind_name(mark.kind)),
            ("from", &*mark.range.start.timecode()),
            ("to", &*mark.range.end.timecode()),
        ];
        tr_with("Expression {number}: {kind}, {from} to {to}", &places)
    }

    pub fn show(&self, ui: &Ui, lane: Rect, scale: Scale, t: &Tokens, grab: &mut Option<Grab>) -> Vec<ExpressionEvent> {
        let mut events = Vec::new();
        let ground = lanes::ground(ui, TierId::Expressions, lane);
        let painter = ui.painter_at(lane);
        let mut ink = Ink::new(&painter, lane);
        self.on_ground(ui, &ground, lane, scale, t, &mut ink, &mut events);
        let all = self.expressions;
        let (rows, count) = rows(all);
        let row_of = |index: usize| {
            let height = lane.height() / count as f32;
            let top = lane.top() + height * rows[index] as f32;
            Rect::from_x_y_ranges(lane.x_range(), top..=top + height)
        };
        let last = all.partition_point(|e| e.range.start < scale.shown.end);
        let (mut texts, mut handled, mut focus) = (Vec::new(), Vec::new(), None);
        for index in (0..last).filter(|i| all[*i].range.end > scale.shown.start) {
            let mark = &all[index];
            let (selected, is_current) = (self.selected.contains(&mark.id), self.current == Some(index));
            let full = lanes::rect_of(mark.range, row_of(index), scale).shrink2(vec2(0.0, 1.0));
            let rect = full.intersect(lane);
            if rect.width() <= 0.0 {
                continue;
            }
            let mut hovered = false;
            if full.width() >= lanes::ELEMENT_WIDTH || is_current || selected {
                let id = mark_id(TierId::Expressions, mark.id);
                let response = lanes::element(ui, id, rect, selected, is_current, &|| self.name(index));
                hovered = response.hovered();
                let mut lane_events = Vec::new();
                let id_of = |i: usize| mark_id(TierId::Expressions, all[i].id);
                lanes::walk(ui, &response, index, all.len(), &id_of, &mut lane_events);
                if response.double_clicked() {
                    lane_events.push(LaneEvent::Opened(index, response.rect));
                } else if response.clicked() {
                    lane_events.push(LaneEvent::Clicked(index, ui.input(|i| i.modifiers)));
                }
                events.extend(lane_events.into_iter().map(ExpressionEvent::Lane));
                if !self.locked {
                    let event = handles::dragged(ui, &response, mark.range.start, &|x| scale.time_from_x(x), grab);
                    events.extend(event.map(|e| ExpressionEvent::Side(mark.id, Side::Body, e)));
                    if hovered && selected {
                        ui.ctx().set_cursor_icon(CursorIcon::Grab);
                    }
                }
                if response.has_focus() {
                    focus = Some(rect);
                }
            }
            paint(&mut ink, mark, full, t, selected, hovered);
            texts.push((rect, index));
            if (selected || hovered) && !self.locked {
                handled.push(index);
            }
        }
        ink.paint(&painter);
        for (rect, index) in texts {
            let room = rect.shrink2(vec2(5.0, 0.0));
            let size = theme::SMALL.min(rect.height() - 1.0);
            if let Some(galley) =
                lanes::fitted_text(&painter, kind_name(all[index].kind), "", room.width(), size, t.text1)
            {
                painter.galley(pos2(room.left(), room.center().y - galley.size().y / 2.0), galley, t.text1);
            }
        }
        if let Some(rect) = focus {
            lanes::focus_frame(&painter, rect, t);
        }
        for index in handled {
            self.handles(ui, &all[index], row_of(index), scale, t, grab, &mut events);
        }
        events
    }

    #[expect(clippy::too_many_arguments)]
    fn on_ground(
        &self,
        ui: &Ui,
        ground: &egui::Response,
        lane: Rect,
        scale: Scale,
        t: &Tokens,
        ink: &mut Ink,
        events: &mut Vec<ExpressionEvent>,
    ) {
        let pointer = ground.interact_pointer_pos();
        if let (Some(origin), Some(pointer)) = (ui.input(|i| i.pointer.press_origin()), pointer)
            && ground.dragged_by(PointerButton::Primary)
            && !self.locked
        {
            events.push(ExpressionEvent::Painted(scale.time_from_x(origin.x), scale.time_from_x(pointer.x)));
        }
        if ground.drag_stopped_by(PointerButton::Primary) {
            events.push(ExpressionEvent::PaintingDone);
        }
        if let Some(pointer) = pointer.filter(|_| ground.clicked()) {
            let time = scale.time_from_x(pointer.x);
            // Those too narrow to be elements of their own.
            let hit = self.expressions.iter().rposition(|e| e.range.contains(time));
            let modifiers = ui.input(|i| i.modifiers);
            let event = hit.map_or(LaneEvent::Missed(time), |i| LaneEvent::Clicked(i, modifiers));
            events.push(ExpressionEvent::Lane(event));
        }
        if let Some(range) = self.painting {
            let rect = lanes::rect_of(range, lane, scale).shrink2(vec2(0.0, 2.0));
            ink.rect(rect, t.accent_fill());
            ink.dashes(rect, 1.0, t.accent);
        } else if self.expressions.is_empty() && !ground.dragged() {
            let font = theme::regular(theme::SMALL);
            let at = lane.left_center() + vec2(8.0, 0.0);
            let text = tr("Drag here to make an expression");
            ui.painter_at(lane).text(at, egui::Align2::LEFT_CENTER, text, font, t.text3);
        }
    }

    #[expect(clippy::too_many_arguments)]
    fn handles(
        &self,
        ui: &Ui,
        mark: &ExpressionMark,
        row: Rect,
        scale: Scale,
        t: &Tokens,
        grab: &mut Option<Grab>,
        events: &mut Vec<ExpressionEvent>,
    ) {
        let id = lanes::lane_id(TierId::Expressions);
        let painter = ui.painter_at(row);
        let inner = handles::hit_width(lanes::rect_of(mark.range, row, scale).width());
        for side in [Side::Start, Side::End] {
            let time = time_of(mark, side);
            let x = scale.x_from_time(time);
            if !scale.x.expand(8.0).contains(x) {
                continue;
            }
            let (left, right) = if side == Side::Start { (10.0, inner) } else { (inner, 10.0) };
            let hit = Rect::from_min_max(pos2(x - left, row.top()), pos2(x + right, row.bottom()));
            let name = || {
                let text = match side {
                    Side::Start => tr("Start of the expression at {time}"),
                    Side::End | Side::Body => tr("End of the expression at {time}"),
                };
                text.replace("{time}", &time.timecode())
            };
            let time_at = |x: f32| scale.time_from_x(x);
            let (response, event) = handles::handle(ui, id.with((mark.id.0, side)), hit, time, &time_at, grab, &name);
            if response.hovered() || response.dragged() || response.has_focus() {
                let color = if response.has_focus() { t.focus } else { t.accent };
                painter.vline(x, row.y_range(), egui::Stroke::new(3.0, color));
            }
            events.extend(event.map(|e| ExpressionEvent::Side(mark.id, side, e)));
        }
    }
}

fn paint(ink: &mut Ink, mark: &ExpressionMark, rect: Rect, t: &Tokens, selected: bool, hovered: bool) {
    let hue = TierId::Expressions.hue();
    let (border, width) = if selected { (t.accent, 2.0) } else { (t.border(hue), 1.0) };
    let fill = if selected { t.accent_fill() } else { t.fill(hue) };
    ink.rect(rect, theme::mix(t.surface1, fill, if hovered { 0.8 } else { 0.45 }));
    let filled = rect.height() * mark.strength / STRONGEST;
    ink.rect(rect.with_min_y(rect.bottom() - filled), fill);
    ink.frame(rect, width, border);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(id: u64, from: f64, to: f64) -> ExpressionMark {
        let range = TimeRange::new(Seconds(from), Seconds(to));
        ExpressionMark { id: MarkId(id), range, kind: ExpressionKind::Nod, strength: 1.0 }
    }

    #[test]
    fn sides_move_alone_and_an_expression_never_turns_over() {
        let length = Seconds(10.0);
        let m = mark(0, 1.0, 2.0);
        assert_eq!(moved(&m, Side::Start, Seconds(5.0), length).range.start, Seconds(2.0) - SHORTEST);
        assert_eq!(moved(&m, Side::End, Seconds(0.0), length).range.end, Seconds(1.0) + SHORTEST);
        assert_eq!(moved(&m, Side::End, Seconds(99.0), length).range.end, length);
        let body = moved(&m, Side::Body, Seconds(9.9), length).range;
        assert!((body.length() - m.range.length()).0.abs() < 1e-9 && body.end <= length);
    }

    #[test]
    fn those_that_overlap_stand_in_rows() {
        let all = [mark(0, 0.0, 2.0), mark(1, 1.0, 3.0), mark(2, 1.5, 1.8), mark(3, 1.6, 4.0), mark(4, 2.0, 2.5)];
        assert_eq!(rows(&all), (vec![0, 1, 2, 2, 0], 3));
        assert_eq!(rows(&all[..1]), (vec![0], 1));
        assert_eq!(rows(&[]), (vec![], 1));
    }
}
