//! Hands and arms that are in the way, removed: the hole is filled from its surroundings.
//!
//! Push and pull (Gortler et al., "The Lumigraph", SIGGRAPH 1996, section 3.4): the known colours are averaged on
//! coarser and coarser grids and fill the hole from the coarse to the fine; then diffusion (Laplace's equation by
//! over-relaxation) takes the steps out. It suits walls and plain cloth, which is where hands hang. Nothing outside of the
//! mask changes.

use image::{GrayImage, Luma, Rgb, RgbImage};

/// Relaxation steps after filling.
const STEPS: usize = 80;
/// How far each step overshoots the mean of the neighbours (successive over-relaxation; below 2).
const SPEED: f32 = 1.8;

/// The picture without what `mask` covers (from 128 up). A mask of another size, or one that covers everything, changes
/// nothing.
pub fn erased(picture: &RgbImage, mask: &GrayImage) -> RgbImage {
    let (w, h) = picture.dimensions();
    let gone = |x: u32, y: u32| mask.get_pixel(x, y)[0] >= 128;
    if mask.dimensions() != (w, h) || mask.pixels().all(|m| m[0] < 128) || mask.pixels().all(|m| m[0] >= 128) {
        return picture.clone();
    }
    let (width, height) = (w as usize, h as usize);
    let mut level: Vec<[f32; 4]> = picture
        .enumerate_pixels()
        .map(
            |(x, y, Rgb(p))| {
                if gone(x, y) { [0.0; 4] } else { [f32::from(p[0]), f32::from(p[1]), f32::from(p[2]), 1.0] }
            },
        )
        .collect();
    fill(&mut level, width, height);
    // Only within the mask, and from top left to bottom right: the same everywhere.
    let inside: Vec<usize> = (0..width * height).filter(|i| gone((i % width) as u32, (i / width) as u32)).collect();
    for _ in 0..STEPS {
        for &i in &inside {
            let (x, y) = (i % width, i / width);
            let around = [
                i - usize::from(x > 0),
                i + usize::from(x + 1 < width),
                if y > 0 { i - width } else { i },
                if y + 1 < height { i + width } else { i },
            ];
            for k in 0..3 {
                let mean = around.iter().map(|j| level[*j][k]).sum::<f32>() / 4.0;
                level[i][k] += SPEED * (mean - level[i][k]);
            }
        }
    }
    let mut out = picture.clone();
    for i in inside {
        let byte = |v: f32| (v + 0.5).clamp(0.0, 255.0) as u8;
        let c = level[i];
        out.put_pixel((i % width) as u32, (i / width) as u32, Rgb([byte(c[0]), byte(c[1]), byte(c[2])]));
    }
    out
}

/// Fills pixels of weight 0 from coarser grids; colours are not multiplied by their weight.
fn fill(level: &mut [[f32; 4]], width: usize, height: usize) {
    if level.iter().all(|p| p[3] > 0.0) || (width <= 1 && height <= 1) {
        return;
    }
    let (half_width, half_height) = (width.div_ceil(2), height.div_ceil(2));
    let mut coarse = vec![[0.0f32; 4]; half_width * half_height];
    for (i, p) in level.iter().enumerate() {
        let cell = &mut coarse[(i / width / 2) * half_width + (i % width) / 2];
        for k in 0..3 {
            cell[k] += p[k] * p[3];
        }
        cell[3] += p[3];
    }
    for cell in &mut coarse {
        if cell[3] > 0.0 {
            for k in 0..3 {
                cell[k] /= cell[3];
            }
            cell[3] = 1.0;
        }
    }
    fill(&mut coarse, half_width, half_height);
    for (i, p) in level.iter_mut().enumerate().filter(|(_, p)| p[3] <= 0.0) {
        // Between the four nearest cells of the coarse grid.
        let at = |v: usize, n: usize| -> (usize, usize, f32) {
            let f = (v as f32 + 0.5) / 2.0 - 0.5;
            let low = f.floor().max(0.0) as usize;
            (low.min(n - 1), (low + 1).min(n - 1), (f - f.floor()).clamp(0.0, 1.0) * f32::from(u8::from(f >= 0.0)))
        };
        let ((x0, x1, tx), (y0, y1, ty)) = (at(i % width, half_width), at(i / width, half_height));
        let cell = |x: usize, y: usize, k: usize| coarse[y * half_width + x][k];
        for k in 0..3 {
            let top = cell(x0, y0, k) + (cell(x1, y0, k) - cell(x0, y0, k)) * tx;
            let bottom = cell(x0, y1, k) + (cell(x1, y1, k) - cell(x0, y1, k)) * tx;
            p[k] = top + (bottom - top) * ty;
        }
        p[3] = 1.0;
    }
}

