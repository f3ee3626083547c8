//! Handles: whatever can be dragged along the time, with the same hands for all of it.
//!
//! A handle is drawn two points wide and taken from as far as there is room for, up to 24 points. It stands in the Tab
//! order; with the keyboard on it the arrows move it by a frame, with Ctrl by 10 ms, with Shift to the next boundary,
//! and Enter opens the field for its time. Shift held when a drag begins moves every boundary at that time; pressed
//! later it turns snapping round. Alt held when it begins moves the one edge alone.

use super::snap::{self, Snapped};
use crate::time::Seconds;
use egui::{CursorIcon, EventFilter, Id, Key, Modifiers, PointerButton, Rect, Response, Role, Sense, Ui, WidgetInfo};

/// What is in the hand while something is dragged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grab {
    pub id: Id,
    /// Where it was when it was taken.
    pub from: Seconds,
    /// How far from it the pointer took it.
    pub offset: Seconds,
    /// Every boundary at that time comes along.
    pub linked: bool,
    /// Its neighbour stays.
    pub alone: bool,
    /// Shift was let go since: pressing it again turns snapping round.
    shift_was_up: bool,
}

impl Grab {
    /// Whether Shift, held now, turns snapping round.
    pub fn inverts(&self, shift: bool) -> bool {
        shift && (!self.linked || self.shift_was_up)
    }
}

/// How far a key press moves a handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nudge {
    Frames(i32),
    Millis(i32),
    /// To the next boundary of anything, backward or forward.
    Boundary(bool),
}

impl Nudge {
    /// Where it leads from `time`.
    pub fn apply(self, time: Seconds, context: &snap::Context<'_>) -> Snapped {
        let moved = |time| Snapped { time, reason: None };
        match self {
            Self::Frames(n) => moved(Seconds(time.0 + f64::from(n) * context.fps.frame_length().0)),
            Self::Millis(n) => moved(time + Seconds::from_millis(f64::from(n))),
            Self::Boundary(forward) => snap::next_boundary(time, forward, context).unwrap_or(moved(time)),
        }
    }
}

/// What was done to a handle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HandleEvent {
    /// It is dragged and should stand at this time, before snapping.
    Moved(Grab, Seconds),
    Released,
    Nudged(Nudge),
    /// Its time is to be typed.
    Opened,
}

fn note() -> Id {
    Id::unique("handle with the keyboard")
}

/// Whether the keyboard is on a handle of the timeline.
pub fn has_keyboard(ctx: &egui::Context) -> bool {
    let focused = ctx.memory(|m| m.focused());
    focused.is_some() && focused == ctx.data(|d| d.get_temp::<Id>(note()))
}

/// Registers a handle at `time` with its hit area. `grab` is what the timeline has in hand.
pub fn handle(
    ui: &Ui,
    id: Id,
    hit: Rect,
    time: Seconds,
    time_at_pointer: &dyn Fn(f32) -> Seconds,
    grab: &mut Option<Grab>,
    name: &dyn Fn() -> String,
) -> (Response, Option<HandleEvent>) {
    let response = ui.interact(hit, id, Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Splitter, true, name()));
    if response.hovered() || response.dragged() {
        ui.ctx().set_cursor_icon(CursorIcon::ResizeColumn);
    }
    if response.has_focus() {
        ui.data_mut(|d| d.insert_temp(note(), id));
    }
    let event = dragged(ui, &response, time, time_at_pointer, grab)
        .or_else(|| response.double_clicked().then_some(HandleEvent::Opened))
        .or_else(|| pressed(ui, &response));
    (response, event)
}

/// The drag of anything along the time.
pub fn dragged(
    ui: &Ui,
    response: &Response,
    time: Seconds,
    time_at_pointer: &dyn Fn(f32) -> Seconds,
    grab: &mut Option<Grab>,
) -> Option<HandleEvent> {
    let modifiers = ui.input(|i| i.modifiers);
    if response.drag_started_by(PointerButton::Primary) {
        let origin = ui.input(|i| i.pointer.press_origin()).map_or(time, |p| time_at_pointer(p.x));
        *grab = Some(Grab {
            id: response.id,
            from: time,
            offset: origin - time,
            linked: modifiers.shift,
            alone: modifiers.alt,
            shift_was_up: false,
        });
    }
    let held = grab.as_mut().filter(|g| g.id == response.id)?;
    if !modifiers.shift {
        held.shift_was_up = true;
    }
    let held = *held;
    if response.drag_stopped() {
        *grab = None;
        return Some(HandleEvent::Released);
    }
    if response.dragged()
        && let Some(pointer) = response.interact_pointer_pos()
    {
        return Some(HandleEvent::Moved(held, time_at_pointer(pointer.x) - held.offset));
    }
    None
}

fn pressed(ui: &Ui, response: &Response) -> Option<HandleEvent> {
    if !response.has_focus() {
        return None;
    }
    let filter = EventFilter { horizontal_arrows: true, vertical_arrows: false, tab: false, escape: false };
    ui.memory_mut(|m| m.set_focus_lock_filter(response.id, filter));
    let pressed = |modifiers, key| ui.input_mut(|i| i.consume_key(modifiers, key));
    for (key, sign) in [(Key::ArrowLeft, -1), (Key::ArrowRight, 1)] {
        // The more exact ones first: consuming without modifiers is forgiving about Shift.
        if pressed(Modifiers::COMMAND, key) {
            return Some(HandleEvent::Nudged(Nudge::Millis(10 * sign)));
        }
        if pressed(Modifiers::SHIFT, key) {
            return Some(HandleEvent::Nudged(Nudge::Boundary(sign > 0)));
        }
        if pressed(Modifiers::NONE, key) {
            return Some(HandleEvent::Nudged(Nudge::Frames(sign)));
        }
    }
    pressed(Modifiers::NONE, Key::Enter).then_some(HandleEvent::Opened)
}

/// How far to both sides a boundary can be taken: 12 points where there is room, never more than a third of the
/// segment beside it, so that the bodies stay within reach.
pub fn hit_width(beside: f32) -> f32 {
    (beside / 3.0).clamp(2.0, 12.0)
}
