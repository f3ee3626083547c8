//! Each tier on its lane: what is drawn there, and what is wanted when something is done to it.

use super::edges::{Edge, Edges};
use super::entry::{Entry, Target};
use super::handles::HandleEvent;
use super::lanes::{self, Lane, LaneEvent, Segments};
use super::masks;
use super::moves::{MoveEvent, MoveLane, Part};
use super::segments::{Keys, Lips, Phones, Syllables, Words};
use super::snap::Held;
use super::tiers::TierId;
use super::tokens::TokenLane;
use super::view::Scale;
use super::{TimelineInput, TimelineState, cache, hands, select, snap, sound};
use crate::app::i18n::{later, tr};
use crate::app::intent::{Intent, SelectMode};
use crate::app::theme::{self, Tokens};
use crate::document::Selection;
use crate::document::edit::Edit;
use crate::document::edit_segments::{LinkedTiers, SegmentEdit};
use crate::time::Seconds;
use egui::{Rect, Ui, vec2};
use std::ops::Range;

/// Draws one tier.
#[expect(clippy::too_many_arguments)]
pub fn show(
    ui: &Ui,
    tier: TierId,
    lane: Rect,
    shown: &[TierId],
    scale: Scale,
    input: &TimelineInput<'_>,
    state: &mut TimelineState,
    t: &Tokens,
    out: &mut Vec<Intent>,
) {
    let mut row = Row { ui, tier, lane, shown, scale, input, state, t, out };
    match tier {
        TierId::Sound => sound::show(ui, lane, scale, input, row.state, t, row.out),
        TierId::Words => row.words(),
        TierId::Syllables => row.syllables(),
        TierId::Phones => row.phones(),
        TierId::Gloss => row.keys(true),
        TierId::Keys => row.keys(false),
        TierId::Shape => row.hand(Part::Shape),
        TierId::Position => row.hand(Part::Position),
        TierId::Lips => row.lips(),
        TierId::Expressions => row.expressions(),
        TierId::FaceBase | TierId::FaceResidual | TierId::BodyBase | TierId::BodyResidual => row.tokens(),
        TierId::Masks => row.masks(),
        TierId::Takes => row.takes(),
        TierId::Hands => hands::show(ui, lane, scale, &input.project.marks.hands, t, row.out),
        TierId::Markers => row.markers(),
        TierId::Cache => cache::show(ui, lane, scale, input.cache, input.project.length(), t),
    }
}

pub(super) struct Row<'a, 'b> {
    pub(super) ui: &'a Ui,
    pub(super) tier: TierId,
    pub(super) lane: Rect,
    pub(super) shown: &'a [TierId],
    pub(super) scale: Scale,
    pub(super) input: &'a TimelineInput<'b>,
    pub(super) state: &'a mut TimelineState,
    pub(super) t: &'a Tokens,
    pub(super) out: &'a mut Vec<Intent>,
}

/// The segment of a tier that has the keyboard when its lane has it.
fn current(tier: TierId, input: &TimelineInput<'_>, state: &mut TimelineState) -> Option<usize> {
    let some = |count: usize, index: Option<usize>| index.filter(|i| *i < count).or((count > 0).then_some(0));
    let selection = input.selection;
    match tier {
        TierId::Words => some(input.board.words.len(), input.word.and_then(|w| input.board.word_box(w))),
        TierId::Syllables => {
            let all = state.syllables(input);
            let phone = input.phone.or(selection.phones.first().copied());
            let at = phone.map(|p| all.partition_point(|s| s.phones.end <= p));
            some(all.len(), at)
        }
        TierId::Phones | TierId::Lips => {
            some(input.project.tiers.phones.len(), input.phone.or(selection.phones.last().copied()))
        }
        TierId::Gloss | TierId::Keys | TierId::Shape | TierId::Position => {
            let key = selection.keys.last().and_then(|id| input.board.key_index(*id));
            some(input.project.tiers.keys.len(), key)
        }
        TierId::Masks => {
            let masks = &input.project.marks.masks;
            let at = selection.masks.last().and_then(|id| masks.iter().position(|m| m.id == *id));
            some(masks.len(), at)
        }
        TierId::Expressions => {
            let all = &input.project.marks.expressions;
            let at = selection.expressions.last().and_then(|id| all.iter().position(|e| e.id == *id));
            some(all.len(), at)
        }
        TierId::Takes => {
            let takes = &input.project.marks.takes;
            let at = selection.masks.last().and_then(|id| takes.iter().position(|t| t.mask == *id));
            some(takes.len(), at)
        }
        TierId::Markers => {
            let markers = &input.project.marks.markers;
            let at = selection.markers.last().and_then(|id| markers.iter().position(|m| m.id == *id));
            some(markers.len(), at)
        }
        TierId::FaceBase | TierId::FaceResidual | TierId::BodyBase | TierId::BodyResidual => {
            let tokens = input.tokens.iter().find(|x| x.tier == tier)?;
            some(tokens.tokens.len(), state.token.filter(|(at, _)| *at == tier).map(|(_, i)| i))
        }
        TierId::Sound | TierId::Hands | TierId::Cache => None,
    }
}

