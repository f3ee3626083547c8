//! Triangles to samples: several samples a pixel, the nearest surface in each.
//!
//! The view is orthographic along z. Colours are worked out at the points of the mesh and spread over the triangles;
//! only nails and creases, finer than the mesh, are looked up in each sample. Rows are drawn in bands, each by one
//! task, every band in the order of the triangles: the picture does not depend on the number of threads.

use super::marks::Marks;
use super::surface::part;
#[cfg(target_arch = "x86_64")]
use super::triangle::wide;
use super::triangle::{Fill, LANES, Target, fill};
use glam::{Vec3, Vec4};
use rayon::prelude::*;

/// A point of a mesh ready to be drawn.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Corner {
    /// Red, green, blue (0 to 255), and how far towards the viewer, picture units.
    pub value: Vec4,
    /// Samples right and down of the layer's corner.
    pub x: f32,
    pub y: f32,
    /// How opaque (0 to 255), and how much light there is (0 to 1).
    pub opaque: f32,
    pub tone: f32,
    /// The normal in the picture's axes.
    pub normal: Vec3,
    /// How much of an outline is drawn here, 0 to 1.
    pub ink: f32,
}

/// A mesh to be drawn.
pub(super) struct Batch<'a> {
    pub corners: &'a [Corner],
    pub triangles: &'a [[u32; 3]],
    /// A part for each triangle.
    pub parts: &'a [u8],
    /// Added to the parts, so that two hands are told apart.
    pub first_part: u8,
    /// Marks on the skin: for each triangle a number, for each corner its place at rest.
    pub marks: Option<(&'a Marks, &'a [u8], &'a [super::mesh::Bound])>,
    /// -1 for a mirrored mesh.
    pub mirror: f32,
}

/// No part: nothing there.
pub(super) const NOTHING: u8 = 255;
/// Rows of pixels in a band.
const BAND: usize = 8;

/// A place where two parts meet, pixels of the layer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Crease {
    pub at: [f32; 2],
    /// Skin against cloth rather than finger against finger.
    pub cloth: bool,
}

/// A rectangle of the picture with what was drawn in it.
pub(super) struct Layer {
    /// First pixel, and pixels each way.
    pub x0: usize,
    pub y0: usize,
    pub columns: usize,
    pub rows: usize,
    /// Samples per pixel along each side.
    pub fineness: usize,
    /// Colour multiplied by coverage, and coverage.
    pub colour: Vec<[u8; 4]>,
    /// Depth in the middle of each pixel; negative infinity where nothing is.
    pub depth: Vec<f32>,
    pub creases: Vec<Crease>,
    /// Mesh and triangle wherever a surface turns away from the viewer.
    pub turns: Vec<(u32, u32)>,
    /// Parts that meet with less than this step in depth (picture units) touch each other.
    pub contact: f32,
}

/// Samples of one band, with one row more than it shows.
#[derive(Default)]
pub(super) struct Samples {
    pub depth: Vec<f32>,
    /// Bytes of red, green, blue and coverage, from the lowest on, multiplied by coverage.
    pub colour: Vec<u32>,
    pub part: Vec<u8>,
    /// Sums down the samples of a row of pixels: red and blue, green and coverage.
    sums: Vec<[u32; 2]>,
}

impl Samples {
    /// Makes room for samples of which nothing is known; a vector of them may begin at the last.
    fn clear(&mut self, count: usize) {
        let count = count + LANES;
        self.depth.clear();
        self.depth.resize(count, f32::NEG_INFINITY);
        self.part.clear();
        self.part.resize(count, NOTHING);
        self.colour.clear();
        self.colour.resize(count, 0);
    }
}

/// The triangles that touch a band, and the samples of its rows that they can reach.
#[derive(Clone)]
struct Band {
    triangles: Vec<(u32, u32)>,
    left: usize,
    right: usize,
}

impl Layer {
    pub fn new(x0: usize, y0: usize, columns: usize, rows: usize, fineness: usize, contact: f32) -> Self {
        let count = columns * rows;
        let (colour, depth) = (vec![[0; 4]; count], vec![f32::NEG_INFINITY; count]);
        Self { x0, y0, columns, rows, fineness, colour, depth, creases: Vec::new(), turns: Vec::new(), contact }
    }

