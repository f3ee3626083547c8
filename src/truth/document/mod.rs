//! The project: what a user has made, as plain data, and the only ways to change it.
//!
//! A [`Project`] holds one text with its readings, the times of its sounds and the keys that follow from both.
//! Everything else (poses, pictures, peaks) is derived and can be thrown away. Changes go through [`edit::Edit`];
//! each is done in place to an [`open::Document`] and becomes a named, invertible [`history::Transaction`]. Files are
//! read and written by [`file`].

pub mod anchors;
mod check;
pub mod cues;
pub mod derive;
pub mod edit;
pub mod edit_segments;
pub mod file;
pub mod history;
pub mod index;
pub mod lexicon;
pub mod marks;
pub mod open;
mod same;
pub mod store;
pub mod warp;

use crate::cueing::chart::{Chart, ChartSwitches, OwnChart};
use crate::cueing::when::Preset;
use crate::cueing::{HandShape, Key, KeyFlag, KeyTimes, Movement, Position};
use crate::language::{Language, ReadingOptions, Utterance};
use crate::time::{Fps, Seconds, TimeRange};
use marks::{MarkId, Marks};
use serde::{Deserialize, Serialize};

/// Version of `project.ron`. A file with a newer one is refused with a word to update, never half read.
///
/// 1: words, phones, keys. 2: markers, masks, takes, slowed passages, glosses in the user's words, tracked performances.
/// 3: a chart of the project's own, which older programs would pass over and make other keys, and layers of hands.
pub const PROJECT_SCHEMA: u32 = 3;
/// Version of the segments of the tiers within it.
pub const TIER_SCHEMA: u32 = 1;

/// Name of a key that outlives re-ordering, editing and saving.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyId(pub u64);

/// Everything a user has made in one project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Project {
    pub schema: u32,
    pub title: String,
    /// The text as it was given.
    pub source_text: String,
    pub sound: Sound,
    /// Name of a built-in identity, or a folder relative to the project.
    pub identity: String,
    pub settings: Settings,
    pub tiers: Tiers,
    #[serde(default)]
    pub marks: Marks,
    /// Passages that were slowed, in the order in which it was done; each is in the time that the one before left.
    #[serde(default)]
    pub slowed: Vec<Slowed>,
}

/// A passage of the sound that was stretched with its pitch kept.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Slowed {
    /// Before stretching.
    pub range: TimeRange,
    /// Length after / length before; above 1 is slower.
    pub factor: f64,
}

/// What is selected. It is stored with each step of history, and never a step of its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Selection {
    /// In the order in which they were selected; the last one is shown in the inspector.
    pub keys: Vec<KeyId>,
    /// Indices of words and of phones, in order.
    pub words: Vec<usize>,
    pub phones: Vec<usize>,
    pub markers: Vec<MarkId>,
    pub masks: Vec<MarkId>,
    pub expressions: Vec<MarkId>,
}

impl Selection {
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
            && self.words.is_empty()
            && self.phones.is_empty()
            && self.markers.is_empty()
            && self.masks.is_empty()
            && self.expressions.is_empty()
    }

    pub fn of_keys(keys: Vec<KeyId>) -> Self {
        Self { keys, ..Self::default() }
    }

    /// Drops what is no longer there.
    pub fn retain_existing(&mut self, project: &Project) {
        let keys: std::collections::HashSet<KeyId> = match self.keys.len() {
            0 => std::collections::HashSet::new(),
            _ => project.tiers.keys.iter().map(|k| k.id).collect(),
        };
        self.keys.retain(|id| keys.contains(id));
        self.words.retain(|w| *w < project.tiers.utterance.words.len());
        self.phones.retain(|p| *p < project.tiers.phones.len());
        self.markers.retain(|id| project.marks.marker(*id).is_some());
        self.masks.retain(|id| project.marks.mask(*id).is_some());
        self.expressions.retain(|id| project.marks.expression(*id).is_some());
    }
}

