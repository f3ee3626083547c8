//! The rule generator: a calm, exact cuer that needs nothing learned.
//!
//! A [`Plan`] is worked out once from the input: the way of the hand, the mouth, what moves by itself. A frame is then
//! a pure function of the plan and its time, so frames can be made in any order, on any number of threads, and only
//! where they are looked at; an edit remakes only the frames it can reach ([`affected`]). Whichever way they are made,
//! the bytes are those of a full run.

mod arm;
mod express;
mod face;
mod gaze;
mod idle;
mod lips;
mod path;
mod takes;
mod tones;
mod track;
mod vary;
mod visemes;

pub use takes::RuleTakes;
pub(super) use takes::core_of_holds;
pub(super) use track::minimum_jerk;

#[cfg(test)]
pub(crate) mod tests;

use super::{GenerateError, GenerateInput, Generator};
use crate::pose::hand::{HandFrame, HandPose};
use crate::pose::{PoseFrame, PoseSequence, Reference, Side, index, mirrored_frame};
use crate::progress::Progress;
use crate::time::{Fps, FrameIndex, TimeRange};
use arm::Arm;
use express::{Expressions, Prosody};
use face::{Face, FaceState};
use gaze::Gaze;
use glam::{Vec2, Vec3};
use idle::Idle;
use lips::Lips;
use path::HandPath;
use rayon::prelude::*;
use std::ops::Range;
use tones::Tones;
use vary::Variation;

/// The longest performance made at once, seconds: bounds the memory a damaged project can ask for.
const LONGEST: f64 = 4.0 * 3600.0;
/// Distance of the camera from the plane of the face, picture units (about 1.5 m): nearer things look larger.
const CAMERA: f32 = 2.6;
/// Height of the camera in the picture.
const CAMERA_Y: f32 = 0.45;
/// How far a shoulder is behind the plane of the face, in widths of the face.
const SHOULDER_DEPTH: f32 = 0.5;
/// How far breathing lifts the shoulders, picture units.
const BREATH: f32 = 0.0022;
/// The unrest of a hand in the air, picture units.
const UNREST: f32 = 0.0009;

/// What the lips aim at in one phone, each value 0-1, neighbours left aside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LipTarget {
    pub open: f32,
    pub spread: f32,
    pub round: f32,
    /// Lip on lip: p, b, m.
    pub lips_closed: bool,
    /// Lower lip on upper teeth: f, v.
    pub on_teeth: bool,
}

/// The target of the lips that this generator follows, for whoever shows it.
pub fn lip_target(language: crate::language::Language, symbol: &str, class: crate::language::PhoneClass) -> LipTarget {
    let it = visemes::viseme(language, symbol, class);
    LipTarget {
        open: it.mouth.open,
        spread: it.mouth.spread,
        round: it.mouth.round,
        lips_closed: it.seal == Some(visemes::Seal::Lips),
        on_teeth: it.seal == Some(visemes::Seal::Teeth),
    }
}

/// The rule generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules;

impl Generator for Rules {
    fn name(&self) -> &'static str {
        "rules"
    }

    fn generate(&self, input: &GenerateInput, progress: &dyn Progress) -> Result<PoseSequence, GenerateError> {
        const CHUNK: usize = 2048;
        let plan = Plan::new(input)?;
        let count = plan.frame_count();
        let mut frames = Vec::with_capacity(count);
        while frames.len() < count {
            if progress.cancelled() {
                return Err(GenerateError::Cancelled);
            }
            progress.report("Posing", frames.len(), count);
            frames.append(&mut plan.frames(frames.len()..frames.len() + CHUNK));
        }
        progress.report("Posing", count, count);
        Ok(PoseSequence { fps: input.fps, frames })
    }
}

