//! The anatomy: from 21 joints to the round cones whose smooth union is the skin, and the frames of the details on it.
//!
//! All lengths are in *hand lengths* (wrist crease to middle fingertip) with the wrist at the origin, axes as in the
//! picture (x right, y down, z towards the viewer). Radii follow adult means (hand length 190 mm: finger breadth at
//! the middle joint 18-20 mm, hand breadth 84 mm, palm thickness 28 mm, wrist 59 × 40 mm), drawn slightly slender.

use crate::pose::{HAND_JOINT_COUNT, Side};
use glam::Vec3;

/// Parts that are joined smoothly inside and kept apart among each other.
pub(super) mod part {
    /// Palm, wrist and bare forearm.
    pub const BODY: usize = 0;
    pub const THUMB: usize = 1;
    /// Fingers are 1 (thumb) to 5 (little finger).
    pub const LITTLE: usize = 5;
    pub const SLEEVE: usize = 6;
    pub const COUNT: usize = 7;
}

/// How wide the seam between the palm and the first bone of thumb and fingers is rounded. Only the first bone grows
/// out of the palm; the others, folded onto it, stay apart from it.
const SEAM: [f32; 5] = [0.075, 0.05, 0.05, 0.05, 0.05];
/// How far cones of a part shape what others of that part, and fingers growing out of it, look like.
const WIDEST_SEAM: [f32; part::COUNT] = [0.085, 0.075, 0.05, 0.05, 0.05, 0.05, 0.085];
/// Rounding between the bones of one finger.
const FINGER_BLEND: f32 = 0.014;

/// No phalanx: the cone carries no nail, crease or blush.
pub(super) const NO_PHALANX: u8 = u8::MAX;

/// A sphere moved along a line while its radius changes: the building block of the surface.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cone {
    pub a: Vec3,
    pub ba: Vec3,
    pub inverse_length_squared: f32,
    /// The same in the picture plane, 0 for a bone along the view.
    pub inverse_flat: f32,
    pub radius_a: f32,
    pub radius_change: f32,
    /// Four times how far the radius is drawn in at the middle.
    pub waist: f32,
    /// Rounding of the seam to the cones before it in the same part; a finger's first bone joins the body.
    pub blend: f32,
    /// The widest rounding that this cone takes part in.
    pub seam: f32,
    /// Length of the unit axis in the picture plane: 0 where the bone points at the viewer.
    pub level: f32,
    pub part: usize,
    /// Index into [`Surface::phalanges`] or [`NO_PHALANX`].
    pub phalanx: u8,
}

impl Cone {
    fn new(part: usize, blend: f32, a: Vec3, b: Vec3, radius_a: f32, radius_b: f32) -> Self {
        let ba = b - a;
        let flat = ba.x * ba.x + ba.y * ba.y;
        let level = flat.sqrt() / ba.length().max(1e-6);
        Self {
            a,
            ba,
            inverse_length_squared: 1.0 / ba.length_squared().max(1e-8),
            inverse_flat: if flat > 1e-9 { 1.0 / flat } else { 0.0 },
            radius_a,
            radius_change: radius_b - radius_a,
            waist: 0.0,
            blend,
            seam: WIDEST_SEAM[part],
            level: if ba.length_squared() > 1e-6 { level } else { 1.0 },
            part,
            phalanx: NO_PHALANX,
        }
    }

    fn waist(mut self, drawn_in: f32) -> Self {
        self.waist = 4.0 * drawn_in;
        self
    }

    fn phalanx(mut self, index: usize) -> Self {
        self.phalanx = index as u8;
        self
    }

    pub fn max_radius(&self) -> f32 {
        self.radius_a.max(self.radius_a + self.radius_change) + (-self.waist).max(0.0) * 0.25
    }

