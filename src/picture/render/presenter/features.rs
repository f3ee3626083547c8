//! Eyes, brows, nose and mouth, each drawn through its landmarks.

use super::PresenterSpec;
use crate::render::paint::{Fill, Mask, Path, Pt, Sheet, curve, lerp, mix};

/// Both eyes with lids and lashes.
pub(super) fn eyes(sheet: &mut Sheet, spec: &PresenterSpec, face: &Mask) {
    // Corner at the temple, upper lid, corner at the nose, lower lid: the right eye's order; the left one is mirrored.
    eye(sheet, spec, face, [36, 37, 38, 39, 40, 41], -1.0);
    eye(sheet, spec, face, [45, 44, 43, 42, 47, 46], 1.0);
}

fn eye(sheet: &mut Sheet, spec: &PresenterSpec, face: &Mask, index: [usize; 6], side: f32) {
    let c = &spec.colours;
    let p: [Pt; 6] = index.map(|i| spec.face[i]);
    let (outer, inner) = (p[0], p[3]);
    let upper = curve(&[p[0], p[1], p[2], p[3]], false, 20);
    let lower = curve(&[p[3], p[4], p[5], p[0]], false, 20);
    let mut outline = upper.clone();
    outline.extend(&lower[1..]);
    let path = Path::polygon(outline);
    let opening = sheet.mask(&path);
    let middle: Pt = [(p[1][0] + p[2][0] + p[4][0] + p[5][0]) / 4.0, (p[1][1] + p[2][1] + p[4][1] + p[5][1]) / 4.0];
    let width = ((outer[0] - inner[0]).powi(2) + (outer[1] - inner[1]).powi(2)).sqrt();
    // The socket: shade under the brow towards the nose, a soft light on the lid.
    let off = |dx: f32, dy: f32| -> Pt { [middle[0] - side * dx * width, middle[1] + dy * width] };
    sheet.soft(
        &Path::ellipse(off(0.42, -0.42), 0.20 * width, 0.26 * width, 0.0),
        0.008,
        face,
        c.skin_deep,
        if side < 0.0 { 0.20 } else { 0.28 },
    );
    sheet.soft(
        &Path::ellipse(off(-0.05, -0.38), 0.46 * width, 0.13 * width, side * 0.10),
        0.006,
        face,
        c.skin_shade,
        0.50,
    );
    sheet.soft(&Path::ellipse(off(-0.15, 0.42), 0.40 * width, 0.07 * width, 0.0), 0.006, face, c.skin_shade, 0.45);
    sheet.soft(
        &Path::ribbon(&upper, |t| width * 0.10 * (std::f32::consts::PI * t).sin()).shifted([0.0, -0.120 * width]),
        0.0016,
        face,
        c.skin_light,
        if side < 0.0 { 0.70 } else { 0.45 },
    );
    // Eyeball.
    sheet.fill(&path, c.eye_white, 1.0);
    sheet.soft(
        &Path::ellipse(lerp(inner, middle, 0.10), 0.13 * width, 0.20 * width, 0.0),
        0.003,
        &opening,
        c.skin_shade,
        0.55,
    );
    sheet.soft(
        &Path::ellipse(lerp(outer, middle, 0.05), 0.16 * width, 0.22 * width, 0.0),
        0.004,
        &opening,
        c.skin_shade,
        0.40,
    );
    let centre = [middle[0] - side * 0.004 * width, middle[1] - 0.022 * width];
    let radius = 0.285 * width;
    let iris = Path::ellipse(centre, radius, radius, 0.0);
    let iris_mask = sheet.mask(&iris).within(&opening);
    sheet.through(
        &iris_mask,
        Fill::Linear(
            [centre[0], centre[1] - radius],
            mix(c.iris, c.lash, 0.35),
            [centre[0], centre[1] + radius],
            c.iris_light,
        ),
        1.0,
    );
    sheet.soft(
        &Path::ellipse([centre[0] + 0.1 * radius, centre[1] + 0.52 * radius], 0.60 * radius, 0.34 * radius, 0.0),
        0.0022,
        &iris_mask,
        mix(c.iris_light, [1.0, 0.85, 0.6], 0.4),
        0.70,
    );
    let ring = iris_mask
        .clone()
        .without(&sheet.mask(&Path::ellipse(centre, radius * 0.86, radius * 0.86, 0.0)).blurred(0.0008));
    sheet.through(&ring, mix(c.iris, c.lash, 0.7), 0.85);
    sheet.fill_within(&Path::ellipse(centre, radius * 0.46, radius * 0.46, 0.0), &opening, c.lash, 1.0);
    // The upper lid's shadow on the ball.
    let shadow = Path::ribbon(&upper, |_| 0.24 * width).shifted([0.0, 0.02 * width]);
    sheet.soft(&shadow, 0.0022, &opening, mix(c.lash, c.skin_deep, 0.45), 0.42);
    // Lights: both eyes mirror the same lamp.
    let light = [centre[0] - 0.34 * radius, centre[1] - 0.36 * radius];
    sheet.fill_within(&Path::ellipse(light, 0.27 * radius, 0.30 * radius, 0.0), &opening, [1.0, 1.0, 1.0], 0.96);
    sheet.fill_within(
        &Path::ellipse([centre[0] + 0.40 * radius, centre[1] + 0.40 * radius], 0.13 * radius, 0.13 * radius, 0.0),
        &opening,
        [1.0, 1.0, 1.0],
        0.60,
    );
    // Tear duct.
    sheet.soft(
        &Path::ellipse(lerp(inner, middle, 0.10), 0.05 * width, 0.035 * width, 0.0),
        0.0008,
        &opening,
        c.blush,
        0.75,
    );
    // Lower lashes: a thin line, stronger towards the temple.
    sheet.soft(
        &Path::ribbon(&lower, |t| width * (0.008 + 0.026 * t)),
        0.0005,
        face,
        mix(c.lash, c.skin_deep, 0.45),
        0.70,
    );
    // Upper lashes: a tapered line that ends in a small wing.
    let style = spec.eyes;
    let wing = [outer[0] + side * style.wing * width, outer[1] - style.wing * width];
    let edge = curve(&[p[3], p[2], p[1], p[0], wing], false, 24);
    let last = (edge.len() - 1) as f32;
    let thickness = |t: f32| {
        style.lashes
            * width
            * (0.026 + 0.052 * (t * 1.35).min(1.0).powf(1.2))
            * (1.0 - ((t - 0.66) / 0.34).max(0.0)).powf(0.85)
    };
    // The line lies on the lid: its lower border is the lid's edge, where the landmarks are.
    let line: Vec<Pt> = edge.iter().enumerate().map(|(i, q)| [q[0], q[1] - 0.5 * thickness(i as f32 / last)]).collect();
    sheet.soft(&Path::ribbon(&line, thickness), 0.0003, face, c.lash, 1.0);
    // The crease above the lid.
    let lift = |q: Pt, dy: f32| -> Pt { [q[0], q[1] - dy * width] };
    let crease = curve(
        &[lift(lerp(p[3], p[2], 0.25), 0.235), lift(p[2], 0.205), lift(p[1], 0.195), lift(lerp(p[0], wing, 0.3), 0.19)],
        false,
        20,
    );
    sheet.soft(
        &Path::ribbon(&crease, |t| width * 0.050 * (std::f32::consts::PI * (0.02 + 0.90 * t)).sin().max(0.0)),
        0.0006,
        face,
        c.skin_deep,
        style.crease,
    );
}

