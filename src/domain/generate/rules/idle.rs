//! What a person does without meaning to: the head drifts, the chest breathes, the eyes blink.
//!
//! Everything here is a function of the seed and of time, so that an edit in one place changes nothing elsewhere.
//! Blinks alone listen to the hand: a blink that falls near a move slides into it, as those of cuers often do.

use super::track::step;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// A smooth random curve: one value a knot, a bell of zero slope between.
#[derive(Clone, Debug)]
pub(super) struct Curve {
    period: f64,
    knots: Vec<f32>,
}

/// Uniform in 0-1.
pub(super) fn unit(rng: &mut ChaCha8Rng) -> f64 {
    f64::from(rng.next_u32()) / f64::from(u32::MAX)
}

impl Curve {
    /// `channel` picks an independent stream of the seed; a longer performance begins with the same values.
    pub fn new(seed: u64, channel: u64, period: f64, length: f64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(channel);
        let count = (length / period).ceil().max(0.0) as usize + 3;
        Self { period, knots: (0..count).map(|_| (2.0 * unit(&mut rng) - 1.0) as f32).collect() }
    }

    /// Between −1 and 1.
    pub fn at(&self, time: f64) -> f32 {
        let x = (time / self.period).max(0.0);
        let i = (x as usize).min(self.knots.len() - 2);
        let t = super::track::minimum_jerk(x - i as f64) as f32;
        self.knots[i] + (self.knots[i + 1] - self.knots[i]) * t
    }
}

/// How far the head is turned (radians) and shifted (shares of the face's width).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct HeadMotion {
    pub yaw: f32,
    pub pitch: f32,
    pub roll: f32,
    pub shift: [f32; 2],
}

#[derive(Clone, Copy, Debug)]
struct Blink {
    middle: f64,
    /// Duration in relation to the usual.
    scale: f64,
}

/// Time from the first sign of a blink to its middle, and from there to open eyes, seconds.
const BLINK_CLOSING: f64 = 0.075;
const BLINK_OPENING: f64 = 0.150;
/// The lids stay down this long either side of the middle.
const BLINK_SHUT: f64 = 0.022;
/// One blink is due in each stretch of this length at a blink rate of 1 (18 a minute).
const BLINK_STRETCH: f64 = 3.3;
/// A blink slides into a move whose middle is at most this far away.
pub(super) const BLINK_REACH: f64 = 0.45;

/// All involuntary motion of a performance.
#[derive(Clone, Debug)]
pub(super) struct Idle {
    yaw: [Curve; 2],
    pitch: [Curve; 2],
    roll: Curve,
    shift: [Curve; 2],
    brow: Curve,
    hand: [Curve; 3],
    breath_phase: f64,
    blinks: Vec<Blink>,
}

impl Idle {
    /// `moves`: middles of the moves of the hand, in order.
    pub fn new(seed: u64, length: f64, blink_rate: f32, moves: &[f64]) -> Self {
        let curve = |channel, period| Curve::new(seed, channel, period, length);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(100);
        let breath_phase = unit(&mut rng);
        rng.set_stream(101);
        let rate = f64::from(if blink_rate.is_finite() { blink_rate.clamp(0.0, 4.0) } else { 1.0 });
        let mut blinks = Vec::new();
        if rate > 0.01 {
            let stretch = BLINK_STRETCH / rate;
            for i in 0..(length / stretch).ceil() as usize {
                // Three numbers for each stretch whether it blinks or not: later ones do not depend on earlier ones.
                let (place, whether, scale) = (unit(&mut rng), unit(&mut rng), unit(&mut rng));
                let asked = (i as f64 + 0.1 + 0.8 * place) * stretch;
                let near = moves.partition_point(|m| *m < asked);
                let candidates = moves[near.saturating_sub(1)..(near + 1).min(moves.len())].iter().copied();
                let snapped = candidates
                    .filter(|m| (m - asked).abs() <= BLINK_REACH.min(0.3 * stretch))
                    .min_by(|a, b| (a - asked).abs().total_cmp(&(b - asked).abs()));
                if whether < 0.9 {
                    blinks.push(Blink { middle: snapped.unwrap_or(asked), scale: 0.85 + 0.35 * scale });
                }
            }
            blinks.sort_by(|a, b| a.middle.total_cmp(&b.middle));
        }
        Self {
            yaw: [curve(1, 2.3), curve(2, 0.9)],
            pitch: [curve(3, 2.7), curve(4, 0.8)],
            roll: curve(5, 3.1),
            shift: [curve(6, 2.9), curve(7, 3.7)],
            brow: curve(8, 1.7),
            hand: [curve(9, 0.45), curve(10, 0.5), curve(11, 0.6)],
            breath_phase,
            blinks,
        }
    }

