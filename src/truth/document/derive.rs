//! What follows from what: readings give keys, sounds and keys give times.
//!
//! Everything can be derived at once ([`keys`], [`times`]: new projects, other settings), or only around a change:
//! keys depend on the words from break to break, times on the phrase between two silences in which the hand goes to
//! rest. Both ways give the same to the bit; a test of random edits holds them to it. What the user changed or locked
//! is carried over.

use super::cues::{self, CueEntry};
use super::index::Index;
use super::{KeyId, KeySegment, PhoneTime, Project};
use crate::cueing::what;
use crate::cueing::when::{self, KeySound, PlannedKey, SoundedPhone, TimingOptions, Until};
use crate::cueing::{Key, KeyFlag, KeyTimes, Movement};
use crate::language::PhoneClass;
use crate::time::{Seconds, TimeRange};
use std::ops::Range;

/// Below this the alignment says that it is unsure of a phone.
pub const LOW_CONFIDENCE: f32 = 0.35;
/// Confidence of phones whose times were only spread over the time of their word.
pub const SPREAD_CONFIDENCE: f32 = 0.3;
/// A vowel lasts about this many times as long as a consonant when nothing better is known.
const VOWEL_WEIGHT: f64 = 1.6;
/// The presets scale by the mean length of a key, rounded to this (seconds): a hundredth of a second moves no hand
/// that anyone could see, and so one sound made longer does not shift every key of two hours by a microsecond.
const MEAN_STEP: f64 = 0.01;

/// Times for phones of which only the stretch that they fill together is known.
pub fn spread(room: TimeRange, classes: &[PhoneClass]) -> Vec<PhoneTime> {
    let weight = |c: &PhoneClass| if *c == PhoneClass::Vowel { VOWEL_WEIGHT } else { 1.0 };
    let total: f64 = classes.iter().map(weight).sum();
    let mut at = 0.0;
    let place = |w: f64| Seconds(room.start.0 + room.length().0 * w / total.max(1e-9));
    classes
        .iter()
        .map(|c| {
            let start = place(at);
            at += weight(c);
            PhoneTime { start, end: place(at), confidence: SPREAD_CONFIDENCE, fixed: false }
        })
        .collect()
}

/// Makes the keys anew from the readings. A key that was there before, of the same word and the same sounds, keeps
/// its name, its lock and what the user changed of it.
pub fn keys(project: &mut Project) {
    let rules = what::keys(&project.tiers.utterance, project.chart(), &project.settings.switches);
    let symbols: Vec<&str> = project.tiers.utterance.phones().map(|p| p.phone.symbol.as_str()).collect();
    let old = std::mem::take(&mut project.tiers.keys);
    let own = &project.settings.cues;
    project.tiers.keys = carried_over(old, rules, &symbols, 0, own, &mut project.tiers.next_key);
}

/// The keys of the words `words`, which are whole stretches ([`what::stretch`]), made anew; `old` are those there are.
pub(super) fn keys_of(
    project: &mut Project,
    index: &Index,
    words: Range<usize>,
    old: Vec<KeySegment>,
) -> Vec<KeySegment> {
    let first = index.phones_of(words.start).map_or(0, |p| p.start);
    let utterance = &project.tiers.utterance;
    let rules = what::keys_of(utterance, words.clone(), first, project.chart(), &project.settings.switches);
    let phones = utterance.words[words].iter().flat_map(|w| w.syllables()).flat_map(|s| &s.phones);
    let symbols: Vec<&str> = phones.map(|p| p.symbol.as_str()).collect();
    carried_over(old, rules, &symbols, first, &project.settings.cues, &mut project.tiers.next_key)
}

