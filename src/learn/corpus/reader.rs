//! Reading a corpus: clips by split, and windows of clips for training.

use super::augment::{Augmentation, Drawn};
use super::card::{Card, Counts};
use super::cues::{self, CueFrame};
use super::dice::Dice;
use super::features::{FEATURE_COUNT, Features, ROWS_PER_SECOND};
use super::store::{Extra, Shard};
use super::{ClipMeta, CorpusError, Split};
use crate::pose::{Point, PoseFrame};
use crate::progress::Progress;
use crate::time::{FrameIndex, Seconds};
use std::path::{Path, PathBuf};

/// Ending of the files that hold clips.
pub const ENDING: &str = "clips";

/// An open corpus: the card and the index of all clips; frames are read when they are asked for.
#[derive(Debug)]
pub struct Corpus {
    pub folder: PathBuf,
    pub card: Card,
    shards: Vec<Shard>,
    /// Shard and place within it.
    clips: Vec<(usize, usize)>,
}

/// A clip that is not read yet.
#[derive(Clone, Copy, Debug)]
pub struct ClipRef<'a> {
    corpus: &'a Corpus,
    index: usize,
}

/// A clip in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Clip {
    pub meta: ClipMeta,
    pub poses: Vec<PoseFrame>,
    pub features: Features,
    /// The second skeleton, of width 0 where there is none.
    pub extra: Extra,
    /// The cue of every frame; all neutral where nothing is cued.
    pub cues: Vec<CueFrame>,
}

/// Something wrong with a corpus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault(pub String);

/// The files of clips in a folder, by name.
pub fn shard_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path());
    let mut files: Vec<PathBuf> = entries.filter(|p| p.extension().is_some_and(|e| e == ENDING)).collect();
    files.sort();
    files
}

impl Corpus {
    /// Opens the corpus of a folder; one that is not complete has the clips made so far.
    ///
    /// # Errors
    /// When there is no card or shard where one should be, or when one is damaged or of another version.
    pub fn open(folder: &Path) -> Result<Self, CorpusError> {
        let card = Card::load(folder)?;
        let files = if card.complete {
            card.shards.iter().map(|name| folder.join(name)).collect()
        } else {
            shard_files(folder)
        };
        let shards: Vec<Shard> = files.iter().map(|f| Shard::open(f)).collect::<Result<_, _>>()?;
        let clips = shards.iter().enumerate().flat_map(|(s, shard)| (0..shard.entries.len()).map(move |e| (s, e)));
        let clips = clips.collect();
        Ok(Self { folder: folder.to_owned(), card, shards, clips })
    }

    /// Number of clips.
    pub fn len(&self) -> usize {
        self.clips.len()
    }

    pub fn is_empty(&self) -> bool {
        self.clips.is_empty()
    }

    /// Bytes of all shards.
    pub fn size(&self) -> u64 {
        self.shards.iter().map(|s| s.size).sum()
    }

