//! The tray: the selected mask, what is asked of a generator, and the takes as moving thumbnails.

use super::thumb::{Pen, region, thumbnail};
use super::{Card, CardId, CardKind, TakeCommand, TakesIntent, Tray};
use crate::app::Studio;
use crate::app::commands::{Command, TimelineCommand};
use crate::app::i18n::{tr, tr_with};
use crate::app::intent::Intent;
use crate::app::opened::Opened;
use crate::app::theme::{self, Tier, Tokens, tokens};
use crate::app::widgets::{Tone, focus_ring, is_retyped, list_line, message_strip, primary_button, section, whole};
use crate::document::edit::Edit;
use crate::document::marks::Mask;
use crate::generate::takes::{Poses, generators};
use crate::jobs::takes::MOST_TAKES;
use crate::pose::motion_mask::{Kind, Outline};
use crate::pose::parts::{Part, Parts};
use crate::time::{Seconds, TimeRange};
use egui::{
    Align2, Button, CollapsingHeader, ComboBox, DragValue, Frame, Margin, Rect, Response, RichText, Role, ScrollArea,
    Sense, Slider, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

/// Height of a card's picture, and of the line under it.
const PICTURE: f32 = 92.0;
const LINE: f32 = 22.0;
/// Least width of a card.
const CARD: f32 = 112.0;

/// Name of a part in the language of the interface.
pub fn part_name(part: Part) -> &'static str {
    tr(part.name())
}

fn parts_names(parts: Parts) -> String {
    if parts == Parts::ALL {
        return tr("everything").to_owned();
    }
    parts.iter().map(part_name).collect::<Vec<_>>().join(", ")
}

/// Draws the pane.
pub fn takes_pane(ui: &mut Ui, studio: &mut Studio, out: &mut Vec<Intent>) {
    let can_mask = studio.selected_range().is_some();
    let playing = studio.player.is_playing();
    let playhead = studio.view.playhead;
    let Studio { opened: Some(opened), takes: tray, .. } = studio else { return };
    let opened = &*opened;
    Frame::new().inner_margin(Margin::same(theme::PADDING)).show(ui, |ui| {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.set_max_width(ui.available_width() - 8.0);
            masks(ui, opened, can_mask, out);
            if let Some(mask) = Tray::mask(opened) {
                mask_ui(ui, opened, mask, tray, out);
                asking(ui, tray, mask, out);
                cards(ui, opened, mask, tray, playhead, playing, out);
                actions(ui, opened, mask, tray, out);
            }
            motion_masks(ui, tray, out);
        });
    });
}

fn command_ui(ui: &mut Ui, command: TakeCommand, enabled: bool, out: &mut Vec<Intent>) -> Response {
    let command = Command::Takes(command);
    let name = command.info().text.trim_end_matches('…');
    let response = ui.add_enabled(enabled, Button::new(name)).on_hover_text(command.tooltip(ui.ctx()));
    if response.clicked() {
        out.push(Intent::Do(command));
    }
    response
}

/// The masks of the project, to choose from, and how to make one.
fn masks(ui: &mut Ui, opened: &Opened, can_mask: bool, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    let marks = &opened.project().marks;
    let selected = opened.document.selection.masks.last().copied();
    if marks.masks.is_empty() {
        ui.label(
            RichText::new(tr("A mask is a stretch of time on some parts of the body. Takes are made for it."))
                .color(t.text2),
        );
    }
    for (i, mask) in marks.masks.iter().enumerate() {
        let (start, end) = (mask.range.start.timecode(), mask.range.end.timecode());
        let places =
            [("number", &*(i + 1).to_string()), ("parts", &*parts_names(mask.parts)), ("from", &*start), ("to", &*end)];
        let name = tr_with("Mask {number}: {parts}, {from} to {to}", &places);
        let response = ui.add(Button::selectable(selected == Some(mask.id), name.clone()).truncate());
        if response.on_hover_text(name).clicked() {
            out.push(Intent::Takes(TakesIntent::SelectMask(mask.id)));
        }
    }
    ui.add_space(2.0);
    let command = Command::Timeline(TimelineCommand::MaskSelection);
    let response = ui
        .add_enabled(can_mask, Button::new(tr("New mask over the selection")))
        .on_hover_text(command.tooltip(ui.ctx()));
    if response.clicked() {
        out.push(Intent::Do(command));
    }
}

