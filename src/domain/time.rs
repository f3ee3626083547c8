//! The clocks of the program: continuous seconds, sample positions and video frames, kept apart as types.
//!
//! Time is continuous everywhere; it becomes a frame number in one place only, [`Fps::frame_at`] and
//! [`Fps::frame_range`], so that two parts of the program can never round differently.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::{Add, AddAssign, Sub, SubAssign};

/// A point or a length in time, in seconds. Finite by convention; compare with [`Seconds::total_cmp`].
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seconds(pub f64);

impl Seconds {
    pub const ZERO: Self = Self(0.0);

    /// From milliseconds.
    pub fn from_millis(ms: f64) -> Self {
        Self(ms / 1000.0)
    }

    /// In milliseconds.
    pub fn millis(self) -> f64 {
        self.0 * 1000.0
    }

    pub fn min(self, other: Self) -> Self {
        Self(self.0.min(other.0))
    }

    pub fn max(self, other: Self) -> Self {
        Self(self.0.max(other.0))
    }

    pub fn clamp(self, low: Self, high: Self) -> Self {
        // Not f64::clamp: a user's file may hold low > high, which must not panic.
        self.max(low).min(high.max(low))
    }

    pub fn total_cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }

    /// The nearest sample position at `rate` samples a second; negative times give 0.
    pub fn sample_at(self, rate: u32) -> usize {
        (self.0.max(0.0) * f64::from(rate)).round() as usize
    }

    /// `mm:ss.mmm`, or `h:mm:ss.mmm` from one hour on.
    pub fn timecode(self) -> String {
        let ms_total = (self.0.abs() * 1000.0).round() as u64;
        let (ms, s, m, h) = (ms_total % 1000, ms_total / 1000 % 60, ms_total / 60_000 % 60, ms_total / 3_600_000);
        let sign = if self.0 < 0.0 && ms_total > 0 { "-" } else { "" };
        if h > 0 { format!("{sign}{h}:{m:02}:{s:02}.{ms:03}") } else { format!("{sign}{m:02}:{s:02}.{ms:03}") }
    }
}

impl Add for Seconds {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Seconds {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl AddAssign for Seconds {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl SubAssign for Seconds {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3} s", self.0)
    }
}

/// The number of a video frame, from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FrameIndex(pub u32);

/// A rational frame rate, as OpenTimelineIO and FFmpeg have it: `num / den` frames a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Fps {
    pub num: u32,
    pub den: u32,
}

impl Default for Fps {
    fn default() -> Self {
        Self::whole(25)
    }
}

impl Fps {
    /// A whole number of frames a second; 0 is read as 1, so that no rate divides by zero.
    pub fn whole(frames_per_second: u32) -> Self {
        Self { num: frames_per_second.max(1), den: 1 }
    }

    /// Frames a second.
    pub fn rate(self) -> f64 {
        f64::from(self.num.max(1)) / f64::from(self.den.max(1))
    }

    /// How long one frame is shown.
    pub fn frame_length(self) -> Seconds {
        Seconds(1.0 / self.rate())
    }

    /// When frame `index` begins.
    pub fn time_of(self, index: FrameIndex) -> Seconds {
        Seconds(f64::from(index.0) * f64::from(self.den.max(1)) / f64::from(self.num.max(1)))
    }

    /// The frame on screen at `time`. The only place where time is snapped to frames, with [`Self::frame_count`].
    pub fn frame_at(self, time: Seconds) -> FrameIndex {
        // A millionth of a frame of slack: `time_of(i)` must give `i` back whatever the rounding.
        FrameIndex((time.0.max(0.0) * self.rate() + 1e-6).floor() as u32)
    }

    /// How many frames it takes to show `length` in full, at least 1.
    pub fn frame_count(self, length: Seconds) -> u32 {
        ((length.0.max(0.0) * self.rate() - 1e-6).ceil() as u32).max(1)
    }

    /// The boundary between frames nearest to `time`.
    pub fn snap(self, time: Seconds) -> Seconds {
        self.time_of(FrameIndex((time.0.max(0.0) * self.rate()).round() as u32))
    }
}

/// A half-open stretch of time, `start..end`, never inverted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TimeRange {
    pub start: Seconds,
    pub end: Seconds,
}

impl TimeRange {
    /// Between two times in either order.
    pub fn new(a: Seconds, b: Seconds) -> Self {
        Self { start: a.min(b), end: a.max(b) }
    }

    pub fn length(self) -> Seconds {
        self.end - self.start
    }

    pub fn middle(self) -> Seconds {
        Seconds((self.start.0 + self.end.0) / 2.0)
    }

    pub fn contains(self, time: Seconds) -> bool {
        self.start <= time && time < self.end
    }

    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_frame_begins_inside_itself() {
        for fps in [Fps::whole(25), Fps::whole(30), Fps { num: 30_000, den: 1001 }, Fps { num: 24_000, den: 1001 }] {
            for i in 0..100_000 {
                assert_eq!(fps.frame_at(fps.time_of(FrameIndex(i))), FrameIndex(i), "{fps:?}");
            }
        }
    }

    #[test]
    fn ten_seconds_at_25_are_250_frames() {
        assert_eq!(Fps::whole(25).frame_count(Seconds(10.0)), 250);
        assert_eq!(Fps::whole(25).frame_count(Seconds(10.001)), 251);
        assert_eq!(Fps::whole(25).frame_count(Seconds(0.0)), 1);
    }

    #[test]
    fn timecodes_read_as_clocks() {
        assert_eq!(Seconds(3.4804).timecode(), "00:03.480");
        assert_eq!(Seconds(3723.9996).timecode(), "1:02:04.000");
    }

    #[test]
    fn clamp_survives_inverted_bounds() {
        assert_eq!(Seconds(5.0).clamp(Seconds(3.0), Seconds(1.0)), Seconds(3.0));
    }
}
