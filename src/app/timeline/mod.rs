//! The timeline: ruler, sound, words, phones, gloss, and the hand's two lanes, all over one clock.
//!
//! Ctrl+wheel zooms at the pointer, Shift+wheel and dragging with the middle button pan, ruler and sound lane are
//! scrubbed, Ctrl+drag on the ruler loops. The panel draws borrowed data and pushes intents; only the stretch of time
//! it shows belongs to itself.

pub mod lanes;
mod loupe;
pub mod moves;
pub mod ruler;
pub mod snap;
pub mod view;
pub mod waveform;

use super::board::{Board, position_letters, position_name};
use super::i18n::{later, tr};
use super::intent::{Intent, SelectMode};
use super::playback::InOut;
use super::theme::{self, Tier, Tokens, tokens};
use crate::document::derive::LOW_CONFIDENCE;
use crate::document::edit::Edit;
use crate::document::{KeyId, Project};
use crate::language::WordKind;
use crate::media::peaks::Peaks;
use crate::time::{Seconds, TimeRange};
use egui::{
    Align2, CursorIcon, Id, PointerButton, Rangef, Rect, Role, Sense, Shape, Stroke, Ui, UiBuilder, Vec2, WidgetInfo,
    pos2, vec2,
};
use lanes::{Lane, LaneEvent, Segment};
use moves::{MoveEvent, MoveLane, Part};
use view::{Scale, TimeView};

/// Width of the column with the names of the lanes.
const NAMES: f32 = 76.0;
const RULER: f32 = 24.0;
const GAP: f32 = 4.0;
/// Least heights of sound, words, phones, gloss, shape and position.
const HEIGHTS: [f32; 6] = [44.0, 26.0, 26.0, 26.0, 34.0, 34.0];
/// How much of spare room each lane takes.
const GROWTH: [f32; 6] = [2.0, 0.25, 0.25, 0.25, 1.0, 1.0];

/// What the timeline keeps between frames. No part of the document.
#[derive(Clone, Debug)]
pub struct TimelineState {
    pub view: TimeView,
    /// Where Ctrl+drag on the ruler began.
    loop_from: Option<Seconds>,
    /// The snap that the drag under way has found, to be shown.
    snapped: Option<snap::Snapped>,
    /// Width of the lanes in the last frame, for commands that zoom without a pointer.
    pub width: Rangef,
}

impl Default for TimelineState {
    fn default() -> Self {
        let width = Rangef::new(0.0, 1000.0);
        Self { view: TimeView::default(), loop_from: None, snapped: None, width }
    }
}

/// What the timeline draws.
pub struct TimelineInput<'a> {
    pub project: &'a Project,
    pub board: &'a Board,
    pub selection: &'a [KeyId],
    /// The word in the inspector, when no key is selected.
    pub word: Option<usize>,
    pub phone: Option<usize>,
    pub playhead: Seconds,
    pub playing: bool,
    pub looped: Option<TimeRange>,
    /// In and out points.
    pub marked: InOut,
    /// Loudness of the sound; `None` while there is none.
    pub peaks: Option<&'a Peaks>,
}

