//! The hands that look worst, each with its drawing and what speaks against it.

use super::{HandsIntent, HandsView, side_name};
use crate::app::i18n::{tr, tr_with};
use crate::app::intent::Intent;
use crate::app::list::RowList;
use crate::app::opened::Opened;
use crate::app::theme::{self, Tokens};
use crate::app::widgets::{Tone, message_strip};
use crate::pose::edges::HAND;
use crate::pose::refine::FINGERS;
use crate::pose::{PoseFrame, Side};
use egui::{Button, Id, Painter, Rect, RichText, Stroke, Ui, UiBuilder, pos2, vec2};

/// Height of a row with its drawing, and of the list at most.
const ROW: f32 = 48.0;
const LIST: f32 = 5.0 * ROW;

pub fn worst_ui(ui: &mut Ui, opened: &Opened, view: &mut HandsView, looking: bool, t: &Tokens, out: &mut Vec<Intent>) {
    let button = ui.add_enabled(!looking, Button::new(tr("Find the worst hands")));
    if button
        .on_hover_text(tr("Looks at both hands in every frame and lists those that look least like hands."))
        .clicked()
    {
        out.push(Intent::Hands(HandsIntent::FindWorst));
    }
    let Some(search) = &view.search else { return };
    if search.revision != opened.revision {
        message_strip(ui, Tone::Info, tr("The project has changed since: look again."));
    }
    if search.found.is_empty() {
        ui.label(RichText::new(tr("All hands look like hands.")).color(t.text2));
        return;
    }
    let found = &search.found;
    let about = |i: usize| {
        let doubts = found[i].hand.plausibility.doubts.iter();
        let text = |d: &crate::pose::hand_fit::Doubt| match d.finger {
            Some(f) => format!("{} ({})", tr(d.kind.text()), tr(FINGERS[f])),
            None => tr(d.kind.text()).to_owned(),
        };
        doubts.map(text).collect::<Vec<_>>().join(", ")
    };
    let head = |i: usize| {
        let hand = &found[i].hand;
        let percent = format!("{:.0}", hand.plausibility.score * 100.0);
        let places = [("time", &*hand.time.timecode()), ("side", side_name(hand.side)), ("percent", &*percent)];
        tr_with("{time}, {side}: {percent} %", &places)
    };
    let name = |i: usize| format!("{}. {}", head(i), about(i));
    let list = RowList {
        id: Id::unique("worst hands"),
        count: found.len(),
        row_height: ROW,
        chosen: view.worst.filter(|i| *i < found.len()),
        name: &name,
        tooltip: &|i| Some(about(i)),
    };
    let height = (found.len() as f32 * ROW).min(LIST);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), egui::Sense::hover());
    let rows = &mut view.list;
    let events = ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| {
        list.show(ui, rows, |_, painter, look| {
            painter.rect_filled(look.rect, 0.0, look.ground(t));
            let picture = Rect::from_min_size(look.rect.min, vec2(ROW, ROW)).shrink(3.0);
            painter.rect_filled(picture, theme::RADIUS, t.surface0);
            let hand = &found[look.index];
            drawing(
                &painter.with_clip_rect(picture.intersect(painter.clip_rect())),
                picture,
                &hand.pose,
                hand.hand.side,
                t,
            );
            let x = picture.right() + 8.0;
            let width = (look.rect.right() - x - 4.0).max(20.0);
            for (y, text, font, color) in [
                (6.0, head(look.index), theme::regular(theme::BODY), t.text1),
                (26.0, about(look.index), theme::regular(theme::SMALL), look.quiet(t)),
            ] {
                let mut job = egui::text::LayoutJob::simple(text, font, color, width);
                job.wrap.max_rows = 1;
                job.wrap.break_anywhere = true;
                let galley = painter.layout_job(job);
                painter.galley(pos2(x, look.rect.top() + y), galley, color);
            }
        })
    });
    let events = events.inner;
    if let Some(i) = events.clicked.or(events.walked_to).or(events.entered) {
        out.push(Intent::Hands(HandsIntent::GoToWorst(i)));
    }
}

/// A hand as lines, fitted into a square.
fn drawing(painter: &Painter, rect: Rect, pose: &PoseFrame, side: Side, t: &Tokens) {
    let joints = pose.hand(side).map(|j| pos2(j.x, j.y));
    let mut bounds = Rect::NOTHING;
    joints.iter().filter(|j| j.is_finite()).for_each(|j| bounds.extend_with(*j));
    let size = bounds.width().max(bounds.height()).max(1e-3);
    let scale = (rect.height() - 8.0) / size;
    let at = |i: usize| rect.center() + (joints[i] - bounds.center()) * scale;
    for (a, b) in HAND {
        if joints[a].is_finite() && joints[b].is_finite() {
            painter.line_segment([at(a), at(b)], Stroke::new(1.8, t.hue(theme::Tier::Position)));
        }
    }
}
