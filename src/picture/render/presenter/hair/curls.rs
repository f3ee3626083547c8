//! A round crown of curls.

use super::{Frame, PresenterSpec, scatter};
use crate::render::paint::{Fill, Mask, Path, Pt, Sheet, mix};

/// Where the shadow of the curls falls on the forehead.
pub(super) const SHADOW: [Pt; 11] = [
    [0.090, 0.160],
    [0.084, 0.2430],
    [0.045, 0.2300],
    [0.0, 0.2290],
    [-0.045, 0.2370],
    [-0.083, 0.2610],
    [-0.100, 0.300],
    [-0.106, 0.345],
    [-0.140, 0.345],
    [-0.140, 0.170],
    [0.0, 0.150],
];

/// Middle of the crown, and its reach to the sides and upwards.
const MIDDLE: Pt = [0.0, 0.285];
const REACH: Pt = [0.182, 0.172];

/// A point of the crown's outline at an angle (0 to image right, a quarter turn down), `part` of the way from the
/// middle.
fn outline(angle: f32, part: f32) -> Pt {
    let (s, c) = angle.sin_cos();
    // Fuller above, drawn in towards the neck.
    let low = s.max(0.0);
    [MIDDLE[0] + part * REACH[0] * c * (1.0 - 0.10 * low), MIDDLE[1] + part * REACH[1] * s * (1.0 + 0.14 * low)]
}

/// The crown's shape with a soft, curly edge, from angle to angle.
fn crown(frame: &Frame) -> Path {
    let mut path = Path::blob(&frame.all(&(0..40).map(|i| outline(angle(i, 40), 0.97)).collect::<Vec<_>>()));
    for i in 0..46 {
        let at = outline(angle(i, 46) + 0.05 * scatter(i), 0.945 + 0.035 * scatter(50 + i));
        let radius = 0.0125 + 0.0065 * scatter(100 + i);
        path = path.and(Path::ellipse(frame.at(at[0], at[1]), radius, radius, 0.0));
    }
    path
}

fn angle(i: usize, of: usize) -> f32 {
    i as f32 / of as f32 * std::f32::consts::TAU
}

/// Masks of single areas joined; overlapping outlines would cancel each other in one path.
fn joined(sheet: &Sheet, path: &Path) -> Mask {
    let mut all: Option<Mask> = None;
    for one in &path.outlines {
        let mask = sheet.mask(&Path::polygon(one.clone()));
        all = Some(match all {
            None => mask,
            Some(sum) => sum.or(&mask),
        });
    }
    all.unwrap_or_default()
}

/// All of the crown; the face and what lies over it come later.
pub(super) fn back(sheet: &mut Sheet, spec: &PresenterSpec, frame: &Frame) {
    let c = &spec.colours;
    let mask = joined(sheet, &crown(frame));
    sheet.through(
        &mask,
        Fill::Radial(frame.at(-0.05, 0.23), [0.20, 0.24], c.hair, mix(c.hair, c.hair_dark, 0.75)),
        1.0,
    );
    curls(sheet, spec, frame, &mask, 0.40..0.985, 0..2000);
    // Next to the neck no light comes in.
    sheet.soft(
        &frame.blob(&[[-0.115, 0.36], [-0.100, 0.47], [0.0, 0.50], [0.100, 0.47], [0.115, 0.36]]),
        0.014,
        &mask,
        c.hair_dark,
        0.85,
    );
}

