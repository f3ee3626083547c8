//! The work in the background: what runs, how far it is, what is left of it; and what has ended and how.

use crate::app::Studio;
use crate::app::dialogs::{stage_share, stage_text};
use crate::app::i18n::{tr, tr_message, tr_with};
use crate::app::icons::Icon;
use crate::app::intent::Intent;
use crate::app::list::empty_note;
use crate::app::theme::{self, tokens};
use crate::app::widgets::{Tone, icon_button, icon_label, section};
use crate::app::work::{Ended, LogLine, WorkView, ago, span};
use egui::{Align, Frame, Layout, Margin, ProgressBar, RichText, Ui};

/// Draws the pane.
pub fn jobs_panel(ui: &mut Ui, studio: &Studio, out: &mut Vec<Intent>) {
    let running = studio.all_work();
    if running.is_empty() {
        empty_note(ui, tr("Nothing runs in the background."));
    }
    for job in &running {
        running_ui(ui, job, out);
    }
    let mut log = studio.works.log().peekable();
    if log.peek().is_none() {
        return;
    }
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        section(ui, tr("Ended"));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.small_button(tr("Clear")).on_hover_text(tr("Empty the list of ended work.")).clicked() {
                out.push(Intent::ClearWorkLog);
            }
        });
    });
    for line in log {
        ended_ui(ui, line);
    }
}

fn running_ui(ui: &mut Ui, job: &WorkView, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    Frame::new().fill(t.surface2).corner_radius(theme::RADIUS).inner_margin(Margin::same(8)).show(ui, |ui| {
        let title = tr_message(&job.title);
        ui.horizontal(|ui| {
            ui.label(RichText::new(&title).font(theme::bold(theme::BODY)).color(t.text1));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let label = tr_with("Stop: {job}", &[("job", &title)]);
                let Some(id) = job.id else { return };
                ui.add_enabled_ui(!job.stopping, |ui| {
                    if icon_button(ui, Icon::Close, &label, false).on_hover_text(tr("Stop this work.")).clicked() {
                        out.push(Intent::CancelWork(id));
                    }
                });
            });
        });
        let text = if job.stopping { tr("Stopping…").to_owned() } else { stage_text(&job.stage) };
        ui.label(RichText::new(text).color(t.text2));
        ui.add(ProgressBar::new(stage_share(&job.stage)).desired_height(6.0).fill(t.accent));
        let mut times = tr_with("{time} so far", &[("time", &span(job.elapsed))]);
        if let Some(left) = job.left {
            times = format!("{times}, {}", tr_with("about {time} left", &[("time", &span(left))]));
        }
        ui.label(RichText::new(times).font(theme::regular(theme::SMALL)).color(t.text3));
    });
    // The times go on while nothing else happens.
    ui.ctx().request_repaint_after(std::time::Duration::from_secs(1));
}

fn ended_ui(ui: &mut Ui, line: &LogLine) {
    let t = tokens(ui);
    let (tone, word, detail) = match &line.ended {
        Ended::Done(detail) => (Tone::Good, tr("done"), detail.as_str()),
        Ended::Stopped => (Tone::Info, tr("stopped"), ""),
        Ended::Failed(reason) => (Tone::Error, tr("failed"), reason.as_str()),
    };
    ui.horizontal_top(|ui| {
        icon_label(ui, tone.icon(), tone.color(t));
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            let title = format!("{}: {word}", tr_message(&line.title));
            ui.add(egui::Label::new(RichText::new(title).color(t.text1)).wrap());
            if !detail.is_empty() {
                let detail = RichText::new(tr_message(detail)).font(theme::regular(theme::SMALL)).color(t.text2);
                ui.add(egui::Label::new(detail).wrap().selectable(true));
            }
            let times = format!("{}, {}", span(line.took), ago(line.at.elapsed()));
            ui.label(RichText::new(times).font(theme::regular(theme::SMALL)).color(t.text3));
        });
    });
    ui.add_space(2.0);
}
