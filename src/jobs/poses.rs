//! Poses where they are looked at: a [`Performer`] makes any frames of a performance, a [`PoseStore`] keeps the stretches
//! that were looked at last.
//!
//! Two hours are 180 000 frames and 300 MB of points; nobody looks at all of them at once. A frame is a function of the
//! plan and of its number alone, so a stretch has the same bytes however and whenever it is made.

use super::cache::Kept;
use super::hands::Hands;
use super::perform;
use super::takes::Layers;
use crate::document::Project;
use crate::generate::{GenerateInput, rules};
use crate::pose::{PoseFrame, Reference};
use crate::time::{Fps, FrameIndex, Seconds, TimeRange};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

/// How long a stretch is that is made and kept as one, seconds.
const CHUNK: f64 = 10.0;
/// How many stretches are kept: ten minutes, about 26 MB at 25 frames a second.
const KEPT_CHUNKS: usize = 60;

/// Makes the poses of one state of a project, any of them at any time.
pub struct Performer {
    input: GenerateInput,
    plan: rules::Plan,
    /// Poses that were made before and lie in the project's cache.
    kept: Option<Kept>,
    /// Accepted takes, which lie over the base.
    takes: Layers,
    /// Corrections of hands, which lie over all.
    hands: Hands,
}

impl Performer {
    /// A performer of a project at a frame rate.
    ///
    /// # Errors
    /// A generator that is not there; an identity or a length that cannot be performed.
    pub fn new(project: &Project, reference: &Reference, fps: Fps, generator: &str) -> anyhow::Result<Self> {
        anyhow::ensure!(
            perform::GENERATORS.contains(&generator),
            "there is no generator \"{generator}\"; there is: {}",
            perform::GENERATORS.join(", ")
        );
        let input = perform::generate_input(project, reference, fps);
        let plan = rules::Plan::new(&input)?;
        Ok(Self { input, plan, kept: None, takes: Layers::default(), hands: Hands::default() })
    }

    /// The same with everything that lies in the project's folder: poses kept in its cache, the accepted takes, and the
    /// corrections of hands.
    pub fn whole(
        folder: &Path,
        project: &Project,
        reference: &Reference,
        fps: Fps,
        generator: &str,
    ) -> anyhow::Result<Self> {
        let takes = Layers::of(folder, project, reference);
        Ok(Self::new(project, reference, fps, generator)?
            .with_cache(folder, generator)
            .with_takes(takes)
            .with_hands(Hands::of(project)))
    }

    /// Uses the poses in the cache of the project's folder as far as they are of this very input.
    pub fn with_cache(mut self, folder: &Path, generator: &str) -> Self {
        self.kept = Kept::open(folder, &self.input, generator);
        self
    }

    /// Lays takes over the base: those that are accepted in a project ([`Layers::of`]), or others to try.
    pub fn with_takes(mut self, takes: Layers) -> Self {
        self.takes = takes;
        self
    }

    /// Lays corrections of hands over base and takes.
    pub fn with_hands(mut self, hands: Hands) -> Self {
        self.hands = hands;
        self
    }

    /// What the base is made from.
    pub fn input(&self) -> &GenerateInput {
        &self.input
    }

    pub fn fps(&self) -> Fps {
        self.input.fps
    }

    pub fn frame_count(&self) -> usize {
        self.plan.frame_count()
    }

    /// Frames of a stretch, takes and corrections of hands included; those beyond the end are left out.
    pub fn frames(&self, range: Range<usize>) -> Vec<PoseFrame> {
        let range = range.start.min(self.frame_count())..range.end.min(self.frame_count());
        self.hands.over(&self.input, self.frame_count(), range, |wider| self.unrefined(wider))
    }

    /// Frames of a stretch without corrections of hands.
    pub fn unrefined(&self, range: Range<usize>) -> Vec<PoseFrame> {
        let mut frames = self.base(range.clone());
        self.takes.apply(&mut frames, FrameIndex(range.start as u32), self.input.fps);
        frames
    }

    /// Frames of a stretch without takes.
    pub fn base(&self, range: Range<usize>) -> Vec<PoseFrame> {
        let range = range.start.min(self.frame_count())..range.end.min(self.frame_count());
        let kept = self.kept.as_ref().and_then(|kept| kept.frames(range.clone()));
        kept.unwrap_or_else(|| self.plan.frames(range))
    }

