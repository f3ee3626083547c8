//! Where the hand goes: stations at the targets and the ways between them.
//!
//! Everything is worked out for a hand at image left; a left-handed person is the mirror image. A way is a shallow arc,
//! walked with minimum jerk, that bows outwards and towards the viewer; it bows more where the hand would otherwise
//! pass over the lips. Stations turn the hand a little where fingers would hang before them.

use super::track::{Moment, Track, minimum_jerk};
use crate::cueing::where_::{MOUTH_CLEARANCE_INCHES, Targets};
use crate::cueing::{HandShape, Movement, Position};
use crate::generate::{GenerateInput, PlannedKey, Rest};
use crate::pose::hand::{HandFrame, HandModel, HandPose};
use crate::pose::{HAND_JOINT_COUNT, Reference, Side};
use glam::{Vec2, Vec3};
use std::collections::HashMap;
use std::sync::OnceLock;

/// The least time of a step out and back, and the least time that the hand is still before and after it, seconds.
const SHORTEST_STEP: f64 = 0.24;
const STEP_MARGIN: f64 = 0.08;

/// The unrest of a hand that touches the person, as a share of that of a hand in the air.
pub(super) const UNREST_TOUCHING: f32 = 0.15;
/// No bow is wider or deeper than usual by more than this, picture units.
const MOST_WIDER: f32 = 0.06;
/// Shares of a move's time: a hand that is well under way (a third of the way is behind it), and one that is nearly there.
const UNDER_WAY: f64 = 0.42;
const NEARLY_THERE: f64 = 0.6;

/// A place for the hand to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Station {
    /// Of the pointing finger.
    pub point: Vec3,
    /// See [`HandFrame::facing`], degrees.
    pub angle: f32,
    pub tilt: f32,
    pub roll: f32,
    /// How far the point goes along with the head, and with the chin as the mouth opens, 0-1.
    pub with_head: f32,
    pub with_chin: f32,
    /// 1 where the hand hangs in the air and is never quite still.
    pub unrest: f32,
}

impl Station {
    fn mix(a: &Self, b: &Self, t: f32) -> Self {
        let mix = |a: f32, b: f32| a + (b - a) * t;
        Self {
            point: a.point.lerp(b.point, t),
            angle: mix(a.angle, b.angle),
            tilt: mix(a.tilt, b.tilt),
            roll: mix(a.roll, b.roll),
            with_head: mix(a.with_head, b.with_head),
            with_chin: mix(a.with_chin, b.with_chin),
            unrest: mix(a.unrest, b.unrest),
        }
    }
}

/// How far a way leaves the straight line in its middle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Bow {
    offset: Vec3,
    /// A way out and back in its own right, not a bend in a way to somewhere else.
    there_and_back: bool,
}

/// A hand at a moment: where its pointing finger is, how it is turned and bent.
#[derive(Clone, Copy, Debug)]
pub(super) struct HandMoment {
    pub station: Station,
    pub pose: HandPose,
    /// The pointing joint in the hand's own axes, as a share of its length.
    contact: Vec3,
}

impl HandMoment {
    /// How the hand stands in space.
    pub fn frame(&self, model: &HandModel) -> HandFrame {
        let s = &self.station;
        let mut frame = HandFrame::facing(Side::Right, Vec3::ZERO, s.angle, s.tilt, s.roll);
        frame.wrist = s.point - frame.turned(self.contact) * model.length;
        frame
    }
}

/// The hand's whole way through a performance.
#[derive(Clone, Debug)]
pub(super) struct HandPath {
    pub model: HandModel,
    stations: Track<Station>,
    /// What is known of the way to each station.
    ways: Vec<Way>,
    poses: Track<HandPose>,
    contacts: Track<Vec3>,
    /// Outline of the closed mouth, and how far the hand keeps off it.
    mouth: Vec<Vec2>,
    clearance: f32,
    /// An inch on this face, and how far a flick goes; picture units.
    inch: f32,
    flick: f32,
}

