//! WHEN the hand moves: from the times of the sounds to the times of the two moves, of position and of shape.
//!
//! Cuers lead: the hand sets out before the sound and arrives about with it. A [`Preset`] says by how much; the guards
//! keep the moves in order and within the sound; then every target is held for at least 80 ms *and* two frames with
//! position and shape both in place, first by starting the next move later, then by ending moves earlier. Where both
//! fail the key is flagged [`KeyFlag::TooFast`]. Pauses send the hand back to rest; those moves are planned keys, too.
//!
//! Sources: Attina 2005 (thesis, pp. 112-148) for `Attina`; the revised rules of Auto-CS for `Revised` and for the
//! guards and thresholds of silence; Bratakos 1998 for the tolerance of 100 ms.

mod dwell;
mod preset;
mod sounds;

pub use preset::{Offsets, Preset, Rank};
pub use sounds::{SoundedPhone, sound, sounds, span};

use super::{HandShape, KeyFlag, KeyTimes, Movement, Position};
use crate::time::{Fps, Seconds};
use dwell::{Entry, Move};
use serde::{Deserialize, Serialize};

/// A hand that arrives later than this after its sound is flagged [`KeyFlag::Late`] (Bratakos 1998: 33 ms cost
/// nothing, 100 ms are the most that is tolerated).
pub const LATE_AFTER: Seconds = Seconds(0.100);
/// No move is shorter than this.
pub const SHORTEST_MOVE: Seconds = Seconds(0.010);

/// What kind of sounds a key stands for; the presets treat them differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyKind {
    ConsonantVowel,
    Consonant,
    Vowel,
}

/// A key with the time of its sounds: all that WHEN needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeySound {
    /// Start of the first phone.
    pub a1: Seconds,
    /// End of the last phone.
    pub a3: Seconds,
    pub kind: KeyKind,
    pub shape: HandShape,
    pub position: Position,
    pub movement: Option<Movement>,
    /// This key's own lead, added to the project's: positive moves the hand earlier.
    #[serde(default)]
    pub lead: Seconds,
    /// Times set by the user: kept as they are, the neighbours give way. `a1` and `a3` inside are ignored.
    #[serde(default)]
    pub pinned: Option<KeyTimes>,
}

/// How moves are timed; per project.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TimingOptions {
    pub preset: Preset,
    /// Lead added to every key: positive moves the hand earlier, negative later.
    pub lead: Seconds,
    /// Mean length of a key that the revised preset scales by; `None`: measured from the keys given.
    pub mean_key: Option<Seconds>,
    /// A silence longer than this relaxes the hand shape.
    pub neutral_shape_after: Seconds,
    /// A silence longer than this lets the hand go to its rest place.
    pub neutral_position_after: Seconds,
    /// The hand returns to rest after the last key if at least this much is left; else it holds.
    pub return_room: Seconds,
    /// Each target is held for this long, and for [`Self::dwell_frames`] frames, whichever is longer.
    pub dwell: Seconds,
    pub dwell_frames: u32,
}

impl Default for TimingOptions {
    fn default() -> Self {
        Self {
            preset: Preset::default(),
            lead: Seconds::ZERO,
            mean_key: None,
            neutral_shape_after: Seconds(1.2),
            neutral_position_after: Seconds(1.8),
            return_room: Seconds(0.45),
            dwell: Seconds(0.080),
            dwell_frames: 2,
        }
    }
}

impl From<Preset> for TimingOptions {
    fn from(preset: Preset) -> Self {
        Self { preset, ..Self::default() }
    }
}

impl TimingOptions {
    /// How long a target must be held at this frame rate.
    pub fn dwell_at(&self, fps: Fps) -> Seconds {
        self.dwell.max(Seconds(fps.frame_length().0 * f64::from(self.dwell_frames)))
    }
}

/// A key with its moves, or a return to rest (`key` is `None`, shape and perhaps position are neutral).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedKey {
    /// Index into the keys given to [`times`]; `None` for a return to rest.
    pub key: Option<usize>,
    pub shape: HandShape,
    pub position: Position,
    pub movement: Option<Movement>,
    /// Times may lie before 0: the video then begins with the hand under way. A lane in which nothing changes has a
    /// move of no length.
    pub times: KeyTimes,
    /// [`KeyFlag::TooFast`] and [`KeyFlag::Late`], where they apply.
    pub flags: Vec<KeyFlag>,
}

