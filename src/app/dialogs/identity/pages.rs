//! The pages of the wizard.

use super::brush::RADII;
use super::places::{Handle, Over, picture_with_places};
use super::{IdentityForm, Step, place_name};
use crate::app::board::position_name;
use crate::app::dialogs::{DialogContext, path_row, progress};
use crate::app::i18n::{tr, tr_with};
use crate::app::intent::{Intent, PickFor};
use crate::app::theme::{self, tokens};
use crate::app::widgets::{Tone, field_label, message_strip, plain_button};
use crate::generate::read_back::POSITIONS;
use crate::pose::template::{OPEN, openness};
use crate::pose::{FACE_CHAINS, Side};
use crate::render::intake::colours::Colours;
use egui::{ColorImage, RichText, TextureHandle, TextureOptions, Ui, vec2};
use image::RgbImage;

/// The longer side of the picture on screen in pixels, at most.
const LARGEST: u32 = 2048;

/// A sentence about what to do on a page.
fn advice(ui: &mut Ui, text: &str) {
    let t = tokens(ui);
    ui.label(RichText::new(text).color(t.text2));
    ui.add_space(4.0);
}

/// The draft's picture on the graphics card, put there when it has changed.
fn texture(ui: &Ui, form: &mut IdentityForm) -> Option<TextureHandle> {
    if form.texture.is_none()
        && let Some(draft) = &form.draft
    {
        // No larger than any graphics card takes; the loupe needs no more.
        let (width, height) = draft.picture.dimensions();
        let small = (width.max(height) > LARGEST).then(|| {
            let scale = LARGEST as f32 / width.max(height) as f32;
            let fit = |v: u32| ((v as f32 * scale) as u32).clamp(1, LARGEST);
            image::imageops::thumbnail(&draft.picture, fit(width), fit(height))
        });
        let picture = small.as_ref().unwrap_or(&draft.picture);
        let size = [picture.width() as usize, picture.height() as usize];
        let image = ColorImage::from_rgb(size, picture.as_raw());
        form.texture = Some(ui.ctx().load_texture("identity picture", image, TextureOptions::LINEAR));
    }
    form.texture.clone()
}

pub(super) fn picture(ui: &mut Ui, form: &mut IdentityForm, out: &mut Vec<Intent>) {
    advice(
        ui,
        tr(
            "Choose a portrait from the front: eyes open, mouth closed, both shoulders in the picture, no hands before the face.",
        ),
    );
    let label = field_label(ui, tr("Picture"));
    let hint = tr("path of a JPEG, PNG, WebP or HEIC picture");
    let (changed, browse) =
        path_row(ui, &mut form.path, label, tr("the picture"), hint, tr("Choose the picture of the person."));
    if changed {
        form.failure = None;
    }
    if browse {
        out.push(Intent::Pick(PickFor::Picture));
    }
}

pub(super) fn anchors(ui: &mut Ui, form: &mut IdentityForm) {
    let next = form.placed.iter().position(|placed| !placed);
    match next {
        Some(i) => advice(ui, &tr_with("Click in the picture: {place}.", &[("place", &place_name(Step::Anchors, i))])),
        None => advice(ui, tr("Drag what is not in its place, or reach it with Tab and move it with the arrow keys.")),
    }
    let Some(texture) = texture(ui, form) else { return };
    let Some(draft) = &form.draft else { return };
    let handles: Vec<Handle> = draft
        .anchors
        .all()
        .iter()
        .enumerate()
        .map(|(i, at)| Handle { at: *at, name: place_name(Step::Anchors, i), set: form.placed[i] })
        .collect();
    let over = Over { handles: &handles, focus: form.focus.take(), ..Over::default() };
    let moved = picture_with_places(ui, &texture, &over);
    let clicked = next.zip(moved.clicked.or(moved.on_place));
    if let Some((i, to)) = moved.place.or(clicked) {
        form.place(i, to);
    } else if let Some(i) = moved.pressed {
        // It is right where it is: on to the next.
        form.place(i, handles[i].at);
        form.focus = Some((i + 1) % handles.len());
    }
    ui.horizontal(|ui| {
        if form.placed.contains(&true) && plain_button(ui, tr("Click all five again")).clicked() {
            form.placed = [false; 5];
        }
        if next.is_some() {
            let text = tr("By keys: arrows move a place, with Shift faster; Enter goes on to the next.");
            ui.label(RichText::new(text).color(tokens(ui).text3).small());
        }
    });
}

