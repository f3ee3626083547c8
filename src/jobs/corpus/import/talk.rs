//! What is said in a recording and when: from its labels, or by aligning its text; and the keys that follow from it.

use super::Import;
use crate::corpus::SpokenText;
use crate::cueing::chart::{Chart, ChartSwitches};
use crate::cueing::what;
use crate::cueing::when::{PlannedKey, SoundedPhone, TimingOptions, sounds, times};
use crate::exchange::Tiers;
use crate::generate::SoundingPhone;
use crate::jobs::draft;
use crate::language::{Language, PhoneClass, phonetics};
use crate::media;
use crate::pose::expression::Voice;
use crate::progress::Progress;
use crate::speech::prosody::{SpokenWord, listen, loudness};
use crate::speech::{self, Mono, pitch};
use crate::time::{Fps, Seconds, TimeRange};

/// Samples a second of the sound.
pub const RATE: u32 = draft::ANALYSIS_RATE;
/// Names of tiers, as sets and aligners have them.
const WORDS: [&str; 8] = ["words", "word", "hanzi", "text", "transcript", "sentence", "utterance", "ort-mau"];
const PHONES: [&str; 5] = ["phones", "phone", "phonemes", "pinyin", "mau"];
/// Labels that say nothing.
const SILENT: [&str; 8] = ["", "sil", "sp", "spn", "<p:>", "<eps>", "#", "-"];

/// What is said.
#[derive(Clone, Debug, Default)]
pub struct Talk {
    pub text: String,
    pub words: Vec<SpokenText>,
    pub phones: Vec<SoundingPhone>,
    pub keys: Vec<PlannedKey>,
    pub heard: Voice,
    pub notes: Vec<String>,
}

fn tier(tiers: &Tiers, names: &[&str]) -> Vec<(TimeRange, String)> {
    let found = names.iter().find_map(|n| tiers.tier(n)).map(|t| t.intervals.clone()).unwrap_or_default();
    found.into_iter().filter(|(r, t)| r.end > r.start && !SILENT.contains(&t.trim().to_lowercase().as_str())).collect()
}

/// A label as a phone: of the language's inventory, or by its letters.
fn phone(label: &str, range: TimeRange, language: Option<Language>) -> SoundingPhone {
    let bare = label.trim().trim_end_matches(|c: char| c.is_ascii_digit());
    let known = language.and_then(|l| phonetics::phone(bare, l)).map(|p| p.class);
    let vowel = bare.chars().next().is_some_and(|c| "aeiouyAEIOUɑɔəɛɪʊʌæœøɜɝɚ".contains(c));
    let class = known.unwrap_or(if vowel { PhoneClass::Vowel } else { PhoneClass::Consonant });
    SoundingPhone { symbol: bare.to_owned(), class, start: range.start, end: range.end }
}

impl Talk {
    /// Reads labels and listens to the sound (at [`RATE`]); for cueing, keys are planned from the text.
    pub fn of(request: &Import, labels: &Tiers, sound: &[f32], progress: &dyn Progress) -> Self {
        let mut out = Self::default();
        let words = tier(labels, &WORDS);
        let joint = if request.language == Some(Language::Mandarin) { "" } else { " " };
        out.text = words.iter().map(|w| w.1.trim()).collect::<Vec<_>>().join(joint);
        out.phones = tier(labels, &PHONES).iter().map(|(r, t)| phone(t, *r, request.language)).collect();
        let spoken = |(range, text): (TimeRange, String)| SpokenText {
            text: text.trim().to_owned(),
            range,
            syllables: Vec::new(),
        };
        out.words = words.into_iter().map(spoken).collect();
        if request.kind == super::Kind::Mccs {
            out.plan_keys(request.language, sound, progress);
        }
        let low = media::resample(sound, RATE, pitch::RATE);
        let count = |range: TimeRange| {
            let own = out.phones.iter().filter(|p| p.start < range.end && p.end > range.start).count();
            if own > 0 { own } else { ((range.length().0 / 0.09) as usize).max(1) }
        };
        let heard: Vec<SpokenWord> = out
            .words
            .iter()
            .map(|w| SpokenWord { range: w.range, sounds: count(w.range), after_break: false })
            .collect();
        out.heard = listen(&loudness(&low), &pitch::track(&low), &heard);
        out
    }

