//! What a user can do to a project, and the open document it is done to.
//!
//! An [`Edit`] says what is wanted; [`Document::apply`] checks it, derives what follows from it, and records one
//! transaction. A drag is [`Document::begin_drag`], any number of [`Document::drag`] and one [`Document::end_drag`]:
//! one step of history whatever the mouse did in between.

use super::history::{History, Transaction};
use super::marks::{Accepted, MarkId, Marker, Mask, Take};
use super::{KeyId, PhoneTime, Project, Selection, Settings, Slowed, Sound, derive};
use crate::cueing::{HandShape, Movement, Position};
use crate::language::{Reading, WordKind};
use crate::pose::parts::Parts;
use crate::time::{Seconds, TimeRange};

/// The shortest a phone can be made by dragging.
pub const SHORTEST_PHONE: Seconds = Seconds(0.010);

/// Which of the four times of a key's moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MoveTime {
    /// The hand leaves for the position.
    PositionStart,
    /// It arrives.
    PositionEnd,
    /// The fingers begin to change.
    ShapeStart,
    /// The shape is made.
    ShapeEnd,
}

impl MoveTime {
    pub const ALL: [Self; 4] = [Self::PositionStart, Self::PositionEnd, Self::ShapeStart, Self::ShapeEnd];
}

/// One wish of the user.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Reads a word in another of its known ways.
    ChooseReading {
        word: usize,
        reading: usize,
    },
    /// Gives a word a reading of the user's own and uses it.
    AddReading {
        word: usize,
        reading: Reading,
    },
    /// `None` goes back to the rule.
    SetShape {
        key: KeyId,
        shape: Option<HandShape>,
    },
    SetPosition {
        key: KeyId,
        position: Option<Position>,
    },
    SetMovement {
        key: KeyId,
        movement: Option<Movement>,
    },
    /// Puts one time of a key's moves at `to`.
    SetMoveTime {
        key: KeyId,
        which: MoveTime,
        to: Seconds,
    },
    /// Moves the whole hand of some keys earlier (negative) or later.
    ShiftHand {
        keys: Vec<KeyId>,
        by: Seconds,
    },
    /// Moves where a phone begins; a phone that ends there moves along.
    SetPhoneStart {
        phone: usize,
        to: Seconds,
    },
    /// Moves where a phone ends; a phone that begins there moves along.
    SetPhoneEnd {
        phone: usize,
        to: Seconds,
    },
    /// Back to what rules and preset say.
    ResetKeys {
        keys: Vec<KeyId>,
    },
    SetLocked {
        keys: Vec<KeyId>,
        locked: bool,
    },
    SetSettings(Box<Settings>),
    SetTitle(String),
    SetIdentity(String),
    /// Where the sound is: a recording found again, or another one of the same words.
    SetSound(Box<Sound>),
    /// New times for all phones, from an alignment run again; fixed ones stay.
    SetPhoneTimes(Vec<PhoneTime>),
    /// Shape, position and movement at once, with the sentence that says them. The sentence is kept as the key's gloss.
    SetCue {
        key: KeyId,
        shape: HandShape,
        position: Position,
        movement: Option<Movement>,
        gloss: Option<String>,
    },
    AddMarker {
        time: Seconds,
        text: String,
        colour: u8,
    },
    /// Time, text and colour of the marker of that name.
    SetMarker(Marker),
    RemoveMarkers(Vec<MarkId>),
    AddMask {
        range: TimeRange,
        parts: Parts,
        halo: Seconds,
    },
    /// Everything of the mask of that name.
    SetMask(Mask),
    RemoveMasks(Vec<MarkId>),
    /// Keeps takes (their names are given anew) and puts what is accepted of them in force: `accepted` is the index
    /// among `takes` with the parts that are wanted, or `None` to keep them all without showing one.
    KeepTakes {
        mask: MarkId,
        takes: Vec<Take>,
        accepted: Option<(usize, Parts)>,
    },
    /// Puts a kept take in force on some parts; `None` goes back to the base there.
    ShowTake {
        mask: MarkId,
        take: Option<MarkId>,
        parts: Parts,
    },
    /// The sound with a passage slowed takes the place of the sound, and every time moves along.
    SlowPassage {
        passage: Slowed,
        sound: Box<Sound>,
    },
    /// Several edits as one step of history.
    Many {
        name: &'static str,
        edits: Vec<Edit>,
    },
}