/// A way from station to station. Its bow costs more than all else and is worked out when the way is first looked at: a
/// performance of hours is planned in milliseconds, and posed where it is seen.
#[derive(Clone, Debug)]
struct Way {
    /// The key is told apart from an equal one by this.
    movement: Option<Movement>,
    /// By how much it is wider and deeper than usual.
    arc: [f32; 2],
    bow: OnceLock<Bow>,
}

impl HandPath {
    /// `reference` has its cueing hand at image left; `mouth` is the outline of its closed mouth. `bow_of` gives for each
    /// way, by its number, its planned key and its middle in seconds, by how much its bow is wider and deeper than the
    /// habit, 1 and 1 where it is not.
    pub fn new(
        input: &GenerateInput,
        reference: &Reference,
        mouth: &[Vec2],
        bow_of: impl Fn(usize, &PlannedKey, f64) -> [f32; 2],
    ) -> Self {
        let targets = Targets::new(reference);
        let model = HandModel::new(reference.hand_length);
        let maker = StationMaker { reference, targets: &targets };
        let at_rest = match input.style.rest {
            Rest::Chest => maker.station(Position::Neutral, HandShape::NEUTRAL),
            Rest::Lowered => maker.lowered(),
        };
        let last_key = input.keys.iter().rposition(|k| k.key.is_some());
        let local = |shape: HandShape, joint: usize| model.local_joints(&HandPose::cue_shape(shape.0))[joint];
        let contact_of = |position, shape| local(shape, targets.target(position, shape).contact.joint());
        // There are few cues and many keys: what a cue asks for is worked out once.
        let mut cues: HashMap<(Position, HandShape), (Station, Vec3)> = HashMap::new();
        let mut cue = |position: Position, shape: HandShape| {
            *cues
                .entry((position, shape))
                .or_insert_with(|| (maker.station(position, shape), contact_of(position, shape)))
        };
        let arc = if input.style.arc.is_finite() { input.style.arc.clamp(0.0, 3.0) } else { 1.0 };

        let mut path = Self {
            stations: Track::new(at_rest),
            ways: Vec::new(),
            poses: Track::new(HandPose::LOOSE),
            contacts: Track::new(contact_of(Position::Neutral, HandShape::NEUTRAL)),
            model: model.clone(),
            mouth: mouth.to_vec(),
            clearance: MOUTH_CLEARANCE_INCHES * targets.inch(),
            inch: targets.inch(),
            flick: targets.flick(),
        };
        let pose_of = |shape: HandShape| HandPose::cue_shape(shape.0);
        for (i, key) in input.keys.iter().enumerate() {
            let t = &key.times;
            let (station, contact) = cue(key.position, key.shape);
            // In a silence the hand waits before the chest, after the last key it rests.
            let ended = key.position == Position::Neutral && last_key.is_none_or(|last| i > last);
            let station = if ended { at_rest } else { station };
            let again = matches!(key.movement, Some(Movement::Flick | Movement::DoubleTouch));
            let moved = station != *path.stations.last() || again;
            if moved {
                let (mut start, mut end) = (t.m1.0, t.m2.0);
                if again {
                    let segment_end = path.stations.segments().last().map_or(f64::NEG_INFINITY, |s| s.end);
                    let shape_end = path.poses.segments().last().map_or(f64::NEG_INFINITY, |s| s.end);
                    let next = input.keys.get(i + 1).map_or(f64::INFINITY, |k| k.times.m1.0.min(k.times.d1.0));
                    (start, end) = visible((start, end), segment_end.max(shape_end), next);
                }
                if !again && pose_of(key.shape) != *path.poses.last() {
                    end = together((start, end), (t.d1.0, t.d2.0)).0.1;
                }
                path.stations.push(start, end, station);
                let arc = bow_of(path.ways.len(), key, (start + end) / 2.0).map(|f| f * arc);
                path.ways.push(Way { movement: key.movement.filter(|_| again), arc, bow: OnceLock::new() });
            }
            let pose = pose_of(key.shape);
            let shaped = pose != *path.poses.last();
            if shaped {
                let (mut start, mut end) = (t.d1.0, t.d2.0);
                if moved && !again {
                    (start, end) = together((t.m1.0, t.m2.0), (start, end)).1;
                }
                path.poses.push(start, end, pose);
            }
            if contact != *path.contacts.last() {
                // The pointing finger changes on the way; on the spot only if there is no way.
                let (start, end) = if moved { (t.m1.0, t.m2.0) } else { (t.d1.0, t.d2.0) };
                path.contacts.push(start, end, contact);
            }
        }
        path
    }

