//! People that the reader has never seen: other bones, other faces, turned heads, either hand; and poses as a tracker
//! would give them, trembling and with holes.

use crate::cueing::when::PlannedKey;
use crate::cueing::where_::contact;
use crate::pose::{FACE_POINT_COUNT, HAND_JOINT_COUNT, Point, PoseFrame, PoseSequence, Reference, Side, index};
use crate::time::FrameIndex;
use glam::{Vec2, Vec3};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// Lengths differ from the example's by up to this share, up or down.
const BONES: f32 = 0.15;
/// People are turned to the camera by up to this, degrees.
const YAW: f32 = 15.0;
/// Heights of the example's face at which it is stretched anew: above the brows, eyes, base of the nose, line of the
/// mouth, chin.
const KNOTS: [f32; 5] = [0.295, 0.346, 0.420, 0.4565, 0.520];
/// Where things are behind the plane of the face, widths of the face.
const EAR_DEPTH: f32 = -0.45;
const NOSE_DEPTH: f32 = 0.15;

/// Uniform in 0-1.
pub(super) fn unit(rng: &mut ChaCha8Rng) -> f32 {
    (rng.next_u32() >> 8) as f32 / (1u32 << 24) as f32
}

/// Normal with mean 0 and standard deviation 1 (Box & Muller 1958).
fn normal(rng: &mut ChaCha8Rng) -> f32 {
    let (a, b) = (unit(rng).max(1e-7), unit(rng));
    (-2.0 * a.ln()).sqrt() * (std::f32::consts::TAU * b).cos()
}

/// A person who was never posed before.
#[derive(Clone, Debug)]
pub struct Person {
    pub reference: Reference,
    /// Factor on each bone of the cueing hand, by the joint it leads to.
    bones: [f32; HAND_JOINT_COUNT],
    /// How the whole person is turned to the camera, radians; heads that turn by themselves are in the reference.
    view: f32,
}

impl Person {
    /// Person number `seed`. Every other one is left-handed; of each two, one turns the head and one the whole body.
    pub fn new(seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x5eed_0f9e_091e);
        let mut vary = |most: f32| 1.0 + most * (2.0 * unit(&mut rng) - 1.0);
        let example = Reference::example();
        let mut r = example.clone();
        let segments: [f32; 4] = std::array::from_fn(|_| vary(BONES));
        let (width, mouth, eyes) = (vary(BONES), vary(BONES), vary(0.06));
        let height = |y: f32| {
            let mut out = KNOTS[0];
            for (k, factor) in segments.iter().enumerate() {
                let last = k == 3;
                let upto = if last { y } else { y.min(KNOTS[k + 1]) };
                if y > KNOTS[k] || k == 0 {
                    out += (upto - KNOTS[k]) * factor;
                }
            }
            out
        };
        for (i, p) in r.face.iter_mut().enumerate() {
            let wider = match i {
                36..=47 => eyes,
                48.. => mouth,
                _ => 1.0,
            };
            *p = [0.5 + (p[0] - 0.5) * width * wider, height(p[1])];
        }
        // What is below the chin goes down and up with it.
        let sink = height(KNOTS[4]) - KNOTS[4];
        let shoulders = vary(BONES);
        for p in [&mut r.left_shoulder, &mut r.right_shoulder, &mut r.left_elbow, &mut r.right_elbow, &mut r.throat] {
            *p = [0.5 + (p[0] - 0.5) * shoulders, p[1] + sink];
        }
        r.hand_length *= vary(BONES);
        r.forearm_length *= vary(BONES);
        r.upper_arm_length *= vary(BONES);
        // Nearer to the camera or farther away, and not in the very middle.
        let (size, x, y) = (vary(BONES), vary(0.03) - 1.0, vary(0.03) - 1.0);
        let place = |p: &mut [f32; 2]| *p = [0.5 + x + (p[0] - 0.5) * size, 0.45 + y + (p[1] - 0.45) * size];
        r.face.iter_mut().for_each(place);
        [&mut r.left_shoulder, &mut r.right_shoulder, &mut r.left_elbow, &mut r.right_elbow, &mut r.throat]
            .into_iter()
            .for_each(place);
        r.hand_length *= size;
        r.forearm_length *= size;
        r.upper_arm_length *= size;
        let bones = std::array::from_fn(|_| vary(BONES));
        let yaw = (YAW * (vary(1.0) - 1.0)).to_radians();
        let turns_head = seed.is_multiple_of(2);
        if turns_head {
            turn_head(&mut r, yaw);
        }
        if (seed / 2).is_multiple_of(2) {
            r = r.mirrored();
        }
        Self { reference: r, bones, view: if turns_head { 0.0 } else { yaw } }
    }

    /// Poses with this person's own bones of the hand, seen from where the camera is. The touching fingertip stays where
    /// it touches.
    pub fn seen(&self, poses: &PoseSequence, plan: &[PlannedKey]) -> PoseSequence {
        let frames = poses.frames.iter().enumerate().map(|(i, frame)| {
            let time = poses.fps.time_of(FrameIndex(i as u32)).0;
            let mut frame = frame.clone();
            self.resize_hand(&mut frame, &contact_at(plan, time));
            if self.view != 0.0 {
                turn_view(&mut frame, self.view);
            }
            frame
        });
        PoseSequence { fps: poses.fps, frames: frames.collect() }
    }

    fn resize_hand(&self, frame: &mut PoseFrame, contact: &[f32; 2]) {
        let side = self.reference.handed;
        let score = frame.points[side.hand_index()].score;
        let old = frame.hand(side);
        let mut new = old;
        for j in 1..HAND_JOINT_COUNT {
            let parent = if j % 4 == 1 { 0 } else { j - 1 };
            new[j] = new[parent] + (old[j] - old[parent]) * self.bones[j];
        }
        let kept = (old[8] - new[8]) * contact[0] + (old[12] - new[12]) * contact[1];
        let new = new.map(|j| j + kept);
        frame.set_hand(side, &new, score);
        let wrist = match side {
            Side::Left => index::LEFT_WRIST,
            Side::Right => index::RIGHT_WRIST,
        };
        (frame.points[wrist].x, frame.points[wrist].y) = (new[0].x, new[0].y);
    }
}