impl Edit {
    /// Name of the step in the history, sentence case.
    pub fn name(&self) -> &'static str {
        match self {
            Self::ChooseReading { .. } => "Choose reading",
            Self::AddReading { .. } => "Add reading",
            Self::SetShape { .. } => "Change hand shape",
            Self::SetPosition { .. } => "Change position",
            Self::SetMovement { .. } => "Change movement",
            Self::SetMoveTime { .. } => "Change hand timing",
            Self::ShiftHand { .. } => "Shift hand",
            Self::SetPhoneStart { .. } | Self::SetPhoneEnd { .. } => "Move sound boundary",
            Self::ResetKeys { .. } => "Reset to rule",
            Self::SetLocked { locked: true, .. } => "Lock keys",
            Self::SetLocked { locked: false, .. } => "Unlock keys",
            Self::SetSettings(_) => "Change project settings",
            Self::SetTitle(_) => "Rename project",
            Self::SetIdentity(_) => "Change identity",
            Self::SetSound(_) => "Relink media",
            Self::SetPhoneTimes(_) => "Align again",
            Self::SetCue { .. } => "Edit gloss",
            Self::AddMarker { .. } => "Add marker",
            Self::SetMarker(_) => "Change marker",
            Self::RemoveMarkers(_) => "Remove markers",
            Self::AddMask { .. } => "Add mask",
            Self::SetMask(_) => "Change mask",
            Self::RemoveMasks(_) => "Remove masks",
            Self::KeepTakes { accepted: Some(_), .. } => "Accept take",
            Self::KeepTakes { accepted: None, .. } => "Keep takes",
            Self::ShowTake { take: Some(_), .. } => "Show take",
            Self::ShowTake { take: None, .. } => "Back to the base",
            Self::SlowPassage { .. } => "Slow a passage",
            Self::Many { name, .. } => name,
        }
    }
}

/// Why an edit was refused. Nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    #[error("this key is no longer there")]
    NoKey,
    #[error("this word has no such reading")]
    NoReading,
    #[error("this sound is no longer there")]
    NoPhone,
    #[error("the key is locked; unlock it first")]
    Locked,
    #[error("shapes are 1 to 8")]
    BadShape,
    #[error("a key needs a position of the chart")]
    BadPosition,
    #[error("a time must be a number")]
    BadTime,
    #[error("the alignment is of another text")]
    OtherText,
    #[error("this marker, mask or take is no longer there")]
    NoMark,
    #[error("a mask needs a stretch of time and at least one part of the body")]
    BadMask,
    #[error("the mask is locked; unlock it first")]
    LockedMask,
    #[error("a passage to be slowed lies within the sound and becomes at most twice as long")]
    BadPassage,
}