    /// Middles of the moves between places, in order.
    pub fn middles(&self) -> Vec<f64> {
        self.stations.segments().iter().map(|s| (s.start + s.end) / 2.0).collect()
    }

    pub fn at(&self, time: f64) -> HandMoment {
        let m = self.stations.at(time);
        let bow = m.moving.and_then(|i| self.bow_of(i)).unwrap_or_default();
        self.moment(time, &m, &bow)
    }

    fn bow_of(&self, i: usize) -> Option<Bow> {
        let way = self.ways.get(i)?;
        let bow = way.bow.get_or_init(|| match way.movement {
            Some(Movement::Flick) => flick(&self.stations.segments()[i].to, self.flick),
            Some(_) => touch_again(&self.stations.segments()[i].to, self.inch),
            None => self.bow(i, way.arc, &self.mouth, self.clearance),
        });
        Some(*bow)
    }

    fn moment(&self, time: f64, m: &Moment<'_, Station>, bow: &Bow) -> HandMoment {
        let mut station = Station::mix(m.from, m.to, m.progress);
        let out = if bow.there_and_back {
            minimum_jerk(1.0 - (2.0 * f64::from(m.share) - 1.0).abs()) as f32
        } else {
            4.0 * m.progress * (1.0 - m.progress)
        };
        station.point += bow.offset * out;
        let p = self.poses.at(time);
        let c = self.contacts.at(time);
        HandMoment {
            station,
            pose: HandPose::between(p.from, p.to, p.progress),
            contact: c.from.lerp(*c.to, c.progress),
        }
    }

    /// The bow of way `i`, `arc` times as wide and as deep as usual: shallow, wider until the hand keeps off the lips.
    fn bow(&self, i: usize, arc: [f32; 2], mouth: &[Vec2], clearance: f32) -> Bow {
        let segment = &self.stations.segments()[i];
        let way = (segment.to.point - segment.from.point).truncate();
        let length = way.length();
        // Square to the way, on the side away from the face.
        let square = Vec2::new(way.y, -way.x).normalize_or_zero();
        let outward = if square.x > 0.0 { -square } else { square };
        // Long ways have room already: what makes them wider than usual is bounded.
        let wider = |usual: f32, by: f32| (usual * by).min(usual + MOST_WIDER);
        let (width, depth) = (wider(0.07 * length, arc[0]), wider(0.10 * length + 0.006, arc[1]));
        let shallow = Bow { offset: (outward * width).extend(depth), there_and_back: false };
        let clear = |bow: &Bow| {
            (1..10)
                .map(|k| {
                    let time = segment.start + (segment.end - segment.start) * f64::from(k) / 10.0;
                    let moment = self.moment(time, &self.stations.at(time), bow);
                    let joints = self.model.joints(&moment.pose, &moment.frame(&self.model));
                    distance_to_mouth(&joints, self.model.length, mouth)
                })
                .fold(f32::INFINITY, f32::min)
        };
        let mut best = (clear(&shallow), shallow);
        // Both ends are clear of the lips by their stations; a wider bow, straight out, clears what lies between.
        for k in 1..=8 {
            if best.0 >= clearance {
                break;
            }
            let extra = 0.045 * self.model.length * k as f32;
            let offset = shallow.offset + Vec3::new(-extra, 0.0, 0.4 * extra);
            let bow = Bow { offset, ..shallow };
            let distance = clear(&bow);
            if distance > best.0 + 1e-4 {
                best = (distance, bow);
            }
        }
        best.1
    }
}

