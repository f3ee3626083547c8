//! Short hair: parted at the side, or brushed back from a high forehead.

// Heights on the face happen to look like well-known numbers.
#![allow(clippy::approx_constant)]

use super::{Frame, PresenterSpec, scatter, sweep, taper};
use crate::render::paint::{Fill, Path, Pt, Sheet, lerp, mix};

/// Where the shadow of hair parted at the side falls on the forehead.
pub(super) const PARTED_SHADOW: [Pt; 10] = [
    [0.045, 0.150],
    [0.042, 0.2160],
    [0.0, 0.2260],
    [-0.045, 0.2370],
    [-0.080, 0.2600],
    [-0.099, 0.295],
    [-0.106, 0.350],
    [-0.140, 0.350],
    [-0.140, 0.170],
    [0.0, 0.150],
];
/// Where the shadow of hair brushed back falls.
pub(super) const RECEDING_SHADOW: [Pt; 9] = [
    [0.040, 0.150],
    [0.030, 0.2040],
    [-0.020, 0.2100],
    [-0.062, 0.2080],
    [-0.090, 0.2320],
    [-0.102, 0.290],
    [-0.107, 0.350],
    [-0.140, 0.350],
    [-0.120, 0.170],
];

/// The back of the head, down to the nape.
pub(super) fn back(sheet: &mut Sheet, spec: &PresenterSpec, frame: &Frame) {
    let c = &spec.colours;
    let path = frame.blob(&[
        [0.0, 0.150],
        [-0.070, 0.158],
        [-0.112, 0.195],
        [-0.1265, 0.250],
        [-0.1275, 0.310],
        [-0.121, 0.370],
        [-0.100, 0.420],
        [-0.066, 0.455],
        [0.066, 0.455],
        [0.100, 0.420],
        [0.121, 0.370],
        [0.1275, 0.310],
        [0.1265, 0.250],
        [0.112, 0.195],
        [0.070, 0.158],
    ]);
    sheet.fill(
        &path,
        Fill::Linear(
            frame.at(-0.12, 0.3),
            mix(c.hair, c.hair_dark, 0.5),
            frame.at(0.12, 0.4),
            mix(c.hair, c.hair_dark, 0.9),
        ),
        1.0,
    );
}

/// Two sweeps from a parting over the eye at image right, full over the forehead.
pub(super) fn parted(sheet: &mut Sheet, spec: &PresenterSpec, frame: &Frame) {
    sides(sheet, spec, frame);
    sweep(
        sheet,
        spec,
        frame,
        [
            &[
                [0.0480, 0.2010],
                [0.0300, 0.2030],
                [0.0050, 0.2090],
                [-0.0250, 0.2180],
                [-0.0550, 0.2310],
                [-0.0800, 0.2460],
                [-0.0970, 0.2640],
                [-0.1080, 0.2860],
                [-0.1150, 0.3050],
            ],
            &[
                [0.0520, 0.1500],
                [0.0360, 0.1360],
                [0.0050, 0.1270],
                [-0.0330, 0.1270],
                [-0.0700, 0.1370],
                [-0.1010, 0.1600],
                [-0.1210, 0.1960],
                [-0.1300, 0.2400],
                [-0.1310, 0.2850],
            ],
        ],
        [0.80, 0.35],
        Some([0.272, 0.304]),
    );
    sweep(
        sheet,
        spec,
        frame,
        [
            &[
                [0.0480, 0.2010],
                [0.0620, 0.2080],
                [0.0780, 0.2230],
                [0.0920, 0.2420],
                [0.1020, 0.2640],
                [0.1090, 0.2860],
                [0.1150, 0.3050],
            ],
            &[
                [0.0520, 0.1500],
                [0.0700, 0.1470],
                [0.0930, 0.1600],
                [0.1120, 0.1830],
                [0.1240, 0.2150],
                [0.1300, 0.2500],
                [0.1310, 0.2850],
            ],
        ],
        [0.45, 0.30],
        Some([0.272, 0.304]),
    );
    let c = &spec.colours;
    let line = frame.line(&[[0.0522, 0.1500], [0.0518, 0.1660], [0.0500, 0.1850], [0.0480, 0.2010]]);
    let over = sheet.mask(&frame.blob(&[[-0.1, 0.13], [0.12, 0.13], [0.12, 0.204], [-0.1, 0.204]]));
    sheet.soft(&Path::ribbon(&line, |t| 0.0016 + 0.0018 * t), 0.0006, &over, mix(c.hair_dark, c.skin_deep, 0.5), 0.85);
}

