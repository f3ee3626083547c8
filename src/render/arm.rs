//! The upper arm of the hand that cues: sleeve from the shoulder's seam to the elbow.
//!
//! A cueing arm swings about its shoulder, farther than a picture can be warped, so a presenter is drawn without it
//! and it is painted for each frame: a smooth outline that begins on the seam of the sleeve and ends round the elbow,
//! lit like a cylinder from the picture's own lamp, with folds at armpit and elbow. The forearm is painted over it.

use super::paint::{Mask, Path, Pt, Rgb, curve, mix, smoothstep};
use super::patch::over;
use crate::pose::{Reference, Side};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Where a picture's missing upper arm is fastened, and its colours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArmLook {
    /// Upper and lower end of the sleeve's seam (top of the shoulder, armpit), offsets from the shoulder point in
    /// picture units; x grows away from the arm.
    pub seam: [[f32; 2]; 2],
    /// Half the width of the sleeve at shoulder and elbow.
    pub half_width: [f32; 2],
    /// Cloth where the light falls, at rest, and in shade; sRGB.
    pub light: [u8; 3],
    pub cloth: [u8; 3],
    pub shade: [u8; 3],
}

/// Paints upper arms of one look.
pub struct ArmPainter {
    look: ArmLook,
    /// The resting shoulder and elbow of the arm that cues.
    shoulder: Pt,
    elbow: Pt,
    /// -1 for the arm at image left (the right one), 1 for the other.
    side: f32,
    lamp: Pt,
}

/// A fold of cloth: place along and across the arm, reach across, slope, and depth.
const FOLDS: [(f32, f32, f32, f32, f32); 6] = [
    (0.16, -0.70, 0.75, 0.10, 0.50),
    (0.27, -0.80, 0.85, 0.16, 0.42),
    (0.42, -0.60, 0.90, 0.20, 0.30),
    (0.56, 0.55, 0.80, -0.10, 0.25),
    (0.78, 0.70, 0.85, -0.14, 0.40),
    (0.88, -0.65, 0.90, 0.16, 0.45),
];

impl ArmPainter {
    pub fn new(look: &ArmLook, reference: &Reference, light: glam::Vec3) -> Self {
        let (shoulder, elbow, side) = match reference.handed {
            Side::Right => (reference.right_shoulder, reference.right_elbow, -1.0),
            Side::Left => (reference.left_shoulder, reference.left_elbow, 1.0),
        };
        let light = light.try_normalize().unwrap_or(glam::Vec3::Z);
        Self { look: look.clone(), shoulder, elbow, side, lamp: [light.x, light.y] }
    }

