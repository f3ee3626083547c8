//! The guard: looks over poses for what cuers must not do, whatever made the poses.
//!
//! The mouth stays fully visible at all times; a finger at the mouth touches at least a quarter inch beyond its corner;
//! a touch on the chin is not above the dimple (NCSA 1994, Guidelines on the Mechanics of Cueing). Captions hide neither
//! face nor hand (DCMP captioning key). The hand stays in the picture while it cues. The guard takes its lengths from
//! the face it sees and shares nothing with WHERE or the generators.

use super::Position;
use super::reader::CueReading;
use crate::pose::{FACE_POINT_COUNT, HAND_JOINT_COUNT, PoseFrame, PoseSequence, Side};
use crate::time::FrameIndex;
use glam::Vec2;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Distance between the pupils of adults, inches (Dodgson 2004).
const PUPILS_APART: f32 = 2.48;
/// How far a touching fingertip stays from the corner of the mouth, inches (NCSA 1994).
const MOUTH_CLEARANCE: f32 = 0.25;
/// Half the breadth of fingers at their middle and at the tip, and of the edges of the palm, inches (Garrett 1971: index
/// finger 0.72 inch at the joint, tips of some 0.6).
const FINGER_RADIUS: f32 = 0.32;
const TIP_RADIUS: f32 = 0.28;
const PALM_RADIUS: f32 = 0.40;
/// The dimple between lower lip and chin: this share of the way from the lip's lower edge to the tip of the chin.
const DIMPLE: f32 = 0.30;
/// Stretches of fewer frames than this are passed over: an outline is not that exact.
const SHORTEST: usize = 2;
/// Stretches that are at most this many frames apart are one.
const BRIDGED: usize = 2;
/// A joint must be this sure to accuse.
const LEAST_SCORE: f32 = 0.2;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// The hand's silhouette lies over the outline of the lips.
    LipsCovered,
    /// A finger at the mouth is less than a quarter inch from its corner.
    TooNearMouth,
    /// The chin is touched above its dimple.
    ChinTouchTooHigh,
    CaptionOverFace,
    CaptionOverHand,
    /// Part of the cueing hand is outside the picture.
    HandOutOfFrame,
}

impl Fault {
    pub const ALL: [Self; 6] = [
        Self::LipsCovered,
        Self::TooNearMouth,
        Self::ChinTouchTooHigh,
        Self::CaptionOverFace,
        Self::CaptionOverHand,
        Self::HandOutOfFrame,
    ];

    /// One sentence: what it is and what helps.
    pub fn words(self) -> &'static str {
        match self {
            Self::LipsCovered => "The hand covers the lips; move the target outwards or turn the hand.",
            Self::TooNearMouth => {
                "The finger is less than a quarter inch from the corner of the mouth; move it outwards."
            }
            Self::ChinTouchTooHigh => "The chin is touched above its dimple; move the touch down.",
            Self::CaptionOverFace => "The caption lies over the face; move it down or make it smaller.",
            Self::CaptionOverHand => "The caption lies over the hand; move it down or make it smaller.",
            Self::HandOutOfFrame => "The hand leaves the picture; move the camera back or the person in.",
        }
    }
}

/// A fault with the frames that show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    pub fault: Fault,
    /// First frame, and the one after the last.
    pub frames: Range<usize>,
    /// How bad it is at its worst, inches on this face: overlap, missing distance, length outside the picture.
    pub worst: f32,
}

/// A caption on the picture, picture units, from the top left to the bottom right corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Caption {
    pub min: [f32; 2],
    pub max: [f32; 2],
    /// The frames in which it stands.
    pub from: usize,
    pub to: usize,
}

/// What to look at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GuardInput<'a> {
    pub poses: &'a PoseSequence,
    /// Width of the picture divided by its height.
    pub aspect: f32,
    pub captions: &'a [Caption],
}