    /// All frames in stretches, in order.
    pub fn chunks(&self) -> impl Iterator<Item = Vec<PoseFrame>> + '_ {
        let size = chunk_size(self.input.fps);
        (0..self.frame_count()).step_by(size).map(move |first| self.frames(first..first + size))
    }
}

/// Frames of one stretch.
fn chunk_size(fps: Fps) -> usize {
    (CHUNK * fps.rate()).ceil().max(1.0) as usize
}

/// The stretches of poses that were looked at last, shared between the window and the worker that makes them.
#[derive(Debug)]
pub struct PoseStore {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    fps: Fps,
    count: usize,
    chunks: BTreeMap<usize, Chunk>,
    /// Stretches that someone would like to look at.
    wanted: BTreeSet<usize>,
    /// Counts looks, to know which were last.
    clock: u64,
}

#[derive(Debug)]
struct Chunk {
    frames: Arc<Vec<PoseFrame>>,
    /// Frames of the performance that were changed since; shown until they are made anew.
    stale: Option<Range<usize>>,
    looked_at: u64,
}

impl PoseStore {
    /// A store without poses for a performance of `count` frames.
    pub fn new(fps: Fps, count: usize) -> Self {
        let (chunks, wanted) = (BTreeMap::new(), BTreeSet::new());
        Self { state: Mutex::new(State { fps, count, chunks, wanted, clock: 0 }) }
    }

