//! One triangle to its samples: which it covers, how far they are and what colour they have.
//!
//! Samples are filled eight at a time. Where the processor has wide vectors that is one operation for all eight; the
//! numbers are the same either way.

use super::marks::Marks;
use super::mesh::NO_PHALANX;
use super::raster::{Batch, Corner, Samples};
use glam::{Vec3, Vec4};

/// One band being drawn.
pub(super) struct Target<'a> {
    /// First sample of the band in the layer.
    pub x: f32,
    pub y: usize,
    pub width: usize,
    pub rows: usize,
    pub samples: &'a mut Samples,
}

/// Samples that are worked on side by side.
pub(super) const LANES: usize = 8;

/// A side of a triangle, from its upper end down.
struct Edge {
    x: f32,
    y: f32,
    slope: f32,
}

impl Edge {
    /// Both triangles at a side work it out alike, so that they neither overlap nor leave a gap. `p` is the upper end.
    #[inline(always)]
    fn new(p: &Corner, q: &Corner) -> Self {
        Self { x: p.x, y: p.y, slope: (q.x - p.x) / (q.y - p.y) }
    }

    #[inline(always)]
    fn at(&self, y: f32) -> f32 {
        self.x + self.slope * (y - self.y)
    }
}

/// A number from 0 to `most`; what is no number becomes 0.
#[inline(always)]
fn within(v: f32, most: f32) -> f32 {
    let v = if v > 0.0 { v } else { 0.0 };
    if v < most { v } else { most }
}

/// The first whole number that is not below `v`, from 0 to `limit`, which is one.
#[inline(always)]
fn not_below(v: f32, limit: f32) -> usize {
    // SAFETY: a number from 0 to the size of a picture.
    let whole: i32 = unsafe { within(v, limit).ceil().to_int_unchecked() };
    whole as usize
}

/// Samples side by side in a triangle: red, green, blue and depth of the first, and how they change from one to the next.
pub(super) struct Span {
    start: Vec4,
    step: Vec4,
    /// How many, at most [`LANES`].
    count: usize,
    part: u8,
}

impl Span {
    #[inline(always)]
    fn at(&self, lane: usize) -> Vec4 {
        self.start + self.step * lane as f32
    }
}

/// A colour's byte.
#[inline(always)]
fn byte(v: f32) -> u32 {
    // The lowest bits of a float that is too large for a fraction are the nearest whole number.
    (within(v, 255.0) + 8_388_608.0).to_bits() & 255
}

/// What fills samples that nothing nearer covers: [`fill`] or one as good.
pub(super) trait Fill: Fn(&Span, &mut [f32; LANES], &mut [u32; LANES], &mut [u8; LANES]) + Copy {}
impl<F: Fn(&Span, &mut [f32; LANES], &mut [u32; LANES], &mut [u8; LANES]) + Copy> Fill for F {}

/// Fills samples that nothing nearer covers.
pub(super) fn fill(span: &Span, depth: &mut [f32; LANES], colour: &mut [u32; LANES], part: &mut [u8; LANES]) {
    for lane in 0..span.count {
        let value = span.at(lane);
        if value.w > depth[lane] {
            (depth[lane], part[lane]) = (value.w, span.part);
            colour[lane] = byte(value.x) | byte(value.y) << 8 | byte(value.z) << 16 | 255 << 24;
        }
    }
}

#[cfg(target_arch = "x86_64")]
pub(super) mod wide {
    use super::{LANES, Span};
    use std::arch::x86_64::*;

