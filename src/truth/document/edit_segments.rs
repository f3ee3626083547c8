//! Edits of segments themselves: splitting, merging, moving boundaries together, tapping times, pasting cues.
//!
//! Splitting or merging phones changes the reading of their word, so keys follow by the rules; what the user changed
//! of other keys stays. All but splitting and merging words is carried out in place (`edit/segments.rs`).

use super::edit::{EditError, SHORTEST_PHONE};
use super::marks::{MarkId, Marks, Mask};
use super::{KeyId, PhoneTime, Project, derive, lexicon};
use crate::cueing::{HandShape, Movement, Position};
use crate::language::{self, Reading, ReadingSource, Syllable, Word, WordKind};
use crate::time::{Seconds, TimeRange};
use std::ops::Range;

/// Boundaries closer than this stand at the same time.
pub const SAME_TIME: Seconds = Seconds(0.000_5);
/// The shortest a mask can be made by splitting or dragging.
pub const SHORTEST_MASK: Seconds = Seconds(0.010);

/// What is copied of a key and pasted over another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CopiedCue {
    pub shape: HandShape,
    pub position: Position,
    /// `None` when the source says nothing of it, as in notation.
    pub movement: Option<Option<Movement>>,
    /// Offsets in seconds of m1, m2, d1, d2 from what the preset says; `None` when the source has none.
    pub shift: Option<[f64; 4]>,
}

/// Which parts of a cue are pasted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasteParts {
    pub shape: bool,
    pub place: bool,
    pub timing: bool,
}

impl PasteParts {
    pub const ALL: Self = Self { shape: true, place: true, timing: true };
}

/// The tiers whose boundaries move together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkedTiers {
    pub phones: bool,
    pub keys: bool,
    pub masks: bool,
    pub markers: bool,
}

impl LinkedTiers {
    pub const ALL: Self = Self { phones: true, keys: true, masks: true, markers: true };
}

/// One wish about segments.
#[derive(Clone, Debug, PartialEq)]
pub enum SegmentEdit {
    /// Two phones of the same symbol, before and after `at`.
    SplitPhone {
        phone: usize,
        at: Seconds,
    },
    /// A phone takes in the next one of its word.
    MergePhones {
        phone: usize,
    },
    /// Two words, the second from character `at_char` of the text on; both are read anew.
    SplitWord {
        word: usize,
        at_char: usize,
    },
    /// A word takes in the next one; the whole is read anew.
    MergeWords {
        word: usize,
    },
    SplitMask {
        mask: MarkId,
        at: Seconds,
    },
    /// One mask over the stretch and the parts of all.
    MergeMasks(Vec<MarkId>),
    /// Everything that begins or ends at `at` goes to `to`.
    MoveBoundaries {
        at: Seconds,
        to: Seconds,
        tiers: LinkedTiers,
    },
    /// One edge of a phone without its neighbour: a pause opens or closes.
    MoveEdgeAlone {
        phone: usize,
        start: bool,
        to: Seconds,
    },
    /// The sounds of the keys from `first` on begin at these times, in order; what lies between is stretched.
    RetimeKeys {
        first: KeyId,
        onsets: Vec<Seconds>,
    },
    /// The cues over the keys from `from` on.
    PasteCues {
        from: KeyId,
        cues: Vec<CopiedCue>,
        parts: PasteParts,
    },
}

/// Why an edit of segments was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SegmentError {
    #[error("the cut must lie inside the segment, at least 10 ms from its ends")]
    CutOutside,
    #[error("the next sound belongs to another word; merge the words first")]
    OtherWord,
    #[error("there is nothing after it to merge with")]
    NothingAfter,
    #[error("a word is cut between two of its letters")]
    CutWord,
    #[error("a mark of punctuation stands between the words")]
    BreakBetween,
    #[error("select two masks or more to merge them")]
    TooFewMasks,
    #[error("there are no cues to paste")]
    NoCues,
}

impl SegmentEdit {
    /// Name of the step in the history, sentence case.
    pub fn name(&self) -> &'static str {
        match self {
            Self::SplitPhone { .. } => "Split sound",
            Self::MergePhones { .. } => "Merge sounds",
            Self::SplitWord { .. } => "Split word",
            Self::MergeWords { .. } => "Merge words",
            Self::SplitMask { .. } => "Split mask",
            Self::MergeMasks(_) => "Merge masks",
            Self::MoveBoundaries { .. } => "Move boundaries together",
            Self::MoveEdgeAlone { .. } => "Move sound edge",
            Self::RetimeKeys { .. } => "Tap times",
            Self::PasteCues { .. } => "Paste cues",
        }
    }

    /// Carries out what changes which words there are, without what follows from it. Keys and times are to be derived.
    pub(super) fn apply(&self, project: &mut Project) -> Result<(), EditError> {
        match self {
            Self::SplitWord { word, at_char } => split_word(project, *word, *at_char),
            Self::MergeWords { word } => merge_words(project, *word),
            // Done in place, around the spot.
            Self::SplitPhone { .. }
            | Self::MergePhones { .. }
            | Self::SplitMask { .. }
            | Self::MergeMasks(_)
            | Self::MoveBoundaries { .. }
            | Self::MoveEdgeAlone { .. }
            | Self::RetimeKeys { .. }
            | Self::PasteCues { .. } => Ok(()),
        }
    }
}

