//! Recordings with their poses become a corpus: folders like those of MCCS, PATS and BEAT.
//!
//! Files belong together by their name without ending. What cannot be used is left out and counted by its reason on the
//! card; only when nothing is left is it an error. The filters are those of the papers: no scene cuts within a clip, one
//! person, a face that is seen, at least three seconds ([`body`]).

mod body;
mod smplx;
mod talk;

use super::empty_folder;
use crate::corpus::card::VERSION;
use crate::corpus::features::Features;
use crate::corpus::store::{self, Extra, WholeClip};
use crate::corpus::{
    self, Augmentation, Card, ClipMeta, CorpusError, Counts, ENDING, FPS, IdentityCard, Split, shard_files, text,
};
use crate::exchange::poses::{Given, Note};
use crate::exchange::{Tiers, eaf, poses, textgrid};
use crate::language::Language;
use crate::media;
use crate::pose::PoseFrame;
use crate::progress::Progress;
use crate::time::{Fps, Seconds, TimeRange};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Clips in a shard.
const SHARD: usize = 32;
/// Folders within folders that are looked into.
const DEPTH: usize = 4;
/// More recordings than this are not taken in at once.
const MOST: usize = 100_000;

/// What a folder is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Cued Speech: poses, TextGrid or ELAN, and sound, by name.
    Mccs,
    /// Gesture: `SPEAKER#INTERVAL` poses and sound.
    Pats,
    /// Gesture: SMPL-X archives, sound and TextGrids.
    Beat,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::Mccs, Self::Pats, Self::Beat];

    pub fn name(self) -> &'static str {
        match self {
            Self::Mccs => "mccs",
            Self::Pats => "pats",
            Self::Beat => "beat",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.name() == name)
    }

    fn corpus_kind(self) -> corpus::Kind {
        if self == Self::Mccs { corpus::Kind::Cueing } else { corpus::Kind::Gesture }
    }

    /// Who is seen in a recording: told by its name and folder.
    fn person(self, stem: &str, path: &Path) -> String {
        let parts: Vec<&str> = stem.split(['#', '_']).collect();
        let name = match self {
            Self::Pats => parts.first().copied(),
            // 2_scott_0_1_1: the name stands second.
            Self::Beat => parts.get(1).or(parts.first()).copied(),
            Self::Mccs if parts.len() > 1 => parts.first().copied(),
            Self::Mccs => path.parent().and_then(Path::file_name).and_then(|n| n.to_str()),
        };
        name.filter(|n| !n.is_empty()).unwrap_or("someone").to_owned()
    }
}

/// Recordings to be taken in.
#[derive(Clone, Debug)]
pub struct Import {
    pub kind: Kind,
    pub folder: PathBuf,
    pub out: PathBuf,
    pub language: Option<Language>,
    /// Where the files do not say it.
    pub fps: Option<Fps>,
    /// Width and height of the pictures in pixels, where the files do not say it.
    pub size: Option<(f32, f32)>,
    /// People who are held out.
    pub hold_out: Vec<String>,
    pub command: String,
}

/// Why nothing could be taken in, with the remedy.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("the folder cannot be read ({source}): {path}")]
    Unreadable { source: std::io::Error, path: PathBuf },
    #[error(
        "the folder holds no files that belong to {kind} recordings; see \"cueloom corpus import --help\" for their names: {path}"
    )]
    Nothing { kind: &'static str, path: PathBuf },
    #[error("nothing of the folder could be used: {why}: {path}")]
    AllLeftOut { why: String, path: PathBuf },
    #[error("the folder holds {0} recordings; take in at most {MOST} at a time")]
    TooMany(usize),
    #[error("nobody in the recordings is called {0}; the names are: {1}")]
    NoSuchPerson(String, String),
}

/// Why a recording or a stretch of it was left out, for people.
pub(super) type Reason = String;

