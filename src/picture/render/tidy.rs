//! Keeps an expression one that a face can make.
//!
//! Landmarks that were detected badly, or that belong to nobody, may cross each other: the lower lip above the upper,
//! a corner of the mouth within it. Skin holds neighbours together, so neighbours along a contour and across a lip may
//! only part or close in by a share of their distance at rest. What speech and mimicry do lies well within that and is
//! left as it is, to the last bit; what does not is pulled together, pair by pair.

use super::paint::Pt;
use crate::pose::{FACE_CHAINS, FACE_POINT_COUNT};

/// Sweeps over all pairs.
const SWEEPS: usize = 80;
/// Across a lip, from its outer to its inner edge.
const ACROSS: [(usize, usize); 8] = [(48, 60), (54, 64), (50, 61), (51, 62), (52, 63), (58, 67), (57, 66), (56, 65)];
/// Upper and lower inner lip, which meet but do not pass each other.
const MEET: [(usize, usize); 3] = [(61, 67), (62, 66), (63, 65)];
/// Lips that press may overlap by so much of the mouth's width before they are drawn apart; they are drawn to meet.
const PRESSED: f32 = 0.03;

/// How far the difference of two neighbours' motions may go: `[low, high]` along x and along y.
#[derive(Debug)]
struct Bond {
    pair: (usize, usize),
    range: [[f32; 2]; 2],
}

/// The bonds of a face.
#[derive(Debug)]
pub struct Tidy {
    bonds: Vec<Bond>,
}

impl Tidy {
    /// For a face at rest, 68 points in picture units.
    pub fn new(rest: &[Pt; FACE_POINT_COUNT]) -> Self {
        let mut bonds = Vec::new();
        let apart = |(i, j): (usize, usize)| [rest[j][0] - rest[i][0], rest[j][1] - rest[i][1]];
        for (range, closed) in FACE_CHAINS {
            let (first, last) = (range.start, range.end - 1);
            // Lids close by more than their landmarks are apart, and lips part so.
            let high = match range.start {
                36..48 => 1.8,
                48.. => 1.3,
                _ => 1.2,
            };
            for pair in (first..last).map(|i| (i, i + 1)).chain(closed.then_some((last, first))) {
                let [x, y] = apart(pair);
                let long = x.hypot(y);
                let (x, y) = (0.75 * x.abs().max(0.35 * long), high * long);
                bonds.push(Bond { pair, range: [[-x, x], [-y, y]] });
            }
        }
        for pair in ACROSS {
            let [x, y] = apart(pair);
            let x = 0.75 * x.abs().max(0.4 * x.hypot(y));
            // A lip keeps an eighth of its thickness and grows to three times of it.
            let ends = [-0.87 * y, 2.2 * y];
            let corner = matches!(pair.0, 48 | 54);
            let y = if corner { [-x, x] } else { [ends[0].min(ends[1]), ends[0].max(ends[1])] };
            bonds.push(Bond { pair, range: [[-x, x], y] });
        }
        let wide = (rest[54][0] - rest[48][0]).abs();
        for pair in MEET {
            let [x, y] = apart(pair);
            let x = 0.75 * x.abs() + 0.2 * wide;
            bonds.push(Bond { pair, range: [[-x, x], [-y - PRESSED * wide, f32::INFINITY]] });
        }
        Self { bonds }
    }

    /// Pulls motions together where they go too far apart. `turn` is cosine and sine of the head's turn.
    pub fn apply(&self, own: &mut [Pt; FACE_POINT_COUNT], turn: [f32; 2]) {
        let [cos, sin] = turn;
        let upright = |p: Pt| [cos * p[0] + sin * p[1], cos * p[1] - sin * p[0]];
        let mut motion = own.map(upright);
        let mut changed = [false; FACE_POINT_COUNT];
        for _ in 0..SWEEPS {
            let mut done = true;
            for Bond { pair: (i, j), range } in &self.bonds {
                for k in 0..2 {
                    let apart = motion[*j][k] - motion[*i][k];
                    let excess = apart - apart.clamp(range[k][0], range[k][1]);
                    // A hair beyond is rounding.
                    if excess.abs() > 1e-5 {
                        motion[*i][k] += 0.5 * excess;
                        motion[*j][k] -= 0.5 * excess;
                        (changed[*i], changed[*j], done) = (true, true, false);
                    }
                }
            }
            if done {
                break;
            }
        }
        for ((own, p), _) in own.iter_mut().zip(motion).zip(changed).filter(|(_, changed)| *changed) {
            *own = [cos * p[0] - sin * p[1], sin * p[0] + cos * p[1]];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pose::Reference;

    fn rest() -> [Pt; FACE_POINT_COUNT] {
        let reference = Reference::example();
        std::array::from_fn(|i| reference.face[i])
    }

    #[test]
    fn what_a_face_can_do_is_left_alone() {
        let tidy = Tidy::new(&rest());
        // A wide open jaw, rounded lips, a blink, brows up: each with the head turned.
        let open = |i: usize| match i {
            5..=11 | 55..=59 | 65..=67 => [0.0, 0.030],
            4 | 12 => [0.0, 0.018],
            3 | 13 => [0.0, 0.009],
            48 | 54 | 60 | 64 => [0.0, 0.010],
            _ => [0.0, 0.0],
        };
        let round = |i: usize| if i >= 48 { [-0.4 * (rest()[i][0] - 0.5), 0.0] } else { [0.0, 0.0] };
        let blink = |i: usize| if matches!(i, 37 | 38 | 43 | 44) { [0.0, 0.017] } else { [0.0, 0.0] };
        let brows = |i: usize| if (17..27).contains(&i) { [0.0, -0.008] } else { [0.0, 0.0] };
        let cases: [(&str, &dyn Fn(usize) -> Pt); 4] =
            [("open", &open), ("round", &round), ("blink", &blink), ("brows", &brows)];
        for (name, case) in cases {
            for angle in [0.0f32, 0.3] {
                let (sin, cos) = angle.sin_cos();
                let wanted: [Pt; FACE_POINT_COUNT] = std::array::from_fn(|i| {
                    let [x, y] = case(i);
                    [cos * x - sin * y, sin * x + cos * y]
                });
                let mut own = wanted;
                tidy.apply(&mut own, [cos, sin]);
                assert_eq!(own, wanted, "{name}");
            }
        }
    }

    #[test]
    fn points_that_cross_are_parted() {
        let (rest, mut state) = (rest(), 3u32);
        let tidy = Tidy::new(&rest);
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 16_777_216.0 - 0.5
        };
        let mut crossed = 0;
        for _ in 0..50 {
            let mut own: [Pt; FACE_POINT_COUNT] = std::array::from_fn(|_| [0.08 * next(), 0.08 * next()]);
            let order = |own: &[Pt; FACE_POINT_COUNT]| {
                let x = |i: usize| rest[i][0] + own[i][0];
                let y = |i: usize| rest[i][1] + own[i][1];
                let along = (48..54).chain(60..64).all(|i| x(i + 1) > x(i) - 0.002);
                along && [(51, 62), (66, 57)].iter().all(|(a, b)| y(*b) > y(*a) - 0.003)
            };
            crossed += usize::from(!order(&own));
            tidy.apply(&mut own, [1.0, 0.0]);
            assert!(order(&own));
        }
        assert!(crossed > 40);
    }
}
