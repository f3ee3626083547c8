//! What a user lays over the performance: markers, expressions, head tones one by one, masks, the takes that were generated
//! for masks, and corrections of hands; and what was heard of the voice.
//!
//! An [`ExpressionMark`] is shown for a while by face, head or hand ([`crate::pose::expression`]). A [`ToneMark`] says how
//! strongly the head shows the tone of one syllable, where the project shows tones at all.
//!
//! A [`Mask`] is a stretch of time on some parts of the body. Takes are made for it in the background and staged; what
//! is *accepted* of them stands in [`Mask::accepted`] and replaces the base within the mask, blended over the halo.
//! Takes are never thrown away by accepting another one. Their poses lie in the project's `takes` folder under the
//! hash of their content; the document holds only the name.
//!
//! A [`Performance`] was tracked from a video of a person. Where it is used it takes the place of what the rules perform,
//! aligned to the person of the picture; takes lie over it.

use crate::pose::alignment;
use crate::pose::expression::{Expression, ExpressionKind, STRONGEST, Voice};
use crate::pose::parts::Parts;
use crate::pose::refine::Refinement;
use crate::time::{Fps, Seconds, TimeRange};
use serde::{Deserialize, Serialize};

/// Name of a marker, expression, mask, take, performance or layer of hands that outlives editing and saving; one count
/// for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MarkId(pub u64);

/// Markers, expressions, tones, masks, takes, source performances and layers of hands of a project.
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
    /// In order of their start.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub expressions: Vec<ExpressionMark>,
    /// In order of their words and syllables; one at the most for each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tones: Vec<ToneMark>,
    /// Phrase and stress of the sound; empty until it has been listened to.
    #[serde(skip_serializing_if = "Voice::is_empty")]
    pub voice: Voice,
    /// In the order in which they were brought; later ones lie over earlier ones where both are used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub performances: Vec<Performance>,
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

/// Something that face, head or hand show for a while.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExpressionMark {
    pub id: MarkId,
    pub range: TimeRange,
    pub kind: ExpressionKind,
    /// 0 to [`STRONGEST`]; 1 is usual.
    pub strength: f32,
}

impl ExpressionMark {
    /// What a generator is told.
    pub fn shown(&self) -> Expression {
        Expression { range: self.range, kind: self.kind, strength: self.strength }
    }

    pub(super) fn is_possible(&self) -> bool {
        let r = self.range;
        let times = r.start.0.is_finite() && r.end.0.is_finite() && r.start < r.end;
        times && (0.0..=STRONGEST).contains(&self.strength)
    }
}

/// How strongly the head shows the tone of one syllable; those without a mark are of strength 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToneMark {
    /// Index of the word, and of the syllable within its chosen reading.
    pub word: usize,
    pub syllable: usize,
    /// 0 (not shown) to [`STRONGEST`].
    pub strength: f32,
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

/// How long the blend between the rules and a performance lasts at each end, outside its range.
pub const PERFORMANCE_HALO: Seconds = Seconds(0.2);

/// A performance that was tracked from a video of a person, and how it is used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Performance {
    pub id: MarkId,
    /// What the user calls it: at first the name of its file.
    pub name: String,
    /// SHA-256 of its poses in the project's `performances` folder, in hexadecimal.
    pub poses: String,
    pub fps: Fps,
    /// How many frames it has.
    pub frames: u32,
    /// Width of the picture it was tracked in divided by its height.
    pub aspect: f32,
    /// When its first frame is, in the recording as it was brought: slowed passages slow it with the sound.
    #[serde(default)]
    pub start: Seconds,
    /// Where and on which parts it is used; `None`: nowhere.
    #[serde(default)]
    pub used: Option<Used>,
    #[serde(default)]
    pub alignment: alignment::Settings,
}

/// Where a performance is used.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Used {
    /// `None`: wherever it has frames.
    pub range: Option<TimeRange>,
    pub parts: Parts,
}

impl Performance {
    /// The stretch in which poses may differ from the rules, the blend included; `None`: nowhere, and
    /// `Some(None)`: everywhere.
    pub fn reach(&self) -> Option<Option<TimeRange>> {
        let halo = PERFORMANCE_HALO;
        self.used.map(|used| used.range.map(|r| TimeRange::new(r.start - halo, r.end + halo)))
    }

    pub fn length(&self) -> Seconds {
        self.fps.time_of(crate::time::FrameIndex(self.frames))
    }

    pub(super) fn is_sound(&self) -> bool {
        let range = self.used.and_then(|u| u.range);
        let good = range.is_none_or(|r| r.start.0.is_finite() && r.end.0.is_finite() && r.start < r.end);
        let parts = self.used.is_none_or(|u| !u.parts.is_empty());
        let finite = self.start.0.is_finite() && self.aspect.is_finite() && self.aspect > 0.0;
        good && parts && finite && self.fps.num > 0 && self.fps.den > 0 && self.alignment.is_sound()
    }
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

    pub fn expression(&self, id: MarkId) -> Option<&ExpressionMark> {
        self.expressions.iter().find(|e| e.id == id)
    }

    /// How strongly the head shows the tone of a syllable.
    pub fn tone_strength(&self, word: usize, syllable: usize) -> f32 {
        let at = self.tones.binary_search_by_key(&(word, syllable), |t| (t.word, t.syllable));
        at.map_or(1.0, |i| self.tones[i].strength)
    }

    pub fn take(&self, id: MarkId) -> Option<&Take> {
        self.takes.iter().find(|t| t.id == id)
    }

    pub fn hand_layer(&self, id: MarkId) -> Option<&HandLayer> {
        self.hands.iter().find(|h| h.id == id)
    }

    pub fn performance(&self, id: MarkId) -> Option<&Performance> {
        self.performances.iter().find(|p| p.id == id)
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
        let all = all.chain(self.expressions.iter().map(|e| e.id)).chain(self.performances.iter().map(|p| p.id));
        let all = all.chain(self.hands.iter().map(|h| h.id));
        for id in all.chain(self.takes.iter().map(|t| t.id)) {
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
        if let Some(e) = self.expressions.iter().find(|e| !e.is_possible()) {
            return Some(format!("the expression {} has an impossible stretch or strength", e.id.0));
        }
        if self.expressions.windows(2).any(|e| e[1].range.start < e[0].range.start) {
            return Some("the expressions are out of order".into());
        }
        if self.tones.windows(2).any(|t| (t[1].word, t[1].syllable) <= (t[0].word, t[0].syllable)) {
            return Some("the tones are out of order".into());
        }
        if self.tones.iter().any(|t| !(0.0..=STRONGEST).contains(&t.strength)) {
            return Some("a tone has an impossible strength".into());
        }
        if let Some(message) = self.voice.broken_invariant() {
            return Some(message.into());
        }
        if let Some(p) = self.performances.iter().find(|p| !p.is_sound()) {
            return Some(format!("the performance \"{}\" has impossible times or settings", p.name));
        }
        if self.masks.windows(2).any(|m| m[1].range.start < m[0].range.start) {
            return Some("the masks are out of order".into());
        }
        None
    }
}
