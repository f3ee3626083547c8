//! How near two pictures are to each other: mean absolute error, PSNR and SSIM, by region.
//!
//! SSIM after Wang, Bovik, Sheikh and Simoncelli 2004: Gaussian window of σ = 1.5 pixels cut at 3.5 σ, K1 = 0.01,
//! K2 = 0.03, range 255, population variances, on luma (Rec. 601). The same constants as scikit-image with
//! `gaussian_weights=True, use_sample_covariance=False`, against which it is tested.

use super::RgbaFrame;
use rayon::prelude::*;

const SIGMA: f64 = 1.5;
const RADIUS: usize = 5;
const C1: f64 = (0.01 * 255.0) * (0.01 * 255.0);
const C2: f64 = (0.03 * 255.0) * (0.03 * 255.0);

/// Pixels of a region: `true` counts.
pub type Region = Vec<bool>;

/// Sums of a comparison that can be added up over pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Nearness {
    pixels: f64,
    absolute: f64,
    squared: f64,
    ssim: f64,
}

impl Nearness {
    /// Compares `a` with `b` (of the same size) within a region.
    pub fn of(a: &RgbaFrame, b: &RgbaFrame, region: &Region) -> Self {
        let mut out = Self::default();
        if (a.width, a.height) != (b.width, b.height) {
            return out;
        }
        let map = ssim_map(&luma(a), &luma(b), a.width as usize, a.height as usize);
        for (i, _) in region.iter().enumerate().filter(|(_, inside)| **inside) {
            let (Some(p), Some(q)) = (a.data.get(4 * i..4 * i + 3), b.data.get(4 * i..4 * i + 3)) else { break };
            out.pixels += 1.0;
            for (p, q) in p.iter().zip(q) {
                let d = f64::from(*p) - f64::from(*q);
                out.absolute += d.abs() / 3.0;
                out.squared += d * d / 3.0;
            }
            out.ssim += map[i];
        }
        out
    }

    /// Sums of two.
    pub fn and(self, other: Self) -> Self {
        Self {
            pixels: self.pixels + other.pixels,
            absolute: self.absolute + other.absolute,
            squared: self.squared + other.squared,
            ssim: self.ssim + other.ssim,
        }
    }

    /// How many pixels were compared.
    pub fn pixels(&self) -> u64 {
        self.pixels as u64
    }

    /// Mean absolute error of a channel, 0-255; `None` where nothing was compared.
    pub fn mean_absolute(&self) -> Option<f64> {
        (self.pixels > 0.0).then(|| self.absolute / self.pixels)
    }

    /// Peak signal to noise ratio in dB over all pixels together, at most 100 (equal pictures).
    pub fn psnr(&self) -> Option<f64> {
        (self.pixels > 0.0).then(|| {
            let mse = self.squared / self.pixels;
            if mse <= 0.0 { 100.0 } else { (20.0 * 255f64.log10() - 10.0 * mse.log10()).min(100.0) }
        })
    }

    /// Mean structural similarity, at most 1.
    pub fn ssim(&self) -> Option<f64> {
        (self.pixels > 0.0).then(|| self.ssim / self.pixels)
    }
}

/// Rec. 601 luma.
fn luma(frame: &RgbaFrame) -> Vec<f64> {
    let y = |p: &[u8]| 0.299 * f64::from(p[0]) + 0.587 * f64::from(p[1]) + 0.114 * f64::from(p[2]);
    frame.data.chunks_exact(4).map(y).collect()
}

fn kernel() -> [f64; 2 * RADIUS + 1] {
    let raw: [f64; 2 * RADIUS + 1] =
        std::array::from_fn(|i| (-0.5 * ((i as f64 - RADIUS as f64) / SIGMA).powi(2)).exp());
    let sum: f64 = raw.iter().sum();
    raw.map(|v| v / sum)
}

