//! Slow a passage: from where to where, how slow, what the cues come to, and how it sounds.

use super::{DialogContext, foot, progress, title};
use crate::app::i18n::{capitalised, number, tr, tr_message, tr_with};
use crate::app::inspector::parse_time;
use crate::app::intent::Intent;
use crate::app::theme::tokens;
use crate::app::widgets::{Tone, field_error, field_label, message_strip, plain_button, primary_button};
use crate::app::work::WorkKind;
use crate::document::warp::{READABLE_KEYS, readable_speed};
use crate::document::{Project, Slowed};
use crate::jobs::slow::SlowRequest;
use crate::time::{Seconds, TimeRange};
use egui::{RichText, Slider, TextEdit, Ui};

/// Slowest and fastest speed offered.
const SPEEDS: std::ops::RangeInclusive<f64> = 0.5..=0.95;
/// What is offered for a passage that can be read as it is.
const GENTLE: f64 = 0.8;

/// What the user has filled in.
#[derive(Clone, Debug)]
pub struct SlowForm {
    pub from: String,
    pub to: String,
    pub speed: f64,
    pub failure: Option<String>,
}

impl SlowForm {
    /// For `range`, at the speed that makes its cues readable.
    pub fn new(range: TimeRange, project: &Project) -> Self {
        let suggested = readable_speed(project.keys_per_second_in(range));
        let speed = if suggested < 1.0 { suggested } else { GENTLE };
        Self { from: range.start.timecode(), to: range.end.timecode(), speed, failure: None }
    }

    fn request(&self) -> Option<SlowRequest> {
        let time = |text: &str| parse_time(&text.replace(',', ".")).map(Seconds);
        let range = TimeRange { start: time(&self.from)?, end: time(&self.to)? };
        Some(SlowRequest { range, speed: self.speed })
    }

    /// The passage that the fields come to, or what is wrong with them.
    pub fn passage(&self, project: &Project) -> Result<(SlowRequest, Slowed), String> {
        let request = self.request().ok_or_else(|| tr("Write times as minutes:seconds, such as 0:03.5.").to_owned())?;
        match request.passage(project) {
            Ok(passage) => Ok((request, passage)),
            Err(error) => Err(capitalised(&tr_message(&error.to_string()))),
        }
    }
}

/// Draws the form; true when it is to be closed.
pub fn show(ui: &mut Ui, form: &mut SlowForm, context: &DialogContext<'_>, out: &mut Vec<Intent>) -> bool {
    let Some(project) = context.project else { return true };
    title(ui, tr("Slow this passage"));
    let t = tokens(ui);
    let busy = context.job.is_some();
    if let Some(failure) = &form.failure {
        message_strip(ui, Tone::Error, failure);
    }
    let text = tr("The sound is stretched with its pitch kept, and every cue moves along: in the exported video too.");
    ui.label(RichText::new(text).color(t.text2));
    let passage = form.passage(project);
    ui.add_enabled_ui(!busy, |ui| {
        ui.horizontal_top(|ui| {
            for (name, text) in [(tr("From"), &mut form.from), (tr("to"), &mut form.to)] {
                ui.vertical(|ui| {
                    let label = field_label(ui, name);
                    ui.add(TextEdit::singleline(text).desired_width(104.0).font(egui::TextStyle::Monospace))
                        .labelled_by(label);
                });
                ui.add_space(8.0);
            }
        });
        if let Err(fault) = &passage {
            field_error(ui, fault);
        }
        let label = field_label(ui, tr("Speed of the passage"));
        let slider = Slider::new(&mut form.speed, SPEEDS)
            .step_by(0.05)
            .custom_formatter(|speed, _| format!("{}×", number(speed, 2)))
            .custom_parser(|text| text.trim().trim_end_matches(['×', 'x']).replace(',', ".").parse().ok());
        ui.add(slider).labelled_by(label);
    });
    if let Ok((_, passage)) = &passage {
        figures(ui, project, *passage);
    }
    if let Some(stage) = context.job {
        progress(ui, stage);
    }
    let mut close = false;
    foot(ui, |ui| {
        if busy {
            if plain_button(ui, tr("Cancel")).clicked() {
                out.push(Intent::CancelJob(Some(WorkKind::Sound)));
            }
            return;
        }
        if primary_button(ui, tr("Slow the passage"), passage.is_ok()).clicked()
            && let Ok((request, _)) = &passage
        {
            form.failure = None;
            out.push(Intent::Slow(*request));
        }
        ui.add_enabled_ui(passage.is_ok(), |ui| {
            let listen = plain_button(ui, tr("Listen")).on_hover_text(tr("Plays the passage as it will sound."));
            if listen.clicked()
                && let Ok((request, passage)) = &passage
            {
                out.push(Intent::Listen(passage.range, request.speed));
            }
        });
        close = plain_button(ui, tr("Cancel")).clicked();
    });
    close
}

/// How long the passage becomes, and how fast its cues are before and after.
fn figures(ui: &mut Ui, project: &Project, passage: Slowed) {
    let t = tokens(ui);
    let before = project.keys_per_second_in(passage.range);
    let after = before / passage.factor;
    let length = tr_with(
        "{before} s become {after} s",
        &[("before", &number(passage.range.length().0, 2)), ("after", &number(passage.after().length().0, 2))],
    );
    ui.add_space(4.0);
    ui.label(RichText::new(length).color(t.text2));
    let keys = tr_with(
        "{before} keys/s become {after} keys/s",
        &[("before", &number(before, 1)), ("after", &number(after, 1))],
    );
    if after > READABLE_KEYS + 0.05 {
        let text = tr_with(
            "{keys}: still faster than {most} keys/s, which most people can read. Slow it in two steps, or speak anew.",
            &[("keys", &keys), ("most", &number(READABLE_KEYS, 0))],
        );
        message_strip(ui, Tone::Warning, &text);
    } else {
        ui.label(RichText::new(keys).color(t.text2));
    }
}
