//! A whole text spoken by a synthesiser, with the exact time of every phone.
//!
//! The text is spoken phrase by phrase (between its breaks) and joined with pauses, so that any length works and
//! nothing depends on how a synthesiser breaks sentences. What is spoken is *our* reading: Mandarin goes as numbered
//! pinyin, one syllable at a time; French goes as espeak-ng's phoneme names; English goes as text, and any word that
//! the synthesiser reads differently from us is said again from our phones. The synthesiser's own phones are laid
//! against ours by [`super::mapping`].

use super::flite::{self, FliteError, FliteWord};
use super::mapping::{Heard, Mapped, Wanted, map};
use super::sounds::{flite_name, ipa_of_flite, letters_of_ipa, letters_of_phone, mnemonic};
use super::voice::{Speaking, SpokenEvent, SpokenEventKind, Voice, VoiceError};
use super::{SpeechError, TimedPhone, pinyin};
use crate::language::{Language, PhoneClass, Utterance, Word, WordKind};
use crate::time::Seconds;
use rayon::prelude::*;

/// Which synthesiser speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    /// flite for English where it is installed, else espeak-ng.
    #[default]
    Auto,
    Espeak,
    Flite,
}

/// How a text is spoken.
#[derive(Clone, Debug, PartialEq)]
pub struct VoiceOptions {
    pub engine: Engine,
    /// The synthesiser's name of the voice; `None` for the language's usual one.
    pub voice: Option<String>,
    /// 1 is usual, 0.5 half as fast; 0.4 to 2.5.
    pub tempo: f64,
    /// 0 to 100, 50 is usual (espeak-ng only).
    pub pitch: f64,
}

impl Default for VoiceOptions {
    fn default() -> Self {
        Self { engine: Engine::Auto, voice: None, tempo: 1.0, pitch: 50.0 }
    }
}

/// A spoken text: sound and the time of every phone of the utterance, by its flat index.
#[derive(Clone, Debug, Default)]
pub struct Synthesised {
    /// Mono, in −1..1.
    pub samples: Vec<f32>,
    /// Samples a second.
    pub rate: u32,
    pub phones: Vec<TimedPhone>,
    /// Who spoke, for the label of the sound: `espeak-ng, voice fr`.
    pub speaker: String,
    /// What the user should know: words that could not be said as read.
    pub warnings: Vec<String>,
}

/// Silence before the first and after the last sound, seconds.
const LEAD: f64 = 0.12;
const TAIL: f64 = 0.25;

/// Speaks `utterance` with the installed synthesisers.
pub fn synthesise(utterance: &Utterance, options: &VoiceOptions) -> Result<Synthesised, SpeechError> {
    let english = utterance.language == Language::AmericanEnglish;
    let use_flite = match options.engine {
        Engine::Flite if !english => {
            return Err(SpeechError::Unfit("flite speaks English only; choose espeak-ng for this language".into()));
        }
        Engine::Flite => true,
        Engine::Espeak => false,
        Engine::Auto => english && options.voice.is_none() && flite::is_installed(),
    };
    if use_flite {
        match synthesise_with_flite(utterance, options) {
            // A flite without its voices is no reason to be silent when nobody asked for it.
            Err(SpeechError::Flite(_)) if options.engine == Engine::Auto => {}
            done => return done,
        }
    }
    synthesise_with(&*Voice::shared()?, utterance, options)
}

/// What a recording of `utterance` is best compared with: the usual synthesiser's voice, or nothing and the reason,
/// with its remedy, when none can speak it.
pub fn reference_for(utterance: &Utterance) -> (Option<Synthesised>, Vec<String>) {
    // espeak-ng first: as exact a reference as flite's and ten times as fast.
    let quick = VoiceOptions { engine: Engine::Espeak, ..VoiceOptions::default() };
    match synthesise(utterance, &quick).or_else(|_| synthesise(utterance, &VoiceOptions::default())) {
        Ok(mut spoken) => {
            let warnings = std::mem::take(&mut spoken.warnings);
            (Some(spoken), warnings)
        }
        Err(error) => (None, vec![error.to_string()]),
    }
}

