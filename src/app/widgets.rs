//! Small controls that the panels share: icon buttons, section heads, message strips.
//!
//! Each custom widget does the same four things: ask for its size, take part in the interaction, tell its name to
//! screen readers, and paint itself.

use super::commands::Command;
use super::icons::{self, Icon};
use super::intent::Intent;
use super::theme::{self, Tokens, tokens};
use egui::{
    Align, Align2, Button, Color32, Frame, Key, Layout, Margin, Response, RichText, Role, Sense, Stroke, StrokeKind,
    Ui, Vec2, WidgetInfo, WidgetText, vec2,
};

/// A button with an icon; `label` is its name for screen readers and tests.
pub fn icon_button(ui: &mut Ui, icon: Icon, label: &str, selected: bool) -> Response {
    let (rect, response) = ui.allocate_exact_size(theme::ICON_BUTTON, Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::selected(Role::Button, enabled, selected, label));
    if ui.is_rect_visible(rect) {
        let t = tokens(ui);
        let visuals = ui.style().interact(&response);
        let (fill, color) = if selected {
            (t.accent_fill(), t.text1)
        } else if response.hovered() || response.is_pointer_button_down_on() {
            (visuals.bg_fill, t.text1)
        } else {
            (Color32::TRANSPARENT, t.text2)
        };
        ui.painter().rect_filled(rect, theme::RADIUS, fill);
        focus_ring(ui, &response);
        icons::paint(ui.painter(), rect, icon, if enabled { color } else { ui.visuals().disable(t.text3) });
    }
    response
}

/// The icon button of a command, with its tooltip; pressing it asks for the command.
pub fn command_button(ui: &mut Ui, icon: Icon, command: Command, selected: bool, enabled: bool, out: &mut Vec<Intent>) {
    let name = command.info().text.trim_end_matches('…');
    ui.add_enabled_ui(enabled, |ui| {
        let response = icon_button(ui, icon, name, selected).on_hover_text(command.tooltip(ui.ctx()));
        if response.clicked() {
            out.push(Intent::Do(command));
        }
    });
}

/// Shows where the keyboard is.
pub fn focus_ring(ui: &Ui, response: &Response) {
    if response.has_focus() {
        let stroke = Stroke::new(2.0, tokens(ui).focus);
        ui.painter().rect_stroke(response.rect.shrink(1.0), theme::RADIUS, stroke, StrokeKind::Middle);
    }
}

/// The head of a section within a panel.
pub fn section(ui: &mut Ui, title: &str) {
    ui.add_space(4.0);
    let t = tokens(ui);
    ui.label(RichText::new(title).font(theme::bold(theme::SMALL)).color(t.text3));
}

/// The title of a panel.
pub fn panel_title(ui: &mut Ui, title: &str) {
    ui.label(RichText::new(title).font(theme::bold(theme::BODY)).color(tokens(ui).text1));
}

/// Enter was pressed, in a field or where nothing has the focus. On a focused button it presses that button alone.
pub fn enter_is_free(ui: &Ui) -> bool {
    ui.input(|i| i.key_pressed(Key::Enter)) && ui.memory(|m| m.focused().is_none())
}

/// The button that does what a dialog is for.
pub fn primary_button(ui: &mut Ui, text: &str, enabled: bool) -> Response {
    let t = tokens(ui);
    let button = Button::new(RichText::new(text).font(theme::bold(theme::BODY)).color(t.on_accent))
        .fill(t.accent)
        .stroke(Stroke::NONE)
        .min_size(vec2(96.0, 28.0));
    ui.add_enabled(enabled, button)
}

/// A button beside the primary one.
pub fn plain_button(ui: &mut Ui, text: &str) -> Response {
    ui.add(Button::new(text).min_size(vec2(80.0, 28.0)))
}

/// How grave a message is; each has a colour and a shape of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Info,
    Good,
    Warning,
    Error,
}

