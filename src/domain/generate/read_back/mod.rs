//! The reader measured: sentences are cued by the rule generator on people the reader has never seen, read back from the
//! poses alone, and scored.
//!
//! Nothing of the generator reaches the reader; only this measurement knows both.

pub mod people;
mod reach;
mod sentences;

pub use reach::{POSITIONS, Reach, reach};
pub use sentences::sentence;

use crate::cueing::chart::{Chart, ChartSwitches};
use crate::cueing::reader::{ReadError, ReadOptions, read};
use crate::cueing::score::{GAD_TAU, Outcome, Score, Sums, TargetKey, score, targets};
use crate::cueing::when::{Preset, SoundedPhone, TimingOptions, sounds, times};
use crate::cueing::{Key, what};
use crate::generate::{GenerateError, GenerateInput, Generator, SoundingPhone, Style, rules::Rules};
use crate::language::{Language, PhoneClass, ReadingOptions, WordKind};
use crate::progress::{Progress, Silent};
use crate::time::{Fps, Seconds, TimeRange};
use people::Person;
use rayon::prelude::*;
use serde::Serialize;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Condition {
    /// Keys a second while someone speaks; `None`: 1.5, 2, 2.5 and 3 in turns, what calm cuers do.
    pub rate: Option<f64>,
    /// Standard deviation of every point, pixels in a picture 512 high.
    pub jitter: f32,
    /// Share of points that are missing.
    pub dropped: f32,
    /// Give the reader the depth of the hands.
    pub depth: bool,
}

impl Condition {
    /// Calm speed, exact points.
    pub const CLEAN: Self = Self { rate: None, jitter: 0.0, dropped: 0.0, depth: true };
    /// Calm speed, points of a middling tracker.
    pub const NOISY: Self = Self { rate: None, jitter: 3.0, dropped: 0.05, depth: true };
}

/// Rates of "neutral speed", keys a second.
const CALM: [f64; 4] = [1.5, 2.0, 2.5, 3.0];
/// Lengths of sounds in relation to each other, and the silence of a comma in seconds.
const CONSONANT: f64 = 1.0;
const VOWEL: f64 = 1.6;
const PAUSE: f64 = 0.35;
/// Rest before the first sound and after the last, seconds.
const LEAD_IN: f64 = 1.0;

/// One sentence cued and read.
#[derive(Clone, Debug)]
pub struct Case {
    pub text: String,
    pub preset: Preset,
    pub rate: f64,
    pub left_handed: bool,
    pub targets: Vec<TargetKey>,
    pub score: Score,
    /// For each wrong cue: what was meant, what was read instead.
    pub faults: Vec<String>,
}

