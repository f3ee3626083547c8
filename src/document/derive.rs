//! What follows from what: readings give keys, sounds and keys give times. Recomputed after each edit; what the user
//! changed or locked is carried over.

use super::{KeyEdits, KeyId, KeySegment, PhoneTime, Project};
use crate::cueing::chart::Chart;
use crate::cueing::what;
use crate::cueing::when::{self, KeySound, PlannedKey, SoundedPhone, TimingOptions};
use crate::cueing::{Key, KeyFlag, KeyTimes, Movement};
use crate::language::PhoneClass;
use crate::time::{Seconds, TimeRange};

/// Below this the alignment says that it is unsure of a phone.
pub const LOW_CONFIDENCE: f32 = 0.35;
/// Confidence of phones whose times were only spread over the time of their word.
pub const SPREAD_CONFIDENCE: f32 = 0.3;
/// A vowel lasts about this many times as long as a consonant when nothing better is known.
const VOWEL_WEIGHT: f64 = 1.6;

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
    let chart = Chart::builtin(project.language());
    let rules = what::keys(&project.tiers.utterance, chart, &project.settings.switches);
    let symbols: Vec<String> = project.tiers.utterance.phones().map(|p| p.phone.symbol.clone()).collect();
    let mut old: Vec<Option<KeySegment>> = std::mem::take(&mut project.tiers.keys).into_iter().map(Some).collect();
    let mut first_free = 0;
    let mut made = Vec::with_capacity(rules.len());
    for rule in rules {
        let signature = &symbols[rule.phones.clone()];
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
            let id = KeyId(project.tiers.next_key);
            project.tiers.next_key += 1;
            KeySegment {
                id,
                signature: signature.to_vec(),
                rule,
                times: KeyTimes::default(),
                edits: KeyEdits::default(),
                locked: false,
                flags: Vec::new(),
                gloss: None,
            }
        }));
    }
    project.tiers.keys = made;
}

/// The sounds of all keys, as WHEN wants them.
fn key_sounds(project: &Project) -> Vec<KeySound> {
    let tiers = &project.tiers;
    let rules: Vec<Key> = tiers.keys.iter().map(|k| k.rule.clone()).collect();
    let phones: Vec<SoundedPhone> = tiers
        .utterance
        .phones()
        .zip(&tiers.phones)
        .map(|(p, t)| SoundedPhone { class: p.phone.class, time: t.range() })
        .collect();
    let mut sounds = when::sounds(&rules, &phones);
    for (sound, key) in sounds.iter_mut().zip(&tiers.keys) {
        sound.shape = key.shape();
        sound.position = key.position();
        sound.movement = key.movement();
    }
    sounds
}

/// The moves to all keys and back to rest, in order of time: what a generator performs.
pub fn plan(project: &Project) -> Vec<PlannedKey> {
    let settings = &project.settings;
    let options = TimingOptions {
        preset: settings.preset,
        lead: Seconds::from_millis(settings.lead_ms),
        ..TimingOptions::default()
    };
    let mut sounds = key_sounds(project);
    let end = project.sound.length;
    let touched = |k: &KeySegment| k.locked || k.edits.shift.iter().any(|s| *s != 0.0);
    if project.tiers.keys.iter().any(touched) {
        // The user's times are offsets from the preset's, so the preset goes first; then they are pinned and the
        // neighbours give way.
        let preset = when::times(&sounds, &options, settings.fps, end);
        for planned in preset {
            let Some(i) = planned.key else { continue };
            let key = &project.tiers.keys[i];
            if touched(key) {
                sounds[i].pinned = Some(if key.locked { key.times } else { shifted(planned.times, &key.edits.shift) });
            }
        }
    }
    when::times(&sounds, &options, settings.fps, end)
}

/// Times the moves of all keys by the project's preset, with the user's shifts over it.
pub fn times(project: &mut Project) {
    let plan = plan(project);
    let phones = &project.tiers.phones;
    for planned in plan {
        let Some(key) = planned.key.and_then(|i| project.tiers.keys.get_mut(i)) else { continue };
        key.times = planned.times;
        key.flags.clone_from(&key.rule.flags);
        let unsure = key.rule.phones.clone().any(|i| phones[i].confidence < LOW_CONFIDENCE);
        for flag in planned.flags.into_iter().chain(unsure.then_some(KeyFlag::LowConfidence)) {
            if !key.flags.contains(&flag) {
                key.flags.push(flag);
            }
        }
    }
}

/// The preset's times with the user's shifts; no move ends before it begins.
fn shifted(preset: KeyTimes, shift: &[f64; 4]) -> KeyTimes {
    let m1 = preset.m1 + Seconds(shift[0]);
    let d1 = preset.d1 + Seconds(shift[2]);
    let (m2, d2) = ((preset.m2 + Seconds(shift[1])).max(m1), (preset.d2 + Seconds(shift[3])).max(d1));
    KeyTimes { m1, m2, d1, d2, ..preset }
}
