//! A chin-length bob, parted at the side and tucked behind the ears.

use super::{Frame, PresenterSpec, sweep, taper};
use crate::render::paint::{Fill, Path, Pt, Sheet, mix};

/// Where the shadow of the fringe falls on the forehead, relative to the resting face.
pub(super) const FRINGE_SHADOW: [Pt; 12] = [
    [0.050, 0.150],
    [0.034, 0.2260],
    [-0.002, 0.2400],
    [-0.040, 0.2590],
    [-0.072, 0.2830],
    [-0.095, 0.316],
    [-0.108, 0.352],
    [-0.140, 0.350],
    [-0.140, 0.180],
    [0.110, 0.180],
    [0.115, 0.330],
    [0.074, 0.250],
];

/// The hair behind neck and ears.
pub(super) fn back(sheet: &mut Sheet, spec: &PresenterSpec, frame: &Frame) {
    let c = &spec.colours;
    let path = frame.blob(&[
        [0.0, 0.150],
        [-0.070, 0.160],
        [-0.122, 0.205],
        [-0.146, 0.270],
        [-0.151, 0.340],
        [-0.150, 0.410],
        [-0.150, 0.470],
        [-0.145, 0.515],
        [-0.129, 0.552],
        [-0.105, 0.566],
        [-0.078, 0.560],
        [-0.040, 0.525],
        [0.040, 0.525],
        [0.078, 0.560],
        [0.105, 0.566],
        [0.129, 0.552],
        [0.145, 0.515],
        [0.150, 0.470],
        [0.150, 0.410],
        [0.151, 0.340],
        [0.146, 0.270],
        [0.122, 0.205],
        [0.070, 0.160],
    ]);
    let mask = sheet.mask(&path);
    sheet.fill(
        &path,
        Fill::Linear(frame.at(-0.16, 0.4), c.hair, frame.at(0.16, 0.45), mix(c.hair, c.hair_dark, 0.6)),
        1.0,
    );
    // Deep shade next to the neck.
    sheet.soft(
        &frame.blob(&[[-0.105, 0.36], [-0.105, 0.50], [-0.082, 0.570], [0.082, 0.570], [0.105, 0.50], [0.105, 0.36]]),
        0.012,
        &mask,
        c.hair_dark,
        0.90,
    );
    for side in [-1.0f32, 1.0] {
        for i in 0..7 {
            let f = i as f32 / 6.0;
            let x = |inner: f32, outer: f32| side * (inner + (outer - inner) * f);
            let line = frame.line(&[
                [x(0.126, 0.142), 0.36],
                [x(0.121, 0.146), 0.43],
                [x(0.114, 0.145), 0.49],
                [x(0.104, 0.134), 0.53],
                [x(0.090, 0.110), 0.555],
            ]);
            let (colour, alpha) =
                if i % 2 == 0 { (c.hair_light, if side < 0.0 { 0.42 } else { 0.22 }) } else { (c.hair_dark, 0.45) };
            sheet.soft(&taper(&line, 0.0065), 0.0014, &mask, colour, alpha);
        }
    }
}

/// The hair over forehead and temples: two sweeps of strands that flow from the parting to behind the ears.
pub(super) fn front(sheet: &mut Sheet, spec: &PresenterSpec, frame: &Frame) {
    // The sweep over the forehead at image left, then the short one at image right.
    sweep(
        sheet,
        spec,
        frame,
        [
            &[
                [0.0300, 0.2120],
                [0.0040, 0.2205],
                [-0.040, 0.2390],
                [-0.079, 0.2670],
                [-0.103, 0.3020],
                [-0.1130, 0.3280],
                [-0.1240, 0.3440],
                [-0.1360, 0.3570],
                [-0.1385, 0.3850],
                [-0.1350, 0.4250],
                [-0.1290, 0.4700],
                [-0.1180, 0.5150],
                [-0.1050, 0.5450],
                [-0.0930, 0.5620],
            ],
            &[
                [0.0370, 0.1510],
                [0.0, 0.1445],
                [-0.050, 0.1510],
                [-0.098, 0.1760],
                [-0.134, 0.2230],
                [-0.1490, 0.2780],
                [-0.1520, 0.3300],
                [-0.1510, 0.3700],
                [-0.1500, 0.4050],
                [-0.1505, 0.4400],
                [-0.1500, 0.4750],
                [-0.1460, 0.5080],
                [-0.1380, 0.5360],
                [-0.1250, 0.5550],
                [-0.1030, 0.5640],
            ],
        ],
        [0.85, 0.55],
        None,
    );
    sweep(
        sheet,
        spec,
        frame,
        [
            &[
                [0.0300, 0.2120],
                [0.0500, 0.2190],
                [0.0740, 0.2360],
                [0.0935, 0.2640],
                [0.1060, 0.3000],
                [0.1140, 0.3270],
                [0.1240, 0.3440],
                [0.1360, 0.3570],
                [0.1385, 0.3850],
                [0.1350, 0.4250],
                [0.1290, 0.4700],
                [0.1180, 0.5150],
                [0.1050, 0.5450],
                [0.0930, 0.5620],
            ],
            &[
                [0.0370, 0.1510],
                [0.0620, 0.1500],
                [0.0900, 0.1610],
                [0.1190, 0.1880],
                [0.1400, 0.2330],
                [0.1500, 0.2820],
                [0.1520, 0.3300],
                [0.1510, 0.3700],
                [0.1500, 0.4050],
                [0.1505, 0.4400],
                [0.1500, 0.4750],
                [0.1460, 0.5080],
                [0.1380, 0.5360],
                [0.1250, 0.5550],
                [0.1030, 0.5640],
            ],
        ],
        [0.50, 0.40],
        None,
    );
    // The parting: a short line of scalp between the two sweeps.
    let c = &spec.colours;
    let line = frame.line(&[[0.0372, 0.1500], [0.0372, 0.1640], [0.0348, 0.1880], [0.0300, 0.2120]]);
    sheet.soft(
        &Path::ribbon(&line, |t| 0.0020 + 0.0020 * t),
        0.0006,
        &sheet.mask(&frame.blob(&[[-0.1, 0.15], [0.1, 0.15], [0.1, 0.215], [-0.1, 0.215]])),
        mix(c.hair_dark, c.skin_deep, 0.45),
        0.85,
    );
}
