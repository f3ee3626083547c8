//! A project's own keys: how this project shows the same sounds, wherever they are cued together.
//!
//! What a user changed of one key can be given to all keys of the same sounds, and is remembered: keys that readings
//! make from then on are shown so, too. A chart ([`super::Settings::chart`]) says how a sound is shown; this says it of
//! a key, such as "b with ɔ̃" as one.

use super::edit::Edit;
use super::{KeyEdits, KeyId, KeySegment, Project};
use crate::cueing::{HandShape, Key, Movement, Position};
use serde::{Deserialize, Serialize};

/// How keys of certain sounds are shown; what is `None` follows the rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CueEntry {
    /// Symbols of the key's phones.
    pub phones: Vec<String>,
    /// The second half of a diphthong, which has the phone of the first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub glide: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shape: Option<HandShape>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub movement: Option<Option<Movement>>,
}

impl CueEntry {
    fn is_about(&self, phones: &[String], glide: bool) -> bool {
        self.phones == phones && self.glide == glide
    }
}

fn glides(rule: &Key) -> bool {
    rule.movement == Some(Movement::Diphthong)
}

/// What an entry makes of a new key; nothing where no entry is about it.
pub(super) fn edits_of(entries: &[CueEntry], phones: &[String], rule: &Key) -> KeyEdits {
    // What was said last holds.
    let Some(entry) = entries.iter().rev().find(|e| e.is_about(phones, glides(rule))) else {
        return KeyEdits::default();
    };
    KeyEdits {
        shape: entry.shape.filter(|s| *s != rule.shape && HandShape::ALL.contains(s)),
        position: entry.position.filter(|p| *p != rule.position && Position::ALL.contains(p)),
        movement: entry.movement.filter(|m| *m != rule.movement),
        ..KeyEdits::default()
    }
}

/// Whether a key is shown otherwise than the rule says.
fn is_own(key: &KeySegment) -> bool {
    key.edits.shape.is_some() || key.edits.position.is_some() || key.edits.movement.is_some()
}

impl Project {
    /// The other keys of the same sounds that show them otherwise changed than key `id` and may be changed.
    pub fn cued_otherwise(&self, id: KeyId) -> Vec<KeyId> {
        let Some(model) = self.key(id) else { return Vec::new() };
        let cue = |k: &KeySegment| (k.edits.shape, k.edits.position, k.edits.movement);
        let differs = |k: &&KeySegment| {
            k.id != id
                && !k.locked
                && k.signature == model.signature
                && glides(&k.rule) == glides(&model.rule)
                && cue(k) != cue(model)
        };
        self.tiers.keys.iter().filter(differs).map(|k| k.id).collect()
    }

    /// Whether the project remembers key `id` as it is shown.
    pub fn is_cue_remembered(&self, id: KeyId) -> bool {
        let Some(key) = self.key(id) else { return false };
        let entry = self.settings.cues.iter().rev().find(|e| e.is_about(&key.signature, glides(&key.rule)));
        match entry {
            Some(e) => (e.shape, e.position, e.movement) == (key.edits.shape, key.edits.position, key.edits.movement),
            None => !is_own(key),
        }
    }

    /// Shows all keys of the same sounds as key `id` is shown, changed or by the rule, and remembers it for keys to
    /// come, as one step; `None` where that is so already.
    pub fn cue_all_the_same(&self, id: KeyId) -> Option<Edit> {
        let model = self.key(id)?;
        let KeyEdits { shape, position, movement, .. } = model.edits;
        let mut edits = Vec::new();
        for key in self.cued_otherwise(id).into_iter().filter_map(|id| self.key(id)) {
            let id = key.id;
            if key.edits.shape != shape {
                edits.push(Edit::SetShape { key: id, shape });
            }
            if key.edits.position != position {
                edits.push(Edit::SetPosition { key: id, position });
            }
            if key.edits.movement != movement {
                edits.push(Edit::SetMovement { key: id, movement: movement.unwrap_or(key.rule.movement) });
            }
        }
        if !self.is_cue_remembered(id) {
            let glide = glides(&model.rule);
            let mut settings = self.settings.clone();
            settings.cues.retain(|e| !e.is_about(&model.signature, glide));
            if is_own(model) {
                let phones = model.signature.clone();
                settings.cues.push(CueEntry { phones, glide, shape, position, movement });
            }
            edits.push(Edit::SetSettings(Box::new(settings)));
        }
        (!edits.is_empty()).then_some(Edit::Many { name: "Cue all the same", edits })
    }
}