    /// Keys of the text by the product's chart, at the times of its sounds: those of the labels where they count as many,
    /// else those that alignment finds.
    fn plan_keys(&mut self, language: Option<Language>, sound: &[f32], progress: &dyn Progress) {
        let Some(language) = language else {
            self.notes.push("no keys: say the language (--language)".to_owned());
            return;
        };
        let Ok(utterance) = draft::read_text(&self.text, language, &Default::default()) else {
            self.notes.push("no keys: no text that can be read".to_owned());
            return;
        };
        let wanted = utterance.phones().count();
        let ranges: Vec<TimeRange> = if self.phones.len() == wanted {
            self.phones.iter().map(|p| TimeRange::new(p.start, p.end)).collect()
        } else {
            let (reference, _) = speech::reference_for(&utterance);
            let mono = Mono { rate: RATE, samples: sound.to_vec() };
            match draft::align(&mono, &utterance, reference.as_ref(), progress) {
                Ok(found) => found.phones.iter().map(|p| TimeRange::new(p.start, p.end)).collect(),
                Err(e) => {
                    self.notes.push(format!("no keys: {e}"));
                    return;
                }
            }
        };
        self.phones = utterance
            .phones()
            .zip(&ranges)
            .map(|(p, t)| SoundingPhone {
                symbol: p.phone.symbol.clone(),
                class: p.phone.class,
                start: t.start,
                end: t.end,
            })
            .collect();
        let sounded: Vec<SoundedPhone> =
            utterance.phones().zip(&ranges).map(|(p, t)| SoundedPhone { class: p.phone.class, time: *t }).collect();
        let keys = what::keys(&utterance, Chart::builtin(language), &ChartSwitches::default());
        let end = Seconds(sound.len() as f64 / f64::from(RATE));
        self.keys = times(&sounds(&keys, &sounded), &TimingOptions::default(), Fps::whole(crate::corpus::FPS), end);
        self.notes
            .push("keys are planned from text and sounds by the program's rules; nobody annotated them".to_owned());
    }

    /// What is said in a stretch, in its own time.
    pub fn within(&self, range: TimeRange) -> Self {
        let shift = |t: Seconds| t - range.start;
        let inside = |r: &TimeRange| range.contains(r.middle());
        let moved = |r: &TimeRange| TimeRange::new(shift(r.start), shift(r.end));
        let words: Vec<SpokenText> = self
            .words
            .iter()
            .filter(|w| inside(&w.range))
            .map(|w| SpokenText { range: moved(&w.range), ..w.clone() })
            .collect();
        let phones = self.phones.iter().filter(|p| inside(&TimeRange::new(p.start, p.end)));
        let phones = phones.map(|p| SoundingPhone { start: shift(p.start), end: shift(p.end), ..p.clone() }).collect();
        let keys = self
            .keys
            .iter()
            .filter(|k| k.times.m2.max(k.times.d2) > range.start && k.times.m1.min(k.times.d1) < range.end);
        let keys = keys.map(|k| {
            let mut k = k.clone();
            let t = &mut k.times;
            [&mut t.a1, &mut t.a3, &mut t.m1, &mut t.m2, &mut t.d1, &mut t.d2].into_iter().for_each(|s| *s = shift(*s));
            k
        });
        let mut heard = Voice {
            accents: self.heard.accents.iter().filter(|a| inside(&a.range)).copied().collect(),
            phrases: self.heard.phrases.iter().filter(|p| inside(&p.range)).copied().collect(),
        };
        heard.moved(shift);
        let keys: Vec<PlannedKey> = keys.collect();
        // A stretch that is all of the text keeps it as it was written.
        let text = if words.len() == self.words.len() {
            self.text.clone()
        } else {
            words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ")
        };
        Self { text, words, phones, keys, heard, notes: Vec::new() }
    }
}
