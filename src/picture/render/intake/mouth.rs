//! A mouth that is open in the picture: found, so that five clicks do for a smile too, and closed. For that the renderer
//! draws the person with the lips together, and that drawing takes the picture's place, so that resting points and
//! picture agree again.
//!
//! [`opened`] looks down columns across the mouth for what is not lip or skin: teeth are about as bright as the skin and
//! far less red, the dark behind them is dark. Its numbers were set on portraits that are not shipped; where it is wrong,
//! the points of the lips are moved by hand as before.

use super::IntakeError;
use super::colours::{Colour, light};
use crate::pose::template::closed_mouth;
use crate::pose::{Point, PoseFrame, index};
use crate::render::identity::Identity;
use crate::render::{Backend, RenderOptions, Renderer};
use image::{RgbImage, RgbaImage};
use std::sync::Arc;

/// The same person with the mouth closed.
pub(super) fn closed(identity: Identity) -> Result<Identity, IntakeError> {
    let closed = closed_mouth(&identity.reference.face);
    let height = identity.picture.height();
    let mut pose = PoseFrame::default();
    for (point, place) in pose.points[index::FACE..].iter_mut().zip(&closed) {
        *point = Point::new(place[0], place[1]);
    }
    // The processor, so that the same picture comes out everywhere.
    let options = RenderOptions { height, backend: Backend::Cpu, ..RenderOptions::default() };
    let frame = Renderer::new(Arc::new(identity.clone()), &options)?.render(&pose);
    let mut identity = identity;
    let drawn = RgbaImage::from_raw(frame.width, frame.height, frame.data);
    if let Some(picture) = drawn.filter(|p| p.dimensions() == identity.picture.dimensions()) {
        identity.picture = picture;
        identity.reference.face = closed;
    }
    Ok(identity)
}

/// Columns that are looked at, as shares of the way from corner to corner.
const COLUMNS: [f32; 9] = [0.18, 0.26, 0.34, 0.42, 0.5, 0.58, 0.66, 0.74, 0.82];
/// How far above and below the line between the corners an opening may lie, widths of the mouth.
const ABOVE: f32 = 0.22;
const BELOW: f32 = 0.48;
/// An opening lower than this is the dark line between closed lips, or, where teeth are seen, nothing: widths of the mouth.
const LEAST: f32 = 0.07;
const LEAST_TEETH: f32 = 0.035;
/// How far beyond what is surely tooth or dark an opening reaches, widths of the mouth.
const RIM: f32 = 0.022;
/// Lips that are drawn wide by a smile are thinner than at rest.
const THINNED: f32 = 0.8;

