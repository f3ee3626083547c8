//! How far the motions of head, face and brows reach over the picture, whatever a spline would make of them.

use super::paint::{Pt, smoothstep};
use super::rig::{Rig, distance};

impl Rig {
    /// How much of the head's motion reaches a place: all of it down to the throat, none on the chest.
    pub fn head_reach(&self, p: Pt) -> f32 {
        1.0 - smoothstep(0.0, 0.55 * self.span, p[1] - self.throat)
    }

    /// How much of the brows' motion reaches a place: all of it at the brows and above, none from the creases of the lids
    /// down, so that a brow never drags a lid along.
    pub fn brow_reach(&self, p: Pt) -> f32 {
        let face = self.rest_face();
        let height = |line: &[usize]| {
            let after = line.iter().position(|i| face[*i][0] > p[0]).unwrap_or(line.len());
            let (a, b) = (face[line[after.saturating_sub(1)]], face[line[after.min(line.len() - 1)]]);
            let t = ((p[0] - a[0]) / (b[0] - a[0]).max(1e-6)).clamp(0.0, 1.0);
            a[1] + t * (b[1] - a[1])
        };
        let brow = height(&[17, 18, 19, 20, 21, 22, 23, 24, 25, 26]) + 0.055 * self.span;
        let crease = height(&[36, 37, 38, 39, 42, 43, 44, 45]) - 0.2 * distance(face[36], face[39]);
        1.0 - ((p[1] - brow) / (crease - brow).max(0.03 * self.span)).clamp(0.0, 1.0)
    }

    /// How much of the face's expression reaches a place: all of it on the face, none beyond the hair and on the neck.
    pub fn face_reach(&self, p: Pt) -> f32 {
        let mut outline: Vec<Pt> = self.rest_face()[..17].to_vec();
        // Over the brows to the middle of the forehead.
        let up = 0.30 * self.span;
        outline.extend((17..27).rev().map(|i| [self.rest_face()[i][0], self.rest_face()[i][1] - up]));
        1.0 - smoothstep(0.10 * self.span, 0.45 * self.span, distance_outside(p, &outline))
    }
}

/// Distance of a place from an outline, nothing inside of it.
fn distance_outside(p: Pt, outline: &[Pt]) -> f32 {
    let (mut inside, mut least) = (false, f32::INFINITY);
    for (i, a) in outline.iter().enumerate() {
        let b = outline[(i + 1) % outline.len()];
        if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0] + (p[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0]) {
            inside = !inside;
        }
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let t = (((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / (dx * dx + dy * dy).max(1e-12)).clamp(0.0, 1.0);
        least = least.min(distance(p, [a[0] + t * dx, a[1] + t * dy]));
    }
    if inside { 0.0 } else { least }
}
