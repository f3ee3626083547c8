//! The transport, the zoom of the timeline, and how the window looks.

use super::{Seconds, Studio, ThemeChoice};
use crate::app::board::Board;
use crate::app::commands::Command;
use crate::app::commands::keymap::Keymap;
use crate::app::i18n::{self, UiLanguage, tr_with};
use crate::app::playback::level::{Level, level_at};
use crate::app::playback::shuttled;
use crate::app::theme;
use crate::document::PhoneTime;
use crate::time::{FrameIndex, TimeRange};

/// "Play around" begins and ends so far from the key.
const AROUND: Seconds = Seconds(0.6);
/// "Here" reaches so far on both sides of the playhead.
const HERE: Seconds = Seconds(1.0);

impl Studio {
    pub(in crate::app) fn seek(&mut self, time: Seconds) {
        let Some(opened) = &self.opened else { return };
        let time = time.clamp(Seconds::ZERO, opened.length());
        self.view.playhead = time;
        if !self.player.is_playing() {
            self.view.play_from = time;
        }
        self.view.play_until = None;
        self.player.seek(time);
    }

    /// Stops where it is.
    pub(in crate::app) fn stop(&mut self) {
        self.player.pause();
        self.was_playing = false;
        self.rate.clear();
        self.view.play_until = None;
        self.end_shuttle();
    }

    /// Back to the speed of plain playing.
    pub(in crate::app) fn end_shuttle(&mut self) {
        if self.playback.shuttle.take().is_some() {
            self.kept_speed = None;
            self.player.set_speed(self.view.speed);
        }
    }

    pub(in crate::app) fn play_pause(&mut self) {
        let Some(opened) = &self.opened else { return };
        if self.player.is_playing() {
            self.stop();
            return;
        }
        // At the very end there is nothing to play: playing means playing again.
        if self.view.playhead.0 >= opened.length().0 - opened.project().settings.fps.frame_length().0 {
            self.seek(Seconds::ZERO);
        }
        self.view.play_from = self.view.playhead;
        self.view.play_until = None;
        self.player.seek(self.view.playhead);
        self.player.play();
    }

    /// Plays `range` and comes back to where the playhead stands.
    fn play_range(&mut self, range: TimeRange) {
        let Some(opened) = &self.opened else { return };
        let from = range.start.max(Seconds::ZERO);
        let until = range.end.min(opened.length());
        // Playing on from the middle of a range that is played comes back to where that began.
        let back = if self.player.is_playing() { self.view.play_from } else { self.view.playhead };
        self.end_shuttle();
        self.player.seek(from);
        self.player.play();
        self.view.playhead = from;
        self.view.play_from = back;
        self.view.play_until = Some(until);
    }

    pub(in crate::app) fn play_around(&mut self) {
        let Some(range) = self.chosen_range() else { return };
        self.play_range(TimeRange { start: range.start - AROUND, end: range.end + AROUND });
    }

    pub(in crate::app) fn play_selection(&mut self) {
        let Some(range) = self.chosen_range() else { return };
        self.play_range(range);
    }

    /// Lets a passage be heard at a speed, and comes back.
    pub(in crate::app) fn listen(&mut self, range: TimeRange, speed: f64) {
        self.play_range(range);
        self.kept_speed = None;
        self.playback.shuttle = Some(speed);
        self.player.set_speed(speed);
    }

    /// Keys a second in the two seconds around the playhead, within the project.
    pub(in crate::app) fn keys_here(&self) -> f64 {
        let Some(opened) = &self.opened else { return 0.0 };
        let (length, now) = (opened.length(), self.view.playhead);
        let start = (now - HERE).clamp(Seconds::ZERO, length);
        opened.project().keys_per_second_in(TimeRange { start, end: (now + HERE).min(length) })
    }

    /// Loudness at the playhead while it is heard.
    pub(in crate::app) fn levels(&self) -> [Level; 2] {
        let heard = self.view.scrubbing || self.player.is_playing();
        match self.opened.as_ref().and_then(|o| o.sound.as_ref()) {
            Some(sound) if heard => level_at(&sound.buffer, self.view.playhead),
            _ => [Level::SILENT; 2],
        }
    }

    /// What is selected, or else the stretch from in to out.
    pub(in crate::app) fn chosen_range(&self) -> Option<TimeRange> {
        let length = self.opened.as_ref()?.length();
        self.selected_range().or_else(|| self.playback.marks.range(length))
    }

    pub(in crate::app) fn loop_selection(&mut self) {
        let range = if self.view.looped.is_some() { None } else { self.chosen_range() };
        self.view.looped = range;
        self.player.set_loop(range);
        if let Some(range) = range
            && !range.contains(self.view.playhead)
        {
            self.seek(range.start);
        }
    }

