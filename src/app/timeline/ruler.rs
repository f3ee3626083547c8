//! The ruler: ticks at round times, as many as fit, with frames between them when there is room.

use super::view::Scale;
use crate::app::theme::{self, Tokens};
use crate::time::{Fps, Seconds};
use egui::epaint::Mesh;
use egui::{Align2, Painter, Rect, pos2, vec2};

/// Least distance between two labels, points.
const LABEL_GAP: f64 = 88.0;
const STEPS: [f64; 21] = [
    0.000_1, 0.000_2, 0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0,
    300.0, 900.0, 3600.0,
];

/// The distance between labels, seconds.
pub fn label_step(px_per_second: f64) -> f64 {
    STEPS.into_iter().find(|s| s * px_per_second >= LABEL_GAP).unwrap_or(7200.0)
}

/// A label with no more decimals than its step needs.
pub fn label(time: f64, step: f64) -> String {
    if step < 0.001 {
        // Tenths of milliseconds, which no timecode has.
        let tenths = (time * 10_000.0).round() as i64;
        return format!("{}{}", Seconds(tenths.div_euclid(10) as f64 / 1000.0).timecode(), tenths.rem_euclid(10));
    }
    let full = Seconds(time).timecode();
    let keep = if step >= 1.0 {
        0
    } else if step >= 0.1 {
        2
    } else if step >= 0.01 {
        3
    } else {
        4
    };
    full[..full.len() - 4 + keep].to_owned()
}

pub fn paint(painter: &Painter, rect: Rect, scale: Scale, fps: Fps, length: Seconds, t: &Tokens) {
    painter.rect_filled(rect, 0.0, t.surface1);
    let step = label_step(scale.px_per_second());
    let mut mesh = Mesh::default();
    let tick = |mesh: &mut Mesh, x: f32, height: f32, color| {
        let x = painter.round_to_pixel_center(x) - 0.5;
        mesh.add_colored_rect(Rect::from_min_size(pos2(x, rect.bottom() - height), vec2(1.0, height)), color);
    };
    let end = scale.shown.end.min(length).0;
    // Frames where they are at least six points apart, else tenths of the labelled step.
    let frame = fps.frame_length().0;
    let minor = if frame * scale.px_per_second() >= 6.0 && frame < step { frame } else { step / 5.0 };
    let mut i = (scale.shown.start.0.max(0.0) / minor).floor() as i64;
    while (i as f64) * minor <= end {
        tick(&mut mesh, scale.x_from_time(Seconds(i as f64 * minor)), 4.0, t.line);
        i += 1;
    }
    let mut i = (scale.shown.start.0.max(0.0) / step).floor() as i64;
    while (i as f64) * step <= end {
        let time = i as f64 * step;
        let x = scale.x_from_time(Seconds(time));
        tick(&mut mesh, x, 10.0, t.text3);
        painter.text(
            pos2(x + 4.0, rect.center().y - 2.0),
            Align2::LEFT_CENTER,
            label(time, step),
            theme::mono(theme::SMALL),
            t.text2,
        );
        i += 1;
    }
    painter.add(mesh);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_never_crowd_and_are_never_too_far() {
        let mut px = 0.02;
        while px < 880_000.0 {
            let gap = label_step(px) * px;
            assert!((LABEL_GAP..=LABEL_GAP * 8.0).contains(&gap), "{px} {gap}");
            px *= 1.07;
        }
    }

    #[test]
    fn labels_show_what_their_step_needs() {
        assert_eq!(label(62.0, 1.0), "01:02");
        assert_eq!(label(0.5, 0.5), "00:00.5");
        assert_eq!(label(3.48, 0.02), "00:03.48");
        assert_eq!(label(3.481, 0.001), "00:03.481");
        assert_eq!(label(3.4812, 0.000_1), "00:03.4812");
    }
}
