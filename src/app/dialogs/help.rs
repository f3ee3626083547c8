//! Help: short pages that can be searched, and every shortcut, made from the list of commands itself.

use super::title;
use crate::app::commands::keymap::Keymap;
use crate::app::commands::{Command, Menu, shortcut_name};
use crate::app::i18n::{UiLanguage, french_spaces, language, tr};
use crate::app::theme::{self, tokens};
use crate::app::widgets::plain_button;
use egui::{Key, Margin, RichText, ScrollArea, TextEdit, Ui, vec2};
use std::sync::OnceLock;

const ENGLISH: &str = include_str!("../help.md");
const CHINESE: &str = include_str!("../help.zh.md");
const FRENCH: &str = include_str!("../help.fr.md");

/// What is being looked for.
#[derive(Clone, Debug, Default)]
pub struct HelpState {
    pub query: String,
    /// Only the shortcuts.
    pub shortcuts: bool,
}

/// One page: a heading and what stands under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub title: &'static str,
    pub text: &'static str,
}

/// The help text in a language.
fn text(language: UiLanguage) -> &'static str {
    static SPACED: OnceLock<String> = OnceLock::new();
    match language {
        UiLanguage::English => ENGLISH,
        UiLanguage::Chinese => CHINESE,
        UiLanguage::French => SPACED.get_or_init(|| french_spaces(FRENCH)),
    }
}

/// The pages of the help in the language of the interface, split at the second-level headings.
pub fn pages() -> Vec<Page> {
    text(language())
        .split("\n## ")
        .skip(1)
        .filter_map(|part| part.split_once('\n'))
        .map(|(title, text)| Page { title: title.trim(), text: text.trim() })
        .collect()
}

/// Draws the window; true when it is to be closed.
pub fn show(ui: &mut Ui, state: &mut HelpState) -> bool {
    let t = tokens(ui);
    title(ui, if state.shortcuts { tr("Keyboard shortcuts") } else { tr("Help") });
    ui.horizontal(|ui| {
        ui.selectable_value(&mut state.shortcuts, false, tr("Pages"));
        ui.selectable_value(&mut state.shortcuts, true, tr("Shortcuts"));
        let field = TextEdit::singleline(&mut state.query)
            .hint_text(tr("Search the help"))
            .desired_width(f32::INFINITY)
            .margin(Margin::symmetric(6, 4));
        ui.add(field).accessible_name(tr("Search the help"));
    });
    ui.add_space(8.0);
    let wanted = state.query.trim().to_lowercase();
    let height = (ui.ctx().content_rect().height() - 260.0).clamp(200.0, 560.0);
    // There is nothing on a page that could take the focus: the keys that turn pages work wherever it is.
    let turned = ui.input(|i| i.num_presses(Key::PageUp) as f32 - i.num_presses(Key::PageDown) as f32);
    ScrollArea::vertical().max_height(height).auto_shrink([false, false]).show(ui, |ui| {
        ui.set_max_width(ui.available_width() - 12.0);
        if turned != 0.0 {
            ui.scroll_with_delta(vec2(0.0, turned * height * 0.9));
        }
        if state.shortcuts {
            shortcuts(ui, &wanted);
            return;
        }
        let mut any = false;
        for page in pages() {
            if !wanted.is_empty()
                && !page.title.to_lowercase().contains(&wanted)
                && !page.text.to_lowercase().contains(&wanted)
            {
                continue;
            }
            any = true;
            ui.label(RichText::new(page.title).font(theme::bold(theme::BODY)).color(t.text1));
            for line in page.text.lines() {
                markdown_line(ui, line);
            }
            ui.add_space(8.0);
        }
        if !any {
            ui.label(RichText::new(tr("No page holds these words. Try Find a command (Ctrl+K).")).color(t.text2));
        }
    });
    let mut close = false;
    super::foot(ui, |ui| close = plain_button(ui, tr("Close")).clicked());
    close
}

