//! Scores cues that were read against those that were meant, in Krause's manner, with timing and GAD.
//!
//! Each cue of the target is *correct*, *substituted* (shape, placement, or both) or *omitted*; a cue that nothing in
//! the target stands for is an *insertion* (Krause, lab manual of CS accuracy measurements: categorise, then identify
//! placement and shape). Target and response are put side by side by the edit distance in which a pair that is far apart
//! in time costs more, so that a doubled cue is not taken for its neighbour.

use super::reader::ReadKey;
use super::when::PlannedKey;
use super::{HandShape, KeyTimes, Movement, Position};
use crate::time::{Seconds, TimeRange};
use serde::{Deserialize, Serialize};

/// The default of τ in GAD: hands set out 239 ms before the consonant (Attina 2005, experiment 1: 239 ± 87 ms). Seed
/// papers do not print theirs, so numbers compare only where τ is the same.
pub const GAD_TAU: Seconds = Seconds(0.239);

/// A key of the target.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetKey {
    pub shape: HandShape,
    pub position: Position,
    pub movement: Option<Movement>,
    /// The sound it stands for; `None` in a target without times.
    pub sound: Option<TimeRange>,
    /// When the hand is meant to hold it; `None` where only the sounds are known.
    pub hold: Option<TimeRange>,
}

impl TargetKey {
    /// A key without times, as notation gives it.
    pub fn untimed(shape: HandShape, position: Position) -> Self {
        Self { shape, position, movement: None, sound: None, hold: None }
    }

    fn middle(&self) -> Option<f64> {
        self.hold.or(self.sound).map(|r| r.middle().0)
    }
}

/// The keys of a plan with their holds: from the arrival of both lanes to the first departure.
pub fn targets(plan: &[PlannedKey], end: Seconds) -> Vec<TargetKey> {
    let moves =
        |t: &KeyTimes| [(t.m1, t.m2), (t.d1, t.d2)].into_iter().filter(|(from, to)| to > from).collect::<Vec<_>>();
    let mut arrived = Seconds::ZERO;
    let mut out = Vec::with_capacity(plan.len());
    for (i, key) in plan.iter().enumerate() {
        let own = moves(&key.times);
        if let Some(at) = own.iter().map(|m| m.1).reduce(Seconds::max) {
            arrived = at;
        }
        if key.key.is_none() {
            continue;
        }
        let next = plan[i + 1..].iter().map(|k| moves(&k.times)).find(|m| !m.is_empty());
        let leaves = next.and_then(|m| m.iter().map(|m| m.0).reduce(Seconds::min)).unwrap_or(end);
        out.push(TargetKey {
            shape: key.shape,
            position: key.position,
            movement: key.movement,
            sound: Some(TimeRange::new(key.times.a1, key.times.a3)),
            hold: Some(TimeRange::new(arrived, leaves.max(arrived))),
        });
    }
    out
}

/// What became of a cue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Correct,
    /// The shape is another one, the placement is right.
    Shape,
    /// The placement is another one, the shape is right.
    Placement,
    /// Both are others.
    Both,
    Omission,
    Insertion,
}

impl Outcome {
    pub const ALL: [Self; 6] =
        [Self::Correct, Self::Shape, Self::Placement, Self::Both, Self::Omission, Self::Insertion];

    /// Lower-case words for tables.
    pub fn label(self) -> &'static str {
        match self {
            Self::Correct => "correct",
            Self::Shape => "substitution of shape",
            Self::Placement => "substitution of placement",
            Self::Both => "substitution of both",
            Self::Omission => "omission",
            Self::Insertion => "insertion",
        }
    }
}

/// One cue of target or response with what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoredKey {
    /// Index in the target; `None` for an insertion.
    pub target: Option<usize>,
    /// Index in what was read; `None` for an omission.
    pub read: Option<usize>,
    pub outcome: Outcome,
    /// By how much the hand held before the sound began, seconds; negative when it came late.
    pub lead: Option<f64>,
}

/// How many of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    pub target: usize,
    pub correct: usize,
    pub shape: usize,
    pub placement: usize,
    pub both: usize,
    pub omissions: usize,
    pub insertions: usize,
}

impl Sums {
    /// Adds one.
    pub fn count(&mut self, outcome: Outcome) {
        self.target += usize::from(outcome != Outcome::Insertion);
        *match outcome {
            Outcome::Correct => &mut self.correct,
            Outcome::Shape => &mut self.shape,
            Outcome::Placement => &mut self.placement,
            Outcome::Both => &mut self.both,
            Outcome::Omission => &mut self.omissions,
            Outcome::Insertion => &mut self.insertions,
        } += 1;
    }

    /// Sums of two.
    pub fn and(self, other: Self) -> Self {
        Self {
            target: self.target + other.target,
            correct: self.correct + other.correct,
            shape: self.shape + other.shape,
            placement: self.placement + other.placement,
            both: self.both + other.both,
            omissions: self.omissions + other.omissions,
            insertions: self.insertions + other.insertions,
        }
    }

