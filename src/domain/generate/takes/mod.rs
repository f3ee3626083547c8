//! Takes: a stretch of a performance done once more on some parts of the body, to be chosen from.
//!
//! **The contract.** A [`TakeGenerator`] is given the base poses of a stretch with its surroundings, all that the base was
//! made from, a mask (time × parts), the key poses that must stand, parameters and a seed; it makes poses of those
//! parts. [`make`] is the only way to it: it keeps of the answer what the mask covers and takes the rest from the base.
//! [`apply`] lays accepted takes over a base. Outside mask and halo every float keeps its bits; within the mask the
//! take stands as it is; in the halo, and exactly there, the two are blended with minimum jerk ([`weight`]).
//! [`contract`] checks all of it for every generator of [`generators`], so one that is added there is tested with them.
//!
//! A generator that works in tokens has nothing to show outside its poses: tokens are its own, and what [`make`] keeps
//! of it is poses.

pub mod contract;
pub mod format;
mod window;

pub use window::window;

use super::{GenerateError, GenerateInput};
use crate::cueing::Position;
use crate::pose::compose::blended;
use crate::pose::parts::Parts;
use crate::pose::{PoseFrame, Side};
use crate::progress::Progress;
use crate::time::{Fps, FrameIndex, Seconds, TimeRange};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// How much of the performance beside mask and halo a generator is shown.
pub const CONTEXT: Seconds = Seconds(0.5);
/// The usual halo.
pub const USUAL_HALO: Seconds = Seconds(0.2);

/// A number that a user may set for a generator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// As it stands in files and on the command line.
    pub name: &'static str,
    /// In the window, sentence case.
    pub label: &'static str,
    /// One sentence.
    pub about: &'static str,
    /// Least and greatest value.
    pub range: (f64, f64),
    pub usual: f64,
}

/// Values of parameters by name; what is not there has its usual value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values(pub Vec<(String, f64)>);

impl Values {
    /// The value of a parameter, within its range.
    pub fn get(&self, parameter: &Parameter) -> f64 {
        let set = self.0.iter().find(|(name, _)| name == parameter.name).map(|(_, v)| *v).filter(|v| v.is_finite());
        set.unwrap_or(parameter.usual).clamp(parameter.range.0, parameter.range.1)
    }

    pub fn set(&mut self, name: &str, value: f64) {
        match self.0.iter_mut().find(|(n, _)| n == name) {
            Some((_, v)) => *v = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }
}

/// A key within the mask that must be seen in every take: hand shape and contact are those of the base for the whole
/// of `hold`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KeyPose {
    /// Index among the planned keys.
    pub planned: usize,
    /// The part of the key's hold that no take may give away.
    pub hold: TimeRange,
    pub position: Position,
}

/// What a take is made from.
#[derive(Clone, Copy, Debug)]
pub struct TakeRequest<'a> {
    /// Base poses of mask, halo and [`CONTEXT`], as far as the performance reaches.
    pub base: &'a Poses,
    /// What the base was made from; keys and phones at least of the stretch and its surroundings.
    pub input: &'a GenerateInput,
    pub range: TimeRange,
    pub halo: Seconds,
    pub parts: Parts,
    /// Key poses that must stand.
    pub keys: &'a [KeyPose],
    /// Keys ([`super::PlannedKey::key`]) whose times are the user's own.
    pub fixed: &'a [usize],
    pub values: &'a Values,
    pub seed: u64,
}

/// Why there is no take.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TakeError {
    #[error("the work was cancelled")]
    Cancelled,
    #[error(transparent)]
    Base(#[from] GenerateError),
    #[error("there is no generator of takes \"{name}\"; there is: {known}")]
    NoGenerator { name: String, known: String },
    #[error("the mask holds no frame of the performance")]
    NoFrame,
    #[error("the generator \"{generator}\" made {found} frames where {wanted} are needed")]
    FrameCount { generator: String, found: usize, wanted: usize },
    #[error("the generator \"{generator}\" made a point that is no number in frame {frame}")]
    NotANumber { generator: String, frame: usize },
}

/// Makes takes.
pub trait TakeGenerator: Sync {
    /// Name in files and on the command line.
    fn name(&self) -> &'static str;

    /// Name in the window, sentence case.
    fn label(&self) -> &'static str;

