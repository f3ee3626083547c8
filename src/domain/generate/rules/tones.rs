//! Mandarin tones shown by the head, where a performance asks for them ([`GenerateInput::head_tones`]).
//!
//! The chart of Mandarin Cued Speech (arXiv 2001.00731, figure of the tones) gives directions and nothing else: tone 1
//! horizontal, 2 up, 3 down and up, 4 down; the neutral tone is not on it. Sizes, speeds and times here are our choice:
//! large enough to be told from the drift of the head (about 2°), small enough for calm speech. A movement starts with its
//! syllable from where the head is, and the way back to level runs a little into what follows; movements that meet add up,
//! and the sum is bounded.

use super::track::minimum_jerk;
use crate::generate::{GenerateInput, HeadTone};
use crate::pose::expression::STRONGEST;

/// How far the head nods up (tone 2) or down (tone 4), and turns to the side (tone 1), degrees.
const NOD: f32 = 5.0;
const TURN: f32 = 6.0;
/// How deep the head goes in tone 3 and how far above level it then comes, degrees: coming back to level alone would
/// look like the end of a tone 4.
const DIP: f32 = 4.0;
const RISE: f32 = 2.0;
/// The way back to level ends this long after the syllable, seconds.
pub(super) const RELEASE: f64 = 0.16;
/// Syllables shorter than this move the head less, in proportion, so that it is never jerked; seconds. The fastest
/// movement is then 75° a second.
const FULL: f64 = 0.35;
/// The movement of a longer syllable is that of one of this length, seconds.
const LONGEST: f64 = 1.0;
/// Where movements add up beyond their size, what is above it is squeezed into this share more.
pub(super) const SLACK: f32 = 0.25;

/// Where the head is at a share of the syllable's time: degrees to the side away from the hand, and degrees down. It is
/// at level before the syllable and [`RELEASE`] after it.
struct Knot {
    at: f64,
    side: f32,
    down: f32,
}

const fn knot(at: f64, side: f32, down: f32) -> Knot {
    Knot { at, side, down }
}

/// The knots of tones 1 to 4. A fall is a little quicker than a rise, as it is in the voice.
const SHAPES: [&[Knot]; 4] = [
    &[knot(0.45, TURN, 0.0)],
    &[knot(0.60, 0.0, -NOD)],
    &[knot(0.38, 0.0, DIP), knot(0.85, 0.0, -RISE)],
    &[knot(0.50, 0.0, NOD)],
];

/// The movements of the head for the tones of a performance.
#[derive(Clone, Debug)]
pub(super) struct Tones {
    /// In order of their starts; only those that move the head.
    tones: Vec<HeadTone>,
}

impl Tones {
    pub fn new(input: &GenerateInput) -> Self {
        let moves = |t: &&HeadTone| {
            let times = t.start.0.is_finite() && t.end.0.is_finite();
            (1..=4).contains(&t.tone) && times && t.strength.is_finite() && t.strength > 0.0
        };
        let mut tones: Vec<HeadTone> =
            input.head_tones.iter().filter(moves).filter(|t| t.end > t.start).copied().collect();
        tones.iter_mut().for_each(|t| t.strength = t.strength.min(STRONGEST));
        tones.sort_by(|a, b| a.start.0.total_cmp(&b.start.0));
        Self { tones }
    }

    pub fn is_empty(&self) -> bool {
        self.tones.is_empty()
    }

    /// How far the head is turned away from the cueing hand and nods down because of tones, degrees.
    pub fn at(&self, time: f64) -> [f32; 2] {
        let near = self.tones.partition_point(|t| t.start.0 < time - LONGEST - RELEASE);
        let under_way = self.tones[near..].iter().take_while(|t| t.start.0 < time);
        // Stronger tones have more room, each in the measure in which it moves the head.
        let (mut sum, mut moving, mut strong) = ([0.0_f32; 2], 1e-6_f32, 0.0_f32);
        for tone in under_way {
            let [side, down] = movement(tone, time);
            sum = [sum[0] + side, sum[1] + down];
            let moves = side.abs() + down.abs();
            (moving, strong) = (moving + moves, strong + moves * tone.strength);
        }
        let room = (strong / moving).max(1.0);
        [bounded(sum[0], room * TURN), bounded(sum[1], room * NOD)]
    }
}