/// A check box for each part; gives the new set.
fn parts_ui(ui: &mut Ui, parts: Parts) -> Option<Parts> {
    let mut changed = None;
    for part in Part::ALL {
        let mut on = parts.contains(part);
        if ui.checkbox(&mut on, part_name(part)).changed() {
            let new = if on { parts.with(part) } else { parts.without(part) };
            if !new.is_empty() {
                changed = Some(new);
            }
        }
    }
    changed
}

/// Stretch, halo and parts of the mask, by number and by choice.
fn mask_ui(ui: &mut Ui, opened: &Opened, mask: &Mask, tray: &Tray, out: &mut Vec<Intent>) {
    ui.add_space(4.0);
    let length = opened.length();
    ui.add_enabled_ui(!mask.locked, |ui| {
        ui.horizontal_wrapped(|ui| {
            let mut time = |ui: &mut Ui,
                            name: &str,
                            value: Seconds,
                            range: std::ops::RangeInclusive<f64>,
                            make: &dyn Fn(Seconds) -> Mask| {
                let label = ui.label(name).id;
                let mut now = value.0;
                let field = DragValue::new(&mut now)
                    .speed(0.005)
                    .range(range)
                    .custom_formatter(|v, _| Seconds(v).timecode())
                    .custom_parser(crate::app::inspector::parse_time)
                    .update_while_editing(false);
                let response = ui.add(field).labelled_by(label);
                if is_retyped(&response, value.0, now, |v| Seconds(v).timecode()) {
                    let edit = Edit::SetMask(make(Seconds(now)));
                    out.push(if response.dragged() { Intent::Drag("Change mask", edit) } else { Intent::Edit(edit) });
                }
                if response.drag_stopped() {
                    out.push(Intent::EndDrag);
                }
            };
            let r = mask.range;
            time(ui, tr("From"), r.start, 0.0..=(r.end.0 - 0.02).max(0.0), &|v| Mask {
                range: TimeRange::new(v, r.end),
                ..mask.clone()
            });
            time(ui, tr("to"), r.end, r.start.0 + 0.02..=length.0.max(r.end.0), &|v| Mask {
                range: TimeRange::new(r.start, v),
                ..mask.clone()
            });
        });
        ui.horizontal_wrapped(|ui| {
            let label = ui.label(tr("Halo")).id;
            let mut ms = mask.halo.millis();
            let field = DragValue::new(&mut ms).speed(5.0).range(0.0..=2000.0).suffix(" ms").fixed_decimals(0);
            let response = ui
                .add(field.update_while_editing(false))
                .labelled_by(label)
                .on_hover_text(tr("How long the blend from base to take lasts at each end, outside the mask."));
            if is_retyped(&response, mask.halo.millis(), ms, whole) {
                let edit = Edit::SetMask(Mask { halo: Seconds::from_millis(ms), ..mask.clone() });
                out.push(if response.dragged() { Intent::Drag("Change mask", edit) } else { Intent::Edit(edit) });
            }
            if response.drag_stopped() {
                out.push(Intent::EndDrag);
            }
            ui.menu_button(parts_names(mask.parts), |ui| {
                if let Some(parts) = parts_ui(ui, mask.parts) {
                    out.push(Intent::Edit(Edit::SetMask(Mask { parts, ..mask.clone() })));
                }
            })
            .response
            .on_hover_text(tr("Parts of the body that the mask covers."));
        });
    });
    if let Some(base) = tray.base(opened) {
        let stale = base.stale.len();
        if stale > 0 {
            let text =
                tr("The cues have changed since a take in force was made. Make takes again, or go back to the base.");
            message_strip(ui, Tone::Warning, text);
        }
    }
}

