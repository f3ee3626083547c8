//! The picture in the viewport: a worker makes poses where they are looked at and draws the frame of the moment.
//!
//! The worker has a copy of the project that follows every change of the document, so that nothing large is handed over
//! for a frame or an edit. Of wishes only the newest counts; one that has not been begun gives way.

use crate::document::Project;
use crate::document::open::Change;
use crate::generate::rules;
use crate::jobs::hands::Hands;
use crate::jobs::poses::{Performer, PoseStore};
use crate::jobs::runner::{Latest, Wake};
use crate::jobs::takes::Layers;
use crate::pose::{PoseFrame, refine};
use crate::render::identity::Identity;
use crate::render::{RenderOptions, Renderer, gpu};
use crate::time::{FrameIndex, TimeRange};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// News of the document for the worker's copy; none may be lost.
pub enum News {
    /// Another project, or the same one from the beginning.
    Opened(Box<Project>),
    /// What happened to it.
    Changed(Vec<Change>),
}

/// One wish.
pub struct Wish {
    /// The project's folder, where its takes are.
    pub folder: PathBuf,
    pub identity: Arc<Identity>,
    /// Height of the picture, pixels.
    pub height: u32,
    /// Where poses are kept, for the window to look at as well.
    pub poses: Arc<PoseStore>,
    pub frame: FrameIndex,
    /// Drawn in place of the frame: a take that is looked at without being in force.
    pub pose: Option<PoseFrame>,
    /// The share of the picture's width, from the left, that shows hands without their corrections.
    pub before: Option<f32>,
}

/// What came of a wish.
pub struct Drawn {
    /// Width, height and RGBA of the picture, or why there is none.
    pub picture: Result<Picture, String>,
    /// How long drawing took, without the poses and without making the renderer ready.
    pub took: Duration,
    pub backend: String,
}

pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub rgba: Vec<u8>,
}

/// The worker.
pub struct Preview {
    latest: Latest<Wish, Drawn>,
    news: Sender<News>,
}

/// What the worker keeps between wishes.
struct Desk {
    news: Receiver<News>,
    /// The document as the worker knows it.
    project: Option<Box<Project>>,
    /// Makes poses of the project as it was when the performer was made, with this identity for this store.
    performer: Option<(Arc<Identity>, Arc<PoseStore>, Performer)>,
    /// What has changed since: a stretch of time, or everything.
    changed: Option<Option<TimeRange>>,
    renderer: Option<(Arc<Identity>, u32, Renderer)>,
    /// The adapter was open when the renderer was made.
    adapter_seen: bool,
}

impl Preview {
    pub fn start(wake: Wake) -> Self {
        let (news, receiver) = channel();
        let mut desk =
            Desk { news: receiver, project: None, performer: None, changed: None, renderer: None, adapter_seen: false };
        Self { latest: Latest::start(wake, move |wish| desk.work(wish)), news }
    }

    /// Tells the worker what became of the document; it looks at it with the next wish.
    pub fn tell(&self, news: News) {
        // A worker that is gone has nothing to follow.
        let _ = self.news.send(news);
    }

    pub fn ask(&self, wish: Wish) {
        self.latest.request(wish);
    }

    pub fn take(&self) -> Option<Drawn> {
        self.latest.take()
    }

    pub fn is_busy(&self) -> bool {
        self.latest.is_busy()
    }
}

impl Desk {
    fn work(&mut self, wish: Wish) -> Drawn {
        self.follow();
        let mut took = Duration::ZERO;
        let picture = match self.perform(&wish) {
            Ok(()) => self.draw(&wish, &mut took),
            Err(message) => Err(message),
        };
        if let Some((_, _, performer)) = &self.performer {
            // What the window looks at beside the picture; a little at a time, the next picture must not wait long.
            let begun = Instant::now();
            wish.poses.make_wanted(performer, || begun.elapsed() < Duration::from_millis(30));
        }
        let backend = self.renderer.as_ref().map_or_else(String::new, |(_, _, r)| r.backend_name().to_owned());
        Drawn { picture, took, backend }
    }

    /// Brings the copy of the project up to date.
    fn follow(&mut self) {
        while let Ok(news) = self.news.try_recv() {
            match news {
                News::Opened(project) => {
                    self.project = Some(project);
                    self.performer = None;
                    self.changed = None;
                }
                News::Changed(changes) => {
                    let Some(project) = &mut self.project else { continue };
                    for change in changes {
                        let fits = change.step.go(project, change.back);
                        debug_assert!(fits, "the copy is the document");
                        // Tones that the head shows are in neither keys nor sounds.
                        let toned = project.settings.head_tones && change.step.changes_tones();
                        let reach = if toned { None } else { change.step.touched() };
                        self.changed = Some(match (self.changed, reach) {
                            (None, reach) => reach,
                            (Some(Some(a)), Some(b)) => Some(TimeRange::new(a.start.min(b.start), a.end.max(b.end))),
                            (Some(_), _) => None,
                        });
                    }
                }
            }
        }
    }

