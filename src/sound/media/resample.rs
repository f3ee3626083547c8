//! Changing the sample rate without changing what is heard.
//!
//! A polyphase filter: every output sample is the input under a Kaiser-windowed sinc centred on its exact time, cut
//! off a little below the lower of the two Nyquist rates. There is no delay to take off, and the result does not
//! depend on how the work was cut into pieces or threads. Stop band below -90 dB, pass band flat to 0.01 dB.

use rayon::prelude::*;

/// Zero crossings of the sinc on each side, at the lower rate.
const HALF_WIDTH: f64 = 32.0;
/// Kaiser window shape: about 95 dB of stop-band attenuation.
const BETA: f64 = 9.6;
/// Cut-off as a part of the lower Nyquist rate: leaves room for the transition band.
const CUTOFF: f64 = 0.95;

/// `samples` of one channel at `from` Hz, as they are at `to` Hz. Output length is `ceil(len · to / from)`; sample 0
/// stays at time 0. Rates of 0 give nothing.
pub fn resample(samples: &[f32], from: u32, to: u32) -> Vec<f32> {
    if from == to {
        return samples.to_vec();
    }
    let Some(bank) = Polyphase::new(from, to) else { return Vec::new() };
    let total = bank.outputs_for(samples.len() as u64);
    let mut out = vec![0.0; total as usize];
    out.par_chunks_mut(8192).enumerate().for_each(|(chunk, part)| {
        let first = chunk as u64 * 8192;
        for (i, value) in part.iter_mut().enumerate() {
            *value = bank.output(samples, 0, first + i as u64);
        }
    });
    out
}

/// [`resample`] for interleaved channels.
pub fn resample_interleaved(samples: &[f32], channels: u16, from: u32, to: u32) -> Vec<f32> {
    let n = usize::from(channels.max(1));
    if n == 1 || from == to {
        return resample(samples, from, to);
    }
    let parts: Vec<Vec<f32>> =
        (0..n).map(|c| resample(&samples.iter().skip(c).step_by(n).copied().collect::<Vec<f32>>(), from, to)).collect();
    let frames = parts.iter().map(Vec::len).min().unwrap_or(0);
    (0..frames).flat_map(|i| parts.iter().map(move |p| p[i])).collect()
}

/// The filter for one pair of rates: for each of `up` phases, the taps around the output time.
struct Polyphase {
    up: u64,
    down: u64,
    /// Taps on each side of the centre.
    half: i64,
    /// `up` rows of `2 · half` taps.
    taps: Vec<f32>,
}

impl Polyphase {
    fn new(from: u32, to: u32) -> Option<Self> {
        if from == 0 || to == 0 {
            return None;
        }
        let divisor = gcd(from, to);
        let (up, down) = (u64::from(to / divisor), u64::from(from / divisor));
        // Sinc width grows when going down, so that it filters at the output's rate.
        let scale = (f64::from(to) / f64::from(from)).min(1.0) * CUTOFF;
        let half = (HALF_WIDTH / scale).ceil() as i64;
        let width = (2 * half) as usize;
        let mut taps = vec![0.0; up as usize * width];
        taps.par_chunks_mut(width).enumerate().for_each(|(phase, row)| {
            let fraction = phase as f64 / up as f64;
            let weights: Vec<f64> = (0..width)
                .map(|k| {
                    let x = (k as i64 - half + 1) as f64 - fraction;
                    sinc(x * scale) * scale * kaiser(x / half as f64)
                })
                .collect();
            // Each phase sums to one: a constant stays exactly constant.
            let sum: f64 = weights.iter().sum();
            for (tap, w) in row.iter_mut().zip(&weights) {
                *tap = (w / sum) as f32;
            }
        });
        Some(Self { up, down, half, taps })
    }

    /// How many outputs `inputs` samples make.
    fn outputs_for(&self, inputs: u64) -> u64 {
        (inputs * self.up).div_ceil(self.down)
    }

    /// Output sample `index`, from `input` whose first sample is number `base` of the whole; silence outside.
    fn output(&self, input: &[f32], base: u64, index: u64) -> f32 {
        let position = index * self.down;
        let (whole, phase) = (position / self.up, (position % self.up) as usize);
        let width = (2 * self.half) as usize;
        let row = &self.taps[phase * width..(phase + 1) * width];
        let first = whole as i64 - self.half + 1 - base as i64;
        let skip = (-first).clamp(0, width as i64) as usize;
        let start = (first + skip as i64) as usize;
        let end = (first + width as i64).clamp(0, input.len() as i64) as usize;
        if start >= end {
            return 0.0;
        }
        dot(&input[start..end], &row[skip..])
    }
}

/// Sum of products in eight lanes, which the compiler turns into vector instructions; the order is fixed.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 8];
    let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = a8.remainder().iter().zip(&b[a8.len() * 8..]).map(|(x, y)| x * y).sum();
    for (x, y) in a8.zip(b8) {
        for i in 0..8 {
            lanes[i] += x[i] * y[i];
        }
    }
    lanes.iter().sum::<f32>() + rest
}

