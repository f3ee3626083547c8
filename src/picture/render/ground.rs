//! The wall behind a person: the picture without the person, which keeps still whatever the person does.

use rayon::prelude::*;

/// Side of the squares in which it is known how far the person is, in pixels.
const SQUARE: usize = 8;

/// What is behind the person and keeps still.
pub struct Ground {
    /// As large as the picture; made up where the person hides it.
    pub bytes: Vec<u8>,
    /// For each square a distance in pixels within which there is nobody.
    clear: Vec<u16>,
}

/// How much of a ground shows through a pixel of the person with this matte: the same whole number everywhere, so that
/// person and ground together are the picture again.
#[inline(always)]
pub fn shining_through(ground: u8, matte: u8) -> u8 {
    let t = u16::from(ground) * u16::from(255 - matte) + 128;
    ((t + (t >> 8)) >> 8) as u8
}

impl Ground {
    /// From RGBA bytes whose fourth channel is the matte.
    pub fn new(width: usize, height: usize, bytes: &[u8]) -> Self {
        let across = width.div_ceil(SQUARE);
        let down = height.div_ceil(SQUARE);
        let mut taken = vec![false; across * down];
        for (i, p) in bytes.chunks_exact(4).enumerate() {
            if p[3] > 0 {
                taken[i / width / SQUARE * across + i % width / SQUARE] = true;
            }
        }
        // Squares to the nearest one that is taken, king's moves, by two sweeps.
        let mut far: Vec<u16> = taken.iter().map(|t| if *t { 0 } else { u16::MAX / 16 }).collect();
        let mut sweep = |order: &mut dyn Iterator<Item = usize>, back: isize| {
            for i in order {
                let (x, y) = ((i % across) as isize, (i / across) as isize);
                for (dx, dy) in [(-1, 0), (-1, -1), (0, -1), (1, -1)] {
                    let (nx, ny) = (x + back * dx, y + back * dy);
                    if (0..across as isize).contains(&nx) && (0..down as isize).contains(&ny) {
                        far[i] = far[i].min(far[ny as usize * across + nx as usize] + 1);
                    }
                }
            }
        };
        sweep(&mut (0..across * down), 1);
        sweep(&mut (0..across * down).rev(), -1);
        let clear = far.into_iter().map(|k| k.saturating_sub(1).saturating_mul(SQUARE as u16)).collect();
        Self { bytes: filled(width, height, bytes), clear }
    }

    /// Whether there is nobody within `reach` pixels of these pixels of a row; `width` is that of the picture.
    pub fn is_clear(&self, width: usize, columns: std::ops::Range<usize>, y: usize, reach: f32) -> bool {
        let first = y / SQUARE * width.div_ceil(SQUARE);
        let squares = first + columns.start / SQUARE..first + columns.end.saturating_sub(1) / SQUARE + 1;
        self.clear.get(squares).is_some_and(|c| c.iter().all(|clear| f32::from(*clear) > reach + 3.0))
    }
}

/// The picture with the person taken out: what the matte leaves free is kept, and the hole is filled from its rim, from
/// ever coarser pictures of what is known (push and pull).
fn filled(width: usize, height: usize, bytes: &[u8]) -> Vec<u8> {
    // A rim of the person's own colour remains where a matte is a little too narrow: keep two pixels away from it.
    let hidden = |i: usize| {
        let (x, y) = (i % width, i / width);
        let (left, right) = (x.saturating_sub(2), (x + 3).min(width));
        (y.saturating_sub(2)..(y + 3).min(height)).any(|y| (left..right).any(|x| bytes[4 * (y * width + x) + 3] > 0))
    };
    let own = |i: usize| bytes[4 * i + 3] == 0;
    let colour = |i: usize| -> [f32; 4] {
        if hidden(i) {
            return [0.0; 4];
        }
        [bytes[4 * i], bytes[4 * i + 1], bytes[4 * i + 2], 1].map(f32::from)
    };
    // Colour and weight, each level half the size of the last.
    let mut levels = vec![(width, height, (0..width * height).into_par_iter().map(colour).collect::<Vec<_>>())];
    while let Some((w, h, last)) = levels.last().filter(|(w, h, _)| *w > 1 || *h > 1) {
        let (w, h) = (*w, *h);
        let (half_w, half_h) = (w.div_ceil(2), h.div_ceil(2));
        let mut next = vec![[0.0f32; 4]; half_w * half_h];
        for (i, c) in last.iter().enumerate() {
            let into = &mut next[i / w / 2 * half_w + i % w / 2];
            (0..4).for_each(|k| into[k] += c[k]);
        }
        // A pixel that is known at all is known: a weight of one.
        for c in &mut next {
            if c[3] > 0.0 {
                let weight = c[3].max(1.0);
                *c = c.map(|v| v / weight);
            }
        }
        levels.push((half_w, half_h, next));
    }
    let mut coarse: Option<(usize, usize, Vec<[f32; 4]>)> = None;
    while let Some((w, h, mut fine)) = levels.pop() {
        if let Some((cw, ch, from)) = &coarse {
            for (i, c) in fine.iter_mut().enumerate().filter(|(_, c)| c[3] < 1.0) {
                // Between the four nearest of the coarser level.
                let at = |v: usize, limit: usize| {
                    let p = (v as f32 / 2.0 - 0.25).clamp(0.0, (limit - 1) as f32);
                    (p as usize, (p as usize + 1).min(limit - 1), p.fract())
                };
                let ((x0, x1, u), (y0, y1, v)) = (at(i % w, *cw), at(i / w, *ch));
                let value: [f32; 3] = std::array::from_fn(|k| {
                    let row = |y: usize| from[y * cw + x0][k] * (1.0 - u) + from[y * cw + x1][k] * u;
                    row(y0) * (1.0 - v) + row(y1) * v
                });
                let known = c[3];
                *c = [
                    c[0] + (1.0 - known) * value[0],
                    c[1] + (1.0 - known) * value[1],
                    c[2] + (1.0 - known) * value[2],
                    1.0,
                ];
            }
        }
        coarse = Some((w, h, fine));
    }
    let Some((_, _, fine)) = coarse else { return bytes.to_vec() };
    let mut out = bytes.to_vec();
    for (i, (pixel, c)) in out.chunks_exact_mut(4).zip(&fine).enumerate() {
        if !own(i) {
            (0..3).for_each(|k| pixel[k] = (c[k] + 0.5) as u8);
        }
    }
    out
}
