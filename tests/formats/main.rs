//! Real files of many kinds, made by the `ffmpeg` command: read, seek, write and be wrong about.
//!
//! These tests need the `ffmpeg` and `ffprobe` commands, as the continuous integration has them.

mod damage;
mod fonts;
mod pictures;
mod sound;
mod texts;
mod writing;

use cueloom::media::frames::VideoFrame;
use cueloom::media::{self, AudioBuffer, MediaError};
use cueloom::progress::Silent;
use std::path::Path;
use std::process::Command;

/// Runs `ffmpeg` in `folder`; arguments are separated by spaces.
fn ffmpeg(folder: &Path, arguments: &str) {
    let output = Command::new("ffmpeg")
        .current_dir(folder)
        .args(["-nostdin", "-v", "error", "-y"])
        .args(arguments.split_whitespace())
        .output()
        .expect("the ffmpeg command is installed");
    assert!(output.status.success(), "ffmpeg {arguments}: {}", String::from_utf8_lossy(&output.stderr));
}

/// What `ffprobe` prints for `arguments` and the file.
fn ffprobe(file: &Path, arguments: &str) -> String {
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-of", "csv=p=0"])
        .args(arguments.split_whitespace())
        .arg(file)
        .output()
        .expect("the ffprobe command is installed");
    assert!(output.status.success(), "ffprobe {arguments}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn decode(path: &Path) -> Result<AudioBuffer, MediaError> {
    media::decode_audio(path, &Silent)
}

/// Loudness of `x` relative to a full-scale sine, in dB.
fn level(x: &[f32]) -> f64 {
    10.0 * (2.0 * x.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>() / x.len().max(1) as f64 + 1e-20).log10()
}

/// Where the first sample louder than `limit` is, in seconds.
fn onset(buffer: &AudioBuffer, limit: f32) -> f64 {
    let at = buffer.mono().iter().position(|v| v.abs() > limit).expect("a sound");
    at as f64 / f64::from(buffer.rate)
}

/// The number that a test picture carries: sixteen black or white blocks, the lowest bit first.
fn number_in(frame: &VideoFrame) -> u32 {
    let (w, h) = (frame.width as usize, frame.height as usize);
    let grey = |block: usize| {
        let (x, y) = (w * (2 * (block % 4) + 1) / 8, h * (2 * (block / 4) + 1) / 8);
        frame.data[(y * w + x) * 4]
    };
    (0..16).map(|b| u32::from(grey(b) > 127) << b).sum()
}

/// A picture that [`number_in`] reads.
fn numbered(number: u32, width: usize, height: usize) -> Vec<u8> {
    let block = |x: usize, y: usize| (x * 4 / width) + 4 * (y * 4 / height);
    (0..width * height)
        .flat_map(|i| {
            let v = if number >> block(i % width, i / width) & 1 == 1 { 235 } else { 20 };
            [v, v, v, 255]
        })
        .collect()
}

/// Presentation times of the pictures by `ffprobe`, sorted.
fn frame_times(path: &Path) -> Vec<f64> {
    let text = ffprobe(path, "-select_streams v:0 -show_entries frame=best_effort_timestamp_time");
    let mut times: Vec<f64> = text.lines().filter_map(|l| l.trim_end_matches(',').parse().ok()).collect();
    times.sort_by(f64::total_cmp);
    times
}
