//! What a recording is like before anybody knows its words: how loud, how noisy, where it is silent.
//!
//! The noise of a recording is what remains in its quietest frames, band by band; a frame is heard as speech by how
//! far its bands stand above that. This follows the recording: a humming room is as silent as a studio.

use super::features::{BANDS, MelSpectra};

/// The measured surroundings of the speech in one recording.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// Noise in each mel band, decibels.
    pub noise: [f32; BANDS],
    /// For each frame, how far its bands stand above the noise, mean over the bands, decibels (0 = silence).
    pub above: Vec<f32>,
    /// `above` of ordinary speech frames: the 60th percentile of those that are clearly not silent.
    pub usual: f32,
}

/// Decibels by which a band must exceed the noise to count; noise itself flickers by this much.
const FLICKER: f32 = 4.0;

impl Surroundings {
    /// Measures `mel`. `None` when nothing in it changes enough to be speech.
    pub fn of(mel: &MelSpectra) -> Option<Self> {
        if mel.frames.len() < 5 {
            return None;
        }
        let level: Vec<f32> = mel
            .frames
            .iter()
            .map(|bands| 10.0 * bands.iter().map(|b| 10.0_f32.powf(b / 10.0)).sum::<f32>().max(1e-10).log10())
            .collect();
        // Digital silence would make any breath look loud: nothing below this counts as the floor.
        let loud = percentile(&level, 0.95);
        let quiet = percentile(&level, 0.05).max(loud - 60.0);
        if loud < -45.0 || loud - quiet < 7.0 {
            return None;
        }
        // The noise is the median, band by band, of the frames near the floor.
        let limit = quiet + (0.12 * (loud - quiet)).max(2.0);
        let mut noise = [0.0_f32; BANDS];
        let still: Vec<&[f32; BANDS]> =
            mel.frames.iter().zip(&level).filter(|(_, l)| **l <= limit).map(|(b, _)| b).collect();
        for (b, n) in noise.iter_mut().enumerate() {
            let values: Vec<f32> = still.iter().map(|bands| bands[b]).collect();
            *n = percentile(&values, 0.5).max(loud - 75.0);
        }
        let above: Vec<f32> = mel
            .frames
            .iter()
            .map(|bands| {
                bands.iter().zip(&noise).map(|(b, n)| (b - n - FLICKER).clamp(0.0, 40.0)).sum::<f32>() / BANDS as f32
            })
            .collect();
        let top = percentile(&above, 0.95);
        let speech: Vec<f32> = above.iter().copied().filter(|&a| a > 0.2 * top).collect();
        let usual = percentile(&speech, 0.6).max(0.5);
        Some(Self { noise, above, usual })
    }

    /// How much frame `i` sounds like speech rather than silence: 0 silence, 1 ordinary speech, more when loud.
    pub fn presence(&self, i: usize) -> f32 {
        self.above.get(i).map_or(0.0, |a| a / self.usual)
    }

    /// Runs of frames that are silent for at least `least` frames, as half-open ranges.
    pub fn silences(&self, least: usize) -> Vec<(usize, usize)> {
        let mut out = Vec::new();
        let mut from = None;
        for i in 0..=self.above.len() {
            let silent = i < self.above.len() && self.presence(i) < SILENT;
            match (silent, from) {
                (true, None) => from = Some(i),
                (false, Some(start)) => {
                    if i - start >= least {
                        out.push((start, i));
                    }
                    from = None;
                }
                _ => {}
            }
        }
        out
    }
}

/// Presence below which a frame is silent.
pub const SILENT: f32 = 0.12;

/// The value below which the share `p` of `values` lies; 0 for none.
pub fn percentile(values: &[f32], p: f32) -> f32 {
    if values.is_empty() {
        return 0.0;
    }
    let mut sorted = values.to_vec();
    let at = ((sorted.len() - 1) as f32 * p.clamp(0.0, 1.0)).round() as usize;
    *sorted.select_nth_unstable_by(at, f32::total_cmp).1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speech::features::{RATE, mel_spectra};
    use rand::{Rng, SeedableRng};

    fn noise(seconds: f32, level: f32) -> Vec<f32> {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
        (0..(seconds * RATE as f32) as usize).map(|_| level * (rng.random::<f32>() - 0.5)).collect()
    }

    #[test]
    fn noise_and_silence_are_not_speech() {
        assert!(Surroundings::of(&mel_spectra(&noise(2.0, 0.1), 160, 400)).is_none());
        assert!(Surroundings::of(&mel_spectra(&vec![0.0; 32_000], 160, 400)).is_none());
        assert!(Surroundings::of(&mel_spectra(&[], 160, 400)).is_none());
        let hum: Vec<f32> = (0..32_000).map(|i| 0.2 * (i as f32 * 0.02).sin()).collect();
        assert!(Surroundings::of(&mel_spectra(&hum, 160, 400)).is_none());
    }

    #[test]
    fn bursts_stand_out_of_noise_and_pauses_are_found() {
        let mut x = noise(3.0, 0.004);
        for (i, x) in x.iter_mut().enumerate().take(16_000).skip(8_000) {
            *x += 0.2 * (i as f32 * 0.1).sin() * (i as f32 * 0.013).sin();
        }
        for (i, x) in x.iter_mut().enumerate().take(32_000).skip(24_000) {
            *x += 0.2 * (i as f32 * 0.3).sin() * (i as f32 * 0.017).sin();
        }
        let s = Surroundings::of(&mel_spectra(&x, 160, 400)).unwrap();
        let silences = s.silences(10);
        assert_eq!(silences.len(), 3, "{silences:?}");
        assert!(silences[1].0.abs_diff(100) <= 3 && silences[1].1.abs_diff(150) <= 3, "{silences:?}");
    }
}
