//! Where in the picture something moves: masks of face and hands, of the lips, and of the background, from keypoints.
//!
//! Regions follow algorithm 1 of MMGT (Motion Mask Guided Two-Stage Network): for each frame the box of the points of
//! the face, of each hand, and of the lips, in whole pixels; face and hands together are one mask, the background is
//! what they leave. In place of boxes the convex hull of the points can be taken, which lies closer. A mask is then
//! widened by a disc ([`Options::dilate`]) and softened by a Gaussian ([`Options::blur`]); the background is made of
//! the finished mask of face and hands, so the two always add up to one.

use super::{FACE_POINT_COUNT, HAND_JOINT_COUNT, Point, PoseFrame, Side, index};
use serde::{Deserialize, Serialize};

/// What a mask covers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    #[default]
    FaceAndHands,
    Lips,
    Background,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::FaceAndHands, Self::Lips, Self::Background];

    /// Name in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::FaceAndHands => "face-and-hands",
            Self::Lips => "lips",
            Self::Background => "background",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.name() == name)
    }
}

/// How a region is drawn around its points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outline {
    /// The box of the points, as in the paper.
    #[default]
    Box,
    /// The convex hull of the points.
    Hull,
}

/// How a mask is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    pub outline: Outline,
    /// Radius of the disc that widens the regions, pixels of the mask.
    pub dilate: f32,
    /// Standard deviation of the softened edge, pixels of the mask.
    pub blur: f32,
}

/// The largest dilation and blur, as a share of the mask's greater side: more only costs time.
const MOST: f32 = 0.5;

/// How much of each pixel is covered, 0 to 1, row by row from the top.
#[derive(Clone, Debug, PartialEq)]
pub struct Coverage {
    pub width: usize,
    pub height: usize,
    pub values: Vec<f32>,
}

impl Coverage {
    fn empty(width: usize, height: usize) -> Self {
        Self { width, height, values: vec![0.0; width * height] }
    }

    /// 0 to 255, rounded.
    pub fn bytes(&self) -> Vec<u8> {
        self.values.iter().map(|v| (v.clamp(0.0, 1.0) * 255.0).round() as u8).collect()
    }
}

/// The mask of a frame in a picture of `width` by `height` pixels whose sides stand in the relation `aspect`.
pub fn motion_mask(
    pose: &PoseFrame,
    aspect: f32,
    kind: Kind,
    options: &Options,
    width: usize,
    height: usize,
) -> Coverage {
    let mut mask = Coverage::empty(width, height);
    if width == 0 || height == 0 || !(aspect.is_finite() && aspect > 0.0) {
        return mask;
    }
    let scale = [width as f64 / f64::from(aspect), height as f64];
    let pixels = |points: &[Point]| -> Vec<[f64; 2]> {
        let seen = points.iter().filter(|p| p.score > 0.0 && p.x.is_finite() && p.y.is_finite());
        seen.map(|p| [f64::from(p.x) * scale[0], f64::from(p.y) * scale[1]]).collect()
    };
    let mut add = |points: &[Point]| match options.outline {
        Outline::Box => fill_box(&mut mask, &pixels(points)),
        Outline::Hull => fill_hull(&mut mask, &pixels(points)),
    };
    match kind {
        Kind::Lips => add(&pose.points[index::FACE + 48..index::FACE + FACE_POINT_COUNT]),
        Kind::FaceAndHands | Kind::Background => {
            add(pose.face());
            for side in [Side::Left, Side::Right] {
                let first = side.hand_index();
                // The score of the wrist says whether the hand is shown at all.
                if pose.points[first].score > 0.0 {
                    add(&pose.points[first..first + HAND_JOINT_COUNT]);
                }
            }
        }
    }
    let most = MOST * width.max(height) as f32;
    let measure = |v: f32| if v.is_finite() { v.clamp(0.0, most) } else { 0.0 };
    dilate(&mut mask, measure(options.dilate));
    blur(&mut mask, measure(options.blur));
    if kind == Kind::Background {
        mask.values.iter_mut().for_each(|v| *v = 1.0 - *v);
    }
    mask
}

/// Algorithm 1: whole pixel coordinates, points on the left and upper edge left out, far edges open.
fn fill_box(mask: &mut Coverage, pixels: &[[f64; 2]]) {
    let whole = pixels.iter().map(|p| p.map(|v| v.trunc().clamp(-1.0, 1e6) as i64)).filter(|p| p[0] > 0 && p[1] > 0);
    let (mut low, mut high) = ([i64::MAX; 2], [i64::MIN; 2]);
    for p in whole {
        for k in 0..2 {
            low[k] = low[k].min(p[k]);
            high[k] = high[k].max(p[k]);
        }
    }
    if low[0] >= high[0] || low[1] >= high[1] {
        return;
    }
    let (x0, x1) = ((low[0] as usize).min(mask.width), (high[0] as usize).min(mask.width));
    for y in (low[1] as usize).min(mask.height)..(high[1] as usize).min(mask.height) {
        mask.values[y * mask.width + x0..y * mask.width + x1].fill(1.0);
    }
}

