//! The rule generator as a generator of takes: the same keys, cued once more by the same person.
//!
//! Keys stay as they are. A hold keeps at least half of its time, and the 80 ms or two frames that reading needs
//! ([`core_of_holds`]); what is left is given to or taken from the moves beside it. A hand arrives at most 60 ms
//! earlier and 40 ms later than in the base and is never made late ([`LATE_AFTER`]), about one standard deviation of
//! what is measured on cuers (Attina 2005). Times that the user has set stay as they are.

use super::Plan;
use super::idle::unit;
use super::vary::{Amounts, Free, Variation};
use crate::cueing::Position;
use crate::cueing::when::{LATE_AFTER, SHORTEST_MOVE, TimingOptions};
use crate::generate::takes::{Parameter, TakeError, TakeGenerator, TakeRequest, Values, frames_of};
use crate::generate::{GenerateInput, PlannedKey};
use crate::pose::parts::{Part, Parts};
use crate::pose::{PoseFrame, Side};
use crate::progress::Progress;
use crate::time::{Fps, Seconds, TimeRange};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rayon::prelude::*;

/// How much earlier or later, at most, the hand sets off and arrives, seconds.
const START_JITTER: f64 = 0.060;
const ARRIVE_EARLIER: f64 = 0.060;
const ARRIVE_LATER: f64 = 0.040;
/// The share of a hold that is kept whatever varies.
const KEPT_HOLD: f64 = 0.5;
/// A varied move keeps at least this share of its time.
const KEPT_MOVE: f64 = 0.6;

static PARAMETERS: [Parameter; 5] = [
    Parameter {
        name: "variation",
        label: "Variation",
        about: "How much the takes differ from the base and from each other.",
        range: (0.1, 1.0),
        usual: 0.5,
    },
    Parameter {
        name: "timing",
        label: "Timing",
        about: "How much earlier or later the hand sets off and arrives. Holds stay long enough to be read.",
        range: (0.0, 2.0),
        usual: 1.0,
    },
    Parameter {
        name: "path",
        label: "Path",
        about: "How differently the hand bows out on its way from place to place.",
        range: (0.0, 2.0),
        usual: 1.0,
    },
    Parameter {
        name: "expression",
        label: "Expression",
        about: "How much more or less lips, brows and head move.",
        range: (0.0, 2.0),
        usual: 1.0,
    },
    Parameter {
        name: "drift",
        label: "Drift",
        about: "How differently head, elbows and loose fingers drift.",
        range: (0.0, 2.0),
        usual: 1.0,
    },
];

/// The rule generator of takes.
#[derive(Clone, Copy, Debug, Default)]
pub struct RuleTakes;

impl TakeGenerator for RuleTakes {
    fn name(&self) -> &'static str {
        "rules"
    }

    fn label(&self) -> &'static str {
        "Rules"
    }

    fn parameters(&self) -> &'static [Parameter] {
        &PARAMETERS
    }

    fn generate(&self, request: &TakeRequest<'_>, progress: &dyn Progress) -> Result<Vec<PoseFrame>, TakeError> {
        const CHUNK: usize = 512;
        let amount = |name| self.amount(request.values, name);
        let free = free(request.parts, request.input.reference.handed);
        let mut input = request.input.clone();
        let variation = amount("variation");
        let vary_times = (variation * amount("timing")).min(1.0);
        let reach = TimeRange::new(request.range.start - request.halo, request.range.end + request.halo);
        vary(&mut input, request.fixed, reach, vary_times, free, request.seed);
        // 1 is as much as stays natural, whatever is asked for.
        let natural = |name| (variation * amount(name)).min(1.0) as f32;
        let amounts = Amounts { path: natural("path"), expression: natural("expression"), drift: natural("drift") };
        let moves: Vec<f64> = input
            .keys
            .iter()
            .filter(|k| k.times.m2 > k.times.m1)
            .map(|k| (k.times.m1.0 + k.times.m2.0) / 2.0)
            .collect();
        let variation = Variation::new(request.seed, free, amounts, input.length.0, &moves, touches(&input));
        let plan = Plan::varied(&input, Some(variation))?;
        let frames = frames_of(request.range, request.halo, input.fps, input.fps.frame_count(input.length));
        let total = frames.len();
        let mut made = Vec::with_capacity(total);
        while made.len() < total {
            if progress.cancelled() {
                return Err(TakeError::Cancelled);
            }
            let from = frames.start as usize + made.len();
            let chunk = from..(from + CHUNK).min(frames.end as usize);
            made.par_extend(chunk.into_par_iter().map(|i| plan.frame(i)));
        }
        Ok(made)
    }
}