/// Draws the timeline into the rest of `ui`.
pub fn timeline_ui(ui: &mut Ui, input: &TimelineInput<'_>, state: &mut TimelineState, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    let area = ui.available_rect_before_wrap();
    let length = input.project.length();
    let lanes_x = Rangef::new(area.left() + NAMES, area.right() - 8.0);
    state.width = lanes_x;
    navigate(ui, area, length, state);
    if input.playing && !ui.input(|i| i.pointer.any_down()) {
        // A view that pages away under a held drag would take the thing out of the hand.
        let scale = state.view.scale(length, lanes_x);
        state.view.follow(scale, input.playhead, length);
    }
    let scale = state.view.scale(length, lanes_x);

    let ruler_rect = Rect::from_min_max(pos2(lanes_x.min, area.top()), pos2(lanes_x.max, area.top() + RULER));
    let body = Rect::from_min_max(pos2(area.left(), ruler_rect.bottom() + GAP), area.right_bottom());
    ruler::paint(
        &ui.painter_at(ruler_rect.expand2(vec2(0.0, 1.0))),
        ruler_rect,
        scale,
        input.project.settings.fps,
        length,
        t,
    );
    ruler_interaction(ui, ruler_rect, scale, input, state, out);

    ui.scope_builder(UiBuilder::new().max_rect(body), |ui| {
        egui::ScrollArea::vertical().id_salt("lanes").auto_shrink(false).show(ui, |ui| {
            let heights = lane_heights(body.height());
            let total = heights.iter().sum::<f32>() + GAP * heights.len() as f32;
            let (all, background) = ui.allocate_exact_size(vec2(ui.available_width(), total), Sense::CLICK);
            if background.clicked()
                && let Some(pointer) = background.interact_pointer_pos()
                && lanes_x.contains(pointer.x)
            {
                out.push(Intent::ClearSelection);
                out.push(Intent::Seek(scale.time_from_x(pointer.x).clamp(Seconds::ZERO, length)));
            }
            draw_lanes(ui, all, heights, scale, input, state, t, out);
        });
    });
    lanes::move_focus(ui);
    overlay(ui, area, ruler_rect, scale, input, state, t);
    ui.advance_cursor_after_rect(area);
}

/// Heights of the six lanes in a body of so much height.
fn lane_heights(room: f32) -> [f32; 6] {
    let least = HEIGHTS.iter().sum::<f32>() + GAP * 6.0;
    let spare = (room - least).max(0.0) / GROWTH.iter().sum::<f32>();
    std::array::from_fn(|i| ((HEIGHTS[i] + spare * GROWTH[i]).min(if i == 0 { 96.0 } else { 64.0 })).floor())
}

fn navigate(ui: &Ui, area: Rect, length: Seconds, state: &mut TimelineState) {
    if !ui.rect_contains_pointer(area) {
        return;
    }
    let scale = state.view.scale(length, state.width);
    let (zoom, pan, middle, delta) = ui.input(|i| {
        (i.zoom_delta(), i.smooth_scroll_delta().x, i.pointer.button_down(PointerButton::Middle), i.pointer.delta().x)
    });
    if zoom != 1.0 {
        let x = ui.ctx().pointer_latest_pos().map_or(state.width.center(), |p| p.x);
        state.view.zoom_at(scale, x, f64::from(zoom), length);
    }
    let scale = state.view.scale(length, state.width);
    let px = -pan - if middle { delta } else { 0.0 };
    if px != 0.0 && !state.view.is_fit() {
        state.view.pan(scale, px, length);
    }
    if middle {
        ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
    }
}

fn ruler_interaction(
    ui: &Ui,
    rect: Rect,
    scale: Scale,
    input: &TimelineInput<'_>,
    state: &mut TimelineState,
    out: &mut Vec<Intent>,
) {
    let response = ui.interact(rect, Id::unique("ruler"), Sense::click_and_drag());
    response.widget_info(|| {
        let mut info = WidgetInfo::slider(true, input.playhead.0, "Playhead");
        info.role = Role::Slider;
        info
    });
    let length = input.project.length();
    let with_ctrl = ui.input(|i| i.modifiers.command);
    if let Some(pointer) = response.interact_pointer_pos()
        && (response.dragged() || response.clicked() || response.is_pointer_button_down_on())
        && !ui.input(|i| i.pointer.button_down(PointerButton::Middle))
    {
        let time = scale.time_from_x(pointer.x).clamp(Seconds::ZERO, length);
        if state.loop_from.is_some() || (with_ctrl && response.drag_started()) {
            let from = *state.loop_from.get_or_insert(time);
            // A few points of dead zone: a click must not make a loop of no length.
            let range = TimeRange::new(from, time);
            if 4.0 < range.length().0 * scale.px_per_second() {
                out.push(Intent::SetLoop(Some(range)));
            }
        } else if response.clicked() {
            out.push(Intent::Seek(time));
        } else {
            out.push(Intent::Scrub(time));
        }
    }
    if response.drag_stopped() {
        state.loop_from = None;
        out.push(Intent::Seek(input.playhead));
    }
    response.on_hover_text_at_pointer("Drag to scrub. Ctrl+drag to loop a stretch.");
}

