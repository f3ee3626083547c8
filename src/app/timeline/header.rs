//! The column at the left: a head for each tier with its name, its lock and a menu for everything that can be said about
//! how the tier is shown, and above them the list of all tiers.

use super::expressions::kind_name;
use super::tiers::{Constraint, TierId};
use super::{TimelineInput, TimelineState, masks};
use crate::app::commands::{Command, TimelineCommand};
use crate::app::i18n::{tr, tr_with};
use crate::app::intent::Intent;
use crate::app::theme::{self, Tokens, tokens};
use crate::pose::expression::ExpressionKind;
use crate::pose::parts::Part;
use egui::{
    Align2, Button, CursorIcon, Id, PointerButton, Popup, PopupCloseBehavior, Rect, RichText, Role, Sense, Stroke,
    StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

/// Height of the strip at the lower edge of a head that is dragged to make the tier higher.
const GRIP: f32 = 7.0;

/// Draws the head of a tier and carries out what is chosen in its menu. True when the keyboard has just come to it.
pub fn show(
    ui: &Ui,
    rect: Rect,
    tier: TierId,
    input: &TimelineInput<'_>,
    state: &mut TimelineState,
    t: &Tokens,
    out: &mut Vec<Intent>,
) -> bool {
    let locked = state.settings.tiers.is_locked(tier);
    let solo = state.settings.tiers.solo == Some(tier);
    let current = state.current == tier;
    let response = ui.interact(rect, Id::unique(("tier", tier)), Sense::click());
    response.widget_info(|| {
        let mut name = tr_with("Tier {tier}", &[("tier", tier.name())]);
        if locked {
            name = format!("{name}, {}", tr("locked"));
        }
        if solo {
            name = format!("{name}, {}", tr("shown alone"));
        }
        WidgetInfo::selected(Role::Button, true, current, name)
    });
    let painter = ui.painter_at(rect);
    if current {
        painter.rect_filled(rect.with_max_x(rect.left() + 2.0), 0.0, t.accent);
    }
    if response.hovered() || current {
        painter.rect_filled(rect.with_min_x(rect.left() + 2.0).shrink2(vec2(0.0, 0.5)), 2.0, t.surface2);
    }
    let indent = 8.0 * f32::from(tier.depth());
    let mark_height = 14.0_f32.min(rect.height() - 2.0);
    let mark = Rect::from_center_size(pos2(rect.left() + 9.0 + indent, rect.center().y), vec2(3.0, mark_height));
    painter.rect_filled(mark, 1.0, t.hue(tier.hue()));
    let right = rect.right() - 18.0;
    let room = right - (mark.right() + 6.0) - if locked { 14.0 } else { 0.0 };
    let color = if current { t.text1 } else { t.text2 };
    if let Some(text) = super::lanes::fitted_text(&painter, tier.name(), "", room, theme::SMALL, color) {
        let at = pos2(mark.right() + 6.0, rect.center().y - text.size().y / 2.0);
        painter.galley(at, text, color);
    }
    if locked {
        super::lanes::padlock(&painter, pos2(right - 4.0, rect.center().y + 2.0), t.warning);
    }
    // Three dots: there is a menu.
    let dots = if response.hovered() || current { t.text1 } else { t.text3 };
    for i in -1..=1 {
        painter.circle_filled(pos2(rect.right() - 8.0, rect.center().y + 4.0 * i as f32), 1.25, dots);
    }
    if solo {
        painter.rect_stroke(rect.shrink(1.0), 2.0, Stroke::new(1.0, t.accent), StrokeKind::Inside);
    }
    if response.has_focus() {
        painter.rect_stroke(rect.shrink(1.0), 2.0, Stroke::new(2.0, t.focus), StrokeKind::Inside);
    }
    let reached = response.gained_focus();
    if response.clicked() || reached {
        state.current = tier;
    }
    let about = match tier.parent() {
        Some(parent) => format!("{}\n{}", tier.about(), constraint_text(tier.constraint(), parent)),
        None => tier.about().to_owned(),
    };
    let response = if Popup::is_id_open(ui.ctx(), Popup::default_response_id(&response)) {
        response
    } else {
        response.on_hover_text(about)
    };
    Popup::menu(&response).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        ui.set_min_width(220.0);
        menu(ui, tier, input, state, out);
    });
    grip(ui, rect, tier, state, t);
    reached
}

