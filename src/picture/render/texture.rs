//! The resting picture at the size of the frames, ready to be fetched from any place.
//!
//! Between pixels the picture is interpolated twice: once, when it is made, to double size by Catmull-Rom's cubic, and
//! for each fetch between the four nearest of those by straight lines. That is nearly as sharp as the cubic itself at a
//! quarter of the cost, and exact on the pixels, so that a picture at rest is the picture.
//!
//! Where it is known which pixels show the person (a *matte*), person and wall are taken apart: the person is fetched
//! from wherever the pose says and laid over a wall that never moves, however near to the hair. What the person hides
//! of the wall at rest is filled in from around.

use super::gpu::Picture;
use super::ground::{Ground, shining_through};
use rayon::prelude::*;

/// Texels of double size repeated beyond each edge.
const BORDER: usize = 2;

/// A picture of four channels: red, green, blue and a fourth that goes along.
pub struct Texture {
    pub width: usize,
    pub height: usize,
    bytes: Vec<u8>,
    /// The picture in double size with a border; texel `(2 x + BORDER, 2 y + BORDER)` is pixel `(x, y)`. Where there is
    /// a ground this is the person alone, without what of the ground shows through.
    double: Vec<[u8; 4]>,
    stride: usize,
    /// The wall behind the person, where the fourth channel tells the person from it.
    ground: Option<Ground>,
}

impl Texture {
    /// From `4 · width · height` bytes; everything moves, the fourth channel as the others.
    pub fn new(width: usize, height: usize, bytes: Vec<u8>) -> Self {
        let (double, stride) = doubled(width, height, &bytes);
        Self { width, height, bytes, double, stride, ground: None }
    }

    /// From `4 · width · height` bytes whose fourth channel is the matte of a person, 255 where the person is: only the
    /// person moves, before a ground that does not.
    pub fn with_ground(width: usize, height: usize, bytes: Vec<u8>) -> Self {
        let ground = Ground::new(width, height, &bytes);
        let mut person = bytes.clone();
        for (p, g) in person.chunks_exact_mut(4).zip(ground.bytes.chunks_exact(4)) {
            for k in 0..3 {
                p[k] = p[k].saturating_sub(shining_through(g[k], p[3]));
            }
        }
        let (double, stride) = doubled(width, height, &person);
        Self { width, height, bytes, double, stride, ground: Some(ground) }
    }