/// The lines of the face, for pages that show the template.
fn face_lines(face: &[[f32; 2]]) -> Vec<Vec<[f32; 2]>> {
    FACE_CHAINS
        .iter()
        .map(|(range, closed)| {
            let mut line: Vec<[f32; 2]> = face.get(range.clone()).unwrap_or_default().to_vec();
            if *closed {
                line.extend(line.first().copied());
            }
            line
        })
        .collect()
}

pub(super) fn body(ui: &mut Ui, form: &mut IdentityForm) {
    advice(ui, tr("Drag chin, ears (where they meet the face) and shoulders into place; the face follows."));
    let Some(texture) = texture(ui, form) else { return };
    let Some(draft) = &form.draft else { return };
    let (r, e) = (&draft.reference, &draft.extras);
    let aspect = r.aspect;
    let at = |i: usize| r.face.get(i).copied().unwrap_or_default();
    let places = [at(8), at(0), at(16), r.right_shoulder, r.left_shoulder];
    let by_hand = [e.chin, e.ears[0], e.ears[1], e.shoulders[0], e.shoulders[1]];
    let handles: Vec<Handle> = places
        .iter()
        .zip(by_hand)
        .enumerate()
        .map(|(i, (at, set))| Handle { at: set.unwrap_or(*at), name: place_name(Step::Body, i), set: set.is_some() })
        .collect();
    let mut lines = face_lines(&r.face);
    lines.push(vec![r.right_shoulder, r.throat, r.left_shoulder]);
    let moved = picture_with_places(ui, &texture, &Over { handles: &handles, lines: &lines, ..Over::default() });
    if let (Some((i, to)), Some(draft)) = (moved.place, &mut form.draft) {
        let e = &mut draft.extras;
        match i {
            0 => e.chin = Some(to),
            1 | 2 => e.ears[i - 1] = Some(to),
            _ => e.shoulders[i - 3] = Some(to),
        }
        form.lay();
    }
    if places[3..].iter().any(|p| p[0] < 0.0 || p[0] > aspect || p[1] > 1.0) {
        let text = tr("The shoulders lie outside of the picture: they are guessed. A wider picture looks better.");
        message_strip(ui, Tone::Info, text);
    }
}

pub(super) fn points(ui: &mut Ui, form: &mut IdentityForm) {
    advice(ui, tr("Correct single points where the lines leave the face. This step can be left out."));
    let Some(texture) = texture(ui, form) else { return };
    let Some(draft) = &form.draft else { return };
    let handles: Vec<Handle> = draft
        .reference
        .face
        .iter()
        .enumerate()
        .map(|(i, at)| Handle {
            at: *at,
            name: place_name(Step::Points, i),
            set: draft.corrected.get(i).copied().unwrap_or_default(),
        })
        .collect();
    let lines = face_lines(&draft.reference.face);
    let open = openness(&draft.reference.face) > OPEN;
    // Near enough to tell the points apart.
    let mut view = egui::Rect::NOTHING;
    draft.reference.face.iter().for_each(|p| view.extend_with(egui::pos2(p[0], p[1])));
    let view = Some(view.expand(0.12 * view.height()));
    let over = Over { handles: &handles, lines: &lines, small: true, view, ..Over::default() };
    let moved = picture_with_places(ui, &texture, &over);
    if let (Some((i, to)), Some(draft)) = (moved.place, &mut form.draft) {
        for (j, to) in along(&draft.reference.face, i, to, form.alone) {
            draft.correct(j, to);
        }
    }
    ui.horizontal(|ui| {
        let mut together = !form.alone;
        let about = tr("Points beside the one that is moved come along, the farther the less.");
        ui.checkbox(&mut together, tr("Neighbours follow")).on_hover_text(about);
        form.alone = !together;
        let corrected = form.draft.as_ref().is_some_and(|d| d.corrected.contains(&true));
        if corrected
            && plain_button(ui, tr("Take all corrections back")).clicked()
            && let Some(draft) = &mut form.draft
        {
            draft.corrected.fill(false);
            form.lay();
        }
        if open {
            message_strip(
                ui,
                Tone::Warning,
                tr("The mouth is open: it will be closed. A picture with closed lips looks better."),
            );
        }
    });
}