impl Project {
    /// The project after an edit, with everything that follows from it derived anew.
    pub fn edited(&self, edit: &Edit) -> Result<Self, EditError> {
        let mut new = self.clone();
        let times_only = match edit {
            Edit::ChooseReading { word, reading } => {
                new.set_reading(*word, *reading)?;
                false
            }
            Edit::AddReading { word, reading } => {
                let slot = new.tiers.utterance.words.get_mut(*word).ok_or(EditError::NoReading)?;
                if slot.kind == WordKind::Break {
                    return Err(EditError::NoReading);
                }
                let index = slot.readings.iter().position(|r| r.syllables == reading.syllables).unwrap_or_else(|| {
                    slot.readings.push(reading.clone());
                    slot.readings.len() - 1
                });
                new.set_reading(*word, index)?;
                false
            }
            Edit::SetShape { key, shape } => {
                if shape.is_some_and(|s| !HandShape::ALL.contains(&s)) {
                    return Err(EditError::BadShape);
                }
                let key = new.unlocked(*key)?;
                key.edits.shape = shape.filter(|s| *s != key.rule.shape);
                key.gloss = None;
                true
            }
            Edit::SetPosition { key, position } => {
                if position.is_some_and(|p| !Position::ALL.contains(&p)) {
                    return Err(EditError::BadPosition);
                }
                let key = new.unlocked(*key)?;
                key.edits.position = position.filter(|p| *p != key.rule.position);
                key.gloss = None;
                true
            }
            Edit::SetMovement { key, movement } => {
                let key = new.unlocked(*key)?;
                key.edits.movement = (*movement != key.rule.movement).then_some(*movement);
                key.gloss = None;
                true
            }
            Edit::SetMoveTime { key, which, to } => {
                if !to.0.is_finite() {
                    return Err(EditError::BadTime);
                }
                let key = new.unlocked(*key)?;
                let i = *which as usize;
                let now = [key.times.m1, key.times.m2, key.times.d1, key.times.d2][i];
                key.edits.shift[i] += (*to - now).0;
                true
            }
            Edit::ShiftHand { keys, by } => {
                if !by.0.is_finite() {
                    return Err(EditError::BadTime);
                }
                for id in keys {
                    let key = new.unlocked(*id)?;
                    key.edits.shift.iter_mut().for_each(|s| *s += by.0);
                }
                true
            }
            Edit::SetPhoneStart { phone, to } => {
                new.set_phone_edge(*phone, true, *to)?;
                true
            }
            Edit::SetPhoneEnd { phone, to } => {
                new.set_phone_edge(*phone, false, *to)?;
                true
            }
            Edit::ResetKeys { keys } => {
                for id in keys {
                    let key = new.unlocked(*id)?;
                    key.edits = super::KeyEdits::default();
                    key.gloss = None;
                }
                true
            }
            Edit::SetLocked { keys, locked } => {
                for id in keys {
                    let index = new.key_index(*id).ok_or(EditError::NoKey)?;
                    new.tiers.keys[index].locked = *locked;
                }
                true
            }
            Edit::SetSettings(settings) => {
                if !settings.lead_ms.is_finite() {
                    return Err(EditError::BadTime);
                }
                let only_times = settings.reading == new.settings.reading && settings.switches == new.settings.switches;
                new.settings = (**settings).clone();
                only_times
            }
            Edit::SetTitle(title) => {
                new.title.clone_from(title);
                return Ok(new);
            }
            Edit::SetIdentity(identity) => {
                new.identity.clone_from(identity);
                return Ok(new);
            }
            Edit::SetSound(sound) => {
                if !sound.length.0.is_finite() {
                    return Err(EditError::BadTime);
                }
                new.sound = (**sound).clone();
                true
            }
            Edit::SetPhoneTimes(times) => {
                if times.len() != new.tiers.phones.len() {
                    return Err(EditError::OtherText);
                }
                new.tiers.phones.clone_from(times);
                true
            }
            Edit::SetCue { key, shape, position, movement, gloss } => {
                if !HandShape::ALL.contains(shape) {
                    return Err(EditError::BadShape);
                }
                if !Position::ALL.contains(position) {
                    return Err(EditError::BadPosition);
                }
                let key = new.unlocked(*key)?;
                key.edits.shape = Some(*shape).filter(|s| *s != key.rule.shape);
                key.edits.position = Some(*position).filter(|p| *p != key.rule.position);
                key.edits.movement = (*movement != key.rule.movement).then_some(*movement);
                key.gloss.clone_from(gloss);
                true
            }
            Edit::SlowPassage { passage, sound } => {
                new.slow_passage(*passage, sound)?;
                true
            }
            Edit::Many { edits, .. } => {
                for edit in edits {
                    new = new.edited(edit)?;
                }
                return Ok(new);
            }
            Edit::AddMarker { .. }
            | Edit::SetMarker(_)
            | Edit::RemoveMarkers(_)
            | Edit::AddMask { .. }
            | Edit::SetMask(_)
            | Edit::RemoveMasks(_)
            | Edit::KeepTakes { .. }
            | Edit::ShowTake { .. } => {
                new.edit_marks(edit)?;
                return Ok(new);
            }
        };
        if !times_only {
            derive::keys(&mut new);
        }
        derive::times(&mut new);
        Ok(new)
    }

