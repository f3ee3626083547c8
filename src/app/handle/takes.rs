//! Masks and takes: making, choosing, accepting, cleaning up.

use super::files::sentence;
use super::{Edit, Studio};
use crate::app::dialogs::clean_up::CleanUpForm;
use crate::app::dialogs::{Dialog, MasksForm};
use crate::app::dock::Pane;
use crate::app::i18n::{later, tr, tr_with};
use crate::app::takes::{CardKind, TakeCommand, TakesIntent, Tray};
use crate::app::widgets::Tone;
use crate::app::work::{Ended, WorkKind};
use crate::document::marks::MarkId;
use crate::generate::takes::generators;
use crate::jobs::runner::Job;
use crate::jobs::takes::{self, Regenerate, files};
use crate::pose::motion_mask::Kind;
use crate::pose::parts::Parts;
use crate::time::TimeRange;
use std::sync::Arc;

impl Studio {
    pub(in crate::app) fn takes_intent(&mut self, intent: TakesIntent) {
        match intent {
            TakesIntent::SelectMask(id) => self.select_mask(id),
            TakesIntent::SelectCard(card) => self.takes.select(card),
            TakesIntent::Cancel(slot) => self.takes.cancel(slot),
            TakesIntent::StartMasks(form) => self.export_masks(&form),
            TakesIntent::CleanUp(list) => self.clean_up_takes(&list),
        }
    }

    /// Whether a command of masks and takes makes sense now.
    pub(in crate::app) fn can_take(&self, command: TakeCommand) -> bool {
        use TakeCommand as C;
        let Some(opened) = &self.opened else { return false };
        let changes = opened.keeping.read_only.is_none();
        let mask = Tray::mask(opened);
        let card = mask.and_then(|m| self.takes.selected(opened, m.id));
        let free = changes && mask.is_some_and(|m| !m.locked);
        match command {
            C::Regenerate | C::Reroll => free,
            C::Previous | C::Next => mask.is_some_and(|m| !self.takes.cards(opened, m.id).is_empty()),
            C::Compare | C::OnionSkin => card.is_some_and(|c| !matches!(c.kind, CardKind::Making)),
            C::Accept => free && card.is_some_and(|c| !matches!(c.kind, CardKind::Making)),
            C::AcceptPart(part) => {
                let has = |parts: Parts| mask.is_some_and(|m| m.parts.intersection(parts).contains(part));
                free && card.is_some_and(|c| match c.kind {
                    CardKind::New(made) => has(made.take.parts),
                    CardKind::Kept(take) => has(take.parts),
                    CardKind::Making => false,
                })
            }
            C::Keep => free && mask.is_some_and(|m| !self.takes.staged(opened, m.id).is_empty()),
            C::BackToBase => free && mask.is_some_and(|m| !m.accepted.is_empty()),
            C::Discard => card.is_some_and(|c| matches!(c.kind, CardKind::New(_))),
            C::BringBack => mask.is_some_and(|m| self.takes.discarded_of(m.id) > 0),
            C::RemoveTake => changes && card.is_some_and(|c| matches!(c.kind, CardKind::Kept(_))),
            C::CleanUp => changes,
            C::MotionMask(_) => true,
            C::ExportMasks => !self.works.is_running(WorkKind::Masks),
        }
    }

    /// Whether a switch among the commands is on.
    pub(in crate::app) fn take_switch(&self, command: TakeCommand) -> Option<bool> {
        match command {
            TakeCommand::Compare => self.opened.as_ref().map(|o| self.takes.is_looking(o)),
            TakeCommand::OnionSkin => Some(self.takes.onion),
            TakeCommand::MotionMask(kind) => Some(self.takes.motion.is_shown(kind)),
            _ => None,
        }
    }

