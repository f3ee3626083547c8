//! The viewport: the person cueing, as large as fits, with overlays on demand and the caption under the picture.
//!
//! Pictures come from a worker as plain pixels; here they become one texture that is written again for each frame.
//! Wheel zooms at the pointer, dragging pans, double click fits again. The recording's own picture can stand beside the
//! person or be wiped against it.

pub mod compare;
pub mod edges;
mod overlays;
pub mod source;

use super::alignment::Skeletons;
use super::board::{Board, position_letters};
use super::hands::{HandDrag, handles_ui, wipe_ui};
use super::i18n::{tr, tr_with};
use super::theme::{self, Tokens, tokens};
use crate::cueing::where_::Targets;
use crate::document::Project;
use crate::pose::{PoseFrame, Side};
use crate::time::Seconds;
use compare::Compare;
use egui::{
    Align2, Color32, ColorImage, PointerButton, Pos2, Rect, Role, Sense, Stroke, StrokeKind, TextureHandle,
    TextureOptions, Ui, Vec2, WidgetInfo, pos2, vec2,
};
use serde::{Deserialize, Serialize};
use source::SourceView;

/// Height of the caption strip.
const CAPTION: f32 = 40.0;

/// What is drawn over the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Overlays {
    pub skeleton: bool,
    pub face_points: bool,
    pub targets: bool,
    pub caption: bool,
    /// The ways of the hands half a second before and after.
    pub trajectories: bool,
    pub edges: bool,
    pub compare: Compare,
}

impl Overlays {
    /// Whether anything is drawn over the picture itself.
    pub fn any(self) -> bool {
        self.skeleton || self.face_points || self.targets || self.trajectories || self.edges
    }
}

impl Default for Overlays {
    fn default() -> Self {
        Self {
            skeleton: false,
            face_points: false,
            targets: false,
            caption: true,
            trajectories: false,
            edges: false,
            compare: Compare::Off,
        }
    }
}

/// What the viewport keeps between frames.
#[derive(Default)]
pub struct ViewportState {
    texture: Option<TextureHandle>,
    /// Zoom over "fit", 1 is fit.
    zoom: f32,
    /// Where the middle of the picture is, in points from the middle of the viewport.
    offset: Vec2,
    /// Height of the picture on screen in pixels, for the renderer.
    pub wanted_height: f32,
    /// Where the line of the wipe stands.
    wipe: Wipe,
    pub edges: edges::EdgeView,
    /// What was done to the handles of a hand in this frame.
    pub hand_drag: Option<HandDrag>,
    /// Where the line between hands before and after stands now, on screen and in the whole picture.
    pub hand_wipe: Option<(f32, f32)>,
}

/// The share of the picture that shows the recording, from 0 to 1.
#[derive(Clone, Copy, Debug)]
struct Wipe(f32);

impl Default for Wipe {
    fn default() -> Self {
        Self(0.5)
    }
}

impl ViewportState {
    pub fn fit(&mut self) {
        self.zoom = 1.0;
        self.offset = Vec2::ZERO;
    }

    /// Puts a rendered picture on screen.
    pub fn set_picture(&mut self, ctx: &egui::Context, width: u32, height: u32, rgba: &[u8]) {
        let size = [width as usize, height as usize];
        if rgba.len() != size[0] * size[1] * 4 {
            return;
        }
        let image = ColorImage::from_rgba_unmultiplied(size, rgba);
        match &mut self.texture {
            Some(texture) => texture.set(image, TextureOptions::LINEAR),
            None => self.texture = Some(ctx.load_texture("person", image, TextureOptions::LINEAR)),
        }
    }

    /// The picture last drawn, for those who show a part of it.
    pub fn picture(&self) -> Option<egui::TextureId> {
        self.texture.as_ref().map(TextureHandle::id)
    }

    pub fn has_picture(&self) -> bool {
        self.texture.is_some()
    }

    pub fn clear(&mut self) {
        self.texture = None;
        self.fit();
    }
}

