//! Products with a right side that lies ready in panels of 32 columns: weights packed once, keys, values.
//!
//! A tile of up to 12 rows and 32 columns stays in registers over the whole inner axis. Each value is summed in the
//! order of that axis whatever the height of its tile, so a row's result does not depend on how rows are dealt out.

use std::ops::Deref;

use super::{Level, level};

/// Columns of a panel.
pub const PANEL: usize = 32;
/// Rows of the highest tile.
const TALL: usize = 12;

/// Values that begin at a cache line, so that no vector lies across two.
pub struct Aligned {
    data: Vec<f32>,
    start: usize,
    len: usize,
}

impl Aligned {
    /// `len` zeros.
    pub fn zeros(len: usize) -> Self {
        let data = vec![0.0_f32; len + 16];
        let start = data.as_ptr().align_offset(64).min(16);
        Self { data, start, len }
    }
}

impl Deref for Aligned {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.data[self.start..][..self.len]
    }
}

impl std::ops::DerefMut for Aligned {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.data[self.start..][..self.len]
    }
}

/// A right side: inner row l of panel p is the 32 values from `p * panel_stride + l * row_stride` on.
#[derive(Clone, Copy)]
pub struct Right<'a> {
    /// All values.
    pub data: &'a [f32],
    /// From one inner row to the next.
    pub row_stride: usize,
    /// From one panel to the next.
    pub panel_stride: usize,
}

/// The weights (o, i) and bias (o) of a linear layer, in panels.
pub struct Packed {
    inputs: usize,
    outputs: usize,
    panels: Aligned,
    bias: Aligned,
}

impl Packed {
    /// Packs `w` (o, i) in row-major order; everything times `scale`.
    pub fn new(w: &[f32], b: Option<&[f32]>, outputs: usize, inputs: usize, scale: f32) -> Self {
        assert!(w.len() == outputs * inputs && b.is_none_or(|b| b.len() == outputs));
        let count = outputs.div_ceil(PANEL);
        let (mut panels, mut bias) = (Aligned::zeros(count * PANEL * inputs), Aligned::zeros(count * PANEL));
        for (o, row) in w.chunks_exact(inputs.max(1)).enumerate() {
            let panel = &mut panels[o / PANEL * PANEL * inputs..];
            for (l, x) in row.iter().enumerate() {
                panel[l * PANEL + o % PANEL] = x * scale;
            }
        }
        for (to, x) in bias.iter_mut().zip(b.unwrap_or_default()) {
            *to = x * scale;
        }
        Self { inputs, outputs, panels, bias }
    }

    /// Columns in.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Columns out.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// `y` = (`y` if `add`) + `x` · wᵀ + b for `rows` rows, `x_stride` and `y_stride` apart, on this thread.
    pub fn apply(&self, x: &[f32], x_stride: usize, rows: usize, y: &mut [f32], y_stride: usize, add: bool) {
        let right = Right { data: &self.panels, row_stride: PANEL, panel_stride: PANEL * self.inputs };
        let sizes = Sizes { rows, inner: self.inputs, cols: self.outputs };
        multiply(level(), sizes, x, x_stride, right, Some(&self.bias), y, y_stride, add);
    }
}

/// Rows and columns of the result, and the axis between.
#[derive(Clone, Copy)]
pub struct Sizes {
    /// Rows.
    pub rows: usize,
    /// Columns of the left side, rows of the right.
    pub inner: usize,
    /// Columns.
    pub cols: usize,
}

/// The smallest length that holds `n` rows of `width` values `stride` apart.
fn reach(n: usize, stride: usize, width: usize) -> usize {
    if n == 0 { 0 } else { (n - 1) * stride + width }
}

