//! What training does to clean clips when it draws windows: jitter, missing points, the mirror, other speeds.
//!
//! Nothing of it is stored in the clips. A window drawn twice by the same seed is the same.

use super::dice::Dice;
use crate::pose::{POINT_COUNT, Point, PoseFrame, index, mirrored_frame};
use serde::{Deserialize, Serialize};

/// A recipe of augmentation; 0 everywhere changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Augmentation {
    /// Standard deviation of each coordinate, pixels in a picture 512 high; each window draws its own amount up to it.
    pub jitter_px: f32,
    /// Share of points that are missing for one frame.
    pub missing: f32,
    /// Chance in a window that a hand is lost for a while, and for how many frames at most.
    pub hand_lost: f32,
    pub hand_lost_frames: u32,
    /// Chance that a window is mirrored: left becomes right.
    pub mirror: f32,
    /// Speeds run from 1 / (1 + this) to 1 + this.
    pub speed: f32,
}

impl Default for Augmentation {
    /// What a middling tracker and another person's tempo do.
    fn default() -> Self {
        Self { jitter_px: 2.0, missing: 0.02, hand_lost: 0.1, hand_lost_frames: 6, mirror: 0.3, speed: 0.15 }
    }
}

/// What was drawn for one window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drawn {
    /// How fast the window runs: 2 shows two seconds of the clip in one.
    pub speed: f64,
    pub mirrored: bool,
    /// Standard deviation of the jitter, picture heights.
    pub jitter: f32,
}

impl Augmentation {
    /// Changes nothing.
    pub const NONE: Self =
        Self { jitter_px: 0.0, missing: 0.0, hand_lost: 0.0, hand_lost_frames: 0, mirror: 0.0, speed: 0.0 };

    pub(super) fn draw(&self, dice: &mut Dice) -> Drawn {
        let most = 1.0 + self.speed.clamp(0.0, 1.0);
        let speed = f64::from(most.powf(dice.between(-1.0, 1.0)));
        let mirrored = dice.chance(self.mirror);
        Drawn { speed, mirrored, jitter: dice.unit() * self.jitter_px.max(0.0) / 512.0 }
    }

    /// Applies what was drawn, and draws what is missing.
    pub(super) fn apply(&self, frames: &mut [PoseFrame], aspect: f32, drawn: &Drawn, dice: &mut Dice) {
        for frame in frames.iter_mut() {
            if drawn.mirrored {
                *frame = mirrored_frame(frame, aspect);
            }
            if drawn.jitter > 0.0 || self.missing > 0.0 {
                for p in frame.points.iter_mut().filter(|p| p.score > 0.0) {
                    if dice.chance(self.missing) {
                        *p = Point::default();
                    } else {
                        (p.x, p.y) = (p.x + drawn.jitter * dice.normal(), p.y + drawn.jitter * dice.normal());
                    }
                }
                frame.hand_z.iter_mut().flatten().for_each(|z| *z += drawn.jitter * dice.normal());
            }
        }
        if !frames.is_empty() && dice.chance(self.hand_lost) {
            let hand = if dice.chance(0.5) { index::LEFT_HAND } else { index::RIGHT_HAND };
            let from = dice.below(frames.len());
            let count = 1 + dice.below(self.hand_lost_frames as usize);
            let end = if hand == index::LEFT_HAND { index::RIGHT_HAND } else { POINT_COUNT };
            for frame in frames.iter_mut().skip(from).take(count) {
                frame.points[hand..end].fill(Point::default());
            }
        }
    }
}