fn any_key_locked(project: &Project, words: Range<usize>) -> bool {
    project.tiers.keys.iter().any(|k| k.locked && words.contains(&k.rule.word))
}

/// Gives a word a reading of other syllables and chooses it.
fn read_as(word: &mut Word, syllables: Vec<Syllable>) {
    let symbols: Vec<&str> = syllables.iter().flat_map(|s| &s.phones).map(|p| p.symbol.as_str()).collect();
    let label = symbols.join(" ");
    word.chosen = word.readings.iter().position(|r| r.syllables == syllables).unwrap_or_else(|| {
        word.readings.push(Reading { label, syllables, source: ReadingSource::User });
        word.readings.len() - 1
    });
}

fn set_by_hand(start: Seconds, end: Seconds) -> PhoneTime {
    PhoneTime { start, end, confidence: 1.0, fixed: true }
}

/// Syllable within the word and place within the syllable of the sound that stands `offset` sounds behind the word's
/// first.
fn locate(word: &Word, offset: usize) -> Option<(usize, usize)> {
    let mut at = 0;
    for (s, syllable) in word.syllables().iter().enumerate() {
        if offset < at + syllable.phones.len() {
            return Some((s, offset - at));
        }
        at += syllable.phones.len();
    }
    None
}

/// A word with a sound twice in a row, and the times of all its sounds then: the sound at `offset` is cut at `at`.
/// `times` are those of the sounds it has.
pub(super) fn split_phone(
    word: &Word,
    times: &[PhoneTime],
    offset: usize,
    at: Seconds,
) -> Result<(Word, Vec<PhoneTime>), EditError> {
    let (syllable, place) = locate(word, offset).ok_or(EditError::NoPhone)?;
    let time = *times.get(offset).ok_or(EditError::NoPhone)?;
    if at - time.start < SHORTEST_PHONE || time.end - at < SHORTEST_PHONE {
        return Err(SegmentError::CutOutside.into());
    }
    let mut syllables = word.syllables().to_vec();
    let twin = syllables[syllable].phones[place].clone();
    syllables[syllable].phones.insert(place + 1, twin);
    let (mut new, mut times) = (word.clone(), times.to_vec());
    read_as(&mut new, syllables);
    times.splice(offset..=offset, [set_by_hand(time.start, at), set_by_hand(at, time.end)]);
    Ok((new, times))
}

/// A word whose sound at `offset` has taken in the next one, and the times of its sounds then.
pub(super) fn merge_phones(
    word: &Word,
    times: &[PhoneTime],
    offset: usize,
) -> Result<(Word, Vec<PhoneTime>), EditError> {
    let (syllable, place) = locate(word, offset).ok_or(EditError::NoPhone)?;
    let (next_syllable, next_place) = locate(word, offset + 1).ok_or(SegmentError::OtherWord)?;
    let (Some(a), Some(b)) = (times.get(offset), times.get(offset + 1)) else { return Err(EditError::NoPhone) };
    let whole = set_by_hand(a.start, b.end);
    let mut syllables = word.syllables().to_vec();
    syllables[next_syllable].phones.remove(next_place);
    if syllables[next_syllable].phones.is_empty() && next_syllable != syllable {
        syllables.remove(next_syllable);
    }
    debug_assert!(place < syllables[syllable].phones.len());
    let (mut new, mut times) = (word.clone(), times.to_vec());
    read_as(&mut new, syllables);
    times.splice(offset..=offset + 1, [whole]);
    Ok((new, times))
}

/// Words of one piece of text, each with the same place in the source; never empty.
fn read_piece(project: &Project, text: &str, source: Range<usize>) -> Vec<Word> {
    let read = language::read(text, project.language(), &project.settings.reading, None);
    let mut words: Vec<Word> = read.words.into_iter().filter(|w| w.kind != WordKind::Break).collect();
    for word in &mut words {
        word.source = source.clone();
    }
    lexicon::apply(&mut words, &project.settings.lexicon);
    if words.is_empty() {
        let kind = WordKind::Unknown;
        words.push(Word { text: text.to_owned(), source, kind, readings: Vec::new(), chosen: 0 });
    }
    words
}