/// `c` = (`c` if `add`) + `a` · `b` + `bias`, on this thread, with the instructions of `level`.
///
/// Panels are read as a whole: where `cols` is no multiple of 32, what lies beyond in `b` and `bias` is read and not
/// used.
#[allow(clippy::too_many_arguments)]
pub fn multiply(
    level: Level,
    sizes: Sizes,
    a: &[f32],
    a_stride: usize,
    b: Right,
    bias: Option<&[f32]>,
    c: &mut [f32],
    c_stride: usize,
    add: bool,
) {
    static NOTHING: [f32; PANEL] = [0.0; PANEL];
    let Sizes { rows, inner, cols } = sizes;
    if rows == 0 || cols == 0 {
        return;
    }
    let panels = cols.div_ceil(PANEL);
    // What the tiles below rely on.
    assert!(level <= super::level(), "the processor lacks {level:?}");
    assert!(reach(rows, a_stride, inner) <= a.len(), "left side");
    assert!(reach(rows, c_stride, cols) <= c.len(), "result");
    assert!(reach(panels, b.panel_stride, reach(inner, b.row_stride, PANEL)) <= b.data.len(), "right side");
    assert!(bias.is_none_or(|bias| bias.len() >= panels * PANEL), "bias");
    // Rows and columns of what the registers hold.
    let (tall, wide) = if level == Level::V3 { (6, PANEL / 2) } else { (TALL, PANEL) };
    let count = rows.div_ceil(tall);
    for first in (0..cols).step_by(wide) {
        let width = wide.min(cols - first);
        // Part of a panel that stays in the nearest cache while the rows go by.
        let right = &b.data[first / PANEL * b.panel_stride + first % PANEL..];
        let start = bias.map_or(&NOTHING[..wide], |bias| &bias[first..first + wide]);
        let mut row = 0;
        for tile in 0..count {
            // Heights as even as can be: low tiles keep the processor less busy.
            let height = rows / count + usize::from(tile < rows % count);
            let left = &a[row * a_stride..];
            let at = row * c_stride + first;
            if width == wide {
                let out = Out { to: &mut c[at..], stride: c_stride, add };
                run(level, height, inner, left, a_stride, right, b.row_stride, start, out);
            } else {
                let mut whole = [0.0; TALL * PANEL];
                let out = Out { to: &mut whole, stride: wide, add: false };
                run(level, height, inner, left, a_stride, right, b.row_stride, start, out);
                for (r, from) in whole.chunks_exact(wide).take(height).enumerate() {
                    let to = &mut c[at + r * c_stride..][..width];
                    if add {
                        super::rows::add(to, &from[..width]);
                    } else {
                        to.copy_from_slice(&from[..width]);
                    }
                }
            }
            row += height;
        }
    }
}

/// Where a tile goes.
struct Out<'a> {
    to: &'a mut [f32],
    stride: usize,
    add: bool,
}

/// One tile of `height` rows and as many columns as `start` has: at most 12 × 32, or 6 × 16 at [`Level::V3`].
/// [`multiply`] has checked all reaches.
#[allow(clippy::too_many_arguments)]
fn run(
    level: Level,
    height: usize,
    inner: usize,
    a: &[f32],
    a_stride: usize,
    b: &[f32],
    b_stride: usize,
    start: &[f32],
    out: Out,
) {
    #[cfg(target_arch = "x86_64")]
    {
        use x86::{tile_v3, tile_v4};
        let wide = start.len();
        debug_assert!(reach(height, a_stride, inner) <= a.len() && reach(inner, b_stride, wide) <= b.len());
        debug_assert!(reach(height, out.stride, wide) <= out.to.len());
        macro_rules! by_height {
            ($tile:ident, [$($n:literal)*]) => {
                match height {
                    // SAFETY: `multiply` has seen that the processor can do this level and that every row of the
                    // tile lies within its slice; `start` has the columns of this level.
                    $($n => unsafe {
                        let (a, b, c) = (a.as_ptr(), b.as_ptr(), out.to.as_mut_ptr());
                        $tile::<$n>(inner, a, a_stride, b, b_stride, start.as_ptr(), c, out.stride, out.add)
                    },)*
                    _ => unreachable!("tiles are no higher"),
                }
            };
        }
        match level {
            Level::V4 => return by_height!(tile_v4, [1 2 3 4 5 6 7 8 9 10 11 12]),
            Level::V3 => return by_height!(tile_v3, [1 2 3 4 5 6]),
            Level::Plain => {}
        }
    }
    let _ = level;
    plain(height, inner, a, a_stride, b, b_stride, start, out);
}