    /// A store for a project.
    pub fn of(project: &Project) -> Self {
        let fps = project.settings.fps;
        Self::new(fps, fps.frame_count(project.length()) as usize)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // What another thread left behind is whole: entries are put in and taken out in one piece.
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The frame at a time, if it has been made; else it is wanted from now on.
    pub fn pose_at(&self, time: Seconds) -> Option<PoseFrame> {
        let mut state = self.state();
        let frame = (state.fps.frame_at(time).0 as usize).min(state.count.saturating_sub(1));
        state.frame(frame)
    }

    /// Frame `index`, if it has been made; else it is wanted from now on.
    pub fn frame(&self, index: FrameIndex) -> Option<PoseFrame> {
        self.state().frame(index.0 as usize)
    }

    /// The frames of a stretch that have been made, with their numbers; the others are wanted from now on. No more than
    /// the store can hold: of longer stretches the first ten minutes.
    pub fn poses_in(&self, range: TimeRange) -> Vec<(FrameIndex, PoseFrame)> {
        let mut state = self.state();
        let size = chunk_size(state.fps);
        let first = state.fps.frame_at(range.start).0 as usize;
        let end = (state.fps.frame_at(range.end).0 as usize + 1).min(state.count).min(first + size * (KEPT_CHUNKS / 2));
        let mut out = Vec::new();
        let mut at = first;
        while at < end {
            let chunk = at / size;
            let next = ((chunk + 1) * size).min(end);
            if let Some(frames) = state.chunk(chunk) {
                let frames = frames.get(at - chunk * size..).unwrap_or_default();
                out.extend((at..next).zip(frames).map(|(i, frame)| (FrameIndex(i as u32), frame.clone())));
            }
            at = next;
        }
        out
    }

    /// The stretches that are kept, in order of time, with whether they are as they should be.
    pub fn spans(&self) -> Vec<(TimeRange, bool)> {
        let state = self.state();
        let size = chunk_size(state.fps);
        let time = |frame: usize| state.fps.time_of(FrameIndex(frame as u32));
        let mut spans: Vec<(TimeRange, bool)> = Vec::new();
        let mut add = |from: usize, to: usize, good: bool| match spans.last_mut() {
            _ if from >= to => {}
            Some((last, same)) if *same == good && last.end == time(from) => last.end = time(to),
            _ => spans.push((TimeRange::new(time(from), time(to)), good)),
        };
        for (i, chunk) in &state.chunks {
            let own = i * size..((i + 1) * size).min(state.count);
            let stale = chunk.stale.clone().unwrap_or(own.end..own.end);
            add(own.start, stale.start, true);
            add(stale.start, stale.end.min(own.end), false);
            add(stale.end, own.end, true);
        }
        spans
    }

    /// Stretches that were looked at and are not there, or not as they should be.
    pub fn has_wanted(&self) -> bool {
        !self.state().wanted.is_empty()
    }

    /// Takes in that the performance has changed: everything, or the frames of `changed`.
    pub fn renew(&self, fps: Fps, count: usize, changed: Option<Range<usize>>) {
        let mut state = self.state();
        if (state.fps, state.count) != (fps, count) {
            *state = State { fps, count, chunks: BTreeMap::new(), wanted: BTreeSet::new(), clock: state.clock };
            return;
        }
        let changed = changed.unwrap_or(0..count);
        let size = chunk_size(fps);
        for (i, chunk) in &mut state.chunks {
            let own = i * size..(i + 1) * size;
            let (start, end) = (changed.start.max(own.start), changed.end.min(own.end));
            if start < end {
                let stale = chunk.stale.take().unwrap_or(start..end);
                chunk.stale = Some(stale.start.min(start)..stale.end.max(end));
            }
        }
    }

    /// The frame `index` as `performer` makes it; the stretch around it is made if need be.
    pub fn made(&self, performer: &Performer, index: FrameIndex) -> Option<PoseFrame> {
        let index = index.0 as usize;
        let size = chunk_size(performer.fps());
        self.make(performer, index / size);
        self.state().frame(index)
    }

    /// Makes what is wanted, a stretch at a time as long as `more` says so.
    pub fn make_wanted(&self, performer: &Performer, more: impl Fn() -> bool) {
        while more() {
            let Some(chunk) = self.state().wanted.pop_first() else { return };
            self.make(performer, chunk);
        }
    }

    /// Makes stretch `chunk`, or what of it is stale. The work is done without holding anyone up.
    fn make(&self, performer: &Performer, chunk: usize) {
        let size = chunk_size(performer.fps());
        let had = {
            let mut state = self.state();
            state.wanted.remove(&chunk);
            state.chunks.get(&chunk).map(|c| (c.frames.clone(), c.stale.clone()))
        };
        let frames = match had {
            Some((_, None)) => return,
            Some((mut frames, Some(stale))) => {
                let made = performer.frames(stale.clone());
                let kept = Arc::make_mut(&mut frames);
                for (slot, frame) in kept.iter_mut().skip(stale.start - chunk * size).zip(made) {
                    *slot = frame;
                }
                frames
            }
            None => Arc::new(performer.frames(chunk * size..(chunk + 1) * size)),
        };
        let mut state = self.state();
        state.clock += 1;
        let looked_at = state.clock;
        state.chunks.insert(chunk, Chunk { frames, stale: None, looked_at });
        while state.chunks.len() > KEPT_CHUNKS {
            let oldest = state.chunks.iter().min_by_key(|(_, c)| c.looked_at).map(|(i, _)| *i);
            oldest.and_then(|i| state.chunks.remove(&i));
        }
    }
}

impl State {
    fn chunk(&mut self, index: usize) -> Option<Arc<Vec<PoseFrame>>> {
        self.clock += 1;
        match self.chunks.get_mut(&index) {
            Some(chunk) => {
                chunk.looked_at = self.clock;
                if chunk.stale.is_some() {
                    self.wanted.insert(index);
                }
                Some(chunk.frames.clone())
            }
            None => {
                if index * chunk_size(self.fps) < self.count {
                    self.wanted.insert(index);
                }
                None
            }
        }
    }

