//! The skin as one mesh, made once: the smooth union of the anatomy at rest by surface nets, bound to the bones.
//!
//! Surface nets (Gibson 1998) put one point into every cell that the surface passes through; each is then drawn onto
//! the surface exactly. A point hangs on up to four bones. Its *centre* is the place on the bones it belongs to, so that
//! bending carries the centre and turns only the way from it to the skin: fingers keep their girth in every fold
//! (after Le & Hodgins 2016, Real-time skeletal skinning with optimized centers of rotation, with centres on the bones).

use super::bones::{BONES, Bone, FINGER_BONE, FOREARM, Skeleton, THUMB_BONE};
use super::marks::may_be_marked;
use super::surface::{FINGER_RADII, Surface, forearm_width, part};
use crate::pose::Side;
use crate::pose::hand::{FingerPose, HandFrame, HandModel, HandPose, ThumbPose};
use fast_surface_nets::ndshape::{RuntimeShape, Shape};
use fast_surface_nets::{SurfaceNetsBuffer, surface_nets};
use glam::Vec3;
use std::sync::{Arc, Mutex};

/// Edge of a cell, hand lengths.
const CELL: f32 = 0.0165;
/// The forearm at rest, hand lengths.
const FOREARM_LENGTH: f32 = 1.31;
/// No phalanx: no nail and no crease.
pub(super) const NO_PHALANX: u8 = u8::MAX;

/// What does not change of a point of the skin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound {
    pub rest: Vec3,
    /// The place on the bones around which the point turns.
    pub centre: Vec3,
    pub bones: [u8; 4],
    pub weights: [f32; 4],
    /// A joint that pushes the point out when it is bent, and by how many hand lengths at a right angle.
    pub joint: u8,
    pub push: f32,
    /// Redness of knuckles and fingertips, 0 to 1.
    pub blush: f32,
}

/// The skin at rest.
#[derive(Debug)]
pub(super) struct HandMesh {
    pub skeleton: Skeleton,
    pub points: Vec<Bound>,
    pub triangles: Vec<[u32; 3]>,
    /// Which part each triangle belongs to; fingers from where they rise out of the palm.
    pub parts: Vec<u8>,
    /// The phalanx (0 to 14, thumb first) whose marks may lie on each triangle, or [`NO_PHALANX`].
    pub phalanges: Vec<u8>,
}

/// The hand at rest: fingers and thumb apart, so that none melts into another.
fn rest_skeleton() -> Skeleton {
    let finger = |spread| FingerPose { bend: [1.0, 3.0, 2.0], spread };
    let pose = HandPose {
        thumb: ThumbPose { spread: 40.0, across: 16.0, turn: 25.0, bend: [2.0, 0.0] },
        fingers: [finger(13.0), finger(4.0), finger(-7.0), finger(-18.0)],
        cup: 0.0,
    };
    let joints = HandModel::new(1.0).joints(&pose, &HandFrame::facing(Side::Right, Vec3::ZERO, 0.0, 0.0, 0.0));
    Skeleton::new(&joints, Vec3::new(-FOREARM_LENGTH, 0.0, 0.0))
}

/// The mesh with `bare` hand lengths of forearm, made at the first call and shared from then on.
pub(super) fn shared(bare: f32) -> Arc<HandMesh> {
    static MADE: Mutex<Vec<(u32, Arc<HandMesh>)>> = Mutex::new(Vec::new());
    let bare = bare.clamp(0.1, FOREARM_LENGTH);
    let mut made = MADE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some((_, mesh)) = made.iter().find(|(key, _)| *key == bare.to_bits()) {
        return mesh.clone();
    }
    let mesh = Arc::new(HandMesh::new(bare));
    // A handful of looks are in use at a time.
    if made.len() >= 8 {
        made.remove(0);
    }
    made.push((bare.to_bits(), mesh.clone()));
    mesh
}

