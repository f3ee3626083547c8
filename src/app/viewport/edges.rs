//! The edge heatmap of the pose as a texture over the picture: what a structure-aware refiner is shown.

use crate::app::theme::{Tier, Tokens};
use crate::pose::PoseFrame;
use crate::pose::edges::heatmap;
use egui::{ColorImage, TextureHandle, TextureId, TextureOptions};

/// Height of the heatmap, pixels.
const HEIGHT: usize = 192;
/// Thickness of the edges (σ), picture units.
const THICKNESS: f32 = 0.008;

/// The texture and what it was made from.
#[derive(Default)]
pub struct EdgeView {
    texture: Option<TextureHandle>,
    made: Option<PoseFrame>,
}

impl EdgeView {
    /// The heatmap of a pose, to be laid over the person's picture of this aspect.
    pub fn texture(&mut self, ctx: &egui::Context, pose: &PoseFrame, aspect: f32, t: &Tokens) -> Option<TextureId> {
        if self.made.as_ref() != Some(pose) {
            let width = ((HEIGHT as f32 * aspect).round() as usize).clamp(16, 4 * HEIGHT);
            let light = t.hue(Tier::Gloss);
            let pixels = heatmap(pose, THICKNESS, width, HEIGHT).into_iter().map(|v| light.gamma_multiply(v)).collect();
            let image = ColorImage::new([width, HEIGHT], pixels);
            match &mut self.texture {
                Some(texture) => texture.set(image, TextureOptions::LINEAR),
                None => self.texture = Some(ctx.load_texture("edge heatmap", image, TextureOptions::LINEAR)),
            }
            self.made = Some(pose.clone());
        }
        self.texture.as_ref().map(TextureHandle::id)
    }
}
