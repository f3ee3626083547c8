//! The panel: layers, what holds at the playhead, the curve, and the hands that look worst.

use super::{HandsIntent, HandsView, curve, dial_name, side_name, worst};
use crate::app::Studio;
use crate::app::i18n::{later, tr, tr_with};
use crate::app::icons::Icon;
use crate::app::inspector::parse_time;
use crate::app::intent::Intent;
use crate::app::opened::Opened;
use crate::app::theme::{self, Tokens, tokens};
use crate::app::widgets::{icon_button, is_retyped, list_line, section};
use crate::app::work::WorkKind;
use crate::document::edit::Edit;
use crate::document::marks::HandLayer;
use crate::pose::Side;
use crate::pose::refine::{Dial, Ease, FINGERS, HandChange, Preset, Refinement};
use crate::time::{Fps, Seconds, TimeRange};
use egui::{Button, CollapsingHeader, ComboBox, DragValue, Frame, Margin, RichText, ScrollArea, Slider, Ui};
use std::ops::RangeInclusive;

/// Name of a drag of sliders in the history.
const CHANGE: &str = "Change hand layer";

/// Draws the pane.
pub fn hands_pane(ui: &mut Ui, studio: &mut Studio, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    let selected = studio.selected_range();
    let looking = studio.works.is_running(WorkKind::Hands);
    let playhead = studio.view.playhead;
    let Studio { opened: Some(opened), hands: view, .. } = studio else { return };
    let opened = &*opened;
    let fps = opened.project().settings.fps;
    let now = fps.time_of(opened.frame_at(playhead));
    Frame::new().inner_margin(Margin::same(theme::PADDING)).show(ui, |ui| {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.set_max_width(ui.available_width() - 8.0);
            ui.spacing_mut().slider_width = (ui.available_width() - 176.0).clamp(60.0, 220.0);
            layers(ui, opened, view, now, out);
            in_picture(ui, view);
            if let Some(layer) = view.chosen(opened).cloned() {
                layer_ui(ui, opened, &layer, out);
                key_ui(ui, view, &layer, now, selected, out);
                dials(ui, view, &layer, now, fps, t, out);
            }
            section(ui, tr("Worst hands first"));
            worst::worst_ui(ui, opened, view, looking, t, out);
        });
    });
}

fn set(layer: &HandLayer, change: impl FnOnce(&mut Refinement)) -> Edit {
    let mut layer = layer.clone();
    change(&mut layer.what);
    Edit::SetHandLayer(Box::new(layer))
}