/// The picture mirrored at its edges (edge pixel repeated, as SciPy's "reflect"), blurred in both directions.
fn blur(of: &[f64], width: usize, height: usize) -> Vec<f64> {
    let kernel = kernel();
    let reflect = |i: isize, n: usize| -> usize {
        let n = n as isize;
        let i = if i < 0 { -i - 1 } else { i };
        (if i >= n { 2 * n - 1 - i } else { i }).clamp(0, n - 1) as usize
    };
    let r = RADIUS as isize;
    let pass = |from: &[f64], horizontal: bool| -> Vec<f64> {
        let mut out = vec![0.0; width * height];
        out.par_chunks_mut(width).enumerate().for_each(|(y, row)| {
            for (x, value) in row.iter_mut().enumerate() {
                *value = kernel
                    .iter()
                    .zip(-r..)
                    .map(|(k, d)| {
                        let at = if horizontal {
                            y * width + reflect(x as isize + d, width)
                        } else {
                            reflect(y as isize + d, height) * width + x
                        };
                        k * from[at]
                    })
                    .sum();
            }
        });
        out
    };
    pass(&pass(of, true), false)
}

/// SSIM of every pixel.
fn ssim_map(a: &[f64], b: &[f64], width: usize, height: usize) -> Vec<f64> {
    let products = |p: &[f64], q: &[f64]| -> Vec<f64> { p.iter().zip(q).map(|(x, y)| x * y).collect() };
    let (ua, ub) = (blur(a, width, height), blur(b, width, height));
    let aa = blur(&products(a, a), width, height);
    let bb = blur(&products(b, b), width, height);
    let ab = blur(&products(a, b), width, height);
    (0..a.len())
        .map(|i| {
            let (va, vb, cov) = (aa[i] - ua[i] * ua[i], bb[i] - ub[i] * ub[i], ab[i] - ua[i] * ub[i]);
            ((2.0 * ua[i] * ub[i] + C1) * (2.0 * cov + C2)) / ((ua[i] * ua[i] + ub[i] * ub[i] + C1) * (va + vb + C2))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(values: &[u8], width: u32, height: u32) -> RgbaFrame {
        RgbaFrame { width, height, data: values.iter().flat_map(|v| [*v, *v, *v, 255]).collect() }
    }

    #[test]
    fn they_are_those_of_scikit_image() {
        #[derive(serde::Deserialize)]
        struct Fixture {
            psnr: f64,
            ssim: f64,
            map_at: Vec<(usize, usize, f64)>,
            a: Vec<u8>,
            b: Vec<u8>,
            width: u32,
            height: u32,
        }
        let text = include_str!("../../../tests/data/metrics/ssim.json");
        let f: Fixture = serde_json::from_str(text).expect("the fixture");
        let (a, b) = (grey(&f.a, f.width, f.height), grey(&f.b, f.width, f.height));
        let (w, h) = (f.width as usize, f.height as usize);
        let all = Nearness::of(&a, &b, &vec![true; w * h]);
        assert!((all.psnr().expect("pixels") - f.psnr).abs() < 1e-9, "{all:?}");
        let map = ssim_map(&luma(&a), &luma(&b), w, h);
        for (y, x, value) in f.map_at {
            assert!((map[y * w + x] - value).abs() < 1e-6, "{y} {x}: {} {value}", map[y * w + x]);
        }
        // scikit-image leaves out the edge of half a window in the mean.
        let inner: Region = (0..w * h)
            .map(|i| (RADIUS..h - RADIUS).contains(&(i / w)) && (RADIUS..w - RADIUS).contains(&(i % w)))
            .collect();
        let inner = Nearness::of(&a, &b, &inner);
        assert!((inner.ssim().expect("pixels") - f.ssim).abs() < 1e-6, "{:?} {}", inner.ssim(), f.ssim);
    }

    #[test]
    fn equal_pictures_are_as_near_as_can_be_and_regions_count_alone() {
        let a = grey(&[10, 20, 30, 40], 2, 2);
        let mut b = a.clone();
        b.data[0] = 40;
        let same = Nearness::of(&a, &a, &vec![true; 4]);
        assert_eq!((same.psnr(), same.mean_absolute(), same.pixels()), (Some(100.0), Some(0.0), 4));
        assert!((same.ssim().expect("pixels") - 1.0).abs() < 1e-9);
        let other = Nearness::of(&a, &b, &vec![false, true, true, true]);
        assert_eq!((other.psnr(), other.pixels()), (Some(100.0), 3));
        let first = Nearness::of(&a, &b, &vec![true, false, false, false]);
        assert_eq!(first.mean_absolute(), Some(10.0));
        assert_eq!(first.and(other).pixels(), 4);
        assert_eq!(Nearness::of(&a, &grey(&[1, 2], 2, 1), &vec![true; 4]).psnr(), None);
    }
}
