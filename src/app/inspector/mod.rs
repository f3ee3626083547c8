//! The inspector: the selected key or word, with every part of it to be changed by choice, by number and by key.

mod doubts;
pub mod face_map;
pub mod gloss_field;
pub mod hands;
mod own_cue;
mod readings;
mod settings;
mod shown;
mod typed;

use super::board::{Board, position_name};
use super::commands::Command;
use super::i18n::{number, tr, tr_with};
use super::icons::Icon;
use super::intent::Intent;
use super::theme::{self, tokens};
use super::widgets::{Tone, icon_button, is_retyped, message_strip, section, whole};
use crate::cueing::{HandShape, Movement, Position};
use crate::document::edit::{Edit, MoveTime};
use crate::document::{KeyId, KeySegment, Project};
use crate::language::alphabets::Alphabet;
use crate::time::Seconds;
use egui::{Align2, DragValue, Grid, Response, RichText, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

/// What the inspector keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct InspectorState {
    /// Word and text of the reading being typed.
    typed: Option<(usize, String)>,
    /// Why the typed reading was refused.
    pub reading_error: Option<String>,
    /// The keyboard is to go to the field of the typed reading.
    pub type_reading: bool,
    gloss: gloss_field::GlossField,
    /// The alphabet that readings are typed in; `None` recognises it.
    alphabet: Option<Alphabet>,
    /// How many keys of the same sounds are shown otherwise than a key, for a state of the project.
    cued: Option<(KeyId, u64, usize)>,
    /// How many words are written like a word and read otherwise, for a reading of it: looked for once.
    otherwise: Option<(usize, u64, usize)>,
}

/// What the inspector draws.
pub struct InspectorInput<'a> {
    pub project: &'a Project,
    pub board: &'a Board,
    /// The selected keys; the last one is shown.
    pub selection: &'a [crate::document::KeyId],
    pub word: Option<usize>,
    /// The selected expressions; the last one is shown when no key is.
    pub expressions: &'a [crate::document::marks::MarkId],
    /// Counts the states of the project.
    pub revision: u64,
}

pub fn inspector_ui(ui: &mut Ui, input: &InspectorInput<'_>, state: &mut InspectorState, out: &mut Vec<Intent>) {
    let key = input.selection.last().and_then(|id| input.board.key_index(*id));
    state.gloss.settle(input.project, key.map(|i| input.project.tiers.keys[i].id), out);
    match (key, input.word) {
        (Some(index), _) => key_ui(ui, index, input, state, out),
        _ if !input.expressions.is_empty() => shown::expression(ui, input.project, input.expressions, out),
        (None, Some(word)) => word_ui(ui, word, input, state, out),
        (None, None) => nothing_ui(ui, input, out),
    }
}

fn nothing_ui(ui: &mut Ui, input: &InspectorInput<'_>, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    super::widgets::panel_title(ui, tr("Inspector"));
    ui.add_space(4.0);
    ui.label(RichText::new(tr("Select a key or a word on the timeline to see and change it.")).color(t.text2));
    ui.add_space(4.0);
    let first = input.project.tiers.keys.first().map(|k| k.id);
    if let Some(first) = first
        && ui.button(tr("Select the first key")).clicked()
    {
        out.push(Intent::SelectKey(first, super::intent::SelectMode::Replace));
    }
    settings::project_settings(ui, input.project, out);
}