/// What the viewport draws.
pub struct ViewportInput<'a> {
    pub project: &'a Project,
    pub board: &'a Board,
    pub pose: Option<&'a PoseFrame>,
    /// The base's pose, drawn over the picture together with `pose`.
    pub onion: Option<&'a PoseFrame>,
    /// Tracked, at rest and aligned, while the alignment is looked at.
    pub skeletons: Option<&'a Skeletons>,
    /// Motion masks as one picture.
    pub masks: Option<egui::TextureId>,
    /// The edge heatmap of the pose.
    pub edges: Option<egui::TextureId>,
    /// Poses around the playhead with their distance from it in seconds, in order of time, for the trajectories.
    pub around: &'a [(f64, PoseFrame)],
    /// The recording's picture, where it is compared.
    pub source: Option<SourceView<'a>>,
    pub targets: Option<&'a Targets>,
    /// Width of the picture divided by its height.
    pub aspect: f32,
    pub playhead: Seconds,
    pub overlays: Overlays,
    /// Shown instead of a picture: why there is none.
    pub message: Option<&'a str>,
    /// Depth and outline of the hands as one picture.
    pub depth: Option<egui::TextureId>,
    /// The hand that has handles.
    pub held: Option<Side>,
    /// Where the line between hands before and after stands, 0-1 of what is on screen.
    pub hand_wipe: Option<f32>,
}

pub fn viewport_ui(ui: &mut Ui, input: &ViewportInput<'_>, state: &mut ViewportState) {
    let t = tokens(ui);
    let area = ui.available_rect_before_wrap();
    ui.painter().rect_filled(area, 0.0, t.surface0);
    let caption = if input.overlays.caption { CAPTION } else { 0.0 };
    let stage = Rect::from_min_max(area.min, pos2(area.right(), area.bottom() - caption)).shrink(8.0);
    if stage.height() > 16.0 && stage.width() > 16.0 {
        match input.source.filter(|_| input.overlays.compare == Compare::Beside) {
            Some(source) => {
                let (left, right) = compare::halves(stage);
                compare::describe(ui, left, source);
                compare::source(&ui.painter_at(left), left, source, t);
                picture(ui, right, input, state, t);
                compare::tag(&ui.painter_at(left), left, Align2::LEFT_TOP, tr("Recording"), t);
                compare::tag(&ui.painter_at(right), right, Align2::LEFT_TOP, "Cueloom", t);
            }
            None => picture(ui, stage, input, state, t),
        }
    }
    if input.overlays.caption {
        let strip = Rect::from_min_max(pos2(area.left(), area.bottom() - caption), area.max);
        caption_strip(ui, strip, input, t);
    }
    ui.advance_cursor_after_rect(area);
}

fn picture(ui: &Ui, stage: Rect, input: &ViewportInput<'_>, state: &mut ViewportState, t: &Tokens) {
    if state.zoom <= 0.0 {
        state.fit();
    }
    let response = ui.interact(stage, ui.scope_id().with("viewport"), Sense::CLICK | Sense::DRAG);
    let about = match input.project.key_at(input.playhead) {
        Some(key) => tr_with(
            "Picture: shape {shape}, {place}",
            &[("shape", &key.shape().0.to_string()), ("place", super::board::position_name(key.position()))],
        ),
        None => tr("Picture: hand at rest").to_owned(),
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &about));
    if response.double_clicked() {
        state.fit();
    }
    if response.dragged_by(PointerButton::Primary) || response.dragged_by(PointerButton::Middle) {
        state.offset += response.drag_delta();
    }
    let fit = fit_size(stage.size(), input.aspect);
    if response.hovered() {
        let factor = ui.input(|i| i.zoom_delta() * (i.smooth_scroll_delta().y / 240.0).exp());
        if factor != 1.0
            && let Some(pointer) = ui.ctx().pointer_latest_pos()
        {
            let zoom = (state.zoom * factor).clamp(0.25, 16.0);
            // The point of the picture under the pointer stays there.
            let from_middle = pointer - stage.center() - state.offset;
            state.offset -= from_middle * (zoom / state.zoom - 1.0);
            state.zoom = zoom;
        }
    }
    if (state.zoom - 1.0).abs() < 1e-3 {
        state.offset = state.offset.clamp(-fit * 0.5, fit * 0.5);
    }
    let size = fit * state.zoom;
    state.wanted_height = size.y * ui.ctx().pixels_per_point();
    let rect = Rect::from_center_size(stage.center() + state.offset, size);
    let painter = ui.painter_at(stage);
    if let Some(texture) = &state.texture {
        let uv = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
        painter.image(texture.id(), rect, uv, Color32::WHITE);
    } else {
        painter.rect_filled(rect, theme::RADIUS, t.surface1);
        let text = input.message.unwrap_or(tr("Drawing…"));
        let galley = painter.layout(text.to_owned(), theme::regular(theme::BODY), t.text2, rect.width() - 32.0);
        painter.galley(rect.center() - galley.size() / 2.0, galley, t.text2);
    }
    if let Some(masks) = input.masks {
        painter.image(masks, rect, Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0)), Color32::WHITE);
    }
    if let Some(depth) = input.depth {
        painter.image(depth, rect, Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0)), Color32::WHITE);
    }
    if let Some(edges) = input.edges {
        painter.image(edges, rect, Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0)), Color32::WHITE);
    }
    if let (Some(base), Some(pose)) = (input.onion, input.pose) {
        overlays::onion(&painter, rect, base, pose, t);
    }
    if let Some(skeletons) = input.skeletons {
        overlays::alignment(&painter, stage, rect, skeletons, t);
    }
    if input.overlays.targets
        && let Some(targets) = input.targets
    {
        overlays::targets(&painter, rect, targets, input, t);
    }
    if let Some(pose) = input.pose {
        if input.overlays.face_points {
            overlays::face_points(&painter, rect, pose, t);
        }
        if input.overlays.skeleton {
            overlays::skeleton(&painter, rect, pose, t);
        }
    }
    if input.overlays.trajectories {
        overlays::trajectories(&painter, rect, input.around, t);
    }
    if let Some(source) = input.source.filter(|_| input.overlays.compare == Compare::Wipe) {
        compare::wipe(ui, stage, rect, source, state, t);
    }
    if let Some(mut share) = input.hand_wipe {
        let before = wipe_ui(ui, stage, rect, &mut share, t);
        state.hand_wipe = Some((share, before));
    }
    if let (Some(side), Some(pose)) = (input.held, input.pose) {
        let joints = pose.hand(side).map(|j| [j.x, j.y]);
        state.hand_drag = handles_ui(ui, stage, rect, side, &joints, t);
    }
    if (state.zoom - 1.0).abs() > 1e-3 {
        let text = format!("{:.0} %", state.zoom * 100.0);
        painter.text(stage.right_top(), Align2::RIGHT_TOP, text, theme::mono(theme::SMALL), t.text2);
    }
    if response.has_focus() {
        painter.rect_stroke(stage, theme::RADIUS, Stroke::new(2.0, t.focus), StrokeKind::Inside);
    }
}

