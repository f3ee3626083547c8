//! Reading a recording between its samples: for other rates, other speeds and exact positions.
//!
//! A Blackman-windowed sinc of 32 taps from a table. When sound is sped up the sinc is widened, so that frequencies
//! which no longer fit are removed instead of folded back.

use crate::media::AudioBuffer;
use std::sync::LazyLock;

/// Zero crossings on each side.
const HALF: usize = 16;
/// Table entries between two zero crossings.
const STEPS: usize = 512;

static TABLE: LazyLock<Vec<f32>> = LazyLock::new(|| {
    use std::f64::consts::PI;
    let value = |i: usize| {
        let x = i as f64 / STEPS as f64;
        let sinc = if i == 0 { 1.0 } else { (PI * x).sin() / (PI * x) };
        let w = PI * x / HALF as f64;
        (sinc * (0.42 + 0.5 * w.cos() + 0.08 * (2.0 * w).cos())) as f32
    };
    // One entry more than needed, for interpolation at the end.
    (0..=HALF * STEPS).map(value).chain([0.0]).collect()
});

/// Builds the table, so that the sound device need not wait for it.
pub(super) fn prepare() {
    LazyLock::force(&TABLE);
}

/// The two sides of `buffer` at `position` (in frames, any real number; silence outside), read at `step` frames a
/// sample. Mono goes to both sides; of more than two channels, all to both.
pub(super) fn read(buffer: &AudioBuffer, position: f64, step: f64) -> [f32; 2] {
    let channels = usize::from(buffer.channels.max(1));
    let frames = buffer.frames() as i64;
    let nearest = position.round();
    let sides = |frame: i64| -> [f32; 2] {
        let at = frame as usize * channels;
        match channels {
            1 => [buffer.samples[at]; 2],
            2 => [buffer.samples[at], buffer.samples[at + 1]],
            n => [buffer.samples[at..at + n].iter().sum::<f32>() / n as f32; 2],
        }
    };
    if step <= 1.0 && (position - nearest).abs() < 1e-5 {
        return if (0..frames).contains(&(nearest as i64)) { sides(nearest as i64) } else { [0.0; 2] };
    }
    let stretch = step.max(1.0);
    let half = HALF as f64 * stretch;
    let first = ((position - half).ceil() as i64).max(0);
    let last = ((position + half).floor() as i64).min(frames - 1);
    let scale = STEPS as f64 / stretch;
    let mut sum = [0.0_f32; 2];
    for frame in first..=last {
        let x = (position - frame as f64).abs() * scale;
        let i = x as usize;
        let part = (x - i as f64) as f32;
        let weight = TABLE[i] + (TABLE[i + 1] - TABLE[i]) * part;
        let [l, r] = sides(frame);
        sum[0] += l * weight;
        sum[1] += r * weight;
    }
    sum.map(|v| v / stretch as f32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    fn tone(hz: f64, rate: u32) -> AudioBuffer {
        let samples = (0..rate).map(|i| (TAU * hz * f64::from(i) / f64::from(rate)).sin() as f32).collect();
        AudioBuffer::from_mono(rate, samples)
    }

    #[test]
    fn between_the_samples_lies_the_same_tone() {
        let buffer = tone(3000.0, 16_000);
        for i in 0..1000 {
            let position = 5000.0 + f64::from(i) * 0.337;
            let want = (TAU * 3000.0 * position / 16_000.0).sin() as f32;
            assert!((read(&buffer, position, 0.337)[0] - want).abs() < 2e-3, "{position}");
        }
    }

    #[test]
    fn samples_themselves_are_exact_and_outside_is_silence() {
        let buffer = tone(440.0, 8000);
        assert_eq!(read(&buffer, 123.0, 1.0), [buffer.samples[123]; 2]);
        assert_eq!(read(&buffer, -1.0, 1.0), [0.0; 2]);
        assert_eq!(read(&buffer, 8000.0, 1.0), [0.0; 2]);
        assert_eq!(read(&buffer, 1e9, 0.3), [0.0; 2]);
        assert_eq!(read(&AudioBuffer::default(), 3.5, 2.0), [0.0; 2]);
    }

    #[test]
    fn sped_up_sound_does_not_fold_back() {
        let buffer = tone(7000.0, 16_000);
        let worst = (0..2000).map(|i| read(&buffer, 2000.0 + f64::from(i) * 2.0, 2.0)[0].abs()).fold(0.0, f32::max);
        assert!(worst < 0.01, "{worst}");
    }
}