const WITHOUT_POSES: &str = "video without poses: Cueloom tracks nobody itself; run a tracker (DWPose, RTMPose, OpenPose) and \
                             put its points beside the video as NAME.json, .npy or .npz";
const HDF5: &str = "HDF5 file: write its points with numpy.savez(NAME.npz, keypoints=…, fps=…) from h5py";

/// The files of a recording.
#[derive(Clone, Debug, Default)]
struct Recording {
    stem: String,
    poses: Option<PathBuf>,
    sound: Option<PathBuf>,
    labels: Option<PathBuf>,
    video: bool,
    hdf5: bool,
}

/// What stands in the way of labels: JSON of other things is no pose.
fn gather(folder: &Path) -> Result<Vec<Recording>, ImportError> {
    let mut found: BTreeMap<PathBuf, Recording> = BTreeMap::new();
    let mut folders = vec![(folder.to_owned(), 0)];
    while let Some((at, depth)) = folders.pop() {
        let entries = std::fs::read_dir(&at).map_err(|source| ImportError::Unreadable { source, path: at.clone() })?;
        let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                if depth < DEPTH {
                    folders.push((path, depth + 1));
                }
                continue;
            }
            let (Some(stem), Some(ending)) = (path.file_stem().and_then(|s| s.to_str()), path.extension()) else {
                continue;
            };
            // Sets keep poses, sound and labels in folders of their own: what has one name belongs together.
            let key = PathBuf::from(stem);
            let it = found.entry(key).or_insert_with(|| Recording { stem: stem.to_owned(), ..Recording::default() });
            match ending.to_string_lossy().to_lowercase().as_str() {
                "json" | "npy" | "npz" => it.poses = Some(path),
                "textgrid" | "eaf" => it.labels = Some(path),
                "wav" | "flac" | "mp3" | "ogg" | "m4a" => it.sound = Some(path),
                "mp4" | "mov" | "avi" | "mkv" | "webm" => {
                    it.video = true;
                    it.sound.get_or_insert(path);
                }
                "h5" | "hdf5" => it.hdf5 = true,
                _ => {}
            }
            if found.len() > MOST {
                return Err(ImportError::TooMany(found.len()));
            }
        }
    }
    Ok(found.into_values().filter(|r| r.poses.is_some() || r.video || r.hdf5).collect())
}

/// A stretch of a recording that is good for a clip.
pub(super) struct Piece {
    /// Seconds of the recording.
    pub range: TimeRange,
    /// At [`FPS`].
    pub poses: Vec<PoseFrame>,
    pub extra: Extra,
    pub aspect: f32,
}

/// Takes recordings in.
///
/// # Errors
/// When the folder holds nothing of the kind, nothing of it can be used, the corpus cannot be written, or the work is
/// cancelled.
pub fn import(request: &Import, progress: &dyn Progress) -> anyhow::Result<Card> {
    let recordings = gather(&request.folder)?;
    if recordings.is_empty() {
        return Err(ImportError::Nothing { kind: request.kind.name(), path: request.folder.clone() }.into());
    }
    begin_again(request)?;
    empty_folder(&request.out)?;
    let mut card = blank(request);
    card.save(&request.out)?;
    let mut writer = Writer { request, clips: Vec::new(), metas: Vec::new(), shards: Vec::new() };
    let mut left_out: BTreeMap<Reason, u64> = BTreeMap::new();
    for (i, recording) in recordings.iter().enumerate() {
        if progress.cancelled() {
            return Err(CorpusError::Cancelled.into());
        }
        progress.report("Taking in recordings", i, recordings.len());
        match clips_of(request, recording, writer.metas.len() as u32, progress) {
            Ok((clips, reasons)) => {
                reasons.into_iter().for_each(|r| *left_out.entry(r).or_default() += 1);
                for clip in clips {
                    card.extra_width = card.extra_width.max(clip.extra.width);
                    writer.push(clip)?;
                }
            }
            Err(Left::Reason(reason)) => *left_out.entry(reason).or_default() += 1,
            Err(Left::Stop(error)) => return Err(error),
        }
    }
    progress.report("Taking in recordings", recordings.len(), recordings.len());
    writer.flush()?;
    if writer.metas.is_empty() {
        let _ = std::fs::remove_file(request.out.join(corpus::card::FILE));
        let _ = std::fs::remove_dir(&request.out);
        let why: Vec<String> = left_out.iter().map(|(r, n)| format!("{n} × {r}")).collect();
        return Err(ImportError::AllLeftOut { why: why.join("; "), path: request.folder.clone() }.into());
    }
    let names: BTreeSet<String> = writer.metas.iter().map(|m| m.identity.clone()).collect();
    if let Some(nobody) = request.hold_out.iter().find(|n| !names.contains(*n)) {
        let all: Vec<&str> = names.iter().map(String::as_str).collect();
        return Err(ImportError::NoSuchPerson(nobody.clone(), all.join(", ")).into());
    }
    card.identities = names
        .into_iter()
        .map(|name| IdentityCard {
            held_out: request.hold_out.contains(&name),
            kind: request.kind.corpus_kind(),
            manner: "recorded".to_owned(),
            reference: None,
            name,
        })
        .collect();
    card.counts = Counts::of(writer.metas.iter());
    card.left_out = left_out;
    card.shards = writer.shards;
    card.complete = true;
    card.save(&request.out)?;
    Ok(card)
}

