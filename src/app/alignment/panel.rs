//! The panel: which performance, where it is used, how it is aligned, bone by bone, and what is doubtful of it.

use super::bone_name;
use crate::app::Studio;
use crate::app::commands::Command;
use crate::app::i18n::{number, tr, tr_with};
use crate::app::intent::Intent;
use crate::app::list::empty_note;
use crate::app::takes::part_name;
use crate::app::theme::{Tier, Tokens, tokens};
use crate::app::widgets::{Tone, is_retyped, list_line, message_strip, plain_button, section};
use crate::document::edit::Edit;
use crate::document::marks::{Performance, Used};
use crate::jobs::performances::{Aligned, everywhere};
use crate::pose::Side;
use crate::pose::alignment::{BoneFit, Calibration, FIXED_SCALES, Mode, Settings};
use crate::pose::parts::Part;
use crate::time::{Seconds, TimeRange};
use egui::{Button, Color32, ComboBox, DragValue, Grid, Response, RichText, ScrollArea, Ui, vec2};

/// Name of the steps that the panel makes.
const STEP: &str = "Change pose alignment";
/// Stretches of a foreshortened bone that are offered to be gone to.
const JUMPS: usize = 3;

/// What of a skeleton is drawn how: for the legend here and over the picture.
pub fn skeleton_colors(t: &Tokens) -> [(Color32, &'static str); 3] {
    [(t.hue(Tier::Phones), tr("Tracked")), (t.hue(Tier::Words), tr("Person at rest")), (t.accent, tr("Aligned"))]
}

/// Draws the pane.
pub fn alignment_pane(ui: &mut Ui, studio: &mut Studio, out: &mut Vec<Intent>) {
    let range = studio.chosen_range();
    let Some(opened) = &studio.opened else { return };
    let import = Command::ImportPoses.info();
    if plain_button(ui, import.text).on_hover_text(import.tooltip).clicked() {
        out.push(Intent::Do(Command::ImportPoses));
    }
    let view = &mut studio.alignment;
    let Some(performance) = view.performance(opened).cloned() else {
        empty_note(ui, tr("No tracked poses yet. Import what a tracker made from a video of a person."));
        return;
    };
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.set_max_width(ui.available_width() - 8.0);
        let all = &opened.project().marks.performances;
        ui.horizontal_wrapped(|ui| {
            let label = ui.label(tr("Tracked poses")).id;
            let combo = ComboBox::from_id_salt("performance").selected_text(&performance.name).show_ui(ui, |ui| {
                for other in all {
                    if list_line(ui, other.id == performance.id, other.name.as_str()) {
                        view.chosen = Some(other.id);
                    }
                }
            });
            combo.response.labelled_by(label);
            if plain_button(ui, tr("Remove")).on_hover_text(tr("The file stays, so that this can be undone.")).clicked()
            {
                out.push(Intent::Edit(Edit::RemovePerformances(vec![performance.id])));
            }
        });
        use_ui(ui, &performance, range, opened.project().length(), out);
        skeletons_ui(ui, &mut view.show);
        let found = view.aligned(opened);
        match found {
            Some(Err(error)) => {
                message_strip(ui, Tone::Error, &crate::app::i18n::tr_message(error));
                if plain_button(ui, tr("Find the poses…")).clicked() {
                    out.push(Intent::FindPoses(performance.id));
                }
            }
            Some(Ok(aligned)) => {
                settings_ui(ui, &performance, Some(aligned), out);
                warnings_ui(ui, aligned, out);
                bones_ui(ui, &performance, aligned, out);
            }
            None => {
                ui.label(RichText::new(tr("Measuring…")).color(tokens(ui).text2));
                settings_ui(ui, &performance, None, out);
            }
        }
    });
}

fn set(performance: &Performance, out: &mut Vec<Intent>) {
    out.push(Intent::Edit(Edit::SetPerformance(Box::new(performance.clone()))));
}

