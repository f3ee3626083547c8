//! The commands of the timeline, and what stands behind its tiers: locks, and the analysis of the sound.

use super::Studio;
use crate::app::commands::TimelineCommand;
use crate::app::i18n::{later, tr, tr_with};
use crate::app::timeline::entry::{Entry, Target};
use crate::app::timeline::moves::Part;
use crate::app::timeline::tap::Goal;
use crate::app::timeline::tiers::TierId;
use crate::app::timeline::{expressions, markers, masks, select};
use crate::app::work::WorkView;
use crate::document::Selection;
use crate::document::edit::Edit;
use crate::document::edit_segments::SegmentEdit;
use crate::document::marks::Mask;
use crate::jobs::analysis::{self, SoundAnalysis};
use crate::jobs::runner::Job;
use crate::media::AudioBuffer;
use crate::time::{Seconds, TimeRange};
use egui::{Rect, pos2, vec2};
use std::ops::Range;
use std::sync::Arc;

/// Pitch and onsets of one sound.
pub(in crate::app) struct Listening {
    sound: Arc<AudioBuffer>,
    job: Option<Job<SoundAnalysis>>,
    pub found: Option<SoundAnalysis>,
}

impl Listening {
    /// For the list of work under way.
    pub(in crate::app) fn work(&self) -> Option<WorkView> {
        self.job.as_ref().map(WorkView::of)
    }
}

impl Studio {
    /// Looks after what the timeline has running in the background, and after a run of taps.
    pub(in crate::app) fn poll_timeline(&mut self) {
        self.poll_taps();
        let sound = self.opened.as_ref().and_then(|o| o.sound.as_ref()).map(|s| s.buffer.clone());
        let Some(sound) = sound else {
            self.listening = None;
            return;
        };
        if self.listening.as_ref().is_some_and(|l| !Arc::ptr_eq(&l.sound, &sound)) {
            self.listening = None;
        }
        let settings = &self.timeline.settings;
        let wanted = settings.pitch || settings.onsets;
        match &mut self.listening {
            // Worked out when it is first wanted: a project that never shows it spends nothing on it.
            None if wanted => {
                let job = analysis::start(sound.clone(), self.wake.clone());
                self.listening = Some(Listening { sound, job: Some(job), found: None });
            }
            Some(listening) => {
                let Some(result) = listening.job.as_mut().and_then(Job::poll) else { return };
                listening.job = None;
                match result {
                    Ok(found) => listening.found = Some(found),
                    Err(error) => self.tell(tr_with(
                        "The sound cannot be listened to: {error}.",
                        &[("error", &format!("{error:#}"))],
                    )),
                }
            }
            None => {}
        }
    }

    /// The timeline has something under way in the background.
    pub(in crate::app) fn timeline_is_busy(&self) -> bool {
        self.timeline.is_busy() || self.listening.as_ref().is_some_and(|l| l.job.is_some())
    }

    /// Says which locked tier forbids an edit; true when one does.
    pub(in crate::app) fn refuses(&mut self, edit: &Edit) -> bool {
        let Some(tier) = self.timeline.settings.tiers.refusing(edit) else { return false };
        self.tell(tr_with("The tier {tier} is locked: unlock it at its head.", &[("tier", tier.name())]));
        true
    }

    /// Selects exactly this.
    pub(in crate::app) fn select(&mut self, selection: Selection) {
        let Some(opened) = &mut self.opened else { return };
        opened.document.selection = selection;
        let selection = &opened.document.selection;
        let of_key = selection.keys.last().and_then(|id| opened.board.key_index(*id));
        self.view.phone = selection.phones.last().copied();
        self.view.word = of_key
            .map(|i| opened.project().tiers.keys[i].rule.word)
            .or(selection.words.last().copied())
            .or_else(|| opened.board.phone_words.get(self.view.phone?).copied());
    }

    pub(in crate::app) fn select_new_mask(&mut self) {
        let Some(opened) = &self.opened else { return };
        let newest = opened.project().marks.masks.iter().map(|m| m.id).max();
        self.select(Selection { masks: newest.into_iter().collect(), ..Selection::default() });
        self.dock.show(crate::app::dock::Pane::Takes);
    }

