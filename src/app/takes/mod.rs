//! Masks and takes in the window: the tray of takes, their preview, and motion masks over the picture.
//!
//! [`Tray`] is view state. New takes are *staged* in it: they lie on disk but in no document until one is accepted or
//! all are kept. A card is known by the content of its poses, so a take that was accepted is the same card before,
//! after, and once the step is undone; nothing is lost by undoing. Selecting a card looks at it in the viewport
//! without accepting it. All that changes the document goes through [`super::handle`].

pub mod commands;
pub mod motion;
mod thumb;
mod tray;

pub use commands::TakeCommand;
pub use thumb::{Pen, person};
pub use tray::{kind_name, options_ui, part_name, takes_pane};

use super::opened::Opened;
use crate::document::marks::{MarkId, Mask, Take};
use crate::generate::takes::{self, Layer, Poses, Values};
use crate::jobs::runner::{Job, Wake};
use crate::jobs::takes::{Layers, MadeTake, MaskBase, Regenerate, mask_base};
use crate::pose::PoseFrame;
use crate::time::FrameIndex;
use motion::MotionView;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

/// What the tray wants.
#[derive(Clone, Debug)]
pub enum TakesIntent {
    SelectMask(MarkId),
    SelectCard(CardId),
    /// Stops making one take.
    Cancel(u64),
    StartMasks(Box<super::dialogs::MasksForm>),
    CleanUp(Vec<crate::jobs::takes::files::Unneeded>),
}

/// A card of the tray.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CardId {
    /// A take by the hash of its poses.
    Poses(String),
    /// One that is being made.
    Slot(u64),
}

/// What is asked of a generator.
#[derive(Clone, Debug)]
pub struct Form {
    pub generator: usize,
    pub count: usize,
    pub seed: u64,
    pub values: Values,
}

impl Default for Form {
    fn default() -> Self {
        Self { generator: 0, count: 4, seed: 1, values: Values::default() }
    }
}

/// A staged take, or the place of one that is being made.
struct Slot {
    id: u64,
    mask: MarkId,
    seed: u64,
    /// Which take of which work it is, while it is being made.
    making: Option<(u64, usize)>,
    made: Option<MadeTake>,
}

/// Takes being made.
struct Run {
    id: u64,
    receiver: Receiver<(usize, MadeTake)>,
    cancelled: Arc<Vec<AtomicBool>>,
}

/// A card as it is drawn.
pub struct Card<'a> {
    pub id: CardId,
    /// From 1 in its mask.
    pub number: usize,
    pub seed: u64,
    pub kind: CardKind<'a>,
}

