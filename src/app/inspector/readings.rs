//! How a word is read: a choice among the known readings, single sounds said otherwise, a typed reading, and the same
//! for all words written like it.

use super::{InspectorInput, InspectorState, typed};
use crate::app::board::position_name;
use crate::app::i18n::{tr, tr_with};
use crate::app::icons::Icon;
use crate::app::intent::Intent;
use crate::app::theme::{self, tokens};
use crate::app::widgets::{icon_label, list_line, section};
use crate::cueing::chart::Chart;
use crate::document::Project;
use crate::document::edit::Edit;
use crate::language::{PhoneClass, ReadingSource, WordKind, phonetics};
use egui::{ComboBox, RichText, Ui};

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
    let own = word.readings.get(word.chosen).is_some_and(|r| r.source == ReadingSource::User);
    if own {
        ui.horizontal(|ui| {
            icon_label(ui, Icon::Check, t.accent);
            ui.label(RichText::new(tr("Read your way")).color(t.accent).small());
            let tip = tr("Take your own readings of this word away: it is read by the dictionary again.");
            if ui.small_button(tr("Back to the dictionary")).on_hover_text(tip).clicked() {
                out.push(Intent::Edit(Edit::RemoveReading { word: index }));
            }
        });
    }
    typed::field(ui, index, input, state, out);
    let otherwise = state.otherwise(input.project, input.revision, index);
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
    typed::remark(ui, state);
    if state.reading_error.is_none() && word.kind == WordKind::Unknown {
        ui.label(
            RichText::new(tr("Nothing is known of how this is said. Type it above and press Enter.")).color(t.warning),
        );
    }
}

/// A word with more sounds than this is changed by typing.
const MOST_SOUNDS: usize = 24;

/// The sounds of a word, each to be said as another.
pub fn sounds(ui: &mut Ui, index: usize, input: &InspectorInput<'_>, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    let Some(word) = input.project.tiers.utterance.words.get(index) else { return };
    let phones: Vec<(&str, PhoneClass)> =
        word.syllables().iter().flat_map(|s| &s.phones).map(|p| (p.symbol.as_str(), p.class)).collect();
    if phones.is_empty() || phones.len() > MOST_SOUNDS {
        return;
    }
    // Words of phones are in order.
    let first = input.board.phone_words.partition_point(|w| *w < index);
    section(ui, tr("Sounds of the word"));
    let language = input.project.language();
    // What the dictionary says, where it has as many sounds: the ones that differ are the user's.
    let plain = word.readings.iter().find(|r| r.source != ReadingSource::User);
    let plain: Vec<&str> = plain
        .map_or_else(Vec::new, |r| r.syllables.iter().flat_map(|s| &s.phones).map(|p| p.symbol.as_str()).collect());
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(3.0, 3.0);
        ui.spacing_mut().button_padding.x = 5.0;
        for (i, (symbol, class)) in phones.iter().enumerate() {
            let own = plain.len() == phones.len() && plain[i] != *symbol;
            let color = if own { t.accent } else { t.text1 };
            let text = RichText::new(*symbol).font(theme::regular(theme::BODY)).color(color);
            let combo =
                ComboBox::from_id_salt(("sound", index, i)).selected_text(text).width(26.0).icon(|_, _, _, _| {});
            let places = [("number", &*(i + 1).to_string()), ("text", word.text.as_str()), ("symbol", symbol)];
            let name = tr_with("Sound {number} of {text}: {symbol}", &places);
            let response = combo.height(280.0).show_ui(ui, |ui| {
                ui.set_min_width(170.0);
                // Sounds of its kind first.
                let all = || phonetics::symbols(language);
                let mut rest = all().filter(|(_, c)| c == class).chain(all().filter(|(_, c)| c != class));
                if let Some(chosen) = rest.find(|(other, _)| {
                    let line = format!("{other}   {}", cue_of(input.project, other));
                    list_line(ui, other == symbol, line) && other != symbol
                }) {
                    let symbol = chosen.0.to_owned();
                    out.push(Intent::Edit(Edit::SetPhone { phone: first + i, symbol }));
                }
            });
            response.response.accessible_name(name).on_hover_text(tr("Say this sound as another, here only."));
        }
    });
}

/// How a sound is cued by the chart of the project: `hand shape 4`, `throat`.
pub fn cue_of(project: &Project, symbol: &str) -> String {
    let (chart, switches): (&Chart, _) = (project.chart(), &project.settings.switches);
    match (chart.consonant(symbol, switches), chart.vowel(symbol, true, switches)) {
        (Some(shape), _) => tr_with("Hand shape {number}", &[("number", &shape.0.to_string())]),
        (None, Some(places)) => places.iter().map(|p| position_name(*p)).collect::<Vec<_>>().join(" → "),
        (None, None) => String::new(),
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
