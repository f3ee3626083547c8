//! A scarf over hair, ears and neck, laid around the face and over the chest.

use super::{Frame, PresenterSpec, taper};
use crate::render::paint::{Fill, Path, Pt, Sheet, curve, mix};

/// Where the shadow of the scarf's edge falls on the face.
pub(super) const SHADOW: [Pt; 14] = [
    [0.0, 0.150],
    [-0.120, 0.190],
    [-0.140, 0.400],
    [-0.095, 0.500],
    [-0.0935, 0.440],
    [-0.1020, 0.390],
    [-0.1025, 0.335],
    [-0.0950, 0.288],
    [-0.0740, 0.252],
    [-0.0400, 0.2330],
    [0.0, 0.2290],
    [0.0500, 0.2330],
    [0.0850, 0.245],
    [0.100, 0.200],
];

/// The face's opening at image left, from the forehead to the chin.
const OPENING: [Pt; 11] = [
    [0.0, 0.2120],
    [-0.0440, 0.2180],
    [-0.0810, 0.2410],
    [-0.1030, 0.2830],
    [-0.1110, 0.3330],
    [-0.1100, 0.3850],
    [-0.1020, 0.4300],
    [-0.0870, 0.4680],
    [-0.0640, 0.4990],
    [-0.0350, 0.5200],
    [0.0, 0.5275],
];

/// The outside of the hood at image left, from the crown to the shoulder.
const HOOD: [Pt; 10] = [
    [0.0, 0.1330],
    [-0.0580, 0.1420],
    [-0.1060, 0.1750],
    [-0.1370, 0.2280],
    [-0.1490, 0.2950],
    [-0.1500, 0.3650],
    [-0.1430, 0.4350],
    [-0.1330, 0.4950],
    [-0.1270, 0.5450],
    [-0.1330, 0.5900],
];

/// A half line and its mirror image as one closed line.
fn closed(frame: &Frame, half: &[Pt]) -> Vec<Pt> {
    let mut all = half.to_vec();
    all.extend(half.iter().rev().filter(|p| p[0] != 0.0).map(|p| [-p[0], p[1]]));
    curve(&frame.all(&all), true, 20)
}

/// The outline of the whole scarf: first the hood, then the bow over the chest.
fn around(spec: &PresenterSpec, frame: &Frame) -> Vec<Pt> {
    let t = spec.throat;
    let at = |dx: f32, dy: f32| -> Pt { [t[0] + dx, t[1] + dy] };
    let mut points: Vec<Pt> = HOOD.iter().rev().map(|p| frame.at(p[0], p[1])).collect();
    points.extend(HOOD[1..].iter().map(|p| frame.at(-p[0], p[1])));
    // Over the shoulders and in one long bow over the chest, lower at image right.
    points.extend([
        at(0.150, 0.022),
        at(0.176, 0.058),
        at(0.178, 0.098),
        at(0.140, 0.156),
        at(0.070, 0.196),
        at(-0.010, 0.196),
        at(-0.085, 0.166),
        at(-0.145, 0.122),
        at(-0.176, 0.082),
        at(-0.174, 0.052),
        at(-0.150, 0.022),
    ]);
    points
}