impl HandMesh {
    fn new(bare: f32) -> Self {
        let skeleton = rest_skeleton();
        let surface = Surface::new(&skeleton, bare);
        let (positions, triangles) = skin(&surface);
        let neighbours = neighbours(positions.len(), &triangles);
        let mut weights: Vec<[f32; BONES]> = positions.iter().map(|p| weights_at(&skeleton, *p)).collect();
        for _ in 0..6 {
            weights = smoothed(&weights, &neighbours);
        }
        let points: Vec<Bound> = positions.iter().zip(&weights).map(|(p, w)| bind(&skeleton, *p, w)).collect();
        let owner = |t: &[u32; 3]| -> (u8, u8) {
            let mut sum = [0.0; BONES];
            for i in t {
                sum.iter_mut().zip(&weights[*i as usize]).for_each(|(s, w)| *s += w);
            }
            let best = (0..BONES).fold(0, |a, b| if sum[b] > sum[a] { b } else { a });
            if !(THUMB_BONE..FOREARM).contains(&best) {
                return (part::BODY, NO_PHALANX);
            }
            let phalanx = best - THUMB_BONE;
            let middle = t.iter().map(|i| positions[*i as usize]).sum::<Vec3>() / 3.0;
            let bone = &skeleton.bones[best];
            // The first bone belongs to the palm until the web is left behind.
            let risen = !phalanx.is_multiple_of(3) || (middle - bone.start).dot(bone.axis) > 0.60 * bone.length;
            let part = if risen { part::THUMB + (phalanx / 3) as u8 } else { part::BODY };
            let reach = t.iter().map(|i| (positions[*i as usize] - middle).length()).fold(0.0, f32::max);
            let marked = phalanx > 0 && may_be_marked(&skeleton, phalanx, middle, reach);
            (part, if marked { phalanx as u8 } else { NO_PHALANX })
        };
        let owners: Vec<(u8, u8)> = triangles.iter().map(owner).collect();
        Self {
            skeleton,
            points,
            parts: owners.iter().map(|o| o.0).collect(),
            phalanges: owners.iter().map(|o| o.1).collect(),
            triangles,
        }
    }
}

/// Points and triangles of the surface, wound so that the picture's (x right, y down) front faces turn one way.
fn skin(surface: &Surface) -> (Vec<Vec3>, Vec<[u32; 3]>) {
    let (mut low, mut high) = (Vec3::INFINITY, Vec3::NEG_INFINITY);
    for cone in &surface.cones {
        let r = cone.radius_a.max(cone.radius_a + cone.radius_change) + 0.03;
        low = low.min(cone.a.min(cone.a + cone.ba) - r);
        high = high.max(cone.a.max(cone.a + cone.ba) + r);
    }
    low -= 2.0 * CELL;
    let size = ((high - low) / CELL).ceil().as_uvec3() + 3;
    let shape = RuntimeShape::<u32, 3>::new(size.to_array());
    let at = |c: [u32; 3]| low + Vec3::new(c[0] as f32, c[1] as f32, c[2] as f32) * CELL;
    let mut field = vec![1.0_f32; shape.usize()];
    // Blocks of eight cells a side far from the surface are filled with their distance.
    const BLOCK: u32 = 8;
    for bz in (0..size.z).step_by(BLOCK as usize) {
        for by in (0..size.y).step_by(BLOCK as usize) {
            for bx in (0..size.x).step_by(BLOCK as usize) {
                let middle = at([bx, by, bz]) + 0.5 * BLOCK as f32 * CELL;
                let far = surface.distance(middle);
                let near = far.abs() < 0.9 * BLOCK as f32 * CELL + 0.05;
                for z in bz..(bz + BLOCK).min(size.z) {
                    for y in by..(by + BLOCK).min(size.y) {
                        for x in bx..(bx + BLOCK).min(size.x) {
                            let c = [x, y, z];
                            field[shape.linearize(c) as usize] = if near { surface.distance(at(c)) } else { far };
                        }
                    }
                }
            }
        }
    }
    let mut net = SurfaceNetsBuffer::default();
    surface_nets(&field, &shape, [0; 3], (size - 1).to_array(), &mut net);
    let gradient = |p: Vec3| {
        let e = 0.003;
        let d = |v: Vec3| surface.distance(p + v) - surface.distance(p - v);
        Vec3::new(d(Vec3::X * e), d(Vec3::Y * e), d(Vec3::Z * e)) / (2.0 * e)
    };
    let points = net
        .positions
        .iter()
        .map(|p| {
            let mut p = low + Vec3::from_array(*p) * CELL;
            for _ in 0..3 {
                let g = gradient(p);
                p -= g * (surface.distance(p) / g.length_squared().max(0.25)).clamp(-0.5 * CELL, 0.5 * CELL);
            }
            p
        })
        .collect();
    let triangles = net.indices.chunks_exact(3).map(|t| [t[0], t[1], t[2]]).collect();
    (points, triangles)
}

