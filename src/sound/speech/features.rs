//! What the ear of the aligner hears: short pieces of sound as mel-frequency cepstra with their change over time.
//!
//! MFCC as librosa defines them (Slaney mel scale with area-normalised triangles, periodic Hann window, power
//! spectrum, decibels, orthonormal DCT-II), tested against it; without the reflection padding: frame `i` is centred on
//! sample `i * hop`, zeros lie beyond the ends.

use rayon::prelude::*;
use realfft::RealFftPlanner;

/// Samples a second that every analysis runs at.
pub const RATE: u32 = 16_000;
/// Points of the Fourier transform, 32 ms.
pub const WINDOW: usize = 512;
/// Number of mel bands.
pub const BANDS: usize = 40;
/// Cepstral coefficients kept, the first of them (overall level) included.
pub const CEPSTRA: usize = 13;

/// Frames that one thread takes at a time.
const PIECE: usize = 512;

/// Mel spectra in decibels, one row of [`BANDS`] per frame.
#[derive(Clone, Debug, Default)]
pub struct MelSpectra {
    pub frames: Vec<[f32; BANDS]>,
    /// Samples between frames.
    pub hop: usize,
}

/// Mel spectra of `samples` (16 kHz) every `hop` samples; decibels, floor −100 dB.
pub fn mel_spectra(samples: &[f32], hop: usize, window_length: usize) -> MelSpectra {
    MelSpectra { frames: mel_bands(samples, hop, window_length), hop: hop.max(1) }
}

/// [`mel_spectra`] with any number of bands. More than about 80 are narrower than the transform can tell apart at the
/// bottom.
pub fn mel_bands<const N: usize>(samples: &[f32], hop: usize, window_length: usize) -> Vec<[f32; N]> {
    let hop = hop.max(1);
    let window_length = window_length.clamp(16, WINDOW);
    let mut planner = RealFftPlanner::<f32>::new();
    let fft = planner.plan_fft_forward(WINDOW);
    let window: Vec<f32> = (0..window_length)
        .map(|i| 0.5 - 0.5 * (2.0 * std::f32::consts::PI * i as f32 / window_length as f32).cos())
        .collect();
    let bank = mel_bank(N);
    let count = samples.len() / hop + 1;
    let mut frames = vec![[0.0_f32; N]; count];
    // Some seconds a piece: every frame is worked out for itself, so the number of threads changes nothing.
    frames.par_chunks_mut(PIECE).enumerate().for_each(|(piece, frames)| {
        let mut input = fft.make_input_vec();
        let mut output = fft.make_output_vec();
        let mut scratch = fft.make_scratch_vec();
        let mut power = vec![0.0_f32; WINDOW / 2 + 1];
        for (k, bands) in frames.iter_mut().enumerate() {
            let centre = ((piece * PIECE + k) * hop) as isize;
            input.fill(0.0);
            let first = centre - (window_length / 2) as isize;
            let offset = (WINDOW - window_length) / 2;
            for (k, w) in window.iter().enumerate() {
                let at = first + k as isize;
                if let Some(&x) = usize::try_from(at).ok().and_then(|at| samples.get(at)) {
                    input[offset + k] = x * w;
                }
            }
            // The lengths are those the plan was made for, so this cannot fail.
            let _ = fft.process_with_scratch(&mut input, &mut output, &mut scratch);
            for (p, c) in power.iter_mut().zip(&output) {
                *p = c.norm_sqr();
            }
            for (band, (first, weights)) in bands.iter_mut().zip(&bank) {
                let sum: f32 = weights.iter().zip(&power[*first..]).map(|(w, p)| w * p).sum();
                *band = 10.0 * sum.max(1e-10).log10();
            }
        }
    });
    frames
}

/// The cepstra of each frame: orthonormal DCT-II over the bands, the first [`CEPSTRA`].
pub fn cepstra(mel: &MelSpectra) -> Vec<[f32; CEPSTRA]> {
    let mut table = [[0.0_f32; BANDS]; CEPSTRA];
    for (k, row) in table.iter_mut().enumerate() {
        let scale = if k == 0 { (1.0 / BANDS as f32).sqrt() } else { (2.0 / BANDS as f32).sqrt() };
        for (n, cell) in row.iter_mut().enumerate() {
            *cell = scale * (std::f32::consts::PI * k as f32 * (n as f32 + 0.5) / BANDS as f32).cos();
        }
    }
    mel.frames
        .iter()
        .map(|bands| {
            let mut out = [0.0; CEPSTRA];
            for (c, row) in out.iter_mut().zip(&table) {
                *c = row.iter().zip(bands).map(|(a, b)| a * b).sum();
            }
            out
        })
        .collect()
}