/// Brows: a full shape with a soft start at the nose.
pub(super) fn brows(sheet: &mut Sheet, spec: &PresenterSpec, face: &Mask) {
    let c = &spec.colours;
    for index in [[21, 20, 19, 18, 17], [22, 23, 24, 25, 26]] {
        let points: Vec<Pt> = index.iter().map(|&i| spec.face[i]).collect();
        let line = curve(&points, false, 24);
        let thickness = |t: f32| {
            spec.brow
                * (0.40 + 0.60 * (t / 0.35).min(1.0).powf(0.6))
                * (1.0 - 0.88 * ((t - 0.45) / 0.55).max(0.0).powf(1.25))
        };
        let shape = |scale: f32| Path::ribbon(&line, move |t| scale * thickness(t));
        sheet.soft(&shape(1.0), 0.0014, face, c.brow, 0.50);
        sheet.soft(&shape(0.78), 0.0008, face, c.brow, 0.50);
        // Hairs, leaning outwards.
        for k in 0..26 {
            let t = 0.02 + 0.90 * k as f32 / 25.0;
            let at = crate::render::paint::along(&line, t);
            let ahead = crate::render::paint::along(&line, (t + 0.10).min(1.0));
            let half = 0.42 * thickness(t);
            let lean = 1.0 - 2.0 * ((k * 3) % 5) as f32 / 4.0;
            let hair = [
                [at[0], at[1] + half * (0.5 + 0.4 * lean)],
                lerp(at, ahead, 0.5),
                [ahead[0], ahead[1] - half * (0.5 - 0.4 * lean)],
            ];
            sheet.soft(&Path::stroke(&hair, 0.0018), 0.0004, face, c.lash, 0.34);
        }
    }
}

