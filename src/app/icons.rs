//! Icons as drawn shapes, 16 by 16 points, one stroke width: no picture files and no symbol fonts.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, pos2, vec2};

/// What an icon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Icon {
    Play,
    Pause,
    ToStart,
    ToEnd,
    Back,
    Forward,
    Loop,
    PlayAround,
    Search,
    Plus,
    Close,
    Check,
    Warning,
    Error,
    Info,
    Folder,
    Film,
    Sound,
    Person,
    Fit,
    Eye,
    Lock,
    Undo,
    Redo,
    ChevronLeft,
    ChevronRight,
    Export,
    Text,
    Sliders,
    Stack,
    Clock,
    Gear,
    Speech,
    Lanes,
    ChevronDown,
    ChevronUp,
    Hand,
}

/// Side of an icon, points.
pub const SIZE: f32 = 16.0;

/// Draws `icon` in the middle of `rect`.
pub fn paint(painter: &Painter, rect: Rect, icon: Icon, color: Color32) {
    let pixels = painter.pixels_per_point();
    let corner = rect.center() - Vec2::splat(SIZE / 2.0);
    // On the pixel grid, so that straight lines stay sharp.
    let origin = pos2((corner.x * pixels).round() / pixels, (corner.y * pixels).round() / pixels);
    let p = |x: f32, y: f32| origin + vec2(x, y);
    let stroke = Stroke::new(1.5, color);
    let line = |points: &[(f32, f32)]| {
        painter.add(Shape::line(points.iter().map(|(x, y)| p(*x, *y)).collect(), stroke));
    };
    let fill = |points: &[(f32, f32)]| {
        painter.add(Shape::convex_polygon(points.iter().map(|(x, y)| p(*x, *y)).collect(), color, Stroke::NONE));
    };
    let bar = |x: f32, y: f32, w: f32, h: f32| {
        painter.rect_filled(Rect::from_min_size(p(x, y), vec2(w, h)), 0.5, color);
    };
    match icon {
        Icon::Play => fill(&[(4.0, 2.5), (13.5, 8.0), (4.0, 13.5)]),
        Icon::Pause => {
            bar(4.0, 3.0, 3.0, 10.0);
            bar(9.0, 3.0, 3.0, 10.0);
        }
        Icon::ToStart => {
            bar(3.0, 3.0, 2.0, 10.0);
            fill(&[(13.0, 3.0), (13.0, 13.0), (5.5, 8.0)]);
        }
        Icon::ToEnd => {
            bar(11.0, 3.0, 2.0, 10.0);
            fill(&[(3.0, 3.0), (10.5, 8.0), (3.0, 13.0)]);
        }
        Icon::Back => {
            fill(&[(8.5, 3.5), (8.5, 12.5), (2.0, 8.0)]);
            fill(&[(14.5, 3.5), (14.5, 12.5), (8.0, 8.0)]);
        }
        Icon::Forward => {
            fill(&[(1.5, 3.5), (8.0, 8.0), (1.5, 12.5)]);
            fill(&[(7.5, 3.5), (14.0, 8.0), (7.5, 12.5)]);
        }
        Icon::Loop => {
            arc(painter, p(8.0, 8.0), 5.0, 0.9, 5.6, stroke);
            fill(&[(9.0, 1.0), (14.0, 3.4), (9.6, 6.4)]);
        }
        Icon::PlayAround => {
            fill(&[(6.0, 4.5), (11.0, 8.0), (6.0, 11.5)]);
            line(&[(4.0, 2.5), (2.0, 2.5), (2.0, 13.5), (4.0, 13.5)]);
            line(&[(12.0, 2.5), (14.0, 2.5), (14.0, 13.5), (12.0, 13.5)]);
        }
        Icon::Search => {
            painter.circle_stroke(p(7.0, 7.0), 4.25, stroke);
            line(&[(10.2, 10.2), (14.0, 14.0)]);
        }
        Icon::Plus => {
            line(&[(8.0, 3.0), (8.0, 13.0)]);
            line(&[(3.0, 8.0), (13.0, 8.0)]);
        }
        Icon::Close => {
            line(&[(4.0, 4.0), (12.0, 12.0)]);
            line(&[(12.0, 4.0), (4.0, 12.0)]);
        }
        Icon::Check => line(&[(3.0, 8.5), (6.5, 12.0), (13.0, 4.0)]),
        Icon::Warning => {
            painter.add(Shape::closed_line(vec![p(8.0, 2.0), p(14.5, 13.5), p(1.5, 13.5)], stroke));
            line(&[(8.0, 6.0), (8.0, 9.5)]);
            painter.circle_filled(p(8.0, 11.5), 0.9, color);
        }
        Icon::Error => {
            painter.circle_stroke(p(8.0, 8.0), 6.0, stroke);
            line(&[(8.0, 4.5), (8.0, 8.8)]);
            painter.circle_filled(p(8.0, 11.0), 0.9, color);
        }
        Icon::Info => {
            painter.circle_stroke(p(8.0, 8.0), 6.0, stroke);
            line(&[(8.0, 7.2), (8.0, 11.5)]);
            painter.circle_filled(p(8.0, 5.0), 0.9, color);
        }
        Icon::Folder => {
            let outline = [(1.5, 12.5), (1.5, 3.5), (6.0, 3.5), (7.5, 5.5), (14.5, 5.5), (14.5, 12.5)];
            painter.add(Shape::closed_line(outline.iter().map(|(x, y)| p(*x, *y)).collect(), stroke));
        }
        Icon::Film => {
            painter.rect_stroke(Rect::from_min_max(p(1.5, 3.0), p(14.5, 13.0)), 1.0, stroke, StrokeKind::Middle);
            line(&[(4.5, 3.0), (4.5, 13.0)]);
            line(&[(11.5, 3.0), (11.5, 13.0)]);
            line(&[(4.5, 8.0), (11.5, 8.0)]);
        }
        Icon::Sound => {
            for (x, h) in [(2.0, 3.0), (5.0, 9.0), (8.0, 12.0), (11.0, 6.0), (14.0, 3.0)] {
                line(&[(x, 8.0 - h / 2.0), (x, 8.0 + h / 2.0)]);
            }
        }
        Icon::Person => {
            painter.circle_stroke(p(8.0, 5.0), 3.0, stroke);
            line(&[(2.5, 14.0), (3.0, 11.5), (5.5, 10.0), (10.5, 10.0), (13.0, 11.5), (13.5, 14.0)]);
        }
        Icon::Fit => {
            line(&[(2.0, 6.0), (2.0, 2.0), (6.0, 2.0)]);
            line(&[(10.0, 2.0), (14.0, 2.0), (14.0, 6.0)]);
            line(&[(14.0, 10.0), (14.0, 14.0), (10.0, 14.0)]);
            line(&[(6.0, 14.0), (2.0, 14.0), (2.0, 10.0)]);
        }
        Icon::Eye => {
            let lid =
                [(1.0, 8.0), (3.5, 5.0), (8.0, 3.6), (12.5, 5.0), (15.0, 8.0), (12.5, 11.0), (8.0, 12.4), (3.5, 11.0)];
            painter.add(Shape::closed_line(lid.iter().map(|(x, y)| p(*x, *y)).collect(), stroke));
            painter.circle_filled(p(8.0, 8.0), 2.4, color);
        }
        Icon::Lock => {
            painter.rect_filled(Rect::from_min_max(p(3.5, 7.5), p(12.5, 14.0)), 1.0, color);
            arc(painter, p(8.0, 7.0), 3.2, std::f32::consts::PI, std::f32::consts::TAU, stroke);
        }
        Icon::Undo | Icon::Redo => {
            let flip = |x: f32| if icon == Icon::Redo { 16.0 - x } else { x };
            let f = |points: &[(f32, f32)]| line(&points.iter().map(|(x, y)| (flip(*x), *y)).collect::<Vec<_>>());
            f(&[(2.5, 6.0), (9.5, 6.0), (12.2, 7.0), (13.5, 9.5), (12.2, 12.0), (9.5, 13.0), (6.0, 13.0)]);
            f(&[(6.0, 2.5), (2.5, 6.0), (6.0, 9.5)]);
        }
        Icon::ChevronLeft => line(&[(10.0, 3.0), (5.0, 8.0), (10.0, 13.0)]),
        Icon::ChevronRight => line(&[(6.0, 3.0), (11.0, 8.0), (6.0, 13.0)]),
        Icon::Export => {
            line(&[(8.0, 10.0), (8.0, 2.0)]);
            line(&[(4.8, 5.2), (8.0, 2.0), (11.2, 5.2)]);
            line(&[(2.5, 9.5), (2.5, 13.5), (13.5, 13.5), (13.5, 9.5)]);
        }
        Icon::Text => {
            line(&[(3.0, 3.5), (13.0, 3.5)]);
            line(&[(8.0, 3.5), (8.0, 13.0)]);
        }
        Icon::Sliders => {
            for (y, x) in [(4.0, 10.0), (8.0, 5.0), (12.0, 9.0)] {
                line(&[(2.0, y), (14.0, y)]);
                painter.circle_filled(p(x, y), 2.0, color);
            }
        }
        Icon::Stack => {
            painter.rect_stroke(Rect::from_min_max(p(2.0, 5.0), p(11.0, 14.0)), 1.0, stroke, StrokeKind::Middle);
            line(&[(5.0, 2.0), (14.0, 2.0), (14.0, 11.0)]);
        }
        Icon::Clock => {
            painter.circle_stroke(p(8.0, 8.0), 6.0, stroke);
            line(&[(8.0, 4.5), (8.0, 8.0), (10.8, 9.6)]);
        }
        Icon::Gear => {
            painter.circle_stroke(p(8.0, 8.0), 3.6, stroke);
            for i in 0..8 {
                let angle = i as f32 * std::f32::consts::TAU / 8.0;
                let way = vec2(angle.cos(), angle.sin());
                painter.line_segment([p(8.0, 8.0) + way * 4.4, p(8.0, 8.0) + way * 6.6], stroke);
            }
        }
        Icon::Speech => {
            let outline = [(2.0, 3.0), (14.0, 3.0), (14.0, 11.0), (8.0, 11.0), (5.0, 14.0), (5.0, 11.0), (2.0, 11.0)];
            painter.add(Shape::closed_line(outline.iter().map(|(x, y)| p(*x, *y)).collect(), stroke));
        }
        Icon::Lanes => {
            bar(2.0, 2.5, 8.0, 2.5);
            bar(5.0, 6.75, 9.0, 2.5);
            bar(2.0, 11.0, 6.0, 2.5);
        }
        Icon::ChevronDown => line(&[(3.0, 6.0), (8.0, 11.0), (13.0, 6.0)]),
        Icon::ChevronUp => line(&[(3.0, 10.0), (8.0, 5.0), (13.0, 10.0)]),
        Icon::Hand => {
            for (x, top) in [(5.5, 4.0), (8.0, 2.5), (10.5, 3.5), (13.0, 6.0)] {
                line(&[(x, top), (x, 9.0)]);
            }
            line(&[(5.5, 9.0), (2.5, 7.0)]);
            line(&[(5.5, 8.5), (5.5, 11.0), (7.0, 14.0), (11.5, 14.0), (13.0, 11.0), (13.0, 8.5)]);
        }
    }
}

/// Part of a circle from angle `from` to `to`, radians clockwise from the right.
fn arc(painter: &Painter, center: Pos2, radius: f32, from: f32, to: f32, stroke: Stroke) {
    let steps = 20;
    let points = (0..=steps)
        .map(|i| {
            let a = from + (to - from) * i as f32 / steps as f32;
            center + radius * vec2(a.cos(), a.sin())
        })
        .collect();
    painter.add(Shape::line(points, stroke));
}
