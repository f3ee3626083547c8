//! Copying and pasting cues, within the program and as notation.
//!
//! What is copied goes to the system's clipboard as notation, `4-m.1-c`, and is kept here with movements and timing. A
//! paste of the same notation takes what is kept; any other text is read as notation. With a mask selected, the poses
//! performed over it are copied; pasted at another time they become a take of a mask of the same parts. Selected
//! expressions are copied as they are and pasted from the playhead on.

use super::Studio;
use crate::app::commands::TimelineCommand;
use crate::app::i18n::{later, tr, tr_with};
use crate::app::timeline::snap;
use crate::app::timeline::tiers::TierId;
use crate::cueing::Key;
use crate::cueing::notation::{self, LetterSet};
use crate::document::edit::Edit;
use crate::document::edit_segments::{CopiedCue, PasteParts, SegmentEdit};
use crate::document::marks::MarkId;
use crate::jobs::takes::copied::CopiedPoses;
use crate::pose::expression::Expression;
use crate::time::{FrameIndex, Seconds};
use egui::{Event, ViewportCommand};

/// What was copied last.
#[derive(Clone, Debug, Default)]
pub(in crate::app) struct Clip {
    cues: Vec<CopiedCue>,
    /// The same as it stands on the system's clipboard.
    notation: String,
    /// The poses over a mask; `notation` is then only the sign by which the paste knows them.
    poses: Option<CopiedPoses>,
    /// Expressions from 0 on; known by `notation`, too.
    expressions: Vec<Expression>,
    /// What the paste that was asked for is to take; everything when the keyboard asks.
    wanted: Option<PasteParts>,
}

impl Studio {
    /// Takes copies and pastes of the window system, unless a text field wants them.
    pub(in crate::app) fn clipboard_events(&mut self, ctx: &egui::Context) {
        if self.opened.is_none() || self.dialog.is_some() || ctx.text_edit_focused() {
            return;
        }
        let has_keys = self.can_copy();
        let (mut copies, mut pasted) = (false, None);
        ctx.input_mut(|input| {
            input.events.retain(|event| match event {
                Event::Copy if has_keys => {
                    copies = true;
                    false
                }
                Event::Paste(text) => {
                    pasted = Some(text.clone());
                    false
                }
                _ => true,
            });
        });
        if copies {
            self.copy_cues(ctx);
        }
        if let Some(text) = pasted {
            let parts = self.clip.as_mut().and_then(|c| c.wanted.take()).unwrap_or(PasteParts::ALL);
            self.paste_cues(&text, parts);
        }
    }

    /// Something is selected that can be copied.
    pub(in crate::app) fn can_copy(&self) -> bool {
        let selection = self.opened.as_ref().map(|o| &o.document.selection);
        selection.is_some_and(|s| !s.keys.is_empty() || !s.masks.is_empty() || !s.expressions.is_empty())
    }

    fn copy_poses(&mut self, ctx: &egui::Context, mask: MarkId) {
        let Some(opened) = &self.opened else { return };
        let Some(mask) = opened.project().marks.mask(mask) else { return };
        let (fps, length) = (opened.project().settings.fps, opened.length());
        let performed = |i: FrameIndex| opened.pose_at(fps.time_of(i)).map(|pose| pose.to_owned());
        let Some(poses) = CopiedPoses::of(mask, fps, fps.frame_count(length), performed) else {
            self.tell(tr("The poses there are still being made: go there once, then copy."));
            return;
        };
        let (from, to) = (mask.range.start.timecode(), mask.range.end.timecode());
        let notation = format!("poses {from} - {to}");
        ctx.copy_text(notation.clone());
        self.tell(tr_with("Copied poses: {from} to {to}", &[("from", &from), ("to", &to)]));
        self.clip = Some(Clip { notation, poses: Some(poses), ..Clip::default() });
    }

    /// The copied poses as a take of a new mask at the playhead, in one step.
    fn paste_poses(&mut self, poses: &CopiedPoses) {
        let Some(opened) = &self.opened else { return };
        let (project, playhead) = (opened.project(), self.view.playhead);
        let context = snap::Context::of(project, playhead, Seconds(0.02), self.timeline.settings.snapping);
        let range = poses.range_at(snap::snap(playhead, &context).time);
        if range.end > project.length() {
            self.tell(tr("There is not enough room after the playhead for these poses."));
            return;
        }
        let mask = MarkId(project.marks.next_id);
        let edits = match poses.take(&opened.folder, project, mask, range) {
            Ok(take) => vec![
                Edit::AddMask { range, parts: poses.parts, halo: poses.halo },
                Edit::KeepTakes { mask, takes: vec![take], accepted: Some((0, poses.parts)) },
            ],
            Err(error) => {
                self.tell(tr_with("The poses cannot be pasted: {error}.", &[("error", &error.to_string())]));
                return;
            }
        };
        self.edit(&Edit::Many { name: later("Paste poses"), edits });
        self.timeline.current = TierId::Masks;
        self.select_new_mask();
    }