/// The stretch in which a tone moves the head, seconds.
pub(super) fn span(tone: &HeadTone) -> (f64, f64) {
    (tone.start.0, tone.end.0.min(tone.start.0 + LONGEST) + RELEASE)
}

/// What one tone does, degrees to the side and down: from knot to knot with minimum jerk.
fn movement(tone: &HeadTone, time: f64) -> [f32; 2] {
    let shape = tone.tone.checked_sub(1).and_then(|i| SHAPES.get(usize::from(i))).copied().unwrap_or_default();
    let (start, level) = span(tone);
    let length = level - RELEASE - start;
    let amount = tone.strength * (length / FULL).min(1.0) as f32;
    let (mut from, mut at) = (start, [0.0; 2]);
    for knot in shape.iter().map(|k| (start + k.at * length, [k.side, k.down])).chain([(level, [0.0; 2])]) {
        let (to, next) = knot;
        if time < to {
            let progress = minimum_jerk((time - from) / (to - from)) as f32;
            return std::array::from_fn(|i| amount * (at[i] + (next[i] - at[i]) * progress));
        }
        (from, at) = (to, next);
    }
    [0.0; 2]
}

/// The value itself up to `size` either way; beyond, ever less more, and never [`SLACK`] more.
pub(super) fn bounded(value: f32, size: f32) -> f32 {
    let over = value.abs() - size;
    if over <= 0.0 {
        return value;
    }
    let room = SLACK * size;
    value.signum() * (size + room * (1.0 - (-over / room).exp()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Seconds;

    fn tone(tone: u8, start: f64, end: f64) -> HeadTone {
        HeadTone { tone, start: Seconds(start), end: Seconds(end), strength: 1.0 }
    }

    fn tones(tones: &[HeadTone]) -> Tones {
        let input = super::super::tests::input_with_phones(crate::language::Language::Mandarin, 0.5, &[("a", 0.3)]);
        Tones::new(&GenerateInput { head_tones: tones.to_vec(), ..input })
    }

    /// The way through a stretch, a value every millisecond, degrees.
    fn way(tones: &Tones, until: f64) -> Vec<[f32; 2]> {
        (0..(until * 1000.0) as usize).map(|k| tones.at(k as f64 / 1000.0)).collect()
    }

    fn lowest_and_highest(way: &[[f32; 2]], axis: usize) -> (f32, f32) {
        way.iter().fold((0.0, 0.0), |(low, high), v| (v[axis].min(low), v[axis].max(high)))
    }

    #[test]
    fn each_tone_goes_the_way_of_the_chart() {
        let near = |a: (f32, f32), b: (f32, f32)| (a.0 - b.0).abs() < 0.01 && (a.1 - b.1).abs() < 0.01;
        for (n, side, down) in [
            (1, (0.0, TURN), (0.0, 0.0)),
            (2, (0.0, 0.0), (-NOD, 0.0)),
            (3, (0.0, 0.0), (-RISE, DIP)),
            (4, (0.0, 0.0), (0.0, NOD)),
        ] {
            let way = way(&tones(&[tone(n, 1.0, 1.4)]), 2.0);
            assert!(near(lowest_and_highest(&way, 0), side), "tone {n} turns {:?}", lowest_and_highest(&way, 0));
            assert!(near(lowest_and_highest(&way, 1), down), "tone {n} nods {:?}", lowest_and_highest(&way, 1));
            // Level before the syllable and after its release; the turning point is within the syllable.
            assert!(way[..=1000].iter().chain(&way[1561..]).all(|v| *v == [0.0; 2]), "tone {n}");
            let most = (0..way.len()).max_by(|a, b| {
                let size = |i: usize| way[i][0].abs().max(way[i][1].abs());
                size(*a).total_cmp(&size(*b))
            });
            assert!((1100..1300).contains(&most.unwrap()), "tone {n} at {most:?}");
        }
        // Down first, up later.
        let third = way(&tones(&[tone(3, 1.0, 1.4)]), 2.0);
        assert!(third[1150][1] > 0.95 * DIP && third[1340][1] < -0.95 * RISE);
    }

    #[test]
    fn what_is_no_tone_moves_nothing() {
        for t in [tone(5, 1.0, 1.4), tone(0, 1.0, 1.4), tone(4, 1.4, 1.4), tone(2, f64::NAN, 1.4), tone(1, 2.0, 1.0)] {
            assert!(tones(&[t]).is_empty(), "{t:?}");
        }
        assert!(tones(&[tone(4, 0.0, f64::INFINITY)]).is_empty());
    }

    #[test]
    fn any_row_of_tones_is_smooth_and_bounded() {
        for length in [0.05, 0.12, 0.2, 0.35, 0.6, 1.5] {
            for k in 0..64 {
                let row: Vec<HeadTone> = (0..6)
                    .map(|i| {
                        tone(
                            1 + (k >> (i % 3 * 2) & 3) as u8,
                            0.3 + length * f64::from(i),
                            0.3 + length * f64::from(i + 1),
                        )
                    })
                    .collect();
                let way = way(&tones(&row), 0.3 + 6.0 * length + 0.5);
                for axis in 0..2 {
                    let values: Vec<f32> = way.iter().map(|v| v[axis]).collect();
                    let speeds: Vec<f32> = values.windows(2).map(|v| 1000.0 * (v[1] - v[0])).collect();
                    let jump = speeds.windows(2).map(|v| (v[1] - v[0]).abs()).fold(0.0, f32::max);
                    assert!(speeds.iter().all(|v| v.abs() < 110.0), "too fast: {row:?}");
                    // No jump of speed: even the shortest syllable takes some milliseconds for its peak.
                    assert!(jump < 12.0, "{jump} °/s within a millisecond: {row:?}");
                }
                let (side, down) = (lowest_and_highest(&way, 0), lowest_and_highest(&way, 1));
                assert!(side.1 <= TURN * (1.0 + SLACK) && side.0 >= -0.001, "{side:?}");
                assert!(down.1 <= NOD * (1.0 + SLACK) && down.0 >= -NOD * (1.0 + SLACK), "{down:?}");
            }
        }
        // Even where syllables lie on top of each other, in any order.
        let heap: Vec<HeadTone> = (0..20).map(|i| tone(4, 1.0 - 0.01 * f64::from(i % 7), 1.6)).collect();
        let (low, high) = lowest_and_highest(&way(&tones(&heap), 2.5), 1);
        assert!(low == 0.0 && high > 1.2 * NOD && high <= NOD * (1.0 + SLACK), "{low} {high}");
    }

    #[test]
    fn the_same_tone_twice_is_seen_twice() {
        for n in [1_usize, 2, 4] {
            let pair = tones(&[tone(n as u8, 1.0, 1.35), tone(n as u8, 1.35, 1.7)]);
            let way: Vec<f32> = way(&pair, 2.2).iter().map(|v| v[usize::from(n > 1)].abs()).collect();
            let peak = |range: std::ops::Range<usize>| way[range].iter().copied().fold(0.0, f32::max);
            let valley = way[1200..1550].iter().copied().fold(f32::INFINITY, f32::min);
            assert!(peak(1000..1300) > 4.5 && peak(1450..1700) > 4.5 && valley < 0.65 * NOD, "tone {n}: {valley}");
        }
    }
}
