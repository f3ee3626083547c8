//! Motions of a plane that keep its shapes: how a head as a whole has moved.

use super::paint::Pt;

/// A shift, turn and scale: `p ↦ (a x - b y, b x + a y) + t`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Similarity {
    pub a: f32,
    pub b: f32,
    pub t: Pt,
}

impl Similarity {
    pub const IDENTITY: Self = Self { a: 1.0, b: 0.0, t: [0.0, 0.0] };

    pub fn apply(&self, p: Pt) -> Pt {
        [self.a * p[0] - self.b * p[1] + self.t[0], self.b * p[0] + self.a * p[1] + self.t[1]]
    }

    /// The least-squares similarity from pairs of points with weights (Umeyama 1991, in the plane); `None` if they
    /// do not determine one.
    pub fn fit(pairs: &[(Pt, Pt, f32)]) -> Option<Self> {
        let total: f32 = pairs.iter().map(|p| p.2).sum();
        if total < 0.5 {
            return None;
        }
        let mean = |pick: fn(&(Pt, Pt, f32)) -> Pt| -> Pt {
            std::array::from_fn(|k| pairs.iter().map(|p| pick(p)[k] * p.2).sum::<f32>() / total)
        };
        let (from, to) = (mean(|p| p.0), mean(|p| p.1));
        let (mut dot, mut cross, mut spread) = (0.0, 0.0, 0.0);
        for (p, q, w) in pairs {
            let (p, q) = ([p[0] - from[0], p[1] - from[1]], [q[0] - to[0], q[1] - to[1]]);
            dot += w * (p[0] * q[0] + p[1] * q[1]);
            cross += w * (p[0] * q[1] - p[1] * q[0]);
            spread += w * (p[0] * p[0] + p[1] * p[1]);
        }
        if spread < 1e-6 {
            return None;
        }
        let (a, b) = (dot / spread, cross / spread);
        Some(Self { a, b, t: [to[0] - a * from[0] + b * from[1], to[1] - b * from[0] - a * from[1]] })
    }
}
