//! What can be heard of phrase and stress in a voice: which words stand out, and how lively a phrase is.
//!
//! A word stands out by being higher, louder or longer than the words of its phrase (the acoustic correlates of stress
//! and accent: Fry 1955; for Mandarin, where pitch belongs to tones, range and length, Xu 1999). All three are taken
//! against the phrase and not against the recording, and pitch against its own fall over the phrase, so that a word at
//! the beginning is not stressed merely by being there. Weights and thresholds are our choice; nothing is learned.

use super::pitch;
use crate::pose::expression::{Accent, Phrase, Voice};
use crate::time::{Seconds, TimeRange};

/// A silence of this length ends a phrase, seconds.
const PAUSE: f64 = 0.18;
/// Loudness is measured over this many samples at [`pitch::RATE`] (25 ms).
const WINDOW: usize = 200;
/// How much louder (decibels), higher (semitones) and longer (factor 1.5 = e^0.4 a sound) than usual counts as much.
const LOUDER: f32 = 4.0;
const HIGHER: f32 = 3.0;
const LONGER: f32 = 0.4;
/// Weights of pitch, loudness and length.
const WEIGHTS: [f32; 3] = [0.45, 0.35, 0.20];
/// Words above this sum are accents, of [`LEAST_STRENGTH`] there; from [`FULL`] on they are of full strength.
const THRESHOLD: f32 = 0.55;
const FULL: f32 = 1.1;
/// A word that counts as stressed is to be seen, be it ever so little above the others.
const LEAST_STRENGTH: f32 = 0.5;
/// At most this share of the words of a phrase is stressed, one word at least.
const SHARE: f32 = 0.34;
/// The fall of the pitch is measured on at most about this many words of a phrase.
const MOST_WORDS: usize = 60;
/// A phrase this much louder (decibels) and this much more varied in pitch (semitones) than usual has a level of 1.
const LEVEL_LOUDER: f32 = 6.0;
const LEVEL_VARIED: f32 = 2.5;

/// A word as it sounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpokenWord {
    pub range: TimeRange,
    /// Number of its sounds.
    pub sounds: usize,
    /// A break in the text stands before it.
    pub after_break: bool,
}

/// Loudness of each frame in decibels, frame `i` centred on sample `i * pitch::HOP` of `samples` (at [`pitch::RATE`]).
pub fn loudness(samples: &[f32]) -> Vec<f32> {
    let count = samples.len() / pitch::HOP + 1;
    let at = |i: usize| {
        let from = (i * pitch::HOP).saturating_sub(WINDOW / 2).min(samples.len());
        let piece = &samples[from..(from + WINDOW).min(samples.len())];
        let energy = piece.iter().map(|x| x * x).sum::<f32>() / piece.len().max(1) as f32;
        10.0 * energy.max(1e-9).log10()
    };
    (0..count).map(at).collect()
}

/// What is heard: `loud` from [`loudness`], `pitch` from [`pitch::track`] of the same samples, `words` in order of time.
pub fn listen(loud: &[f32], pitch: &[Option<f32>], words: &[SpokenWord]) -> Voice {
    let words: Vec<SpokenWord> =
        words.iter().filter(|w| w.sounds > 0 && w.range.end > w.range.start).copied().collect();
    let heard: Vec<Heard> = words.iter().map(|w| Heard::new(w, loud, pitch)).collect();
    let phrases = phrases(&words);
    let measured: Vec<Measures> = phrases.iter().map(|p| Measures::of(&heard[p.clone()])).collect();
    let usual_loud = median(measured.iter().map(|m| m.loud));
    let usual_spread = median(measured.iter().map(|m| m.spread));
    let mut voice = Voice::default();
    for (phrase, measures) in phrases.into_iter().zip(&measured) {
        let range = TimeRange::new(words[phrase.start].range.start, words[phrase.end - 1].range.end);
        let louder = (measures.loud - usual_loud) / LEVEL_LOUDER;
        let varied = (measures.spread - usual_spread) / LEVEL_VARIED;
        voice.phrases.push(Phrase { range, level: (0.6 * louder + 0.4 * varied).clamp(-1.0, 1.0) });
        voice.accents.extend(accents(&words[phrase.clone()], &heard[phrase], measures));
    }
    voice
}

/// What is heard of one word.
#[derive(Clone, Copy, Debug)]
struct Heard {
    /// Middle of the word, seconds.
    time: f32,
    /// Loudest tenth of it, decibels.
    loud: f32,
    /// Highest reliable pitch, semitones; `None` without voice.
    high: Option<f32>,
    /// Logarithm of the length of a sound of it.
    length: f32,
}

