//! The two lanes of the hand: its shape and its position, each a chain of slanted moves and flat holds.
//!
//! A move is where the line climbs, a hold is where it is flat: `╱1╲╱2╲`. The selected keys carry handles at both
//! ends of their moves, and the lead handle `◁`, which takes the whole hand earlier or later. What can be dragged here
//! can also be nudged with the arrow keys and typed.

use super::TimelineInput;
use super::density::{self, Densities};
use super::handles::{self, Grab, HandleEvent};
use super::ink::Ink;
use super::lanes::{self, ELEMENT_WIDTH, LaneEvent, Look, Segments, fitted_text};
use super::tiers::TierId;
use super::view::Scale;
use crate::app::board::{position_letters, position_name};
use crate::app::i18n::{tr, tr_with};
use crate::app::theme::{self, Tokens};
use crate::document::edit::MoveTime;
use crate::document::{KeyId, KeySegment};
use crate::time::{Seconds, TimeRange};
use egui::{PointerButton, Pos2, Rect, Ui, pos2, vec2};
use std::borrow::Cow;
use std::collections::HashSet;

/// Longest stretch between two keys over which the hand is drawn as staying; after it the hand goes to rest.
const LONGEST_HOLD: Seconds = Seconds(1.2);

/// Which of the two lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    Shape,
    Position,
}

impl Part {
    pub fn tier(self) -> TierId {
        match self {
            Self::Shape => TierId::Shape,
            Self::Position => TierId::Position,
        }
    }

    /// When the move to the key begins and ends.
    pub fn times(self, key: &KeySegment) -> (Seconds, Seconds) {
        match self {
            Self::Shape => (key.times.d1, key.times.d2),
            Self::Position => (key.times.m1, key.times.m2),
        }
    }

    pub fn handles(self) -> [MoveTime; 2] {
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
    /// The handle of one time of a key.
    Handle(KeyId, MoveTime, HandleEvent),
    /// The lead handle: its time is that at which the hand sets off.
    Lead(KeyId, HandleEvent),
}

/// One lane of the hand.
pub struct MoveLane<'a> {
    pub part: Part,
    pub input: &'a TimelineInput<'a>,
    pub selected: &'a HashSet<KeyId>,
    pub current: Option<usize>,
    pub locked: bool,
}

impl Segments for MoveLane<'_> {
    fn count(&self) -> usize {
        self.input.project.tiers.keys.len()
    }

    fn range(&self, index: usize) -> TimeRange {
        let c = corners(&self.input.project.tiers.keys, index, self.part);
        TimeRange { start: c.begin, end: c.gone }
    }

    fn look(&self, index: usize) -> Look {
        let key = &self.input.project.tiers.keys[index];
        let e = &key.edits;
        let edited = match self.part {
            Part::Shape => e.shape.is_some() || e.shift[2] != 0.0 || e.shift[3] != 0.0,
            Part::Position => e.position.is_some() || e.shift[0] != 0.0 || e.shift[1] != 0.0,
        };
        Look { selected: self.selected.contains(&key.id), edited, locked: key.locked, ..Look::default() }
    }

    fn text(&self, index: usize) -> Cow<'_, str> {
        let key = &self.input.project.tiers.keys[index];
        match self.part {
            Part::Shape => key.shape().0.to_string().into(),
            Part::Position => position_name(key.position()).into(),
        }
    }

    fn short(&self, index: usize) -> Cow<'_, str> {
        match self.part {
            Part::Shape => "".into(),
            Part::Position => position_letters(self.input.project.tiers.keys[index].position()).into(),
        }
    }

    fn name(&self, index: usize) -> String {
        let key = &self.input.project.tiers.keys[index];
        let number = (index + 1).to_string();
        let symbols = self.input.board.keys[index].symbols.as_str();
        match self.part {
            Part::Shape => {
                let shape = key.shape().0.to_string();
                let places = [("number", number.as_str()), ("shape", shape.as_str()), ("sounds", symbols)];
                tr_with("Key {number}: shape {shape}, {sounds}", &places)
            }
            Part::Position => {
                let places =
                    [("number", number.as_str()), ("position", position_name(key.position())), ("sounds", symbols)];
                tr_with("Key {number}: position {position}, {sounds}", &places)
            }
        }
    }
}