/// The slope of each value over `±reach` frames by least squares; at the ends the edge value is repeated.
pub fn deltas<const N: usize>(rows: &[[f32; N]], reach: usize) -> Vec<[f32; N]> {
    let reach = reach.max(1);
    let weight: f32 = 2.0 * (1..=reach).map(|k| (k * k) as f32).sum::<f32>();
    let last = rows.len().saturating_sub(1);
    (0..rows.len())
        .map(|i| {
            let mut out = [0.0; N];
            for k in 1..=reach {
                let (after, before) = (&rows[(i + k).min(last)], &rows[i.saturating_sub(k)]);
                for (o, (a, b)) in out.iter_mut().zip(after.iter().zip(before)) {
                    *o += k as f32 * (a - b) / weight;
                }
            }
            out
        })
        .collect()
}

/// Hertz to mel, Slaney's: linear to 1 kHz, logarithmic above.
pub fn hertz_to_mel(hertz: f32) -> f32 {
    if hertz < 1000.0 { hertz * 3.0 / 200.0 } else { 15.0 + 27.0 * (hertz / 1000.0).ln() / 6.4_f32.ln() }
}

/// Mel to hertz, the inverse of [`hertz_to_mel`].
pub fn mel_to_hertz(mel: f32) -> f32 {
    if mel < 15.0 { mel * 200.0 / 3.0 } else { 1000.0 * ((mel - 15.0) * 6.4_f32.ln() / 27.0).exp() }
}

/// The middle frequency of each band, hertz.
pub fn band_centres() -> [f32; BANDS] {
    let top = hertz_to_mel(RATE as f32 / 2.0);
    std::array::from_fn(|b| mel_to_hertz(top * (b + 1) as f32 / (BANDS + 1) as f32))
}

/// Triangles of unit area: the first bin that counts and the weights from there.
fn mel_bank(count: usize) -> Vec<(usize, Vec<f32>)> {
    let top = hertz_to_mel(RATE as f32 / 2.0);
    let edge = |i: usize| mel_to_hertz(top * i as f32 / (count + 1) as f32);
    (0..count)
        .map(|b| {
            let (low, middle, high) = (edge(b), edge(b + 1), edge(b + 2));
            let weights: Vec<f32> = (0..=WINDOW / 2)
                .map(|k| {
                    let f = k as f32 * RATE as f32 / WINDOW as f32;
                    let rise = (f - low) / (middle - low);
                    let fall = (high - f) / (high - middle);
                    rise.min(fall).max(0.0) * 2.0 / (high - low)
                })
                .collect();
            let first = weights.iter().position(|&w| w > 0.0).unwrap_or(0);
            let last = weights.iter().rposition(|&w| w > 0.0).unwrap_or(0);
            (first, weights[first..=last].to_vec())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// librosa's values, made by tests/data/speech/make_mfcc.py.
    const FIXTURE: &str = include_str!("../../../tests/data/speech/mfcc.json");

    fn sound() -> Vec<f32> {
        use std::f64::consts::PI;
        (0..4000)
            .map(|i| {
                let t = f64::from(i) / f64::from(RATE);
                let second = if t > 0.1 { 0.2 * (2.0 * PI * 2500.0 * t).sin() } else { 0.0 };
                (0.4 * (2.0 * PI * (200.0 * t + 3000.0 * t * t)).sin() + second) as f32
            })
            .collect()
    }

    fn compare(name: &str, fixture: &serde_json::Value, ours: &dyn Fn(usize) -> Vec<f32>, tolerance: f64) {
        for (k, frame) in fixture["frames"].as_array().unwrap().iter().enumerate() {
            let row = ours(frame.as_u64().unwrap() as usize);
            for (i, v) in fixture[name][k].as_array().unwrap().iter().enumerate() {
                let (want, got) = (v.as_f64().unwrap(), f64::from(row[i]));
                // Bands that hear next to nothing differ by the rounding of 32-bit floats.
                if name == "mel_db" && want < -50.0 {
                    continue;
                }
                assert!((want - got).abs() < tolerance, "{name}, frame {frame}, value {i}: {got}, librosa says {want}");
            }
        }
    }

    #[test]
    fn mel_spectra_cepstra_and_slopes_are_librosas() {
        let fixture: serde_json::Value = serde_json::from_str(FIXTURE).unwrap();
        let mel = mel_spectra(&sound(), 160, 400);
        assert_eq!(mel.frames.len() as u64, fixture["count"].as_u64().unwrap());
        compare("mel_db", &fixture, &|f| mel.frames[f].to_vec(), 0.02);
        let c = cepstra(&mel);
        compare("mfcc", &fixture, &|f| c[f].to_vec(), 0.05);
        let d = deltas(&c, 2);
        compare("delta", &fixture, &|f| d[f].to_vec(), 0.02);
    }

    #[test]
    fn empty_and_short_sounds_have_frames() {
        assert_eq!(mel_spectra(&[], 160, 400).frames.len(), 1);
        assert_eq!(mel_spectra(&[0.1; 10], 160, 400).frames.len(), 1);
        assert!(deltas::<3>(&[], 2).is_empty());
    }
}
