//! What holds for the whole project: the timing of the hand, and the rules that schools of cueing differ on. Shown by the
//! inspector while nothing is selected.

use super::{close_drag, drag_or_edit};
use crate::app::board::position_name;
use crate::app::commands::Command;
use crate::app::i18n::{language, tr, tr_with};
use crate::app::intent::Intent;
use crate::app::theme::tokens;
use crate::app::widgets::{is_retyped, list_line, section, whole};
use crate::cueing::chart::{FrenchSchwa, NasalMerger, PreGlidePosition, Syllabic, UnstressedEe, Wh};
use crate::cueing::when::Preset;
use crate::document::edit::Edit;
use crate::document::{Project, Settings};
use crate::language::Language;
use egui::{ComboBox, DragValue, Grid, RichText, Ui, vec2};

/// The shortest and the longest silence in which the hand may be told to rest, seconds.
const REST_AFTER: std::ops::RangeInclusive<f64> = 0.3..=10.0;

/// Timing preset and lead of the whole project.
pub fn project_settings(ui: &mut Ui, project: &Project, out: &mut Vec<Intent>) {
    section(ui, tr("Timing of the whole project"));
    let settings = &project.settings;
    let names = [
        (Preset::None, tr("With the sound")),
        (Preset::Duchnowski1998, tr("Duchnowski 1998")),
        (Preset::Duchnowski2000, tr("Duchnowski 2000")),
        (Preset::Attina, tr("Attina 2005")),
        (Preset::Rules, tr("Earlier rules")),
        (Preset::Revised, tr("Revised rules")),
    ];
    Grid::new("settings").num_columns(2).spacing(vec2(8.0, 4.0)).show(ui, |ui| {
        let label = ui.label(tr("Preset")).id;
        let now = names.iter().find(|(p, _)| *p == settings.preset).map_or("", |(_, n)| n);
        let combo = ComboBox::from_id_salt("preset").selected_text(now).width(140.0).show_ui(ui, |ui| {
            for (preset, name) in names {
                if list_line(ui, preset == settings.preset, name) && preset != settings.preset {
                    let new = Settings { preset, ..settings.clone() };
                    out.push(Intent::Edit(Edit::SetSettings(Box::new(new))));
                }
            }
        });
        combo.response.labelled_by(label).on_hover_text(tr("When the hand moves, measured against the sound."));
        ui.end_row();
        let label = ui.label(tr("Earlier by")).id;
        let mut lead = settings.lead_ms;
        let field = DragValue::new(&mut lead).speed(5.0).range(-500.0..=500.0).suffix(" ms").fixed_decimals(0);
        let response = ui.add(field.update_while_editing(false)).labelled_by(label);
        if is_retyped(&response, settings.lead_ms, lead, whole) {
            let new = Settings { lead_ms: lead, ..settings.clone() };
            drag_or_edit(&response, "Change project settings", Edit::SetSettings(Box::new(new)), out);
        }
        close_drag(&response, out);
        ui.end_row();
        let label = ui.label(tr("Rest after")).id;
        let mut rest = settings.rest_after;
        let field = DragValue::new(&mut rest).speed(0.05).range(REST_AFTER).suffix(" s").fixed_decimals(1);
        let response = ui.add(field.update_while_editing(false)).labelled_by(label);
        let response = response.on_hover_text(tr("In a longer silence the hand goes back to rest."));
        if is_retyped(&response, settings.rest_after, rest, |v| format!("{v:.1}")) {
            let new = Settings { rest_after: rest, ..settings.clone() };
            drag_or_edit(&response, "Change project settings", Edit::SetSettings(Box::new(new)), out);
        }
        close_drag(&response, out);
        ui.end_row();
    });
    section(ui, tr("Expression"));
    voice(ui, project, out);
    section(ui, tr("Chart"));
    chart(ui, project, out);
    section(ui, tr("Rules that schools differ on"));
    rules(ui, project, out);
    if !project.settings.cues.is_empty() {
        section(ui, tr("Keys of this project"));
        cues(ui, project, out);
    }
    if !project.settings.lexicon.is_empty() {
        section(ui, tr("Words of this project"));
        lexicon(ui, project, out);
    }
}

/// How much of the voice shows.
fn voice(ui: &mut Ui, project: &Project, out: &mut Vec<Intent>) {
    let settings = &project.settings;
    let label = ui.label(tr("Expression from the voice")).id;
    let tip =
        tr("Words that the voice stresses are shown with wider moves, brows and head; what is cued stays the same.");
    let mut amount = settings.voice;
    let slider =
        egui::Slider::new(&mut amount, 0.0..=crate::pose::expression::STRONGEST).fixed_decimals(1).step_by(0.1);
    let response = ui.add(slider).labelled_by(label).on_hover_text(tip);
    if is_retyped(&response, f64::from(settings.voice), f64::from(amount), |v| format!("{v:.1}")) {
        let new = Settings { voice: amount, ..settings.clone() };
        drag_or_edit(&response, "Change project settings", Edit::SetSettings(Box::new(new)), out);
    }
    close_drag(&response, out);
}

/// The chart that the project is cued by, and the way to change it.
fn chart(ui: &mut Ui, project: &Project, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    ui.label(&project.chart().name);
    if let Some(unchecked) = &project.chart().unchecked {
        ui.label(RichText::new(language().of(unchecked)).color(t.warning).small());
    }
    let tip = Command::EditChart.tooltip(ui.ctx());
    if ui.button(tr("Look at the chart…")).on_hover_text(tip).clicked() {
        out.push(Intent::Do(Command::EditChart));
    }
}