impl MoveLane<'_> {
    pub fn show(
        &self,
        ui: &Ui,
        lane: Rect,
        scale: Scale,
        t: &Tokens,
        grab: &mut Option<Grab>,
        densities: &mut Densities,
    ) -> Vec<MoveEvent> {
        let mut events = Vec::new();
        let keys = &self.input.project.tiers.keys;
        let tier = self.part.tier();
        let id = lanes::lane_id(tier);
        let ground = lanes::ground(ui, tier, lane);
        let painter = ui.painter_at(lane);
        let inner = lane.shrink2(vec2(0.0, 3.0));
        let mut ink = Ink::new(&painter, lane);
        // Moves of neighbours overlap, so starts and ends are searched apart, with a margin of one key.
        let first = lanes::partition(keys.len(), |i| self.range(i).end <= scale.shown.start).saturating_sub(1);
        let last = lanes::partition(keys.len(), |i| self.range(i).start < scale.shown.end).max(first);
        let crowded = density::is_crowded(last - first, lane.width());
        let mut labels: Vec<(Rect, usize)> = Vec::new();
        let mut marks: Vec<(Rect, Look)> = Vec::new();
        let mut focus = None;
        let range = if crowded {
            density::paint(densities, &mut ink, self, lane, scale, tier, t);
            self.current.filter(|i| (first..last).contains(i)).map_or(0..0, |i| i..i + 1)
        } else {
            first..last
        };
        for index in range.clone() {
            let c = corners(keys, index, self.part);
            let look = self.look(index);
            let quad = quad(c, inner, scale);
            let hold = Rect::from_min_max(quad[1], pos2(quad[2].x, inner.bottom()));
            let width = quad[3].x - quad[0].x;
            let middle = (quad[0].x + quad[1].x) / 2.0..(quad[2].x + quad[3].x) / 2.0;
            let target = Rect::from_x_y_ranges(middle.start..=middle.end.max(middle.start + 1.0), lane.y_range())
                .intersect(lane);
            let is_current = self.current == Some(index);
            let mut hovered = false;
            if target.width() > 0.0 && (target.width() >= ELEMENT_WIDTH || is_current) {
                let name = || self.name(index);
                let response = lanes::element(ui, id.with(index), target, look.selected, is_current, &name);
                hovered = response.hovered();
                let mut lane_events = Vec::new();
                lanes::collect(&response, index, &mut lane_events);
                lanes::walk(ui, &response, index, keys.len(), &|i| id.with(i), &mut lane_events);
                events.extend(lane_events.into_iter().map(MoveEvent::Lane));
                if response.has_focus() {
                    focus = Some(target);
                }
            }
            let hue = tier.hue();
            let fill = if look.selected {
                t.accent_fill()
            } else if hovered {
                theme::mix(t.fill(hue), t.hue(hue), 0.2)
            } else {
                t.fill(hue)
            };
            // Half seen through, so that the crossing of two moves shows both.
            ink.quad(quad, fill.gamma_multiply(0.85));
            if width < 8.0 {
                continue;
            }
            let (line, color) = if look.selected { (2.0, t.accent) } else { (1.0, t.border(hue)) };
            ink.polyline(&[quad[0], quad[1], quad[2], quad[3]], line, color);
            marks.push((hold.intersect(lane), look));
            labels.push((hold.intersect(lane), index));
        }
        ink.paint(&painter);
        for (rect, look) in marks {
            lanes::decorate(&painter, rect, look, t);
        }
        for (rect, index) in labels {
            let size = if self.part == Part::Shape { theme::BODY } else { 12.0 };
            let (text, short) = (self.text(index), self.short(index));
            if let Some(text) = fitted_text(&painter, &text, &short, rect.width() - 2.0, size, t.text1) {
                painter.galley(rect.center() - text.size() / 2.0, text, t.text1);
            }
        }
        if crowded {
            density::label(&painter, lane, t);
        }
        if let Some(rect) = focus {
            lanes::focus_frame(&painter, rect, t);
        }
        self.on_ground(ui, &ground, scale, &mut events);
        // Handles last: they lie over the bodies and win the pointer.
        if !self.locked && !crowded {
            for index in range.filter(|i| self.selected.contains(&keys[*i].id) && !keys[*i].locked) {
                self.handles(ui, index, inner, scale, t, grab, &mut events);
            }
        }
        events
    }

    fn on_ground(&self, ui: &Ui, ground: &egui::Response, scale: Scale, events: &mut Vec<MoveEvent>) {
        if ground.drag_started_by(PointerButton::Primary)
            && let Some(origin) = ui.input(|i| i.pointer.press_origin())
        {
            events.push(MoveEvent::Lane(LaneEvent::Dragged(origin)));
        }
        if !ground.clicked() {
            return;
        }
        let Some(pointer) = ground.interact_pointer_pos() else { return };
        let time = scale.time_from_x(pointer.x);
        let keys = &self.input.project.tiers.keys;
        // The key whose hold is nearest: narrow ones are no elements of their own.
        let after = lanes::partition(keys.len(), |i| corners(keys, i, self.part).begin <= time);
        let hit = after.checked_sub(1).filter(|i| corners(keys, *i, self.part).gone >= time);
        let modifiers = ui.input(|i| i.modifiers);
        events.push(MoveEvent::Lane(hit.map_or(LaneEvent::Missed(time), |i| LaneEvent::Clicked(i, modifiers))));
    }

    #[expect(clippy::too_many_arguments)]
    fn handles(
        &self,
        ui: &Ui,
        index: usize,
        inner: Rect,
        scale: Scale,
        t: &Tokens,
        grab: &mut Option<Grab>,
        events: &mut Vec<MoveEvent>,
    ) {
        let key = &self.input.project.tiers.keys[index];
        let c = corners(&self.input.project.tiers.keys, index, self.part);
        let at = [pos2(scale.x_from_time(c.begin), inner.bottom()), pos2(scale.x_from_time(c.arrive), inner.top())];
        let id = lanes::lane_id(self.part.tier());
        let time_at = |x: f32| scale.time_from_x(x);
        let seen = scale.x.expand(12.0);
        let painter = ui.painter_at(inner.expand(4.0));
        // Two handles that would lie on each other are of no use: then only the lead handle is shown.
        let apart = at[1].x - at[0].x;
        if apart >= 10.0 {
            let half = (apart / 2.0).min(12.0);
            for ((which, point), time) in self.part.handles().into_iter().zip(at).zip([c.begin, c.arrive]) {
                if !seen.contains(point.x) {
                    continue;
                }
                let hit = Rect::from_center_size(point, vec2(2.0 * half, 24.0));
                let (response, event) =
                    handles::handle(ui, id.with((key.id.0, which)), hit, time, &time_at, grab, &|| {
                        handle_name(which).to_owned()
                    });
                let active = response.hovered() || response.dragged() || response.has_focus();
                let size = if active { 9.0 } else { 7.0 };
                let color = if response.has_focus() { t.focus } else { t.accent };
                painter.rect_filled(Rect::from_center_size(point, vec2(size, size)), 1.0, color);
                events.extend(event.map(|e| MoveEvent::Handle(key.id, which, e)));
            }
        }
        if self.part == Part::Position && seen.contains(at[0].x) {
            self.lead(ui, key, at[0], inner, scale, t, grab, events);
        }
    }

    #[expect(clippy::too_many_arguments)]
    fn lead(
        &self,
        ui: &Ui,
        key: &KeySegment,
        start: Pos2,
        inner: Rect,
        scale: Scale,
        t: &Tokens,
        grab: &mut Option<Grab>,
        events: &mut Vec<MoveEvent>,
    ) {
        let y = inner.top() + 5.0;
        let sound = scale.x_from_time(key.times.a1);
        let tip = pos2(start.x - 2.0, y);
        let painter = ui.painter_at(inner.expand2(vec2(24.0, 4.0)));
        let hit = Rect::from_center_size(tip + vec2(-6.0, 2.0), vec2(24.0, 20.0));
        let id = lanes::lane_id(TierId::Position).with((key.id.0, "lead"));
        let time_at = |x: f32| scale.time_from_x(x);
        let (response, event) =
            handles::handle(ui, id, hit, key.times.m1, &time_at, grab, &|| tr("Hand lead handle").to_owned());
        let active = response.hovered() || response.dragged() || response.has_focus();
        let mut ink = Ink::new(&painter, inner.expand2(vec2(24.0, 4.0)));
        ink.line(tip, pos2(sound, y), 1.0, t.accent);
        ink.line(pos2(sound, y - 4.0), pos2(sound, y + 4.0), 1.5, t.accent);
        let color = if active { t.focus } else { t.accent };
        ink.triangle([tip + vec2(-9.0, 0.0), tip + vec2(0.0, -5.0), tip + vec2(0.0, 5.0)], color);
        ink.paint(&painter);
        let lead = format!("{:.0}", key.lead_ms());
        response.on_hover_text(tr_with(
            "Hand lead {lead} ms\nDrag to take the whole hand earlier or later.",
            &[("lead", &lead)],
        ));
        events.extend(event.map(|e| MoveEvent::Lead(key.id, e)));
    }
}

/// What a handle of a move is called.
pub fn handle_name(which: MoveTime) -> &'static str {
    match which {
        MoveTime::PositionStart => tr("Start of the move to the position"),
        MoveTime::PositionEnd => tr("Arrival at the position"),
        MoveTime::ShapeStart => tr("Start of the change of shape"),
        MoveTime::ShapeEnd => tr("Shape complete"),
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