    /// The picture at rest.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Everything a graphics processor needs to fetch as [`Texture::run`] does.
    pub fn picture(&self) -> Picture<'_> {
        Picture {
            width: self.width,
            height: self.height,
            bytes: &self.bytes,
            doubled: &self.double,
            stride: self.stride,
            border: BORDER,
            ground: self.ground.as_ref().map(|g| &g.bytes[..]),
        }
    }

    /// Whether neither these pixels of a row nor anything within `reach` pixels of them shows the person: there a frame
    /// is the picture.
    pub fn is_bare(&self, columns: std::ops::Range<usize>, y: usize, reach: f32) -> bool {
        let Some(ground) = &self.ground else { return false };
        ground.is_clear(self.width, columns, y, reach)
    }

    /// Puts the ground behind fetched pixels of the person, which begin at `x` of row `y`. The fourth channel stays.
    pub fn lay_over_ground(&self, x: usize, y: usize, pixels: &mut [u8]) {
        let Some(ground) = &self.ground else { return };
        let behind = &ground.bytes[4 * (y * self.width + x)..];
        for (pixels, behind) in pixels.chunks_mut(32).zip(behind.chunks(32)) {
            // Most show the person alone: look at the matte first.
            if pixels.chunks_exact(4).fold(255, |all, pixel| all & pixel[3]) == 255 {
                continue;
            }
            for (pixel, behind) in pixels.chunks_exact_mut(4).zip(behind.chunks_exact(4)) {
                for k in 0..3 {
                    pixel[k] = pixel[k].saturating_add(shining_through(behind[k], pixel[3]));
                }
            }
        }
    }

    /// The colour at a place in pixels, pixel centres at half-integers.
    pub fn sample(&self, x: f32, y: f32) -> [f32; 4] {
        let mut out = [0; 4];
        self.run([x - 0.5, y - 0.5], [0.0, 0.0], &mut out);
        out.map(f32::from)
    }

    /// Fetches a run of pixels from evenly spaced places: the first at `start`, each next one by `step` further, in
    /// pixels with pixel centres at whole numbers. Places outside the picture show its edge.
    pub fn run(&self, start: [f32; 2], step: [f32; 2], out: &mut [u8]) {
        // Places as whole numbers, 1/65536 of a texel of double size, and kept within the border.
        const ONE: f32 = 65_536.0;
        let rows = self.double.len() / self.stride;
        let limit = [((self.stride - 2) << 16) as i64 | 0xffff, ((rows - 2) << 16) as i64 | 0xffff];
        let fixed = |v: f32| (v * 2.0 * ONE) as i64;
        let mut place = [fixed(start[0]), fixed(start[1])].map(|v| v + ((BORDER as i64) << 16) + 128);
        let step = step.map(fixed);
        let steps = (out.len() / 4).saturating_sub(1) as i64;
        // A straight line is within bounds if its ends are.
        let within = (0..2).all(|k| {
            let range = 0..=limit[k];
            let end = steps.checked_mul(step[k]).and_then(|way| way.checked_add(place[k]));
            range.contains(&place[k]) && end.is_some_and(|end| range.contains(&end))
        });
        #[cfg(target_arch = "x86_64")]
        if within && std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has the instructions, and all places are within the texels.
            return unsafe { run_pairs(&self.double, self.stride, place, step, out) };
        }
        for pixel in out.chunks_exact_mut(4) {
            let (x, y) =
                if within { (place[0], place[1]) } else { (place[0].clamp(0, limit[0]), place[1].clamp(0, limit[1])) };
            let at = (y >> 16) as usize * self.stride + (x >> 16) as usize;
            let (u, v) = ((x >> 8 & 255) as u16, (y >> 8 & 255) as u16);
            let upper = [self.double[at], self.double[at + 1]];
            let lower = [self.double[at + self.stride], self.double[at + self.stride + 1]];
            pixel.copy_from_slice(&blend(upper, lower, u, v));
            place = [place[0].saturating_add(step[0]), place[1].saturating_add(step[1])];
        }
    }
}

/// A picture in double size with a border, and the texels in one of its rows.
fn doubled(width: usize, height: usize, bytes: &[u8]) -> (Vec<[u8; 4]>, usize) {
    let (wide, high) = (2 * width - 1, 2 * height - 1);
    let pixel = |x: isize, y: isize| {
        let (x, y) = (x.clamp(0, width as isize - 1) as usize, y.clamp(0, height as isize - 1) as usize);
        let at = 4 * (y * width + x);
        [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]].map(f32::from)
    };
    // Half-way between pixels the cubic is (-1, 9, 9, -1) / 16, first along the rows, then down the columns.
    const HALF: [f32; 4] = [-0.0625, 0.5625, 0.5625, -0.0625];
    let along: Vec<[f32; 4]> = (0..height * wide)
        .into_par_iter()
        .map(|i| {
            let (x, y) = ((i % wide) as isize, (i / wide) as isize);
            if x % 2 == 0 {
                return pixel(x / 2, y);
            }
            let near: [[f32; 4]; 4] = std::array::from_fn(|k| pixel(x / 2 - 1 + k as isize, y));
            std::array::from_fn(|c| (0..4).map(|k| HALF[k] * near[k][c]).sum())
        })
        .collect();
    let stride = wide + 2 * BORDER;
    let double = (0..stride * (high + 2 * BORDER))
        .into_par_iter()
        .map(|i| {
            let x = ((i % stride) as isize - BORDER as isize).clamp(0, wide as isize - 1) as usize;
            let y = ((i / stride) as isize - BORDER as isize).clamp(0, high as isize - 1);
            let value: [f32; 4] = if y % 2 == 0 {
                along[(y / 2) as usize * wide + x]
            } else {
                let near: [[f32; 4]; 4] = std::array::from_fn(|k| {
                    let row = (y / 2 - 1 + k as isize).clamp(0, height as isize - 1) as usize;
                    along[row * wide + x]
                });
                std::array::from_fn(|c| (0..4).map(|k| HALF[k] * near[k][c]).sum())
            };
            value.map(|v| (v + 0.5) as u8)
        })
        .collect();
    (double, stride)
}

