//! Glasses: clear lenses, so that eyes and lids stay to be seen.

use super::{Frame, PresenterSpec};
use crate::render::paint::{Fill, Mask, Path, Pt, Sheet, curve, mix};

/// Rims, bridge and temples with their shadow on the face.
pub(super) fn glasses(sheet: &mut Sheet, spec: &PresenterSpec, frame: &Frame, face: &Mask) {
    let Some(glasses) = spec.glasses else { return };
    let c = &spec.colours;
    let [half_width, half_height] = glasses.half;
    // The middle of a lens lies a little below and outside of the pupil.
    const LENS: Pt = [0.0605, 0.3525];
    let outline = |side: f32, grow: f32| -> Vec<Pt> {
        (0..96)
            .map(|i| {
                let (s, k) = (i as f32 / 96.0 * std::f32::consts::TAU).sin_cos();
                let round = |v: f32| v.signum() * v.abs().powf(2.0 / glasses.squareness);
                // Narrower towards the cheek.
                let narrow = 1.0 - 0.06 * s.max(0.0);
                frame.at(
                    side * LENS[0] + round(k) * (half_width + grow) * narrow,
                    LENS[1] + round(s) * (half_height + grow),
                )
            })
            .collect()
    };
    let head = sheet.mask(&frame.blob(&[[-0.150, 0.25], [0.150, 0.25], [0.150, 0.45], [-0.150, 0.45]]));
    for side in [-1.0f32, 1.0] {
        let mut ring = outline(side, 0.5 * glasses.rim);
        ring.push(ring[0]);
        // Shadow of the rim on the cheek, then the temple that runs back over the ear.
        sheet.soft(&Path::ribbon(&ring, |_| glasses.rim).shifted([0.003, 0.006]), 0.0035, face, c.skin_deep, 0.42);
        let hinge = frame.at(side * (LENS[0] + half_width + 0.001), LENS[1] - 0.55 * half_height);
        let temple = [
            hinge,
            frame.at(side * 0.1140, LENS[1] - 0.58 * half_height),
            frame.at(side * 0.1250, LENS[1] - 0.50 * half_height),
        ];
        sheet.soft(
            &Path::ribbon(&curve(&temple, false, 12), |_| 0.9 * glasses.rim),
            0.0004,
            &head,
            glasses.colour,
            1.0,
        );
        // The lens: a breath of light at its upper left, nothing over the pupil.
        let lens = sheet.mask(&Path::polygon(outline(side, 0.0)));
        let shine = [
            frame.at(side * LENS[0] - 0.88 * half_width, LENS[1] - 1.0 * half_height),
            frame.at(side * LENS[0] - 0.30 * half_width, LENS[1] - 1.0 * half_height),
            frame.at(side * LENS[0] - 0.92 * half_width, LENS[1] + 0.25 * half_height),
            frame.at(side * LENS[0] - 1.0 * half_width, LENS[1] + 0.20 * half_height),
        ];
        sheet.soft(&Path::polygon(shine.to_vec()), 0.0020, &lens, [1.0; 3], 0.16);
        sheet.through(
            &lens,
            Fill::Linear(frame.at(0.0, LENS[1] - half_height), glasses.colour, frame.at(0.0, LENS[1]), c.skin_light),
            0.05,
        );
        sheet.soft(&Path::ribbon(&ring, |_| glasses.rim), 0.0002, &head, glasses.colour, 1.0);
        // The rim catches the light above.
        let light: Vec<Pt> = outline(side, 0.62 * glasses.rim)[50..74].to_vec();
        sheet.soft(&Path::stroke(&light, 0.36 * glasses.rim), 0.0005, &head, mix(glasses.colour, [1.0; 3], 0.55), 0.75);
    }
    let inner = LENS[0] - half_width;
    let bridge = frame.line(&[
        [-inner - 0.002, LENS[1] - 0.30 * half_height],
        [-0.006, LENS[1] - 0.50 * half_height],
        [0.006, LENS[1] - 0.50 * half_height],
        [inner + 0.002, LENS[1] - 0.30 * half_height],
    ]);
    sheet.soft(&Path::ribbon(&bridge, |_| glasses.rim).shifted([0.002, 0.005]), 0.003, face, c.skin_deep, 0.40);
    sheet.soft(&Path::ribbon(&bridge, |_| 1.05 * glasses.rim), 0.0003, &head, glasses.colour, 1.0);
    sheet.soft(
        &Path::stroke(&[bridge[10], bridge[36], bridge[62]], 0.3 * glasses.rim).shifted([0.0, -0.2 * glasses.rim]),
        0.0004,
        &head,
        mix(glasses.colour, [1.0; 3], 0.55),
        0.6,
    );
}