    fn parameters(&self) -> &'static [Parameter];

    /// Frames for mask and halo ([`frames_of`]). Points of other parts than those asked for are thrown away. The same
    /// request gives the same bytes on any number of threads.
    fn generate(&self, request: &TakeRequest<'_>, progress: &dyn Progress) -> Result<Vec<PoseFrame>, TakeError>;
}

/// All generators of takes. [`contract`] tests each of them.
pub fn generators() -> &'static [&'static dyn TakeGenerator] {
    static ALL: [&dyn TakeGenerator; 1] = [&super::rules::RuleTakes];
    &ALL
}

/// The generator of a name.
pub fn generator(name: &str) -> Result<&'static dyn TakeGenerator, TakeError> {
    generators().iter().copied().find(|g| g.name() == name).ok_or_else(|| TakeError::NoGenerator {
        name: name.to_owned(),
        known: generators().iter().map(|g| g.name()).collect::<Vec<_>>().join(", "),
    })
}

/// Poses of a stretch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Poses {
    pub fps: Fps,
    /// Number of the first frame within the performance.
    pub first: FrameIndex,
    pub frames: Vec<PoseFrame>,
}

impl Poses {
    /// The frame shown at a time, from the two beside it where the rates differ; `None` outside.
    fn at(&self, fps: Fps, index: FrameIndex) -> Option<Cow<'_, PoseFrame>> {
        let first = self.first.0 as usize;
        if fps == self.fps {
            return (index.0 as usize).checked_sub(first).and_then(|i| self.frames.get(i)).map(Cow::Borrowed);
        }
        let at = fps.time_of(index).0 * self.fps.rate() - first as f64;
        let last = self.frames.len().checked_sub(1)? as f64;
        // Half a frame beyond the ends still counts: reach and frames do not meet exactly.
        if !(-0.5..=last + 0.5).contains(&at) {
            return None;
        }
        let at = at.clamp(0.0, last);
        let (i, share) = (at.floor() as usize, at.fract() as f32);
        let frame = &self.frames[i];
        match self.frames.get(i + 1) {
            Some(next) if share > 0.0 => Some(Cow::Owned(blended(frame, next, Parts::ALL, share))),
            _ => Some(Cow::Borrowed(frame)),
        }
    }
}

/// How much of a take is seen at a time: 1 within the mask, 0 outside mask and halo, and between them the smoothest way
/// from one to the other (minimum jerk). Without a halo it changes at once.
pub fn weight(time: Seconds, range: TimeRange, halo: Seconds) -> f32 {
    let into = if time < range.start {
        (time - (range.start - halo)).0
    } else if time >= range.end {
        (range.end + halo - time).0
    } else {
        return 1.0;
    };
    if halo.0 > 0.0 && into > 0.0 { crate::generate::rules::minimum_jerk(into / halo.0) as f32 } else { 0.0 }
}

/// Numbers of the frames that mask and halo reach, within a performance of `count` frames.
pub fn frames_of(range: TimeRange, halo: Seconds, fps: Fps, count: u32) -> Range<u32> {
    let end = (fps.frame_at(range.end + halo).0 + 1).min(count);
    fps.frame_at(range.start - halo).0.min(end)..end
}

/// What of a take is laid over the base.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Mask and halo as they are now; the take is seen nowhere else.
    pub range: TimeRange,
    pub halo: Seconds,
    /// The stretch the take was made for; it is seen nowhere else either.
    pub made_range: TimeRange,
    pub made_halo: Seconds,
    pub parts: Parts,
    pub poses: Arc<Poses>,
}

impl Layer {
    fn weight(&self, time: Seconds) -> f32 {
        weight(time, self.range, self.halo).min(weight(time, self.made_range, self.made_halo))
    }
}

/// One frame of the base with the layers over it, later ones over earlier ones. A frame that no layer reaches comes back
/// as it is.
pub fn applied<'a>(base: &'a PoseFrame, index: FrameIndex, fps: Fps, layers: &[Layer]) -> Cow<'a, PoseFrame> {
    let time = fps.time_of(index);
    let mut out = Cow::Borrowed(base);
    for layer in layers {
        let weight = layer.weight(time);
        if weight > 0.0
            && let Some(take) = layer.poses.at(fps, index)
        {
            out = Cow::Owned(blended(&out, &take, layer.parts, weight));
        }
    }
    out
}