    pub(in crate::app) fn take_command(&mut self, command: TakeCommand) {
        use TakeCommand as C;
        match command {
            C::Regenerate => self.regenerate(),
            C::Reroll => {
                if let (Some(opened), Some(mask)) = (&self.opened, self.mask_id()) {
                    self.takes.discard_all(opened, mask);
                }
                self.regenerate();
            }
            C::Previous | C::Next => {
                if let Some(opened) = &self.opened {
                    self.takes.step(opened, if command == C::Next { 1 } else { -1 });
                }
                self.look_into_mask();
            }
            C::Compare => {
                self.takes.looking ^= true;
                self.takes.changed();
                let text = if self.takes.looking { tr("B: the selected take") } else { tr("A: what is in force") };
                self.tell(text);
            }
            C::OnionSkin => self.takes.onion ^= true,
            C::Accept => self.accept_take(Parts::ALL),
            C::AcceptPart(part) => self.accept_take(Parts::NONE.with(part)),
            C::Keep => {
                if let (Some(opened), Some(mask)) = (&self.opened, self.mask_id()) {
                    let takes = self.takes.staged(opened, mask);
                    self.edit(&Edit::KeepTakes { mask, takes, accepted: None });
                }
            }
            C::BackToBase => {
                if let Some(mask) = self.mask_id() {
                    self.edit(&Edit::ShowTake { mask, take: None, parts: Parts::ALL });
                    self.takes.looking = false;
                    self.takes.changed();
                }
            }
            C::Discard => self.takes.discard(),
            C::BringBack => {
                if let Some(mask) = self.mask_id() {
                    self.takes.bring_back(mask);
                }
            }
            C::RemoveTake => self.remove_take(),
            C::CleanUp => self.open_clean_up(),
            C::MotionMask(kind) => self.takes.motion.toggle(kind),
            C::ExportMasks => {
                if let Some(opened) = &self.opened {
                    let motion = &self.takes.motion;
                    let shown = Kind::ALL.map(|k| motion.is_shown(k));
                    let form = MasksForm::new(opened.folder.join("masks"), shown, motion.options);
                    self.dialog = Some(Dialog::Masks(Box::new(form)));
                }
            }
        }
    }

    fn mask_id(&self) -> Option<MarkId> {
        Tray::mask(self.opened.as_ref()?).map(|m| m.id)
    }

    pub(in crate::app) fn select_mask(&mut self, id: MarkId) {
        let Some(opened) = &mut self.opened else { return };
        if opened.project().marks.mask(id).is_none() {
            return;
        }
        opened.document.selection.masks = vec![id];
        self.dock.show(Pane::Takes);
        self.takes.changed();
        self.look_into_mask();
    }

    /// The playhead goes to where there is something to see, unless it is there already or playing.
    fn look_into_mask(&mut self) {
        let Some(opened) = &self.opened else { return };
        let Some(reach) = Tray::mask(opened).map(|m| (m.reach(), m.range)) else { return };
        if !reach.0.contains(self.view.playhead) && !self.player.is_playing() {
            let first = opened.project().tiers.keys.iter().find(|k| reach.1.contains(k.times.a1)).map(|k| k.id);
            let hold = first.and_then(|id| opened.project().hold(id)).map(TimeRange::middle);
            let time = hold.filter(|t| reach.1.contains(*t)).unwrap_or(reach.1.middle());
            self.seek(time);
        }
    }

    fn regenerate(&mut self) {
        if self.refuses_changes() {
            return;
        }
        let Some(opened) = &self.opened else { return };
        let Some(mask) = Tray::mask(opened) else { return };
        let form = &mut self.takes.form;
        let generator = generators()[form.generator.min(generators().len() - 1)];
        let request = Regenerate {
            folder: opened.folder.clone(),
            project: Arc::new(opened.project().clone()),
            reference: opened.identity.reference.clone(),
            mask: mask.id,
            parts: mask.parts,
            generator: generator.name().to_owned(),
            values: form.values.clone(),
            seed: form.seed,
            count: form.count.clamp(1, takes::MOST_TAKES),
        };
        // The next ones count on, so that pressing again gives others.
        form.seed = form.seed.wrapping_add(request.count as u64) % 1_000_000_000;
        let (run, sender, cancelled) = self.takes.begin(&request);
        let wake = self.wake.clone();
        let job = Job::start(later("Making takes"), self.wake.clone(), move |progress| {
            let made = takes::regenerate(&request, &cancelled, progress, &mut |i, take| {
                // Nobody listens any more when the project was closed.
                let _ = sender.send((i, take));
                wake();
            })?;
            Ok(made)
        });
        self.works.start(WorkKind::Takes, job, move |studio, result, stopped| {
            studio.takes.ended(run);
            match result {
                Ok(count) => {
                    let text = tr_with("{count} takes are in the tray.", &[("count", &count.to_string())]);
                    studio.tell(text.clone());
                    Ended::Done(text)
                }
                Err(error) => studio.not_done(&error, stopped),
            }
        });
        self.dock.show(Pane::Takes);
        self.look_into_mask();
    }