/// Looks over all frames. `reading` (of the same poses) says which hand cues and when it is at the mouth or the chin;
/// whatever needs a key is looked for only in holds. Findings are in order of frames.
pub fn look(input: &GuardInput<'_>, reading: &CueReading) -> Vec<Finding> {
    let frames = &input.poses.frames;
    let fps = input.poses.fps;
    // Position held in each frame.
    let mut held: Vec<Option<(Position, bool)>> = vec![None; frames.len()];
    for key in &reading.keys {
        let first = fps.frame_at(key.time.start).0 as usize;
        for (i, place) in held.iter_mut().enumerate().skip(first) {
            if fps.time_of(FrameIndex(i as u32)) >= key.time.end {
                break;
            }
            *place = Some((key.position, super::reader::points_with_index(key.shape, key.position)));
        }
    }
    // The hand may come and go below the picture, before the first key and after the last.
    let cueing = |i: usize| {
        let time = fps.time_of(FrameIndex(i as u32));
        reading.keys.first().is_some_and(|k| k.time.start <= time)
            && reading.keys.last().is_some_and(|k| time < k.time.end)
    };
    let looks: Vec<Look> = frames.iter().map(|f| Look::new(f, reading.handed)).collect();
    let mut out = Vec::new();
    for fault in Fault::ALL {
        let badness = |i: usize| -> f32 {
            let look = &looks[i];
            let captions = || input.captions.iter().filter(move |c| (c.from..c.to).contains(&i));
            match fault {
                Fault::LipsCovered => look.lips_covered(),
                Fault::TooNearMouth => match held[i] {
                    Some((Position::Mouth, index)) => look.too_near_mouth(index),
                    _ => 0.0,
                },
                Fault::ChinTouchTooHigh => match held[i] {
                    Some((Position::Chin, index)) => look.chin_too_high(index),
                    _ => 0.0,
                },
                Fault::CaptionOverFace => captions().map(|c| look.over_face(c)).fold(0.0, f32::max),
                Fault::CaptionOverHand => captions().map(|c| look.over_hand(c)).fold(0.0, f32::max),
                Fault::HandOutOfFrame if cueing(i) => look.outside(input.aspect),
                Fault::HandOutOfFrame => 0.0,
            }
        };
        collect(fault, (0..frames.len()).map(badness), &mut out);
    }
    out.sort_by_key(|f| (f.frames.start, f.fault));
    out
}

/// Joins frames to stretches.
fn collect(fault: Fault, badness: impl Iterator<Item = f32>, out: &mut Vec<Finding>) {
    let mut stretches: Vec<Finding> = Vec::new();
    for (i, bad) in badness.enumerate().filter(|(_, b)| *b > 0.0) {
        match stretches.last_mut() {
            Some(last) if i <= last.frames.end + BRIDGED => {
                last.frames.end = i + 1;
                last.worst = last.worst.max(bad);
            }
            _ => stretches.push(Finding { fault, frames: i..i + 1, worst: bad }),
        }
    }
    out.extend(stretches.into_iter().filter(|f| f.frames.len() >= SHORTEST));
}

/// Bones of the hand as pairs of joints with a radius in inches.
const BONES: [(usize, usize, f32); 24] = {
    const P: f32 = PALM_RADIUS;
    const F: f32 = FINGER_RADIUS;
    const T: f32 = TIP_RADIUS;
    [
        (0, 1, P),
        (1, 2, P),
        (2, 3, F),
        (3, 4, T),
        (0, 5, P),
        (0, 9, P),
        (0, 13, P),
        (0, 17, P),
        (5, 9, P),
        (9, 13, P),
        (13, 17, F),
        (1, 5, P),
        (5, 6, F),
        (6, 7, F),
        (7, 8, T),
        (9, 10, F),
        (10, 11, F),
        (11, 12, T),
        (13, 14, F),
        (14, 15, F),
        (15, 16, T),
        (17, 18, F),
        (18, 19, T),
        (19, 20, T),
    ]
};

/// What a frame shows, `None` where points are missing.
struct Look {
    face: [Option<Vec2>; FACE_POINT_COUNT],
    hand: [Option<Vec2>; HAND_JOINT_COUNT],
    side: Side,
    /// Picture units an inch; 0 without eyes.
    inch: f32,
}

impl Look {
    fn new(frame: &PoseFrame, side: Side) -> Self {
        let at = |p: &crate::pose::Point| {
            (p.score >= LEAST_SCORE && p.x.is_finite() && p.y.is_finite()).then_some(Vec2::new(p.x, p.y))
        };
        let face: [Option<Vec2>; FACE_POINT_COUNT] = std::array::from_fn(|i| at(&frame.face()[i]));
        let first = side.hand_index();
        let hand = std::array::from_fn(|i| at(&frame.points[first + i]));
        let eye = |range: Range<usize>| {
            let seen: Vec<Vec2> = face[range].iter().flatten().copied().collect();
            (seen.len() >= 3).then(|| seen.iter().copied().sum::<Vec2>() / seen.len() as f32)
        };
        let inch = eye(36..42).zip(eye(42..48)).map_or(0.0, |(a, b)| (a - b).length() / PUPILS_APART);
        Self { face, hand, side, inch }
    }

    fn tip(&self, index: bool) -> Option<Vec2> {
        self.hand[if index { 8 } else { 12 }]
    }

