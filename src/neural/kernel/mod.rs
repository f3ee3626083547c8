//! Loops over plain slices that the operations and the engine are made of.
//!
//! Every kernel gives the same bits on any number of threads: work is cut into pieces by the shape alone, and partial
//! sums are added in the order of the pieces. The row kernels ([`rows`]) give the same bits for every width of vector
//! too; matrix products use fused multiply-add where the processor has it and so may differ in the last digits
//! between processors.

pub mod matmul;
pub mod rows;
pub mod tile;

use rayon::prelude::*;

/// What the processor can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing taken for granted.
    Plain,
    /// AVX2 and FMA.
    V3,
    /// AVX-512 F.
    V4,
}

/// The best level of this processor, found once.
pub fn level() -> Level {
    use std::sync::OnceLock;
    static LEVEL: OnceLock<Level> = OnceLock::new();
    *LEVEL.get_or_init(|| {
        #[cfg(target_arch = "x86_64")]
        {
            let v3 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
            if v3 && is_x86_feature_detected!("avx512f") {
                return Level::V4;
            }
            if v3 {
                return Level::V3;
            }
        }
        Level::Plain
    })
}

/// Compiles a function for AVX-512, for AVX2 and for any processor, and takes the best that runs here.
macro_rules! multiversion {
    ($(#[$meta:meta])* pub fn $name:ident($($arg:ident: $type:ty),* $(,)?) $(-> $ret:ty)? $body:block) => {
        $(#[$meta])*
        pub fn $name($($arg: $type),*) $(-> $ret)? {
            #[inline(always)]
            #[allow(clippy::too_many_arguments)]
            fn plain($($arg: $type),*) $(-> $ret)? $body
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx2,fma")]
                #[allow(clippy::too_many_arguments)]
                fn v4($($arg: $type),*) $(-> $ret)? { plain($($arg),*) }
                #[target_feature(enable = "avx2,fma")]
                #[allow(clippy::too_many_arguments)]
                fn v3($($arg: $type),*) $(-> $ret)? { plain($($arg),*) }
                match $crate::kernel::level() {
                    // SAFETY: `level` has seen these features on this processor.
                    $crate::kernel::Level::V4 => return unsafe { v4($($arg),*) },
                    // SAFETY: as above.
                    $crate::kernel::Level::V3 => return unsafe { v3($($arg),*) },
                    $crate::kernel::Level::Plain => {}
                }
            }
            plain($($arg),*)
        }
    };
}
pub(crate) use multiversion;

/// Values a task should have at least, so that starting it costs little beside its work.
const GRAIN: usize = 1 << 14;

/// Rows of `width` values that make one task.
pub fn rows_a_task(width: usize) -> usize {
    (GRAIN / width.max(1)).max(1)
}

/// Runs `f(first row, rows)` over pieces of `out`, whose rows have `width` values.
pub fn each_rows(out: &mut [f32], width: usize, f: impl Fn(usize, &mut [f32]) + Send + Sync) {
    let rows = rows_a_task(width);
    if out.len() <= rows * width {
        return f(0, out);
    }
    out.par_chunks_mut(rows * width).enumerate().for_each(|(i, piece)| f(i * rows, piece));
}

/// Σ over the rows of `x` (n × width) of the vectors that `f(row numbers, sum)` adds up: pieces of rows in parallel,
/// their sums in order.
pub fn sum_rows(n: usize, width: usize, f: impl Fn(std::ops::Range<usize>, &mut [f32]) + Send + Sync) -> Vec<f32> {
    let rows = rows_a_task(width);
    let piece = |i: usize| {
        let mut sum = vec![0.0; width];
        f(i * rows..((i + 1) * rows).min(n), &mut sum);
        sum
    };
    let pieces: Vec<Vec<f32>> = match n.div_ceil(rows) {
        0 => vec![vec![0.0; width]],
        1 => vec![piece(0)],
        many => (0..many).into_par_iter().map(piece).collect(),
    };
    let mut pieces = pieces.into_iter();
    let mut total = pieces.next().unwrap_or_default();
    for piece in pieces {
        rows::add(&mut total, &piece);
    }
    total
}
