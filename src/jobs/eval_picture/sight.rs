//! A simple eye: a hand in a picture by its silhouette, palm and fingertip. It knows pixels, and nothing of poses.
//!
//! It is given two pictures, with and without the hand, and tells skin from cloth by colour. What it sees is compared
//! with silhouettes that it was shown before, of another person where there is one.

use crate::render::RgbaFrame;

/// A pixel has changed where a channel differs by more than this: a soft shadow does not.
const CHANGED: i32 = 26;
/// Side of a stored silhouette, cells; it shows this many palm radii in each direction.
const CELLS: usize = 36;
const REACH: f32 = 4.2;
/// Turns that are tried when silhouettes are compared, degrees.
const TURNS: [f32; 9] = [-24.0, -18.0, -12.0, -6.0, 0.0, 6.0, 12.0, 18.0, 24.0];

/// The mean colour of a part of a picture, as shares of red and green (chromaticity) and brightness 0-1.
pub type Colour = [f32; 3];

/// Colour of some pixels of a picture: the median of each channel.
pub fn colour(frame: &RgbaFrame, inside: impl Fn(usize, usize) -> bool) -> Option<Colour> {
    let width = frame.width as usize;
    let mut channels: [Vec<u8>; 3] = Default::default();
    for (i, pixel) in frame.data.chunks_exact(4).enumerate() {
        if inside(i % width, i / width) {
            (0..3).for_each(|k| channels[k].push(pixel[k]));
        }
    }
    let median = |c: &mut Vec<u8>| {
        c.sort_unstable();
        c.get(c.len() / 2).copied()
    };
    let [r, g, b] = channels.each_mut().map(median);
    Some(chroma([r?, g?, b?]))
}

fn chroma([r, g, b]: [u8; 3]) -> Colour {
    let sum = f32::from(r) + f32::from(g) + f32::from(b) + 1.0;
    [f32::from(r) / sum, f32::from(g) / sum, sum / 766.0]
}

fn apart(a: Colour, b: Colour) -> f32 {
    // Brightness counts less: light and shade change it.
    9.0 * (a[0] - b[0]).abs() + 9.0 * (a[1] - b[1]).abs() + 0.5 * (a[2] - b[2]).abs()
}

/// A hand as it was seen, in pixels.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Middle of the palm: the middle of the largest circle within the silhouette.
    pub palm: [f32; 2],
    /// Radius of that circle.
    pub radius: f32,
    /// The point of the silhouette farthest from the palm, away from the forearm.
    pub tip: [f32; 2],
    mask: Vec<bool>,
    width: usize,
}

/// A silhouette laid in cells around the palm, in palm radii.
#[derive(Clone, Debug, PartialEq)]
pub struct Silhouette(Vec<bool>);

/// Finds the hand in `frame`; `plate` is the same picture without it. `None` where too little has changed.
pub fn look(frame: &RgbaFrame, plate: &RgbaFrame, skin: Colour, cloth: Colour) -> Option<Seen> {
    let (width, height) = (frame.width as usize, frame.height as usize);
    let (mut mask, mut sleeve) = (vec![false; width * height], Vec::new());
    for (i, (p, q)) in frame.data.chunks_exact(4).zip(plate.data.chunks_exact(4)).enumerate() {
        if (0..3).any(|k| (i32::from(p[k]) - i32::from(q[k])).abs() > CHANGED) {
            let c = chroma([p[0], p[1], p[2]]);
            if apart(c, skin) <= apart(c, cloth) {
                mask[i] = true;
            } else {
                sleeve.push(i);
            }
        }
    }
    close(&mut mask, width, height);
    fill_holes(&mut mask, width, height);
    keep_largest(&mut mask, width, height);
    let distance = distances(&mask, width, height);
    let (at, radius) = distance.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1))?;
    if radius < 2.0 {
        return None;
    }
    let point = |i: usize| [(i % width) as f32, (i / width) as f32];
    let palm = point(at);
    let mean = |points: &[usize]| -> [f32; 2] {
        let n = points.len().max(1) as f32;
        std::array::from_fn(|k| points.iter().map(|i| point(*i)[k]).sum::<f32>() / n)
    };
    // The forearm comes from the sleeve; without one in the picture, from below.
    let from = if sleeve.len() > 20 { mean(&sleeve) } else { [palm[0], palm[1] + 1.0] };
    let away = [palm[0] - from[0], palm[1] - from[1]];
    let norm = away[0].hypot(away[1]).max(1e-3);
    let tip = (0..mask.len())
        .filter(|i| mask[*i])
        .map(point)
        .filter(|p| ((p[0] - palm[0]) * away[0] + (p[1] - palm[1]) * away[1]) / norm > 0.3 * radius)
        .max_by(|a, b| (a[0] - palm[0]).hypot(a[1] - palm[1]).total_cmp(&(b[0] - palm[0]).hypot(b[1] - palm[1])))
        .unwrap_or(palm);
    Some(Seen { palm, radius, tip, mask, width })
}

