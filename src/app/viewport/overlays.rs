//! What can be laid over the picture: joints, face points, and where each position is touched.

use super::ViewportInput;
use crate::app::alignment::{Skeletons, skeleton_colors};
use crate::app::board::position_letters;
use crate::app::inspector::positions_of;
use crate::app::takes::{Pen, person};
use crate::app::theme::{self, Tier, Tokens};
use crate::cueing::where_::Targets;
use crate::pose::{Point, PoseFrame, Side, edges, index};
use egui::{Align2, Painter, Pos2, Rect, Stroke, pos2, vec2};

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
    for (a, b) in edges::BODY {
        line(pose.points[a], pose.points[b], body);
    }
    let hand = Stroke::new(1.5, t.hue(Tier::Position));
    for side in [Side::Left, Side::Right] {
        let first = side.hand_index();
        let joint = |i: usize| pose.points[first + i];
        if !seen(joint(0)) {
            continue;
        }
        for (a, b) in edges::HAND {
            line(joint(a), joint(b), hand);
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

/// The skeletons of an alignment, the tracker's dotted, with a legend at the foot of the stage.
pub fn alignment(painter: &Painter, stage: Rect, rect: Rect, skeletons: &Skeletons, t: &Tokens) {
    let at = |x: f32, y: f32| on_screen(rect, x, y);
    let all = [&skeletons.tracked, &skeletons.person, &skeletons.aligned];
    let mut x = stage.left() + 8.0;
    for (i, (pose, (color, name))) in all.into_iter().zip(skeleton_colors(t)).enumerate() {
        let Some(pose) = pose else { continue };
        let (width, dotted) = (if i == 2 { 2.0 } else { 1.3 }, i == 0);
        person(painter, pose, &at, &Pen::one(width, color, dotted));
        let text = painter.layout_no_wrap(name.to_owned(), theme::regular(theme::SMALL), color);
        let size = text.size();
        let foot = pos2(x, stage.bottom() - 10.0);
        let line = [foot, foot + vec2(18.0, 0.0)];
        let room = Rect::from_min_max(pos2(x - 4.0, foot.y - 9.0), pos2(x + 24.0 + size.x + 4.0, foot.y + 9.0));
        painter.rect_filled(room, 2.0, t.surface0);
        if dotted {
            painter.extend(egui::Shape::dotted_line(&line, color, 4.0, width));
        } else {
            painter.line_segment(line, Stroke::new(width, color));
        }
        painter.galley(pos2(x + 22.0, foot.y - size.y / 2.0), text, color);
        x = room.right() + 8.0;
    }
}

pub fn face_points(painter: &Painter, rect: Rect, pose: &PoseFrame, t: &Tokens) {
    for p in pose.face().iter().filter(|p| seen(**p)) {
        painter.circle_filled(on_screen(rect, p.x, p.y), 1.6, t.hue(Tier::Gloss));
    }
}

/// The ways of both wrists, of the tips of the index fingers and of the nose: what was in one hue, what comes in
/// another and dashed. A dot is a frame, so that speed is seen.
pub fn trajectories(painter: &Painter, rect: Rect, around: &[(f64, PoseFrame)], t: &Tokens) {
    const INDEX_TIP: usize = 8;
    let joints =
        [index::NOSE, index::LEFT_HAND, index::LEFT_HAND + INDEX_TIP, index::RIGHT_HAND, index::RIGHT_HAND + INDEX_TIP];
    let (past, future) = (t.hue(Tier::Position), t.hue(Tier::Phones));
    for joint in joints {
        for pair in around.windows(2) {
            let (a, b) = (pair[0].1.points[joint], pair[1].1.points[joint]);
            if !seen(a) || !seen(b) {
                continue;
            }
            let time = pair[1].0;
            // It fades with the distance from now.
            let near = (1.0 - time.abs().min(0.5) * 1.6) as f32;
            let color = if time <= 0.0 { past } else { future }.gamma_multiply(near.max(0.15));
            let (from, to) = (on_screen(rect, a.x, a.y), on_screen(rect, b.x, b.y));
            if time <= 0.0 {
                painter.line_segment([from, to], Stroke::new(2.0, color));
            } else {
                painter.extend(egui::Shape::dashed_line(&[from, to], Stroke::new(1.5, color), 4.0, 3.0));
            }
            painter.circle_filled(to, 2.0, color);
        }
    }
}

/// A ring for each position of the language, for the hand shape of the moment.
pub fn targets(painter: &Painter, rect: Rect, targets: &Targets, input: &ViewportInput<'_>, t: &Tokens) {
    let key = input.project.key_at(input.playhead);
    let shape = key.map_or(crate::cueing::HandShape(1), |k| k.shape());
    for position in positions_of(input.project) {
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
