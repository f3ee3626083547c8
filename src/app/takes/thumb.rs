//! A person as a few lines: moving thumbnails of takes, and the onion skin over the picture.

use crate::generate::takes::Poses;
use crate::pose::parts::{Part, Parts};
use crate::pose::{Point, PoseFrame, index};
use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};

const LIMBS: [(usize, usize); 5] = [
    (index::LEFT_SHOULDER, index::RIGHT_SHOULDER),
    (index::LEFT_SHOULDER, index::LEFT_ELBOW),
    (index::LEFT_ELBOW, index::LEFT_WRIST),
    (index::RIGHT_SHOULDER, index::RIGHT_ELBOW),
    (index::RIGHT_ELBOW, index::RIGHT_WRIST),
];

/// The part of the picture that a thumbnail shows: where the take's parts are in it.
pub fn region(poses: &Poses, parts: Parts) -> Rect {
    let n = poses.frames.len();
    let mut rect = Rect::NOTHING;
    for frame in [0, n / 4, n / 2, 3 * n / 4, n.saturating_sub(1)].into_iter().filter_map(|i| poses.frames.get(i)) {
        for i in parts.iter().flat_map(Part::moves) {
            let p = frame.points[i];
            // What hangs below the picture does not count.
            if seen(p) && p.y < 1.1 && p.y > -0.1 {
                rect.extend_with(pos2(p.x, p.y));
            }
        }
    }
    if !rect.is_positive() {
        return Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    }
    // With the face in it a hand says where it is.
    let hands = [Part::LeftHand, Part::RightHand, Part::Arms].into_iter().any(|p| parts.contains(p));
    if hands && let Some(frame) = poses.frames.get(n / 2) {
        for p in frame.face().iter().filter(|p| seen(**p)) {
            rect.extend_with(pos2(p.x, p.y));
        }
    }
    rect.expand(0.04)
}

fn seen(p: Point) -> bool {
    p.score > 0.05 && p.x.abs() < 4.0 && p.y.abs() < 4.0
}

/// How a person is drawn.
#[derive(Clone, Copy)]
pub struct Pen {
    pub face: Stroke,
    pub body: Stroke,
    pub hands: Stroke,
    /// Dotted: the base of an onion skin, told apart by more than its colour.
    pub dotted: bool,
}

impl Pen {
    pub fn one(width: f32, color: Color32, dotted: bool) -> Self {
        let stroke = Stroke::new(width, color);
        Self { face: stroke, body: stroke, hands: stroke, dotted }
    }
}

/// Draws a pose; `at` brings picture units to the screen.
pub fn person(painter: &Painter, pose: &PoseFrame, at: &dyn Fn(f32, f32) -> Pos2, pen: &Pen) {
    let chain = |points: &mut dyn Iterator<Item = Point>, closed: bool, stroke: Stroke| {
        let mut line: Vec<Pos2> = points.filter(|p| seen(*p)).map(|p| at(p.x, p.y)).collect();
        if line.len() < 2 {
            return;
        }
        if closed && let Some(first) = line.first().copied() {
            line.push(first);
        }
        if pen.dotted {
            painter.extend(Shape::dotted_line(&line, stroke.color, 4.0, stroke.width));
        } else {
            painter.add(Shape::line(line, stroke));
        }
    };
    for (range, closed) in crate::pose::FACE_CHAINS {
        chain(&mut pose.face()[range].iter().copied(), closed, pen.face);
    }
    for (a, b) in LIMBS {
        if seen(pose.points[a]) && seen(pose.points[b]) {
            chain(&mut [pose.points[a], pose.points[b]].into_iter(), false, pen.body);
        }
    }
    for first in [index::LEFT_HAND, index::RIGHT_HAND] {
        if !seen(pose.points[first]) {
            continue;
        }
        for finger in 0..5 {
            let joints = (0..5).map(|j| if j == 0 { first } else { first + 4 * finger + j });
            chain(&mut joints.map(|i| pose.points[i]), false, pen.hands);
        }
    }
}

/// A thumbnail: `region` of the picture fitted into `rect`.
pub fn thumbnail(painter: &Painter, rect: Rect, region: Rect, pose: &PoseFrame, pen: &Pen) {
    let scale = (rect.width() / region.width()).min(rect.height() / region.height());
    let (middle, from) = (rect.center(), region.center());
    let at = |x: f32, y: f32| middle + vec2(x - from.x, y - from.y) * scale;
    person(&painter.with_clip_rect(rect.intersect(painter.clip_rect())), pose, &at, pen);
}