/// The neighbours of every point along the edges.
fn neighbours(count: usize, triangles: &[[u32; 3]]) -> Vec<Vec<u32>> {
    let mut all = vec![Vec::with_capacity(8); count];
    for t in triangles {
        for k in 0..3 {
            // Every edge is met twice, once each way.
            all[t[k] as usize].push(t[(k + 1) % 3]);
        }
    }
    all
}

/// How near a point is to each bone's flesh, as shares of one.
fn weights_at(skeleton: &Skeleton, p: Vec3) -> [f32; BONES] {
    let mut distance = [f32::MAX; BONES];
    for (i, (bone, out)) in skeleton.bones.iter().zip(&mut distance).enumerate() {
        let offset = p - bone.start;
        let along = offset.dot(bone.axis) / bone.length.max(1e-4);
        let t = along.clamp(0.0, 1.0);
        let away = (p - bone.closest(p)).length();
        *out = match i {
            0..THUMB_BONE => (away - (0.085 - 0.028 * t)).max(0.0),
            FOREARM => {
                // From the wrist on everything is forearm.
                let (half, flesh) = forearm_width(t);
                (away - half - flesh).max(0.0) + if along < 0.0 { 0.4 * -along } else { -0.05 * along.min(0.3) }
            }
            _ => {
                let (finger, k) = ((i - THUMB_BONE) / 3, (i - THUMB_BONE) % 3);
                let (a, b) = (FINGER_RADII[finger][k], FINGER_RADII[finger][k + 1]);
                away - (a + (b - a) * t)
            }
        };
        // Palm bones end at the wrist.
        if i < THUMB_BONE && along < 0.0 {
            *out += 0.5 * -along;
        }
    }
    let least = distance.iter().fold(f32::MAX, |a, b| a.min(*b));
    let mut weights = distance.map(|d| {
        let x = (d - least) / 0.016;
        (-x * x).exp()
    });
    let sum: f32 = weights.iter().sum();
    weights.iter_mut().for_each(|w| *w /= sum);
    weights
}

fn smoothed(weights: &[[f32; BONES]], neighbours: &[Vec<u32>]) -> Vec<[f32; BONES]> {
    let mean = |(own, around): (&[f32; BONES], &Vec<u32>)| {
        let share = 0.5 / around.len().max(1) as f32;
        let mut out = own.map(|w| 0.5 * w);
        for n in around {
            out.iter_mut().zip(&weights[*n as usize]).for_each(|(o, w)| *o += share * w);
        }
        out
    };
    weights.iter().zip(neighbours).map(mean).collect()
}