/// The nose: modelled by shade only, with nostrils and a light on the tip.
pub(super) fn nose(sheet: &mut Sheet, spec: &PresenterSpec, face: &Mask) {
    let c = &spec.colours;
    let p = |i: usize| spec.face[i];
    let wide = (p(35)[0] - p(31)[0]).abs().max(0.005);
    let tip = p(30);
    let off = |q: Pt, dx: f32, dy: f32| -> Pt { [q[0] + dx * wide, q[1] + dy * wide] };
    // Shade on the side away from the lamp, from the brow down to the wing.
    let side = curve(
        &[
            off(p(22), -0.22, 0.20),
            off(p(27), 0.24, 0.10),
            off(p(28), 0.19, 0.0),
            off(p(29), 0.22, 0.0),
            off(p(30), 0.34, 0.05),
        ],
        false,
        16,
    );
    sheet.soft(&Path::ribbon(&side, |t| wide * (0.16 + 0.16 * t)), 0.005, face, c.skin_shade, 0.75);
    let near = curve(&[off(p(21), 0.22, 0.20), off(p(27), -0.28, 0.15), off(p(28), -0.26, 0.25)], false, 16);
    sheet.soft(&Path::ribbon(&near, |t| wide * 0.16 * (1.0 - t)), 0.005, face, c.skin_shade, 0.40);
    // Light along the ridge and on the ball.
    let ridge = curve(&[off(p(27), -0.03, 0.0), off(p(28), -0.03, 0.0), off(p(29), -0.03, 0.0)], false, 16);
    sheet.soft(&Path::ribbon(&ridge, |_| wide * 0.16), 0.0035, face, c.skin_light, 0.70);
    sheet.soft(&Path::ellipse(off(tip, 0.02, 0.02), wide * 0.30, wide * 0.22, 0.0), 0.006, face, c.blush, 0.28);
    sheet.soft(
        &Path::ellipse(off(tip, -0.07, -0.06), wide * 0.13, wide * 0.11, 0.0),
        0.0030,
        face,
        mix(c.skin_light, [1.0, 0.95, 0.88], if spec.is_dark() { 0.35 } else { 1.0 }),
        0.75,
    );
    // Under the nose.
    sheet.soft(&Path::ellipse(off(p(33), 0.06, 0.03), wide * 0.46, wide * 0.12, 0.0), 0.004, face, c.skin_deep, 0.34);
    for (wing, nostril, s) in [(31, 32, -1.0f32), (35, 34, 1.0)] {
        let alar = curve(
            &[
                off(p(wing), -s * 0.01, -0.24),
                off(p(wing), s * 0.055, -0.13),
                off(p(wing), s * 0.030, -0.02),
                off(p(wing), -s * 0.09, 0.02),
            ],
            false,
            16,
        );
        sheet.soft(
            &Path::ribbon(&alar, |t| wide * 0.050 * (std::f32::consts::PI * (0.10 + 0.85 * t)).sin().max(0.0)),
            0.0011,
            face,
            c.skin_deep,
            if s < 0.0 { 0.55 } else { 0.75 },
        );
        let hole =
            [off(p(wing), -s * 0.06, -0.015), off(p(nostril), s * 0.05, -0.085), off(p(nostril), -s * 0.05, 0.005)];
        sheet.soft(&Path::stroke(&hole, wide * 0.105), 0.0008, face, mix(c.skin_deep, c.outline, 0.75), 0.90);
    }
    let base = [off(p(32), 0.0, 0.0), off(p(33), 0.0, 0.015), off(p(34), 0.0, 0.0)];
    sheet.soft(&Path::stroke(&base, wide * 0.045), 0.0008, face, c.skin_deep, 0.70);
}