/// The layers, the uppermost first, and what is done to them as a whole.
fn layers(ui: &mut Ui, opened: &Opened, view: &mut HandsView, now: Seconds, out: &mut Vec<Intent>) {
    let hands = &opened.project().marks.hands;
    if hands.is_empty() {
        let text =
            tr("A layer corrects one hand over a stretch of time: curl, spread, turns of the wrist, whole poses.");
        ui.label(RichText::new(text).color(tokens(ui).text2));
    }
    let chosen = view.chosen(opened).map(|l| l.id);
    for (i, layer) in hands.iter().enumerate().rev() {
        let it = &layer.what;
        ui.horizontal(|ui| {
            let places = [
                ("name", it.name.as_str()),
                ("side", side_name(it.side)),
                ("from", &*it.range.start.timecode()),
                ("to", &*it.range.end.timecode()),
            ];
            let name = tr_with("{side}: {name}, {from} to {to}", &places);
            let mute = tr_with("Mute {name}", &[("name", &it.name)]);
            if icon_button(ui, if it.muted { Icon::Close } else { Icon::Eye }, &mute, it.muted)
                .on_hover_text(tr("A muted layer changes nothing."))
                .clicked()
            {
                out.push(Intent::Edit(set(layer, |it| it.muted ^= true)));
            }
            // One layer is neither above nor below another.
            let several = hands.len() > 1;
            let room = (ui.available_width() - if several { 112.0 } else { 40.0 }).max(40.0);
            let text = tr_with("{name}, {side}", &[("name", it.name.as_str()), ("side", side_name(it.side))]);
            let text = if it.muted { RichText::new(text).strikethrough() } else { RichText::new(text) };
            let row = ui.add_sized([room, theme::ROW], Button::selectable(chosen == Some(layer.id), text).truncate());
            row.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, chosen == Some(layer.id), &name));
            if row.on_hover_text(&name).clicked() {
                out.push(Intent::Hands(HandsIntent::Choose(layer.id)));
            }
            let mut small = |ui: &mut Ui, icon, label: &str, enabled, edit: Edit| {
                ui.add_enabled_ui(enabled, |ui| {
                    let label = tr_with(label, &[("name", &it.name)]);
                    if icon_button(ui, icon, &label, false).on_hover_text(&label).clicked() {
                        out.push(Intent::Edit(edit));
                    }
                });
            };
            let lift = |to: usize| Edit::MoveHandLayer { layer: layer.id, to };
            if several {
                small(ui, Icon::ChevronUp, later("Lift {name}"), i + 1 < hands.len(), lift(i + 1));
                small(ui, Icon::ChevronDown, later("Lower {name}"), i > 0, lift(i.saturating_sub(1)));
            }
            small(ui, Icon::Close, later("Remove {name}"), true, Edit::RemoveHandLayers(vec![layer.id]));
        });
    }
    ui.horizontal_wrapped(|ui| {
        let new = ui.button(tr("New layer"));
        if new.on_hover_text(tr("Over the selected keys, or around the playhead.")).clicked() {
            out.push(Intent::Hands(HandsIntent::Add));
        }
        let layer = view.chosen(opened).cloned();
        if ui.add_enabled(layer.is_some(), Button::new(tr("Copy layer"))).clicked() {
            view.copied_layer = layer.as_ref().map(|l| l.what.clone());
        }
        let pasted = view.copied_layer.clone();
        let paste = ui.add_enabled(pasted.is_some(), Button::new(tr("Paste layer")));
        if paste.on_hover_text(tr("Puts the copied layer where the playhead is.")).clicked()
            && let Some(it) = pasted
        {
            out.push(Intent::Hands(HandsIntent::Put(Box::new(it.moved(now - it.range.start)))));
        }
        let mirror = ui.add_enabled(layer.is_some(), Button::new(tr("For the other hand")));
        if mirror.on_hover_text(tr("Adds a mirrored copy of the layer for the other hand.")).clicked()
            && let Some(layer) = layer
        {
            out.push(Intent::Hands(HandsIntent::Put(Box::new(layer.what.mirrored()))));
        }
    });
}

/// A number of a layer or a key with its slider; a drag is one step of history.
#[expect(clippy::too_many_arguments, reason = "a slider with all that it says")]
fn slider(
    ui: &mut Ui,
    name: &str,
    value: f32,
    range: RangeInclusive<f64>,
    decimals: usize,
    suffix: &str,
    about: &str,
    out: &mut Vec<Intent>,
    make: impl FnOnce(f32) -> Edit,
) -> bool {
    let label = ui.label(name).id;
    let before = f64::from(value);
    let mut now = before;
    let field = Slider::new(&mut now, range).fixed_decimals(decimals).suffix(suffix).update_while_editing(false);
    let mut response = ui.add(field).labelled_by(label);
    if !about.is_empty() {
        response = response.on_hover_text(about);
    }
    let changed = is_retyped(&response, before, now, |v| format!("{v:.decimals$}"));
    if changed {
        let edit = make(now as f32);
        out.push(if response.dragged() { Intent::Drag(later(CHANGE), edit) } else { Intent::Edit(edit) });
    }
    if response.drag_stopped() {
        out.push(Intent::EndDrag);
    }
    changed
}