/// Thin hair brushed back over the middle, receding at the temples.
pub(super) fn receding(sheet: &mut Sheet, spec: &PresenterSpec, frame: &Frame) {
    sides(sheet, spec, frame);
    let c = &spec.colours;
    // The hairline from temple to temple, and the top of the head.
    let line: [Pt; 13] = [
        [-0.1150, 0.300],
        [-0.1075, 0.268],
        [-0.0960, 0.236],
        [-0.0800, 0.212],
        [-0.0610, 0.198],
        [-0.0400, 0.1985],
        [-0.0050, 0.2030],
        [0.0300, 0.1995],
        [0.0580, 0.1970],
        [0.0790, 0.212],
        [0.0955, 0.236],
        [0.1075, 0.268],
        [0.1150, 0.300],
    ];
    let top: [Pt; 13] = [
        [-0.1300, 0.285],
        [-0.1285, 0.240],
        [-0.1190, 0.200],
        [-0.1010, 0.168],
        [-0.0760, 0.148],
        [-0.0430, 0.1375],
        [-0.0050, 0.1345],
        [0.0330, 0.1370],
        [0.0690, 0.1460],
        [0.0980, 0.166],
        [0.1180, 0.199],
        [0.1285, 0.240],
        [0.1300, 0.285],
    ];
    let (low, high) = (frame.line(&line), frame.line(&top));
    let mut outline = low.clone();
    outline.extend(high.iter().rev());
    // It fades into the crop over the ears.
    let mask = sheet.mask(&Path::polygon(outline)).fading_y(frame.at(0.0, 0.262)[1], frame.at(0.0, 0.300)[1]);
    sheet.through(
        &mask,
        Fill::Linear(frame.at(-0.06, 0.14), mix(c.hair, c.hair_light, 0.25), frame.at(0.12, 0.24), c.hair),
        1.0,
    );
    sheet.soft(&Path::ribbon(&low, |_| 0.020), 0.009, &mask, c.hair_dark, 0.40);
    sheet.soft(&Path::ribbon(&high, |_| 0.014), 0.007, &mask, c.hair_dark, 0.45);
    sheet.soft(&Path::ellipse(frame.at(-0.045, 0.163), 0.055, 0.016, -0.25), 0.012, &mask, c.hair_light, 0.55);
    // Strands run from the hairline back over the crown, combed over to image right.
    let n = low.len() - 1;
    let at = |line: &[Pt], f: f32| line[((f.clamp(0.0, 1.0)) * n as f32) as usize];
    for i in 0..150 {
        let f = (i as f32 + 0.9 * scatter(3 * i)) / 150.0;
        // The comb draws the middle over more than the sides.
        let combed = f + 0.12 * (1.0 - (2.0 * f - 1.0).powi(2));
        let (root, tip) = (at(&low, f), at(&high, combed));
        let (from, to) = (0.02 + 0.30 * scatter(3 * i + 1), 0.62 + 0.36 * scatter(3 * i + 2));
        let (a, b) = (lerp(root, tip, from), lerp(root, tip, to));
        let middle = [0.5 * (a[0] + b[0]) - 0.006 * (1.0 - f), 0.5 * (a[1] + b[1]) - 0.003];
        let near = (1.0 - 1.1 * f).max(0.15);
        let (colour, alpha) = if i % 5 < 2 { (c.hair_dark, 0.34) } else { (c.hair_light, 0.30 + 0.34 * near) };
        let line = crate::render::paint::curve(&[a, middle, b], false, 16);
        sheet.soft(&taper(&line, 0.0022 + 0.0012 * scatter(400 + i)), 0.0005, &mask, colour, alpha);
    }
    // Fine hairs over the edge of the forehead.
    let everywhere = sheet.mask(&frame.blob(&[[-0.14, 0.12], [0.14, 0.12], [0.14, 0.34], [-0.14, 0.34]]));
    for i in 0..44 {
        let f = 0.10 + 0.80 * i as f32 / 43.0;
        let root = low[(f * n as f32) as usize];
        let tip = high[((0.5 + (f - 0.5) * 1.05) * n as f32) as usize];
        let hair = [lerp(root, tip, -0.05 - 0.07 * scatter(90 + i)), lerp(root, tip, 0.10), lerp(root, tip, 0.26)];
        sheet.soft(
            &Path::stroke(&hair, 0.0017),
            0.0005,
            &everywhere,
            if i % 2 == 0 { c.hair } else { c.hair_dark },
            0.55,
        );
    }
}

/// The cropped sides over the ears, with sideburns.
fn sides(sheet: &mut Sheet, spec: &PresenterSpec, frame: &Frame) {
    let c = &spec.colours;
    let outline: [Pt; 11] = [
        [-0.1010, 0.255],
        [-0.1075, 0.292],
        [-0.1090, 0.325],
        [-0.1082, 0.352],
        [-0.1085, 0.374],
        [-0.1160, 0.3735],
        [-0.1190, 0.352],
        [-0.1235, 0.3300],
        [-0.1285, 0.3180],
        [-0.1303, 0.2850],
        [-0.1285, 0.2450],
    ];
    for (i, path) in frame.both(&outline).into_iter().enumerate() {
        let side = if i == 0 { 1.0f32 } else { -1.0 };
        let mask = sheet.mask(&path);
        // The crop lets the skin through where it ends.
        let soft = mask.blurred(0.0007).fading_y(frame.at(0.0, 0.345)[1], frame.at(0.0, 0.380)[1]);
        let colour = if i == 0 { mix(c.hair, c.hair_light, 0.06) } else { mix(c.hair, c.hair_dark, 0.35) };
        sheet.through(&soft, colour, 0.96);
        let face_edge: Vec<Pt> = frame.line(&outline[..5].iter().map(|p| [side * p[0], p[1]]).collect::<Vec<_>>());
        sheet.soft(&Path::ribbon(&face_edge, |_| 0.005), 0.0022, &soft, c.hair_dark, 0.35);
        // Cropped hairs, down and back.
        for k in 0..90 {
            let (u, v) = (scatter(7 * k + i), scatter(7 * k + 3));
            let (x, y) = (-0.1075 - 0.020 * u, 0.248 + 0.112 * v);
            let hair = [
                frame.at(side * x, y),
                frame.at(side * (x - 0.0015), y + 0.005),
                frame.at(side * (x - 0.0035), y + 0.010),
            ];
            let colour = if k % 2 == 0 { c.hair_light } else { c.hair_dark };
            sheet.soft(&Path::stroke(&hair, 0.0013), 0.0004, &soft, colour, if i == 0 { 0.34 } else { 0.24 });
        }
    }
}
