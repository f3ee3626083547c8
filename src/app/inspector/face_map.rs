//! The positions as places on a drawn face, to be clicked. The hand comes from image left, as on the picture.

use crate::app::board::position_name;
use crate::app::commands::Command;
use crate::app::i18n::{capitalised, tr, tr_with};
use crate::app::theme::{self, tokens};
use crate::cueing::Position;
use egui::{Align2, Pos2, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2};

/// Size of the box that the drawing is made in.
const BOX: Vec2 = vec2(176.0, 188.0);
/// Left edge of that box in the drawing's own coordinates.
const LEFT: f32 = 16.0;

/// Where each position is in the drawing's own coordinates, and where its letter stands beside it.
fn place(position: Position) -> (Pos2, Vec2) {
    match position {
        Position::Side => (pos2(58.0, 92.0), vec2(-17.0, 0.0)),
        Position::SideForward => (pos2(36.0, 62.0), vec2(0.0, -17.0)),
        Position::SideDown => (pos2(52.0, 126.0), vec2(-20.0, 0.0)),
        Position::Mouth => (pos2(111.0, 95.0), vec2(-16.0, 0.0)),
        Position::Chin => (pos2(132.0, 118.0), vec2(17.0, 3.0)),
        Position::Cheekbone => (pos2(105.0, 67.0), vec2(-16.0, -5.0)),
        Position::Throat => (pos2(132.0, 152.0), vec2(17.0, 3.0)),
        Position::Neutral => (pos2(0.0, 0.0), Vec2::ZERO),
    }
}

/// Draws the map; gives the position that was clicked. `offered` are the positions of the language's chart.
pub fn show(ui: &mut Ui, size: Vec2, now: Position, offered: &[Position], enabled: bool) -> Option<Position> {
    let t = tokens(ui);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let scale = (rect.width() / BOX.x).min(rect.height() / BOX.y);
    // The shoulders stand on the lower edge whatever the proportions.
    let origin = pos2(rect.center().x - BOX.x / 2.0 * scale, rect.bottom() - BOX.y * scale);
    let at = |x: f32, y: f32| origin + vec2(x - LEFT, y) * scale;
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, theme::RADIUS, t.surface0);
    face(&painter, &at, t);

    let mut chosen = None;
    for &position in offered {
        let (spot, letter_offset) = place(position);
        let center = at(spot.x, spot.y);
        let hit = Rect::from_center_size(center, Vec2::splat(26.0));
        let sense = if enabled { Sense::click() } else { Sense::hover() };
        let response = ui.interact(hit, ui.scope_id().with(("place", position)), sense);
        let selected = position == now;
        let name = tr_with("Position {place}", &[("place", position_name(position))]);
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, enabled, selected, &name));
        let hovered = response.hovered() && enabled;
        let (fill, ring) = if selected {
            (t.accent, t.accent)
        } else if hovered {
            (t.surface3, t.text1)
        } else {
            (t.surface2, t.text2)
        };
        painter.circle(center, if selected { 8.0 } else { 6.5 }, fill, Stroke::new(1.5, ring));
        if response.has_focus() {
            painter.rect_stroke(hit, theme::RADIUS, Stroke::new(2.0, t.focus), StrokeKind::Inside);
        }
        let command = Command::Place(position);
        let keys = command.shortcut_text(ui.ctx()).replace(&format!("{}+", tr("Shift")), "⇧");
        let color = if selected { t.text1 } else { t.text3 };
        painter.text(center + letter_offset, Align2::CENTER_CENTER, keys, theme::mono(theme::SMALL), color);
        if response
            .on_hover_text(tr_with(
                "{name} ({shortcut})",
                &[("name", &capitalised(position_name(position))), ("shortcut", &command.shortcut_text(ui.ctx()))],
            ))
            .clicked()
        {
            chosen = Some(position);
        }
    }
    chosen
}

/// Head, hair, features, neck and shoulders in quiet lines.
fn face(painter: &egui::Painter, at: &dyn Fn(f32, f32) -> Pos2, t: &theme::Tokens) {
    let skin = theme::mix(t.surface0, t.text1, 0.10);
    let line = Stroke::new(1.5, theme::mix(t.surface0, t.text1, 0.42));
    let shoulders: Vec<Pos2> = [
        (52.0, 188.0),
        (58.0, 174.0),
        (78.0, 163.0),
        (112.0, 154.0),
        (118.0, 146.0),
        (118.0, 120.0),
        (146.0, 120.0),
        (146.0, 146.0),
        (152.0, 154.0),
        (186.0, 163.0),
        (206.0, 174.0),
        (212.0, 188.0),
    ]
    .into_iter()
    .map(|(x, y)| at(x, y))
    .collect();
    // Not convex: filled as a trunk and a neck.
    painter.add(Shape::convex_polygon(
        [
            (52.0, 188.0),
            (58.0, 174.0),
            (78.0, 163.0),
            (112.0, 154.0),
            (152.0, 154.0),
            (186.0, 163.0),
            (206.0, 174.0),
            (212.0, 188.0),
        ]
        .into_iter()
        .map(|(x, y)| at(x, y))
        .collect(),
        skin,
        Stroke::NONE,
    ));
    painter.rect_filled(Rect::from_min_max(at(118.0, 112.0), at(146.0, 156.0)), 0.0, skin);
    painter.add(Shape::line(shoulders, line));
    let head: Vec<Pos2> = (0..40)
        .map(|i| {
            let a = i as f32 / 40.0 * std::f32::consts::TAU;
            // An oval, narrower towards the chin.
            let (s, c) = a.sin_cos();
            let width = 42.0 - 7.0 * s.max(0.0);
            at(132.0 + width * c, 70.0 + 53.0 * s)
        })
        .collect();
    painter.add(Shape::convex_polygon(head, theme::mix(t.surface0, t.text1, 0.13), line));
    // Eyes, brows, nose, mouth.
    for side in [-1.0, 1.0] {
        let x = 132.0 + side * 17.0;
        painter.line_segment([at(x - 7.0, 50.0), at(x + 7.0, 49.0)], line);
        painter.circle_filled(at(x, 59.0), 2.6, line.color);
    }
    painter.add(Shape::line(vec![at(132.0, 60.0), at(128.0, 78.0), at(134.0, 80.0)], line));
    painter.add(Shape::line(
        vec![at(119.0, 95.0), at(126.0, 93.5), at(132.0, 94.5), at(138.0, 93.5), at(145.0, 95.0)],
        line,
    ));
    painter.add(Shape::line(vec![at(122.0, 97.0), at(132.0, 101.0), at(142.0, 97.0)], line));
}