    /// Edits that lay something over the performance: no key or time follows from them.
    fn edit_marks(&mut self, edit: &Edit) -> Result<(), EditError> {
        let marks = &mut self.marks;
        match edit {
            Edit::AddMarker { time, text, colour } => {
                if !time.0.is_finite() {
                    return Err(EditError::BadTime);
                }
                let id = marks.new_id();
                let at = marks.markers.partition_point(|m| m.time <= *time);
                marks.markers.insert(at, Marker { id, time: *time, text: text.clone(), colour: *colour });
            }
            Edit::SetMarker(marker) => {
                if !marker.time.0.is_finite() {
                    return Err(EditError::BadTime);
                }
                let at = marks.markers.iter().position(|m| m.id == marker.id).ok_or(EditError::NoMark)?;
                marks.markers.remove(at);
                let at = marks.markers.partition_point(|m| m.time <= marker.time);
                marks.markers.insert(at, marker.clone());
            }
            Edit::RemoveMarkers(ids) => marks.markers.retain(|m| !ids.contains(&m.id)),
            Edit::AddMask { range, parts, halo } => {
                let mask = Mask {
                    id: marks.new_id(),
                    range: *range,
                    parts: *parts,
                    halo: *halo,
                    locked: false,
                    accepted: Vec::new(),
                };
                self.put_mask(mask)?;
            }
            Edit::SetMask(mask) => {
                let at = marks.masks.iter().position(|m| m.id == mask.id).ok_or(EditError::NoMark)?;
                if marks.masks[at].locked && mask.locked {
                    return Err(EditError::LockedMask);
                }
                marks.masks.remove(at);
                self.put_mask(mask.clone())?;
            }
            Edit::RemoveMasks(ids) => {
                if marks.masks.iter().any(|m| m.locked && ids.contains(&m.id)) {
                    return Err(EditError::LockedMask);
                }
                marks.masks.retain(|m| !ids.contains(&m.id));
            }
            Edit::KeepTakes { mask, takes, accepted } => {
                let first = marks.takes.len();
                for take in takes {
                    let id = marks.new_id();
                    marks.takes.push(Take { id, mask: *mask, ..take.clone() });
                }
                let kept: Vec<MarkId> = marks.takes[first..].iter().map(|t| t.id).collect();
                if let Some((index, parts)) = accepted {
                    let take = kept.get(*index).copied().ok_or(EditError::NoMark)?;
                    self.show_take(*mask, Some(take), *parts)?;
                }
            }
            Edit::ShowTake { mask, take, parts } => self.show_take(*mask, *take, *parts)?,
            _ => {}
        }
        Ok(())
    }

    fn put_mask(&mut self, mask: Mask) -> Result<(), EditError> {
        let r = mask.range;
        let finite = [r.start, r.end, mask.halo].iter().all(|s| s.0.is_finite());
        if !finite || r.end <= r.start || mask.halo < Seconds::ZERO || mask.parts.is_empty() {
            return Err(EditError::BadMask);
        }
        let at = self.marks.masks.partition_point(|m| m.range.start <= r.start);
        self.marks.masks.insert(at, mask);
        Ok(())
    }

    fn show_take(&mut self, mask: MarkId, take: Option<MarkId>, parts: Parts) -> Result<(), EditError> {
        if take.is_some_and(|t| self.marks.take(t).is_none()) {
            return Err(EditError::NoMark);
        }
        let mask = self.marks.masks.iter_mut().find(|m| m.id == mask).ok_or(EditError::NoMark)?;
        if mask.locked {
            return Err(EditError::LockedMask);
        }
        for shown in &mut mask.accepted {
            for part in parts.iter() {
                shown.parts = shown.parts.without(part);
            }
        }
        mask.accepted.retain(|a| !a.parts.is_empty());
        if let Some(take) = take {
            mask.accepted.push(Accepted { take, parts: parts.intersection(mask.parts) });
        }
        Ok(())
    }