    /// Draws meshes into the empty layer.
    pub fn draw(&mut self, batches: &[Batch]) {
        let n = self.fineness;
        let (width, height) = (self.columns * n, self.rows * n);
        if width == 0 || height == 0 {
            return;
        }
        // Which triangles touch which band, in order.
        let band_rows = BAND * n;
        let mut bands = vec![Band { triangles: Vec::new(), left: width, right: 0 }; height.div_ceil(band_rows)];
        for (number, batch) in batches.iter().enumerate() {
            for (index, t) in batch.triangles.iter().enumerate() {
                let [a, b, c] = t.map(|i| &batch.corners[i as usize]);
                let seen = a.normal.z > 0.0;
                if (b.normal.z > 0.0) != seen || (c.normal.z > 0.0) != seen {
                    self.turns.push((number as u32, index as u32));
                }
                let area = ((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)) * batch.mirror;
                // Not facing the viewer, empty, or no number at all.
                if area.is_nan() || area <= 1e-6 {
                    continue;
                }
                let (low, high) = (a.y.min(b.y).min(c.y), a.y.max(b.y).max(c.y));
                let (left, right) = (a.x.min(b.x).min(c.x), a.x.max(b.x).max(c.x));
                if high < 0.0 || low >= height as f32 || right < 0.0 || left >= width as f32 {
                    continue;
                }
                // A band draws the first row of the next one too.
                let first = (low - 1.0).max(0.0) as usize / band_rows;
                let last = (high.min(height as f32 - 1.0) as usize) / band_rows;
                let (left, right) = (left.max(0.0) as usize, (right as usize + 1).min(width));
                for band in &mut bands[first..=last] {
                    (band.left, band.right) = (band.left.min(left), band.right.max(right));
                    band.triangles.push((number as u32, index as u32));
                }
            }
        }
        let (columns, contact) = (self.columns, self.contact);
        let out = self.colour.par_chunks_mut(BAND * columns).zip(self.depth.par_chunks_mut(BAND * columns));
        let creases =
            out.zip(&bands).enumerate().map_init(Samples::default, |samples, (y, ((colour, depth), band))| {
                if band.left >= band.right {
                    return Vec::new();
                }
                // Whole pixels, one more at the right so that every place has a neighbour.
                let (first, last) = (band.left / n, (band.right.div_ceil(n) + 1).min(columns));
                let rows = colour.len() / columns * n;
                let width = (last - first) * n;
                samples.clear(width * (rows + 1));
                let target = Target { x: (first * n) as f32, y: y * band_rows, width, rows: rows + 1, samples };
                draw_band(target, batches, band, n, (columns, first, (colour, depth)));
                samples.creases(n, width, rows, [first, y * BAND], contact)
            });
        self.creases = creases.collect::<Vec<_>>().concat();
    }
}

/// Draws the triangles of a band and finds the means of its pixels: `columns` of them in a row, those of the band from
/// `first` on. With the widest vectors of this processor; the result does not depend on which one it is.
fn draw_band(target: Target, batches: &[Batch], band: &Band, n: usize, out: (usize, usize, Out)) {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx2")]
        fn with_avx2(target: Target, batches: &[Batch], band: &Band, n: usize, out: (usize, usize, Out)) {
            draw_band_by(target, batches, band, n, out, |span, depth, colour, part| {
                wide::fill(span, depth, colour, part)
            });
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has just been asked.
            return unsafe { with_avx2(target, batches, band, n, out) };
        }
    }
    draw_band_by(target, batches, band, n, out, fill);
}

#[inline(always)]
fn draw_band_by(
    mut target: Target,
    batches: &[Batch],
    band: &Band,
    n: usize,
    (columns, first, out): (usize, usize, Out),
    fill: impl Fill,
) {
    for (number, index) in &band.triangles {
        target.triangle(&batches[*number as usize], *index as usize, fill);
    }
    let Target { width, samples, .. } = target;
    match n {
        2 => samples.resolve::<2>(width, columns, first, out),
        3 => samples.resolve::<3>(width, columns, first, out),
        _ => samples.resolve::<4>(width, columns, first, out),
    }
}

