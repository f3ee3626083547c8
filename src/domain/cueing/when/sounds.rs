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
    keys.iter().enumerate().map(|(i, key)| sound(key, keys.get(i + 1), phones, 0)).collect()
}

/// One key with the time of its sounds; `next` is the key after it, and `phones` are those of the flat sequence from
/// `first` on, as far as keys need them.
pub fn sound(key: &Key, next: Option<&Key>, phones: &[SoundedPhone], first: usize) -> KeySound {
    let (from, to) = (key.phones.start.saturating_sub(first), key.phones.end.saturating_sub(first));
    let last = phones.len().saturating_sub(1);
    let own = phones.get(from.min(last)..to.min(phones.len())).unwrap_or_default();
    let fallback = phones.get(from.min(last)).map_or(Seconds::ZERO, |p| p.time.end);
    let (a1, a3) = match (own.first(), own.last()) {
        (Some(a), Some(b)) => span(key, next, a.time, b.time),
        _ => (fallback, fallback),
    };
    KeySound {
        a1,
        a3,
        kind: kind_of(own),
        shape: key.shape,
        position: key.position,
        movement: key.movement,
        lead: Seconds::ZERO,
        pinned: None,
    }
}

/// Start and end of the sound of a key from the times of its first and its last phone.
pub fn span(key: &Key, next: Option<&Key>, first: TimeRange, last: TimeRange) -> (Seconds, Seconds) {
    let split = |time: TimeRange| Seconds(time.start.0 + FIRST_PLACEMENT * time.length().0);
    let glides = |k: &Key| k.movement == Some(Movement::Diphthong);
    let (mut a1, mut a3) = (first.start, last.end);
    if glides(key) {
        a1 = split(first);
    } else if next.is_some_and(|next| glides(next) && next.phones.start < key.phones.end) {
        // The two share a vowel, the last of this key's phones.
        a3 = split(last);
    }
    (a1, a3.max(a1))
}

fn kind_of(phones: &[SoundedPhone]) -> KeyKind {
    let has = |class| phones.iter().any(|p| p.class == class);
    match (has(PhoneClass::Consonant), has(PhoneClass::Vowel)) {
        (true, true) => KeyKind::ConsonantVowel,
        (true, false) => KeyKind::Consonant,
        _ => KeyKind::Vowel,
    }
}