/// Where points of the face are when one of them is moved: that one, and unless it goes `alone` those beside it on the
/// same line, the farther the less.
fn along(face: &[[f32; 2]], moved: usize, to: [f32; 2], alone: bool) -> Vec<(usize, [f32; 2])> {
    const SHARES: [f32; 3] = [1.0, 0.6, 0.25];
    let Some(from) = face.get(moved) else { return Vec::new() };
    let by = [to[0] - from[0], to[1] - from[1]];
    let Some((range, closed)) = FACE_CHAINS.iter().find(|(range, _)| range.contains(&moved)) else { return Vec::new() };
    let mut all = Vec::new();
    for i in range.clone().filter(|i| *i == moved || !alone) {
        let apart = i.abs_diff(moved);
        let apart = if *closed { apart.min(range.len() - apart) } else { apart };
        if let (Some(share), Some(at)) = (SHARES.get(apart), face.get(i)) {
            all.push((i, [at[0] + share * by[0], at[1] + share * by[1]]));
        }
    }
    all
}

pub(super) fn clean(ui: &mut Ui, form: &mut IdentityForm) {
    advice(
        ui,
        tr(
            "Paint over a hand or an arm that is in the way, then remove it. The hand that cues needs room beside the head and under the chin.",
        ),
    );
    let Some(texture) = texture(ui, form) else { return };
    let Some(draft) = &form.draft else { return };
    let room = draft.missing_room();
    let aspect = draft.picture.width() as f32 / draft.picture.height() as f32;
    let brush = &mut form.brush;
    ui.horizontal(|ui| {
        let label = ui.label(tr("Brush")).id;
        let (least, largest) = RADII;
        let size = egui::Slider::new(&mut brush.radius, least..=largest).show_value(false).logarithmic(true);
        ui.add(size).labelled_by(label).on_hover_text(tr("How wide the brush is."));
        ui.checkbox(&mut brush.rubs_out, tr("Rub out")).on_hover_text(tr("Shift does the same while painting."));
    });
    brush.at = [brush.at[0].clamp(0.0, aspect), brush.at[1].clamp(0.0, 1.0)];
    let marks = brush.texture(ui.ctx(), tokens(ui).danger).map(TextureHandle::id);
    let handles = [Handle { at: brush.at, name: tr("Brush: arrows move it, Space paints").to_owned(), set: true }];
    let over = Over { handles: &handles, brush: Some((brush.radius, marks)), ..Over::default() };
    let moved = picture_with_places(ui, &texture, &over);
    let rubs_out = brush.rubs_out != ui.input(|i| i.modifiers.shift && moved.pressed.is_none());
    if let Some((_, to)) = moved.place {
        brush.at = to;
    }
    if moved.pressed.is_some() {
        brush.stroke(aspect, brush.at, brush.at, rubs_out);
    } else if let Some([origin, to]) = moved.painted {
        let from = brush.last.unwrap_or(origin);
        if brush.last != Some(to) {
            brush.stroke(aspect, from, to, rubs_out);
        }
        brush.last = Some(to);
    } else {
        brush.last = None;
    }
    ui.horizontal_wrapped(|ui| {
        let ready = !form.brush.is_clear();
        let button = |text| egui::Button::new(text).min_size(vec2(80.0, 28.0));
        if ui.add_enabled(ready, button(tr("Remove what is marked"))).clicked()
            && let Some(draft) = &mut form.draft
        {
            form.before.push(draft.clone());
            draft.erase(&form.brush.mask(draft.picture.dimensions()));
            form.brush.clear();
            form.texture = None;
        }
        if ready && plain_button(ui, tr("Clear the marks")).clicked() {
            form.brush.clear();
        }
        let lacks = !room.is_enough();
        if ui.add_enabled(lacks, button(tr("Add the room that is missing"))).clicked()
            && let Some(draft) = &mut form.draft
        {
            form.before.push(draft.clone());
            draft.set_room(room);
            form.texture = None;
            form.brush.clear();
        }
        if !form.before.is_empty() && plain_button(ui, tr("Take the last change back")).clicked() {
            form.draft = form.before.pop();
            form.texture = None;
            form.brush.clear();
        }
        if !lacks {
            ui.label(tr("The hand has room."));
        }
    });
}