fn count_phones(words: &[Word]) -> usize {
    words.iter().flat_map(Word::syllables).map(|s| s.phones.len()).sum()
}

/// The time of some phones, or the gap where they would stand.
fn room_of(project: &Project, phones: &Range<usize>) -> TimeRange {
    let all = &project.tiers.phones;
    match all.get(phones.clone()) {
        Some([first, .., last]) => TimeRange::new(first.start, last.end),
        Some([only]) => only.range(),
        _ => {
            let before = phones.start.checked_sub(1).and_then(|i| all.get(i)).map_or(Seconds::ZERO, |p| p.end);
            let after = all.get(phones.end).map_or(project.sound.length, |p| p.start);
            TimeRange::new(before, after.max(before))
        }
    }
}

/// Puts `new` words in the place of `old` ones, with times for their phones.
fn replace_words(project: &mut Project, old: Range<usize>, new: Vec<Word>) {
    let ranges = project.word_phones();
    let phones = ranges[old.start].start..ranges[old.end - 1].end;
    let room = room_of(project, &phones);
    let classes: Vec<_> = new.iter().flat_map(Word::syllables).flat_map(|s| &s.phones).map(|p| p.class).collect();
    let (was, is) = (old.len() as isize, new.len() as isize);
    // Keys are known again by their word: those behind move with it.
    let first_of_second = phones.start + count_phones(&new[..1]);
    for key in &mut project.tiers.keys {
        if key.rule.word >= old.end {
            key.rule.word = key.rule.word.saturating_add_signed(is - was);
        } else if key.rule.word >= old.start {
            let second = is > 1 && key.rule.phones.start >= first_of_second;
            key.rule.word = old.start + usize::from(second);
        }
    }
    // The words themselves are read anew, those behind keep the tones that the user gave them.
    project.marks.tones.retain(|t| !old.contains(&t.word));
    for tone in project.marks.tones.iter_mut().filter(|t| t.word >= old.end) {
        tone.word = tone.word.saturating_add_signed(is - was);
    }
    project.tiers.utterance.words.splice(old, new);
    if classes.len() != phones.len() {
        let times = derive::spread(room, &classes);
        project.tiers.phones.splice(phones, times);
    }
}

fn split_word(project: &mut Project, word: usize, at_char: usize) -> Result<(), EditError> {
    let slot = project.tiers.utterance.words.get(word).ok_or(EditError::NoReading)?;
    let cut = slot.text.char_indices().nth(at_char).map(|(byte, _)| byte);
    let cut = cut.filter(|byte| *byte > 0 && slot.kind != WordKind::Break).ok_or(SegmentError::CutWord)?;
    if any_key_locked(project, word..word + 1) {
        return Err(EditError::Locked);
    }
    let source = slot.source.clone();
    let middle = (source.start + cut).min(source.end);
    let (left, right) = (slot.text[..cut].trim().to_owned(), slot.text[cut..].trim().to_owned());
    if left.is_empty() || right.is_empty() {
        return Err(SegmentError::CutWord.into());
    }
    let syllables = slot.syllables().to_vec();
    let one_each = syllables.len() == slot.text.chars().count();
    let mut words = read_piece(project, &left, source.start..middle);
    words.extend(read_piece(project, &right, middle..source.end));
    if let ([first, second], true) = (words.as_mut_slice(), one_each) {
        // Where each letter is a syllable the sounds are known: 行 of 银行 stays háng, whatever it is on its own.
        for (word, part) in [(first, &syllables[..at_char]), (second, &syllables[at_char..])] {
            read_as(word, part.to_vec());
            word.kind = WordKind::Spoken;
        }
    }
    replace_words(project, word..word + 1, words);
    Ok(())
}

fn merge_words(project: &mut Project, word: usize) -> Result<(), EditError> {
    let words = &project.tiers.utterance.words;
    let left = words.get(word).ok_or(EditError::NoReading)?;
    let right = words.get(word + 1).ok_or(SegmentError::NothingAfter)?;
    if left.kind == WordKind::Break || right.kind == WordKind::Break {
        return Err(SegmentError::BreakBetween.into());
    }
    if any_key_locked(project, word..word + 2) {
        return Err(EditError::Locked);
    }
    let source = left.source.start.min(right.source.start)..right.source.end.max(left.source.end);
    // What stands between the words in the text stays: "New York" keeps its space.
    let gap = project.source_text.get(left.source.end..right.source.start).unwrap_or("");
    let gap = if gap.chars().all(char::is_whitespace) && !gap.is_empty() { " " } else { "" };
    let text = format!("{}{gap}{}", left.text, right.text);
    let both: Vec<Syllable> = left.syllables().iter().chain(right.syllables()).cloned().collect();
    let mut read = read_piece(project, &text, source.clone());
    let mut merged = if read.len() == 1 && read[0].kind == WordKind::Spoken {
        read.remove(0)
    } else {
        Word { text: text.clone(), source, kind: WordKind::Unknown, readings: Vec::new(), chosen: 0 }
    };
    merged.text = text;
    if merged.readings.is_empty() {
        if !both.is_empty() {
            merged.kind = WordKind::Spoken;
            read_as(&mut merged, both);
        }
    } else if !both.is_empty() {
        // The readings that the parts had stay within reach.
        let best = merged.chosen;
        read_as(&mut merged, both);
        merged.chosen = best;
    }
    replace_words(project, word..word + 2, vec![merged]);
    Ok(())
}

