//! What follows from what: readings give keys, sounds and keys give times. Recomputed after each edit; what the user
//! changed or locked is carried over.

use super::{KeyEdits, KeyId, KeySegment, PhoneTime, Project};
use crate::cueing::chart::Chart;
use crate::cueing::what;
use crate::cueing::when::{self, KeySound, SoundKind};
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
                        && (k.rule.movement == Some(Movement::Diphthong)) == (rule.movement == Some(Movement::Diphthong))
                })
            });
        let segment = match found {
            Some(i) => {
                first_free = i + 1;
                // `found` is a key that is there.
                old[i].take().map(|k| KeySegment { rule: rule.clone(), ..k })
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
            }
        }));
    }
    project.tiers.keys = made;
}

/// The stretch of sound of each key. The two keys of a diphthong share its phone, half each.
pub fn key_sounds(keys: &[&Key], phones: &[PhoneTime]) -> Vec<TimeRange> {
    keys.iter()
        .enumerate()
        .map(|(i, key)| {
            let (first, last) = (&phones[key.phones.start], &phones[key.phones.end - 1]);
            let half = |p: &PhoneTime| p.range().middle();
            let second = key.movement == Some(Movement::Diphthong);
            let start = if second { half(last) } else { first.start };
            let shares = keys.get(i + 1).is_some_and(|next| {
                next.movement == Some(Movement::Diphthong) && next.phones.start < key.phones.end
            });
            TimeRange::new(start, if shares { half(last) } else { last.end })
        })
        .collect()
}

/// Times the moves of all keys by the project's preset, with the user's shifts over it.
pub fn times(project: &mut Project) {
    let sounds = {
        let rules: Vec<&Key> = project.tiers.keys.iter().map(|k| &k.rule).collect();
        key_sounds(&rules, &project.tiers.phones)
    };
    let classes: Vec<PhoneClass> = project.tiers.utterance.phones().map(|p| p.phone.class).collect();
    let input: Vec<KeySound> = project
        .tiers
        .keys
        .iter()
        .zip(&sounds)
        .map(|(key, sound)| {
            let of = &classes[key.rule.phones.clone()];
            let kind = match (of.first(), of.last()) {
                (Some(PhoneClass::Consonant), Some(PhoneClass::Vowel)) => SoundKind::ConsonantVowel,
                (Some(PhoneClass::Consonant), _) => SoundKind::Consonant,
                _ => SoundKind::Vowel,
            };
            KeySound {
                a1: sound.start,
                a3: sound.end,
                kind,
                shape: key.shape(),
                position: key.position(),
                movement: key.movement(),
            }
        })
        .collect();
    let settings = &project.settings;
    let lead = Seconds::from_millis(settings.lead_ms);
    let timed = when::times(&input, settings.preset, lead, settings.fps, project.sound.length);
    let phones = &project.tiers.phones;
    // Where the key before has arrived with place and fingers, when that is not where its preset had it.
    let mut arrived: Option<(Seconds, Seconds)> = None;
    for (key, timed) in project.tiers.keys.iter_mut().zip(timed) {
        if key.locked {
            // The sound may have moved under a locked key; its hand stays.
            key.times = KeyTimes { a1: timed.times.a1, a3: timed.times.a3, ..key.times };
        } else {
            key.times = shifted(timed.times, &key.edits.shift, arrived);
        }
        arrived = (key.times != timed.times).then_some((key.times.m2, key.times.d2));
        key.flags.clone_from(&key.rule.flags);
        key.flags.extend(timed.flags.iter().filter(|f| !key.rule.flags.contains(f)));
        if key.times.m2 - key.times.a1 > when::LATEST && !key.flags.contains(&KeyFlag::Late) {
            key.flags.push(KeyFlag::Late);
        }
        let unsure = key.rule.phones.clone().any(|i| phones[i].confidence < LOW_CONFIDENCE);
        if unsure && !key.flags.contains(&KeyFlag::LowConfidence) {
            key.flags.push(KeyFlag::LowConfidence);
        }
    }
}

/// The preset's times with the user's shifts, kept in order: no move ends before it begins, and none begins before the
/// hand has arrived from a key that the user moved.
fn shifted(preset: KeyTimes, shift: &[f64; 4], arrived: Option<(Seconds, Seconds)>) -> KeyTimes {
    let (place, fingers) = arrived.unwrap_or((Seconds::ZERO, Seconds::ZERO));
    let m1 = (preset.m1 + Seconds(shift[0])).max(place);
    let m2 = (preset.m2 + Seconds(shift[1])).max(m1);
    let d1 = (preset.d1 + Seconds(shift[2])).max(fingers);
    let d2 = (preset.d2 + Seconds(shift[3])).max(d1);
    KeyTimes { m1, m2, d1, d2, ..preset }
}
