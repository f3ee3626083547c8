//! Edits that lay something over the performance: markers, masks, takes and tracked performances. No key or time follows from them.

use super::super::history::Splice;
use super::super::marks::{Accepted, MarkId, Marker, Mask, Performance, Take};
use super::change::Change;
use super::keys::finite;
use super::{Edit, EditError};
use crate::pose::parts::Parts;
use crate::time::Seconds;

impl Change<'_> {
    pub(super) fn edit_marks(&mut self, edit: &Edit) -> Result<(), EditError> {
        match edit {
            Edit::AddMarker { time, text, colour } => {
                finite(*time)?;
                let id = self.project.marks.new_id();
                self.put_marker(Marker { id, time: *time, text: text.clone(), colour: *colour });
            }
            Edit::SetMarker(marker) => {
                finite(marker.time)?;
                let markers = &mut self.project.marks.markers;
                let at = markers.iter().position(|m| m.id == marker.id).ok_or(EditError::NoMark)?;
                if markers[at] != *marker {
                    self.step.markers.push(removed(markers, at));
                    self.put_marker(marker.clone());
                }
            }
            Edit::RemoveMarkers(ids) => {
                let markers = &mut self.project.marks.markers;
                for at in (0..markers.len()).rev() {
                    if ids.contains(&markers[at].id) {
                        self.step.markers.push(removed(markers, at));
                    }
                }
            }
            Edit::AddMask { range, parts, halo } => {
                let id = self.project.marks.new_id();
                let mask = Mask { id, range: *range, parts: *parts, halo: *halo, locked: false, accepted: Vec::new() };
                self.put_mask(mask)?;
            }
            Edit::SetMask(mask) => {
                let masks = &mut self.project.marks.masks;
                let at = masks.iter().position(|m| m.id == mask.id).ok_or(EditError::NoMark)?;
                if masks[at].locked && mask.locked {
                    return Err(EditError::LockedMask);
                }
                if masks[at] != *mask {
                    self.step.masks.push(removed(masks, at));
                    self.put_mask(mask.clone())?;
                }
            }
            Edit::RemoveMasks(ids) => {
                let masks = &mut self.project.marks.masks;
                if masks.iter().any(|m| m.locked && ids.contains(&m.id)) {
                    return Err(EditError::LockedMask);
                }
                for at in (0..masks.len()).rev() {
                    if ids.contains(&masks[at].id) {
                        self.step.masks.push(removed(masks, at));
                    }
                }
            }
            Edit::KeepTakes { mask, takes, accepted } => {
                let marks = &mut self.project.marks;
                let first = marks.takes.len();
                for take in takes {
                    let id = marks.new_id();
                    marks.takes.push(Take { id, mask: *mask, ..take.clone() });
                }
                let kept: Vec<MarkId> = marks.takes[first..].iter().map(|t| t.id).collect();
                self.step.takes.extend(Splice::replacing(first, Vec::new(), marks.takes[first..].to_vec()));
                if let Some((index, parts)) = accepted {
                    let take = kept.get(*index).copied().ok_or(EditError::NoMark)?;
                    self.show_take(*mask, Some(take), *parts)?;
                }
            }
            Edit::ShowTake { mask, take, parts } => self.show_take(*mask, *take, *parts)?,
            Edit::RemoveTakes(ids) => {
                let marks = &mut self.project.marks;
                let shows = |m: &Mask| m.accepted.iter().any(|a| ids.contains(&a.take));
                if marks.masks.iter().any(|m| m.locked && shows(m)) {
                    return Err(EditError::LockedMask);
                }
                for at in 0..marks.masks.len() {
                    if shows(&marks.masks[at]) {
                        let old = marks.masks[at].clone();
                        marks.masks[at].accepted.retain(|a| !ids.contains(&a.take));
                        self.step.masks.extend(Splice::replacing(at, vec![old], vec![marks.masks[at].clone()]));
                    }
                }
                for at in (0..marks.takes.len()).rev() {
                    if ids.contains(&marks.takes[at].id) {
                        self.step.takes.push(removed(&mut marks.takes, at));
                    }
                }
            }
            Edit::AddPerformance(performance) => {
                let marks = &mut self.project.marks;
                let id = marks.new_id();
                let performance = Performance { id, ..(**performance).clone() };
                performance.is_sound().then_some(()).ok_or(EditError::BadPerformance)?;
                let at = marks.performances.len();
                self.step.performances.push(inserted(&mut marks.performances, at, performance));
            }
            Edit::SetPerformance(performance) => {
                let list = &mut self.project.marks.performances;
                let at = list.iter().position(|p| p.id == performance.id).ok_or(EditError::NoMark)?;
                performance.is_sound().then_some(()).ok_or(EditError::BadPerformance)?;
                let old = std::mem::replace(&mut list[at], (**performance).clone());
                self.step.performances.extend(Splice::replacing(at, vec![old], vec![list[at].clone()]));
            }
            Edit::RemovePerformances(ids) => {
                let list = &mut self.project.marks.performances;
                for at in (0..list.len()).rev() {
                    if ids.contains(&list[at].id) {
                        self.step.performances.push(removed(list, at));
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn put_marker(&mut self, marker: Marker) {
        let markers = &mut self.project.marks.markers;
        let at = markers.partition_point(|m| m.time <= marker.time);
        self.step.markers.push(inserted(markers, at, marker));
    }

    fn put_mask(&mut self, mask: Mask) -> Result<(), EditError> {
        let r = mask.range;
        let finite = [r.start, r.end, mask.halo].iter().all(|s| s.0.is_finite());
        if !finite || r.end <= r.start || mask.halo < Seconds::ZERO || mask.parts.is_empty() {
            return Err(EditError::BadMask);
        }
        let masks = &mut self.project.marks.masks;
        let at = masks.partition_point(|m| m.range.start <= r.start);
        self.step.masks.push(inserted(masks, at, mask));
        Ok(())
    }

    fn show_take(&mut self, mask: MarkId, take: Option<MarkId>, parts: Parts) -> Result<(), EditError> {
        let marks = &mut self.project.marks;
        if take.is_some_and(|t| marks.take(t).is_none()) {
            return Err(EditError::NoMark);
        }
        let at = marks.masks.iter().position(|m| m.id == mask).ok_or(EditError::NoMark)?;
        let mask = &mut marks.masks[at];
        if mask.locked {
            return Err(EditError::LockedMask);
        }
        let old = mask.clone();
        for shown in &mut mask.accepted {
            for part in parts.iter() {
                shown.parts = shown.parts.without(part);
            }
        }
        mask.accepted.retain(|a| !a.parts.is_empty());
        if let Some(take) = take {
            mask.accepted.push(Accepted { take, parts: parts.intersection(mask.parts) });
        }
        self.step.masks.extend(Splice::replacing(at, vec![old], vec![mask.clone()]));
        Ok(())
    }
}

pub(super) fn removed<T: Clone>(items: &mut Vec<T>, at: usize) -> Splice<T> {
    Splice { at, removed: vec![items.remove(at)], inserted: Vec::new(), shift: 0 }
}

pub(super) fn inserted<T: Clone>(items: &mut Vec<T>, at: usize, item: T) -> Splice<T> {
    items.insert(at, item.clone());
    Splice { at, removed: Vec::new(), inserted: vec![item], shift: 0 }
}