fn key_ui(ui: &mut Ui, index: usize, input: &InspectorInput<'_>, state: &mut InspectorState, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    let key = &input.project.tiers.keys[index];
    let word = input.project.tiers.utterance.words.get(key.rule.word);
    ui.horizontal(|ui| {
        let title = tr_with("Key {number}", &[("number", &(index + 1).to_string())]);
        ui.label(RichText::new(title).font(theme::bold(theme::TITLE)));
        let sub = format!("{}  {}", word.map_or("", |w| w.text.as_str()), input.board.keys[index].symbols);
        ui.add(egui::Label::new(RichText::new(sub).color(t.text2)).truncate());
    });
    ui.horizontal(|ui| {
        let (number, total) = ((index + 1).to_string(), input.project.tiers.keys.len().to_string());
        let text = tr_with("{number} of {total}", &[("number", &number), ("total", &total)]);
        ui.label(RichText::new(text).color(t.text3).small());
        ui.label(RichText::new(key.times.a1.timecode()).font(theme::mono(theme::SMALL)).color(t.text3));
        doubts::sureness(ui, input.project, key, t);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let label = if key.locked { tr("Unlock the key") } else { tr("Lock the key") };
            let tip = tr("A locked key is changed by nothing: no rule, no reading, no edit.");
            if icon_button(ui, Icon::Lock, label, key.locked).on_hover_text(format!("{label}\n{tip}")).clicked() {
                out.push(Intent::Edit(Edit::SetLocked { keys: vec![key.id], locked: !key.locked }));
            }
            if !key.edits.is_none() && !key.locked {
                let tip = tr("Take back what was changed by hand on this key.");
                if ui.small_button(tr("Reset")).on_hover_text(tip).clicked() {
                    out.push(Intent::Edit(Edit::ResetKeys { keys: input.selection.to_vec() }));
                }
            }
        });
    });
    ui.add_space(2.0);
    state.gloss.show(ui, input.project, key, out);
    doubts::flags(ui, key);
    if input.selection.len() > 1 {
        let text = tr_with(
            "{count} keys are selected. Nudging moves all of them; the rest of this panel changes this one.",
            &[("count", &input.selection.len().to_string())],
        );
        message_strip(ui, Tone::Info, &text);
    }

    // The word itself stands at the head: shapes and positions are to be in sight without scrolling.
    ui.add_space(2.0);
    readings::readings(ui, key.rule.word, input, state, out);
    shown::tones(ui, input.project, key.rule.word, out);

    let locked = key.locked;
    shape_and_position(ui, key, input, out);
    own_cue::show(ui, key, input, state, out);
    readings::sounds(ui, key.rule.word, input, out);
    section(ui, tr("Movement"));
    ui.add_enabled_ui(!locked, |ui| movement(ui, key, out));
    section(ui, tr("Time"));
    ui.add_enabled_ui(!locked, |ui| times(ui, index, input, out));
}

/// Positions of the project's chart, those at the side first.
pub fn positions_of(project: &Project) -> Vec<Position> {
    use Position as P;
    let all = [P::Side, P::SideForward, P::SideDown, P::Mouth, P::Chin, P::Cheekbone, P::Throat];
    all.into_iter().filter(|p| project.chart().position(*p).is_some()).collect()
}

/// Eight drawn hands, and beside them the face with the positions.
fn shape_and_position(ui: &mut Ui, key: &KeySegment, input: &InspectorInput<'_>, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    let gap = 4.0;
    let hands = 2.0 * HAND.x + gap;
    let title = |ui: &mut Ui, text: &str, width: f32| {
        let (rect, _) = ui.allocate_exact_size(vec2(width, 18.0), Sense::hover());
        ui.painter().text(rect.left_center(), Align2::LEFT_CENTER, text, theme::bold(theme::SMALL), t.text3);
    };
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        title(ui, tr("Hand shape"), hands);
        title(ui, tr("Position"), 80.0);
    });
    ui.horizontal_top(|ui| {
        ui.add_enabled_ui(!key.locked, |ui| {
            if let Some(shape) = shapes(ui, key.shape(), gap) {
                out.push(Intent::Edit(Edit::SetShape { key: key.id, shape: Some(shape) }));
            }
        });
        let offered = positions_of(input.project);
        let size = vec2(ui.available_width(), 4.0 * HAND.y + 3.0 * gap);
        if let Some(position) = face_map::show(ui, size, key.position(), &offered, !key.locked) {
            out.push(Intent::Edit(Edit::SetPosition { key: key.id, position: Some(position) }));
        }
    });
}

