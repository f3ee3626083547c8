//! What is selected: keys, a word or a phone, and the steps from one to the next.

use super::Studio;
use crate::app::board;
use crate::app::i18n::tr;
use crate::app::intent::SelectMode;
use crate::document::{KeyId, Selection};
use crate::time::TimeRange;

impl Studio {
    pub(in crate::app) fn select_key(&mut self, id: KeyId, mode: SelectMode) {
        let Some(opened) = &mut self.opened else { return };
        let Some(index) = opened.board.key_index(id) else { return };
        let selection = &mut opened.document.selection.keys;
        match mode {
            SelectMode::Replace => opened.document.selection = Selection::of_keys(vec![id]),
            SelectMode::Toggle => match selection.iter().position(|s| *s == id) {
                Some(at) => {
                    selection.remove(at);
                }
                None => selection.push(id),
            },
            SelectMode::Extend => {
                let anchor = selection.first().and_then(|s| opened.board.key_index(*s)).unwrap_or(index);
                let range = anchor.min(index)..=anchor.max(index);
                let keys = &opened.document.project().tiers.keys;
                let mut all: Vec<_> = keys[range].iter().map(|k| k.id).collect();
                if index < anchor {
                    all.reverse();
                }
                opened.document.selection.keys = all;
            }
        }
        self.view.word = Some(opened.project().tiers.keys[index].rule.word);
        self.view.phone = None;
        if mode == SelectMode::Replace {
            self.look_at_key(id);
        }
    }

    /// Takes the playhead to the moment when the hand is on a key, unless it is playing.
    pub(in crate::app) fn look_at_key(&mut self, id: KeyId) {
        let hold = self.opened.as_ref().and_then(|o| o.project().hold(id));
        if let Some(hold) = hold
            && !self.player.is_playing()
        {
            self.seek(hold.middle());
        }
    }

    pub(in crate::app) fn select_word(&mut self, word: usize) {
        let Some(opened) = &mut self.opened else { return };
        let keys: Vec<_> = opened.project().tiers.keys.iter().filter(|k| k.rule.word == word).map(|k| k.id).collect();
        // The inspector shows the word itself; its keys are one click further.
        opened.document.selection = Selection { words: vec![word], ..Selection::default() };
        self.view.word = Some(word);
        self.view.phone = None;
        if !self.player.is_playing() {
            let at = match keys.first().and_then(|id| opened.project().hold(*id)) {
                Some(hold) => hold.middle(),
                None => match opened.board.word_box(word) {
                    Some(i) => opened.board.words[i].range.start,
                    None => return,
                },
            };
            self.seek(at);
        }
    }

    pub(in crate::app) fn select_phone(&mut self, phone: usize) {
        let Some(opened) = &mut self.opened else { return };
        if let Some(key) = opened.project().key_of_phone(phone) {
            let id = opened.project().tiers.keys[key].id;
            self.select_key(id, SelectMode::Replace);
        } else {
            opened.document.selection = Default::default();
            self.view.word = opened.board.phone_words.get(phone).copied();
        }
        if let Some(opened) = &mut self.opened {
            opened.document.selection.phones = vec![phone];
        }
        self.view.phone = Some(phone);
    }

    pub(in crate::app) fn clear_selection(&mut self) {
        if let Some(opened) = &mut self.opened {
            opened.document.selection = Default::default();
        }
        self.view.word = None;
        self.view.phone = None;
        self.view.problem = None;
    }

    /// Escape: out of a drag, then off a focused control, then no loop, then no selection.
    pub(in crate::app) fn step_back(&mut self, ctx: &egui::Context) {
        if self.opened.as_ref().is_some_and(|o| o.document.is_dragging()) {
            self.change(|o| o.document.cancel_drag());
            ctx.stop_dragging();
            self.timeline.let_go();
            self.timeline.tap = None;
        } else if self.timeline.tap.take().is_some() || self.timeline.entry.take().is_some() {
            // One level out.
        } else if self.had_focus {
            // egui has taken the focus away by itself.
        } else if self.notices.open {
            self.notices.open = false;
        } else if self.view.looped.is_some() {
            self.view.looped = None;
            self.player.set_loop(None);
        } else if !self.playback.marks.is_none()
            && self.opened.as_ref().is_some_and(|o| o.document.selection.is_empty())
        {
            self.playback.marks = Default::default();
        } else {
            self.clear_selection();
        }
    }

    pub(in crate::app) fn selected_range(&self) -> Option<TimeRange> {
        let opened = self.opened.as_ref()?;
        let selected = &opened.document.selection;
        let range = crate::app::timeline::select::range(opened.project(), &opened.board, selected);
        range.or_else(|| {
            let word = opened.board.word_box(self.view.word?)?;
            Some(opened.board.words[word].range)
        })
    }

    pub(in crate::app) fn step_key(&mut self, by: i64) {
        let Some(opened) = &self.opened else { return };
        let keys = &opened.project().tiers.keys;
        if keys.is_empty() {
            return;
        }
        let now = match opened.document.selection.keys.last().and_then(|id| opened.board.key_index(*id)) {
            Some(index) => Some(index as i64 + by),
            // Without a selection the playhead is the place.
            None => {
                let before = keys.partition_point(|k| k.times.a1 <= self.view.playhead) as i64 - 1;
                Some(if by > 0 { before + 1 } else { before })
            }
        };
        let index = now.unwrap_or(0).clamp(0, keys.len() as i64 - 1) as usize;
        let id = keys[index].id;
        self.select_key(id, SelectMode::Replace);
        self.reveal_playhead();
    }

    pub(in crate::app) fn step_problem(&mut self, by: i64) {
        let Some(opened) = &self.opened else { return };
        let count = opened.board.problems.len() as i64;
        if count == 0 {
            self.tell(tr("There are no problems."));
            return;
        }
        let next = match self.view.problem {
            Some(now) => (now as i64 + by).rem_euclid(count),
            None if by > 0 => 0,
            None => count - 1,
        };
        self.go_to_problem(next as usize);
    }

    pub(in crate::app) fn go_to_problem(&mut self, index: usize) {
        let Some(opened) = &self.opened else { return };
        let Some(problem) = opened.board.problems.get(index).cloned() else { return };
        match problem.target {
            board::Target::Key(id) => self.select_key(id, SelectMode::Replace),
            board::Target::Word(word) => {
                self.select_word(word);
                self.seek(problem.time);
            }
            board::Target::Mask(id) => self.select_mask(id),
            board::Target::Performance(id) => {
                self.alignment.chosen = Some(id);
                self.dock.show(crate::app::dock::Pane::Alignment);
            }
            board::Target::Project => self.tell(problem.remedy.clone()),
        }
        self.view.problem = Some(index);
        self.reveal_playhead();
    }

    pub(in crate::app) fn reveal_playhead(&mut self) {
        let Some(opened) = &self.opened else { return };
        let length = opened.length();
        let scale = self.timeline.view.scale(length, self.timeline.width);
        self.timeline.view.follow(scale, self.view.playhead, length);
    }
}
