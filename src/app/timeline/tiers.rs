//! The tiers of the timeline in parent-child order, and how each is shown: locked, hidden, alone, how high.
//!
//! What is shown and how high is the window's own business and kept with its settings; it is never part of the
//! document or of its history. A locked tier refuses every edit, from wherever it comes.

use crate::app::i18n::tr;
use crate::app::theme;
use crate::document::edit::Edit;
use crate::document::edit_segments::SegmentEdit;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One row of the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TierId {
    Sound,
    Words,
    Syllables,
    Phones,
    Gloss,
    Keys,
    Shape,
    Position,
    Lips,
    Expressions,
    FaceBase,
    FaceResidual,
    BodyBase,
    BodyResidual,
    Masks,
    Takes,
    Hands,
    Markers,
    Cache,
}

/// How a tier hangs together with its parent, in ELAN's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// Independent of other tiers.
    None,
    /// Divides its parent in time without gaps of its own.
    TimeSubdivision,
    /// Lies inside its parent; gaps may remain.
    IncludedIn,
    /// One for each of the parent's.
    SymbolicAssociation,
}

impl TierId {
    /// From top to bottom.
    pub const ALL: [Self; 19] = [
        Self::Sound,
        Self::Words,
        Self::Syllables,
        Self::Phones,
        Self::Gloss,
        Self::Keys,
        Self::Shape,
        Self::Position,
        Self::Lips,
        Self::Expressions,
        Self::FaceBase,
        Self::FaceResidual,
        Self::BodyBase,
        Self::BodyResidual,
        Self::Masks,
        Self::Takes,
        Self::Hands,
        Self::Markers,
        Self::Cache,
    ];