/// Size of one drawn hand.
const HAND: egui::Vec2 = vec2(46.0, 46.0);

fn shapes(ui: &mut Ui, now: HandShape, gap: f32) -> Option<HandShape> {
    let mut chosen = None;
    Grid::new("shapes").num_columns(2).spacing(vec2(gap, gap)).min_col_width(HAND.x).min_row_height(HAND.y).show(
        ui,
        |ui| {
            for shape in HandShape::ALL {
                if hand_button(ui, shape, shape == now).clicked() {
                    chosen = Some(shape);
                }
                if shape.0.is_multiple_of(2) {
                    ui.end_row();
                }
            }
        },
    );
    chosen
}

fn hand_button(ui: &mut Ui, shape: HandShape, selected: bool) -> Response {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(HAND, Sense::click());
    let enabled = ui.is_enabled();
    let name = tr_with("Hand shape {number}", &[("number", &shape.0.to_string())]);
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, enabled, selected, &name));
    let ground = if selected {
        t.accent_fill()
    } else if response.hovered() && enabled {
        t.surface3
    } else {
        t.surface2
    };
    let painter = ui.painter();
    painter.rect_filled(rect, theme::RADIUS, ground);
    if selected || response.has_focus() {
        let color = if response.has_focus() { t.focus } else { t.accent };
        painter.rect_stroke(rect, theme::RADIUS, Stroke::new(2.0, color), StrokeKind::Inside);
    }
    let (line, share, number) = if selected { (t.text1, 0.30, t.text1) } else { (t.text2, 0.16, t.text3) };
    let picture = rect.shrink2(vec2(6.0, 3.0)).translate(vec2(4.0, 0.0));
    hands::paint(painter, picture, shape, line, theme::mix(ground, t.text1, share));
    painter.text(
        rect.left_top() + vec2(7.0, 9.0),
        Align2::CENTER_CENTER,
        shape.0.to_string(),
        theme::mono(theme::SMALL),
        number,
    );
    response.on_hover_text(Command::Shape(shape).tooltip(ui.ctx()))
}

fn movement(ui: &mut Ui, key: &KeySegment, out: &mut Vec<Intent>) {
    let choices = [
        (None, tr("None")),
        (Some(Movement::Flick), tr("Flick")),
        (Some(Movement::DoubleTouch), tr("Double touch")),
        (Some(Movement::Diphthong), tr("Diphthong")),
    ];
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        ui.spacing_mut().button_padding.x = 6.0;
        for (movement, name) in choices {
            let response = ui.selectable_label(key.movement() == movement, name);
            if response.clicked() && key.movement() != movement {
                out.push(Intent::Edit(Edit::SetMovement { key: key.id, movement }));
            }
        }
    });
}

impl InspectorState {
    /// How many other words are written like word `index` and read otherwise. A long project is looked through only when
    /// something in it has changed.
    fn otherwise(&mut self, project: &Project, revision: u64, index: usize) -> usize {
        match self.otherwise {
            Some((at, of, count)) if (at, of) == (index, revision) => count,
            _ => {
                let count = project.read_otherwise(index).len();
                self.otherwise = Some((index, revision, count));
                count
            }
        }
    }

    /// How many keys of the same sounds are shown otherwise than key `id`; looked for once, as above.
    fn cued_otherwise(&mut self, project: &Project, revision: u64, id: KeyId) -> usize {
        match self.cued {
            Some((at, of, count)) if (at, of) == (id, revision) => count,
            _ => {
                let count = project.cued_otherwise(id).len();
                self.cued = Some((id, revision, count));
                count
            }
        }
    }

    /// The typed reading was taken in.
    pub fn reading_taken(&mut self) {
        self.typed = None;
        self.reading_error = None;
    }
}