/// An import that was stopped begins anew: what it wrote goes.
fn begin_again(request: &Import) -> Result<(), CorpusError> {
    match Card::load(&request.out) {
        Ok(card) if !card.complete && !card.synthetic && card.command == request.command => {
            let card = request.out.join(corpus::card::FILE);
            for file in shard_files(&request.out).into_iter().chain([card]) {
                std::fs::remove_file(&file).map_err(|source| CorpusError::Io {
                    what: "remove what a stopped run left",
                    source,
                    path: file,
                })?;
            }
            Ok(())
        }
        Ok(_) => Err(CorpusError::Occupied(request.out.clone())),
        Err(CorpusError::Missing(_)) => Ok(()),
        Err(other) => Err(other),
    }
}

fn blank(request: &Import) -> Card {
    Card {
        version: VERSION,
        title: format!("Recordings taken in from a {} folder", request.kind.name()),
        about:
            "Poses as a tracker found them, with their errors. Whoever made the recordings says what may be done with \
                them; Cueloom adds no right to use them."
                .to_owned(),
        synthetic: false,
        complete: false,
        program: format!("cueloom {}", env!("CARGO_PKG_VERSION")),
        command: request.command.clone(),
        recipe: None,
        identities: Vec::new(),
        // Trackers have trembled already.
        augmentation: Augmentation { jitter_px: 0.5, missing: 0.01, ..Augmentation::default() },
        counts: Counts::default(),
        coverage: Vec::new(),
        shards: Vec::new(),
        left_out: BTreeMap::new(),
        extra_width: 0,
    }
}

/// Writes shards as clips come.
struct Writer<'a> {
    request: &'a Import,
    clips: Vec<WholeClip>,
    metas: Vec<ClipMeta>,
    shards: Vec<String>,
}

impl Writer<'_> {
    fn push(&mut self, clip: WholeClip) -> Result<(), CorpusError> {
        self.metas.push(clip.meta.clone());
        self.clips.push(clip);
        if self.clips.len() >= SHARD { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), CorpusError> {
        if self.clips.is_empty() {
            return Ok(());
        }
        let name = format!("{}-{:05}.{ENDING}", self.request.kind.name(), self.shards.len());
        store::write_whole(&self.request.out.join(&name), &store::to_bytes(&self.clips)?)?;
        self.shards.push(name);
        self.clips.clear();
        Ok(())
    }
}

/// Why a recording gives nothing.
enum Left {
    Reason(Reason),
    Stop(anyhow::Error),
}