    /// Whether a command of the timeline makes sense now.
    pub(in crate::app) fn can_timeline(&self, command: TimelineCommand) -> bool {
        use TimelineCommand as C;
        let Some(opened) = &self.opened else { return false };
        let selection = &opened.document.selection;
        match command {
            C::CopyCues => self.can_copy(),
            C::PasteCues | C::PasteShapes | C::PastePlaces | C::PasteTiming => !opened.project().tiers.keys.is_empty(),
            C::Tap | C::FinishTaps | C::CancelTaps => self.timeline.tap.is_some(),
            C::Remove => {
                !selection.markers.is_empty() || !selection.masks.is_empty() || !selection.expressions.is_empty()
            }
            C::LockMask => !selection.masks.is_empty(),
            C::MaskSelection => self.selected_range().is_some(),
            _ => true,
        }
    }

    /// Whether a switch is on; `None` for commands that are no switch.
    pub(in crate::app) fn timeline_switch(&self, command: TimelineCommand) -> Option<bool> {
        use TimelineCommand as C;
        let it = &self.timeline;
        Some(match command {
            C::Snapping => it.settings.snapping,
            C::Spectrogram => it.settings.spectrogram,
            C::Pitch => it.settings.pitch,
            C::Onsets => it.settings.onsets,
            C::LockTier => it.settings.tiers.is_locked(it.current),
            C::SoloTier => it.settings.tiers.solo == Some(it.current),
            C::TapKeys => it.tap.as_ref().is_some_and(|t| t.goal == Goal::Keys),
            C::TapMarkers => it.tap.as_ref().is_some_and(|t| t.goal == Goal::Markers),
            _ => return None,
        })
    }

    pub(in crate::app) fn timeline_command(&mut self, ctx: &egui::Context, command: TimelineCommand) {
        use TimelineCommand as C;
        let tier = self.timeline.current;
        match command {
            C::SelectAll => self.select_by(|o, t| select::all(o.project(), &o.board, t)),
            C::SelectBefore | C::SelectAfter => {
                let (at, after) = (self.view.playhead, command == C::SelectAfter);
                self.select_by(|o, t| select::beside(o.project(), &o.board, t, at, after));
            }
            C::SelectEverything => {
                let Some(opened) = &self.opened else { return };
                let shown = self.timeline.settings.tiers.shown();
                let all = shown.into_iter().map(|t| select::all(opened.project(), &opened.board, t));
                let all = all.fold(Selection::default(), |a, b| select::union(&a, &b));
                self.select(all);
            }
            C::CopyCues => self.copy_cues(ctx),
            C::PasteCues | C::PasteShapes | C::PastePlaces | C::PasteTiming => self.ask_for_paste(ctx, command),
            C::EditTimes => self.edit_times(ctx),
            C::Split => self.split(ctx),
            C::Merge => self.merge(),
            C::Realign => self.realign_around(),
            C::Release => self.release_boundaries(),
            C::StartEarlier => self.nudge_edge(true, -1.0),
            C::StartLater => self.nudge_edge(true, 1.0),
            C::EndEarlier => self.nudge_edge(false, -1.0),
            C::EndLater => self.nudge_edge(false, 1.0),
            C::Remove => self.remove_marks(),
            C::Snapping => {
                self.timeline.settings.snapping ^= true;
                self.tell(if self.timeline.settings.snapping { tr("Snapping is on") } else { tr("Snapping is off") });
            }
            C::TapKeys => self.begin_taps(Goal::Keys),
            C::TapMarkers => self.begin_taps(Goal::Markers),
            C::Tap => self.tap(),
            C::FinishTaps => self.finish_taps(),
            C::CancelTaps => self.cancel_taps(),
            C::AddMarker => self.add_marker(),
            C::PreviousMarker => self.step_marker(false),
            C::NextMarker => self.step_marker(true),
            C::AddExpression => self.add_expression(),
            C::MaskSelection => self.mask_selection(),
            C::LockMask => self.lock_masks(),
            C::LockTier => {
                let locked = !self.timeline.settings.tiers.is_locked(tier);
                self.timeline.settings.tiers.set_locked(tier, locked);
                let places = [("tier", tier.name())];
                self.tell(if locked {
                    tr_with("The tier {tier} is locked", &places)
                } else {
                    tr_with("The tier {tier} is unlocked", &places)
                });
            }
            C::HideTier => {
                self.timeline.settings.tiers.set_shown(tier, false);
                self.tell(tr_with("{tier} is hidden: the button Tiers shows it again", &[("tier", tier.name())]));
            }
            C::SoloTier => {
                let tiers = &mut self.timeline.settings.tiers;
                tiers.solo = if tiers.solo == Some(tier) { None } else { Some(tier) };
            }
            C::TallerTier => self.resize_tier(8.0),
            C::ShorterTier => self.resize_tier(-8.0),
            C::Spectrogram => self.timeline.settings.spectrogram ^= true,
            C::Pitch => self.timeline.settings.pitch ^= true,
            C::Onsets => self.timeline.settings.onsets ^= true,
        }
    }

