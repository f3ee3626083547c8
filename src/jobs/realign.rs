//! "Re-align around": sounds are found again in the recording, between the boundaries that the user has set by hand.
//!
//! What is found again are whole words around those that are meant, as far as the next pause on both sides. Their part
//! of the text is spoken as a reference, and only their part of the recording is listened to: some hundredths of a
//! second, however long the project is.

use super::draft::ANALYSIS_RATE;
use crate::document::edit::Edit;
use crate::document::index::Index;
use crate::document::{PhoneTime, Project, SoundOrigin, anchors};
use crate::language::WordKind;
use crate::media::AudioBuffer;
use crate::speech::{self, Edges, Mono, SpeechError, TimedPhone};
use crate::time::{Seconds, TimeRange};
use std::ops::Range;

/// A silence between two words that is as long as this ends a stretch, seconds.
const PAUSE: f64 = 0.25;
/// Words at most to either side of those that are meant.
const WORDS: usize = 8;
/// Seconds of sound to either side that go along, to know the noise and the voice.
const AROUND: Seconds = Seconds(2.5);
/// A boundary that moves less has not moved, seconds.
const MOVED: f64 = 0.000_5;

/// Why nothing was found again. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum RealignError {
    #[error(
        "this sound was spoken by a program ({voice}), which says itself when each sound is: there is nothing to find; \
         undo what was moved, or make a project of a recording"
    )]
    Synthesised { voice: String },
    #[error("choose sounds or words that are to be found again; there are none at {0}")]
    Nothing(Seconds),
    #[error("every boundary there is set by hand; release one, or choose a longer stretch")]
    AllSet,
    #[error("the sounds cannot be found again: {0}")]
    Speech(#[from] SpeechError),
}

impl RealignError {
    /// True for what the user brought or asked for.
    pub fn is_bad_input(&self) -> bool {
        !matches!(self, Self::Speech(SpeechError::Voice(_)))
    }
}

/// What was found again.
#[derive(Clone, Debug, PartialEq)]
pub struct Realigned {
    /// Puts it into the project, as one step.
    pub edit: Edit,
    /// Where it is.
    pub range: TimeRange,
    /// Boundaries that are elsewhere now, and those in the stretch that stayed because they are set by hand.
    pub moved: usize,
    pub kept: usize,
    /// What the user should know of the voice that was compared with.
    pub notes: Vec<String>,
}

/// Whether the sounds of a project can be found again at all.
///
/// # Errors
/// The sound was synthesised: its times are exact.
pub fn can_realign(project: &Project) -> Result<(), RealignError> {
    match &project.sound.origin {
        SoundOrigin::Recording => Ok(()),
        SoundOrigin::Synthesised { voice } => Err(RealignError::Synthesised { voice: voice.clone() }),
    }
}

/// The phones that sound between two times.
pub fn phones_between(project: &Project, range: TimeRange) -> Range<usize> {
    let phones = &project.tiers.phones;
    let first = phones.partition_point(|p| p.end <= range.start);
    first..phones.partition_point(|p| p.start < range.end).max(first)
}

/// The words that are found again when `phones` are meant: theirs, and those beside them as far as the next pause or
/// mark of punctuation. `index` is the project's.
fn stretch(project: &Project, index: &Index, phones: &Range<usize>) -> Option<Range<usize>> {
    let all = &project.tiers.phones;
    let words = &project.tiers.utterance.words;
    let (mut first, mut last) = (index.word_of(phones.start)?, index.word_of(phones.end.checked_sub(1)?)?);
    let goes_on = |before: usize, after: usize| {
        let (Some(a), Some(b)) = (index.phones_of(before), index.phones_of(after)) else { return false };
        let (Some(a), Some(b)) = (a.end.checked_sub(1).and_then(|i| all.get(i)), all.get(b.start)) else {
            return false;
        };
        words[before].kind == WordKind::Spoken && words[after].kind == WordKind::Spoken && (b.start - a.end).0 < PAUSE
    };
    let (least, most) = (first.saturating_sub(WORDS), (last + WORDS).min(words.len() - 1));
    while first > least && goes_on(first - 1, first) {
        first -= 1;
    }
    while last < most && goes_on(last, last + 1) {
        last += 1;
    }
    Some(first..last + 1)
}

