//! Snapping: one function, with the reason shown. Shift turns it round for as long as it is held.
//!
//! Every drag, nudge by boundary, paste and tap asks [`snap`]; nothing else in the window moves a time by itself.

use crate::app::i18n::tr;
use crate::document::marks::{MarkId, Marks};
use crate::document::{KeyId, KeySegment, PhoneTime, Project};
use crate::time::{Fps, Seconds, TimeRange};

/// Why a time was moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    Playhead,
    Marker,
    Phone,
    Mask,
    Expression,
    Hand,
    Loop,
    Frame,
}

impl Reason {
    pub fn name(self) -> &'static str {
        match self {
            Self::Playhead => tr("playhead"),
            Self::Marker => tr("marker"),
            Self::Phone => tr("edge of a sound"),
            Self::Mask => tr("edge of a mask"),
            Self::Expression => tr("edge of an expression"),
            Self::Hand => tr("move of the hand"),
            Self::Loop => tr("loop"),
            Self::Frame => tr("frame"),
        }
    }
}

/// A time after snapping, with the reason if it was moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Snapped {
    pub time: Seconds,
    pub reason: Option<Reason>,
}

/// What is being dragged: it must not pull at itself.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Held {
    #[default]
    Nothing,
    Marker(MarkId),
    Mask(MarkId),
    Expression(MarkId),
    /// The moves of this key.
    Hand(KeyId),
    /// The edge of a sound that is now at this time.
    Edge(Seconds),
    /// Everything that is now at this time.
    Together(Seconds),
}

/// What a time can snap to.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub fps: Fps,
    pub phones: &'a [PhoneTime],
    pub keys: &'a [KeySegment],
    pub marks: &'a Marks,
    pub playhead: Seconds,
    pub looped: Option<TimeRange>,
    /// Everything but frames pulls from this far.
    pub reach: Seconds,
    pub on: bool,
    pub held: Held,
}

impl<'a> Context<'a> {
    /// Everything in `project`, with the playhead.
    pub fn of(project: &'a Project, playhead: Seconds, reach: Seconds, on: bool) -> Self {
        Self {
            fps: project.settings.fps,
            phones: &project.tiers.phones,
            keys: &project.tiers.keys,
            marks: &project.marks,
            playhead,
            looped: None,
            reach,
            on,
            held: Held::Nothing,
        }
    }
}

/// The time that `time` snaps to. Playhead and markers pull first, then edges of sounds, masks and loop, then moves of
/// the hand, each from as far as the reach; where none is near, the nearest frame.
pub fn snap(time: Seconds, context: &Context<'_>) -> Snapped {
    if !context.on || !time.0.is_finite() {
        return Snapped { time, reason: None };
    }
    let mut best: [Option<Snapped>; 3] = [None; 3];
    let mut offer = |rank: usize, other: Seconds, reason: Reason| {
        let away = (other - time).0.abs();
        let is_itself = match context.held {
            Held::Together(now) => same(now, other),
            Held::Edge(now) => reason == Reason::Phone && same(now, other),
            _ => false,
        };
        if away > context.reach.0 || is_itself {
            return;
        }
        if best[rank].is_none_or(|b| away < (b.time - time).0.abs()) {
            best[rank] = Some(Snapped { time: other, reason: Some(reason) });
        }
    };
    offer(0, context.playhead, Reason::Playhead);
    for marker in near(&context.marks.markers, time, |m| m.time) {
        if context.held == Held::Marker(marker.id) {
            continue;
        }
        offer(0, marker.time, Reason::Marker);
    }
    for phone in near(context.phones, time, |p| p.start) {
        offer(1, phone.start, Reason::Phone);
        offer(1, phone.end, Reason::Phone);
    }
    // Masks are few, and may lie in each other.
    for mask in context.marks.masks.iter().filter(|m| context.held != Held::Mask(m.id)) {
        offer(1, mask.range.start, Reason::Mask);
        offer(1, mask.range.end, Reason::Mask);
    }
    for mark in context.marks.expressions.iter().filter(|e| context.held != Held::Expression(e.id)) {
        offer(1, mark.range.start, Reason::Expression);
        offer(1, mark.range.end, Reason::Expression);
    }
    if let Some(range) = context.looped {
        offer(1, range.start, Reason::Loop);
        offer(1, range.end, Reason::Loop);
    }
    // The hand follows the sounds: its moves would run before a sound that is dragged.
    let follows = matches!(context.held, Held::Edge(_) | Held::Together(_));
    let keys = if follows { &[] } else { near(context.keys, time, |k| k.times.a1) };
    for key in keys.iter().filter(|k| context.held != Held::Hand(k.id)) {
        for at in [key.times.m1, key.times.m2, key.times.d1, key.times.d2] {
            offer(2, at, Reason::Hand);
        }
    }
    best.into_iter()
        .flatten()
        .next()
        .unwrap_or_else(|| Snapped { time: context.fps.snap(time), reason: Some(Reason::Frame) })
}