    fn resize_tier(&mut self, by: f32) {
        let tier = self.timeline.current;
        let now = self.timeline.settings.tiers.height(tier).unwrap_or(tier.least_height());
        self.timeline.settings.tiers.set_height(tier, Some(now + by));
    }

    fn select_by(&mut self, find: impl Fn(&super::Opened, TierId) -> Selection) {
        let Some(opened) = &self.opened else { return };
        let tier = match self.timeline.current {
            // Nothing can be selected there: the keys are what is worked on most.
            TierId::Sound | TierId::Hands | TierId::Cache => TierId::Shape,
            tier => tier,
        };
        let found = find(opened, tier);
        let marks = found.markers.len() + found.masks.len() + found.expressions.len();
        let count = found.keys.len() + found.words.len() + found.phones.len() + marks;
        self.select(found);
        self.tell(tr_with("{tier}: {count} selected", &[("count", &count.to_string()), ("tier", tier.name())]));
    }

    /// The phone that is meant: the selected one, or that under the playhead.
    fn phone_meant(&self) -> Option<usize> {
        let opened = self.opened.as_ref()?;
        let selected = opened.document.selection.phones.first().copied().or(self.view.phone);
        selected.or_else(|| self.phone_at_playhead())
    }

    fn phone_at_playhead(&self) -> Option<usize> {
        let phones = &self.opened.as_ref()?.project().tiers.phones;
        let after = phones.partition_point(|p| p.start <= self.view.playhead);
        after.checked_sub(1).filter(|i| phones[*i].end > self.view.playhead)
    }

    /// The phones of what is selected on the tier.
    fn phones_meant(&self) -> Option<Range<usize>> {
        let opened = self.opened.as_ref()?;
        let selection = &opened.document.selection;
        match self.timeline.current {
            TierId::Words => {
                let word = selection.words.first().copied().or(self.view.word)?;
                let words = &opened.board.phone_words;
                Some(words.partition_point(|w| *w < word)..words.partition_point(|w| *w <= word))
            }
            TierId::Keys | TierId::Gloss => {
                let index = opened.board.key_index(*selection.keys.last()?)?;
                Some(opened.project().tiers.keys[index].rule.phones.clone())
            }
            _ => match (selection.phones.first(), selection.phones.last()) {
                (Some(first), Some(last)) => Some(*first..last + 1),
                _ => self.phone_meant().map(|p| p..p + 1),
            },
        }
    }

    fn edit_times(&mut self, ctx: &egui::Context) {
        let Some(opened) = &self.opened else { return };
        let selection = &opened.document.selection;
        let target = match self.timeline.current {
            TierId::Masks | TierId::Takes => selection.masks.last().map(|id| Target::Mask(*id)),
            TierId::Markers => selection.markers.last().map(|id| Target::Marker(*id)),
            TierId::Expressions => selection.expressions.last().map(|id| Target::Expression(*id)),
            TierId::Shape => selection.keys.last().map(|id| Target::Move(*id, Part::Shape)),
            TierId::Position => selection.keys.last().map(|id| Target::Move(*id, Part::Position)),
            TierId::Words => selection.words.last().copied().or(self.view.word).and_then(|word| {
                self.phones_meant().filter(|p| !p.is_empty()).map(|phones| Target::Word(word, phones))
            }),
            _ => self.phones_meant().filter(|p| !p.is_empty()).map(Target::Phones),
        };
        let Some(target) = target else {
            self.tell(tr("Select what the times are to be typed of first."));
            return;
        };
        self.open_entry(ctx, target);
    }

