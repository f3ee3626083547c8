//! The window's layout: menu bar, project panel, viewport with its transport, inspector, timeline, status bar.

mod jog;
pub mod menu;
pub mod project_panel;
mod read_only;
pub mod start;
pub mod status_bar;
pub mod transport;

use super::Studio;
use super::inspector::{InspectorInput, inspector_ui};
use super::intent::Intent;
use super::theme::{self, tokens};
use super::timeline::{TimelineInput, timeline_ui};
use super::viewport::{ViewportInput, viewport_ui};
use egui::{CentralPanel, Frame, Margin, Panel, ScrollArea, Ui};

/// Least and greatest height of the timeline: all lanes stand in the least, and the picture keeps room beside the
/// greatest.
fn timeline_sizes(room: f32) -> std::ops::RangeInclusive<f32> {
    let least = 260.0_f32.min((room - 180.0).max(120.0));
    least..=(room - 280.0).max(least)
}

impl Studio {
    /// Draws the whole window and gives what the user wants.
    pub(super) fn window_ui(&mut self, ui: &mut Ui) -> Vec<Intent> {
        let mut out = Vec::new();
        let t = tokens(ui);
        let bar = Frame::new().fill(t.surface1).inner_margin(Margin::symmetric(8, 2));
        Panel::top("menu bar").frame(bar).show(ui, |ui| menu::menu_bar(ui, self, &mut out));
        let bar = Frame::new().fill(t.surface1).inner_margin(Margin::symmetric(8, 2));
        Panel::bottom("status bar")
            .frame(bar)
            .exact_size(26.0)
            .show(ui, |ui| status_bar::status_bar(ui, self, &mut out));
        if let Some(reason) = self.opened.as_ref().and_then(|o| o.keeping.read_only.as_ref()) {
            let frame = Frame::new().fill(t.surface1).inner_margin(Margin::symmetric(8, 4));
            Panel::top("read-only").frame(frame).show(ui, |ui| read_only::strip(ui, reason, &mut out));
        }
        if self.opened.is_some() {
            self.project_ui(ui, &mut out);
        } else {
            CentralPanel::default()
                .frame(Frame::new().fill(t.surface0))
                .show(ui, |ui| start::start_page(ui, self, &mut out));
        }
        out
    }

    fn project_ui(&mut self, ui: &mut Ui, out: &mut Vec<Intent>) {
        let t = tokens(ui);
        let Some(opened) = &self.opened else { return };
        let project = opened.document.project();
        let room = ui.available_size();
        let timeline_frame =
            Frame::new().fill(t.surface1).inner_margin(Margin { left: 4, right: 0, top: 4, bottom: 4 });
        Panel::bottom("timeline")
            .frame(timeline_frame)
            .resizable(true)
            .default_size((room.y * 0.40).clamp(260.0, 340.0))
            .size_range(timeline_sizes(room.y))
            .show(ui, |ui| {
                let input = TimelineInput {
                    project,
                    board: &opened.board,
                    selection: &opened.document.selection.keys,
                    word: self.view.word,
                    phone: self.view.phone,
                    playhead: self.view.playhead,
                    playing: self.player.is_playing(),
                    looped: self.view.looped,
                    marked: self.playback.marks,
                    peaks: opened.sound.as_ref().map(|s| &s.peaks),
                };
                timeline_ui(ui, &input, &mut self.timeline, out);
            });
        if self.view.project_panel {
            Panel::left("project")
                .frame(theme::panel_frame(t))
                .resizable(true)
                .default_size(224.0)
                .size_range(180.0..=360.0)
                .show(ui, |ui| {
                    project_panel::project_panel(ui, opened, self.view.problem, out);
                });
        }
        if self.view.inspector {
            Panel::right("inspector")
                .frame(theme::panel_frame(t))
                .resizable(true)
                .default_size(308.0)
                .size_range(292.0..=420.0)
                .show(ui, |ui| {
                    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                        // Room for the scroll bar.
                        ui.set_max_width(ui.available_width() - 8.0);
                        let input = InspectorInput {
                            project,
                            board: &opened.board,
                            selection: &opened.document.selection.keys,
                            word: self.view.word,
                        };
                        inspector_ui(ui, &input, &mut self.inspector, out);
                    });
                });
        }
        let bar = Frame::new().fill(t.surface1).inner_margin(Margin::symmetric(8, 4));
        let (here, levels, has_range) = (self.keys_here(), self.levels(), self.chosen_range().is_some());
        Panel::bottom("transport").frame(bar).exact_size(36.0).show(ui, |ui| {
            let input = transport::TransportInput {
                playhead: self.view.playhead,
                length: project.length(),
                fps: opened.poses.fps,
                playing: self.player.is_playing(),
                looped: self.view.looped.is_some(),
                speed: self.view.speed,
                shuttle: self.playback.shuttle,
                keys_per_second: [project.keys_per_second(), here],
                levels,
                overlays: self.view.overlays,
                has_range,
            };
            transport::transport(ui, &input, &mut self.playback.typed, out);
        });
        CentralPanel::default().frame(Frame::new().fill(t.surface0)).show(ui, |ui| {
            let input = ViewportInput {
                project,
                board: &opened.board,
                pose: opened.pose_at(self.view.playhead),
                targets: Some(&opened.targets),
                aspect: opened.identity.reference.aspect,
                playhead: self.view.playhead,
                overlays: self.view.overlays,
                message: self.view.picture_message.as_deref(),
            };
            viewport_ui(ui, &input, &mut self.viewport);
        });
    }
}
