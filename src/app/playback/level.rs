//! How loud the sound is at the playhead, for those who watch it rather than hear it.

use crate::media::AudioBuffer;
use crate::time::Seconds;

/// The stretch of sound that is looked at, up to the playhead, in seconds.
const WINDOW: f64 = 0.05;
/// Silence, and everything quieter than this, in decibels of full scale.
pub const FLOOR: f32 = -60.0;

/// Loudness of one channel in decibels of full scale, [`FLOOR`] at least.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// Mean power; a full-scale tone has -3 dB.
    pub rms: f32,
    /// The largest sample.
    pub peak: f32,
}

impl Level {
    pub const SILENT: Self = Self { rms: FLOOR, peak: FLOOR };
}

fn decibels(value: f32) -> f32 {
    if value.is_finite() { (20.0 * value.max(1e-9).log10()).max(FLOOR) } else { FLOOR }
}

/// Level of the left and the right side around `at`; both the same for mono.
pub fn level_at(sound: &AudioBuffer, at: Seconds) -> [Level; 2] {
    let channels = usize::from(sound.channels.max(1));
    let end = at.sample_at(sound.rate).min(sound.frames());
    let begin = (at - Seconds(WINDOW)).sample_at(sound.rate).min(end);
    let frames = &sound.samples[begin * channels..end * channels];
    let side = |c: usize| {
        let (mut sum, mut peak, mut n) = (0.0_f64, 0.0_f32, 0);
        for value in frames.iter().skip(c).step_by(channels) {
            sum += f64::from(*value) * f64::from(*value);
            peak = peak.max(value.abs());
            n += 1;
        }
        if n == 0 {
            return Level::SILENT;
        }
        Level { rms: decibels((sum / f64::from(n)).sqrt() as f32), peak: decibels(peak) }
    };
    let left = side(0);
    [left, if channels > 1 { side(1) } else { left }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tones_have_the_level_that_they_have() {
        let tone = |amplitude: f32| (0..48_000).map(move |i| (i as f32 * 0.1).sin() * amplitude);
        let samples: Vec<f32> = tone(1.0).zip(tone(0.1)).flat_map(|(l, r)| [l, r]).collect();
        let sound = AudioBuffer { rate: 48_000, channels: 2, samples, warnings: vec![] };
        let [left, right] = level_at(&sound, Seconds(0.5));
        assert!((left.rms + 3.01).abs() < 0.1 && left.peak.abs() < 0.1, "{left:?}");
        assert!((right.rms + 23.01).abs() < 0.1 && (right.peak + 20.0).abs() < 0.1, "{right:?}");
        assert_eq!(level_at(&sound, Seconds::ZERO), [Level::SILENT; 2]);
        assert!(level_at(&sound, Seconds(1.0))[0].rms > FLOOR, "at the end the last of the sound");
        assert_eq!(level_at(&sound, Seconds(99.0)), [Level::SILENT; 2], "and nothing behind it");
        assert_eq!(level_at(&AudioBuffer::default(), Seconds(1.0)), [Level::SILENT; 2]);
    }
}
