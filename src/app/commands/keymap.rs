//! Which keys do what: three presets over the table of commands, and the user's own changes over a preset.
//!
//! The keymap in force lies in egui's memory, so that menus, tooltips, the palette and the help show the same keys that
//! work. A preset is written as what differs from the table; a test holds every preset to be free of clashes.

use super::{Command, TimelineCommand as T};
use crate::app::dock::Pane;
use crate::app::i18n::later;
use egui::{Id, Key, KeyboardShortcut, Modifiers};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

/// Habits that hands may bring along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum KeymapPreset {
    #[default]
    Standard,
    /// As annotators know it from ELAN and Praat.
    Annotator,
    /// As cutters know it from Premiere and Resolve.
    Cutter,
}

impl KeymapPreset {
    pub const ALL: [Self; 3] = [Self::Standard, Self::Annotator, Self::Cutter];

    /// Name in English.
    pub fn name(self) -> &'static str {
        match self {
            Self::Standard => later("Standard"),
            Self::Annotator => later("ELAN and Praat"),
            Self::Cutter => later("Premiere and Resolve"),
        }
    }

    /// The keys of a command where they differ from the table.
    fn own(self, command: Command) -> Option<Vec<KeyboardShortcut>> {
        match self {
            Self::Standard => None,
            Self::Annotator => annotator(command),
            Self::Cutter => cutter(command),
        }
    }

    /// The keys of a command in this preset. What the preset gives to one command it takes from all others.
    pub fn shortcuts(self, command: Command) -> Vec<KeyboardShortcut> {
        static TAKEN: OnceLock<[HashSet<KeyboardShortcut>; KeymapPreset::ALL.len()]> = OnceLock::new();
        self.own(command).unwrap_or_else(|| {
            let taken = TAKEN.get_or_init(|| {
                Self::ALL.map(|preset| Command::ALL.iter().filter_map(|c| preset.own(*c)).flatten().collect())
            });
            let standard = command.english_info().shortcuts.iter().copied();
            standard.filter(|s| !taken[self as usize].contains(s)).collect()
        })
    }
}

const NONE: Modifiers = Modifiers::NONE;
const CTRL: Modifiers = Modifiers::COMMAND;
const SHIFT: Modifiers = Modifiers::SHIFT;
const ALT: Modifiers = Modifiers::ALT;
const CTRL_SHIFT: Modifiers = Modifiers { alt: false, ctrl: false, shift: true, mac_cmd: false, command: true };
const CTRL_ALT: Modifiers = Modifiers { alt: true, ctrl: false, shift: false, mac_cmd: false, command: true };

fn keys(all: &[(Modifiers, Key)]) -> Option<Vec<KeyboardShortcut>> {
    Some(all.iter().map(|(modifiers, key)| KeyboardShortcut::new(*modifiers, *key)).collect())
}

/// ELAN: Ctrl+Space plays, Ctrl with the arrows steps frames, Shift with the arrows seconds, Alt with the arrows
/// annotations. Praat: Tab plays what is selected, Ctrl+A shows all, Ctrl+N what is selected.
fn annotator(command: Command) -> Option<Vec<KeyboardShortcut>> {
    use Command as C;
    match command {
        C::PlayPause => keys(&[(CTRL, Key::Space), (NONE, Key::Space)]),
        C::PlaySelection => keys(&[(NONE, Key::Tab), (SHIFT, Key::Space)]),
        C::PreviousFrame => keys(&[(CTRL, Key::ArrowLeft), (NONE, Key::ArrowLeft)]),
        C::NextFrame => keys(&[(CTRL, Key::ArrowRight), (NONE, Key::ArrowRight)]),
        C::PreviousBoundary => keys(&[(CTRL_ALT, Key::ArrowLeft)]),
        C::NextBoundary => keys(&[(CTRL_ALT, Key::ArrowRight)]),
        C::PreviousKey => keys(&[(ALT, Key::ArrowLeft), (NONE, Key::ArrowUp)]),
        C::NextKey => keys(&[(ALT, Key::ArrowRight), (NONE, Key::ArrowDown)]),
        C::GoToStart => keys(&[(CTRL, Key::B), (NONE, Key::Home)]),
        C::GoToEnd => keys(&[(CTRL, Key::E), (NONE, Key::End)]),
        C::Export => keys(&[(CTRL_SHIFT, Key::E)]),
        C::ZoomToFit => keys(&[(CTRL, Key::A), (NONE, Key::Backslash)]),
        C::ZoomToSelection => keys(&[(CTRL, Key::N), (SHIFT, Key::Backslash), (NONE, Key::Pipe)]),
        C::NewProject => keys(&[(CTRL_SHIFT, Key::N)]),
        C::Deselect => keys(&[(NONE, Key::Escape), (ALT, Key::C)]),
        C::Timeline(T::SelectAll) => keys(&[(CTRL_ALT, Key::A)]),
        C::Timeline(T::TapKeys) => keys(&[(CTRL_ALT, Key::B)]),
        _ => None,
    }
}

