//! The skin in a pose: points carried by the bones, their normals, and how much light reaches them.

use super::bones::{FINGER_BONE, FOREARM, Motion, Skeleton, THUMB_BONE, motions};
use super::mesh::{Bound, HandMesh};
use super::surface::{Cone, FINGER_RADII, forearm_width, part};
use glam::{Quat, Vec3};
use rayon::prelude::*;

/// Points of a mesh in a pose; hand lengths around the wrist.
#[derive(Clone, Debug, Default)]
pub(super) struct Posed {
    pub points: Vec<Vec3>,
    pub normals: Vec<Vec3>,
    /// Share of the surroundings that is open, and of the light that arrives: 0 to 1.
    pub open: Vec<f32>,
    pub lit: Vec<f32>,
}

/// Points that one task works on.
const CHUNK: usize = 1024;

impl Posed {
    /// The skin of a right hand; `girth` makes it thicker or thinner than usual.
    pub fn of_hand(mesh: &HandMesh, skeleton: &Skeleton, girth: f32) -> Self {
        let motions = motions(&mesh.skeleton, skeleton);
        let bends = skeleton.bends();
        let mut points = vec![Vec3::ZERO; mesh.points.len()];
        points.par_chunks_mut(CHUNK).zip(mesh.points.par_chunks(CHUNK)).for_each(|(out, bound)| {
            for (point, bound) in out.iter_mut().zip(bound) {
                *point = carried(bound, &motions, bends[bound.joint as usize], girth);
            }
        });
        let mut posed = Self { points, ..Self::default() };
        posed.find_normals(&mesh.triangles);
        posed
    }

    /// Normals of all points: the sum of the faces around, larger ones counting more.
    pub fn find_normals(&mut self, triangles: &[[u32; 3]]) {
        self.normals.clear();
        self.normals.resize(self.points.len(), Vec3::ZERO);
        for t in triangles {
            let [a, b, c] = t.map(|i| self.points[i as usize]);
            let normal = (b - a).cross(c - a);
            for i in t {
                self.normals[*i as usize] += normal;
            }
        }
        self.normals.iter_mut().for_each(|n| *n = n.try_normalize().unwrap_or(Vec3::Z));
    }

    /// Finds how open every point that faces the viewer lies among `cones`, and how much of the light in direction
    /// `light` reaches it.
    pub fn find_light(&mut self, cones: &[Cone], light: Vec3) {
        let count = self.points.len();
        self.open = vec![1.0; count];
        self.lit = vec![1.0; count];
        let out = self.open.par_chunks_mut(CHUNK).zip(self.lit.par_chunks_mut(CHUNK));
        let at = self.points.par_chunks(CHUNK).zip(self.normals.par_chunks(CHUNK));
        out.zip(at).for_each(|((open, lit), (points, normals))| {
            light_among(cones, light, points, normals, open, lit);
        });
    }
}

/// A point of the skin in a pose.
fn carried(bound: &Bound, motions: &[Motion], bend: f32, girth: f32) -> Vec3 {
    let first = motions[bound.bones[0] as usize].turn;
    let mut turn = Quat::from_xyzw(0.0, 0.0, 0.0, 0.0);
    let mut centre = Vec3::ZERO;
    for (bone, weight) in bound.bones.iter().zip(bound.weights) {
        if weight < 1e-3 {
            break;
        }
        let motion = &motions[*bone as usize];
        // Both signs of a quaternion are one turn: the one on the same side is the short way.
        let sign = if motion.turn.dot(first) < 0.0 { -weight } else { weight };
        turn += motion.turn * sign;
        centre += motion.apply(bound.centre) * weight;
    }
    let offset = turn.normalize() * (bound.rest - bound.centre);
    let grown = girth + bound.push * bend / offset.length().max(0.02);
    centre + offset * grown
}

/// The cones that shade each other and throw the shadow: a right hand and its bare forearm, `bare` hand lengths long.
pub(super) fn occluders(skeleton: &Skeleton, bare: f32, girth: f32) -> Vec<Cone> {
    let mut cones = Vec::with_capacity(24);
    for (i, bone) in skeleton.bones.iter().enumerate() {
        match i {
            0..THUMB_BONE => {
                let start = bone.start + bone.axis * 0.06 + skeleton.lateral * [0.05, 0.02, -0.02, -0.05][i];
                let end = bone.end() - skeleton.dorsal * 0.012;
                cones.push(Cone::new(part::BODY, 0.01, start, end, 0.076 * girth, 0.050 * girth));
            }
            FOREARM => {
                let end = bone.start + bone.axis * bare;
                for side in [1.0, -1.0] {
                    let across = bone.lateral * side * girth;
                    let (half, flesh) = forearm_width(bare);
                    cones.push(Cone::new(
                        part::BODY,
                        0.01,
                        bone.start + across * forearm_width(0.0).0,
                        end + across * half,
                        0.080 * girth,
                        flesh * girth,
                    ));
                }
            }
            _ => {
                let (finger, k) = ((i - THUMB_BONE) / 3, (i - THUMB_BONE) % 3);
                let (a, b) = (FINGER_RADII[finger][k], FINGER_RADII[finger][k + 1]);
                let end = if k == 2 { bone.end() - bone.axis * (0.86 * b).min(0.8 * bone.length) } else { bone.end() };
                let number = part::THUMB + finger as u8;
                cones.push(Cone::new(number, 0.01, bone.start, end, 0.95 * a * girth, 0.95 * b * girth));
            }
        }
    }
    debug_assert!(cones.len() > FINGER_BONE);
    cones
}