/// Binds a point to its four most important bones.
fn bind(skeleton: &Skeleton, p: Vec3, weights: &[f32; BONES]) -> Bound {
    let mut order: [usize; BONES] = std::array::from_fn(|i| i);
    order.sort_by(|a, b| weights[*b].total_cmp(&weights[*a]));
    let kept: [f32; 4] = std::array::from_fn(|i| weights[order[i]]);
    let sum: f32 = kept.iter().sum();
    let kept = kept.map(|w| w / sum);
    let centre = (0..4).map(|i| skeleton.bones[order[i]].closest(p) * kept[i]).sum();
    let (mut joint, mut push, mut blush) = (0, 0.0, 0.0_f32);
    for finger in 0..5 {
        for i in 0..3 {
            let number = 1 + 4 * finger + i;
            if finger == 0 && i == 0 {
                continue;
            }
            let bone: &Bone = &skeleton.bones[THUMB_BONE + 3 * finger + i];
            let radius = FINGER_RADII[finger][i];
            let offset = p - bone.start;
            let out = offset.dot(bone.dorsal) / radius;
            let close = (1.0 - (offset - bone.dorsal * offset.dot(bone.dorsal)).length() / (1.5 * radius)).max(0.0);
            let amount = close * close * (3.0 - 2.0 * close) * out.clamp(0.0, 1.0);
            let strength = amount * radius * if i == 0 { 0.30 } else { 0.26 };
            if strength > push {
                (joint, push) = (number as u8, strength);
            }
            blush = blush.max(amount * if i == 0 { 0.55 } else { 0.75 });
        }
        let tip = skeleton.bones[FINGER_BONE + 3 * finger - 3 + 2].end();
        blush = blush.max((1.0 - (p - tip).length() / 0.10).max(0.0) * 1.1);
    }
    Bound {
        rest: p,
        centre,
        bones: std::array::from_fn(|i| order[i] as u8),
        weights: kept,
        joint,
        push,
        blush: blush.min(1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    /// Every edge is shared by two triangles that run along it in opposite ways: a closed surface without a rim.
    #[test]
    fn the_skin_is_closed_and_wound_one_way() {
        let mesh = shared(0.4);
        let mut edges: HashMap<(u32, u32), (i32, i32)> = HashMap::new();
        for t in &mesh.triangles {
            for k in 0..3 {
                let (a, b) = (t[k], t[(k + 1) % 3]);
                let entry = edges.entry((a.min(b), a.max(b))).or_default();
                *(if a < b { &mut entry.0 } else { &mut entry.1 }) += 1;
            }
        }
        let open = edges.values().filter(|(there, back)| there != back).count();
        assert_eq!(open, 0, "{open} of {} edges", edges.len());
        // Euler's formula for one sphere: no handles, nothing apart.
        let euler = mesh.points.len() as i64 - edges.len() as i64 + mesh.triangles.len() as i64;
        assert_eq!(euler, 2);
        assert!((3000..12_000).contains(&mesh.points.len()), "{}", mesh.points.len());
    }

    #[test]
    fn points_lie_on_the_surface_and_triangles_are_well_shaped() {
        let mesh = shared(0.4);
        let surface = Surface::new(&mesh.skeleton, 0.4);
        let off = mesh.points.iter().filter(|p| surface.distance(p.rest).abs() > 0.002).count();
        assert!(off * 100 < mesh.points.len(), "{off} of {}", mesh.points.len());
        let slim = mesh.triangles.iter().filter(|t| {
            let [a, b, c] = t.map(|i| mesh.points[i as usize].rest);
            let longest = (b - a).length().max((c - b).length()).max((a - c).length());
            (b - a).cross(c - a).length() < 0.12 * longest * longest
        });
        let slim = slim.count();
        assert!(slim * 50 < mesh.triangles.len(), "{slim} of {}", mesh.triangles.len());
    }

    #[test]
    fn each_finger_hangs_on_its_own_bones() {
        let mesh = shared(0.4);
        for finger in 0..5 {
            for i in 1..3 {
                let number = THUMB_BONE + 3 * finger + i;
                let bone = &mesh.skeleton.bones[number];
                let middle = bone.start.lerp(bone.end(), 0.55);
                let own = mesh.points.iter().filter(|p| (p.rest - middle).length() < 0.05);
                for p in own {
                    let share: f32 =
                        (0..4).filter(|k| (p.bones[*k] as usize).abs_diff(number) <= 1).map(|k| p.weights[k]).sum();
                    assert!(share > 0.98, "finger {finger} bone {i}: {:?} {:?}", p.bones, p.weights);
                }
            }
        }
        for p in &mesh.points {
            assert!((p.weights.iter().sum::<f32>() - 1.0).abs() < 1e-4 && p.rest.is_finite() && p.centre.is_finite());
        }
    }
}