    /// Name in the language of the interface.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sound => tr("Sound"),
            Self::Words => tr("Words"),
            Self::Syllables => tr("Syllables"),
            Self::Phones => tr("Phones"),
            Self::Gloss => tr("Gloss"),
            Self::Keys => tr("Keys"),
            Self::Shape => tr("Shape"),
            Self::Position => tr("Position"),
            Self::Lips => tr("Lips"),
            Self::Expressions => tr("Expression"),
            Self::FaceBase => tr("Face tokens"),
            Self::FaceResidual => tr("Face detail"),
            Self::BodyBase => tr("Body tokens"),
            Self::BodyResidual => tr("Body detail"),
            Self::Masks => tr("Masks"),
            Self::Takes => tr("Takes"),
            Self::Hands => tr("Hands"),
            Self::Markers => tr("Markers"),
            Self::Cache => tr("Made poses"),
        }
    }

    /// One sentence on what stands on the tier.
    pub fn about(self) -> &'static str {
        match self {
            Self::Sound => tr("The sound: its waveform, and on wish its spectrogram, pitch and onsets."),
            Self::Words => tr("The words of the text, from their first to their last sound."),
            Self::Syllables => tr("The syllables of the words, as their readings divide them."),
            Self::Phones => tr("The sounds of the language; a dashed border marks uncertain times."),
            Self::Gloss => tr("A sentence for each key: what hand, place and lips do."),
            Self::Keys => tr("The keys: hand shape and position for one or two sounds."),
            Self::Shape => tr("The shape of the hand: slanted edges are changes, flat parts are holds."),
            Self::Position => tr("The place of the hand: slanted edges are moves, flat parts are holds."),
            Self::Lips => tr("What the lips aim at in each sound."),
            Self::Expressions => tr("What face, head and hand show beside lips and cues."),
            Self::FaceBase => tr("Pose tokens of the face, coarse layer."),
            Self::FaceResidual => tr("Pose tokens of the face, fine layer."),
            Self::BodyBase => tr("Pose tokens of the body, coarse layer."),
            Self::BodyResidual => tr("Pose tokens of the body, fine layer."),
            Self::Masks => tr("Stretches of time on parts of the body that takes may change."),
            Self::Takes => tr("Kept takes, and which of them is in force."),
            Self::Hands => tr("Layers that correct hands, with their keys."),
            Self::Markers => tr("Named points in time."),
            Self::Cache => tr("For which stretches the poses are made and up to date."),
        }
    }

    pub fn parent(self) -> Option<Self> {
        Some(match self {
            Self::Sound | Self::Masks | Self::Markers | Self::Cache | Self::FaceBase | Self::BodyBase => return None,
            Self::Expressions | Self::Hands => return None,
            Self::Words => Self::Sound,
            Self::Syllables => Self::Words,
            Self::Phones => Self::Syllables,
            Self::Keys | Self::Lips => Self::Phones,
            Self::Gloss | Self::Shape | Self::Position => Self::Keys,
            Self::FaceResidual => Self::FaceBase,
            Self::BodyResidual => Self::BodyBase,
            Self::Takes => Self::Masks,
        })
    }

    pub fn constraint(self) -> Constraint {
        match self {
            Self::Words => Constraint::IncludedIn,
            Self::Syllables | Self::Phones => Constraint::TimeSubdivision,
            Self::Keys | Self::Takes => Constraint::IncludedIn,
            Self::Gloss | Self::Shape | Self::Position | Self::Lips => Constraint::SymbolicAssociation,
            Self::FaceResidual | Self::BodyResidual => Constraint::SymbolicAssociation,
            _ => Constraint::None,
        }
    }

    /// How far the name is set in: children stand a little to the right of their parents.
    pub fn depth(self) -> u8 {
        match self {
            Self::FaceResidual | Self::BodyResidual | Self::Takes => 1,
            _ => 0,
        }
    }

    /// The hue of the tier.
    pub fn hue(self) -> theme::Tier {
        match self {
            Self::Sound | Self::Cache => theme::Tier::Sound,
            Self::Words | Self::Syllables => theme::Tier::Words,
            Self::Phones | Self::Lips | Self::Expressions => theme::Tier::Phones,
            Self::Gloss | Self::Keys | Self::Markers => theme::Tier::Gloss,
            Self::Shape | Self::FaceBase | Self::FaceResidual | Self::Masks => theme::Tier::Shape,
            Self::Position | Self::BodyBase | Self::BodyResidual | Self::Takes | Self::Hands => theme::Tier::Position,
        }
    }

    /// Least height that still reads, points.
    pub fn least_height(self) -> f32 {
        match self {
            Self::Sound => 36.0,
            Self::Shape | Self::Position => 30.0,
            Self::Markers => 22.0,
            Self::Cache => 14.0,
            _ => 24.0,
        }
    }

    pub fn greatest_height(self) -> f32 {
        match self {
            Self::Sound => 320.0,
            _ => 120.0,
        }
    }

    /// How much of spare room the tier takes while its height was not chosen.
    pub fn growth(self) -> f32 {
        match self {
            Self::Sound => 2.0,
            Self::Shape | Self::Position => 0.7,
            Self::Markers | Self::Cache => 0.0,
            _ => 0.2,
        }
    }

    fn hidden_by_default(self) -> bool {
        matches!(
            self,
            Self::Syllables
                | Self::Keys
                | Self::Lips
                | Self::Expressions
                | Self::FaceBase
                | Self::FaceResidual
                | Self::BodyBase
                | Self::BodyResidual
                | Self::Takes
                | Self::Hands
                | Self::Cache
        )
    }

    /// A tier whose segments can be walked and selected.
    pub fn is_walked(self) -> bool {
        !matches!(self, Self::Sound | Self::Hands | Self::Cache)
    }
}

/// How one tier is shown, as far as the user has said so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TierLook {
    pub locked: bool,
    pub hidden: Option<bool>,
    /// Points; `None` follows the room there is.
    pub height: Option<f32>,
}

/// How all tiers are shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tiers {
    looks: BTreeMap<TierId, TierLook>,
    /// Shown alone, with the sound above it.
    pub solo: Option<TierId>,
}

impl Tiers {
    fn look(&self, tier: TierId) -> TierLook {
        self.looks.get(&tier).copied().unwrap_or_default()
    }

    fn look_mut(&mut self, tier: TierId) -> &mut TierLook {
        self.looks.entry(tier).or_default()
    }

    pub fn is_locked(&self, tier: TierId) -> bool {
        self.look(tier).locked
    }

    pub fn set_locked(&mut self, tier: TierId, locked: bool) {
        self.look_mut(tier).locked = locked;
    }

    /// Switched on, whether or not another tier is shown alone.
    pub fn is_on(&self, tier: TierId) -> bool {
        !self.look(tier).hidden.unwrap_or(tier.hidden_by_default())
    }

