//! What a user can do to a project.
//!
//! An [`Edit`] says what is wanted. [`change`] does it in place, around the spot that it is about, and remembers what it
//! replaced; that is the transaction. What it does stands by noun in [`keys`], [`words`] and [`marks`], and in [`whole`]
//! where everything follows. The open document that edits are done to is [`Document`].

mod change;
mod hands;
mod keys;
mod marks;
mod segments;
mod shown;
mod whole;
mod words;

pub use super::open::Document;
pub(super) use change::change;

use super::edit_segments::{SegmentEdit, SegmentError};
use super::marks::{ExpressionMark, HandLayer, MarkId, Marker, Mask, Performance, Take};
use super::{KeyId, PhoneTime, Settings, Slowed, Sound};
use crate::cueing::chart::OwnChart;
use crate::cueing::{HandShape, Movement, Position};
use crate::language::Reading;
use crate::pose::expression::{ExpressionKind, Voice};
use crate::pose::parts::Parts;
use crate::pose::refine::Refinement;
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
    /// Takes the user's own readings of a word away; the likeliest of the others is used.
    RemoveReading {
        word: usize,
    },
    /// Says one phone of the flat sequence as another, by its symbol: a reading of the user's own for its word.
    SetPhone {
        phone: usize,
        symbol: String,
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
    /// A chart of the project's own; `None` is the built-in one.
    SetChart(Option<OwnChart>),
    SetTitle(String),
    SetIdentity(String),
    /// Where the sound is: a recording found again, or another one of the same words.
    SetSound(Box<Sound>),
    /// New times for all phones, from an alignment run again; fixed ones stay.
    SetPhoneTimes(Vec<PhoneTime>),
    /// New times for the phones from `first` on, found again between the boundaries that are set by hand.
    Realign {
        first: usize,
        times: Vec<PhoneTime>,
    },
    /// The boundaries of these phones are no longer set by hand: an alignment may move them.
    ReleasePhones(Vec<usize>),
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
    /// Something for face, head or hand to show.
    AddExpression {
        range: TimeRange,
        kind: ExpressionKind,
        strength: f32,
    },
    /// Everything of the expression of that name.
    SetExpression(ExpressionMark),
    RemoveExpressions(Vec<MarkId>),
    /// How strongly the head shows the tone of a syllable of a word: 0 not at all, 1 as usual.
    SetTone {
        word: usize,
        syllable: usize,
        strength: f32,
    },
    /// What was heard of the voice.
    SetVoice(Box<Voice>),
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
    /// Takes kept takes out of the project; where they are in force the base is shown again. Their files stay.
    RemoveTakes(Vec<MarkId>),
    /// Corrections of a hand, over all that are there; the document names them.
    AddHandLayer(Box<Refinement>),
    SetHandLayer(Box<HandLayer>),
    /// Puts a layer at another place in the order, counted from below.
    MoveHandLayer {
        layer: MarkId,
        to: usize,
    },
    RemoveHandLayers(Vec<MarkId>),
    /// Puts a performance that was tracked from a video beside the others; its name is given anew.
    AddPerformance(Box<Performance>),
    /// Everything of the performance of that name.
    SetPerformance(Box<Performance>),
    /// Their files stay.
    RemovePerformances(Vec<MarkId>),
    /// The sound with a passage slowed takes the place of the sound, and every time moves along.
    SlowPassage {
        passage: Slowed,
        sound: Box<Sound>,
    },
    /// Splitting, merging, moving boundaries together, tapping, pasting.
    Segments(SegmentEdit),
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
            Self::RemoveReading { .. } => "Back to the dictionary",
            Self::SetPhone { .. } => "Change sound",
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
            Self::SetChart(_) => "Change chart",
            Self::SetTitle(_) => "Rename project",
            Self::SetIdentity(_) => "Change identity",
            Self::SetSound(_) => "Relink media",
            Self::SetPhoneTimes(_) => "Align again",
            Self::Realign { .. } => "Re-align sounds",
            Self::ReleasePhones(_) => "Release boundaries",
            Self::SetCue { .. } => "Edit gloss",
            Self::AddMarker { .. } => "Add marker",
            Self::SetMarker(_) => "Change marker",
            Self::RemoveMarkers(_) => "Remove markers",
            Self::AddMask { .. } => "Add mask",
            Self::SetMask(_) => "Change mask",
            Self::RemoveMasks(_) => "Remove masks",
            Self::AddExpression { .. } => "Add expression",
            Self::SetExpression(_) => "Change expression",
            Self::RemoveExpressions(_) => "Remove expressions",
            Self::SetTone { strength: 0.0, .. } => "Hide tone",
            Self::SetTone { .. } => "Change tone",
            Self::SetVoice(_) => "Listen to the voice",
            Self::KeepTakes { accepted: Some(_), .. } => "Accept take",
            Self::KeepTakes { accepted: None, .. } => "Keep takes",
            Self::ShowTake { take: Some(_), .. } => "Show take",
            Self::ShowTake { take: None, .. } => "Back to the base",
            Self::RemoveTakes(_) => "Remove takes",
            Self::AddHandLayer(_) => "Add hand layer",
            Self::SetHandLayer(_) => "Change hand layer",
            Self::MoveHandLayer { .. } => "Reorder hand layers",
            Self::RemoveHandLayers(_) => "Remove hand layers",
            Self::AddPerformance(_) => "Import tracked poses",
            Self::SetPerformance(_) => "Change pose alignment",
            Self::RemovePerformances(_) => "Remove tracked poses",
            Self::SlowPassage { .. } => "Slow a passage",
            Self::Segments(edit) => edit.name(),
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
    #[error("the language has no such sound")]
    NoSound,
    #[error("this chart is of another language")]
    ForeignChart,
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
    #[error("a performance needs a stretch of time, at least one part of the body and settings within their limits")]
    BadPerformance,
    #[error("this marker, mask, expression, take or hand layer is no longer there")]
    NoMark,
    #[error("a mask needs a stretch of time and at least one part of the body")]
    BadMask,
    #[error("an expression needs a stretch of time and a strength from 0 to 2")]
    BadExpression,
    #[error("this syllable has no tone that the head shows, or its strength is not from 0 to 2")]
    BadTone,
    #[error("this cannot have been heard of a voice")]
    BadVoice,
    #[error("a hand layer needs a stretch of time, and values that are numbers")]
    BadHandLayer,
    #[error("the mask is locked; unlock it first")]
    LockedMask,
    #[error(transparent)]
    Segments(#[from] SegmentError),
    #[error("a passage to be slowed lies within the sound and becomes at most twice as long")]
    BadPassage,
}