impl Row<'_, '_> {
    pub(super) fn current(&mut self) -> Option<usize> {
        current(self.tier, self.input, self.state)
    }

    pub(super) fn locked(&self) -> bool {
        self.state.settings.tiers.is_locked(self.tier)
    }

    /// The tiers that Shift-drag takes along.
    pub(super) fn linked(&self) -> LinkedTiers {
        let tiers = &self.state.settings.tiers;
        let open = |t| !tiers.is_locked(t);
        LinkedTiers {
            phones: open(TierId::Phones),
            keys: open(TierId::Shape) && open(TierId::Position),
            masks: open(TierId::Masks),
            markers: open(TierId::Markers),
        }
    }

    pub(super) fn open(&mut self, target: Target, beside: Rect) {
        self.state.current = self.tier;
        self.state.entry = Entry::new(target, beside, self.input.project);
    }

    /// Takes the keyboard to the lane above or below, to the segment that is current there.
    fn leave(&mut self, by: i32) {
        let walked: Vec<TierId> = self.shown.iter().copied().filter(|t| t.is_walked()).collect();
        let Some(at) = walked.iter().position(|t| *t == self.tier) else { return };
        let mut to = at as i64;
        loop {
            to += i64::from(by.signum());
            let Some(tier) = usize::try_from(to).ok().and_then(|i| walked.get(i)).copied() else { return };
            if let Some(index) = current(tier, self.input, self.state) {
                let marks = &self.input.project.marks;
                let id = match tier {
                    TierId::Masks => masks::mark_id(tier, marks.masks[index].id),
                    TierId::Markers => masks::mark_id(tier, marks.markers[index].id),
                    TierId::Expressions => masks::mark_id(tier, marks.expressions[index].id),
                    _ => lanes::lane_id(tier).with(index),
                };
                lanes::focus_later(self.ui, id);
                self.state.current = tier;
                self.state.reveal = Some(tier);
                return;
            }
        }
    }

    /// What all lanes have in common; gives the event back when it is the lane's own.
    pub(super) fn common(&mut self, event: LaneEvent) -> Option<LaneEvent> {
        match event {
            LaneEvent::LeaveTo(by) => self.leave(by),
            LaneEvent::Missed(time) => {
                self.state.current = self.tier;
                self.out.push(Intent::ClearSelection);
                self.out.push(Intent::Seek(time.clamp(Seconds::ZERO, self.input.project.length())));
            }
            LaneEvent::Dragged(origin) => self.state.begin_marquee(self.ui, origin, self.scale),
            other => {
                self.state.current = self.tier;
                return Some(other);
            }
        }
        None
    }

    fn lane(&mut self, segments: &dyn Segments) -> Vec<LaneEvent> {
        let lane = Lane { tier: self.tier, segments, current: self.current() };
        let events = lane.show(self.ui, self.lane, self.scale, self.t, &mut self.state.densities);
        events.into_iter().filter_map(|e| self.common(e)).collect()
    }

    fn words(&mut self) {
        let input = *self.input;
        let segments = Words { input: &input };
        let phones_of = |i: usize| phones_of_word(&input, input.board.words[i].word);
        for event in self.lane(&segments) {
            match event {
                LaneEvent::Clicked(i, m) if m.command || m.shift => {
                    let words = select::picked(&input.selection.words, input.board.words[i].word, m.shift);
                    // Marks of punctuation have no place of their own.
                    let words = words.into_iter().filter(|w| input.board.word_box(*w).is_some()).collect();
                    self.out.push(Intent::Select(Box::new(Selection { words, ..Selection::default() })));
                }
                LaneEvent::Clicked(i, _) | LaneEvent::WalkedTo(i) => {
                    self.out.push(Intent::SelectWord(input.board.words[i].word));
                }
                LaneEvent::Opened(i, rect) => {
                    self.open(Target::Word(input.board.words[i].word, phones_of(i)), rect);
                }
                _ => {}
            }
        }
        self.edges(&segments, &phones_of);
    }

