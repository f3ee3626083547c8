//! Which keys would be others if a word were read another way.

use super::Score;
use crate::cueing::{Key, KeyFlag};
use crate::language::{Reading, ReadingSource, WordKind};
use std::ops::Range;

/// Puts [`KeyFlag::AmbiguousReading`] on the keys that change with another reading of their word. A word that the user
/// has read is settled; readings that differ in nothing the hand shows (a tone, a merged vowel) bother nobody.
///
/// `flat` holds the word of each phone from the first word of `range` on; phones of `keys` count from there.
pub(super) fn flag(score: &Score, range: Range<usize>, flat: &[usize], keys: &mut [Key]) {
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
            flag_word(score, stretch.clone(), word, flat, stretch_keys);
        }
        first_key += key_count;
        start = end + 1;
    }
}

/// A reading can change the keys of its word and those of this many phones beside it: a consonant is shown with the
/// vowel after it, or at the place of the second phone after it.
const REACH: usize = 4;

/// The words around one whose keys its reading can change, and some more, so that what the window cuts apart at its
/// edges is cut apart alike for every reading. Without it an hour of text without a comma would be gone through for
/// each of its words.
fn window(score: &Score, stretch: &Range<usize>, word: usize) -> Range<usize> {
    let phones = |word: usize| {
        let w = &score.utterance.words[word];
        w.syllables().iter().map(|s| s.phones.len()).sum::<usize>()
    };
    let (mut start, mut end) = (word, word + 1);
    let mut seen = 0;
    while start > stretch.start && seen < REACH {
        start -= 1;
        seen += phones(start);
    }
    seen = 0;
    while end < stretch.end && seen < REACH {
        seen += phones(end);
        end += 1;
    }
    start..end
}

fn flag_word(score: &Score, stretch: Range<usize>, word: usize, flat: &[usize], keys: &mut [Key]) {
    let w = &score.utterance.words[word];
    let Some(chosen) = w.readings.get(w.chosen) else { return };
    if w.readings.len() < 2 || chosen.source == ReadingSource::User || keys.is_empty() {
        return;
    }
    let window = window(score, &stretch, word);
    let first_phone = flat.partition_point(|w| *w < window.start);
    let own = score.keys(&score.sounds(window.clone(), None));
    for other in &w.readings {
        if same_phones(other, chosen) {
            continue;
        }
        let others = score.keys(&score.sounds(window.clone(), Some((word, other))));
        let same = |a: &Key, b: &Key| (a.shape, a.position) == (b.shape, b.position);
        let shorter = own.len().min(others.len());
        let before = own.iter().zip(&others).take_while(|(a, b)| same(a, b)).count();
        if before == own.len() && before == others.len() {
            continue;
        }
        let tails = own.iter().rev().zip(others.iter().rev()).take(shorter - before);
        let after = tails.take_while(|(a, b)| same(a, b)).count();
        // Where a key of the window stands among all keys: known by its phones, of which two keys of a diphthong have
        // the same.
        let place = |i: usize| match own.get(i) {
            Some(key) => {
                let twins = own[..i].iter().rev().take_while(|k| k.phones.start == key.phones.start).count();
                keys.partition_point(|k| k.phones.start < key.phones.start + first_phone) + twins
            }
            None => {
                own.last().map_or(0, |key| keys.partition_point(|k| k.phones.start <= key.phones.start + first_phone))
            }
        };
        // With the other reading all keys are these, `instead`, and these again.
        let (head, tail) = (place(before), place(own.len() - after));
        let instead = &others[before..others.len() - after];
        let count = head + instead.len() + keys.len() - tail;
        let with_other = |i: usize| match i.checked_sub(head) {
            None => &keys[i],
            Some(i) => instead.get(i).unwrap_or_else(|| &keys[tail + i - instead.len()]),
        };
        // In a run of equal keys what is the same goes on beyond the window.
        let shorter = keys.len().min(count);
        let mut before = head;
        while before < shorter && same(&keys[before], with_other(before)) {
            before += 1;
        }
        let mut after = (keys.len() - tail).min(shorter - before);
        while after < shorter - before && same(&keys[keys.len() - 1 - after], with_other(count - 1 - after)) {
            after += 1;
        }
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