/// Premiere: Ctrl+K cuts, Ctrl+M exports, Shift with a figure goes to a panel, Ctrl+Shift+A deselects. Resolve: Shift+Z fits the
/// timeline, Ctrl+/ loops.
fn cutter(command: Command) -> Option<Vec<KeyboardShortcut>> {
    use Command as C;
    match command {
        C::Export => keys(&[(CTRL, Key::M), (CTRL, Key::E)]),
        C::Deselect => keys(&[(NONE, Key::Escape), (CTRL_SHIFT, Key::A)]),
        C::FindCommand => keys(&[(CTRL_SHIFT, Key::P)]),
        C::Shortcuts => keys(&[(CTRL_ALT, Key::K), (SHIFT, Key::F1)]),
        C::ZoomToFit => keys(&[(NONE, Key::Backslash), (SHIFT, Key::Z)]),
        C::LoopSelection => keys(&[(CTRL, Key::Slash), (CTRL, Key::L)]),
        C::Timeline(T::Split) => keys(&[(CTRL, Key::K), (NONE, Key::X)]),
        C::Timeline(T::SelectEverything) => keys(&[(CTRL_ALT, Key::A)]),
        C::Timeline(T::MaskSelection) => keys(&[(CTRL_ALT, Key::M)]),
        C::Timeline(T::Snapping) => keys(&[(NONE, Key::N), (CTRL_SHIFT, Key::N)]),
        C::GoToPanel(Pane::Alignment) => None,
        C::GoToPanel(pane) => {
            let key = match pane {
                Pane::Project => Key::Num1,
                Pane::Takes => Key::Num2,
                Pane::Hands => return None,
                Pane::Timeline => Key::Num3,
                Pane::Viewport => Key::Num4,
                Pane::Inspector => Key::Num5,
                Pane::Problems => Key::Num6,
                Pane::History => Key::Num7,
                Pane::Jobs => Key::Num8,
                Pane::Messages => Key::Num9,
                Pane::Score | Pane::Alignment => Key::Num0,
            };
            keys(&[(SHIFT, key)])
        }
        _ => None,
    }
}

/// What the user has chosen: kept between sessions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeymapSettings {
    pub preset: KeymapPreset,
    /// Keys of commands that differ from the preset, by [`Command::id`]. A command of another version stays unused.
    changed: BTreeMap<String, Vec<KeyboardShortcut>>,
}

impl KeymapSettings {
    /// A preset as it is.
    pub fn of(preset: KeymapPreset) -> Self {
        Self { preset, changed: BTreeMap::new() }
    }

    pub fn is_changed(&self, command: Command) -> bool {
        self.changed.contains_key(&command.id())
    }

    pub fn has_changes(&self) -> bool {
        !self.changed.is_empty()
    }

    /// Gives a command its keys; keys like those of the preset are no change.
    pub fn set(&mut self, command: Command, shortcuts: Vec<KeyboardShortcut>) {
        if shortcuts == self.preset.shortcuts(command) {
            self.changed.remove(&command.id());
        } else {
            self.changed.insert(command.id(), shortcuts);
        }
    }

    /// Gives a command a key, and takes it away from the command that had it. Gives that command.
    pub fn assign(&mut self, command: Command, shortcut: KeyboardShortcut) -> Option<Command> {
        let keymap = Keymap::new(self);
        let had = keymap.holder(&shortcut).filter(|holder| *holder != command);
        if let Some(had) = had {
            let rest = keymap.shortcuts(had).iter().copied().filter(|s| *s != shortcut).collect();
            self.set(had, rest);
        }
        let mut all = keymap.shortcuts(command).to_vec();
        if !all.contains(&shortcut) {
            // The new one is the one that menus show.
            all.insert(0, shortcut);
            self.set(command, all);
        }
        had
    }

    /// Back to the keys of the preset.
    pub fn reset(&mut self, command: Command) {
        self.changed.remove(&command.id());
    }

    pub fn reset_all(&mut self) {
        self.changed.clear();
    }
}

/// The keys of every command.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Keymap {
    by_command: HashMap<Command, Vec<KeyboardShortcut>>,
    by_key: HashMap<KeyboardShortcut, Command>,
}

impl Keymap {
    pub fn new(settings: &KeymapSettings) -> Self {
        let own = |c: Command| settings.changed.get(&c.id());
        // What the user has set goes before what a preset or a newer version gives to another command.
        let taken: HashSet<KeyboardShortcut> = Command::ALL.iter().filter_map(|c| own(*c)).flatten().copied().collect();
        let mut keymap = Self::default();
        for &command in Command::ALL {
            let shortcuts: Vec<KeyboardShortcut> = match own(command) {
                Some(own) => own.clone(),
                None => settings.preset.shortcuts(command).into_iter().filter(|s| !taken.contains(s)).collect(),
            };
            for shortcut in &shortcuts {
                keymap.by_key.entry(*shortcut).or_insert(command);
            }
            keymap.by_command.insert(command, shortcuts);
        }
        keymap
    }