    fn syllables(&mut self) {
        let input = *self.input;
        let all = self.state.syllables(self.input);
        let segments = Syllables { input: &input, all: &all };
        for event in self.lane(&segments) {
            match event {
                LaneEvent::Clicked(i, m) => {
                    let phones: Vec<usize> = all[i].phones.clone().collect();
                    let mut wanted = Selection { phones, ..Selection::default() };
                    if m.command || m.shift {
                        wanted = select::union(input.selection, &wanted);
                    }
                    self.out.push(Intent::Select(Box::new(wanted)));
                }
                LaneEvent::WalkedTo(i) => {
                    let phones = all[i].phones.clone().collect();
                    self.out.push(Intent::Select(Box::new(Selection { phones, ..Selection::default() })));
                }
                LaneEvent::Opened(i, rect) => self.open(Target::Phones(all[i].phones.clone()), rect),
                _ => {}
            }
        }
        self.edges(&segments, &|i| all[i].phones.clone());
    }

    fn phone_events(&mut self, segments: &dyn Segments) {
        let input = *self.input;
        for event in self.lane(segments) {
            match event {
                LaneEvent::Clicked(i, m) if m.command || m.shift => {
                    let phones = select::picked(&input.selection.phones, i, m.shift);
                    self.out.push(Intent::Select(Box::new(Selection { phones, ..Selection::default() })));
                }
                LaneEvent::Clicked(i, _) | LaneEvent::WalkedTo(i) => self.out.push(Intent::SelectPhone(i)),
                LaneEvent::Opened(i, rect) => self.open(Target::Phones(i..i + 1), rect),
                _ => {}
            }
        }
    }

    fn phones(&mut self) {
        let input = *self.input;
        let segments = Phones { input: &input };
        self.phone_events(&segments);
        self.edges(&segments, &|i| i..i + 1);
    }

    fn lips(&mut self) {
        let input = *self.input;
        let classes = self.state.classes(self.input);
        let segments = Lips { input: &input, classes: &classes, px_per_second: self.scale.px_per_second() };
        self.phone_events(&segments);
    }

    fn keys(&mut self, gloss: bool) {
        let input = *self.input;
        let selected = self.state.selected_keys(input.selection);
        let segments = Keys { input: &input, selected: &selected, gloss, px_per_second: self.scale.px_per_second() };
        for event in self.lane(&segments) {
            self.key_event(event, None);
        }
        if !gloss {
            self.edges(&segments, &|i| input.project.tiers.keys[i].rule.phones.clone());
        }
    }

    fn key_event(&mut self, event: LaneEvent, part: Option<Part>) {
        let keys = &self.input.project.tiers.keys;
        match event {
            LaneEvent::Clicked(i, m) => {
                self.out.push(Intent::SelectKey(keys[i].id, SelectMode::from_modifiers(m)));
            }
            LaneEvent::WalkedTo(i) => self.out.push(Intent::SelectKey(keys[i].id, SelectMode::Replace)),
            LaneEvent::Opened(i, rect) => {
                self.out.push(Intent::SelectKey(keys[i].id, SelectMode::Replace));
                let target = match part {
                    Some(part) => Target::Move(keys[i].id, part),
                    None => Target::Phones(keys[i].rule.phones.clone()),
                };
                self.open(target, rect);
            }
            _ => {}
        }
    }

    fn hand(&mut self, part: Part) {
        let input = *self.input;
        let selected = self.state.selected_keys(input.selection);
        let (current, locked) = (self.current(), self.locked());
        let lane = MoveLane { part, input: &input, selected: &selected, current, locked };
        let mut grab = self.state.grab;
        let events = lane.show(self.ui, self.lane, self.scale, self.t, &mut grab, &mut self.state.densities);
        self.state.grab = grab;
        for event in events {
            match event {
                MoveEvent::Lane(event) => {
                    if let Some(event) = self.common(event) {
                        self.key_event(event, Some(part));
                    }
                }
                MoveEvent::Handle(key, which, event) => {
                    let Some(it) = input.project.key(key) else { continue };
                    let now = [it.times.m1, it.times.m2, it.times.d1, it.times.d2][which as usize];
                    let tiers = self.linked();
                    self.handle_event(event, now, later("Change hand timing"), Target::Move(key, part), &|to, grab| {
                        match grab {
                            Some(g) if g.linked => {
                                Edit::Segments(SegmentEdit::MoveBoundaries { at: g.from, to, tiers })
                            }
                            _ => Edit::SetMoveTime { key, which, to },
                        }
                    });
                }
                MoveEvent::Lead(key, event) => {
                    let Some(it) = input.project.key(key) else { continue };
                    let now = it.times.m1;
                    // Several selected keys go together.
                    let keys = if selected.contains(&key) { input.selection.keys.clone() } else { vec![key] };
                    self.handle_event(event, now, later("Shift hand"), Target::Move(key, part), &|to, grab| {
                        let from = grab.map_or(now, |g| g.from);
                        Edit::ShiftHand { keys: keys.clone(), by: to - from }
                    });
                }
            }
        }
    }