/// What holds for a layer as a whole.
fn layer_ui(ui: &mut Ui, opened: &Opened, layer: &HandLayer, out: &mut Vec<Intent>) {
    let it = &layer.what;
    section(ui, tr("Layer"));
    ui.horizontal_wrapped(|ui| {
        let label = ui.label(tr("Name")).id;
        let mut name = it.name.clone();
        let field = egui::TextEdit::singleline(&mut name).desired_width(84.0).id_salt(("layer name", layer.id.0));
        let response = ui.add(field).labelled_by(label);
        if response.changed() && name != it.name {
            out.push(Intent::Drag(later(CHANGE), set(layer, |it| it.name = name)));
        }
        if response.lost_focus() {
            out.push(Intent::EndDrag);
        }
        for side in [Side::Left, Side::Right] {
            if ui.selectable_label(it.side == side, side_name(side)).clicked() && it.side != side {
                out.push(Intent::Edit(set(layer, |it| it.side = side)));
            }
        }
    });
    ui.horizontal_wrapped(|ui| {
        let mut time =
            |ui: &mut Ui, name, value: Seconds, range: RangeInclusive<f64>, make: &dyn Fn(Seconds) -> Edit| {
                let label = ui.label(name).id;
                let mut now = value.0;
                let field = DragValue::new(&mut now)
                    .speed(0.005)
                    .range(range)
                    .custom_formatter(|v, _| Seconds(v).timecode())
                    .custom_parser(parse_time)
                    .update_while_editing(false);
                let response = ui.add(field).labelled_by(label);
                if is_retyped(&response, value.0, now, |v| Seconds(v).timecode()) {
                    let edit = make(Seconds(now));
                    out.push(if response.dragged() { Intent::Drag(later(CHANGE), edit) } else { Intent::Edit(edit) });
                }
                if response.drag_stopped() {
                    out.push(Intent::EndDrag);
                }
            };
        let r = it.range;
        let most = opened.length().0.max(r.end.0);
        time(ui, tr("From"), r.start, 0.0..=(r.end.0 - 0.02).max(0.0), &|v| {
            set(layer, |it| it.range = TimeRange::new(v, r.end))
        });
        time(ui, tr("to"), r.end, r.start.0 + 0.02..=most, &|v| set(layer, |it| it.range = TimeRange::new(r.start, v)));
    });
    egui::Grid::new("hand layer").num_columns(2).show(ui, |ui| {
        let about = tr("How much of the layer is laid over the hand.");
        slider(ui, tr("Strength"), it.strength, 0.0..=1.0, 2, "", about, out, |v| set(layer, |it| it.strength = v));
        ui.end_row();
        let about = tr("How long the blend lasts at each end, outside the stretch.");
        slider(ui, tr("Padding"), it.padding.0 as f32, 0.0..=2.0, 2, " s", about, out, |v| {
            set(layer, |it| it.padding = Seconds(f64::from(v)))
        });
        ui.end_row();
        let about = tr("How much the hand's own motion is calmed.");
        slider(ui, tr("Smoothing"), it.smoothing, 0.0..=2.0, 2, "", about, out, |v| set(layer, |it| it.smoothing = v));
        ui.end_row();
        let about = tr("How much the hand is drawn to the shape of the key of the moment.");
        slider(ui, tr("Towards the cue"), it.toward, 0.0..=1.0, 2, "", about, out, |v| set(layer, |it| it.toward = v));
        ui.end_row();
    });
}