pub(super) fn colours(ui: &mut Ui, form: &mut IdentityForm) {
    advice(ui, tr("Read off the picture. Hand, sleeve and mouth are painted with these colours."));
    let Some(texture) = texture(ui, form) else { return };
    let Some(draft) = &mut form.draft else { return };
    let before = draft.colours;
    ui.horizontal_top(|ui| {
        ui.vertical(|ui| {
            ui.set_width(330.0_f32.min(0.5 * ui.available_width()));
            let c = &mut draft.colours;
            egui::Grid::new("identity colours").num_columns(3).spacing(vec2(12.0, 6.0)).show(ui, |ui| {
                for (i, (name, colour)) in rows(c).into_iter().enumerate() {
                    let button = ui.color_edit_button_srgb(colour);
                    button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, name));
                    let about = tr("A click in the picture gives this colour.");
                    if ui.selectable_label(form.picking == i, name).on_hover_text(about).clicked() {
                        form.picking = i;
                    }
                    ui.end_row();
                }
            });
            if plain_button(ui, tr("Read them off the picture again")).clicked() {
                draft.read_colours();
                form.own_colours = false;
                return;
            }
            ui.add_space(8.0);
            ui.label(tr("The hand that cues"));
            ui.selectable_value(&mut draft.reference.handed, Side::Right, tr("The person's right hand"));
            ui.selectable_value(&mut draft.reference.handed, Side::Left, tr("The person's left hand"));
            form.own_colours |= draft.colours != before;
        });
        ui.vertical(|ui| {
            let chosen = rows(&mut draft.colours).get(form.picking).map_or("", |(name, _)| name);
            let text = tr_with("Click in the picture where this colour is: {name}", &[("name", chosen)]);
            ui.label(RichText::new(text).color(tokens(ui).text3).small());
            let moved = picture_with_places(ui, &texture, &Over::default());
            if let Some(at) = moved.clicked
                && let Some(colour) = colour_at(&draft.picture, at)
                && let Some((_, row)) = rows(&mut draft.colours).get_mut(form.picking)
            {
                **row = colour;
                form.own_colours = true;
            }
        });
    });
    if !draft.missing_room().is_enough() {
        message_strip(ui, Tone::Warning, tr("This hand lacks room beside the head: step 5 adds it."));
    }
}

