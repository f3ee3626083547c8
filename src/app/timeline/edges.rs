//! Boundaries of sounds, on every tier that follows from them: dragging one rolls it between its two neighbours, on the
//! words and syllables that end there as well.

use super::handles::{self, Grab, HandleEvent};
use super::lanes::{self, Segments, partition};
use super::tiers::TierId;
use super::view::Scale;
use crate::app::i18n::tr_with;
use crate::app::theme::Tokens;
use crate::document::edit::Edit;
use crate::document::edit_segments::{LinkedTiers, SegmentEdit};
use crate::document::{PhoneTime, anchors};
use crate::time::Seconds;
use egui::{Rect, Stroke, Ui, pos2};
use std::ops::Range;

/// Where a sound begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Edge {
    pub phone: usize,
    pub start: bool,
}

impl Edge {
    /// Where two sounds touch, the start of the later one stands for both.
    pub fn canonical(self, phones: &[PhoneTime]) -> Self {
        match phones.get(self.phone + 1) {
            Some(next) if !self.start && (next.start - self.time(phones)).0.abs() < 1e-6 => {
                Self { phone: self.phone + 1, start: true }
            }
            _ => self,
        }
    }

    pub fn time(self, phones: &[PhoneTime]) -> Seconds {
        phones.get(self.phone).map_or(Seconds::ZERO, |p| if self.start { p.start } else { p.end })
    }

    /// Whether the user has set it, so that an alignment leaves it where it is.
    pub fn is_set(self, phones: &[PhoneTime]) -> bool {
        let set = anchors::edges(phones, self.phone);
        if self.start { set.start } else { set.end }
    }

    /// The edit that takes it to a time.
    pub fn edit(self, to: Seconds, grab: Option<Grab>, tiers: LinkedTiers) -> Edit {
        let Self { phone, start } = self;
        match grab {
            Some(g) if g.linked => Edit::Segments(SegmentEdit::MoveBoundaries { at: g.from, to, tiers }),
            Some(g) if g.alone => Edit::Segments(SegmentEdit::MoveEdgeAlone { phone, start, to }),
            _ if start => Edit::SetPhoneStart { phone, to },
            _ => Edit::SetPhoneEnd { phone, to },
        }
    }
}

/// Pins are drawn where no more segments than this are on screen; beyond, they would be a line of their own.
const MOST_PINNED: usize = 400;

/// Boundaries on one lane.
pub struct Edges<'a> {
    pub tier: TierId,
    pub segments: &'a dyn Segments,
    /// The phones of each segment.
    pub phones_of: &'a dyn Fn(usize) -> Range<usize>,
    pub phones: &'a [PhoneTime],
    pub symbols: &'a [String],
    /// The segment whose boundaries always stand there, for the keyboard.
    pub current: Option<usize>,
}