/// The same filter for sound that arrives in pieces, one channel.
pub struct Resampler {
    bank: Option<Polyphase>,
    /// Input still needed, beginning at sample `base` of the whole.
    kept: Vec<f32>,
    base: u64,
    given: u64,
}

impl Resampler {
    /// From `from` to `to` Hz; equal rates pass through.
    pub fn new(from: u32, to: u32) -> Self {
        Self { bank: (from != to).then(|| Polyphase::new(from, to)).flatten(), kept: Vec::new(), base: 0, given: 0 }
    }

    /// Takes more input and appends to `out` what is certain by now.
    pub fn push(&mut self, input: &[f32], out: &mut Vec<f32>) {
        let Some(bank) = &self.bank else {
            out.extend_from_slice(input);
            return;
        };
        self.kept.extend_from_slice(input);
        let known = self.base + self.kept.len() as u64;
        while (self.given * bank.down / bank.up) as i64 + bank.half < known as i64 {
            out.push(bank.output(&self.kept, self.base, self.given));
            self.given += 1;
        }
        let needed = (self.given * bank.down / bank.up).saturating_sub(bank.half as u64);
        let drop = needed.saturating_sub(self.base).min(self.kept.len() as u64);
        // Moving the tail is cheap only when it is not done for every few samples.
        if drop > 16_384 {
            self.kept.drain(..drop as usize);
            self.base += drop;
        }
    }

    /// Appends the outputs up to the end of the input.
    pub fn finish(&mut self, out: &mut Vec<f32>) {
        let Some(bank) = &self.bank else { return };
        let total = bank.outputs_for(self.base + self.kept.len() as u64);
        while self.given < total {
            out.push(bank.output(&self.kept, self.base, self.given));
            self.given += 1;
        }
    }
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn sinc(x: f64) -> f64 {
    let px = std::f64::consts::PI * x;
    if px.abs() < 1e-9 { 1.0 } else { px.sin() / px }
}

/// Kaiser window over -1..1, 0 outside.
fn kaiser(x: f64) -> f64 {
    if x.abs() >= 1.0 { 0.0 } else { bessel_i0(BETA * (1.0 - x * x).sqrt()) / bessel_i0(BETA) }
}

/// Modified Bessel function of the first kind, order 0, by its power series.
fn bessel_i0(x: f64) -> f64 {
    let quarter = x * x / 4.0;
    let (mut sum, mut term, mut k) = (1.0, 1.0, 1.0);
    while term > sum * 1e-17 {
        term *= quarter / (k * k);
        sum += term;
        k += 1.0;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    fn tone(hz: f64, rate: u32, seconds: f64) -> Vec<f32> {
        (0..(seconds * f64::from(rate)) as usize)
            .map(|i| (TAU * hz * i as f64 / f64::from(rate)).sin() as f32)
            .collect()
    }

    /// Loudness of `x` against a tone of amplitude 1, in dB.
    fn level(x: &[f32]) -> f64 {
        let power = x.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>() / x.len() as f64;
        10.0 * (2.0 * power).log10()
    }

    #[test]
    fn tones_come_out_as_if_recorded_at_the_new_rate() {
        for (from, to) in [(48_000, 16_000), (22_050, 16_000), (16_000, 48_000), (44_100, 48_000), (8_000, 44_100)] {
            let got = resample(&tone(1000.0, from, 0.5), from, to);
            let want = tone(1000.0, to, 0.5);
            assert!((got.len() as i64 - want.len() as i64).abs() <= 1, "{from} to {to}: {} {}", got.len(), want.len());
            let middle = to as usize / 10..to as usize * 4 / 10;
            let worst = middle.map(|i| (got[i] - want[i]).abs()).fold(0.0, f32::max);
            assert!(worst < 2e-4, "{from} to {to}: off by {worst}");
        }
    }

    #[test]
    fn what_cannot_be_kept_is_removed() {
        let got = resample(&tone(9000.0, 48_000, 0.5), 48_000, 16_000);
        assert!(level(&got[800..7200]) < -90.0, "{}", level(&got[800..7200]));
    }

    #[test]
    fn speech_frequencies_keep_their_level() {
        for hz in [100.0, 3000.0, 7000.0] {
            let got = resample(&tone(hz, 44_100, 0.5), 44_100, 16_000);
            assert!(level(&got[800..7200]).abs() < 0.02, "{hz} Hz: {} dB", level(&got[800..7200]));
        }
    }

    #[test]
    fn pieces_give_the_same_as_the_whole() {
        let input = tone(440.0, 22_050, 1.3);
        let whole = resample(&input, 22_050, 48_000);
        let (mut pieces, mut out) = (Resampler::new(22_050, 48_000), Vec::new());
        for piece in input.chunks(777) {
            pieces.push(piece, &mut out);
        }
        pieces.finish(&mut out);
        assert_eq!(whole, out);
    }

    #[test]
    fn nothing_and_next_to_nothing() {
        assert!(resample(&[], 48_000, 16_000).is_empty());
        assert_eq!(resample(&[1.0], 48_000, 16_000).len(), 1);
        assert!(resample(&[1.0], 0, 16_000).is_empty());
        let flat = resample(&[0.5; 4800], 48_000, 44_100);
        assert!((flat[2000] - 0.5).abs() < 1e-6);
    }
}