/// The key at the playhead: pose, ease, copying, holding it over a stretch.
fn key_ui(
    ui: &mut Ui,
    view: &mut HandsView,
    layer: &HandLayer,
    now: Seconds,
    selected: Option<TimeRange>,
    out: &mut Vec<Intent>,
) {
    let it = &layer.what;
    section(ui, tr("At the playhead"));
    let at = it.key_at(now);
    ui.horizontal_wrapped(|ui| {
        let before = it.keys.iter().rev().find(|k| k.time.0 < now.0 - 1e-3).map(|k| k.time);
        let after = it.keys.iter().find(|k| k.time.0 > now.0 + 1e-3).map(|k| k.time);
        for (icon, label, to) in
            [(Icon::ChevronLeft, tr("Previous hand key"), before), (Icon::ChevronRight, tr("Next hand key"), after)]
        {
            ui.add_enabled_ui(to.is_some(), |ui| {
                if icon_button(ui, icon, label, false).on_hover_text(label).clicked()
                    && let Some(to) = to
                {
                    out.push(Intent::Seek(to));
                }
            });
        }
        match at {
            Some(i) => {
                let text = tr_with(
                    "Key {number} of {count}",
                    &[("number", &(i + 1).to_string()), ("count", &it.keys.len().to_string())],
                );
                ui.label(text);
                if ui.button(tr("Remove key")).clicked() {
                    out.push(Intent::Edit(set(layer, |it| {
                        it.keys.remove(i);
                    })));
                }
            }
            None => {
                let add = ui.button(tr("Add key"));
                if add.on_hover_text(tr("Sliders make a key by themselves when they are moved.")).clicked() {
                    out.push(Intent::Edit(set(layer, |it| it.change_key(now, |_| {}))));
                }
            }
        }
    });
    let change = it.change_at(now);
    let with = |f: &dyn Fn(&mut HandChange)| set(layer, |it| it.change_key(now, |k| f(&mut k.change)));
    ui.horizontal_wrapped(|ui| {
        let label = ui.label(tr("Pose")).id;
        let title = |p: Option<Preset>| p.map_or(tr("as it is"), |p| tr(p.title()));
        ComboBox::from_id_salt("hand pose")
            .selected_text(title(change.preset))
            .width(108.0)
            .show_ui(ui, |ui| {
                for preset in std::iter::once(None).chain(Preset::ALL.map(Some)) {
                    if list_line(ui, change.preset == preset, title(preset)) {
                        out.push(Intent::Edit(with(&|c| {
                            c.preset = preset;
                            c.hold = 1.0;
                        })));
                    }
                }
            })
            .response
            .labelled_by(label);
    });
    ui.horizontal_wrapped(|ui| {
        let label = ui.label(tr("Ease")).id;
        let ease = at.map_or(Ease::default(), |i| it.keys[i].ease);
        ui.add_enabled_ui(at.is_some(), |ui| {
            ComboBox::from_id_salt("hand ease")
                .selected_text(tr(ease.name()))
                .width(108.0)
                .show_ui(ui, |ui| {
                    for other in Ease::ALL {
                        if list_line(ui, ease == other, tr(other.name())) {
                            out.push(Intent::Edit(set(layer, |it| it.change_key(now, |k| k.ease = other))));
                        }
                    }
                })
                .response
                .labelled_by(label)
                .on_hover_text(tr("How this key goes over into the next."));
        });
    });
    ui.horizontal_wrapped(|ui| {
        if ui.button(tr("Copy hand")).on_hover_text(tr("Copies what holds at the playhead.")).clicked() {
            view.copied_key = Some(change);
        }
        let paste = ui.add_enabled(view.copied_key.is_some(), Button::new(tr("Paste hand")));
        if paste.clicked()
            && let Some(copied) = view.copied_key
        {
            out.push(Intent::Edit(with(&|c| *c = copied)));
        }
        if ui
            .button(tr("Reset hand"))
            .on_hover_text(tr("Everything at the playhead as it is without the layer."))
            .clicked()
        {
            out.push(Intent::Edit(with(&|c| *c = HandChange::default())));
        }
        // A selection within the layer is what the layer was made for.
        let range = selected.filter(|s| s.start < it.range.start || s.end > it.range.end).unwrap_or(it.range);
        let hold = ui.button(tr("Hold over the stretch"));
        let about =
            tr("What holds at the playhead holds over the whole layer, or over the selection where that is longer; keys within give way.");
        if hold.on_hover_text(about).clicked() {
            let mut layer = layer.clone();
            layer.what = layer.what.propagated(now, range);
            out.push(Intent::Edit(Edit::SetHandLayer(Box::new(layer))));
        }
    });
}

