//! A list of rows of one height: any length at the cost of what is on screen, walked with the keyboard alone.
//!
//! The list is one stop of the Tab key (roving focus): arrows, Page Up and Down, Home and End move along it, Enter acts
//! on the row, Delete takes it away. Every row on screen is an element with a name; the one with the keyboard stays one
//! when it is scrolled out of sight.

use super::theme::{self, Tokens, tokens};
use super::widgets::focus_ring;
use egui::{
    Color32, EventFilter, Id, Key, Modifiers, Painter, Rect, Response, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2,
    vec2,
};

/// What a list keeps between frames.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListState {
    /// The row that the keyboard is on, or goes to.
    pub at: usize,
    /// Give the row the keyboard in the next frame.
    pub take_keyboard: bool,
    /// Bring the row into sight in the next frame.
    pub reveal: bool,
}

impl ListState {
    /// Puts the list on a row and brings it into sight.
    pub fn put(&mut self, at: usize) {
        if self.at != at {
            self.at = at;
            self.reveal = true;
        }
    }
}

/// How a row is to be drawn.
#[derive(Clone, Copy, Debug)]
pub struct RowLook {
    pub rect: Rect,
    pub index: usize,
    pub chosen: bool,
    pub hovered: bool,
}

impl RowLook {
    /// The ground of the row.
    pub fn ground(&self, t: &Tokens) -> Color32 {
        if self.chosen {
            t.accent_fill()
        } else if self.hovered {
            t.surface2
        } else {
            t.surface1
        }
    }
}

impl RowLook {
    /// Quiet text on that ground.
    pub fn quiet(&self, t: &Tokens) -> Color32 {
        if self.chosen { t.text2 } else { t.text3 }
    }
}

/// What was done to a list in this frame, by row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListEvents {
    pub clicked: Option<usize>,
    pub walked_to: Option<usize>,
    pub entered: Option<usize>,
    pub deleted: Option<usize>,
    /// The keyboard is in the list.
    pub has_keyboard: bool,
}

/// Where the row that has the keyboard is noted.
fn keyboard_note() -> Id {
    Id::unique("row with the keyboard")
}

/// Whether the keyboard is on a row of a list.
pub fn has_keyboard(ctx: &egui::Context) -> bool {
    let focused = ctx.memory(|m| m.focused());
    focused.is_some() && focused == ctx.data(|d| d.get_temp::<Id>(keyboard_note()))
}

/// Tells that the keyboard is on something that takes arrows, Enter and Delete as a row does.
pub fn note_keyboard(ctx: &egui::Context, id: Id) {
    ctx.data_mut(|d| d.insert_temp(keyboard_note(), id));
}

/// A list before it is drawn.
pub struct RowList<'a> {
    pub id: Id,
    pub count: usize,
    pub row_height: f32,
    /// The row drawn as chosen.
    pub chosen: Option<usize>,
    /// Name of a row for screen readers and tests.
    pub name: &'a dyn Fn(usize) -> String,
    /// What stands in the tooltip of a row, if anything.
    pub tooltip: &'a dyn Fn(usize) -> Option<String>,
}

