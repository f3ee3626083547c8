//! What is wanted when something is done to the lane of expressions.

use super::entry::Target;
use super::expressions::{self, ExpressionEvent, ExpressionLane, SHORTEST, Side};
use super::handles::HandleEvent;
use super::lanes::LaneEvent;
use super::rows::Row;
use super::snap::Held;
use crate::app::i18n::later;
use crate::app::intent::Intent;
use crate::document::Selection;
use crate::document::edit::Edit;
use crate::document::marks::MarkId;
use crate::time::TimeRange;
use egui::Modifiers;

impl Row<'_, '_> {
    pub(super) fn expressions(&mut self) {
        let marks = &self.input.project.marks;
        let lane = ExpressionLane {
            expressions: &marks.expressions,
            selected: &self.input.selection.expressions,
            current: self.current(),
            painting: self.state.expressing.map(|(from, to)| TimeRange::new(from, to)),
            locked: self.locked(),
        };
        let mut grab = self.state.grab;
        let events = lane.show(self.ui, self.lane, self.scale, self.t, &mut grab);
        self.state.grab = grab;
        for event in events {
            match event {
                ExpressionEvent::Lane(event) => {
                    if let Some(event) = self.common(event) {
                        self.expression_event(event);
                    }
                }
                ExpressionEvent::Side(id, side, event) => {
                    let Some(mark) = marks.expression(id).copied() else { continue };
                    let length = self.input.project.length();
                    let name = if side == Side::Body { later("Move expression") } else { later("Change expression") };
                    if !self.input.selection.expressions.contains(&id) && matches!(event, HandleEvent::Moved(..)) {
                        self.select_expressions(vec![id]);
                    }
                    let now = expressions::time_of(&mark, side);
                    self.handle_event(event, now, name, Target::Expression(id), &|to, _| {
                        Edit::SetExpression(expressions::moved(&mark, side, to, length))
                    });
                }
                ExpressionEvent::Painted(from, to) => {
                    let from = match self.state.expressing {
                        Some((from, _)) => from,
                        None => self.state.snap(self.ui, from, Held::Nothing, self.input, self.scale),
                    };
                    let to = self.state.snap(self.ui, to, Held::Nothing, self.input, self.scale);
                    self.state.expressing = Some((from, to));
                }
                ExpressionEvent::PaintingDone => {
                    self.state.current = self.tier;
                    self.state.snapped = None;
                    let Some((from, to)) = self.state.expressing.take() else { continue };
                    let range = TimeRange::new(from, to);
                    if range.length() >= SHORTEST {
                        let kind = self.state.settings.expression;
                        self.out.push(Intent::Edit(Edit::AddExpression { range, kind, strength: 1.0 }));
                        self.out.push(Intent::SelectNewExpression);
                    }
                }
            }
        }
    }

    fn select_expressions(&mut self, expressions: Vec<MarkId>) {
        self.out.push(Intent::Select(Box::new(Selection { expressions, ..Selection::default() })));
    }

    fn expression_event(&mut self, event: LaneEvent) {
        let all = &self.input.project.marks.expressions;
        let selected = &self.input.selection.expressions;
        let (i, modifiers) = match event {
            LaneEvent::Clicked(i, m) => (i, m),
            LaneEvent::WalkedTo(i) | LaneEvent::Opened(i, _) => (i, Modifiers::NONE),
            _ => return,
        };
        let id = all[i].id;
        let wanted = if modifiers.shift {
            let at = selected.first().and_then(|id| all.iter().position(|e| e.id == *id)).unwrap_or(i);
            all[at.min(i)..=at.max(i)].iter().map(|e| e.id).collect()
        } else if modifiers.command {
            let mut new: Vec<MarkId> = selected.iter().copied().filter(|s| *s != id).collect();
            if new.len() == selected.len() {
                new.push(id);
            }
            new
        } else {
            vec![id]
        };
        self.select_expressions(wanted);
        match event {
            LaneEvent::Opened(_, rect) => self.open(Target::Expression(id), rect),
            _ if modifiers == Modifiers::NONE && !self.input.playing => {
                self.out.push(Intent::Seek(all[i].range.start));
            }
            _ => {}
        }
    }
}