#[expect(clippy::too_many_arguments)]
fn draw_lanes(
    ui: &Ui,
    all: Rect,
    heights: [f32; 6],
    scale: Scale,
    input: &TimelineInput<'_>,
    state: &mut TimelineState,
    t: &Tokens,
    out: &mut Vec<Intent>,
) {
    const LANES: [(Tier, &str); 6] = [
        (Tier::Sound, later("Sound")),
        (Tier::Words, later("Words")),
        (Tier::Phones, later("Phones")),
        (Tier::Gloss, later("Gloss")),
        (Tier::Shape, later("Shape")),
        (Tier::Position, later("Position")),
    ];
    let mut rects = [Rect::NOTHING; 6];
    let mut y = all.top();
    for (i, (tier, name)) in LANES.into_iter().enumerate() {
        let lane = Rect::from_min_max(pos2(scale.x.min, y), pos2(scale.x.max, y + heights[i]));
        y += heights[i] + GAP;
        rects[i] = lane;
        let label = Rect::from_min_max(pos2(all.left(), lane.top()), pos2(scale.x.min, lane.bottom()));
        let mark =
            Rect::from_center_size(pos2(label.left() + 10.0, lane.center().y), vec2(3.0, 14.0_f32.min(lane.height())));
        ui.painter().rect_filled(mark, 1.0, t.hue(tier));
        ui.painter().text(
            pos2(label.left() + 18.0, lane.center().y),
            Align2::LEFT_CENTER,
            tr(name),
            theme::regular(theme::SMALL),
            t.text2,
        );
        ui.painter().rect_filled(lane, 0.0, theme::mix(t.surface0, t.surface1, 0.35));
    }
    sound_lane(ui, rects[0], scale, input, state, t, out);
    word_lane(ui, rects[1], scale, input, t, out);
    phone_lane(ui, rects[2], scale, input, t, out);
    gloss_lane(ui, rects[3], scale, input, t, out);
    hand_lane(ui, Part::Shape, rects[4], scale, input, state, t, out);
    hand_lane(ui, Part::Position, rects[5], scale, input, state, t, out);
}

fn sound_lane(
    ui: &Ui,
    lane: Rect,
    scale: Scale,
    input: &TimelineInput<'_>,
    _state: &mut TimelineState,
    t: &Tokens,
    out: &mut Vec<Intent>,
) {
    let painter = ui.painter_at(lane);
    match input.peaks {
        Some(peaks) => waveform::paint(&painter, lane, scale, input.project.length(), t, peaks),
        None => {
            painter.text(
                lane.center(),
                Align2::CENTER_CENTER,
                "The sound file is missing",
                theme::regular(theme::SMALL),
                t.warning,
            );
        }
    }
    let response = ui.interact(lane, Id::unique("sound lane"), Sense::CLICK | Sense::DRAG);
    response.widget_info(|| WidgetInfo::labeled(Role::Unknown, true, "Sound"));
    if let Some(pointer) = response.interact_pointer_pos()
        && (response.dragged_by(PointerButton::Primary) || response.clicked())
    {
        let time = scale.time_from_x(pointer.x).clamp(Seconds::ZERO, input.project.length());
        out.push(if response.clicked() { Intent::Seek(time) } else { Intent::Scrub(time) });
    }
    if response.drag_stopped_by(PointerButton::Primary) {
        out.push(Intent::Seek(input.playhead));
    }
}

