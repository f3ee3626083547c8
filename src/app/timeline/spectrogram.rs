//! The spectrogram in the sound lane: tiles made in the background, one texture each, as fine as the zoom asks for.
//!
//! While a tile is being made, the coarser one that covers its place is shown stretched.

use super::view::Scale;
use crate::app::theme::{self, Tier, Tokens};
use crate::media::peaks::Peaks;
use crate::speech::spectrogram::{COLUMNS, ROWS, tile};
use crate::time::Seconds;
use egui::{Color32, ColorImage, Painter, Rect, TextureHandle, TextureOptions, Ui, pos2};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

/// Tiles kept at most: some screens full.
const KEPT: usize = 96;
/// Samples a column at the closest zoom: 2 to this power.
const FINEST: u32 = 4;
/// Levels that a missing tile is looked for above its own.
const COARSER: u32 = 5;

/// Power of two of the samples in a column, and number of the tile from the start of the sound.
type Key = (u32, u64);

/// A tile as it comes from the worker: its values, 0-255.
type Made = (Key, Vec<u8>);

struct Tile {
    texture: TextureHandle,
    used: u64,
}

/// The tiles of one sound.
#[derive(Default)]
pub struct Spectrogram {
    samples: Option<Arc<[f32]>>,
    ground: Color32,
    tiles: HashMap<Key, Tile>,
    asked: HashSet<Key>,
    worker: Option<(Sender<Key>, Receiver<Made>)>,
    frame: u64,
}

/// The level whose columns are a point or two wide.
pub fn level_for(samples_per_point: f64) -> u32 {
    (samples_per_point.max(1.0).log2().floor() as u32).max(FINEST)
}

impl Spectrogram {
    /// True while tiles are being made.
    pub fn is_busy(&self) -> bool {
        !self.asked.is_empty()
    }

    fn begin(&mut self, ui: &Ui, peaks: &Peaks, t: &Tokens) {
        let same = self.samples.as_ref().is_some_and(|s| Arc::ptr_eq(s, peaks.samples()));
        if !same {
            self.tiles.clear();
            self.asked.clear();
            self.samples = Some(peaks.samples().clone());
            let (ask, wishes) = channel::<Key>();
            let (give, made) = channel();
            let (samples, rate, loudest) = (peaks.samples().clone(), peaks.rate(), peaks.loudest());
            let ctx = ui.ctx().clone();
            // Ends by itself when the sender is dropped with the timeline.
            std::thread::spawn(move || {
                while let Ok(key) = wishes.recv() {
                    let step = f64::from(2_u32.pow(key.0.min(30)));
                    let first = key.1 as f64 * step * COLUMNS as f64;
                    let values = tile(&samples, rate, first, step, loudest);
                    if give.send((key, values)).is_err() {
                        return;
                    }
                    ctx.request_repaint();
                }
            });
            self.worker = Some((ask, made));
        }
        if self.ground != t.surface1 {
            // Other colours: the textures are of the old theme.
            self.ground = t.surface1;
            self.tiles.clear();
            self.asked.clear();
        }
    }

    /// Draws what is made and asks for what is missing.
    pub fn paint(&mut self, ui: &Ui, painter: &Painter, lane: Rect, scale: Scale, peaks: &Peaks, t: &Tokens) {
        if peaks.is_empty() || peaks.rate() == 0 {
            return;
        }
        self.begin(ui, peaks, t);
        self.frame += 1;
        let rate = f64::from(peaks.rate());
        let level = level_for(rate / scale.px_per_second());
        let length = |level: u32| 2_f64.powi(level as i32) * COLUMNS as f64;
        let from = (scale.shown.start.0.max(0.0) * rate).min(peaks.len() as f64);
        let to = (scale.shown.end.0.max(0.0) * rate).min(peaks.len() as f64);
        if to <= from {
            return;
        }
        let (first, last) = ((from / length(level)) as u64, (to / length(level)) as u64);
        for index in first..=last.min(first + 64) {
            let start = index as f64 * length(level);
            let time = |samples: f64| Seconds(samples / rate);
            let left = scale.x_from_time(time(start));
            let right = scale.x_from_time(time(start + length(level)));
            let rect = Rect::from_min_max(pos2(left, lane.top()), pos2(right, lane.bottom()));
            if self.draw(painter, (level, index), rect) {
                continue;
            }
            self.ask((level, index));
        }
        self.forget();
    }

    /// Draws a tile or the part of a coarser one that covers it; false when the tile itself is missing.
    fn draw(&mut self, painter: &Painter, key: Key, rect: Rect) -> bool {
        for up in 0..=COARSER {
            let Some(tile) = self.tiles.get_mut(&(key.0 + up, key.1 >> up)) else { continue };
            tile.used = self.frame;
            let parts = 1_u64 << up;
            let (at, share) = ((key.1 % parts) as f32 / parts as f32, 1.0 / parts as f32);
            let uv = Rect::from_min_max(pos2(at, 0.0), pos2(at + share, 1.0));
            painter.image(tile.texture.id(), rect, uv, Color32::WHITE);
            return up == 0;
        }
        false
    }

    fn ask(&mut self, key: Key) {
        if let Some((ask, _)) = &self.worker
            && self.asked.len() < 24
            && self.asked.insert(key)
        {
            let _ = ask.send(key);
        }
    }

    /// Takes in the tiles that are made; to be called in every frame, whether the lane is in view or not.
    pub fn take(&mut self, ui: &Ui, t: &Tokens) {
        let Some((_, made)) = &self.worker else { return };
        while let Ok((key, values)) = made.try_recv() {
            self.asked.remove(&key);
            let ramp = ramp(t);
            let mut image = ColorImage::filled([COLUMNS, ROWS], ramp[0]);
            for column in 0..COLUMNS {
                for row in 0..ROWS {
                    // The lowest frequency stands at the bottom.
                    let value = values.get(column * ROWS + row).copied().unwrap_or(0);
                    image.pixels[(ROWS - 1 - row) * COLUMNS + column] = ramp[usize::from(value)];
                }
            }
            let name = format!("spectrogram {} {}", key.0, key.1);
            let texture = ui.ctx().load_texture(name, image, TextureOptions::LINEAR);
            self.tiles.insert(key, Tile { texture, used: self.frame });
        }
    }

    fn forget(&mut self) {
        if self.tiles.len() <= KEPT {
            return;
        }
        let mut uses: Vec<u64> = self.tiles.values().map(|t| t.used).collect();
        uses.sort_unstable();
        let limit = uses[uses.len() - KEPT / 2];
        self.tiles.retain(|_, t| t.used >= limit);
    }
}

/// From the ground of the lane through the hue of sounds to the colour of text.
fn ramp(t: &Tokens) -> Vec<Color32> {
    let middle = t.hue(Tier::Phones);
    (0..256)
        .map(|v| {
            let share = v as f32 / 255.0;
            if share < 0.6 {
                theme::mix(t.surface0, middle, share / 0.6)
            } else {
                theme::mix(middle, t.text1, (share - 0.6) / 0.4)
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_about_a_point_wide_at_every_zoom() {
        // From 1 ms over a whole screen to 2 h over it, at 48 kHz and 1200 points.
        for seconds in [0.001, 0.03, 1.0, 60.0, 7200.0] {
            let per_point = seconds * 48_000.0 / 1200.0;
            let columns = per_point / 2_f64.powi(level_for(per_point) as i32);
            assert!(columns < 2.0, "{seconds} s: {columns} columns a point");
            assert!(columns >= 1.0 || level_for(per_point) == FINEST, "{seconds} s");
        }
    }
}