impl Heard {
    fn new(word: &SpokenWord, loud: &[f32], pitch: &[Option<f32>]) -> Self {
        let step = pitch::HOP as f64 / f64::from(pitch::RATE);
        let frame = |t: Seconds, n: usize| ((t.0 / step).round().max(0.0) as usize).min(n);
        let of = |n: usize| frame(word.range.start, n)..frame(word.range.end, n).max(frame(word.range.start, n));
        let mut levels: Vec<f32> = loud[of(loud.len())].to_vec();
        levels.sort_by(f32::total_cmp);
        let mut high: Vec<f32> =
            pitch[of(pitch.len())].iter().flatten().map(|hertz| 12.0 * (hertz / 100.0).log2()).collect();
        high.sort_by(f32::total_cmp);
        // Not the very highest: single frames an octave off are common.
        let near_top = |v: &[f32]| v.get(v.len() * 9 / 10).or(v.last()).copied();
        Self {
            time: word.range.middle().0 as f32,
            loud: near_top(&levels).unwrap_or(-90.0),
            high: if high.len() >= 4 { near_top(&high) } else { None },
            length: (word.range.length().0 as f32 / word.sounds as f32).max(1e-3).ln(),
        }
    }
}

/// What is usual in a phrase.
#[derive(Clone, Copy, Debug)]
struct Measures {
    loud: f32,
    length: f32,
    /// Pitch at time 0, and its slope in semitones a second.
    line: (f32, f32),
    /// Standard deviation of the pitch, semitones.
    spread: f32,
}

impl Measures {
    fn of(words: &[Heard]) -> Self {
        let pitches: Vec<(f32, f32)> = words.iter().filter_map(|w| Some((w.time, w.high?))).collect();
        let n = pitches.len().max(1) as f32;
        let mean_p = pitches.iter().map(|p| p.1).sum::<f32>() / n;
        // The median of the slopes between any two words, which a stressed word does not bend (Theil & Sen). A voice
        // falls over a phrase and hardly ever rises.
        let every = pitches.len().div_ceil(MOST_WORDS).max(1);
        let some: Vec<(f32, f32)> = pitches.iter().copied().step_by(every).collect();
        let pairs = some.iter().enumerate().flat_map(|(i, a)| some[i + 1..].iter().map(move |b| (a, b)));
        let slopes = pairs.filter(|(a, b)| b.0 > a.0).map(|(a, b)| (b.1 - a.1) / (b.0 - a.0));
        let slope = if pitches.len() >= 4 { median(slopes).clamp(-4.0, 0.0) } else { 0.0 };
        let spread = (pitches.iter().map(|p| (p.1 - mean_p).powi(2)).sum::<f32>() / n).sqrt();
        let offsets = pitches.iter().map(|p| p.1 - slope * p.0);
        Self {
            loud: median(words.iter().map(|w| w.loud)),
            length: median(words.iter().map(|w| w.length)),
            line: (median(offsets), slope),
            spread,
        }
    }
}

fn accents(words: &[SpokenWord], heard: &[Heard], usual: &Measures) -> Vec<Accent> {
    if words.len() < 2 {
        return Vec::new();
    }
    let score = |h: &Heard| {
        let high = h.high.map_or(0.0, |p| (p - usual.line.0 - usual.line.1 * h.time) / HIGHER);
        let sizes = [high, (h.loud - usual.loud) / LOUDER, (h.length - usual.length) / LONGER];
        sizes.iter().zip(WEIGHTS).map(|(v, w)| w * v.clamp(-1.5, 2.5)).sum::<f32>()
    };
    let scores: Vec<f32> = heard.iter().map(score).collect();
    let most = ((SHARE * words.len() as f32) as usize).max(1);
    let mut ranked = scores.clone();
    ranked.sort_by(|a, b| b.total_cmp(a));
    let least = THRESHOLD.max(ranked.get(most - 1).copied().unwrap_or(f32::INFINITY));
    let accent = |(word, score): (&SpokenWord, &f32)| {
        let above = ((score - THRESHOLD) / (FULL - THRESHOLD)).clamp(0.0, 1.0);
        let strength = LEAST_STRENGTH + (1.0 - LEAST_STRENGTH) * above;
        (*score >= least).then_some(Accent { range: word.range, strength })
    };
    words.iter().zip(&scores).filter_map(accent).take(most).collect()
}

/// Indices of the words of each phrase.
fn phrases(words: &[SpokenWord]) -> Vec<std::ops::Range<usize>> {
    let mut out = Vec::new();
    let mut first = 0;
    for i in 1..=words.len() {
        let ends = i == words.len() || {
            let pause = (words[i].range.start - words[i - 1].range.end).0;
            pause >= PAUSE || (words[i].after_break && pause >= 0.5 * PAUSE)
        };
        if ends {
            out.push(first..i);
            first = i;
        }
    }
    out.retain(|r| !r.is_empty());
    out
}

