//! Layers of corrections of hands, drags of hands in the picture, and the list of the worst.

use super::Studio;
use crate::app::hands::{DragStart, Found, HandsIntent, Search};
use crate::app::i18n::{later, tr_with};
use crate::app::timeline::tiers::TierId;
use crate::app::work::{Ended, WorkKind};
use crate::document::edit::Edit;
use crate::generate::rules;
use crate::jobs::hands::worst;
use crate::jobs::poses::Performer;
use crate::jobs::runner::Job;
use crate::pose::hand::HandModel;
use crate::pose::hand_fit::dragged;
use crate::pose::refine::{Refinement, Stage};
use crate::time::{Seconds, TimeRange};

/// Half the length of a new layer where nothing is selected.
const AROUND: Seconds = Seconds(0.5);
/// Hands less plausible than this are listed, and at most so many.
const BELOW: f32 = 0.9;
const MOST: usize = 40;

impl Studio {
    pub(in crate::app) fn hands_intent(&mut self, intent: HandsIntent) {
        match intent {
            HandsIntent::Choose(id) => self.hands.layer = Some(id),
            HandsIntent::Add => self.add_hand_layer(),
            HandsIntent::Put(what) => self.put_hand_layer(*what),
            HandsIntent::FindWorst => self.find_worst_hands(),
            HandsIntent::GoToWorst(index) => self.go_to_worst_hand(index),
            HandsIntent::Drag(joint, to) => self.drag_hand(joint, to),
            HandsIntent::EndDrag => {
                self.hands.drag = None;
                self.change(|o| {
                    o.document.end_drag();
                });
            }
        }
    }

    fn add_hand_layer(&mut self) {
        let selected = self.selected_range();
        let Some(opened) = &self.opened else { return };
        let project = opened.project();
        let now = self.view.playhead;
        // The hand leads the sound: of keys the whole time of their moves and holds counts.
        let keys = opened.document.selection.keys.iter().filter_map(|id| opened.document.key_index(*id));
        let hands = keys.map(|i| project.tiers.keys[i].times).map(|t| TimeRange::new(t.m1.min(t.d1), t.a3.max(t.d2)));
        let hands = hands.reduce(|a, b| TimeRange::new(a.start.min(b.start), a.end.max(b.end)));
        let range = hands.or(selected).filter(|r| r.length() > Seconds::ZERO).unwrap_or_else(|| {
            let start = (now - AROUND).max(Seconds::ZERO);
            TimeRange::new(start, (now + AROUND).min(opened.length()).max(start + Seconds(0.1)))
        });
        let name = tr_with("Layer {number}", &[("number", &(project.marks.hands.len() + 1).to_string())]);
        let side = opened.identity.reference.handed;
        self.put_hand_layer(Refinement { name, side, range, ..Refinement::default() });
    }

    fn put_hand_layer(&mut self, what: Refinement) {
        let last = |studio: &Self| studio.opened.as_ref().and_then(|o| o.project().marks.hands.last().map(|h| h.id));
        let before = last(self);
        self.edit(&Edit::AddHandLayer(Box::new(what)));
        let after = last(self);
        if after != before {
            self.hands.layer = after;
            // The lane comes with the first layer.
            self.timeline.settings.tiers.set_shown(TierId::Hands, true);
        }
    }

    fn find_worst_hands(&mut self) {
        let Some(opened) = &self.opened else { return };
        if self.works.is_running(WorkKind::Hands) {
            return;
        }
        let (folder, project) = (opened.folder.clone(), opened.project().clone());
        let (person, revision) = (opened.identity.clone(), opened.revision);
        let job = Job::start(later("Looking at hands"), self.wake.clone(), move |progress| {
            let performer = Performer::whole(&folder, &project, &person.reference, project.settings.fps, "rules")?;
            let count = performer.frame_count();
            let (mut found, stretch) = (Vec::new(), 2048);
            for first in (0..count).step_by(stretch) {
                anyhow::ensure!(!progress.cancelled(), "stopped");
                progress.report("Looking at hands", first, count);
                let range = first..(first + stretch).min(count);
                found.extend(worst(performer.input(), count, range, BELOW, |range| performer.frames(range)));
            }
            found.sort_by(|a, b| a.plausibility.score.total_cmp(&b.plausibility.score).then(a.frame.cmp(&b.frame)));
            found.truncate(MOST);
            let pose = |frame: usize| performer.frames(frame..frame + 1).pop().unwrap_or_default();
            Ok(found.into_iter().map(|hand| Found { pose: pose(hand.frame), hand }).collect::<Vec<_>>())
        });
        self.works.start(WorkKind::Hands, job, move |studio, result, stopped| match result {
            Ok(found) => {
                let text = tr_with("Hands to look at: {count}", &[("count", &found.len().to_string())]);
                studio.hands.worst = None;
                studio.hands.search = Some(Search { found, revision });
                studio.tell(text.clone());
                Ended::Done(text)
            }
            Err(error) => studio.not_done(&error, stopped),
        });
    }

