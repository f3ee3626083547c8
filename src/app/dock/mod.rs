//! The dock: panes beside each other and as tabs over each other, moved and resized by the user.
//!
//! [`Pane`] names what can be shown, [`layout`] holds where it stands (saved with the window's settings), [`behavior`]
//! gives egui_tiles the look of the theme. What a pane draws is the shell's business.

pub mod behavior;
pub mod layout;

pub use layout::{Dock, Preset};

use super::i18n::later;
use super::icons::Icon;
use egui::{Id, Vec2, vec2};
use serde::{Deserialize, Serialize};

/// Something that can stand in the dock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Pane {
    Project,
    Viewport,
    Inspector,
    Takes,
    Hands,
    History,
    Problems,
    Jobs,
    Messages,
    Timeline,
    /// What the reader reads, beside what is meant.
    Score,
    Alignment,
}

impl Pane {
    pub const ALL: [Self; 12] = [
        Self::Project,
        Self::Viewport,
        Self::Inspector,
        Self::Takes,
        Self::Hands,
        Self::History,
        Self::Problems,
        Self::Jobs,
        Self::Messages,
        Self::Timeline,
        Self::Score,
        Self::Alignment,
    ];

    /// Title in English, for the tab and the menus.
    pub fn title(self) -> &'static str {
        match self {
            Self::Project => later("Project"),
            Self::Viewport => later("Viewport"),
            Self::Inspector => later("Inspector"),
            Self::Takes => later("Takes"),
            Self::Hands => later("Hands"),
            Self::History => later("History"),
            Self::Problems => later("Problems"),
            Self::Jobs => later("Jobs"),
            Self::Messages => later("Messages"),
            Self::Timeline => later("Timeline"),
            Self::Score => later("Score"),
            Self::Alignment => later("Pose alignment"),
        }
    }

    pub fn icon(self) -> Icon {
        match self {
            Self::Project => Icon::Folder,
            Self::Viewport => Icon::Film,
            Self::Inspector => Icon::Sliders,
            Self::Takes => Icon::Stack,
            Self::Hands => Icon::Hand,
            Self::History => Icon::Clock,
            Self::Problems => Icon::Warning,
            Self::Jobs => Icon::Gear,
            Self::Messages => Icon::Speech,
            Self::Timeline => Icon::Lanes,
            Self::Score => Icon::Check,
            Self::Alignment => Icon::Person,
        }
    }

    /// Below this the pane's content is no longer of use, points.
    pub fn least(self) -> Vec2 {
        match self {
            Self::Viewport => vec2(320.0, 200.0),
            Self::Timeline => vec2(320.0, 140.0),
            Self::Inspector | Self::Alignment => vec2(292.0, 120.0),
            Self::Takes => vec2(220.0, 120.0),
            Self::Hands => vec2(292.0, 120.0),
            Self::Project | Self::History | Self::Problems | Self::Jobs | Self::Messages | Self::Score => {
                vec2(196.0, 96.0)
            }
        }
    }

    /// The pane as a stop of the keyboard: what F6 goes to.
    pub fn region(self) -> Id {
        Id::unique(("pane", self))
    }
}