/// Lays accepted takes over base poses, of which the first is frame `first`. A pure function of each frame.
pub fn apply(frames: &mut [PoseFrame], first: FrameIndex, fps: Fps, layers: &[Layer]) {
    for layer in layers {
        let (start, end) = (layer.range.start - layer.halo, layer.range.end + layer.halo);
        let from = fps.frame_at(start).0.saturating_sub(first.0) as usize;
        let to = ((fps.frame_at(end).0 + 2).saturating_sub(first.0) as usize).min(frames.len());
        for (i, frame) in frames.iter_mut().enumerate().take(to).skip(from) {
            let index = FrameIndex(first.0 + i as u32);
            if let Cow::Owned(new) = applied(frame, index, fps, std::slice::from_ref(layer)) {
                *frame = new;
            }
        }
    }
}

/// The key poses within mask and halo that a take must keep.
pub fn key_poses(input: &GenerateInput, range: TimeRange, halo: Seconds) -> Vec<KeyPose> {
    let reach = TimeRange::new(range.start - halo, range.end + halo);
    crate::generate::rules::core_of_holds(&input.keys, input.fps)
        .into_iter()
        .filter(|(i, _, _)| input.keys[*i].key.is_some())
        .map(|(planned, from, to)| KeyPose {
            planned,
            hold: TimeRange::new(Seconds(from), Seconds(to)),
            position: input.keys[planned].position,
        })
        .filter(|k| k.hold.overlaps(reach))
        .collect()
}

/// The base poses of mask, halo and surroundings, made by the rule generator.
pub fn base_poses(input: &GenerateInput, range: TimeRange, halo: Seconds) -> Result<Poses, GenerateError> {
    let count = input.fps.frame_count(input.length);
    let frames = frames_of(range, halo + CONTEXT, input.fps, count);
    let made = crate::generate::rules::stretch(input, frames.start as usize..frames.end as usize)?;
    Ok(Poses { fps: input.fps, first: FrameIndex(frames.start), frames: made })
}

/// Makes one take: frames of mask and halo in which the parts asked for are the generator's and all else is the base's
/// to the bit.
pub fn make(
    generator: &dyn TakeGenerator,
    request: &TakeRequest<'_>,
    progress: &dyn Progress,
) -> Result<Poses, TakeError> {
    let fps = request.input.fps;
    let wanted = frames_of(request.range, request.halo, fps, fps.frame_count(request.input.length));
    if wanted.is_empty() {
        return Err(TakeError::NoFrame);
    }
    let mut frames = generator.generate(request, progress)?;
    if frames.len() != wanted.len() {
        return Err(TakeError::FrameCount {
            generator: generator.name().to_owned(),
            found: frames.len(),
            wanted: wanted.len(),
        });
    }
    for (i, frame) in wanted.clone().zip(frames.iter_mut()) {
        let numbers = frame.points.iter().all(|p| p.x.is_finite() && p.y.is_finite() && p.score.is_finite());
        if !numbers || !frame.hand_z.iter().flatten().all(|z| z.is_finite()) {
            return Err(TakeError::NotANumber { generator: generator.name().to_owned(), frame: i as usize });
        }
        if let Some(base) = request.base.at(fps, FrameIndex(i)) {
            *frame = blended(&base, frame, request.parts, 1.0);
        }
    }
    Ok(Poses { fps, first: FrameIndex(wanted.start), frames })
}

