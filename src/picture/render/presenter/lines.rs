//! What the years leave in a face: lines of age, and a beard.

use super::{Frame, PresenterSpec};
use crate::render::paint::{Mask, Path, Pt, Sheet, curve, lerp, mix};

/// Lines on the forehead, beside and under the eyes and around the mouth, as strong as the person is old.
pub(super) fn lines(sheet: &mut Sheet, spec: &PresenterSpec, frame: &Frame, face: &Mask) {
    let strength = spec.lines;
    if strength <= 0.0 {
        return;
    }
    let c = &spec.colours;
    let p = |i: usize| spec.face[i];
    // A line is a fine dark stroke with a soft light fold beneath it.
    let mut crease = |points: &[Pt], width: f32, alpha: f32| {
        let line = Path::stroke(points, width);
        sheet.soft(&line, 0.0010, face, c.skin_deep, alpha * strength);
        sheet.soft(&line.shifted([-0.001, width * 0.9 + 0.0012]), 0.0018, face, c.skin_light, 0.75 * alpha * strength);
    };
    for (y, reach, alpha) in [(0.2400, 0.050, 0.26), (0.2540, 0.060, 0.34), (0.2675, 0.044, 0.24)] {
        crease(
            &[
                frame.at(-reach, y + 0.0045),
                frame.at(-0.5 * reach, y - 0.0020),
                frame.at(0.0, y + 0.0015),
                frame.at(0.5 * reach, y - 0.0018),
                frame.at(reach * 0.96, y + 0.0045),
            ],
            0.0024,
            alpha,
        );
    }
    for (eye, inner, side) in [(36, 39, -1.0f32), (45, 42, 1.0)] {
        let (corner, wide) = (p(eye), (p(eye)[0] - p(inner)[0]).abs());
        let at = |dx: f32, dy: f32| -> Pt { [corner[0] + side * dx * wide, corner[1] + dy * wide] };
        for (dy, rise, long) in [(-0.10, -0.16, 0.34), (0.02, 0.02, 0.38), (0.13, 0.22, 0.30)] {
            crease(&[at(0.14, dy), at(0.14 + 0.5 * long, dy + 0.45 * rise), at(0.14 + long, dy + rise)], 0.0022, 0.42);
        }
        // The bag under the eye.
        let low = |t: f32, dy: f32| -> Pt {
            let q = lerp(p(inner), corner, t);
            [q[0], q[1] + dy * wide]
        };
        crease(&[low(0.02, 0.25), low(0.30, 0.46), low(0.62, 0.47), low(0.88, 0.33)], 0.0030, 0.50);
    }
    for (wing, corner, side) in [(31, 48, -1.0f32), (35, 54, 1.0)] {
        let wide = 0.095;
        let off = |q: Pt, dx: f32, dy: f32| -> Pt { [q[0] + side * dx * wide, q[1] + dy * wide] };
        crease(
            &[
                off(p(wing), 0.08, -0.05),
                lerp(off(p(wing), 0.20, 0.0), off(p(corner), 0.12, 0.0), 0.5),
                off(p(corner), 0.15, 0.05),
            ],
            0.0038,
            0.55,
        );
    }
    // Between the brows.
    for side in [-1.0f32, 1.0] {
        let x = side * 0.0085;
        crease(&[frame.at(x, 0.3000), frame.at(x * 1.1, 0.3090), frame.at(x * 0.85, 0.3170)], 0.0022, 0.30);
    }
}

