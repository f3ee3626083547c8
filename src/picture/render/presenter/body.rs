//! Neck and clothes.

use super::{Frame, PresenterSpec, collar};
use crate::render::paint::{Fill, Path, Pt, Sheet, curve, mix};

/// The neck down to the collar bones, in the shade of the jaw.
pub(super) fn neck(sheet: &mut Sheet, spec: &PresenterSpec, frame: &Frame) {
    let c = &spec.colours;
    let t = spec.throat;
    let at = |dx: f32, dy: f32| -> Pt { [t[0] + dx, t[1] + dy] };
    let n = spec.neck;
    let outline = [
        frame.at(-0.0575 * n, 0.440),
        frame.at(-0.0560 * n, 0.500),
        at(-0.0560 * n, -0.055),
        at(-0.0635 * n, -0.022),
        at(-0.100, 0.012),
        at(-0.150, 0.050),
        at(-0.150, 0.110),
        at(0.0, 0.130),
        at(0.150, 0.110),
        at(0.150, 0.050),
        at(0.100, 0.012),
        at(0.0635 * n, -0.022),
        at(0.0560 * n, -0.055),
        frame.at(0.0560 * n, 0.500),
        frame.at(0.0575 * n, 0.440),
    ];
    let path = Path::blob(&outline);
    let mask = sheet.mask(&path);
    sheet.fill(
        &path,
        Fill::Linear(at(-0.06, 0.0), mix(c.skin, c.skin_shade, 0.18), at(0.075, 0.0), mix(c.skin, c.skin_shade, 0.55)),
        1.0,
    );
    // The cylinder of the neck turns away at both sides.
    for (side, alpha) in [(-1.0f32, 0.35), (1.0, 0.55)] {
        let line = curve(
            &[
                frame.at(side * 0.0575 * n, 0.470),
                at(side * 0.0565 * n, -0.055),
                at(side * 0.066 * n, -0.018),
                at(side * 0.105, 0.012),
            ],
            false,
            16,
        );
        sheet.soft(&Path::ribbon(&line, |_| 0.020), 0.008, &mask, c.skin_deep, alpha);
    }
    // Collar bones and the hollow between them.
    for side in [-1.0f32, 1.0] {
        let bone = [at(side * 0.014, 0.010), at(side * 0.040, 0.004), at(side * 0.075, 0.008), at(side * 0.110, 0.020)];
        sheet.soft(&Path::stroke(&bone, 0.007).shifted([0.0, 0.004]), 0.0025, &mask, c.skin_deep, 0.42);
        sheet.soft(&Path::stroke(&bone, 0.006).shifted([-0.001, -0.004]), 0.003, &mask, c.skin_light, 0.55);
        let tendon = [frame.at(side * 0.052, 0.530), at(side * 0.034, -0.030), at(side * 0.013, 0.006)];
        sheet.soft(&Path::stroke(&tendon, 0.009), 0.004, &mask, c.skin_deep, 0.20);
    }
    sheet.soft(&Path::ellipse(at(0.0, 0.008), 0.011, 0.014, 0.0), 0.005, &mask, c.skin_deep, 0.45);
    // The jaw's shadow, thrown down and to the right.
    let jaw: Vec<Pt> = (2..=14).map(|i| spec.face[i]).collect();
    let mut shadow = curve(&jaw, false, 12);
    for p in &mut shadow {
        p[0] += 0.010;
        p[1] += 0.034 + 0.010 * ((p[0] - t[0]) / 0.11).clamp(-1.0, 1.0);
    }
    sheet.soft(&Path::polygon(shadow), 0.006, &mask, mix(c.skin_shade, c.skin_deep, 0.60), 0.88);
}

/// Ends of the sleeve's seam, top of the shoulder and armpit, as offsets from the shoulder; x towards the middle.
pub(super) const SEAM: [Pt; 2] = [[0.050, -0.041], [0.052, 0.105]];

