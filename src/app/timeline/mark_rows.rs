//! The lanes of what is laid over the performance: masks, takes, markers, and what is wanted when something is done to
//! them.

use super::entry::Target;
use super::handles::HandleEvent;
use super::lanes::LaneEvent;
use super::markers::{MarkerEvent, MarkerLane};
use super::masks::{self, MaskEvent, MaskLane, Painting};
use super::rows::Row;
use super::snap::Held;
use super::takes::TakeLane;
use super::tiers::TierId;
use crate::app::i18n::later;
use crate::app::intent::Intent;
use crate::document::Selection;
use crate::document::edit::Edit;
use crate::document::edit_segments::SegmentEdit;
use egui::Modifiers;

impl Row<'_, '_> {
    pub(super) fn masks(&mut self) {
        let marks = &self.input.project.marks;
        let lane = MaskLane {
            marks,
            selected: &self.input.selection.masks,
            current: self.current(),
            painting: self.state.painting,
            locked: self.locked(),
        };
        let mut grab = self.state.grab;
        let events = lane.show(self.ui, self.lane, self.scale, self.t, &mut grab, &mut self.state.densities);
        self.state.grab = grab;
        for event in events {
            match event {
                MaskEvent::Lane(event) => {
                    let Some(event) = self.common(event) else { continue };
                    self.mark_event(event);
                }
                MaskEvent::Side(id, side, event) => {
                    let Some(mask) = marks.mask(id) else { continue };
                    let length = self.input.project.length();
                    // While it is dragged the mask in the document moves: the drag starts from where it was.
                    let mask = mask.clone();
                    let now = masks::time_of(&mask, side);
                    let name = if side == masks::Side::Body { later("Move mask") } else { later("Change mask") };
                    let linked = self.linked();
                    if !self.input.selection.masks.contains(&id) && matches!(event, HandleEvent::Moved(..)) {
                        let masks = vec![id];
                        self.out.push(Intent::Select(Box::new(Selection { masks, ..Selection::default() })));
                    }
                    let is_edge = matches!(side, masks::Side::Start | masks::Side::End);
                    self.handle_event(event, now, name, Target::Mask(id), &|to, grab| match grab {
                        Some(g) if g.linked && is_edge => {
                            Edit::Segments(SegmentEdit::MoveBoundaries { at: g.from, to, tiers: linked })
                        }
                        _ => Edit::SetMask(masks::moved(&mask, side, to, length)),
                    });
                }
                MaskEvent::Painted(origin, pointer) => {
                    let first = self.state.painting.is_none();
                    let from = self.scale.time_from_x(origin.x);
                    let from = if first {
                        self.state.snap(self.ui, from, Held::Nothing, self.input, self.scale)
                    } else {
                        from
                    };
                    let begun = *self.state.painting.get_or_insert(Painting {
                        from,
                        from_y: origin.y,
                        to: from,
                        parts: self.state.settings.brush,
                    });
                    let to = self.scale.time_from_x(pointer.x);
                    let to = self.state.snap(self.ui, to, Held::Nothing, self.input, self.scale);
                    let parts = masks::painted_parts(self.lane, begun.from_y, pointer.y, self.state.settings.brush);
                    self.state.painting = Some(Painting { to, parts, ..begun });
                }
                MaskEvent::PaintingDone => {
                    self.state.current = self.tier;
                    self.state.snapped = None;
                    if let Some(painting) = self.state.painting.take()
                        && let Some(range) = painting.range()
                    {
                        let parts = painting.parts;
                        self.out.push(Intent::Edit(Edit::AddMask { range, parts, halo: masks::HALO }));
                        self.out.push(Intent::SelectNewMask);
                    }
                }
            }
        }
    }