/// The moves of place and of shape to one key, so that they are seen as one: fingers that are ready while the hand still
/// rests, or that begin when it has arrived, would show a key that nobody means. Shapes change during the move (recordings
/// of cuers): they are ready when it is well under way, and begin before it nearly ends. Neither becomes earlier than the
/// first of both starts or later than the last of both ends, so no hold is any shorter.
fn together(place: (f64, f64), shape: (f64, f64)) -> ((f64, f64), (f64, f64)) {
    let ((m1, m2), (d1, d2)) = (place, shape);
    if !(m1 <= m2 && d1 <= d2) {
        return (place, shape);
    }
    // Arrived before the fingers began: arrive with them.
    let m2 = if d1 >= m2 { d2 } else { m2 };
    let at = |share: f64| m1 + share * (m2 - m1);
    let d2 = d2.max(at(UNDER_WAY).min(m2));
    ((m1, m2), (d1.min(at(NEARLY_THERE)).max(d1.min(m1)), d2))
}

/// The time of a step out and back: a preset that lets the hand jump would show nothing of it between two frames. It
/// ends when it was to end and begins earlier; as far as the hold before needs its time, it also ends later.
fn visible((start, end): (f64, f64), free_from: f64, free_to: f64) -> (f64, f64) {
    if end.is_nan() || end - start >= SHORTEST_STEP {
        return (start, end);
    }
    let start = (end - SHORTEST_STEP).max(free_from + STEP_MARGIN).min(start);
    let end = (start + SHORTEST_STEP).min(free_to - STEP_MARGIN).max(end);
    (start, end)
}

/// A quarter inch forward and back; forward is seen as a small step in the picture, too.
fn flick(at: &Station, length: f32) -> Bow {
    let frame = HandFrame::facing(Side::Right, Vec3::ZERO, at.angle, at.tilt, at.roll);
    Bow { offset: Vec3::new(0.0, 0.0, length) - frame.along * 0.6 * length, there_and_back: true }
}

/// Away from the skin along the hand and back.
fn touch_again(at: &Station, inch: f32) -> Bow {
    let frame = HandFrame::facing(Side::Right, Vec3::ZERO, at.angle, at.tilt, at.roll);
    Bow { offset: -frame.along * 0.8 * inch + Vec3::new(0.0, 0.0, 0.4 * inch), there_and_back: true }
}

/// Makes stations from targets.
struct StationMaker<'a> {
    reference: &'a Reference,
    targets: &'a Targets,
}

impl StationMaker<'_> {
    fn station(&self, position: Position, shape: HandShape) -> Station {
        let target = self.targets.target(position, shape);
        // Tilt brings the fingertips to the skin while folded fingers stay clear of it; the roll shows a little of the
        // thumb's edge.
        let (tilt, roll, with_head) = match position {
            Position::Mouth => (11.0, 4.0, 1.0),
            Position::Chin => (11.0, 4.0, 1.0),
            Position::Cheekbone => (12.0, 4.0, 1.0),
            Position::Throat => (9.0, 6.0, 0.3),
            Position::Side | Position::SideForward | Position::SideDown => (4.0, 2.0, 0.5),
            Position::Neutral => (14.0, 16.0, 0.0),
        };
        Station {
            point: target.point,
            angle: target.angle,
            tilt,
            roll,
            with_head,
            with_chin: if position == Position::Chin { 0.8 } else { 0.0 },
            unrest: if target.touches { UNREST_TOUCHING } else { 1.0 },
        }
    }

    /// The hand beside the body: hanging where the picture shows it, else just below the picture, from where it comes
    /// up fingers first.
    fn lowered(&self) -> Station {
        let [x, y] = self.reference.right_elbow;
        let length = self.reference.hand_length;
        let hanging = Vec3::new(x, y + self.reference.forearm_length + 0.5 * length, 0.0);
        let (point, angle) = if hanging.y + 0.5 * length < 1.0 {
            (hanging, -86.0)
        } else {
            (Vec3::new(x + 0.12 * length, 1.0 + 0.9 * length, 0.08), 66.0)
        };
        Station { point, angle, tilt: 0.0, roll: 12.0, with_head: 0.0, with_chin: 0.0, unrest: 0.0 }
    }
}

