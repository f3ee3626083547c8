//! Products of matrices with any strides, through the crate `gemm`.

use gemm::Parallelism;

/// A matrix that lies somewhere in a slice.
#[derive(Clone, Copy)]
pub struct Mat<'a> {
    data: &'a [f32],
    rows: usize,
    cols: usize,
    row_stride: usize,
    col_stride: usize,
}

impl<'a> Mat<'a> {
    /// `rows` × `cols` from the start of `data`, each row `row_stride` values after the one before.
    pub fn new(data: &'a [f32], rows: usize, cols: usize, row_stride: usize) -> Self {
        let mat = Self { data, rows, cols, row_stride, col_stride: 1 };
        assert!(mat.reach() <= data.len(), "{rows} x {cols} by {row_stride} in {}", data.len());
        mat
    }

    /// The transpose.
    pub fn t(self) -> Self {
        let Self { data, rows, cols, row_stride, col_stride } = self;
        Self { data, rows: cols, cols: rows, row_stride: col_stride, col_stride: row_stride }
    }

    fn reach(&self) -> usize {
        if self.rows == 0 || self.cols == 0 {
            return 0;
        }
        (self.rows - 1) * self.row_stride + (self.cols - 1) * self.col_stride + 1
    }
}

/// All threads of the pool at work, or this one only.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Threads {
    /// Every thread of the pool that calls.
    All,
    /// The calling thread; for loops that are parallel outside.
    One,
}

/// `c` (row-major, rows `stride` apart) = (`c` if `add`) + `scale` · `a` · `b`.
///
/// `gemm` deals out blocks whose sizes come from the shapes, and sums each value over the inner axis in one order,
/// so the number of threads does not change a bit (`tests` below hold it to that).
pub fn product(c: &mut [f32], stride: usize, add: bool, scale: f32, a: Mat, b: Mat, threads: Threads) {
    assert_eq!(a.cols, b.rows, "inner sizes");
    let (m, n, k) = (a.rows, b.cols, a.cols);
    if m == 0 || n == 0 {
        return;
    }
    assert!((m - 1) * stride + n <= c.len(), "{m} x {n} by {stride} in {}", c.len());
    // SAFETY: the reach of `c` was checked just now.
    unsafe { product_at(c.as_mut_ptr(), stride, add, scale, a, b, k, threads) }
}

/// As [`product`], to a place that other threads write around.
///
/// # Safety
/// `c` must be valid for writes of `a.rows` rows of `b.cols` values `stride` apart (and for reads if `add`), and
/// nobody else may touch these values meanwhile.
#[allow(clippy::too_many_arguments)]
pub(crate) unsafe fn product_at(
    c: *mut f32,
    stride: usize,
    add: bool,
    scale: f32,
    a: Mat,
    b: Mat,
    k: usize,
    threads: Threads,
) {
    debug_assert!(a.cols == k && b.rows == k);
    let parallelism = match threads {
        Threads::All => Parallelism::Rayon(rayon::current_num_threads()),
        Threads::One => Parallelism::None,
    };
    // SAFETY: `Mat` has checked that its values lie in its slice; `c` is as the caller promises.
    unsafe {
        gemm::gemm(
            a.rows,
            b.cols,
            k,
            c,
            1,
            stride as isize,
            add,
            a.data.as_ptr(),
            a.col_stride as isize,
            a.row_stride as isize,
            b.data.as_ptr(),
            b.col_stride as isize,
            b.row_stride as isize,
            1.0,
            scale,
            false,
            false,
            false,
            parallelism,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::check::numbers;

    #[test]
    fn products_agree_with_the_definition_in_every_layout() {
        for (m, n, k) in [(1, 1, 1), (3, 5, 7), (17, 1, 33), (1, 40, 70), (33, 65, 130)] {
            let (a, b) = (numbers(m * k, 1), numbers(k * n, 2));
            let a_t: Vec<f32> = (0..k * m).map(|i| a[i % m * k + i / m]).collect();
            let b_t: Vec<f32> = (0..k * n).map(|i| b[i % k * n + i / k]).collect();
            let lefts = [Mat::new(&a, m, k, k), Mat::new(&a_t, k, m, m).t()];
            let rights = [Mat::new(&b, k, n, n), Mat::new(&b_t, n, k, k).t()];
            for (left, right) in lefts.into_iter().flat_map(|l| rights.map(|r| (l, r))) {
                let mut c = vec![1.0; m * (n + 3)];
                product(&mut c, n + 3, true, 0.5, left, right, Threads::All);
                for (i, row) in c.chunks(n + 3).enumerate() {
                    for j in 0..n {
                        let dot: f64 = (0..k).map(|l| f64::from(a[i * k + l]) * f64::from(b[l * n + j])).sum();
                        assert!((f64::from(row[j]) - 1.0 - 0.5 * dot).abs() < 1e-5, "{m}x{n}x{k} at {i},{j}");
                    }
                    assert_eq!(row[n..], [1.0; 3], "nothing is written beside the matrix");
                }
            }
        }
    }

    #[test]
    fn threads_do_not_change_a_bit() {
        let pool = |n| rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
        let pools = [pool(1), pool(2), pool(3), pool(7)];
        for (m, n, k) in [(250, 384, 384), (1280, 96, 130), (384, 512, 640), (16, 1000, 1500), (70, 70, 2000)] {
            let (a, b) = (numbers(m * k, 1), numbers(k * n, 2));
            let run = || {
                let mut c = vec![0.0; m * n];
                product(&mut c, n, false, 1.0, Mat::new(&a, m, k, k), Mat::new(&b, n, k, k).t(), Threads::All);
                product(&mut c, n, true, 1.0, Mat::new(&a, k, m, m).t(), Mat::new(&b, k, n, n), Threads::All);
                c
            };
            let one = pools[0].install(run);
            for pool in &pools[1..] {
                assert!(pool.install(run) == one, "{m}x{n}x{k} on {} threads", pool.current_num_threads());
            }
        }
    }
}
