//! What the networks hear: 80 mel bands and six rows of rhythm and melody, fifty times a second.
//!
//! | channel | what | unit | stored in steps of |
//! |---|---|---|---|
//! | 0-79 | mel bands (16 kHz, window 25 ms, Slaney's scale) | dB, −100 to 27 | 0.5 |
//! | 80 | energy of the frame | dB, −100 to 27 | 0.5 |
//! | 81 | onset strength: mean rise of the bands | dB, 0 to 12.75 | 0.05 |
//! | 82 | 1 where a sound sets in | 0 or 1 | 1 |
//! | 83 | beat: how much the word that sounds is stressed | 0 to 1 | 1/255 |
//! | 84 | pitch above 55 Hz, 0 without voice | semitones, 0 to 42.5 | 1/6 |
//! | 85 | 1 where there is voice | 0 or 1 | 1 |
//!
//! Row `i` is centred on second `i / 50`; two rows to a frame of the poses at 25 a second.

use crate::media;
use crate::pose::expression::Voice;
use crate::speech::{features as mel, onsets, pitch, prosody};
use crate::time::{Fps, Seconds};

/// Mel bands.
pub const BANDS: usize = 80;
/// Numbers in a row.
pub const FEATURE_COUNT: usize = BANDS + 6;
/// Rows a second.
pub const ROWS_PER_SECOND: u32 = 50;
/// Channels after the bands.
pub const ENERGY: usize = BANDS;
pub const ONSET_STRENGTH: usize = BANDS + 1;
pub const ONSET: usize = BANDS + 2;
pub const BEAT: usize = BANDS + 3;
pub const PITCH: usize = BANDS + 4;
pub const VOICED: usize = BANDS + 5;

const HOP: usize = (mel::RATE / ROWS_PER_SECOND) as usize;
const WINDOW: usize = 400;
/// The hop that onsets are looked for at: 10 ms, what they were tuned on.
const ONSET_HOP: usize = 160;
/// Pitch 0 stands for no voice, so the lowest voice is a little above it.
const LOWEST_PITCH: f32 = 55.0;

/// Lowest value and step of a channel as it is stored.
fn scale(channel: usize) -> (f32, f32) {
    match channel {
        0..=ENERGY => (-100.0, 0.5),
        ONSET_STRENGTH => (0.0, 0.05),
        BEAT => (0.0, 1.0 / 255.0),
        PITCH => (0.0, 1.0 / 6.0),
        _ => (0.0, 1.0),
    }
}

/// The features of a clip.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Features {
    /// [`ROWS_PER_SECOND`] of them a second.
    pub rows: Vec<[f32; FEATURE_COUNT]>,
}

impl Features {
    /// Listens to `samples` at `rate` for `length` seconds; `heard` says what is stressed.
    pub fn of(samples: &[f32], rate: u32, heard: &Voice, length: Seconds) -> Self {
        let sound = media::resample(samples, rate, mel::RATE);
        let low = media::resample(samples, rate, pitch::RATE);
        let count = Fps::whole(ROWS_PER_SECOND).frame_count(length) as usize;
        let bands = mel::mel_bands::<BANDS>(&sound, HOP, WINDOW);
        let fine = mel::mel_spectra(&sound, ONSET_HOP, WINDOW);
        let flux = onsets::flux(&fine);
        let loud = prosody::loudness(&low);
        let track = pitch::track(&low);
        let silent = [-100.0; BANDS];
        let mut rows: Vec<[f32; FEATURE_COUNT]> = (0..count)
            .map(|i| {
                let mut row = [0.0; FEATURE_COUNT];
                row[..BANDS].copy_from_slice(bands.get(i).unwrap_or(&silent));
                let ten = 2 * i;
                row[ENERGY] = loud.get(ten).copied().unwrap_or(-90.0);
                let near = flux.get(ten.saturating_sub(1)..(ten + 1).min(flux.len())).unwrap_or_default();
                row[ONSET_STRENGTH] = near.iter().copied().fold(0.0, f32::max);
                if let Some(Some(hertz)) = track.get(ten) {
                    row[PITCH] = (12.0 * (hertz / LOWEST_PITCH).log2()).max(1.0);
                    row[VOICED] = 1.0;
                }
                let time = Seconds(i as f64 / f64::from(ROWS_PER_SECOND));
                let beat = heard.accents.iter().find(|a| a.range.contains(time));
                row[BEAT] = beat.map_or(0.0, |a| a.strength);
                row
            })
            .collect();
        for onset in onsets::onsets(&fine) {
            let at = (onset.0 * f64::from(ROWS_PER_SECOND)).round() as usize;
            if let Some(row) = rows.get_mut(at) {
                row[ONSET] = 1.0;
            }
        }
        // As they will be read, so that nobody ever sees others.
        let bytes = Self { rows }.to_bytes();
        Self::from_bytes(&bytes, count)
    }

    /// A row at any moment, between its neighbours; the ends are held. Marks (onset, voice) are those of the nearest row.
    pub fn at(&self, time: Seconds) -> [f32; FEATURE_COUNT] {
        let Some(last) = self.rows.len().checked_sub(1) else { return [0.0; FEATURE_COUNT] };
        let x = (time.0 * f64::from(ROWS_PER_SECOND)).clamp(0.0, last as f64);
        let (i, t) = (x as usize, x.fract() as f32);
        let (a, b) = (&self.rows[i], &self.rows[(i + 1).min(last)]);
        let nearest = if t < 0.5 { a } else { b };
        std::array::from_fn(|c| match c {
            ONSET | VOICED | PITCH => nearest[c],
            _ => a[c] + (b[c] - a[c]) * t,
        })
    }