/// What is asked of the generator.
fn asking(ui: &mut Ui, tray: &mut Tray, mask: &Mask, out: &mut Vec<Intent>) {
    section(ui, tr("New takes"));
    let all = generators();
    let form = &mut tray.form;
    form.generator = form.generator.min(all.len() - 1);
    ui.horizontal_wrapped(|ui| {
        let label = ui.label(tr("Generator")).id;
        let combo = ComboBox::from_id_salt("take generator").selected_text(tr(all[form.generator].label())).width(84.0);
        combo
            .show_ui(ui, |ui| {
                for (i, generator) in all.iter().enumerate() {
                    if list_line(ui, form.generator == i, tr(generator.label())) {
                        form.generator = i;
                    }
                }
            })
            .response
            .labelled_by(label);
        // Each name stays on one line with its field.
        ui.horizontal(|ui| {
            let label = ui.label(tr("Count")).id;
            ui.add(DragValue::new(&mut form.count).range(1..=MOST_TAKES).speed(0.05)).labelled_by(label);
        });
        ui.horizontal(|ui| {
            let label = ui.label(tr("Seed")).id;
            ui.add(DragValue::new(&mut form.seed).range(0..=999_999_999).speed(0.2))
                .labelled_by(label)
                .on_hover_text(tr("The same seed makes the same take. Takes made together count on from it."));
        });
    });
    let parameters = all[form.generator].parameters();
    let slider = |ui: &mut Ui, form: &mut super::Form, i: usize| {
        let p = &parameters[i];
        let mut value = form.values.get(p);
        let label = ui.label(tr(p.label)).id;
        ui.spacing_mut().slider_width = (ui.available_width() - 60.0).clamp(60.0, 180.0);
        let slider = Slider::new(&mut value, p.range.0..=p.range.1).fixed_decimals(2);
        if ui.add(slider).labelled_by(label).on_hover_text(tr(p.about)).changed() {
            form.values.set(p.name, value);
        }
    };
    ui.horizontal(|ui| slider(ui, form, 0));
    if parameters.len() > 1 {
        CollapsingHeader::new(tr("More")).id_salt("take parameters").show(ui, |ui| {
            egui::Grid::new("take parameter grid").num_columns(2).show(ui, |ui| {
                for i in 1..parameters.len() {
                    slider(ui, form, i);
                    ui.end_row();
                }
            });
        });
    }
    ui.horizontal_wrapped(|ui| {
        let ready = !mask.locked;
        let command = Command::Takes(TakeCommand::Regenerate);
        if primary_button(ui, command.info().text, ready).on_hover_text(command.tooltip(ui.ctx())).clicked() {
            out.push(Intent::Do(command));
        }
        command_ui(ui, TakeCommand::Reroll, ready, out);
    });
    if mask.locked {
        message_strip(ui, Tone::Info, tr("The mask is locked: unlock it to make or accept takes."));
        if ui.button(tr("Unlock the mask")).clicked() {
            out.push(Intent::Edit(Edit::SetMask(Mask { locked: false, ..mask.clone() })));
        }
    }
}

/// What a card says of its take.
fn state_text(card: &Card<'_>, mask: &Mask) -> String {
    match card.kind {
        CardKind::Making => tr("being made").to_owned(),
        CardKind::New(_) => tr("new").to_owned(),
        CardKind::Kept(take) => {
            let force: Parts =
                mask.accepted.iter().filter(|a| a.take == take.id).flat_map(|a| a.parts.iter()).collect();
            if force.is_empty() {
                tr("kept").to_owned()
            } else if force == mask.parts {
                tr("in force").to_owned()
            } else {
                tr_with("in force: {parts}", &[("parts", &parts_names(force))])
            }
        }
    }
}