#[derive(Clone, Copy)]
pub enum CardKind<'a> {
    Making,
    New(&'a MadeTake),
    Kept(&'a Take),
}

/// The tray.
pub struct Tray {
    folder: PathBuf,
    pub form: Form,
    slots: Vec<Slot>,
    discarded: Vec<Slot>,
    runs: Vec<Run>,
    selected: Option<CardId>,
    /// The picture shows the selected take, not what is in force.
    pub looking: bool,
    pub onion: bool,
    /// Base and kept takes of the mask, and what they were loaded for.
    base: Option<((u64, MarkId), MaskBase)>,
    base_job: Option<((u64, MarkId), Job<MaskBase>)>,
    /// Poses by hash, or why there are none.
    loaded: HashMap<String, Result<Arc<Poses>, String>>,
    /// Layers with the selected take in force, and what they were made for.
    layers: Option<((u64, MarkId, CardId), Vec<Layer>)>,
    /// Counts changes of what the picture shows.
    stamp: u64,
    next: u64,
    pub motion: MotionView,
}

impl Default for Tray {
    fn default() -> Self {
        Self {
            folder: PathBuf::new(),
            form: Form::default(),
            slots: Vec::new(),
            discarded: Vec::new(),
            runs: Vec::new(),
            selected: None,
            looking: true,
            onion: false,
            base: None,
            base_job: None,
            loaded: HashMap::new(),
            layers: None,
            stamp: 0,
            next: 0,
            motion: MotionView::default(),
        }
    }
}

impl Tray {
    /// The mask that the tray is about: the one selected last.
    pub fn mask(opened: &Opened) -> Option<&Mask> {
        let id = opened.document.selection.masks.last()?;
        opened.project().marks.mask(*id)
    }

    /// The cards of a mask: kept takes, then new ones and those being made.
    pub fn cards<'a>(&'a self, opened: &'a Opened, mask: MarkId) -> Vec<Card<'a>> {
        let kept = opened.project().marks.takes.iter().filter(|t| t.mask == mask);
        let mut cards: Vec<Card<'a>> = Vec::new();
        let mut add = |id: CardId, seed, kind| {
            if !cards.iter().any(|c| c.id == id) {
                let number = cards.len() + 1;
                cards.push(Card { id, number, seed, kind });
            }
        };
        for take in kept {
            add(CardId::Poses(take.poses.clone()), take.seed, CardKind::Kept(take));
        }
        for slot in self.slots.iter().filter(|s| s.mask == mask) {
            match &slot.made {
                Some(made) => add(CardId::Poses(made.take.poses.clone()), slot.seed, CardKind::New(made)),
                None => add(CardId::Slot(slot.id), slot.seed, CardKind::Making),
            }
        }
        cards
    }

    /// The selected card, if it is one of the mask's.
    pub fn selected<'a>(&'a self, opened: &'a Opened, mask: MarkId) -> Option<Card<'a>> {
        let id = self.selected.as_ref()?;
        self.cards(opened, mask).into_iter().find(|c| c.id == *id)
    }

    pub fn select(&mut self, card: CardId) {
        self.selected = Some(card);
        self.looking = true;
        self.changed();
    }

    /// What the picture shows may be another now.
    pub fn changed(&mut self) {
        self.layers = None;
        self.stamp += 1;
    }

    pub fn stamp(&self) -> u64 {
        self.stamp
    }

    /// The card `by` places on, around the ends.
    pub fn step(&mut self, opened: &Opened, by: i64) {
        let Some(mask) = Self::mask(opened).map(|m| m.id) else { return };
        let ids: Vec<CardId> = self.cards(opened, mask).into_iter().map(|c| c.id).collect();
        if ids.is_empty() {
            return;
        }
        let now = self.selected.as_ref().and_then(|s| ids.iter().position(|i| i == s));
        let count = ids.len() as i64;
        let next = match now {
            Some(now) => (now as i64 + by).rem_euclid(count),
            None if by > 0 => 0,
            None => count - 1,
        };
        self.select(ids[next as usize].clone());
    }

    pub fn is_busy(&self) -> bool {
        self.base_job.is_some() || !self.runs.is_empty()
    }

    pub fn discarded_of(&self, mask: MarkId) -> usize {
        self.discarded.iter().filter(|s| s.mask == mask).count()
    }

    /// New takes of a mask that are in no document, in their order.
    pub fn staged(&self, opened: &Opened, mask: MarkId) -> Vec<Take> {
        let cards = self.cards(opened, mask);
        let new = cards.iter().filter_map(|c| match c.kind {
            CardKind::New(made) => Some(made.take.clone()),
            _ => None,
        });
        new.collect()
    }

    /// Hashes of staged takes: their files are needed.
    pub fn needed(&self) -> impl Iterator<Item = String> {
        self.slots.iter().chain(&self.discarded).filter_map(|s| s.made.as_ref()).map(|m| m.take.poses.clone())
    }

    /// Makes places for the takes of a request; gives where the takes are to be sent, and the flags that stop each.
    pub fn begin(&mut self, request: &Regenerate) -> (u64, Sender<(usize, MadeTake)>, Arc<Vec<AtomicBool>>) {
        let (sender, receiver) = channel();
        let cancelled: Arc<Vec<AtomicBool>> = Arc::new((0..request.count).map(|_| AtomicBool::new(false)).collect());
        let run = self.new_id();
        for i in 0..request.count {
            let id = self.new_id();
            let seed = request.seed.wrapping_add(i as u64);
            self.slots.push(Slot { id, mask: request.mask, seed, making: Some((run, i)), made: None });
            if i == 0 {
                self.select(CardId::Slot(id));
            }
        }
        self.runs.push(Run { id: run, receiver, cancelled: cancelled.clone() });
        (run, sender, cancelled)
    }

    fn new_id(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// The work of a run is over: what was not made will not come.
    pub fn ended(&mut self, run: u64) {
        self.take_arrived();
        self.runs.retain(|r| r.id != run);
        let gone: Vec<u64> = self.slots.iter().filter(|s| s.making.is_some_and(|m| m.0 == run)).map(|s| s.id).collect();
        for id in gone {
            self.remove_slot(id);
        }
    }

    /// Stops making one take; its neighbour is selected if it was.
    pub fn cancel(&mut self, slot: u64) {
        let Some(found) = self.slots.iter().find(|s| s.id == slot) else { return };
        if let Some((run, index)) = found.making
            && let Some(run) = self.runs.iter().find(|r| r.id == run)
            && let Some(flag) = run.cancelled.get(index)
        {
            flag.store(true, Ordering::Relaxed);
        }
        self.remove_slot(slot);
    }

    fn card_of(slot: &Slot) -> CardId {
        slot.made.as_ref().map_or(CardId::Slot(slot.id), |m| CardId::Poses(m.take.poses.clone()))
    }

    /// Takes a place out of the tray. Something stays selected as long as the mask has another card there.
    fn remove_slot(&mut self, id: u64) -> Option<Slot> {
        let at = self.slots.iter().position(|s| s.id == id)?;
        let slot = self.slots.remove(at);
        if self.selected == Some(Self::card_of(&slot)) {
            let same_mask = |s: &&Slot| s.mask == slot.mask;
            let after = self.slots[at..].iter().find(same_mask);
            let next = after.or_else(|| self.slots[..at].iter().rev().find(same_mask));
            self.selected = next.map(Self::card_of);
        }
        self.changed();
        Some(slot)
    }

    /// Puts the selected new take aside.
    pub fn discard(&mut self) {
        let Some(id) = self.slots.iter().find(|s| s.made.is_some() && self.selected == Some(Self::card_of(s))) else {
            return;
        };
        let id = id.id;
        if let Some(slot) = self.remove_slot(id) {
            self.discarded.push(slot);
        }
    }

    /// Puts all new takes of a mask aside that are not kept.
    pub fn discard_all(&mut self, opened: &Opened, mask: MarkId) {
        let staged: Vec<String> = self.staged(opened, mask).into_iter().map(|t| t.poses).collect();
        let (out, stay) = std::mem::take(&mut self.slots)
            .into_iter()
            .partition(|s: &Slot| s.mask == mask && s.made.as_ref().is_some_and(|m| staged.contains(&m.take.poses)));
        self.slots = stay;
        self.discarded.extend::<Vec<Slot>>(out);
        self.changed();
    }

    pub fn bring_back(&mut self, mask: MarkId) {
        let (back, stay): (Vec<Slot>, Vec<Slot>) =
            std::mem::take(&mut self.discarded).into_iter().partition(|s| s.mask == mask);
        self.discarded = stay;
        let last = back.last().map(Self::card_of);
        self.slots.extend(back);
        // The order in which they were made, whatever was discarded first.
        self.slots.sort_by_key(|s| s.id);
        if let Some(card) = last {
            self.select(card);
        }
    }

    fn take_arrived(&mut self) {
        let mut arrived = Vec::new();
        for run in &self.runs {
            arrived.extend(run.receiver.try_iter().map(|(i, made)| ((run.id, i), made)));
        }
        for (place, made) in arrived {
            let Some(slot) = self.slots.iter_mut().find(|s| s.making == Some(place)) else { continue };
            self.loaded.insert(made.take.poses.clone(), Ok(made.poses.clone()));
            let was = CardId::Slot(slot.id);
            slot.making = None;
            slot.made = Some(made);
            let now = Self::card_of(slot);
            if self.selected == Some(was) {
                self.selected = Some(now);
            }
            self.changed();
        }
    }

    /// Takes in what the background has made, and asks for what the mask needs.
    pub fn poll(&mut self, opened: &Opened, wake: &Wake) {
        if self.folder != opened.folder {
            let form = self.form.clone();
            let motion = std::mem::take(&mut self.motion);
            *self = Self { folder: opened.folder.clone(), form, motion, ..Self::default() };
        }
        self.take_arrived();
        if let Some((key, job)) = &mut self.base_job
            && let Some(result) = job.poll()
        {
            let key = *key;
            self.base_job = None;
            if let Ok(base) = result {
                for (hash, poses) in &base.takes {
                    self.loaded.insert(hash.clone(), poses.clone());
                }
                self.base = Some((key, base));
                self.changed();
            } else {
                self.base = None;
            }
        }
        let Some(mask) = Self::mask(opened) else { return };
        let key = (opened.revision, mask.id);
        let there = self.base.as_ref().is_some_and(|(k, _)| *k == key);
        let asked = self.base_job.as_ref().is_some_and(|(k, _)| *k == key);
        if !there && !asked && !opened.document.is_dragging() {
            let (folder, project) = (opened.folder.clone(), opened.project().clone());
            let (identity, mask) = (opened.identity.clone(), mask.id);
            let job = Job::start("Base of the mask", wake.clone(), move |_| {
                mask_base(&folder, &project, &identity.reference, mask)
            });
            self.base_job = Some((key, job));
        }
    }

    /// Base poses of the selected mask, as far as they are there.
    pub fn base(&self, opened: &Opened) -> Option<&MaskBase> {
        let mask = Self::mask(opened)?;
        self.base.as_ref().filter(|(key, _)| key.1 == mask.id).map(|(_, base)| base)
    }

    pub fn poses(&self, hash: &str) -> Option<&Result<Arc<Poses>, String>> {
        self.loaded.get(hash)
    }

    /// The base's pose at a frame within reach of the selected mask.
    pub fn base_pose<'a>(&'a self, opened: &Opened, frame: FrameIndex) -> Option<&'a PoseFrame> {
        let poses = &self.base(opened)?.poses;
        if poses.fps != opened.project().settings.fps {
            return None;
        }
        poses.frames.get((frame.0 as usize).checked_sub(poses.first.0 as usize)?)
    }

    /// True while the picture shows a take that is not in force.
    pub fn is_looking(&self, opened: &Opened) -> bool {
        let Some(mask) = Self::mask(opened) else { return false };
        self.looking && self.selected(opened, mask.id).is_some_and(|c| !matches!(c.kind, CardKind::Making))
    }

    /// The pose to show at a frame while looking at a take: base, other masks, and the selected take in its own.
    /// `None` where the picture is what is in force.
    pub fn pose(&mut self, opened: &Opened, frame: FrameIndex) -> Option<PoseFrame> {
        if !self.is_looking(opened) {
            return None;
        }
        let mask = Self::mask(opened)?;
        let card = self.selected(opened, mask.id)?;
        let (id, take) = match card.kind {
            CardKind::Making => return None,
            CardKind::New(made) => (card.id.clone(), made.take.clone()),
            CardKind::Kept(take) => (card.id.clone(), take.clone()),
        };
        let key = (opened.revision, mask.id, id);
        if self.layers.as_ref().is_none_or(|(k, _)| *k != key) {
            let poses = self.loaded.get(&take.poses)?.as_ref().ok()?.clone();
            let shown = [(poses, take.range, take.halo, take.parts)];
            let reference = &opened.identity.reference;
            let layers = Layers::with(&opened.folder, opened.project(), reference, mask.id, &shown);
            self.layers = Some((key, layers.list));
        }
        let base = self.base_pose(opened, frame)?;
        let (_, layers) = self.layers.as_ref()?;
        Some(takes::applied(base, frame, opened.project().settings.fps, layers).into_owned())
    }
}