/// The frames that a change within `changed` can reach: up to the moves of the keys beside it, the reach of
/// coarticulation and of blinks that slide into moves, and the whole movement of head tones whose syllables it touches.
/// An expression that has come, gone or changed reaches its own stretch and the whole of the ways that it makes wider.
pub fn affected(input: &GenerateInput, changed: TimeRange) -> Range<usize> {
    let count = input.fps.frame_count(input.length) as usize;
    let (mut start, mut end) = (changed.start.0, changed.end.0);
    let span = |k: &super::PlannedKey| {
        let t = &k.times;
        (t.m1.0.min(t.d1.0), t.m2.0.max(t.d2.0))
    };
    // A key that changes also changes the way to the next key that moves: position and shape may move in different
    // keys, so the reach goes on until both have.
    let touched = |k: &super::PlannedKey| {
        let (from, to) = span(k);
        from <= end && k.times.a3.0.max(to) >= start
    };
    let first = input.keys.iter().position(touched);
    let last = input.keys.iter().rposition(touched);
    if let Some(first) = first {
        start = start.min(span(&input.keys[first]).0);
    }
    let after = last.map_or_else(|| input.keys.partition_point(|k| span(k).0 < start), |l| l + 1);
    if let Some(last) = last {
        end = end.max(span(&input.keys[last]).1);
    }
    let (mut moved, mut shaped) = (false, false);
    for key in input.keys.iter().skip(after) {
        end = end.max(span(key).1);
        moved |= key.times.m2 > key.times.m1;
        shaped |= key.times.d2 > key.times.d1;
        if moved && shaped {
            break;
        }
    }
    for tone in input.head_tones.iter().filter(|t| t.start <= changed.end && t.end >= changed.start) {
        let (from, to) = tones::span(tone);
        (start, end) = (start.min(from), end.max(to));
    }
    // A sound may tell how the next one looks.
    let next = input.phones.partition_point(|p| p.start < changed.end);
    let next = input.phones.get(next).filter(|p| p.start.0 < changed.end.0 + lips::JOINED);
    end = next.map_or(end, |p| end.max(p.end.0));
    let reach = lips::REACH.max(2.0 * idle::BLINK_REACH + 0.3).max(tones::RELEASE);
    let frame = |t: f64| input.fps.frame_at(crate::time::Seconds(t)).0 as usize;
    let (first, last) = (frame(start - reach), frame(end + reach) + 2);
    first.min(count)..last.min(count)
}

/// The frames of a stretch of a performance; those beyond its end are left out. `input` may be a window of the whole
/// ([`super::takes::window`]).
pub fn stretch(input: &GenerateInput, frames: Range<usize>) -> Result<Vec<PoseFrame>, GenerateError> {
    Ok(Plan::new(input)?.frames(frames))
}

/// All that is worked out once for a performance; frames are made from it on demand.
pub struct Plan {
    fps: Fps,
    count: usize,
    /// The person with the cueing hand at image left.
    reference: Reference,
    mirrored: bool,
    face: Face,
    path: HandPath,
    lips: Lips,
    idle: Idle,
    tones: Tones,
    expressions: Expressions,
    prosody: Prosody,
    gaze: Gaze,
    head_amount: f32,
    unrest: f32,
    /// `None` is the calm habit itself.
    vary: Option<Variation>,
}

impl Plan {
    pub fn new(input: &GenerateInput) -> Result<Self, GenerateError> {
        Self::varied(input, None)
    }

    /// How many frames the performance has.
    pub fn frame_count(&self) -> usize {
        self.count
    }

    /// Frames of a stretch; those beyond the end are left out.
    pub fn frames(&self, range: Range<usize>) -> Vec<PoseFrame> {
        let range = range.start.min(self.count)..range.end.min(self.count);
        range.into_par_iter().map(|i| self.frame(i)).collect()
    }