/// How much index and middle finger are the one that points, at a time of the plan.
fn contact_at(plan: &[PlannedKey], time: f64) -> [f32; 2] {
    use crate::cueing::where_::Contact;
    let of = |k: &PlannedKey| if contact(k.position, k.shape) == Contact::Index { 0.0 } else { 1.0 };
    let mut middle = 1.0;
    for key in plan {
        // On the way to a new place; on the spot only if there is no way.
        let t = &key.times;
        let (from, to) = if t.m2 > t.m1 { (t.m1.0, t.m2.0) } else { (t.d1.0, t.d2.0) };
        if time < from {
            break;
        }
        let t = if to > from { ((time - from) / (to - from)).clamp(0.0, 1.0) as f32 } else { 1.0 };
        middle += (of(key) - middle) * t;
    }
    [1.0 - middle, middle]
}

/// Depth of a face point before the plane of the face in widths, for turning it: an ellipse, and the nose.
fn depth(i: usize, x: f32) -> f32 {
    let round = EAR_DEPTH * (1.0 - (1.0 - x.clamp(-1.0, 1.0).powi(2) * 0.96).sqrt());
    match i {
        28..=30 => round + NOSE_DEPTH * (i - 27) as f32 / 3.0,
        31..=35 => round + 0.4 * NOSE_DEPTH,
        _ => round,
    }
}

fn turned(x: f32, z: f32, middle: f32, width: f32, angle: f32) -> (f32, f32) {
    let behind = EAR_DEPTH * width;
    let (sin, cos) = angle.sin_cos();
    let (dx, dz) = (x - middle, z - behind);
    (middle + dx * cos + dz * sin, behind + dz * cos - dx * sin)
}

fn turn_head(r: &mut Reference, angle: f32) {
    let (left, right) = (r.face[16][0], r.face[0][0]);
    let (middle, width) = ((left + right) / 2.0, left - right);
    for i in 0..FACE_POINT_COUNT {
        let x = r.face[i][0];
        r.face[i][0] = turned(x, depth(i, (x - middle) / (0.5 * width)) * width, middle, width, angle).0;
    }
}

fn turn_view(frame: &mut PoseFrame, angle: f32) {
    let (left, right) = (frame.face()[16].x, frame.face()[0].x);
    let (middle, width) = ((left + right) / 2.0, left - right);
    for i in 0..FACE_POINT_COUNT {
        let p = &mut frame.points[index::FACE + i];
        p.x = turned(p.x, depth(i, (p.x - middle) / (0.5 * width)) * width, middle, width, angle).0;
    }
    for side in [Side::Left, Side::Right] {
        let score = frame.points[side.hand_index()].score;
        let joints = frame.hand(side).map(|j| {
            let (x, z) = turned(j.x, j.z, middle, width, angle);
            Vec3::new(x, j.y, z)
        });
        frame.set_hand(side, &joints, score);
    }
}

/// Points as a tracker finds them: each off by a normal error of `jitter` picture heights, and missing with probability
/// `dropped`. Depths of hands err alike.
pub fn tracked(poses: &PoseSequence, jitter: f32, dropped: f32, seed: u64) -> PoseSequence {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut frames = poses.frames.clone();
    for frame in &mut frames {
        for p in &mut frame.points {
            if p.score <= 0.0 {
                continue;
            }
            let off = Vec2::new(normal(&mut rng), normal(&mut rng)) * jitter;
            *p = if unit(&mut rng) < dropped {
                Point::default()
            } else {
                Point { x: p.x + off.x, y: p.y + off.y, score: p.score }
            };
        }
        for z in frame.hand_z.iter_mut().flatten() {
            *z += normal(&mut rng) * jitter;
        }
    }
    PoseSequence { fps: poses.fps, frames }
}

/// The same poses without depth, as most trackers give them.
pub fn flat(poses: &PoseSequence) -> PoseSequence {
    let mut out = poses.clone();
    out.frames.iter_mut().for_each(|f| f.hand_z = Default::default());
    out
}
