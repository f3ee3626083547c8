//! Triangles to samples: several samples a pixel, the nearest surface in each.
//!
//! The view is orthographic along z. Colours are worked out at the points of the mesh and spread over the triangles;
//! only nails and creases, finer than the mesh, are looked up in each sample. Rows are drawn in bands, each by one
//! task, every band in the order of the triangles: the picture does not depend on the number of threads.

use super::marks::Marks;
use super::surface::part;
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
struct Samples {
    depth: Vec<f32>,
    /// Bytes of red, green, blue and coverage, from the lowest on, multiplied by coverage.
    colour: Vec<u32>,
    part: Vec<u8>,
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
                let mut target = Target { x: (first * n) as f32, y: y * band_rows, width, rows: rows + 1, samples };
                for (number, index) in &band.triangles {
                    target.triangle(&batches[*number as usize], *index as usize);
                }
                match n {
                    2 => samples.resolve::<2>(width, columns, first, (colour, depth)),
                    3 => samples.resolve::<3>(width, columns, first, (colour, depth)),
                    _ => samples.resolve::<4>(width, columns, first, (colour, depth)),
                }
                samples.creases(n, width, rows, [first, y * BAND], contact)
            });
        self.creases = creases.collect::<Vec<_>>().concat();
    }
}

impl Samples {
    /// Means of the samples of each pixel, `N` by `N` of them. `width`: samples in a row, from pixel `first` on.
    fn resolve<const N: usize>(&mut self, width: usize, columns: usize, first: usize, out: Out) {
        // Two bytes side by side are added at once; sixteen of them fit into sixteen bits.
        const EVEN: u32 = 0x00ff_00ff;
        let mean = |sum: u32| ((sum + (N * N / 2) as u32) / (N * N) as u32) as u8;
        for (y, (colour, depth)) in out.0.chunks_exact_mut(columns).zip(out.1.chunks_exact_mut(columns)).enumerate() {
            let corner = y * N * width;
            self.sums.clear();
            self.sums.resize(width, [0; 2]);
            for row in 0..N {
                for (sum, c) in self.sums.iter_mut().zip(&self.colour[corner + row * width..][..width]) {
                    *sum = [sum[0] + (c & EVEN), sum[1] + ((c >> 8) & EVEN)];
                }
            }
            let (colour, depth) = (&mut colour[first..], &mut depth[first..]);
            let middles = self.depth[corner + N / 2 * width + N / 2..].iter().step_by(N);
            for (((sums, colour), depth), middle) in self.sums.chunks_exact(N).zip(colour).zip(depth).zip(middles) {
                let [even, odd] = sums.iter().fold([0, 0], |a, s| [a[0] + s[0], a[1] + s[1]]);
                if odd >> 16 > 0 {
                    *colour = [even & 0xffff, odd & 0xffff, even >> 16, odd >> 16].map(mean);
                    *depth = *middle;
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

/// One band being drawn.
struct Target<'a> {
    /// First sample of the band in the layer.
    x: f32,
    y: usize,
    width: usize,
    rows: usize,
    samples: &'a mut Samples,
}

/// Samples that are worked on side by side.
const LANES: usize = 4;

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

/// The first whole number that is not below `v`, and not below 0.
#[inline(always)]
fn not_below(v: f32) -> usize {
    let v = v.max(0.0);
    let whole = v as u32;
    whole as usize + usize::from(v > whole as f32)
}

impl Target<'_> {
    fn triangle(&mut self, batch: &Batch, index: usize) {
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
        let (first, end) =
            (not_below(top.y - 0.5).max(self.y), not_below(low.y - 0.5).min(self.y + self.rows));
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
        let steps = Vec4::new(0.0, 1.0, 2.0, 3.0);
        let [red, green, blue, depth] = right.to_array().map(|d| steps * d);
        let plane = |p: f32, q: f32, r: f32| {
            let (u, v) = (q - p, r - p);
            Plane { start: p, dx: (u * vy - v * uy) * inverse, dy: (v * ux - u * vx) * inverse }
        };
        let cover = corners
            .iter()
            .any(|c| c.opaque < 255.0)
            .then(|| plane(a.opaque, b.opaque, c.opaque));
        let marks =
            batch.marks.as_ref().filter(|m| m.1[index] != super::mesh::NO_PHALANX).map(|(marks, which, rest)| {
                let at = t.map(|i| rest[i as usize].rest);
                let planes: [Plane; 3] = std::array::from_fn(|k| plane(at[0][k], at[1][k], at[2][k]));
                (*marks, which[index], planes, plane(a.tone, b.tone, c.tone))
            });
        let plain = cover.is_none() && marks.is_none();
        let number = batch.parts[index] + batch.first_part;
        let numbers = u32::from_le_bytes([number; LANES]);
        for y in first..end {
            let middle_y = y as f32 + 0.5;
            let (p, q) = (long.at(middle_y), if middle_y < middle.y { &upper } else { &lower }.at(middle_y));
            let (from, to) = (not_below(p.min(q) - self.x - 0.5), not_below(p.max(q) - self.x - 0.5).min(self.width));
            let dy = middle_y - a.y;
            let row = a.value + down * dy;
            for x in (from..to).step_by(LANES) {
                let dx = x as f32 + (self.x + 0.5 - a.x);
                let start = row + right * dx;
                let i = (y - self.y) * self.width + x;
                let Some(depths) = self.samples.depth[i..].first_chunk_mut::<LANES>() else { continue };
                let (old, z) = (Vec4::from_array(*depths), depth + start.w);
                let seen = z.cmpgt(old) & steps.cmplt(Vec4::splat((to - x) as f32));
                let bits = seen.bitmask();
                if bits == 0 {
                    continue;
                }
                *depths = Vec4::select(seen, z, old).to_array();
                let (colours, parts) = (&mut self.samples.colour[i..i + LANES], &mut self.samples.part[i..i + LANES]);
                let mask = BYTES[bits as usize & 15];
                let kept = u32::from_le_bytes([parts[0], parts[1], parts[2], parts[3]]);
                parts.copy_from_slice(&(kept & !mask | numbers & mask).to_le_bytes());
                let mut rgb = [red + start.x, green + start.y, blue + start.z];
                let mut opaque = [255; LANES];
                if !plain {
                    for lane in (0..LANES).filter(|lane| bits >> lane & 1 == 1) {
                        let dx = dx + lane as f32;
                        let at = |p: &Plane| p.start + p.dx * dx + p.dy * dy;
                        let mut colour = Vec3::new(rgb[0][lane], rgb[1][lane], rgb[2][lane]);
                        if let Some((marks, which, rest, tone)) = &marks {
                            let point = Vec3::new(at(&rest[0]), at(&rest[1]), at(&rest[2]));
                            colour = marks.draw(*which, point, colour, at(tone));
                        }
                        if let Some(cover) = &cover {
                            let cover = at(cover).clamp(0.0, 255.0);
                            opaque[lane] = (cover + 0.5) as u32;
                            colour *= cover / 255.0;
                        }
                        (0..3).for_each(|k| rgb[k][lane] = colour[k]);
                    }
                }
                let bytes = rgb.map(whole);
                for lane in 0..LANES {
                    let colour = bytes[0][lane] | bytes[1][lane] << 8 | bytes[2][lane] << 16 | opaque[lane] << 24;
                    let mask = 0u32.wrapping_sub(bits >> lane & 1);
                    colours[lane] = colours[lane] & !mask | colour & mask;
                }
            }
        }
    }
}

/// Bytes of which lanes are set, for every set of lanes.
const BYTES: [u32; 16] = {
    let mut all = [0; 16];
    let mut set = 0;
    while set < 16 {
        let mut lane = 0;
        while lane < 4 {
            if set >> lane & 1 == 1 {
                all[set] |= 0xff << (8 * lane);
            }
            lane += 1;
        }
        set += 1;
    }
    all
};

/// Rounded to whole numbers from 0 to 255: the lowest bits of a float that is too large for a fraction.
#[inline(always)]
fn whole(v: Vec4) -> [u32; LANES] {
    (v.clamp(Vec4::ZERO, Vec4::splat(255.0)) + Vec4::splat(8_388_608.0)).to_array().map(|v| v.to_bits() & 255)
}

/// A value that changes evenly over a triangle.
#[derive(Clone, Copy)]
struct Plane {
    start: f32,
    dx: f32,
    dy: f32,
}
