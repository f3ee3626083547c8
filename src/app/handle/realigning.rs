//! "Re-align around": sounds are found again between the boundaries that are set by hand; and releasing such boundaries.

use super::Studio;
use super::files::sentence;
use crate::app::i18n::{capitalised, later, tr, tr_message, tr_with};
use crate::app::widgets::Tone;
use crate::app::work::{Ended, WorkKind};
use crate::document::edit::Edit;
use crate::jobs::realign::{Realigned, can_realign, realign};
use crate::jobs::runner::Job;
use std::ops::Range;

impl Studio {
    /// The sounds that are selected, those of the selected words or keys, those whose boundary was moved in the last step,
    /// or the one at the playhead.
    fn sounds_meant(&self) -> Option<Range<usize>> {
        let opened = self.opened.as_ref()?;
        let project = opened.project();
        let selection = &opened.document.selection;
        let words = &opened.board.phone_words;
        let of_words =
            |first: usize, last: usize| words.partition_point(|w| *w < first)..words.partition_point(|w| *w <= last);
        let spans = selection.keys.iter().filter_map(|id| opened.board.key_index(*id));
        let of_keys = spans.map(|i| project.tiers.keys[i].rule.phones.clone());
        let chosen = match (&selection.phones[..], &selection.words[..]) {
            ([first, .., last], _) => Some(*first..last + 1),
            ([only], _) => Some(*only..only + 1),
            ([], [first, .., last]) => Some(of_words(*first, *last)),
            ([], [only]) => Some(of_words(*only, *only)),
            ([], []) => of_keys.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end)),
        };
        let moved = || {
            let step = opened.document.history().done().last()?;
            let first = step.phones.iter().map(|s| s.at).min()?;
            let end = step.phones.iter().map(|s| s.at + s.inserted.len()).max()?;
            Some(first..end)
        };
        let phones = &project.tiers.phones;
        let here = || phones.partition_point(|p| p.end <= self.view.playhead).min(phones.len().saturating_sub(1));
        let range = chosen.or_else(moved).unwrap_or_else(|| here()..here() + 1);
        (!range.is_empty() && range.end <= phones.len()).then_some(range)
    }

    pub(in crate::app) fn realign_around(&mut self) {
        if self.refuses_changes() || self.works.is_running(WorkKind::Align) {
            return;
        }
        let Some(opened) = &self.opened else { return };
        if let Err(error) = can_realign(opened.project()) {
            let text = capitalised(&tr_message(&error.to_string()));
            self.notices.push(Tone::Warning, tr_with("{sentence}.", &[("sentence", &text)]));
            return;
        }
        let Some(phones) = self.sounds_meant() else {
            self.tell(tr("Select a sound, a word or a key first."));
            return;
        };
        let Some(opened) = &self.opened else { return };
        let Some(sound) = opened.sound.as_ref().map(|s| s.buffer.clone()) else {
            self.tell(tr("The sound is not here: sounds can be found again once it is."));
            return;
        };
        let (project, revision) = (opened.project().clone(), opened.revision);
        let job = Job::start(later("Re-aligning"), self.wake.clone(), move |_| Ok(realign(&project, &sound, phones)?));
        self.works.start(WorkKind::Align, job, move |studio, result, stopped| match result {
            Ok(found) => studio.realigned(&found, revision),
            Err(_) if stopped => Ended::Stopped,
            Err(error) => {
                let text = sentence(&error);
                studio.notices.push(Tone::Warning, text.clone());
                Ended::Failed(text)
            }
        });
    }

    fn realigned(&mut self, found: &Realigned, revision: u64) -> Ended {
        if self.opened.as_ref().is_none_or(|o| o.revision != revision) {
            let text = tr("The project has changed meanwhile: re-align again.").to_owned();
            self.tell(text.clone());
            return Ended::Done(text);
        }
        if self.refuses(&found.edit) {
            return Ended::Stopped;
        }
        self.edit(&found.edit);
        let (moved, kept) = (found.moved.to_string(), found.kept.to_string());
        let places = [("moved", &*moved), ("kept", &*kept)];
        let text = match found.moved {
            0 => tr("Re-aligned: every boundary stands where it was.").to_owned(),
            _ => tr_with("Re-aligned: {moved} boundaries moved, {kept} set by hand stayed.", &places),
        };
        self.tell(text.clone());
        Ended::Done(text)
    }

    pub(in crate::app) fn release_boundaries(&mut self) {
        let Some(range) = self.sounds_meant() else {
            self.tell(tr("Select a sound, a word or a key first."));
            return;
        };
        let Some(opened) = &self.opened else { return };
        let phones = &opened.project().tiers.phones;
        let set: Vec<usize> = range.filter(|i| phones[*i].fixed).collect();
        if set.is_empty() {
            self.tell(tr("No boundary of these sounds is set by hand."));
            return;
        }
        self.edit(&Edit::ReleasePhones(set));
    }
}
