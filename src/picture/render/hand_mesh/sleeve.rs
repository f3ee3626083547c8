//! The sleeve: one tube of cloth from the cuff over the elbow to the shoulder's seam.
//!
//! Rings are strung along the arm. Each looks with the same point at the viewer, so that nothing is twisted however
//! the forearm turns; the forearm's own flat shape is put into the rings' radii. At the shoulder the rings fan about
//! the armpit onto the seam of the picture and fade into it.

use super::bones::{Skeleton, across, direction};
use super::shade::{bell, ramp};
use super::surface::{Cone, forearm_width, part};
use glam::{Quat, Vec2, Vec3};

/// Points around the tube.
const AROUND: usize = 40;
/// Distance of the rings, hand lengths.
const STEP: f32 = 0.022;
/// Width of the cuff's band, hand lengths.
const CUFF: f32 = 0.085;

/// Where a sleeve begins and ends: a right arm in hand lengths.
#[derive(Clone, Copy, Debug)]
pub(super) struct SleeveShape {
    /// Distance of the cuff from the wrist.
    pub start: f32,
    /// Top of the shoulder and armpit; without, the sleeve ends round the elbow.
    pub seam: Option<[Vec3; 2]>,
    /// Half the width of the upper arm at shoulder and elbow.
    pub half_width: [f32; 2],
    pub elbow: Vec3,
    pub girth: f32,
    /// Lower edge of the picture: what lies well below is left out.
    pub bottom: f32,
}

/// A mesh of cloth.
#[derive(Clone, Debug, Default)]
pub(super) struct Sleeve {
    pub points: Vec<Vec3>,
    pub triangles: Vec<[u32; 3]>,
    /// How deep in a fold each point lies, and how opaque it is; 0 to 1.
    pub deep: Vec<f32>,
    pub opaque: Vec<f32>,
    /// How much of an outline each point gets: none where the sleeve runs into the picture.
    pub ink: Vec<f32>,
    /// What it shades.
    pub cones: Vec<Cone>,
}

struct Ring {
    centre: Vec3,
    /// Towards one side, and towards the viewer; unit vectors.
    side: Vec3,
    front: Vec3,
    radius: Radius,
    /// Where folds are looked up: which cloth, and how far along.
    cloth: Cloth,
    along: f32,
    opaque: f32,
}

#[derive(Clone, Copy)]
enum Radius {
    /// Half the width across and towards the viewer.
    Plain(f32, f32),
    /// Half the width along two directions that need not be the ring's own.
    Flat(Vec3, f32, Vec3, f32),
}

#[derive(Clone, Copy, PartialEq)]
enum Cloth {
    Forearm,
    Elbow(f32),
    Upper,
    Inside,
}

/// A fold: where along, where across (-1 to 1), slope, reach across, depth.
type Fold = (f32, f32, f32, f32, f32);

/// Distances from the cuff: cloth gathers behind it and drags obliquely towards the elbow.
const FOREARM_FOLDS: [Fold; 6] = [
    (0.13, 0.40, -0.08, 1.0, 0.6),
    (0.20, -0.45, 0.14, 0.9, 0.9),
    (0.33, 0.20, 0.20, 1.0, 0.6),
    (0.50, -0.35, 0.26, 0.9, 0.8),
    (0.70, 0.25, 0.24, 1.0, 0.6),
    (0.90, -0.25, 0.16, 1.0, 0.7),
];
/// Shares of the way from elbow to shoulder.
const UPPER_FOLDS: [Fold; 4] = [
    (0.10, -0.35, 0.18, 0.9, 0.8),
    (0.24, 0.40, -0.14, 0.9, 0.5),
    (0.50, -0.35, 0.16, 0.9, 0.4),
    (0.78, -0.50, -0.16, 0.9, 0.4),
];

impl Sleeve {
    /// The sleeve of an arm; `None` for the hand draws the arm that hangs.
    pub fn new(hand: Option<&Skeleton>, shape: &SleeveShape) -> Self {
        let mut rings = Vec::with_capacity(128);
        let mut sleeve = Self::default();
        let upper = shape.seam.map(|seam| Upper::new(seam, shape));
        if let Some(hand) = hand {
            sleeve.forearm(hand, shape, upper.as_ref(), &mut rings);
        }
        if let Some(upper) = &upper {
            sleeve.upper_arm(upper, shape, &mut rings);
        }
        rings.retain(|ring| ring.centre.y < shape.bottom + 0.5);
        sleeve.build(&rings);
        sleeve
    }

