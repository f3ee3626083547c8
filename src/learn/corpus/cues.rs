//! What is cued in each frame: where the hand is, where it goes next, and how far it is on its way.

use crate::cueing::{HandShape, Position};
use crate::generate::PlannedKey;
use crate::time::{Fps, FrameIndex};

/// The cue of a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CueFrame {
    /// What the hand shows, or last showed while it is on its way.
    pub shape: HandShape,
    pub position: Position,
    /// What it shows next; the same where nothing follows.
    pub next_shape: HandShape,
    pub next_position: Position,
    /// How much of the time of the way to the next cue has passed, 0 to below 1; 0 while the hand rests on its target.
    pub phase: f32,
    /// The hand rests on its target.
    pub hold: bool,
}

/// The cue of every frame. Shape and position may move at different times: a cue is under way from the first movement
/// of either to the last. Without keys all frames are neutral.
pub fn frames(keys: &[PlannedKey], fps: Fps, count: usize) -> Vec<CueFrame> {
    let way = |k: &PlannedKey| {
        let t = &k.times;
        let moves = t.m2 > t.m1;
        let shapes = t.d2 > t.d1;
        let (mut from, mut to) = match (moves, shapes) {
            (true, false) => (t.m1.0, t.m2.0),
            (false, true) => (t.d1.0, t.d2.0),
            _ => (t.m1.0.min(t.d1.0), t.m2.0.max(t.d2.0)),
        };
        if !(from.is_finite() && to.is_finite()) {
            (from, to) = (0.0, 0.0);
        }
        (from, to)
    };
    let mut out = Vec::with_capacity(count);
    // How many cues have been reached.
    let mut reached = 0;
    for i in 0..count {
        let time = fps.time_of(FrameIndex(i as u32)).0 + 1e-9;
        while reached < keys.len() && way(&keys[reached]).1 <= time {
            reached += 1;
        }
        let neutral = (HandShape::NEUTRAL, Position::Neutral);
        let of = |k: &PlannedKey| (k.shape, k.position);
        let (shape, position) = reached.checked_sub(1).map_or(neutral, |r| of(&keys[r]));
        let next = keys.get(reached);
        let (next_shape, next_position) = next.map_or((shape, position), of);
        let phase = next.map_or(0.0, |k| {
            let (from, to) = way(k);
            if time < from || to <= from { 0.0 } else { ((time - from) / (to - from)).clamp(0.0, 0.9999) as f32 }
        });
        out.push(CueFrame { shape, position, next_shape, next_position, phase, hold: phase == 0.0 });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cueing::KeyTimes;
    use crate::time::Seconds;

    fn key(shape: u8, position: Position, m: (f64, f64), d: (f64, f64)) -> PlannedKey {
        let s = Seconds;
        let times = KeyTimes { a1: s(m.1), a3: s(m.1 + 0.2), m1: s(m.0), m2: s(m.1), d1: s(d.0), d2: s(d.1) };
        PlannedKey { key: Some(0), shape: HandShape(shape), position, movement: None, times, flags: Vec::new() }
    }

    #[test]
    fn the_hand_holds_goes_and_arrives() {
        let keys = [
            key(3, Position::Chin, (0.2, 0.4), (0.24, 0.4)),
            // Only the shape changes.
            key(5, Position::Chin, (0.8, 0.8), (0.8, 1.0)),
        ];
        let frames = frames(&keys, Fps::whole(25), 40);
        let at = |t: f64| frames[(t * 25.0).round() as usize];
        assert_eq!((at(0.0).shape, at(0.0).next_shape, at(0.0).hold), (HandShape(0), HandShape(3), true));
        assert!(!at(0.32).hold && (at(0.32).phase - 0.6).abs() < 1e-3 && at(0.32).position == Position::Neutral);
        assert_eq!((at(0.4).shape, at(0.4).position, at(0.4).phase), (HandShape(3), Position::Chin, 0.0));
        assert_eq!((at(0.4).next_shape, at(0.76).hold), (HandShape(5), true));
        assert!((at(0.88).phase - 0.4).abs() < 1e-3);
        assert_eq!((at(1.4).shape, at(1.4).next_shape, at(1.4).hold), (HandShape(5), HandShape(5), true));
        assert!(super::frames(&[], Fps::whole(25), 3).iter().all(|f| f.hold && f.shape == HandShape::NEUTRAL));
    }
}
