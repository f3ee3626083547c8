//! Which stretch of time the timeline shows, and the way between seconds and pixels.
//!
//! Pure arithmetic, kept apart from painting. Nothing chosen yet means "everything": a new project always fits.

use crate::time::{Seconds, TimeRange};
use egui::Rangef;

/// Closest zoom: one millisecond fills the view.
const SHORTEST: f64 = 0.001;

/// The stretch shown; `None` shows everything.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TimeView {
    shown: Option<TimeRange>,
}

/// Seconds laid out over a stretch of the screen, for one frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    pub shown: TimeRange,
    pub x: Rangef,
}

impl Scale {
    pub fn px_per_second(&self) -> f64 {
        f64::from(self.x.span().max(1.0)) / self.shown.length().0.max(1e-9)
    }

    pub fn x_from_time(&self, time: Seconds) -> f32 {
        self.x.min + ((time - self.shown.start).0 * self.px_per_second()) as f32
    }

    pub fn time_from_x(&self, x: f32) -> Seconds {
        self.shown.start + Seconds(f64::from(x - self.x.min) / self.px_per_second())
    }

    /// The length of time that `px` points stand for.
    pub fn seconds(&self, px: f32) -> Seconds {
        Seconds(f64::from(px) / self.px_per_second())
    }
}

impl TimeView {
    /// Shows everything.
    pub fn fit(&mut self) {
        self.shown = None;
    }

    pub fn is_fit(&self) -> bool {
        self.shown.is_none()
    }

    /// Shows `range` with a tenth of it on both sides.
    pub fn show(&mut self, range: TimeRange) {
        let margin = Seconds((range.length().0 * 0.1).max(0.02));
        self.shown = Some(TimeRange::new(range.start - margin, range.end + margin));
    }

    /// The scale for a project of `length` drawn between the given edges.
    pub fn scale(&self, length: Seconds, x: Rangef) -> Scale {
        let everything = TimeRange::new(Seconds::ZERO, length.max(Seconds(0.1)));
        Scale { shown: self.shown.unwrap_or(everything), x }
    }

    /// Zooms by `factor` (above 1 is closer) so that the time under `x` stays there.
    pub fn zoom_at(&mut self, scale: Scale, x: f32, factor: f64, length: Seconds) {
        if !factor.is_finite() || factor <= 0.0 {
            return;
        }
        let longest = everything_length(length);
        let old = scale.shown.length().0;
        let new = (old / factor).clamp(SHORTEST.min(longest), longest);
        let pinned = scale.time_from_x(x);
        let share = ((pinned - scale.shown.start).0 / old.max(1e-9)).clamp(0.0, 1.0);
        let start = Seconds(pinned.0 - share * new);
        self.set(TimeRange { start, end: start + Seconds(new) }, length);
    }

    /// Moves the view by `px` points to the right.
    pub fn pan(&mut self, scale: Scale, px: f32, length: Seconds) {
        let by = scale.seconds(px);
        self.set(TimeRange { start: scale.shown.start + by, end: scale.shown.end + by }, length);
    }

    /// Moves the view so that `time` is inside; pages ahead when playing runs out of it.
    pub fn follow(&mut self, scale: Scale, time: Seconds, length: Seconds) {
        let span = scale.shown.length();
        if self.shown.is_none() || (scale.shown.start <= time && time <= scale.shown.end) {
            return;
        }
        let start = time - Seconds(span.0 * 0.1);
        self.set(TimeRange { start, end: start + span }, length);
    }

    fn set(&mut self, range: TimeRange, length: Seconds) {
        let span = range.length();
        let total = length.max(Seconds(0.1));
        if span.0 >= total.0 * 0.9999 {
            self.shown = None;
            return;
        }
        // The ends of the project stay at the ends of the view: there is nothing to see beyond them.
        let start = range.start.clamp(Seconds::ZERO, total - span);
        self.shown = Some(TimeRange { start, end: start + span });
    }
}

fn everything_length(length: Seconds) -> f64 {
    length.0.max(0.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LENGTH: Seconds = Seconds(20.0);
    const X: Rangef = Rangef { min: 100.0, max: 1100.0 };

    #[test]
    fn time_and_x_are_inverse() {
        let mut view = TimeView::default();
        for factor in [1.0, 3.0, 50.0, 1e6] {
            view.zoom_at(view.scale(LENGTH, X), 400.0, factor, LENGTH);
            let scale = view.scale(LENGTH, X);
            for x in [100.0, 333.0, 1100.0] {
                assert!((scale.x_from_time(scale.time_from_x(x)) - x).abs() < 0.01);
            }
        }
    }

    #[test]
    fn zoom_keeps_the_time_under_the_pointer() {
        let mut view = TimeView::default();
        for _ in 0..30 {
            let before = view.scale(LENGTH, X).time_from_x(700.0);
            view.zoom_at(view.scale(LENGTH, X), 700.0, 1.3, LENGTH);
            let after = view.scale(LENGTH, X).time_from_x(700.0);
            assert!((before - after).0.abs() < 1e-6);
        }
    }

    #[test]
    fn zooming_out_ends_at_everything_and_zooming_in_at_the_closest() {
        let mut view = TimeView::default();
        view.zoom_at(view.scale(LENGTH, X), 300.0, 1e12, LENGTH);
        assert!((view.scale(LENGTH, X).shown.length().0 - SHORTEST).abs() < 1e-9);
        view.zoom_at(view.scale(LENGTH, X), 300.0, 1e-12, LENGTH);
        assert!(view.is_fit());
        view.zoom_at(view.scale(LENGTH, X), 300.0, f64::NAN, LENGTH);
        assert!(view.is_fit());
    }

    #[test]
    fn panning_stops_at_the_ends() {
        let mut view = TimeView::default();
        view.zoom_at(view.scale(LENGTH, X), 600.0, 4.0, LENGTH);
        view.pan(view.scale(LENGTH, X), -1e6, LENGTH);
        assert_eq!(view.scale(LENGTH, X).shown.start, Seconds::ZERO);
        view.pan(view.scale(LENGTH, X), 1e6, LENGTH);
        assert!((view.scale(LENGTH, X).shown.end - LENGTH).0.abs() < 1e-9);
    }

    #[test]
    fn following_pages_only_when_the_playhead_has_left() {
        let mut view = TimeView::default();
        view.show(TimeRange::new(Seconds(5.0), Seconds(6.0)));
        let before = view;
        view.follow(view.scale(LENGTH, X), Seconds(5.5), LENGTH);
        assert_eq!(view, before);
        view.follow(view.scale(LENGTH, X), Seconds(9.0), LENGTH);
        let scale = view.scale(LENGTH, X);
        assert!(scale.shown.contains(Seconds(9.0)));
    }
}
