//! Write glosses: a service of the user's choice proposes sentences. Off until it is turned on; what will be sent is
//! shown to the letter before it is; answers are shown, with those refused, before they change anything.

use super::{DialogContext, foot, progress, title};
use crate::app::i18n::{capitalised, language, tr, tr_message, tr_with};
use crate::app::inspector::gloss_field::{conflict_text, cue_words};
use crate::app::intent::Intent;
use crate::app::theme::{self, tokens};
use crate::app::widgets::{Tone, field_label, message_strip, plain_button, primary_button, section};
use crate::document::KeyId;
use crate::jobs::gloss_service::{Answers, Patience, Plan, Refusal, ServiceError, ServiceSettings, write};
use crate::jobs::runner::{Job, Wake};
use egui::{CollapsingHeader, Margin, RichText, ScrollArea, TextEdit, Ui};

/// The form, the work under way and what came back.
pub struct GlossForm {
    pub settings: ServiceSettings,
    /// Keys that were selected when it was opened.
    selected: Vec<KeyId>,
    only_selected: bool,
    /// What is wrong with the settings is told only after the user has tried.
    tried: bool,
    failure: Option<String>,
    job: Option<Job<Answers>>,
    answers: Option<Answers>,
    /// The plan that is shown, with what it was made from.
    plan: Option<(ServiceSettings, bool, Result<Plan, ServiceError>)>,
    wake: Wake,
}

impl GlossForm {
    pub fn new(settings: ServiceSettings, selected: Vec<KeyId>, wake: Wake) -> Self {
        Self {
            only_selected: !selected.is_empty(),
            settings,
            selected,
            tried: false,
            failure: None,
            job: None,
            answers: None,
            plan: None,
            wake,
        }
    }

    /// True while an answer is waited for.
    pub fn is_busy(&self) -> bool {
        self.job.is_some()
    }

    /// True while closing it by the way would lose something: an answer on its way, or sentences not decided about.
    pub fn holds_work(&self) -> bool {
        self.job.is_some() || self.answers.is_some()
    }

    /// Takes in what the background has done.
    pub fn poll(&mut self) {
        let Some(result) = self.job.as_mut().and_then(Job::poll) else { return };
        self.job = None;
        match result {
            Ok(answers) => self.answers = Some(answers),
            Err(error) => self.failure = Some(capitalised(&tr_message(&error.to_string()))),
        }
    }

    /// The plan for what stands in the form, made anew only when that changes.
    fn plan(&mut self, context: &DialogContext<'_>) -> Result<Plan, ServiceError> {
        let Some(project) = context.project else { return Err(ServiceError::NoKeys) };
        if self.plan.as_ref().is_none_or(|(s, o, _)| *s != self.settings || *o != self.only_selected) {
            let keys = self.only_selected.then_some(self.selected.as_slice());
            let plan = Plan::new(project, keys, language(), &self.settings);
            self.plan = Some((self.settings.clone(), self.only_selected, plan));
        }
        self.plan.as_ref().map_or(Err(ServiceError::NoKeys), |(_, _, plan)| plan.clone())
    }

    fn send(&mut self, plan: Plan) {
        self.failure = None;
        let work = move |progress: &dyn crate::progress::Progress| Ok(write(&plan, Patience::default(), progress)?);
        self.job = Some(Job::start(tr("Writing glosses"), self.wake.clone(), work));
    }
}

