//! The window's layout: menu bar, the dock with its panes, status bar.

pub mod history_panel;
pub mod jobs_panel;
mod jog;
pub mod menu;
pub mod messages_panel;
pub mod panes;
pub mod problems_panel;
pub mod project_panel;
mod read_only;
mod score_panel;
pub mod start;
pub mod status_bar;
pub mod transport;

pub use score_panel::ScoreView;

use super::Studio;
use super::dock::behavior::{DockBehavior, tight_panes};
use super::intent::Intent;
use super::theme::tokens;
use egui::{CentralPanel, Frame, Margin, Panel, Ui};

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
        let middle = CentralPanel::default().frame(Frame::new().fill(t.surface0));
        if let Some(reason) = self.opened.as_ref().and_then(|o| o.keeping.read_only.as_ref()) {
            let frame = Frame::new().fill(t.surface1).inner_margin(Margin::symmetric(8, 4));
            Panel::top("read-only").frame(frame).show(ui, |ui| read_only::strip(ui, reason, &mut out));
        }
        if self.opened.is_some() {
            middle.show(ui, |ui| self.dock_ui(ui, &mut out));
        } else {
            middle.show(ui, |ui| start::start_page(ui, self, &mut out));
        }
        out
    }

    /// The panes of an open project.
    fn dock_ui(&mut self, ui: &mut Ui, out: &mut Vec<Intent>) {
        let room = ui.available_rect_before_wrap();
        self.dock.arrange(room);
        self.note_focused_pane(ui);
        // What the tree draws needs the rest of the studio, so it is lent out meanwhile.
        let mut tree = self.dock.take_tree();
        let tight = tight_panes(ui, &tree, self);
        let mut behavior = DockBehavior { studio: self, out, resized: false, tight };
        tree.ui(&mut behavior, ui);
        let resized = behavior.resized;
        self.dock.put_back(tree, resized);
        if self.dock.is_empty() {
            panes::no_panes_ui(ui, out);
        }
    }
}