/// All pixels whose middle lies within the convex hull.
fn fill_hull(mask: &mut Coverage, pixels: &[[f64; 2]]) {
    let hull = convex_hull(pixels);
    if hull.len() < 3 {
        return;
    }
    for y in 0..mask.height {
        let middle = y as f64 + 0.5;
        // Where the row through the middles enters and leaves.
        let (mut from, mut to) = (f64::INFINITY, f64::NEG_INFINITY);
        for (i, a) in hull.iter().enumerate() {
            let b = hull[(i + 1) % hull.len()];
            if (a[1] <= middle) == (b[1] <= middle) {
                continue;
            }
            let x = a[0] + (middle - a[1]) / (b[1] - a[1]) * (b[0] - a[0]);
            (from, to) = (from.min(x), to.max(x));
        }
        if from <= to {
            let first = (from - 0.5).ceil().max(0.0);
            let last = (to - 0.5).floor().min(mask.width as f64 - 1.0);
            if first <= last {
                let row = y * mask.width;
                mask.values[row + first as usize..=row + last as usize].fill(1.0);
            }
        }
    }
}

/// Andrew's monotone chain; without points in a line.
fn convex_hull(points: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let mut sorted = points.to_vec();
    sorted.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    sorted.dedup();
    if sorted.len() < 3 {
        return sorted;
    }
    let cross = |o: [f64; 2], a: [f64; 2], b: [f64; 2]| (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
    let half = |points: &mut dyn Iterator<Item = [f64; 2]>| {
        let mut chain: Vec<[f64; 2]> = Vec::new();
        for p in points {
            while chain.len() >= 2 && cross(chain[chain.len() - 2], chain[chain.len() - 1], p) <= 0.0 {
                chain.pop();
            }
            chain.push(p);
        }
        chain.pop();
        chain
    };
    let mut hull = half(&mut sorted.iter().copied());
    hull.extend(half(&mut sorted.iter().rev().copied()));
    hull
}

/// Widens what is covered by a disc: each pixel that has a covered one within `radius`, middle to middle.
fn dilate(mask: &mut Coverage, radius: f32) {
    let reach = radius.floor() as usize;
    if reach == 0 {
        return;
    }
    let (width, height) = (mask.width, mask.height);
    let source = std::mem::replace(mask, Coverage::empty(width, height));
    let radius = f64::from(radius);
    // Half widths of the disc by the distance of the row.
    let half: Vec<usize> =
        (0..=reach).map(|dy| (radius * radius - (dy * dy) as f64).max(0.0).sqrt().floor() as usize).collect();
    for y in 0..height {
        for (from, to) in runs(&source.values[y * width..(y + 1) * width]) {
            for row in y.saturating_sub(reach)..(y + reach + 1).min(height) {
                let h = half[row.abs_diff(y)];
                let (a, b) = (from.saturating_sub(h), (to + h).min(width));
                mask.values[row * width + a..row * width + b].fill(1.0);
            }
        }
    }
}

/// Stretches of covered pixels, ends open.
fn runs(row: &[f32]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut start = None;
    for (x, v) in row.iter().enumerate() {
        match (start, *v > 0.0) {
            (None, true) => start = Some(x),
            (Some(s), false) => {
                found.push((s, x));
                start = None;
            }
            _ => {}
        }
    }
    found.extend(start.map(|s| (s, row.len())));
    found
}

/// A Gaussian of standard deviation `sigma`, cut at four of them; edges are repeated outwards.
fn blur(mask: &mut Coverage, sigma: f32) {
    if sigma <= 0.0 {
        return;
    }
    let sigma = f64::from(sigma);
    let reach = (4.0 * sigma + 0.5).floor() as usize;
    if reach == 0 {
        return;
    }
    let weights: Vec<f64> = (0..=reach).map(|k| (-0.5 * (k as f64 / sigma).powi(2)).exp()).collect();
    let sum = weights[0] + 2.0 * weights[1..].iter().sum::<f64>();
    let weights: Vec<f32> = weights.iter().map(|w| (w / sum) as f32).collect();
    let (width, height) = (mask.width, mask.height);
    let mut line = vec![0.0; width];
    for y in 0..height {
        let row = &mut mask.values[y * width..(y + 1) * width];
        line.copy_from_slice(row);
        for (x, out) in row.iter_mut().enumerate() {
            let mut total = weights[0] * line[x];
            for (k, w) in weights.iter().enumerate().skip(1) {
                total += w * (line[x.saturating_sub(k)] + line[(x + k).min(width - 1)]);
            }
            *out = total;
        }
    }
    // Columns row by row, so that memory is read in order.
    let source = mask.values.clone();
    for y in 0..height {
        let out = &mut mask.values[y * width..(y + 1) * width];
        let row = |y: usize| &source[y * width..(y + 1) * width];
        out.iter_mut().zip(row(y)).for_each(|(o, v)| *o = weights[0] * v);
        for (k, w) in weights.iter().enumerate().skip(1) {
            let (above, below) = (row(y.saturating_sub(k)), row((y + k).min(height - 1)));
            for ((o, a), b) in out.iter_mut().zip(above).zip(below) {
                *o += w * (a + b);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Case {
        kind: Kind,
        outline: Outline,
        dilate: f32,
        blur: f32,
        points: Vec<[f32; 3]>,
    }

    #[derive(Deserialize)]
    struct Fixture {
        width: usize,
        height: usize,
        cases: Vec<Case>,
    }

    /// Made apart from this code: see `tests/data/motion_masks/make.py`.
    #[test]
    fn masks_are_those_of_the_reference() {
        let fixture: Fixture =
            serde_json::from_str(include_str!("../../../tests/data/motion_masks/cases.json")).expect("the cases");
        let expected = image::load_from_memory(include_bytes!("../../../tests/data/motion_masks/expected.png"));
        let expected = expected.expect("the grids").into_luma8().into_raw();
        let (w, h) = (fixture.width, fixture.height);
        assert_eq!(expected.len(), w * h * fixture.cases.len());
        for (n, case) in fixture.cases.iter().enumerate() {
            let mut pose = PoseFrame::default();
            for (p, [x, y, score]) in pose.points.iter_mut().zip(&case.points) {
                *p = Point { x: *x, y: *y, score: *score };
            }
            let options = Options { outline: case.outline, dilate: case.dilate, blur: case.blur };
            let mask = motion_mask(&pose, w as f32 / h as f32, case.kind, &options, w, h);
            let want = &expected[n * w * h..(n + 1) * w * h];
            let off = mask.values.iter().zip(want).filter(|(a, b)| (*a * 255.0 - f32::from(**b)).abs() > 0.75).count();
            assert_eq!(
                off, 0,
                "case {n}: {:?} {:?} dilate {} blur {}",
                case.kind, case.outline, case.dilate, case.blur
            );
            let covered = mask.values.iter().sum::<f32>() / (w * h) as f32;
            assert!((0.001..0.999).contains(&covered), "case {n} says nothing: {covered}");
        }
    }

    #[test]
    fn background_and_face_and_hands_add_up_to_one() {
        let mut pose = PoseFrame::default();
        for (i, p) in pose.points.iter_mut().enumerate() {
            *p = Point::new(0.2 + 0.004 * i as f32, 0.3 + 0.003 * (i % 40) as f32);
        }
        let options = Options { outline: Outline::Hull, dilate: 3.0, blur: 2.0 };
        let a = motion_mask(&pose, 1.0, Kind::FaceAndHands, &options, 60, 60);
        let b = motion_mask(&pose, 1.0, Kind::Background, &options, 60, 60);
        assert!(a.values.iter().zip(&b.values).all(|(a, b)| (a + b - 1.0).abs() < 1e-6));
    }

    #[test]
    fn nothing_seen_and_nonsense_are_an_empty_mask() {
        let mut pose = PoseFrame::default();
        let options = Options { dilate: f32::NAN, blur: f32::INFINITY, ..Options::default() };
        let empty = |pose: &PoseFrame, options: &Options| {
            Kind::ALL[..2].iter().all(|k| motion_mask(pose, 1.0, *k, options, 20, 20).values.iter().all(|v| *v == 0.0))
        };
        assert!(empty(&pose, &options));
        for p in &mut pose.points {
            *p = Point { x: f32::NAN, y: f32::INFINITY, score: 1.0 };
        }
        for outline in [Outline::Box, Outline::Hull] {
            assert!(empty(&pose, &Options { outline, dilate: 2.0, blur: 1.0 }));
        }
        for p in &mut pose.points {
            *p = Point { x: 1e30, y: -1e30, score: 1.0 };
        }
        assert!(empty(&pose, &Options::default()));
        assert_eq!(motion_mask(&pose, f32::NAN, Kind::Lips, &options, 0, 5).values.len(), 0);
    }
}