impl RuleTakes {
    fn amount(self, values: &Values, name: &str) -> f64 {
        self.parameters().iter().find(|p| p.name == name).map_or(0.0, |p| values.get(p))
    }
}

fn free(parts: Parts, handed: Side) -> Free {
    let (cueing, resting) = match handed {
        Side::Right => (Part::RightHand, Part::LeftHand),
        Side::Left => (Part::LeftHand, Part::RightHand),
    };
    Free {
        lips: parts.contains(Part::Lips),
        face: parts.contains(Part::Face),
        head: parts.contains(Part::Head),
        arms: parts.contains(Part::Arms),
        cueing_hand: parts.contains(cueing),
        resting_hand: parts.contains(resting),
    }
}

/// A move in one lane of a key; one of no length is none.
#[derive(Clone, Copy)]
struct Lane {
    start: f64,
    end: f64,
}

impl Lane {
    fn real(self) -> bool {
        self.end > self.start
    }
}

fn lanes(key: &PlannedKey) -> [Lane; 2] {
    let t = &key.times;
    [Lane { start: t.m1.0, end: t.m2.0 }, Lane { start: t.d1.0, end: t.d2.0 }]
}

/// Arrival at an entry's place and shape; `None` where nothing moves.
fn arrival(key: &PlannedKey) -> Option<f64> {
    lanes(key).into_iter().filter(|l| l.real()).map(|l| l.end).reduce(f64::max)
}

fn departure(key: &PlannedKey) -> Option<f64> {
    lanes(key).into_iter().filter(|l| l.real()).map(|l| l.start).reduce(f64::min)
}

/// The part of each hold that no take may give away, by the index of the planned key that arrives there. The hand is at
/// the key in every take for at least this time: half of the base's hold, and as long as reading needs
/// (80 ms and two frames), or all of it where it is shorter.
pub(in crate::generate) fn core_of_holds(keys: &[PlannedKey], fps: Fps) -> Vec<(usize, f64, f64)> {
    let least = TimingOptions::default().dwell_at(fps).0;
    let moving: Vec<usize> = (0..keys.len()).filter(|i| arrival(&keys[*i]).is_some()).collect();
    moving
        .iter()
        .enumerate()
        .filter_map(|(n, &i)| {
            let from = arrival(&keys[i])?;
            let to = moving.get(n + 1).and_then(|j| departure(&keys[*j])).unwrap_or(f64::INFINITY);
            if to <= from {
                return None;
            }
            // A hold without an end is as good as a long one.
            let length = (to - from).min(10.0);
            let kept = (KEPT_HOLD * length).max(least).min(length);
            let spare = (length - kept) / 2.0;
            Some((i, from + spare, from + spare + kept))
        })
        .collect()
}

/// Stretches in which a finger touches the person.
fn touches(input: &GenerateInput) -> Vec<(f64, f64)> {
    let touching = |p: Position| matches!(p, Position::Mouth | Position::Chin | Position::Cheekbone | Position::Throat);
    core_of_holds(&input.keys, input.fps)
        .into_iter()
        .filter(|(i, _, _)| touching(input.keys[*i].position))
        .map(|(_, from, to)| (from, to))
        .collect()
}

