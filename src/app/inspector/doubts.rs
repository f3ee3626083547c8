//! How sure the program is of a key, and what deserves a look about it.

use crate::app::board::explain;
use crate::app::i18n::{number, tr, tr_message, tr_with};
use crate::app::theme::Tokens;
use crate::app::widgets::{Tone, message_strip};
use crate::cueing::confidence;
use crate::document::{KeySegment, Project};
use egui::{RichText, Ui};

/// How sure the program is of the key, as a share, with the reason where it is not.
pub fn sureness(ui: &mut Ui, project: &Project, key: &KeySegment, t: &Tokens) {
    let reading =
        project.tiers.utterance.words.get(key.rule.word).and_then(|w| Some((w.readings.get(w.chosen)?, w.chosen)));
    let phones = project.tiers.phones.get(key.rule.phones.clone()).unwrap_or_default();
    let sure = confidence::judge(&confidence::Evidence {
        flags: &key.flags,
        source: reading.map(|(r, _)| r.source),
        rank: reading.map_or(0, |(_, rank)| rank),
        alignment: phones.iter().map(|p| p.confidence).min_by(f32::total_cmp),
    });
    let percent = format!("{:.0}", sure.value * 100.0);
    let color = if sure.doubt.is_some() { t.warning } else { t.text3 };
    let text = tr_with("sure: {percent} %", &[("percent", &percent)]);
    let mut tip = tr("How sure the program is of this key, from its reading and from where it sounds.").to_owned();
    if let Some(reason) = sure.reason() {
        tip = format!("{tip}\n{}", tr_message(reason));
    }
    ui.label(RichText::new(text).color(color).small()).on_hover_text(tip);
}

/// A hand that comes later than this after its sound costs nothing yet that was measured; at the next it is at the limit
/// of what viewers bear; at the last cues no longer help (Bratakos 1998, after SPPAS).
const LATENESS: [f64; 3] = [33.0, 100.0, 165.0];

/// By how much the hand is late, judged.
fn lateness(ui: &mut Ui, key: &KeySegment) {
    let late = (key.times.m2.max(key.times.d2) - key.times.a1).millis();
    let ms = number(late, 0);
    let places = [("ms", ms.as_str())];
    let (tone, text) = match late {
        _ if late > LATENESS[2] => {
            (Tone::Error, tr_with("The hand is {ms} ms late: so late cues no longer help.", &places))
        }
        _ if late > LATENESS[1] => {
            (Tone::Warning, tr_with("The hand is {ms} ms late: more than viewers bear.", &places))
        }
        _ if late > LATENESS[0] + 0.5 => {
            (Tone::Info, tr_with("The hand is {ms} ms late, which is still readable.", &places))
        }
        _ => return,
    };
    ui.add_space(2.0);
    message_strip(ui, tone, &text);
}

pub fn flags(ui: &mut Ui, key: &KeySegment) {
    lateness(ui, key);
    for &flag in &key.flags {
        if let Some((title, remedy)) = explain(flag) {
            ui.add_space(2.0);
            message_strip(ui, Tone::Warning, &tr_with("{title}. {remedy}", &[("title", title), ("remedy", remedy)]));
        }
    }
}
