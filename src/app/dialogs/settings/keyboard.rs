//! The keyboard's page: a preset, and under it every command with its keys, to be changed one by one.
//!
//! Choose a command (search, arrows), press Enter, press the new keys. A key that another command has is only taken
//! from it after it has been said whose it is.

use super::super::DialogContext;
use crate::app::commands::keymap::{Keymap, KeymapPreset, KeymapSettings};
use crate::app::commands::{Command, shortcut_name};
use crate::app::i18n::{tr, tr_with};
use crate::app::intent::Intent;
use crate::app::list::{ListState, RowList, row_text};
use crate::app::theme::{self, tokens};
use crate::app::widgets::{Tone, list_line, message_strip, search_field};
use egui::{
    Align, Align2, ComboBox, Event, EventFilter, Frame, Id, Key, KeyboardShortcut, Layout, Margin, Modifiers, RichText,
    Role, Sense, Ui, WidgetInfo, vec2,
};

/// Asks for a changed keymap.
type Change<'a> = &'a dyn Fn(&mut Vec<Intent>, &dyn Fn(&mut KeymapSettings));

/// What the page keeps while it is open.
#[derive(Clone, Debug, Default)]
pub struct KeyboardPage {
    search: String,
    list: ListState,
    /// The command whose keys are shown below the list.
    chosen: Option<Command>,
    /// The next keys pressed become a shortcut of the chosen command.
    listening: bool,
    /// Keys that were pressed, and the command that has them already.
    clash: Option<(KeyboardShortcut, Command)>,
}

impl KeyboardPage {
    /// The next keys are to become a shortcut: Escape belongs to that.
    pub fn is_listening(&self) -> bool {
        self.listening
    }
}

/// Draws the page.
pub fn keyboard_page(ui: &mut Ui, state: &mut KeyboardPage, context: &DialogContext<'_>, out: &mut Vec<Intent>) {
    let settings = &context.preferences.keymap;
    let change = |out: &mut Vec<Intent>, what: &dyn Fn(&mut KeymapSettings)| {
        let mut new = context.preferences.clone();
        what(&mut new.keymap);
        out.push(Intent::SetPreferences(Box::new(new)));
    };
    ui.horizontal(|ui| {
        let label = ui.label(tr("Keymap")).id;
        let combo = ComboBox::from_id_salt("keymap preset").selected_text(tr(settings.preset.name())).width(160.0);
        let response = combo.show_ui(ui, |ui| {
            for preset in KeymapPreset::ALL {
                if list_line(ui, settings.preset == preset, tr(preset.name())) {
                    change(out, &|k| k.preset = preset);
                }
            }
        });
        response.response.labelled_by(label).on_hover_text(tr("Keys as hands may know them from other programs."));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_enabled_ui(settings.has_changes(), |ui| {
                if ui.button(tr("Reset all")).on_hover_text(tr("Back to the keys of the preset.")).clicked() {
                    change(out, &|k| k.reset_all());
                }
            });
        });
    });
    ui.add_space(4.0);
    search_field(ui, &mut state.search, tr("Search by name or by keys"));
    ui.add_space(4.0);
    let keymap = Keymap::new(settings);
    let shown = matching(ui, &keymap, &state.search);
    let about = 108.0_f32.min(ui.available_height() * 0.55);
    let height = (ui.available_height() - about - 8.0).max(40.0);
    ui.allocate_ui(vec2(ui.available_width(), height), |ui| {
        ui.set_min_height(height);
        list_ui(ui, state, &shown, &keymap, settings);
    });
    ui.add_space(4.0);
    Frame::new().fill(tokens(ui).surface2).corner_radius(theme::RADIUS).inner_margin(Margin::same(8)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        let height = (about - 20.0).max(24.0);
        ui.set_min_height(height);
        egui::ScrollArea::vertical().id_salt("keys of the command").max_height(height).show(ui, |ui| {
            ui.set_width(ui.available_width());
            about_ui(ui, state, &keymap, settings, &change, out);
        });
    });
}

