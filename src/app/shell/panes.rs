//! What each pane draws, and the numbers on its tab.

use super::super::inspector::{InspectorInput, inspector_ui};
use super::super::timeline::{TimelineInput, cache, timeline_ui};
use super::super::viewport::compare::Compare;
use super::super::viewport::{ViewportInput, viewport_ui};
use super::{history_panel, jobs_panel, messages_panel, problems_panel, project_panel, score_panel, transport};
use crate::app::Studio;
use crate::app::commands::Command;
use crate::app::dock::Pane;
use crate::app::dock::behavior::Badge;
use crate::app::hands::{self, HandDrag, HandsIntent};
use crate::app::i18n::tr;
use crate::app::intent::Intent;
use crate::app::problems;
use crate::app::theme::{self, tokens};
use crate::time::Seconds;
use egui::{CentralPanel, Frame, Margin, Panel, RichText, ScrollArea, Ui, UiBuilder};

/// How much of the hands' ways is drawn, before and after.
const TRAJECTORY: Seconds = Seconds(0.5);

impl Studio {
    /// Draws one pane of the open project.
    pub(in crate::app) fn pane_ui(&mut self, ui: &mut Ui, pane: Pane, out: &mut Vec<Intent>) {
        match pane {
            Pane::Project => scrolled(ui, |ui| project_panel::project_panel(ui, self, out)),
            Pane::Viewport => self.viewport_pane(ui, out),
            Pane::Inspector => scrolled(ui, |ui| self.inspector_pane(ui, out)),
            Pane::Takes => crate::app::takes::takes_pane(ui, self, out),
            Pane::Hands => hands::hands_pane(ui, self, out),
            Pane::History => padded(ui, |ui| history_panel::history_panel(ui, self, out)),
            Pane::Problems => padded(ui, |ui| problems_panel::problems_panel(ui, self, out)),
            Pane::Jobs => scrolled(ui, |ui| jobs_panel::jobs_panel(ui, self, out)),
            Pane::Messages => padded(ui, |ui| messages_panel::messages_panel(ui, self, out)),
            Pane::Timeline => self.timeline_pane(ui, out),
            Pane::Alignment => padded(ui, |ui| crate::app::alignment::alignment_pane(ui, self, out)),
            Pane::Score => padded(ui, |ui| score_panel::score_panel(ui, self, out)),
        }
    }

    /// The number on the tab of a pane, if it has one to show.
    pub(in crate::app) fn badge(&self, pane: Pane) -> Option<Badge> {
        let (count, urgent) = match pane {
            Pane::Problems => (problems::open_count(&self.opened.as_ref()?.board.problems, &self.seen), false),
            Pane::Messages => (self.notices.unread(), true),
            Pane::Jobs => (self.all_work().len(), false),
            _ => (0, false),
        };
        (count > 0).then_some(Badge { count, urgent })
    }

    /// Finds out which pane the keyboard is in.
    pub(super) fn note_focused_pane(&mut self, ui: &Ui) {
        let focused = ui.memory(|m| m.focused());
        let place = focused.and_then(|id| ui.ctx().read_response(id)).map(|r| r.rect.center());
        self.dock.focused = match focused {
            None => None,
            Some(id) => Pane::ALL
                .into_iter()
                .find(|p| p.region() == id)
                .or_else(|| place.and_then(|place| self.dock.pane_at(place)))
                .or(self.dock.focused),
        };
    }

