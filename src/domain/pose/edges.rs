//! The edges of a person: which points belong together, and the edge heatmap they make.
//!
//! Contextual-Gesture, equation 4: an edge between points *i* and *j* lights a pixel *p* with
//! `S_ij(p) = exp(v_ij(p) · d_ij²(p) / σ²)`, where `d_ij` is the distance of the pixel from the edge, σ sets the
//! thickness, and `v_ij` must be negative for the light to fade; here it is −1. The distance is
//! that from the nearest place of the edge, ends included (equations 5 and 6). The heatmap is the greatest of all
//! edges at each pixel (equation 7, section 3.3).

use super::{FACE_CHAINS, Point, PoseFrame, Side, index};
use glam::{Vec2, vec2};
use std::ops::Range;

/// Edges of the body, between the points of COCO-WholeBody.
pub const BODY: [(usize, usize); 9] = [
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

/// Edges of a hand, between its 21 joints: from the wrist along each finger.
pub const HAND: [(usize, usize); 20] = {
    let mut edges = [(0, 0); 20];
    let mut i = 0;
    while i < 20 {
        let joint = i + 1;
        edges[i] = (if joint % 4 == 1 { 0 } else { joint - 1 }, joint);
        i += 1;
    }
    edges
};

/// A score below which a point is taken to be missing.
const SEEN: f32 = 0.05;
/// Beyond so many σ an edge gives less light than a byte can hold.
const REACH: f32 = 2.4;

/// All edges of body, hands and face as pairs of points of the 133.
pub fn all() -> impl Iterator<Item = (usize, usize)> {
    let hands = [Side::Left, Side::Right].into_iter().flat_map(|side| {
        let first = side.hand_index();
        HAND.iter().map(move |(a, b)| (first + a, first + b))
    });
    let face = FACE_CHAINS.into_iter().flat_map(|(range, closed)| {
        let (first, last) = (range.start, range.end - 1);
        let inner = (first..last).map(|i| (i, i + 1));
        inner.chain(closed.then_some((last, first))).map(|(a, b)| (index::FACE + a, index::FACE + b))
    });
    BODY.into_iter().chain(hands).chain(face)
}

/// An edge as it lights a map.
#[derive(Clone, Debug, PartialEq)]
pub struct LitEdge {
    /// The end nearer to the map's corner in pixels, middles of pixels at halves.
    pub a: Vec2,
    /// Unit vector to the other end, and how far that is in pixels.
    pub direction: Vec2,
    pub length: f32,
    /// The lesser score of its ends, 0-1.
    pub score: f32,
    /// The pixels beyond which it gives no light that counts.
    pub columns: Range<usize>,
    pub rows: Range<usize>,
}

/// σ in pixels of a map that is `height` pixels high.
pub fn sigma(thickness: f32, height: usize) -> f32 {
    (thickness * height as f32).max(1e-3)
}

/// The edges of a pose that light a map of `width · height` pixels: those whose ends were both seen.
pub fn lit(pose: &PoseFrame, thickness: f32, width: usize, height: usize) -> impl Iterator<Item = LitEdge> {
    let reach = REACH * sigma(thickness, height);
    let pixel = move |p: Point| vec2(p.x, p.y) * height as f32;
    all().filter_map(move |(a, b)| {
        let (a, b) = (pose.points[a], pose.points[b]);
        let score = a.score.min(b.score).min(1.0);
        let seen = score > SEEN && [a, b].iter().all(|p| p.x.is_finite() && p.y.is_finite());
        seen.then(|| {
            let (a, b) = (pixel(a), pixel(b));
            // From the end that is nearer to the map.
            let (a, b) = if a.length_squared() <= b.length_squared() { (a, b) } else { (b, a) };
            let (low, high) = (a.min(b) - reach, a.max(b) + reach);
            let columns = (low.x.floor().max(0.0) as usize)..(high.x.ceil().clamp(0.0, width as f32) as usize);
            let rows = (low.y.floor().max(0.0) as usize)..(high.y.ceil().clamp(0.0, height as f32) as usize);
            let length = a.distance(b);
            LitEdge { a, direction: (b - a) / length.max(1e-6), length, score, columns, rows }
        })
    })
}

/// The edge heatmap of a pose: `width · height` values from 0 to 1, row by row, of a picture 1.0 high and
/// `width / height` wide. `thickness` is σ in picture units; each edge is weakened by the lesser score of its ends.
/// `shaders/edges.wgsl` draws the same on a graphics processor.
pub fn heatmap(pose: &PoseFrame, thickness: f32, width: usize, height: usize) -> Vec<f32> {
    let mut values = vec![0.0_f32; width * height];
    let sharpness = sigma(thickness, height).powi(-2);
    for edge in lit(pose, thickness, width, height) {
        for y in edge.rows.clone() {
            for x in edge.columns.clone() {
                let p = vec2(x as f32 + 0.5, y as f32 + 0.5);
                let d = distance_squared(p, edge.a, edge.direction, edge.length);
                let value = &mut values[y * width + x];
                *value = value.max(edge.score * (-d * sharpness).exp());
            }
        }
    }
    values
}

/// Squared distance of a point from the edge that begins at `a`, has the unit `direction` and this length. The way along
/// it is counted in pixels and not as a share of its length, so that an end far outside the map costs no precision.
fn distance_squared(p: Vec2, a: Vec2, direction: Vec2, length: f32) -> f32 {
    let from = p - a;
    let along = from.dot(direction).clamp(0.0, length);
    (from - direction * along).length_squared()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lone_edge(a: [f32; 3], b: [f32; 3]) -> PoseFrame {
        let mut pose = PoseFrame::default();
        pose.points[index::LEFT_ELBOW] = Point { x: a[0], y: a[1], score: a[2] };
        pose.points[index::LEFT_WRIST] = Point { x: b[0], y: b[1], score: b[2] };
        pose
    }

    #[test]
    fn light_fades_with_the_square_of_the_distance() {
        // A level edge through the middles of row 32 of 64.
        let y = 32.5 / 64.0;
        let map = heatmap(&lone_edge([0.25, y, 1.0], [0.75, y, 1.0]), 3.0 / 64.0, 64, 64);
        let at = |x: usize, y: usize| map[y * 64 + x];
        assert!((at(32, 32) - 1.0).abs() < 1e-6);
        for rows in 1..6 {
            let expected = (-(rows * rows) as f32 / 9.0).exp();
            assert!((at(32, 32 + rows as usize) - expected).abs() < 1e-5, "{rows}");
        }
        // Beyond its end the distance is that from the end: pixel middle 52.5, end at 48.
        assert!((at(52, 32) - (-4.5_f32 * 4.5 / 9.0).exp()).abs() < 1e-5);
        assert_eq!(at(32, 2), 0.0);
    }

    #[test]
    fn missing_and_broken_points_give_no_light() {
        for b in [[0.75, 0.5, 0.0], [f32::NAN, 0.5, 1.0], [f32::INFINITY, 0.5, 1.0]] {
            assert!(heatmap(&lone_edge([0.25, 0.5, 1.0], b), 0.02, 48, 48).iter().all(|v| *v == 0.0), "{b:?}");
        }
        let half = heatmap(&lone_edge([0.25, 0.5, 1.0], [0.75, 0.5, 0.5]), 0.1, 48, 48);
        assert!((half.iter().fold(0.0_f32, |a, b| a.max(*b)) - 0.5).abs() < 0.02);
        // Far outside the picture nothing is drawn and nothing fails.
        heatmap(&lone_edge([-1e9, -1e9, 1.0], [1e9, 1e9, 1.0]), 0.02, 8, 8);
    }

    #[test]
    fn every_edge_joins_two_points_of_one_part() {
        let edges: Vec<_> = all().collect();
        assert_eq!(edges.len(), 9 + 40 + 63);
        assert!(edges.iter().all(|(a, b)| a != b && *a < super::super::POINT_COUNT && *b < super::super::POINT_COUNT));
        // Thumb to little finger: each starts at the wrist.
        assert_eq!(HAND.iter().filter(|(a, _)| *a == 0).map(|(_, b)| *b).collect::<Vec<_>>(), [1, 5, 9, 13, 17]);
        assert_eq!(HAND[19], (19, 20));
    }
}