    fn unlocked(&mut self, id: KeyId) -> Result<&mut super::KeySegment, EditError> {
        let key = self.tiers.keys.iter_mut().find(|k| k.id == id).ok_or(EditError::NoKey)?;
        if key.locked { Err(EditError::Locked) } else { Ok(key) }
    }

    fn set_reading(&mut self, word: usize, reading: usize) -> Result<(), EditError> {
        let phones = self.word_phones().get(word).cloned().ok_or(EditError::NoReading)?;
        if self.tiers.keys.iter().any(|k| k.locked && k.rule.word == word) {
            return Err(EditError::Locked);
        }
        let room = self.room_of(&phones);
        let slot = &mut self.tiers.utterance.words[word];
        if reading >= slot.readings.len() {
            return Err(EditError::NoReading);
        }
        slot.chosen = reading;
        slot.kind = WordKind::Spoken;
        let new: Vec<_> = slot.syllables().iter().flat_map(|s| &s.phones).map(|p| p.class).collect();
        if new.len() != phones.len() {
            let times = derive::spread(room, &new);
            self.tiers.phones.splice(phones, times);
        }
        Ok(())
    }

    /// The time that some phones take, or the gap where they would stand.
    fn room_of(&self, phones: &std::ops::Range<usize>) -> TimeRange {
        let all = &self.tiers.phones;
        let before = phones.start.checked_sub(1).map_or(Seconds::ZERO, |i| all[i].end);
        let after = all.get(phones.end).map_or(self.sound.length, |p| p.start);
        match (all.get(phones.start), phones.end.checked_sub(1)) {
            (Some(first), Some(last)) if !phones.is_empty() => TimeRange::new(first.start, all[last].end),
            _ => TimeRange::new(before, after.max(before)),
        }
    }

    fn set_phone_edge(&mut self, phone: usize, start: bool, to: Seconds) -> Result<(), EditError> {
        if !to.0.is_finite() {
            return Err(EditError::BadTime);
        }
        let phones = &mut self.tiers.phones;
        let this = *phones.get(phone).ok_or(EditError::NoPhone)?;
        let neighbour = if start { phone.checked_sub(1) } else { (phone + 1 < phones.len()).then_some(phone + 1) };
        let edge = if start { this.start } else { this.end };
        // A neighbour that touches rolls along; one behind a pause is only not to be run into.
        let touching = neighbour.filter(|n| {
            let other = if start { phones[*n].end } else { phones[*n].start };
            (other - edge).0.abs() < 1e-6
        });
        let (low, high) = if start {
            let low = match (touching, neighbour) {
                (Some(n), _) => phones[n].start + SHORTEST_PHONE,
                (None, Some(n)) => phones[n].end,
                (None, None) => Seconds::ZERO,
            };
            (low, this.end - SHORTEST_PHONE)
        } else {
            let high = match (touching, neighbour) {
                (Some(n), _) => phones[n].end - SHORTEST_PHONE,
                (None, Some(n)) => phones[n].start,
                (None, None) => self.sound.length.max(this.end),
            };
            (this.start + SHORTEST_PHONE, high)
        };
        if high < low {
            return Ok(());
        }
        let to = to.clamp(low, high);
        let mut set = |i: usize, at_start: bool| {
            if at_start {
                phones[i].start = to;
            } else {
                phones[i].end = to;
            }
            phones[i].fixed = true;
            phones[i].confidence = 1.0;
        };
        set(phone, start);
        if let Some(n) = touching {
            set(n, !start);
        }
        Ok(())
    }
}

/// An open project: its data, its history and what is selected.
#[derive(Clone, Debug)]
pub struct Document {
    project: Project,
    history: History,
    pub selection: Selection,
    drag: Option<Drag>,
}

#[derive(Clone, Debug)]
struct Drag {
    name: &'static str,
    base: Project,
    selection: Selection,
}

impl Document {
    /// A project just loaded or made.
    pub fn new(project: Project) -> Self {
        Self { project, history: History::fresh(), selection: Selection::default(), drag: None }
    }

    /// A project just loaded, with the history that was kept with it.
    pub fn with_history(project: Project, history: History) -> Self {
        Self { project, history, selection: Selection::default(), drag: None }
    }

    pub fn project(&self) -> &Project {
        &self.project
    }