/// Keys as the rules make them, each with what is known of the old key of the same word and sounds. `symbols` are those
/// of the phones from `first` on; `own` is what the project remembers of keys that are new.
fn carried_over(
    old: Vec<KeySegment>,
    rules: Vec<Key>,
    symbols: &[&str],
    first: usize,
    own: &[CueEntry],
    next_key: &mut u64,
) -> Vec<KeySegment> {
    let mut old: Vec<Option<KeySegment>> = old.into_iter().map(Some).collect();
    let mut first_free = 0;
    let mut made = Vec::with_capacity(rules.len());
    for rule in rules {
        let signature = &symbols[rule.phones.start - first..rule.phones.end - first];
        // Keys stay in order, so the search goes on from the first old key not taken, and only within the word.
        let found = (first_free..old.len())
            .take_while(|i| old[*i].as_ref().is_none_or(|k| k.rule.word <= rule.word))
            .find(|i| {
                old[*i].as_ref().is_some_and(|k| {
                    k.rule.word == rule.word
                        && k.signature == signature
                        && (k.rule.movement == Some(Movement::Diphthong))
                            == (rule.movement == Some(Movement::Diphthong))
                })
            });
        let segment = match found {
            Some(i) => {
                first_free = i + 1;
                // `found` is a key that is there.
                old[i].take().map(|mut k| {
                    let before = (k.shape(), k.position(), k.movement());
                    k.rule = rule.clone();
                    if k.locked {
                        // Another chart or rule leaves it as it was locked.
                        k.edits.shape = Some(before.0).filter(|s| *s != rule.shape);
                        k.edits.position = Some(before.1).filter(|p| *p != rule.position);
                        k.edits.movement = Some(before.2).filter(|m| *m != rule.movement);
                    }
                    if before != (k.shape(), k.position(), k.movement()) {
                        // The user's words were about another cue.
                        k.gloss = None;
                    }
                    k
                })
            }
            None => None,
        };
        made.push(segment.unwrap_or_else(|| {
            let id = KeyId(*next_key);
            *next_key += 1;
            let signature: Vec<String> = signature.iter().map(|s| (*s).to_owned()).collect();
            KeySegment {
                id,
                edits: cues::edits_of(own, &signature, &rule),
                signature,
                rule,
                times: KeyTimes::default(),
                locked: false,
                flags: Vec::new(),
                gloss: None,
            }
        }));
    }
    made
}

/// Start and end of the sound of key `i`.
fn span(project: &Project, i: usize) -> (Seconds, Seconds) {
    let keys = &project.tiers.keys;
    let time = |phone: usize| project.tiers.phones.get(phone).map_or_else(TimeRange::default, |p| p.range());
    let rule = &keys[i].rule;
    when::span(rule, keys.get(i + 1).map(|k| &k.rule), time(rule.phones.start), time(rule.phones.end.saturating_sub(1)))
}

/// How the moves of a project are timed: its preset and lead, scaled by the mean length of its keys.
fn options(project: &Project) -> TimingOptions {
    let mut mean = (0.0, 0_usize);
    for i in 0..project.tiers.keys.len() {
        let (a1, a3) = span(project, i);
        if a3 > a1 {
            mean = (mean.0 + (a3 - a1).0, mean.1 + 1);
        }
    }
    let mean_key = (mean.1 > 0).then(|| Seconds((mean.0 / mean.1 as f64 / MEAN_STEP).round() * MEAN_STEP));
    // What a damaged file says is held within what makes sense.
    let rest = project.settings.rest_after;
    let rest = if rest.is_finite() { rest.clamp(0.3, 60.0) } else { super::Settings::default().rest_after };
    TimingOptions {
        preset: project.settings.preset,
        lead: Seconds::from_millis(project.settings.lead_ms),
        mean_key,
        neutral_shape_after: Seconds(rest * 2.0 / 3.0),
        neutral_position_after: Seconds(rest),
        ..TimingOptions::default()
    }
}

/// The timing of a project as it is now, to time phrases with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Timing {
    options: TimingOptions,
}

impl Timing {
    pub fn of(project: &Project) -> Self {
        Self { options: options(project) }
    }

    /// The phrase that key `i` belongs to, as indices of keys.
    pub fn phrase(&self, project: &Project, i: usize) -> Range<usize> {
        let count = project.tiers.keys.len();
        let begins = |k: usize| when::begins_phrase(span(project, k - 1).1, span(project, k).0, &self.options);
        let start = (1..=i.min(count)).rev().find(|k| *k < count && begins(*k)).unwrap_or(0);
        let end = (i + 1..count).find(|k| begins(*k)).unwrap_or(count);
        start..end
    }

