//! The lane of masks: stretches of time on parts of the body. Dragging on empty lane makes one, on the parts of the
//! brush; where the lane is high enough each part has a row of its own, and dragging over several rows paints several
//! parts. Edges, halo and body are dragged; the halo is drawn dotted `░`.

use super::density::{self, Densities};
use super::handles::{self, Grab, HandleEvent};
use super::ink::{Hatch, Ink};
use super::lanes::{self, LaneEvent, Look, Segments};
use super::tiers::TierId;
use super::view::Scale;
use crate::app::i18n::{tr, tr_with};
use crate::app::theme::{self, Tokens};
use crate::document::edit_segments::SHORTEST_MASK;
use crate::document::marks::{MarkId, Marks, Mask};
use crate::pose::parts::{Part, Parts};
use crate::time::{Seconds, TimeRange};
use egui::{CursorIcon, PointerButton, Pos2, Rect, Ui, pos2, vec2};
use std::borrow::Cow;

/// Least height of a row of one part, points.
const ROW: f32 = 11.0;
/// How long the blend of a new mask lasts.
pub const HALO: Seconds = Seconds(0.12);

/// Name of a part in the language of the interface.
pub fn part_name(part: Part) -> &'static str {
    match part {
        Part::Lips => tr("lips"),
        Part::Face => tr("face"),
        Part::Head => tr("head"),
        Part::LeftHand => tr("left hand"),
        Part::RightHand => tr("right hand"),
        Part::Arms => tr("arms"),
    }
}

/// The names of some parts, or "everything".
pub fn parts_name(parts: Parts) -> String {
    if parts == Parts::ALL {
        return tr("everything").to_owned();
    }
    parts.iter().map(part_name).collect::<Vec<_>>().join(", ")
}

/// Which side of a mask is in hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    Start,
    End,
    HaloStart,
    HaloEnd,
    Body,
}

/// A mask being painted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Painting {
    pub from: Seconds,
    pub from_y: f32,
    pub to: Seconds,
    pub parts: Parts,
}

impl Painting {
    /// The stretch painted, `None` while it is too short to be meant.
    pub fn range(&self) -> Option<TimeRange> {
        let range = TimeRange::new(self.from, self.to);
        (range.length() >= SHORTEST_MASK).then_some(range)
    }
}

/// What was done to the lane.
pub enum MaskEvent {
    Lane(LaneEvent),
    /// A side of a mask is dragged, nudged or to be typed.
    Side(MarkId, Side, HandleEvent),
    /// Empty lane is dragged over from one point of the screen to another.
    Painted(Pos2, Pos2),
    PaintingDone,
}

/// `mask` with one side at `to`; the others give no way.
pub fn moved(mask: &Mask, side: Side, to: Seconds, length: Seconds) -> Mask {
    let mut new = mask.clone();
    let r = mask.range;
    match side {
        Side::Start => new.range.start = to.clamp(Seconds::ZERO, r.end - SHORTEST_MASK),
        Side::End => new.range.end = to.clamp(r.start + SHORTEST_MASK, length.max(r.end)),
        Side::HaloStart => new.halo = (r.start - to).clamp(Seconds::ZERO, Seconds(2.0)),
        Side::HaloEnd => new.halo = (to - r.end).clamp(Seconds::ZERO, Seconds(2.0)),
        Side::Body => {
            let start = to.clamp(Seconds::ZERO, (length - r.length()).max(Seconds::ZERO));
            new.range = TimeRange::new(start, start + r.length());
        }
    }
    new
}

/// When a side of a mask is.
pub fn time_of(mask: &Mask, side: Side) -> Seconds {
    match side {
        Side::Start | Side::Body => mask.range.start,
        Side::End => mask.range.end,
        Side::HaloStart => mask.range.start - mask.halo,
        Side::HaloEnd => mask.range.end + mask.halo,
    }
}

