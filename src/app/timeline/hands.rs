//! The lane of layers that correct hands: each a bar with its keys as diamonds; muted ones are hatched.

use super::ink::{Hatch, Ink};
use super::lanes;
use super::tiers::TierId;
use super::view::Scale;
use crate::app::hands::{HandsIntent, side_name};
use crate::app::i18n::{tr, tr_with};
use crate::app::intent::Intent;
use crate::app::theme::{self, Tokens};
use crate::document::marks::HandLayer;
use egui::{Align2, Rect, Shape, Stroke, Ui, pos2, vec2};

pub fn show(ui: &Ui, lane: Rect, scale: Scale, layers: &[HandLayer], t: &Tokens, out: &mut Vec<Intent>) {
    lanes::ground(ui, TierId::Hands, lane);
    let painter = ui.painter_at(lane);
    let hue = TierId::Hands.hue();
    let height = lane.height() / layers.len().clamp(1, 4) as f32;
    for (i, layer) in layers.iter().enumerate() {
        let it = &layer.what;
        if !it.reach().overlaps(scale.shown) {
            continue;
        }
        let top = lane.top() + height * (i % 4) as f32;
        let strip = Rect::from_min_max(pos2(lane.left(), top), pos2(lane.right(), top + height - 1.0));
        let full = lanes::rect_of(it.range, strip, scale);
        let reach = lanes::rect_of(it.reach(), strip, scale);
        let mut ink = Ink::new(&painter, lane);
        ink.frame(reach, 1.0, t.line);
        ink.rect(full, if it.muted { t.surface2 } else { t.fill(hue) });
        if it.muted {
            ink.hatch(full, Hatch::Rising, t.border(hue));
        }
        ink.frame(full, 1.0, t.border(hue));
        ink.paint(&painter);
        for key in &it.keys {
            let at = pos2(scale.x_from_time(key.time), strip.center().y);
            let d = [vec2(0.0, -3.5), vec2(3.5, 0.0), vec2(0.0, 3.5), vec2(-3.5, 0.0)].map(|v| at + v);
            painter.add(Shape::convex_polygon(d.to_vec(), t.hue(hue), Stroke::NONE));
        }
        let rect = full.intersect(strip);
        let places = [("name", it.name.as_str()), ("side", side_name(it.side))];
        let name = || {
            let name = tr_with("Hand layer {name}, {side}", &places);
            if it.muted { format!("{name}, {}", tr("muted")) } else { name }
        };
        if rect.height() >= theme::SMALL + 1.0 && rect.width() > 40.0 {
            let clip = painter.with_clip_rect(rect.intersect(lane));
            clip.text(
                rect.left_center() + vec2(5.0, 0.0),
                Align2::LEFT_CENTER,
                &it.name,
                theme::regular(theme::SMALL),
                t.text1,
            );
        }
        if full.width() >= lanes::ELEMENT_WIDTH {
            let id = lanes::lane_id(TierId::Hands).with(layer.id.0);
            let response = lanes::element(ui, id, rect, false, true, &name);
            if response.clicked() {
                out.push(Intent::Hands(HandsIntent::Choose(layer.id)));
                out.push(Intent::Do(crate::app::commands::Command::GoToPanel(crate::app::dock::Pane::Hands)));
            }
            if response.has_focus() {
                lanes::focus_frame(&painter, rect, t);
            }
        }
    }
}
