//! Shards: files of some dozens of clips, written whole, each part compressed and checked.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `CLCORPUS` |
//! | 4 × 4 | version, number of clips, length of the index, its CRC-32 (little-endian `u32`) |
//! | index | deflated JSON: a list of [`Entry`], one a clip |
//! | rest | for each clip its poses, features and extra numbers, each deflated by itself |
//!
//! **Poses** are columns of 16-bit numbers, a column for every coordinate: x of the 133 points, y of them, depths of the
//! left and of the right hand. A number counts steps of 1/8192 picture height ([`POSE_STEP`]); so a coordinate is off by at
//! most 1/16384, which is 0.031 pixels in a picture 512 high, and reaches from −4 to 4. Points without a score are at 0.
//! A column holds its first number and then differences, zigzagged; all low bytes come first, then all high bytes. Scores
//! follow as columns of bytes (255 = 1), as differences too. **Features** are columns of bytes ([`super::features`]).
//! **Extra numbers** (an imported skeleton, say) are columns with a scale of their own: the greatest absolute value is
//! 32767.

use super::features::{FEATURE_COUNT, Features};
use super::{ClipMeta, CorpusError};
use crate::pose::{HAND_JOINT_COUNT, POINT_COUNT, PoseFrame};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

/// Version of the shards.
pub const VERSION: u32 = 1;
/// Step of a coordinate, picture heights.
pub const POSE_STEP: f32 = 1.0 / 8192.0;
const MAGIC: &[u8; 8] = b"CLCORPUS";
const HEADER: usize = 24;
/// Nothing unpacked is larger: a damaged length must not claim the memory.
const LARGEST: u64 = 1 << 30;
/// x and y of all points, depths of both hands.
const COORDINATES: usize = 2 * POINT_COUNT + 2 * HAND_JOINT_COUNT;

/// Numbers beside the poses, one row a frame: another skeleton that goes with the clip.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extra {
    /// Numbers in a row.
    pub width: usize,
    /// Row after row.
    pub values: Vec<f32>,
}

/// A clip with all its frames.
#[derive(Clone, Debug, PartialEq)]
pub struct WholeClip {
    pub meta: ClipMeta,
    /// As many as [`ClipMeta::frames`].
    pub poses: Vec<PoseFrame>,
    pub features: Features,
    pub extra: Extra,
}

/// A clip in the index of a shard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub meta: ClipMeta,
    /// Where it begins, bytes from the end of the index.
    pub offset: u64,
    /// Bytes of poses, features, extra numbers.
    pub lengths: [u32; 3],
    /// CRC-32 of each of the three.
    pub sums: [u32; 3],
    /// Rows of features, and numbers in a row of the extra ones.
    pub feature_rows: u32,
    pub extra_width: u32,
}

impl Entry {
    fn end(&self) -> Option<u64> {
        self.offset.checked_add(self.lengths.iter().map(|l| u64::from(*l)).sum())
    }
}

fn zigzag(v: i16) -> u16 {
    ((v << 1) ^ (v >> 15)) as u16
}

fn unzigzag(v: u16) -> i16 {
    ((v >> 1) as i16) ^ -((v & 1) as i16)
}

fn step_of(v: f32) -> i16 {
    if v.is_finite() { (v / POSE_STEP).round().clamp(-32767.0, 32767.0) as i16 } else { 0 }
}

/// Coordinate `c` of a frame, in the order of the columns.
fn coordinate(frame: &PoseFrame, c: usize) -> f32 {
    match c {
        0..POINT_COUNT if frame.points[c].score > 0.0 => frame.points[c].x,
        POINT_COUNT.. if c < 2 * POINT_COUNT && frame.points[c - POINT_COUNT].score > 0.0 => {
            frame.points[c - POINT_COUNT].y
        }
        _ if c >= 2 * POINT_COUNT => {
            let (hand, joint) = ((c - 2 * POINT_COUNT) / HAND_JOINT_COUNT, (c - 2 * POINT_COUNT) % HAND_JOINT_COUNT);
            frame.hand_z[hand][joint]
        }
        _ => 0.0,
    }
}