    pub(super) fn takes(&mut self) {
        let marks = &self.input.project.marks;
        let lane = TakeLane { marks, selected: &self.input.selection.masks, current: self.current() };
        for event in lane.show(self.ui, self.lane, self.scale, self.t) {
            let Some(event) = self.common(event) else { continue };
            match event {
                LaneEvent::Clicked(i, _) | LaneEvent::WalkedTo(i) => {
                    let masks = vec![marks.takes[i].mask];
                    self.out.push(Intent::Select(Box::new(Selection { masks, ..Selection::default() })));
                }
                LaneEvent::Opened(i, _) => {
                    let take = &marks.takes[i];
                    let edit = Edit::ShowTake { mask: take.mask, take: Some(take.id), parts: take.parts };
                    self.out.push(Intent::Edit(edit));
                }
                _ => {}
            }
        }
    }

    pub(super) fn markers(&mut self) {
        let markers = &self.input.project.marks.markers;
        let lane = MarkerLane {
            markers,
            selected: &self.input.selection.markers,
            current: self.current(),
            locked: self.locked(),
        };
        let mut grab = self.state.grab;
        let events = lane.show(self.ui, self.lane, self.scale, self.t, &mut grab);
        self.state.grab = grab;
        for event in events {
            match event {
                MarkerEvent::Lane(event) => {
                    let Some(event) = self.common(event) else { continue };
                    self.mark_event(event);
                }
                MarkerEvent::Handle(id, event) => {
                    let Some(marker) = self.input.project.marks.marker(id).cloned() else { continue };
                    let linked = self.linked();
                    self.handle_event(event, marker.time, later("Move marker"), Target::Marker(id), &|to, grab| {
                        match grab {
                            Some(g) if g.linked => {
                                Edit::Segments(SegmentEdit::MoveBoundaries { at: g.from, to, tiers: linked })
                            }
                            _ => {
                                let mut marker = marker.clone();
                                marker.time = to;
                                Edit::SetMarker(marker)
                            }
                        }
                    });
                }
            }
        }
    }

    /// Clicks and steps on masks and markers.
    fn mark_event(&mut self, event: LaneEvent) {
        let masks = self.tier == TierId::Masks;
        let marks = &self.input.project.marks;
        let (i, modifiers) = match event {
            LaneEvent::Clicked(i, m) => (i, m),
            LaneEvent::WalkedTo(i) | LaneEvent::Opened(i, _) => (i, Modifiers::NONE),
            _ => return,
        };
        let mut one = Selection::default();
        let time = if masks {
            one.masks = vec![marks.masks[i].id];
            marks.masks[i].range.start
        } else {
            one.markers = vec![marks.markers[i].id];
            marks.markers[i].time
        };
        let selected = self.input.selection;
        let wanted = if modifiers.shift {
            // Everything between.
            if masks {
                let at = selected.masks.first().and_then(|id| marks.masks.iter().position(|m| m.id == *id));
                let from = at.unwrap_or(i);
                one.masks = marks.masks[from.min(i)..=from.max(i)].iter().map(|m| m.id).collect();
                one
            } else {
                let at = selected.markers.first().and_then(|id| marks.markers.iter().position(|m| m.id == *id));
                let from = at.unwrap_or(i);
                one.markers = marks.markers[from.min(i)..=from.max(i)].iter().map(|m| m.id).collect();
                one
            }
        } else if modifiers.command {
            let mut new = selected.clone();
            let toggle = |list: &mut Vec<crate::document::marks::MarkId>, id| match list.iter().position(|x| *x == id) {
                Some(at) => {
                    list.remove(at);
                }
                None => list.push(id),
            };
            one.masks.iter().for_each(|id| toggle(&mut new.masks, *id));
            one.markers.iter().for_each(|id| toggle(&mut new.markers, *id));
            new
        } else {
            one
        };
        self.out.push(Intent::Select(Box::new(wanted)));
        match event {
            LaneEvent::Opened(i, rect) => {
                let target = if masks { Target::Mask(marks.masks[i].id) } else { Target::Marker(marks.markers[i].id) };
                self.open(target, rect);
            }
            _ if modifiers == Modifiers::NONE && !self.input.playing => self.out.push(Intent::Seek(time)),
            _ => {}
        }
    }
}
