//! Slowed passages: how time before maps to time after, and back.
//!
//! A passage of the sound is stretched with its pitch kept; everything after it moves back by what it became longer.
//! That is a map of straight pieces, and every time of the project goes through it. The added time is a whole number of
//! frames, so that what comes after the passage is shown on the same frames as before, only later.

use super::edit::EditError;
use super::{KeyId, Project, Slowed, Sound, derive};
use crate::cueing::KeyTimes;
use crate::time::{Fps, Seconds, TimeRange};

/// A passage becomes at most so many times as long: beyond that speech falls apart.
pub const SLOWEST: f64 = 2.0;
/// Cues that follow each other faster than this many a second are hard to read.
pub const READABLE_KEYS: f64 = 3.0;

impl Slowed {
    /// A passage that is played at `speed` (0.5 to 1) of its own, made longer by whole frames, at least one. `None`
    /// when it is too short for that or not slowed at all.
    pub fn at_speed(range: TimeRange, speed: f64, fps: Fps) -> Option<Self> {
        let length = range.length().0;
        if !(speed.is_finite() && length.is_finite() && speed > 0.0 && speed < 1.0 && length > 0.0) {
            return None;
        }
        let most = (length * (SLOWEST - 1.0) * fps.rate() + 1e-6).floor();
        let frames = (length * (1.0 / speed - 1.0) * fps.rate()).round().max(1.0).min(most);
        (frames >= 1.0).then(|| Self { range, factor: 1.0 + frames / fps.rate() / length })
    }

    /// How much longer the passage becomes.
    pub fn added(self) -> Seconds {
        Seconds(self.range.length().0 * (self.factor - 1.0))
    }

    /// The passage after it was slowed.
    pub fn after(self) -> TimeRange {
        TimeRange { start: self.range.start, end: self.range.end + self.added() }
    }

    /// Where a time of before is found after.
    pub fn forward(self, time: Seconds) -> Seconds {
        if time <= self.range.start {
            time
        } else if time < self.range.end {
            self.range.start + Seconds((time - self.range.start).0 * self.factor)
        } else {
            time + self.added()
        }
    }

    /// Where a time of after was before.
    pub fn back(self, time: Seconds) -> Seconds {
        if time <= self.range.start {
            time
        } else if time < self.range.end + self.added() {
            self.range.start + Seconds((time - self.range.start).0 / self.factor)
        } else {
            time - self.added()
        }
    }
}

/// The speed at which a passage of so many keys a second is readable, between 0.5 and 1, in steps of 0.05.
pub fn readable_speed(keys_per_second: f64) -> f64 {
    if keys_per_second > READABLE_KEYS {
        ((READABLE_KEYS / keys_per_second * 20.0 + 1e-9).floor() / 20.0).clamp(1.0 / SLOWEST, 1.0)
    } else {
        1.0
    }
}

/// Where a time after all passages lies in the recording as it was brought, before any of them was slowed.
pub fn source_time(slowed: &[Slowed], time: Seconds) -> Seconds {
    slowed.iter().rev().fold(time, |time, passage| passage.back(time))
}

impl Project {
    /// Where a time of the project lies in the recording as it was brought, before any passage was slowed.
    pub fn source_time(&self, time: Seconds) -> Seconds {
        source_time(&self.slowed, time)
    }

    /// Where a time of the recording as it was brought lies in the project.
    pub fn time_of_source(&self, source: Seconds) -> Seconds {
        self.slowed.iter().fold(source, |time, passage| passage.forward(time))
    }

    /// Keys a second whose sounds lie at least half within `range`.
    pub fn keys_per_second_in(&self, range: TimeRange) -> f64 {
        let keys = &self.tiers.keys;
        let first = keys.partition_point(|k| k.sound().middle() < range.start);
        let last = keys.partition_point(|k| k.sound().middle() < range.end);
        let length = range.length().0;
        if length > 0.0 { last.saturating_sub(first) as f64 / length } else { 0.0 }
    }