/// Choices that hold for the whole project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub fps: Fps,
    /// Seed of everything random in the generators.
    pub seed: u64,
    pub preset: Preset,
    /// Milliseconds that all hand moves are earlier than the preset says; negative is later.
    pub lead_ms: f64,
    /// A silence longer than this, in seconds, lets the hand go to its rest place; after two thirds of it the fingers
    /// relax where the hand is.
    pub rest_after: f64,
    pub reading: ReadingOptions,
    pub switches: ChartSwitches,
    /// The chart of the project's own; `None` is the built-in one of its language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chart: Option<OwnChart>,
    /// How certain sounds are cued together in this project, the newest last.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cues: Vec<cues::CueEntry>,
    /// How this project reads certain words, the newest last.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lexicon: Vec<lexicon::LexiconEntry>,
    /// The head shows the tones of Mandarin; without effect in other languages.
    pub head_tones: bool,
    /// How much of phrase and stress of the voice shows in hand, brows and head: 0 (nothing) to 2.
    pub voice: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            fps: Fps::default(),
            seed: 1,
            preset: Preset::default(),
            lead_ms: 0.0,
            rest_after: 1.8,
            reading: ReadingOptions::default(),
            switches: ChartSwitches::default(),
            chart: None,
            cues: Vec::new(),
            lexicon: Vec::new(),
            head_tones: false,
            voice: 0.0,
        }
    }
}

/// The sound that the cues follow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sound {
    pub media: MediaRef,
    /// The recording as it was brought, where `media` was made from it by slowing passages: its pictures are looked at
    /// through [`Project::source_time`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<MediaRef>,
    pub origin: SoundOrigin,
    pub length: Seconds,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SoundOrigin {
    /// A recording that the user brought.
    Recording,
    /// Spoken by a program, whose name and voice stand here.
    Synthesised { voice: String },
}

/// A file outside the project, found again by any of three ways.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaRef {
    /// Relative to the project folder, with `/` between the parts.
    pub path: String,
    /// Where it was last seen, for when the project folder has moved alone.
    pub absolute_hint: String,
    /// SHA-256 of its content, in hexadecimal.
    pub hash: String,
}

/// The tiers in parent-child order: words with readings, phones with times, keys with theirs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tiers {
    pub schema: u32,
    pub utterance: Utterance,
    /// One for each phone of the chosen readings, in the order of [`Utterance::phones`].
    pub phones: Vec<PhoneTime>,
    pub keys: Vec<KeySegment>,
    /// What the alignment wants the user to know.
    pub notes: Vec<String>,
    /// The next free [`KeyId`].
    pub next_key: u64,
}

/// What stands in a file only where it is true: most of a long project's segments are neither fixed nor locked.
fn is_false(value: &bool) -> bool {
    !*value
}

/// When a phone sounds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PhoneTime {
    pub start: Seconds,
    pub end: Seconds,
    /// 0 to 1; 1 when the user has set it.
    pub confidence: f32,
    /// The user has moved one of its boundaries: alignment keeps it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub fixed: bool,
}

impl PhoneTime {
    pub fn range(self) -> TimeRange {
        TimeRange { start: self.start, end: self.end }
    }
}

/// A key as the rules made it, with what the user changed beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeySegment {
    pub id: KeyId,
    /// As the rules make it.
    pub rule: Key,
    /// Symbols of its phones, by which it is known again when readings change.
    pub signature: Vec<String>,
    /// Times in force: the preset's, with the user's over them.
    pub times: KeyTimes,
    #[serde(default, skip_serializing_if = "KeyEdits::is_none")]
    pub edits: KeyEdits,
    /// A locked key cannot be changed by rules, readings or edits until it is unlocked.
    #[serde(default, skip_serializing_if = "is_false")]
    pub locked: bool,
    /// Flags in force: those of the rule and those of the timing.
    pub flags: Vec<KeyFlag>,
    /// The gloss in the words of the user or of a service; it says the same as the key in force. `None`: as composed
    /// from shape and position.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gloss: Option<String>,
}

/// What the user changed of a key; `None` follows the rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeyEdits {
    pub shape: Option<HandShape>,
    pub position: Option<Position>,
    pub movement: Option<Option<Movement>>,
    /// Offsets in seconds of m1, m2, d1, d2 from what the preset says.
    pub shift: [f64; 4],
}

impl KeyEdits {
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl KeySegment {
    /// Shape in force.
    pub fn shape(&self) -> HandShape {
        self.edits.shape.unwrap_or(self.rule.shape)
    }

    /// Position in force.
    pub fn position(&self) -> Position {
        self.edits.position.unwrap_or(self.rule.position)
    }

    /// Movement in force.
    pub fn movement(&self) -> Option<Movement> {
        self.edits.movement.unwrap_or(self.rule.movement)
    }

    /// The stretch of sound that the key belongs to.
    pub fn sound(&self) -> TimeRange {
        TimeRange::new(self.times.a1, self.times.a3)
    }

    /// Symbols of its phones.
    pub fn symbols(&self) -> Vec<&str> {
        self.signature.iter().map(String::as_str).collect()
    }

    /// How much earlier than its sound the hand sets off, in milliseconds.
    pub fn lead_ms(&self) -> f64 {
        (self.times.a1 - self.times.m1).millis()
    }
}

impl Project {
    pub fn language(&self) -> Language {
        self.tiers.utterance.language
    }

