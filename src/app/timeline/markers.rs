//! The lane of markers: named points in time. Each has one of eight colours, and the colour's letter, so that hue never
//! stands alone.

use super::handles::{self, Grab, HandleEvent};
use super::ink::Ink;
use super::lanes::{self, LaneEvent};
use super::masks::mark_id;
use super::tiers::TierId;
use super::view::Scale;
use crate::app::i18n::tr_with;
use crate::app::theme::{self, Tier, Tokens};
use crate::document::marks::{MarkId, Marker};
use crate::time::Seconds;
use egui::{Color32, PointerButton, Rect, Ui, pos2, vec2};

/// How many colours there are.
pub const COLOURS: u8 = 8;

/// The colour of a marker.
pub fn color(t: &Tokens, colour: u8) -> Color32 {
    match colour % COLOURS {
        0 => t.hue(Tier::Words),
        1 => t.hue(Tier::Phones),
        2 => t.hue(Tier::Gloss),
        3 => t.hue(Tier::Shape),
        4 => t.hue(Tier::Position),
        5 => t.accent,
        6 => t.ok,
        _ => t.danger,
    }
}

/// The letter that says the same as the colour.
pub fn letter(colour: u8) -> char {
    char::from(b'A' + colour % COLOURS)
}

/// What was done to the lane.
pub enum MarkerEvent {
    Lane(LaneEvent),
    Handle(MarkId, HandleEvent),
}

/// The lane.
pub struct MarkerLane<'a> {
    pub markers: &'a [Marker],
    pub selected: &'a [MarkId],
    pub current: Option<usize>,
    pub locked: bool,
}