    pub(in crate::app) fn copy_cues(&mut self, ctx: &egui::Context) {
        let Some(opened) = &self.opened else { return };
        if opened.document.selection.keys.is_empty()
            && let Some((expressions, notation)) = self.copied_expressions()
        {
            ctx.copy_text(notation.clone());
            self.tell(tr_with("Copied expressions: {count}", &[("count", &expressions.len().to_string())]));
            self.clip = Some(Clip { notation, expressions, ..Clip::default() });
            return;
        }
        if let Some(mask) = opened.document.selection.masks.last().filter(|_| opened.document.selection.keys.is_empty())
        {
            let mask = *mask;
            self.copy_poses(ctx, mask);
            return;
        }
        let board = &opened.board;
        let mut indices: Vec<usize> =
            opened.document.selection.keys.iter().filter_map(|id| board.key_index(*id)).collect();
        indices.sort_unstable();
        let keys: Vec<_> = indices.iter().map(|i| &opened.project().tiers.keys[*i]).collect();
        let cues: Vec<CopiedCue> = keys
            .iter()
            .map(|k| CopiedCue {
                shape: k.shape(),
                position: k.position(),
                movement: Some(k.movement()),
                shift: Some(k.edits.shift),
            })
            .collect();
        let as_shown = |k: &&crate::document::KeySegment| Key {
            shape: k.shape(),
            position: k.position(),
            movement: k.movement(),
            ..k.rule.clone()
        };
        let plain: Vec<Key> = keys.iter().map(as_shown).collect();
        let notation = notation::write(&plain, LetterSet::default());
        ctx.copy_text(notation.clone());
        self.tell(tr_with("Copied cues: {count}", &[("count", &cues.len().to_string())]));
        self.clip = Some(Clip { cues, notation, ..Clip::default() });
    }

    /// Asks the system for what is on its clipboard; it comes as an event of the next frame.
    pub(in crate::app) fn ask_for_paste(&mut self, ctx: &egui::Context, command: TimelineCommand) {
        let none = PasteParts { shape: false, place: false, timing: false };
        let parts = match command {
            TimelineCommand::PasteShapes => PasteParts { shape: true, ..none },
            TimelineCommand::PastePlaces => PasteParts { place: true, ..none },
            TimelineCommand::PasteTiming => PasteParts { timing: true, ..none },
            _ => PasteParts::ALL,
        };
        self.clip.get_or_insert_default().wanted = Some(parts);
        ctx.send_viewport_cmd(ViewportCommand::RequestPaste);
    }

    /// Puts cues over the keys from the first selected one, or from the one at the playhead, on.
    pub(in crate::app) fn paste_cues(&mut self, text: &str, parts: PasteParts) {
        let Some(opened) = &self.opened else { return };
        let own = self.clip.as_ref().filter(|c| !c.notation.is_empty() && c.notation == text.trim());
        if let Some(poses) = own.and_then(|c| c.poses.clone()) {
            self.paste_poses(&poses);
            return;
        }
        if let Some(expressions) = own.map(|c| c.expressions.clone()).filter(|e| !e.is_empty()) {
            self.paste_expressions(&expressions);
            return;
        }
        let cues: Vec<CopiedCue> = match own {
            Some(clip) => clip.cues.clone(),
            None => match notation::parse(text, LetterSet::default()) {
                Ok(read) => read
                    .into_iter()
                    .map(|(shape, position)| CopiedCue { shape, position, movement: None, shift: None })
                    .collect(),
                Err(error) => {
                    let error = error.to_string();
                    self.tell(tr_with("This cannot be pasted as cues: {error}.", &[("error", &error)]));
                    return;
                }
            },
        };
        if cues.is_empty() || (parts.timing && !parts.shape && !parts.place && cues.iter().all(|c| c.shift.is_none())) {
            self.tell(tr("There is nothing on the clipboard that could be pasted here."));
            return;
        }
        let project = opened.project();
        let selected = opened.document.selection.keys.iter().filter_map(|id| opened.board.key_index(*id)).min();
        let under = || {
            let after = project.tiers.keys.partition_point(|k| k.times.a1 <= self.view.playhead);
            after.saturating_sub(1)
        };
        let index = selected.unwrap_or_else(under);
        let Some(from) = project.tiers.keys.get(index).map(|k| k.id) else { return };
        let room = project.tiers.keys.len() - index;
        let pasted = cues.len().min(room);
        let all = cues.len();
        let before = opened.revision;
        self.edit(&Edit::Segments(SegmentEdit::PasteCues { from, cues, parts }));
        let done = self.opened.as_ref().is_some_and(|o| o.revision != before);
        if done && pasted < all {
            let places = [("pasted", &*pasted.to_string()), ("all", &*all.to_string())];
            self.tell(tr_with("{pasted} of {all} cues are pasted: there are no more keys", &places));
        } else if done {
            self.tell(tr_with("Pasted cues: {count}", &[("count", &pasted.to_string())]));
        }
    }
}
