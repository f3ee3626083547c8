//! Motion masks over the picture: which are shown, how wide and how soft, and their texture.

use crate::app::theme::{Tier, Tokens};
use crate::pose::PoseFrame;
use crate::pose::motion_mask::{Kind, Options, motion_mask};
use egui::{Color32, ColorImage, TextureHandle, TextureId, TextureOptions};

/// Height of the mask laid over the picture, pixels: enough for soft edges, little enough for every frame.
const HEIGHT: usize = 160;
/// Height that dilation and blur are told for, pixels: that of the usual export.
pub const TOLD_HEIGHT: f32 = 512.0;

/// What of motion masks is on show.
#[derive(Default)]
pub struct MotionView {
    shown: [bool; 3],
    /// Dilation and blur in pixels of a picture 512 high.
    pub options: Options,
    texture: Option<TextureHandle>,
    /// What the texture was made from.
    made: Option<(PoseFrame, [bool; 3], Options)>,
}

impl MotionView {
    pub fn is_shown(&self, kind: Kind) -> bool {
        self.shown[kind as usize]
    }

    pub fn toggle(&mut self, kind: Kind) {
        self.shown[kind as usize] ^= true;
    }

    pub fn any(&self) -> bool {
        self.shown.iter().any(|s| *s)
    }

    /// The masks of a pose as one picture to be laid over the person's; `None` while none is shown.
    pub fn texture(&mut self, ctx: &egui::Context, pose: &PoseFrame, aspect: f32, t: &Tokens) -> Option<TextureId> {
        if !self.any() {
            return None;
        }
        let now = (pose.clone(), self.shown, self.options);
        if self.made.as_ref() != Some(&now) {
            let width = ((HEIGHT as f32 * aspect).round() as usize).clamp(16, 4 * HEIGHT);
            let scale = HEIGHT as f32 / TOLD_HEIGHT;
            let options = Options {
                dilate: self.options.dilate * scale,
                blur: self.options.blur * scale,
                outline: self.options.outline,
            };
            let mut pixels = vec![Color32::TRANSPARENT; width * HEIGHT];
            for kind in Kind::ALL.into_iter().filter(|k| self.shown[*k as usize]) {
                let mask = motion_mask(pose, aspect, kind, &options, width, HEIGHT);
                let hue = hue(kind, t);
                for (i, (pixel, cover)) in pixels.iter_mut().zip(&mask.values).enumerate() {
                    let (x, y) = (i % width, i / width);
                    // Each kind has a hatch of its own over its tint.
                    let line = match kind {
                        Kind::FaceAndHands => (x + y) % 8 < 2,
                        Kind::Lips => (x + HEIGHT - y) % 6 < 2,
                        Kind::Background => y % 8 < 1,
                    };
                    let alpha = cover * if line { 0.62 } else { 0.30 };
                    *pixel = over(*pixel, hue.gamma_multiply(alpha));
                }
            }
            let image = ColorImage::new([width, HEIGHT], pixels);
            match &mut self.texture {
                Some(texture) => texture.set(image, TextureOptions::LINEAR),
                None => self.texture = Some(ctx.load_texture("motion masks", image, TextureOptions::LINEAR)),
            }
            self.made = Some(now);
        }
        self.texture.as_ref().map(TextureHandle::id)
    }
}

/// The hue of a kind.
pub fn hue(kind: Kind, t: &Tokens) -> Color32 {
    match kind {
        Kind::FaceAndHands => t.hue(Tier::Position),
        Kind::Lips => t.hue(Tier::Gloss),
        Kind::Background => t.hue(Tier::Phones),
    }
}

/// Premultiplied colours over each other.
fn over(under: Color32, top: Color32) -> Color32 {
    let keep = 255 - u16::from(top.a());
    let mix = |u: u8, o: u8| (u16::from(u) * keep / 255 + u16::from(o)).min(255) as u8;
    Color32::from_rgba_premultiplied(
        mix(under.r(), top.r()),
        mix(under.g(), top.g()),
        mix(under.b(), top.b()),
        mix(under.a(), top.a()),
    )
}
