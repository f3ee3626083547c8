//! Which position a fingertip is at, on the resting face.
//!
//! The places are those that cuers are taught and seen to touch: beside the corner of the mouth, a quarter inch beyond
//! the end of the smile and half a fingertip more; the chin below the dimple; the cheekbone below the outer half of the
//! eye; the hollow of the throat; the side four inches from the tip of the chin, at the height of the lips to the chin
//! (NCSA 1994; Guidelines on the Mechanics of Cueing). How far people scatter about them was measured on the corpus of
//! SPPAS (standard deviations of 3752 keys in a face box of 1000 × 1000: cheekbone 70/92, chin 112/76, mouth 79/91,
//! side 241/233, throat 143/223); an inch is some 185 of these units across and 175 down.
//!
//! Every cuer has a side, a chin, a throat of their own: after a first reading the places move to where this hand was
//! seen to hold ([`Places::learn`]). What tells side, side-down and side-forward apart is a difference, not a place.

use super::hand::HandSeen;
use super::head::Head;
use crate::cueing::chart::Chart;
use crate::cueing::{HandShape, Position};
use glam::Vec2;

/// Beyond the mouth's corner: a quarter inch, and half of a fingertip 0.6 inch wide.
const BESIDE_MOUTH: f32 = 0.55;
/// From the tip of the chin to the side, inches.
const SIDE_FROM_CHIN: f32 = 4.0;
/// How much lower side-down is (half to three quarters of an inch) and how much nearer side-forward (an inch).
const DOWN: f32 = 0.625;
const FORWARD: f32 = 1.0;
/// How far holds of one cuer scatter about these differences, inches.
const DOWN_SPREAD: f32 = 0.20;
const FORWARD_SPREAD: f32 = 0.28;
/// The side's height and depth before anything is seen of the cuer, spread in inches.
const SIDE_HEIGHT_SPREAD: f32 = 0.45;
const SIDE_DEPTH: (f32, f32) = (1.0, 0.6);
/// A hand an inch nearer looks this much larger, in logarithms (camera at 1-2 m: 0.013-0.025).
const LARGER_AN_INCH: f32 = 0.0165;
/// How often the three stand for each other in American English speech, roughly (lone consonants alone make a third of
/// all keys).
const SIDE_SHARE: [f32; 3] = [0.6, 0.15, 0.25];
/// How many holds the teaching weighs against those seen.
const PRIOR_HOLDS: f32 = 2.0;
/// One cuer scatters less about their own place than all of them do.
const ONE_CUER: f32 = 0.5;
/// A place is never learned farther from what is taught than this, standard deviations.
const MOST_LEARNED: f32 = 1.2;
/// No deviation counts for more.
const MOST: f32 = 12.0;
/// The hand rests when its fingertip is this far below the chin, inches, and how sharply.
const RESTS_BELOW: (f32, f32) = (4.3, 0.6);
/// The hand rises by 35-70° to mouth, chin, cheekbone and side, and by 0-20° to the throat (recordings of cuers): the
/// angle between, and how loosely it is held, degrees.
const FLAT: f32 = 28.0;
const FLAT_SPREAD: f32 = 5.0;
/// Fingertips that point: index or middle.
pub(super) const INDEX: usize = 0;
pub(super) const MIDDLE: usize = 1;

/// A position's place: mean and spread across and down, inches.
#[derive(Clone, Copy, Debug)]
struct Place {
    position: Position,
    taught: Vec2,
    mean: Vec2,
    spread: Vec2,
}

/// How the side's relatives are told apart.
#[derive(Clone, Copy, Debug, Default)]
struct SideHabit {
    /// Height of the plain side.
    height: f32,
    /// Depth, inches or the scaled logarithm of size; `None` where neither is to be had.
    depth: Option<f32>,
}

/// What a finished hold showed, for learning.
#[derive(Clone, Copy, Debug)]
pub(super) struct HoldSeen {
    pub position: Position,
    pub tip: Vec2,
    pub nearness: Option<f32>,
}

/// The places of one person.
#[derive(Clone, Debug)]
pub(super) struct Places {
    list: Vec<Place>,
    chin: f32,
    /// Positions of the chart that stand at the side; more than the side itself makes them be told apart.
    relatives: Vec<Position>,
    /// Nearness is a depth before the face, not a size that says nothing until it is compared.
    absolute: bool,
    habit: Option<SideHabit>,
}

/// How near the hand is, from depth or else from its size; inches, from a start that is the person's own.
pub(super) fn nearness(seen: &HandSeen) -> Option<f32> {
    seen.palm_depth.or_else(|| seen.size.map(|s| s.max(1e-3).ln() / LARGER_AN_INCH))
}

