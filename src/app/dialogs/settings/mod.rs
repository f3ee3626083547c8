//! The settings: one page a subject, every choice in force at once, none of them part of a project.

pub mod keyboard;
mod pages;

use super::{DialogContext, foot, title};
use crate::app::i18n::{later, tr};
use crate::app::icons::{self, Icon};
use crate::app::intent::Intent;
use crate::app::theme::{self, tokens};
use crate::app::widgets::{focus_ring, plain_button};
use egui::{Align2, Layout, Rect, Role, ScrollArea, Sense, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2};

/// The subjects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Page {
    #[default]
    Appearance,
    Keyboard,
    Playing,
    Projects,
    Files,
    Gloss,
}

impl Page {
    pub const ALL: [Self; 6] =
        [Self::Appearance, Self::Keyboard, Self::Playing, Self::Projects, Self::Files, Self::Gloss];

    /// Name in English.
    pub fn name(self) -> &'static str {
        match self {
            Self::Appearance => later("Appearance"),
            Self::Keyboard => later("Keyboard"),
            Self::Playing => later("Playing and tapping"),
            Self::Projects => later("New projects"),
            Self::Files => later("Saving and backups"),
            Self::Gloss => later("Gloss service"),
        }
    }

    fn icon(self) -> Icon {
        match self {
            Self::Appearance => Icon::Eye,
            Self::Keyboard => Icon::Sliders,
            Self::Playing => Icon::Play,
            Self::Projects => Icon::Plus,
            Self::Files => Icon::Folder,
            Self::Gloss => Icon::Text,
        }
    }
}

/// What the dialog keeps while it is open.
#[derive(Clone, Debug, Default)]
pub struct SettingsState {
    pub page: Page,
    pub keyboard: keyboard::KeyboardPage,
    /// The folder for new projects as typed.
    pub home: Option<String>,
}

/// Width of the list of pages.
const PAGES: f32 = 168.0;

/// Draws the dialog; true when it is to be closed.
pub fn show(ui: &mut Ui, state: &mut SettingsState, context: &DialogContext<'_>, out: &mut Vec<Intent>) -> bool {
    title(ui, tr("Settings"));
    ui.add_space(4.0);
    let height = (ui.ctx().content_rect().height() - 220.0).clamp(180.0, 480.0);
    let (area, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    // Where there is little room the pages are icons with their names in the tooltip.
    let narrow = area.width() < 520.0;
    let width = if narrow { 36.0 } else { PAGES };
    let left = Rect::from_min_size(area.min, vec2(width, height));
    let right = Rect::from_min_max(pos2(left.right() + 16.0, area.top()), area.max);
    ui.scope_builder(UiBuilder::new().max_rect(left).layout(Layout::top_down(egui::Align::Min)), |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        for page in Page::ALL {
            if page_row(ui, page, state.page == page, narrow) {
                state.page = page;
            }
        }
    });
    ui.scope_builder(UiBuilder::new().max_rect(right).layout(Layout::top_down(egui::Align::Min)), |ui| {
        if state.page == Page::Keyboard {
            keyboard::keyboard_page(ui, &mut state.keyboard, context, out);
            return;
        }
        ScrollArea::vertical().id_salt(state.page).auto_shrink(false).show(ui, |ui| {
            ui.set_max_width(ui.available_width() - 10.0);
            match state.page {
                Page::Appearance => pages::appearance(ui, context, out),
                Page::Playing => pages::playing(ui, context, out),
                Page::Projects => pages::projects(ui, state, context, out),
                Page::Files => pages::files(ui, context, out),
                Page::Gloss => pages::gloss(ui, context, out),
                Page::Keyboard => {}
            }
        });
    });
    let mut close = false;
    foot(ui, |ui| close = plain_button(ui, tr("Close")).clicked());
    close
}

fn page_row(ui: &mut Ui, page: Page, chosen: bool, narrow: bool) -> bool {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::click());
    let name = tr(page.name());
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, chosen, name));
    let ground = if chosen {
        t.accent_fill()
    } else if response.hovered() {
        t.surface2
    } else {
        t.surface1
    };
    ui.painter().rect_filled(rect, theme::RADIUS, ground);
    let place = Rect::from_center_size(pos2(rect.left() + 18.0, rect.center().y), Vec2::splat(icons::SIZE));
    icons::paint(ui.painter(), place, page.icon(), if chosen { t.text1 } else { t.text2 });
    if !narrow {
        let left = pos2(rect.left() + 34.0, rect.center().y);
        ui.painter().text(left, Align2::LEFT_CENTER, name, theme::regular(theme::BODY), t.text1);
    }
    focus_ring(ui, &response);
    let response = if narrow { response.on_hover_text(name) } else { response };
    response.clicked()
}
