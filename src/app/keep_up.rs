//! Playing so that every frame is seen: where drawing takes longer than a frame lasts, playing slows down with its
//! sound, and frames follow each other without one being left out. The other way, the default, keeps the speed and
//! leaves frames out evenly.

use super::Studio;
use crate::time::FrameIndex;

/// Playing is not slowed below this share of its speed: a picture a second helps nobody.
const SLOWEST: f64 = 0.1;
/// A change of speed smaller than this share is not worth making.
const STEP: f64 = 0.05;
/// Frames that the picture may be behind before it jumps after all: after a seek, say.
const BEHIND: u32 = 12;

/// The speed at which every frame can be shown: `wanted`, or less where a picture takes `delay_s` seconds to reach the
/// screen and a frame lasts `frame_s`.
fn speed_for_all(wanted: f64, frame_s: f64, delay_s: f64) -> f64 {
    let possible = if delay_s > 0.0 { frame_s / delay_s } else { f64::INFINITY };
    wanted.abs().min(possible).max(wanted.abs() * SLOWEST).copysign(wanted)
}

/// The frame to draw next, when `due` is due and `last` was drawn last: the one after it, unless that is far off.
fn next_frame(last: FrameIndex, due: FrameIndex) -> FrameIndex {
    if (last.0..=last.0 + BEHIND).contains(&due.0) { FrameIndex(due.0.min(last.0 + 1)) } else { due }
}

impl Studio {
    /// Whether playing now waits for the picture.
    fn waits_for_picture(&self) -> bool {
        let plainly = self.playback.shuttle.is_none() && !self.view.scrubbing;
        self.preferences.every_frame && self.player.is_playing() && plainly
    }

    /// The frame to ask for when `due` is due.
    pub(super) fn frame_to_ask(&self, due: FrameIndex) -> FrameIndex {
        match self.asked {
            Some((_, last, ..)) if self.waits_for_picture() => next_frame(last, due),
            _ => due,
        }
    }

    /// Sets the speed at which the picture keeps up. To be called when a picture has come.
    pub(super) fn keep_up(&mut self) {
        let Some(opened) = &self.opened else { return };
        let wanted = self.playback.shuttle.unwrap_or(self.view.speed);
        let speed = if self.waits_for_picture() && wanted > 0.0 {
            speed_for_all(wanted, opened.project().settings.fps.frame_length().0, self.delay_s)
        } else {
            wanted
        };
        let now = self.kept_speed.unwrap_or(wanted);
        if (speed - now).abs() > now.abs() * STEP {
            self.kept_speed = Some(speed);
            self.player.set_speed(speed);
        }
    }

    /// Back to the speed that was chosen.
    pub(super) fn stop_waiting(&mut self) {
        if self.kept_speed.take().is_some() {
            self.player.set_speed(self.playback.shuttle.unwrap_or(self.view.speed));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speed_follows_what_drawing_takes() {
        assert_eq!(speed_for_all(1.0, 0.04, 0.01), 1.0, "fast enough: nothing changes");
        assert!((speed_for_all(1.0, 0.04, 0.08) - 0.5).abs() < 1e-9);
        assert!((speed_for_all(0.5, 0.04, 0.08) - 0.5).abs() < 1e-9);
        assert!((speed_for_all(1.0, 0.04, 10.0) - SLOWEST).abs() < 1e-9);
        assert_eq!(speed_for_all(1.0, 0.04, 0.0), 1.0);
    }

    #[test]
    fn no_frame_is_left_out_but_a_seek_is_followed() {
        let f = FrameIndex;
        assert_eq!(next_frame(f(10), f(13)), f(11));
        assert_eq!(next_frame(f(10), f(10)), f(10));
        assert_eq!(next_frame(f(10), f(11)), f(11));
        assert_eq!(next_frame(f(10), f(500)), f(500));
        assert_eq!(next_frame(f(10), f(3)), f(3));
    }
}
