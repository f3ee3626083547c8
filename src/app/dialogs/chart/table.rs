//! The rows of the table: a sound or a rule, what stands in its cell, and what the built-in chart has there.

use super::Tab;
use crate::app::board::position_name;
use crate::app::i18n::{language, tr, tr_with};
use crate::app::inspector::hands;
use crate::app::theme::{self, tokens};
use crate::app::widgets::list_line;
use crate::cueing::chart::{Certainty, Chart, Join, PreGlide, Slot, Value};
use crate::cueing::{HandShape, Movement, Position};
use egui::{ComboBox, Grid, RichText, Sense, Ui, vec2};

/// Draws some cells; gives the one that was changed, with what is to stand there.
pub fn show(ui: &mut Ui, chart: &Chart, base: &Chart, tab: Tab, slots: &[&Slot]) -> Option<(Slot, Value)> {
    let mut wanted = None;
    let salt = ("cells", tab as u8);
    Grid::new(salt).num_columns(3).spacing(vec2(16.0, 4.0)).min_row_height(26.0).striped(true).show(ui, |ui| {
        for slot in slots {
            if let Some(value) = row(ui, chart, base, slot) {
                wanted = Some(((*slot).clone(), value));
            }
            ui.end_row();
        }
    });
    wanted
}

fn row(ui: &mut Ui, chart: &Chart, base: &Chart, slot: &Slot) -> Option<Value> {
    let t = tokens(ui);
    let (here, there) = (chart.get(slot)?, base.get(slot));
    let name = slot_name(chart, slot);
    let differs = there.as_ref() != Some(&here);
    let title = RichText::new(&name).font(theme::bold(theme::BODY)).color(if differs { t.accent } else { t.text1 });
    ui.label(title);
    let mut wanted = ui.horizontal(|ui| editor(ui, chart, slot, &here, &name)).inner;
    ui.horizontal(|ui| {
        // The stripes go to the edge.
        ui.set_min_width(ui.available_width());
        if let Some(there) = there.filter(|_| differs) {
            let text = tr_with("built-in: {cell}", &[("cell", &value_name(&there))]);
            ui.label(RichText::new(text).color(t.text2).small());
            let back = tr_with("Back to the built-in cell of {sound}", &[("sound", &name)]);
            if ui.small_button(tr("Back")).accessible_name(back).clicked() {
                wanted = Some(there);
            }
        } else if let Some((certainty, source)) = chart.certainty(slot) {
            let note = match certainty {
                Certainty::Sourced => "",
                Certainty::Inferred => tr("concluded, not found in print"),
                Certainty::Disputed => tr("schools differ"),
                Certainty::Own => tr("yours"),
            };
            let response = ui.label(RichText::new(note).color(t.text3).small());
            if let Some(source) = source {
                response.on_hover_text(source);
            }
        }
    });
    wanted
}

/// What can be chosen for a cell.
fn editor(ui: &mut Ui, chart: &Chart, slot: &Slot, here: &Value, name: &str) -> Option<Value> {
    match here {
        Value::Shape(shape) => {
            let t = tokens(ui);
            let (rect, _) = ui.allocate_exact_size(vec2(22.0, 24.0), Sense::hover());
            hands::paint(ui.painter(), rect, *shape, t.text2, t.surface3);
            let about = tr_with("Hand shape of {sound}", &[("sound", name)]);
            let all = HandShape::ALL.map(|s| (s, shape_name(chart, s)));
            combo(ui, &about, 288.0, *shape, &all).map(Value::Shape)
        }
        Value::Places(places) => {
            let first = *places.first()?;
            let all = Position::ALL.map(|p| (p, position_name(p).to_owned()));
            let about = tr_with("Position of {sound}", &[("sound", name)]);
            let start = combo(ui, &about, 120.0, first, &all);
            let mut then = None;
            if matches!(slot, Slot::Vowel(..)) {
                let mut list = vec![(None, tr("stays there").to_owned())];
                list.extend(
                    Position::ALL.map(|p| (Some(p), tr_with("moves on: {place}", &[("place", position_name(p))]))),
                );
                let about = tr_with("Movement of {sound}", &[("sound", name)]);
                then = combo(ui, &about, 160.0, places.get(1).copied(), &list);
            }
            let second = then.unwrap_or_else(|| places.get(1).copied());
            let new: Vec<Position> = std::iter::once(start.unwrap_or(first)).chain(second).collect();
            (start.is_some() || then.is_some()).then_some(Value::Places(new))
        }
        Value::PreGlide(at) => {
            let all = [(PreGlide::SameAsFinal, tr("where the final is")), (PreGlide::Side, tr("at the side"))];
            let all = all.map(|(v, n)| (v, n.to_owned()));
            combo(ui, name, 200.0, *at, &all).map(Value::PreGlide)
        }
        Value::Movement(movement) => {
            let all = [(Movement::Flick, tr("Flick")), (Movement::DoubleTouch, tr("Double touch"))];
            let all = all.map(|(v, n)| (v, n.to_owned()));
            combo(ui, name, 200.0, *movement, &all).map(Value::Movement)
        }
        Value::Join(join) => {
            let all = [Join::WithinSyllable, Join::AcrossWords].map(|j| (j, join_name(j).to_owned()));
            combo(ui, name, 288.0, *join, &all).map(Value::Join)
        }
        Value::Phone(phone) => {
            let consonants = chart.consonants.iter().map(|c| c.phone.as_str());
            let vowels = chart.vowels.iter().map(|c| c.phone.as_str());
            let all: Vec<(Option<&str>, String)> = match slot {
                Slot::Weak => std::iter::once(None).chain(consonants.map(Some)).map(|p| (p, phone_name(p))).collect(),
                _ => vowels.map(|p| (Some(p), p.to_owned())).collect(),
            };
            combo(ui, name, 120.0, phone.as_deref(), &all).map(|p| Value::Phone(p.map(str::to_owned)))
        }
        Value::Phones(phones) => many(ui, chart, phones, name).map(Value::Phones),
    }
}

