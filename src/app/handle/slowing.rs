//! "Slow this passage": the form, the work, and the sound that changes with the document.

use super::{Dialog, Studio};
use crate::app::dialogs::slow::SlowForm;
use crate::app::i18n::{capitalised, later, number, tr, tr_message, tr_with};
use crate::app::opened::LoadedSound;
use crate::app::widgets::Tone;
use crate::app::work::{Ended, WorkKind};
use crate::document::warp::source_time;
use crate::document::{Project, Slowed};
use crate::jobs::runner::Job;
use crate::jobs::slow::{SlowRequest, SlowedSound, slow};
use crate::media::peaks::Peaks;
use crate::time::{Seconds, TimeRange};

/// What is offered where nothing is chosen: so much around the playhead.
const AROUND: Seconds = Seconds(1.0);

/// Which sound there was before a change, and how it had been slowed.
pub(super) struct Heard {
    hash: String,
    slowed: Vec<Slowed>,
}

impl Heard {
    pub(super) fn of(project: &Project) -> Self {
        Self { hash: project.sound.media.hash.clone(), slowed: project.slowed.clone() }
    }
}

impl Studio {
    pub(in crate::app) fn open_slow(&mut self) {
        if self.refuses_changes() {
            return;
        }
        let Some(opened) = &self.opened else { return };
        let project = opened.project();
        let here = TimeRange {
            start: (self.view.playhead - AROUND).max(Seconds::ZERO),
            end: (self.view.playhead + AROUND).min(opened.length()),
        };
        let range = match opened.document.selection.keys[..] {
            // One key is too short to be slowed alone: what is slowed is the run of quick keys that it stands in.
            [id] => project.fast_passage(id),
            _ => self.chosen_range(),
        };
        self.dialog = Some(Dialog::Slow(Box::new(SlowForm::new(range.unwrap_or(here), project))));
    }

    pub(in crate::app) fn start_slow(&mut self, request: SlowRequest) {
        let Some(opened) = &self.opened else { return };
        if self.works.is_running(WorkKind::Sound) {
            return;
        }
        let (folder, project) = (opened.folder.clone(), opened.project().clone());
        let of = project.sound.media.hash.clone();
        self.stop();
        let job = Job::start(later("Slowing the passage"), self.wake.clone(), move |progress| {
            let slowed = slow(&folder, &project, &request, progress)?;
            let peaks = Peaks::new(&slowed.sound.mono(), slowed.sound.rate);
            let loaded = LoadedSound { buffer: slowed.sound.clone(), peaks };
            Ok((slowed, loaded))
        });
        self.works.start(WorkKind::Sound, job, move |studio, result, stopped| studio.slow_ended(result, stopped, &of));
    }

    /// Takes in a slowed passage of the sound with the hash `of`.
    fn slow_ended(&mut self, result: anyhow::Result<(SlowedSound, LoadedSound)>, stopped: bool, of: &str) -> Ended {
        match result {
            _ if stopped => {
                self.tell(tr("Stopped. Nothing was changed."));
                Ended::Stopped
            }
            Ok((slowed, loaded)) if self.opened.as_ref().is_some_and(|o| o.project().sound.media.hash == of) => {
                self.playback.keep_sound(slowed.hash.clone(), loaded);
                self.edit(&slowed.edit);
                if matches!(self.dialog, Some(Dialog::Slow(_))) {
                    self.dialog = None;
                }
                let longer = number(slowed.passage.added().0, 2);
                let text = tr_with("The passage is {seconds} s longer now.", &[("seconds", &longer)]);
                self.tell(text.clone());
                Ended::Done(text)
            }
            Ok(_) => {
                let text = tr("The sound has changed meanwhile: the passage was not slowed.").to_owned();
                self.notices.push(Tone::Warning, text.clone());
                Ended::Failed(text)
            }
            Err(error) => {
                let text = capitalised(&tr_message(&format!("{error:#}")));
                match &mut self.dialog {
                    Some(Dialog::Slow(form)) => form.failure = Some(text.clone()),
                    _ => {
                        self.notices.push(Tone::Error, text.clone());
                    }
                }
                Ended::Failed(text)
            }
        }
    }

    /// To be called after the document has changed: where its sound is another one than `before`, that is loaded,
    /// and what stands at a moment of the sound stays at that moment.
    pub(super) fn follow_sound(&mut self, before: &Heard) {
        let Some(opened) = &mut self.opened else { return };
        let project = opened.document.project();
        if project.sound.media.hash == before.hash {
            return;
        }
        let length = project.length();
        let moved =
            |time: Seconds| project.time_of_source(source_time(&before.slowed, time)).clamp(Seconds::ZERO, length);
        self.view.playhead = moved(self.view.playhead);
        self.view.play_from = moved(self.view.play_from);
        self.view.play_until = self.view.play_until.map(moved);
        self.view.looped = self.view.looped.map(|r| TimeRange::new(moved(r.start), moved(r.end)));
        let marks = &mut self.playback.marks;
        (marks.start, marks.end) = (marks.start.map(moved), marks.end.map(moved));
        let media = project.sound.media.clone();
        let identity = project.identity.clone();
        if let Some(old) = opened.sound.take() {
            self.playback.keep_sound(before.hash.clone(), old);
        }
        // A sound that is not at hand is read in the background, as after relinking.
        let Some(sound) = self.playback.take_sound(&media.hash) else { return };
        self.player.replace(sound.buffer.clone());
        opened.sound = Some(sound);
        opened.sound_message = None;
        opened.media_of = Some((media, identity));
        self.player.set_least_length(length);
        self.player.set_loop(self.view.looped);
        if !self.player.is_playing() {
            self.player.seek(self.view.playhead);
        }
    }
}
