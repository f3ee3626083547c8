//! One mesh for one lane: rectangles, frames, slanted edges, hatches and dashes are all written into it, because the
//! number of shapes is what drawing costs, not their size.

use egui::epaint::Mesh;
use egui::{Color32, Painter, Pos2, Rect, pos2, vec2};

/// A pattern that says the same as a hue, for eyes that do not see the hue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hatch {
    #[default]
    None,
    /// `///`: generated.
    Rising,
    /// Lines both ways: locked.
    Crossed,
    /// `░`: the halo of a mask.
    Dotted,
}

/// A mesh under construction, clipped to a rectangle.
pub struct Ink {
    mesh: Mesh,
    clip: Rect,
    pixel: f32,
}

impl Ink {
    /// For a lane; what reaches beyond `clip` is cut where that is cheap, and clipped by the painter elsewhere.
    pub fn new(painter: &Painter, clip: Rect) -> Self {
        Self { mesh: Mesh::default(), clip, pixel: 1.0 / painter.pixels_per_point().max(0.5) }
    }

    /// Hands the mesh over to be painted.
    pub fn paint(self, painter: &Painter) {
        if !self.mesh.is_empty() {
            painter.add(self.mesh);
        }
    }

    pub fn rect(&mut self, rect: Rect, color: Color32) {
        let rect = rect.intersect(self.clip);
        if rect.width() > 0.0 && rect.height() > 0.0 {
            self.mesh.add_colored_rect(rect, color);
        }
    }

    /// A border inside `rect`.
    pub fn frame(&mut self, rect: Rect, width: f32, color: Color32) {
        let w = width.min(rect.width() / 2.0).min(rect.height() / 2.0);
        self.rect(rect.with_max_y(rect.top() + w), color);
        self.rect(rect.with_min_y(rect.bottom() - w), color);
        let (top, bottom) = (rect.top() + w, rect.bottom() - w);
        self.rect(Rect::from_min_max(pos2(rect.left(), top), pos2(rect.left() + w, bottom)), color);
        self.rect(Rect::from_min_max(pos2(rect.right() - w, top), pos2(rect.right(), bottom)), color);
    }

    /// A dashed border inside `rect`.
    pub fn dashes(&mut self, rect: Rect, width: f32, color: Color32) {
        const DASH: f32 = 4.0;
        const GAP: f32 = 3.0;
        let from = rect.left().max(self.clip.left());
        // Dashes keep their places while the view pans: they are counted from the segment's own edge.
        let mut x = rect.left() + ((from - rect.left()) / (DASH + GAP)).floor() * (DASH + GAP);
        let until = rect.right().min(self.clip.right());
        while x < until {
            let (a, b) = (x.max(rect.left()), (x + DASH).min(rect.right()));
            self.rect(Rect::from_min_max(pos2(a, rect.top()), pos2(b, rect.top() + width)), color);
            self.rect(Rect::from_min_max(pos2(a, rect.bottom() - width), pos2(b, rect.bottom())), color);
            x += DASH + GAP;
        }
        let mut y = rect.top();
        while y < rect.bottom() {
            let end = (y + DASH).min(rect.bottom());
            self.rect(Rect::from_min_max(pos2(rect.left(), y), pos2(rect.left() + width, end)), color);
            self.rect(Rect::from_min_max(pos2(rect.right() - width, y), pos2(rect.right(), end)), color);
            y += DASH + GAP;
        }
    }

    /// A convex shape of four corners in order around it.
    pub fn quad(&mut self, corners: [Pos2; 4], color: Color32) {
        let base = self.mesh.vertices.len() as u32;
        for corner in corners {
            self.mesh.colored_vertex(corner, color);
        }
        self.mesh.add_triangle(base, base + 1, base + 2);
        self.mesh.add_triangle(base, base + 2, base + 3);
    }

    pub fn triangle(&mut self, corners: [Pos2; 3], color: Color32) {
        let base = self.mesh.vertices.len() as u32;
        for corner in corners {
            self.mesh.colored_vertex(corner, color);
        }
        self.mesh.add_triangle(base, base + 1, base + 2);
    }

