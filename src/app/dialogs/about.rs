//! About: version, licences, and what the program is built on.

use super::title;
use crate::app::i18n::{tr, tr_with};
use crate::app::theme::tokens;
use crate::app::widgets::section;
use egui::{RichText, ScrollArea, Ui};

const LICENSES: &str = include_str!("../../../assets/LICENSES.md");

/// Draws the page; true when it is to be closed.
pub fn show(ui: &mut Ui) -> bool {
    let t = tokens(ui);
    title(ui, "Cueloom");
    ui.label(tr_with("Version {number}", &[("number", env!("CARGO_PKG_VERSION"))]));
    ui.label(RichText::new(tr("A studio for making, correcting and restyling Cued Speech video.")).color(t.text2));
    section(ui, tr("Licences"));
    ui.label(
        RichText::new(tr("Cueloom is free software under the MIT licence or the Apache licence 2.0, as you choose."))
            .color(t.text2),
    );
    ui.add_space(4.0);
    ScrollArea::vertical().max_height(320.0).auto_shrink([false, true]).show(ui, |ui| {
        for line in LICENSES.lines() {
            super::help::markdown_line(ui, line);
        }
    });
    let mut close = false;
    super::foot(ui, |ui| close = crate::app::widgets::plain_button(ui, tr("Close")).clicked());
    close
}
