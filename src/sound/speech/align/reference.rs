//! The synthesised voice made comparable: given the recording's tone colour and noise, cut into states.

use super::super::dtw::{Frame, State, WIDTH};
use super::super::energy::Surroundings;
use super::super::features::{BANDS, CEPSTRA, MelSpectra, RATE, cepstra, deltas, mel_spectra};
use super::super::sounds::{Manner, letters_of_phone};
use super::super::synthesis::Synthesised;
use super::adapt::Bend;
use super::{ANALYSIS, HOP, STEP, Tuning, prototype};
use crate::language::{Utterance, WordKind};
use crate::media::resample;

/// Static values of a frame: level and twelve cepstra.
pub(crate) const STATIC: usize = CEPSTRA;

/// One voice: rows of scaled features as they are, and how they have been bent towards the speaker.
pub(crate) struct Speaker {
    pub original: Vec<Frame>,
    pub bend: Option<Bend>,
}

/// The reference as rows of features, one run of rows per phone.
///
/// A synthesised voice and a voice drawn by rule stand side by side, frame by frame; what is compared is their mean.
/// The synthesiser knows how sounds run into each other, the drawn voice has no habits that a speaker could lack.
pub(crate) struct Reference {
    /// Scaled features of all frames, mean of the speakers.
    pub rows: Vec<Frame>,
    pub speakers: Vec<Speaker>,
    /// Rows of each phone, half-open and never empty.
    pub phones: Vec<(usize, usize)>,
    /// An id per phone symbol, for adaptation.
    pub symbols: Vec<usize>,
    /// 16 kHz samples of the synthesised sound; none for a drawn voice.
    pub samples: Vec<f32>,
}

impl Reference {
    /// Prepares `spoken` for comparison with a recording whose spectra are `mel`.
    pub fn new(
        spoken: &Synthesised,
        utterance: &Utterance,
        mel: &MelSpectra,
        surroundings: &Surroundings,
        tuning: &Tuning,
    ) -> Self {
        let samples = resample(&spoken.samples, spoken.rate, RATE);
        let own = mel_spectra(&samples, HOP, ANALYSIS);
        let last = own.frames.len().saturating_sub(1);
        let phones: Vec<(usize, usize)> = spoken
            .phones
            .iter()
            .map(|p| {
                // Frames whose centre lies inside the phone, at least one.
                let from = ((p.start.0 / STEP).ceil().max(0.0) as usize).min(last);
                let to = ((p.end.0 / STEP).ceil().max(0.0) as usize).min(last + 1);
                if to > from { (from, to) } else { (from, from + 1) }
            })
            .collect();
        let mut first = rows_of(own, &phones, mel, surroundings, tuning);
        let mut speakers = Vec::new();
        if tuning.both {
            let (drawn, spans) = prototype::draw(utterance);
            let drawn = rows_of(drawn, &spans, mel, surroundings, tuning);
            // The drawn voice at the synthesiser's pace.
            let mut second = first.clone();
            for (&(a, b), &(c, d)) in phones.iter().zip(&spans) {
                for (k, row) in second[a..b].iter_mut().enumerate() {
                    *row = drawn[c + (2 * k + 1) * (d - c) / (2 * (b - a))];
                }
            }
            speakers.push(Speaker { original: first.clone(), bend: None });
            speakers.push(Speaker { original: second, bend: None });
        } else {
            speakers.push(Speaker { original: std::mem::take(&mut first), bend: None });
        }
        Self::made_of(speakers, phones, utterance, samples)
    }

    /// A voice drawn by rule, for when no synthesiser has spoken.
    pub fn drawn(utterance: &Utterance, mel: &MelSpectra, surroundings: &Surroundings, tuning: &Tuning) -> Self {
        let (own, phones) = prototype::draw(utterance);
        let rows = rows_of(own, &phones, mel, surroundings, tuning);
        Self::made_of(vec![Speaker { original: rows, bend: None }], phones, utterance, Vec::new())
    }

    fn made_of(speakers: Vec<Speaker>, phones: Vec<(usize, usize)>, utterance: &Utterance, samples: Vec<f32>) -> Self {
        let mut known: Vec<&str> = Vec::new();
        let symbols = utterance
            .phones()
            .map(|p| {
                known.iter().position(|s| *s == p.phone.symbol).unwrap_or_else(|| {
                    known.push(&p.phone.symbol);
                    known.len() - 1
                })
            })
            .collect();
        let mut out = Self { rows: Vec::new(), speakers, phones, symbols, samples };
        out.blend();
        out
    }

    /// Recomputes the rows from the speakers as they are bent now.
    pub fn blend(&mut self) {
        let share = 1.0 / self.speakers.len() as f32;
        self.rows = vec![[0.0; WIDTH]; self.speakers[0].original.len()];
        for speaker in &self.speakers {
            for (phone, &(from, to)) in self.phones.iter().enumerate() {
                for row in from..to {
                    let own = &speaker.original[row];
                    let bent = speaker.bend.as_ref().map_or(*own, |b| b.of(own, self.symbols[phone]));
                    for (sum, v) in self.rows[row].iter_mut().zip(&bent) {
                        *sum += share * v;
                    }
                }
            }
        }
    }

    /// The recording's features on the same footing.
    pub fn features_of(&self, mel: &MelSpectra, surroundings: &Surroundings, tuning: &Tuning) -> Vec<Frame> {
        let raw = statics(mel);
        let spoken: Vec<usize> = (0..raw.len()).filter(|&i| surroundings.presence(i) > 0.25).collect();
        scaled(&raw, spoken.into_iter(), tuning)
    }

