//! From the keyboard to commands. Shortcuts are taken from the event queue before any widget sees them, but never while
//! a text field has the focus or a dialog is open.

use super::keymap::Keymap;
use super::{Command, TakeCommand};
use crate::app::i18n::{later, tr};
use egui::{Event, FocusDirection, Key, KeyboardShortcut, Modifiers};

impl Command {
    /// Whether holding the key down repeats the command.
    fn repeats(self) -> bool {
        use Command as C;
        matches!(
            self,
            C::PreviousFrame
                | C::NextFrame
                | C::BackSecond
                | C::ForwardSecond
                | C::PreviousBoundary
                | C::NextBoundary
                | C::PreviousKey
                | C::NextKey
                | C::NudgeEarlier
                | C::NudgeLater
                | C::NudgeEarlierMs
                | C::NudgeLaterMs
                | C::ZoomIn
                | C::Takes(TakeCommand::Previous | TakeCommand::Next)
                | C::ZoomOut
                | C::Undo
                | C::Redo
                | C::TextLarger
                | C::TextSmaller
        ) || matches!(self, C::Timeline(command) if command.repeats())
    }

    /// Shortcuts without Ctrl: they would type into a text field, so they wait while one has the focus.
    fn is_plain(shortcut: &KeyboardShortcut) -> bool {
        !shortcut.modifiers.command && !is_function_key(shortcut.logical_key)
    }
}

/// Keys that are labelled in words, in other words on other keyboards.
const KEY_NAMES: [&str; 11] = [
    later("Shift"),
    later("Space"),
    later("Enter"),
    later("Esc"),
    later("Home"),
    later("End"),
    later("Insert"),
    later("Delete"),
    later("Backspace"),
    later("PageUp"),
    later("PageDown"),
];

/// A shortcut as it stands on the keyboard: `Ctrl+=`, `\\`, `Shift+←`, in French `Maj+←`.
pub fn shortcut_name(ctx: &egui::Context, shortcut: &KeyboardShortcut) -> String {
    let name = english_name(ctx, shortcut);
    name.split('+').map(|part| if KEY_NAMES.contains(&part) { tr(part) } else { part }).collect::<Vec<_>>().join("+")
}

fn english_name(ctx: &egui::Context, shortcut: &KeyboardShortcut) -> String {
    let sign = match shortcut.logical_key {
        Key::Equals => "=",
        Key::Plus => "+",
        Key::Minus => "–",
        Key::Backslash => "\\",
        Key::Pipe => "|",
        Key::Slash => "/",
        Key::Comma => ",",
        Key::Period => ".",
        Key::OpenBracket => "[",
        Key::CloseBracket => "]",
        Key::ArrowLeft => "←",
        Key::ArrowRight => "→",
        Key::ArrowUp => "↑",
        Key::ArrowDown => "↓",
        Key::Escape => "Esc",
        _ => return ctx.format_shortcut(shortcut),
    };
    let mut parts = Vec::new();
    if shortcut.modifiers.command {
        parts.push(if ctx.os() == egui::os::OperatingSystem::Mac { "Cmd" } else { "Ctrl" });
    }
    if shortcut.modifiers.alt {
        parts.push("Alt");
    }
    if shortcut.modifiers.shift {
        parts.push("Shift");
    }
    parts.push(sign);
    parts.join("+")
}

fn is_function_key(key: Key) -> bool {
    matches!(
        key,
        Key::F1
            | Key::F2
            | Key::F3
            | Key::F4
            | Key::F5
            | Key::F6
            | Key::F7
            | Key::F8
            | Key::F9
            | Key::F10
            | Key::F11
            | Key::F12
    )
}

/// Punctuation needs Shift on some keyboards: there Shift is not held against it.
fn is_punctuation(key: Key) -> bool {
    matches!(
        key,
        Key::Slash | Key::Backslash | Key::Pipe | Key::Plus | Key::Equals | Key::Minus | Key::Comma | Key::Period
    )
}

fn matches(shortcut: &KeyboardShortcut, key: Key, modifiers: Modifiers) -> bool {
    shortcut.logical_key == key
        && (modifiers.matches_exact(shortcut.modifiers)
            || (is_punctuation(key) && modifiers.matches_logically(shortcut.modifiers)))
}