/// The commands whose name, menu or keys hold what is searched for.
fn matching(ui: &Ui, keymap: &Keymap, search: &str) -> Vec<Command> {
    let wanted = search.trim().to_lowercase();
    let holds = |command: &Command| {
        let info = command.info();
        wanted.is_empty()
            || info.text.to_lowercase().contains(&wanted)
            || info.menu.name().to_lowercase().contains(&wanted)
            || keys_text(ui, keymap, *command).to_lowercase().contains(&wanted)
    };
    Command::ALL.iter().copied().filter(holds).collect()
}

fn keys_text(ui: &Ui, keymap: &Keymap, command: Command) -> String {
    let names: Vec<String> = keymap.shortcuts(command).iter().map(|s| shortcut_name(ui.ctx(), s)).collect();
    names.join("   ")
}

fn list_ui(ui: &mut Ui, state: &mut KeyboardPage, shown: &[Command], keymap: &Keymap, settings: &KeymapSettings) {
    let t = tokens(ui);
    if shown.is_empty() {
        ui.label(RichText::new(tr("No command has this name or these keys.")).color(t.text2));
        return;
    }
    let context = ui.ctx().clone();
    let name = |i: usize| {
        let keys: Vec<String> = keymap.shortcuts(shown[i]).iter().map(|s| shortcut_name(&context, s)).collect();
        let keys = if keys.is_empty() { tr("no keys").to_owned() } else { keys.join(", ") };
        tr_with("Keys of {command}: {keys}", &[("command", shown[i].info().text), ("keys", &keys)])
    };
    let list = RowList {
        id: Id::unique("list of keys"),
        count: shown.len(),
        row_height: 26.0,
        chosen: state.chosen.and_then(|c| shown.iter().position(|s| *s == c)),
        name: &name,
        tooltip: &|i| Some(shown[i].info().tooltip.to_owned()),
    };
    let events = list.show(ui, &mut state.list, |ui, painter, look| {
        let command = shown[look.index];
        let info = command.info();
        painter.rect_filled(look.rect, theme::RADIUS, look.ground(t));
        let y = look.rect.center().y;
        let keys = keys_text(ui, keymap, command);
        let right = look.rect.right() - 8.0;
        let place = painter.text(egui::pos2(right, y), Align2::RIGHT_CENTER, keys, theme::mono(12.0), t.text1);
        let menu = painter.text(
            egui::pos2(look.rect.left() + 8.0, y),
            Align2::LEFT_CENTER,
            info.menu.name(),
            theme::regular(theme::SMALL),
            look.quiet(t),
        );
        let left = look.rect.left() + 8.0 + menu.width().max(36.0) + 8.0;
        let text = info.text.trim_end_matches('…');
        // A changed command is marked by a star, not by colour alone.
        let text = if settings.is_changed(command) { format!("{text} *") } else { text.to_owned() };
        let color = if settings.is_changed(command) { t.accent } else { t.text1 };
        row_text(painter, left, place.left() - 8.0, y, &text, theme::BODY, color);
    });
    if let Some(row) = events.clicked.or(events.walked_to).or(events.entered) {
        if state.chosen != Some(shown[row]) {
            state.clash = None;
            state.listening = false;
        }
        state.chosen = Some(shown[row]);
    }
    if events.entered.is_some() {
        state.listening = true;
    }
}