/// The part over forehead, temples and the upper half of the ears.
pub(super) fn front(sheet: &mut Sheet, spec: &PresenterSpec, frame: &Frame) {
    let c = &spec.colours;
    // Along the hairline from temple to temple.
    const LINE: [Pt; 11] = [
        [-0.1170, 0.328],
        [-0.1120, 0.300],
        [-0.1000, 0.267],
        [-0.0790, 0.236],
        [-0.0440, 0.2150],
        [0.0, 0.2085],
        [0.0440, 0.2150],
        [0.0790, 0.236],
        [0.1000, 0.267],
        [0.1120, 0.300],
        [0.1170, 0.328],
    ];
    let line = frame.line(&LINE);
    let mut upper: Vec<Pt> = (0..=24)
        .map(|i| {
            let p = outline(std::f32::consts::PI * (1.0 + i as f32 / 24.0) - 0.36 + 0.72 * i as f32 / 24.0, 0.80);
            frame.at(p[0], p[1])
        })
        .collect();
    let mut area = line.clone();
    upper.reverse();
    area.extend(upper);
    let mut path = Path::polygon(area);
    for i in 0..27 {
        let at = crate::render::paint::along(&line, i as f32 / 26.0);
        // Smaller towards the ears.
        let end = (i.min(26 - i) as f32 / 5.0).min(1.0);
        let radius = (0.0095 + 0.0055 * scatter(200 + i)) * (0.45 + 0.55 * end);
        path = path.and(Path::ellipse([at[0], at[1] - 0.004], radius, radius, 0.0));
    }
    // Curls end it over the ears.
    for (dx, y) in [(0.1215, 0.3300), (0.1300, 0.3320), (0.1365, 0.3300)] {
        for side in [-1.0f32, 1.0] {
            path = path.and(Path::ellipse(frame.at(side * dx, y), 0.0085, 0.0085, 0.0));
        }
    }
    let mask = joined(sheet, &path);
    sheet.through(
        &mask,
        Fill::Radial(frame.at(-0.05, 0.21), [0.17, 0.17], c.hair, mix(c.hair, c.hair_dark, 0.70)),
        1.0,
    );
    sheet.soft(&Path::ribbon(&line, |_| 0.022), 0.008, &mask, c.hair_dark, 0.60);
    curls(sheet, spec, frame, &mask, 0.30..0.86, 4000..6000);
}

/// Locks all over an area: each a small turn of hair, bright on top where the lamp shines on it and dark below.
fn curls(
    sheet: &mut Sheet,
    spec: &PresenterSpec,
    frame: &Frame,
    mask: &Mask,
    ring: std::ops::Range<f32>,
    numbers: std::ops::Range<usize>,
) {
    let c = &spec.colours;
    let golden = std::f32::consts::TAU * 0.381_966;
    let count = 330usize;
    for i in 0..count {
        let n = numbers.start + i;
        // Evenly spread over the crown, like the seeds of a sunflower.
        let part = ((i as f32 + 0.5) / count as f32).sqrt();
        if !ring.contains(&part) {
            continue;
        }
        let p = outline(i as f32 * golden + 0.2 * scatter(n), part);
        let radius = 0.0078 + 0.0040 * scatter(n + 501);
        let start = std::f32::consts::TAU * scatter(n + 902);
        // How much the place faces the lamp at the upper left.
        let (dx, dy) = ((p[0] - MIDDLE[0]) / REACH[0], (p[1] - MIDDLE[1]) / REACH[1]);
        let lit = (0.52 - 0.36 * dx - 0.46 * dy).clamp(0.06, 1.0) * (1.15 - part).clamp(0.30, 0.66) * 1.6;
        let turn = |from: f32, sweep: f32, r: f32| -> Vec<Pt> {
            (0..=18)
                .map(|k| {
                    let t = k as f32 / 18.0;
                    let a = from + sweep * t;
                    let r = r * (1.0 - 0.45 * t);
                    let q = frame.at(p[0] + r * a.cos(), p[1] + r * a.sin());
                    [q[0], q[1]]
                })
                .collect()
        };
        let way = if scatter(n + 77) < 0.5 { 1.0 } else { -1.0 };
        sheet.soft(
            &super::taper(&turn(start + 0.5, way * 4.6, radius * 1.10), 0.0060),
            0.0010,
            mask,
            c.hair_dark,
            0.62,
        );
        sheet.soft(&super::taper(&turn(start, way * 4.4, radius), 0.0046), 0.0008, mask, c.hair_light, 0.72 * lit);
    }
}