fn word_lane(ui: &Ui, lane: Rect, scale: Scale, input: &TimelineInput<'_>, t: &Tokens, out: &mut Vec<Intent>) {
    let words = &input.board.words;
    let utterance = &input.project.tiers.utterance.words;
    let current_word = input.word;
    let range = |i: usize| words[i].range;
    let segment = |i: usize| {
        let word = &utterance[words[i].word];
        let reading = word.readings.get(word.chosen);
        Segment {
            text: word.text.clone(),
            name: format!("Word {}: {}", words[i].word + 1, word.text),
            selected: current_word == Some(words[i].word),
            flagged: word.kind == WordKind::Unknown,
            edited: reading.is_some_and(|r| r.source == crate::language::ReadingSource::User),
            ..Segment::default()
        }
    };
    let current = current_word.and_then(|w| input.board.word_box(w)).or((!words.is_empty()).then_some(0));
    let it = Lane {
        id: Id::unique("words"),
        tier: Tier::Words,
        count: words.len(),
        range: &range,
        segment: &segment,
        current,
    };
    for event in it.show(ui, lane, scale, t) {
        match event {
            LaneEvent::Clicked(i, _) | LaneEvent::WalkedTo(i) => out.push(Intent::SelectWord(words[i].word)),
            LaneEvent::DoubleClicked(i) => out.push(Intent::SetLoop(Some(words[i].range))),
            LaneEvent::LeaveTo(by) => leave(ui, 0, by, input),
        }
    }
}

fn phone_lane(ui: &Ui, lane: Rect, scale: Scale, input: &TimelineInput<'_>, t: &Tokens, out: &mut Vec<Intent>) {
    let phones = &input.project.tiers.phones;
    let range = |i: usize| phones[i].range();
    let segment = |i: usize| Segment {
        text: input.board.symbols[i].clone(),
        name: format!("Phone {}: {}", i + 1, input.board.symbols[i]),
        selected: input.phone == Some(i),
        dashed: phones[i].confidence < LOW_CONFIDENCE,
        edited: phones[i].fixed,
        ..Segment::default()
    };
    let current = input.phone.or((!phones.is_empty()).then_some(0));
    let it = Lane {
        id: Id::unique("phones"),
        tier: Tier::Phones,
        count: phones.len(),
        range: &range,
        segment: &segment,
        current,
    };
    for event in it.show(ui, lane, scale, t) {
        match event {
            LaneEvent::Clicked(i, _) | LaneEvent::WalkedTo(i) => out.push(Intent::SelectPhone(i)),
            LaneEvent::DoubleClicked(i) => out.push(Intent::SetLoop(Some(phones[i].range()))),
            LaneEvent::LeaveTo(by) => leave(ui, 1, by, input),
        }
    }
    phone_edges(ui, lane, scale, input, t, out);
}

/// The edges of the selected phone can be dragged; what touches them rolls along.
fn phone_edges(ui: &Ui, lane: Rect, scale: Scale, input: &TimelineInput<'_>, t: &Tokens, out: &mut Vec<Intent>) {
    let Some(phone) = input.phone else { return };
    let Some(times) = input.project.tiers.phones.get(phone) else { return };
    for (start, time) in [(true, times.start), (false, times.end)] {
        let x = scale.x_from_time(time);
        if !lane.x_range().contains(x) {
            continue;
        }
        let hit = Rect::from_center_size(pos2(x, lane.center().y), vec2(12.0, lane.height()));
        let response = ui.interact(hit, Id::unique(("phone edge", start)), Sense::CLICK | Sense::DRAG);
        let name = if start { "Start of the phone" } else { "End of the phone" };
        response.widget_info(|| WidgetInfo::labeled(Role::Splitter, true, name));
        if response.hovered() || response.dragged() {
            ui.ctx().set_cursor_icon(CursorIcon::ResizeColumn);
            ui.painter_at(lane).vline(x, lane.y_range(), Stroke::new(3.0, t.accent));
        }
        if response.dragged()
            && let Some(pointer) = response.interact_pointer_pos()
        {
            let to = scale.time_from_x(pointer.x);
            let edit = if start { Edit::SetPhoneStart { phone, to } } else { Edit::SetPhoneEnd { phone, to } };
            out.push(Intent::Drag("Move sound boundary", edit));
        }
        if response.drag_stopped() {
            out.push(Intent::EndDrag);
        }
    }
}

