//! A small painter for drawn presenters: filled curves with exact edges, soft shades and gradients.
//!
//! Shapes are given in picture units (the picture is 1.0 high). A [`Path`] becomes a [`Mask`] by accumulating the
//! signed area that its edges cut from every pixel, so edges are antialiased exactly and cost nothing extra; masks can
//! be blurred, clipped and combined; a [`Sheet`] is painted through them. Everything is plain arithmetic on floats:
//! the same drawing gives the same picture on every machine.

/// A point in picture units.
pub type Pt = [f32; 2];
/// A colour in sRGB, each channel 0-1.
pub type Rgb = [f32; 3];

/// The colour `0xrrggbb`.
pub const fn hex(rgb: u32) -> Rgb {
    [((rgb >> 16) & 255) as f32 / 255.0, ((rgb >> 8) & 255) as f32 / 255.0, (rgb & 255) as f32 / 255.0]
}

/// The colour at `t` on the way from `a` to `b`.
pub fn mix(a: Rgb, b: Rgb, t: f32) -> Rgb {
    std::array::from_fn(|i| a[i] + (b[i] - a[i]) * t)
}

/// The point at `t` on the way from `a` to `b`.
pub fn lerp(a: Pt, b: Pt, t: f32) -> Pt {
    [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
}

/// A soft step: 0 below `low`, 1 above `high`.
pub fn smoothstep(low: f32, high: f32, x: f32) -> f32 {
    let t = ((x - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// A centripetal Catmull-Rom curve through `points`, `steps` pieces between neighbours. It never overshoots or loops
/// between unevenly spaced points, as the landmarks of a face are.
pub fn curve(points: &[Pt], closed: bool, steps: usize) -> Vec<Pt> {
    let n = points.len();
    if n < 3 {
        return points.to_vec();
    }
    let at = |i: isize| -> Pt {
        if closed {
            points[i.rem_euclid(n as isize) as usize]
        } else if i < 0 {
            std::array::from_fn(|k| 2.0 * points[0][k] - points[1][k])
        } else if i >= n as isize {
            std::array::from_fn(|k| 2.0 * points[n - 1][k] - points[n - 2][k])
        } else {
            points[i as usize]
        }
    };
    let knot = |a: Pt, b: Pt| ((a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2)).powf(0.25).max(1e-5);
    let pieces = if closed { n } else { n - 1 };
    let mut out = Vec::with_capacity(pieces * steps + 1);
    for piece in 0..pieces as isize {
        let p: [Pt; 4] = std::array::from_fn(|k| at(piece - 1 + k as isize));
        let t1 = knot(p[0], p[1]);
        let t2 = t1 + knot(p[1], p[2]);
        let t3 = t2 + knot(p[2], p[3]);
        for step in 0..steps {
            let t = t1 + (t2 - t1) * step as f32 / steps as f32;
            let a1 = lerp(p[0], p[1], t / t1);
            let a2 = lerp(p[1], p[2], (t - t1) / (t2 - t1));
            let a3 = lerp(p[2], p[3], (t - t2) / (t3 - t2));
            let b1 = lerp(a1, a2, t / t2);
            let b2 = lerp(a2, a3, (t - t1) / (t3 - t1));
            out.push(lerp(b1, b2, (t - t1) / (t2 - t1)));
        }
    }
    if !closed {
        out.push(points[n - 1]);
    }
    out
}

/// The point at fraction `t` of the length of a polyline.
pub fn along(line: &[Pt], t: f32) -> Pt {
    let length = |a: Pt, b: Pt| ((a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2)).sqrt();
    let total: f32 = line.windows(2).map(|w| length(w[0], w[1])).sum();
    let mut left = total * t.clamp(0.0, 1.0);
    for w in line.windows(2) {
        let l = length(w[0], w[1]);
        if left <= l && l > 0.0 {
            return lerp(w[0], w[1], left / l);
        }
        left -= l;
    }
    line.last().copied().unwrap_or_default()
}

/// One or more closed outlines.
#[derive(Clone, Debug, Default)]
pub struct Path {
    pub outlines: Vec<Vec<Pt>>,
}

impl Path {
    /// The area inside a closed polyline.
    pub fn polygon(points: Vec<Pt>) -> Self {
        Self { outlines: vec![points] }
    }

    /// The area inside a smooth closed curve through `points`.
    pub fn blob(points: &[Pt]) -> Self {
        Self::polygon(curve(points, true, 24))
    }

    /// An ellipse turned by `angle` radians.
    pub fn ellipse(centre: Pt, rx: f32, ry: f32, angle: f32) -> Self {
        let (sin, cos) = angle.sin_cos();
        Self::polygon(
            (0..96)
                .map(|i| {
                    let (s, c) = (i as f32 * std::f32::consts::TAU / 96.0).sin_cos();
                    let (x, y) = (c * rx, s * ry);
                    [centre[0] + x * cos - y * sin, centre[1] + x * sin + y * cos]
                })
                .collect(),
        )
    }

    /// A stroke along a polyline whose full width at fraction `t` of the way is `width(t)`.
    pub fn ribbon(line: &[Pt], width: impl Fn(f32) -> f32) -> Self {
        let n = line.len();
        if n < 2 {
            return Self::default();
        }
        let mut far = Vec::with_capacity(n);
        let mut near = Vec::with_capacity(2 * n);
        for i in 0..n {
            let (a, b) = (line[i.saturating_sub(1)], line[(i + 1).min(n - 1)]);
            let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
            let l = (dx * dx + dy * dy).sqrt().max(1e-9);
            let half = 0.5 * width(i as f32 / (n - 1) as f32);
            let (ox, oy) = (-dy / l * half, dx / l * half);
            near.push([line[i][0] + ox, line[i][1] + oy]);
            far.push([line[i][0] - ox, line[i][1] - oy]);
        }
        near.extend(far.into_iter().rev());
        Self::polygon(near)
    }

    /// A smooth stroke through `points`, widest in the middle and running out to points at both ends.
    pub fn stroke(points: &[Pt], width: f32) -> Self {
        Self::ribbon(&curve(points, false, 16), |t| width * (4.0 * t * (1.0 - t)).sqrt().clamp(0.05, 1.0))
    }

    /// Mirrored at the vertical line `x = axis`.
    pub fn mirrored(mut self, axis: f32) -> Self {
        for outline in &mut self.outlines {
            for p in outline.iter_mut() {
                p[0] = 2.0 * axis - p[0];
            }
        }
        self
    }

    /// Moved by an offset.
    pub fn shifted(mut self, by: Pt) -> Self {
        for p in self.outlines.iter_mut().flatten() {
            p[0] += by[0];
            p[1] += by[1];
        }
        self
    }

    /// This area and another one.
    pub fn and(mut self, other: Self) -> Self {
        self.outlines.extend(other.outlines);
        self
    }
}

/// How much of each pixel of a rectangle is covered, 0-1.
#[derive(Clone, Debug, Default)]
pub struct Mask {
    pub x: i32,
    pub y: i32,
    pub width: usize,
    pub height: usize,
    pub cover: Vec<f32>,
    scale: f32,
}

impl Mask {
    /// Rasterises a path at `scale` pixels per unit, cut to a picture of `size` pixels plus a margin of `margin`.
    pub fn of(path: &Path, scale: f32, size: (usize, usize), margin: i32) -> Self {
        let points = || path.outlines.iter().flatten();
        let low = |k: usize| points().map(|p| p[k]).fold(f32::INFINITY, f32::min) * scale;
        let high = |k: usize| points().map(|p| p[k]).fold(f32::NEG_INFINITY, f32::max) * scale;
        if points().next().is_none() || points().any(|p| !(p[0].is_finite() && p[1].is_finite())) {
            return Self { scale, ..Self::default() };
        }
        let x0 = (low(0).floor().max(-1e6) as i32).max(-margin);
        let y0 = (low(1).floor().max(-1e6) as i32).max(-margin);
        let x1 = (high(0).ceil().min(1e6) as i32).min(size.0 as i32 + margin);
        let y1 = (high(1).ceil().min(1e6) as i32).min(size.1 as i32 + margin);
        if x1 <= x0 || y1 <= y0 {
            return Self { scale, ..Self::default() };
        }
        let (width, height) = ((x1 - x0) as usize, (y1 - y0) as usize);
        let mut area = vec![0.0f32; (width + 2) * height + 2];
        for outline in &path.outlines {
            for i in 0..outline.len() {
                let (a, b) = (outline[i], outline[(i + 1) % outline.len()]);
                add_edge(
                    &mut area,
                    (width, height),
                    [a[0] * scale - x0 as f32, a[1] * scale - y0 as f32],
                    [b[0] * scale - x0 as f32, b[1] * scale - y0 as f32],
                );
            }
        }
        let mut cover = Vec::with_capacity(width * height);
        for row in area.chunks_exact(width + 2).take(height) {
            let mut sum = 0.0;
            cover.extend(row[..width].iter().map(|&a| {
                sum += a;
                f32::min(sum.abs(), 1.0)
            }));
        }
        Self { x: x0, y: y0, width, height, cover, scale }
    }

    /// Cover at a pixel of the picture.
    pub fn at(&self, x: i32, y: i32) -> f32 {
        let (dx, dy) = (x - self.x, y - self.y);
        if dx < 0 || dy < 0 || dx as usize >= self.width || dy as usize >= self.height {
            0.0
        } else {
            self.cover[dy as usize * self.width + dx as usize]
        }
    }

    /// Blurred by a Gaussian of `sigma` units (three box filters, one after the other).
    pub fn blurred(&self, sigma: f32) -> Self {
        let sigma = sigma * self.scale;
        if sigma < 0.3 || self.cover.is_empty() {
            return self.clone();
        }
        // Three boxes of radius r have the variance r (r + 1); the fraction of the radius is kept, as sizes differ.
        let radius = ((1.0 + 4.0 * sigma * sigma).sqrt() - 1.0) / 2.0;
        let pad = (3.0 * radius).ceil() as usize + 3;
        let (w, h) = (self.width + 2 * pad, self.height + 2 * pad);
        let mut cover = vec![0.0; w * h];
        for (y, row) in self.cover.chunks_exact(self.width).enumerate() {
            cover[(y + pad) * w + pad..][..self.width].copy_from_slice(row);
        }
        let mut line = vec![0.0; w.max(h)];
        for _ in 0..3 {
            for y in 0..h {
                line[..w].copy_from_slice(&cover[y * w..(y + 1) * w]);
                box_filter(&line[..w], radius, |x, v| cover[y * w + x] = v);
            }
            for x in 0..w {
                for y in 0..h {
                    line[y] = cover[y * w + x];
                }
                box_filter(&line[..h], radius, |y, v| cover[y * w + x] = v);
            }
        }
        Self { x: self.x - pad as i32, y: self.y - pad as i32, width: w, height: h, cover, scale: self.scale }
    }

    fn combined(mut self, f: impl Fn(f32, i32, i32) -> f32) -> Self {
        let width = self.width.max(1);
        for (i, c) in self.cover.iter_mut().enumerate() {
            *c = f(*c, self.x + (i % width) as i32, self.y + (i / width) as i32);
        }
        self
    }

    /// Only where `other` covers, too.
    pub fn within(self, other: &Self) -> Self {
        self.combined(|c, x, y| c * other.at(x, y))
    }

    /// Only where `other` does not cover.
    pub fn without(self, other: &Self) -> Self {
        self.combined(|c, x, y| c * (1.0 - other.at(x, y)))
    }

    /// Where this one or `other` covers.
    pub fn or(&self, other: &Self) -> Self {
        if self.cover.is_empty() || other.cover.is_empty() {
            return if self.cover.is_empty() { other.clone() } else { self.clone() };
        }
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let right = (self.x + self.width as i32).max(other.x + other.width as i32);
        let bottom = (self.y + self.height as i32).max(other.y + other.height as i32);
        let (width, height) = ((right - x) as usize, (bottom - y) as usize);
        let all = Self { x, y, width, height, cover: vec![0.0; width * height], scale: self.scale };
        all.combined(|_, x, y| self.at(x, y).max(other.at(x, y)))
    }

    /// Fading with height: full at `from` and nothing at `to` (picture units, either may be above the other).
    pub fn fading_y(self, from: f32, to: f32) -> Self {
        let scale = self.scale;
        self.combined(|c, _, y| c * (1.0 - smoothstep(0.0, 1.0, ((y as f32 + 0.5) / scale - from) / (to - from))))
    }

    /// Fading sideways: full at `from` and nothing at `to`.
    pub fn fading_x(self, from: f32, to: f32) -> Self {
        let scale = self.scale;
        self.combined(|c, x, _| c * (1.0 - smoothstep(0.0, 1.0, ((x as f32 + 0.5) / scale - from) / (to - from))))
    }
}

/// Adds the signed area to the right of an edge to every pixel it passes (prefix sums along a row give the cover).
fn add_edge(area: &mut [f32], (width, height): (usize, usize), a: Pt, b: Pt) {
    if a[1] == b[1] {
        return;
    }
    let (sign, a, b) = if a[1] < b[1] { (1.0, a, b) } else { (-1.0, b, a) };
    let slope = (b[0] - a[0]) / (b[1] - a[1]);
    let stride = width + 2;
    let mut x = if a[1] < 0.0 { a[0] - a[1] * slope } else { a[0] };
    let first = a[1].max(0.0) as usize;
    for y in first..height.min(b[1].max(0.0).ceil() as usize) {
        let dy = (y as f32 + 1.0).min(b[1]) - (y as f32).max(a[1]);
        let next = x + slope * dy;
        let limit = width as f32;
        let (left, right) = (x.min(next).clamp(0.0, limit), x.max(next).clamp(0.0, limit));
        let row = &mut area[y * stride..(y + 1) * stride];
        let d = dy * sign;
        let (l, r) = (left as usize, (right.ceil() as usize).max(left as usize + 1));
        if r <= l + 1 {
            // The edge stays within one column.
            let middle = 0.5 * (left + right) - l as f32;
            row[l] += d * (1.0 - middle);
            row[l + 1] += d * middle;
        } else {
            let s = 1.0 / (right - left);
            let (left_part, right_part) = (left - l as f32, right - (r as f32 - 1.0));
            let first_area = 0.5 * s * (1.0 - left_part) * (1.0 - left_part);
            let last_area = 0.5 * s * right_part * right_part;
            row[l] += d * first_area;
            if r == l + 2 {
                row[l + 1] += d * (1.0 - first_area - last_area);
            } else {
                let second = s * (1.5 - left_part);
                row[l + 1] += d * (second - first_area);
                for value in &mut row[l + 2..r - 1] {
                    *value += d * s;
                }
                row[r - 1] += d * (1.0 - (second + (r - l - 3) as f32 * s) - last_area);
            }
            row[r] += d * last_area;
        }
        x = next;
    }
}

/// One pass of a box filter of fractional radius.
fn box_filter(line: &[f32], radius: f32, mut put: impl FnMut(usize, f32)) {
    let whole = radius.floor() as isize;
    let part = radius - whole as f32;
    let norm = 1.0 / (2.0 * radius + 1.0);
    let n = line.len() as isize;
    let at = |i: isize| if i < 0 || i >= n { 0.0 } else { line[i as usize] };
    let mut sum: f32 = (-whole..=whole).map(at).sum();
    for i in 0..n {
        put(i as usize, (sum + part * (at(i - whole - 1) + at(i + whole + 1))) * norm);
        sum += at(i + whole + 1) - at(i - whole);
    }
}

/// What a shape is filled with.
#[derive(Clone, Debug)]
pub enum Fill {
    Flat(Rgb),
    /// From one colour at a point to another at a second point.
    Linear(Pt, Rgb, Pt, Rgb),
    /// From one colour in the centre to another on an ellipse with the given radii.
    Radial(Pt, Pt, Rgb, Rgb),
}

impl From<Rgb> for Fill {
    fn from(colour: Rgb) -> Self {
        Self::Flat(colour)
    }
}

impl Fill {
    fn at(&self, p: Pt) -> Rgb {
        match *self {
            Self::Flat(c) => c,
            Self::Linear(a, from, b, to) => {
                let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
                let t = ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / (dx * dx + dy * dy).max(1e-12);
                mix(from, to, smoothstep(0.0, 1.0, t))
            }
            Self::Radial(c, r, from, to) => {
                let d = (((p[0] - c[0]) / r[0]).powi(2) + ((p[1] - c[1]) / r[1]).powi(2)).sqrt();
                mix(from, to, smoothstep(0.0, 1.0, d))
            }
        }
    }
}

/// An opaque picture being painted.
pub struct Sheet {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<Rgb>,
    /// Where something was painted since [`Sheet::begin_matte`].
    matte: Vec<f32>,
    scale: f32,
}

impl Sheet {
    /// A sheet `aspect` units wide and 1 unit high, `height` pixels high.
    pub fn new(aspect: f32, height: usize, ground: &Fill) -> Self {
        let width = ((aspect * height as f32).round() as usize).max(1);
        let scale = height as f32;
        let pixels = (0..width * height)
            .map(|i| ground.at([((i % width) as f32 + 0.5) / scale, ((i / width) as f32 + 0.5) / scale]))
            .collect();
        Self { width, height, pixels, matte: Vec::new(), scale }
    }

    /// From now on, note what is painted: ground is done, the figure begins.
    pub fn begin_matte(&mut self) {
        self.matte = vec![0.0; self.width * self.height];
    }

    /// How much of each pixel has been painted over since [`Sheet::begin_matte`], as bytes.
    pub fn matte(&self) -> Vec<u8> {
        self.matte.iter().map(|m| (m * 255.0 + 0.5) as u8).collect()
    }

    /// The mask of a path on this sheet.
    pub fn mask(&self, path: &Path) -> Mask {
        Mask::of(path, self.scale, (self.width, self.height), self.height as i32 / 16)
    }

    /// Paints through a mask.
    pub fn through(&mut self, mask: &Mask, fill: impl Into<Fill>, alpha: f32) {
        let fill = fill.into();
        let y_range = mask.y.max(0)..(mask.y + mask.height as i32).min(self.height as i32);
        for y in y_range {
            for x in mask.x.max(0)..(mask.x + mask.width as i32).min(self.width as i32) {
                let a = alpha * mask.cover[(y - mask.y) as usize * mask.width + (x - mask.x) as usize];
                if a > 0.0 {
                    let colour = fill.at([(x as f32 + 0.5) / self.scale, (y as f32 + 0.5) / self.scale]);
                    let pixel = &mut self.pixels[y as usize * self.width + x as usize];
                    *pixel = mix(*pixel, colour, a);
                    if let Some(m) = self.matte.get_mut(y as usize * self.width + x as usize) {
                        *m += (1.0 - *m) * a;
                    }
                }
            }
        }
    }

    /// Paints a path with a hard edge.
    pub fn fill(&mut self, path: &Path, fill: impl Into<Fill>, alpha: f32) {
        let mask = self.mask(path);
        self.through(&mask, fill, alpha);
    }

    /// Paints a path with an edge blurred by `sigma` units, inside `clip` only.
    pub fn soft(&mut self, path: &Path, sigma: f32, clip: &Mask, fill: impl Into<Fill>, alpha: f32) {
        let mask = self.mask(path).blurred(sigma).within(clip);
        self.through(&mask, fill, alpha);
    }

    /// Paints a path inside `clip` with a hard edge.
    pub fn fill_within(&mut self, path: &Path, clip: &Mask, fill: impl Into<Fill>, alpha: f32) {
        let mask = self.mask(path).within(clip);
        self.through(&mask, fill, alpha);
    }

    /// The finished picture as RGBA bytes, all opaque.
    pub fn rgba(&self) -> Vec<u8> {
        let byte = |v: f32| (v.clamp(0.0, 1.0) * 255.0 + 0.5) as u8;
        self.pixels.iter().flat_map(|p| [byte(p[0]), byte(p[1]), byte(p[2]), 255]).collect()
    }
}
