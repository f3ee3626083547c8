//! How high a voice is: a track of its fundamental frequency.
//!
//! After YIN (de Cheveigné & Kawahara 2002): the difference of the sound with itself, shifted; normalised by its running
//! mean; the first dip below a threshold, refined by a parabola. Without its last step (search around the best
//! estimate). Frames in which no dip is deep enough have no pitch.

/// Samples a second that the track is made at: enough for fundamentals, and quick.
pub const RATE: u32 = 8_000;
/// Samples between frames: 10 ms.
pub const HOP: usize = 80;
/// Fundamentals looked for, hertz.
const LOWEST: f32 = 60.0;
const HIGHEST: f32 = 500.0;
/// Samples compared, 32 ms: a little less than two periods of the lowest voice.
const WINDOW: usize = 256;
/// A dip this deep is a period (the paper's absolute threshold).
const THRESHOLD: f32 = 0.15;
/// Frames quieter than this (effective value) have no pitch.
const QUIET: f32 = 0.003;

/// The fundamental of each frame in hertz, `None` where there is no voice; frame `i` is centred on sample `i * HOP` of
/// `samples` (at [`RATE`]).
pub fn track(samples: &[f32]) -> Vec<Option<f32>> {
    let count = samples.len() / HOP + 1;
    (0..count).map(|i| at(samples, i * HOP)).collect()
}

/// The fundamental around one sample.
pub fn at(samples: &[f32], centre: usize) -> Option<f32> {
    let shortest = (RATE as f32 / HIGHEST) as usize;
    let longest = (RATE as f32 / LOWEST).ceil() as usize;
    let span = WINDOW + longest;
    let from = centre.saturating_sub(span / 2);
    let piece = samples.get(from..from + span)?;
    let energy = piece.iter().map(|x| x * x).sum::<f32>() / span as f32;
    if energy.sqrt() < QUIET {
        return None;
    }
    let mut normal = [1.0_f32; 256];
    let mut sum = 0.0;
    for lag in 1..=longest {
        let shifted = &piece[lag..lag + WINDOW];
        let d: f32 = piece[..WINDOW].iter().zip(shifted).map(|(a, b)| (a - b) * (a - b)).sum();
        sum += d;
        normal[lag] = if sum > 0.0 { d * lag as f32 / sum } else { 1.0 };
    }
    let mut lag = (shortest..longest).find(|l| normal[*l] < THRESHOLD)?;
    while lag < longest && normal[lag + 1] < normal[lag] {
        lag += 1;
    }
    // The true minimum lies between samples.
    let (a, b, c) = (normal[lag - 1], normal[lag], normal[(lag + 1).min(longest)]);
    let curve = a - 2.0 * b + c;
    let offset = if curve.abs() > 1e-9 { (0.5 * (a - c) / curve).clamp(-0.5, 0.5) } else { 0.0 };
    Some(RATE as f32 / (lag as f32 + offset))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, SeedableRng};

    /// A voice-like sound: harmonics that fall off, with the given fundamental at each time.
    fn voice(seconds: f32, hertz: impl Fn(f32) -> f32) -> Vec<f32> {
        let mut phase = 0.0_f32;
        (0..(seconds * RATE as f32) as usize)
            .map(|i| {
                let f = hertz(i as f32 / RATE as f32);
                phase += f / RATE as f32;
                (1..8)
                    .filter(|h| f * (*h as f32) < 3500.0)
                    .map(|h| 0.3 / h as f32 * (std::f32::consts::TAU * phase * h as f32).sin())
                    .sum()
            })
            .collect()
    }

    #[test]
    fn steady_voices_are_found_within_one_percent() {
        for hertz in [75.0, 110.0, 180.0, 233.0, 320.0, 440.0] {
            let track = track(&voice(0.6, |_| hertz));
            let middle = &track[10..50];
            for pitch in middle {
                let pitch = pitch.expect("a voice");
                assert!((pitch / hertz - 1.0).abs() < 0.01, "{hertz}: {pitch}");
            }
        }
    }

    #[test]
    fn a_gliding_voice_is_followed() {
        let glide = |t: f32| 120.0 + 150.0 * t;
        let track = track(&voice(1.0, glide));
        for (i, pitch) in track.iter().enumerate().take(90).skip(10) {
            let want = glide(i as f32 * HOP as f32 / RATE as f32);
            let got = pitch.expect("a voice");
            assert!((got / want - 1.0).abs() < 0.03, "frame {i}: {got} for {want}");
        }
    }

    #[test]
    fn noise_and_silence_have_no_pitch() {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
        let noise: Vec<f32> = (0..8000).map(|_| rng.random::<f32>() - 0.5).collect();
        let voiced = track(&noise).iter().flatten().count();
        assert!(voiced <= 3, "{voiced} of 101 frames");
        assert!(track(&vec![0.0; 8000]).iter().all(Option::is_none));
        assert_eq!(track(&[]).len(), 1);
        assert_eq!(at(&[0.1; 20], 10), None);
    }
}
