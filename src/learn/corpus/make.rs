//! Making clips: a book that knows what every clip is to be, and the performance of one.
//!
//! What clip `n` of a kind is follows from the recipe and `n` alone: its split, language, person, sentences, voice and
//! seeds. A synthesiser may keep something of what it said before, so the clips of a shard are spoken in order by a
//! process of their own ([`shard`]); shards can be made in any order and on any number of threads.

use super::card::Recipe;
use super::coverage::Counted;
use super::dice::Dice;
use super::features::Features;
use super::people::{Cuer, cuers};
use super::speakers::{self, Speaker, Speech};
use super::store::{Extra, WholeClip};
use super::stress::with_stress;
use super::text::{carriers, read_plain, sentence_for};
use super::{ClipMeta, CorpusError, FPS, Kind, Split, SpokenText};
use crate::cueing::chart::{Chart, ChartSwitches};
use crate::cueing::what;
use crate::cueing::when::{SoundedPhone, sounds, times};
use crate::generate::rules::Rules;
use crate::generate::{GenerateInput, Generator, SoundingPhone, head_tones};
use crate::language::{Language, Utterance, WordKind};
use crate::media;
use crate::pose::PoseFrame;
use crate::pose::expression::Voice as Heard;
use crate::progress::Progress;
use crate::speech::prosody::{SpokenWord, listen, loudness};
use crate::speech::voice::{Voice, VoiceError};
use crate::speech::{
    Engine, SpeechError, VoiceOptions, flite, pitch, synthesise_with, synthesise_with_flite, usual_voice,
};
use crate::time::{Fps, FrameIndex, Seconds, TimeRange};

/// Samples a second of sound that is kept.
pub const SOUND_RATE: u32 = 16_000;
/// Variants of espeak-ng's voices: men and women of differing timbre.
const VARIANTS: [&str; 12] = ["m1", "m2", "m3", "m4", "m5", "m6", "m7", "f1", "f2", "f3", "f4", "f5"];
/// Usual length of a clip, seconds: for guessing how many there will be.
const USUAL: [f64; 2] = [5.0, 11.0];
/// Coverage is foreseen from at most so many sentences a language.
const FORESEEN: usize = 600;
/// Of this many cueing clips one carries what is missing.
const CARRIER_EVERY: u32 = 5;

/// What a clip is to be.
#[derive(Clone, Debug, PartialEq)]
pub struct ClipPlan {
    pub number: u32,
    pub kind: Kind,
    pub split: Split,
    pub language: Language,
    /// Index among the people of its kind.
    pub person: usize,
    pub text: String,
    pub voice: VoiceOptions,
    pub seed: u64,
}

/// A clip, and the sound that belongs to it at [`SOUND_RATE`].
#[derive(Clone, Debug)]
pub struct Made {
    pub clip: WholeClip,
    pub sound: Vec<f32>,
}

/// Knows what every clip of a recipe is.
pub struct Book {
    recipe: Recipe,
    cuers: Vec<Cuer>,
    speakers: Vec<Speaker>,
    /// Sentences for what the grammar's would leave out, by language.
    carriers: Vec<Vec<String>>,
}

/// The split of clip `number`: of sixteen, thirteen are for training and one for each of the others.
pub fn split_of_clip(number: u32) -> Split {
    match number % 16 {
        3 => Split::Validation,
        7 => Split::Test,
        11 => Split::Unseen,
        _ => Split::Train,
    }
}

impl Book {
    /// # Errors
    /// When the recipe cannot be followed.
    pub fn new(recipe: &Recipe) -> Result<Self, CorpusError> {
        recipe.check()?;
        let mut book =
            Self { recipe: recipe.clone(), cuers: cuers(), speakers: speakers::people(), carriers: Vec::new() };
        let mut carried = Vec::new();
        for language in &recipe.languages {
            carried.push(carriers(*language, &book.foreseen(*language)));
        }
        book.carriers = carried;
        Ok(book)
    }

    /// What the training sentences of a language will hold without carriers. Somewhat fewer sentences are looked at than
    /// there will be.
    fn foreseen(&self, language: Language) -> Counted {
        let mut counted = Counted::default();
        let mut left = FORESEEN;
        for (kind, usual) in Kind::ALL.into_iter().zip(USUAL) {
            let expected = (0.7 * 3600.0 * self.recipe.hours(kind) / usual) as u32;
            for n in 0..expected {
                if left == 0 {
                    return counted;
                }
                if self.language_of(n) == language && split_of_clip(n) == Split::Train && !self.carries(kind, n) {
                    counted.add(&read_plain(&self.plain_text(kind, n), language));
                    left -= 1;
                }
            }
        }
        counted
    }

