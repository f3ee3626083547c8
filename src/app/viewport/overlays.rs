//! What can be laid over the picture: joints, face points, and where each position is touched.

use super::ViewportInput;
use crate::app::board::position_letters;
use crate::app::inspector::positions_of;
use crate::app::takes::{Pen, person};
use crate::app::theme::{self, Tier, Tokens};
use crate::cueing::where_::Targets;
use crate::pose::{Point, PoseFrame, Side, index};
use egui::{Align2, Painter, Pos2, Rect, Stroke, pos2, vec2};

/// Bones of a body between the points of COCO-WholeBody.
const BODY: [(usize, usize); 9] = [
    (index::LEFT_SHOULDER, index::RIGHT_SHOULDER),
    (index::LEFT_SHOULDER, index::LEFT_ELBOW),
    (index::LEFT_ELBOW, index::LEFT_WRIST),
    (index::RIGHT_SHOULDER, index::RIGHT_ELBOW),
    (index::RIGHT_ELBOW, index::RIGHT_WRIST),
    (index::LEFT_SHOULDER, index::LEFT_HIP),
    (index::RIGHT_SHOULDER, index::RIGHT_HIP),
    (index::NOSE, index::LEFT_EYE),
    (index::NOSE, index::RIGHT_EYE),
];
/// First joint of each finger after the wrist.
const FINGERS: [usize; 5] = [1, 5, 9, 13, 17];

/// From picture units to the screen.
fn on_screen(rect: Rect, x: f32, y: f32) -> Pos2 {
    rect.min + vec2(x, y) * rect.height()
}

fn seen(p: Point) -> bool {
    p.score > 0.05
}

pub fn skeleton(painter: &Painter, rect: Rect, pose: &PoseFrame, t: &Tokens) {
    let body = Stroke::new(2.0, t.hue(Tier::Phones));
    let line = |a: Point, b: Point, stroke: Stroke| {
        if seen(a) && seen(b) {
            painter.line_segment([on_screen(rect, a.x, a.y), on_screen(rect, b.x, b.y)], stroke);
        }
    };
    for (a, b) in BODY {
        line(pose.points[a], pose.points[b], body);
    }
    let hand = Stroke::new(1.5, t.hue(Tier::Position));
    for side in [Side::Left, Side::Right] {
        let first = side.hand_index();
        let joint = |i: usize| pose.points[first + i];
        if !seen(joint(0)) {
            continue;
        }
        for finger in FINGERS {
            line(joint(0), joint(finger), hand);
            for i in finger..finger + 3 {
                line(joint(i), joint(i + 1), hand);
            }
        }
        for i in 0..21 {
            let p = joint(i);
            painter.circle_filled(on_screen(rect, p.x, p.y), 2.0, hand.color);
        }
    }
}

/// The base dotted, what is shown in lines.
pub fn onion(painter: &Painter, rect: Rect, base: &PoseFrame, pose: &PoseFrame, t: &Tokens) {
    let at = |x: f32, y: f32| on_screen(rect, x, y);
    person(painter, base, &at, &Pen::one(1.2, t.text1, true));
    person(painter, pose, &at, &Pen::one(1.5, t.accent, false));
}

pub fn face_points(painter: &Painter, rect: Rect, pose: &PoseFrame, t: &Tokens) {
    for p in pose.face().iter().filter(|p| seen(**p)) {
        painter.circle_filled(on_screen(rect, p.x, p.y), 1.6, t.hue(Tier::Gloss));
    }
}

/// A ring for each position of the language, for the hand shape of the moment.
pub fn targets(painter: &Painter, rect: Rect, targets: &Targets, input: &ViewportInput<'_>, t: &Tokens) {
    let key = input.project.key_at(input.playhead);
    let shape = key.map_or(crate::cueing::HandShape(1), |k| k.shape());
    for position in positions_of(input.project.language()) {
        let target = targets.target(position, shape);
        let center = on_screen(rect, target.point.x, target.point.y);
        let now = key.is_some_and(|k| k.position() == position);
        let color = if now { t.accent } else { t.hue(Tier::Position) };
        let radius = (target.radius * rect.height()).max(5.0);
        painter.circle_stroke(center, radius, Stroke::new(if now { 2.5 } else { 1.5 }, color));
        painter.line_segment([center - vec2(3.0, 0.0), center + vec2(3.0, 0.0)], Stroke::new(1.0, color));
        painter.line_segment([center - vec2(0.0, 3.0), center + vec2(0.0, 3.0)], Stroke::new(1.0, color));
        painter.text(
            pos2(center.x - radius - 3.0, center.y),
            Align2::RIGHT_CENTER,
            position_letters(position),
            theme::mono(theme::SMALL),
            color,
        );
    }
}