/// The rows of a lane: one for each part where they fit.
pub fn rows(lane: Rect) -> Option<[Rect; 6]> {
    let height = lane.height() / 6.0;
    (height >= ROW).then(|| {
        std::array::from_fn(|i| {
            let top = lane.top() + height * i as f32;
            Rect::from_min_max(pos2(lane.left(), top), pos2(lane.right(), top + height))
        })
    })
}

/// The parts that a drag from one height to another paints: those of the rows it crosses, or those of the brush.
pub fn painted_parts(lane: Rect, from_y: f32, to_y: f32, brush: Parts) -> Parts {
    let Some(rows) = rows(lane) else { return brush };
    let (low, high) = (from_y.min(to_y), from_y.max(to_y));
    let crossed = rows.iter().zip(Part::ALL).filter(|(r, _)| r.top() <= high && r.bottom() > low);
    let parts: Parts = crossed.map(|(_, p)| p).collect();
    if parts.is_empty() { brush } else { parts }
}

/// The element of a mask or marker: by its name, so that it stays in hand when a drag takes it past another.
pub fn mark_id(tier: TierId, id: MarkId) -> egui::Id {
    lanes::lane_id(tier).with(("mark", id.0))
}

/// The lane.
pub struct MaskLane<'a> {
    pub marks: &'a Marks,
    pub selected: &'a [MarkId],
    pub current: Option<usize>,
    pub painting: Option<Painting>,
    /// No edits: the tier is locked.
    pub locked: bool,
}

impl Segments for MaskLane<'_> {
    fn count(&self) -> usize {
        self.marks.masks.len()
    }

    fn range(&self, index: usize) -> TimeRange {
        self.marks.masks[index].range
    }

    fn look(&self, index: usize) -> Look {
        let mask = &self.marks.masks[index];
        Look { selected: self.selected.contains(&mask.id), locked: mask.locked, ..Look::default() }
    }

    fn text(&self, index: usize) -> Cow<'_, str> {
        parts_name(self.marks.masks[index].parts).into()
    }

    fn name(&self, index: usize) -> String {
        let mask = &self.marks.masks[index];
        let places = [
            ("number", &*(index + 1).to_string()),
            ("parts", &*parts_name(mask.parts)),
            ("from", &*mask.range.start.timecode()),
            ("to", &*mask.range.end.timecode()),
        ];
        tr_with("Mask {number}: {parts}, {from} to {to}", &places)
    }
}

