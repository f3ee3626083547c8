//! Necklines and collars.

use super::PresenterSpec;
use super::spec::Clothes;
use crate::render::paint::{Fill, Path, Pt, Rgb, Sheet, along, curve, mix};

/// The edge of the clothes at the neck, from shoulder to shoulder.
pub(super) fn neckline(spec: &PresenterSpec) -> Vec<Pt> {
    match spec.clothes {
        Clothes::Sweater | Clothes::Top => collar_line(spec.throat, 0.0),
        Clothes::Shirt => pointed(spec.throat, 0.0, 0.078),
        Clothes::Pullover(_) => pointed(spec.throat, 0.0, 0.150),
    }
}

/// What is seen inside the neckline, under the clothes.
pub(super) fn under(sheet: &mut Sheet, spec: &PresenterSpec) {
    let Clothes::Pullover(shirt) = spec.clothes else { return };
    let t = spec.throat;
    let mut outline = pointed(t, 0.012, 0.172);
    outline.extend(pointed(t, 0.0, 0.070).iter().rev());
    let path = Path::polygon(outline);
    let mask = sheet.mask(&path);
    let shade = shaded(shirt, spec);
    sheet.fill(&path, Fill::Linear([t[0] - 0.06, t[1]], shirt, [t[0] + 0.08, t[1] + 0.1], mix(shirt, shade, 0.6)), 1.0);
    placket(sheet, spec, &mask, shirt, 0.066);
}

/// Bands, collars and buttons over the clothes.
pub(super) fn finish(sheet: &mut Sheet, spec: &PresenterSpec) {
    let c = &spec.colours;
    let t = spec.throat;
    match spec.clothes {
        Clothes::Sweater => band(sheet, spec, &collar_line(t, 0.0), &collar_line(t, 0.024), 46),
        Clothes::Top => band(sheet, spec, &collar_line(t, 0.0), &collar_line(t, 0.011), 1),
        Clothes::Shirt => {
            let chest = sheet.mask(&Path::polygon(vec![
                [t[0] - 0.08, t[1] + 0.05],
                [t[0] + 0.08, t[1] + 0.05],
                [t[0] + 0.08, 1.02],
                [t[0] - 0.08, 1.02],
            ]));
            placket(sheet, spec, &chest, c.clothes, 0.074);
            wings(sheet, spec, mix(c.clothes, c.clothes_light, 0.30), c.clothes_shade);
        }
        Clothes::Pullover(shirt) => {
            band(sheet, spec, &pointed(t, 0.0, 0.150), &pointed(t, 0.010, 0.178), 64);
            wings(sheet, spec, shirt, shaded(shirt, spec));
        }
    }
}

/// The shade of a cloth in this person's light.
fn shaded(cloth: Rgb, spec: &PresenterSpec) -> Rgb {
    mix(cloth, mix(spec.colours.background_edge, [0.20, 0.22, 0.30], 0.45), 0.55)
}

/// A neckline that runs to a point `low` under the throat; `out` sets it off from the neck.
fn pointed(throat: Pt, out: f32, low: f32) -> Vec<Pt> {
    let at = |dx: f32, dy: f32| -> Pt { [throat[0] + dx, throat[1] + dy] };
    let half = |s: f32| {
        curve(
            &[
                at(s * (0.098 + out), 0.002 + 0.3 * out),
                at(s * (0.072 + out), 0.20 * low),
                at(s * (0.036 + 0.8 * out), 0.60 * low),
                at(0.0, low),
            ],
            false,
            24,
        )
    };
    let mut line = half(-1.0);
    line.extend(half(1.0).into_iter().rev().skip(1));
    line
}

/// The strip of buttons down the middle, from `top` under the throat.
fn placket(sheet: &mut Sheet, spec: &PresenterSpec, mask: &crate::render::paint::Mask, cloth: Rgb, top: f32) {
    let t = spec.throat;
    let shade = if cloth == spec.colours.clothes { spec.colours.clothes_shade } else { shaded(cloth, spec) };
    let edge = |dx: f32| [[t[0] + dx, t[1] + top - 0.010], [t[0] + dx, t[1] + 0.22], [t[0] + dx + 0.002, 1.02]];
    for (dx, alpha) in [(-0.013, 0.45), (0.013, 0.75)] {
        sheet.soft(&Path::ribbon(&edge(dx), |_| 0.0026), 0.0009, mask, shade, alpha);
        sheet.soft(&Path::ribbon(&edge(dx - 0.003), |_| 0.0024), 0.0012, mask, mix(cloth, [1.0; 3], 0.45), 0.45);
    }
    for i in 0..5 {
        let at = [t[0], t[1] + top + 0.022 + 0.074 * i as f32];
        sheet.soft(&Path::ellipse([at[0] + 0.0010, at[1] + 0.0018], 0.0062, 0.0062, 0.0), 0.0010, mask, shade, 0.7);
        sheet.fill_within(&Path::ellipse(at, 0.0056, 0.0056, 0.0), mask, mix(cloth, [1.0; 3], 0.55), 1.0);
        for (dx, dy) in [(-0.0014, -0.0012), (0.0014, 0.0012)] {
            sheet.fill_within(&Path::ellipse([at[0] + dx, at[1] + dy], 0.0009, 0.0009, 0.0), mask, shade, 0.9);
        }
    }
}

