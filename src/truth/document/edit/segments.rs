//! Edits of segments in place: boundaries that move together or alone, tapped times, pasted cues, masks cut and joined.
//!
//! What changes which words there are ([`SegmentEdit::SplitWord`] and its like) is done to a copy, see [`super::whole`].

use super::super::edit_segments::{
    CopiedCue, LinkedTiers, PasteParts, SHORTEST_MASK, SegmentEdit, SegmentError, merge_phones, merged_masks, retimed,
    same_time, split_phone,
};
use super::super::marks::{MarkId, Mask};
use super::super::{KeyId, PhoneTime, marks::Marker};
use super::change::Change;
use super::keys::finite;
use super::{Edit, EditError, SHORTEST_PHONE};
use crate::cueing::{HandShape, Position};
use crate::time::{Seconds, TimeRange};
use std::ops::Range;

/// A move of the hand never stands further than this from the sound of its key, seconds.
const FARTHEST_MOVE: Seconds = Seconds(20.0);

impl Change<'_> {
    pub(super) fn edit_segments(&mut self, edit: &Edit) -> Result<(), EditError> {
        let Edit::Segments(segments) = edit else { return Ok(()) };
        match segments {
            SegmentEdit::SplitWord { .. } | SegmentEdit::MergeWords { .. } => self.edit_whole(edit),
            SegmentEdit::SplitPhone { phone, at } => self.split_phone(*phone, *at),
            SegmentEdit::MergePhones { phone } => self.merge_phones(*phone),
            SegmentEdit::SplitMask { mask, at } => self.split_mask(*mask, *at),
            SegmentEdit::MergeMasks(masks) => self.merge_masks(masks),
            SegmentEdit::MoveBoundaries { at, to, tiers } => self.move_boundaries(*at, *to, *tiers),
            SegmentEdit::MoveEdgeAlone { phone, start, to } => self.move_edge_alone(*phone, *start, *to),
            SegmentEdit::RetimeKeys { first, onsets } => self.retime_keys(*first, onsets),
            SegmentEdit::PasteCues { from, cues, parts } => self.paste_cues(*from, cues, *parts),
        }
    }

    fn split_phone(&mut self, phone: usize, at: Seconds) -> Result<(), EditError> {
        finite(at)?;
        let (word, phones) = self.word_of(phone)?;
        let tiers = &self.project.tiers;
        let times = &tiers.phones[phones.clone()];
        let (new, times) = split_phone(&tiers.utterance.words[word], times, phone - phones.start, at)?;
        self.read(word, new, Some(times))
    }

    fn merge_phones(&mut self, phone: usize) -> Result<(), EditError> {
        let (word, phones) = self.word_of(phone)?;
        if phone + 1 >= self.index.phone_count() {
            return Err(SegmentError::NothingAfter.into());
        }
        let tiers = &self.project.tiers;
        let times = &tiers.phones[phones.clone()];
        let (new, times) = merge_phones(&tiers.utterance.words[word], times, phone - phones.start)?;
        self.read(word, new, Some(times))
    }

    /// The word of a phone, and its phones.
    fn word_of(&self, phone: usize) -> Result<(usize, Range<usize>), EditError> {
        let word = self.index.word_of(phone).ok_or(EditError::NoPhone)?;
        let phones = self.index.phones_of(word).filter(|p| p.end <= self.project.tiers.phones.len());
        Ok((word, phones.ok_or(EditError::NoPhone)?))
    }

    fn set_phone(&mut self, at: usize, time: PhoneTime) {
        if self.project.tiers.phones[at] != time {
            *self.phone_mut(at) = time;
        }
    }

    /// Phones that can begin or end at a time: those around it.
    fn phones_around(&self, at: Seconds) -> Range<usize> {
        let phones = &self.project.tiers.phones;
        let middle = phones.partition_point(|p| p.start < at);
        middle.saturating_sub(3)..(middle + 3).min(phones.len())
    }

    /// How far what stands at `at` can go.
    fn room_at(&self, at: Seconds, tiers: LinkedTiers) -> (Seconds, Seconds) {
        let (mut low, mut high) = (Seconds::ZERO, self.project.sound.length.max(at));
        let phones = &self.project.tiers.phones;
        for i in self.phones_around(at).filter(|_| tiers.phones) {
            let p = phones[i];
            if same_time(p.end, at) {
                low = low.max(p.start + SHORTEST_PHONE);
                if let Some(next) = phones.get(i + 1).filter(|n| !same_time(n.start, at)) {
                    high = high.min(next.start);
                }
            }
            if same_time(p.start, at) {
                high = high.min(p.end - SHORTEST_PHONE);
                if let Some(before) = i.checked_sub(1).map(|b| phones[b]).filter(|b| !same_time(b.end, at)) {
                    low = low.max(before.end);
                }
            }
        }
        for m in self.project.marks.masks.iter().filter(|m| tiers.masks && !m.locked) {
            if same_time(m.range.end, at) {
                low = low.max(m.range.start + SHORTEST_MASK);
            } else if same_time(m.range.start, at) {
                high = high.min(m.range.end - SHORTEST_MASK);
            }
        }
        (low, high)
    }

    fn move_boundaries(&mut self, at: Seconds, to: Seconds, tiers: LinkedTiers) -> Result<(), EditError> {
        finite(at)?;
        finite(to)?;
        let (low, high) = self.room_at(at, tiers);
        if high < low {
            return Ok(());
        }
        let to = to.clamp(low, high);
        // Who stands there is asked before anything moves.
        let keys = &self.project.tiers.keys;
        let near = keys.partition_point(|k| k.times.a1 < at - FARTHEST_MOVE)
            ..keys.partition_point(|k| k.times.a1 <= at + FARTHEST_MOVE);
        let hits = |i: &usize| {
            let t = keys[*i].times;
            (*i, [t.m1, t.m2, t.d1, t.d2].map(|t| same_time(t, at)))
        };
        let moves: Vec<(usize, [bool; 4])> = near
            .filter(|i| tiers.keys && !keys[*i].locked)
            .map(|i| hits(&i))
            .filter(|(_, hit)| hit.contains(&true))
            .collect();
        for i in self.phones_around(at).filter(|_| tiers.phones) {
            let mut p = self.project.tiers.phones[i];
            let (start, end) = (same_time(p.start, at), same_time(p.end, at));
            if start {
                p.start = to;
            }
            if end {
                p.end = to;
            }
            if start || end {
                (p.fixed, p.confidence) = (true, 1.0);
                self.set_phone(i, p);
            }
        }
        if !moves.is_empty() {
            // Moves follow their sounds by themselves; what is still missing is added to them.
            self.derive_times();
        }
        for (index, hit) in moves {
            let id = self.project.tiers.keys[index].id;
            let key = self.unlocked(id)?;
            let now = [key.times.m1, key.times.m2, key.times.d1, key.times.d2];
            for i in (0..4).filter(|i| hit[*i]) {
                key.edits.shift[i] += (to - now[i]).0;
            }
        }
        self.move_marks(at, to, tiers)
    }

    fn move_marks(&mut self, at: Seconds, to: Seconds, tiers: LinkedTiers) -> Result<(), EditError> {
        let marks = &self.project.marks;
        let masks: Vec<Mask> = marks
            .masks
            .iter()
            .filter(|m| tiers.masks && !m.locked)
            .filter_map(|m| {
                let mut moved = m.clone();
                if same_time(m.range.start, at) {
                    moved.range.start = to;
                } else if same_time(m.range.end, at) {
                    moved.range.end = to;
                } else {
                    return None;
                }
                Some(moved)
            })
            .collect();
        let markers = marks.markers.iter().filter(|m| tiers.markers && same_time(m.time, at));
        let markers: Vec<Marker> = markers.map(|m| Marker { time: to, ..m.clone() }).collect();
        for mask in masks {
            self.edit_marks(&Edit::SetMask(mask))?;
        }
        for marker in markers {
            self.edit_marks(&Edit::SetMarker(marker))?;
        }
        Ok(())
    }

    fn move_edge_alone(&mut self, phone: usize, start: bool, to: Seconds) -> Result<(), EditError> {
        finite(to)?;
        let length = self.project.sound.length;
        let phones = &self.project.tiers.phones;
        let this = *phones.get(phone).ok_or(EditError::NoPhone)?;
        let (low, high) = if start {
            let before = phone.checked_sub(1).map_or(Seconds::ZERO, |i| phones[i].end);
            (before, this.end - SHORTEST_PHONE)
        } else {
            let after = phones.get(phone + 1).map_or(length.max(this.end), |p| p.start);
            (this.start + SHORTEST_PHONE, after)
        };
        if high >= low {
            let to = to.clamp(low, high);
            let (start, end) = if start { (to, this.end) } else { (this.start, to) };
            self.set_phone(phone, PhoneTime { start, end, confidence: 1.0, fixed: true });
        }
        Ok(())
    }

    fn retime_keys(&mut self, first: KeyId, onsets: &[Seconds]) -> Result<(), EditError> {
        onsets.iter().try_for_each(|t| finite(*t))?;
        let at = self.index.keys.get(first).ok_or(EditError::NoKey)?;
        for (phone, time) in retimed(self.project, at, onsets)? {
            self.set_phone(phone, time);
        }
        Ok(())
    }

    fn paste_cues(&mut self, from: KeyId, cues: &[CopiedCue], parts: PasteParts) -> Result<(), EditError> {
        if cues.is_empty() {
            return Err(SegmentError::NoCues.into());
        }
        let first = self.index.keys.get(from).ok_or(EditError::NoKey)?;
        let ids: Vec<KeyId> = self.project.tiers.keys[first..].iter().take(cues.len()).map(|k| k.id).collect();
        for cue in cues {
            if parts.shape && !HandShape::ALL.contains(&cue.shape) {
                return Err(EditError::BadShape);
            }
            if parts.place && !Position::ALL.contains(&cue.position) {
                return Err(EditError::BadPosition);
            }
            for shift in cue.shift.iter().flatten() {
                finite(Seconds(*shift))?;
            }
        }
        for (id, cue) in ids.into_iter().zip(cues) {
            let key = self.unlocked(id)?;
            if parts.shape {
                key.edits.shape = Some(cue.shape).filter(|s| *s != key.rule.shape);
            }
            if parts.place {
                key.edits.position = Some(cue.position).filter(|p| *p != key.rule.position);
                if let Some(movement) = cue.movement {
                    key.edits.movement = (movement != key.rule.movement).then_some(movement);
                }
            }
            if parts.shape || parts.place {
                key.gloss = None;
            }
            if let Some(shift) = cue.shift.filter(|_| parts.timing) {
                key.edits.shift = shift;
            }
        }
        Ok(())
    }

    fn split_mask(&mut self, id: MarkId, at: Seconds) -> Result<(), EditError> {
        finite(at)?;
        let mask = self.project.marks.mask(id).ok_or(EditError::NoMark)?.clone();
        if mask.locked {
            return Err(EditError::LockedMask);
        }
        if at - mask.range.start < SHORTEST_MASK || mask.range.end - at < SHORTEST_MASK {
            return Err(SegmentError::CutOutside.into());
        }
        let (left, right) = (TimeRange::new(mask.range.start, at), TimeRange::new(at, mask.range.end));
        self.edit_marks(&Edit::AddMask { range: right, parts: mask.parts, halo: mask.halo })?;
        let added = MarkId(self.project.marks.next_id - 1);
        self.edit_marks(&Edit::SetMask(Mask { id: added, range: right, ..mask.clone() }))?;
        self.edit_marks(&Edit::SetMask(Mask { range: left, ..mask }))
    }

    fn merge_masks(&mut self, ids: &[MarkId]) -> Result<(), EditError> {
        let whole = merged_masks(&self.project.marks, ids)?;
        let others: Vec<MarkId> = ids.iter().copied().filter(|id| *id != whole.id).collect();
        self.edit_marks(&Edit::RemoveMasks(others))?;
        self.edit_marks(&Edit::SetMask(whole))
    }
}