    /// Puts the selected take in force: one step that keeps every new take of the mask.
    fn accept_take(&mut self, parts: Parts) {
        let Some(opened) = &self.opened else { return };
        let Some(mask) = Tray::mask(opened) else { return };
        let Some(card) = self.takes.selected(opened, mask.id) else { return };
        let (mask, number) = (mask.id, card.number);
        let edit = match card.kind {
            CardKind::Making => return,
            CardKind::Kept(take) => Edit::ShowTake { mask, take: Some(take.id), parts: parts.intersection(take.parts) },
            CardKind::New(made) => {
                let takes = self.takes.staged(opened, mask);
                let Some(index) = takes.iter().position(|t| t.poses == made.take.poses) else { return };
                Edit::KeepTakes { mask, accepted: Some((index, parts.intersection(made.take.parts))), takes }
            }
        };
        self.edit(&edit);
        self.takes.changed();
        let only = (parts != Parts::ALL)
            .then(|| parts.iter().map(crate::app::takes::part_name).collect::<Vec<_>>().join(", "));
        let number = number.to_string();
        match only {
            Some(parts) => {
                self.tell(tr_with("Take {number} is in force: {parts}.", &[("number", &number), ("parts", &parts)]));
            }
            None => self.tell(tr_with("Take {number} is in force.", &[("number", &number)])),
        }
    }

    fn remove_take(&mut self) {
        let Some(opened) = &self.opened else { return };
        let Some(mask) = Tray::mask(opened) else { return };
        let Some(CardKind::Kept(take)) = self.takes.selected(opened, mask.id).map(|c| c.kind) else { return };
        let id = take.id;
        self.edit(&Edit::RemoveTakes(vec![id]));
        self.takes.changed();
    }

    fn open_clean_up(&mut self) {
        let Some(opened) = &self.opened else { return };
        let mut needed = files::needed(opened.project(), opened.document.history());
        needed.extend(self.takes.needed());
        let files = files::unneeded(&opened.folder, &needed);
        self.dialog = Some(Dialog::CleanUp(CleanUpForm { files }));
    }

    fn clean_up_takes(&mut self, list: &[files::Unneeded]) {
        match files::clean_up(list) {
            Ok(freed) => {
                let places = [("count", &*list.len().to_string()), ("size", &*format!("{:.0}", freed as f64 / 1024.0))];
                self.tell(tr_with("{count} take files were deleted: {size} KB.", &places));
            }
            Err(error) => {
                self.notices.push(Tone::Error, sentence(&error.into()));
            }
        }
    }

    fn export_masks(&mut self, form: &MasksForm) {
        let Some(opened) = &self.opened else { return };
        let Some(request) = form.request() else { return };
        let (folder, project) = (opened.folder.clone(), opened.project().clone());
        let out = request.out.clone();
        let job = Job::start(later("Writing motion masks"), self.wake.clone(), move |progress| {
            crate::jobs::masks::export(&folder, &project, &request, progress)
        });
        self.works.start(WorkKind::Masks, job, move |studio, result, stopped| {
            let (failure, done, ended) = match result {
                Ok(done) => {
                    let count = done.frames.to_string();
                    let path = out.display().to_string();
                    let text = tr_with("{count} frames written: {path}", &[("count", &count), ("path", &path)]);
                    studio.tell(text.clone());
                    (None, Some((out, text.clone())), Ended::Done(text))
                }
                Err(_) if stopped => (None, None, Ended::Stopped),
                Err(error) => {
                    let text = sentence(&error);
                    (Some(text.clone()), None, Ended::Failed(text))
                }
            };
            if let Some(Dialog::Masks(form)) = &mut studio.dialog {
                form.failure = failure;
                form.done = done;
            } else if let Some(text) = failure {
                studio.notices.push(Tone::Error, text);
            }
            ended
        });
    }
}
