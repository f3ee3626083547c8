//! Poses of 133 points ⇄ the numbers that the networks see: 136 of the face, 96 of the body (and 42 of depth).
//!
//! **The paper** (contextual-gesture, appendix C.2) takes 68 points of the face = 136 numbers and 48 of the body = 96
//! (3 of each shoulder, arm and wrist, 21 of each hand), and says nothing of origin or scale.
//!
//! **Here** all lengths are divided by the width of the shoulders, and the origin is the neck, the middle between the
//! shoulders; both are the *median over the clip* ([`Reference`]), so that swaying and turning stay in the numbers.
//!
//! | numbers | what |
//! |---|---|
//! | face 0..136 | 68 points (x, y) from the base of the nose, iBUG point 33 of the same frame |
//! | face 66, 67 | point 33 itself would always be 0: its place holds the *head*, the base of the nose seen from the neck |
//! | body 0..12 | shoulders, elbows, wrists, left before right, from the neck |
//! | body 12..54, 54..96 | 21 points of the left, then of the right hand, from the wrist of the arm |
//! | body 96..138 | only with [`Layout::depth`]: depth of the same 42 points (Cued Speech uses depth; the paper has none) |
//!
//! So the paper's counts stay, and nothing is lost but the points that carry no gesture: the body's nose, eyes and ears
//! go with the head, hips, legs and feet stay those of a base frame. Last, every number is z-scored ([`Stats`]).

use serde::{Deserialize, Serialize};

/// Points of a whole body, COCO-WholeBody: 17 body, 6 feet, 68 face, 21 left hand, 21 right hand.
pub const POINTS: usize = 133;
/// Joints of a hand.
pub const JOINTS: usize = 21;
/// Numbers of a face.
pub const FACE_SIZE: usize = 136;
/// Numbers of a body without depth.
pub const BODY_SIZE: usize = 96;
/// The two numbers of the face that say where the head is.
pub const HEAD: std::ops::Range<usize> = 2 * NOSE_BASE..2 * NOSE_BASE + 2;

const NOSE_BASE: usize = 33;
const LEFT_SHOULDER: usize = 5;
const RIGHT_SHOULDER: usize = 6;
const WRISTS: [usize; 2] = [9, 10];
const ARMS: std::ops::Range<usize> = LEFT_SHOULDER..11;
const FACE: usize = 23;
const HANDS: [usize; 2] = [91, 112];
/// Points of the face that expressions hardly move: temples, bridge and base of the nose, corners of the eyes.
const FIRM: [usize; 16] = [0, 1, 15, 16, 27, 28, 29, 30, 31, 33, 35, 36, 39, 42, 45, 8];

/// One moment of a whole body: (x, y, score) of 133 points and the depth of the joints of both hands, left first.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    pub points: [[f32; 3]; POINTS],
    pub hand_z: [[f32; JOINTS]; 2],
}

impl Default for Frame {
    fn default() -> Self {
        Self { points: [[0.0; 3]; POINTS], hand_z: [[0.0; JOINTS]; 2] }
    }
}

/// What is taken from a frame.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Layout {
    /// Whether the body holds the depth of the hands too.
    pub depth: bool,
    /// A point whose score is at or below this counts as missing.
    pub least_score: f32,
}

impl Default for Layout {
    fn default() -> Self {
        Self { depth: false, least_score: 0.05 }
    }
}

impl Layout {
    /// Numbers of a body per frame: 96, with depth 138.
    pub fn body_size(&self) -> usize {
        BODY_SIZE + if self.depth { 2 * JOINTS } else { 0 }
    }
}

/// Origin and unit of a clip.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// Middle between the shoulders, units of the frames.
    pub neck: [f32; 2],
    /// Distance between the shoulders, units of the frames; above 0.
    pub width: f32,
}

