//! Expressions: making, copying and pasting them, and listening to the voice that gives some of its own.

use super::Studio;
use super::files::sentence;
use crate::app::i18n::{later, tr, tr_with};
use crate::app::timeline::snap;
use crate::app::timeline::tiers::TierId;
use crate::app::work::{Ended, WorkKind};
use crate::document::Selection;
use crate::document::edit::Edit;
use crate::document::marks::MarkId;
use crate::jobs::voice;
use crate::pose::expression::Expression;
use crate::time::{Seconds, TimeRange};

/// How long an expression is that is made from the playhead on.
const USUAL: Seconds = Seconds(0.8);

impl Studio {
    pub(in crate::app) fn select_new_expression(&mut self) {
        let Some(opened) = &self.opened else { return };
        let newest = opened.project().marks.expressions.iter().map(|e| e.id).max();
        self.select(Selection { expressions: newest.into_iter().collect(), ..Selection::default() });
    }

    /// Makes one over what is selected, or from the playhead on.
    pub(in crate::app) fn add_expression(&mut self) {
        let Some(opened) = &self.opened else { return };
        let length = opened.length();
        let from = self.view.playhead.clamp(Seconds::ZERO, (length - USUAL).max(Seconds::ZERO));
        let usual = TimeRange { start: from, end: (from + USUAL).min(length) };
        let chosen = if opened.document.selection.is_empty() { None } else { self.selected_range() };
        let range = chosen.filter(|r| r.length() > Seconds::ZERO).unwrap_or(usual);
        let kind = self.timeline.settings.expression;
        self.edit(&Edit::AddExpression { range, kind, strength: 1.0 });
        if self.timeline.settings.tiers.is_locked(TierId::Expressions) {
            return;
        }
        self.timeline.settings.tiers.set_shown(TierId::Expressions, true);
        self.timeline.current = TierId::Expressions;
        self.select_new_expression();
    }

    /// The selected expressions, in order of time, from 0 on; with the sign by which a paste knows them.
    pub(super) fn copied_expressions(&self) -> Option<(Vec<Expression>, String)> {
        let opened = self.opened.as_ref()?;
        let chosen = &opened.document.selection.expressions;
        let all = opened.project().marks.expressions.iter().filter(|e| chosen.contains(&e.id));
        let mut copied: Vec<Expression> = all.map(|e| e.shown()).collect();
        let first = copied.first()?.range.start;
        for e in &mut copied {
            e.range = TimeRange { start: e.range.start - first, end: e.range.end - first };
        }
        let said = copied
            .iter()
            .map(|e| format!("{} {:.3}-{:.3} {:.2}", e.kind.name(), e.range.start.0, e.range.end.0, e.strength));
        let sign = format!("expressions {}", said.collect::<Vec<_>>().join(", "));
        Some((copied, sign))
    }

    /// Copied expressions from the playhead on, as one step.
    pub(super) fn paste_expressions(&mut self, copied: &[Expression]) {
        let Some(opened) = &self.opened else { return };
        let project = opened.project();
        let context = snap::Context::of(project, self.view.playhead, Seconds(0.02), self.timeline.settings.snapping);
        let from = snap::snap(self.view.playhead, &context).time;
        let length = project.length();
        let first_new = project.marks.next_id;
        let edits: Vec<Edit> = copied
            .iter()
            .map(|e| {
                let range = TimeRange { start: from + e.range.start, end: (from + e.range.end).min(length) };
                Edit::AddExpression { range, kind: e.kind, strength: e.strength }
            })
            .filter(|e| matches!(e, Edit::AddExpression { range, .. } if range.start < range.end))
            .collect();
        if edits.is_empty() {
            self.tell(tr("There is not enough room after the playhead for these expressions."));
            return;
        }
        let count = edits.len();
        self.edit(&Edit::Many { name: later("Paste expressions"), edits });
        if self.timeline.settings.tiers.is_locked(TierId::Expressions) {
            return;
        }
        let expressions = (first_new..first_new + count as u64).map(MarkId).collect();
        self.timeline.settings.tiers.set_shown(TierId::Expressions, true);
        self.timeline.current = TierId::Expressions;
        self.select(Selection { expressions, ..Selection::default() });
        self.tell(tr_with("Pasted expressions: {count}", &[("count", &count.to_string())]));
    }

    /// Listens to the voice as soon as something of it is to be shown, once for each sound.
    pub(in crate::app) fn poll_voice(&mut self) {
        let Some(opened) = &self.opened else { return };
        let project = opened.project();
        let Some(sound) = opened.sound.as_ref().map(|s| s.buffer.clone()) else { return };
        let wanted = project.settings.voice > 0.0 && project.marks.voice.is_empty();
        if !wanted || opened.document.is_dragging() || self.heard.as_deref() == Some(&project.sound.media.hash) {
            return;
        }
        let hash = project.sound.media.hash.clone();
        self.heard = Some(hash.clone());
        let words = voice::spoken_words(project);
        let job = voice::start(sound, words, later("Listening to the voice"), self.wake.clone());
        self.works.start(WorkKind::Sound, job, move |studio, result, stopped| match result {
            Ok(found) => {
                let count = found.accents.len().to_string();
                let same = studio.opened.as_ref().is_some_and(|o| o.project().sound.media.hash == hash);
                if same && !found.is_empty() {
                    studio.edit(&Edit::SetVoice(Box::new(found)));
                }
                Ended::Done(tr_with("Words that the voice stresses: {count}", &[("count", &count)]))
            }
            Err(_) if stopped => Ended::Stopped,
            Err(error) => Ended::Failed(sentence(&error)),
        });
    }
}