/// The bones of a hand as pairs of joints with a radius as a share of the hand's length.
const BONES: [(usize, usize, f32); 24] = [
    (0, 5, 0.07),
    (0, 9, 0.07),
    (0, 13, 0.07),
    (0, 17, 0.07),
    (1, 2, 0.06),
    (2, 3, 0.052),
    (3, 4, 0.045),
    (5, 6, 0.050),
    (6, 7, 0.046),
    (7, 8, 0.040),
    (9, 10, 0.050),
    (10, 11, 0.046),
    (11, 12, 0.040),
    (13, 14, 0.048),
    (14, 15, 0.043),
    (15, 16, 0.038),
    (17, 18, 0.043),
    (18, 19, 0.038),
    (19, 20, 0.034),
    (5, 9, 0.05),
    (9, 13, 0.05),
    (13, 17, 0.05),
    (0, 1, 0.06),
    (1, 5, 0.05),
];

/// How far the silhouette of a hand stays from the outline of the mouth, picture units; negative over it.
pub(super) fn distance_to_mouth(joints: &[Vec3; HAND_JOINT_COUNT], length: f32, mouth: &[Vec2]) -> f32 {
    let mut least = f32::INFINITY;
    for (a, b, radius) in BONES {
        let (a, b) = (joints[a].truncate(), joints[b].truncate());
        for k in 0..4 {
            let p = a.lerp(b, k as f32 / 3.0);
            least = least.min(distance_to_outline(p, mouth) - radius * length);
        }
    }
    least
}

/// Distance of a point from a closed outline; negative inside.
fn distance_to_outline(p: Vec2, outline: &[Vec2]) -> f32 {
    let mut least = f32::INFINITY;
    let mut inside = false;
    let n = outline.len();
    for i in 0..n {
        let (a, b) = (outline[i], outline[(i + 1) % n]);
        let way = b - a;
        let t = ((p - a).dot(way) / way.length_squared().max(1e-12)).clamp(0.0, 1.0);
        least = least.min((p - a - way * t).length());
        if (a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) / (b.y - a.y) * way.x {
            inside = !inside;
        }
    }
    if inside { -least } else { least }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn place_and_shape_go_together() {
        // Already together: nothing changes.
        assert_eq!(together((1.0, 1.5), (1.1, 1.3)), ((1.0, 1.5), (1.1, 1.3)));
        // A jump long before the fingers begin: the hand arrives with them.
        let (place, shape) = together((9.74, 9.75), (9.81, 9.99));
        assert_eq!(place, (9.74, 9.99));
        assert!(shape.0 <= 9.81 && shape.1 == 9.99);
        // Fingers ready before the hand leaves: they take their time.
        let (place, shape) = together((1.0, 1.5), (0.8, 0.9));
        assert_eq!(place, (1.0, 1.5));
        assert!(shape.0 == 0.8 && (shape.1 - 1.21).abs() < 1e-9);
        // Neither leaves the span of both, whatever the times.
        for k in 0..500 {
            let f = |n: u32| (f64::from(k) * 0.618_034 * f64::from(n + 1)).fract();
            let (place, shape) = ((f(0), f(0) + 0.5 * f(1)), (f(2), f(2) + 0.5 * f(3)));
            let (p, s) = together(place, shape);
            let (first, last) = (place.0.min(shape.0), place.1.max(shape.1));
            assert!(
                p.0 == place.0 && p.0 <= p.1 && s.0 <= s.1 && s.0 >= first && p.1.max(s.1) <= last,
                "{place:?} {shape:?}"
            );
        }
        assert!(together((f64::NAN, 1.0), (0.0, 1.0)).0.0.is_nan());
    }

    #[test]
    fn a_step_out_and_back_has_time_to_be_seen() {
        assert_eq!(visible((1.0, 1.5), 0.0, 9.0), (1.0, 1.5));
        // A jump: begins earlier, ends when it was to end.
        let (start, end) = visible((1.99, 2.0), 1.0, 3.0);
        assert!((start - 1.76).abs() < 1e-9 && end == 2.0);
        // No room before: ends later, as far as the next move allows.
        let (start, end) = visible((1.99, 2.0), 1.9, 3.0);
        assert!((start - 1.98).abs() < 1e-9 && (end - 2.22).abs() < 1e-9);
        let (start, end) = visible((1.99, 2.0), 1.9, 2.1);
        assert!(start <= 1.99 && (end - 2.02).abs() < 1e-9);
    }
}