    /// By how much the silhouette lies over the outline of the lips, inches.
    fn lips_covered(&self) -> f32 {
        let mouth: Vec<Vec2> = self.face[48..60].iter().flatten().copied().collect();
        if mouth.len() < 8 || self.inch <= 0.0 {
            return 0.0;
        }
        let mut worst = 0.0_f32;
        for (a, b, radius) in BONES {
            let (Some(a), Some(b)) = (self.hand[a], self.hand[b]) else { continue };
            worst = worst.max(radius - bone_to_outline(a, b, &mouth) / self.inch);
        }
        worst
    }

    /// By how much the pointing fingertip is too near to the corner of the mouth on its side, inches.
    fn too_near_mouth(&self, index: bool) -> f32 {
        let corner = self.face[if self.side == Side::Right { 48 } else { 54 }];
        let (Some(tip), Some(corner)) = (self.tip(index), corner) else { return 0.0 };
        if self.inch <= 0.0 {
            return 0.0;
        }
        MOUTH_CLEARANCE + TIP_RADIUS - (tip - corner).length() / self.inch
    }

    /// By how much the fingertip on the chin is above the dimple, inches.
    fn chin_too_high(&self, index: bool) -> f32 {
        let (Some(tip), Some(lip), Some(chin)) = (self.tip(index), self.face[57], self.face[8]) else { return 0.0 };
        let down = chin - lip;
        let length = down.length();
        if length <= 1e-6 || self.inch <= 0.0 {
            return 0.0;
        }
        (DIMPLE * length - (tip - lip).dot(down) / length) / self.inch
    }

    fn over_face(&self, caption: &Caption) -> f32 {
        // The outline of the face: jaw line and brows.
        self.overlap(caption, self.face[..27].iter().flatten().copied(), 0.0)
    }

    fn over_hand(&self, caption: &Caption) -> f32 {
        self.overlap(caption, self.hand.iter().flatten().copied(), FINGER_RADIUS)
    }

    /// How far the box around points reaches into a caption, inches.
    fn overlap(&self, caption: &Caption, points: impl Iterator<Item = Vec2>, margin: f32) -> f32 {
        let (mut min, mut max) = (Vec2::INFINITY, Vec2::NEG_INFINITY);
        for p in points {
            (min, max) = (min.min(p), max.max(p));
        }
        if self.inch <= 0.0 || min.x > max.x {
            return 0.0;
        }
        let margin = Vec2::splat(margin * self.inch);
        let into = (max + margin).min(Vec2::from(caption.max)) - (min - margin).max(Vec2::from(caption.min));
        into.min_element().max(0.0) / self.inch
    }

    /// How far joints of the hand reach out of the picture, inches.
    fn outside(&self, aspect: f32) -> f32 {
        if self.inch <= 0.0 {
            return 0.0;
        }
        let out = |p: &Vec2| (-p.x).max(p.x - aspect).max(-p.y).max(p.y - 1.0);
        // The wrist may be cut off by the lower edge; fingers may not.
        self.hand[1..].iter().flatten().map(out).fold(0.0, f32::max) / self.inch
    }
}

/// Distance from a bone to a closed outline; 0 where they touch or the bone lies inside.
fn bone_to_outline(a: Vec2, b: Vec2, outline: &[Vec2]) -> f32 {
    if inside(a, outline) || inside(b, outline) {
        return 0.0;
    }
    let n = outline.len();
    let mut least = f32::INFINITY;
    for i in 0..n {
        let (c, d) = (outline[i], outline[(i + 1) % n]);
        if crosses(a, b, c, d) {
            return 0.0;
        }
        least = least.min(to_segment(c, a, b)).min(to_segment(a, c, d)).min(to_segment(b, c, d));
    }
    least
}

fn to_segment(p: Vec2, a: Vec2, b: Vec2) -> f32 {
    let way = b - a;
    let t = ((p - a).dot(way) / way.length_squared().max(1e-12)).clamp(0.0, 1.0);
    (p - a - way * t).length()
}

fn crosses(a: Vec2, b: Vec2, c: Vec2, d: Vec2) -> bool {
    let turn = |p: Vec2, q: Vec2, r: Vec2| (q - p).perp_dot(r - p);
    turn(a, b, c) * turn(a, b, d) < 0.0 && turn(c, d, a) * turn(c, d, b) < 0.0
}

