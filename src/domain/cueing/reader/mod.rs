//! The cue reader: from poses alone back to keys.
//!
//! It answers what a viewer would: which shape at which position did the hand hold, from when to when, and how sure is
//! that. It knows the chart (which fingers make a shape, which positions there are) and how people are built and cue;
//! it shares no template and no number with WHERE or with any generator, so that it can disagree with them.
//!
//! 1. The head is followed and a resting face found ([`head`]); all places are in inches on that face.
//! 2. The hand is followed; fingers are stretched or folded, the palm is fast or slow ([`hand`], [`shape`]).
//! 3. The cheapest parting of all frames into holds, moves and rests is found ([`segment`]); once with the places as
//!    they are taught, and again with the places of this cuer ([`place`]).
//! 4. A hold in which the hand steps out and back is the same key twice ([`repeat`]).

mod ease;
mod hand;
mod head;
mod place;
mod repeat;
mod segment;
mod shape;

use super::chart::Chart;
use super::{HandShape, Movement, Position};
use crate::pose::{PoseFrame, PoseSequence, Side, mirrored_frame};
use crate::time::{FrameIndex, Seconds, TimeRange};
use hand::HandSeen;
use place::{HoldSeen, Places};
use segment::{FrameCosts, Segment, What};
use serde::{Deserialize, Serialize};
use shape::Shapes;

/// What to read by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadOptions {
    /// The hand that cues; `None`: the one that is near the face for longer.
    pub handed: Option<Side>,
    /// Use the depth of the hands where the poses have it. Without depth, nearness is read from the hand's size.
    pub depth: bool,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { handed: None, depth: true }
    }
}

/// What else a key could be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    pub shape: HandShape,
    pub position: Position,
    /// 0-1; with the key's own confidence they sum to 1 at most.
    pub confidence: f32,
}

/// A key as it was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadKey {
    pub shape: HandShape,
    pub position: Position,
    /// [`Movement::Flick`] or [`Movement::DoubleTouch`] where it is the key before once more. Diphthongs look like any
    /// other key.
    pub movement: Option<Movement>,
    /// The hold: from the first frame in which shape and position stand to the end of the last.
    pub time: TimeRange,
    /// 0-1: how much likelier this key is than the others.
    pub confidence: f32,
    /// The likeliest others, best first, three at most.
    pub alternatives: Vec<Alternative>,
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CueReading {
    /// The hand that cued.
    pub handed: Side,
    /// In order of time.
    pub keys: Vec<ReadKey>,
}

/// Why nothing could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("no frame shows the eyes, the mouth and the chin of a face; the reader needs all 68 face points somewhere")]
    NoFace,
    #[error("no hand comes near the face in any frame; check which hand cues, and that the poses hold hand points")]
    NoHand,
}

/// Whether the index finger points in a shape at a position; else the middle finger does.
pub fn points_with_index(shape: HandShape, position: Position) -> bool {
    place::pointing(shape, position) == place::INDEX
}

/// How much longer than a momentary doubt a rest must be to part two equal keys, seconds.
const REST_PARTS: f64 = 0.2;
/// A hand that is not seen: no key, perhaps rest.
const ABSENT: f32 = 6.0;
/// Frames near each other say nearly the same: no hold speaks for more than this many.
const INDEPENDENT_FRAMES: f32 = 2.0;