fn cards(
    ui: &mut Ui,
    opened: &Opened,
    mask: &Mask,
    tray: &Tray,
    playhead: Seconds,
    playing: bool,
    out: &mut Vec<Intent>,
) {
    let t = tokens(ui);
    let cards = tray.cards(opened, mask.id);
    section(ui, tr("Takes"));
    if cards.is_empty() {
        ui.label(RichText::new(tr("No takes yet. Regenerate makes some to choose from.")).color(t.text2));
    }
    let gap = 6.0;
    let columns = (((ui.available_width() + gap) / (CARD + gap)).floor() as usize).clamp(1, 4);
    let width = (ui.available_width() + gap) / columns as f32 - gap;
    for row in cards.chunks(columns) {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = gap;
            for card in row {
                let selected = tray.selected.as_ref() == Some(&card.id);
                let poses = match &card.id {
                    CardId::Poses(hash) => tray.poses(hash),
                    CardId::Slot(_) => None,
                };
                let seen = CardView { card, mask, poses, selected, width, playhead, playing };
                if card_ui(ui, &seen, t).clicked() {
                    out.push(Intent::Takes(TakesIntent::SelectCard(card.id.clone())));
                }
            }
        });
        ui.add_space(2.0);
    }
    let back = tray.discarded_of(mask.id);
    if back > 0 {
        let command = Command::Takes(TakeCommand::BringBack);
        let text = tr_with("Bring {count} discarded back", &[("count", &back.to_string())]);
        if ui.small_button(text).on_hover_text(command.tooltip(ui.ctx())).clicked() {
            out.push(Intent::Do(command));
        }
    }
}

struct CardView<'a> {
    card: &'a Card<'a>,
    mask: &'a Mask,
    poses: Option<&'a Result<std::sync::Arc<Poses>, String>>,
    selected: bool,
    width: f32,
    playhead: Seconds,
    playing: bool,
}

/// One take: its picture moves while the pointer is on it or while it plays.
fn card_ui(ui: &mut Ui, view: &CardView<'_>, t: &Tokens) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(view.width, PICTURE + LINE), Sense::click());
    let card = view.card;
    let state = state_text(card, view.mask);
    let places = [("number", &*card.number.to_string()), ("state", &*state), ("seed", &*card.seed.to_string())];
    let name = tr_with("Take {number}: {state}, seed {seed}", &places);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, view.selected, &name));
    if view.selected && response.gained_focus() {
        ui.scroll_to_rect(rect, None);
    }
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let painter = ui.painter_at(rect);
    let kept = matches!(card.kind, CardKind::Kept(_));
    let in_force = matches!(card.kind, CardKind::Kept(take) if view.mask.accepted.iter().any(|a| a.take == take.id));
    let ground = if response.hovered() { t.surface3 } else { t.surface2 };
    painter.rect_filled(rect, theme::RADIUS, ground);
    let picture = Rect::from_min_max(rect.min, pos2(rect.right(), rect.top() + PICTURE)).shrink(4.0);
    match (card.kind, view.poses) {
        (CardKind::Making, _) => {
            let text = tr("Making…");
            painter.text(picture.center(), Align2::CENTER_CENTER, text, theme::regular(theme::SMALL), t.text3);
        }
        (_, Some(Ok(poses))) => moving_picture(ui, &painter, picture, poses, view, response.hovered(), t),
        (_, Some(Err(why))) => {
            let why = crate::app::i18n::tr_message(why);
            let galley = painter.layout(why, theme::regular(theme::SMALL), t.warning, picture.width());
            painter.galley(picture.min, galley, t.warning);
        }
        (_, None) => {}
    }
    let line = Rect::from_min_max(pos2(rect.left(), rect.bottom() - LINE), rect.max).shrink2(vec2(6.0, 0.0));
    let number = painter.text(
        line.left_center(),
        Align2::LEFT_CENTER,
        card.number.to_string(),
        theme::bold(theme::BODY),
        t.text1,
    );
    let color = if in_force { t.accent } else { t.text2 };
    let galley = painter.layout(state, theme::regular(theme::SMALL), color, line.width() - number.width() - 8.0);
    painter.galley(
        pos2(number.right() + 6.0, line.center().y - galley.rows.first().map_or(7.0, |r| r.height()) / 2.0),
        galley,
        color,
    );
    let stroke = match (view.selected, in_force, kept) {
        (true, _, _) => Stroke::new(2.0, t.accent),
        (_, true, _) => Stroke::new(1.5, t.ok),
        (_, _, true) => Stroke::new(1.0, t.text3),
        _ => Stroke::new(1.0, t.line),
    };
    painter.rect_stroke(rect, theme::RADIUS, stroke, StrokeKind::Inside);
    focus_ring(ui, &response);
    response.on_hover_text(name)
}

