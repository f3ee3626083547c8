//! What happens to a voice between a mouth and a file: noise, a narrow microphone, a room, clipping.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A way of recording.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Channel {
    /// Lowest and highest frequency that come through, hertz.
    pub band: Option<(f64, f64)>,
    /// Share of the peak at which the sound is cut off.
    pub clip: Option<f32>,
    /// A small room: reflections of the first 60 ms.
    pub room: bool,
    /// Noise so many decibels below the speech.
    pub noise: f64,
}

impl Channel {
    /// Nothing but noise.
    pub const fn plain(noise: f64) -> Self {
        Self { band: None, clip: None, room: false, noise }
    }

    /// A telephone: 300 to 3400 Hz, lightly clipped.
    pub const fn telephone(noise: f64) -> Self {
        Self { band: Some((300.0, 3400.0)), clip: Some(0.6), room: false, noise }
    }

    /// A small microphone across a room: 100 to 7000 Hz.
    pub const fn handset(noise: f64) -> Self {
        Self { band: Some((100.0, 7000.0)), clip: Some(0.85), room: true, noise }
    }

    /// `samples` at `rate` as recorded so.
    pub fn record(&self, samples: &[f32], rate: u32, seed: u64) -> Vec<f32> {
        let mut out = samples.to_vec();
        if self.room {
            // Delay in milliseconds and strength of each reflection.
            for (delay, gain) in [(7.0, 0.35), (13.0, -0.25), (19.0, 0.2), (29.0, -0.15), (41.0, 0.1), (59.0, 0.06)] {
                let shift = (delay * f64::from(rate) / 1000.0) as usize;
                for (o, x) in out.iter_mut().skip(shift).zip(samples) {
                    *o += gain * x;
                }
            }
        }
        if let Some((low, high)) = self.band {
            let rate = f64::from(rate);
            for q in [0.541, 1.307] {
                second_order(&mut out, high_pass(low, q, rate));
                if high < 0.47 * rate {
                    second_order(&mut out, low_pass(high, q, rate));
                }
            }
        }
        let mut out = noisy(&out, self.noise, seed);
        if let Some(share) = self.clip {
            let limit = share * out.iter().fold(0.0_f32, |a, x| a.max(x.abs()));
            for x in &mut out {
                *x = x.clamp(-limit, limit);
            }
        }
        out
    }
}

/// The sound with noise `decibels` below it, a little darker than white.
pub fn noisy(samples: &[f32], decibels: f64, seed: u64) -> Vec<f32> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let power = (samples.iter().map(|x| x * x).sum::<f32>() / samples.len().max(1) as f32).sqrt();
    let level = power * 10.0_f32.powf(-decibels as f32 / 20.0);
    let mut dark = 0.0;
    samples
        .iter()
        .map(|x| {
            // Four uniform numbers are near enough to a Gaussian of variance 1.
            let white = (0..4).map(|_| rng.random::<f32>() - 0.5).sum::<f32>() * 3.0_f32.sqrt();
            dark = 0.7 * dark + 0.714 * white;
            x + level * dark
        })
        .collect()
}

/// Feed-forward and feedback coefficients of a second-order section (Robert Bristow-Johnson, Audio EQ Cookbook).
type Section = ([f64; 3], [f64; 2]);

fn low_pass(hertz: f64, q: f64, rate: f64) -> Section {
    let (sin, cos) = (std::f64::consts::TAU * hertz / rate).sin_cos();
    let alpha = sin / (2.0 * q);
    let a0 = 1.0 + alpha;
    let b = (1.0 - cos) / a0;
    ([b / 2.0, b, b / 2.0], [-2.0 * cos / a0, (1.0 - alpha) / a0])
}

fn high_pass(hertz: f64, q: f64, rate: f64) -> Section {
    let (sin, cos) = (std::f64::consts::TAU * hertz / rate).sin_cos();
    let alpha = sin / (2.0 * q);
    let a0 = 1.0 + alpha;
    let b = (1.0 + cos) / a0;
    ([b / 2.0, -b, b / 2.0], [-2.0 * cos / a0, (1.0 - alpha) / a0])
}

fn second_order(samples: &mut [f32], (b, a): Section) {
    let (mut x1, mut x2, mut y1, mut y2) = (0.0, 0.0, 0.0, 0.0);
    for s in samples {
        let x = f64::from(*s);
        let y = b[0] * x + b[1] * x1 + b[2] * x2 - a[0] * y1 - a[1] * y2;
        (x2, x1, y2, y1) = (x1, x, y1, y);
        *s = y as f32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rms(x: &[f32]) -> f32 {
        (x.iter().map(|v| v * v).sum::<f32>() / x.len() as f32).sqrt()
    }

    fn tone(hertz: f64) -> Vec<f32> {
        (0..16_000).map(|i| (std::f64::consts::TAU * hertz * f64::from(i) / 16_000.0).sin() as f32).collect()
    }

    #[test]
    fn noise_has_the_asked_level() {
        let tone = tone(764.0);
        let noise: Vec<f32> = noisy(&tone, 20.0, 3).iter().zip(&tone).map(|(a, b)| a - b).collect();
        let decibels = 20.0 * (rms(&tone) / rms(&noise)).log10();
        assert!((decibels - 20.0).abs() < 0.5, "{decibels}");
    }

    #[test]
    fn a_telephone_lets_its_band_through_and_nothing_else() {
        let channel = Channel { clip: None, ..Channel::telephone(80.0) };
        let through = |hertz: f64| {
            let tone = tone(hertz);
            20.0 * (rms(&channel.record(&tone, 16_000, 1)) / rms(&tone)).log10()
        };
        assert!(through(1000.0).abs() < 0.5);
        assert!((through(300.0) + 3.0).abs() < 0.5 && (through(3400.0) + 3.0).abs() < 0.5);
        assert!(through(100.0) < -30.0 && through(7000.0) < -30.0);
    }

    #[test]
    fn clipping_and_a_room_are_heard() {
        let clipped = Channel { band: None, ..Channel::telephone(60.0) }.record(&tone(440.0), 16_000, 1);
        let top = clipped.iter().fold(0.0_f32, |a, x| a.max(*x));
        assert!(clipped.iter().filter(|x| **x == top).count() > 2000);
        let mut click = vec![0.0; 4000];
        click[0] = 1.0;
        let echoes = Channel { band: None, clip: None, ..Channel::handset(80.0) }.record(&click, 16_000, 1);
        assert!((echoes[112] - 0.35).abs() < 0.01 && echoes[2000].abs() < 0.01);
    }
}