impl Reference {
    /// Medians over the frames that show both shoulders; `None` where no frame does.
    pub fn of(frames: &[Frame], layout: &Layout) -> Option<Self> {
        let mut lists: [Vec<f32>; 3] = Default::default();
        for frame in frames {
            let (l, r) = (frame.points[LEFT_SHOULDER], frame.points[RIGHT_SHOULDER]);
            let width = (l[0] - r[0]).hypot(l[1] - r[1]);
            if l[2] > layout.least_score && r[2] > layout.least_score && width.is_finite() && width > 0.0 {
                for (list, v) in lists.iter_mut().zip([(l[0] + r[0]) / 2.0, (l[1] + r[1]) / 2.0, width]) {
                    list.push(v);
                }
            }
        }
        let [x, y, width] = lists.map(|mut list| {
            list.sort_by(f32::total_cmp);
            list.get(list.len() / 2).copied()
        });
        Some(Self { neck: [x?, y?], width: width? })
    }
}

/// Numbers of one part over time, row after row, before z-scoring. Gaps are filled, `seen` remembers them.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Numbers {
    /// Numbers per frame.
    pub size: usize,
    /// `frames * size` numbers; NaN where one was never seen in the whole clip.
    pub values: Vec<f32>,
    /// Whether each number was seen (weight in losses).
    pub seen: Vec<bool>,
}

impl Numbers {
    pub fn frames(&self) -> usize {
        self.values.len() / self.size.max(1)
    }

    /// Fills gaps: in a straight line between neighbours in time, held at the ends. Values count only where `seen`.
    fn fill(&mut self) {
        let frames = self.frames();
        for column in 0..self.size {
            let at = |t: usize| t * self.size + column;
            let mut before: Option<usize> = None;
            for t in 0..=frames {
                if t < frames && !self.seen[at(t)] {
                    continue;
                }
                let gap = before.map_or(0, |b| b + 1)..t;
                for g in gap {
                    self.values[at(g)] = match (before, t < frames) {
                        (Some(b), true) => {
                            let part = (g - b) as f32 / (t - b) as f32;
                            self.values[at(b)] * (1.0 - part) + self.values[at(t)] * part
                        }
                        (Some(b), false) => self.values[at(b)],
                        (None, true) => self.values[at(t)],
                        (None, false) => f32::NAN,
                    };
                }
                before = Some(t);
            }
        }
    }
}

/// The numbers of face and body of a clip.
pub fn numbers(frames: &[Frame], reference: &Reference, layout: &Layout) -> (Numbers, Numbers) {
    let mut face = Numbers { size: FACE_SIZE, ..Default::default() };
    let mut body = Numbers { size: layout.body_size(), ..Default::default() };
    let push = |to: &mut Numbers, p: [f32; 3], from: [f32; 3]| {
        let seen = p[2] > layout.least_score && from[2] > layout.least_score;
        for k in 0..2 {
            let v = (p[k] - from[k]) / reference.width;
            to.values.push(v);
            to.seen.push(seen && v.is_finite());
        }
    };
    let neck = [reference.neck[0], reference.neck[1], 1.0];
    for frame in frames {
        let p = &frame.points;
        let base = p[FACE + NOSE_BASE];
        for i in 0..68 {
            push(&mut face, p[FACE + i], if i == NOSE_BASE { neck } else { base });
        }
        for i in ARMS {
            push(&mut body, p[i], neck);
        }
        for (hand, wrist) in HANDS.into_iter().zip(WRISTS) {
            // A tracker may miss the arm's wrist and still see the hand, whose first joint is the same place.
            let from = if p[wrist][2] > layout.least_score { p[wrist] } else { p[hand] };
            for i in 0..JOINTS {
                push(&mut body, p[hand + i], from);
            }
        }
        if layout.depth {
            for (side, hand) in HANDS.into_iter().enumerate() {
                for i in 0..JOINTS {
                    let v = frame.hand_z[side][i] / reference.width;
                    body.values.push(v);
                    body.seen.push(v.is_finite() && p[hand + i][2] > layout.least_score);
                }
            }
        }
    }
    face.fill();
    body.fill();
    (face, body)
}

