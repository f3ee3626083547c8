//! Hair and what covers it, in three layers: behind the neck, under the face, and over the face.

mod bob;
mod curls;
mod scarf;
mod short;

use super::spec::Hair;
use super::{Frame, PresenterSpec};
use crate::render::paint::{Fill, Path, Pt, Sheet, lerp};

/// What lies behind neck and ears.
pub(super) fn back(sheet: &mut Sheet, spec: &PresenterSpec, frame: &Frame) {
    match spec.hair {
        Hair::Bob => bob::back(sheet, spec, frame),
        Hair::Parted | Hair::Receding => short::back(sheet, spec, frame),
        Hair::Curls => curls::back(sheet, spec, frame),
        Hair::Scarf => {}
    }
}

/// What lies over the clothes and under the face.
pub(super) fn middle(sheet: &mut Sheet, spec: &PresenterSpec, frame: &Frame) {
    if spec.hair == Hair::Scarf {
        scarf::drape(sheet, spec, frame);
    }
}

/// What lies over forehead and temples.
pub(super) fn front(sheet: &mut Sheet, spec: &PresenterSpec, frame: &Frame) {
    match spec.hair {
        Hair::Bob => bob::front(sheet, spec, frame),
        Hair::Parted => short::parted(sheet, spec, frame),
        Hair::Receding => short::receding(sheet, spec, frame),
        Hair::Curls => curls::front(sheet, spec, frame),
        Hair::Scarf => scarf::front(sheet, spec, frame),
    }
}

/// Where the shadow of hair or scarf falls on the forehead, relative to the resting face, and how strong it is.
pub(super) fn forehead_shadow(hair: Hair) -> (&'static [Pt], f32) {
    match hair {
        Hair::Bob => (&bob::FRINGE_SHADOW, 0.42),
        Hair::Parted => (&short::PARTED_SHADOW, 0.34),
        Hair::Receding => (&short::RECEDING_SHADOW, 0.24),
        Hair::Curls => (&curls::SHADOW, 0.46),
        Hair::Scarf => (&scarf::SHADOW, 0.42),
    }
}

/// A stroke that swells and runs out.
fn taper(line: &[Pt], width: f32) -> Path {
    Path::ribbon(line, |t| width * (std::f32::consts::PI * t).sin().max(0.03))
}

/// A fixed irregular number from 0 to 1 for each number.
fn scatter(i: usize) -> f32 {
    let mut x = (i as u32).wrapping_mul(0x9E37_79B9) ^ 0x85EB_CA6B;
    x = (x ^ (x >> 15)).wrapping_mul(0x2C1B_3C6D);
    x = (x ^ (x >> 12)).wrapping_mul(0x297A_2D39);
    ((x ^ (x >> 15)) & 0xFFFF) as f32 / 65535.0
}

/// One sweep of strands between its edge at the face and its edge at the background. `gloss` says how much of the
/// lamp's light is caught near the root and further down. Short hair `fades` into the crop from one height to another.
fn sweep(
    sheet: &mut Sheet,
    spec: &PresenterSpec,
    frame: &Frame,
    [inner, outer]: [&[Pt]; 2],
    gloss: [f32; 2],
    fades: Option<[f32; 2]>,
) {
    let c = &spec.colours;
    let (inner, outer) = (frame.line(inner), frame.line(outer));
    let mut outline = inner.clone();
    outline.extend(outer.iter().rev());
    let path = Path::polygon(outline);
    let mask = sheet.mask(&path);
    let mask = match fades {
        Some([from, to]) => mask.fading_y(frame.at(0.0, from)[1], frame.at(0.0, to)[1]),
        None => mask,
    };
    sheet.through(&mask, Fill::Flat(c.hair), 1.0);
    // Strand number `f` between the two edges (0 at the face, 1 outside).
    let strand = |f: f32, from: f32, to: f32| -> Vec<Pt> {
        let n = inner.len() - 1;
        let (a, b) = ((from * n as f32) as usize, (to * n as f32) as usize);
        let beside = |i: usize| outer[i.min(outer.len() - 1)];
        (a..=b).map(|i| lerp(inner[i], beside(i), f)).collect()
    };
    // Darker towards the ear and along the face, where the hair turns under.
    sheet.soft(&taper(&strand(0.06, 0.0, 1.0), 0.020), 0.006, &mask, c.hair_dark, 0.55);
    sheet.soft(&Path::ribbon(&strand(0.95, 0.15, 1.0), |_| 0.018), 0.007, &mask, c.hair_dark, 0.50);
    sheet.soft(&Path::ribbon(&strand(0.45, 0.42, 0.66), |_| 0.028), 0.010, &mask, c.hair_dark, 0.55);
    // The gloss: a broad soft band across all strands, then single strands in it.
    let band: Vec<Pt> =
        strand(0.14, 0.17, 0.31).into_iter().chain(strand(0.86, 0.17, 0.31).into_iter().rev()).collect();
    sheet.soft(&Path::polygon(band), 0.011, &mask, c.hair_light, 0.42 * gloss[0]);
    for (centre, strength) in [(0.24, gloss[0]), (0.44, gloss[1] * 0.30), (0.74, gloss[1] * 1.1)] {
        for i in 0..16 {
            let f = 0.10 + 0.80 * i as f32 / 15.0;
            // Neighbouring strands start and end at different places, in a fixed irregular order.
            let jitter = ((i * 7) % 5) as f32 / 5.0 - 0.4;
            let (from, to) = (centre - 0.13 + 0.05 * jitter, centre + 0.11 + 0.06 * jitter);
            let line = strand(f, from.max(0.02), to.min(0.98));
            sheet.soft(&taper(&line, 0.0075), 0.0018, &mask, c.hair_light, strength * (0.40 + 0.22 * jitter));
        }
    }
    for i in 0..11 {
        let f = 0.08 + 0.86 * i as f32 / 10.0;
        let jitter = ((i * 5) % 7) as f32 / 7.0;
        sheet.soft(&taper(&strand(f, 0.03 + 0.15 * jitter, 0.97), 0.0030), 0.0007, &mask, c.hair_dark, 0.45);
    }
    // A crisp dark edge against the skin and a soft one against the background.
    sheet.soft(&taper(&inner, 0.0035), 0.0006, &mask, c.hair_dark, 0.8);
}