    /// Makes ready to perform the project as it is now.
    fn perform(&mut self, wish: &Wish) -> Result<(), String> {
        let same = self.performer.as_ref().is_some_and(|(identity, poses, _)| {
            Arc::ptr_eq(identity, &wish.identity) && Arc::ptr_eq(poses, &wish.poses)
        });
        if same && self.changed.is_none() {
            return Ok(());
        }
        let project = self.project.as_ref().ok_or("there is no project")?;
        let performer = Performer::new(project, &wish.identity.reference, project.settings.fps, "rules");
        let takes = Layers::of(&wish.folder, project, &wish.identity.reference);
        let performer = performer.map_err(|e| format!("{e:#}"))?.with_takes(takes).with_hands(Hands::of(project));
        let reached = match self.changed.take() {
            Some(Some(range)) if same => {
                let reached = rules::affected(performer.input(), range);
                // A corrected hand is found with the help of the frames around it.
                let more = if project.marks.hands.is_empty() { 0 } else { refine::REACH };
                Some(reached.start.saturating_sub(more)..(reached.end + more).min(performer.frame_count()))
            }
            _ => None,
        };
        wish.poses.renew(performer.fps(), performer.frame_count(), reached);
        self.performer = Some((wish.identity.clone(), wish.poses.clone(), performer));
        Ok(())
    }

    fn draw(&mut self, wish: &Wish, took: &mut Duration) -> Result<Picture, String> {
        let (identity, height) = (&wish.identity, wish.height);
        // The adapter opens after the window; a renderer made before that is made once more to weigh it.
        let weighed = self.adapter_seen || gpu::ready().is_none();
        let fits = weighed && self.renderer.as_ref().is_some_and(|(i, h, _)| Arc::ptr_eq(i, identity) && *h == height);
        if !fits {
            let options = RenderOptions { height, ..RenderOptions::default() };
            let renderer = Renderer::new(identity.clone(), &options).map_err(|e| e.to_string())?;
            self.adapter_seen = gpu::ready().is_some();
            self.renderer = Some((identity.clone(), height, renderer));
        }
        let Some((_, _, renderer)) = &mut self.renderer else { return Err("there is no renderer".into()) };
        let Some((_, _, performer)) = &self.performer else { return Err("there are no poses".into()) };
        let pose = match &wish.pose {
            Some(pose) => pose.clone(),
            None => {
                let last = performer.frame_count().saturating_sub(1) as u32;
                wish.poses.made(performer, FrameIndex(wish.frame.0.min(last))).ok_or("there are no poses")?
            }
        };
        let (width, height) = renderer.size();
        let mut rgba = Vec::new();
        let begun = Instant::now();
        renderer.render_into(&pose, &mut rgba);
        if let Some(share) = wish.before.filter(|_| wish.pose.is_none()) {
            let frame = (wish.frame.0 as usize).min(performer.frame_count().saturating_sub(1));
            if let Some(before) = performer.unrefined(frame..frame + 1).first().filter(|b| **b != pose) {
                let mut other = Vec::new();
                renderer.render_into(before, &mut other);
                wipe(&mut rgba, &other, width as usize, share);
            }
        }
        *took = begun.elapsed();
        Ok(Picture { width, height, rgba })
    }
}

/// Puts the left share of each row of one picture in the place of another's, RGBA.
fn wipe(rgba: &mut [u8], other: &[u8], width: usize, share: f32) {
    let left = 4 * ((share.clamp(0.0, 1.0) * width as f32) as usize).min(width);
    for (row, from) in rgba.chunks_exact_mut(4 * width).zip(other.chunks_exact(4 * width)) {
        row[..left].copy_from_slice(&from[..left]);
    }
}

/// Frames put on screen in the last second.
#[derive(Debug, Default)]
pub struct Rate {
    times: std::collections::VecDeque<Instant>,
}

impl Rate {
    pub fn tick(&mut self, now: Instant) {
        self.times.push_back(now);
        while self.times.front().is_some_and(|t| now.duration_since(*t) > Duration::from_secs(1)) {
            self.times.pop_front();
        }
    }

    pub fn clear(&mut self) {
        self.times.clear();
    }

    /// Frames a second, once a quarter of a second has been seen.
    pub fn per_second(&self) -> Option<f64> {
        let (first, last) = (self.times.front()?, self.times.back()?);
        let span = last.duration_since(*first).as_secs_f64();
        (span > 0.25).then(|| (self.times.len() - 1) as f64 / span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wipe_shows_the_left_of_one_and_the_right_of_the_other() {
        let (mut a, b) = (vec![1_u8; 4 * 4 * 2], vec![9_u8; 4 * 4 * 2]);
        wipe(&mut a, &b, 4, 0.5);
        for row in a.chunks_exact(16) {
            assert_eq!((&row[..8], &row[8..]), ([9_u8; 8].as_slice(), [1_u8; 8].as_slice()));
        }
        wipe(&mut a, &b, 4, 7.0);
        assert_eq!(a, b);
    }

    #[test]
    fn the_rate_is_that_of_the_last_second() {
        let mut rate = Rate::default();
        let start = Instant::now();
        for i in 0..100 {
            rate.tick(start + Duration::from_millis(i * 40));
        }
        assert!((rate.per_second().unwrap() - 25.0).abs() < 0.1);
        rate.clear();
        assert_eq!(rate.per_second(), None);
    }
}
