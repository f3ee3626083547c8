//! The status bar: what draws and how fast, the work under way, messages, and whether all is saved.

use crate::app::Studio;
use crate::app::commands::Command;
use crate::app::dialogs::{stage_share, stage_text};
use crate::app::dock::Pane;
use crate::app::i18n::{number, tr, tr_message, tr_with};
use crate::app::icons::Icon;
use crate::app::intent::Intent;
use crate::app::theme::{self, tokens};
use crate::app::widgets::{Tone, icon_button, icon_label};
use crate::jobs::journal::State;
use egui::{Align, Layout, ProgressBar, RichText, Sense, Ui, vec2};

pub fn status_bar(ui: &mut Ui, studio: &Studio, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    let small = |text: String| RichText::new(text).font(theme::regular(theme::SMALL)).color(t.text2);
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.label(small(studio.machine.split(" · ").map(tr).collect::<Vec<_>>().join(" · ")))
            .on_hover_text(tr_message(&studio.machine_details));
        if let Some(opened) = &studio.opened {
            divider(ui);
            let speed = studio.playback.shuttle.unwrap_or(studio.view.speed).abs();
            let target = opened.project().settings.fps.rate() * speed;
            match studio.rate.per_second().filter(|_| studio.player.is_playing()) {
                Some(rate) => {
                    let low = rate < target * 0.9;
                    let text = tr_with(
                        "{rate} of {target} frames/s",
                        &[("rate", &number(rate, 0)), ("target", &number(target, 0))],
                    );
                    let color = if low { t.danger } else { t.text2 };
                    let tip = if low {
                        tr("Frames are left out evenly; the sound goes on.")
                    } else {
                        tr("Every frame is shown.")
                    };
                    ui.label(RichText::new(text).font(theme::regular(theme::SMALL)).color(color)).on_hover_text(tip);
                }
                None if studio.draw_ms > 0.0 => {
                    let text = tr_with(
                        "{backend} · {ms} ms a frame",
                        &[("backend", &studio.backend), ("ms", &number(studio.draw_ms, 0))],
                    );
                    ui.label(small(text)).on_hover_text(tr("What draws the person, and how long one picture takes."));
                }
                None => {}
            }
            divider(ui);
            let device = tr_message(&studio.player.device());
            let short = device.split(['(', '（']).next().unwrap_or_default().trim();
            ui.label(small(short.to_owned()))
                .on_hover_text(tr_with("Where the sound goes: {device}", &[("device", &device)]));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            save_state(ui, studio);
            notices(ui, studio, out);
            job(ui, studio, out);
            if let Some(told) = studio.told_now() {
                ui.label(small(told.to_owned()));
            }
        });
    });
}

fn divider(ui: &mut Ui) {
    let t = tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(5.0, 14.0), Sense::hover());
    ui.painter().vline(rect.center().x, rect.y_range(), egui::Stroke::new(1.0, t.line));
}

fn save_state(ui: &mut Ui, studio: &Studio) {
    let t = tokens(ui);
    let Some(opened) = &studio.opened else { return };
    let saved = opened.document.is_saved();
    // Steps are on their way for a few hundredths of a second: saying so would only flicker.
    let (text, tip, color, icon) = match opened.keeping.state() {
        _ if opened.keeping.read_only.is_some() => {
            (tr("Read-only").to_owned(), tr("Nothing can be changed here."), t.text2, Icon::Info)
        }
        State::Saving => (tr("Saving…").to_owned(), tr("The project is being written."), t.text2, Icon::Info),
        State::Failing(_) => {
            let tip = tr("The disk does not take your steps. They are kept in memory; free some room, or use Save as.");
            (tr("Not on disk").to_owned(), tip, t.danger, Icon::Error)
        }
        State::Safe | State::Writing if !saved => {
            let tip = tr("Every step is in the journal and survives a crash. Save puts them into the project.");
            (tr("Not saved · journal kept").to_owned(), tip, t.warning, Icon::Warning)
        }
        State::Safe | State::Writing => {
            let text = match &opened.saved {
                Some(when) => tr_with("Saved {time}", &[("time", when)]),
                None => tr("Saved").to_owned(),
            };
            (text, tr("The project on disk is the one you see."), t.text2, Icon::Check)
        }
    };
    ui.label(RichText::new(text).font(theme::regular(theme::SMALL)).color(color))
        .on_hover_text(format!("{tip}\n{}", Command::Save.tooltip(ui.ctx())));
    icon_label(ui, icon, color);
}

fn notices(ui: &mut Ui, studio: &Studio, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    let count = studio.notices.list().count();
    if count == 0 {
        return;
    }
    divider(ui);
    let unread = studio.notices.unread();
    let worst = studio.notices.list().map(|n| n.tone).max_by_key(|tone| *tone as u8).unwrap_or(Tone::Info);
    let text = if unread > 0 {
        tr_with("Messages: {count}, {unread} new", &[("count", &count.to_string()), ("unread", &unread.to_string())])
    } else {
        tr_with("Messages: {count}", &[("count", &count.to_string())])
    };
    let color = if unread > 0 { worst.color(t) } else { t.text2 };
    let text = RichText::new(text).font(theme::regular(theme::SMALL)).color(color);
    if ui.add(egui::Button::new(text).frame(false)).on_hover_text(tr("Show the messages.")).clicked() {
        let is_open = studio.notices.open || studio.has_pane_in_front(Pane::Messages);
        out.push(Intent::ShowNotices(!is_open));
    }
}

fn job(ui: &mut Ui, studio: &Studio, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    let Some((title, stage)) = studio.job_state() else { return };
    divider(ui);
    if icon_button(ui, Icon::Close, tr("Cancel the work"), false).on_hover_text(tr("Cancel")).clicked() {
        out.push(Intent::CancelJob(None));
    }
    let bar = ProgressBar::new(stage_share(stage)).desired_width(96.0).desired_height(6.0).fill(t.accent);
    ui.add(bar);
    let more = studio.works.len() - 1;
    let more = if more > 0 { format!("  (+{more})") } else { String::new() };
    let text = tr_with("{title}: {stage}", &[("title", tr(title)), ("stage", &stage_text(stage))]) + &more;
    let text = RichText::new(text).font(theme::regular(theme::SMALL)).color(t.text1);
    if ui.add(egui::Button::new(text).frame(false)).on_hover_text(tr("Show the work under way.")).clicked() {
        out.push(Intent::Do(Command::GoToPanel(Pane::Jobs)));
    }
}