    fn forearm(&mut self, hand: &Skeleton, shape: &SleeveShape, upper: Option<&Upper>, rings: &mut Vec<Ring>) {
        let bone = &hand.bones[super::bones::FOREARM];
        let (axis, length) = (bone.axis, bone.length);
        // Too short a forearm has no room for a sleeve.
        if length < shape.start + 0.12 {
            return;
        }
        let front = looking(axis, hand.dorsal);
        let round = 0.17_f32.min(0.4 * (length - shape.start));
        let radius = |s: f32, loose: f32| {
            let (half, flesh) = forearm_width((s / length).min(1.0));
            // Towards the elbow the arm becomes slimmer again.
            let slim = 1.0 - 0.10 * ramp(0.55, 1.0, s / length);
            let wide = ((half + flesh) * shape.girth * slim + loose, (flesh * slim + 0.01) * shape.girth + loose);
            Radius::Flat(bone.lateral, wide.0, bone.dorsal, wide.1)
        };
        let mut ring = |s: f32, loose: f32, cloth: Cloth| {
            let side = axis.cross(front);
            let centre = bone.start + axis * s;
            let along = s - shape.start;
            rings.push(Ring { centre, side, front, radius: radius(s, loose), cloth, along, opaque: 1.0 });
        };
        // The inside of the cuff, its round edge, its band with a seam, and the cloth behind.
        for (s, loose) in [(0.070, 0.004), (0.012, 0.008), (-0.004, 0.012), (-0.008, 0.020)] {
            ring(shape.start + s, loose, Cloth::Inside);
        }
        for (s, loose) in [(0.0, 0.026), (0.02, 0.029), (0.05, 0.029), (CUFF - 0.012, 0.027), (CUFF, 0.022)] {
            ring(shape.start + s, loose, Cloth::Forearm);
        }
        let (from, to) = (shape.start + CUFF + 0.012, length - if upper.is_some() { round } else { 0.0 });
        let count = (((to - from) / STEP).ceil() as usize).max(2);
        for i in 0..=count {
            let s = from + (to - from) * i as f32 / count as f32;
            let swell = ramp(0.0, 0.10, s - from);
            ring(s, 0.030 + 0.014 * swell, Cloth::Forearm);
        }
        let elbow = bone.end();
        let half = forearm_width(1.0);
        let (r0, r1) = (forearm_width(0.3).1 + 0.03, half.1 + 0.05);
        let start = bone.start + axis * (shape.start + 0.05);
        self.cones.push(Cone::new(part::SLEEVE, 0.01, start, elbow, r0 * shape.girth, r1 * shape.girth));
        let Some(upper) = upper else {
            // A round end.
            for i in 1..=5 {
                let angle = i as f32 / 5.0 * std::f32::consts::FRAC_PI_2;
                let Radius::Flat(l, a, d, b) = radius(length, 0.044) else { continue };
                let shrink = angle.cos().max(0.02);
                rings.push(Ring {
                    centre: elbow + axis * (0.7 * b * angle.sin()),
                    side: axis.cross(front),
                    front,
                    radius: Radius::Flat(l, a * shrink, d, b * shrink),
                    cloth: Cloth::Forearm,
                    along: length - shape.start,
                    opaque: 1.0,
                });
            }
            return;
        };
        // Around the elbow.
        let next = direction(upper.root - elbow, -axis);
        let turn = Quat::from_rotation_arc(axis, next);
        let bend = (1.0 - axis.dot(next)) * 0.5;
        let Radius::Flat(_, a, _, b) = radius(length - round, 0.044) else { return };
        let wide = upper.half[1];
        for i in 1..=9 {
            let t = i as f32 / 10.0;
            let (p, q) = (elbow - axis * round, elbow + next * round);
            let corner = p.lerp(elbow, t).lerp(elbow.lerp(q, t), t);
            let heading = Quat::IDENTITY.slerp(turn, t) * axis;
            let front = looking(heading, hand.dorsal);
            let turned = Quat::IDENTITY.slerp(turn, t);
            let (lateral, dorsal) = (turned * bone.lateral, turned * bone.dorsal);
            // The point of the elbow stands out.
            let bump = 1.0 + 0.10 * bend * bell(t - 0.5, 0.5);
            let mix = |from: f32| (from + (wide - from) * t) * bump;
            rings.push(Ring {
                centre: corner.lerp(elbow, 0.35 * bell(t - 0.5, 0.6)),
                side: heading.cross(front),
                front,
                radius: Radius::Flat(lateral, mix(a), dorsal, mix(b)),
                cloth: Cloth::Elbow(bend),
                along: t,
                opaque: 1.0,
            });
        }
    }