/// The fingertip that points in a shape at a position: the index where the middle finger is folded, and in shape 8 at
/// the chin, so that the middle finger does not hang over the lips (NCSA 1994); else the middle finger.
pub(super) fn pointing(shape: HandShape, position: Position) -> usize {
    match (shape.0, position) {
        (1 | 6, _) | (8, Position::Chin) => INDEX,
        _ => MIDDLE,
    }
}

impl Places {
    /// The places as they are taught, on this face; `None` when the mouth or the chin was never seen.
    pub fn new(head: &Head, chart: &Chart, depth: bool) -> Option<Self> {
        let corner = head.point(48)?;
        let chin = head.point(8)?;
        let lip = head.point(57).unwrap_or(Vec2::new(chin.x, corner.y + 0.4 * (chin.y - corner.y)));
        let bridge = head.point(27).unwrap_or(Vec2::new(0.0, 0.0));
        let nose = head.point(33).unwrap_or(bridge.lerp(chin, 0.45));
        let eye = head.point(36).unwrap_or(Vec2::new(-1.8, 0.0));
        let lid = head.point(41).unwrap_or(eye);
        let height = (chin.y - bridge.y).max(1.0);
        let lower = chin.y - corner.y;
        let mut list = Vec::new();
        for cell in &chart.positions {
            let (taught, spread) = match cell.position {
                Position::Mouth => (corner + Vec2::new(-BESIDE_MOUTH, 0.05), Vec2::new(0.43, 0.40)),
                Position::Chin => (Vec2::new(chin.x - 0.3, lip.y + 0.7 * (chin.y - lip.y)), Vec2::new(0.60, 0.42)),
                Position::Cheekbone => (Vec2::new(eye.x - 0.1, lid.y + 0.6 * (nose.y - lid.y)), Vec2::new(0.42, 0.50)),
                Position::Throat => (Vec2::new(chin.x - 0.3, chin.y + 0.5 * height), Vec2::new(0.80, 0.95)),
                Position::Side => {
                    let across = (SIDE_FROM_CHIN * SIDE_FROM_CHIN - lower * lower).max(4.0).sqrt();
                    (Vec2::new(chin.x - across, corner.y), Vec2::new(1.0, 0.85))
                }
                // Told apart from the side, see below.
                Position::SideForward | Position::SideDown | Position::Neutral => continue,
            };
            list.push(Place { position: cell.position, taught, mean: taught, spread });
        }
        let relatives: Vec<Position> = [Position::Side, Position::SideForward, Position::SideDown]
            .into_iter()
            .filter(|p| chart.position(*p).is_some())
            .collect();
        Some(Self { list, chin: chin.y, relatives, absolute: depth, habit: None })
    }

    /// How ill the direction of the hand fits a position: it lies flat at the throat and rises to everything else.
    pub fn direction_cost(position: Position, rise: Option<f32>) -> f32 {
        let Some(rise) = rise else { return 0.0 };
        let wrong = if position == Position::Throat { rise - FLAT } else { FLAT - rise };
        let d = (wrong.max(0.0) / FLAT_SPREAD).min(2.5);
        d * d / 2.0
    }

    /// The positions that can be read now: before learning, side-forward and side-down are part of the side.
    pub fn positions(&self) -> Vec<Position> {
        let mut out: Vec<Position> = self.list.iter().map(|p| p.position).collect();
        if self.habit.is_some() {
            out.extend(self.relatives.iter().filter(|p| **p != Position::Side));
        }
        out
    }

    /// How ill each of [`Self::positions`] fits a fingertip; all 0 when the tip is missing.
    pub fn costs(&self, tip: Option<Vec2>, nearness: Option<f32>) -> Vec<f32> {
        let positions = self.positions();
        let Some(tip) = tip else { return vec![0.0; positions.len()] };
        positions
            .iter()
            .map(|position| {
                let side = matches!(position, Position::Side | Position::SideForward | Position::SideDown);
                let own = if side { Position::Side } else { *position };
                let Some(place) = self.list.iter().find(|p| p.position == own) else { return MOST };
                let d = (tip - place.mean) / place.spread;
                // Area of the spread: a wide place expects less at each of its points.
                let area = (place.spread.x * place.spread.y / 0.18).ln();
                let cost = d.length_squared() / 2.0 + area;
                match self.habit.filter(|_| side) {
                    None => cost.min(MOST),
                    Some(habit) => {
                        let across = d.x * d.x / 2.0 + area;
                        (across + difference(&habit, *position, tip.y, nearness, d.y)).min(MOST)
                    }
                }
            })
            .collect()
    }

    /// How far the higher fingertip is from being at rest below the chest.
    pub fn rest_cost(&self, tips: [Option<Vec2>; 2]) -> f32 {
        let Some(highest) = tips.into_iter().flatten().map(|t| t.y).reduce(f32::min) else { return 0.0 };
        let above = self.chin + RESTS_BELOW.0 - highest;
        let d = above.max(0.0) / RESTS_BELOW.1;
        (d * d / 2.0).min(MOST)
    }

