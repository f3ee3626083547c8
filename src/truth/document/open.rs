//! An open document: a project with its history and selection, changed in place and followed by whoever wants to.
//!
//! [`Document::apply`] does an [`Edit`] as one step of history. A drag is [`Document::begin_drag`], any number of
//! [`Document::drag`] and one [`Document::end_drag`]: one step whatever the mouse did in between, because each move takes
//! back what the one before did. Everything that happens to the project on the way, drags and undo included, is handed
//! out as [`Change`]s, so that a copy elsewhere or a list on screen can follow without looking at the whole.

use super::edit::{Edit, EditError, change};
use super::history::{Event, History, Transaction, now_ms};
use super::index::Index;
use super::{KeyId, Project, Selection};
use std::ops::Range;
use std::sync::Arc;

/// An open project: its data, its history and what is selected.
#[derive(Clone, Debug)]
pub struct Document {
    project: Project,
    index: Index,
    history: History,
    pub selection: Selection,
    drag: Option<Drag>,
    changes: Vec<Change>,
}

/// Something that happened to the project: a step that was done or taken back.
#[derive(Clone, Debug)]
pub struct Change {
    pub step: Arc<Transaction>,
    pub back: bool,
}

#[derive(Clone, Debug)]
struct Drag {
    name: &'static str,
    selection: Selection,
    /// What the last move of the drag did, in force now.
    open: Option<Arc<Transaction>>,
}

impl Document {
    /// A project just loaded or made.
    pub fn new(project: Project) -> Self {
        Self::with_history(project, History::fresh())
    }

    /// A project just loaded, with the history that was kept with it.
    pub fn with_history(project: Project, history: History) -> Self {
        let index = Index::new(&project);
        let selection = Selection::default();
        Self { project, index, history, selection, drag: None, changes: Vec::new() }
    }

    pub fn project(&self) -> &Project {
        &self.project
    }

    pub fn history(&self) -> &History {
        &self.history
    }

    /// Place of a key among the keys; found at once, whatever their number.
    pub fn key_index(&self, id: KeyId) -> Option<usize> {
        self.index.keys.get(id)
    }

    /// Phones of a word in the flat sequence; empty for breaks.
    pub fn word_phones(&self, word: usize) -> Range<usize> {
        self.index.phones_of(word).unwrap_or_default()
    }

    /// The word that a phone of the flat sequence belongs to.
    pub fn word_of_phone(&self, phone: usize) -> Option<usize> {
        self.index.word_of(phone)
    }

