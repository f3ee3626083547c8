//! Edits of keys: shape, position, movement, timing, locks.

use super::super::{KeyEdits, Settings};
use super::change::Change;
use super::{Edit, EditError};
use crate::cueing::{HandShape, Position};
use crate::time::Seconds;

impl Change<'_> {
    pub(super) fn edit_keys(&mut self, edit: &Edit) -> Result<(), EditError> {
        match edit {
            Edit::SetShape { key, shape } => {
                if shape.is_some_and(|s| !HandShape::ALL.contains(&s)) {
                    return Err(EditError::BadShape);
                }
                let key = self.unlocked(*key)?;
                key.edits.shape = shape.filter(|s| *s != key.rule.shape);
                key.gloss = None;
            }
            Edit::SetPosition { key, position } => {
                if position.is_some_and(|p| !Position::ALL.contains(&p)) {
                    return Err(EditError::BadPosition);
                }
                let key = self.unlocked(*key)?;
                key.edits.position = position.filter(|p| *p != key.rule.position);
                key.gloss = None;
            }
            Edit::SetMovement { key, movement } => {
                let key = self.unlocked(*key)?;
                key.edits.movement = (*movement != key.rule.movement).then_some(*movement);
                key.gloss = None;
            }
            Edit::SetMoveTime { key, which, to } => {
                finite(*to)?;
                // The shift is counted from where the move is now.
                self.derive_times();
                let key = self.unlocked(*key)?;
                let i = *which as usize;
                let now = [key.times.m1, key.times.m2, key.times.d1, key.times.d2][i];
                key.edits.shift[i] += (*to - now).0;
            }
            Edit::ShiftHand { keys, by } => {
                finite(*by)?;
                for id in keys {
                    let key = self.unlocked(*id)?;
                    key.edits.shift.iter_mut().for_each(|s| *s += by.0);
                }
            }
            Edit::ResetKeys { keys } => {
                for id in keys {
                    let key = self.unlocked(*id)?;
                    key.edits = KeyEdits::default();
                    key.gloss = None;
                }
            }
            Edit::SetLocked { keys, locked } => {
                // A locked key keeps the times that it has when it is locked.
                self.derive_times();
                for id in keys {
                    let at = self.index.keys.get(*id).ok_or(EditError::NoKey)?;
                    self.key_mut(at).locked = *locked;
                    self.mark_dirty(at..at + 1);
                }
            }
            Edit::SetCue { key, shape, position, movement, gloss } => {
                if !HandShape::ALL.contains(shape) {
                    return Err(EditError::BadShape);
                }
                if !Position::ALL.contains(position) {
                    return Err(EditError::BadPosition);
                }
                let key = self.unlocked(*key)?;
                key.edits.shape = Some(*shape).filter(|s| *s != key.rule.shape);
                key.edits.position = Some(*position).filter(|p| *p != key.rule.position);
                key.edits.movement = (*movement != key.rule.movement).then_some(*movement);
                key.gloss.clone_from(gloss);
            }
            _ => {}
        }
        Ok(())
    }
}

/// Refuses times that are no numbers.
pub(super) fn finite(time: Seconds) -> Result<(), EditError> {
    if time.0.is_finite() { Ok(()) } else { Err(EditError::BadTime) }
}

/// Whether other settings change nothing but times, not which keys there are.
pub(super) fn only_times(old: &Settings, new: &Settings) -> bool {
    new.reading == old.reading && new.switches == old.switches && new.chart == old.chart
}
