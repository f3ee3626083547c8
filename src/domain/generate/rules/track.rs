//! Values over time that rest, move and rest again.

/// A move between two values.
#[derive(Clone, Debug)]
pub(super) struct Segment<T> {
    pub start: f64,
    pub end: f64,
    pub from: T,
    pub to: T,
}

/// A value that changes by moves in order of time and rests between them.
#[derive(Clone, Debug)]
pub(super) struct Track<T> {
    first: T,
    segments: Vec<Segment<T>>,
}

/// What a track does at a moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment<'a, T> {
    pub from: &'a T,
    pub to: &'a T,
    /// Eased progress from `from` to `to`, 0-1; 1 at rest.
    pub progress: f32,
    /// The share of the move's time that has passed, 0-1.
    pub share: f32,
    /// Index of the move under way.
    pub moving: Option<usize>,
}

impl<T: Clone> Track<T> {
    pub fn new(first: T) -> Self {
        Self { first, segments: Vec::new() }
    }

    /// Adds a move. Times that run backwards (hand-edited projects may hold them) are pushed behind the last move.
    pub fn push(&mut self, start: f64, end: f64, to: T) {
        let (from, free) =
            self.segments.last().map_or((self.first.clone(), f64::NEG_INFINITY), |s| (s.to.clone(), s.end));
        let start = if start.is_finite() { start.max(free) } else { free.max(0.0) };
        let end = if end.is_finite() { end.max(start) } else { start };
        self.segments.push(Segment { start, end, from, to });
    }

    pub fn segments(&self) -> &[Segment<T>] {
        &self.segments
    }

    pub fn last(&self) -> &T {
        self.segments.last().map_or(&self.first, |s| &s.to)
    }

    pub fn at(&self, time: f64) -> Moment<'_, T> {
        let after = self.segments.partition_point(|s| s.start <= time);
        let Some(segment) = after.checked_sub(1).map(|i| &self.segments[i]) else {
            return Moment { from: &self.first, to: &self.first, progress: 1.0, share: 1.0, moving: None };
        };
        if time >= segment.end {
            return Moment { from: &segment.from, to: &segment.to, progress: 1.0, share: 1.0, moving: None };
        }
        let share = (time - segment.start) / (segment.end - segment.start);
        let progress = minimum_jerk(share) as f32;
        Moment { from: &segment.from, to: &segment.to, progress, share: share as f32, moving: Some(after - 1) }
    }
}

/// The smoothest way from 0 to 1 in unit time: velocity and acceleration are 0 at both ends (Flash & Hogan 1985).
pub(in crate::generate) fn minimum_jerk(t: f64) -> f64 {
    let t = t.clamp(0.0, 1.0);
    t * t * t * (10.0 + t * (6.0 * t - 15.0))
}

/// A smooth step from 0 at `from` to 1 at `to`; `from` may lie after `to`.
pub(super) fn step(from: f64, to: f64, x: f64) -> f64 {
    let t = ((x - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minimum_jerk_starts_and_ends_at_rest() {
        assert_eq!((minimum_jerk(0.0), minimum_jerk(0.5), minimum_jerk(1.0)), (0.0, 0.5, 1.0));
        let h = 1e-4;
        for t in [0.0, 1.0] {
            // Speed and acceleration vanish at the ends.
            let inside = if t == 0.0 { h } else { 1.0 - h };
            assert!((minimum_jerk(inside) - minimum_jerk(t)).abs() < 1e-10);
        }
        // Peak speed is 1.875 of the mean, in the middle.
        assert!(((minimum_jerk(0.5 + h) - minimum_jerk(0.5 - h)) / (2.0 * h) - 1.875).abs() < 1e-6);
    }

    #[test]
    fn a_track_rests_moves_and_survives_times_that_run_backwards() {
        let mut track = Track::new(0);
        track.push(1.0, 2.0, 1);
        track.push(1.5, 1.2, 2);
        track.push(f64::NAN, f64::INFINITY, 3);
        assert_eq!(*track.at(0.5).to, 0);
        assert!((track.at(1.5).progress - 0.5).abs() < 1e-6);
        assert_eq!(track.at(1.5).moving, Some(0));
        assert_eq!(*track.at(9.0).to, 3);
        assert!(track.segments().windows(2).all(|w| w[0].end <= w[1].start && w[0].to == w[1].from));
        assert_eq!(*track.last(), 3);
    }
}
