//! The arm behind the hand: an elbow that is low and outside the body, a wrist that stays nearly straight.
//!
//! Two bones between shoulder and wrist leave the elbow one freedom, a circle. It goes where the forearm continues the
//! line of the hand best, pulled down a little by its weight. If the wrist would still bend more than a cuer's does,
//! the elbow leaves the circle: the shoulder girdle, which can carry a shoulder several centimetres, takes up the rest.
//! Only a hand that comes from far below bends its wrist more.

use crate::pose::hand::MOST_WRIST_BEND;
use glam::Vec3;

/// How much longer the upper arm may seem, because the shoulder comes along.
const SHOULDER_GIVES: f32 = 1.12;

/// Lengths and place of an arm, picture units.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arm {
    pub shoulder: Vec3,
    pub upper: f32,
    pub fore: f32,
    /// Where the elbow would rather be, added to the direction of the forearm: picture axes, 0 is the calm habit.
    pub sway: Vec3,
}

impl Arm {
    /// The elbow for a wrist and the direction of the hand. The hand is the one at image left; a mirrored person is
    /// solved in the mirror.
    pub fn elbow(&self, wrist: Vec3, along: Vec3) -> Vec3 {
        // Steeper than the hand, and neither towards nor away from the viewer.
        let wanted = (along + Vec3::new(0.0, -0.42, 0.25 - along.z) + self.sway).normalize_or(Vec3::NEG_Y);
        let guide = wrist - wanted * self.fore;
        let reached = (wrist - self.on_circle(wrist, guide)).normalize_or(Vec3::NEG_Y);
        let straight = within_cone(reached, along, MOST_WRIST_BEND.to_radians());
        let reaches = |forearm: Vec3| {
            let elbow = wrist - forearm * self.fore;
            (elbow - self.shoulder).length() <= SHOULDER_GIVES * self.upper
        };
        if reaches(straight) || !reaches(reached) {
            return wrist - straight * self.fore;
        }
        let (mut low, mut high) = (0.0_f32, 1.0_f32);
        for _ in 0..16 {
            let middle = (low + high) / 2.0;
            if reaches(straight.lerp(reached, middle).normalize_or(reached)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        wrist - straight.lerp(reached, high).normalize_or(reached) * self.fore
    }

    /// The elbow nearest to `guide` that both bones reach.
    fn on_circle(&self, wrist: Vec3, guide: Vec3) -> Vec3 {
        let across = wrist - self.shoulder;
        let reach = across.length();
        let axis = across.normalize_or(Vec3::Y);
        // Too far or too near: bones in a line.
        let d = reach.clamp((self.upper - self.fore).abs() + 1e-4, self.upper + self.fore - 1e-4);
        let along = (self.upper * self.upper - self.fore * self.fore + d * d) / (2.0 * d);
        let radius = (self.upper * self.upper - along * along).max(0.0).sqrt();
        let centre = self.shoulder + axis * along;
        let to_guide = guide - centre;
        let outward = (to_guide - axis * to_guide.dot(axis)).normalize_or(Vec3::NEG_X);
        centre + outward * radius
    }
}

/// The direction nearest to `direction` that is at most `angle` radians from `axis`; all unit vectors.
fn within_cone(direction: Vec3, axis: Vec3, angle: f32) -> Vec3 {
    let cos = direction.dot(axis).clamp(-1.0, 1.0);
    if cos >= angle.cos() {
        return direction;
    }
    let side = (direction - axis * cos).normalize_or(Vec3::Y);
    axis * angle.cos() + side * angle.sin()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARM: Arm = Arm { shoulder: Vec3::new(0.26, 0.68, -0.12), upper: 0.49, fore: 0.42, sway: Vec3::ZERO };

    #[test]
    fn bones_keep_their_lengths_where_the_wrist_allows() {
        let along = Vec3::new(0.45, -0.88, -0.1).normalize();
        let wrist = Vec3::new(0.2, 0.72, 0.06);
        let elbow = ARM.elbow(wrist, along);
        assert!(((wrist - elbow).length() - ARM.fore).abs() < 1e-5);
        assert!(((ARM.shoulder - elbow).length() - ARM.upper).abs() < 0.06, "{}", (ARM.shoulder - elbow).length());
        // Low, and outside the body.
        assert!(elbow.y > wrist.y + 0.25 && elbow.x < ARM.shoulder.x, "{elbow}");
    }

    #[test]
    fn the_wrist_is_straight_wherever_the_arm_reaches() {
        let mut straight = 0;
        for k in 0..2000 {
            let f = |n: u32| (k as f32 * 0.618_034 * (n as f32 + 1.3)).fract();
            let wrist = Vec3::new(0.7 * f(0) - 0.1, 0.3 + 0.9 * f(1), 0.3 * f(2));
            let along = Vec3::new(f(3) - 0.1, -f(4), -0.4 * f(5)).normalize_or(Vec3::NEG_Y);
            let elbow = ARM.elbow(wrist, along);
            let bend = (wrist - elbow).angle_between(along).to_degrees();
            let upper = (elbow - ARM.shoulder).length();
            assert!(elbow.is_finite() && ((wrist - elbow).length() - ARM.fore).abs() < 1e-4);
            // Either the wrist is straight, or the arm is as long as it gets.
            assert!(bend < MOST_WRIST_BEND + 0.1 || upper < SHOULDER_GIVES * ARM.upper + 1e-3, "{bend} {upper}");
            straight += usize::from(bend < MOST_WRIST_BEND + 0.1);
        }
        assert!(straight > 700, "{straight}");
        assert!(ARM.elbow(ARM.shoulder, Vec3::Y).is_finite());
    }
}
