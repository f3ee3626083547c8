//! Ears and the bare face: skin, its form by soft shades, and the warmth of cheeks and nose.

use super::spec::{Earrings, Hair};
use super::{Frame, PresenterSpec};
use crate::render::paint::{Fill, Mask, Path, Pt, Sheet, curve, mix};

/// The outline of the face: the jaw's 17 points and a forehead over them.
pub(super) fn face_outline(spec: &PresenterSpec, frame: &Frame) -> Vec<Pt> {
    let mut points: Vec<Pt> = spec.face[..17].to_vec();
    points.extend(frame.all(&[
        [0.1190, 0.300],
        [0.1150, 0.262],
        [0.1000, 0.218],
        [0.0600, 0.185],
        [0.0, 0.175],
        [-0.0600, 0.185],
        [-0.1000, 0.218],
        [-0.1150, 0.262],
        [-0.1190, 0.300],
    ]));
    curve(&points, true, 16)
}

/// Paints ears and skin; gives the mask of the face, which everything on it is clipped to.
pub(super) fn skin(sheet: &mut Sheet, spec: &PresenterSpec, frame: &Frame) -> Mask {
    if spec.hair != Hair::Scarf {
        ears(sheet, spec, frame);
    }
    let c = &spec.colours;
    let path = Path::polygon(face_outline(spec, frame));
    let mask = sheet.mask(&path);
    sheet.fill(&path, c.skin, 1.0);
    // Form: the side away from the lamp turns into shade, forehead and the near cheek catch the light.
    let (near, far) = (frame.at(-0.035, 0.34), frame.at(0.135, 0.42));
    sheet.soft(&path, 0.0, &mask, Fill::Linear(near, c.skin, far, c.skin_shade), 0.60);
    let edge = |dx: f32| path.clone().shifted([dx, -0.006]);
    let rim = sheet.mask(&path).without(&sheet.mask(&edge(-0.016)).blurred(0.010));
    sheet.through(&rim, mix(c.skin_shade, c.skin_deep, 0.35), 0.60);
    let rim = sheet.mask(&path).without(&sheet.mask(&edge(0.012)).blurred(0.009));
    sheet.through(&rim, c.skin_shade, 0.45);
    sheet.soft(&Path::ellipse(frame.at(-0.020, 0.262), 0.060, 0.030, 0.0), 0.022, &mask, c.skin_light, 0.75);
    sheet.soft(&Path::ellipse(frame.at(-0.066, 0.388), 0.026, 0.018, -0.3), 0.013, &mask, c.skin_light, 0.80);
    sheet.soft(&Path::ellipse(frame.at(0.060, 0.388), 0.020, 0.014, 0.3), 0.012, &mask, c.skin_light, 0.38);
    sheet.soft(&Path::ellipse(frame.at(-0.004, 0.500), 0.018, 0.009, 0.0), 0.008, &mask, c.skin_light, 0.50);
    // Warmth.
    for side in [-1.0f32, 1.0] {
        sheet.soft(
            &Path::ellipse(frame.at(side * 0.072, 0.414), 0.026, 0.017, side * 0.3),
            0.014,
            &mask,
            c.blush,
            0.40,
        );
    }
    // The shadow that the hair throws on the forehead.
    let (shadow, strength) = super::hair::forehead_shadow(spec.hair);
    sheet.soft(&frame.blob(shadow), 0.007, &mask, c.skin_deep, strength);
    // A thin line along the jaw.
    let jaw: Vec<Pt> = curve(&spec.face[..17], false, 12);
    sheet.soft(&Path::ribbon(&jaw, |t| 0.0016 + 0.0022 * t), 0.0006, &mask, c.outline, 0.50);
    mask
}