    /// Whether a point of the picture lies within `reach` of the cone's outline, or a little farther.
    pub fn is_within(&self, x: f32, y: f32, reach: f32) -> bool {
        let (px, py) = (x - self.a.x, y - self.a.y);
        let t = ((px * self.ba.x + py * self.ba.y) * self.inverse_flat).clamp(0.0, 1.0);
        let (qx, qy) = (px - t * self.ba.x, py - t * self.ba.y);
        let reach = reach + self.max_radius();
        qx * qx + qy * qy < reach * reach
    }
}

/// Where details sit on one bone of a finger.
#[derive(Clone, Copy, Debug)]
pub(super) struct Phalanx {
    /// Joint at the far end.
    pub end: Vec3,
    /// From the near to the far joint, unit length.
    pub axis: Vec3,
    /// Towards the thumb side, unit length.
    pub lateral: Vec3,
    /// Out of the back of the finger, unit length.
    pub dorsal: Vec3,
    pub length: f32,
    /// 1 in the picture plane, 0 along the view.
    pub level: f32,
    pub radius_start: f32,
    pub radius_end: f32,
    /// 0 proximal, 1 middle, 2 distal.
    pub order: u8,
    pub thumb: bool,
    /// How far the joint at the start and at the end is bent: 0 straight, 1 at a right angle or more.
    pub bent_start: f32,
    pub bent_end: f32,
}

/// The forearm's frame, for cuff and folds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Arm {
    /// From the wrist to the elbow, unit length.
    pub axis: Vec3,
    pub lateral: Vec3,
    pub dorsal: Vec3,
    /// Distance of the cuff's edge from the wrist.
    pub cuff: f32,
}

/// Everything the rasteriser needs of one hand and arm.
#[derive(Clone, Debug)]
pub(super) struct Surface {
    pub cones: Vec<Cone>,
    pub phalanges: Vec<Phalanx>,
    /// Hand axis (wrist to fingers), thumb side, back of the hand: unit vectors.
    pub lateral: Vec3,
    pub dorsal: Vec3,
    /// Knuckles of index to little finger, on the back of the hand.
    pub knuckles: [Vec3; 4],
    pub arm: Arm,
}

/// Radii at the base, the middle joint, the last joint and the tip of each finger.
const FINGER_RADII: [[f32; 4]; 5] = [
    [0.074, 0.0590, 0.0540, 0.0430],
    [0.0560, 0.0515, 0.0460, 0.0385],
    [0.0570, 0.0530, 0.0470, 0.0395],
    [0.0540, 0.0500, 0.0445, 0.0375],
    [0.0475, 0.0435, 0.0385, 0.0325],
];

/// Unit vector, or `fallback` where the length vanishes.
fn direction(v: Vec3, fallback: Vec3) -> Vec3 {
    v.try_normalize().unwrap_or(fallback)
}

/// The part of `v` at right angles to the unit vector `axis`, of unit length.
fn across(v: Vec3, axis: Vec3, fallback: Vec3) -> Vec3 {
    direction(v - axis * v.dot(axis), fallback)
}

/// How far a joint is bent: 0 straight, 1 at a right angle or more.
fn bent(before: Vec3, after: Vec3) -> f32 {
    (1.0 - before.dot(after)).clamp(0.0, 1.0)
}

impl Surface {
    /// `joints` in hand lengths relative to the wrist; `elbow` and `shoulder` likewise. `sleeve_start` is the
    /// distance of the cuff from the wrist.
    pub fn new(
        joints: &[Vec3; HAND_JOINT_COUNT],
        elbow: Vec3,
        shoulder: Option<Vec3>,
        side: Side,
        sleeve_start: f32,
    ) -> Self {
        let wrist = joints[0];
        let axis = direction(joints[9] * 0.6 + joints[13] * 0.4 - wrist, Vec3::NEG_Y);
        let to_thumb = across(joints[5] - joints[17], axis, Vec3::X);
        let dorsal = match side {
            Side::Right => to_thumb.cross(axis),
            Side::Left => axis.cross(to_thumb),
        };
        let mut surface = Self {
            cones: Vec::with_capacity(48),
            phalanges: Vec::with_capacity(15),
            lateral: to_thumb,
            dorsal,
            knuckles: [5, 9, 13, 17].map(|i| joints[i] + dorsal * 0.055),
            arm: Arm::default(),
        };
        surface.add_palm(joints, axis);
        surface.add_arm(wrist, elbow, shoulder, sleeve_start);
        for finger in 0..5 {
            surface.add_finger(finger, joints);
        }
        surface.cones.sort_by_key(|cone| cone.part);
        surface
    }