/// Finds the sounds around `phones` again in `sound`, which is that of the project. The project itself is not changed.
///
/// # Errors
/// A synthesised sound, nothing to find, nothing free to move, no speech there.
pub fn realign(project: &Project, sound: &AudioBuffer, phones: Range<usize>) -> Result<Realigned, RealignError> {
    can_realign(project)?;
    let all = &project.tiers.phones;
    let index = Index::new(project);
    let words = stretch(project, &index, &phones);
    let here = all.get(phones.start).map_or(Seconds::ZERO, |p| p.start);
    let words = words.ok_or(RealignError::Nothing(here))?;
    let first = index.phones_of(words.start).map_or(0, |p| p.start);
    let end = index.phones_of(words.end - 1).map_or(first, |p| p.end).min(all.len());
    if first >= end {
        return Err(RealignError::Nothing(here));
    }
    let edges: Vec<Edges> =
        (first..end).map(|i| anchors::edges(all, i)).map(|set| Edges { start: set.start, end: set.end }).collect();
    if edges.iter().all(|e| *e == Edges::both(true)) {
        return Err(RealignError::AllSet);
    }
    // Only the sound around is listened to, in times of its own.
    let floor = first.checked_sub(1).map_or(Seconds::ZERO, |i| all[i].end);
    let ceiling = all.get(end).map_or(project.sound.length, |p| p.start).max(all[end - 1].end);
    let (piece, origin) = piece(sound, floor - AROUND, ceiling + AROUND);
    let text = speech::part(&project.tiers.utterance, words);
    let (reference, notes) = speech::reference_for(&text);
    let local = |p: &PhoneTime| TimedPhone { start: p.start - origin, end: p.end - origin, confidence: p.confidence };
    let current: Vec<TimedPhone> = all[first..end].iter().map(local).collect();
    let room = (floor - origin, ceiling - origin);
    let found = speech::realign_within(&piece, &text, reference.as_ref(), &current, &edges, room)?;
    // Nothing goes past the next boundary that stays, not even by the rounding of another origin.
    let mut wall = ceiling;
    let mut walls = vec![(wall, wall); found.len()];
    for (k, (start, end)) in walls.iter_mut().enumerate().rev() {
        wall = if edges[k].end { all[first + k].end } else { wall };
        *end = wall;
        wall = if edges[k].start { all[first + k].start } else { wall };
        *start = wall;
    }
    let mut at = floor;
    let times: Vec<PhoneTime> = found
        .iter()
        .enumerate()
        .map(|(k, p)| {
            let old = all[first + k];
            let start = if edges[k].start { old.start } else { (p.start + origin).max(at).min(walls[k].0) };
            let end = if edges[k].end { old.end } else { (p.end + origin).max(start).min(walls[k].1) };
            at = end;
            PhoneTime { start, end, confidence: if old.fixed { 1.0 } else { p.confidence }, fixed: old.fixed }
        })
        .collect();
    let differs = |a: Seconds, b: Seconds| (a - b).0.abs() > MOVED;
    let old = &all[first..end];
    let starts = times.iter().zip(old).filter(|(a, b)| differs(a.start, b.start)).count();
    let ends = (0..times.len()).filter(|&k| {
        // A boundary that two sounds share is one.
        let shared = times.get(k + 1).is_some_and(|n| !differs(n.start, times[k].end));
        !shared && differs(times[k].end, old[k].end)
    });
    let moved = starts + ends.count();
    let set = |k: usize| usize::from(edges[k].start) + usize::from(edges[k].end);
    let twice = (1..edges.len()).filter(|&k| edges[k].start && edges[k - 1].end && old[k].start == old[k - 1].end);
    let kept = (0..edges.len()).map(set).sum::<usize>() - twice.count();
    let range = TimeRange::new(times[0].start, times[times.len() - 1].end);
    Ok(Realigned { edit: Edit::Realign { first, times }, range, moved, kept, notes })
}