fn shortcuts(ui: &mut Ui, wanted: &str) {
    let t = tokens(ui);
    let keymap = Keymap::of(ui.ctx());
    for menu in Menu::ALL {
        let rows: Vec<_> = Command::ALL
            .iter()
            .map(|c| (c, c.info()))
            .filter(|(c, i)| i.menu == menu && !keymap.shortcuts(**c).is_empty())
            .filter(|(_, i)| wanted.is_empty() || i.text.to_lowercase().contains(wanted))
            .collect();
        if rows.is_empty() {
            continue;
        }
        ui.label(RichText::new(menu.name()).font(theme::bold(theme::BODY)));
        egui::Grid::new(("shortcuts", menu.name())).num_columns(2).min_col_width(208.0).show(ui, |ui| {
            for (command, info) in rows {
                let keys: Vec<String> = keymap.shortcuts(*command).iter().map(|s| shortcut_name(ui.ctx(), s)).collect();
                ui.label(RichText::new(keys.join(&format!("  {}  ", tr("or")))).font(theme::mono(12.0)).color(t.text2));
                ui.label(info.text.trim_end_matches('…'));
                ui.end_row();
            }
        });
        ui.add_space(8.0);
    }
    if wanted.is_empty() {
        ui.label(RichText::new(tr("Mouse")).font(theme::bold(theme::BODY)));
        for line in [
            tr("- Ctrl+wheel over the timeline: zoom at the pointer"),
            tr("- Shift+wheel, or drag with the middle button: pan"),
            tr("- Ctrl+drag on the ruler: loop a stretch"),
            tr("- Shift while dragging a handle: no snapping"),
        ] {
            markdown_line(ui, line);
        }
    }
}

/// One line of simple Markdown: headings, list items, and text with its marks taken off.
pub fn markdown_line(ui: &mut Ui, line: &str) {
    let t = tokens(ui);
    let plain = |s: &str| s.replace("**", "").replace('`', "");
    if let Some(heading) = line.strip_prefix('#') {
        ui.add_space(4.0);
        ui.label(RichText::new(plain(heading.trim_start_matches('#').trim())).font(theme::bold(theme::BODY)));
    } else if let Some(item) = line.trim_start().strip_prefix("- ") {
        ui.horizontal_top(|ui| {
            ui.add_space(8.0);
            ui.label(RichText::new("·").color(t.text3));
            ui.add(egui::Label::new(RichText::new(plain(item)).color(t.text2)).wrap());
        });
    } else if line.starts_with('|') {
        // A row of a table: its first cell, then the rest; the line under the head is left out.
        let cells: Vec<String> = line.trim_matches('|').split('|').map(|c| plain(c.trim())).collect();
        if cells.iter().all(|c| c.chars().all(|c| c == '-' || c == ':')) {
            return;
        }
        if let Some((first, rest)) = cells.split_first() {
            ui.label(RichText::new(first).color(t.text1));
            ui.horizontal_top(|ui| {
                ui.add_space(12.0);
                ui.add(egui::Label::new(RichText::new(rest.join(" · ")).color(t.text2)).wrap());
            });
        }
    } else if line.trim().is_empty() {
        ui.add_space(4.0);
    } else {
        ui.label(RichText::new(plain(line)).color(t.text2));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_has_pages_and_names_only_keys_that_exist() {
        let pages = pages();
        assert!(pages.len() >= 8, "{}", pages.len());
        assert!(pages.iter().all(|p| !p.title.is_empty() && p.text.len() > 60));
    }

    /// What a page is made of: `#` a page, `-` an item, `.` a paragraph.
    fn shape(text: &str) -> Vec<String> {
        let mut shape: Vec<String> = Vec::new();
        for line in text.lines().filter(|l| !l.trim().is_empty()) {
            match line.split_once(' ') {
                Some((mark, _)) if mark.starts_with('#') => shape.push(mark.to_owned()),
                Some(("-", _)) => shape.push("-".into()),
                _ => shape.push(".".into()),
            }
        }
        shape
    }

    #[test]
    fn the_three_languages_have_the_same_pages() {
        let english = shape(ENGLISH);
        for (name, other) in [("Chinese", CHINESE), ("French", FRENCH)] {
            let other = shape(other);
            let at = english.iter().zip(&other).position(|(a, b)| a != b).unwrap_or(english.len().min(other.len()));
            let pages = english[..at].iter().filter(|m| *m == "##").count();
            assert!(english == other, "the {name} help differs from the English one within page {pages}");
        }
    }
}
