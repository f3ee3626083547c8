//! Recordings with known times: what synthesisers said, through a channel, slowed down, or departing from the text.

use super::super::synthesis::{Engine, Synthesised, VoiceOptions, synthesise_with, synthesise_with_flite, usual_voice};
use super::super::voice::Voice;
use super::super::{EventKind, Mono, SpeechError, TimedPhone, flite};
use super::channel::Channel;
use super::sentences::{Half, strangers};
use crate::language::{Language, ReadingOptions, Utterance, Word, WordKind, read};
use crate::media::resample;
use crate::time::{Seconds, TimeRange};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::ops::Range;

/// A recording with known times.
pub struct Case {
    pub set: String,
    pub audio: Mono,
    pub truth: Vec<TimedPhone>,
}

/// The voices of each half: none speaks in both, and the reference's own in neither.
fn voices(half: Half) -> &'static [&'static str] {
    match half {
        Half::Work => &["f2", "m3", "m7", "f5", "m5", "linda"],
        Half::HeldOut => &["f1", "m1", "f4", "m6", "klatt3", "steph", "m8", "f3", "michel", "m4"],
    }
}

/// Samples a second of all cases.
const RATE: u32 = 16_000;

/// The recordings made of the `k`-th utterance of a half.
///
/// Sets: `espeak-` another voice at 0.6 to 1.6 of the usual tempo with noise 20 dB down; `noisy-` with noise 10 dB down;
/// `phone-` by telephone and by a small microphone in a room; `slow-` with a pause after every syllable; and with flite
/// installed the same for English with its voices: `flite`, `phone-flite`, `slow-flite`.
pub fn cases(utterance: &Utterance, voice: &Voice, half: Half, k: usize) -> Result<Vec<Case>, SpeechError> {
    let code = utterance.language.code();
    let names = voices(half);
    let mut out = Vec::new();
    let mut seed = 1000 * k as u64;
    let mut push = |set: String, spoken: &Synthesised, channel: Channel| {
        seed += 1;
        let samples = channel.record(&resample(&spoken.samples, spoken.rate, RATE), RATE, seed);
        out.push(Case { set, audio: Mono { rate: RATE, samples }, truth: audible(spoken) });
    };
    let speak = |n: usize, tempo: f64, pitch: f64| {
        let name = format!("{}+{}", usual_voice(utterance.language), names[(k + n) % names.len()]);
        synthesise_with(voice, utterance, &VoiceOptions { engine: Engine::Espeak, voice: Some(name), tempo, pitch })
    };
    for (n, tempo, pitch) in [(0, 0.6, 50.0), (1, 0.85, 60.0), (2, 1.2, 40.0), (3, 1.6, 55.0)] {
        push(format!("espeak-{code}"), &speak(n, tempo, pitch)?, Channel::plain(20.0));
    }
    for (n, tempo) in [(4, 0.8), (5, 1.3)] {
        push(format!("noisy-{code}"), &speak(n, tempo, 50.0)?, Channel::plain(10.0));
    }
    for (n, tempo, channel) in [(2, 1.0, Channel::telephone(20.0)), (1, 1.15, Channel::handset(20.0))] {
        push(format!("phone-{code}"), &speak(n, tempo, 50.0)?, channel);
    }
    for (n, tempo, channel) in [(3, 0.7, Channel::plain(20.0)), (4, 0.9, Channel::handset(20.0))] {
        push(format!("slow-{code}"), &slowed(&speak(n, tempo, 50.0)?, utterance, k as u64), channel);
    }
    if utterance.language == Language::AmericanEnglish && flite::is_installed() {
        for (n, tempo) in [0.75, 1.0, 1.3].into_iter().enumerate() {
            let name = flite::VOICES[(n + k) % 3];
            let options = VoiceOptions { voice: Some(name.into()), tempo, ..VoiceOptions::default() };
            let spoken = synthesise_with_flite(utterance, &options)?;
            push("flite".into(), &spoken, Channel::plain(20.0));
            match n {
                0 => push("slow-flite".into(), &slowed(&spoken, utterance, k as u64), Channel::plain(20.0)),
                1 => push("phone-flite".into(), &spoken, Channel::telephone(20.0)),
                _ => push("phone-flite".into(), &spoken, Channel::handset(20.0)),
            }
        }
    }
    Ok(out)
}