    /// Paints the arm over RGBA bytes; `shift` is how far the shoulder has moved from rest, `elbow` where the elbow is
    /// (hanging, if unknown). The fourth channel, where the person is, grows by the arm.
    pub fn draw(&self, out: &mut [u8], size: (usize, usize), shift: Pt, elbow: Option<Pt>) {
        let scale = size.1 as f32;
        let side = self.side;
        let at =
            |p: [f32; 2]| -> Pt { [self.shoulder[0] + shift[0] - side * p[0], self.shoulder[1] + shift[1] + p[1]] };
        let [shoulder_half, elbow_half] = self.look.half_width;
        let elbow = elbow.unwrap_or([self.elbow[0] + shift[0], self.elbow[1] + shift[1]]);
        let root = at([0.0, 0.35 * (self.look.seam[1][1] - self.look.seam[0][1]) - 0.01]);
        let (dx, dy) = (elbow[0] - root[0], elbow[1] - root[1]);
        let length = dx.hypot(dy);
        if !(length.is_finite() && length > 0.5 * shoulder_half) {
            return;
        }
        let axis = [dx / length, dy / length];
        // Away from the trunk for a hanging arm, upwards for a raised one.
        let out_of = [side * axis[1], -side * axis[0]];
        let half = |s: f32| shoulder_half + (elbow_half - shoulder_half) * s;
        let beside = |s: f32, t: f32| -> Pt {
            std::array::from_fn(|k| root[k] + axis[k] * length * s + out_of[k] * t * half(s))
        };
        let (top, pit) = (at(self.look.seam[0]), at(self.look.seam[1]));
        // Over the shoulder: straight from the seam until it touches the round of the shoulder, then around it, into
        // the arm's own edge.
        let radius = 1.22 * shoulder_half;
        let centre: Pt = std::array::from_fn(|k| root[k] - out_of[k] * (radius - shoulder_half));
        let (rx, ry) = (top[0] - centre[0], top[1] - centre[1]);
        let touch = ry.atan2(rx) + side * (radius / rx.hypot(ry).max(1e-6)).min(1.0).acos();
        // How far around; nothing for an arm that is raised beyond.
        let mut around = (side * (out_of[1].atan2(out_of[0]) - touch)).rem_euclid(std::f32::consts::TAU);
        if around > 3.6 {
            around = 0.0;
        }
        let mut points = vec![top];
        for i in 0..4 {
            let angle = touch + side * around * i as f32 / 4.0;
            if around > 0.1 {
                points.push([centre[0] + radius * angle.cos(), centre[1] + radius * angle.sin()]);
            }
        }
        points.extend([beside(0.0, 1.0), beside(0.35, 1.02), beside(0.7, 1.0), beside(1.0, 1.0)]);
        let outer = curve(&points, false, 12);
        let inner = curve(&[pit, beside(0.38, -1.0), beside(0.7, -0.98), beside(1.0, -1.0)], false, 12);
        let bulge = self.look.seam[1][0].max(self.look.seam[0][0]) + 0.008;
        let height = self.look.seam[1][1] - self.look.seam[0][1];
        let seam = curve(
            &[
                top,
                at([bulge, self.look.seam[0][1] + 0.30 * height]),
                at([bulge + 0.001, self.look.seam[0][1] + 0.62 * height]),
                pit,
            ],
            false,
            8,
        );
        let cap = curve(&[beside(1.0, 1.0), beside(1.0 + elbow_half / length, 0.0), beside(1.0, -1.0)], false, 12);
        let mut outline: Vec<Pt> = outer.clone();
        outline.extend(&cap[1..]);
        outline.extend(inner.iter().rev());
        outline.extend(seam.iter().rev());
        let mask = Mask::of(&Path::polygon(outline), scale, size, 0);
        let rim = |line: &[Pt]| Mask::of(&Path::ribbon(line, |_| (0.0042f32).max(1.4 / scale)), scale, size, 0);
        let rims = [rim(&outer), rim(&inner)];
        let rgb = |c: [u8; 3]| c.map(|v| f32::from(v) / 255.0);
        let (light, cloth, shade): (Rgb, Rgb, Rgb) = (rgb(self.look.light), rgb(self.look.cloth), rgb(self.look.shade));
        let facing = out_of[0] * self.lamp[0] + out_of[1] * self.lamp[1];
        let (width, first) = (size.0, mask.y.max(0) as usize);
        let shown = (mask.y + mask.height as i32).clamp(0, size.1 as i32) as usize;
        if shown <= first {
            return;
        }
        out[4 * width * first..4 * width * shown].par_chunks_exact_mut(4 * width).enumerate().for_each(
            |(row, pixels)| {
                let y = (first + row) as i32;
                let covers = &mask.cover[(y - mask.y) as usize * mask.width..][..mask.width];
                for (column, &cover) in covers.iter().enumerate() {
                    let x = mask.x + column as i32;
                    if cover <= 0.0 || x < 0 || x as usize >= width {
                        continue;
                    }
                    let p = [(x as f32 + 0.5) / scale - root[0], (y as f32 + 0.5) / scale - root[1]];
                    let s = ((p[0] * axis[0] + p[1] * axis[1]) / length).clamp(-0.2, 1.2);
                    let t = ((p[0] * out_of[0] + p[1] * out_of[1]) / half(s.clamp(0.0, 1.0))).clamp(-1.3, 1.3);
                    // A cylinder: the normal leans to the side it is on.
                    let round = t.clamp(-1.0, 1.0);
                    let lit = 0.46 * round * facing + 0.40 * (1.0 - round * round).max(0.0).sqrt() - 0.16;
                    let (valley, ridge) = folds(s, t);
                    let lit = lit + 0.30 * ridge - 0.62 * valley;
                    let colour = if lit >= 0.0 {
                        mix(cloth, light, lit.min(0.9) * 1.5)
                    } else {
                        mix(cloth, shade, (-lit).min(0.7) * 1.4)
                    };
                    // Under the arm it is darker.
                    let colour = mix(colour, shade, 0.55 * smoothstep(-0.55, -1.1, t) * smoothstep(0.10, 0.35, s));
                    let edge = rims.iter().map(|m| m.at(x, y)).fold(0.0, f32::max);
                    let colour = mix(colour, shade.map(|c| 0.72 * c), 0.60 * edge);
                    let pixel = &mut pixels[4 * x as usize..][..4];
                    over(pixel, colour.map(|c| c * 255.0), cover);
                    pixel[3] = pixel[3].max((cover * 255.0) as u8);
                }
            },
        );
    }
}

/// How deep in a fold and how high on a ridge a place along and across the arm is.
fn folds(s: f32, t: f32) -> (f32, f32) {
    let (mut valley, mut ridge) = (0.0f32, 0.0f32);
    for (along, across, reach, slope, depth) in FOLDS {
        let off = t - across;
        let d = s - along - slope * off * 0.5;
        if d.abs() < 0.07 && off.abs() < reach {
            let strength = bell(off, reach) * depth;
            valley = valley.max(bell(d, 0.030) * strength);
            ridge = ridge.max(bell(d + 0.032, 0.034) * strength);
        }
    }
    (valley, ridge)
}

/// A smooth bump: 1 at 0, nothing from `reach` on.
fn bell(x: f32, reach: f32) -> f32 {
    let t = (1.0 - (x / reach) * (x / reach)).max(0.0);
    t * t
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arm_hangs_swings_and_never_breaks() {
        let look = ArmLook {
            seam: [[0.05, -0.04], [0.05, 0.10]],
            half_width: [0.055, 0.05],
            light: [200; 3],
            cloth: [150; 3],
            shade: [90; 3],
        };
        let painter = ArmPainter::new(&look, &Reference::example(), glam::Vec3::new(-0.5, -0.6, 0.6));
        let draw = |elbow: Option<Pt>| {
            let mut out = vec![0; 4 * 200 * 200];
            painter.draw(&mut out, (200, 200), [0.0, 0.0], elbow);
            out
        };
        let at = |out: &[u8], p: Pt| out[4 * ((p[1] * 200.0) as usize * 200 + (p[0] * 200.0) as usize) + 3];
        let hanging = draw(None);
        assert!(at(&hanging, [0.25, 0.85]) > 250 && at(&hanging, [0.08, 0.80]) == 0);
        let raised = draw(Some([-0.1, 0.82]));
        assert!(at(&raised, [0.08, 0.78]) > 250 && at(&raised, [0.25, 0.95]) == 0);
        // The seam is covered whatever the arm does.
        assert!(at(&hanging, [0.28, 0.72]) > 250 && at(&raised, [0.28, 0.72]) > 250);
        for wild in [[f32::NAN, 0.5], [1e30, -1e30], [0.26, 0.70], [0.8, 0.1], [f32::INFINITY, 1.0]] {
            draw(Some(wild));
        }
    }
}
