//! The resting picture at the size of the frames, ready to be fetched from any place.
//!
//! Between pixels the picture is interpolated twice: once, when it is made, to double size by Catmull-Rom's cubic, and
//! for each fetch between the four nearest of those by straight lines. That is nearly as sharp as the cubic itself at a
//! quarter of the cost, and exact on the pixels, so that a picture at rest is the picture.

use super::gpu::Picture;

/// Texels of double size repeated beyond each edge.
const BORDER: usize = 2;

/// A picture of four channels: red, green, blue and a fourth that goes along.
pub struct Texture {
    pub width: usize,
    pub height: usize,
    bytes: Vec<u8>,
    /// The picture in double size with a border; texel `(2 x + BORDER, 2 y + BORDER)` is pixel `(x, y)`.
    double: Vec<[u8; 4]>,
    stride: usize,
}

impl Texture {
    /// From `4 · width · height` bytes.
    pub fn new(width: usize, height: usize, bytes: Vec<u8>) -> Self {
        let (wide, high) = (2 * width - 1, 2 * height - 1);
        let pixel = |x: isize, y: isize| {
            let (x, y) = (x.clamp(0, width as isize - 1) as usize, y.clamp(0, height as isize - 1) as usize);
            let at = 4 * (y * width + x);
            [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]].map(f32::from)
        };
        // Half-way between pixels the cubic is (-1, 9, 9, -1) / 16, first along the rows, then down the columns.
        const HALF: [f32; 4] = [-0.0625, 0.5625, 0.5625, -0.0625];
        let along: Vec<[f32; 4]> = (0..height * wide)
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
        Self { width, height, bytes, double, stride }
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
        for pixel in out.chunks_exact_mut(4) {
            let (x, y) = (place[0].clamp(0, limit[0]), place[1].clamp(0, limit[1]));
            let at = (y >> 16) as usize * self.stride + (x >> 16) as usize;
            let (u, v) = ((x >> 8 & 255) as u16, (y >> 8 & 255) as u16);
            let upper = [self.double[at], self.double[at + 1]];
            let lower = [self.double[at + self.stride], self.double[at + self.stride + 1]];
            pixel.copy_from_slice(&blend(upper, lower, u, v));
            place = [place[0] + step[0], place[1] + step[1]];
        }
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
