//! Landmarks of a person from a few clicks: a template face that snaps on, and the body estimated from it.
//!
//! Five anchors (two eyes, tip of the nose, two corners of the mouth) place a mean face: first by the similarity that
//! brings it nearest in least squares (Umeyama, "Least-squares estimation of transformation parameters between two
//! point patterns", PAMI 13, 1991, without its reflection), then by a thin-plate spline through what is left
//! (Bookstein, "Principal warps", PAMI 11, 1989). Chin, ears and shoulders sharpen it where the user drags them. All
//! points are plain places afterwards and may be corrected one by one. Lengths that no picture shows follow adult means.

use super::{FACE_POINT_COUNT, Reference, Side};

/// A place in picture units.
pub type Place = [f32; 2];

/// The five places that a user points at, as they are seen: left and right are the *picture's*.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Anchors {
    /// Middle of the eye at picture left and of the one at picture right.
    pub eyes: [Place; 2],
    /// Tip of the nose.
    pub nose: Place,
    /// Corners of the mouth at picture left and right.
    pub mouth: [Place; 2],
}

/// Places that sharpen the template; those that are `None` are estimated.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Extras {
    pub chin: Option<Place>,
    /// Where the ears meet the face, at picture left and right.
    pub ears: [Option<Place>; 2],
    /// Joints of the shoulders, at picture left and right.
    pub shoulders: [Option<Place>; 2],
}

/// Why no face can be laid through the anchors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    #[error("a point is not a number within the picture; place it again")]
    NotFinite,
    #[error("the eyes are at the same place; place them on the two eyes")]
    EyesTogether,
    #[error("eyes and mouth do not make a face: the mouth must lie below the eyes and the nose between them")]
    NotAFace,
}

/// Face points that stand for an eye: the two corners and the lids.
const EYES: [std::ops::Range<usize>; 2] = [36..42, 42..48];
/// The tip of the nose, the mouth's corners, the chin and the upper ends of the jaw, by face point.
const NOSE: usize = 30;
const CORNERS: [usize; 2] = [48, 54];
const CHIN: usize = 8;
const EARS: [usize; 2] = [0, 16];

/// The hollow of the throat lies this share of the way from the chin to the line of the shoulders.
const THROAT: f32 = 0.72;

impl Anchors {
    /// Where the anchors of a known face are.
    pub fn of(face: &[Place]) -> Self {
        let at = |i: usize| face.get(i).copied().unwrap_or_default();
        Self { eyes: EYES.map(|eye| mean(face, eye)), nose: at(NOSE), mouth: CORNERS.map(at) }
    }

    /// All five, in the order eyes, nose, mouth.
    pub fn all(&self) -> [Place; 5] {
        [self.eyes[0], self.eyes[1], self.nose, self.mouth[0], self.mouth[1]]
    }

    /// From five places in that order. Eyes and corners of the mouth given in the other order change places.
    pub fn from_all(mut p: [Place; 5]) -> Self {
        let sorted = |a: Place, b: Place| if a[0] <= b[0] { [a, b] } else { [b, a] };
        // A head lying on its side has no left and right; it is kept as it was given.
        if (p[0][0] - p[1][0]).abs() > (p[0][1] - p[1][1]).abs() {
            [p[0], p[1]] = sorted(p[0], p[1]);
            [p[3], p[4]] = sorted(p[3], p[4]);
        }
        Self { eyes: [p[0], p[1]], nose: p[2], mouth: [p[3], p[4]] }
    }
}

