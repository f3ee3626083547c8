//! What a user lays over the performance: markers, masks, the takes that were generated for masks, and corrections of
//! hands.
//!
//! A [`Mask`] is a stretch of time on some parts of the body. Takes are made for it in the background and staged; what
//! is *accepted* of them stands in [`Mask::accepted`] and replaces the base within the mask, blended over the halo.
//! Takes are never thrown away by accepting another one. Their poses lie in the project's `takes` folder under the
//! hash of their content; the document holds only the name.

use crate::pose::parts::Parts;
use crate::pose::refine::Refinement;
use crate::time::{Seconds, TimeRange};
use serde::{Deserialize, Serialize};

/// Name of a marker, mask, take or layer of hands that outlives editing and saving; one count for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MarkId(pub u64);

/// Markers, masks, takes and layers of hands of a project.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Marks {
    /// In order of time.
    pub markers: Vec<Marker>,
    /// In order of their start; later ones lie over earlier ones where they overlap.
    pub masks: Vec<Mask>,
    /// In the order in which they were kept.
    pub takes: Vec<Take>,
    /// Later ones are laid over earlier ones, after all takes.
    pub hands: Vec<HandLayer>,
    /// The next free [`MarkId`].
    pub next_id: u64,
}

/// Corrections of a hand, with a name of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HandLayer {
    pub id: MarkId,
    pub what: Refinement,
}

/// A named point in time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Marker {
    pub id: MarkId,
    pub time: Seconds,
    pub text: String,
    /// Index of the marker colours, 0-7; each is also a letter A-H, so that hue is never alone.
    #[serde(default)]
    pub colour: u8,
}

/// A stretch of time on some parts of the body, in which takes may differ from the base.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mask {
    pub id: MarkId,
    pub range: TimeRange,
    pub parts: Parts,
    /// How long the blend from base to take lasts at each end, outside the range.
    pub halo: Seconds,
    #[serde(default)]
    pub locked: bool,
    /// Which take is in force on which parts; later entries win. Empty: the base.
    #[serde(default)]
    pub accepted: Vec<Accepted>,
}

/// What was accepted of a take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    pub take: MarkId,
    pub parts: Parts,
}

/// A generated alternative for a mask, with all that is needed to make it again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Take {
    pub id: MarkId,
    /// The mask it was made for, with its stretch and parts at that time.
    pub mask: MarkId,
    pub range: TimeRange,
    pub parts: Parts,
    pub halo: Seconds,
    /// Name of the generator.
    pub generator: String,
    /// Its parameters by name.
    pub parameters: Vec<(String, f64)>,
    pub seed: u64,
    /// The take that was in force when this one was made; `None` is the base. Re-rolls always start from the base.
    #[serde(default)]
    pub parent: Option<MarkId>,
    /// SHA-256 of its poses in the project's `takes` folder, in hexadecimal.
    pub poses: String,
    /// Hash of what the base was made from; another one now means that the cues have changed since.
    pub base: String,
}

impl Mask {
    /// Mask and halo together: outside nothing may change.
    pub fn reach(&self) -> TimeRange {
        TimeRange::new(self.range.start - self.halo, self.range.end + self.halo)
    }
}

impl Marks {
    pub fn marker(&self, id: MarkId) -> Option<&Marker> {
        self.markers.iter().find(|m| m.id == id)
    }

    pub fn mask(&self, id: MarkId) -> Option<&Mask> {
        self.masks.iter().find(|m| m.id == id)
    }

    pub fn take(&self, id: MarkId) -> Option<&Take> {
        self.takes.iter().find(|t| t.id == id)
    }

    pub fn hand_layer(&self, id: MarkId) -> Option<&HandLayer> {
        self.hands.iter().find(|h| h.id == id)
    }

    /// A name that was never used before.
    pub fn new_id(&mut self) -> MarkId {
        let id = MarkId(self.next_id);
        self.next_id += 1;
        id
    }

    /// Says what is wrong, `None` when every invariant holds.
    pub fn broken_invariant(&self) -> Option<String> {
        let mut ids = std::collections::HashSet::new();
        let all = self.markers.iter().map(|m| m.id).chain(self.masks.iter().map(|m| m.id));
        for id in all.chain(self.takes.iter().map(|t| t.id)).chain(self.hands.iter().map(|h| h.id)) {
            if !ids.insert(id) || id.0 >= self.next_id {
                return Some(format!("the mark {} has a name that is not its own", id.0));
            }
        }
        if let Some(m) = self.markers.iter().find(|m| !m.time.0.is_finite()) {
            return Some(format!("the marker \"{}\" has no time", m.text));
        }
        if self.markers.windows(2).any(|m| m[1].time < m[0].time) {
            return Some("the markers are out of order".into());
        }
        for mask in &self.masks {
            let r = mask.range;
            let good = [r.start, r.end, mask.halo].iter().all(|s| s.0.is_finite()) && r.start < r.end;
            if !good || mask.halo < Seconds::ZERO || mask.parts.is_empty() {
                return Some(format!("the mask {} has an impossible stretch or no part", mask.id.0));
            }
            if mask.accepted.iter().any(|a| self.take(a.take).is_none()) {
                return Some(format!("the mask {} shows a take that is not there", mask.id.0));
            }
        }
        for layer in &self.hands {
            if let Some(fault) = layer.what.broken_invariant() {
                return Some(format!("the hand layer \"{}\" {fault}", layer.what.name));
            }
        }
        if self.masks.windows(2).any(|m| m[1].range.start < m[0].range.start) {
            return Some("the masks are out of order".into());
        }
        None
    }
}
