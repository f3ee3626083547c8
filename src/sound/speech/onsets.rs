//! Where sounds set in: moments at which many frequency bands become louder at once (spectral flux), each the highest
//! of its surroundings and clearly above their middle.

use super::energy::percentile;
use super::features::{BANDS, MelSpectra, RATE};
use crate::time::Seconds;

/// Frames to both sides that an onset must stand out from.
const AROUND: usize = 10;
/// Frames to both sides in which there is no second onset.
const APART: usize = 4;
/// Decibels a band must rise by to count: less is unrest.
const RISE: f32 = 1.5;
/// Mean rise of all bands, decibels, above the middle of the surroundings.
const LEAST: f32 = 1.2;

/// The onsets of a sound from its mel spectra, in order.
pub fn onsets(mel: &MelSpectra) -> Vec<Seconds> {
    let flux = flux(mel);
    let mut out = Vec::new();
    for i in 0..flux.len() {
        let near = i.saturating_sub(APART)..(i + APART + 1).min(flux.len());
        let is_top = near.clone().all(|k| flux[k] < flux[i] || (flux[k] == flux[i] && k >= i));
        if !is_top {
            continue;
        }
        let around = &flux[i.saturating_sub(AROUND)..(i + AROUND + 1).min(flux.len())];
        if flux[i] > percentile(around, 0.5) + LEAST {
            out.push(Seconds(i as f64 * mel.hop as f64 / f64::from(RATE)));
        }
    }
    out
}

/// How much louder the bands are than two frames before, mean over the bands, decibels.
pub fn flux(mel: &MelSpectra) -> Vec<f32> {
    // Far below the loudest, bands only show the rounding of the recording.
    let loudest = mel.frames.iter().flatten().copied().fold(f32::NEG_INFINITY, f32::max);
    let floor = loudest - 55.0;
    (0..mel.frames.len())
        .map(|i| {
            let (now, before) = (&mel.frames[i], &mel.frames[i.saturating_sub(2)]);
            let rise = now.iter().zip(before).map(|(a, b)| (a.max(floor) - b.max(floor) - RISE).max(0.0)).sum::<f32>();
            rise / BANDS as f32
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speech::features::mel_spectra;

    #[test]
    fn bursts_are_found_where_they_begin() {
        let mut samples = vec![0.0_f32; 32_000];
        let begins = [0.30, 0.72, 1.10, 1.55];
        for (n, begin) in begins.into_iter().enumerate() {
            let from = (begin * f64::from(RATE)) as usize;
            for k in 0..2400 {
                let fade = 1.0 - k as f32 / 2400.0;
                let t = k as f32 / RATE as f32;
                let tone: f32 = (1..12).map(|h| (std::f32::consts::TAU * 190.0 * (h + n) as f32 * t).sin()).sum();
                samples[from + k] += 0.05 * fade * tone;
            }
        }
        let found = onsets(&mel_spectra(&samples, 160, 400));
        assert_eq!(found.len(), begins.len(), "{found:?}");
        for (found, want) in found.iter().zip(begins) {
            assert!((found.0 - want).abs() < 0.025, "{found} for {want}");
        }
    }

    #[test]
    fn silence_and_a_steady_tone_have_none_inside() {
        assert!(onsets(&mel_spectra(&vec![0.0; 16_000], 160, 400)).is_empty());
        let tone: Vec<f32> = (0..32_000).map(|i| 0.3 * (i as f32 * 0.2).sin()).collect();
        let inside = onsets(&mel_spectra(&tone, 160, 400)).into_iter().filter(|t| (0.1..1.9).contains(&t.0)).count();
        assert_eq!(inside, 0);
    }
}
