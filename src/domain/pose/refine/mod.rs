//! Corrections of hands laid over a performance: curl and spread of fingers, turns of the wrist, poses to be held, by
//! keys over time.
//!
//! A [`Refinement`] is plain data: a stretch of time, a hand, and keys. [`apply`] fits the parametric hand to each frame
//! ([`super::hand_fit`]), changes its angles, and moves the 21 points by what the change moves the model's: a
//! refinement that changes nothing leaves every float as it is, and bones keep the lengths that the points had.
//!
//! What is said is relative to the hand itself (towards the thumb, into the palm, towards the middle of the body), so that
//! a refinement means the same for the other hand.

mod apply;
mod presets;

pub use apply::{REACH, Stage, apply, hands_of};
pub use presets::Preset;

use super::Side;
use super::hand::{ANGLE_COUNT, HandPose};
use crate::time::{Seconds, TimeRange};
use serde::{Deserialize, Serialize};

/// How one key goes over into the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ease {
    Linear,
    /// Slowly away and slowly on.
    #[default]
    Smooth,
    /// Slowly away.
    In,
    /// Slowly on.
    Out,
    /// Stays until the next key.
    Hold,
}

impl Ease {
    pub const ALL: [Self; 5] = [Self::Linear, Self::Smooth, Self::In, Self::Out, Self::Hold];

    /// English, in lower case, as on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Smooth => "smooth",
            Self::In => "in",
            Self::Out => "out",
            Self::Hold => "hold",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.name() == name)
    }

    /// Eased progress for the share `t` of the time between two keys, both 0-1.
    pub fn at(self, t: f32) -> f32 {
        let t = t.clamp(0.0, 1.0);
        match self {
            Self::Linear => t,
            Self::Smooth => t * t * (3.0 - 2.0 * t),
            Self::In => t * t,
            Self::Out => t * (2.0 - t),
            Self::Hold => {
                if t < 1.0 {
                    0.0
                } else {
                    1.0
                }
            }
        }
    }
}

/// What a key does to one finger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FingerChange {
    /// From −1, stretched out, over 0 to 1, folded in.
    pub curl: f32,
    /// Degrees towards the thumb; of the thumb, away from the hand.
    pub spread: f32,
    /// Degrees at the knuckle alone, into the palm; of the thumb, across the palm.
    pub offset: f32,
}

/// What holds at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct HandChange {
    /// A pose that replaces the one beneath, before all else.
    pub preset: Option<Preset>,
    /// How much of it, 0-1.
    pub hold: f32,
    /// Thumb, index, middle, ring, little finger.
    pub fingers: [FingerChange; 5],
    /// Degrees: bent into the palm, turned to the side of the thumb, rolled so that the thumb comes forward.
    pub wrist: [f32; 3],
    /// Picture units: towards the middle of the body, and up.
    pub offset: [f32; 2],
    /// Degrees added to single angles ([`HandPose::angles`]): what was dragged in the picture.
    pub fine: [f32; ANGLE_COUNT],
}

impl Default for HandChange {
    fn default() -> Self {
        Self {
            preset: None,
            hold: 1.0,
            fingers: [FingerChange::default(); 5],
            wrist: [0.0; 3],
            offset: [0.0; 2],
            fine: [0.0; ANGLE_COUNT],
        }
    }
}

/// Full curl adds so much to the three joints of a finger, and to the two of the thumb, degrees.
const CURL: [f32; 3] = [84.0, 102.0, 60.0];
const THUMB_CURL: [f32; 2] = [40.0, 60.0];

impl HandChange {
    /// The pose that the change makes of another, within the limits of motion.
    pub fn of(&self, pose: &HandPose) -> HandPose {
        let mut pose = *pose;
        if let Some(preset) = self.preset {
            pose = HandPose::between(&pose, &preset.pose(), self.hold);
        }
        let mut angles = pose.angles();
        for (angle, fine) in angles.iter_mut().zip(self.fine) {
            *angle += fine;
        }
        let mut pose = HandPose::from_angles(&angles);
        let [thumb, fingers @ ..] = &self.fingers;
        for (bend, most) in pose.thumb.bend.iter_mut().zip(THUMB_CURL) {
            *bend += thumb.curl * most;
        }
        pose.thumb.spread += thumb.spread;
        pose.thumb.across += thumb.offset;
        for (finger, change) in pose.fingers.iter_mut().zip(fingers) {
            for (bend, most) in finger.bend.iter_mut().zip(CURL) {
                *bend += change.curl * most;
            }
            finger.bend[0] += change.offset;
            finger.spread += change.spread;
        }
        pose.within_limits()
    }

    /// All numbers of it are numbers, and within what can be meant.
    fn is_sound(&self) -> bool {
        let fingers = self.fingers.iter().flat_map(|f| [f.curl * 100.0, f.spread, f.offset]);
        let all = fingers.chain(self.wrist).chain(self.offset).chain(self.fine).chain([self.hold]);
        all.into_iter().all(|x| x.is_finite() && x.abs() <= 400.0)
    }
}