impl RowList<'_> {
    /// Draws the list into the rest of `ui`.
    pub fn show(
        &self,
        ui: &mut Ui,
        state: &mut ListState,
        mut paint: impl FnMut(&Ui, &Painter, RowLook),
    ) -> ListEvents {
        let mut events = ListEvents::default();
        state.at = state.at.min(self.count.saturating_sub(1));
        let mut page = 1;
        ScrollArea::vertical().id_salt(self.id).auto_shrink(false).show_viewport(ui, |ui, view| {
            ui.set_height(self.row_height * self.count as f32);
            if self.count == 0 {
                return;
            }
            page = ((view.height() / self.row_height) as usize).max(1);
            let first = ((view.top() / self.row_height).floor().max(0.0) as usize).min(self.count);
            let last = ((view.bottom() / self.row_height).ceil().max(0.0) as usize).min(self.count);
            // The row with the keyboard is always there, in sight or not: it would lose the keyboard otherwise.
            let outside = (!(first..last).contains(&state.at)).then_some(state.at);
            let origin = ui.min_rect().left_top();
            let width = ui.available_width();
            let painter = ui.painter().clone();
            for index in (first..last).chain(outside) {
                let top = origin.y + self.row_height * index as f32;
                let rect = Rect::from_min_size(pos2(origin.x, top), vec2(width, self.row_height));
                let response = self.row(ui, rect, index, state);
                if ui.is_rect_visible(rect) {
                    let chosen = self.chosen == Some(index);
                    paint(ui, &painter, RowLook { rect, index, chosen, hovered: response.hovered() });
                    focus_ring(ui, &response);
                }
                if index == state.at && std::mem::take(&mut state.reveal) {
                    ui.scroll_to_rect_animation(rect, None, egui::style::ScrollAnimation::none());
                }
                if response.clicked() {
                    events.clicked = Some(index);
                    state.at = index;
                    state.take_keyboard = true;
                }
                if response.has_focus() {
                    events.has_keyboard = true;
                    note_keyboard(ui, response.id);
                    self.keys(ui, &response, index, page, state, &mut events);
                }
            }
        });
        events
    }

    fn row(&self, ui: &Ui, rect: Rect, index: usize, state: &mut ListState) -> Response {
        // Only one row stands in the order of the Tab key.
        let sense = if index == state.at { Sense::click() } else { Sense::CLICK };
        let response = ui.interact(rect, self.id.with(index), sense);
        let name = (self.name)(index);
        let chosen = self.chosen == Some(index);
        response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, chosen, &name));
        if index == state.at && std::mem::take(&mut state.take_keyboard) {
            response.request_focus();
        }
        match (self.tooltip)(index) {
            Some(text) if response.hovered() => response.on_hover_text(text),
            _ => response,
        }
    }

    fn keys(
        &self,
        ui: &Ui,
        response: &Response,
        index: usize,
        page: usize,
        state: &mut ListState,
        events: &mut ListEvents,
    ) {
        let filter = EventFilter { horizontal_arrows: false, vertical_arrows: true, tab: false, escape: false };
        ui.memory_mut(|m| m.set_focus_lock_filter(response.id, filter));
        let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
        let last = self.count.saturating_sub(1);
        let to = if pressed(Key::ArrowDown) {
            (index + 1).min(last)
        } else if pressed(Key::ArrowUp) {
            index.saturating_sub(1)
        } else if pressed(Key::PageDown) {
            (index + page).min(last)
        } else if pressed(Key::PageUp) {
            index.saturating_sub(page)
        } else if pressed(Key::Home) {
            0
        } else if pressed(Key::End) {
            last
        } else {
            if pressed(Key::Enter) {
                events.entered = Some(index);
            } else if pressed(Key::Delete) || pressed(Key::Backspace) {
                events.deleted = Some(index);
            }
            return;
        };
        if to != index {
            state.at = to;
            state.reveal = true;
            state.take_keyboard = true;
            events.walked_to = Some(to);
            ui.request_repaint();
        }
    }
}

/// Text of one line within a row, cut with "…" where the room ends. Gives its right end.
pub fn row_text(painter: &Painter, left: f32, right: f32, y: f32, text: &str, size: f32, color: Color32) -> f32 {
    let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), theme::regular(size), color);
    job.wrap = egui::text::TextWrapping::truncate_at_width((right - left).max(0.0));
    let galley = painter.layout_job(job);
    let end = left + galley.size().x;
    painter.galley(pos2(left, y - galley.size().y / 2.0), galley, color);
    end
}

/// The line that says why a list is empty.
pub fn empty_note(ui: &mut Ui, text: &str) {
    let t = tokens(ui);
    ui.add_space(4.0);
    ui.label(egui::RichText::new(text).color(t.text2));
}