/// The largest size of the given aspect within `room`.
fn fit_size(room: Vec2, aspect: f32) -> Vec2 {
    let aspect = if aspect.is_finite() && aspect > 0.0 { aspect } else { 1.0 };
    let height = room.y.min(room.x / aspect);
    vec2(height * aspect, height)
}

/// Word, sounds and cue of the moment, under the picture: never over mouth or hand.
fn caption_strip(ui: &Ui, strip: Rect, input: &ViewportInput<'_>, t: &Tokens) {
    let painter = ui.painter_at(strip);
    let now = input.project.key_at(input.playhead).filter(|k| input.playhead.0 < k.times.a3.0 + 0.3);
    let Some(key) = now else { return };
    let Some(index) = input.board.key_index(key.id) else { return };
    let word = input.project.tiers.utterance.words.get(key.rule.word).map_or("", |w| w.text.as_str());
    let word = painter.layout_no_wrap(word.to_owned(), theme::bold(theme::TITLE), t.text1);
    let cue = format!("{}-{}", key.shape().0, position_letters(key.position()));
    let cue = painter.layout_no_wrap(cue, theme::mono(theme::BODY), t.accent);
    let sounds = painter.layout_no_wrap(input.board.keys[index].symbols.clone(), theme::regular(theme::BODY), t.text2);
    let gap = 16.0;
    let width = word.size().x + cue.size().x + sounds.size().x + 2.0 * gap;
    let mut x = strip.center().x - width / 2.0;
    for (galley, color) in [(word, t.text1), (cue, t.accent), (sounds, t.text2)] {
        let size = galley.size();
        painter.galley(pos2(x, strip.center().y - size.y / 2.0 - 2.0), galley, color);
        x += size.x + gap;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_fits_whatever_the_room() {
        for (room, aspect) in [(vec2(800.0, 300.0), 1.0), (vec2(300.0, 800.0), 1.0), (vec2(500.0, 500.0), 0.75)] {
            let size = fit_size(room, aspect);
            assert!(size.x <= room.x + 0.01 && size.y <= room.y + 0.01);
            assert!((size.x / size.y - aspect).abs() < 1e-4);
            assert!((size.x - room.x).abs() < 0.01 || (size.y - room.y).abs() < 0.01);
        }
        assert!(fit_size(vec2(10.0, 10.0), f32::NAN).x > 0.0);
    }
}