impl From<Reason> for Left {
    fn from(reason: Reason) -> Self {
        Self::Reason(reason)
    }
}

/// The clips of a recording, and why stretches of it were left out.
fn clips_of(
    request: &Import,
    recording: &Recording,
    first: u32,
    progress: &dyn Progress,
) -> Result<(Vec<WholeClip>, Vec<Reason>), Left> {
    let Some(path) = &recording.poses else {
        return Err(Left::Reason(if recording.hdf5 { HDF5 } else { WITHOUT_POSES }.to_owned()));
    };
    let sound = recording.sound.as_ref().ok_or_else(|| "no sound beside the poses (NAME.wav)".to_owned())?;
    let bytes = std::fs::read(path).map_err(|e| format!("poses cannot be read ({})", e.kind()))?;
    let (pieces, reasons) = match request.kind {
        Kind::Beat => smplx::pieces(&bytes)?,
        Kind::Mccs | Kind::Pats => {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            let given = Given { fps: request.fps, size: request.size };
            let tracked = poses::read(&[(name, bytes)], given).map_err(|e| e.to_string())?;
            let several = tracked.notes.iter().find_map(|n| match n {
                Note::SeveralPeople(frames) => Some(*frames),
                _ => None,
            });
            if several.is_some_and(|n| n * 20 > tracked.sequence.frames.len()) {
                return Err(Left::Reason("more than one person in the picture".to_owned()));
            }
            body::pieces(&tracked)
        }
    };
    if pieces.is_empty() {
        return Ok((Vec::new(), reasons));
    }
    let sound = media::decode_audio(sound, progress).map_err(|e| {
        if e.is_cancelled() { Left::Stop(e.into()) } else { Left::Reason("its sound cannot be read".to_owned()) }
    })?;
    let sound = sound.mono_at(talk::RATE);
    let labels = recording.labels.as_deref().map(labels).transpose()?.unwrap_or_default();
    let talk = talk::Talk::of(request, &labels, &sound, progress);
    let person = request.kind.person(&recording.stem, path);
    // A recording stands in one split, and so does whatever else says the same.
    let said = if talk.text.is_empty() { recording.stem.as_str() } else { talk.text.as_str() };
    let split = if request.hold_out.contains(&person) { Split::Unseen } else { text::split_of(said) };
    let mut clips = Vec::new();
    for piece in pieces {
        let own = talk.within(piece.range);
        let frames = piece.poses.len() as u32;
        let length = Seconds(f64::from(frames) / f64::from(FPS));
        let (from, to) = (piece.range.start.sample_at(talk::RATE), piece.range.end.sample_at(talk::RATE));
        let samples = &sound[from.min(sound.len())..to.min(sound.len())];
        if samples.len() * 2 < to - from {
            continue;
        }
        let features = Features::of(samples, talk::RATE, &own.heard, length);
        let meta = ClipMeta {
            number: first + clips.len() as u32,
            kind: request.kind.corpus_kind(),
            language: request.language,
            text: own.text,
            split,
            identity: person.clone(),
            voice: format!("recording of {person}"),
            seed: 0,
            fps: Fps::whole(FPS),
            aspect: piece.aspect,
            frames,
            phones: own.phones,
            words: own.words,
            keys: own.keys,
            heard: own.heard,
            gestures: Vec::new(),
            source: format!("{} {:.2}-{:.2} s", recording.stem, piece.range.start.0, piece.range.end.0),
            notes: talk.notes.clone(),
        };
        clips.push(WholeClip { meta, poses: piece.poses, features, extra: piece.extra });
    }
    Ok((clips, reasons))
}

fn labels(path: &Path) -> Result<Tiers, Reason> {
    let bytes = std::fs::read(path).map_err(|e| format!("labels cannot be read ({})", e.kind()))?;
    let elan = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("eaf"));
    if elan { eaf::read(&bytes) } else { textgrid::read(&bytes) }.map_err(|e| e.to_string())
}