/// A recording that departs from its text in one place.
pub struct Departure {
    pub kind: EventKind,
    pub audio: Mono,
    /// Where: the repeated or extra sound; for a skip, the moment at which the words are missing.
    pub range: TimeRange,
    /// Indices of the words repeated or skipped; empty for extra words.
    pub words: Range<usize>,
    /// What was added: `chat`, or empty for a skip.
    pub added: String,
    /// True times of the text's phones; `None` for those that were skipped.
    pub truth: Vec<Option<TimedPhone>>,
}

/// Recordings of `utterance` with a word repeated, two words repeated after a pause, a word skipped, a strange word
/// added and a false start; those that the utterance is too short for are left out.
pub fn departures(utterance: &Utterance, voice: &Voice, half: Half, k: usize) -> Result<Vec<Departure>, SpeechError> {
    let names = voices(half);
    let mut rng = ChaCha8Rng::seed_from_u64(77 + k as u64);
    // Words of some length, not the first and not the last.
    let long: Vec<usize> = (1..utterance.words.len().saturating_sub(2))
        .filter(|&i| {
            utterance.words[i].syllables().iter().map(|s| s.phones.len()).sum::<usize>() >= 3
                && utterance.words[i - 1].kind == WordKind::Spoken
        })
        .collect();
    let mut out = Vec::new();
    if long.is_empty() {
        return Ok(out);
    }
    let stranger = {
        let all = strangers(utterance.language);
        read(all[k % all.len()], utterance.language, &ReadingOptions::default(), Some(voice)).words
    };
    let comma = Word { text: ",".into(), source: 0..0, kind: WordKind::Break, readings: Vec::new(), chosen: 0 };
    for (n, plan) in ["repeat", "repeat two", "skip", "extra", "false start"].into_iter().enumerate() {
        let at = long[rng.random_range(0..long.len())];
        let words = &utterance.words;
        // What is said: words with the index in the text, or none for what is added.
        let mut said: Vec<(Word, Option<usize>)> = words.iter().cloned().zip((0..words.len()).map(Some)).collect();
        let (kind, named, added): (EventKind, Range<usize>, Vec<Word>) = match plan {
            "repeat" => (EventKind::Repeat, at..at + 1, vec![words[at].clone()]),
            "repeat two" => {
                let mut twice = words[at - 1..=at].to_vec();
                twice.push(comma.clone());
                (EventKind::Repeat, at - 1..at + 1, twice)
            }
            "skip" => {
                said.remove(at);
                (EventKind::Skip, at..at + 1, Vec::new())
            }
            "extra" => (EventKind::Extra, at..at, stranger.clone()),
            _ => {
                // The beginning of the word that follows, then a stop.
                let mut start = words[at].clone();
                if let Some(reading) = start.readings.get_mut(start.chosen) {
                    if reading.syllables.len() > 1 {
                        reading.syllables.truncate(1);
                    } else if let Some(only) = reading.syllables.first_mut() {
                        only.phones.truncate(2);
                        only.spelling.clear();
                    }
                }
                start.text = format!("{}-", start.text);
                (EventKind::Extra, at..at, vec![start, comma.clone()])
            }
        };
        let place = if plan == "repeat two" { at - 1 } else { at };
        let text = added.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
        let count = added.len();
        said.splice(place..place, added.into_iter().map(|w| (w, None)));
        let changed = Utterance { words: said.iter().map(|s| s.0.clone()).collect(), ..utterance.clone() };
        let name = format!("{}+{}", usual_voice(utterance.language), names[(k + n) % names.len()]);
        let tempo = [0.8, 1.0, 1.2, 0.9, 1.1][n];
        let options = VoiceOptions { engine: Engine::Espeak, voice: Some(name), tempo, pitch: 50.0 };
        let spoken = synthesise_with(voice, &changed, &options)?;
        let samples = Channel::plain(20.0).record(&resample(&spoken.samples, spoken.rate, RATE), RATE, k as u64);
        let mut truth = vec![None; utterance.phones().count()];
        let firsts = first_phones(utterance);
        let (mut from, mut to) = (None, Seconds::ZERO);
        let mut before = (usize::MAX, 0);
        for (phone, timed) in changed.phones().zip(&spoken.phones) {
            before = if before.0 == phone.word { (phone.word, before.1 + 1) } else { (phone.word, 0) };
            match said[phone.word].1 {
                Some(own) => truth[firsts[own] + before.1] = Some(*timed),
                None => {
                    from.get_or_insert(timed.start);
                    to = timed.end;
                }
            }
        }
        let range = match from {
            Some(from) => TimeRange::new(from, to),
            None => {
                let next = truth[firsts[at]..].iter().flatten().next().map_or(Seconds::ZERO, |t| t.start);
                TimeRange::new(next, next)
            }
        };
        debug_assert!(count > 0 || kind == EventKind::Skip);
        out.push(Departure { kind, audio: Mono { rate: RATE, samples }, range, words: named, added: text, truth });
    }
    Ok(out)
}