/// Speaks `utterance` with espeak-ng through `voice`.
pub fn synthesise_with(
    voice: &Voice,
    utterance: &Utterance,
    options: &VoiceOptions,
) -> Result<Synthesised, SpeechError> {
    let name = options.voice.clone().unwrap_or_else(|| usual_voice(utterance.language).into());
    let mut manner = Speaking::new(name);
    manner.rate = (175.0 * options.tempo.clamp(0.4, 2.5)).round() as i32;
    manner.pitch = options.pitch.clamp(0.0, 99.0).round() as i32;
    manner.phonemes = true;
    let phrases = phrases(utterance);
    let spoken = phrases
        .iter()
        .map(|phrase| espeak_phrase(voice, utterance, phrase, &manner))
        .collect::<Result<Vec<_>, SpeechError>>()?;
    join(utterance, &phrases, spoken, format!("espeak-ng, voice {}", manner.voice))
}

/// Speaks an English `utterance` with flite.
pub fn synthesise_with_flite(utterance: &Utterance, options: &VoiceOptions) -> Result<Synthesised, SpeechError> {
    let name = options.voice.clone().unwrap_or_else(|| flite::VOICES[0].into());
    let phrases = phrases(utterance);
    let spoken = phrases
        .par_iter()
        .map(|phrase| flite_phrase(utterance, phrase, &name, options.tempo))
        .collect::<Result<Vec<_>, SpeechError>>()?;
    join(utterance, &phrases, spoken, format!("flite, voice {name}"))
}

/// The voice that speaks a language where none is chosen.
pub fn usual_voice(language: Language) -> &'static str {
    match language {
        Language::Mandarin => "cmn-latn-pinyin",
        Language::French => "fr",
        Language::AmericanEnglish => "en-us",
    }
}

/// Words between two breaks.
pub(crate) struct Phrase {
    /// Indices of spoken words that have phones, with the flat index of their first phone.
    pub words: Vec<(usize, usize)>,
    /// Flat index of the first phone and the number of phones.
    pub first: usize,
    pub count: usize,
    /// The punctuation that ends it.
    pub ending: char,
}

/// Cuts an utterance at its breaks; phrases without phones are left out.
pub(crate) fn phrases(utterance: &Utterance) -> Vec<Phrase> {
    let mut out = Vec::new();
    let mut flat = 0;
    let mut current = Phrase { words: Vec::new(), first: 0, count: 0, ending: '.' };
    let mut close = |current: &mut Phrase, ending: char, flat: usize| {
        let mut done = std::mem::replace(current, Phrase { words: Vec::new(), first: flat, count: 0, ending: '.' });
        if done.count > 0 {
            done.ending = ending;
            out.push(done);
        }
    };
    for (i, word) in utterance.words.iter().enumerate() {
        let count: usize = word.syllables().iter().map(|s| s.phones.len()).sum();
        if word.kind == WordKind::Break {
            let ending = match word.text.chars().find(|c| !c.is_whitespace()) {
                Some('?' | '？') => '?',
                Some('!' | '！') => '!',
                Some(',' | '，' | '、' | ';' | '；' | ':' | '：' | '-' | '–' | '—' | '(' | ')' | '（' | '）' | '"') => {
                    ','
                }
                _ => '.',
            };
            close(&mut current, ending, flat);
        } else if count > 0 {
            current.words.push((i, flat));
            current.count += count;
        }
        flat += count;
        if current.count == 0 {
            current.first = flat;
        }
    }
    close(&mut current, '.', flat);
    out
}

/// A spoken phrase: sound from its first to its last phone, spans in seconds from its start.
struct SpokenPhrase {
    samples: Vec<f32>,
    rate: u32,
    spans: Vec<(f64, f64)>,
    warning: Option<String>,
}