/// While a value is dragged it is one step of history.
fn dragged(response: &Response, performance: Performance, out: &mut Vec<Intent>) {
    let edit = Edit::SetPerformance(Box::new(performance));
    out.push(if response.dragged() { Intent::Drag(STEP, edit) } else { Intent::Edit(edit) });
}

fn close(response: &Response, out: &mut Vec<Intent>) {
    if response.drag_stopped() {
        out.push(Intent::EndDrag);
    }
}

/// Where the performance is used, on which parts, and when it begins.
fn use_ui(ui: &mut Ui, performance: &Performance, range: Option<TimeRange>, length: Seconds, out: &mut Vec<Intent>) {
    section(ui, tr("Use"));
    let mut new = performance.clone();
    let mut used = new.used.is_some();
    let about = tr("The tracked person performs in the place of the rules; takes lie over it.");
    if ui.checkbox(&mut used, tr("Use in the performance")).on_hover_text(about).changed() {
        new.used = used.then(everywhere);
        set(&new, out);
    }
    if let Some(used) = performance.used {
        ui.horizontal_wrapped(|ui| {
            let text = match used.range {
                None => tr("wherever it has frames").to_owned(),
                Some(r) => format!("{} – {}", r.start.timecode(), r.end.timecode()),
            };
            ui.label(text);
            if used.range.is_some() && plain_button(ui, tr("Use everywhere")).clicked() {
                new.used = Some(Used { range: None, ..used });
                set(&new, out);
            }
            let range = range.map(|r| TimeRange::new(r.start.max(Seconds::ZERO), r.end.min(length)));
            let button = ui.add_enabled(range.is_some(), Button::new(tr("Use in the selected stretch")));
            if button.on_disabled_hover_text(tr("Select cues or set in and out first.")).clicked() {
                new.used = Some(Used { range, ..used });
                set(&new, out);
            }
        });
        ui.horizontal_wrapped(|ui| {
            for part in Part::ALL {
                let mut on = used.parts.contains(part);
                if ui.checkbox(&mut on, part_name(part)).changed() {
                    let parts = if on { used.parts.with(part) } else { used.parts.without(part) };
                    if !parts.is_empty() {
                        new.used = Some(Used { parts, ..used });
                        set(&new, out);
                    }
                }
            }
        });
    }
    ui.horizontal(|ui| {
        let label = ui.label(tr("First frame at")).id;
        let mut start = performance.start.0;
        let field = DragValue::new(&mut start).speed(0.01).range(-86_400.0..=86_400.0).suffix(" s").fixed_decimals(2);
        let response = ui.add(field.update_while_editing(false)).labelled_by(label);
        let response = response.on_hover_text(tr("The time of the recording at which the tracked poses begin."));
        if is_retyped(&response, performance.start.0, start, |v| format!("{v:.2}")) {
            dragged(&response, Performance { start: Seconds(start), ..performance.clone() }, out);
        }
        close(&response, out);
    });
}

/// Which skeletons stand over the picture, with their colours.
fn skeletons_ui(ui: &mut Ui, show: &mut [bool; 3]) {
    section(ui, tr("Over the picture"));
    let t = tokens(ui);
    ui.horizontal_wrapped(|ui| {
        for (on, (color, name)) in show.iter_mut().zip(skeleton_colors(t)) {
            ui.checkbox(on, RichText::new(name).color(color));
        }
    });
}

fn mode_name(mode: Mode) -> &'static str {
    match mode {
        Mode::Bones => tr("Bone by bone"),
        Mode::Similarity => tr("One size for all"),
        Mode::Affine => tr("Width and height apart"),
    }
}

fn calibration_name(calibration: Calibration) -> &'static str {
    match calibration {
        Calibration::Clip => tr("Middle of the clip"),
        Calibration::FirstFrame => tr("First frame"),
    }
}