/// Lays the template through what was pointed at and estimates the rest of the body. `aspect` is the picture's width
/// divided by its height.
pub fn fit(anchors: &Anchors, extras: &Extras, aspect: f32, handed: Side) -> Result<Reference, TemplateError> {
    let mut given: Vec<Place> = anchors.all().to_vec();
    given.extend([extras.chin, extras.ears[0], extras.ears[1]].iter().flatten());
    given.extend(extras.shoulders.iter().flatten());
    if !given.iter().flatten().all(|v| v.is_finite() && v.abs() < 100.0) {
        return Err(TemplateError::NotFinite);
    }
    let [e0, e1] = anchors.eyes;
    let span = distance(e0, e1);
    if span < 0.004 {
        return Err(TemplateError::EyesTogether);
    }
    // In the head's own directions the mouth is below the eyes by about their distance, the nose between.
    let right = [(e1[0] - e0[0]) / span, (e1[1] - e0[1]) / span];
    let below = |p: Place| {
        let d = [p[0] - 0.5 * (e0[0] + e1[0]), p[1] - 0.5 * (e0[1] + e1[1])];
        (d[1] * right[0] - d[0] * right[1]) / span
    };
    let mouth = below(middle(anchors.mouth[0], anchors.mouth[1]));
    if !((0.4..4.0).contains(&mouth) && (0.05..mouth).contains(&below(anchors.nose))) {
        return Err(TemplateError::NotAFace);
    }
    if distance(anchors.mouth[0], anchors.mouth[1]) < 0.05 * span {
        return Err(TemplateError::NotAFace);
    }

    let example = Reference::example();
    let template = Anchors::of(&example.face).all();
    let place = Similarity::between(&template, &anchors.all());
    let mut face: Vec<Place> = example.face.iter().map(|p| place.apply(*p)).collect();
    // What is left at the anchors bends the face; what was not pointed at follows smoothly.
    let mut knots: Vec<(Place, Place)> =
        template.iter().zip(anchors.all()).map(|(from, to)| (place.apply(*from), to)).collect();
    for (index, wanted) in [(CHIN, extras.chin), (EARS[0], extras.ears[0]), (EARS[1], extras.ears[1])] {
        // A chin that was not dragged goes with the mouth, so that a bent spline does not run wild below it.
        let held = wanted.unwrap_or_else(|| {
            let by = if index == CHIN {
                let from = middle(place.apply(template[3]), place.apply(template[4]));
                let to = middle(anchors.mouth[0], anchors.mouth[1]);
                [to[0] - from[0], to[1] - from[1]]
            } else {
                [0.0, 0.0]
            };
            [face[index][0] + by[0], face[index][1] + by[1]]
        });
        knots.push((face[index], held));
    }
    if let Some(bend) = Spline::through(&knots) {
        for p in &mut face {
            *p = bend.apply(*p);
        }
    }
    let mut reference = Reference { aspect, face, handed, ..example };
    body(&mut reference, extras);
    Ok(reference)
}

/// Estimates shoulders, throat, elbows and the lengths of arm and hand from the face, keeping shoulders that are given.
pub fn body(reference: &mut Reference, extras: &Extras) {
    let example = Reference::example();
    let (face, rest) = (Anchors::of(&reference.face).all(), Anchors::of(&example.face).all());
    let mut place = Similarity::between(&rest, &face);
    // The trunk is upright though the head may lean.
    let size = place.size();
    let chin = reference.face.get(CHIN).copied().unwrap_or_default();
    place = Similarity::upright(size, example.face[CHIN], chin);
    let estimated = [place.apply(example.right_shoulder), place.apply(example.left_shoulder)];
    let both = match extras.shoulders {
        [Some(a), Some(b)] => [a, b],
        // The other one lies as far from the chin's upright.
        [Some(a), None] => [a, [2.0 * chin[0] - a[0], a[1]]],
        [None, Some(b)] => [[2.0 * chin[0] - b[0], b[1]], b],
        [None, None] => estimated,
    };
    reference.right_shoulder = both[0];
    reference.left_shoulder = both[1];
    // Bones follow head and shoulders in equal parts: clicks on shoulders under cloth are rough.
    let wide = distance(both[0], both[1]) / distance(example.right_shoulder, example.left_shoulder);
    let body = (size * wide.clamp(0.6 * size, 1.6 * size)).sqrt();
    let line = middle(both[0], both[1]);
    reference.throat =
        [chin[0] + (line[0] - chin[0]) * THROAT, chin[1] + (line[1] - chin[1]).max(0.08 * size) * THROAT];
    reference.hand_length = example.hand_length * (0.7 * size + 0.3 * body);
    reference.forearm_length = example.forearm_length * body;
    reference.upper_arm_length = example.upper_arm_length * body;
    let hang = |shoulder: Place, side: f32| -> Place {
        // Arms hang a little away from the trunk, as the template's do.
        let out = example.left_elbow[0] - example.left_shoulder[0];
        let down = example.left_elbow[1] - example.left_shoulder[1];
        [shoulder[0] + side * out * body, shoulder[1] + down * body]
    };
    reference.right_elbow = hang(both[0], -1.0);
    reference.left_elbow = hang(both[1], 1.0);
}

