//! Strips of the picture drawn at another place: lips and lids that slide over what is behind them.
//!
//! A strip is a ladder of points: each rung holds a few places of the resting picture and the pixels they go to. Two
//! rungs make a row of quads, each drawn as two textured triangles. The last side of the ladder may be a *free edge*,
//! such as the edge of a lip over the open mouth: there the strip ends in an antialiased border.

use super::paint::Pt;
use super::texture::Texture;

/// A point of a strip.
#[derive(Clone, Copy, Debug)]
pub struct Knot {
    /// Place in the resting picture, picture units.
    pub rest: Pt,
    /// Place in the frame, picture units.
    pub place: Pt,
    /// Factor on the colour, 1 where nothing changes: the shading of a lid that turns away from the light.
    pub shade: f32,
    /// Distance to the free edge in pixels, growing inwards; large where there is none near.
    pub inside: f32,
}

/// A ladder of points: `rungs` of equal length.
#[derive(Clone, Debug, Default)]
pub struct Strip {
    pub rungs: Vec<Vec<Knot>>,
}

/// `inside` of knots far from any free edge.
pub const WELL_INSIDE: f32 = 100.0;

impl Strip {
    /// Adds a border of one pixel beyond the last knot of each rung, so that this side ends softly. `scale` is pixels
    /// per unit.
    pub fn with_free_edge(mut self, scale: f32) -> Self {
        for rung in &mut self.rungs {
            let Some([before, last]) = rung.last_chunk::<2>().copied() else { continue };
            let (dx, dy) = (last.place[0] - before.place[0], last.place[1] - before.place[1]);
            let length = dx.hypot(dy);
            if let Some(knot) = rung.last_mut() {
                knot.inside = 0.0;
            }
            // A rung of no length (a corner of the mouth) has no edge of its own.
            let step = if length > 1e-6 { 1.0 / (scale * length) } else { 0.0 };
            rung.push(Knot { place: [last.place[0] + dx * step, last.place[1] + dy * step], inside: -1.0, ..last });
        }
        self
    }

    /// Draws the strip over RGBA bytes of the texture's size.
    pub fn draw(&self, texture: &Texture, out: &mut [u8]) {
        for pair in self.rungs.windows(2) {
            for k in 1..pair[0].len().min(pair[1].len()) {
                let (a, b, c, d) = (pair[0][k - 1], pair[0][k], pair[1][k - 1], pair[1][k]);
                triangle([a, b, c], texture, out);
                triangle([c, b, d], texture, out);
            }
        }
    }
}

fn triangle(knots: [Knot; 3], texture: &Texture, out: &mut [u8]) {
    let scale = texture.height as f32;
    let p: [Pt; 3] = knots.map(|k| [k.place[0] * scale, k.place[1] * scale]);
    let area = (p[1][0] - p[0][0]) * (p[2][1] - p[0][1]) - (p[2][0] - p[0][0]) * (p[1][1] - p[0][1]);
    if area.is_nan() || area.abs() <= 1e-6 {
        return;
    }
    let inverse = 1.0 / area;
    let bounds = |k: usize, limit: usize| {
        let low = p[0][k].min(p[1][k]).min(p[2][k]) - 0.5;
        let high = p[0][k].max(p[1][k]).max(p[2][k]) + 0.5;
        (low.floor().max(0.0) as usize).min(limit)..(high.ceil().max(0.0) as usize).min(limit)
    };
    for y in bounds(1, texture.height) {
        for x in bounds(0, texture.width) {
            // A hair off the centre: no pixel lies exactly on an edge that two triangles share, to be drawn twice.
            let q = [x as f32 + 0.500_13, y as f32 + 0.500_29];
            let edge = |a: Pt, b: Pt| (b[0] - a[0]) * (q[1] - a[1]) - (q[0] - a[0]) * (b[1] - a[1]);
            let weights = [edge(p[1], p[2]) * inverse, edge(p[2], p[0]) * inverse, edge(p[0], p[1]) * inverse];
            if weights.iter().any(|w| *w < 0.0) {
                continue;
            }
            let blend = |f: fn(&Knot) -> f32| weights.iter().zip(&knots).map(|(w, k)| w * f(k)).sum::<f32>();
            let alpha = (0.5 + blend(|k| k.inside)).clamp(0.0, 1.0);
            if alpha <= 0.0 {
                continue;
            }
            let shade = blend(|k| k.shade);
            let colour = texture.sample(blend(|k| k.rest[0]) * scale, blend(|k| k.rest[1]) * scale);
            over(
                &mut out[4 * (y * texture.width + x)..][..4],
                [colour[0] * shade, colour[1] * shade, colour[2] * shade],
                alpha,
            );
        }
    }
}

/// Lays a colour (0-255) over an opaque pixel.
pub fn over(pixel: &mut [u8], colour: [f32; 3], alpha: f32) {
    for k in 0..3 {
        let below = f32::from(pixel[k]);
        pixel[k] = (below + (colour[k] - below) * alpha + 0.5) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knot(rest: Pt, place: Pt) -> Knot {
        Knot { rest, place, shade: 1.0, inside: WELL_INSIDE }
    }

    #[test]
    fn a_strip_at_rest_changes_nothing_and_a_moved_one_carries_its_texture() {
        let bytes: Vec<u8> = (0..32 * 32).flat_map(|i| [(i % 32) as u8 * 5, (i / 32) as u8 * 5, 90, 255]).collect();
        let texture = Texture::new(32, 32, bytes.clone());
        let ladder = |by: f32| Strip {
            rungs: (0..5)
                .map(|i| {
                    let x = 0.25 + 0.125 * i as f32;
                    vec![knot([x, 0.25], [x, 0.25 + by]), knot([x, 0.5], [x, 0.5 + by])]
                })
                .collect(),
        };
        let mut out = bytes.clone();
        ladder(0.0).draw(&texture, &mut out);
        assert_eq!(out, bytes);
        ladder(0.125).draw(&texture, &mut out);
        // Pixel (16, 16) now shows what was four pixels higher.
        assert_eq!(out[4 * (16 * 32 + 16) + 1], 12 * 5);
        // A free edge at y = 20 px covers half of the pixels it passes through the middle of, and none beyond.
        let mut out = vec![0; bytes.len()];
        ladder(0.140_625).with_free_edge(32.0).draw(&texture, &mut out);
        assert_eq!(out[4 * (22 * 32 + 16)], 0);
        assert!(out[4 * (18 * 32 + 16)] == 80);
        let edge = out[4 * (20 * 32 + 16)];
        assert!((30..=50).contains(&edge), "{edge}");
    }
}