    fn viewport_pane(&mut self, ui: &mut Ui, out: &mut Vec<Intent>) {
        let t = tokens(ui);
        let Some(opened) = &self.opened else { return };
        let project = opened.document.project();
        let bar = Frame::new().fill(t.surface1).inner_margin(Margin::symmetric(8, 4));
        let (here, levels, has_range) = (self.keys_here(), self.levels(), self.chosen_range().is_some());
        Panel::bottom("transport").frame(bar).exact_size(36.0).show(ui, |ui| {
            let input = transport::TransportInput {
                playhead: self.view.playhead,
                length: project.length(),
                fps: project.settings.fps,
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
        let frame = opened.frame_at(self.view.playhead);
        let taken = self.takes.pose(opened, frame);
        let overlays = self.view.overlays;
        // A pose is looked for only while it is shown.
        // Handles stand on the hand that the chosen layer corrects at the playhead.
        let time = project.settings.fps.time_of(frame);
        let correcting = self.dock.is_in_front(Pane::Hands);
        let depth = correcting && self.hands.depth;
        let held = self.hands.chosen(opened).filter(|l| correcting && self.hands.handles && l.what.weight(time) > 0.0);
        let held = held.filter(|_| !self.player.is_playing()).map(|l| l.what.side);
        let looked_at = held.is_some()
            || depth
            || overlays.skeleton
            || overlays.face_points
            || overlays.edges
            || self.takes.onion
            || self.takes.motion.any();
        let made = (taken.is_none() && looked_at).then(|| opened.pose_at(self.view.playhead)).flatten();
        let pose = taken.as_ref().or(made.as_ref());
        let aspect = opened.identity.reference.aspect;
        // While a take is compared, only the person counts.
        let masks = pose.filter(|_| taken.is_none()).and_then(|p| self.takes.motion.texture(ui.ctx(), p, aspect, t));
        let edges = pose.filter(|_| overlays.edges).and_then(|p| self.viewport.edges.texture(ui.ctx(), p, aspect, t));
        let depth = pose.filter(|_| depth).map(|p| self.hands.depth_view.texture(ui.ctx(), p, aspect, t.accent));
        let around =
            if overlays.trajectories { opened.poses_around(self.view.playhead, TRAJECTORY) } else { Vec::new() };
        let source = (overlays.compare != Compare::Off).then(|| self.source.view());
        let aligning = self.dock.is_in_front(Pane::Alignment);
        let skeletons = aligning.then(|| self.alignment.skeletons(opened, self.view.playhead)).flatten();
        let base = self.takes.base_pose(opened, frame).filter(|_| self.takes.onion);
        CentralPanel::default().frame(Frame::new().fill(t.surface0)).show(ui, |ui| {
            let input = ViewportInput {
                project,
                board: &opened.board,
                pose,
                onion: base,
                skeletons: skeletons.as_ref(),
                masks,
                edges,
                around: &around,
                source,
                targets: Some(&opened.targets),
                aspect,
                playhead: self.view.playhead,
                overlays,
                message: self.view.picture_message.as_deref(),
                depth,
                held,
                hand_wipe: self.hands.wipe.filter(|_| correcting && taken.is_none()),
            };
            viewport_ui(ui, &input, &mut self.viewport);
        });
        if let Some((share, before)) = self.viewport.hand_wipe.take() {
            (self.hands.wipe, self.hands.before) = (Some(share), Some(before));
        }
        match self.viewport.hand_drag.take() {
            Some(HandDrag::To(joint, to)) => out.push(Intent::Hands(HandsIntent::Drag(joint, to))),
            Some(HandDrag::Step(joint, to)) => {
                out.push(Intent::Hands(HandsIntent::Drag(joint, to)));
                out.push(Intent::Hands(HandsIntent::EndDrag));
            }
            Some(HandDrag::End) => out.push(Intent::Hands(HandsIntent::EndDrag)),
            None => {}
        }
    }

    fn inspector_pane(&mut self, ui: &mut Ui, out: &mut Vec<Intent>) {
        let Some(opened) = &self.opened else { return };
        let input = InspectorInput {
            project: opened.document.project(),
            board: &opened.board,
            revision: opened.revision,
            selection: &opened.document.selection.keys,
            word: self.view.word,
            expressions: &opened.document.selection.expressions,
        };
        inspector_ui(ui, &input, &mut self.inspector, out);
    }

    fn timeline_pane(&mut self, ui: &mut Ui, out: &mut Vec<Intent>) {
        let Some(opened) = &self.opened else { return };
        Frame::new().inner_margin(Margin { left: 4, right: 0, top: 4, bottom: 4 }).show(ui, |ui| {
            let project = opened.document.project();
            let made = cache::spans(&opened.poses.spans());
            let input = TimelineInput {
                revision: opened.revision,
                word: self.view.word,
                phone: self.view.phone,
                playhead: self.view.playhead,
                playing: self.player.is_playing(),
                looped: self.view.looped,
                marked: self.playback.marks,
                peaks: opened.sound.as_ref().map(|s| &s.peaks),
                analysis: self.listening.as_ref().and_then(|l| l.found.as_ref()),
                cache: &made,
                ..TimelineInput::new(project, &opened.board, &opened.document.selection)
            };
            timeline_ui(ui, &input, &mut self.timeline, out);
        });
    }
}

/// A pane with room at its edges.
fn padded(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    let rect = ui.available_rect_before_wrap().shrink(f32::from(theme::PADDING));
    ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| {
        ui.set_clip_rect(rect.expand(2.0).intersect(ui.clip_rect()));
        add(ui);
    });
}

/// A pane of forms and texts: padded, and scrolled where it is too small for them.
fn scrolled(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    padded(ui, |ui| {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            // Room for the scroll bar.
            ui.set_max_width(ui.available_width() - 8.0);
            add(ui);
        });
    });
}

/// All panes are hidden: how they come back.
pub fn no_panes_ui(ui: &mut Ui, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    let rect = ui.max_rect();
    let area = egui::Rect::from_center_size(rect.center(), egui::vec2(320.0_f32.min(rect.width()), 80.0));
    ui.scope_builder(UiBuilder::new().max_rect(area), |ui| {
        ui.vertical_centered(|ui| {
            ui.label(RichText::new(tr("All panels are hidden.")).color(t.text2));
            ui.add_space(8.0);
            if crate::app::widgets::plain_button(ui, tr("Reset layout")).clicked() {
                out.push(Intent::Do(Command::ResetLayout));
            }
        });
    });
}