    /// A line with soft sides, `width` points across.
    pub fn line(&mut self, a: Pos2, b: Pos2, width: f32, color: Color32) {
        let along = b - a;
        let length = along.length();
        if length < 1e-3 {
            return;
        }
        let side = vec2(-along.y, along.x) / length;
        let (inner, outer) = ((width - self.pixel).max(0.0) / 2.0, (width + self.pixel) / 2.0);
        let base = self.mesh.vertices.len() as u32;
        for point in [a, b] {
            for (offset, color) in
                [(-outer, Color32::TRANSPARENT), (-inner, color), (inner, color), (outer, Color32::TRANSPARENT)]
            {
                self.mesh.colored_vertex(point + side * offset, color);
            }
        }
        for i in 0..3 {
            self.mesh.add_triangle(base + i, base + i + 1, base + i + 4);
            self.mesh.add_triangle(base + i + 1, base + i + 5, base + i + 4);
        }
    }

    pub fn polyline(&mut self, points: &[Pos2], width: f32, color: Color32) {
        for pair in points.windows(2) {
            self.line(pair[0], pair[1], width, color);
        }
    }

    /// Fills `rect` with a pattern. The pattern is tied to the screen's left edge of the segment, so it pans along.
    pub fn hatch(&mut self, rect: Rect, hatch: Hatch, color: Color32) {
        let seen = rect.intersect(self.clip);
        if seen.width() < 2.0 || seen.height() < 2.0 {
            return;
        }
        match hatch {
            Hatch::None => {}
            Hatch::Rising => self.slants(rect, seen, false, color),
            Hatch::Crossed => {
                self.slants(rect, seen, false, color);
                self.slants(rect, seen, true, color);
            }
            Hatch::Dotted => {
                const STEP: f32 = 4.0;
                let mut row = 0;
                let mut y = rect.top() + 1.5;
                while y < rect.bottom() - 1.0 {
                    let shift = if row % 2 == 0 { 0.0 } else { STEP / 2.0 };
                    let skip = ((seen.left() - rect.left() - shift) / STEP).floor().max(0.0);
                    let mut x = rect.left() + 1.0 + shift + skip * STEP;
                    while x < seen.right() - 1.0 {
                        self.rect(Rect::from_min_size(pos2(x, y), vec2(1.25, 1.25)).intersect(rect), color);
                        x += STEP;
                    }
                    y += STEP / 2.0 + 0.5;
                    row += 1;
                }
            }
        }
    }

    /// Slanted lines at 45°, clipped to `seen`.
    fn slants(&mut self, rect: Rect, seen: Rect, falling: bool, color: Color32) {
        const STEP: f32 = 7.0;
        let height = rect.height();
        let first = ((seen.left() - rect.left() - height) / STEP).floor();
        let mut x = rect.left() + first * STEP;
        while x < seen.right() {
            // From (x, one side) to (x + height, the other side), cut at the left and right of what is seen.
            let (from, to) = (x.max(seen.left()), (x + height).min(seen.right()));
            if to > from {
                let y = |at: f32| {
                    let down = at - x;
                    if falling { rect.top() + down } else { rect.bottom() - down }
                };
                self.line(pos2(from, y(from)), pos2(to, y(to)), 1.0, color);
            }
            x += STEP;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ink(clip: Rect) -> Ink {
        Ink { mesh: Mesh::default(), clip, pixel: 1.0 }
    }

    #[test]
    fn hatches_stay_inside_and_cost_what_is_seen() {
        let clip = Rect::from_min_max(pos2(0.0, 0.0), pos2(100.0, 20.0));
        // A segment of two hours at the closest zoom is far wider than the screen.
        let rect = Rect::from_min_max(pos2(-1e7, 0.0), pos2(1e7, 20.0));
        for hatch in [Hatch::Rising, Hatch::Crossed, Hatch::Dotted] {
            let mut it = ink(clip);
            it.hatch(rect, hatch, Color32::WHITE);
            assert!(!it.mesh.is_empty() && it.mesh.vertices.len() < 4000, "{hatch:?} {}", it.mesh.vertices.len());
            assert!(it.mesh.vertices.iter().all(|v| clip.expand(1.5).contains(v.pos)), "{hatch:?}");
            assert!(it.mesh.is_valid());
        }
    }

    #[test]
    fn a_dashed_border_of_a_long_segment_costs_what_is_seen() {
        let clip = Rect::from_min_max(pos2(0.0, 0.0), pos2(100.0, 20.0));
        let mut it = ink(clip);
        it.dashes(Rect::from_min_max(pos2(-1e6, 2.0), pos2(1e6, 18.0)), 1.0, Color32::WHITE);
        assert!((8..600).contains(&it.mesh.vertices.len()), "{}", it.mesh.vertices.len());
    }
}