    /// Share of the target that is correct, 0-1 (Krause's accuracy); 1 where nothing was asked.
    pub fn accuracy(&self) -> f64 {
        if self.target == 0 { 1.0 } else { self.correct as f64 / self.target as f64 }
    }

    /// The same with each insertion counting as a cue that was not right.
    pub fn strict_accuracy(&self) -> f64 {
        let all = self.target + self.insertions;
        if all == 0 { 1.0 } else { self.correct as f64 / all as f64 }
    }
}

/// When the hand comes, over all cues that were matched and have a sound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    pub n: usize,
    /// Mean of the lead and its standard deviation, seconds.
    pub lead_mean: f64,
    pub lead_spread: f64,
    /// Share of the target's cues whose hold has its middle within τ of the middle of their sound (AnyoneCue, eq. 11);
    /// a cue that was omitted is not within. `None` in a target without times.
    pub gad: Option<f64>,
    /// τ, seconds.
    pub tau: f64,
}

/// A response scored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// In order.
    pub keys: Vec<ScoredKey>,
    pub sums: Sums,
    pub timing: Timing,
}

/// Costs of the edit distance: each half of a cue, a cue more or less, and distance in time at most.
const WRONG_HALF: f64 = 0.5;
const GAP: f64 = 0.75;
const FAR: f64 = 0.9;
/// Half of that cost is reached at this distance, seconds.
const FAR_AT: f64 = 0.5;

/// Puts what was read beside the target. `tau` is GAD's.
pub fn score(target: &[TargetKey], read: &[ReadKey], tau: Seconds) -> Score {
    let pairs = align(target, read);
    let mut sums = Sums::default();
    let mut leads = Vec::new();
    let mut within = 0;
    let mut keys = Vec::with_capacity(pairs.len());
    for (t, r) in pairs {
        let outcome = match (t.map(|t| &target[t]), r.map(|r| &read[r])) {
            (Some(t), Some(r)) => match (t.shape == r.shape, t.position == r.position) {
                (true, true) => Outcome::Correct,
                (false, true) => Outcome::Shape,
                (true, false) => Outcome::Placement,
                (false, false) => Outcome::Both,
            },
            (Some(_), None) => Outcome::Omission,
            _ => Outcome::Insertion,
        };
        sums.count(outcome);
        let sound = t.and_then(|t| target[t].sound);
        let timed = sound.zip(r.map(|r| read[r].time));
        let lead = timed.map(|(sound, hold)| sound.start.0 - hold.start.0);
        if let Some((sound, hold)) = timed {
            within += usize::from((hold.middle().0 - sound.middle().0).abs() < tau.0);
        }
        leads.extend(lead);
        keys.push(ScoredKey { target: t, read: r, outcome, lead });
    }
    let n = leads.len();
    let mean = leads.iter().sum::<f64>() / n.max(1) as f64;
    let spread = (leads.iter().map(|l| (l - mean).powi(2)).sum::<f64>() / n.max(1) as f64).sqrt();
    let sounding = target.iter().filter(|t| t.sound.is_some()).count();
    let gad = (sounding > 0).then(|| within as f64 / sounding as f64);
    Score { keys, sums, timing: Timing { n, lead_mean: mean, lead_spread: spread, gad, tau: tau.0 } }
}

/// Pairs of indices in order: target and response, or one of them alone.
fn align(target: &[TargetKey], read: &[ReadKey]) -> Vec<(Option<usize>, Option<usize>)> {
    // Far from the diagonal nothing is ever paired; without a band, hours of cues would cost gigabytes.
    let (n, m) = (target.len(), read.len());
    let band = n.abs_diff(m) + 200;
    let columns = (2 * band + 1).min(m + 1);
    let first = |i: usize| {
        let centre = (i * m).checked_div(n).unwrap_or(0);
        centre.saturating_sub(band).min((m + 1).saturating_sub(columns))
    };
    let mut cost = vec![f64::INFINITY; (n + 1) * columns];
    let at = |i: usize, j: usize| j.checked_sub(first(i)).filter(|c| *c < columns).map(|c| i * columns + c);
    let get = |cost: &[f64], i: usize, j: usize| at(i, j).map_or(f64::INFINITY, |k| cost[k]);
    for i in 0..=n {
        for j in first(i)..first(i) + columns {
            let mut best = if i == 0 && j == 0 { 0.0 } else { f64::INFINITY };
            if i > 0 && j > 0 {
                best = best.min(get(&cost, i - 1, j - 1) + pair(&target[i - 1], &read[j - 1]));
            }
            if i > 0 {
                best = best.min(get(&cost, i - 1, j) + GAP);
            }
            if j > 0 {
                best = best.min(get(&cost, i, j - 1) + GAP);
            }
            if let Some(k) = at(i, j) {
                cost[k] = best;
            }
        }
    }
    let (mut i, mut j) = (n, m);
    let mut out = Vec::with_capacity(n.max(m));
    while i > 0 || j > 0 {
        let here = get(&cost, i, j);
        let same = |a: f64| (a - here).abs() < 1e-9;
        if i > 0 && j > 0 && same(get(&cost, i - 1, j - 1) + pair(&target[i - 1], &read[j - 1])) {
            (i, j) = (i - 1, j - 1);
            out.push((Some(i), Some(j)));
        } else if i > 0 && (j == 0 || same(get(&cost, i - 1, j) + GAP)) {
            i -= 1;
            out.push((Some(i), None));
        } else {
            j = j.saturating_sub(1);
            out.push((None, Some(j)));
        }
    }
    out.reverse();
    out
}

