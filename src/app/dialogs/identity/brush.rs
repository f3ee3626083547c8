//! The brush that marks what is to go from a picture: hands, arms, whatever lies in the way.
//!
//! What is marked is a small mask of its own, so that a stroke costs the same on every picture; it is brought to the
//! picture's size when something is removed.

use egui::{Color32, ColorImage, Context, TextureHandle, TextureOptions};
use image::imageops::FilterType;
use image::{GrayImage, Luma};

/// Height of the mask in pixels.
const HEIGHT: u32 = 384;
/// Radius of the brush in picture heights: least and largest.
pub const RADII: (f32, f32) = (0.008, 0.12);

/// What is marked, and with what.
pub struct Brush {
    /// Picture heights.
    pub radius: f32,
    /// Strokes take marks away.
    pub rubs_out: bool,
    /// Where the keyboard paints, picture heights.
    pub at: [f32; 2],
    /// Where the stroke under way has come to.
    pub last: Option<[f32; 2]>,
    mask: Option<GrayImage>,
    texture: Option<TextureHandle>,
}

impl Default for Brush {
    fn default() -> Self {
        Self { radius: 0.04, rubs_out: false, at: [0.5, 0.8], last: None, mask: None, texture: None }
    }
}

impl Brush {
    pub fn is_clear(&self) -> bool {
        self.mask.as_ref().is_none_or(|m| m.pixels().all(|p| p[0] == 0))
    }

    pub fn clear(&mut self) {
        self.mask = None;
        self.texture = None;
    }

    /// Paints, or rubs out, from one place to another of a picture of this width over height.
    pub fn stroke(&mut self, aspect: f32, from: [f32; 2], to: [f32; 2], rubs_out: bool) {
        let width = ((HEIGHT as f32 * aspect).round() as u32).max(1);
        if self.mask.as_ref().is_none_or(|m| m.width() != width) {
            self.mask = Some(GrayImage::new(width, HEIGHT));
        }
        let Some(mask) = &mut self.mask else { return };
        let scale = HEIGHT as f32;
        let [a, b] = [from, to].map(|p| p.map(|v| v * scale));
        let r = self.radius * scale;
        let along = [b[0] - a[0], b[1] - a[1]];
        let length2 = along[0] * along[0] + along[1] * along[1];
        let span = |k: usize, most: u32| {
            let (low, high) = (a[k].min(b[k]) - r, a[k].max(b[k]) + r);
            (low.floor().max(0.0) as u32).min(most)..((high.ceil() + 1.0).max(0.0) as u32).min(most)
        };
        for y in span(1, HEIGHT) {
            for x in span(0, width) {
                let p = [x as f32 + 0.5 - a[0], y as f32 + 0.5 - a[1]];
                // The nearest place on the way from one to the other.
                let t =
                    if length2 > 0.0 { ((p[0] * along[0] + p[1] * along[1]) / length2).clamp(0.0, 1.0) } else { 0.0 };
                let d = [p[0] - t * along[0], p[1] - t * along[1]];
                if d[0] * d[0] + d[1] * d[1] <= r * r {
                    mask.put_pixel(x, y, Luma([if rubs_out { 0 } else { 255 }]));
                }
            }
        }
        self.texture = None;
    }

    /// What is marked, 255, for a picture of this size.
    pub fn mask(&self, (width, height): (u32, u32)) -> GrayImage {
        let Some(mask) = &self.mask else { return GrayImage::new(width, height) };
        let mut mask = image::imageops::resize(mask, width, height, FilterType::Triangle);
        mask.pixels_mut().for_each(|p| p[0] = if p[0] > 127 { 255 } else { 0 });
        mask
    }

    /// The marks, to be laid over the picture.
    pub fn texture(&mut self, ctx: &Context, color: Color32) -> Option<&TextureHandle> {
        if let (None, Some(mask)) = (&self.texture, &self.mask) {
            let pixels =
                mask.pixels().map(|p| if p[0] > 0 { color.gamma_multiply(0.55) } else { Color32::TRANSPARENT });
            let image = ColorImage::new([mask.width() as usize, mask.height() as usize], pixels.collect());
            self.texture = Some(ctx.load_texture("what is marked", image, TextureOptions::LINEAR));
        }
        self.texture.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stroke_covers_what_it_passes_and_is_rubbed_out_again() {
        let mut brush = Brush { radius: 0.05, ..Brush::default() };
        assert!(brush.is_clear());
        brush.stroke(1.5, [0.2, 0.5], [1.0, 0.5], false);
        let mask = brush.mask((600, 400));
        let at = |x: f32, y: f32| mask.get_pixel((x * 400.0) as u32, (y * 400.0) as u32)[0];
        assert_eq!([at(0.6, 0.5), at(0.6, 0.54), at(0.16, 0.5)], [255; 3], "the way, its width, its round end");
        assert_eq!([at(0.6, 0.57), at(0.13, 0.5), at(1.1, 0.5)], [0; 3]);
        let area = mask.pixels().filter(|p| p[0] > 0).count() as f32 / (400.0 * 400.0);
        let expected = 0.8 * 0.1 + std::f32::consts::PI * 0.05 * 0.05;
        assert!((area / expected - 1.0).abs() < 0.04, "{area} {expected}");
        brush.radius = 0.08;
        brush.stroke(1.5, [0.1, 0.5], [1.2, 0.5], true);
        assert!(brush.is_clear());
        // Beyond the picture nothing happens.
        brush.stroke(1.5, [-3.0, -3.0], [9.0, -3.0], false);
        assert!(brush.is_clear());
    }
}