/// Plans the moves to all keys and the returns to rest between and after them, in order of time.
///
/// `keys` are in order of their sounds; `end` is the length of the recording. Every planned time is finite and, within
/// a lane, `start ≤ end ≤ next start`, unless times pinned by the user say otherwise.
///
/// Each phrase, from one silence in which the hand goes to rest to the next, is timed for itself ([`phrase_times`]):
/// what happens in one phrase never moves a key of another.
pub fn times(keys: &[KeySound], options: &TimingOptions, fps: Fps, end: Seconds) -> Vec<PlannedKey> {
    let options = TimingOptions { mean_key: Some(Seconds(mean_key(keys, options))), ..*options };
    let keys = in_time(keys);
    let mut planned: Vec<PlannedKey> = Vec::with_capacity(keys.len() + 4);
    let mut first = 0;
    while first < keys.len() {
        let next = (first + 1..keys.len()).find(|i| begins_phrase(keys[*i - 1].a3, keys[*i].a1, &options));
        let until = next.map_or(Until::End(end), |i| Until::Phrase(keys[i].a1));
        let last = next.unwrap_or(keys.len());
        let mut phrase = phrase_times(&keys[first..last], &options, fps, until);
        for key in &mut phrase {
            key.key = key.key.map(|i| i + first);
        }
        if let (Some(rest), Some(after)) = (planned.last_mut(), phrase.first()) {
            give_way(rest, after);
        }
        planned.append(&mut phrase);
        first = last;
    }
    planned
}

/// What comes after the last key of a phrase.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Until {
    /// The next phrase, at this time.
    Phrase(Seconds),
    /// The end of the recording.
    End(Seconds),
}

/// Whether the hand goes to its rest place between two sounds: the one after it then begins a phrase of its own.
pub fn begins_phrase(end_before: Seconds, start: Seconds, options: &TimingOptions) -> bool {
    start.0 - end_before.0 > options.neutral_position_after.0.max(options.neutral_shape_after.0)
}

/// Plans the moves to the keys of one phrase and the return to rest after it; [`PlannedKey::key`] counts within the
/// phrase. The result depends on nothing outside of it, provided that `options` say the mean length of a key.
pub fn phrase_times(keys: &[KeySound], options: &TimingOptions, fps: Fps, until: Until) -> Vec<PlannedKey> {
    let mut entries = entries(keys, options, mean_key(keys, options), until);
    dwell::order(&mut entries);
    dwell::guarantee(&mut entries, options.dwell_at(fps), fps);
    let too_fast = dwell::too_fast(&entries, options.dwell_at(fps));
    dwell::place_unmoved(&mut entries);
    entries
        .into_iter()
        .zip(too_fast)
        .map(|(e, too_fast)| {
            let late = e.key.is_some()
                && [e.position_move, e.shape_move].iter().any(|m| m.real && m.end - e.a1 > LATE_AFTER.0 + 1e-9);
            let mut flags = Vec::new();
            if too_fast {
                flags.push(KeyFlag::TooFast);
            }
            if late {
                flags.push(KeyFlag::Late);
            }
            let times = KeyTimes {
                a1: Seconds(e.a1),
                a3: Seconds(e.a3),
                m1: Seconds(e.position_move.start),
                m2: Seconds(e.position_move.end),
                d1: Seconds(e.shape_move.start),
                d2: Seconds(e.shape_move.end),
            };
            PlannedKey { key: e.key, shape: e.shape, position: e.position, movement: e.movement, times, flags }
        })
        .collect()
}

/// A hand that is led so late that it is still on its way to rest when the next phrase begins turns back: the return
/// `rest` is no key, so it gives way to the key `after` it.
pub fn give_way(rest: &mut PlannedKey, after: &PlannedKey) {
    let (rest, after) = (&mut rest.times, &after.times);
    for (start, end, next) in [(&mut rest.m1, &mut rest.m2, after.m1), (&mut rest.d1, &mut rest.d2, after.d1)] {
        *end = end.min(next);
        *start = start.min(*end);
    }
}

/// Sounds out of order or without length come from half-edited projects: they are read in the order given.
fn in_time(keys: &[KeySound]) -> Vec<KeySound> {
    let mut before = f64::NEG_INFINITY;
    let settle = |key: &KeySound| {
        let a1 = if key.a1.0.is_finite() { key.a1.0 } else { 0.0 }.max(before);
        let a3 = if key.a3.0.is_finite() { key.a3.0 } else { a1 }.max(a1);
        before = a1;
        KeySound { a1: Seconds(a1), a3: Seconds(a3), ..*key }
    };
    keys.iter().map(settle).collect()
}