/// A frame from its numbers (not z-scored). What the numbers do not say comes from `base`, a frame of the same person
/// under the same reference: nose, eyes and ears of the body go with the head, hips, legs and feet stay.
///
/// Slices shorter than the layout asks for leave the points of `base` that they do not reach.
pub fn frame(face: &[f32], body: &[f32], reference: &Reference, layout: &Layout, base: &Frame) -> Frame {
    let mut out = base.clone();
    let point = |numbers: &[f32], i: usize, from: [f32; 2]| {
        let v = numbers.get(2 * i..2 * i + 2)?;
        Some([from[0] + v[0] * reference.width, from[1] + v[1] * reference.width, 1.0])
    };
    if let (Some(head), true) = (point(face, NOSE_BASE, reference.neck), face.len() >= FACE_SIZE) {
        for i in 0..68 {
            let place = if i == NOSE_BASE { Some(head) } else { point(face, i, [head[0], head[1]]) };
            out.points[FACE + i] = place.unwrap_or(out.points[FACE + i]);
        }
        let firm = |f: &Frame| FIRM.map(|i| [f.points[FACE + i][0], f.points[FACE + i][1]]);
        if let Some(carry) = Similarity::between(&firm(base), &firm(&out)) {
            for p in &mut out.points[..LEFT_SHOULDER] {
                let [x, y] = carry.of([p[0], p[1]]);
                *p = [x, y, p[2]];
            }
        }
    }
    for (k, i) in ARMS.enumerate() {
        out.points[i] = point(body, k, reference.neck).unwrap_or(out.points[i]);
    }
    for (side, (hand, wrist)) in HANDS.into_iter().zip(WRISTS).enumerate() {
        let from = [out.points[wrist][0], out.points[wrist][1]];
        for i in 0..JOINTS {
            let k = ARMS.len() + side * JOINTS + i;
            out.points[hand + i] = point(body, k, from).unwrap_or(out.points[hand + i]);
            if layout.depth
                && let Some(z) = body.get(BODY_SIZE + side * JOINTS + i)
            {
                out.hand_z[side][i] = z * reference.width;
            }
        }
    }
    out
}

/// Turn, scale and shift of the plane: p → m p + shift, m = (a, −b; b, a).
struct Similarity {
    a: f32,
    b: f32,
    shift: [f32; 2],
}

impl Similarity {
    /// The one that carries `from` to `to` with the least squared error; `None` where all points of `from` coincide.
    fn between(from: &[[f32; 2]], to: &[[f32; 2]]) -> Option<Self> {
        let n = from.len() as f32;
        let mean = |points: &[[f32; 2]]| {
            let sum = points.iter().fold([0.0; 2], |s, p| [s[0] + p[0], s[1] + p[1]]);
            [sum[0] / n, sum[1] / n]
        };
        let (f, t) = (mean(from), mean(to));
        let (mut dot, mut cross, mut size) = (0.0, 0.0, 0.0);
        for (p, q) in from.iter().zip(to) {
            let (p, q) = ([p[0] - f[0], p[1] - f[1]], [q[0] - t[0], q[1] - t[1]]);
            dot += p[0] * q[0] + p[1] * q[1];
            cross += p[0] * q[1] - p[1] * q[0];
            size += p[0] * p[0] + p[1] * p[1];
        }
        if size <= 1e-12 {
            return None;
        }
        let (a, b) = (dot / size, cross / size);
        Some(Self { a, b, shift: [t[0] - (a * f[0] - b * f[1]), t[1] - (b * f[0] + a * f[1])] })
    }

    fn of(&self, p: [f32; 2]) -> [f32; 2] {
        [self.a * p[0] - self.b * p[1] + self.shift[0], self.b * p[0] + self.a * p[1] + self.shift[1]]
    }
}