fn pair(target: &TargetKey, read: &ReadKey) -> f64 {
    let wrong = usize::from(target.shape != read.shape) + usize::from(target.position != read.position);
    let apart = target.middle().map_or(0.0, |t| (t - read.time.middle().0).abs());
    let far = (apart / FAR_AT).powi(2);
    wrong as f64 * WRONG_HALF + FAR * far / (1.0 + far)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(shape: u8, position: Position, at: f64) -> TargetKey {
        let sound = TimeRange::new(Seconds(at), Seconds(at + 0.3));
        TargetKey { sound: Some(sound), ..TargetKey::untimed(HandShape(shape), position) }
    }

    fn read(shape: u8, position: Position, at: f64) -> ReadKey {
        ReadKey {
            shape: HandShape(shape),
            position,
            movement: None,
            time: TimeRange::new(Seconds(at), Seconds(at + 0.2)),
            confidence: 1.0,
            alternatives: Vec::new(),
        }
    }

    use Position::{Chin, Mouth, Side, Throat};

    #[test]
    fn every_class_is_told() {
        let t = [target(5, Side, 1.0), target(1, Mouth, 1.5), target(2, Chin, 2.0), target(3, Throat, 2.5)];
        let r = [
            read(5, Side, 0.9),
            read(6, Mouth, 1.4),
            read(4, Throat, 1.7),
            read(2, Side, 1.9),
            // The fourth is omitted; the third of these was inserted.
        ];
        let s = score(&t, &r, GAD_TAU);
        let outcomes: Vec<Outcome> = s.keys.iter().map(|k| k.outcome).collect();
        assert_eq!(
            outcomes,
            [Outcome::Correct, Outcome::Shape, Outcome::Insertion, Outcome::Placement, Outcome::Omission]
        );
        assert_eq!(
            s.sums,
            Sums { target: 4, correct: 1, shape: 1, placement: 1, both: 0, omissions: 1, insertions: 1 }
        );
        assert_eq!((s.sums.accuracy(), s.sums.strict_accuracy()), (0.25, 0.2));
        assert_eq!(s.timing.n, 3);
        assert!((s.timing.lead_mean - 0.1).abs() < 1e-9 && s.timing.lead_spread < 1e-9);
        // Holds begin 0.1 s before their sounds and last 0.2 of 0.3 s: middles are 0.15 s apart.
        assert_eq!(s.timing.gad, Some(0.75));
        assert_eq!(score(&t, &r, Seconds(0.1)).timing.gad, Some(0.0));
    }

    #[test]
    fn time_tells_which_of_two_equal_cues_is_missing() {
        let t = [target(5, Side, 1.0), target(5, Side, 2.0), target(5, Side, 3.0)];
        let s = score(&t, &[read(5, Side, 1.0), read(5, Side, 3.0)], GAD_TAU);
        assert_eq!(s.keys[1].outcome, Outcome::Omission);
        assert_eq!(s.keys[1].target, Some(1));
    }

    #[test]
    fn a_target_without_times_is_aligned_by_its_cues_alone() {
        let t: Vec<TargetKey> =
            [(1, Side), (2, Mouth), (3, Chin)].map(|(s, p)| TargetKey::untimed(HandShape(s), p)).into();
        let s = score(&t, &[read(1, Side, 9.0), read(3, Chin, 50.0)], GAD_TAU);
        assert_eq!(s.sums.correct, 2);
        assert_eq!(s.keys[1].outcome, Outcome::Omission);
        assert_eq!(s.timing.gad, None);
        assert_eq!(score(&[], &[], GAD_TAU).sums.accuracy(), 1.0);
        assert_eq!(score(&[], &[read(1, Side, 0.0)], GAD_TAU).sums.insertions, 1);
        assert_eq!(score(&t, &[], GAD_TAU).sums.omissions, 3);
    }

    #[test]
    fn long_scores_need_little_memory_and_find_all() {
        let t: Vec<TargetKey> =
            (0..4000).map(|i| target(1 + (i % 8) as u8, Position::ALL[i * 7 % 5], 0.4 * i as f64)).collect();
        let r: Vec<ReadKey> = (0..4000)
            .filter(|i| i % 50 != 7)
            .map(|i| read(1 + (i % 8) as u8, Position::ALL[i * 7 % 5], 0.4 * i as f64 - 0.1))
            .collect();
        let s = score(&t, &r, GAD_TAU);
        assert_eq!((s.sums.correct, s.sums.omissions, s.sums.insertions), (3920, 80, 0));
    }
}