fn set_coordinate(frame: &mut PoseFrame, c: usize, value: f32) {
    if c < POINT_COUNT {
        frame.points[c].x = value;
    } else if c < 2 * POINT_COUNT {
        frame.points[c - POINT_COUNT].y = value;
    } else {
        let c = c - 2 * POINT_COUNT;
        frame.hand_z[c / HAND_JOINT_COUNT][c % HAND_JOINT_COUNT] = value;
    }
}

/// Columns of 16-bit numbers as differences, low bytes first.
fn pack_columns(columns: usize, rows: usize, value: impl Fn(usize, usize) -> i16) -> Vec<u8> {
    let mut out = vec![0_u8; 2 * columns * rows];
    let (low, high) = out.split_at_mut(columns * rows);
    for c in 0..columns {
        let mut before = 0_i16;
        for r in 0..rows {
            let now = value(r, c);
            let [l, h] = zigzag(now.wrapping_sub(before)).to_le_bytes();
            (low[c * rows + r], high[c * rows + r]) = (l, h);
            before = now;
        }
    }
    out
}

fn unpack_columns(bytes: &[u8], columns: usize, rows: usize, mut set: impl FnMut(usize, usize, i16)) {
    let (low, high) = bytes.split_at(columns * rows);
    for c in 0..columns {
        let mut value = 0_i16;
        for r in 0..rows {
            let at = c * rows + r;
            value = value.wrapping_add(unzigzag(u16::from_le_bytes([low[at], high[at]])));
            set(r, c, value);
        }
    }
}

fn pack_poses(frames: &[PoseFrame]) -> Vec<u8> {
    let mut out = pack_columns(COORDINATES, frames.len(), |r, c| step_of(coordinate(&frames[r], c)));
    for c in 0..POINT_COUNT {
        let mut before = 0_u8;
        for frame in frames {
            let score = frame.points[c].score;
            // What is there at all keeps a score above 0.
            let now = if score > 0.0 { (score.min(1.0) * 255.0).round().max(1.0) as u8 } else { 0 };
            out.push(now.wrapping_sub(before));
            before = now;
        }
    }
    out
}

fn unpack_poses(bytes: &[u8], count: usize) -> Option<Vec<PoseFrame>> {
    let coordinates = 2 * COORDINATES * count;
    if bytes.len() != coordinates + POINT_COUNT * count {
        return None;
    }
    let mut frames = vec![PoseFrame::default(); count];
    unpack_columns(&bytes[..coordinates], COORDINATES, count, |r, c, v| {
        set_coordinate(&mut frames[r], c, f32::from(v) * POSE_STEP);
    });
    for (c, column) in bytes[coordinates..].chunks_exact(count.max(1)).enumerate() {
        let mut value = 0_u8;
        for (frame, by) in frames.iter_mut().zip(column) {
            value = value.wrapping_add(*by);
            frame.points[c].score = f32::from(value) / 255.0;
        }
    }
    Some(frames)
}

fn pack_extra(extra: &Extra) -> Vec<u8> {
    if extra.width == 0 {
        return Vec::new();
    }
    let rows = extra.values.len() / extra.width;
    let scale: Vec<f32> = (0..extra.width)
        .map(|c| {
            let column = (0..rows).map(|r| extra.values[r * extra.width + c].abs());
            column.filter(|v| v.is_finite()).fold(0.0, f32::max).max(1e-9)
        })
        .collect();
    let mut out: Vec<u8> = scale.iter().flat_map(|s| s.to_le_bytes()).collect();
    out.extend(pack_columns(extra.width, rows, |r, c| {
        let v = extra.values[r * extra.width + c] / scale[c];
        if v.is_finite() { (v * 32767.0).round().clamp(-32767.0, 32767.0) as i16 } else { 0 }
    }));
    out
}

