//! Room around a picture, where the hand cues beside the head and under the chin.
//!
//! What is beyond an edge continues the edge's colours, smoother the farther out: a wall stays a wall, and nothing is
//! invented that could be taken for the picture.

use crate::cueing::where_::Targets;
use crate::cueing::{HandShape, Position};
use crate::pose::{Reference, Side};
use image::{Rgb, RgbImage};
use rayon::prelude::*;

/// Room to add at each edge, in picture heights.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Room {
    pub left: f32,
    pub right: f32,
    pub top: f32,
    pub bottom: f32,
}

/// How far the hand reaches beyond its pointing fingertip, in hand lengths: at the side it stands steeply, its palm and
/// wrist outside of the tip; at the throat it lies flat.
const BESIDE: f32 = 0.62;
const BELOW: f32 = 0.42;
/// Above the brow there is at least this share of the way from the brow to the chin: forehead and hair.
const ABOVE: f32 = 0.62;
/// No edge gets more than this.
const MOST: f32 = 1.0;

impl Room {
    /// What the cueing hand of a person lacks at each edge.
    pub fn missing(reference: &Reference) -> Self {
        let targets = Targets::new(reference);
        let side = targets.target(Position::Side, HandShape(5)).point;
        let throat = targets.target(Position::Throat, HandShape(5)).point;
        let hand = reference.hand_length;
        let lack = |v: f32| if v.is_finite() && v > 0.005 { v.min(MOST) } else { 0.0 };
        let beside = BESIDE * hand;
        let (left, right) = match reference.handed {
            Side::Right => (lack(beside - side.x), 0.0),
            Side::Left => (0.0, lack(side.x + beside - reference.aspect)),
        };
        let (brow, chin) = (reference.face_point(27).y, reference.face_point(8).y);
        Self { left, right, top: lack(ABOVE * (chin - brow) - brow), bottom: lack(throat.y + BELOW * hand - 1.0) }
    }

    pub fn is_enough(&self) -> bool {
        [self.left, self.right, self.top, self.bottom].iter().all(|v| *v <= 0.0)
    }
}

/// The picture with room around it, and where its old origin lies, in pixels.
pub fn extended(picture: &RgbImage, room: Room) -> (RgbImage, [i64; 2]) {
    let height = picture.height() as f32;
    let pixels = |v: f32| if v.is_finite() { (v.clamp(0.0, MOST) * height).round() as u32 } else { 0 };
    let (left, right, top, bottom) = (pixels(room.left), pixels(room.right), pixels(room.top), pixels(room.bottom));
    if left + right + top + bottom == 0 {
        return (picture.clone(), [0, 0]);
    }
    // First to the sides, then up and down over the full width.
    let wide = sides(picture, left, right);
    let upright = image::imageops::rotate90(&wide);
    // Turned by a quarter to the right, the top edge is at the right.
    let tall = image::imageops::rotate270(&sides(&upright, bottom, top));
    (tall, [i64::from(left), i64::from(top)])
}

/// Adds columns at the left and right.
fn sides(picture: &RgbImage, left: u32, right: u32) -> RgbImage {
    if left + right == 0 {
        return picture.clone();
    }
    let (w, h) = picture.dimensions();
    let lines = [edge(picture, true), edge(picture, false)];
    let width = (left + w + right) as usize;
    let mut out = vec![0u8; width * h as usize * 3];
    out.par_chunks_exact_mut(width * 3).enumerate().for_each(|(y, row)| {
        for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
            let x = x as i64 - i64::from(left);
            let colour = if x < 0 {
                lines[0].at(y, (-x) as usize)
            } else if x >= i64::from(w) {
                lines[1].at(y, (x - i64::from(w) + 1) as usize)
            } else {
                picture.get_pixel(x as u32, y as u32).0
            };
            pixel.copy_from_slice(&colour);
        }
    });
    RgbImage::from_raw(width as u32, h, out).unwrap_or_default()
}

/// The colours of an edge, summed up from its top, so that the mean of any stretch is one difference.
struct Edge {
    sums: Vec<[f64; 3]>,
}

fn edge(picture: &RgbImage, left: bool) -> Edge {
    let (w, h) = picture.dimensions();
    let depth = w.min(3);
    let mut sums = vec![[0.0; 3]];
    let mut total = [0.0f64; 3];
    for y in 0..h {
        for i in 0..depth {
            let Rgb(p) = *picture.get_pixel(if left { i } else { w - 1 - i }, y);
            for k in 0..3 {
                total[k] += f64::from(p[k]) / f64::from(depth);
            }
        }
        sums.push(total);
    }
    Edge { sums }
}

impl Edge {
    /// The colour beside row `y`, `away` pixels out: the mean of a stretch that grows with the distance.
    fn at(&self, y: usize, away: usize) -> [u8; 3] {
        let rows = self.sums.len() - 1;
        let reach = (away * 2) / 3;
        let (first, last) = (y.saturating_sub(reach), (y + reach + 1).min(rows));
        let n = (last - first).max(1) as f64;
        std::array::from_fn(|k| ((self.sums[last][k] - self.sums[first][k]) / n + 0.5).clamp(0.0, 255.0) as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_stays_and_the_edges_go_on() {
        let picture =
            RgbImage::from_fn(40, 50, |x, y| Rgb([(x * 6) as u8, (y * 5) as u8, if y < 25 { 10 } else { 200 }]));
        let room = Room { left: 0.4, right: 0.1, top: 0.2, bottom: 0.3 };
        let (out, [dx, dy]) = extended(&picture, room);
        assert_eq!((out.dimensions(), dx, dy), ((40 + 20 + 5, 50 + 10 + 15), 20, 10));
        for (x, y, p) in picture.enumerate_pixels() {
            assert_eq!(out.get_pixel(x + 20, y + 10), p);
        }
        // Beside the edge its own colour, far out a mean of its neighbourhood; no seam.
        for y in [5u32, 20, 40] {
            let (near, at) = (out.get_pixel(19, y + 10), picture.get_pixel(0, y));
            assert!((0..3).all(|k| near[k].abs_diff(at[k]) <= 12), "{near:?} beside {at:?}");
        }
        assert!((60..150).contains(&out.get_pixel(0, 10 + 25)[2]), "the two halves melt far out");
        let (same, shift) = extended(&picture, Room::default());
        assert_eq!((same, shift), (picture, [0, 0]));
    }

    #[test]
    fn room_is_missing_where_the_hand_cues() {
        let mut r = Reference::example();
        assert!(Room::missing(&r).is_enough(), "{:?}", Room::missing(&r));
        // The same person cut tightly: the face nearly at the edge.
        let by = 0.24;
        r.face.iter_mut().for_each(|p| p[0] -= by);
        r.aspect = 0.6;
        let room = Room::missing(&r);
        assert!(room.left > 0.05 && room.right == 0.0 && room.top == 0.0, "{room:?}");
        // Seen in a mirror it is the other edge.
        let mirrored = Room::missing(&r.mirrored());
        assert!((mirrored.right - room.left).abs() < 1e-3 && mirrored.left == 0.0, "{mirrored:?}");
        // Cut under the chin.
        let mut low = Reference::example();
        low.face.iter_mut().for_each(|p| p[1] += 0.42);
        assert!(Room::missing(&low).bottom > 0.1);
        low.face[8] = [f32::NAN; 2];
        let _ = Room::missing(&low);
    }
}
