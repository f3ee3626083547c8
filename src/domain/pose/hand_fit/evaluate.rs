//! How well hands are found again: measured on hands that the fit's model is not.
//!
//! The hands of this measurement have bones of their own (not those of [`super::HandModel`]), an arched palm, fingers that
//! bend about axes of their own and sideways a little at every joint, bones whose seen ends slide as skin and detectors
//! make them slide, and a pinhole camera at another distance than the fit believes. They hold and change shapes as in
//! cueing. Nothing here uses the kinematics, shapes or limits of the fit.

use super::super::{HAND_JOINT_COUNT, Side};
use super::{Camera, FitOptions, HandMeasures, HandPoints, fit};
use glam::{DQuat, DVec2, DVec3};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// Pixels of a picture 1.0 high in which errors are told.
pub const PIXELS: f64 = 512.0;
/// Noise of the noisy points, pixels for each coordinate, and how many are missing.
const NOISE: f64 = 4.0;
const DROPPED: f64 = 0.2;
/// Frames of one person's clip.
const CLIP: usize = 125;

/// What [`evaluate`] measured. Distances are means over all 21 points of all frames, pixels of a picture 512 high.
#[derive(Clone, Debug, PartialEq)]
pub struct FitReport {
    /// Frames.
    pub n: usize,
    /// How far clean points move when they are replaced by the fit.
    pub clean_px: f64,
    /// How far the fit of noisy points with gaps is from the truth.
    pub noisy_px: f64,
    /// How far the noisy points themselves are, where they are not missing.
    pub raw_noisy_px: f64,
    /// The 95th percentiles over points of the two.
    pub clean_p95_px: f64,
    pub noisy_p95_px: f64,
    /// Frames with an angle beyond its limit.
    pub beyond_limits: usize,
    /// Mean plausibility of clean and of noisy hands, 0-1.
    pub clean_plausibility: f64,
    pub noisy_plausibility: f64,
}

/// Measures the fit on `n` frames of hands of both sides and several people.
pub fn evaluate(seed: u64, n: usize) -> FitReport {
    let mut clean = Vec::new();
    let mut noisy = Vec::new();
    let mut raw = Vec::new();
    let mut plausible = [0.0; 2];
    let (mut frames, mut beyond, mut person) = (0, 0, 0);
    while frames < n {
        let count = CLIP.min(n - frames);
        let side = if person % 2 == 0 { Side::Right } else { Side::Left };
        let clip = truth_clip(seed.wrapping_mul(1009).wrapping_add(person), side, count);
        for (spoilt, errors) in [(false, &mut clean), (true, &mut noisy)] {
            let points = if spoilt { clip.noisy.clone() } else { clip.points.clone() };
            let camera = Camera::default();
            let measures = HandMeasures::of(side, clip.believed_length, &camera, &points);
            let fitted = fit(&measures, &FitOptions::default(), &points, 0, 0..count, |_| None);
            for (i, hand) in fitted.iter().enumerate() {
                beyond += usize::from(hand.pose.within_limits() != hand.pose);
                plausible[usize::from(spoilt)] += f64::from(hand.plausibility.score);
                for j in 0..HAND_JOINT_COUNT {
                    let off = hand.joints[j].truncate().as_dvec2() - clip.truth[i][j];
                    errors.push(off.length() * PIXELS);
                }
            }
        }
        for (points, truth) in clip.noisy.iter().zip(&clip.truth) {
            for j in (0..HAND_JOINT_COUNT).filter(|j| points.score[*j] > 0.0) {
                let at = DVec2::new(f64::from(points.xy[j][0]), f64::from(points.xy[j][1]));
                raw.push(at.distance(truth[j]) * PIXELS);
            }
        }
        frames += count;
        person += 1;
    }
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len().max(1) as f64;
    let p95 = |v: &mut Vec<f64>| {
        v.sort_by(f64::total_cmp);
        v.get(v.len() * 95 / 100).copied().unwrap_or_default()
    };
    FitReport {
        n: frames,
        clean_px: mean(&clean),
        noisy_px: mean(&noisy),
        raw_noisy_px: mean(&raw),
        clean_p95_px: p95(&mut clean),
        noisy_p95_px: p95(&mut noisy),
        beyond_limits: beyond,
        clean_plausibility: plausible[0] / frames.max(1) as f64,
        noisy_plausibility: plausible[1] / frames.max(1) as f64,
    }
}

/// A clip of a made-up person's hand.
pub(super) struct TruthClip {
    /// Seen places, picture units.
    pub truth: Vec<[DVec2; HAND_JOINT_COUNT]>,
    pub points: Vec<HandPoints>,
    /// With noise and gaps.
    pub noisy: Vec<HandPoints>,
    /// What is told about the hand's length: wrong by some percent.
    pub believed_length: f32,
}

