//! Correcting hands in the window: layers over time, sliders and presets, a curve, handles in the picture, and the list of
//! hands that look worst.
//!
//! [`HandsView`] is view state: which layer is worked on, what was copied, what is shown over the picture. All that
//! changes the document goes through [`super::handle`].

pub mod curve;
pub mod depth;
mod handles;
mod pane;
mod worst;

pub use handles::{HandDrag, handles_ui, wipe_ui};
pub use pane::hands_pane;

use super::list::ListState;
use super::opened::Opened;
use crate::document::marks::{HandLayer, MarkId};
use crate::jobs::hands::DoubtfulHand;
use crate::pose::hand::{HandFrame, HandPose};
use crate::pose::refine::{Dial, HandChange, Refinement};
use crate::pose::{PoseFrame, Side};
use crate::time::Seconds;

/// What the panel wants.
#[derive(Clone, Debug)]
pub enum HandsIntent {
    /// Works on this layer.
    Choose(MarkId),
    /// A new layer over the selection, or around the playhead.
    Add,
    /// A layer of one's own making: copied, mirrored.
    Put(Box<Refinement>),
    /// Looks for the hands that look worst.
    FindWorst,
    /// Goes to one of them, by its place in the list.
    GoToWorst(usize),
    /// A joint of the chosen layer's hand is drawn to a place of the picture.
    Drag(usize, [f32; 2]),
    EndDrag,
}

/// A hand that looks bad, with the pose it was found in.
pub struct Found {
    pub hand: DoubtfulHand,
    pub pose: PoseFrame,
}

/// What was found when hands were last looked at.
pub struct Search {
    pub found: Vec<Found>,
    /// State of the document then.
    pub revision: u64,
}

/// Where a drag in the picture began.
pub(super) struct DragStart {
    pub layer: HandLayer,
    pub time: Seconds,
    pub joint: usize,
    pub pose: HandPose,
    pub frame: HandFrame,
    /// The wrist as it is seen.
    pub wrist: [f32; 2],
    /// How much of the layer holds there.
    pub weight: f32,
}

/// What the panel keeps.
pub struct HandsView {
    pub layer: Option<MarkId>,
    pub dial: Dial,
    /// Which finger's sliders are shown, thumb 0 to little finger 4.
    pub finger: usize,
    pub copied_key: Option<HandChange>,
    pub copied_layer: Option<Refinement>,
    /// Handles stand on the hand in the picture.
    pub handles: bool,
    pub depth: bool,
    /// Before and after are wiped against each other, at this share of the picture on screen.
    pub wipe: Option<f32>,
    /// The same as a share of the whole picture, for the renderer.
    pub before: Option<f32>,
    pub search: Option<Search>,
    pub list: ListState,
    pub worst: Option<usize>,
    pub(super) drag: Option<DragStart>,
    pub depth_view: depth::DepthView,
}

impl Default for HandsView {
    fn default() -> Self {
        Self {
            layer: None,
            dial: Dial::Curl(1),
            finger: 1,
            copied_key: None,
            copied_layer: None,
            handles: true,
            depth: false,
            wipe: None,
            before: None,
            search: None,
            list: ListState::default(),
            worst: None,
            drag: None,
            depth_view: depth::DepthView::default(),
        }
    }
}

impl HandsView {
    /// The layer that is worked on: the chosen one, or the only one there is.
    pub fn chosen<'a>(&self, opened: &'a Opened) -> Option<&'a HandLayer> {
        let hands = &opened.project().marks.hands;
        self.layer
            .and_then(|id| hands.iter().find(|h| h.id == id))
            .or_else(|| hands.first().filter(|_| hands.len() == 1))
    }

    /// A number that changes when the picture has to be drawn anew.
    pub fn stamp(&self) -> u64 {
        self.before.map_or(0, |share| 1 + (share.clamp(0.0, 1.0) * 4000.0) as u64)
    }

    /// Nothing of another project.
    pub fn forget(&mut self) {
        *self = Self {
            copied_key: self.copied_key,
            copied_layer: self.copied_layer.take(),
            handles: self.handles,
            dial: self.dial,
            finger: self.finger,
            ..Self::default()
        };
    }
}

/// Name of a side in the language of the interface.
pub fn side_name(side: Side) -> &'static str {
    match side {
        Side::Left => super::i18n::tr("left hand"),
        Side::Right => super::i18n::tr("right hand"),
    }
}

/// Name of a dial in the language of the interface: "index finger: curl".
pub fn dial_name(dial: Dial) -> String {
    use super::i18n::tr;
    use crate::pose::refine::FINGERS;
    match dial {
        Dial::Curl(f) => format!("{}: {}", tr(FINGERS[f]), tr("curl")),
        Dial::Spread(f) => format!("{}: {}", tr(FINGERS[f]), tr("sideways")),
        Dial::Offset(f) => format!("{}: {}", tr(FINGERS[f]), tr("offset")),
        Dial::Wrist(i) => format!("{}: {}", tr("wrist"), [tr("bend"), tr("to the side"), tr("roll")][i]),
        Dial::Move(i) => format!("{}: {}", tr("hand"), [tr("inwards"), tr("up")][i]),
        Dial::Hold => tr("pose: how much").to_owned(),
    }
}
