//! Edits of what face and head show: expressions, the tones of syllables one by one, what was heard of the voice.

use super::super::history::{Splice, Transaction};
use super::super::marks::{ExpressionMark, ToneMark};
use super::change::Change;
use super::marks::{inserted, removed};
use super::{Edit, EditError};
use crate::language::{Language, Word};
use crate::pose::expression::STRONGEST;

impl Change<'_> {
    pub(super) fn edit_shown(&mut self, edit: &Edit) -> Result<(), EditError> {
        match edit {
            Edit::AddExpression { range, kind, strength } => {
                let id = self.project.marks.new_id();
                self.put_expression(ExpressionMark { id, range: *range, kind: *kind, strength: *strength })
            }
            Edit::SetExpression(mark) => {
                let all = &mut self.project.marks.expressions;
                let at = all.iter().position(|e| e.id == mark.id).ok_or(EditError::NoMark)?;
                if all[at] == *mark {
                    return Ok(());
                }
                self.step.expressions.push(removed(all, at));
                self.put_expression(*mark)
            }
            Edit::RemoveExpressions(ids) => {
                let all = &mut self.project.marks.expressions;
                for at in (0..all.len()).rev() {
                    if ids.contains(&all[at].id) {
                        self.step.expressions.push(removed(all, at));
                    }
                }
                Ok(())
            }
            Edit::SetTone { word, syllable, strength } => self.set_tone(*word, *syllable, *strength),
            Edit::SetVoice(voice) => {
                if voice.broken_invariant().is_some() {
                    return Err(EditError::BadVoice);
                }
                let old = std::mem::replace(&mut self.project.marks.voice, (**voice).clone());
                let voice = (old != **voice).then(|| (old, (**voice).clone()));
                self.absorb(Transaction { voice, ..Transaction::default() });
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn put_expression(&mut self, mark: ExpressionMark) -> Result<(), EditError> {
        if !mark.is_possible() {
            return Err(EditError::BadExpression);
        }
        let all = &mut self.project.marks.expressions;
        let at = all.partition_point(|e| e.range.start <= mark.range.start);
        self.step.expressions.push(inserted(all, at, mark));
        Ok(())
    }

    fn set_tone(&mut self, word: usize, syllable: usize, strength: f32) -> Result<(), EditError> {
        let utterance = &self.project.tiers.utterance;
        let tone = utterance.words.get(word).and_then(|w| w.syllables().get(syllable)?.tone);
        let shown = utterance.language == Language::Mandarin && tone.is_some_and(|t| (1..=4).contains(&t));
        if !shown || !(0.0..=STRONGEST).contains(&strength) {
            return Err(EditError::BadTone);
        }
        let tones = &mut self.project.marks.tones;
        let place = tones.binary_search_by_key(&(word, syllable), |t| (t.word, t.syllable));
        let new: Vec<ToneMark> =
            (strength != 1.0).then_some(ToneMark { word, syllable, strength }).into_iter().collect();
        let (at, old) = match place {
            Ok(at) => (at, vec![tones.remove(at)]),
            Err(at) => (at, Vec::new()),
        };
        tones.splice(at..at, new.iter().copied());
        self.step.tones.extend(Splice::replacing(at, old, new));
        Ok(())
    }

    /// A word that is read with other tones has none of its own any more.
    pub(super) fn forget_tones(&mut self, word: usize, new: &Word) {
        let tones = |w: &Word| w.syllables().iter().map(|s| s.tone).collect::<Vec<_>>();
        let marks = &mut self.project.marks.tones;
        let own = marks.partition_point(|t| t.word < word)..marks.partition_point(|t| t.word <= word);
        if own.is_empty() || tones(&self.project.tiers.utterance.words[word]) == tones(new) {
            return;
        }
        let at = own.start;
        let gone: Vec<ToneMark> = marks.drain(own).collect();
        self.step.tones.extend(Splice::replacing(at, gone, Vec::new()));
    }
}