    pub fn head(&self, time: f64, amount: f32) -> HeadMotion {
        let degrees = |d: f32| (d * amount).to_radians();
        HeadMotion {
            yaw: degrees(1.3 * self.yaw[0].at(time) + 0.35 * self.yaw[1].at(time)),
            pitch: degrees(0.9 * self.pitch[0].at(time) + 0.3 * self.pitch[1].at(time)),
            roll: degrees(0.7 * self.roll.at(time)),
            shift: self.shift.each_ref().map(|c| 0.012 * amount * c.at(time)),
        }
    }

    /// How far the chest is lifted by breathing, 0-1: a quicker rise, a slower fall, 15 a minute.
    pub fn breath(&self, time: f64) -> f32 {
        let phase = (time / 4.0 + self.breath_phase).rem_euclid(1.0);
        (step(0.0, 0.42, phase) * step(1.0, 0.42, phase)) as f32
    }

    /// How far the brows are raised, −1 to 1.
    pub fn brow(&self, time: f64) -> f32 {
        self.brow.at(time)
    }

    /// The unrest of a hand held in the air, each −1 to 1.
    pub fn hand(&self, time: f64) -> [f32; 3] {
        self.hand.each_ref().map(|c| c.at(time))
    }

    /// How far the eyes are closed, 0-1.
    pub fn eyes_closed(&self, time: f64) -> f32 {
        let closed = |b: &Blink| {
            let t = (time - b.middle) / b.scale;
            if t < 0.0 { step(-BLINK_CLOSING, -BLINK_SHUT, t) } else { step(BLINK_OPENING, BLINK_SHUT, t) }
        };
        let near = self.blinks.partition_point(|b| b.middle < time - 0.4);
        self.blinks[near..].iter().take(4).map(closed).fold(0.0, f64::max) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_performance_begins_the_same() {
        let (a, b) = (Idle::new(7, 10.0, 1.0, &[]), Idle::new(7, 60.0, 1.0, &[]));
        for k in 0..100 {
            let t = f64::from(k) * 0.09;
            assert_eq!(a.head(t, 1.0), b.head(t, 1.0));
            assert_eq!(a.eyes_closed(t), b.eyes_closed(t));
            assert_eq!(a.breath(t), b.breath(t));
        }
        assert_ne!(a.head(3.0, 1.0), Idle::new(8, 10.0, 1.0, &[]).head(3.0, 1.0));
    }

    #[test]
    fn eyes_blink_fully_now_and_then() {
        let idle = Idle::new(3, 120.0, 1.0, &[]);
        assert!((25..=37).contains(&idle.blinks.len()), "{}", idle.blinks.len());
        for b in &idle.blinks {
            assert_eq!(idle.eyes_closed(b.middle), 1.0);
        }
        let open = (0..12_000).filter(|k| idle.eyes_closed(f64::from(*k) * 0.01) == 0.0).count();
        assert!(open > 10_500, "{open}");
        assert_eq!(Idle::new(3, 120.0, 0.0, &[]).blinks.len(), 0);
    }

    #[test]
    fn blinks_slide_into_moves() {
        let moves: Vec<f64> = (0..300).map(|k| f64::from(k) * 0.4).collect();
        let idle = Idle::new(3, 120.0, 1.0, &moves);
        let early = idle.blinks.iter().filter(|b| b.middle < 119.0);
        assert!(early.map(|b| b.middle / 0.4).all(|m| (m - m.round()).abs() < 1e-9));
    }

    #[test]
    fn the_head_stays_nearly_still() {
        let idle = Idle::new(11, 60.0, 1.0, &[]);
        for k in 0..1500 {
            let h = idle.head(f64::from(k) * 0.04, 1.0);
            assert!(h.yaw.abs() < 0.03 && h.pitch.abs() < 0.025 && h.roll.abs() < 0.015);
        }
    }
}
