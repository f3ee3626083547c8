//! Brings keys and the times of phones together.

use super::super::{Key, Movement};
use super::{KeyKind, KeySound};
use crate::language::PhoneClass;
use crate::time::{Seconds, TimeRange};

/// A phone of the flat sequence with its time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SoundedPhone {
    pub class: PhoneClass,
    pub time: TimeRange,
}

/// The share of a diphthong that belongs to its first placement: the glide begins before the middle.
const FIRST_PLACEMENT: f64 = 0.45;

/// The keys with the times of their sounds; `phones` is the flat sequence that [`Key::phones`] refers to. The two keys
/// of a diphthong share its vowel. A key whose phones are not there gets the time of the phone before.
pub fn sounds(keys: &[Key], phones: &[SoundedPhone]) -> Vec<KeySound> {
    keys.iter()
        .enumerate()
        .map(|(i, key)| {
            let last = phones.len().saturating_sub(1);
            let own = phones.get(key.phones.start.min(last)..key.phones.end.min(phones.len())).unwrap_or_default();
            let kind = kind_of(own);
            let fallback = phones.get(key.phones.start.min(last)).map_or(Seconds::ZERO, |p| p.time.end);
            let mut a1 = own.first().map_or(fallback, |p| p.time.start);
            let mut a3 = own.last().map_or(fallback, |p| p.time.end);
            let split =
                |p: Option<&SoundedPhone>| p.map(|p| Seconds(p.time.start.0 + FIRST_PLACEMENT * p.time.length().0));
            let glides = |k: &Key| k.movement == Some(Movement::Diphthong);
            if glides(key) {
                a1 = split(own.first()).unwrap_or(a1);
            } else if keys.get(i + 1).is_some_and(|next| glides(next) && next.phones.end == key.phones.end) {
                a3 = split(own.last()).unwrap_or(a3);
            }
            KeySound {
                a1,
                a3: a3.max(a1),
                kind,
                shape: key.shape,
                position: key.position,
                movement: key.movement,
                lead: Seconds::ZERO,
                pinned: None,
            }
        })
        .collect()
}

fn kind_of(phones: &[SoundedPhone]) -> KeyKind {
    let has = |class| phones.iter().any(|p| p.class == class);
    match (has(PhoneClass::Consonant), has(PhoneClass::Vowel)) {
        (true, true) => KeyKind::ConsonantVowel,
        (true, false) => KeyKind::Consonant,
        _ => KeyKind::Vowel,
    }
}
