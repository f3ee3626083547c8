//! Which keys would be others if a word were read another way.

use super::Score;
use crate::cueing::{Key, KeyFlag};
use crate::language::{Reading, ReadingSource, WordKind};
use std::ops::Range;

/// Puts [`KeyFlag::AmbiguousReading`] on the keys that change with another reading of their word. A word that the user
/// has read is settled; readings that differ in nothing the hand shows (a tone, a merged vowel) bother nobody.
pub(super) fn flag(score: &Score, range: Range<usize>, keys: &mut [Key]) {
    let words = &score.utterance.words;
    let mut start = range.start;
    let mut first_key = 0;
    // From break to break: nothing beyond a break can change.
    while start < range.end {
        let spoken = &words[start..range.end];
        let end = spoken.iter().position(|w| w.kind != WordKind::Spoken).map_or(range.end, |n| start + n);
        let stretch = start..end;
        let key_count = keys[first_key..].iter().take_while(|k| k.word < end).count();
        let stretch_keys = &mut keys[first_key..first_key + key_count];
        for word in stretch.clone() {
            flag_word(score, stretch.clone(), word, stretch_keys);
        }
        first_key += key_count;
        start = end + 1;
    }
}

fn flag_word(score: &Score, stretch: Range<usize>, word: usize, keys: &mut [Key]) {
    let w = &score.utterance.words[word];
    let Some(chosen) = w.readings.get(w.chosen) else { return };
    if w.readings.len() < 2 || chosen.source == ReadingSource::User || keys.is_empty() {
        return;
    }
    for other in &w.readings {
        if same_phones(other, chosen) {
            continue;
        }
        let sounds = score.sounds(stretch.clone(), Some((word, other)));
        let others = score.keys(&sounds);
        let same = |(a, b): &(&Key, &Key)| (a.shape, a.position) == (b.shape, b.position);
        let before = keys.iter().zip(&others).take_while(same).count();
        let shorter = keys.len().min(others.len());
        if before == keys.len() && before == others.len() {
            continue;
        }
        let after = keys.iter().rev().zip(others.iter().rev()).take(shorter - before).take_while(same).count();
        let changed = before..keys.len() - after;
        if changed.is_empty() {
            // The other reading only adds a key: the one of this word that stands next to it is marked.
            let near = [before.checked_sub(1), Some(before)];
            let own = near.into_iter().flatten().find(|i| keys.get(*i).is_some_and(|k| k.word == word));
            keys[own.unwrap_or(before.min(keys.len() - 1))].flags.push(KeyFlag::AmbiguousReading);
        }
        for key in &mut keys[changed] {
            key.flags.push(KeyFlag::AmbiguousReading);
        }
    }
}

fn same_phones(a: &Reading, b: &Reading) -> bool {
    let phones = |r: &'_ Reading| r.syllables.iter().map(|s| s.phones.len()).sum::<usize>();
    phones(a) == phones(b)
        && a.syllables.len() == b.syllables.len()
        && a.syllables.iter().zip(&b.syllables).all(|(x, y)| x.phones == y.phones)
}