    fn upper_arm(&mut self, upper: &Upper, shape: &SleeveShape, rings: &mut Vec<Ring>) {
        let elbow = shape.elbow;
        let way = upper.root - elbow;
        let (length, axis) = (way.length(), direction(way, Vec3::NEG_Y));
        if length < 0.1 {
            return;
        }
        let front = looking(axis, Vec3::Z);
        let from = if rings.is_empty() { 0.0 } else { 0.18_f32.min(0.4 * length) };
        let count = ((length - from) / (1.2 * STEP)).ceil().clamp(2.0, 120.0) as usize;
        for i in 0..=count {
            let s = from + (length - from) * i as f32 / count as f32;
            let t = s / length;
            let half = upper.half[1] + (upper.half[0] - upper.half[1]) * t;
            rings.push(Ring {
                centre: elbow + axis * s,
                side: axis.cross(front),
                front,
                radius: Radius::Plain(half, half),
                cloth: Cloth::Upper,
                along: t,
                opaque: 1.0,
            });
        }
        self.cones.push(Cone::new(part::SLEEVE, 0.01, elbow, upper.root, 0.9 * upper.half[1], 0.9 * upper.half[0]));
        // About the armpit onto the seam.
        const FAN: usize = 9;
        for i in 1..=FAN {
            let t = i as f32 / FAN as f32;
            let out = upper.outward(1.0 - t);
            let across = upper.reach.1 + (upper.reach.0 - upper.reach.1) * ramp(0.0, 1.0, t);
            let z = upper.root.z + (upper.pit.z - upper.root.z) * t;
            let centre = (upper.pit + out * (across / 2.0)).truncate().extend(z);
            let deep = upper.half[0] * (1.0 - 0.15 * t);
            rings.push(Ring {
                centre,
                side: out,
                front: Vec3::Z,
                radius: Radius::Plain(across / 2.0, deep),
                cloth: Cloth::Upper,
                along: 1.0 + 0.06 * t,
                opaque: 1.0,
            });
        }
        // A little farther in, fading into the picture.
        let inwards = upper.outward(0.0).cross(Vec3::Z);
        for (step, opaque) in [(0.035, 0.85), (0.075, 0.35), (0.115, 0.0)] {
            rings.push(Ring {
                centre: upper.pit + upper.outward(0.0) * (upper.reach.0 / 2.0) - inwards * step,
                side: upper.outward(0.0),
                front: Vec3::Z,
                radius: Radius::Plain(upper.reach.0 * (0.49 - 0.3 * step), upper.half[0] * 0.85),
                cloth: Cloth::Upper,
                along: 1.1,
                opaque,
            });
        }
    }

    /// Points and triangles of the rings.
    fn build(&mut self, rings: &[Ring]) {
        let around: [(f32, f32); AROUND] =
            std::array::from_fn(|k| (k as f32 * std::f32::consts::TAU / AROUND as f32).sin_cos());
        for (index, ring) in rings.iter().enumerate() {
            for (sin, cos) in around {
                let way = ring.side * cos + ring.front * sin;
                let radius = match ring.radius {
                    Radius::Plain(across, deep) => ellipse(cos, sin, across, deep),
                    Radius::Flat(l, a, d, b) => {
                        let (u, v) = (way.dot(l) / a.max(1e-3), way.dot(d) / b.max(1e-3));
                        1.0 / (u * u + v * v).sqrt().max(1e-3)
                    }
                };
                let (deep, out) = ring.fold(cos, sin);
                self.points.push(ring.centre + way * (radius + out));
                self.deep.push(deep);
                self.opaque.push(ring.opaque);
                // The armpit is a soft fold, the top of the shoulder an edge.
                let joined = ring.cloth == Cloth::Upper && ring.along > 0.97;
                self.ink.push(ring.opaque * if joined && cos < 0.6 { 0.25 } else { 1.0 });
            }
            if index == 0 {
                continue;
            }
            let (a, b) = ((index - 1) * AROUND, index * AROUND);
            for k in 0..AROUND {
                let n = (k + 1) % AROUND;
                let [p, q, r, s] = [a + k, a + n, b + k, b + n].map(|i| i as u32);
                self.triangles.push([p, r, q]);
                self.triangles.push([r, s, q]);
            }
        }
    }
}