    /// The row of states with a gap at every edge of a syllable; `tempo` says how many times longer the recording's
    /// sounds are than the reference's, `gap` what a pause between syllables costs.
    pub fn states(&self, utterance: &Utterance, tempo: f64, gap: f32, tuning: &Tuning) -> Vec<State> {
        let mut states = vec![State::Gap { enter: 0.0 }];
        let mut begun = false;
        let mut flat = 0;
        let mut after_break = false;
        for word in &utterance.words {
            if word.kind != WordKind::Spoken {
                after_break = true;
            }
            for syllable in word.syllables() {
                if syllable.phones.is_empty() {
                    continue;
                }
                if begun {
                    states.push(State::Gap { enter: if after_break { tuning.gap_at_break } else { gap } });
                }
                begun = true;
                after_break = false;
                for phone in &syllable.phones {
                    let letters = letters_of_phone(phone, utterance.language);
                    let lasting = letters.iter().any(|l| !matches!(l.manner, Manner::Stop | Manner::Affricate));
                    let stay = if lasting { tuning.stay_long } else { tuning.stay_short };
                    let (from, to) = self.phones[flat];
                    // Stops keep their length, whatever the tempo; the rest stretches.
                    let own = if lasting { tempo } else { tempo.clamp(0.7, 1.3) };
                    let count = (((to - from) as f64 * own).round() as usize).max(1);
                    for k in 0..count {
                        let row =
                            from + (((k as f64 + 0.5) * (to - from) as f64 / count as f64) as usize).min(to - from - 1);
                        states.push(State::Sound { row: row as u32, phone: flat as u32, stay });
                    }
                    flat += 1;
                }
            }
        }
        states.push(State::Gap { enter: 0.0 });
        states
    }
}

/// Spectra as scaled rows that sound like the recording's.
fn rows_of(
    mut own: MelSpectra,
    phones: &[(usize, usize)],
    mel: &MelSpectra,
    surroundings: &Surroundings,
    tuning: &Tuning,
) -> Vec<Frame> {
    let inside: Vec<usize> = phones.iter().flat_map(|&(a, b)| a..b).collect();
    recolour(&mut own, &inside, mel, surroundings);
    scaled(&statics(&own), inside.iter().copied(), tuning)
}

/// Gives the reference the recording's long-term tone colour and its noise, band by band.
pub(super) fn recolour(own: &mut MelSpectra, inside: &[usize], mel: &MelSpectra, surroundings: &Surroundings) {
    let mean = |rows: &mut dyn Iterator<Item = &[f32; BANDS]>| {
        let mut sum = [0.0_f32; BANDS];
        let mut n = 0.0_f32;
        for row in rows {
            for (s, v) in sum.iter_mut().zip(row) {
                *s += v;
            }
            n += 1.0;
        }
        sum.map(|s| s / n.max(1.0))
    };
    // The loud half of the speech on both sides, where noise does not matter.
    let loudness = |row: &[f32; BANDS]| row.iter().sum::<f32>() / BANDS as f32;
    let levels: Vec<f32> = inside.iter().map(|&i| loudness(&own.frames[i])).collect();
    let middle = super::percentile(&levels, 0.4);
    let theirs = mean(&mut inside.iter().map(|&i| &own.frames[i]).filter(|r| loudness(r) >= middle));
    let spoken: Vec<f32> = surroundings.above.iter().copied().filter(|a| *a > 0.25 * surroundings.usual).collect();
    let limit = super::percentile(&spoken, 0.4);
    let ours = mean(&mut mel.frames.iter().zip(&surroundings.above).filter(|(_, a)| **a >= limit).map(|(r, _)| r));
    for row in &mut own.frames {
        for (b, v) in row.iter_mut().enumerate() {
            let coloured = *v + ours[b] - theirs[b];
            let power = 10.0_f32.powf(coloured / 10.0) + 10.0_f32.powf(surroundings.noise[b] / 10.0);
            *v = 10.0 * power.max(1e-10).log10();
        }
    }
}

pub(super) fn statics(mel: &MelSpectra) -> Vec<[f32; STATIC]> {
    cepstra(mel)
}

/// Mean and spread taken out (over the frames `counted`), slopes added, weights applied.
pub(super) fn scaled(raw: &[[f32; STATIC]], counted: impl Iterator<Item = usize>, tuning: &Tuning) -> Vec<Frame> {
    let slopes = deltas(raw, 2);
    let (mut sum, mut square, mut slope_square, mut n) = ([0.0_f64; STATIC], [0.0_f64; STATIC], [0.0_f64; STATIC], 0.0);
    for i in counted {
        for k in 0..STATIC {
            let v = f64::from(raw[i][k]);
            sum[k] += v;
            square[k] += v * v;
            slope_square[k] += f64::from(slopes[i][k]).powi(2);
        }
        n += 1.0;
    }
    let n = f64::max(n, 1.0);
    let mut mean = [0.0_f32; STATIC];
    let mut weight = [0.0_f32; STATIC];
    let mut slope_weight = [0.0_f32; STATIC];
    // The distance of two unrelated frames is then about 2 whatever the number of values.
    let share = 1.0 / (2.0 * STATIC as f32).sqrt();
    for k in 0..STATIC {
        let m = sum[k] / n;
        mean[k] = m as f32;
        let spread = (square[k] / n - m * m).max(1e-6).sqrt() as f32;
        let own = if k == 0 { tuning.level } else { tuning.cepstrum };
        weight[k] = own * share / spread;
        slope_weight[k] = tuning.slope * own * share / (slope_square[k] / n).max(1e-6).sqrt() as f32;
    }
    raw.iter()
        .zip(&slopes)
        .map(|(row, slope)| {
            let mut frame = [0.0; WIDTH];
            for k in 0..STATIC {
                frame[k] = (row[k] - mean[k]) * weight[k];
                frame[16 + k] = slope[k] * slope_weight[k];
            }
            frame
        })
        .collect()
}