impl Edges<'_> {
    fn ends(&self, index: usize) -> Vec<Edge> {
        let phones = (self.phones_of)(index);
        match phones.end.checked_sub(1).filter(|_| !phones.is_empty()) {
            None => Vec::new(),
            Some(last) => [Edge { phone: phones.start, start: true }, Edge { phone: last, start: false }]
                .map(|e| e.canonical(self.phones))
                .to_vec(),
        }
    }

    /// What there is of room for the pointer at both sides of a boundary.
    fn room(&self, edge: Edge, scale: Scale) -> (f32, f32) {
        let time = edge.time(self.phones);
        let count = self.segments.count();
        let after = partition(count, |i| self.segments.range(i).start.0 < time.0 - 1e-6);
        let width = |i: Option<usize>| {
            i.filter(|i| *i < count)
                .map_or(24.0, |i| (self.segments.range(i).length().0 * scale.px_per_second()) as f32)
        };
        (handles::hit_width(width(after.checked_sub(1))), handles::hit_width(width(Some(after))))
    }

    fn hit(&self, edge: Edge, lane: Rect, scale: Scale) -> Rect {
        let x = scale.x_from_time(edge.time(self.phones));
        let (left, right) = self.room(edge, scale);
        Rect::from_min_max(pos2(x - left, lane.top()), pos2(x + right, lane.bottom()))
    }

    /// The boundary under the pointer.
    fn under(&self, x: f32, lane: Rect, scale: Scale) -> Option<Edge> {
        let time = scale.time_from_x(x);
        let after = partition(self.segments.count(), |i| self.segments.range(i).start <= time);
        let near = after.saturating_sub(2)..(after + 1).min(self.segments.count());
        near.flat_map(|i| self.ends(i)).filter(|e| self.hit(*e, lane, scale).x_range().contains(x)).min_by(|a, b| {
            let away = |e: &Edge| (scale.x_from_time(e.time(self.phones)) - x).abs();
            away(a).total_cmp(&away(b))
        })
    }

    /// Draws a pin on every boundary on screen that is set by hand.
    pub fn pins(&self, ui: &Ui, lane: Rect, scale: Scale, t: &Tokens) {
        let count = self.segments.count();
        let first = partition(count, |i| self.segments.range(i).end < scale.shown.start);
        let end = partition(count, |i| self.segments.range(i).start <= scale.shown.end);
        if end.saturating_sub(first) > MOST_PINNED {
            return;
        }
        let painter = ui.painter_at(lane);
        let mut drawn = f32::NEG_INFINITY;
        for edge in (first..end.max(first)).flat_map(|i| self.ends(i)).filter(|e| e.is_set(self.phones)) {
            let x = scale.x_from_time(edge.time(self.phones));
            if x - drawn < 1.0 {
                continue;
            }
            drawn = x;
            let head = pos2(x, lane.top() + 3.5);
            painter.vline(x, head.y..=head.y + 6.0, Stroke::new(1.0, t.accent));
            painter.circle(head, 2.5, t.accent, Stroke::new(1.0, t.text1));
        }
    }

    /// Registers and draws the boundaries in reach and gives what was done to one.
    pub fn show(
        &self,
        ui: &Ui,
        lane: Rect,
        scale: Scale,
        t: &Tokens,
        grab: &mut Option<Grab>,
    ) -> Option<(Edge, HandleEvent)> {
        let id_of = |e: Edge| lanes::lane_id(self.tier).with(("edge", e.phone, e.start));
        let mut edges: Vec<Edge> = self.current.map_or_else(Vec::new, |i| self.ends(i));
        let pointer = ui.ctx().pointer_latest_pos().filter(|p| lane.contains(*p) && ui.rect_contains_pointer(lane));
        if grab.is_none()
            && !ui.input(|i| i.pointer.any_down() && !i.pointer.any_pressed())
            && let Some(edge) = pointer.and_then(|p| self.under(p.x, lane, scale))
        {
            edges.push(edge);
        }
        // What was pressed or focused in the last frame must stay, wherever the pointer went since.
        let kept = lanes::lane_id(self.tier).with("kept edge");
        if let Some(edge) = ui.data(|d| d.get_temp::<Edge>(kept)).filter(|e| e.phone < self.phones.len()) {
            edges.push(edge);
        }
        edges.sort_by_key(|e| (e.phone, !e.start));
        edges.dedup();
        let mut found = None;
        let mut keep = None;
        for edge in edges {
            let time = edge.time(self.phones);
            let x = scale.x_from_time(time);
            let is_grabbed = grab.is_some_and(|g| g.id == id_of(edge));
            if !scale.x.expand(4.0).contains(x) && !is_grabbed {
                continue;
            }
            let time_at = |x: f32| scale.time_from_x(x);
            let (response, event) =
                handles::handle(ui, id_of(edge), self.hit(edge, lane, scale), time, &time_at, grab, &|| {
                    self.name(edge)
                });
            if response.clicked() {
                response.request_focus();
            }
            if response.has_focus() || response.dragged() || response.is_pointer_button_down_on() {
                keep = Some(edge);
            }
            let painter = ui.painter_at(lane);
            if response.has_focus() || response.hovered() || response.dragged() {
                let color = if response.has_focus() { t.focus } else { t.accent };
                painter.vline(x, lane.y_range(), Stroke::new(3.0, color));
            }
            found = found.or(event.map(|e| (edge, e)));
        }
        ui.data_mut(|d| match keep {
            Some(edge) => {
                d.insert_temp(kept, edge);
            }
            None => d.remove::<Edge>(kept),
        });
        found
    }

    fn name(&self, edge: Edge) -> String {
        let name = self.plain_name(edge);
        if edge.is_set(self.phones) { tr_with("{name}, set by hand", &[("name", &name)]) } else { name }
    }

    fn plain_name(&self, edge: Edge) -> String {
        let symbol = |i: Option<usize>| i.and_then(|i| self.symbols.get(i)).map_or("", String::as_str);
        let time = edge.time(self.phones).timecode();
        let this = symbol(Some(edge.phone));
        let before = edge.phone.checked_sub(1).filter(|b| {
            edge.start && self.phones.get(*b).is_some_and(|p| (p.end - edge.time(self.phones)).0.abs() < 1e-6)
        });
        match (edge.start, before) {
            (true, Some(before)) => {
                let places = [("before", symbol(Some(before))), ("after", this), ("time", &*time)];
                tr_with("Boundary {before} | {after} at {time}", &places)
            }
            (true, None) => tr_with("Start of {symbol} at {time}", &[("symbol", this), ("time", &time)]),
            (false, _) => tr_with("End of {symbol} at {time}", &[("symbol", this), ("time", &time)]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phone(start: f64, end: f64) -> PhoneTime {
        PhoneTime { start: Seconds(start), end: Seconds(end), confidence: 1.0, fixed: false }
    }

    #[test]
    fn a_shared_boundary_is_one_and_a_pause_has_two() {
        let phones = [phone(0.0, 1.0), phone(1.0, 2.0), phone(2.5, 3.0)];
        let end = |phone| Edge { phone, start: false }.canonical(&phones);
        assert_eq!(end(0), Edge { phone: 1, start: true });
        assert_eq!(end(1), Edge { phone: 1, start: false });
        assert_eq!(end(2).time(&phones), Seconds(3.0));
    }

    #[test]
    fn shift_links_and_alt_leaves_the_neighbour() {
        let edge = Edge { phone: 1, start: true };
        let to = Seconds(1.1);
        assert_eq!(edge.edit(to, None, LinkedTiers::ALL), Edit::SetPhoneStart { phone: 1, to });
    }
}