/// Flat index of the first phone of every word.
fn first_phones(utterance: &Utterance) -> Vec<usize> {
    utterance
        .words
        .iter()
        .scan(0, |at, w| {
            let own = *at;
            *at += w.syllables().iter().map(|s| s.phones.len()).sum::<usize>();
            Some(own)
        })
        .collect()
}

/// Speech with a pause of 0.3 to 1 s between any two syllables, as people cue who are careful.
pub fn slowed(spoken: &Synthesised, utterance: &Utterance, seed: u64) -> Synthesised {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut out = Synthesised { rate: spoken.rate, speaker: spoken.speaker.clone(), ..Synthesised::default() };
    let rate = f64::from(spoken.rate);
    let fade = (spoken.rate / 100) as usize;
    let faded = |from: usize, to: usize| {
        let mut piece = spoken.samples[from..to].to_vec();
        let n = piece.len();
        for k in 0..fade.min(n) {
            let gain = k as f32 / fade as f32;
            piece[k] *= gain;
            piece[n - 1 - k] *= gain;
        }
        piece
    };
    let (mut at, mut shift, mut before) = (0, 0.0, None);
    for (i, phone) in utterance.phones().enumerate() {
        let Some(timed) = spoken.phones.get(i) else { break };
        let place = (phone.word, phone.syllable);
        if before.is_some_and(|b| b != place) {
            let cut = timed.start.sample_at(spoken.rate).clamp(at, spoken.samples.len());
            out.samples.extend(faded(at, cut));
            let pause = 0.3 + 0.7 * rng.random::<f64>();
            out.samples.resize(out.samples.len() + (pause * rate) as usize, 0.0);
            shift = (out.samples.len() - cut) as f64 / rate;
            at = cut;
        }
        before = Some(place);
        out.phones.push(TimedPhone {
            start: timed.start + Seconds(shift),
            end: timed.end + Seconds(shift),
            confidence: 1.0,
        });
    }
    out.samples.extend(faded(at, spoken.samples.len()));
    out
}

/// The true times, with onsets after silence where they become audible.
fn audible(spoken: &Synthesised) -> Vec<TimedPhone> {
    let limit = 0.006 * spoken.samples.iter().fold(0.0_f32, |a, b| a.max(b.abs()));
    let mut phones = spoken.phones.clone();
    for phone in &mut phones {
        let from = phone.start.sample_at(spoken.rate).min(spoken.samples.len());
        let to = phone.end.sample_at(spoken.rate).clamp(from, spoken.samples.len());
        let before = from.saturating_sub(spoken.rate as usize / 50);
        if spoken.samples[before..from].iter().all(|x| x.abs() < limit)
            && let Some(k) = spoken.samples[from..to].iter().position(|x| x.abs() >= limit)
        {
            phone.start = Seconds((from + k) as f64 / f64::from(spoken.rate));
        }
    }
    phones
}