/// How far the mouth is open: the gap between the inner lips in distances of the outer corners of the eyes.
pub fn openness(face: &[Place]) -> f32 {
    let at = |i: usize| face.get(i).copied().unwrap_or_default();
    let span = distance(at(36), at(45)).max(1e-6);
    distance(at(62), at(66)) / span
}

/// A mouth more open than this is called open.
pub const OPEN: f32 = 0.025;
/// A mouth more open than this cannot be closed from the picture: choose another one.
pub const TOO_OPEN: f32 = 0.30;

/// The same face with its mouth closed: inner lips meet on the line between the corners, outer lips keep their
/// thickness, the jaw comes up with the lower lip.
pub fn closed_mouth(face: &[Place]) -> Vec<Place> {
    let mut out = face.to_vec();
    if face.len() < FACE_POINT_COUNT {
        return out;
    }
    // Inner upper and lower lip, and the outer points over and under each pair.
    const PAIRS: [[usize; 4]; 3] = [[61, 67, 50, 58], [62, 66, 51, 57], [63, 65, 52, 56]];
    let mut raised = [0.0f32; 2];
    for [upper, lower, above, under] in PAIRS {
        let gap = [face[lower][0] - face[upper][0], face[lower][1] - face[upper][1]];
        // The upper lip comes down a quarter of the way, the lower one up the rest: it hangs on the jaw.
        let (down, up) = (0.25, 0.75);
        for i in [upper, above] {
            out[i] = std::array::from_fn(|k| face[i][k] + down * gap[k]);
        }
        for i in [lower, under] {
            out[i] = std::array::from_fn(|k| face[i][k] - up * gap[k]);
        }
        for k in 0..2 {
            raised[k] += up * gap[k] / 3.0;
        }
    }
    for i in [55, 59] {
        out[i] = std::array::from_fn(|k| face[i][k] - 0.55 * raised[k]);
    }
    for i in [49, 53] {
        out[i] = std::array::from_fn(|k| face[i][k] + 0.10 * raised[k]);
    }
    // The jaw: fully at the chin, nothing at the ears.
    for (i, p) in out.iter_mut().enumerate().take(17) {
        let share = (1.0 - ((i as f32 - 8.0) / 6.0).powi(2)).max(0.0);
        *p = std::array::from_fn(|k| face[i][k] - share * raised[k]);
    }
    out
}

fn mean(face: &[Place], range: std::ops::Range<usize>) -> Place {
    let n = range.len() as f32;
    let points = face.get(range).unwrap_or_default();
    std::array::from_fn(|k| points.iter().map(|p| p[k]).sum::<f32>() / n)
}

fn middle(a: Place, b: Place) -> Place {
    [0.5 * (a[0] + b[0]), 0.5 * (a[1] + b[1])]
}

fn distance(a: Place, b: Place) -> f32 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// Turn, scale and shift: `p` goes to `m p + t` with `m` = [[a, -b], [b, a]].
#[derive(Clone, Copy, Debug)]
struct Similarity {
    a: f32,
    b: f32,
    t: Place,
}

impl Similarity {
    /// The one that brings `from` nearest to `to` in least squares.
    fn between(from: &[Place], to: &[Place]) -> Self {
        let n = from.len().max(1) as f32;
        let centre =
            |points: &[Place]| -> Place { std::array::from_fn(|k| points.iter().map(|p| p[k]).sum::<f32>() / n) };
        let (c, d) = (centre(from), centre(to));
        let (mut dot, mut cross, mut square) = (0.0f32, 0.0f32, 0.0f32);
        for (p, q) in from.iter().zip(to) {
            let (p, q) = ([p[0] - c[0], p[1] - c[1]], [q[0] - d[0], q[1] - d[1]]);
            dot += p[0] * q[0] + p[1] * q[1];
            cross += p[0] * q[1] - p[1] * q[0];
            square += p[0] * p[0] + p[1] * p[1];
        }
        let square = square.max(1e-12);
        let (a, b) = (dot / square, cross / square);
        Self { a, b, t: [d[0] - (a * c[0] - b * c[1]), d[1] - (b * c[0] + a * c[1])] }
    }

    /// Only larger or smaller, with `from` going to `to`.
    fn upright(size: f32, from: Place, to: Place) -> Self {
        Self { a: size, b: 0.0, t: [to[0] - size * from[0], to[1] - size * from[1]] }
    }