/// Mean and spread of every number of a part over a corpus.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Stats {
    pub mean: Vec<f32>,
    /// Standard deviation, not below the floor it was made with.
    pub std: Vec<f32>,
}

/// Least standard deviation, widths of the shoulders: about half a pixel of a body 512 pixels high. A number that
/// hardly ever moves is not blown up beyond what a tracker can see.
pub const STD_FLOOR: f32 = 0.004;

/// Gathers [`Stats`] clip by clip, each number weighed the same.
#[derive(Clone, Debug, Default)]
pub struct StatsBuilder {
    count: Vec<f64>,
    sum: Vec<f64>,
    squares: Vec<f64>,
}

impl StatsBuilder {
    pub fn add(&mut self, numbers: &Numbers) {
        for list in [&mut self.count, &mut self.sum, &mut self.squares] {
            list.resize(numbers.size, 0.0);
        }
        for (i, (&v, &seen)) in numbers.values.iter().zip(&numbers.seen).enumerate() {
            if seen {
                let (k, v) = (i % numbers.size, f64::from(v));
                self.count[k] += 1.0;
                self.sum[k] += v;
                self.squares[k] += v * v;
            }
        }
    }

    /// Mean and standard deviation; a number never seen gets mean 0 and the floor.
    pub fn finish(&self, floor: f32) -> Stats {
        let mean = |k: usize| self.sum[k] / self.count[k].max(1.0);
        let spread = |k: usize| (self.squares[k] / self.count[k].max(1.0) - mean(k).powi(2)).max(0.0).sqrt() as f32;
        let all = 0..self.count.len();
        Stats { mean: all.clone().map(|k| mean(k) as f32).collect(), std: all.map(|k| spread(k).max(floor)).collect() }
    }
}

impl Stats {
    /// z-scores in place; a number never seen in the clip becomes the mean of the corpus.
    pub fn normalise(&self, values: &mut [f32]) {
        self.each(values, |v, mean, std| if v.is_finite() { (v - mean) / std } else { 0.0 });
    }

    /// Back from z-scores, in place.
    pub fn restore(&self, values: &mut [f32]) {
        self.each(values, |v, mean, std| v * std + mean);
    }

    fn each(&self, values: &mut [f32], of: impl Fn(f32, f32, f32) -> f32) {
        for row in values.chunks_mut(self.mean.len().max(1)) {
            for (v, (mean, std)) in row.iter_mut().zip(self.mean.iter().zip(&self.std)) {
                *v = of(*v, *mean, *std);
            }
        }
    }

    /// Weights of the numbers in a reconstruction loss over z-scores, mean 1: proportional to `std^power`, so 0 treats
    /// all z-scores alike and 1 all pixels alike. Where `carries` gives a count, that number moves so many points (the
    /// two of the head carry all 68 of the face, a wrist its hand) and weighs the square root of the count more.
    pub fn loss_weights(&self, power: f32, carries: &[(usize, f32)]) -> Vec<f32> {
        let mut weights: Vec<f32> = self.std.iter().map(|s| s.powf(power)).collect();
        for &(k, count) in carries {
            if let Some(w) = weights.get_mut(k) {
                *w *= count.sqrt();
            }
        }
        let mean = weights.iter().sum::<f32>() / weights.len().max(1) as f32;
        weights.iter().map(|w| w / mean.max(f32::MIN_POSITIVE)).collect()
    }
}

/// Numbers of the face that carry others, for [`Stats::loss_weights`].
pub fn face_carriers() -> Vec<(usize, f32)> {
    HEAD.map(|k| (k, 68.0)).collect()
}

/// Numbers of the body that carry others: the wrists carry 21 points each.
pub fn body_carriers() -> Vec<(usize, f32)> {
    (8..12).map(|k| (k, 22.0)).collect()
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;