/// Reads the keys of a recording.
///
/// `poses` are frames of 133 points in any unit (the face gives the scale), depth of hands optional. Points with a
/// score of 0 are missing; holes up to a quarter of a second are bridged.
///
/// # Errors
/// [`ReadError`] when there is no face or no hand to be seen. Everything else reads as well as it can; a recording
/// without cues gives no keys.
pub fn read(poses: &PoseSequence, chart: &Chart, options: &ReadOptions) -> Result<CueReading, ReadError> {
    let head = head::Head::new(&poses.frames).ok_or(ReadError::NoFace)?;
    let handed = match options.handed {
        Some(side) => side,
        None => hand::cueing_side(&poses.frames, &head).ok_or(ReadError::NoHand)?,
    };
    // A left-handed cuer is read in the mirror.
    let mirrored: Vec<PoseFrame>;
    let (frames, head) = match handed {
        Side::Right => (&poses.frames, head),
        Side::Left => {
            mirrored = poses.frames.iter().map(|f| mirrored_frame(f, 1.0)).collect();
            let head = head::Head::new(&mirrored).ok_or(ReadError::NoFace)?;
            (&mirrored, head)
        }
    };
    let has_depth = || frames.iter().any(|f| f.hand_z[Side::Right as usize].iter().any(|z| z.abs() > 1e-6));
    let depth = options.depth && has_depth();
    let seen = hand::seen(frames, &head, poses.fps, depth);
    if !seen.iter().any(HandSeen::is_there) {
        return Err(ReadError::NoHand);
    }
    let mut places = Places::new(&head, chart, depth).ok_or(ReadError::NoFace)?;
    let shapes = Shapes::new(chart);
    let shape_costs: Vec<Vec<f32>> = seen.iter().map(|s| shapes.costs(s)).collect();
    let holds = {
        let taught = Net { seen: &seen, shape_costs: &shape_costs, shapes: &shapes, places: &places };
        taught.holds_seen(&taught.segments())
    };
    places.learn(&holds);
    let net = Net { seen: &seen, shape_costs: &shape_costs, shapes: &shapes, places: &places };
    let keys = net.keys(&net.segments(), poses.fps);
    Ok(CueReading { handed, keys })
}

/// All that is known of each frame.
struct Net<'a> {
    seen: &'a [HandSeen],
    shape_costs: &'a [Vec<f32>],
    shapes: &'a Shapes,
    places: &'a Places,
}