    fn size(self) -> f32 {
        self.a.hypot(self.b)
    }

    fn apply(self, p: Place) -> Place {
        [self.a * p[0] - self.b * p[1] + self.t[0], self.b * p[0] + self.a * p[1] + self.t[1]]
    }
}

/// A thin-plate spline of shifts through knots.
struct Spline {
    knots: Vec<[f64; 2]>,
    /// For x and y: a weight for each knot, then constant, x and y.
    weights: [Vec<f64>; 2],
}

fn kernel(d2: f64) -> f64 {
    if d2 > 0.0 { d2 * d2.ln() } else { 0.0 }
}

impl Spline {
    /// `None` where the knots lie on one line.
    fn through(knots: &[(Place, Place)]) -> Option<Self> {
        let n = knots.len();
        let at: Vec<[f64; 2]> = knots.iter().map(|(p, _)| [f64::from(p[0]), f64::from(p[1])]).collect();
        let size = n + 3;
        let mut matrix = vec![vec![0.0f64; size + 2]; size];
        for i in 0..n {
            for j in 0..n {
                matrix[i][j] = kernel((at[i][0] - at[j][0]).powi(2) + (at[i][1] - at[j][1]).powi(2));
            }
            for (k, v) in [1.0, at[i][0], at[i][1]].into_iter().enumerate() {
                matrix[i][n + k] = v;
                matrix[n + k][i] = v;
            }
            for k in 0..2 {
                matrix[i][size + k] = f64::from(knots[i].1[k]) - at[i][k];
            }
        }
        solve(&mut matrix)?;
        let weights = std::array::from_fn(|k| matrix.iter().map(|row| row[size + k]).collect());
        Some(Self { knots: at, weights })
    }

    fn apply(&self, p: Place) -> Place {
        let (x, y) = (f64::from(p[0]), f64::from(p[1]));
        let n = self.knots.len();
        std::array::from_fn(|k| {
            let w = &self.weights[k];
            let mut shift = w[n] + w[n + 1] * x + w[n + 2] * y;
            for (knot, weight) in self.knots.iter().zip(w) {
                shift += weight * kernel((knot[0] - x).powi(2) + (knot[1] - y).powi(2));
            }
            p[k] + shift as f32
        })
    }
}

