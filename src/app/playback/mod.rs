//! What playing keeps beside the document: the shuttle of J, K and L, the in and out points, a time being typed, and
//! the sounds of slowed passages. Never part of the document, never in its history.

pub mod level;

use super::opened::LoadedSound;
use crate::time::{Fps, FrameIndex, Seconds, TimeRange};
use egui::{Color32, Stroke, pos2, vec2};

/// The speeds that J and L walk through, both ways.
pub const LADDER: [f64; 6] = [1.0, 1.5, 2.0, 3.0, 5.0, 10.0];
/// Sounds kept so that undoing and redoing a slowed passage does not read files again.
const SOUNDS: usize = 3;

/// See the module.
#[derive(Default)]
pub struct Playback {
    /// Speed of the shuttle, negative backwards; `None` while playing is plain.
    pub shuttle: Option<f64>,
    pub marks: InOut,
    /// What has been typed into the time.
    pub typed: Option<String>,
    /// Sounds by hash, the newest last.
    sounds: Vec<(String, LoadedSound)>,
}

impl Playback {
    /// Keeps a sound that is no longer, or not yet, that of the project.
    pub fn keep_sound(&mut self, hash: String, sound: LoadedSound) {
        self.sounds.retain(|(h, _)| *h != hash);
        self.sounds.push((hash, sound));
        if self.sounds.len() > SOUNDS {
            self.sounds.remove(0);
        }
    }

    /// The sound of that hash, if it was kept.
    pub fn take_sound(&mut self, hash: &str) -> Option<LoadedSound> {
        let at = self.sounds.iter().position(|(h, _)| h == hash)?;
        Some(self.sounds.remove(at).1)
    }
}

/// The speed after J (`forward` false) or L, from the speed `now`: negative backwards, 0 while stopped.
///
/// The same key goes up the ladder; the opposite one first slows down and turns round only from the lowest rung.
pub fn shuttled(now: f64, forward: bool) -> f64 {
    let direction = if forward { 1.0 } else { -1.0 };
    let size = now.abs();
    let slack = 1e-6;
    if now * direction > 0.0 {
        direction * LADDER.into_iter().find(|r| *r > size + slack).unwrap_or(LADDER[LADDER.len() - 1].max(size))
    } else {
        let lower = LADDER.into_iter().rev().find(|r| *r < size - slack);
        lower.map_or(direction * LADDER[0], |rung| -direction * rung)
    }
}

/// The in and out points: a stretch that is played, looped, exported or slowed when nothing is selected.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct InOut {
    pub start: Option<Seconds>,
    pub end: Option<Seconds>,
}

impl InOut {
    /// Sets the in point; an out point before it goes.
    pub fn set_in(&mut self, time: Seconds) {
        self.start = Some(time);
        self.end = self.end.filter(|end| *end > time);
    }

    /// Sets the out point; an in point after it goes.
    pub fn set_out(&mut self, time: Seconds) {
        self.end = Some(time);
        self.start = self.start.filter(|start| *start < time);
    }

    pub fn is_none(self) -> bool {
        self == Self::default()
    }

    /// From in to out, where only one is set from the beginning or to the end.
    pub fn range(self, length: Seconds) -> Option<TimeRange> {
        if self.is_none() {
            return None;
        }
        let range =
            TimeRange { start: self.start.unwrap_or(Seconds::ZERO), end: self.end.unwrap_or(length).min(length) };
        (range.start < range.end).then_some(range)
    }

    /// Draws both points on the ruler as brackets with a band between them.
    pub fn paint(self, painter: &egui::Painter, ruler: egui::Rect, x_of: impl Fn(Seconds) -> f32, color: Color32) {
        let (a, b) = (self.start.map(&x_of), self.end.map(&x_of));
        if self.is_none() {
            return;
        }
        let band = a.unwrap_or(ruler.left())..=b.unwrap_or(ruler.right());
        let strip = egui::Rect::from_x_y_ranges(band, ruler.bottom() - 4.0..=ruler.bottom());
        painter.rect_filled(strip, 0.0, color.gamma_multiply(0.45));
        let stroke = Stroke::new(2.0, color);
        for (x, side) in [(a, 1.0), (b, -1.0)] {
            let Some(x) = x else { continue };
            painter.vline(x, ruler.y_range(), stroke);
            for y in [ruler.top() + 1.0, ruler.bottom() - 1.0] {
                painter.line_segment([pos2(x, y), pos2(x, y) + vec2(5.0 * side, 0.0)], stroke);
            }
        }
    }
}