    /// What happened to the project since the last call, in order. Whoever follows the document takes all of it.
    pub fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changes)
    }

    /// Does one edit as one step of history. Gives what was recorded, `None` when it changed nothing.
    pub fn apply(&mut self, edit: &Edit) -> Result<Option<&Transaction>, EditError> {
        self.end_drag();
        let before = self.selection.clone();
        let step = change(&mut self.project, &mut self.index, edit)?;
        if step.is_empty() {
            return Ok(None);
        }
        self.select_existing(&step);
        let step = Arc::new(Transaction {
            name: edit.name().to_owned(),
            selection: (before, self.selection.clone()),
            at_ms: now_ms(),
            ..step
        });
        self.changes.push(Change { step: step.clone(), back: false });
        self.history.push(step);
        Ok(self.history.done().last().map(|step| &**step))
    }

    /// Opens a drag. One that is open already is finished first.
    pub fn begin_drag(&mut self, name: &'static str) {
        self.end_drag();
        self.drag = Some(Drag { name, selection: self.selection.clone(), open: None });
    }

    pub fn is_dragging(&self) -> bool {
        self.drag.is_some()
    }

    /// Shows where the drag stands: the edit done to the project as it was when the drag began. One that is refused
    /// leaves the drag where it was.
    pub fn drag(&mut self, edit: &Edit) -> Result<(), EditError> {
        if self.drag.is_none() {
            self.begin_drag(edit.name());
        }
        let last = self.drag.as_mut().and_then(|drag| drag.open.take());
        if let Some(last) = &last {
            self.go(last, true);
        }
        let step = match change(&mut self.project, &mut self.index, edit) {
            Ok(step) => (!step.is_empty()).then(|| Arc::new(step)),
            Err(error) => {
                if let Some(last) = &last {
                    self.go(last, false);
                }
                if let Some(drag) = &mut self.drag {
                    drag.open = last;
                }
                return Err(error);
            }
        };
        if let Some(step) = &step {
            self.changes.push(Change { step: step.clone(), back: false });
        }
        if let Some(drag) = &mut self.drag {
            drag.open = step;
        }
        Ok(())
    }

    /// Closes the drag as one step of history.
    pub fn end_drag(&mut self) -> Option<&Transaction> {
        let drag = self.drag.take()?;
        let step = Arc::unwrap_or_clone(drag.open?);
        self.select_existing(&step);
        let selection = (drag.selection, self.selection.clone());
        self.history.push(Arc::new(Transaction { name: drag.name.to_owned(), selection, at_ms: now_ms(), ..step }));
        self.history.done().last().map(|step| &**step)
    }

    /// Gives the drag up: everything is as when it began.
    pub fn cancel_drag(&mut self) {
        if let Some(drag) = self.drag.take() {
            if let Some(open) = &drag.open {
                self.go(open, true);
            }
            self.selection = drag.selection;
        }
    }

    /// Takes the last step back and selects what was selected before it.
    pub fn undo(&mut self) -> Option<&Transaction> {
        if self.drag.is_some() {
            self.cancel_drag();
            return None;
        }
        let step = self.history.undo(&mut self.project, &mut self.index)?.clone();
        self.went(step, true);
        self.history.undone().last().map(|step| &**step)
    }

    /// Does the step again that was taken back last.
    pub fn redo(&mut self) -> Option<&Transaction> {
        self.end_drag();
        let step = self.history.redo(&mut self.project, &mut self.index)?.clone();
        self.went(step, false);
        self.history.done().last().map(|step| &**step)
    }

    /// Goes to where `position` steps of [`History::steps`] are done, as far as they can be taken back and done again.
    /// Gives the number of steps gone.
    pub fn jump_to(&mut self, position: usize) -> usize {
        self.end_drag();
        let mut gone = 0;
        loop {
            let now = self.history.position();
            let moved = match now.cmp(&position) {
                std::cmp::Ordering::Equal => return gone,
                std::cmp::Ordering::Greater => self.undo().is_some(),
                std::cmp::Ordering::Less => self.redo().is_some(),
            };
            if !moved {
                return gone;
            }
            gone += 1;
        }
    }

    /// What happened to the history since the last call, for the journal; the first call only begins to note it.
    pub fn take_events(&mut self) -> Vec<Event> {
        self.history.take_events()
    }

    pub fn is_saved(&self) -> bool {
        self.history.is_saved() && self.drag.is_none()
    }

    /// To be called when the project as it is now has reached the disk.
    pub fn mark_saved(&mut self) {
        self.history.mark_saved();
    }

    /// The project has been saved in another folder, from where what it refers to is seen in another way.
    pub fn moved(&mut self, project: &Project) {
        self.project.sound.media.clone_from(&project.sound.media);
        self.mark_saved();
    }

    /// To be called when what was marked as saved has not reached the disk after all.
    pub fn mark_unsaved(&mut self) {
        self.history.mark_unsaved();
    }

    /// Does a step to the project, or takes it back, outside of history.
    fn go(&mut self, step: &Arc<Transaction>, back: bool) {
        let fits = step.go(&mut self.project, back);
        debug_assert!(fits, "a step of this very document fits");
        self.index.follow(step, back, &self.project);
        self.changes.push(Change { step: step.clone(), back });
    }

    /// Notes a step that history has done or taken back.
    fn went(&mut self, step: Arc<Transaction>, back: bool) {
        self.selection.clone_from(if back { &step.selection.0 } else { &step.selection.1 });
        self.changes.push(Change { step, back });
    }

    /// What a step has taken away cannot stay selected.
    fn select_existing(&mut self, step: &Transaction) {
        let index = &self.index;
        if !step.keys.is_empty() {
            self.selection.keys.retain(|id| index.keys.get(*id).is_some());
        }
        let words = self.project.tiers.utterance.words.len();
        self.selection.words.retain(|word| *word < words);
        self.selection.phones.retain(|phone| *phone < index.phone_count());
        let marks = &self.project.marks;
        if !step.markers.is_empty() {
            self.selection.markers.retain(|id| marks.marker(*id).is_some());
        }
        if !step.masks.is_empty() {
            self.selection.masks.retain(|id| marks.mask(*id).is_some());
        }
        if !step.expressions.is_empty() {
            self.selection.expressions.retain(|id| marks.expression(*id).is_some());
        }
    }
}