    fn frame(&mut self, index: usize) -> Option<PoseFrame> {
        let size = chunk_size(self.fps);
        self.chunk(index / size)?.get(index % size).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cueing::Position;
    use crate::cueing::when::TimingOptions;
    use crate::generate::examples::input_with_keys;
    use crate::generate::rules::Rules;
    use crate::generate::{GenerateInput, Generator as _};
    use crate::progress::Silent;

    fn performer(input: GenerateInput) -> Performer {
        let plan = rules::Plan::new(&input).expect("a plan");
        Performer { input, plan, kept: None, takes: Layers::default(), hands: Hands::default() }
    }

    fn input(shape: u8) -> GenerateInput {
        let keys: Vec<_> = (0..110_u8)
            .map(|i| (if i == 50 { shape } else { i * 3 % 8 + 1 }, Position::ALL[usize::from(i) * 5 % 7], None))
            .collect();
        input_with_keys(&keys, 0.7, 0.31, &TimingOptions::default())
    }

    #[test]
    fn stretches_have_the_bytes_of_a_full_run_in_any_order() {
        let input = input(1);
        let whole = Rules.generate(&input, &Silent).expect("poses").frames;
        let performer = performer(input);
        assert!(performer.frame_count() > 3 * chunk_size(performer.fps()), "several stretches");
        assert_eq!(performer.chunks().flatten().collect::<Vec<_>>(), whole);
        let store = PoseStore::new(performer.fps(), performer.frame_count());
        for i in (0..whole.len()).rev().step_by(97).chain([0, whole.len() - 1, 260, 249, 250]) {
            assert_eq!(store.made(&performer, FrameIndex(i as u32)).as_ref(), Some(&whole[i]), "frame {i}");
        }
        assert_eq!(store.made(&performer, FrameIndex(whole.len() as u32)), None);
    }

    #[test]
    fn what_is_looked_at_is_wanted_until_it_is_made() {
        let performer = performer(input(1));
        let (fps, count) = (performer.fps(), performer.frame_count());
        let store = PoseStore::new(fps, count);
        assert_eq!(store.pose_at(Seconds(12.0)), None);
        assert!(store.poses_in(TimeRange::new(Seconds(9.5), Seconds(10.5))).is_empty());
        assert!(store.has_wanted());
        store.make_wanted(&performer, || true);
        assert!(!store.has_wanted());
        let poses = store.poses_in(TimeRange::new(Seconds(9.5), Seconds(10.5)));
        let numbers: Vec<u32> = poses.iter().map(|(i, _)| i.0).collect();
        assert_eq!(numbers, (237..=262).collect::<Vec<u32>>());
        assert!(poses.iter().all(|(i, frame)| store.frame(*i).as_ref() == Some(frame)));
        // Beyond the end the last frame stands; nothing is wanted in vain.
        store.made(&performer, FrameIndex(count as u32 - 1));
        assert_eq!(store.pose_at(Seconds(1e6)), store.frame(FrameIndex(count as u32 - 1)));
        assert!(!store.has_wanted());
    }

    #[test]
    fn an_edit_makes_anew_what_it_can_reach_and_nothing_else() {
        let (before, after) = (performer(input(1)), performer(input(7)));
        let (fps, count) = (before.fps(), before.frame_count());
        let store = PoseStore::new(fps, count);
        for i in (0..count).step_by(100) {
            store.made(&before, FrameIndex(i as u32));
        }
        let t = after.input.keys[50].times;
        let changed = rules::affected(&after.input, TimeRange::new(t.m1.min(t.d1), t.a3));
        assert!(changed.len() < count / 4, "{changed:?}");
        store.renew(fps, count, Some(changed));
        let whole = Rules.generate(&after.input, &Silent).expect("poses").frames;
        assert!((0..count).any(|i| store.frame(FrameIndex(i as u32)).as_ref() != Some(&whole[i])), "not made yet");
        let good: Vec<bool> = store.spans().iter().map(|(_, good)| *good).collect();
        assert_eq!(good, [true, false, true]);
        store.make_wanted(&after, || true);
        for (i, frame) in whole.iter().enumerate() {
            assert_eq!(store.frame(FrameIndex(i as u32)).as_ref(), Some(frame), "frame {i}");
        }
        let all = TimeRange::new(Seconds::ZERO, fps.time_of(FrameIndex(count as u32)));
        assert_eq!(store.spans(), [(all, true)]);
        store.renew(Fps::whole(30), 17, None);
        assert_eq!(store.frame(FrameIndex(0)), None);
    }

    #[test]
    fn only_so_many_stretches_are_kept() {
        let mut long = input(1);
        long.length = Seconds(CHUNK * (KEPT_CHUNKS + 5) as f64);
        let performer = performer(long);
        let store = PoseStore::new(performer.fps(), performer.frame_count());
        for chunk in 0..KEPT_CHUNKS + 5 {
            store.made(&performer, FrameIndex((chunk * chunk_size(performer.fps())) as u32));
        }
        let kept = store.state().chunks.keys().copied().collect::<Vec<_>>();
        assert_eq!(kept, (5..KEPT_CHUNKS + 5).collect::<Vec<_>>());
    }
}