impl Seen {
    /// The silhouette turned by `degrees` about the palm.
    fn turned(&self, degrees: f32) -> Silhouette {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let step = 2.0 * REACH * self.radius / CELLS as f32;
        let height = self.mask.len() / self.width;
        let cell = |i: usize| {
            let half = CELLS as f32 / 2.0 - 0.5;
            let (x, y) = (((i % CELLS) as f32 - half) * step, ((i / CELLS) as f32 - half) * step);
            let (px, py) = (self.palm[0] + cos * x - sin * y, self.palm[1] + sin * x + cos * y);
            let (px, py) = (px.round(), py.round());
            let inside = px >= 0.0 && py >= 0.0 && (px as usize) < self.width && (py as usize) < height;
            inside && self.mask[py as usize * self.width + px as usize]
        };
        Silhouette((0..CELLS * CELLS).map(cell).collect())
    }

    /// The silhouette as it stands.
    pub fn silhouette(&self) -> Silhouette {
        self.turned(0.0)
    }

    /// How well it agrees with another silhouette in the best turn: shared by covered cells, 0-1.
    pub fn agrees(&self, with: &[(usize, Silhouette)]) -> Vec<(usize, f32)> {
        let turned: Vec<Silhouette> = TURNS.iter().map(|t| self.turned(*t)).collect();
        let best = |other: &Silhouette| turned.iter().map(|t| t.overlap(other)).fold(0.0, f32::max);
        with.iter().map(|(name, other)| (*name, best(other))).collect()
    }
}

impl Silhouette {
    fn overlap(&self, other: &Self) -> f32 {
        let (mut both, mut any) = (0, 0);
        for (a, b) in self.0.iter().zip(&other.0) {
            both += usize::from(*a && *b);
            any += usize::from(*a || *b);
        }
        both as f32 / any.max(1) as f32
    }
}

/// Closes gaps of two pixels: grows and shrinks again.
fn close(mask: &mut [bool], width: usize, height: usize) {
    for value in [true, true, false, false] {
        let before = mask.to_vec();
        for y in 1..height.saturating_sub(1) {
            for x in 1..width.saturating_sub(1) {
                let i = y * width + x;
                if [i - 1, i + 1, i - width, i + width].iter().any(|n| before[*n] == value) {
                    mask[i] = value;
                }
            }
        }
    }
}

/// Fills what the outside cannot reach.
fn fill_holes(mask: &mut [bool], width: usize, height: usize) {
    let mut outside = vec![false; mask.len()];
    let edge = (0..mask.len()).filter(|i| {
        let (x, y) = (i % width, i / width);
        x == 0 || y == 0 || x + 1 == width || y + 1 == height
    });
    let mut stack: Vec<usize> = edge.filter(|i| !mask[*i]).collect();
    while let Some(i) = stack.pop() {
        if std::mem::replace(&mut outside[i], true) {
            continue;
        }
        stack.extend(neighbours(i, width, height).filter(|n| !mask[*n] && !outside[*n]));
    }
    mask.iter_mut().zip(outside).for_each(|(m, o)| *m = !o);
}

/// Leaves the largest connected part.
fn keep_largest(mask: &mut [bool], width: usize, height: usize) {
    let mut part = vec![0_u32; mask.len()];
    let (mut largest, mut count) = ((0, 0), 0);
    for start in 0..mask.len() {
        if !mask[start] || part[start] != 0 {
            continue;
        }
        count += 1;
        let mut size = 0;
        let mut stack = vec![start];
        while let Some(i) = stack.pop() {
            if part[i] != 0 {
                continue;
            }
            part[i] = count;
            size += 1;
            stack.extend(neighbours(i, width, height).filter(|n| mask[*n] && part[*n] == 0));
        }
        largest = largest.max((size, count));
    }
    mask.iter_mut().zip(&part).for_each(|(m, p)| *m = *p == largest.1 && *p != 0);
}

fn neighbours(i: usize, width: usize, height: usize) -> impl Iterator<Item = usize> {
    let (x, y) = (i % width, i / width);
    [
        (x > 0).then(|| i - 1),
        (x + 1 < width).then_some(i + 1),
        (y > 0).then(|| i - width),
        (y + 1 < height).then_some(i + width),
    ]
    .into_iter()
    .flatten()
}

