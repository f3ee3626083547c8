//! Find a command: type a few letters of anything the program can do, choose with the arrows, run it with Enter.

use super::DialogContext;
use crate::app::commands::Command;
use crate::app::i18n::tr;
use crate::app::intent::Intent;
use crate::app::theme::{self, tokens};
use egui::{Align2, Key, Modifiers, Role, Sense, TextEdit, Ui, WidgetInfo, vec2};

/// What has been typed, and which line is chosen.
#[derive(Clone, Debug, Default)]
pub struct PaletteState {
    query: String,
    chosen: usize,
    focused: bool,
}

/// How well `text` matches `query`: letters in order, better at starts of words and side by side. `None`: not at all.
pub fn score(query: &str, text: &str) -> Option<i32> {
    let text: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    let mut total = 0;
    let mut from = 0;
    let mut last: Option<usize> = None;
    for c in query.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase) {
        let starts_word = |i: usize| i == 0 || !text[i - 1].is_alphanumeric();
        let rest = || (from..text.len()).filter(|i| text[*i] == c);
        // The next letter if it is the right one, else the start of a word, else the first there is.
        let at = rest()
            .find(|i| last == Some(i.wrapping_sub(1)))
            .or_else(|| rest().find(|i| starts_word(*i)))
            .or_else(|| rest().next())?;
        total += 1;
        if starts_word(at) {
            total += 8;
        }
        if last == Some(at.wrapping_sub(1)) {
            total += 5;
        }
        total -= i32::try_from((at - from).min(6)).unwrap_or(6) / 2;
        last = Some(at);
        from = at + 1;
    }
    Some(total * 4 - i32::try_from(text.len()).unwrap_or(0) / 4)
}

/// How much the command run last is ahead of one never run, in points of [`score`]: enough to decide between matches
/// of one kind, not enough to put a scattered match before a whole word.
const RECENT_AHEAD: i32 = 16;

/// Commands that match, best first; those run last come before others that match as well.
pub fn find(query: &str, recent: &[Command]) -> Vec<Command> {
    let ahead = |c: &Command| {
        let place = recent.iter().position(|r| r == c)?;
        Some(RECENT_AHEAD - i32::try_from(place).unwrap_or(RECENT_AHEAD).min(RECENT_AHEAD))
    };
    let mut found: Vec<(i32, usize, Command)> = Command::ALL
        .iter()
        .enumerate()
        .filter_map(|(order, c)| {
            let info = c.info();
            let by_name = score(query, info.text);
            let by_menu = score(query, &format!("{} {}", info.menu.name(), info.text)).map(|s| s - 6);
            // Whatever the language of the interface, a command is also found by its English name.
            let by_english = score(query, c.english_info().text).map(|s| s - 8);
            let best = by_name.max(by_menu).max(by_english)?;
            Some((best + ahead(c).unwrap_or(0), order, *c))
        })
        .collect();
    if query.trim().is_empty() {
        // Nothing is typed: what was run last, then all in the order of the menus.
        found.sort_by_key(|(_, order, c)| (-ahead(c).unwrap_or(0), *order));
    } else {
        found.sort_by_key(|(score, order, _)| (-score, *order));
    }
    found.into_iter().map(|(_, _, c)| c).collect()
}

/// Draws the palette; true when it is to be closed.
pub fn show(ui: &mut Ui, state: &mut PaletteState, context: &DialogContext<'_>, out: &mut Vec<Intent>) -> bool {
    let t = tokens(ui);
    let found = find(&state.query, &context.preferences.recent_commands());
    let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
    if pressed(Key::ArrowDown) {
        state.chosen += 1;
    }
    if pressed(Key::ArrowUp) {
        state.chosen = state.chosen.saturating_sub(1);
    }
    let run = pressed(Key::Enter);
    let field = TextEdit::singleline(&mut state.query)
        .hint_text(tr("Find a command"))
        .desired_width(f32::INFINITY)
        .font(theme::regular(theme::TITLE))
        .margin(egui::Margin::symmetric(8, 6));
    let response = ui.add(field).accessible_name(tr("Find a command"));
    if !state.focused {
        response.request_focus();
        state.focused = true;
    }
    if response.changed() {
        state.chosen = 0;
    }
    state.chosen = state.chosen.min(found.len().saturating_sub(1));
    ui.add_space(4.0);
    let mut close = false;
    // As high as the window leaves room for: with large text that is little.
    let height = (ui.ctx().content_rect().height() - 150.0).clamp(120.0, 360.0);
    egui::ScrollArea::vertical().id_salt("commands").max_height(height).auto_shrink([false, true]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        if found.is_empty() {
            ui.label(tr("No command has these letters in this order."));
        }
        for (i, command) in found.iter().enumerate() {
            let info = command.info();
            let why_not = (context.why_not)(*command);
            let possible = why_not.is_none();
            let (rect, row) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::click());
            let chosen = i == state.chosen;
            let name = match why_not {
                Some(reason) => format!("{}, {reason}", info.text),
                None => info.text.to_owned(),
            };
            row.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, possible, chosen, &name));
            if chosen {
                ui.painter().rect_filled(rect, theme::RADIUS, t.accent_fill());
                if run || pressed_arrow(ui) {
                    row.scroll_to_me(None);
                }
            } else if row.hovered() {
                ui.painter().rect_filled(rect, theme::RADIUS, t.surface2);
            }
            let color = if possible { t.text1 } else { t.text3 };
            let text = rect.shrink2(vec2(8.0, 0.0));
            let menu = ui.painter().text(
                text.left_center(),
                Align2::LEFT_CENTER,
                info.menu.name(),
                theme::regular(theme::SMALL),
                t.text3,
            );
            let left = text.left_center() + vec2(menu.width().max(36.0) + 8.0, 0.0);
            ui.painter().text(left, Align2::LEFT_CENTER, info.text, theme::regular(theme::BODY), color);
            let right = why_not.map_or_else(|| command.shortcut_text(ui.ctx()), str::to_owned);
            ui.painter().text(text.right_center(), Align2::RIGHT_CENTER, right, theme::regular(theme::SMALL), t.text2);
            if possible && (row.clicked() || (run && chosen)) {
                close = true;
                out.push(Intent::CloseDialog);
                out.push(Intent::DoFromPalette(*command));
            }
        }
    });
    close
}

fn pressed_arrow(ui: &Ui) -> bool {
    // The list follows the choice, not the mouse wheel.
    ui.input(|i| i.key_down(Key::ArrowDown) || i.key_down(Key::ArrowUp))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_letters_find_the_command() {
        for (query, command) in [
            ("exp", Command::Export),
            ("undo", Command::Undo),
            ("npr", Command::NewProject),
            ("zoom fit", Command::ZoomToFit),
            ("position chin", Command::Place(crate::cueing::Position::Chin)),
            ("shape 4", Command::Shape(crate::cueing::HandShape(4))),
            ("high", Command::ThemeHighContrast),
            ("licence", Command::About),
        ] {
            assert_eq!(find(query, &[]).first(), Some(&command), "{query}");
        }
        assert!(find("qqqq", &[]).is_empty());
        assert_eq!(find("", &[]).len(), Command::ALL.len());
    }

    #[test]
    fn what_was_run_last_comes_first_among_equals() {
        let recent = [Command::ZoomToFit, Command::About];
        assert_eq!(find("", &recent)[..2], recent);
        assert_eq!(find("zoom", &[Command::ZoomToSelection])[0], Command::ZoomToSelection);
        assert_eq!(find("undo", &recent)[0], Command::Undo, "a whole word stays ahead");
    }
}
