//! The picture in the viewport: a worker makes the poses of what was edited and draws the frame of the moment.
//!
//! Only the newest wish counts; one that has not been begun gives way. A wish holds all that is needed, poses to be
//! made anew included, so that nothing is lost when it is passed over.

use crate::document::Project;
use crate::jobs::perform;
use crate::jobs::runner::{Latest, Wake};
use crate::jobs::takes::Layers;
use crate::pose::PoseSequence;
use crate::render::identity::Identity;
use crate::render::{RenderOptions, Renderer, gpu};
use crate::time::{FrameIndex, TimeRange};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Poses to be made from an edited project.
pub struct Remake {
    /// The project's folder, where its takes are.
    pub folder: std::path::PathBuf,
    pub project: Project,
    pub revision: u64,
    /// `None`: everything.
    pub changed: Option<TimeRange>,
}

/// One wish.
pub struct Wish {
    pub identity: Arc<Identity>,
    /// Height of the picture, pixels.
    pub height: u32,
    pub poses: Arc<PoseSequence>,
    pub remake: Option<Remake>,
    pub frame: FrameIndex,
}

/// What came of a wish.
pub struct Drawn {
    /// New poses with the revision they belong to.
    pub poses: Option<(u64, Arc<PoseSequence>)>,
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
}

/// What the worker keeps between wishes.
#[derive(Default)]
struct Desk {
    renderer: Option<(Arc<Identity>, u32, Renderer)>,
    /// The adapter was open when the renderer was made.
    adapter_seen: bool,
    remade: Option<(u64, Arc<PoseSequence>)>,
}

impl Preview {
    pub fn start(wake: Wake) -> Self {
        let mut desk = Desk::default();
        Self { latest: Latest::start(wake, move |wish| desk.work(wish)) }
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
        let remade = wish.remake.map(|remake| self.remake(&remake, &wish.identity, &wish.poses)).transpose();
        let mut took = Duration::ZERO;
        let (poses, picture) = match remade {
            Ok(poses) => {
                let shown = poses.as_ref().map_or(&wish.poses, |(_, p)| p);
                let picture = self.draw(&wish.identity, wish.height, shown, wish.frame, &mut took);
                (poses, picture)
            }
            Err(message) => (None, Err(message)),
        };
        let backend = self.renderer.as_ref().map_or_else(String::new, |(_, _, r)| r.backend_name().to_owned());
        Drawn { poses, picture, took, backend }
    }

    /// Poses of an edited project; made once for each state of the document.
    fn remake(
        &mut self,
        remake: &Remake,
        identity: &Identity,
        previous: &PoseSequence,
    ) -> Result<(u64, Arc<PoseSequence>), String> {
        if let Some((revision, poses)) = &self.remade
            && *revision == remake.revision
        {
            return Ok((*revision, poses.clone()));
        }
        let takes = Layers::of(&remake.folder, &remake.project, &identity.reference);
        let poses = perform::perform_again(&remake.project, &identity.reference, previous, remake.changed, &takes)
            .map_err(|e| e.to_string())?;
        let remade = (remake.revision, Arc::new(poses));
        self.remade = Some(remade.clone());
        Ok(remade)
    }

    fn draw(
        &mut self,
        identity: &Arc<Identity>,
        height: u32,
        poses: &PoseSequence,
        frame: FrameIndex,
        took: &mut Duration,
    ) -> Result<Picture, String> {
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
        let index = (frame.0 as usize).min(poses.frames.len().saturating_sub(1));
        let pose = poses.frames.get(index).ok_or("there are no poses")?;
        let (width, height) = renderer.size();
        let mut rgba = Vec::new();
        let begun = Instant::now();
        renderer.render_into(pose, &mut rgba);
        *took = begun.elapsed();
        Ok(Picture { width, height, rgba })
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