/// A stretch of a sound as the analysis wants it, and where it begins.
fn piece(sound: &AudioBuffer, from: Seconds, to: Seconds) -> (Mono, Seconds) {
    let frames = sound.frames();
    let first = from.max(Seconds::ZERO).sample_at(sound.rate).min(frames);
    let end = to.max(Seconds::ZERO).sample_at(sound.rate).clamp(first, frames);
    let channels = usize::from(sound.channels.max(1));
    let samples = sound.samples[first * channels..end * channels].to_vec();
    let own =
        AudioBuffer { samples, ..AudioBuffer { rate: sound.rate, channels: sound.channels, ..Default::default() } };
    let origin = Seconds(first as f64 / f64::from(sound.rate.max(1)));
    (Mono { rate: ANALYSIS_RATE, samples: own.mono_at(ANALYSIS_RATE) }, origin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::edit::Document;
    use crate::jobs::bench::big_project;

    fn project() -> Project {
        big_project::project(Seconds(60.0), 900)
    }

    /// A hum that comes and goes like speech, for as long as the project.
    fn hum(project: &Project) -> AudioBuffer {
        let rate = 16_000;
        let count = project.sound.length.sample_at(rate);
        let sound = |i: usize| {
            let t = i as f32 / rate as f32;
            let level = (1.0 - (3.0 * std::f32::consts::TAU * t).cos()) * 0.15;
            level * (1..9).map(|h| (h as f32 * 140.0 * std::f32::consts::TAU * t).sin() / h as f32).sum::<f32>()
        };
        AudioBuffer::from_mono(rate, (0..count).map(sound).collect())
    }

    #[test]
    fn what_stands_between_pauses_is_one_stretch() {
        let project = project();
        let index = Index::new(&project);
        let (phones, words) = (&project.tiers.phones, &project.tiers.utterance.words);
        for phone in (0..phones.len()).step_by(37) {
            let found = stretch(&project, &index, &(phone..phone + 1)).expect("a stretch");
            let own = index.word_of(phone).expect("a word");
            assert!(found.contains(&own) && found.len() <= 2 * WORDS + 1, "{found:?} around {own}");
            assert!(words[found.clone()].iter().all(|w| w.kind == WordKind::Spoken));
        }
        assert!(phones_between(&project, TimeRange::new(phones[5].start, phones[9].end)).eq(5..10));
        assert_eq!(stretch(&project, &index, &(phones.len()..phones.len() + 1)), None);
    }

    #[test]
    fn boundaries_set_by_hand_stay_to_the_bit_and_the_step_is_one() {
        let project = project();
        let sound = hum(&project);
        let mut document = Document::new(project.clone());
        let phones = &project.tiers.phones;
        let joins = |i: usize| phones[i].start == phones[i - 1].end;
        let touching = (40..80).find(|&i| (i - 1..=i + 1).all(joins)).expect("sounds that touch");
        let to = phones[touching].start + Seconds(0.012_345_678_9);
        document.apply(&Edit::SetPhoneStart { phone: touching, to }).expect("moved");
        let set = document.project().tiers.phones[touching].start;
        let before = document.project().clone();
        let found = realign(&before, &sound, touching..touching + 1).expect("found again");
        assert!(found.moved > 0 && found.kept > 0, "{found:?}");
        document.apply(&found.edit).expect("applied");
        let after = document.project().clone();
        assert_eq!(after.broken_invariant(), None);
        assert_eq!(after.tiers.phones[touching].start.0.to_bits(), set.0.to_bits());
        assert_eq!(after.tiers.phones[touching - 1].end.0.to_bits(), set.0.to_bits());
        assert_ne!(after.tiers.phones, before.tiers.phones);
        document.undo();
        assert_eq!(document.project(), &before);
        // Released, it is free again, and so is its neighbour.
        document.apply(&Edit::ReleasePhones(vec![touching])).expect("released");
        assert!(document.project().tiers.phones.iter().all(|p| !p.fixed));
    }

    #[test]
    fn a_synthesised_sound_is_refused_with_the_reason() {
        let mut project = project();
        let sound = hum(&project);
        project.sound.origin = SoundOrigin::Synthesised { voice: "espeak-ng, voice fr".into() };
        let error = realign(&project, &sound, 0..1).expect_err("refused").to_string();
        assert!(error.contains("espeak-ng, voice fr") && error.contains("recording"), "{error}");
    }
}