/// A list that unfolds, of vowels to tick; gives those that are ticked, when they are others than now.
fn many(ui: &mut Ui, chart: &Chart, now: &[String], name: &str) -> Option<Vec<String>> {
    let text = if now.is_empty() { tr("none").to_owned() } else { now.join(" ") };
    let mut chosen = None;
    let stays_open = egui::PopupCloseBehavior::CloseOnClickOutside;
    let combo = ComboBox::from_id_salt(("cell", name)).selected_text(text).width(288.0).height(300.0);
    let combo = combo.close_behavior(stays_open).show_ui(ui, |ui| {
        for cell in &chart.vowels {
            let mut on = now.contains(&cell.phone);
            if ui.checkbox(&mut on, cell.phone.as_str()).changed() {
                let other = now.iter().filter(|p| **p != cell.phone).cloned();
                chosen = Some(other.chain(on.then(|| cell.phone.clone())).collect());
            }
        }
    });
    combo.response.accessible_name(name);
    chosen
}

fn join_name(join: Join) -> &'static str {
    match join {
        Join::WithinSyllable => tr("within its syllable"),
        Join::AcrossWords => tr("also in the next word"),
    }
}

fn phone_name(phone: Option<&str>) -> String {
    phone.map_or_else(|| tr("none").to_owned(), str::to_owned)
}

/// A list that unfolds; gives what was chosen, where it is another than now.
fn combo<T: Copy + PartialEq>(ui: &mut Ui, name: &str, width: f32, now: T, all: &[(T, String)]) -> Option<T> {
    let text = all.iter().find(|(v, _)| *v == now).map_or("", |(_, n)| n.as_str());
    let mut chosen = None;
    let combo =
        ComboBox::from_id_salt(("cell", name)).selected_text(text).width(width).height(300.0).show_ui(ui, |ui| {
            for (value, text) in all {
                if list_line(ui, *value == now, text.as_str()) && *value != now {
                    chosen = Some(*value);
                }
            }
        });
    combo.response.accessible_name(name);
    chosen
}

/// `4 · four fingers up, thumb folded`
fn shape_name(chart: &Chart, shape: HandShape) -> String {
    let words = chart.shape(shape).map_or("", |s| language().of(&s.name));
    format!("{} · {words}", shape.0)
}

/// The sound or the rule that a cell is about.
fn slot_name(chart: &Chart, slot: &Slot) -> String {
    let other = |phone: &str, unstressed: bool| match unstressed {
        true => tr_with("{sound}, unstressed", &[("sound", phone)]),
        false => tr_with("{sound}, by the other rule", &[("sound", phone)]),
    };
    match slot {
        Slot::Consonant(phone, None) | Slot::Vowel(phone, None) => phone.clone(),
        Slot::Consonant(phone, Some(_)) => other(phone, false),
        Slot::Vowel(phone, Some(i)) => {
            let cell = chart.vowels.iter().find(|c| c.phone == *phone);
            other(phone, cell.and_then(|c| c.options.get(*i)).is_some_and(|o| o.unstressed_only))
        }
        Slot::LoneConsonant => tr("Consonant alone").to_owned(),
        Slot::LoneVowel => tr("Vowel alone").to_owned(),
        Slot::PreGlide(None) => tr("Consonant before a glide").to_owned(),
        Slot::PreGlide(Some(_)) => other(tr("Consonant before a glide"), false),
        Slot::RepeatAtSide => tr("The same key again, at the side").to_owned(),
        Slot::RepeatTouched => tr("The same key again, touched").to_owned(),
        Slot::Join => tr("A consonant looks for its vowel").to_owned(),
        Slot::Weak => tr("Consonant said before vowels only").to_owned(),
        Slot::WeakAfter => tr("The hand glides on for it after").to_owned(),
        Slot::WeakTowards => tr("It glides to the place of").to_owned(),
    }
}

fn value_name(value: &Value) -> String {
    match value {
        Value::Shape(shape) => tr_with("Hand shape {number}", &[("number", &shape.0.to_string())]),
        Value::Places(places) => places.iter().map(|p| position_name(*p)).collect::<Vec<_>>().join(" → "),
        Value::PreGlide(PreGlide::SameAsFinal) => tr("where the final is").to_owned(),
        Value::PreGlide(PreGlide::Side) => tr("at the side").to_owned(),
        Value::Movement(Movement::Flick) => tr("Flick").to_owned(),
        Value::Movement(Movement::DoubleTouch) => tr("Double touch").to_owned(),
        Value::Movement(Movement::Diphthong) => tr("Diphthong").to_owned(),
        Value::Join(join) => join_name(*join).to_owned(),
        Value::Phone(phone) => phone_name(phone.as_deref()),
        Value::Phones(phones) if phones.is_empty() => phone_name(None),
        Value::Phones(phones) => phones.join(" "),
    }
}
