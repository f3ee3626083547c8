//! What the user has set for the window as a whole: kept between sessions, never part of a project.

use super::commands::Command;
use super::commands::keymap::KeymapSettings;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Commands that the palette remembers.
const RECENT: usize = 8;

/// See the module. What has a command of its own (theme, text size, language) is kept beside this.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    pub keymap: KeymapSettings,
    /// Show every frame, and play slower where it must be, rather than leave frames out.
    pub every_frame: bool,
    /// Nothing moves by itself: no fades, no smooth scrolling.
    pub reduced_motion: bool,
    /// The person of new projects; a built-in name.
    pub identity: String,
    /// Where new projects are made; `None` is the folder of the program's choice.
    pub home: Option<PathBuf>,
    /// The commands run last from the palette, newest first, by their ids.
    recent_commands: Vec<String>,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            keymap: KeymapSettings::default(),
            every_frame: false,
            reduced_motion: false,
            identity: crate::jobs::draft::DEFAULT_IDENTITY.into(),
            home: None,
            recent_commands: Vec::new(),
        }
    }
}

impl Preferences {
    /// As read from the settings: values that no field would take become ones that it does.
    pub fn repaired(mut self) -> Self {
        let clean = Self::default();
        if !crate::render::identity::Identity::builtin_names().contains(&self.identity.as_str()) {
            self.identity = clean.identity;
        }
        self
    }

    /// Remembers that a command was run from the palette.
    pub fn note_command(&mut self, command: Command) {
        let id = command.id();
        self.recent_commands.retain(|c| *c != id);
        self.recent_commands.insert(0, id);
        self.recent_commands.truncate(RECENT);
    }

    /// The commands run last from the palette, newest first.
    pub fn recent_commands(&self) -> Vec<Command> {
        let find = |id: &String| Command::ALL.iter().copied().find(|c| c.id() == *id);
        self.recent_commands.iter().filter_map(find).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_values_are_repaired_and_unknown_commands_forgotten() {
        let text = "(identity: \"nobody\", recent_commands: [\"Help\", \"Gone\"])";
        let read: Preferences = ron::from_str(text).unwrap();
        let read = read.repaired();
        assert_eq!(read.identity, Preferences::default().identity);
        assert_eq!(read.recent_commands(), [Command::Help]);
    }

    #[test]
    fn the_newest_command_comes_first_and_once() {
        let mut preferences = Preferences::default();
        for command in Command::ALL.iter().take(12).chain([&Command::Help, &Command::About, &Command::Help]) {
            preferences.note_command(*command);
        }
        let recent = preferences.recent_commands();
        assert_eq!((recent[0], recent[1], recent.len()), (Command::Help, Command::About, RECENT));
    }
}
