//! The waveform: for each pixel the loudest peaks, and inside them the effective value, all in one mesh.

use super::view::Scale;
use crate::app::theme::Tokens;
use crate::media::peaks::Peaks;
use crate::time::Seconds;
use egui::epaint::Mesh;
use egui::{Painter, Rect, pos2};

/// Draws one column per pixel of `rect`, as loud as the loudest place of the recording fills the lane.
pub fn paint(painter: &Painter, rect: Rect, scale: Scale, length: Seconds, t: &Tokens, peaks: &Peaks) {
    let mut mesh = Mesh::default();
    let pixel = 1.0 / painter.pixels_per_point().max(0.5);
    let (from, to) = (scale.x_from_time(Seconds::ZERO).max(rect.left()), scale.x_from_time(length).min(rect.right()));
    let columns = ((to - from) / pixel).floor().max(0.0) as usize;
    mesh.reserve_triangles(columns * 4);
    mesh.reserve_vertices(columns * 8);
    let rate = f64::from(peaks.rate());
    let samples = scale.time_from_x(from).0 * rate..scale.time_from_x(from + columns as f32 * pixel).0 * rate;
    let (middle, half) = (rect.center().y, rect.height() / 2.0 - 2.0);
    // Quiet recordings are drawn larger, but silence never becomes a storm.
    let gain = 1.0 / peaks.loudest().clamp(0.1, 1.0);
    for (column, peak) in peaks.columns(samples, columns).into_iter().enumerate() {
        let x = from + column as f32 * pixel;
        let bar = |mesh: &mut Mesh, low: f32, high: f32, color| {
            let (top, bottom) =
                (middle - (high * gain).clamp(-1.0, 1.0) * half, middle - (low * gain).clamp(-1.0, 1.0) * half);
            // Silence is a line, not nothing.
            let (top, bottom) =
                if bottom - top < pixel { (middle - pixel / 2.0, middle + pixel / 2.0) } else { (top, bottom) };
            mesh.add_colored_rect(Rect::from_min_max(pos2(x, top), pos2(x + pixel, bottom)), color);
        };
        bar(&mut mesh, peak.min, peak.max, t.sound);
        if peak.rms * gain > 0.01 {
            let rms = peak.rms.min(peak.max.abs().max(peak.min.abs()));
            bar(&mut mesh, -rms, rms, t.sound_core);
        }
    }
    painter.add(mesh);
}