/// The two wings of an open collar, with the shadow they throw.
fn wings(sheet: &mut Sheet, spec: &PresenterSpec, cloth: Rgb, shade: Rgb) {
    let t = spec.throat;
    let n = 0.0635 * spec.neck;
    let all = sheet.mask(&Path::polygon(vec![
        [t[0] - 0.2, t[1] - 0.1],
        [t[0] + 0.2, t[1] - 0.1],
        [t[0] + 0.2, t[1] + 0.2],
        [t[0] - 0.2, t[1] + 0.2],
    ]));
    for s in [1.0f32, -1.0] {
        let at = |dx: f32, dy: f32| -> Pt { [t[0] + s * dx, t[1] + dy] };
        let fold =
            curve(&[at(n - 0.004, -0.048), at(n - 0.010, -0.020), at(0.036, 0.022), at(0.002, 0.068)], false, 16);
        let outer =
            curve(&[at(n - 0.004, -0.048), at(n + 0.016, -0.028), at(0.101, 0.004), at(0.108, 0.018)], false, 16);
        let mut outline = fold.clone();
        outline.extend([at(0.010, 0.074), at(0.060, 0.096)]);
        outline.extend(outer.iter().rev());
        let path = Path::polygon(outline.clone());
        let mask = sheet.mask(&path);
        sheet.soft(&path.clone().shifted([0.003, 0.008]), 0.006, &all, mix(shade, spec.colours.skin_deep, 0.30), 0.60);
        let far = if s > 0.0 { 0.45 } else { 0.15 };
        sheet.fill(
            &path,
            Fill::Linear(at(0.07, -0.04), mix(cloth, shade, far * 0.6), at(0.04, 0.09), mix(cloth, shade, far)),
            1.0,
        );
        // The roll at the neck, a line of stitches along the edge, and the edge itself.
        sheet.soft(&Path::ribbon(&fold, |_| 0.012), 0.0040, &mask, mix(cloth, [1.0; 3], 0.6), 0.55);
        let lower = [at(0.002, 0.068), at(0.010, 0.074), at(0.060, 0.096), at(0.108, 0.018)];
        let stitch: Vec<Pt> = vec![at(0.012, 0.0665), at(0.0585, 0.0870), at(0.1000, 0.0170)];
        sheet.soft(&Path::ribbon(&stitch, |_| 0.0014), 0.0006, &mask, shade, 0.40);
        sheet.soft(&Path::ribbon(&lower, |_| 0.0034), 0.0006, &mask, mix(shade, [0.0; 3], 0.15), 0.55);
        sheet.soft(&Path::ribbon(&fold, |_| 0.0030), 0.0008, &mask, shade, 0.60);
    }
}

/// The neckline `down` units further down the chest than its upper edge.
fn collar_line(throat: Pt, down: f32) -> Vec<Pt> {
    let at = |dx: f32, dy: f32| -> Pt { [throat[0] + dx, throat[1] + dy] };
    let wide = 1.0 + down * 3.2;
    curve(
        &[
            at(-0.098 * wide, 0.002 + 0.30 * down),
            at(-0.080 * wide, 0.024 + 0.72 * down),
            at(-0.045 * wide, 0.043 + 0.95 * down),
            at(0.0, 0.050 + down),
            at(0.045 * wide, 0.043 + 0.95 * down),
            at(0.080 * wide, 0.024 + 0.72 * down),
            at(0.098 * wide, 0.002 + 0.30 * down),
        ],
        false,
        20,
    )
}

/// A band along a neckline: its colours, ribs, edges and the shadow it throws on the skin.
fn band(sheet: &mut Sheet, spec: &PresenterSpec, upper: &[Pt], lower: &[Pt], ribs: usize) {
    let c = &spec.colours;
    let t = spec.throat;
    let mut outline = upper.to_vec();
    outline.extend(lower.iter().rev());
    let path = Path::polygon(outline);
    let mask = sheet.mask(&path);
    sheet.soft(
        &path.clone().shifted([0.002, 0.006]),
        0.005,
        &sheet.mask(&Path::ellipse([t[0], t[1] + 0.1], 0.2, 0.1, 0.0)),
        c.clothes_shade,
        0.55,
    );
    sheet.fill(
        &path,
        Fill::Linear(
            [t[0] - 0.1, t[1]],
            mix(c.clothes, c.clothes_light, 0.55),
            [t[0] + 0.1, t[1]],
            mix(c.clothes, c.clothes_shade, 0.25),
        ),
        1.0,
    );
    for i in 1..ribs {
        let f = i as f32 / ribs as f32;
        let (a, b) = (along(upper, f), along(lower, f));
        sheet.soft(&Path::ribbon(&[a, b], |_| 0.0022), 0.0006, &mask, c.clothes_shade, 0.42);
    }
    sheet.soft(&Path::ribbon(upper, |_| 0.0045), 0.0009, &mask, c.clothes_light, 0.60);
    sheet.soft(&Path::ribbon(lower, |_| 0.0032), 0.0008, &mask, mix(c.clothes_shade, [0.0; 3], 0.2), 0.60);
}
