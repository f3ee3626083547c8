//! How one cueing of the same keys differs from another: bow of the ways, drift of the head, amplitude of lips and
//! brows, blinks, elbows and the fingers that do not point.
//!
//! What a key says is never varied: its hand shape, the place its finger touches, and closures of the lips. All is a
//! function of the seed and of time. Next to curves that move, each quality has a constant of its own for each seed
//! ([`coordinate`]); those of neighbouring seeds lie apart by construction, so takes that are made together differ even
//! in a stretch without any motion.

use super::face::FaceState;
use super::idle::{Curve, HeadMotion, Idle, unit};
use super::lips::MouthState;
use super::track::step;
use crate::pose::hand::HandPose;
use glam::{Vec2, Vec3};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// Fractions of the square roots of the first primes, 64 bits: no two step through the unit interval alike.
const STEPS: [u64; 8] = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
];

/// How much of what varies; 0 is nothing, 1 as much as stays natural.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Amounts {
    pub path: f32,
    pub expression: f32,
    pub drift: f32,
}

/// Which parts may differ, the cueing hand and the other one by their task and not by their side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Free {
    pub lips: bool,
    pub face: bool,
    pub head: bool,
    pub arms: bool,
    pub cueing_hand: bool,
    pub resting_hand: bool,
}

/// One way of being different.
#[derive(Clone, Debug)]
pub(super) struct Variation {
    seed: u64,
    free: Free,
    amounts: Amounts,
    idle: Idle,
    slow: [Curve; 6],
    quick: [Curve; 4],
    /// Stretches in which a finger touches the head or the throat, in order.
    touches: Vec<(f64, f64)>,
}

/// In which time the head gives up most of its freedom before a touch and takes it again after it, seconds.
const CALM: f64 = 0.16;
/// The share of its freedom that the head keeps during a touch.
const KEPT: f32 = 0.3;

/// The constant of quality `j` for a seed: −1 to 1 and never near 0. It walks through its range by an irrational step
/// as seeds count up, another one for each quality, so neighbouring seeds are never alike in all of them.
fn coordinate(seed: u64, j: usize) -> f32 {
    let (step, turn) = (STEPS[j % STEPS.len()], (j / STEPS.len()) as u32);
    // A second and third round over the steps begins elsewhere and goes the other way.
    let at = if turn % 2 == 0 { seed.wrapping_mul(step) } else { seed.wrapping_mul(step.rotate_left(17) | 1) };
    let at = at.wrapping_add(STEPS[(j + 3) % STEPS.len()].rotate_left(turn));
    let u = (at >> 40) as f32 / (1u64 << 24) as f32;
    if u < 0.5 { -0.35 - 1.3 * u } else { 0.35 + 1.3 * (u - 0.5) }
}

impl Variation {
    /// `length` of the performance in seconds, `moves` the middles of the hand's moves, `touches` when a finger is on
    /// the person, both in order.
    pub fn new(seed: u64, free: Free, amounts: Amounts, length: f64, moves: &[f64], touches: Vec<(f64, f64)>) -> Self {
        let curve = |channel, period| Curve::new(seed, channel, period, length);
        Self {
            seed,
            free,
            amounts,
            idle: Idle::new(seed, length, 1.0, moves),
            slow: std::array::from_fn(|i| curve(30 + i as u64, [2.1, 2.6, 3.0, 2.4, 3.3, 1.9][i])),
            quick: std::array::from_fn(|i| curve(40 + i as u64, [0.55, 0.7, 0.6, 0.8][i])),
            touches,
        }
    }

    fn of(&self, j: usize) -> f32 {
        coordinate(self.seed, j)
    }

    /// How much wider and deeper the bow of way `i` is.
    pub fn bow(&self, i: usize) -> [f32; 2] {
        if !self.free.arms {
            return [1.0; 2];
        }
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(1000 + i as u64);
        let a = self.amounts.path;
        [(0, 0.9), (1, 0.6)].map(|(j, most)| {
            let own = 2.0 * unit(&mut rng) as f32 - 1.0;
            (1.0 + most * a * (0.6 * self.of(j) + 0.4 * own)).max(0.1)
        })
    }

    /// 1 in the air; less while a finger touches the person, so that it stays where it touches.
    fn calm(&self, time: f64) -> f32 {
        let near = self.touches.partition_point(|(_, to)| *to < time - CALM);
        let touch = self.touches[near..]
            .iter()
            .take_while(|(from, _)| *from <= time + CALM)
            .map(|(from, to)| if time < *from { step(from - CALM, *from, time) } else { step(to + CALM, *to, time) });
        1.0 - (1.0 - KEPT) * touch.fold(0.0, f64::max) as f32
    }

    pub fn head(&self, time: f64, base: HeadMotion) -> HeadMotion {
        if !self.free.head {
            return base;
        }
        let calm = self.calm(time);
        let (a, d) = (self.amounts.expression * calm, self.amounts.drift * calm);
        let larger = 1.0 + 0.5 * a * self.of(2);
        let add = |j: usize, curve: &Curve| d * (0.6 * self.of(j) + 0.4 * curve.at(time));
        let degrees = |now: f32, most: f32, add: f32| now * larger + (most * add).to_radians();
        let shift = |now: f32, add: f32| now * larger + 0.009 * add;
        HeadMotion {
            yaw: degrees(base.yaw, 1.1, add(3, &self.slow[0])),
            pitch: degrees(base.pitch, 0.8, add(4, &self.slow[1])),
            roll: degrees(base.roll, 0.7, add(5, &self.slow[2])),
            shift: [shift(base.shift[0], add(6, &self.slow[3])), shift(base.shift[1], add(7, &self.slow[4]))],
        }
    }