/// The landmarks of a face with its lips laid around the opening that the picture shows; `None` where it shows none.
/// `face` is in heights of the picture, as laid by the template with a closed mouth; `skin` is the colour of the cheeks.
pub(super) fn opened(picture: &RgbImage, face: &[[f32; 2]], skin: Colour) -> Option<Vec<[f32; 2]>> {
    let at = |i: usize| face.get(i).copied().unwrap_or_default();
    let [a, b] = [at(48), at(54)];
    let width = (b[0] - a[0]).hypot(b[1] - a[1]);
    let height = picture.height() as f32;
    // Fewer pixels than this tell nothing.
    if face.len() < 68 || !(width * height >= 16.0 && width < 1.0) {
        return None;
    }
    let along = [(b[0] - a[0]) / width, (b[1] - a[1]) / width];
    let down = [-along[1], along[0]];
    let place = |t: f32, d: f32| -> [f32; 2] { std::array::from_fn(|k| a[k] + (t * along[k] + d * down[k]) * width) };
    let redness = |c: Colour| f32::from(c[0]) - (f32::from(c[1]) + f32::from(c[2])) / 2.0;
    let (skin_red, skin_light) = (redness(skin).max(8.0), light(skin).max(20.0));
    let colour = |p: [f32; 2]| -> Option<Colour> {
        let (x, y) = (p[0] * height, p[1] * height);
        let here = x >= 0.0 && y >= 0.0 && (x as u32) < picture.width() && (y as u32) < picture.height();
        here.then(|| picture.get_pixel(x as u32, y as u32).0)
    };
    let inside = |c: Colour| {
        let teeth = redness(c) < 0.72 * skin_red && light(c) > 0.62 * skin_light;
        let dark = light(c) < 0.36 * skin_light;
        teeth || dark
    };
    // An opening has a lip above and a lip below: redder than teeth, brighter than the dark behind them.
    let between_lips = |t: f32, [from, to]: [f32; 2]| -> Option<bool> {
        let mean = |from: f32, to: f32| -> Option<[f32; 2]> {
            let of = |i: u8| colour(place(t, from + (to - from) * f32::from(i) / 4.0)).map(|c| [redness(c), light(c)]);
            (0..=4).map(of).try_fold([0.0; 2], |s, c| c.map(|c| [s[0] + c[0] / 5.0, s[1] + c[1] / 5.0]))
        };
        let (within, above, below) = (mean(from, to)?, mean(from - 0.08, from - 0.025)?, mean(to + 0.025, to + 0.08)?);
        let teeth = within[1] > 0.62 * skin_light;
        let lip = |edge: [f32; 2]| if teeth { edge[0] > within[0] + 0.3 * skin_red } else { edge[1] > 1.4 * within[1] };
        Some(lip(above) && lip(below) && to - from >= if teeth { LEAST_TEETH } else { LEAST })
    };
    let step = (0.7 / (width * height)).max(0.01);
    // For each column the longest stretch that is neither lip nor skin.
    let found: Vec<Option<[f32; 2]>> = COLUMNS
        .iter()
        .map(|t| {
            let (mut best, mut from, mut last) = (None::<[f32; 2]>, None::<f32>, 0.0);
            let mut d = -ABOVE;
            while d <= BELOW {
                if inside(colour(place(*t, d))?) {
                    from.get_or_insert(d);
                    last = d;
                }
                // A gleam on a lip or the edge of a tooth does not end a stretch.
                if let Some(start) = from
                    && (d - last > 2.5 * step || d + step > BELOW)
                {
                    // Gleams over the upper lip and on the lower one are no opening.
                    let near = last > -0.03 && start < 0.25;
                    if near && between_lips(*t, [start, last])? && best.is_none_or(|b| last - start > b[1] - b[0]) {
                        best = Some([start, last]);
                    }
                    from = None;
                }
                d += step;
            }
            // The edge of a tooth is half lip: a little more than what is surely tooth.
            best.map(|[start, last]| [start - RIM, last + RIM])
        })
        .collect();
    let middle: Vec<[f32; 2]> = found[2..7].iter().flatten().copied().collect();
    // Skin that begins at once above or below would be no mouth: the stretch must end within what was looked at.
    let ends = |b: &[f32; 2]| b[0] > -ABOVE + step && b[1] < BELOW - 2.0 * step;
    if middle.len() < 4 || middle.iter().filter(|b| ends(b)).count() < 4 {
        return None;
    }
    // The edge of the opening at any share of the way, straight between columns, closing towards the corners.
    let edge = |t: f32, k: usize| -> f32 {
        let known: Vec<(f32, f32)> = std::iter::once((0.06, 0.0))
            .chain(COLUMNS.iter().zip(&found).filter_map(|(t, f)| f.map(|f| (*t, f[k]))))
            .chain(std::iter::once((0.94, 0.0)))
            .collect();
        let next = known.iter().position(|(x, _)| *x >= t).unwrap_or(known.len() - 1).max(1);
        let ((x0, y0), (x1, y1)) = (known[next - 1], known[next]);
        y0 + (y1 - y0) * ((t - x0) / (x1 - x0).max(1e-6)).clamp(0.0, 1.0)
    };
    let mut out = face.to_vec();
    let share = |p: [f32; 2]| ((p[0] - a[0]) * along[0] + (p[1] - a[1]) * along[1]) / width;
    let depth = |p: [f32; 2]| ((p[0] - a[0]) * down[0] + (p[1] - a[1]) * down[1]) / width;
    // Inner points, and the outer points that keep their distance from them.
    for (inner, outer, k) in [
        (61, [49, 50], 0),
        (62, [51, 51], 0),
        (63, [52, 53], 0),
        (67, [58, 59], 1),
        (66, [57, 57], 1),
        (65, [55, 56], 1),
    ] {
        let t = share(at(inner));
        let thickness = depth(at(outer[usize::from(k == 1 && inner == 65)])) - depth(at(inner));
        out[inner] = place(t, edge(t, k));
        for i in outer {
            let t = share(at(i)).clamp(0.0, 1.0);
            let near_corner = (t.min(1.0 - t) / 0.3).min(1.0);
            out[i] = place(t, edge(t, k) + THINNED * near_corner * thickness);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    /// A face of 400 pixels with lips, and between them teeth over dark, from `top` to `bottom` in widths of the mouth.
    fn portrait(top: f32, bottom: f32) -> (RgbImage, Vec<[f32; 2]>) {
        let identity = Identity::builtin("mira").expect("a presenter");
        let mut face = identity.reference.face;
        face.iter_mut().for_each(|p| *p = [p[0] * 0.9 + 0.05, p[1] * 0.9 + 0.05]);
        let (a, b) = (face[48], face[54]);
        let width = b[0] - a[0];
        let picture = RgbImage::from_fn(400, 400, |x, y| {
            let (x, y) = ((x as f32 + 0.5) / 400.0, (y as f32 + 0.5) / 400.0);
            let t = (x - a[0]) / width;
            let d = (y - a[1] - (b[1] - a[1]) * t) / width;
            let arch = (4.0 * t * (1.0 - t)).max(0.0);
            let (from, to) = (top * arch, bottom * arch);
            Rgb(if !(0.0..=1.0).contains(&t) || d < from - 0.12 * arch || d > to + 0.16 * arch {
                [214, 171, 147]
            } else if d < from || d > to {
                [190, 96, 96]
            } else if d < from + 0.7 * (to - from) {
                [236, 226, 214]
            } else {
                [52, 22, 22]
            })
        });
        (picture, face)
    }

    #[test]
    fn a_smile_is_found_and_closed_lips_are_left() {
        let skin = [214, 171, 147];
        for (top, bottom) in [(-0.02, 0.2), (0.02, 0.3), (0.0, 0.14)] {
            let (picture, face) = portrait(top, bottom);
            let found = opened(&picture, &face, skin).expect("an opening");
            let width = face[54][0] - face[48][0];
            for (i, want) in [(62, top), (66, bottom)] {
                let t = (face[i][0] - face[48][0]) / width;
                let line = face[48][1] + (face[54][1] - face[48][1]) * t;
                let got = (found[i][1] - line) / width;
                assert!((got - want * 4.0 * t * (1.0 - t)).abs() < 0.035, "{top} {bottom}: point {i} at {got}");
            }
            assert!(found[51][1] < found[62][1] && found[57][1] > found[66][1]);
            assert_eq!(found[48], face[48]);
            assert_eq!(found[30], face[30]);
        }
        let (closed, face) = portrait(0.0, 0.02);
        assert_eq!(opened(&closed, &face, skin), None);
    }

    #[test]
    fn the_presenters_have_their_mouths_closed() {
        for name in Identity::builtin_names() {
            let person = Identity::builtin(name).expect("a presenter");
            let picture = image::DynamicImage::ImageRgba8(person.picture.clone()).into_rgb8();
            let skin = super::super::colours::read(&picture, &person.reference).skin;
            assert_eq!(opened(&picture, &person.reference.face, skin), None, "{name}");
        }
    }
}
