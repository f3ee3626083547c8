//! The lane of the sound: waveform or spectrogram, and over it the pitch of the voice and the onsets of its sounds.

use super::ink::Ink;
use super::tiers::TierId;
use super::view::Scale;
use super::{TimelineInput, TimelineState, lanes, waveform};
use crate::app::i18n::tr;
use crate::app::intent::Intent;
use crate::app::theme::{self, Tier, Tokens};
use crate::jobs::analysis::SoundAnalysis;
use crate::time::Seconds;
use egui::{Align2, PointerButton, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// Fundamentals that the lane spans, hertz.
const LOW: f32 = 60.0;
const HIGH: f32 = 500.0;

pub fn show(
    ui: &Ui,
    lane: Rect,
    scale: Scale,
    input: &TimelineInput<'_>,
    state: &mut TimelineState,
    t: &Tokens,
    out: &mut Vec<Intent>,
) {
    let painter = ui.painter_at(lane);
    let settings = &state.settings;
    let (spectrogram, pitch, onsets) = (settings.spectrogram, settings.pitch, settings.onsets);
    match input.peaks {
        Some(peaks) if spectrogram => state.spectrogram.paint(ui, &painter, lane, scale, peaks, t),
        Some(peaks) => waveform::paint(&painter, lane, scale, input.project.length(), t, peaks),
        None => {
            let text = tr("The sound file is missing");
            painter.text(lane.center(), Align2::CENTER_CENTER, text, theme::regular(theme::SMALL), t.warning);
        }
    }
    match input.analysis {
        Some(analysis) => {
            let mut ink = Ink::new(&painter, lane);
            if onsets {
                paint_onsets(&mut ink, lane, scale, analysis, t);
            }
            if pitch {
                paint_pitch(&mut ink, lane, scale, analysis, t);
            }
            ink.paint(&painter);
            if pitch {
                pitch_scale(&painter, lane, t);
            }
        }
        None if (pitch || onsets) && input.peaks.is_some() => {
            let text = tr("Listening to the sound…");
            let at = lane.right_top() + vec2(-6.0, 2.0);
            painter.text(at, Align2::RIGHT_TOP, text, theme::regular(theme::SMALL), t.text2);
        }
        None => {}
    }
    let response = ui.interact(lane, lanes::lane_id(TierId::Sound), Sense::CLICK | Sense::DRAG);
    response.widget_info(|| WidgetInfo::labeled(Role::Unknown, true, tr("Sound")));
    if let Some(pointer) = response.interact_pointer_pos()
        && (response.dragged_by(PointerButton::Primary) || response.clicked())
    {
        let time = scale.time_from_x(pointer.x).clamp(Seconds::ZERO, input.project.length());
        state.current = TierId::Sound;
        out.push(if response.clicked() { Intent::Seek(time) } else { Intent::Scrub(time) });
    }
    if response.drag_stopped_by(PointerButton::Primary) {
        out.push(Intent::Seek(input.playhead));
    }
}

fn pitch_y(lane: Rect, hertz: f32) -> f32 {
    let share = (hertz / LOW).ln() / (HIGH / LOW).ln();
    lane.bottom() - 3.0 - share.clamp(0.0, 1.0) * (lane.height() - 6.0)
}

fn paint_pitch(ink: &mut Ink, lane: Rect, scale: Scale, analysis: &SoundAnalysis, t: &Tokens) {
    let color = t.hue(Tier::Position);
    let frame_px = analysis.pitch_step.0 * scale.px_per_second();
    if frame_px >= 1.0 {
        let mut before: Option<egui::Pos2> = None;
        for (time, pitch) in analysis.pitch_between(scale.shown.start, scale.shown.end) {
            let here = pitch.map(|p| pos2(scale.x_from_time(time), pitch_y(lane, p)));
            match (before, here) {
                // A leap within one frame is another voice or a mistake: no line is drawn through it.
                (Some(a), Some(b)) if (a.y - b.y).abs() < lane.height() * 0.25 => ink.line(a, b, 2.0, color),
                (_, Some(b)) => ink.rect(Rect::from_center_size(b, vec2(2.0, 2.0)), color),
                _ => {}
            }
            before = here;
        }
        return;
    }
    // More frames than points: from the lowest to the highest of each point.
    let mut column: Option<(i32, f32, f32)> = None;
    let mut flush = |c: Option<(i32, f32, f32)>| {
        if let Some((x, low, high)) = c {
            let (top, bottom) = (pitch_y(lane, high), pitch_y(lane, low));
            ink.rect(Rect::from_min_max(pos2(x as f32, top - 0.5), pos2(x as f32 + 1.0, bottom + 0.5)), color);
        }
    };
    for (time, pitch) in analysis.pitch_between(scale.shown.start, scale.shown.end) {
        let Some(pitch) = pitch else { continue };
        let x = scale.x_from_time(time) as i32;
        column = match column {
            Some((at, low, high)) if at == x => Some((at, low.min(pitch), high.max(pitch))),
            other => {
                flush(other);
                Some((x, pitch, pitch))
            }
        };
    }
    flush(column);
}

fn pitch_scale(painter: &egui::Painter, lane: Rect, t: &Tokens) {
    if lane.height() < 56.0 {
        return;
    }
    for hertz in [100.0_f32, 200.0, 400.0] {
        let y = pitch_y(lane, hertz);
        let text = painter.layout_no_wrap(format!("{hertz:.0} Hz"), theme::regular(theme::SMALL), t.text2);
        let at = pos2(lane.right() - text.size().x - 4.0, y - text.size().y / 2.0);
        painter.rect_filled(Rect::from_min_size(at, text.size()).expand2(vec2(2.0, 0.0)), 2.0, t.surface1);
        painter.galley(at, text, t.text2);
    }
}

fn paint_onsets(ink: &mut Ink, lane: Rect, scale: Scale, analysis: &SoundAnalysis, t: &Tokens) {
    let all = &analysis.onsets;
    let first = all.partition_point(|o| *o < scale.shown.start);
    let last = all.partition_point(|o| *o < scale.shown.end);
    let mut before = f32::NEG_INFINITY;
    for onset in &all[first..last.max(first)] {
        let x = scale.x_from_time(*onset);
        if x - before < 1.0 {
            continue;
        }
        before = x;
        ink.rect(Rect::from_x_y_ranges(x - 0.5..=x + 0.5, lane.y_range()), t.hue(Tier::Words).gamma_multiply(0.5));
        let top = pos2(x, lane.top() + 6.0);
        ink.triangle([top, top + vec2(-4.0, -6.0), top + vec2(4.0, -6.0)], t.hue(Tier::Words));
    }
}