/// Gauss-Jordan with pivots on a system with its right-hand sides in the last columns; `None` where it has no solution.
fn solve(m: &mut [Vec<f64>]) -> Option<()> {
    let n = m.len();
    for column in 0..n {
        let best = (column..n).max_by(|a, b| m[*a][column].abs().total_cmp(&m[*b][column].abs()))?;
        if m[best][column].abs() < 1e-12 {
            return None;
        }
        m.swap(column, best);
        let pivot = m[column].clone();
        for (i, row) in m.iter_mut().enumerate() {
            let factor = if i == column { 0.0 } else { row[column] / pivot[column] };
            if factor != 0.0 {
                for (v, p) in row.iter_mut().zip(&pivot) {
                    *v -= factor * p;
                }
            }
        }
        for v in &mut m[column] {
            *v /= pivot[column];
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::read_back::people::Person;

    /// Mean and largest error of all 68 points in distances of the outer eye corners.
    fn error(found: &Reference, truth: &Reference) -> (f32, f32) {
        let span = distance(truth.face[36], truth.face[45]);
        let errors: Vec<f32> = found.face.iter().zip(&truth.face).map(|(a, b)| distance(*a, *b) / span).collect();
        (errors.iter().sum::<f32>() / 68.0, errors.iter().copied().fold(0.0, f32::max))
    }

    #[test]
    fn the_template_finds_itself_wherever_it_is() {
        let example = Reference::example();
        for (size, angle, shift) in [(1.0f32, 0.0f32, [0.0, 0.0]), (0.6, 0.3, [0.2, 0.1]), (1.5, -0.4, [-0.3, 0.05])] {
            let (s, c) = angle.sin_cos();
            let turn = |p: &Place| [size * (c * p[0] - s * p[1]) + shift[0], size * (s * p[0] + c * p[1]) + shift[1]];
            let truth = Reference { face: example.face.iter().map(turn).collect(), ..example.clone() };
            let found = fit(&Anchors::of(&truth.face), &Extras::default(), 1.0, Side::Right).unwrap();
            let (_, worst) = error(&found, &truth);
            assert!(worst < 1e-4, "{worst} at {size} {angle}");
            assert!((found.hand_length - 0.32 * size).abs() < 1e-4);
        }
        let found = fit(&Anchors::of(&example.face), &Extras::default(), 1.0, Side::Left).unwrap();
        assert!(distance(found.left_shoulder, example.left_shoulder) < 1e-4);
        assert!(distance(found.right_elbow, example.right_elbow) < 1e-4);
        assert_eq!(found.handed, Side::Left);
    }

    #[test]
    fn it_fits_people_it_has_not_seen_and_better_with_chin_and_ears() {
        // People of other proportions, half of them with a turned head.
        let (mut plain, mut sharp, mut worst, n) = (0.0, 0.0, 0.0f32, 60);
        for seed in 0..n {
            let truth = Person::new(seed).reference;
            let anchors = Anchors::of(&truth.face);
            let found = fit(&anchors, &Extras::default(), truth.aspect, truth.handed).unwrap();
            let extras = Extras {
                chin: Some(truth.face[8]),
                ears: [Some(truth.face[0]), Some(truth.face[16])],
                shoulders: [Some(truth.right_shoulder), Some(truth.left_shoulder)],
            };
            let better = fit(&anchors, &extras, truth.aspect, truth.handed).unwrap();
            plain += error(&found, &truth).0 / n as f32;
            let (mean, most) = error(&better, &truth);
            sharp += mean / n as f32;
            worst = worst.max(most);
            for (a, b) in anchors.all().iter().zip(Anchors::of(&better.face).all()) {
                assert!(distance(*a, b) < 0.02 * distance(truth.face[36], truth.face[45]), "anchors are held");
            }
            assert!((better.hand_length / truth.hand_length - 1.0).abs() < 0.35);
            assert_eq!(better.right_shoulder, truth.right_shoulder);
        }
        println!(
            "mean error {plain:.4} from anchors, {sharp:.4} with chin and ears, worst {worst:.4} eye spans, n = {n}"
        );
        assert!(plain < 0.06 && sharp < 0.03 && sharp < plain && worst < 0.15);
    }

    #[test]
    fn wrong_clicks_are_named() {
        let good = Anchors::of(&Reference::example().face);
        let fitted = |a: Anchors| fit(&a, &Extras::default(), 1.0, Side::Right).unwrap_err();
        assert_eq!(fitted(Anchors { nose: [f32::NAN, 0.0], ..good }), TemplateError::NotFinite);
        assert_eq!(fitted(Anchors { eyes: [good.eyes[0]; 2], ..good }), TemplateError::EyesTogether);
        assert_eq!(fitted(Anchors { mouth: good.eyes, ..good }), TemplateError::NotAFace);
        assert_eq!(fitted(Anchors { nose: [0.5, 0.9], ..good }), TemplateError::NotAFace);
        // The picture's left and right given the other way round.
        let p = good.all();
        assert_eq!(Anchors::from_all([p[1], p[0], p[2], p[4], p[3]]), good);
    }

    #[test]
    fn an_open_mouth_is_seen_and_closed() {
        let rest = Reference::example().face;
        assert!(openness(&rest) < OPEN);
        let mut open = rest.clone();
        for i in [65, 66, 67, 55, 56, 57, 58, 59] {
            open[i][1] += 0.020;
        }
        for p in &mut open[5..12] {
            p[1] += 0.015;
        }
        assert!(openness(&open) > OPEN && openness(&open) < TOO_OPEN);
        let closed = closed_mouth(&open);
        assert!(openness(&closed) < 0.2 * OPEN, "{}", openness(&closed));
        // Lips keep their thickness, the chin comes up, eyes and brows stay.
        assert!((closed[57][1] - closed[66][1] - (open[57][1] - open[66][1])).abs() < 1e-5);
        assert!(closed[8][1] < open[8][1] && closed[0] == open[0] && closed[16] == open[16]);
        assert_eq!(closed[17..48], open[17..48]);
        // Upper lip above lower lip everywhere.
        for (upper, lower) in [(50, 58), (51, 57), (52, 56), (49, 59), (53, 55)] {
            assert!(closed[upper][1] < closed[lower][1]);
        }
    }
}
