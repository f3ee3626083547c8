//! Edits, drags, undo and readings.

use super::slowing::Heard;
use super::{Edit, Opened, Seconds, Studio};
use crate::app::dialogs::Dialog;
use crate::app::dialogs::glosses::GlossForm;
use crate::app::i18n::{capitalised, tr, tr_message, tr_with};
use crate::app::preview::News;
use crate::cueing::notation::{self, LetterSet};
use crate::document::KeyId;
use crate::document::edit::EditError;
use crate::jobs::gloss_service::Answers;
use crate::language::alphabets::{self, Alphabet};

impl Studio {
    /// Changes the document and derives what follows.
    pub(in crate::app) fn change(&mut self, what: impl FnOnce(&mut Opened)) {
        if self.refuses_changes() {
            return;
        }
        let Some(opened) = &mut self.opened else { return };
        let heard = Heard::of(opened.project());
        what(opened);
        let changes = opened.changed();
        opened.journal();
        if !changes.is_empty() {
            self.preview.tell(News::Changed(changes));
        }
        self.follow_sound(&heard);
    }

    pub(in crate::app) fn edit(&mut self, edit: &Edit) {
        if self.refuses(edit) {
            return;
        }
        let mut result = Ok(());
        self.change(|o| result = o.document.apply(edit).map(|_| ()));
        self.report(result);
        // Another shape or place may be reached at another moment: the picture shows the key that was changed.
        if let Edit::SetShape { key, .. }
        | Edit::SetPosition { key, .. }
        | Edit::SetMovement { key, .. }
        | Edit::SetCue { key, .. } = edit
        {
            self.look_at_key(*key);
        }
    }

    pub(in crate::app) fn drag(&mut self, name: &'static str, edit: &Edit) {
        if self.refuses(edit) {
            return;
        }
        let mut result = Ok(());
        self.change(|o| {
            if !o.document.is_dragging() {
                o.document.begin_drag(name);
            }
            result = o.document.drag(edit);
        });
        self.report(result);
    }

    pub(in crate::app) fn report(&mut self, result: Result<(), EditError>) {
        if let Err(error) = result {
            let text = capitalised(&tr_message(&error.to_string()));
            self.tell(tr_with("{sentence}.", &[("sentence", &text)]));
        }
    }

    pub(in crate::app) fn edit_selected(&mut self, make: impl Fn(KeyId) -> Edit) {
        let Some(id) = self.opened.as_ref().and_then(|o| o.document.selection.keys.last().copied()) else { return };
        self.edit(&make(id));
    }

    pub(in crate::app) fn undo(&mut self, back: bool) {
        let mut name = None;
        self.change(|o| {
            let step = if back { o.document.undo() } else { o.document.redo() };
            name = step.map(|s| s.name.clone());
        });
        if let Some(name) = name {
            self.tell(tr_with(if back { "Undone: {step}" } else { "Done again: {step}" }, &[("step", tr(&name))]));
        }
        self.follow_selection();
    }

    /// The word in the inspector is that of the selected key.
    pub(in crate::app) fn follow_selection(&mut self) {
        let Some(opened) = &self.opened else { return };
        if let Some(key) = opened.document.selection.keys.last().and_then(|id| opened.document.key_index(*id)) {
            self.view.word = Some(opened.project().tiers.keys[key].rule.word);
        }
    }

    pub(in crate::app) fn type_reading(&mut self, word: usize, text: &str, alphabet: Option<Alphabet>) {
        let Some(opened) = &self.opened else { return };
        match alphabets::read(text, opened.project().language(), alphabet) {
            Ok(reading) => {
                self.edit(&Edit::AddReading { word, reading });
                self.inspector.reading_taken();
            }
            Err(error) => self.inspector.reading_error = Some(capitalised(&tr_message(&error.to_string()))),
        }
    }

    pub(in crate::app) fn next_reading(&mut self) {
        let Some(opened) = &self.opened else { return };
        let Some(word) = self.view.word else { return };
        let Some(it) = opened.project().tiers.utterance.words.get(word) else { return };
        let mut all = it.readings.clone();
        all.extend(it.further_readings(opened.project().language()));
        if all.len() < 2 {
            self.tell(tr("This word has one reading only."));
            return;
        }
        let next = (it.chosen + 1) % all.len();
        let known = next < it.readings.len();
        let reading = all.swap_remove(next);
        self.tell(tr_with("Read as {reading}", &[("reading", &reading.label)]));
        self.edit(&if known {
            Edit::ChooseReading { word, reading: next }
        } else {
            Edit::AddReading { word, reading }
        });
    }

    pub(in crate::app) fn nudge(&mut self, by: f64, frames: bool) {
        let Some(opened) = &self.opened else { return };
        let step = if frames { opened.project().settings.fps.frame_length().0 } else { 1.0 };
        let keys = opened.document.selection.keys.clone();
        self.edit(&Edit::ShiftHand { keys, by: Seconds(by * step) });
    }

    pub(in crate::app) fn open_glosses(&mut self) {
        let Some(opened) = &self.opened else { return };
        let selected = opened.document.selection.keys.clone();
        let form = GlossForm::new(self.gloss_service.clone(), selected, self.wake.clone());
        self.dialog = Some(Dialog::Glosses(Box::new(form)));
    }

    /// Sentences of a service become the glosses of their keys, as one step.
    pub(in crate::app) fn take_glosses(&mut self, answers: &Answers) {
        let Some(opened) = &self.opened else { return };
        let (edit, left_out) = answers.edit(opened.project());
        let count = (answers.written.len() - left_out).to_string();
        if let Some(edit) = edit {
            let steps = |studio: &Self| studio.opened.as_ref().map(|o| o.document.history().done().len());
            let before = steps(self);
            self.edit(&edit);
            if steps(self) == before {
                // Refused, which has been said; the sentences stay in the dialogue.
                return;
            }
        }
        self.dialog = None;
        let left_out = left_out.to_string();
        self.tell(match left_out.as_str() {
            "0" => tr_with("Glosses taken: {count}", &[("count", &count)]),
            _ => tr_with(
                "Glosses taken: {count}; keys that have changed meanwhile: {left}",
                &[("count", &count), ("left", &left_out)],
            ),
        });
    }

    pub(in crate::app) fn copy_notation(&mut self, ctx: &egui::Context) {
        let Some(opened) = &self.opened else { return };
        let project = opened.project();
        let keys: Vec<_> = project
            .tiers
            .keys
            .iter()
            .map(|k| crate::cueing::Key {
                shape: k.shape(),
                position: k.position(),
                movement: k.movement(),
                ..k.rule.clone()
            })
            .collect();
        ctx.copy_text(notation::write(&keys, LetterSet::default()));
        self.tell(tr_with("{count} keys are on the clipboard", &[("count", &keys.len().to_string())]));
    }
}