/// Gives the moves within `reach` other times. Both lanes keep their order and every hold its core.
fn vary(input: &mut GenerateInput, fixed: &[usize], reach: TimeRange, amount: f64, free: Free, seed: u64) {
    let cores = core_of_holds(&input.keys, input.fps);
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(900);
    let mut moving_before: Option<usize> = None;
    for n in 0..input.keys.len() {
        // Four numbers for each key whether it varies or not: what comes later does not depend on what came before.
        let dice: [f64; 4] = std::array::from_fn(|_| 2.0 * unit(&mut rng) - 1.0);
        let key = &input.keys[n];
        let at = cores.partition_point(|c| c.0 < n);
        let own = cores.get(at).filter(|c| c.0 == n).map(|c| c.1);
        let before = at.checked_sub(1).map(|i| cores[i]);
        // Where a hold has no time at all, the moves on both sides of it stay as they are.
        let free_start = moving_before.is_none_or(|i| before.is_some_and(|c| c.0 == i));
        if arrival(key).is_some() {
            moving_before = Some(n);
        }
        if key.key.is_some_and(|k| fixed.contains(&k)) {
            continue;
        }
        let latest_in_time = input.keys[n].times.a1.0 + LATE_AFTER.0;
        let (is_key, old) = (key.key.is_some(), lanes(key));
        let mut new = old;
        for (lane, wanted) in [(0, free.arms), (1, free.cueing_hand)] {
            let Lane { start, end } = old[lane];
            let inside = |t: f64| reach.contains(Seconds(t));
            if !wanted || !old[lane].real() {
                continue;
            }
            let least = (KEPT_MOVE * (end - start)).max(SHORTEST_MOVE.0).min(end - start);
            let mut to = end;
            if let Some(core) = own
                && inside(end)
            {
                let by = dice[2 * lane];
                let asked = end + amount * by * if by < 0.0 { ARRIVE_EARLIER } else { ARRIVE_LATER };
                let latest = if is_key { core.min(end.max(latest_in_time)) } else { core };
                to = asked.min(latest).max(start + least);
            }
            let mut from = start;
            if free_start && inside(start) {
                let asked = start + amount * dice[2 * lane + 1] * START_JITTER;
                from = asked.max(before.map_or(f64::NEG_INFINITY, |c| c.2)).min(to - least);
            }
            new[lane] = Lane { start: from, end: to };
        }
        let times = &mut input.keys[n].times;
        (times.m1, times.m2) = (Seconds(new[0].start), Seconds(new[0].end));
        (times.d1, times.d2) = (Seconds(new[1].start), Seconds(new[1].end));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::input_with_keys;
    use super::*;
    use crate::cueing::when::TimingOptions;

    fn input(length: f64) -> GenerateInput {
        let keys: Vec<_> =
            (0..14).map(|i| ((i * 5 % 8 + 1) as u8, Position::ALL[i * 3 % Position::ALL.len()], None)).collect();
        input_with_keys(&keys, 1.0, length, &TimingOptions::default())
    }

    const ALL: Free = Free { lips: true, face: true, head: true, arms: true, cueing_hand: true, resting_hand: true };

    #[test]
    fn varied_times_stay_in_order_readable_and_in_time() {
        for length in [0.16, 0.24, 0.32, 0.5] {
            let base = input(length);
            let all = TimeRange::new(Seconds(-2.0), base.length);
            let cores = core_of_holds(&base.keys, base.fps);
            let mut changed = 0;
            for seed in 0..40 {
                let mut varied = base.clone();
                vary(&mut varied, &[], all, 1.0, ALL, seed);
                for lane in 0..2 {
                    let moves: Vec<Lane> = varied.keys.iter().map(|k| lanes(k)[lane]).filter(|l| l.real()).collect();
                    let was: Vec<Lane> = base.keys.iter().map(|k| lanes(k)[lane]).filter(|l| l.real()).collect();
                    assert_eq!(moves.len(), was.len(), "no move is lost");
                    assert!(moves.windows(2).all(|m| m[1].start >= m[0].end - 1e-9), "in order");
                    changed += moves.iter().zip(&was).filter(|(a, b)| (a.end - b.end).abs() > 0.005).count();
                }
                for (i, from, to) in &cores {
                    assert!(arrival(&varied.keys[*i]).unwrap() <= from + 1e-9);
                    let leaves = (i + 1..varied.keys.len()).find_map(|j| departure(&varied.keys[j]));
                    assert!(leaves.is_none_or(|t| t >= to - 1e-9));
                }
                for (old, new) in base.keys.iter().zip(&varied.keys).filter(|(k, _)| k.key.is_some()) {
                    for (a, b) in lanes(old).into_iter().zip(lanes(new)) {
                        let latest = (old.times.a1 + LATE_AFTER).0;
                        assert!(b.end <= latest.max(a.end) + 1e-9, "made late");
                        assert!(b.end >= a.end - ARRIVE_EARLIER - 1e-9);
                    }
                }
            }
            assert!(changed > 40 * 3, "{changed} of the moves differ at {length} s a key");
        }
    }

    #[test]
    fn what_the_user_timed_and_what_lies_outside_stays() {
        let base = input(0.32);
        let reach = TimeRange::new(Seconds(2.0), Seconds(3.5));
        let fixed = [5];
        let mut varied = base.clone();
        vary(&mut varied, &fixed, reach, 1.0, ALL, 3);
        let mut differ = 0;
        for (old, new) in base.keys.iter().zip(&varied.keys) {
            for (a, b) in lanes(old).into_iter().zip(lanes(new)) {
                let same = a.start == b.start && a.end == b.end;
                if old.key == Some(5) || (a.end < 2.0 || a.start > 3.5) {
                    assert!(same);
                }
                differ += usize::from(!same);
            }
        }
        assert!(differ > 3);
        // Without arms and hand nothing is timed anew.
        let mut still = base.clone();
        vary(&mut still, &[], reach, 1.0, Free { arms: false, cueing_hand: false, ..ALL }, 3);
        assert_eq!(still.keys, base.keys);
    }
}