fn constraint_text(constraint: Constraint, parent: TierId) -> String {
    let places = [("parent", parent.name())];
    match constraint {
        Constraint::None => String::new(),
        Constraint::TimeSubdivision => tr_with("Divides its parent, {parent}, in time.", &places),
        Constraint::IncludedIn => tr_with("Lies inside its parent, {parent}.", &places),
        Constraint::SymbolicAssociation => tr_with("One for each of its parent, {parent}.", &places),
    }
}

/// The lower edge of a head: dragged it sets the height, double-clicked it gives it back.
fn grip(ui: &Ui, rect: Rect, tier: TierId, state: &mut TimelineState, t: &Tokens) {
    let hit =
        Rect::from_min_max(pos2(rect.left(), rect.bottom() - GRIP + 3.0), pos2(rect.right(), rect.bottom() + 3.0));
    let response = ui.interact(hit, Id::unique(("tier height", tier)), Sense::CLICK | Sense::DRAG);
    response.widget_info(|| {
        WidgetInfo::labeled(Role::Splitter, true, tr_with("Height of {tier}", &[("tier", tier.name())]))
    });
    if response.hovered() || response.dragged() {
        ui.ctx().set_cursor_icon(CursorIcon::ResizeRow);
        ui.painter_at(rect.expand(2.0)).hline(rect.x_range(), rect.bottom(), Stroke::new(2.0, t.accent));
    }
    if response.dragged_by(PointerButton::Primary)
        && let Some(pointer) = response.interact_pointer_pos()
    {
        state.settings.tiers.set_height(tier, Some(pointer.y - rect.top()));
    }
    if response.double_clicked() {
        state.settings.tiers.set_height(tier, None);
    }
}

fn command(ui: &mut Ui, command: TimelineCommand, out: &mut Vec<Intent>) {
    let command = Command::Timeline(command);
    let t = tokens(ui);
    let button = Button::new(command.info().text)
        .shortcut_text(RichText::new(command.shortcut_text(ui.ctx())).color(t.text3))
        .min_size(vec2(0.0, theme::ROW));
    if ui.add(button).clicked() {
        out.push(Intent::Do(command));
        ui.close();
    }
}

fn menu(ui: &mut Ui, tier: TierId, input: &TimelineInput<'_>, state: &mut TimelineState, out: &mut Vec<Intent>) {
    use TimelineCommand as C;
    let t = tokens(ui);
    ui.label(RichText::new(tier.name()).font(theme::bold(theme::BODY)));
    state.current = tier;
    let tiers = &mut state.settings.tiers;
    let mut locked = tiers.is_locked(tier);
    if ui.checkbox(&mut locked, tr("Locked: no edits on this tier")).changed() {
        tiers.set_locked(tier, locked);
    }
    let mut solo = tiers.solo == Some(tier);
    if ui.checkbox(&mut solo, tr("Shown alone")).changed() {
        tiers.solo = solo.then_some(tier);
    }
    command(ui, C::HideTier, out);
    ui.separator();
    command(ui, C::TallerTier, out);
    command(ui, C::ShorterTier, out);
    if ui.add(Button::new(tr("Height as the room allows")).min_size(vec2(0.0, theme::ROW))).clicked() {
        state.settings.tiers.set_height(tier, None);
        ui.close();
    }
    if tier == TierId::Sound {
        ui.separator();
        ui.checkbox(&mut state.settings.spectrogram, tr("Spectrogram"));
        ui.checkbox(&mut state.settings.pitch, tr("Pitch of the voice"));
        ui.checkbox(&mut state.settings.onsets, tr("Onsets of sounds"));
    }
    if tier == TierId::Masks {
        ui.separator();
        ui.label(RichText::new(tr("New masks are on")).color(t.text2));
        for part in Part::ALL {
            let mut on = state.settings.brush.contains(part);
            if ui.checkbox(&mut on, masks::part_name(part)).changed() {
                let brush = state.settings.brush;
                let brush = if on { brush.with(part) } else { brush.without(part) };
                // A mask on nothing cannot be.
                if !brush.is_empty() {
                    state.settings.brush = brush;
                }
            }
        }
        let mut rows = state.settings.tiers.height(tier).is_some_and(|h| h >= MASK_ROWS);
        if ui.checkbox(&mut rows, tr("One row for each part")).changed() {
            state.settings.tiers.set_height(tier, rows.then_some(MASK_ROWS));
        }
    }
    if tier == TierId::Expressions {
        ui.separator();
        command(ui, C::AddExpression, out);
        ui.label(RichText::new(tr("New expressions are")).color(t.text2));
        for kind in ExpressionKind::ALL {
            if ui.radio(state.settings.expression == kind, kind_name(kind)).clicked() {
                state.settings.expression = kind;
            }
        }
    }
    if matches!(tier, TierId::FaceBase | TierId::FaceResidual | TierId::BodyBase | TierId::BodyResidual)
        && !input.tokens.iter().any(|tokens| tokens.tier == tier)
    {
        ui.separator();
        ui.label(RichText::new(tr("No token generator has been run")).color(t.text2));
    }
    if tier.is_walked() {
        ui.separator();
        for c in [C::SelectAll, C::SelectBefore, C::SelectAfter] {
            command(ui, c, out);
        }
    }
}

