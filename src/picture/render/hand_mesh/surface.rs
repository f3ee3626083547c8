//! The anatomy: from the bones to the round cones whose smooth union is the skin.
//!
//! All lengths are in *hand lengths* (wrist crease to middle fingertip) with the wrist at the origin. Radii follow adult means (hand length 190 mm: finger breadth at
//! the middle joint 18-20 mm, hand breadth 84 mm, palm thickness 28 mm, wrist 59 × 40 mm), drawn slightly slender.

use super::bones::{Skeleton, direction};
use glam::Vec3;

/// Parts that are joined smoothly inside and kept apart among each other.
pub(super) mod part {
    /// Palm, wrist and bare forearm.
    pub const BODY: u8 = 0;
    /// Fingers are 1 (thumb) to 5 (little finger).
    pub const THUMB: u8 = 1;
    /// Cloth.
    pub const SLEEVE: u8 = 6;
}

/// How wide the seam between the palm and the first bone of thumb and fingers is rounded. Only the first bone grows
/// out of the palm; the others, folded onto it, stay apart from it.
const SEAM: [f32; 5] = [0.075, 0.05, 0.05, 0.05, 0.05];
/// Rounding between the bones of one finger.
const FINGER_BLEND: f32 = 0.014;

/// A sphere moved along a line while its radius changes: the building block of the surface.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cone {
    pub a: Vec3,
    pub ba: Vec3,
    pub inverse_length_squared: f32,
    pub radius_a: f32,
    pub radius_change: f32,
    /// Four times how far the radius is drawn in at the middle.
    pub waist: f32,
    /// Rounding of the seam to the cones before it in the same part; a finger's first bone joins the body.
    pub blend: f32,
    pub part: u8,
}

impl Cone {
    pub fn new(part: u8, blend: f32, a: Vec3, b: Vec3, radius_a: f32, radius_b: f32) -> Self {
        let ba = b - a;
        let inverse_length_squared = 1.0 / ba.length_squared().max(1e-8);
        Self { a, ba, inverse_length_squared, radius_a, radius_change: radius_b - radius_a, waist: 0.0, blend, part }
    }

    fn waist(mut self, drawn_in: f32) -> Self {
        self.waist = 4.0 * drawn_in;
        self
    }

    /// Distance of a point to the cone, negative inside.
    #[inline(always)]
    pub fn distance(&self, p: Vec3) -> f32 {
        let offset = p - self.a;
        let t = (offset.dot(self.ba) * self.inverse_length_squared).clamp(0.0, 1.0);
        let radius = self.radius_a + t * (self.radius_change - self.waist * (1.0 - t));
        (offset - self.ba * t).length() - radius
    }
}

/// Smooth minimum: rounds the seam of two surfaces over about `blend` (Quilez, polynomial smooth minimum).
fn smooth_least(a: f32, b: f32, blend: f32) -> f32 {
    let h = (blend - (a - b).abs()).max(0.0);
    a.min(b) - h * h * 0.25 / blend
}

/// Radii at the base, the middle joint, the last joint and the tip of each finger.
pub(super) const FINGER_RADII: [[f32; 4]; 5] = [
    [0.074, 0.0590, 0.0540, 0.0430],
    [0.0560, 0.0515, 0.0460, 0.0385],
    [0.0570, 0.0530, 0.0470, 0.0395],
    [0.0540, 0.0500, 0.0445, 0.0375],
    [0.0475, 0.0435, 0.0385, 0.0325],
];
/// Half the distance of the forearm's two bones at the wrist and at the elbow, and the flesh around each.
pub(super) fn forearm_width(t: f32) -> (f32, f32) {
    (0.040 + 0.015 * t, 0.086 + 0.060 * (t * 1.4).min(1.0))
}

/// Everything that has a surface in one pose.
#[derive(Clone, Debug)]
pub(super) struct Surface {
    /// Ordered by part.
    pub cones: Vec<Cone>,
}

impl Surface {
    /// The skin of a right hand with `bare` hand lengths of forearm.
    pub fn new(skeleton: &Skeleton, bare: f32) -> Self {
        let mut surface = Self { cones: Vec::with_capacity(48) };
        surface.add_palm(skeleton);
        surface.add_arm(skeleton, bare);
        for finger in 0..5 {
            surface.add_finger(finger, skeleton);
        }
        surface
    }

    /// Distance to the skin, negative inside; fingers are joined to the palm smoothly and to each other sharply.
    pub fn distance(&self, p: Vec3) -> f32 {
        let (mut body, mut own, mut out) = (f32::MAX, f32::MAX, f32::MAX);
        let mut part = part::BODY;
        for cone in &self.cones {
            if cone.part != part {
                if part == part::BODY {
                    (body, out) = (own, own);
                }
                (out, own, part) = (out.min(own), body, cone.part);
            }
            own = smooth_least(own, cone.distance(p), cone.blend);
        }
        out.min(own)
    }

