//! Ways of both hands: rest, preparation, stroke, hold and back, with beats laid over them.

use super::plan::{Gesture, Plan, RETRACT, Stroke};
use super::{Palm, RestPlace, Speaker};
use crate::corpus::dice::Dice;
use crate::pose::Side;
use crate::pose::hand::{FingerPose, HandPose, ThumbPose};
use glam::Vec3;

/// Where a hand is and how it is held, told from its own shoulder, so that it is the same for either hand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HandState {
    /// Away from the body's middle, down, and towards the viewer, in lengths of the arm.
    pub place: Vec3,
    /// [`crate::pose::hand::HandFrame::facing`]: direction, tilt, roll, degrees.
    pub turn: Vec3,
    pub pose: HandPose,
}

#[derive(Clone, Copy, Debug)]
struct Way {
    from: f64,
    to: f64,
    start: HandState,
    end: HandState,
    /// How far the way bows, lengths of the arm: up and away.
    bow: Vec3,
}

/// The ways of one hand, in order.
#[derive(Clone, Debug)]
struct Hand {
    rest: HandState,
    ways: Vec<Way>,
}

impl Hand {
    fn last(&self) -> HandState {
        self.ways.last().map_or(self.rest, |w| w.end)
    }

    fn free_from(&self) -> f64 {
        self.ways.last().map_or(0.0, |w| w.to)
    }

    /// Goes to `end`; a hand that is still under way sets out when it has arrived.
    fn go(&mut self, from: f64, to: f64, end: HandState, bow: Vec3) {
        let from = from.max(self.free_from());
        let to = to.max(from + 0.1);
        self.ways.push(Way { from, to, start: self.last(), end, bow });
    }
}

/// The ways of both hands.
#[derive(Clone, Debug)]
pub struct Ways {
    hands: [Hand; 2],
    beats: Vec<(f64, f32)>,
    smooth: f32,
    amplitude: f32,
    /// Phases of the small unrest of each hand.
    unrest: [[f32; 3]; 2],
}

/// How far a beat of strength 1 moves the hand, lengths of the arm.
const BEAT: f32 = 0.055;

impl Ways {
    pub fn new(speaker: &Speaker, plan: &Plan, dice: &mut Dice) -> Self {
        let hand = |side| Hand { rest: rest(speaker, side), ways: Vec::new() };
        let mut out = Self {
            hands: [hand(Side::Left), hand(Side::Right)],
            beats: plan.beats.clone(),
            smooth: speaker.smooth,
            amplitude: speaker.amplitude,
            unrest: std::array::from_fn(|_| std::array::from_fn(|_| dice.unit())),
        };
        for gesture in &plan.gestures {
            for side in [Side::Left, Side::Right] {
                // Chance is drawn for both hands, so that the habits of one do not change the other's.
                let spread = Vec3::new(dice.normal(), dice.normal(), dice.normal()) * 0.025;
                let hand = &mut out.hands[side as usize];
                if gesture.hand.is_none_or(|h| h == side) {
                    show(speaker, gesture, spread, hand);
                } else if hand.last() != hand.rest && gesture.stroke.name().starts_with("point") {
                    // One hand points, the other one gets out of the way.
                    hand.go(gesture.prepare, gesture.apex, hand.rest, Vec3::ZERO);
                }
                if gesture.retract && hand.last() != hand.rest {
                    let time = RETRACT / f64::from(speaker.pace.max(0.2));
                    hand.go(gesture.end, gesture.end + time, hand.rest, Vec3::ZERO);
                }
            }
        }
        out
    }

    /// A hand at a moment.
    pub fn at(&self, side: Side, time: f64) -> HandState {
        let hand = &self.hands[side as usize];
        let after = hand.ways.partition_point(|w| w.from <= time);
        let mut state = match after.checked_sub(1).map(|i| &hand.ways[i]) {
            None => hand.rest,
            Some(w) => {
                let t = ((time - w.from) / (w.to - w.from)).clamp(0.0, 1.0) as f32;
                let e = eased(t, self.smooth);
                let side_step = 4.0 * e * (1.0 - e);
                HandState {
                    place: w.start.place.lerp(w.end.place, e) + w.bow * side_step,
                    turn: w.start.turn.lerp(w.end.turn, e),
                    pose: HandPose::between(&w.start.pose, &w.end.pose, e),
                }
            }
        };
        // Beats move a hand that is up; one at rest only trembles with them.
        let up = ((state.place - hand.rest.place).length() / 0.25).clamp(0.08, 1.0);
        let near = self.beats.partition_point(|b| b.0 < time - 0.4);
        let beat: f32 = self.beats[near..].iter().take(6).map(|(at, s)| s * beat(time - at)).sum();
        state.place.y += BEAT * self.amplitude * up * beat;
        state.turn.x -= 9.0 * up * beat;
        let phases = self.unrest[side as usize];
        let wave = |k: usize, rate: f64| (std::f64::consts::TAU * (time * rate + f64::from(phases[k]))).sin() as f32;
        state.place += Vec3::new(wave(0, 0.23), wave(1, 0.31), wave(2, 0.27)) * 0.004;
        state
    }
}