/// The closed mouth: two lips, the line between them, and the shades around.
pub(super) fn mouth(sheet: &mut Sheet, spec: &PresenterSpec, face: &Mask) {
    let c = &spec.colours;
    let p = |i: usize| spec.face[i];
    let range = |r: std::ops::RangeInclusive<usize>| -> Vec<Pt> { r.map(p).collect() };
    let wide = (p(54)[0] - p(48)[0]).abs().max(0.01);
    let upper = curve(&range(48..=54), false, 20);
    let lower = curve(&[54, 55, 56, 57, 58, 59, 48].map(p), false, 20);
    let line = curve(&[48, 60, 61, 62, 63, 64, 54].map(p), false, 20);
    let off = |q: Pt, dx: f32, dy: f32| -> Pt { [q[0] + dx * wide, q[1] + dy * wide] };
    // The groove above and the shade below.
    let shown = if spec.beard { 0.0 } else { 1.0 };
    for (s, alpha) in [(-1.0f32, 0.22 * shown), (1.0, 0.34 * shown)] {
        let groove = [
            off(p(33), s * 0.075, 0.06),
            lerp(off(p(33), s * 0.085, 0.0), off(p(51), s * 0.10, 0.0), 0.55),
            off(p(51), s * 0.105, -0.05),
        ];
        sheet.soft(&Path::stroke(&groove, wide * 0.05), 0.0030, face, c.skin_shade, alpha * 1.6);
    }
    sheet.soft(
        &Path::ellipse(off(p(51), 0.0, -0.10), wide * 0.05, wide * 0.08, 0.0),
        0.003,
        face,
        c.skin_light,
        0.55 * shown,
    );
    sheet.soft(&Path::ellipse(off(p(57), 0.03, 0.10), wide * 0.24, wide * 0.05, 0.0), 0.0050, face, c.skin_deep, 0.50);
    for s in [-1.0f32, 1.0] {
        let corner = if s < 0.0 { p(48) } else { p(54) };
        sheet.soft(
            &Path::ellipse(off(corner, s * 0.055, 0.01), wide * 0.035, wide * 0.07, 0.0),
            0.0035,
            face,
            c.skin_deep,
            0.40,
        );
    }
    // The smile lifts the cheeks: a breath of shade between nose wing and mouth corner.
    for s in [-1.0f32, 1.0] {
        let (wing, corner) = if s < 0.0 { (p(31), p(48)) } else { (p(35), p(54)) };
        let fold = [
            off(wing, s * 0.10, -0.01),
            lerp(off(wing, s * 0.22, 0.0), off(corner, s * 0.14, 0.0), 0.55),
            off(corner, s * 0.15, 0.02),
        ];
        sheet.soft(&Path::stroke(&fold, wide * 0.055), 0.0038, face, c.skin_deep, if s < 0.0 { 0.17 } else { 0.24 });
        sheet.soft(
            &Path::stroke(&fold, wide * 0.07).shifted([s * wide * 0.08, -0.001]),
            0.004,
            face,
            c.skin_light,
            if s < 0.0 { 0.35 } else { 0.18 },
        );
    }
    let mut outline = upper.clone();
    outline.extend(line.iter().rev());
    let upper_lip = Path::polygon(outline);
    // With the lips apart the lower one begins at its own edge, and the mouth is seen between them.
    let is_open = p(66)[1] - p(62)[1] > 0.03 * wide;
    let low = if is_open { curve(&[48, 60, 67, 66, 65, 64, 54].map(p), false, 20) } else { line.clone() };
    let mut outline = lower.clone();
    outline.extend(low.iter());
    let lower_lip = Path::polygon(outline);
    if is_open {
        let mut outline = line.clone();
        outline.extend(low.iter().rev());
        let inside = Path::polygon(outline);
        sheet.fill(&inside, Fill::Flat(mix(c.mouth_line, [0.0; 3], 0.55)), 1.0);
        let within = sheet.mask(&inside);
        // Upper teeth hang from the skull: they keep their height and are seen as far as the lips let them.
        let teeth = Path::ribbon(&line, |_| wide * 0.16).shifted([0.0, wide * 0.02]);
        sheet.soft(&teeth, 0.0008, &within, c.eye_white, 0.9);
    }
    let both = sheet.mask(&upper_lip.clone().and(lower_lip.clone()));
    sheet.through(&both.blurred(0.0012), mix(c.lip_upper, c.lip_lower, 0.5), 0.75);
    sheet.fill(
        &upper_lip,
        Fill::Linear(
            off(p(51), 0.0, 0.02),
            mix(c.lip_upper, c.lip_lower, 0.30),
            off(p(62), 0.12, 0.0),
            mix(c.lip_upper, c.mouth_line, 0.22),
        ),
        0.95,
    );
    sheet.fill(
        &lower_lip,
        Fill::Linear(off(p(66), -0.10, 0.03), c.lip_lower, off(p(57), 0.20, 0.0), mix(c.lip_upper, c.lip_lower, 0.25)),
        0.95,
    );
    let lower_mask = sheet.mask(&lower_lip);
    let upper_mask = sheet.mask(&upper_lip);
    sheet.soft(
        &Path::ellipse(lerp(off(p(66), -0.07, 0.0), off(p(57), -0.07, 0.0), 0.48), wide * 0.15, wide * 0.030, 0.0),
        0.0022,
        &lower_mask,
        mix(c.lip_lower, [1.0; 3], 0.65),
        0.70,
    );
    sheet.soft(
        &Path::ribbon(&line, |_| wide * 0.07).shifted([0.0, wide * 0.02]),
        0.0016,
        &lower_mask,
        c.mouth_line,
        0.42,
    );
    for s in [-1.0f32, 1.0] {
        let peak = if s < 0.0 { p(50) } else { p(52) };
        sheet.soft(
            &Path::ellipse(off(peak, s * 0.02, 0.028), wide * 0.08, wide * 0.016, s * 0.22),
            0.0013,
            &upper_mask,
            mix(c.lip_lower, [1.0; 3], 0.35),
            if s < 0.0 { 0.55 } else { 0.30 },
        );
    }
    if is_open {
        return;
    }
    // The line of the closed mouth: darkest at the corners, running a little beyond them into a smile.
    let (a, b) = (p(48), p(54));
    let mut smile = vec![off(a, -0.008, -0.008)];
    smile.extend([48, 60, 61, 62, 63, 64, 54].map(p));
    smile.push(off(b, 0.008, -0.008));
    let smile = curve(&smile, false, 20);
    sheet.soft(
        &Path::ribbon(&smile, |t| {
            wide * (0.021 + 0.006 * (2.0 * t - 1.0).abs())
                * (1.0 - 0.9 * ((2.0 * t - 1.0).abs() - 0.88).max(0.0) / 0.12)
        }),
        0.0004,
        face,
        c.mouth_line,
        0.92,
    );
}