    fn varied(input: &GenerateInput, vary: Option<Variation>) -> Result<Self, GenerateError> {
        check(input)?;
        let mirrored = input.reference.handed == Side::Left;
        let reference = if mirrored { input.reference.mirrored() } else { input.reference.clone() };
        let face = Face::new(&reference, input.style.lips);
        let (expressions, prosody) = (Expressions::new(input, mirrored), Prosody::new(input));
        let bow_of = |i: usize, key: &super::PlannedKey, middle: f64| {
            // The hand comes before its sound: what the voice does with a word is shown on the way to its key.
            let sound = TimeRange::new(key.times.a1, key.times.a3);
            let wider = express::width_of(expressions.wider(middle), prosody.wider(sound));
            vary.as_ref().map_or([1.0; 2], |v| v.bow(i)).map(|f| f * wider)
        };
        let path = HandPath::new(input, &reference, face.mouth_outline(), bow_of);
        let idle = Idle::new(input.seed, input.length.0, input.style.blinks, &path.middles());
        let amount = |a: f32| if a.is_finite() { a.clamp(0.0, 3.0) } else { 1.0 };
        Ok(Self {
            lips: Lips::new(input),
            fps: input.fps,
            count: input.fps.frame_count(input.length) as usize,
            reference,
            mirrored,
            face,
            path,
            idle,
            tones: Tones::new(input),
            expressions,
            prosody,
            gaze: Gaze::new(input.seed, input.length.0, input.style.gaze),
            head_amount: amount(input.style.head),
            unrest: amount(input.style.unrest),
            vary,
        })
    }

    fn frame(&self, i: usize) -> PoseFrame {
        let time = self.fps.time_of(FrameIndex(i as u32)).0;
        let mut frame = PoseFrame::default();
        let lively = if self.prosody.is_empty() { 1.0 } else { self.prosody.livelier(time) };
        let mut head = self.idle.head(time, self.head_amount * lively);
        let mut mouth = self.lips.at(time);
        let mut breath = BREATH * self.unrest * self.idle.breath(time);
        let mut state = FaceState {
            mouth,
            eyes_closed: self.idle.eyes_closed(time),
            brow: 0.35 * self.head_amount * lively * self.idle.brow(time),
            ..FaceState::default()
        };
        if let Some(vary) = &self.vary {
            head = vary.head(time, head);
            mouth = vary.mouth(time, mouth);
            breath = vary.breath(breath);
            state = FaceState { mouth, ..vary.face(time, state) };
        }
        // What the head does by itself, and what it shows: tones of the text, expressions, accents of the voice.
        let drift = head;
        let look = self.show(time, &mut head, &mut state);
        state.pupils = gaze::pupil(look, [head.yaw, head.pitch]);
        let face = self.face.points(&state);
        let face = self.face.turned_points(&face, &head);
        self.set_head(&mut frame, &face);
        let [right, left] = self.face.pupils(&state).map(|p| self.face.turned(p, &head).truncate());
        frame.points[index::RIGHT_EYE] = point(right, 1.0);
        frame.points[index::LEFT_EYE] = point(left, 1.0);
        self.set_body(&mut frame, breath);

        let mut hand = self.path.at(time);
        let s = &mut hand.station;
        s.point.y += s.with_chin * self.face.chin_drop(&mouth);
        let at = s.point;
        s.point += (self.face.turned(at, &drift) - at) * s.with_head;
        if head != drift {
            // Shown turns are larger: the hand goes with the skin under the finger, which lies further back.
            let skin = at.with_z(self.face.skin_depth(at.x));
            let mut by = (self.face.turned(skin, &head) - self.face.turned(skin, &drift)) * s.with_head;
            // In the air it does not swing back and forth with the head: that would be read as a flick.
            by.z *= ((1.0 - s.unrest) / (1.0 - path::UNREST_TOUCHING)).clamp(0.0, 1.0);
            s.point += by;
        }
        let [x, y, z] =
            self.vary.as_ref().map_or_else(|| self.idle.hand(time), |v| v.unrest(time, self.idle.hand(time)));
        s.point += Vec3::new(x, y, z) * (UNREST * self.unrest * s.unrest);
        s.point = unprojected(s.point, self.reference.aspect);
        let model = &self.path.model;
        let hand_frame = hand.frame(model);
        let fingers = self.vary.as_ref().map_or(hand.pose, |v| v.fingers(time, hand.pose));
        self.set_cueing_arm(&mut frame, &fingers, &hand_frame, breath, time);
        self.set_resting_arm(&mut frame, breath, time);
        if self.mirrored { mirrored_frame(&frame, self.reference.aspect) } else { frame }
    }