    /// J and L: along the ladder of speeds; with K held, by one frame.
    pub(in crate::app) fn shuttle(&mut self, ctx: &egui::Context, forward: bool) {
        let keymap = Keymap::of(ctx);
        let stops = keymap.shortcuts(Command::ShuttleStop);
        if ctx.input(|i| stops.iter().any(|s| i.key_down(s.logical_key))) {
            self.step_frame(if forward { 1 } else { -1 });
            return;
        }
        let playing = self.player.is_playing();
        if !playing {
            if !forward && self.view.playhead <= Seconds::ZERO {
                // There is nothing before the beginning.
                return;
            }
            self.view.play_from = self.view.playhead;
            self.player.seek(self.view.playhead);
        }
        let speed = shuttled(if playing { self.player.speed() } else { 0.0 }, forward);
        self.view.play_until = None;
        self.kept_speed = None;
        self.playback.shuttle = Some(speed);
        self.player.set_speed(speed);
        self.player.play();
    }

    pub(in crate::app) fn go_to_mark(&mut self, mark: Option<Seconds>) {
        let Some(mark) = mark else { return };
        self.seek(mark);
        self.reveal_playhead();
    }

    /// To the next place where a sound begins or ends, or to the one before.
    pub(in crate::app) fn step_boundary(&mut self, on: bool) {
        let Some(opened) = &self.opened else { return };
        let time = boundary_from(&opened.project().tiers.phones, self.view.playhead, on);
        let time = time.unwrap_or(if on { opened.length() } else { Seconds::ZERO });
        self.seek(time);
        if !self.player.is_playing() {
            self.player.scrub(self.view.playhead);
        }
        self.reveal_playhead();
    }

    pub(in crate::app) fn step_frame(&mut self, by: i64) {
        let Some(opened) = &self.opened else { return };
        let fps = opened.project().settings.fps;
        if self.player.is_playing() {
            // Frame by frame means standing still between them.
            self.stop();
        }
        let now = i64::from(fps.frame_at(self.view.playhead).0);
        let next = u32::try_from((now + by).max(0)).unwrap_or(0);
        let time = fps.time_of(FrameIndex(next));
        self.seek(time);
        self.player.scrub(self.view.playhead);
        self.reveal_playhead();
    }

    pub(in crate::app) fn zoom(&mut self, factor: f64) {
        let Some(opened) = &self.opened else { return };
        let length = opened.length();
        let scale = self.timeline.view.scale(length, self.timeline.width);
        // Keys zoom at the playhead, or at the middle when it is not in view.
        let x = scale.x_from_time(self.view.playhead);
        let x = if scale.x.contains(x) { x } else { scale.x.center() };
        self.timeline.view.zoom_at(scale, x, factor, length);
    }

    pub(in crate::app) fn set_theme(&mut self, ctx: &egui::Context, theme: ThemeChoice) {
        self.view.theme = theme;
        theme::apply(ctx, theme);
        theme::set_reduced_motion(ctx, self.preferences.reduced_motion);
    }

    /// Changes the language of the interface; what the panels show in words is made anew.
    pub(in crate::app) fn set_language(&mut self, language: UiLanguage) {
        i18n::set_language(language);
        if let Some(opened) = &mut self.opened {
            opened.board = Board::new(opened.document.project());
        }
    }

    pub(in crate::app) fn set_text_scale(&mut self, ctx: &egui::Context, scale: f32) {
        self.view.text_scale = ((scale * 10.0).round() / 10.0).clamp(1.0, 2.0);
        ctx.set_zoom_factor(self.view.text_scale);
        self.tell(tr_with("Text size {percent} %", &[("percent", &format!("{:.0}", self.view.text_scale * 100.0))]));
    }
}

/// The first boundary of sounds after `now`, or the last one before it.
fn boundary_from(phones: &[PhoneTime], now: Seconds, on: bool) -> Option<Seconds> {
    // Standing on a boundary, it is not the next one.
    const ON_IT: Seconds = Seconds(5e-4);
    let edge = |of: fn(&PhoneTime) -> Seconds| {
        let index = if on {
            phones.partition_point(|p| of(p) <= now + ON_IT)
        } else {
            phones.partition_point(|p| of(p) < now - ON_IT).checked_sub(1)?
        };
        phones.get(index).map(of)
    };
    let both = [edge(|p| p.start), edge(|p| p.end)].into_iter().flatten();
    both.reduce(if on { Seconds::min } else { Seconds::max })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_are_walked_one_by_one() {
        let phone = |start, end| PhoneTime { start: Seconds(start), end: Seconds(end), confidence: 1.0, fixed: false };
        let phones = [phone(0.5, 0.7), phone(0.7, 0.9), phone(1.2, 1.5)];
        let walk = |from: f64, on: bool| {
            let mut places = vec![];
            let mut now = Seconds(from);
            while let Some(next) = boundary_from(&phones, now, on) {
                places.push(next.0);
                now = next;
            }
            places
        };
        assert_eq!(walk(0.0, true), [0.5, 0.7, 0.9, 1.2, 1.5]);
        assert_eq!(walk(0.8, true), [0.9, 1.2, 1.5]);
        assert_eq!(walk(9.0, false), [1.5, 1.2, 0.9, 0.7, 0.5]);
        assert_eq!(boundary_from(&[], Seconds(1.0), true), None);
    }
}