    fn language_of(&self, number: u32) -> Language {
        let list = &self.recipe.languages;
        list[(number as usize + number as usize / 16) % list.len()]
    }

    /// Whether a clip is one of those that carriers go to.
    fn carries(&self, kind: Kind, number: u32) -> bool {
        kind == Kind::Cueing && number % CARRIER_EVERY == 2 && split_of_clip(number) == Split::Train
    }

    fn dice(&self, kind: Kind, number: u32, what: u64) -> Dice {
        Dice::new(self.recipe.seed, &[kind as u64, u64::from(number), what])
    }

    /// Sentences of the grammar: one or two to cue, some to gesture with.
    fn plain_text(&self, kind: Kind, number: u32) -> String {
        let mut dice = self.dice(kind, number, 1);
        let (language, split) = (self.language_of(number), split_of_clip(number));
        let count = match kind {
            Kind::Cueing => 1 + usize::from(dice.chance(0.35)),
            Kind::Gesture => 2 + dice.below(3),
        };
        let all: Vec<String> = (0..count).map(|_| sentence_for(language, split, &mut dice)).collect();
        all.join(if language == Language::Mandarin { "" } else { " " })
    }

    /// The text of a clip, and whether it carries what was missing.
    fn text(&self, kind: Kind, number: u32) -> String {
        if self.carries(kind, number) {
            let language = self.language_of(number);
            let before = (0..number).filter(|n| self.carries(kind, *n) && self.language_of(*n) == language).count();
            let list = self.recipe.languages.iter().position(|l| *l == language).and_then(|i| self.carriers.get(i));
            if let Some(text) = list.and_then(|l| l.get(before)) {
                return text.clone();
            }
        }
        self.plain_text(kind, number)
    }

    /// What clip `number` of a kind is to be.
    pub fn clip(&self, kind: Kind, number: u32) -> ClipPlan {
        let (language, split) = (self.language_of(number), split_of_clip(number));
        let mut dice = self.dice(kind, number, 2);
        let held: Vec<bool> = match kind {
            Kind::Cueing => self.cuers.iter().map(|c| c.held_out).collect(),
            Kind::Gesture => self.speakers.iter().map(|s| s.held_out).collect(),
        };
        let allowed: Vec<usize> = (0..held.len()).filter(|i| held[*i] == (split == Split::Unseen)).collect();
        let person = dice.pick(&allowed).copied().unwrap_or(0);
        let tempo = match kind {
            Kind::Cueing => self.cuers[person].tempo,
            Kind::Gesture => self.speakers[person].tempo,
        } * f64::from(dice.between(0.85, 1.15));
        let (speaker, accent, variant, pitch) = (dice.unit(), dice.unit(), dice.number(), dice.between(25.0, 75.0));
        let with_flite = self.recipe.flite && language == Language::AmericanEnglish && speaker < 0.25;
        let voice = if with_flite {
            let name = flite::VOICES[variant as usize % flite::VOICES.len()];
            VoiceOptions { engine: Engine::Flite, voice: Some(name.to_owned()), tempo, pitch: 50.0 }
        } else {
            let accents: &[&str] = match language {
                Language::Mandarin => &["cmn-latn-pinyin"],
                Language::French => &["fr", "fr", "fr", "fr-be", "fr-ch"],
                Language::AmericanEnglish => {
                    &["en-us", "en-us", "en-us", "en-gb-x-gbclan", "en-gb-scotland", "en-gb-x-rp"]
                }
            };
            let base = accents[(accent * accents.len() as f32) as usize % accents.len()];
            let name = format!("{base}+{}", VARIANTS[variant as usize % VARIANTS.len()]);
            VoiceOptions { engine: Engine::Espeak, voice: Some(name), tempo, pitch: f64::from(pitch).round() }
        };
        ClipPlan { number, kind, split, language, person, text: self.text(kind, number), voice, seed: dice.number() }
    }