    /// Clip `index` in the order of the shards.
    pub fn clip(&self, index: usize) -> Option<ClipRef<'_>> {
        (index < self.clips.len()).then_some(ClipRef { corpus: self, index })
    }

    /// All clips, in the order of the shards.
    pub fn all(&self) -> impl Iterator<Item = ClipRef<'_>> {
        (0..self.clips.len()).map(|index| ClipRef { corpus: self, index })
    }

    /// The clips of a split.
    pub fn clips(&self, split: Split) -> impl Iterator<Item = ClipRef<'_>> {
        self.all().filter(move |c| c.meta().split == split)
    }

    /// Windows of `frames` frames over the clips that `choose` takes, beginning every `stride` frames. All those clips are
    /// read into memory, about 0.25 GB for an hour.
    ///
    /// # Errors
    /// When a clip cannot be read.
    pub fn windows(
        &self,
        choose: impl Fn(&ClipMeta) -> bool,
        frames: usize,
        stride: usize,
        progress: &dyn Progress,
    ) -> Result<Windows, CorpusError> {
        let chosen: Vec<ClipRef<'_>> = self.all().filter(|c| choose(c.meta())).collect();
        let mut clips = Vec::with_capacity(chosen.len());
        for (i, clip) in chosen.iter().enumerate() {
            if progress.cancelled() {
                return Err(CorpusError::Cancelled);
            }
            progress.report("Reading the corpus", i, chosen.len());
            clips.push(clip.load()?);
        }
        progress.report("Reading the corpus", chosen.len(), chosen.len());
        Ok(Windows::new(clips, frames, stride))
    }

    /// Reads everything and says what is wrong: damaged clips, counts that the card tells otherwise, sentences in two
    /// splits, held-out people outside their split. Nothing wrong gives nothing.
    ///
    /// # Errors
    /// When the work is cancelled.
    pub fn check(&self, progress: &dyn Progress) -> Result<Vec<Fault>, CorpusError> {
        let mut faults = Vec::new();
        let mut splits = std::collections::HashMap::new();
        for (i, clip) in self.all().enumerate() {
            if progress.cancelled() {
                return Err(CorpusError::Cancelled);
            }
            progress.report("Checking the corpus", i, self.len());
            let meta = clip.meta();
            match clip.load() {
                Err(e) => faults.push(Fault(e.to_string())),
                Ok(whole) => faults.extend(wrong_with(&whole).map(|w| Fault(format!("clip {}: {w}", name_of(meta))))),
            }
            let held = self.card.identities.iter().find(|p| p.name == meta.identity).map(|p| p.held_out);
            match held {
                None => faults.push(Fault(format!(
                    "clip {} is by {}, whom the card does not name",
                    name_of(meta),
                    meta.identity
                ))),
                Some(held) if held != (meta.split == Split::Unseen) => {
                    let what = if held { "outside the held-out split" } else { "in the held-out split" };
                    faults.push(Fault(format!("clip {} is by {} and stands {what}", name_of(meta), meta.identity)));
                }
                Some(_) => {}
            }
            for sentence in super::text::sentences_of(&meta.text) {
                if meta.split == Split::Unseen && !self.card.synthetic {
                    // Recorded people say what they said.
                    continue;
                }
                // The test's sentences are those of the held-out people too.
                let split = if meta.split == Split::Unseen { Split::Test } else { meta.split };
                let other = *splits.entry((meta.language, sentence.clone())).or_insert(split);
                if other != split {
                    faults.push(Fault(format!("\"{sentence}\" stands in {} and {}", other.name(), split.name())));
                }
            }
        }
        progress.report("Checking the corpus", self.len(), self.len());
        if self.card.complete && !self.card.counts.agree(&Counts::of(self.all().map(|c| c.meta()))) {
            faults.push(Fault("the card counts otherwise than the shards hold".to_owned()));
        }
        if !self.card.complete {
            faults.push(Fault("the corpus is not complete; run its command again".to_owned()));
        }
        Ok(faults)
    }
}

/// How a clip is called in messages.
fn name_of(meta: &ClipMeta) -> String {
    format!("{}-{}", meta.kind.name(), meta.number)
}

fn wrong_with(clip: &Clip) -> Option<String> {
    let finite =
        |f: &PoseFrame| f.points.iter().all(|p| p.x.is_finite() && p.y.is_finite() && (0.0..=1.0).contains(&p.score));
    if !clip.poses.iter().all(finite) {
        return Some("a point is no number".to_owned());
    }
    if clip.extra.width == 0 && clip.poses.iter().all(|f| f.points.iter().all(|p| p.score <= 0.0)) {
        return Some("nobody is there".to_owned());
    }
    let rows = (clip.meta.length() * f64::from(ROWS_PER_SECOND)).round() as usize;
    if clip.features.rows.len().abs_diff(rows) > 2 {
        return Some(format!("{} rows of features where {rows} belong", clip.features.rows.len()));
    }
    let late = |t: Seconds| t.0 > clip.meta.length() + 1.0;
    clip.meta.phones.iter().any(|p| late(p.end) || p.end < p.start).then(|| "phones lie outside it".to_owned())
}

impl<'a> ClipRef<'a> {
    fn parts(&self) -> (&'a Shard, &'a super::store::Entry) {
        let (shard, entry) = self.corpus.clips[self.index];
        let shard = &self.corpus.shards[shard];
        (shard, &shard.entries[entry])
    }

    /// What is known without reading frames.
    pub fn meta(&self) -> &'a ClipMeta {
        &self.parts().1.meta
    }

    /// # Errors
    /// When the file cannot be read or is damaged; so too below.
    pub fn poses(&self) -> Result<Vec<PoseFrame>, CorpusError> {
        let (shard, entry) = self.parts();
        shard.poses(entry)
    }

    pub fn features(&self) -> Result<Features, CorpusError> {
        let (shard, entry) = self.parts();
        shard.features(entry)
    }

    pub fn extra(&self) -> Result<Extra, CorpusError> {
        let (shard, entry) = self.parts();
        shard.extra(entry)
    }

    /// The cue of every frame.
    pub fn cue_frames(&self) -> Vec<CueFrame> {
        let meta = self.meta();
        cues::frames(&meta.keys, meta.fps, meta.frames as usize)
    }

    /// All of the clip.
    pub fn load(&self) -> Result<Clip, CorpusError> {
        Ok(Clip {
            meta: self.meta().clone(),
            poses: self.poses()?,
            features: self.features()?,
            extra: self.extra()?,
            cues: self.cue_frames(),
        })
    }
}