/// The hand that cues, as a part.
pub fn cueing_hand(handed: Side) -> crate::pose::parts::Part {
    match handed {
        Side::Left => crate::pose::parts::Part::LeftHand,
        Side::Right => crate::pose::parts::Part::RightHand,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pose::Point;
    use crate::pose::parts::Part;

    const RANGE: TimeRange = TimeRange { start: Seconds(1.0), end: Seconds(2.0) };

    #[test]
    fn the_blend_is_the_halo_and_nothing_else() {
        let halo = Seconds(0.2);
        let at = |t: f64| weight(Seconds(t), RANGE, halo);
        assert_eq!(
            (at(0.79), at(0.8), at(1.0), at(1.5), at(2.0), at(2.2), at(2.3)),
            (0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0)
        );
        assert!((at(0.9) - 0.5).abs() < 1e-6 && (at(2.1) - 0.5).abs() < 1e-6);
        assert!(at(0.81) > 0.0 && at(0.81) < 0.01, "it sets out at rest");
        let mut before = 0.0;
        for k in 0..=200 {
            let now = at(0.8 + f64::from(k) * 0.001);
            assert!(now >= before);
            before = now;
        }
        let hard = |t: f64| weight(Seconds(t), RANGE, Seconds::ZERO);
        assert_eq!((hard(0.999), hard(1.0), hard(1.999), hard(2.0)), (0.0, 1.0, 1.0, 0.0));
    }

    fn numbered(count: usize) -> Vec<PoseFrame> {
        let mut frames = vec![PoseFrame::default(); count];
        for (i, f) in frames.iter_mut().enumerate() {
            for (k, p) in f.points.iter_mut().enumerate() {
                *p = Point::new(0.001 * i as f32 + 0.002 * k as f32, 0.5);
            }
        }
        frames
    }

    fn layer(fps: Fps) -> Layer {
        let frames = frames_of(RANGE, Seconds(0.2), fps, 1000);
        let mut poses = numbered(frames.len());
        for f in &mut poses {
            f.points.iter_mut().for_each(|p| p.y = 0.7);
        }
        Layer {
            range: RANGE,
            halo: Seconds(0.2),
            made_range: RANGE,
            made_halo: Seconds(0.2),
            parts: Parts::NONE.with(Part::Arms),
            poses: Arc::new(Poses { fps, first: FrameIndex(frames.start), frames: poses }),
        }
    }

    #[test]
    fn chunks_are_laid_over_like_the_whole() {
        let fps = Fps::whole(25);
        let layers = [layer(fps)];
        let base = numbered(100);
        let mut whole = base.clone();
        apply(&mut whole, FrameIndex(0), fps, &layers);
        let mut parts = base.clone();
        for first in (0..100).step_by(7) {
            let end = (first + 7).min(100);
            apply(&mut parts[first..end], FrameIndex(first as u32), fps, &layers);
        }
        assert_eq!(whole, parts);
        for (i, frame) in whole.iter().enumerate() {
            let outside = !(21..55).contains(&i);
            assert_eq!(*frame == base[i], outside, "frame {i}");
            assert_eq!(*applied(&base[i], FrameIndex(i as u32), fps, &layers), *frame);
        }
        assert_eq!(whole[30].points[crate::pose::index::RIGHT_WRIST].y, 0.7);
        assert_eq!(whole[30].points[crate::pose::index::NOSE].y, 0.5, "another part");
    }

    #[test]
    fn a_take_is_seen_at_any_frame_rate_and_where_its_mask_still_is() {
        let layers = [layer(Fps::whole(25))];
        for fps in [Fps::whole(30), Fps::whole(12), Fps { num: 30_000, den: 1001 }, Fps::whole(60)] {
            let mut frames = numbered(300);
            apply(&mut frames, FrameIndex(0), fps, &layers);
            let wrist = |t: f64| frames[fps.frame_at(Seconds(t)).0 as usize].points[crate::pose::index::RIGHT_WRIST].y;
            assert!((wrist(1.5) - 0.7).abs() < 1e-6 && wrist(0.7) == 0.5 && wrist(2.5) == 0.5);
        }
        let mut moved = layers[0].clone();
        moved.range = TimeRange::new(Seconds(1.5), Seconds(3.0));
        let mut frames = numbered(100);
        apply(&mut frames, FrameIndex(0), Fps::whole(25), &[moved]);
        let wrist = |t: f64| frames[(t * 25.0) as usize].points[crate::pose::index::RIGHT_WRIST].y;
        assert_eq!((wrist(1.2), wrist(1.8), wrist(2.6)), (0.5, 0.7, 0.5));
    }

    #[test]
    fn values_keep_to_their_range() {
        let p = Parameter { name: "a", label: "A", about: "", range: (0.0, 2.0), usual: 1.0 };
        let mut v = Values::default();
        assert_eq!(v.get(&p), 1.0);
        v.set("a", 9.0);
        assert_eq!(v.get(&p), 2.0);
        v.set("a", f64::NAN);
        assert_eq!(v.get(&p), 1.0);
        assert_eq!(v.0.len(), 1);
        assert!(generator("nobody").is_err_and(|e| e.to_string().contains("rules")));
    }
}