/// What espeak-ng is sent for a phrase, and what is expected back.
fn espeak_phrase(
    voice: &Voice,
    utterance: &Utterance,
    phrase: &Phrase,
    manner: &Speaking,
) -> Result<SpokenPhrase, SpeechError> {
    let wanted = wanted(utterance, phrase);
    let mut forced = vec![utterance.language == Language::French; phrase.words.len()];
    let mut best = speak_espeak(voice, utterance, phrase, manner, &wanted, &forced)?;
    if utterance.language == Language::AmericanEnglish {
        // Words that espeak-ng reads in another way are said again from our phones.
        let differing = differing_words(utterance, phrase, &best.1.costs);
        if differing.iter().any(|&d| d) {
            forced = differing;
            best = speak_espeak(voice, utterance, phrase, manner, &wanted, &forced)?;
        }
    }
    let ((samples, rate), mapped) = best;
    finish(samples, rate, mapped, utterance, phrase)
}

type Sound = (Vec<f32>, u32);

fn speak_espeak(
    voice: &Voice,
    utterance: &Utterance,
    phrase: &Phrase,
    manner: &Speaking,
    wanted: &[Wanted],
    forced: &[bool],
) -> Result<(Sound, Mapped), SpeechError> {
    let mut text = String::new();
    for (k, &(index, _)) in phrase.words.iter().enumerate() {
        let word = &utterance.words[index];
        if !text.is_empty() {
            text.push(' ');
        }
        match utterance.language {
            Language::Mandarin => text.push_str(&pinyin::of_word(word)),
            language if forced[k] => {
                text.push_str(&spelled_for_espeak(word, language, k + 1 == phrase.words.len()));
            }
            _ => text.extend(word.text.chars().filter(|c| !matches!(c, '[' | ']' | '<' | '>'))),
        }
    }
    text.push(phrase.ending);
    let spoken = voice.speak(&text, manner)?;
    let rate = f64::from(spoken.rate);
    let mut heard: Vec<Heard> = Vec::new();
    let mut begins_word = true;
    let events = joined_edges(&spoken.events, rate);
    for (i, event) in events.iter().enumerate() {
        match event.kind {
            SpokenEventKind::Word => begins_word = true,
            SpokenEventKind::End => {}
            SpokenEventKind::Phone => {
                let letters = letters_of_ipa(&event.id);
                if letters.is_empty() {
                    continue;
                }
                // A phone lasts until the next phone or pause begins.
                let next = events[i + 1..].iter().find(|e| e.kind != SpokenEventKind::Word);
                let end = next.map_or(spoken.samples.len() as i64, |e| e.sample);
                heard.push(Heard {
                    letters,
                    start: event.sample as f64 / rate,
                    end: end.max(event.sample) as f64 / rate,
                    begins_word,
                });
                begins_word = false;
            }
        }
    }
    closures(&mut heard, &spoken.samples, rate);
    Ok(((spoken.samples, spoken.rate), map(&heard, wanted)))
}

/// espeak-ng fades a word's first sound in for a few milliseconds before it tells of it: it begins with the word.
fn joined_edges(events: &[SpokenEvent], rate: f64) -> Vec<SpokenEvent> {
    let mut events = events.to_vec();
    for i in 1..events.len() {
        let late = (events[i].sample - events[i - 1].sample) as f64 / rate;
        if events[i].kind == SpokenEventKind::Phone && events[i - 1].kind == SpokenEventKind::Word && late < 0.016 {
            events[i].sample = events[i - 1].sample;
        }
    }
    events
}

