//! What is worked out from the sound after a project is open: the pitch of the voice and the onsets of its sounds.

use super::runner::{Job, Wake};
use crate::media::{AudioBuffer, resample};
use crate::progress::Progress;
use crate::speech::features::{self, mel_spectra};
use crate::speech::{onsets, pitch};
use crate::time::Seconds;
use rayon::prelude::*;
use std::sync::Arc;

/// Samples between frames of the onset search, at [`features::RATE`]: 10 ms.
const HOP: usize = 160;
/// Frames of pitch worked out at once, between two looks at whether the work is still wanted.
const CHUNK: usize = 3000;

/// Pitch and onsets of one sound.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SoundAnalysis {
    /// Hertz every [`Self::pitch_step`] from 0 on; `None` where there is no voice.
    pub pitch: Vec<Option<f32>>,
    pub pitch_step: Seconds,
    pub onsets: Vec<Seconds>,
}

impl SoundAnalysis {
    /// The frames of pitch that fall into a stretch, with their times.
    pub fn pitch_between(&self, from: Seconds, to: Seconds) -> impl Iterator<Item = (Seconds, Option<f32>)> + '_ {
        let index = |t: Seconds| (t.0 / self.pitch_step.0.max(1e-6)).max(0.0) as usize;
        let range = index(from).min(self.pitch.len())..(index(to) + 2).min(self.pitch.len());
        let start = range.start;
        let frames = &self.pitch[range.start..range.end.max(start)];
        frames.iter().enumerate().map(move |(i, p)| (Seconds((start + i) as f64 * self.pitch_step.0), *p))
    }
}

/// Starts the work.
pub fn start(sound: Arc<AudioBuffer>, wake: Wake) -> Job<SoundAnalysis> {
    Job::start("Listening to the sound", wake, move |progress| analyse(&sound, progress))
}

/// Does the work.
pub fn analyse(sound: &AudioBuffer, progress: &dyn Progress) -> anyhow::Result<SoundAnalysis> {
    let stop = || anyhow::anyhow!("the work was cancelled");
    let mono = sound.mono();
    let low = resample(&mono, sound.rate, pitch::RATE);
    let track = pitch_of(&low, progress)?;
    drop(low);
    if progress.cancelled() {
        return Err(stop());
    }
    progress.report("Onsets", 0, 1);
    let fine = resample(&mono, sound.rate, features::RATE);
    let onsets = onsets::onsets(&mel_spectra(&fine, HOP, 400));
    let pitch_step = Seconds(pitch::HOP as f64 / f64::from(pitch::RATE));
    Ok(SoundAnalysis { pitch: track, pitch_step, onsets })
}

/// The pitch of samples at [`pitch::RATE`], on all cores.
pub(super) fn pitch_of(low: &[f32], progress: &dyn Progress) -> anyhow::Result<Vec<Option<f32>>> {
    let count = low.len() / pitch::HOP + 1;
    let mut track = Vec::with_capacity(count);
    for first in (0..count).step_by(CHUNK) {
        anyhow::ensure!(!progress.cancelled(), "the work was cancelled");
        progress.report("Pitch", first, count);
        let frames = first..(first + CHUNK).min(count);
        track.par_extend(frames.into_par_iter().map(|i| pitch::at(low, i * pitch::HOP)));
    }
    Ok(track)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    #[test]
    fn a_tone_is_analysed_at_any_rate() {
        for rate in [22_050, 48_000] {
            let samples: Vec<f32> = (0..rate)
                .map(|i| {
                    let t = i as f32 / rate as f32;
                    if t < 0.4 { 0.0 } else { 0.4 * (std::f32::consts::TAU * 200.0 * t).sin() }
                })
                .collect();
            let sound = AudioBuffer::from_mono(rate, samples);
            let found = analyse(&sound, &Silent).expect("analysed");
            let voiced: Vec<f32> = found.pitch_between(Seconds(0.6), Seconds(0.9)).filter_map(|(_, p)| p).collect();
            assert!(voiced.len() > 25 && voiced.iter().all(|p| (p / 200.0 - 1.0).abs() < 0.02), "{voiced:?}");
            assert!(found.pitch_between(Seconds(0.0), Seconds(0.3)).all(|(_, p)| p.is_none()));
            assert!(found.onsets.iter().any(|t| (t.0 - 0.4).abs() < 0.04), "{:?}", found.onsets);
        }
    }
}
