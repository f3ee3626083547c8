//! How a word is read: a choice among the known readings, a typed one, and the same for all words written like it.

use super::{InspectorInput, InspectorState};
use crate::app::i18n::{tr, tr_with};
use crate::app::intent::Intent;
use crate::app::theme::{self, tokens};
use crate::app::widgets::{field_error, list_line};
use crate::document::edit::Edit;
use crate::language::{Language, ReadingSource, WordKind};
use egui::{ComboBox, RichText, TextEdit, Ui, WidgetInfo};

/// The reading of a word: choice among the known ones, or typed.
pub fn readings(
    ui: &mut Ui,
    index: usize,
    input: &InspectorInput<'_>,
    state: &mut InspectorState,
    out: &mut Vec<Intent>,
) {
    let t = tokens(ui);
    let Some(word) = input.project.tiers.utterance.words.get(index) else { return };
    ui.horizontal(|ui| {
        let label = ui.label(RichText::new(&word.text).font(theme::bold(theme::BODY))).id;
        let now = word.readings.get(word.chosen).map_or("unread", |r| r.label.as_str());
        let combo = ComboBox::from_id_salt(("reading", index)).selected_text(now).width(ui.available_width() - 8.0);
        let response = combo.show_ui(ui, |ui| {
            for (i, reading) in word.readings.iter().enumerate() {
                let text = format!("{}   {}", reading.label, source_name(reading.source));
                if list_line(ui, i == word.chosen, text) && i != word.chosen {
                    out.push(Intent::Edit(Edit::ChooseReading { word: index, reading: i }));
                }
            }
            let others = word.further_readings(input.project.language());
            if !others.is_empty() {
                ui.separator();
            }
            for reading in others {
                let text = format!("{}   {}", reading.label, source_name(reading.source));
                if list_line(ui, false, text) {
                    out.push(Intent::Edit(Edit::AddReading { word: index, reading }));
                }
            }
        });
        response.response.labelled_by(label).on_hover_text(tr("How the word is read. Y takes the next reading."));
    });
    let hint = match input.project.language() {
        Language::Mandarin => tr("type another: hang2 or háng"),
        Language::French => tr("type another: IPA, such as plys"),
        Language::AmericanEnglish => tr("type another: IPA or R EH1 D"),
    };
    if state.typed.as_ref().is_some_and(|(w, _)| *w != index) {
        state.typed = None;
        state.reading_error = None;
    }
    let mut text = state.typed.as_ref().map_or_else(String::new, |(_, s)| s.clone());
    let response = ui.add(TextEdit::singleline(&mut text).hint_text(hint).desired_width(f32::INFINITY));
    response.widget_info(|| {
        let mut info = WidgetInfo::text_edit(true, &text, &text, hint);
        info.label = Some(tr("Another reading").into());
        info
    });
    if std::mem::take(&mut state.type_reading) {
        response.request_focus();
    }
    if response.changed() {
        state.reading_error = None;
        state.typed = Some((index, text.clone()));
    }
    if response.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter)) && !text.trim().is_empty() {
        out.push(Intent::TypeReading { word: index, text: text.trim().to_owned() });
    }
    let otherwise = state.otherwise(input.project, input.revision, index);
    let own = word.readings.get(word.chosen).is_some_and(|r| r.source == ReadingSource::User);
    if otherwise == 0 && own && !input.project.is_remembered(index) {
        let tip = tr("Words that are read from now on, when words are split or merged, are read so too.");
        if ui.button(tr("Remember for this project")).on_hover_text(tip).clicked()
            && let Some(edit) = input.project.read_all_the_same(index)
        {
            out.push(Intent::Edit(edit));
        }
    }
    if otherwise > 0 {
        let places = [("text", word.text.as_str()), ("count", &*otherwise.to_string())];
        let tip = tr("Gives this reading to all words of the project that are written the same. Locked keys stay.");
        let name = tr_with("Read all \"{text}\" so ({count} more)", &places);
        if ui.button(name).on_hover_text(tip).clicked()
            && let Some(edit) = input.project.read_all_the_same(index)
        {
            out.push(Intent::Edit(edit));
        }
    }
    if let Some(error) = &state.reading_error {
        field_error(ui, error);
    } else if word.kind == WordKind::Unknown {
        ui.label(
            RichText::new(tr("Nothing is known of how this is said. Type it above and press Enter.")).color(t.warning),
        );
    }
}

fn source_name(source: ReadingSource) -> &'static str {
    match source {
        ReadingSource::Lexicon => tr("dictionary"),
        ReadingSource::Rules => tr("rules"),
        ReadingSource::Synthesiser => tr("guessed"),
        ReadingSource::User => tr("yours"),
    }
}