impl MarkerLane<'_> {
    pub fn name(&self, index: usize) -> String {
        let marker = &self.markers[index];
        let places = [
            ("number", &*(index + 1).to_string()),
            ("letter", &*letter(marker.colour).to_string()),
            ("text", marker.text.as_str()),
            ("time", &*marker.time.timecode()),
        ];
        if marker.text.is_empty() {
            tr_with("Marker {number}: {letter}, {time}", &places)
        } else {
            tr_with("Marker {number}: {letter}, {text}, {time}", &places)
        }
    }

    pub fn show(&self, ui: &Ui, lane: Rect, scale: Scale, t: &Tokens, grab: &mut Option<Grab>) -> Vec<MarkerEvent> {
        let mut events = Vec::new();
        let ground = lanes::ground(ui, TierId::Markers, lane);
        let painter = ui.painter_at(lane);
        // A flag reaches to the right of its time.
        let margin = scale.seconds(200.0);
        let first = self.markers.partition_point(|m| m.time < scale.shown.start - margin);
        let last = self.markers.partition_point(|m| m.time < scale.shown.end).max(first);
        let mut ink = Ink::new(&painter, lane);
        let mut flags = Vec::new();
        for index in first..last {
            let marker = &self.markers[index];
            let x = scale.x_from_time(marker.time);
            let next = self.markers.get(index + 1).map_or(f32::INFINITY, |m| scale.x_from_time(m.time));
            ink.rect(Rect::from_x_y_ranges(x - 0.75..=x + 0.75, lane.y_range()), color(t, marker.colour));
            let room = next - x - 1.0;
            let is_current = self.current == Some(index);
            let selected = self.selected.contains(&marker.id);
            if room >= 15.0 || is_current || selected {
                flags.push((index, x, room));
            }
        }
        ink.paint(&painter);
        for (index, x, room) in flags {
            self.flag(ui, index, x, room, lane, scale, t, grab, &mut events);
        }
        if ground.drag_started_by(PointerButton::Primary)
            && let Some(origin) = ui.input(|i| i.pointer.press_origin())
        {
            events.push(MarkerEvent::Lane(LaneEvent::Dragged(origin)));
        }
        if (ground.clicked() || ground.double_clicked())
            && let Some(pointer) = ground.interact_pointer_pos()
        {
            let time = scale.time_from_x(pointer.x);
            let reach = scale.seconds(4.0);
            let near = |m: &Marker| (m.time - time).0.abs() <= reach.0;
            let hit = (first..last).find(|i| near(&self.markers[*i]));
            let modifiers = ui.input(|i| i.modifiers);
            events.push(MarkerEvent::Lane(hit.map_or(LaneEvent::Missed(time), |i| LaneEvent::Clicked(i, modifiers))));
        }
        events
    }

    #[expect(clippy::too_many_arguments)]
    fn flag(
        &self,
        ui: &Ui,
        index: usize,
        x: f32,
        room: f32,
        lane: Rect,
        scale: Scale,
        t: &Tokens,
        grab: &mut Option<Grab>,
        events: &mut Vec<MarkerEvent>,
    ) {
        let marker = &self.markers[index];
        let painter = ui.painter_at(lane);
        let tone = color(t, marker.colour);
        let selected = self.selected.contains(&marker.id);
        let is_current = self.current == Some(index);
        let badge = Rect::from_min_size(pos2(x, lane.top() + 2.0), vec2(14.0, lane.height() - 4.0));
        let text_room = (room - 20.0).min(180.0);
        let text = lanes::fitted_text(&painter, &marker.text, "", text_room, theme::SMALL, t.text1);
        let width = 14.0 + text.as_ref().map_or(0.0, |g| g.size().x + 6.0);
        // At least 24 points are there for the pointer where the next marker leaves them.
        let hit_width = width.max(24.0).min(room.max(8.0));
        let hit = Rect::from_min_size(pos2(x - 2.0, lane.top()), vec2(hit_width + 2.0, lane.height())).intersect(lane);
        if hit.width() <= 0.0 {
            return;
        }
        let id = mark_id(TierId::Markers, marker.id);
        let name = || self.name(index);
        let response = lanes::element(ui, id, hit, selected, is_current, &name);
        let mut lane_events = Vec::new();
        let id_of = |i: usize| mark_id(TierId::Markers, self.markers[i].id);
        lanes::walk(ui, &response, index, self.markers.len(), &id_of, &mut lane_events);
        if response.double_clicked() {
            lane_events.push(LaneEvent::Opened(index, response.rect));
        } else if response.clicked() {
            lane_events.push(LaneEvent::Clicked(index, ui.input(|i| i.modifiers)));
        }
        events.extend(lane_events.into_iter().map(MarkerEvent::Lane));
        if !self.locked {
            let time_at = |x: f32| scale.time_from_x(x);
            let event = handles::dragged(ui, &response, marker.time, &time_at, grab);
            events.extend(event.map(|e| MarkerEvent::Handle(marker.id, e)));
        }
        let ground = Rect::from_min_size(badge.min, vec2(width, badge.height()));
        if text.is_some() || selected {
            painter.rect_filled(ground, 2.0, if selected { t.accent_fill() } else { t.surface2 });
        }
        painter.rect_filled(badge, 2.0, tone);
        let letter = letter(marker.colour).to_string();
        painter.text(badge.center(), egui::Align2::CENTER_CENTER, letter, theme::bold(theme::SMALL), t.surface0);
        if let Some(text) = text {
            let at = pos2(badge.right() + 3.0, lane.center().y - text.size().y / 2.0);
            painter.galley(at, text, t.text1);
        }
        if selected {
            painter.rect_stroke(ground, 2.0, egui::Stroke::new(1.5, t.accent), egui::StrokeKind::Inside);
        }
        if response.has_focus() {
            lanes::focus_frame(&painter, hit, t);
        }
    }
}

/// The marker before or after `time`.
pub fn beside(markers: &[Marker], time: Seconds, forward: bool) -> Option<&Marker> {
    if forward {
        markers.iter().find(|m| m.time.0 > time.0 + 1e-6)
    } else {
        markers.iter().rev().find(|m| m.time.0 < time.0 - 1e-6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::theme::ThemeChoice;

    #[test]
    fn colours_and_letters_tell_all_markers_apart() {
        for theme in ThemeChoice::ALL {
            let t = theme.tokens();
            let all: std::collections::HashSet<_> = (0..COLOURS).map(|c| color(t, c)).collect();
            assert_eq!(all.len(), usize::from(COLOURS), "{theme:?}");
        }
        assert_eq!((0..COLOURS).map(letter).collect::<String>(), "ABCDEFGH");
    }

    #[test]
    fn beside_never_gives_the_marker_at_the_playhead() {
        let at = |t| Marker { id: MarkId(0), time: Seconds(t), text: String::new(), colour: 0 };
        let markers = [at(1.0), at(2.0), at(3.0)];
        assert_eq!(beside(&markers, Seconds(2.0), true).map(|m| m.time.0), Some(3.0));
        assert_eq!(beside(&markers, Seconds(2.0), false).map(|m| m.time.0), Some(1.0));
        assert!(beside(&markers, Seconds(3.0), true).is_none());
    }
}