    fn add_palm(&mut self, joints: &[Vec3; HAND_JOINT_COUNT], axis: Vec3) {
        let (lateral, dorsal, wrist) = (self.lateral, self.dorsal, joints[0]);
        let carpal = |along: f32, side: f32, back: f32| wrist + axis * along + lateral * side + dorsal * back;
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
        // Skin between thumb and index finger, over the muscle that fills it.
        // A thumb laid to the palm draws it along and bulges it.
        let off = (joints[2] - joints[1].lerp(joints[5], 0.5)).dot(lateral);
        let laid = ((0.14 - off) / 0.12).clamp(0.0, 1.0);
        let thumb_side = joints[1].lerp(joints[2], 0.62 + 0.28 * laid) + dorsal * (0.035 * laid);
        let index_side = carpal(0.07, 0.072, -0.02).lerp(joints[5], 0.60 + 0.12 * laid) - dorsal * 0.015;
        self.cones.push(body(thumb_side, index_side, 0.044 + 0.008 * laid, 0.050, 0.07).waist(0.004 * (1.0 - laid)));
        // Webs between neighbouring fingers, nearly half way to the middle joint.
        for base in [5, 9, 13] {
            let reach = |joint: usize| joints[joint].lerp(joints[joint + 1], 0.36) - dorsal * 0.012;
            let (a, b) = (reach(base), reach(base + 4));
            self.cones.push(body(a, b, 0.030, 0.028, 0.04));
        }
        // Knuckles: small rises, higher where the finger is bent.
        for (i, radius) in [0.043, 0.045, 0.042, 0.038].into_iter().enumerate() {
            let base = 5 + 4 * i;
            let bone = direction(joints[base] - wrist, axis);
            let bend = bent(bone, direction(joints[base + 1] - joints[base], axis));
            let top = joints[base] + dorsal * (0.014 + 0.012 * bend) - axis * 0.006 + lateral * inside[i];
            self.cones.push(body(top - axis * 0.03, top, radius, radius, 0.04));
        }
    }