/// Each colour with its name.
fn rows(c: &mut Colours) -> [(&'static str, &mut [u8; 3]); 8] {
    [
        (tr("Skin of the hand"), &mut c.skin),
        (tr("Skin in shade"), &mut c.shade),
        (tr("Lips"), &mut c.lips),
        (tr("Teeth"), &mut c.teeth),
        (tr("White of the eyes"), &mut c.eye_white),
        (tr("Sleeve"), &mut c.sleeve),
        (tr("Sleeve in shade"), &mut c.sleeve_shade),
        (tr("Background"), &mut c.background),
    ]
}

/// The mean of a few pixels around a place, picture heights; `None` beside the picture.
fn colour_at(picture: &RgbImage, at: [f32; 2]) -> Option<[u8; 3]> {
    let (width, height) = picture.dimensions();
    let (x, y) = ((at[0] * height as f32).floor() as i64, (at[1] * height as f32).floor() as i64);
    let reach = i64::from(height / 200);
    let (mut sum, mut count) = ([0_u32; 3], 0);
    for y in (y - reach).max(0)..=(y + reach).min(i64::from(height) - 1) {
        for x in (x - reach).max(0)..=(x + reach).min(i64::from(width) - 1) {
            let pixel = picture.get_pixel(x as u32, y as u32).0;
            (0..3).for_each(|k| sum[k] += u32::from(pixel[k]));
            count += 1;
        }
    }
    (count > 0).then(|| sum.map(|s| ((s + count / 2) / count) as u8))
}

pub(super) fn consent(ui: &mut Ui, form: &mut IdentityForm) {
    let field = |ui: &mut Ui, name: &str, text: &mut String, hint: &str| {
        let label = field_label(ui, name);
        ui.add(egui::TextEdit::singleline(text).hint_text(hint.to_owned()).desired_width(f32::INFINITY))
            .labelled_by(label);
    };
    field(ui, tr("Name of the person"), &mut form.name, tr("shown in lists"));
    ui.add_space(8.0);
    advice(
        ui,
        tr(
            "Whoever is shown must agree. Without a record of it, every frame of an exported film says that it is a draft.",
        ),
    );
    field(ui, tr("Who agreed"), &mut form.by, tr("the person shown, or who may speak for them"));
    field(ui, tr("When"), &mut form.on, tr("a date"));
    field(ui, tr("For what"), &mut form.purpose, tr("for example: lessons at our school"));
}

pub(super) fn preview(ui: &mut Ui, form: &mut IdentityForm, context: &DialogContext<'_>) {
    let Some((preview, texture)) = &mut form.preview else {
        advice(ui, tr("All eight shapes are cued at all five positions and read back…"));
        if let Some(stage) = context.job {
            progress(ui, stage);
        }
        return;
    };
    let missed = preview.all.iter().filter(|r| !r.reached).count();
    if missed == 0 {
        message_strip(ui, Tone::Good, tr("All positions are reached with all hand shapes."));
    } else {
        let text = tr_with(
            "{count} of 40 keys are not read as they are meant: correct the points of the face, the shoulders or the room.",
            &[("count", &missed.to_string())],
        );
        message_strip(ui, Tone::Warning, &text);
    }
    let sheet = preview.sheet.clone();
    let texture =
        texture.get_or_insert_with(|| ui.ctx().load_texture("identity preview", sheet, TextureOptions::LINEAR));
    let size = texture.size_vec2();
    let room = super::places::picture_room(ui) - 24.0;
    let scale = (room / size.y).min(ui.available_width() / size.x);
    ui.vertical_centered(|ui| {
        let sheet = egui::Image::new((texture.id(), size * scale)).alt_text(tr("Every hand shape at every position"));
        let rect = ui.add(sheet).rect;
        // Which shape each column is of, and which position each row.
        let (t, font) = (tokens(ui), theme::regular(theme::SMALL));
        for shape in 0..8 {
            let at = rect.left_top() + vec2((shape as f32 + 0.5) * rect.width() / 8.0, 3.0);
            let text = (shape + 1).to_string();
            let plate = egui::Rect::from_center_size(at + vec2(0.0, 7.0), vec2(14.0, 14.0));
            ui.painter().rect_filled(plate, 3.0, t.surface0);
            ui.painter().text(plate.center(), egui::Align2::CENTER_CENTER, text, font.clone(), t.text1);
        }
        for (i, position) in POSITIONS.into_iter().enumerate() {
            let at = rect.left_top() + vec2(-6.0, (i as f32 + 0.5) * rect.height() / POSITIONS.len() as f32);
            ui.painter().text(at, egui::Align2::RIGHT_CENTER, position_name(position), font.clone(), t.text2);
        }
    });
    if form.by.trim().is_empty() || form.on.trim().is_empty() || form.purpose.trim().is_empty() {
        message_strip(ui, Tone::Warning, tr("No consent is recorded: films of this person are marked as drafts."));
    }
    ui.horizontal(|ui| {
        ui.add_enabled_ui(context.project.is_some(), |ui| {
            ui.radio_value(&mut form.in_project, true, tr("Into this project, which they cue from now on"));
        });
        if ui.radio(!form.in_project || context.project.is_none(), tr("Into my library")).clicked() {
            form.in_project = false;
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_follow_around_the_mouth_and_not_beyond_the_ends_of_a_line() {
        let face: Vec<[f32; 2]> = (0..68).map(|i| [i as f32, 0.0]).collect();
        let moved = |i: usize, alone| along(&face, i, [i as f32, 1.0], alone);
        assert_eq!(moved(57, true), [(57, [57.0, 1.0])]);
        let ids = |i| moved(i, false).iter().map(|(j, at)| (*j, at[1])).collect::<Vec<_>>();
        assert_eq!(ids(57), [(55, 0.25), (56, 0.6), (57, 1.0), (58, 0.6), (59, 0.25)]);
        // The outline of the lips is closed: beside its first point stands its last.
        assert_eq!(ids(48), [(48, 1.0), (49, 0.6), (50, 0.25), (58, 0.25), (59, 0.6)]);
        assert_eq!(ids(0), [(0, 1.0), (1, 0.6), (2, 0.25)]);
    }
}