/// What stands between the keyboard and the shortcuts at this moment.
#[derive(Clone, Copy, Debug, Default)]
pub struct KeyboardState {
    /// A text field has the focus.
    pub typing: bool,
    /// A dialog or a menu is open: only it may hear the keyboard.
    pub blocked: bool,
    /// A control outside the timeline has the focus: Enter and the arrows belong to it.
    pub on_control: bool,
    /// A segment of the timeline has the focus: arrows walk along the lane, Enter opens its times.
    pub on_segment: bool,
    /// A handle of the timeline has the focus: arrows move it, whatever is held with them.
    pub on_handle: bool,
    /// A row of a list has the focus: the keys that walk along it and act on a row are its own.
    pub on_row: bool,
    /// A pane as a whole has the focus: Tab leads to what is in it.
    pub on_pane: bool,
}

/// Takes the shortcuts out of the event queue and gives their commands in the order they were pressed.
pub fn consume_shortcuts(ctx: &egui::Context, state: KeyboardState) -> Vec<Command> {
    if state.blocked {
        return Vec::new();
    }
    let keymap = Keymap::of(ctx);
    let mut found = Vec::new();
    let mut took_tab = false;
    ctx.input_mut(|input| {
        input.events.retain(|event| {
            // The window system turns Ctrl+C and friends into events of their own; they are not ours.
            let Event::Key { key, pressed: true, repeat, modifiers, .. } = event else { return true };
            let Some(command) = lookup(&keymap, *key, *modifiers, state) else { return true };
            // Held with K, J and L are frame steps, and those repeat.
            let steps = matches!(command, Command::ShuttleBack | Command::ShuttleForward)
                && keymap.shortcuts(Command::ShuttleStop).iter().any(|s| input.keys_down.contains(&s.logical_key));
            if !*repeat || command.repeats() || steps {
                found.push(command);
            }
            took_tab |= *key == Key::Tab;
            false
        });
    });
    if took_tab {
        // egui has seen the key before this and is about to move the focus on.
        ctx.memory_mut(|m| m.move_focus(FocusDirection::None));
    }
    found
}

fn lookup(keymap: &Keymap, key: Key, modifiers: Modifiers, state: KeyboardState) -> Option<Command> {
    let arrows = matches!(key, Key::ArrowLeft | Key::ArrowRight | Key::ArrowUp | Key::ArrowDown);
    if state.on_segment && (arrows || key == Key::Home || key == Key::End) && modifiers.is_none() {
        return None;
    }
    if state.on_segment && key == Key::Enter && modifiers.is_none() {
        return None;
    }
    if state.on_handle && ((arrows && !modifiers.alt) || key == Key::Enter) {
        return None;
    }
    let of_rows = [Key::Home, Key::End, Key::PageUp, Key::PageDown, Key::Enter, Key::Delete, Key::Backspace];
    if state.on_row && modifiers.is_none() && (arrows || of_rows.contains(&key)) {
        return None;
    }
    // Where a keymap gives Tab to a command, it has it on the timeline and where nothing has the focus. Everywhere else
    // Tab walks on, or whoever has no pointer could no longer reach anything.
    if key == Key::Tab && (state.on_control || state.on_handle || state.on_pane) {
        return None;
    }
    // Focused buttons are pressed with Enter, and arrows move between them; Space stays with the transport.
    if state.on_control && (key == Key::Enter || (arrows && modifiers.is_none())) {
        return None;
    }
    // Exact matches first: Ctrl+Shift+Z must not be taken for Ctrl+Z.
    let exact = |(_, s): &(Command, KeyboardShortcut)| s.logical_key == key && modifiers.matches_exact(s.modifiers);
    let found = keymap.all().find(exact).or_else(|| keymap.all().find(|(_, s)| matches(s, key, modifiers)))?;
    if state.typing && (Command::is_plain(&found.1) || belongs_to_text(found.0) || is_text_key(&found.1)) {
        return None;
    }
    Some(found.0)
}

/// What every text field does with Ctrl, whatever a keymap gives these keys to.
fn is_text_key(shortcut: &KeyboardShortcut) -> bool {
    let of_text = [Key::A, Key::C, Key::V, Key::X, Key::Z, Key::Y];
    let moving = [Key::ArrowLeft, Key::ArrowRight, Key::Home, Key::End, Key::Backspace, Key::Delete];
    let modifiers = shortcut.modifiers;
    modifiers.command
        && !modifiers.alt
        && (of_text.contains(&shortcut.logical_key) || moving.contains(&shortcut.logical_key))
}

