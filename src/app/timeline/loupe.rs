//! The loupe: while time is scrubbed, the sound around the pointer magnified, its phones under it, and mouth and hand
//! of the picture at that time, in a small window near the pointer.

use crate::app::Studio;
use crate::app::i18n::tr_with;
use crate::app::theme::{self, Tokens, tokens};
use crate::media::peaks::Peaks;
use crate::pose::{FACE_POINT_COUNT, HAND_JOINT_COUNT, PoseFrame, Side, index};
use crate::time::{Seconds, TimeRange};
use egui::epaint::Mesh;
use egui::{
    Align2, Area, Color32, Context, Frame, Id, Margin, Order, Painter, Pos2, Rect, Role, Sense, Stroke, WidgetInfo,
    pos2, vec2,
};

/// Size of the magnified sound and of the picture beside it, points.
const WAVE: egui::Vec2 = vec2(220.0, 84.0);
const PHONES: f32 = 18.0;
/// So much sound is seen on both sides of the playhead.
const REACH: Seconds = Seconds(0.2);
/// Distance from the pointer.
const AWAY: f32 = 24.0;
/// Face points of the mouth within the 68.
const MOUTH: std::ops::Range<usize> = 48..FACE_POINT_COUNT;

impl Studio {
    /// Draws the loupe while the pointer scrubs.
    pub(in crate::app) fn loupe_ui(&self, ctx: &Context) {
        let Some(opened) = self.opened.as_ref().filter(|_| self.view.scrubbing) else { return };
        let Some(pointer) = ctx.input(|i| i.pointer.interact_pos().filter(|_| i.pointer.primary_down())) else {
            return;
        };
        let now = self.view.playhead;
        let picture = self.viewport.picture().zip(opened.pose_at(now).and_then(|pose| crop(&pose)));
        let high = WAVE.y + PHONES;
        let wide = WAVE.x + if picture.is_some() { high + 6.0 } else { 0.0 };
        let screen = ctx.content_rect().shrink(8.0);
        let corner = pos2(
            (pointer.x - wide / 2.0).min(screen.right() - wide - 16.0).max(screen.left()),
            // Above the pointer; under it where there is no room above.
            if pointer.y - AWAY - high - 16.0 > screen.top() {
                pointer.y - AWAY - high - 16.0
            } else {
                pointer.y + AWAY
            },
        );
        Area::new(Id::unique("loupe")).order(Order::Tooltip).fixed_pos(corner).interactable(false).show(ctx, |ui| {
            let t = tokens(ui);
            let frame = Frame::new()
                .fill(t.surface1)
                .stroke(Stroke::new(1.0, t.line))
                .corner_radius(theme::RADIUS)
                .inner_margin(Margin::same(8))
                .shadow(ui.visuals().popup_shadow);
            frame.show(ui, |ui| {
                let (rect, response) = ui.allocate_exact_size(vec2(wide, high), Sense::hover());
                let name = tr_with("Loupe at {time}", &[("time", &now.timecode())]);
                response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
                let wave = Rect::from_min_size(rect.min, WAVE);
                let shown = TimeRange { start: now - REACH, end: now + REACH };
                let painter = ui.painter_at(rect);
                painter.rect_filled(wave, 0.0, t.surface0);
                if let Some(sound) = &opened.sound {
                    sound_ui(&painter, wave, shown, &sound.peaks, t);
                }
                let strip = Rect::from_min_size(wave.left_bottom(), vec2(WAVE.x, PHONES));
                phones_ui(&painter, wave, strip, shown, self, t);
                painter.vline(wave.center().x, wave.y_range(), Stroke::new(1.0, t.playhead));
                let time = now.timecode();
                painter.text(
                    wave.left_top() + vec2(4.0, 2.0),
                    Align2::LEFT_TOP,
                    time,
                    theme::mono(theme::SMALL),
                    t.text2,
                );
                if let Some((texture, part)) = picture {
                    let aspect = opened.identity.reference.aspect.max(0.01);
                    let uv = Rect::from_min_max(pos2(part.left() / aspect, part.top()), {
                        pos2(part.right() / aspect, part.bottom())
                    });
                    let place = Rect::from_min_size(pos2(wave.right() + 6.0, rect.top()), vec2(high, high));
                    painter.image(texture, place, uv, Color32::WHITE);
                }
            });
        });
    }
}

