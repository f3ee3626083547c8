//! The cueing hand with its arm: one smooth skin and one sleeve, softly lit.
//!
//! Joints in, pixels out. Once: [`surface`] gives the anatomy at rest, [`mesh`] turns it into a skin bound to the
//! [`bones`]. For each picture: [`pose`] carries the skin and finds its light, [`sleeve`] strings the cloth along the
//! arm, [`shade`] colours both, [`raster`] and [`triangle`] draw them, [`ink`] adds the drawn lines, [`shadow`] throws the shadow on
//! what lies behind. [`look`] finds the look that fits a picture. Every picture depends on its input alone, whatever
//! the number of threads.

mod bones;
mod ink;
mod look;
mod marks;
mod mesh;
mod paint;
mod pose;
mod raster;
mod shade;
mod shadow;
mod sleeve;
mod surface;
mod triangle;

#[cfg(test)]
mod tests;

pub use look::look_from_picture;

use super::arm::ArmLook;
use crate::pose::{HAND_JOINT_COUNT, Side};
use glam::Vec3;
use mesh::HandMesh;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

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
    /// How soft the edge between light and shade is: 0 for a lamp, 1 for an overcast sky.
    pub softness: f32,
    /// 1 for a drawing with clear nails and creases, 0 for a photograph with skin that is not quite even.
    pub drawn: f32,
    /// Standard deviation of the picture's noise, 0 to 255, and the size of its grains in picture units.
    pub grain: f32,
    pub grain_size: f32,
    /// How blurred edges of the picture are: standard deviation in picture units.
    pub blur: f32,
    /// Thickness of hand and arm, 1 for the usual.
    pub girth: f32,
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
            outline_width: 0.008,
            outline_strength: 0.75,
            sleeve_start: 0.34,
            shadow_strength: 0.5,
            shadow: [120, 70, 66],
            softness: 0.2,
            drawn: 1.0,
            grain: 0.0,
            grain_size: 0.001,
            blur: 0.0,
            girth: 1.0,
        }
    }
}

impl HandLook {
    /// This look in the colours of another one.
    pub fn with_colours_of(self, other: &Self) -> Self {
        Self {
            skin: other.skin,
            shade: other.shade,
            blush: other.blush,
            highlight: other.highlight,
            outline: other.outline,
            nail: other.nail,
            sleeve: other.sleeve,
            sleeve_shade: other.sleeve_shade,
            shadow: other.shadow,
            ..self
        }
    }
}

/// An sRGB colour as numbers from 0 to 1.
fn rgb(colour: [u8; 3]) -> Vec3 {
    Vec3::from_array(colour.map(|c| f32::from(c) / 255.0))
}

/// A picture that is painted on: four bytes a pixel, row by row from the top. Its fourth channel says where the person
/// is, on whom shadows fall: 255 on the person, 0 on the background.
#[derive(Debug)]
pub struct Canvas<'a> {
    pub rgba: &'a mut [u8],
    pub width: usize,
    pub height: usize,
}

/// An arm to paint: everything in picture units, x right, y down, z towards the viewer.
#[derive(Clone, Copy, Debug)]
pub struct PaintedArm<'a> {
    /// Wrist, then thumb, index, middle, ring and little finger with four joints each. Without, only the upper arm is
    /// painted.
    pub joints: Option<&'a [Vec3; HAND_JOINT_COUNT]>,
    pub elbow: Vec3,
    /// Top of the shoulder and armpit, between which the sleeve is fastened. Without, it ends at the elbow.
    pub seam: Option<[[f32; 2]; 2]>,
    pub side: Side,
    /// Wrist crease to the tip of the straight middle finger: sets the thickness of everything.
    pub hand_length: f32,
}

/// Paints hands and arms of one look.
#[derive(Clone, Debug)]
pub struct HandPainter {
    look: HandLook,
    /// The sleeve in full light, at rest and in shade.
    cloth: [[u8; 3]; 3],
    /// Half the width of the upper arm at shoulder and elbow, picture units.
    half_width: [f32; 2],
    mesh: Arc<HandMesh>,
}

impl HandPainter {
    /// Prepares to paint. The first painter of a program makes the skin, which takes some tens of milliseconds.
    pub fn new(look: &HandLook, arm: Option<&ArmLook>) -> Self {
        let light = |c: [u8; 3]| c.map(|v| (f32::from(v) * 0.82 + 46.0).min(255.0) as u8);
        let cloth = match arm {
            Some(arm) => [arm.light, arm.cloth, arm.shade],
            None => [light(look.sleeve), look.sleeve, look.sleeve_shade],
        };
        Self {
            cloth,
            half_width: arm.map_or([0.056, 0.050], |arm| arm.half_width),
            mesh: mesh::shared(look.sleeve_start.max(0.1) + 0.14),
            look: look.clone(),
        }
    }

    pub fn look(&self) -> &HandLook {
        &self.look
    }
}
