//! The lane of kept takes: under each mask its takes, one below the other; the ones in force carry a check mark and
//! are filled, the others are hatched as generated.

use super::ink::{Hatch, Ink};
use super::lanes::{self, LaneEvent};
use super::tiers::TierId;
use super::view::Scale;
use crate::app::i18n::{tr, tr_with};
use crate::app::theme::{self, Tokens};
use crate::document::marks::{MarkId, Marks, Mask, Take};
use crate::time::Seconds;
use egui::{PointerButton, Rect, Ui, pos2, vec2};
use std::collections::HashMap;

/// At most so many takes of one mask stand below each other; more share the rows.
const ROWS: usize = 4;

pub struct TakeLane<'a> {
    pub marks: &'a Marks,
    pub selected: &'a [MarkId],
    pub current: Option<usize>,
}

/// Number of a take among those of its mask, from 1, and how many there are.
pub fn number_of(marks: &Marks, take: &Take) -> (usize, usize) {
    let of_mask = marks.takes.iter().filter(|t| t.mask == take.mask);
    let count = of_mask.clone().count();
    (of_mask.clone().position(|t| t.id == take.id).map_or(0, |n| n + 1), count)
}

impl TakeLane<'_> {
    /// The parts that a take is in force for, by the mask it belongs to.
    fn in_force(mask: Option<&Mask>, take: &Take) -> Option<String> {
        let accepted = mask?.accepted.iter().find(|a| a.take == take.id)?;
        Some(super::masks::parts_name(accepted.parts))
    }

    pub fn name(&self, index: usize) -> String {
        let take = &self.marks.takes[index];
        let (number, _) = number_of(self.marks, take);
        let mask = self.marks.masks.iter().position(|m| m.id == take.mask).map_or(0, |n| n + 1);
        let places = [
            ("number", &*number.to_string()),
            ("mask", &*mask.to_string()),
            ("generator", take.generator.as_str()),
            ("seed", &*take.seed.to_string()),
        ];
        let name = tr_with("Take {number} of mask {mask}: {generator}, seed {seed}", &places);
        match Self::in_force(self.marks.mask(take.mask), take) {
            Some(parts) => format!("{name}, {}", tr_with("in force for {parts}", &[("parts", &parts)])),
            None => name,
        }
    }

    pub fn show(&self, ui: &Ui, lane: Rect, scale: Scale, t: &Tokens) -> Vec<LaneEvent> {
        let mut events = Vec::new();
        let ground = lanes::ground(ui, TierId::Takes, lane);
        let painter = ui.painter_at(lane);
        let id = lanes::lane_id(TierId::Takes);
        let mut ink = Ink::new(&painter, lane);
        let hue = TierId::Takes.hue();
        let mut seen: HashMap<MarkId, usize> = HashMap::new();
        let mut counts: HashMap<MarkId, usize> = HashMap::new();
        let masks: HashMap<MarkId, &Mask> = self.marks.masks.iter().map(|m| (m.id, m)).collect();
        for take in &self.marks.takes {
            *counts.entry(take.mask).or_default() += 1;
        }
        let mut texts = Vec::new();
        let mut focus = None;
        let mut hit = None;
        let pointer = ground.interact_pointer_pos();
        for (index, take) in self.marks.takes.iter().enumerate() {
            let row = seen.entry(take.mask).or_default();
            let this = *row;
            *row += 1;
            if !take.range.overlaps(scale.shown) {
                continue;
            }
            let rows = counts.get(&take.mask).copied().unwrap_or(1).clamp(1, ROWS);
            let height = lane.height() / rows as f32;
            let top = lane.top() + height * (this % rows) as f32;
            let strip = Rect::from_min_max(pos2(lane.left(), top), pos2(lane.right(), top + height - 1.0));
            let full = lanes::rect_of(take.range, strip, scale);
            let rect = full.intersect(strip);
            if pointer.is_some_and(|p| rect.contains(p)) {
                hit = Some(index);
            }
            let in_force = Self::in_force(masks.get(&take.mask).copied(), take);
            let selected = self.selected.contains(&take.mask);
            let is_current = self.current == Some(index);
            if full.width() >= lanes::ELEMENT_WIDTH || is_current {
                let name = || self.name(index);
                let response = lanes::element(ui, id.with(index), rect, selected, is_current, &name);
                lanes::collect(&response, index, &mut events);
                lanes::walk(ui, &response, index, self.marks.takes.len(), &|i| id.with(i), &mut events);
                if response.has_focus() {
                    focus = Some(rect);
                }
                response.on_hover_text(tr("Double-click to put this take in force."));
            }
            let (border, width) = if selected { (t.accent, 1.5) } else { (t.border(hue), 1.0) };
            ink.rect(full, if in_force.is_some() { theme::mix(t.fill(hue), t.hue(hue), 0.3) } else { t.surface2 });
            if in_force.is_none() {
                ink.hatch(full.shrink(1.0), Hatch::Rising, t.border(hue));
            }
            ink.frame(full, width, border);
            if in_force.is_some() && rect.height() >= 9.0 && rect.width() >= 14.0 {
                let c = rect.left_center() + vec2(3.0, 0.0);
                ink.polyline(&[c, c + vec2(3.0, 3.0), c + vec2(8.0, -3.5)], 1.5, t.text1);
            }
            texts.push((rect, this + 1, take.seed, in_force.is_some()));
        }
        ink.paint(&painter);
        for (rect, number, seed, in_force) in texts {
            if rect.height() < theme::SMALL + 1.0 {
                continue;
            }
            let text = tr_with("take {number}", &[("number", &number.to_string())]);
            let text = format!("{text} · {}", tr_with("seed {seed}", &[("seed", &seed.to_string())]));
            let room = rect.shrink2(vec2(4.0, 0.0)).with_min_x(rect.left() + if in_force { 14.0 } else { 5.0 });
            if let Some(galley) =
                lanes::fitted_text(&painter, &text, &number.to_string(), room.width(), theme::SMALL, t.text1)
            {
                let at = pos2(room.left(), rect.center().y - galley.size().y / 2.0);
                let ground = Rect::from_min_size(at, galley.size()).expand2(vec2(2.0, 0.0)).intersect(rect);
                painter.rect_filled(ground, 2.0, t.surface1);
                painter.galley(at, galley, t.text1);
            }
        }
        if self.marks.takes.is_empty() {
            let text = tr("No take has been kept");
            let at = lane.left_center() + vec2(8.0, 0.0);
            painter.text(at, egui::Align2::LEFT_CENTER, text, theme::regular(theme::SMALL), t.text3);
        }
        if let Some(rect) = focus {
            lanes::focus_frame(&painter, rect, t);
        }
        if ground.drag_started_by(PointerButton::Primary)
            && let Some(origin) = ui.input(|i| i.pointer.press_origin())
        {
            events.push(LaneEvent::Dragged(origin));
        }
        if ground.clicked() {
            let time = pointer.map_or(Seconds::ZERO, |p| scale.time_from_x(p.x));
            let modifiers = ui.input(|i| i.modifiers);
            events.push(hit.map_or(LaneEvent::Missed(time), |i| LaneEvent::Clicked(i, modifiers)));
        }
        events
    }
}
