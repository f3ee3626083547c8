//! Depth and outline of the hands over the picture, as a refiner of pictures would be given them (AnyoneCue III-E,
//! equations 24-27: a hand's depth map and its mask).

use crate::pose::edges::HAND;
use crate::pose::{PoseFrame, Side};
use egui::{Color32, ColorImage, TextureHandle, TextureId, TextureOptions};
use glam::Vec2;

/// Height of the map, pixels.
const HEIGHT: usize = 256;
/// Half the thickness of fingers and of the palm's bones, shares of the hand's length in the picture.
const FINGER: f32 = 0.050;
const PALM: f32 = 0.085;

/// The map of the pose on show.
#[derive(Default)]
pub struct DepthView {
    texture: Option<TextureHandle>,
    made: Option<PoseFrame>,
}

/// Depth of the nearest surface at each pixel; `None` where there is no hand.
pub fn depth_map(pose: &PoseFrame, width: usize, height: usize) -> Vec<Option<f32>> {
    let mut map: Vec<Option<f32>> = vec![None; width * height];
    for side in [Side::Left, Side::Right] {
        let joints = pose.hand(side);
        if pose.points[side.hand_index()].score <= 0.05
            || joints.iter().any(|j| !j.is_finite() || j.abs().max_element() > 10.0)
        {
            continue;
        }
        // The palm does not bend: its middle bone tells the size of the hand.
        let size = joints[0].distance(joints[9]) / 0.505;
        for (a, b) in HAND {
            let thick = size * if a == 0 { PALM } else { FINGER };
            let (from, to) = (joints[a], joints[b]);
            let low = (from.truncate().min(to.truncate()) - thick) * height as f32;
            let high = (from.truncate().max(to.truncate()) + thick) * height as f32;
            for y in low.y.max(0.0) as usize..(high.y.max(0.0) as usize + 1).min(height) {
                for x in low.x.max(0.0) as usize..(high.x.max(0.0) as usize + 1).min(width) {
                    let p = Vec2::new(x as f32 + 0.5, y as f32 + 0.5) / height as f32;
                    let way = to.truncate() - from.truncate();
                    let t = ((p - from.truncate()).dot(way) / way.length_squared().max(1e-9)).clamp(0.0, 1.0);
                    let off = p.distance(from.truncate() + way * t);
                    if off < thick {
                        let z = from.z + (to.z - from.z) * t + (thick * thick - off * off).sqrt();
                        let pixel = &mut map[y * width + x];
                        *pixel = Some(pixel.map_or(z, |now: f32| now.max(z)));
                    }
                }
            }
        }
    }
    map
}

impl DepthView {
    /// The map as a picture to be laid over the person's: near is bright, the outline is the mask's.
    pub fn texture(&mut self, ctx: &egui::Context, pose: &PoseFrame, aspect: f32, outline: Color32) -> TextureId {
        let width = ((HEIGHT as f32 * aspect).round() as usize).clamp(16, 4 * HEIGHT);
        if self.made.as_ref() != Some(pose) || self.texture.is_none() {
            let map = depth_map(pose, width, HEIGHT);
            let seen = || map.iter().flatten().copied();
            let (near, far) = (seen().fold(f32::MIN, f32::max), seen().fold(f32::MAX, f32::min));
            let at = |x: usize, y: usize| map[y * width + x];
            let mut pixels = vec![Color32::TRANSPARENT; width * HEIGHT];
            for y in 0..HEIGHT {
                for x in 0..width {
                    let Some(z) = at(x, y) else { continue };
                    let inside = x > 0 && y > 0 && x + 1 < width && y + 1 < HEIGHT;
                    let edge = inside
                        && [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)].iter().any(|(x, y)| at(*x, *y).is_none());
                    let bright = (40.0 + 215.0 * (z - far) / (near - far).max(1e-6)) as u8;
                    pixels[y * width + x] = if edge { outline } else { Color32::from_gray(bright) };
                }
            }
            let image = ColorImage::new([width, HEIGHT], pixels);
            match &mut self.texture {
                Some(texture) => texture.set(image, TextureOptions::LINEAR),
                None => self.texture = Some(ctx.load_texture("hand depth", image, TextureOptions::LINEAR)),
            }
            self.made = Some(pose.clone());
        }
        self.texture.as_ref().map(TextureHandle::id).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pose::hand::{HandFrame, HandModel, HandPose};
    use glam::Vec3;

    #[test]
    fn the_nearest_surface_is_on_the_map() {
        let mut pose = PoseFrame::default();
        assert!(depth_map(&pose, 64, 64).iter().all(Option::is_none));
        let frame = HandFrame::facing(Side::Right, Vec3::new(0.3, 0.8, 0.1), 70.0, 0.0, 0.0);
        pose.set_hand(Side::Right, &HandModel::new(0.4).joints(&HandPose::cue_shape(5), &frame), 1.0);
        let map = depth_map(&pose, 64, 64);
        let covered = map.iter().flatten().count() as f32 / map.len() as f32;
        assert!((0.03..0.2).contains(&covered), "{covered}");
        // Over the middle knuckle the surface lies before the bone, by the thickness of the finger.
        let knuckle = pose.hand(Side::Right)[9];
        let z = map[(knuckle.y * 64.0) as usize * 64 + (knuckle.x * 64.0) as usize].expect("the hand");
        assert!(z > knuckle.z && z < knuckle.z + 0.05, "{z} {}", knuckle.z);
        pose.points[Side::Right.hand_index() + 3].x = f32::NAN;
        assert!(depth_map(&pose, 64, 64).iter().all(Option::is_none));
    }
}