    /// What a handle asks for: the time snapped, the edit made from it.
    pub(super) fn handle_event(
        &mut self,
        event: HandleEvent,
        now: Seconds,
        name: &'static str,
        target: Target,
        edit: &dyn Fn(Seconds, Option<super::handles::Grab>) -> Edit,
    ) {
        self.state.current = self.tier;
        match event {
            HandleEvent::Moved(grab, to) => {
                let held = match target {
                    _ if grab.linked => Held::Together(now),
                    Target::Marker(id) => Held::Marker(id),
                    Target::Mask(id) => Held::Mask(id),
                    Target::Expression(id) => Held::Expression(id),
                    Target::Move(key, _) => Held::Hand(key),
                    _ => Held::Edge(now),
                };
                let to = self.state.snap(self.ui, to, held, self.input, self.scale);
                let name = if grab.linked { later("Move boundaries together") } else { name };
                self.out.push(Intent::Drag(name, edit(to, Some(grab))));
            }
            HandleEvent::Released => {
                self.state.snapped = None;
                self.out.push(Intent::EndDrag);
            }
            HandleEvent::Nudged(nudge) => {
                let context = snap::Context::of(self.input.project, self.input.playhead, Seconds::ZERO, true);
                let to = nudge.apply(now, &context).time;
                self.out.push(Intent::Edit(edit(to, None)));
            }
            HandleEvent::Opened => {
                let x = self.scale.x_from_time(now);
                let beside = Rect::from_center_size(egui::pos2(x, self.lane.top()), vec2(2.0, 2.0));
                self.open(target, beside);
            }
        }
    }

    fn edges(&mut self, segments: &dyn Segments, phones_of: &dyn Fn(usize) -> Range<usize>) {
        let input = *self.input;
        let chosen = match self.tier {
            TierId::Words => input.word.is_some(),
            TierId::Phones | TierId::Syllables => input.phone.is_some() || !input.selection.phones.is_empty(),
            _ => !input.selection.keys.is_empty(),
        };
        let current = self.current().filter(|_| chosen);
        let phones = &input.project.tiers.phones;
        let edges = Edges { tier: self.tier, segments, phones_of, phones, symbols: &input.board.symbols, current };
        if matches!(self.tier, TierId::Words | TierId::Phones) {
            edges.pins(self.ui, self.lane, self.scale, self.t);
        }
        // Times belong to the sounds: a lock there holds for the words as well.
        if self.locked() || self.state.settings.tiers.is_locked(TierId::Phones) {
            return;
        }
        let mut grab = self.state.grab;
        let found = edges.show(self.ui, self.lane, self.scale, self.t, &mut grab);
        self.state.grab = grab;
        if let Some((edge, event)) = found {
            let tiers = self.linked();
            let now = edge.time(phones);
            self.handle_event(event, now, later("Move sound boundary"), Target::Edge(edge), &|to, grab| {
                Edge::edit(edge, to, grab, tiers)
            });
        }
    }

    fn tokens(&mut self) {
        let Some(tokens) = self.input.tokens.iter().find(|x| x.tier == self.tier) else {
            let text = tr("No token generator has been run");
            let at = self.lane.left_center() + vec2(8.0, 0.0);
            let font = theme::regular(theme::SMALL);
            self.ui.painter_at(self.lane).text(at, egui::Align2::LEFT_CENTER, text, font, self.t.text3);
            let ground = lanes::ground(self.ui, self.tier, self.lane);
            if ground.clicked() {
                self.state.current = self.tier;
            }
            return;
        };
        let selected = self.state.token.filter(|(tier, _)| *tier == self.tier).map(|(_, i)| i);
        let segments = TokenLane { tokens: &tokens.tokens, selected };
        for event in self.lane(&segments) {
            if let LaneEvent::Clicked(i, _) | LaneEvent::WalkedTo(i) = event {
                self.state.token = Some((self.tier, i));
                self.out.push(Intent::Seek(tokens.tokens[i].range.start));
            }
        }
    }
}

/// The phones of a word, by the word of each phone.
pub fn phones_of_word(input: &TimelineInput<'_>, word: usize) -> Range<usize> {
    let words = &input.board.phone_words;
    words.partition_point(|w| *w < word)..words.partition_point(|w| *w <= word)
}