fn unpack_extra(bytes: &[u8], width: usize, rows: usize) -> Option<Extra> {
    if width == 0 {
        return bytes.is_empty().then(Extra::default);
    }
    if bytes.len() != 4 * width + 2 * width * rows {
        return None;
    }
    let (scale, columns) = bytes.split_at(4 * width);
    let scale: Vec<f32> = scale.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    let mut values = vec![0.0; width * rows];
    unpack_columns(columns, width, rows, |r, c, v| values[r * width + c] = f32::from(v) / 32767.0 * scale[c]);
    Some(Extra { width, values })
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut out = DeflateEncoder::new(Vec::with_capacity(bytes.len() / 2 + 64), Compression::new(6));
    // Writing to memory does not fail.
    let _ = out.write_all(bytes);
    out.finish().unwrap_or_default()
}

fn inflated(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    DeflateDecoder::new(bytes).take(LARGEST).read_to_end(&mut out).ok()?;
    Some(out)
}

/// Clips as the bytes of a shard; the same clips give the same bytes.
///
/// # Errors
/// [`CorpusError::Impossible`] for a clip whose counts contradict each other.
pub fn to_bytes(clips: &[WholeClip]) -> Result<Vec<u8>, CorpusError> {
    let mut entries = Vec::with_capacity(clips.len());
    let mut bodies = Vec::new();
    for clip in clips {
        let wrong = |what: String| CorpusError::Impossible { number: clip.meta.number, what };
        if clip.poses.len() != clip.meta.frames as usize {
            return Err(wrong(format!("{} poses in {} frames", clip.poses.len(), clip.meta.frames)));
        }
        if clip.extra.values.len() != clip.extra.width * clip.poses.len() {
            return Err(wrong(format!("{} extra numbers", clip.extra.values.len())));
        }
        let parts = [pack_poses(&clip.poses), clip.features.to_bytes(), pack_extra(&clip.extra)].map(|p| deflated(&p));
        entries.push(Entry {
            meta: clip.meta.clone(),
            offset: bodies.len() as u64,
            lengths: [0, 1, 2].map(|i| parts[i].len() as u32),
            sums: [0, 1, 2].map(|i| crc32fast::hash(&parts[i])),
            feature_rows: clip.features.rows.len() as u32,
            extra_width: clip.extra.width as u32,
        });
        parts.iter().for_each(|p| bodies.extend_from_slice(p));
    }
    let json = serde_json::to_vec(&entries).map_err(|e| CorpusError::Impossible {
        number: entries.first().map_or(0, |e| e.meta.number),
        what: e.to_string(),
    })?;
    let index = deflated(&json);
    let mut out = Vec::with_capacity(HEADER + index.len() + bodies.len());
    out.extend_from_slice(MAGIC);
    for number in [VERSION, entries.len() as u32, index.len() as u32, crc32fast::hash(&index)] {
        out.extend_from_slice(&number.to_le_bytes());
    }
    out.extend_from_slice(&index);
    out.extend_from_slice(&bodies);
    Ok(out)
}

/// An open shard: its index, and the file its clips are read from.
#[derive(Debug)]
pub struct Shard {
    pub entries: Vec<Entry>,
    path: std::path::PathBuf,
    /// Where the clips begin.
    start: u64,
    /// Length of the file, bytes.
    pub size: u64,
}