/// [`Texture::run`] in pairs of pixels, sixteen lanes of 16 bits: the same arithmetic as [`blend`].
///
/// # Safety
///
/// The processor must have AVX2, and every place of the run must lie at least one texel and one row before the end of
/// `texels`.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn run_pairs(texels: &[[u8; 4]], stride: usize, mut place: [i64; 2], step: [i64; 2], out: &mut [u8]) {
    use std::arch::x86_64::*;
    debug_assert!(place[0] >= 0 && place[1] >= 0);
    let zero = _mm256_setzero_si256();
    let half = _mm256_set1_epi16(128);
    let whole = _mm256_set1_epi16(256);
    let base = texels.as_ptr();
    let mut pairs = out.chunks_exact_mut(8);
    // One after the other and without a closure: values must stay in registers.
    for pair in &mut pairs {
        let (x, y) = (place[0], place[1]);
        let (nx, ny) = (x + step[0], y + step[1]);
        place = [nx + step[0], ny + step[1]];
        let first = (y >> 16) as usize * stride + (x >> 16) as usize;
        let second = (ny >> 16) as usize * stride + (nx >> 16) as usize;
        debug_assert!(first.max(second) + stride + 1 < texels.len());
        // Two pixels: their left and right texels side by side, each pixel in its half of a vector.
        // SAFETY: as the caller promises.
        let (upper, lower) = unsafe {
            let upper =
                _mm_unpacklo_epi64(_mm_loadl_epi64(base.add(first).cast()), _mm_loadl_epi64(base.add(second).cast()));
            let lower = _mm_unpacklo_epi64(
                _mm_loadl_epi64(base.add(first + stride).cast()),
                _mm_loadl_epi64(base.add(second + stride).cast()),
            );
            (_mm256_cvtepu8_epi16(upper), _mm256_cvtepu8_epi16(lower))
        };
        let u = _mm256_set_m128i(_mm_set1_epi16((nx >> 8 & 255) as i16), _mm_set1_epi16((x >> 8 & 255) as i16));
        let v = _mm256_set_m128i(_mm_set1_epi16((ny >> 8 & 255) as i16), _mm_set1_epi16((y >> 8 & 255) as i16));
        let down =
            _mm256_add_epi16(_mm256_mullo_epi16(upper, _mm256_sub_epi16(whole, v)), _mm256_mullo_epi16(lower, v));
        let down = _mm256_srli_epi16(_mm256_add_epi16(down, half), 8);
        // Left texels by 256 - u, right ones by u.
        let along = _mm256_mullo_epi16(down, _mm256_unpacklo_epi64(_mm256_sub_epi16(whole, u), u));
        let along = _mm256_add_epi16(along, _mm256_srli_si256(along, 8));
        let along = _mm256_srli_epi16(_mm256_add_epi16(along, half), 8);
        let bytes = _mm256_packus_epi16(along, zero);
        let both = _mm_unpacklo_epi32(_mm256_castsi256_si128(bytes), _mm256_extracti128_si256(bytes, 1));
        // SAFETY: a chunk has eight bytes.
        unsafe { _mm_storel_epi64(pair.as_mut_ptr().cast(), both) };
    }
    for pixel in pairs.into_remainder().chunks_exact_mut(4) {
        let at = (place[1] >> 16) as usize * stride + (place[0] >> 16) as usize;
        let (u, v) = ((place[0] >> 8 & 255) as u16, (place[1] >> 8 & 255) as u16);
        let (upper, lower) = ([texels[at], texels[at + 1]], [texels[at + stride], texels[at + stride + 1]]);
        pixel.copy_from_slice(&blend(upper, lower, u, v));
        place = [place[0] + step[0], place[1] + step[1]];
    }
}