/// The loudest of each column, and inside it the effective value.
fn sound_ui(painter: &Painter, rect: Rect, shown: TimeRange, peaks: &Peaks, t: &Tokens) {
    let pixel = 1.0 / painter.pixels_per_point().max(0.5);
    let columns = (rect.width() / pixel).floor().max(1.0) as usize;
    let rate = f64::from(peaks.rate());
    let gain = 1.0 / peaks.loudest().clamp(0.1, 1.0);
    let half = rect.height() / 2.0 - 2.0;
    let mut mesh = Mesh::default();
    for (i, peak) in peaks.columns(shown.start.0 * rate..shown.end.0 * rate, columns).into_iter().enumerate() {
        let x = rect.left() + i as f32 * pixel;
        let mut bar = |low: f32, high: f32, color| {
            let y = |v: f32| rect.center().y - (v * gain).clamp(-1.0, 1.0) * half;
            let (top, bottom) = (y(high), y(low).max(y(high) + pixel));
            mesh.add_colored_rect(Rect::from_min_max(pos2(x, top), pos2(x + pixel, bottom)), color);
        };
        bar(peak.min, peak.max, t.sound);
        bar(-peak.rms.min(peak.max.abs()), peak.rms.min(peak.max.abs()), t.sound_core);
    }
    painter.add(mesh);
}

/// Edges and symbols of the phones in sight.
fn phones_ui(painter: &Painter, wave: Rect, strip: Rect, shown: TimeRange, studio: &Studio, t: &Tokens) {
    let Some(opened) = &studio.opened else { return };
    let phones = &opened.project().tiers.phones;
    let x = |time: Seconds| wave.left() + ((time - shown.start).0 / shown.length().0) as f32 * wave.width();
    let first = phones.partition_point(|p| p.end <= shown.start);
    for (i, phone) in phones.iter().enumerate().skip(first).take_while(|(_, p)| p.start < shown.end) {
        let (a, b) = (x(phone.start).max(wave.left()), x(phone.end).min(wave.right()));
        let now = phone.range().contains(shown.middle());
        let hue = t.hue(theme::Tier::Phones);
        let place = Rect::from_x_y_ranges(a..=b, strip.top() + 1.0..=strip.bottom());
        painter.rect_filled(place, 0.0, theme::mix(t.surface1, hue, if now { 0.45 } else { 0.2 }));
        for edge in [phone.start, phone.end] {
            if shown.contains(edge) {
                painter.vline(x(edge), wave.top()..=strip.bottom(), Stroke::new(1.0, hue));
            }
        }
        if let Some(symbol) = opened.board.symbols.get(i).filter(|_| b - a > 8.0) {
            let font = if now { theme::bold(theme::SMALL) } else { theme::regular(theme::SMALL) };
            painter.text(place.center(), Align2::CENTER_CENTER, symbol, font, t.text1);
        }
    }
}

/// The square of the picture that holds the mouth and the hand that cues, in picture units.
fn crop(pose: &PoseFrame) -> Option<Rect> {
    let seen = |at: usize| Some(pose.points[at]).filter(|p| p.score > 0.0).map(|p| pos2(p.x, p.y));
    let around = |range: std::ops::Range<usize>| -> Option<Rect> {
        let points: Vec<Pos2> = range.filter_map(seen).filter(|p| p.x.is_finite() && p.y.is_finite()).collect();
        (!points.is_empty()).then(|| Rect::from_points(&points))
    };
    let mouth = around(index::FACE + MOUTH.start..index::FACE + MOUTH.end)?;
    let hand = |side: Side| around(side.hand_index()..side.hand_index() + HAND_JOINT_COUNT);
    let distance = |hand: &Rect| hand.center().distance(mouth.center());
    let hand =
        [hand(Side::Right), hand(Side::Left)].into_iter().flatten().min_by(|a, b| distance(a).total_cmp(&distance(b)));
    // A hand at rest is out of sight: the mouth is what is looked at then.
    let both = match hand.filter(|hand| distance(hand) < 0.35) {
        Some(hand) => mouth.union(hand),
        None => mouth.expand(mouth.width() * 0.6),
    };
    let side = both.width().max(both.height()) * 1.2;
    Some(Rect::from_center_size(both.center(), vec2(side, side)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pose::Point;

    #[test]
    fn the_crop_holds_mouth_and_hand_and_only_the_mouth_when_the_hand_rests() {
        let mut pose = PoseFrame::default();
        assert_eq!(crop(&pose), None, "nothing is seen");
        for i in MOUTH {
            pose.points[index::FACE + i] = Point::new(0.5 + (i % 5) as f32 * 0.01, 0.4 + (i % 3) as f32 * 0.01);
        }
        for i in 0..HAND_JOINT_COUNT {
            pose.points[index::RIGHT_HAND + i] = Point::new(0.4 + i as f32 * 0.004, 0.45);
            pose.points[index::LEFT_HAND + i] = Point::new(0.8, 0.95);
        }
        let near = crop(&pose).expect("a mouth");
        assert!(near.contains(pos2(0.4, 0.45)) && near.contains(pos2(0.54, 0.42)) && !near.contains(pos2(0.8, 0.95)));
        assert!((near.width() - near.height()).abs() < 1e-6);
        for i in 0..HAND_JOINT_COUNT {
            pose.points[index::RIGHT_HAND + i] = Point::new(0.2, 0.98);
        }
        let far = crop(&pose).expect("a mouth");
        assert!(far.width() < near.width() && far.contains(pos2(0.52, 0.41)));
    }
}