/// Sliders of the chosen finger and of the wrist, and the curve of the one that was moved last.
fn dials(
    ui: &mut Ui,
    view: &mut HandsView,
    layer: &HandLayer,
    now: Seconds,
    fps: Fps,
    t: &Tokens,
    out: &mut Vec<Intent>,
) {
    let change = layer.what.change_at(now);
    let mut dial_row = |ui: &mut Ui, view: &mut HandsView, name: &str, dial: Dial, decimals, suffix| {
        let (low, high) = dial.range();
        let range = f64::from(low)..=f64::from(high);
        let moved = slider(ui, name, dial.get(&change), range, decimals, suffix, &dial_name(dial), out, |v| {
            set(layer, |it| it.change_key(now, |k| dial.set(&mut k.change, v)))
        });
        if moved {
            view.dial = dial;
        }
        ui.end_row();
    };
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for (f, finger) in FINGERS.iter().enumerate() {
            let short = [tr("thumb"), tr("index"), tr("middle"), tr("ring"), tr("little")][f];
            let choice = ui.selectable_label(view.finger == f, short);
            choice.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, view.finger == f, tr(finger)));
            if choice.clicked() {
                view.finger = f;
                view.dial = match view.dial {
                    Dial::Spread(_) => Dial::Spread(f),
                    Dial::Offset(_) => Dial::Offset(f),
                    _ => Dial::Curl(f),
                };
            }
        }
    });
    egui::Grid::new("hand finger").num_columns(2).show(ui, |ui| {
        let f = view.finger;
        dial_row(ui, view, tr("Curl"), Dial::Curl(f), 2, "");
        dial_row(ui, view, tr("Spread"), Dial::Spread(f), 0, "°");
        dial_row(ui, view, tr("Offset"), Dial::Offset(f), 0, "°");
    });
    CollapsingHeader::new(tr("Wrist and place")).id_salt("hand wrist").default_open(true).show(ui, |ui| {
        // Indented, and with the longest names.
        ui.spacing_mut().slider_width = (ui.available_width() - 196.0).clamp(48.0, 220.0);
        egui::Grid::new("hand wrist grid").num_columns(2).show(ui, |ui| {
            dial_row(ui, view, tr("Bend"), Dial::Wrist(0), 0, "°");
            dial_row(ui, view, tr("To the side"), Dial::Wrist(1), 0, "°");
            dial_row(ui, view, tr("Roll"), Dial::Wrist(2), 0, "°");
            dial_row(ui, view, tr("Inwards"), Dial::Move(0), 3, "");
            dial_row(ui, view, tr("Up"), Dial::Move(1), 3, "");
            if change.preset.is_some() {
                dial_row(ui, view, tr("Pose: how much"), Dial::Hold, 2, "");
            }
        });
    });
    ui.horizontal(|ui| {
        let label = ui.label(tr("Curve")).id;
        ComboBox::from_id_salt("hand curve")
            .selected_text(dial_name(view.dial))
            .width(180.0)
            .show_ui(ui, |ui| {
                for dial in Dial::all() {
                    if list_line(ui, view.dial == dial, dial_name(dial)) {
                        view.dial = dial;
                    }
                }
            })
            .response
            .labelled_by(label);
    });
    curve::curve_ui(ui, layer, view.dial, &dial_name(view.dial), now, fps, t, out);
}

/// What is shown over the picture.
fn in_picture(ui: &mut Ui, view: &mut HandsView) {
    ui.horizontal_wrapped(|ui| {
        // Short on screen, whole for those who hear it.
        let switch = |ui: &mut Ui, on: &mut bool, short: &str, name: &str, about: &str| {
            let response = ui.checkbox(on, short);
            response.widget_info(|| egui::WidgetInfo::selected(egui::Role::CheckBox, true, *on, name));
            response.on_hover_text(format!("{name}\n{about}")).changed()
        };
        let about = tr("Fingertips and wrist can be dragged while the playhead is in the layer.");
        switch(ui, &mut view.handles, tr("Handles"), tr("Handles on the hand"), about);
        let mut wiped = view.wipe.is_some();
        let about = tr("Left of the line hands are without their layers.");
        if switch(ui, &mut wiped, tr("Before|after"), tr("Before and after"), about) {
            view.wipe = wiped.then_some(0.5);
            view.before = view.wipe;
        }
        let name = tr("Depth and outline of the hands");
        switch(ui, &mut view.depth, tr("Depth"), name, tr("Near is light, far is dark."));
    });
}