/// The whole scarf: hood, the cloth around the neck and the part over the chest. The face comes over it.
pub(super) fn drape(sheet: &mut Sheet, spec: &PresenterSpec, frame: &Frame) {
    let c = &spec.colours;
    let t = spec.throat;
    let at = |dx: f32, dy: f32| -> Pt { [t[0] + dx, t[1] + dy] };
    let points = around(spec, frame);
    let path = Path::polygon(curve(&points, true, 20));
    let mask = sheet.mask(&path);
    // The shadow on the clothes.
    let (r, l) = (spec.right_shoulder, spec.left_shoulder);
    let below = sheet.mask(&Path::polygon(vec![
        [r[0] + 0.040, 1.0],
        [r[0] + 0.040, r[1]],
        [r[0] + 0.070, r[1] - 0.034],
        [t[0] - 0.09, t[1] + 0.02],
        [t[0] + 0.09, t[1] + 0.02],
        [l[0] - 0.070, l[1] - 0.034],
        [l[0] - 0.020, l[1]],
        [l[0], 1.0],
    ]));
    sheet.soft(&path.clone().shifted([0.005, 0.014]), 0.009, &below, c.clothes_shade, 0.75);
    sheet.fill(
        &path,
        Fill::Linear(
            frame.at(-0.16, 0.20),
            mix(c.hair, c.hair_light, 0.22),
            at(0.17, 0.10),
            mix(c.hair, c.hair_dark, 0.42),
        ),
        1.0,
    );
    // Folds around the neck and over the chest: from the cheek at one side under the chin to the other shoulder.
    let folds: [(&[Pt], f32, f32); 8] = [
        (&[[-0.118, -0.120], [-0.090, -0.062], [-0.030, -0.022], [0.050, 0.006], [0.120, 0.040]], 0.018, 0.60),
        (&[[-0.124, -0.070], [-0.086, -0.014], [-0.010, 0.030], [0.080, 0.062], [0.150, 0.070]], 0.020, 0.60),
        (&[[-0.130, -0.030], [-0.084, 0.036], [0.000, 0.080], [0.090, 0.106], [0.160, 0.098]], 0.020, 0.55),
        (&[[-0.150, 0.030], [-0.094, 0.086], [0.000, 0.130], [0.086, 0.142], [0.150, 0.120]], 0.018, 0.50),
        (&[[0.118, -0.120], [0.100, -0.080], [0.066, -0.046], [0.030, -0.026]], 0.016, 0.55),
        (&[[0.126, -0.070], [0.116, -0.030], [0.090, 0.006]], 0.014, 0.50),
        (&[[-0.160, 0.064], [-0.100, 0.124], [-0.020, 0.166], [0.060, 0.174]], 0.012, 0.40),
        (&[[0.132, -0.026], [0.140, 0.010], [0.150, 0.040]], 0.010, 0.40),
    ];
    for (points, width, strength) in folds {
        let line = curve(&points.iter().map(|p| at(p[0], p[1])).collect::<Vec<_>>(), false, 20);
        sheet.soft(&taper(&line, width), 0.0045, &mask, c.hair_dark, strength);
        let ridge: Vec<Pt> = line.iter().map(|p| [p[0] - 0.003, p[1] - 0.5 * width - 0.003]).collect();
        sheet.soft(&taper(&ridge, width * 0.75), 0.0050, &mask, c.hair_light, strength * 0.75);
        sheet.soft(&taper(&line, 0.0030), 0.0010, &mask, mix(c.hair_dark, [0.0; 3], 0.25), strength * 0.8);
    }
    // Under the chin.
    let jaw: Vec<Pt> = (2..=14).map(|i| spec.face[i]).collect();
    let mut shadow = curve(&jaw, false, 12);
    for p in &mut shadow {
        p[0] += 0.008;
        p[1] += 0.024;
    }
    sheet.soft(&Path::polygon(shadow), 0.009, &mask, c.hair_dark, 0.90);
    // The hem over the chest.
    let hem = curve(&points[HOOD.len() * 2 - 1..], false, 20);
    sheet.soft(&Path::ribbon(&hem, |_| 0.0060), 0.0020, &mask, c.hair_dark, 0.55);
    let inside: Vec<Pt> = hem.iter().map(|p| [p[0], p[1] - 0.008]).collect();
    sheet.soft(&Path::ribbon(&inside, |_| 0.0030), 0.0014, &mask, c.hair_light, 0.35);
}

