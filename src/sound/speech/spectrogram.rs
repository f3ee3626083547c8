//! Pictures of sound: how loud each frequency is in each column of a tile, at any zoom.
//!
//! A tile is a fixed number of columns of `step` samples each. Where a column is longer than a window, several windows
//! spread over it are averaged, so that zooming out never depends on which sample a column happens to begin with.
//! Rows are spaced on the mel scale ([`crate::speech::features`]), because that is where speech has its detail.

use super::features::{hertz_to_mel, mel_to_hertz};
use realfft::RealFftPlanner;

/// Columns of a tile.
pub const COLUMNS: usize = 256;
/// Rows of a tile, the lowest frequency first.
pub const ROWS: usize = 96;
/// Length of the window, seconds.
const WINDOW: f64 = 0.025;
/// Frequencies shown, hertz.
const LOWEST: f32 = 50.0;
const HIGHEST: f32 = 8000.0;
/// Windows averaged in one column at most.
const MOST_WINDOWS: usize = 6;
/// Decibels between black and white.
const RANGE: f32 = 65.0;

/// The middle frequency of a row, hertz.
pub fn row_hertz(row: usize) -> f32 {
    let (low, high) = (hertz_to_mel(LOWEST), hertz_to_mel(HIGHEST));
    mel_to_hertz(low + (high - low) * (row as f32 + 0.5) / ROWS as f32)
}

/// One tile from sample `first` on, `step` samples a column: [`COLUMNS`] × [`ROWS`] values, column after column, 0 (quiet)
/// to 255. `loudest` is the largest sample of the whole recording, for one scale over all tiles. Samples beyond the
/// ends are silence.
pub fn tile(samples: &[f32], rate: u32, first: f64, step: f64, loudest: f32) -> Vec<u8> {
    let length = ((WINDOW * f64::from(rate)) as usize).max(64);
    let size = length.next_power_of_two();
    let mut planner = RealFftPlanner::<f32>::new();
    let fft = planner.plan_fft_forward(size);
    let window: Vec<f32> =
        (0..length).map(|i| 0.5 - 0.5 * (2.0 * std::f32::consts::PI * i as f32 / length as f32).cos()).collect();
    let bands = bands(rate, size);
    // The level of a sine as loud as the loudest sample: a quarter of the window's length, squared.
    let full = (loudest.clamp(0.05, 1.0) * length as f32 / 4.0).powi(2);
    let (mut input, mut output) = (fft.make_input_vec(), fft.make_output_vec());
    let mut out = vec![0_u8; COLUMNS * ROWS];
    let windows = ((step / length as f64 * 2.0).ceil() as usize).clamp(1, MOST_WINDOWS);
    for column in 0..COLUMNS {
        let mut power = [0.0_f32; ROWS];
        for w in 0..windows {
            let centre = first + step * (column as f64 + (w as f64 + 0.5) / windows as f64);
            let from = centre as i64 - length as i64 / 2;
            if from + (length as i64) <= 0 || from >= samples.len() as i64 {
                continue;
            }
            input.fill(0.0);
            for (k, weight) in window.iter().enumerate() {
                if let Some(&x) = usize::try_from(from + k as i64).ok().and_then(|at| samples.get(at)) {
                    input[k] = x * weight;
                }
            }
            // The lengths are those the plan was made for, so this cannot fail.
            let _ = fft.process(&mut input, &mut output);
            for (sum, band) in power.iter_mut().zip(&bands) {
                // The strongest bin of a band: harmonics stay lines instead of drowning in their surroundings.
                *sum += output[band.clone()].iter().map(|c| c.norm_sqr()).fold(0.0, f32::max);
            }
        }
        for (row, p) in power.iter().enumerate() {
            let db = 10.0 * (p / windows as f32 / full).max(1e-12).log10();
            out[column * ROWS + row] = ((db + RANGE) / RANGE * 255.0).clamp(0.0, 255.0) as u8;
        }
    }
    out
}

/// The bins of the transform that belong to each row; at least one each.
fn bands(rate: u32, size: usize) -> Vec<std::ops::Range<usize>> {
    let (low, high) = (hertz_to_mel(LOWEST), hertz_to_mel(HIGHEST));
    let bin = |hertz: f32| (hertz * size as f32 / rate as f32).round() as usize;
    (0..ROWS)
        .map(|row| {
            let edge = |r: usize| mel_to_hertz(low + (high - low) * r as f32 / ROWS as f32);
            let a = bin(edge(row)).min(size / 2);
            let b = bin(edge(row + 1)).clamp(a + 1, size / 2 + 1);
            a.min(b - 1)..b
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hertz: f32, rate: u32, seconds: f32) -> Vec<f32> {
        let n = (rate as f32 * seconds) as usize;
        (0..n).map(|i| 0.5 * (2.0 * std::f32::consts::PI * hertz * i as f32 / rate as f32).sin()).collect()
    }

    #[test]
    fn a_tone_stands_in_its_row_at_every_zoom() {
        for rate in [16_000, 44_100, 48_000] {
            for hertz in [220.0, 1000.0, 3500.0] {
                let samples = tone(hertz, rate, 3.0);
                for step in [40.0, 500.0] {
                    let tile = tile(&samples, rate, f64::from(rate), step, 0.5);
                    let column = &tile[20 * ROWS..21 * ROWS];
                    let best = (0..ROWS).max_by_key(|r| column[*r]).expect("rows");
                    let off = row_hertz(best) / hertz;
                    assert!((0.85..1.18).contains(&off), "{hertz} Hz at {rate}: {}", row_hertz(best));
                    assert!(column[best] > 200, "{}", column[best]);
                    assert!(column[ROWS - 1] < 120);
                }
            }
        }
    }

    #[test]
    fn silence_and_nothing_are_dark() {
        assert!(tile(&[], 48_000, 0.0, 100.0, 1.0).iter().all(|v| *v == 0));
        assert!(tile(&[0.0; 9000], 48_000, -2000.0, 40.0, 1.0).iter().all(|v| *v == 0));
        assert_eq!(tile(&[0.1; 10], 8000, 0.0, 1e9, 1.0).len(), COLUMNS * ROWS);
    }
}
