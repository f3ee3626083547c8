//! Edits from which everything follows, and those of the project itself.
//!
//! Other settings or another alignment time every key anew: these edits are done to a copy, derived whole, and recorded
//! as the difference.

use super::super::history::Transaction;
use super::super::index::Index;
use super::super::{Project, derive};
use super::change::Change;
use super::keys::{finite, only_times};
use super::{Edit, EditError};
use crate::cueing::chart::OwnChart;
use crate::time::Seconds;

impl Change<'_> {
    pub(super) fn edit_whole(&mut self, edit: &Edit) -> Result<(), EditError> {
        match edit {
            Edit::SetTitle(title) => {
                let old = std::mem::replace(&mut self.project.title, title.clone());
                let title = (old != *title).then(|| (old, title.clone()));
                self.absorb(Transaction { title, ..Transaction::default() });
            }
            Edit::SetIdentity(identity) => {
                let old = std::mem::replace(&mut self.project.identity, identity.clone());
                let identity = (old != *identity).then(|| (old, identity.clone()));
                self.absorb(Transaction { identity, ..Transaction::default() });
            }
            _ => {
                self.settle();
                let mut new = self.project.clone();
                match new.edit_all(edit)? {
                    Follows::Keys => {
                        derive::keys(&mut new);
                        derive::times(&mut new);
                    }
                    Follows::Times => derive::times(&mut new),
                }
                if let Some(difference) = Transaction::between("", self.project, &new, Default::default()) {
                    self.absorb(difference);
                }
                *self.project = new;
                *self.index = Index::new(self.project);
            }
        }
        Ok(())
    }
}

/// What has to be derived anew after an edit of everything.
enum Follows {
    /// Keys, and then times.
    Keys,
    Times,
}

impl Project {
    /// Refuses a chart of another language.
    fn takes_chart(&self, chart: Option<&OwnChart>) -> Result<(), EditError> {
        match chart {
            Some(chart) if chart.language != self.language() => Err(EditError::ForeignChart),
            _ => Ok(()),
        }
    }

    /// Does what an edit of everything asks for, without what follows from it.
    fn edit_all(&mut self, edit: &Edit) -> Result<Follows, EditError> {
        match edit {
            Edit::SetSettings(settings) => {
                finite(Seconds(settings.lead_ms))?;
                finite(Seconds(settings.rest_after))?;
                self.takes_chart(settings.chart.as_ref())?;
                // What the lexicon holds is for words that are read from now on.
                let old = std::mem::replace(&mut self.settings, (**settings).clone());
                Ok(if only_times(&old, settings) { Follows::Times } else { Follows::Keys })
            }
            Edit::SetChart(chart) => {
                self.takes_chart(chart.as_ref())?;
                self.settings.chart.clone_from(chart);
                Ok(Follows::Keys)
            }
            Edit::SetPhoneTimes(times) => {
                if times.len() != self.tiers.phones.len() {
                    return Err(EditError::OtherText);
                }
                self.tiers.phones.clone_from(times);
                Ok(Follows::Times)
            }
            Edit::SetSound(sound) => {
                finite(sound.length)?;
                // Another recording is another voice.
                if sound.media.hash != self.sound.media.hash {
                    self.marks.voice = Default::default();
                }
                self.sound = (**sound).clone();
                Ok(Follows::Times)
            }
            Edit::SlowPassage { passage, sound } => {
                self.slow_passage(*passage, sound)?;
                Ok(Follows::Times)
            }
            Edit::Segments(edit) => edit.apply(self).map(|()| Follows::Keys),
            _ => Ok(Follows::Times),
        }
    }
}