/// 0 for none.
fn median(values: impl Iterator<Item = f32>) -> f32 {
    let mut values: Vec<f32> = values.filter(|v| v.is_finite()).collect();
    values.sort_by(f32::total_cmp);
    let n = values.len();
    if n == 0 { 0.0 } else { (values[(n - 1) / 2] + values[n / 2]) / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of a voice: hertz, loudness (amplitude of the fundamental) and length in seconds.
    fn say(words: &[(f32, f32, f64)], pause_after: &[usize]) -> (Vec<f32>, Vec<SpokenWord>) {
        let rate = pitch::RATE as f32;
        let mut samples = vec![0.0; (0.3 * rate) as usize];
        let (mut spoken, mut phase) = (Vec::new(), 0.0_f32);
        for (i, (hertz, loud, length)) in words.iter().enumerate() {
            let from = samples.len() as f64 / f64::from(rate);
            let count = (length * f64::from(rate)) as usize;
            for k in 0..count {
                phase += hertz / rate;
                let edge = (k.min(count - k) as f32 / 300.0).min(1.0);
                let sound: f32 = (1..6).map(|h| (std::f32::consts::TAU * phase * h as f32).sin() / h as f32).sum();
                samples.push(loud * edge * sound);
            }
            let end = samples.len() as f64 / f64::from(rate);
            let after_break = i > 0 && pause_after.contains(&(i - 1));
            spoken.push(SpokenWord { range: TimeRange::new(Seconds(from), Seconds(end)), sounds: 4, after_break });
            let silence = if pause_after.contains(&i) { 0.4 } else { 0.02 };
            samples.extend(vec![0.0; (silence * rate) as usize]);
        }
        samples.extend(vec![0.0; (0.3 * rate) as usize]);
        (samples, spoken)
    }

    fn hear(words: &[(f32, f32, f64)], pause_after: &[usize]) -> (Voice, Vec<SpokenWord>) {
        let (samples, spoken) = say(words, pause_after);
        (listen(&loudness(&samples), &pitch::track(&samples), &spoken), spoken)
    }

    #[test]
    fn a_word_stands_out_by_pitch_loudness_or_length() {
        let plain = (120.0, 0.15, 0.26);
        for stressed in [(170.0, 0.15, 0.26), (120.0, 0.42, 0.26), (140.0, 0.22, 0.36)] {
            for at in 0..6 {
                let mut words = [plain; 6];
                words[at] = stressed;
                let (voice, spoken) = hear(&words, &[]);
                let found: Vec<TimeRange> = voice.accents.iter().map(|a| a.range).collect();
                assert_eq!(found, [spoken[at].range], "{stressed:?} at {at}: {:?}", voice.accents);
            }
        }
        assert_eq!(hear(&[plain; 6], &[]).0.accents, []);
    }

    #[test]
    fn a_voice_that_merely_falls_stresses_nothing() {
        let falling: Vec<_> = (0..8).map(|i| (165.0 * 0.95_f32.powi(i), 0.15, 0.25)).collect();
        assert_eq!(hear(&falling, &[]).0.accents, []);
        let mut words = falling.clone();
        words[5].0 *= 1.32;
        let (voice, spoken) = hear(&words, &[]);
        assert_eq!(voice.accents.iter().map(|a| a.range).collect::<Vec<_>>(), [spoken[5].range]);
    }

    #[test]
    fn phrases_have_levels_and_stronger_stress_is_stronger() {
        let calm = [(120.0, 0.10, 0.25), (118.0, 0.10, 0.25), (140.0, 0.13, 0.27), (116.0, 0.1, 0.25)];
        let lively = [(140.0, 0.3, 0.25), (150.0, 0.32, 0.25), (230.0, 0.6, 0.34), (130.0, 0.3, 0.25)];
        let words = [calm, lively, calm].concat();
        let (voice, spoken) = hear(&words, &[3, 7]);
        assert_eq!(voice.phrases.len(), 3);
        assert!(voice.phrases[1].level > 0.5 && voice.phrases[0].level.abs() < 0.1, "{:?}", voice.phrases);
        assert_eq!(voice.phrases[1].range, TimeRange::new(spoken[4].range.start, spoken[7].range.end));
        let strength = |i: usize| voice.accents.iter().find(|a| a.range == spoken[i].range).map_or(0.0, |a| a.strength);
        assert!(strength(6) > strength(2), "{:?}", voice.accents);
        assert_eq!(voice.broken_invariant(), None);
    }

    #[test]
    fn silence_and_nonsense_say_nothing() {
        let word = |a: f64, b: f64, sounds| SpokenWord {
            range: TimeRange { start: Seconds(a), end: Seconds(b) },
            sounds,
            after_break: false,
        };
        assert!(listen(&[], &[], &[]).is_empty());
        let odd = [word(1.0, 1.0, 3), word(2.0, 1.0, 3), word(0.0, 1.0, 0)];
        assert!(listen(&[-90.0; 10], &[None; 10], &odd).is_empty());
        let beyond = listen(&[-20.0; 10], &[None; 10], &[word(5.0, 6.0, 3), word(6.0, 7.0, 2)]);
        assert!(beyond.accents.is_empty() && beyond.broken_invariant().is_none());
        assert_eq!(loudness(&[]).len(), 1);
    }
}
