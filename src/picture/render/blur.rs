//! Motion blur: what moves while the shutter is open is drawn at several moments and averaged.
//!
//! Moments between frames come from the poses before and after, by straight lines. As many are drawn as the fastest
//! point needs not to break up into copies, and only what moves: the person, who hardly ever does by a pixel, is drawn
//! once and the arms are drawn over copies of it. The same three poses always give the same picture.

use super::overlay::Overlays;
use super::{Renderer, hand_is_shown};
use crate::pose::{FACE_POINT_COUNT, Point, PoseFrame, Side, index};

/// Pixels that a point may go from one moment to the next.
const STEP: f32 = 2.5;
/// A face that moves by less than this many pixels while the shutter is open is drawn once.
const FACE_STEP: f32 = 1.2;
/// The most moments of a frame.
pub const MOST: usize = 12;

/// A pose with its neighbours in time, one frame away; at the ends of a clip there is none.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    pub before: Option<&'a PoseFrame>,
    pub pose: &'a PoseFrame,
    pub after: Option<&'a PoseFrame>,
}

impl Moment<'_> {
    /// The pose `t` frames from the middle one, -1 to 1. What is not seen in both poses does not move.
    pub fn at(&self, t: f32) -> PoseFrame {
        let Some(to) = (if t < 0.0 { self.before } else { self.after }) else { return self.pose.clone() };
        let t = t.abs().min(1.0);
        let mut out = self.pose.clone();
        for (p, q) in out.points.iter_mut().zip(&to.points) {
            let both = p.score > 0.0 && q.score > 0.0;
            if both && [p.x, p.y, q.x, q.y].iter().all(|v| v.is_finite()) {
                (p.x, p.y) = (p.x + t * (q.x - p.x), p.y + t * (q.y - p.y));
            }
        }
        for side in [Side::Left, Side::Right] {
            // A hand that comes into view or leaves it has no way there.
            if hand_is_shown(self.pose, side) && hand_is_shown(to, side) {
                let depths = out.hand_z[side as usize].iter_mut().zip(&to.hand_z[side as usize]);
                depths.for_each(|(z, to)| *z += t * (to - *z));
            }
        }
        out
    }

    /// The farthest way of any of these points while the shutter is open, pixels.
    fn way(&self, shutter: f32, scale: f32, points: impl Iterator<Item = usize> + Clone) -> f32 {
        let to = |other: Option<&PoseFrame>| -> f32 {
            let Some(other) = other else { return 0.0 };
            let way = |i: usize| {
                let (p, q): (&Point, &Point) = (&self.pose.points[i], &other.points[i]);
                let both = p.score > 0.0 && q.score > 0.0;
                if both { (p.x - q.x).hypot(p.y - q.y) } else { 0.0 }
            };
            points.clone().map(way).filter(|w| w.is_finite()).fold(0.0, f32::max)
        };
        0.5 * shutter * scale * (to(self.before) + to(self.after))
    }
}

impl Renderer {
    /// Draws a pose as a camera would whose shutter is open around it (see `RenderOptions::motion_blur`), with overlays
    /// of its own. Without blur, and where nothing moves, this is [`Renderer::render_over_into`].
    pub fn render_moment_into(&self, moment: &Moment, overlays: &Overlays, out: &mut Vec<u8>) {
        let (shutter, scale) = (self.motion_blur, self.texture.height as f32);
        let face = || index::FACE..index::FACE + FACE_POINT_COUNT;
        let arms = || (index::LEFT_SHOULDER..index::LEFT_HIP).chain(index::LEFT_HAND..moment.pose.points.len());
        let face_way = moment.way(shutter, scale, face());
        let arm_way = moment.way(shutter, scale, arms());
        let count = ((face_way.max(arm_way) / STEP).ceil() as usize).min(MOST);
        if shutter <= 0.0 || count < 2 {
            return self.render_over_into(moment.pose, overlays, out);
        }
        let moments = (0..count).map(|i| moment.at(shutter * ((i as f32 + 0.5) / count as f32 - 0.5)));
        let mut sums = vec![0u16; 4 * self.texture.width * self.texture.height];
        let mut add = |frame: &[u8]| sums.iter_mut().zip(frame).for_each(|(s, v)| *s += u16::from(*v));
        self.with_spare(|spare| {
            let mut frame = Vec::new();
            if face_way < FACE_STEP {
                let mut person = Vec::new();
                self.person(moment.pose, spare, &mut person, &|_| ());
                for pose in moments {
                    frame.clear();
                    frame.extend_from_slice(&person);
                    self.arms(&pose, &self.rig.read(&pose), &mut frame, &|_| ());
                    add(&frame);
                }
            } else {
                for pose in moments {
                    let moved = self.person(&pose, spare, &mut frame, &|_| ());
                    self.arms(&pose, &moved, &mut frame, &|_| ());
                    add(&frame);
                }
            }
        });
        let (count, half) = (count as u16, count as u16 / 2);
        out.clear();
        out.extend(sums.iter().map(|s| ((s + half) / count) as u8));
        self.lay_over(moment.pose, overlays, out);
    }
}
