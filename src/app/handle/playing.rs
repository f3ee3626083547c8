//! The transport, the zoom of the timeline, and how the window looks.

use super::{Seconds, Studio, ThemeChoice};
use crate::app::board::Board;
use crate::app::i18n::{self, UiLanguage, tr_with};
use crate::app::theme;
use crate::time::FrameIndex;

/// "Play around" begins and ends so far from the key.
const AROUND: Seconds = Seconds(0.6);

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

    pub(in crate::app) fn play_around(&mut self) {
        let Some(range) = self.selected_range() else { return };
        let Some(opened) = &self.opened else { return };
        let from = (range.start - AROUND).max(Seconds::ZERO);
        let until = (range.end + AROUND).min(opened.length());
        let back = self.view.playhead;
        self.player.seek(from);
        self.player.play();
        self.view.playhead = from;
        self.view.play_from = back;
        self.view.play_until = Some(until);
    }

    pub(in crate::app) fn loop_selection(&mut self) {
        let range = if self.view.looped.is_some() { None } else { self.selected_range() };
        self.view.looped = range;
        self.player.set_loop(range);
        if let Some(range) = range
            && !range.contains(self.view.playhead)
        {
            self.seek(range.start);
        }
    }

    pub(in crate::app) fn step_frame(&mut self, by: i64) {
        let Some(opened) = &self.opened else { return };
        let fps = opened.project().settings.fps;
        let now = i64::from(fps.frame_at(self.view.playhead).0);
        let next = u32::try_from((now + by).max(0)).unwrap_or(0);
        let time = fps.time_of(FrameIndex(next));
        self.seek(time);
        self.player.scrub(time);
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