fn moving_picture(
    ui: &Ui,
    painter: &egui::Painter,
    rect: Rect,
    poses: &Poses,
    view: &CardView<'_>,
    hovered: bool,
    t: &Tokens,
) {
    let count = poses.frames.len();
    if count == 0 {
        return;
    }
    let now = poses.fps.frame_at(view.playhead).0.checked_sub(poses.first.0).map(|i| i as usize).filter(|i| *i < count);
    let index = if hovered {
        ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(poses.fps.frame_length().0));
        (ui.input(|i| i.time) * poses.fps.rate()) as usize % count
    } else if view.playing || view.selected {
        now.unwrap_or(count / 2)
    } else {
        count / 2
    };
    let parts = match view.card.kind {
        CardKind::New(made) => made.take.parts,
        CardKind::Kept(take) => take.parts,
        CardKind::Making => Parts::ALL,
    };
    let pen = Pen {
        face: Stroke::new(1.0, t.text2),
        body: Stroke::new(1.5, t.hue(Tier::Phones)),
        hands: Stroke::new(1.5, t.hue(Tier::Position)),
        dotted: false,
    };
    thumbnail(painter, rect, region(poses, parts), &poses.frames[index], &pen);
    if hovered {
        // How far through the take the picture is.
        let x = rect.left() + rect.width() * (index as f32 + 1.0) / count as f32;
        painter.hline(rect.left()..=x, rect.bottom(), Stroke::new(2.0, t.accent));
    }
}

/// What can be done with the selected take.
fn actions(ui: &mut Ui, opened: &Opened, mask: &Mask, tray: &mut Tray, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    let Some(card) = tray.selected(opened, mask.id) else { return };
    let places = [("number", &*card.number.to_string()), ("seed", &*card.seed.to_string())];
    section(ui, &tr_with("Take {number}, seed {seed}", &places));
    if let CardId::Slot(slot) = card.id {
        if ui.button(tr("Stop making this take")).clicked() {
            out.push(Intent::Takes(TakesIntent::Cancel(slot)));
        }
        return;
    }
    let (parts, parameters) = match card.kind {
        CardKind::New(made) => (made.take.parts, made.take.parameters.clone()),
        CardKind::Kept(take) => (take.parts, take.parameters.clone()),
        CardKind::Making => return,
    };
    let kept = matches!(card.kind, CardKind::Kept(_));
    let stale = tray.base(opened).zip(match card.kind {
        CardKind::New(made) => Some(&made.take),
        CardKind::Kept(take) => Some(take),
        CardKind::Making => None,
    });
    let stale =
        stale.is_some_and(|(base, take)| take.range == mask.range && take.halo == mask.halo && base.hash != take.base);
    let numbers: Vec<String> = parameters.iter().map(|(name, value)| format!("{} {value:.2}", tr_name(name))).collect();
    ui.label(RichText::new(numbers.join(" · ")).color(t.text3).small());
    if stale {
        message_strip(ui, Tone::Warning, tr("The cues have changed since this take was made: it shows the old ones."));
    }
    let free = !mask.locked;
    ui.horizontal_wrapped(|ui| {
        command_ui(ui, TakeCommand::Accept, free, out);
        let shared = parts.intersection(mask.parts);
        if shared.iter().count() > 1 {
            ui.add_enabled_ui(free, |ui| {
                ui.menu_button(tr("One part only"), |ui| {
                    for part in shared.iter() {
                        let command = Command::Takes(TakeCommand::AcceptPart(part));
                        if ui.button(command.info().text).clicked() {
                            out.push(Intent::Do(command));
                            ui.close();
                        }
                    }
                });
            });
        }
        let discard = if kept { TakeCommand::RemoveTake } else { TakeCommand::Discard };
        command_ui(ui, discard, true, out);
    });
    ui.horizontal_wrapped(|ui| {
        let compare = Command::Takes(TakeCommand::Compare);
        ui.label(tr("Picture")).on_hover_text(compare.tooltip(ui.ctx()));
        for (looking, name) in [(false, tr("A: in force")), (true, tr("B: this take"))] {
            if ui.selectable_label(tray.looking == looking, name).on_hover_text(compare.tooltip(ui.ctx())).clicked()
                && tray.looking != looking
            {
                out.push(Intent::Do(compare));
            }
        }
    });
    let onion = Command::Takes(TakeCommand::OnionSkin);
    let mut on = tray.onion;
    if ui.checkbox(&mut on, onion.info().text).on_hover_text(onion.tooltip(ui.ctx())).changed() {
        out.push(Intent::Do(onion));
    }
    ui.horizontal_wrapped(|ui| {
        command_ui(ui, TakeCommand::Keep, !tray.staged(opened, mask.id).is_empty(), out);
        command_ui(ui, TakeCommand::BackToBase, free && !mask.accepted.is_empty(), out);
    });
}