impl Shard {
    /// Reads header and index.
    ///
    /// # Errors
    /// A file that cannot be read, is of another version, or is damaged or cut off.
    pub fn open(path: &Path) -> Result<Self, CorpusError> {
        let io = |source| CorpusError::Io { what: "read the shard", source, path: path.to_owned() };
        let damaged = |message: &str| CorpusError::Damaged { message: message.to_owned(), path: path.to_owned() };
        let mut file = File::open(path).map_err(io)?;
        let size = file.metadata().map_err(io)?.len();
        let mut header = [0_u8; HEADER];
        file.read_exact(&mut header).map_err(|_| damaged("it is shorter than its header"))?;
        if header[..8] != MAGIC[..] {
            return Err(damaged("it is no shard"));
        }
        let number = |i: usize| u32::from_le_bytes([0, 1, 2, 3].map(|k| header[8 + 4 * i + k]));
        if number(0) != VERSION {
            return Err(CorpusError::Version { found: number(0), known: VERSION, path: path.to_owned() });
        }
        let mut index = Vec::new();
        file.take(u64::from(number(2))).read_to_end(&mut index).map_err(io)?;
        if index.len() as u64 != u64::from(number(2)) || crc32fast::hash(&index) != number(3) {
            return Err(damaged("its index does not match its checksum"));
        }
        let entries: Option<Vec<Entry>> = inflated(&index).and_then(|json| serde_json::from_slice(&json).ok());
        let entries =
            entries.filter(|e| e.len() == number(1) as usize).ok_or_else(|| damaged("its index is unreadable"))?;
        let start = (HEADER + index.len()) as u64;
        if entries.iter().any(|e| e.end().and_then(|end| end.checked_add(start)).is_none_or(|end| end > size)) {
            return Err(damaged("it is cut off"));
        }
        Ok(Self { entries, path: path.to_owned(), start, size })
    }

    /// Part `part` of a clip (0 poses, 1 features, 2 extra numbers), unpacked and checked.
    fn part(&self, entry: &Entry, part: usize) -> Result<Vec<u8>, CorpusError> {
        let io = |source| CorpusError::Io { what: "read the shard", source, path: self.path.clone() };
        let before: u64 = entry.lengths[..part].iter().map(|l| u64::from(*l)).sum();
        let mut file = File::open(&self.path).map_err(io)?;
        file.seek(SeekFrom::Start(self.start + entry.offset + before)).map_err(io)?;
        let mut packed = Vec::new();
        file.take(u64::from(entry.lengths[part])).read_to_end(&mut packed).map_err(io)?;
        if packed.len() as u64 != u64::from(entry.lengths[part]) || crc32fast::hash(&packed) != entry.sums[part] {
            return Err(self.damaged(entry, "does not match its checksum"));
        }
        inflated(&packed).ok_or_else(|| self.damaged(entry, "cannot be unpacked"))
    }

    fn damaged(&self, entry: &Entry, what: &str) -> CorpusError {
        let message = format!("clip {} {what}", entry.meta.number);
        CorpusError::Damaged { message, path: self.path.clone() }
    }

    /// The poses of a clip of this shard.
    ///
    /// # Errors
    /// When the file cannot be read or is damaged; so too below.
    pub fn poses(&self, entry: &Entry) -> Result<Vec<PoseFrame>, CorpusError> {
        unpack_poses(&self.part(entry, 0)?, entry.meta.frames as usize)
            .ok_or_else(|| self.damaged(entry, "has poses of another length than its index says"))
    }

    /// The features of a clip of this shard.
    pub fn features(&self, entry: &Entry) -> Result<Features, CorpusError> {
        let bytes = self.part(entry, 1)?;
        let rows = entry.feature_rows as usize;
        (bytes.len() == rows * FEATURE_COUNT)
            .then(|| Features::from_bytes(&bytes, rows))
            .ok_or_else(|| self.damaged(entry, "has features of another length than its index says"))
    }

    /// The extra numbers of a clip of this shard.
    pub fn extra(&self, entry: &Entry) -> Result<Extra, CorpusError> {
        unpack_extra(&self.part(entry, 2)?, entry.extra_width as usize, entry.meta.frames as usize)
            .ok_or_else(|| self.damaged(entry, "has extra numbers of another length than its index says"))
    }
}

/// Writes a file under a temporary name, then renames it: it is the old one or the new one.
///
/// # Errors
/// When the folder cannot be written or the disk is full.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), CorpusError> {
    let io = |source| CorpusError::Io { what: "write", source, path: path.to_owned() };
    let temporary = path.with_extension("part");
    let write = || -> std::io::Result<()> {
        let mut file = File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&temporary, path)
    };
    write().map_err(|e| {
        let _ = std::fs::remove_file(&temporary);
        io(e)
    })
}

#[cfg(test)]
mod tests;