/// One number of a change, for sliders and curves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dial {
    /// Thumb 0 to little finger 4.
    Curl(usize),
    Spread(usize),
    Offset(usize),
    /// 0 bend, 1 side, 2 roll.
    Wrist(usize),
    /// 0 towards the middle, 1 up.
    Move(usize),
    Hold,
}

/// English names of the fingers, lower case.
pub const FINGERS: [&str; 5] = ["thumb", "index finger", "middle finger", "ring finger", "little finger"];

impl Dial {
    /// Every dial there is.
    pub fn all() -> impl Iterator<Item = Self> {
        let fingers = (0..5).flat_map(|f| [Self::Curl(f), Self::Spread(f), Self::Offset(f)]);
        fingers.chain((0..3).map(Self::Wrist)).chain((0..2).map(Self::Move)).chain([Self::Hold])
    }

    /// Name on the command line: `curl-index`, `wrist-roll`, `move-up`.
    pub fn name(self) -> String {
        let finger = |f: usize| FINGERS[f].split(' ').next().unwrap_or_default();
        match self {
            Self::Curl(f) => format!("curl-{}", finger(f)),
            Self::Spread(f) => format!("spread-{}", finger(f)),
            Self::Offset(f) => format!("offset-{}", finger(f)),
            Self::Wrist(i) => format!("wrist-{}", ["bend", "side", "roll"][i]),
            Self::Move(i) => format!("move-{}", ["in", "up"][i]),
            Self::Hold => "hold".to_owned(),
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().find(|d| d.name() == name)
    }

    /// The least and the greatest value: curls −1 to 1, turns degrees, moves picture units, hold 0-1.
    pub fn range(self) -> (f32, f32) {
        match self {
            Self::Curl(_) => (-1.0, 1.0),
            Self::Spread(_) => (-30.0, 30.0),
            Self::Offset(_) => (-60.0, 60.0),
            Self::Wrist(_) => (-60.0, 60.0),
            Self::Move(_) => (-0.3, 0.3),
            Self::Hold => (0.0, 1.0),
        }
    }

    pub fn get(self, change: &HandChange) -> f32 {
        match self {
            Self::Curl(f) => change.fingers[f].curl,
            Self::Spread(f) => change.fingers[f].spread,
            Self::Offset(f) => change.fingers[f].offset,
            Self::Wrist(i) => change.wrist[i],
            Self::Move(i) => change.offset[i],
            Self::Hold => change.hold,
        }
    }

    /// Sets it, held within its range; what is no number counts as 0.
    pub fn set(self, change: &mut HandChange, value: f32) {
        let (low, high) = self.range();
        let value = if value.is_finite() { value.clamp(low, high) } else { 0.0 };
        *match self {
            Self::Curl(f) => &mut change.fingers[f].curl,
            Self::Spread(f) => &mut change.fingers[f].spread,
            Self::Offset(f) => &mut change.fingers[f].offset,
            Self::Wrist(i) => &mut change.wrist[i],
            Self::Move(i) => &mut change.offset[i],
            Self::Hold => &mut change.hold,
        } = value;
    }
}

/// A change at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct HandKey {
    pub time: Seconds,
    /// How it goes over into the next key.
    pub ease: Ease,
    pub change: HandChange,
}

/// A layer of corrections of one hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Refinement {
    pub name: String,
    pub side: Side,
    pub range: TimeRange,
    pub muted: bool,
    /// How much of it, 0-1.
    pub strength: f32,
    /// How long the blend lasts at each end, outside the range.
    pub padding: Seconds,
    /// How much the hand's own motion is calmed, 0-2.
    pub smoothing: f32,
    /// How much the hand is drawn to the shape of the key of the moment, 0-1.
    pub toward: f32,
    /// In order of time; before the first and after the last their values hold.
    pub keys: Vec<HandKey>,
}

impl Default for Refinement {
    fn default() -> Self {
        Self {
            name: String::new(),
            side: Side::Right,
            range: TimeRange::default(),
            muted: false,
            strength: 1.0,
            padding: Seconds(0.1),
            smoothing: 0.0,
            toward: 0.0,
            keys: Vec::new(),
        }
    }
}

/// Keys nearer than this are one key, seconds.
const SAME: f64 = 1e-3;

impl Refinement {
    /// Range and padding together: outside nothing changes.
    pub fn reach(&self) -> TimeRange {
        TimeRange { start: self.range.start - self.padding, end: self.range.end + self.padding }
    }