/// Noisy points with gaps of a made-up person's hand, `count` frames at 25 a second: for measuring speed.
pub fn example_clip(seed: u64, side: Side, count: usize) -> Vec<HandPoints> {
    truth_clip(seed, side, count).noisy
}

struct Dice(ChaCha8Rng);

impl Dice {
    /// 0 to 1.
    fn unit(&mut self) -> f64 {
        (self.0.next_u32() >> 8) as f64 / f64::from(1 << 24)
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * (1.0 - self.unit()).ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
    }
}

/// One finger of a person: where it begins, its bones in centimetres, the axis it bends about, and how far it bends in
/// either of its habits.
struct TruthFinger {
    root: DVec3,
    bones: [f64; 3],
    axis_turn: f64,
    straight: [f64; 3],
    folded: [f64; 3],
}

struct Person {
    fingers: Vec<TruthFinger>,
    thumb_root: DVec3,
    thumb: [f64; 3],
    camera: f64,
    /// Picture units of a centimetre.
    scale: f64,
}

/// Where and how a hand is held from one moment on.
struct Hold {
    start: f64,
    moving: f64,
    open: [f64; 5],
    fan: f64,
    at: DVec3,
    /// Turn in the picture, away from it, and about the hand's own length, degrees.
    turned: [f64; 3],
}

fn person(dice: &mut Dice) -> Person {
    let mut near = |value: f64, share: f64| value * (1.0 + share * (2.0 * dice.unit() - 1.0));
    // Centimetres, for a hand of about 18.5; x along the hand, y to the thumb, z out of the back.
    let table = [
        ([9.1, 2.2, -0.1], [4.0, 2.35, 1.9]),
        ([9.2, 0.1, 0.25], [4.5, 2.7, 2.0]),
        ([8.6, -1.8, 0.05], [4.1, 2.6, 2.0]),
        ([7.8, -3.4, -0.5], [3.25, 1.9, 1.85]),
    ];
    let fingers = table
        .iter()
        .map(|(root, bones)| {
            let near_angles = |near: &mut dyn FnMut(f64, f64) -> f64, a: [f64; 3]| a.map(|x| near(x, 0.18));
            TruthFinger {
                root: DVec3::new(near(root[0], 0.05), near(root[1], 0.08), near(root[2], 0.5)),
                bones: bones.map(|b| near(b, 0.09)),
                axis_turn: near(6.0, 1.0) - 6.0,
                straight: near_angles(&mut near, [4.0, 7.0, 3.0]),
                folded: near_angles(&mut near, [72.0, 96.0, 52.0]),
            }
        })
        .collect();
    let thumb_root = DVec3::new(near(2.0, 0.15), near(1.9, 0.12), near(-0.8, 0.3));
    let thumb = [near(4.4, 0.08), near(3.2, 0.08), near(2.6, 0.08)];
    let scale = near(0.32 / 18.4, 0.08);
    Person { fingers, thumb_root, thumb, camera: near(2.9, 0.18), scale }
}

fn holds(dice: &mut Dice, seconds: f64) -> Vec<Hold> {
    let mut holds: Vec<Hold> = Vec::new();
    let mut time = 0.0;
    while time < seconds {
        let mut open = [0.0; 5];
        for o in &mut open {
            // Open, folded, or now and then halfway.
            *o = match dice.unit() {
                u if u < 0.45 => dice.between(0.9, 1.0),
                u if u < 0.85 => dice.between(0.0, 0.08),
                _ => dice.between(0.2, 0.8),
            };
        }
        holds.push(Hold {
            start: time,
            moving: dice.between(0.16, 0.30),
            open,
            fan: dice.between(-1.5, 9.0),
            at: DVec3::new(dice.between(0.25, 0.65), dice.between(0.45, 0.85), dice.between(0.03, 0.2)),
            turned: [dice.between(25.0, 80.0), dice.between(-15.0, 28.0), dice.between(-25.0, 30.0)],
        });
        time += dice.between(0.28, 0.6);
    }
    holds
}