fn about_ui(
    ui: &mut Ui,
    state: &mut KeyboardPage,
    keymap: &Keymap,
    settings: &KeymapSettings,
    change: Change<'_>,
    out: &mut Vec<Intent>,
) {
    let t = tokens(ui);
    let Some(command) = state.chosen else {
        ui.label(RichText::new(tr("Choose a command to give it other keys.")).color(t.text2));
        return;
    };
    ui.label(RichText::new(command.info().text.trim_end_matches('…')).font(theme::bold(theme::BODY)));
    if state.listening {
        listen(ui, state, command, keymap, change, out);
        return;
    }
    if let Some((shortcut, holder)) = state.clash {
        let keys = shortcut_name(ui.ctx(), &shortcut);
        let text = tr_with("{keys} belongs to {command}.", &[("keys", &keys), ("command", holder.info().text)]);
        message_strip(ui, Tone::Warning, &text);
        ui.horizontal(|ui| {
            if ui.button(tr("Take it from there")).clicked() {
                change(out, &|k| {
                    k.assign(command, shortcut);
                });
                state.clash = None;
            }
            if ui.button(tr("Leave it there")).clicked() {
                state.clash = None;
            }
        });
        return;
    }
    ui.horizontal_wrapped(|ui| {
        for shortcut in keymap.shortcuts(command) {
            let keys = shortcut_name(ui.ctx(), shortcut);
            let button = ui.button(RichText::new(format!("{keys}  ×")).font(theme::mono(12.0)));
            let label = tr_with("Take away {keys}", &[("keys", &keys)]);
            button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
            if button.on_hover_text(tr("Take these keys away from the command.")).clicked() {
                let rest: Vec<_> = keymap.shortcuts(command).iter().copied().filter(|s| s != shortcut).collect();
                change(out, &|k| k.set(command, rest.clone()));
            }
        }
        if ui.button(tr("Add keys…")).on_hover_text(tr("Enter in the list does this.")).clicked() {
            state.listening = true;
        }
        ui.add_enabled_ui(settings.is_changed(command), |ui| {
            if ui.button(tr("Reset")).on_hover_text(tr("Back to the keys of the preset.")).clicked() {
                change(out, &|k| k.reset(command));
            }
        });
    });
}

/// Waits for the new keys, which reach nothing else meanwhile.
fn listen(
    ui: &mut Ui,
    state: &mut KeyboardPage,
    command: Command,
    keymap: &Keymap,
    change: Change<'_>,
    out: &mut Vec<Intent>,
) {
    let t = tokens(ui);
    let text = tr("Press the new keys. Escape leaves everything as it is.");
    let galley = ui.painter().layout_no_wrap(text.to_owned(), theme::regular(theme::BODY), t.text1);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, text));
    ui.painter().rect_stroke(rect, theme::RADIUS, egui::Stroke::new(2.0, t.focus), egui::StrokeKind::Inside);
    ui.painter().with_clip_rect(rect).galley(rect.left_center() + vec2(8.0, -galley.size().y / 2.0), galley, t.text1);
    response.request_focus();
    let all = EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: true };
    ui.memory_mut(|m| m.set_focus_lock_filter(response.id, all));
    let mut pressed = None;
    ui.input_mut(|input| {
        input.events.retain(|event| match event {
            Event::Key { key, pressed: true, repeat: false, modifiers, .. } if pressed.is_none() => {
                pressed = Some((*key, *modifiers));
                false
            }
            Event::Key { .. } | Event::Text(_) => false,
            _ => true,
        });
    });
    let Some((key, modifiers)) = pressed else { return };
    state.listening = false;
    state.list.take_keyboard = true;
    if key == Key::Escape {
        return;
    }
    let shortcut = KeyboardShortcut::new(as_in_tables(modifiers), key);
    match keymap.holder(&shortcut).filter(|holder| *holder != command) {
        Some(holder) => state.clash = Some((shortcut, holder)),
        None => change(out, &|k| {
            k.assign(command, shortcut);
        }),
    }
}

/// Modifiers as the tables write them: Ctrl, and Command on a Mac, are one.
fn as_in_tables(m: Modifiers) -> Modifiers {
    Modifiers { alt: m.alt, ctrl: m.ctrl && !m.command, shift: m.shift, mac_cmd: false, command: m.command }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pressed_modifiers_are_written_as_in_the_tables() {
        let ctrl = Modifiers { ctrl: true, command: true, ..Modifiers::NONE };
        assert_eq!(as_in_tables(ctrl), Modifiers::COMMAND);
        assert_eq!(as_in_tables(ctrl | Modifiers::SHIFT), Modifiers::COMMAND | Modifiers::SHIFT);
        assert_eq!(as_in_tables(Modifiers::ALT), Modifiers::ALT);
    }
}