/// The mean length of a key in seconds, held within what the rules were made for (cueing runs at 1.5 to 8 keys a
/// second; a single drawn-out key must not make the hand start seconds early).
pub fn mean_key(keys: &[KeySound], options: &TimingOptions) -> f64 {
    let measured = || {
        let (sum, n) = keys
            .iter()
            .map(|k| k.a3.0 - k.a1.0)
            .filter(|l| l.is_finite() && *l > 0.0)
            .fold((0.0, 0), |(s, n), l| (s + l, n + 1));
        if n == 0 { preset::USUAL_KEY } else { sum / f64::from(n) }
    };
    options.mean_key.map_or_else(measured, |s| s.0).clamp(0.12, 0.65)
}

/// Every key and return to rest with the times that the preset alone gives.
fn entries(keys: &[KeySound], options: &TimingOptions, mean: f64, until: Until) -> Vec<Entry> {
    let mut out: Vec<Entry> = Vec::with_capacity(keys.len() + 4);
    let mut shape = HandShape::NEUTRAL;
    let mut position = Position::Neutral;
    let mut rank = Rank::First;
    for (i, key) in keys.iter().enumerate() {
        let (a1, a3) = (key.a1.0, key.a3.0);
        if let Some(last) = out.last() {
            let gap = a1 - last.a3;
            if gap > options.neutral_shape_after.0 {
                let to = if gap > options.neutral_position_after.0 { Position::Neutral } else { position };
                let rest = rest_entry(options, last.a3, a1, to, position, shape);
                out.push(rest);
                (shape, position, rank) = (HandShape::NEUTRAL, to, Rank::First);
            }
        }
        let mut offsets = if key.movement == Some(Movement::Diphthong) {
            options.preset.diphthong(mean)
        } else {
            options.preset.offsets(key.kind, rank, mean)
        };
        let lead = options.lead.0 + key.lead.0;
        if lead.is_finite() {
            offsets = offsets.earlier(lead);
        }
        let again = matches!(key.movement, Some(Movement::Flick | Movement::DoubleTouch));
        let moved = Move::new(a1 + offsets.m1, a1 + offsets.m2, key.position != position || again);
        let shaped = Move::new(a1 + offsets.d1, a1 + offsets.d2, key.shape != shape);
        let mut entry = Entry {
            key: Some(i),
            a1,
            a3,
            shape: key.shape,
            position: key.position,
            movement: key.movement,
            position_move: moved,
            shape_move: shaped,
            pinned: false,
        };
        entry.position_move.within(a3);
        entry.shape_move.within(a3);
        if let Some(t) = key.pinned.filter(|t| [t.m1, t.m2, t.d1, t.d2].iter().all(|s| s.0.is_finite())) {
            // A lane pinned while nothing changed in it has no move to keep once something does.
            let usable = |m: &Move, start: f64, end: f64| !m.real || end - start >= SHORTEST_MOVE.0 - 1e-9;
            if usable(&moved, t.m1.0, t.m2.0) {
                entry.position_move = Move::pinned(t.m1.0, t.m2.0, moved.real);
            }
            if usable(&shaped, t.d1.0, t.d2.0) {
                entry.shape_move = Move::pinned(t.d1.0, t.d2.0, shaped.real);
            }
            entry.pinned = true;
        }
        out.push(entry);
        (shape, position) = (key.shape, key.position);
        rank = rank.next();
    }
    let (to, room) = match until {
        Until::Phrase(next) => (next.0, f64::NEG_INFINITY),
        Until::End(end) => (end.0, options.return_room.0),
    };
    if let Some(last) = out.last()
        && to - last.a3 >= room
    {
        let rest = rest_entry(options, last.a3, to, Position::Neutral, position, shape);
        out.push(rest);
    }
    out
}

/// The return to rest in the silence between `from` and `to`.
fn rest_entry(
    options: &TimingOptions,
    from: f64,
    to: f64,
    place: Position,
    last_place: Position,
    last_shape: HandShape,
) -> Entry {
    let offsets = options.preset.to_neutral().earlier(options.lead.0);
    Entry {
        key: None,
        a1: from,
        a3: to,
        shape: HandShape::NEUTRAL,
        position: place,
        movement: None,
        position_move: Move::new(from + offsets.m1, from + offsets.m2, place != last_place),
        shape_move: Move::new(from + offsets.d1, from + offsets.d2, last_shape != HandShape::NEUTRAL),
        pinned: false,
    }
}

#[cfg(test)]
mod tests;