    /// How much of it holds at a time, 0-1: its strength, blended at the ends; 0 while it is muted.
    pub fn weight(&self, time: Seconds) -> f32 {
        if self.muted {
            return 0.0;
        }
        let outside = (self.range.start.0 - time.0).max(time.0 - self.range.end.0).max(0.0);
        let inside = if self.padding.0 > 0.0 { 1.0 - outside / self.padding.0 } else { f64::from(outside <= 0.0) };
        Ease::Smooth.at(inside as f32) * self.strength.clamp(0.0, 1.0)
    }

    /// The keys around a time, with the eased progress from the first to the second.
    fn around(&self, time: Seconds) -> Option<(&HandKey, &HandKey, f32)> {
        let after = self.keys.partition_point(|k| k.time <= time);
        let a = self.keys.get(after.saturating_sub(1))?;
        let b = self.keys.get(after).unwrap_or(a);
        let length = (b.time - a.time).0;
        let share = if length > 0.0 && time >= a.time { ((time - a.time).0 / length) as f32 } else { 0.0 };
        Some((a, b, a.ease.at(share)))
    }

    /// The change at a time, between its keys; presets go over in the middle.
    pub fn change_at(&self, time: Seconds) -> HandChange {
        let Some((a, b, t)) = self.around(time) else { return HandChange::default() };
        let mut change = if t < 0.5 { a.change } else { b.change };
        for dial in Dial::all() {
            let (x, y) = (dial.get(&a.change), dial.get(&b.change));
            dial.set(&mut change, x + (y - x) * t);
        }
        for (i, fine) in change.fine.iter_mut().enumerate() {
            *fine = a.change.fine[i] + (b.change.fine[i] - a.change.fine[i]) * t;
        }
        change
    }

    /// The pose that the keys make of another at a time.
    fn posed(&self, time: Seconds, pose: &HandPose) -> HandPose {
        match self.around(time) {
            None => *pose,
            Some((a, b, t)) if t <= 0.0 || std::ptr::eq(a, b) => a.change.of(pose),
            Some((a, b, t)) => HandPose::between(&a.change.of(pose), &b.change.of(pose), t),
        }
    }

    /// The key at a time, if there is one.
    pub fn key_at(&self, time: Seconds) -> Option<usize> {
        self.keys.iter().position(|k| (k.time - time).0.abs() < SAME)
    }

    /// Puts a key, in the place of one at the same time.
    pub fn put(&mut self, key: HandKey) {
        match self.key_at(key.time) {
            Some(at) => self.keys[at] = key,
            None => {
                let at = self.keys.partition_point(|k| k.time <= key.time);
                self.keys.insert(at, key);
            }
        }
    }

    /// Changes the key at a time, which is made where there is none, with what holds there.
    pub fn change_key(&mut self, time: Seconds, change: impl FnOnce(&mut HandKey)) {
        let mut key = match self.key_at(time) {
            Some(at) => self.keys[at],
            None => {
                let ease = self.around(time).map(|(a, ..)| a.ease).unwrap_or_default();
                HandKey { time, ease, change: self.change_at(time) }
            }
        };
        change(&mut key);
        self.put(key);
    }

    /// The same over another stretch: what holds at `time` holds over all of `range`, the keys within give way.
    pub fn propagated(&self, time: Seconds, range: TimeRange) -> Self {
        let change = self.change_at(time);
        let mut it = self.clone();
        it.keys.retain(|k| k.time.0 < range.start.0 - SAME || k.time.0 > range.end.0 + SAME);
        let ease = Ease::default();
        it.put(HandKey { time: range.start, ease, change });
        it.put(HandKey { time: range.end, ease, change });
        it.range = TimeRange { start: it.range.start.min(range.start), end: it.range.end.max(range.end) };
        it
    }

    /// The same for the other hand.
    pub fn mirrored(&self) -> Self {
        Self { side: self.side.other(), ..self.clone() }
    }

    /// The same so much later.
    pub fn moved(&self, by: Seconds) -> Self {
        let mut it = self.clone();
        it.range = TimeRange { start: it.range.start + by, end: it.range.end + by };
        it.keys.iter_mut().for_each(|k| k.time += by);
        it
    }

    /// Says what is wrong, `None` when it can be applied.
    pub fn broken_invariant(&self) -> Option<&'static str> {
        let r = self.range;
        if ![r.start, r.end, self.padding].iter().all(|s| s.0.is_finite()) || r.start >= r.end {
            return Some("has an impossible stretch");
        }
        if self.padding < Seconds::ZERO || self.padding.0 > 60.0 {
            return Some("has an impossible padding");
        }
        let within = |x: f32, most: f32| (0.0..=most).contains(&x);
        if !within(self.strength, 1.0) || !within(self.smoothing, 2.0) || !within(self.toward, 1.0) {
            return Some("has an impossible strength");
        }
        if self.keys.iter().any(|k| !k.time.0.is_finite() || !k.change.is_sound()) {
            return Some("has a key that is no number");
        }
        self.keys.windows(2).any(|k| k[1].time <= k[0].time).then_some("has keys out of order")
    }
}

#[cfg(test)]
mod tests;