    /// The keys of a command; the first one is the one that menus show.
    pub fn shortcuts(&self, command: Command) -> &[KeyboardShortcut] {
        self.by_command.get(&command).map_or(&[], Vec::as_slice)
    }

    /// The command that has exactly this shortcut.
    pub fn holder(&self, shortcut: &KeyboardShortcut) -> Option<Command> {
        self.by_key.get(shortcut).copied()
    }

    /// Every shortcut with its command, in the order of the commands.
    pub fn all(&self) -> impl Iterator<Item = (Command, KeyboardShortcut)> + '_ {
        Command::ALL.iter().flat_map(|c| self.shortcuts(*c).iter().map(move |s| (*c, *s)))
    }

    /// The keymap in force.
    pub fn of(ctx: &egui::Context) -> Arc<Self> {
        static STANDARD: OnceLock<Arc<Keymap>> = OnceLock::new();
        ctx.data(|d| d.get_temp(place()))
            .unwrap_or_else(|| STANDARD.get_or_init(|| Arc::new(Self::new(&KeymapSettings::default()))).clone())
    }

    /// Puts a keymap in force.
    pub fn put_in_force(self, ctx: &egui::Context) {
        ctx.data_mut(|d| d.insert_temp(place(), Arc::new(self)));
    }
}

fn place() -> Id {
    Id::unique("keymap in force")
}

impl Command {
    /// The command's name in settings: the same in every version and language.
    pub fn id(self) -> String {
        format!("{self:?}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_commands_share_a_shortcut_in_any_preset() {
        for p in KeymapPreset::ALL {
            let mut seen: HashMap<KeyboardShortcut, Command> = HashMap::new();
            for &command in Command::ALL {
                for shortcut in p.shortcuts(command) {
                    if let Some(other) = seen.insert(shortcut, command) {
                        panic!("{p:?}: {command:?} and {other:?} share {shortcut:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_can_be_done_by_key_can_be_done_by_key_in_every_preset() {
        for &command in Command::ALL {
            let standard = KeymapPreset::Standard.shortcuts(command).is_empty();
            for p in KeymapPreset::ALL {
                assert_eq!(p.shortcuts(command).is_empty(), standard, "{p:?} {command:?}");
            }
        }
    }

    #[test]
    fn the_standard_keymap_is_the_table() {
        for &command in Command::ALL {
            assert_eq!(KeymapPreset::Standard.shortcuts(command), command.english_info().shortcuts);
        }
        assert!(KeymapPreset::ALL.iter().enumerate().all(|(i, p)| *p as usize == i));
    }

    #[test]
    fn a_key_taken_from_another_command_is_gone_there_and_comes_back_with_reset() {
        let mut settings = KeymapSettings::default();
        let comma = KeyboardShortcut::new(NONE, Key::Comma);
        assert_eq!(settings.assign(Command::NextReading, comma), Some(Command::NudgeEarlier));
        let keymap = Keymap::new(&settings);
        assert_eq!(keymap.holder(&comma), Some(Command::NextReading));
        assert!(keymap.shortcuts(Command::NudgeEarlier).is_empty());
        assert_eq!(keymap.shortcuts(Command::NextReading)[0], comma, "menus show the new one");
        settings.reset(Command::NextReading);
        settings.reset(Command::NudgeEarlier);
        assert_eq!(settings, KeymapSettings::default());
        // Setting what the preset says is no change.
        settings.set(Command::NudgeEarlier, vec![comma]);
        assert!(!settings.has_changes());
    }

    #[test]
    fn the_users_keys_win_over_those_of_a_preset_chosen_later() {
        let mut settings = KeymapSettings::default();
        let key = KeyboardShortcut::new(CTRL, Key::M);
        settings.assign(Command::Help, key);
        settings.preset = KeymapPreset::Cutter;
        let keymap = Keymap::new(&settings);
        assert_eq!(keymap.holder(&key), Some(Command::Help));
        assert!(!keymap.shortcuts(Command::Export).contains(&key) && !keymap.shortcuts(Command::Export).is_empty());
    }

    #[test]
    fn settings_are_read_again_and_unknown_commands_do_no_harm() {
        let mut settings = KeymapSettings::of(KeymapPreset::Annotator);
        settings.assign(Command::Shape(crate::cueing::HandShape(3)), KeyboardShortcut::new(ALT, Key::Y));
        settings.changed.insert("CommandOfTomorrow".into(), vec![KeyboardShortcut::new(NONE, Key::Y)]);
        let text = ron::to_string(&settings).unwrap();
        let again: KeymapSettings = ron::from_str(&text).unwrap();
        assert_eq!(again, settings);
        let keymap = Keymap::new(&again);
        assert_eq!(keymap.holder(&KeyboardShortcut::new(NONE, Key::Y)), Some(Command::NextReading));
    }

    #[test]
    fn command_names_are_all_different() {
        let names: HashSet<String> = Command::ALL.iter().map(|c| c.id()).collect();
        assert_eq!(names.len(), Command::ALL.len());
    }
}