impl MaskLane<'_> {
    pub fn show(
        &self,
        ui: &Ui,
        lane: Rect,
        scale: Scale,
        t: &Tokens,
        grab: &mut Option<Grab>,
        densities: &mut Densities,
    ) -> Vec<MaskEvent> {
        let mut events = Vec::new();
        let ground = lanes::ground(ui, TierId::Masks, lane);
        let painter = ui.painter_at(lane);
        let mut ink = Ink::new(&painter, lane);
        let rows = rows(lane);
        if let Some(rows) = &rows {
            for (row, part) in rows.iter().zip(Part::ALL) {
                ink.rect(row.with_max_y(row.top() + 1.0), t.line);
                painter.text(
                    row.left_center() + vec2(4.0, 0.0),
                    egui::Align2::LEFT_CENTER,
                    part_name(part),
                    theme::regular(theme::SMALL),
                    t.text3,
                );
            }
        }
        self.on_ground(ui, &ground, lane, scale, t, &mut ink, &mut events);
        let masks = &self.marks.masks;
        // Masks stand in order of their start; how long they are is not known, and they are few.
        let last = masks.partition_point(|m| m.reach().start < scale.shown.end);
        let shown: Vec<usize> = (0..last).filter(|i| masks[*i].reach().end > scale.shown.start).collect();
        let crowded = density::is_crowded(shown.len(), lane.width());
        if crowded {
            density::paint(densities, &mut ink, self, lane, scale, TierId::Masks, t);
        }
        // Where they stand too close to be told apart, only what is selected is drawn as itself.
        let is_drawn = |i: &usize| !crowded || self.current == Some(*i) || self.selected.contains(&masks[*i].id);
        let mut texts = Vec::new();
        let mut handled = Vec::new();
        let mut focus = None;
        for index in shown.into_iter().filter(is_drawn) {
            let mask = &masks[index];
            let selected = self.selected.contains(&mask.id);
            let is_current = self.current == Some(index);
            let full = lanes::rect_of(mask.range, lane, scale);
            let rect = full.intersect(lane);
            let mut hovered = false;
            if rect.width() > 0.0 && (full.width() >= lanes::ELEMENT_WIDTH || is_current || selected) {
                let name = || self.name(index);
                let response = lanes::element(ui, mark_id(TierId::Masks, mask.id), rect, selected, is_current, &name);
                hovered = response.hovered();
                let mut lane_events = Vec::new();
                let id_of = |i: usize| mark_id(TierId::Masks, masks[i].id);
                lanes::walk(ui, &response, index, masks.len(), &id_of, &mut lane_events);
                if response.double_clicked() {
                    lane_events.push(LaneEvent::Opened(index, response.rect));
                } else if response.clicked() {
                    lane_events.push(LaneEvent::Clicked(index, ui.input(|i| i.modifiers)));
                }
                events.extend(lane_events.into_iter().map(MaskEvent::Lane));
                if !mask.locked && !self.locked {
                    let time_at = |x: f32| scale.time_from_x(x);
                    let event = handles::dragged(ui, &response, mask.range.start, &time_at, grab);
                    events.extend(event.map(|e| MaskEvent::Side(mask.id, Side::Body, e)));
                    if response.hovered() && selected {
                        ui.ctx().set_cursor_icon(CursorIcon::Grab);
                    }
                }
                if response.has_focus() {
                    focus = Some(rect);
                }
            }
            self.paint_mask(&mut ink, mask, lane, scale, t, selected, hovered, rows.as_ref());
            texts.push((rect, index));
            if (selected || hovered) && !mask.locked && !self.locked {
                handled.push(index);
            }
        }
        ink.paint(&painter);
        for (rect, index) in texts {
            self.label(&painter, rect, &masks[index], rows.is_some(), t);
        }
        if crowded {
            density::label(&painter, lane, t);
        }
        if let Some(rect) = focus {
            lanes::focus_frame(&painter, rect, t);
        }
        for index in handled {
            self.handles(ui, &masks[index], lane, scale, t, grab, &mut events);
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
        events: &mut Vec<MaskEvent>,
    ) {
        if let (Some(origin), Some(pointer)) = (ui.input(|i| i.pointer.press_origin()), ground.interact_pointer_pos())
            && ground.dragged_by(PointerButton::Primary)
            && !self.locked
        {
            events.push(MaskEvent::Painted(origin, pointer));
        }
        if ground.drag_stopped_by(PointerButton::Primary) {
            events.push(MaskEvent::PaintingDone);
        }
        if ground.clicked()
            && let Some(pointer) = ground.interact_pointer_pos()
        {
            let time = scale.time_from_x(pointer.x);
            let hit = self.marks.masks.iter().rposition(|m| m.range.contains(time));
            let modifiers = ui.input(|i| i.modifiers);
            events.push(MaskEvent::Lane(hit.map_or(LaneEvent::Missed(time), |i| LaneEvent::Clicked(i, modifiers))));
        }
        if let Some(painting) = self.painting
            && let Some(range) = painting.range()
        {
            let rect = lanes::rect_of(range, lane, scale);
            for body in bodies(rect, painting.parts, rows(lane).as_ref()) {
                ink.rect(body, t.accent_fill());
                ink.dashes(body, 1.0, t.accent);
            }
        } else if self.marks.masks.is_empty() && !ground.dragged() {
            let text = tr("Drag here to make a mask");
            ui.painter_at(lane).text(
                lane.left_center() + vec2(if rows(lane).is_some() { 84.0 } else { 8.0 }, 0.0),
                egui::Align2::LEFT_CENTER,
                text,
                theme::regular(theme::SMALL),
                t.text3,
            );
        }
    }

    #[expect(clippy::too_many_arguments)]
    fn paint_mask(
        &self,
        ink: &mut Ink,
        mask: &Mask,
        lane: Rect,
        scale: Scale,
        t: &Tokens,
        selected: bool,
        hovered: bool,
        rows: Option<&[Rect; 6]>,
    ) {
        let hue = TierId::Masks.hue();
        let (border, width) = if selected { (t.accent, 2.0) } else { (t.border(hue), 1.0) };
        let fill = if selected {
            t.accent_fill()
        } else if hovered {
            theme::mix(t.fill(hue), t.hue(hue), 0.18)
        } else {
            t.fill(hue)
        };
        for body in bodies(lanes::rect_of(mask.range, lane, scale), mask.parts, rows) {
            if mask.halo > Seconds::ZERO {
                let reach = mask.reach();
                for (from, to) in [(reach.start, mask.range.start), (mask.range.end, reach.end)] {
                    let halo = lanes::rect_of(lanes::between(from, to), body, scale);
                    ink.hatch(halo, Hatch::Dotted, t.hue(hue));
                }
            }
            ink.rect(body, fill);
            let hatch = if mask.locked { Hatch::Crossed } else { Hatch::Rising };
            if mask.locked || !mask.accepted.is_empty() {
                ink.hatch(body.shrink(1.0), hatch, t.border(hue));
            }
            ink.frame(body, width, border);
        }
    }

    fn label(&self, painter: &egui::Painter, rect: Rect, mask: &Mask, rowed: bool, t: &Tokens) {
        let taken: Vec<String> = mask
            .accepted
            .iter()
            .filter_map(|a| self.marks.takes.iter().filter(|k| k.mask == mask.id).position(|k| k.id == a.take))
            .map(|n| tr_with("take {number}", &[("number", &(n + 1).to_string())]))
            .collect();
        let mut text = if rowed { String::new() } else { parts_name(mask.parts) };
        if !taken.is_empty() {
            text = format!("{text}{}{}", if text.is_empty() { "" } else { " · " }, taken.join(", "));
        }
        let room = rect.shrink2(vec2(6.0, 0.0));
        let size = theme::SMALL;
        if let Some(galley) = lanes::fitted_text(painter, &text, "", room.width(), size, t.text1) {
            let at = pos2(room.left(), room.center().y - galley.size().y / 2.0);
            if mask.locked || !mask.accepted.is_empty() {
                // The pattern must not run through the words.
                let ground = Rect::from_min_size(at, galley.size()).expand2(vec2(2.0, 0.0));
                painter.rect_filled(ground, 2.0, t.surface1);
            }
            painter.galley(at, galley, t.text1);
        }
        if mask.locked && rect.width() > 16.0 {
            lanes::padlock(painter, rect.right_bottom() + vec2(-8.0, -8.0), t.text2);
        }
    }

    #[expect(clippy::too_many_arguments)]
    fn handles(
        &self,
        ui: &Ui,
        mask: &Mask,
        lane: Rect,
        scale: Scale,
        t: &Tokens,
        grab: &mut Option<Grab>,
        events: &mut Vec<MaskEvent>,
    ) {
        let id = lanes::lane_id(TierId::Masks);
        let painter = ui.painter_at(lane);
        let width = lanes::rect_of(mask.range, lane, scale).width();
        let time_at = |x: f32| scale.time_from_x(x);
        for side in [Side::HaloStart, Side::HaloEnd, Side::Start, Side::End] {
            let time = time_of(mask, side);
            let x = scale.x_from_time(time);
            if !scale.x.expand(8.0).contains(x) {
                continue;
            }
            let halo = matches!(side, Side::HaloStart | Side::HaloEnd);
            let inner = handles::hit_width(width);
            let outer = if halo { 10.0 } else { (scale.px_per_second() * mask.halo.0 / 2.0).clamp(3.0, 12.0) as f32 };
            let outward = matches!(side, Side::Start | Side::HaloStart);
            let (left, right) = match (halo, outward) {
                (true, true) => (outer, outer.min((scale.px_per_second() * mask.halo.0 / 2.0) as f32)),
                (true, false) => (outer.min((scale.px_per_second() * mask.halo.0 / 2.0) as f32), outer),
                (false, true) => (outer, inner),
                (false, false) => (inner, outer),
            };
            let hit = Rect::from_min_max(pos2(x - left.max(2.0), lane.top()), pos2(x + right.max(2.0), lane.bottom()));
            let name = || {
                let text = match side {
                    Side::Start => tr("Start of the mask at {time}"),
                    Side::End => tr("End of the mask at {time}"),
                    Side::HaloStart => tr("Start of the halo at {time}"),
                    Side::HaloEnd | Side::Body => tr("End of the halo at {time}"),
                };
                text.replace("{time}", &time.timecode())
            };
            let (response, event) = handles::handle(ui, id.with((mask.id.0, side)), hit, time, &time_at, grab, &name);
            let active = response.hovered() || response.dragged() || response.has_focus();
            let color = if response.has_focus() { t.focus } else { t.accent };
            if halo {
                // A diamond: it is no edge of the mask itself.
                let c = pos2(x, lane.center().y);
                let r = if active { 5.0 } else { 4.0 };
                let diamond = vec![c - vec2(r, 0.0), c - vec2(0.0, r), c + vec2(r, 0.0), c + vec2(0.0, r)];
                painter.add(egui::Shape::convex_polygon(diamond, color, egui::Stroke::NONE));
            } else if active {
                painter.vline(x, lane.y_range(), egui::Stroke::new(3.0, color));
            }
            events.extend(event.map(|e| MaskEvent::Side(mask.id, side, e)));
        }
    }
}