/// The name of a parameter as generators give it to the window.
fn tr_name(name: &str) -> String {
    let known = generators().iter().flat_map(|g| g.parameters()).find(|p| p.name == name);
    known.map_or_else(|| name.to_owned(), |p| tr(p.label).to_lowercase())
}

/// Motion masks over the picture.
fn motion_masks(ui: &mut Ui, tray: &mut Tray, out: &mut Vec<Intent>) {
    ui.add_space(6.0);
    CollapsingHeader::new(tr("Motion masks")).id_salt("motion masks").show(ui, |ui| {
        for kind in Kind::ALL {
            let command = Command::Takes(TakeCommand::MotionMask(kind));
            let mut on = tray.motion.is_shown(kind);
            let name = kind_name(kind);
            if ui.checkbox(&mut on, name).on_hover_text(command.tooltip(ui.ctx())).changed() {
                out.push(Intent::Do(command));
            }
        }
        let options = &mut tray.motion.options;
        options_ui(ui, &mut options.outline, &mut options.dilate, &mut options.blur);
        command_ui(ui, TakeCommand::ExportMasks, true, out);
    });
}

/// Name of a kind of motion mask.
pub fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::FaceAndHands => tr("Face and hands"),
        Kind::Lips => tr("Lips"),
        Kind::Background => tr("Background"),
    }
}

/// Outline, dilation and blur of motion masks.
pub fn options_ui(ui: &mut Ui, outline: &mut Outline, dilate: &mut f32, blur: &mut f32) {
    ui.horizontal_wrapped(|ui| {
        for (value, name) in [(Outline::Box, tr("Boxes")), (Outline::Hull, tr("Outlines"))] {
            ui.selectable_value(outline, value, name);
        }
    });
    egui::Grid::new("mask options").num_columns(2).show(ui, |ui| {
        for (name, about, value) in [
            (tr("Dilation"), tr("Widens the masks, in pixels of a picture 512 high."), dilate),
            (tr("Blur"), tr("Softens the edges, in pixels of a picture 512 high."), blur),
        ] {
            let label = ui.label(name).id;
            ui.spacing_mut().slider_width = (ui.available_width() - 60.0).clamp(60.0, 180.0);
            let slider = Slider::new(value, 0.0..=64.0).fixed_decimals(0).suffix(" px");
            ui.add(slider).labelled_by(label).on_hover_text(about);
            ui.end_row();
        }
    });
}