impl Net<'_> {
    /// Costs of all states in a frame, states in order of shapes and then of positions.
    fn held(&self, frame: usize, positions: &[Position]) -> Vec<f32> {
        let seen = &self.seen[frame];
        if !seen.is_there() {
            return vec![ABSENT; self.shapes.len() * positions.len()];
        }
        let nearness = place::nearness(seen);
        let by_tip = seen.tips.map(|tip| self.places.costs(tip, nearness));
        // Image x grows towards the face, y downwards.
        let rise = seen.axis.map(|a| (-a.y).atan2(a.x).to_degrees());
        let direction: Vec<f32> = positions.iter().map(|p| Places::direction_cost(*p, rise)).collect();
        let mut out = Vec::with_capacity(self.shapes.len() * positions.len());
        for s in 0..self.shapes.len() {
            for (p, position) in positions.iter().enumerate() {
                let tip = place::pointing(self.shapes.shape(s), *position);
                out.push(self.shape_costs[frame][s] + by_tip[tip][p] + direction[p]);
            }
        }
        out
    }

    fn rest(&self, frame: usize) -> f32 {
        let seen = &self.seen[frame];
        if !seen.is_there() {
            return 0.0;
        }
        let low = self.places.rest_cost(seen.tips);
        let loose = self.shape_costs[frame].last().copied().unwrap_or(0.0) + 1.5;
        low.min(loose)
    }

    fn segments(&self) -> Vec<Segment> {
        let positions = self.places.positions();
        let states = self.shapes.len() * positions.len();
        let moving = segment::moving(self.seen.iter().filter(|s| s.is_there()).map(|s| s.speed));
        segment::segments(self.seen.len(), states, moving, |t| FrameCosts {
            held: self.held(t, &positions),
            rest: self.rest(t),
            speed: self.seen[t].speed,
        })
    }

    fn state(&self, state: usize, positions: &[Position]) -> (HandShape, Position) {
        (self.shapes.shape(state / positions.len()), positions[state % positions.len()])
    }

    /// Where each hold's fingertip was, for learning.
    fn holds_seen(&self, segments: &[Segment]) -> Vec<HoldSeen> {
        let positions = self.places.positions();
        let mut out = Vec::new();
        for s in segments {
            let What::Hold(state) = s.what else { continue };
            let (shape, position) = self.state(state, &positions);
            // The ends of a hold still move.
            let trim = usize::from(s.last - s.first >= 3);
            let frames = &self.seen[s.first + trim..=s.last - trim];
            let tip = place::pointing(shape, position);
            let middle = |mut values: Vec<f32>| ease::median(&mut values);
            let xs: Vec<f32> = frames.iter().filter_map(|f| f.tips[tip]).map(|t| t.x).collect();
            let ys: Vec<f32> = frames.iter().filter_map(|f| f.tips[tip]).map(|t| t.y).collect();
            let near: Vec<f32> = frames.iter().filter_map(place::nearness).collect();
            if let (Some(x), Some(y)) = (middle(xs), middle(ys)) {
                out.push(HoldSeen { position, tip: glam::Vec2::new(x, y), nearness: middle(near) });
            }
        }
        out
    }

    /// Keys from segments: equal neighbours joined, repeated ones parted.
    fn keys(&self, segments: &[Segment], fps: crate::time::Fps) -> Vec<ReadKey> {
        let positions = self.places.positions();
        let rate = fps.rate();
        let mut joined: Vec<(usize, usize, usize)> = Vec::new();
        let mut parted = true;
        for s in segments {
            match s.what {
                What::Rest => parted |= (s.last - s.first + 1) as f64 >= REST_PARTS * rate,
                What::Hold(state) => {
                    match joined.last_mut() {
                        Some(last) if !parted && last.0 == state => last.2 = s.last,
                        _ => joined.push((state, s.first, s.last)),
                    }
                    parted = false;
                }
            }
        }
        let time = |first: usize, last: usize| {
            let end = fps.time_of(FrameIndex(last as u32)).0 + fps.frame_length().0;
            TimeRange::new(fps.time_of(FrameIndex(first as u32)), Seconds(end))
        };
        let mut out = Vec::with_capacity(joined.len());
        for (state, first, last) in joined {
            let (shape, position) = self.state(state, &positions);
            let in_the_air = matches!(position, Position::Side | Position::SideForward | Position::SideDown);
            let again = if in_the_air { Movement::Flick } else { Movement::DoubleTouch };
            let (confidence, alternatives) = self.certainty(state, first, last, &positions);
            for (n, (a, b)) in repeat::parts(self.seen, first, last, !in_the_air, rate).into_iter().enumerate() {
                out.push(ReadKey {
                    shape,
                    position,
                    movement: (n > 0).then_some(again),
                    time: time(a, b),
                    confidence,
                    alternatives: alternatives.clone(),
                });
            }
        }
        out
    }

    /// The share of the likelihood that the read key has, and the next best.
    fn certainty(&self, state: usize, first: usize, last: usize, positions: &[Position]) -> (f32, Vec<Alternative>) {
        let mut sums = vec![0.0_f32; self.shapes.len() * positions.len()];
        // How sure a reading is has to do with people at large, not with how alike this cuer's own holds are.
        let doubtful = Net { places: &self.places.of_anyone(), ..*self };
        for frame in first..=last {
            for (sum, cost) in sums.iter_mut().zip(doubtful.held(frame, positions)) {
                *sum += cost;
            }
        }
        let frames = (last - first + 1) as f32;
        let weight = frames.min(INDEPENDENT_FRAMES) / frames;
        let least = sums.iter().copied().fold(f32::INFINITY, f32::min);
        let likely: Vec<f32> = sums.iter().map(|s| (-(s - least) * weight).exp()).collect();
        let all: f32 = likely.iter().sum();
        let mut others: Vec<usize> = (0..likely.len()).filter(|i| *i != state && likely[*i] / all > 0.005).collect();
        others.sort_by(|a, b| likely[*b].total_cmp(&likely[*a]));
        let alternatives = others.into_iter().take(3).map(|i| {
            let (shape, position) = self.state(i, positions);
            Alternative { shape, position, confidence: likely[i] / all }
        });
        (likely[state] / all, alternatives.collect())
    }
}

#[cfg(test)]
mod tests;
