//! The commands of masks and takes: a list of their own within the list of all commands.

use crate::app::commands::{Info, Menu, Needs};
use crate::pose::motion_mask::Kind;
use crate::pose::parts::Part;
use egui::{Key, KeyboardShortcut, Modifiers};

/// What can be asked for of masks and takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TakeCommand {
    Regenerate,
    Reroll,
    Previous,
    Next,
    Compare,
    OnionSkin,
    Accept,
    AcceptPart(Part),
    Keep,
    BackToBase,
    Discard,
    BringBack,
    RemoveTake,
    CleanUp,
    MotionMask(Kind),
    ExportMasks,
}

const NONE: Modifiers = Modifiers::NONE;
const SHIFT: Modifiers = Modifiers::SHIFT;
const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers { alt: false, ctrl: false, shift: true, mac_cmd: false, command: true };

macro_rules! k {
    ($modifiers:expr, $key:expr $(,)?) => {
        KeyboardShortcut { modifiers: $modifiers, logical_key: $key }
    };
}

impl TakeCommand {
    /// Groups of the menu, between which a line stands.
    pub fn group(self) -> u8 {
        use TakeCommand as C;
        match self {
            C::Regenerate | C::Reroll => 41,
            C::Previous | C::Next | C::Compare | C::OnionSkin => 42,
            C::Accept | C::AcceptPart(_) | C::Keep | C::BackToBase => 43,
            C::Discard | C::BringBack | C::RemoveTake | C::CleanUp => 44,
            C::MotionMask(_) | C::ExportMasks => 45,
        }
    }

    pub fn english_info(self) -> Info {
        use TakeCommand as C;
        let i = |text, tooltip, shortcuts| Info { text, tooltip, menu: Menu::Mask, needs: Needs::Project, shortcuts };
        match self {
            C::Regenerate => {
                i("Regenerate", "Make takes for the selected mask: the same keys, cued once more.", &[k!(CTRL, Key::G)])
            }
            C::Reroll => i(
                "Re-roll",
                "Put the new takes aside and make others in their place, from the original base.",
                &[k!(CTRL_SHIFT, Key::G)],
            ),
            C::Previous => i("Previous take", "Look at the take before.", &[k!(SHIFT, Key::V)]),
            C::Next => i("Next take", "Look at the take after.", &[k!(NONE, Key::V)]),
            C::Compare => i(
                "Compare with what is in force",
                "Switch the picture between the selected take and what is in force.",
                &[k!(NONE, Key::H)],
            ),
            C::OnionSkin => i("Onion skin", "Draw the base and the take over each other.", &[k!(NONE, Key::U)]),
            C::Accept => i(
                "Accept take",
                "Put the selected take in force within its mask; all other takes are kept.",
                &[k!(NONE, Key::A)],
            ),
            C::AcceptPart(part) => i(
                match part {
                    Part::Lips => "Accept the lips only",
                    Part::Face => "Accept the face only",
                    Part::Head => "Accept the head only",
                    Part::LeftHand => "Accept the left hand only",
                    Part::RightHand => "Accept the right hand only",
                    Part::Arms => "Accept the arms only",
                },
                "Put one part of the selected take in force; other parts stay as they are.",
                &[],
            ),
            C::Keep => i("Keep all new takes", "Keep the new takes in the project without showing one.", &[]),
            C::BackToBase => {
                i("Back to the base", "Show the base within the mask; takes are kept.", &[k!(SHIFT, Key::A)])
            }
            C::Discard => i("Discard take", "Put the selected new take aside.", &[k!(NONE, Key::D)]),
            C::BringBack => {
                i("Bring discarded takes back", "Put what was discarded back into the tray.", &[k!(CTRL_SHIFT, Key::D)])
            }
            C::RemoveTake => i("Remove kept take", "Take the selected kept take out of the project.", &[]),
            C::CleanUp => i("Clean up takes…", "List take files that nothing needs any more, and delete them.", &[]),
            C::MotionMask(kind) => i(
                match kind {
                    Kind::FaceAndHands => "Motion mask of face and hands",
                    Kind::Lips => "Motion mask of the lips",
                    Kind::Background => "Motion mask of the background",
                },
                "Lay this motion mask over the picture.",
                &[],
            ),
            C::ExportMasks => i("Export motion masks…", "Write motion masks as pictures or as video.", &[]),
        }
    }
}