/// The tile for any processor.
#[allow(clippy::too_many_arguments)]
fn plain(height: usize, inner: usize, a: &[f32], a_stride: usize, b: &[f32], b_stride: usize, start: &[f32], out: Out) {
    for r in 0..height {
        let mut sum = [0.0; PANEL];
        sum.copy_from_slice(start);
        for (l, x) in a[r * a_stride..][..inner].iter().enumerate() {
            let b = &b[l * b_stride..][..PANEL];
            for j in 0..PANEL {
                sum[j] += x * b[j];
            }
        }
        let to = &mut out.to[r * out.stride..][..PANEL];
        for j in 0..PANEL {
            to[j] = if out.add { to[j] + sum[j] } else { sum[j] };
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;

    macro_rules! tile {
        ($name:ident, $feature:literal, $lanes:literal, $load:ident, $store:ident, $set1:ident, $fma:ident, $add:ident) => {
            /// `H` rows of two vectors: start + Σ over `inner` of a value of `a` times two vectors of `b`.
            ///
            /// # Safety
            /// The processor must have the feature; `a` must be valid for reads of `H` rows of `inner` values, `b`
            /// of `inner` rows of two vectors, `start` of two vectors, and `c` for writes (reads, if `add`) of `H`
            /// rows of two vectors, each by its stride.
            #[target_feature(enable = $feature)]
            #[allow(clippy::too_many_arguments)]
            pub unsafe fn $name<const H: usize>(
                inner: usize,
                a: *const f32,
                a_stride: usize,
                b: *const f32,
                b_stride: usize,
                start: *const f32,
                c: *mut f32,
                c_stride: usize,
                add: bool,
            ) {
                // SAFETY: all places are those the caller vouches for.
                unsafe {
                    let mut sum = [[$load(start), $load(start.add($lanes))]; H];
                    for l in 0..inner {
                        let row = b.add(l * b_stride);
                        let (left, right) = ($load(row), $load(row.add($lanes)));
                        for h in 0..H {
                            let x = $set1(*a.add(h * a_stride + l));
                            sum[h] = [$fma(x, left, sum[h][0]), $fma(x, right, sum[h][1])];
                        }
                    }
                    for h in 0..H {
                        for (half, sum) in sum[h].into_iter().enumerate() {
                            let to = c.add(h * c_stride + half * $lanes);
                            $store(to, if add { $add($load(to), sum) } else { sum });
                        }
                    }
                }
            }
        };
    }

    tile!(tile_v4, "avx512f", 16, _mm512_loadu_ps, _mm512_storeu_ps, _mm512_set1_ps, _mm512_fmadd_ps, _mm512_add_ps);
    tile!(tile_v3, "avx2,fma", 8, _mm256_loadu_ps, _mm256_storeu_ps, _mm256_set1_ps, _mm256_fmadd_ps, _mm256_add_ps);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::check::numbers;

    #[test]
    fn tiles_of_every_height_and_level_agree_with_the_definition() {
        for level in [Level::Plain, Level::V3, Level::V4].into_iter().filter(|l| *l <= super::level()) {
            for (rows, inner, cols) in (1..=27).map(|r| (r, 9, 40)).chain([(5, 1, 32), (12, 100, 31), (7, 64, 1)]) {
                let (a, w, b) = (numbers(rows * (inner + 2), 1), numbers(cols * inner, 2), numbers(cols, 3));
                let packed = Packed::new(&w, Some(&b), cols, inner, 0.5);
                let right = Right { data: &packed.panels, row_stride: PANEL, panel_stride: PANEL * inner };
                let mut c = vec![1.0; rows * (cols + 5)];
                let sizes = Sizes { rows, inner, cols };
                for add in [false, true] {
                    multiply(level, sizes, &a, inner + 2, right, Some(&packed.bias), &mut c, cols + 5, add);
                    for (i, row) in c.chunks(cols + 5).enumerate() {
                        for (j, have) in row[..cols].iter().enumerate() {
                            let dot = |l: usize| f64::from(a[i * (inner + 2) + l]) * f64::from(w[j * inner + l]);
                            let once = 0.5 * (f64::from(b[j]) + (0..inner).map(dot).sum::<f64>());
                            let want = if add { 2.0 * once } else { once };
                            assert!((f64::from(*have) - want).abs() < 1e-5, "{level:?} {rows}x{inner}x{cols} {i},{j}");
                        }
                        assert_eq!(row[cols..], [1.0; 5], "nothing is written beside");
                    }
                }
            }
        }
    }

    #[test]
    fn rows_do_not_depend_on_their_neighbours() {
        let (inner, cols) = (33, 70);
        let (a, w) = (numbers(29 * inner, 1), numbers(cols * inner, 2));
        let packed = Packed::new(&w, None, cols, inner, 1.0);
        let (mut all, mut one) = (vec![0.0; 29 * cols], vec![0.0; cols]);
        packed.apply(&a, inner, 29, &mut all, cols, false);
        for r in 0..29 {
            packed.apply(&a[r * inner..], inner, 1, &mut one, cols, false);
            assert!(one == all[r * cols..][..cols], "row {r}");
        }
    }

    #[test]
    #[should_panic(expected = "right side")]
    fn a_right_side_that_is_too_short_is_refused() {
        let right = Right { data: &[0.0; 63], row_stride: PANEL, panel_stride: 64 };
        multiply(level(), Sizes { rows: 1, inner: 2, cols: 3 }, &[0.0; 2], 2, right, None, &mut [0.0; 3], 3, false);
    }
}