/// Distance of each pixel of the mask from its outside, in pixels (chamfer 1, √2).
fn distances(mask: &[bool], width: usize, height: usize) -> Vec<f32> {
    const FAR: f32 = 1e9;
    let diagonal = std::f32::consts::SQRT_2;
    let mut d: Vec<f32> = mask.iter().map(|m| if *m { FAR } else { 0.0 }).collect();
    // Beyond the edge of the picture the mask goes on: an arm that is cut off there is not narrow.
    for y in 0..height {
        for x in 0..width {
            let i = y * width + x;
            let mut near = |ok: bool, back: usize, cost: f32| {
                if ok {
                    d[i] = d[i].min(d[i - back] + cost);
                }
            };
            near(x > 0, 1, 1.0);
            near(y > 0, width, 1.0);
            near(x > 0 && y > 0, width + 1, diagonal);
            near(x + 1 < width && y > 0, width.saturating_sub(1), diagonal);
        }
    }
    for y in (0..height).rev() {
        for x in (0..width).rev() {
            let i = y * width + x;
            let mut near = |ok: bool, on: usize, cost: f32| {
                if ok {
                    d[i] = d[i].min(d[i + on] + cost);
                }
            };
            near(x + 1 < width, 1, 1.0);
            near(y + 1 < height, width, 1.0);
            near(x + 1 < width && y + 1 < height, width + 1, diagonal);
            near(x > 0 && y + 1 < height, width.saturating_sub(1), diagonal);
        }
    }
    d
}

#[cfg(test)]
mod tests {
    use super::*;

    const SKIN: [u8; 3] = [240, 200, 170];
    const CLOTH: [u8; 3] = [55, 80, 120];

    /// A disc with fingers up, of given directions in degrees from upright, and a sleeve below.
    fn picture(fingers: &[f32], size: usize, middle: [f32; 2], radius: f32) -> (RgbaFrame, RgbaFrame) {
        let blank =
            RgbaFrame { width: size as u32, height: size as u32, data: [140, 158, 167, 255].repeat(size * size) };
        let mut with = blank.clone();
        for (i, pixel) in with.data.chunks_exact_mut(4).enumerate() {
            let (x, y) = ((i % size) as f32 - middle[0], (i / size) as f32 - middle[1]);
            let finger = fingers.iter().any(|a| {
                let (s, c) = a.to_radians().sin_cos();
                let (along, across) = (x * s - y * c, x * c + y * s);
                (0.0..3.0 * radius).contains(&along) && across.abs() < 0.28 * radius
            });
            if x.hypot(y) < radius || finger {
                pixel[..3].copy_from_slice(&SKIN);
            } else if (radius..4.0 * radius).contains(&y) && x.abs() < 0.8 * radius {
                pixel[..3].copy_from_slice(&CLOTH);
            }
        }
        (with, blank)
    }

    #[test]
    fn palm_tip_and_silhouette_are_found_at_any_size_and_turn() {
        let see = |fingers: &[f32], size: usize, radius: f32| {
            let middle = [size as f32 * 0.45, size as f32 * 0.55];
            let (with, without) = picture(fingers, size, middle, radius);
            let seen = look(&with, &without, chroma(SKIN), chroma(CLOTH)).expect("a hand");
            (seen, middle)
        };
        let (one, middle) = see(&[10.0], 200, 20.0);
        assert!((one.palm[0] - middle[0]).hypot(one.palm[1] - middle[1]) < 4.0, "{one:?}", one = one.palm);
        assert!((one.radius - 20.0).abs() < 3.0);
        let tip = [middle[0] + 60.0 * 10f32.to_radians().sin(), middle[1] - 60.0 * 10f32.to_radians().cos()];
        assert!((one.tip[0] - tip[0]).hypot(one.tip[1] - tip[1]) < 8.0, "{:?} {tip:?}", one.tip);
        let shown = [
            (1, see(&[0.0], 160, 15.0).0.silhouette()),
            (2, see(&[-18.0, 18.0], 160, 15.0).0.silhouette()),
            (3, see(&[-40.0, 0.0, 40.0], 160, 15.0).0.silhouette()),
        ];
        for (name, fingers) in [(1, vec![8.0]), (2, vec![-12.0, 24.0]), (3, vec![-46.0, -6.0, 34.0])] {
            let seen = see(&fingers, 260, 24.0).0;
            let best = seen.agrees(&shown).into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).expect("one");
            assert_eq!(best.0, name, "{fingers:?}");
        }
        let (with, _) = picture(&[0.0], 100, [50.0, 50.0], 10.0);
        assert!(look(&with, &with, chroma(SKIN), chroma(CLOTH)).is_none(), "nothing has changed");
    }
}