/// How this project cues certain sounds together, each with a way to forget it.
fn cues(ui: &mut Ui, project: &Project, out: &mut Vec<Intent>) {
    Grid::new("cues").num_columns(3).spacing(vec2(8.0, 4.0)).show(ui, |ui| {
        for (i, entry) in project.settings.cues.iter().enumerate() {
            let sounds = entry.phones.join(" ");
            ui.label(&sounds);
            let shape = entry.shape.map(|s| tr_with("Hand shape {number}", &[("number", &s.0.to_string())]));
            let position = entry.position.map(|p| position_name(p).to_owned());
            let movement = entry.movement.map(|_| tr("movement").to_owned());
            let told: Vec<String> = [shape, position, movement].into_iter().flatten().collect();
            ui.label(told.join(", "));
            let name = tr_with("Forget \"{text}\"", &[("text", &sounds)]);
            let tip = tr("The keys that are shown so stay as they are.");
            if ui.small_button(tr("Forget")).accessible_name(name).on_hover_text(tip).clicked() {
                let mut settings = project.settings.clone();
                settings.cues.remove(i);
                out.push(Intent::Edit(Edit::SetSettings(Box::new(settings))));
            }
            ui.end_row();
        }
    });
}

/// How this project reads certain words, each with a way to forget it.
fn lexicon(ui: &mut Ui, project: &Project, out: &mut Vec<Intent>) {
    Grid::new("lexicon").num_columns(3).spacing(vec2(8.0, 4.0)).show(ui, |ui| {
        for (i, entry) in project.settings.lexicon.iter().enumerate() {
            ui.label(&entry.text);
            ui.label(&entry.reading.label);
            let name = tr_with("Forget \"{text}\"", &[("text", &entry.text)]);
            let tip = tr("The words that are read so stay as they are.");
            if ui.small_button(tr("Forget")).accessible_name(name).on_hover_text(tip).clicked() {
                let mut settings = project.settings.clone();
                settings.lexicon.remove(i);
                out.push(Intent::Edit(Edit::SetSettings(Box::new(settings))));
            }
            ui.end_row();
        }
    });
}

/// The switches of the language's chart, the usual choice first.
fn rules(ui: &mut Ui, project: &Project, out: &mut Vec<Intent>) {
    let now = project.settings.switches;
    let mut new = now;
    // A chart of one's own may leave nothing to choose.
    let switches = project.chart().switches();
    let used = |name: &str| switches.contains(&name);
    match project.language() {
        Language::Mandarin => {
            let mut on = project.settings.head_tones;
            let tip = tr("Turned for tone 1, up for 2, down and up for 3, down for 4.");
            if ui.checkbox(&mut on, tr("The head shows the tones")).on_hover_text(tip).changed() {
                let settings = Settings { head_tones: on, ..project.settings.clone() };
                out.push(Intent::Edit(Edit::SetSettings(Box::new(settings))));
            }
            if used("pre_glide_position") {
                use PreGlidePosition::{SameAsFinal, Side};
                let choices = [(SameAsFinal, tr("where the final is")), (Side, tr("at the side"))];
                choose(
                    ui,
                    tr("Consonant before a glide"),
                    &choices,
                    &mut new.pre_glide_position,
                    tr("天 is t, y, an: where t is shown."),
                );
            }
        }
        Language::French => {
            if used("french_schwa") {
                let choices =
                    [(FrenchSchwa::Side, tr("at the side")), (FrenchSchwa::Cheekbone, tr("at the cheekbone"))];
                choose(ui, tr("The vowel of \"le\""), &choices, &mut new.french_schwa, tr("Where ə is shown."));
            }
            if used("nasal_merger") {
                let choices = [(NasalMerger::Distinct, tr("apart")), (NasalMerger::Merged, tr("alike"))];
                choose(
                    ui,
                    tr("\"brun\" and \"brin\""),
                    &choices,
                    &mut new.nasal_merger,
                    tr("Whether œ\u{303} is shown like ɛ\u{303}."),
                );
            }
        }
        Language::AmericanEnglish => {
            if used("unstressed_ee") {
                let choices = [(UnstressedEe::Throat, tr("at the throat")), (UnstressedEe::Mouth, tr("at the mouth"))];
                choose(ui, tr("Last vowel of \"easy\""), &choices, &mut new.unstressed_ee, tr("ee without stress."));
            }
            if used("wh") {
                let choices = [(Wh::Own, tr("shape 4")), (Wh::AsW, tr("shape 6, like w"))];
                choose(ui, tr("\"wh\" of \"which\""), &choices, &mut new.wh, tr("By itself or like w."));
            }
            if used("syllabic") {
                let choices = [(Syllabic::Plain, tr("without a vowel")), (Syllabic::WithSchwa, tr("with a schwa"))];
                choose(
                    ui,
                    tr("Last sound of \"listen\""),
                    &choices,
                    &mut new.syllabic,
                    tr("n, l and m that make a syllable by themselves."),
                );
            }
        }
    }
    if new != now {
        let settings = Settings { switches: new, ..project.settings.clone() };
        out.push(Intent::Edit(Edit::SetSettings(Box::new(settings))));
    }
}

fn choose<T: Copy + PartialEq>(ui: &mut Ui, name: &str, choices: &[(T, &str)], value: &mut T, tip: &str) {
    let label = ui.label(name).id;
    let text = choices.iter().find(|(v, _)| v == value).map_or("", |(_, n)| n);
    let combo = ComboBox::from_id_salt(name).selected_text(text).width(ui.available_width() - 8.0).show_ui(ui, |ui| {
        for (choice, text) in choices {
            if list_line(ui, value == choice, *text) {
                *value = *choice;
            }
        }
    });
    combo.response.labelled_by(label).on_hover_text(tip);
}