fn inside(p: Vec2, outline: &[Vec2]) -> bool {
    let n = outline.len();
    let mut inside = false;
    for i in 0..n {
        let (a, b) = (outline[i], outline[(i + 1) % n]);
        if (a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x) {
            inside = !inside;
        }
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cueing::HandShape;
    use crate::cueing::reader::ReadKey;
    use crate::pose::{Point, Reference, index};
    use crate::time::{Fps, Seconds, TimeRange};

    /// Ten frames of the example person whose index fingertip of an otherwise far hand is at a place.
    fn poses(tip: [f32; 2]) -> PoseSequence {
        let r = Reference::example();
        let mut frame = PoseFrame::default();
        for (i, p) in r.face.iter().enumerate() {
            frame.points[index::FACE + i] = Point::new(p[0], p[1]);
        }
        for j in 0..HAND_JOINT_COUNT {
            frame.points[index::RIGHT_HAND + j] = Point::new(0.2 + 0.004 * j as f32, 0.8);
        }
        // The finger lies on the line from the knuckle to its tip.
        let from = Vec2::new(tip[0] - 0.10, tip[1] + 0.10);
        for (j, t) in [(5, 0.0), (6, 0.5), (7, 0.8), (8, 1.0)] {
            let p = from.lerp(Vec2::from(tip), t);
            frame.points[index::RIGHT_HAND + j] = Point::new(p.x, p.y);
        }
        PoseSequence { fps: Fps::whole(25), frames: vec![frame; 10] }
    }

    fn reading(position: Position) -> CueReading {
        let key = ReadKey {
            shape: HandShape(1),
            position,
            movement: None,
            time: TimeRange::new(Seconds(0.0), Seconds(0.32)),
            confidence: 1.0,
            alternatives: Vec::new(),
        };
        CueReading { handed: Side::Right, keys: vec![key] }
    }

    fn faults(tip: [f32; 2], position: Position, captions: &[Caption]) -> Vec<Fault> {
        let poses = poses(tip);
        let input = GuardInput { poses: &poses, aspect: 1.0, captions };
        look(&input, &reading(position)).iter().map(|f| f.fault).collect()
    }

    #[test]
    fn lips_and_their_corner_are_kept_free() {
        // The corner is at (0.458, 0.456); an inch on this face is 0.04.
        assert_eq!(faults([0.425, 0.458], Position::Mouth, &[]), []);
        assert_eq!(faults([0.440, 0.458], Position::Mouth, &[]), [Fault::TooNearMouth]);
        assert_eq!(faults([0.470, 0.458], Position::Mouth, &[]), [Fault::LipsCovered, Fault::TooNearMouth]);
        // A bone across the mouth covers it though both its ends are outside.
        let mut across = poses([0.30, 0.60]);
        for f in &mut across.frames {
            f.points[index::RIGHT_HAND + 7] = Point::new(0.40, 0.458);
            f.points[index::RIGHT_HAND + 8] = Point::new(0.60, 0.458);
        }
        let found = look(&GuardInput { poses: &across, aspect: 1.0, captions: &[] }, &reading(Position::Side));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].fault, found[0].frames.clone()), (Fault::LipsCovered, 0..10));
        assert!((found[0].worst - TIP_RADIUS).abs() < 1e-6);
    }

    #[test]
    fn the_chin_is_touched_below_the_dimple() {
        // From the lip at 0.473 to the chin at 0.520 the dimple is at 0.487.
        assert_eq!(faults([0.490, 0.510], Position::Chin, &[]), []);
        assert!(faults([0.490, 0.484], Position::Chin, &[]).contains(&Fault::ChinTouchTooHigh));
    }

    #[test]
    fn captions_hide_neither_face_nor_hand_and_the_hand_stays_in() {
        let caption = |top: f32, bottom: f32| Caption { min: [0.1, top], max: [0.9, bottom], from: 2, to: 8 };
        assert_eq!(faults([0.43, 0.6], Position::Throat, &[caption(0.88, 0.97)]), []);
        assert_eq!(faults([0.43, 0.6], Position::Throat, &[caption(0.78, 0.97)]), [Fault::CaptionOverHand]);
        assert_eq!(
            faults([0.43, 0.6], Position::Throat, &[caption(0.50, 0.55)]),
            [Fault::CaptionOverFace],
            "the hand's box begins at 0.6"
        );
        assert_eq!(faults([-0.05, 0.5], Position::Side, &[]), [Fault::HandOutOfFrame]);
        // After the last key the hand may go.
        let mut leaving = poses([0.43, 0.6]);
        for f in &mut leaving.frames[8..] {
            f.points[index::RIGHT_HAND + 8] = Point::new(0.4, 1.2);
        }
        assert!(
            look(&GuardInput { poses: &leaving, aspect: 1.0, captions: &[] }, &reading(Position::Throat)).is_empty()
        );
    }

    #[test]
    fn missing_points_accuse_nobody() {
        let mut empty = poses([0.48, 0.458]);
        for f in &mut empty.frames {
            f.points.iter_mut().for_each(|p| *p = Point::default());
        }
        assert!(look(&GuardInput { poses: &empty, aspect: 1.0, captions: &[] }, &reading(Position::Mouth)).is_empty());
    }
}
