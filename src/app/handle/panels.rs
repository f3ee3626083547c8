//! What the panels ask for: steps of the history, remedies of problems, messages.

use super::{Pane, Studio};
use crate::app::commands::keymap::Keymap;
use crate::app::commands::{Command, Needs};
use crate::app::i18n::tr;
use crate::app::intent::Intent;
use crate::app::preferences::Preferences;
use crate::app::problems::{self, SeenMark};
use crate::app::theme;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Projects for which it is remembered what was seen.
const REMEMBERED: usize = 40;

impl Studio {
    pub(in crate::app) fn apply_remedy(&mut self, ctx: &egui::Context, index: usize, remedy: usize) {
        let Some(opened) = &self.opened else { return };
        let Some(problem) = opened.board.problems.get(index).cloned() else { return };
        let mut all = problems::remedies(&problem, opened.project());
        if remedy >= all.len() {
            // A problem without a remedy is one to be looked at.
            self.go_to_problem(index);
            return;
        }
        let intents: Vec<Intent> =
            problems::go_there(&problem).into_iter().chain(all.swap_remove(remedy).intents).collect();
        for intent in intents {
            self.handle(ctx, intent);
        }
        self.view.problem = Some(index);
    }

    pub(in crate::app) fn mark_seen(&mut self, index: usize, seen: bool) {
        let Some(opened) = &self.opened else { return };
        let Some(problem) = opened.board.problems.get(index) else { return };
        let mark = problems::mark_of(problem);
        if seen {
            self.seen.insert(mark);
        } else {
            self.seen.remove(&mark);
        }
    }

    /// Puts what was seen of the open project beside that of the others.
    pub(in crate::app) fn keep_seen(&mut self) {
        self.seen_elsewhere = self.all_seen();
        self.seen.clear();
    }

    /// What was seen, by project, for the settings.
    pub(in crate::app) fn all_seen(&self) -> BTreeMap<PathBuf, BTreeSet<SeenMark>> {
        let mut all = self.seen_elsewhere.clone();
        if let Some(opened) = &self.opened {
            all.remove(&opened.folder);
            if !self.seen.is_empty() {
                all.insert(opened.folder.clone(), self.seen.clone());
            }
        }
        // Of many projects only those opened last are remembered.
        if all.len() > REMEMBERED {
            all.retain(|folder, _| self.recent.contains(folder));
        }
        all
    }

    /// Puts other preferences in force.
    pub(in crate::app) fn set_preferences(&mut self, ctx: &egui::Context, preferences: Preferences) {
        self.preferences = preferences.repaired();
        self.apply_preferences(ctx);
    }

    /// Puts the preferences in force: keys, motion.
    pub(in crate::app) fn apply_preferences(&self, ctx: &egui::Context) {
        Keymap::new(&self.preferences.keymap).put_in_force(ctx);
        theme::set_reduced_motion(ctx, self.preferences.reduced_motion);
    }

    /// Where new projects are made.
    pub(in crate::app) fn home(&self) -> PathBuf {
        self.preferences.home.clone().unwrap_or_else(|| self.home.clone())
    }

    /// Why a command cannot be carried out now; `None` where it can.
    pub(in crate::app) fn why_not(&self, command: Command) -> Option<&'static str> {
        if self.can(command) {
            return None;
        }
        Some(match (command, command.english_info().needs) {
            (_, Needs::Project | Needs::Key) if self.opened.is_none() => tr("needs an open project"),
            (Command::Undo, _) => tr("nothing to undo"),
            (Command::Redo, _) => tr("nothing to redo"),
            (Command::Export, _) => tr("an export is under way"),
            (Command::LoopSelection, _) => tr("needs something selected"),
            (_, Needs::Key) => tr("needs a selected key"),
            _ => tr("not possible now"),
        })
    }

    /// Opens the messages: as a panel beside a project, over the start page otherwise.
    pub(in crate::app) fn show_messages(&mut self, open: bool) {
        if self.opened.is_none() {
            self.notices.open = open;
        } else if open {
            self.dock.go_to(Pane::Messages);
        } else {
            self.dock.hide(Pane::Messages);
        }
    }

    /// A pane is drawn in this frame.
    pub(in crate::app) fn has_pane_in_front(&self, pane: Pane) -> bool {
        self.opened.is_some() && self.dock.is_in_front(pane)
    }
}