    /// A row brought to about −1…1, as networks like it: decibels from −80 to 20, pitch in two octaves around 150 Hz.
    pub fn scaled(row: &[f32; FEATURE_COUNT]) -> [f32; FEATURE_COUNT] {
        std::array::from_fn(|c| match c {
            0..=ENERGY => ((row[c] + 30.0) / 50.0).clamp(-1.5, 1.5),
            ONSET_STRENGTH => row[c] / 4.0,
            PITCH if row[VOICED] > 0.5 => (row[c] - 17.4) / 12.0,
            _ => row[c],
        })
    }

    /// Column after column, each its first value and then differences.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.rows.len() * FEATURE_COUNT);
        for c in 0..FEATURE_COUNT {
            let (low, step) = scale(c);
            let mut before = 0_u8;
            for row in &self.rows {
                let now = ((row[c] - low) / step).round().clamp(0.0, 255.0) as u8;
                out.push(now.wrapping_sub(before));
                before = now;
            }
        }
        out
    }

    /// The inverse of [`Self::to_bytes`]; `bytes` holds `rows` numbers of every channel.
    pub(super) fn from_bytes(bytes: &[u8], rows: usize) -> Self {
        let mut out = vec![[0.0; FEATURE_COUNT]; rows];
        for (c, column) in bytes.chunks_exact(rows.max(1)).enumerate().take(FEATURE_COUNT) {
            let (low, step) = scale(c);
            let mut value = 0_u8;
            for (row, by) in out.iter_mut().zip(column) {
                value = value.wrapping_add(*by);
                row[c] = low + step * f32::from(value);
            }
        }
        Self { rows: out }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pose::expression::Accent;
    use crate::time::TimeRange;

    /// Two tones with a silence between, at 22.05 kHz.
    fn tones() -> Vec<f32> {
        let rate = 22_050.0;
        (0..44_100)
            .map(|i| {
                let t = i as f32 / rate;
                let hertz = if t < 1.0 { 110.0 } else { 220.0 };
                let on = (0.2..0.8).contains(&t) || (1.2..1.8).contains(&t);
                let wave: f32 = (1..8).map(|h| (std::f32::consts::TAU * hertz * t * h as f32).sin() / h as f32).sum();
                if on { 0.2 * wave } else { 0.0 }
            })
            .collect()
    }

    #[test]
    fn tones_are_heard_at_their_time_and_height() {
        let stressed = TimeRange::new(Seconds(1.2), Seconds(1.8));
        let heard = Voice { accents: vec![Accent { range: stressed, strength: 0.8 }], phrases: Vec::new() };
        let features = Features::of(&tones(), 22_050, &heard, Seconds(2.0));
        assert_eq!(features.rows.len(), 100);
        let at = |t: f64| features.rows[(t * 50.0) as usize];
        assert!((at(0.5)[PITCH] - 12.0).abs() < 0.3 && (at(1.5)[PITCH] - 24.0).abs() < 0.3, "{}", at(0.5)[PITCH]);
        assert_eq!((at(0.1)[VOICED], at(0.1)[PITCH], at(0.5)[VOICED]), (0.0, 0.0, 1.0));
        assert!((at(1.5)[BEAT] - 0.8).abs() < 0.003 && at(0.5)[BEAT] == 0.0);
        assert!(at(0.5)[ENERGY] > at(1.0)[ENERGY] + 30.0);
        let onsets: Vec<usize> = (0..100).filter(|i| features.rows[*i][ONSET] == 1.0).collect();
        assert!(onsets.iter().any(|i| i.abs_diff(10) <= 2) && onsets.iter().any(|i| i.abs_diff(60) <= 2), "{onsets:?}");
        // The lower tone is louder in the lowest bands.
        assert!(at(0.5)[2] > at(1.5)[2] + 10.0);
        assert!(Features::scaled(&at(1.5)).iter().all(|v| v.abs() <= 2.5));
    }

    #[test]
    fn rows_come_back_within_half_a_step() {
        let rows: Vec<[f32; FEATURE_COUNT]> = (0..30)
            .map(|i| {
                std::array::from_fn(|c| {
                    let (low, step) = scale(c);
                    low + step * ((i * 7 + c * 13) % 250) as f32 + 0.3 * step
                })
            })
            .collect();
        let features = Features { rows };
        let back = Features::from_bytes(&features.to_bytes(), 30);
        for (a, b) in features.rows.iter().zip(&back.rows) {
            for c in 0..FEATURE_COUNT {
                assert!((a[c] - b[c]).abs() <= 0.51 * scale(c).1, "channel {c}: {} {}", a[c], b[c]);
            }
        }
        // Between two rows.
        let middle = back.at(Seconds(0.5 / 50.0));
        assert!((middle[0] - 0.5 * (back.rows[0][0] + back.rows[1][0])).abs() < 1e-4);
        assert_eq!(back.at(Seconds(99.0)), back.rows[29]);
        assert_eq!(Features::default().at(Seconds(1.0)), [0.0; FEATURE_COUNT]);
    }
}