    /// The chart that the keys are made by.
    pub fn chart(&self) -> &Chart {
        self.settings.chart.as_deref().unwrap_or_else(|| Chart::builtin(self.language()))
    }

    /// Length of the performance: the sound, and the hand's way back to rest.
    pub fn length(&self) -> Seconds {
        self.sound.length
    }

    /// Place of a key among the keys. Names are given in order, so it is looked for outwards from where it would stand
    /// had no reading ever been changed; in loops over many keys of a long project use [`open::Document::key_index`].
    pub fn key_index(&self, id: KeyId) -> Option<usize> {
        let keys = &self.tiers.keys;
        let guess = usize::try_from(id.0).unwrap_or(usize::MAX).min(keys.len());
        let is_it = |i: &usize| keys.get(*i).is_some_and(|k| k.id == id);
        let most = guess.max(keys.len() - guess);
        (0..=most).find_map(|by| guess.checked_sub(by).into_iter().chain(guess.checked_add(by)).find(is_it))
    }

    pub fn key(&self, id: KeyId) -> Option<&KeySegment> {
        self.key_index(id).map(|i| &self.tiers.keys[i])
    }

    /// The first key that sounds with a phone of the flat sequence.
    pub fn key_of_phone(&self, phone: usize) -> Option<usize> {
        let at = self.tiers.keys.partition_point(|k| k.rule.phones.end <= phone);
        self.tiers.keys.get(at).filter(|k| k.rule.phones.contains(&phone)).map(|_| at)
    }

    /// The key whose sound holds `time`, or else the last one before it.
    pub fn key_at(&self, time: Seconds) -> Option<&KeySegment> {
        let after = self.tiers.keys.partition_point(|k| k.times.a1 <= time);
        after.checked_sub(1).map(|i| &self.tiers.keys[i])
    }

    /// The stretch in which the hand rests on a key, place and fingers both arrived and neither on its way to the next
    /// key; of no length where the hand passes through. The hand leads, so this may lie before the sound.
    pub fn hold(&self, id: KeyId) -> Option<TimeRange> {
        let index = self.key_index(id)?;
        let t = self.tiers.keys[index].times;
        // A lane in which nothing changes has a move of no length, which neither takes the hand there nor away.
        let real = |t: KeyTimes| [(t.m1, t.m2), (t.d1, t.d2)].into_iter().filter(|(from, to)| to > from);
        let arrived = real(t).map(|(_, to)| to).fold(None, |a: Option<Seconds>, to| Some(a.map_or(to, |a| a.max(to))));
        let arrived = arrived.unwrap_or_else(|| t.m2.min(t.d2));
        let leaves = self
            .tiers
            .keys
            .get(index + 1)
            .map_or(t.a3, |next| real(next.times).map(|(from, _)| from).fold(next.times.a3, Seconds::min));
        Some(TimeRange::new(arrived, leaves.max(arrived)))
    }

    /// First and last phone of each word, as indices of the flat sequence; empty for breaks.
    pub fn word_phones(&self) -> Vec<std::ops::Range<usize>> {
        let mut at = 0;
        self.tiers
            .utterance
            .words
            .iter()
            .map(|w| {
                let n: usize = w.syllables().iter().map(|s| s.phones.len()).sum();
                at += n;
                at - n..at
            })
            .collect()
    }

    /// When each word sounds; `None` for breaks and for words without phones.
    pub fn word_times(&self) -> Vec<Option<TimeRange>> {
        self.word_phones()
            .into_iter()
            .map(|range| {
                let phones = self.tiers.phones.get(range)?;
                Some(TimeRange::new(phones.first()?.start, phones.last()?.end))
            })
            .collect()
    }

    /// Keys a second over the stretch from first to last key, 0 without keys.
    pub fn keys_per_second(&self) -> f64 {
        match (self.tiers.keys.first(), self.tiers.keys.last()) {
            (Some(first), Some(last)) if last.times.a3 > first.times.a1 => {
                self.tiers.keys.len() as f64 / (last.times.a3 - first.times.a1).0
            }
            _ => 0.0,
        }
    }
}