/// Draws the form; true when it is to be closed.
pub fn show(ui: &mut Ui, form: &mut GlossForm, context: &DialogContext<'_>, out: &mut Vec<Intent>) -> bool {
    if context.project.is_none() {
        return true;
    }
    title(ui, tr("Write glosses"));
    if let Some(answers) = form.answers.clone() {
        return review(ui, form, &answers, out);
    }
    let t = tokens(ui);
    let busy = form.job.is_some();
    let about = tr(
        "A language model can put the glosses into other words. It may run on this computer or elsewhere; the program brings none and sends nothing until you press Send.",
    );
    ui.label(RichText::new(about).color(t.text2));
    if let Some(failure) = &form.failure {
        message_strip(ui, Tone::Error, failure);
    }
    let plan = form.plan(context);
    let height = (ui.ctx().content_rect().height() - 260.0).clamp(160.0, 480.0);
    ScrollArea::vertical().id_salt("gloss form").max_height(height).auto_shrink([false, true]).show(ui, |ui| {
        ui.set_max_width(ui.available_width() - 12.0);
        let changed = ui.add_enabled_ui(!busy, |ui| service_fields(ui, &mut form.settings)).inner;
        if changed {
            form.failure = None;
            form.tried = false;
            out.push(Intent::SetGlossService(Box::new(form.settings.clone())));
        }
        if form.settings.on {
            ui.add_enabled_ui(!busy, |ui| which_keys(ui, form, context));
            match &plan {
                Ok(plan) => letter(ui, plan),
                // Not until the user has tried: an empty form is no mistake.
                Err(error) if form.tried => {
                    message_strip(ui, Tone::Error, &format!("{}.", capitalised(&tr_message(&error.to_string()))));
                }
                Err(_) => {}
            }
        }
    });
    if let Some(job) = &form.job {
        progress(ui, job.stage());
    }
    let mut close = false;
    foot(ui, |ui| {
        if busy {
            if plain_button(ui, tr("Cancel")).clicked()
                && let Some(job) = &form.job
            {
                job.cancel();
            }
            return;
        }
        if primary_button(ui, tr("Send"), form.settings.on).clicked() {
            form.tried = true;
            if let Ok(plan) = plan {
                form.send(plan);
            }
        }
        close = plain_button(ui, tr("Close")).clicked();
    });
    close
}

/// The switch and the fields of the service, here and in the settings; true when something was changed.
pub fn service_fields(ui: &mut Ui, settings: &mut ServiceSettings) -> bool {
    let before = settings.clone();
    ui.checkbox(&mut settings.on, tr("Use a gloss service"));
    if settings.on {
        let label = field_label(ui, tr("Address"));
        ui.add(line(&mut settings.address, "http://localhost:11434/v1")).labelled_by(label);
        let label = field_label(ui, tr("Model"));
        ui.add(line(&mut settings.model, tr("the name that the service gives it"))).labelled_by(label);
        let label = field_label(ui, tr("Key (if the service wants one)"));
        let tip = tr("Kept in the settings of this window, never in a project. $NAME takes it from the environment.");
        ui.add(line(settings.key.typed(), "").password(true)).labelled_by(label).on_hover_text(tip);
    }
    *settings != before
}

fn line<'a>(text: &'a mut String, hint: &str) -> TextEdit<'a> {
    TextEdit::singleline(text).hint_text(hint.to_owned()).margin(Margin::symmetric(6, 4)).desired_width(f32::INFINITY)
}

fn which_keys(ui: &mut Ui, form: &mut GlossForm, context: &DialogContext<'_>) {
    field_label(ui, tr("Keys"));
    let all = context.project.map_or(0, |p| p.tiers.keys.len()).to_string();
    let selected = form.selected.len().to_string();
    ui.horizontal(|ui| {
        ui.add_enabled_ui(!form.selected.is_empty(), |ui| {
            let text = tr_with("Selected keys ({count})", &[("count", &selected)]);
            ui.radio_value(&mut form.only_selected, true, text);
        });
        let text = tr_with("All keys ({count})", &[("count", &all)]);
        ui.radio_value(&mut form.only_selected, false, text);
    });
}

