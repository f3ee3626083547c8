//! "Slow this passage": the form, the work, and the sound that changes with the document.

use super::{Dialog, Project, Studio};
use crate::app::dialogs::slow::SlowForm;
use crate::app::i18n::{capitalised, later, number, tr, tr_message, tr_with};
use crate::app::opened::LoadedSound;
use crate::app::widgets::Tone;
use crate::jobs::runner::Job;
use crate::jobs::slow::{SlowRequest, slow};
use crate::media::peaks::Peaks;
use crate::time::{Seconds, TimeRange};

/// What is offered where nothing is chosen: so much around the playhead.
const AROUND: Seconds = Seconds(1.0);

impl Studio {
    pub(in crate::app) fn open_slow(&mut self) {
        if self.refuses_changes() {
            return;
        }
        let Some(opened) = &self.opened else { return };
        let here = TimeRange { start: self.view.playhead - AROUND, end: self.view.playhead + AROUND };
        let range = self
            .chosen_range()
            .unwrap_or(TimeRange { start: here.start.max(Seconds::ZERO), end: here.end.min(opened.length()) });
        self.dialog = Some(Dialog::Slow(Box::new(SlowForm::new(range, opened.project()))));
    }

    pub(in crate::app) fn start_slow(&mut self, request: SlowRequest) {
        let Some(opened) = &self.opened else { return };
        if self.playback.slowing.is_some() {
            return;
        }
        self.player.pause();
        let (folder, project) = (opened.folder.clone(), opened.project().clone());
        let of = project.sound.media.hash.clone();
        let job = Job::start(later("Slowing the passage"), self.wake.clone(), move |progress| {
            let slowed = slow(&folder, &project, &request, progress)?;
            let peaks = Peaks::new(&slowed.sound.mono(), slowed.sound.rate);
            let loaded = LoadedSound { buffer: slowed.sound.clone(), peaks };
            Ok((slowed, loaded))
        });
        self.playback.slowing = Some((of, job));
    }

    pub(in crate::app) fn cancel_slow(&mut self) {
        if let Some((_, job)) = &self.playback.slowing {
            job.cancel();
        }
    }

    /// Takes in what the background has done with the sound.
    pub(in crate::app) fn poll_sound(&mut self) {
        if let Some((of, job)) = &mut self.playback.slowing
            && let Some(result) = job.poll()
        {
            let (of, cancelled) = (of.clone(), job.is_cancelled());
            self.playback.slowing = None;
            match result {
                _ if cancelled => self.tell(tr("Stopped. Nothing was changed.")),
                Ok((slowed, loaded)) if self.opened.as_ref().is_some_and(|o| o.project().sound.media.hash == of) => {
                    self.playback.keep_sound(slowed.hash.clone(), loaded);
                    self.edit(&slowed.edit);
                    if matches!(self.dialog, Some(Dialog::Slow(_))) {
                        self.dialog = None;
                    }
                    let longer = number(slowed.passage.added().0, 2);
                    self.tell(tr_with("The passage is {seconds} s longer now.", &[("seconds", &longer)]));
                }
                Ok(_) => {
                    let text = tr("The sound has changed meanwhile: the passage was not slowed.");
                    self.notices.push(Tone::Warning, text.to_owned());
                }
                Err(error) => {
                    let text = capitalised(&tr_message(&format!("{error:#}")));
                    match &mut self.dialog {
                        Some(Dialog::Slow(form)) => form.failure = Some(text),
                        _ => {
                            self.notices.push(Tone::Error, text);
                        }
                    }
                }
            }
        }
    }

    /// To be called after the document has changed from `before`: where its sound is another one now, that is loaded,
    /// and what stands at a moment of the sound stays at that moment.
    pub(in crate::app) fn follow_sound(&mut self, before: &Project) {
        let Some(opened) = &mut self.opened else { return };
        let project = opened.document.project();
        if project.sound.media.hash == before.sound.media.hash {
            return;
        }
        let length = project.length();
        let moved = |time: Seconds| project.time_of_source(before.source_time(time)).clamp(Seconds::ZERO, length);
        self.view.playhead = moved(self.view.playhead);
        self.view.play_from = moved(self.view.play_from);
        self.view.play_until = self.view.play_until.map(moved);
        self.view.looped = self.view.looped.map(|r| TimeRange::new(moved(r.start), moved(r.end)));
        let marks = &mut self.playback.marks;
        (marks.start, marks.end) = (marks.start.map(moved), marks.end.map(moved));
        let media = project.sound.media.clone();
        if let Some(old) = opened.sound.take() {
            self.playback.keep_sound(before.sound.media.hash.clone(), old);
        }
        // A sound that is not at hand is read in the background, as after relinking.
        let Some(sound) = self.playback.take_sound(&media.hash) else { return };
        self.player.replace(sound.buffer.clone());
        opened.sound = Some(sound);
        opened.sound_message = None;
        opened.media_of.0 = media;
        self.player.set_least_length(length);
        self.player.set_loop(self.view.looped);
        if !self.player.is_playing() {
            self.player.seek(self.view.playhead);
        }
    }
}