impl Samples {
    /// Means of the samples of each pixel, `N` by `N` of them. `width`: samples in a row, from pixel `first` on.
    #[inline(always)]
    fn resolve<const N: usize>(&mut self, width: usize, columns: usize, first: usize, out: Out) {
        // Two bytes side by side are added at once; sixteen of them fit into sixteen bits.
        const EVEN: u32 = 0x00ff_00ff;
        let (half, all) = ((N * N / 2) as u32, (N * N) as u32);
        for (y, (colour, depth)) in out.0.chunks_exact_mut(columns).zip(out.1.chunks_exact_mut(columns)).enumerate() {
            let corner = y * N * width;
            self.sums.clear();
            self.sums.resize(width, [0; 2]);
            for row in 0..N {
                for (sum, c) in self.sums.iter_mut().zip(&self.colour[corner + row * width..][..width]) {
                    *sum = [sum[0] + (c & EVEN), sum[1] + ((c >> 8) & EVEN)];
                }
            }
            let middles = self.depth[corner + N / 2 * width..][..width].chunks_exact(N);
            let pixels = colour[first..].iter_mut().zip(&mut depth[first..]);
            for ((sums, middle), (colour, depth)) in self.sums.chunks_exact(N).zip(middles).zip(pixels) {
                let (mut even, mut odd) = (0, 0);
                for s in sums {
                    (even, odd) = (even + s[0], odd + s[1]);
                }
                if odd >> 16 > 0 {
                    let red = ((even & 0xffff) + half) / all;
                    let green = ((odd & 0xffff) + half) / all;
                    let blue = ((even >> 16) + half) / all;
                    let cover = ((odd >> 16) + half) / all;
                    *colour = [red as u8, green as u8, blue as u8, cover as u8];
                    *depth = middle[N / 2];
                }
            }
        }
    }

    /// Where parts that are told apart by a line touch.
    fn creases(&self, n: usize, width: usize, rows: usize, first: [usize; 2], contact: f32) -> Vec<Crease> {
        let mut found = Vec::new();
        let scale = 1.0 / n as f32;
        let mut meet = |own: usize, other: usize, x: f32, y: f32| {
            let touching = || (self.depth[own] - self.depth[other]).abs() < contact;
            if let Some(cloth) = parted(self.part[own], self.part[other]).filter(|_| touching()) {
                found.push(Crease { at: [x * scale + first[0] as f32, y * scale + first[1] as f32], cloth });
            }
        };
        for y in 0..rows {
            let row = &self.part[y * width..][..width];
            let below = &self.part[(y + 1) * width..][..width];
            let mut x = 0;
            while x < width {
                // Most of a picture is all alike.
                const RUN: usize = 16;
                if x + RUN < width && row[x..x + RUN] == row[x + 1..x + RUN + 1] && row[x..x + RUN] == below[x..x + RUN]
                {
                    x += RUN;
                    continue;
                }
                let own = row[x];
                x += 1;
                if own == NOTHING {
                    continue;
                }
                let i = y * width + x - 1;
                if own != below[x - 1] {
                    meet(i, i + width, x as f32 - 0.5, (y + 1) as f32);
                }
                if x < width && own != row[x] {
                    meet(i, i + 1, x as f32, y as f32 + 0.5);
                }
            }
        }
        found
    }
}

/// Whether a line belongs between two parts that meet: two fingers of one hand, or skin and cloth (true).
fn parted(a: u8, b: u8) -> Option<bool> {
    if a == NOTHING || b == NOTHING || a / 8 != b / 8 {
        return None;
    }
    let (a, b) = (a % 8, b % 8);
    if a == part::SLEEVE || b == part::SLEEVE {
        return Some(true);
    }
    (a >= part::THUMB && b >= part::THUMB).then_some(false)
}

/// Colours and depths of a band's pixels.
type Out<'a> = (&'a mut [[u8; 4]], &'a mut [f32]);