    /// The run of keys around a key that follow each other faster than can be read, from first to last sound; the key's
    /// own sound where it stands apart. `None` when there is no such key.
    pub fn fast_passage(&self, key: KeyId) -> Option<TimeRange> {
        let keys = &self.tiers.keys;
        let index = self.key_index(key)?;
        let fast = |a: usize| (keys[a + 1].times.a1 - keys[a].times.a1).0 < 1.0 / READABLE_KEYS;
        let first = (0..index).rev().take_while(|i| fast(*i)).last().unwrap_or(index);
        let last = (index..keys.len().saturating_sub(1)).take_while(|i| fast(*i)).last().map_or(index, |i| i + 1);
        Some(TimeRange::new(keys[first].times.a1, keys[last].times.a3))
    }

    /// What the preset alone says of each key, by index: the user's shifts are offsets from these times.
    fn preset_times(&self) -> Vec<(usize, KeyTimes)> {
        let mut bare = self.clone();
        for key in &mut bare.tiers.keys {
            key.locked = false;
            key.edits.shift = [0.0; 4];
        }
        derive::plan(&bare).into_iter().filter_map(|planned| Some((planned.key?, planned.times))).collect()
    }

    /// Puts the sound with the slowed passage in the place of the sound, and moves every time.
    pub(super) fn slow_passage(&mut self, passage: Slowed, sound: &Sound) -> Result<(), EditError> {
        let Slowed { range, factor } = passage;
        let finite = [range.start, range.end, sound.length].iter().all(|s| s.0.is_finite());
        let within = range.start >= Seconds::ZERO && range.end <= self.sound.length + Seconds(1e-3);
        if !finite || !within || range.end <= range.start || factor.is_nan() || factor <= 1.0 || factor > SLOWEST + 1e-6
        {
            return Err(EditError::BadPassage);
        }
        let map = |time: &mut Seconds| *time = passage.forward(*time);
        let map_range = |range: &mut TimeRange| {
            *range = TimeRange { start: passage.forward(range.start), end: passage.forward(range.end) };
        };
        let old: Vec<KeyTimes> = self.tiers.keys.iter().map(|k| k.times).collect();
        for phone in &mut self.tiers.phones {
            map(&mut phone.start);
            map(&mut phone.end);
        }
        for marker in &mut self.marks.markers {
            map(&mut marker.time);
        }
        for mask in &mut self.marks.masks {
            map_range(&mut mask.range);
        }
        for take in &mut self.marks.takes {
            map_range(&mut take.range);
        }
        for layer in &mut self.marks.hands {
            map_range(&mut layer.what.range);
            layer.what.keys.iter_mut().for_each(|key| map(&mut key.time));
        }
        for mark in &mut self.marks.expressions {
            map_range(&mut mark.range);
        }
        self.marks.voice.moved(|time| passage.forward(time));
        for used in self.marks.performances.iter_mut().filter_map(|p| p.used.as_mut()) {
            used.range.iter_mut().for_each(map_range);
        }
        for key in self.tiers.keys.iter_mut().filter(|k| k.locked) {
            let t = &mut key.times;
            [&mut t.a1, &mut t.a3, &mut t.m1, &mut t.m2, &mut t.d1, &mut t.d2].into_iter().for_each(map);
        }
        self.sound = sound.clone();
        self.slowed.push(passage);
        // What the user moved is kept as an offset from the preset, and the preset has other sounds now: the offset
        // becomes the one that leads to the mapped time.
        if self.tiers.keys.iter().any(|k| k.edits.shift.iter().any(|s| *s != 0.0)) {
            for (index, preset) in self.preset_times() {
                let key = &mut self.tiers.keys[index];
                let was = [old[index].m1, old[index].m2, old[index].d1, old[index].d2];
                let is = [preset.m1, preset.m2, preset.d1, preset.d2];
                for ((shift, was), is) in key.edits.shift.iter_mut().zip(was).zip(is) {
                    if *shift != 0.0 {
                        *shift = (passage.forward(was) - is).0;
                    }
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn passage(start: f64, end: f64, speed: f64) -> Slowed {
        Slowed::at_speed(TimeRange::new(Seconds(start), Seconds(end)), speed, Fps::whole(25)).expect("it can be slowed")
    }

    #[test]
    fn before_nothing_moves_inside_it_stretches_after_it_shifts() {
        let it = passage(1.0, 3.0, 0.5);
        assert_eq!(it.factor, 2.0);
        assert_eq!(it.forward(Seconds(0.123_456_789)), Seconds(0.123_456_789));
        assert_eq!(it.forward(Seconds(1.5)), Seconds(2.0));
        assert_eq!(it.forward(Seconds(3.0)), Seconds(5.0));
        assert_eq!(it.forward(Seconds(7.25)), Seconds(9.25));
        assert_eq!(it.after(), TimeRange::new(Seconds(1.0), Seconds(5.0)));
    }

    #[test]
    fn the_added_time_is_whole_frames() {
        for speed in [0.5, 0.61, 0.77, 0.95] {
            for end in [1.1, 1.37, 2.0, 9.123] {
                let frames = passage(1.0, end, speed).added().0 * 25.0;
                assert!((frames - frames.round()).abs() < 1e-9 && frames >= 0.999, "{speed} {end}: {frames}");
            }
        }
        let range = TimeRange::new(Seconds(1.0), Seconds(1.02));
        assert_eq!(Slowed::at_speed(range, 0.5, Fps::whole(25)), None, "shorter than a frame");
        assert_eq!(Slowed::at_speed(TimeRange::new(Seconds(1.0), Seconds(2.0)), 1.0, Fps::whole(25)), None);
        assert_eq!(Slowed::at_speed(TimeRange::new(Seconds(1.0), Seconds(2.0)), f64::NAN, Fps::whole(25)), None);
        // Asked for more than twice as long, it becomes twice as long.
        assert_eq!(passage(0.0, 1.0, 0.1).factor, 2.0);
    }

    #[test]
    fn the_suggested_speed_brings_the_keys_down_to_what_can_be_read() {
        assert_eq!(readable_speed(2.0), 1.0);
        assert_eq!(readable_speed(4.0), 0.75);
        assert_eq!(readable_speed(3.1), 0.95);
        assert_eq!(readable_speed(50.0), 0.5);
        for tenth in 0..60 {
            let keys = f64::from(tenth) / 10.0;
            assert!(keys * readable_speed(keys) <= READABLE_KEYS + 1e-9, "{keys}");
        }
    }

    /// A project whose sounds follow each other evenly, 120 ms each, from 0.8 s on.
    fn project() -> Project {
        use crate::document::marks::{ExpressionMark, MarkId, Marker, Marks, Mask};
        use crate::document::{MediaRef, PROJECT_SCHEMA, PhoneTime, Settings, SoundOrigin, TIER_SCHEMA, Tiers};
        use crate::language::{Language, ReadingOptions, read};
        use crate::pose::expression::{Accent, ExpressionKind, Voice};
        let text = "他在银行工作，行不行";
        let utterance = read(text, Language::Mandarin, &ReadingOptions::default(), None);
        let count = utterance.phones().count();
        let at = |i: usize| Seconds(0.8 + 0.12 * i as f64);
        let phone = |i| PhoneTime { start: at(i), end: at(i + 1), confidence: 1.0, fixed: false };
        let media = MediaRef { path: "a.wav".into(), absolute_hint: String::new(), hash: String::new() };
        let marker = |id, time| Marker { id: MarkId(id), time: Seconds(time), text: String::new(), colour: 0 };
        let mask = Mask {
            id: MarkId(2),
            range: TimeRange::new(Seconds(1.0), Seconds(2.0)),
            parts: crate::pose::parts::Parts::ALL,
            halo: Seconds(0.1),
            locked: false,
            accepted: vec![],
        };
        let mut project = Project {
            schema: PROJECT_SCHEMA,
            title: "Test".into(),
            source_text: text.into(),
            sound: Sound {
                media,
                source: None,
                origin: SoundOrigin::Recording,
                length: Seconds(2.0 + 0.12 * count as f64),
            },
            identity: "mira".into(),
            settings: Settings::default(),
            tiers: Tiers {
                schema: TIER_SCHEMA,
                utterance,
                phones: (0..count).map(phone).collect(),
                keys: vec![],
                notes: vec![],
                next_key: 0,
            },
            marks: Marks {
                markers: vec![marker(0, 0.5), marker(1, 3.0)],
                masks: vec![mask],
                takes: vec![],
                expressions: vec![ExpressionMark {
                    id: MarkId(3),
                    range: TimeRange::new(Seconds(0.6), Seconds(2.0)),
                    kind: ExpressionKind::Smile,
                    strength: 1.0,
                }],
                voice: Voice {
                    accents: vec![Accent { range: TimeRange::new(Seconds(3.0), Seconds(3.2)), strength: 0.5 }],
                    ..Voice::default()
                },
                next_id: 4,
                ..Marks::default()
            },
            slowed: vec![],
        };
        derive::keys(&mut project);
        derive::times(&mut project);
        assert_eq!(project.broken_invariant(), None);
        project
    }

    fn slowed_sound(project: &Project, passage: Slowed) -> Box<Sound> {
        let mut sound = project.sound.clone();
        sound.media.path = "media/slowed.wav".into();
        sound.length += passage.added();
        Box::new(sound)
    }

    #[test]
    fn every_time_of_a_project_goes_through_the_map_and_undo_brings_all_of_it_back() {
        use crate::document::edit::{Document, Edit};
        let mut document = Document::new(project());
        let ids: Vec<_> = document.project().tiers.keys.iter().map(|k| k.id).collect();
        document.apply(&Edit::ShiftHand { keys: vec![ids[0], ids[3], ids[5]], by: Seconds(-0.05) }).expect("shifted");
        document.apply(&Edit::SetLocked { keys: vec![ids[4]], locked: true }).expect("locked");
        let before = document.project().clone();
        let it = passage(1.16, 1.64, 0.6);
        let sound = slowed_sound(&before, it);
        document.apply(&Edit::SlowPassage { passage: it, sound }).expect("it is legal");
        let after = document.project().clone();
        assert_eq!(after.broken_invariant(), None);
        for (old, new) in before.tiers.phones.iter().zip(&after.tiers.phones) {
            if old.end <= it.range.start {
                assert_eq!(old, new, "before the passage nothing changes");
            } else if old.start >= it.range.end {
                assert_eq!((new.start, new.end), (old.start + it.added(), old.end + it.added()));
            } else if old.start >= it.range.start && old.end <= it.range.end {
                assert!((new.range().length().0 / old.range().length().0 - it.factor).abs() < 1e-9);
            }
        }
        for id in [ids[0], ids[3], ids[5], ids[4]] {
            let (old, new) = (before.key(id).expect("there").times, after.key(id).expect("there").times);
            for (old, new) in [(old.m1, new.m1), (old.m2, new.m2), (old.d1, new.d1), (old.d2, new.d2)] {
                assert!((it.forward(old) - new).0.abs() < 1e-6, "{id:?}: {old} became {new}");
            }
        }
        assert_eq!(after.marks.markers[0], before.marks.markers[0]);
        assert_eq!(after.marks.markers[1].time, Seconds(3.0) + it.added());
        assert_eq!(after.marks.masks[0].range.end, Seconds(2.0) + it.added());
        assert_eq!(after.marks.expressions[0].range.end, Seconds(2.0) + it.added());
        assert_eq!(after.marks.voice.accents[0].range.start, Seconds(3.0) + it.added());
        assert!(after.keys_per_second_in(it.after()) < before.keys_per_second_in(it.range));
        document.undo().expect("one step");
        assert_eq!(document.project(), &before);
        document.redo().expect("one step");
        assert_eq!(document.project(), &after);
    }

    #[test]
    fn source_times_are_found_through_several_slowed_passages() {
        use crate::document::edit::Edit;
        let start = project();
        let first = passage(1.0, 2.0, 0.5);
        let once = start
            .edited(&Edit::SlowPassage { passage: first, sound: slowed_sound(&start, first) })
            .expect("it is legal");
        let second = passage(0.4, 1.4, 0.8);
        let twice = once
            .edited(&Edit::SlowPassage { passage: second, sound: slowed_sound(&once, second) })
            .expect("it is legal");
        assert_eq!(twice.slowed.len(), 2);
        for (old, new) in start.tiers.phones.iter().zip(&twice.tiers.phones) {
            assert!((twice.source_time(new.start) - old.start).0.abs() < 1e-9);
            assert!((twice.time_of_source(old.end) - new.end).0.abs() < 1e-9);
        }
    }

    #[test]
    fn the_run_of_quick_keys_around_a_key_ends_where_they_are_slow() {
        let mut project = project();
        let count = project.tiers.keys.len();
        assert!(count > 8);
        for (i, key) in project.tiers.keys.iter_mut().enumerate() {
            // Four keys a second, a pause of a second after the third and after the sixth.
            let pauses = f64::from(u8::from(i > 2) + u8::from(i > 5));
            key.times.a1 = Seconds(0.25 * i as f64 + pauses);
            key.times.a3 = key.times.a1 + Seconds(0.2);
        }
        let ids: Vec<_> = project.tiers.keys.iter().map(|k| k.id).collect();
        let run = |i: usize| project.fast_passage(ids[i]).map(|r| (r.start.0, r.end.0));
        assert_eq!(run(0), Some((0.0, 0.7)));
        assert_eq!(run(4), Some((1.75, 2.45)));
        assert_eq!(run(3), run(5));
        let end = 0.25 * (count - 1) as f64 + 2.2;
        assert!(run(count - 1).is_some_and(|(a, b)| a == 3.5 && (b - end).abs() < 1e-9));
        assert_eq!(project.fast_passage(crate::document::KeyId(999)), None);
    }

    #[test]
    fn impossible_passages_are_refused() {
        use crate::document::edit::{Edit, EditError};
        let project = project();
        let sound = Box::new(project.sound.clone());
        for (start, end, factor) in [
            (1.0, 1.0, 1.5),
            (2.0, 1.0, 1.5),
            (-1.0, 1.0, 1.5),
            (1.0, 99.0, 1.5),
            (1.0, 2.0, 1.0),
            (1.0, 2.0, 2.5),
            (1.0, 2.0, f64::NAN),
            (f64::NAN, 2.0, 1.5),
        ] {
            let range = TimeRange { start: Seconds(start), end: Seconds(end) };
            let edit = Edit::SlowPassage { passage: Slowed { range, factor }, sound: sound.clone() };
            assert_eq!(project.edited(&edit), Err(EditError::BadPassage), "{start} {end} {factor}");
        }
    }

    proptest! {
        #[test]
        fn there_and_back_is_where_it_was(start in 0.0..50.0, length in 0.1..20.0, speed in 0.5..0.99, time in 0.0..100.0) {
            let it = passage(start, start + length, speed);
            let there = it.forward(Seconds(time));
            prop_assert!((it.back(there).0 - time).abs() < 1e-9);
            prop_assert!(there.0 >= time);
            // Order is kept.
            prop_assert!(it.forward(Seconds(time + 0.01)) > there);
        }
    }
}