    /// Speaks and performs a clip.
    ///
    /// # Errors
    /// When nothing can speak, or the text cannot be performed.
    pub fn make(&self, plan: &ClipPlan, voice: &Voice, progress: &dyn Progress) -> Result<Made, CorpusError> {
        let utterance = read_plain(&plan.text, plan.language);
        let spoken = Spoken::new(plan, &utterance, voice)?;
        let fps = Fps::whole(FPS);
        let failed = |e: crate::generate::GenerateError| match e {
            crate::generate::GenerateError::Cancelled => CorpusError::Cancelled,
            other => CorpusError::Perform { text: plan.text.clone(), message: other.to_string() },
        };
        let (poses, keys, gestures, identity, aspect) = match plan.kind {
            Kind::Cueing => {
                let cuer = &self.cuers[plan.person];
                let (input, poses) = cue(cuer, plan, &utterance, &spoken, fps, progress).map_err(failed)?;
                (poses, input.keys, Vec::new(), cuer.name, input.reference.aspect)
            }
            Kind::Gesture => {
                let speaker = &self.speakers[plan.person];
                let speech = Speech {
                    language: plan.language,
                    words: &spoken.words,
                    phones: &spoken.phones,
                    heard: &spoken.heard,
                    length: spoken.length,
                    fps,
                };
                let (poses, gestures) = speakers::perform(speaker, &speech, plan.seed, progress).map_err(failed)?;
                (poses.frames, Vec::new(), gestures, speaker.name, speaker.reference().aspect)
            }
        };
        let features = Features::of(&spoken.sound, SOUND_RATE, &spoken.heard, spoken.length);
        let meta = ClipMeta {
            number: plan.number,
            kind: plan.kind,
            language: Some(plan.language),
            text: plan.text.clone(),
            split: plan.split,
            identity: identity.to_owned(),
            voice: spoken.speaker,
            seed: plan.seed,
            fps,
            aspect,
            frames: poses.len() as u32,
            phones: spoken.phones,
            words: spoken.words,
            keys,
            heard: spoken.heard,
            gestures,
            source: String::new(),
            notes: spoken.notes,
        };
        Ok(Made { clip: WholeClip { meta, poses, features, extra: Extra::default() }, sound: spoken.sound })
    }

    /// Numbers of the clips of a shard.
    pub fn numbers(&self, shard: u32) -> std::ops::Range<u32> {
        let first = shard.saturating_mul(self.recipe.shard);
        first..first.saturating_add(self.recipe.shard)
    }

    /// Makes the clips of a shard, in order, with a synthesiser that has said nothing yet. `made` is told of each.
    ///
    /// # Errors
    /// When nothing can speak, a clip cannot be made, or the work is cancelled.
    pub fn shard(
        &self,
        kind: Kind,
        shard: u32,
        progress: &dyn Progress,
        mut made: impl FnMut(&Made) -> Result<(), CorpusError>,
    ) -> Result<Vec<WholeClip>, CorpusError> {
        let voice = Voice::find().map_err(SpeechError::Voice)?;
        let mut out = Vec::new();
        for number in self.numbers(shard) {
            if progress.cancelled() {
                return Err(CorpusError::Cancelled);
            }
            let it = self.make(&self.clip(kind, number), &voice, progress)?;
            made(&it)?;
            out.push(it.clip);
        }
        Ok(out)
    }
}

/// A spoken text with rest before and after it.
struct Spoken {
    /// At [`SOUND_RATE`].
    sound: Vec<f32>,
    length: Seconds,
    phones: Vec<SoundingPhone>,
    times: Vec<TimeRange>,
    words: Vec<SpokenText>,
    heard: Heard,
    speaker: String,
    notes: Vec<String>,
}

