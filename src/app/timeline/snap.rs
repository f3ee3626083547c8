//! Snapping: one function, with the reason shown. Shift turns it round.

use crate::document::PhoneTime;
use crate::time::{Fps, Seconds};

/// Why a time was moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    Playhead,
    Phone,
    Frame,
}

impl Reason {
    pub fn name(self) -> &'static str {
        match self {
            Self::Playhead => "playhead",
            Self::Phone => "edge of a sound",
            Self::Frame => "frame",
        }
    }
}

/// A time after snapping, with the reason if it was moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Snapped {
    pub time: Seconds,
    pub reason: Option<Reason>,
}

/// What a time can snap to.
pub struct Context<'a> {
    pub fps: Fps,
    pub phones: &'a [PhoneTime],
    pub playhead: Seconds,
    /// Playhead and sounds pull from this far.
    pub reach: Seconds,
    pub on: bool,
}

/// The time that `time` snaps to: the playhead first, then an edge of a sound, else the nearest frame.
pub fn snap(time: Seconds, context: &Context<'_>) -> Snapped {
    if !context.on {
        return Snapped { time, reason: None };
    }
    let near = |other: Seconds| (other - time).0.abs() <= context.reach.0;
    if near(context.playhead) {
        return Snapped { time: context.playhead, reason: Some(Reason::Playhead) };
    }
    let after = context.phones.partition_point(|p| p.start < time);
    let edges = context.phones[after.saturating_sub(1)..(after + 1).min(context.phones.len())].iter();
    let nearest =
        edges.flat_map(|p| [p.start, p.end]).min_by(|a, b| (*a - time).0.abs().total_cmp(&(*b - time).0.abs()));
    match nearest {
        Some(edge) if near(edge) => Snapped { time: edge, reason: Some(Reason::Phone) },
        _ => Snapped { time: context.fps.snap(time), reason: Some(Reason::Frame) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phone(start: f64, end: f64) -> PhoneTime {
        PhoneTime { start: Seconds(start), end: Seconds(end), confidence: 1.0, fixed: false }
    }

    #[test]
    fn the_reason_is_the_nearest_thing_of_the_highest_rank() {
        let phones = [phone(0.0, 1.011), phone(1.011, 2.0)];
        let context =
            Context { fps: Fps::whole(25), phones: &phones, playhead: Seconds(0.5), reach: Seconds(0.01), on: true };
        let at = |t| snap(Seconds(t), &context);
        assert_eq!(at(0.505), Snapped { time: Seconds(0.5), reason: Some(Reason::Playhead) });
        assert_eq!(at(1.015), Snapped { time: Seconds(1.011), reason: Some(Reason::Phone) });
        let frame = at(1.47);
        assert_eq!(frame.reason, Some(Reason::Frame));
        assert!((frame.time.0 - 1.48).abs() < 1e-9);
        assert_eq!(snap(Seconds(1.015), &Context { on: false, ..context }).reason, None);
    }
}