    fn go_to_worst_hand(&mut self, index: usize) {
        let Some(hand) = self.hands.search.as_ref().and_then(|s| s.found.get(index)).map(|f| f.hand.clone()) else {
            return;
        };
        self.hands.worst = Some(index);
        self.hands.list.at = index;
        self.seek(hand.time);
        // A layer that is there for it is the one to work on.
        if let Some(opened) = &self.opened {
            let hands = &opened.project().marks.hands;
            let own = hands.iter().rev().find(|h| h.what.side == hand.side && h.what.weight(hand.time) > 0.0);
            self.hands.layer = own.map(|h| h.id).or(self.hands.layer);
        }
    }

    /// Draws a joint of the chosen layer's hand to a place of the picture: a fingertip bends its finger, the wrist moves
    /// the hand.
    fn drag_hand(&mut self, joint: usize, to: [f32; 2]) {
        let fresh = self.hands.drag.as_ref().is_none_or(|d| d.joint != joint);
        if fresh && !self.begin_hand_drag(joint) {
            return;
        }
        let Some(opened) = &self.opened else { return };
        let Some(start) = &self.hands.drag else { return };
        let r = &opened.identity.reference;
        let (model, camera) = (HandModel::new(r.hand_length), rules::camera(r.aspect));
        let side = start.layer.what.side;
        let mut layer = start.layer.clone();
        let share = start.weight.max(0.1);
        if joint == 0 {
            let inward = if side == crate::pose::Side::Right { 1.0 } else { -1.0 };
            let by = [inward * (to[0] - start.wrist[0]) / share, -(to[1] - start.wrist[1]) / share];
            layer.what.change_key(start.time, |key| {
                let now = key.change.offset;
                for (i, by) in by.into_iter().enumerate() {
                    crate::pose::refine::Dial::Move(i).set(&mut key.change, now[i] + by);
                }
            });
        } else {
            let (pose, _) = dragged(side, &model, &camera, &start.pose, &start.frame, joint, to);
            let (new, old) = (pose.angles(), start.pose.angles());
            layer.what.change_key(start.time, |key| {
                for (i, fine) in key.change.fine.iter_mut().enumerate() {
                    *fine = (*fine + (new[i] - old[i]) / share).clamp(-300.0, 300.0);
                }
            });
        }
        if opened.project().marks.hand_layer(layer.id) == Some(&layer) {
            // The pointer rests: nothing is to be done, or drawn, again.
            return;
        }
        self.drag(later("Drag hand"), &Edit::SetHandLayer(Box::new(layer)));
    }

    /// Takes in the hand as it is on screen; false where there is none to drag.
    fn begin_hand_drag(&mut self, joint: usize) -> bool {
        let Some(opened) = &self.opened else { return false };
        let Some(layer) = self.hands.chosen(opened).cloned() else { return false };
        let fps = opened.project().settings.fps;
        let time = fps.time_of(opened.frame_at(self.view.playhead));
        let Some(pose) = opened.pose_at(time) else { return false };
        let r = &opened.identity.reference;
        let stage = Stage { fps, count: 1, model: HandModel::new(r.hand_length), camera: rules::camera(r.aspect) };
        let side = layer.what.side;
        let wrist = pose.hand(side)[0];
        let Some(hand) = stage.fitted(side, &[pose], 0, 0..1).pop() else { return false };
        let weight = layer.what.weight(time);
        self.hands.drag = Some(DragStart {
            layer,
            time,
            joint,
            pose: hand.pose,
            frame: hand.frame,
            wrist: [wrist.x, wrist.y],
            weight,
        });
        weight > 0.0
    }
}
