//! What the timeline is given to draw, and what it keeps between frames. None of it is part of the document.

use super::cache::CacheSpan;
use super::density::Densities;
use super::entry::Entry;
use super::handles::Grab;
use super::masks::Painting;
use super::segments::{SyllableBox, syllables};
use super::snap::{self, Snapped};
use super::spectrogram::Spectrogram;
use super::tap::{self, Tap};
use super::tiers::{TierId, Tiers};
use super::tokens::TokenTier;
use super::view::{Scale, TimeView};
use crate::app::board::Board;
use crate::app::playback::InOut;
use crate::document::{KeyId, Project, Selection};
use crate::jobs::analysis::SoundAnalysis;
use crate::language::PhoneClass;
use crate::media::peaks::Peaks;
use crate::pose::expression::ExpressionKind;
use crate::pose::parts::{Part, Parts};
use crate::time::{Seconds, TimeRange};
use egui::{Pos2, Rangef, Ui};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::sync::Arc;

/// What the timeline draws.
#[derive(Clone, Copy)]
pub struct TimelineInput<'a> {
    pub project: &'a Project,
    pub board: &'a Board,
    /// Counts the states of the project; what is derived here is made anew when it changes.
    pub revision: u64,
    pub selection: &'a Selection,
    /// The word in the inspector, when nothing is selected.
    pub word: Option<usize>,
    pub phone: Option<usize>,
    pub playhead: Seconds,
    pub playing: bool,
    pub looped: Option<TimeRange>,
    /// In and out points.
    pub marked: InOut,
    /// Loudness of the sound; `None` while there is none.
    pub peaks: Option<&'a Peaks>,
    /// Pitch and onsets; `None` until they are worked out.
    pub analysis: Option<&'a SoundAnalysis>,
    /// Tokens of generators that have some.
    pub tokens: &'a [TokenTier],
    /// Where poses are made.
    pub cache: &'a [CacheSpan],
}

impl<'a> TimelineInput<'a> {
    /// A project with nothing but its document.
    pub fn new(project: &'a Project, board: &'a Board, selection: &'a Selection) -> Self {
        Self {
            project,
            board,
            revision: 0,
            selection,
            word: None,
            phone: None,
            playhead: Seconds::ZERO,
            playing: false,
            looped: None,
            marked: InOut::default(),
            peaks: None,
            analysis: None,
            tokens: &[],
            cache: &[],
        }
    }
}

/// How the user wants the timeline: kept between sessions, never part of a project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TimelineSettings {
    pub tiers: Tiers,
    pub snapping: bool,
    pub spectrogram: bool,
    pub pitch: bool,
    pub onsets: bool,
    /// How much earlier than it came a tap counts, milliseconds.
    pub tap_delay_ms: f64,
    /// The parts that new masks are on.
    pub brush: Parts,
    /// The kind of new expressions.
    pub expression: ExpressionKind,
}

impl Default for TimelineSettings {
    fn default() -> Self {
        Self {
            tiers: Tiers::default(),
            snapping: true,
            spectrogram: false,
            pitch: false,
            onsets: false,
            tap_delay_ms: tap::DELAY_MS,
            brush: Parts::NONE.with(Part::RightHand).with(Part::Arms),
            expression: ExpressionKind::BrowsUp,
        }
    }
}

/// A box being drawn around what is to be selected.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Marquee {
    pub from: Seconds,
    pub from_y: f32,
    /// Added to what is selected.
    pub adds: bool,
}

/// What the timeline keeps between frames.
pub struct TimelineState {
    pub view: TimeView,
    pub settings: TimelineSettings,
    /// The tier that commands are about.
    pub current: TierId,
    /// Width of the lanes in the last frame, for commands that zoom without a pointer.
    pub width: Rangef,
    /// Taps are taken.
    pub tap: Option<Tap>,
    /// What is typed about.
    pub entry: Option<Entry>,
    /// Where Ctrl+drag on the ruler began.
    pub(super) loop_from: Option<Seconds>,
    /// The snap that the drag under way has found, to be shown.
    pub(super) snapped: Option<Snapped>,
    pub(super) grab: Option<Grab>,
    pub(super) marquee: Option<Marquee>,
    pub(super) painting: Option<Painting>,
    /// The stretch of an expression being made, from where it was begun.
    pub(super) expressing: Option<(Seconds, Seconds)>,
    pub(super) spectrogram: Spectrogram,
    pub(super) token: Option<(TierId, usize)>,
    /// A tier that the keyboard has gone to: it comes into view.
    pub(super) reveal: Option<TierId>,
    pub(super) densities: Densities,
    derived: Derived,
}