/// Points worked on side by side.
const LANES: usize = 16;
type Lane = [f32; LANES];
/// Where ambient light is looked for, outwards along the normal, with weights; hand lengths.
const OPEN_STEPS: [(f32, f32); 2] = [(0.032, 0.58), (0.100, 0.50)];
/// Where the way to the light is probed, hand lengths.
const LIGHT_STEPS: [f32; 3] = [0.050, 0.120, 0.240];

/// The least distance to any cone.
#[inline(always)]
fn nearest(cones: &[Cone], p: &[Lane; 3], out: &mut Lane) {
    *out = [1e3; LANES];
    for c in cones {
        for i in 0..LANES {
            let (x, y, z) = (p[0][i] - c.a.x, p[1][i] - c.a.y, p[2][i] - c.a.z);
            let along = (x * c.ba.x + y * c.ba.y + z * c.ba.z) * c.inverse_length_squared;
            let t = along.clamp(0.0, 1.0);
            let (x, y, z) = (x - t * c.ba.x, y - t * c.ba.y, z - t * c.ba.z);
            let d = (x * x + y * y + z * z).sqrt() - (c.radius_a + t * c.radius_change);
            out[i] = if d < out[i] { d } else { out[i] };
        }
    }
}

#[inline(always)]
fn light_lanes(cones: &[Cone], light: Vec3, points: &[Vec3], normals: &[Vec3], open: &mut [f32], lit: &mut [f32]) {
    let mut which = [0usize; LANES];
    let mut next = 0;
    while next < points.len() {
        // Only what faces the viewer is ever seen.
        let mut filled = 0;
        while next < points.len() && filled < LANES {
            if normals[next].z > -0.15 {
                which[filled] = next;
                filled += 1;
            }
            next += 1;
        }
        if filled == 0 {
            break;
        }
        for i in filled..LANES {
            which[i] = which[0];
        }
        let mut p = [[0.0; LANES]; 3];
        let mut d = [0.0; LANES];
        let mut free = [1.0; LANES];
        for (h, weight) in OPEN_STEPS {
            for k in 0..3 {
                for i in 0..LANES {
                    p[k][i] = points[which[i]][k] + normals[which[i]][k] * h;
                }
            }
            nearest(cones, &p, &mut d);
            for i in 0..LANES {
                free[i] -= (h - d[i]).max(0.0) * (weight / h);
            }
        }
        let mut way = [1.0_f32; LANES];
        for h in LIGHT_STEPS {
            for k in 0..3 {
                for i in 0..LANES {
                    // Starting a little above the surface keeps it from shading itself.
                    p[k][i] = points[which[i]][k] + normals[which[i]][k] * 0.022 + light[k] * h;
                }
            }
            nearest(cones, &p, &mut d);
            for i in 0..LANES {
                let here = (0.35 + d[i] * (3.0 / h)).max(0.0);
                way[i] = if here < way[i] { here } else { way[i] };
            }
        }
        for i in 0..filled {
            open[which[i]] = free[i].clamp(0.0, 1.0);
            lit[which[i]] = way[i];
        }
    }
}

/// [`light_lanes`] with the widest vectors of this processor; the result does not depend on which one it is: the same
/// operations in the same order, none fused.
fn light_among(cones: &[Cone], light: Vec3, points: &[Vec3], normals: &[Vec3], open: &mut [f32], lit: &mut [f32]) {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx2")]
        fn with_avx2(
            cones: &[Cone],
            light: Vec3,
            points: &[Vec3],
            normals: &[Vec3],
            open: &mut [f32],
            lit: &mut [f32],
        ) {
            light_lanes(cones, light, points, normals, open, lit);
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has just been asked.
            return unsafe { with_avx2(cones, light, points, normals, open, lit) };
        }
    }
    light_lanes(cones, light, points, normals, open, lit);
}