/// The hood's edge around the face, with the cap under it.
pub(super) fn front(sheet: &mut Sheet, spec: &PresenterSpec, frame: &Frame) {
    let c = &spec.colours;
    let opening = closed(frame, &OPENING);
    // The cap, a strip of darker cloth on the forehead.
    let cap: Vec<Pt> = OPENING[..5]
        .iter()
        .map(|p| {
            let free = 1.0 - (p[0] / 0.111).powi(4);
            [p[0] * (1.0 - 0.015 * free), p[1] + 0.0080 * free]
        })
        .collect();
    let mut band: Vec<Pt> = cap.iter().rev().copied().collect();
    band.extend(cap[1..].iter().map(|p| [-p[0], p[1]]));
    let low = frame.line(&band);
    let mut outline = low.clone();
    outline.extend([frame.at(0.14, 0.30), frame.at(0.10, 0.18), frame.at(-0.10, 0.18), frame.at(-0.14, 0.30)]);
    let within = sheet.mask(&Path::polygon(opening.clone()));
    let dark = mix(c.hair_dark, [0.0; 3], 0.25);
    sheet.fill_within(&Path::polygon(outline), &within, dark, 1.0);
    sheet.soft(&Path::ribbon(&low, |_| 0.0022), 0.0006, &within, mix(dark, c.hair_light, 0.45), 0.7);
    // The hood: everything between its outside and the opening.
    let mut hood: Vec<Pt> = HOOD[..9].to_vec();
    hood.push([-0.040, 0.556]);
    hood.push([0.0, 0.560]);
    let whole = closed(frame, &hood);
    let scarf = sheet.mask(&Path::polygon(curve(&around(spec, frame), true, 20)));
    let mask = sheet.mask(&Path::polygon(whole)).within(&scarf).without(&within);
    // It melts into the cloth below the chin.
    let mask = mask.fading_y(frame.at(0.0, 0.500)[1], frame.at(0.0, 0.552)[1]);
    sheet.through(
        &mask,
        Fill::Linear(
            frame.at(-0.15, 0.20),
            mix(c.hair, c.hair_light, 0.22),
            frame.at(0.17, 0.46),
            mix(c.hair, c.hair_dark, 0.34),
        ),
        1.0,
    );
    // Light on the crown, shade at the far side and along the cheek.
    sheet.soft(&Path::ellipse(frame.at(-0.055, 0.172), 0.060, 0.022, -0.45), 0.015, &mask, c.hair_light, 0.70);
    sheet.soft(&Path::ellipse(frame.at(-0.132, 0.310), 0.010, 0.075, 0.05), 0.009, &mask, c.hair_light, 0.45);
    sheet.soft(&Path::ellipse(frame.at(0.138, 0.330), 0.018, 0.130, -0.05), 0.014, &mask, c.hair_dark, 0.60);
    for side in [-1.0f32, 1.0] {
        let strength = if side < 0.0 { 0.50 } else { 0.62 };
        let folds: [(&[Pt], f32); 4] = [
            (&[[0.030, 0.150], [0.080, 0.178], [0.116, 0.232], [0.130, 0.300], [0.130, 0.380]], 0.012),
            (&[[0.020, 0.178], [0.070, 0.198], [0.106, 0.244], [0.121, 0.305], [0.124, 0.370], [0.116, 0.440]], 0.010),
            (&[[0.136, 0.350], [0.132, 0.420], [0.118, 0.480], [0.092, 0.524]], 0.012),
            (&[[0.122, 0.400], [0.112, 0.452], [0.092, 0.492], [0.062, 0.526]], 0.009),
        ];
        for (points, width) in folds {
            let line = frame.line(&points.iter().map(|p| [side * p[0], p[1]]).collect::<Vec<_>>());
            sheet.soft(&taper(&line, width), 0.0035, &mask, c.hair_dark, strength);
            let ridge: Vec<Pt> = line.iter().map(|p| [p[0] + side * 0.5 * width, p[1] - 0.004]).collect();
            sheet.soft(&taper(&ridge, width * 0.7), 0.0035, &mask, c.hair_light, strength * 0.55);
        }
    }
    // The rolled edge: a light ridge and a dark line against the skin.
    let mut ring = opening.clone();
    ring.push(opening[0]);
    sheet.soft(&Path::ribbon(&ring, |_| 0.013), 0.0030, &mask, c.hair_light, 0.42);
    sheet.soft(&Path::ribbon(&ring, |_| 0.0042), 0.0010, &mask, c.hair_dark, 0.85);
}
