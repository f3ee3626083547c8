//! Tapping while playing: each press marks a moment, a little earlier than it came, because hands answer late.
//!
//! Taps on keys give the sounds of the keys new times, in order, from a first key on; taps on markers set markers. A run
//! of taps is shown as it grows and becomes one step of history when it ends.

use crate::app::i18n::later;
use crate::document::edit::Edit;
use crate::document::edit_segments::SegmentEdit;
use crate::document::{KeyId, Project};
use crate::time::Seconds;

/// What taps mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// The beginnings of the keys, from the selected one or the playhead on.
    Keys,
    Markers,
}

/// A run of taps.
#[derive(Clone, Debug, PartialEq)]
pub struct Tap {
    pub goal: Goal,
    /// The key that the first tap is for.
    pub first: Option<KeyId>,
    pub taps: Vec<Seconds>,
}

/// How late hands answer by default, milliseconds (simple reactions to sound take 140-200 ms; a beat that is expected is
/// met much closer).
pub const DELAY_MS: f64 = 80.0;

impl Tap {
    pub fn new(goal: Goal) -> Self {
        Self { goal, first: None, taps: Vec::new() }
    }

    /// Takes in a tap at `playhead` while playing at `speed`; gives the time that is marked.
    pub fn tap(&mut self, playhead: Seconds, delay_ms: f64, speed: f64) -> Seconds {
        // A delay of the hand is real time: at half speed it is half as much of the recording.
        let time = Seconds((playhead.0 - delay_ms / 1000.0 * speed.abs()).max(0.0));
        // After a jump back, what was tapped beyond it is tapped again.
        self.taps.retain(|t| *t < time);
        self.taps.push(time);
        time
    }

    /// The edit that the taps so far amount to; `None` without taps or keys.
    pub fn edit(&self) -> Option<Edit> {
        if self.taps.is_empty() {
            return None;
        }
        Some(match self.goal {
            Goal::Keys => Edit::Segments(SegmentEdit::RetimeKeys { first: self.first?, onsets: self.taps.clone() }),
            Goal::Markers => {
                let add = |t: &Seconds| Edit::AddMarker { time: *t, text: String::new(), colour: 0 };
                Edit::Many { name: later("Tap markers"), edits: self.taps.iter().map(add).collect() }
            }
        })
    }
}

/// The first key that is tapped when playing stands at `time`: the selected one, or the next to sound.
pub fn first_key(project: &Project, selected: Option<KeyId>, time: Seconds) -> Option<KeyId> {
    selected.filter(|id| project.key(*id).is_some()).or_else(|| {
        let keys = &project.tiers.keys;
        // A key that has only just begun is still meant.
        let after = keys.partition_point(|k| k.times.a1.0 < time.0 - 0.15);
        keys.get(after).map(|k| k.id)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taps_are_taken_back_by_the_delay_of_the_hand() {
        let mut tap = Tap::new(Goal::Markers);
        assert!((tap.tap(Seconds(1.0), 100.0, 1.0).0 - 0.9).abs() < 1e-9);
        assert!((tap.tap(Seconds(1.5), 100.0, 0.5).0 - 1.45).abs() < 1e-9);
        assert_eq!(tap.tap(Seconds(0.01), 100.0, 1.0), Seconds::ZERO, "never before the start");
        assert_eq!(tap.taps, [Seconds::ZERO], "a jump back begins again");
    }

    #[test]
    fn a_run_is_one_edit() {
        let mut tap = Tap::new(Goal::Markers);
        assert_eq!(tap.edit(), None);
        tap.tap(Seconds(1.0), 0.0, 1.0);
        tap.tap(Seconds(2.0), 0.0, 1.0);
        let Some(Edit::Many { edits, .. }) = tap.edit() else { panic!("one edit") };
        assert_eq!(edits.len(), 2);
        let keys = Tap { goal: Goal::Keys, first: None, taps: vec![Seconds(1.0)] };
        assert_eq!(keys.edit(), None, "no key, nothing to retime");
    }
}