/// Everything but the bones.
fn settings_ui(ui: &mut Ui, performance: &Performance, aligned: Option<&Aligned>, out: &mut Vec<Intent>) {
    section(ui, tr("Alignment"));
    let settings = &performance.alignment;
    let with = |settings: Settings| Performance { alignment: settings, ..performance.clone() };
    Grid::new("alignment").num_columns(2).spacing(vec2(8.0, 4.0)).show(ui, |ui| {
        let label = ui.label(tr("Way")).id;
        let combo = ComboBox::from_id_salt("mode").selected_text(mode_name(settings.mode)).show_ui(ui, |ui| {
            for mode in Mode::ALL {
                if list_line(ui, mode == settings.mode, mode_name(mode)) && mode != settings.mode {
                    set(&with(Settings { mode, ..settings.clone() }), out);
                }
            }
        });
        combo
            .response
            .labelled_by(label)
            .on_hover_text(tr("How the tracked person is brought to the one in the picture."));
        ui.end_row();
        let label = ui.label(tr("Laid on")).id;
        let combo = ComboBox::from_id_salt("calibration").selected_text(calibration_name(settings.calibration));
        let combo = combo.show_ui(ui, |ui| {
            for calibration in [Calibration::Clip, Calibration::FirstFrame] {
                let same = calibration == settings.calibration;
                if list_line(ui, same, calibration_name(calibration)) && !same {
                    set(&with(Settings { calibration, ..settings.clone() }), out);
                }
            }
        });
        combo.response.labelled_by(label).on_hover_text(tr("The moment in which the head stands as in the picture."));
        ui.end_row();
        let mut value = |ui: &mut Ui,
                         name: &str,
                         now: f32,
                         range: (f32, f32),
                         step: f32,
                         unit: &str,
                         put: &dyn Fn(&mut Settings, f32)| {
            let label = ui.label(name).id;
            let decimals = if unit == "°" { 1 } else { 3 };
            let mut shown = f64::from(now);
            let field = DragValue::new(&mut shown)
                .speed(step)
                .range(f64::from(range.0)..=f64::from(range.1))
                .suffix(unit.to_owned())
                .fixed_decimals(decimals);
            let response = ui.add(field.update_while_editing(false)).labelled_by(label);
            if is_retyped(&response, f64::from(now), shown, |v| format!("{v:.decimals$}")) {
                let mut new = settings.clone();
                put(&mut new, shown as f32);
                dragged(&response, with(new), out);
            }
            close(&response, out);
            ui.end_row();
        };
        value(ui, tr("Size"), settings.size, FIXED_SCALES, 0.005, " ×", &|s, v| s.size = v);
        value(ui, tr("Move right"), settings.offset[0], (-2.0, 2.0), 0.002, "", &|s, v| s.offset[0] = v);
        value(ui, tr("Move down"), settings.offset[1], (-2.0, 2.0), 0.002, "", &|s, v| s.offset[1] = v);
        value(ui, tr("Turn"), settings.turn, (-180.0, 180.0), 0.2, "°", &|s, v| s.turn = v);
    });
    let mut keep = settings.keep_face;
    let about = tr("Only expressions are taken; the face keeps its own shape. Bone by bone only.");
    let own =
        ui.add_enabled_ui(settings.mode == Mode::Bones, |ui| ui.checkbox(&mut keep, tr("Keep this person's face")));
    if own.inner.on_hover_text(about).changed() {
        set(&with(Settings { keep_face: keep, ..settings.clone() }), out);
    }
    let mut contact = settings.contact;
    let about = tr("A hand that touches the chin of the tracked person touches the chin of this one.");
    if ui.checkbox(&mut contact, tr("Hands touch the same places")).on_hover_text(about).changed() {
        set(&with(Settings { contact, ..settings.clone() }), out);
    }
    let mut mirrored = settings.mirrored;
    let about = tr("For a tracked person who gestures with the other hand.");
    if ui.checkbox(&mut mirrored, tr("Take it in a mirror")).on_hover_text(about).changed() {
        set(&with(Settings { mirrored, ..settings.clone() }), out);
    }
    ui.horizontal_wrapped(|ui| {
        if let Some(aligned) = aligned {
            let (size, turn) = (number(f64::from(aligned.fit.size()), 3), number(f64::from(aligned.fit.turn()), 1));
            let text = tr_with("Found: size {size}, turned {degrees}°", &[("size", &size), ("degrees", &turn)]);
            ui.label(RichText::new(text).color(tokens(ui).text2));
        }
        let changed = *settings != Settings::default();
        if ui.add_enabled(changed, Button::new(tr("Reset alignment"))).clicked() {
            set(&with(Settings::default()), out);
        }
    });
}