    fn open_entry(&mut self, ctx: &egui::Context, target: Target) {
        let Some(opened) = &self.opened else { return };
        let scale = self.timeline.view.scale(opened.length(), self.timeline.width);
        let start = crate::app::timeline::entry::range_of(&target, opened.project()).map_or(Seconds::ZERO, |r| r.start);
        let y = ctx.content_rect().height() * 0.7;
        let beside = Rect::from_min_size(pos2(scale.x.clamp(scale.x_from_time(start)), y), vec2(2.0, 2.0));
        self.timeline.entry = Entry::new(target, beside, opened.project());
    }

    fn split(&mut self, ctx: &egui::Context) {
        let Some(opened) = &self.opened else { return };
        let at = self.view.playhead;
        match self.timeline.current {
            TierId::Masks => {
                let masks = &opened.project().marks.masks;
                let selected = &opened.document.selection.masks;
                let under: Vec<&Mask> = masks.iter().filter(|m| m.range.contains(at)).collect();
                let mask = under.iter().find(|m| selected.contains(&m.id)).or(under.last()).map(|m| m.id);
                match mask {
                    Some(mask) => self.edit(&Edit::Segments(SegmentEdit::SplitMask { mask, at })),
                    None => self.tell(tr("There is no mask under the playhead.")),
                }
            }
            TierId::Words => {
                // Where a word is cut is a matter of its letters: the field has a caret.
                self.edit_times(ctx);
            }
            _ => match self.phone_at_playhead() {
                Some(phone) => {
                    self.edit(&Edit::Segments(SegmentEdit::SplitPhone { phone, at }));
                    self.select(Selection { phones: vec![phone], ..Selection::default() });
                }
                None => self.tell(tr("There is no sound under the playhead.")),
            },
        }
    }

    fn merge(&mut self) {
        let Some(opened) = &self.opened else { return };
        let selection = &opened.document.selection;
        let masks = &opened.project().marks.masks;
        let edit = match self.timeline.current {
            TierId::Masks => {
                let mut chosen = selection.masks.clone();
                if let [only] = chosen.as_slice() {
                    // One mask joins the next one.
                    let at = masks.iter().position(|m| m.id == *only);
                    chosen.extend(at.and_then(|i| masks.get(i + 1)).map(|m| m.id));
                }
                Some(SegmentEdit::MergeMasks(chosen))
            }
            TierId::Words => {
                selection.words.first().copied().or(self.view.word).map(|word| SegmentEdit::MergeWords { word })
            }
            _ => self.phone_meant().map(|phone| SegmentEdit::MergePhones { phone }),
        };
        match edit {
            Some(edit) => self.edit(&Edit::Segments(edit)),
            None => self.tell(tr("Select what is to be merged with the next first.")),
        }
    }

    /// Moves where something begins or ends by one frame.
    fn nudge_edge(&mut self, start: bool, frames: f64) {
        use crate::document::edit::MoveTime as M;
        let Some(opened) = &self.opened else { return };
        let project = opened.project();
        let selection = &opened.document.selection;
        let step = Seconds(project.settings.fps.frame_length().0 * frames);
        let edit = match self.timeline.current {
            TierId::Masks => selection.masks.last().and_then(|id| project.marks.mask(*id)).map(|mask| {
                let side = if start { masks::Side::Start } else { masks::Side::End };
                let to = masks::time_of(mask, side) + step;
                Edit::SetMask(masks::moved(mask, side, to, project.length()))
            }),
            TierId::Expressions => {
                let mark = selection.expressions.last().and_then(|id| project.marks.expression(*id));
                mark.map(|mark| {
                    let side = if start { expressions::Side::Start } else { expressions::Side::End };
                    let to = expressions::time_of(mark, side) + step;
                    Edit::SetExpression(expressions::moved(mark, side, to, project.length()))
                })
            }
            tier @ (TierId::Shape | TierId::Position) => {
                let index = selection.keys.last().and_then(|id| opened.board.key_index(*id));
                index.map(|i| {
                    let key = &project.tiers.keys[i];
                    let t = key.times;
                    let (which, now) = match (tier, start) {
                        (TierId::Shape, true) => (M::ShapeStart, t.d1),
                        (TierId::Shape, false) => (M::ShapeEnd, t.d2),
                        (_, true) => (M::PositionStart, t.m1),
                        (_, false) => (M::PositionEnd, t.m2),
                    };
                    Edit::SetMoveTime { key: key.id, which, to: now + step }
                })
            }
            _ => self.phones_meant().filter(|p| !p.is_empty()).map(|phones| {
                let all = &project.tiers.phones;
                if start {
                    Edit::SetPhoneStart { phone: phones.start, to: all[phones.start].start + step }
                } else {
                    Edit::SetPhoneEnd { phone: phones.end - 1, to: all[phones.end - 1].end + step }
                }
            }),
        };
        match edit {
            Some(edit) => self.edit(&edit),
            None => self.tell(tr("Select a sound, a word or a mask first.")),
        }
    }