/// Where the parts of a mask are drawn: the whole height, or the rows of its parts.
fn bodies(rect: Rect, parts: Parts, rows: Option<&[Rect; 6]>) -> Vec<Rect> {
    match rows {
        None => vec![rect.shrink2(vec2(0.0, 2.0))],
        Some(rows) => rows
            .iter()
            .zip(Part::ALL)
            .filter(|(_, part)| parts.contains(*part))
            .map(|(row, _)| Rect::from_x_y_ranges(rect.x_range(), row.y_range().shrink(1.0)))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask() -> Mask {
        Mask {
            id: MarkId(0),
            range: TimeRange::new(Seconds(1.0), Seconds(2.0)),
            parts: Parts::NONE.with(Part::Lips),
            halo: HALO,
            locked: false,
            accepted: vec![],
        }
    }

    #[test]
    fn sides_move_alone_and_a_mask_never_turns_over() {
        let length = Seconds(10.0);
        let m = mask();
        assert_eq!(moved(&m, Side::Start, Seconds(5.0), length).range.start, Seconds(2.0) - SHORTEST_MASK);
        assert_eq!(moved(&m, Side::End, Seconds(0.0), length).range.end, Seconds(1.0) + SHORTEST_MASK);
        assert_eq!(moved(&m, Side::End, Seconds(99.0), length).range.end, length);
        assert!((moved(&m, Side::HaloStart, Seconds(0.7), length).halo.0 - 0.3).abs() < 1e-9);
        assert_eq!(moved(&m, Side::HaloEnd, Seconds(1.5), length).halo, Seconds::ZERO);
        let body = moved(&m, Side::Body, Seconds(9.9), length).range;
        assert!((body.length() - m.range.length()).0.abs() < 1e-9 && body.end <= length);
    }

    #[test]
    fn a_brush_over_rows_paints_the_parts_it_crosses() {
        let high = Rect::from_min_max(pos2(0.0, 0.0), pos2(100.0, 72.0));
        let brush = Parts::NONE.with(Part::Lips);
        assert_eq!(painted_parts(high, 13.0, 30.0, brush), Parts::NONE.with(Part::Face).with(Part::Head));
        assert_eq!(painted_parts(high, 70.0, 70.0, brush), Parts::NONE.with(Part::Arms));
        let low = Rect::from_min_max(pos2(0.0, 0.0), pos2(100.0, 24.0));
        assert_eq!(painted_parts(low, 2.0, 20.0, brush), brush, "no rows: the brush's own parts");
    }
}