fn same(a: Seconds, b: Seconds) -> bool {
    (a - b).0.abs() < 1e-9
}

/// The items on both sides of `time` in a sequence ordered by `at`.
fn near<T>(items: &[T], time: Seconds, at: impl Fn(&T) -> Seconds) -> &[T] {
    let after = items.partition_point(|i| at(i) < time);
    &items[after.saturating_sub(2)..(after + 2).min(items.len())]
}

/// The next boundary from `time` on in a direction: what a nudge "by boundary" goes to. Edges of sounds, masks,
/// markers and the playhead count.
pub fn next_boundary(time: Seconds, forward: bool, context: &Context<'_>) -> Option<Snapped> {
    let beyond = |t: Seconds| if forward { t.0 > time.0 + 1e-6 } else { t.0 < time.0 - 1e-6 };
    let mut best: Option<Snapped> = None;
    let mut offer = |t: Seconds, reason: Reason| {
        if beyond(t) && best.is_none_or(|b| (t - time).0.abs() < (b.time - time).0.abs()) {
            best = Some(Snapped { time: t, reason: Some(reason) });
        }
    };
    for phone in near(context.phones, time, |p| p.start) {
        offer(phone.start, Reason::Phone);
        offer(phone.end, Reason::Phone);
    }
    for mask in &context.marks.masks {
        offer(mask.range.start, Reason::Mask);
        offer(mask.range.end, Reason::Mask);
    }
    for marker in &context.marks.markers {
        offer(marker.time, Reason::Marker);
    }
    offer(context.playhead, Reason::Playhead);
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::marks::{MarkId, Marker};

    fn phone(start: f64, end: f64) -> PhoneTime {
        PhoneTime { start: Seconds(start), end: Seconds(end), confidence: 1.0, fixed: false }
    }

    fn context<'a>(phones: &'a [PhoneTime], marks: &'a Marks) -> Context<'a> {
        Context {
            fps: Fps::whole(25),
            phones,
            keys: &[],
            marks,
            playhead: Seconds(0.5),
            looped: None,
            reach: Seconds(0.01),
            on: true,
            held: Held::Nothing,
        }
    }

    #[test]
    fn the_reason_is_the_nearest_thing_of_the_highest_rank() {
        let phones = [phone(0.0, 1.011), phone(1.011, 2.0)];
        let mut marks = Marks::default();
        marks.markers.push(Marker { id: MarkId(0), time: Seconds(1.5), text: String::new(), colour: 0 });
        let context = context(&phones, &marks);
        let at = |t| snap(Seconds(t), &context);
        assert_eq!(at(0.505), Snapped { time: Seconds(0.5), reason: Some(Reason::Playhead) });
        assert_eq!(at(1.015), Snapped { time: Seconds(1.011), reason: Some(Reason::Phone) });
        assert_eq!(at(1.505), Snapped { time: Seconds(1.5), reason: Some(Reason::Marker) });
        let frame = at(1.47);
        assert_eq!(frame.reason, Some(Reason::Frame));
        assert!((frame.time.0 - 1.48).abs() < 1e-9);
        assert_eq!(snap(Seconds(1.015), &Context { on: false, ..context }).reason, None);
    }

    #[test]
    fn a_boundary_does_not_snap_to_where_it_came_from() {
        let phones = [phone(0.0, 1.011), phone(1.011, 2.0)];
        let marks = Marks::default();
        let context = Context { held: Held::Edge(Seconds(1.011)), ..context(&phones, &marks) };
        assert_eq!(snap(Seconds(1.013), &context).reason, Some(Reason::Frame));
    }

    #[test]
    fn snapping_is_the_same_from_both_sides() {
        let phones = [phone(0.0, 1.0), phone(1.0, 2.0)];
        let marks = Marks::default();
        let context = context(&phones, &marks);
        for away in [0.001, 0.005, 0.009] {
            assert_eq!(snap(Seconds(1.0 - away), &context).time, Seconds(1.0));
            assert_eq!(snap(Seconds(1.0 + away), &context).time, Seconds(1.0));
        }
    }

    #[test]
    fn the_next_boundary_is_ahead() {
        let phones = [phone(0.0, 1.0), phone(1.2, 2.0)];
        let marks = Marks::default();
        let context = context(&phones, &marks);
        assert_eq!(next_boundary(Seconds(1.0), true, &context).map(|s| s.time), Some(Seconds(1.2)));
        assert_eq!(next_boundary(Seconds(1.0), false, &context).map(|s| s.time), Some(Seconds(0.5)));
        assert_eq!(next_boundary(Seconds(2.0), true, &context), None);
    }
}