fn truth_clip(seed: u64, side: Side, count: usize) -> TruthClip {
    let mut dice = Dice(ChaCha8Rng::seed_from_u64(seed));
    let person = person(&mut dice);
    let fps = 25.0;
    let holds = holds(&mut dice, count as f64 / fps);
    // Slow unrest of sideways bends and of where the seen ends of bones are.
    let waves: Vec<[f64; 3]> =
        (0..60).map(|_| [dice.between(0.15, 0.7), dice.between(0.0, 7.0), dice.between(0.4, 1.0)]).collect();
    let wave = |i: usize, t: f64| {
        let [rate, phase, size] = waves[i];
        size * (std::f64::consts::TAU * rate * t + phase).sin()
    };
    let (mut truth, mut points, mut noisy) = (Vec::new(), Vec::new(), Vec::new());
    for i in 0..count {
        let t = i as f64 / fps;
        let at = holds.partition_point(|h| h.start <= t).max(1) - 1;
        let (from, to) = (&holds[at.saturating_sub(1)], &holds[at]);
        let x = ((t - to.start) / to.moving).clamp(0.0, 1.0);
        let x = x * x * x * (10.0 + x * (6.0 * x - 15.0));
        let mix = |a: f64, b: f64| a + (b - a) * x;
        let open: [f64; 5] = std::array::from_fn(|f| mix(from.open[f], to.open[f]));
        let turned: [f64; 3] = std::array::from_fn(|k| mix(from.turned[k], to.turned[k]));
        let place = from.at + (to.at - from.at) * x;
        let local = truth_hand(&person, &open, mix(from.fan, to.fan), |k| wave(k, t));
        let seen = local.map(|p| seen_from(&person, side, p, place, turned));
        truth.push(seen);
        let clean =
            HandPoints { xy: seen.map(|p| [p.x as f32, p.y as f32]), score: [1.0; HAND_JOINT_COUNT], depth: None };
        points.push(clean);
        let mut spoilt = clean;
        for j in 0..HAND_JOINT_COUNT {
            let off = DVec2::new(dice.normal(), dice.normal()) * (NOISE / PIXELS);
            spoilt.xy[j] = [(seen[j].x + off.x) as f32, (seen[j].y + off.y) as f32];
            if dice.unit() < DROPPED {
                (spoilt.xy[j], spoilt.score[j]) = ([0.0; 2], 0.0);
            }
        }
        noisy.push(spoilt);
    }
    let believed_length = (18.4 * person.scale * dice.between(0.94, 1.06)) as f32;
    TruthClip { truth, points, noisy, believed_length }
}

/// The joints of a person's hand in its own axes, centimetres; `wave` gives numbered slow waves from −1 to 1.
fn truth_hand(person: &Person, open: &[f64; 5], fan: f64, wave: impl Fn(usize) -> f64) -> [DVec3; HAND_JOINT_COUNT] {
    let mut out = [DVec3::ZERO; HAND_JOINT_COUNT];
    // The thumb: out and forward when open, across the palm when folded; then two hinges about a slanting axis.
    let o = open[0];
    let out_turn = DQuat::from_rotation_z((8.0 + 42.0 * o).to_radians());
    let fore_turn = DQuat::from_rotation_y((38.0 - 28.0 * o).to_radians());
    let hinge = DVec3::new(0.0, 0.55 * o - 0.15, 1.0).normalize();
    let mut turn = out_turn * fore_turn;
    let mut at = person.thumb_root;
    out[1] = at;
    for bone in 0..3 {
        if bone > 0 {
            let bend = (30.0 - 26.0 * o + 14.0 * (bone as f64 - 1.0) * (1.0 - o)).to_radians();
            turn *= DQuat::from_axis_angle(hinge, -bend);
        }
        at += turn * DVec3::X * person.thumb[bone];
        out[2 + bone] = at;
    }
    for (f, finger) in person.fingers.iter().enumerate() {
        let o = open[1 + f];
        let side = fan * [1.0, 0.15, -0.7, -1.4][f] * o + 1.2 * wave(f);
        let mut turn = DQuat::from_rotation_z(side.to_radians())
            * DQuat::from_rotation_x((finger.axis_turn + [-6.0, -1.0, 4.0, 10.0][f]).to_radians());
        let mut at = finger.root;
        out[5 + 4 * f] = at;
        for bone in 0..3 {
            let bend = finger.folded[bone] + (finger.straight[bone] - finger.folded[bone]) * o;
            // Joints give sideways a little: they are no hinges.
            let give = 1.8 * wave(8 + 3 * f + bone);
            turn = turn * DQuat::from_rotation_y(bend.to_radians()) * DQuat::from_rotation_z(give.to_radians());
            at += turn * DVec3::X * finger.bones[bone];
            out[6 + 4 * f + bone] = at;
        }
    }
    for (j, p) in out.iter_mut().enumerate() {
        // What is seen as the joint slides over it by up to half a millimetre.
        *p += DVec3::new(wave(20 + j % 20), wave(40 + j % 20), 0.0) * 0.05;
    }
    out
}

/// Where a joint is seen, picture units.
fn seen_from(person: &Person, side: Side, joint: DVec3, wrist: DVec3, turned: [f64; 3]) -> DVec2 {
    let [up, away, roll] = turned.map(f64::to_radians);
    // Lying to the right, thumb up, back to the viewer: x right, y down, z to the viewer.
    let flat = DVec3::new(joint.x, -joint.y, joint.z) * person.scale;
    let rolled = DQuat::from_rotation_x(roll) * flat;
    let tilted = DQuat::from_rotation_y(away) * rolled;
    let mut p = wrist + DQuat::from_rotation_z(-up) * tilted;
    if side == Side::Left {
        p.x = 1.0 - p.x;
    }
    let centre = DVec2::new(0.5, 0.5);
    centre + (p.truncate() - centre) * (person.camera / (person.camera - p.z))
}