/// espeak-ng marks a voiceless stop at its burst; the silent closure before it is a part of the stop.
fn closures(heard: &mut [Heard], samples: &[f32], rate: f64) {
    use super::sounds::Manner;
    // Some voices have an echo: silence is what lies far below the loudest sound, not digital zero.
    let limit = 0.015 * samples.iter().fold(0.0_f32, |a, x| a.max(x.abs()));
    for i in 1..heard.len() {
        let manner = heard[i].letters.first().map(|l| l.manner);
        if !matches!(manner, Some(Manner::Stop | Manner::Affricate)) {
            continue;
        }
        let burst = heard[i].start;
        let floor = heard[i - 1].start + 0.5 * (heard[i - 1].end - heard[i - 1].start).max(0.0);
        // Walk back over silence in steps of 2 ms, at most 120 ms.
        let step = 0.002;
        let quiet = |at: f64| {
            let from = (at * rate).max(0.0) as usize;
            let to = (((at + step) * rate) as usize).min(samples.len());
            from < to && samples[from..to].iter().all(|x| x.abs() < limit)
        };
        let mut start = burst;
        while start - step > floor && burst - start < 0.12 && quiet(start - step) {
            start -= step;
        }
        if burst - start > 0.006 {
            heard[i].start = start;
            heard[i - 1].end = heard[i - 1].end.min(start).max(heard[i - 1].start);
        }
    }
}

/// Our reading in espeak-ng's phoneme names, with a stress so that it does not sound flat.
fn spelled_for_espeak(word: &Word, language: Language, last_of_phrase: bool) -> String {
    let syllables = word.syllables();
    let stressed = stressed_syllable(word, language, last_of_phrase);
    let mut out = String::from("[[");
    for (i, syllable) in syllables.iter().enumerate() {
        let has_vowel = syllable.phones.iter().any(|p| p.class == PhoneClass::Vowel);
        for (k, phone) in syllable.phones.iter().enumerate() {
            let Some(name) = mnemonic(phone, language) else { continue };
            if phone.class == PhoneClass::Vowel && Some(i) == stressed {
                out.push('\'');
            } else if !has_vowel && k + 1 == syllable.phones.len() && language == Language::AmericanEnglish {
                // A syllabic consonant needs its murmur to be sayable.
                out.push('@');
            }
            // Two names in a row must not be read as one.
            if out.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '@') && would_join(&out, name) {
                out.push('|');
            }
            out.push_str(name);
        }
    }
    out.push_str("]]");
    out
}

/// True where two espeak-ng names side by side would be read as another one (`t` + `S` is the affricate).
fn would_join(before: &str, name: &str) -> bool {
    matches!(
        (before.chars().next_back(), name.chars().next()),
        (Some('t'), Some('S'))
            | (Some('d'), Some('Z'))
            | (Some('a' | 'A' | 'O' | 'e' | 'E' | 'o'), Some('I' | 'U' | 'i' | 'u' | '@' | '3'))
            | (Some('3' | 'I' | 'i' | 'U'), Some('@' | '3' | 'r'))
            | (Some('@'), Some('L' | 'r' | 'l' | 'U'))
            | (Some('n'), Some('^'))
    )
}

/// Which syllable of a word bears the stress, if any.
fn stressed_syllable(word: &Word, language: Language, last_of_phrase: bool) -> Option<usize> {
    let syllables = word.syllables();
    let vowel = |i: usize| syllables[i].phones.iter().find(|p| p.class == PhoneClass::Vowel);
    let full = |i: &usize| vowel(*i).is_some_and(|p| !matches!(p.symbol.as_str(), "ə" | "ɚ"));
    match language {
        Language::Mandarin => None,
        // French stresses the end of the group; function words inside stay light.
        Language::French => {
            let last = (0..syllables.len()).rev().find(full)?;
            (last_of_phrase || syllables.len() > 1 || syllables[last].phones.len() > 2).then_some(last)
        }
        Language::AmericanEnglish => (0..syllables.len())
            .find(|&i| syllables[i].label.contains('ˈ') || syllables[i].label.contains('1'))
            .or_else(|| {
                // ARPAbet labels carry the stress on the vowel: R EH1 D.
                let label = &word.readings.get(word.chosen)?.label;
                let vowels: Vec<char> = label
                    .split_whitespace()
                    .filter_map(|t| t.chars().next_back().filter(char::is_ascii_digit))
                    .collect();
                let at = vowels.iter().position(|&c| c == '1')?;
                (0..syllables.len()).filter(|&i| vowel(i).is_some()).nth(at)
            })
            .or_else(|| (0..syllables.len()).find(full))
            .or(if syllables.is_empty() { None } else { Some(0) }),
    }
}