/// The four times of the moves, the lead, and the sound, as numbers and with nudges.
fn times(ui: &mut Ui, index: usize, input: &InspectorInput<'_>, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    let key = &input.project.tiers.keys[index];
    let lead = key.lead_ms();
    let arrival = (key.times.a1 - key.times.m2).millis();
    Grid::new("times").num_columns(3).spacing(vec2(8.0, 4.0)).show(ui, |ui| {
        let label = ui.label(tr("Hand lead")).id;
        let mut value = lead;
        let field = DragValue::new(&mut value).speed(2.0).range(-2000.0..=3000.0).suffix(" ms").fixed_decimals(0);
        let response = ui
            .add(field.update_while_editing(false))
            .labelled_by(label)
            .on_hover_text(tr("How much earlier than its sound the hand sets off."));
        if is_retyped(&response, lead, value, whole) {
            let by = Seconds::from_millis(lead - value);
            drag_or_edit(&response, "Shift hand", Edit::ShiftHand { keys: input.selection.to_vec(), by }, out);
        }
        close_drag(&response, out);
        nudges(ui, out);
        ui.end_row();

        let rows = [
            (tr("Move starts"), MoveTime::PositionStart, key.times.m1),
            (tr("Move ends"), MoveTime::PositionEnd, key.times.m2),
            (tr("Shape starts"), MoveTime::ShapeStart, key.times.d1),
            (tr("Shape ends"), MoveTime::ShapeEnd, key.times.d2),
        ];
        for (name, which, time) in rows {
            let label = ui.label(name).id;
            let response = time_field(ui, time, label);
            if let Some(to) = response.1 {
                drag_or_edit(&response.0, "Change hand timing", Edit::SetMoveTime { key: key.id, which, to }, out);
            }
            close_drag(&response.0, out);
            ui.label(RichText::new(relative(time, key.times.a1)).font(theme::mono(theme::SMALL)).color(t.text3));
            ui.end_row();
        }
        let sound = key.rule.phones.clone();
        let rows = [
            (tr("Sound starts"), true, sound.start, key.times.a1),
            (tr("Sound ends"), false, sound.end.saturating_sub(1), key.times.a3),
        ];
        for (name, start, phone, time) in rows {
            let label = ui.label(name).id;
            let response = time_field(ui, time, label);
            if let Some(to) = response.1 {
                let edit = if start { Edit::SetPhoneStart { phone, to } } else { Edit::SetPhoneEnd { phone, to } };
                drag_or_edit(&response.0, "Move sound boundary", edit, out);
            }
            close_drag(&response.0, out);
            ui.end_row();
        }
    });
    let place = position_name(key.position());
    let text = if arrival >= 0.0 {
        tr_with("At the {place} {ms} ms before the sound.", &[("place", place), ("ms", &number(arrival, 0))])
    } else {
        tr_with("At the {place} {ms} ms after the sound began.", &[("place", place), ("ms", &number(-arrival, 0))])
    };
    ui.label(RichText::new(text).color(t.text2).small());
}

fn nudges(ui: &mut Ui, out: &mut Vec<Intent>) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for (icon, command, label) in [
            (Icon::ChevronLeft, Command::NudgeEarlier, tr("Hand one frame earlier")),
            (Icon::ChevronRight, Command::NudgeLater, tr("Hand one frame later")),
        ] {
            if icon_button(ui, icon, label, false).on_hover_text(command.tooltip(ui.ctx())).clicked() {
                out.push(Intent::Do(command));
            }
        }
    });
}

/// `-120 ms` against the sound.
fn relative(time: Seconds, sound: Seconds) -> String {
    format!("{:+.0} ms", (time - sound).millis())
}

