//! The thin-plate spline: the smoothest way to carry a plane along with some of its points.
//!
//! Given centres `c_i` and one value for each, the spline is `f(p) = Σ w_i U(|p - c_i|) + a + b x + c y` with
//! `U(r) = r² log r²` (Bookstein 1989), the function of least bending through the values; `λ` on the diagonal lets it
//! pass by them a little where that is smoother. The centres here are a person's points at rest, which never change,
//! so the system is factored once and the spline becomes linear in the values: for any place `p` there is a row of
//! coefficients with `f(p) = row · values` ([`Tps::rows`]).

use super::paint::Pt;
use nalgebra::DMatrix;

/// Why no spline passes through these centres.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TpsError {
    #[error("a thin-plate spline needs at least three points that are not on one line")]
    Degenerate,
}

/// A spline over fixed centres, factored once.
pub struct Tps {
    centres: Vec<[f64; 2]>,
    /// `(n + 3) × n`: the weights of kernels and plane for unit values at each centre.
    weights: DMatrix<f64>,
}

/// `U(r) = r² log r²`, from the square of `r`.
fn kernel(r2: f64) -> f64 {
    if r2 > 0.0 { r2 * r2.ln() } else { 0.0 }
}

impl Tps {
    /// Factors the system for these centres; `lambda` ≥ 0 in the kernel's unit (squared picture units).
    pub fn new(centres: &[Pt], lambda: f64) -> Result<Self, TpsError> {
        let n = centres.len();
        let centres: Vec<[f64; 2]> = centres.iter().map(|p| [f64::from(p[0]), f64::from(p[1])]).collect();
        let system = DMatrix::from_fn(n + 3, n + 3, |row, column| {
            let plane = |i: usize, k: usize| if k == 0 { 1.0 } else { centres[i][k - 1] };
            match (row < n, column < n) {
                (true, true) => {
                    let (a, b) = (centres[row], centres[column]);
                    let r2 = (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2);
                    kernel(r2) + if row == column { lambda } else { 0.0 }
                }
                (true, false) => plane(row, column - n),
                (false, true) => plane(column, row - n),
                (false, false) => 0.0,
            }
        });
        let units = DMatrix::from_fn(n + 3, n, |row, column| f64::from(u8::from(row == column)));
        let weights = system.lu().solve(&units).ok_or(TpsError::Degenerate)?;
        if n < 3 || weights.iter().any(|w| !w.is_finite() || w.abs() > 1e9) {
            return Err(TpsError::Degenerate);
        }
        Ok(Self { centres, weights })
    }

    /// One row of `n` coefficients for each place, one after another.
    pub fn rows(&self, places: &[Pt]) -> Vec<f32> {
        let n = self.centres.len();
        // Column-major with a column for each place, so that the product can be read off place by place.
        let basis = DMatrix::from_fn(n + 3, places.len(), |row, column| {
            let p = [f64::from(places[column][0]), f64::from(places[column][1])];
            match row.checked_sub(n) {
                None => kernel((p[0] - self.centres[row][0]).powi(2) + (p[1] - self.centres[row][1]).powi(2)),
                Some(0) => 1.0,
                Some(k) => p[k - 1],
            }
        });
        self.weights.tr_mul(&basis).iter().map(|v| *v as f32).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(row: &[f32], values: &[f32]) -> f32 {
        row.iter().zip(values).map(|(a, b)| a * b).sum()
    }

    const CENTRES: [Pt; 6] = [[0.1, 0.2], [0.8, 0.3], [0.45, 0.9], [0.6, 0.55], [0.3, 0.6], [0.52, 0.11]];
    const VALUES: [f32; 6] = [0.05, -0.02, 0.01, 0.08, -0.04, 0.03];

    #[test]
    fn it_passes_through_its_values_and_keeps_planes() {
        let tps = Tps::new(&CENTRES, 0.0).unwrap();
        for (row, v) in tps.rows(&CENTRES).chunks_exact(6).zip(VALUES) {
            assert!((value(row, &VALUES) - v).abs() < 1e-6);
        }
        // A tilted plane comes back everywhere.
        let plane = |p: &Pt| 0.3 - 0.7 * p[0] + 0.2 * p[1];
        let values: Vec<f32> = CENTRES.iter().map(plane).collect();
        for p in [[0.0, 0.0], [0.33, 0.71], [1.2, -0.4]] {
            assert!((value(&tps.rows(&[p]), &values) - plane(&p)).abs() < 1e-5);
        }
    }

    /// Values of SciPy 1.17.1 `RBFInterpolator(centres, values, kernel="thin_plate_spline", smoothing=0.01)`, whose
    /// kernel is r² log r, half of ours: λ is twice its smoothing.
    #[test]
    fn it_agrees_with_scipy() {
        let tps = Tps::new(&CENTRES, 0.02).unwrap();
        let expected = SCIPY;
        for (p, e) in expected {
            let v = value(&tps.rows(&[p]), &VALUES);
            assert!((v - e).abs() < 2e-6, "{p:?}: {v} instead of {e}");
        }
    }

    const SCIPY: [(Pt, f32); 4] =
        [([0.25, 0.25], 0.035433694), ([0.5, 0.5], 0.045_675_9), ([0.9, 0.8], 0.048039247), ([0.1, 0.2], 0.048346071)];

    #[test]
    fn points_on_one_line_are_refused() {
        assert_eq!(Tps::new(&[[0.0, 0.0], [0.5, 0.5], [1.0, 1.0]], 0.0).err(), Some(TpsError::Degenerate));
        assert_eq!(Tps::new(&[], 0.0).err(), Some(TpsError::Degenerate));
    }
}