    fn remove_marks(&mut self) {
        let Some(opened) = &self.opened else { return };
        let selection = opened.document.selection.clone();
        let mut edits = Vec::new();
        if !selection.markers.is_empty() {
            edits.push(Edit::RemoveMarkers(selection.markers));
        }
        if !selection.masks.is_empty() {
            edits.push(Edit::RemoveMasks(selection.masks));
        }
        if !selection.expressions.is_empty() {
            edits.push(Edit::RemoveExpressions(selection.expressions));
        }
        match edits.len() {
            0 => {}
            1 => self.edit(&edits[0]),
            _ => self.edit(&Edit::Many { name: later("Remove markers and masks"), edits }),
        }
    }

    fn add_marker(&mut self) {
        let Some(opened) = &self.opened else { return };
        // The next marker looks like the last one.
        let colour = opened.project().marks.markers.iter().max_by_key(|m| m.id).map_or(0, |m| m.colour);
        let edit = Edit::AddMarker { time: self.view.playhead, text: String::new(), colour };
        self.edit(&edit);
        if self.timeline.settings.tiers.is_locked(TierId::Markers) {
            return;
        }
        let newest = self.opened.as_ref().and_then(|o| o.project().marks.markers.iter().map(|m| m.id).max());
        self.select(Selection { markers: newest.into_iter().collect(), ..Selection::default() });
        self.timeline.settings.tiers.set_shown(TierId::Markers, true);
        self.timeline.current = TierId::Markers;
    }

    fn step_marker(&mut self, forward: bool) {
        let Some(opened) = &self.opened else { return };
        let all = &opened.project().marks.markers;
        let Some(marker) = markers::beside(all, self.view.playhead, forward).cloned() else {
            self.tell(tr("There is no marker in this direction."));
            return;
        };
        self.select(Selection { markers: vec![marker.id], ..Selection::default() });
        self.timeline.current = TierId::Markers;
        self.seek(marker.time);
        self.reveal_playhead();
    }

    fn mask_selection(&mut self) {
        let Some(range) = self.selected_range() else { return };
        if range.length() <= Seconds::ZERO {
            return;
        }
        let parts = self.timeline.settings.brush;
        let range = TimeRange::new(range.start, range.end);
        self.edit(&Edit::AddMask { range, parts, halo: masks::HALO });
        if !self.timeline.settings.tiers.is_locked(TierId::Masks) {
            self.timeline.settings.tiers.set_shown(TierId::Masks, true);
            self.timeline.current = TierId::Masks;
            self.select_new_mask();
        }
    }

    fn lock_masks(&mut self) {
        let Some(opened) = &self.opened else { return };
        let marks = &opened.project().marks;
        let chosen: Vec<&Mask> = opened.document.selection.masks.iter().filter_map(|id| marks.mask(*id)).collect();
        let lock = chosen.iter().any(|m| !m.locked);
        let edits: Vec<Edit> = chosen
            .iter()
            .filter(|m| m.locked != lock)
            .map(|m| Edit::SetMask(Mask { locked: lock, ..(*m).clone() }))
            .collect();
        let name = if lock { later("Lock masks") } else { later("Unlock masks") };
        self.edit(&Edit::Many { name, edits });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_of_the_timeline_is_in_the_one_list() {
        use crate::app::commands::Command;
        for command in TimelineCommand::ALL {
            assert!(Command::ALL.contains(&Command::Timeline(command)), "{command:?}");
        }
    }
}