    /// Lips and jaw move more or less, and rest a little differently. Closures stay closures.
    pub fn mouth(&self, time: f64, base: MouthState) -> MouthState {
        if !self.free.lips {
            return base;
        }
        let a = self.amounts.expression;
        let f = 1.0 + 0.3 * a * self.of(8);
        let mut state = base;
        let m = &mut state.mouth;
        m.open = (m.open * f + a * (0.13 + 0.11 * self.of(9) + 0.05 * self.quick[0].at(time))).clamp(0.0, 1.1);
        m.spread = (m.spread * f + a * (0.20 + 0.18 * self.of(10) + 0.06 * self.slow[5].at(time))).clamp(0.0, 1.15);
        m.round = (m.round * f + a * (0.14 + 0.13 * self.of(11))).clamp(0.0, 1.15);
        state
    }

    /// Other blinks, brows higher or lower and more or less lively, lids a little lower.
    pub fn face(&self, time: f64, base: FaceState) -> FaceState {
        if !self.free.face {
            return base;
        }
        let (a, d) = (self.amounts.expression, self.amounts.drift);
        let brow = base.brow * (1.0 + 0.6 * a * self.of(12)) + a * 1.1 * self.of(13) + 0.4 * d * self.quick[1].at(time);
        let lids = (a * (0.14 + 0.12 * self.of(14))).clamp(0.0, 0.3);
        FaceState { eyes_closed: self.idle.eyes_closed(time).max(lids), brow: brow.clamp(-1.0, 1.2), ..base }
    }

    pub fn breath(&self, base: f32) -> f32 {
        if self.free.head { base * (1.0 + 0.6 * self.amounts.drift * self.of(15)) } else { base }
    }

    /// The unrest of a hand in the air.
    pub fn unrest(&self, time: f64, base: [f32; 3]) -> [f32; 3] {
        if !self.free.arms {
            return base;
        }
        let d = self.amounts.drift.min(1.0);
        let own = self.idle.hand(time);
        std::array::from_fn(|k| base[k] + d * (own[k] - base[k] + 0.6 * self.of(16 + k)))
    }

    /// Where the elbow would rather be ([`super::arm::Arm::sway`]).
    pub fn elbow(&self, time: f64) -> Vec3 {
        if !self.free.arms {
            return Vec3::ZERO;
        }
        let d = self.amounts.drift;
        let add = |j: usize, curve: &Curve| 0.22 * d * (0.8 * self.of(j) + 0.2 * curve.at(time));
        Vec3::new(0.0, add(19, &self.slow[0]), add(20, &self.slow[2]))
    }

    /// How far the elbow of the hanging arm sways, picture units.
    pub fn resting_arm(&self, time: f64) -> Vec2 {
        if !self.free.arms {
            return Vec2::ZERO;
        }
        let d = 0.007 * self.amounts.drift;
        Vec2::new(
            d * (0.7 * self.of(21) + 0.3 * self.slow[1].at(time)),
            d * (0.7 * self.of(22) + 0.3 * self.slow[3].at(time)),
        )
    }

    /// The cueing hand: ring finger, little finger and thumb are never quite alike; the fingers that point are.
    pub fn fingers(&self, time: f64, base: HandPose) -> HandPose {
        if !self.free.cueing_hand {
            return base;
        }
        let mut pose = base;
        for (f, j) in [(2, 23), (3, 24)] {
            let add = self.amounts.drift * (0.7 * self.of(j) + 0.3 * self.quick[f].at(time));
            for (bend, most) in pose.fingers[f].bend.iter_mut().zip([2.2, 2.6, 1.6]) {
                // A folded finger has no room to fold further.
                *bend -= most * if *bend > 60.0 { add.abs() } else { add };
            }
        }
        let add = self.amounts.drift * (0.7 * self.of(25) + 0.3 * self.quick[1].at(time));
        pose.thumb.spread += 2.0 * add;
        pose.thumb.bend[1] += 3.0 * add;
        pose.within_limits()
    }

    /// The hand that hangs.
    pub fn resting_fingers(&self, time: f64) -> HandPose {
        let mut pose = HandPose::LOOSE;
        if !self.free.resting_hand {
            return pose;
        }
        for (f, finger) in pose.fingers.iter_mut().enumerate() {
            let add = self.amounts.drift * (0.7 * self.of(26 + f) + 0.3 * self.quick[f].at(time));
            for (bend, most) in finger.bend.iter_mut().zip([5.0, 6.0, 3.0]) {
                *bend += most * add;
            }
        }
        pose.within_limits()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_seeds_are_never_alike_in_all_qualities() {
        for seed in [0, 7, 1 << 40, u64::MAX - 3] {
            for by in 1..=8 {
                for first in [2, 8, 12, 19, 23] {
                    let apart =
                        (first..first + 3).map(|j| (coordinate(seed, j) - coordinate(seed.wrapping_add(by), j)).abs());
                    let most = apart.fold(0.0, f32::max);
                    assert!(most > 0.2, "seed {seed} and {by} on, from quality {first}: {most}");
                }
            }
            for j in 0..32 {
                let c = coordinate(seed, j);
                assert!((0.34..=1.0).contains(&c.abs()), "{c}");
            }
        }
    }
}