/// Undo and redo inside a text field are the field's own.
fn belongs_to_text(command: Command) -> bool {
    matches!(command, Command::Undo | Command::Redo | Command::Deselect)
        || matches!(command, Command::Timeline(command) if command.belongs_to_text())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::commands::keymap::{KeymapPreset, KeymapSettings};
    use std::collections::HashSet;

    /// Looks a key up in the standard keymap.
    fn find(key: Key, modifiers: Modifiers, state: KeyboardState) -> Option<Command> {
        lookup(&Keymap::new(&KeymapSettings::default()), key, modifiers, state)
    }

    #[test]
    fn no_two_commands_share_a_name() {
        let mut names = HashSet::new();
        for &command in Command::ALL {
            assert!(names.insert(command.english_info().text), "{command:?}");
        }
    }

    #[test]
    fn every_shortcut_finds_its_own_command_in_every_preset() {
        for preset in KeymapPreset::ALL {
            let keymap = Keymap::new(&KeymapSettings::of(preset));
            for (command, s) in keymap.all() {
                let found = lookup(&keymap, s.logical_key, s.modifiers, KeyboardState::default());
                assert_eq!(found, Some(command), "{preset:?} {s:?}");
            }
        }
    }

    #[test]
    fn texts_are_sentence_case_with_a_sentence_beside_them() {
        // The languages stand in their own words.
        let own_words = [Command::LanguageEnglish, Command::LanguageChinese, Command::LanguageFrench];
        for &command in Command::ALL.iter().filter(|c| !own_words.contains(c)) {
            let info = command.info();
            let words: Vec<&str> = info.text.split(' ').collect();
            assert!(words[0].starts_with(char::is_uppercase));
            for word in &words[1..] {
                let name = ["Mandarin", "French", "English"].contains(word);
                assert!(name || !word.starts_with(char::is_uppercase), "{}", info.text);
            }
            assert!(info.tooltip.ends_with('.'), "{}", info.tooltip);
        }
    }

    #[test]
    fn a_text_field_keeps_its_letters_and_its_undo() {
        let typing = KeyboardState { typing: true, ..Default::default() };
        assert_eq!(find(Key::Q, Modifiers::NONE, typing), None);
        assert_eq!(find(Key::Space, Modifiers::NONE, typing), None);
        assert_eq!(find(Key::Z, Modifiers::COMMAND, typing), None);
        assert_eq!(find(Key::S, Modifiers::COMMAND, typing), Some(Command::Save));
        assert_eq!(find(Key::F1, Modifiers::NONE, typing), Some(Command::Help));
        let annotator = Keymap::new(&KeymapSettings::of(KeymapPreset::Annotator));
        assert_eq!(lookup(&annotator, Key::A, Modifiers::COMMAND, typing), None, "Ctrl+A selects the text");
    }

    #[test]
    fn a_focused_button_is_pressed_with_enter() {
        let control = KeyboardState { on_control: true, ..Default::default() };
        assert_eq!(find(Key::Enter, Modifiers::NONE, control), None);
        assert_eq!(find(Key::Space, Modifiers::NONE, control), Some(Command::PlayPause));
    }

    #[test]
    fn tab_belongs_to_the_focus_wherever_there_is_something_to_walk_to() {
        let annotator = Keymap::new(&KeymapSettings::of(KeymapPreset::Annotator));
        let state = KeyboardState::default();
        for (state, expected) in [
            (state, Some(Command::PlaySelection)),
            (KeyboardState { on_segment: true, ..state }, Some(Command::PlaySelection)),
            (KeyboardState { on_control: true, ..state }, None),
            (KeyboardState { on_handle: true, ..state }, None),
            (KeyboardState { on_pane: true, ..state }, None),
            (KeyboardState { typing: true, ..state }, None),
        ] {
            assert_eq!(lookup(&annotator, Key::Tab, Modifiers::NONE, state), expected, "{state:?}");
            assert_eq!(lookup(&annotator, Key::Tab, Modifiers::SHIFT, state), None, "{state:?}");
            assert_eq!(find(Key::Tab, Modifiers::NONE, state), None, "{state:?}");
        }
    }

    #[test]
    fn a_list_walks_with_its_own_keys() {
        let row = KeyboardState { on_row: true, ..Default::default() };
        assert_eq!(find(Key::End, Modifiers::NONE, row), None);
        assert_eq!(find(Key::Enter, Modifiers::NONE, row), None);
        assert_eq!(find(Key::Space, Modifiers::NONE, row), Some(Command::PlayPause));
    }

    #[test]
    fn shift_on_punctuation_is_forgiven() {
        assert_eq!(find(Key::Slash, Modifiers::SHIFT, KeyboardState::default()), Some(Command::PlayAround));
        assert_eq!(find(Key::Z, Modifiers::COMMAND | Modifiers::SHIFT, KeyboardState::default()), Some(Command::Redo));
    }
}