/// What is worn, with its sleeves. The arm that does not cue hangs down and leaves the picture.
pub(super) fn clothes(sheet: &mut Sheet, spec: &PresenterSpec) {
    let c = &spec.colours;
    let t = spec.throat;
    let (r, l) = (spec.right_shoulder, spec.left_shoulder);
    // The side of the arm that cues ends at the sleeve's seam and goes down the trunk; the arm is painted over it.
    let over: Vec<Pt> = curve(
        &[
            [t[0] - 0.098, t[1] + 0.002],
            [r[0] + 0.085, r[1] - 0.052],
            [r[0] + SEAM[0][0], r[1] + SEAM[0][1]],
            [r[0] + 0.020, r[1] - 0.028],
        ],
        false,
        24,
    );
    let down = curve(
        &[
            [r[0] + SEAM[0][0], r[1] + SEAM[0][1]],
            [r[0] + 0.034, r[1] - 0.016],
            [r[0] + 0.026, r[1] + 0.040],
            [r[0] + SEAM[1][0] - 0.018, r[1] + SEAM[1][1]],
            [r[0] + SEAM[1][0] - 0.008, r[1] + 0.160],
            [r[0] + 0.043, r[1] + 0.240],
            [r[0] + 0.040, 1.04],
        ],
        false,
        24,
    );
    let body: Vec<Pt> = over[..48].iter().chain(&down).copied().collect();
    let other = curve(
        &[
            [t[0] + 0.098, t[1] + 0.002],
            [l[0] - 0.085, l[1] - 0.052],
            [l[0] - 0.020, l[1] - 0.028],
            [l[0] + 0.022, l[1] + 0.004],
            [l[0] + 0.046, l[1] + 0.055],
            [l[0] + 0.062, l[1] + 0.130],
            [l[0] + 0.074, l[1] + 0.220],
            [l[0] + 0.084, 1.04],
        ],
        false,
        24,
    );
    let collar = collar::neckline(spec);
    collar::under(sheet, spec);
    let mut outline = body.clone();
    outline.extend(other.iter().rev());
    outline.extend(collar.iter().rev());
    let path = Path::polygon(outline);
    let mask = sheet.mask(&path);
    sheet.fill(
        &path,
        Fill::Linear(
            [r[0], r[1] - 0.05],
            mix(c.clothes, c.clothes_light, 0.35),
            [l[0], 1.0],
            mix(c.clothes, c.clothes_shade, 0.45),
        ),
        1.0,
    );
    // Light on the shoulder towards the lamp, shade on the far side and down the middle.
    sheet.soft(&Path::ellipse([r[0] + 0.02, r[1] + 0.005], 0.075, 0.022, -0.45), 0.018, &mask, c.clothes_light, 0.75);
    sheet.soft(&Path::ellipse([l[0] - 0.035, l[1] - 0.012], 0.060, 0.014, 0.42), 0.016, &mask, c.clothes_light, 0.40);
    sheet.soft(&Path::ellipse([l[0] + 0.055, 0.90], 0.05, 0.20, -0.2), 0.030, &mask, c.clothes_shade, 0.75);
    sheet.soft(&Path::ellipse([t[0] - 0.07, 0.84], 0.085, 0.10, 0.25), 0.045, &mask, c.clothes_light, 0.38);
    sheet.soft(&Path::ellipse([t[0] + 0.10, 0.85], 0.070, 0.10, -0.25), 0.045, &mask, c.clothes_light, 0.16);
    sheet.soft(&Path::ellipse([t[0], 1.02], 0.26, 0.07, 0.0), 0.04, &mask, c.clothes_shade, 0.55);
    // Shade down the open side of the trunk.
    let flank = curve(&[[r[0] + 0.040, r[1] + 0.10], [r[0] + 0.046, r[1] + 0.20], [r[0] + 0.044, 1.05]], false, 16);
    sheet.soft(&Path::ribbon(&flank, |_| 0.030), 0.013, &mask, c.clothes_shade, 0.75);
    for (side, shoulder) in [(1.0f32, r), (-1.0, l)] {
        let at = |dx: f32, dy: f32| -> Pt { [shoulder[0] + side * dx, shoulder[1] + dy] };
        // Folds that run from the armpit over the chest.
        let mut folds = vec![
            ([at(0.051, 0.108), at(0.080, 0.098), at(0.115, 0.102)], 0.012, 0.42),
            ([at(0.042, 0.150), at(0.080, 0.150), at(0.125, 0.166)], 0.014, 0.36),
        ];
        if side < 0.0 {
            // The hanging arm's edge against the chest, and folds on the sleeve.
            let crease = curve(&[at(0.052, 0.105), at(0.036, 0.165), at(0.026, 0.235), at(0.020, 0.36)], false, 20);
            sheet.soft(&Path::ribbon(&crease, |t| 0.004 + 0.020 * t), 0.009, &mask, c.clothes_shade, 0.95);
            sheet.soft(
                &Path::ribbon(&crease, |t| 0.0055 * (0.35 + t).min(1.0)),
                0.0016,
                &mask,
                mix(c.clothes_shade, [0.0; 3], 0.25),
                0.85,
            );
            folds.extend([
                ([at(0.050, 0.112), at(0.030, 0.092), at(0.012, 0.082)], 0.009, 0.34),
                ([at(0.036, 0.185), at(0.010, 0.176), at(-0.018, 0.176)], 0.011, 0.30),
                ([at(0.028, 0.240), at(0.000, 0.240), at(-0.028, 0.250)], 0.012, 0.26),
            ]);
        }
        for (points, width, strength) in folds {
            sheet.soft(&Path::stroke(&points, width), 0.0045, &mask, c.clothes_shade, strength);
            sheet.soft(
                &Path::stroke(&points, width * 0.8).shifted([-0.001, -0.009]),
                0.005,
                &mask,
                c.clothes_light,
                strength * 0.50,
            );
        }
        // The seam where the sleeve is set in.
        let seam = curve(
            &[at(SEAM[0][0], SEAM[0][1]), at(0.058, 0.00), at(0.060, 0.05), at(SEAM[1][0], SEAM[1][1])],
            false,
            20,
        );
        sheet.soft(&Path::ribbon(&seam, |_| 0.0030), 0.0010, &mask, c.clothes_shade, 0.55);
        sheet.soft(
            &Path::ribbon(&seam, |_| 0.0030).shifted([-side * 0.003, 0.0]),
            0.0014,
            &mask,
            c.clothes_light,
            0.30,
        );
    }
    collar::finish(sheet, spec);
    // A thin darker edge keeps the shoulders apart from the background.
    for line in [&body, &other] {
        sheet.soft(&Path::ribbon(line, |_| 0.0036), 0.0006, &mask, mix(c.clothes_shade, [0.0; 3], 0.2), 0.55);
    }
}