impl Tone {
    pub fn color(self, t: &Tokens) -> Color32 {
        match self {
            Self::Info => t.text2,
            Self::Good => t.ok,
            Self::Warning => t.warning,
            Self::Error => t.danger,
        }
    }

    pub fn icon(self) -> Icon {
        match self {
            Self::Info => Icon::Info,
            Self::Good => Icon::Check,
            Self::Warning => Icon::Warning,
            Self::Error => Icon::Error,
        }
    }
}

/// An icon that only shows something, with the space it takes.
pub fn icon_label(ui: &mut Ui, icon: Icon, color: Color32) {
    let (rect, _) = ui.allocate_exact_size(Vec2::splat(icons::SIZE), Sense::hover());
    icons::paint(ui.painter(), rect, icon, color);
}

/// A message where the user looks: icon and text on a tinted strip.
pub fn message_strip(ui: &mut Ui, tone: Tone, text: &str) {
    let t = tokens(ui);
    let color = tone.color(t);
    Frame::new().fill(t.tint(color)).corner_radius(theme::RADIUS).inner_margin(Margin::symmetric(8, 6)).show(
        ui,
        |ui| {
            ui.horizontal_top(|ui| {
                icon_label(ui, tone.icon(), color);
                ui.with_layout(Layout::top_down(Align::Min), |ui| {
                    ui.set_width(ui.available_width());
                    ui.label(RichText::new(text).color(t.text1));
                });
            });
        },
    );
}

/// The error of one field, under it.
pub fn field_error(ui: &mut Ui, text: &str) {
    let t = tokens(ui);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        icon_label(ui, Icon::Error, t.danger);
        ui.label(RichText::new(text).color(t.danger));
    });
}

/// A field to search in a list with; the hint is its name for screen readers and tests.
pub fn search_field(ui: &mut Ui, text: &mut String, hint: &str) -> Response {
    let field =
        egui::TextEdit::singleline(text).hint_text(hint).desired_width(f32::INFINITY).margin(Margin::symmetric(6, 3));
    let response = ui.add(field);
    response.widget_info(|| {
        let mut info = WidgetInfo::text_edit(true, &*text, &*text, hint);
        info.label = Some(hint.to_owned());
        info
    });
    response
}

/// Whether a number field asks for another value than it had. One that the keyboard has only passed through gives back
/// what stood in it, which is rounded: that is no change.
pub fn is_retyped(response: &Response, before: f64, after: f64, shown: impl Fn(f64) -> String) -> bool {
    if response.dragged() { (after - before).abs() > 1e-9 } else { shown(after) != shown(before) }
}

/// A number as it stands in fields without decimals.
pub fn whole(value: f64) -> String {
    format!("{value:.0}")
}

/// A line of a list that unfolds; true when it is chosen, which folds the list: with the keyboard too, where egui leaves
/// it open.
pub fn list_line<'a>(ui: &mut Ui, chosen: bool, text: impl egui::IntoAtoms<'a>) -> bool {
    let clicked = ui.selectable_label(chosen, text).clicked();
    if clicked {
        ui.close();
    }
    clicked
}

/// A name over a field, for forms. Gives the id that the field is to be labelled by.
pub fn field_label(ui: &mut Ui, text: &str) -> egui::Id {
    ui.add_space(4.0);
    ui.label(RichText::new(text).color(tokens(ui).text2)).id
}

/// A row of name and value in a panel.
pub fn fact(ui: &mut Ui, name: &str, value: impl Into<WidgetText>) {
    let t = tokens(ui);
    let row = vec2(ui.available_width(), 20.0);
    ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_height(20.0);
        let (rect, _) = ui.allocate_exact_size(vec2(64.0, 20.0), Sense::hover());
        ui.painter().text(rect.left_center(), Align2::LEFT_CENTER, name, theme::regular(12.0), t.text3);
        ui.add(egui::Label::new(value).truncate());
    });
    // Rows of facts stand closer than controls do.
    ui.add_space(-ui.spacing().item_spacing.y);
}