impl Spoken {
    fn new(plan: &ClipPlan, utterance: &Utterance, voice: &Voice) -> Result<Self, CorpusError> {
        let mut dice = Dice::new(plan.seed, &[0x766f]);
        let (before, after) = match plan.kind {
            Kind::Cueing => (dice.between(0.6, 1.2), dice.between(0.7, 1.3)),
            Kind::Gesture => (dice.between(0.4, 1.0), dice.between(0.6, 1.4)),
        };
        let gain = 10.0_f32.powf(-dice.between(0.0, 10.0) / 20.0);
        let mut notes = Vec::new();
        let spoken = match plan.voice.engine {
            Engine::Flite => synthesise_with_flite(utterance, &plan.voice),
            _ => synthesise_with(voice, utterance, &plan.voice).or_else(|e| match e {
                // A computer without this accent has at least the language.
                SpeechError::Voice(VoiceError::Refused(why)) => {
                    notes.push(why);
                    let usual =
                        VoiceOptions { voice: Some(usual_voice(plan.language).to_owned()), ..plan.voice.clone() };
                    synthesise_with(voice, utterance, &usual)
                }
                other => Err(other),
            }),
        }?;
        notes.extend(spoken.warnings);
        let samples = media::resample(&spoken.samples, spoken.rate, SOUND_RATE);
        let rest = (before * SOUND_RATE as f32) as usize;
        let mut sound = vec![0.0; rest];
        sound.extend(samples.iter().map(|s| s * gain));
        sound.resize(sound.len() + (after * SOUND_RATE as f32) as usize, 0.0);
        let shift = rest as f64 / f64::from(SOUND_RATE);
        let times: Vec<TimeRange> = spoken
            .phones
            .iter()
            .map(|p| TimeRange::new(Seconds(p.start.0 + shift), Seconds(p.end.0 + shift)))
            .collect();
        let phones = utterance
            .phones()
            .zip(&times)
            .map(|(p, t)| SoundingPhone {
                symbol: p.phone.symbol.clone(),
                class: p.phone.class,
                start: t.start,
                end: t.end,
            })
            .collect();
        let (words, for_prosody) = words_of(utterance, &times);
        let low = media::resample(&sound, SOUND_RATE, pitch::RATE);
        let (loud, track) = (loudness(&low), pitch::track(&low));
        let heard = with_stress(listen(&loud, &track, &for_prosody), &loud, &track, &for_prosody);
        let length = Seconds(sound.len() as f64 / f64::from(SOUND_RATE));
        Ok(Self { sound, length, phones, times, words, heard, speaker: spoken.speaker, notes })
    }
}

/// The words of an utterance as they sound.
fn words_of(utterance: &Utterance, times: &[TimeRange]) -> (Vec<SpokenText>, Vec<SpokenWord>) {
    let mandarin = utterance.language == Language::Mandarin;
    let (mut words, mut heard) = (Vec::new(), Vec::new());
    let (mut at, mut after_break) = (0, false);
    for word in &utterance.words {
        let count: usize = word.syllables().iter().map(|s| s.phones.len()).sum();
        let own = times.get(at..at + count).unwrap_or_default();
        at += count;
        let (Some(first), Some(last)) = (own.first(), own.last()) else {
            after_break |= word.kind == WordKind::Break;
            continue;
        };
        let range = TimeRange::new(first.start, last.end);
        let syllables = word.syllables().iter().filter(|_| mandarin).map(|s| s.label.clone()).collect();
        words.push(SpokenText { text: word.text.clone(), range, syllables });
        heard.push(SpokenWord { range, sounds: count, after_break });
        after_break = false;
    }
    (words, heard)
}

/// A cuer's performance, by the product's own pipeline.
fn cue(
    cuer: &Cuer,
    plan: &ClipPlan,
    utterance: &Utterance,
    spoken: &Spoken,
    fps: Fps,
    progress: &dyn Progress,
) -> Result<(GenerateInput, Vec<PoseFrame>), crate::generate::GenerateError> {
    let person = cuer.person();
    let keys = what::keys(utterance, Chart::builtin(plan.language), &ChartSwitches::default());
    let sounded: Vec<SoundedPhone> =
        spoken.phones.iter().zip(&spoken.times).map(|(p, time)| SoundedPhone { class: p.class, time: *time }).collect();
    // Lively cuers show the tones of Mandarin with the head.
    let tones = if cuer.style.voice >= 0.8 { head_tones(utterance, &spoken.times) } else { Vec::new() };
    let input = GenerateInput {
        reference: person.reference.clone(),
        keys: times(&sounds(&keys, &sounded), &cuer.timing, fps, spoken.length),
        phones: spoken.phones.clone(),
        head_tones: tones,
        expressions: Vec::new(),
        voice: spoken.heard.clone(),
        language: plan.language,
        fps,
        length: spoken.length,
        seed: plan.seed,
        style: cuer.style,
    };
    let poses = Rules.generate(&input, progress)?;
    let mut poses = person.seen(&poses, &input.keys).frames;
    let phase = Dice::new(plan.seed, &[0x746f]).unit();
    for (i, frame) in poses.iter_mut().enumerate() {
        cuer.torso.apply(frame, fps.time_of(FrameIndex(i as u32)).0, phase);
    }
    Ok((input, poses))
}

#[cfg(test)]
mod tests;