fn gloss_lane(ui: &Ui, lane: Rect, scale: Scale, input: &TimelineInput<'_>, t: &Tokens, out: &mut Vec<Intent>) {
    let keys = &input.project.tiers.keys;
    // A gloss stands under its sound, as long as the sound of its key lasts.
    let range = |i: usize| {
        let end = keys.get(i + 1).map_or(keys[i].times.a3, |next| keys[i].times.a3.min(next.times.a1));
        lanes::between(keys[i].times.a1, end)
    };
    let segment = |i: usize| Segment {
        text: input.board.keys[i].gloss.clone(),
        short: if scale.px_per_second() * range(i).length().0 < 72.0 {
            input.board.keys[i].short.clone()
        } else {
            String::new()
        },
        name: format!("Gloss {}: {}", i + 1, input.board.keys[i].gloss),
        selected: input.selection.contains(&keys[i].id),
        flagged: keys[i].flags.iter().any(|f| super::board::explain(*f).is_some()),
        ..Segment::default()
    };
    let current = current_key(input);
    let it = Lane {
        id: Id::unique("gloss"),
        tier: Tier::Gloss,
        count: keys.len(),
        range: &range,
        segment: &segment,
        current,
    };
    for event in it.show(ui, lane, scale, t) {
        key_event(ui, 2, event, input, out);
    }
}

#[expect(clippy::too_many_arguments)]
fn hand_lane(
    ui: &Ui,
    part: Part,
    lane: Rect,
    scale: Scale,
    input: &TimelineInput<'_>,
    state: &mut TimelineState,
    t: &Tokens,
    out: &mut Vec<Intent>,
) {
    let keys = &input.project.tiers.keys;
    let segment = |i: usize| {
        let key = &keys[i];
        let (text, name) = match part {
            Part::Shape => (
                key.shape().0.to_string(),
                format!("Key {}: shape {}, {}", i + 1, key.shape().0, input.board.keys[i].symbols),
            ),
            Part::Position => {
                let name = position_name(key.position());
                (name.to_owned(), format!("Key {}: position {name}, {}", i + 1, input.board.keys[i].symbols))
            }
        };
        let edited = match part {
            Part::Shape => key.edits.shape.is_some() || key.edits.shift[2] != 0.0 || key.edits.shift[3] != 0.0,
            Part::Position => key.edits.position.is_some() || key.edits.shift[0] != 0.0 || key.edits.shift[1] != 0.0,
        };
        let selected = input.selection.contains(&key.id);
        let short = if part == Part::Position { position_letters(key.position()).to_owned() } else { String::new() };
        Segment { text, short, name, selected, edited, locked: key.locked, ..Segment::default() }
    };
    let (id, lane_index) = match part {
        Part::Shape => (Id::unique("shape lane"), 3),
        Part::Position => (Id::unique("position lane"), 4),
    };
    let it = MoveLane { id, part, keys, selected: input.selection, current: current_key(input), segment: &segment };
    let with_shift = ui.input(|i| i.modifiers.shift);
    let found = std::cell::Cell::new(None);
    let snap = |time: Seconds| {
        let context = snap::Context {
            fps: input.project.settings.fps,
            phones: &input.project.tiers.phones,
            playhead: input.playhead,
            reach: scale.seconds(6.0),
            on: !with_shift,
        };
        let snapped = snap::snap(time, &context);
        found.set(Some(snapped));
        snapped.time
    };
    for event in it.show(ui, lane, scale, t, &snap) {
        match event {
            MoveEvent::Lane(event) => key_event(ui, lane_index, event, input, out),
            MoveEvent::Handle(key, which, to) => {
                out.push(Intent::Drag("Change hand timing", Edit::SetMoveTime { key, which, to }));
            }
            MoveEvent::Lead(key, by) => {
                out.push(Intent::Drag("Shift hand", Edit::ShiftHand { keys: vec![key], by }));
            }
            MoveEvent::Released => {
                out.push(Intent::EndDrag);
                state.snapped = None;
            }
        }
    }
    if let Some(snapped) = found.get() {
        state.snapped = Some(snapped);
    }
}

