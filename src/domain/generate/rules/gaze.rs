//! Where the eyes look. Left alone they rest on the viewer, with the small jumps of a living eye; a head that turns
//! keeps them there, as far as they go.
//!
//! The pupils are the body points `LEFT_EYE` and `RIGHT_EYE` of a pose. At rest each is the centre of its eye's outline
//! (the mean of its six points in the picture); it moves with the head and the gaze, and not with the lids.

use super::idle::unit;
use super::track::minimum_jerk;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// One jump may come in each stretch of this length, seconds.
const STRETCH: f64 = 0.85;
/// How often it does.
const SHARE: f64 = 0.7;
/// How far from the viewer a usual jump leads, degrees to the side and up or down; few lead so far.
const FARTHEST: [f32; 2] = [4.5, 2.6];
/// A jump takes this long and a little more for each degree, seconds (the main sequence of saccades, Bahill, Clark &
/// Stark 1975: 2.2 ms a degree).
const JUMP: f64 = 0.021;
const JUMP_DEGREE: f64 = 0.0022;
/// How much of the head's turning the eyes take back.
const STEADIED: f32 = 0.9;
/// How far eyes turn at all, radians to the side and up or down.
const MOST: [f32; 2] = [0.56, 0.38];
/// Distance from the middle of an eyeball to its pupil, in widths of the eye's opening (12 mm of 30 mm).
const RADIUS: f32 = 0.40;

#[derive(Clone, Copy, Debug)]
struct Jump {
    at: f64,
    /// Degrees from the viewer to image right and down.
    to: [f32; 2],
}

/// The small jumps of a performance.
#[derive(Clone, Debug)]
pub(super) struct Gaze {
    jumps: Vec<Jump>,
    amount: f32,
}

impl Gaze {
    /// A function of seed and length; a longer performance begins the same.
    pub fn new(seed: u64, length: f64, amount: f32) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(102);
        let amount = if amount.is_finite() { amount.clamp(0.0, 3.0) } else { 1.0 };
        let mut jumps = Vec::new();
        for i in 0..(length.max(0.0) / STRETCH).ceil() as usize {
            // Four numbers for each stretch whether the eyes jump or not: later ones do not depend on earlier ones.
            let dice: [f64; 4] = std::array::from_fn(|_| unit(&mut rng));
            let away = |k: usize| {
                let v = (2.0 * dice[2 + k] - 1.0) as f32;
                // Most jumps stay near the viewer.
                FARTHEST[k] * v * v.abs()
            };
            if dice[1] < SHARE {
                jumps.push(Jump { at: (i as f64 + 0.1 + 0.8 * dice[0]) * STRETCH, to: [away(0), away(1)] });
            }
        }
        Self { jumps, amount }
    }

    /// Degrees from the viewer to image right and down.
    pub fn at(&self, time: f64) -> [f32; 2] {
        let next = self.jumps.partition_point(|j| j.at <= time);
        let Some(now) = next.checked_sub(1).map(|i| self.jumps[i]) else { return [0.0; 2] };
        let before = next.checked_sub(2).map_or([0.0; 2], |i| self.jumps[i].to);
        let size = f64::from((now.to[0] - before[0]).hypot(now.to[1] - before[1]));
        let done = minimum_jerk((time - now.at) / (JUMP + JUMP_DEGREE * size)) as f32;
        std::array::from_fn(|k| self.amount * (before[k] + (now.to[k] - before[k]) * done))
    }
}

/// How far pupils stand from the centres of their eyes, in widths of the eye's opening, to image right and down:
/// `looking` are degrees from the viewer, `head` the turning of the head to image right and its nodding down, radians.
pub(super) fn pupil(looking: [f32; 2], head: [f32; 2]) -> [f32; 2] {
    std::array::from_fn(|k| {
        let turn = looking[k].to_radians() - STEADIED * head[k];
        RADIUS * turn.clamp(-MOST[k], MOST[k]).sin()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eyes_rest_on_the_viewer_and_jump_now_and_then() {
        let gaze = Gaze::new(5, 120.0, 1.0);
        assert!((70..130).contains(&gaze.jumps.len()), "{}", gaze.jumps.len());
        let way: Vec<[f32; 2]> = (0..12_000).map(|k| gaze.at(f64::from(k) * 0.01)).collect();
        let mean = way.iter().map(|v| v[0]).sum::<f32>() / way.len() as f32;
        let still = way.windows(2).filter(|w| w[0] == w[1]).count();
        let farthest = way.iter().map(|v| v[0].abs()).fold(0.0, f32::max);
        assert!(mean.abs() < 0.6 && still > 11_000 && (2.0..=4.5).contains(&farthest), "{mean} {still} {farthest}");
        let longer = Gaze::new(5, 600.0, 1.0);
        assert!((0..110).all(|k| gaze.at(f64::from(k)) == longer.at(f64::from(k))));
        assert!((0..110).all(|k| Gaze::new(5, 120.0, 0.0).at(f64::from(k)) == [0.0; 2]));
        assert_ne!(gaze.at(60.0), Gaze::new(6, 120.0, 1.0).at(60.0));
    }

    #[test]
    fn a_turning_head_keeps_its_eyes_on_the_viewer_and_eyes_stay_in_their_sockets() {
        assert_eq!(pupil([0.0; 2], [0.0; 2]), [0.0; 2]);
        let [x, y] = pupil([0.0; 2], [0.15, -0.1]);
        assert!(x < -0.04 && y > 0.03, "{x} {y}");
        let [x, y] = pupil([20.0, 0.0], [0.0; 2]);
        assert!((0.12..0.15).contains(&x) && y == 0.0, "{x}");
        for far in [-1e6_f32, 1e6] {
            let [x, y] = pupil([far; 2], [0.0; 2]);
            assert!(x.abs() < 0.22 && y.abs() < 0.16 && x * far > 0.0, "{x} {y}");
        }
    }
}
