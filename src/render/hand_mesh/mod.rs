//! The cueing hand and its forearm as one smooth, softly lit surface.
//!
//! Joints in, pixels out: `surface` turns 21 joints into round cones that melt into each other, `raster` finds the
//! surface under every sample, `shade` colours it, `paint` blends it into the picture, `shadow` throws its shadow on what lies behind. Every
//! picture depends on its input alone, whatever the number of threads.

mod forearm;
mod paint;
mod raster;
mod shade;
mod shadow;
mod surface;

#[cfg(test)]
mod sheets;
#[cfg(test)]
mod tests;

use crate::pose::{HAND_JOINT_COUNT, Side};
use glam::Vec3;
use paint::Painting;
use raster::{BLOCK_HEIGHT, BLOCK_WIDTH};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use shade::Shader;
use surface::Surface;

/// Colours, light and line of a hand: part of an identity, so that hand and person belong to one picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct HandLook {
    /// Skin in full light, as sRGB.
    pub skin: [u8; 3],
    /// Skin in shade.
    pub shade: [u8; 3],
    /// Warmer tint of knuckles and fingertips.
    pub blush: [u8; 3],
    /// Gleam on skin.
    pub highlight: [u8; 3],
    /// Drawn line around hand and fingers.
    pub outline: [u8; 3],
    pub nail: [u8; 3],
    /// Cloth in full light and in shade.
    pub sleeve: [u8; 3],
    pub sleeve_shade: [u8; 3],
    /// Way to the light: x right, y down, z towards the viewer. Any length but 0.
    pub light: Vec3,
    /// Width of the drawn line in hand lengths; never thinner than about a pixel.
    pub outline_width: f32,
    /// 0 no line, 1 full line.
    pub outline_strength: f32,
    /// Bare forearm between wrist and cuff, in hand lengths.
    pub sleeve_start: f32,
    /// How dark the shadow on the person is, 0 to 1.
    pub shadow_strength: f32,
    /// Colour that the shadow multiplies into what lies under it.
    pub shadow: [u8; 3],
}

impl Default for HandLook {
    fn default() -> Self {
        Self {
            skin: [236, 190, 160],
            shade: [188, 124, 102],
            blush: [222, 140, 120],
            highlight: [252, 226, 206],
            outline: [96, 52, 44],
            nail: [240, 196, 180],
            sleeve: [78, 112, 140],
            sleeve_shade: [46, 68, 92],
            light: Vec3::new(-0.45, -0.65, 0.75),
            outline_width: 0.012,
            outline_strength: 0.85,
            sleeve_start: 0.34,
            shadow_strength: 0.5,
            shadow: [120, 70, 66],
        }
    }
}

/// An sRGB colour as numbers from 0 to 1.
fn rgb(colour: [u8; 3]) -> Vec3 {
    Vec3::from_array(colour.map(|c| f32::from(c) / 255.0))
}

/// A picture that hands are painted on: premultiplied RGBA, with the depth of what is painted.
#[derive(Clone, Debug, PartialEq)]
pub struct Canvas {
    /// Four bytes a pixel, colour multiplied by alpha; opaque pictures are as usual.
    pub rgba: Vec<u8>,
    /// Depth of each pixel in picture units towards the viewer; negative infinity where nothing has been painted.
    pub depth: Vec<f32>,
    pub width: usize,
    pub height: usize,
    /// Pixels per picture unit; the picture is 1.0 high, so this is its height in pixels.
    pub px_per_unit: f32,
}

impl Canvas {
    /// An empty, transparent canvas whose height is one picture unit.
    pub fn transparent(width: usize, height: usize) -> Self {
        Self::over(vec![0; width * height * 4], width, height)
    }

    /// A canvas over a picture of 4 · width · height bytes; missing bytes are transparent black.
    pub fn over(mut rgba: Vec<u8>, width: usize, height: usize) -> Self {
        rgba.resize(width * height * 4, 0);
        Self { rgba, depth: vec![f32::NEG_INFINITY; width * height], width, height, px_per_unit: height as f32 }
    }
}

/// A hand to paint: everything in picture units.
#[derive(Clone, Copy, Debug)]
pub struct PaintedHand<'a> {
    /// Wrist, then thumb, index, middle, ring and little finger with four joints each.
    pub joints: &'a [Vec3; HAND_JOINT_COUNT],
    pub elbow: Vec3,
    /// Where given, the upper arm is painted too.
    pub shoulder: Option<Vec3>,
    pub side: Side,
    /// Wrist crease to the tip of the straight middle finger: sets the thickness of everything.
    pub hand_length: f32,
}

impl PaintedHand<'_> {
    /// The surface in hand lengths around the wrist; `None` for poses that are no numbers.
    fn surface(&self, look: &HandLook) -> Option<Surface> {
        let wrist = self.joints[0];
        let finite = self.joints.iter().all(|joint| joint.is_finite()) && self.elbow.is_finite();
        if !finite || !self.hand_length.is_finite() || self.hand_length <= 1e-4 {
            return None;
        }
        let scaled = |p: Vec3| (p - wrist) / self.hand_length;
        let joints = std::array::from_fn(|i| scaled(self.joints[i]));
        let shoulder = self.shoulder.filter(|p| p.is_finite()).map(scaled);
        Some(Surface::new(&joints, scaled(self.elbow), shoulder, self.side, look.sleeve_start))
    }
}