    /// Adds what is shown to head and face; gives where the eyes look, degrees from the viewer.
    fn show(&self, time: f64, head: &mut idle::HeadMotion, state: &mut FaceState) -> [f32; 2] {
        let shown = self.expressions.at(time);
        let mut degrees = shown.head;
        if !self.tones.is_empty() {
            let [side, down] = self.tones.at(time);
            degrees = [degrees[0] + side, degrees[1] + down, degrees[2]];
        }
        (state.brows_up, state.frown) = (shown.brows_up, shown.frown);
        (state.wide, state.narrow, state.smile) = (shown.wide, shown.narrow, shown.smile);
        if !self.prosody.is_empty() {
            let (brows, down) = self.prosody.accent(time);
            state.brows_up += brows;
            degrees[1] += down;
        }
        if degrees != [0.0; 3] {
            let [yaw, pitch, roll] = express::head_of(degrees);
            (head.yaw, head.pitch, head.roll) = (head.yaw + yaw, head.pitch + pitch, head.roll + roll);
        }
        let jumps = self.gaze.at(time);
        [shown.look[0] + jumps[0], shown.look[1] + jumps[1]]
    }

    /// The 68 points, and nose and ears of the body.
    fn set_head(&self, frame: &mut PoseFrame, face: &[Vec2]) {
        for (i, p) in face.iter().enumerate() {
            frame.points[index::FACE + i] = point(*p, 1.0);
        }
        frame.points[index::NOSE] = point(face[30], 1.0);
        // Ears stand a little outside the jaw line and as high as the eyes and nose.
        let ear = |a: Vec2, b: Vec2| a + (a - b) * 0.03 + (face[8] - face[27]) * 0.12;
        frame.points[index::RIGHT_EAR] = point(ear(face[0], face[16]), 0.9);
        frame.points[index::LEFT_EAR] = point(ear(face[16], face[0]), 0.9);
    }

    /// Shoulders lifted by breath, and hips below the picture.
    fn set_body(&self, frame: &mut PoseFrame, breath: f32) {
        let lifted = |[x, y]: [f32; 2]| Vec2::new(x, y - breath);
        let (right, left) = (lifted(self.reference.right_shoulder), lifted(self.reference.left_shoulder));
        frame.points[index::RIGHT_SHOULDER] = point(right, 1.0);
        frame.points[index::LEFT_SHOULDER] = point(left, 1.0);
        let trunk = 1.05 * self.reference.upper_arm_length + 0.12;
        let middle = (right.x + left.x) / 2.0;
        for (i, shoulder) in [(index::RIGHT_HIP, right), (index::LEFT_HIP, left)] {
            let x = middle + (shoulder.x - middle) * 0.72;
            frame.points[i] = point(Vec2::new(x, shoulder.y + trunk), OUTSIDE_SCORE);
        }
    }

    fn set_cueing_arm(&self, frame: &mut PoseFrame, pose: &HandPose, hand: &HandFrame, breath: f32, time: f64) {
        let [x, y] = self.reference.right_shoulder;
        let depth = -SHOULDER_DEPTH * self.face.width();
        let arm = Arm {
            shoulder: Vec3::new(x, y - breath, depth),
            upper: self.reference.upper_arm_length,
            fore: self.reference.forearm_length,
            sway: self.vary.as_ref().map_or(Vec3::ZERO, |v| v.elbow(time)),
        };
        let elbow = arm.elbow(hand.wrist, hand.along);
        let joints = self.path.model.joints(pose, hand).map(|j| projected(j, self.reference.aspect));
        frame.set_hand(Side::Right, &joints, 1.0);
        let wrist = joints[0].truncate();
        frame.points[index::RIGHT_WRIST] = point(wrist, 1.0);
        let elbow = projected(elbow, self.reference.aspect).truncate();
        frame.points[index::RIGHT_ELBOW] = point(elbow, 0.9);
        // The shoulder rises a little with a raised arm.
        let raised = ((y + 0.25 - wrist.y) / 0.35).clamp(0.0, 1.0);
        frame.points[index::RIGHT_SHOULDER].y -= 0.007 * raised * raised * (3.0 - 2.0 * raised);
    }