/// A mask of the picture's size that covers a polygon given in picture heights.
pub fn polygon_mask(size: (u32, u32), polygon: &[[f32; 2]]) -> GrayImage {
    let mut mask = GrayImage::new(size.0, size.1);
    if polygon.len() < 3 || !polygon.iter().flatten().all(|v| v.is_finite() && v.abs() < 100.0) {
        return mask;
    }
    let scale = size.1 as f32;
    for y in 0..size.1 {
        let row = (y as f32 + 0.5) / scale;
        // Where the outline crosses the row; between odd and even crossings it is inside.
        let mut crossings: Vec<f32> = (0..polygon.len())
            .filter_map(|i| {
                let (a, b) = (polygon[i], polygon[(i + 1) % polygon.len()]);
                ((a[1] <= row) != (b[1] <= row)).then(|| a[0] + (row - a[1]) / (b[1] - a[1]) * (b[0] - a[0]))
            })
            .collect();
        crossings.sort_by(f32::total_cmp);
        for pair in crossings.chunks_exact(2) {
            let from = (pair[0] * scale - 0.5).ceil().max(0.0) as u32;
            let to = (pair[1] * scale - 0.5).floor();
            for x in from..size.0 {
                if x as f32 > to {
                    break;
                }
                mask.put_pixel(x, y, Luma([255]));
            }
        }
    }
    mask
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hole_is_filled_from_around_and_the_rest_untouched() {
        // A wall that grows lighter, with a hand on it.
        let wall = RgbImage::from_fn(90, 70, |x, y| Rgb([60 + x as u8, 100 + y as u8, 150]));
        let mask = polygon_mask((90, 70), &[[0.4, 0.3], [0.8, 0.25], [0.9, 0.7], [0.5, 0.8]]);
        let covered = mask.pixels().filter(|m| m[0] == 255).count();
        assert!((600..1300).contains(&covered), "{covered}");
        let mut marked = wall.clone();
        for (p, m) in marked.pixels_mut().zip(mask.pixels()) {
            if m[0] == 255 {
                *p = Rgb([240, 190, 160]);
            }
        }
        let out = erased(&marked, &mask);
        for ((x, y, p), m) in out.enumerate_pixels().zip(mask.pixels()) {
            if m[0] == 255 {
                let truth = wall.get_pixel(x, y);
                assert!((0..3).all(|k| p[k].abs_diff(truth[k]) <= 6), "({x}, {y}): {p:?} for {truth:?}");
            } else {
                assert_eq!(p, wall.get_pixel(x, y));
            }
        }
        assert_eq!(erased(&marked, &GrayImage::new(3, 3)), marked);
        assert_eq!(erased(&marked, &GrayImage::from_pixel(90, 70, Luma([255]))), marked);
    }

    #[test]
    fn a_polygon_at_the_edge_or_beyond_is_cut() {
        let mask = polygon_mask((20, 10), &[[-1.0, -1.0], [0.5, -1.0], [0.5, 5.0], [-1.0, 5.0]]);
        assert_eq!(mask.pixels().filter(|m| m[0] == 255).count(), 50);
        assert_eq!(mask.get_pixel(4, 9)[0], 255);
        assert_eq!(mask.get_pixel(5, 0)[0], 0);
        assert!(polygon_mask((20, 10), &[[f32::NAN; 2]; 3]).pixels().all(|m| m[0] == 0));
    }
}
