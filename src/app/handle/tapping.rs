//! Tapping while playing: a run of taps is a drag of the document, so it is seen while it grows, can be given up, and is
//! one step of history.

use super::Studio;
use crate::app::i18n::{later, tr, tr_with};
use crate::app::timeline::snap;
use crate::app::timeline::tap::{Goal, Tap, first_key};
use crate::app::timeline::tiers::TierId;
use crate::time::Seconds;

impl Studio {
    /// Switches tapping on, or off when it was on for the same.
    pub(in crate::app) fn begin_taps(&mut self, goal: Goal) {
        let was = self.timeline.tap.as_ref().map(|t| t.goal);
        self.finish_taps();
        if was == Some(goal) {
            return;
        }
        let tier = match goal {
            Goal::Keys => TierId::Phones,
            Goal::Markers => TierId::Markers,
        };
        if self.timeline.settings.tiers.is_locked(tier) {
            self.tell(tr_with("The tier {tier} is locked: unlock it at its head.", &[("tier", tier.name())]));
            return;
        }
        if goal == Goal::Markers {
            self.timeline.settings.tiers.set_shown(tier, true);
        }
        self.timeline.tap = Some(Tap::new(goal));
    }

    pub(in crate::app) fn tap(&mut self) {
        let Some(opened) = &self.opened else { return };
        if !self.player.is_playing() {
            self.tell(tr("Taps count while it plays: press play first."));
            return;
        }
        let delay = self.timeline.settings.tap_delay_ms;
        let (position, speed) = (self.player.position(), self.view.speed);
        let selected = opened.document.selection.keys.first().copied();
        let Some(tap) = &mut self.timeline.tap else { return };
        let time = tap.tap(position, delay, speed);
        if self.timeline.settings.snapping {
            // Nothing is near enough to pull but frames: a tap is not where something already is.
            let context = snap::Context::of(opened.project(), Seconds(f64::NEG_INFINITY), Seconds::ZERO, true);
            if let Some(last) = tap.taps.last_mut() {
                *last = snap::snap(time, &context).time;
            }
        }
        if tap.first.is_none() && tap.goal == Goal::Keys {
            tap.first = first_key(opened.project(), selected, time);
        }
        let (name, edit) = match tap.goal {
            Goal::Keys => (later("Tap times"), tap.edit()),
            Goal::Markers => (later("Tap markers"), tap.edit()),
        };
        if let Some(edit) = edit {
            self.drag(name, &edit);
        }
    }

    /// Keeps the taps so far as one step; tapping goes on when playing does.
    pub(in crate::app) fn keep_taps(&mut self) {
        let Some(tap) = &mut self.timeline.tap else { return };
        let count = std::mem::take(&mut tap.taps).len();
        tap.first = None;
        if count == 0 {
            return;
        }
        self.change(|o| {
            o.document.end_drag();
        });
        self.tell(tr_with("Taps kept as one step: {count}", &[("count", &count.to_string())]));
    }

    pub(in crate::app) fn finish_taps(&mut self) {
        self.keep_taps();
        self.timeline.tap = None;
    }

    pub(in crate::app) fn cancel_taps(&mut self) {
        if self.timeline.tap.take().is_some_and(|t| !t.taps.is_empty()) {
            self.change(|o| o.document.cancel_drag());
        }
    }

    /// A run ends when playing does.
    pub(in crate::app) fn poll_taps(&mut self) {
        let waiting = self.timeline.tap.as_ref().is_some_and(|t| !t.taps.is_empty());
        if waiting && !self.player.is_playing() && !self.view.scrubbing {
            self.keep_taps();
        }
    }
}