/// Bones that are seen shortened, with where to look.
fn warnings_ui(ui: &mut Ui, aligned: &Aligned, out: &mut Vec<Intent>) {
    for doubt in aligned.fit.foreshortened() {
        let bone = bone_name(doubt.bone);
        let side = match doubt.side {
            Some(Side::Left) => tr("left"),
            Some(Side::Right) => tr("right"),
            None => "",
        };
        let share = format!("{:.0}", 100.0 * doubt.share);
        let text = tr_with(
            "{bone} ({side}): seen shortened in {share} % of the frames, so its scale is uncertain. Look at it, or lock it.",
            &[("bone", bone), ("side", side), ("share", &share)],
        );
        message_strip(ui, Tone::Warning, &text);
        ui.horizontal_wrapped(|ui| {
            for frames in doubt.frames.iter().take(JUMPS) {
                let time = aligned.time_of(frames.start + (frames.end - frames.start) / 2);
                let text = tr_with("Go to {time}", &[("time", &time.timecode())]);
                if plain_button(ui, &text).clicked() {
                    out.push(Intent::Seek(time));
                }
            }
        });
    }
}

/// Each bone with its scale and its lock.
fn bones_ui(ui: &mut Ui, performance: &Performance, aligned: &Aligned, out: &mut Vec<Intent>) {
    section(ui, tr("Bones"));
    let t = tokens(ui);
    let settings = &performance.alignment;
    if settings.mode != Mode::Bones {
        ui.label(RichText::new(tr("Bones have scales of their own only bone by bone.")).color(t.text2));
        return;
    }
    Grid::new("bones").num_columns(4).spacing(vec2(8.0, 2.0)).show(ui, |ui| {
        for fit in aligned.fit.bones() {
            bone_row(ui, fit, performance, t, out);
            ui.end_row();
        }
    });
}

fn bone_row(ui: &mut Ui, fit: &BoneFit, performance: &Performance, t: &Tokens, out: &mut Vec<Intent>) {
    let settings = &performance.alignment;
    let name = bone_name(fit.bone);
    let with = |scale: Option<f32>| {
        let mut new = settings.clone();
        new.fix(fit.bone, scale);
        Performance { alignment: new, ..performance.clone() }
    };
    let label = ui.label(name).id;
    // What was fixed shows at once, what is found when it has been found.
    let now = f64::from(settings.fixed(fit.bone).unwrap_or(fit.found));
    let mut shown = now;
    let range = f64::from(FIXED_SCALES.0)..=f64::from(FIXED_SCALES.1);
    let field = DragValue::new(&mut shown).speed(0.005).range(range).suffix(" ×").fixed_decimals(3);
    let response = ui.add(field.update_while_editing(false)).labelled_by(label);
    if is_retyped(&response, now, shown, |v| format!("{v:.3}")) {
        dragged(&response, with(Some(shown as f32)), out);
    }
    close(&response, out);
    let mut locked = settings.fixed(fit.bone).is_some();
    let lock = ui.checkbox(&mut locked, tr("Lock"));
    lock.widget_info(|| {
        let name = tr_with("Lock {bone}", &[("bone", name)]);
        egui::WidgetInfo::selected(egui::Role::CheckBox, true, locked, name)
    });
    if lock.changed() {
        set(&with(locked.then_some(shown as f32)), out);
    }
    let note = if !fit.measured {
        tr("not measured")
    } else if fit.clamped {
        tr("at the limit")
    } else {
        ""
    };
    // The panel is narrow: the rest of the note stands in its tooltip.
    let text = RichText::new(note).small().color(if fit.clamped { t.warning } else { t.text3 });
    ui.add(egui::Label::new(text).wrap()).on_hover_text(note);
}