/// Why a case could not be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CaseError {
    #[error("nothing of the sentence \"{0}\" makes a key")]
    NoKeys(String),
    #[error(transparent)]
    Generate(#[from] GenerateError),
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Sums over sentences.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Measured {
    pub sentences: usize,
    pub sums: Sums,
    /// By timing preset, in the order of [`Preset::ALL`].
    pub presets: [Sums; Preset::ALL.len()],
    pub right_handed: Sums,
    pub left_handed: Sums,
    /// Sentences in which nothing could be read, with the reason.
    pub failed: Vec<String>,
    /// The first few cues that were read wrongly.
    pub examples: Vec<String>,
}

/// No more examples of wrong readings are kept than this.
const MOST_EXAMPLES: usize = 40;

/// Cues and reads back `count` sentences of a language, `first` being the number of the first.
pub fn measure(
    language: Language,
    first: u64,
    count: usize,
    condition: &Condition,
    progress: &dyn Progress,
) -> Measured {
    const CHUNK: usize = 32;
    let mut out = Measured::default();
    let mut done = 0;
    while done < count && !progress.cancelled() {
        progress.report("Reading back", done, count);
        let chunk: Vec<_> = (done..(done + CHUNK).min(count))
            .into_par_iter()
            .map(|i| case(language, first + i as u64, condition))
            .collect();
        for (i, case) in chunk.into_iter().enumerate() {
            add(&mut out, case, first + (done + i) as u64);
        }
        done += CHUNK;
    }
    out
}

fn add(out: &mut Measured, case: Result<Case, CaseError>, number: u64) {
    out.sentences += 1;
    match case {
        Err(error) => out.failed.push(format!("{number}: {error}")),
        Ok(case) => {
            let sums = case.score.sums;
            out.sums = out.sums.and(sums);
            let preset = Preset::ALL.iter().position(|p| *p == case.preset).unwrap_or(0);
            out.presets[preset] = out.presets[preset].and(sums);
            let hand = if case.left_handed { &mut out.left_handed } else { &mut out.right_handed };
            *hand = hand.and(sums);
            let room = MOST_EXAMPLES.saturating_sub(out.examples.len());
            out.examples.extend(case.faults.into_iter().take(room).map(|f| format!("{number}: {f}")));
        }
    }
}

/// A cued sentence: what the generator is given.
pub fn input(language: Language, number: u64, rate: f64) -> Result<(GenerateInput, Person, Preset, String), CaseError> {
    let text = sentence(language, number);
    let utterance = crate::language::read(&text, language, &ReadingOptions::default(), None);
    let chart = Chart::builtin(language);
    let keys = what::keys(&utterance, chart, &ChartSwitches::default());
    if keys.is_empty() {
        return Err(CaseError::NoKeys(text));
    }
    let weight = |c: PhoneClass| if c == PhoneClass::Vowel { VOWEL } else { CONSONANT };
    let total: f64 = utterance.phones().map(|p| weight(p.phone.class)).sum();
    let unit = keys.len() as f64 / rate / total;
    let mut at = LEAD_IN;
    let mut phones = Vec::new();
    for word in &utterance.words {
        if word.kind == WordKind::Break && !phones.is_empty() {
            at += PAUSE;
        }
        for phone in word.syllables().iter().flat_map(|s| &s.phones) {
            let end = at + unit * weight(phone.class);
            phones.push(SoundingPhone {
                symbol: phone.symbol.clone(),
                class: phone.class,
                start: Seconds(at),
                end: Seconds(end),
            });
            at = end;
        }
    }
    let preset = Preset::ALL[(number % Preset::ALL.len() as u64) as usize];
    let fps = Fps::whole(if number % 5 < 3 { 25 } else { 30 });
    let length = Seconds(at + LEAD_IN);
    let person = Person::new(number);
    let plan = plan(&keys, &phones, preset, fps, length);
    let reference = person.reference.clone();
    let style = Style::default();
    Ok((
        GenerateInput {
            reference,
            keys: plan,
            phones,
            head_tones: Vec::new(),
            expressions: Vec::new(),
            voice: Default::default(),
            language,
            fps,
            length,
            seed: number,
            style,
        },
        person,
        preset,
        text,
    ))
}

fn plan(
    keys: &[Key],
    phones: &[SoundingPhone],
    preset: Preset,
    fps: Fps,
    length: Seconds,
) -> Vec<crate::cueing::when::PlannedKey> {
    let sounded: Vec<SoundedPhone> =
        phones.iter().map(|p| SoundedPhone { class: p.class, time: TimeRange::new(p.start, p.end) }).collect();
    times(&sounds(keys, &sounded), &TimingOptions::from(preset), fps, length)
}

/// Cues sentence `number` and reads it back.
pub fn case(language: Language, number: u64, condition: &Condition) -> Result<Case, CaseError> {
    let rate = condition.rate.unwrap_or(CALM[(number / 3 % 4) as usize]);
    let (input, person, preset, text) = input(language, number, rate)?;
    let poses = Rules.generate(&input, &Silent)?;
    let mut poses = person.seen(&poses, &input.keys);
    if condition.jitter > 0.0 || condition.dropped > 0.0 {
        poses = people::tracked(&poses, condition.jitter / 512.0, condition.dropped, number);
    }
    if !condition.depth {
        poses = people::flat(&poses);
    }
    let reading = read(&poses, Chart::builtin(language), &ReadOptions::default())?;
    let targets = targets(&input.keys, input.length);
    let score = score(&targets, &reading.keys, GAD_TAU);
    let left_handed = input.reference.handed == crate::pose::Side::Left;
    let name =
        |shape: crate::cueing::HandShape, position: crate::cueing::Position| format!("{}-{}", shape.0, position.name());
    let faults = score
        .keys
        .iter()
        .filter(|k| k.outcome != Outcome::Correct)
        .map(|k| {
            let meant = k.target.map_or("nothing".into(), |t| {
                let before = t
                    .checked_sub(1)
                    .map_or(String::new(), |b| format!(" after {}", name(targets[b].shape, targets[b].position)));
                let hold = targets[t].hold.unwrap_or_default();
                let movement = targets[t].movement.map_or(String::new(), |m| format!(" {m:?}"));
                format!(
                    "{}{movement}{before} held {:.2}-{:.2} s",
                    name(targets[t].shape, targets[t].position),
                    hold.start.0,
                    hold.end.0
                )
            });
            let got = k.read.map_or("nothing".into(), |r| {
                let key = &reading.keys[r];
                format!("{} at {:.2}-{:.2} s", name(key.shape, key.position), key.time.start.0, key.time.end.0)
            });
            format!("{preset:?} {rate} keys/s: {meant} read as {got}")
        })
        .collect();
    Ok(Case { text, preset, rate, left_handed, targets, score, faults })
}

#[cfg(test)]
mod tests;
