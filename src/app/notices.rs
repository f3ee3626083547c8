//! Messages that stay until they are dismissed: nobody who looked away, or does not hear, misses one.
//!
//! One report per failure: a message with the same text replaces the older one and counts.

use super::commands::Command;
use super::i18n::{tr, tr_with};
use super::icons::Icon;
use super::intent::Intent;
use super::theme::{self, tokens};
use super::widgets::{Tone, icon_button, icon_label, panel_title, plain_button};
use egui::{Align, Align2, Area, Frame, Id, Layout, Margin, Order, RichText, ScrollArea, Stroke, Ui, vec2};
use std::time::Instant;

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub id: u64,
    pub tone: Tone,
    /// What happened, and what to do.
    pub text: String,
    /// How many times it has happened.
    pub count: u32,
    /// When it last happened.
    pub at: Instant,
    /// A folder that the message speaks of, to be opened on click.
    pub folder: Option<std::path::PathBuf>,
    /// What puts it right, to be done on click.
    pub remedy: Option<Command>,
    /// A word in passing: listed, but not put before anyone.
    pub quiet: bool,
    /// It has been on screen.
    read: bool,
}

/// Words in passing that are kept.
const QUIET: usize = 200;

/// All messages, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Notices {
    list: Vec<Notice>,
    next_id: u64,
    /// The list over the start page is open.
    pub open: bool,
    /// The panel lists words in passing too.
    pub with_quiet: bool,
}

impl Notices {
    pub fn push(&mut self, tone: Tone, text: impl Into<String>) -> &mut Notice {
        self.put(tone, text.into(), false)
    }

    /// Keeps what was said in passing.
    pub fn note(&mut self, text: &str) {
        self.put(Tone::Info, text.to_owned(), true);
        if let Some(oldest) = self.list.iter().position(|n| n.quiet)
            && self.list.iter().filter(|n| n.quiet).count() > QUIET
        {
            self.list.remove(oldest);
        }
    }

    fn put(&mut self, tone: Tone, text: String, quiet: bool) -> &mut Notice {
        let id = self.next_id;
        self.next_id += 1;
        let count = match self.list.iter().position(|n| n.text == text && n.quiet == quiet) {
            Some(old) => self.list.remove(old).count + 1,
            None => 1,
        };
        let at = self.list.len();
        self.list.push(Notice {
            id,
            tone,
            text,
            count,
            at: Instant::now(),
            folder: None,
            remedy: None,
            quiet,
            read: quiet,
        });
        &mut self.list[at]
    }

    /// Everything that was said, oldest first.
    pub fn all(&self) -> &[Notice] {
        &self.list
    }

    /// Messages proper, oldest first.
    pub fn list(&self) -> impl DoubleEndedIterator<Item = &Notice> {
        self.list.iter().filter(|n| !n.quiet)
    }

    /// How many messages nobody has had before their eyes in the panel or put away.
    pub fn unread(&self) -> usize {
        self.list.iter().filter(|n| !n.read).count()
    }

    /// The panel with all of them is on screen.
    pub fn mark_read(&mut self) {
        self.list.iter_mut().for_each(|n| n.read = true);
    }

    pub fn dismiss(&mut self, id: u64) {
        self.list.retain(|n| n.id != id);
        self.open &= self.list.iter().any(|n| !n.quiet);
    }

    pub fn clear(&mut self) {
        self.list.clear();
        self.open = false;
    }
}

/// Width of the messages.
const WIDTH: f32 = 380.0;

/// The newest message over the lower right corner, or all of them when the list is open.
pub fn notices_ui(ctx: &egui::Context, notices: &Notices, out: &mut Vec<Intent>) {
    // The newest one that has not been seen stays until it is put away or the panel is opened.
    let newest = notices.list().rev().find(|n| !n.read);
    if newest.is_none() && !notices.open {
        return;
    }
    let area = Area::new(Id::unique("messages"))
        .order(Order::Foreground)
        .anchor(Align2::RIGHT_BOTTOM, vec2(-12.0, -36.0))
        .interactable(true);
    area.show(ctx, |ui| {
        let t = tokens(ui);
        let frame = Frame::new()
            .fill(t.surface2)
            .stroke(Stroke::new(1.0, t.line))
            .corner_radius(theme::RADIUS)
            .inner_margin(Margin::same(8))
            .shadow(ui.visuals().popup_shadow);
        frame.show(ui, |ui| {
            ui.set_width(WIDTH);
            if !notices.open {
                if let Some(newest) = newest {
                    message(ui, newest, out);
                }
                return;
            }
            ui.horizontal(|ui| {
                panel_title(ui, tr("Messages"));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if plain_button(ui, tr("Dismiss all")).clicked() {
                        out.push(Intent::DismissAllNotices);
                    }
                });
            });
            ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
                for notice in notices.list().rev() {
                    message(ui, notice, out);
                }
            });
        });
    });
}

fn message(ui: &mut Ui, notice: &Notice, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    ui.horizontal_top(|ui| {
        icon_label(ui, notice.tone.icon(), notice.tone.color(t));
        ui.allocate_ui_with_layout(vec2(WIDTH - 72.0, 0.0), Layout::top_down(Align::Min), |ui| {
            let times = if notice.count > 1 {
                format!("  {}", tr_with("({count} times)", &[("count", &notice.count.to_string())]))
            } else {
                String::new()
            };
            ui.add(egui::Label::new(RichText::new(format!("{}{times}", notice.text)).color(t.text1)).wrap());
            if let Some(folder) = &notice.folder
                && ui.link(tr("Open folder")).clicked()
            {
                out.push(Intent::RevealFolder(folder.clone()));
            }
            remedy_link(ui, notice, out);
        });
        if icon_button(ui, Icon::Close, tr("Dismiss the message"), false).on_hover_text(tr("Dismiss")).clicked() {
            out.push(Intent::DismissNotice(notice.id));
        }
    });
}

/// The way to what puts things right, where there is one.
pub fn remedy_link(ui: &mut Ui, notice: &Notice, out: &mut Vec<Intent>) {
    if let Some(command) = notice.remedy
        && ui.link(command.info().text).clicked()
    {
        out.push(Intent::Do(command));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failure_is_one_report() {
        let mut notices = Notices::default();
        notices.push(Tone::Error, "disk full");
        notices.push(Tone::Info, "saved");
        notices.push(Tone::Error, "disk full");
        let texts: Vec<_> = notices.list().map(|n| (n.text.as_str(), n.count)).collect();
        assert_eq!(texts, [("saved", 1), ("disk full", 2)]);
        let id = notices.all()[1].id;
        notices.dismiss(id);
        assert_eq!(notices.list().count(), 1);
    }

    #[test]
    fn words_in_passing_are_kept_but_not_counted_as_unread() {
        let mut notices = Notices::default();
        notices.push(Tone::Warning, "The recording is missing");
        for i in 0..QUIET + 10 {
            notices.note(&format!("Text size {i} %"));
        }
        assert_eq!((notices.unread(), notices.list().count()), (1, 1));
        assert_eq!(notices.all().len(), QUIET + 1, "the oldest words give way, messages never");
        notices.mark_read();
        assert_eq!(notices.unread(), 0);
        notices.push(Tone::Warning, "The recording is missing");
        assert_eq!(notices.unread(), 1, "it has happened again");
    }
}
