//! The field in which a reading is typed: the alphabet is recognised or chosen, what is wrong is named with what was
//! perhaps meant, and what could come next stands under it as buttons.

use super::readings::cue_of;
use super::{InspectorInput, InspectorState};
use crate::app::i18n::{capitalised, tr, tr_message, tr_with};
use crate::app::intent::Intent;
use crate::app::theme::tokens;
use crate::app::widgets::{field_error, list_line};
use crate::language::alphabets::{self, Alphabet, Completion};
use crate::language::{Language, Reading};
use egui::{ComboBox, RichText, ScrollArea, TextEdit, Ui, WidgetInfo};

/// How many continuations are offered.
const OFFERED: usize = 8;

/// What the field is to become.
enum Next {
    Text(String),
    Take,
}

pub fn field(ui: &mut Ui, index: usize, input: &InspectorInput<'_>, state: &mut InspectorState, out: &mut Vec<Intent>) {
    let language = input.project.language();
    let hint = match language {
        Language::Mandarin => tr("type another: hang2 or háng"),
        Language::French => tr("type another: IPA, such as plys"),
        Language::AmericanEnglish => tr("type another: IPA or R EH1 D"),
    };
    if state.typed.as_ref().is_some_and(|(w, _)| *w != index) {
        state.typed = None;
        state.reading_error = None;
    }
    if state.alphabet.is_some_and(|a| !Alphabet::of(language).contains(&a)) {
        state.alphabet = None;
    }
    let mut text = state.typed.as_ref().map_or_else(String::new, |(_, s)| s.clone());
    let mut next = None;
    let response = ui
        .horizontal(|ui| {
            // The choice of the alphabet takes no room before there is something to read.
            let choice = !text.is_empty() || state.alphabet.is_some();
            let beside = if choice { 128.0 } else { 44.0 };
            let field = TextEdit::singleline(&mut text).hint_text(hint).desired_width(ui.available_width() - beside);
            let response = ui.add(field);
            response.widget_info(|| {
                let mut info = WidgetInfo::text_edit(true, &text, &text, hint);
                info.label = Some(tr("Another reading").into());
                info
            });
            if choice {
                alphabet(ui, language, state);
            }
            if let Some(sign) = all_signs(ui, input, state.alphabet) {
                next = Some(Next::Text(with_sign(&text, &sign, state.alphabet.unwrap_or(Alphabet::of(language)[0]))));
            }
            response
        })
        .inner;
    if std::mem::take(&mut state.type_reading) {
        response.request_focus();
    }
    if response.changed() {
        state.reading_error = None;
        state.typed = Some((index, text.clone()));
    }
    if response.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter)) && !text.trim().is_empty() {
        next = Some(Next::Take);
    }
    if !text.trim().is_empty() {
        let more = while_typing(ui, &text, input, state);
        next = next.or(more);
    }
    match next {
        Some(Next::Take) => {
            out.push(Intent::TypeReading { word: index, text: text.trim().to_owned(), alphabet: state.alphabet });
        }
        Some(Next::Text(text)) => {
            state.reading_error = None;
            state.typed = Some((index, text));
            response.request_focus();
        }
        None => {}
    }
}

/// Why the typed reading was refused.
pub fn remark(ui: &mut Ui, state: &InspectorState) {
    if let Some(error) = &state.reading_error {
        field_error(ui, error);
    }
}

/// The choice of the alphabet.
fn alphabet(ui: &mut Ui, language: Language, state: &mut InspectorState) {
    let now = state.alphabet.map_or(tr("any"), Alphabet::name);
    let combo = ComboBox::from_id_salt("alphabet").selected_text(now).width(64.0).show_ui(ui, |ui| {
        if list_line(ui, state.alphabet.is_none(), tr("any: it is recognised")) {
            state.alphabet = None;
        }
        for alphabet in Alphabet::of(language) {
            if list_line(ui, state.alphabet == Some(*alphabet), alphabet.name()) {
                state.alphabet = Some(*alphabet);
            }
        }
    });
    combo.response.accessible_name(tr("Alphabet")).on_hover_text(tr("The alphabet in which the reading is typed."));
}

/// All sounds of the language as a list to choose from; gives the sign of the one chosen.
fn all_signs(ui: &mut Ui, input: &InspectorInput<'_>, alphabet: Option<Alphabet>) -> Option<String> {
    let language = input.project.language();
    let alphabet = alphabet.unwrap_or(Alphabet::of(language)[0]);
    let mut chosen = None;
    let menu = ui.menu_button("…", |ui| {
        ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
            for (sign, symbol) in alphabets::signs(language, alphabet) {
                let line = format!("{sign}   {}", cue_of(input.project, symbol));
                if ui.button(line).clicked() {
                    chosen = Some(sign);
                    ui.close();
                }
            }
        });
    });
    menu.response.accessible_name(tr("All sounds")).on_hover_text(tr("All sounds of the language, with their cues."));
    chosen
}

/// A sign after what is typed already, with a space where the alphabet needs one.
fn with_sign(text: &str, sign: &str, alphabet: Alphabet) -> String {
    let apart = matches!(alphabet, Alphabet::Pinyin | Alphabet::Arpabet);
    let gap = if apart && !text.is_empty() && !text.ends_with(' ') { " " } else { "" };
    format!("{text}{gap}{sign}")
}

/// What stands under the field while it is filled: what it comes to or what is wrong, and what could come next.
fn while_typing(ui: &mut Ui, text: &str, input: &InspectorInput<'_>, state: &InspectorState) -> Option<Next> {
    let t = tokens(ui);
    let language = input.project.language();
    let alphabet = state.alphabet.unwrap_or_else(|| alphabets::recognise(text, language));
    let mut next = None;
    let read = alphabets::read(text, language, state.alphabet);
    match &read {
        Ok(reading) => {
            let places = [("sounds", &*sounds_of(reading)), ("alphabet", alphabet.name())];
            let told = tr_with("{alphabet}: {sounds} (Enter takes it)", &places);
            ui.label(RichText::new(told).color(t.text2).small());
        }
        Err(error) => {
            // What is only begun is not yet wrong.
            let begun = error.range().is_some_and(|r| r.end >= text.trim_end().len())
                && !alphabets::completions(text, language, alphabet, 1).is_empty();
            if !begun && state.reading_error.is_none() {
                field_error(ui, &capitalised(&tr_message(&error.to_string())));
            }
        }
    }
    let correction = read.as_ref().err().and_then(|e| e.correction()).map(|(range, sign)| {
        let completion = Completion { replaces: range, text: sign.to_owned() };
        (tr_with("Write \"{word}\"", &[("word", sign)]), completion)
    });
    let offered = alphabets::completions(text, language, alphabet, OFFERED);
    let offered = offered.into_iter().map(|c| (c.text.clone(), c));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(4.0, 3.0);
        for (name, Completion { replaces, text: new }) in correction.into_iter().chain(offered) {
            if ui.small_button(name).clicked() && text.get(replaces.clone()).is_some() {
                let mut text = text.to_owned();
                text.replace_range(replaces, &new);
                next = Some(Next::Text(text));
            }
        }
    });
    next
}

/// `h ang`
fn sounds_of(reading: &Reading) -> String {
    let phones = reading.syllables.iter().flat_map(|s| &s.phones).map(|p| p.symbol.as_str());
    phones.collect::<Vec<_>>().join(" ")
}