/// Made from the document once for each of its states.
#[derive(Default)]
struct Derived {
    revision: Option<u64>,
    syllables: Arc<Vec<SyllableBox>>,
    classes: Arc<Vec<PhoneClass>>,
    selected: Vec<KeyId>,
    selected_set: Arc<HashSet<KeyId>>,
}

impl Default for TimelineState {
    fn default() -> Self {
        Self {
            view: TimeView::default(),
            settings: TimelineSettings::default(),
            current: TierId::Shape,
            width: Rangef::new(0.0, 1000.0),
            tap: None,
            entry: None,
            loop_from: None,
            snapped: None,
            grab: None,
            marquee: None,
            painting: None,
            expressing: None,
            spectrogram: Spectrogram::default(),
            token: None,
            reveal: None,
            densities: Densities::default(),
            derived: Derived::default(),
        }
    }
}

impl TimelineState {
    /// As the user wants it, with everything in view.
    pub fn new(settings: TimelineSettings) -> Self {
        Self { settings, ..Self::default() }
    }

    /// Something is held: the view must not page away under it.
    pub fn is_dragging(&self) -> bool {
        self.grab.is_some()
            || self.marquee.is_some()
            || self.painting.is_some()
            || self.expressing.is_some()
            || self.loop_from.is_some()
    }

    /// Tiles of the spectrogram are being made.
    pub fn is_busy(&self) -> bool {
        self.settings.spectrogram && self.spectrogram.is_busy()
    }

    /// Forgets what belonged to a project.
    pub fn forget_project(&mut self) {
        let settings = std::mem::take(&mut self.settings);
        *self = Self { width: self.width, ..Self::new(settings) };
    }

    /// Everything held is let go, without an edit.
    pub fn let_go(&mut self) {
        (self.grab, self.marquee, self.painting, self.snapped) = (None, None, None, None);
        self.expressing = None;
    }

    pub(super) fn syllables(&mut self, input: &TimelineInput<'_>) -> Arc<Vec<SyllableBox>> {
        self.derive(input);
        self.derived.syllables.clone()
    }

    pub(super) fn classes(&mut self, input: &TimelineInput<'_>) -> Arc<Vec<PhoneClass>> {
        self.derive(input);
        self.derived.classes.clone()
    }

    fn derive(&mut self, input: &TimelineInput<'_>) {
        let count = input.project.tiers.phones.len();
        if self.derived.revision != Some(input.revision) || self.derived.classes.len() != count {
            self.derived.revision = Some(input.revision);
            self.derived.syllables = Arc::new(syllables(input.project));
            self.derived.classes = Arc::new(input.project.tiers.utterance.phones().map(|p| p.phone.class).collect());
        }
    }

    /// The selected keys, to be asked for one at a time.
    pub(super) fn selected_keys(&mut self, selection: &Selection) -> Arc<HashSet<KeyId>> {
        if self.derived.selected != selection.keys {
            self.derived.selected.clone_from(&selection.keys);
            self.derived.selected_set = Arc::new(selection.keys.iter().copied().collect());
        }
        self.derived.selected_set.clone()
    }

    /// Where a dragged time goes: snapped, with the reason kept to be shown.
    pub(super) fn snap(
        &mut self,
        ui: &Ui,
        time: Seconds,
        held: snap::Held,
        input: &TimelineInput<'_>,
        scale: Scale,
    ) -> Seconds {
        let shift = ui.input(|i| i.modifiers.shift);
        let inverted = self.grab.map_or(shift, |g| g.inverts(shift));
        let context = snap::Context {
            looped: input.looped,
            held,
            ..snap::Context::of(input.project, input.playhead, scale.seconds(6.0), self.settings.snapping != inverted)
        };
        let snapped = snap::snap(time.clamp(Seconds::ZERO, input.project.length()), &context);
        self.snapped = Some(snapped);
        snapped.time
    }

    /// Begins a selection box at a point of the screen.
    pub(super) fn begin_marquee(&mut self, ui: &Ui, origin: Pos2, scale: Scale) {
        let modifiers = ui.input(|i| i.modifiers);
        let adds = modifiers.shift || modifiers.command;
        self.marquee = Some(Marquee { from: scale.time_from_x(origin.x), from_y: origin.y, adds });
    }
}
