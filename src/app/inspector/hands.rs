//! The eight hand shapes as small drawings, seen as a viewer sees a right-handed cuer: the back of the hand, thumb at
//! the left. Shapes are chosen by clicking them.

use crate::cueing::HandShape;
use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};

/// Which fingers stand: thumb, index, middle, ring, little.
pub fn fingers(shape: HandShape) -> [bool; 5] {
    match shape.0 {
        1 => [false, true, false, false, false],
        2 => [false, true, true, false, false],
        3 => [false, false, true, true, true],
        4 => [false, true, true, true, true],
        5 => [true, true, true, true, true],
        6 => [true, true, false, false, false],
        7 => [true, true, true, false, false],
        8 => [false, true, true, false, false],
        _ => [false; 5],
    }
}

/// Knuckle and tip of each standing finger in a box 100 wide and 120 high, with the finger's width.
const STANDING: [([f32; 2], [f32; 2], f32); 5] = [
    ([33.0, 82.0], [8.0, 54.0], 15.0),
    ([36.0, 58.0], [31.0, 16.0], 14.0),
    ([50.0, 55.0], [49.0, 9.0], 14.0),
    ([63.0, 57.0], [66.0, 15.0], 14.0),
    ([75.0, 62.0], [82.0, 30.0], 12.5),
];
/// Tip of a folded finger: only the knuckle shows.
const FOLDED: [[f32; 2]; 5] = [[38.0, 72.0], [36.5, 52.0], [50.0, 49.0], [63.0, 51.0], [74.5, 56.0]];
/// The V of shape 8: index and middle finger apart.
const SPREAD: [([f32; 2], f32); 2] = [([22.0, 18.0], 14.0), ([60.0, 10.0], 14.0)];
const PALM: [[f32; 2]; 8] =
    [[29.0, 60.0], [38.0, 52.0], [72.0, 54.0], [82.0, 64.0], [79.0, 92.0], [68.0, 112.0], [42.0, 112.0], [29.0, 88.0]];

/// Draws the hand into `rect` with an outline and a fill.
pub fn paint(painter: &Painter, rect: Rect, shape: HandShape, outline: Color32, fill: Color32) {
    let scale = (rect.width() / 100.0).min(rect.height() / 120.0);
    let origin = rect.center() - vec2(50.0, 60.0) * scale;
    let p = |[x, y]: [f32; 2]| pos2(origin.x + x * scale, origin.y + y * scale);
    let standing = fingers(shape);
    let mut segments: Vec<(Pos2, Pos2, f32)> = Vec::with_capacity(5);
    for (i, (knuckle, tip, width)) in STANDING.into_iter().enumerate() {
        let (tip, width) = match (standing[i], i) {
            (true, 1) if shape.0 == 8 => SPREAD[0],
            (true, 2) if shape.0 == 8 => SPREAD[1],
            // The thumb of shape 5 stands off; with 6 and 7 it makes a right angle with the index finger.
            (true, 0) if shape.0 != 5 => ([5.0, 64.0], width),
            (true, _) => (tip, width),
            // A folded thumb lies across the palm, out of sight behind it.
            (false, 0) => continue,
            (false, _) => (FOLDED[i], width + 1.0),
        };
        segments.push((p(knuckle), p(tip), width * scale));
    }
    let palm: Vec<Pos2> = PALM.into_iter().map(p).collect();
    let line = (1.4_f32).max(2.4 * scale);
    // Outline first, larger; the fill over it leaves one line around the whole hand.
    for (grow, color) in [(line, outline), (0.0, fill)] {
        for (a, b, width) in &segments {
            let r = width / 2.0 + grow / 2.0;
            painter.line_segment([*a, *b], Stroke::new(r * 2.0, color));
            painter.circle_filled(*b, r, color);
            painter.circle_filled(*a, r, color);
        }
        let stroke = if grow > 0.0 { Stroke::new(grow + 1.0, color) } else { Stroke::NONE };
        painter.add(Shape::convex_polygon(palm.clone(), color, stroke));
    }
    // Lines between fingers that stand together, and the knuckles of folded ones.
    let faint = Stroke::new((1.0_f32).max(1.2 * scale), outline.gamma_multiply(0.75));
    for pair in [(1, 2), (2, 3), (3, 4)] {
        if standing[pair.0] && standing[pair.1] && shape.0 != 8 {
            let (a, b) = (STANDING[pair.0], STANDING[pair.1]);
            let mid = |u: [f32; 2], v: [f32; 2]| p([(u[0] + v[0]) / 2.0, (u[1] + v[1]) / 2.0]);
            let tip = [a.1, b.1].map(|t| t[1]).into_iter().fold(0.0, f32::max);
            let top = mid([a.1[0], tip + 2.0], [b.1[0], tip + 2.0]);
            painter.line_segment([mid(a.0, b.0), top], faint);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eight_shapes_differ_in_their_fingers_but_for_2_and_8() {
        for a in HandShape::ALL {
            for b in HandShape::ALL {
                let alike = fingers(a) == fingers(b);
                assert_eq!(alike, a == b || [a.0, b.0] == [2, 8] || [a.0, b.0] == [8, 2], "{a:?} {b:?}");
            }
        }
    }
}