    /// The plan of the keys of one phrase and of the return to rest after it; indices of keys are those of the project.
    pub fn plan(&self, project: &Project, classes: &[PhoneClass], phrase: Range<usize>) -> Vec<PlannedKey> {
        let keys = &project.tiers.keys[phrase.clone()];
        let (Some(first), Some(last)) = (keys.first(), keys.last()) else { return Vec::new() };
        let phones = first.rule.phones.start..last.rule.phones.end;
        let classes = classes.get(phones.clone()).unwrap_or_default();
        let times = project.tiers.phones.get(phones.clone()).unwrap_or_default();
        let sounding: Vec<SoundedPhone> =
            classes.iter().zip(times).map(|(class, t)| SoundedPhone { class: *class, time: t.range() }).collect();
        let mut sounds: Vec<KeySound> = keys
            .iter()
            .enumerate()
            .map(|(i, key)| {
                let next = project.tiers.keys.get(phrase.start + i + 1).map(|k| &k.rule);
                let sound = when::sound(&key.rule, next, &sounding, phones.start);
                KeySound { shape: key.shape(), position: key.position(), movement: key.movement(), ..sound }
            })
            .collect();
        let until = match phrase.end < project.tiers.keys.len() {
            true => Until::Phrase(span(project, phrase.end).0),
            false => Until::End(project.sound.length),
        };
        let fps = project.settings.fps;
        let touched = |k: &KeySegment| k.locked || k.edits.shift.iter().any(|s| *s != 0.0);
        if keys.iter().any(touched) {
            // The user's times are offsets from the preset's, so the preset goes first; then they are pinned and the
            // neighbours give way.
            for planned in when::phrase_times(&sounds, &self.options, fps, until) {
                let Some(i) = planned.key else { continue };
                let key = &keys[i];
                if touched(key) {
                    let set = if key.locked { key.times } else { shifted(planned.times, &key.edits.shift) };
                    sounds[i].pinned = Some(set);
                }
            }
        }
        let mut plan = when::phrase_times(&sounds, &self.options, fps, until);
        for planned in &mut plan {
            planned.key = planned.key.map(|i| i + phrase.start);
        }
        plan
    }
}

/// The moves to all keys and back to rest, in order of time: what a generator performs.
pub fn plan(project: &Project) -> Vec<PlannedKey> {
    let classes: Vec<PhoneClass> = project.tiers.utterance.phones().map(|p| p.phone.class).collect();
    let timing = Timing::of(project);
    let mut plan = Vec::with_capacity(project.tiers.keys.len() + 16);
    let mut at = 0;
    while at < project.tiers.keys.len() {
        let phrase = timing.phrase(project, at);
        let mut planned = timing.plan(project, &classes, phrase.start.max(at)..phrase.end);
        if let (Some(rest), Some(after)) = (plan.last_mut(), planned.first()) {
            when::give_way(rest, after);
        }
        plan.append(&mut planned);
        at = phrase.end;
    }
    plan
}

/// Times the moves of all keys by the project's preset, with the user's shifts over it.
pub fn times(project: &mut Project) {
    for planned in plan(project) {
        let Some(i) = planned.key else { continue };
        let flags = flags(project, &project.tiers.keys[i], &planned.flags);
        let key = &mut project.tiers.keys[i];
        (key.times, key.flags) = (planned.times, flags);
    }
}

/// The flags of a key: those of its rule, those of its timing, and whether the alignment is unsure of it.
pub(super) fn flags(project: &Project, key: &KeySegment, timing: &[KeyFlag]) -> Vec<KeyFlag> {
    let mut flags = key.rule.flags.clone();
    let phones = project.tiers.phones.get(key.rule.phones.clone()).unwrap_or_default();
    let unsure = phones.iter().any(|p| p.confidence < LOW_CONFIDENCE);
    for flag in timing.iter().copied().chain(unsure.then_some(KeyFlag::LowConfidence)) {
        if !flags.contains(&flag) {
            flags.push(flag);
        }
    }
    flags
}

/// The preset's times with the user's shifts; no move ends before it begins.
fn shifted(preset: KeyTimes, shift: &[f64; 4]) -> KeyTimes {
    let m1 = preset.m1 + Seconds(shift[0]);
    let d1 = preset.d1 + Seconds(shift[2]);
    let (m2, d2) = ((preset.m2 + Seconds(shift[1])).max(m1), (preset.d2 + Seconds(shift[3])).max(d1));
    KeyTimes { m1, m2, d1, d2, ..preset }
}
