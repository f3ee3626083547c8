//! Joints of an arm and its hand from where the hand is to be.

use super::motion::HandState;
use crate::generate::rules::camera;
use crate::pose::hand::{HandFrame, HandModel};
use crate::pose::{Point, PoseFrame, Reference, Side, index};
use glam::{Vec2, Vec3};

/// How far a shoulder is behind the plane of the face, widths of the face.
const SHOULDER_DEPTH: f32 = 0.5;
/// The arm is never quite stretched.
const STRETCH: f32 = 0.985;
/// The hand bends against the forearm by at most this, degrees.
const MOST_BEND: f32 = 55.0;
/// The score of points that are known to be there but lie outside the picture, as the rule generator has it.
const OUTSIDE: f32 = 0.3;

/// Lengths of a person's arms, and the camera.
#[derive(Clone, Debug)]
pub struct Body {
    upper: f32,
    fore: f32,
    depth: f32,
    aspect: f32,
    model: HandModel,
    distance: f32,
    centre: Vec2,
}

impl Body {
    pub fn new(reference: &Reference) -> Self {
        let camera = camera(reference.aspect);
        let width = (reference.face_point(16).x - reference.face_point(0).x).abs();
        Self {
            upper: reference.upper_arm_length,
            fore: reference.forearm_length,
            depth: -SHOULDER_DEPTH * width,
            aspect: reference.aspect,
            model: HandModel::new(reference.hand_length),
            distance: camera.distance,
            centre: Vec2::from(camera.centre),
        }
    }

    /// What the camera sees of a point; depth is kept.
    fn seen(&self, p: Vec3) -> Vec3 {
        let scale = self.distance / (self.distance - p.z).max(0.1);
        (self.centre + (p.truncate() - self.centre) * scale).extend(p.z)
    }

    /// Puts elbow, wrist and hand of a side where they are to be, hanging from the shoulder the frame has.
    pub fn set_arm(&self, frame: &mut PoseFrame, side: Side, hand: &HandState) {
        let (shoulder_at, elbow_at, wrist_at) = match side {
            Side::Left => (index::LEFT_SHOULDER, index::LEFT_ELBOW, index::LEFT_WRIST),
            Side::Right => (index::RIGHT_SHOULDER, index::RIGHT_ELBOW, index::RIGHT_WRIST),
        };
        // The right hand of a person who faces the viewer is at picture left.
        let outward = if side == Side::Right { -1.0 } else { 1.0 };
        let p = frame.points[shoulder_at];
        let shoulder = Vec3::new(p.x, p.y, self.depth);
        let arm = self.upper + self.fore;
        let place = hand.place;
        let mut wrist = shoulder + Vec3::new(outward * place.x, place.y, place.z) * arm;
        let reach = (wrist - shoulder).length();
        if reach > STRETCH * arm {
            wrist = shoulder + (wrist - shoulder) * (STRETCH * arm / reach);
        }
        let elbow = self.elbow(shoulder, wrist, outward);
        let turned = HandFrame::facing(side, wrist, hand.turn.x, hand.turn.y, hand.turn.z);
        let turned = bent(turned, (wrist - elbow).normalize_or(Vec3::Y));
        let joints = self.model.joints(&hand.pose, &turned).map(|j| self.seen(j));
        let score = |p: Vec2, sure: f32| {
            let inside = (0.0..=self.aspect).contains(&p.x) && (0.0..=1.0).contains(&p.y);
            if inside { sure } else { OUTSIDE }
        };
        let at = joints[0].truncate();
        frame.set_hand(side, &joints, score(at, 1.0));
        frame.points[wrist_at] = Point { x: at.x, y: at.y, score: score(at, 1.0) };
        let at = self.seen(elbow).truncate();
        frame.points[elbow_at] = Point { x: at.x, y: at.y, score: score(at, 0.9) };
    }

    /// The elbow both bones reach, as low, outward and far back as it may be.
    fn elbow(&self, shoulder: Vec3, wrist: Vec3, outward: f32) -> Vec3 {
        let across = wrist - shoulder;
        let axis = across.normalize_or(Vec3::Y);
        let d = across.length().clamp((self.upper - self.fore).abs() + 1e-4, self.upper + self.fore - 1e-4);
        let along = (self.upper * self.upper - self.fore * self.fore + d * d) / (2.0 * d);
        let radius = (self.upper * self.upper - along * along).max(0.0).sqrt();
        let wish = Vec3::new(0.45 * outward, 1.0, -0.55);
        let away = (wish - axis * wish.dot(axis)).normalize_or(Vec3::new(outward, 0.0, 0.0));
        shoulder + axis * along + away * radius
    }
}

/// The hand turned back towards the line of the forearm as far as its wrist must.
fn bent(hand: HandFrame, forearm: Vec3) -> HandFrame {
    let cos = hand.along.dot(forearm).clamp(-1.0, 1.0);
    let most = MOST_BEND.to_radians();
    if cos >= most.cos() {
        return hand;
    }
    let side = (hand.along - forearm * cos).normalize_or(hand.back);
    let along = forearm * most.cos() + side * most.sin();
    // The least turn that brings the one direction into the other carries the rest of the hand along.
    let turn = glam::Quat::from_rotation_arc(hand.along.normalize_or(Vec3::Y), along.normalize_or(Vec3::Y));
    HandFrame { wrist: hand.wrist, along, thumbward: turn * hand.thumbward, back: turn * hand.back }
}