/// Between four texels, `u` and `v` in 256ths; rounded once down the columns and once along the row.
#[cfg(not(target_arch = "x86_64"))]
fn blend(upper: [[u8; 4]; 2], lower: [[u8; 4]; 2], u: u16, v: u16) -> [u8; 4] {
    blend_plain(upper, lower, u, v)
}

#[cfg(any(test, not(target_arch = "x86_64")))]
fn blend_plain(upper: [[u8; 4]; 2], lower: [[u8; 4]; 2], u: u16, v: u16) -> [u8; 4] {
    let mix = |a: u16, b: u16, t: u16| (a * (256 - t) + b * t + 128) >> 8;
    std::array::from_fn(|c| {
        let left = mix(upper[0][c].into(), lower[0][c].into(), v);
        let right = mix(upper[1][c].into(), lower[1][c].into(), v);
        mix(left, right, u) as u8
    })
}

/// The same in eight lanes of 16 bits; every processor of this kind has them.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn blend(upper: [[u8; 4]; 2], lower: [[u8; 4]; 2], u: u16, v: u16) -> [u8; 4] {
    use std::arch::x86_64::*;
    let pair = |p: [[u8; 4]; 2]| i64::from(i32::from_le_bytes(p[0]) as u32) | i64::from(i32::from_le_bytes(p[1])) << 32;
    // SAFETY: SSE2 belongs to the base of x86-64.
    unsafe {
        let zero = _mm_setzero_si128();
        let half = _mm_set1_epi16(128);
        let upper = _mm_unpacklo_epi8(_mm_cvtsi64_si128(pair(upper)), zero);
        let lower = _mm_unpacklo_epi8(_mm_cvtsi64_si128(pair(lower)), zero);
        let down = _mm_add_epi16(
            _mm_mullo_epi16(upper, _mm_set1_epi16((256 - v) as i16)),
            _mm_mullo_epi16(lower, _mm_set1_epi16(v as i16)),
        );
        let down = _mm_srli_epi16(_mm_add_epi16(down, half), 8);
        let weights = _mm_unpacklo_epi64(_mm_set1_epi16((256 - u) as i16), _mm_set1_epi16(u as i16));
        let along = _mm_mullo_epi16(down, weights);
        let along = _mm_add_epi16(along, _mm_srli_si128(along, 8));
        let along = _mm_srli_epi16(_mm_add_epi16(along, half), 8);
        _mm_cvtsi128_si32(_mm_packus_epi16(along, zero)).to_le_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sampling_is_exact_on_pixels_and_straight_on_slopes() {
        let bytes: Vec<u8> = (0..64).flat_map(|i| [(i % 8) * 20, (i / 8) * 30, 7, 255]).collect();
        let texture = Texture::new(8, 8, bytes);
        assert_eq!(texture.sample(3.5, 5.5), [60.0, 150.0, 7.0, 255.0]);
        assert_eq!(texture.sample(3.25, 4.75), [55.0, 128.0, 7.0, 255.0]);
        // Outside the picture its edge goes on, however far.
        assert_eq!(texture.sample(-40.0, 90.0), [0.0, 210.0, 7.0, 255.0]);
        assert_eq!(texture.sample(1e9, f32::NAN)[0], 140.0);
    }

    #[test]
    fn vector_and_plain_arithmetic_agree() {
        let mut seed = 1u32;
        let mut next = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 24) as u8
        };
        for _ in 0..2000 {
            let mut texel = || [next(), next(), next(), next()];
            let (upper, lower) = ([texel(), texel()], [texel(), texel()]);
            let (u, v) = (u16::from(next()), u16::from(next()));
            assert_eq!(blend(upper, lower, u, v), blend_plain(upper, lower, u, v));
        }
    }

    #[test]
    fn pairs_and_single_pixels_agree_and_lines_may_leave_the_picture() {
        let mut state = 7u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        let texture = Texture::new(31, 23, (0..4 * 31 * 23).map(|_| next()).collect());
        for (start, step, n) in [
            ([3.2, 4.1], [0.93, 0.05], 11),
            ([0.0, 0.0], [1.0, 0.0], 31),
            ([12.7, 20.3], [-0.4, -0.6], 18),
            ([-9.0, 30.0], [1.7, -1.3], 40),
            ([30.0, 22.0], [0.0, 0.0], 1),
        ] {
            let mut line = vec![0; 4 * n];
            texture.run(start, step, &mut line);
            for (i, pixel) in line.chunks_exact(4).enumerate() {
                // The same place, alone: steps are rounded to 1/65536, so ask for their sum in the same unit.
                let unit = |v: f32| (v * 131_072.0) as i64;
                let at = |k: usize| (unit(start[k]) + i as i64 * unit(step[k])) as f32 / 131_072.0;
                let mut one = [0; 4];
                texture.run([at(0), at(1)], [0.0, 0.0], &mut one);
                assert_eq!(pixel, one, "{start:?} {i}");
            }
        }
    }

    #[test]
    fn person_and_ground_together_are_the_picture() {
        // A dark disc with a soft rim before a wall that grows lighter to the right.
        let (w, h) = (64usize, 48usize);
        let matte = |x: f32, y: f32| (12.0 - (x - 30.0).hypot(y - 24.0) + 0.5).clamp(0.0, 1.0);
        let bytes: Vec<u8> = (0..w * h)
            .flat_map(|i| {
                let (x, y) = ((i % w) as f32, (i / w) as f32);
                let m = matte(x, y);
                let colour = (100.0 + x) * (1.0 - m) + 30.0 * m;
                [colour as u8, colour as u8, 80, (255.0 * m) as u8]
            })
            .collect();
        let texture = Texture::with_ground(w, h, bytes.clone());
        let row = |y: usize, by: f32| {
            let mut line = vec![0; 4 * w];
            texture.run([by, y as f32], [1.0, 0.0], &mut line);
            texture.lay_over_ground(0, y, &mut line);
            line
        };
        for y in 0..h {
            assert_eq!(row(y, 0.0), bytes[4 * w * y..4 * w * (y + 1)]);
        }
        // Moved six to the right: the wall that was hidden goes on as it does around, and nothing else of it changes.
        let moved = row(24, -6.0);
        for x in 0..w {
            let (shade, wall) = (moved[4 * x], 100 + x as u8);
            match x {
                0..=22 | 51.. => assert!(shade.abs_diff(wall) <= 3, "{x}: {shade}"),
                26..=46 => assert_eq!(shade, 30, "{x}"),
                _ => {}
            }
        }
        assert!(texture.is_bare(0..8, 0, 2.0) && !texture.is_bare(0..8, 24, 9.0) && !texture.is_bare(0..64, 24, 0.0));
    }

    /// Peak signal-to-noise ratio against the same smooth picture computed at shifted places.
    #[test]
    fn a_shifted_picture_stays_sharp() {
        let shade = |x: f32, y: f32| 127.0 + 60.0 * (0.9 * x).sin() + 60.0 * (0.7 * y).cos();
        let bytes: Vec<u8> =
            (0..64 * 64).flat_map(|i| [shade((i % 64) as f32, (i / 64) as f32).round() as u8; 4]).collect();
        let texture = Texture::new(64, 64, bytes);
        let mut error = 0.0;
        for y in 8..56 {
            for x in 8..56 {
                let (x, y) = (x as f32 + 0.37, y as f32 + 0.21);
                error += (texture.sample(x + 0.5, y + 0.5)[0] - shade(x, y)).powi(2) / (48.0 * 48.0);
            }
        }
        let psnr = 10.0 * (255.0f32 * 255.0 / error).log10();
        assert!(psnr > 38.0, "{psnr} dB");
    }
}