    pub fn is_shown(&self, tier: TierId) -> bool {
        match self.solo {
            Some(solo) => tier == solo || (tier == TierId::Sound && self.is_on(tier)),
            None => self.is_on(tier),
        }
    }

    pub fn set_shown(&mut self, tier: TierId, shown: bool) {
        self.look_mut(tier).hidden = Some(!shown);
        if !shown && self.solo == Some(tier) {
            self.solo = None;
        }
    }

    pub fn height(&self, tier: TierId) -> Option<f32> {
        self.look(tier).height.filter(|h| h.is_finite())
    }

    pub fn set_height(&mut self, tier: TierId, height: Option<f32>) {
        self.look_mut(tier).height = height.map(|h| h.clamp(tier.least_height(), tier.greatest_height()));
    }

    /// The tiers on show, from top to bottom.
    pub fn shown(&self) -> Vec<TierId> {
        TierId::ALL.into_iter().filter(|t| self.is_shown(*t)).collect()
    }

    /// Heights of the tiers on show in a body of `room` points with `gap` between them; spare room goes to those whose
    /// height was not chosen.
    pub fn heights(&self, shown: &[TierId], room: f32, gap: f32) -> Vec<f32> {
        let least = |t: TierId| self.height(t).unwrap_or(t.least_height());
        let taken: f32 = shown.iter().map(|t| least(*t) + gap).sum();
        let growth: f32 = shown.iter().filter(|t| self.height(**t).is_none()).map(|t| t.growth()).sum();
        let spare = (room - taken).max(0.0) / growth.max(1.0);
        let most = |t: TierId| if t == TierId::Sound { 120.0 } else { t.least_height() * 1.9 };
        let height = |t: TierId| match self.height(t) {
            Some(chosen) => chosen,
            None => (t.least_height() + spare * t.growth()).min(most(t)).floor(),
        };
        shown.iter().map(|t| height(*t)).collect()
    }

    /// The locked tier that an edit would change, if there is one.
    pub fn refusing(&self, edit: &Edit) -> Option<TierId> {
        tiers_of(edit).into_iter().find(|t| self.is_locked(*t)).or_else(|| match edit {
            Edit::Many { edits, .. } => edits.iter().find_map(|e| self.refusing(e)),
            _ => None,
        })
    }
}

