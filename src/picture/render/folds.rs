//! The fold that a smile makes from the wing of the nose past the corner of the mouth, suggested by shade.
//!
//! The warp lifts the cheek; this adds the soft shadow under its edge and a breath of light on it, as strong as the
//! corner of the mouth is drawn outwards. At rest nothing is drawn.

use super::paint::{Pt, curve, smoothstep};
use super::rig::{Moved, Rig, distance};
use super::warp::Field;

/// The resting line of a fold for each side, image left first.
pub struct Folds {
    lines: [Vec<Pt>; 2],
    span: f32,
}

impl Folds {
    pub fn new(rig: &Rig) -> Self {
        let face = rig.rest_face();
        let wide = distance(face[48], face[54]);
        let line = |wing: usize, corner: usize, out: f32| {
            let at = |p: Pt, x: f32, y: f32| [p[0] + out * x * wide, p[1] + y * wide];
            let (a, b) = (at(face[wing], 0.10, -0.03), at(face[corner], 0.13, 0.03));
            let bow = [0.5 * (a[0] + b[0]) + out * 0.055 * wide, 0.5 * (a[1] + b[1]) - 0.02 * wide];
            curve(&[a, bow, b], false, 5)
        };
        Self { lines: [line(31, 48, -1.0), line(35, 54, 1.0)], span: rig.span }
    }

    /// Shades the warped picture.
    pub fn draw(&self, field: &Field, moved: &Moved, size: (usize, usize), out: &mut [u8]) {
        for (side, line) in self.lines.iter().enumerate() {
            let strength = smoothstep(0.02, 0.16, moved.spread[side]);
            if strength <= 0.0 {
                continue;
            }
            let line: Vec<Pt> = line.iter().map(|p| field.carry(*p)).collect();
            self.shade(&line, strength, if side == 0 { -1.0 } else { 1.0 }, size, out);
        }
    }

    fn shade(&self, line: &[Pt], strength: f32, outward: f32, size: (usize, usize), out: &mut [u8]) {
        let scale = size.1 as f32;
        let (soft, reach) = (0.022 * self.span, 0.085 * self.span);
        let range = |k: usize, limit: usize| {
            let low = line.iter().map(|p| p[k]).fold(f32::INFINITY, f32::min) - reach;
            let high = line.iter().map(|p| p[k]).fold(f32::NEG_INFINITY, f32::max) + reach;
            ((low * scale).max(0.0) as usize).min(limit)..((high * scale).max(0.0) as usize + 1).min(limit)
        };
        let pieces = (line.len() - 1) as f32;
        for y in range(1, size.1) {
            for x in range(0, size.0) {
                let p = [(x as f32 + 0.5) / scale, (y as f32 + 0.5) / scale];
                // The nearest place on the line: how far (squared), on which side, and how far along.
                let mut nearest = (reach * reach, 0.0, -1.0);
                for (i, w) in line.windows(2).enumerate() {
                    let d = [w[1][0] - w[0][0], w[1][1] - w[0][1]];
                    let v = [p[0] - w[0][0], p[1] - w[0][1]];
                    let t = ((v[0] * d[0] + v[1] * d[1]) / (d[0] * d[0] + d[1] * d[1]).max(1e-12)).clamp(0.0, 1.0);
                    let off = [v[0] - t * d[0], v[1] - t * d[1]];
                    let far = off[0] * off[0] + off[1] * off[1];
                    if far < nearest.0 {
                        nearest = (far, outward * off[0], (i as f32 + t) / pieces);
                    }
                }
                let (far, side, along) = nearest;
                if along < 0.0 {
                    continue;
                }
                let far = far.sqrt();
                let ends = (std::f32::consts::PI * along).sin().max(0.0).sqrt();
                let far = far * side.signum();
                let bell = |d: f32, s: f32| (-(d / s) * (d / s)).exp();
                let fade = 1.0 - smoothstep(0.6 * reach, reach, far.abs());
                let dark = 0.115 * strength * ends * fade * bell(far, soft);
                let light = 0.018 * strength * ends * fade * bell(far - 1.9 * soft, 1.5 * soft);
                let pixel = &mut out[4 * (y * size.0 + x)..][..3];
                // A shadow on skin is warm: it takes less of the red.
                for (c, share) in pixel.iter_mut().zip([0.62, 1.0, 1.08]) {
                    *c = (f32::from(*c) * (1.0 - dark * share + light) + 0.5).min(255.0) as u8;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pose::{Reference, index};
    use crate::render::rig::tests::rest_pose;
    use crate::render::warp::Warp;

    #[test]
    fn a_smile_has_a_fold_and_rest_has_none() {
        let reference = Reference::example();
        let rig = Rig::new(&reference);
        let (folds, warp) = (Folds::new(&rig), Warp::new(&rig).unwrap());
        let shaded = |by: f32| {
            let mut pose = rest_pose(&reference);
            pose.points[index::FACE + 48].x -= by;
            let moved = rig.read(&pose);
            let mut out = vec![200u8; 4 * 256 * 256];
            folds.draw(&warp.field(&moved), &moved, (256, 256), &mut out);
            let dark = |x: std::ops::Range<usize>| {
                let pixels = (0..256).flat_map(|y| x.clone().map(move |x| 4 * (y * 256 + x)));
                pixels.filter(|i| out[i + 1] < 196).count()
            };
            (dark(0..128), dark(128..256))
        };
        assert_eq!(shaded(0.0), (0, 0));
        let (left, right) = shaded(0.006);
        assert!(left > 8 && right == 0, "{left} {right}");
        // The mouth drawn in makes none.
        assert_eq!(shaded(-0.006).0, 0);
    }
}