/// Height of the mask lane with a row for each part.
const MASK_ROWS: f32 = 84.0;

/// The corner above the heads: the list of all tiers, and whether drags snap.
pub fn corner(ui: &Ui, rect: Rect, state: &mut TimelineState) {
    let half = rect.width() / 2.0;
    let (left, right) = (
        rect.with_max_x(rect.left() + half - 2.0),
        rect.with_min_x(rect.left() + half + 2.0).with_max_x(rect.right() - 4.0),
    );
    let tiers = small_button(ui, left, "tiers button", tr("Tiers"), state.settings.tiers.solo.is_some());
    let tiers = tiers.on_hover_text(tr("Which tiers are shown."));
    Popup::menu(&tiers).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        ui.set_min_width(220.0);
        ui.spacing_mut().item_spacing.y = 0.0;
        egui::ScrollArea::vertical().max_height(460.0).show(ui, |ui| {
            for tier in TierId::ALL {
                let mut on = state.settings.tiers.is_on(tier);
                let label = tr_with("Show {tier}", &[("tier", tier.name())]);
                if ui.checkbox(&mut on, label).on_hover_text(tier.about()).changed() {
                    state.settings.tiers.set_shown(tier, on);
                }
            }
        });
        ui.separator();
        if let Some(solo) = state.settings.tiers.solo {
            let text = tr_with("{tier} is shown alone: show all again", &[("tier", solo.name())]);
            if ui.button(text).clicked() {
                state.settings.tiers.solo = None;
                ui.close();
            }
        }
        if ui.button(tr("Tiers as at first")).clicked() {
            state.settings.tiers = Default::default();
            ui.close();
        }
    });
    let snap = small_button(ui, right, "snap button", tr("Snap"), state.settings.snapping);
    let command = Command::Timeline(TimelineCommand::Snapping);
    let snap = snap.on_hover_text(command.tooltip(ui.ctx()));
    if snap.clicked() {
        state.settings.snapping ^= true;
    }
}

fn small_button(ui: &Ui, rect: Rect, id: &'static str, text: &str, on: bool) -> egui::Response {
    let t = tokens(ui);
    let rect = rect.shrink2(vec2(0.0, 1.0));
    let response = ui.interact(rect, Id::unique(id), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, text));
    let painter = ui.painter();
    let fill = if on {
        t.accent_fill()
    } else if response.hovered() {
        t.surface3
    } else {
        t.surface2
    };
    painter.rect_filled(rect, 3.0, fill);
    if on {
        painter.rect_stroke(rect, 3.0, Stroke::new(1.0, t.accent), StrokeKind::Inside);
    }
    if response.has_focus() {
        painter.rect_stroke(rect, 3.0, Stroke::new(2.0, t.focus), StrokeKind::Inside);
    }
    let color = if on { t.text1 } else { t.text2 };
    painter.text(rect.center(), Align2::CENTER_CENTER, text, theme::regular(theme::SMALL), color);
    response
}
