//! Everything the program has said, newest first, with its time: nobody who looked away misses a word.

use crate::app::Studio;
use crate::app::i18n::{tr, tr_with};
use crate::app::icons::Icon;
use crate::app::intent::Intent;
use crate::app::list::empty_note;
use crate::app::notices::Notice;
use crate::app::theme::{self, tokens};
use crate::app::widgets::{icon_button, icon_label};
use crate::app::work::ago;
use egui::{Align, Layout, RichText, ScrollArea, Ui};

/// Draws the pane. What stands in it counts as read.
pub fn messages_panel(ui: &mut Ui, studio: &mut Studio, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    studio.notices.mark_read();
    let notices = &mut studio.notices;
    ui.horizontal(|ui| {
        ui.checkbox(&mut notices.with_quiet, tr("Everything"))
            .on_hover_text(tr("Also the short words that stand in the status bar for a moment."));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.small_button(tr("Dismiss all")).on_hover_text(tr("Empty the list of messages.")).clicked() {
                out.push(Intent::DismissAllNotices);
            }
        });
    });
    ui.add_space(4.0);
    let with_quiet = notices.with_quiet;
    let shown: Vec<&Notice> = notices.all().iter().rev().filter(|n| with_quiet || !n.quiet).collect();
    if shown.is_empty() {
        empty_note(ui, tr("There are no messages."));
        return;
    }
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.set_max_width(ui.available_width() - 8.0);
        for notice in shown {
            message_row(ui, notice, out);
            ui.add_space(2.0);
            let (line, _) = ui.allocate_exact_size(egui::vec2(ui.available_width(), 1.0), egui::Sense::hover());
            ui.painter().rect_filled(line, 0.0, t.line);
            ui.add_space(2.0);
        }
    });
}

fn message_row(ui: &mut Ui, notice: &Notice, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    ui.horizontal_top(|ui| {
        icon_label(ui, notice.tone.icon(), notice.tone.color(t));
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            if icon_button(ui, Icon::Close, tr("Dismiss the message"), false).on_hover_text(tr("Dismiss")).clicked() {
                out.push(Intent::DismissNotice(notice.id));
            }
            ui.with_layout(Layout::top_down(Align::Min), |ui| {
                ui.spacing_mut().item_spacing.y = 1.0;
                let color = if notice.quiet { t.text2 } else { t.text1 };
                ui.add(egui::Label::new(RichText::new(&notice.text).color(color)).wrap().selectable(true));
                let mut when = ago(notice.at.elapsed());
                if notice.count > 1 {
                    when = format!("{when}, {}", tr_with("{count} times", &[("count", &notice.count.to_string())]));
                }
                ui.label(RichText::new(when).font(theme::regular(theme::SMALL)).color(t.text3));
                if let Some(folder) = &notice.folder
                    && ui.link(tr("Open folder")).clicked()
                {
                    out.push(Intent::RevealFolder(folder.clone()));
                }
                crate::app::notices::remedy_link(ui, notice, out);
            });
        });
    });
}