/// A trimmed beard: cheeks, chin and upper lip, free around the lips, running out over the edge of the jaw.
pub(super) fn beard(sheet: &mut Sheet, spec: &PresenterSpec, frame: &Frame, face: &Mask) {
    if !spec.beard {
        return;
    }
    let c = &spec.colours;
    let p = |i: usize| spec.face[i];
    // Its upper edge: from the sideburn down the cheek to the moustache under the nose, and back up.
    let base = [p(33)[0], p(33)[1]];
    let upper: Vec<Pt> = {
        let half = |side: f32| -> Vec<Pt> {
            let jaw = |i: usize| if side < 0.0 { p(i) } else { p(16 - i) };
            let corner = if side < 0.0 { p(48) } else { p(54) };
            let wing = if side < 0.0 { p(31) } else { p(35) };
            vec![
                lerp(jaw(1), base, 0.05),
                lerp(jaw(2), base, 0.13),
                lerp(jaw(3), base, 0.27),
                [corner[0] + side * 0.028, corner[1] - 0.010],
                [lerp(wing, corner, 0.30)[0] + side * 0.010, lerp(wing, corner, 0.42)[1] - 0.003],
                [wing[0] - side * 0.004, wing[1] + 0.0075],
            ]
        };
        let mut line = half(-1.0);
        line.push([base[0], base[1] + 0.0085]);
        line.extend(half(1.0).into_iter().rev());
        curve(&line, false, 14)
    };
    let jaw: Vec<Pt> = {
        // A little outside of the skin.
        let line: Vec<Pt> = (1..16)
            .map(|i| {
                let away = 1.0 + 0.035 * ((i as f32 - 8.0).abs() / 8.0 - 1.0).abs();
                let (dx, dy) = (p(i)[0] - base[0], p(i)[1] - base[1]);
                [base[0] + dx * away, base[1] + dy * away.powf(1.6)]
            })
            .collect();
        curve(&line, false, 14)
    };
    let mut outline = upper.clone();
    outline.extend(jaw.iter().rev());
    // The lips and a rim of skin around them stay free.
    let lips: Vec<Pt> = (48..60)
        .map(|i| {
            let middle = [p(62)[0], p(62)[1]];
            [middle[0] + (p(i)[0] - middle[0]) * 1.03, middle[1] + (p(i)[1] - middle[1]) * 1.22]
        })
        .collect();
    let free = sheet.mask(&Path::blob(&lips)).blurred(0.0022);
    let whole = sheet.mask(&Path::polygon(outline));
    let over = sheet.mask(&frame.blob(&[[-0.14, 0.33], [0.14, 0.33], [0.14, 0.60], [-0.14, 0.60]]));
    // Soft where it grows thin on the cheek, closed at jaw and chin.
    let thin = whole.blurred(0.0060).within(face).without(&free);
    let thick = whole.blurred(0.0018).without(&free).fading_y(p(8)[1], p(2)[1]);
    sheet.through(&thin, mix(c.hair, c.hair_dark, 0.25), 0.72);
    sheet.through(&thick, mix(c.hair, c.hair_light, 0.30), 0.62);
    let ground = whole.blurred(0.0030).without(&free).within(&over);
    // Shade along the far jaw and under the lower lip, light on the near side of the chin.
    sheet.soft(&Path::ellipse([p(12)[0], p(12)[1]], 0.030, 0.045, 0.5), 0.014, &ground, c.hair_dark, 0.55);
    sheet.soft(&Path::ellipse([p(57)[0], p(57)[1] + 0.007], 0.020, 0.004, 0.0), 0.003, &ground, c.hair_dark, 0.60);
    sheet.soft(
        &Path::ellipse([p(8)[0] - 0.022, p(8)[1] - 0.016], 0.024, 0.013, 0.2),
        0.008,
        &ground,
        c.hair_light,
        0.60,
    );
    // Hairs: down the cheeks, outwards under the nose, down from the lower lip.
    let (low, high) = ([p(1)[0], p(33)[1] - 0.06], [p(15)[0], p(8)[1] + 0.012]);
    for i in 0..1500 {
        let x = low[0] + (high[0] - low[0]) * hash(2 * i);
        let y = low[1] + (high[1] - low[1]) * hash(2 * i + 1);
        let side = ((x - base[0]) / (high[0] - base[0])).clamp(-1.0, 1.0);
        let moustache = y < p(48)[1] && side.abs() < 0.55;
        let way = if moustache {
            [0.9 * side.signum(), 0.55]
        } else {
            [0.25 * side - 0.55 * side * ((y - base[1]) / 0.09), 1.0]
        };
        let long = 0.0062 + 0.004 * hash(5000 + i);
        let hair = [
            [x, y],
            [x + 0.5 * long * way[0] + 0.0006, y + 0.5 * long * way[1]],
            [x + long * way[0], y + long * way[1]],
        ];
        let (colour, alpha) = if i % 5 < 2 { (c.hair_dark, 0.34) } else { (c.hair_light, 0.50) };
        sheet.soft(&Path::stroke(&hair, 0.0014), 0.0004, &ground, colour, alpha);
    }
}

/// A fixed irregular number from 0 to 1 for each number.
fn hash(i: usize) -> f32 {
    let x = (i as u32).wrapping_mul(0x9E37_79B1).rotate_left(13).wrapping_mul(0x85EB_CA77);
    ((x ^ (x >> 16)) & 0xFFFF) as f32 / 65535.0
}
