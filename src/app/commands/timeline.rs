//! What can be done on the timeline, by name: selecting, cutting, joining, pasting, tapping, masks, markers, and how
//! the tiers are shown.

use super::{Info, Menu, Needs};
use egui::{Key, KeyboardShortcut, Modifiers};

/// A command of the timeline. Where it says "the tier", the tier that was last worked on is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimelineCommand {
    SelectAll,
    SelectEverything,
    SelectBefore,
    SelectAfter,
    CopyCues,
    PasteCues,
    PasteShapes,
    PastePlaces,
    PasteTiming,
    EditTimes,
    Split,
    Merge,
    Realign,
    Release,
    StartEarlier,
    StartLater,
    EndEarlier,
    EndLater,
    Remove,
    Snapping,
    TapKeys,
    TapMarkers,
    Tap,
    FinishTaps,
    CancelTaps,
    AddMarker,
    PreviousMarker,
    NextMarker,
    AddExpression,
    MaskSelection,
    LockMask,
    LockTier,
    HideTier,
    SoloTier,
    TallerTier,
    ShorterTier,
    Spectrogram,
    Pitch,
    Onsets,
}

const NONE: Modifiers = Modifiers::NONE;
const CTRL: Modifiers = Modifiers::COMMAND;
const SHIFT: Modifiers = Modifiers::SHIFT;
const ALT: Modifiers = Modifiers::ALT;
const CTRL_SHIFT: Modifiers = Modifiers { alt: false, ctrl: false, shift: true, mac_cmd: false, command: true };
const ALT_SHIFT: Modifiers = Modifiers { alt: true, ctrl: false, shift: true, mac_cmd: false, command: false };

macro_rules! k {
    ($modifiers:expr, $key:expr $(,)?) => {
        KeyboardShortcut { modifiers: $modifiers, logical_key: $key }
    };
}

impl TimelineCommand {
    /// In the order of the menus.
    pub const ALL: [Self; 39] = [
        Self::SelectAll,
        Self::SelectEverything,
        Self::SelectBefore,
        Self::SelectAfter,
        Self::CopyCues,
        Self::PasteCues,
        Self::PasteShapes,
        Self::PastePlaces,
        Self::PasteTiming,
        Self::EditTimes,
        Self::Split,
        Self::Merge,
        Self::Realign,
        Self::Release,
        Self::StartEarlier,
        Self::StartLater,
        Self::EndEarlier,
        Self::EndLater,
        Self::Remove,
        Self::Snapping,
        Self::TapKeys,
        Self::TapMarkers,
        Self::Tap,
        Self::FinishTaps,
        Self::CancelTaps,
        Self::AddMarker,
        Self::PreviousMarker,
        Self::NextMarker,
        Self::AddExpression,
        Self::MaskSelection,
        Self::LockMask,
        Self::LockTier,
        Self::HideTier,
        Self::SoloTier,
        Self::TallerTier,
        Self::ShorterTier,
        Self::Spectrogram,
        Self::Pitch,
        Self::Onsets,
    ];

    /// Whether holding the key down repeats the command.
    pub fn repeats(self) -> bool {
        matches!(
            self,
            Self::StartEarlier
                | Self::StartLater
                | Self::EndEarlier
                | Self::EndLater
                | Self::PreviousMarker
                | Self::NextMarker
                | Self::TallerTier
                | Self::ShorterTier
        )
    }

    /// The keyboard of a text field has these for itself.
    pub fn belongs_to_text(self) -> bool {
        matches!(self, Self::SelectAll | Self::CopyCues | Self::PasteCues)
    }

    /// Commands of one group stand together in the menu.
    pub fn group(self) -> u8 {
        match self {
            Self::SelectAll | Self::SelectEverything | Self::SelectBefore | Self::SelectAfter => 0,
            Self::CopyCues | Self::PasteCues | Self::PasteShapes | Self::PastePlaces | Self::PasteTiming => 1,
            Self::EditTimes | Self::Split | Self::Merge | Self::Remove | Self::Snapping => 2,
            Self::Realign | Self::Release => 2,
            Self::StartEarlier | Self::StartLater | Self::EndEarlier | Self::EndLater => 2,
            Self::TapKeys | Self::TapMarkers | Self::Tap | Self::FinishTaps | Self::CancelTaps => 3,
            Self::AddMarker | Self::PreviousMarker | Self::NextMarker | Self::AddExpression => 4,
            Self::MaskSelection | Self::LockMask => 5,
            Self::LockTier | Self::HideTier | Self::SoloTier | Self::TallerTier | Self::ShorterTier => 6,
            Self::Spectrogram | Self::Pitch | Self::Onsets => 7,
        }
    }