/// Radius of an ellipse in a direction given by its cosine and sine.
fn ellipse(cos: f32, sin: f32, across: f32, deep: f32) -> f32 {
    let (u, v) = (cos / across.max(1e-3), sin / deep.max(1e-3));
    1.0 / (u * u + v * v).sqrt().max(1e-3)
}

/// Square to `axis`, as much as possible towards the viewer.
fn looking(axis: Vec3, other: Vec3) -> Vec3 {
    across(Vec3::Z + other * 0.15, axis, axis.any_orthonormal_vector())
}

impl Ring {
    /// How deep in a fold a point is, and how far it is pushed out.
    fn fold(&self, cos: f32, sin: f32) -> (f32, f32) {
        let (mut deep, mut out) = (0.0_f32, 0.0);
        let mut add = |folds: &[Fold], width: f32, depth: f32| {
            for (along, place, slope, reach, strength) in folds {
                let off = cos - place;
                let distance = self.along - along - slope * off;
                if distance.abs() > 2.0 * width || sin < -0.5 {
                    continue;
                }
                let strength = bell(off, *reach) * strength * ramp(-0.5, 0.5, sin);
                let valley = bell(distance, width) * strength;
                deep = deep.max(valley);
                out += depth * (bell(distance + width, width) * strength - valley);
            }
        };
        match self.cloth {
            Cloth::Forearm if self.along > CUFF => add(&FOREARM_FOLDS, 0.070, 0.008),
            Cloth::Forearm => {
                // The seam behind the cuff's band.
                let seam = bell(self.along - CUFF, 0.02);
                return (0.55 * seam, 0.0);
            }
            Cloth::Elbow(bend) => {
                let waves = (self.along * 18.0).sin();
                deep = (0.5 * waves * bend).max(0.0) * ramp(0.0, 0.8, -cos.abs() + 0.9);
            }
            Cloth::Upper => add(&UPPER_FOLDS, 0.050, 0.005),
            Cloth::Inside => deep = 1.0,
        }
        (deep, out)
    }
}

/// The upper arm between elbow and seam.
struct Upper {
    pit: Vec3,
    /// Middle of the ring at which the arm becomes round.
    root: Vec3,
    half: [f32; 2],
    /// From the armpit to the top of the shoulder, and through the arm.
    reach: (f32, f32),
    /// Direction of the seam, and how far the arm's outer side is turned from it.
    up: Vec2,
    turned: f32,
}

impl Upper {
    fn new([top, pit]: [Vec3; 2], shape: &SleeveShape) -> Self {
        let up = (top - pit).truncate();
        let reach = (up.length(), 2.0 * shape.half_width[0]);
        let up = up.try_normalize().unwrap_or(Vec2::NEG_Y);
        let (elbow, foot) = (shape.elbow.truncate(), pit.truncate());
        let mut turned = 0.0;
        let mut root = foot + up * (reach.1 / 2.0);
        for _ in 0..4 {
            let axis = (elbow - root).try_normalize().unwrap_or(Vec2::Y);
            // Square to the arm, on its outer side.
            let out = Vec2::new(-axis.y, axis.x);
            // Negative turns go outwards and down; an arm across the chest does not turn the shoulder inside out.
            turned = up.perp_dot(out).atan2(up.dot(out));
            if turned > 1.2 {
                turned -= std::f32::consts::TAU;
            }
            turned = turned.clamp(-2.7, 0.5);
            root = foot + Vec2::from_angle(turned).rotate(up) * (reach.1 / 2.0);
        }
        let z = pit.z + 0.25 * (shape.elbow.z - pit.z).clamp(-0.6, 0.0);
        Self { pit, root: root.extend(z), half: shape.half_width, reach, up, turned }
    }

    /// From the armpit to the outer side: 0 at the seam, 1 where the arm is round.
    fn outward(&self, t: f32) -> Vec3 {
        Vec2::from_angle(self.turned * t).rotate(self.up).extend(0.0)
    }
}