/// What will be sent, to the letter.
fn letter(ui: &mut Ui, plan: &Plan) {
    let t = tokens(ui);
    section(ui, tr("This will be sent"));
    let requests = plan.requests.len().to_string();
    let keys = plan.keys().to_string();
    let text = tr_with(
        "{keys} keys in {requests} requests to {address}",
        &[("keys", &keys), ("requests", &requests), ("address", &plan.url)],
    );
    ui.label(RichText::new(text).color(t.text1));
    let header = if plan.has_key() {
        tr("Your key goes along in a header of its own. No sound, no picture and no file is sent.")
    } else {
        tr("No key, no sound, no picture and no file is sent.")
    };
    ui.label(RichText::new(header).color(t.text2).small());
    if plan.locked > 0 {
        let text = tr_with("Locked keys are left out: {count}", &[("count", &plan.locked.to_string())]);
        ui.label(RichText::new(text).color(t.text2).small());
    }
    for (i, request) in plan.requests.iter().enumerate() {
        let (number, size) = ((i + 1).to_string(), request.body.len().to_string());
        let name = tr_with("Request {number}, {size} bytes", &[("number", &number), ("size", &size)]);
        CollapsingHeader::new(RichText::new(name).color(t.text1)).id_salt(("request", i)).default_open(i == 0).show(
            ui,
            |ui| {
                let mut body = request.body.as_str();
                let label = tr_with("Content of request {number}", &[("number", &number)]);
                ScrollArea::vertical().id_salt(("body", i)).max_height(160.0).show(ui, |ui| {
                    // A field that cannot be changed: its text can be selected and copied.
                    let field =
                        TextEdit::multiline(&mut body).font(theme::mono(theme::SMALL)).desired_width(f32::INFINITY);
                    let response = ui.add(field);
                    response.widget_info(|| {
                        let mut info = egui::WidgetInfo::text_edit(true, body, body, "");
                        info.label = Some(label.clone());
                        info
                    });
                });
            },
        );
    }
}

/// What came back: what can be taken, and what was refused with the reason.
fn review(ui: &mut Ui, form: &mut GlossForm, answers: &Answers, out: &mut Vec<Intent>) -> bool {
    let t = tokens(ui);
    if let Some(error) = &answers.stopped {
        let text = format!("{}.", capitalised(&tr_message(&error.to_string())));
        message_strip(ui, Tone::Warning, &text);
    }
    let (good, bad) = (answers.written.len().to_string(), answers.refused.len().to_string());
    let text = tr_with("{good} sentences tell their keys, {bad} were refused.", &[("good", &good), ("bad", &bad)]);
    message_strip(ui, if answers.written.is_empty() { Tone::Warning } else { Tone::Good }, &text);
    let height = (ui.ctx().content_rect().height() - 280.0).clamp(160.0, 480.0);
    ScrollArea::vertical().id_salt("gloss answers").max_height(height).auto_shrink([false, true]).show(ui, |ui| {
        ui.set_max_width(ui.available_width() - 12.0);
        if !answers.refused.is_empty() {
            section(ui, tr("Refused"));
            for refused in &answers.refused {
                let number = refused.number.to_string();
                let reason = refusal_text(&refused.reason);
                let text = tr_with("Key {number}: {reason}", &[("number", &number), ("reason", &reason)]);
                ui.label(RichText::new(text).color(t.warning));
                if !refused.gloss.is_empty() {
                    ui.label(RichText::new(&refused.gloss).color(t.text2).small());
                }
            }
        }
        if !answers.written.is_empty() {
            section(ui, tr("To be taken"));
            for written in &answers.written {
                let text = tr_with(
                    "Key {number}: {reason}",
                    &[("number", &written.number.to_string()), ("reason", &written.gloss)],
                );
                ui.label(RichText::new(text).color(t.text1));
                if !written.unknown.is_empty() {
                    let words = written.unknown.join(", ");
                    let text = tr_with("Says nothing of the cue: {words}", &[("words", &words)]);
                    ui.label(RichText::new(text).color(t.text2).small());
                }
            }
        }
    });
    foot(ui, |ui| {
        let count = answers.written.len();
        if count > 0 {
            let text = tr_with("Take {count} glosses", &[("count", &count.to_string())]);
            if primary_button(ui, &text, true).clicked() {
                // The dialogue is closed when they have been taken: a locked tier may refuse them.
                out.push(Intent::TakeGlosses(Box::new(answers.clone())));
            }
        }
        if plain_button(ui, tr("Discard them")).clicked() {
            form.answers = None;
        }
    });
    false
}

fn refusal_text(reason: &Refusal) -> String {
    match reason {
        Refusal::Conflict(kind) => tr_with("the sentence contradicts itself: {0}", &[("0", &conflict_text(kind))]),
        Refusal::OtherCue(said, is) => {
            tr_with("the sentence says {0}, the key is {1}", &[("0", &cue_words(*said)), ("1", &cue_words(*is))])
        }
        other => tr_message(&other.to_string()),
    }
}
