//! Maps of the plane in least squares: the alignment that looks at no bones.
//!
//! A similarity (size, rotation, offset) in closed form (Umeyama 1991, in two dimensions), and the map with its own
//! factor for width and for height that MimicMotion fits with two straight lines.

use glam::{DVec2, Mat2, Vec2};

/// `p' = by · p + to`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Map {
    pub by: Mat2,
    pub to: Vec2,
}

impl Map {
    pub fn apply(&self, p: Vec2) -> Vec2 {
        self.by * p + self.to
    }

    /// Factor on areas, as a length.
    pub fn size(&self) -> f32 {
        self.by.determinant().abs().sqrt()
    }

    /// Rotation in radians; of a map without shear.
    pub fn turn(&self) -> f32 {
        self.by.x_axis.y.atan2(self.by.x_axis.x)
    }
}

/// A place in the source, its place on the person of the picture, and its weight.
pub(super) type Pair = (Vec2, Vec2, f32);

fn centred(pairs: &[Pair]) -> Option<(DVec2, DVec2, Vec<(DVec2, DVec2, f64)>)> {
    let weight: f64 = pairs.iter().map(|p| f64::from(p.2)).sum();
    if pairs.len() < 2 || !weight.is_finite() || weight <= 0.0 {
        return None;
    }
    let mean =
        |f: &dyn Fn(&Pair) -> Vec2| pairs.iter().map(|p| f(p).as_dvec2() * f64::from(p.2)).sum::<DVec2>() / weight;
    let (a, b) = (mean(&|p| p.0), mean(&|p| p.1));
    let rest = pairs.iter().map(|p| (p.0.as_dvec2() - a, p.1.as_dvec2() - b, f64::from(p.2))).collect();
    Some((a, b, rest))
}

fn map_of(columns: [DVec2; 2], from: DVec2, to: DVec2) -> Option<Map> {
    let by = glam::DMat2::from_cols(columns[0], columns[1]);
    let good = by.is_finite() && by.determinant().abs() > 1e-9;
    good.then(|| Map { by: by.as_mat2(), to: (to - by * from).as_vec2() })
}

/// The similarity that brings the pairs nearest; `None` for fewer than two places apart.
pub(super) fn similarity(pairs: &[Pair]) -> Option<Map> {
    let (from, to, rest) = centred(pairs)?;
    let (mut dot, mut cross, mut spread) = (0.0, 0.0, 0.0);
    for (a, b, w) in &rest {
        dot += w * a.dot(*b);
        cross += w * a.perp_dot(*b);
        spread += w * a.length_squared();
    }
    let (c, s) = (dot / spread, cross / spread);
    map_of([DVec2::new(c, s), DVec2::new(-s, c)], from, to)
}

/// The same with width and height scaled apart and no rotation.
pub(super) fn stretch(pairs: &[Pair]) -> Option<Map> {
    let (from, to, rest) = centred(pairs)?;
    let (mut cross, mut spread) = (DVec2::ZERO, DVec2::ZERO);
    for (a, b, w) in &rest {
        cross += *a * *b * *w;
        spread += *a * *a * *w;
    }
    let by = cross / spread;
    map_of([DVec2::new(by.x, 0.0), DVec2::new(0.0, by.y)], from, to)
}