    fn add_palm(&mut self, hand: &Skeleton) {
        let (joints, axis, lateral, dorsal) = (&hand.joints, hand.axis, hand.lateral, hand.dorsal);
        let bends = hand.bends();
        let carpal = |along: f32, side: f32, back: f32| joints[0] + axis * along + lateral * side + dorsal * back;
        let body = |a, b, ra, rb, blend| Cone::new(part::BODY, blend, a, b, ra, rb);

        // Four metacarpals side by side make a slab that is thick towards the palm and hints at tendons on the back.
        let starts = [(0.072, 0.080), (0.026, 0.082), (-0.022, 0.080), (-0.066, 0.076)];
        let ends = [0.0500, 0.0590, 0.0570, 0.0430];
        // The outer bones run a little inside, so that the hand's edges flow into the fingers.
        let inside = [-0.010, 0.0, 0.0, 0.012];
        for (i, ((side, radius), end_radius)) in starts.into_iter().zip(ends).enumerate() {
            let knuckle = joints[5 + 4 * i] - dorsal * 0.016 + lateral * inside[i];
            let start = carpal(0.07, side, -0.012);
            self.cones.push(body(start, knuckle, radius, end_radius, 0.06).waist(0.003));
        }
        // Ball of the little finger's edge.
        let edge = joints[17] - axis * 0.13 + lateral * 0.005 - dorsal * 0.03;
        self.cones.push(body(carpal(0.09, -0.082, -0.03), edge, 0.058, 0.050, 0.06).waist(-0.006));
        // The muscle of the thumb: from the heel of the hand along the thumb's first bone, on the palm's side.
        let ball = joints[1].lerp(joints[2], 0.45) - dorsal * 0.022 - lateral * 0.012;
        self.cones.push(body(carpal(0.075, 0.055, -0.045), ball, 0.060, 0.064, 0.06).waist(-0.006));
        // Skin between thumb and index finger, over the muscle that fills it.
        let off = (joints[2] - joints[1].lerp(joints[5], 0.5)).dot(lateral);
        let laid = ((0.14 - off) / 0.12).clamp(0.0, 1.0);
        let thumb_side = joints[1].lerp(joints[2], 0.62 + 0.28 * laid) + dorsal * (0.035 * laid);
        let index_side = carpal(0.07, 0.072, -0.02).lerp(joints[5], 0.60 + 0.12 * laid) - dorsal * 0.015;
        self.cones.push(body(thumb_side, index_side, 0.044 + 0.008 * laid, 0.050, 0.07).waist(0.004 * (1.0 - laid)));
        // Webs between neighbouring fingers, nearly half way to the middle joint.
        for base in [5, 9, 13] {
            let reach = |joint: usize| joints[joint].lerp(joints[joint + 1], 0.34) - dorsal * 0.012;
            let (a, b) = (reach(base), reach(base + 4));
            self.cones.push(body(a, b, 0.030, 0.028, 0.04));
        }
        // Pads of the palm under the knuckles.
        for base in [5, 9, 13] {
            let pad = |j: usize| joints[j] - dorsal * 0.034 - axis * 0.012;
            self.cones.push(body(pad(base), pad(base + 4), 0.038, 0.038, 0.04));
        }
        // Knuckles: small rises.
        for (i, radius) in [0.043, 0.045, 0.042, 0.038].into_iter().enumerate() {
            let base = 5 + 4 * i;
            let top = joints[base] + dorsal * (0.014 + 0.012 * bends[base]) - axis * 0.006 + lateral * inside[i];
            self.cones.push(body(top - axis * 0.03, top, radius, radius, 0.04));
        }
        // Tendons fan out over the back of the hand.
        for (i, side) in [0.034, 0.012, -0.012, -0.034].into_iter().enumerate() {
            let top = joints[5 + 4 * i] + dorsal * 0.036 + lateral * inside[i] - axis * 0.03;
            self.cones.push(body(carpal(0.10, side, 0.052), top, 0.014, 0.018, 0.022));
        }
    }

    fn add_arm(&mut self, hand: &Skeleton, bare: f32) {
        let (wrist, elbow) = (hand.joints[0], hand.elbow);
        let axis = direction(elbow - wrist, Vec3::Y);
        let length = (elbow - wrist).length().max(0.3);
        let (lateral, dorsal) = (hand.bones[super::bones::FOREARM].lateral, hand.bones[super::bones::FOREARM].dorsal);
        let end = (bare / length).min(1.0);
        let at = |t: f32, side: f32| wrist + axis * (length * t) + lateral * (side * forearm_width(t).0);
        for side in [1.0, -1.0] {
            let from = at(0.0, side) - axis * 0.02 - dorsal * 0.01;
            let (ra, rb) = (forearm_width(0.0).1, forearm_width(end).1);
            self.cones.push(Cone::new(part::BODY, 0.08, from, at(end, side), ra, rb));
        }
        // The bump of the ulna above the little finger's side of the wrist.
        let ulna = wrist + axis * 0.075 - lateral * 0.062 + dorsal * 0.036;
        self.cones.push(Cone::new(part::BODY, 0.07, ulna, ulna + axis * 0.02, 0.045, 0.045));
    }

    fn add_finger(&mut self, finger: usize, hand: &Skeleton) {
        let part = part::THUMB + finger as u8;
        let radii = FINGER_RADII[finger];
        for i in 0..3 {
            let bone = &hand.bones[super::bones::THUMB_BONE + 3 * finger + i];
            let (radius_start, radius_end) = (radii[i], radii[i + 1]);
            let mut end = bone.end();
            if i == 2 {
                // The joint of the tip is where the finger touches: the round end reaches just beyond it.
                end -= bone.axis * (radius_end * 0.86).min(bone.length * 0.8);
            }
            let blend = if i == 0 { SEAM[finger] } else { FINGER_BLEND };
            let cone = Cone::new(part, blend, bone.start, end, radius_start, radius_end);
            self.cones.push(cone.waist([0.0030, 0.0028, 0.0][i]));
            // Flesh on the inner side of each bone, and the pad of the tip.
            let flesh = |t: f32, r: f32| bone.start.lerp(end, t) - bone.dorsal * r;
            let depth = radius_end * [0.14, 0.14, 0.20][i];
            let pad =
                Cone::new(part, 0.03, flesh(0.35, depth), flesh(0.75, depth), radius_start * 0.94, radius_end * 0.92);
            self.cones.push(pad);
        }
    }
}