    fn add_arm(&mut self, wrist: Vec3, elbow: Vec3, shoulder: Option<Vec3>, sleeve_start: f32) {
        let axis = direction(elbow - wrist, Vec3::Y);
        let length = (elbow - wrist).length().max(0.3);
        let elbow = wrist + axis * length;
        let lateral = across(self.lateral, axis, Vec3::X);
        let dorsal = across(self.dorsal, axis, Vec3::Z);
        // Half the distance of the two bones, and the flesh around each: 0.25 × 0.17 at the wrist.
        let half_width = |t: f32| 0.040 + 0.015 * t;
        let flesh = |t: f32| 0.086 + 0.070 * (t * 1.4).min(1.0);
        let bare = (sleeve_start + 0.12).min(length);
        let end = bare / length;
        let at = |t: f32, side: f32| wrist + axis * (length * t) + lateral * (side * half_width(t));
        for side in [1.0, -1.0] {
            let from = at(0.0, side) - axis * 0.02 - dorsal * 0.01;
            self.cones.push(Cone::new(part::BODY, 0.08, from, at(end, side), flesh(0.0), flesh(end)));
        }
        // The bump of the ulna above the little finger's side of the wrist.
        let ulna = wrist + axis * 0.075 - lateral * 0.062 + dorsal * 0.036;
        self.cones.push(Cone::new(part::BODY, 0.07, ulna, ulna + axis * 0.02, 0.045, 0.045));

        if length <= sleeve_start + 0.05 {
            self.arm = Arm { axis, lateral, dorsal, cuff: length * 2.0 };
            return;
        }
        let cuff = sleeve_start / length;
        let loose = 0.030;
        for side in [1.0, -1.0] {
            let bulge = (0.62_f32).max(cuff + 0.05).min(0.95);
            let sleeve = |t0: f32, t1: f32, extra: f32| {
                let (r0, r1) = (flesh(t0) + loose + extra, flesh(t1) + loose);
                Cone::new(part::SLEEVE, 0.07, at(t0, side), at(t1, side), r0, r1)
            };
            self.cones.push(sleeve(cuff, bulge, 0.004));
            self.cones.push(sleeve(bulge, 1.0, 0.0));
        }
        if let Some(shoulder) = shoulder {
            let (elbow_radius, shoulder_radius) = (flesh(1.0) + loose + 0.03, 0.27);
            self.cones.push(Cone::new(part::SLEEVE, 0.08, elbow, shoulder, elbow_radius, shoulder_radius));
        }
        self.arm = Arm { axis, lateral, dorsal, cuff: sleeve_start };
    }

    fn add_finger(&mut self, finger: usize, joints: &[Vec3; HAND_JOINT_COUNT]) {
        let first = 1 + 4 * finger;
        let thumb = finger == 0;
        let part = part::THUMB + finger;
        let radii = FINGER_RADII[finger];
        let bones: [Vec3; 3] = std::array::from_fn(|i| {
            direction(joints[first + i + 1] - joints[first + i], direction(joints[first + 3] - joints[first], Vec3::X))
        });
        // The nail of the thumb looks to the thumb's side rather than out of the back of the hand.
        let back = if thumb { (self.dorsal * 0.80 + self.lateral * 0.60).normalize() } else { self.dorsal };
        let hinge_of_hand = if thumb { back.cross(bones[0]) } else { self.lateral };
        let mut hinge = hinge_of_hand;
        for i in 0..3 {
            let (start, mut end) = (joints[first + i], joints[first + i + 1]);
            let axis = bones[i];
            let (radius_start, radius_end) = (radii[i], radii[i + 1]);
            if i == 2 {
                // The joint of the tip is where the finger touches: the round end reaches just beyond it.
                end -= axis * (radius_end * 0.86).min((end - start).length() * 0.8);
            }
            hinge = across(hinge, axis, hinge);
            // Right-hand and left-hand fingers bend the same way: out of the back, away from the palm.
            let sign = if hinge_of_hand.cross(bones[0]).dot(back) >= 0.0 { 1.0 } else { -1.0 };
            let dorsal = direction(hinge.cross(axis) * sign, back);
            let lateral = if hinge.dot(self.lateral) >= 0.0 { hinge } else { -hinge };
            let waist = [0.0015, 0.0015, 0.0][i];
            let blend = if i == 0 { SEAM[finger] } else { FINGER_BLEND };
            let cone = Cone::new(part, blend, start, end, radius_start, radius_end).waist(waist);
            self.cones.push(cone.phalanx(self.phalanges.len()));
            self.phalanges.push(Phalanx {
                end: joints[first + i + 1],
                axis,
                lateral,
                dorsal,
                length: (joints[first + i + 1] - start).length(),
                level: (axis.x * axis.x + axis.y * axis.y).sqrt(),
                radius_start,
                radius_end,
                order: i as u8,
                thumb,
                bent_start: if i == 0 { 0.0 } else { bent(bones[i - 1], axis) },
                bent_end: if i == 2 { 0.0 } else { bent(axis, bones[i + 1]) },
            });
        }
    }
}
