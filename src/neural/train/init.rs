//! First values of parameters, drawn on the host so that one seed gives one network on every device.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// How a parameter starts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// All 0.
    Zeros,
    /// All 1.
    Ones,
    /// Evenly in [−a, a).
    Uniform(f64),
    /// Normal with mean 0 and this deviation.
    Normal(f64),
    /// Normal with variance 2 / inputs, where the inputs are all dimensions but the first (He et al. 2015, eq. 10).
    Kaiming,
    /// Rows (or columns, where there are fewer) of length 1 at right angles; the first dimension against the rest.
    Orthogonal,
}

/// Stream of random numbers for the parameter `name`: the same whatever else is made before it.
pub(super) fn stream(seed: u64, name: &str) -> ChaCha8Rng {
    // FNV-1a with 128 bits: names need no secrecy, only streams of their own.
    let mut hash = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128;
    for byte in name.bytes() {
        hash = (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    }
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..24].copy_from_slice(&hash.to_le_bytes());
    key[24..].copy_from_slice(b"cueloom\0");
    ChaCha8Rng::from_seed(key)
}

/// `n` normal numbers of mean 0 and deviation 1, by the Box-Muller transform.
pub fn normals(rng: &mut impl Rng, n: usize) -> Vec<f64> {
    let mut out = Vec::with_capacity(n + 1);
    while out.len() < n {
        // 1 − u lies in (0, 1], so the logarithm is finite.
        let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
        let (sin, cos) = (std::f64::consts::TAU * rng.random::<f64>()).sin_cos();
        out.extend([radius * cos, radius * sin]);
    }
    out.truncate(n);
    out
}

impl Init {
    /// The values of a tensor of shape `dims`, in row-major order.
    pub(super) fn draw(self, dims: &[usize], rng: &mut ChaCha8Rng) -> Vec<f32> {
        let n = dims.iter().product();
        let narrow = |all: Vec<f64>, scale: f64| all.into_iter().map(|x| (x * scale) as f32).collect();
        match self {
            Self::Zeros => vec![0.0; n],
            Self::Ones => vec![1.0; n],
            Self::Uniform(a) => (0..n).map(|_| ((rng.random::<f64>() * 2.0 - 1.0) * a) as f32).collect(),
            Self::Normal(deviation) => narrow(normals(rng, n), deviation),
            Self::Kaiming => {
                let inputs = dims.iter().skip(1).product::<usize>().max(1);
                narrow(normals(rng, n), (2.0 / inputs as f64).sqrt())
            }
            Self::Orthogonal => {
                let rows = dims.first().copied().unwrap_or(1);
                narrow(orthogonal(rows, n / rows.max(1), rng), 1.0)
            }
        }
    }
}

/// A rows × cols matrix with orthonormal rows or columns, by Gram-Schmidt done twice over normal vectors.
fn orthogonal(rows: usize, cols: usize, rng: &mut ChaCha8Rng) -> Vec<f64> {
    let (count, len) = (rows.min(cols), rows.max(cols));
    let mut basis: Vec<Vec<f64>> = Vec::with_capacity(count);
    while basis.len() < count {
        let mut v = normals(rng, len);
        for _ in 0..2 {
            for other in &basis {
                let along: f64 = v.iter().zip(other).map(|(a, b)| a * b).sum();
                v.iter_mut().zip(other).for_each(|(a, b)| *a -= along * b);
            }
        }
        let norm = v.iter().map(|a| a * a).sum::<f64>().sqrt();
        // A vector that nearly lay in the span of the others is drawn again.
        if norm > 1e-6 {
            v.iter_mut().for_each(|a| *a /= norm);
            basis.push(v);
        }
    }
    let mut out = vec![0.0; rows * cols];
    for (i, v) in basis.iter().enumerate() {
        for (j, x) in v.iter().enumerate() {
            out[if rows <= cols { i * cols + j } else { j * cols + i }] = *x;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_numbers_have_the_right_moments() {
        let all = normals(&mut stream(1, "moments"), 100_001);
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        let var = all.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / all.len() as f64;
        let fourth = all.iter().map(|x| x.powi(4)).sum::<f64>() / all.len() as f64;
        assert!(mean.abs() < 0.01 && (var - 1.0).abs() < 0.02 && (fourth - 3.0).abs() < 0.15, "{mean} {var} {fourth}");
    }

    #[test]
    fn kaiming_counts_all_inputs_of_a_convolution() {
        let all = Init::Kaiming.draw(&[64, 3, 32], &mut stream(2, "conv"));
        let var = all.iter().map(|x| f64::from(x * x)).sum::<f64>() / all.len() as f64;
        assert!((var * 96.0 / 2.0 - 1.0).abs() < 0.06, "{var}");
    }

    #[test]
    fn orthogonal_rows_or_columns_are_orthonormal() {
        for (rows, cols) in [(8, 20), (20, 8), (6, 6)] {
            let m = Init::Orthogonal.draw(&[rows, cols], &mut stream(3, "orthogonal"));
            let at = |i: usize, j: usize| f64::from(if rows <= cols { m[i * cols + j] } else { m[j * cols + i] });
            for a in 0..rows.min(cols) {
                for b in 0..rows.min(cols) {
                    let dot: f64 = (0..rows.max(cols)).map(|j| at(a, j) * at(b, j)).sum();
                    let want = if a == b { 1.0 } else { 0.0 };
                    assert!((dot - want).abs() < 1e-6, "{rows}x{cols}: {a}·{b} = {dot}");
                }
            }
        }
    }
}