    /// The other arm hangs; its hand is below the picture unless the picture shows it.
    fn set_resting_arm(&self, frame: &mut PoseFrame, breath: f32, time: f64) {
        let sway = self.vary.as_ref().map_or(Vec2::ZERO, |v| v.resting_arm(time));
        let elbow = Vec2::from(self.reference.left_elbow) - Vec2::new(0.0, breath) + sway;
        let shoulder = Vec2::from(self.reference.left_shoulder);
        let down = (elbow - shoulder).normalize_or(Vec2::Y);
        // The forearm hangs a little forward and inward.
        let inward = Vec2::new(-0.12, 1.0).normalize();
        let wrist = elbow + (down + inward).normalize_or(Vec2::Y) * self.reference.forearm_length;
        frame.points[index::LEFT_ELBOW] = point(elbow, if elbow.y < 1.0 { 0.9 } else { OUTSIDE_SCORE });
        let seen = wrist.y < 1.0;
        frame.points[index::LEFT_WRIST] = point(wrist, if seen { 0.9 } else { OUTSIDE_SCORE });
        let hand = HandFrame::facing(Side::Left, wrist.extend(0.0), -86.0, 0.0, 40.0);
        let loose = self.vary.as_ref().map_or(HandPose::LOOSE, |v| v.resting_fingers(time));
        let joints = self.path.model.joints(&loose, &hand);
        frame.set_hand(Side::Left, &joints, if seen { 0.9 } else { 0.0 });
    }
}

/// The score of body points that are known to be there but lie outside the picture.
const OUTSIDE_SCORE: f32 = 0.3;

fn point(p: Vec2, score: f32) -> crate::pose::Point {
    crate::pose::Point { x: p.x, y: p.y, score }
}

/// The camera that rule-made performances are seen with.
pub fn camera(aspect: f32) -> crate::pose::hand_fit::Camera {
    crate::pose::hand_fit::Camera { distance: CAMERA, centre: [aspect / 2.0, CAMERA_Y] }
}

/// What the camera sees of a point; depth is kept.
fn projected(p: Vec3, aspect: f32) -> Vec3 {
    let centre = Vec2::new(aspect / 2.0, CAMERA_Y);
    (centre + (p.truncate() - centre) * (CAMERA / (CAMERA - p.z))).extend(p.z)
}

/// The point at this depth that the camera sees there.
fn unprojected(p: Vec3, aspect: f32) -> Vec3 {
    let centre = Vec2::new(aspect / 2.0, CAMERA_Y);
    (centre + (p.truncate() - centre) * ((CAMERA - p.z) / CAMERA)).extend(p.z)
}

fn check(input: &GenerateInput) -> Result<(), GenerateError> {
    let r = &input.reference;
    if r.face.len() != crate::pose::FACE_POINT_COUNT {
        return Err(GenerateError::FacePoints { found: r.face.len() });
    }
    let measures = [
        ("aspect ratio", r.aspect),
        ("hand length", r.hand_length),
        ("forearm length", r.forearm_length),
        ("upper arm length", r.upper_arm_length),
        ("face width", (r.face_point(16).x - r.face_point(0).x).abs()),
    ];
    for (what, value) in measures {
        if !(value.is_finite() && value > 0.0) {
            return Err(GenerateError::Measure { what, value });
        }
    }
    let points = r.face.iter().chain([&r.left_shoulder, &r.right_shoulder, &r.throat, &r.left_elbow, &r.right_elbow]);
    if let Some(value) = points.flatten().find(|v| !v.is_finite()) {
        return Err(GenerateError::Measure { what: "set of landmarks", value: *value });
    }
    if input.length.0.is_nan() || input.length.0 > LONGEST {
        return Err(GenerateError::TooLong { seconds: input.length.0, longest: LONGEST });
    }
    Ok(())
}