    /// The same places with the scatter of people at large, after [`Self::learn`].
    pub fn of_anyone(&self) -> Self {
        let mut out = self.clone();
        out.list.iter_mut().for_each(|p| p.spread /= ONE_CUER);
        out
    }

    /// Moves the places to where the hand was seen to hold.
    pub fn learn(&mut self, holds: &[HoldSeen]) {
        let several = self.relatives.len() > 1;
        if several {
            let seen: Vec<&HoldSeen> = holds.iter().filter(|h| h.position == Position::Side).collect();
            let taught = self.list.iter().find(|p| p.position == Position::Side).map_or(0.0, |p| p.taught.y);
            self.habit = Some(habit(&seen, taught, &self.relatives, self.absolute));
        }
        for place in &mut self.list {
            let own: Vec<Vec2> = holds.iter().filter(|h| h.position == place.position).map(|h| h.tip).collect();
            let n = own.len() as f32;
            let mean = (place.taught * PRIOR_HOLDS + own.iter().copied().sum::<Vec2>()) / (PRIOR_HOLDS + n);
            let most = place.spread * MOST_LEARNED;
            place.mean = place.taught + (mean - place.taught).clamp(-most, most);
            place.spread *= ONE_CUER;
        }
    }
}

/// The cost of one of the side's relatives by what tells them apart; `far` is the deviation from the side at large.
fn difference(habit: &SideHabit, position: Position, y: f32, nearness: Option<f32>, far: f32) -> f32 {
    let down = if position == Position::SideDown { DOWN } else { 0.0 };
    let forward = if position == Position::SideForward { FORWARD } else { 0.0 };
    let mut cost = soft((y - habit.height - down) / DOWN_SPREAD);
    if let (Some(depth), Some(near)) = (habit.depth, nearness) {
        cost += soft((near - depth - forward) / FORWARD_SPREAD);
    } else if position == Position::SideForward {
        // Nothing tells it from the side: the likelier of the two.
        cost += 1.0;
    }
    // Far from all of them it is none of them.
    cost.min(6.0) + (0.5 * far * far - 2.0).max(0.0)
}

/// Half a square that grows slowly beyond three deviations.
fn soft(d: f32) -> f32 {
    let d = d.abs();
    if d < 3.0 { d * d / 2.0 } else { 4.5 + 3.0 * (d - 3.0) * 0.3 }
}

/// The plain side of this cuer: the height and the depth under which all that was seen at the side is most likely, each
/// hold being side, side-forward or side-down.
fn habit(holds: &[&HoldSeen], taught: f32, relatives: &[Position], absolute: bool) -> SideHabit {
    let has = |p| relatives.contains(&p);
    let scale = |share: f32, there: bool| if there { share } else { 0.0 };
    let shares = [
        SIDE_SHARE[0],
        scale(SIDE_SHARE[1], has(Position::SideForward)),
        scale(SIDE_SHARE[2], has(Position::SideDown)),
    ];
    let known: Vec<f32> = holds.iter().filter_map(|h| h.nearness).collect();
    let measured = known.len() == holds.len() && !known.is_empty();
    let depths: Vec<Option<f32>> = if measured {
        let low = known.iter().copied().fold(f32::INFINITY, f32::min);
        let high = known.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let steps = (((high - low) + 2.0) / 0.08).min(400.0) as usize;
        (0..=steps).map(|k| Some(low - 1.5 + 0.08 * k as f32)).collect()
    } else {
        vec![None]
    };
    let mut best = (f32::INFINITY, SideHabit { height: taught, depth: None });
    for k in -36..=36 {
        let height = taught + 0.04 * k as f32;
        for depth in &depths {
            let mut cost = ((height - taught) / SIDE_HEIGHT_SPREAD).powi(2) / 2.0;
            if let Some(z) = depth.filter(|_| absolute) {
                cost += ((z - SIDE_DEPTH.0) / SIDE_DEPTH.1).powi(2) / 2.0;
            }
            for hold in holds {
                let y = hold.tip.y - height;
                let z = hold.nearness.zip(*depth).map(|(n, d)| n - d);
                let one = |down: f32, forward: f32| {
                    let z = z.map_or(0.0, |z| soft((z - forward) / FORWARD_SPREAD));
                    (-(soft((y - down) / DOWN_SPREAD) + z)).exp()
                };
                let all = shares[0] * one(0.0, 0.0) + shares[1] * one(0.0, FORWARD) + shares[2] * one(DOWN, 0.0);
                cost -= (all + 1e-4).ln();
            }
            if cost < best.0 {
                best = (cost, SideHabit { height, depth: *depth });
            }
        }
    }
    best.1
}