    /// [`super::fill`], the same numbers all at once.
    #[target_feature(enable = "avx2")]
    #[inline]
    pub fn fill(span: &Span, depth: &mut [f32; LANES], colour: &mut [u32; LANES], part: &mut [u8; LANES]) {
        let lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
        let steps = _mm256_cvtepi32_ps(lanes);
        let (start, step) = (__m128::from(span.start), __m128::from(span.step));
        // One of the four numbers, from sample to sample; shuffles keep them in registers.
        macro_rules! spread {
            ($which:literal) => {
                _mm256_add_ps(
                    _mm256_broadcastss_ps(_mm_permute_ps::<$which>(start)),
                    _mm256_mul_ps(_mm256_broadcastss_ps(_mm_permute_ps::<$which>(step)), steps),
                )
            };
        }
        let z = spread!(0xff);
        // SAFETY: reads eight floats of eight.
        let old = unsafe { _mm256_loadu_ps(depth.as_ptr()) };
        let inside = _mm256_cmpgt_epi32(_mm256_set1_epi32(span.count as i32), lanes);
        let seen = _mm256_and_ps(_mm256_cmp_ps::<_CMP_GT_OQ>(z, old), _mm256_castsi256_ps(inside));
        if _mm256_movemask_ps(seen) == 0 {
            return;
        }
        let byte = |v: __m256| {
            let v = _mm256_min_ps(_mm256_max_ps(v, _mm256_setzero_ps()), _mm256_set1_ps(255.0));
            _mm256_cvtps_epi32(v)
        };
        let red = byte(spread!(0x00));
        let green = _mm256_slli_epi32::<8>(byte(spread!(0x55)));
        let blue = _mm256_slli_epi32::<16>(byte(spread!(0xaa)));
        let opaque = _mm256_set1_epi32(0xff00_0000_u32 as i32);
        let new = _mm256_or_si256(_mm256_or_si256(red, green), _mm256_or_si256(blue, opaque));
        let mask = _mm256_castps_si256(seen);
        let halves = _mm_packs_epi32(_mm256_castsi256_si128(mask), _mm256_extracti128_si256::<1>(mask));
        let bytes = _mm_packs_epi16(halves, halves);
        // SAFETY: reads and writes eight of eight each.
        unsafe {
            _mm256_storeu_ps(depth.as_mut_ptr(), _mm256_blendv_ps(old, z, seen));
            let below = _mm256_loadu_si256(colour.as_ptr().cast());
            _mm256_storeu_si256(colour.as_mut_ptr().cast(), _mm256_blendv_epi8(below, new, mask));
            let below = _mm_loadl_epi64(part.as_ptr().cast());
            let parts = _mm_blendv_epi8(below, _mm_set1_epi8(span.part as i8), bytes);
            _mm_storel_epi64(part.as_mut_ptr().cast(), parts);
        }
    }
}

impl Target<'_> {
    /// Draws a triangle; `fill` is what fills samples that have neither marks nor are sheer.
    #[inline(always)]
    pub fn triangle(&mut self, batch: &Batch, index: usize, fill: impl Fill) {
        let t = batch.triangles[index];
        let corners: [&Corner; 3] = t.map(|i| &batch.corners[i as usize]);
        let [a, b, c] = corners;
        // From top to bottom: the long side, and the two short ones.
        let (mut top, mut middle, mut low) = (a, b, c);
        if top.y > middle.y {
            std::mem::swap(&mut top, &mut middle);
        }
        if middle.y > low.y {
            std::mem::swap(&mut middle, &mut low);
        }
        if top.y > middle.y {
            std::mem::swap(&mut top, &mut middle);
        }
        let (bottom, width) = ((self.y + self.rows) as f32, self.width as f32);
        let (first, end) = (not_below(top.y - 0.5, bottom).max(self.y), not_below(low.y - 0.5, bottom));
        if first >= end {
            return;
        }
        let (long, upper, lower) = (Edge::new(top, low), Edge::new(top, middle), Edge::new(middle, low));
        // How colours and depth change from sample to sample, rightwards and down.
        let (ux, uy, vx, vy) = (b.x - a.x, b.y - a.y, c.x - a.x, c.y - a.y);
        let inverse = 1.0 / (ux * vy - uy * vx);
        let (u, v) = (b.value - a.value, c.value - a.value);
        let right = (u * vy - v * uy) * inverse;
        let down = (v * ux - u * vx) * inverse;
        let sheer = corners.iter().any(|c| c.opaque < 255.0);
        let marked = batch.marks.as_ref().is_some_and(|m| m.1[index] != NO_PHALANX);
        let details = (sheer || marked).then(|| Details::new(batch, index, [ux, uy, vx, vy].map(|v| v * inverse)));
        let part = batch.parts[index] + batch.first_part;
        for y in first..end {
            let middle_y = y as f32 + 0.5;
            let (p, q) = (long.at(middle_y), if middle_y < middle.y { &upper } else { &lower }.at(middle_y));
            let from = not_below(if p < q { p } else { q } - self.x - 0.5, width);
            let to = not_below(if p < q { q } else { p } - self.x - 0.5, width);
            let dy = middle_y - a.y;
            let row = a.value + down * dy;
            for x in (from..to).step_by(LANES) {
                let dx = x as f32 + (self.x + 0.5 - a.x);
                let span = Span { start: row + right * dx, step: right, count: (to - x).min(LANES), part };
                let i = (y - self.y) * self.width + x;
                let (Some(depth), Some(colour), Some(part)) = (
                    self.samples.depth[i..].first_chunk_mut(),
                    self.samples.colour[i..].first_chunk_mut(),
                    self.samples.part[i..].first_chunk_mut(),
                ) else {
                    continue;
                };
                match &details {
                    None => fill(&span, depth, colour, part),
                    Some(details) => details.fill(&span, [dx, dy], depth, colour, part),
                }
            }
        }
    }
}