    /// What stands about the command in menus and lists.
    pub fn info(self) -> Info {
        use TimelineCommand as C;
        let i =
            |text, tooltip, shortcuts| Info { text, tooltip, menu: Menu::Timeline, needs: Needs::Project, shortcuts };
        match self {
            C::SelectAll => i("Select all on the tier", "Select everything on the tier.", &[k!(CTRL, Key::A)]),
            C::SelectEverything => {
                i("Select everything", "Select everything on every tier that is shown.", &[k!(CTRL_SHIFT, Key::A)])
            }
            C::SelectBefore => i(
                "Select all before the playhead",
                "Select what ends before the playhead on the tier.",
                &[k!(NONE, Key::OpenBracket)],
            ),
            C::SelectAfter => i(
                "Select all after the playhead",
                "Select what begins after the playhead on the tier.",
                &[k!(NONE, Key::CloseBracket)],
            ),
            C::CopyCues => i(
                "Copy",
                "Copy the selected keys with shape, place, movement and timing, the poses over the selected mask, or expressions.",
                &[k!(CTRL, Key::C)],
            ),
            C::PasteCues => i(
                "Paste",
                "Put cues over the keys from the selected one on; notation such as 4-m 3-c is read as well. Poses become a take at the playhead; expressions begin there.",
                &[k!(CTRL, Key::V)],
            ),
            C::PasteShapes => i("Paste hand shapes only", "Paste the shapes and leave the places.", &[]),
            C::PastePlaces => i("Paste positions only", "Paste the places and leave the shapes.", &[]),
            C::PasteTiming => i("Paste hand timing only", "Paste how much earlier or later the hand moves.", &[]),
            C::EditTimes => i(
                "Type the times…",
                "Type start, end and length of what is selected, in seconds or frames.",
                &[k!(CTRL, Key::Enter)],
            ),
            C::Split => {
                i("Split at the playhead", "Cut the sound or mask under the playhead in two.", &[k!(NONE, Key::X)])
            }
            C::Merge => i(
                "Merge with the next",
                "Join the selected sound, word or masks with what follows.",
                &[k!(SHIFT, Key::X)],
            ),
            C::Realign => i(
                "Re-align around",
                "Find the sounds around the selected or last moved one again; boundaries set by hand stay.",
                &[k!(CTRL, Key::R)],
            ),
            C::Release => i(
                "Release boundaries",
                "Boundaries of the selected sounds that were set by hand may be moved by Re-align again.",
                &[k!(CTRL_SHIFT, Key::R)],
            ),
            C::StartEarlier => {
                i("Start one frame earlier", "Move where the selected sound or mask begins.", &[k!(ALT, Key::Comma)])
            }
            C::StartLater => {
                i("Start one frame later", "Move where the selected sound or mask begins.", &[k!(ALT, Key::Period)])
            }
            C::EndEarlier => {
                i("End one frame earlier", "Move where the selected sound or mask ends.", &[k!(ALT_SHIFT, Key::Comma)])
            }
            C::EndLater => {
                i("End one frame later", "Move where the selected sound or mask ends.", &[k!(ALT_SHIFT, Key::Period)])
            }
            C::Remove => i(
                "Remove markers and masks",
                "Remove the selected markers, masks and expressions.",
                &[k!(NONE, Key::Delete), k!(NONE, Key::Backspace)],
            ),
            C::Snapping => i(
                "Snapping",
                "Drags snap to frames, sounds, markers and the playhead; Shift turns it round.",
                &[k!(NONE, Key::N)],
            ),
            C::TapKeys => i(
                "Tap keys while playing",
                "Each tap gives the next key its beginning; all taps are one step.",
                &[k!(CTRL, Key::B)],
            ),
            C::TapMarkers => i(
                "Tap markers while playing",
                "Each tap sets a marker; all taps are one step.",
                &[k!(CTRL_SHIFT, Key::B)],
            ),
            C::Tap => i("Tap", "Mark this moment.", &[k!(NONE, Key::B)]),
            C::FinishTaps => i("Finish tapping", "Keep the taps as one step.", &[]),
            C::CancelTaps => i("Cancel tapping", "Forget the taps.", &[]),
            C::AddMarker => i("Add a marker", "Set a marker at the playhead.", &[k!(NONE, Key::M)]),
            C::PreviousMarker => {
                i("Previous marker", "Go to the marker before the playhead.", &[k!(SHIFT, Key::Comma)])
            }
            C::NextMarker => i("Next marker", "Go to the marker after the playhead.", &[k!(SHIFT, Key::Period)]),
            C::AddExpression => i(
                "Add an expression",
                "Let face, head or hand show something over what is selected, or from the playhead on.",
                &[k!(SHIFT, Key::E)],
            ),
            C::MaskSelection => i(
                "Mask the selection",
                "Make a mask over what is selected, on the parts of the brush.",
                &[k!(CTRL, Key::M)],
            ),
            C::LockMask => i("Lock masks", "Lock the selected masks, or unlock them.", &[k!(CTRL_SHIFT, Key::M)]),
            C::LockTier => i("Lock the tier", "Refuse edits on the tier, or allow them again.", &[k!(SHIFT, Key::L)]),
            C::HideTier => {
                i("Hide the tier", "Take the tier off the screen; Tiers shows it again.", &[k!(SHIFT, Key::H)])
            }
            C::SoloTier => i("Show the tier alone", "Show only this tier, or all again.", &[k!(SHIFT, Key::S)]),
            C::TallerTier => i("Taller tier", "Give the tier more height.", &[k!(ALT, Key::ArrowDown)]),
            C::ShorterTier => i("Shorter tier", "Give the tier less height.", &[k!(ALT, Key::ArrowUp)]),
            C::Spectrogram => {
                i("Spectrogram", "Show the sound as a spectrogram instead of a waveform.", &[k!(SHIFT, Key::G)])
            }
            C::Pitch => i("Pitch of the voice", "Draw how high the voice is over the sound.", &[]),
            C::Onsets => i("Onsets of sounds", "Mark where sounds set in.", &[]),
        }
    }
}
