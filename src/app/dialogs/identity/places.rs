//! The picture with places on it: each is dragged, or reached with Tab and moved with the arrow keys. A loupe shows what
//! lies under the place that is being moved.

use crate::app::theme::{self, tokens};
use crate::app::widgets::focus_ring;
use egui::{
    Align2, Color32, EventFilter, Key, Painter, Pos2, Rect, Role, Sense, Stroke, StrokeKind, TextureHandle, TextureId,
    Ui, WidgetInfo, pos2, vec2,
};

/// How far an arrow key moves a place, in picture heights: alone, and with Shift.
const STEP: [f32; 2] = [0.002, 0.02];
/// Size of the loupe on screen, and how much larger it shows things.
const LOUPE: f32 = 132.0;
const ZOOM: f32 = 4.0;

/// A place to be shown.
pub struct Handle {
    pub at: [f32; 2],
    pub name: String,
    /// Set by hand, drawn full; else hollow.
    pub set: bool,
}

/// What was done to the places in this frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moved {
    /// A place and where it is now.
    pub place: Option<(usize, [f32; 2])>,
    /// The picture was clicked beside all places.
    pub clicked: Option<[f32; 2]>,
    /// It was clicked on one of them.
    pub on_place: Option<[f32; 2]>,
    /// The brush was set down there and is here now.
    pub painted: Option<[[f32; 2]; 2]>,
    /// Space or Enter was pressed on a place.
    pub pressed: Option<usize>,
}

/// What lies over the picture.
#[derive(Default)]
pub struct Over<'a> {
    pub handles: &'a [Handle],
    pub lines: &'a [Vec<[f32; 2]>],
    /// Places are drawn as dots.
    pub small: bool,
    /// The picture is painted on: with a brush of this radius in picture heights, over what is painted already. Places
    /// are then those where the keyboard paints.
    pub brush: Option<(f32, Option<TextureId>)>,
    /// The place that the keyboard is to go to.
    pub focus: Option<usize>,
    /// What is shown, picture heights; `None`: the whole picture and all places.
    pub view: Option<Rect>,
}

/// Height of the picture on screen, at most.
pub fn picture_room(ui: &Ui) -> f32 {
    (ui.ctx().content_rect().height() - 330.0).clamp(220.0, 560.0)
}

/// Draws the picture and what lies over it. Gives what was moved.
pub fn picture_with_places(ui: &mut Ui, texture: &TextureHandle, over: &Over<'_>) -> Moved {
    let t = tokens(ui);
    let Over { handles, lines, small, brush, focus, view } = *over;
    let mut moved = Moved::default();
    let size = texture.size_vec2();
    // What of the picture and around it is shown, in picture heights.
    let whole = Rect::from_min_size(Pos2::ZERO, vec2(size.x / size.y, 1.0));
    let view = view.unwrap_or_else(|| {
        let mut view = whole;
        // Places beside the picture are in sight, too.
        handles.iter().for_each(|h| view.extend_with(pos2(h.at[0].clamp(-1.0, 4.0), h.at[1].clamp(-1.0, 2.0))));
        if view == whole { view } else { view.expand(0.04) }
    });
    let room = vec2(ui.available_width(), picture_room(ui));
    let height = (room.x / view.width()).min(room.y / view.height());
    let (outer, _) = ui.allocate_exact_size(vec2(room.x, view.height() * height), Sense::hover());
    let stage = Rect::from_center_size(outer.center(), view.size() * height);
    let rect = Rect::from_min_size(stage.min - height * view.min.to_vec2(), height * whole.size());
    let seen = rect.intersect(stage);
    let ground =
        ui.interact(stage, ui.scope_id().with("picture"), if brush.is_some() { Sense::DRAG } else { Sense::CLICK });
    ground.widget_info(|| WidgetInfo::labeled(Role::Image, true, crate::app::i18n::tr("The picture")));
    let to_screen = |p: [f32; 2]| pos2(rect.left() + p[0] * height, rect.top() + p[1] * height);
    let to_picture = |p: Pos2| [(p.x - rect.left()) / height, (p.y - rect.top()) / height];
    let painter = ui.painter().with_clip_rect(if seen == rect { outer.expand(6.0) } else { stage });
    painter.rect_filled(stage, 0.0, t.surface0);
    painter.image(texture.id(), rect, Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0)), Color32::WHITE);
    if let Some((_, Some(marks))) = brush {
        painter.image(marks, rect, Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0)), Color32::WHITE);
    }
    for line in lines {
        let points: Vec<Pos2> = line.iter().map(|p| to_screen(*p)).collect();
        painter.line(points.clone(), Stroke::new(2.5, t.shadow));
        painter.line(points, Stroke::new(1.0, t.accent));
    }
    if ground.clicked() {
        moved.clicked = ground.interact_pointer_pos().map(to_picture);
    }
    if let Some((size, _)) = brush {
        if let Some(to) = ground.interact_pointer_pos().filter(|_| ground.is_pointer_button_down_on()) {
            let from = ui.input(|i| i.pointer.press_origin()).unwrap_or(to);
            moved.painted = Some([to_picture(from), to_picture(to)]);
        }
        if let Some(at) = ground.hover_pos() {
            ring(&painter, at, size * height, t);
        }
    }
    let radius = if small { 2.5 } else { 6.0 };
    let mut looked_at = None;
    for (i, handle) in handles.iter().enumerate() {
        let at = to_screen(handle.at);
        let size = match (brush, small) {
            // Out of the way of the pointer, which paints.
            (Some(_), _) => 2.0,
            (None, true) => 9.0,
            (None, false) => 3.2 * radius,
        };
        let area = Rect::from_center_size(at, vec2(size, size));
        let response = ui.interact(area, ui.scope_id().with(("place", i)), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &handle.name));
        if focus == Some(i) {
            response.request_focus();
        }
        if response.has_focus() {
            let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
            ui.memory_mut(|m| m.set_focus_lock_filter(response.id, filter));
            let by = ui.input(|input| {
                let step = STEP[usize::from(input.modifiers.shift)];
                let count = |key| input.num_presses(key) as f32;
                [
                    step * (count(Key::ArrowRight) - count(Key::ArrowLeft)),
                    step * (count(Key::ArrowDown) - count(Key::ArrowUp)),
                ]
            });
            if by != [0.0, 0.0] {
                moved.place = Some((i, [handle.at[0] + by[0], handle.at[1] + by[1]]));
            }
        }
        if response.dragged() {
            let delta = response.drag_delta() / height;
            if delta != egui::Vec2::ZERO {
                moved.place = Some((i, [handle.at[0] + delta.x, handle.at[1] + delta.y]));
            }
        }
        if response.clicked() {
            moved.on_place = response.interact_pointer_pos().map(to_picture);
            if moved.on_place.is_none() {
                moved.pressed = Some(i);
            }
        }
        if response.clicked() || response.drag_started() {
            response.request_focus();
        }
        if response.dragged() || response.has_focus() || (looked_at.is_none() && response.hovered()) {
            looked_at = Some(i);
        }
        if let Some((size, _)) = brush {
            if response.has_focus() {
                ring(&painter, at, size * height, t);
                painter.circle_filled(at, 2.0, t.accent);
            }
            continue;
        }
        let fill = if handle.set { t.accent } else { Color32::TRANSPARENT };
        if small {
            painter.circle(at, radius + 1.0, Color32::TRANSPARENT, Stroke::new(1.0, t.shadow));
        } else {
            painter.circle(at, radius + 1.5, Color32::TRANSPARENT, Stroke::new(3.0, t.shadow));
        }
        painter.circle(at, radius, fill, Stroke::new(if small { 1.0 } else { 2.0 }, t.accent));
        focus_ring(ui, &response);
        response.on_hover_text(&handle.name);
    }
    if let Some(handle) = looked_at.and_then(|i| handles.get(i)) {
        loupe(&painter, texture, rect, outer, handle, t);
    }
    // Places never leave the picture's surroundings.
    if let Some((_, place)) = &mut moved.place {
        *place = place.map(|v| v.clamp(-0.5, 6.0));
    }
    moved
}