/// The tiers that an edit changes of its own, without what follows from it.
fn tiers_of(edit: &Edit) -> Vec<TierId> {
    use TierId as T;
    match edit {
        Edit::SetPhoneStart { .. } | Edit::SetPhoneEnd { .. } => vec![T::Phones],
        Edit::SetPhoneTimes(_) | Edit::Realign { .. } | Edit::ReleasePhones(_) => vec![T::Phones],
        Edit::ChooseReading { .. } | Edit::AddReading { .. } | Edit::RemoveReading { .. } => vec![T::Words],
        Edit::SetPhone { .. } => vec![T::Words, T::Phones],
        Edit::SetShape { .. } => vec![T::Keys, T::Shape],
        Edit::SetPosition { .. } | Edit::SetMovement { .. } => vec![T::Keys, T::Position],
        Edit::SetMoveTime { which, .. } => {
            use crate::document::edit::MoveTime as M;
            match which {
                M::PositionStart | M::PositionEnd => vec![T::Position],
                M::ShapeStart | M::ShapeEnd => vec![T::Shape],
            }
        }
        Edit::ShiftHand { .. } => vec![T::Shape, T::Position],
        Edit::ResetKeys { .. } | Edit::SetCue { .. } => vec![T::Keys, T::Gloss, T::Shape, T::Position],
        Edit::AddMarker { .. } | Edit::SetMarker(_) | Edit::RemoveMarkers(_) => vec![T::Markers],
        Edit::AddExpression { .. } | Edit::SetExpression(_) | Edit::RemoveExpressions(_) => vec![T::Expressions],
        Edit::AddMask { .. } | Edit::SetMask(_) | Edit::RemoveMasks(_) => vec![T::Masks],
        Edit::KeepTakes { .. } | Edit::ShowTake { .. } => vec![T::Takes],
        Edit::AddHandLayer(_) | Edit::SetHandLayer(_) | Edit::MoveHandLayer { .. } | Edit::RemoveHandLayers(_) => {
            vec![T::Hands]
        }
        Edit::Segments(edit) => match edit {
            SegmentEdit::SplitPhone { .. } | SegmentEdit::MergePhones { .. } => vec![T::Phones, T::Words],
            SegmentEdit::MoveEdgeAlone { .. } | SegmentEdit::RetimeKeys { .. } => vec![T::Phones],
            SegmentEdit::SplitWord { .. } | SegmentEdit::MergeWords { .. } => vec![T::Words],
            SegmentEdit::SplitMask { .. } | SegmentEdit::MergeMasks(_) => vec![T::Masks],
            // It is told which tiers to leave alone.
            SegmentEdit::MoveBoundaries { .. } => Vec::new(),
            SegmentEdit::PasteCues { parts, .. } => {
                let mut tiers = vec![T::Keys];
                tiers.extend(parts.shape.then_some(T::Shape));
                tiers.extend(parts.place.then_some(T::Position));
                tiers
            }
        },
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cueing::HandShape;
    use crate::document::KeyId;

    #[test]
    fn parents_come_before_their_children_and_end_somewhere() {
        for (i, tier) in TierId::ALL.into_iter().enumerate() {
            let mut at = tier;
            let mut steps = 0;
            while let Some(parent) = at.parent() {
                at = parent;
                steps += 1;
                assert!(steps < 8, "{tier:?} has no end of parents");
            }
            if let Some(parent) = tier.parent() {
                let above = TierId::ALL.iter().position(|t| *t == parent);
                // The gloss stands over its keys, as captions do.
                assert!(above.is_some_and(|p| p < i) || tier == TierId::Gloss, "{tier:?}");
            }
            assert_eq!(tier.parent().is_none(), tier.constraint() == Constraint::None, "{tier:?}");
        }
    }

    #[test]
    fn solo_shows_one_tier_and_gives_all_back() {
        let mut tiers = Tiers::default();
        let before = tiers.shown();
        assert!(before.contains(&TierId::Words) && !before.contains(&TierId::FaceBase));
        tiers.solo = Some(TierId::Masks);
        assert_eq!(tiers.shown(), [TierId::Sound, TierId::Masks]);
        tiers.set_shown(TierId::Masks, false);
        assert_eq!(tiers.solo, None, "a hidden tier is not shown alone");
        tiers.set_shown(TierId::Masks, true);
        assert_eq!(tiers.shown(), before);
    }

    #[test]
    fn chosen_heights_are_kept_and_spare_room_goes_to_the_others() {
        let mut tiers = Tiers::default();
        let shown = tiers.shown();
        tiers.set_height(TierId::Words, Some(50.0));
        tiers.set_height(TierId::Phones, Some(1.0));
        let heights = tiers.heights(&shown, 900.0, 3.0);
        let of = |t| heights[shown.iter().position(|s| *s == t).expect("shown")];
        assert_eq!(of(TierId::Words), 50.0);
        assert_eq!(of(TierId::Phones), TierId::Phones.least_height());
        assert!(of(TierId::Sound) > TierId::Sound.least_height());
        let cramped = tiers.heights(&shown, 10.0, 3.0);
        assert!(cramped.iter().zip(&shown).all(|(h, t)| *h >= t.least_height()), "no row is ever squeezed");
    }

    #[test]
    fn a_locked_tier_refuses_its_edits_even_among_many() {
        let mut tiers = Tiers::default();
        let edit = Edit::SetShape { key: KeyId(0), shape: Some(HandShape(1)) };
        assert_eq!(tiers.refusing(&edit), None);
        tiers.set_locked(TierId::Shape, true);
        assert_eq!(tiers.refusing(&edit), Some(TierId::Shape));
        let many = Edit::Many { name: "Both", edits: vec![Edit::RemoveMarkers(Vec::new()), edit] };
        assert_eq!(tiers.refusing(&many), Some(TierId::Shape));
    }

    #[test]
    fn settings_survive_being_written_and_read() {
        let mut tiers = Tiers::default();
        tiers.set_locked(TierId::Phones, true);
        tiers.set_height(TierId::Sound, Some(99.0));
        tiers.set_shown(TierId::Lips, true);
        let text = ron::to_string(&tiers).expect("written");
        assert_eq!(ron::from_str::<Tiers>(&text).expect("read"), tiers);
        assert_eq!(ron::from_str::<Tiers>("()").expect("read"), Tiers::default());
    }
}