fn wanted(utterance: &Utterance, phrase: &Phrase) -> Vec<Wanted> {
    let mut out = Vec::with_capacity(phrase.count);
    for &(index, _) in &phrase.words {
        for (s, syllable) in utterance.words[index].syllables().iter().enumerate() {
            for (k, phone) in syllable.phones.iter().enumerate() {
                // Mandarin is spoken syllable by syllable, each a word of its own to espeak-ng.
                let begins_word = k == 0 && (s == 0 || utterance.language == Language::Mandarin);
                out.push(Wanted { letters: letters_of_phone(phone, utterance.language), begins_word });
            }
        }
    }
    out
}

/// Words whose sounds differ from ours beyond what a synthesiser's own habits explain.
fn differing_words(utterance: &Utterance, phrase: &Phrase, costs: &[f32]) -> Vec<bool> {
    phrase
        .words
        .iter()
        .map(|&(index, first)| {
            let count: usize = utterance.words[index].syllables().iter().map(|s| s.phones.len()).sum();
            let start = first - phrase.first;
            let own = &costs[start.min(costs.len())..(start + count).min(costs.len())];
            own.iter().sum::<f32>() > 0.75 || own.iter().any(|&c| c > 0.5)
        })
        .collect()
}

fn flite_phrase(utterance: &Utterance, phrase: &Phrase, voice: &str, tempo: f64) -> Result<SpokenPhrase, SpeechError> {
    let wanted = wanted(utterance, phrase);
    let mut words: Vec<FliteWord> = phrase
        .words
        .iter()
        .map(|&(index, _)| FliteWord { text: utterance.words[index].text.clone(), phones: String::new() })
        .collect();
    let mut best = speak_flite(&words, voice, tempo, phrase.ending, &wanted)?;
    let differing = differing_words(utterance, phrase, &best.1.costs);
    if differing.iter().any(|&d| d) {
        for ((word, &(index, _)), _) in words.iter_mut().zip(&phrase.words).zip(&differing).filter(|(_, d)| **d) {
            word.phones = spelled_for_flite(&utterance.words[index]);
        }
        best = speak_flite(&words, voice, tempo, phrase.ending, &wanted)?;
    }
    let ((samples, rate), mapped) = best;
    finish(samples, rate, mapped, utterance, phrase)
}

fn speak_flite(
    words: &[FliteWord],
    voice: &str,
    tempo: f64,
    ending: char,
    wanted: &[Wanted],
) -> Result<(Sound, Mapped), FliteError> {
    let spoken = flite::speak(words, voice, tempo, ending)?;
    let heard: Vec<Heard> = spoken
        .phones
        .iter()
        .filter_map(|(name, start, end)| {
            let letters = letters_of_ipa(ipa_of_flite(name)?);
            // flite does not print where words begin; both sides then say so of none.
            Some(Heard { letters, start: *start, end: *end, begins_word: false })
        })
        .collect();
    let wanted: Vec<Wanted> =
        wanted.iter().map(|w| Wanted { letters: w.letters.clone(), begins_word: false }).collect();
    Ok(((spoken.samples, spoken.rate), map(&heard, &wanted)))
}