/// A stretch of a clip as a network is given it.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// Index of the clip in [`Windows::clips`].
    pub clip: usize,
    /// When it begins in the clip.
    pub start: Seconds,
    pub poses: Vec<PoseFrame>,
    /// Two rows a frame.
    pub features: Vec<[f32; FEATURE_COUNT]>,
    pub cues: Vec<CueFrame>,
    /// Rows of the second skeleton, one a frame.
    pub extra: Vec<f32>,
    /// What augmentation did.
    pub drawn: Drawn,
}

/// Windows over clips in memory. A window is a function of its number and the seed.
#[derive(Clone, Debug)]
pub struct Windows {
    clips: Vec<Clip>,
    frames: usize,
    /// Clip and first frame.
    starts: Vec<(u32, u32)>,
}

impl Windows {
    /// Windows of `frames` frames that begin every `stride` frames; clips that are shorter have none.
    pub fn new(clips: Vec<Clip>, frames: usize, stride: usize) -> Self {
        let (frames, stride) = (frames.max(1), stride.max(1));
        let of = |(c, clip): (usize, &Clip)| {
            let last = clip.poses.len().checked_sub(frames);
            (0..last.map_or(0, |l| l + 1)).step_by(stride).map(move |s| (c as u32, s as u32)).collect::<Vec<_>>()
        };
        let starts = clips.iter().enumerate().flat_map(of).collect();
        Self { clips, frames, starts }
    }

    pub fn len(&self) -> usize {
        self.starts.len()
    }

    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    pub fn clips(&self) -> &[Clip] {
        &self.clips
    }

    /// Frames of a window.
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// Window `index`, augmented as `seed` draws. `None` beyond the last.
    pub fn get(&self, index: usize, seed: u64, augmentation: &Augmentation) -> Option<Window> {
        let (c, start) = *self.starts.get(index)?;
        let clip = &self.clips[c as usize];
        let mut dice = Dice::new(seed, &[index as u64]);
        let mut drawn = augmentation.draw(&mut dice);
        // A window that runs fast must still lie in its clip.
        let (last, span) = ((clip.poses.len() - 1) as f64, (self.frames - 1) as f64);
        if span > 0.0 {
            drawn.speed = drawn.speed.min(last / span);
        }
        let first = f64::from(start).min(last - span * drawn.speed).max(0.0);
        let fps = clip.meta.fps.rate();
        let at = |k: f64| first + k * drawn.speed;
        let mut poses: Vec<PoseFrame> = (0..self.frames).map(|k| between(&clip.poses, at(k as f64))).collect();
        augmentation.apply(&mut poses, clip.meta.aspect, &drawn, &mut dice);
        let rows = 2 * self.frames;
        let features = (0..rows).map(|r| clip.features.at(Seconds(at(r as f64 / 2.0) / fps))).collect();
        let nearest = |k: usize| (at(k as f64) + 1e-6).min(last) as usize;
        let cues = (0..self.frames).map(|k| clip.cues[nearest(k)]).collect();
        let width = clip.extra.width;
        let extra = (0..self.frames).flat_map(|k| clip.extra.values[nearest(k) * width..][..width].iter().copied());
        let extra = extra.collect();
        let start = clip.meta.fps.time_of(FrameIndex(0)) + Seconds(first / fps);
        Some(Window { clip: c as usize, start, poses, features, cues, extra, drawn })
    }
}

/// The pose at place `at` among frames; a point that one neighbour lacks is that of the nearer one.
pub fn between(frames: &[PoseFrame], at: f64) -> PoseFrame {
    let i = (at + 1e-6).floor().max(0.0) as usize;
    let t = (at - i as f64).max(0.0) as f32;
    let (Some(a), b) = (frames.get(i), frames.get(i + 1)) else { return PoseFrame::default() };
    let Some(b) = b.filter(|_| t > 1e-5) else { return a.clone() };
    let mut out = if t < 0.5 { a.clone() } else { b.clone() };
    for (o, (p, q)) in out.points.iter_mut().zip(a.points.iter().zip(&b.points)) {
        if p.score > 0.0 && q.score > 0.0 {
            let mix = |x: f32, y: f32| x + (y - x) * t;
            *o = Point { x: mix(p.x, q.x), y: mix(p.y, q.y), score: p.score.min(q.score) };
        }
    }
    for (o, (p, q)) in out.hand_z.iter_mut().flatten().zip(a.hand_z.iter().flatten().zip(b.hand_z.iter().flatten())) {
        *o = p + (q - p) * t;
    }
    out
}

#[cfg(test)]
mod tests;