    pub fn history(&self) -> &History {
        &self.history
    }

    /// Does one edit as one step of history. Gives what was recorded, `None` when it changed nothing.
    pub fn apply(&mut self, edit: &Edit) -> Result<Option<&Transaction>, EditError> {
        self.end_drag();
        let new = self.project.edited(edit)?;
        let before = self.selection.clone();
        let old = std::mem::replace(&mut self.project, new);
        Ok(self.record(edit.name(), &old, before))
    }

    /// Opens a drag. One that is open already is finished first.
    pub fn begin_drag(&mut self, name: &'static str) {
        self.end_drag();
        self.drag = Some(Drag { name, base: self.project.clone(), selection: self.selection.clone() });
    }

    pub fn is_dragging(&self) -> bool {
        self.drag.is_some()
    }

    /// Shows where the drag stands: the edit done to the project as it was when the drag began.
    pub fn drag(&mut self, edit: &Edit) -> Result<(), EditError> {
        if self.drag.is_none() {
            self.begin_drag(edit.name());
        }
        if let Some(drag) = &self.drag {
            self.project = drag.base.edited(edit)?;
        }
        Ok(())
    }

    /// Closes the drag as one step of history.
    pub fn end_drag(&mut self) -> Option<&Transaction> {
        let drag = self.drag.take()?;
        self.record(drag.name, &drag.base, drag.selection)
    }

    /// Gives the drag up: everything is as when it began.
    pub fn cancel_drag(&mut self) {
        if let Some(drag) = self.drag.take() {
            self.project = drag.base;
            self.selection = drag.selection;
        }
    }

    fn record(&mut self, name: &str, old: &Project, selection_before: Selection) -> Option<&Transaction> {
        // Keys that are gone cannot stay selected.
        self.selection.retain_existing(&self.project);
        debug_assert_eq!(self.project.broken_invariant(), None, "after {name}");
        let selection = (selection_before, self.selection.clone());
        let transaction = Transaction::between(name, old, &self.project, selection)?;
        self.history.push(transaction);
        self.history.done().last()
    }

    /// Takes the last step back and selects what was selected before it.
    pub fn undo(&mut self) -> Option<&Transaction> {
        if self.drag.is_some() {
            self.cancel_drag();
            return None;
        }
        let transaction = self.history.undo(&mut self.project)?;
        self.selection.clone_from(&transaction.selection.0);
        Some(transaction)
    }

    /// Does the step again that was taken back last.
    pub fn redo(&mut self) -> Option<&Transaction> {
        self.end_drag();
        let transaction = self.history.redo(&mut self.project)?;
        self.selection.clone_from(&transaction.selection.1);
        Some(transaction)
    }

    /// Goes to where `position` steps of [`History::steps`] are done, as far as they can be taken back and done again.
    /// Gives the number of steps gone.
    pub fn jump_to(&mut self, position: usize) -> usize {
        self.end_drag();
        let mut gone = 0;
        loop {
            let now = self.history.position();
            let moved = match now.cmp(&position) {
                std::cmp::Ordering::Equal => return gone,
                std::cmp::Ordering::Greater => self.undo().is_some(),
                std::cmp::Ordering::Less => self.redo().is_some(),
            };
            if !moved {
                return gone;
            }
            gone += 1;
        }
    }

    /// What happened to the history since the last call, for the journal; the first call only begins to note it.
    pub fn take_events(&mut self) -> Vec<super::history::Event> {
        self.history.take_events()
    }

    pub fn is_saved(&self) -> bool {
        self.history.is_saved() && self.drag.is_none()
    }

    /// To be called when the project as it is now has reached the disk.
    pub fn mark_saved(&mut self) {
        self.history.mark_saved();
    }

    /// The project has been saved in another folder, from where what it refers to is seen in another way.
    pub fn moved(&mut self, project: &Project) {
        self.project.sound.media.clone_from(&project.sound.media);
        self.mark_saved();
    }

    /// To be called when what was marked as saved has not reached the disk after all.
    pub fn mark_unsaved(&mut self) {
        self.history.mark_unsaved();
    }
}