/// The mask that some masks make together.
pub(super) fn merged_masks(marks: &Marks, ids: &[MarkId]) -> Result<Mask, EditError> {
    let found: Vec<&Mask> = marks.masks.iter().filter(|m| ids.contains(&m.id)).collect();
    if found.len() < 2 {
        return Err(SegmentError::TooFewMasks.into());
    }
    if found.iter().any(|m| m.locked) {
        return Err(EditError::LockedMask);
    }
    let mut whole = found[0].clone();
    for mask in &found[1..] {
        whole.range = TimeRange::new(whole.range.start.min(mask.range.start), whole.range.end.max(mask.range.end));
        whole.parts = whole.parts.union(mask.parts);
        whole.halo = whole.halo.max(mask.halo);
        // A take reaches as far as the mask it was made for: only halves of one mask keep what they show.
        if mask.accepted != whole.accepted {
            whole.accepted.clear();
        }
    }
    Ok(whole)
}

/// Whether two boundaries stand at the same time.
pub(super) fn same_time(a: Seconds, b: Seconds) -> bool {
    (a - b).0.abs() <= SAME_TIME.0
}

/// The times of all phones that follow when the sounds of the keys from `index` on begin at `onsets`.
pub(super) fn retimed(
    project: &Project,
    index: usize,
    onsets: &[Seconds],
) -> Result<Vec<(usize, PhoneTime)>, EditError> {
    // The second key of a diphthong shares the phone of the first: it has no onset of its own.
    let following = project.tiers.keys[index..].iter().take(onsets.len() * 2 + 2);
    let mut starts: Vec<usize> = following.map(|k| k.rule.phones.start).collect();
    starts.dedup();
    let count = starts.len().min(onsets.len());
    let Some(&last) = count.checked_sub(1).and_then(|i| starts.get(i)) else { return Ok(Vec::new()) };
    let old = &project.tiers.phones;
    let after_last = starts.get(count).copied().unwrap_or(old.len());
    let least = |n: usize| Seconds(SHORTEST_PHONE.0 * n as f64);
    // The last of the sounds keeps its length where there is room before the next.
    let wall = old.get(after_last).map_or(project.sound.length, |p| p.start);
    let floor = starts[0].checked_sub(1).map_or(Seconds::ZERO, |i| old[i].start + SHORTEST_PHONE);
    let mut times: Vec<Seconds> = Vec::with_capacity(count + 1);
    for i in 0..count {
        let low = match times.last() {
            Some(before) => *before + least(starts[i] - starts[i - 1]),
            None => floor,
        };
        let high = wall - least(after_last - starts[i]);
        times.push(onsets[i].max(low).min(high.max(low)));
    }
    let own_length = old[after_last - 1].end - old[last].start;
    let end = (times[count - 1] + own_length).min(wall.max(times[count - 1] + least(after_last - last)));
    times.push(end);
    if times.windows(2).any(|t| t[1] <= t[0]) || end.0 > wall.0.max(project.sound.length.0) + 1e-9 {
        return Err(EditError::BadTime);
    }
    let mut out = Vec::new();
    for i in 0..count {
        let next = if i + 1 < count { starts[i + 1] } else { after_last };
        let from = old[starts[i]].start;
        let until = if i + 1 < count { old[next].start } else { old[next - 1].end };
        let (new_from, new_until) = (times[i], times[i + 1]);
        let factor = (new_until - new_from).0 / (until - from).0.max(1e-9);
        let map = |t: Seconds| Seconds(new_from.0 + (t - from).0 * factor).clamp(new_from, new_until);
        for (p, phone) in old.iter().enumerate().take(next).skip(starts[i]) {
            out.push((p, set_by_hand(map(phone.start), map(phone.end))));
        }
    }
    if let Some(before) = starts[0].checked_sub(1) {
        let touched = same_time(old[before].end, old[starts[0]].start);
        if touched || old[before].end > times[0] {
            out.push((before, set_by_hand(old[before].start, times[0])));
        }
    }
    Ok(out)
}