fn current_key(input: &TimelineInput<'_>) -> Option<usize> {
    match input.selection.last() {
        Some(id) => input.board.key_index(*id),
        None => (!input.project.tiers.keys.is_empty()).then_some(0),
    }
}

fn key_event(ui: &Ui, lane: i32, event: LaneEvent, input: &TimelineInput<'_>, out: &mut Vec<Intent>) {
    let keys = &input.project.tiers.keys;
    match event {
        LaneEvent::Clicked(i, modifiers) => {
            out.push(Intent::SelectKey(keys[i].id, SelectMode::from_modifiers(modifiers)))
        }
        LaneEvent::WalkedTo(i) => out.push(Intent::SelectKey(keys[i].id, SelectMode::Replace)),
        LaneEvent::DoubleClicked(i) => out.push(Intent::SetLoop(Some(keys[i].sound()))),
        LaneEvent::LeaveTo(by) => leave(ui, lane, by, input),
    }
}

/// Takes the keyboard to the lane above or below, to the segment that is current there.
fn leave(ui: &Ui, from: i32, by: i32, input: &TimelineInput<'_>) {
    let to = (from + by).clamp(0, 4);
    if to == from {
        return;
    }
    let key = current_key(input);
    let id = match to {
        0 => input.word.and_then(|w| input.board.word_box(w)).or(Some(0)).map(|i| Id::unique("words").with(i)),
        1 => input.phone.or(Some(0)).map(|i| Id::unique("phones").with(i)),
        2 => key.map(|i| Id::unique("gloss").with(i)),
        3 => key.map(|i| Id::unique("shape lane").with(i)),
        _ => key.map(|i| Id::unique("position lane").with(i)),
    };
    if let Some(id) = id {
        lanes::focus_later(ui, id);
    }
}

/// Loop, snap line and playhead, over everything.
fn overlay(
    ui: &Ui,
    area: Rect,
    ruler: Rect,
    scale: Scale,
    input: &TimelineInput<'_>,
    state: &TimelineState,
    t: &Tokens,
) {
    let lanes = Rect::from_x_y_ranges(scale.x, area.y_range());
    let painter = ui.painter_at(lanes.expand2(Vec2::new(6.0, 0.0)));
    if let Some(range) = input.looped {
        let (a, b) = (scale.x_from_time(range.start), scale.x_from_time(range.end));
        painter.rect_filled(Rect::from_x_y_ranges(a..=b, ruler.top()..=ruler.top() + 4.0), 1.0, t.accent);
        for x in [a, b] {
            painter.vline(x, lanes.y_range(), Stroke::new(1.0, t.accent.gamma_multiply(0.6)));
        }
    }
    input.marked.paint(&painter, ruler, |time| scale.x_from_time(time), t.accent);
    if let Some(snapped) = state.snapped
        && let Some(reason) = snapped.reason
    {
        let x = scale.x_from_time(snapped.time);
        painter.extend(Shape::dashed_line(
            &[pos2(x, ruler.bottom()), pos2(x, area.bottom())],
            Stroke::new(1.0, t.focus),
            3.0,
            3.0,
        ));
        painter.text(
            pos2(x + 4.0, area.bottom() - 4.0),
            Align2::LEFT_BOTTOM,
            reason.name(),
            theme::regular(theme::SMALL),
            t.focus,
        );
    }
    let x = painter.round_to_pixel_center(scale.x_from_time(input.playhead));
    if scale.x.expand(1.0).contains(x) {
        painter.vline(x, ruler.top() + 8.0..=area.bottom(), Stroke::new(1.0, t.playhead));
        let top = pos2(x, ruler.bottom() - 2.0);
        let head =
            vec![top + vec2(-5.5, -10.0), top + vec2(5.5, -10.0), top + vec2(5.5, -5.0), top, top + vec2(-5.5, -5.0)];
        painter.add(Shape::convex_polygon(head, t.playhead, Stroke::NONE));
    }
}