/// Paints hands of one look.
#[derive(Clone, Debug)]
pub struct HandPainter {
    look: HandLook,
}

/// The part of a canvas that a hand touches, in pixels.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    x0: usize,
    y0: usize,
    x1: usize,
    y1: usize,
}

/// From pixels of a canvas to hand lengths around the wrist, and back.
#[derive(Clone, Copy)]
struct View {
    wrist: Vec3,
    hand_length: f32,
    /// Hand lengths per pixel.
    pixel: f32,
    px_per_unit: f32,
}

impl View {
    fn new(pose: &PaintedHand, px_per_unit: f32) -> Self {
        let pixel = 1.0 / (px_per_unit * pose.hand_length);
        Self { wrist: pose.joints[0], hand_length: pose.hand_length, pixel, px_per_unit }
    }

    /// Hand lengths right and down of the wrist, from pixels.
    fn x(&self, px: f32) -> f32 {
        (px / self.px_per_unit - self.wrist.x) / self.hand_length
    }

    fn y(&self, px: f32) -> f32 {
        (px / self.px_per_unit - self.wrist.y) / self.hand_length
    }

    /// Pixels that the cones cover with `margin` hand lengths around; `None` where they lie outside the canvas.
    fn bounds(&self, surface: &Surface, margin: f32, width: usize, height: usize) -> Option<Bounds> {
        let (mut low, mut high) = (Vec3::INFINITY, Vec3::NEG_INFINITY);
        for cone in &surface.cones {
            let r = cone.max_radius() + margin;
            low = low.min(cone.a.min(cone.a + cone.ba) - r);
            high = high.max(cone.a.max(cone.a + cone.ba) + r);
        }
        let to_px = |v: f32, wrist: f32| (v * self.hand_length + wrist) * self.px_per_unit;
        let clamp = |v: f32, size: usize| v.clamp(0.0, size as f32) as usize;
        let bounds = Bounds {
            x0: clamp(to_px(low.x, self.wrist.x).floor(), width),
            y0: clamp(to_px(low.y, self.wrist.y).floor(), height),
            x1: clamp(to_px(high.x, self.wrist.x).ceil(), width),
            y1: clamp(to_px(high.y, self.wrist.y).ceil(), height),
        };
        (bounds.x0 < bounds.x1 && bounds.y0 < bounds.y1).then_some(bounds)
    }
}

impl HandPainter {
    pub fn new(look: &HandLook) -> Self {
        Self { look: look.clone() }
    }

    pub fn look(&self) -> &HandLook {
        &self.look
    }

    /// Paints hand, forearm and sleeve. `joints` and `elbow` are in picture units, `hand_length` too.
    pub fn paint(
        &self,
        canvas: &mut Canvas,
        joints: &[Vec3; HAND_JOINT_COUNT],
        elbow: Vec3,
        side: Side,
        hand_length: f32,
    ) {
        self.paint_pose(canvas, &PaintedHand { joints, elbow, shoulder: None, side, hand_length });
    }

    /// Paints a hand over what is on the canvas, behind what is nearer there, and notes its depth.
    pub fn paint_pose(&self, canvas: &mut Canvas, pose: &PaintedHand) {
        let Some(surface) = pose.surface(&self.look) else { return };
        let view = View::new(pose, canvas.px_per_unit);
        let pixels_per_hand = 1.0 / view.pixel;
        // Small hands are sampled twice as finely each way: fingers of a few pixels stay apart.
        let fineness = if pixels_per_hand < 60.0 { 2 } else { 1 };
        let sample = view.pixel / fineness as f32;
        let shader = Shader::new(&self.look, &surface, view.pixel, sample);
        let margin = shader.line + view.pixel;
        let Some(bounds) = view.bounds(&surface, margin, canvas.width, canvas.height) else { return };
        let rows = BLOCK_HEIGHT / fineness;
        let width = canvas.width;
        let bytes = &mut canvas.rgba[bounds.y0 * width * 4..bounds.y1 * width * 4];
        let depths = &mut canvas.depth[bounds.y0 * width..bounds.y1 * width];
        let bands = bytes.par_chunks_mut(width * 4 * rows).zip(depths.par_chunks_mut(width * rows));
        bands.enumerate().for_each_init(
            || Painting::new(view, &shader, &surface, fineness),
            |painting, (band, (bytes, depths))| {
                let y = bounds.y0 + band * rows;
                for x in (bounds.x0..bounds.x1).step_by(BLOCK_WIDTH / fineness) {
                    if painting.trace(x as f32, y as f32) {
                        painting.refine();
                        painting.blend(x, bounds.x1, width, bytes, depths);
                    }
                }
            },
        );
    }

    /// Coverage of hand and arm, one byte a pixel, row by row: 0 outside, 255 inside.
    pub fn coverage(&self, width: usize, height: usize, pose: &PaintedHand) -> Vec<u8> {
        let mut canvas = Canvas::transparent(width, height);
        self.paint_pose(&mut canvas, pose);
        canvas.rgba.chunks_exact(4).map(|pixel| pixel[3]).collect()
    }
}