/// A time as typed: `3.5`, `1:02.5`; `+2` and `-0.5` from where the playhead stands; `75f` is a frame.
pub fn typed_time(text: &str, now: Seconds, fps: Fps) -> Option<Seconds> {
    // A comma is the decimal mark of half the world.
    let text = text.trim().replace(',', ".");
    let text = text.as_str();
    if let Some(frame) = text.strip_suffix(['f', 'F']) {
        return frame.trim().parse().ok().map(|n| fps.time_of(FrameIndex(n)));
    }
    let by = |rest: &str| super::inspector::parse_time(rest).filter(|t| *t >= 0.0);
    match text.split_at_checked(1) {
        Some(("+", rest)) => by(rest).map(|t| now + Seconds(t)),
        Some(("-" | "−", rest)) => by(rest).map(|t| now - Seconds(t)),
        _ => by(text).map(Seconds),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ladder_is_climbed_and_the_opposite_key_slows_before_it_turns() {
        let walk = |keys: &str| {
            let mut now = 0.0;
            let speeds: Vec<f64> = keys
                .chars()
                .map(|k| {
                    now = shuttled(now, k == 'L');
                    now
                })
                .collect();
            speeds
        };
        assert_eq!(walk("LLLLLLL"), [1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 10.0]);
        assert_eq!(walk("LLLJJJJ"), [1.0, 1.5, 2.0, 1.5, 1.0, -1.0, -1.5]);
        assert_eq!(walk("JJJLLLL"), [-1.0, -1.5, -2.0, -1.5, -1.0, 1.0, 1.5]);
        // From a speed that is on no rung.
        assert_eq!(shuttled(0.5, true), 1.0);
        assert_eq!(shuttled(0.5, false), -1.0);
        assert_eq!(shuttled(1.75, true), 2.0);
        assert_eq!(shuttled(1.75, false), 1.5);
    }

    #[test]
    fn in_and_out_never_cross() {
        let mut marks = InOut::default();
        assert_eq!(marks.range(Seconds(9.0)), None);
        marks.set_in(Seconds(2.0));
        assert_eq!(marks.range(Seconds(9.0)), Some(TimeRange::new(Seconds(2.0), Seconds(9.0))));
        marks.set_out(Seconds(4.0));
        assert_eq!(marks.range(Seconds(9.0)), Some(TimeRange::new(Seconds(2.0), Seconds(4.0))));
        marks.set_in(Seconds(5.0));
        assert_eq!(marks, InOut { start: Some(Seconds(5.0)), end: None });
        marks.set_out(Seconds(1.0));
        assert_eq!(marks, InOut { start: None, end: Some(Seconds(1.0)) });
        assert_eq!(InOut { start: Some(Seconds(8.0)), end: None }.range(Seconds(7.0)), None, "the project is shorter");
    }

    #[test]
    fn times_are_typed_in_every_usual_way() {
        let now = Seconds(10.0);
        let fps = Fps::whole(25);
        for (text, want) in [
            ("3.5", Some(3.5)),
            (" 1:02.5 ", Some(62.5)),
            ("3,25", Some(3.25)),
            ("+2", Some(12.0)),
            ("-0.5", Some(9.5)),
            ("75f", Some(3.0)),
            ("", None),
            ("soon", None),
            ("-", None),
            ("+-2", None),
            ("-3f", None),
        ] {
            assert_eq!(typed_time(text, now, fps).map(|t| t.0), want, "{text}");
        }
    }
}
