//! The waveform at every zoom: smallest, largest and mean energy of ever longer stretches of sound.
//!
//! Level 0 sums up [`BASE`] samples in a bucket, each further level four buckets of the one before. A drawing asks
//! for the level whose buckets are at most as long as a pixel and joins the few that fall into each.

use rayon::prelude::*;
use std::ops::Range;

/// Samples in a bucket of level 0.
const BASE: usize = 64;
/// Buckets of a level that make one of the next.
const STEP: usize = 4;

/// Summary of a stretch of sound.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Peak {
    pub min: f32,
    pub max: f32,
    /// Root of the mean square.
    pub rms: f32,
}

impl Peak {
    fn of(samples: &[f32]) -> Self {
        let Some(&first) = samples.first() else { return Self::default() };
        let (mut min, mut max, mut square) = (first, first, 0.0_f32);
        for &s in samples {
            min = min.min(s);
            max = max.max(s);
            square += s * s;
        }
        Self { min, max, rms: (square / samples.len() as f32).sqrt() }
    }

    /// Joins peaks that stand for `(peak, samples)` each.
    fn join(parts: impl Iterator<Item = (Self, usize)>) -> Self {
        let mut all = Self { min: f32::INFINITY, max: f32::NEG_INFINITY, rms: 0.0 };
        let mut count = 0;
        for (p, n) in parts {
            all.min = all.min.min(p.min);
            all.max = all.max.max(p.max);
            all.rms += p.rms * p.rms * n as f32;
            count += n;
        }
        if count == 0 {
            return Self::default();
        }
        all.rms = (all.rms / count as f32).sqrt();
        all
    }
}

/// The pyramid of one channel.
#[derive(Clone, Debug, Default)]
pub struct Peaks {
    rate: u32,
    length: usize,
    levels: Vec<Vec<Peak>>,
    /// The samples themselves, for zooms closer than level 0.
    samples: std::sync::Arc<[f32]>,
}

impl Peaks {
    /// From one channel at `rate` Hz.
    pub fn new(samples: &[f32], rate: u32) -> Self {
        let mut levels: Vec<Vec<Peak>> = vec![samples.par_chunks(BASE).map(Peak::of).collect()];
        let mut bucket = BASE;
        while levels.last().is_some_and(|l| l.len() > 1) {
            let below = &levels[levels.len() - 1];
            let length_of = |i: usize| bucket.min(samples.len() - i * bucket);
            let next = below
                .par_chunks(STEP)
                .enumerate()
                .map(|(c, part)| Peak::join(part.iter().enumerate().map(|(i, &p)| (p, length_of(c * STEP + i)))))
                .collect();
            levels.push(next);
            bucket *= STEP;
        }
        Self { rate, length: samples.len(), levels, samples: samples.into() }
    }

    /// Samples a second.
    pub fn rate(&self) -> u32 {
        self.rate
    }

    /// The channel itself.
    pub fn samples(&self) -> &std::sync::Arc<[f32]> {
        &self.samples
    }

    /// Number of samples.
    pub fn len(&self) -> usize {
        self.length
    }

    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The coarsest level whose buckets are no longer than `samples_per_pixel`, and the samples in its buckets;
    /// `None` when the samples themselves should be drawn.
    pub fn level_for(&self, samples_per_pixel: f64) -> Option<(&[Peak], usize)> {
        let mut found = None;
        let mut bucket = BASE;
        for level in &self.levels {
            if bucket as f64 > samples_per_pixel {
                break;
            }
            found = Some((level.as_slice(), bucket));
            bucket *= STEP;
        }
        found
    }

    /// One peak for each of `pixels` columns that together cover `range` (in samples, may reach beyond the ends).
    pub fn columns(&self, range: Range<f64>, pixels: usize) -> Vec<Peak> {
        if pixels == 0 || range.end.is_nan() || range.start.is_nan() || range.end <= range.start {
            return vec![Peak::default(); pixels];
        }
        let per_pixel = (range.end - range.start) / pixels as f64;
        let level = self.level_for(per_pixel);
        let column = |i: usize| {
            let edge = |x: f64| x.clamp(0.0, self.length as f64) as usize;
            let (a, b) =
                (edge(range.start + i as f64 * per_pixel), edge((range.start + (i + 1) as f64 * per_pixel).ceil()));
            if a >= b {
                return Peak::default();
            }
            match level {
                None => Peak::of(&self.samples[a..b]),
                Some((buckets, n)) => {
                    let (first, last) = (a / n, b.div_ceil(n).min(buckets.len()));
                    Peak::join((first..last).map(|k| (buckets[k], n.min(self.length - k * n))))
                }
            }
        };
        (0..pixels).map(column).collect()
    }

    /// The largest distance from zero, for a common scale.
    pub fn loudest(&self) -> f32 {
        self.levels.last().and_then(|l| l.first()).map_or(0.0, |p| p.max.max(-p.min))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(n: usize) -> Vec<f32> {
        let mut state = 1_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state as f32 / u32::MAX as f32 * 2.0 - 1.0
        };
        (0..n).map(|_| next()).collect()
    }

    #[test]
    fn the_top_sums_up_everything() {
        let x = noise(100_003);
        let peaks = Peaks::new(&x, 48_000);
        let top = peaks.levels.last().unwrap()[0];
        assert_eq!(top.max, x.iter().copied().fold(f32::MIN, f32::max));
        assert_eq!(top.min, x.iter().copied().fold(f32::MAX, f32::min));
        let rms = (x.iter().map(|v| f64::from(v * v)).sum::<f64>() / x.len() as f64).sqrt();
        assert!((f64::from(top.rms) - rms).abs() < 1e-4);
    }

    #[test]
    fn no_peak_is_lost_at_any_zoom() {
        let mut x = vec![0.0; 480_000];
        x[123_456] = 1.0;
        let peaks = Peaks::new(&x, 48_000);
        for pixels in [10, 100, 1000, 5000, 20_000] {
            let columns = peaks.columns(0.0..480_000.0, pixels);
            let hit = 123_456 * pixels / 480_000;
            assert_eq!(columns[hit].max, 1.0, "{pixels} pixels");
            let near = columns.iter().enumerate().filter(|(_, p)| p.max > 0.0).all(|(i, _)| i.abs_diff(hit) <= 1);
            assert!(near, "{pixels} pixels: only there");
        }
    }

    #[test]
    fn levels_are_as_fine_as_a_pixel() {
        let peaks = Peaks::new(&noise(1_000_000), 48_000);
        assert!(peaks.level_for(10.0).is_none());
        assert_eq!(peaks.level_for(64.0).unwrap().1, 64);
        assert_eq!(peaks.level_for(1000.0).unwrap().1, 256);
        assert_eq!(peaks.level_for(1024.0).unwrap().1, 1024);
    }

    #[test]
    fn beyond_the_ends_is_silence() {
        let peaks = Peaks::new(&[0.5; 100], 8000);
        let columns = peaks.columns(-100.0..200.0, 3);
        assert_eq!(columns[0], Peak::default());
        assert_eq!(columns[1].max, 0.5);
        assert_eq!(columns[2], Peak::default());
        assert_eq!(Peaks::new(&[], 8000).columns(0.0..10.0, 2), vec![Peak::default(); 2]);
        assert_eq!(Peaks::new(&[], 8000).loudest(), 0.0);
    }
}