/// What only some triangles have: marks on the skin, or cloth that fades.
struct Details<'a> {
    cover: Plane,
    marks: Option<(&'a Marks, u8, [Plane; 3], Plane)>,
}

impl<'a> Details<'a> {
    /// `sides`: two sides of the triangle from its first corner, divided by twice its area.
    fn new(batch: &Batch<'a>, index: usize, [ux, uy, vx, vy]: [f32; 4]) -> Self {
        let t = batch.triangles[index];
        let plane = |p: f32, q: f32, r: f32| {
            let (u, v) = (q - p, r - p);
            Plane { start: p, dx: u * vy - v * uy, dy: v * ux - u * vx }
        };
        let [a, b, c] = t.map(|i| &batch.corners[i as usize]);
        let marks = batch.marks.as_ref().filter(|m| m.1[index] != NO_PHALANX).map(|(marks, which, rest)| {
            let at = t.map(|i| rest[i as usize].rest);
            let planes: [Plane; 3] = std::array::from_fn(|k| plane(at[0][k], at[1][k], at[2][k]));
            (*marks, which[index], planes, plane(a.tone, b.tone, c.tone))
        });
        Self { cover: plane(a.opaque, b.opaque, c.opaque), marks }
    }

    /// [`fill`] with the details; `first` is the way from the triangle's first corner to the first sample.
    fn fill(
        &self,
        span: &Span,
        [dx, dy]: [f32; 2],
        depth: &mut [f32; LANES],
        colour: &mut [u32; LANES],
        part: &mut [u8; LANES],
    ) {
        for lane in 0..span.count {
            let value = span.at(lane);
            let nearer = value.w > depth[lane];
            if !nearer {
                continue;
            }
            (depth[lane], part[lane]) = (value.w, span.part);
            let dx = dx + lane as f32;
            let at = |p: &Plane| p.start + p.dx * dx + p.dy * dy;
            let mut rgb = value.truncate();
            if let Some((marks, which, rest, tone)) = &self.marks {
                let point = Vec3::new(at(&rest[0]), at(&rest[1]), at(&rest[2]));
                rgb = marks.draw(*which, point, rgb, at(tone));
            }
            let cover = at(&self.cover).clamp(0.0, 255.0);
            rgb *= cover / 255.0;
            colour[lane] = byte(rgb.x) | byte(rgb.y) << 8 | byte(rgb.z) << 16 | byte(cover) << 24;
        }
    }
}

/// A value that changes evenly over a triangle.
#[derive(Clone, Copy)]
struct Plane {
    start: f32,
    dx: f32,
    dy: f32,
}

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use super::*;

    #[test]
    fn wide_and_plain_filling_agree() {
        if !is_x86_feature_detected!("avx2") {
            return;
        }
        let mut state = 1u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 16_777_216.0
        };
        let mut filled = 0;
        for round in 0..2000 {
            let mut any = |wide: f32| wide * (next() - 0.5);
            let start = Vec4::new(any(600.0), any(600.0), any(600.0), any(1.0));
            let step = Vec4::new(any(40.0), any(40.0), any(40.0), any(0.1));
            let span = Span { start, step, count: round % (LANES + 1), part: round as u8 };
            let mut depth: [f32; LANES] = std::array::from_fn(|_| any(1.0));
            depth[round % LANES] = f32::NEG_INFINITY;
            let colour: [u32; LANES] = std::array::from_fn(|_| any(2e9).to_bits());
            let (mut a, mut b) = ((depth, colour, [7; LANES]), (depth, colour, [7; LANES]));
            fill(&span, &mut a.0, &mut a.1, &mut a.2);
            // SAFETY: the processor has been asked.
            unsafe { wide::fill(&span, &mut b.0, &mut b.1, &mut b.2) };
            assert_eq!(a, b, "{round}");
            filled += a.2.iter().filter(|p| **p != 7).count();
        }
        assert!(filled > 2000);
    }
}