/// Where the brush would paint.
fn ring(painter: &Painter, at: Pos2, radius: f32, t: &theme::Tokens) {
    painter.circle_stroke(at, radius, Stroke::new(2.5, t.shadow));
    painter.circle_stroke(at, radius, Stroke::new(1.0, t.accent));
}

/// What lies under a place, larger, in the corner that is farther from it.
fn loupe(painter: &Painter, texture: &TextureHandle, picture: Rect, outer: Rect, handle: &Handle, t: &theme::Tokens) {
    let (height, width) = (picture.height(), picture.width());
    let at = pos2(picture.left() + handle.at[0] * height, picture.top() + handle.at[1] * height);
    let left = if at.x < outer.center().x { outer.right() - LOUPE - 4.0 } else { outer.left() + 4.0 };
    let rect = Rect::from_min_size(pos2(left, outer.top() + 4.0), vec2(LOUPE, LOUPE));
    let seen = LOUPE / ZOOM;
    let (u, v) = (handle.at[0] * height / width, handle.at[1]);
    let (du, dv) = (0.5 * seen / width, 0.5 * seen / height);
    painter.rect_filled(rect, 0.0, t.surface0);
    let uv = Rect::from_min_max(pos2(u - du, v - dv), pos2(u + du, v + dv));
    painter.image(texture.id(), rect, uv, Color32::WHITE);
    let middle = rect.center();
    for (a, b) in [(vec2(-9.0, 0.0), vec2(9.0, 0.0)), (vec2(0.0, -9.0), vec2(0.0, 9.0))] {
        painter.line_segment([middle + a, middle + b], Stroke::new(3.0, t.shadow));
        painter.line_segment([middle + a, middle + b], Stroke::new(1.0, t.accent));
    }
    painter.rect_stroke(rect, 0.0, Stroke::new(1.0, t.line), StrokeKind::Outside);
    let text = pos2(rect.center().x, rect.bottom() + 4.0);
    let galley = painter.layout_no_wrap(handle.name.clone(), theme::regular(theme::SMALL), t.text1);
    let place = Align2::CENTER_TOP.anchor_size(text, galley.size());
    let place = place.translate(vec2(
        (outer.left() + 2.0 - place.left()).max(0.0) - (place.right() - outer.right() + 2.0).max(0.0),
        0.0,
    ));
    painter.rect_filled(place.expand(3.0), 3.0, t.surface0);
    painter.galley(place.min, galley, t.text1);
}