fn spelled_for_flite(word: &Word) -> String {
    let stressed = stressed_syllable(word, Language::AmericanEnglish, false);
    let mut names = Vec::new();
    for (i, syllable) in word.syllables().iter().enumerate() {
        let has_vowel = syllable.phones.iter().any(|p| p.class == PhoneClass::Vowel);
        for (k, phone) in syllable.phones.iter().enumerate() {
            let Some(name) = flite_name(&phone.symbol) else { continue };
            if !has_vowel && k + 1 == syllable.phones.len() {
                names.push("ax0".to_string());
            }
            names.push(match phone.class {
                PhoneClass::Vowel if name == "ax" => "ax0".into(),
                PhoneClass::Vowel => format!("{name}{}", u8::from(stressed == Some(i))),
                PhoneClass::Consonant => name.to_string(),
            });
        }
    }
    names.join(" ")
}

/// Cuts the silence around a phrase away and checks that it was said as read.
fn finish(
    samples: Vec<f32>,
    rate: u32,
    mut mapped: Mapped,
    utterance: &Utterance,
    phrase: &Phrase,
) -> Result<SpokenPhrase, SpeechError> {
    let text = || phrase.words.iter().map(|&(i, _)| utterance.words[i].text.as_str()).collect::<Vec<_>>().join(" ");
    if let Some(first) = mapped.spans.first_mut() {
        // A phrase begins with its first audible sample.
        let limit = 0.004 * samples.iter().fold(0.0_f32, |a, x| a.max(x.abs()));
        let inside = Seconds(first.0).sample_at(rate)..Seconds(first.1).sample_at(rate).min(samples.len());
        let heard = samples.get(inside).and_then(|piece| piece.iter().position(|x| x.abs() > limit));
        first.0 += heard.unwrap_or(0) as f64 / f64::from(rate);
    }
    let (Some(first), Some(last)) = (mapped.spans.first(), mapped.spans.last()) else {
        return Err(SpeechError::NotSpoken(text()));
    };
    if last.1 <= first.0 || samples.is_empty() {
        return Err(SpeechError::NotSpoken(text()));
    }
    let from = Seconds(first.0).sample_at(rate).min(samples.len());
    let to = Seconds(last.1 + 0.03).sample_at(rate).clamp(from, samples.len());
    let origin = from as f64 / f64::from(rate);
    let warning = (mapped.cost > 0.45)
        .then(|| format!("The synthesiser says \"{}\" differently from its reading; check it by ear.", text()));
    let spans = mapped.spans.iter().map(|&(s, e)| (s - origin, e - origin)).collect();
    Ok(SpokenPhrase { samples: samples[from..to].to_vec(), rate, spans, warning })
}

fn join(
    utterance: &Utterance,
    phrases: &[Phrase],
    spoken: Vec<SpokenPhrase>,
    speaker: String,
) -> Result<Synthesised, SpeechError> {
    let Some(rate) = spoken.first().map(|s| s.rate) else { return Err(SpeechError::NothingToSay) };
    let count = utterance.phones().count();
    let mut out = Synthesised { rate, speaker, ..Synthesised::default() };
    out.phones.reserve(count);
    out.samples.resize(Seconds(LEAD).sample_at(rate), 0.0);
    for (i, (phrase, said)) in phrases.iter().zip(spoken).enumerate() {
        let base = out.samples.len() as f64 / f64::from(rate);
        out.phones.extend(said.spans.iter().map(|&(start, end)| TimedPhone {
            start: Seconds(base + start),
            end: Seconds(base + end),
            confidence: 1.0,
        }));
        out.samples.extend_from_slice(&said.samples);
        out.warnings.extend(said.warning);
        let pause = match phrase.ending {
            _ if i + 1 == phrases.len() => TAIL,
            ',' => 0.22,
            _ => 0.45,
        };
        out.samples.resize(out.samples.len() + Seconds(pause).sample_at(rate), 0.0);
    }
    debug_assert_eq!(out.phones.len(), count);
    Ok(out)
}

impl From<VoiceError> for SpeechError {
    fn from(error: VoiceError) -> Self {
        Self::Voice(error)
    }
}

impl From<FliteError> for SpeechError {
    fn from(error: FliteError) -> Self {
        Self::Flite(error)
    }
}