/// A beat around its moment: a little up, down, and back. Smooth, and over within 0.2 s on either side.
fn beat(t: f64) -> f32 {
    let bump = |x: f64| if x.abs() < 1.0 { (1.0 - x * x).powi(2) } else { 0.0 };
    (bump((t - 0.05) / 0.13) - 0.45 * bump((t + 0.10) / 0.10)) as f32
}

/// Progress of a way: the smoothest possible for gliding hands (Flash & Hogan 1985), a quicker start and end for sharp
/// ones.
fn eased(t: f32, smooth: f32) -> f32 {
    let glide = t * t * t * (10.0 + t * (6.0 * t - 15.0));
    let sharp = t * t * (3.0 - 2.0 * t);
    let sharper = sharp * sharp * (3.0 - 2.0 * sharp);
    let s = smooth.clamp(0.0, 1.0);
    // Sharp hands wait and then strike within two thirds of the time.
    let late = ((t - 0.2) / 0.7).clamp(0.0, 1.0);
    let strike = late * late * (3.0 - 2.0 * late);
    s * glide + (1.0 - s) * (0.5 * strike + 0.5 * sharper)
}

fn state(place: [f32; 3], turn: [f32; 3], pose: HandPose) -> HandState {
    HandState { place: Vec3::from(place), turn: Vec3::from(turn), pose }
}

fn rest(speaker: &Speaker, side: Side) -> HandState {
    match speaker.rest {
        RestPlace::Sides => state([0.10, 0.96, 0.06], [-84.0, 0.0, 30.0], HandPose::LOOSE),
        RestPlace::Belly => state([-0.06, 0.62, 0.26], [2.0, -12.0, -35.0], HandPose::LOOSE),
        // The dominant hand lies in the other one.
        RestPlace::Clasped if side == speaker.dominant => {
            state([-0.20, 0.60, 0.30], [6.0, -10.0, -30.0], HandPose::LOOSE)
        }
        RestPlace::Clasped => state([-0.20, 0.64, 0.26], [4.0, -6.0, 25.0], HandPose::LOOSE),
    }
}

/// An open hand, fingers a little bent.
fn open() -> HandPose {
    let finger = |bend: f32, spread: f32| FingerPose { bend: [bend, 12.0, 6.0], spread };
    HandPose {
        thumb: ThumbPose { spread: 40.0, across: 12.0, turn: 30.0, bend: [4.0, 2.0] },
        fingers: [finger(8.0, 4.0), finger(10.0, 0.0), finger(13.0, -3.0), finger(16.0, -7.0)],
        cup: 2.0,
    }
}

/// Thumb and index meet, the others half bent.
fn pinch() -> HandPose {
    let finger = |a: f32, b: f32| FingerPose { bend: [a, b, 20.0], spread: 0.0 };
    HandPose {
        thumb: ThumbPose { spread: 34.0, across: 38.0, turn: 45.0, bend: [22.0, 22.0] },
        fingers: [finger(48.0, 52.0), finger(38.0, 42.0), finger(42.0, 46.0), finger(46.0, 46.0)],
        cup: 6.0,
    }
}

/// So many fingers up.
fn count(n: u8) -> HandPose {
    match n {
        0 | 1 => HandPose::cue_shape(1),
        2 => HandPose::cue_shape(8),
        3 => HandPose::cue_shape(7),
        4 => HandPose::cue_shape(4),
        _ => HandPose::cue_shape(5),
    }
}