/// A time as a number; gives the new one when it was changed.
fn time_field(ui: &mut Ui, time: Seconds, label: egui::Id) -> (Response, Option<Seconds>) {
    let mut value = time.0;
    let field = DragValue::new(&mut value)
        .speed(0.002)
        .range(-5.0..=100_000.0)
        .custom_formatter(|v, _| Seconds(v).timecode())
        .custom_parser(parse_time);
    let response = ui
        .scope(|ui| {
            ui.style_mut().drag_value_text_style = egui::TextStyle::Monospace;
            ui.add(field.update_while_editing(false)).labelled_by(label)
        })
        .inner;
    let changed = is_retyped(&response, time.0, value, |v| Seconds(v).timecode());
    (response, changed.then_some(Seconds(value)))
}

/// `3.48`, `0:03.48`, `1:02:03.5`.
pub fn parse_time(text: &str) -> Option<f64> {
    let text = text.trim().trim_end_matches('s').trim();
    let (sign, text) = text.strip_prefix('-').map_or((1.0, text), |rest| (-1.0, rest));
    let mut total = 0.0;
    for part in text.split(':') {
        let value: f64 = part.trim().parse().ok().filter(|v: &f64| v.is_finite() && *v >= 0.0)?;
        total = total * 60.0 + value;
    }
    Some(sign * total)
}

/// A number changed by dragging is one step of history when let go; typed, it is one at once.
fn drag_or_edit(response: &Response, name: &'static str, edit: Edit, out: &mut Vec<Intent>) {
    if response.dragged() {
        out.push(Intent::Drag(name, edit));
    } else {
        out.push(Intent::Edit(edit));
    }
}

fn close_drag(response: &Response, out: &mut Vec<Intent>) {
    if response.drag_stopped() {
        out.push(Intent::EndDrag);
    }
}

/// A word alone: one that has no keys because it cannot be read, or that was clicked.
fn word_ui(ui: &mut Ui, word: usize, input: &InspectorInput<'_>, state: &mut InspectorState, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    let Some(it) = input.project.tiers.utterance.words.get(word) else { return };
    ui.label(
        RichText::new(format!("{}  {}", tr_with("Word {number}", &[("number", &(word + 1).to_string())]), it.text))
            .font(theme::bold(theme::TITLE)),
    );
    if let Some(time) = input.board.word_box(word).map(|i| input.board.words[i].range) {
        let text = format!("{} – {}", time.start.timecode(), time.end.timecode());
        ui.label(RichText::new(text).font(theme::mono(theme::SMALL)).color(t.text3));
    }
    section(ui, tr("Reading"));
    readings::readings(ui, word, input, state, out);
    readings::sounds(ui, word, input, out);
    shown::tones(ui, input.project, word, out);
    for problem in input.board.problems.iter().filter(|p| p.target == super::board::Target::Word(word)) {
        ui.add_space(4.0);
        message_strip(
            ui,
            problem.tone,
            &tr_with("{title}. {remedy}", &[("title", &problem.title), ("remedy", &problem.remedy)]),
        );
    }
    let keys: Vec<_> = input.project.tiers.keys.iter().enumerate().filter(|(_, k)| k.rule.word == word).collect();
    if !keys.is_empty() {
        section(ui, tr("Keys of this word"));
        for (index, key) in keys {
            let text =
                format!("{}   {}   {}", index + 1, input.board.keys[index].short, input.board.keys[index].symbols);
            if ui.selectable_label(false, text).clicked() {
                out.push(Intent::SelectKey(key.id, super::intent::SelectMode::Replace));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        assert_eq!(parse_time("3.48"), Some(3.48));
        assert_eq!(parse_time("0:03.48"), Some(3.48));
        assert_eq!(parse_time("1:02:03.5"), Some(3723.5));
        assert_eq!(parse_time("-0.5"), Some(-0.5));
        assert_eq!(parse_time("2 s"), Some(2.0));
        for bad in ["", "abc", "1:x", "nan", "inf"] {
            assert_eq!(parse_time(bad), None, "{bad}");
        }
    }
}
