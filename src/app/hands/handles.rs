//! Handles on the hand in the picture, and the line between before and after.

use crate::app::i18n::tr;
use crate::app::theme::{self, Tokens};
use crate::pose::Side;
use egui::{CursorIcon, EventFilter, Key, Modifiers, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

/// What was done to a handle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HandDrag {
    /// A joint is to be at a place of the picture, picture units.
    To(usize, [f32; 2]),
    /// The same, all at once.
    Step(usize, [f32; 2]),
    End,
}

/// Joints with a handle: the wrist and the five tips.
const JOINTS: [usize; 6] = [0, 4, 8, 12, 16, 20];
/// How far an arrow key draws a joint, picture units.
const STEP: f32 = 0.006;

fn name(joint: usize) -> &'static str {
    match joint {
        0 => tr("Wrist in the picture"),
        4 => tr("Tip of the thumb in the picture"),
        8 => tr("Tip of the index finger in the picture"),
        12 => tr("Tip of the middle finger in the picture"),
        16 => tr("Tip of the ring finger in the picture"),
        _ => tr("Tip of the little finger in the picture"),
    }
}

/// Draws the handles of a hand whose joints are seen at `joints`, and gives what was done to them. `rect` is the whole
/// picture, `stage` the part of the screen it may be in.
pub fn handles_ui(
    ui: &Ui,
    stage: Rect,
    rect: Rect,
    side: Side,
    joints: &[[f32; 2]; 21],
    t: &Tokens,
) -> Option<HandDrag> {
    let mut done = None;
    let painter = ui.painter_at(stage);
    for joint in JOINTS {
        let [x, y] = joints[joint];
        let at = rect.min + vec2(x, y) * rect.height();
        if !stage.contains(at) {
            continue;
        }
        let id = ui.scope_id().with(("hand handle", side as usize, joint));
        let response = ui.interact(Rect::from_center_size(at, vec2(18.0, 18.0)), id, Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Slider, true, name(joint)));
        if response.clicked() {
            response.request_focus();
        }
        let picture = |p: egui::Pos2| {
            let off = (p - rect.min) / rect.height().max(1.0);
            [off.x, off.y]
        };
        if response.dragged()
            && let Some(pointer) = response.interact_pointer_pos()
        {
            done = Some(HandDrag::To(joint, picture(pointer)));
        }
        if response.drag_stopped() {
            done = Some(HandDrag::End);
        }
        if response.has_focus() {
            let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
            ui.memory_mut(|m| m.set_focus_lock_filter(id, filter));
            let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
            let sign = |more, less| f32::from(u8::from(pressed(more))) - f32::from(u8::from(pressed(less)));
            let by = [sign(Key::ArrowRight, Key::ArrowLeft), sign(Key::ArrowDown, Key::ArrowUp)];
            if by != [0.0; 2] {
                done = Some(HandDrag::Step(joint, [x + STEP * by[0], y + STEP * by[1]]));
            }
        }
        let active = response.hovered() || response.dragged();
        let color = if response.has_focus() { t.focus } else { t.accent };
        let size = if active { 6.5 } else { 5.0 };
        if joint == 0 {
            // The wrist moves the hand, it bends nothing: a square.
            painter.rect_filled(Rect::from_center_size(at, vec2(2.0 * size, 2.0 * size)), 1.0, t.surface0);
            painter.rect_filled(Rect::from_center_size(at, vec2(2.0 * size - 3.0, 2.0 * size - 3.0)), 1.0, color);
        } else {
            painter.circle_filled(at, size, t.surface0);
            painter.circle_filled(at, size - 1.5, color);
        }
        if active {
            ui.ctx().set_cursor_icon(CursorIcon::Grab);
        }
        response.on_hover_text(match joint {
            0 => tr("Drag to move the hand. Arrow keys when it has the keyboard."),
            _ => tr("Drag to bend the finger. Arrow keys when it has the keyboard."),
        });
    }
    done
}

/// The line between the hands before (left) and after (right); `share` is where it stands on screen. Gives where it stands
/// in the whole picture.
pub fn wipe_ui(ui: &Ui, stage: Rect, rect: Rect, share: &mut f32, t: &Tokens) -> f32 {
    let seen = rect.intersect(stage);
    if !seen.is_positive() {
        return *share;
    }
    let at = |share: f32| seen.left() + share * seen.width();
    let hit = Rect::from_center_size(pos2(at(*share), seen.center().y), vec2(24.0, seen.height()));
    let line = ui.interact(hit, ui.scope_id().with("hand wipe"), Sense::click_and_drag());
    if line.dragged()
        && let Some(pointer) = line.interact_pointer_pos()
    {
        *share = ((pointer.x - seen.left()) / seen.width()).clamp(0.0, 1.0);
    }
    if line.clicked() {
        line.request_focus();
    }
    if line.has_focus() {
        let filter = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|m| m.set_focus_lock_filter(line.id, filter));
        let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
        let right = f32::from(u8::from(pressed(Key::ArrowRight)));
        let left = f32::from(u8::from(pressed(Key::ArrowLeft)));
        *share = (*share + 0.02 * (right - left)).clamp(0.0, 1.0);
    }
    line.widget_info(|| WidgetInfo::slider(true, f64::from(*share), tr("Wipe between hands before and after")));
    if line.hovered() || line.dragged() {
        ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    let x = at(*share);
    let painter = ui.painter_at(stage);
    let color = if line.has_focus() { t.focus } else { t.accent };
    painter.vline(x, seen.y_range(), Stroke::new(if line.hovered() || line.has_focus() { 3.0 } else { 2.0 }, color));
    // At the foot, away from face and hand.
    painter.rect_filled(Rect::from_center_size(pos2(x, seen.bottom() - 20.0), vec2(10.0, 28.0)), 4.0, color);
    for (align, text, dx) in [(egui::Align2::RIGHT_TOP, tr("Before"), -8.0), (egui::Align2::LEFT_TOP, tr("After"), 8.0)]
    {
        let galley = painter.layout_no_wrap(text.to_owned(), theme::regular(theme::SMALL), t.text1);
        let place = align.anchor_size(pos2(x + dx, seen.top() + 6.0), galley.size());
        painter.rect_filled(place.expand2(vec2(4.0, 2.0)), 3.0, t.surface1.gamma_multiply(0.85));
        painter.galley(place.min, galley, t.text1);
    }
    line.on_hover_text(tr("Drag to see more of before or after. Arrow keys when it has the keyboard."));
    ((x - rect.left()) / rect.width().max(1.0)).clamp(0.0, 1.0)
}