/// The hand that means nothing in particular, by habit: its turn and shape.
fn habit(palm: Palm) -> ([f32; 3], HandPose) {
    match palm {
        Palm::Up => ([18.0, -46.0, 68.0], open()),
        Palm::Down => ([10.0, -40.0, -66.0], open()),
        Palm::Edge => ([22.0, -52.0, 4.0], open()),
        Palm::Pinch => ([40.0, -34.0, -12.0], pinch()),
    }
}

/// Preparation and stroke of one hand.
fn show(speaker: &Speaker, gesture: &Gesture, spread: Vec3, hand: &mut Hand) {
    let point = HandPose::cue_shape(1);
    let (turn, shape) = habit(speaker.palm);
    // From where, to where: out, down, forward.
    let (from, to) = match gesture.stroke {
        Stroke::Beat => (state([-0.04, 0.42, 0.36], turn, shape), state([-0.02, 0.52, 0.42], turn, shape)),
        Stroke::Open => {
            let turned = [turn[0] * 0.5, turn[1] - 8.0, turn[2] + 14.0];
            (state([-0.12, 0.44, 0.30], turn, shape), state([0.12, 0.48, 0.44], turned, open()))
        }
        Stroke::Me => (
            state([-0.02, 0.42, 0.34], [20.0, 0.0, -20.0], open()),
            state([-0.14, 0.28, 0.16], [14.0, 8.0, -22.0], open()),
        ),
        Stroke::You => (
            state([-0.08, 0.40, 0.24], [30.0, -40.0, -30.0], point),
            state([-0.10, 0.36, 0.52], [16.0, -66.0, -40.0], point),
        ),
        Stroke::There => (
            state([0.02, 0.40, 0.32], [60.0, -20.0, -10.0], point),
            state([0.34, 0.24, 0.34], [128.0, -18.0, -24.0], point),
        ),
        Stroke::Here => (
            state([-0.06, 0.40, 0.36], [0.0, -30.0, -40.0], point),
            state([-0.08, 0.54, 0.42], [-34.0, -36.0, -50.0], point),
        ),
        Stroke::Up => {
            (state([0.02, 0.36, 0.32], [60.0, -10.0, 0.0], point), state([0.12, 0.06, 0.30], [84.0, -4.0, 10.0], point))
        }
        Stroke::Down => (
            state([0.02, 0.42, 0.34], [0.0, -30.0, -50.0], point),
            state([0.06, 0.66, 0.34], [-56.0, -24.0, -60.0], point),
        ),
        Stroke::Big => (
            state([-0.16, 0.42, 0.36], [44.0, -40.0, 6.0], open()),
            state([0.26, 0.36, 0.36], [58.0, -30.0, 10.0], open()),
        ),
        Stroke::Small => (
            state([0.02, 0.40, 0.34], [40.0, -34.0, 0.0], pinch()),
            state([-0.14, 0.40, 0.40], [36.0, -36.0, 4.0], pinch()),
        ),
        Stroke::Count(n) => (
            state([0.02, 0.40, 0.32], [50.0, -6.0, 10.0], count(n)),
            state([0.08, 0.20, 0.32], [80.0, 0.0, 16.0], count(n)),
        ),
        Stroke::Deny => (
            state([-0.22, 0.40, 0.40], [14.0, -30.0, -60.0], open()),
            state([0.22, 0.42, 0.36], [40.0, -30.0, -64.0], open()),
        ),
        Stroke::Sweep => (
            state([-0.16, 0.38, 0.40], [30.0, -40.0, -50.0], open()),
            state([0.30, 0.46, 0.36], [64.0, -36.0, 30.0], open()),
        ),
        Stroke::Aside => {
            (state([-0.04, 0.42, 0.34], turn, shape), state([0.26, 0.44, 0.36], [70.0, -36.0, 52.0], open()))
        }
    };
    let size = (speaker.amplitude * gesture.strength).min(1.6);
    // Larger people of gesture strike farther from the middle of the space, not elsewhere.
    let middle = Vec3::new(-0.02, 0.44, 0.34);
    let sized = |s: HandState, by: f32| HandState { place: middle + (s.place - middle) * by + spread, ..s };
    let (from, to) = (sized(from, 0.5 + 0.5 * size), sized(to, size));
    hand.go(gesture.prepare, gesture.begin, from, Vec3::new(0.03, -0.04, 0.02) * size);
    hand.go(gesture.begin, gesture.apex, to, Vec3::new(0.02, -0.025, 0.03) * size);
}