/// Ears, a little behind the face, with what they wear.
fn ears(sheet: &mut Sheet, spec: &PresenterSpec, frame: &Frame) {
    let c = &spec.colours;
    let outline: [Pt; 11] = [
        [-0.110, 0.350],
        [-0.117, 0.334],
        [-0.129, 0.327],
        [-0.1385, 0.333],
        [-0.1415, 0.350],
        [-0.1385, 0.370],
        [-0.1330, 0.386],
        [-0.1295, 0.400],
        [-0.1220, 0.4085],
        [-0.1150, 0.404],
        [-0.108, 0.385],
    ];
    for (i, path) in frame.both(&outline).into_iter().enumerate() {
        let side = if i == 0 { 1.0f32 } else { -1.0 };
        let at = |dx: f32, y: f32| frame.at(side * dx, y);
        let mask = sheet.mask(&path);
        let (skin, deep) =
            if i == 0 { (mix(c.skin, c.blush, 0.10), 0.55) } else { (mix(c.skin, c.skin_shade, 0.55), 0.70) };
        sheet.fill(&path, skin, 1.0);
        sheet.soft(
            &Path::ellipse(at(-0.116, 0.372), 0.012, 0.030, side * 0.15),
            0.006,
            &mask,
            c.skin_deep,
            deep * 0.75,
        );
        let helix = curve(
            &[at(-0.121, 0.341), at(-0.130, 0.337), at(-0.1345, 0.350), at(-0.1315, 0.370), at(-0.1265, 0.386)],
            false,
            16,
        );
        sheet.soft(&Path::ribbon(&helix, |t| 0.0038 * (1.0 - 0.6 * t)), 0.0012, &mask, c.skin_deep, deep);
        let fold = curve(&[at(-0.1225, 0.352), at(-0.1275, 0.362), at(-0.1240, 0.378), at(-0.1190, 0.384)], false, 16);
        sheet.soft(&Path::ribbon(&fold, |_| 0.0045), 0.0018, &mask, c.skin_deep, deep * 0.8);
        sheet.soft(
            &Path::ellipse(at(-0.1365, 0.347), 0.0022, 0.010, 0.0),
            0.0015,
            &mask,
            c.skin_light,
            if i == 0 { 0.8 } else { 0.3 },
        );
        sheet.soft(
            &Path::ellipse(at(-0.1225, 0.398), 0.004, 0.006, 0.0),
            0.003,
            &mask,
            c.skin_light,
            if i == 0 { 0.6 } else { 0.25 },
        );
        let rim = mask.clone().without(&sheet.mask(&path.clone().shifted([side * 0.0022, -0.0008])).blurred(0.0008));
        sheet.through(&rim, c.outline, 0.50);
        jewel(sheet, spec.earrings, at(-0.1215, 0.4010));
    }
}

/// What hangs in the ear, through the point `at` on its lobe.
fn jewel(sheet: &mut Sheet, earrings: Earrings, at: Pt) {
    let (light, gold, shade) = ([1.0, 0.93, 0.72], [0.86, 0.66, 0.30], [0.52, 0.34, 0.12]);
    match earrings {
        Earrings::None => {}
        Earrings::Studs => {
            sheet.fill(&Path::ellipse([at[0] + 0.0006, at[1] + 0.0012], 0.0044, 0.0044, 0.0), shade, 0.5);
            sheet.fill(
                &Path::ellipse(at, 0.0040, 0.0040, 0.0),
                Fill::Radial([at[0] - 0.001, at[1] - 0.0012], [0.005, 0.005], light, [0.80, 0.58, 0.25]),
                1.0,
            );
        }
        Earrings::Hoops => {
            let (centre, rx, ry) = ([at[0], at[1] + 0.0205], 0.0165, 0.0215);
            let round: Vec<Pt> = (0..=72)
                .map(|i| {
                    let (s, c) = (i as f32 / 72.0 * std::f32::consts::TAU).sin_cos();
                    [centre[0] + rx * c, centre[1] + ry * s]
                })
                .collect();
            let ring = |width: f32| Path::ribbon(&round, move |_| width);
            let ground = sheet.mask(&ring(0.006));
            sheet.fill(&ring(0.0042), shade, 1.0);
            sheet.fill(&ring(0.0030), gold, 1.0);
            // The lamp shines on the upper left and, weaker, on the lower right of the ring.
            for (from, strength) in [(38usize, 0.95), (4, 0.55)] {
                sheet.soft(&Path::stroke(&round[from..from + 14], 0.0022), 0.0004, &ground, light, strength);
            }
        }
    }
}
